"""Base and weight as documents: who gets how many tasks, and which of them run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from simulator.capacity.distribution import CAPACITY_EVENT
from simulator.capacity.rules import (
    RULES,
    SpotMissing,
)
from simulator.capacity.subjects import capacity_answer
from simulator.errors import InputError

A1 = {"capacityProvider": "A", "weight": 1}
FARGATE = {"capacityProvider": "FARGATE", "base": 1, "weight": 1}
SPOT = {"capacityProvider": "FARGATE_SPOT", "weight": 3}


def ask(document: Any, **rules: Any) -> dict[str, Any]:
    return capacity_answer(document, replace(RULES, **rules))


def refusal(document: Any) -> tuple[str, str]:
    with pytest.raises(InputError) as error:
        capacity_answer(document)
    return str(error.value), error.value.path


def test_a_distribution_says_how_it_came_about() -> None:
    answer = ask({"count": 10, "capacityProviderStrategy": [{**FARGATE, "base": 2}, SPOT]})
    assert answer == {
        "distribution": {"FARGATE": 4, "FARGATE_SPOT": 6},
        "family": "FARGATE",
        "reason": "The first 2 go to FARGATE, its base. The other 8 are split 1:3. Together: FARGATE 4, "
        "FARGATE_SPOT 6.",
    }
    short = ask({"count": 1, "capacityProviderStrategy": [{**FARGATE, "base": 2}, SPOT]})
    assert short["reason"] == "The first goes to FARGATE, its base of 2, which is not reached."
    alone = ask({"count": 3, "capacityProviderStrategy": [A1]})
    assert alone == {
        "distribution": {"A": 3},
        "family": "AUTO_SCALING_GROUP",
        "reason": "A is the only provider and takes all 3.",
    }
    none = ask({"count": 0, "capacityProviderStrategy": [FARGATE, SPOT]})
    assert none["reason"] == "There are no tasks to distribute."
    default = ask({"count": 4, "defaultCapacityProviderStrategy": [A1, {**A1, "capacityProvider": "B"}]})
    assert default["reason"] == "The cluster's default strategy acts. All 4 are split 1:1. Together: A 2, B 2."


def test_an_open_remainder_is_named() -> None:
    answer = ask({"count": 9, "capacityProviderStrategy": [A1, {"capacityProvider": "B", "weight": 3}]})
    assert (answer["open"], answer["ranges"]) == (True, {"A": [2, 3], "B": [6, 7]})
    assert answer["exact"] == {"A": "9/4", "B": "27/4"}
    assert answer["note"] == "The shares are no whole numbers, and AWS does not say how the remainder is rounded."


def test_spot_without_capacity_is_tried_again_and_nowhere_else() -> None:
    document = {"count": 5, "spotCapacity": 1, "capacityProviderStrategy": [FARGATE, SPOT]}
    answer = ask(document)
    assert (answer["running"], answer["retried"]) == (3, 2)
    assert answer["runningOn"] == {"FARGATE": 2, "FARGATE_SPOT": 1}
    assert answer["retriedOn"] == {"FARGATE_SPOT": 2}
    assert answer["event"] == CAPACITY_EVENT
    assert answer["fix"] == (
        "ECS keeps trying on FARGATE_SPOT and never falls back; give FARGATE a base or more weight, or wait for "
        "capacity."
    )
    alone = ask({**document, "capacityProviderStrategy": [SPOT]})
    assert "give the strategy a second provider with a base or a weight, or wait" in alone["fix"]
    fallen = ask(document, spot_missing=SpotMissing.FALLBACK)
    assert (fallen["running"], fallen["retried"], fallen["runningOn"]) == (5, 0, {"FARGATE": 4, "FARGATE_SPOT": 1})
    assert "event" not in fallen

    alone = {"count": 5, "available": {"FARGATE_SPOT": 0}, "capacityProviderStrategy": [SPOT]}
    assert ask(alone, spot_missing=SpotMissing.FALLBACK)["runningOn"] == {"FARGATE_SPOT": 0, "FARGATE": 5}
    enough = ask({**document, "spotCapacity": 3})
    assert (enough["running"], enough["retried"], enough["retriedOn"]) == (5, 0, {})
    both = ask(
        {"count": 5, "available": {"FARGATE": 0, "FARGATE_SPOT": 0}, "capacityProviderStrategy": [FARGATE, SPOT]}
    )
    assert both["fix"].startswith("ECS keeps trying on FARGATE and FARGATE_SPOT and never")


def test_a_group_s_tasks_wait_without_the_event_of_fargate() -> None:
    answer = ask({"count": 2, "available": {"A": 1}, "capacityProviderStrategy": [A1]})
    assert (answer["running"], answer["retriedOn"]) == (1, {"A": 1})
    assert "event" not in answer
    assert answer["fix"] == (
        "The tasks of A wait in PROVISIONING and never go to another provider; let its Auto Scaling group grow, or "
        "give the strategy a second provider."
    )


def test_a_launch_type_is_no_provider_s() -> None:
    assert ask({"count": 2, "launchType": "EC2"}) == {
        "distribution": {},
        "launchType": "EC2",
        "launched": 2,
        "reason": "All 2 go to the launch type EC2. No capacity provider sees them: they count in no base, no weight, "
        "and never make a group grow.",
    }
    neither = ask({"count": 2})
    assert (neither["distribution"], neither["open"]) == ({}, True)
    assert neither["note"] == (
        "Neither launchType nor capacityProviderStrategy is given, and the cluster has no default strategy. The API "
        "reference does not say where the 2 tasks go."
    )
    assert neither["reason"].startswith("A cluster made with the API or the CLI has no capacity provider")
    assert ask({"count": 2, "defaultCapacityProviderStrategy": []})["open"] is True


@pytest.mark.parametrize(
    ("document", "sentence", "path"),
    [
        ({"capacityProviderStrategy": [A1]}, "count must be a whole number from 0 to 5000, not null.", "count"),
        ({"count": 5001}, "count must be a whole number from 0 to 5000, not 5001.", "count"),
        ({"count": -1}, "count must be a whole number from 0 to 5000, not -1.", "count"),
        (
            {"count": 1, "launchType": "EC2", "capacityProviderStrategy": [A1]},
            "Both launchType and capacityProviderStrategy are given, and they exclude each other; keep one.",
            "launchType",
        ),
        (
            {"count": 1, "launchType": "EC2", "spotCapacity": 3},
            "spotCapacity is of capacity providers, and launchType uses none; leave it out.",
            "spotCapacity",
        ),
        (
            {"count": 1, "launchType": "FARGATE", "available": {}},
            "available is of capacity providers, and launchType uses none; leave it out.",
            "available",
        ),
        (
            {"count": 1, "launchType": "SPOT"},
            'launchType must be EC2, FARGATE, EXTERNAL or MANAGED_INSTANCES, not "SPOT".',
            "launchType",
        ),
        (
            {"count": 1, "capacityProviderStrategy": []},
            "capacityProviderStrategy is an empty list; name at least one capacity provider.",
            "capacityProviderStrategy",
        ),
        (
            {"count": 1, "capacityProviderStrategy": [A1], "available": {"B": 1}},
            "available.B is given, and the strategy has no such provider.",
            "available.B",
        ),
        (
            {"count": 1, "capacityProviderStrategy": [A1], "available": {"A": 5001}},
            "available.A must be a whole number from 0 to 5000, not 5001.",
            "available.A",
        ),
        (
            {"count": 1, "capacityProviderStrategy": [A1], "spotCapacity": 1},
            "spotCapacity is given, and the strategy has no FARGATE_SPOT; leave it out.",
            "spotCapacity",
        ),
        (
            {"count": 1, "capacityProviderStrategy": [SPOT], "spotCapacity": 1, "available": {"FARGATE_SPOT": 1}},
            "spotCapacity is given, and available says it too; leave it out.",
            "spotCapacity",
        ),
        (
            {"count": 1, "capacityProviderStrategy": [SPOT], "spotCapacity": -1},
            "spotCapacity must be a whole number from 0 to 5000, not -1.",
            "spotCapacity",
        ),
        (
            {"count": 1, "createdWith": "SDK", "capacityProviderStrategy": [A1]},
            'createdWith must be API, CLI or CONSOLE, not "SDK".',
            "createdWith",
        ),
        (
            {"count": 1, "capacityProvider": "A"},
            "There is no field “capacityProvider”; did you mean",
            "capacityProvider",
        ),
    ],
)
def test_bad_distributions(document: Any, sentence: str, path: str) -> None:
    said, where = refusal(document)
    assert said.startswith(sentence)
    assert where == path


def test_a_document_that_asks_nothing() -> None:
    said, where = refusal({"seed": 3})
    assert said.startswith("The document asks nothing that capacity answers; give count with capacityProviderStrategy")
    assert where == ""
    assert refusal([])[0] == "The document must be an object with named fields, not a list."
