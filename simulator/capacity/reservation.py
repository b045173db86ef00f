"""Managed scaling: M instances needed by N running, what the target asks of the group, and how fast it may follow.

CapacityProviderReservation = M / N x 100, measured every minute; a target tracking policy of the Auto Scaling group
keeps it at targetCapacity (facts 3.3). Exact: shares are fractions until somebody reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from simulator.capacity.rules import CapacityRules, Rounding, StepLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`managedScaling` of a provider and the limits of its Auto Scaling group. `warm_up` in seconds.

    `most` is None for a group whose MaxSize nobody gave.
    """

    target: int = 100
    least_step: int = 1
    most_step: int = 10_000
    warm_up: int = 300
    enabled: bool = True
    protection: bool = False
    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One data point. `needed` is M, None where the metric is not M / N: all tasks are `excluded`, or a belief."""

    running: int
    needed: int | None
    reservation: Fraction
    excluded: bool = False


def measure(
    running: int, extra: int, empty: int, settings: Settings, rules: CapacityRules, *, excluded: bool = False
) -> Measure:
    """The metric of one minute.

    Parameters
    ----------
    running : N, the instances of the group that run.
    extra : the instances that the waiting tasks are estimated to need, 0 if none wait.
    empty : instances with no task other than daemon tasks.
    excluded : tasks wait, and none of them fits the smallest instance type.

    >>> from simulator.capacity.rules import RULES
    >>> measure(4, 5, 0, Settings(), RULES)
    Measure(running=4, needed=9, reservation=Fraction(225, 1), excluded=False)
    """
    if excluded:
        return Measure(running=running, needed=None, reservation=Fraction(settings.target), excluded=True)
    if extra and rules.waiting_counts:
        needed = running + min(max(extra, settings.least_step), settings.most_step)
    else:
        needed = running - empty
    if running:
        return Measure(running=running, needed=needed, reservation=Fraction(100 * needed, running))
    return Measure(running=0, needed=needed, reservation=Fraction(200 if needed else 100))


def aim(point: Measure, settings: Settings, rules: CapacityRules) -> int:
    """The size that the target tracking policy wants, before MinSize and MaxSize.

    Rounded up in both directions; from an empty group it is two instances whatever waits.

    >>> from simulator.capacity.rules import RULES
    >>> aim(Measure(running=3, needed=2, reservation=Fraction(200, 3)), Settings(target=50), RULES)
    4
    """
    if point.running == 0:
        return rules.first_instances if point.reservation > 100 else 0
    exact = point.reservation * point.running / settings.target
    wanted = exact.__ceil__() if rules.desired_rounding is Rounding.CEIL else exact.__floor__()
    if rules.step_limits is StepLimits.BOTH:
        wanted = max(wanted, point.running - settings.most_step)
    return wanted


def within(size: int, settings: Settings) -> int:
    """The size inside the group's MinSize and MaxSize, which ECS never changes."""
    capped = size if settings.most is None else min(size, settings.most)
    return max(settings.least, capped)


def next_smaller(running: int, wanted: int, rules: CapacityRules) -> int:
    """The group's size one minute into a scale-in: at least one instance goes, at most half of them.

    >>> from simulator.capacity.rules import RULES
    >>> next_smaller(20, 2, RULES), next_smaller(3, 2, RULES), next_smaller(1, 0, RULES)
    (10, 2, 0)
    """
    share = Fraction(running * rules.scale_in_percent, 100)
    most = share.__floor__() if rules.scale_in_rounding is Rounding.FLOOR else share.__ceil__()
    return max(wanted, running - max(1, most))


def shrink_path(running: int, wanted: int, rules: CapacityRules) -> tuple[int, ...]:
    """The group's size minute by minute, from now to the wanted one.

    >>> from simulator.capacity.rules import RULES
    >>> shrink_path(20, 2, RULES)
    (20, 10, 5, 3, 2)
    """
    sizes = [running]
    while sizes[-1] > wanted:
        sizes.append(next_smaller(sizes[-1], wanted, rules))
    return tuple(sizes)
