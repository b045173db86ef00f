"""A diagram as Graphviz source, with groups as clusters. The graphviz package writes it; no Graphviz is needed."""

from __future__ import annotations

from collections.abc import Mapping

import graphviz

from diagrams.layout import check, children
from diagrams.markup import printable, shorten
from diagrams.model import Diagram, Group, Node

MOST = 48  # characters of a name in a box

_STATE_STYLE: dict[str, dict[str, str]] = {
    "healthy": {"style": "rounded,bold"},
    "starting": {"style": "rounded,dashed"},
    "draining": {"style": "rounded,dotted"},
    "failed": {"style": "rounded,diagonals"},
    "refused": {"style": "rounded,diagonals"},
    "chosen": {"style": "rounded,bold", "peripheries": "2"},
}
_EDGE_STYLE: dict[str, dict[str, str]] = {
    "active": {"style": "bold"},
    "blocked": {"style": "dashed", "arrowhead": "tee"},
}


def to_dot(diagram: Diagram) -> str:
    """The diagram as DOT text; equal diagrams give equal text. States are line styles, so it reads without color.

    Raises
    ------
    ValueError
        If the diagram's parts do not hold together (see `diagrams.layout.place`).
    """
    check(diagram)
    down = diagram.direction != "right"
    graph = graphviz.Digraph(
        graph_attr={
            "label": _label(diagram.title),
            "rankdir": "TB" if down else "LR",
            "compound": "true",
            "fontname": "Helvetica",
        },
        node_attr={"shape": "box", "style": "rounded", "fontname": "Helvetica"},
        edge_attr={"fontname": "Helvetica"},
    )
    names = _names(diagram)
    inside = children(diagram)
    _fill(graph, inside, None, names)
    anchors = _anchors(diagram, names)
    for edge in diagram.edges:
        source, tail = anchors[edge.source]
        target, head = anchors[edge.target]
        ends = {key: value for key, value in (("ltail", tail), ("lhead", head)) if value}
        label = _label(edge.label) if edge.label else None
        graph.edge(source, target, label, **ends, **_EDGE_STYLE.get(edge.state, {}))
    return graph.source


def _names(diagram: Diagram) -> dict[str, str]:
    """DOT names: the ids where they are plain, and numbered ones elsewhere (a colon would be read as a port)."""
    names: dict[str, str] = {}
    for at, part in enumerate((*diagram.groups, *diagram.nodes)):
        plain = printable(part.id).replace(":", " ").replace("\\", " ").replace("<", " ")
        names[part.id] = plain if plain == part.id else f"{plain.strip()} #{at}"
    return names


def _fill(
    graph: graphviz.Digraph,
    inside: Mapping[str | None, tuple[Group | Node, ...]],
    parent: str | None,
    names: Mapping[str, str],
) -> None:
    for part in inside.get(parent, ()):
        if isinstance(part, Node):
            label = "\n".join(shorten(text, MOST) for text in (part.label, part.detail, part.state) if text)
            graph.node(names[part.id], graphviz.escape(label), **_STATE_STYLE.get(part.state, {}))
            continue
        cluster = graphviz.Digraph(
            f"cluster_{names[part.id]}", graph_attr={"label": _label(part.label), "style": "rounded"}
        )
        if part.id not in inside:
            # Graphviz draws no empty cluster.
            cluster.node(f"{names[part.id]} is empty", "", style="invis")
        _fill(cluster, inside, part.id, names)
        graph.subgraph(cluster)


def _anchors(diagram: Diagram, names: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """For each id, the node an edge is tied to, and the cluster it is cut off at ("" for a node).

    DOT joins nodes only; an edge to a cluster is one to a node in it that ends at the border.
    """
    parents = {group.id: group.parent for group in diagram.groups}
    found = {node.id: (names[node.id], "") for node in diagram.nodes}
    for node in diagram.nodes:
        above = node.group
        while above is not None:
            found.setdefault(above, (names[node.id], f"cluster_{names[above]}"))
            above = parents[above]
    for group in diagram.groups:
        found.setdefault(group.id, (f"{names[group.id]} is empty", f"cluster_{names[group.id]}"))
    return found


def _label(text: str) -> str:
    return graphviz.escape(shorten(text, MOST * 2))
