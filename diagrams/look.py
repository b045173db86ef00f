"""Figures that change: what each element shows, and the difference between two moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from diagrams.film import Patch
from diagrams.layout import Box
from diagrams.markup import element, words

Attributes = Mapping[str, str | int | float | bool]
Look = dict[str, Attributes]

LETTERS = "ABCDEFG"
COLORS = 7
MISSING: Attributes = {}


def changes(before: Look, after: Look) -> Patch:
    """The attributes that differ. Both moments must name the same elements: nothing is ever added to a figure."""
    patch: dict[str, Attributes] = {}
    for name, attributes in after.items():
        old = before.get(name, MISSING)
        if old is attributes:
            continue
        differing = {key: value for key, value in attributes.items() if old.get(key) != value}
        if differing:
            patch[name] = differing
    return patch


def revealed(looks: Sequence[frozenset[str]]) -> list[Patch]:
    """The patches of a figure whose elements all begin hidden, and of which each step shows the named ones.

    >>> revealed([frozenset({"a"}), frozenset({"b"})])
    [{'a': {'hidden': False}}, {'a': {'hidden': True}, 'b': {'hidden': False}}]
    """
    patches: list[Patch] = []
    for before, after in pairwise((frozenset[str](), *looks)):
        gone = {name: {"hidden": True} for name in sorted(before - after)}
        patches.append({**gone, **{name: {"hidden": False} for name in sorted(after - before)}})
    return patches


def drawn(name: str, tag: str, look: Look, content: str = "", **fixed: str | int | float | bool | None) -> str:
    """The element `name` as it looks in `look`, with what never changes of it in `fixed`."""
    attributes = {**fixed, **{key: value for key, value in look[name].items() if key != "text"}}
    if "class" in attributes:
        attributes["class_"] = attributes.pop("class")
    if tag == "text":
        return words(str(look[name].get("text", "")), id=name, **attributes)
    return element(tag, content, id=name, **attributes)


def rounded(value: float) -> float | int:
    """A coordinate with one decimal, whole where it can be: patches are sent as text."""
    value = round(value, 1)
    return int(value) if value == int(value) else value


def sides(box: Box) -> dict[str, str | int | float | bool]:
    """A box as a rectangle's attributes."""
    return {"x": rounded(box.x), "y": rounded(box.y), "width": rounded(box.width), "height": rounded(box.height)}


def shifted(box: Box) -> str:
    """The transform that puts an element's own (0, 0) at the box's top left corner."""
    return f"translate({rounded(box.x)} {rounded(box.y)})"


def color(at: int) -> str:
    """The class of the group at a position; after seven the colors come round again, and letters tell apart."""
    return f"svc-{at % COLORS}"


def letter(at: int) -> str:
    """The group's letter: A to G, then A2, B2, …"""
    turn = at // COLORS
    return LETTERS[at % COLORS] + (str(turn + 1) if turn else "")


def hatch(at: int, width: float, height: float, gap: float = 6) -> str:
    """Lines that tell the groups apart without color, as a path within (0, 0, width, height); the first has none.

    They are plain lines and not an SVG pattern: a pattern is found by its id, and several figures share one page.
    """
    kind = at % COLORS
    across = [f"M0 {rounded(y)}H{rounded(width)}" for y in _steps(height, gap)] if kind in (2, 5) else []
    upright = [f"M{rounded(x)} 0V{rounded(height)}" for x in _steps(width, gap)] if kind in (3, 5) else []
    slanted = [_slant(t, width, height, kind == 4) for t in _steps(width + height, gap)] if kind in (1, 4) else []
    if kind == 6:
        slanted = [_slant(t, width, height, back) for t in _steps(width + height, gap * 1.5) for back in (False, True)]
    return "".join((*across, *upright, *slanted))


def _steps(length: float, gap: float) -> list[float]:
    return [gap * i for i in range(1, int(length / gap) + 1) if gap * i < length]


def _slant(t: float, width: float, height: float, back: bool) -> str:
    """The line x + y = t within the box, mirrored if `back`."""
    x1, x2 = max(0.0, t - height), min(t, width)
    y1, y2 = t - x1, t - x2
    if back:
        x1, x2 = width - x1, width - x2
    return f"M{rounded(x1)} {rounded(y1)}L{rounded(x2)} {rounded(y2)}"
