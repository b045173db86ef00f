"""Moments of time out of documents: as AWS's tools write them, exact to the microsecond, always with a time zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator import reading
from simulator.errors import InputError

SECOND = 1_000_000  # microseconds
HOUR = 3600 * SECOND
DAY = 24 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = 32_503_679_999  # seconds: the end of the year 2999, ours
_FORM = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?"
)


def read_instant(value: Any, path: str) -> int:
    """A moment, in microseconds since 1970 began in UTC.

    Parameters
    ----------
    value : text of ISO 8601 with a time zone, or the seconds since 1970 that AWS's API itself sends.

    Raises
    ------
    InputError
        For anything else, a day that no calendar has, a time without a zone, and one outside the years 1970 to 2999.

    >>> read_instant("2026-01-01T01:00:00+01:00", "now") == read_instant("2026-01-01T00:00:00Z", "now")
    True
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return int(reading.number(value, path, low=0, high=_LAST) * SECOND)
    form = _FORM.fullmatch(value) if isinstance(value, str) else None
    if form is None or not isinstance(value, str):
        raise InputError(f"{path} must be a time such as 2026-01-01T00:00:00Z, not {reading.shown(value)}.", path=path)
    if form[1] is None:
        raise InputError(f"{path} is {reading.shown(value)}, without a time zone; end it with Z for UTC.", path=path)
    try:
        since = datetime.fromisoformat(value) - _EPOCH
    except ValueError:
        raise InputError(f"{path} is {reading.shown(value)}, a time that does not exist.", path=path) from None
    instant = (since.days * 86_400 + since.seconds) * SECOND + since.microseconds
    if not 0 <= instant <= _LAST * SECOND:
        raise InputError(f"{path} is {reading.shown(value)}; times lie in the years 1970 to 2999.", path=path)
    return instant


def written(instant: int) -> str:
    """A moment as ISO 8601 in UTC.

    >>> written(90 * SECOND)
    '1970-01-01T00:01:30Z'
    """
    return (_EPOCH + timedelta(microseconds=instant)).isoformat().replace("+00:00", "Z")


def span(length: int) -> str:
    """A length of time in words: days, with hours and minutes where they make a difference.

    >>> span(14 * DAY), span(DAY + HOUR), span(90 * SECOND)
    ('14 days', '1 day 1 h', '1 min 30 s')
    """
    days, rest = divmod(length, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, 60 * SECOND)
    parts = [f"{days} day{'' if days == 1 else 's'}"] if days else []
    parts += [f"{hours} h"] if hours else []
    parts += [f"{minutes} min"] if minutes else []
    if rest or not parts:
        parts.append(f"{rest // SECOND} s" if rest % SECOND == 0 else f"{rest / SECOND:g} s")
    return " ".join(parts)
