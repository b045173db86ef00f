"""The cluster, its Auto Scaling group and every task at one second of a run. All that decisions look at is here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from simulator.capacity.estimate import Estimate, estimate
from simulator.capacity.fleet import MOST_PROVISIONING, cpu_reservation
from simulator.capacity.plan import Home, Plan, Work
from simulator.capacity.reservation import Measure, Settings, measure
from simulator.capacity.rules import CapacityRules, Reservation
from simulator.model import Cluster


class Status(StrEnum):
    """A task's lastStatus, as far as capacity is concerned."""

    PROVISIONING = "PROVISIONING"
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    STOPPING = "STOPPING"


class Box(StrEnum):
    """An instance of the group."""

    LAUNCHING = "LAUNCHING"
    ACTIVE = "ACTIVE"
    DRAINING = "DRAINING"


class Kind(StrEnum):
    """What can happen."""

    DESIRED = "desired-count"
    CREATED = "tasks-created"
    LIMITED = "provisioning-limit"
    NO_ROOM = "no-room"
    NO_SPOT = "no-capacity"
    PLACED = "tasks-placed"
    RUNNING = "tasks-running"
    FINISHED = "tasks-finished"
    TOLD = "tasks-told-to-stop"
    STOPPED = "tasks-stopped"
    MEASURED = "measured"
    SCALED_OUT = "scaled-out"
    SCALED_IN = "scaled-in"
    LAUNCHED = "instances-launched"
    REGISTERED = "instances-registered"
    WARNED = "instances-warned"
    TERMINATED = "instances-terminated"
    SPOT = "spot-capacity"
    CHANGED = "changed"
    CUT = "cut"


# AWS's stop codes, and one of ours for tasks that went with their instance: which code AWS gives them is not said.
SCHEDULER = "ServiceSchedulerInitiated"
EXITED = "EssentialContainerExited"
SPOT_INTERRUPTION = "SpotInterruption"
INSTANCE_GONE = "instance terminated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task. `provider` is FARGATE, FARGATE_SPOT, the group's provider, or "" with the launch type EC2."""

    number: int
    work: int
    status: Status
    provider: str
    instance: str | None = None
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One instance of the group. `why` it leaves: "scale-in" or "spot"; `since` when it began to."""

    id: str
    launched: int
    status: Box
    zone: str | None = None
    why: str = ""
    since: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step of a run, at second `at`. Fields that its kind does not need stay empty.

    `tasks` and `instances` go side by side where tasks come to instances. `numbers` are the kind's own: of a
    measurement N, M (-1 for none), the metric's numerator and denominator, extra and empty instances; of a scaling
    the group's size before and after.
    """

    at: int
    kind: Kind
    work: int = -1
    count: int = 0
    tasks: tuple[int, ...] = ()
    instances: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    detail: str = ""
    change: Mapping[str, Any] | None = None


def _none() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything at one moment; a mapping is never changed, only replaced.

    `size` is the group's desired capacity; `desired` the services' counts by work; `tasks` those that are not
    STOPPED, by number; `stopped` how many stopped, by code. `point` is the last data point, `below` and `above` how
    many in a row were on that side of the target. `said` are refusals that stand: (kind, work) -> count.
    """

    plan: Plan
    rules: CapacityRules
    settings: Settings
    cluster: Cluster
    now: int = 0
    size: int = 0
    machines: Mapping[str, Machine] = field(default_factory=_none)
    launched: int = 0
    tasks: Mapping[int, Task] = field(default_factory=_none)
    created: int = 0
    stopped: Mapping[str, int] = field(default_factory=_none)
    refused: int = 0
    desired: Mapping[int, int] = field(default_factory=_none)
    asked: Mapping[int, int] = field(default_factory=_none)
    spot: int | None = None
    said: Mapping[tuple[str, int], int] = field(default_factory=_none)
    point: Measure | None = None
    below: int = 0
    above: int = 0
    cut: bool = False

    def work(self, task: Task) -> Work:
        """The work that a task belongs to."""
        return self.plan.works[task.work]

    def of(self, work: int) -> list[Task]:
        """The tasks of a work that have not stopped, oldest first."""
        return [task for task in self.tasks.values() if task.work == work]

    def is_leaving(self, task: Task) -> bool:
        """Whether the task's instance is DRAINING."""
        machine = self.machines.get(task.instance or "")
        return machine is not None and machine.status is Box.DRAINING

    @property
    def waiting(self) -> list[Task]:
        """The tasks in PROVISIONING, oldest first."""
        return [task for task in self.tasks.values() if task.status is Status.PROVISIONING]

    @property
    def active(self) -> list[Machine]:
        """N: the registered instances that are not on their way out."""
        return [machine for machine in self.machines.values() if machine.status is Box.ACTIVE]

    @property
    def in_service(self) -> int:
        """What the group counts toward its size: launching too, and all that it has not itself sent away."""
        return sum(machine.why != "scale-in" for machine in self.machines.values())

    @property
    def occupied(self) -> set[str]:
        """The instances with a task other than daemon tasks, one that is stopping included (our choice)."""
        works, keeps = self.plan.works, self.rules.daemon_keeps
        return {
            task.instance for task in self.tasks.values() if task.instance and (keeps or not works[task.work].daemon)
        }

    @property
    def room_to_wait(self) -> int:
        """How many more tasks may be in PROVISIONING."""
        return MOST_PROVISIONING - len(self.waiting)


def count_by(state: State, status: Status) -> int:
    """How many tasks are in a status."""
    return sum(task.status is status for task in state.tasks.values())


def waiting_estimate(state: State) -> Estimate:
    """The instances that the tasks in PROVISIONING need; under a belief those of the launch type EC2 too."""
    assert state.plan.group is not None, "without a group nothing waits"
    counts: dict[int, int] = {}
    for task in state.waiting:
        counts[task.work] = counts.get(task.work, 0) + 1
    if state.rules.launch_type_counts:
        for (kind, work), count in state.said.items():
            if kind == Kind.NO_ROOM and state.plan.works[work].home is Home.LAUNCH_TYPE:
                counts[work] = counts.get(work, 0) + count
    found = [(state.plan.works[work].needs, count) for work, count in counts.items()]
    return estimate([(needs, count) for needs, count in found if needs], state.plan.group.types, state.rules)


def measured(state: State) -> tuple[Measure, Estimate, int]:
    """The data point of this moment, with the estimate and the number of empty instances behind it."""
    found = waiting_estimate(state)
    active, occupied = state.active, state.occupied
    empty = sum(machine.id not in occupied for machine in active)
    if state.rules.reservation is Reservation.CPU:
        there = [one for one in state.cluster.instances if one.status == "ACTIVE"]
        point = Measure(running=len(active), needed=None, reservation=cpu_reservation(there, 0))
    else:
        point = measure(len(active), found.extra, empty, state.settings, state.rules, excluded=found.all_excluded)
    return point, found, empty
