"""Where everything goes: nested boxes in layers, and the roads between them. Pure geometry, in SVG units.

Each group lays out its own children: an edge between two of them (or between what they hold) puts the target in a
later layer. Layers follow the diagram's direction; children of one layer stand side by side (in a column by twos).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from diagrams.markup import lines
from diagrams.model import Diagram, Edge, Group, Node

CARD = (124, 88)
SMALL = (66, 88)  # tasks and instances: many, with short names
SMALL_KINDS = frozenset({"task", "instance"})
GAP = 40  # between layers: room for two roads and a word
ASIDE = 28  # between neighbors: room for one road, clear of both
SMALL_ASIDE = 16  # between small cards: none
PAD = 18
TITLE = 24
TOP = 46  # from a group's edge to what it holds: its name, and a road between the two
MARGIN = 16
ROW = 6  # children of one layer before it is broken into rows
SMALL_ROW = 2
LABEL_WIDTH = {False: 11, True: 8}  # characters a line of a card's name has room for: wide card, small card


class Point(NamedTuple):
    """A place, in units of the figure."""

    x: float
    y: float


class Box(NamedTuple):
    """A rectangle; `x`, `y` is its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def center(self) -> Point:
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def grown(self, by: float) -> Box:
        """The box with `by` added on each side."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def moved(self, dx: float, dy: float) -> Box:
        """The box elsewhere."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def holds(self, other: Box) -> bool:
        """Whether `other` lies inside, edges included."""
        return self.x <= other.x and self.y <= other.y and other.right <= self.right and other.bottom <= self.bottom

    def meets(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A diagram with its places: `nodes` and `groups` by id, `titles` the boxes that group names take."""

    width: float
    height: float
    nodes: Mapping[str, Box]
    groups: Mapping[str, Box]
    titles: Mapping[str, Box]


def place(diagram: Diagram) -> Placed:
    """Lay out the boxes.

    Raises
    ------
    ValueError
        If an id stands twice, an edge or a parent names nothing, or a group is inside itself.
    """
    check(diagram)
    family = _family(diagram)
    flat: dict[str, Box] = {}
    width, height = _place_children(diagram, family, None, flat)
    groups = {group.id: flat[group.id] for group in diagram.groups}
    return Placed(
        width=width + 2 * MARGIN,
        height=height + 2 * MARGIN,
        nodes={node.id: flat[node.id].moved(MARGIN, MARGIN) for node in diagram.nodes},
        groups={key: box.moved(MARGIN, MARGIN) for key, box in groups.items()},
        titles={group.id: _title_box(group, groups[group.id]).moved(MARGIN, MARGIN) for group in diagram.groups},
    )


def check(diagram: Diagram) -> None:
    """Refuse a diagram whose parts do not hold together (see `place`)."""
    ids = [part.id for part in (*diagram.groups, *diagram.nodes)]
    for twice in (key for at, key in enumerate(ids) if key in ids[:at]):
        raise ValueError(f"The diagram “{diagram.title}” has “{twice}” twice; give each box an id of its own.")
    parents = {group.id: group.parent for group in diagram.groups}
    for part, parent in [*parents.items(), *((node.id, node.group) for node in diagram.nodes)]:
        if parent is not None and parent not in parents:
            raise ValueError(f"“{part}” is put in the group “{parent}”, which is not in the diagram.")
    for start in parents:
        above: str | None = start
        for _ in parents:
            above = parents[above] if above is not None else None
        if above is not None:
            raise ValueError(f"The group “{start}” is inside itself; give one of its parents another parent.")
    strays = [end for edge in diagram.edges for end in (edge.source, edge.target) if end not in ids]
    if strays:
        raise ValueError(f"An edge names “{strays[0]}”, which is not in the diagram.")


def children(diagram: Diagram) -> dict[str | None, tuple[Group | Node, ...]]:
    """Each group's own children (None: the diagram's), groups and nodes in the order of the diagram."""
    found: dict[str | None, list[Group | Node]] = defaultdict(list)
    for node in diagram.nodes:
        found[node.group].append(node)
    for group in diagram.groups:
        found[group.parent].append(group)
    return {parent: tuple(parts) for parent, parts in found.items()}


class _Family(NamedTuple):
    children: Mapping[str | None, tuple[Group | Node, ...]]
    parents: Mapping[str, str | None]
    descendants: Mapping[str, frozenset[str]]


def _family(diagram: Diagram) -> _Family:
    parents: dict[str, str | None] = {node.id: node.group for node in diagram.nodes}
    parents |= {group.id: group.parent for group in diagram.groups}
    descendants: dict[str, set[str]] = {part: {part} for part in parents}
    for part in parents:
        above = parents[part]
        while above is not None:
            descendants[above].add(part)
            above = parents[above]
    return _Family(children(diagram), parents, {key: frozenset(value) for key, value in descendants.items()})


def _place_children(diagram: Diagram, family: _Family, parent: str | None, flat: dict[str, Box]) -> tuple[float, float]:
    """Put the children of `parent` (and all they hold) into `flat`, from (0, 0); returns the size they take."""
    parts = family.children.get(parent, ())
    inner: dict[str, dict[str, Box]] = {}
    sizes: dict[str, tuple[float, float]] = {}
    for part in parts:
        if isinstance(part, Node):
            sizes[part.id] = card_size(part)
            continue
        inner[part.id] = {}
        width, height = _place_children(diagram, family, part.id, inner[part.id])
        room = max(width, len(" ".join(lines(part.label, 40, 1))) * 12 + 28 - 2 * PAD, 60)
        # A group narrower than its name is widened, and what it holds stays in its middle.
        inner[part.id] = {key: box.moved((room - width) / 2, 0) for key, box in inner[part.id].items()}
        sizes[part.id] = (room + 2 * PAD, height + PAD + TOP)
    split = _column_rows if diagram.direction == "column" else _rows
    rows = [row for layer in _layers(diagram.edges, family, parts) for row in split(layer)]
    boxes, total = _stack(rows, sizes, diagram.direction != "right")
    for key, box in boxes.items():
        flat[key] = box
        for held, at in inner.get(key, {}).items():
            flat[held] = at.moved(box.x + PAD, box.y + TOP)
    return total


def card_size(node: Node) -> tuple[float, float]:
    """Width and height of a node's card."""
    return SMALL if node.kind in SMALL_KINDS else CARD


def _layers(edges: Iterable[Edge], family: _Family, parts: Sequence[Group | Node]) -> list[list[Group | Node]]:
    """The parts by how many edges lead to them, on the longest way; an edge that would close a circle is left out."""
    owner = {held: part.id for part in parts for held in family.descendants[part.id]}
    after: dict[str, set[str]] = {part.id: set() for part in parts}
    for edge in edges:
        source, target = owner.get(edge.source), owner.get(edge.target)
        if source and target and source != target and not _reaches(after, target, source):
            after[source].add(target)
    depth = {part.id: 0 for part in parts}
    for _ in parts:
        for source, targets in after.items():
            for target in targets:
                depth[target] = max(depth[target], depth[source] + 1)
    layers: list[list[Group | Node]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for part in parts:
        layers[depth[part.id]].append(part)
    return layers


def _reaches(after: Mapping[str, set[str]], start: str, goal: str) -> bool:
    todo, seen = [start], {start}
    while todo:
        here = todo.pop()
        if here == goal:
            return True
        fresh = after[here] - seen
        seen |= fresh
        todo.extend(fresh)
    return False


def _rows(layer: Sequence[Group | Node]) -> list[list[str]]:
    small = all(isinstance(part, Node) and part.kind in SMALL_KINDS for part in layer)
    tall = len(layer) > 1 and all(isinstance(part, Group) and part.kind == "instance" for part in layer)
    most = 1 if tall else SMALL_ROW if small else ROW
    # Twelve small cards in two columns would be a tower: the more there are, the wider the rows.
    while small and len(layer) > most * 3:
        most += 1
    return [[part.id for part in layer[at : at + most]] for at in range(0, len(layer), most)]


def _column_rows(layer: Sequence[Group | Node]) -> list[list[str]]:
    """Groups one below the other, those of tasks in pairs like cards."""
    wide = [[part.id] for part in layer if isinstance(part, Group) and part.kind != "task"]
    small = [part.id for part in layer if isinstance(part, Node) or part.kind == "task"]
    return [*wide, *(small[at : at + 2] for at in range(0, len(small), 2))]


def _stack(
    rows: Sequence[Sequence[str]], sizes: Mapping[str, tuple[float, float]], down: bool
) -> tuple[dict[str, Box], tuple[float, float]]:
    """Rows one after another along the direction, each centered across it."""
    along, across = (1, 0) if down else (0, 1)
    tight = all(size == SMALL for size in sizes.values())
    aside = SMALL_ASIDE if tight else ASIDE
    breadth = [sum(sizes[key][across] for key in row) + aside * (len(row) - 1) for row in rows]
    most = max(breadth, default=0.0)
    boxes: dict[str, Box] = {}
    at = 0.0
    for row, wide in zip(rows, breadth, strict=True):
        thick = max(sizes[key][along] for key in row)
        side = (most - wide) / 2
        for key in row:
            width, height = sizes[key]
            boxes[key] = Box(side, at, width, height) if down else Box(at, side, width, height)
            side += sizes[key][across] + aside
        at += thick + GAP
    long = max(at - GAP, 0.0)
    return boxes, (most, long) if down else (long, most)


def _title_box(group: Group, box: Box) -> Box:
    return Box(box.x + 8, box.y + 4, min(len(group.label) * 12 + 16, box.width - 16), TITLE)
