"""The home page of a course of fifteen lessons, for a learner who is in the middle of it."""

from __future__ import annotations

import streamlit as st

from course import syllabus
from learners.identity import Learner
from screens import course_map, home
from tests.fixtures import fifteen
from ui import theme
from ui.companion import companion

syllabus.lessons = fifteen.entries
course_map._requires = lambda slug: fifteen.requires().get(slug, ())
if "visitor:events" not in st.session_state:
    st.session_state["visitor:events"] = []
    from learners.store import Unsaved

    Unsaved(st.session_state["visitor:events"]).append(fifteen.events())


def _home() -> None:
    home.show(Learner(id="local", saved=False))


page = st.navigation([st.Page(_home, title="Home", default=True)], position="top")
st.set_page_config(page_title="Quayside", layout="wide")
theme.apply()
page.run()
companion("")
