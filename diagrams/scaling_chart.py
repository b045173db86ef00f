"""A run of service auto scaling over time: the load against what the tasks can do, the tasks, and the alarms."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from diagrams.chart import Chart, clock, time_ticks
from diagrams.layout import Box
from diagrams.look import rounded
from diagrams.markup import element, shorten, words
from simulator.scaling import Event, State
from simulator.scaling.alarms import Alarm
from simulator.scaling.state import SCALE, Kind, apply
from simulator.trace import Trace, state_at

WIDTH = 720
LEFT, RIGHT = 56, 704
LOAD_TOP, TASKS_TOP, HEIGHT = 34, 208, 130
ALARMS_TOP, ROW = 376, 34
MOST_ALARMS = 4
LONGEST = 12  # characters of a policy's name beside its row
TICKS = 4
_FACTORS = (1, 2, 3, 4, 5, 6, 8, 10)

_LOOK = {Alarm.HIGH: "failed", Alarm.ALARM: "failed", Alarm.LOW: "starting", Alarm.NO_DATA: "draining"}


def scaling_chart(trace: Trace[State, Event], k: int | None = None) -> str:
    """The chart as SVG.

    Parameters
    ----------
    k : the step that is looked at: a line stands at its moment, and nothing after it is drawn; None for the whole run.
    """
    whole = [state_at(trace, 0)]
    for event in trace.events:
        whole.append(apply(whole[-1], event))
    plan = whole[0].plan
    last = plan.minutes * 60_000
    rate = plan.model.rate
    # The axes are those of the whole run, so that they stand still while the line moves.
    peak = max(max(state.load for state in whole), max(state.running for state in whole) * rate)
    most = max(max(state.desired for state in whole), max(state.running for state in whole))
    events = trace.events if k is None else trace.events[:k]
    states = whole[: len(events) + 1]
    load = Chart(area=Box(LEFT, LOAD_TOP, RIGHT - LEFT, HEIGHT), last=last, most=round_top(-(-peak // SCALE)) * SCALE)
    count = Chart(area=Box(LEFT, TASKS_TOP, RIGHT - LEFT, HEIGHT), last=last, most=round_top(most))
    rows = min(len(plan.policies), MOST_ALARMS)
    bottom = ALARMS_TOP + rows * ROW if rows else ALARMS_TOP - 22
    unit = "Messages" if plan.works_on_queue else "Requests"
    body = [
        words(f"{unit} a second", class_="label strong", x=LEFT, y=LOAD_TOP - 12),
        *_key((("curve", "arriving"), ("curve curve-healthy", "capacity")), LOAD_TOP - 12),
        *_frame(load, SCALE),
        element("path", class_="curve curve-healthy", d=_steps(load, states, lambda state: state.running * rate)),
        element("path", class_="curve", d=_line(load, events)),
        words("Tasks", class_="label strong", x=LEFT, y=TASKS_TOP - 12),
        *_key((("curve", "desired"), ("curve curve-healthy", "running")), TASKS_TOP - 12),
        *_frame(count, 1),
        element("path", class_="curve curve-healthy", d=_steps(count, states, lambda state: state.running)),
        element("path", class_="curve", d=_steps(count, states, lambda state: state.desired)),
        *(part for row in range(rows) for part in _alarm_row(count, states, row)),
        *(
            words(clock(at), class_="label-small", x=count.x(at), y=bottom + 18, text_anchor=_anchor(at, last))
            for at in time_ticks(last)
        ),
    ]
    if k is not None:
        x = count.x(states[-1].now * 1000)
        body.append(element("path", class_="now-line", d=f"M{x} {LOAD_TOP - 6}V{bottom}"))
    return element(
        "svg",
        "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {bottom + 28}",
        class_="band-figure scaling-chart",
        role="img",
        aria_label=describe_chart(trace, k),
    )


def describe_chart(trace: Trace[State, Event], k: int | None = None) -> str:
    """The chart in words."""
    events = trace.events if k is None else trace.events[:k]
    state = state_at(trace, len(events))
    moves = [event for event in events if event.kind in (Kind.SCALED, Kind.SCHEDULED) and event.after != event.before]
    outs = sum(event.after > event.before for event in moves)
    told = f"{outs} times out and {len(moves) - outs} times in" if moves else "not scaled"
    most = max([event.after for event in moves], default=state.desired)
    firing = [policy.name for policy, alarm in zip(state.plan.policies, state.alarms, strict=True) if alarm.acts]
    alarms = f" In ALARM: {', '.join(shorten(name, 40) for name in firing)}." if firing else ""
    return (
        f"After {clock(state.now * 1000)}: {state.desired} tasks desired, {state.running} running, {told}, at most "
        f"{max(most, state.desired)} desired.{alarms}"
    )


def round_top(most: int) -> int:
    """The least number with four round parts that is not below `most`.

    >>> [round_top(most) for most in (1, 5, 17, 57, 5001)]
    [4, 8, 20, 80, 8000]
    """
    unit = TICKS
    while unit * _FACTORS[-1] < most:
        unit *= 10
    return next(unit * factor for factor in _FACTORS if unit * factor >= most)


def _frame(chart: Chart, scale: int) -> list[str]:
    """The lines across and their numbers."""
    top = chart.most // scale
    parts: list[str] = []
    for value in range(0, top + 1, top // TICKS):
        y = chart.y(value * scale)
        parts.append(element("path", class_="axis", d=f"M{chart.area.x} {y}H{chart.area.right}"))
        parts.append(words(str(value), class_="label-small", x=chart.area.x - 8, y=y + 4, text_anchor="end"))
    return parts


def _key(entries: Sequence[tuple[str, str]], y: int) -> list[str]:
    parts: list[str] = []
    for at, (look, name) in enumerate(entries):
        x = RIGHT - 240 + at * 126
        parts.append(element("path", class_=look, d=f"M{x} {y - 5}h24"))
        parts.append(words(name, class_="label-small", x=x + 31, y=y))
    return parts


def _steps(chart: Chart, states: Sequence[State], value: Callable[[State], int]) -> str:
    """A count that stands until it changes."""
    before = value(states[0])
    parts = [f"M{chart.x(0)} {chart.y(before)}"]
    for state in states[1:]:
        if value(state) != before:
            before = value(state)
            parts.append(f"H{chart.x(state.now * 1000)}V{chart.y(before)}")
    return f"{''.join(parts)}H{chart.x(states[-1].now * 1000)}"


def _line(chart: Chart, events: Sequence[Event]) -> str:
    """The load: each minute's average, in the minute's middle."""
    points = [
        f"{chart.x(event.at * 1000 - 30_000)} {chart.y(event.load)}" for event in events if event.kind is Kind.SAMPLE
    ]
    return f"M{'L'.join(points)}" if points else ""


def _alarm_row(chart: Chart, states: Sequence[State], row: int) -> list[str]:
    """One policy's alarm over time: a bar while it is not OK, with its state written on it where there is room."""
    y = ALARMS_TOP + row * ROW
    name = shorten(states[0].plan.policies[row].name, LONGEST)
    parts = [element("path", class_="axis", d=f"M{LEFT} {y + 8}H{RIGHT}")]
    since, alarm = 0, states[0].alarms[row]
    spans: list[tuple[int, int, Alarm]] = []
    for state in states:
        if state.alarms[row] is not alarm:
            spans.append((since, state.now, alarm))
            since, alarm = state.now, state.alarms[row]
    spans.append((since, states[-1].now, alarm))
    for start, end, what in spans:
        if what is Alarm.OK or end <= start:
            continue
        left, right = chart.x(start * 1000), chart.x(end * 1000)
        parts.append(
            element(
                "rect",
                class_=f"node-frame {_LOOK[what]}",
                x=left,
                y=y,
                width=rounded(max(right - left, 2)),
                height=16,
                rx=3,
            )
        )
        if right - left >= 9 * len(what.value):
            parts.append(words(what.value, class_="label-small", x=(left + right) / 2, y=y + 12, text_anchor="middle"))
    parts.append(words(name, class_="label-small bound-label", x=LEFT + 2, y=y - 2))
    return parts


def _anchor(at: int, last: int) -> str:
    return "start" if at == 0 else "end" if at >= last else "middle"
