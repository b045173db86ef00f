"""The load that is drawn by hand: what the browser says of it is taken only where it fits."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ui.load_curve import POINTS

GIVEN = [100] * POINTS


def page(told) -> None:
    import streamlit as st

    from ui.load_curve import POINTS, drawn, load_curve

    given = [100] * POINTS
    if told is not None:
        st.session_state["plot"] = {"values": told}
    st.session_state["taken"] = drawn("plot", given, top=400)
    if told is None:
        load_curve(given, key="plot", minutes=60, top=400, unit="requests a second", on_change=lambda: None)


def taken(told: Any) -> list[int]:
    at = AppTest.from_function(page, args=(told,)).run(timeout=30)
    assert not at.exception, at.exception
    return at.session_state["taken"]


def test_it_is_drawn_and_says_what_it_was_given() -> None:
    assert taken(None) == GIVEN


def test_what_was_drawn_is_taken_as_whole_numbers_within_the_plot() -> None:
    told = [[250.4, -3, 9000, *[7] * (POINTS - 3)], GIVEN]
    assert taken(told) == [250, 0, 400, *[7] * (POINTS - 3)]


@pytest.mark.parametrize(
    "told",
    [
        "rubbish",
        [[1, 2, 3], GIVEN],
        [["a"] * POINTS, GIVEN],
        [[float("inf")] * POINTS, GIVEN],
        [[10**400, *[float("nan")] * (POINTS - 1)], GIVEN],
        [[250] * POINTS, [1] * POINTS],
        [{"a": 1}, GIVEN],
    ],
    ids=["no pair", "too few", "texts", "without end", "too many digits", "of another load", "no list"],
)
def test_what_does_not_fit_leaves_the_load_as_it_is(told: Any) -> None:
    assert taken(told) == GIVEN
