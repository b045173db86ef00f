"""ECS and Kubernetes side by side, drawn from an answer of the Kubernetes room: whatever it was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from diagrams.model import Diagram, Edge, Group, Node

MOST_TASKS = 6  # of a node; more are counted
Answer = Mapping[str, Any]


def kubernetes_diagram(answer: Answer) -> Diagram:
    """The picture of an answer of `simulator.kubernetes.subjects`, by its `kind`."""
    return _BUILDERS[answer["kind"]](answer)


def _comparison(answer: Answer) -> Diagram:
    """Both clusters, zone by zone and node by node, with the last copy's way into each."""
    groups: list[Group] = []
    nodes: list[Node] = []
    edges: list[Edge] = []
    sides = (("ecs", "ECS", "task", "tasks"), ("kubernetes", "Kubernetes", "pod", "pods"))
    for side, name, word, placed in sides:
        steps: Sequence[Answer] = answer[side]["steps"]
        last = steps[-1] if steps else None
        groups.append(Group(id=side, label=f"{name} cluster", kind="cluster", explanation=_PIPELINES[side]))
        nodes.append(
            Node(id=f"{side} scheduler", label="Scheduler", kind="scheduler", group=side, explanation=_PIPELINES[side])
        )
        for zone in dict.fromkeys(node["zone"] for node in answer["nodes"]):
            groups.append(_zone(side, zone, answer["nodes"]))
            edges.append(_way(side, zone, answer["nodes"], last))
        for node in answer["nodes"]:
            group, cards = _machine(side, node, node[placed], word, last)
            groups.append(group)
            nodes += cards
        left = [step for step in steps if step["node"] is None]
        if left:
            nodes.append(_waiting(side, left, word))
            edges.append(Edge(source=f"{side} scheduler", target=f"{side} waiting", state="blocked"))
    return Diagram(
        title="The same cluster and the same workload in ECS and in Kubernetes",
        nodes=tuple(nodes),
        groups=tuple(groups),
        edges=tuple(edges),
        direction="down",
    )


_PIPELINES = {
    "ecs": "ECS filters by CPU, memory and ports, then by constraints, ranks by the strategies in order, and picks.",
    "kubernetes": "Kubernetes filters the feasible nodes, scores them, and binds the pod to the best; ties are random.",
}


def _zone(side: str, zone: str | None, nodes: Sequence[Answer]) -> Group:
    count = sum(node["zone"] == zone for node in nodes)
    return Group(
        id=f"{side} {zone}",
        label=zone or "no zone",
        kind="zone",
        parent=side,
        explanation=f"Availability Zone {zone or 'unknown'} holds {count} of the machines. A machine is in one zone.",
    )


def _machine(
    side: str, node: Answer, placed: Sequence[Any], word: str, last: Answer | None
) -> tuple[Group, list[Node]]:
    """A machine as a group: its own card, and what runs on it."""
    key = f"{side} {node['name']}"
    what = "Container instance" if side == "ecs" else "Node"
    taints = f" Taints: {', '.join(node['taints'])}." if node["taints"] and side == "kubernetes" else ""
    refused = last["filtered"].get(node["name"], []) if last else []
    chosen = last is not None and last["node"] == node["name"]
    why = " ".join(one["reason"] for one in refused)
    said = f"{what} {node['name']} runs {_counted(len(placed), word)} of the workload.{taints} {why}".strip()
    cards = [
        Node(
            id=f"{key} itself",
            label=node["instanceType"] or "machine",
            kind="instance",
            group=key,
            state="refused" if refused else "chosen" if chosen else "",
            detail=_counted(len(placed), word),
            explanation=said,
        )
    ]
    if len(placed) > MOST_TASKS:
        cards.append(
            Node(
                id=f"{key} all",
                label=f"{word} ×{len(placed)}",
                kind="task",
                group=key,
                state="healthy",
                explanation=f"{len(placed)} {word}s run on {node['name']}.",
            )
        )
    else:
        cards += [
            Node(
                id=f"{key} {one}",
                label=f"{word} {str(one).rsplit('-', 1)[-1]}",
                kind="task",
                group=key,
                state="healthy",
                explanation=f"Copy {one} runs on {node['name']}.",
            )
            for one in placed
        ]
    return Group(id=key, label=node["name"], kind="instance", parent=f"{side} {node['zone']}", explanation=said), cards


def _way(side: str, zone: str | None, nodes: Sequence[Answer], last: Answer | None) -> Edge:
    """Whether the last copy went into a zone, or why it could not."""
    members = [node["name"] for node in nodes if node["zone"] == zone]
    state = label = ""
    if last is not None and last["node"] in members:
        state = "active"
    elif last is not None and all(last["filtered"].get(name) for name in members):
        state, label = "blocked", _short(last["filtered"][members[0]][0]["code"])
    return Edge(source=f"{side} scheduler", target=f"{side} {zone}", label=label, state=state)


def _waiting(side: str, left: Sequence[Answer], word: str) -> Node:
    state = "failed" if side == "ecs" or left[0]["outcome"] == "Failed" else "starting"
    what = "not placed" if side == "ecs" else left[0]["outcome"]
    first = next(iter(left[0]["filtered"].values()), [])
    why = first[0]["reason"] if first else "There is no machine."
    return Node(
        id=f"{side} waiting",
        label=f"{len(left)} {what}",
        kind="queue",
        group=side,
        state=state,
        explanation=f"{len(left)} {word}s are {what}: no machine can take them. The first: {why}",
    )


def _per_node(answer: Answer) -> Diagram:
    """A node with its network interfaces, and the three limits; what stops first is marked."""
    if answer["compute"] == "FARGATE":
        cards = (Node(id="pod", label="one pod", kind="task", group="node", explanation=answer["reason"]),)
        group = Group(id="node", label="micro-VM", kind="instance", explanation=answer["reason"])
        return Diagram(title="A pod on Fargate", nodes=cards, groups=(group,))
    limits: Mapping[str, int] = answer["limits"]
    names = {"cpu": "CPU", "memory": "Memory", "gpu": "GPUs", "pods": "Addresses"}
    machine = answer["instanceType"] or "node"
    nodes = [
        Node(
            id=limit,
            label=names[limit],
            kind="metric",
            group="node",
            state="refused" if limit in answer["limitedBy"] else "healthy",
            detail=_counted(amount * answer["podsPerCopy"], "pod"),
            explanation=f"By {names[limit].lower()} {_counted(amount, 'pod')} of this kind fit. {answer['reason']}",
        )
        for limit, amount in limits.items()
    ]
    results = (
        ("pods", "Kubernetes", "node", _counted(answer["podsPerNode"], "pod"), answer["reason"], "chosen"),
        ("tasks", "awsvpc", "ecs", _counted(answer["ecs"]["awsvpcTasks"], "task"), answer["ecs"]["reason"], ""),
    )
    nodes += [
        Node(id=f"result {key}", label=label, kind="service", group=group, state=state, detail=detail, explanation=said)
        for key, label, group, detail, said, state in results
    ]
    edges = tuple(Edge(source=limit, target="result pods", state="blocked") for limit in answer["limitedBy"])
    groups = (
        Group(id="node", label=f"{machine}, a node", kind="instance", explanation=answer["reason"]),
        Group(id="ecs", label="The same in ECS", kind="instance", explanation=answer["ecs"]["reason"]),
    )
    return Diagram(title=f"Pods on {machine}", nodes=tuple(nodes), groups=groups, edges=edges, direction="down")


def _rolling(answer: Answer) -> Diagram:
    """A Deployment and an ECS service of one size: both bounds, and which of the two can move."""
    ecs = answer["ecs"]
    groups = (
        Group(id="kubernetes", label="Kubernetes", kind="cluster", explanation=answer["reason"]),
        Group(id="ecs", label="ECS", kind="cluster", explanation=ecs["reason"]),
    )
    nodes: list[Node] = []
    edges: list[Edge] = []
    sides = (
        ("kubernetes", "Deployment", "pod", answer["lower"], answer["upper"], answer["outcome"] == "completed"),
        ("ecs", "Service", "task", ecs["lower"], ecs["upper"], ecs["outcome"] == "completed"),
    )
    for side, name, word, lower, upper, moves in sides:
        said = answer["ends"] if side == "kubernetes" else ecs["fix"] or ecs["reason"]
        nodes += [
            Node(
                id=f"{side} owner",
                label=name,
                kind="service",
                group=side,
                detail=_counted(answer["replicas"], word),
                explanation=said,
            ),
            Node(
                id=f"{side} new",
                label="new",
                kind="task",
                group=side,
                state="healthy" if moves else "failed",
                detail=f"≤ {upper}",
                explanation=f"At most {_counted(upper, word)} at once.",
            ),
            Node(
                id=f"{side} old",
                label="old",
                kind="task",
                group=side,
                state="draining",
                detail=f"≥ {lower}",
                explanation=f"At least {_counted(lower, word)} available at all times.",
            ),
        ]
        state = "active" if moves else "blocked"
        edges += [
            Edge(source=f"{side} owner", target=f"{side} new", label="start", state=state),
            Edge(source=f"{side} owner", target=f"{side} old", label="stop", state=state),
        ]
    return Diagram(
        title=f"A rolling update of {answer['replicas']}: Kubernetes and ECS",
        nodes=tuple(nodes),
        groups=groups,
        edges=tuple(edges),
        direction="down",
    )


def _term(answer: Answer) -> Diagram:
    """A term and what it is on the other side; a road that is not one to one is marked."""
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    sides = {"ecs": "kubernetes", "kubernetes": "ecs"}
    for match in answer["matches"]:
        here, there = match["from"], sides[match["from"]]
        for side, name in ((here, match["name"]), (there, match["to"])):
            nodes.setdefault(f"{side} {name}", _named(side, name, match["reason"]))
        edges.append(
            Edge(
                source=f"{here} {match['name']}",
                target=f"{there} {match['to']}",
                label="same" if match["oneToOne"] else "similar",
                state="active" if match["oneToOne"] else "",
            )
        )
    for row in answer["tables"]:
        said = f"{row['name']}: {row['says']}"
        nodes[f"table {row['name']}"] = Node(
            id=f"table {row['name']}", label=row["name"], kind="group", explanation=said
        )
    groups = tuple(
        Group(id=side, label=label, kind="cluster", explanation=f"What {label} calls it.")
        for side, label in (("ecs", "ECS"), ("kubernetes", "Kubernetes"))
        if any(node.group == side for node in nodes.values())
    )
    return Diagram(
        title=f"What {answer['term']} is called", nodes=tuple(nodes.values()), groups=groups, edges=tuple(edges)
    )


def _named(side: str, name: str, said: str) -> Node:
    mark = next((one for one in (" (", ", or ", ", ", " and ", " inside ", " on ", " or ") if one in name), None)
    plain, _, more = name.partition(mark) if mark else (name, "", "")
    return Node(
        id=f"{side} {name}",
        label=plain,
        kind="service",
        group=side,
        detail=more.rstrip(")"),
        explanation=said,
    )


def _table(answer: Answer) -> Diagram:
    """A table's rows as cards; of the vocabulary both words."""
    nodes = [
        Node(
            id=f"row {i}",
            label=row.get("name") or row["ecs"].partition(" (")[0],
            kind="group",
            detail="" if "name" in row else row["kubernetes"].partition(" (")[0],
            explanation=row.get("says") or f"{row['ecs']} is {row['kubernetes']}. {row['caveat']}".strip(),
        )
        for i, row in enumerate(answer["rows"])
    ]
    return Diagram(title=f"The table {answer['table']}", nodes=tuple(nodes))


def _choice(answer: Answer) -> Diagram:
    """The workload, and the ways of running pods that remain for it."""
    asked = ", ".join(answer["needs"]) or "nothing in particular"
    nodes = [Node(id="workload", label="Workload", kind="task", explanation=f"It needs {asked}.")]
    edges: list[Edge] = []
    states = [(one, "chosen", "It remains: it has all that is needed.") for one in answer["remaining"]]
    states += [(one["option"], "starting", one["reason"]) for one in answer["unsure"]]
    states += [(one["option"], "refused", one["reason"]) for one in answer["ruledOut"]]
    for name, state, said in states:
        nodes.append(Node(id=name, label=name, kind="service", state=state, explanation=said))
        edges.append(
            Edge(source="workload", target=name, state={"chosen": "active", "refused": "blocked"}.get(state, ""))
        )
    return Diagram(title="Where the pods can run", nodes=tuple(nodes), edges=tuple(edges), direction="down")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _short(code: str) -> str:
    """A refusal's code as a word on a road."""
    plain = code.removeprefix("RESOURCE:").removesuffix(".")
    return plain.replace("_", " ").lower() if len(plain) <= 12 else "constraint"


_BUILDERS: dict[str, Callable[[Answer], Diagram]] = {
    "comparison": _comparison,
    "podsPerNode": _per_node,
    "rollingUpdate": _rolling,
    "term": _term,
    "table": _table,
    "computeChoice": _choice,
}
