"""What a page's address says beside the scenario: a step, a choice. What it cannot mean is told, not passed over."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

MOST_DIGITS = 5


def number(name: str, *, key: str) -> int | None:
    """The whole number that the address gives under this name; None if it gives none that can be meant."""
    written = st.query_params.get(name)
    if not written:
        return None
    if written.isascii() and written.isdigit() and len(written) <= MOST_DIGITS:
        return int(written)
    _refuse(key, name, f"a whole number of at most {MOST_DIGITS} digits")
    return None


def one_of(name: str, known: Collection[str], *, key: str) -> str | None:
    """The choice that the address gives under this name; None if it gives none, or one that is not there."""
    written = st.query_params.get(name)
    if not written or written in known:
        return written or None
    _refuse(key, name, f"one of {', '.join(known)}")
    return None


def write(values: Mapping[str, str]) -> None:
    """Put the values into the address, and take out those that are empty, where it is not so already."""
    for name, value in values.items():
        if value and st.query_params.get(name) != value:
            st.query_params[name] = value
        elif not value and name in st.query_params:
            del st.query_params[name]


def refusal(*, key: str) -> None:
    """One sentence for each part of the address that was not followed; it stays for the session."""
    for sentence in st.session_state.get(_refused(key), {}).values():
        st.warning(sentence, icon=":material/block:")


def _refuse(key: str, name: str, wanted: str) -> None:
    sentence = f"The address’s `{name}` was not followed: it takes {wanted}. Open the link again as it was given."
    st.session_state[_refused(key)] = {**st.session_state.get(_refused(key), {}), name: sentence}


def _refused(key: str) -> str:
    return f"{key}:address"
