"""Checking shapes: the document walked along the table of fields, every deviation noted, the rest kept as a `Part`.

A name in other case and a value in another spelling (`"256"` for 256, `"fargate"`) are noted and then read as they are
meant, so that what else is wrong with them is found in the same go.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, cast

from simulator.reading import shorten, shown
from simulator.task_definition.finding import At, Found, removal, setting
from simulator.task_definition.finding import pointer as written_pointer
from simulator.task_definition.part import Part
from simulator.task_definition.shapes import DESCRIBED, ENUMERATIONS, REQUEST, Field, structure, structures

MOST_NAMED = 8  # fields that a cure lists
MOST_SUGGESTIONS = 200  # comparing names costs far more than anything else here
# Texts of the model that AWS also takes as JSON numbers (facts 5.1), and enumerations that own rules judge.
_TEXT_OR_NUMBER = frozenset({(REQUEST, "cpu"), (REQUEST, "memory")})
_JUDGED_ELSEWHERE = frozenset(
    {(REQUEST, "networkMode"), ("PortMapping", "protocol"), ("TaskDefinitionPlacementConstraint", "type")}
)
_UNREADABLE: Any = object()
_TYPE_WORDS = {"string": "text", "integer": "a whole number", "boolean": "true or false", "list": "a list"}
Misshapen = dict[str, list[Found]]


def walk(document: Mapping[str, Any]) -> tuple[Part, Misshapen]:
    """The readable part of a RegisterTaskDefinition document, and by rule what is wrong with its shapes."""
    walker = _Walker()
    return walker.structure(document, (), REQUEST), walker.misshapen


class _Walker:
    """What one walk gathers."""

    __slots__ = ("misshapen", "suggestions")

    def __init__(self) -> None:
        self.misshapen: Misshapen = {}
        self.suggestions = 0

    def structure(self, value: Mapping[str, Any], at: At, name: str) -> Part:
        shape = structure(name)
        fields: dict[str, Any] = {}
        given: set[str] = set()
        written: dict[str, str] = {}
        for key, raw in value.items():
            known = key if key in shape else _meant(key, value, shape, written)
            here = (*at, key)
            if known is None:
                self._unknown(here, key, name)
                continue
            if known != key:
                written[known] = key
                self._misspelled(here, key, (*at, known))
            if raw is None:
                self._null(here)
                continue
            given.add(known)
            read = self._value(raw, here, shape[known], (name, known))
            if read is not _UNREADABLE:
                fields[known] = read
            if isinstance(raw, (list, tuple)) and shape[known].kind == "list":
                fields[f"{known}#"] = len(raw)
            if isinstance(raw, Mapping) and shape[known].kind == "map":
                fields[f"{known}#unread"] = dict.fromkeys(set(raw) - set(read), "")
        for missing in (field for field, one in shape.items() if one.required and field not in given):
            self._missing((*at, written.get(missing, missing)), missing)
        return Part(at=at, fields=fields, given=frozenset(given), written=written)

    def _value(self, raw: Any, at: At, field: Field, place: tuple[str, str]) -> Any:
        match field.kind:
            case "structure":
                if isinstance(raw, Mapping):
                    return self.structure(cast("Mapping[str, Any]", raw), at, field.of)
                return self._wrong(at, raw, "an object")
            case "list":
                return self._list(raw, at, field, place)
            case "map":
                return self._map(raw, at)
            case "enumeration":
                return self._choice(raw, at, field, place)
            case _:
                return self._plain(raw, at, field, place)

    def _list(self, raw: Any, at: At, field: Field, place: tuple[str, str]) -> Any:
        assert field.item
        if not isinstance(raw, (list, tuple)):
            return self._wrong(at, raw, "a list")
        if field.high is not None and len(raw) > field.high:
            message = f"{_last(at)} has {len(raw)} entries, and at most {field.high} are taken."
            self._note("too-many", at, message, f"Take {len(raw) - field.high} of them out.")
        read = ((i, self._value(one, (*at, i), field.item, place)) for i, one in enumerate(cast("list[Any]", raw)))
        return tuple(pair for pair in read if pair[1] is not _UNREADABLE)

    def _map(self, raw: Any, at: At) -> Any:
        if not isinstance(raw, Mapping):
            return self._wrong(at, raw, "an object of texts")
        read = {
            key: self._plain(value, (*at, key), Field(kind="string"), ("", ""))
            for key, value in cast("Mapping[Any, Any]", raw).items()
        }
        return {key: value for key, value in read.items() if value is not _UNREADABLE}

    def _choice(self, raw: Any, at: At, field: Field, place: tuple[str, str]) -> Any:
        options = ENUMERATIONS[field.of]
        if not isinstance(raw, str):
            return self._wrong(at, raw, f"one of {_listed(options)}")
        if raw in options or place in _JUDGED_ELSEWHERE:
            return raw
        meant = next((option for option in options if option.lower() == raw.lower()), None)
        near = meant or self._nearest(raw, options)
        self._note(
            "not-a-choice",
            at,
            f"{_last(at)} is {shown(raw)}, and AWS knows {_listed(options)}.",
            f"Write “{near}”." if near else f"Choose one of {_listed(options)}.",
            (setting(at, meant),) if meant else (),
        )
        return meant or _UNREADABLE

    def _plain(self, raw: Any, at: At, field: Field, place: tuple[str, str]) -> Any:
        if place in _TEXT_OR_NUMBER and isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        fits = {"string": isinstance(raw, str), "boolean": isinstance(raw, bool)}.get(
            field.kind, isinstance(raw, int) and not isinstance(raw, bool)
        )
        if not fits:
            kind = "integer" if place in _TEXT_OR_NUMBER else field.kind
            converted = _converted(raw, kind)
            if place in _TEXT_OR_NUMBER and converted is not _UNREADABLE:
                converted = str(converted)
            raw = self._wrong(at, raw, _TYPE_WORDS[field.kind], converted)
        if raw is not _UNREADABLE:
            self._bounds(raw, at, field)
        return raw

    def _bounds(self, value: Any, at: At, field: Field) -> None:
        size = len(value) if isinstance(value, str) else value
        unit = " characters" if isinstance(value, str) else ""
        if (field.low is not None and size < field.low) or (field.high is not None and size > field.high):
            bounds = f"{field.low} to {field.high}" if field.high is not None else f"at least {field.low}"
            message = f"{_last(at)} has {size}{unit}, and {bounds} are taken." if unit else ""
            message = message or f"{_last(at)} is {size}, and {bounds} is taken."
            self._note("out-of-bounds", at, message, f"Give it {bounds}{unit}.")
        if field.tag_characters and (wrong := [one for one in value if not _is_tag_character(one)]):
            message = f"{_last(at)} has {shown(wrong[0])}, a character that tags do not have."
            self._note("tag-characters", at, message, "Use letters, digits, spaces and _ . : / = + - @ only.")

    def _wrong(self, at: At, raw: Any, wanted: str, converted: Any = _UNREADABLE) -> Any:
        change = () if converted is _UNREADABLE else (setting(at, converted),)
        fix = f"Give {wanted}." if converted is _UNREADABLE else f"Write {shown(converted)}."
        self._note("wrong-type", at, f"{_last(at)} must be {wanted}, not {shown(raw)}.", fix, change)
        return converted

    def _null(self, at: At) -> None:
        message = f"{_last(at)} is null: it is read as left out."
        self._note("null-field", at, message, "Take it out.", (removal(at),) if not isinstance(at[-1], int) else ())

    def _missing(self, at: At, name: str) -> None:
        where = f" of {_last(at[:-1])}" if len(at) > 1 else ""
        self._note("required-field", at, f"“{name}”{where} is required, and it is missing.", f"Give {name}.")

    def _unknown(self, at: At, key: Any, name: str) -> None:
        written = shorten(str(key))
        if name == REQUEST and key in DESCRIBED:
            message = f"“{written}” is what ECS writes into a registered definition; registering does not take it."
            self._note("described-field", at, message, "Take it out.", (removal(at),))
            return
        known = structure(name)
        owners = [other for other in structures() if key in structure(other)]
        near = None if owners else self._nearest(str(key), tuple(known))
        if near:
            fix = f"Did you mean “{near}”?"
        elif owners and len(owners) < 4:
            fix = f"“{written}” is a field of {_listed(owners)}: move it there, or take it out."
        else:
            few = f"; the fields here are {_listed(tuple(known))}" if len(known) <= MOST_NAMED else ""
            fix = f"Take it out{few}."
        self._note("unknown-field", at, f"There is no field “{written}” in {_place_words(at)}.", fix)

    def _misspelled(self, at: At, key: str, right: At) -> None:
        move = {"op": "move", "from": written_pointer(at), "path": written_pointer(right)}
        message = f"There is no field “{key}” in {_place_words(at)}; AWS writes “{right[-1]}”."
        self._note("unknown-field", at, message, f"Write “{right[-1]}”.", (move,))

    def _nearest(self, written: str, options: Iterable[str]) -> str | None:
        self.suggestions += 1
        if self.suggestions > MOST_SUGGESTIONS or len(written) > 60:
            return None
        lower = {option.lower(): option for option in options}
        near = difflib.get_close_matches(written.lower(), lower, n=1, cutoff=0.6)
        return lower[near[0]] if near else None

    def _note(self, rule: str, at: At, message: str, fix: str, change: tuple[Mapping[str, Any], ...] = ()) -> None:
        self.misshapen.setdefault(rule, []).append(Found(at=at, message=message, fix=fix, change=change))


def _meant(key: Any, value: Mapping[str, Any], shape: Mapping[str, Field], taken: Mapping[str, str]) -> str | None:
    """The field of the same letters in other case, unless the right one is there too, or another such key before."""
    meant = _by_lower(tuple(shape)).get(key.lower()) if isinstance(key, str) else None
    return None if meant is None or meant in value or meant in taken else meant


@cache
def _by_lower(names: tuple[str, ...]) -> dict[str, str]:
    return {name.lower(): name for name in names}


def _converted(raw: Any, kind: str) -> Any:
    """The value that was meant, where that is plain: 1 for "1" and the other way round."""
    match kind:
        case "string" if isinstance(raw, bool):
            return "true" if raw else "false"
        case "string" if isinstance(raw, (int, float)):
            return shown(raw)
        case "integer" if isinstance(raw, str) and raw.isascii() and raw.isdecimal() and len(raw) <= 9:
            return int(raw)
        case "integer" if isinstance(raw, float) and raw.is_integer() and abs(raw) < 2**53:
            return int(raw)
        case "boolean" if isinstance(raw, str) and raw.lower() in ("true", "false"):
            return raw.lower() == "true"
        case _:
            return _UNREADABLE


def _is_tag_character(one: str) -> bool:
    return one in "_.:/=+-@" or unicodedata.category(one)[0] in "LZN"


def _last(at: At) -> str:
    """The name to begin a sentence with: the last field, with the index of an entry."""
    if isinstance(at[-1], int):
        return f"{shorten(str(at[-2]))}[{at[-1]}]"
    return shorten(str(at[-1]))


def _place_words(at: At) -> str:
    return "a task definition" if len(at) == 1 else _last(at[:-1])


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
