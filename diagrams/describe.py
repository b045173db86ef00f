"""A diagram as text: what a reader hears who does not see it. Same boxes, same order, same edges as the figure."""

from __future__ import annotations

from collections.abc import Mapping

from diagrams.layout import check, children
from diagrams.markup import printable
from diagrams.model import Diagram, Edge, Group, Node


def to_text(diagram: Diagram) -> str:
    """The diagram in lines: boxes nested by two spaces a level, then the edges. Each box's id stands in its line.

    Raises
    ------
    ValueError
        If the diagram's parts do not hold together (see `diagrams.layout.place`).
    """
    check(diagram)
    labels = {part.id: printable(part.label) for part in (*diagram.groups, *diagram.nodes)}
    rows = [f"{printable(diagram.title)}."]
    _outline(children(diagram), None, 0, rows)
    rows += [_edge_sentence(edge, labels) for edge in diagram.edges]
    return "\n".join(rows)


def _outline(
    inside: Mapping[str | None, tuple[Group | Node, ...]], parent: str | None, depth: int, rows: list[str]
) -> None:
    for part in inside.get(parent, ()):
        start = "  " * depth + "- "
        if isinstance(part, Node):
            tail = ", ".join(printable(text) for text in (part.kind, part.detail, part.state) if text)
            rows.append(f"{start}{_name(part)}: {tail}.")
            continue
        count = len(inside.get(part.id, ()))
        holds = "empty" if not count else f"holds {count}"
        rows.append(f"{start}{_name(part)}: {printable(part.kind)}, {holds}.")
        _outline(inside, part.id, depth + 1, rows)


def _name(part: Group | Node) -> str:
    label, own = printable(part.label), printable(part.id)
    return label if own == label else f"{label} [{own}]"


def _edge_sentence(edge: Edge, labels: Mapping[str, str]) -> str:
    how = {"active": ", in use", "blocked": ", blocked"}.get(edge.state, "")
    label = f" ({printable(edge.label)})" if edge.label else ""
    return f"{labels[edge.source]} → {labels[edge.target]}{label}{how}."
