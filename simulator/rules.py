"""Reading and writing a mechanism's rules: `{field: value}`, where what is left out is what AWS documents."""

from __future__ import annotations

import difflib
from dataclasses import fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from simulator import reading
from simulator.errors import InputError
from simulator.reading import shorten

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Rules = TypeVar("Rules", bound="DataclassInstance")


def changed_fields(rules: Rules, documented: Rules) -> dict[str, str | bool | int]:
    """Only the fields that differ from AWS's, so that the true rules are `{}`."""
    values = {field.name: getattr(rules, field.name) for field in fields(rules)}
    return {
        name: str(value) if isinstance(value, StrEnum) else value
        for name, value in values.items()
        if value != getattr(documented, name)
    }


def read(documented: Rules, document: Any, mechanism: str, *, low: int = 0, high: int = 1_000_000) -> Rules:
    """AWS's rules with the fields of a document put in: each a word of its enum, true or false, or a whole number.

    Raises
    ------
    InputError
        For a document that is no mapping, and for a field or a value that does not exist, with what there is.
    """
    names = [field.name for field in fields(documented)]
    changed: dict[str, Any] = {}
    for name, given in reading.mapping(document, "rules").items():
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean “{near[0]}”?" if near else f"there are {', '.join(names)}."
            raise InputError(f"There is no {mechanism} rule “{shorten(name)}”; {hint}", path=f"rules.{name}")
        changed[name] = _value(given, getattr(documented, name), f"rules.{name}", low, high)
    return replace(documented, **changed)


def _value(given: Any, default: Any, path: str, low: int, high: int) -> StrEnum | bool | int:
    if isinstance(default, StrEnum):
        options = type(default)
        return options(reading.choice(given, path, [option.value for option in options]))
    if isinstance(default, bool):
        return reading.flag(given, path)
    return reading.whole(given, path, low=low, high=high)
