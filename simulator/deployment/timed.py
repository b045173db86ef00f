"""The timed run: tasks take time to start, to turn healthy, to drain and to stop.

The driver is a heap of timers, ordered by (time, priority, sequence), so that a run is the same every time. Each turn
gives exactly one event; what the scheduler does between two timers it decides from the state alone.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Mapping
from typing import Any

from simulator.deployment.alarms import completion, failure, is_steady
from simulator.deployment.effects import apply
from simulator.deployment.life import PRIORITY, Timer, due, first_timers, follow_ups
from simulator.deployment.rules import RULES, DeploymentRules
from simulator.deployment.scenario import changed, read_changes, read_scenario
from simulator.deployment.scheduler import (
    LOWER,
    PROTECTION,
    SLOTS,
    START,
    STOP,
    UPPER,
    blockers,
    decide,
)
from simulator.deployment.state import Event, Health, Kind, State, Status, first_state
from simulator.trace import CHECKPOINT_EVERY

MOST_EVENTS = 5000
MOST_TIME = 30 * 24 * 3600 * 1000  # milliseconds
MOST_FRUITLESS = 12  # failures in a row after which a run that repeats itself is cut

# Why a run stands still or was cut.
CONFIG = "config"
CAPACITY = "capacity"
PORT = "port"
PROTECTED = "protected"
REPEATS = "repeats"
TOO_LONG = "too-long"


def run(scenario: Mapping[str, Any], rules: DeploymentRules = RULES) -> tuple[list[Event], list[State]]:
    """Every event of a scenario's run, and its states: the first, each `CHECKPOINT_EVERY`th, and the last.

    The run ends when nothing can happen any more; one that would repeat itself for ever is cut after
    `MOST_FRUITLESS` failures in a row (or the circuit breaker's threshold and as many), any other after `MOST_EVENTS`
    events or `MOST_TIME`, and its last event says so.

    Raises
    ------
    InputError
        With one sentence, for a bad scenario.
    """
    plan = read_scenario(scenario)
    changes = read_changes(scenario)
    planned = plan
    for _, change in changes:
        planned = changed(planned, change)
    played = _Run(first_state(plan, rules), deque(changes))
    played.play()
    return played.events, [*played.checkpoints, played.state]


class _Run:
    """The moving parts of one run; it lives no longer than `run`."""

    def __init__(self, first: State, changes: deque[tuple[int, Mapping[str, Any]]]) -> None:
        self.state = first
        self.changes = changes
        self.events: list[Event] = []
        self.checkpoints = [first]
        self.heap: list[tuple[int, int, int, Timer]] = []
        self.sequence = 0
        self.fruitless = 0
        for timer in first_timers(first.plan):
            self.push(timer)

    def play(self) -> None:
        while len(self.events) < MOST_EVENTS and not self.state.cut:
            event = self.change() or failure(self.state) or self.limit() or self.timer_now() or settle(self.state)
            if event is None and not self.is_over():
                event = self.next_timer()
            if event is None:
                break
            self.emit(event)
        if len(self.events) == MOST_EVENTS and not self.state.cut:
            self.emit(Event(at=self.state.now, kind=Kind.CUT, detail=TOO_LONG))

    def emit(self, event: Event) -> None:
        self.events.append(event)
        self.state = apply(self.state, event)
        if len(self.events) % CHECKPOINT_EVERY == 0:
            self.checkpoints.append(self.state)
        if event.kind in (Kind.UNHEALTHY, Kind.FAILED_TO_START):
            self.fruitless += 1
        elif event.kind in (Kind.HEALTHY, Kind.BEGUN, Kind.FAILED, Kind.CHANGED):
            self.fruitless = 0
        for timer in follow_ups(self.state, event):
            self.push(timer)

    def push(self, timer: Timer) -> None:
        heapq.heappush(self.heap, (timer.at, PRIORITY[timer.kind], self.sequence, timer))
        self.sequence += 1

    def change(self) -> Event | None:
        if self.changes and self.changes[0][0] <= len(self.events):
            return Event(at=self.state.now, kind=Kind.CHANGED, change=self.changes.popleft()[1])
        return None

    def limit(self) -> Event | None:
        """The end of a run that goes round in circles."""
        if self.fruitless < MOST_FRUITLESS + (self.state.breaker_threshold or 0):
            return None
        return Event(at=self.state.now, kind=Kind.CUT, detail=REPEATS)

    def timer_now(self) -> Event | None:
        while self.heap and self.heap[0][0] <= self.state.now:
            event = due(self.state, heapq.heappop(self.heap)[3])
            if event is not None:
                return event
        return None

    def next_timer(self) -> Event | None:
        while self.heap:
            timer = heapq.heappop(self.heap)[3]
            if timer.at > MOST_TIME:
                return Event(at=self.state.now, kind=Kind.CUT, detail=TOO_LONG)
            event = due(self.state, timer)
            if event is not None:
                return event
        return None

    def is_over(self) -> bool:
        """At rest, and nothing left that could disturb it: an alarm no longer acts on a COMPLETED deployment."""
        return self.state.steady and all(timer.kind is not Kind.INSTANCE_DIED for _, _, _, timer in self.heap)


def settle(state: State) -> Event | None:
    """What ECS does at this moment without waiting for anything: begin, start, stop, complete, or say it can not."""
    if state.requested is not None:
        name = f"D{len(state.deployments) + 1}"
        return Event(at=state.now, kind=Kind.BEGUN, deployment=name, detail=state.requested)
    move = decide(state)
    if move.action == START:
        numbers = tuple(range(state.next_number, state.next_number + move.count))
        return Event(
            at=state.now,
            kind=Kind.STARTED,
            tasks=numbers,
            places=move.places,
            deployment=move.deployment,
            count=move.lacking,
        )
    if move.action == STOP:
        return Event(at=state.now, kind=Kind.STOP, tasks=move.tasks)
    done = completion(state)
    if done is not None:
        return done
    if not state.steady and is_steady(state):
        return Event(at=state.now, kind=Kind.STEADY)
    kind = "" if state.stuck or state.steady else standstill(state)
    return Event(at=state.now, kind=Kind.STUCK, detail=kind) if kind else None


def standstill(state: State) -> str:
    """Why nothing moves; "" while something does, or while nothing is left to do."""
    if state.bake_until is not None or state.paused_until is not None:
        return ""
    alive = [task for task in state.tasks if task.status is not Status.STOPPED]
    if any(task.status is not Status.RUNNING or task.health is Health.UNKNOWN for task in alive):
        return ""
    found = blockers(state)
    if SLOTS in found:
        return PORT if state.plan.host_port else CAPACITY
    if UPPER in found:
        return PROTECTED if PROTECTION in found else CONFIG
    if PROTECTION in found:
        return PROTECTED
    return CONFIG if LOWER in found else ""
