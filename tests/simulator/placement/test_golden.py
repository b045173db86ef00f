"""The golden cases of the facts: exact values where AWS decides, invariants where it leaves the choice open."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from simulator.documents import load
from simulator.placement import simulate
from simulator.placement.rebalance import rebalance_eligibility, zone_counts
from simulator.subjects import answer
from simulator.trace import state_at

# Read as documents are: YAML 1.1 would take the name `on` for true.
GOLDEN: Any = load((Path(__file__).parents[2] / "golden" / "placement.yaml").read_text(encoding="utf-8"))
EXPECTED = {"on", "counts", "multiset", "among", "refused", "reasons", "left", "tcp"}


@pytest.mark.parametrize("name", GOLDEN["placement"])
def test_placement(name: str) -> None:
    case = dict(GOLDEN["placement"][name])
    expected = case.pop("expect")
    assert set(expected) <= EXPECTED
    given = answer("placement", case)
    on = [placement["ec2InstanceId"] for placement in given["placements"]]
    assert len(given["failures"]) == expected["refused"]
    if "on" in expected:
        assert on == expected["on"]
    if "counts" in expected:
        assert Counter(on) == expected["counts"]
    if "multiset" in expected:
        assert sorted(Counter(on).values()) == expected["multiset"]
    if "among" in expected:
        assert len(on) == 1
        assert on[0] in expected["among"]
    for failure in given["failures"]:
        for instance, reason in expected.get("reasons", {}).items():
            assert reason in failure["reasons"][instance]
    trace = simulate(case)
    last = {instance.id: instance for instance in state_at(trace, len(trace)).instances}
    for instance, left in expected.get("left", {}).items():
        remaining = last[instance].remaining
        assert remaining is not None
        assert {"cpu": remaining.cpu, "memory": remaining.memory} == left
    for instance, ports in expected.get("tcp", {}).items():
        assert sorted(last[instance].tcp) == ports


@pytest.mark.parametrize("name", GOLDEN["scale-in"])
def test_scale_in(name: str) -> None:
    case = dict(GOLDEN["scale-in"][name])
    expected = case.pop("expect")
    given = answer("scale-in", case)
    assert len(given["stop"]) == 1
    assert given["stop"][0] in expected["among"]
    assert given["open"] is expected["open"]


def test_rebalance() -> None:
    trace = simulate(GOLDEN["rebalance"])
    counts = [sum(zone_counts(state_at(trace, k), "service:s").values()) for k in range(len(trace) + 1)]
    assert min(counts) == 5
    assert sorted(zone_counts(state_at(trace, len(trace)), "service:s").values()) == [1, 2, 2]
    assert [event.kind for event in trace.events] == ["moved-start", "moved-stop"] * 3


@pytest.mark.parametrize("name", GOLDEN["eligibility"])
def test_eligibility(name: str) -> None:
    case = GOLDEN["eligibility"][name]
    eligible, reasons = rebalance_eligibility(case["service"])
    assert eligible is case["expect"]
    assert bool(reasons) is not eligible
