"""The packet itself: an envelope with its label, which moves from one resting place to the next."""

from __future__ import annotations

from diagrams.layout import Point
from diagrams.markup import element, number, shorten, words
from diagrams.network_places import Places

MOST = 40  # characters of one line of the label


def parcel(
    start: Point, end: Point, label: tuple[str, str], places: Places, *, stopped: bool = False, arrived: bool = False
) -> str:
    """The envelope on its way from `start` to `end`, where it rests; its label goes with it where there is room."""
    state = _state(stopped, arrived)
    drawn = moving_parcel(start, end, stopped=stopped, arrived=arrived)
    if places.down:
        return drawn + _head(label, places.width, state)
    width = max(map(_wide, label)) + 24
    first, last = (Point(_clamped(at.x, width, places.width), 0) for at in (start, end))
    stem = element("path", class_="stem", d=f"M0 {number(end.y - 36)}V{number(end.y - 12)}")
    tag = _moving(_tag(label, width, end.y - 76), first, last)
    return tag + _moving(stem, Point(start.x, 0), Point(end.x, 0)) + drawn


def moving_parcel(start: Point, end: Point, *, stopped: bool = False, arrived: bool = False) -> str:
    """The envelope alone."""
    return _moving(_envelope(_state(stopped, arrived)), start, end, "bumped" if stopped else "")


def _state(stopped: bool, arrived: bool) -> str:
    return "failed" if stopped else "healthy" if arrived else "going"


def _moving(content: str, start: Point, end: Point, also: str = "") -> str:
    """What moves by itself as soon as it is shown, and rests at the end of its way."""
    way = f"M{number(start.x)} {number(start.y)}L{number(end.x)} {number(end.y)}"
    if start == end:
        return element("g", content, transform=f"translate({number(end.x)} {number(end.y)})")
    return element("g", content, class_=f"walker {also}".strip(), style=f"offset-path:path('{way}')")


def _envelope(state: str) -> str:
    return element(
        "g",
        element("rect", class_="envelope", x=-12, y=-8.5, width=24, height=17, rx=3)
        + element("path", class_="flap", d="M-10 -6L0 2L10 -6"),
        class_=f"parcel {state}",
    )


def _tag(label: tuple[str, str], width: float, top: float) -> str:
    rect = element("rect", class_="tag", x=-width / 2, y=top, width=width, height=40, rx=6)
    first = words(shorten(label[0], MOST), class_="tag-what", x=0, y=top + 16.5, text_anchor="middle")
    second = words(shorten(label[1], MOST), class_="tag-whence", x=0, y=top + 32.5, text_anchor="middle")
    return rect + first + second


def _head(label: tuple[str, str], width: float, state: str) -> str:
    """On a phone the label stands above the whole way."""
    rect = element("rect", class_="tag", x=6, y=4, width=width - 12, height=40, rx=6)
    small = element("g", _envelope(state), transform="translate(28 24)")
    first = words(shorten(label[0], 34), class_="tag-what", x=52, y=20.5)
    return rect + small + first + words(shorten(label[1], 36), class_="tag-whence", x=52, y=37)


def _wide(text: str) -> float:
    return min(len(text), MOST) * 7.1


def _clamped(x: float, width: float, whole: float) -> float:
    return max(width / 2 + 4, min(x, whole - width / 2 - 4))
