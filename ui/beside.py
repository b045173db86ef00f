"""What a sandbox sets beside its run: another run by its name, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ui import address

ALONE = "nothing"


def chosen(titles: Mapping[str, str], *, key: str, box: str) -> str:
    """The name of what is set beside the run, `ALONE` if nothing is; the address's on the first run.

    Parameters
    ----------
    titles : name of each run that can be set beside -> its title.
    key : where session state keeps the choice.
    box : the sandbox's key, under which an address that cannot be followed is told.
    """
    if key not in st.session_state:
        st.session_state[key] = address.one_of("beside", titles, key=box) or ALONE
    return st.session_state[key] if st.session_state[key] in titles else ALONE


def choose(label: str, titles: Mapping[str, str], now: str, *, key: str, widget: str) -> None:
    """Draw the choice; `widget` is the control's own key."""
    shown = {ALONE: ALONE, **titles}
    # What is not drawn on every run loses its widget's state, so the choice itself is kept under `key`.
    st.session_state[widget] = now
    st.selectbox(label, list(shown), format_func=shown.__getitem__, key=widget, on_change=_take, args=(key, widget))


def _take(key: str, widget: str) -> None:
    st.session_state[key] = st.session_state[widget]
