"""The chooser of the first lesson: questions about a workload, and ten places of which fewer and fewer remain."""

from __future__ import annotations

import json

import streamlit as st

from lessons import playground
from lessons.containers_figures import answered, board
from lessons.containers_places_cli import snippets
from lessons.containers_presets import WORKLOADS
from lessons.playground import Playground
from lessons.stage import Stage
from simulator.errors import InputError
from simulator.launch_types.places import QUESTIONS, Question
from ui import sandbox
from ui.player import PlayerState
from ui.sandbox import Sandbox, Scenario
from ui.words import plain

ASK = "A GPU, AWS looks after the machines, and no fee for a control plane. Which of the ten places can do all three?"
_RUNNING = ("AWS_RUNS_MACHINES", "KUBERNETES", "NO_CLUSTER_FEE", "OWN_SERVERS", "NEVER_TAKEN_BACK")


def show(stage: Stage) -> None:
    """The board with its questions; while a bet is owed, the board alone, without a verdict."""
    if stage.locked:
        board(stage, WORKLOADS[0].scenario, ask=ASK)
        return
    # It is the heart of the lesson, so it need not be opened first.
    st.session_state.setdefault(stage.key("opened"), True)
    playground.show(stage, GROUND)


def check(scenario: Scenario) -> None:
    """Refuse what is no set of answers; the room itself would answer a bill, too.

    Raises
    ------
    InputError
        With one sentence.
    """
    if "answers" not in scenario:
        raise InputError("A situation here has answers, such as {“answers”: {“GPU”: true}}.", path="answers")
    answered(scenario)


def _figure(stage: Stage, scenario: Scenario, _aside: str) -> PlayerState:
    return board(stage, scenario)


def _running(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    _ask(box, [one for one in QUESTIONS if one.code in _RUNNING])


def _work(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    _ask(box, [one for one in QUESTIONS if one.code not in _RUNNING])


def _ask(box: Sandbox, questions: list[Question]) -> None:
    left, right = st.columns(2)
    for at, one in enumerate(questions):
        with right if at % 2 else left:
            _question(box, one)


def _question(box: Sandbox, one: Question) -> None:
    """One question with its two answers; the scenario is the truth, and the answers show it."""
    key = f"{box.key}:question:{one.code}"
    st.session_state[key] = one.narrow if one.code in answered(sandbox.current(box))["answers"] else one.wide
    st.segmented_control(
        plain(one.asks), [one.wide, one.narrow], required=True, key=key, on_change=_take, args=(box, one.code, key)
    )


def _take(box: Sandbox, code: str, key: str) -> None:
    narrow = next(one.narrow for one in QUESTIONS if one.code == code)
    others = [one for one in answered(sandbox.current(box))["answers"] if one != code]
    given = [*others, code] if st.session_state[key] == narrow else others
    # In the order of the questions, so that the same answers are the same situation.
    sandbox.propose(box, {"answers": {one.code: True for one in QUESTIONS if one.code in given}})


GROUND = Playground(
    presets=WORKLOADS,
    check=check,
    figure=_figure,
    panels={"How it is run": _running, "What it needs": _work},
    run=lambda scenario: json.dumps(answered(scenario), indent=2),
    real=snippets,
)
