"""Why a deployment is stuck, in AWS's words and in plain ones, and what cures it.

Every cure is tried: the scenario is changed by it and run again, and only cures whose run ends well are offered.
Sources: facts 1.8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.deployment.alarms import ALARM, BREAKER, is_steady
from simulator.deployment.life import health_verdict
from simulator.deployment.scenario import FAILS_TO_START, NEVER_HEALTHY
from simulator.deployment.service_events import service_events
from simulator.deployment.state import Event, Kind, Rollout, State
from simulator.deployment.timed import CAPACITY, CONFIG, PORT, PROTECTED, run, standstill
from simulator.deployment.waves import Outcome, roll_out
from simulator.deployment.wording import count_of
from simulator.errors import InputError
from simulator.trace import Trace, state_at

Scenario = Mapping[str, Any]

MOST_DESIRED_TRIED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """What to do about it. `changes` are fields of the scenario; a field that is None is taken out."""

    sentence: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Why nothing goes on.

    `kind` is "config", "capacity", "port", "protected", "never-healthy", "fails-to-start", "breaker" or "alarm";
    `event` is AWS's own text, "" where it has none.
    """

    kind: str
    event: str
    cause: str
    cures: tuple[Cure, ...]


def why_stuck(trace: Trace[State, Event], k: int | None = None) -> Stuck | None:
    """Why the deployment stands still before step `k` (None: at the end); None if it moves or is COMPLETED."""
    state = state_at(trace, len(trace) if k is None else k)
    kind = _kind(state)
    if not kind:
        return None
    cures = tuple(
        cure for cure in _cures(kind, trace.scenario, state) if _ends_well(cured(trace.scenario, cure), trace)
    )
    return Stuck(kind=kind, event=_aws_text(kind, state), cause=_cause(kind, state), cures=cures)


def cured(scenario: Scenario, cure: Cure) -> dict[str, Any]:
    """The scenario after the cure.

    >>> cured({"desiredCount": 1, "slots": 1}, Cure(sentence="", changes={"slots": None}))
    {'desiredCount': 1}
    """
    merged = {**scenario, **cure.changes}
    return {name: value for name, value in merged.items() if value is not None or name not in cure.changes}


def _kind(state: State) -> str:
    primary = state.primary
    if primary is None or primary.rollout is Rollout.COMPLETED:
        return ""
    if primary.rollout is Rollout.FAILED:
        return primary.failed_by
    if state.launch_failures and (state.cut or state.paused_until is not None):
        return FAILS_TO_START
    if state.cut or (primary.failures and state.breaker_threshold is None):
        return NEVER_HEALTHY
    return state.stuck or standstill(state)


def _ends_well(scenario: Scenario, trace: Trace[State, Event]) -> bool:
    try:
        return is_steady(run(scenario, trace.rules)[1][-1])
    except InputError:
        return False


def _aws_text(kind: str, state: State) -> str:
    if kind in (CONFIG, CAPACITY, PORT):
        return service_events(state, Event(at=state.now, kind=Kind.STUCK, detail=kind))[0].text
    if kind == BREAKER:
        return service_events(state, Event(at=state.now, kind=Kind.FAILED, detail=BREAKER))[0].text
    if kind == FAILS_TO_START:
        return service_events(state, Event(at=state.now, kind=Kind.FAILED_TO_START))[0].text
    return ""


def _cause(kind: str, state: State) -> str:
    desired = count_of(state.desired)
    way_back = "" if state.service_deployment_status == "STOPPED" else " no COMPLETED deployment to go back to, and"
    return {
        CONFIG: f"Of {desired} task{'' if state.desired == 1 else 's'} at least {state.lower} must stay healthy, so "
        f"none may stop; at most {state.upper} may be there at once, so none may start.",
        CAPACITY: f"The cluster has room for {state.capacity} tasks of this service, and no old one may stop first: "
        f"at least {state.lower} have to stay healthy.",
        PORT: f"Each instance can hold one task on port {state.plan.host_port}; all {state.capacity} hold one, and the "
        "port is free only when the old task has stopped.",
        PROTECTED: "The remaining old tasks are under scale-in protection, so ECS waits until it ends.",
        NEVER_HEALTHY: "The new tasks run but never pass their health check; ECS keeps old ones and tries forever.",
        FAILS_TO_START: "The new tasks stop before they run; ECS tries again forever, with longer and longer pauses.",
        BREAKER: f"The circuit breaker failed the deployment; there is{way_back or ' no rollback, so'} nothing more is "
        "launched.",
        ALARM: f"An alarm failed the deployment; there is{way_back or ' no rollback, so'} nothing more is launched.",
    }[kind]


def _cures(kind: str, scenario: Scenario, state: State) -> Iterator[Cure]:
    if kind == CONFIG:
        yield from _config_cures(scenario, state)
    elif kind in (CAPACITY, PORT):
        yield from _room_cures(kind, scenario, state)
    elif kind == PROTECTED:
        yield Cure(sentence="Clear the protection of the old tasks.", changes={"protectedTasks": 0})
    elif kind == ALARM:
        held = scenario.get("alarms") or (scenario.get("deploymentConfiguration") or {}).get("alarms") or {}
        yield Cure(
            sentence="Let an alarm roll back to the deployment that was COMPLETED.",
            changes=_configured(scenario, alarms={**held, "rollback": True}),
        )
        yield Cure(
            sentence="Mend what the alarm warns of, and deploy again.",
            changes=_configured(scenario, alarms={**held, "alarmAtSeconds": None, "alreadyInAlarm": False}),
        )
    else:
        yield from _revision_cures(kind, scenario, state)


def _config_cures(scenario: Scenario, state: State) -> Iterator[Cure]:
    desired, held = state.desired, state.plan.configuration
    up = max(-(-(desired + 1) * 100 // desired), 100)
    yield Cure(
        sentence=f"Raise maximumPercent to {up} or more: then one more task may start.",
        changes=_configured(scenario, maximumPercent=up),
    )
    yield _lower_minimum(scenario, state)
    for count in range(desired + 1, min(desired + MOST_DESIRED_TRIED, state.plan.desired + MOST_DESIRED_TRIED) + 1):
        rollout = roll_out(count, held.minimum, held.maximum, slots=state.capacity, rules=state.rules)
        if rollout.outcome is Outcome.COMPLETED:
            yield Cure(
                sentence=f"Run {count_of(count)} tasks: with {held.minimum}/{held.maximum} that leaves room to move.",
                changes={"desiredCount": count},
            )
            return


def _room_cures(kind: str, scenario: Scenario, state: State) -> Iterator[Cure]:
    need = state.desired + (1 if state.lower >= state.desired else 0) + len(state.lost)
    if kind == PORT:
        yield Cure(
            sentence="Use a dynamic host port (0): then two tasks can share an instance.",
            changes={"hostPort": 0, "instances": None, "slots": None},
        )
        more = {"instances": need, "slots": None}
        yield Cure(sentence=f"Add instances until there are {need}: then there is room to move.", changes=more)
    else:
        yield Cure(
            sentence=f"Make room for {need} tasks: a capacity provider with managed scaling adds instances by itself.",
            changes={"slots": need},
        )
    yield _lower_minimum(scenario, state)


def _lower_minimum(scenario: Scenario, state: State) -> Cure:
    down = (state.desired - 1) * 100 // state.desired
    less = " or less" if down else ""
    return Cure(
        sentence=f"Lower minimumHealthyPercent to {down}{less}: then one old task may stop first.",
        changes=_configured(scenario, minimumHealthyPercent=down),
    )


def _revision_cures(kind: str, scenario: Scenario, state: State) -> Iterator[Cure]:
    revision = state.plan.new
    broken = [NEVER_HEALTHY, FAILS_TO_START]
    kept = [failure for failure in scenario.get("failures") or () if failure.get("kind") not in broken]
    if len(kept) < len(scenario.get("failures") or ()):
        yield Cure(sentence="Mend the new revision, and deploy it again.", changes={"failures": kept})
    balancer, container = state.plan.load_balancer, state.plan.container
    if not health_verdict(state, revision)[1]:
        passes = balancer.answers_after + balancer.interval * balancer.healthy_threshold if balancer else 0
        grace = max(passes, container.healthy_after if container else 0) // 1000
        yield Cure(
            sentence=f"Give the application time: healthCheckGracePeriodSeconds of {grace}.",
            changes={"healthCheckGracePeriodSeconds": grace},
        )
    if state.plan.completed_before:
        held = (scenario.get("deploymentConfiguration") or {}).get("deploymentCircuitBreaker") or {}
        breaker = {**held, **(scenario.get("deploymentCircuitBreaker") or {}), "enable": True, "rollback": True}
        sentence = "Turn on rollback: then ECS goes back to the deployment that was COMPLETED."
        if kind != BREAKER:
            sentence = "Turn on the circuit breaker with rollback: then ECS gives up and goes back."
        yield Cure(sentence=sentence, changes=_configured(scenario, deploymentCircuitBreaker=breaker))


def _configured(scenario: Scenario, **fields: Any) -> dict[str, Any]:
    """The changes that set fields of deploymentConfiguration, wherever the scenario has them now."""
    inner = {**(scenario.get("deploymentConfiguration") or {}), **fields}
    beside = {name: None for name in fields if name in scenario}
    return {"deploymentConfiguration": inner, **beside}
