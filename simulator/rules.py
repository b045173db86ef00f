"""Reading and writing a mechanism's rules: `{field: value}`, where what is left out is what AWS documents."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

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


def with_fields(
    documented: Rules, document: Mapping[str, Any], mechanism: str, read: Callable[[Any, Any, str], Any]
) -> Rules:
    """AWS's rules with the fields of a document put in; `read(value, default, name)` gives a field's value.

    Raises
    ------
    InputError
        For a field that does not exist, with the nearest name; and whatever `read` raises.
    """
    names = [field.name for field in fields(documented)]
    changed: dict[str, Any] = {}
    for name, value in document.items():
        if name not in names:
            near = difflib.get_close_matches(str(name), names, n=1)
            hint = f"did you mean “{near[0]}”?" if near else f"there are {', '.join(names)}."
            raise InputError(f"There is no {mechanism} rule “{shorten(str(name))}”; {hint}", path=f"rules.{name}")
        changed[name] = read(value, getattr(documented, name), name)
    return replace(documented, **changed)
