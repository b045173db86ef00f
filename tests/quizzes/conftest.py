from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from quizzes.item import Item

SHARED: dict[str, Any] = {
    "objective": "rolling.bounds",
    "bloom": "apply",
    "difficulty": 0.5,
    "est_seconds": 60,
    "feedback": {"general": "Both bounds are of the desired count."},
    "sources": [{"url": "https://docs.aws.amazon.com/x.html", "verified_on": "2026-11-01"}],
    "review_by": "2027-11-01",
}
SAMPLES: dict[str, dict[str, Any]] = {
    "single_choice": {
        **SHARED,
        "id": "sample.single",
        "type": "single_choice",
        "stem": "What holds back the first stop of a deployment?",
        "options": [
            {"id": "low", "text": "The lower bound", "rationale": "Healthy tasks would fall below it."},
            {
                "id": "high",
                "text": "The upper bound",
                "rationale": "It holds back starts.",
                "misconception": "MC-ROLL-MIN-IGNORED",
            },
            {"id": "room", "text": "The free memory", "rationale": "A stop frees memory, it needs none."},
        ],
        "tests": [
            {"response": "low", "score": 1},
            {"response": "high", "score": 0},
            {"response": "room", "score": 0},
        ],
    },
    "multiple_choice": {
        **SHARED,
        "id": "sample.multiple",
        "type": "multiple_choice",
        "points": 2,
        "stem": "Which TWO settings bound a rolling deployment?",
        "select": {"exactly": 2},
        "options": [
            {"id": "a", "text": "The minimum percentage", "key": True, "rationale": "It gives the lower bound."},
            {"id": "b", "text": "The maximum percentage", "key": True, "rationale": "It gives the upper bound."},
            {"id": "c", "text": "The launch type chosen", "rationale": "It says where tasks run."},
            {"id": "d", "text": "The strategy of placement", "rationale": "It ranks instances."},
            {"id": "e", "text": "The stop timeout in use", "rationale": "It says how long a stop may take."},
        ],
        "tests": [
            {"response": ["a", "b"], "score": 1},
            {"response": ["a", "c", "d", "e"], "score": 0},
        ],
    },
    "numeric": {
        **SHARED,
        "id": "sample.numeric",
        "type": "numeric",
        "points": 2,
        "params": {"desired": {"int": [3, 9]}, "low": {"choice": [40, 50, 75]}},
        "require": ["desired * low % 100 != 0"],
        "simulate": {
            "subject": "deployment",
            "document": {"desiredCount": "{desired}", "deploymentConfiguration": {"minimumHealthyPercent": "{low}"}},
        },
        "stem": "How many of {desired} tasks stay healthy with {low} percent?",
        "key": {"sim": "lower"},
        "numeric": {"integer": True, "unit": "tasks"},
        "known_wrong": [
            {
                "value": {"sim": "lower", "under": "MC-ROLL-FLOOR-MIN"},
                "misconception": "MC-ROLL-FLOOR-MIN",
                "feedback": "One task too few.",
            }
        ],
        "variants": {"seeds": [1, 2, 3]},
        "tests": [
            {"params": {"desired": 5, "low": 50}, "response": "3", "score": 1},
            {"params": {"desired": 5, "low": 50}, "response": "2", "score": 0, "misconception": "MC-ROLL-FLOOR-MIN"},
        ],
    },
    "ordering": {
        **SHARED,
        "id": "sample.ordering",
        "type": "ordering",
        "points": 2,
        "stem": "Put the steps of placing a task in order:",
        "blocks": [
            {"id": "fit", "text": "Keep what fits"},
            {"id": "cons", "text": "Keep what meets the constraints"},
            {"id": "rank", "text": "Rank by the strategies", "after": ["fit", "cons"]},
            {"id": "pick", "text": "Take the best", "after": ["rank"]},
            {"id": "move", "text": "Move running tasks", "distractor": True, "rationale": "None is moved."},
        ],
        "tests": [
            {"response": ["cons", "fit", "rank", "pick"], "score": 1},
            {"response": ["move"], "score": 0},
        ],
    },
}
SAMPLES["single_choice"]["options"][0]["key"] = True


def merged(document: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The document with fields replaced; None takes a field out."""
    new = {**copy.deepcopy(document), **copy.deepcopy(changes)}
    return {name: value for name, value in new.items() if value is not None}


@pytest.fixture
def document() -> Callable[..., dict[str, Any]]:
    return lambda kind, **changes: merged(SAMPLES[kind], changes)


@pytest.fixture
def make(document: Callable[..., dict[str, Any]]) -> Callable[..., Item]:
    return lambda kind, **changes: Item.model_validate(document(kind, **changes))
