"""What the terminal and the quizzes ask of this room: a document in, a document out. Its keys say which question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator import reading
from simulator.capacity.cluster import put_answer, update_answer
from simulator.capacity.distribution import distribution_answer
from simulator.capacity.fleet import fleet_answer
from simulator.capacity.managed import reservation_answer
from simulator.capacity.rules import RULES, CapacityRules
from simulator.capacity.summary import run_answer
from simulator.errors import InputError

Answer = Callable[[Mapping[str, Any], CapacityRules], dict[str, Any]]

# The first row of which the document has a key is the question.
_QUESTIONS: tuple[tuple[tuple[str, ...], Answer], ...] = (
    (("services", "runTasks", "autoScalingGroup"), run_answer),
    (("putClusterCapacityProviders",), put_answer),
    (("updateService",), update_answer),
    (("running", "extra", "empty"), reservation_answer),
    (("instances", "tasks"), fleet_answer),
    (
        ("capacityProviderStrategy", "launchType", "defaultCapacityProviderStrategy", "count", "desiredCount"),
        distribution_answer,
    ),
)


def capacity_answer(document: Mapping[str, Any], rules: CapacityRules = RULES) -> dict[str, Any]:
    """Base and weight, managed scaling, or a timed run: the kind of document follows from its keys.

    Raises
    ------
    InputError
        With one sentence, for a document of no kind, a bad one, and what ECS refuses.

    >>> strategy = [{"capacityProvider": "A", "weight": 1}, {"capacityProvider": "B", "weight": 4}]
    >>> capacity_answer({"count": 10, "capacityProviderStrategy": strategy})["distribution"]
    {'A': 2, 'B': 8}
    >>> capacity_answer({"running": 4, "extra": 5})["desired"]
    9
    """
    document = reading.mapping(document, "")
    for keys, question in _QUESTIONS:
        if any(document.get(key) is not None for key in keys):
            return question(document, rules)
    raise InputError(
        "The document asks nothing that capacity answers; give count with capacityProviderStrategy (base and weight), "
        "running with extra and empty (managed scaling), instances with tasks, services with an autoScalingGroup (a "
        "run), putClusterCapacityProviders, or updateService."
    )


ANSWERS: Mapping[str, Answer] = {"capacity": capacity_answer}
