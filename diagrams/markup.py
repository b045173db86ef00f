"""SVG as text: escaped elements, and names cut to what a figure has room for."""

from __future__ import annotations

import re
from html import escape

Value = str | int | float | bool | None

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]+")


def element(name: str, content: str = "", /, **attributes: Value) -> str:
    """One element; `content` is markup already, attribute values are escaped here.

    A trailing underscore is dropped and others become hyphens (`class_`, `data_pick`); None and False leave the
    attribute out, True writes it empty.

    >>> element("rect", class_="task svc-0", x=2.5, hidden=True)
    '<rect class="task svc-0" x="2.5" hidden=""/>'
    """
    parts = [f"<{name}"]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        text = "" if value is True else number(value) if isinstance(value, (int, float)) else printable(value)
        parts.append(f' {key.rstrip("_").replace("_", "-")}="{escape(text)}"')
    return "".join(parts) + (f">{content}</{name}>" if content else "/>")


def words(text: str, /, **attributes: Value) -> str:
    """A `<text>` element; the text is escaped."""
    return f"{element('text', **attributes)[:-2]}>{plain(text)}</text>"


def plain(value: str) -> str:
    """Text that may stand between tags.

    >>> plain("a < b")
    'a &lt; b'
    """
    return escape(printable(value), quote=False)


def number(value: float) -> str:
    """A coordinate with at most one decimal, without a trailing zero.

    >>> number(12.0), number(3.25), number(0.04)
    ('12', '3.2', '0')
    """
    text = f"{value:.1f}"
    return text.removesuffix(".0").replace("-0.0", "0")


def printable(text: str) -> str:
    """The text on one line, without the characters that XML forbids.

    >>> printable("a\\n b\\x00c")
    'a b c'
    """
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def shorten(text: str, most: int) -> str:
    """At most `most` characters of a name: its beginning and its end, as ids tell apart by their ends.

    >>> shorten("i-0123456789abcdef0", 9)
    'i-01…def0'
    """
    text = printable(text)
    if len(text) <= most:
        return text
    end = (most - 1) // 2
    return f"{text[: most - 1 - end]}…{text[len(text) - end :] if end else ''}"


def lines(text: str, width: int, most: int = 2) -> tuple[str, ...]:
    """The text broken at spaces into at most `most` lines of about `width` characters; the rest is cut.

    >>> lines("internet gateway", 11)
    ('internet', 'gateway')
    """
    rows: list[str] = []
    for word in printable(text).split(" "):
        if rows and len(rows[-1]) + 1 + len(word) <= width:
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    if len(rows) > most:
        rows = [*rows[: most - 1], " ".join(rows[most - 1 :])]
    return tuple(shorten(row, width) for row in rows)
