"""The course as a graph: lessons in rows, joined by what builds on what, each with a gauge for every objective.

Graphviz lays it out, so a lesson may build on any other; the rows are chosen here, so the map keeps the order of the
course and never grows wider than a page. Colors stand in the source as those of the light theme; a page that wears
the dark one may put others in their place (`LIGHT` names them).
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import graphviz

from diagrams.markup import printable

ABREAST = 4  # lessons in a row
BOX = 190  # units across a box: four of them and the roads between fill a page of about 1,000 pixels
TITLE = 20  # characters of a title in one line
TITLE_LINES = 3
GAUGE, GAUGE_HEIGHT, GAUGE_GAP = 28, 8, 4
LIGHT = {"ink": "#1d2a3a", "quiet": "#4e5966", "line": "#8d939a", "sure": "#00684c", "earned": "#0072b2"}
_STYLES = {
    "new": {"style": "rounded"},
    "open": {"style": "rounded,dashed"},
    "tried": {"style": "rounded", "penwidth": "1.6"},
    "sure": {"style": "rounded", "penwidth": "2.6"},
}
STATES = tuple(_STYLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One objective: the share of its points that was earned, None if it was not asked yet, and whether that is sure.

    `told` says the same in words.
    """

    statement: str
    told: str
    share: float | None
    sure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A lesson on the map.

    `told` says in a few words how far it is, and `state` (one of `STATES`) is how that is drawn; `about` is one
    sentence; `href` is where it leads; `requires` holds the ids of the lessons that it builds on; `here` marks the
    one to go on with.
    """

    id: str
    number: int
    title: str
    told: str
    href: str
    about: str = ""
    state: str = "new"
    gauges: tuple[Gauge, ...] = ()
    requires: tuple[str, ...] = ()
    here: bool = False


def to_dot(stops: Sequence[Stop]) -> str:
    """The map as DOT text; equal stops give equal text.

    Raises
    ------
    ValueError
        If two stops share an id.
    """
    if len({stop.id for stop in stops}) < len(stops):
        raise ValueError("Two lessons of the map share an id; give each its own.")
    graph = graphviz.Digraph(
        "Lessons",
        graph_attr={"rankdir": "TB", "nodesep": "0.24", "ranksep": "0.42", "newrank": "true", "bgcolor": "transparent"},
        node_attr={"shape": "box", "fontname": "Helvetica", "fontsize": "14", "margin": "0.13,0.1"}
        | {"color": LIGHT["line"], "fontcolor": LIGHT["ink"]},
        edge_attr={"arrowsize": "0.7", "color": LIGHT["line"]},
    )
    by_id = {stop.id: stop for stop in stops}
    above = ""
    for row in rows(stops):
        level = graphviz.Digraph(graph_attr={"rank": "same"})
        for name in row:
            _box(level, by_id[name])
        for left, right in pairwise(row):
            level.edge(left, right, style="invis")
        graph.subgraph(level)
        if above:
            # Keeps the rows apart where no lesson of this one builds on one of the row above.
            graph.edge(above, row[0], style="invis", weight="0")
        above = row[0]
    row_of = {name: at for at, row in enumerate(rows(stops)) for name in row}
    for source, target in roads(stops):
        beside = {"constraint": "false"} if row_of[source] == row_of[target] else {}
        graph.edge(source, target, **{"class": "road"}, **beside)
    return graph.source


def rows(stops: Sequence[Stop]) -> tuple[tuple[str, ...], ...]:
    """The ids of the lessons, row by row: each below what it builds on, and not above the lesson before it by more
    than the roads ask.

    A course whose lessons mostly build on the one before would be a tower; it is laid in lines like a text instead.

    >>> one, two = (Stop(id=name, number=1, title=name, told="", href=name) for name in "ab")
    >>> rows((one, two))
    (('a', 'b'),)
    """
    placed: dict[str, int] = {}
    filled: dict[int, list[str]] = {}
    before = 0
    for stop in stops:
        below = [placed[name] + 1 for name in stop.requires if name in placed]
        at = max(below, default=before)
        while len(filled.get(at, ())) >= ABREAST:
            at += 1
        placed[stop.id] = before = at
        filled.setdefault(at, []).append(stop.id)
    names = [stop.id for stop in stops]
    if len(filled) > len(names) // 2 + 1:
        return tuple(tuple(names[at : at + ABREAST]) for at in range(0, len(names), ABREAST))
    return tuple(tuple(filled[at]) for at in sorted(filled))


def roads(stops: Sequence[Stop]) -> tuple[tuple[str, str], ...]:
    """Which lesson leads to which, without what follows from the other roads: if c builds on b and b on a, then not
    also a to c. What is named but not on the map is left out, and so is what does not come earlier in the course.
    """
    earlier: dict[str, set[str]] = {}
    found: list[tuple[str, str]] = []
    for stop in stops:
        direct = [name for name in dict.fromkeys(stop.requires) if name in earlier]
        implied = {far for name in direct for far in earlier[name]}
        found += [(name, stop.id) for name in direct if name not in implied]
        earlier[stop.id] = implied | set(direct)
    return tuple(found)


def _box(graph: graphviz.Digraph, stop: Stop) -> None:
    lines = textwrap.wrap(printable(f"{stop.number} {stop.title}"), TITLE, max_lines=TITLE_LINES, placeholder=" …")
    title = '<BR ALIGN="LEFT"/>'.join(f"<B>{html.escape(line)}</B>" for line in lines)
    told = html.escape(printable(stop.told))
    across = BOX - 20
    # Graphviz guesses how wide a text is, and the page sets it in another font: the boxes are all made equal.
    fixed = f'FIXEDSIZE="TRUE" WIDTH="{across}"'
    label = (
        f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">'
        f'<TR><TD ALIGN="LEFT" BALIGN="LEFT" {fixed} HEIGHT="{18 * len(lines)}"><FONT POINT-SIZE="15">{title}</FONT>'
        f'</TD></TR><TR><TD ALIGN="LEFT" {fixed} HEIGHT="21"><FONT POINT-SIZE="13" COLOR="{LIGHT["quiet"]}">{told}'
        f"</FONT></TD></TR>"
        f'<TR><TD ALIGN="LEFT">{_gauges(stop.gauges, across)}</TD></TR></TABLE>'
    )
    graph.node(
        stop.id,
        f"<{label}>",
        URL=stop.href,
        tooltip="\\n".join(graphviz.escape(printable(line)) for line in _about(stop)),
        **{"class": f"stop {stop.state}{' here' if stop.here else ''}"},
        **_STYLES[stop.state],
    )


def _about(stop: Stop) -> tuple[str, ...]:
    """What a pointer that rests on the box is told."""
    return (stop.about or stop.title, *(f"• {gauge.statement} ({gauge.told})" for gauge in stop.gauges))


def _gauges(gauges: Sequence[Gauge], across: int) -> str:
    if not gauges:
        return ""
    width = min(GAUGE, across // len(gauges) - GAUGE_GAP - 2)  # its frame is one unit on each side
    cells = "".join(f"<TD>{_gauge(gauge, width)}</TD>" for gauge in gauges)
    return (
        f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="{GAUGE_GAP}" CELLPADDING="0"><TR>{cells}<TD></TD></TR></TABLE>'
    )


def _gauge(gauge: Gauge, width: int) -> str:
    """A frame that fills from the left; a dotted one was not asked yet."""
    full = 0 if gauge.share is None else round(width * gauge.share)
    color = LIGHT["sure"] if gauge.sure else LIGHT["earned"]
    cells = [f' BGCOLOR="{color}" WIDTH="{full}"'] if full else []
    cells += [f' WIDTH="{width - full}"'] if full < width else []
    drawn = "".join(f'<TD FIXEDSIZE="TRUE" HEIGHT="{GAUGE_HEIGHT}"{cell}></TD>' for cell in cells)
    style = ' STYLE="DOTTED"' if gauge.share is None else ""
    return (
        f'<TABLE BORDER="1" COLOR="{LIGHT["line"]}"{style} CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">'
        f"<TR>{drawn}</TR></TABLE>"
    )
