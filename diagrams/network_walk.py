"""A packet that walks its way and stops where it is stopped, at the rule that stops it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from diagrams.film import Film, Said, frames_of
from diagrams.glyphs import glyph
from diagrams.layout import Point
from diagrams.look import revealed
from diagrams.markup import element, number, plain, shorten, words
from diagrams.network_parcel import parcel
from diagrams.network_places import MOST_LINES, MOST_TOLD, ROW, SIGN, Cell, Places, along, downward
from diagrams.network_start import SERVICE_GLYPHS
from simulator.network.path import Path, Step
from simulator.network.spots import Line, Spot

POST = 29  # a gate's post reaches so far to each side of the way


def walk_film(path: Path, *, title: str, ask: str, upto: int | None = None) -> Film:
    """The packet's way as a film.

    Parameters
    ----------
    ask : the caption before the packet is sent; it asks and tells nothing.
    upto : the last step that the film holds; nothing of a later one is in it. None for all.
    """
    steps = path.steps if upto is None else path.steps[: upto + 1]
    looks = [_visible(path, k, step) for k, step in enumerate(steps)]
    used = frozenset().union(*looks)
    said = [_said(path, k, step, ask) for k, step in enumerate(steps)]
    return Film(
        title=title,
        svg=_drawing(path, steps, along(path.spots), used, title),
        narrow=_drawing(path, steps, downward(path.spots), used, title),
        frames=frames_of(revealed(looks), said),
    )


def describe(path: Path, k: int) -> str:
    """A step in words: every place in order, with its rules and what has become of the packet there."""
    step = path.steps[k]
    rows = [f"The packet: {' '.join(step.label)}."]
    for at, spot in enumerate(path.spots):
        state = "STOPPED" if at == step.stop else "passed" if at <= step.upto else "ahead"
        rows.append(f"{state:8}{_named(spot)}")
        rows += [f"{'':10}{_weighed(line, state)}{line.told}" for line in spot.lines]
        if spot.is_gate and not spot.lines:
            rows.append(f"{'':10}no rule at all")
    return "\n".join(rows)


def _weighed(line: Line, state: str) -> str:
    if state == "ahead":
        return "  "
    return "✓ " if line.admits else "✕ " if state == "STOPPED" else "  "


def _named(spot: Spot) -> str:
    inside = f" ({spot.zone[-1]})" if len(spot.zone) > 1 else ""
    told = f", {', '.join(spot.facts)}" if spot.facts else ""
    return f"{spot.name}{told}{inside}"


def _said(path: Path, k: int, step: Step, ask: str) -> Said:
    last = k == len(path.steps) - 1
    tone = "refused" if step.stop is not None else "done" if last and path.verdict.reachable else ""
    at = path.spots[step.upto if step.stop is None else step.stop]
    mark = at.name if k else "before it is sent"
    return Said(caption=step.said or ask, text=describe(path, k), mark=mark, tone=tone)


def _visible(path: Path, k: int, step: Step) -> frozenset[str]:
    """The ids of what is to be seen at a step, beside what is always there."""
    names = {f"w{k}"}
    for at in range(len(path.spots)):
        if at == step.stop:
            names.add(f"s{at}")
        elif at <= step.upto:
            names.add(f"p{at}")
        elif path.spots[at].is_gate:
            names.add(f"n{at}")
        if at < step.upto:
            names.add(f"r{at}")
    return frozenset(names)


def _drawing(path: Path, steps: Sequence[Step], places: Places, used: frozenset[str], title: str) -> str:
    cells = places.cells
    body = [*_frames(places), _rail(cells)]
    for at, (here, there) in enumerate(pairwise(cells)):
        if f"r{at}" in used:
            walked = element("path", class_="way walked", d=_line(here.at, there.at))
            body.append(element("g", walked, id=f"r{at}", hidden=True))
    for at, cell in enumerate(cells):
        body += _gate(at, cell, places.down, used) if cell.spot.is_gate else _station(at, cell, places.down, used)
    rests = [_rest(cells, step) for step in steps]
    for k, step in enumerate(steps):
        stopped = step.stop is not None
        arrived = k == len(path.steps) - 1 and path.verdict.reachable
        come_from = rests[k - 1] if k else rests[k]
        moving = parcel(come_from, rests[k], step.label, places, stopped=stopped, arrived=arrived)
        body.append(element("g", moving, id=f"w{k}", hidden=True))
    return element(
        "svg",
        "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(places.width)} {number(places.height)}",
        class_="walk walk-down" if places.down else "walk",
        role="img",
        aria_label=title,
        style=f"max-width:{number(places.width * (1.2 if places.down else 1.12))}px",
    )


def _rest(cells: Sequence[Cell], step: Step) -> Point:
    """Where the packet is: before what stops it, if it has come so far, else behind the last spot that it passed."""
    if step.stop is not None and step.stop == step.upto + 1:
        return cells[step.stop].before
    return cells[step.upto].after


def _frames(places: Places) -> Iterator[str]:
    for frame in places.frames:
        box = frame.box
        kind = "vpc" if frame.depth == 0 else "subnet"
        rect = element("rect", class_=f"zone zone-{kind}", x=box.x, y=box.y, width=box.width, height=box.height, rx=10)
        most = max(6, int((box.width - 20) / 7.6))
        # Going down, the way would run through a name on the left.
        x, anchor = (box.right - 12, "end") if places.down else (box.x + 12, "start")
        yield rect + words(shorten(frame.label, most), class_="zone-name", x=x, y=box.y + 19, text_anchor=anchor)


def _rail(cells: Sequence[Cell]) -> str:
    return element("path", class_="way", d=_line(cells[0].at, cells[-1].at))


def _station(at: int, cell: Cell, down: bool, used: frozenset[str]) -> Iterator[str]:
    spot, card = cell.spot, cell.card
    anchor = "start" if down else "middle"
    facts = [" · ".join(spot.facts)] if down and spot.facts else list(spot.facts)
    content = [
        element("title", plain(_named(spot))),
        element("rect", class_="stop", x=card.x, y=card.y, width=card.width, height=card.height, rx=9),
        glyph(_picture(spot), card.center.x - 13, card.center.y - 13, 26),
        words(shorten(spot.name, 20), class_="stop-name haloed", x=cell.name.x, y=cell.name.y, text_anchor=anchor),
    ]
    for row, fact in enumerate(facts, start=1):
        most = 40 if down else 20
        content.append(
            words(shorten(fact, most), class_="fact", x=cell.name.x, y=cell.name.y + 17 * row, text_anchor=anchor)
        )
    yield element("g", "".join(content), data_pick=f"spot {spot.id}")
    for name, state, mark in ((f"p{at}", "healthy", "✓"), (f"s{at}", "failed", "✕")):
        if name in used:
            ring = element("rect", class_="ring", x=card.x, y=card.y, width=card.width, height=card.height, rx=9)
            badge = element("circle", class_="badge", cx=card.right - 2, cy=card.y + 2, r=9)
            sign = words(mark, class_="badge-mark", x=card.right - 2, y=card.y + 6.5, text_anchor="middle")
            yield element("g", ring + badge + sign, id=name, class_=f"over {state}", hidden=True)


def _picture(spot: Spot) -> str:
    return SERVICE_GLYPHS.get(spot.name.lower(), "service") if spot.kind == "service" else spot.kind


def _gate(at: int, cell: Cell, down: bool, used: frozenset[str]) -> Iterator[str]:
    spot, sign = cell.spot, cell.sign
    head = [
        element("title", plain(_named(spot))),
        element("rect", class_="sign", x=sign.x, y=sign.y, width=sign.width, height=sign.height, rx=6),
        words(shorten(spot.name, int(sign.width / 8.4)), class_="sign-name", x=sign.x + 12, y=sign.y + 20),
        words(shorten(spot.facts[0], int(sign.width / 6.6)), class_="fact", x=sign.x + 12, y=sign.y + 37),
    ]
    yield element("g", "".join(head), data_pick=f"spot {spot.id}")
    yield from _rules(cell)
    looks = ((f"n{at}", "ahead", _bar(cell, down, open_=False)),)
    looks += ((f"p{at}", "healthy", _bar(cell, down, open_=True) + _matched(cell)),)
    looks += ((f"s{at}", "failed", _bar(cell, down, open_=False) + _refused(cell)),)
    for name, state, drawn in looks:
        if name in used:
            yield element("g", drawn, id=name, class_=f"over {state}", hidden=True)


def _rules(cell: Cell) -> Iterator[str]:
    """The rules as they are written, each one that can be chosen."""
    for row, line in enumerate(cell.spot.lines[:MOST_LINES]):
        y = cell.sign.y + SIGN + ROW * row
        name = f"rule {line.group} {line.direction} {line.at}"
        content = element("title", plain(f"{line.group}: {line.told}"))
        content += element("rect", class_="row", x=cell.sign.x + 5, y=y, width=cell.sign.width - 10, height=ROW, rx=4)
        content += words(shorten(line.told, MOST_TOLD), class_="rule mono", x=cell.sign.x + 28, y=y + 15.5)
        yield element("g", content, data_pick=name)
    y = cell.sign.y + SIGN + ROW * min(len(cell.spot.lines), MOST_LINES)
    if not cell.spot.lines:
        yield words("no rule at all", class_="fact", x=cell.sign.x + 28, y=y + 15.5)
    elif len(cell.spot.lines) > MOST_LINES:
        yield words(f"and {len(cell.spot.lines) - MOST_LINES} more", class_="fact", x=cell.sign.x + 28, y=y + 15.5)


def _matched(cell: Cell) -> str:
    """The rules that let the packet through, and a tick before each."""
    drawn: list[str] = []
    for row, line in enumerate(cell.spot.lines[:MOST_LINES]):
        if line.admits:
            y = cell.sign.y + SIGN + ROW * row
            width = cell.sign.width - 10
            drawn.append(element("rect", class_="lit", x=cell.sign.x + 5, y=y, width=width, height=ROW, rx=4))
            drawn.append(words("✓", class_="weighed", x=cell.sign.x + 17, y=y + 16, text_anchor="middle"))
    return "".join(drawn)


def _refused(cell: Cell) -> str:
    rows = max(1, min(len(cell.spot.lines), MOST_LINES))
    places = [(cell.sign.x + 17, cell.sign.y + SIGN + ROW * row + 16) for row in range(rows)]
    marks = [words("✕", class_="weighed", x=x, y=y, text_anchor="middle") for x, y in places]
    sign = cell.sign
    edge = element("rect", class_="ring", x=sign.x, y=sign.y, width=sign.width, height=sign.height, rx=6)
    return edge + "".join(marks)


def _bar(cell: Cell, down: bool, *, open_: bool) -> str:
    """The gate itself: a bar across the way, or two posts with the way free between them."""
    parts = ((-POST, -13), (13, POST)) if open_ else ((-POST, POST),)
    at, reach = cell.at, 0.6 if down else 1.0
    ends = [
        (Point(at.x + low * reach, at.y), Point(at.x + high * reach, at.y))
        if down
        else (Point(at.x, at.y + low), Point(at.x, at.y + high))
        for low, high in parts
    ]
    return "".join(element("path", class_="bar", d=_line(*pair)) for pair in ends)


def _line(start: Point, end: Point) -> str:
    return f"M{number(start.x)} {number(start.y)}L{number(end.x)} {number(end.y)}"
