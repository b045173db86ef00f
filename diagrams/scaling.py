"""Service auto scaling as an architecture: the load, the service, the alarms on its metrics, and what acts on them."""

from __future__ import annotations

from collections.abc import Sequence

from diagrams.markup import shorten
from diagrams.model import Diagram, Edge, Group, Node
from simulator.scaling.alarms import Alarm
from simulator.scaling.policies import BACKLOG, CPU, QUEUE, REQUESTS, Policy, Tracking
from simulator.scaling.situation import tasks, told
from simulator.scaling.state import SCALE, State
from simulator.scaling.wording import alarm_name

MOST_TASKS = 12  # drawn one by one; more are counted by what they do
MOST_ALARMS = 4  # drawn one by one; more are counted
LONGEST = 22  # characters of a label or a detail

_UNITS = {CPU: "CPU {} %", REQUESTS: "{} a target, min", BACKLOG: "{} a task", QUEUE: "{} waiting"}
_ALARM_STATES = {
    Alarm.OK: "healthy",
    Alarm.HIGH: "chosen",
    Alarm.LOW: "chosen",
    Alarm.ALARM: "chosen",
    Alarm.NO_DATA: "failed",
}
_REFUSALS = {
    "AutoScalingAnticipatedFlapping": "flapping ahead",
    "AlreadyAtMaxCapacity": "at the maximum",
    "AlreadyAtMinCapacity": "at the minimum",
    "AlreadyAtDesiredCapacity": "enough already",
    "insufficientData": "no data",
    "noStep": "no step for it",
    "adjustmentOfZero": "step of 0",
    "cooldown": "cooldown",
    "scaleInDisabled": "scale-in disabled",
    "deploymentInProgress": "deployment",
    "suspended": "suspended",
    "notAllReady": "not all ready",
    "tasksStarting": "tasks starting",
}
_SCALER = (
    "Application Auto Scaling reads the alarms and sets the service's desired count between MinCapacity and "
    "MaxCapacity. It never changes the size of a task."
)
_WATCH = "CloudWatch gets the service's metrics, a data point a minute, and each policy has its alarms on them."
_SERVICE = "The ECS service: its scheduler keeps as many tasks running as the desired count says."


def scaling_diagram(state: State, *, title: str | None = None) -> Diagram:
    """The service and what scales it, at one moment of a run.

    The way from Application Auto Scaling to the service is in use at the moment of a change, and blocked where an alarm
    fires and nothing is scaled; the scaler's card says why.
    """
    nodes = [*_source(state), *_alarms(state), _scaler(state)]
    cards = _cards(state)
    # It watches the service's metrics; a road back from the service would cross everything, so it is only said.
    watch = [Group(id="cloudwatch", label="CloudWatch", kind="group", explanation=_WATCH)] if state.alarms else []
    said = title or f"The service and its auto scaling after {state.now // 60} min {state.now % 60} s"
    return Diagram(
        title=said,
        nodes=(*nodes, *cards),
        groups=(*watch, Group(id="service", label="ECS service", kind="service", explanation=_SERVICE)),
        edges=tuple(_edges(state)),
        direction="right",
    )


def _source(state: State) -> list[Node]:
    """Where the load comes from: users through a load balancer, or producers through a queue."""
    rate = _tenths(state.load)
    waits = state.queue // SCALE
    if state.plan.works_on_queue:
        return [
            _node("users", "Producers", "user", f"{rate} a second", f"They send {rate} messages a second."),
            _node("door", "SQS queue", "queue", f"{waits} waiting", f"{waits} messages wait for a task."),
        ]
    lost = f", and {state.failed // SCALE} gave up so far" if state.failed >= SCALE else ""
    slow = "" if state.latency is None else f"{state.latency} ms"
    slow = slow if state.running else "no task answers"
    return [
        _node("users", "Users", "user", f"{rate} a second", f"They send {rate} requests a second."),
        _node("door", "ALB", "alb", slow, f"{waits} requests wait for a task{lost}."),
    ]


def _alarms(state: State) -> list[Node]:
    policies = state.plan.policies
    if len(policies) > MOST_ALARMS:
        acting = sum(alarm.acts for alarm in state.alarms)
        said = f"{len(policies)} policies have alarms, and {acting} of them act."
        return [
            _node("alarms", f"{len(policies)} policies", "alarm", f"{acting} act", said, "chosen" if acting else "")
        ]
    return [_alarm(number, policy, state) for number, policy in enumerate(policies)]


def _alarm(number: int, policy: Policy, state: State) -> Node:
    alarm, points = state.alarms[number], state.points[number]
    value = points[-1] if points else None
    missing = "no data" if points else "no data yet"
    measured = missing if value is None else _measured(policy.metric, value)
    limit = f"target {told(policy.target)}" if isinstance(policy, Tracking) else f"threshold {told(policy.threshold)}"
    if alarm.acts:
        said = f"{alarm_name(policy, alarm)} is in ALARM."
    else:
        said = "Its metric has no data: INSUFFICIENT_DATA." if alarm is Alarm.NO_DATA else "No alarm acts."
    return _node(
        f"alarm {number}",
        shorten(policy.name, LONGEST),
        "alarm",
        shorten(measured, LONGEST),
        f"{policy.name}: {limit}, the newest data point says {measured}. {said}",
        _ALARM_STATES[alarm],
    )


def _measured(metric: str, value: int) -> str:
    return _UNITS.get(metric, "{}").format(_tenths(value))


def _tenths(value: int) -> str:
    """Thousandths as they are read, with at most one decimal."""
    return f"{value / SCALE:.1f}".removesuffix(".0")


def _scaler(state: State) -> Node:
    said = f"{_SCALER} Now {state.desired} are desired, in the range {state.minimum} to {state.maximum}."
    if not state.refused:
        return _node("scaler", "Scaler", "scheduler", f"wants {state.desired}", said)
    why = _REFUSALS.get(state.refused, state.refused)
    return _node("scaler", "Scaler", "scheduler", why, f"{said} It scaled nothing last: {why}.", "refused")


def _cards(state: State) -> list[Node]:
    """The tasks, one by one or counted; and those that the cluster has no room for."""
    kinds = (
        ("running", state.running, "healthy", "works"),
        ("starting", state.starting, "starting", "starts"),
        ("stopping", state.stopping, "draining", "stops"),
    )
    cards: list[Node] = []
    if sum(count for _, count, _, _ in kinds) <= MOST_TASKS:
        for name, count, look, does in kinds:
            cards += [
                _task(f"{name} {at}", f"task {len(cards) + at}", does, f"This task {does}.", look)
                for at in range(1, count + 1)
            ]
    else:
        cards = [
            _task(name, f"{count} {name}", "", f"{tasks(count)} {name}.", look)
            for name, count, look, _ in kinds
            if count
        ]
    there = state.running + state.starting
    if there < state.desired:
        cards.append(_missing(state, state.desired - there, there))
    if not cards:
        cards = [_task("none", "no task", "", "No task runs.", "")]
    return cards


def _missing(state: State, count: int, there: int) -> Node:
    """Tasks that are wanted and not there: no room for them, or their start is next."""
    if state.plan.placeable is not None and there >= state.plan.placeable:
        said = f"{tasks(count)} wanted, and the cluster has no room: service auto scaling adds no instance."
        return _task("missing", f"{count} more", "no room", said, "refused")
    return _task("missing", f"{count} more", "wanted", f"{tasks(count)} wanted: their start is next.", "starting")


def _edges(state: State) -> list[Edge]:
    served = "active" if state.running else "blocked"
    edges = [
        Edge(source="users", target="door", state="active" if state.load else ""),
        Edge(source="door", target="service", state=served if state.load or state.queue else ""),
    ]
    if len(state.plan.policies) > MOST_ALARMS:
        edges.append(Edge(source="alarms", target="scaler", state=_ways(state.alarms)))
    else:
        edges += [
            Edge(source=f"alarm {number}", target="scaler", state=_ways((alarm,)))
            for number, alarm in enumerate(state.alarms)
        ]
    edges.append(Edge(source="scaler", target="service", state=_road(state)))
    return edges


def _ways(alarms: Sequence[Alarm]) -> str:
    if any(alarm.acts for alarm in alarms):
        return "active"
    return "blocked" if Alarm.NO_DATA in alarms else ""


def _road(state: State) -> str:
    if state.refused:
        return "blocked"
    return "active" if state.now and state.now in (state.out_at, state.in_at) else ""


def _node(key: str, label: str, kind: str, detail: str, said: str, look: str = "") -> Node:
    group = "cloudwatch" if kind == "alarm" else None
    return Node(id=key, label=label, kind=kind, group=group, detail=detail, explanation=said, state=look)


def _task(key: str, label: str, detail: str, said: str, look: str) -> Node:
    return Node(
        id=f"task {key}", label=label, kind="task", group="service", detail=detail, explanation=said, state=look
    )
