"""Which value counts where both sides may change one: the browser's, or the server's where that is the newer."""

from __future__ import annotations

from typing import Any

import streamlit as st


def newer(key: str, name: str, given: Any) -> Any:
    """What the component `key` holds as its state `name`, or `given` where the browser has not taken that up yet.

    The browser tells a pair: its value, and the server's that it began from. So a page that reruns before the
    component has followed it does not see the old value, and a browser that says nothing is where it was sent.
    """
    told = (st.session_state.get(key) or {}).get(name)
    if isinstance(told, (list, tuple)) and len(told) == 2 and told[1] == given and type(told[0]) is type(given):
        return told[0]
    return given
