"""Bills: they add up, nothing is negative, more never costs less, and the break-even is where the two are equal."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.fargate_sizes import FARGATE_SIZES, smallest
from simulator.launch_types.break_even import break_even
from simulator.launch_types.cost import dollars
from simulator.launch_types.fleet import instances_needed, per_instance, read_server
from simulator.launch_types.rules import RULES, IdleInstances, LaunchTypesRules, rules_from_dict, rules_to_dict
from simulator.launch_types.subjects import launch_types_answer
from simulator.launch_types.workload import read_workload

SETTINGS = settings(max_examples=60, deadline=None)
tasks = st.fixed_dictionaries({"cpu": st.integers(128, 4096), "memory": st.integers(64, 16_000)})
prices = st.integers(1, 5000).map(lambda thousandths: thousandths / 1000)


def bills(document: dict[str, Any]) -> dict[tuple[str, str | None], dict[str, Any]]:
    answer = launch_types_answer(document)
    assert json.dumps(answer) == json.dumps(launch_types_answer(document))
    return {(bill["option"], bill.get("architecture")): bill for bill in answer["bills"]}


@SETTINGS
@given(tasks, st.integers(1, 50), st.integers(0, 100), prices)
def test_bills_are_in_order(task: dict[str, int], count: int, utilization: int, price: float) -> None:
    ec2 = {"instanceType": "m5.4xlarge", "instanceHourlyPrice": price}
    found = bills({"task": task, "count": count, "utilization": utilization, "ec2": ec2})
    x86, arm = found["FARGATE", "X86_64"], found["FARGATE", "ARM64"]
    assert 0 <= arm["exact"] <= x86["exact"]
    spot = found["FARGATE_SPOT", "X86_64"]
    assert 0 <= spot["from"] <= spot["to"] == x86["total"]
    assert found["EC2", None]["exact"] == pytest.approx(found["EC2", None]["instances"] * 730 * price)
    assert 0 <= found["EC2", None]["usedPercent"] <= 100
    one = bills({"task": task, "utilization": utilization, "cpuArchitecture": "X86_64"})["FARGATE", "X86_64"]
    assert x86["exact"] == pytest.approx(count * one["exact"], abs=1e-4)


@SETTINGS
@given(tasks, st.integers(1, 60))
def test_one_kind_needs_as_many_instances_as_packing_it_would(task: dict[str, int], count: int) -> None:
    server = read_server({"cpu": 4096, "memory": 16_000, "instanceHourlyPrice": 1})
    split = [{**task, "name": "a", "count": count}, {**task, "name": "b", "count": 1}]
    together = instances_needed(server, read_workload({"task": task, "count": count + 1}))
    assert together == instances_needed(server, read_workload({"tasks": split}))
    each, limited = per_instance(server, read_workload({"task": task}).kinds[0])
    assert together == -(-(count + 1) // each)
    assert set(limited) == {name for name, whole in (("cpu", 4096), ("memory", 16_000)) if whole // task[name] == each}


@SETTINGS
@given(st.integers(1, 2000), st.integers(1, 2000), st.integers(1, 60))
def test_both_cost_the_same_at_the_break_even(instance: int, task: int, each: int) -> None:
    hour, one = Fraction(instance, 1000), Fraction(task, 10_000)
    found = break_even(hour, one, each, ["cpu"], RULES)
    assert found is not None
    share = Fraction(found["fraction"])
    assert share * each * one == hour
    fewest = found["fewestTasksForEc2"]
    assert (fewest is None) is (hour >= each * one)
    if fewest is not None:
        assert fewest * one > hour >= (fewest - 1) * one
    assert found["always"] == ("FARGATE" if share >= 1 else None)
    for point in found["curve"]:
        used = Fraction(point["usedPercent"], 100)
        cheaper = "EC2" if used > share else "SAME" if used == share else "FARGATE"
        assert point["cheaper"] == cheaper


def test_nothing_to_compare() -> None:
    for task, each in ((None, 3), (Fraction(1), 0), (Fraction(0), 3)):
        assert break_even(Fraction(1), task, each, [], RULES) is None
    free = LaunchTypesRules(idle_instances=IdleInstances.FREE)
    found = break_even(Fraction(1), Fraction(1, 2), 3, ["cpu"], free)
    assert found is not None
    assert (found["always"], found["percent"]) == ("EC2", None)
    equal = break_even(Fraction(1), Fraction(1, 2), 2, ["cpu"], RULES)
    assert equal is not None
    assert equal["reason"] == "A full instance costs what its 2 tasks cost on Fargate: EC2 is never cheaper."
    assert (equal["always"], equal["fewestTasksForEc2"], equal["curve"][-1]["cheaper"]) == ("FARGATE", None, "SAME")


@pytest.mark.parametrize(
    ("seconds", "billed"), [(0, 0), (0.1, 60), (59.9, 60), (60, 60), (60.1, 61), (61, 61), (3600, 3600)]
)
def test_a_run_is_billed_by_the_second_and_at_least_a_minute(seconds: float, billed: int) -> None:
    document = {"task": {"cpu": 256, "memory": 512}, "runs": 2, "secondsPerRun": seconds}
    assert launch_types_answer(document)["billedSecondsPerTask"] == 2 * billed


def test_runs_may_fill_the_period_and_no_more() -> None:
    document = {"task": {"cpu": 256, "memory": 512}, "hours": 1, "runs": 2, "secondsPerRun": 1800}
    assert launch_types_answer(document)["billedSecondsPerTask"] == 3600
    assert read_workload(document).busy == 1
    assert read_workload({**document, "secondsPerRun": 450}).busy == Fraction(1, 4)


def test_the_sizes_are_the_77_pairs_and_three_more() -> None:
    assert {cpu: len(amounts) for cpu, amounts in FARGATE_SIZES.items()} == {
        256: 3, 512: 4, 1024: 7, 2048: 13, 4096: 23, 8192: 12, 16384: 12, 32768: 3,
    }  # fmt: skip
    assert sum(map(len, FARGATE_SIZES.values())) == 77
    assert FARGATE_SIZES[8192][:2] == (16384, 20480)
    assert FARGATE_SIZES[32768] == (61440, 122880, 249856)


@SETTINGS
@given(st.integers(1, 33_000), st.integers(1, 250_000))
def test_the_smallest_size_holds_the_task_and_no_smaller_one_does(cpu: int, memory: int) -> None:
    found = smallest(cpu, memory)
    fitting = [
        (units, amount)
        for units in FARGATE_SIZES
        for amount in FARGATE_SIZES[units]
        if units >= cpu and amount >= memory
    ]
    assert found == (min(fitting) if fitting else None)


def test_a_half_cent_goes_up() -> None:
    assert dollars(Fraction("0.005")) == 0.01
    assert dollars(Fraction("0.00499")) == 0.0
    assert dollars(Fraction(1, 3), 6) == 0.333333


def test_the_largest_documents_are_answered_soon() -> None:
    kinds = [{"name": f"k{i}", "cpu": 128 + i, "memory": 300 + i, "count": 500} for i in range(10)]
    document = {"tasks": kinds, "ec2": {"instanceType": "m5.large", "instanceHourlyPrice": 0.1}}
    found = next(bill for bill in launch_types_answer(document)["bills"] if bill["option"] == "EC2")
    assert found["instances"] == 334


def test_rules_as_documents() -> None:
    assert rules_to_dict(RULES) == {}
    changed = LaunchTypesRules(minimum_seconds=0, fargate_runs_daemons=True, idle_instances=IdleInstances.FREE)
    assert rules_to_dict(changed) == {
        "minimum_seconds": 0,
        "idle_instances": "free",
        "fargate_runs_daemons": True,
    }
    assert rules_from_dict(rules_to_dict(changed)) == changed
