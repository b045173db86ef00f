"""The load of a scenario as one can change it: drawn by hand, or pasted as CSV."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

import streamlit as st

from diagrams.scaling_lane import round_top
from lessons.situations import text_of
from lessons.stage import Stage
from simulator.errors import InputError
from simulator.scaling.load import MOST_CSV, Point, curve, read_load
from ui import sandbox
from ui.load_curve import POINTS, drawn, load_curve
from ui.sandbox import Sandbox, Scenario
from ui.words import marked

SCALE = 1000
LEAST_TOP = 100
PASTED = "Paste the load: a minute and a rate on each line"
EXAMPLE = "minute,rate\n0,200\n20,200\n25,900\n45,300"


def draw(stage: Stage, box: Sandbox) -> None:
    """The plot on which the load is drawn."""
    scenario = sandbox.current(box)
    values, top = heights(scenario)
    unit = "messages a second" if "worker" in scenario else "requests a second"
    load_curve(
        values,
        key=stage.key("load"),
        minutes=scenario.get("minutes", 60),
        top=top,
        unit=unit,
        on_change=_take_drawn,
        args=(stage, box),
    )


def paste(stage: Stage, box: Sandbox) -> None:
    """A field for the load as CSV; what cannot be read is told in one sentence, and the load stays as it was."""
    key = stage.key("csv")
    st.text_area(
        PASTED, key=key, height=130, max_chars=MOST_CSV, placeholder=EXAMPLE, on_change=_take_pasted, args=(stage, box)
    )
    wrong = st.session_state.get(stage.key("csv-wrong"))
    if wrong:
        st.warning(marked(wrong), icon=":material/block:")


def heights(scenario: Scenario) -> tuple[list[int], int]:
    """The load at the plot's points, and the end of its axis."""
    values, top = _heights(text_of(scenario["load"]), scenario.get("minutes", 60))
    return list(values), top


def points_of(values: Sequence[int], minutes: int) -> list[list[float]]:
    """Drawn heights as points of a load; those that lie on the line between their neighbors are left out."""
    kept = [
        k for k in range(len(values)) if k in (0, len(values) - 1) or 2 * values[k] != values[k - 1] + values[k + 1]
    ]
    return [[_number(round(minutes * k / (len(values) - 1), 3)), values[k]] for k in kept]


@lru_cache(maxsize=64)
def _heights(text: str, minutes: int) -> tuple[tuple[int, ...], int]:
    loads = curve(read_load(json.loads(text), "load", minutes), 60 * minutes + 1)
    values = tuple(round(loads[60 * minutes * k // (POINTS - 1)] / SCALE) for k in range(POINTS))
    return values, round_top(max(LEAST_TOP, max(values) * 6 // 5))


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


def _take_drawn(stage: Stage, box: Sandbox) -> None:
    scenario = sandbox.current(box)
    values, top = heights(scenario)
    taken = drawn(stage.key("load"), values, top=top)
    if taken != values:
        sandbox.change(box, ("load",), {"points": points_of(taken, scenario.get("minutes", 60))})


def _take_pasted(stage: Stage, box: Sandbox) -> None:
    text = st.session_state[stage.key("csv")]
    st.session_state[stage.key("csv-wrong")] = ""
    if not text.strip():
        return
    try:
        points = read_load({"csv": text}, "load", sandbox.current(box).get("minutes", 60))
    except InputError as error:
        st.session_state[stage.key("csv-wrong")] = str(error)
        return
    sandbox.change(box, ("load",), {"points": [_written(point) for point in points]})


def _written(point: Point) -> list[float]:
    second, rate = point
    return [_number(round(second / 60, 3)), _number(rate / SCALE)]
