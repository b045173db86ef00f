"""Every rule really changes an answer: one document for each, under AWS's rules and under the belief."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from simulator.errors import InputError
from simulator.network.rules import NetworkRules, rules_from_dict, rules_to_dict
from simulator.network.subjects import network_answer

ON_EC2 = {"launchType": "EC2", "networkMode": "awsvpc"}
TWO_OF_EPHEMERAL = ["80 from 0.0.0.0/0", "1024-65535 from 10.0.0.0/16"]
FROM_VPC = {
    "securityGroups": {"sg-vpc": {"ingress": ["80 from 10.0.0.0/16"]}},
    "loadBalancers": {"nlb": {"type": "network"}},
    "tasks": {"web": {"securityGroups": ["sg-vpc"]}},
}
SEEN = (
    "sg-vpc on the network interface of web does not admit the internet (the client's own address is preserved) on TCP "
    "port 80: inbound there is “80 from 10.0.0.0/16”."
)
# rule, value, document, AWS's code, the belief's code, what the belief's answer says
CASES: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    (
        "filtering",
        "stateless",
        {},
        "REACHABLE",
        "REPLY_BLOCKED",
        "sg-alb has no rule for the reply, which goes to a port that the asking side chose.",
    ),
    (
        "group_source",
        "subnets",
        {"from": "10.0.1.77", "to": "web"},
        "TARGET_SG_INBOUND",
        "REACHABLE",
        "10.0.1.77 reaches web on TCP port 80 without a load balancer.",
    ),
    (
        "group_source",
        "subnets",
        {"from": "10.0.3.77", "to": "web"},
        "TARGET_SG_INBOUND",
        "TARGET_SG_INBOUND",
        (
            "sg-task on the network interface of web does not admit 10.0.3.77 on TCP port 80: inbound there is “80 "
            "from sg-alb”."
        ),
    ),
    (
        "group_source",
        "inherited",
        {"to": "web", "tasks": {"web": {"subnet": "public-a", "assignPublicIp": "ENABLED"}}},
        "TARGET_SG_INBOUND",
        "REACHABLE",
        "The internet reaches web on TCP port 80 without a load balancer.",
    ),
    (
        "nat_place",
        "any_subnet",
        {"from": "web", "to": "dynamodb", "natGateways": {"nat": {"subnet": "private-a"}}},
        "NO_ROUTE",
        "VIA_NAT",
        "web reaches dynamodb through the NAT gateway.",
    ),
    (
        "public_address",
        "subnet_is_enough",
        {"from": "web", "to": "dynamodb", "tasks": {"web": {"subnet": "public-a"}}},
        "NO_PUBLIC_IP",
        "VIA_IGW",
        "web reaches dynamodb through the internet gateway.",
    ),
    (
        "task_eni_address",
        "of_instance",
        {
            "from": "web",
            "to": "dynamodb",
            "tasks": {"web": {**ON_EC2, "subnet": "public-a"}},
            "instances": {"i-1": {"subnet": "public-a", "publicIp": True}},
        },
        "NO_PUBLIC_IP",
        "VIA_IGW",
        "web reaches dynamodb through the internet gateway.",
    ),
    (
        "task_eni_address",
        "of_instance",
        {
            "from": "web",
            "to": "dynamodb",
            "tasks": {"web": {**ON_EC2, "subnet": "public-a"}},
            "instances": {"i-1": {"subnet": "public-a"}},
        },
        "NO_PUBLIC_IP",
        "NO_PUBLIC_IP",
        "public-a is public, but web has no public address: only Fargate gives a task's network interface one.",
    ),
    (
        "awsvpc_targets",
        "ip_or_instance",
        {"targetGroups": {"tg": {"targetType": "instance"}}},
        "TARGET_TYPE_MISMATCH",
        "REACHABLE",
        "The internet reaches web on TCP port 80 through alb.",
    ),
    (
        "ecr_endpoints",
        "api",
        {"taskStart": "web", "vpcEndpoints": {"ecr.api": {}}, "tasks": {"web": {"subnet": "isolated-a"}}},
        "ecr.dkr:NO_ROUTE",
        "START_OK",
        "Everything that web needs to start is reached.",
    ),
    (
        "ecr_endpoints",
        "api_dkr",
        {
            "taskStart": "web",
            "vpcEndpoints": {"ecr.api": {}, "ecr.dkr": {}},
            "tasks": {"web": {"subnet": "isolated-a"}},
        },
        "s3:NO_ROUTE",
        "START_OK",
        "Everything that web needs to start is reached.",
    ),
    (
        "dynamic_port",
        "container_port",
        {
            "securityGroups": {"sg-host": {"ingress": ["80 from sg-alb"]}},
            "instances": {"i-1": {"securityGroups": ["sg-host"]}},
            "tasks": {"web": {"launchType": "EC2", "networkMode": "bridge", "networkBindings": [{"hostPort": 32800}]}},
        },
        "TARGET_SG_INBOUND",
        "REACHABLE",
        "The internet reaches web on TCP port 80 through alb.",
    ),
    (
        "primary_eni",
        "free",
        {"networkMode": "awsvpc", "instanceType": "c5.large", "count": 3},
        "RESOURCE:ENI",
        "OK",
        "EC2 has the network mode awsvpc, and all 3 tasks are placed.",
    ),
    (
        "trunking",
        "all_instances",
        {
            "networkMode": "awsvpc",
            "instanceType": "c5.large",
            "awsvpcTrunking": True,
            "launchedAfterOptIn": False,
            "count": 3,
        },
        "RESOURCE:ENI",
        "OK",
        "EC2 has the network mode awsvpc, and all 3 tasks are placed.",
    ),
    (
        "nlb_groups",
        "ignored",
        {
            "securityGroups": {
                "sg-office": {"ingress": ["80 from 198.51.100.0/24"]},
                "sg-vpc": {"ingress": ["80 from 10.0.0.0/16"]},
            },
            "loadBalancers": {"nlb": {"type": "network", "securityGroups": ["sg-office"]}},
            "tasks": {"web": {"securityGroups": ["sg-vpc"]}},
        },
        "LB_SG_INBOUND",
        "REACHABLE",
        "The internet reaches web on TCP port 80 through nlb.",
    ),
    (
        "client_address",
        "load_balancer",
        {**FROM_VPC, "targetGroups": {"tg": {"targetType": "ip", "preserveClientIp": True}}},
        "TARGET_SG_INBOUND",
        "REACHABLE",
        "The internet reaches web on TCP port 80 through nlb.",
    ),
    ("client_address", "client", FROM_VPC, "REACHABLE", "TARGET_SG_INBOUND", SEEN),
    (
        "target_port",
        "listener",
        {"securityGroups": {"sg-task": {"ingress": ["8080 from sg-alb"]}}, "tasks": {"web": {"containerPort": 8080}}},
        "REACHABLE",
        "TARGET_SG_INBOUND",
        (
            "sg-task on the network interface of web does not admit alb, which carries sg-alb, on TCP port 80: inbound "
            "there is “8080 from sg-alb”."
        ),
    ),
    (
        "puller",
        "task",
        {"taskStart": "web", "tasks": {"web": {**ON_EC2, "subnet": "isolated-a"}}},
        "START_OK",
        "ecr.api:NO_ROUTE",
        (
            "web in isolated-a does not reach ecr.api: its route table has no way out, and no endpoint of ecr.api "
            "serves it."
        ),
    ),
    (
        "endpoint_groups",
        "ignored",
        {
            "from": "web",
            "to": "logs",
            "securityGroups": {"sg-closed": {}},
            "vpcEndpoints": {"logs": {"securityGroups": ["sg-closed"]}},
        },
        "ENDPOINT_SG_INBOUND",
        "VIA_ENDPOINT",
        "web reaches logs through its VPC endpoint.",
    ),
    (
        "agent_ports",
        "free",
        {"networkMode": "bridge", "portMappings": [{"containerPort": 22, "hostPort": 22}]},
        "HOST_PORT_RESERVED",
        "OK",
        "EC2 has the network mode bridge, and the task is placed.",
    ),
    (
        "awsvpc_ports",
        "instance",
        {"networkMode": "awsvpc", "instanceType": "c5.large", "portMappings": [{"containerPort": 80}], "count": 2},
        "OK",
        "RESOURCE:PORTS",
        (
            "Task 2 needs TCP host port 80, and the instance is already using a port required by your task; hostPort 0 "
            "deals every task a port of its own."
        ),
    ),
]


@pytest.mark.parametrize(("rule", "value", "document", "truth", "believed", "message"), CASES)
def test_a_belief_changes_the_answer(
    rule: str, value: str, document: dict[str, Any], truth: str, believed: str, message: str
) -> None:
    assert network_answer(document)["code"] == truth
    answer = network_answer(document, rules_from_dict({rule: value}))
    assert (answer["code"], answer["message"]) == (believed, message)


@pytest.mark.parametrize(
    ("document", "kind", "at", "group"),
    [
        ({}, "loadBalancer", "alb", "sg-alb"),
        # The client's answer leaves by sg-alb, too, to a port that no rule of it names.
        (
            {"securityGroups": {"sg-alb": {"ingress": TWO_OF_EPHEMERAL, "egress": ["80 to sg-task"]}}},
            "loadBalancer",
            "alb",
            "sg-alb",
        ),
        (
            {"securityGroups": {"sg-alb": {"ingress": TWO_OF_EPHEMERAL}, "sg-task": {"egress": []}}},
            "taskInterface",
            "web",
            "sg-task",
        ),
        (
            {
                "from": {"ip": "10.0.1.77", "securityGroups": ["sg-x"]},
                "to": "web",
                "securityGroups": {"sg-x": {}, "sg-task": {"ingress": ["80 from sg-x"], "egress": []}},
            },
            "taskInterface",
            "web",
            "sg-task",
        ),
        ({"from": "web", "to": "dynamodb"}, "taskInterface", "web", "sg-task"),
        (
            {
                "from": "i-1",
                "to": "ecs",
                "securityGroups": {"sg-instance": {"egress": ["443 to 0.0.0.0/0"]}},
            },
            "instanceInterface",
            "i-1",
            "sg-instance",
        ),
    ],
)
def test_without_state_a_reply_needs_a_rule_where_it_leaves_and_where_it_arrives(
    document: dict[str, Any], kind: str, at: str, group: str
) -> None:
    assert network_answer(document)["reachable"]
    answer = network_answer(document, rules_from_dict({"filtering": "stateless"}))
    last = answer["path"][-1]
    assert (answer["code"], answer["blockedBy"], answer["where"]) == ("REPLY_BLOCKED", group, f"{at}, the reply")
    assert (last["kind"], last["at"], last["verdict"], last["sentence"]) == (kind, at, "blocked", answer["message"])
    assert answer["message"].startswith(f"{group} has no rule for the reply")
    assert answer["fix"] is None, "no rule mends what is only believed"


def test_without_state_rules_for_the_replies_let_them_through() -> None:
    opened = {"securityGroups": {"sg-alb": {"ingress": TWO_OF_EPHEMERAL}}}
    assert network_answer(opened, rules_from_dict({"filtering": "stateless"}))["reachable"]
    only_back = {"securityGroups": {**opened["securityGroups"], "sg-task": {"egress": ["1024-65535 to sg-alb"]}}}
    assert network_answer(only_back, rules_from_dict({"filtering": "stateless"}))["reachable"]


def test_every_rule_has_a_case() -> None:
    assert {case[0] for case in CASES} == {field.name for field in fields(NetworkRules)}


def test_rules_go_through_their_document_form() -> None:
    for rule, value, *_ in CASES:
        assert rules_to_dict(rules_from_dict({rule: value})) == {rule: value}


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"filter": "stateless"}, "did you mean “filtering”?"),
        ({"puller": "agent"}, 'rules.puller must be by_launch_type or task, not "agent".'),
    ],
)
def test_rules_that_do_not_exist_are_refused(document: dict[str, str], told: str) -> None:
    with pytest.raises(InputError) as error:
        rules_from_dict(document)
    assert told in str(error.value)
