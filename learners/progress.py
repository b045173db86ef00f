"""What a learner's events say: the attempt to resume, the answers in it, results, and how far a lesson is read.

The words of the log (`Event.kind`):

    of a quiz    started    an attempt began; payload: order (item ids), seeds (item id -> seed of its variant)
                 opened     an item came on the screen, or the review list (item "")
                 answered   payload: response; None takes the answer back. The latest one counts
                 graded     payload: response, seed, score, points, out_of, objective, misconceptions
                 submitted  closes the attempt; whatever comes after it in the same attempt does not count
    of a lesson  read       the lesson was opened
                 reached    a section came on the screen; item is its anchor
                 predicted  a bet was placed; payload: response and score, or skipped
                 checked    an ungraded question was answered; payload as for predicted

Attempts are numbered "1", "2", … for each bank. Two tabs that start or submit the same attempt at once write the
same thing twice; the first one counts, so nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from learners.store import Event

RECENT_ATTEMPTS = 3
SURE = 0.8  # share of the points of an objective from which it counts as sure; a choice of this course
HALF = 0.5


class Level(StrEnum):
    """How sure an objective is, in words that follow its statement."""

    UNASKED = "not asked yet"
    SHAKY = "less than half"
    PARTLY = "half or more"
    SURE = "sure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """One item of a submitted attempt. `score` is 0 to 1, `points` is what it earned of `out_of`."""

    item: str
    response: Any
    seed: int
    score: float
    points: float
    out_of: float
    objective: str
    misconceptions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One go at a quiz. `submitted_ms` is 0 while it is open; `at_item` is the item last on the screen."""

    number: int
    bank: str
    bank_hash: str
    engine_version: str
    started_ms: int
    order: tuple[str, ...]
    seeds: Mapping[str, int]
    answers: Mapping[str, Any]
    at_item: str | None
    submitted_ms: int = 0
    graded: tuple[Graded, ...] = ()

    @property
    def points(self) -> float:
        """What the attempt earned, of `out_of`."""
        return sum(item.points for item in self.graded)

    @property
    def out_of(self) -> float:
        """The most that the attempt could earn."""
        return sum(item.out_of for item in self.graded)

    @property
    def share(self) -> float:
        """Points earned as a share of all, 0 to 1."""
        return self.points / self.out_of if self.out_of else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mastery:
    """An objective over the last attempts: points earned and points there were."""

    objective: str
    points: float
    out_of: float

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.points / self.out_of if self.out_of else 0.0

    @property
    def level(self) -> Level:
        """How sure it is; an objective without points has not been asked."""
        if not self.out_of:
            return Level.UNASKED
        return Level.SURE if self.share >= SURE else Level.PARTLY if self.share >= HALF else Level.SHAKY


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How far a lesson is read. `predicted` and `checked` hold each question's latest payload."""

    opened: bool = False
    last_ms: int = 0
    reached: tuple[str, ...] = ()
    predicted: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    checked: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])


def attempts(events: Iterable[Event], bank: str) -> tuple[Attempt, ...]:
    """Every attempt at a bank's quiz, oldest first, open ones too."""
    by_number: dict[int, list[Event]] = {}
    for event in events:
        if event.bank == bank and event.attempt.isdecimal():
            by_number.setdefault(int(event.attempt), []).append(event)
    return tuple(
        _attempt(number, found)
        for number, found in sorted(by_number.items())
        if any(event.kind == "started" for event in found)
    )


def submitted(events: Iterable[Event], bank: str) -> tuple[Attempt, ...]:
    """The attempts that have a result, oldest first: the history."""
    return tuple(attempt for attempt in attempts(events, bank) if attempt.submitted_ms)


def current(events: Iterable[Event], bank: str) -> Attempt | None:
    """The attempt to resume: the latest one, if it is still open."""
    tried = attempts(events, bank)
    return tried[-1] if tried and not tried[-1].submitted_ms else None


def best(history: Sequence[Attempt]) -> Attempt | None:
    """The attempt with the highest share of its points; the earliest of equals."""
    return max(history, key=lambda attempt: (attempt.share, -attempt.number), default=None)


def next_number(events: Iterable[Event], bank: str) -> int:
    """The number that the next attempt gets, from 1."""
    tried = attempts(events, bank)
    return tried[-1].number + 1 if tried else 1


def mastery(history: Sequence[Attempt]) -> tuple[Mastery, ...]:
    """Each objective's points over the last three submitted attempts, in the order in which the quiz meets them."""
    earned: dict[str, list[float]] = {}
    for attempt in history[-RECENT_ATTEMPTS:]:
        for item in attempt.graded:
            sums = earned.setdefault(item.objective, [0.0, 0.0])
            sums[0] += item.points
            sums[1] += item.out_of
    return tuple(Mastery(objective=name, points=sums[0], out_of=sums[1]) for name, sums in earned.items())


def mastery_of(history: Sequence[Attempt], objectives: Iterable[str]) -> tuple[Mastery, ...]:
    """These objectives in their order, those too that no attempt has asked yet.

    >>> [found.level.value for found in mastery_of((), ["placement.rank"])]
    ['not asked yet']
    """
    asked = {found.objective: found for found in mastery(history)}
    return tuple(asked.get(name) or Mastery(objective=name, points=0.0, out_of=0.0) for name in objectives)


def by_lesson(events: Iterable[Event]) -> dict[str, tuple[Event, ...]]:
    """A whole log as one log for each lesson: who asks about all of them goes through it once."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.bank, []).append(event)
    return {slug: tuple(own) for slug, own in found.items()}


def reading(events: Iterable[Event], bank: str) -> Reading:
    """How far the lesson of that slug is read."""
    opened = False
    last_ms = 0
    reached: dict[str, None] = {}
    answers: dict[str, dict[str, Mapping[str, Any]]] = {"predicted": {}, "checked": {}}
    for event in events:
        if event.bank != bank or event.attempt or event.kind not in ("read", "reached", "predicted", "checked"):
            continue
        opened, last_ms = True, event.at_ms
        if event.kind == "reached":
            reached[event.item] = None
        elif event.kind in answers:
            answers[event.kind][event.item] = event.payload
    return Reading(
        opened=opened,
        last_ms=last_ms,
        reached=tuple(reached),
        predicted=answers["predicted"],
        checked=answers["checked"],
    )


def last_bank(events: Sequence[Event]) -> str | None:
    """The slug of the lesson or quiz that the learner touched last: where to go on."""
    return events[-1].bank if events else None


def _attempt(number: int, events: Sequence[Event]) -> Attempt:
    start = next(event for event in events if event.kind == "started")
    end = next((k for k, event in enumerate(events) if event.kind == "submitted"), None)
    answers: dict[str, Any] = {}
    at_item: str | None = None
    for event in events[:end]:
        if event.kind == "answered":
            answers[event.item] = event.payload.get("response")
        if event.kind in ("answered", "opened"):
            at_item = event.item
    return Attempt(
        number=number,
        bank=start.bank,
        bank_hash=start.bank_hash,
        engine_version=start.engine_version,
        started_ms=start.at_ms,
        order=tuple(start.payload["order"]),
        seeds=dict(start.payload["seeds"]),
        answers={item: response for item, response in answers.items() if response is not None},
        at_item=at_item,
        submitted_ms=0 if end is None else events[end].at_ms,
        graded=() if end is None else _graded(events[:end]),
    )


def _graded(events: Sequence[Event]) -> tuple[Graded, ...]:
    found: dict[str, Graded] = {}
    for event in events:
        if event.kind == "graded" and event.item not in found:
            said = event.payload
            found[event.item] = Graded(
                item=event.item,
                response=said["response"],
                seed=said["seed"],
                score=said["score"],
                points=said["points"],
                out_of=said["out_of"],
                objective=said["objective"],
                misconceptions=tuple(said["misconceptions"]),
            )
    return tuple(found.values())
