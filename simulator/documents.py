"""Text to documents: JSON or YAML in, bounded, and nothing guessed. This module reads no files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from simulator.errors import InputError
from simulator.reading import shorten

MOST_BYTES = 8 * 1024 * 1024
MOST_VALUES = 1_000_000
DEEPEST = 100
MOST_NUMBER = 2**63 - 1
_SURROGATE = re.compile("[\ud800-\udfff]")

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """YAML that means what JSON means: no dates, no octals, no yes and no; a key may occur once."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan", list("-+0123456789.")),
    ("merge", r"<<", ["<"]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


def _decimal(loader: Any, node: Any) -> int:
    return int(loader.construct_scalar(node))


def _unique_mapping(loader: Any, node: Any) -> dict[Any, Any]:
    """A YAML mapping in which no key occurs twice; merged keys (`<<`) may be overridden."""
    seen: set[str] = set()
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
            if key.value in seen:
                line = key.start_mark.line + 1
                raise InputError(f"Line {line}: the field “{shorten(key.value)}” occurs twice; keep one.")
            seen.add(key.value)
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:int", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:map", _unique_mapping)


def load(text: str) -> Any:
    """The document that JSON or YAML text holds.

    Raises
    ------
    InputError
        For text that is neither, is too long, too deep or too large when its aliases are followed, has a field
        twice, or has `NaN` or `Infinity`.

    >>> load('{"count": 2}') == load("count: 2")
    True
    """
    if len(text) > MOST_BYTES:
        raise InputError(f"The document is longer than {MOST_BYTES} bytes, the most that are read.")
    if not text.strip():
        raise InputError("The document is empty; give JSON or YAML.")
    try:
        document = _load_json(text)
    except json.JSONDecodeError as error:
        document = _load_yaml(text, error)
    except RecursionError:
        raise _too_deep() from None
    check_size(document)
    return document


def load_json(text: str) -> Any:
    """The document that JSON text holds, by the same bounds as `load`.

    Raises
    ------
    InputError
        With the line and the column where the text is no JSON.
    """
    try:
        document = _load_json(text)
    except json.JSONDecodeError as error:
        raise InputError(f"This is not JSON: line {error.lineno}, column {error.colno}: {error.msg}.") from None
    except RecursionError:
        raise _too_deep() from None
    check_size(document)
    return document


def check_size(document: Any) -> None:
    """Refuse a document that nests too deep, repeats itself for ever, or holds too many values.

    Numbers end at 64 bits, and half a character is none: nothing that comes after could write either of them.
    """
    _size(document, 0, {}, set())


def _load_json(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_unique_pairs, parse_constant=_no_constant)
    except json.JSONDecodeError:
        raise
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError("A number in the document has too many digits.") from None


def _load_yaml(text: str, json_error: json.JSONDecodeError) -> Any:
    looks_like_json = text.lstrip()[:1] in ("{", "[")
    try:
        depth = 0
        # Events come without recursion, so depth can be checked before anything recurses.
        for event in yaml.parse(text, Loader=_Base):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise _too_deep()
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        if looks_like_json:
            where = f"line {json_error.lineno}, column {json_error.colno}"
            raise InputError(f"This is neither JSON nor YAML: {where}: {json_error.msg}.") from None
        raise InputError(f"This is neither JSON nor YAML: {_yaml_problem(error)}.") from None
    except InputError:
        raise
    except (ValueError, TypeError, RecursionError):
        raise InputError("The YAML holds a value that JSON has no form for.") from None


def _yaml_problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "a character that YAML does not allow"
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}" if mark else problem


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise InputError(f"The field “{shorten(name)}” occurs twice in one object; keep one.")
            seen.add(name)
    return found


def _no_constant(name: str) -> Any:
    raise InputError(f"The document has {name}, which is not a number of JSON.")


def _size(value: Any, level: int, known: dict[int, tuple[int, int]], open_: set[int]) -> tuple[int, int]:
    """How many values, and how deep; a part that aliases share is counted each time but walked once."""
    if not isinstance(value, (Mapping, list)):
        if isinstance(value, int) and abs(value) > MOST_NUMBER:
            raise InputError("A number in the document has too many digits.")
        return 1, 0
    if level > DEEPEST or id(value) in open_:
        raise _too_deep()
    if id(value) not in known:
        open_.add(id(value))
        count, height = 1, 0
        texts = (*value, *value.values()) if isinstance(value, Mapping) else value
        for half in (one for one in texts if isinstance(one, str) and _SURROGATE.search(one)):
            raise InputError(f"The text “{shorten(half)}” has half a character in it; take it out.")
        for child in value.values() if isinstance(value, Mapping) else value:
            below, deep = _size(child, level + 1, known, open_)
            count, height = count + below, max(height, deep + 1)
        open_.discard(id(value))
        known[id(value)] = (count, height)
    count, height = known[id(value)]
    if level + height > DEEPEST:
        raise _too_deep()
    if count > MOST_VALUES:
        raise InputError(f"The document holds more than {MOST_VALUES} values, the most that are read.")
    return count, height


def _too_deep() -> InputError:
    return InputError(f"The document is nested deeper than {DEEPEST} levels; that is no scenario.")
