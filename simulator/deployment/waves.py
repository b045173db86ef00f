"""The instant-batch model: each batch as large as the bounds allow, and each new task healthy at once.

It reproduces every worked example of AWS's guide. Batches are upper bounds there ("may start"), so a real deployment
can take smaller ones. Source: facts 1.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from simulator.deployment.bounds import Bounds, bounds
from simulator.deployment.rules import RULES, DeploymentRules


class Order(StrEnum):
    """What is tried first where the bounds allow both."""

    STOP_FIRST = "stop-first"
    START_FIRST = "start-first"


class FirstMove(StrEnum):
    """What the bounds force at the start."""

    STOP_FIRST = "stop-first"
    START_FIRST = "start-first"
    OPEN = "open"
    NONE = "none"


class Outcome(StrEnum):
    """How it ends."""

    COMPLETED = "completed"
    CONFIG_STUCK = "config-stuck"
    CAPACITY_STUCK = "capacity-stuck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """One batch in one direction; `running` is the total after it."""

    action: str  # "stop" or "start"
    count: int
    running: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """A whole deployment in the instant-batch model. `bounds` are those at its start."""

    bounds: Bounds
    first_move: FirstMove
    waves: tuple[Wave, ...]
    outcome: Outcome


def roll_out(
    desired: int,
    minimum: int,
    maximum: int,
    *,
    slots: int | None = None,
    order: Order = Order.STOP_FIRST,
    rules: DeploymentRules = RULES,
) -> Rollout:
    """Replace `desired` old tasks by new ones.

    Parameters
    ----------
    slots : how many tasks of this service the cluster can hold at once, None for no limit. Fewer than `desired`
        means that the `desired` old tasks still run where there is no room for a new one.

    >>> [(wave.action, wave.count, wave.running) for wave in roll_out(4, 50, 100).waves]
    [('stop', 2, 2), ('start', 2, 4), ('stop', 2, 2), ('start', 2, 4)]
    """
    at_start = bounds(desired, minimum, maximum, rules=rules, running=desired)
    old, new = desired, 0
    waves: list[Wave] = []
    turn, missed = order, 0
    # Each pass stops or starts something, or is the second in a row that can not: at most 4 * desired + 2 passes.
    while (old or new < desired) and missed < 2:
        now = bounds(desired, minimum, maximum, rules=rules, running=old + new)
        if turn is Order.STOP_FIRST:
            count = min(old, max(0, old + new - now.lower))
            old -= count
            action, turn = "stop", Order.START_FIRST
        else:
            room = now.upper if slots is None else min(now.upper, slots)
            count = min(desired - new, max(0, room - old - new))
            new += count
            action, turn = "start", Order.STOP_FIRST
        missed = 0 if count else missed + 1
        if count:
            waves.append(Wave(action=action, count=count, running=old + new))
    last = bounds(desired, minimum, maximum, rules=rules, running=old + new)
    if old == 0 and new == desired:
        outcome = Outcome.COMPLETED
    else:
        outcome = Outcome.CAPACITY_STUCK if new < desired and last.upper > old + new else Outcome.CONFIG_STUCK
    first = first_move(desired, at_start, slots)
    return Rollout(bounds=at_start, first_move=first, waves=tuple(waves), outcome=outcome)


def first_move(desired: int, held: Bounds, slots: int | None) -> FirstMove:
    """Whether the bounds force the first move, leave it open, or allow none.

    >>> first_move(4, Bounds(lower=3, upper=5), None), first_move(4, Bounds(lower=3, upper=5), 4)
    (<FirstMove.OPEN: 'open'>, <FirstMove.STOP_FIRST: 'stop-first'>)
    """
    may_stop = held.lower < desired
    may_start = desired > 0 and (held.upper if slots is None else min(held.upper, slots)) > desired
    if may_stop and may_start:
        return FirstMove.OPEN
    if may_stop:
        return FirstMove.STOP_FIRST
    return FirstMove.START_FIRST if may_start else FirstMove.NONE


def open_notes(desired: int, held: Bounds, slots: int | None) -> tuple[str, ...]:
    """What AWS leaves open about such a deployment, one sentence each."""
    notes = ["AWS says how many tasks may change at once, not that each batch is as large as allowed."]
    if first_move(desired, held, slots) is FirstMove.OPEN:
        notes.insert(0, "Both bounds leave room, and AWS does not say whether it stops or starts first.")
    return tuple(notes) if desired else ()
