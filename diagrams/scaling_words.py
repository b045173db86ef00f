"""What is said about a moment of service auto scaling: readouts beside a lane, a caption, and the text face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from diagrams.chart import clock
from diagrams.film import Said
from diagrams.scaling_course import Course, Moment, in_a_row
from simulator.scaling import Event, State
from simulator.scaling.alarms import Alarm, low_threshold
from simulator.scaling.policies import BACKLOG, CPU, QUEUE, REQUESTS, Policy, Tracking
from simulator.scaling.situation import tasks, told
from simulator.scaling.state import SCALE, Kind
from simulator.scaling.wording import alarm_name, explain_event
from simulator.trace import state_at

TELLING = (Kind.SCALED, Kind.SCHEDULED, Kind.CHANGED, Kind.DEPLOYMENT, Kind.NOT_SCALED, Kind.ALARM)
METRICS: Mapping[str, str] = {
    CPU: "CPU, %",
    REQUESTS: "Requests a target and minute",
    BACKLOG: "Backlog per task",
    QUEUE: "Messages in the queue",
}
_READ: Mapping[str, str] = {
    CPU: "CPU {} %",
    REQUESTS: "{} requests a target and minute",
    BACKLOG: "a backlog of {} a task",
    QUEUE: "{} messages in the queue",
}
READOUTS = ("tasks", "cpu", "wait", "lost", "cost")


def readouts(state: State) -> dict[str, str]:
    """The five short lines beside a lane, by their names in `READOUTS`."""
    waits = state.queue // SCALE
    slow = f"{_seconds(state.latency)} s to answer" if state.latency is not None else ""
    if not state.running:
        slow = "no task answers"
    worker = state.plan.works_on_queue
    return {
        "tasks": f"{state.desired} desired, {state.running} running",
        "cpu": "CPU not measured" if state.cpu is None else f"CPU {_tenths(state.cpu)} %",
        "wait": f"{waits:,} waiting" if worker else slow,
        "lost": "" if worker else f"{state.failed // SCALE:,} lost",
        "cost": f"${dollars(state):.3f}",
    }


def dollars(state: State) -> float:
    """What the tasks have cost so far."""
    return float(state.plan.price * state.billed / 3600)


def said_of(course: Course, moment: Moment, *, ask: str = "") -> Said:
    """The words of a moment of one run; `ask` stands in for the caption."""
    sentences = [explain_event(state_at(course.run, k), course.run.events[k]).sentence for k in moment.told]
    chief = chief_of(course, moment)
    caption = ask or (sentences[moment.told.index(chief)] if chief is not None else standing(moment.state))
    shown = readouts(moment.state)
    lines = [clock(moment.at * 1000) + ".", *([ask] if ask else sentences or [standing(moment.state)])]
    lines.append(f"{_arriving(moment.state)} {', '.join(value for value in shown.values() if value)}.")
    mark = clock(moment.at * 1000)
    return Said(caption=caption, text="\n".join(lines), mark=mark, tone="" if ask else tone(course, moment))


def said_of_race(courses: Sequence[Course], names: Sequence[str], k: int, *, ask: str = "") -> Said:
    """The words of the same moment of several runs under one load."""
    moments = [course.moments[min(k, len(course.moments) - 1)] for course in courses]
    states = [moment.state for moment in moments]
    lines = [f"{clock(moments[0].at * 1000)}. {_arriving(states[0])}"]
    for name, state in zip(names, states, strict=True):
        lines.append(f"{name}: {', '.join(value for value in readouts(state).values() if value)}.")
    over = moments[0].at == courses[0].seconds
    caption = ask or (_result(names, states) if over else _racing(courses, names, moments))
    tones = {tone(course, moment) for course, moment in zip(courses, moments, strict=True)}
    first = next((one for one in ("done", "bound", "refused") if one in tones), "")
    return Said(caption=caption, text="\n".join(lines), mark=clock(moments[0].at * 1000), tone="" if ask else first)


def standing(state: State) -> str:
    """How the first policy's metric stands to its alarms, where nothing else is to be told."""
    if not state.plan.policies:
        return f"No policy watches a metric: {tasks(state.desired)} stay until something sets another range."
    policy, points = state.plan.policies[0], state.points[0]
    if not points:
        return (
            f"{tasks(state.running)} {'runs' if state.running == 1 else 'run'}. The first data point comes in a minute."
        )
    if points[-1] is None:
        return "The metric has no data point: nothing is scaled."
    read = _READ.get(policy.metric, "{}").format(_tenths(points[-1]))
    read = f"{read[0].upper()}{read[1:]}"
    return f"{read}{_against(policy, points, state)}{_coming(state)}"


def chief_of(course: Course, moment: Moment) -> int | None:
    """Which event of a moment is told in its caption: the last of the most telling kind."""
    for kind in TELLING:
        found = [k for k in moment.told if course.run.events[k].kind is kind]
        if found:
            return found[-1]
    return None


def tone(course: Course, moment: Moment) -> str:
    """The look of the scrubber's tick."""
    events = [course.run.events[k] for k in moment.told]
    moved = [event for event in events if event.kind in (Kind.SCALED, Kind.SCHEDULED) and event.after != event.before]
    if moved:
        return "done" if moved[-1].after > moved[-1].before else "bound"
    return "refused" if any(event.kind is Kind.NOT_SCALED for event in events) else ""


def _against(policy: Policy, points: Sequence[int | None], state: State) -> str:
    value = points[-1] or 0
    if not isinstance(policy, Tracking):
        beyond = state.alarms[0] is Alarm.ALARM
        return f"; the threshold is {told(policy.threshold)}, and the alarm is {'in ALARM' if beyond else 'OK'}."
    target, low = policy.target * SCALE, low_threshold(policy.target, state.rules) * SCALE
    if value > target:
        count, most = in_a_row(points, lambda point: point > target), state.rules.high_points
        counted = f"data point {count} of {most}" if count < most else f"{alarm_name(policy, Alarm.HIGH)} is in ALARM"
        return f", above the target of {told(policy.target)}: {counted}."
    if value < low:
        count, most = in_a_row(points, lambda point: point < low), state.rules.low_points
        counted = f"data point {count} of {most}" if count < most else f"{alarm_name(policy, Alarm.LOW)} is in ALARM"
        return f", below {told(low_threshold(policy.target, state.rules))}: {counted}."
    limit = told(low_threshold(policy.target, state.rules))
    return f", between {limit} and the target of {told(policy.target)}: no data point counts."


def _coming(state: State) -> str:
    if state.starting:
        return f" {tasks(state.starting)} still {'starts' if state.starting == 1 else 'start'}."
    short = state.desired - state.running
    return f" The cluster has no room for {tasks(short)}." if short > 0 else ""


def _arriving(state: State) -> str:
    unit = "messages" if state.plan.works_on_queue else "requests"
    return f"{_tenths(state.load)} {unit} a second."


def _racing(courses: Sequence[Course], names: Sequence[str], moments: Sequence[Moment]) -> str:
    parts: list[str] = []
    for course, name, moment in zip(courses, names, moments, strict=True):
        moved = [event for event in _events(course, moment) if event.after != event.before]
        if moved:
            parts.append(f"{name} goes from {moved[0].before} to {moved[-1].after} tasks.")
    if parts:
        return " ".join(parts)
    loaded = [name for name, moment in zip(names, moments, strict=True) if moment.state.queue > 0]
    if loaded:
        return f"More arrives than the running tasks can do: {', '.join(loaded)}."
    return "No request waits anywhere."


def _events(course: Course, moment: Moment) -> list[Event]:
    return [course.run.events[k] for k in moment.told if course.run.events[k].kind in (Kind.SCALED, Kind.SCHEDULED)]


def _result(names: Sequence[str], states: Sequence[State]) -> str:
    lost = "; ".join(
        f"{name} {state.failed // SCALE:,} for ${dollars(state):.2f}" for name, state in zip(names, states, strict=True)
    )
    return f"The time is over. Requests lost: {lost}."


def _tenths(value: int) -> str:
    return f"{value / SCALE:,.1f}".removesuffix(".0")


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.1f}".removesuffix(".0")
