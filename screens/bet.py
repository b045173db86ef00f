"""The questions in a lesson's text: a bet before a figure goes on, and a check in the flow. Neither of them counts."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from learners.identity import Learner
from learners.progress import Reading
from learners.store import Event
from quizzes.bank import Bank, load
from quizzes.grading import grade
from quizzes.item import Item
from quizzes.variants import Variant, serve
from screens import feedback, question, shell
from simulator.errors import InputError

# The text around a question speaks of one situation, so every reader gets the same variant of it.
SEED = 0


@st.fragment
def predict(name: str, *, slug: str, who: Learner, read: Reading) -> None:
    """A bet: until it is placed or skipped, the figure it is about stays at its first step."""
    placed = read.predicted.get(name)
    found = _find(slug, name)
    if found is None:
        _missing(name)
    elif placed is not None:
        _settled(found, placed.get("response"), key=f"bet:{name}")
    if placed is None:
        _open(name, found, slug, who)


@st.fragment
def check(name: str, *, slug: str, who: Learner, read: Reading) -> None:
    """A question in the flow: answer, see why, answer again as often as you like."""
    found = _find(slug, name)
    if found is None:
        _missing(name)
        return
    last = read.checked.get(name)
    head = ":material/help: **Check yourself**"
    response = _ask(found, head, key=f"check:{name}", given=last.get("response") if last else None)
    if last is not None and response == last.get("response"):
        _show(found, response, key=f"check:{name}")
        return
    asked = st.button("Check", key=f"check:{name}:check", disabled=response is None)
    if asked and _keep(who, slug, "checked", found, response):
        st.rerun()


Question = tuple[Item, Variant]


def _open(name: str, found: Question | None, slug: str, who: Learner) -> None:
    response = _ask(found, ":material/casino: **Your bet first**", key=f"bet:{name}") if found else None
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(key=f"next-act-{name.replace('.', '-')}", width="content"):
            bet = st.button("Place the bet", key=f"bet:{name}:place", disabled=response is None)
        skip = st.button("Skip", key=f"bet:{name}:skip", type="tertiary")
    kept = bool(found and bet) and _keep(who, slug, "predicted", found, response)
    if skip:
        skipped = Event(learner=who.id, kind="predicted", bank=slug, item=name, payload={"skipped": True})
        kept = shell.keep(who, skipped)
    if kept:
        st.rerun()


def _find(slug: str, name: str) -> Question | None:
    try:
        return _served(load(slug), name)
    except InputError:
        return None


@lru_cache(maxsize=256)
def _served(bank: Bank, name: str) -> Question | None:
    # Serving computes the key with the simulator: once for all readers, for they all get the same variant.
    item = next((item for item in bank.items if item.id == name), None)
    return (item, serve(item, SEED)) if item else None


def _ask(found: Question, head: str, *, key: str, given: question.Response = None) -> question.Response:
    visible = found[1].visible()
    question.pose(visible, head=head)
    return question.ask(visible, key=key, given=given)


def _settled(found: Question, response: question.Response, *, key: str) -> None:
    """A bet that is placed: what it was, and, for those who want it in words, how it came out."""
    visible = found[1].visible()
    told = "You skipped this one." if response is None else f"You bet: {question.in_words(visible, response)}"
    question.pose(visible, head=":material/casino: **Your bet**", foot=told)
    reasons = st.expander("How it comes out, and why", key=f"{key}:why", on_change="rerun")
    if not reasons.open:
        return
    with reasons:
        if response is None:
            _solution(found)
        else:
            _show(found, response, key=key)


def _solution(found: Question) -> None:
    """The answer itself, for those who placed no bet: nothing of theirs is judged."""
    result = grade(*found, None)
    st.markdown("\n".join(f"- **{part.text}** {part.rationale}" for part in result.parts if part.key))
    st.markdown(result.feedback)


def _show(found: Question, response: question.Response, *, key: str) -> None:
    item, variant = found
    feedback.show_item(item, variant, grade(item, variant, response), response, key=f"{key}:after", counts=False)


def _keep(who: Learner, slug: str, kind: str, found: Question, response: question.Response) -> bool:
    """Write the answer down, unless it is none yet; then say why."""
    item, variant = found
    result = grade(item, variant, response)
    if result.invalid:
        st.warning(result.invalid)
        return False
    payload = {"response": response, "score": result.score}
    return shell.keep(who, Event(learner=who.id, kind=kind, bank=slug, item=item.id, payload=payload))


def _missing(name: str) -> None:
    st.warning(f"The question {name} is not in this lesson’s bank; skip it and read on.")
