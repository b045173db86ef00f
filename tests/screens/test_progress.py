from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from course import syllabus
from learners.store import Event, Store, default_url

OBJECTIVE = syllabus.lesson("placement").objectives[0]


def page():
    from learners.identity import Learner
    from screens import progress

    progress.show(Learner(id="local", saved=True))


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAYSIDE_DATA", str(tmp_path))
    monkeypatch.delenv("QUAYSIDE_DATABASE", raising=False)
    return Store(default_url(tmp_path))


def text(at: AppTest) -> str:
    assert not at.exception
    return "\n".join(str(element.value) for element in (*at.title, *at.header, *at.markdown, *at.caption))


def add(store: Store, kind: str, attempt: str = "", item: str = "", **payload: object) -> None:
    event = Event(learner="local", kind=kind, bank="placement", attempt=attempt, item=item, payload=payload)
    store.append([event])


def attempt(store: Store, number: int, points: float) -> None:
    add(store, "started", str(number), order=["a"], seeds={"a": 1})
    add(
        store, "graded", str(number), "a", response="x", seed=1, score=points / 2, points=points, out_of=2,
        objective=OBJECTIVE.id, misconceptions=[],
    )  # fmt: skip
    add(store, "submitted", str(number))


def test_nothing_yet_says_what_to_do_first(store):
    at = AppTest.from_function(page).run()
    assert f"Nothing here yet. Open **{syllabus.lessons()[0].title}**" in text(at)
    assert not at.header


def test_a_lesson_shows_reading_best_history_and_objectives(store):
    add(store, "read")
    add(store, "predicted", item="p1", skipped=True)
    for number, points in enumerate((0.5, 2, 1), start=1):
        attempt(store, number, points)
    at = AppTest.from_function(page).run()
    said = text(at)
    assert [header.value for header in at.header] == [entry.title for entry in syllabus.lessons()]
    assert "one question in the text answered" in said
    assert "Best at the quiz: **2 of 2 points (100%)**." in said
    assert [line.split(" ·")[0] for line in said.splitlines() if line.startswith("- Attempt")] == [
        "- Attempt 3: 1 of 2 points (50%)",
        "- Attempt 2: 2 of 2 points (100%)",
        "- Attempt 1: 0.5 of 2 points (25%)",
    ]
    bars = [element.proto for element in at.get("progress")]
    assert bars[0].text == f"{OBJECTIVE.statement} **3.5 of 6 points**"
    assert bars[0].value == 58
    assert bars[1].text.endswith("**Not asked yet**")


def test_an_open_attempt_is_named(store):
    add(store, "started", "1", order=["a", "b"], seeds={"a": 1, "b": 2})
    add(store, "answered", "1", "a", response="x")
    assert "Attempt 1 is open, 1 of 2 questions answered." in text(AppTest.from_function(page).run())


def test_almost_all_is_never_shown_as_all(store):
    attempt(store, 1, 1.999)
    assert "(99%)" in text(AppTest.from_function(page).run())


def test_a_log_that_cannot_be_read_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAYSIDE_DATABASE", "sqlite:////nowhere/at/all.db")
    at = AppTest.from_function(page).run()
    assert not at.exception
    assert "Your progress could not be opened" in at.warning[0].value
