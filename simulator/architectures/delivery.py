"""The run of an event from its source to where it ends: along the hops, with retries, a dead-letter queue, copies.

How long EventBridge waits between attempts is not published: here 1 s, doubled each time, at most 600 s.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from simulator.architectures.checks import is_retried, number_of, trouble
from simulator.architectures.clock import Clock, Timer
from simulator.architectures.hops import HOPS, Flow, Hop, hop_of
from simulator.architectures.plan import Plan
from simulator.architectures.rules import ArchitecturesRules
from simulator.architectures.state import NOWHERE, Event, Packet, Status, What

FIRST_WAIT, LONGEST_WAIT = 1, 600
SHOWN_ATTEMPTS = 3  # one by one; later ones are told together
BELIEVED_RETRIES = 3  # of a failed task, for those who believe in them
_AT_SOURCE = {"put": "bucket", "notify": "bus", "run-task": "ecs", "publish": "topic", "dead-letter": "dlq"}


def run(plan: Plan, rules: ArchitecturesRules) -> list[Event]:
    """Every event of a delivery's run."""
    played = _Delivery(plan, rules)
    played.play()
    return played.events


class _Delivery(Clock):
    """The clock with what a delivery remembers: attempts that were not shown one by one, and tasks that failed."""

    def __init__(self, plan: Plan, rules: ArchitecturesRules) -> None:
        super().__init__(plan, rules)
        self.hops = tuple(hop for hop in HOPS[plan.flow] if hop.stage != "dead-letter")
        self.unshown: Counter[str] = Counter()
        self.failed_tasks: Counter[str] = Counter()
        for item in plan.items:
            self.push(item.at, "hop", packet=item.id)

    def play(self) -> None:
        while self.heap and not self.is_full:
            self.due_changes()
            self.step(self.pop())
        self.due_changes()

    def step(self, timer: Timer) -> None:
        hop, packet = self.hops[timer.turn], self.state.packet(timer.packet)
        self.state = replace(self.state, now=timer.at)
        first = timer.turn == 0 and self.state.plan.flow is Flow.SCHEDULE
        if first and self.state.rules.overlap_prevented and self.state.starting:
            self.end(packet, Status.SKIPPED, NOWHERE, "STILL_RUNNING")
            return
        code = trouble(self.state, packet, hop)
        if code:
            self.fail(timer, packet, hop, code)
        else:
            self.go(timer, packet, hop)

    def go(self, timer: Timer, packet: Packet, hop: Hop) -> None:
        """The packet passes the hop, and its next one becomes due."""
        self.tell_attempts(packet, hop)
        last = timer.turn == len(self.hops) - 1
        place = hop.target if last else _AT_SOURCE.get(hop.id, "task")
        status = Status.DELIVERED if last else Status.ON_THE_WAY
        self.emit(timer.at, What.MOVED, packet=packet.id, hop=hop.id, place=place, status=status.value)
        if hop.stage == "delivery":
            self.copy(timer, packet)
        if not last:
            plan = self.state.plan
            runs = hop.id == self.hops[-2].id and plan.flow is not Flow.STOPPED
            wait = plan.start_seconds if hop.id == "run-task" else plan.run_seconds if runs else 0
            self.push(timer.at + wait, "hop", packet=packet.id, turn=timer.turn + 1)

    def copy(self, timer: Timer, packet: Packet) -> None:
        """At least once: the same event is delivered a second time."""
        wanted = self.state.plan.failing("DUPLICATE", number_of(packet))
        if wanted is None or packet.copy_of or self.state.rules.exactly_once:
            return
        name = f"copy of {packet.id}"
        self.emit(timer.at, What.COPIED, packet=packet.id, code=name, place="bus")
        self.push(timer.at + 1, "hop", packet=name, turn=timer.turn)

    def fail(self, timer: Timer, packet: Packet, hop: Hop, code: str) -> None:
        """What a failed hop leads to, by its stage."""
        if code == "NO_MATCH":
            self.end(packet, Status.NO_MATCH, NOWHERE, code)
        elif hop.stage == "source":
            self.emit(timer.at, What.BLOCKED, packet=packet.id, hop=hop.id, code=code)
            self.end(packet, Status.NOT_SENT, hop.source, code)
        elif hop.stage == "delivery":
            self.fail_delivery(timer, packet, hop, code)
        else:
            self.fail_task(timer, packet, hop, code)

    def fail_delivery(self, timer: Timer, packet: Packet, hop: Hop, code: str) -> None:
        attempts = packet.attempts + self.unshown[packet.id] + 1
        if attempts <= SHOWN_ATTEMPTS:
            status = Status.RETRYING.value
            self.emit(timer.at, What.BLOCKED, packet=packet.id, hop=hop.id, status=status, code=code, count=1)
        else:
            self.unshown[packet.id] += 1
        wait = min(FIRST_WAIT << min(attempts - 1, 20), LONGEST_WAIT)
        in_time = timer.at + wait - packet.born <= self.state.plan.most_age
        if is_retried(self.state, code) and attempts <= self.state.plan.most_attempts and in_time:
            self.push(timer.at + wait, "hop", packet=packet.id, turn=timer.turn)
            return
        self.tell_attempts(packet, hop, code)
        self.dead_letter(timer, packet, code)

    def tell_attempts(self, packet: Packet, hop: Hop, code: str = "") -> None:
        """The attempts that were not shown one by one, in one event."""
        unshown = self.unshown.pop(packet.id, 0)
        if unshown:
            self.emit(
                self.state.now, What.RETRIED, packet=packet.id, hop=hop.id, code=code or packet.code, count=unshown
            )

    def dead_letter(self, timer: Timer, packet: Packet, code: str) -> None:
        hop = hop_of(self.state.plan.flow, "dead-letter")
        second = trouble(self.state, packet, hop)
        if not second:
            status = Status.DEAD_LETTER_QUEUE.value
            self.emit(timer.at, What.MOVED, packet=packet.id, hop=hop.id, place="dlq", status=status, code=code)
            return
        if second != "NO_DEAD_LETTER_QUEUE":
            self.emit(timer.at, What.BLOCKED, packet=packet.id, hop=hop.id, code=second)
            code = second
        self.end(packet, Status.LOST, NOWHERE, code)

    def fail_task(self, timer: Timer, packet: Packet, hop: Hop, code: str) -> None:
        """A task that stops is nobody's to retry: the event was delivered when RunTask was accepted."""
        self.emit(timer.at, What.BLOCKED, packet=packet.id, hop=hop.id, code=code)
        if self.state.rules.failed_tasks_retried and self.failed_tasks[packet.id] < BELIEVED_RETRIES:
            self.failed_tasks[packet.id] += 1
            start = next(i for i, one in enumerate(self.hops) if one.id == "run-task")
            place = self.hops[start].source
            status = Status.RETRYING.value
            self.emit(timer.at, What.TASK_RETRIED, packet=packet.id, place=place, status=status, code=code)
            self.push(timer.at + FIRST_WAIT, "hop", packet=packet.id, turn=start)
            return
        self.end(packet, Status.LOST, NOWHERE, code)

    def end(self, packet: Packet, status: Status, place: str, code: str) -> None:
        self.emit(self.state.now, What.ENDED, packet=packet.id, place=place, status=status.value, code=code)
