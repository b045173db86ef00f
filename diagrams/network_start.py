"""All that a task calls before its containers run, one lane for each call: the first that is stopped ends the start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diagrams.film import Film, Said, frames_of
from diagrams.glyphs import glyph
from diagrams.layout import Box, Point
from diagrams.look import revealed
from diagrams.markup import element, number, plain, shorten, words
from diagrams.network_parcel import moving_parcel
from simulator.network.finding import Reach
from simulator.network.path import Path, call_path
from simulator.network.rules import RULES, NetworkRules
from simulator.network.services import calls_at_start
from simulator.network.spots import Spot

SERVICE_GLYPHS = {
    "ecr.api": "ecr",
    "ecr.dkr": "ecr",
    "s3": "bucket",
    "dynamodb": "database",
    "secretsmanager": "secret",
    "ssm": "secret",
    "kms": "secret",
    "logs": "metric",
    "sqs": "queue",
    "internet": "igw",
}
PURPOSES = {
    "ecr.api": "log in to ECR",
    "ecr.dkr": "pull the image",
    "s3": "fetch its layers",
    "secretsmanager": "read a secret",
    "ssm": "read a parameter",
    "kms": "decrypt it",
    "logs": "open the log",
    "internet": "pull a public image",
}
CHIP = 30
_FONT = 6.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One call: `path` is None if it is never made, because an earlier one failed."""

    service: str
    path: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Where a lane is drawn: its line from `start` to `end`, its chips with their spots, its post."""

    y: float
    start: float
    end: float
    post: float
    chips: tuple[tuple[int, Box], ...]


def start_film(found: Reach, *, title: str, ask: str, rules: NetworkRules = RULES, upto: int | None = None) -> Film:
    """The start as a film, a step for each call.

    Parameters
    ----------
    found : what `examine` gives for a document with `taskStart`.
    ask : the caption before the first call.
    upto : the last step that the film holds; None for all.
    """
    assert found.start is not None, "the document asks for a start"
    lanes = _lanes(found, rules)
    made = [lane for lane in lanes if lane.path]
    shown = len(made) if upto is None else upto
    looks = [_visible(lanes, k) for k in range(shown + 1)]
    said = [_said(found, lanes, k, ask) for k in range(shown + 1)]
    used = frozenset().union(*looks)
    # Before the first call no lane shows a way: which ways there are is what the bet may ask.
    drawn = lanes if shown else tuple(Lane(service=lane.service, path=None) for lane in lanes)
    caller = made[0].path
    assert caller is not None
    return Film(
        title=title,
        svg=_drawing(drawn, caller, used, title, down=False),
        narrow=_drawing(drawn, caller, used, title, down=True),
        frames=frames_of(revealed(looks), said),
    )


def describe_start(found: Reach, k: int, rules: NetworkRules = RULES) -> str:
    """The calls up to step `k` in words."""
    rows: list[str] = []
    for at, lane in enumerate(_lanes(found, rules)):
        purpose = f"{lane.service} ({PURPOSES.get(lane.service, 'a call')})"
        if at >= k or lane.path is None:
            rows.append(f"ahead    {purpose}")
            continue
        verdict = lane.path.verdict
        rows.append(f"{'reached' if verdict.reachable else 'STOPPED':9}{purpose}: {verdict.message}")
    return "\n".join(rows)


def _lanes(found: Reach, rules: NetworkRules) -> tuple[Lane, ...]:
    assert found.start is not None
    task = found.world.tasks[found.question.target]
    made = dict(found.start.calls)
    return tuple(
        Lane(
            service=service,
            path=call_path(found, service, made[service], rules) if service in made else None,
        )
        for service in calls_at_start(task, rules)
    )


def _said(found: Reach, lanes: Sequence[Lane], k: int, ask: str) -> Said:
    text = describe_start(found, k)
    if k == 0:
        return Said(caption=ask, text=text, mark="before the first call", tone="")
    path = lanes[k - 1].path
    assert path is not None
    verdict = path.verdict
    caption = verdict.message
    tone = "" if verdict.reachable else "refused"
    if k == len(lanes) and verdict.reachable:
        caption += f" Everything that {found.question.target} needs to start is reached."
        tone = "done"
    return Said(caption=caption, text=text, mark=lanes[k - 1].service, tone=tone)


def _visible(lanes: Sequence[Lane], k: int) -> frozenset[str]:
    names = {f"l{at}" for at in range(k)} | {f"a{at}" for at in range(k, len(lanes))}
    return frozenset(names | ({f"w{k - 1}"} if k else set()))


def _drawing(lanes: Sequence[Lane], caller: Path, used: frozenset[str], title: str, *, down: bool) -> str:
    width = 360.0 if down else 940.0
    top, step = (216.0, 72.0) if down else (66.0, 62.0)
    tracks = [_track(lane, top + step * at, down=down) for at, lane in enumerate(lanes)]
    sign = Box(128, 44, 212, 68) if down else Box(22, 172, 172, 68)
    lowest = tracks[-1].y + (26 if down else 34)
    inside = lowest if down else max(lowest, sign.bottom + 12)
    frame = Box(6, 8, width - 12, 150) if down else Box(8, 8, 700, inside)
    zone = " · ".join(caller.spots[0].zone)
    body = [
        element("rect", class_="zone zone-vpc", x=frame.x, y=frame.y, width=frame.width, height=frame.height, rx=10),
        words(zone, class_="zone-name", x=frame.x + 12, y=frame.y + 19),
        *_caller(caller.spots[0], down=down),
        *_outbound(caller, sign, tracks, down=down),
    ]
    for at, (lane, track) in enumerate(zip(lanes, tracks, strict=True)):
        body += _lane(at, lane, track, used, down=down)
    size = f"0 0 {number(width)} {number(max(lowest, frame.bottom) + 10)}"
    return element(
        "svg",
        "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=size,
        class_="walk walk-down" if down else "walk",
        role="img",
        aria_label=title,
        style=f"max-width:{number(width * 1.08)}px",
    )


def _track(lane: Lane, y: float, *, down: bool) -> Track:
    """A lane's line and the chips on it: the spots between the caller's own gate and the service."""
    spots = () if lane.path is None else lane.path.spots
    between = range(2, len(spots) - 1)
    first = 64.0 if down else 274.0
    chips: list[tuple[int, Box]] = []
    x = first
    for at in between:
        wide = len(_chip(spots[at], down=down)) * _FONT + 20
        chips.append((at, Box(x, y - CHIP / 2, wide, CHIP)))
        x += wide + (24 if down else 30)
    start, post, end = (22.0, 38.0, 334.0) if down else (208.0, 236.0, 742.0)
    return Track(y=y, start=start, end=end, post=post, chips=tuple(chips))


def _chip(spot: Spot, *, down: bool) -> str:
    if spot.is_gate:
        return spot.name if down else f"{spot.name}, inbound"
    if spot.kind == "route":
        return _route(spot.facts[0], spot.facts[1], down=down)
    short = "igw" if down else "internet gateway"
    return {"endpoint": "endpoint", "nat": "NAT gateway", "igw": short}.get(spot.kind, spot.name)


def _route(goal: str, leads: str, *, down: bool) -> str:
    if not leads.startswith("→"):
        return leads
    if "endpoint" in leads:
        return goal if down else f"route to {goal}"
    to = "→ igw" if leads == "→ internet gateway" else leads
    return "route" if down else f"{goal} {to}"


def _caller(spot: Spot, *, down: bool) -> Iterator[str]:
    card = Box(38, 44, 56, 56) if down else Box(80, 42, 56, 56)
    anchor = Point(card.center.x, card.bottom + 20)
    drawn = [
        element("title", plain(f"{spot.name}, {', '.join(spot.facts)}")),
        element("rect", class_="stop", x=card.x, y=card.y, width=card.width, height=card.height, rx=9),
        glyph(spot.kind, card.center.x - 13, card.center.y - 13, 26),
        words(shorten(spot.name, 14), class_="stop-name", x=anchor.x, y=anchor.y, text_anchor="middle"),
    ]
    drawn += [
        words(fact, class_="fact", x=anchor.x, y=anchor.y + 16 * row, text_anchor="middle")
        for row, fact in enumerate(spot.facts[:1] if down else spot.facts, start=1)
    ]
    yield element("g", "".join(drawn), data_pick=f"spot {spot.id}")


def _outbound(caller: Path, sign: Box, tracks: Sequence[Track], *, down: bool) -> Iterator[str]:
    """The caller's own group, which every call leaves through."""
    if len(caller.spots) < 2 or not caller.spots[1].is_gate:
        return
    gate = caller.spots[1]
    box = Box(sign.x, sign.y, sign.width, 46 + 22 * max(1, min(len(gate.lines), 2)))
    drawn = [
        element("title", plain(f"{gate.name}, {gate.facts[0]}")),
        element("rect", class_="sign", x=box.x, y=box.y, width=box.width, height=box.height, rx=6),
        words(shorten(gate.name, 20), class_="sign-name", x=box.x + 12, y=box.y + 20),
        words(shorten(gate.facts[0], 26), class_="fact", x=box.x + 12, y=box.y + 37),
    ]
    lines = [shorten(line.told, 24) for line in gate.lines[:2]] or ["no rule at all"]
    drawn += [words(text, class_="rule mono", x=box.x + 12, y=box.y + 60 + 22 * row) for row, text in enumerate(lines)]
    yield element("g", "".join(drawn), data_pick=f"spot {gate.id}")
    # Going down, one post would run through the names of the calls.
    posts = [(track.y - 15, track.y + 15) for track in tracks] if down else [(tracks[0].y - 26, tracks[-1].y + 26)]
    for top, bottom in posts:
        yield element("path", class_="post", d=f"M{number(tracks[0].post)} {number(top)}V{number(bottom)}")


def _lane(at: int, lane: Lane, track: Track, used: frozenset[str], *, down: bool) -> Iterator[str]:
    line = f"M{number(track.start)} {number(track.y)}H{number(track.end)}"
    yield element("path", class_="way", d=line)
    yield _service(lane.service, track, down=down)
    if f"a{at}" in used:
        yield element("g", _waiting(track), id=f"a{at}", hidden=True)
    if lane.path is None or f"l{at}" not in used:
        return
    yield element("g", _gone(lane.path, track, down=down), id=f"l{at}", hidden=True)
    stopped = not lane.path.verdict.reachable
    end = Point(_stop(lane.path, track) if stopped else track.end - (22 if down else 14), track.y)
    parcel = moving_parcel(Point(track.start, track.y), end, stopped=stopped, arrived=not stopped)
    yield element("g", parcel, id=f"w{at}", hidden=True)


def _waiting(track: Track) -> str:
    return element("circle", class_="waiting", cx=track.start, cy=track.y, r=4)


def _service(service: str, track: Track, *, down: bool) -> str:
    purpose = PURPOSES.get(service, "")
    if down:
        name = words(service, class_="stop-name", x=22, y=track.y - 24)
        return name + words(purpose, class_="fact", x=338, y=track.y - 24, text_anchor="end")
    card = Box(track.end, track.y - 21, 42, 42)
    rect = element("rect", class_="stop", x=card.x, y=card.y, width=card.width, height=card.height, rx=8)
    picture = glyph(SERVICE_GLYPHS.get(service, "service"), card.center.x - 11, card.center.y - 11, 22)
    name = words(service, class_="stop-name", x=card.right + 12, y=track.y - 2)
    return rect + picture + name + words(purpose, class_="fact", x=card.right + 12, y=track.y + 16)


def _stop(path: Path, track: Track) -> float:
    """Where the packet of a call that fails comes to rest."""
    at = path.steps[-1].stop
    for spot, box in track.chips:
        if spot == at:
            return box.x - 14
    return track.post - 17


def _gone(path: Path, track: Track, *, down: bool) -> str:
    """What a call has passed, and what has stopped it."""
    step = path.steps[-1]
    stopped = step.stop is not None
    end = _stop(path, track) if stopped else track.end
    drawn = [element("path", class_="way walked", d=f"M{number(track.start)} {number(track.y)}H{number(end)}")]
    for at, box in track.chips:
        state = "failed" if at == step.stop else "healthy" if at <= step.upto else "ahead"
        mark = {"failed": " ✕", "healthy": ""}.get(state, "")
        rect = element("rect", class_="chip", x=box.x, y=box.y, width=box.width, height=box.height, rx=15)
        told = f"{_chip(path.spots[at], down=down)}{mark}"
        text = words(told, class_="chip-name", x=box.center.x, y=box.center.y + 4.5)
        drawn.append(element("g", rect + text, class_=f"over {state}"))
    if step.stop == 1:
        bar = f"M{number(track.post)} {number(track.y - 22)}V{number(track.y + 22)}"
        drawn.append(element("g", element("path", class_="bar", d=bar), class_="over failed"))
    state, mark = ("failed", "✕") if stopped else ("healthy", "✓")
    x, y = (track.end, track.y) if down else (track.end + 40, track.y - 19)
    badge = element("circle", class_="badge", cx=x, cy=y, r=9)
    drawn.append(element("g", badge + words(mark, class_="badge-mark", x=x, y=y + 4.5), class_=f"over {state}"))
    return "".join(drawn)
