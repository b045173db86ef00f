"""What a board is made of, and how each of its elements looks at one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagrams.layout import Box
from diagrams.look import Attributes, Look, color, rounded, shifted, sides
from diagrams.pips import Pip, pips_of, shown_pips
from diagrams.racks import LEAST, MOST, UNKNOWN, Racks, capacity, racks, stacked, taken_before, tasks_by_instance
from simulator.model import Cluster, Instance, PlacedTask, Resources
from simulator.placement.decision import Decision

LOW = 52  # a rack of at most this height has no room for a reason of two lines
NOTE_HEIGHT = 44
NOTE_LETTER = 11.0  # the width of a letter of a reason, in the type that a phone shows
UNITS_FIT, LEFT_FITS = 280, 180  # widths of a cell, for the type that a phone shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is said on the board about one moment.

    `racks` maps an instance's id to "chosen" or "refused", `notes` to its two short lines. `landed` is the task that
    has just come, `waiting` the one that is to come (an id of a task of the run, if it will be placed), with what it
    takes and how it is called.
    """

    racks: Mapping[str, str]
    notes: Mapping[str, tuple[str, str]]
    landed: str | None = None
    waiting: str | None = None
    needs: Resources | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What stays the same through a film: the places, and every element that will ever show."""

    instances: tuple[Instance, ...]
    places: Racks
    taken: Mapping[str, Resources]
    tasks: Mapping[str, tuple[int, PlacedTask]]  # by id, with the number in the element's id
    absent: Look
    groups: tuple[str, ...]
    pips: Mapping[str, tuple[Pip, ...]]
    unsized: frozenset[str]


def scene_of(states: Sequence[Cluster], decisions: Sequence[object]) -> Scene | None:
    """None if there are more instances than can be drawn."""
    first = states[0]
    if len(first.instances) > MOST:
        return None
    sized = tasks_by_instance(first)
    known = {one.id: capacity(one, sized[one.id]) for one in first.instances}
    capacities = {key: whole or UNKNOWN for key, whole in known.items()}
    tasks: dict[str, PlacedTask] = {}
    for state in states:
        for task in state.tasks:
            if task.sized:
                tasks.setdefault(task.id, task)
    needs = [decision.needs for decision in decisions if isinstance(decision, Decision)]
    pips = pips_of(first, [*needs, *tasks.values()])
    places = racks(
        first.instances,
        capacities,
        biggest=Resources(
            cpu=max((need.cpu for need in needs), default=0), memory=max((need.memory for need in needs), default=0)
        ),
        has_pips=any(pips.values()),
    )
    groups = dict.fromkeys(task.group for task in tasks.values())
    groups |= dict.fromkeys(decision.request.group for decision in decisions if isinstance(decision, Decision))
    return Scene(
        instances=first.instances,
        places=places,
        taken={one.id: taken_before(one, known[one.id], sized[one.id]) for one in first.instances},
        tasks={key: (at, task) for at, (key, task) in enumerate(tasks.items())},
        absent={f"t{at}": _apart(places, tuple(groups), task, waiting=False) for at, task in enumerate(tasks.values())},
        groups=tuple(groups),
        pips=pips,
        unsized=frozenset(key for key, whole in known.items() if whole is None),
    )


def look_of(scene: Scene, state: Cluster, marks: Marks, kept: dict[str, tuple[object, Look]]) -> Look:
    """How every element looks. `kept` remembers each rack's look by what it was made from: few racks change a step."""
    look: Look = dict(scene.absent)
    on = tasks_by_instance(state)
    present = {instance.id: instance for instance in state.instances}
    for at, instance in enumerate(scene.instances):
        now = present.get(instance.id)
        tasks = on.get(instance.id, ())
        mark, note = marks.racks.get(instance.id, ""), marks.notes.get(instance.id)
        landed = marks.landed if any(task.id == marks.landed for task in tasks) else None
        made_from = (now, tuple(task.id for task in tasks), mark, note, landed)
        before = kept.get(instance.id)
        if before is None or before[0] != made_from:
            before = (made_from, _rack_look(scene, at, instance, now, tasks, mark, note, landed))
            kept[instance.id] = before
        look.update(before[1])
    if marks.waiting is not None:
        at, task = scene.tasks[marks.waiting]
        look[f"t{at}"] = _apart(scene.places, scene.groups, task, waiting=True)
    look.update(_ghost(scene, marks))
    return look


def _rack_look(
    scene: Scene,
    at: int,
    instance: Instance,
    now: Instance | None,
    tasks: Sequence[PlacedTask],
    mark: str,
    note: tuple[str, str] | None,
    landed: str | None,
) -> Look:
    frame, cell = scene.places.frames[instance.id], scene.places.cells[instance.id]
    sizes = [scene.taken[instance.id], *(Resources(cpu=task.cpu, memory=task.memory) for task in tasks)]
    boxes, free = stacked(frame, scene.places.scale, sizes)
    away = now is None or now.status != "ACTIVE" or not now.agent_connected
    names = ["rack", mark, "away" if away else "", "unsized" if instance.id in scene.unsized else ""]
    look: Look = {
        f"r{at}": {"class": " ".join(name for name in names if name), "hidden": now is None},
        f"e{at}": sides(free),
        f"s{at}": {"text": _left(now, scene.places.text_lines, cell.width) if now else ""},
    }
    look.update(_note(at, note, frame, cell, boxes))
    for task, box in zip(tasks, boxes[1:], strict=True):
        number_of, _ = scene.tasks[task.id]
        manner = " landed" if task.id == landed else " dim" if mark in ("refused", "dim") else ""
        names = f"task {color(scene.groups.index(task.group))}{manner}"
        look[f"t{number_of}"] = {"transform": shifted(box), "class": names, "hidden": False}
    for i, pip in enumerate(shown_pips(scene.pips[instance.id], now, tasks)):
        look[f"p{at}-{i}"] = {"class": pip}
    return look


def _note(at: int, note: tuple[str, str] | None, frame: Box, cell: Box, blocks: Sequence[Box]) -> Look:
    """Where the two lines of a reason stand: where they cover the least of what lies in the rack."""
    width = max((len(line) for line in note or ()), default=0) * NOTE_LETTER
    middle = frame.center.x
    spots = [(middle, frame.y + 5 if frame.height > LOW else frame.bottom - 43)]
    if frame.height > LOW and width <= frame.width:
        columns = (middle, frame.x + width / 2, frame.right - width / 2)
        spots += [(x, y) for y in (frame.y + 5, frame.bottom - NOTE_HEIGHT - 5) for x in columns]
    if frame.y - cell.y >= NOTE_HEIGHT:
        spots.append((middle, frame.y - NOTE_HEIGHT))
    x, y = min(spots, key=lambda spot: _covered(Box(spot[0] - width / 2, spot[1], width, NOTE_HEIGHT), blocks))
    lines = {f"n{at}": (note[0] if note else "", y + 19), f"m{at}": (note[1] if note else "", y + 39)}
    return {
        name: {"text": text, "hidden": note is None, "x": rounded(x), "y": rounded(base)}
        for name, (text, base) in lines.items()
    }


def _covered(spot: Box, blocks: Sequence[Box]) -> float:
    """How much of the blocks lies under a spot."""
    return sum(
        max(0.0, min(spot.right, box.right) - max(spot.x, box.x))
        * max(0.0, min(spot.bottom, box.bottom) - max(spot.y, box.y))
        for box in blocks
    )


def _apart(places: Racks, groups: Sequence[str], task: PlacedTask, *, waiting: bool) -> Attributes:
    """A task that is on no rack: waiting where new ones wait, or hidden there so that it comes from there."""
    height = max(places.scale.height(task.memory), LEAST)
    names = f"task {color(groups.index(task.group))}"
    return {
        "transform": shifted(Box(places.ghost.x, places.ghost.bottom - height, 0, 0)),
        "class": f"{names} waiting" if waiting else names,
        "hidden": not waiting,
    }


def _ghost(scene: Scene, marks: Marks) -> Look:
    """The outline beside the racks where the next task stands, and its name and size."""
    if marks.needs is None:
        nothing = {"x": 0, "y": 0, "width": 0, "height": 0}
        hidden: Look = {name: {"text": "", "hidden": True} for name in ("ga", "gb")}
        return {"g": {**nothing, "hidden": True}, **hidden}
    scale, spot = scene.places.scale, scene.places.ghost
    (box,), _ = stacked(Box(spot.x, spot.y, max(spot.width, LEAST), max(spot.height, LEAST)), scale, [marks.needs])
    size = f"{marks.needs.cpu} CPU → {marks.needs.memory} MiB ↑"
    return {
        "g": {**sides(box), "hidden": marks.waiting is not None},
        "ga": {"text": marks.name, "hidden": False},
        "gb": {"text": size, "hidden": False},
    }


def _left(now: Instance, text_lines: int, width: float) -> str:
    """What is left, with as much of its units as the cell has room for."""
    if text_lines == 1:
        return ""
    if now.status != "ACTIVE":
        return now.status
    if not now.agent_connected:
        return "agent off"
    left = now.remaining or now.registered
    if left is None:
        return "size unknown"
    over = [f"{-value} {unit}" for value, unit in ((left.cpu, "CPU"), (left.memory, "MiB")) if value < 0]
    if over:
        return f"over by {' · '.join(over)}"
    if width >= UNITS_FIT:
        return f"{left.cpu} CPU · {left.memory} MiB left"
    return f"{left.cpu} · {left.memory}" + " left" * (width >= LEFT_FITS)
