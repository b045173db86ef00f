"""Taking values out of documents that people wrote: each is checked where it is taken, each error is one sentence."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from math import isfinite
from typing import Any

from simulator.errors import InputError


def mapping(value: Any, path: str) -> Mapping[str, Any]:
    """The value as a mapping with text keys."""
    if not isinstance(value, Mapping):
        raise InputError(
            f"{path or 'The document'} must be an object with named fields, not {shown(value)}.", path=path
        )
    for key in value:
        if not isinstance(key, str):
            raise InputError(f"{path or 'The document'} has the field name {shown(key)}, which is not text.", path=path)
    return value


def known_fields(document: Mapping[str, Any], path: str, known: Collection[str]) -> None:
    """Refuse a field that does not exist, and name the nearest that does."""
    for name in document:
        if name in known:
            continue
        where = join(path, name)
        lower = {option.lower(): option for option in known}
        near = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.5)
        hint = f"did you mean “{lower[near[0]]}”?" if near else f"the fields are {', '.join(sorted(known))}."
        raise InputError(f"There is no field “{shorten(where)}”; {hint}", path=where)


def whole(value: Any, path: str, *, low: int, high: int) -> int:
    """A whole number between both bounds; `true` and `1.0` are none."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{path} must be a whole number from {low} to {high}, not {shown(value)}.", path=path)
    return value


def number(value: Any, path: str, *, low: int | Fraction, high: int | Fraction) -> Fraction:
    """A number between both bounds, exactly as it is written: 0.1 is one tenth, not the nearest binary fraction.

    >>> number(59.9, "metric", low=0, high=100)
    Fraction(599, 10)
    """
    finite = isinstance(value, (int, float)) and (not isinstance(value, float) or isfinite(value))
    if isinstance(value, bool) or not finite or not low <= Fraction(str(value)) <= high:
        raise InputError(
            f"{path} must be a number from {_plain(low)} to {_plain(high)}, not {shown(value)}.", path=path
        )
    return Fraction(str(value))


def text(value: Any, path: str, *, longest: int = 255, lines: bool = False) -> str:
    """Text of 1 to `longest` characters that can be seen: it ends up in pictures, sentences and commands to copy.

    `lines` lets it have several lines and tabs.
    """
    if not isinstance(value, str):
        raise InputError(f"{path} must be text, not {shown(value)}.", path=path)
    if not 1 <= len(value) <= longest:
        raise InputError(f"{path} must have 1 to {longest} characters, and it has {len(value)}.", path=path)
    unseen = next((one for one in value if not one.isprintable() and not (lines and one in "\n\r\t")), None)
    if unseen is not None:
        raise InputError(f"{path} has the character U+{ord(unseen):04X}, which cannot be seen; take it out.", path=path)
    return value


def name(value: Any, path: str) -> str:
    """Text that names a thing of AWS's: no part of it begins with a hyphen, for a command would take it for an option.

    >>> name("service:web-1", "group")
    'service:web-1'
    """
    written = text(value, path)
    if any(part.startswith("-") for part in written.split(":")):
        raise InputError(f"{path} is {shown(written)}; a name does not begin with a hyphen.", path=path)
    return written


def flag(value: Any, path: str) -> bool:
    """`true` or `false`, and nothing that only looks like them."""
    if not isinstance(value, bool):
        raise InputError(f"{path} must be true or false, not {shown(value)}.", path=path)
    return value


def choice(value: Any, path: str, options: Sequence[str]) -> str:
    """One of a few words, as AWS spells them."""
    if not isinstance(value, str) or value not in options:
        raise InputError(f"{path} must be {_either(options)}, not {shown(value)}.", path=path)
    return value


def items(value: Any, path: str, *, most: int) -> Sequence[Any]:
    """A list of at most `most` entries."""
    if not isinstance(value, (list, tuple)):
        raise InputError(f"{path} must be a list, not {shown(value)}.", path=path)
    if len(value) > most:
        raise InputError(f"{path} has {len(value)} entries, and at most {most} are taken.", path=path)
    return value


def join(path: str, name: str) -> str:
    """`instances[0]` and `status` -> `instances[0].status`."""
    return f"{path}.{name}" if path else name


def shown(value: Any) -> str:
    """A value as JSON for a sentence, cut short."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    try:
        written = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        written = type(value).__name__
    return shorten(written)


def shorten(written: str, most: int = 60) -> str:
    """Long text cut for a sentence, on one line; what cannot be seen is marked."""
    line = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in " ".join(written.split()))
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _plain(bound: int | Fraction) -> str:
    return str(bound) if bound == int(bound) else f"{float(bound):g}"


def _either(options: Sequence[str]) -> str:
    return options[0] if len(options) == 1 else f"{', '.join(options[:-1])} or {options[-1]}"
