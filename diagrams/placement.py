"""A cluster as an architecture: the VPC, its zones, the container instances, the tasks on them, and the scheduler."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from diagrams.model import Diagram, Edge, Group, Node
from simulator.model import Cluster, Instance, PlacedTask
from simulator.placement.decision import Decision, Verdict

MOST_INSTANCES = 12  # with their tasks; more are counted by zone
MOST_TASKS = 6  # of an instance; more are counted


def placement_diagram(
    cluster: Cluster, *, decision: Decision | None = None, title: str = "The cluster in its VPC"
) -> Diagram:
    """The cluster as it is.

    Parameters
    ----------
    decision : the decision that has just been taken; the chosen instance and the refused ones are marked with it.
    """
    groups = [Group(id="vpc", label="VPC", kind="vpc", explanation=_VPC)]
    nodes = [Node(id="scheduler", label="Scheduler", kind="scheduler", explanation=_SCHEDULER)]
    edges: list[Edge] = []
    verdicts = {verdict.instance.id: verdict for verdict in decision.verdicts} if decision else {}
    for zone in sorted({instance.zone for instance in cluster.instances}, key=lambda name: (name is None, name or "")):
        members = [instance for instance in cluster.instances if instance.zone == zone]
        key = f"zone {zone or 'unknown'}"
        groups.append(
            Group(id=key, label=zone or "no zone", kind="zone", parent="vpc", explanation=_zone(zone, members))
        )
        if len(cluster.instances) > MOST_INSTANCES:
            nodes.append(_counted(cluster, members, key))
            edges.append(Edge(source="scheduler", target=key))
            continue
        for instance in members:
            tasks = [task for task in cluster.tasks if task.instance == instance.id]
            group, inside = _instance(instance, tasks, key, verdicts.get(instance.id), decision)
            groups.append(group)
            nodes += inside
    if decision and decision.chosen and len(cluster.instances) <= MOST_INSTANCES:
        edges.append(
            Edge(source="scheduler", target=_id(decision.chosen), label=f"task {decision.task}", state="active")
        )
    elif not edges:
        edges = [Edge(source="scheduler", target="vpc")]
    return Diagram(title=title, nodes=tuple(nodes), groups=tuple(groups), edges=tuple(edges), direction="down")


_VPC = "The instances' network. A task with networkMode awsvpc gets an elastic network interface of its own in it."
_SCHEDULER = (
    "It filters the instances by status, resources, ports, attributes, and constraints, ranks what is left by the "
    "placement strategies, and starts the task on the best one."
)


def _id(instance: str) -> str:
    return f"instance {instance}"


def _zone(zone: str | None, members: Sequence[Instance]) -> str:
    tasks = sum(instance.running_tasks for instance in members)
    return f"Availability Zone {zone or 'unknown'}: {len(members)} instances, {tasks} tasks."


def _counted(cluster: Cluster, members: Sequence[Instance], zone: str) -> Node:
    ids = {instance.id for instance in members}
    tasks = sum(task.instance in ids for task in cluster.tasks)
    return Node(
        id=f"{zone} instances",
        label=f"{len(members)} instances",
        kind="instance",
        group=zone,
        detail=f"{tasks} tasks",
        explanation=f"{len(members)} container instances run {tasks} tasks here.",
    )


def _instance(
    instance: Instance, tasks: Sequence[PlacedTask], zone: str, verdict: Verdict | None, decision: Decision | None
) -> tuple[Group, list[Node]]:
    """The instance as a group, with a card of its own and its tasks in it."""
    state, said = _condition(instance, verdict, decision)
    key = _id(instance.id)
    left = instance.remaining or instance.registered
    inside = [
        Node(
            id=f"{key} itself",
            label=instance.type or "instance",
            kind="instance",
            group=key,
            state=state,
            detail=f"{left.cpu}·{left.memory}" if left else "size unknown",
            explanation=said,
        )
    ]
    shown = tasks if len(tasks) <= MOST_TASKS else []
    inside += [_task(task, key) for task in shown]
    if not shown:
        inside += [
            Node(
                id=f"{key} {group}",
                label=_short(group),
                kind="task",
                group=key,
                detail=f"×{count}",
                explanation=f"{count} tasks of {group} run on {instance.id}.",
            )
            for group, count in instance.tasks.items()
            if count
        ]
    return Group(id=key, label=instance.id, kind="instance", parent=zone, explanation=said), inside


def _condition(instance: Instance, verdict: Verdict | None, decision: Decision | None) -> tuple[str, str]:
    """How the instance's card looks, and what is said about it."""
    said = _facts(instance)
    if verdict and verdict.shortfalls:
        return "refused", f"{said} {verdict.sentence}"
    if decision and decision.chosen == instance.id:
        return "chosen", f"{said} {decision.sentence}"
    if instance.status != "ACTIVE":
        return "draining", said
    return ("" if instance.agent_connected else "failed"), said


def _task(task: PlacedTask, group: str) -> Node:
    ports = "".join(f", host port {port}" for port in (*task.tcp, *task.udp) if port)
    size = f"{task.cpu} CPU units and {task.memory} MiB{ports}" if task.sized else "an amount that is not known"
    return Node(
        id=f"task {task.id}",
        label=_short(task.group),
        kind="task",
        group=group,
        state="healthy",
        detail=f"{task.number}" if task.number else "",
        explanation=f"A task of {task.group}. It takes {size}.",
    )


def _short(group: str) -> str:
    return group.split(":", 1)[-1]


def _facts(instance: Instance) -> str:
    left: Mapping[str, int] | None = None
    if instance.remaining:
        left = {"CPU units": instance.remaining.cpu, "MiB": instance.remaining.memory}
    room = (
        ", ".join(f"{value} {unit}" for unit, value in left.items()) + " are left" if left else "its size is not known"
    )
    agent = "" if instance.agent_connected else ", its agent is disconnected"
    return f"Container instance {instance.id} ({instance.type or 'type unknown'}): {instance.status}{agent}; {room}."
