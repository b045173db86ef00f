"""Where everything on a packet's way is drawn: along a line on a wide page, down a line on a phone. Pure geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from diagrams.layout import Box, Point
from simulator.network.model import IGW
from simulator.network.spots import Spot

MOST_LINES = 5  # rules shown at one gate
MOST_TOLD = 28  # characters of one rule
ROW = 22  # a rule's height
SIGN = 46  # of a gate's sign: what stands above its rules
MONO = 7.6  # the width of a character of a rule
TEXT = 7.4  # of other words
CARD, SMALL_CARD = 56, 42
MARGIN = 18
NOWHERE = Box(0, 0, 0, 0)

_RAIL, _GAP, _TOP = 151.0, 26.0, 14.0
_NARROW, _LINE, _BAND = 360.0, 42.0, 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One spot's place. A packet rests at `before` when it is stopped here, and at `after` when it has passed.

    `sign` is the box of a gate's rules, `card` that of a station; `name` is where its name begins or is centered.
    """

    spot: Spot
    at: Point
    before: Point
    after: Point
    name: Point
    card: Box = NOWHERE
    sign: Box = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A subnet or the VPC around the spots in it."""

    label: str
    depth: int
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The whole drawing's places; `down` for the one that goes down."""

    width: float
    height: float
    cells: tuple[Cell, ...]
    frames: tuple[Frame, ...]
    down: bool


def shown_lines(spot: Spot) -> int:
    """How many rows of rules a gate has: at least one, which may say that there is none."""
    return max(1, min(len(spot.lines), MOST_LINES)) + (len(spot.lines) > MOST_LINES)


def along(spots: Sequence[Spot]) -> Places:
    """From left to right."""
    cells: list[Cell] = []
    x = float(MARGIN)
    for spot, wide in zip(spots, _widths(spots), strict=True):
        at = Point(x + wide / 2, _RAIL)
        reach = 17 if spot.is_gate else CARD / 2 + 15
        cells.append(
            Cell(
                spot=spot,
                at=at,
                before=Point(at.x - reach, _RAIL),
                after=Point(x + wide + _GAP / 2, _RAIL),
                name=Point(at.x, _RAIL + CARD / 2 + 21),
                card=Box(at.x - CARD / 2, _RAIL - CARD / 2, CARD, CARD),
                sign=Box(x, _RAIL + 44, wide, SIGN + ROW * shown_lines(spot)),
            )
        )
        x += wide + _GAP
    end = cells[-1]
    cells[-1] = replace(end, after=Point(end.at.x + CARD / 2 + 16, _RAIL))
    bottom = max(cell.sign.bottom if cell.spot.is_gate else _RAIL + 88 for cell in cells) + 30
    frames = [
        Frame(label=label, depth=depth, box=_around(cells[first : last + 1], depth, bottom))
        for label, depth, first, last in _runs(spots)
    ]
    return Places(width=x - _GAP + MARGIN + 14, height=bottom + 8, cells=tuple(cells), frames=tuple(frames), down=False)


def downward(spots: Sequence[Spot]) -> Places:
    """From top to bottom, for a narrow page; the packet's label stands at the head."""
    runs = _runs(spots)
    cells: list[Cell] = []
    tops: dict[tuple[str, int, int], float] = {}
    frames: list[Frame] = []
    y = 56.0
    for k, spot in enumerate(spots):
        for label, depth, first, _ in runs:
            if first == k:
                tops[label, depth, first] = y
                y += 28
        tall = SIGN + ROW * shown_lines(spot) if spot.is_gate else 54.0
        at = Point(_LINE, y + (24 if spot.is_gate else tall / 2))
        reach = 15 if spot.is_gate else SMALL_CARD / 2 + 10
        cells.append(
            Cell(
                spot=spot,
                at=at,
                before=Point(_LINE, at.y - reach),
                after=Point(_LINE, y + tall + _BAND / 2),
                name=Point(_LINE + 34, at.y - 3),
                card=Box(_LINE - SMALL_CARD / 2, at.y - SMALL_CARD / 2, SMALL_CARD, SMALL_CARD),
                sign=Box(_LINE + 30, y, _NARROW - _LINE - 30 - 22, tall),
            )
        )
        y += tall
        for label, depth, first, last in reversed(runs):
            if last == k:
                y += 8
                inset = 6.0 + 7 * depth
                top = tops[label, depth, first]
                frames.append(Frame(label=label, depth=depth, box=Box(inset, top, _NARROW - 2 * inset, y - top)))
        y += _BAND + 8
    return Places(
        width=_NARROW,
        height=y + 4,
        cells=tuple(cells),
        frames=tuple(sorted(frames, key=lambda one: one.depth)),
        down=True,
    )


def _widths(spots: Sequence[Spot]) -> list[float]:
    """What each spot takes; a subnet with too little in it for its name is made wider."""
    found = [_width(spot) for spot in spots]
    for label, depth, first, last in _runs(spots):
        there = sum(found[first : last + 1]) + _GAP * (last - first)
        found[first] += max(0.0, depth and len(label) * 7.6 + 26 - there)
    return found


def _width(spot: Spot) -> float:
    words = [len(spot.name) * 8.2, *(len(fact) * TEXT for fact in spot.facts)]
    if not spot.is_gate:
        return max(82.0, min(max(words) + 6, 150.0))
    lines = [min(len(line.told), MOST_TOLD) * MONO + 38 for line in spot.lines[:MOST_LINES]]
    return max(132.0, min(max([*words, *lines]) + 20, 250.0))


def _runs(spots: Sequence[Spot]) -> list[tuple[str, int, int, int]]:
    """Neighbors that stand in the same place, as (its name, how deep it lies, first, last), the outer ones first."""
    found: list[tuple[str, int, int, int]] = []
    for depth in range(max(len(spot.zone) for spot in spots)):
        first = 0
        for k in range(1, len(spots) + 1):
            here = spots[first].zone[: depth + 1]
            if k < len(spots) and spots[k].zone[: depth + 1] == here:
                continue
            if len(here) > depth:
                found.append((here[depth], depth, first, k - 1))
            first = k
    return found


def _around(cells: Sequence[Cell], depth: int, bottom: float) -> Box:
    """The VPC's edge runs through its internet gateway."""
    inset = depth * 8.0
    left, right = (cells[0], cells[-1])
    start = left.at.x if left.spot.id == IGW else min(left.sign.x, left.card.x) - 11 + inset
    end = right.at.x if right.spot.id == IGW else max(right.sign.right, right.card.right) + 11 - inset
    top = _TOP + depth * 28
    return Box(start, top, end - start, bottom - depth * 9 - top)
