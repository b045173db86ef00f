"""The waves of the instant-batch model as one still picture: a bar after each batch, between the two bounds."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from diagrams.chart import count_ticks
from diagrams.look import hatch
from diagrams.markup import element, number, words

WIDTH = 720
TOP, HEIGHT, LEFT = 34, 150, 44
LABELS = 124  # at the right, for the names of the bounds
MOST_BARS = 16
SAID = 8
NO_ROOM = {"config-stuck": "stuck: the bounds leave no room", "capacity-stuck": "stuck: the cluster has no room"}


def waves_svg(answer: Mapping[str, Any], *, desired: int | None = None) -> str:
    """Old tasks (A) and new ones (B) after each wave.

    Parameters
    ----------
    answer : what the `deployment` subject answers: lower, upper, waves, outcome.
    desired : the tasks before the first wave; needed only where there is no wave to tell it.
    """
    waves = list(answer["waves"])
    counts = _counts(waves, answer, desired)
    lower, upper = int(answer["lower"]), int(answer["upper"])
    most = max([upper, *(old + new for _, old, new in counts)]) or 1
    shown = counts if len(counts) <= MOST_BARS else [*counts[: MOST_BARS - 1], counts[-1]]
    pitch = (WIDTH - LEFT - LABELS) / max(len(shown), 4)
    unit = HEIGHT / most
    base = TOP + HEIGHT
    parts = [_bounds(lower, upper, unit, base)]
    for count in count_ticks(most):
        parts.append(words(str(count), class_="label-small", x=LEFT - 8, y=base - count * unit + 5, text_anchor="end"))
    for i, (name, old, new) in enumerate(shown):
        x = LEFT + i * pitch + pitch * 0.16
        parts += _bar(x, pitch * 0.68, base, unit, old, new)
        small = "label-small" if len(shown) <= 7 else "label-small wide-only"
        parts.append(words(name, class_=small, x=x + pitch * 0.34, y=base + 20, text_anchor="middle"))
    said = f"{describe_waves(answer, desired=desired)}"
    end = NO_ROOM.get(str(answer.get("outcome")), "")
    left_out = f"{len(counts) - len(shown)} waves left out" if len(counts) > len(shown) else ""
    note = ", ".join(part for part in (end, left_out) if part)
    if note:
        parts.append(words(note, class_="label strong", x=LEFT, y=18))
    return element(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {base + 30}",
        class_="band-figure waves",
        role="img",
        aria_label=said,
    )


def describe_waves(answer: Mapping[str, Any], *, desired: int | None = None) -> str:
    """The same in words.

    >>> describe_waves({"lower": 2, "upper": 4, "outcome": "completed",
    ...     "waves": [{"action": "stop", "count": 4, "running": 0}, {"action": "start", "count": 4, "running": 4}]})
    'Between 2 and 4 tasks: 4 at first, then stop 4 (0 left), start 4 (4 there). Completed.'
    """
    counts = _counts(list(answer["waves"]), answer, desired)
    waves = answer["waves"]
    steps = ", ".join(
        f"{wave['action']} {wave['count']} ({wave['running']} {'left' if wave['action'] == 'stop' else 'there'})"
        for wave in waves[:SAID]
    )
    if len(waves) > SAID:
        steps += f", and so on: {len(waves)} waves in all"
    outcome = NO_ROOM.get(str(answer.get("outcome")), "completed")
    then = f", then {steps}" if steps else ""
    return (
        f"Between {answer['lower']} and {answer['upper']} tasks: {counts[0][1]} at first{then}. "
        f"{outcome[0].upper()}{outcome[1:]}."
    )


def _counts(
    waves: list[Mapping[str, Any]], answer: Mapping[str, Any], desired: int | None
) -> list[tuple[str, int, int]]:
    """(name, old tasks, new tasks) at first and after each wave."""
    if waves:
        first = waves[0]
        desired = first["running"] + first["count"] if first["action"] == "stop" else first["running"] - first["count"]
    old, new = desired if desired is not None else int(answer["upper"]), 0
    counts = [("before", old, new)]
    for wave in waves:
        if wave["action"] == "stop":
            old -= wave["count"]
        else:
            new += wave["count"]
        counts.append((f"{wave['action']} {wave['count']}", old, new))
    return counts


def _bounds(lower: int, upper: int, unit: float, base: float) -> str:
    high, low = base - upper * unit, base - lower * unit
    right = WIDTH - 16
    area = {"x": LEFT, "width": right - LEFT}
    return "".join(
        (
            element("rect", class_="band", y=high, height=max(low - high, 0), **area),
            element("rect", class_="bound", y=high - 1, height=2.5, **area),
            element("rect", class_="bound", y=low - 1, height=2.5, **area),
            words(f"at most {upper}", class_="label-small bound-label", x=right - 6, y=high - 7, text_anchor="end"),
            words(f"at least {lower}", class_="label-small bound-label", x=right - 6, y=low + 18, text_anchor="end"),
        )
    )


def _bar(x: float, width: float, base: float, unit: float, old: int, new: int) -> list[str]:
    """Old tasks below, new ones on them, a line between every two while they can be told apart."""
    parts: list[str] = []
    for at, (name, low, high) in enumerate((("A", 0, old), ("B", old, old + new))):
        height = (high - low) * unit
        if not height:
            continue
        inner = element("rect", width=width, height=height, rx=2)
        inner += element("path", class_="task-lines", d=hatch(at, width, height, 8))
        levels = [unit * i for i in range(high - low + 1)] if unit >= 8 else []
        cuts = "".join(f"M0 {number(level)}H{number(width)}" for level, _ in pairwise(levels) if level)
        inner += element("path", class_="task-cuts", d=cuts) if cuts else ""
        if height >= 18 and width >= 14:
            inner += words(name, class_="task-name", x=width / 2, y=height / 2 + 5, text_anchor="middle")
        parts.append(
            element(
                "g", inner, class_=f"task svc-{at}", transform=f"translate({number(x)} {number(base - high * unit)})"
            )
        )
    return parts
