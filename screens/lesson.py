"""A lesson's page: its words in order, its live figures, the questions in the text, and the quiz as the next act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec

import streamlit as st

from course import syllabus
from learners import progress
from learners.identity import Learner
from learners.store import Event
from lessons import blocks, markdown
from lessons.stage import Stage
from screens import bet, shell, words
from simulator.errors import InputError
from ui import theme
from ui.companion import place

Figure = Callable[[Stage], None]


def show(who: Learner, slug: str) -> None:
    """Draw the lesson of that slug; one that is not there gets a sentence and a way out."""
    with shell.page(who):
        try:
            lesson = markdown.load(slug)
        except InputError as error:
            shell.lost(str(error))
            return
        read = progress.reading(shell.events(who, slug), slug)
        if not read.opened:
            shell.keep(who, Event(learner=who.id, kind="read", bank=slug))
        _head(lesson, slug, read)
        widgets, diagrams = figures(slug)
        owed = _owed(lesson, read)
        withheld = _withheld(lesson, owed)
        for k, run in _runs(lesson, withheld):
            block = run[0]
            match block:
                case blocks.Widget(name=name):
                    _live(widgets[name], Stage(slug=slug, name=name, locked=name in owed))
                case blocks.DiagramBlock(name=name):
                    _live(diagrams[name], Stage(slug=slug, name=name))
                case blocks.Predict() | blocks.Check():
                    with st.container(key=f"{type(block).__name__.lower()}-{k}", width=shell.MEASURE, border=True):
                        ask = bet.predict if isinstance(block, blocks.Predict) else bet.check
                        ask(block.item, slug=slug, who=who, read=read)
                case _:
                    _text(run, lesson)
        _onward(slug)
        words.used_here(lesson)
        words.sources(lesson)


def figures(slug: str) -> tuple[Mapping[str, Figure], Mapping[str, Figure]]:
    """The live figures and the diagrams of a lesson, by name; none if it has no module."""
    name = f"lessons.{slug.replace('-', '_')}"
    if find_spec(name) is None:
        return {}, {}
    module = import_module(name)
    return module.WIDGETS, module.DIAGRAMS


def questions(lesson: blocks.Lesson) -> tuple[str, ...]:
    """The ids of the questions in the text, in the order of the page."""
    return tuple(block.item for block in lesson.blocks if isinstance(block, blocks.Predict | blocks.Check))


@st.fragment
def _live(figure: Figure, stage: Stage) -> None:
    """A figure runs in a fragment of its own: what it does reruns it alone."""
    with st.container(key=f"figure-{stage.name}", width=theme.WIDE):
        figure(stage)


def _owed(lesson: blocks.Lesson, read: progress.Reading) -> set[str]:
    """The figures that wait for a prediction."""
    return {
        block.widget
        for block in lesson.blocks
        if isinstance(block, blocks.Predict) and block.item not in read.predicted
    }


def _withheld(lesson: blocks.Lesson, owed: set[str]) -> set[int]:
    """The places of the blocks that tell how a bet comes out: what follows its figure, up to the next heading."""
    places: set[int] = set()
    waiting = False
    for k, block in enumerate(lesson.blocks):
        if isinstance(block, blocks.Heading | blocks.Widget | blocks.DiagramBlock | blocks.Predict):
            waiting = isinstance(block, blocks.Widget) and block.name in owed
        elif waiting:
            places.add(k)
    return places


def _head(lesson: blocks.Lesson, slug: str, read: progress.Reading) -> None:
    front = lesson.front
    with st.container(key="lesson-head", width=shell.MEASURE):
        st.title(front.title, anchor=False)
        asked = questions(lesson)
        done = sum(item in read.predicted or item in read.checked for item in asked)
        told = [f"{front.minutes} minutes"]
        if asked:
            told.append(f"{done} of {len(asked)} questions in the text answered")
        st.caption(" · ".join(told))
        place(slug)
        goals = "\n".join(f"- {goal.statement}" for goal in front.objectives)
        st.markdown(f"After this lesson you can:\n\n{goals}")
        for before in front.requires:
            entry = syllabus.lesson(before)
            if entry:
                shell.link(before, f"Builds on: {entry.title}", icon=":material/subdirectory_arrow_right:")


def _runs(lesson: blocks.Lesson, withheld: set[int]) -> Iterator[tuple[int, list[blocks.Block]]]:
    """The blocks to show, each with its place; all text between two figures or questions comes together."""
    run: list[blocks.Block] = []
    start = 0
    for k, block in enumerate(lesson.blocks):
        if k in withheld:
            continue
        if run and not (isinstance(block, _TEXT) and isinstance(run[0], _TEXT)):
            yield start, run
            run = []
        if not run:
            start = k
        run.append(block)
    if run:
        yield start, run


_TEXT = (blocks.Prose, blocks.Heading, blocks.Rule, blocks.Myth, blocks.Aws, blocks.Recap)


def _text(run: Sequence[blocks.Block], lesson: blocks.Lesson) -> None:
    # One message for all of it: a page has dozens of paragraphs, and each message costs every rerun its time.
    # Streamlit makes a heading's anchor as `lessons.markdown.anchor` does: a browser test holds them equal.
    # The only HTML in it is the boxes' own, for a lesson's text may hold none.
    text = "\n\n".join(_written(block, lesson) for block in run)
    st.markdown(text, width=shell.MEASURE, unsafe_allow_html=True)


def _written(block: blocks.Block, lesson: blocks.Lesson) -> str:
    match block:
        case blocks.Heading():
            return f"{'#' * block.level} {words.linked(block.text)}"
        case blocks.Prose():
            return words.linked(block.markdown)
        case blocks.Rule():
            return _box("rule", words.linked(block.markdown))
        case blocks.Myth():
            source = words.source_line(block.source, lesson)
            belief, truth = words.linked(block.belief), words.linked(block.truth)
            return _box("myth", f"**You may have read:** “{belief}”\n\n{truth}\n\n:small[{source}]")
        case blocks.Aws():
            return _box("aws", f"**{words.linked(block.title)}**\n\n{words.linked(block.markdown)}")
        case blocks.Recap():
            lines = (f"{k}. {words.linked(line)}" for k, line in enumerate(block.lines, start=1))
            return _box("recap", "\n".join(lines))
        case _:
            raise TypeError(f"The page has no way to show a {type(block).__name__}.")


def _box(kind: str, text: str) -> str:
    """Text in a box of its own; the empty lines let what is inside be read as Markdown."""
    return f'<div class="box {kind}">\n\n{text}\n\n</div>'


def _onward(slug: str) -> None:
    before, after = syllabus.neighbors(slug)
    with st.container(key="onward", width=shell.MEASURE):
        shell.link(f"{slug}-quiz", "Take the quiz", icon=":material/arrow_forward:", next_act=True)
        with st.container(horizontal=True, key="neighbors", horizontal_alignment="distribute"):
            if before:
                shell.link(before.slug, f"Before this: {before.title}")
            if after:
                shell.link(after.slug, f"After this: {after.title}")
