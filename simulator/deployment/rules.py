"""AWS's deployment rules as values. The default of each field is what AWS documents.

A misconception is the same simulator with one field changed: `replace(RULES, round_minimum=Rounding.FLOOR)`.
In YAML it is written `rules: {round_minimum: floor}` and read by `rules_from_dict`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.rules import changed_fields, read

MOST_BREAKER_MINIMUM = 200


class Rounding(StrEnum):
    """What becomes of a part of a task."""

    CEIL = "ceil"
    FLOOR = "floor"
    NEAREST = "nearest"  # a half goes up


class PercentOf(StrEnum):
    """What the two percentages are percentages of."""

    DESIRED = "desired"
    RUNNING = "running"  # the tasks that run at this moment, so both bounds drift


class MinimumMeans(StrEnum):
    """What minimumHealthyPercent says."""

    KEPT = "kept"  # so much has to stay healthy
    REPLACED = "replaced"  # so much may be replaced at once


class MaximumMeans(StrEnum):
    """What maximumPercent says."""

    TOTAL = "total"
    EXTRA = "extra"  # so much on top of the desired count


class HealthyWhen(StrEnum):
    """When a new task starts to count as healthy."""

    FOLLOW_CHECKS = "follow_checks"
    RUNNING = "running"  # at once


class Replacement(StrEnum):
    """With which revision a lost or unhealthy task of the old revision is replaced during a deployment."""

    OWN_REVISION = "own_revision"
    NEW_REVISION = "new_revision"


class BreakerResets(StrEnum):
    """Whether a healthy task sets the circuit breaker's count back to 0."""

    AS_CONFIGURED = "as_configured"  # by resetOnHealthyTask, true when left out
    NEVER = "never"


class BreakerTrips(StrEnum):
    """At which count the circuit breaker fails the deployment."""

    AT_THRESHOLD = "at_threshold"
    ABOVE_THRESHOLD = "above_threshold"


class RollbackTo(StrEnum):
    """Where a rollback goes."""

    LAST_COMPLETED = "last_completed"
    PREVIOUS = "previous"  # the deployment before, completed or not


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentRules:
    """The whole set. Sources: facts 1.1, 1.3, 1.5, 1.6, 1.9 to 1.11; `stopping_counts` is a simulator choice."""

    round_minimum: Rounding = Rounding.CEIL
    round_maximum: Rounding = Rounding.FLOOR
    percent_of: PercentOf = PercentOf.DESIRED
    minimum_means: MinimumMeans = MinimumMeans.KEPT
    maximum_means: MaximumMeans = MaximumMeans.TOTAL
    minimum_ignored: bool = False  # "the minimum is a health criterion": nothing holds stops back
    maximum_ignored: bool = False  # "only the minimum counts": nothing but room holds starts back
    stopping_counts: bool = True  # a task on its way out counts toward the upper bound; two AWS texts differ
    drain_before_stop: bool = True
    healthy_when: HealthyWhen = HealthyWhen.FOLLOW_CHECKS
    forty_seconds: bool = True  # without any check a task counts 40 s after RUNNING
    unhealthy_replacement: Replacement = Replacement.OWN_REVISION
    desired_change_triggers_deployment: bool = False
    rollback_to: RollbackTo = RollbackTo.LAST_COMPLETED
    breaker_minimum: int = 3  # the guide of 2023 said 10
    breaker_resets: BreakerResets = BreakerResets.AS_CONFIGURED
    breaker_trips: BreakerTrips = BreakerTrips.AT_THRESHOLD


RULES = DeploymentRules()


def rules_to_dict(rules: DeploymentRules) -> dict[str, str | bool | int]:
    """Only the fields that differ from AWS's, so that the true rules are `{}`.

    >>> rules_to_dict(DeploymentRules(round_minimum=Rounding.FLOOR, breaker_minimum=10))
    {'round_minimum': 'floor', 'breaker_minimum': 10}
    """
    return changed_fields(rules, RULES)


def rules_from_dict(document: Mapping[str, Any]) -> DeploymentRules:
    """Read `{field: value}`; what is left out is AWS's.

    Raises
    ------
    InputError
        For a field or a value that does not exist, with the nearest name.

    >>> rules_from_dict({"round_minimum": "floor"}).round_minimum
    <Rounding.FLOOR: 'floor'>
    """
    return read(RULES, document, "deployment", low=1, high=MOST_BREAKER_MINIMUM)
