"""Roads between boxes: only right angles, never through a card or a group's name, few bends, few shared stretches."""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from diagrams.layout import MARGIN, Box, Placed, Point
from diagrams.model import Diagram, Edge

STUB = 14  # how far a road leaves a card before it may turn
INNER = 8  # the same inside a group, where its padding is all the room there is
CLEAR = 8  # how near a road may come to a card it passes
BEND = 40
SIDE = 60  # leaving or reaching a card by another side than the one that follows the direction
SHARED = 1.5  # a stretch already taken by an unrelated road costs this much more

_STEPS = ((1, 0), (-1, 0), (0, 1), (0, -1))


class Road(NamedTuple):
    """An edge's way: its corners, both ends on the borders of the boxes it joins."""

    edge: Edge
    points: tuple[Point, ...]


class _Grid(NamedTuple):
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    blocked: frozenset[tuple[int, int, int, int]]  # steps (i, j, di, dj) that would cross a card or a name


class _Port(NamedTuple):
    border: Point
    out: Point
    cost: float


def roads(diagram: Diagram, placed: Placed) -> tuple[Road, ...]:
    """A road for each edge, in the order of the diagram; an edge from a box to itself has none."""
    grid = _grid(placed)
    boxes = {**placed.groups, **placed.nodes}
    taken: dict[tuple[int, int, int, int], set[str]] = {}
    found: list[Road] = []
    for edge in diagram.edges:
        if edge.source == edge.target:
            continue
        down = diagram.direction != "right"
        starts = _ports(boxes[edge.source], boxes[edge.target], down, leaving=True)
        ends = _ports(boxes[edge.target], boxes[edge.source], down, leaving=False)
        found.append(Road(edge, _straightened(_way(grid, edge, starts, ends, taken))))
    return tuple(found)


def _grid(placed: Placed) -> _Grid:
    obstacles = [*(card.grown(CLEAR) for card in placed.nodes.values()), *placed.titles.values()]
    # The outer ring is always free: whatever stands inside, there is a way around.
    xs = {MARGIN / 2, placed.width - MARGIN / 2}
    ys = {MARGIN / 2, placed.height - MARGIN / 2}
    for box in (*placed.nodes.values(), *placed.groups.values()):
        xs |= {box.x - STUB, box.center.x, box.right + STUB}
        ys |= {box.y - STUB, box.center.y, box.bottom + STUB}
    for box in placed.groups.values():
        xs |= {box.x + INNER, box.right - INNER}
        ys |= {box.y + INNER, box.bottom - INNER}
    columns, lines = tuple(sorted(xs)), tuple(sorted(ys))
    blocked: set[tuple[int, int, int, int]] = set()
    for obstacle in obstacles:
        blocked |= _crossing(columns, lines, obstacle)
    return _Grid(columns, lines, frozenset(blocked))


def _crossing(xs: Sequence[float], ys: Sequence[float], box: Box) -> set[tuple[int, int, int, int]]:
    """The steps between neighbouring grid points that enter the box."""
    inside_x = range(bisect_right(xs, box.x), bisect_left(xs, box.right))
    inside_y = range(bisect_right(ys, box.y), bisect_left(ys, box.bottom))
    found: set[tuple[int, int, int, int]] = set()
    for j in inside_y:
        first, last = bisect_right(xs, box.x) - 1, bisect_left(xs, box.right)
        for i in range(max(first, 0), min(last, len(xs) - 1)):
            found |= {(i, j, 1, 0), (i + 1, j, -1, 0)}
    for i in inside_x:
        first, last = bisect_right(ys, box.y) - 1, bisect_left(ys, box.bottom)
        for j in range(max(first, 0), min(last, len(ys) - 1)):
            found |= {(i, j, 0, 1), (i, j + 1, 0, -1)}
    return found


def _ports(box: Box, other: Box, down: bool, *, leaving: bool) -> tuple[_Port, ...]:
    """The four middles of a box's sides. The side that follows the direction costs nothing, the others do."""
    inside = other.holds(box) or box.holds(other)
    turn = -INNER if box.holds(other) else STUB
    cx, cy = box.center
    sides = {
        "top": (Point(cx, box.y), Point(cx, box.y - turn)),
        "bottom": (Point(cx, box.bottom), Point(cx, box.bottom + turn)),
        "left": (Point(box.x, cy), Point(box.x - turn, cy)),
        "right": (Point(box.right, cy), Point(box.right + turn, cy)),
    }
    forward = ("bottom" if leaving else "top") if down else ("right" if leaving else "left")
    backward = ("top" if leaving else "bottom") if down else ("left" if leaving else "right")
    costs = dict.fromkeys(sides, SIDE) | {forward: 0, backward: 2 * SIDE}
    return tuple(_Port(border, out, 0 if inside else costs[name]) for name, (border, out) in sides.items())


def _way(
    grid: _Grid,
    edge: Edge,
    starts: Iterable[_Port],
    ends: Iterable[_Port],
    taken: dict[tuple[int, int, int, int], set[str]],
) -> list[Point]:
    """The cheapest road by Dijkstra over (grid point, direction of travel); marks its stretches as taken."""
    goals = {_index(grid, port.out): port for port in ends}
    queue: list[tuple[float, int, tuple[int, int, int]]] = []
    came: dict[tuple[int, int, int], tuple[int, int, int] | _Port] = {}
    best: dict[tuple[int, int, int], float] = {}
    for port in starts:
        state = (*_index(grid, port.out), _heading(port.border, port.out))
        best[state], came[state] = port.cost, port
        heapq.heappush(queue, (port.cost, len(queue), state))
    final: tuple[float, tuple[int, int, int], _Port] | None = None
    pushed = len(queue)
    while queue:
        cost, _, state = heapq.heappop(queue)
        if cost > best[state] or (final and cost >= final[0]):
            continue
        i, j, heading = state
        if (i, j) in goals:
            port = goals[i, j]
            turn = BEND if _heading(port.out, port.border) != heading else 0
            if final is None or cost + turn + port.cost < final[0]:
                final = (cost + turn + port.cost, state, port)
        for way, (di, dj) in enumerate(_STEPS):
            ni, nj = i + di, j + dj
            outside = not (0 <= ni < len(grid.xs) and 0 <= nj < len(grid.ys))
            if outside or way == heading ^ 1 or (i, j, di, dj) in grid.blocked:
                continue
            length = abs(grid.xs[ni] - grid.xs[i]) + abs(grid.ys[nj] - grid.ys[j])
            strangers = taken.get((i, j, di, dj), set()) - {edge.source, edge.target}
            more = length * (SHARED if strangers else 1) + (BEND if way != heading else 0)
            after = (ni, nj, way)
            if cost + more < best.get(after, float("inf")):
                best[after], came[after] = cost + more, state
                pushed += 1
                heapq.heappush(queue, (cost + more, pushed, after))
    if final is None:
        raise ValueError(f"No road leads from “{edge.source}” to “{edge.target}”; leave more room between the boxes.")
    return _walked_back(grid, edge, final[1], final[2], came, taken)


def _walked_back(
    grid: _Grid,
    edge: Edge,
    state: tuple[int, int, int],
    end: _Port,
    came: dict[tuple[int, int, int], tuple[int, int, int] | _Port],
    taken: dict[tuple[int, int, int, int], set[str]],
) -> list[Point]:
    points = [end.border]
    while True:
        i, j, _ = state
        points.append(Point(grid.xs[i], grid.ys[j]))
        before = came[state]
        if isinstance(before, _Port):
            points.append(before.border)
            return points[::-1]
        di, dj = i - before[0], j - before[1]
        # A road that shares an end with another may run along it; only strangers are kept apart.
        for stretch in ((before[0], before[1], di, dj), (i, j, -di, -dj)):
            taken.setdefault(stretch, set()).add(edge.source)
        state = before


def _index(grid: _Grid, point: Point) -> tuple[int, int]:
    return bisect_left(grid.xs, point.x), bisect_left(grid.ys, point.y)


def _heading(start: Point, end: Point) -> int:
    if start.x != end.x:
        return 0 if end.x > start.x else 1
    return 2 if end.y > start.y else 3


def _straightened(points: Sequence[Point]) -> tuple[Point, ...]:
    """The corners only: points in the middle of a straight stretch are dropped."""
    kept: list[Point] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) >= 2 and (kept[-2].x == kept[-1].x == point.x or kept[-2].y == kept[-1].y == point.y):
            kept.pop()
        kept.append(point)
    assert all(a.x == b.x or a.y == b.y for a, b in pairwise(kept))
    return tuple(kept)
