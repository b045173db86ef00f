from __future__ import annotations

import pytest

from quizzes.bank import load, slugs
from quizzes.grading import grade
from quizzes.replay import can_show, scenario_of, show_me
from quizzes.variants import respond, serve, with_params
from simulator.errors import InputError

ITEMS = [pytest.param(item, id=item.id) for slug in slugs() for item in load(slug).items if item.tests]


@pytest.mark.parametrize("item", ITEMS)
def test_both_runs_part_where_their_events_first_differ(item) -> None:
    for test in item.tests:
        variant = with_params(item, test.params) if test.params else serve(item, test.seed or (item.seeds or (0,))[0])
        for name in grade(item, variant, respond(item, variant, test.response)).misconceptions:
            if not can_show(item, name):
                continue
            both = show_me(item, variant, name)
            at = both.parts_at
            assert at is not None
            assert both.true.events[:at] == both.believed.events[:at]
            assert both.true.events[at : at + 1] != both.believed.events[at : at + 1]
            assert both.true.scenario == both.believed.scenario


def test_the_scenario_is_the_variants_document(make) -> None:
    item = make("numeric")
    variant = with_params(item, {"desired": 5, "low": 50})
    assert scenario_of(item, variant)["desiredCount"] == 5
    own = make("numeric", show_me={"mechanism": "deployment", "document": {"desiredCount": "{desired}"}})
    assert scenario_of(own, variant) == {"desiredCount": 5}


@pytest.mark.parametrize("name", ["MC-PLACE-CONSTRAINT-SOFT", "MC-NO-SUCH"])
def test_what_cannot_be_shown_is_one_sentence(make, name: str) -> None:
    item = make("numeric")
    with pytest.raises(InputError):
        show_me(item, serve(item, 1), name)
