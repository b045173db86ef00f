"""The board: instances as racks in their zones, and tasks as blocks that are placed on them one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from diagrams import board_words
from diagrams.board_drawing import draw, too_many
from diagrams.board_scene import Marks, look_of, scene_of
from diagrams.film import Film, frames_of
from diagrams.look import Look, changes
from diagrams.racks import MOST
from diagrams.reasons import three_words
from simulator.model import Cluster, Resources
from simulator.placement.decision import Decision
from simulator.placement.run import Event
from simulator.trace import Trace, explain

__all__ = ["MOST", "TITLE", "board_film", "board_svg"]

TITLE = "Tasks on the container instances"


def board_film(trace: Trace[Cluster, Event], *, upto: int | None = None) -> Film:
    """A placement run as a film: frame `k` shows the state before event `k`, marked with what event `k - 1` decided.

    A decision is shown only once it has been taken: frame `k` with all before it gives nothing of event `k` away.
    With `upto` the film ends at frame `upto` and nothing of what comes later is in it, not even hidden: what may be
    sent while a prediction is owed. Each rack carries `data-pick="<instance id>"`. Above `MOST` instances nothing is
    drawn, and the text says so.
    """
    last = len(trace) if upto is None else min(upto, len(trace))
    states = _states(trace, last)
    # The decision after the last frame is only asked what its task needs.
    decisions = [explain(trace, k) for k in range(min(last + 1, len(trace)))]
    words_of = board_words.narration(trace, states, decisions)
    scene = scene_of(states, decisions)
    if scene is None:
        return Film(title=TITLE, svg=too_many(states[0]), frames=frames_of([{}] * len(states), words_of))
    looks: list[Look] = []
    kept: dict[str, tuple[object, Look]] = {}
    for k, state in enumerate(states):
        marks = _marks(trace.events, decisions, k, tell=k < last or last == len(trace))
        looks.append(look_of(scene, state, marks, kept))
    patches = [{}, *(changes(before, after) for before, after in pairwise(looks))]
    return Film(title=TITLE, svg=draw(scene, looks[0], TITLE), frames=frames_of(patches, words_of))


def board_svg(
    cluster: Cluster,
    *,
    title: str = TITLE,
    marks: Mapping[str, str] | None = None,
    notes: Mapping[str, tuple[str, str]] | None = None,
) -> str:
    """One state as a still picture.

    Parameters
    ----------
    marks : by instance id, "chosen" (lit), "refused" or "dim"; instances that are left out look as always.
    notes : by instance id, two short lines to write on the rack.
    """
    scene = scene_of([cluster], [])
    if scene is None:
        return too_many(cluster)
    look = look_of(scene, cluster, Marks(racks=marks or {}, notes=notes or {}), {})
    return draw(scene, look, title)


def _states(trace: Trace[Cluster, Event], last: int) -> list[Cluster]:
    states = [trace.checkpoints[0]]
    for event in trace.events[:last]:
        states.append(trace.mechanism.apply(states[-1], event))
    return states


def _marks(events: Sequence[Event], decisions: Sequence[object], k: int, *, tell: bool) -> Marks:
    """What frame `k` says: the outcome of event `k - 1`, and what waits for event `k`.

    Without `tell` the one that waits is only an outline: whether it will be placed is not to be seen.
    """
    chosen: dict[str, str] = {}
    notes: dict[str, tuple[str, str]] = {}
    landed = None
    if k:
        event, decision = events[k - 1], decisions[k - 1]
        if isinstance(decision, Decision):
            for verdict in decision.verdicts:
                if verdict.shortfalls and verdict.instance.id != decision.chosen:
                    chosen[verdict.instance.id] = "refused"
                    notes[verdict.instance.id] = three_words(verdict.shortfalls[0])
        if event.instance and event.kind != "refused":
            chosen[event.instance] = "chosen"
        landed = event.placed.id if event.placed else None
    decision = decisions[k] if k < len(decisions) else None
    if not isinstance(decision, Decision):
        return Marks(racks=chosen, notes=notes, landed=landed)
    placed = events[k].placed if tell else None
    need = decision.needs
    return Marks(
        racks=chosen,
        notes=notes,
        landed=landed,
        waiting=placed.id if placed else None,
        needs=Resources(cpu=need.cpu, memory=need.memory, gpu=need.gpu),
        name=f"Task {decision.task} is next",
    )
