"""Both schedulers on one cluster: nothing is overbooked, every copy is accounted for, every refusal is true."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.kubernetes.pod import EFFECTS, Taint, Tolerated
from simulator.kubernetes.rules import RULES
from simulator.kubernetes.subjects import kubernetes_answer
from simulator.subjects import answer

SETTINGS = settings(max_examples=40, deadline=None)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    nodes: list[dict[str, Any]] = []
    for at in range(draw(st.integers(1, 4))):
        node: dict[str, Any] = {"ec2InstanceId": f"n{at}", "availabilityZone": draw(st.sampled_from(["a", "b"]))}
        node["remaining"] = {"cpu": draw(st.integers(0, 2048)), "memory": draw(st.integers(0, 4096))}
        if draw(st.booleans()):
            node["taints"] = [{"key": "t", "effect": draw(st.sampled_from(EFFECTS))}]
        nodes.append(node)
    container = {"name": "c", "image": "c", "cpu": draw(st.integers(0, 700)), "memory": draw(st.integers(4, 1500))}
    document: dict[str, Any] = {
        "instances": nodes,
        "taskDefinition": {"family": "web", "containerDefinitions": [container]},
        "count": draw(st.integers(1, 6)),
        "schedulingStrategy": "REPLICA",
        "scoringStrategy": draw(st.sampled_from(["LeastAllocated", "MostAllocated"])),
        "ties": draw(st.sampled_from(["registered", "random"])),
        "seed": draw(st.integers(0, 9)),
    }
    if draw(st.booleans()):
        document["pod"] = {"tolerations": [{"key": "t", "operator": "Exists"}]}
    return document


@SETTINGS
@given(documents())
def test_no_node_is_overbooked_and_no_copy_is_lost(document: dict[str, Any]) -> None:
    found = kubernetes_answer(document, RULES)
    need = document["taskDefinition"]["containerDefinitions"][0]
    placed = Counter(step["node"] for step in found["kubernetes"]["steps"])
    for node in document["instances"]:
        count = placed[node["ec2InstanceId"]]
        assert count * need["cpu"] <= max(node["remaining"]["cpu"], 0)
        assert count * need["memory"] <= node["remaining"]["memory"]
        taints = [taint for taint in node.get("taints", ()) if taint["effect"] != "PreferNoSchedule"]
        assert not (count and taints and "pod" not in document)
    assert found["kubernetes"]["bound"] + found["kubernetes"]["pending"] == document["count"]
    assert found["ecs"]["placed"] + found["ecs"]["notPlaced"] == document["count"]
    assert json.dumps(found) == json.dumps(kubernetes_answer(document, RULES))


@SETTINGS
@given(documents())
def test_each_step_chooses_among_the_best(document: dict[str, Any]) -> None:
    for step in kubernetes_answer(document, RULES)["kubernetes"]["steps"]:
        assert set(step["scores"]).isdisjoint(step["filtered"])
        assert set(step["scores"]) | set(step["filtered"]) == {node["ec2InstanceId"] for node in document["instances"]}
        totals = {name: sum(parts.values()) for name, parts in step["scores"].items()}
        assert (step["node"] is None) is (not totals)
        assert all(0 <= part <= 100 for parts in step["scores"].values() for part in parts.values())
        if totals:
            best = [name for name, total in totals.items() if total == max(totals.values())]
            assert step["node"] in best
            assert step["tied"] == (best if len(best) > 1 else [])
            assert document["ties"] == "random" or step["node"] == best[0]


@SETTINGS
@given(documents())
def test_the_ecs_side_is_the_placement_simulator(document: dict[str, Any]) -> None:
    plain = {name: value for name, value in document.items() if name not in ("pod", "scoringStrategy", "ties")}
    plain["instances"] = [{k: v for k, v in node.items() if k != "taints"} for node in document["instances"]]
    placements = [one["ec2InstanceId"] for one in answer("placement", plain)["placements"]]
    steps = kubernetes_answer(document, RULES)["ecs"]["steps"]
    assert [step["node"] for step in steps if step["node"] is not None] == placements


def test_random_ties_depend_on_the_seed_and_reach_every_node() -> None:
    nodes = [{"ec2InstanceId": name, "remaining": {"cpu": 1024, "memory": 1024}} for name in "abc"]
    task = {"family": "web", "containerDefinitions": [{"name": "c", "image": "c", "memory": 64}]}
    chosen = {
        kubernetes_answer({"instances": nodes, "taskDefinition": task, "ties": "random", "seed": seed})["kubernetes"][
            "steps"
        ][0]["node"]
        for seed in range(20)
    }
    assert chosen == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("toleration", "covered"),
    [
        ({"key": "k", "value": "v"}, True),
        ({"key": "k", "value": "w"}, False),
        ({"key": "j", "value": "v"}, False),
        ({"key": "k", "exists": True}, True),
        ({"exists": True}, True),
        ({"exists": True, "effect": "NoExecute"}, False),
        ({"exists": True, "effect": "NoSchedule"}, True),
        ({"key": "j", "exists": True}, False),
    ],
)
def test_what_a_toleration_covers(toleration: dict[str, Any], covered: bool) -> None:
    one = Tolerated(**{"key": "", "exists": False, "value": "", "effect": "", **toleration})
    assert one.covers(Taint(key="k", value="v", effect="NoSchedule")) is covered
