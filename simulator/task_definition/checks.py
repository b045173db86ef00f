"""All rules in one table, and the validator: every rule is asked, none stops another.

A new rule is a function of a `Definition` that yields what it found, and an entry in the `CHECKS` of its module.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.task_definition import (
    container_sizes,
    environment,
    launch,
    lifecycle,
    logs,
    names,
    network,
    ports,
    roles,
    sizes,
    volumes,
)
from simulator.task_definition.definition import Definition, read_definition
from simulator.task_definition.finding import At, Check, Finding, Found
from simulator.task_definition.rules import RULES, TaskDefinitionRules

MOST_BYTES = 256 * 1024  # four times what AWS takes: enough to say what is wrong with a definition that is too large
MOST_CONTAINERS = 1000  # likewise, of the 10 that AWS takes


def _walked(rule: str) -> Callable[[Definition], list[Found]]:
    """What the walk along the shapes found for a rule."""
    return lambda definition: definition.misshapen.get(rule, [])


_MODEL = "API:RegisterTaskDefinitionRequest"
SHAPES = tuple(
    Check(rule=rule, source=source, find=_walked(rule), warns=warns)
    for rule, source, warns in (
        ("unknown-field", _MODEL, False),
        ("described-field", "API:TaskDefinition", False),
        ("required-field", _MODEL, False),
        ("wrong-type", _MODEL, False),
        ("not-a-choice", _MODEL, False),
        ("too-many", _MODEL, False),
        ("out-of-bounds", _MODEL, False),
        ("tag-characters", "API:Tag", False),
        ("null-field", _MODEL, True),
    )
)
CHECKS: tuple[Check, ...] = (
    *SHAPES,
    *names.CHECKS,
    *sizes.CHECKS,
    *container_sizes.CHECKS,
    *network.CHECKS,
    *ports.CHECKS,
    *roles.CHECKS,
    *environment.CHECKS,
    *lifecycle.CHECKS,
    *logs.CHECKS,
    *volumes.CHECKS,
    *launch.CHECKS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the validator found, in the order of the document."""

    definition: Definition
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


def validate(document: Mapping[str, Any], rules: TaskDefinitionRules = RULES) -> Verdict:
    """Every error of a RegisterTaskDefinition document, and every warning.

    Parameters
    ----------
    document : what `aws ecs register-task-definition --cli-input-json` takes.
    rules : AWS's, or with a belief put in.

    Raises
    ------
    InputError
        Only if the document is no object, longer than 256 KiB, or of more than 1,000 containers.

    >>> [finding.path for finding in validate({"family": "web"}).errors]
    ['containerDefinitions']
    """
    document = reading.mapping(document, "")
    size = _size(document)
    containers = document.get("containerDefinitions")
    if isinstance(containers, (list, tuple)) and len(containers) > MOST_CONTAINERS:
        raise InputError(
            f"containerDefinitions has {len(containers)} entries, and at most {MOST_CONTAINERS} are read; AWS itself "
            "takes 10.",
            path="containerDefinitions",
        )
    definition = read_definition(document, rules, size)
    found = list(_ask(definition))
    order = _Order(document)
    found.sort(key=lambda finding: order.key(finding.found.at))
    return Verdict(
        definition=definition,
        errors=tuple(finding for finding in found if not finding.check.warns),
        warnings=tuple(finding for finding in found if finding.check.warns),
    )


def _ask(definition: Definition) -> Iterator[Finding]:
    for check in CHECKS:
        for found in check.find(definition):
            yield Finding(check=check, found=found)


def _size(document: Mapping[str, Any]) -> int:
    """The document's bytes as compact JSON, in UTF-8."""
    try:
        size = len(json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode())
    except (TypeError, ValueError, RecursionError):
        raise InputError("The task definition holds a value that JSON has no form for; give plain JSON.") from None
    if size > MOST_BYTES:
        raise InputError(
            f"The task definition has {size} bytes, and at most {MOST_BYTES} are read; AWS itself takes 65536."
        )
    return size


class _Order:
    """Where things stand in the document; what is missing comes after all that its object has."""

    __slots__ = ("_document", "_positions")

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._positions: dict[int, dict[Any, int]] = {}

    def key(self, at: At) -> tuple[int, ...]:
        value: Any = self._document
        places: list[int] = []
        for part in at:
            if isinstance(value, Mapping):
                if id(value) not in self._positions:
                    self._positions[id(value)] = {name: place for place, name in enumerate(value)}
                places.append(self._positions[id(value)].get(part, len(value)))
                value = value.get(part)
            else:
                places.append(part if isinstance(part, int) else 0)
                value = value[part] if isinstance(part, int) and isinstance(value, (list, tuple)) else None
        return tuple(places)
