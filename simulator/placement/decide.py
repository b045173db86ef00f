"""The decision: which instance takes one task. This is the only definition of the semantics.

The pipeline of facts 1.2: filters let instances through, strategies rank what is left, the best one is picked. All
failing rules of every instance are collected, so that a decision can always say why and why not.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.model import Cluster, Instance
from simulator.placement.decision import Decision, Shortfall, Verdict
from simulator.placement.filters import FILTERS, ROOM, Check, bind_filters
from simulator.placement.request import Request
from simulator.placement.rules import RULES, Constraints, DynamicPorts, PlacementRules, Strategies
from simulator.placement.strategies import in_force, rank
from simulator.task_needs import TaskNeeds, task_needs

_SOFT = frozenset(one.name for one in FILTERS if one.is_constraint)


def decide(cluster: Cluster, request: Request, rules: PlacementRules = RULES, *, task: int = 1) -> Decision:
    """Where task number `task` goes. Pure, O(instances).

    Parameters
    ----------
    cluster : the state before the task is placed.
    request : what is asked; `count` is not looked at, one call decides one task.
    rules : AWS's, or those with a belief put in.
    task : the task's number in its run; `random` draws from a generator of (seed, number).

    Returns
    -------
    Decision
        With a verdict for each instance in the cluster's order; `chosen` is None if the task is not placed.
    """
    needs = needs_of(request, rules)
    checks = bind_filters(request, needs, rules)
    instances = cluster.instances
    failed = _shortfalls(instances, checks)
    candidates = [i for i, shortfalls in enumerate(failed) if not shortfalls]
    if not candidates and rules.constraints is Constraints.SOFT:
        candidates = [i for i, shortfalls in enumerate(failed) if all(s.rule in _SOFT for s in shortfalls)]
    strategies = in_force(request, rules)
    keys: dict[int, tuple[int, ...]] = {}
    if candidates:
        keys = dict(zip(candidates, rank(instances, candidates, request, strategies, rules, task), strict=True))
    verdicts = tuple([Verdict(instance, failed[i], keys.get(i)) for i, instance in enumerate(instances)])
    best = min(keys, key=lambda i: keys[i]) if keys else None
    overruled = None
    if best is not None and rules.strategies is Strategies.BINDING:
        overruled = _refusal_by_strategy(cluster, failed, request, rules, task, best)
    return Decision(
        request=request,
        needs=needs,
        rules=rules,
        task=task,
        strategies=strategies,
        verdicts=verdicts,
        chosen=None if best is None or overruled else instances[best].id,
        overruled=overruled,
    )


def needs_of(request: Request, rules: PlacementRules = RULES) -> TaskNeeds:
    """What one copy of the request's task takes under these rules."""
    return task_needs(
        request.task,
        memory_from=rules.memory_need.value,
        count_dynamic=rules.dynamic_ports is DynamicPorts.COLLIDE,
    )


def _shortfalls(instances: Sequence[Instance], checks: Sequence[Check]) -> list[tuple[Shortfall, ...]]:
    """Every rule that each instance fails, in the order of the checks. Most checks let everybody through, so they are
    asked one after another about all instances, and only those that somebody fails are gone through again.
    """
    columns = [column for check in checks if any(column := list(map(check, instances)))]
    if not columns:
        return [()] * len(instances)
    return [tuple([one for one in row if one is not None]) for row in zip(*columns, strict=True)]


def _refusal_by_strategy(
    cluster: Cluster,
    failed: list[tuple[Shortfall, ...]],
    request: Request,
    rules: PlacementRules,
    task: int,
    best: int,
) -> str | None:
    """The belief that a strategy must be met: refuse if an instance that is full would have ranked better."""
    strategies = [strategy for strategy in in_force(request, rules) if strategy.type == "spread"]
    wanted = [i for i, shortfalls in enumerate(failed) if all(shortfall.rule in ROOM for shortfall in shortfalls)]
    if best not in wanted:
        return None
    keys = rank(cluster.instances, wanted, request, strategies, rules, task)
    if keys[wanted.index(best)][:-1] == min(keys)[:-1]:
        return None
    return f"Task {task} is not placed: the strategy's best instances are full, and the strategy was taken as binding."
