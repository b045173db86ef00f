"""The strategies: key functions, chained into one tuple per candidate; the smallest tuple wins.

The first strategy keeps the equally best candidates, the next chooses among those, and so on: a lexicographic order
(facts 1.9). The last entry of each tuple is the tie rank, which is ours and not AWS's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from random import Random

from simulator.model import Instance
from simulator.placement.request import SERVICE_DEFAULT, Request, Strategy
from simulator.placement.rules import (
    BinpackMeasure,
    PlacementRules,
    RunTaskDefault,
    SpreadCounts,
    SpreadScope,
    StrategyOrder,
    TieBreak,
)

RANDOM = Strategy(type="random")

# The bucket of an instance that lacks the attribute spread looks at. All such instances share it: a simulator
# choice, AWS documents nothing here (facts 1.8). A space can not begin an attribute's value.
NO_VALUE = " no value"


def in_force(request: Request, rules: PlacementRules) -> tuple[Strategy, ...]:
    """The strategies that act: those written, or the default (facts 1.6), up to the first `random`.

    What follows a `random` can not matter: a shuffle leaves no ties (a simulator choice, facts 1.9).
    """
    if request.scheduling == "DAEMON":
        return ()
    chain = request.strategies
    if not chain:
        spread = request.scheduling == "REPLICA" or rules.run_task_default is RunTaskDefault.SPREAD
        chain = SERVICE_DEFAULT if spread else (RANDOM,)
    if rules.strategy_order is StrategyOrder.REVERSED:
        chain = chain[::-1]
    for position, strategy in enumerate(chain):
        if strategy.type == "random":
            return chain[: position + 1]
    return chain


def rank(
    instances: Sequence[Instance],
    candidates: Sequence[int],
    request: Request,
    strategies: Sequence[Strategy],
    rules: PlacementRules,
    task: int,
) -> list[tuple[int, ...]]:
    """The key tuple of each candidate, in the order of `candidates` (positions in `instances`)."""
    columns: list[Sequence[int]] = [
        _column(strategy, instances, candidates, request, rules, task) for strategy in strategies
    ]
    columns.append(_tie_ranks(instances, candidates, request, rules, task))
    return list(zip(*columns, strict=True))


def buckets(instances: Sequence[Instance], field: str) -> list[str]:
    """The bucket of `spread` that each instance is in."""
    if field == "instanceId":
        return [instance.id for instance in instances]
    name = field.removeprefix("attribute:")
    return [instance.attributes.get(name, NO_VALUE) or "" for instance in instances]


def spread_counts(
    instances: Sequence[Instance], counted: Iterable[int], places: Sequence[str], group: str, rules: PlacementRules
) -> dict[str, int]:
    """How many tasks each bucket has: those of the group, on the instances that are counted (facts 1.8)."""
    counts = dict.fromkeys(places, 0)
    for i in counted:
        if rules.spread_counts is SpreadCounts.SAME_GROUP:
            counts[places[i]] += instances[i].tasks.get(group, 0)
        elif rules.spread_counts is SpreadCounts.ALL_TASKS:
            counts[places[i]] += instances[i].running_tasks
        else:
            counts[places[i]] += 1
    return counts


def shuffled(seed: int, task: int, size: int) -> list[int]:
    """One draw for each instance, from a generator of this task's own: another task more reshuffles nothing."""
    generator = Random(f"{seed}:{task}")
    return [generator.getrandbits(53) for _ in range(size)]


def _column(
    strategy: Strategy,
    instances: Sequence[Instance],
    candidates: Sequence[int],
    request: Request,
    rules: PlacementRules,
    task: int,
) -> list[int]:
    if strategy.type == "random":
        draws = shuffled(request.seed, task, len(instances))
        return [draws[i] for i in candidates]
    field = strategy.field or ""
    if strategy.type == "binpack":
        measure = _measure(field, rules)
        return [measure(instances[i]) for i in candidates]
    # Full instances count too: only the candidates can be chosen, but all of a bucket's tasks are its tasks.
    everywhere = rules.spread_scope is SpreadScope.ALL_INSTANCES
    places = buckets(instances, field)
    counts = spread_counts(instances, range(len(instances)) if everywhere else candidates, places, request.group, rules)
    return [counts[places[i]] for i in candidates]


def _measure(field: str, rules: PlacementRules) -> Callable[[Instance], int]:
    """What binpack minimizes: the absolute amount that is left (facts 2), or what a belief puts in its place."""

    def left(instance: Instance) -> int:
        return getattr(instance.remaining, field, 0)

    def whole(instance: Instance) -> int:
        return getattr(instance.registered or instance.remaining, field, 0)

    match rules.binpack_measure:
        case BinpackMeasure.REMAINING:
            return left
        case BinpackMeasure.PERCENT:
            return lambda instance: left(instance) * 100_000 // max(1, whole(instance))
        case BinpackMeasure.TASK_COUNT:
            return lambda instance: -instance.running_tasks
        case BinpackMeasure.REGISTERED:
            return whole


def _tie_ranks(
    instances: Sequence[Instance], candidates: Sequence[int], request: Request, rules: PlacementRules, task: int
) -> Sequence[int]:
    if rules.tie is TieBreak.REGISTRATION:
        return candidates
    if rules.tie is TieBreak.SEEDED:
        draws = shuffled(request.seed, -task, len(instances))
        return [draws[i] for i in candidates]
    order = {name: place for place, name in enumerate(sorted(instance.id for instance in instances))}
    return [order[instances[i].id] for i in candidates]
