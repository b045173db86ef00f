"""The timed run: the load second by second, the metrics minute by minute, and what auto scaling makes of them.

Between two moments at which something happens the number of running tasks is the same, so those seconds are worked
off together. Every minute ends with its data points, then the alarms, then one decision.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from simulator.scaling.alarms import points_needed, watched
from simulator.scaling.decide import Decision, decide
from simulator.scaling.load import curve
from simulator.scaling.other_types import pulled
from simulator.scaling.policies import BACKLOG, CPU, REQUESTS, Tracking
from simulator.scaling.question import TARGET_ALIASES
from simulator.scaling.rules import RULES, Backlog, ScalingRules
from simulator.scaling.scenario import Plan, ScaleInStep, read_changes, read_scenario
from simulator.scaling.service import latency, work
from simulator.scaling.situation import Code, Direction
from simulator.scaling.spelling import spelled
from simulator.scaling.state import SCALE, SCHEDULED_ACTION, Event, Kind, State, apply, first_state, seen, situation
from simulator.trace import CHECKPOINT_EVERY


def run(scenario: Mapping[str, Any], rules: ScalingRules = RULES) -> tuple[list[Event], list[State]]:
    """Every event of a scenario's run, and its states: the first, each `CHECKPOINT_EVERY`th, and the last.

    Raises
    ------
    InputError
        With one sentence, for a bad scenario.
    """
    flat = spelled(scenario, "", TARGET_ALIASES)
    played = _Run(read_scenario(flat), rules, deque(read_changes(flat)))
    played.play()
    return played.events, [*played.checkpoints, played.state]


def verdict(state: State) -> Decision | None:
    """The decision that falls due in a state; None while no alarm acts and no demand meets 0 tasks."""
    waits_at_zero = state.running == 0 and state.desired == 0 and any(points and points[-1] for points in state.points)
    if not waits_at_zero and not any(alarm.acts for alarm in state.alarms):
        return None
    return decide(state.plan.policies, seen(state), situation(state), state.rules)


def size_of(decision: Decision, step: ScaleInStep) -> int:
    """The desired count that a decision sets; where AWS leaves the size of a scale-in open, `step` chooses."""
    if not decision.open or step is ScaleInStep.FORMULA:
        return decision.low
    gone = 1 if step is ScaleInStep.ONE_TASK else max(1, (decision.high - decision.low) // 2)
    return max(decision.low, decision.high - gone)


class _Run:
    """The moving parts of one run; it lives no longer than `run`."""

    def __init__(self, plan: Plan, rules: ScalingRules, changes: deque[tuple[int, dict[str, Any]]]) -> None:
        self.plan = plan
        self.loads = curve(plan.load, 60 * plan.minutes)
        self.state = first_state(plan, rules, self.loads[0])
        self.changes = changes
        self.events: list[Event] = []
        self.checkpoints = [self.state]
        self.now = 0
        self.coming: deque[tuple[int, int]] = deque()  # (when ready, how many)
        self.going: deque[tuple[int, int]] = deque()  # (when stopped, how many)
        self.queue = self.arrived = self.served = self.failed = self.billed = 0
        self.busy = self.worked = self.asked = 0  # of this minute: see `spend`
        self.kept = max((points_needed(policy, rules) for policy in plan.policies), default=0)

    def play(self) -> None:
        plan = self.plan
        self.take_changes()
        desired = max(self.state.minimum, min(self.state.maximum, self.state.desired))
        self.emit(
            Kind.REGISTERED,
            before=self.state.desired,
            after=desired,
            minimum=self.state.minimum,
            maximum=self.state.maximum,
        )
        for minute in range(plan.minutes):
            self.begin(minute)
            self.settle()
            self.minute(minute)
            self.measure(minute)
            self.watch()
            self.act()
        self.settle()

    def emit(self, kind: Kind, **what: Any) -> None:
        """One event, and after it the learner's changes that are due."""
        self._add(Event(at=self.now, kind=kind, **what))
        self.take_changes()

    def take_changes(self) -> None:
        while self.changes and self.changes[0][0] <= len(self.events):
            self._add(Event(at=self.now, kind=Kind.CHANGED, change=self.changes.popleft()[1]))

    def _add(self, event: Event) -> None:
        self.events.append(event)
        self.state = apply(self.state, event)
        if len(self.events) % CHECKPOINT_EVERY == 0:
            self.checkpoints.append(self.state)

    def begin(self, minute: int) -> None:
        """What is planned for the beginning of a minute: deployments and scheduled actions."""
        windows = self.plan.deployments
        if any(minute in window for window in windows):
            runs = any(first <= minute < last for first, last in windows)
            if runs != self.state.deploying:
                self.emit(Kind.DEPLOYMENT, detail="begins" if runs else "ends")
        for action in self.plan.actions:
            if action.minute != minute:
                continue
            state = self.state
            if state.suspended["scheduledScalingSuspended"]:
                self.emit(
                    Kind.NOT_SCALED,
                    policy=SCHEDULED_ACTION,
                    detail=Code.SUSPENDED.value,
                    before=state.desired,
                    after=state.desired,
                )
                continue
            minimum = state.minimum if action.minimum is None else action.minimum
            maximum = max(state.maximum if action.maximum is None else action.maximum, minimum)
            self.emit(
                Kind.SCHEDULED,
                before=state.desired,
                after=pulled(state.desired, minimum, maximum, state.rules),
                minimum=minimum,
                maximum=maximum,
            )

    def minute(self, minute: int) -> None:
        """The 60 seconds of a minute, cut where a task turns ready or has stopped."""
        end = 60 * (minute + 1)
        while True:
            self.turn()
            self.settle()
            upto = min([end, *(queue[0][0] for queue in (self.coming, self.going) if queue)])
            if upto > self.now:
                self.spend(upto)
            if self.now == end:
                break

    def turn(self) -> None:
        """Tasks that are ready now, and tasks that have stopped."""
        for queue, kind in ((self.coming, Kind.READY), (self.going, Kind.STOPPED)):
            while queue and queue[0][0] <= self.now:
                self.emit(kind, count=queue.popleft()[1])

    def spend(self, upto: int) -> None:
        """The seconds until `upto`, with the tasks that run now."""
        state, model = self.state, self.plan.model
        loads = self.loads[self.now : upto]
        if state.load_percent != 100:
            loads = [load * state.load_percent // 100 for load in loads]
        served, failed, self.queue = work(loads, state.running, self.queue, model)
        seconds = upto - self.now
        arrived = sum(loads)
        if state.running:
            # CPU is the used share of the capacity, in thousandths of a percent, times the seconds.
            self.busy += served * 100 * SCALE // (state.running * model.rate)
            self.worked += seconds
            self.asked += state.running * seconds
        self.arrived += arrived
        self.served += served
        self.failed += failed
        self.billed += (state.running + state.starting + state.stopping) * seconds
        self.now = upto

    def measure(self, minute: int) -> None:
        """The minute's data points."""
        arrived = self.arrived - self.state.arrived
        missing = any(first <= minute < last for first, last in self.plan.missing)
        cpu = self.busy // self.worked if self.worked else None
        points = tuple(None if missing else self.point(policy.metric, cpu, arrived) for policy in self.plan.policies)
        self.emit(
            Kind.SAMPLE,
            points=points,
            load=arrived // 60,
            cpu=cpu,
            queue=self.queue,
            latency=latency(self.queue, self.state.running, self.plan.model),
            arrived=self.arrived,
            served=self.served,
            failed=self.failed,
            billed=self.billed,
        )
        self.busy = self.worked = self.asked = 0

    def point(self, metric: str, cpu: int | None, arrived: int) -> int | None:
        """One metric's data point in thousandths; None without data."""
        if metric == CPU:
            return cpu
        if metric == REQUESTS:
            return arrived * 60 // self.asked if self.asked else None
        if metric == BACKLOG and self.state.rules.backlog is Backlog.PER_TASK:
            if self.state.running == 0 and not self.plan.guard:
                return None
            return self.queue // max(1, self.state.running)
        return self.queue

    def watch(self) -> None:
        """The alarms after the new data points."""
        for number, policy in enumerate(self.plan.policies):
            points = self.state.points[number][-self.kept :]
            alarm = watched(policy, points, self.state.rules, scale=SCALE)
            if alarm is not self.state.alarms[number]:
                self.emit(Kind.ALARM, policy=number, detail=alarm.value)

    def act(self) -> None:
        """One decision, if an alarm acts; the same refusal is told once."""
        state = self.state
        decision = verdict(state)
        if decision is None:
            return
        if decision.direction is Direction.NONE:
            if decision.code is not Code.NO_ALARM and state.refused != decision.code.value:
                self.emit(Kind.NOT_SCALED, detail=decision.code.value, before=state.desired, after=state.desired)
            return
        new = size_of(decision, self.plan.scale_in)
        self.emit(
            Kind.SCALED,
            policy=self.acting(decision),
            detail=decision.code.value,
            before=state.desired,
            after=new,
            count=max(0, new - state.desired) + (self.counted(decision) if new > state.desired else 0),
        )

    def acting(self, decision: Decision) -> int:
        """The policy whose result counts: the first whose proposal goes the decision's way and reaches furthest."""
        ready = [
            (-one.low, number) for number, one in enumerate(decision.proposals) if one.direction is decision.direction
        ]
        return min(ready)[1]

    def counted(self, decision: Decision) -> int:
        """What an earlier scale-out added, while its cooldown still runs."""
        state, policy = self.state, self.plan.policies[self.acting(decision)]
        cooldown = policy.out_cooldown if isinstance(policy, Tracking) else policy.cooldown
        return state.added if state.out_at is not None and state.now - state.out_at < cooldown else 0

    def settle(self) -> None:
        """Start what is missing and stop what is too much: tasks that do not run yet go first, our choice."""
        state = self.state
        there = state.running + state.starting
        room = state.desired if self.plan.placeable is None else min(state.desired, self.plan.placeable)
        if there < room:
            self.coming.append((self.now + self.plan.model.start, room - there))
            self.emit(Kind.STARTED, count=room - there)
        elif there > state.desired:
            count = there - state.desired
            young = min(count, state.starting)
            self.cancel(young)
            self.going.append((self.now + self.plan.model.stop, count))
            self.emit(Kind.STOPPING, count=count, before=young)
        else:
            return
        self.turn()
        self.settle()

    def cancel(self, count: int) -> None:
        """Take `count` tasks from those that come last."""
        while count:
            ready, coming = self.coming.pop()
            taken = min(count, coming)
            count -= taken
            if coming > taken:
                self.coming.append((ready, coming - taken))
