"""What a scenario may say, and what it is refused for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulator.deployment import simulate
from simulator.deployment.scenario import instant_document, read_scenario
from simulator.deployment.subjects import deployment_answer
from simulator.deployment.zones import balanced
from simulator.errors import InputError
from simulator.trace import state_at

ZONES = json.loads((Path(__file__).parents[2] / "golden" / "deployment.json").read_text())["zones"]

BAD = [
    ({"desiredCount": 201}, "from 0 to 200"),
    ({"desiredCount": 4, "startSecond": 1}, "did you mean “startSeconds”?"),
    ({"desiredCount": 4, "startSeconds": 1.5}, "startSeconds must be a whole number"),
    ({"desiredCount": 4, "startSeconds": 10**9}, "startSeconds"),
    ({"desiredCount": 4, "hostPort": 80}, "instances is needed"),
    ({"desiredCount": 4, "hostPort": 70000, "instances": 4}, "hostPort"),
    ({"desiredCount": 4, "loadBalancer": {"healthyThresholdCount": 1}}, "from 2 to 10"),
    ({"desiredCount": 4, "loadBalancer": {"deregistrationDelay": 1}}, "did you mean"),
    ({"desiredCount": 4, "containerHealthCheck": {"interval": 4}}, "from 5 to 300"),
    ({"desiredCount": 4, "containerHealthCheck": True}, "must be an object"),
    ({"desiredCount": 4, "failures": [{"kind": "explodes"}]}, "failures[0].kind"),
    ({"desiredCount": 4, "failures": [{"kind": "task-crashes", "tasks": 2}]}, "failures[0].tasks"),
    ({"desiredCount": 4, "failures": [{"kind": "task-crashes"}] * 21}, "at most 20"),
    ({"desiredCount": 4, "protectedTasks": 5}, "from 0 to 4"),
    ({"desiredCount": 4, "protectionMinutes": 2881}, "from 1 to 2880"),
    ({"desiredCount": 4, "completedBefore": "yes"}, "true or false"),
    ({"desiredCount": 4, "changes": [{"desiredCount": 5}]}, "changes[0].at is missing"),
    ({"desiredCount": 4, "changes": [{"at": 1}]}, "exactly one"),
    ({"desiredCount": 4, "changes": [{"at": 1, "slots": 1, "alarm": True}]}, "exactly one"),
    ({"desiredCount": 4, "changes": [{"at": 10**5, "slots": "many"}]}, "changes.slots"),
    ({"desiredCount": 4, "changes": [{"at": 1, "failure": {"kind": "x"}}]}, "changes.failure.kind"),
    (
        {
            "desiredCount": 4,
            "bakeTimeInMinutes": 3,
            "deploymentConfiguration": {"bakeTimeInMinutes": 3},
        },
        "given twice",
    ),
    (None, "must be an object"),
    ({"desiredCount": 4, "deploymentConfiguration": False}, "deploymentConfiguration must be an object"),
    ({"desiredCount": 4, "order": {}}, "order must be stop-first or start-first"),
]


@pytest.mark.parametrize(("scenario", "part"), BAD)
def test_it_is_refused_in_one_sentence(scenario, part):
    with pytest.raises(InputError) as caught:
        simulate(scenario)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_terminals_document_is_a_scenario():
    document = {
        "desiredCount": 4,
        "deploymentConfiguration": {"minimumHealthyPercent": 50, "maximumPercent": 100},
        "slots": None,
        "order": "stop-first",
    }
    assert instant_document(document) == document
    assert read_scenario(document).desired == 4


def test_the_instant_part_of_a_scenario_is_answered():
    scenario = {"desiredCount": 3, "hostPort": 80, "instances": 3, "loadBalancer": {}, "startSeconds": 9}
    assert deployment_answer(instant_document(scenario))["outcome"] == "capacity-stuck"


def test_the_breaker_may_stand_beside_the_configuration():
    beside = read_scenario({"desiredCount": 4, "deploymentCircuitBreaker": {"rollback": True}})
    within = read_scenario(
        {"desiredCount": 4, "deploymentConfiguration": {"deploymentCircuitBreaker": {"rollback": True}}}
    )
    assert beside == within


def test_a_fixed_port_makes_instances_the_room():
    assert read_scenario({"desiredCount": 3, "hostPort": 80, "instances": 3}).slots == 3
    assert read_scenario({"desiredCount": 3, "hostPort": 0, "instances": 3}).slots is None


def test_a_crash_names_the_nth_launch():
    trace = simulate({"desiredCount": 4, "failures": [{"kind": "task-crashes", "nth": 3, "afterSeconds": 20}]})
    crash = next(event for event in trace.events if event.kind == "tasks-crashed")
    assert crash.tasks == (7,)
    assert crash.at == 40_000


def test_a_lost_instance_takes_its_places_along():
    failure = {"kind": "instance-dies", "atSeconds": 1, "tasks": 2}
    trace = simulate({"desiredCount": 4, "slots": 8, "failures": [failure]})
    end = state_at(trace, len(trace))
    assert end.capacity == 6
    assert end.healthy == 4


@pytest.mark.parametrize("row", ZONES, ids=str)
def test_golden_zones(row):
    assert list(balanced(row["desiredCount"], row["zones"])) == row["tasks"]
