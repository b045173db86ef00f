"""Regular expressions of the query language: written for Java, run by RE2.

AWS documents Java's `java.util.regex.Pattern` for `=~`. RE2 reads the common part of that syntax the same way and
never takes more than linear time, so a hostile pattern cannot hang the page. Where RE2 would read a Java form
differently, or not at all, the pattern is refused with a sentence rather than guessed at.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

import re2

_SAME_IN_BOTH = frozenset("dDwWsSbBAztnrfx")
_LOOK_AROUND = ("(?=", "(?!", "(?<=", "(?<!")
_SAME_FLAGS = frozenset("ims-")


class PatternError(ValueError):
    """A pattern that is not run. `at` is the 0-based position in the pattern that the sentence speaks of."""

    def __init__(self, sentence: str, at: int = 0) -> None:
        super().__init__(sentence)
        self.at = at


def whole_match(pattern: str) -> Callable[[str], bool]:
    """A test that is true where `pattern` matches the whole text (a simulator choice: AWS does not say).

    Raises
    ------
    PatternError
        If the pattern is malformed, or uses a form that Java and RE2 read differently.

    Examples
    --------
    >>> whole_match("t2.*")("t2.small"), whole_match("t2")("t2.small")
    (True, False)
    """
    _refuse_java_only(pattern)
    compiled: Any = _compile(pattern)
    fullmatch = cast("Callable[[str], object]", compiled.fullmatch)

    # A cluster has a thousand instances of a dozen types: the same few texts are asked again and again.
    @lru_cache(maxsize=256)
    def test(text: str) -> bool:
        return fullmatch(text if text.isascii() else _encodable(text)) is not None

    return test


def wildcard_dots(pattern: str) -> tuple[int, ...]:
    """Positions of dots that stand for any character: not escaped and not inside `[ ]`."""
    found: list[int] = []
    in_class = escaped = False
    for at, char in enumerate(pattern):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "[":
            in_class = True
        elif char == "]":
            in_class = False
        elif char == "." and not in_class:
            found.append(at)
    return tuple(found)


def _compile(pattern: str) -> Any:
    options: Any = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise PatternError(f"this is not a regular expression ({_words_of(error)}).") from None


def _words_of(error: Exception) -> str:
    detail: Any = error.args[0] if error.args else ""
    text = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
    return text if len(text) <= 80 else text[:79] + "…"


def _encodable(text: str) -> str:
    """RE2 works on UTF-8, which has no form for half a surrogate pair."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _refuse_java_only(pattern: str) -> None:
    at = 0
    after_quantifier = False
    while at < len(pattern):
        char = pattern[at]
        quantifier = 0
        if char == "\\":
            _check_escape(pattern, at)
            at += 2
        elif char == "[":
            at = _end_of_class(pattern, at)
        elif char == "(":
            _check_group(pattern, at)
            at += 1
            if pattern[at : at + 1] == "?":
                at += 1
        elif char == "{":
            quantifier = _length_of_count(pattern, at)
            if not quantifier:
                raise PatternError("“{” must be a count such as {2} or {2,3}, or be written \\{.", at)
            at += quantifier
        else:
            if char == "+" and after_quantifier:
                raise PatternError("possessive quantifiers (such as *+ or ++) are Java's own; drop the “+”.", at)
            quantifier = 1 if char in "*+?" else 0
            at += 1
        after_quantifier = bool(quantifier)


def _check_escape(pattern: str, at: int) -> None:
    letter = pattern[at + 1 : at + 2]
    if letter == "":
        raise PatternError("a pattern cannot end in a single backslash.", at)
    if not letter.isascii():
        raise PatternError(f"\\{letter} is not an escape: drop the backslash.", at)
    if not letter.isalnum() or letter in _SAME_IN_BOTH:
        return
    if letter in "QE":
        raise PatternError("\\Q…\\E quoting is not run here; put a backslash before each special character.", at)
    if letter in "pP":
        raise PatternError("\\p{…} classes are not run here; write the characters, such as [a-z].", at)
    if letter.isdigit() or letter == "k":
        raise PatternError(f"\\{letter} is a backreference or an octal code, and is not run here.", at)
    raise PatternError(f"the escape \\{letter} is not run here.", at)


def _check_group(pattern: str, at: int) -> None:
    if any(pattern.startswith(look, at) for look in _LOOK_AROUND):
        raise PatternError("look-around such as (?=…) needs more than linear time, and is not run here.", at)
    if pattern.startswith("(?>", at):
        raise PatternError("atomic groups (?>…) are not run here; write (?:…).", at)
    if not pattern.startswith("(?", at) or pattern.startswith("(?:", at):
        return
    if pattern.startswith("(?<", at):
        raise PatternError("named groups have no use in a query; write (?:…).", at)
    flags = pattern[at + 2 :].partition(")")[0].partition(":")[0]
    if not flags or not set(flags) <= _SAME_FLAGS:
        raise PatternError("of the (?…) forms only (?:…) and the flags i, m and s are run here.", at)


def _end_of_class(pattern: str, start: int) -> int:
    """The position after the class that opens at `start`; its whole content is checked on the way."""
    at = start + 1
    if pattern[at : at + 1] == "^":
        at += 1
    first = at
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            _check_escape(pattern, at)
            at += 2
            continue
        if char == "]" and at > first:
            return at + 1
        if char == "[":
            raise PatternError("a class inside a class is Java's own; write one class, or \\[ for the bracket.", at)
        if pattern.startswith("&&", at):
            raise PatternError("&& inside [ ] is Java's intersection, and is not run here; write out the class.", at)
        at += 1
    raise PatternError("this “[” is never closed (quote the pattern if it holds a space or a parenthesis).", start)


def _length_of_count(pattern: str, at: int) -> int:
    """How long the `{n}`, `{n,}` or `{n,m}` at `at` is; 0 if it is none of these."""
    body, closed, _ = pattern[at + 1 :].partition("}")
    low, comma, high = body.partition(",")
    plain = low.isascii() and low.isdigit() and (high == "" or (high.isascii() and high.isdigit()))
    return len(body) + 2 if closed and plain and (comma or not high) else 0
