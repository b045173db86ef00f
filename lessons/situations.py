"""Named situations at the head of a figure, the sentence where a bet is still owed, and what follows a figure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

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


def text_of(scenario: Mapping[str, Any]) -> str:
    """A scenario as one text: the key under which its run, its film and its answer are kept."""
    return json.dumps(scenario, sort_keys=True)


def digest(scenario: Mapping[str, Any]) -> str:
    """A short text that tells one scenario from another."""
    return hashlib.sha256(text_of(scenario).encode()).hexdigest()[:16]


def tell_followers(key: str, now: object) -> None:
    """Keep in session state what a figure shows, for what follows it on the page.

    That is in fragments of its own, so the page runs again when the figure shows something else.
    """
    before = st.session_state.get(key)
    st.session_state[key] = now
    if before not in (None, now):
        st.rerun()
