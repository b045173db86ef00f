"""What fits on one instance: its network interfaces and host ports, and the task that finds none left."""

from __future__ import annotations

from diagrams.model import Diagram, Edge, Group, Node
from simulator.network.fits import Copy, Fit
from simulator.network.model import AWSVPC

MOST_CARDS = 12


def interfaces_diagram(fit: Fit, *, title: str | None = None) -> Diagram:
    """An instance with the copies of a task on it, and the first that is refused beside it.

    Parameters
    ----------
    fit : what `simulator.network.examine` gives for a document without `from` and `to`.
    """
    name = fit.limit.type if fit.limit else "instance"
    placed = [copy for copy in fit.copies if copy.code == "OK"]
    refused = next((copy for copy in fit.copies if copy.code != "OK"), None)
    why = fit.limit.why if fit.limit else "An empty container instance."
    groups = [Group(id="instance", label=name, kind="instance", explanation=why)]
    nodes = [_scheduler(fit), *_own(fit), *(_card(copy, fit) for copy in placed[:MOST_CARDS])]
    if len(placed) > MOST_CARDS:
        nodes.append(_rest(len(placed) - MOST_CARDS))
    edges = [Edge(source="scheduler", target="instance", state="active")] if placed else []
    if refused or fit.problems:
        code, said = (refused.code, refused.message) if refused else (fit.problems[0].code, fit.problems[0].message)
        nodes.append(
            Node(
                id="refused",
                label=f"task {refused.number}" if refused else "task",
                kind="task",
                state="refused",
                explanation=said,
            )
        )
        edges.append(Edge(source="scheduler", target="refused", state="blocked", label=code))
    return Diagram(
        title=title or f"{fit.code}: {fit.mode} tasks on one {name}",
        nodes=tuple(nodes),
        groups=tuple(groups),
        edges=tuple(edges),
        direction="down",
    )


def _scheduler(fit: Fit) -> Node:
    said = f"The scheduler places {fit.mode} tasks of the launch type {fit.launch}."
    return Node(id="scheduler", label="Scheduler", kind="scheduler", explanation=said)


def _own(fit: Fit) -> list[Node]:
    """The primary interface, which the instance keeps for itself."""
    said = "The instance's own network interface. It counts against the limit; the agent and Docker use it."
    detail = f"of {fit.limit.enis}" if fit.limit else ""
    return [Node(id="primary", label="primary", kind="instance", group="instance", detail=detail, explanation=said)]


def _card(copy: Copy, fit: Fit) -> Node:
    what = "an interface of its own" if fit.mode == AWSVPC else "the instance's interface"
    ports = f", host port {', '.join(copy.host_ports)}" if copy.host_ports and fit.mode != AWSVPC else ""
    return Node(
        id=f"task {copy.number}",
        label=f"task {copy.number}",
        kind="task",
        group="instance",
        state="healthy",
        detail="own ENI" if fit.mode == AWSVPC else "",
        explanation=f"Task {copy.number} has {what}{ports}.",
    )


def _rest(count: int) -> Node:
    return Node(
        id="more",
        label=f"{count} more",
        kind="task",
        group="instance",
        state="healthy",
        explanation=f"{count} more tasks are placed.",
    )
