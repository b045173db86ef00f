"""A service in its VPC while it is deployed: from the users to the tasks, old and new, as they are at one moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from diagrams.band_words import condition
from diagrams.look import letter
from diagrams.model import Diagram, Edge, Group, Node
from simulator.deployment.state import Health, State, Status, Target, Task

MOST_TASKS = 12  # drawn one by one; more are counted by revision and state
ZONES = ("Availability Zone a", "Availability Zone b", "Availability Zone c")

_EXPLAIN = {
    "users": "They reach the service by the load balancer's name. They never see a task's address.",
    "igw": "The internet gateway joins the VPC's public subnets to the internet.",
    "alb": "The load balancer sends each request to one healthy target of its target group.",
    "targets": "The target group lists the tasks' addresses and checks their health. A draining target gets no new "
    "requests.",
    "ecr": "The registry that holds the image. Every new task pulls it before its containers start.",
    "scheduler": "The service scheduler starts and stops tasks and keeps their number between the two bounds.",
    "vpc": "The service's network.",
    "service": "The service: it keeps the desired number of tasks, and replaces them in a deployment.",
}


def deployment_diagram(state: State, *, title: str | None = None) -> Diagram:
    """The architecture of the service at one moment.

    Zones are shown in turn (a, b, c, a, …), as the service scheduler spreads tasks by default; the timed simulator
    does not decide zones. Roads in use are active: requests go to healthy targets, images to tasks that start.
    """
    balanced = state.plan.load_balancer is not None
    groups = [_group("vpc", "VPC", "vpc"), _group("service", f"service {state.plan.service}", "service", "vpc")]
    nodes = [
        _node("scheduler", "Scheduler", "scheduler", detail=f"{state.lower} to {state.upper}"),
        _node("ecr", "ECR", "ecr", detail="image"),
    ]
    tasks = [task for task in state.tasks if task.status is not Status.STOPPED]
    if balanced:
        # The users stand in the middle, straight above the way that requests take.
        nodes[1:1] = [_node("users", "Users", "user"), _node("igw", "Internet gateway", "igw")]
        nodes.append(_node("alb", "Load balancer", "alb", group="vpc"))
        nodes.append(_node("targets", "Targets", "target-group", group="vpc", detail=_registered(tasks)))
    cards = _cards(state, tasks) if len(tasks) <= MOST_TASKS else _counted(state, tasks)
    groups += _zones(cards)
    edges = _edges(state, tasks, cards, balanced=balanced)
    said = title or f"Service {state.plan.service} in its VPC, {state.now // 1000} s after the deployment began"
    return Diagram(
        title=said,
        nodes=(*nodes, *(node for node, _ in cards)),
        groups=tuple(groups),
        edges=tuple(edges),
        direction="down",
    )


def _cards(state: State, tasks: Sequence[Task]) -> list[tuple[Node, Sequence[Task]]]:
    """A card for each task, dealt to the zones in the order of the tasks' numbers."""
    return [(_card(state, task, ZONES[(task.number - 1) % 3]), [task]) for task in tasks]


def _card(state: State, task: Task, zone: str) -> Node:
    what = condition(task)
    return Node(
        id=f"task {task.number}",
        label=f"{_letter(state, task)}{task.number}",
        kind="task",
        group=zone,
        state=_STATES[what],
        detail=task.revision.split(":")[-1] if len(task.revision.split(":")[-1]) < 3 else "",
        explanation=f"Task {task.number} of {task.revision} is {what}: lastStatus {task.status.value}{_health(task)}.",
    )


def _counted(state: State, tasks: Sequence[Task]) -> list[tuple[Node, Sequence[Task]]]:
    """For many tasks: a card for each revision and state, in one group instead of zones."""
    cards: list[tuple[Node, Sequence[Task]]] = []
    for (revision, what), count in Counter((task.revision, condition(task)) for task in tasks).items():
        members = [task for task in tasks if (task.revision, condition(task)) == (revision, what)]
        node = Node(
            id=f"{revision} {what}",
            label=f"{_letter(state, members[0])} ×{count}",
            kind="task",
            group="service",
            state=_STATES[what],
            detail=what.split()[-1],
            explanation=f"{count} tasks of {revision} are {what}.",
        )
        cards.append((node, members))
    return cards


_STATES = {
    "healthy": "healthy",
    "not yet healthy": "starting",
    "starting": "starting",
    "draining": "draining",
    "stopping": "draining",
    "unhealthy": "failed",
    "stopped": "",
}


def _zones(cards: Sequence[tuple[Node, Sequence[Task]]]) -> list[Group]:
    return [
        Group(
            id=zone,
            label=f"AZ {zone[-1]}",
            kind="zone",
            parent="service",
            explanation=f"{zone}: {sum(node.group == zone for node, _ in cards)} of the tasks. "
            "ECS spreads a service over zones by default; which task stands where is drawn as an example.",
        )
        for zone in ZONES
        if any(node.group == zone for node, _ in cards)
    ]


def _edges(
    state: State, tasks: Sequence[Task], cards: Sequence[tuple[Node, Sequence[Task]]], *, balanced: bool
) -> list[Edge]:
    edges = [Edge(source="scheduler", target="service", label=_doing(state))]
    pulling = [node.id for node, members in cards if any(_is_pulling(task) for task in members)]
    edges += [
        Edge(source="ecr", target=node, label="pull" if not i else "", state="active") for i, node in enumerate(pulling)
    ]
    if not balanced:
        return edges
    served = "active" if any(_is_served(task) for task in tasks) else "blocked"
    edges += [Edge(source=a, target=b, state=served) for a, b in (("users", "igw"), ("igw", "alb"), ("alb", "targets"))]
    for node, members in cards:
        targets = [task for task in members if task.target is not None]
        if targets:
            in_use = any(_is_served(task) for task in targets)
            failed = any(task.target is Target.UNHEALTHY for task in targets)
            edges.append(
                Edge(source="targets", target=node.id, state="active" if in_use else "blocked" if failed else "")
            )
    return edges


def _doing(state: State) -> str:
    """What the scheduler is at, in a word or two."""
    if state.stuck:
        return "stuck"
    if any(_is_pulling(task) for task in state.tasks):
        return "starts"
    return "stops" if any(task.is_leaving for task in state.tasks) else ""


def _is_pulling(task: Task) -> bool:
    return task.status in (Status.PENDING, Status.ACTIVATING)


def _is_served(task: Task) -> bool:
    return task.target is Target.HEALTHY and task.status is Status.RUNNING


def _registered(tasks: Sequence[Task]) -> str:
    served = sum(_is_served(task) for task in tasks)
    return f"{served} healthy"


def _letter(state: State, task: Task) -> str:
    revisions = tuple(dict.fromkeys((state.plan.old, state.plan.new, task.revision)))
    return letter(revisions.index(task.revision))


def _health(task: Task) -> str:
    health = "" if task.health is Health.UNKNOWN else f", healthStatus {task.health.value}"
    return health + (f", target {task.target.value}" if task.target else "")


def _node(key: str, label: str, kind: str, *, group: str | None = None, detail: str = "") -> Node:
    return Node(id=key, label=label, kind=kind, group=group, detail=detail, explanation=_EXPLAIN[key])


def _group(key: str, label: str, kind: str, parent: str | None = None) -> Group:
    return Group(id=key, label=label, kind=kind, parent=parent, explanation=_EXPLAIN[key])
