"""What people read: why each storage is as it is, and why each step happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.volumes.effects import apply, looked_up, spec_of
from simulator.volumes.restart import decide
from simulator.volumes.start import refusal
from simulator.volumes.state import Event, State, Status, Store, What

SYNC = 60  # seconds within which S3 Files pushes a write to S3


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a step happened. `fix` is the least change that would have gone otherwise, `open` what AWS leaves open."""

    sentence: str
    fix: str = ""
    open: tuple[str, ...] = ()


# The code of a fate -> why, and what would have kept the data.
REASONS: Mapping[str, str] = {
    "LAYER_GONE": "A container's writable layer goes with the container, and a stopped task's containers are removed.",
    "TASK_STORAGE_GONE": "On Fargate a bind mount lies on the task's ephemeral storage, which goes with the task.",
    "LINGERS": "Nothing refers to the directory any more: no later task sees it, and the agent removes it about 3 h "
    "after the task stopped.",
    "CLEANED_UP": "The agent's task clean-up removed the directory 3 h after the task stopped.",
    "DOCKER_TASK_GONE": "A Docker volume of scope task is destroyed when its task stops.",
    "EBS_DELETED_SERVICE": "The EBS volume of a service's task is always deleted with the task.",
    "EBS_DELETED": "deleteOnTermination is true, so the EBS volume is deleted with the task.",
    "EBS_KEPT": "deleteOnTermination is false, so the EBS volume exists; but ECS attaches new volumes only.",
    "INSTANCE_TERMINATED": "It lay on the instance's disk, and the instance is terminated.",
    "INSTANCE_STOPPED": "It lies on the instance's disk, and the instance is stopped.",
    "ZONE_LOST": "It lay on a host of the zone that is lost.",
    "ZONE_UNREACHABLE": "It lives in one Availability Zone, and that zone is lost.",
    "ZONE_RESTORED": "Its zone is back.",
}
FIXES: Mapping[str, str] = {
    "LAYER_GONE": "Mount a volume at the path that must outlive the container.",
    "TASK_STORAGE_GONE": "Mount an EFS file system at that path.",
    "LINGERS": "Give the bind mount a host.sourcePath (kept on that instance), or use EFS (kept everywhere).",
    "CLEANED_UP": "Give the bind mount a host.sourcePath (kept on that instance), or use EFS (kept everywhere).",
    "DOCKER_TASK_GONE": "Use scope shared with autoprovision (kept on that instance), or EFS.",
    "EBS_DELETED_SERVICE": "Use EFS, or start the next task from a snapshot of the volume.",
    "EBS_DELETED": "Set terminationPolicy.deleteOnTermination to false, and start the next task from a snapshot.",
    "EBS_KEPT": "Make a snapshot of the volume and start the next task from it (snapshotId).",
    "INSTANCE_TERMINATED": "Use EFS: its data does not lie on the instance.",
    "INSTANCE_STOPPED": "Start the instance again, or use EFS.",
    "ZONE_LOST": "Use a Regional EFS file system: it can be mounted from another zone.",
    "ZONE_UNREACHABLE": "Use a Regional EFS file system: it can be mounted from another zone.",
}
OPEN: Mapping[str, str] = {
    "INSTANCE_STOPPED": "The sources read do not say what a stopped instance's disk keeps: out of reach is our choice.",
    "ZONE_LOST": "What lies on a host of a lost zone counts as lost here; the sources say only that it is of no use.",
}
CODES: Mapping[str, str] = {
    "NOT_RUNNING": "The task does not run, so its containers do nothing.",
    "NO_PLACE": "The task does not run, so its containers do nothing.",
    "CONTAINER_STOPPED": "The container has stopped.",
    "READ_ONLY": "The mount point has readOnly true.",
    "WRITE_DENIED": "The task role does not allow ClientWrite, so the mount is read-only.",
    "INSTANCE_DOWN": "The instance is down already.",
    "ZONE_ALREADY_LOST": "The zone is lost already.",
    "ZONE_NOT_LOST": "The zone is not lost.",
    "ESSENTIAL_CONTAINER_EXITED": "An essential container exited, so the whole task stops.",
    "STOPPED_BY_USER": "It was told to stop.",
    "INSTANCE_TERMINATED": "Its instance is terminated.",
    "INSTANCE_STOPPED": "Its instance is stopped.",
    "ZONE_LOST": "Its zone is lost.",
}


def store_reason(store: Store) -> str:
    """Why a storage is as it is."""
    if store.status is Status.AVAILABLE:
        return SCOPES[store.kind.name]
    return REASONS[store.because]


def cure(store: Store, because: str) -> str:
    """What would have kept the data; Windows containers have no EFS, so it is not said of their file system."""
    if because == "ZONE_UNREACHABLE" and store.kind.name == "FSX_WINDOWS":
        return "Use a file system of deployment type MULTI_AZ_1: it can be reached from another zone."
    return FIXES.get(because, "")


def open_notes(state: State, store: Store) -> tuple[str, ...]:
    """What AWS leaves open about a storage's fate."""
    notes = [OPEN[store.because]] if store.because in OPEN else []
    young = [
        file.path
        for file in store.files
        if store.kind.name == "S3_FILES" and any(0 <= at - file.at < SYNC for _, at in state.losses)
    ]
    if young:
        notes.append(
            f"{young[0]} was written less than {SYNC} s before a zone was lost; what becomes of writes that are not "
            "yet in S3 is undocumented."
        )
    return tuple(notes)


def explain_event(state: State, event: Event) -> Explanation:
    """The reason for an event, from the state before it."""
    return _SENTENCES[event.kind](state, event)


SCOPES = {
    "WRITABLE_LAYER": "It belongs to one container, and is there as long as that container.",
    "BIND_MOUNT": "The containers of the one task share it.",
    "HOST_PATH": "A directory of that instance: every task there that names the path shares it.",
    "DOCKER_TASK": "It lives as long as its task; the task's containers share it.",
    "DOCKER_SHARED": "It outlives tasks on that instance; every task there that names it shares it.",
    "EBS": "One volume, one task, one Availability Zone; the task's containers share it.",
    "EFS": "It lies outside of tasks and instances: many clients read and write it at once.",
    "S3_FILES": "It lies outside of tasks and instances, with the durable copy in S3, where writes get within about "
    "60 s: many clients read and write it at once.",
    "FSX_WINDOWS": "It lies outside of tasks and instances: many clients read and write it at once.",
}


def _started(state: State, event: Event) -> Explanation:
    spec = spec_of(state, event)
    where = spec.instance or f"Fargate in {spec.zone}"
    known = {store.id: len(store.files) for store in state.stores}
    after = apply(state, event)
    task = after.tasks[-1]
    told: list[str] = []
    for name in dict.fromkeys(mount.store for mount in task.mounts):
        store = after.store(name)
        if store is None or store.kind.name == "WRITABLE_LAYER":
            continue
        bound = bool(store.task)
        found = f"finds {_counted(known[name], 'file')} in it" if name in known else _FRESH[bound]
        from_snapshot = store.kind.name == "EBS" and spec.launch.ebs is not None and spec.launch.ebs.snapshot
        found = "it is new, made from the snapshot" if from_snapshot and name not in known else found
        told.append(f"“{store.volume}” is {name}: {found}.")
    stands = f", in place of {event.origin}" if event.origin else ""
    return Explanation(" ".join([f"Task {event.task} starts on {where}{stands}.", *told]))


_FRESH = {True: "it is new and empty", False: "there is nothing in it yet"}


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _refused(state: State, event: Event) -> Explanation:
    why = refusal(state, spec_of(state, event))
    message, fix = (why.message, why.fix) if why is not None else (event.code, "")
    notes = ("The sources do not agree here.",) if why is not None and why.open else ()
    return Explanation(f"Task {event.task} does not start. {message}", fix, notes)


def _no_place(state: State, event: Event) -> Explanation:  # noqa: ARG001
    said = f"Task {event.task} finds no place: nothing that could run it is left."
    return Explanation(said, "Add an instance or a zone.")


def _wrote(state: State, event: Event) -> Explanation:
    store = _store_of(state, event)
    return Explanation(f"Container {event.container} of {event.task} writes {event.path}: it lands in {store.id}.")


def _read(state: State, event: Event) -> Explanation:
    if event.code:
        return Explanation(f"Nothing is read at {event.path}. {CODES[event.code]}")
    seen = apply(state, event).reads[-1]
    store = _store_of(state, event)
    found = ", ".join(seen.files) if seen.files else "nothing"
    return Explanation(f"Container {event.container} of {event.task} looks at {event.path}, in {store.id}: {found}.")


def _denied(state: State, event: Event) -> Explanation:  # noqa: ARG001
    return Explanation(f"{event.path} is not written. {CODES[event.code]}")


def _exited(state: State, event: Event) -> Explanation:
    task = next(task for task in state.tasks if task.name == event.task)
    own = next(c for c in task.spec.definition.containers if c.name == event.container)
    running = next(c for c in task.containers if c.name == event.container)
    code = None if event.count < 0 else event.count
    why = decide(own.restart, code, state.now - running.started)
    shown = "unknown" if code is None else str(code)
    return Explanation(f"Container {event.container} of {event.task} exits with code {shown}. {why.reason}")


def _restarted(state: State, event: Event) -> Explanation:  # noqa: ARG001
    return Explanation(
        f"Container {event.container} of {event.task} is started again in place: the same container, with its "
        "writable layer and mounts as they were."
    )


def _stopped(state: State, event: Event) -> Explanation:  # noqa: ARG001
    return Explanation(f"Task {event.task} stops. {CODES[event.code]}")


def _fate(state: State, event: Event) -> Explanation:
    what = _BECOMES.get(event.kind, "can be used again")
    note = (OPEN[event.code],) if event.code in OPEN else ()
    store = next(store for store in state.stores if store.id == event.store)
    return Explanation(f"{event.store} {what}. {REASONS[event.code]}", cure(store, event.code), note)


def _instance_down(state: State, event: Event) -> Explanation:
    verb = "is terminated" if event.code == "INSTANCE_TERMINATED" else "is stopped"
    there = sum(task.spec.instance == event.instance and task.status.value == "RUNNING" for task in state.tasks)
    return Explanation(f"Instance {event.instance} {verb}; {_counted(there, 'task')} ran there.")


def _zone_lost(state: State, event: Event) -> Explanation:
    there = sum(task.spec.zone == event.zone and task.status.value == "RUNNING" for task in state.tasks)
    return Explanation(f"Availability Zone {event.zone} is lost; {_counted(there, 'task')} ran there.")


def _zone_restored(state: State, event: Event) -> Explanation:  # noqa: ARG001
    note = "Its instances do not come back by themselves here; that is our choice."
    return Explanation(f"Availability Zone {event.zone} is back.", open=(note,))


def _waited(state: State, event: Event) -> Explanation:  # noqa: ARG001
    return Explanation(f"{event.count} s pass.")


def _nothing(state: State, event: Event) -> Explanation:  # noqa: ARG001
    return Explanation(f"Nothing happens. {CODES[event.code]}")


def _cut(state: State, event: Event) -> Explanation:  # noqa: ARG001
    return Explanation("The run is cut here: it has more events than are played.")


def _store_of(state: State, event: Event) -> Store:
    task = next(task for task in state.tasks if task.name == event.task)
    mount, _ = looked_up(task, event.container, event.path)
    return next(store for store in state.stores if store.id == mount.store)


_BECOMES = {What.LOST: "is lost", What.UNREACHABLE: "is still there, but out of reach"}
_SENTENCES: Mapping[What, Callable[[State, Event], Explanation]] = {
    What.STARTED: _started,
    What.REFUSED: _refused,
    What.NO_PLACE: _no_place,
    What.WROTE: _wrote,
    What.READ: _read,
    What.DENIED: _denied,
    What.EXITED: _exited,
    What.RESTARTED: _restarted,
    What.STOPPED: _stopped,
    What.LOST: _fate,
    What.UNREACHABLE: _fate,
    What.REACHABLE: _fate,
    What.INSTANCE_DOWN: _instance_down,
    What.ZONE_LOST: _zone_lost,
    What.ZONE_RESTORED: _zone_restored,
    What.WAITED: _waited,
    What.NOTHING: _nothing,
    What.CUT: _cut,
}
