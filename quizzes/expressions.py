"""What an item may compute: small expressions over its parameters, `{name}` in texts, paths into an answer.

Expressions are read by Python's own parser and walked here; nothing is ever run as Python.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from simulator.errors import InputError

LONGEST = 200
LARGEST = 10**12
Names = Mapping[str, Any]

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_PLACE = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]*)\}")
_ARITHMETIC: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_REDUCERS: dict[str, Callable[[list[Any]], Any]] = {
    "length": len,
    "min": min,
    "max": max,
    "sum": sum,
    "distinct": lambda values: list(dict.fromkeys(values)),
    "joined": lambda values: ", ".join(map(str, values)),
}
_STEP = re.compile(r"\.?(?:(?P<name>[A-Za-z0-9_-]+)|\[(?P<index>-?\d+|\*)\]|\[(?P<field>\w+)=(?P<value>[^\]]+)\])")


def evaluate(text: str, names: Names) -> Any:
    """The value of an expression: names, whole numbers, quoted words, `+ - * // %`, comparisons, `and or not`.

    Raises
    ------
    InputError
        For anything else, for a name that is not there, and for a number beyond 10**12.

    >>> evaluate("not (low == 100) and desired * low % 100 != 0", {"desired": 5, "low": 50})
    True
    >>> evaluate("-(-desired * low // 100)", {"desired": 5, "low": 50})
    3
    """
    return _value(_parsed(text), names, text)


def fill(text: str, names: Names) -> str:
    """A text with `{name}` replaced by its value; `{{` and `}}` stand for single braces.

    >>> fill("{desired} tasks, {{}}", {"desired": 5})
    '5 tasks, {}'
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name is None:
            return match[0][0]
        return _shown(_named(name, names, text))

    return _PLACE.sub(value, text)


def fill_document(document: Any, names: Names) -> Any:
    """A document with its texts filled; a text that is exactly `{name}` becomes the value itself, a number a number.

    >>> fill_document({"desiredCount": "{desired}", "tags": ["n{desired}"]}, {"desired": 5})
    {'desiredCount': 5, 'tags': ['n5']}
    """
    if isinstance(document, Mapping):
        return {fill(str(key), names): fill_document(value, names) for key, value in document.items()}
    if isinstance(document, (list, tuple)):
        return [fill_document(value, names) for value in document]
    if isinstance(document, str):
        whole = _PLACE.fullmatch(document)
        if whole and whole[1]:
            return _named(whole[1], names, document)
        return fill(document, names)
    return document


def take(path: str, answer: Any) -> Any:
    """The value at a path of an answer, such as `waves[0].count` or `placements[ec2InstanceId=a1] | length`.

    Steps are field names, `[0]`, `[-1]`, `[*]` (each entry), `[field=value]` (the entries that have it). After `|`
    come `length`, `min`, `max`, `sum`, `distinct`, or `joined`. A null is the word `none`.

    Raises
    ------
    InputError
        If the answer has nothing there.

    >>> take("waves[*].running | min", {"waves": [{"running": 2}, {"running": 4}]})
    2
    """
    steps, *reducers = (part.strip() for part in path.split("|"))
    value = _walk(steps, answer, path)
    for name in reducers:
        if name not in _REDUCERS:
            raise InputError(f"The path “{path}” has “| {name}”; there are {', '.join(_REDUCERS)}.")
        if not isinstance(value, list) or (name in ("min", "max") and not value):
            raise InputError(f"The path “{path}” asks for {name} of what is no list, or an empty one.")
        value = _REDUCERS[name](value)
    return "none" if value is None else value


def _walk(steps: str, value: Any, path: str) -> Any:
    at = 0
    while at < len(steps):
        match = _STEP.match(steps, at)
        if match is None:
            raise InputError(f"The path “{path}” cannot be read from character {at + 1} on; write waves[0].count.")
        if match["index"] == "*":
            rest = steps[match.end() :]
            return [_walk(rest, entry, path) for entry in _list(value, path)]
        value = _step(match, value, path)
        at = match.end()
    return value


def _step(match: re.Match[str], value: Any, path: str) -> Any:
    if match["field"]:
        return [e for e in _list(value, path) if isinstance(e, dict) and str(e.get(match["field"])) == match["value"]]
    try:
        if match["name"] is None:
            return _list(value, path)[int(match["index"])]
        return _list(value, path)[int(match["name"])] if isinstance(value, list) else value[match["name"]]
    except (KeyError, IndexError, TypeError, ValueError):
        there = f"; there are {', '.join(map(str, value))}" if isinstance(value, dict) else ""
        raise InputError(f"The answer has nothing at “{match[0]}” of the path “{path}”{there}.") from None


def _list(value: Any, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise InputError(f"The path “{path}” takes an entry of what is no list.")
    return value


def _named(name: str, names: Names, text: str) -> Any:
    if name not in names:
        there = ", ".join(sorted(names)) or "none here"
        raise InputError(f"“{_short(text)}” names {{{name}}}, which is not there; the names are {there}.")
    return names[name]


def _shown(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ", ".join(_shown(one) for one in value)
    return str(value)


@lru_cache(maxsize=2048)
def _parsed(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise InputError(f"An expression has at most {LONGEST} characters, and this one has {len(text)}.")
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise InputError(f"“{_short(text)}” is no expression; write one such as desired * 50 // 100.") from None


def _value(node: ast.expr, names: Names, text: str) -> Any:
    match node:
        case ast.Constant(value=bool() | int() | str() as value):
            return _bounded(value, text)
        case ast.Name(id=name):
            return _named(name, names, text)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, names, text)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_whole(_value(operand, names, text), text)
        case ast.BoolOp(op=ast.And(), values=values):
            return all(_value(value, names, text) for value in values)
        case ast.BoolOp(values=values):
            return any(_value(value, names, text) for value in values)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            first, second = _whole(_value(left, names, text), text), _whole(_value(right, names, text), text)
            if second == 0 and isinstance(op, (ast.FloorDiv, ast.Mod)):
                raise InputError(f"“{_short(text)}” divides by 0.")
            return _bounded(_ARITHMETIC[type(op)](first, second), text)
        case ast.Compare(left=left, ops=ops, comparators=comparators) if all(type(op) in _COMPARISONS for op in ops):
            values = [_value(part, names, text) for part in (left, *comparators)]
            return all(_compared(op, a, b, text) for op, a, b in zip(ops, values, values[1:], strict=False))
        case _:
            raise InputError(
                f"“{_short(text)}” uses what expressions do not have; there are names, whole numbers, quoted words, "
                "+ - * // %, comparisons, and, or, not."
            )


def _compared(op: ast.cmpop, a: Any, b: Any, text: str) -> bool:
    if not isinstance(op, (ast.Eq, ast.NotEq)):
        a, b = _whole(a, text), _whole(b, text)
    return _COMPARISONS[type(op)](a, b)


def _whole(value: Any, text: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InputError(f"“{_short(text)}” calculates with what is no whole number: {_short(str(value))}.")
    return value


def _bounded(value: Any, text: str) -> Any:
    if isinstance(value, int) and abs(value) > LARGEST:
        raise InputError(f"“{_short(text)}” goes beyond {LARGEST}.")
    return value


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
