"""Every rule really changes the run: one document for each, answered under AWS's rules and under the belief."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from typing import Any

import pytest

from simulator.errors import InputError
from simulator.placement.rules import RULES, PlacementRules, rules_from_dict, rules_to_dict
from simulator.subjects import answer

ZONES = [{"type": "spread", "field": "attribute:ecs.availability-zone"}]
PACKED = [{"type": "binpack", "field": "memory"}]


def instance(name: str, zone: str = "a", cpu: int = 4096, memory: int = 8192, **more: Any) -> dict[str, Any]:
    return {
        "ec2InstanceId": name,
        "availabilityZone": zone,
        "remaining": {"cpu": cpu, "memory": memory},
        **more,
    }


def task(memory: int = 512, **container: Any) -> dict[str, Any]:
    return {"family": "web", "containerDefinitions": [{"name": "web", "image": "web", "memory": memory, **container}]}


def request(instances: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    given = {"taskDefinition": task(), "count": 1, "schedulingStrategy": "REPLICA", "group": "service:web"}
    return {"instances": instances, **given, **more}


def mapped(host: int, protocol: str = "tcp") -> list[dict[str, Any]]:
    return [{"containerPort": 80, "hostPort": host, "protocol": protocol}]


# rule, value, document, where AWS puts the tasks, where the belief puts them
CASES: list[tuple[str, str, dict[str, Any], dict[str, int], dict[str, int]]] = [
    (
        "spread_counts",
        "all_tasks",
        request(
            [instance("a1", tasks={"service:web": 1}), instance("b1", "b", tasks={"service:other": 3})],
            placementStrategy=ZONES,
        ),
        {"b1": 1},
        {"a1": 1},
    ),
    (
        "spread_counts",
        "instances",
        request(
            [instance("a1", tasks={"service:web": 1}), instance("b1", "b"), instance("b2", "b")],
            placementStrategy=ZONES,
        ),
        {"b1": 1},
        {"a1": 1},
    ),
    (
        "spread_scope",
        "candidates",
        request(
            [instance("a1", memory=0, tasks={"service:web": 2}), instance("b1", "b", tasks={"service:web": 1}),
             instance("a2")],
            placementStrategy=ZONES,
        ),
        {"b1": 1},
        {"a2": 1},
    ),
    (
        "binpack_measure",
        "task_count",
        request([instance("a1", memory=600), instance("b1", tasks={"x": 4})], placementStrategy=PACKED),
        {"a1": 1},
        {"b1": 1},
    ),
    (
        "binpack_measure",
        "percent",
        request(
            [instance("big", memory=3000, instanceType="m5.4xlarge"),
             instance("small", memory=900, instanceType="t3.micro")],
            placementStrategy=PACKED,
        ),
        {"small": 1},
        {"big": 1},
    ),
    (
        "binpack_measure",
        "registered",
        request(
            [instance("big", memory=800, instanceType="m5.4xlarge"),
             instance("small", memory=900, instanceType="t3.micro")],
            placementStrategy=PACKED,
        ),
        {"big": 1},
        {"small": 1},
    ),
    ("resources", "registered", request([instance("a1", memory=400, instanceType="m5.large")]), {}, {"a1": 1}),
    (
        "memory_need",
        "container_sum",
        request(
            [instance("a1", memory=400)],
            taskDefinition={**task(memory=512, memoryReservation=128), "memory": "512"},
        ),
        {},
        {"a1": 1},
    ),
    (
        "memory_need",
        "hard_limit",
        request([instance("a1", memory=400)], taskDefinition=task(memory=512, memoryReservation=128)),
        {"a1": 1},
        {},
    ),
    (
        "constraints",
        "soft",
        request([instance("a1")], count=2, placementConstraints=[{"type": "distinctInstance"}]),
        {"a1": 1},
        {"a1": 2},
    ),
    (
        "strategies",
        "binding",
        request([instance("a1", memory=600), instance("b1", "b")], count=4, placementStrategy=ZONES),
        {"a1": 1, "b1": 3},
        {"a1": 1, "b1": 2},
    ),
    (
        "strategy_order",
        "reversed",
        request(
            [instance("a1", memory=1000, tasks={"service:web": 1}), instance("b1", "b")],
            placementStrategy=[*ZONES, *PACKED],
        ),
        {"b1": 1},
        {"a1": 1},
    ),
    (
        "dynamic_ports",
        "collide",
        request([instance("a1")], count=3, taskDefinition=task(portMappings=mapped(0))),
        {"a1": 3},
        {"a1": 1},
    ),
    (
        "port_protocols",
        "shared",
        request(
            [instance("a1", reservedPorts={"tcp": [5000]})], taskDefinition=task(portMappings=mapped(5000, "udp"))
        ),
        {"a1": 1},
        {},
    ),
    (
        "agent_ports",
        "free",
        request([instance("a1")], taskDefinition=task(portMappings=mapped(22))),
        {},
        {"a1": 1},
    ),
    (
        "distinct_scope",
        "any_task",
        request(
            [instance("a1", tasks={"service:other": 1})], placementConstraints=[{"type": "distinctInstance"}]
        ),
        {"a1": 1},
        {},
    ),
    ("draining", "accepts", request([instance("a1", status="DRAINING")]), {}, {"a1": 1}),
    (
        "primary_eni",
        "free",
        request(
            [instance("a1", instanceType="c5.large")], count=5, taskDefinition={**task(), "networkMode": "awsvpc"}
        ),
        {"a1": 2},
        {"a1": 3},
    ),
    (
        "tie",
        "instance_id",
        request([instance("b"), instance("a")]),
        {"b": 1},
        {"a": 1},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "value", "document", "truth", "believed"), CASES)
def test_a_belief_changes_the_placement(
    rule: str, value: str, document: dict[str, Any], truth: dict[str, int], believed: dict[str, int]
) -> None:
    assert _counts(answer("placement", document)) == truth
    assert _counts(answer("placement", document, rules_from_dict({rule: value}))) == believed


def test_the_seeded_tie_break_is_drawn_for_each_task() -> None:
    document = request([instance(f"i{n}") for n in range(5)], count=30, placementStrategy=ZONES)
    assert _counts(answer("placement", document)) == {"i0": 16, "i1": 14}
    assert len(_counts(answer("placement", document, rules_from_dict({"tie": "seeded"})))) == 5


def test_who_believes_that_draining_instances_take_tasks_does_not_take_active_ones_for_full() -> None:
    hosts = [instance("a1"), instance("b1", "b", status="DRAINING"), instance("c1", "c", status="REGISTERING")]
    document = request(hosts, count=3)
    assert _counts(answer("placement", document)) == {"a1": 3}
    assert _counts(answer("placement", document, rules_from_dict({"draining": "accepts"}))) == {"a1": 2, "b1": 1}


def test_run_task_spreads_only_under_the_belief() -> None:
    document = request([instance("a1"), instance("b1", "b"), instance("c1", "c")], count=9)
    del document["schedulingStrategy"]
    even = {"a1": 3, "b1": 3, "c1": 3}
    drawn = [_counts(answer("placement", {**document, "seed": seed})) for seed in range(6)]
    assert any(counts != even for counts in drawn)
    belief = rules_from_dict({"run_task_default": "spread"})
    assert all(_counts(answer("placement", {**document, "seed": seed}, belief)) == even for seed in range(6))


@pytest.mark.parametrize(
    ("value", "stopped"), [("strategy", "t2"), ("newest", "t5"), ("oldest", "t1"), ("fullest_instance", "t4")]
)
def test_scale_in_beliefs(value: str, stopped: str) -> None:
    hosts = [instance("a1"), instance("b1", "b"), instance("b2", "b"), instance("b3", "b"), instance("c1", "c")]
    tasks = [("t1", "a1"), ("t2", "b1"), ("t3", "b2"), ("t4", "c1"), ("t5", "c1"), ("t6", "b3")]
    rows = [{"taskArn": name, "ec2InstanceId": host, "group": "service:web"} for name, host in tasks]
    rows = [rows[i] for i in (0, 1, 2, 5, 3, 4)]
    document = {"instances": hosts, "tasks": rows, "group": "service:web", "placementStrategy": ZONES}
    assert answer("scale-in", document, rules_from_dict({"scale_in": value}))["stop"] == [stopped]


def test_every_rule_has_a_case() -> None:
    covered = {case[0] for case in CASES} | {"run_task_default", "scale_in"}
    assert covered == {field.name for field in fields(PlacementRules)}


def test_rules_go_through_their_document_form() -> None:
    assert rules_to_dict(RULES) == {}
    for rule, value, *_ in CASES:
        assert rules_to_dict(rules_from_dict({rule: value})) == {rule: value}


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ({"spread_count": "all_tasks"}, "did you mean “spread_counts”?"),
        ({"tie": "coin"}, 'rules.tie must be registration, instance_id or seeded, not "coin"'),
        ({"tie": ["coin"]}, "not a list"),
        ([], "must be an object"),
    ],
)
def test_rules_that_do_not_exist_are_refused(document: Any, part: str) -> None:
    with pytest.raises(InputError) as error:
        rules_from_dict(document)
    assert part in str(error.value)


def _counts(given: dict[str, Any]) -> dict[str, int]:
    return dict(Counter(placement["ec2InstanceId"] for placement in given["placements"]))
