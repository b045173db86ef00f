"""What both runs share: timers in order, events one after another, changes of a fork, and an end to every run."""

from __future__ import annotations

import heapq
from collections import deque
from typing import Any, NamedTuple

from simulator.architectures.effects import apply
from simulator.architectures.plan import Plan
from simulator.architectures.rules import ArchitecturesRules
from simulator.architectures.state import Event, State, What, first_state

MOST_EVENTS = 2_000


class Timer(NamedTuple):
    """Something that is due. At one moment the lower `order` comes first, then what was put in first."""

    at: int
    order: int
    sequence: int
    kind: str
    packet: str = ""
    turn: int = 0
    worker: int = 0


class Clock:
    """The moving parts of one run; it lives no longer than the run."""

    def __init__(self, plan: Plan, rules: ArchitecturesRules) -> None:
        self.state: State = first_state(plan, rules)
        self.events: list[Event] = []
        self.changes = deque(plan.changes)
        self.heap: list[Timer] = []
        self.sequence = 0

    @property
    def is_full(self) -> bool:
        return len(self.events) >= MOST_EVENTS

    def push(self, at: int, kind: str, *, order: int = 0, packet: str = "", turn: int = 0, worker: int = 0) -> None:
        heapq.heappush(self.heap, Timer(at, order, self.sequence, kind, packet, turn, worker))
        self.sequence += 1

    def pop(self) -> Timer:
        return heapq.heappop(self.heap)

    def emit(self, at: int, kind: What, **fields: Any) -> None:
        """Add an event and act on it; the last that there is room for says that the run is cut."""
        if self.is_full:
            return
        last = len(self.events) == MOST_EVENTS - 1
        event = Event(at=at, kind=What.CUT) if last else Event(at=at, kind=kind, **fields)
        self.events.append(event)
        self.state = apply(self.state, event)

    def due_changes(self) -> None:
        while self.changes and self.changes[0][0] <= len(self.events) and not self.is_full:
            self.emit(self.state.now, What.CHANGED, change=self.changes.popleft()[1])
