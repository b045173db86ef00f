"""A task's life in time: what follows an event, unless something comes between. Sources: facts 1.5 to 1.7."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.deployment.rules import HealthyWhen
from simulator.deployment.scenario import FAILS_TO_START, INSTANCE_DIES, NEVER_HEALTHY, TASK_CRASHES, Plan
from simulator.deployment.state import LEAVING, ON_THE_WAY, Event, Health, Kind, State, Status, Task

FORTY_SECONDS = 40_000
# At the same millisecond tasks first go, then come, then are judged; what the learner injects comes last.
PRIORITY = {
    Kind.STOPPED: 0,
    Kind.STOPPING: 1,
    Kind.ACTIVATING: 2,
    Kind.RUNNING: 3,
    Kind.FAILED_TO_START: 4,
    Kind.HEALTHY: 5,
    Kind.UNHEALTHY: 6,
    Kind.CRASHED: 7,
    Kind.INSTANCE_DIED: 8,
    Kind.PROTECTION_ENDED: 9,
    Kind.ALARM: 10,
    Kind.BAKE_ENDED: 11,
    Kind.RETRY: 12,
}
_FROM: dict[Kind, tuple[Status, ...]] = {
    Kind.ACTIVATING: (Status.PENDING,),
    Kind.RUNNING: ON_THE_WAY,
    Kind.FAILED_TO_START: ON_THE_WAY,
    Kind.HEALTHY: (Status.RUNNING,),
    Kind.UNHEALTHY: (Status.RUNNING,),
    Kind.CRASHED: (Status.RUNNING,),
    Kind.STOPPING: (Status.DEACTIVATING,),
    Kind.STOPPED: LEAVING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """What is to happen at `at` milliseconds to these tasks, if they are still where they were."""

    at: int
    kind: Kind
    tasks: tuple[int, ...] = ()
    count: int = 0


def first_timers(plan: Plan) -> list[Timer]:
    """What the scenario has in store from its beginning."""
    timers = [timer for failure in plan.failures if (timer := _of_instance(failure.kind, failure.at, failure.tasks))]
    alarms = plan.configuration.alarms
    if alarms and alarms.alarm_at is not None:
        timers.append(Timer(at=alarms.alarm_at, kind=Kind.ALARM))
    if plan.protected:
        numbers = tuple(range(1, plan.protected + 1))
        timers.append(Timer(at=plan.protection, kind=Kind.PROTECTION_ENDED, tasks=numbers))
    return timers


def follow_ups(state: State, event: Event) -> list[Timer]:
    """What follows from an event that has just acted on `state`."""
    named = set(event.tasks)
    tasks = [task for task in state.tasks if task.number in named]
    match event.kind:
        case Kind.STARTED:
            return _of_launch(state, tasks)
        case Kind.RUNNING:
            return _of_running(state, tasks)
        case Kind.STOP:
            leaving = [task for task in tasks if task.status is Status.STOPPING]
            draining = [task.number for task in tasks if task.status is Status.DEACTIVATING]
            balancer = state.plan.load_balancer
            timers = _of_signal(state, [task.number for task in leaving])
            if draining and balancer:
                at = state.now + balancer.delay
                timers.append(Timer(at=at, kind=Kind.STOPPING, tasks=tuple(draining)))
            return timers
        case Kind.STOPPING:
            return _of_signal(state, event.tasks)
        case Kind.FAILED_TO_START:
            return [Timer(at=state.paused_until or state.now, kind=Kind.RETRY)]
        case Kind.BAKE_STARTED:
            return [Timer(at=event.count, kind=Kind.BAKE_ENDED)]
        case Kind.CHANGED:
            return _of_change(state, event)
        case _:
            return []


def due(state: State, timer: Timer) -> Event | None:
    """The event that a timer gives now; None if what it was set for is over."""
    if timer.kind is Kind.INSTANCE_DIED:
        running = [task for task in state.tasks if task.status is Status.RUNNING]
        numbers = tuple(task.number for task in running[: timer.count])
        return _event(timer, numbers)
    if timer.kind is Kind.PROTECTION_ENDED:
        return _event(timer, tuple(task.number for task in state.tasks if task.protected and not task.is_leaving))
    if timer.kind is Kind.RETRY:
        return Event(at=timer.at, kind=timer.kind) if state.paused_until == timer.at else None
    if timer.kind is Kind.BAKE_ENDED:
        return Event(at=timer.at, kind=timer.kind) if state.bake_until == timer.at else None
    if timer.kind is Kind.ALARM:
        return None if state.alarm else Event(at=timer.at, kind=timer.kind, detail="on")
    named = set(timer.tasks)
    origin = _FROM[timer.kind]
    tasks = [task for task in state.tasks if task.number in named and task.status in origin]
    if timer.kind is Kind.HEALTHY:
        tasks = [task for task in tasks if task.health is Health.UNKNOWN and health_verdict(state, task.revision)[1]]
    if timer.kind is Kind.UNHEALTHY:
        tasks = [task for task in tasks if task.health is not Health.UNHEALTHY]
    return _event(timer, tuple(task.number for task in tasks))


def health_verdict(state: State, revision: str) -> tuple[int, bool]:
    """How many milliseconds after RUNNING a task of this revision is judged, and whether it is found healthy.

    A check that a slow application fails too often stops the task although it would have answered later; the grace
    period is what prevents that. Without any check a task counts 40 s after RUNNING. Source: facts 1.5.
    """
    plan = state.plan
    never = any(failure.kind == NEVER_HEALTHY and failure.revision == revision for failure in plan.failures)
    healthy: list[int] = []
    failed: list[int] = []
    balancer, container = plan.load_balancer, plan.container
    if balancer:
        passes = balancer.answers_after + balancer.interval * balancer.healthy_threshold
        fails = balancer.interval * balancer.unhealthy_threshold
        late = balancer.answers_after > fails and passes > max(fails, plan.grace)
        (failed if never or late else healthy).append(max(fails, plan.grace) if never or late else passes)
    if container:
        fails = max(container.start_period + container.interval * container.retries, plan.grace)
        bad = never or container.healthy_after > fails
        (failed if bad else healthy).append(fails if bad else container.healthy_after)
    if failed:
        return min(failed), False
    if healthy:
        return max(healthy), True
    return FORTY_SECONDS if state.rules.forty_seconds else 0, True


def _of_launch(state: State, tasks: list[Task]) -> list[Timer]:
    plan = state.plan
    numbers = tuple(task.number for task in tasks)
    if not numbers:
        return []
    broken = any(failure.kind == FAILS_TO_START and failure.revision == tasks[0].revision for failure in plan.failures)
    if broken:
        return [Timer(at=state.now + plan.start, kind=Kind.FAILED_TO_START, tasks=numbers)]
    timers = [Timer(at=state.now + plan.start, kind=Kind.RUNNING, tasks=numbers)]
    if plan.start:
        timers.append(Timer(at=state.now + plan.start // 5, kind=Kind.ACTIVATING, tasks=numbers))
    return timers


def _of_running(state: State, tasks: list[Task]) -> list[Timer]:
    timers: list[Timer] = []
    for revision in sorted({task.revision for task in tasks}):
        numbers = tuple(task.number for task in tasks if task.revision == revision)
        after, is_healthy = health_verdict(state, revision)
        if is_healthy and state.rules.healthy_when is HealthyWhen.RUNNING:
            continue
        timers.append(Timer(at=state.now + after, kind=Kind.HEALTHY if is_healthy else Kind.UNHEALTHY, tasks=numbers))
    first = state.next_number - state.launched  # the number of the first task that a deployment launched
    for failure in state.plan.failures:
        number = first + failure.nth - 1
        if failure.kind == TASK_CRASHES and any(task.number == number for task in tasks):
            timers.append(Timer(at=state.now + failure.at, kind=Kind.CRASHED, tasks=(number,)))
    return timers


def _of_signal(state: State, numbers: Iterable[int]) -> list[Timer]:
    tasks = tuple(numbers)
    if not tasks:
        return []
    return [Timer(at=state.now + min(state.plan.stop, state.plan.stop_timeout), kind=Kind.STOPPED, tasks=tasks)]


def _of_change(state: State, event: Event) -> list[Timer]:
    change = event.change or {}
    if "failure" in change:
        failure = state.plan.failures[-1]
        if failure.kind == NEVER_HEALTHY:
            judged = tuple(
                task.number
                for task in state.tasks
                if task.revision == failure.revision and task.status is Status.RUNNING and task.health is Health.UNKNOWN
            )
            after, is_healthy = health_verdict(state, failure.revision)
            return [] if is_healthy or not judged else [Timer(at=state.now + after, kind=Kind.UNHEALTHY, tasks=judged)]
        timer = _of_instance(failure.kind, max(failure.at, state.now), failure.tasks)
        return [timer] if timer else []
    return []


def _of_instance(kind: str, at: int, tasks: int) -> Timer | None:
    return Timer(at=at, kind=Kind.INSTANCE_DIED, count=tasks) if kind == INSTANCE_DIES else None


def _event(timer: Timer, numbers: tuple[int, ...]) -> Event | None:
    return Event(at=timer.at, kind=timer.kind, tasks=numbers) if numbers else None
