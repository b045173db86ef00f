"""The deployment: running and healthy tasks between the two bounds over time, and the tasks at the load balancer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from diagrams.band_words import FAILURES, at_lower, at_upper, condition, narration, roster
from diagrams.chart import Chart, clock, count_ticks, time_ticks
from diagrams.film import Film, Frame, frames_of
from diagrams.layout import Box
from diagrams.look import Attributes, Look, changes, color, drawn, hatch, letter, rounded
from diagrams.markup import element, number, shorten, words
from simulator.deployment.scenario import MOST_TIMED_TASKS
from simulator.deployment.state import Event, Kind, State, Status, Target, Task
from simulator.trace import Trace

TITLE = "Tasks between the two bounds"
WIDTH = 720
MOST_BLOCKS = 24  # slots of one revision; above, tasks are counted and not drawn one by one
MOST_FRAMES = 1500
PLOT = Box(44, 66, WIDTH - 60, 190)
BELOW = 300  # where the tasks begin
LABEL = 138
LONGEST_LABEL = 10  # as long as “checkout:1”
BLOCK, BLOCK_HEIGHT, BLOCK_GAP = 43, 46, 4
A_ROW = 12
ROW = BLOCK_HEIGHT + BLOCK_GAP
LABEL_HEIGHT = 24  # of what a bound is called
CONDITIONS = ("healthy", "not yet healthy", "starting", "draining", "stopping", "unhealthy", "stopped")
GLYPHS = {
    "healthy": "✓", "not yet healthy": "○", "starting": "…", "draining": "↓", "stopping": "■", "unhealthy": "✕",
    "stopped": "–",
}  # fmt: skip
CLASSES = {
    "healthy": "healthy", "not yet healthy": "starting", "starting": "starting", "draining": "draining",
    "stopping": "draining", "unhealthy": "failed", "stopped": "dim",
}  # fmt: skip


def band_film(trace: Trace[State, Event], *, upto: int | None = None, like: Trace[State, Event] | None = None) -> Film:
    """A deployment as a film: frame `k` shows the state before event `k`, that is `state_at(trace, k)`.

    With `upto` the film ends at frame `upto` and nothing of what comes later is in it, not even the length of the
    time axis: what may be sent while a prediction is owed. `like` is a run shown beside this one: both axes have
    room for either, so that the two can be compared. Blocks carry `data-pick="task <number>"`. A film has at most
    `MOST_FRAMES` frames.
    """
    last = min(len(trace) if upto is None else upto, len(trace), MOST_FRAMES)
    states = _states(trace, last)
    events = trace.events[:last]
    scene = _scene(states, events, beside=_states(like, min(len(like), MOST_FRAMES)) if like else ())
    looks: list[Look] = []
    curves: Look = {}
    for step in range(last):
        curves.update(_no_stretch(step))
    for k in range(last + 1):
        if k:
            curves.update(_stretch(scene.chart, states[k - 1], states[k], k - 1))
        looks.append({**curves, **_look(scene, states[k], events, k)})
    patches = [{}, *(changes(before, after) for before, after in pairwise(looks))]
    said = narration(events, states, ends=last == len(trace))
    return Film(title=TITLE, svg=_svg(scene, looks[0]), frames=frames_of(patches, said))


def opening_film(trace: Trace[State, Event], *, ask: str) -> Film:
    """The service before its deployment, with a question for caption and without the bounds, which may answer it."""
    first = trace.checkpoints[0]
    scene = _scene([first], [])
    look = _look(scene, first, [], 0)
    for name in ("band", "low", "high", "lowt", "hight"):
        blank = {"y": 0, "height": 0} if name in ("band", "low", "high") else {"y": 0, "text": ""}
        look[name] = {**blank, "hidden": True}
    frame = Frame(patch={}, caption=ask, text=f"{ask}\n{roster(first)}")
    return Film(title=TITLE, svg=_svg(scene, look), frames=(frame,))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What stays the same through a film. `slots` is each task's place among those of its revision."""

    chart: Chart
    revisions: tuple[str, ...]
    tasks: Mapping[int, Task]
    slots: Mapping[int, int]
    rows: Mapping[str, float]  # the top of each revision's blocks
    balancer: float
    bottom: float
    has_balancer: bool
    single: bool  # blocks one by one, or counted bars
    most: int
    steps: int
    failures: tuple[int, ...]


def _states(trace: Trace[State, Event], last: int) -> list[State]:
    states = [trace.checkpoints[0]]
    for event in trace.events[:last]:
        states.append(trace.mechanism.apply(states[-1], event))
    return states


def _scene(states: Sequence[State], events: Sequence[Event], *, beside: Sequence[State] = ()) -> _Scene:
    tasks: dict[int, Task] = {}
    for state in states:
        for task in state.tasks:
            tasks.setdefault(task.number, task)
    first = states[0]
    revisions = tuple(dict.fromkeys([first.plan.old, first.plan.new, *(task.revision for task in tasks.values())]))
    slots = _slots(states)
    wide = {
        revision: max(
            (slots[key] + 1 for key, task in tasks.items() if task.revision == revision), default=first.desired
        )
        for revision in revisions
    }
    single = max(wide.values(), default=0) <= MOST_BLOCKS
    both = (*states, *beside)
    most = max(max(min(state.upper, 2 * MOST_TIMED_TASKS), state.present, state.capacity or 0) for state in both)
    heights = {one: ROW * max(1, -(-wide[one] // A_ROW)) if single else ROW for one in revisions}
    rows, balancer, bottom = _rows(revisions, heights)
    return _Scene(
        chart=Chart(area=PLOT, last=max(60_000, *(state.now for state in both)), most=max(most + 1, 2)),
        revisions=revisions,
        tasks=tasks,
        slots=slots,
        rows=rows,
        balancer=balancer,
        bottom=bottom,
        has_balancer=first.plan.load_balancer is not None,
        single=single,
        most=max(most, 1),
        steps=len(events),
        failures=_failures(events),
    )


def _failures(events: Sequence[Event]) -> tuple[int, ...]:
    """The events that get a cross: tasks that fail, and a deployment that fails where no task did at that moment."""
    found = [k for k, event in enumerate(events) if event.kind in FAILURES and event.kind is not Kind.STUCK]
    moments = {events[k].at for k in found if events[k].tasks}
    return tuple(k for k in found if events[k].tasks or events[k].at not in moments)


def _rows(revisions: Sequence[str], heights: Mapping[str, float]) -> tuple[dict[str, float], float, float]:
    """The old revision above the load balancer, every newer one below."""
    rows: dict[str, float] = {}
    top = float(BELOW)
    balancer = 0.0
    for at, revision in enumerate(revisions):
        rows[revision] = top
        top += heights[revision]
        if at == 0:
            balancer = top + 6
            top += 46
        else:
            top += 8
    return rows, balancer, top


def _slots(states: Sequence[State]) -> dict[int, int]:
    """Each task's place in its revision's row: the lowest that is free when it comes."""
    slots: dict[int, int] = {}
    for state in states:
        held: dict[str, set[int]] = {}
        for task in state.tasks:
            if task.number in slots:
                held.setdefault(task.revision, set()).add(slots[task.number])
        for task in state.tasks:
            if task.number not in slots:
                taken = held.setdefault(task.revision, set())
                slots[task.number] = next(i for i in range(len(taken) + 1) if i not in taken)
                taken.add(slots[task.number])
    return slots


def _look(scene: _Scene, state: State, events: Sequence[Event], k: int) -> Look:
    """How every element looks in frame `k`, but for the curves."""
    chart = scene.chart
    look: Look = {}
    for at in scene.failures:
        count = len(events[at].tasks)
        look[f"x{at}"] = {"text": f"{count} ✕" if count > 1 else "✕", "x": chart.x(events[at].at), "hidden": at >= k}
    x = chart.x(state.now)
    low, high = chart.y(state.lower), chart.y(state.upper)
    look["now"] = {"transform": f"translate({x} 0)"}
    look["clock"] = {"text": clock(state.now)}
    look["band"] = {"y": high, "height": rounded(max(float(low) - float(high), 0))}
    look["low"] = {"y": rounded(float(low) - 1), "class": "bound bound-touched" if at_lower(state) else "bound"}
    look["high"] = {"y": rounded(float(high) - 1), "class": "bound bound-touched" if at_upper(state) else "bound"}
    # Below its line, but above it where the axis' own words stand below.
    beneath = float(low) + LABEL_HEIGHT <= chart.area.bottom
    look["lowt"] = {
        "y": rounded(float(low) + (LABEL_HEIGHT - 2 if beneath else -7)),
        "text": f"at least {state.lower} healthy",
    }
    look["hight"] = {"y": rounded(float(high) - 7), "text": f"at most {state.upper}"}
    room = state.capacity
    look["cap"] = {"y": rounded(float(chart.y(room or 0)) - 1), "hidden": room is None}
    look["capt"] = {"y": rounded(float(chart.y(room or 0)) - 6), "text": f"room for {room}", "hidden": room is None}
    look["v-running"] = {"text": f"{state.running} running"}
    look["v-healthy"] = {"text": f"{state.healthy} healthy"}
    look["v-all"] = {"text": f"{state.counted} in all"}
    return look | (_blocks(scene, state) if scene.single else _bars(scene, state))


def _no_stretch(step: int) -> Look:
    return {f"a{step}": _EMPTY, f"c{step}": _EMPTY, f"h{step}": _EMPTY}


_EMPTY: Attributes = {"d": ""}


def _stretch(chart: Chart, before: State, after: State, step: int) -> Look:
    """The curves between two events: one short path each, so that a frame adds to the curve and repeats nothing."""
    start, end = before.now, after.now
    if start == end and (before.running, before.healthy, before.counted) == (
        after.running,
        after.healthy,
        after.counted,
    ):
        return _no_stretch(step)
    return {
        f"a{step}": {"d": chart.step(start, end, before.counted, after.counted)},
        f"c{step}": {"d": chart.step(start, end, before.running, after.running)},
        f"h{step}": {"d": chart.step(start, end, before.healthy, after.healthy)},
    }


def _blocks(scene: _Scene, state: State) -> Look:
    """Each task as a block: its revision by color, hatch and letter, its state by frame and glyph."""
    here = {task.number: task for task in state.tasks}
    look: Look = {}
    for key, first in scene.tasks.items():
        task = here.get(key)
        shade = color(scene.revisions.index(first.revision))
        what = condition(task) if task else "stopped"
        served = task is not None and _is_served(scene, task)
        look[f"t{key}"] = {"class": f"task {shade} {CLASSES[what]}", "hidden": task is None}
        look[f"y{key}"] = {"text": GLYPHS[what]}
        look[f"l{key}"] = {"class": "edge active" if served else "edge", "hidden": not served}
    return look


def _is_served(scene: _Scene, task: Task) -> bool:
    """Whether the load balancer sends it new requests."""
    return scene.has_balancer and task.target is Target.HEALTHY and task.status is Status.RUNNING


def _bars(scene: _Scene, state: State) -> Look:
    """For many tasks: one bar a revision, a stretch for each state, with the counts."""
    look: Look = {}
    unit = (WIDTH - LABEL - 20) / max(scene.most, 1)
    for at, revision in enumerate(scene.revisions):
        sums = Counter(condition(task) for task in state.tasks if task.revision == revision)
        left = float(LABEL)
        for i, what in enumerate(CONDITIONS):
            width = sums[what] * unit
            look[f"q{at}-{i}"] = {"x": rounded(left), "width": rounded(width)}
            left += width
        said = ", ".join(f"{sums[what]} {what}" for what in CONDITIONS if sums[what])
        look[f"w{at}"] = {"text": said or "none"}
    return look


def _svg(scene: _Scene, look: Look) -> str:
    body = [*_plot(scene, look), *_balancer(scene)]
    body += _block_elements(scene, look) if scene.single else _bar_elements(scene, look)
    return element(
        "svg",
        "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {number(scene.bottom)}",
        class_="band-figure",
        role="img",
        aria_label=TITLE,
    )


def _plot(scene: _Scene, look: Look) -> list[str]:
    area = scene.chart.area
    parts = [drawn("band", "rect", look, class_="band", x=area.x, width=area.width)]
    for count in count_ticks(scene.chart.most):
        y = float(scene.chart.y(count))
        parts.append(element("path", class_="axis", d=f"M{number(area.x)} {number(y)}H{number(area.right)}"))
        parts.append(words(str(count), class_="label-small", x=area.x - 8, y=y + 5, text_anchor="end"))
    ticks = time_ticks(scene.chart.last)
    for i, at in enumerate(ticks):
        last = i == len(ticks) - 1
        place = {"x": float(scene.chart.x(at)), "y": area.bottom + 25}
        anchor = "start" if not i else "end" if last and float(scene.chart.x(at)) > area.right - 30 else "middle"
        side = "label-small" if i % 2 == 0 or len(ticks) < 5 else "label-small wide-only"
        parts.append(words(clock(at), class_=side, text_anchor=anchor, **place))
    for name in ("low", "high"):
        parts.append(drawn(name, "rect", look, x=area.x, width=area.width, height=2.5))
    parts.append(drawn("cap", "rect", look, class_="room", x=area.x, width=area.width, height=2))
    parts.append(drawn("capt", "text", look, class_="label-small bound-label", x=area.x + 8))
    for step in range(scene.steps):
        parts.append(drawn(f"a{step}", "path", look, class_="curve curve-all"))
        parts.append(drawn(f"c{step}", "path", look, class_="curve"))
        parts.append(drawn(f"h{step}", "path", look, class_="curve curve-healthy"))
    for at in scene.failures:
        parts.append(drawn(f"x{at}", "text", look, class_="failure", y=area.bottom - 5, text_anchor="middle"))
    for name in ("lowt", "hight"):
        parts.append(drawn(name, "text", look, class_="label-small bound-label", x=area.right - 6, text_anchor="end"))
    line = element("path", class_="now-line", d=f"M0 {number(area.y - 8)}V{number(area.bottom)}")
    parts.append(drawn("now", "g", look, line))
    parts.append(drawn("clock", "text", look, class_="label strong", x=WIDTH - 12, y=24, text_anchor="end"))
    keys = (("v-running", "curve"), ("v-healthy", "curve curve-healthy"), ("v-all", "curve curve-all"))
    for i, (name, look_of) in enumerate(keys):
        left = 8 + 156 * i
        parts.append(element("path", class_=look_of, d=f"M{left} 18h26"))
        parts.append(drawn(name, "text", look, class_="label", x=left + 32, y=24))
    return parts


def _balancer(scene: _Scene) -> list[str]:
    """The load balancer as a bar between the old tasks and the new ones."""
    top = scene.balancer
    name = "load balancer" if scene.has_balancer else "no load balancer"
    kind = "balancer" if scene.has_balancer else "balancer dim"
    parts = [
        element("rect", class_=kind, x=LABEL, y=top, width=WIDTH - LABEL - 8, height=28, rx=6),
        words(name, class_="label", x=LABEL + (WIDTH - LABEL - 8) / 2, y=top + 20, text_anchor="middle"),
    ]
    for at, revision in enumerate(scene.revisions):
        y = scene.rows[revision]
        parts.append(
            element(
                "g",
                _swatch(at),
                class_=f"task {color(at)}",
                transform=f"translate(8 {number(y + BLOCK_HEIGHT / 2 - 7)})",
            )
        )
        parts.append(words(shorten(revision, LONGEST_LABEL), class_="label-small", x=30, y=y + BLOCK_HEIGHT / 2 + 5))
    return parts


def _swatch(at: int) -> str:
    return element("rect", width=16, height=14, rx=2) + element("path", class_="task-lines", d=hatch(at, 16, 14))


def _block_elements(scene: _Scene, look: Look) -> list[str]:
    parts: list[str] = []
    for key, task in scene.tasks.items():
        at = scene.revisions.index(task.revision)
        slot = scene.slots[key]
        x = LABEL + 6 + (slot % A_ROW) * (BLOCK + BLOCK_GAP)
        y = scene.rows[task.revision] + (slot // A_ROW) * ROW
        below = at > 0
        # What stands next to the bar is joined to it straight, what stands behind through the gap beside it.
        nearest = slot // A_ROW == 0 if below else y + ROW >= scene.balancer - 8
        start = scene.balancer + 28 if below else scene.balancer
        end = y if below else y + BLOCK_HEIGHT
        stub = f"M{number(x + BLOCK / 2)} {number(start)}V{number(end)}"
        if not nearest or at > 1:
            stub = f"M{number(x + BLOCK)} {number(y + BLOCK_HEIGHT / 2)}h{BLOCK_GAP / 2}V{number(start)}"
        parts.append(drawn(f"l{key}", "g", look, element("path", class_="edge-line", d=stub)))
        inner = element("rect", width=BLOCK, height=BLOCK_HEIGHT, rx=4)
        inner += element("path", class_="task-lines", d=hatch(at, BLOCK, BLOCK_HEIGHT, 8))
        inner += words(f"{letter(at)}{key}", class_="task-name", x=BLOCK / 2, y=19, text_anchor="middle")
        inner += drawn(f"y{key}", "text", look, class_="task-state", x=BLOCK / 2, y=39, text_anchor="middle")
        place = f"translate({number(x)} {number(y)})"
        parts.append(drawn(f"t{key}", "g", look, inner, transform=place, data_pick=f"task {key}"))
    return parts


def _bar_elements(scene: _Scene, look: Look) -> list[str]:
    parts: list[str] = []
    for at, revision in enumerate(scene.revisions):
        y = scene.rows[revision]
        for i, what in enumerate(CONDITIONS):
            piece = drawn(f"q{at}-{i}", "rect", look, y=y, height=18)
            parts.append(element("g", piece, class_=f"task {color(at)} {CLASSES[what]}"))
        parts.append(drawn(f"w{at}", "text", look, class_="label-small", x=LABEL, y=y + 39))
    return parts
