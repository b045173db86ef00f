"""The course page: what is on it at a glance, every lesson with its number, and the glossary by its letters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from course import glossary, syllabus


def page() -> None:
    from learners.identity import LOCAL, Learner
    from screens import course

    course.show(Learner(id=LOCAL, saved=True))


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    from screens import shell

    monkeypatch.setenv("QUAYSIDE_DATA", str(tmp_path))
    monkeypatch.setattr(shell, "link", lambda *given, **more: None)
    at = AppTest.from_function(page).run()
    assert not at.exception
    return at


def test_the_contents_lead_to_every_lesson_and_to_the_glossary(at) -> None:
    contents = next(body for element in at.get("html") if 'class="contents"' in (body := element.proto.body))
    there = [header.proto.anchor for header in at.header]
    assert re.findall(r'href="#([^"]+)"', contents) == there
    assert there == [*(entry.slug for entry in syllabus.lessons()), "glossary"]
    assert at.header[0].value == f"1 {syllabus.lessons()[0].title}"


def test_each_letter_leads_to_its_first_word(at) -> None:
    letters = next(body for element in at.get("html") if 'class="letters"' in (body := element.proto.body))
    words = next(body for element in at.get("html") if "<dl>" in (body := element.proto.body))
    found = re.findall(r'href="#([^"]+)">(.)<', letters)
    assert [letter for _, letter in found] == sorted({term.term[0].upper() for term in glossary.terms()})
    assert all(
        f'id="{anchor}">{letter}' in words or f'id="{anchor}">{letter.lower()}' in words for anchor, letter in found
    )
