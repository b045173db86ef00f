"""The door: every page of the app is reached under its own address and runs."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from course import syllabus
from screens import home, shell

APP = str(Path(__file__).resolve().parents[2] / "app.py")
PAGES = {"course": "Course", "progress": "Your progress", "search": "Search"}
for _entry in syllabus.lessons():
    PAGES[_entry.slug] = _entry.title
    PAGES[f"{_entry.slug}-quiz"] = f"Quiz: {_entry.title}"


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYSIDE_DATA", str(tmp_path))
    monkeypatch.setenv("QUAYSIDE_HOSTED", "no")


def test_the_app_opens_on_home() -> None:
    at = AppTest.from_file(APP, default_timeout=20).run()
    assert not at.exception
    assert [title.value for title in at.title] == ["Quayside"]


@pytest.mark.parametrize(("path", "title"), PAGES.items())
@pytest.mark.parametrize("query", [{}, {"s": "not a scenario", "step": "-1", "tab": "x", "attempt": "999"}])
def test_every_page_runs_whatever_its_address_carries(
    path: str, title: str, query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    switches = iter([lambda: st.switch_page(shell.address(path), query_params=query)])
    monkeypatch.setattr(home, "show", lambda who: next(switches, lambda: st.title("Home again"))())
    at = AppTest.from_file(APP, default_timeout=20).run()
    assert not at.exception
    assert [found.value for found in at.title] == [title]
    assert at.caption[-1].value == shell.FOOT


def test_a_guest_of_a_hosted_server_is_told_that_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUAYSIDE_HOSTED", "yes")
    at = AppTest.from_file(APP, default_timeout=20).run()
    assert "as long as this browser tab" in at.info[0].value
