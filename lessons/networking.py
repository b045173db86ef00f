"""The live figures of the lesson on networking."""

from __future__ import annotations

import json
from collections.abc import Callable

import streamlit as st

from diagrams.film import Film
from lessons import networking_sandbox
from lessons.for_real import Writer
from lessons.networking_figures import (
    dealt,
    diagram_of,
    film_of,
    mended,
    outcome,
    ruler_of,
    told,
    without_rule,
)
from lessons.networking_presets import DEALT, INTERFACES, SANDBOX, START, WALK
from lessons.networking_real import snippets
from lessons.situations import chosen, digest, owed, tell_followers, text_of
from lessons.stage import Stage
from simulator.preset import Preset
from ui import sandbox, theme
from ui.figures import architecture
from ui.player import PlayerState, player
from ui.sandbox import Sandbox, Scenario

SHOWN = "lesson:networking:walk:shown"  # the walk's scenario as text, for the diagram
PLAY = "Play, or step on."
SOUND = next(preset for preset in WALK if preset.id == "two-groups")


def _start(stage: Stage) -> None:
    """All that a task calls before it runs, and the least change that lets it start."""
    _mendable(stage, START)


def _walk(stage: Stage) -> None:
    """A visitor's packet on its way to the task; what is shown is kept for the diagram that follows."""
    scenario = _mendable(stage, WALK)
    if stage.locked:
        return
    tell_followers(SHOWN, text_of(scenario))


def _mendable(stage: Stage, presets: tuple[Preset, ...]) -> Scenario:
    """A film of one situation; below it what came of it, and the ways to mend it or to break it."""
    box = Sandbox(key=stage.key("box"), presets=presets, check=networking_sandbox.check)
    scenario = sandbox.current(box)
    if stage.locked:
        st.session_state[stage.key("moved")] = True
        player(film_of(scenario, locked=True), key=stage.key("locked"))
        owed(stage)
        return scenario
    sandbox.preset_row(box)
    rest = _played(stage, film_of(scenario), digest(scenario))
    st.markdown(_below(scenario, rest), width=theme.MEASURE)
    with st.container(horizontal=True):
        better, fewer = mended(scenario), without_rule(scenario, rest.picked)
        if better is not None:
            icon = ":material/build:"
            st.button("Mend it", icon=icon, key=stage.key("mend"), on_click=_take, args=(box, better))
        if fewer is not None:
            icon = ":material/remove_circle:"
            st.button("Remove this rule", icon=icon, key=stage.key("drop"), on_click=_take, args=(box, fewer))
        sandbox.undo_row(box)
    return scenario


def _take(box: Sandbox, scenario: Scenario) -> None:
    sandbox.propose(box, scenario)


def _below(scenario: Scenario, rest: PlayerState) -> str:
    """What was chosen in the figure, and, once the packet has come to its end, what became of it."""
    parts = [told(scenario, rest.picked)]
    if _is_over(film_of(scenario), rest):
        parts.append(outcome(scenario))
    elif not parts[0]:
        parts.append(f"{PLAY} Choose a place or a rule to hear what it does to this packet.")
    return "\n\n".join(part for part in parts if part)


def _played(stage: Stage, film: Film, name: str) -> PlayerState:
    """A situation's film: one that the reader has brought about sets out by itself, the page's first rests at its end.

    So no two figures of the page play at once: what several of them tell the server in one moment, it may not all hear.
    """
    moved = stage.key("moved")
    if st.session_state.setdefault(stage.key("first"), name) != name:
        st.session_state[moved] = True
    if st.session_state.get(moved):
        return player(film, key=stage.key(f"film-{name}"), autoplay=True)
    return player(film, key=stage.key("still"), step=len(film.frames) - 1)


def _is_over(film: Film, rest: PlayerState) -> bool:
    """Whether the film rests at its end: before that, the text below it would tell how it comes out."""
    return rest.step == len(film.frames) - 1


def _ports(stage: Stage) -> None:
    """Where Docker's host ports lie, and which of them a rule opens."""
    preset = chosen(stage, DEALT)
    film = ruler_of(preset.scenario)
    rest = _played(stage, film, preset.id)
    st.markdown(dealt(preset.scenario) if _is_over(film, rest) else PLAY, width=theme.MEASURE)


def _interfaces(stage: Stage) -> None:
    """Tasks come to one instance until no interface, or no port, is left."""
    preset = chosen(stage, INTERFACES)
    film = film_of(preset.scenario)
    rest = _played(stage, film, preset.id)
    st.markdown(outcome(preset.scenario) if _is_over(film, rest) else PLAY, width=theme.MEASURE)


def _vpc(stage: Stage) -> None:
    """The situation of the walk as architecture; the sound one for who has not placed the bet."""
    shown = st.session_state.get(SHOWN)
    scenario = json.loads(shown) if shown else SOUND.scenario
    architecture(diagram_of(scenario), key=stage.key("diagram"))


WIDGETS: dict[str, Callable[[Stage], None]] = {
    "start": _start,
    "walk": _walk,
    "ports": _ports,
    "interfaces": _interfaces,
    "sandbox": networking_sandbox.show,
}
DIAGRAMS: dict[str, Callable[[Stage], None]] = {"vpc": _vpc}
REAL: dict[str, tuple[Writer, tuple[Preset, ...]]] = {
    "start": (snippets, START),
    "walk": (snippets, WALK),
    "ports": (snippets, DEALT),
    "interfaces": (snippets, INTERFACES),
    "sandbox": (snippets, SANDBOX),
}
