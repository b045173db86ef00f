"""Named situations at the head of a figure, and the sentence where a bet is still owed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from lessons.stage import Stage
from simulator.preset import Preset
from ui import theme

OWED = "Place your bet above; then this goes on from here, and so does the text after it."

Situation = TypeVar("Situation", bound=Preset)


def chosen(stage: Stage, presets: Sequence[Situation], *, label: str = "Situations") -> Situation:
    """The situation that the reader chose, the first to begin with; while a bet is owed, the first alone.

    Anything with `id`, `title` and `about` is a situation.
    """
    if stage.locked:
        return presets[0]
    titles = {preset.id: preset.title for preset in presets}
    name = st.pills(
        label,
        list(titles),
        format_func=titles.__getitem__,
        default=presets[0].id,
        required=True,
        key=stage.key("preset"),
    )
    found = next((preset for preset in presets if preset.id == name), presets[0])
    st.caption(found.about)
    return found


def owed(stage: Stage) -> bool:
    """Whether a bet is owed; says so below the figure if it is."""
    if stage.locked:
        st.caption(OWED, width=theme.MEASURE)
    return stage.locked
