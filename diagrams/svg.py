"""A diagram as SVG: classes and no colors, so that it follows the theme. Nodes can be picked; packets run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from diagrams.glyphs import glyph
from diagrams.layout import LABEL_WIDTH, SMALL_KINDS, Box, Placed, Point, place
from diagrams.markup import element, lines, number, plain, printable, shorten, words
from diagrams.model import Diagram, Group, Node
from diagrams.routes import Road, roads

MARKS = {"healthy": "✓", "starting": "…", "draining": "↓", "failed": "✕", "refused": "✕", "chosen": "→"}


def to_svg(diagram: Diagram) -> str:
    """The diagram drawn.

    Every node and group carries `data-pick="<its id>"` and, as `<title>`, its name and state. The root's accessible
    name is the diagram's title.

    Raises
    ------
    ValueError
        If the diagram's parts do not hold together (see `diagrams.layout.place`).
    """
    placed = place(diagram)
    ways = roads(diagram, placed)
    body = [
        *(frame(group, placed) for group in outermost_first(diagram)),
        # Roads that share a stretch: the one in use lies on top.
        *(line(road) for road in sorted(ways, key=lambda road: road.edge.state == "active")),
        *(card(node, placed.nodes[node.id]) for node in diagram.nodes),
        *(label(road, placed) for road in ways if road.edge.label),
        *(packet(road) for road in ways if road.edge.state == "active"),
    ]
    size = f"0 0 {number(placed.width)} {number(placed.height)}"
    return element(
        "svg",
        "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=size,
        class_="diagram",
        role="img",
        aria_label=diagram.title,
        style=f"max-width:{number(placed.width * 1.1)}px",
    )


def spoken(node: Node) -> str:
    """A node's name with its detail and state, as it is said."""
    return ", ".join(part for part in (printable(node.label), printable(node.detail), node.state) if part)


def outermost_first(diagram: Diagram) -> list[Group]:
    parents = {group.id: group.parent for group in diagram.groups}

    def depth(group: Group) -> int:
        above, count = group.parent, 0
        while above is not None:
            above, count = parents[above], count + 1
        return count

    return sorted(diagram.groups, key=depth)


def frame(group: Group, placed: Placed) -> str:
    box, title = placed.groups[group.id], placed.titles[group.id]
    content = [
        element("title", plain(group.label)),
        element("rect", class_="group-frame", x=box.x, y=box.y, width=box.width, height=box.height, rx=10),
        words(
            shorten(group.label, min(40, int((box.width - 24) / 8))),
            class_="label group-label",
            x=title.x + 6,
            y=title.y + 18,
        ),
    ]
    return element("g", "".join(content), class_=f"group group-{_word(group.kind)}", data_pick=group.id)


def card(node: Node, box: Box) -> str:
    cx = box.center.x
    small = node.kind in SMALL_KINDS
    rows = lines(node.label, LABEL_WIDTH[small], 1 if node.detail else 2)
    content = [
        element("title", plain(spoken(node))),
        element("rect", class_="node-frame", x=box.x, y=box.y, width=box.width, height=box.height, rx=8),
        glyph(node.kind, cx - 12, box.y + 8),
    ]
    baseline = box.y + (50 if node.detail or len(rows) > 1 else 60)
    for row in rows:
        content.append(words(row, class_="label", x=cx, y=baseline, text_anchor="middle"))
        baseline += 21
    if node.detail:
        detail = shorten(node.detail, LABEL_WIDTH[small] + 3)
        content.append(words(detail, class_="label-small", x=cx, y=baseline, text_anchor="middle"))
    if node.state in MARKS:
        content.append(
            words(MARKS[node.state], class_="state-mark", x=box.right - 14, y=box.y + 20, text_anchor="middle")
        )
    names = f"node node-{_word(node.kind)} {node.state}".strip()
    return element("g", "".join(content), class_=names, data_pick=node.id)


def line(road: Road) -> str:
    state = f" {road.edge.state}" if road.edge.state else ""
    path = element("path", class_="edge-line", d=_path(road.points))
    return element("g", path + _head(road.points), class_=f"edge{state}")


def _head(points: Sequence[Point]) -> str:
    """The arrow's head, drawn as a path of its own so that it takes its color from the class, as the line does."""
    (ax, ay), (bx, by) = points[-2], points[-1]
    dx, dy = (bx > ax) - (bx < ax), (by > ay) - (by < ay)
    back, wing = 8, 4.5
    left = f"{number(bx - dx * back - dy * wing)} {number(by - dy * back - dx * wing)}"
    right = f"{number(bx - dx * back + dy * wing)} {number(by - dy * back + dx * wing)}"
    return element("path", class_="edge-head", d=f"M{left}L{number(bx)} {number(by)}L{right}Z")


def label(road: Road, placed: Placed) -> str:
    """The edge's name beside its longest stretch where it keeps clear of cards, with a halo to stay readable."""
    text = shorten(road.edge.label, 24)
    best: tuple[Point, str] | None = None
    for start, end in sorted(pairwise(road.points), key=lambda ends: -_length(*ends)):
        middle = Point((start.x + end.x) / 2, (start.y + end.y) / 2)
        upright = start.x == end.x
        at, anchor = (
            (Point(middle.x + 9, middle.y + 5), "start") if upright else (Point(middle.x, middle.y - 6), "middle")
        )
        best = best or (at, anchor)
        wide = len(text) * 9
        box = Box(at.x if upright else at.x - wide / 2, at.y - 14, wide, 18)
        if not any(box.meets(card) for card in placed.nodes.values()):
            best = at, anchor
            break
    assert best is not None, "a road has two points or more"
    return words(text, class_="label-small edge-label", x=best[0].x, y=best[0].y, text_anchor=best[1])


def packet(road: Road) -> str:
    return element(
        "circle", class_="packet", r=5, style=f"offset-path:path('{_path(road.points)}')", aria_hidden="true"
    )


def _path(points: Sequence[Point]) -> str:
    """The road with rounded corners."""
    parts = [f"M{number(points[0].x)} {number(points[0].y)}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(8, _length(before, corner) / 2, _length(corner, after) / 2)
        start, end = _towards(corner, before, radius), _towards(corner, after, radius)
        parts.append(f"L{number(start.x)} {number(start.y)}Q{number(corner.x)} {number(corner.y)}")
        parts.append(f" {number(end.x)} {number(end.y)}")
    parts.append(f"L{number(points[-1].x)} {number(points[-1].y)}")
    return "".join(parts)


def _length(a: Point, b: Point) -> float:
    return abs(a.x - b.x) + abs(a.y - b.y)


def _towards(start: Point, end: Point, by: float) -> Point:
    dx, dy = (end.x > start.x) - (end.x < start.x), (end.y > start.y) - (end.y < start.y)
    return Point(start.x + dx * by, start.y + dy * by)


def _word(kind: str) -> str:
    """A kind as a class name."""
    return "".join(letter if letter.isalnum() or letter == "-" else "-" for letter in kind)
