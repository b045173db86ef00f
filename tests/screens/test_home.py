"""Home: one sentence, one thing to do next, and every lesson there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from course import syllabus
from learners.store import Event, Store, default_url
from screens import home, shell

FIRST, SECOND = syllabus.lessons()[:2]


def page() -> None:
    from learners.identity import LOCAL, Learner
    from screens import home

    home.show(Learner(id=LOCAL, saved=True))


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("QUAYSIDE_DATA", str(tmp_path))
    return Store(default_url(tmp_path))


@pytest.fixture
def links(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, bool]]:
    """Every link that a page draws: address, label, whether it is the next act."""
    drawn: list[tuple[str, str, bool]] = []

    def note(path: str, label: str, *, icon: str | None = None, next_act: bool = False) -> None:
        drawn.append((path, label, next_act))

    monkeypatch.setattr(shell, "link", note)
    return drawn


def run() -> AppTest:
    at = AppTest.from_function(page).run()
    assert not at.exception
    return at


def listed(at: AppTest) -> str:
    """The list of lessons, as HTML."""
    return next(body for element in at.get("html") if 'class="lessons"' in (body := element.proto.body))


def next_acts(links: list[tuple[str, str, bool]]) -> list[tuple[str, str]]:
    return [(path, label) for path, label, next_act in links if next_act]


def test_it_says_what_this_is_and_leads_to_every_lesson(log, links) -> None:
    at = run()
    assert [title.value for title in at.title] == ["Quayside"]
    assert home.WHAT in [text.value for text in at.markdown]
    lessons = listed(at)
    assert all(f'href="{entry.slug}"' in lessons for entry in syllabus.lessons())


def test_a_newcomer_begins_with_the_first_lesson(log, links) -> None:
    run()
    assert next_acts(links) == [(FIRST.slug, f"Begin with {FIRST.title}")]


def test_a_reader_goes_on_with_the_lesson_opened_last(log, links) -> None:
    for slug in (FIRST.slug, SECOND.slug):
        log.append([Event(learner="local", kind="read", bank=slug)])
    run()
    assert next_acts(links) == [(SECOND.slug, f"Go on with {SECOND.title}")]


def test_a_quiz_under_way_comes_first(log, links) -> None:
    payload = {"order": ["a.b.1", "a.b.2"], "seeds": {"a.b.1": 1, "a.b.2": 2}}
    log.append([Event(learner="local", kind="started", bank=FIRST.slug, attempt="1", payload=payload)])
    at = run()
    assert next_acts(links) == [(f"{FIRST.slug}-quiz", f"Go on with the quiz on {FIRST.title}")]
    assert "go on here: 0 of 2 answered" in listed(at)


def test_there_is_a_line_for_the_place_in_the_lesson_and_none_for_a_quiz(log, links) -> None:
    log.append([Event(learner="local", kind="read", bank=SECOND.slug)])
    assert f'data-lesson="{SECOND.slug}"' in "".join(element.proto.body for element in run().get("html"))
    log.append(
        [Event(learner="local", kind="started", bank=SECOND.slug, attempt="1", payload={"order": [], "seeds": {}})]
    )
    assert "data-lesson" not in "".join(element.proto.body for element in run().get("html"))


def test_a_lesson_that_the_course_no_longer_has_is_passed_over(log, links) -> None:
    log.append([Event(learner="local", kind="read", bank="retired-lesson")])
    run()
    assert next_acts(links) == [(FIRST.slug, f"Begin with {FIRST.title}")]


def test_a_log_that_cannot_be_read_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links) -> None:
    (tmp_path / "learners.db").write_text("This is no database at all, but a text of some length. " * 40)
    monkeypatch.setenv("QUAYSIDE_DATA", str(tmp_path))
    at = run()
    assert len(at.warning) == 1
    assert "not a database" in at.warning[0].value
    assert next_acts(links), "The page still says where to begin."
