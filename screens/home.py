"""Home: what this is, a live figure, where you stopped, and the map of lessons."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from course import syllabus
from learners import progress
from learners.identity import Learner
from learners.store import Event
from screens import shell
from ui.companion import place

WHAT = "Learn Docker on AWS by running it: short lessons beside live figures that can always say why."


def show(who: Learner) -> None:
    """Draw the home page."""
    with shell.page(who):
        events = shell.events(who)
        told, figure = st.columns([2, 3], gap="large", vertical_alignment="center")
        with told, st.container(key="home-head"):
            st.title("Quayside", anchor=False)
            st.markdown(WHAT)
            here = _go_on(events)
        with figure, st.container(key="home-figure"):
            _figure()
        with st.container(key="home-map"):
            st.header("Lessons", anchor="lessons")
            _map(events, here)


def _figure() -> None:
    # Imported here and not above: the words are on the page before the simulator and the figures are even read.
    from screens import first_board

    first_board.show()


def _go_on(events: Sequence[Event]) -> str:
    """One thing to do next: the quiz under way, the lesson stopped at, or the first lesson; gives the lesson's slug."""
    slug = progress.last_bank(events)
    entry = syllabus.lesson(slug) if slug else None
    path, label = "", ""
    if entry is None:
        entry = syllabus.lessons()[0]
        path, label = entry.slug, f"Begin with {entry.title}"
    elif progress.current(events, entry.slug):
        path, label = f"{entry.slug}-quiz", f"Go on with the quiz on {entry.title}"
    else:
        path, label = entry.slug, f"Go on with {entry.title}"
    shell.link(path, label, icon=":material/arrow_forward:", next_act=True)
    if path == entry.slug:
        place(entry.slug)
    return entry.slug


def _map(events: Sequence[Event], here: str) -> None:
    # As late as the figure, and for the same reason.
    from screens import course_map

    course_map.show(events, here=here)
