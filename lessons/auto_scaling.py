"""The live figures of the lesson on service auto scaling."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from diagrams.scaling import scaling_diagram
from lessons import for_real, scaling_race, scaling_sandbox
from lessons import scaling_runs as runs
from lessons.for_real import Writer
from lessons.scaling_figures import played, summary
from lessons.scaling_presets import FIRST, QUEUE, SANDBOX, SCALE_IN, STEP_STARTS, STEPS
from lessons.scaling_real import snippets, step_snippets
from lessons.situations import chosen, owed, tell_followers
from lessons.stage import Stage
from simulator.preset import Preset
from ui import theme
from ui.figures import architecture
from ui.player import player

FIRST_STAGE = Stage(slug="auto-scaling", name="first-alarm")


def _first_alarm(stage: Stage) -> None:
    """The opening bet, and how it comes out; the diagram below follows this figure."""
    with st.container(width=theme.WIDE):
        preset = chosen(stage, FIRST)
        rest = played(stage, preset, before=4, ask="Now the load goes up. How many tasks will there be?")
        if owed(stage):
            return
    tell_followers(stage.key("rest"), [preset.id, rest.step])


def _loop(stage: Stage) -> None:
    """Who acts: the first figure's service at the minute where it rests."""
    name, step = st.session_state.get(FIRST_STAGE.key("rest")) or (FIRST[0].id, 0)
    preset = next((one for one in FIRST if one.id == name), FIRST[0])
    moments = runs.course_at(preset.scenario).moments
    moment = moments[min(step, len(moments) - 1)]
    with st.container(width=theme.WIDE):
        title = f"Who scales the service, at minute {moment.at // 60} of “{preset.title}”"
        architecture(scaling_diagram(moment.state, title=title), key=stage.key("diagram"))


def _scale_in(stage: Stage) -> None:
    """The way down: when it begins, and what holds it back."""
    with st.container(width=theme.WIDE):
        preset = chosen(stage, SCALE_IN)
        played(stage, preset, before=5, ask="Now two thirds of the load go away. When does the first task go?")
        owed(stage)


def _steps(stage: Stage) -> None:
    """The steps on the axis of their metric, and the metric under the reader's finger."""
    with st.container(width=theme.WIDE):
        preset = chosen(stage, STEPS)
        player(runs.steps_of(preset.scenario), key=stage.key(f"film-{preset.id}"), step=STEP_STARTS[preset.id])
        if st.toggle("As AWS takes it", key=stage.key("real")):
            for_real.show(step_snippets(preset.scenario))


def _queue(stage: Stage) -> None:
    """Two ways to scale the workers of a queue, under one slider."""
    backlog, cpu = (one.scenario for one in QUEUE)
    left, right = runs.films_of(backlog, cpu)
    names = tuple(one.title for one in QUEUE)
    with st.container(width=theme.WIDE):
        player(left, key=stage.key("pair"), step=16, beside=right, labels=(names[0], names[1]))
        summary(names, (backlog, cpu))


WIDGETS: dict[str, Callable[[Stage], None]] = {
    "first-alarm": _first_alarm,
    "scale-in": _scale_in,
    "steps": _steps,
    "race": scaling_race.show,
    "queue": _queue,
    "sandbox": scaling_sandbox.show,
}
DIAGRAMS: dict[str, Callable[[Stage], None]] = {"loop": _loop}
REAL: dict[str, tuple[Writer, tuple[Preset, ...]]] = {
    "sandbox": (snippets, SANDBOX),
    "steps": (step_snippets, STEPS),
}
