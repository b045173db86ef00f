"""Where a value travels: from the definition, the files, and the stores through the agent into each task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagrams.model import Diagram, Edge, Group, Node

MOST_TASKS = 6  # drawn one by one; more are counted
_AGENT = "Before the container starts, it fetches the files and the secrets with the execution role, once."
_DEFINITION = "Values in environment are plain text: whoever may call DescribeTaskDefinition reads them."


def secrets_diagram(answer: Mapping[str, Any], *, moment: int = -1, title: str | None = None) -> Diagram:
    """The way of the values at one moment of the timeline.

    Parameters
    ----------
    answer : what the subject `secrets` answers.
    moment : which of its moments, counted from 0; -1 is the last.
    """
    if "moments" not in answer:
        return _refused(answer, title)
    now = answer["moments"][moment]
    sources, files = _sources(answer, now)
    failed = "error" in now
    agent = Node(
        id="agent",
        label="Agent",
        kind="service",
        state="failed" if failed else "",
        detail="no new task" if failed else "execution role",
        explanation=f"{_AGENT} {now['why']}" if failed else _AGENT,
    )
    tasks = _tasks(answer, now)
    edges = [
        Edge(source=node.id, target="agent", state="blocked" if failed and node.kind == "secret" else _fetching(now))
        for node in (*sources, *files)
    ]
    edges += [Edge(source="agent", target=node.id, state="active" if started else "") for node, started in tasks]
    if failed:
        edges.append(Edge(source="agent", target="service", state="blocked"))
    said = title or f"{now['at']} s: {now['event']}"
    return Diagram(
        title=said,
        nodes=(*sources, *files, agent, *(node for node, _ in tasks)),
        groups=(Group(id="service", label="Running tasks", kind="service", explanation=answer["why"]),),
        edges=tuple(edges),
    )


def _sources(answer: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[list[Node], list[Node]]:
    described = answer["describeTaskDefinition"].values()
    plain = sum(len(one["environment"]) for one in described)
    sources = [
        Node(
            id="definition",
            label="Definition",
            kind="service",
            detail=f"{plain} plain" if plain else "nothing plain",
            explanation=_DEFINITION,
        )
    ]
    for written, value in now["stores"].items():
        there = "holds no such value" if value is None else f"holds {value}"
        sources.append(
            Node(
                id=f"store {written}",
                label=_name(written),
                kind="secret",
                state="failed" if value is None else "healthy",
                detail="missing" if value is None else value,
                explanation=f"{written} {there} at this moment. Code that asks for it itself, with the task role, gets "
                "that.",
            )
        )
    if any(one["from"] == "override" for values in answer["environment"].values() for one in values.values()):
        said = "RunTask's own values for this one task; they stand before the definition's."
        sources.append(Node(id="override", label="RunTask", kind="user", detail="override", explanation=said))
    names = dict.fromkeys(name for one in described for name in one["environmentFiles"])
    files = [
        Node(id=f"file {name}", label=name.rsplit("/", 1)[-1], kind="efs", detail="env file", explanation=_file(name))
        for name in names
    ]
    return sources, files


def _file(name: str) -> str:
    return f"{name}: the execution role needs s3:GetObject on it, and s3:GetBucketLocation on its bucket."


def _fetching(now: Mapping[str, Any]) -> str:
    return "active" if now["started"] else ""


def _tasks(answer: Mapping[str, Any], now: Mapping[str, Any]) -> list[tuple[Node, bool]]:
    """Each running task with the first of its fetched values; it is marked where the store has another by now."""
    held = list(now["tasks"].items())
    cards: list[tuple[Node, bool]] = []
    for number, containers in held[:MOST_TASKS]:
        pairs = [(name, value) for values in containers.values() for name, value in values.items()]
        old = any(_is_old(answer, now, container, values) for container, values in containers.items())
        started = int(number) in now["started"]
        listed = ", ".join(f"{name}={value}" for name, value in pairs) or "no fetched values"
        cards.append(
            (
                Node(
                    id=f"task {number}",
                    label=f"task {number}",
                    kind="task",
                    group="service",
                    state="draining" if old else "healthy",
                    detail=_held(answer, containers),
                    explanation=f"Task {number} has {listed}. "
                    + ("A store holds another value by now; only a new task gets it." if old else "That is current."),
                ),
                started,
            )
        )
    if len(held) > MOST_TASKS:
        more = len(held) - MOST_TASKS
        said = f"{more} more tasks run; they hold what they were started with."
        cards.append((Node(id="more", label=f"+{more}", kind="task", group="service", explanation=said), False))
    return cards


def _held(answer: Mapping[str, Any], containers: Mapping[str, Mapping[str, str]]) -> str:
    """The first secret's value, or else how many values were fetched."""
    for container, values in containers.items():
        for name, value in values.items():
            if "valueFrom" in answer["environment"].get(container, {}).get(name, {}):
                return value
    return f"{sum(map(len, containers.values()))} fetched"


def _is_old(answer: Mapping[str, Any], now: Mapping[str, Any], container: str, values: Mapping[str, str]) -> bool:
    named = answer["environment"].get(container, {})
    asked = {name: one.get("valueFrom") for name, one in named.items()}
    return any(
        asked.get(name) in now["stores"] and now["stores"][asked[name]] != value for name, value in values.items()
    )


def _refused(answer: Mapping[str, Any], title: str | None) -> Diagram:
    """What never started."""
    at_registration = answer["outcome"] == "REGISTER_REJECTED"
    nodes = (
        Node(
            id="definition",
            label="Task definition",
            kind="service",
            state="refused" if at_registration else "",
            explanation=answer["why"],
        ),
        Node(
            id="agent",
            label="Agent",
            kind="service",
            state="" if at_registration else "failed",
            detail="execution role",
            explanation=_AGENT if at_registration else answer["error"] or answer["why"],
        ),
        Node(id="task", label="task", kind="task", state="failed", detail="none", explanation=answer["fix"]),
    )
    edges = (
        Edge(source="definition", target="agent", state="blocked" if at_registration else "active"),
        Edge(source="agent", target="task", state="" if at_registration else "blocked"),
    )
    return Diagram(title=title or f"No task: {answer['outcome']}", nodes=nodes, edges=edges)


def _name(written: str) -> str:
    """A secret's or parameter's own name.

    >>> _name("arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf:password::")
    'db-AbCdEf'
    """
    parts = written.split(":")
    named = parts[6] if len(parts) > 6 else parts[-1]
    return named.rsplit("/", 1)[-1]
