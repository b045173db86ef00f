"""One line of the table, and the clock that the topics share."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A measured figure beside that of a peer (something that does the same) or of a floor (the least it could cost).

    `ratio` is how many times better than the peer it is, or how many times the floor; None without either. `budget`
    is in words, such as "≥ 100,000/s"; `ok` is whether the figure keeps it. `peer_value` is in the same `unit`.
    """

    what: str
    measured: float
    unit: str
    budget: str
    ok: bool
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None


def median_seconds(call: Callable[[], object], *, runs: int = 5, warm: int = 1) -> float:
    """The median time of `runs` calls after `warm` unmeasured ones, the garbage collector at rest meanwhile."""
    for _ in range(warm):
        call()
    times: list[float] = []
    for _ in range(runs):
        gc.collect()
        gc.disable()
        try:
            started = time.perf_counter()
            call()
            times.append(time.perf_counter() - started)
        finally:
            gc.enable()
    return statistics.median(times)


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    head = ("what", "measured", "peer or floor, same run", "ratio", "budget", "kept")
    lines = [_line(head), _line(("---", "--:", "---", "--:", "---", "---"))]
    for row in rows:
        peer = f"{row.peer}: {_figure(row.peer_value)} {row.unit}" if row.peer_value is not None else row.peer
        ratio = "" if row.ratio is None else f"{_figure(row.ratio)}×"
        kept = "yes" if row.ok else "**no**"
        lines.append(_line((row.what, f"{_figure(row.measured)} {row.unit}", peer, ratio, row.budget, kept)))
    return "\n".join(lines)


def _line(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cells) + " |"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
