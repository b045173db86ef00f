"""Documents with a wrong value in one place: the error stands where the value does."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.capacity.presets import PRESETS
from simulator.capacity.subjects import capacity_answer
from tests.simulator.garbage import near, places, put, refused, spelled

WRONG: list[Any] = [-1, 1.5, "?", {"?": 1}, {1: 2}, [None] * 300]
GROUP = {"maxSize": 3, "instanceTypes": [{"instanceType": "own.large", "cpu": 2048, "memory": 4096, "gpu": 1}]}
# Two days of minutes take long, and are written as the others are.
DOCUMENTS = {preset.id: preset.scenario for preset in PRESETS if preset.id != "drains-48-hours"} | {
    "own type": {"services": [{"taskDefinition": {"memory": 64}}], "autoScalingGroup": GROUP},
    "nested": {
        "running": 2,
        "managedScaling": {
            "status": "ENABLED",
            "targetCapacity": 100,
            "minimumScalingStepSize": 1,
            "maximumScalingStepSize": 10,
            "instanceWarmupPeriod": 300,
        },
    },
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_wrong_value_is_refused_where_it_stands(name: str) -> None:
    document: Any = DOCUMENTS[name]
    for place in places(document):
        for wrong in WRONG:
            error = refused(capacity_answer, put(document, place, wrong))
            assert error is None or near(place, error.path), f"{spelled(place)}: {error.path}: {error}"
