"""Scale-in: which task stops when a service shrinks (facts 1.10).

The mirror of placement: the strategies in their order, each turned round. `binpack` stops where the most of its
resource will be left, `spread` in the fullest bucket. What the strategies leave equal, AWS leaves open.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from simulator.model import Cluster, Instance, PlacedTask
from simulator.placement.request import SERVICE_DEFAULT, Strategy
from simulator.placement.rules import RULES, PlacementRules, ScaleIn, StrategyOrder
from simulator.placement.strategies import buckets, spread_counts


@dataclass(frozen=True, slots=True)
class StopVerdict:
    """One task of the group. `keys` are its ranking keys, smaller stops first; None if it is protected."""

    task: PlacedTask
    keys: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StopDecision:
    """Which task of a group stops and why. `tied` are the tasks that were equally good to stop, the chosen included."""

    group: str
    strategies: tuple[Strategy, ...]
    verdicts: tuple[StopVerdict, ...]
    chosen: str | None
    tied: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The decision in one sentence."""
        if self.chosen is None:
            return f"No task of {self.group} may stop: every one is protected, or none runs."
        if len(self.tied) > 1:
            return f"{self.chosen} stops; {len(self.tied)} tasks were equally good to stop, and AWS leaves that open."
        return f"{self.chosen} stops: without it the remaining tasks are placed best."


def choose_to_stop(
    cluster: Cluster,
    group: str,
    strategies: tuple[Strategy, ...] = (),
    rules: PlacementRules = RULES,
    *,
    seed: int = 1,
) -> StopDecision:
    """Which task of `group` stops next. Without strategies the default of a service acts: zones, then instances."""
    chain = strategies or SERVICE_DEFAULT
    if rules.strategy_order is StrategyOrder.REVERSED:
        chain = chain[::-1]
    hosts = {instance.id: instance for instance in cluster.instances}
    columns = [_spread_keys(cluster, strategy, group, rules) for strategy in chain]
    verdicts: list[StopVerdict] = []
    for position, task in enumerate(cluster.tasks):
        if task.group != group or task.instance not in hosts:
            continue
        if task.protected:
            verdicts.append(StopVerdict(task, None))
            continue
        host = hosts[task.instance]
        merit = _belief(rules, host, group, position)
        if merit is None:
            merit = tuple(_key(strategy, host, task, column) for strategy, column in zip(chain, columns, strict=True))
        verdicts.append(StopVerdict(task, (*merit, position)))
    return _pick(group, chain, verdicts, cluster, seed)


def _spread_keys(cluster: Cluster, strategy: Strategy, group: str, rules: PlacementRules) -> dict[str, int]:
    """For `spread`, each instance's key: the fuller its bucket, the sooner a task of it stops."""
    if strategy.type != "spread":
        return {}
    instances = cluster.instances
    places = buckets(instances, strategy.field or "")
    counts = spread_counts(instances, range(len(instances)), places, group, rules)
    return {instance.id: -counts[place] for instance, place in zip(instances, places, strict=True)}


def _key(strategy: Strategy, host: Instance, task: PlacedTask, column: dict[str, int]) -> int:
    if strategy.type == "spread":
        return column[host.id]
    if strategy.type == "binpack":
        field = strategy.field or ""
        return -(getattr(host.remaining, field, 0) + getattr(task, field))
    return 0  # random: any task is as good as another


def _belief(rules: PlacementRules, host: Instance, group: str, position: int) -> tuple[int, ...] | None:
    match rules.scale_in:
        case ScaleIn.STRATEGY:
            return None
        case ScaleIn.NEWEST:
            return (-position,)
        case ScaleIn.OLDEST:
            return (position,)
        case ScaleIn.FULLEST_INSTANCE:
            return (-host.tasks.get(group, 0),)


def _pick(
    group: str, chain: tuple[Strategy, ...], verdicts: list[StopVerdict], cluster: Cluster, seed: int
) -> StopDecision:
    ranked = [verdict for verdict in verdicts if verdict.keys is not None]
    tied: list[StopVerdict] = []
    if ranked:
        best = min((verdict.keys or ())[:-1] for verdict in ranked)
        tied = [verdict for verdict in ranked if (verdict.keys or ())[:-1] == best]
    chosen = None
    if tied:
        # Under `random` the pick is drawn; else the first of the equals, in the order in which they came.
        drawn = any(strategy.type == "random" for strategy in chain)
        place = Random(f"{seed}:stop:{len(cluster.tasks)}").randrange(len(tied)) if drawn else 0
        chosen = tied[place].task.id
    return StopDecision(
        group=group,
        strategies=chain,
        verdicts=tuple(verdicts),
        chosen=chosen,
        tied=tuple(verdict.task.id for verdict in tied),
    )
