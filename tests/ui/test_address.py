"""An address that cannot be meant is told in one sentence."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from ui import address

    st.text(f"{address.number('step', key='k')} {address.one_of('beside', ('left', 'right'), key='k')}")
    address.write({"step": "", "beside": ""})
    address.refusal(key="k")


def opened(**parameters: str) -> AppTest:
    at = AppTest.from_function(page)
    for name, value in parameters.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def test_what_can_be_meant_is_followed() -> None:
    at = opened(step="12", beside="left")
    assert at.text[0].value == "12 left"
    assert not at.warning


@pytest.mark.parametrize("step", ["x", "-1", "1e9", "٣", "123456", "<b>"])
def test_a_step_that_is_no_step_is_told_and_stays_told(step: str) -> None:
    at = opened(step=step)
    assert at.text[0].value == "None None"
    assert "`step` was not followed" in at.warning[0].value
    assert "`step` was not followed" in at.run().warning[0].value


def test_a_choice_that_is_not_there_is_told_with_those_that_are() -> None:
    at = opened(beside="above")
    assert "left, right" in at.warning[0].value
