"""The load over time: a named curve, points drawn by hand, or CSV text; straight lines between the points."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from simulator import reading
from simulator.errors import InputError

MOST_RATE = 1_000_000  # ours: requests or messages a second
MOST_POINTS = 1441  # ours: one a minute for a day
MOST_CSV = 40_000  # ours: characters
DEFAULT_PERIOD = 8  # minutes of a flapping load
MOST_PERIOD = 1440

Point = tuple[int, int]  # second of the run, thousandths of a request a second


def read_load(value: Any, path: str, minutes: int) -> tuple[Point, ...]:
    """The load's points, in the order of time.

    Parameters
    ----------
    value : `{"preset": …, "base": …, "peak": …}`, `{"points": [[minute, rate], …]}`, or `{"csv": "minute,rate\\n…"}`,
        rates in requests (for workers: messages) a second.
    minutes : how long the run is.

    Raises
    ------
    InputError
        With one sentence that names the point, or the line of the CSV.
    """
    document = reading.mapping(value, path)
    kinds = [name for name in ("preset", "points", "csv") if name in document]
    if len(kinds) != 1:
        raise InputError(f"{path} must have one of preset, points, or csv.", path=path)
    if kinds[0] == "preset":
        return _preset(document, path, minutes)
    reading.known_fields(document, path, (kinds[0],))
    where = f"{path}.{kinds[0]}"
    if kinds[0] == "csv":
        return _in_order(_csv(document["csv"], where, minutes), where)
    entries = reading.items(document["points"], where, most=MOST_POINTS)
    return _in_order([_point(entry, f"{where}[{at}]", minutes) for at, entry in enumerate(entries)], where)


def curve(points: Sequence[Point], seconds: int) -> list[int]:
    """The load of each second in thousandths: level before the first point and after the last one.

    >>> curve([(0, 0), (4, 8000)], 6)
    [0, 2000, 4000, 6000, 8000, 8000]
    """
    loads = [points[0][1]] * min(points[0][0], seconds)
    for (start, low), (end, high) in pairwise(points):
        if len(loads) == seconds:
            break
        length = end - start
        loads += [low + (high - low) * at // length for at in range(min(length, seconds - len(loads)))]
    return loads + [points[-1][1]] * (seconds - len(loads))


def _preset(document: Mapping[str, Any], path: str, minutes: int) -> tuple[Point, ...]:
    name = reading.choice(document["preset"], f"{path}.preset", tuple(CURVES))
    fields = ("preset", "base") if name == STEADY else ("preset", "base", "peak")
    reading.known_fields(document, path, (*fields, "periodMinutes") if name == FLAPPING else fields)
    base = reading.number(document.get("base"), f"{path}.base", low=0, high=MOST_RATE)
    peak = base if name == STEADY else reading.number(document.get("peak"), f"{path}.peak", low=0, high=MOST_RATE)
    length = 60 * minutes
    if name == FLAPPING:
        period = document.get("periodMinutes", DEFAULT_PERIOD)
        length = 60 * reading.whole(period, f"{path}.periodMinutes", low=2, high=MOST_PERIOD)
    return tuple((second, _thousandths(rate)) for second, rate in CURVES[name](base, peak, length))


def _steady(base: Fraction, _peak: Fraction, _length: int) -> list[tuple[int, Fraction]]:
    return [(0, base)]


def _spike(base: Fraction, peak: Fraction, length: int) -> list[tuple[int, Fraction]]:
    """Up within a minute after a sixth of the time, and down again at half time."""
    up, down = length // 6, length // 2
    return [(0, base), (up, base), (up + 60, peak), (down, peak), (down + 60, base)]


def _daily_wave(base: Fraction, peak: Fraction, length: int) -> list[tuple[int, Fraction]]:
    """Lowest at both ends, highest in the middle, smooth between."""
    points: list[tuple[int, Fraction]] = []
    for at in range(49):
        x = Fraction(min(at, 48 - at), 24)
        points.append((length * at // 48, base + (peak - base) * x * x * (3 - 2 * x)))
    return points


def _black_friday(base: Fraction, peak: Fraction, length: int) -> list[tuple[int, Fraction]]:
    """The doors open, a lull, a second and longer rush, and a slow evening."""
    lull = base + (peak - base) / 2
    first, second = length // 6, length // 2
    return [
        (0, base),
        (first, base),
        (first + 120, peak),
        (length // 4, peak),
        (length // 3, lull),
        (second, lull),
        (second + 120, peak),
        (length * 3 // 4, peak),
        (length, base),
    ]


def _flapping(base: Fraction, peak: Fraction, length: int) -> list[tuple[int, Fraction]]:
    """High and low in turn; `length` is one period."""
    half = length // 2
    points: list[tuple[int, Fraction]] = []
    for start in range(0, 86_400, length):
        points += [(start, base), (start + half, base), (start + half, peak), (start + length, peak)]
    return points


STEADY = "steady"
FLAPPING = "flapping"
CURVES: Mapping[str, Callable[[Fraction, Fraction, int], list[tuple[int, Fraction]]]] = {
    STEADY: _steady,
    "spike": _spike,
    "daily-wave": _daily_wave,
    "black-friday": _black_friday,
    FLAPPING: _flapping,
}


def _point(entry: Any, path: str, minutes: int) -> Point:
    if not isinstance(entry, (list, tuple)) or len(entry) != 2:
        raise InputError(f"{path} must be [minute, rate], not {reading.shown(entry)}.", path=path)
    minute = reading.number(entry[0], f"{path}[0]", low=0, high=minutes)
    rate = reading.number(entry[1], f"{path}[1]", low=0, high=MOST_RATE)
    return int(minute * 60), _thousandths(rate)


def _csv(value: Any, path: str, minutes: int) -> list[Point]:
    text = reading.text(value, path, longest=MOST_CSV, lines=True)
    points: list[Point] = []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell.strip() for cell in re.split(r"[,;\t]", line)]
        if cells == [""] or (number == 1 and not re.search(r"[0-9]", line)):
            continue
        if len(points) == MOST_POINTS:
            raise InputError(f"{path} has more than {MOST_POINTS} rows, the most that are taken.", path=path)
        points.append(_row(cells, f"{path}, line {number}", minutes))
    return points


def _row(cells: Sequence[str], where: str, minutes: int) -> Point:
    if len(cells) != 2:
        raise InputError(f"{where} has {len(cells)} cells; a row is a minute and a rate.", path=where)
    values: list[Fraction] = []
    for cell, name, most in zip(cells, ("minute", "rate"), (minutes, MOST_RATE), strict=True):
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", cell) or Fraction(cell) > most:
            raise InputError(
                f"{where}: the {name} must be a number from 0 to {most}, not {reading.shown(cell)}.", path=where
            )
        values.append(Fraction(cell))
    return int(values[0] * 60), _thousandths(values[1])


def _in_order(points: list[Point], path: str) -> tuple[Point, ...]:
    if not points:
        raise InputError(f"{path} has no point; give at least one.", path=path)
    for (left, _), (right, _) in pairwise(points):
        if right < left:
            raise InputError(
                f"{path} goes back in time, from minute {left / 60:g} to {right / 60:g}; put the points in order.",
                path=path,
            )
    return tuple(points)


def _thousandths(rate: Fraction) -> int:
    return int(rate * 1000)
