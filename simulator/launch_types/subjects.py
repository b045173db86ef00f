"""The terminal's subject `launch_types`: the kind of the document follows from its keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.launch_types.chooser import duty_answer, feature_answer, needs_answer, option_answer
from simulator.launch_types.cost import cost_answer
from simulator.launch_types.journey import journey_answer
from simulator.launch_types.narrowing import places_answer
from simulator.launch_types.rules import RULES, LaunchTypesRules

# The key that tells what is asked, and who answers; the first that a document has.
_KINDS: tuple[tuple[str, Callable[[Mapping[str, Any], LaunchTypesRules], dict[str, Any]]], ...] = (
    ("task", cost_answer),
    ("tasks", cost_answer),
    ("needs", needs_answer),
    ("duty", duty_answer),
    ("feature", feature_answer),
    ("launchType", option_answer),
    ("answers", places_answer),
    ("commands", lambda document, _: journey_answer(document)),
)


def launch_types_answer(document: Mapping[str, Any], rules: LaunchTypesRules = RULES) -> dict[str, Any]:
    """The bill of a workload, the places that remain for it, a duty, a feature, one place, or the way of an image.

    Parameters
    ----------
    document : with one of `task` (or `tasks`), `needs`, `duty`, `feature`, `launchType`, `answers` and `commands`.

    Raises
    ------
    InputError
        With one sentence, for anything that is none of them.

    >>> launch_types_answer({"needs": ["GPU"]})["remaining"]
    ['EC2', 'MANAGED_INSTANCES']
    """
    document = reading.mapping(document, "")
    for key, function in _KINDS:
        if document.get(key) is not None:
            return function(document, rules)
    reading.known_fields(document, "", [key for key, _ in _KINDS])
    raise InputError(
        "The document asks nothing; give task or tasks (a bill), needs or answers (what remains), duty, feature, "
        "launchType, or commands (the way of an image)."
    )


ANSWERS: Mapping[str, Callable[[Mapping[str, Any], Any], dict[str, Any]]] = {"launch_types": launch_types_answer}
