"""The run of messages through a queue: workers poll, the visibility timeout hides, scaling follows the backlog.

Our choices: a worker takes the message that was sent first; a delete by the worker that is done removes the message
even if it is visible again or another worker has it; scaling looks once a minute; idle workers are stopped first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from math import ceil

from simulator.architectures.backlog import Wanted, desired_tasks
from simulator.architectures.checks import allowed, number_of
from simulator.architectures.clock import Clock, Timer
from simulator.architectures.plan import Plan, Queue, Scaling
from simulator.architectures.rules import ArchitecturesRules
from simulator.architectures.state import DONE, ENDS, NOWHERE, Event, Packet, State, Status, What, Worker

EVERY = 60  # seconds between two looks of the scaling policy
SEND, EXPIRE, WORK, READY, LOOK = range(5)  # what is due at one moment comes in this order


def run(plan: Plan, rules: ArchitecturesRules) -> list[Event]:
    """Every event of the queue's run; it ends when nothing is left to do, or after `durationSeconds`."""
    assert plan.queue is not None, "the queue's architecture has a queue"
    played = _Workers(plan, rules, plan.queue)
    played.play()
    return played.events


def wanted_tasks(state: State, scaling: Scaling) -> Wanted:
    """What the scaling policy asks for now."""
    ready = [worker for worker in state.workers if worker.ready and not worker.stopped]
    if scaling.metric == "BACKLOG_PER_TASK" or not ready:
        return desired_tasks(state.visible, scaling.target, len(ready), low=scaling.low, high=scaling.high)
    used = Fraction(scaling.cpu * sum(bool(worker.busy) for worker in ready), len(ready))
    asked = ceil(len(ready) * used / scaling.target)
    return Wanted(desired=min(max(asked, scaling.low), scaling.high))


class _Workers(Clock):
    """The clock with the queue's own timers: work that is done, visibility that ends, tasks that are ready."""

    def __init__(self, plan: Plan, rules: ArchitecturesRules, queue: Queue) -> None:
        super().__init__(plan, rules)
        self.queue = queue
        self.refused: set[int] = set()
        for item in plan.items:
            self.push(item.at, "send", order=SEND, packet=item.id)
        if queue.scaling is not None:
            self.push(EVERY, "look", order=LOOK)

    def play(self) -> None:
        while self.heap and not self.is_full:
            self.due_changes()
            timer = self.pop()
            if timer.at > self.queue.duration:
                break
            self.state = replace(self.state, now=timer.at)
            _STEPS[timer.kind](self, timer)
            self.take()
        self.due_changes()

    def send(self, timer: Timer) -> None:
        status = Status.VISIBLE.value
        self.emit(timer.at, What.SENT, packet=timer.packet, hop="send", place="queue", status=status)

    def take(self) -> None:
        """Every idle worker takes the first message that is visible."""
        for worker in self.idle():
            packet = next((one for one in self.state.packets if one.status is Status.VISIBLE), None)
            while packet is not None and self.is_spent(packet):
                status = Status.DEAD_LETTER_QUEUE.value
                self.emit(
                    self.state.now,
                    What.ENDED,
                    packet=packet.id,
                    hop="redrive",
                    place="dlq",
                    status=status,
                    code=packet.code or "RECEIVED_TOO_OFTEN",
                )
                packet = next((one for one in self.state.packets if one.status is Status.VISIBLE), None)
            if packet is None or self.is_full:
                return
            if self.may("sqs:ReceiveMessage") or self.state.rules.queue_pushes:
                self.receive(worker, packet)
            elif worker.number not in self.refused:
                self.refused.add(worker.number)
                self.deny(worker.number, "", "receive")

    def receive(self, worker: Worker, packet: Packet) -> None:
        now, queue = self.state.now, self.queue
        self.emit(now, What.RECEIVED, packet=packet.id, hop="receive", worker=worker.number)
        token = packet.receives + 1
        crash = self.state.plan.failing("TASK_CRASHES", number_of(packet))
        crashes = crash is not None and (crash.times is None or token <= crash.times)
        kind, wait = ("crash", max(queue.seconds // 2, 1)) if crashes else ("work", queue.seconds)
        self.push(now + wait, kind, order=WORK, packet=packet.id, turn=token, worker=worker.number)
        if self.state.rules.receive_deletes:
            return
        if not self.extends(worker.number, packet, token):
            self.push(now + queue.visibility, "expire", order=EXPIRE, packet=packet.id, turn=token)

    def extends(self, worker: int, packet: Packet, token: int) -> bool:
        """Whether the worker keeps the message hidden for as long as it works on it."""
        if not self.queue.extends:
            return False
        if self.may("sqs:ChangeMessageVisibility"):
            if self.queue.visibility < self.queue.seconds:
                self.emit(self.state.now, What.EXTENDED, packet=packet.id, hop="receive", worker=worker, count=token)
            return True
        self.deny(worker, packet.id, "receive")
        return False

    def work(self, timer: Timer) -> None:
        """A worker has come to the end of a message."""
        worker = self.worker(timer.worker)
        if worker.stopped:
            return
        packet = self.state.packet(timer.packet)
        if self.state.plan.failing("POISON", number_of(packet)) is not None:
            self.emit(timer.at, What.FAILED, packet=packet.id, worker=worker.number, code="POISON")
            self.unfinished(timer, packet, goes_away=self.state.rules.poison_goes_away)
            return
        self.emit(timer.at, What.PROCESSED, packet=packet.id, worker=worker.number)
        if packet.status in ENDS:
            return
        if self.may("sqs:DeleteMessage") or self.state.rules.receive_deletes:
            status = Status.DELIVERED.value
            self.emit(timer.at, What.DELETED, packet=packet.id, hop="delete", place=DONE, status=status)
        else:
            self.deny(worker.number, packet.id, "delete")
            self.expires_later(timer)

    def crash(self, timer: Timer) -> None:
        """A task dies in the middle of a message, and the service starts another."""
        if self.worker(timer.worker).stopped:
            return
        self.emit(timer.at, What.WORKER_STOPPED, packet=timer.packet, worker=timer.worker, code="TASK_CRASHED")
        self.unfinished(timer, self.state.packet(timer.packet), goes_away=False)
        self.start(1)

    def unfinished(self, timer: Timer, packet: Packet, *, goes_away: bool) -> None:
        """A message whose work came to nothing: it comes back when its visibility timeout ends."""
        if packet.status in ENDS:
            return
        if goes_away or self.state.rules.receive_deletes:
            code = "DELETED_ON_RECEIVE" if self.state.rules.receive_deletes else "POISON"
            self.emit(timer.at, What.ENDED, packet=packet.id, place=NOWHERE, status=Status.LOST.value, code=code)
            return
        self.expires_later(timer)

    def expires_later(self, timer: Timer) -> None:
        """A worker that kept a message hidden stops doing so."""
        if self.queue.extends and self.may("sqs:ChangeMessageVisibility"):
            at = timer.at + self.queue.visibility
            self.push(at, "expire", order=EXPIRE, packet=timer.packet, turn=timer.turn)

    def expire(self, timer: Timer) -> None:
        packet = self.state.packet(timer.packet)
        if packet.status is Status.IN_FLIGHT and packet.receives == timer.turn:
            self.emit(timer.at, What.RETURNED, packet=packet.id, worker=packet.worker)

    def ready(self, timer: Timer) -> None:
        if not self.worker(timer.worker).stopped:
            self.emit(timer.at, What.WORKER_READY, worker=timer.worker)

    def look(self, timer: Timer) -> None:
        """The scaling policy compares its metric with the target."""
        scaling = self.queue.scaling
        assert scaling is not None, "only a service that scales is looked at"
        wanted = wanted_tasks(self.state, scaling).desired
        alive = [worker for worker in self.state.workers if not worker.stopped]
        if wanted != self.state.desired:
            self.emit(timer.at, What.SCALED, hop="scale", count=wanted)
        if wanted > len(alive):
            self.start(wanted - len(alive))
        elif wanted < len(alive):
            self.stop(alive, len(alive) - wanted)
        done = all(packet.status in ENDS for packet in self.state.packets)
        if not done or self.state.desired > scaling.low:
            self.push(timer.at + EVERY, "look", order=LOOK)

    def start(self, count: int) -> None:
        for _ in range(count):
            number = len(self.state.workers) + 1
            self.emit(self.state.now, What.WORKER_STARTING, worker=number)
            self.push(self.state.now + self.state.plan.start_seconds, "ready", order=READY, worker=number)

    def stop(self, alive: Iterable[Worker], count: int) -> None:
        """Scale in: the idle first, the newest of them; with protection a busy worker is left alone."""
        order = sorted(alive, key=lambda worker: (bool(worker.busy), -worker.number))
        for worker in order[:count]:
            if worker.busy and self.queue.protects:
                continue
            self.emit(self.state.now, What.WORKER_STOPPED, worker=worker.number, packet=worker.busy, code="SCALED_IN")
            if worker.busy:
                packet = self.state.packet(worker.busy)
                timer = Timer(self.state.now, 0, 0, "", packet.id, packet.receives)
                self.unfinished(timer, packet, goes_away=False)

    def deny(self, worker: int, packet: str, hop: str) -> None:
        code = "APP_NO_CREDENTIALS" if self.state.plan.roles["task"] is None else "APP_ACCESS_DENIED"
        self.emit(self.state.now, What.DENIED, packet=packet, hop=hop, worker=worker, code=code)

    def may(self, action: str) -> bool:
        return action in allowed(self.state.plan, "task")

    def is_spent(self, packet: Packet) -> bool:
        """Received as often as the redrive policy allows: the next time it is moved instead."""
        return self.queue.most_receives is not None and packet.receives >= self.queue.most_receives

    def idle(self) -> list[Worker]:
        return [worker for worker in self.state.workers if worker.ready and not worker.stopped and not worker.busy]

    def worker(self, number: int) -> Worker:
        return self.state.workers[number - 1]


_STEPS = {
    "send": _Workers.send,
    "work": _Workers.work,
    "crash": _Workers.crash,
    "expire": _Workers.expire,
    "ready": _Workers.ready,
    "look": _Workers.look,
}
