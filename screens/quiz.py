"""The quiz of a lesson: its front, one question at a time, the list before handing in; then `screens/feedback.py`.

The log is the truth. Every answer goes there as it is given, so a reload, a restart or a second tab finds the same
attempt at the same question; session_state holds only what the widgets show and which question is on the screen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from course import syllabus
from learners import progress
from learners.identity import Learner
from learners.progress import Attempt
from learners.store import Journal, StoreError
from quizzes.bank import Bank, load
from quizzes.item import Item
from screens import feedback, question, score, shell, sitting
from screens.visitor import journal, moment, server_secret
from simulator.errors import InputError


def show(who: Learner, slug: str) -> None:
    """The page `/<slug>-quiz`."""
    with shell.page(who):
        try:
            bank = load(slug)
        except InputError as error:
            shell.lost(str(error))
            return
        with st.container(key="quiz", width=shell.MEASURE):
            entry = syllabus.lesson(slug)
            st.title(f"Quiz: {entry.title if entry else bank.title}", anchor=False)
            try:
                events = journal(who).read(who.id, slug)
            except StoreError as error:
                _say(str(error))
                return
            history = progress.submitted(events, slug)
            looked_at = st.query_params.get("attempt")
            chosen = next((attempt for attempt in history if str(attempt.number) == looked_at), None)
            if not chosen:
                if looked_at is not None:
                    st.info("The address asks for an attempt that you have not handed in; this is where you are.")
                _sit(who, slug) if progress.current(events, slug) else _front(who, bank, history)
        if chosen:
            _result(who, bank, chosen, history)


# The front of the quiz


def _front(who: Learner, bank: Bank, history: Sequence[Attempt]) -> None:
    items = sitting.quiz_items(bank)
    points = sum(item.points for item in items)
    minutes = max(1, round(sum(item.est_seconds for item in items) / 60))
    st.markdown(
        f"{len(items)} questions, {score.points(points)}, about {minutes} minutes. "
        "Take your time: nothing runs out, and a wrong answer takes no points away."
    )
    st.markdown(
        "- Numbers and clusters are drawn fresh for each attempt, and the simulator works out the right answers.\n"
        "- Every answer is kept as you give it. Close the page and come back: you go on where you stopped.\n"
        "- After you hand in, each question shows why each answer is right or not."
    )
    best = progress.best(history)
    if best:
        st.markdown(f"**Best so far: {score.of_attempt(best)}.**")
    _trouble(bank.slug)
    with st.container(key="next-act-start"):
        st.button(
            "Try again with fresh numbers" if history else "Start the quiz",
            type="primary",
            on_click=_begin,
            args=(who, bank.slug),
        )
    if history:
        _history(bank, history)


def _history(bank: Bank, history: Sequence[Attempt]) -> None:
    best = progress.best(history)
    st.header("Your attempts", anchor=False)
    for attempt in reversed(history):
        with st.container(horizontal=True, vertical_alignment="center"):
            mark = ", your best" if attempt is best and len(history) > 1 else ""
            st.markdown(
                f"**Attempt {attempt.number}**: {score.of_attempt(attempt)}{mark} · {moment(attempt.submitted_ms)}"
            )
            st.button(
                f"See attempt {attempt.number}",
                key=f"quiz:{bank.slug}:see:{attempt.number}",
                type="tertiary",
                on_click=_look_at,
                args=(attempt.number,),
            )


def _result(who: Learner, bank: Bank, attempt: Attempt, history: Sequence[Attempt]) -> None:
    feedback.show_attempt(bank, attempt, history)
    with st.container(horizontal=True):
        with st.container(key="next-act-again", width="content"):
            st.button("Try again with fresh numbers", type="primary", on_click=_begin, args=(who, bank.slug))
        st.button("All your attempts", on_click=_look_at, args=(None,))
    _trouble(bank.slug)


# One question at a time


@st.fragment
def _sit(who: Learner, slug: str) -> None:
    bank = load(slug)
    try:
        attempt = progress.current(journal(who).read(who.id, slug), slug)
    except StoreError as error:
        _say(str(error))
        return
    if attempt is None:
        # Handed in, here or in another tab: the whole page changes.
        st.rerun()
    items = sitting.items_of(bank, attempt)
    at = _position(attempt, items)
    _places(who, bank, attempt, items, at)
    if at < len(items):
        _one(who, bank, attempt, items, at)
    else:
        _before_handing_in(who, bank, attempt, items)


def _places(who: Learner, bank: Bank, attempt: Attempt, items: Sequence[Item], at: int) -> None:
    """The row of questions: which are answered, which one this is, and the way to each."""
    names = [f":material/check: {k}" if _counts(attempt, item) else str(k) for k, item in enumerate(items, start=1)]
    names.append("Hand in")
    key = _key(bank.slug, attempt, "place")
    st.session_state[key] = at
    st.pills(
        "Questions, a check marks those answered",
        range(len(names)),
        format_func=names.__getitem__,
        key=key,
        on_change=_jump,
        args=(who, bank.slug, attempt.number),
    )


def _one(who: Learner, bank: Bank, attempt: Attempt, items: Sequence[Item], at: int) -> None:
    item = items[at]
    visible = sitting.variant_of(attempt, item).visible()
    key = _key(bank.slug, attempt, item.id)
    st.header(f"Question {at + 1} of {len(items)}", anchor=False)
    st.caption(f"{score.points(visible['points'])}. {visible['rule']}")
    # One container for each part: the buttons stay at their place on the page, so they keep the keyboard's focus.
    with st.container():
        question.pose(visible)
    with st.container():
        question.ask(
            visible,
            key=key,
            given=attempt.answers.get(item.id),
            on_change=lambda: _keep(who, bank.slug, attempt.number, item.id),
        )
    with st.container():
        _state_of_answer(bank.slug, visible, attempt.answers.get(item.id))
    with st.container(horizontal=True):
        st.button(
            "Previous",
            key=_key(bank.slug, attempt, "previous"),
            disabled=at == 0,
            on_click=_go,
            args=(who, bank.slug, attempt.number, at - 1),
        )
        with st.container(key="next-act-next", width="content"):
            st.button(
                "Next" if at + 1 < len(items) else "Check and hand in",
                key=_key(bank.slug, attempt, "next"),
                type="primary",
                on_click=_go,
                args=(who, bank.slug, attempt.number, at + 1),
            )


def _state_of_answer(slug: str, visible: question.Visible, given: question.Response) -> None:
    """One line under the question: kept, not kept and why, or not a number."""
    if _trouble(slug):
        return
    unfit = question.unfit(visible, given)
    if unfit:
        st.markdown(f":material/error: {unfit}")
    elif given is None:
        st.caption("No answer yet.")
    else:
        st.caption(":material/check: Your answer is kept. You may change it until you hand in.")


def _before_handing_in(who: Learner, bank: Bank, attempt: Attempt, items: Sequence[Item]) -> None:
    st.header("Before you hand in", anchor=False)
    lines: list[str] = []
    open_ones = 0
    for k, item in enumerate(items, start=1):
        visible = sitting.variant_of(attempt, item).visible()
        given = attempt.answers.get(item.id)
        counts = _counts(attempt, item)
        open_ones += not counts
        sign = ":material/check:" if counts else ":material/radio_button_unchecked:"
        lines.append(f"{sign} **Question {k}:** {question.unfit(visible, given) or question.in_words(visible, given)}")
    st.markdown("  \n".join(lines))
    if open_ones:
        count = "One question has" if open_ones == 1 else f"{open_ones} questions have"
        st.markdown(f"{count} no full answer yet. Go back by its number above, or hand in as it is.")
    _trouble(bank.slug)
    with st.container(key="next-act-submit"):
        st.button(
            "Hand in and see the result",
            key=_key(bank.slug, attempt, "submit"),
            type="primary",
            on_click=_submit,
            args=(who, bank.slug, attempt.number),
        )


# What the widgets do


def _begin(who: Learner, slug: str) -> None:
    st.query_params.pop("attempt", None)
    with _watched(slug):
        log = journal(who)
        # A second tab may have begun one already: then this goes on with that.
        if progress.current(log.read(who.id, slug), slug) is None:
            sitting.begin(log, who, load(slug), server_secret())
    st.session_state.pop(f"quiz:{slug}:at", None)


def _keep(who: Learner, slug: str, number: int, item: str) -> None:
    with _watched(slug):
        _keep_if_new(journal(who), who, slug, number, item)


def _keep_if_new(log: Journal, who: Learner, slug: str, number: int, name: str) -> None:
    bank = load(slug)
    attempt = progress.current(log.read(who.id, slug), slug)
    if attempt is None or attempt.number != number:
        return
    item = next((item for item in sitting.items_of(bank, attempt) if item.id == name), None)
    if item is None:
        return
    visible = sitting.variant_of(attempt, item).visible()
    held = question.held(visible, key=_key(slug, attempt, name))
    if held != attempt.answers.get(name):
        sitting.answered(log, who, bank, attempt, name, held)


def _jump(who: Learner, slug: str, number: int) -> None:
    place = st.session_state.get(f"quiz:{slug}:{number}:place")
    # A click on the chosen pill lets it go; the question stays.
    if place is not None:
        _go(who, slug, number, place)


def _go(who: Learner, slug: str, number: int, to: int) -> None:
    """Turn to another question; not before the answer on this one is safe."""
    with _watched(slug):
        log = journal(who)
        bank = load(slug)
        attempt = progress.current(log.read(who.id, slug), slug)
        if attempt is None or attempt.number != number:
            return
        items = sitting.items_of(bank, attempt)
        at = _position(attempt, items)
        if at < len(items):
            _keep_if_new(log, who, slug, number, items[at].id)
        sitting.opened(log, who, bank, attempt, items[to].id if to < len(items) else "")
        st.session_state[f"quiz:{slug}:at"] = [number, to]


def _submit(who: Learner, slug: str, number: int) -> None:
    with _watched(slug):
        sitting.submit(journal(who), who, load(slug), number)
        st.query_params["attempt"] = str(number)


def _look_at(number: int | None) -> None:
    if number is None:
        st.query_params.pop("attempt", None)
    else:
        st.query_params["attempt"] = str(number)


def _position(attempt: Attempt, items: Sequence[Item]) -> int:
    """The question on the screen: where this tab is, else where the log says that the learner was."""
    number, at = st.session_state.get(f"quiz:{attempt.bank}:at", (0, 0))
    if number == attempt.number:
        return min(at, len(items))
    if attempt.at_item == "":
        return len(items)
    return next((k for k, item in enumerate(items) if item.id == attempt.at_item), 0)


def _counts(attempt: Attempt, item: Item) -> bool:
    """Whether the log has an answer to the item that can be graded as it stands."""
    given = attempt.answers.get(item.id)
    return given is not None and question.unfit(sitting.variant_of(attempt, item).visible(), given) is None


def _key(slug: str, attempt: Attempt, name: str) -> str:
    return f"quiz:{slug}:{attempt.number}:{name}"


@contextmanager
def _watched(slug: str) -> Iterator[None]:
    """What goes wrong with the log becomes one sentence on the page, and what the learner gave stays in its widget."""
    st.session_state.pop(f"quiz:{slug}:trouble", None)
    try:
        yield
    except StoreError as error:
        st.session_state[f"quiz:{slug}:trouble"] = str(error)


def _trouble(slug: str) -> bool:
    sentence = st.session_state.get(f"quiz:{slug}:trouble")
    if sentence:
        _say(f"{sentence} What you gave is still on this page.")
    return bool(sentence)


def _say(sentence: str) -> None:
    st.error(sentence, icon=":material/error:")
