"""What the terminal and the quizzes ask of this room: a document in, a document out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.registry.answers import lifecycle_answer
from simulator.registry.effects import apply
from simulator.registry.results import run_answer
from simulator.registry.rules import RULES, RegistryRules
from simulator.registry.run import is_lifecycle, run


def registry_answer(document: Mapping[str, Any], rules: RegistryRules = RULES) -> dict[str, Any]:
    """What a lifecycle policy does to images, or what becomes of commands; the document's keys say which is asked.

    Parameters
    ----------
    document : as in `simulator.registry.answers` (`lifecyclePolicy`, `images`, `now`), or as in
        `simulator.registry.scenario` (`commands`, `repositories`, …).

    Raises
    ------
    InputError
        With one sentence, for anything that is neither.

    >>> registry_answer({"commands": [{"do": "login", "username": "me"}]})["results"][0]["code"]
    'WRONG_USER'
    """
    document = reading.mapping(document, "")
    if is_lifecycle(document):
        return lifecycle_answer(document, rules)
    if "commands" not in document:
        raise InputError("Give lifecyclePolicy and images to ask about a lifecycle policy, or commands to run some.")
    events, states = run(document, rules)
    befores = [states[0]]
    for event in events:
        befores.append(apply(befores[-1], event))
    listed = [*document["commands"], *(change.get("command", {}) for change in _sorted_changes(document))]
    return run_answer([one.get("do", "") for one in listed], events, befores[:-1], befores[-1])


def _sorted_changes(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The learner's changes in the order in which their commands are numbered."""
    return sorted(document.get("changes") or (), key=lambda change: change["at"])


ANSWERS: Mapping[str, Callable[[Mapping[str, Any], RegistryRules], dict[str, Any]]] = {"registry": registry_answer}
