"""The page `/progress`: how far each lesson is read, the quiz results, and how sure each objective is."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from course import syllabus
from learners import progress
from learners.identity import Learner
from learners.progress import Attempt, Mastery, Reading
from learners.store import Event
from screens import score, shell
from screens.visitor import moment

SHOWN = 5


def show(who: Learner) -> None:
    """Everything the log says about the learner, lesson by lesson."""
    with shell.page(who), st.container(key="progress", width=shell.MEASURE):
        st.title("Your progress", anchor=False)
        events = shell.events(who)
        if not events:
            _nothing_yet()
            return
        st.markdown(
            f"An objective’s bar shows the points you earned on it in your last {progress.RECENT_ATTEMPTS} attempts "
            "at the quiz, of all there were."
        )
        for entry in syllabus.lessons():
            _lesson(entry, events)


def _nothing_yet() -> None:
    first = syllabus.lessons()[0]
    st.markdown(
        f"Nothing here yet. Open **{first.title}** and place your first bet; what you read and answer shows up on "
        "this page."
    )
    shell.link(first.slug, f"Start with {first.title}", next_act=True)


def _lesson(entry: syllabus.Entry, events: Sequence[Event]) -> None:
    read = progress.reading(events, entry.slug)
    history = progress.submitted(events, entry.slug)
    open_one = progress.current(events, entry.slug)
    st.header(entry.title, anchor=False)
    st.markdown(f"{_read_in_words(read)} {_quiz_in_words(history, open_one)}")
    if history:
        _objectives(entry, progress.mastery(history))
        _attempts(history)
    with st.container(horizontal=True):
        shell.link(entry.slug, "Go on reading" if read.opened else "Read the lesson")
        shell.link(f"{entry.slug}-quiz", _quiz_link(history, open_one))


def _read_in_words(read: Reading) -> str:
    if not read.opened:
        return "You have not opened the lesson yet."
    answered = len(read.predicted) + len(read.checked)
    if not answered:
        return f"Last read {moment(read.last_ms)}."
    questions = "one question" if answered == 1 else f"{answered} questions"
    return f"Last read {moment(read.last_ms)}, {questions} in the text answered."


def _quiz_in_words(history: Sequence[Attempt], open_one: Attempt | None) -> str:
    best = progress.best(history)
    parts = []
    if best:
        parts.append(f"Best at the quiz: **{score.of_attempt(best)}**.")
    if open_one:
        parts.append(
            f"Attempt {open_one.number} is open, {len(open_one.answers)} of {len(open_one.order)} questions answered."
        )
    return " ".join(parts) or "The quiz is still to come."


def _quiz_link(history: Sequence[Attempt], open_one: Attempt | None) -> str:
    if open_one:
        return "Go on with the quiz"
    return "Quiz: see or try again" if history else "Take the quiz"


def _objectives(entry: syllabus.Entry, found: Sequence[Mastery]) -> None:
    by_id = {one.objective: one for one in found}
    for objective in entry.objectives:
        mastery = by_id.get(objective.id)
        if mastery:
            st.progress(
                mastery.share, text=f"{objective.statement} **{score.of_points(mastery.points, mastery.out_of)}**"
            )
        else:
            st.progress(0.0, text=f"{objective.statement} **Not asked yet**")


def _attempts(history: Sequence[Attempt]) -> None:
    lines = [
        f"- Attempt {attempt.number}: {score.of_attempt(attempt)} · {moment(attempt.submitted_ms)}"
        for attempt in reversed(history[-SHOWN:])
    ]
    st.markdown("\n".join(lines))
    if len(history) > SHOWN:
        st.caption(f"The last {SHOWN} of {len(history)} attempts; the quiz’s page lists them all.")
