"""What ends a deployment: success with its bake time, the circuit breaker, an alarm, and the way back.

Sources: facts 1.11. Whichever method fires first decides, and only its own `rollback` flag matters.
"""

from __future__ import annotations

from simulator.deployment.breaker import is_tripped
from simulator.deployment.rules import RollbackTo
from simulator.deployment.scheduler import take_census
from simulator.deployment.state import Event, Kind, Rollout, State, Status

DEFAULT_BAKE = 4 * 60_000  # our choice: AWS says "less than 5 minutes"

BREAKER = "breaker"
ALARM = "alarm"


def failure(state: State) -> Event | None:
    """The event that fails the primary deployment now, if anything does."""
    primary = state.primary
    if primary is None or primary.rollout is not Rollout.IN_PROGRESS:
        return None
    held, limit = state.plan.configuration, state.breaker_threshold
    cause, rolls_back = "", False
    if held.breaker and limit is not None and is_tripped(primary.failures, limit, rules=state.rules):
        cause, rolls_back = BREAKER, held.breaker.rollback
    elif held.alarms and held.alarms.enable and state.alarm and not state.alarms_ignored:
        cause, rolls_back = ALARM, held.alarms.rollback
    if not cause:
        return None
    back_to = rollback_target(state) if rolls_back else ""
    return Event(at=state.now, kind=Kind.FAILED, deployment=primary.id, detail=cause, back_to=back_to)


def rollback_target(state: State) -> str:
    """The id of the most recent COMPLETED deployment; "" if there is none: then nothing more is launched."""
    earlier = [deployment for deployment in state.deployments if deployment.status != "PRIMARY"]
    if state.rules.rollback_to is RollbackTo.LAST_COMPLETED:
        earlier = [deployment for deployment in earlier if deployment.rollout is Rollout.COMPLETED]
    return earlier[-1].id if earlier else ""


def completion(state: State) -> Event | None:
    """The next event on the way from "all new tasks are healthy" to COMPLETED."""
    primary = state.primary
    if primary is None or primary.rollout is not Rollout.IN_PROGRESS or not _is_ready(state):
        return None
    bake = bake_time(state)
    if bake and not state.baked:
        return None if state.bake_until else Event(at=state.now, kind=Kind.BAKE_STARTED, count=state.now + bake)
    return Event(at=state.now, kind=Kind.COMPLETED, deployment=primary.id)


def bake_time(state: State) -> int:
    """Milliseconds for which alarms are still watched when everything else is done."""
    held = state.plan.configuration
    if held.bake_minutes is not None:
        return held.bake_minutes * 60_000
    return DEFAULT_BAKE if held.alarms and held.alarms.enable and not state.alarms_ignored else 0


def is_steady(state: State) -> bool:
    """Whether the service rests: the desired number of healthy tasks, all of the primary deployment, and no other."""
    primary = state.primary
    if primary is None or primary.rollout is not Rollout.COMPLETED or state.requested is not None:
        return False
    alive = [task for task in state.tasks if task.status is not Status.STOPPED]
    return len(alive) == state.desired and all(task.counts_healthy and task.deployment == primary.id for task in alive)


def _is_ready(state: State) -> bool:
    primary = state.primary
    if primary is None:
        return False
    census = take_census(state, primary)
    others_gone = all(task.deployment == primary.id or task.status is Status.STOPPED for task in state.tasks)
    early = state.plan.configuration.early_success
    if early and early.enable and not primary.is_rollback:
        goal = -(-state.desired * early.healthy_percent // 100)
        return census.healthy_new >= goal and (others_gone or early.cleanup == "DEFERRED")
    return others_gone and census.healthy_new == len(census.hopeful) == state.desired and not census.unhealthy
