"""AWS's rules about launch types and their bills as values. The default of each field is what AWS documents.

A misconception is the same simulator with one field changed: `replace(RULES, fargate_bills=FargateBills.USED)`.
In YAML it is written `rules: {fargate_bills: used}` and read by `rules_from_dict`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.prices import INCLUDED_STORAGE_GB, MINIMUM_SECONDS
from simulator.rules import changed_fields, read

MOST_WHOLE = 3600  # of a rule that is a whole number


class FargateBills(StrEnum):
    """Which amounts of a task Fargate bills."""

    REQUESTED = "requested"  # the size in the task definition
    USED = "used"  # what the containers really use


class IdleInstances(StrEnum):
    """Whether an EC2 instance without tasks costs anything."""

    BILLED = "billed"
    FREE = "free"


class SpotPrice(StrEnum):
    """What is known of the price of Fargate Spot."""

    UP_TO = "up_to"  # up to 70 % less
    ALWAYS_SEVENTY = "always_seventy"  # 70 % less


class SpotCapacity(StrEnum):
    """What happens to a Fargate Spot task that is interrupted."""

    INTERRUPTED = "interrupted"  # a warning of two minutes, and no on-demand task in its place
    FALLS_BACK = "falls_back"


class SpotSelectedBy(StrEnum):
    """How Fargate Spot is chosen."""

    PROVIDER = "provider"  # a capacity provider strategy only
    LAUNCH_TYPE = "launch_type"  # a launchType of its own


class Cheaper(StrEnum):
    """Which of EC2 and Fargate is cheaper."""

    DEPENDS = "depends"  # on the share of the instance that is used
    FARGATE = "fargate"
    EC2 = "ec2"


class FargateServes(StrEnum):
    """Whose containers Fargate runs."""

    BOTH = "both"  # tasks of ECS and pods of EKS
    ECS = "ecs"


class FargateForPods(StrEnum):
    """What Fargate can do for pods of EKS."""

    LESS = "less"  # no Arm, no Windows, no Spot
    AS_FOR_TASKS = "as_for_tasks"


class EksControlPlane(StrEnum):
    """What the control plane of an EKS cluster costs."""

    PAID = "paid"  # a flat rate for each cluster
    FREE = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchTypesRules:
    """The whole set. Sources: facts 4 of the deployments sheet; `ecs_surcharge_percent` is a secondary source."""

    fargate_bills: FargateBills = FargateBills.REQUESTED
    minimum_seconds: int = MINIMUM_SECONDS
    billed_step_seconds: int = 1  # per-second billing; 3600 is the belief that each begun hour is billed
    included_storage_gb: int = INCLUDED_STORAGE_GB
    idle_instances: IdleInstances = IdleInstances.BILLED
    ecs_surcharge_percent: int = 0  # the EC2 launch type costs EC2 and EBS, and nothing for ECS
    spot_price: SpotPrice = SpotPrice.UP_TO
    spot_capacity: SpotCapacity = SpotCapacity.INTERRUPTED
    spot_selected_by: SpotSelectedBy = SpotSelectedBy.PROVIDER
    fargate_runs_daemons: bool = False
    cheaper: Cheaper = Cheaper.DEPENDS
    fargate_serves: FargateServes = FargateServes.BOTH
    fargate_for_pods: FargateForPods = FargateForPods.LESS
    fargate_has_gpus: bool = False
    ecs_anywhere: bool = True
    eks_control_plane: EksControlPlane = EksControlPlane.PAID


RULES = LaunchTypesRules()


def rules_to_dict(rules: LaunchTypesRules) -> dict[str, str | bool | int]:
    """Only the fields that differ from AWS's, so that the true rules are `{}`.

    >>> rules_to_dict(LaunchTypesRules(fargate_bills=FargateBills.USED, minimum_seconds=0))
    {'fargate_bills': 'used', 'minimum_seconds': 0}
    """
    return changed_fields(rules, RULES)


def rules_from_dict(document: Mapping[str, Any]) -> LaunchTypesRules:
    """Read `{field: value}`; what is left out is AWS's.

    Raises
    ------
    InputError
        For a field or a value that does not exist, with the nearest name.

    >>> rules_from_dict({"idle_instances": "free"}).idle_instances
    <IdleInstances.FREE: 'free'>
    """
    return read(RULES, document, "launch_types", high=MOST_WHOLE)
