"""One decision: every failing rule with its numbers, the ranking, the least change, and AWS's wording."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.placement import RULES, Decision, decide, wording
from simulator.placement.decide import needs_of
from simulator.placement.filters import FILTERS
from simulator.placement.scenario import read_scenario

TASK: dict[str, Any] = {
    "family": "web",
    "containerDefinitions": [{"name": "web", "image": "w", "cpu": 256, "memory": 512}],
}
AWSVPC = {**TASK, "networkMode": "awsvpc"}


def decided(*instances: dict[str, Any], task: int = 1, **more: Any) -> Decision:
    document = {"instances": list(instances), "taskDefinition": TASK, "schedulingStrategy": "REPLICA", **more}
    read = read_scenario(document, RULES)
    return decide(read.cluster, read.jobs[0], task=task)  # pyright: ignore[reportArgumentType]


def with_ports(*ports: dict[str, Any], second: int | None = None) -> dict[str, Any]:
    containers = [{"name": "web", "image": "w", "memory": 64, "portMappings": list(ports)}]
    if second is not None:
        mapping = {"containerPort": 90, "hostPort": second}
        containers.append({"name": "more", "image": "w", "memory": 64, "portMappings": [mapping]})
    return {"family": "web", "containerDefinitions": containers}


ROOM = {"cpu": 2048, "memory": 4096}


RACKED: list[dict[str, str]] = [{"type": "spread", "field": "attribute:rack"}]
BLUE = {"type": "memberOf", "expression": "attribute:color == blue"}
# Of one rule several at once, or something that is not known: an instance, the request, what is said of it.
SEVERAL: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (
        {"reservedPorts": {"tcp": [80, 81, 82]}},
        {"taskDefinition": with_ports({"containerPort": 80, "hostPort": 80}, second=81)},
        "Host ports 80/tcp and 81/tcp are taken.",
    ),
    (
        {"attributes": {"color": "red", "stack": "dev"}},
        {"placementConstraints": [BLUE, {"type": "memberOf", "expression": "attribute:stack == prod"}]},
        (
            "`attribute:color == blue` does not hold: attribute color is “red”. `attribute:stack == prod` does not "
            "hold: attribute stack is “dev”."
        ),
    ),
    (
        {},
        {"taskDefinition": {**TASK, "placementConstraints": [BLUE]}, "placementStrategy": RACKED},
        "no attribute color",
    ),
    (
        {"availabilityZone": None},
        {"subnetZones": ["us-east-1a"]},
        "Its zone is not known, and the task's subnets are in us-east-1a.",
    ),
]


REFUSALS: list[tuple[dict[str, Any], dict[str, Any], str, str, str, str]] = [
    (
        {"status": "DRAINING"},
        {},
        "status",
        "NO ACTIVE INSTANCES",
        "Its status is DRAINING",
        "set its status to ACTIVE",
    ),
    ({"agentConnected": False}, {}, "agent", "AGENT", "disconnected", "reconnect its agent"),
    (
        {"missingCapabilities": ["ecs.capability.task-eni"]},
        {"taskDefinition": AWSVPC},
        "attributes",
        "ATTRIBUTE",
        "ecs.capability.task-eni",
        "give it ecs.capability.task-eni",
    ),
    (
        {},
        {"taskDefinition": {**TASK, "requiresAttributes": [{"name": "rack", "value": "r1"}]}},
        "attributes",
        "ATTRIBUTE",
        "rack=r1",
        "give it rack=r1",
    ),
    (
        {"availabilityZone": "us-east-1b"},
        {"subnetZones": ["us-east-1a", "us-east-1c"]},
        "location",
        "LOCATION",
        "It is in us-east-1b, and the task's subnets are in us-east-1a and us-east-1c.",
        "add a subnet in us-east-1b",
    ),
    (
        {"remaining": {"cpu": 200, "memory": 4096}},
        {},
        "cpu",
        "RESOURCE:CPU",
        "CPU: the task needs 256 units, 200 are left.",
        "free 56 more CPU units",
    ),
    (
        {"remaining": {"cpu": 2048, "memory": 300}},
        {},
        "memory",
        "RESOURCE:MEMORY",
        "Memory: the task needs 512 MiB, 300 MiB are left.",
        "free 212 more MiB of memory",
    ),
    (
        {"reservedPorts": {"tcp": [80, 81]}},
        {"taskDefinition": with_ports({"containerPort": 80, "hostPort": 80}, {"containerPort": 82, "hostPort": 82})},
        "ports",
        "RESOURCE:PORTS",
        "Host port 80/tcp is taken.",
        "free host port 80/tcp",
    ),
    (
        {},
        {"taskDefinition": with_ports({"containerPort": 80, "hostPort": 80}, second=80)},
        "ports",
        "RESOURCE:PORTS",
        "wanted by two containers",
        "different host ports",
    ),
    (
        {"reservedPorts": {"tcp": list(range(1000, 1099))}},
        {"taskDefinition": with_ports({"containerPort": 80, "hostPort": 80}, second=90)},
        "ports",
        "RESOURCE:PORTS",
        "the task reserves 2, and 1 of the 100",
        "release 1 reserved host port",
    ),
    (
        {"instanceType": "c5.large", "tasks": {"service:web": 2}},
        {"taskDefinition": AWSVPC},
        "eni",
        "RESOURCE:ENI",
        "all that a c5.large can attach are in use",
        "or turn on trunking",
    ),
    (
        {},
        {
            "taskDefinition": {
                "containerDefinitions": [
                    {
                        "name": "g",
                        "image": "g",
                        "memory": 64,
                        "resourceRequirements": [{"type": "GPU", "value": "2"}],
                    }
                ]
            }
        },
        "gpu",
        "RESOURCE:GPU",
        "GPU: the task needs 2, 0 are left.",
        "free 2 more GPUs",
    ),
    (
        {"attributes": {"stack": "dev"}},
        {"placementConstraints": [{"type": "memberOf", "expression": "attribute:stack == prod"}]},
        "memberOf",
        "MemberOf placement constraint unsatisfied.",
        "dev",
        "make `attribute:stack == prod` hold, or change the request's constraint",
    ),
    (
        {"tasks": {"service:web": 1}},
        {"placementConstraints": [{"type": "distinctInstance"}]},
        "distinctInstance",
        "DistinctInstance placement constraint unsatisfied.",
        "a task of service:web",
        "stop the task of service:web on it",
    ),
]


@pytest.mark.parametrize(("instance", "more", "rule", "reason", "sentence", "change"), REFUSALS)
def test_each_filter(
    instance: dict[str, Any], more: dict[str, Any], rule: str, reason: str, sentence: str, change: str
) -> None:
    decision = decided({"ec2InstanceId": "a1", "remaining": ROOM, **instance}, **more)
    assert decision.chosen is None
    (failure,) = decision.verdict("a1").failures
    assert (failure.rule, failure.reason) == (rule, reason)
    assert sentence in failure.sentence
    assert change in failure.change.sentence
    assert decision.nearest_change is not None
    assert decision.nearest_change.startswith("On a1: ")


@pytest.mark.parametrize(("instance", "more", "sentence"), SEVERAL)
def test_what_is_said_of_several(instance: dict[str, Any], more: dict[str, Any], sentence: str) -> None:
    decision = decided({"ec2InstanceId": "a1", "remaining": ROOM, **instance}, **more)
    (failure,) = decision.verdict("a1").failures
    assert sentence in failure.sentence


def test_all_failing_rules_are_told_in_the_order_of_reporting() -> None:
    decision = decided(
        {"ec2InstanceId": "a1", "remaining": {"cpu": 0, "memory": 0}, "agentConnected": False, "availabilityZone": "b"},
        subnetZones=["a"],
        placementConstraints=[{"type": "memberOf", "expression": "attribute:x exists"}],
    )
    assert decision.reasons == {
        "a1": ["AGENT", "LOCATION", "RESOURCE:CPU", "RESOURCE:MEMORY", "MemberOf placement constraint unsatisfied."]
    }
    assert len(decision.verdict("a1").changes) == 5


def test_every_filter_has_its_words() -> None:
    names = {one.name for one in FILTERS}
    assert set(wording.REASONS) == names == set(wording.CHANGES)


def test_equality_fits() -> None:
    assert decided({"ec2InstanceId": "a1", "remaining": {"cpu": 256, "memory": 512}}).chosen == "a1"


@pytest.mark.parametrize(("gpus", "fits"), [(0, False), (1, False), (2, True), (3, True)])
def test_as_many_gpus_as_the_task_needs(gpus: int, fits: bool) -> None:
    requirement = {"type": "GPU", "value": "2"}
    task = {"containerDefinitions": [{"name": "g", "image": "g", "memory": 64, "resourceRequirements": [requirement]}]}
    decision = decided({"ec2InstanceId": "a1", "remaining": {**ROOM, "gpu": gpus}}, taskDefinition=task)
    assert (decision.chosen == "a1") is fits


def test_the_closest_instance_fails_the_fewest_checks_then_lacks_the_least() -> None:
    decision = decided(
        {"ec2InstanceId": "a1", "remaining": {"cpu": 0, "memory": 0}},
        {"ec2InstanceId": "b1", "remaining": {"cpu": 2048, "memory": 100}},
        {"ec2InstanceId": "c1", "remaining": {"cpu": 2048, "memory": 500}},
    )
    assert decision.closest is not None
    assert decision.closest.instance.id == "c1"
    assert decision.event == (
        "service web was unable to place a task because no container instance met all of its requirements. "
        "The closest matching container-instance c1 has insufficient memory available."
    )


@pytest.mark.parametrize(
    ("instance", "more", "ending"),
    [
        ({"remaining": {"cpu": 1, "memory": 4096}}, {}, "has insufficient CPU units available."),
        ({"agentConnected": False}, {}, 'encountered error "AGENT".'),
        (
            {"missingCapabilities": ["task-eni"]},
            {"taskDefinition": AWSVPC},
            "is missing an attribute required by your task.",
        ),
        (
            {"reservedPorts": {"tcp": [80]}},
            {"taskDefinition": with_ports({"containerPort": 80, "hostPort": 80})},
            "is already using a port required by your task.",
        ),
        (
            {"tasks": {"service:web": 1}},
            {"placementConstraints": [{"type": "distinctInstance"}]},
            'encountered error "DistinctInstance placement constraint unsatisfied.".',
        ),
    ],
)
def test_service_events(instance: dict[str, Any], more: dict[str, Any], ending: str) -> None:
    event = decided({"ec2InstanceId": "a1", "remaining": ROOM, **instance}, **more).event
    assert event is not None
    assert event.endswith(f"The closest matching container-instance a1 {ending}")


def test_run_task_reports_one_reason_for_each_instance() -> None:
    document = {
        "instances": [
            {"ec2InstanceId": "a1", "instanceType": "t3.nano"},
            {"ec2InstanceId": "b1", "agentConnected": False},
        ],
        "taskDefinition": TASK,
    }
    read = read_scenario(document, RULES)
    decision = decide(read.cluster, read.jobs[0])  # pyright: ignore[reportArgumentType]
    assert decision.event == 'Reasons : ["RESOURCE:MEMORY", "AGENT"]'


def test_a_service_without_instances_fails_with_no_reasons() -> None:
    decision = decided()
    assert (decision.chosen, decision.reasons, decision.closest) == (None, {}, None)
    assert decision.event is not None
    assert decision.event.endswith("met all of its requirements.")


def test_ties_are_told() -> None:
    three = [{"ec2InstanceId": name, "remaining": ROOM} for name in ("a1", "b1", "c1")]
    decision = decided(*three, {"ec2InstanceId": "d1", "remaining": ROOM, "tasks": {"service:web": 1}})
    assert decision.chosen == "a1"
    assert decision.tied == ("a1", "b1", "c1")
    assert "AWS does not publish its own" in decision.sentence
    assert decision.verdict("d1").keys == (1, 1, 3)


def test_an_instance_without_the_attribute_is_in_a_bucket_of_its_own() -> None:
    decision = decided(
        {"ec2InstanceId": "a1", "remaining": ROOM, "tasks": {"service:web": 1}},
        {"ec2InstanceId": "a2", "remaining": ROOM},
        {"ec2InstanceId": "b1", "remaining": ROOM, "attributes": {"rack": "r1"}, "tasks": {"service:web": 1}},
        placementStrategy=[{"type": "spread", "field": "attribute:rack"}],
    )
    assert [verdict.keys for verdict in decision.verdicts] == [(1, 0), (1, 1), (1, 2)]


def test_nothing_after_random_matters() -> None:
    hosts = [{"ec2InstanceId": f"i{n}", "remaining": {"cpu": 2048, "memory": 4096 - n}} for n in range(8)]
    alone = [decided(*hosts, task=n, placementStrategy=[{"type": "random"}]).chosen for n in range(20)]
    chain = [{"type": "random"}, {"type": "binpack", "field": "memory"}]
    assert [decided(*hosts, task=n, placementStrategy=chain).chosen for n in range(20)] == alone
    assert len(set(alone)) > 3


def test_an_unknown_size_is_an_error_only_where_it_is_needed() -> None:
    known = {"ec2InstanceId": "a1", "remaining": ROOM}
    assert decided(known, {"ec2InstanceId": "b1", "status": "DRAINING"}).chosen == "a1"
    with pytest.raises(InputError, match=r"“b1” has no remaining cpu and memory, and its type “x9\.huge” is not known"):
        decided(known, {"ec2InstanceId": "b1", "instanceType": "x9.huge"})


def test_an_unknown_interface_limit_is_said() -> None:
    decision = decided({"ec2InstanceId": "a1", "instanceType": "x9.huge", "remaining": ROOM}, taskDefinition=AWSVPC)
    assert decision.chosen == "a1"
    assert decision.notes == (
        "How many network interfaces a1 can attach was not checked: its type “x9.huge” is not known.",
    )
    nameless = decided({"ec2InstanceId": "a1", "remaining": ROOM}, taskDefinition=AWSVPC)
    assert nameless.notes == ("How many network interfaces a1 can attach was not checked: it names no instanceType.",)


def test_protocols_are_apart() -> None:
    udp = with_ports({"containerPort": 53, "hostPort": 53, "protocol": "udp"})
    assert decided(
        {"ec2InstanceId": "a1", "remaining": ROOM, "reservedPorts": {"tcp": [53]}}, taskDefinition=udp
    ).chosen
    assert not decided(
        {"ec2InstanceId": "a1", "remaining": ROOM, "reservedPorts": {"udp": [53]}}, taskDefinition=udp
    ).chosen


def test_needs_follow_the_task_definition() -> None:
    document = {
        "instances": [],
        "schedulingStrategy": "REPLICA",
        "taskDefinition": {**TASK, "cpu": "1 vCPU", "memory": "2GB"},
    }
    needs = needs_of(read_scenario(document, RULES).jobs[0])  # pyright: ignore[reportArgumentType]
    assert (needs.cpu, needs.memory, needs.eni) == (1024, 2048, False)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 600),
    st.integers(0, 900),
    st.booleans(),
    st.booleans(),
    st.frozensets(st.sampled_from([80, 81, 9000]), max_size=3),
)
def test_the_least_change_lets_the_task_in_and_no_less_does(
    cpu: int, memory: int, active: bool, connected: bool, taken: frozenset[int]
) -> None:
    host: dict[str, Any] = {
        "ec2InstanceId": "a1",
        "status": "ACTIVE" if active else "DRAINING",
        "agentConnected": connected,
        "remaining": {"cpu": cpu, "memory": memory},
        "reservedPorts": {"tcp": sorted(taken)},
    }
    wanted = [{"containerPort": port, "hostPort": port} for port in (80, 81)]
    task = {"containerDefinitions": [{"name": "w", "image": "w", "cpu": 256, "memory": 512, "portMappings": wanted}]}
    changes = decided(host, taskDefinition=task).verdict("a1").changes
    for left_out in (None, *changes):
        mended = {**host, "remaining": dict(host["remaining"]), "reservedPorts": {"tcp": sorted(taken)}}
        for change in changes:
            if change is left_out:
                continue
            match change.kind:
                case "status":
                    mended["status"] = change.amount
                case "agent":
                    mended["agentConnected"] = True
                case "ports":
                    freed = {int(port.partition("/")[0]) for port in change.amount}
                    mended["reservedPorts"] = {"tcp": sorted(taken - freed)}
                case kind:
                    mended["remaining"][kind] += change.amount
        assert decided(mended, taskDefinition=task).verdict("a1").fits is (left_out is None)
        if left_out is None and any(change.kind == "memory" for change in changes):
            mended["remaining"]["memory"] -= 1
            assert not decided(mended, taskDefinition=task).verdict("a1").fits
