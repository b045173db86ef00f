"""Schedules of scheduled actions: `at(…)`, `rate(…)`, `cron(…)` with six fields, by the minute (facts 2.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator import reading
from simulator.errors import InputError

MINUTES = {"minute": 1, "minutes": 1, "hour": 60, "hours": 60, "day": 1440, "days": 1440}
MOST_RATE = 1_000_000  # ours
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
# name, least, most, names of values
CRON_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minutes", 0, 59, ()),
    ("hours", 0, 23, ()),
    ("day of month", 1, 31, ()),
    ("month", 1, 12, MONTHS),
    ("day of week", 1, 7, DAYS),
    ("year", 1970, 2199, ()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When an action acts: once at `at`, every `every` minutes, or in the minutes that `fields` of a cron hold."""

    at: datetime | None = None
    every: int = 0
    fields: tuple[frozenset[int], ...] = ()

    def minutes(self, start: datetime, count: int) -> tuple[int, ...]:
        """The minutes from 0 to `count` after `start` in which it acts; a rate first acts one interval after it."""
        if self.at is not None:
            after = (self.at - start) // timedelta(minutes=1)
            return (after,) if 0 <= after <= count else ()
        if self.every:
            return tuple(range(self.every, count + 1, self.every))
        moments = (start + timedelta(minutes=minute) for minute in range(count + 1))
        return tuple(minute for minute, moment in enumerate(moments) if self._holds(moment))

    def _holds(self, moment: datetime) -> bool:
        parts = (
            moment.minute,
            moment.hour,
            moment.day,
            moment.month,
            moment.isoweekday() % 7 + 1,  # cron's week begins with Sunday, which is 1
            moment.year,
        )
        return all(part in field for part, field in zip(parts, self.fields, strict=True))


def read_schedule(value: Any, path: str, *, timezone: Any = "UTC") -> Schedule:
    """A schedule expression, in UTC.

    Raises
    ------
    InputError
        With one sentence that says what the expression should be; and for a time zone other than UTC, which AWS takes
        and this simulator does not.

    >>> read_schedule("rate(2 hours)", "schedule").every
    120
    >>> read_schedule("cron(30 8 ? * MON-FRI *)", "schedule").minutes(datetime(2026, 11, 27), 1440)
    (510,)
    """
    written = reading.text(value, path, longest=1600)
    if timezone != "UTC":
        where = path.replace("schedule", "timezone")
        raise InputError(
            f"{where} is {reading.shown(timezone)}; here schedules are in UTC only: give the time in UTC.", path=where
        )
    match = re.fullmatch(r"(at|rate|cron)\((.*)\)", written)
    if match is None:
        raise InputError(
            f"{path} is {reading.shown(written)}; it must be at(yyyy-mm-ddThh:mm:ss), rate(n unit), or "
            "cron(six fields).",
            path=path,
        )
    inside = match[2].strip()
    if match[1] == "at":
        return Schedule(at=read_moment(inside, path))
    return _rate(inside, path) if match[1] == "rate" else _cron(inside, path)


def read_moment(value: Any, path: str) -> datetime:
    """`yyyy-mm-ddThh:mm:ss`, in UTC."""
    form = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
    try:
        if re.fullmatch(form, value, re.ASCII):
            return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        pass
    raise InputError(f"{path} has the time {reading.shown(value)}; it must be yyyy-mm-ddThh:mm:ss.", path=path)


def _rate(inside: str, path: str) -> Schedule:
    match = re.fullmatch(r"([0-9]{1,7}) +([a-z]+)", inside)
    unit = MINUTES.get(match[2]) if match else None
    if match is None or unit is None or not 1 <= int(match[1]) <= MOST_RATE:
        raise InputError(
            f"{path} is rate({reading.shorten(inside)}); a rate is a number from 1 and minutes, hours, or days.",
            path=path,
        )
    return Schedule(every=int(match[1]) * unit)


def _cron(inside: str, path: str) -> Schedule:
    written = inside.split()
    if len(written) != len(CRON_FIELDS):
        raise InputError(
            f"{path} is a cron of {len(written)} fields, and it must have six: minutes, hours, day of month, month, "
            "day of week, year.",
            path=path,
        )
    fields = tuple(_cron_field(text, field, path) for text, field in zip(written, CRON_FIELDS, strict=True))
    return Schedule(fields=fields)


def _cron_field(text: str, field: tuple[str, int, int, tuple[str, ...]], path: str) -> frozenset[int]:
    name, low, high, names = field
    if text == "*" or (text == "?" and name.startswith("day")):
        return frozenset(range(low, high + 1))
    values: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"(\*|[0-9A-Z]{1,4})(?:-([0-9A-Z]{1,4}))?(?:/([0-9]{1,4}))?", part)
        first = _cron_value(match[1], low, names) if match else None
        if match is None or first is None or (match[1] == "*" and match[2]):
            raise _unread(part, name, path)
        last = high if match[1] == "*" or (match[3] and not match[2]) else first
        if match[2]:
            last = _cron_value(match[2], low, names)
        step = int(match[3] or 1)
        if last is None or not low <= first <= last <= high or step < 1:
            raise _unread(part, name, path)
        values.update(range(first, last + 1, step))
    return frozenset(values)


def _cron_value(text: str, low: int, names: tuple[str, ...]) -> int | None:
    if text == "*":
        return low
    if text in names:
        return names.index(text) + low
    return int(text) if text.isdigit() else None


def _unread(part: str, name: str, path: str) -> InputError:
    return InputError(
        f"{path} has {reading.shown(part)} for {name}; numbers, names, lists, ranges, and steps are read.", path=path
    )
