"""What is said about a run: the reason for each step, what is waited for, what AWS leaves open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.deployment.alarms import BREAKER
from simulator.deployment.life import health_verdict
from simulator.deployment.rules import HealthyWhen
from simulator.deployment.scenario import NEVER_HEALTHY, TASK_CRASHES
from simulator.deployment.scheduler import (
    LOWER,
    PAUSE,
    PROTECTION,
    SLOTS,
    UPPER,
    blockers,
    decide,
    take_census,
    touched,
)
from simulator.deployment.state import ON_THE_WAY, Event, Health, Kind, State, Status, Task
from simulator.deployment.timed import CAPACITY, CONFIG, MOST_EVENTS, PORT, PROTECTED, REPEATS
from simulator.deployment.waves import FirstMove, first_move

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a step happened. `touches` are the limits that it comes up against: "lower", "upper", "slots"."""

    sentence: str
    touches: tuple[str, ...]
    waits: tuple[str, ...]
    open: tuple[str, ...]


def explain_event(state: State, event: Event, after: State) -> Explanation:
    """The reason for an event, from the state before it and the one after it."""
    return Explanation(
        sentence=_SENTENCES[event.kind](state, event),
        touches=touched(after),
        waits=waiting(after),
        open=open_notes(after),
    )


def waiting(state: State) -> tuple[str, ...]:
    """What keeps the service from its next step, one clause each; empty at rest and where the next step is now."""
    found = blockers(state)
    clauses = {
        UPPER: f"the upper bound is reached: {state.counted} of {state.upper}",
        LOWER: f"the lower bound is reached: {state.healthy} healthy, and {state.lower} have to stay",
        SLOTS: f"the cluster is full: {state.present} of {state.capacity}",
        PROTECTION: "the remaining old tasks are protected from being stopped",
        PAUSE: "ECS pauses before it launches again, because tasks failed to start",
    }
    waits = [clauses[name] for name in found]
    starting = sum(task.status in ON_THE_WAY for task in state.tasks)
    judged = sum(task.status is Status.RUNNING and task.health is Health.UNKNOWN for task in state.tasks)
    leaving = sum(task.is_leaving for task in state.tasks)
    for count, end in ((starting, "reach RUNNING"), (judged, "turn healthy"), (leaving, "drain and stop")):
        if count:
            waits.append(f"waiting for {_tasks(count)} to {end}")
    if state.bake_until is not None:
        waits.append(f"bake time until {_clock(state.bake_until)}")
    return tuple(waits)


def open_notes(state: State) -> tuple[str, ...]:
    """What AWS leaves open about this state, and what this simulator chose."""
    notes: list[str] = []
    old = state.primary and not state.primary.is_rollback and take_census(state, state.primary).old
    if old and first_move(state.desired, state.bounds, state.capacity) is FirstMove.OPEN:
        notes.append("Both bounds leave room, and AWS does not say whether it stops or starts first.")
    kept = sum(task.is_kept for task in state.tasks)
    if kept < state.upper <= kept + sum(task.is_leaving for task in state.tasks):
        here = "it does" if state.rules.stopping_counts else "it does not"
        notes.append(f"AWS's pages differ on whether a stopping task counts toward the maximum; here {here}.")
    if state.paused_until is not None:
        notes.append("AWS names only the longest pause between launches, 27 minutes; the steps up to it are ours.")
    if state.bake_until is not None and state.plan.configuration.bake_minutes is None:
        notes.append("AWS says that its default bake time is less than 5 minutes; here it is 4.")
    if state.service_deployment_status in ("STOPPED", "ROLLBACK_FAILED"):
        notes.append("AWS does not say which status a service deployment gets that failed without a way back.")
    if state.breaker_threshold is not None and any(failure.kind == TASK_CRASHES for failure in state.plan.failures):
        notes.append(
            "AWS counts failed launches and failed checks; a crash after RUNNING is not named, nor counted here."
        )
    if _unseen_illness(state):
        notes.append("Nothing checks these tasks, so ECS counts a broken one as healthy after 40 s.")
    return tuple(notes)


def count_of(number: int) -> str:
    """A number in words up to twelve.

    >>> count_of(2), count_of(40)
    ('two', '40')
    """
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


def _tasks(number: int, which: str = "") -> str:
    return f"{count_of(number)} {which}task{'' if number == 1 else 's'}"


def _clock(at: int) -> str:
    minutes, seconds = divmod(at // 1000, 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def _named(state: State, event: Event) -> list[Task]:
    named = set(event.tasks)
    return [task for task in state.tasks if task.number in named]


def _unseen_illness(state: State) -> bool:
    ill = {failure.revision for failure in state.plan.failures if failure.kind == NEVER_HEALTHY}
    return any(task.revision in ill for task in state.tasks) and all(health_verdict(state, name)[1] for name in ill)


def _why_started(state: State, event: Event) -> str:
    count = len(event.tasks)
    if decide(state).purpose == "old-again":
        return f"ECS starts {_tasks(count, 'old ')} again: what is lost in a deployment comes back in its own revision."
    goes_back = state.primary is not None and state.primary.is_rollback
    kind = f" of {state.primary.revision}" if goes_back and state.primary else ""
    started = f"ECS starts {_tasks(count, '' if goes_back else 'new ')}{kind}"
    there, missing = state.counted + count, _missing(state)
    full = state.capacity is not None and state.present + count >= state.capacity
    if count < missing and (event.count or (full and there < state.upper)):
        return f"{started}, because the cluster has room for {state.capacity} and {state.present} are there."
    if count < missing:
        return f"{started}, because {count_of(state.upper)} at once is the most you allowed."
    if there >= state.upper:
        return f"{started}: with them {count_of(there)} are there, the most you allowed."
    return f"{started}, all that are missing: with them {count_of(there)} are there, and {state.upper} are allowed."


def _missing(state: State) -> int:
    return 0 if state.primary is None else state.desired - len(take_census(state, state.primary).hopeful)


def _why_stopped(state: State, event: Event) -> str:
    move = decide(state)
    count = len(event.tasks)
    if move.purpose == "unhealthy":
        return (
            "ECS stops one unhealthy task, because the upper bound leaves no room to start its replacement first."
            if UPPER in touched(state)
            else "ECS stops one unhealthy task, because the cluster has no room for its replacement."
        )
    if move.purpose == "surplus":
        return f"ECS stops {_tasks(count)} above what the service needs, unhealthy ones first."
    healthy = sum(task.counts_healthy for task in _named(state, event))
    if not healthy:
        return (
            f"ECS stops {_tasks(count)} that {'does' if count == 1 else 'do'} not count as healthy: that costs nothing."
        )
    left = state.healthy - healthy
    stopped = f"ECS stops {_tasks(count, 'old ')}"
    if left == state.lower and state.lower < state.desired:
        return f"{stopped}, because {count_of(state.lower)} of {count_of(state.desired)} is the least you allowed."
    if left == state.lower:
        return f"{stopped}: {_tasks(left)} stay healthy, the least you allowed."
    return f"{stopped}: {_tasks(left)} stay healthy, and {count_of(state.lower)} is the least you allowed."


def _why_unhealthy(state: State, event: Event) -> str:
    limit = state.breaker_threshold
    sentence = f"{_tasks(len(event.tasks)).capitalize()} failed the health check."
    return sentence if limit is None else f"{sentence} The circuit breaker fails the deployment at {count_of(limit)}."


def _why_failed(state: State, event: Event) -> str:
    count = state.breaker_count
    failures = f"{count_of(count).capitalize()} failure{'' if count == 1 else 's'}"
    cause = f"{failures} reached the circuit breaker's threshold" if event.detail == BREAKER else "An alarm went off"
    if event.back_to:
        back = next(deployment for deployment in state.deployments if deployment.id == event.back_to)
        return f"{cause}: the deployment has failed, and ECS goes back to {back.revision}."
    return f"{cause}: the deployment has failed, nothing more is launched for it, and there is no way back."


def _why_running(state: State, event: Event) -> str:
    count = len(event.tasks)
    running = f"{_tasks(count).capitalize()} {'is' if count == 1 else 'are'} RUNNING"
    if state.rules.healthy_when is HealthyWhen.RUNNING:
        return f"{running}, and count{'s' if count == 1 else ''} as healthy at once."
    return f"{running}, and {'does' if count == 1 else 'do'} not count as healthy yet."


def _why_healthy(state: State, event: Event) -> str:
    tasks = _tasks(len(event.tasks)).capitalize()
    by = [
        "the target group's checks" if state.plan.load_balancer else "",
        "the container's check" if state.plan.container else "",
    ]
    checks = " and ".join(name for name in by if name)
    if checks:
        counts = "counts" if len(event.tasks) == 1 else "count"
        return f"{tasks} passed {checks}, and {counts} as healthy from now on."
    since = "40 s" if state.rules.forty_seconds else "a moment"
    verb = "has" if len(event.tasks) == 1 else "have"
    return f"{tasks} {verb} been RUNNING for {since}: without any check, ECS counts a task as healthy then."


def _why_stuck(state: State, event: Event) -> str:
    least, most = count_of(state.lower), count_of(state.upper)
    return {
        CONFIG: f"Nothing may stop, because {least} have to stay healthy; nothing may start: {most} is the most.",
        CAPACITY: f"No old task may stop, and the cluster has no room for a new one: {state.present} are there.",
        PORT: f"Every instance already holds a task on port {state.plan.host_port}, and no old task may stop first.",
        PROTECTED: "The remaining old tasks are protected from being stopped, so the deployment waits.",
    }[event.detail]


def change_words(change: Mapping[str, Any]) -> str:
    """A change in the middle of a run as a clause.

    >>> change_words({"mended": "web:2"}), change_words({"slots": None})
    ('You mend web:2', 'You give the cluster room without end')
    """
    ((name, value),) = change.items()
    if name == "failure":
        which = value.get("revision")
        return f"You break {'the new revision' if which == 'new' else which or 'something'}"
    plain = {
        "desiredCount": f"You change desiredCount to {value}",
        "taskDefinition": f"You deploy {value}",
        "mended": f"You mend {'the new revision' if value == 'new' else value}",
        "slots": "You give the cluster room " + ("without end" if value is None else f"for {value} tasks"),
        "alarm": f"The alarm {'goes into ALARM' if value else 'is OK again'}",
        "protectedTasks": f"You protect {value} old tasks",
    }
    return plain.get(name, f"You change {name}")


def _why_changed(_state: State, event: Event) -> str:
    change = event.change or {"": None}
    if "desiredCount" in change:
        return (
            "You change desiredCount, and no deployment begins. "
            "Both bounds follow it here; AWS says so of the circuit breaker only."
        )
    return f"{change_words(change)} at this moment; what came before stays."


def _of(singular: str, plural: str) -> Callable[[State, Event], str]:
    def sentence(_state: State, event: Event) -> str:
        count = len(event.tasks)
        return f"{_tasks(count).capitalize()} {singular if count == 1 else plural}"

    return sentence


def _fixed(sentence: str) -> Callable[[State, Event], str]:
    return lambda _state, _event: sentence


_SENTENCES: Mapping[Kind, Callable[[State, Event], str]] = {
    Kind.BEGUN: lambda state, event: f"A deployment of {event.detail} begins; {_tasks(state.running)} are running.",
    Kind.STARTED: _why_started,
    Kind.ACTIVATING: _of(
        "pulls its image and creates its container.", "pull their images and create their containers."
    ),
    Kind.RUNNING: _why_running,
    Kind.HEALTHY: _why_healthy,
    Kind.UNHEALTHY: _why_unhealthy,
    Kind.FAILED_TO_START: _of("stopped before it was RUNNING.", "stopped before they were RUNNING."),
    Kind.CRASHED: _of("exited by itself.", "exited by themselves."),
    Kind.STOP: _why_stopped,
    Kind.STOPPING: _of("is drained and gets its stop signal.", "are drained and get their stop signal."),
    Kind.STOPPED: _of("has stopped, and its room is free.", "have stopped, and their room is free."),
    Kind.INSTANCE_DIED: _of("is lost with its instance.", "are lost with their instance."),
    Kind.PROTECTION_ENDED: _of("is no longer protected.", "are no longer protected."),
    Kind.RETRY: _fixed("The pause is over, and ECS launches again."),
    Kind.ALARM: _fixed("A CloudWatch alarm goes into ALARM."),
    Kind.FAILED: _why_failed,
    Kind.BAKE_STARTED: lambda _, event: f"All new tasks are healthy: the bake time runs until {_clock(event.count)}.",
    Kind.BAKE_ENDED: _fixed("The bake time is over."),
    Kind.COMPLETED: _fixed("What the deployment had to reach is reached: it is COMPLETED."),
    Kind.STEADY: _fixed("The desired number of tasks is healthy, and nothing is left to do."),
    Kind.STUCK: _why_stuck,
    Kind.CHANGED: _why_changed,
    Kind.CUT: lambda _, event: (
        "ECS would go on like this forever; the run is cut here."
        if event.detail == REPEATS
        else f"The run is cut here: it is longer than {MOST_EVENTS} events or 30 days."
    ),
}
