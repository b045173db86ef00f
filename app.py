"""The door: page config, navigation, and each screen with its learner. Run it with `make run`."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import streamlit as st

from course import syllabus
from ui import theme
from ui.companion import companion

# Drawn here: a Material icon would be fetched from elsewhere.
ICON = Path(__file__).with_name("ui") / "icon.svg"


def main() -> None:
    """One run of the app: the page that the address names."""
    pages = [
        _page("home", "Home", "", help="What Quayside is, where you stopped, and the lessons."),
        _page("course", "Course", "course", help="The lessons with what you learn in each, and the glossary."),
        _page("progress", "Progress", "progress", help="How far you have read, and your quiz results."),
        _page("search", "Search", "search", help="Where the lessons and the glossary speak of something."),
    ]
    for entry in syllabus.lessons():
        told = f"Graded questions on {entry.title}, drawn afresh for every attempt."
        pages += [
            _page("lesson", entry.title, entry.slug, slug=entry.slug, help=entry.summary),
            _page("quiz", f"Quiz: {entry.title}", f"{entry.slug}-quiz", slug=entry.slug, help=told),
        ]
    page = st.navigation(pages, position="top")
    title = f"{page.title} · Quayside" if page.url_path else "Quayside"
    st.set_page_config(page_title=title, page_icon=ICON, layout="wide")
    theme.apply()
    page.run()
    companion(page.url_path)


def _page(screen: str, title: str, path: str, *, help: str, slug: str = "") -> st.Page:
    """A page by the name of its screen; the pages of one lesson, which have a slug, are not in the navigation."""
    return st.Page(
        lambda: _show(screen, slug),
        title=title,
        url_path=path or None,
        default=not path,
        visibility="hidden" if slug else "visible",
        help=help,
    )


def _show(screen: str, slug: str) -> None:
    # Imported when it is shown: the first page that a reader opens does not wait for what the others need.
    who = import_module("screens.visitor").visitor()
    show = import_module(f"screens.{screen}").show
    if slug:
        show(who, slug)
    else:
        show(who)


main()
