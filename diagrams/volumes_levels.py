"""What becomes of a task's files as things stop: each in the box that it lies in, from the container to the Region.

A film has one frame a beat: what stops and what goes with it, then what starts and what it finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from diagrams.film import Film, Patch, Said, frames_of
from diagrams.look import changes
from diagrams.volumes_drawing import Cell, Column, Row, Scene, drawing, look_of
from simulator.trace import Trace, explain, state_at
from simulator.volumes.attach import FARGATE
from simulator.volumes.state import Event, State, Status, Store, Task, TaskStatus, What
from simulator.volumes.volume import Kind
from simulator.volumes.wording import CODES, cure, store_reason

KIND_NAMES = {
    Kind.WRITABLE_LAYER: "Container layer",
    Kind.BIND_MOUNT: "Bind mount",
    Kind.HOST_PATH: "sourcePath",
    Kind.DOCKER_TASK: "Docker, scope task",
    Kind.DOCKER_SHARED: "Docker, scope shared",
    Kind.EBS: "EBS volume",
    Kind.EFS: "EFS",
    Kind.S3_FILES: "S3 Files",
    Kind.FSX_WINDOWS: "FSx for Windows",
}
_LEVELS = {
    Kind.WRITABLE_LAYER: "container",
    Kind.BIND_MOUNT: "task",
    Kind.DOCKER_TASK: "task",
    Kind.HOST_PATH: "instance",
    Kind.DOCKER_SHARED: "instance",
    Kind.EBS: "zone",
}
_PHASES = {
    What.STARTED: "up",
    What.REFUSED: "up",
    What.NO_PLACE: "up",
    What.RESTARTED: "up",
    What.READ: "up",
    What.REACHABLE: "up",
    What.ZONE_RESTORED: "up",
    What.WROTE: "write",
    What.DENIED: "write",
    What.WAITED: "wait",
}
_BEGINS = (What.ZONE_LOST, What.INSTANCE_DOWN, What.EXITED)


def levels_film(trace: Trace[State, Event], *, title: str, ask: str, opening: bool = False) -> Film:
    """The run of one task that wrote to each of its paths, beat by beat.

    Parameters
    ----------
    trace : a run whose first task is followed, with whatever stands in for it.
    ask : the caption of the first frame.
    opening : the first frame alone, which does not say what goes with what.
    """
    stops = beats(trace)
    shown = stops[:1] if opening else stops
    scenes = [scene_at(trace, k) for k in shown]
    if opening:
        scenes = [replace(scene, rows=tuple(replace(row, goes_with="") for row in scene.rows)) for scene in scenes]
    looks = [look_of(scene) for scene in scenes]
    patches: list[Patch] = [{}, *(changes(old, new) for old, new in pairwise(looks))]
    said = [_said(trace, shown, at, scene, ask) for at, scene in enumerate(scenes)]
    return Film(
        title=title,
        svg=drawing(scenes[0], title, down=False),
        narrow=drawing(scenes[0], title, down=True),
        frames=frames_of(patches, said),
    )


def beats(trace: Trace[State, Event]) -> tuple[int, ...]:
    """The steps of the run at which a frame stands: after the first writes, then after each change of direction."""
    events = trace.events
    first = 0
    while first < len(events) and events[first].kind in (What.STARTED, What.WROTE, What.DENIED):
        first += 1
    stops = [first]
    phase = ""
    for k in range(first, len(events)):
        now = _PHASES.get(events[k].kind, "down")
        if phase == "wait" and events[k].kind is What.LOST:
            now = "wait"
        if phase and now != phase and not _is_idle(trace, stops[-1], k):
            stops.append(k)
        phase = now
    return tuple(stops if stops[-1] == len(events) else [*stops, len(events)])


def scene_at(trace: Trace[State, Event], k: int) -> Scene:
    """Everything that the figure shows at a step."""
    stops = beats(trace)
    state, before = state_at(trace, k), state_at(trace, max((stop for stop in stops if stop < k), default=k))
    first = state_at(trace, stops[0]).tasks[0]
    now = state.task(first.base) or first
    return Scene(
        columns=_columns(state, now),
        rows=tuple(_row(state, before, first, now, path) for path, _ in _places(first)),
        task=now.name if now.status is TaskStatus.RUNNING else "",
    )


def told(trace: Trace[State, Event], k: int, path: str) -> tuple[str, str, str]:
    """What is said of a row that was chosen: its name, why its storage is as it is, what would have kept the file."""
    state = state_at(trace, k)
    first = state_at(trace, beats(trace)[0]).tasks[0]
    found = dict(_places(first)).get(path)
    store = state.store(found) if found is not None else None
    if store is None:
        return "", "", ""
    name = f"{path}, {store.kind.value}"
    now = state.task(first.base) or first
    if store.status is Status.AVAILABLE and _elsewhere(store, now):
        return name, f"The file still lies on {store.instance}, and the task is on {now.spec.instance}.", _EFS
    return name, store_reason(store), cure(store, store.because)


_EFS = "Use EFS: every instance can mount it."


def _is_idle(trace: Trace[State, Event], start: int, end: int) -> bool:
    """Whether nothing but time has passed between two steps: that makes no frame of its own."""
    return all(event.kind is What.WAITED for event in trace.events[start:end])


def _places(task: Task) -> list[tuple[str, str]]:
    """Path and storage of each mount of the task's first container, its own layer first."""
    own = [mount for mount in task.mounts if mount.container == task.containers[0].name]
    own.sort(key=lambda mount: mount.path != "/")
    return [(mount.path, mount.store) for mount in own]


def _columns(state: State, task: Task) -> tuple[Column, ...]:
    stopped = task.status is not TaskStatus.RUNNING
    spec, container = task.spec, task.containers[0] if task.containers else None
    exited = stopped or (container is not None and not container.running)
    name = container.name if container is not None else spec.definition.containers[0].name
    found = [
        Column(level="container", label="Container", name=name, fallen=exited),
        Column(level="task", label="Task", name=task.name, fallen=stopped),
    ]
    if spec.launch.type != FARGATE:
        down = spec.instance in state.down
        found.append(Column(level="instance", label="Instance", name=spec.instance, fallen=down))
    found.append(Column(level="zone", label="Zone", name=spec.zone, fallen=spec.zone in state.lost))
    return (*found, Column(level="region", label="Region", name=spec.zone[:-1], fallen=False))


def _row(state: State, before: State, first: Task, now: Task, path: str) -> Row:
    name, kind = dict(_places(first))[path], _kind(first, path)
    # An empty layer is nothing that anyone could miss: the simulator forgets it.
    store = state.store(name) or Store(id=name, kind=kind, volume="")
    was = before.store(name)
    is_news = was is None or was.status is not Status.LOST
    level = _LEVELS.get(kind, "zone" if store.zone else "region")
    return Row(
        path="/tmp" if kind is Kind.WRITABLE_LAYER else path,
        name=KIND_NAMES[kind],
        level=level,
        cell=_cell(store, now, path, is_news=is_news),
        goes_with="task" if kind is Kind.EBS and _goes_with_task(first) else "",
        finds=_finds(state, now, path),
    )


def _kind(task: Task, path: str) -> Kind:
    if path == "/":
        return Kind.WRITABLE_LAYER
    container = task.spec.definition.containers[0]
    volume = next(mount.volume for mount in container.mounts if mount.path == path)
    return next(one.kind for one in task.spec.definition.volumes if one.name == volume)


def _goes_with_task(task: Task) -> bool:
    launch = task.spec.launch
    return bool(launch.service) or launch.ebs is None or launch.ebs.delete_on_termination


def _cell(store: Store, now: Task, path: str, *, is_news: bool) -> Cell:
    """What stands in the row's box: the file, where it went, or the new and empty storage in its place."""
    runs = now.status is TaskStatus.RUNNING
    current = dict(_places(now)).get(path) if runs else store.id
    if store.status is Status.LOST:
        if current not in (store.id, None):
            return Cell(state="empty", word="empty")
        return Cell(state="lost" if is_news else "empty", word="lost")
    if not store.files:
        return Cell(state="empty", word="empty")
    if store.status is Status.UNREACHABLE:
        return Cell(state="away", word="left behind")
    if runs and current != store.id:
        return Cell(state="away", word=f"on {store.instance}" if store.instance else "left behind")
    return Cell(state="note", word="note")


def _elsewhere(store: Store, now: Task) -> bool:
    return bool(store.instance and store.files) and store.instance != now.spec.instance


def _finds(state: State, now: Task, path: str) -> str:
    """ "yes", "no", "none" where no task runs, "" before anybody looked."""
    if now.status is not TaskStatus.RUNNING:
        return "none"
    store = dict(_places(now)).get(path)
    seen = [one for one in state.reads if one.task == now.name and one.store == store and one.code in _SEEN]
    return _SEEN[seen[-1].code] if seen else ""


_SEEN = {"DATA": "yes", "EMPTY": "no"}


def _said(trace: Trace[State, Event], stops: Sequence[int], at: int, scene: Scene, ask: str) -> Said:
    text = describe(scene)
    if at == 0:
        return Said(caption=ask, text=text, mark="everything is written", tone="")
    events = trace.events[stops[at - 1] : stops[at]]
    lead = next((stops[at - 1] + i for i, one in enumerate(events) if one.kind is not What.WAITED), stops[at] - 1)
    event = trace.events[lead]
    kept = _named(row for row in scene.rows if row.finds == "yes")
    if event.kind in (What.STARTED, What.RESTARTED):
        missed = _named(row for row in scene.rows if row.finds == "no")
        caption = f"{_begun(event, scene)} {_counted(kept, missed)}"
        return Said(caption=caption, text=text, mark=_mark(event), tone="done" if kept else "refused")
    if _PHASES.get(event.kind, "down") == "up":
        return Said(caption=_sentence(trace, lead), text=text, mark=_mark(event), tone="refused")
    gone = _named(row for row in scene.rows if row.cell.state == "lost")
    away = _named(row for row in scene.rows if row.cell.state == "away")
    parts = [_happened(trace, stops[at - 1], stops[at])]
    parts += [f"Gone with it: {gone}."] if gone and event.kind is not What.EXITED else []
    parts += [f"Left behind, where nobody looks: {away}."] if away and event.kind is not What.EXITED else []
    return Said(caption=" ".join(parts), text=text, mark=_mark(event), tone="refused" if gone else "")


def _begun(event: Event, scene: Scene) -> str:
    if event.kind is What.RESTARTED:
        return f"Container {event.container} is started again in place: the same container, in the same task."
    where = event.instance or f"a new Fargate host in {event.zone}"
    return f"{event.task} starts on {where}." if scene.task else f"{event.task} does not run."


def _counted(kept: str, missed: str) -> str:
    if kept and missed:
        return f"The note is in {kept}; nothing is in {missed}."
    return f"The note is in {kept}: nothing is lost." if kept else f"Nothing is in {missed}."


def _happened(trace: Trace[State, Event], start: int, end: int) -> str:
    """What set it off, in one sentence or two."""
    kinds = [event.kind for event in trace.events[start:end]]
    lead = next((start + kinds.index(kind) for kind in _BEGINS if kind in kinds), None)
    if lead is not None:
        return _sentence(trace, lead)
    told = [k for k in range(start, end) if trace.events[k].kind is not What.WAITED]
    waited = sum(event.count for event in trace.events[start:end] if event.kind is What.WAITED)
    if waited:
        passed = f"{waited // 3600} h pass." if waited % 3600 == 0 else f"{waited} s pass."
        return " ".join([passed, *(_reason(trace, k) for k in told)])
    event = trace.events[told[0]]
    return f"Task {event.task} stops. {CODES[event.code]}" if event.kind is What.STOPPED else _sentence(trace, told[0])


def _sentence(trace: Trace[State, Event], k: int) -> str:
    said: Any = explain(trace, k)
    return said.sentence


def _reason(trace: Trace[State, Event], k: int) -> str:
    after = state_at(trace, k + 1).store(trace.events[k].store)
    return store_reason(after) if after is not None and after.status is not Status.AVAILABLE else ""


def _mark(event: Event) -> str:
    if event.kind is What.STARTED:
        return f"{event.task} starts"
    return {
        What.RESTARTED: "started again",
        What.EXITED: "the container exits",
        What.INSTANCE_DOWN: f"{event.instance} goes",
        What.ZONE_LOST: f"{event.zone} goes",
        What.STOPPED: f"{event.task} stops",
        What.NO_PLACE: "no place",
        What.LOST: "time passes",
    }.get(event.kind, "")


def describe(scene: Scene) -> str:
    """The scene in lines: the boxes, then each file with where it lies and what the task finds."""
    boxes = ", ".join(f"{c.label.lower()} {c.name}{' (gone)' if c.fallen else ''}" for c in scene.columns)
    rows = [
        f"{row.path:10} {row.name:20} lies in the {row.level:9} {row.cell.word:12} {_FINDS[row.finds]}".rstrip()
        for row in scene.rows
    ]
    return "\n".join([f"{boxes}.", *rows])


_FINDS = {"yes": "the task finds it", "no": "the task finds nothing", "none": "no task looks", "": ""}


def _named(rows: Iterable[Row]) -> str:
    paths = [row.path for row in rows]
    return paths[0] if len(paths) == 1 else f"{', '.join(paths[:-1])} and {paths[-1]}" if paths else ""
