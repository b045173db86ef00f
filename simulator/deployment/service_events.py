"""The service's events list. A text that AWS documents carries its id of facts 1.12; all others are illustrative."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.deployment.alarms import BREAKER
from simulator.deployment.state import Event, Kind, State, Status, Task
from simulator.deployment.timed import CAPACITY, CONFIG, PORT

MOST_NAMED = 5  # task ids in one line
SIX_HOURS = 6 * 3600 * 1000  # AWS does not repeat a service event before

Lines = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEvent:
    """One line of the events list. `code` is E1…E12 of the facts, "EventBridge", or "" where it is illustrative."""

    at: int
    text: str
    code: str = ""

    @property
    def illustrative(self) -> bool:
        """Whether AWS documents no such text."""
        return not self.code


def service_events(state: State, event: Event) -> list[ServiceEvent]:
    """The lines that an event adds to the service's events list; `state` is the one before it."""
    lines = _LINES.get(event.kind)
    if lines is None:
        return []
    return [ServiceEvent(at=event.at, text=text, code=code) for code, text in lines(state, event)]


def _named(state: State, event: Event) -> list[Task]:
    named = set(event.tasks)
    return [task for task in state.tasks if task.number in named]


def _ids(tasks: list[str]) -> str:
    shown = " ".join(f"(task {name})" for name in tasks[:MOST_NAMED])
    return shown if len(tasks) <= MOST_NAMED else f"{shown} and {len(tasks) - MOST_NAMED} more"


def _started_lines(state: State, event: Event) -> Lines:
    name = state.plan.service
    ids = [Task(number=number, deployment="", revision="", status=Status.PENDING).id for number in event.tasks]
    lines: Lines = [("", f"(service {name}) has started {len(ids)} tasks: {_ids(ids)}.")]
    if event.count:
        lines.append(
            ("E10", f"service ({name}) could not launch {event.count} tasks for deployment {event.deployment}.")
        )
    return lines


def _running_lines(state: State, event: Event) -> Lines:
    if state.plan.load_balancer is None:
        return []
    name = state.plan.service
    return [("", f"(service {name}) registered {len(event.tasks)} targets in (target-group {name}).")]


def _unhealthy_lines(state: State, event: Event) -> Lines:
    name = state.plan.service
    lines: Lines = []
    for task in _named(state, event)[:MOST_NAMED]:
        if state.plan.load_balancer is None:
            lines.append(("", f"(service {name}) (task {task.id}) failed container health checks."))
            continue
        place = f"i-{(task.place if task.place is not None else task.number):017x}"
        reason = "(reason Health checks failed)"
        lines.append(
            ("E4", f"service ({name}) (task {task.id}) ({place}) is unhealthy in (elb {name}) due to {reason}")
        )
    return lines


def _stop_lines(state: State, event: Event) -> Lines:
    name, tasks = state.plan.service, _named(state, event)
    lines: Lines = []
    draining = sum(task.target is not None for task in tasks) if state.rules.drain_before_stop else 0
    if draining:
        lines.append(("", f"(service {name}) has begun draining connections on {draining} tasks."))
    ids = [task.id for task in tasks]
    return [*lines, ("", f"(service {name}) has stopped {len(ids)} running tasks: {_ids(ids)}.")]


def _failed_lines(state: State, event: Event) -> Lines:
    lines: Lines = [("EventBridge", "SERVICE_DEPLOYMENT_FAILED")]
    if event.detail == BREAKER:
        lines.insert(0, ("E9", f"service ({state.plan.service}) deployment failed: tasks failed to start."))
    return lines


def _failed_start_lines(state: State, _event: Event) -> Lines:
    if not state.launch_failures:
        return []
    return [("E5", f"service ({state.plan.service}) is unable to consistently start tasks successfully.")]


def _stuck_lines(state: State, event: Event) -> Lines:
    name = state.plan.service
    placing = f"service ({name}) was unable to place a task because no container instance met all of its requirements."
    closest = "The closest matching container-instance i-00000000000000000"
    config = (
        f"service ({name}) was unable to stop or start tasks during a deployment because of the service deployment "
        "configuration. Update the minimumHealthyPercent or maximumPercent value and try again."
    )
    if event.detail == CONFIG:
        return [("E7", config)]
    if event.detail == PORT:
        return [("E2", f"{placing} {closest} is already using a port required by your task.")]
    if event.detail == CAPACITY:
        return [("E2", f"{placing} {closest} has insufficient CPU units available.")]
    return []


_LINES: Mapping[Kind, Callable[[State, Event], Lines]] = {
    Kind.BEGUN: lambda _state, _event: [("EventBridge", "SERVICE_DEPLOYMENT_IN_PROGRESS")],
    Kind.STARTED: _started_lines,
    Kind.RUNNING: _running_lines,
    Kind.UNHEALTHY: _unhealthy_lines,
    Kind.STOP: _stop_lines,
    Kind.FAILED: _failed_lines,
    Kind.FAILED_TO_START: _failed_start_lines,
    Kind.COMPLETED: lambda _state, _event: [("EventBridge", "SERVICE_DEPLOYMENT_COMPLETED")],
    Kind.STEADY: lambda state, _event: [("E1", f"service ({state.plan.service}) has reached a steady state.")],
    Kind.STUCK: _stuck_lines,
}
