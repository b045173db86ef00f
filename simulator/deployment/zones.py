"""Availability Zone rebalancing, as far as a deployment's numbers decide it. Source: facts 1.14."""

from __future__ import annotations

from simulator.deployment.configuration import REPLICA


def balanced(desired: int, zones: int) -> tuple[int, ...]:
    """How many tasks each zone has when the service is balanced, fewest first.

    >>> balanced(5, 3)
    (1, 2, 2)
    """
    if zones < 1:
        return ()
    least, more = divmod(desired, zones)
    return (least,) * (zones - more) + (least + 1,) * more


def can_rebalance(maximum: int, scheduling: str = REPLICA) -> bool:
    """Whether the service may be rebalanced: a task starts in the emptiest zone first, so maximumPercent has to
    exceed 100, and a daemon has its instances prescribed.

    >>> can_rebalance(100), can_rebalance(200)
    (False, True)
    """
    return maximum > 100 and scheduling == REPLICA
