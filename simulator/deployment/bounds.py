"""The two numbers that hold a rolling deployment: how many tasks have to stay healthy, and how many there may be.

Integers only: `ceil(100 * 0.07)` is 8 in floating point, and 7 is right. Source: facts 1.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.deployment.rules import RULES, DeploymentRules, MaximumMeans, MinimumMeans, PercentOf, Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """`lower`: fewest healthy tasks; `upper`: most tasks at once."""

    lower: int
    upper: int


def bounds(
    desired: int, minimum: int, maximum: int, *, rules: DeploymentRules = RULES, running: int | None = None
) -> Bounds:
    """Both bounds of a rolling deployment.

    Parameters
    ----------
    desired : the service's desiredCount.
    minimum, maximum : minimumHealthyPercent and maximumPercent, whole percent.
    running : the tasks running now; only rules that take the percentages of them look at it.

    Source: DG:deployment-type-ecs. The guide's own arithmetic:

    >>> bounds(4, 50, 200), bounds(2, 75, 100).lower, bounds(3, 100, 125).upper
    (Bounds(lower=2, upper=8), 2, 3)
    """
    base = running if rules.percent_of is PercentOf.RUNNING and running is not None else desired
    lower = share(base, minimum, rules.round_minimum)
    upper = share(base, maximum, rules.round_maximum)
    if rules.minimum_means is MinimumMeans.REPLACED:
        lower = base - lower
    if rules.maximum_means is MaximumMeans.EXTRA:
        upper += base
    if rules.minimum_ignored:
        lower = 0
    if rules.maximum_ignored:
        upper = max(upper, 2 * desired)
    return Bounds(lower=lower, upper=upper)


def share(count: int, percent: int, rounding: Rounding) -> int:
    """`percent` of `count` tasks as whole tasks.

    >>> [share(3, 66, rounding) for rounding in Rounding]
    [2, 1, 2]
    """
    if rounding is Rounding.CEIL:
        return -(-count * percent // 100)
    if rounding is Rounding.FLOOR:
        return count * percent // 100
    return (2 * count * percent + 100) // 200
