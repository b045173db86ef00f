"""Documents to records: one architecture, what comes in, who may do what, and what goes wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from simulator import reading
from simulator.architectures.arrivals import ITEMS, MOST_ITEMS, MOST_SECONDS, expression, window
from simulator.architectures.form import FAILURES, FIELDS, ROLES
from simulator.architectures.hops import Flow
from simulator.architectures.plan import MOST_AGE, MOST_ATTEMPTS, DeadLetter, Failure, Plan, Queue, Scaling
from simulator.errors import InputError

LEAST_AGE = 60
MOST_FAILURES = 20
MOST_CHANGES = 20
MOST_TASKS = 50


def read_scenario(document: Any) -> Plan:
    """The whole document.

    Raises
    ------
    InputError
        With one sentence, for anything that is not such a scenario.
    """
    document = reading.mapping(document, "")
    names = [flow.value for flow in Flow]
    flow = Flow(reading.choice(document.get("architecture"), "architecture", names))
    reading.known_fields(document, "", FIELDS[flow])
    changes = _changes(document.get("changes", []), flow)
    reading.flag(document.get("explain", False), "explain")
    return replace(read_flow(document, flow), changes=changes)


def read_flow(document: Mapping[str, Any], flow: Flow) -> Plan:
    """The scenario without its changes."""
    items = ITEMS[flow](document)
    plan = Plan(
        flow=flow,
        items=items,
        roles=_roles(document.get("roles", {}), flow),
        failures=_failures(document.get("failures", []), flow, len(items)),
    )
    if flow is Flow.QUEUE:
        return replace(plan, queue=_queue(document), start_seconds=_seconds(document, "startSeconds", 30))
    plan = _delivery(document, plan)
    if flow is Flow.STOPPED:
        written = document.get("eventPattern", {"source": ["aws.ecs"], "detail": {"lastStatus": ["STOPPED"]}})
        pattern = _pattern(written, ("lastStatus", "stoppedReason", "stopCode"))
        return replace(plan, pattern=pattern, topic_policy=_flag(document, "topicPolicy", True))
    plan = _task(document, plan)
    if plan.fargate and plan.roles["execution"] is None:
        raise InputError(
            "roles.execution is null, and Fargate refuses a task definition with an ECR image and no execution role; "
            "give the role.",
            path="roles.execution",
        )
    if flow is Flow.SCHEDULE:
        return replace(plan, interval=expression(document)[0], window=window(document.get("flexibleTimeWindow")))
    return replace(
        plan,
        enabled=_flag(document, "eventBridgeEnabled", True),
        enabled_for=_seconds(document, "secondsSinceEnabled", 3_600, high=10**9),
        pattern=_pattern(document.get("eventPattern", {"source": ["aws.s3"]}), ("bucket", "object", "reason")),
        transforms=_flag(document, "inputTransformer", True),
        idempotent=_flag(document, "idempotentWrite", False),
    )


def changed(plan: Plan, change: Mapping[str, Any]) -> Plan:
    """The plan with a change's roles and failures in place of its own."""
    if "roles" in change:
        plan = replace(plan, roles=_roles(change["roles"], plan.flow))
    if "failures" in change:
        plan = replace(plan, failures=_failures(change["failures"], plan.flow, len(plan.items)))
    return plan


def _delivery(document: Mapping[str, Any], plan: Plan) -> Plan:
    policy = reading.mapping(document.get("retryPolicy", {}), "retryPolicy")
    reading.known_fields(policy, "retryPolicy", ("maximumRetryAttempts", "maximumEventAgeInSeconds"))
    attempts = policy.get("maximumRetryAttempts", MOST_ATTEMPTS)
    age = policy.get("maximumEventAgeInSeconds", MOST_AGE)
    dead_letter = document.get("deadLetterQueue")
    held = None
    if dead_letter is not None:
        dead_letter = reading.mapping(dead_letter, "deadLetterQueue")
        reading.known_fields(dead_letter, "deadLetterQueue", ("allowsEventBridge", "fifo"))
        held = DeadLetter(
            allows_events=reading.flag(dead_letter.get("allowsEventBridge", True), "deadLetterQueue.allowsEventBridge"),
            fifo=reading.flag(dead_letter.get("fifo", False), "deadLetterQueue.fifo"),
        )
    return replace(
        plan,
        most_attempts=reading.whole(attempts, "retryPolicy.maximumRetryAttempts", low=0, high=MOST_ATTEMPTS),
        most_age=reading.whole(age, "retryPolicy.maximumEventAgeInSeconds", low=LEAST_AGE, high=MOST_AGE),
        dead_letter=held,
    )


def _task(document: Mapping[str, Any], plan: Plan) -> Plan:
    passable = reading.items(document.get("passableRoles", ["execution", "task"]), "passableRoles", most=2)
    network = document.get("networkConfiguration", {})
    if network is not None:
        reading.mapping(network, "networkConfiguration")
    quota = document.get("taskQuota")
    return replace(
        plan,
        fargate=reading.choice(document.get("launchType", "FARGATE"), "launchType", ("FARGATE", "EC2")) == "FARGATE",
        network=network is not None,
        passable=tuple(
            reading.choice(role, f"passableRoles[{i}]", ("execution", "task")) for i, role in enumerate(passable)
        ),
        run_seconds=_seconds(document, "runSeconds", 60, low=1),
        start_seconds=_seconds(document, "startSeconds", 30),
        quota=None if quota is None else reading.whole(quota, "taskQuota", low=1, high=1_000),
        count=reading.whole(document.get("taskCount", 1), "taskCount", low=1, high=10),
    )


def _queue(document: Mapping[str, Any]) -> Queue:
    redrive = document.get("redrivePolicy")
    most = None
    if redrive is not None:
        redrive = reading.mapping(redrive, "redrivePolicy")
        reading.known_fields(redrive, "redrivePolicy", ("maxReceiveCount",))
        most = reading.whole(redrive.get("maxReceiveCount"), "redrivePolicy.maxReceiveCount", low=1, high=1_000)
    return Queue(
        visibility=_seconds(document, "visibilityTimeout", 30, high=43_200),
        seconds=_seconds(document, "secondsPerMessage", 10, low=1, high=43_200),
        most_receives=most,
        extends=_flag(document, "extendVisibility", False),
        desired=reading.whole(document.get("desiredCount", 1), "desiredCount", low=0, high=MOST_TASKS),
        scaling=_scaling(document.get("scaling")),
        protects=_flag(document, "scaleInProtection", False),
        duration=_seconds(document, "durationSeconds", 3_600, low=1),
    )


def _scaling(value: Any) -> Scaling | None:
    if value is None:
        return None
    value = reading.mapping(value, "scaling")
    reading.known_fields(value, "scaling", ("metric", "target", "minCapacity", "maxCapacity", "cpuWhileWorking"))
    low = reading.whole(value.get("minCapacity", 1), "scaling.minCapacity", low=0, high=MOST_TASKS)
    high = reading.whole(value.get("maxCapacity", 10), "scaling.maxCapacity", low=0, high=MOST_TASKS)
    if low > high:
        raise InputError(f"scaling.minCapacity is {low}, above maxCapacity, {high}.", path="scaling.minCapacity")
    metrics = ("BACKLOG_PER_TASK", "CPU")
    return Scaling(
        metric=reading.choice(value.get("metric", metrics[0]), "scaling.metric", metrics),
        target=reading.number(value.get("target"), "scaling.target", low=Fraction(1, 100), high=10**6),
        low=low,
        high=high,
        cpu=reading.whole(value.get("cpuWhileWorking", 20), "scaling.cpuWhileWorking", low=0, high=100),
    )


def _pattern(value: Any, detail: Collection[str]) -> dict[str, tuple[str, ...]]:
    """An event pattern, flattened: source, detail-type, and the fields of detail, each a list of texts."""
    value = reading.mapping(value, "eventPattern")
    reading.known_fields(value, "eventPattern", ("source", "detail-type", "detail"))
    found = {name: _texts(value[name], f"eventPattern.{name}") for name in ("source", "detail-type") if name in value}
    inside = reading.mapping(value.get("detail", {}), "eventPattern.detail")
    reading.known_fields(inside, "eventPattern.detail", detail)
    for name, given in inside.items():
        path = f"eventPattern.detail.{name}"
        nested = {"bucket": "name", "object": "key"}.get(name)
        if nested is not None:
            reading.known_fields(reading.mapping(given, path), path, (nested,))
            given, path = given.get(nested), f"{path}.{nested}"
        found[name] = _texts(given, path)
    return found


def _texts(value: Any, path: str) -> tuple[str, ...]:
    return tuple(
        reading.text(one, f"{path}[{i}]", longest=1_024) for i, one in enumerate(reading.items(value, path, most=20))
    )


def _roles(value: Any, flow: Flow) -> dict[str, frozenset[str] | None]:
    """What each role allows; one that the document leaves out allows what it is needed for."""
    value = reading.mapping(value, "roles")
    known = ROLES[flow]
    reading.known_fields(value, "roles", known)
    found: dict[str, frozenset[str] | None] = {}
    for name, needed in known.items():
        given = value.get(name, list(needed))
        if given is None:
            found[name] = None
            continue
        entries = reading.items(given, f"roles.{name}", most=50)
        found[name] = frozenset(reading.text(one, f"roles.{name}[{i}]") for i, one in enumerate(entries))
    return found


def _failures(value: Any, flow: Flow, items: int) -> tuple[Failure, ...]:
    found: list[Failure] = []
    for i, entry in enumerate(reading.items(value, "failures", most=MOST_FAILURES)):
        path = f"failures[{i}]"
        entry = reading.mapping(entry, path)
        kind = reading.choice(entry.get("kind"), f"{path}.kind", list(FAILURES[flow]))
        reading.known_fields(entry, path, ("kind", *FAILURES[flow][kind]))
        events = reading.items(entry.get("events", []), f"{path}.events", most=MOST_ITEMS)
        times, until = entry.get("times"), entry.get("until")
        places = ("ECR", "S3", "DynamoDB") if flow is Flow.OBJECT else ("ECR", "S3")
        found.append(
            Failure(
                kind=kind,
                events=tuple(
                    reading.whole(one, f"{path}.events[{j}]", low=1, high=items) for j, one in enumerate(events)
                ),
                times=None if times is None else reading.whole(times, f"{path}.times", low=1, high=1_000),
                until=None if until is None else reading.whole(until, f"{path}.until", low=0, high=MOST_SECONDS),
                to=reading.choice(entry.get("to"), f"{path}.to", places) if kind == "NO_ROUTE" else "",
            )
        )
    return tuple(found)


def _changes(value: Any, flow: Flow) -> tuple[tuple[int, Mapping[str, Any]], ...]:
    found: list[tuple[int, Mapping[str, Any]]] = []
    for i, entry in enumerate(reading.items(value, "changes", most=MOST_CHANGES)):
        path = f"changes[{i}]"
        entry = reading.mapping(entry, path)
        reading.known_fields(entry, path, ("at", "roles", "failures"))
        at = reading.whole(entry.get("at"), f"{path}.at", low=0, high=10**6)
        if found and at < found[-1][0]:
            raise InputError(f"{path}.at is {at}, before the change that stands above it.", path=f"{path}.at")
        change = {name: entry[name] for name in ("roles", "failures") if name in entry}
        _roles(change.get("roles", {}), flow)
        _failures(change.get("failures", []), flow, MOST_ITEMS)
        found.append((at, change))
    return tuple(found)


def _seconds(document: Mapping[str, Any], name: str, default: int, *, low: int = 0, high: int = MOST_SECONDS) -> int:
    return reading.whole(document.get(name, default), name, low=low, high=high)


def _flag(document: Mapping[str, Any], name: str, default: bool) -> bool:
    return reading.flag(document.get(name, default), name)
