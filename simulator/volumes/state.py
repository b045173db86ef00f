"""The tasks and their storage at one moment, and what can happen to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from simulator.volumes.rules import VolumesRules
from simulator.volumes.scenario import Plan, Spec
from simulator.volumes.volume import Kind


class Status(StrEnum):
    """What became of a storage: usable, still there but out of reach, or gone."""

    AVAILABLE = "AVAILABLE"
    UNREACHABLE = "UNREACHABLE"
    LOST = "LOST"


class TaskStatus(StrEnum):
    """A task runs, has stopped, or never started."""

    RUNNING = "RUNNING"
    STOPPED = "STOPPED"
    FAILED_TO_START = "FAILED_TO_START"


class What(StrEnum):
    """What can happen."""

    STARTED = "task-started"
    REFUSED = "task-failed-to-start"
    NO_PLACE = "no-place-for-replacement"
    WROTE = "wrote"
    READ = "read"
    DENIED = "denied"
    EXITED = "container-exited"
    RESTARTED = "container-restarted"
    STOPPED = "task-stopped"
    LOST = "storage-lost"
    UNREACHABLE = "storage-unreachable"
    REACHABLE = "storage-reachable"
    INSTANCE_DOWN = "instance-down"
    ZONE_LOST = "zone-lost"
    ZONE_RESTORED = "zone-restored"
    WAITED = "waited"
    NOTHING = "nothing-to-do"
    CUT = "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step of a run, at `at` seconds. Fields that its kind does not need stay empty.

    `origin` is the task that a new one stands in for, `code` the reason, `count` an exit code (EXITED, -1 unknown),
    seconds (WAITED) or files found (READ).
    """

    at: int
    kind: What
    task: str = ""
    container: str = ""
    path: str = ""
    store: str = ""
    code: str = ""
    origin: str = ""
    instance: str = ""
    zone: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class File:
    """A file by its path inside the storage, and when it was written."""

    path: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One place where data lies. `zone` and `instance` are empty where it is bound to none; `task` is its first."""

    id: str
    kind: Kind
    volume: str
    zone: str = ""
    instance: str = ""
    task: str = ""
    status: Status = Status.AVAILABLE
    because: str = ""
    since: int = 0
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mounted:
    """A storage as a container sees it; `root` is the directory of the storage that lies at `path`."""

    container: str
    path: str
    store: str
    root: str = "/"
    read_only: bool = False
    denied: bool = False  # the task role does not allow writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A container of a task; `started` is when it last began."""

    name: str
    started: int
    running: bool = True
    restarts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task. `base` is the name that the scenario gave; a replacement has the same."""

    spec: Spec = field(repr=False)
    name: str
    base: str
    status: TaskStatus
    mounts: tuple[Mounted, ...] = ()
    containers: tuple[Running, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a read found: the files under the path, or why nothing could be read."""

    task: str
    container: str
    path: str
    store: str = ""
    files: tuple[str, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything at `now` seconds. `lost` are the lost zones, `losses` every loss of a zone with its time."""

    plan: Plan = field(repr=False)
    rules: VolumesRules = field(repr=False)
    now: int = 0
    tasks: tuple[Task, ...] = ()
    stores: tuple[Store, ...] = ()
    down: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    losses: tuple[tuple[str, int], ...] = ()
    reads: tuple[Seen, ...] = ()

    def task(self, name: str) -> Task | None:
        """The task of that name, or the newest that stands in for it."""
        named = [task for task in self.tasks if name in (task.name, task.base)]
        return named[-1] if named else None

    def store(self, name: str) -> Store | None:
        """The storage of that id."""
        return next((store for store in self.stores if store.id == name), None)


def first_state(plan: Plan, rules: VolumesRules) -> State:
    """Before the first task: only the Docker volumes that the instances already have."""
    stores = tuple(
        Store(id=docker_id(host.id, name), kind=Kind.DOCKER_SHARED, volume=name, zone=host.zone, instance=host.id)
        for host in plan.hosts
        for name in host.docker_volumes
    )
    return State(plan=plan, rules=rules, stores=stores)


def docker_id(instance: str, volume: str) -> str:
    """The id of a shared Docker volume's storage."""
    return f"{instance}:volume {volume}"
