"""Axes and step curves of a count over time. Pure geometry, in SVG units."""

from __future__ import annotations

from dataclasses import dataclass

from diagrams.layout import Box
from diagrams.look import rounded

_STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400)
MOST_TICKS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A drawing area: milliseconds from 0 to `last` across, counts from 0 to `most` up."""

    area: Box
    last: int
    most: int

    def x(self, at: int) -> float | int:
        """Where a moment is."""
        return rounded(self.area.x + self.area.width * min(at, self.last) / self.last)

    def y(self, count: int) -> float | int:
        """Where a count is."""
        return rounded(self.area.bottom - self.area.height * min(count, self.most) / self.most)

    def step(self, start: int, end: int, before: int, after: int) -> str:
        """One stretch of a step curve: level until `end`, then up or down."""
        return f"M{self.x(start)} {self.y(before)}H{self.x(end)}V{self.y(after)}"


def time_ticks(last: int) -> tuple[int, ...]:
    """Round moments from 0 to `last` milliseconds, at most seven of them.

    >>> time_ticks(100_000)
    (0, 20000, 40000, 60000, 80000, 100000)
    """
    step = next((step for step in _STEPS if last / 1000 <= step * MOST_TICKS), _STEPS[-1] * (last // 518_400_000 + 1))
    return tuple(range(0, last + 1, step * 1000))


def count_ticks(most: int) -> tuple[int, ...]:
    """Round counts from 0 to `most`, at most seven.

    >>> count_ticks(4), count_ticks(30)
    ((0, 1, 2, 3, 4), (0, 5, 10, 15, 20, 25, 30))
    """
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if most <= step * MOST_TICKS)
    return tuple(range(0, most + 1, step))


def clock(milliseconds: int) -> str:
    """A moment of a run as it is read.

    >>> clock(80_000), clock(120_000), clock(1_500), clock(4_000_000)
    ('1 min 20 s', '2 min', '1.5 s', '1 h 6 min 40 s')
    """
    seconds, rest = divmod(milliseconds, 1000)
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    last = f"{seconds}.{rest // 100} s" if rest >= 100 else f"{seconds} s"
    parts = [f"{hours} h"] * (hours > 0) + [f"{minutes} min"] * (minutes > 0)
    return " ".join([*parts, last] if seconds or rest >= 100 or not parts else parts)
