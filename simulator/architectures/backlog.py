"""How many workers a queue asks for: the backlog per task against its target. Source: facts 5.3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from simulator import reading
from simulator.errors import InputError

MOST_MESSAGES = 10**9
MOST_CAPACITY = 5_000
_FIELDS = (
    "messages",
    "target",
    "acceptableLatencySeconds",
    "secondsPerMessage",
    "runningTasks",
    "min",
    "max",
)
UNDEFINED = (
    "With 0 running tasks the quotient is undefined; here one task is started, the least step out. The sources differ "
    "on what follows without data."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How many tasks, and whether AWS leaves it open."""

    desired: int
    open: bool = False


def desired_tasks(messages: int, target: Fraction, running: int | None, *, low: int, high: int) -> Wanted:
    """`clamp(ceil(messages / target), low, high)`; with no task running and messages waiting, one task more than none.

    >>> desired_tasks(1500, Fraction(100), 10, low=1, high=100).desired
    15
    """
    if running == 0 and messages > 0:
        return Wanted(desired=min(max(low, 1), high), open=True)
    return Wanted(desired=min(max(ceil(Fraction(messages) / target), low), high))


def backlog_answer(document: Mapping[str, Any]) -> dict[str, Any]:
    """`{"messages", "target" or "acceptableLatencySeconds" and "secondsPerMessage", "runningTasks", "min", "max"}`.

    Returns
    -------
    dict
        `desired`, `target` (messages a task may have waiting) and `backlogPerTask` (None without a running task).

    >>> backlog_answer({"messages": 1501, "target": 100})["desired"]
    16
    """
    reading.known_fields(document, "", _FIELDS)
    messages = reading.whole(document.get("messages"), "messages", low=0, high=MOST_MESSAGES)
    target = _target(document)
    running = document.get("runningTasks")
    if running is not None:
        running = reading.whole(running, "runningTasks", low=0, high=MOST_CAPACITY)
    low = reading.whole(document.get("min", 0), "min", low=0, high=MOST_CAPACITY)
    high = reading.whole(document.get("max", MOST_CAPACITY), "max", low=0, high=MOST_CAPACITY)
    if low > high:
        raise InputError(f"min is {low}, above max, {high}; give a min that is not above it.", path="min")
    wanted = desired_tasks(messages, target, running, low=low, high=high)
    backlog = None if not running else Fraction(messages, running)
    answer: dict[str, Any] = {
        "desired": wanted.desired,
        "target": _plain(target),
        "backlogPerTask": None if backlog is None else _plain(backlog),
        "reason": _reason(messages, target, wanted, low, high),
    }
    return answer | ({"open": True, "choices": [UNDEFINED]} if wanted.open else {})


def _target(document: Mapping[str, Any]) -> Fraction:
    least = Fraction(1, 1_000)
    pair = ("acceptableLatencySeconds", "secondsPerMessage")
    if document.get("target") is not None:
        if any(document.get(name) is not None for name in pair):
            raise InputError(f"target is given, so {pair[0]} and {pair[1]} are not; keep one of both.", path="target")
        return reading.number(document["target"], "target", low=least, high=10**6)
    latency, each = (reading.number(document.get(name), name, low=least, high=10**6) for name in pair)
    return latency / each


def _reason(messages: int, target: Fraction, wanted: Wanted, low: int, high: int) -> str:
    if wanted.open:
        return UNDEFINED
    asked = ceil(Fraction(messages) / target)
    said = f"{messages} messages at {_plain(target)} a task ask for {asked}"
    if asked == wanted.desired:
        return f"{said}."
    return f"{said}, and the bounds are {low} to {high}."


def _plain(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
