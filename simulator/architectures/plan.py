"""One architecture as it is asked for: what comes in, who may do what, and what goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from simulator.architectures.hops import Flow

MOST_ATTEMPTS = 185
MOST_AGE = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What comes in: an object, a firing of a schedule, a message, a stopped task. A rule matches `detail`."""

    id: str
    at: int = 0
    detail: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One thing that goes wrong. `events` are counted from 1, empty for all; `until` None is for ever."""

    kind: str
    events: tuple[int, ...] = ()
    times: int | None = None
    until: int | None = None
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A dead-letter queue of a rule or a schedule."""

    allows_events: bool = True
    fifo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """Target tracking of the workers: BACKLOG_PER_TASK or CPU; `cpu` is what a busy worker shows."""

    metric: str
    target: Fraction
    low: int
    high: int
    cpu: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """The queue, its workers and their scaling. `most_receives` None: no redrive policy."""

    visibility: int
    seconds: int
    most_receives: int | None
    extends: bool
    desired: int
    scaling: Scaling | None
    protects: bool
    duration: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole scenario, read. `roles` are the actions that each role allows, None for a role that is not there."""

    flow: Flow
    items: tuple[Item, ...]
    roles: Mapping[str, frozenset[str] | None]
    failures: tuple[Failure, ...] = ()
    changes: tuple[tuple[int, Mapping[str, Any]], ...] = ()
    most_attempts: int = MOST_ATTEMPTS
    most_age: int = MOST_AGE
    dead_letter: DeadLetter | None = None
    enabled: bool = True
    enabled_for: int = 3_600
    pattern: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    transforms: bool = True
    idempotent: bool = False
    fargate: bool = True
    network: bool = True
    passable: tuple[str, ...] = ("execution", "task")
    run_seconds: int = 60
    start_seconds: int = 30
    quota: int | None = None
    count: int = 1
    interval: int = 0
    window: int = 0
    topic_policy: bool = True
    queue: Queue | None = None

    def failing(self, kind: str, number: int | None = None) -> Failure | None:
        """The failure of that kind that concerns the event of that number, or any event."""
        return next(
            (
                one
                for one in self.failures
                if one.kind == kind and (number is None or not one.events or number in one.events)
            ),
            None,
        )
