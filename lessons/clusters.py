"""The live figures of the lesson on clusters and capacity providers."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import streamlit as st

from lessons import clusters_sandbox, for_real
from lessons.clusters_figures import (
    ASK_DEAL,
    ASK_SPOT,
    dealing_of,
    diagram_of,
    first_loss,
    outcome,
    reasons,
    taking_of,
)
from lessons.clusters_presets import DEALS, SANDBOX, SPOT, TAKEN_BACK
from lessons.clusters_real import snippets
from lessons.for_real import Writer
from lessons.situations import chosen, owed, tell_followers
from lessons.stage import Stage
from simulator.preset import Preset
from ui import theme
from ui.figures import architecture
from ui.player import player

SPOT_STAGE = Stage(slug="clusters", name="spot")


def _deal(stage: Stage) -> None:
    """The opening bet: six tasks dealt one after another, then other strategies, two of them refused."""
    preset = chosen(stage, DEALS)
    film = dealing_of(preset.scenario, ask=ASK_DEAL if stage.locked else "")
    player(film, key=stage.key(f"film-{'ask' if stage.locked else preset.id}"))
    if owed(stage):
        return
    st.markdown(outcome(preset.scenario), width=theme.MEASURE)
    if st.toggle("For real", key=stage.key("real")):
        for_real.show(snippets(preset.scenario))


def _spot(stage: Stage) -> None:
    """A service whose Spot tasks are taken back; the diagram below follows where it rests."""
    preset = chosen(stage, SPOT)
    if stage.locked:
        player(taking_of(preset.scenario, ask=ASK_SPOT), key=stage.key("ask"), step=1)
        owed(stage)
        return
    room = 2
    if preset.id == TAKEN_BACK:
        room = st.slider("At minute 2 Spot keeps room for  \n`spotCapacity`", 0, 6, 2, key=stage.key("room"))
    scenario = _short(preset, room)
    rest = player(taking_of(scenario), key=stage.key(f"run-{preset.id}"), step=first_loss(scenario))
    st.markdown(reasons(scenario, rest.step), width=theme.MEASURE)
    tell_followers(stage.key("rest"), [preset.id, room, rest.step])


def _service(stage: Stage) -> None:
    """The service of the run above at the moment where it rests."""
    name, room, step = st.session_state.get(SPOT_STAGE.key("rest")) or (TAKEN_BACK, 2, 0)
    preset = next((one for one in SPOT if one.id == name), SPOT[0])
    architecture(diagram_of(_short(preset, room), step), key=stage.key("diagram"))


def _short(preset: Preset, room: int) -> dict[str, Any]:
    """The situation with the reader's own room on Spot."""
    scenario = deepcopy(dict(preset.scenario))
    if preset.id == TAKEN_BACK:
        scenario["spotCapacity"][1] = [2, room]
    return scenario


WIDGETS: dict[str, Callable[[Stage], None]] = {
    "deal": _deal,
    "spot": _spot,
    "sandbox": clusters_sandbox.show,
}
DIAGRAMS: dict[str, Callable[[Stage], None]] = {"service": _service}
REAL: dict[str, tuple[Writer, tuple[Preset, ...]]] = {"deal": (snippets, DEALS), "sandbox": (snippets, SANDBOX)}
