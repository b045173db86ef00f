"""The live figures of the lesson on launch types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import streamlit as st

from diagrams.duty_board import duty_film, told_of
from diagrams.feature_board import feature_film
from diagrams.film import Film
from lessons import for_real, launch_sandbox
from lessons.for_real import Writer
from lessons.launch_figures import answered, chart, picture_of
from lessons.launch_presets import FIRST, MOVES, QUESTIONS, SANDBOX
from lessons.launch_real import definitions, snippets
from lessons.situations import chosen, owed
from lessons.stage import Stage
from simulator.launch_types.fleet import MOST_PRICE
from simulator.launch_types.options import NAMES, Option
from simulator.preset import Preset
from ui import theme
from ui.figures import architecture
from ui.player import player
from ui.words import plain

ASK_DUTY = "Seven layers in four places. Which of them are your work, and which are AWS’s?"


def _bill(stage: Stage) -> None:
    """The opening bet: a full instance against its tasks on Fargate, as both run less and less."""
    chart(stage, FIRST.scenario)


def _break_even(stage: Stage) -> None:
    """What moves the break-even: the tasks' shape, the reader's own price, and what Spot costs at the moment."""
    preset = chosen(stage, MOVES)
    with st.container(horizontal=True):
        price = st.number_input(
            "Your instance’s price, dollars an hour  \n`instanceHourlyPrice`",
            min_value=0.0,
            max_value=float(MOST_PRICE),
            value=float(preset.scenario["ec2"]["instanceHourlyPrice"]),
            step=0.005,
            format="%.4f",
            key=stage.key(f"price-{preset.id}"),
        )
        discount = st.slider(
            "Fargate Spot costs less by, percent  \n`spotDiscountPercent`", 0, 70, 70, key=stage.key("discount")
        )
    scenario = {
        **preset.scenario,
        "ec2": {**preset.scenario["ec2"], "instanceHourlyPrice": price},
        "spotDiscountPercent": discount,
    }
    chart(stage, scenario, key=f"chart-{preset.id}")
    if st.toggle("For real", key=stage.key("real")):
        for_real.show(definitions(scenario))


def _duty(stage: Stage) -> None:
    """The layers under a task, and who holds each of them in every place."""
    answer = answered({"duty": "ALL"})
    rest = player(_duties(ASK_DUTY if stage.locked else ""), key=stage.key("board"))
    if not owed(stage):
        st.markdown(plain(told_of(answer, rest.picked)), width=theme.MEASURE)


def _bills(stage: Stage) -> None:
    """The bills of the sandbox's office hours as a diagram: what is known, what is not, and the cheapest."""
    scenario = next(one.scenario for one in SANDBOX if one.id == "office-hours")
    architecture(picture_of(scenario), key=stage.key("diagram"))


def _features(stage: Stage) -> None:
    """One question about five places at a time: first a guess, then which can, and why the others cannot."""
    code = st.pills(
        "The question",
        list(QUESTIONS),
        format_func=lambda one: QUESTIONS[one][0],
        default=next(iter(QUESTIONS)),
        required=True,
        key=stage.key("question"),
    )
    code = code if code in QUESTIONS else next(iter(QUESTIONS))
    told = st.session_state.get(stage.key("told"), {})
    guess: Sequence[str] = told.get(code, ())
    if code not in told:
        guess = st.pills(
            "Who can? Mark all that you think can",
            [option.value for option in Option],
            selection_mode="multi",
            format_func=lambda option: NAMES[Option(option)],
            key=stage.key(f"guess-{code}"),
        )
    player(_features_film(code, tuple(sorted(guess)), code in told), key=stage.key("board"))
    if code not in told:
        st.button("See who can", key=stage.key("see"), on_click=_see, args=(stage, code))
        return
    st.markdown(_why(code), width=theme.MEASURE)
    st.button("Next question", key=stage.key("next"), on_click=_next, args=(stage, code))


WIDGETS: dict[str, Callable[[Stage], None]] = {
    "bill": _bill,
    "break-even": _break_even,
    "duty": _duty,
    "features": _features,
    "sandbox": launch_sandbox.show,
}
DIAGRAMS: dict[str, Callable[[Stage], None]] = {"bills": _bills}
REAL: dict[str, tuple[Writer, tuple[Preset, ...]]] = {
    "break-even": (definitions, MOVES),
    "sandbox": (snippets, SANDBOX),
}


@lru_cache(maxsize=2)
def _duties(ask: str) -> Film:
    return duty_film(answered({"duty": "ALL"}), ask=ask)


@lru_cache(maxsize=256)
def _features_film(code: str, guess: tuple[str, ...], told: bool) -> Film:
    return feature_film(answered({"feature": code}), ask=QUESTIONS[code][1], guess=guess, told=told)


def _why(code: str) -> str:
    sentences: dict[str, Any] = answered({"feature": code})["sentences"]
    return "\n".join(f"- {plain(sentence)}" for sentence in sentences.values())


def _see(stage: Stage, code: str) -> None:
    guess = list(st.session_state.get(stage.key(f"guess-{code}")) or ())
    st.session_state[stage.key("told")] = {**st.session_state.get(stage.key("told"), {}), code: guess}


def _next(stage: Stage, code: str) -> None:
    codes = list(QUESTIONS)
    st.session_state[stage.key("question")] = codes[(codes.index(code) + 1) % len(codes)]
