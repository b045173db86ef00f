from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from screens import question

SINGLE = {
    "type": "single_choice",
    "stem": "Which one?",
    "options": [{"id": "b", "text": "Second"}, {"id": "a", "text": "First"}],
}
MULTIPLE = {
    "type": "multiple_choice",
    "stem": "Which TWO?",
    "select": {"exactly": 2},
    "options": [{"id": i, "text": i.upper()} for i in "cab"],
}
NUMERIC = {"type": "numeric", "stem": "How many?", "unit": "tasks"}
ORDERING = {"type": "ordering", "stem": "Order?", "blocks": [{"id": i, "text": f"Step {i}"} for i in "dbca"]}


def page(visible, given, told):
    import streamlit as st

    from screens import question

    question.pose(visible)
    st.session_state["held"] = question.ask(visible, key="q", given=given, on_change=lambda: told.append(1))
    st.text(question.in_words(visible, st.session_state["held"]))


def run(visible, given=None, told=None) -> AppTest:
    at = AppTest.from_function(page, args=(visible, given, [] if told is None else told)).run()
    assert not at.exception
    return at


@pytest.mark.parametrize("visible", [SINGLE, MULTIPLE, NUMERIC, ORDERING])
def test_nothing_is_chosen_to_begin_with(visible):
    at = run(visible)
    assert at.session_state["held"] is None
    assert at.text[0].value == "no answer"


@pytest.mark.parametrize(
    ("visible", "given", "words"),
    [
        (SINGLE, "a", "First"),
        (MULTIPLE, ["c", "b"], "C; B"),
        (NUMERIC, "3", "3 tasks"),
        (NUMERIC, "0", "0 tasks"),
        (ORDERING, ["a", "b", "c"], "Step a → Step b → Step c"),
    ],
)
def test_an_answer_of_the_log_is_back_in_its_widgets(visible, given, words):
    at = run(visible, given)
    assert at.session_state["held"] == given
    assert at.text[0].value == words


@pytest.mark.parametrize(("visible", "given"), [(SINGLE, "gone"), (MULTIPLE, ["gone"]), (ORDERING, ["gone"])])
def test_an_answer_that_the_item_no_longer_has_is_no_answer(visible, given):
    assert run(visible, given).session_state["held"] is None


def test_a_choice_is_told_at_once():
    told = []
    at = run(SINGLE, told=told)
    at.radio[0].set_value("b").run()
    assert (at.session_state["held"], len(told)) == ("b", 1)


def test_ticks_come_in_the_order_of_the_options():
    at = run(MULTIPLE)
    assert [c.value for c in at.caption] == ["Choose two"]
    at.checkbox(key="q:b").check().run()
    at.checkbox(key="q:c").check().run()
    assert at.session_state["held"] == ["c", "b"]
    at.checkbox(key="q:b").uncheck().run()
    at.checkbox(key="q:c").uncheck().run()
    assert at.session_state["held"] is None


def test_a_number_is_kept_as_typed():
    at = run(NUMERIC)
    at.text_input[0].set_value("  1,000 ").run()
    assert at.session_state["held"] == "1,000"


def place(at: AppTest, **places: int | None) -> AppTest:
    for name, number in places.items():
        at.button_group(key=f"q:{name}").set_value(number).run()
        assert not at.exception
    return at


def test_blocks_take_places_and_a_place_taken_twice_is_swapped():
    at = place(run(ORDERING), a=1, b=2, c=3)
    assert at.session_state["held"] == ["a", "b", "c"]
    assert place(at, c=1).session_state["held"] == ["c", "b", "a"]
    assert place(at, d=1).session_state["held"] == ["d", "b", "a"]
    assert place(at, b=None).session_state["held"] == ["d", "a"]


def test_what_was_typed_is_no_markup():
    numeric = {"type": "numeric", "unit": "tasks"}
    assert question.in_words(numeric, "**![x](y)**") == r"\*\*\!\[x\](y)\*\* tasks"
    assert "**" not in (question.unfit(numeric, "**4**") or "")
