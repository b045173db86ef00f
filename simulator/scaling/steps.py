"""Step adjustments: which step a metric falls into, what it adds or takes away, and which lists AWS refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, trunc
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.scaling.rules import PercentRounding
from simulator.scaling.spelling import spelled

CHANGE = "ChangeInCapacity"
PERCENT = "PercentChangeInCapacity"
EXACT = "ExactCapacity"
ADJUSTMENT_TYPES = (CHANGE, PERCENT, EXACT)
MOST_STEPS = 20  # of a policy (facts 2.1)
MOST_ADJUSTMENT = 1_000_000  # ours
MOST_METRIC = 10**12  # ours
STEP_FIELDS = ("metricIntervalLowerBound", "metricIntervalUpperBound", "scalingAdjustment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step adjustment. A bound is an offset from the alarm's threshold; None is without end."""

    lower: Fraction | None
    upper: Fraction | None
    adjustment: int

    def holds(self, offset: Fraction, *, above: bool) -> bool:
        """Whether an offset from the threshold falls into this step.

        Above the threshold the lower bound belongs to the step, below it the upper one does (facts 2.3).
        """
        if above:
            return (self.lower is None or self.lower <= offset) and (self.upper is None or offset < self.upper)
        return (self.lower is None or self.lower < offset) and (self.upper is None or offset <= self.upper)


def step_for(steps: Sequence[Step], offset: Fraction) -> Step | None:
    """The step that a metric falls into, None if there is none.

    Exactly at the threshold the step above it is looked for first, then the one below: AWS's examples show the
    threshold inside `[0, 10)` and inside `(-10, 0]`.

    Parameters
    ----------
    offset : the metric minus the alarm's threshold, in the metric's unit.
    """
    sides = (True,) if offset > 0 else (False,) if offset < 0 else (True, False)
    for above in sides:
        for step in steps:
            if step.holds(offset, above=above):
                return step
    return None


def change_of(
    adjustment: int,
    kind: str,
    base: int,
    *,
    magnitude: int = 0,
    rounding: PercentRounding = PercentRounding.TOWARD_ZERO,
) -> int:
    """By how many tasks an adjustment changes a capacity of `base` (facts 2.3).

    Parameters
    ----------
    magnitude : MinAdjustmentMagnitude, the least change of a percentage in tasks.

    >>> [change_of(p, PERCENT, 10) for p in (127, 7, -6, -67)]
    [12, 1, -1, -6]
    >>> change_of(25, PERCENT, 4, magnitude=2), change_of(5, EXACT, 9)
    (2, -4)
    """
    if kind == CHANGE:
        return adjustment
    if kind == EXACT:
        return adjustment - base
    change = rounded_percent(Fraction(base * adjustment, 100), rounding)
    if change == 0 or abs(change) >= magnitude:
        return change
    return magnitude if change > 0 else -magnitude


def rounded_percent(change: Fraction, rounding: PercentRounding = PercentRounding.TOWARD_ZERO) -> int:
    """A percentage's change as whole tasks: toward zero, but between 0 and 1 it is 1, between 0 and -1 it is -1.

    >>> [rounded_percent(Fraction(c)) for c in ("12.7", "0.67", "-0.58", "-6.67", "0")]
    [12, 1, -1, -6, 0]
    """
    if rounding is PercentRounding.AWAY_FROM_ZERO:
        return ceil(change) if change > 0 else floor(change)
    if rounding is PercentRounding.NEAREST:
        return floor(change + Fraction(1, 2)) if change >= 0 else ceil(change - Fraction(1, 2))
    if 0 < abs(change) < 1:
        return 1 if change > 0 else -1
    return trunc(change)


def read_steps(value: Any, path: str) -> tuple[Step, ...]:
    """StepAdjustments in AWS's names, checked together.

    Raises
    ------
    InputError
        With one sentence for each thing that AWS refuses: a gap, an overlap, two steps without a lower or without
        an upper bound, a step without either, a negative lower bound where no step goes down without end, a positive
        upper bound where none goes up without end, bounds in the wrong order, none or more than 20 steps.
    """
    entries = reading.items(value, path, most=MOST_STEPS)
    if not entries:
        raise InputError(f"{path} is empty; a step scaling policy needs at least one step.", path=path)
    steps = tuple(_step(entry, f"{path}[{at}]") for at, entry in enumerate(entries))
    _check_ends(steps, path)
    _check_order(steps, path)
    return steps


def _step(value: Any, path: str) -> Step:
    document = spelled(value, path)
    reading.known_fields(document, path, STEP_FIELDS)
    lower = _bound(document.get("metricIntervalLowerBound"), f"{path}.MetricIntervalLowerBound")
    upper = _bound(document.get("metricIntervalUpperBound"), f"{path}.MetricIntervalUpperBound")
    adjustment = reading.whole(
        document.get("scalingAdjustment"), f"{path}.ScalingAdjustment", low=-MOST_ADJUSTMENT, high=MOST_ADJUSTMENT
    )
    if lower is None and upper is None:
        raise InputError(f"{path} has neither bound; give it a lower or an upper bound, or both.", path=path)
    if lower is not None and upper is not None and lower >= upper:
        raise InputError(
            f"{path} goes from {_told(lower)} to {_told(upper)}; the lower bound must be below the upper one.",
            path=path,
        )
    return Step(lower=lower, upper=upper, adjustment=adjustment)


def _bound(value: Any, path: str) -> Fraction | None:
    return None if value is None else reading.number(value, path, low=-MOST_METRIC, high=MOST_METRIC)


def _check_ends(steps: Sequence[Step], path: str) -> None:
    for name, open_ended in (
        ("lower", [at for at, step in enumerate(steps) if step.lower is None]),
        ("upper", [at for at, step in enumerate(steps) if step.upper is None]),
    ):
        if len(open_ended) > 1:
            raise InputError(
                f"{path}[{open_ended[0]}] and {path}[{open_ended[1]}] both have a null {name} bound, so they overlap; "
                f"at most one step may have a null {name} bound.",
                path=path,
            )
    for at, step in enumerate(steps):
        if step.lower is not None and step.lower < 0 and all(one.lower is not None for one in steps):
            raise InputError(
                f"{path}[{at}] has the negative lower bound {_told(step.lower)}, so one step must have a null lower "
                "bound; add one for all that is lower.",
                path=path,
            )
        if step.upper is not None and step.upper > 0 and all(one.upper is not None for one in steps):
            raise InputError(
                f"{path}[{at}] has the positive upper bound {_told(step.upper)}, so one step must have a null upper "
                "bound; add one for all that is higher.",
                path=path,
            )


def _check_order(steps: Sequence[Step], path: str) -> None:
    """No gap and no overlap between neighbors; at most one step has no lower bound, so it stands first."""
    order = sorted(range(len(steps)), key=lambda at: (steps[at].lower is not None, steps[at].lower or 0))
    for left, right in pairwise(order):
        upper, lower = steps[left].upper, steps[right].lower
        if upper is None or lower is None or lower < upper:
            raise InputError(
                f"{path}[{left}] and {path}[{right}] overlap; end the one where the other begins.", path=path
            )
        if lower > upper:
            raise InputError(
                f"{path}[{left}] and {path}[{right}] leave a gap from {_told(upper)} to {_told(lower)}; "
                "end the one where the other begins.",
                path=path,
            )


def _told(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
