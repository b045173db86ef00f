"""What is said about a run: the reason for each event, and what AWS leaves open in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from simulator.scaling.alarms import Alarm, low_threshold
from simulator.scaling.decide import Decision
from simulator.scaling.policies import Policy, Tracking
from simulator.scaling.rules import RULES, ScalingRules
from simulator.scaling.situation import Code, tasks, told
from simulator.scaling.state import SCALE, SCHEDULED_ACTION, Event, Kind, State
from simulator.scaling.timed import verdict

OBSERVED = (
    "The alarms' numbers (3 minutes above the target, 15 minutes below 90 % of it) are observed, AWS documents none."
)
GRADUAL = "How many tasks target tracking takes away at once is open; this run's choice is “{}”."
FROM_RUNNING = (
    "It computes from the tasks that run, so a scale-out can set less than what was wanted before; AWS says no more."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a step happened. `fix` is the least that would have let a refused one through; `decision` is what it rests
    on, None where no policy was asked."""

    sentence: str
    fix: str
    open: tuple[str, ...]
    decision: Decision | None


def explain_event(state: State, event: Event) -> Explanation:
    """The reason for an event, from the state before it."""
    decision = verdict(state) if event.kind in (Kind.SCALED, Kind.NOT_SCALED) and not _is_action(event) else None
    return Explanation(
        sentence=_SENTENCES[event.kind](state, event),
        fix=decision.fix if decision else "",
        open=_open(state, event, decision),
        decision=decision,
    )


def notes(policies: tuple[Policy, ...], decision: Decision, desired: int) -> tuple[str, ...]:
    """What one decision leaves open, or rests on that AWS does not document."""
    said: list[str] = []
    if any(isinstance(policy, Tracking) for policy in policies):
        said.append(OBSERVED)
    if decision.open:
        said.append("How many tasks target tracking takes away at once is open: anything in the range is possible.")
    if decision.code is Code.SCALED and decision.direction.value == "out" and decision.desired < desired:
        said.append(FROM_RUNNING)
    return tuple(said)


def alarm_name(policy: Policy, alarm: Alarm) -> str:
    """The alarm that is meant, for a sentence."""
    if isinstance(policy, Tracking):
        return {Alarm.HIGH: "AlarmHigh", Alarm.LOW: "AlarmLow"}.get(alarm, "the alarms")
    return "the alarm"


def _open(state: State, event: Event, decision: Decision | None) -> tuple[str, ...]:
    if event.kind is Kind.ALARM and isinstance(state.plan.policies[event.policy], Tracking):
        return (OBSERVED,)
    if decision is not None and event.kind is Kind.SCALED:
        if decision.open:
            return (GRADUAL.format(state.plan.scale_in.value),)
        if event.after < event.before and decision.direction.value == "out":
            return (FROM_RUNNING,)
    return ()


def _is_action(event: Event) -> bool:
    """A scheduled action that was held back: it stands at the beginning of a minute, without a policy's decision."""
    return event.kind is Kind.NOT_SCALED and event.policy == SCHEDULED_ACTION


def _registered(_state: State, event: Event) -> str:
    said = f"The service is registered as a scalable target with {event.minimum} to {event.maximum} tasks."
    if event.after == event.before:
        return said
    return f"{said} The desired count {event.before} is outside, so it goes to {event.after} at once."


def _sample(state: State, event: Event) -> str:
    if not event.points:
        return "A minute is over. No policy watches a metric."
    told_points = ", ".join(
        f"{policy.metric} {'has no data' if point is None else told(Fraction(point, SCALE))}"
        for policy, point in zip(state.plan.policies, event.points, strict=True)
    )
    return f"A minute is over. Data points: {told_points}."


def _alarm(state: State, event: Event) -> str:
    policy, alarm = state.plan.policies[event.policy], Alarm(event.detail)
    name = f"{alarm_name(policy, alarm)} of {policy.name}"
    if alarm is Alarm.NO_DATA:
        return f"The metric of {policy.name} has no data point: INSUFFICIENT_DATA, and no scaling at all."
    if alarm is Alarm.OK:
        return f"{name[0].upper()}{name[1:]} {'are' if isinstance(policy, Tracking) else 'is'} OK again."
    return f"{name[0].upper()}{name[1:]} goes into ALARM: {_rule(policy, alarm, state.rules)}."


def _rule(policy: Policy, alarm: Alarm, rules: ScalingRules = RULES) -> str:
    if not isinstance(policy, Tracking):
        return f"{policy.datapoints} of the last {policy.periods} data points breach {told(policy.threshold)}"
    if alarm is Alarm.HIGH:
        return f"{_points(rules.high_points)} above the target {told(policy.target)}"
    return f"{_points(rules.low_points)} below {told(low_threshold(policy.target, rules))}"


def _points(count: int) -> str:
    return f"{count} data point{'' if count == 1 else 's'} in a row"


def _decided(state: State, event: Event) -> str:
    if _is_action(event):
        return "A scheduled action is due, but ScheduledScalingSuspended is true: it does nothing."
    decision = verdict(state)
    said = decision.reason if decision else ""
    if event.kind is Kind.SCALED:
        return f"The desired count goes from {event.before} to {event.after}. {said}"
    return said


def _scheduled(_state: State, event: Event) -> str:
    said = f"A scheduled action sets the range to {event.minimum} to {event.maximum}; no cooldown holds it back."
    if event.after == event.before:
        return f"{said} The desired count {event.before} is inside and stays."
    return f"{said} The desired count goes from {event.before} to {event.after}."


def _started(state: State, event: Event) -> str:
    model = state.plan.model
    return f"{tasks(event.count)} start; {_will(event.count)} work in {model.start} s."


def _ready(_state: State, event: Event) -> str:
    return f"{tasks(event.count)} {'is ready and works' if event.count == 1 else 'are ready and work'}."


def _stopping(state: State, event: Event) -> str:
    young = f", {event.before} of them before they ever worked" if event.before else ""
    return f"{tasks(event.count)} stop{'s' if event.count == 1 else ''}{young}: {state.desired} are wanted."


def _stopped(_state: State, event: Event) -> str:
    return f"{tasks(event.count)} {'has' if event.count == 1 else 'have'} stopped and cost no more."


def _deployment(state: State, event: Event) -> str:
    if event.detail == "ends":
        return "The deployment has ended: scale-in is possible again."
    if not state.plan.pauses:
        return "A deployment begins. With an external deployment controller scale-in goes on."
    return "A deployment begins: scale-in is off until it ends, scale-out goes on."


def _changed(_state: State, event: Event) -> str:
    return f"Changed by hand: {', '.join(f'{name} {value}' for name, value in (event.change or {}).items())}."


def _will(count: int) -> str:
    return "it will" if count == 1 else "they will"


_SENTENCES: Mapping[Kind, Callable[[State, Event], str]] = {
    Kind.REGISTERED: _registered,
    Kind.SAMPLE: _sample,
    Kind.ALARM: _alarm,
    Kind.SCALED: _decided,
    Kind.NOT_SCALED: _decided,
    Kind.SCHEDULED: _scheduled,
    Kind.STARTED: _started,
    Kind.READY: _ready,
    Kind.STOPPING: _stopping,
    Kind.STOPPED: _stopped,
    Kind.DEPLOYMENT: _deployment,
    Kind.CHANGED: _changed,
}
