"""What the figures of the placement lesson share: runs and films computed once, and the words below a board."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import streamlit as st

from diagrams.board import board_film
from diagrams.film import Film
from lessons.situations import text_of
from lessons.stage import Stage
from simulator.model import Cluster, Instance
from simulator.placement import RULES, Decision, Event, PlacementRules, StopDecision, simulate
from simulator.trace import Trace, explain, first_difference, state_at
from ui import theme, verdict
from ui.player import PlayerState, player
from ui.sandbox import Preset
from ui.words import code, plain

Run = Trace[Cluster, Event]


def run_of(scenario: Mapping[str, Any], rules: PlacementRules = RULES) -> Run:
    """The whole run of a scenario, computed once for all readers."""
    return _run(text_of(scenario), rules)


def film_of(scenario: Mapping[str, Any], rules: PlacementRules = RULES, *, locked: bool = False) -> Film:
    """The run as a film; while a bet is owed, nothing but its first frame."""
    return _film(text_of(scenario), rules, 0 if locked else None)


def board(
    stage: Stage, scenario: Mapping[str, Any], *, key: str = "board", step: int = 0, told: str = ""
) -> PlayerState:
    """One run on a board, and below it what the step at rest decided."""
    rest = player(film_of(scenario, locked=stage.locked), key=stage.key(key), step=step)
    with st.container(width=theme.MEASURE):
        if stage.locked:
            st.caption("Place your bet above; then the run goes on from here, and the text after it.")
            at_rest(run_of(scenario), 0, rest.picked)
        else:
            below(run_of(scenario), rest.step, rest.picked, told=told)
    return rest


def below(run: Run, step: int, picked: str | None, *, told: str = "") -> None:
    """What was decided just before `step`; at the start, the state of the instance that was chosen."""
    made = decided(run, step)
    if isinstance(made, Decision):
        verdict.decision(made, picked)
    elif isinstance(made, StopDecision):
        verdict.stop(made, picked)
    else:
        note = run.events[step - 1].note if 0 < step <= len(run) else None
        at_rest(run, step, picked, told=plain(note) if note else told)


def decided(run: Run, step: int) -> Decision | StopDecision | None:
    """The decision that led to `step`, None at the start and after a change of the learner's."""
    return explain(run, step - 1) if 0 < step <= len(run) else None


def at_rest(run: Run, step: int, picked: str | None, *, told: str = "") -> None:
    """The chosen instance as it stands, where nothing has been decided about it."""
    found = next((one for one in state_at(run, min(step, len(run))).instances if one.id == picked), None)
    if found is not None:
        st.markdown(_standing(found))
    elif told:
        st.caption(told)


def pair(
    stage: Stage,
    scenario: Mapping[str, Any],
    left: tuple[str, Mapping[str, Any], PlacementRules],
    right: tuple[str, Mapping[str, Any], PlacementRules],
    *,
    key: str = "pair",
    step: int = 0,
    at_parting: bool = False,
) -> PlayerState:
    """Two runs under one slider, the first difference marked, and what each decided at the step at rest.

    `at_parting` begins where the two have just parted, and not at `step`, once no bet is owed.
    """
    runs = [run_of({**scenario, **differs}, rules) for _, differs, rules in (left, right)]
    films = [film_of({**scenario, **differs}, rules, locked=stage.locked) for _, differs, rules in (left, right)]
    titles = (left[0], right[0])
    parted = first_difference(*runs)
    mark = None if stage.locked else parted
    if at_parting and mark is not None:
        step = mark + 1
    rest = player(films[0], key=stage.key(key), beside=films[1], labels=titles, parted_at=mark, step=step)
    if stage.locked:
        st.caption("Place your bet above; then both runs go on from here, and the text after them.")
        return rest
    st.markdown(_parting(runs, parted, titles))
    if rest.picked:
        for column, run, title in zip(st.columns(2), runs, titles, strict=True):
            with column:
                st.caption(title)
                below(run, min(rest.step, len(run)), rest.picked)
    return rest


def last_step(preset: Preset) -> int:
    """The step at which a preset's run is over."""
    return len(run_of(preset.scenario))


def _parting(runs: list[Run], parted: int | None, titles: tuple[str, str]) -> str:
    if parted is None:
        return "The two never part: both choose the same at every step."
    ways = [_way(run, parted) for run in runs]
    return f"They part at step {parted + 1}: **{titles[0]}** {ways[0]}, **{titles[1]}** {ways[1]}."


def _way(run: Run, at: int) -> str:
    if at >= len(run):
        return "is over"
    event = run.events[at]
    if event.stopped:
        return f"stops one on {code(event.instance or '')}"
    return f"takes {code(event.instance)}" if event.instance else "places nothing"


def _standing(one: Instance) -> str:
    left = one.remaining or one.registered
    room = f"{left.cpu:,} CPU units and {left.memory:,} MiB are left" if left else "how much is left is not known"
    runs = ", ".join(f"{count} of {code(group)}" for group, count in one.tasks.items() if count) or "no task"
    agent = "" if one.agent_connected else ", its agent disconnected"
    return (
        f"{code(one.id)} is {code(one.type or 'of unknown type')} in {code(one.zone or 'an unknown zone')}, "
        f"{plain(one.status)}{agent}. It runs {runs}; {room}."
    )


@lru_cache(maxsize=128)
def _run(text: str, rules: PlacementRules) -> Run:
    # Read back from the text: the run's own scenario is nobody else's to change.
    return simulate(json.loads(text), rules)


@lru_cache(maxsize=128)
def _film(text: str, rules: PlacementRules, upto: int | None) -> Film:
    return board_film(_run(text, rules), upto=upto)
