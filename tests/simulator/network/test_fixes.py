"""Fixes: each makes its check pass, all together they lead to the goal, and none opens more than it must."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.session import get_session
from hypothesis import given, settings

from simulator.network import apply_fix, examine
from simulator.network.cures import opened_ports, worn_by_targets
from simulator.network.finding import Reach
from simulator.network.fixing import narrowest, new_name
from simulator.network.groups import Peer, admits, interfaces
from simulator.network.model import Ports
from simulator.network.rules import RULES
from simulator.network.subjects import network_answer
from simulator.network.world import read_world
from tests.simulator.network.worlds import questions, vpcs

MOST_STEPS = 14
ON_EC2 = {"launchType": "EC2", "networkMode": "awsvpc"}
ACTIONS = {
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
    "SetSecurityGroups",
    "SetSubnets",
    "CreateListener",
    "CreateTargetGroup",
    "CreateLoadBalancer",
    "ModifyTargetGroupAttributes",
    "RegisterTaskDefinition",
    "UpdateService",
    "ReplaceRoute",
    "CreateRoute",
    "AttachInternetGateway",
    "CreateNatGateway",
    "CreateVpcEndpoint",
    "ModifyVpcEndpoint",
    "AssociateAddress",
    "CreateSubnet",
}


def until_reached(document: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Fix after fix; the answers on the way, the last of which is reachable or has no fix."""
    answers: list[dict[str, Any]] = []
    for _ in range(MOST_STEPS):
        answer = network_answer(document)
        answers.append(answer)
        if answer["reachable"] or answer["fix"] is None:
            return document, answers
        document = apply_fix(document, answer["fix"])
    raise AssertionError([(one["code"], one["message"]) for one in answers])


@settings(max_examples=60, deadline=None)
@given(vpcs(), questions)
def test_fixes_lead_to_the_goal(vpc: dict[str, Any], question: dict[str, Any]) -> None:
    document = {**vpc, **question}
    before = json.dumps(document)
    _, answers = until_reached(document)
    assert json.dumps(document) == before, "a fix is put into a copy"
    told = [(one["code"], one["message"]) for one in answers]
    assert len(set(told)) == len(told), "each fix makes its check pass"
    assert {one["fix"]["action"] for one in answers if one["fix"]} <= ACTIONS
    last = answers[-1]
    if not last["reachable"]:
        # Only Fargate gives a task's own interface a public address: there is no rule that opens this.
        assert last["code"] == "NO_PUBLIC_IP"
        assert "only Fargate gives" in last["message"]


@settings(max_examples=60, deadline=None)
@given(vpcs(), questions)
def test_a_rule_opens_only_what_was_asked(vpc: dict[str, Any], question: dict[str, Any]) -> None:
    document = {**vpc, **question}
    answer = network_answer(document)
    fix = answer["fix"]
    if fix is None or not fix["action"].startswith("AuthorizeSecurityGroup"):
        return
    old, new = read_world(world_of(document)), read_world(world_of(apply_fix(document, fix)))
    for change in fix["changes"]:
        _, group, direction, _ = change["path"][1:].split("/")
        value = change["value"]
        assert group in answer["blockedBy"].split(", "), "the rule goes where the packet was stopped"
        asked = Ports(value["fromPort"], value["toPort"])
        assert asked.high - asked.low < 61000 - 32767
        for probe in (22, 443, 80, 8080, 3306):
            if asked.low <= probe <= asked.high:
                continue
            for peer in (Peer((0xCB007107,)), Peer((0x0A000177,)), Peer((0x0A000177,), frozenset({"sg-task"}))):
                same = [
                    admits(world, [group], direction, "tcp", Ports(probe, probe), peer, RULES) for world in (old, new)
                ]
                assert same[0] == same[1], "no other port is opened"
        if value.get("cidrIp") == "0.0.0.0/0":
            client = document.get("from", "internet")
            assert client == "internet" or answer["code"].endswith("SG_OUTBOUND"), (
                "everyone only where everyone is meant"
            )


def world_of(document: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in document.items() if name not in ("from", "to", "taskStart", "actor", "protocol")
    }


LEAST: list[tuple[dict[str, Any], str, list[tuple[str, str, Any]]]] = [
    (
        {"tasks": {"web": {"securityGroups": ["sg-ep"]}}},
        "AuthorizeSecurityGroupIngress",
        [
            (
                "add",
                "/securityGroups/sg-ep/ingress/-",
                {"fromPort": 80, "toPort": 80, "sourceSecurityGroupId": "sg-alb"},
            )
        ],
    ),
    (
        {"loadBalancers": {"alb": {"securityGroups": ["sg-task"]}}},
        "SetSecurityGroups",
        [("replace", "/loadBalancers/alb/securityGroups", ["sg-alb"])],
    ),
    (
        {"loadBalancers": {"alb": {"securityGroups": ["sg-ep"]}}},
        "AuthorizeSecurityGroupIngress",
        [("add", "/securityGroups/sg-ep/ingress/-", {"fromPort": 80, "toPort": 80, "cidrIp": "0.0.0.0/0"})],
    ),
    (
        {"from": "198.51.100.9", "loadBalancers": {"alb": {"securityGroups": ["sg-ep"]}}},
        "AuthorizeSecurityGroupIngress",
        [("add", "/securityGroups/sg-ep/ingress/-", {"fromPort": 80, "toPort": 80, "cidrIp": "198.51.100.9/32"})],
    ),
    (
        {
            "securityGroups": {"sg-host": {"ingress": ["80 from sg-alb"]}},
            "instances": {"i-1": {"securityGroups": ["sg-host"]}},
            "tasks": {"web": {"launchType": "EC2", "networkBindings": [{"hostPort": 32800}]}},
        },
        "AuthorizeSecurityGroupIngress",
        [
            (
                "add",
                "/securityGroups/sg-host/ingress/-",
                {"fromPort": 32768, "toPort": 61000, "sourceSecurityGroupId": "sg-alb"},
            )
        ],
    ),
    (
        {"targetGroups": {"tg": {"targetType": "instance"}}},
        "CreateTargetGroup",
        [("replace", "/targetGroups/tg/targetType", "ip")],
    ),
    (
        {"tasks": {"web": {"listens": 3000}}},
        "RegisterTaskDefinition",
        [("replace", "/tasks/web/listens", [3000, 80])],
    ),
    (
        {"loadBalancers": {"alb": {"subnets": ["private-a", "isolated-b"]}}},
        "SetSubnets",
        [("replace", "/loadBalancers/alb/subnets", ["public-a", "public-b"])],
    ),
    (
        {"loadBalancers": {"alb": {"subnets": ["public-a"]}}},
        "SetSubnets",
        [("replace", "/loadBalancers/alb/subnets", ["public-a", "public-b"])],
    ),
    (
        {"port": 443},
        "CreateListener",
        [
            (
                "replace",
                "/loadBalancers/alb/listeners",
                [
                    {"protocol": "HTTP", "port": 80, "targetGroup": "tg"},
                    {"protocol": "HTTPS", "port": 443, "targetGroup": "tg"},
                ],
            )
        ],
    ),
    (
        {"taskStart": "web", "tasks": {"web": {"subnet": "public-a"}}},
        "UpdateService",
        [("replace", "/tasks/web/assignPublicIp", "ENABLED")],
    ),
    (
        {"from": "web", "to": "dynamodb", "tasks": {"web": {"subnet": "isolated-a"}}},
        "CreateVpcEndpoint",
        [("add", "/vpcEndpoints/dynamodb", {"subnets": ["isolated-a"]})],
    ),
    (
        {"from": "web", "to": "logs", "tasks": {"web": {"subnet": "isolated-a"}}},
        "CreateVpcEndpoint",
        [
            (
                "add",
                "/securityGroups/sg-endpoints",
                {"ingress": [{"fromPort": 443, "toPort": 443, "sourceSecurityGroupId": "sg-task"}]},
            ),
            ("add", "/vpcEndpoints/logs", {"securityGroups": ["sg-endpoints"]}),
        ],
    ),
    (
        {"from": "web", "to": "internet", "tasks": {"web": {"subnet": "isolated-a"}}},
        "CreateRoute",
        [("replace", "/subnets/isolated-a/route", "nat")],
    ),
    (
        {"from": "web", "to": "internet", "natGateways": {"nat": {"subnet": "private-a"}}},
        "CreateNatGateway",
        [("replace", "/natGateways/nat/subnet", "public-a")],
    ),
    (
        {"from": "web", "to": "internet", "internetGateway": False},
        "AttachInternetGateway",
        [("replace", "/internetGateway", True)],
    ),
    (
        {
            "loadBalancers": {"nlb": {"type": "nlb"}},
            "securityGroups": {"sg-vpc": {"ingress": ["80 from 10.0.0.0/16"]}},
            "tasks": {"web": {"securityGroups": ["sg-vpc"]}},
            "targetGroups": {"tg": {"preserveClientIp": True}},
        },
        "ModifyTargetGroupAttributes",
        [("replace", "/targetGroups/tg/preserveClientIp", False)],
    ),
    (
        {"loadBalancers": {"nlb": {"type": "nlb"}}},
        "AuthorizeSecurityGroupIngress",
        [("add", "/securityGroups/sg-task/ingress/-", {"fromPort": 80, "toPort": 80, "cidrIp": "10.0.1.10/32"})],
    ),
    (
        {"loadBalancers": {"nlb": {"type": "nlb", "crossZone": True}}},
        "AuthorizeSecurityGroupIngress",
        [
            ("add", "/securityGroups/sg-task/ingress/-", {"fromPort": 80, "toPort": 80, "cidrIp": "10.0.1.10/32"}),
            ("add", "/securityGroups/sg-task/ingress/-", {"fromPort": 80, "toPort": 80, "cidrIp": "10.0.11.10/32"}),
        ],
    ),
    (
        {"tasks": {"web": {"hostPort": 8080}}},
        "RegisterTaskDefinition",
        [("replace", "/tasks/web/hostPort", 80)],
    ),
    (
        {"tasks": {"web": {"launchType": "EC2", "hostPort": 22}}},
        "RegisterTaskDefinition",
        [("replace", "/tasks/web/hostPort", 0)],
    ),
    (
        {"tasks": {"web": {"networkMode": "bridge"}}},
        "RegisterTaskDefinition",
        [("replace", "/tasks/web/networkMode", "awsvpc")],
    ),
    (
        {"loadBalancers": {"alb": {"scheme": "internal"}}},
        "CreateLoadBalancer",
        [("replace", "/loadBalancers/alb/scheme", "internet-facing")],
    ),
    (
        {"from": "i-1", "to": "ecs", "instances": {"i-1": {"subnet": "public-a"}}},
        "AssociateAddress",
        [("replace", "/instances/i-1/publicIp", True)],
    ),
    (
        {"to": "web", "tasks": {"web": {"assignPublicIp": "ENABLED"}}},
        "UpdateService",
        [("replace", "/tasks/web/subnet", "public-a")],
    ),
    (
        {
            "from": "web",
            "to": "internet",
            "tasks": {"web": {"subnet": "isolated-a"}},
            "natGateways": {},
            "subnets": {"private-a": {"route": "none"}, "private-b": {"route": "none"}},
        },
        "CreateNatGateway",
        [("add", "/natGateways/nat", {"subnet": "public-a"}), ("replace", "/subnets/isolated-a/route", "nat")],
    ),
    (
        {
            "from": "web",
            "to": "internet",
            "tasks": {"web": {"subnet": "s"}},
            "natGateways": {},
            "subnets": {
                "s": {"availabilityZone": "c", "route": "none"},
                **{f"{kind}-{zone}": {"route": "none"} for kind in ("public", "private") for zone in "ab"},
            },
        },
        "CreateNatGateway",
        [
            (
                "add",
                "/subnets/public-c",
                {"availabilityZone": "c", "cidrBlock": "10.0.200.0/24", "route": "igw"},
            ),
            ("add", "/natGateways/nat", {"subnet": "public-c"}),
            ("replace", "/subnets/s/route", "nat"),
        ],
    ),
    (
        {"from": "web", "to": "internet", "tasks": {"web": {**ON_EC2, "subnet": "public-a"}}},
        "UpdateService",
        [("replace", "/tasks/web/subnet", "private-a")],
    ),
    (
        {
            "from": "web",
            "to": "internet",
            "tasks": {"web": {**ON_EC2, "subnet": "s"}},
            "subnets": {"s": {"availabilityZone": "c", "route": "igw"}},
        },
        "CreateNatGateway",
        [
            ("add", "/natGateways/nat-2", {"subnet": "s"}),
            (
                "add",
                "/subnets/private-c",
                {"availabilityZone": "c", "cidrBlock": "10.0.200.0/24", "route": "nat-2"},
            ),
            ("replace", "/tasks/web/subnet", "private-c"),
        ],
    ),
    (
        {"loadBalancers": {"alb": {"subnets": ["public-a"]}}, "subnets": {"public-b": {"route": "none"}}},
        "CreateSubnet",
        [
            (
                "add",
                "/subnets/public-c",
                {"availabilityZone": "c", "cidrBlock": "10.0.200.0/24", "route": "igw"},
            ),
            ("replace", "/loadBalancers/alb/subnets", ["public-a", "public-c"]),
        ],
    ),
    (
        {"from": "10.0.1.77", "loadBalancers": {"alb": {"scheme": "internal", "subnets": ["private-a"]}}},
        "SetSubnets",
        [("replace", "/loadBalancers/alb/subnets", ["private-a", "private-b"])],
    ),
    (
        {
            "from": "10.0.1.77",
            "loadBalancers": {"alb": {"scheme": "internal", "subnets": ["private-a"]}},
            "subnets": {f"{kind}-b": {"availabilityZone": "a"} for kind in ("public", "private", "isolated")},
        },
        "CreateSubnet",
        [
            (
                "add",
                "/subnets/private-c",
                {"availabilityZone": "c", "cidrBlock": "10.0.200.0/24", "route": "none"},
            ),
            ("replace", "/loadBalancers/alb/subnets", ["private-a", "private-c"]),
        ],
    ),
    (
        {"loadBalancers": {"nlb": {"type": "nlb"}}, "port": 53, "protocol": "udp"},
        "CreateListener",
        [
            (
                "replace",
                "/loadBalancers/nlb/listeners",
                [
                    {"protocol": "TCP", "port": 80, "targetGroup": "tg"},
                    {"protocol": "UDP", "port": 53, "targetGroup": "tg"},
                ],
            )
        ],
    ),
    (
        {"tasks": {"web": {"launchType": "EC2", "networkMode": "none"}}},
        "RegisterTaskDefinition",
        [("replace", "/tasks/web/networkMode", "bridge")],
    ),
    (
        {
            "to": "web",
            "tasks": {"web": {"launchType": "EC2", "hostPort": 80}},
            "instances": {"i-1": {"subnet": "public-a"}},
        },
        "AssociateAddress",
        [("replace", "/instances/i-1/publicIp", True)],
    ),
]


@pytest.mark.parametrize(("document", "action", "changes"), LEAST)
def test_the_least_change(document: dict[str, Any], action: str, changes: list[tuple[str, str, Any]]) -> None:
    fix = network_answer(document)["fix"]
    assert fix["action"] == action
    tcp = [{**one, "value": plain(one["value"])} for one in fix["changes"]]
    assert tcp == [{"op": op, "path": path, "value": value} for op, path, value in changes]


def plain(value: Any) -> Any:
    """A value without the protocol of its rules, which is TCP in all of these."""
    if isinstance(value, dict):
        assert value.get("ipProtocol", "tcp") == "tcp"
        return {name: plain(one) for name, one in value.items() if name != "ipProtocol"}
    return [plain(one) for one in value] if isinstance(value, list) else value


def test_the_tasks_stay_closed_when_the_wrong_group_is_mended() -> None:
    slip = {
        "loadBalancers": {"alb": {"securityGroups": ["sg-task"]}},
        "tasks": {"web": {"subnet": "public-a", "assignPublicIp": "ENABLED"}},
    }
    mended = apply_fix(slip, network_answer(slip)["fix"])
    assert network_answer(mended)["code"] == "REACHABLE"
    assert network_answer({**mended, "to": "web"})["code"] == "TARGET_SG_INBOUND"


def test_a_load_balancer_gets_a_group_of_its_own_where_none_is_ready() -> None:
    document = {
        "securityGroups": {"sg-alb": {"ingress": ["all from 0.0.0.0/0"]}},
        "loadBalancers": {"alb": {"securityGroups": ["sg-task"]}},
    }
    fix = network_answer(document)["fix"]
    assert [one["path"] for one in fix["changes"]] == [
        "/securityGroups/sg-alb-clients",
        "/loadBalancers/alb/securityGroups",
    ]
    assert fix["sentence"] == ("Let alb carry sg-alb-clients, a new group with the inbound rule “80 from 0.0.0.0/0”.")


def test_fixes_name_operations_that_aws_has() -> None:
    session = get_session()
    known = {name for service in ("ec2", "elbv2", "ecs") for name in session.get_service_model(service).operation_names}
    assert known >= ACTIONS


def test_the_range_of_a_dynamic_mapping_follows_the_instance() -> None:
    document = {
        "instances": {"i-1": {"dynamicHostPortRange": "49153-65535", "securityGroups": ["sg-task"]}},
        "tasks": {"web": {"launchType": "EC2"}},
    }
    found = examine(document)
    assert isinstance(found, Reach)
    assert opened_ports(found.tried[0].way) == Ports(49153, 65535)
    assert found.verdict.fix is not None
    assert found.verdict.fix.sentence == (
        "Add to sg-task the inbound rule “49153-65535 from sg-alb”, for every task gets another port of the range."
    )


def test_the_group_that_the_fewest_carry() -> None:
    world = read_world({"tasks": {"web": {}, "api": {}, "job": {"securityGroups": ["sg-ep"]}}})
    assert narrowest(world, ["sg-task", "sg-ep"]) == "sg-ep"
    assert narrowest(world, ["sg-alb", "sg-task"]) == "sg-alb"
    assert len(interfaces(world)) == 6
    assert worn_by_targets(world) == {"sg-instance", "sg-task", "sg-ep"}


def test_names_that_are_taken() -> None:
    assert new_name({"a", "a-2"}, "a") == "a-3"
    assert new_name(set(), "a") == "a"


def test_a_task_that_leaves_bridge_mode_leaves_its_dealt_port_behind() -> None:
    dealt = {"networkMode": "bridge", "hostPort": 0, "networkBindings": [{"hostPort": 32771}]}
    document = {"from": "internet", "to": "alb", "tasks": {"web": dealt}}
    fix = network_answer(document)["fix"]
    assert fix["sentence"] == "Use the network mode awsvpc."
    assert network_answer(apply_fix(document, fix))["reachable"]
