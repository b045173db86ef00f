"""A document after its shapes were checked: only what can be read is left, so each rule can look at what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.task_definition.finding import At


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One structure of the document.

    `fields` holds what has the right type: texts, numbers, flags, maps of texts, `Part`s, and for lists tuples of
    `(index, value)`; beside a list `name#` counts its entries, beside a map `name#unread` has the keys whose values
    are no text. `given` names every field that is there, even if its value can not be read: no rule may call such a
    field missing. `written` has the key of a field whose name is spelled in other case.
    """

    at: At
    fields: Mapping[str, Any]
    given: frozenset[str]
    written: Mapping[str, str] = field(default_factory=dict[str, str])


NOTHING = Part(at=(), fields={}, given=frozenset())


def spot(part: Part, name: str) -> At:
    """Where a field of a part stands, or would stand."""
    return (*part.at, part.written.get(name, name))


def number(part: Part, name: str) -> int | None:
    """A whole number, or None if there is none that can be read."""
    value = part.fields.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def text(part: Part, name: str) -> str | None:
    """A text, or None if there is none that can be read."""
    value = part.fields.get(name)
    return value if isinstance(value, str) else None


def flag(part: Part, name: str) -> bool:
    """Whether a flag is given and true."""
    return part.fields.get(name) is True


def inner(part: Part, name: str) -> Part | None:
    """The structure in a field, or None."""
    value = part.fields.get(name)
    return value if isinstance(value, Part) else None


def parts(part: Part, name: str) -> tuple[Part, ...]:
    """The structures in a list; those that are no structures are left out."""
    return tuple(value for _, value in part.fields.get(name, ()))


def texts(part: Part, name: str) -> tuple[tuple[int, str], ...]:
    """The texts in a list, each with its index."""
    return part.fields.get(name, ())


def mapping(part: Part, name: str) -> Mapping[str, str]:
    """A map of texts; empty if there is none."""
    return part.fields.get(name, {})


def length(part: Part, name: str) -> int:
    """How many entries a list has, with those that can not be read."""
    value = part.fields.get(f"{name}#")
    return value if isinstance(value, int) else 0
