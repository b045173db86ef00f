"""The live figures of the lesson on rolling updates."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from diagrams.deployment import deployment_diagram
from lessons import rolling_runs as runs
from lessons import rolling_sandbox
from lessons.for_real import Writer
from lessons.rolling_cli import snippets
from lessons.rolling_figures import (
    band,
    ending,
    events,
    locked_caption,
    pace_table,
    reason,
    standing,
    stuck_panel,
)
from lessons.rolling_presets import FAILING, FIRST, SANDBOX, STUCK, TIMED, WAVES
from lessons.rolling_sandbox import bound_controls, failure_controls, health_controls
from lessons.stage import Stage
from simulator.deployment.subjects import deployment_answer
from ui import sandbox
from ui.figures import architecture
from ui.player import player
from ui.sandbox import Preset, Sandbox

FIRST_MOVES = {
    "stop-first": "ECS **has to stop first**: nothing more may run, and some may stop.",
    "start-first": "ECS **has to start first**: nothing may stop, and more may run.",
    "open": "Both are allowed here, and **AWS leaves the order open**. Choose one below; either may happen.",
    "none": "**No move is allowed**, neither to stop nor to start.",
}


def _first_update(stage: Stage) -> None:
    box = _box(stage, FIRST)
    scenario = sandbox.current(box)
    rest = band(stage, scenario, ask="Three tasks of version 1 are healthy. Will version 2 ever take their place?")
    if _owed(stage):
        return
    sandbox.preset_row(box, label="The two percentages")
    reason(scenario, rest.step)
    st.caption(ending(scenario))


def _waves(stage: Stage) -> None:
    box = Sandbox(key=stage.key("box"), presets=WAVES, check=deployment_answer)
    scenario = sandbox.current(box)
    if not stage.locked:
        sandbox.preset_row(box)
        sandbox.refusal(box)
    player(runs.waves_film(scenario), key=stage.key("picture"))
    if _owed(stage):
        return
    st.markdown(FIRST_MOVES[runs.waves_of(scenario)["firstMove"]])
    bound_controls(box)
    sandbox.undo_row(box)


def _timed(stage: Stage) -> None:
    box = _box(stage, TIMED)
    scenario = sandbox.current(box)
    if not stage.locked:
        sandbox.preset_row(box)
        sandbox.refusal(box)
    rest = band(stage, scenario, ask="Version 2 is about to come. What will this update spend most of its time on?")
    if _owed(stage):
        return
    if not stuck_panel(stage, box, rest.step):
        reason(scenario, rest.step)
    pace_table(scenario)
    _by_yourself(stage, box, health_controls)


def _stuck(stage: Stage) -> None:
    box = _box(stage, STUCK)
    if not stage.locked:
        sandbox.preset_row(box)
    scenario = sandbox.current(box)
    rest = band(stage, scenario)
    if _owed(stage):
        return
    if not stuck_panel(stage, box, rest.step):
        reason(scenario, rest.step)
        st.markdown(f":material/check_circle: **It moves.** {ending(scenario)}")
    sandbox.undo_row(box)


def _failures(stage: Stage) -> None:
    box = _box(stage, FAILING)
    scenario = sandbox.current(box)
    if not stage.locked:
        sandbox.preset_row(box)
        sandbox.refusal(box)
    rest = band(stage, scenario, ask="Version 2 will never become healthy. When does ECS give up?")
    if _owed(stage):
        return
    left, right = st.columns([1, 1], gap="large")
    with left:
        st.markdown(standing(scenario, rest.step))
        if not stuck_panel(stage, box, rest.step):
            reason(scenario, rest.step)
        st.caption(ending(scenario))
    with right:
        events(scenario, rest.step)
    _by_yourself(stage, box, failure_controls)


def _service(stage: Stage) -> None:
    scenario, step = rolling_sandbox.rested()
    architecture(deployment_diagram(runs.state_of(scenario, step)), key=stage.key("diagram"))


def _box(stage: Stage, presets: tuple[Preset, ...]) -> Sandbox:
    return Sandbox(key=stage.key("box"), presets=presets, check=runs.check)


def _by_yourself(stage: Stage, box: Sandbox, controls: Callable[[Sandbox], None]) -> None:
    """Undo, and the controls for those who want other numbers than the named situations have."""
    if st.toggle("Set it yourself", key=stage.key("controls")):
        with st.container(border=True):
            controls(box)
    sandbox.undo_row(box)


def _owed(stage: Stage) -> bool:
    locked_caption(stage)
    return stage.locked


WIDGETS: dict[str, Callable[[Stage], None]] = {
    "first-update": _first_update,
    "waves": _waves,
    "timed": _timed,
    "stuck": _stuck,
    "failures": _failures,
    "sandbox": rolling_sandbox.show,
    "for-real": rolling_sandbox.for_real,
}
DIAGRAMS: dict[str, Callable[[Stage], None]] = {"service": _service}
REAL: dict[str, tuple[Writer, tuple[Preset, ...]]] = {"sandbox": (snippets, SANDBOX)}
