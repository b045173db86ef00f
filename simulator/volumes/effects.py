"""How an event changes the tasks and their storage: `apply(state, event)` is the next state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from simulator.volumes.attach import FARGATE
from simulator.volumes.rules import Restart
from simulator.volumes.scenario import Spec
from simulator.volumes.start import started
from simulator.volumes.state import Event, File, Mounted, Seen, State, Status, Task, TaskStatus, What


def apply(state: State, event: Event) -> State:
    """The state after an event."""
    return _EFFECTS.get(event.kind, _nothing)(replace(state, now=event.at), event)


def spec_of(state: State, event: Event) -> Spec:
    """The task that an event starts: the one of the scenario, or its origin's at another place."""
    given = next((spec for spec in state.plan.specs if spec.name == event.task), None)
    if given is not None and not event.origin:
        return given
    origin = _origin(state, event)
    named = next((spec for spec in state.plan.specs if spec.name == event.origin), state.plan.specs[0])
    base = origin.spec if origin is not None else named
    on_fargate = base.launch.type == FARGATE
    return replace(base, instance="" if on_fargate else event.instance, zone=event.zone)


def looked_up(task: Task, container: str, path: str) -> tuple[Mounted, str]:
    """Which mount a path of a container lies in (the deepest), and the path inside its storage."""
    inside = [
        mount
        for mount in task.mounts
        if mount.container == container and (mount.path == "/" or f"{path}/".startswith(f"{mount.path}/"))
    ]
    mount = max(inside, key=lambda one: len(one.path))
    rest = path[len(mount.path) :].strip("/") if mount.path != "/" else path.strip("/")
    return mount, f"{mount.root.rstrip('/')}/{rest}"


def files_under(state: State, task: Task, container: str, path: str) -> tuple[str, tuple[str, ...]]:
    """The storage that a path of a container lies in, and the files there under that path."""
    mount, inside = looked_up(task, container, path)
    store = state.store(mount.store)
    files = store.files if store is not None else ()
    return mount.store, tuple(sorted(f.path for f in files if f"{f.path}/".startswith(f"{inside.rstrip('/')}/")))


def _origin(state: State, event: Event) -> Task | None:
    return next((task for task in reversed(state.tasks) if task.name == event.origin), None)


def _started(state: State, event: Event) -> State:
    origin = _origin(state, event)
    spec = spec_of(state, event)
    base = event.task.split(" #")[0]
    task, stores = started(state, spec, event.task, base, origin)
    stores = tuple(replace(s, since=event.at) if state.store(s.id) is None else s for s in stores)
    return replace(state, tasks=(*state.tasks, task), stores=stores)


def _refused(state: State, event: Event) -> State:
    task = Task(
        spec=spec_of(state, event),
        name=event.task,
        base=event.task.split(" #")[0],
        status=TaskStatus.FAILED_TO_START,
        code=event.code,
    )
    return replace(state, tasks=(*state.tasks, task))


def _wrote(state: State, event: Event) -> State:
    task = _task(state, event.task)
    mount, path = looked_up(task, event.container, event.path)
    written = File(path, event.at)
    return replace(
        state,
        stores=tuple(
            replace(store, files=(*(file for file in store.files if file.path != path), written))
            if store.id == mount.store
            else store
            for store in state.stores
        ),
    )


def _read(state: State, event: Event) -> State:
    seen = Seen(task=event.task, container=event.container, path=event.path, code=event.code)
    if not event.code:
        name, under = files_under(state, _task(state, event.task), event.container, event.path)
        seen = replace(seen, store=name, files=under, code="DATA" if under else "EMPTY")
    return replace(state, reads=(*state.reads, seen))


def _exited(state: State, event: Event) -> State:
    return _container(state, event, running=False)


def _restarted(state: State, event: Event) -> State:
    state = _container(state, event, running=True)
    if state.rules.restart is Restart.SAME_CONTAINER:
        return state
    layer = f"{event.task}/{event.container} layer"
    emptied = tuple(replace(store, files=()) if store.id == layer else store for store in state.stores)
    return replace(state, stores=emptied)


def _container(state: State, event: Event, *, running: bool) -> State:
    task = _task(state, event.task)
    containers = tuple(
        replace(
            one,
            running=running,
            started=event.at if running else one.started,
            restarts=one.restarts + running,
        )
        if one.name == event.container
        else one
        for one in task.containers
    )
    return _with_task(state, replace(task, containers=containers))


def _stopped(state: State, event: Event) -> State:
    task = _task(state, event.task)
    containers = tuple(replace(one, running=False) for one in task.containers)
    layers = {f"{task.name}/{one.name} layer" for one in containers}
    # An empty layer is nothing that anyone could miss.
    state = replace(state, stores=tuple(s for s in state.stores if s.id not in layers or s.files))
    return _with_task(state, replace(task, status=TaskStatus.STOPPED, containers=containers, code=event.code))


def _fate(state: State, event: Event) -> State:
    status = _STATUS[event.kind]
    return replace(
        state,
        stores=tuple(
            replace(
                store,
                status=status,
                because="" if status is Status.AVAILABLE else event.code,
                since=event.at,
                files=() if status is Status.LOST else store.files,
            )
            if store.id == event.store
            else store
            for store in state.stores
        ),
    )


def _instance_down(state: State, event: Event) -> State:
    return replace(state, down=(*state.down, event.instance))


def _zone_lost(state: State, event: Event) -> State:
    hosts = tuple(host.id for host in state.plan.hosts if host.zone == event.zone and host.id not in state.down)
    return replace(
        state,
        lost=(*state.lost, event.zone),
        losses=(*state.losses, (event.zone, event.at)),
        down=(*state.down, *hosts),
    )


def _zone_restored(state: State, event: Event) -> State:
    return replace(state, lost=tuple(zone for zone in state.lost if zone != event.zone))


def _nothing(state: State, event: Event) -> State:  # noqa: ARG001
    return state


def _task(state: State, name: str) -> Task:
    return next(task for task in state.tasks if task.name == name)


def _with_task(state: State, changed: Task) -> State:
    return replace(state, tasks=tuple(changed if task.name == changed.name else task for task in state.tasks))


_STATUS = {What.LOST: Status.LOST, What.UNREACHABLE: Status.UNREACHABLE, What.REACHABLE: Status.AVAILABLE}
_EFFECTS: Mapping[What, Callable[[State, Event], State]] = {
    What.STARTED: _started,
    What.REFUSED: _refused,
    What.WROTE: _wrote,
    What.READ: _read,
    What.EXITED: _exited,
    What.RESTARTED: _restarted,
    What.STOPPED: _stopped,
    What.LOST: _fate,
    What.UNREACHABLE: _fate,
    What.REACHABLE: _fate,
    What.INSTANCE_DOWN: _instance_down,
    What.ZONE_LOST: _zone_lost,
    What.ZONE_RESTORED: _zone_restored,
}
