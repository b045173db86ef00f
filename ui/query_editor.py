"""A field for a cluster query that reacts while one types."""

from __future__ import annotations

from ui.components import register
from ui.given import newer

LIMIT = 2000  # characters: AWS's own bound for an expression

_EDITOR = register("query_editor", "figure")


def typed(key: str, value: str) -> str:
    """The text as it stands, before the field is drawn: what the page needs to say what is wrong with it."""
    text = str(newer(key, "value", value))
    # Half a character, which only a forged message has, could not be sent back.
    return text.encode("utf-8", "replace").decode()[:LIMIT]


def query_editor(
    value: str, *, key: str, label: str, message: str = "", wrong: bool = False, column: int | None = None
) -> str:
    """Draw the field with one sentence under it, and give its text.

    Parameters
    ----------
    value : the text to begin with; when another one is given later, it replaces what is in the field.
    message : one sentence, what matches or what is wrong.
    column : where it is wrong, from 1; a caret points at it.
    """
    _EDITOR(
        key=key,
        data={"value": value, "label": label, "message": message, "wrong": wrong, "column": column, "limit": LIMIT},
        on_value_change=_nothing,
    )
    return typed(key, value)


def _nothing() -> None:
    return None
