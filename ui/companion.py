"""Goes along with every page in the browser and never asks the server: links within the app, the definitions of words,
and where the reader stopped.
"""

from __future__ import annotations

import streamlit as st

from ui.components import FOLDER

PARTS = ("links", "landing", "cards", "places", "paper", "companion")

_COMPANION = st.components.v2.component(
    "quayside_companion",
    js="\n".join((FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in PARTS),
    css="\n".join((FOLDER / f"{part}.css").read_text(encoding="utf-8") for part in ("companion", "paper")),
    isolate_styles=False,
)


def place(slug: str) -> None:
    """A line that the companion fills with a link to where the reader stopped in that lesson; empty until then."""
    st.html(f'<p class="go-on" data-lesson="{slug}" style="margin: -0.6rem 0; min-height: 1.6em"></p>')


def companion(page: str) -> None:
    """Put it on a page, once and last.

    Parameters
    ----------
    page : the page's address, such as `placement`; "" for home.
    """
    _COMPANION(key="companion", data={"page": page}, height=0)
