"""An event flow as it stands: who calls whom, which hop was just taken or refused, and where every event is."""

from __future__ import annotations

from collections import Counter

from diagrams.model import Diagram, Edge, Group, Node
from simulator.architectures.hops import HOPS, NODES, Flow, Hop
from simulator.architectures.state import DONE, NOWHERE, State, Status

_KINDS = {
    "user": "user",
    "producer": "user",
    "bucket": "bucket",
    "bus": "bus",
    "schedule": "scheduler",
    "ecs": "service",
    "task": "task",
    "ecr": "ecr",
    "table": "database",
    "topic": "alarm",
    "queue": "queue",
    "dlq": "queue",
    "scaling": "metric",
}
_LABELS = {"bus": "EventBridge", "dlq": "DLQ", "table": "DynamoDB", "ecr": "ECR and logs", "task": "Tasks"}
_TITLES = {
    Flow.OBJECT: "From an object in S3 to an item in DynamoDB",
    Flow.SCHEDULE: "From a schedule to a result in S3",
    Flow.QUEUE: "From a queue through workers that scale",
    Flow.STOPPED: "From a stopped task to a topic",
}
_ENDS = {Flow.OBJECT: "table", Flow.SCHEDULE: "bucket", Flow.STOPPED: "topic"}
_WHAT = {
    "user": "Whoever puts objects into the bucket, with an identity of their own.",
    "producer": "Whoever sends messages to the queue.",
    "bucket": "The S3 bucket. It tells EventBridge of objects only if its EventBridge flag is on.",
    "bus": "The default event bus and its rule. It delivers at least once, with no order, and retries what may pass.",
    "schedule": "An EventBridge Scheduler schedule. Nothing keeps two of its runs apart.",
    "ecs": "The ECS control plane. It makes the tasks and their network interfaces.",
    "task": "The tasks in the VPC. Their application calls AWS with the task role.",
    "ecr": "Where the agent pulls the image and writes the logs, with the execution role.",
    "table": "The table. A write that is keyed by object key and sequencer bears a second delivery.",
    "topic": "The SNS topic. Its resource policy must let EventBridge publish.",
    "queue": "The SQS queue. It pushes nothing: workers poll, and delete a message when it is done.",
    "dlq": "The dead-letter queue: what could not be delivered or handled waits here to be looked at.",
    "scaling": "Application Auto Scaling. The right signal is the backlog per task.",
}


def architectures_diagram(state: State, *, title: str | None = None) -> Diagram:
    """The architecture at one moment: each place with what is there, the last hop active or blocked."""
    flow = state.plan.flow
    there = Counter(packet.place for packet in state.packets if packet.status is not Status.NOT_BEGUN)
    nodes = [_node(state, key, there[key]) for key in NODES[flow]]
    if there[DONE]:
        said = f"{_counted(there[DONE])} handled and deleted."
        nodes.append(
            Node(id=DONE, label="Done", kind="group", state="healthy", detail=_here(there[DONE]), explanation=said)
        )
    if there[NOWHERE]:
        nodes.append(_nowhere(state, there[NOWHERE]))
    edges = _edges(state)
    if there[DONE]:
        edges.append(Edge(source="queue", target=DONE))
    groups: tuple[Group, ...] = ()
    if "task" in NODES[flow]:
        groups = (Group(id="vpc", label="VPC", kind="vpc", explanation="The network that the tasks run in."),)
    return Diagram(
        title=title or f"{_TITLES[flow]}, after {state.now} s",
        nodes=tuple(nodes),
        groups=groups,
        edges=tuple(edges),
        direction="down",
    )


def _node(state: State, key: str, count: int) -> Node:
    flow = state.plan.flow
    return Node(
        id=key,
        label=_LABELS.get(key, NODES[flow][key]),
        kind=_KINDS[key],
        group="vpc" if key == "task" else None,
        state=_condition(state, key, count),
        detail=_detail(state, key, count),
        explanation=_said(state, key, count),
    )


def _condition(state: State, key: str, count: int) -> str:
    blocked = next((hop for hop in HOPS[state.plan.flow] if hop.id == state.blocked), None)
    if blocked is not None and blocked.target == key:
        return "refused"
    if key == "dlq" and count:
        return "failed"
    active = next((hop for hop in HOPS[state.plan.flow] if hop.id == state.active), None)
    if active is not None and active.target == key:
        return "chosen"
    return "healthy" if _ENDS.get(state.plan.flow) == key and count else ""


def _detail(state: State, key: str, count: int) -> str:
    if state.plan.queue is not None and key == "task":
        return f"{state.tasks} run"
    if state.plan.queue is not None and key == "ecs":
        return f"desired {state.desired}"
    if state.plan.queue is not None and key == "queue":
        return f"{state.visible} wait"
    return _here(count) if count else ""


def _said(state: State, key: str, count: int) -> str:
    if state.plan.flow is Flow.SCHEDULE and key == "bucket":
        return "The S3 bucket that takes the result of each run."
    held = [packet.id for packet in state.packets if packet.place == key and packet.status is not Status.NOT_BEGUN]
    names = ", ".join(held[:5]) + ("" if len(held) <= 5 else f" and {len(held) - 5} more")
    return f"{_WHAT[key]} Here: {names}." if count else _WHAT[key]


def _nowhere(state: State, count: int) -> Node:
    codes = sorted({packet.code for packet in state.packets if packet.place == NOWHERE})
    lost = any(packet.status is Status.LOST for packet in state.packets if packet.place == NOWHERE)
    return Node(
        id=NOWHERE,
        label="Lost" if lost else "Dropped",
        kind="group",
        state="failed" if lost else "",
        detail=_here(count),
        explanation=f"{_counted(count)} of no use to anyone any more: {', '.join(codes)}.",
    )


def _edges(state: State) -> list[Edge]:
    """One line for each pair of places. Of the lines that leave one place the one in use is named."""
    hops: dict[tuple[str, str], Hop] = {}
    marks: dict[tuple[str, str], str] = {}
    for hop in HOPS[state.plan.flow]:
        pair = hop.source, hop.target
        mark = "blocked" if state.blocked == hop.id else "active" if state.active == hop.id else ""
        if pair not in hops or mark:
            hops[pair] = hop
            marks[pair] = mark
    labelled: dict[str, tuple[str, str]] = {}
    for pair, mark in marks.items():
        if mark or pair[0] not in labelled:
            labelled[pair[0]] = pair
    return [
        Edge(
            source=source,
            target=target,
            label=_call(hops[source, target], mark) if labelled[source] == (source, target) else "",
            state=mark,
        )
        for (source, target), mark in marks.items()
    ]


def _call(hop: Hop, mark: str) -> str:
    """The call without its service, for the line is short; of some nothing is said while they rest."""
    if hop.id in ("eni", "scale") and not mark:
        return ""
    return {"eni": "ENI", "redrive": "redrive"}.get(hop.id, hop.call.split(":")[-1])


def _here(count: int) -> str:
    return f"{count} here"


def _counted(count: int) -> str:
    return "1 event is" if count == 1 else f"{count} events are"
