"""What a learner sees after answering: the score and how it came about, why each answer is right or not, and the run
they believed in beside the run that happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from course import syllabus
from diagrams.film import Film
from learners import progress
from learners.progress import Attempt
from quizzes.bank import Bank
from quizzes.item import Item
from quizzes.misconceptions import misconception
from quizzes.replay import can_show, show_me
from quizzes.result import Part, Result
from quizzes.variants import Variant
from screens import question, score, shell, sitting
from simulator.trace import Trace
from ui.player import player


def show_attempt(bank: Bank, attempt: Attempt, history: Sequence[Attempt]) -> None:
    """The result of a submitted attempt: score, objectives, then every question with its reasons."""
    with st.container(key="result", width=shell.MEASURE):
        st.header(f"Attempt {attempt.number}: {score.of_attempt(attempt)}", anchor=False)
        best = progress.best(history)
        if best and best.number != attempt.number:
            st.markdown(f"Best so far: {score.of_attempt(best)}, in attempt {best.number}.")
        elif len(history) > 1:
            st.markdown("This is your best so far.")
        _objectives(attempt)
        _to_look_at(bank, attempt)
        if attempt.bank_hash != bank.hash:
            st.markdown(
                ":material/info: The questions were changed after this attempt. Its score stands; the reasons below "
                "are those of the questions as they are now."
            )
    for k, item in enumerate(sitting.items_of(bank, attempt), start=1):
        _question(k, item, attempt)


def show_item(
    item: Item, variant: Variant, result: Result, response: question.Response, *, key: str, counts: bool = True
) -> None:
    """Why each answer to one item is right or not, how its score came about if it `counts`, and how to look again."""
    with st.container(width=shell.MEASURE):
        st.markdown(f"{_verdict(result)} {_given(item, variant, response)}")
        _parts(item, result)
        if result.feedback:
            st.markdown(result.feedback)
        if counts:
            st.caption(result.explanation)
    for name in result.misconceptions:
        _belief(item, variant, name, key=f"{key}:{name}")
    if item.sources:
        links = ", ".join(f"[{_title(str(source.url))}]({source.url})" for source in item.sources)
        st.caption(f"Read at the source: {links}")


def _objectives(attempt: Attempt) -> None:
    statements = {objective.id: objective.statement for objective in syllabus.objectives()}
    for one in progress.mastery((attempt,)):
        name = statements.get(one.objective, one.objective)
        st.progress(one.share, text=f"{name} **{score.of_points(one.points, one.out_of)}**")


def _to_look_at(bank: Bank, attempt: Attempt) -> None:
    """The way from the top of a long page to the questions that were not all right."""
    right = {one.item for one in attempt.graded if one.score >= 1}
    numbered = enumerate(sitting.items_of(bank, attempt), start=1)
    links = [f"[{k}](#question-{k})" for k, item in numbered if item.id not in right]
    if links:
        st.markdown(f"Look again at question{'s' * (len(links) > 1)} {', '.join(links)}.")


@st.fragment
def _question(k: int, item: Item, attempt: Attempt) -> None:
    variant = sitting.variant_of(attempt, item)
    response = sitting.response_of(attempt, item)
    with st.container(width=shell.MEASURE):
        st.header(f"Question {k}", anchor=f"question-{k}")
        question.pose(variant.visible())
    key = f"quiz:{attempt.bank}:{attempt.number}:{item.id}:after"
    show_item(item, variant, sitting.result_of(attempt, item), response, key=key)


def _verdict(result: Result) -> str:
    if result.score >= 1:
        return ":material/check_circle: **Right.**"
    if result.score > 0:
        return ":material/adjust: **Partly right.**"
    return ":material/cancel: **Not this time.**"


def _given(item: Item, variant: Variant, response: question.Response) -> str:
    """The answer in words, where the parts below do not say it."""
    if response is None:
        return "You gave no answer."
    if item.type in ("single_choice", "multiple_choice"):
        return ""
    return f"You answered: {question.in_words(variant.visible(), response)}"


def _parts(item: Item, result: Result) -> None:
    """First what the learner did and what they left out; what they left alone rightly is folded away."""
    if item.type == "numeric":
        _numbers(result)
        return
    if item.type == "ordering":
        _steps(result)
        return
    telling = [part for part in result.parts if part.chosen or not part.right]
    telling.sort(key=lambda part: not part.chosen)
    others = [part for part in result.parts if part not in telling and part.rationale]
    for part in telling:
        sign = _sign(item, part, also=any(one.chosen and one.right for one in telling))
        st.markdown(f"{sign} **{part.text}**  \n{part.rationale}")
    if others:
        with st.expander("Why not the others"):
            for part in others:
                st.markdown(f"**{part.text}**  \n{part.rationale}")


def _numbers(result: Result) -> None:
    # The reason for the right number is the item's own feedback, which follows anyway.
    for part in result.parts:
        if part.key and not part.right:
            st.markdown(f":material/arrow_forward: The number is **{part.text}**.")
        elif not part.key and part.rationale and part.rationale not in result.feedback:
            st.markdown(f":material/close: **{part.text}**  \n{part.rationale}")


def _steps(result: Result) -> None:
    """A right order, with a sign at each step that stood elsewhere; then the steps that do not belong."""
    lines = []
    for place, part in enumerate((part for part in result.parts if part.key), start=1):
        sign = "check" if part.right else "swap_vert" if part.chosen else "add"
        told = "" if part.right else " You had it elsewhere." if part.chosen else " You left it out."
        lines.append(f"{place}. :material/{sign}: **{part.text}** {part.rationale}{told}")
    st.markdown("\n".join(("An order that is right:\n", *lines)))
    for part in result.parts:
        if not part.key and (part.chosen or part.rationale):
            sign = ":material/close: Not so:" if part.chosen else ":material/check: Rightly left out:"
            st.markdown(f"{sign} **{part.text}**  \n{part.rationale}")


def _sign(item: Item, part: Part, *, also: bool) -> str:
    """A sign and a word for how the learner dealt with an option; never a color alone (`also`: another was right)."""
    if part.chosen:
        return ":material/check: Yes:" if part.right else ":material/close: Not so:"
    if item.type == "single_choice":
        return ":material/arrow_forward: It is this one:"
    return f":material/add: This belongs{', too' * also}:"


def _belief(item: Item, variant: Variant, name: str, *, key: str) -> None:
    """What would have to be true for the answer to be right, where to read on, and both runs on request."""
    belief = misconception(name)
    with st.container(width=shell.MEASURE):
        said = f":material/lightbulb: Your answer would be right if this were true: *{belief.statement}*"
        if belief.remedy:
            anchor = f"#{belief.remedy.section}" if belief.remedy.section else ""
            entry = syllabus.lesson(belief.remedy.lesson)
            place = entry.title if entry else belief.remedy.lesson
            said += f" [Read about it in {place}]({belief.remedy.lesson}{anchor})."
        st.markdown(said)
        shown = can_show(item, name) and st.toggle("Show me: what happens, beside what you believed", key=f"{key}:show")
    if shown:
        _both_runs(item, variant, name, key=key)


def _both_runs(item: Item, variant: Variant, name: str, *, key: str) -> None:
    both = show_me(item, variant, name)
    if both.parts_at is None:
        st.markdown("In this situation both come out the same; the belief shows in others.")
    st.caption("What happens, and beside it what would happen under that belief. The slider marks where they part.")
    true = replace(_film(both.true, both.believed), title="What happens")
    believed = replace(_film(both.believed, both.true), title="What you believed")
    # Step k is the state before event k, so the first frame to differ is the one after it.
    parts_at = None if both.parts_at is None else _frame(both.true, both.believed, both.parts_at)
    parted = 0 if parts_at is None else parts_at + 1
    player(
        true,
        key=f"{key}:player",
        step=min(parted, max(len(true.frames), len(believed.frames)) - 1),
        beside=believed,
        parted_at=parts_at,
    )


def _film(trace: Trace, like: Trace) -> Film:
    """A run drawn on axes that it has in common with the one beside it."""
    # Only a page that shows a run pays for drawing it.
    if trace.mechanism.name == "placement":
        from diagrams.board import board_film

        return board_film(trace)
    if trace.mechanism.name == "scaling":
        from diagrams.scaling_film import run_film

        return run_film(trace, like=like)
    if trace.mechanism.name == "registry":
        from diagrams.registry_film import registry_film

        return registry_film(trace)
    if trace.mechanism.name == "volumes":
        from diagrams.volumes_film import volumes_film

        return volumes_film(trace)
    from diagrams.band import band_film

    return band_film(trace, like=like)


def _frame(true: Trace, believed: Trace, k: int) -> int:
    """The last frame in which both are the same: a film of scaling has one for a minute, all others for each event."""
    if true.mechanism.name != "scaling":
        return k
    from diagrams.scaling_course import moment_before

    return moment_before(true, believed, k)


def _title(url: str) -> str:
    """The page's own name at the end of an address.

    >>> _title("https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html")
    'task-placement'
    """
    return url.rstrip("/").rsplit("/", 1)[-1].split("#")[0].removesuffix(".html") or url
