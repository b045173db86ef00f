"""All that this room says of its runs, step by step, of its golden documents, and of wrong values, word for word."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from simulator.capacity.subjects import capacity_answer
from simulator.documents import load
from simulator.errors import InputError
from tests.simulator.capacity.story import BASED, PACKED, SMALL
from tests.simulator.capacity.test_wording import RUNS, told
from tests.simulator.garbage import refusals

KEPT = Path(__file__).with_name("told.txt")
CASES: list[dict[str, Any]] = load(
    (Path(__file__).parents[2] / "golden" / "capacity.yaml").read_text(encoding="utf-8")
)["cases"]
# A run with every field, and the golden documents that ask something else, one of each form.
RUN: dict[str, Any] = {
    "services": [
        {
            "serviceName": "web",
            "taskDefinition": SMALL,
            "desiredCount": [[0, 1], [2, 2]],
            "placementStrategy": PACKED,
            "deploymentConfiguration": {"minimumHealthyPercent": 50, "maximumPercent": 200},
            "schedulingStrategy": "REPLICA",
        },
        {"serviceName": "api", "desiredCount": 1, "capacityProviderStrategy": BASED},
    ],
    "runTasks": [{"minute": 1, "taskDefinition": {**SMALL, "family": "batch"}, "count": 1, "runSeconds": 7}],
    "autoScalingGroup": {
        "instanceTypes": [{"instanceType": "own.large", "cpu": 2048, "memory": 3768, "gpu": 1, "eniTrunking": False}],
        "availabilityZones": ["a", "b"],
        "minSize": 0,
        "maxSize": 2,
        "desiredCapacity": 1,
        "launchSeconds": 60,
        "spot": False,
    },
    "capacityProvider": {
        "name": "asg",
        "managedScaling": {"status": "ENABLED", "targetCapacity": 100, "instanceWarmupPeriod": 60},
        "managedTerminationProtection": "DISABLED",
        "managedDraining": "ENABLED",
    },
    "spotCapacity": [[0, 5], [2, 1]],
    "interruptions": [{"minute": 1, "count": 1}],
    "changes": [{"at": 1, "minSize": 1}],
    "minutes": 3,
}
FORMS = {tuple(case["document"]): case["document"] for case in reversed(CASES) if "expect" in case}


def steps(name: str) -> Iterator[str]:
    """Each different step of a run, once."""
    yield from dict.fromkeys(" | ".join(row) for row in told(name))


def answers() -> Iterator[str]:
    for case in CASES:
        try:
            yield f"{case['id']} {json.dumps(capacity_answer(case['document']), ensure_ascii=False)}"
        except InputError as error:
            yield f"{case['id']} {error.path}: {error}"


def wrong() -> Iterator[str]:
    capacity_answer(RUN)
    for document in (RUN, *FORMS.values()):
        yield from refusals(capacity_answer, document)


def section(name: str) -> Iterator[str]:
    return steps(name) if name in RUNS else {"answers": answers, "wrong": wrong}[name]()


@cache
def kept() -> dict[str, list[str]]:
    sections = re.split(r"^# ", KEPT.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {lines[0]: lines[1:] for lines in (one.split("\n")[:-1] for one in sections)}


@pytest.mark.parametrize("name", [*RUNS, "answers", "wrong"])
def test_what_is_said_is_what_was_always_said(name: str) -> None:
    """Written again by `python -m tests.simulator.capacity.test_told`; read the difference."""
    assert list(section(name)) == kept().get(name)


if __name__ == "__main__":
    _all = {name: "".join(f"{line}\n" for line in section(name)) for name in [*RUNS, "answers", "wrong"]}
    KEPT.write_text("".join(f"# {name}\n{lines}" for name, lines in _all.items()), encoding="utf-8")
    sys.stdout.write(f"{len(_all)} told\n")
