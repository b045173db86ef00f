"""Every event or message at one moment, in exactly one place, and what can happen to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simulator.architectures.hops import HOPS
from simulator.architectures.plan import Plan
from simulator.architectures.rules import ArchitecturesRules


class Status(StrEnum):
    """Where an event has got to. The last six are ends."""

    NOT_BEGUN = "NOT_BEGUN"
    ON_THE_WAY = "ON_THE_WAY"
    RETRYING = "RETRYING"
    VISIBLE = "VISIBLE"
    IN_FLIGHT = "IN_FLIGHT"
    DELIVERED = "DELIVERED"
    DEAD_LETTER_QUEUE = "DEAD_LETTER_QUEUE"
    LOST = "LOST"
    NOT_SENT = "NOT_SENT"
    NO_MATCH = "NO_MATCH"
    SKIPPED = "SKIPPED"


ENDS = frozenset(
    {
        Status.DELIVERED,
        Status.DEAD_LETTER_QUEUE,
        Status.LOST,
        Status.NOT_SENT,
        Status.NO_MATCH,
        Status.SKIPPED,
    }
)
NOWHERE = "nowhere"  # the place of what is lost
DONE = "done"  # the place of a message that was handled and deleted


class What(StrEnum):
    """What can happen."""

    MOVED = "moved"
    BLOCKED = "blocked"
    RETRIED = "retried"
    COPIED = "copied"
    TASK_RETRIED = "task-retried"
    ENDED = "ended"
    SENT = "message-sent"
    RECEIVED = "message-received"
    PROCESSED = "message-processed"
    FAILED = "processing-failed"
    DELETED = "message-deleted"
    DENIED = "call-denied"
    EXTENDED = "visibility-extended"
    RETURNED = "message-visible-again"
    WORKER_STARTING = "worker-starting"
    WORKER_READY = "worker-ready"
    WORKER_STOPPED = "worker-stopped"
    SCALED = "service-scaled"
    CHANGED = "changed"
    CUT = "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step of a run, at `at` seconds. Fields that its kind does not need stay empty.

    `status` and `place` are where the packet is afterwards; `count` is a number of attempts, or of tasks (SCALED).
    """

    at: int
    kind: What
    packet: str = ""
    hop: str = ""
    place: str = ""
    status: str = ""
    code: str = ""
    worker: int = 0
    count: int = 0
    change: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """One event or message.

    `born` is when it came into the world, `tries` how many tasks it had, `receives` how often a worker got it,
    `handled` how often it was worked through, `copy_of` the event that it is a second delivery of.
    """

    id: str
    place: str
    status: Status = Status.NOT_BEGUN
    born: int = 0
    attempts: int = 0
    tries: int = 0
    receives: int = 0
    handled: int = 0
    copy_of: str = ""
    code: str = ""
    worker: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A task of the service. `busy` is the message that it works on."""

    number: int
    ready: bool = False
    stopped: bool = False
    busy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything at `now` seconds. `active` and `blocked` are the last event's hops, `most` the most tasks at once."""

    plan: Plan = field(repr=False)
    rules: ArchitecturesRules = field(repr=False)
    now: int = 0
    packets: tuple[Packet, ...] = ()
    workers: tuple[Worker, ...] = ()
    desired: int = 0
    active: str = ""
    blocked: str = ""
    most: int = 0

    def packet(self, name: str) -> Packet:
        """The packet of that id."""
        return next(packet for packet in self.packets if packet.id == name)

    @property
    def tasks(self) -> int:
        """Tasks that run: those that hold an event, or the workers that are ready."""
        if self.workers:
            return sum(worker.ready and not worker.stopped for worker in self.workers)
        running = sum(packet.place == "task" and packet.status is Status.ON_THE_WAY for packet in self.packets)
        return running * self.plan.count

    @property
    def starting(self) -> int:
        """Tasks that run or are about to: what a quota counts."""
        held = sum(one.place in ("ecs", "task") and one.status is Status.ON_THE_WAY for one in self.packets)
        return held * self.plan.count

    @property
    def visible(self) -> int:
        """ApproximateNumberOfMessagesVisible, exactly."""
        return sum(packet.status is Status.VISIBLE for packet in self.packets)


def first_state(plan: Plan, rules: ArchitecturesRules) -> State:
    """Nothing has happened yet: every event is at its source."""
    source = HOPS[plan.flow][0].source
    packets = tuple(Packet(id=one.id, place=source, born=one.at) for one in plan.items)
    workers: tuple[Worker, ...] = ()
    if plan.queue is not None:
        workers = tuple(Worker(number=number, ready=True) for number in range(1, plan.queue.desired + 1))
    return State(plan=plan, rules=rules, packets=packets, workers=workers, desired=len(workers), most=len(workers))
