"""What can be asked of the simulators: documents in, answers out. The terminal, the quizzes and the tests ask here.

A room is imported when it is first asked, so that whoever wants one does not wait for twelve.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from simulator.errors import InputError
from simulator.reading import shorten
from simulator.trace import Mechanism

# Every subject with the mechanism whose room answers it. A new one is an entry here and one of `ANSWERS` in the
# room's `subjects` module.
SUBJECTS: Mapping[str, str] = {
    "query": "placement",
    "placement": "placement",
    "scale-in": "placement",
    "deployment": "deployment",
    "breaker": "deployment",
    "scaling": "scaling",
    "capacity": "capacity",
    "network": "network",
    "iam": "iam",
    "policy": "iam",
    "volumes": "volumes",
    "secrets": "secrets",
    "task_definition": "task_definition",
    "registry": "registry",
    "kubernetes": "kubernetes",
    "launch_types": "launch_types",
    "architectures": "architectures",
}
MECHANISMS: tuple[str, ...] = tuple(dict.fromkeys(SUBJECTS.values()))


def answer(subject: str, document: Mapping[str, Any], rules: Any = None) -> dict[str, Any]:
    """The answer to a document.

    Parameters
    ----------
    subject : a name of `SUBJECTS`; hyphens and underscores are the same.
    document : what the terminal would read; AWS's names.
    rules : the mechanism's rules with a belief put in; None for AWS's own.

    Raises
    ------
    InputError
        For an unknown subject, a document that can not be read, and what AWS itself refuses.
    """
    name = subject_name(subject)
    mechanism = SUBJECTS[name]
    function = import_module(f"simulator.{mechanism}.subjects").ANSWERS[name]
    return function(document, rules_from_dict(mechanism, {}) if rules is None else rules)


def subject_name(written: str) -> str:
    """The subject that is meant.

    Raises
    ------
    InputError
        If there is none of that name, with the nearest.

    >>> subject_name("task-definition")
    'task_definition'
    """
    for name in SUBJECTS:
        if written.replace("_", "-") == name.replace("_", "-"):
            return name
    near = difflib.get_close_matches(written, SUBJECTS, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(SUBJECTS)}."
    raise InputError(f"There is no subject “{shorten(written)}”; {hint}")


def rules_from_dict(mechanism: str, document: Mapping[str, Any]) -> Any:
    """A mechanism's rules with the fields of a document put in.

    Raises
    ------
    InputError
        For a field or a value that the mechanism's rules do not have.
    """
    return import_module(f"simulator.{mechanism}.rules").rules_from_dict(document)


def run_of(mechanism: str) -> Mechanism[Any, Any] | None:
    """What plays a mechanism's runs over time; None for one that only gives verdicts."""
    return getattr(import_module(f"simulator.{mechanism}"), "MECHANISM", None)
