"""The live figures of the lesson on volumes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import streamlit as st

from lessons import volumes_sandbox
from lessons.for_real import Writer
from lessons.situations import chosen, digest, owed, tell_followers, text_of
from lessons.stage import Stage
from lessons.volumes_figures import (
    ASK_FIRST,
    ASK_SHARING,
    cell_told,
    diagram_of,
    film_of,
    gauge_of,
    left_open,
    levels_of,
    matrix_of,
    mended,
    opening_of,
    outcome,
    parted,
    row_told,
    run_of,
    said_of,
)
from lessons.volumes_presets import FIRST, LEVELS, MATRICES, SANDBOX, SHARING, STORAGE
from lessons.volumes_real import snippets
from lessons.volumes_situations import EXIT, STOP, after
from simulator.preset import Preset
from simulator.trace import state_at
from simulator.volumes.state import Task, TaskStatus
from ui import sandbox, theme
from ui.figures import architecture
from ui.player import player
from ui.sandbox import Sandbox, Scenario

SHOWN = "lesson:volumes:levels:shown"  # the nested boxes' scenario as text, for the diagram
MOST_ACTS = 8
WAIT = 3 * 3_600


def _first_task(stage: Stage) -> None:
    """The opening bet and how it comes out; then the same beside another storage, or another end."""
    if stage.locked:
        player(opening_of(FIRST[0].scenario, ASK_FIRST), key=stage.key("locked"))
        owed(stage)
        return
    preset = chosen(stage, FIRST)
    bet = FIRST[0]
    film = film_of(bet.scenario, ask=ASK_FIRST)
    if preset is bet:
        player(film, key=stage.key("film"), autoplay=True)
        st.markdown(outcome(bet.scenario), width=theme.MEASURE)
        return
    player(
        film,
        key=stage.key(f"pair-{preset.id}"),
        beside=film_of(preset.scenario, ask=preset.about),
        labels=("Bind mount, task replaced", TITLES[preset.id]),
        parted_at=parted(bet.scenario, preset.scenario),
        autoplay=True,
    )
    st.markdown(outcome(preset.scenario), width=theme.MEASURE)


TITLES = {
    "efs": "EFS, task replaced",
    "ebs": "EBS, task replaced",
    "restart": "Bind mount, container restarted",
}


def _levels(stage: Stage) -> None:
    """Nested boxes and a note in each: stop something, and see which notes are left."""
    box = Sandbox(key=stage.key("box"), presets=LEVELS, check=run_of)
    scenario = sandbox.current(box)
    if stage.locked:
        player(levels_of(scenario, locked=True), key=stage.key("locked"))
        owed(stage)
        return
    sandbox.preset_row(box)
    film = levels_of(scenario)
    # Each act is a film of its own, which sets out from where the last one ended.
    begun = st.session_state.get(stage.key("begun"), 0)
    step = begun if begun < len(film.frames) - 1 else 0
    rest = player(film, key=stage.key(f"film-{digest(scenario)}"), step=step, autoplay=True)
    said = [row_told(scenario, rest.step, rest.picked), left_open(scenario)]
    st.markdown("\n\n".join(part for part in said if part) or HINT, width=theme.MEASURE)
    with st.container(horizontal=True):
        for name, label, act in _acts(scenario):
            st.button(
                label,
                key=stage.key(f"act-{name}"),
                disabled=act is None,
                on_click=_do,
                args=(stage, box, act, len(film.frames) - 1),
            )
        sandbox.undo_row(box)
    _share_with_diagram(scenario)


HINT = "Choose a row to hear why its note is there, or is not."


def _acts(scenario: Scenario) -> list[tuple[str, str, Mapping[str, Any] | None]]:
    """What can be done now: an id, a label, the act, None where there is nothing left to do it to."""
    run = run_of(scenario)
    state = state_at(run, len(run))
    task: Task | None = state.task("web")
    runs = task is not None and task.status is TaskStatus.RUNNING
    done = sum(one["action"] not in ("read", "write", "wait") for one in scenario["events"])
    if task is None or not runs or done >= MOST_ACTS:
        return [(name, label, None) for name, label, _ in _of_task(scenario, "", "")]
    return _of_task(scenario, task.spec.instance, task.spec.zone)


def _of_task(scenario: Scenario, instance: str, zone: str) -> list[tuple[str, str, Mapping[str, Any] | None]]:
    acts: list[tuple[str, str, Mapping[str, Any] | None]] = [
        ("exit", "The container exits", EXIT),
        ("stop", "The task stops", STOP),
    ]
    if scenario["launchType"] == "EC2":
        acts.append(
            ("terminate", "The instance goes", {"action": "terminateInstance", "ec2InstanceId": instance}),
        )
    acts.append(("zone", "The zone goes", {"action": "loseZone", "availabilityZone": zone}))
    if scenario["launchType"] == "EC2":
        acts.append(("wait", "3 hours pass", {"action": "wait", "seconds": WAIT}))
    return acts


def _do(stage: Stage, box: Sandbox, act: Mapping[str, Any], step: int) -> None:
    scenario = deepcopy(sandbox.current(box))
    scenario["events"] = [*scenario["events"], *after(scenario["launchType"], act)]
    if sandbox.propose(box, scenario):
        st.session_state[stage.key("begun")] = step


def _share_with_diagram(scenario: Scenario) -> None:
    tell_followers(SHOWN, text_of(scenario))


def _sharing(stage: Stage) -> None:
    """Tasks beside each other, and who of them reads what the first one wrote."""
    box = Sandbox(key=stage.key("box"), presets=SHARING, check=run_of)
    scenario = sandbox.current(box)
    sandbox.preset_row(box)
    film = film_of(scenario, ask=ASK_SHARING)
    rest = player(film, key=stage.key(f"film-{digest(scenario)}"), autoplay=True)
    said = said_of(scenario, rest.step, rest.picked)
    st.markdown(said or outcome(scenario), width=theme.MEASURE)
    better = mended(scenario)
    if better is not None:
        with st.container(horizontal=True):
            icon = ":material/build:"
            st.button("Mend it", icon=icon, key=stage.key("mend"), on_click=_take, args=(box, better))


def _take(box: Sandbox, scenario: Scenario) -> None:
    sandbox.propose(box, scenario)


def _storage(stage: Stage) -> None:
    """Fargate's storage as a bar, with what a task puts on it."""
    box = Sandbox(key=stage.key("box"), presets=STORAGE, check=gauge_of)
    scenario = sandbox.current(box)
    sandbox.preset_row(box)
    film, below = gauge_of(scenario)
    player(film, key=stage.key("film"))
    st.markdown(below, width=theme.MEASURE)
    if st.toggle("Set it yourself", key=stage.key("by-hand")):
        left, right = st.columns(2)
        size = ("taskDefinition", "ephemeralStorage", "sizeInGiB")
        with left:
            sandbox.number(box, "Storage asked for", "ephemeralStorage.sizeInGiB", size, low=20, high=200, default=20)
            sandbox.number(box, "The image, packed and unpacked", "simulator", ("use", "imageGiB"), low=0, high=40)
        with right:
            sandbox.number(box, "What containers write", "simulator", ("use", "layersGiB"), low=0, high=60)
            sandbox.number(box, "What lies in bind mounts", "simulator", ("use", "mountsGiB"), low=0, high=200)


def _matrix(stage: Stage) -> None:
    """What can be attached where, and why not."""
    preset = chosen(stage, MATRICES)
    rest = player(matrix_of(preset.scenario), key=stage.key("film"))
    told = cell_told(preset.scenario, rest.picked)
    if told:
        st.markdown(told, width=theme.MEASURE)


def _where(stage: Stage) -> None:
    """The end of the nested boxes' run as architecture; who has not placed the bet sees what stood before it."""
    shown = st.session_state.get(SHOWN)
    scenario = json.loads(shown) if shown else next(one.scenario for one in LEVELS if one.id == "ec2")
    architecture(diagram_of(scenario), key=stage.key("diagram"), narrow=diagram_of(scenario, narrow=True))


WIDGETS: dict[str, Callable[[Stage], None]] = {
    "first-task": _first_task,
    "levels": _levels,
    "sharing": _sharing,
    "storage": _storage,
    "matrix": _matrix,
    "sandbox": volumes_sandbox.show,
}
DIAGRAMS: dict[str, Callable[[Stage], None]] = {"where": _where}
REAL: dict[str, tuple[Writer, tuple[Preset, ...]]] = {
    "first-task": (snippets, FIRST),
    "levels": (snippets, LEVELS),
    "sharing": (snippets, SHARING),
    "sandbox": (snippets, SANDBOX),
}
