"""Tasks and their storage by zone and instance: what is mounted, what holds data, what was lost or is out of reach."""

from __future__ import annotations

from collections.abc import Iterable

from diagrams.model import Diagram, Edge, Group, Node
from simulator.volumes.attach import FARGATE
from simulator.volumes.fates import CLEAN_UP
from simulator.volumes.state import Running, Seen, State, Status, Store, Task, TaskStatus
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

    A line is a mount of a running task; it is active where there is data behind it, and leads through the mount target
    of the task's zone where the file system has such. A task that never started points at what it could not mount,
    blocked. A task of several containers is a box with a card for each; a Fargate task stands in a host of its own.
    """
    tasks = _shown_tasks(state)
    stores = _shown_stores(state, tasks)
    targets = _targets(state, tasks)
    groups = [Group(id="region", label="Region", kind="vpc", explanation=_REGION)]
    for zone in state.plan.zones:
        groups.append(_zone(state, zone))
        groups += [_host(state, host.id, zone) for host in state.plan.hosts if host.zone == zone]
    groups += [_fargate(task) for task in state.tasks if task.spec.launch.type == FARGATE]
    groups += [_around(task) for task in tasks if _is_box(task)]
    nodes = [
        *(card for task in tasks for card in _cards(state, task)),
        *(_target(state, zone, name) for zone, name in targets),
        *(_store(state, store) for store in stores),
    ]
    few = len(state.plan.hosts) <= MOST_HOSTS
    parents = {group.id: group.parent for group in groups}
    used: set[str | None] = {"region"}
    for node in nodes:
        above = node.group
        while above is not None:
            used.add(above)
            above = parents[above]
    hosts = {f"instance {host.id}" for host in state.plan.hosts} if few else set[str]()
    return Diagram(
        title=title or f"Tasks and their storage after {state.now} s",
        nodes=tuple(nodes),
        groups=tuple(group for group in groups if group.id in used or group.kind == "zone" or group.id in hosts),
        edges=tuple(_edges(tasks, stores, targets)),
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


def _fargate(task: Task) -> Group:
    """The host of a Fargate task, which no other task ever has."""
    told = {
        TaskStatus.RUNNING: f"That of {task.name} holds its ephemeral storage.",
        TaskStatus.STOPPED: f"That of {task.name} went with it.",
        TaskStatus.FAILED_TO_START: f"{task.name} did not start.",
    }[task.status]
    return Group(
        id=f"host {task.name}",
        # No longer than the other name: a film lays its boxes out by the first.
        label="Host, gone" if task.status is TaskStatus.STOPPED else "Fargate host",
        kind="host",
        parent=f"zone {task.spec.zone}",
        explanation=f"Every Fargate task has a host of its own. {told}",
    )


def _around(task: Task) -> Group:
    """The box of a task with several containers."""
    return Group(
        id=f"task {task.name}",
        label=task.name,
        kind="task",
        parent=_place_of(task),
        explanation=_told(task),
    )


def _is_box(task: Task) -> bool:
    return len(task.containers) > 1


def _place(zone: str, instance: str) -> str:
    return f"instance {instance}" if instance else f"zone {zone}" if zone else "region"


def _place_of(task: Task) -> str:
    return f"host {task.name}" if task.spec.launch.type == FARGATE else _place(task.spec.zone, task.spec.instance)


def _place_of_store(state: State, store: Store) -> str:
    on_fargate = {task.name for task in state.tasks if task.spec.launch.type == FARGATE}
    own = store.kind in (Kind.BIND_MOUNT, Kind.WRITABLE_LAYER)
    if own and not store.instance and store.task in on_fargate:
        return f"host {store.task}"
    return _place(store.zone, store.instance)


def _cards(state: State, task: Task) -> Iterable[Node]:
    """A task's card; where it has several containers, one for each of them."""
    if not _is_box(task):
        yield Node(
            id=f"task {task.name}",
            label=task.name,
            kind="task",
            group=_place_of(task),
            state=_TASKS[task.status],
            detail=_last_look(state, task),
            explanation=_told(task),
        )
        return
    for container in task.containers:
        up = container.running
        yield Node(
            id=f"container {task.name}/{container.name}",
            label=container.name,
            kind="task",
            group=f"task {task.name}",
            state="healthy" if up else "draining",
            detail=_last_look(state, task, container),
            explanation=f"Container {container.name} of {task.name} {'runs' if up else 'has stopped'}.",
        )


def _told(task: Task) -> str:
    where = task.spec.instance or f"Fargate in {task.spec.zone}"
    what = {
        TaskStatus.RUNNING: "runs",
        TaskStatus.STOPPED: "has stopped",
        TaskStatus.FAILED_TO_START: f"did not start ({task.code})",
    }[task.status]
    return f"Task {task.name} {what} on {where}."


def _last_look(state: State, task: Task, container: Running | None = None) -> str:
    """What the newest read of a task, or of one of its containers, found; "" where it mounts more than one volume."""
    if len({mount.store for mount in task.mounts if mount.path != "/"}) > 1:
        return ""
    seen: Seen | None = next(
        (
            one
            for one in reversed(state.reads)
            if one.task == task.name and (container is None or one.container == container.name)
        ),
        None,
    )
    if seen is None or seen.code not in _LOOKS:
        return ""
    return _LOOKS[seen.code]


_LOOKS = {"DATA": "finds it", "EMPTY": "finds none"}


def _targets(state: State, tasks: Iterable[Task]) -> list[tuple[str, str]]:
    """Zone and file system of every mount target of what the tasks mount, or would."""
    wanted = {
        volume.file_system
        for task in tasks
        if task.status is not TaskStatus.STOPPED
        for volume in task.spec.definition.volumes
        if volume.kind in (Kind.EFS, Kind.S3_FILES)
    }
    found: list[tuple[str, str]] = []
    for name in sorted(wanted):
        system = state.plan.system(name)
        if system.targets is not None:
            zones = [target.zone for target in system.targets]
        else:
            zones = [system.zone] if system.zone else list(state.plan.zones)
        found += [(zone, name) for zone in zones if zone in state.plan.zones]
    return found


def _target(state: State, zone: str, name: str) -> Node:
    own = next((one for one in state.plan.system(name).targets or () if one.zone == zone), None)
    admits = "any group" if own is None or own.admits is None else ", ".join(own.admits) or "nobody"
    lost = zone in state.lost
    gone = " Its zone is lost." if lost else ""
    return Node(
        id=f"target {name} {zone}",
        label="mount target",
        kind="endpoint",
        group=f"zone {zone}",
        state="failed" if lost else "",
        explanation=f"The mount target of {name} in {zone}: TCP port 2049, from {admits}.{gone}",
    )


def _store(state: State, store: Store) -> Node:
    count = len(store.files)
    held = "empty" if not count else "1 file" if count == 1 else f"{count} files"
    return Node(
        id=f"store {store.id}",
        label=store.volume,
        kind=_GLYPHS.get(store.kind, "volume"),
        group=_place_of_store(state, store),
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


def _edges(tasks: Iterable[Task], stores: Iterable[Store], targets: Iterable[tuple[str, str]]) -> Iterable[Edge]:
    drawn = {store.id: store for store in stores}
    there = set(targets)
    ways: dict[tuple[str, str], Edge] = {}
    for task in tasks:
        if task.status is TaskStatus.RUNNING:
            found = _mounts(task, drawn, there)
        elif task.status is TaskStatus.FAILED_TO_START:
            found = _not_mounted(task, drawn, there)
        else:
            continue
        for edge in found:
            known = ways.get((edge.source, edge.target))
            # One stretch of several mounts: it is in use if one of them is.
            if known is None or (not known.state and edge.state):
                ways[edge.source, edge.target] = edge
    return ways.values()


def _mounts(task: Task, drawn: dict[str, Store], there: set[tuple[str, str]]) -> Iterable[Edge]:
    """The running task's mounts, from each container to its storage."""
    for mount in task.mounts:
        store = drawn.get(mount.store)
        if store is None:
            continue
        source = f"container {task.name}/{mount.container}" if _is_box(task) else f"task {task.name}"
        state, end = "active" if store.files else "", f"store {store.id}"
        if (task.spec.zone, store.id) in there:
            target = f"target {store.id} {task.spec.zone}"
            yield Edge(source=source, target=target, state=state)
            yield Edge(source=target, target=end, state=state)
        else:
            yield Edge(source=source, target=end, state=state)


def _not_mounted(task: Task, drawn: dict[str, Store], there: set[tuple[str, str]]) -> Iterable[Edge]:
    """What stopped the task's start: the mount target that turned it away, or a file system without one here."""
    for volume in task.spec.definition.volumes:
        if volume.kind not in NETWORK_KINDS:
            continue
        name = volume.file_system
        if (task.spec.zone, name) in there:
            end = f"target {name} {task.spec.zone}"
            yield Edge(source=f"task {task.name}", target=end, label=_STOPS.get(task.code, "no mount"), state="blocked")
        elif name in drawn:
            yield Edge(source=f"task {task.name}", target=f"store {name}", label="no mount", state="blocked")


_STOPS = {"MOUNT_TIMEOUT": "2049 closed", "MOUNT_DENIED": "role denies"}
