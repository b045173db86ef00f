"""Which tasks of a service stop when it shrinks: many picks of `placement.scale_in` in one go, each the same.

Nothing is defined here. `choose_to_stop` looks at every task for every pick; here the tasks of one service, which are
all alike, are counted by instance, and a pick costs as much as there are instances. A property test holds them equal.
"""

from __future__ import annotations

from random import Random

from simulator.model import Cluster
from simulator.placement.request import SERVICE_DEFAULT, Strategy
from simulator.placement.strategies import buckets


def stop_many(
    cluster: Cluster, group: str, strategies: tuple[Strategy, ...], count: int, *, seed: int = 1
) -> list[str]:
    """The ids of the tasks that stop, in the order in which they are picked.

    Parameters
    ----------
    cluster : its `tasks` in the order in which they came; those of `group` take the same amounts, none is protected.
    count : how many stop; fewer do if the group has fewer.
    """
    chain = strategies or SERVICE_DEFAULT
    positions = [position for position, task in enumerate(cluster.tasks) if task.group == group]
    count = min(count, len(positions))
    left = range(len(cluster.tasks), len(cluster.tasks) - count, -1)
    if all(strategy.type == "random" for strategy in chain):
        # Every task is as good as another, so one list of them serves every pick.
        drawn = [positions.pop(_drawn(seed, still, len(positions))) for still in left]
        return [cluster.tasks[position].id for position in drawn]
    queues: dict[str, list[int]] = {}
    for position in positions:
        queues.setdefault(cluster.tasks[position].instance, []).append(position)
    columns = [_column(cluster, strategy, group) for strategy in chain]
    draws = any(strategy.type == "random" for strategy in chain)
    picked: list[str] = []
    for still in left:
        keys = {name: tuple(column.key(name) for column in columns) for name in queues}
        best = min(keys.values())
        queue = sorted(position for name in queues if keys[name] == best for position in queues[name])
        position = queue[_drawn(seed, still, len(queue)) if draws else 0]
        task = cluster.tasks[position]
        queues[task.instance].remove(position)
        if not queues[task.instance]:
            del queues[task.instance]
        for column in columns:
            column.freed(task.instance)
        picked.append(task.id)
    return picked


def _drawn(seed: int, still: int, size: int) -> int:
    """The same draw as that of one pick while `still` tasks are in the cluster."""
    return Random(f"{seed}:stop:{still}").randrange(size)


class _Column:
    """One strategy's key of each instance, smaller stops first; `freed` after a task of it has stopped."""

    def __init__(self, places: dict[str, str], values: dict[str, int], step: int) -> None:
        self._places = places
        self._values = values
        self._step = step

    def key(self, instance: str) -> int:
        return -self._values[self._places[instance]]

    def freed(self, instance: str) -> None:
        self._values[self._places[instance]] += self._step


def _column(cluster: Cluster, strategy: Strategy, group: str) -> _Column:
    instances = cluster.instances
    own = {instance.id: instance.id for instance in instances}
    if strategy.type == "spread":
        places = dict(zip(own, buckets(instances, strategy.field or ""), strict=True))
        counts = dict.fromkeys(places.values(), 0)
        for instance in instances:
            counts[places[instance.id]] += instance.tasks.get(group, 0)
        return _Column(places, counts, -1)
    if strategy.type == "binpack":
        field = strategy.field or ""
        takes = next((getattr(task, field) for task in cluster.tasks if task.group == group), 0)
        return _Column(own, _amounts(cluster, field), takes)
    return _Column(own, dict.fromkeys(own, 0), 0)  # random: any is as good as another


def _amounts(cluster: Cluster, field: str) -> dict[str, int]:
    return {instance.id: getattr(instance.remaining, field, 0) for instance in cluster.instances}
