"""The sandbox against what a stranger's link, a forged message or a pasted text may hold."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from simulator.scenario import encode


def page() -> None:
    from simulator.errors import InputError
    from ui import sandbox

    def check(scenario):
        if scenario.get("wrong"):
            raise InputError(f"There is no field “{scenario['wrong']}”.")

    preset = sandbox.Preset(id="a", title="A", about="As it is.", scenario={"part": {"count": 1}})
    box = sandbox.Sandbox(key="box", presets=(preset,), check=check, linked=True)
    sandbox.current(box)
    sandbox.refusal(box)
    sandbox.number(box, "Count", "count", ("part", "count"), low=0, high=9)
    sandbox.json_face(box, run=lambda: "{}")


def written(text: str) -> AppTest:
    at = AppTest.from_function(page).run()
    at.text_area(key="box:json").set_value(text).run()
    assert not at.exception
    assert at.session_state["box:scenario"] == {"part": {"count": 1}}
    return at


def test_a_strangers_link_puts_no_markup_on_the_page() -> None:
    at = AppTest.from_function(page)
    at.query_params["s"] = encode({"wrong": "![x](http://elsewhere/x.png)"})
    at.run()
    assert not at.exception
    assert "![" not in at.warning[0].value
    assert r"\!\[x\]" in at.warning[0].value


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('{"part": 1, "part": 2}', "occurs twice"),
        ('{"part": NaN}', "NaN"),
        ('{"part": "\\ud800"}', "half a character"),
        ("[" * 5000, "nested deeper than 100"),
        ('{"part": ' + "9" * 5000 + "}", "too many digits"),
    ],
)
def test_pasted_text_that_is_no_situation_is_one_sentence(text: str, part: str) -> None:
    assert part in written(text).warning[0].value.replace("\\", "")


def test_a_control_fills_in_what_the_scenario_leaves_empty() -> None:
    at = AppTest.from_function(page).run()
    at.text_area(key="box:json").set_value('{"part": null}').run()
    at.slider[0].set_value(3).run()
    assert not at.exception
    assert at.session_state["box:scenario"] == {"part": {"count": 3}}
