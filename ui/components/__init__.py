"""The few components of our own: `name.js` and `name.css` beside each other, read as text and registered once."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

FOLDER = Path(__file__).parent


def register(name: str, *styles: str) -> ComponentRenderer:
    """The component of that name, with its own styles after the shared ones named in `styles`."""
    css = "\n".join((FOLDER / f"{part}.css").read_text(encoding="utf-8") for part in (*styles, name))
    script = "\n".join((FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in ("figure", name))
    return st.components.v2.component(f"quayside_{name}", js=script, css=css)
