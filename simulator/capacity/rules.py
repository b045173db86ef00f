"""AWS's rules of capacity as values. The default of each field is what AWS documents, or our choice where it says so.

A misconception is the same simulator with one field changed: `replace(RULES, spot_missing=SpotMissing.FALLBACK)`.
In YAML it is written `rules: {spot_missing: fallback}` and read by `rules_from_dict`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.rules import changed_fields, read

MOST = 10_000  # the largest whole number that a rule may have


class BaseMeans(StrEnum):
    """What `base` asks for."""

    OFF_THE_TOP = "off_the_top"  # the first tasks; only the rest is split by weight
    FLOOR = "floor"  # all tasks are split by weight, and the base is a floor under one provider's part
    EVERY_PROVIDER = "every_provider"  # as many on each provider of the strategy


class WeightMeans(StrEnum):
    """What `weight` is."""

    RATIO = "ratio"
    PERCENT = "percent"  # of the tasks; what is left over goes to the provider named last


class SpotMissing(StrEnum):
    """What happens to tasks for which there is no Spot capacity."""

    RETRY = "retry"  # on Spot, for ever
    FALLBACK = "fallback"  # they go to the strategy's other provider, or to FARGATE


class Remainder(StrEnum):
    """Which provider gets the task that no exact share covers: AWS does not say, this is our choice."""

    LARGEST = "largest"  # the largest part of a task; among equals the provider named first
    LAST = "last"  # the same, among equals the provider named last


class Reservation(StrEnum):
    """What CapacityProviderReservation is a share of."""

    INSTANCES = "instances"  # instances needed by instances running
    CPU = "cpu"  # CPU units that tasks reserve by CPU units registered


class Groups(StrEnum):
    """How the estimates of several groups of waiting tasks are put together: AWS does not say, this is our choice."""

    SUM = "sum"
    LARGEST = "largest"


class Oversize(StrEnum):
    """A waiting task that does not fit the smallest instance type."""

    EXCLUDED = "excluded"  # it is left out of the estimate and stays in PROVISIONING
    COUNTED = "counted"


class Rounding(StrEnum):
    """What becomes of a part of an instance."""

    CEIL = "ceil"
    FLOOR = "floor"


class StepLimits(StrEnum):
    """What minimumScalingStepSize and maximumScalingStepSize limit."""

    SCALE_OUT = "scale_out"
    BOTH = "both"


class NoRoom(StrEnum):
    """What becomes of a task of an Auto Scaling group provider that fits on no instance now."""

    PROVISIONING = "provisioning"  # it waits for an instance
    FAIL = "fail"  # it is refused, as with a launch type


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityRules:
    """The whole set. Sources: deployments facts 2.7, 3.1 to 3.3; placement facts 1.13."""

    base_means: BaseMeans = BaseMeans.OFF_THE_TOP
    weight_means: WeightMeans = WeightMeans.RATIO
    default_weight: int = 0  # of the API and the CLI; the console writes 1
    remainder: Remainder = Remainder.LARGEST
    spot_missing: SpotMissing = SpotMissing.RETRY
    spot_notice: int = 120  # seconds from the warning to the end
    reservation: Reservation = Reservation.INSTANCES
    waiting_counts: bool = True  # tasks in PROVISIONING count toward M
    launch_type_counts: bool = False  # "tasks of a launch type make the group grow too"
    groups: Groups = Groups.SUM
    oversize: Oversize = Oversize.EXCLUDED
    daemon_keeps: bool = False  # "an instance with only daemon tasks is in use"
    desired_rounding: Rounding = Rounding.CEIL
    first_instances: int = 2  # from an empty group
    step_limits: StepLimits = StepLimits.SCALE_OUT
    warm_up_blocks: bool = True  # no scale-out while an instance is younger than instanceWarmupPeriod
    scale_out_points: int = 1  # one-minute data points above the target
    scale_in_points: int = 15  # one-minute data points below the target
    scale_in_percent: int = 50  # of the group, a minute; it was 5 before the faster scaling-in
    scale_in_rounding: Rounding = Rounding.FLOOR  # of that share: AWS does not say, this is our choice
    no_room: NoRoom = NoRoom.PROVISIONING
    drain_moves_standalone: bool = False  # "draining stops stand-alone tasks as it stops a service's"


RULES = CapacityRules()


def rules_to_dict(rules: CapacityRules) -> dict[str, str | bool | int]:
    """Only the fields that differ from AWS's, so that the true rules are `{}`.

    >>> rules_to_dict(CapacityRules(first_instances=1))
    {'first_instances': 1}
    """
    return changed_fields(rules, RULES)


def rules_from_dict(document: Mapping[str, Any]) -> CapacityRules:
    """Read `{field: value}`; what is left out is AWS's.

    Raises
    ------
    InputError
        For a field or a value that does not exist, with the nearest name.

    >>> rules_from_dict({"spot_missing": "fallback"}).spot_missing
    <SpotMissing.FALLBACK: 'fallback'>
    """
    return read(RULES, document, "capacity", low=0, high=MOST)
