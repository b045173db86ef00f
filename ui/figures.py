"""An architecture diagram with its three faces: the figure, Graphviz, and text."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import streamlit as st

from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.model import Diagram
from diagrams.svg import to_svg
from ui.components import register
from ui.words import plain

FACES = ("Figure", "Graphviz", "Text")

_DIAGRAM = register("diagram", "figure")


def architecture(diagram: Diagram, *, key: str) -> str | None:
    """Show the diagram and explain the box that was chosen in it.

    Returns
    -------
    str or None
        The id of the chosen node or group.
    """
    face = st.segmented_control(
        "Shown as", FACES, default=FACES[0], required=True, key=f"{key}:face", label_visibility="collapsed"
    )
    picked = None
    dot = _dot(diagram)
    if face == "Graphviz":
        st.graphviz_chart(dot, width="stretch", alt=diagram.title)
    elif face == "Text":
        st.code(to_text(diagram), language=None, wrap_lines=True)
    else:
        data = {"wide": _svg(diagram), "narrow": _svg(replace(diagram, direction="down"))}
        picked = _DIAGRAM(key=f"{key}:view", data=data, on_picked_change=_nothing).get("picked")
        picked = picked if isinstance(picked, str) else None
        st.markdown(_explanation(diagram, picked))
    st.download_button(
        "Graphviz source",
        dot,
        file_name="architecture.dot",
        mime="text/vnd.graphviz",
        icon=":material/download:",
        type="tertiary",
        key=f"{key}:dot",
        on_click="ignore",
    )
    return picked


@lru_cache(maxsize=32)
def _svg(diagram: Diagram) -> str:
    return to_svg(diagram)


@lru_cache(maxsize=32)
def _dot(diagram: Diagram) -> str:
    return to_dot(diagram)


def _explanation(diagram: Diagram, picked: str | None) -> str:
    for part in (*diagram.nodes, *diagram.groups):
        if part.id == picked:
            return f"**{plain(part.label)}.** {plain(part.explanation) or 'It groups what is drawn inside it.'}"
    return "Choose a box to hear what it does."


def _nothing() -> None:
    return None
