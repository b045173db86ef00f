"""Where a widget of a lesson stands on its page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the page tells a widget: whose it is, and whether a prediction is still owed.

    While `locked` is true the widget shows its first step only, and its caption asks instead of telling.
    """

    slug: str
    name: str
    locked: bool = False

    def key(self, suffix: str) -> str:
        """A key for session state and for Streamlit's widgets that no other widget of the course has.

        >>> Stage(slug="placement", name="first-board").key("step")
        'lesson:placement:first-board:step'
        """
        return f"lesson:{self.slug}:{self.name}:{suffix}"
