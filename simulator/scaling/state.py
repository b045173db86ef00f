"""A timed run's events and states, and how one gives the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from simulator.scaling.alarms import Alarm, Seen
from simulator.scaling.rules import MissingData, ScalingRules
from simulator.scaling.scenario import Plan
from simulator.scaling.situation import Situation

SCALE = 1000  # metric values are kept in thousandths
SCHEDULED_ACTION = -2  # the `policy` of a scheduled action that was held back
MOST_KEPT = 100  # data points of a policy: no alarm looks further back


class Kind(StrEnum):
    """What an event is."""

    REGISTERED = "registered"  # the scalable target and its range; a capacity outside is pulled in
    SAMPLE = "sample"  # the data points of a minute, and what the minute was like
    ALARM = "alarm"  # a policy's alarm changed its state
    SCALED = "scaled"
    NOT_SCALED = "not-scaled"
    SCHEDULED = "scheduled"
    STARTED = "started"
    READY = "ready"
    STOPPING = "stopping"
    STOPPED = "stopped"
    DEPLOYMENT = "deployment"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened at second `at`. Fields that its kind does not have stay as they are here.

    `policy` is an index. `detail` is an alarm's state, a decision's code, or "begins" and "ends". `count` is tasks; of
    a scale-out it is what counts as added during its cooldown, and of tasks that stop `before` says how many had not
    run yet. A sample has the minute's data points by policy and CPU in thousandths (of a percent), load, queue and the
    totals in thousandths of requests, the latency in milliseconds, `billed` in task-seconds.
    """

    at: int
    kind: Kind
    policy: int = -1
    detail: str = ""
    count: int = 0
    before: int = 0
    after: int = 0
    minimum: int = 0
    maximum: int = 0
    points: tuple[int | None, ...] = ()
    load: int = 0
    cpu: int | None = None
    queue: int = 0
    latency: int | None = None
    arrived: int = 0
    served: int = 0
    failed: int = 0
    billed: int = 0
    change: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The service at one moment. Counts are tasks, times seconds of the run; the rest as in `Event`.

    `points` are the last data points by policy, `alarms` the state of each policy's alarm. `out_at` and `in_at` are
    when it last scaled, None where no cooldown can come of it. `refused` is why the last decision scaled nothing.
    """

    plan: Plan = field(repr=False)
    rules: ScalingRules
    now: int = 0
    minimum: int
    maximum: int
    desired: int
    running: int
    starting: int = 0
    stopping: int = 0
    launched: int = 0
    stopped: int = 0
    points: tuple[tuple[int | None, ...], ...]
    alarms: tuple[Alarm, ...]
    load: int
    load_percent: int = 100
    cpu: int | None = None
    queue: int = 0
    latency: int | None = None
    arrived: int = 0
    served: int = 0
    failed: int = 0
    billed: int = 0
    out_at: int | None = None
    added: int = 0
    in_at: int | None = None
    deploying: bool = False
    suspended: Mapping[str, bool]
    refused: str = ""


def first_state(plan: Plan, rules: ScalingRules, load: int) -> State:
    """The state before the first event; the alarms are OK, as of a service that has stood a while."""
    return State(
        plan=plan,
        rules=rules,
        minimum=plan.minimum,
        maximum=plan.maximum,
        desired=plan.capacity,
        running=plan.capacity if plan.placeable is None else min(plan.capacity, plan.placeable),
        points=tuple(() for _ in plan.policies),
        alarms=tuple(Alarm.OK for _ in plan.policies),
        load=load,
        suspended=plan.suspended,
    )


def situation(state: State) -> Situation:
    """What Application Auto Scaling knows of the state."""
    return Situation(
        running=state.running,
        desired=state.desired,
        minimum=state.minimum,
        maximum=state.maximum,
        since_out=None if state.out_at is None else state.now - state.out_at,
        added=min(state.added, state.desired),
        since_in=None if state.in_at is None else state.now - state.in_at,
        deploying=state.deploying and state.plan.pauses,
        out_suspended=state.suspended["dynamicScalingOutSuspended"],
        in_suspended=state.suspended["dynamicScalingInSuspended"],
        scheduled_suspended=state.suspended["scheduledScalingSuspended"],
    )


def seen(state: State) -> tuple[Seen, ...]:
    """What each policy sees: its newest data point, and its alarm."""
    zero = state.rules.missing_data is MissingData.ZERO
    found: list[Seen] = []
    for points, alarm in zip(state.points, state.alarms, strict=True):
        newest = points[-1] if points else None
        newest = 0 if newest is None and zero else newest
        found.append(Seen(value=None if newest is None else Fraction(newest, SCALE), alarm=alarm))
    return tuple(found)


def apply(state: State, event: Event) -> State:
    """The state after an event."""
    return _APPLY[event.kind](state, event)


def _registered(state: State, event: Event) -> State:
    return replace(state, now=event.at, minimum=event.minimum, maximum=event.maximum, desired=event.after)


def _sample(state: State, event: Event) -> State:
    return replace(
        state,
        now=event.at,
        points=tuple((*kept[-MOST_KEPT + 1 :], point) for kept, point in zip(state.points, event.points, strict=True)),
        load=event.load,
        cpu=event.cpu,
        queue=event.queue,
        latency=event.latency,
        arrived=event.arrived,
        served=event.served,
        failed=event.failed,
        billed=event.billed,
    )


def _alarm(state: State, event: Event) -> State:
    alarms = list(state.alarms)
    alarms[event.policy] = Alarm(event.detail)
    return replace(state, now=event.at, alarms=tuple(alarms), refused="")


def _scaled(state: State, event: Event) -> State:
    if event.after > event.before:
        # A scale-out ends a scale-in cooldown (facts 2.2).
        return replace(
            state, now=event.at, desired=event.after, out_at=event.at, added=event.count, in_at=None, refused=""
        )
    return replace(state, now=event.at, desired=event.after, in_at=event.at, refused="")


def _not_scaled(state: State, event: Event) -> State:
    return replace(state, now=event.at, refused=event.detail)


def _started(state: State, event: Event) -> State:
    return replace(state, now=event.at, starting=state.starting + event.count, launched=state.launched + event.count)


def _ready(state: State, event: Event) -> State:
    return replace(state, now=event.at, starting=state.starting - event.count, running=state.running + event.count)


def _stopping(state: State, event: Event) -> State:
    return replace(
        state,
        now=event.at,
        starting=state.starting - event.before,
        running=state.running - (event.count - event.before),
        stopping=state.stopping + event.count,
    )


def _stopped(state: State, event: Event) -> State:
    return replace(state, now=event.at, stopping=state.stopping - event.count, stopped=state.stopped + event.count)


def _deployment(state: State, event: Event) -> State:
    return replace(state, now=event.at, deploying=event.detail == "begins")


def _changed(state: State, event: Event) -> State:
    """The learner's change. A new range is a new registration: it pulls the desired count in at once (facts 2.1)."""
    change = event.change or {}
    if "min" in change or "max" in change:
        minimum = change.get("min", min(state.minimum, change.get("max", state.minimum)))
        maximum = max(change.get("max", state.maximum), minimum)
        desired = max(minimum, min(maximum, change.get("desired", state.desired)))
        state = replace(state, minimum=minimum, maximum=maximum, desired=desired)
    elif "desired" in change:
        state = replace(state, desired=change["desired"])
    return replace(
        state,
        now=event.at,
        load_percent=change.get("loadPercent", state.load_percent),
        deploying=change.get("deploymentInProgress", state.deploying),
        suspended=change.get("suspendedState", state.suspended),
        refused="",
    )


_APPLY: Mapping[Kind, Callable[[State, Event], State]] = {
    Kind.REGISTERED: _registered,
    Kind.SAMPLE: _sample,
    Kind.ALARM: _alarm,
    Kind.SCALED: _scaled,
    Kind.NOT_SCALED: _not_scaled,
    Kind.SCHEDULED: _registered,
    Kind.STARTED: _started,
    Kind.READY: _ready,
    Kind.STOPPING: _stopping,
    Kind.STOPPED: _stopped,
    Kind.DEPLOYMENT: _deployment,
    Kind.CHANGED: _changed,
}
