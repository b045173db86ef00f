"""Architecture diagrams one after another as a film: every box keeps its place, and shows what it is at each step."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from diagrams.film import Film, Patch, Said, frames_of
from diagrams.layout import Placed, place
from diagrams.markup import element, number
from diagrams.model import Diagram, Edge, Group, Node
from diagrams.routes import Road, roads
from diagrams.svg import card, frame, label, line, outermost_first, packet

Key = Hashable


def diagram_film(
    title: str,
    diagrams: Sequence[Diagram],
    said: Sequence[Said],
    *,
    plan: Diagram | None = None,
    narrow_order: Sequence[Edge] = (),
    narrow_direction: str = "down",
) -> Film:
    """The diagrams as a film with two drawings, one for a narrow place, if it is another one.

    A box that is in any of the diagrams has a place from the beginning, so nothing moves when others come and go. What
    differs between steps is drawn once for each look, and a frame shows one of them.

    Parameters
    ----------
    diagrams : at least one; a node or group that keeps its id keeps its place.
    said : the words of each step, as many as diagrams.
    plan : takes part in the layout and is not shown: what a run that ends early would have come to, so that its boxes
        stand where they stand in the run that does not.
    narrow_order : edges that only order the boxes of the narrow drawing, and are not shown: a row of cards that fills a
        wide drawing is unreadable on a phone, where it can be a column.
    narrow_direction : of the narrow drawing; three columns of cards, however long, are narrower as they are.

    Raises
    ------
    ValueError
        If a diagram's parts do not hold together, or the two sequences differ in length.
    """
    whole = _together(title, [*diagrams, *([plan] if plan else [])])
    looks = [_looks(diagram) for diagram in diagrams]
    ids = _ids(looks)
    patches: list[Patch] = [_shown(looks[0], ids)]
    patches += [_changed(before, after, ids) for before, after in pairwise(looks)]
    narrow = ordered(replace(whole, direction=narrow_direction), narrow_order)
    return Film(
        title=title,
        svg=_drawing(whole, ids),
        narrow="" if narrow == whole else _drawing(narrow, ids),
        frames=frames_of(patches, said),
    )


def ordered(diagram: Diagram, edges: Sequence[Edge]) -> Diagram:
    """The diagram with further edges, as far as it has what they join."""
    there = {part.id for part in (*diagram.nodes, *diagram.groups)}
    more = tuple(edge for edge in edges if edge.source in there and edge.target in there)
    return replace(diagram, edges=(*diagram.edges, *more))


@dataclass(frozen=True, slots=True)
class _Look:
    """How one part looks at a step. `part` says which box or edge it is, `value` what is drawn."""

    part: Key
    value: Node | Group | Edge


def _together(title: str, diagrams: Sequence[Diagram]) -> Diagram:
    """One diagram with every box and every edge that is ever there; a label's longest form makes the room."""
    nodes: dict[str, Node] = {}
    groups: dict[str, Group] = {}
    edges: dict[tuple[str, str], Edge] = {}
    for diagram in diagrams:
        for group in diagram.groups:
            groups.setdefault(group.id, group)
        for node in diagram.nodes:
            known = nodes.setdefault(node.id, node)
            if known.group != node.group:
                raise ValueError(
                    f"“{node.id}” moves to another group; give it another id there, for boxes do not move."
                )
        for edge in diagram.edges:
            edges.setdefault((edge.source, edge.target), edge)
    return Diagram(
        title=title,
        nodes=tuple(nodes.values()),
        groups=tuple(groups.values()),
        edges=tuple(edges.values()),
        direction=diagrams[0].direction,
    )


def _looks(diagram: Diagram) -> frozenset[_Look]:
    # What is only said when a box is chosen is not drawn, so it makes no other look.
    return frozenset(
        (
            *(_Look(("group", group.id), replace(group, explanation="")) for group in diagram.groups),
            *(_Look(("node", node.id), replace(node, explanation="")) for node in diagram.nodes),
            *(_Look(("edge", edge.source, edge.target), edge) for edge in diagram.edges),
        )
    )


def _ids(looks: Sequence[frozenset[_Look]]) -> dict[_Look, str]:
    """An element's id for each look, in the order of first appearance."""
    known: dict[_Look, str] = {}
    for step in looks:
        for look in sorted(step - known.keys(), key=lambda look: (str(look.part), repr(look.value))):
            known[look] = f"r{len(known)}"
    return known


def _shown(looks: frozenset[_Look], ids: dict[_Look, str]) -> Patch:
    return {ids[look]: {"hidden": False} for look in sorted(looks, key=ids.__getitem__)}


def _changed(before: frozenset[_Look], after: frozenset[_Look], ids: dict[_Look, str]) -> Patch:
    gone = {ids[look]: {"hidden": True} for look in sorted(before - after, key=ids.__getitem__)}
    return {**gone, **_shown(after - before, ids)}


def _drawing(whole: Diagram, ids: dict[_Look, str]) -> str:
    placed = place(whole)
    ways = {(road.edge.source, road.edge.target): road.points for road in roads(whole, placed)}
    parts: dict[str, list[tuple[_Look, str]]] = {"group": [], "edge": [], "node": []}
    order = {group.id: at for at, group in enumerate(outermost_first(whole))}
    for look, name in ids.items():
        match look.value:
            case Group() as group:
                parts["group"].append((look, _hidden(name, frame(group, placed))))
            case Node() as node:
                parts["node"].append((look, _hidden(name, card(node, placed.nodes[node.id]))))
            case Edge() as edge if (edge.source, edge.target) in ways:
                road = Road(edge, ways[edge.source, edge.target])
                parts["edge"].append((look, _hidden(name, _edge(road, placed))))
            case Edge():
                pass
    parts["group"].sort(key=lambda pair: order[pair[0].value.id] if isinstance(pair[0].value, Group) else 0)
    # Roads that share a stretch: the one in use lies on top.
    parts["edge"].sort(key=lambda pair: isinstance(pair[0].value, Edge) and pair[0].value.state == "active")
    body = "".join(drawn for kind in ("group", "edge", "node") for _, drawn in parts[kind])
    return element(
        "svg",
        body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(placed.width)} {number(placed.height)}",
        class_="diagram",
        role="img",
        aria_label=whole.title,
        style=f"max-width:{number(placed.width * 1.1)}px",
    )


def _edge(road: Road, placed: Placed) -> str:
    named = label(road, placed) if road.edge.label else ""
    moving = packet(road) if road.edge.state == "active" else ""
    return line(road) + named + moving


def _hidden(name: str, content: str) -> str:
    return element("g", content, id=name, hidden=True)
