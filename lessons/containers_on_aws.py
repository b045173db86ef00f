"""The live figures of the first lesson: the way of an image, the tag that moves, the four boxes, the chooser."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import streamlit as st

from diagrams.journey import narrow_journey
from diagrams.model import Diagram
from lessons import containers_chooser, containers_cli, containers_places_cli, for_real
from lessons.containers_figures import way, whole_way
from lessons.containers_presets import JOURNEYS, LATEST, WORKLOADS
from lessons.for_real import Writer
from lessons.situations import chosen
from lessons.stage import Stage
from simulator.preset import Preset
from ui import theme
from ui.figures import architecture

_ASK_WAY = (
    "You build an image and ask ECS for two tasks of it. The push is what you forget. Who is the first to notice?"
)
_ASK_LATEST = "Two tasks run build 1 from the tag latest. You push build 2 as latest, and then one task is lost."


def _way(stage: Stage) -> None:
    """The opening bet on a push that is forgotten, then the ways of an image from a Dockerfile to running tasks."""
    with st.container(width=theme.WIDE):
        journey = chosen(stage, JOURNEYS)
    way(stage, journey, ask=_ASK_WAY)
    if not stage.locked and st.toggle("For real: the whole way as commands", key=stage.key("real")):
        for_real.show(containers_cli.snippets(journey.scenario))


def _latest(stage: Stage) -> None:
    """A tag that moves under running tasks."""
    with st.container(width=theme.WIDE):
        journey = chosen(stage, LATEST)
    way(stage, journey, ask=_ASK_LATEST)


def _boxes(stage: Stage) -> None:
    """The end of the way to Fargate, as the four boxes that the whole course is about."""
    drawn = _four_boxes()
    with st.container(width=theme.WIDE):
        architecture(drawn, key=stage.key("diagram"), narrow=narrow_journey(drawn))


@lru_cache(maxsize=1)
def _four_boxes() -> Diagram:
    return whole_way(
        next(one for one in JOURNEYS if one.id == "fargate"), title="Image, registry, orchestrator, capacity"
    )


WIDGETS: dict[str, Callable[[Stage], None]] = {"way": _way, "latest": _latest, "choose": containers_chooser.show}
DIAGRAMS: dict[str, Callable[[Stage], None]] = {"boxes": _boxes}
REAL: dict[str, tuple[Writer, tuple[Preset, ...]]] = {
    "way": (
        containers_cli.snippets,
        tuple(
            Preset(id=one.id, title=one.title, about=one.about, scenario=one.scenario) for one in (*JOURNEYS, *LATEST)
        ),
    ),
    "choose": (containers_places_cli.snippets, WORKLOADS),
}
