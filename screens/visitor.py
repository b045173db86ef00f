"""Who is at the page, where what they do is kept, and this server's secret: the rules of `learners`, fed by Streamlit.

Settings, from the environment or from Streamlit's secrets: `QUAYSIDE_HOSTED`, `QUAYSIDE_DATABASE`, `QUAYSIDE_SECRET`;
`QUAYSIDE_DATA` is read by `learners.store`.
"""

from __future__ import annotations

import os
import secrets
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from learners.identity import Learner, is_hosted, learner, new_guest
from learners.secret import from_folder, from_setting
from learners.store import Journal, Store, Unsaved, data_folder, default_url


def visitor() -> Learner:
    """The learner of this browser session; where a setting leaves that open, the page says so and ends."""
    try:
        strangers = hosted()
    except ValueError as error:
        st.error(str(error), icon=":material/error:")
        st.stop()
    if not strangers:
        return learner(hosted=False, guest="")
    return learner(hosted=True, guest=st.session_state.setdefault("visitor:guest", new_guest()))


def hosted() -> bool:
    """Whether strangers may be at this server's pages."""
    return is_hosted(
        setting=_setting("QUAYSIDE_HOSTED"),
        headless=bool(st.get_option("server.headless")),
        address=st.get_option("server.address"),
    )


def journal(who: Learner) -> Journal:
    """Where the learner's events are kept: the database, or this session alone.

    Raises
    ------
    learners.store.StoreError
        If the database cannot be opened.
    """
    if not who.saved:
        return Unsaved(st.session_state.setdefault("visitor:events", []))
    return _store(_setting("QUAYSIDE_DATABASE") or default_url(data_folder()))


def server_secret() -> bytes:
    """The 32 bytes that variants are drawn with: the host's, or the one in the user's data folder.

    A hosted server that was given none has one until it stops; guests' attempts do not live longer either.
    """
    given = _setting("QUAYSIDE_SECRET")
    if given:
        return from_setting(given)
    return _passing_secret() if hosted() else from_folder(data_folder())


def say_unsaved_once(who: Learner) -> None:
    """Tell a guest that nothing is kept: on the first page they open, as long as they stay there."""
    page = urlsplit(st.context.url or "").path
    if who.saved or st.session_state.setdefault("visitor:told", page) != page:
        return
    st.info(
        "On this server your answers and results last as long as this browser tab. To keep them, run Quayside on "
        "your own machine.",
        icon=":material/info:",
    )


def moment(at_ms: int) -> str:
    """A time of the log by the visitor's clock, such as “23 Nov 2026, 21:20”."""
    # JavaScript's offset: minutes to add to local time to get UTC.
    behind = st.context.timezone_offset or 0
    at = datetime.fromtimestamp(at_ms // 1000, timezone(timedelta(minutes=-behind)))
    return f"{at.day} {at:%b %Y, %H:%M}"


def _setting(name: str) -> str | None:
    value = os.environ.get(name)
    if value is not None:
        return value
    try:
        found = st.secrets.get(name)
    except StreamlitSecretNotFoundError:
        return None
    return None if found is None else str(found)


@st.cache_resource(show_spinner=False)
def _store(url: str) -> Store:
    return Store(url)


@st.cache_resource(show_spinner=False)
def _passing_secret() -> bytes:
    return secrets.token_bytes(32)
