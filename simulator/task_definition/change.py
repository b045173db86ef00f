"""Applying a finding's `change`: the operations of JSON Patch (RFC 6902) that the validator writes."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from simulator.errors import InputError


def apply_change(document: Mapping[str, Any], change: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A new document with the operations done in their order; the given one stays as it is.

    Parameters
    ----------
    change : operations `add`, `replace`, `remove` and `move`, as a finding has them.

    Raises
    ------
    InputError
        For a place that the document does not have, and for another operation.

    >>> apply_change({"Memory": 512, "cpu": "256"}, [{"op": "move", "from": "/Memory", "path": "/memory"}])
    {'cpu': '256', 'memory': 512}
    """
    changed = copy.deepcopy(dict(document))
    for operation in change:
        match operation:
            case {"op": "add", "path": str(path), "value": value}:
                _put(changed, path, copy.deepcopy(value))
            case {"op": "replace", "path": str(path), "value": value}:
                _take(changed, path)
                _put(changed, path, copy.deepcopy(value))
            case {"op": "remove", "path": str(path)}:
                _take(changed, path)
            case {"op": "move", "from": str(source), "path": str(path)}:
                _put(changed, path, _take(changed, source))
            case _:
                raise InputError(
                    "A change is a list of JSON Patch operations: add, replace, remove or move.", path="change"
                )
    return changed


def _take(document: dict[str, Any], path: str) -> Any:
    holder, last = _holder(document, path)
    if isinstance(holder, dict) and last in holder:
        return holder.pop(last)
    if isinstance(holder, list) and last.isdecimal() and int(last) < len(holder):
        return holder.pop(int(last))
    raise _nowhere(path)


def _put(document: dict[str, Any], path: str, value: Any) -> None:
    holder, last = _holder(document, path)
    if isinstance(holder, dict):
        holder[last] = value
    elif isinstance(holder, list) and last.isdecimal() and int(last) <= len(holder):
        holder.insert(int(last), value)
    else:
        raise _nowhere(path)


def _holder(document: dict[str, Any], path: str) -> tuple[Any, str]:
    """The object or list that holds the last part of a path, and that part."""
    start, *parts = path.split("/")
    if start or not parts:
        raise _nowhere(path)
    *way, last = (part.replace("~1", "/").replace("~0", "~") for part in parts)
    holder: Any = document
    for part in way:
        if isinstance(holder, dict) and part in holder:
            holder = holder[part]
        elif isinstance(holder, list) and part.isdecimal() and int(part) < len(holder):
            holder = holder[int(part)]
        else:
            raise _nowhere(path)
    return holder, last


def _nowhere(path: str) -> InputError:
    return InputError(f"The document has no place {path[:80]} to change.", path="change")
