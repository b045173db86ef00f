"""A run of tasks with their storage as a film of architecture diagrams, one step an event."""

from __future__ import annotations

from typing import Any

from diagrams.film import Film, Said
from diagrams.reel import diagram_film
from diagrams.volumes import volumes_diagram
from simulator.trace import Trace, explain, state_at
from simulator.volumes.state import Event, State, Status, What
from simulator.volumes.volume import Kind

TITLE = "Tasks and their storage"
_TONES = {
    What.LOST: "refused",
    What.REFUSED: "refused",
    What.NO_PLACE: "refused",
    What.UNREACHABLE: "refused",
    What.DENIED: "refused",
}


def volumes_film(trace: Trace[State, Event], *, ask: str = "") -> Film:
    """The whole run; `ask` is the caption before anything has started."""
    states = [state_at(trace, k) for k in range(len(trace) + 1)]
    diagrams = [volumes_diagram(state, title=TITLE) for state in states]
    said = [_said(trace, k, state, ask) for k, state in enumerate(states)]
    return diagram_film(TITLE, diagrams, said, narrow_direction=_narrow(states[0]))


def still(trace: Trace[State, Event], *, ask: str) -> Film:
    """The end of a run as a film of one frame, whose caption asks."""
    state = state_at(trace, len(trace))
    said = Said(caption=ask, text=describe_state(state), mark="", tone="")
    return diagram_film(TITLE, [volumes_diagram(state, title=TITLE)], [said], narrow_direction=_narrow(state))


def _narrow(state: State) -> str:
    """One zone is narrow as it is; several are put one below the other."""
    return "column" if len(state.plan.zones) > 1 else "down"


def describe_state(state: State) -> str:
    """Tasks, then storage with what lies in it, in lines."""
    rows = [
        f"{task.name:10} {task.status.value:16} {task.spec.instance or f'Fargate, {task.spec.zone}'}"
        for task in state.tasks
    ]
    rows += [
        f"{store.id:28} {store.kind.value}, {store.status.value}: "
        f"{', '.join(file.path for file in store.files) or 'empty'}"
        for store in state.stores
        if store.files or store.status is not Status.AVAILABLE or store.kind is not Kind.WRITABLE_LAYER
    ]
    return "\n".join(rows) or "Nothing is there yet."


def _said(trace: Trace[State, Event], k: int, state: State, ask: str) -> Said:
    text = describe_state(state)
    if k == 0:
        return Said(caption=ask or "Nothing has started yet.", text=text, mark="", tone="")
    event = trace.events[k - 1]
    reason: Any = explain(trace, k - 1)
    tone = _TONES.get(event.kind, "")
    if event.kind is What.READ:
        tone = {"DATA": "done", "EMPTY": "refused"}.get(state.reads[-1].code, "")
    caption = f"{reason.sentence} {reason.fix}".strip() if event.kind is What.REFUSED else reason.sentence
    return Said(caption=caption, text=text, mark=event.kind.value.replace("-", " "), tone=tone)
