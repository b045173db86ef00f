"""Launch types drawn from an answer of their room: columns of layers with who holds each, bills, and what remains."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from diagrams.model import Diagram, Edge, Group, Node
from simulator.launch_types.options import NAMES, Option

Answer = Mapping[str, Any]
# Fargate and Fargate Spot differ in no layer, so they are one column.
COLUMNS: tuple[tuple[Option, str], ...] = (
    (Option.EC2, "EC2"),
    (Option.FARGATE, "Fargate, Spot"),
    (Option.MANAGED_INSTANCES, "Managed Instances"),
    (Option.EXTERNAL, "External"),
)
_STATES = {"SUPPORTED": "healthy", "NOT_SUPPORTED": "refused", "UNDOCUMENTED": "starting"}
_SHORT = {
    "EC2": "EC2",
    "FARGATE": "Fargate",
    "FARGATE_SPOT": "Fargate Spot",
    "MANAGED_INSTANCES": "Managed Instances",
    "EXTERNAL": "External",
}


def launch_types_diagram(answer: Answer) -> Diagram:
    """The picture of an answer of `simulator.launch_types.subjects`, by its `kind`."""
    return _BUILDERS[answer["kind"]](answer)


def _duties(answer: Answer) -> Diagram:
    """A column for each place, a card for each layer: what is yours is marked."""
    groups: list[Group] = []
    nodes: list[Node] = []
    edges: list[Edge] = []
    for option, label in COLUMNS:
        yours = sum(duty["who"][option] == "YOU" for duty in answer["duties"])
        said = f"{NAMES[option]}: {yours} of {len(answer['duties'])} layers are yours."
        groups.append(Group(id=option.value, label=label, kind="cluster", explanation=said))
        for duty in answer["duties"]:
            mine = duty["who"][option] == "YOU"
            nodes.append(
                Node(
                    id=f"{option.value} {duty['duty']}",
                    label=duty["label"],
                    kind="user" if mine else "scheduler",
                    group=option.value,
                    state="chosen" if mine else "",
                    detail="you" if mine else "AWS",
                    explanation=f"{duty['question']} {duty['sentences'][option]}",
                )
            )
        column = [f"{option.value} {duty['duty']}" for duty in answer["duties"]]
        edges += [Edge(source=above, target=below) for above, below in pairwise(column)]
    return Diagram(
        title="Who holds which layer", nodes=tuple(nodes), groups=tuple(groups), edges=tuple(edges), direction="down"
    )


def _choice(answer: Answer) -> Diagram:
    """The workload, and the places that remain for it; each other says which needs it does not meet."""
    asked = ", ".join(answer["needs"]) or "nothing in particular"
    nodes = [Node(id="workload", label="Workload", kind="task", explanation=f"It needs {asked}. {answer['reason']}")]
    edges: list[Edge] = []
    for option in answer["remaining"]:
        nodes.append(_place(option, "chosen", "It can do all of it."))
        edges.append(Edge(source="workload", target=option, state="active"))
    for state, entries in (("starting", answer["unsure"]), ("refused", answer["ruledOut"])):
        for one in entries:
            said = " ".join(reason["reason"] for reason in one["reasons"])
            nodes.append(_place(one["option"], state, said))
            edges.append(Edge(source="workload", target=one["option"], state="blocked" if state == "refused" else ""))
    return Diagram(title="Where the tasks can run", nodes=tuple(nodes), edges=tuple(edges), direction="down")


def _place(option: str, state: str, said: str, detail: str = "") -> Node:
    return Node(id=option, label=_SHORT[option], kind="service", state=state, detail=detail, explanation=said)


def _feature(answer: Answer) -> Diagram:
    nodes = tuple(
        _place(option, _STATES[code], answer["sentences"][option]) for option, code in answer["support"].items()
    )
    return Diagram(title=f"Where there is {answer['what']}", nodes=nodes)


def _option(answer: Answer) -> Diagram:
    """One place with everything that it can do and cannot."""
    nodes = tuple(
        Node(
            id=code,
            label=code.replace("_", " ").capitalize(),
            kind="metric",
            group="place",
            state=_STATES[found],
            explanation=answer["sentences"][code],
        )
        for code, found in answer["features"].items()
    )
    name = _SHORT[answer["option"]]
    group = Group(id="place", label=name, kind="cluster", explanation=answer["pays"])
    return Diagram(title=f"What {name} can do", nodes=nodes, groups=(group,), direction="down")


def _cost(answer: Answer) -> Diagram:
    """The workload, and its bill in each place; the cheapest is marked, what is not known stands apart."""
    check = answer["prices"]["check"]
    nodes = [Node(id="workload", label="Workload", kind="task", explanation=check)]
    # One below the other: side by side they are too wide for a phone.
    edges = [Edge(source="workload", target="known"), Edge(source="known", target="unknown")]
    best = answer["cheapest"] or {}
    for bill in answer["bills"]:
        architecture = bill.get("architecture")
        key = bill["option"] if architecture is None else f"{bill['option']} {architecture}"
        cheapest = (bill["option"], architecture) == (best.get("option"), best.get("architecture"))
        known = bill["total"] is not None or "from" in bill
        label = {"FARGATE_SPOT": "Spot", "MANAGED_INSTANCES": "Managed"}.get(bill["option"], _SHORT[bill["option"]])
        nodes.append(
            Node(
                id=key,
                label=f"{label} ARM" if architecture == "ARM64" else label,
                kind="service",
                group="known" if known else "unknown",
                state="chosen" if cheapest else "" if known else "starting",
                detail=_amount(bill),
                explanation=f"{bill['pays']} {bill['reason']}",
            )
        )
        if cheapest:
            edges[0] = Edge(source="workload", target=key, label="cheapest", state="active")
    groups = (
        Group(id="known", label="Bills", kind="cluster", explanation=check),
        Group(id="unknown", label="No price here", kind="cluster", explanation="A price or a fee is not known here."),
    )
    return Diagram(
        title="The same workload's bills", nodes=tuple(nodes), groups=groups, edges=tuple(edges), direction="down"
    )


def _amount(bill: Answer) -> str:
    if bill["total"] is not None:
        return f"${bill['total']:.2f}"
    return f"${bill['from']:.0f} to {bill['to']:.0f}" if "from" in bill else "not known"


_BUILDERS: dict[str, Callable[[Answer], Diagram]] = {
    "duties": _duties,
    "choice": _choice,
    "feature": _feature,
    "option": _option,
    "cost": _cost,
}
