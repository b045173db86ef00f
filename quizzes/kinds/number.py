"""Numeric items, and how a number is read as people write it.

A text that can be read as two different numbers is refused, not guessed. “1,000” is one thousand where a whole number
is asked for (a decimal comma with three digits behind it is no way to write one), and refused elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from quizzes.item import Computed, Item
from quizzes.kinds.kind import Kind, Problem, named, share
from quizzes.result import Graded, Part
from simulator.errors import InputError

if TYPE_CHECKING:
    from quizzes.served import Variant

LONGEST = 40
LARGEST = 10**15  # of what is given as a number and not as text
_RULES = {"tolerance": "The number earns all points if it is right."}
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "−": "-"})
_PLAIN = re.compile(r"\d+")
_ONE_MARK = re.compile(r"(\d+)([.,])(\d+)")
_GROUPED = re.compile(r"\d{1,3}(?:([ ,.'])\d{3})(?:\1\d{3})*(?:([.,])(\d+))?")


def read_number(text: str, *, integer: bool = False) -> int | float:
    """A number as written: `1000`, `1 000`, `1,000,000`, `0.5`, `0,5`, `1,234.5`.

    Parameters
    ----------
    integer : a whole number is asked for, so that `1,000` can only be a thousand.

    Raises
    ------
    InputError
        For what is no number, and for what can be read as two.

    >>> read_number("1 000"), read_number("0,5"), read_number("1,000", integer=True)
    (1000, 0.5, 1000)
    """
    given = text.strip().translate(_SPACES)
    if not given:
        raise InputError("There is no number yet; write one.")
    sign = -1 if given.startswith("-") else 1
    body = given.lstrip("+-") if given[:1] in "+-" else given
    if len(given) > LONGEST or len(given) - len(body) > 1:
        raise InputError(f"“{given[:LONGEST]}” is not a number; write digits only.")
    if _PLAIN.fullmatch(body):
        return sign * int(body)
    if one := _ONE_MARK.fullmatch(body):
        return sign * _one_mark(one, integer)
    grouped = _GROUPED.fullmatch(body)
    if grouped is None or (grouped[2] and grouped[2] == grouped[1]):
        raise InputError(f"“{given}” is not a number; write digits only, without a unit.")
    whole = re.sub(r"\D", "", body[: grouped.start(2)] if grouped[2] else body)
    return sign * (float(f"{whole}.{grouped[3]}") if grouped[2] else int(whole))


def _one_mark(found: re.Match[str], integer: bool) -> int | float:
    """One comma or one point: a decimal mark, or, before just three digits, perhaps one between thousands."""
    whole, mark, rest = found[1], found[2], found[3]
    if len(rest) == 3 and len(whole) <= 3 and not whole.startswith("0"):
        if integer and mark == ",":
            return int(whole + rest)
        raise InputError(
            f"“{found[0]}” can be read as {whole}{rest} and as {whole}.{rest.rstrip('0') or '0'}; "
            f"write {whole}{rest} or {whole}.{rest.rstrip('0') or '0'}."
        )
    return float(f"{whole}.{rest}")


def _grade(variant: Variant, response: Any) -> Graded:
    key = Fraction(str(variant.key))
    key_text = _with_unit(variant.key, variant)
    general = variant.feedback["general"]
    if response is None:
        part = Part(id="key", text=key_text, key=True, chosen=False, right=False, rationale=general)
        return Graded(score=0, parts=(part,), explanation="No number is given: score = 0")
    try:
        number = _read(response, variant.integer)
    except InputError as error:
        part = Part(id="key", text=key_text, key=True, chosen=False, right=False, rationale=general)
        return Graded(score=0, parts=(part,), explanation="No number is given: score = 0", invalid=str(error))
    given = Fraction(str(number))
    away = abs(given - key)
    atol, rtol = variant.tolerance
    allowed = max(Fraction(str(atol)), Fraction(str(rtol)) * abs(key))
    # What is exactly right is right, whatever a variant's known wrong values come to.
    wrong = next((w for w in variant.known_wrong if away and Fraction(str(w.value)) == given), None)
    score = wrong.credit if wrong else float(away <= allowed)
    shown = [_shown(value) for value in (number, variant.key, away, allowed)]
    if allowed:
        told = f"Right if at most {shown[3]} away from {shown[1]}, and |{shown[0]} − {shown[1]}| = {shown[2]}"
    else:
        told = f"The number is {shown[1]}, and you gave {shown[0]}"
    told = f"{told}: score = {share(score)}"
    parts = [Part(id="key", text=key_text, key=True, chosen=score == 1, right=score == 1, rationale=general)]
    if score < 1:
        why = wrong.feedback if wrong else variant.feedback.get("incorrect", "")
        text = _with_unit(number, variant)
        parts.insert(0, Part(id="given", text=text, key=False, chosen=True, right=False, rationale=why))
    hit = (wrong.misconception,) if wrong and wrong.misconception else ()
    said = wrong.feedback if wrong else ""
    return Graded(score=score, parts=tuple(parts), explanation=told, misconceptions=hit, feedback=said)


def _read(response: Any, integer: bool) -> int | float:
    if isinstance(response, bool) or not isinstance(response, (int, float, str)):
        raise InputError("An answer here is a number; write one.")
    if isinstance(response, str):
        return read_number(response, integer=integer)
    if not abs(response) < LARGEST:
        raise InputError(f"An answer here is a number below {LARGEST}; write one.")
    return response


def _check(item: Item) -> Iterator[Problem]:
    if item.key is None:
        yield (), "a numeric item needs a key; give key: {sim: path} or a number"
    elif not isinstance(item.key, Computed) and (isinstance(item.key, bool) or not isinstance(item.key, (int, float))):
        yield ("key",), "the key of a numeric item is a number"
    numeric = item.numeric
    if numeric and numeric.integer and (numeric.atol or numeric.rtol):
        yield ("numeric",), "a whole number is right or wrong; leave atol and rtol out, or integer"


def _check_variant(_: Item, variant: Variant) -> Iterator[tuple[str, str]]:
    if isinstance(variant.key, bool) or not isinstance(variant.key, (int, float)):
        yield "IW-39", f"the key {variant.key!r} is no number"
        return
    if variant.integer and variant.key != int(variant.key):
        yield "IW-39", f"the key {variant.key} is no whole number"
    atol, rtol = variant.tolerance
    reach = 2 * max(atol, rtol * abs(variant.key))
    for wrong in variant.known_wrong:
        if not isinstance(wrong.value, (int, float)) or 0 < abs(wrong.value - variant.key) <= reach:
            yield "IW-39", f"{named(wrong)} is too near the key {variant.key}"


def _visible(variant: Variant) -> dict[str, Any]:
    return {"integer": variant.integer, **({"unit": variant.unit} if variant.unit else {})}


def with_unit(text: str, unit: str | None) -> str:
    """A number as it is written, with its unit; a unit in the plural is singular after 1.

    >>> with_unit("1", "tasks"), with_unit("2", "tasks"), with_unit("1", "s"), with_unit("3", None)
    ('1 task', '2 tasks', '1 s', '3')
    """
    if not unit:
        return text
    one = text in ("1", "-1") and len(unit) > 2
    return f"{text} {unit.removesuffix('s') if one else unit}"


def _with_unit(value: Any, variant: Variant) -> str:
    return with_unit(_shown(value), variant.unit)


def _shown(value: Any) -> str:
    number = float(value)
    return str(int(number)) if number.is_integer() else f"{number:.6g}"


NUMERIC = Kind(
    name="numeric",
    fields=frozenset({"key", "numeric", "known_wrong"}),
    rules=_RULES,
    default_rule=lambda _item: "tolerance",
    check=_check,
    check_variant=_check_variant,
    visible=_visible,
    grade=_grade,
    translate=lambda _variant, response: response,
)
