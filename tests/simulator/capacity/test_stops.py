"""The fast way to choose who stops is held equal to the placement simulator's own, task by task."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.capacity.stops import stop_many
from simulator.container_instance import read_instances, with_task, without_task
from simulator.model import Cluster
from simulator.placement.request import read_strategies
from simulator.placement.scale_in import choose_to_stop
from simulator.task_needs import TaskNeeds, placed_task

ONE = st.sampled_from(
    [
        {"type": "random"},
        {"type": "binpack", "field": "cpu"},
        {"type": "binpack", "field": "memory"},
        {"type": "spread", "field": "instanceId"},
        {"type": "spread", "field": "attribute:ecs.availability-zone"},
    ]
)


def cluster(zones: list[str], places: list[int], others: list[int]) -> Cluster:
    instances = {
        one.id: one
        for one in read_instances(
            [
                {"ec2InstanceId": f"i{i}", "availabilityZone": zone, "remaining": {"cpu": 9000 + i % 2, "memory": 9000}}
                for i, zone in enumerate(zones)
            ]
        )
    }
    tasks: list[Any] = []
    for number, place in enumerate([*places, *others], start=1):
        group = "service:web" if number <= len(places) else "service:other"
        needs = TaskNeeds(cpu=100, memory=200) if number <= len(places) else TaskNeeds(cpu=300, memory=50)
        task = placed_task(needs, number=number, group=group, instance=f"i{place % len(zones)}")
        instances[task.instance] = with_task(instances[task.instance], task)
        tasks.append(task)
    return Cluster(instances=tuple(instances.values()), tasks=tuple(tasks))


def one_by_one(state: Cluster, strategies: Any, count: int, seed: int) -> list[str]:
    picked: list[str] = []
    for _ in range(count):
        chosen = choose_to_stop(state, "service:web", strategies, seed=seed).chosen
        if chosen is None:
            break
        gone = next(task for task in state.tasks if task.id == chosen)
        instances = tuple(without_task(one, gone) if one.id == gone.instance else one for one in state.instances)
        state = replace(state, instances=instances, tasks=tuple(task for task in state.tasks if task is not gone))
        picked.append(chosen)
    return picked


@settings(max_examples=60, deadline=None)
@given(
    zones=st.lists(st.sampled_from("ab"), min_size=1, max_size=5),
    places=st.lists(st.integers(0, 4), max_size=12),
    others=st.lists(st.integers(0, 4), max_size=4),
    chain=st.lists(ONE, max_size=3),
    count=st.integers(0, 14),
    seed=st.integers(0, 5),
)
def test_the_same_tasks_in_the_same_order(
    zones: list[str], places: list[int], others: list[int], chain: list[Any], count: int, seed: int
) -> None:
    state = cluster(zones, places, others)
    strategies = read_strategies(chain)
    assert stop_many(state, "service:web", strategies, count, seed=seed) == one_by_one(state, strategies, count, seed)


def test_a_full_zone_first_and_the_older_of_equals() -> None:
    state = cluster(["a", "b", "b"], [0, 1, 1, 2], [])
    assert stop_many(state, "service:web", (), 4) == ["t2", "t3", "t1", "t4"]
    assert stop_many(state, "service:web", read_strategies([{"type": "binpack", "field": "memory"}]), 2) == ["t1", "t4"]
    assert stop_many(state, "service:none", (), 4) == []
