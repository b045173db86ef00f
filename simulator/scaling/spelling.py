"""Application Auto Scaling writes `PolicyType` in its API and ECS writes `desiredCount`: both spellings are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator import reading
from simulator.errors import InputError


def spelled(value: Any, path: str, aliases: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A document with each field's name in lowerCamelCase, and other names for one field made one.

    Parameters
    ----------
    aliases : another name for a field -> the field.

    Raises
    ------
    InputError
        If the value is no object, or two spellings of one field stand in it.

    >>> spelled({"PolicyType": "StepScaling", "MinCapacity": 1}, "", {"minCapacity": "min"})
    {'policyType': 'StepScaling', 'min': 1}
    """
    found: dict[str, Any] = {}
    first: dict[str, str] = {}
    for written, inner in reading.mapping(value, path).items():
        name = written[:1].lower() + written[1:]
        name = (aliases or {}).get(name, name)
        if name in found:
            where = reading.join(path, written)
            raise InputError(
                f"{reading.shorten(where)} says the same as “{reading.shorten(first[name])}”; leave one of them out.",
                path=where,
            )
        found[name] = inner
        first[name] = written
    return found
