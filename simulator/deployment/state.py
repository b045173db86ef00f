"""The service at one moment, and what can happen to it. Everything that the scheduler looks at is here.

A run is a list of small events; `effects.apply` gives the next state, and a state is never changed in place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simulator.deployment.bounds import Bounds, bounds
from simulator.deployment.breaker import threshold
from simulator.deployment.rules import DeploymentRules, PercentOf
from simulator.deployment.scenario import Plan


class Status(StrEnum):
    """AWS's lastStatus. PROVISIONING is shown as PENDING, DEPROVISIONING as STOPPING."""

    PENDING = "PENDING"
    ACTIVATING = "ACTIVATING"
    RUNNING = "RUNNING"
    DEACTIVATING = "DEACTIVATING"
    STOPPING = "STOPPING"
    STOPPED = "STOPPED"


class Health(StrEnum):
    """Whether ECS counts the task as healthy."""

    UNKNOWN = "UNKNOWN"
    HEALTHY = "HEALTHY"
    UNHEALTHY = "UNHEALTHY"


class Target(StrEnum):
    """The task's state in the target group."""

    INITIAL = "initial"
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    DRAINING = "draining"


class Rollout(StrEnum):
    """AWS's rolloutState."""

    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class Kind(StrEnum):
    """What can happen."""

    BEGUN = "deployment-begun"
    STARTED = "tasks-started"
    ACTIVATING = "tasks-activating"
    RUNNING = "tasks-running"
    HEALTHY = "tasks-healthy"
    UNHEALTHY = "tasks-unhealthy"
    FAILED_TO_START = "tasks-failed-to-start"
    CRASHED = "tasks-crashed"
    STOP = "tasks-told-to-stop"
    STOPPING = "tasks-stopping"
    STOPPED = "tasks-stopped"
    INSTANCE_DIED = "instance-died"
    PROTECTION_ENDED = "protection-ended"
    RETRY = "launch-pause-over"
    ALARM = "alarm"
    FAILED = "deployment-failed"
    BAKE_STARTED = "bake-started"
    BAKE_ENDED = "bake-ended"
    COMPLETED = "deployment-completed"
    STEADY = "steady-state"
    STUCK = "stuck"
    CHANGED = "changed"
    CUT = "cut"


ON_THE_WAY = (Status.PENDING, Status.ACTIVATING)
LEAVING = (Status.DEACTIVATING, Status.STOPPING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One task. `number` counts launches; `place` is the instance it stands on where room is limited."""

    number: int
    deployment: str
    revision: str
    status: Status
    health: Health = Health.UNKNOWN
    target: Target | None = None
    place: int | None = None
    protected: bool = False

    @property
    def id(self) -> str:
        """32 hexadecimal digits, as AWS's task ids look; the same number always has the same."""
        return hashlib.sha256(f"task {self.number}".encode()).hexdigest()[:32]

    @property
    def is_leaving(self) -> bool:
        """Told to stop and not yet gone."""
        return self.status in LEAVING

    @property
    def is_kept(self) -> bool:
        """Neither gone nor told to stop."""
        return self.status in ON_THE_WAY or self.status is Status.RUNNING

    @property
    def counts_healthy(self) -> bool:
        """Counts toward the lower bound: RUNNING, healthy, and not told to stop."""
        return self.status is Status.RUNNING and self.health is Health.HEALTHY


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One deployment. `wanted` is how many tasks of it the scheduler keeps alive; `failures` is the breaker's count."""

    id: str
    revision: str
    status: str  # PRIMARY, ACTIVE or INACTIVE
    rollout: Rollout
    wanted: int
    failures: int = 0
    has_run: bool = False
    is_rollback: bool = False
    failed_by: str = ""  # "breaker" or "alarm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step of a run, at `at` milliseconds. Fields that its kind does not need stay empty.

    `count` is the number of tasks for which room was missing (STARTED) or the end of the bake time (BAKE_STARTED);
    `detail` is the revision (BEGUN), the kind of standstill (STUCK), what failed it (FAILED), what is repeated (CUT),
    or "on" and "off" (ALARM); `places` stands beside `tasks`.
    """

    at: int
    kind: Kind
    tasks: tuple[int, ...] = ()
    deployment: str = ""
    places: tuple[int | None, ...] = ()
    count: int = 0
    detail: str = ""
    back_to: str = ""
    change: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The service at `now` milliseconds. `tasks` are in order of their numbers; one STOPPED is there for one step."""

    plan: Plan = field(repr=False)
    rules: DeploymentRules = field(repr=False)
    now: int
    tasks: tuple[Task, ...]
    deployments: tuple[Deployment, ...]  # the PRIMARY one is `primary`
    requested: str | None  # a revision asked for whose deployment has not begun
    next_number: int
    launched: int = 0  # tasks launched by deployments
    lost: tuple[int, ...] = ()  # places on instances that died
    alarm: bool = False
    alarms_ignored: bool = False
    launch_failures: int = 0
    paused_until: int | None = None
    bake_until: int | None = None
    baked: bool = False
    stuck: str = ""
    steady: bool = False
    cut: bool = False

    @property
    def primary(self) -> Deployment | None:
        """The newest deployment, or the one rolled back to."""
        return next((deployment for deployment in self.deployments if deployment.status == "PRIMARY"), None)

    @property
    def desired(self) -> int:
        """The service's desiredCount."""
        return self.plan.desired

    @property
    def bounds(self) -> Bounds:
        """Both bounds at this moment."""
        held = self.plan.configuration
        running = self.running if self.rules.percent_of is PercentOf.RUNNING else None
        return bounds(self.plan.desired, held.minimum, held.maximum, rules=self.rules, running=running)

    @property
    def lower(self) -> int:
        """Fewest tasks that have to stay healthy."""
        return self.bounds.lower

    @property
    def upper(self) -> int:
        """Most tasks at once."""
        return self.bounds.upper

    @property
    def running(self) -> int:
        """Tasks that are RUNNING and not told to stop."""
        return sum(task.status is Status.RUNNING for task in self.tasks)

    @property
    def healthy(self) -> int:
        """Tasks that count toward the lower bound."""
        return sum(task.counts_healthy for task in self.tasks)

    @property
    def counted(self) -> int:
        """Tasks that count toward the upper bound."""
        leaving = self.rules.stopping_counts
        return sum(task.is_kept or (leaving and task.is_leaving) for task in self.tasks)

    @property
    def present(self) -> int:
        """Tasks that take room in the cluster: all that have not STOPPED."""
        return sum(task.status is not Status.STOPPED for task in self.tasks)

    @property
    def capacity(self) -> int | None:
        """How many tasks the cluster can hold; None for no limit."""
        return None if self.plan.slots is None else max(0, self.plan.slots - len(self.lost))

    @property
    def breaker_count(self) -> int:
        """Failures of the primary deployment that the circuit breaker has counted."""
        return self.primary.failures if self.primary else 0

    @property
    def breaker_threshold(self) -> int | None:
        """How many failures fail the deployment; None without a circuit breaker."""
        held = self.plan.configuration.breaker
        return threshold(held, self.plan.desired, rules=self.rules) if held and held.enable else None

    @property
    def rollout_state(self) -> str:
        """The primary deployment's rolloutState; "" before the first."""
        return self.primary.rollout.value if self.primary else ""

    @property
    def service_deployment_status(self) -> str:
        """AWS's ServiceDeploymentStatus. Which one a failure without a way back gets is our reading."""
        primary = self.primary
        if primary is None:
            return "PENDING"
        if primary.rollout is Rollout.FAILED:
            return "ROLLBACK_FAILED" if _wants_rollback(self, primary) else "STOPPED"
        if primary.is_rollback:
            return "ROLLBACK_SUCCESSFUL" if primary.rollout is Rollout.COMPLETED else "ROLLBACK_IN_PROGRESS"
        return "SUCCESSFUL" if primary.rollout is Rollout.COMPLETED else "IN_PROGRESS"


def first_state(plan: Plan, rules: DeploymentRules) -> State:
    """The service before the deployment: `desired` healthy tasks of the old revision, or none of a new service."""
    target = Target.HEALTHY if plan.load_balancer else None
    count = plan.desired if plan.completed_before else 0
    tasks = tuple(
        Task(
            number=i + 1,
            deployment="D1",
            revision=plan.old,
            status=Status.RUNNING,
            health=Health.HEALTHY,
            target=target,
            place=None if plan.slots is None else i,
            protected=i < plan.protected,
        )
        for i in range(count)
    )
    before = Deployment(id="D1", revision=plan.old, status="PRIMARY", rollout=Rollout.COMPLETED, wanted=plan.desired)
    alarms = plan.configuration.alarms
    return State(
        plan=plan,
        rules=rules,
        now=0,
        tasks=tasks,
        deployments=(before,) if plan.completed_before else (),
        requested=plan.new,
        next_number=count + 1,
        alarm=bool(alarms and alarms.already),
    )


def _wants_rollback(state: State, failed: Deployment) -> bool:
    held = state.plan.configuration
    if failed.failed_by == "alarm":
        return bool(held.alarms and held.alarms.rollback)
    return bool(held.breaker and held.breaker.rollback)
