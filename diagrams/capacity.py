"""Capacity as an architecture: what wants to run, who provides the room, and what holds it back.

One builder with two readers: a moment of a run (`State`), and the answer to a question without time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from diagrams.model import Diagram, Edge, Group, Node
from simulator.capacity.plan import Home
from simulator.capacity.scaling import AT_LIMIT, WARM_UP, verdict
from simulator.capacity.state import Box, Kind, Machine, State, Status, Task
from simulator.capacity.strategy import FARGATE, FARGATE_SPOT

MOST_INSTANCES = 8  # one by one; more are counted by zone and state
MOST_PROVIDERS = 8  # of a strategy; more are counted

_PROVIDER = (
    "The capacity provider sees its own tasks in PROVISIONING and RUNNING, and publishes CapacityProviderReservation "
    "= M / N x 100 every minute."
)
_GROUP = "The Auto Scaling group keeps its desired capacity between MinSize and MaxSize, which ECS never changes."
_STATES = {Box.LAUNCHING: "starting", Box.ACTIVE: "healthy", Box.DRAINING: "draining"}


def capacity_diagram(shown: State | Mapping[str, Any], *, title: str | None = None) -> Diagram:
    """A moment of a run, or an answer of the subject `capacity`.

    Raises
    ------
    ValueError
        For an answer that is neither a distribution nor a data point of managed scaling.
    """
    if isinstance(shown, State):
        return _run(shown, title or f"Capacity {shown.now // 60} min {shown.now % 60} s into the run")
    if "distribution" in shown:
        return _distribution(shown, title or "Where the tasks go by base and weight")
    if "reservation" in shown:
        return _managed(shown, title or "What managed scaling asks of the group")
    raise ValueError("This answer of capacity has no picture.")


def _run(state: State, title: str) -> Diagram:
    groups = [Group(id="cluster", label="ECS cluster", kind="cluster", explanation="Where services and tasks run.")]
    nodes: list[Node] = []
    edges: list[Edge] = []
    for i, work in enumerate(state.plan.works):
        tasks = state.of(i)
        if not work.standalone or tasks:
            nodes.append(_work(state, i, tasks))
            edges += _roads(state, i, tasks)
    if state.plan.group is not None:
        nodes += [_waiting(state), _provider(state)]
        edges.append(Edge(source="waiting", target="provider", state="active" if state.waiting else ""))
        edges.append(_order(state))
        groups.append(Group(id="group", label=f"Auto Scaling group {state.size}", kind="group", explanation=_GROUP))
        nodes += _machines(state)
    nodes += _fargate(state)
    return Diagram(title=title, nodes=tuple(nodes), groups=tuple(groups), edges=tuple(edges), direction="right")


def _work(state: State, i: int, tasks: Sequence[Task]) -> Node:
    """A service or the tasks of a RunTask call, with how many of them run."""
    work = state.plan.works[i]
    running = sum(task.status is Status.RUNNING for task in tasks)
    wanted = len(tasks) if work.standalone or work.daemon else state.desired.get(i, 0)
    refused = any(at == i for _, at in state.said)
    said = f"{running} of {wanted} tasks of {work.name} are RUNNING."
    if refused:
        said += " The rest can not be had now; the service keeps trying."
    kind = "task" if work.standalone else "service"
    look = "refused" if refused else "healthy" if running >= wanted else "starting"
    detail = f"{running} of {wanted} run"
    return Node(
        id=f"work {i}", label=work.name[:22], kind=kind, group="cluster", state=look, detail=detail, explanation=said
    )


def _roads(state: State, i: int, tasks: Sequence[Task]) -> list[Edge]:
    """Where the tasks of a work run or wait."""
    work = state.plan.works[i]
    if work.home is Home.FARGATE:
        names = [item.provider for item in work.items] or [FARGATE]
        refused = (Kind.NO_SPOT, i) in state.said
        edges: list[Edge] = []
        for name in names:
            count = sum(task.provider == name for task in tasks)
            look = "blocked" if refused and name == FARGATE_SPOT else "active" if count else ""
            edges.append(Edge(source=f"work {i}", target=name, state=look))
        return edges
    waiting = sum(task.status is Status.PROVISIONING for task in tasks)
    placed = sum(task.instance is not None for task in tasks)
    look = "blocked" if (Kind.NO_ROOM, i) in state.said else "active" if placed else ""
    edges = [Edge(source=f"work {i}", target="group", state=look)]
    if work.home is Home.GROUP and not work.daemon:
        limited = (Kind.LIMITED, i) in state.said
        look = "blocked" if limited else "active" if waiting else ""
        edges.append(Edge(source=f"work {i}", target="waiting", label=f"{waiting} wait" if waiting else "", state=look))
    return edges


def _waiting(state: State) -> Node:
    count = len(state.waiting)
    return Node(
        id="waiting",
        label="Waiting",
        kind="queue",
        group="cluster",
        state="starting" if count else "",
        detail=f"{count} of 500",
        explanation=f"{count} tasks are in PROVISIONING: they wait for an instance with room and do not fail. "
        "At most 500 may wait in a cluster.",
    )


def _provider(state: State) -> Node:
    point = state.point
    if not state.settings.enabled:
        detail = "scaling disabled"
    elif point is None:
        detail = f"target {state.settings.target}"
    else:
        detail = f"{round(float(point.reservation), 1):g} of {state.settings.target}"
    said = _PROVIDER
    if point is not None and point.needed is not None:
        said += f" Now M is {point.needed} and N is {point.running}."
    return Node(
        id="provider", label=state.plan.provider[:22], kind="metric", group="cluster", detail=detail, explanation=said
    )


def _order(state: State) -> Edge:
    """From the provider's policy to the group: what the last data point asks for."""
    found = verdict(state)
    look, label = "", ""
    if found.why == AT_LIMIT:
        look, label = "blocked", f"MaxSize {state.settings.most}"
        if state.point is not None and state.point.reservation < state.settings.target:
            label = f"MinSize {state.settings.least}"
    elif found.why == WARM_UP:
        look, label = "blocked", "warm-up"
    elif state.point is not None and found.wanted != state.point.running:
        look, label = "active", f"wants {found.wanted}"
    return Edge(source="provider", target="group", label=label, state=look)


def _machines(state: State) -> list[Node]:
    """The instances one by one, or counted where there are many; an empty group says so."""
    machines = list(state.machines.values())
    if not machines:
        return [Node(id="none", label="no instance", kind="instance", group="group", explanation=_GROUP)]
    if len(machines) > MOST_INSTANCES:
        return [
            Node(
                id=f"machines {look}",
                label=f"{len(found)} instances",
                kind="instance",
                group="group",
                state=_STATES[look],
                detail=look.value,
                explanation=f"{len(found)} instances are {look.value}; {_tasks_on(state, found)} tasks run there.",
            )
            for look in Box
            if (found := [machine for machine in machines if machine.status is look])
        ]
    return [
        Node(
            id=f"machine {machine.id}",
            label=machine.id,
            kind="instance",
            group="group",
            state="failed" if machine.why == "spot" else _STATES[machine.status],
            detail=f"{_tasks_on(state, [machine])} tasks",
            explanation=_said_of(state, machine),
        )
        for machine in machines
    ]


def _said_of(state: State, machine: Machine) -> str:
    where = f" in {machine.zone}" if machine.zone else ""
    tasks = _tasks_on(state, [machine])
    said = f"Instance {machine.id}{where} is {machine.status.value} and runs {tasks} tasks."
    if machine.why == "spot":
        return f"{said} EC2 Spot takes it back within {state.rules.spot_notice} s."
    if machine.why:
        return f"{said} It leaves the group as soon as its tasks are gone, after 48 hours at the latest."
    return said


def _tasks_on(state: State, machines: Sequence[Machine]) -> int:
    names = {machine.id for machine in machines}
    return sum(task.instance in names for task in state.tasks.values())


def _fargate(state: State) -> list[Node]:
    used = {item.provider for work in state.plan.works for item in work.items}
    if any(work.home is Home.FARGATE and not work.items for work in state.plan.works):
        used.add(FARGATE)
    nodes: list[Node] = []
    for name in (FARGATE, FARGATE_SPOT):
        if name not in used:
            continue
        tasks = [task for task in state.tasks.values() if task.provider == name]
        going = any(task.status is Status.STOPPING for task in tasks)
        said = "AWS runs the servers; capacity follows the tasks."
        if name == FARGATE_SPOT:
            said += " It can be taken back with two minutes' warning, and nothing falls back to on-demand."
            said += "" if state.spot is None else f" Now it has room for {state.spot}."
        nodes.append(
            Node(
                id=name, label=_label(name), kind="service", state="draining" if going else "healthy" if tasks else "",
                detail=f"{len(tasks)} tasks", explanation=said,
            )
        )  # fmt: skip
    return nodes


def _label(provider: str) -> str:
    """A provider's name as a card has room for it."""
    return {FARGATE: "Fargate", FARGATE_SPOT: "Spot"}.get(provider, provider[:22])


def _distribution(answer: Mapping[str, Any], title: str) -> Diagram:
    """One box a provider; what can not be had is a blocked road."""
    counts: Mapping[str, int] = answer["distribution"]
    missing: Mapping[str, int] = answer.get("retriedOn", {})
    total = sum(counts.values())
    nodes = [
        Node(
            id="tasks", label=f"{total} tasks", kind="task", detail="open remainder" if answer.get("open") else "",
            explanation=str(answer["reason"]),
        )
    ]  # fmt: skip
    edges: list[Edge] = []
    shown = list(counts.items())[:MOST_PROVIDERS]
    if not counts:
        launch = str(answer.get("launchType", "not said"))
        nodes.append(Node(id="launch type", label=launch, kind="instance", explanation=str(answer["reason"])))
        edges.append(Edge(source="tasks", target="launch type"))
    for name, count in shown:
        lacks = missing.get(name, 0)
        span = answer.get("ranges", {}).get(name)
        said = f"{count} tasks go to {name}." + (f" Sure are {span[0]} to {span[1]}." if span else "")
        said += f" {lacks} find no capacity there and are tried again." if lacks else ""
        nodes.append(
            Node(
                id=f"provider {name}", label=_label(name), kind="service", state="refused" if lacks else "chosen",
                detail=f"{count - lacks} of {count} run" if lacks else f"{count} tasks", explanation=said,
            )
        )  # fmt: skip
        look = "blocked" if lacks else "active" if count else ""
        edges.append(Edge(source="tasks", target=f"provider {name}", state=look))
    rest = len(counts) - len(shown)
    if rest:
        said = f"{rest} more providers take {total - sum(count for _, count in shown)} tasks."
        nodes.append(Node(id="rest", label=f"{rest} more", kind="service", explanation=said))
        edges.append(Edge(source="tasks", target="rest"))
    return Diagram(title=title, nodes=tuple(nodes), edges=tuple(edges), direction="right")


def _managed(answer: Mapping[str, Any], title: str) -> Diagram:
    """Tasks, metric, policy and group in a row; where nothing may move the road is blocked."""
    running, desired = answer["N"], answer["desired"]
    needed = "not counted" if answer["M"] is None else f"M {answer['M']}, N {running}"
    stays = bool(answer.get("staysProvisioning"))
    acts = answer["action"] in ("scale-out", "scale-in")
    held = answer["action"] == "wait" or stays
    waits = {"instanceWarmupPeriod": "warm-up", "dataPoints": "data points"}.get(str(answer.get("waitsFor", "")), "")
    nodes = (
        Node(
            id="waiting", label="Waiting", kind="queue", state="refused" if stays else "",
            detail="stay so" if stays else "",
            explanation=str(answer.get("fix", "The tasks that wait for an instance.")),
        ),
        Node(
            id="metric", label=f"{answer['reservation']:g} %", kind="metric", detail=needed, explanation=_PROVIDER
        ),
        Node(
            id="policy", label="Policy", kind="alarm", detail=str(answer["action"]),
            explanation=str(answer["reason"]),
        ),
        Node(
            id="group", label="Group", kind="instance", state="chosen" if desired != running else "healthy",
            detail=f"{running} to {desired}" if desired != running else f"{running} stay", explanation=_GROUP,
        ),
    )  # fmt: skip
    label = waits or ("MaxSize" if stays and answer["M"] is not None else "")
    edges = (
        Edge(source="waiting", target="metric", state="blocked" if stays and answer["M"] is None else ""),
        Edge(source="metric", target="policy"),
        Edge(source="policy", target="group", label=label, state="blocked" if held else "active" if acts else ""),
    )
    return Diagram(title=title, nodes=nodes, edges=edges, direction="right")
