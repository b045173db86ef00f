"""Which value counts where both sides may change one: the browser's, or the server's where that is the newer."""

from __future__ import annotations

from typing import Any

import streamlit as st


def newer(key: str, name: str, given: Any) -> Any:
    """The state `name` of the component `key` as the browser told it, or `given` where it changed after that.

    A component goes where the server sends it and reports it a moment later; a page that reruns in between must not
    see the old place.
    """
    told = (st.session_state.get(key) or {}).get(name)
    kept = f"{key}:given:{name}"
    before, outdated = st.session_state.get(kept, (given, None))
    if given != before:
        outdated = told
    elif told != outdated:
        outdated = None
    st.session_state[kept] = (given, outdated)
    return given if told is None or told == outdated else told
