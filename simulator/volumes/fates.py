"""What becomes of storage when a task, an instance or a zone goes. Source: facts 3.2 to 3.8."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.volumes.attach import FARGATE, Launch
from simulator.volumes.rules import BindMountLife, Life, SharedBy, VolumesRules
from simulator.volumes.state import State, Status, Store, Task, TaskStatus
from simulator.volumes.volume import NETWORK_KINDS, Kind

CLEAN_UP = 3 * 3_600  # ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION, by default
Fate = tuple[str, Status, str]  # a storage's id, what it becomes, and the code of the reason


def when_task_stops(state: State, task: Task) -> Iterator[Fate]:
    """The storage that goes with a task. One that another running task still uses stays (only beliefs make such)."""
    used = {
        mount.store
        for other in state.tasks
        if other.name != task.name and other.status is TaskStatus.RUNNING
        for mount in other.mounts
    }
    own = dict.fromkeys(mount.store for mount in task.mounts)
    own |= dict.fromkeys(store.id for store in state.stores if store.task == task.name)
    for name in own:
        store = state.store(name)
        if store is None or name in used or store.status is not Status.AVAILABLE:
            continue
        fate = _with_task(state, task, store)
        if fate is not None:
            yield name, *fate


def when_instance_stops(state: State, instance: str, *, terminated: bool) -> Iterator[Fate]:
    """What else lies on an instance, after its tasks have stopped."""
    for store in state.stores:
        if store.instance == instance and store.status is not Status.LOST:
            yield (
                (store.id, Status.LOST, "INSTANCE_TERMINATED")
                if terminated
                else (store.id, Status.UNREACHABLE, "INSTANCE_STOPPED")
            )


def when_zone_goes(state: State, zone: str) -> Iterator[Fate]:
    """What lies in a zone, after everything that ran there has stopped."""
    for store in state.stores:
        if store.zone != zone or store.status is Status.LOST:
            continue
        if store.kind in NETWORK_KINDS or store.kind is Kind.EBS:
            yield store.id, Status.UNREACHABLE, "ZONE_UNREACHABLE"
        else:
            yield store.id, Status.LOST, "ZONE_LOST"


def when_zone_returns(state: State, zone: str) -> Iterator[Fate]:
    """What can be used again: file systems; an EBS volume is there again, and ECS still attaches new ones only."""
    for store in state.stores:
        if store.zone == zone and store.because == "ZONE_UNREACHABLE":
            yield (
                (store.id, Status.UNREACHABLE, "EBS_KEPT")
                if store.kind is Kind.EBS
                else (store.id, Status.AVAILABLE, "ZONE_RESTORED")
            )


def when_time_passes(state: State) -> Iterator[Fate]:
    """Directories that the agent's task clean-up has removed by now."""
    for store in state.stores:
        if store.because == "LINGERS" and state.now - store.since >= CLEAN_UP:
            yield store.id, Status.LOST, "CLEANED_UP"


def _with_task(state: State, task: Task, store: Store) -> tuple[Status, str] | None:
    rules, launch = state.rules, task.spec.launch
    match store.kind:
        case Kind.WRITABLE_LAYER:
            return Status.LOST, "LAYER_GONE"
        case Kind.DOCKER_TASK:
            return Status.LOST, "DOCKER_TASK_GONE"
        case Kind.BIND_MOUNT if launch.type == FARGATE:
            if rules.fargate_storage is Life.KEPT:
                return None
            return Status.LOST, "TASK_STORAGE_GONE"
        case Kind.BIND_MOUNT:
            if rules.bind_mount_life is BindMountLife.WITH_INSTANCE:
                return None
            return Status.UNREACHABLE, "LINGERS"
        case Kind.EBS:
            return _ebs(rules, launch)
        case _:
            return None


def _ebs(rules: VolumesRules, launch: Launch) -> tuple[Status, str] | None:
    if launch.service:
        if rules.service_ebs is Life.KEPT or rules.ebs_shared_by is SharedBy.SERVICE:
            return None
        return Status.LOST, "EBS_DELETED_SERVICE"
    if launch.ebs is None or launch.ebs.delete_on_termination:
        return Status.LOST, "EBS_DELETED"
    return Status.UNREACHABLE, "EBS_KEPT"
