"""The door: page config, navigation, and each screen with its learner. Run it with `make run`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from course import syllabus
from learners.identity import Learner
from screens import course, home, lesson, progress, quiz, visitor
from ui import theme

# Drawn here: a Material icon would be fetched from elsewhere.
ICON = Path(__file__).with_name("ui") / "icon.svg"
Screen = Callable[[Learner], None]


def main() -> None:
    """One run of the app: the page that the address names."""
    pages = [
        _page(home.show, "Home", "", help="What Quayside is, where you stopped, and the lessons."),
        _page(course.show, "Course", "course", help="The lessons with what you learn in each, and the glossary."),
        _page(progress.show, "Progress", "progress", help="How far you have read, and your quiz results."),
    ]
    for entry in syllabus.lessons():
        told = f"Graded questions on {entry.title}, drawn afresh for every attempt."
        pages += [
            _page(_of(lesson.show, entry.slug), entry.title, entry.slug, help=entry.summary, visible=False),
            _page(_of(quiz.show, entry.slug), f"Quiz: {entry.title}", f"{entry.slug}-quiz", help=told, visible=False),
        ]
    page = st.navigation(pages, position="top")
    title = f"{page.title} · Quayside" if page.url_path else "Quayside"
    st.set_page_config(page_title=title, page_icon=ICON, layout="wide")
    theme.apply()
    page.run()


def _of(screen: Callable[[Learner, str], None], slug: str) -> Screen:
    return lambda who: screen(who, slug)


def _page(screen: Screen, title: str, path: str, *, help: str, visible: bool = True) -> st.Page:
    return st.Page(
        lambda: screen(visitor.visitor()),
        title=title,
        url_path=path or None,
        default=not path,
        visibility="visible" if visible else "hidden",
        help=help,
    )


main()
