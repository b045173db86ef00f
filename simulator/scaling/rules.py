"""AWS's rules of service auto scaling as values. The default of each field is what AWS documents (or is observed).

A misconception is the same simulator with one field changed: `replace(RULES, counts_from=CountsFrom.DESIRED)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.rules import changed_fields, read


class CountsFrom(StrEnum):
    """From which count a policy computes."""

    RUNNING = "running"
    DESIRED = "desired"


class Rounding(StrEnum):
    """How target tracking gets a whole number of tasks."""

    UP = "up"
    DOWN = "down"
    NEAREST = "nearest"  # a half goes up


class Several(StrEnum):
    """Whose result counts when several policies are ready at once."""

    LARGEST = "largest"
    SMALLEST = "smallest"
    LAST = "last"  # the policy that is listed last


class ScaleInNeeds(StrEnum):
    """How many of the target tracking policies must be ready to scale in."""

    ALL = "all"
    ANY = "any"


class ScaleInSize(StrEnum):
    """How much a target tracking policy takes away at once."""

    OPEN = "open"  # gradually: AWS says no number, only the bounds are known
    AT_ONCE = "at_once"  # down to the formula's number


class MissingData(StrEnum):
    """What a metric without a data point means."""

    NO_SCALING = "no_scaling"
    ZERO = "zero"


class CooldownBlocks(StrEnum):
    """What a cooldown holds back."""

    SAME_OR_LESS = "same_or_less"  # a larger scale-out gets through, a scale-out ends a scale-in cooldown
    ALL = "all"


class PercentRounding(StrEnum):
    """How a step's percentage becomes a whole change of tasks."""

    TOWARD_ZERO = "toward_zero"  # but a change between 0 and 1 is 1, between 0 and -1 is -1
    AWAY_FROM_ZERO = "away_from_zero"
    NEAREST = "nearest"


class StepBounds(StrEnum):
    """What the bounds of a step adjustment are."""

    OFFSETS = "offsets"  # from the alarm's threshold
    VALUES = "values"  # of the metric itself


class Backlog(StrEnum):
    """What a queue's worker service is scaled on."""

    PER_TASK = "per_task"
    QUEUE_DEPTH = "queue_depth"


class Scheduled(StrEnum):
    """What a scheduled action does to a capacity that is inside its range."""

    RANGE = "range"  # nothing
    MINIMUM = "minimum"  # sets it to the new minimum


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingRules:
    """The whole set. Sources: facts 2.1 to 2.4 and 2.6; the alarms' three numbers are observed, not documented."""

    counts_from: CountsFrom = CountsFrom.RUNNING
    rounding: Rounding = Rounding.UP
    several: Several = Several.LARGEST
    scale_in_needs: ScaleInNeeds = ScaleInNeeds.ALL
    scale_in_size: ScaleInSize = ScaleInSize.OPEN
    scale_in_while_deploying: bool = False
    high_points: int = 3  # one-minute data points above the target until AlarmHigh fires
    low_points: int = 15  # one-minute data points below the low threshold until AlarmLow fires
    low_threshold_percent: int = 90  # of the target; 100: "what is not above the target may shrink"
    missing_data: MissingData = MissingData.NO_SCALING
    cooldown_blocks: CooldownBlocks = CooldownBlocks.SAME_OR_LESS
    percent_rounding: PercentRounding = PercentRounding.TOWARD_ZERO
    step_bounds: StepBounds = StepBounds.OFFSETS
    backlog: Backlog = Backlog.PER_TASK
    scheduled: Scheduled = Scheduled.RANGE


RULES = ScalingRules()
MOST_POINTS = 100  # of an alarm, and percent of the low threshold


def rules_to_dict(rules: ScalingRules) -> dict[str, str | bool | int]:
    """Only the fields that differ from AWS's, so that the true rules are `{}`.

    >>> rules_to_dict(ScalingRules(rounding=Rounding.DOWN, high_points=1))
    {'rounding': 'down', 'high_points': 1}
    """
    return changed_fields(rules, RULES)


def rules_from_dict(document: Mapping[str, Any]) -> ScalingRules:
    """Read `{field: value}`; what is left out is AWS's.

    Raises
    ------
    InputError
        For a field or a value that does not exist, with the nearest name.

    >>> rules_from_dict({"several": "last"}).several
    <Several.LAST: 'last'>
    """
    return read(RULES, document, "scaling", low=1, high=MOST_POINTS)
