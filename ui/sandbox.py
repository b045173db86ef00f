"""One scenario with three views: presets, controls and JSON, kept in step by callbacks.

The scenario is a plain dict in session state, in AWS's own names. Every change goes through `propose`: what cannot run
is refused with one sentence and the scenario stays as it was; what can run is kept, and the one before it can be
brought back. The address carries the scenario in the parameter `s`, so a copied address brings a reader to the same
place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from simulator.documents import load_json
from simulator.errors import InputError
from simulator.preset import Preset
from simulator.scenario import decode, encode
from ui.words import marked

Scenario = dict[str, Any]
Path = Sequence[str | int]

UNDO_STEPS = 50
JSON_LIMIT = 64 * 1024
PARAMETER = "s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A scenario that can be played with.

    `check` raises `InputError` for a scenario that cannot run. `linked` says whether this sandbox is the one on its
    page that the address speaks for.
    """

    key: str
    presets: tuple[Preset, ...]
    check: Callable[[Scenario], object]
    linked: bool = False


def current(box: Sandbox) -> Scenario:
    """The scenario now: from the address on the first run, else the first preset, then whatever was made of it."""
    if _name(box, "scenario") not in st.session_state:
        st.session_state[_name(box, "history")] = []
        st.session_state[_name(box, "error")] = ""
        st.session_state[_name(box, "scenario")] = deepcopy(dict(box.presets[0].scenario))
        if box.linked and PARAMETER in st.query_params:
            _open_link(box, st.query_params[PARAMETER])
    return st.session_state[_name(box, "scenario")]


def propose(box: Sandbox, scenario: Scenario) -> bool:
    """Make this the scenario if it can run; else keep the one there is and remember the sentence that says why."""
    try:
        box.check(scenario)
    except InputError as error:
        st.session_state[_name(box, "error")] = str(error)
        return False
    before = current(box)
    st.session_state[_name(box, "error")] = ""
    if scenario != before:
        history = st.session_state[_name(box, "history")]
        st.session_state[_name(box, "history")] = [*history[1 - UNDO_STEPS :], before]
        st.session_state[_name(box, "scenario")] = scenario
        _write_link(box, scenario)
    return True


def change(box: Sandbox, path: Path, value: Any) -> bool:
    """Propose the scenario with the value at `path` replaced; None takes the key out."""
    scenario = deepcopy(current(box))
    place: Any = scenario
    for step in path[:-1]:
        if isinstance(step, str) and place.get(step) is None:
            place[step] = {}
        place = place[step]
    if value is None:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = value
    return propose(box, scenario)


def value_at(box: Sandbox, path: Path, default: Any = None) -> Any:
    """The value at `path`, or `default` where the scenario leaves it out."""
    place: Any = current(box)
    for step in path:
        try:
            place = place[step]
        except (KeyError, IndexError, TypeError):
            return default
    return place


def preset_row(box: Sandbox, *, label: str = "Situations") -> None:
    """The named situations, and one sentence on the one that is chosen."""
    chosen = _chosen_preset(box)
    key = _name(box, "preset")
    st.session_state[key] = chosen.id if chosen else None
    titles = {preset.id: preset.title for preset in box.presets}
    st.pills(label, list(titles), format_func=titles.__getitem__, key=key, on_change=_take_preset, args=(box,))
    st.caption(chosen.about if chosen else "Your own situation. Choose a named one to start again from there.")


def number(
    box: Sandbox, label: str, parameter: str, path: Path, *, low: int, high: int, step: int = 1, default: int = 0
) -> None:
    """A slider for one number of the scenario, with AWS's own name under its plain one."""
    now = value_at(box, path)
    _seed_widget(box, path, max(low, min(high, now if isinstance(now, int) else default)))
    key = _widget(box, path)
    st.slider(_named(label, parameter), low, high, step=step, key=key, on_change=_take_widget, args=(box, tuple(path)))


def choice(
    box: Sandbox, label: str, parameter: str, path: Path, options: Mapping[str, Any], *, default: Any = None
) -> None:
    """A choice between named values of one place in the scenario; None leaves the place out."""
    now = value_at(box, path, default)
    _seed_widget(box, path, next((name for name, value in options.items() if value == now), None))
    st.selectbox(
        _named(label, parameter),
        list(options),
        key=_widget(box, path),
        placeholder="Your own value, in the JSON",
        on_change=_take_choice,
        args=(box, tuple(path), dict(options)),
    )


def switch(
    box: Sandbox, label: str, parameter: str, path: Path, *, on: Any = True, off: Any = None, alone: bool = True
) -> None:
    """A switch between two values of one place in the scenario; not `alone` if another control has the same place."""
    key = _widget(box, path) if alone else f"{_widget(box, path)}:switch"
    # The scenario is the truth, here as in `_seed_widget`.
    st.session_state[key] = value_at(box, path) == on
    st.toggle(_named(label, parameter), key=key, on_change=_take_switch, args=(box, tuple(path), key, on, off))


def refusal(box: Sandbox) -> None:
    """The sentence that says why the last change was not taken, if it was not."""
    if st.session_state.get(_name(box, "error")):
        st.warning(marked(st.session_state[_name(box, "error")]), icon=":material/block:")


def undo_row(box: Sandbox, *, also: Mapping[str, str] | None = None) -> None:
    """Undo, and the link or the file that brings somebody else to this situation.

    Parameters
    ----------
    also : further parameters of the link, such as the step; empty ones are left out.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        history = st.session_state.get(_name(box, "history"), [])
        st.button(
            "Undo", icon=":material/undo:", key=_name(box, "undo"), disabled=not history, on_click=_undo, args=(box,)
        )
        if box.linked:
            _share(box, also or {})


def json_face(box: Sandbox, *, run: Callable[[], str]) -> None:
    """The scenario as JSON, to read, to change, or to paste a real one over; and its run as a file.

    Parameters
    ----------
    run : gives the whole run as JSON when somebody asks for it.
    """
    key = _name(box, "json")
    if not st.session_state.get(_name(box, "rejected")):
        st.session_state[key] = json.dumps(current(box), indent=2)
    st.text_area(
        "The situation as JSON, in AWS's names",
        key=key,
        height=320,
        max_chars=JSON_LIMIT,
        on_change=_take_json,
        args=(box,),
    )
    if st.session_state.get(_name(box, "rejected")):
        st.warning(marked(st.session_state[_name(box, "rejected")]), icon=":material/block:")
        st.button("Put back what runs", key=_name(box, "restore"), on_click=_restore_json, args=(box,))
    st.download_button(
        "The run as JSON, step by step",
        run,
        file_name="run.json",
        mime="application/json",
        icon=":material/download:",
        type="tertiary",
        key=_name(box, "run"),
        on_click="ignore",
    )


def _open_link(box: Sandbox, text: str) -> None:
    try:
        scenario = decode(text)
        box.check(scenario)
    except InputError as error:
        st.session_state[_name(box, "error")] = f"The link could not be opened: {error}"
    else:
        st.session_state[_name(box, "scenario")] = scenario


def _write_link(box: Sandbox, scenario: Scenario) -> None:
    if not box.linked:
        return
    try:
        st.query_params[PARAMETER] = encode(scenario)
    except InputError:
        # Too long for an address: the file beside it carries it instead.
        st.query_params.pop(PARAMETER, None)


def _share(box: Sandbox, also: Mapping[str, str]) -> None:
    scenario = current(box)
    try:
        link = encode(scenario)
    except InputError as error:
        st.caption(str(error))
    else:
        with st.popover("Link", icon=":material/link:"):
            st.caption("This address brings anyone to the situation you see.")
            query = urlencode({PARAMETER: link} | {name: value for name, value in also.items() if value})
            st.code(f"{(st.context.url or '').split('?')[0]}?{query}", language=None, wrap_lines=True)
    st.download_button(
        "File",
        json.dumps(scenario, indent=2),
        file_name="situation.json",
        mime="application/json",
        icon=":material/download:",
        key=_name(box, "file"),
        on_click="ignore",
    )


def _chosen_preset(box: Sandbox) -> Preset | None:
    scenario = current(box)
    return next((preset for preset in box.presets if preset.scenario == scenario), None)


def _take_preset(box: Sandbox) -> None:
    chosen = st.session_state[_name(box, "preset")]
    for preset in box.presets:
        if preset.id == chosen:
            st.session_state[_name(box, "rejected")] = ""
            propose(box, deepcopy(dict(preset.scenario)))


def _take_widget(box: Sandbox, path: Path) -> None:
    change(box, path, st.session_state[_widget(box, path)])


def _take_choice(box: Sandbox, path: Path, options: Mapping[str, Any]) -> None:
    name = st.session_state[_widget(box, path)]
    if name is not None:
        change(box, path, deepcopy(options[name]))


def _take_switch(box: Sandbox, path: Path, key: str, on: Any, off: Any) -> None:
    change(box, path, deepcopy(on if st.session_state[key] else off))


def _take_json(box: Sandbox) -> None:
    text = st.session_state[_name(box, "json")]
    wrong = ""
    try:
        scenario = load_json(text)
    except InputError as error:
        wrong = str(error)
    else:
        if not isinstance(scenario, dict):
            wrong = "A situation is a JSON object, { … }."
        elif not propose(box, scenario):
            wrong = st.session_state[_name(box, "error")]
            st.session_state[_name(box, "error")] = ""
    rejected = f"{wrong} The figure keeps the last situation that runs." if wrong else ""
    st.session_state[_name(box, "rejected")] = rejected


def _restore_json(box: Sandbox) -> None:
    st.session_state[_name(box, "rejected")] = ""


def _undo(box: Sandbox) -> None:
    history = st.session_state[_name(box, "history")]
    if history:
        st.session_state[_name(box, "scenario")] = history[-1]
        st.session_state[_name(box, "history")] = history[:-1]
        st.session_state[_name(box, "error")] = ""
        _write_link(box, history[-1])


def _seed_widget(box: Sandbox, path: Path, value: Any) -> None:
    # The scenario is the truth; the widget shows it, whoever changed it last.
    st.session_state[_widget(box, path)] = value


def _widget(box: Sandbox, path: Path) -> str:
    return _name(box, "at:" + ".".join(map(str, path)))


def _name(box: Sandbox, suffix: str) -> str:
    return f"{box.key}:{suffix}"


def _named(label: str, parameter: str) -> str:
    return f"{label}  \n`{parameter}`"
