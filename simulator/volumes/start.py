"""Starting a task: why it can not, which storage each volume gets, and what its containers see of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simulator.volumes.attach import FARGATE, problems
from simulator.volumes.file_systems import may_write, mount_problem
from simulator.volumes.rules import BindMountLife, Life, SharedBy
from simulator.volumes.scenario import Spec
from simulator.volumes.state import Mounted, Running, State, Status, Store, Task, TaskStatus, docker_id
from simulator.volumes.volume import NETWORK_KINDS, Kind, Volume

EVERYWHERE = "all instances"  # where a belief makes host storage common to them


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a task does not start: `stage` is "register" where AWS refuses the definition or the call, else "start"."""

    stage: str
    code: str
    message: str
    fix: str
    open: bool = False


def refusal(state: State, spec: Spec) -> Refusal | None:
    """The first reason for which this task can not start now, or None."""
    found = problems(spec.definition, spec.launch, state.rules)
    if found:
        first = found[0]
        return Refusal("register", first.code, f"{first.path}: {first.message}", first.fix, first.open)
    for volume in spec.definition.volumes:
        why = _missing_docker(state, spec, volume) or _not_mounted(state, spec, volume)
        if why is not None:
            return why
    return None


def started(state: State, spec: Spec, name: str, base: str, origin: Task | None) -> tuple[Task, tuple[Store, ...]]:
    """The running task, and every storage with the new ones added.

    Parameters
    ----------
    origin : the task that it stands in for; only beliefs look at it.
    """
    stores = {store.id: store for store in state.stores}
    found = {volume.name: _store(state, spec, volume, name, origin) for volume in spec.definition.volumes}
    layers = {container.name: _layer(spec, name, container.name) for container in spec.definition.containers}
    for store in (*found.values(), *layers.values()):
        known = stores.get(store.id)
        stores[store.id] = store if known is None else replace(known, status=Status.AVAILABLE, because="")
    volumes = {volume.name: volume for volume in spec.definition.volumes}
    allowed = allowed_of(spec)
    mounts = [
        Mounted(
            container=container.name,
            path=mount.path,
            store=found[mount.volume].id,
            root=volumes[mount.volume].root,
            read_only=mount.read_only,
            denied=volumes[mount.volume].kind in NETWORK_KINDS and not may_write(volumes[mount.volume], allowed),
        )
        for container in spec.definition.containers
        for mount in container.mounts
    ]
    mounts += [Mounted(container=name, path="/", store=layer.id) for name, layer in layers.items()]
    containers = tuple(Running(name=container.name, started=state.now) for container in spec.definition.containers)
    task = Task(spec=spec, name=name, base=base, status=TaskStatus.RUNNING, mounts=tuple(mounts), containers=containers)
    return task, tuple(stores.values())


def allowed_of(spec: Spec) -> frozenset[str]:
    """The actions that the task role allows; without a task role there are none."""
    if not spec.definition.task_role:
        return frozenset()
    if spec.allowed is None:
        parts = ("elasticfilesystem", "s3files")
        return frozenset(f"{part}:Client{verb}" for part in parts for verb in ("Mount", "Write"))
    return frozenset(spec.allowed)


def _missing_docker(state: State, spec: Spec, volume: Volume) -> Refusal | None:
    if volume.kind is not Kind.DOCKER_SHARED or volume.autoprovision:
        return None
    if state.store(_id(state, spec, volume, "", None)) is not None:
        return None
    return Refusal(
        "start",
        "DOCKER_VOLUME_MISSING",
        f"The Docker volume “{volume.name}” is not on {spec.instance}, and autoprovision is false.",
        f"Set autoprovision to true, or make the volume on {spec.instance} first.",
    )


def _not_mounted(state: State, spec: Spec, volume: Volume) -> Refusal | None:
    if volume.kind not in NETWORK_KINDS:
        return None
    why = mount_problem(
        volume,
        state.plan.system(volume.file_system),
        zone=spec.zone,
        lost=state.lost,
        groups=spec.groups,
        allowed=allowed_of(spec),
        rules=state.rules,
        home=state.plan.home,
    )
    return None if why is None else Refusal("start", why.code, why.message, why.fix)


def _layer(spec: Spec, task: str, container: str) -> Store:
    return Store(
        id=f"{task}/{container} layer",
        kind=Kind.WRITABLE_LAYER,
        volume=f"{container} layer",
        zone=spec.zone,
        instance=spec.instance,
        task=task,
    )


def _store(state: State, spec: Spec, volume: Volume, task: str, origin: Task | None) -> Store:
    in_network = volume.kind in NETWORK_KINDS
    remote = in_network or volume.kind is Kind.EBS
    host_wide = volume.kind in (Kind.HOST_PATH, Kind.DOCKER_SHARED)
    name = _id(state, spec, volume, task, origin)
    common = name.startswith(EVERYWHERE)
    return Store(
        id=name,
        kind=volume.kind,
        volume=volume.name,
        zone=_zone_of(state, volume) if in_network else "" if common else spec.zone,
        instance="" if remote or common else spec.instance,
        task="" if in_network or host_wide else task,
    )


def _zone_of(state: State, volume: Volume) -> str:
    """The zone that a file system is bound to; "" for none."""
    own = state.plan.system(volume.file_system).zone
    return own or (state.plan.home if state.rules.efs_scope == "zone" and volume.kind is Kind.EFS else "")


def _id(state: State, spec: Spec, volume: Volume, task: str, origin: Task | None) -> str:
    """Whose storage it is: equal ids are one storage. Beliefs make the circle wider than AWS does."""
    rules, own = state.rules, f"{task}/{volume.name}"
    service = f"{spec.launch.service or 'every task'}/{volume.name}"
    match volume.kind:
        case Kind.EFS | Kind.S3_FILES | Kind.FSX_WINDOWS:
            return volume.file_system
        case Kind.HOST_PATH:
            return f"{EVERYWHERE if rules.host_paths_synced else spec.instance}:{volume.source_path}"
        case Kind.DOCKER_SHARED:
            return docker_id(EVERYWHERE if rules.docker_shared_spans_instances else spec.instance, volume.name)
        case Kind.EBS:
            if rules.ebs_shared_by is SharedBy.SERVICE:
                return service
            follows = rules.service_ebs is Life.KEPT if spec.launch.service else rules.kept_ebs_reattached
            return _from_origin(volume, origin, own) if follows else own
        case Kind.BIND_MOUNT if spec.launch.type == FARGATE:
            if rules.fargate_shared_by is SharedBy.SERVICE:
                return service
            return _from_origin(volume, origin, own) if rules.fargate_storage is Life.KEPT else own
        case Kind.BIND_MOUNT if rules.bind_mount_life is BindMountLife.WITH_INSTANCE:
            return f"{spec.instance}:{volume.name}"
        case _:
            return own


def _from_origin(volume: Volume, origin: Task | None, own: str) -> str:
    """The storage that the task before had mounted for this volume."""
    if origin is None:
        return own
    paths = {(c.name, m.path) for c in origin.spec.definition.containers for m in c.mounts if m.volume == volume.name}
    return next((mount.store for mount in origin.mounts if (mount.container, mount.path) in paths), own)
