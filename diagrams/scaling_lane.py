"""The parts of the scaling figure: a lane of load against tasks, the metric against its target, the alarms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from diagrams.chart import Chart, time_ticks
from diagrams.layout import Box
from diagrams.look import rounded
from diagrams.markup import element, shorten, words
from diagrams.scaling_course import Course, Level, overloads
from diagrams.scaling_words import METRICS
from simulator.scaling.alarms import Alarm, low_threshold
from simulator.scaling.policies import CPU, Tracking
from simulator.scaling.situation import told
from simulator.scaling.state import SCALE

TICKS = 4
MOST_DOTS = 120  # data points drawn one by one; more are a line
APART = 24  # between two numbers on the line of what is desired
HOURS_FROM = 180  # minutes: longer runs have their time axis in hours
BAR = 15
_FACTORS = (1, 2, 3, 4, 5, 6, 8, 10)
_ALARMS = {Alarm.HIGH: "failed", Alarm.ALARM: "failed", Alarm.LOW: "starting", Alarm.NO_DATA: "draining"}
_KEY = (
    ("curve", "arrives"),
    ("capacity", "running tasks can do"),
    ("wanted", "desired tasks could do"),
    ("overload", "too much"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where things go across. `marks` is where numbers right of the plot begin, `said` where the readouts do; None puts
    them above the plot."""

    width: int
    left: int
    right: int
    marks: int
    said: int | None
    narrow: bool


WIDE = Layout(width=780, left=50, right=556, marks=562, said=614, narrow=False)
NARROW = Layout(width=400, left=42, right=360, marks=365, said=None, narrow=True)


def round_top(most: int) -> int:
    """The least number with four round parts that is not below `most`.

    >>> [round_top(most) for most in (1, 5, 17, 57, 5001)]
    [4, 8, 20, 80, 8000]
    """
    unit = TICKS
    while unit * _FACTORS[-1] < most:
        unit *= 10
    return next(unit * factor for factor in _FACTORS if unit * factor >= most)


def key_of(layout: Layout, y: int) -> Iterator[str]:
    """What the lines and areas of a lane are."""
    across = (0, 168, 0, 168) if layout.narrow else (0, 96, 276, 462)
    for at, (look, name) in enumerate(_KEY):
        x, top = layout.left + across[at], y + (20 * (at // 2) if layout.narrow else 0)
        if look in ("capacity", "overload"):
            yield element("rect", class_=look, x=x, y=top - 10, width=20, height=11, rx=2)
        else:
            yield element("path", class_=look, d=f"M{x} {top - 4}h20")
        yield words(name, class_="label-small", x=x + 26, y=top)


def lane(course: Course, area: Box, most: int) -> Iterator[str]:
    """Load, capacity and what is desired, up to the course's last moment; what the moment hides comes after."""
    chart = Chart(area=area, last=course.seconds, most=most)
    for first, last in course.plan.deployments:
        yield _window(chart, first, last, "deployment")
    yield element("path", class_="capacity", d=_area(chart, course))
    for stretch in overloads(course):
        there = [f"{chart.x(at)} {_y(chart, load)}" for at, load, _ in stretch]
        back = [f"{chart.x(at)} {_y(chart, capacity)}" for at, _, capacity in reversed(stretch)]
        yield element("path", class_="overload", d=f"M{'L'.join(there)}L{'L'.join(back)}Z")
    yield element("path", class_="running", d=_steps(chart, course.running, course.end))
    if _holds(course, most):
        y = chart.y(course.plan.maximum)
        yield element("path", class_="limit", d=f"M{area.x} {y}H{area.right}")
    yield element("path", class_="wanted", d=_steps(chart, course.desired, course.end))
    yield from _counts(chart, course)


def lane_axes(course: Course, area: Box, most: int, layout: Layout, *, units: bool) -> Iterator[str]:
    """The lines across; on the left what arrives in a second, on the right how many tasks that keeps busy."""
    chart = Chart(area=area, last=course.seconds, most=most)
    rate = course.plan.model.rate
    for count in range(0, chart.most + 1, chart.most // TICKS):
        y = chart.y(count)
        yield element("path", class_="axis", d=f"M{chart.area.x} {y}H{chart.area.right}")
        value = f"{count * rate / SCALE:,.1f}".removesuffix(".0")
        yield words(value, class_="label-small", x=chart.area.x - 7, y=float(y) + 4, text_anchor="end")
        yield words(str(count), class_="label-small", x=layout.marks, y=float(y) + 4)
    if _holds(course, most):
        y = float(chart.y(course.plan.maximum)) - 4
        said = f"maximum {course.plan.maximum}"
        yield words(said, class_="label-small bound-label", x=area.right, y=rounded(y), text_anchor="end")
    if units:
        unit = "messages/s" if course.plan.works_on_queue else "requests/s"
        yield words(unit, class_="label-small", x=0, y=chart.area.y - 12)
        yield words("tasks", class_="label-small", x=layout.marks, y=chart.area.y - 12)


def load_line(course: Course, area: Box, most: int, look: str) -> str:
    """The load, which is known from the beginning to the end."""
    chart = Chart(area=area, last=course.seconds, most=most)
    rate = course.plan.model.rate
    points = [f"{chart.x(at)} {_y(chart, level / rate)}" for at, level in course.load]
    return element("path", class_=look, d=f"M{'L'.join(points)}")


def metric(course: Course, area: Box) -> Iterator[str]:
    """The first policy's data points, minute by minute, against its target or the thresholds of the steps."""
    chart = Chart(area=area, last=course.seconds, most=metric_top(course) * SCALE)
    for first, last in course.plan.missing:
        yield _window(chart, first, last, "no data")
    for value, _, look in _limits(course):
        y = chart.y(round(value * SCALE))
        yield element("path", class_=look, d=f"M{area.x} {y}H{area.right}")
    yield from _dots(chart, course)


def metric_axes(course: Course, area: Box, layout: Layout) -> Iterator[str]:
    """The metric's name, the ends of its axis, and what the heights are called that data points are held against."""
    top = metric_top(course)
    chart = Chart(area=area, last=course.seconds, most=top * SCALE)
    name = course.plan.policies[0].metric
    yield words(METRICS.get(name, shorten(name, 28)), class_="label-small strong", x=area.x, y=area.y - 8)
    for value in (0, top):
        y = chart.y(value * SCALE)
        yield element("path", class_="axis", d=f"M{area.x} {y}H{area.right}")
        yield words(f"{value:,}", class_="label-small", x=area.x - 7, y=float(y) + 4, text_anchor="end")
    for value, label, _ in _limits(course):
        yield from _limit_label(label, float(chart.y(round(value * SCALE))), area, layout)


def metric_top(course: Course) -> int:
    """The end of the metric's axis: 100 for a percentage, else above all that it shows."""
    if course.plan.policies[0].metric == CPU:
        return 100
    seen = max((point for point in course.points if point is not None), default=0) / SCALE
    limits = max(value for value, _, _ in _limits(course))
    return round_top(int(max(seen, limits * 1.4)) + 1)


def alarm_rows(course: Course, area: Box, most: int) -> Iterator[str]:
    """The alarms of the first policies over time: a bar while one is not OK, its state written on it if it has room."""
    chart = Chart(area=area, last=course.seconds, most=1)
    for row, spans in enumerate(course.spans[:most]):
        y = area.y + row * alarm_row_height()
        for span in spans:
            left, right = float(chart.x(span.start)), float(chart.x(span.end))
            width = rounded(max(right - left, 2))
            look = f"node-frame {_ALARMS.get(span.alarm, '')}"
            yield element("rect", class_=look, x=left, y=y + 18, width=width, height=BAR, rx=3)
            names = {"HIGH": ("AlarmHigh", "High"), "LOW": ("AlarmLow", "Low")}
            said = next((one for one in names.get(span.alarm.value, (span.alarm.value,)) if width >= 7 * len(one)), "")
            if said:
                middle = (left + right) / 2
                yield words(said, class_="label-small", x=middle, y=y + 30, text_anchor="middle")


def alarm_names(course: Course, area: Box, most: int) -> Iterator[str]:
    """Whose alarms each row shows, and the line that they stand on."""
    for row, policy in enumerate(course.plan.policies[:most]):
        y = area.y + row * alarm_row_height()
        alarms = "alarms" if isinstance(policy, Tracking) else "alarm"
        said = f"{alarms} of {shorten(policy.name, 24)}"
        yield words(said, class_="label-small strong", x=area.x, y=y + 11)
        yield element("path", class_="axis", d=f"M{area.x} {y + 26}H{area.right}")


def alarm_row_height() -> int:
    """How much one policy's alarms take."""
    return 40


def time_axis(course: Course, area: Box, y: float) -> Iterator[str]:
    """The moments below the lowest plot, in minutes or in hours."""
    chart = Chart(area=area, last=course.seconds, most=1)
    hours = course.plan.minutes > HOURS_FROM
    unit, size = ("h", 3600) if hours else ("min", 60)
    ticks = [at // 1000 for at in time_ticks(course.seconds * 1000)]
    for second in ticks:
        value = f"{second / size:.1f}".removesuffix(".0")
        label = f"{value} {unit}" if second == ticks[-1] else value
        anchor = "end" if second == course.seconds else "middle"
        yield words(label, class_="label-small", x=chart.x(second), y=y, text_anchor=anchor)


def _area(chart: Chart, course: Course) -> str:
    line = _steps(chart, course.running, course.end)
    return f"{line}V{chart.area.bottom}H{chart.x(0)}Z"


def _steps(chart: Chart, levels: Sequence[Level], end: int) -> str:
    """A count that stands until it changes."""
    parts = [f"M{chart.x(0)} {chart.y(levels[0][1])}"]
    parts += [f"H{chart.x(at)}V{chart.y(count)}" for at, count in levels[1:]]
    return f"{''.join(parts)}H{chart.x(end)}"


def _y(chart: Chart, count: float) -> float | int:
    """Where a count that need not be whole is."""
    return rounded(chart.area.bottom - chart.area.height * min(count, chart.most) / chart.most)


def _counts(chart: Chart, course: Course) -> Iterator[str]:
    """The new number left of each change of what is desired, as far as there is room; right of it is what comes."""
    free = chart.area.x + APART / 2
    for (_, before), (at, count) in pairwise(course.desired):
        x = float(chart.x(at))
        if x < free:
            continue
        free = x + APART
        level = float(chart.y(count))
        y = max(level + 11, chart.area.y + 11) if count > before else min(level + 5, chart.area.bottom - 3)
        yield words(str(count), class_="label-small bound-label", x=rounded(x - 4), y=rounded(y), text_anchor="end")


def _holds(course: Course, most: int) -> bool:
    """Whether one maximum holds all the time and is on the axis."""
    return not course.plan.actions and course.plan.maximum <= most


def _window(chart: Chart, first: int, last: int, label: str) -> str:
    left, right = float(chart.x(first * 60)), float(chart.x(last * 60))
    frame = element(
        "rect", class_="window", x=left, y=chart.area.y, width=rounded(right - left), height=chart.area.height
    )
    return frame + words(label, class_="label-small bound-label", x=left + 5, y=chart.area.y + 14)


def _limits(course: Course) -> list[tuple[float, str, str]]:
    """The heights that data points are held against: (value, label, look)."""
    first = course.plan.policies[0]
    if isinstance(first, Tracking):
        low = low_threshold(first.target, course.moments[0].state.rules)
        return [
            (float(first.target), f"target {told(first.target)}", "target"),
            (float(low), f"low {told(low)}", "limit"),
        ]
    return [
        (float(one.threshold), f"{shorten(one.name, 9)} {told(one.threshold)}", "target")
        for one in course.plan.policies
        if not isinstance(one, Tracking) and one.metric == first.metric
    ]


def _limit_label(label: str, y: float, area: Box, layout: Layout) -> Iterator[str]:
    lower = y + 13 if label.startswith("low") else y - 3
    if layout.narrow:
        yield words(label, class_="label-small bound-label", x=area.right - 3, y=lower, text_anchor="end")
    else:
        yield words(label, class_="label-small", x=layout.marks, y=lower + (-3 if label.startswith("low") else 5))


def _dots(chart: Chart, course: Course) -> Iterator[str]:
    found = [(60 * minute, point) for minute, point in enumerate(course.points, start=1) if point is not None]
    if len(course.points) > MOST_DOTS:
        line = [f"{chart.x(at)} {chart.y(point)}" for at, point in found]
        if line:
            yield element("path", class_="points", d=f"M{'L'.join(line)}")
        return
    policy = course.plan.policies[0]
    high = policy.target * SCALE if isinstance(policy, Tracking) else None
    low = low_threshold(policy.target, course.moments[0].state.rules) * SCALE if isinstance(policy, Tracking) else None
    for at, point in found:
        x, y = float(chart.x(at)), float(chart.y(point))
        if high is not None and point > high:
            yield element("path", class_="dot failed", d=f"M{rounded(x - 4)} {rounded(y + 3.5)}h8l-4 -7Z")
        elif low is not None and point < low:
            yield element("path", class_="dot starting", d=f"M{rounded(x - 4)} {rounded(y - 3.5)}h8l-4 7Z")
        else:
            yield element("circle", class_="dot", cx=rounded(x), cy=rounded(y), r=3)
