"""A diagram as a value: boxes in nested groups, joined by edges. The builders make it; three faces show it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One box. `kind` chooses glyph and colour ("user", "alb", "task", "instance", "igw", "nat", "ecr", "efs", …).

    `state` is one of "", "healthy", "starting", "draining", "failed", "refused", "chosen". `detail` is a short second
    line; `explanation` is what is said when the node is chosen (one to three sentences).
    """

    id: str
    label: str
    kind: str
    group: str | None = None
    state: str = ""
    detail: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A box around boxes: VPC, Availability Zone, subnet, cluster, service, instance."""

    id: str
    label: str
    kind: str
    parent: str | None = None
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A line from one node or group to another. `state` is "", "active" or "blocked"."""

    source: str
    target: str
    label: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagram:
    """What is drawn. `title` is the figure's accessible name; `direction` is "down", "right", or "column".

    A column goes down with one group or two cards a row, for a narrow place.
    """

    title: str
    nodes: tuple[Node, ...]
    groups: tuple[Group, ...] = ()
    edges: tuple[Edge, ...] = ()
    direction: str = "right"
