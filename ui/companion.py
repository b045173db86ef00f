"""Goes along with every page in the browser and never asks the server: links within the app, and where they land."""

from __future__ import annotations

import streamlit as st

from ui.components import FOLDER

PARTS = ("links", "landing", "companion")

_COMPANION = st.components.v2.component(
    "quayside_companion",
    js="\n".join((FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in PARTS),
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
