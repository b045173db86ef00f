from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from quizzes.served import public_id
from tests.screens.bank import TEXT, harbor

DRAINING = """
  - id: harbor.place.001
    type: single_choice
    points: 2
    objective: placement.filter
    bloom: apply
    difficulty: 0.5
    est_seconds: 60
    stem: Where do the two tasks go?
    simulate:
      subject: placement
      document:
        instances:
          - {ec2InstanceId: a1, instanceType: m5.large, status: DRAINING}
          - {ec2InstanceId: a2, instanceType: m5.large}
        taskDefinition: {family: web, containerDefinitions: [{name: web, image: web, memory: 512, cpu: 256}]}
        count: 2
        placementStrategy: [{type: spread, field: instanceId}]
    options:
      - {id: both, text: Both to a2, key: true, rationale: A draining instance takes no new task.}
      - {id: one, text: One to each, rationale: a1 drains., misconception: MC-PLACE-DRAINING-ACCEPTS}
      - {id: none, text: Neither, rationale: A strategy never refuses.}
    feedback: {general: Filters come first.}
    review_by: 2027-06-01
"""


def page(item_id, response):
    import streamlit as st

    from quizzes.grading import grade
    from quizzes.variants import serve
    from screens import feedback
    from tests.screens.test_feedback import bank

    item = next(item for item in bank().items if item.id == item_id)
    variant = serve(item, 1)
    feedback.show_item(item, variant, grade(item, variant, response), response, key="here")
    st.text("end")


def bank():
    return harbor(TEXT + DRAINING)


def shown(item: str, response: object) -> AppTest:
    at = AppTest.from_function(page, args=(item, response)).run()
    assert not at.exception
    return at


def words(at: AppTest) -> str:
    return "\n".join(str(element.value) for element in (*at.markdown, *at.caption))


def names(item: str, *options: str) -> list[str]:
    return [public_id(item, name) for name in options]


def test_a_belief_is_named_and_both_runs_are_shown_on_request():
    at = shown("harbor.place.001", public_id("harbor.place.001", "one"))
    assert "Your answer would be right if this were true: *A draining instance still takes new tasks" in words(at)
    assert "placement" in words(at)
    assert not at.get("bidi_component")
    at.toggle[0].set_value(True).run()
    assert not at.exception
    (player,) = at.get("bidi_component")
    assert "What you believed" in str(player.proto)
    assert "What happens" in str(player.proto)


def test_a_right_answer_needs_no_second_run():
    at = shown("harbor.place.001", public_id("harbor.place.001", "both"))
    assert "**Right.**" in words(at)
    assert not at.toggle
    assert "Why not the others" in [expander.label for expander in at.expander]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("s1", "s2", "s3"), ["**Right.**", "1. :material/check: **Start the engine**"]),
        (("s2", "s1", "s3"), ["**Partly right.**", "You had it elsewhere."]),
        (("s1", "s3"), ["**Cast off** CANARY-13 You left it out."]),
    ],
)
def test_an_order_is_shown_as_it_should_be(options, said):
    at = shown("harbor.order.001", names("harbor.order.001", *options))
    for sentence in said:
        assert sentence in words(at)


def test_a_known_wrong_number_gets_its_own_reason():
    item = next(item for item in bank().items if item.id == "harbor.number.001")
    from quizzes.variants import serve

    crates = serve(item, 1).params["crates"]
    at = shown(item.id, str(crates + 2))
    said = words(at)
    assert f"The number is **{crates * 2} tons**." in said
    if crates != 2:
        assert "CANARY-10 that adds." in said
    assert said.count("CANARY-11") == 1


@pytest.mark.parametrize("item", [item.id for item in harbor().items])
def test_no_answer_is_said_and_the_reasons_come_all_the_same(item):
    said = words(shown(item, None))
    assert "You gave no answer." in said
    assert "CANARY" in said
