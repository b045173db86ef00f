"""The race: one load, drawn or pasted, and three ways to follow it under one slider."""

from __future__ import annotations

import streamlit as st

from lessons import scaling_load, situations
from lessons import scaling_runs as runs
from lessons.scaling_figures import summary
from lessons.scaling_presets import RACES
from lessons.stage import Stage
from ui import sandbox, theme
from ui.player import player
from ui.sandbox import Sandbox

ASK = "The load is known, and so are three ways to follow it. Which of them loses the fewest requests?"
BEFORE = 11  # nothing has moved yet
START = 22  # the minute that the first race shows at once: the rush is on, and the three differ


def show(stage: Stage) -> None:
    """The situations, the load to draw on, the three lanes, and what each came to."""
    with st.container(width=theme.WIDE):
        if stage.locked:
            player(runs.race_opening(RACES[0].scenario, BEFORE, ASK), key=stage.key("opening"))
            situations.owed(stage)
            return
        box = Sandbox(key=stage.key("box"), presets=RACES, check=runs.check_race)
        sandbox.preset_row(box, label="Loads")
        sandbox.refusal(box)
        scaling_load.draw(stage, box)
        race = sandbox.current(box)
        player(runs.race_of(race), key=stage.key("race"), step=START)
        three = runs.racing(race)
        summary(tuple(three), tuple(three.values()))
        if st.toggle("Set the three yourself, or paste a load", key=stage.key("controls")):
            with st.container(border=True):
                _controls(stage, box)
        sandbox.undo_row(box)


def _controls(stage: Stage, box: Sandbox) -> None:
    one, two = st.columns(2)
    with one:
        sandbox.number(box, "Target tracking: hold CPU at (%)", "TargetValue", ("race", "target"), low=20, high=90)
        sandbox.number(
            box,
            "Step scaling: from 80 % CPU add (%)",
            "ScalingAdjustment",
            ("race", "percent"),
            low=25,
            high=300,
            step=25,
        )
    with two:
        sandbox.number(box, "Schedule: tasks", "MinCapacity, MaxCapacity", ("race", "tasks"), low=1, high=40)
        sandbox.number(box, "Schedule: from minute", "schedule", ("race", "from"), low=0, high=58)
        sandbox.number(box, "Schedule: to minute", "schedule", ("race", "to"), low=1, high=59)
    scaling_load.paste(stage, box)
