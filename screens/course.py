"""The course: its lessons in order, what each makes you able to do, how far you are, and the words they use."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from course import glossary, syllabus
from learners import progress
from learners.identity import Learner
from learners.store import Event
from screens import shell, words


def show(who: Learner) -> None:
    """Draw the course page."""
    with shell.page(who):
        events = shell.events(who)
        with st.container(key="course", width=shell.MEASURE):
            st.title("Course", anchor=False)
            for entry in syllabus.lessons():
                _lesson(entry, events)
        with st.container(key="glossary", width=shell.MEASURE):
            st.header("Glossary", anchor="glossary")
            words.define(glossary.terms())


def standing(entry: syllabus.Entry, events: Sequence[Event]) -> str:
    """How far a learner is with a lesson, in a few words.

    >>> standing(syllabus.lessons()[0], ())
    'not opened yet'
    """
    read = progress.reading(events, entry.slug)
    told = ["opened" if read.opened else "not opened yet"]
    best = progress.best(progress.submitted(events, entry.slug))
    open_attempt = progress.current(events, entry.slug)
    if best:
        told = [f"best quiz result {round(100 * best.share)} %"]
    if open_attempt:
        told.append(f"quiz under way, {len(open_attempt.answers)} of {len(open_attempt.order)} answered")
    return ", ".join(told)


def _lesson(entry: syllabus.Entry, events: Sequence[Event]) -> None:
    st.header(entry.title, anchor=entry.slug)
    st.caption(f"{entry.minutes} minutes · {standing(entry, events)}")
    st.markdown(entry.summary)
    st.markdown("\n".join(f"- {objective.statement}" for objective in entry.objectives))
    with st.container(horizontal=True, key=f"links-{entry.slug}"):
        shell.link(entry.slug, "Open the lesson")
        shell.link(f"{entry.slug}-quiz", "Take the quiz")
