"""What can be asked of the simulators: documents in, answers out. The terminal, the quizzes and the tests ask here."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.deployment import MECHANISM as DEPLOYMENT
from simulator.deployment.subjects import breaker_answer, deployment_answer
from simulator.errors import InputError
from simulator.placement import MECHANISM as PLACEMENT
from simulator.placement.subjects import placement_answer, query_answer, scale_in_answer
from simulator.trace import Mechanism


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One question that a mechanism answers; `function(document, rules)` gives the answer."""

    name: str
    mechanism: str
    function: Callable[[Mapping[str, Any], Any], dict[str, Any]]


SUBJECTS: dict[str, Subject] = {
    subject.name: subject
    for subject in (
        Subject(name="query", mechanism="placement", function=query_answer),
        Subject(name="placement", mechanism="placement", function=placement_answer),
        Subject(name="scale-in", mechanism="placement", function=scale_in_answer),
        Subject(name="deployment", mechanism="deployment", function=deployment_answer),
        Subject(name="breaker", mechanism="deployment", function=breaker_answer),
    )
}
# Every mechanism by its name: a new one is a room of its own, and an entry here.
MECHANISMS: Mapping[str, Mechanism[Any, Any]] = {one.name: one for one in (PLACEMENT, DEPLOYMENT)}
_RULES = {name: mechanism.rules_from_dict({}) for name, mechanism in MECHANISMS.items()}


def answer(subject: str, document: Mapping[str, Any], rules: Any = None) -> dict[str, Any]:
    """The answer to a document.

    Parameters
    ----------
    subject : a name of `SUBJECTS`.
    document : what the terminal would read; AWS's names.
    rules : the mechanism's rules with a belief put in; None for AWS's own.

    Raises
    ------
    InputError
        For an unknown subject, a document that can not be read, and what AWS itself refuses.
    """
    found = SUBJECTS.get(subject)
    if found is None:
        near = difflib.get_close_matches(subject, SUBJECTS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(SUBJECTS)}."
        raise InputError(f"There is no subject “{subject[:60]}”; {hint}")
    return found.function(document, _RULES[found.mechanism] if rules is None else rules)
