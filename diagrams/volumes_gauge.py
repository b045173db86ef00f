"""Fargate's ephemeral storage as one bar, to scale: what lies on it, and what does not go in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from diagrams.film import Film, Frame
from diagrams.look import hatch
from diagrams.markup import element, number, plain, words

PARTS: Mapping[str, str] = {"imageGiB": "image", "layersGiB": "layers", "mountsGiB": "bind mounts"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a task puts on its storage in GiB, by the names of `PARTS`, and its size; None where AWS refuses it."""

    size: int | None
    used: Mapping[str, float]

    @property
    def total(self) -> float:
        """All that is to lie there."""
        return sum(self.used.values())


def gauge_film(held: Held, *, title: str, caption: str) -> Film:
    """The bar as a figure of one frame."""
    return Film(
        title=title,
        svg=_drawing(held, title, down=False),
        narrow=_drawing(held, title, down=True),
        frames=(Frame(patch={}, caption=caption, text=describe_held(held)),),
    )


def describe_held(held: Held) -> str:
    """The bar in words."""
    parts = ", ".join(f"{name} {shown(held.used.get(key, 0))} GiB" for key, name in PARTS.items())
    size = "refused" if held.size is None else f"{held.size} GiB"
    return f"Size: {size}. Used: {shown(held.total)} GiB ({parts})."


def shown(value: float) -> str:
    """A number as a reader writes it."""
    return str(int(value)) if value == int(value) else f"{value:.1f}"


def _drawing(held: Held, title: str, *, down: bool) -> str:
    wide = 336.0 if down else 860.0
    room = held.size or 20
    scale = (wide - 8) / max(room, held.total)
    top, tall, left = 34.0, 56.0, 4.0
    body: list[str] = []
    refused = held.size is None
    limit = left + room * scale
    body.append(
        element(
            "rect", class_=f"vessel{' failed' if refused else ''}", x=left, y=top, width=room * scale, height=tall, rx=6
        )
    )
    below = top + tall + (46 if down else 26)
    at, aside = left, left
    for i, (key, name) in enumerate(PARTS.items()):
        amount = held.used.get(key, 0)
        if amount > 0 and not refused:
            named = f"{name} {shown(amount)}"
            fits = amount * scale > len(named) * 8.4 + 8
            body.append(_part(named, i, at, top + 4, amount * scale, tall - 8, fits=fits))
            if not fits:
                # What has no room in the bar is named below it, one after the other.
                body.append(_key(named, i, aside, top + tall + 14))
                aside += len(named) * 8 + 34
            at += amount * scale
    if at > limit + 0.5 and not refused:
        over = element("rect", class_="over-room", x=limit, y=top - 4, width=at - limit, height=tall + 8, rx=4)
        body.append(element("g", element("title", plain("no space left on device")) + over, class_="failed"))
    body.append(element("path", class_="rim", d=f"M{number(limit)} {number(top - 10)}V{number(top + tall + 10)}"))
    near = limit < left + 110
    size = "refused" if refused else f"{room} GiB"
    anchor, place = ("start", limit + 6) if near else ("end", limit - 6)
    body.append(words(size, class_="stop-name", x=place, y=top - 12, text_anchor=anchor))
    if at > limit + 0.5 and not refused:
        over_by = f"{shown(held.total - room)} GiB too many"
        body.append(words(over_by, class_="weighed failed", x=wide - 4, y=below, text_anchor="end"))
    elif not refused:
        free = f"{shown(room - held.total)} GiB free"
        body.append(words(free, class_="fact", x=wide - 4, y=below, text_anchor="end"))
    return element(
        "svg",
        "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(wide)} {number(below + 8)}",
        class_="gauge",
        role="img",
        aria_label=title,
        style=f"max-width:{number(wide * 1.05)}px",
    )


def _part(name: str, at: int, x: float, y: float, wide: float, tall: float, *, fits: bool) -> str:
    rect = element("rect", x=0, y=0, width=max(wide - 2, 1), height=tall, rx=4)
    pattern = element("path", class_="task-lines", d=hatch(at, max(wide - 2, 1), tall, 8)) if at else ""
    word = words(name, class_="task-name", x=8, y=tall / 2 + 5) if fits else ""
    content = element("title", plain(f"{name} GiB")) + rect + pattern + word
    return element("g", content, class_=f"task svc-{at}", transform=f"translate({number(x)} {number(y)})")


def _key(name: str, at: int, x: float, y: float) -> str:
    swatch = element("rect", x=0, y=0, width=14, height=14, rx=3)
    pattern = element("path", class_="task-lines", d=hatch(at, 14, 14, 5)) if at else ""
    word = words(name, class_="fact", x=20, y=12)
    return element(
        "g", swatch + pattern + word, class_=f"task svc-{at}", transform=f"translate({number(x)} {number(y)})"
    )
