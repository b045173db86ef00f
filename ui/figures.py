"""An architecture diagram with its three faces: the figure, Graphviz, and text."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import Any

import streamlit as st

from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.model import Diagram
from diagrams.svg import to_svg
from ui.components import register

GRAPHVIZ = "Graphviz"
HINT = "Choose a box to hear what it does."

_DIAGRAM = register("diagram", "figure")


def architecture(diagram: Diagram, *, key: str, narrow: Diagram | None = None) -> str | None:
    """Show the diagram; the browser changes faces and explains the box that is chosen, the server draws Graphviz's.

    Parameters
    ----------
    narrow : the same boxes in another order for a phone; without it the diagram runs downward there.

    Returns
    -------
    str or None
        The id of the chosen node or group.
    """
    # Bytes, as the player sends: in a dict Streamlit looks for tables, and imports pandas for it.
    result = _DIAGRAM(
        key=f"{key}:view", data=_encoded(diagram, narrow), on_picked_change=_nothing, on_face_change=_nothing
    )
    if result.get("face") == GRAPHVIZ:
        st.graphviz_chart(_dot(diagram), width="stretch", alt=diagram.title)
    picked = result.get("picked")
    # The browser says it, so it may be anything; an id is a text.
    return picked if isinstance(picked, str) else None


@lru_cache(maxsize=64)
def _encoded(diagram: Diagram, narrow: Diagram | None) -> bytes:
    return json.dumps(sent(diagram, narrow), ensure_ascii=False).encode()


def sent(diagram: Diagram, narrow: Diagram | None = None) -> dict[str, Any]:
    """What the browser gets: two drawings, the text, the source; and by the id of a box its name and what is told."""
    wide = to_svg(diagram)
    return {
        "wide": wide,
        "narrow": wide if narrow == diagram else to_svg(narrow or replace(diagram, direction="down")),
        "text": to_text(diagram),
        "dot": _dot(diagram),
        "told": {part.id: [part.label, part.explanation or OF_A_GROUP] for part in (*diagram.nodes, *diagram.groups)},
        "hint": HINT,
    }


OF_A_GROUP = "It groups what is drawn inside it."


@lru_cache(maxsize=64)
def _dot(diagram: Diagram) -> str:
    return to_dot(diagram)


def _nothing() -> None:
    return None
