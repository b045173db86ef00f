"""Host ports on one line: from where Docker deals them, which ones a group admits, where the tasks ended up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diagrams.film import Film, Said, frames_of
from diagrams.look import revealed
from diagrams.markup import element, number, plain, shorten, words
from simulator.network.finding import Reach, Tried
from simulator.network.model import Ports
from simulator.network.security_rules import LAST_PORT
from simulator.network.spots import Line
from simulator.network.ways import balancer_way

MOST_RULES = 4
ROW = 46


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler:
    """The line of ports 0 to 65535 in a drawing."""

    left: float
    right: float
    width: float
    down: bool

    def x(self, port: int) -> float:
        """Where a port is."""
        return self.left + (self.right - self.left) * port / LAST_PORT


WIDE = Ruler(left=196, right=876, width=900, down=False)
NARROW = Ruler(left=16, right=344, width=360, down=True)


def ports_film(found: Reach, *, title: str, ask: str) -> Film:
    """The load balancer tries one task after the other.

    Parameters
    ----------
    found : what `examine` gives for a load balancer in front of tasks on one instance, each with its host port.
    """
    order = list(found.world.tasks)
    tried = sorted(found.tried, key=lambda one: order.index(one.way.task.id))
    looks = [
        frozenset({f"t{at}" for at in range(k)} | {f"n{at}" for at in range(k, len(tried))})
        for k in range(len(tried) + 1)
    ]
    return Film(
        title=title,
        svg=_drawing(tried, WIDE, title),
        narrow=_drawing(tried, NARROW, title),
        frames=frames_of(revealed(looks), [_said(tried, k, ask) for k in range(len(looks))]),
    )


def _said(tried: Sequence[Tried], k: int, ask: str) -> Said:
    rows = [
        f"{one.way.task.id} on port {one.way.ports}: {_outcome(one) if at < k else 'not tried yet'}"
        for at, one in enumerate(tried)
    ]
    if k == 0:
        return Said(caption=ask, text="\n".join(rows), mark="before the first request", tone="")
    verdict = tried[k - 1].verdict
    reached = sum(one.verdict.reachable for one in tried)
    caption = verdict.message
    if k == len(tried):
        caption = f"{reached} of {len(tried)} tasks are reached. {caption}"
    tone = "refused" if not verdict.reachable else "done" if k == len(tried) else ""
    return Said(caption=caption, text="\n".join(rows), mark=tried[k - 1].way.task.id, tone=tone)


def _outcome(one: Tried) -> str:
    return "reached" if one.verdict.reachable else f"stopped, {one.verdict.code}"


def _drawing(tried: Sequence[Tried], ruler: Ruler, title: str) -> str:
    way = tried[0].way
    instance = way.world.instances[way.task.instance]
    lines = next(spot.lines for spot in balancer_way(way) if spot.id == f"ingress {way.task.id}")
    rules = lines[:MOST_RULES]
    top = 92.0
    rows = len(rules) or 1
    bottom = top + 46 + (ROW + (4 if ruler.down else 0)) * (rows + 1)
    body = [
        *_row(ruler, top, "Docker deals from", str(instance.dynamic), (instance.dynamic,), "dealt"),
        *_rules(ruler, top, way.target_groups[0], rules),
        *_axis(ruler, bottom - 36),
    ]
    for at, one in enumerate(tried):
        body += _pin(ruler, at, one, top, bottom - 40)
    return element(
        "svg",
        "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(ruler.width)} {number(bottom)}",
        class_="walk walk-down" if ruler.down else "walk",
        role="img",
        aria_label=title,
        style=f"max-width:{number(ruler.width * 1.08)}px",
    )


def _rules(ruler: Ruler, top: float, group: str, rules: Sequence[Line]) -> Iterator[str]:
    step = ROW + (4 if ruler.down else 0)
    if not rules:
        yield from _row(ruler, top + step, f"{group} admits", "nothing", (), "opened")
    for at, line in enumerate(rules, start=1):
        yield from _row(ruler, top + step * at, f"{group} admits", line.told, _spans(line), "opened")


def _spans(line: Line) -> tuple[Ports, ...]:
    """The ports that a rule names, out of its short form."""
    first = line.told.split(" ")[0]
    if first == "all":
        return (Ports(0, LAST_PORT),)
    low, _, high = first.partition("-")
    return (Ports(int(low), int(high or low)),) if low.isdigit() else ()


def _row(ruler: Ruler, y: float, name: str, told: str, spans: Sequence[Ports], look: str) -> Iterator[str]:
    drop = 20 if ruler.down else 0
    if ruler.down:
        yield words(f"{name}: {shorten(told, 30)}", class_="fact haloed", x=ruler.left, y=y + 8)
    else:
        yield words(shorten(name, 22), class_="stop-name", x=16, y=y + 9)
        yield words(shorten(told, 26), class_="fact", x=16, y=y + 25)
    yield element(
        "rect", class_="track-port", x=ruler.left, y=y + drop, width=ruler.right - ruler.left, height=18, rx=4
    )
    for span in spans:
        x = ruler.x(span.low)
        width = max(4.0, ruler.x(span.high) - x)
        yield element("rect", class_=f"span {look}", x=x, y=y + drop, width=width, height=18, rx=3)


def _axis(ruler: Ruler, y: float) -> Iterator[str]:
    for port, anchor in ((0, "start"), (16384, "middle"), (32768, "middle"), (49152, "middle"), (LAST_PORT, "end")):
        x = ruler.x(port)
        yield element("path", class_="axis", d=f"M{number(x)} {number(y)}v6")
        yield words(str(port), class_="fact", x=x, y=y + 22, text_anchor=anchor)


def _pin(ruler: Ruler, at: int, one: Tried, top: float, bottom: float) -> Iterator[str]:
    """A task at its port: the pin, and what has become of the load balancer's packet."""
    ports = one.way.ports
    x = ruler.x(ports.low)
    lift = 30 if at % 2 else 0
    line = element("path", class_="pin", d=f"M{number(x)} {number(top - 14 - lift)}V{number(bottom)}")
    name = words(str(ports.low), class_="stop-name", x=x, y=top - 38 - lift, text_anchor="middle")
    told = f"{one.way.task.id}, host port {ports}"
    hit = element("rect", class_="row", x=x - 22, y=top - 54 - lift, width=44, height=40, rx=4)
    yield element("g", element("title", plain(told)) + hit + line + name, data_pick=f"task {one.way.task.id}")
    state, mark = ("healthy", "✓") if one.verdict.reachable else ("failed", "✕")
    for name, look, sign in ((f"n{at}", "ahead", ""), (f"t{at}", state, mark)):
        head = element("circle", class_="badge" if sign else "waiting", cx=x, cy=top - 22 - lift, r=9)
        drawn = head + (words(sign, class_="badge-mark", x=x, y=top - 17.5 - lift) if sign else "")
        yield element("g", drawn, id=name, class_=f"over {look}", hidden=True)
