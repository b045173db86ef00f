"""The timed scenario: a plain document in, one frozen `Plan` out.

- `minutes` (60): how long; `min`, `max`: the scalable target's range; `capacity` (= min): tasks that run at first
- `load`: see `simulator.scaling.load`
- `service`: `requestsPerSecondPerTask` (required), `startSeconds` 60, `stopSeconds` 30, `timeoutSeconds` 30,
  `responseMilliseconds` 100; or `worker`: `processingSeconds` (required: of a message), `startSeconds`, `stopSeconds`
- `policies`: as for one decision, without a metric's value; what a policy watches is `metricName` or
  `predefinedMetricSpecification` (default: CPU for a service, BacklogPerTask for a worker)
- `zeroGuard` (false): the backlog's metric math has `IF(m2>0,m2,1)`
- `scaleIn` ("one-task", "halfway", "formula"): how much target tracking takes away at once; AWS leaves it open
- `scheduledActions`: `[{"atMinute" or "schedule", "scalableTargetAction": {"MinCapacity", "MaxCapacity"}}]`;
  a `schedule` is in UTC, and the run begins at `startTime` (2026-11-27T00:00:00)
- `deployments`, `missingData`: `[{"fromMinute", "toMinute"}]`, the last minute not included
- `placeable` (no limit): how many tasks the cluster has room for
- `suspendedState`, `deploymentController`: as for one decision
- `costPerTaskHour`: US dollars; the default is `DEFAULT_PRICE`
- `changes`: `[{"at": k, one of CHANGES}]`, each acting before event `k`
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.scaling.load import Point, read_load
from simulator.scaling.other_types import read_action
from simulator.scaling.policies import ALIASES, BACKLOG, CPU, QUEUE, REQUESTS, Policy, read_policy
from simulator.scaling.question import CONTROLLERS, MOST_POLICIES, TARGET_ALIASES, read_range, read_suspended
from simulator.scaling.schedule import Schedule, read_moment, read_schedule
from simulator.scaling.service import Model
from simulator.scaling.spelling import spelled

MOST_MINUTES = 1440  # ours: a day
MOST_TASKS = 5000  # ours, in a timed run
MOST_ACTIONS = 200  # scheduled actions of a scalable target (facts 2.1)
MOST_MOMENTS = 500  # ours: how often scheduled actions act in a run
MOST_WINDOWS = 50  # ours
MOST_CHANGES = 50  # ours
MOST_SECONDS = 3600  # ours, for starting, stopping and timeouts
MOST_LOAD_PERCENT = 10_000

# 0.25 vCPU and 0.5 GB on Fargate (facts 4): 0.25 x 0.04048 + 0.5 x 0.004445 dollars an hour.
DEFAULT_PRICE = Fraction("0.0123425")
PRICE_NOTE = (
    "0.25 vCPU and 0.5 GB on Fargate, Linux/x86, us-east-1, as third parties published it in March and April 2026; "
    "check the price page"
)
START_TIME = "2026-11-27T00:00:00"
METRICS = (CPU, REQUESTS, BACKLOG, QUEUE)
SCENARIO_FIELDS = (
    "minutes",
    "min",
    "max",
    "capacity",
    "load",
    "service",
    "worker",
    "policies",
    "zeroGuard",
    "scaleIn",
    "scheduledActions",
    "startTime",
    "deployments",
    "missingData",
    "placeable",
    "suspendedState",
    "deploymentController",
    "costPerTaskHour",
    "changes",
)
SERVICE_FIELDS = (
    "requestsPerSecondPerTask",
    "startSeconds",
    "stopSeconds",
    "timeoutSeconds",
    "responseMilliseconds",
)
WORKER_FIELDS = ("processingSeconds", "startSeconds", "stopSeconds")
CHANGES = ("desired", "min", "max", "loadPercent", "deploymentInProgress", "suspendedState")


class ScaleInStep(StrEnum):
    """How much target tracking takes away at once: our choice, AWS only says that it is gradual."""

    ONE_TASK = "one-task"
    HALFWAY = "halfway"  # half of the way down to the formula's number, at least one task
    FORMULA = "formula"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A scheduled action: at a minute of the run, a new range; None leaves that end as it is."""

    minute: int
    minimum: int | None
    maximum: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A scenario, read. `placeable` is None without a limit; windows are (first minute, first minute after)."""

    minutes: int
    minimum: int
    maximum: int
    capacity: int
    load: tuple[Point, ...]
    model: Model
    policies: tuple[Policy, ...]
    guard: bool
    scale_in: ScaleInStep
    actions: tuple[Action, ...]
    deployments: tuple[tuple[int, int], ...]
    missing: tuple[tuple[int, int], ...]
    placeable: int | None
    suspended: Mapping[str, bool]
    pauses: bool  # whether a deployment turns scale-in off: not with an EXTERNAL controller
    price: Fraction
    priced: str  # what the price is of

    @property
    def works_on_queue(self) -> bool:
        """Whether the tasks are workers of a queue."""
        return self.model.timeout is None


def read_scenario(document: Any) -> Plan:
    """Read a scenario; its `changes` are read by `read_changes`.

    Raises
    ------
    InputError
        With one sentence that names the field.
    """
    flat = spelled(document, "", TARGET_ALIASES)
    reading.known_fields(flat, "", SCENARIO_FIELDS)
    minutes = reading.whole(flat.get("minutes", 60), "minutes", low=1, high=MOST_MINUTES)
    minimum = reading.whole(flat.get("min"), "min", low=0, high=MOST_TASKS)
    minimum, maximum = read_range(minimum, reading.whole(flat.get("max"), "max", low=0, high=MOST_TASKS))
    if "load" not in flat:
        raise InputError("load is missing; give it a preset, points, or csv.", path="load")
    model = _model(flat)
    controller = reading.choice(flat.get("deploymentController", "ECS"), "deploymentController", CONTROLLERS)
    price = flat.get("costPerTaskHour")
    placeable = flat.get("placeable")
    return Plan(
        minutes=minutes,
        minimum=minimum,
        maximum=maximum,
        capacity=reading.whole(flat.get("capacity", minimum), "capacity", low=0, high=MOST_TASKS),
        load=read_load(flat["load"], "load", minutes),
        model=model,
        policies=_policies(flat, BACKLOG if model.timeout is None else CPU),
        guard=reading.flag(flat.get("zeroGuard", False), "zeroGuard"),
        scale_in=ScaleInStep(
            reading.choice(flat.get("scaleIn", "one-task"), "scaleIn", [option.value for option in ScaleInStep])
        ),
        actions=_actions(flat, minutes),
        deployments=_windows(flat, "deployments", minutes),
        missing=_windows(flat, "missingData", minutes),
        placeable=None if placeable is None else reading.whole(placeable, "placeable", low=0, high=MOST_TASKS),
        suspended=read_suspended(flat.get("suspendedState", {}), "suspendedState"),
        pauses=controller != "EXTERNAL",
        price=DEFAULT_PRICE if price is None else reading.number(price, "costPerTaskHour", low=0, high=1000),
        priced=PRICE_NOTE if price is None else "as given",
    )


def read_changes(document: Mapping[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """The learner's changes: before which event each acts, and what it sets; in the order of the events."""
    entries = reading.items(document.get("changes") or (), "changes", most=MOST_CHANGES)
    changes: list[tuple[int, dict[str, Any]]] = []
    for number, entry in enumerate(entries):
        path = f"changes[{number}]"
        change = dict(reading.mapping(entry, path))
        reading.known_fields(change, path, ("at", *CHANGES))
        at = reading.whole(change.pop("at", None), f"{path}.at", low=0, high=1_000_000)
        if not change:
            raise InputError(f"{path} changes nothing; give it one of {', '.join(CHANGES)}.", path=path)
        read = {name: _change(value, name, path) for name, value in change.items()}
        if "min" in read and "max" in read:
            read_range(read["min"], read["max"], path)
        changes.append((at, read))
    return sorted(changes, key=lambda change: change[0])


def _change(value: Any, name: str, path: str) -> Any:
    where = f"{path}.{name}"
    if name == "deploymentInProgress":
        return reading.flag(value, where)
    if name == "suspendedState":
        return read_suspended(value, where)
    return reading.whole(value, where, low=0, high=MOST_LOAD_PERCENT if name == "loadPercent" else MOST_TASKS)


def _model(flat: Mapping[str, Any]) -> Model:
    given = [name for name in ("service", "worker") if name in flat]
    if len(given) != 1:
        raise InputError("A scenario has a service or a worker; give one of the two.", path="service")
    path = given[0]
    document = reading.mapping(flat[path], path)
    reading.known_fields(document, path, SERVICE_FIELDS if path == "service" else WORKER_FIELDS)
    if path == "worker":
        each = reading.number(
            document.get("processingSeconds"), "worker.processingSeconds", low=Fraction(1, 1000), high=MOST_SECONDS
        )
        rate, timeout, response = Fraction(1000) / each, None, int(each * 1000)
    else:
        rate = 1000 * reading.number(
            document.get("requestsPerSecondPerTask"),
            "service.requestsPerSecondPerTask",
            low=Fraction(1, 100),
            high=1_000_000,
        )
        timeout = _seconds(document, path, "timeoutSeconds", 30)
        response = reading.whole(
            document.get("responseMilliseconds", 100), "service.responseMilliseconds", low=0, high=60_000
        )
    return Model(
        rate=max(1, int(rate)),
        start=_seconds(document, path, "startSeconds", 60),
        stop=_seconds(document, path, "stopSeconds", 30),
        timeout=timeout,
        response=response,
    )


def _seconds(document: Mapping[str, Any], path: str, name: str, default: int) -> int:
    return reading.whole(document.get(name, default), f"{path}.{name}", low=0, high=MOST_SECONDS)


def _policies(flat: Mapping[str, Any], metric: str) -> tuple[Policy, ...]:
    entries = reading.items(flat.get("policies", ()), "policies", most=MOST_POLICIES)
    policies: list[Policy] = []
    for number, entry in enumerate(entries):
        path = f"policies[{number}]"
        policy = read_policy(spelled(entry, path, ALIASES), path, number=number + 1, metric=metric)
        if policy.metric not in METRICS:
            where = f"{path}.metricName"
            raise InputError(
                f"{where} is {reading.shown(policy.metric)}; the service model of a run has {', '.join(METRICS)}.",
                path=where,
            )
        if policy.name in (one.name for one in policies):
            where = f"{path}.policyName"
            raise InputError(f"{where} is {reading.shown(policy.name)} again; give each its own name.", path=where)
        policies.append(policy)
    return tuple(policies)


def _actions(flat: Mapping[str, Any], minutes: int) -> tuple[Action, ...]:
    start = read_moment(flat.get("startTime", START_TIME), "startTime")
    actions: list[Action] = []
    entries = reading.items(flat.get("scheduledActions") or (), "scheduledActions", most=MOST_ACTIONS)
    for number, entry in enumerate(entries):
        path = f"scheduledActions[{number}]"
        one = spelled(entry, path)
        reading.known_fields(
            one, path, ("atMinute", "schedule", "timezone", "scheduledActionName", "scalableTargetAction")
        )
        minimum, maximum = read_action(one.get("scalableTargetAction"), f"{path}.scalableTargetAction")
        for minute in _moments(one, path, start, minutes):
            actions.append(Action(minute=minute, minimum=minimum, maximum=maximum))
    if len(actions) > MOST_MOMENTS:
        raise InputError(
            f"scheduledActions act {len(actions)} times in this run, and at most {MOST_MOMENTS} are played.",
            path="scheduledActions",
        )
    ordered = tuple(sorted(actions, key=lambda action: action.minute))
    _check_ranges(flat, ordered)
    return ordered


def _check_ranges(flat: Mapping[str, Any], actions: Sequence[Action]) -> None:
    """An action that sets one end must leave the range in the right order."""
    minimum, maximum = flat["min"], flat["max"]
    for action in actions:
        minimum = minimum if action.minimum is None else action.minimum
        maximum = maximum if action.maximum is None else action.maximum
        if minimum > maximum:
            raise InputError(
                f"The scheduled action of minute {action.minute} makes the range {minimum} to {maximum}; "
                "set both ends.",
                path="scheduledActions",
            )


def _moments(one: Mapping[str, Any], path: str, start: datetime, minutes: int) -> tuple[int, ...]:
    if ("atMinute" in one) == ("schedule" in one):
        raise InputError(f"{path} needs atMinute or schedule, one of the two.", path=path)
    if "atMinute" in one:
        return (reading.whole(one["atMinute"], f"{path}.atMinute", low=0, high=minutes - 1),)
    schedule: Schedule = read_schedule(one["schedule"], f"{path}.schedule", timezone=one.get("timezone", "UTC"))
    return schedule.minutes(start, minutes - 1)


def _windows(flat: Mapping[str, Any], name: str, minutes: int) -> tuple[tuple[int, int], ...]:
    windows: list[tuple[int, int]] = []
    for number, entry in enumerate(reading.items(flat.get(name) or (), name, most=MOST_WINDOWS)):
        path = f"{name}[{number}]"
        document = reading.mapping(entry, path)
        reading.known_fields(document, path, ("fromMinute", "toMinute"))
        first = reading.whole(document.get("fromMinute"), f"{path}.fromMinute", low=0, high=minutes - 1)
        windows.append(
            (first, reading.whole(document.get("toMinute"), f"{path}.toMinute", low=first + 1, high=minutes))
        )
    return tuple(windows)
