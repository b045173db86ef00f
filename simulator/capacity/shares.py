"""How many tasks each capacity provider gets: first the base, then the rest in the ratio of the weights (facts 3.2).

Where a share is no whole number AWS does not say who gets the task more. The counts here are then our choice (largest
remainder), and `ranges` says what every choice has in common: floor or ceiling of the exact share, the base met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from simulator.capacity.rules import BaseMeans, CapacityRules, Remainder, WeightMeans
from simulator.capacity.strategy import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """`counts`, `exact` and `ranges` by the strategy's order; `open` says what AWS leaves open here, if anything."""

    counts: tuple[int, ...]
    exact: tuple[Fraction, ...]
    ranges: tuple[tuple[int, int], ...]
    base: int
    open: tuple[str, ...] = ()


REMAINDER_OPEN = "The shares are no whole numbers, and AWS does not say how the remainder is rounded."
BASE_OPEN = (
    "A provider with a base has weight 0: the weight rule says that it can not be used, the base rule asks for it, and "
    "AWS does not say which wins. Here the weight rule does."
)
ALONE_OPEN = "A single provider has weight 0, and AWS does not say whether it may be used. Here it is."


def split(count: int, items: Sequence[Item], rules: CapacityRules) -> Split:
    """The distribution of `count` tasks.

    Parameters
    ----------
    count : tasks in all, 0 or more.
    items : a strategy that `read_strategy` let through.

    Returns
    -------
    Split
        The counts sum to `count`.

    >>> from simulator.capacity.rules import RULES
    >>> strategy = (Item(provider="FARGATE", base=2, weight=1), Item(provider="FARGATE_SPOT", base=0, weight=3))
    >>> split(10, strategy, RULES).counts
    (4, 6)
    """
    if rules.weight_means is WeightMeans.PERCENT or rules.base_means is not BaseMeans.OFF_THE_TOP:
        return _believed(count, items, rules)
    if len(items) == 1:
        alone = (ALONE_OPEN,) if not items[0].weight and count else ()
        low = 0 if alone else count
        base = min(count, items[0].base)
        return Split(counts=(count,), exact=(Fraction(count),), ranges=((low, count),), base=base, open=alone)
    bases = [min(count, item.base) if item.weight else 0 for item in items]
    rest = count - sum(bases)
    exact = [base + share for base, share in zip(bases, _by_weight(rest, items), strict=True)]
    ranges = [(share.__floor__(), share.__ceil__()) for share in exact]
    opened = (REMAINDER_OPEN,) if any(low < high for low, high in ranges) else ()
    idle = next((item for item in items if item.base and not item.weight and count), None)
    if idle is not None:
        # Both readings: the base is taken, or it is not.
        taken = min(count, idle.base)
        others = _by_weight(count - taken, items)
        for i, item in enumerate(items):
            low, high = ranges[i]
            ranges[i] = (0, taken) if item is idle else (min(low, others[i].__floor__()), high)
        opened = (*opened, BASE_OPEN)
    return Split(
        counts=largest_remainder(count, exact, rules.remainder),
        exact=tuple(exact),
        ranges=tuple(ranges),
        base=sum(bases),
        open=opened,
    )


def largest_remainder(
    count: int, exact: Sequence[Fraction], remainder: Remainder = Remainder.LARGEST
) -> tuple[int, ...]:
    """Whole numbers that sum to `count`, each the floor or the ceiling of its exact share.

    >>> largest_remainder(7, [Fraction(7, 2), Fraction(7, 2)])
    (4, 3)
    """
    counts = [share.__floor__() for share in exact]
    sign = 1 if remainder is Remainder.LARGEST else -1
    order = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], sign * i))
    for i in order[: count - sum(counts)]:
        counts[i] += 1
    return tuple(counts)


def _by_weight(count: int, items: Sequence[Item]) -> list[Fraction]:
    total = sum(item.weight for item in items)
    return [Fraction(count * item.weight, max(1, total)) for item in items]


def _believed(count: int, items: Sequence[Item], rules: CapacityRules) -> Split:
    """The distribution under a belief about base or weight; it makes whole numbers, and nothing about it is open."""
    if rules.base_means is BaseMeans.EVERY_PROVIDER:
        bases = _capped([max(item.base for item in items)] * len(items), count)
    elif rules.base_means is BaseMeans.OFF_THE_TOP:
        bases = _capped([item.base for item in items], count)
    else:
        bases = [0] * len(items)
    rest = count - sum(bases)
    if rules.weight_means is WeightMeans.PERCENT:
        shares = _capped([rest * item.weight // 100 for item in items], rest)
        shares[-1] += rest - sum(shares)
    else:
        # A single provider of weight 0 gets everything, as under AWS's rules.
        weights = items if any(item.weight for item in items) else [replace(items[0], weight=1)]
        shares = list(largest_remainder(rest, _by_weight(rest, weights), rules.remainder))
    counts = [base + share for base, share in zip(bases, shares, strict=True)]
    if rules.base_means is BaseMeans.FLOOR:
        counts = _with_floor(counts, items, count)
    exact = tuple(Fraction(one) for one in counts)
    return Split(
        counts=tuple(counts),
        exact=exact,
        ranges=tuple((one, one) for one in counts),
        base=min(count, max(item.base for item in items)),
    )


def _capped(wanted: Sequence[int], count: int) -> list[int]:
    """The wanted amounts in their order, as far as `count` reaches."""
    kept: list[int] = []
    for amount in wanted:
        kept.append(min(amount, count - sum(kept)))
    return kept


def _with_floor(counts: list[int], items: Sequence[Item], count: int) -> list[int]:
    """The base provider lifted to its base, at the cost of the others from the last on."""
    at = next((i for i, item in enumerate(items) if item.base), None)
    if at is None:
        return counts
    lifted = list(counts)
    short = max(0, min(count, items[at].base) - counts[at])
    lifted[at] += short
    for i in reversed(range(len(items))):
        taken = 0 if i == at else min(short, lifted[i])
        lifted[i] -= taken
        short -= taken
    return lifted
