"""Tasks and their storage by zone and instance: what is mounted, what holds data, what was lost or is out of reach."""

from __future__ import annotations

from collections.abc import Iterable

from diagrams.model import Diagram, Edge, Group, Node
from simulator.volumes.fates import CLEAN_UP
from simulator.volumes.state import State, Status, Store, Task, TaskStatus
from simulator.volumes.volume import NETWORK_KINDS, Kind
from simulator.volumes.wording import FIXES, REASONS, SCOPES

MOST_GONE = 6  # lost storages that are drawn, the newest
MOST_HOSTS = 6  # with more, only the instances that hold something
MOST_TASKS = 12  # tasks that are drawn, the newest
_GLYPHS = {Kind.EBS: "database", Kind.EFS: "efs", Kind.S3_FILES: "bucket", Kind.FSX_WINDOWS: "efs"}
_MARKS = {Status.LOST: "failed", Status.UNREACHABLE: "refused"}
_WORDS = {Status.LOST: "lost", Status.UNREACHABLE: "out of reach"}
_TASKS = {TaskStatus.RUNNING: "healthy", TaskStatus.FAILED_TO_START: "failed", TaskStatus.STOPPED: "draining"}


def volumes_diagram(state: State, *, title: str | None = None) -> Diagram:
    """The tasks and their storage at one moment.

    A line is a mount of a running task; it is active where there is data behind it. A task that never started points
    at the file system that it could not mount, blocked.
    """
    tasks = _shown_tasks(state)
    stores = _shown_stores(state, tasks)
    groups = [Group(id="region", label="Region", kind="vpc", explanation=_REGION)]
    for zone in state.plan.zones:
        groups.append(_zone(state, zone))
        groups += [_host(state, host.id, zone) for host in state.plan.hosts if host.zone == zone]
    nodes = [*(_task(task) for task in tasks), *(_store(state, store) for store in stores)]
    few = len(state.plan.hosts) <= MOST_HOSTS
    used = {node.group for node in nodes}
    parents = {group.id: group.parent for group in groups}
    used |= {parents[key] for key in [*used] if key is not None} | {"region"}
    return Diagram(
        title=title or f"Tasks and their storage after {state.now} s",
        nodes=tuple(nodes),
        groups=tuple(group for group in groups if group.id in used or group.kind == "zone" or few),
        edges=tuple(_edges(tasks, stores)),
        direction="down",
    )


_REGION = "What lies here and in no zone can be reached from every zone: Regional EFS, S3 Files, FSx in two zones."


def _shown_tasks(state: State) -> list[Task]:
    """Tasks that run or failed to start, and a stopped one that nothing stands in for."""
    newest = {task.base: task.name for task in state.tasks}
    shown = [task for task in state.tasks if task.status is not TaskStatus.STOPPED or newest[task.base] == task.name]
    return shown[-MOST_TASKS:]


def _shown_stores(state: State, tasks: Iterable[Task]) -> list[Store]:
    """What is mounted or holds data, and the newest of what is gone; empty writable layers are left out."""
    mounted = {mount.store for task in tasks if task.status is TaskStatus.RUNNING for mount in task.mounts}
    gone = [store for store in state.stores if store.status is Status.LOST][-MOST_GONE:]
    return [
        store
        for store in state.stores
        if store in gone
        or (store.status is not Status.LOST and store.kind is not Kind.WRITABLE_LAYER and store.id in mounted)
        or (store.status is not Status.LOST and (store.files or store.status is Status.UNREACHABLE))
    ]


def _zone(state: State, zone: str) -> Group:
    lost = zone in state.lost
    return Group(
        id=f"zone {zone}",
        label=f"{zone} (lost)" if lost else zone,
        kind="zone",
        parent="region",
        explanation=f"Availability Zone {zone} is lost." if lost else f"Availability Zone {zone}.",
    )


def _host(state: State, name: str, zone: str) -> Group:
    down = name in state.down
    return Group(
        id=f"instance {name}",
        label=f"{name} (down)" if down else name,
        kind="instance",
        parent=f"zone {zone}",
        explanation=f"Container instance {name} is down." if down else f"Container instance {name}, and its disk.",
    )


def _place(zone: str, instance: str) -> str:
    return f"instance {instance}" if instance else f"zone {zone}" if zone else "region"


def _task(task: Task) -> Node:
    where = task.spec.instance or f"Fargate in {task.spec.zone}"
    what = {
        TaskStatus.RUNNING: "runs",
        TaskStatus.STOPPED: "has stopped",
        TaskStatus.FAILED_TO_START: f"did not start ({task.code})",
    }[task.status]
    return Node(
        id=f"task {task.name}",
        label=task.name,
        kind="task",
        group=_place(task.spec.zone, task.spec.instance),
        state=_TASKS[task.status],
        explanation=f"Task {task.name} {what} on {where}.",
    )


def _store(state: State, store: Store) -> Node:
    count = len(store.files)
    held = "empty" if not count else "1 file" if count == 1 else f"{count} files"
    return Node(
        id=f"store {store.id}",
        label=store.volume,
        kind=_GLYPHS.get(store.kind, "volume"),
        group=_place(store.zone, store.instance),
        state=_MARKS.get(store.status, "healthy" if count else ""),
        detail=_WORDS.get(store.status, held),
        explanation=_said(state, store),
    )


def _said(state: State, store: Store) -> str:
    what = f"{store.id}, {store.kind.value}."
    if store.status is Status.AVAILABLE:
        return f"{what} {SCOPES[store.kind.name]}"
    left = ""
    if store.because == "LINGERS":
        left = f" {max(CLEAN_UP - (state.now - store.since), 0)} s are left."
    return f"{what} {REASONS[store.because]}{left} {FIXES.get(store.because, '')}".strip()


def _edges(tasks: Iterable[Task], stores: Iterable[Store]) -> Iterable[Edge]:
    drawn = {store.id: store for store in stores}
    for task in tasks:
        if task.status is TaskStatus.RUNNING:
            for name in dict.fromkeys(mount.store for mount in task.mounts):
                if name in drawn:
                    active = "active" if drawn[name].files else ""
                    yield Edge(source=f"task {task.name}", target=f"store {name}", state=active)
        elif task.status is TaskStatus.FAILED_TO_START:
            wanted = [one.file_system for one in task.spec.definition.volumes if one.kind in NETWORK_KINDS]
            for name in dict.fromkeys(wanted):
                if name in drawn:
                    yield Edge(source=f"task {task.name}", target=f"store {name}", label="no mount", state="blocked")
