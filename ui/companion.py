"""Goes along with every page in the browser and never asks the server: links within the app, the words' definitions."""

from __future__ import annotations

import streamlit as st

from ui.components import FOLDER

PARTS = ("links", "landing", "cards", "companion")

_COMPANION = st.components.v2.component(
    "quayside_companion",
    js="\n".join((FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in PARTS),
    css=(FOLDER / "companion.css").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def companion(page: str) -> None:
    """Put it on a page, once and last.

    Parameters
    ----------
    page : the page's address, such as `placement`; "" for home.
    """
    with st.container(key="companion"):
        _COMPANION(key="companion:part", data={"page": page}, height=0)
