"""AWS's placement rules as values. The default of each field is what AWS documents.

A misconception is the same simulator with one field changed: `replace(RULES, spread_counts=SpreadCounts.ALL_TASKS)`.
In YAML it is written `rules: {spread_counts: all_tasks}` and read by `rules_from_dict`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.rules import changed_fields, read


class SpreadCounts(StrEnum):
    """What `spread` counts in a bucket."""

    SAME_GROUP = "same_group"  # tasks of the same service or task group
    ALL_TASKS = "all_tasks"
    INSTANCES = "instances"  # how many instances the bucket has: fewer is better


class SpreadScope(StrEnum):
    """Over which instances `spread` counts."""

    ALL_INSTANCES = "all_instances"  # the full ones too
    CANDIDATES = "candidates"


class BinpackMeasure(StrEnum):
    """By what `binpack` calls an instance fullest."""

    REMAINING = "remaining"  # least left of the field, as an absolute amount
    PERCENT = "percent"  # least left as a share of what is registered
    TASK_COUNT = "task_count"  # most tasks
    REGISTERED = "registered"  # smallest instance


class ResourceBase(StrEnum):
    """Against what a task's CPU and memory are compared."""

    REMAINING = "remaining"
    REGISTERED = "registered"


class MemoryNeed(StrEnum):
    """How much memory a task takes."""

    TASK_LEVEL_FIRST = "task_level_first"  # task `memory`, else each container's reservation, else its limit
    CONTAINER_SUM = "container_sum"  # the containers' values even when the task has its own
    HARD_LIMIT = "hard_limit"  # the containers' limits count, not their reservations


class Constraints(StrEnum):
    """Whether an unmet placement constraint stops a task."""

    BINDING = "binding"
    SOFT = "soft"


class Strategies(StrEnum):
    """Whether a strategy can stop a task."""

    BEST_EFFORT = "best_effort"
    BINDING = "binding"  # if the best ACTIVE instance can not take the task, it is refused


class StrategyOrder(StrEnum):
    """In which order the array of strategies acts."""

    AS_WRITTEN = "as_written"
    REVERSED = "reversed"


class DynamicPorts(StrEnum):
    """Whether host port 0 takes a port at placement."""

    FREE = "free"
    COLLIDE = "collide"


class PortProtocols(StrEnum):
    """Whether a UDP mapping collides with the same TCP number."""

    SEPARATE = "separate"
    SHARED = "shared"


class AgentPorts(StrEnum):
    """Whether the ports that the agent reserves by default can be given to a task."""

    RESERVED = "reserved"
    FREE = "free"


class DistinctScope(StrEnum):
    """Whose tasks `distinctInstance` looks at."""

    SAME_GROUP = "same_group"
    ANY_TASK = "any_task"


class Draining(StrEnum):
    """Whether a DRAINING instance gets new tasks."""

    REFUSES = "refuses"
    ACCEPTS = "accepts"


class PrimaryEni(StrEnum):
    """Whether the instance's own network interface counts against its limit."""

    COUNTS = "counts"
    FREE = "free"


class RunTaskDefault(StrEnum):
    """What RunTask does when no strategy is given."""

    RANDOM = "random"
    SPREAD = "spread"  # zones, then instances, as a service does


class ScaleIn(StrEnum):
    """Which task stops when a service shrinks."""

    STRATEGY = "strategy"  # the one whose removal leaves the rest best placed
    NEWEST = "newest"
    OLDEST = "oldest"
    FULLEST_INSTANCE = "fullest_instance"  # the instance with the most of the group's tasks, whatever its zone


class TieBreak(StrEnum):
    """Which of several equally good instances is taken: our choice, AWS does not publish its own."""

    REGISTRATION = "registration"  # the order in which the instances are listed
    INSTANCE_ID = "instance_id"
    SEEDED = "seeded"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementRules:
    """The whole set. Sources: facts 1.2, 1.6, 1.8 to 1.10, 2, 3.1, 5.3, 6.1 to 6.3; `tie` is a simulator choice."""

    spread_counts: SpreadCounts = SpreadCounts.SAME_GROUP
    spread_scope: SpreadScope = SpreadScope.ALL_INSTANCES
    binpack_measure: BinpackMeasure = BinpackMeasure.REMAINING
    resources: ResourceBase = ResourceBase.REMAINING
    memory_need: MemoryNeed = MemoryNeed.TASK_LEVEL_FIRST
    constraints: Constraints = Constraints.BINDING
    strategies: Strategies = Strategies.BEST_EFFORT
    strategy_order: StrategyOrder = StrategyOrder.AS_WRITTEN
    dynamic_ports: DynamicPorts = DynamicPorts.FREE
    port_protocols: PortProtocols = PortProtocols.SEPARATE
    agent_ports: AgentPorts = AgentPorts.RESERVED
    distinct_scope: DistinctScope = DistinctScope.SAME_GROUP
    draining: Draining = Draining.REFUSES
    primary_eni: PrimaryEni = PrimaryEni.COUNTS
    run_task_default: RunTaskDefault = RunTaskDefault.RANDOM
    scale_in: ScaleIn = ScaleIn.STRATEGY
    tie: TieBreak = TieBreak.REGISTRATION


RULES = PlacementRules()


def rules_to_dict(rules: PlacementRules) -> dict[str, str | bool | int]:
    """Only the fields that differ from AWS's, so that the true rules are `{}`.

    >>> rules_to_dict(PlacementRules(tie=TieBreak.SEEDED))
    {'tie': 'seeded'}
    """
    return changed_fields(rules, RULES)


def rules_from_dict(document: Mapping[str, Any]) -> PlacementRules:
    """Read `{field: value}`; what is left out is AWS's.

    Raises
    ------
    InputError
        For a field or a value that does not exist, with the nearest name.

    >>> rules_from_dict({"spread_counts": "all_tasks"}).spread_counts
    <SpreadCounts.ALL_TASKS: 'all_tasks'>
    """
    return read(RULES, document, "placement")
