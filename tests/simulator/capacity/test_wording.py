"""What is said about each kind of step: the sentence, the reasons, AWS's own event, what AWS leaves open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from simulator.capacity.wording import many, minute_of
from simulator.trace import explain
from tests.simulator.capacity.story import SMALL, document, fargate, play

AGENT = {
    "serviceName": "agent",
    "schedulingStrategy": "DAEMON",
    "taskDefinition": {"family": "agent", "cpu": "128", "memory": "128", "containerDefinitions": []},
}
RUNS: dict[str, Any] = {
    "GROWS": document([[0, 12], [5, 22], [10, 6]], least=1, size=4, minutes=40),
    "EMPTY": document([[0, 0], [2, 15]], minutes=12),
    "SPARE": document(5, minutes=6, capacityProvider={"managedScaling": {"targetCapacity": 80}}),
    "ODD": document([[0, 27], [1, 1]], size=9, minutes=20),
    "PROTECTED": {
        **document([[0, 6], [2, 1]], size=2, minutes=20, capacityProvider={"managedTerminationProtection": "ENABLED"}),
        "services": [AGENT, *document([[0, 6], [2, 1]])["services"]],
    },
    "UNDRAINED": document(
        [[0, 6]],
        least=2,
        minutes=6,
        group={"spot": True},
        capacityProvider={"managedDraining": "DISABLED"},
        interruptions=[{"minute": 2, "capacityProvider": "asg"}],
    ),
    "DRAINED": document(
        [[0, 6]],
        least=2,
        minutes=6,
        group={"spot": True},
        interruptions=[{"minute": 2, "capacityProvider": "asg"}],
        service={"deploymentConfiguration": {"minimumHealthyPercent": 50}},
    ),
    "LIMIT": {
        **document(505, least=1, most=1, minutes=1),
        "runTasks": [{"count": 12, "taskDefinition": {**SMALL, "family": "batch"}, "runSeconds": 9}],
    },
    "BATCH": {
        **document(0, least=1, most=1, minutes=3),
        "runTasks": [
            {"count": 5, "taskDefinition": {**SMALL, "family": "batch"}, "runSeconds": 9, "launchType": "EC2"}
        ],
    },
    "EC2": document(4, least=1, minutes=2, service={"launchType": "EC2"}),
    "FARGATE": fargate([[0, 7], [8, 3]], spotCapacity=[[0, 9], [5, 2]]),
    "RUN_SPOT": {
        "runTasks": [{"count": 2, "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]}],
        "spotCapacity": 0,
        "minutes": 1,
    },
    "LARGE": document(2, least=1, minutes=2, service={"taskDefinition": {**SMALL, "memory": "9000"}}),
    "GROUPS": {
        **document(3, least=1, minutes=2),
        "runTasks": [{"count": 4, "taskDefinition": {**SMALL, "family": "batch", "memory": "2048"}, "runSeconds": 9}],
    },
    "CHANGED": document(
        3, least=1, minutes=2, changes=[{"at": 1, "minSize": 3}, {"at": 4, "minSize": 0}, {"at": 5, "maxSize": 2}]
    ),
    "MAX": document(9, least=1, most=2, minutes=5),
}

FILE = Path(__file__).with_name("said.yaml")
SAID = [(name, tuple(row)) for name, rows in yaml.safe_load(FILE.read_text(encoding="utf-8")).items() for row in rows]


def told(name: str) -> list[tuple[str, ...]]:
    trace = play(RUNS[name])
    rows: list[tuple[str, ...]] = []
    for k, event in enumerate(trace.events):
        found = explain(trace, k)
        why = [f"why: {one}" for one in found.why]
        said = [f"event: {found.event}"] if found.event else []
        rows.append((event.kind.value, found.sentence, *why, *said, *(f"open: {one}" for one in found.open)))
    return rows


TOLD = {name: told(name) for name in RUNS}


@pytest.mark.parametrize(("name", "row"), SAID)
def test_a_step_is_explained(name: str, row: tuple[str, ...]) -> None:
    assert row in TOLD[name]


def test_numbers_with_their_words() -> None:
    assert (many(0, "task"), many(1, "task"), many(2, "task")) == ("0 tasks", "1 task", "2 tasks")
    assert (minute_of(0), minute_of(59), minute_of(60), minute_of(3725)) == ("0:00", "0:59", "1:00", "62:05")
