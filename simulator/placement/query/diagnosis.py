"""What went wrong in an expression, as one sentence: the column, what was expected there, and how to mend it."""

from __future__ import annotations

import re
from difflib import get_close_matches

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from simulator.errors import InputError
from simulator.placement.query.subjects import PLAIN_SUBJECTS, WORDS, Operator

_SUBJECTS = (*PLAIN_SUBJECTS, "attribute:NAME")
_OPERATORS = (*Operator, *WORDS)
_KEYWORDS = ("and", "or", "not")


class QueryError(InputError):
    """An expression that cannot be read. `column` counts its characters from 1."""

    def __init__(self, sentence: str, *, column: int, path: str = "") -> None:
        super().__init__(sentence, path=path)
        self.column = column


def diagnose(text: str, error: UnexpectedInput) -> QueryError:
    """The error for the place where the parser stopped."""
    at, allowed = _place(text, error)
    if at < len(text) and text[at] in "'\"" and allowed & {"WORD", "PATTERN"}:
        expected = f"the quote that opens there is never closed: another {text[at]} was expected"
    elif "SUBJECT" in allowed:
        expected = _subject_expected(text, at)
    elif "COMPARE" in allowed:
        expected = _operator_expected(text, at)
    elif "PATTERN" in allowed:
        expected = _pattern_expected(text, at)
    elif "WORD" in allowed:
        expected = _value_expected(text, at)
    elif "_LIST" in allowed:
        expected = f"a list in square brackets was expected, such as [prod, test], but {_found(text, at)}"
    elif "LIST_END" in allowed:
        expected = f"a comma or the closing ] of the list was expected, but {_found(text, at)}"
    else:
        at, expected = _connective_expected(text, at)
    return QueryError(f"At column {at + 1}, {expected}.", column=at + 1)


def _place(text: str, error: UnexpectedInput) -> tuple[int, set[str]]:
    """The 0-based position, and the names of the terminals that could stand there."""
    if isinstance(error, UnexpectedCharacters):
        return error.pos_in_stream or 0, set(error.allowed or ())
    if isinstance(error, UnexpectedToken):
        end = len(text.rstrip())
        at = end if error.token.type == "$END" else error.token.start_pos
        return end if at is None else at, set(error.accepts or error.expected)
    return len(text.rstrip()), set()


def _found(text: str, at: int) -> str:
    word = _word(text, at)
    return f"“{word}” was found" if word else "the expression ends"


def _word(text: str, at: int) -> str:
    found = re.compile(r"[()\[\],]|[^\s()\[\],]{1,60}").match(text, at)
    return found.group() if found else ""


def _subject_expected(text: str, at: int) -> str:
    word = _word(text, at)
    if word.lower() in _KEYWORDS and word not in _KEYWORDS:
        return f"“{word}” must be lower case: write {word.lower()}"
    if word.lower().startswith("attribute:"):
        return (
            "attribute:NAME was expected, with a name of letters, digits and - _ / \\ . right after the lower-case "
            f"word and colon, but “{word}” was found"
        )
    expected = f"a subject was expected ({', '.join(_SUBJECTS)}), but {_found(text, at)}"
    bare = re.split(r"[=!<>~]", word)[0]
    if bare.startswith(("ecs.", "attribute.")):
        return f"{expected}; did you mean attribute:{bare.removeprefix('attribute.')}"
    same = [name for name in PLAIN_SUBJECTS if name.lower() == bare.lower()]
    near = same or get_close_matches(bare, PLAIN_SUBJECTS, n=1)
    return f"{expected}; did you mean {near[0]}" if near else expected


def _operator_expected(text: str, at: int) -> str:
    word = _word(text, at)
    if word.startswith("="):
        return f"an operator was expected, but {_found(text, at)}; equality is written =="
    if word.lower() in _OPERATORS:
        return f"“{word}” must be lower case: write {word.lower()}"
    if word.startswith("!"):
        return f"an operator was expected, but {_found(text, at)}; !=, !~, !in and !exists are written without a space"
    near = get_close_matches(word, _OPERATORS, n=1)
    meant = f"; did you mean {near[0]}" if near else ""
    return f"an operator was expected ({', '.join(Operator)}), but {_found(text, at)}{meant}"


def _pattern_expected(text: str, at: int) -> str:
    if text[at : at + 1] == "(":
        return (
            "a regular expression was expected, but “(” was found; parentheses only group whole expressions, "
            "so put a pattern that holds them in quotes"
        )
    return f"a regular expression was expected, such as t2.*, but {_found(text, at)}"


def _value_expected(text: str, at: int) -> str:
    word = _word(text, at)
    if word in _KEYWORDS:
        return f"a value was expected, but the keyword “{word}” was found; put it in quotes if it is the value"
    if word == "[":
        return "one value was expected, but “[” was found; to compare with a list use in or !in"
    if word == "]":
        return "a value was expected, but “]” was found; a list holds at least one value and ends in no comma"
    return f"a value was expected, but {_found(text, at)}"


def _connective_expected(text: str, at: int) -> tuple[int, str]:
    """After a whole expression only and, or, a closing parenthesis or the end can come."""
    word = _word(text, at)
    if not word:
        opened = _unclosed(text)
        return at, f"a closing ) was expected for the ( at column {opened + 1}, but the expression ends"
    if word == ")":
        return at, "and, or, or the end was expected, but “)” was found and no ( is open for it"
    if word.lower() in _KEYWORDS and word not in _KEYWORDS:
        return at, f"“{word}” must be lower case: write {word.lower()}"
    if word == "(" and text[at - 1 : at].strip():
        return at, (
            "“(” was found inside a value; parentheses only group whole expressions, "
            "so put a value or pattern that holds them in quotes"
        )
    expected = f"and, or, or the end of the expression was expected, but {_found(text, at)}"
    if re.match(r"[\w.*/-]", word) and not word.startswith(tuple(PLAIN_SUBJECTS)) and ":" not in word:
        return at, f"{expected}; put a value that holds a space in quotes"
    return at, expected


def _unclosed(text: str) -> int:
    """The position of the innermost parenthesis that is still open at the end; quoted ones do not count."""
    opened: list[int] = []
    for found in re.finditer(r"'[^']*'|\"[^\"]*\"|[()]", text):
        if found.group() == "(":
            opened.append(found.start())
        elif found.group() == ")" and opened:
            opened.pop()
    return opened[-1] if opened else 0
