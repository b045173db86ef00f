"""Each rule is a value that changes what happens; AWS's own are the defaults."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.deployment import RULES, simulate
from simulator.deployment.bounds import bounds, share
from simulator.deployment.rules import Rounding, rules_from_dict, rules_to_dict
from simulator.deployment.subjects import breaker_answer, deployment_answer
from simulator.errors import InputError
from simulator.trace import to_json

FAILING = {
    "desiredCount": 4,
    "loadBalancer": {},
    "deploymentConfiguration": {
        "maximumPercent": 125,
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
    },
    "failures": [{"kind": "never-healthy", "revision": "new"}],
}
HALF = {"desiredCount": 4, "deploymentConfiguration": {"minimumHealthyPercent": 50, "maximumPercent": 100}}
THREE = {"desiredCount": 3, "deploymentConfiguration": {"minimumHealthyPercent": 50, "maximumPercent": 150}}

DEPLOYMENTS = [
    ({"round_minimum": "floor"}, THREE),
    ({"round_minimum": "nearest"}, {"desiredCount": 3, "deploymentConfiguration": {"minimumHealthyPercent": 40}}),
    ({"round_maximum": "ceil"}, THREE),
    ({"round_maximum": "nearest"}, THREE),
    ({"percent_of": "running"}, HALF),
    ({"minimum_means": "replaced"}, {"desiredCount": 4, "deploymentConfiguration": {"minimumHealthyPercent": 75}}),
    ({"maximum_means": "extra"}, HALF),
    ({"minimum_ignored": True}, HALF),
    ({"maximum_ignored": True}, HALF),
]
RUNS = [
    ({"stopping_counts": False}, {**HALF, "stopSeconds": 10}),
    ({"drain_before_stop": False}, {"desiredCount": 2, "loadBalancer": {}}),
    ({"healthy_when": "running"}, {"desiredCount": 2, "loadBalancer": {}}),
    ({"forty_seconds": False}, {"desiredCount": 2}),
    (
        {"unhealthy_replacement": "new_revision"},
        {"desiredCount": 4, "loadBalancer": {}, "failures": [{"kind": "instance-dies", "atSeconds": 5, "tasks": 2}]},
    ),
    (
        {"desired_change_triggers_deployment": True},
        {"desiredCount": 2, "changes": [{"at": 9, "desiredCount": 3}]},
    ),
    (
        {"rollback_to": "previous"},
        {
            **FAILING,
            "changes": [{"at": 4, "taskDefinition": "web:3"}],
            "failures": [
                {"kind": "never-healthy", "revision": "web:2"},
                {"kind": "never-healthy", "revision": "web:3"},
            ],
        },
    ),
    ({"breaker_minimum": 4}, FAILING),
    ({"breaker_trips": "above_threshold"}, FAILING),
]
BREAKERS = [
    ({"breaker_minimum": 10}, {"desiredCount": 4, "events": "FFF"}),
    ({"breaker_resets": "never"}, {"desiredCount": 4, "events": "FFHF"}),
    ({"breaker_trips": "above_threshold"}, {"desiredCount": 4, "events": "FFF"}),
]


def test_the_true_rules_are_an_empty_document():
    assert rules_to_dict(RULES) == {}
    assert rules_from_dict({}) == RULES


def test_every_rule_is_shown_to_change_something():
    shown = {name for changed, _ in [*DEPLOYMENTS, *RUNS, *BREAKERS] for name in changed}
    assert shown == {field.name for field in fields(RULES)}


@pytest.mark.parametrize(("changed", "document"), DEPLOYMENTS, ids=str)
def test_it_changes_the_waves(changed, document):
    rules = rules_from_dict(changed)
    assert rules_to_dict(rules) == changed
    assert deployment_answer(document, rules) != deployment_answer(document)


@pytest.mark.parametrize(("changed", "scenario"), RUNS, ids=str)
def test_it_changes_the_run(changed, scenario):
    rules = rules_from_dict(changed)
    assert rules_to_dict(rules) == changed
    assert simulate(scenario, rules).events != simulate(scenario).events


@pytest.mark.parametrize(("changed", "document"), BREAKERS, ids=str)
def test_it_changes_the_breaker(changed, document):
    assert breaker_answer(document, rules_from_dict(changed)) != breaker_answer(document)


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ({"round_minimun": "floor"}, "did you mean “round_minimum”?"),
        ({"round_minimum": "up"}, "ceil, floor or nearest"),
        ({"minimum_ignored": "yes"}, "true or false"),
        ({"breaker_minimum": 0}, "from 1 to 200"),
        ([], "must be an object"),
    ],
)
def test_a_bad_rule_is_refused_in_one_sentence(document, part):
    with pytest.raises(InputError) as caught:
        rules_from_dict(document)
    assert part in str(caught.value)


def test_the_changed_rules_travel_with_the_run():
    trace = simulate({"desiredCount": 1}, replace(RULES, round_minimum=Rounding.FLOOR))
    assert '"rules":{"round_minimum":"floor"}' in to_json(trace)


@given(st.integers(0, 5000), st.integers(0, 100), st.integers(100, 400))
@settings(max_examples=100, deadline=None)
def test_bounds_are_the_nearest_whole_tasks(desired, minimum, maximum):
    held = bounds(desired, minimum, maximum)
    assert (held.lower - 1) * 100 < desired * minimum <= held.lower * 100
    assert held.upper * 100 <= desired * maximum < (held.upper + 1) * 100


def test_no_float_goes_wrong():
    assert share(100, 7, Rounding.CEIL) == 7
    assert [share(5, 50, rounding) for rounding in (Rounding.CEIL, Rounding.FLOOR, Rounding.NEAREST)] == [3, 2, 3]
