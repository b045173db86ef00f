"""The deployment circuit breaker: how many failures it takes, and which event is the last. Source: facts 1.11."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.deployment.bounds import share
from simulator.deployment.rules import RULES, BreakerResets, BreakerTrips, DeploymentRules, Rounding

BREAKER_MAXIMUM = 200
DEFAULT_PERCENT = 50
DEFAULT_TYPE = "BOUNDED_PERCENT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """`deploymentCircuitBreaker` with its `thresholdConfiguration`, by AWS's defaults."""

    enable: bool = True
    rollback: bool = False
    reset_on_healthy_task: bool = True
    type: str = DEFAULT_TYPE
    value: int = DEFAULT_PERCENT


def threshold(breaker: Breaker, desired: int, *, rules: DeploymentRules = RULES) -> int:
    """How many failures fail the deployment; `desired` is the latest desired count.

    >>> [threshold(Breaker(), desired) for desired in (1, 25, 400, 800)]
    [3, 13, 200, 200]
    """
    if breaker.type == "COUNT":
        return breaker.value
    part = share(desired, breaker.value, Rounding.CEIL)
    if breaker.type == "UNBOUNDED_PERCENT":
        return part
    return min(max(part, rules.breaker_minimum), BREAKER_MAXIMUM)


def after_failures(count: int, failures: int, limit: int, *, rules: DeploymentRules = RULES) -> int:
    """The count after some failures; it stops where the breaker trips."""
    most = limit + 1 if rules.breaker_trips is BreakerTrips.ABOVE_THRESHOLD else max(limit, 1)
    return max(count, min(count + failures, most))


def after_healthy(count: int, breaker: Breaker, *, rules: DeploymentRules = RULES) -> int:
    """The count after a task became healthy."""
    resets = breaker.reset_on_healthy_task and rules.breaker_resets is BreakerResets.AS_CONFIGURED
    return 0 if resets else count


def is_tripped(count: int, limit: int, *, rules: DeploymentRules = RULES) -> bool:
    """Whether the count fails the deployment: exactly when it reaches the threshold."""
    return count > limit if rules.breaker_trips is BreakerTrips.ABOVE_THRESHOLD else count >= max(limit, 1)


def trips_at(breaker: Breaker, desired: int, events: str, *, rules: DeploymentRules = RULES) -> int | None:
    """Which event, counted from 1, fails the deployment; None if none does.

    Parameters
    ----------
    events : `F` a task failed, `H` a task became healthy.

    >>> trips_at(Breaker(), 4, "FFHFFF")
    6
    """
    if not breaker.enable:
        return None
    limit = threshold(breaker, desired, rules=rules)
    count = 0
    for place, event in enumerate(events, start=1):
        if event == "H":
            count = after_healthy(count, breaker, rules=rules)
            continue
        count = after_failures(count, 1, limit, rules=rules)
        if is_tripped(count, limit, rules=rules):
            return place
    return None
