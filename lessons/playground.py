"""A lesson's sandbox: one situation, its figure, and every way to change it, one panel at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import streamlit as st

from lessons import for_real
from lessons.stage import Stage
from simulator.preset import Preset
from ui import address, beside, sandbox
from ui.beside import ALONE
from ui.player import PlayerState
from ui.sandbox import PARAMETER, Sandbox, Scenario

BESIDE = "Beside it"
JSON = "JSON"
FOR_REAL = "For real"


@dataclass(frozen=True, slots=True, kw_only=True)
class Playground:
    """What one lesson's sandbox is made of.

    Parameters
    ----------
    presets : the named situations; the first is shown at the beginning.
    check : raises `InputError` for a scenario that cannot run or is too large for a page.
    figure : draws a scenario, beside what is called by the last argument (`ALONE` for nothing), and gives the step that
        it rests on (0 where it has no steps) and what is chosen in it.
    panels : the controls, by the name of their panel, in the order in which one thinks; each knows where the figure
        rests.
    run : the whole answer or run as JSON.
    real : the same on AWS.
    beside : what can be set beside a run, names and titles; `aside` is one sentence about it.
    """

    presets: tuple[Preset, ...]
    check: Callable[[Scenario], object]
    figure: Callable[[Stage, Scenario, str], PlayerState]
    panels: Mapping[str, Callable[[Stage, Sandbox, PlayerState], None]]
    run: Callable[[Scenario], str]
    real: for_real.Writer
    beside: Mapping[str, str] = field(default_factory=dict)
    aside: str = "The same situation once more, as it would be if a belief were true."


def show(stage: Stage, ground: Playground) -> None:
    """The situations, the figure, undo and link, then the panels; closed until somebody opens it or comes by a link."""
    box = box_of(stage, ground)
    if not _is_open(stage):
        st.button("Open the sandbox", icon=":material/tune:", key=stage.key("open"), on_click=_open, args=(stage,))
        return
    scenario = sandbox.current(box)
    sandbox.preset_row(box)
    sandbox.refusal(box)
    aside = beside.chosen(ground.beside, key=stage.key("beside"), box=box.key) if ground.beside else ALONE
    rest = ground.figure(stage, scenario, aside)
    also = {"step": str(rest.step or ""), "beside": "" if aside == ALONE else aside}
    address.write(also)
    address.refusal(key=box.key)
    sandbox.undo_row(box, also=also)
    _panels(stage, ground, box, aside, rest)


def box_of(stage: Stage, ground: Playground) -> Sandbox:
    """The sandbox's scenario in session state, for what follows it on the page."""
    return Sandbox(key=stage.key("box"), presets=ground.presets, check=ground.check, linked=True)


def start_step(stage: Stage) -> int:
    """The step to begin with: the address's on the first run, else 0."""
    key = stage.key("start")
    if key not in st.session_state:
        st.session_state[key] = address.number("step", key=stage.key("box")) or 0
    return st.session_state[key]


def _panels(stage: Stage, ground: Playground, box: Sandbox, aside: str, rest: PlayerState) -> None:
    names = [*ground.panels, *([BESIDE] if ground.beside else []), JSON, FOR_REAL]
    panel = st.segmented_control(
        "Change it", names, default=names[0], required=True, key=stage.key("panel"), label_visibility="collapsed"
    )
    scenario = sandbox.current(box)
    with st.container(border=True):
        if panel == JSON:
            sandbox.json_face(box, run=lambda: ground.run(scenario))
        elif panel == FOR_REAL:
            for_real.show(ground.real(scenario))
        elif panel == BESIDE:
            st.caption(ground.aside)
            beside.choose(BESIDE, ground.beside, aside, key=stage.key("beside"), widget=stage.key("choose-beside"))
        else:
            ground.panels.get(panel or names[0], ground.panels[names[0]])(stage, box, rest)


def _is_open(stage: Stage) -> bool:
    return bool(st.session_state.get(stage.key("opened"))) or any(name in st.query_params for name in _LINKED)


_LINKED = (PARAMETER, "step", "beside")


def _open(stage: Stage) -> None:
    st.session_state[stage.key("opened")] = True
