"""The course: its lessons in order, what each makes you able to do, how far you are, and the words they use."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from course import glossary, syllabus
from learners import progress
from learners.identity import Learner
from learners.store import Event
from screens import shell, words

_CSS = """<style>
.contents { columns: 2 16rem; margin: 0; padding-left: 1.6rem !important; line-height: 1.75; }
.contents .last { list-style: none; }
.letters { margin: 0; line-height: 2; }
.stMain .letters a { display: inline-block; min-width: 1.4rem; }
.stMain :is(.contents, .letters) a { color: light-dark(#1f4e79, #9cc3ee); text-decoration: underline 1px;
  text-underline-offset: 0.2em; }
</style>"""


def show(who: Learner) -> None:
    """Draw the course page."""
    with shell.page(who):
        events = shell.events(who)
        with st.container(key="course", width=shell.MEASURE):
            st.title("Course", anchor=False)
            st.html(_contents(syllabus.lessons()))
            for number, entry in enumerate(syllabus.lessons(), start=1):
                _lesson(number, entry, events)
        with st.container(key="glossary", width=shell.MEASURE):
            st.header("Glossary", anchor="glossary")
            st.html(_letters(glossary.terms()))
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


def _contents(entries: Sequence[syllabus.Entry]) -> str:
    """What is on the page, for a course is long: a link to each lesson's part, and to the glossary."""
    lines = "".join(f'<li><a href="#{entry.slug}">{html.escape(entry.title)}</a></li>' for entry in entries)
    return f'{_CSS}<ol class="contents">{lines}<li class="last"><a href="#glossary">Glossary</a></li></ol>'


def _letters(terms: Sequence[glossary.Term]) -> str:
    """A link from each letter to the first word that begins with it.

    >>> words = [glossary.Term(term=name, definition="Something that is there.") for name in ("agent", "AMI", "bake")]
    >>> _letters(words)
    '<p class="letters"><a href="#word-agent">A</a> <a href="#word-bake">B</a></p>'
    """
    first: dict[str, str] = {}
    for term in terms:
        first.setdefault(term.term[0].upper(), term.anchor)
    links = " ".join(f'<a href="#{anchor}">{letter}</a>' for letter, anchor in first.items())
    return f'<p class="letters">{links}</p>'


def _lesson(number: int, entry: syllabus.Entry, events: Sequence[Event]) -> None:
    st.header(f"{number} {entry.title}", anchor=entry.slug)
    st.caption(f"{entry.minutes} minutes · {standing(entry, events)}")
    st.markdown(entry.summary)
    st.markdown("\n".join(f"- {objective.statement}" for objective in entry.objectives))
    with st.container(horizontal=True, key=f"links-{entry.slug}"):
        shell.link(entry.slug, "Open the lesson")
        shell.link(f"{entry.slug}-quiz", "Take the quiz")
