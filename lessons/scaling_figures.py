"""What the figures of the lesson on service auto scaling share: a run with its reasons, two runs under one slider."""

from __future__ import annotations

import streamlit as st

from diagrams.scaling_words import chief_of
from lessons import scaling_runs as runs
from lessons.scaling_runs import Scenario
from lessons.stage import Stage
from simulator.preset import Preset
from ui import theme
from ui.player import PlayerState, player
from ui.words import marked, plain

STARTS = {  # the minute that shows the point
    "eighty": 7,
    "one-minute": 5,
    "five-times": 11,
    "maximum": 12,
    "no-room": 12,
    "fall": 20,
    "gap": 20,
    "deployment": 20,
    "two-policies": 20,
    "no-data": 20,
    "returns": 24,
}


def played(stage: Stage, preset: Preset, *, before: int, ask: str) -> PlayerState:
    """A situation's run at the minute that tells, and why it is so; while a bet is owed the minute `before`, which
    asks."""
    if stage.locked:
        return player(runs.opening_of(preset.scenario, before, ask), key=stage.key("opening"))
    rest = player(runs.film_of(preset.scenario), key=stage.key(f"run-{preset.id}"), step=STARTS[preset.id])
    with st.container(width=theme.MEASURE):
        reasons(preset.scenario, rest.step)
    return rest


def reasons(scenario: Scenario, step: int) -> None:
    """What the caption of a minute has no room for: what else happened, what would let a refused one through, and what
    AWS leaves open."""
    course = runs.course_at(scenario)
    moment = course.moments[min(step, len(course.moments) - 1)]
    made = {k: runs.explanation(scenario, k) for k in moment.told}
    chief = chief_of(course, moment)
    lines = [plain(one.sentence) for k, one in made.items() if k != chief]
    fixes = dict.fromkeys(one.fix for one in made.values() if one.fix)
    notes = dict.fromkeys(note for one in made.values() for note in one.open)
    lines += [f":material/build: What would let it through: {plain(fix)}." for fix in fixes]
    lines += [f":small[:material/contrast: {marked(note)}]" for note in notes]
    if lines:
        st.markdown("\n\n".join(lines))


def summary(names: tuple[str, ...], scenarios: tuple[Scenario, ...]) -> None:
    """What several runs came to, a row each."""
    worker = "worker" in scenarios[0]
    lost = "most waiting" if worker else "lost"
    lines = [f"| scaled by | most tasks | {lost} | CPU | cost |", "|---|---:|---:|---:|---:|"]
    for name, scenario in zip(names, scenarios, strict=True):
        told = runs.answer_of(scenario)
        bad = told["worstQueue"] if worker else told["requests"]["failed"]
        cpu = "" if told["averageCpu"] is None else f"{told['averageCpu']:.0f} %"
        lines.append(f"| **{name}** | {told['most']} | {bad:,} | {cpu} | \\${told['cost']['dollars']:.2f} |")
    priced = runs.answer_of(scenarios[0])["cost"]["priceOf"]
    st.markdown("\n".join([*lines, "", f":small[CPU is the average. A task is taken for {plain(priced)}.]"]))
