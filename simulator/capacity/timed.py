"""The timed run: minutes and seconds pass, tasks ask for room, the group answers with instances.

The driver is a heap of timers, ordered by (time, priority, sequence), so that a run is the same every time. What ECS
does between two timers is decided from the state alone; a minute's data point comes when all else has settled.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from simulator.capacity.effects import apply
from simulator.capacity.plan import Act, Change, Plan
from simulator.capacity.rules import RULES, CapacityRules
from simulator.capacity.run_document import read_changes, read_interruption, read_plan
from simulator.capacity.scaling import limits, minute, verdict
from simulator.capacity.scheduler import place_waiting, settle, spot_tasks
from simulator.capacity.state import SPOT_INTERRUPTION, Box, Event, Kind, Machine, State, Status
from simulator.capacity.strategy import FARGATE_SPOT
from simulator.model import Cluster
from simulator.trace import CHECKPOINT_EVERY

MOST_EVENTS = 5000
MOST_TASKS = 10_000  # created in one run
MOST_DRAINING = 48 * 3600  # seconds that managed draining waits for stand-alone tasks


class When(IntEnum):
    """What a timer is for, in the order in which timers of one second act."""

    END = 0  # of tasks that finished or stopped
    GONE = 1  # of instances
    REGISTER = 2
    RUN = 3
    ACT = 4
    MINUTE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """`tasks` or `instances` are whom it concerns; who is no longer in the way it expects is passed over."""

    at: int
    when: When
    tasks: tuple[int, ...] = ()
    instances: tuple[str, ...] = ()
    act: Act | None = None
    code: str = ""


def run(scenario: Mapping[str, Any], rules: CapacityRules = RULES) -> tuple[Plan, list[Event], list[State]]:
    """Every event of a run, and its states: the first, each `CHECKPOINT_EVERY`th, and the last.

    A run lasts as many minutes as the document says; one that needs more than `MOST_EVENTS` events or `MOST_TASKS`
    tasks is cut, and its last event says so.

    Raises
    ------
    InputError
        With one sentence, for a bad scenario.
    """
    plan = read_plan(scenario, rules)
    played = _Run(plan, rules, deque(read_changes(scenario, plan)))
    played.play()
    return plan, played.events, [*played.checkpoints, played.state]


def first_state(plan: Plan, rules: CapacityRules) -> State:
    """The cluster before the run: the group's instances are there and long warm, and no task is."""
    group = plan.group
    size = group.size if group else 0
    fresh = tuple(group.instance(i) for i in range(1, size + 1)) if group else ()
    return State(
        plan=plan,
        rules=rules,
        settings=plan.settings,
        cluster=Cluster(instances=fresh),
        size=size,
        launched=size,
        machines={one.id: Machine(id=one.id, launched=-_LONG_AGO, status=Box.ACTIVE, zone=one.zone) for one in fresh},
    )


_LONG_AGO = 24 * 3600


class _Run:
    """The moving parts of one run; it lives no longer than `run`."""

    def __init__(self, plan: Plan, rules: CapacityRules, changes: deque[Change]) -> None:
        self.plan = plan
        self.state = first_state(plan, rules)
        self.changes = changes
        self.events: list[Event] = []
        self.checkpoints = [self.state]
        self.heap: list[tuple[int, int, int, Timer]] = []
        self.sequence = 0
        self.measured = False  # the last data point has not been acted upon yet
        self.tried: State | None = None  # the state in which placing what waits has been tried last
        for act in plan.acts:
            self.push(Timer(at=act.at, when=When.ACT, act=act))
        self.push(Timer(at=60, when=When.MINUTE))

    def play(self) -> None:
        while not self.state.cut:
            event = self.change() or self.timer_now() or self.scale() or self.settled() or self.next_timer()
            if event is None:
                break
            if len(self.events) >= MOST_EVENTS - 1 or self.state.created > MOST_TASKS:
                event = Event(at=self.state.now, kind=Kind.CUT)
            self.emit(event)

    def emit(self, event: Event) -> None:
        self.events.append(event)
        self.state = apply(self.state, event)
        if len(self.events) % CHECKPOINT_EVERY == 0:
            self.checkpoints.append(self.state)
        self.measured = self.measured or event.kind is Kind.MEASURED
        for timer in _follow_ups(self.state, event):
            self.push(timer)

    def push(self, timer: Timer) -> None:
        heapq.heappush(self.heap, (timer.at, timer.when, self.sequence, timer))
        self.sequence += 1

    def change(self) -> Event | None:
        if self.changes and self.changes[0].at <= len(self.events):
            return Event(at=self.state.now, kind=Kind.CHANGED, change=self.changes.popleft().document)
        return None

    def scale(self) -> Event | None:
        """What the data point leads to; asked once, so that nothing is decided between two minutes."""
        if not self.measured:
            return None
        self.measured = False
        return verdict(self.state).event

    def settled(self) -> Event | None:
        state, tried = self.state, self.tried
        if state.plan.group is not None:
            event = limits(state)
            if event is None and not (tried and tried.cluster is state.cluster and tried.tasks is state.tasks):
                event = place_waiting(state)
                self.tried = state
            if event is not None:
                return event
        return settle(state)

    def timer_now(self) -> Event | None:
        while self.heap and self.heap[0][0] <= self.state.now and self.heap[0][1] is not When.MINUTE:
            event = self.due(heapq.heappop(self.heap)[3])
            if event is not None:
                return event
        return None

    def next_timer(self) -> Event | None:
        while self.heap and self.heap[0][0] <= self.plan.seconds:
            event = self.due(heapq.heappop(self.heap)[3])
            if event is not None:
                return event
        return None

    def due(self, timer: Timer) -> Event | None:
        """The event of a timer whose time has come, None if it has become void."""
        at = max(timer.at, self.state.now)
        if timer.when is When.MINUTE:
            self.push(Timer(at=timer.at + 60, when=When.MINUTE))
            return minute(replace(self.state, now=at))
        if timer.act is not None:
            return _act(self.state, timer.act, at)
        return _due(self.state, timer, at)


def _due(state: State, timer: Timer, at: int) -> Event | None:
    expected, kind = _EXPECTED.get((timer.when, timer.code), (Status.STOPPING, Kind.STOPPED))
    if timer.when in (When.END, When.RUN):
        numbers = tuple(n for n in timer.tasks if n in state.tasks and state.tasks[n].status is expected)
        return Event(at=at, kind=kind, tasks=numbers, detail=timer.code) if numbers else None
    there = [name for name in timer.instances if name in state.machines]
    if timer.when is When.REGISTER:
        names = tuple(name for name in there if state.machines[name].status is Box.LAUNCHING)
        return Event(at=at, kind=Kind.REGISTERED, instances=names) if names else None
    lost = tuple(task.number for task in state.tasks.values() if task.instance in there)
    return Event(at=at, kind=Kind.TERMINATED, instances=tuple(there), tasks=lost) if there else None


# What tasks must be for a timer to concern them, and what then happens; anything else is the end of a stop.
_EXPECTED: Mapping[tuple[When, str], tuple[Status, Kind]] = {
    (When.RUN, ""): (Status.PENDING, Kind.RUNNING),
    (When.END, ""): (Status.RUNNING, Kind.FINISHED),
}


def _act(state: State, act: Act, at: int) -> Event | None:
    if act.kind == "spot":
        return Event(at=at, kind=Kind.SPOT, count=act.count)
    if act.kind == "desired" and state.desired.get(act.work, 0) == act.count:
        return None
    if act.kind != "interrupt":
        return Event(at=at, kind=Kind.DESIRED, work=act.work, count=act.count)
    if act.provider == FARGATE_SPOT:
        numbers = [task.number for task in spot_tasks(state) if task.status is not Status.STOPPING][: act.count]
        return Event(at=at, kind=Kind.TOLD, tasks=tuple(numbers), detail=SPOT_INTERRUPTION) if numbers else None
    names = tuple(machine.id for machine in state.active if not machine.why)[: act.count]
    return Event(at=at, kind=Kind.WARNED, instances=names) if names else None


def _follow_ups(state: State, event: Event) -> Iterable[Timer]:
    """What an event sets going."""
    now = state.now
    match event.kind:
        case Kind.CREATED | Kind.PLACED:
            pending = [n for n in event.tasks if state.tasks[n].status is Status.PENDING]
            return _each(pending, When.RUN, lambda n: now + state.work(state.tasks[n]).start)
        case Kind.RUNNING:
            ending = [n for n in event.tasks if state.work(state.tasks[n]).standalone]
            return _each(ending, When.END, lambda n: now + (state.work(state.tasks[n]).runs or 0))
        case Kind.TOLD:
            stopping = [n for n in event.tasks if n in state.tasks]
            most = state.rules.spot_notice if event.detail == SPOT_INTERRUPTION else MOST_DRAINING
            return _each(
                stopping,
                When.END,
                lambda n: now + min(most, state.work(state.tasks[n]).stop),
                code=event.detail,
            )
        case Kind.LAUNCHED:
            group = state.plan.group
            return (Timer(at=now + (group.launch if group else 0), when=When.REGISTER, instances=event.instances),)
        case Kind.WARNED:
            return (Timer(at=now + state.rules.spot_notice, when=When.GONE, instances=event.instances),)
        case Kind.SCALED_IN:
            return (Timer(at=now + MOST_DRAINING, when=When.GONE, instances=event.instances),)
        case Kind.CHANGED if event.change and "interrupt" in event.change:
            plan = state.plan
            act = read_interruption(event.change["interrupt"], "interrupt", plan.provider, plan.group, at=now)
            return (Timer(at=now, when=When.ACT, act=act),)
        case _:
            return ()


def _each(numbers: Iterable[int], when: When, at: Any, *, code: str = "") -> list[Timer]:
    """Timers for tasks, one for all that are due at the same second."""
    due: dict[int, list[int]] = {}
    for number in numbers:
        due.setdefault(at(number), []).append(number)
    return [Timer(at=second, when=when, tasks=tuple(tasks), code=code) for second, tasks in due.items()]
