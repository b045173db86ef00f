"""What fits: modes and launch types, port mappings, network interfaces."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.network.interfaces import LIMITS
from simulator.network.modes import RESERVED_PORTS, modes_of
from simulator.network.presets import PRESETS
from simulator.network.rules import RULES, NetworkRules, PrimaryEni, rules_from_dict, rules_to_dict
from simulator.network.subjects import network_answer


def problems(**document: Any) -> list[tuple[str, str]]:
    answer = network_answer(document)
    assert answer["allowed"] is (not answer["problems"])
    assert all(one["message"].endswith(".") and one["fix"].endswith(".") for one in answer["problems"])
    return [(one["code"], one["path"]) for one in answer["problems"]]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"launchType": "MANAGED_INSTANCES"}, [("NETWORK_MODE_REQUIRED", "networkMode")]),
        ({"launchType": "FARGATE"}, [("NETWORK_MODE_UNSUPPORTED", "networkMode")]),
        ({"operatingSystem": "WINDOWS", "networkMode": "bridge"}, [("NETWORK_MODE_UNSUPPORTED", "networkMode")]),
        ({"operatingSystem": "WINDOWS"}, []),
        ({"operatingSystem": "WINDOWS", "networkMode": "awsvpc"}, []),
        ({"networkMode": "default"}, [("NETWORK_MODE_UNSUPPORTED", "networkMode")]),
        (
            {"networkMode": "none", "portMappings": [{"containerPort": 80}]},
            [("PORT_MAPPINGS_NOT_ALLOWED", "portMappings[0]")],
        ),
        (
            {"networkMode": "host", "portMappings": [{"containerPort": 80, "hostPort": 81}]},
            [("HOST_PORT_MISMATCH", "portMappings[0].hostPort")],
        ),
        ({"networkMode": "host", "portMappings": [{"containerPort": 80, "hostPort": 80}]}, []),
        (
            {"networkMode": "host", "portMappings": [{"containerPort": 22}]},
            [("HOST_PORT_RESERVED", "portMappings[0].hostPort")],
        ),
        ({"networkMode": "awsvpc", "portMappings": [{"containerPort": 22}]}, []),
        ({"networkMode": "bridge", "portMappings": [{"containerPort": 22}]}, []),
        (
            {
                "networkMode": "bridge",
                "portMappings": [{"containerPort": 80}, {"containerPort": 80, "protocol": "udp"}],
            },
            [("SAME_PORT_TWO_PROTOCOLS", "portMappings[1]")],
        ),
        (
            {
                "networkMode": "bridge",
                "portMappings": [{"containerPortRange": "80-90"}, {"containerPortRange": "90-95"}],
            },
            [("PORT_RANGES_OVERLAP", "portMappings[1]")],
        ),
        (
            {
                "networkMode": "bridge",
                "portMappings": [{"containerPortRange": "80-90"}, {"containerPortRange": "91-95"}],
            },
            [],
        ),
        (
            {"networkMode": "host", "portMappings": [{"containerPortRange": "80-90"}]},
            [("PORT_RANGE_UNSUPPORTED", "portMappings[0].containerPortRange")],
        ),
        ({"networkMode": "bridge", "targetType": "ip"}, [("TARGET_TYPE_MISMATCH", "targetType")]),
        ({"networkMode": "none", "targetType": "ip"}, [("TARGET_TYPE_MISMATCH", "targetType")]),
        ({"networkMode": "awsvpc", "loadBalancerType": "clb"}, [("LB_TYPE_UNSUPPORTED", "loadBalancerType")]),
        ({"networkMode": "bridge", "loadBalancerType": "clb"}, []),
        ({"networkMode": "bridge", "loadBalancerType": "gateway"}, [("LB_TYPE_UNSUPPORTED", "loadBalancerType")]),
        ({"launchType": "EXTERNAL", "targetType": "instance"}, [("LB_NOT_SUPPORTED", "targetType")]),
        ({"networkMode": "awsvpc", "targetGroupCount": 5}, []),
        ({"networkMode": "awsvpc", "targetGroupCount": 6}, [("TOO_MANY_TARGET_GROUPS", "targetGroupCount")]),
        ({"networkMode": "awsvpc", "links": ["db"]}, [("LINKS_NOT_ALLOWED", "links")]),
        ({"networkMode": "bridge", "links": ["db"]}, []),
        (
            {"networkMode": "awsvpc", "hostname": "h", "extraHosts": []},
            [("HOSTNAME_NOT_ALLOWED", "hostname"), ("HOSTNAME_NOT_ALLOWED", "extraHosts")],
        ),
    ],
)
def test_what_aws_refuses(document: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert problems(**document) == expected


def test_the_network_configuration() -> None:
    def codes(mode: str, launch: str = "FARGATE", **inner: Any) -> list[str]:
        return [
            code
            for code, _ in problems(
                launchType=launch, networkMode=mode, networkConfiguration={"awsvpcConfiguration": inner}
            )
        ]

    assert codes("awsvpc", subnets=["a"] * 16, securityGroups=["g"] * 5, assignPublicIp="ENABLED") == []
    assert codes("awsvpc", subnets=["a"] * 17, securityGroups=["g"] * 6) == [
        "TOO_MANY_SUBNETS",
        "TOO_MANY_SECURITY_GROUPS",
    ]
    assert codes("awsvpc") == ["NETWORK_CONFIGURATION_REQUIRED"]
    assert codes("awsvpc", "EC2", subnets=["a"], assignPublicIp="ENABLED") == ["ASSIGN_PUBLIC_IP_UNSUPPORTED"]
    assert codes("bridge", "EC2", subnets=["a"]) == ["NETWORK_CONFIGURATION_NOT_ALLOWED"]


def test_the_table_of_modes() -> None:
    assert modes_of("FARGATE") == ("awsvpc",)
    assert modes_of("EC2") == ("awsvpc", "bridge", "host", "none")
    assert modes_of("EXTERNAL") == ("bridge", "host", "none")
    assert modes_of("MANAGED_INSTANCES") == ("awsvpc", "host")
    assert modes_of("EC2", windows=True) == ("awsvpc", "default")
    assert modes_of("EXTERNAL", windows=True) == ()
    answer = network_answer({"launchType": "MANAGED_INSTANCES", "networkMode": "none"})
    assert answer["notes"][0].startswith("Open: the guide names awsvpc and host for Managed Instances")
    assert network_answer({"networkMode": "awsvpc"})["targetTypes"] == ["ip"]
    assert network_answer({"networkMode": "host"})["targetTypes"] == ["instance"]
    assert network_answer({"networkMode": "none"})["targetTypes"] == []
    assert network_answer({"launchType": "EXTERNAL"})["targetTypes"] == []


def test_what_mappings_come_to() -> None:
    def shown(mode: str, **mapping: Any) -> tuple[Any, bool, bool]:
        one = network_answer({"networkMode": mode, "portMappings": [mapping]})["portMappings"][0]
        return one["hostPort"], one["dynamic"], one["usesInstancePort"]

    assert shown("bridge", containerPort=80) == ("32768-60999", True, False)
    assert shown("bridge", containerPort=80, hostPort=0) == ("32768-60999", True, False)
    assert shown("bridge", containerPort=80, hostPort=8080) == ("8080", False, True)
    assert shown("host", containerPort=80) == ("80", False, True)
    assert shown("awsvpc", containerPort=80) == ("80", False, False)
    assert shown("awsvpc", containerPortRange="80-82") == ("80-82", False, False)


def test_copies_and_ports() -> None:
    fixed = {"networkMode": "bridge", "portMappings": [{"containerPort": 80, "hostPort": 8080}], "count": 2}
    second = network_answer(fixed)["tasks"][1]
    assert second["message"] == (
        "Task 2 needs TCP host port 8080, and the instance is already using a port "
        "required by your task; hostPort 0 deals "
        "every task a port of its own."
    )
    both = [{"containerPort": 53, "hostPort": 53}, {"containerPort": 54, "hostPort": 53, "protocol": "udp"}]
    assert network_answer({"networkMode": "bridge", "portMappings": both})["code"] == "OK"
    host = network_answer({"networkMode": "host", "portMappings": [{"containerPort": 80}], "count": 2})
    assert [one["code"] for one in host["tasks"]] == ["OK", "RESOURCE:PORTS"]
    many = [{"containerPort": port, "hostPort": port} for port in range(1000, 1094)]
    assert network_answer({"networkMode": "bridge", "portMappings": many})["code"] == "OK"
    more = [*many, {"containerPort": 1094, "hostPort": 1094}]
    full = network_answer({"networkMode": "bridge", "portMappings": more})
    assert (full["code"], full["placed"]) == ("RESOURCE:PORTS", 0)
    assert full["message"] == "Task 1 finds all 100 host ports that an instance may reserve taken."
    assert network_answer({"launchType": "FARGATE", "networkMode": "awsvpc", "count": 50})["placed"] is None
    advised = network_answer({"networkMode": "bridge", "portMappings": [{"containerPort": 80, "hostPort": 40000}]})
    assert advised["notes"] == ["Host port 40000 is in the range 32768-60999 of the dynamic ports: choose one below."]


@pytest.mark.parametrize("port", RESERVED_PORTS)
def test_reserved_ports(port: int) -> None:
    assert (
        problems(networkMode="bridge", portMappings=[{"containerPort": 80, "hostPort": port}])[0][0]
        == "HOST_PORT_RESERVED"
    )
    for near in (port - 1, port + 1):
        if near not in RESERVED_PORTS:
            assert problems(networkMode="bridge", portMappings=[{"containerPort": 80, "hostPort": near}]) == []


@pytest.mark.parametrize(
    ("more", "tasks", "why"),
    [
        ({}, 10, "Trunking: 10 tasks on branch interfaces; 12 interfaces with the primary one and the trunk."),
        ({"agentVersion": "1.28.0"}, 2, "No trunking: it needs an agent of version 1.28.1 or newer."),
        ({"agentVersion": "1.28.1"}, 10, "Trunking"),
        ({"sameVpc": False}, 2, "No trunking: the task's interface and the instance must be in one VPC."),
        ({"operatingSystem": "WINDOWS"}, 2, "No trunking: only Linux instances have it."),
        (
            {"launchedAfterOptIn": False},
            2,
            "No trunking: the instance was launched before the opt-in, and only new ones get a trunk.",
        ),
        ({"instanceType": "t3.medium"}, 2, "No trunking: t3.medium does not support it."),
    ],
)
def test_what_trunking_needs(more: dict[str, Any], tasks: int, why: str) -> None:
    eni = network_answer({"networkMode": "awsvpc", "instanceType": "m5.large", "awsvpcTrunking": True, **more})["eni"]
    assert eni["awsvpcTasks"] == tasks
    assert why in eni["message"]


def test_managed_instances_trunk_by_themselves() -> None:
    document = {"launchType": "MANAGED_INSTANCES", "networkMode": "awsvpc", "instanceType": "c5.large"}
    assert network_answer(document)["eni"]["awsvpcTasks"] == 10


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(LIMITS)), st.booleans(), st.integers(1, 30))
def test_no_more_tasks_than_interfaces(kind: str, trunking: bool, count: int) -> None:
    document = {"networkMode": "awsvpc", "instanceType": kind, "awsvpcTrunking": trunking, "count": count}
    answer = network_answer(document)
    limit = answer["eni"]["awsvpcTasks"]
    assert answer["placed"] == min(count, limit)
    assert [one["code"] for one in answer["tasks"]] == ["OK"] * min(count, limit) + ["RESOURCE:ENI"] * max(
        0, count - limit
    )
    assert 1 <= limit < answer["eni"]["eniLimit"]


def test_rules_are_read_and_written() -> None:
    assert rules_to_dict(RULES) == {}
    changed = rules_from_dict({"primary_eni": "free"})
    assert changed == NetworkRules(primary_eni=PrimaryEni.FREE)
    assert rules_to_dict(changed) == {"primary_eni": "free"}
    assert network_answer({"networkMode": "awsvpc", "instanceType": "c5.large", "count": 3}, changed)["code"] == "OK"


def test_presets_end_differently() -> None:
    codes = {one.id: network_answer(one.scenario)["code"] for one in PRESETS}
    assert codes == {
        "two-groups": "REACHABLE",
        "wrong-group": "LB_SG_INBOUND",
        "dynamic-ports": "TARGET_SG_INBOUND",
        "public-without-address": "ecr.api:NO_PUBLIC_IP",
        "endpoints-only": "s3:SG_OUTBOUND",
        "client-address": "TARGET_SG_INBOUND",
        "nat-inside": "NO_ROUTE",
        "interfaces": "RESOURCE:ENI",
    }
