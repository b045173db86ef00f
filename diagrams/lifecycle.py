"""A lifecycle policy at work: its rules above the images, what each acts on, and what is out of its reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from diagrams.model import Diagram, Edge, Group, Node
from diagrams.registry import short_digest, tag_label

MOST_JUDGED = 12  # images drawn one by one; more are counted


def lifecycle_diagram(answer: Mapping[str, Any], *, title: str = "A lifecycle policy and its images") -> Diagram:
    """The rules of a policy above the images: what each acts on, and what it may not touch.

    Parameters
    ----------
    answer : what the terminal's `registry` answers to a lifecycle document.
    """
    judged = [
        (outcome, one)
        for outcome in _OUTCOMES
        for one in sorted(answer[outcome], key=lambda one: one["rulePriority"] or 0)
    ]
    nodes = [_rule(rule) for rule in answer["rules"]]
    groups = [
        Group(
            id="repository",
            label="Repository",
            kind="service",
            explanation=f"{len(judged)} images: {len(answer['expired'])} expire, {len(answer['transitioned'])} are "
            f"archived, {len(answer['kept'])} stay.",
        )
    ]
    cards = list(_judged(judged) if len(judged) <= MOST_JUDGED else _judged_in_sum(judged))
    edges = [edge for node, outcome, one in cards for edge in _verdict_edges(node, outcome, one)]
    idle = [node.id for node in nodes if all(edge.source != node.id for edge in edges)]
    edges += [Edge(source=rule, target="repository") for rule in idle]
    return Diagram(
        title=title,
        nodes=(*nodes, *(node for node, _, _ in cards)),
        groups=tuple(groups),
        edges=tuple(_named_once(edges)),
        direction="down",
    )


_OUTCOMES = {"expired": "failed", "transitioned": "draining", "kept": "healthy"}


def _rule(rule: Mapping[str, Any]) -> Node:
    priority = rule["rulePriority"]
    return Node(
        id=f"rule {priority}",
        label=f"Rule {priority}",
        kind="scheduler",
        detail=f"acts on {rule['actedOn']}",
        explanation=f"It selects {rule['selects']}: {rule['selected']} of them. It marks {rule['marked']} and acts on "
        f"{rule['actedOn']}.",
    )


def _judged(judged: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[tuple[Node, str, Mapping[str, Any]]]:
    for outcome, one in judged:
        node = Node(
            id=f"image {one['imageDigest']}",
            label=tag_label(one["imageTags"]),
            kind="ecr",
            group="repository",
            state=_OUTCOMES[outcome],
            detail=short_digest(one["imageDigest"]),
            explanation=f"Its tags are {', '.join(one['imageTags']) or 'none'}. {one['reason']}",
        )
        yield node, outcome, one


def _judged_in_sum(judged: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[tuple[Node, str, Mapping[str, Any]]]:
    """For many images: a card for each outcome under each rule."""
    counts = Counter((outcome, one["rulePriority"], one["code"]) for outcome, one in judged)
    for (outcome, priority, code), count in counts.items():
        one = next(one for kind, one in judged if (kind, one["rulePriority"], one["code"]) == (outcome, priority, code))
        by = f"by rule {priority}" if priority else "by no rule"
        node = Node(
            id=f"{outcome} {priority} {code}",
            label=f"{count} image{'' if count == 1 else 's'}",
            kind="ecr",
            group="repository",
            state=_OUTCOMES[outcome],
            detail="archived" if outcome == "transitioned" else outcome,
            explanation=f"{count} {'archived' if outcome == 'transitioned' else outcome} {by}. One of them: "
            f"{one['reason']}",
        )
        yield node, outcome, one


def _verdict_edges(node: Node, outcome: str, one: Mapping[str, Any]) -> Iterator[Edge]:
    """From the rule that acts; for an image out of a rule's reach, from the rule that shields it and from that one."""
    rule, shielded = f"rule {one['rulePriority']}", one.get("shieldedFrom")
    if outcome != "kept":
        yield Edge(source=rule, target=node.id, label="expires" if outcome == "expired" else "archives", state="active")
    elif shielded is not None:
        yield Edge(source=rule, target=node.id, label="keeps")
        yield Edge(source=f"rule {shielded}", target=node.id, label="may not", state="blocked")


def _named_once(edges: Sequence[Edge]) -> Iterator[Edge]:
    """The edges, each word on the first of those that leave one rule with it."""
    said: set[tuple[str, str]] = set()
    for edge in edges:
        yield replace(edge, label="") if (edge.source, edge.label) in said else edge
        said.add((edge.source, edge.label))
