"""How an event changes the service: `apply(state, event)` is the next state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from simulator.deployment.breaker import after_failures, after_healthy
from simulator.deployment.rules import HealthyWhen, Replacement
from simulator.deployment.scenario import changed
from simulator.deployment.state import Deployment, Event, Health, Kind, Rollout, State, Status, Target, Task

THROTTLE_FIRST = 30_000  # our choice: AWS publishes only the ceiling
THROTTLE_MOST = 27 * 60_000


def apply(state: State, event: Event) -> State:
    """The state after the event."""
    if any(task.status is Status.STOPPED for task in state.tasks):
        state = replace(state, tasks=tuple(task for task in state.tasks if task.status is not Status.STOPPED))
    if event.at != state.now:
        state = replace(state, now=event.at)
    after = _EFFECTS[event.kind](state, event)
    return _retired(after) if event.kind in _MAY_RETIRE else after


def _begun(state: State, event: Event) -> State:
    earlier: list[Deployment] = []
    for deployment in state.deployments:
        wanted = deployment.wanted
        if deployment.status == "PRIMARY":
            kept = sum(task.is_kept for task in state.tasks if task.deployment == deployment.id)
            wanted = 0 if deployment.rollout is Rollout.FAILED else kept
        earlier.append(replace(deployment, status="ACTIVE", wanted=wanted))
    begun = Deployment(
        id=event.deployment,
        revision=event.detail,
        status="PRIMARY",
        rollout=Rollout.IN_PROGRESS,
        wanted=state.desired,
    )
    return _fresh(replace(state, deployments=(*earlier, begun), requested=None))


def _failed(state: State, event: Event) -> State:
    def after(deployment: Deployment) -> Deployment:
        if deployment.id == event.deployment:
            status = "ACTIVE" if event.back_to else "PRIMARY"
            return replace(deployment, status=status, rollout=Rollout.FAILED, wanted=0, failed_by=event.detail)
        if deployment.id == event.back_to:
            return replace(
                deployment,
                status="PRIMARY",
                rollout=Rollout.IN_PROGRESS,
                wanted=state.desired,
                failures=0,
                has_run=False,
                is_rollback=True,
            )
        return deployment

    after_all = replace(state, deployments=tuple(after(deployment) for deployment in state.deployments), stuck="")
    return _fresh(after_all) if event.back_to else after_all


def _fresh(state: State) -> State:
    """What every deployment begins with: no launch pause, no bake, and alarms ignored if one is already there."""
    alarms = state.plan.configuration.alarms
    return replace(
        state,
        launch_failures=0,
        paused_until=None,
        bake_until=None,
        baked=False,
        stuck="",
        steady=False,
        alarms_ignored=bool(state.alarm and alarms and alarms.enable),
    )


def _started(state: State, event: Event) -> State:
    revision = next(deployment.revision for deployment in state.deployments if deployment.id == event.deployment)
    tasks = tuple(
        Task(number=number, deployment=event.deployment, revision=revision, status=Status.PENDING, place=place)
        for number, place in zip(event.tasks, event.places, strict=True)
    )
    return replace(
        state,
        tasks=state.tasks + tasks,
        next_number=state.next_number + len(tasks),
        launched=state.launched + len(tasks),
        stuck="",
        steady=False,
    )


def _activating(state: State, event: Event) -> State:
    return _each(state, event.tasks, status=Status.ACTIVATING)


def _running(state: State, event: Event) -> State:
    at_once = state.rules.healthy_when is HealthyWhen.RUNNING
    health = Health.HEALTHY if at_once else Health.UNKNOWN
    target = Target.INITIAL if state.plan.load_balancer else None
    after = _each(state, event.tasks, status=Status.RUNNING, health=health, target=target)
    primary = after.primary
    if primary and any(task.deployment == primary.id for task in _named(after, event.tasks)):
        after = _primary(after, has_run=True)
    return replace(after, launch_failures=0)


def _healthy(state: State, event: Event) -> State:
    target = Target.HEALTHY if state.plan.load_balancer else None
    after = _each(state, event.tasks, health=Health.HEALTHY, target=target)
    primary, held = after.primary, after.plan.configuration.breaker
    if primary and held and any(task.deployment == primary.id for task in _named(after, event.tasks)):
        return _primary(after, failures=after_healthy(primary.failures, held, rules=state.rules))
    return after


def _unhealthy(state: State, event: Event) -> State:
    target = Target.UNHEALTHY if state.plan.load_balancer else None
    return _counted_failures(_each(state, event.tasks, health=Health.UNHEALTHY, target=target), event.tasks)


def _failed_to_start(state: State, event: Event) -> State:
    after = _each(state, event.tasks, status=Status.STOPPED)
    primary = after.primary
    # Stage 1 of the breaker: only while no task of the deployment has been RUNNING does a failed launch count.
    if primary and not primary.has_run:
        after = _counted_failures(after, event.tasks)
    failures = after.launch_failures + 1
    pause = min(THROTTLE_FIRST * 2 ** min(failures - 1, 10), THROTTLE_MOST)
    return replace(after, launch_failures=failures, paused_until=state.now + pause)


def _gone(state: State, event: Event) -> State:
    """Crashed, or lost with an instance: without notice."""
    named = set(event.tasks)
    lost = _each(state, event.tasks, status=Status.STOPPED, health=Health.UNKNOWN, target=None)
    if state.rules.unhealthy_replacement is Replacement.NEW_REVISION:
        lost = _fewer_wanted(lost, [task for task in state.tasks if task.number in named and task.is_kept])
    if event.kind is Kind.INSTANCE_DIED and state.plan.slots is not None:
        places = tuple(task.place for task in state.tasks if task.number in named and task.place is not None)
        return replace(lost, lost=(*lost.lost, *places))
    return lost


def _told_to_stop(state: State, event: Event) -> State:
    named = set(event.tasks)
    tasks: list[Task] = []
    stopped: list[Task] = []
    for task in state.tasks:
        if task.number not in named:
            tasks.append(task)
            continue
        drains = state.plan.load_balancer is not None and task.target is not None and state.rules.drain_before_stop
        status = Status.DEACTIVATING if drains else Status.STOPPING
        target = Target.DRAINING if drains else None
        tasks.append(replace(task, status=status, target=target))
        own_revision = state.rules.unhealthy_replacement is Replacement.OWN_REVISION
        if not (task.health is Health.UNHEALTHY and own_revision):
            stopped.append(task)
    return replace(_fewer_wanted(replace(state, tasks=tuple(tasks)), stopped), stuck="", steady=False)


def _stopping(state: State, event: Event) -> State:
    return _each(state, event.tasks, status=Status.STOPPING, target=None)


def _stopped(state: State, event: Event) -> State:
    return _each(state, event.tasks, status=Status.STOPPED, target=None)


def _protection_ended(state: State, event: Event) -> State:
    return _each(state, event.tasks, protected=False)


def _retry(state: State, _event: Event) -> State:
    return replace(state, paused_until=None)


def _alarm(state: State, event: Event) -> State:
    return replace(state, alarm=event.detail == "on")


def _bake_started(state: State, event: Event) -> State:
    return replace(state, bake_until=event.count)


def _bake_ended(state: State, _event: Event) -> State:
    return replace(state, bake_until=None, baked=True)


def _completed(state: State, _event: Event) -> State:
    done = _primary(state, rollout=Rollout.COMPLETED)
    return replace(
        done,
        deployments=tuple(
            deployment if deployment.status == "PRIMARY" else replace(deployment, wanted=0)
            for deployment in done.deployments
        ),
    )


def _steady(state: State, _event: Event) -> State:
    return replace(state, steady=True, stuck="")


def _stuck(state: State, event: Event) -> State:
    return replace(state, stuck=event.detail)


def _cut(state: State, event: Event) -> State:
    return replace(state, cut=True, stuck=event.detail)


def _changed(state: State, event: Event) -> State:
    change = event.change or {}
    after = replace(state, plan=changed(state.plan, change), stuck="", steady=False)
    if "taskDefinition" in change:
        return replace(after, requested=change["taskDefinition"], paused_until=None, launch_failures=0)
    if "desiredCount" in change:
        if state.rules.desired_change_triggers_deployment and state.primary and state.requested is None:
            return replace(after, requested=state.primary.revision)
        primary = state.primary
        return after if primary is None or primary.rollout is Rollout.FAILED else _primary(after, wanted=after.desired)
    if "alarm" in change:
        return replace(after, alarm=change["alarm"])
    if "protectedTasks" in change:
        held = [task.number for task in state.tasks if task.protected][: change["protectedTasks"]]
        return replace(after, tasks=tuple(replace(task, protected=task.number in held) for task in after.tasks))
    return after


_EFFECTS: Mapping[Kind, Callable[[State, Event], State]] = {
    Kind.BEGUN: _begun,
    Kind.STARTED: _started,
    Kind.ACTIVATING: _activating,
    Kind.RUNNING: _running,
    Kind.HEALTHY: _healthy,
    Kind.UNHEALTHY: _unhealthy,
    Kind.FAILED_TO_START: _failed_to_start,
    Kind.CRASHED: _gone,
    Kind.STOP: _told_to_stop,
    Kind.STOPPING: _stopping,
    Kind.STOPPED: _stopped,
    Kind.INSTANCE_DIED: _gone,
    Kind.PROTECTION_ENDED: _protection_ended,
    Kind.RETRY: _retry,
    Kind.ALARM: _alarm,
    Kind.FAILED: _failed,
    Kind.BAKE_STARTED: _bake_started,
    Kind.BAKE_ENDED: _bake_ended,
    Kind.COMPLETED: _completed,
    Kind.STEADY: _steady,
    Kind.STUCK: _stuck,
    Kind.CHANGED: _changed,
    Kind.CUT: _cut,
}


_MAY_RETIRE = (
    Kind.BEGUN,
    Kind.STOPPED,
    Kind.CRASHED,
    Kind.INSTANCE_DIED,
    Kind.FAILED_TO_START,
    Kind.COMPLETED,
    Kind.FAILED,
)


def _each(state: State, numbers: Iterable[int], **fields: Any) -> State:
    named = set(numbers)
    tasks = tuple(replace(task, **fields) if task.number in named else task for task in state.tasks)
    return replace(state, tasks=tasks)


def _named(state: State, numbers: Iterable[int]) -> list[Task]:
    named = set(numbers)
    return [task for task in state.tasks if task.number in named]


def _primary(state: State, **fields: Any) -> State:
    deployments = tuple(
        replace(deployment, **fields) if deployment.status == "PRIMARY" else deployment
        for deployment in state.deployments
    )
    return replace(state, deployments=deployments)


def _counted_failures(state: State, numbers: Iterable[int]) -> State:
    primary, limit = state.primary, state.breaker_threshold
    if primary is None or primary.rollout is not Rollout.IN_PROGRESS:
        return state
    own = sum(task.deployment == primary.id for task in _named(state, numbers))
    if limit is None:
        return _primary(state, failures=primary.failures + own)
    return _primary(state, failures=after_failures(primary.failures, own, limit, rules=state.rules))


def _fewer_wanted(state: State, stopped: list[Task]) -> State:
    """Tasks of earlier deployments that the scheduler stopped are not wanted back."""

    def after(deployment: Deployment) -> Deployment:
        if deployment.status == "PRIMARY":
            return deployment
        gone = sum(task.deployment == deployment.id for task in stopped)
        return replace(deployment, wanted=max(0, deployment.wanted - gone)) if gone else deployment

    return replace(state, deployments=tuple(after(deployment) for deployment in state.deployments))


def _retired(state: State) -> State:
    """An earlier deployment of which no task is left and none is wanted back is INACTIVE."""
    if all(deployment.status != "ACTIVE" for deployment in state.deployments):
        return state
    alive = {task.deployment for task in state.tasks if task.status is not Status.STOPPED}

    def after(deployment: Deployment) -> Deployment:
        over = deployment.status == "ACTIVE" and not deployment.wanted and deployment.id not in alive
        return replace(deployment, status="INACTIVE") if over else deployment

    return replace(state, deployments=tuple(after(deployment) for deployment in state.deployments))
