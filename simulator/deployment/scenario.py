"""The timed scenario: a plain document in, one frozen `Plan` out.

Beside the fields of the terminal's `deployment` document (`desiredCount`, `deploymentConfiguration`, `slots`, `order`,
`schedulingStrategy`) a scenario may have these; all are optional, times are whole seconds, names are AWS's where AWS
has the field:

- `service` ("web"), `previousTaskDefinition` ("web:1"), `taskDefinition` ("web:2": what is deployed)
- `completedBefore` (true): is there a COMPLETED deployment whose tasks run; false = a new service's first deployment
- `startSeconds` (20): from the launch to RUNNING, image pull and boot
- `loadBalancer` (null; `{}` = a target group by AWS's defaults): `healthCheckIntervalSeconds` 30,
  `healthyThresholdCount` 5, `unhealthyThresholdCount` 2, `deregistrationDelaySeconds` 300, and `answersAfterSeconds` 0:
  how long after RUNNING the application starts to answer
- `containerHealthCheck` (null): `interval` 30, `retries` 3, `startPeriod` 0, `healthyAfterSeconds` (= `interval`):
  when the first check succeeds
- `healthCheckGracePeriodSeconds` (0)
- `stopTimeout` (30), `stopSeconds` (2): how long the application takes to exit after SIGTERM
- `hostPort` (null; a fixed port needs `instances`: each holds one copy, so `instances` acts as `slots`)
- `deploymentCircuitBreaker`, `alarms`, `bakeTimeInMinutes`, `earlySuccessCriteria`: here, or in
  `deploymentConfiguration` where AWS has them. `alarms` takes `alarmAtSeconds` and `alreadyInAlarm` too
- `protectedTasks` (0) old tasks under scale-in protection for `protectionMinutes` (120)
- `failures`: a list of `{"kind": "never-healthy" | "fails-to-start", "revision": "new" | "old" | a task definition}`,
  `{"kind": "task-crashes", "nth": 3, "afterSeconds": 20}` (the nth task that the deployments launch),
  `{"kind": "instance-dies", "atSeconds": 100, "tasks": 2}`
- `changes`: `[{"at": k, one of CHANGES}]`, each acting before event `k`
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator import reading
from simulator.deployment.configuration import (
    DAEMON,
    REPLICA,
    Configuration,
    read_configuration,
    read_desired,
    read_slots,
)
from simulator.deployment.subjects import DEPLOYMENT_FIELDS
from simulator.deployment.waves import Order
from simulator.errors import InputError

MOST_TIMED_TASKS = 200  # ours: a run of more is too long for a picture
MOST_SECONDS = 7 * 24 * 3600  # ours, for every length of time
MOST_FAILURES = 20
MOST_CHANGES = 50

NEVER_HEALTHY = "never-healthy"
FAILS_TO_START = "fails-to-start"
TASK_CRASHES = "task-crashes"
INSTANCE_DIES = "instance-dies"
FAILURES: Mapping[str, tuple[str, ...]] = {
    NEVER_HEALTHY: ("revision",),
    FAILS_TO_START: ("revision",),
    TASK_CRASHES: ("nth", "afterSeconds"),
    INSTANCE_DIES: ("atSeconds", "tasks"),
}
IN_CONFIGURATION = ("deploymentCircuitBreaker", "alarms", "bakeTimeInMinutes", "earlySuccessCriteria")
TIMED_FIELDS = (
    *DEPLOYMENT_FIELDS,
    *IN_CONFIGURATION,
    "service",
    "previousTaskDefinition",
    "taskDefinition",
    "completedBefore",
    "startSeconds",
    "loadBalancer",
    "containerHealthCheck",
    "healthCheckGracePeriodSeconds",
    "stopTimeout",
    "stopSeconds",
    "hostPort",
    "instances",
    "protectedTasks",
    "protectionMinutes",
    "failures",
    "changes",
)
CHANGES = (
    "desiredCount",
    "deploymentConfiguration",
    "taskDefinition",
    "slots",
    "failure",
    "mended",
    "alarm",
    "protectedTasks",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer:
    """A target group's checks and its deregistration delay, in milliseconds and counts."""

    interval: int
    healthy_threshold: int
    unhealthy_threshold: int
    delay: int
    answers_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerCheck:
    """The essential container's health check, in milliseconds and counts."""

    interval: int
    retries: int
    start_period: int
    healthy_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What the learner breaks. Fields that its kind does not have stay as they are here."""

    kind: str
    revision: str = ""  # a task definition; "new" and "old" are resolved when read
    nth: int = 0
    at: int = 0  # milliseconds: after RUNNING for a crash, of the run for an instance
    tasks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A scenario, read. Times are milliseconds. A change during the run gives another plan."""

    desired: int
    configuration: Configuration
    slots: int | None
    order: Order
    scheduling: str
    service: str
    old: str
    new: str
    completed_before: bool
    start: int
    load_balancer: LoadBalancer | None
    container: ContainerCheck | None
    grace: int
    stop_timeout: int
    stop: int
    host_port: int | None
    protected: int
    protection: int
    failures: tuple[Failure, ...]


def read_scenario(document: Any) -> Plan:
    """Read a scenario; its `changes` are read by `read_changes`.

    Raises
    ------
    InputError
        With one sentence that names the field.
    """
    document = reading.mapping(document, "")
    reading.known_fields(document, "", TIMED_FIELDS)
    scheduling = document.get("schedulingStrategy") or REPLICA
    reading.choice(scheduling, "schedulingStrategy", (REPLICA, DAEMON))
    order = document.get("order")
    order = Order.STOP_FIRST if order is None else order
    reading.choice(order, "order", [option.value for option in Order])
    desired = read_desired(document, most=MOST_TIMED_TASKS)
    completed_before = reading.flag(document.get("completedBefore", True), "completedBefore")
    host_port, slots = _room(document)
    old = _label(document, "previousTaskDefinition", "web:1")
    new = _label(document, "taskDefinition", "web:2")
    return Plan(
        desired=desired,
        configuration=_configuration(document, scheduling),
        slots=slots,
        order=Order(order),
        scheduling=scheduling,
        service=_label(document, "service", "web"),
        old=old,
        new=new,
        completed_before=completed_before,
        start=_seconds(document, "startSeconds", 20),
        load_balancer=_load_balancer(document.get("loadBalancer")),
        container=_container(document.get("containerHealthCheck")),
        grace=_seconds(document, "healthCheckGracePeriodSeconds", 0),
        stop_timeout=_seconds(document, "stopTimeout", 30),
        stop=_seconds(document, "stopSeconds", 2),
        host_port=host_port,
        protected=_number(document, "protectedTasks", 0, low=0, high=desired if completed_before else 0),
        protection=60_000 * _number(document, "protectionMinutes", 120, low=1, high=2880),
        failures=tuple(
            read_failure(failure, f"failures[{i}]", old=old, new=new)
            for i, failure in enumerate(reading.items(document.get("failures") or (), "failures", most=MOST_FAILURES))
        ),
    )


def read_failure(value: Any, path: str, *, old: str, new: str) -> Failure:
    """One injected failure; `"new"` and `"old"` become task definitions."""
    document = reading.mapping(value, path)
    kind = reading.choice(document.get("kind"), f"{path}.kind", tuple(FAILURES))
    reading.known_fields(document, path, ("kind", *FAILURES[kind]))
    if kind in (NEVER_HEALTHY, FAILS_TO_START):
        named = reading.text(document.get("revision", "new"), f"{path}.revision")
        return Failure(kind=kind, revision={"new": new, "old": old}.get(named, named))
    if kind == TASK_CRASHES:
        nth = _number(document, "nth", 1, low=1, high=100_000, path=path)
        return Failure(kind=kind, nth=nth, at=_seconds(document, "afterSeconds", 20, path=path))
    tasks = _number(document, "tasks", 1, low=1, high=MOST_TIMED_TASKS, path=path)
    return Failure(kind=kind, at=_seconds(document, "atSeconds", 0, path=path), tasks=tasks)


def read_changes(document: Mapping[str, Any]) -> tuple[tuple[int, Mapping[str, Any]], ...]:
    """The scenario's changes as (before which event, the change), in the order in which they act."""
    read: list[tuple[int, Mapping[str, Any]]] = []
    for i, value in enumerate(reading.items(document.get("changes") or (), "changes", most=MOST_CHANGES)):
        path = f"changes[{i}]"
        change = reading.mapping(value, path)
        reading.known_fields(change, path, ("at", *CHANGES))
        if "at" not in change:
            raise InputError(f"{path}.at is missing; it says before which event the change acts.", path=path)
        at = reading.whole(change["at"], f"{path}.at", low=0, high=1_000_000)
        named = {name: change[name] for name in CHANGES if name in change}
        if len(named) != 1:
            raise InputError(
                f"{path} must change exactly one of {', '.join(CHANGES)}, and it changes {len(named)}.", path=path
            )
        read.append((at, named))
    return tuple(sorted(read, key=lambda pair: pair[0]))


def changed(plan: Plan, change: Mapping[str, Any], path: str = "changes") -> Plan:
    """The plan after one change; `alarm` and `protectedTasks` act on the run's state and leave it as it is."""
    ((name, value),) = change.items()
    where = f"{path}.{name}"
    if name == "desiredCount":
        return replace(plan, desired=reading.whole(value, where, low=0, high=MOST_TIMED_TASKS))
    if name == "slots":
        return replace(plan, slots=read_slots(value, where))
    if name == "taskDefinition":
        return replace(plan, old=plan.new, new=reading.name(value, where))
    if name == "failure":
        if len(plan.failures) >= MOST_FAILURES:
            raise InputError(f"{where} is one failure too many; at most {MOST_FAILURES} are taken.", path=where)
        failure = read_failure(value, where, old=plan.old, new=plan.new)
        return replace(plan, failures=(*plan.failures, failure))
    if name == "mended":
        named = reading.text(value, where)
        revision = {"new": plan.new, "old": plan.old}.get(named, named)
        return replace(plan, failures=tuple(failure for failure in plan.failures if failure.revision != revision))
    if name == "deploymentConfiguration":
        return replace(plan, configuration=read_configuration(value, where, scheduling=plan.scheduling))
    if name == "alarm":
        reading.flag(value, where)
    else:
        reading.whole(value, where, low=0, high=MOST_TIMED_TASKS)
    return plan


def instant_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a scenario that the terminal's `deployment` subject answers.

    >>> instant_document({"desiredCount": 3, "hostPort": 80, "instances": 3, "startSeconds": 5})
    {'desiredCount': 3, 'slots': 3}
    """
    kept = {name: document[name] for name in DEPLOYMENT_FIELDS if name in document}
    room = _room(document)[1]
    return kept if room is None else {**kept, "slots": room}


def _configuration(document: Mapping[str, Any], scheduling: str) -> Configuration:
    given = document.get("deploymentConfiguration")
    inner = dict(reading.mapping({} if given is None else given, "deploymentConfiguration"))
    for name in IN_CONFIGURATION:
        if document.get(name) is None:
            continue
        if inner.get(name) is not None:
            raise InputError(
                f"{name} is given twice, beside deploymentConfiguration and in it; keep one of them.", path=name
            )
        inner[name] = document[name]
    return read_configuration(inner, "deploymentConfiguration", scheduling=scheduling)


def _room(document: Mapping[str, Any]) -> tuple[int | None, int | None]:
    port = document.get("hostPort")
    slots = read_slots(document.get("slots"))
    if not port:
        if port is not None:
            reading.whole(port, "hostPort", low=0, high=65535)  # 0 is a dynamic port: no limit of its own
        return None, slots
    port = reading.whole(port, "hostPort", low=1, high=65535)
    if document.get("instances") is None:
        raise InputError(
            "hostPort is fixed, so instances is needed: how many instances can hold one copy each.", path="instances"
        )
    instances = reading.whole(document["instances"], "instances", low=0, high=MOST_TIMED_TASKS * 2)
    return port, instances if slots is None else min(slots, instances)


def _load_balancer(value: Any) -> LoadBalancer | None:
    if value is None:
        return None
    path = "loadBalancer"
    document = reading.mapping(value, path)
    fields = (
        "healthCheckIntervalSeconds",
        "healthyThresholdCount",
        "unhealthyThresholdCount",
        "deregistrationDelaySeconds",
        "answersAfterSeconds",
    )
    reading.known_fields(document, path, fields)
    return LoadBalancer(
        interval=1000 * _number(document, fields[0], 30, low=5, high=300, path=path),
        healthy_threshold=_number(document, fields[1], 5, low=2, high=10, path=path),
        unhealthy_threshold=_number(document, fields[2], 2, low=2, high=10, path=path),
        delay=1000 * _number(document, fields[3], 300, low=0, high=3600, path=path),
        answers_after=_seconds(document, fields[4], 0, path=path),
    )


def _container(value: Any) -> ContainerCheck | None:
    if value is None:
        return None
    path = "containerHealthCheck"
    document = reading.mapping(value, path)
    reading.known_fields(document, path, ("interval", "retries", "startPeriod", "healthyAfterSeconds"))
    interval = _number(document, "interval", 30, low=5, high=300, path=path)
    return ContainerCheck(
        interval=1000 * interval,
        retries=_number(document, "retries", 3, low=1, high=10, path=path),
        start_period=1000 * _number(document, "startPeriod", 0, low=0, high=300, path=path),
        healthy_after=_seconds(document, "healthyAfterSeconds", interval, path=path),
    )


def _label(document: Mapping[str, Any], name: str, default: str) -> str:
    value = document.get(name)
    return default if value is None else reading.name(value, name)


def _seconds(document: Mapping[str, Any], name: str, default: int, *, path: str = "") -> int:
    return 1000 * _number(document, name, default, low=0, high=MOST_SECONDS, path=path)


def _number(document: Mapping[str, Any], name: str, default: int, *, low: int, high: int, path: str = "") -> int:
    value = document.get(name)
    return default if value is None else reading.whole(value, reading.join(path, name), low=low, high=high)
