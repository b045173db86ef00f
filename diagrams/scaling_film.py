"""Service auto scaling over time as a film: one run with its metric and alarms, or several lanes under one load.

The curves are drawn once. A veil lies over what is still to come and goes back minute by minute, so a frame is small;
while a prediction is owed, what is to come is not even drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from diagrams.chart import Chart
from diagrams.film import Film, Said, frames_of
from diagrams.layout import Box
from diagrams.look import Look, changes, rounded
from diagrams.markup import element, words
from diagrams.scaling_course import Course, Run, course_of, peak
from diagrams.scaling_lane import (
    NARROW,
    WIDE,
    Layout,
    alarm_names,
    alarm_row_height,
    alarm_rows,
    key_of,
    lane,
    lane_axes,
    load_line,
    metric,
    metric_axes,
    round_top,
    time_axis,
)
from diagrams.scaling_words import READOUTS, readouts, said_of, said_of_race

TITLE = "Load, tasks, and what scales them"
MOST_ALARM_ROWS = 3
READOUT_GAP = 20


def run_film(run: Run, *, like: Run | None = None) -> Film:
    """One run: its load against its tasks, the metric against its target, the alarms.

    Parameters
    ----------
    like : a run shown beside this one: the lane has room for either, so that the two can be compared.
    """
    course = course_of(run)
    others = [course_of(like)] if like else []
    return _film([course], [], others, [said_of(course, moment) for moment in course.moments])


def run_opening(run: Run, *, upto: int, ask: str) -> Film:
    """One run as it may be seen while a prediction is owed: at one moment, with a question for caption.

    Nothing of what comes later is in the film, but for the load, which the question is about.
    """
    course = _at_its_end(course_of(run, upto))
    return _film([course], [], [], [said_of(course, course.moments[0], ask=ask)])


def race_film(runs: Mapping[str, Run]) -> Film:
    """Several runs under the same load, a lane each; the names are the lanes'."""
    courses = [course_of(run) for run in runs.values()]
    names = list(runs)
    said = [said_of_race(courses, names, k) for k in range(len(courses[0].moments))]
    return _film(courses, names, [], said)


def race_opening(runs: Mapping[str, Run], *, upto: int, ask: str) -> Film:
    """The lanes as they may be seen while a prediction is owed; see `run_opening`."""
    courses = [_at_its_end(course_of(run, upto)) for run in runs.values()]
    return _film(courses, list(runs), [], [said_of_race(courses, list(runs), 0, ask=ask)])


def _at_its_end(course: Course) -> Course:
    """Only the last moment to rest at."""
    return replace(course, moments=course.moments[-1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the parts of a figure are. `titles` are the lines on which the lanes' names stand."""

    lanes: tuple[Box, ...]
    titles: tuple[int, ...]
    metric: Box | None
    alarms: Box | None
    rows: int
    top: int
    bottom: int
    height: int


def _film(courses: Sequence[Course], names: Sequence[str], others: Sequence[Course], said: Sequence[Said]) -> Film:
    most = round_top(max(peak(course) for course in (*courses, *others)))
    wide, narrow = (_place(courses[0], len(courses), layout, named=bool(names)) for layout in (WIDE, NARROW))
    looks: list[Look] = [
        {
            **_veil(courses[0], k, wide, WIDE, ""),
            **_veil(courses[0], k, narrow, NARROW, "n-"),
            **_readouts(courses, k),
        }
        for k in range(len(courses[0].moments))
    ]
    return Film(
        title=TITLE,
        svg=_svg(courses, names, most, wide, WIDE, ""),
        narrow=_svg(courses, names, most, narrow, NARROW, "n-"),
        frames=frames_of([looks[0], *(changes(before, after) for before, after in pairwise(looks))], said),
    )


def _place(course: Course, count: int, layout: Layout, *, named: bool) -> _Place:
    y = 46 if layout.narrow else 26
    height = (84 if layout.narrow else 100) if named else (136 if layout.narrow else 168)
    lanes: list[Box] = []
    titles: list[int] = []
    for at in range(count):
        titles.append(y + (24 if named else 18))
        y += (78 if layout.narrow else 42) if named else (64 if layout.narrow else 22)
        if at == 0:
            y += 18 if named else 8  # for the names of the axes
        lanes.append(Box(layout.left, y, layout.right - layout.left, height))
        y += height
    bottom, box, alarms, rows = y, None, None, 0
    if not named and course.plan.policies:
        box = Box(layout.left, y + 40, layout.right - layout.left, 92)
        rows = min(len(course.plan.policies), MOST_ALARM_ROWS)
        alarms = Box(layout.left, box.bottom + 16, box.width, rows * alarm_row_height())
        bottom = int(alarms.bottom)
    return _Place(
        lanes=tuple(lanes),
        titles=tuple(titles),
        metric=box,
        alarms=alarms,
        rows=rows,
        top=int(lanes[0].y),
        bottom=bottom,
        height=bottom + 26,
    )


def _svg(courses: Sequence[Course], names: Sequence[str], most: int, place: _Place, layout: Layout, prefix: str) -> str:
    course = courses[0]
    parts: list[str] = [*key_of(layout, 16)]
    for at, one in enumerate(courses):
        parts += lane(one, place.lanes[at], most)
        parts.append(load_line(one, place.lanes[at], most, "curve"))
    if place.metric and place.alarms:
        parts += metric(course, place.metric)
        parts += alarm_rows(course, place.alarms, place.rows)
    parts.append(_drawn_veil(course, place, layout, prefix))
    for at, one in enumerate(courses):
        parts.append(load_line(one, place.lanes[at], most, "curve to-come"))
        parts += lane_axes(one, place.lanes[at], most, layout, units=at == 0)
    parts.append(element("path", class_="now-line", id=f"{prefix}now", d=_now(course, 0, place)))
    if place.metric and place.alarms:
        parts += metric_axes(course, place.metric, layout)
        parts += alarm_names(course, place.alarms, place.rows)
    for at, name in enumerate(names):
        parts.append(words(name, class_="label strong", x=0 if layout.narrow else layout.left, y=place.titles[at]))
    for at, one in enumerate(courses):
        parts += _drawn_readouts(one, at, place, layout, named=bool(names))
    parts += time_axis(course, place.lanes[0], place.bottom + 20)
    return element(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {layout.width} {place.height}",
        class_="scaling",
        role="img",
        aria_label=TITLE,
    )


def _drawn_veil(course: Course, place: _Place, layout: Layout, prefix: str) -> str:
    look = _veil(course, 0, place, layout, prefix)[f"{prefix}veil"]
    top = place.top - 6
    return element("rect", class_="veil", id=f"{prefix}veil", y=top, height=place.bottom - top, **look)


def _veil(
    course: Course, k: int, place: _Place, layout: Layout, prefix: str
) -> dict[str, dict[str, float | int | str]]:
    """What is still to come is covered, and a line stands at the moment."""
    chart = Chart(area=place.lanes[0], last=course.seconds, most=1)
    x = float(chart.x(course.moments[k].at)) + 4  # behind the data point of this minute
    return {
        f"{prefix}veil": {"x": rounded(x), "width": rounded(max(0.0, layout.right + 6 - x))},
        f"{prefix}now": {"d": _now(course, k, place)},
    }


def _now(course: Course, k: int, place: _Place) -> str:
    chart = Chart(area=place.lanes[0], last=course.seconds, most=1)
    x = chart.x(course.moments[k].at)
    # Not across what stands between the lanes.
    below = (place.metric, place.alarms) if place.metric and place.alarms else ()
    return "".join(f"M{x} {rounded(area.y - 5)}V{rounded(area.bottom)}" for area in (*place.lanes, *below))


def _readouts(courses: Sequence[Course], k: int) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for at, course in enumerate(courses):
        shown = readouts(course.moments[min(k, len(course.moments) - 1)].state)
        found |= {f"r{at}-{name}": {"text": shown[name]} for name in READOUTS}
    return found


def _drawn_readouts(course: Course, at: int, place: _Place, layout: Layout, *, named: bool) -> Iterator[str]:
    """Beside the lane where there is room, else in two lines above it."""
    shown = readouts(course.moments[0].state)
    area = place.lanes[at]
    for row, name in enumerate(READOUTS):
        look = "label-small strong" if name == "tasks" else "label-small"
        spot: dict[str, float | str]
        if layout.said is not None:
            spot = {"x": layout.said, "y": area.y + 12 + row * READOUT_GAP}
        else:
            line = place.titles[at] + (20 if named else 0)
            columns = {"tasks": (0, 0), "cpu": (1, 0), "wait": (0, 1), "lost": (1, 1), "cost": (2, 0)}
            column, down = columns[name]
            x = (0, 186, layout.width)[column]
            spot = {"x": x, "y": line + 18 * down, "text_anchor": "end" if column == 2 else "start"}
        yield words(shown[name], class_=look, id=f"r{at}-{name}", **spot)
