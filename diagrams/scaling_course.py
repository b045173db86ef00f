"""A run of service auto scaling as what a figure needs of it: moments to rest at, and curves over time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from simulator.scaling import Event, State
from simulator.scaling.alarms import Alarm
from simulator.scaling.load import curve
from simulator.scaling.scenario import Plan
from simulator.scaling.state import Kind
from simulator.trace import Trace

MOST_MOMENTS = 72  # frames of a film: a minute each, for longer runs every few minutes
MOST_SAMPLES = 360  # places along the time axis at which load and capacity are compared
LEADING = frozenset({Kind.SCALED, Kind.NOT_SCALED, Kind.SCHEDULED, Kind.DEPLOYMENT, Kind.CHANGED, Kind.ALARM})

Run = Trace[State, Event]
Level = tuple[int, int]  # from this second on, this count


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A place to rest at: second `at`, after the first `k` events. `told` are the events since the moment before that
    say something: a decision, an alarm, a change."""

    at: int
    k: int
    state: State
    told: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A policy's alarm in one state, from second `start` to second `end`."""

    start: int
    end: int
    alarm: Alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A run up to a moment. `load` are corners of the load's line, in seconds and thousandths; `points` are the first
    policy's data points, one a minute."""

    run: Run
    plan: Plan
    moments: tuple[Moment, ...]
    load: tuple[Level, ...]
    running: tuple[Level, ...]
    desired: tuple[Level, ...]
    spans: tuple[tuple[Span, ...], ...]
    points: tuple[int | None, ...]
    end: int

    @property
    def seconds(self) -> int:
        """How long the whole run is."""
        return self.plan.minutes * 60


def course_of(run: Run, upto: int | None = None) -> Course:
    """A run's moments and curves.

    Parameters
    ----------
    upto : the last moment to take, by its number; None for the whole run. The load is known before the run begins, so
        its line is always whole.
    """
    states = [run.checkpoints[0]]
    for event in run.events:
        states.append(run.mechanism.apply(states[-1], event))
    plan = states[0].plan
    moments = tuple(_moments(run, states))
    if upto is not None:
        moments = moments[: upto + 1]
    last = moments[-1]
    seen = states[: last.k + 1]
    return Course(
        run=run,
        plan=plan,
        moments=moments,
        load=tuple(_corners(plan, states)),
        running=_levels(seen, lambda state: state.running),
        desired=_levels(seen, lambda state: state.desired),
        spans=tuple(tuple(_spans(seen, at, last.at)) for at in range(len(plan.policies))),
        points=tuple(event.points[0] for event in run.events[: last.k] if event.kind is Kind.SAMPLE and event.points),
        end=last.at,
    )


def stride(minutes: int) -> int:
    """Minutes from one moment to the next.

    >>> stride(60), stride(73), stride(1440)
    (1, 2, 20)
    """
    return -(-minutes // MOST_MOMENTS)


def moment_after(run: Run, k: int) -> int:
    """The number of the first moment that shows event `k`."""
    plan = run.checkpoints[0].plan
    every = 60 * stride(plan.minutes)
    return -(-run.events[min(k, len(run.events) - 1)].at // every)


def moment_before(left: Run, right: Run, k: int) -> int:
    """The last moment at which two runs are still the same, if `k` is the first event in which they differ."""
    return max(0, min(moment_after(left, k), moment_after(right, k)) - 1)


def overloads(course: Course) -> Iterator[tuple[tuple[int, float, float], ...]]:
    """The stretches in which more arrives than the running tasks can do: (second, load, capacity), in tasks."""
    rate, end = course.plan.model.rate, course.end
    step = max(5, course.seconds // MOST_SAMPLES)
    stretch: list[tuple[int, float, float]] = []
    for second in range(0, end + 1, step):
        load, running = _at(course.load, second) / rate, _level(course.running, second)
        if load > running:
            stretch.append((second, load, running))
            continue
        if len(stretch) > 1:
            yield tuple(stretch)
        stretch = []
    if len(stretch) > 1:
        yield tuple(stretch)


def peak(course: Course) -> int:
    """The most tasks that any curve reaches, the load as tasks that it keeps busy."""
    rate = course.plan.model.rate
    load = max(level for _, level in course.load)
    return max(-(-load // rate), *(count for _, count in (*course.running, *course.desired)))


def in_a_row(points: Sequence[int | None], holds: Callable[[int], bool]) -> int:
    """How many of the newest data points hold, one after the other.

    >>> in_a_row([40, 60, 70], lambda value: value > 50)
    2
    """
    count = 0
    for point in reversed(points):
        if point is None or not holds(point):
            break
        count += 1
    return count


def _moments(run: Run, states: Sequence[State]) -> Iterator[Moment]:
    plan = states[0].plan
    every = stride(plan.minutes)
    k = 0
    for minute in dict.fromkeys((*range(0, plan.minutes, every), plan.minutes)):
        before = k
        while k < len(run.events) and run.events[k].at <= 60 * minute:
            k += 1
        told = tuple(at for at in range(before, k) if run.events[at].kind in LEADING)
        yield Moment(at=60 * minute, k=k, state=states[k], told=told)


def _corners(plan: Plan, states: Sequence[State]) -> Iterator[Level]:
    """The load's line. Where the learner changes the load on the way, it jumps."""
    seconds = plan.minutes * 60
    changed = [(0, states[0].load_percent)]
    for state in states:
        if state.load_percent != changed[-1][1]:
            changed.append((state.now, state.load_percent))
    whole = [(0, plan.load[0][1]), *(one for one in plan.load if one[0] <= seconds), (seconds, 0)]
    whole[-1] = (seconds, curve(plan.load, seconds)[-1])
    for (start, percent), end in zip(changed, [*(at for at, _ in changed[1:]), seconds], strict=True):
        inside = [one for one in whole if start <= one[0] <= end]
        ends = [(start, _at(whole, start)), *inside, (end, _at(whole, end))] if len(changed) > 1 else inside
        yield from ((at, level * percent // 100) for at, level in dict.fromkeys(ends))


def _at(corners: Sequence[Level], second: int) -> int:
    """The height of a line at a second; where it jumps, the height after the jump."""
    after = bisect_right(corners, second, key=_second)
    if after == len(corners):
        return corners[-1][1]
    (left, low), (right, high) = corners[after - 1], corners[after]
    return low + (high - low) * (second - left) // (right - left)


def _level(levels: Sequence[Level], second: int) -> int:
    return levels[bisect_right(levels, second, key=_second) - 1][1]


def _second(level: Level) -> int:
    return level[0]


def _levels(states: Sequence[State], value: Callable[[State], int]) -> tuple[Level, ...]:
    levels = [(0, value(states[0]))]
    for state in states[1:]:
        if value(state) != levels[-1][1]:
            levels.append((state.now, value(state)))
    return tuple(levels)


def _spans(states: Sequence[State], policy: int, end: int) -> Iterator[Span]:
    since, alarm = 0, states[0].alarms[policy]
    for state in states:
        if state.alarms[policy] is not alarm:
            if alarm is not Alarm.OK and state.now > since:
                yield Span(start=since, end=state.now, alarm=alarm)
            since, alarm = state.now, state.alarms[policy]
    if alarm is not Alarm.OK and end > since:
        yield Span(start=since, end=end, alarm=alarm)
