"""Text that a learner typed, made safe to stand inside Markdown."""

from __future__ import annotations

import re

# A colon that a space follows begins no directive, no icon and no emoji.
_MARKS = re.compile(r"[\\`*_{}\[\]<>#+!|~$]|:(?=\S)")


def plain(text: str) -> str:
    """The text with every character that Markdown would read as markup taken literally.

    >>> plain("a_1 [x]")
    'a\\\\_1 \\\\[x\\\\]'
    """
    return _MARKS.sub(r"\\\g<0>", text)


def code(text: str) -> str:
    """The text as inline code, whatever it holds.

    >>> code("i-1"), code("a`b")
    ('`i-1`', '`a´b`')
    """
    return f"`{text.replace('`', '´')}`" if text else ""


def marked(text: str) -> str:
    """A sentence of the simulator as Markdown: what stands between backticks is code, all else is literal.

    >>> marked("`a_1` is b_2")
    '`a_1` is b\\\\_2'
    """
    return "".join(code(part) if at % 2 else plain(part) for at, part in enumerate(text.split("`")))
