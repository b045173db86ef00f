"""What every page shares: how it is linked to, how it reads and keeps what a learner did, how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from learners.identity import Learner
from learners.store import Event, StoreError
from screens.visitor import journal, say_unsaved_once
from ui import theme

MEASURE = theme.MEASURE
FOOT = (
    "Quayside is not affiliated with Amazon Web Services. Its rules come from AWS’s documentation; where AWS leaves "
    "a thing open, the page says so."
)


def link(path: str, label: str, *, icon: str | None = None, next_act: bool = False) -> None:
    """A link to a page of this app; `next_act` marks the one thing to do next.

    Parameters
    ----------
    path : the page's address, such as `placement-quiz`; "" for home.
    """
    with st.container(key=f"next-act-{path or 'home'}" if next_act else None, width="content"):
        st.page_link(address(path), label=label, icon=icon)


def address(path: str) -> st.Page:
    """What `st.page_link` and `st.switch_page` take for a page of this app; "" is home."""
    # Streamlit knows pages by their address alone, so a page made here leads to the one that app.py made.
    return st.Page(_elsewhere, title=path or "Home", url_path=path or None, default=not path)


def events(who: Learner, slug: str | None = None) -> tuple[Event, ...]:
    """What the learner did, of one lesson or of all; nothing, and one sentence on the page, if it cannot be read."""
    try:
        return journal(who).read(who.id, slug)
    except StoreError as error:
        st.warning(str(error))
        return ()


def keep(who: Learner, event: Event) -> bool:
    """Add an event to the learner's log; if that fails, say why in one sentence and return False."""
    try:
        journal(who).append([event])
    except StoreError as error:
        st.warning(str(error))
        return False
    return True


@contextmanager
def page(who: Learner) -> Iterator[None]:
    """The frame of a page: what a guest must know above it, the foot below it."""
    say_unsaved_once(who)
    yield
    with st.container(key="foot", width=MEASURE):
        st.caption(FOOT)


def lost(sentence: str) -> None:
    """A page that cannot be shown: why, in one sentence, and the way out."""
    st.title("Not here")
    st.markdown(sentence)
    link("course", "See the course")


def _elsewhere() -> None:
    """Stands for a page that is only linked to."""
