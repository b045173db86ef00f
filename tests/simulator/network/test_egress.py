"""Calls out of the VPC: the way, the interface, endpoints, and a task's start."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.network.subjects import network_answer

ENDPOINTS = {"ecr.api": {}, "ecr.dkr": {}, "s3": {}}


def asked(document: dict[str, Any], to: str = "dynamodb") -> dict[str, Any]:
    return network_answer({"from": "web", "to": to, **document})


def test_the_ways_out() -> None:
    nat = asked({})
    assert (nat["code"], nat["message"]) == ("VIA_NAT", "web reaches dynamodb through the NAT gateway.")
    assert [hop["sentence"] for hop in nat["path"]] == [
        "sg-task lets web open TCP port 443 to dynamodb.",
        "The route table of private-a sends it to nat, which stands in the public public-a.",
    ]
    igw = asked({"tasks": {"web": {"subnet": "public-a", "assignPublicIp": "ENABLED"}}})
    assert igw["path"][1]["sentence"] == "web has a public address, and public-a a route to the internet gateway."
    assert igw["message"] == "web reaches dynamodb through the internet gateway."
    gateway = asked({"vpcEndpoints": {"dynamodb": {}}})
    assert (
        gateway["path"][1]["sentence"]
        == "The route table of private-a sends pl-dynamodb to the gateway endpoint of dynamodb."
    )
    interface = asked({"vpcEndpoints": {"logs": {}}}, "logs")
    assert interface["path"][1]["sentence"] == (
        "The interface endpoint of logs takes the call inside the VPC; sg-ep admits it."
    )
    assert interface["message"] == "web reaches logs through its VPC endpoint."


@pytest.mark.parametrize(
    ("document", "code", "by", "message"),
    [
        (
            {"tasks": {"web": {"subnet": "isolated-a"}}},
            "NO_ROUTE",
            "isolated-a",
            (
                "web in isolated-a does not reach dynamodb: its route table has no way out, and "
                "no endpoint of dynamodb serves it."
            ),
        ),
        (
            {"natGateways": {"nat": {"subnet": "private-b"}}},
            "NO_ROUTE",
            "nat",
            (
                "web in private-a does not reach dynamodb: its route leads to nat, which stands "
                "in private-b, where no route leads "
                "to an internet gateway, and no endpoint of dynamodb serves it."
            ),
        ),
        (
            {"internetGateway": False},
            "NO_ROUTE",
            "nat",
            (
                "web in private-a does not reach dynamodb: its route leads to nat, and the VPC "
                "has no internet gateway, and no "
                "endpoint of dynamodb serves it."
            ),
        ),
        (
            {"internetGateway": False, "tasks": {"web": {"subnet": "public-a"}}},
            "NO_ROUTE",
            "public-a",
            (
                "web in public-a does not reach dynamodb: its route leads to an internet "
                "gateway, and the VPC has none, and no "
                "endpoint of dynamodb serves it."
            ),
        ),
        (
            {"tasks": {"web": {"subnet": "public-a"}}},
            "NO_PUBLIC_IP",
            "task web",
            "public-a is public, but web has no public address: assignPublicIp is DISABLED.",
        ),
        (
            {"tasks": {"web": {"subnet": "public-a", "launchType": "EC2", "networkMode": "awsvpc"}}},
            "NO_PUBLIC_IP",
            "task web",
            "public-a is public, but web has no public address: only Fargate gives a task's network interface one.",
        ),
        (
            {"tasks": {"web": {"launchType": "EC2"}}, "instances": {"i-1": {"subnet": "public-a"}}},
            "NO_PUBLIC_IP",
            "instance i-1",
            "public-a is public, but i-1 has no public address: the instance has none.",
        ),
        (
            {"securityGroups": {"sg-task": {"egress": []}}},
            "SG_OUTBOUND",
            "sg-task",
            "sg-task on web lets nothing out to dynamodb on TCP port 443: there is no outbound rule at all.",
        ),
        (
            {"securityGroups": {"sg-task": {"egress": ["443 to 10.0.0.0/16"]}}, "vpcEndpoints": {"dynamodb": {}}},
            "SG_OUTBOUND",
            "sg-task",
            (
                "sg-task on web lets nothing out to the prefix list pl-dynamodb of dynamodb on "
                "TCP port 443: outbound there is "
                "“443 to 10.0.0.0/16”."
            ),
        ),
        (
            {"tasks": {"web": {"launchType": "EC2", "networkMode": "none"}}},
            "NO_NETWORK",
            "task web",
            "The containers of web have the network mode none: they have no connection to the outside.",
        ),
        (
            {"tasks": {"web": {"networkMode": "bridge"}}},
            "NETWORK_MODE_UNSUPPORTED",
            "task web",
            "FARGATE does not have the network mode bridge; it has awsvpc.",
        ),
    ],
)
def test_what_holds_a_call_back(document: dict[str, Any], code: str, by: str, message: str) -> None:
    answer = asked(document)
    assert (answer["code"], answer["blockedBy"], answer["message"]) == (code, by, message)


def test_an_endpoint_has_its_own_group() -> None:
    closed = {"securityGroups": {"sg-x": {}}, "vpcEndpoints": {"logs": {"securityGroups": ["sg-x"]}}}
    answer = asked(closed, "logs")
    assert answer["code"] == "ENDPOINT_SG_INBOUND"
    assert answer["where"] == "the endpoint of logs, inbound"
    assert answer["message"] == (
        "sg-x on the endpoint of logs does not admit web on TCP port 443: there is no inbound rule at all."
    )
    assert answer["fix"]["sentence"] == "Add to sg-x the inbound rule “443 from sg-task”."
    members = {"vpcEndpoints": {"logs": {"securityGroups": []}}}
    assert asked(members, "logs")["blockedBy"] == "default"


def test_an_endpoint_that_is_there_may_not_help() -> None:
    isolated = {"tasks": {"web": {"subnet": "isolated-a"}}}
    silent = asked({**isolated, "vpcEndpoints": {"logs": {"privateDnsEnabled": False}}}, "logs")
    assert silent["notes"] == ["The endpoint of logs has no private DNS, so its name still means the public address."]
    assert silent["fix"]["changes"][0]["path"] == "/vpcEndpoints/logs/privateDnsEnabled"
    elsewhere = asked({**isolated, "vpcEndpoints": {"s3": {"subnets": ["private-a"]}}}, "s3")
    assert elsewhere["notes"] == ["The gateway endpoint of s3 is not in the route table of isolated-a."]
    assert elsewhere["fix"]["changes"][0]["value"] == ["private-a", "isolated-a"]
    layers = {**isolated, "vpcEndpoints": {**ENDPOINTS, "s3": {"vpcEndpointType": "Interface"}}}
    assert asked(layers, "s3")["code"] == "VIA_ENDPOINT"
    start = network_answer({**layers, "taskStart": "web"})
    assert start["code"] == "s3:NO_ROUTE"
    assert (
        start["notes"][0]
        == "An interface endpoint of S3 does not serve the layers of ECR images; a gateway endpoint does."
    )
    assert network_answer({**layers, "from": "web", "to": "s3", "actor": "agent"})["code"] == "NO_ROUTE"


@pytest.mark.parametrize(
    ("task", "services"),
    [
        ({}, ["ecr.api", "ecr.dkr", "s3"]),
        ({"secrets": ["ssm", "kms"], "logDriver": "awslogs"}, ["ssm", "kms", "ecr.api", "ecr.dkr", "s3", "logs"]),
        ({"image": "docker-hub"}, ["internet"]),
        ({"image": "ecr-public", "logDriver": "awslogs"}, ["internet", "logs"]),
        ({"platformVersion": "1.3.0", "secrets": ["ssm"], "logDriver": "awslogs"}, ["ecr.dkr", "s3", "logs"]),
        ({"platformVersion": "LATEST", "secrets": ["ssm"]}, ["ssm", "ecr.api", "ecr.dkr", "s3"]),
        ({"platformVersion": "1.4.1", "logDriver": "awsfirelens"}, ["ecr.api", "ecr.dkr", "s3"]),
    ],
)
def test_what_a_start_needs(task: dict[str, Any], services: list[str]) -> None:
    answer = network_answer({"taskStart": "web", "tasks": {"web": task}})
    assert answer["code"] == "START_OK"
    assert answer["message"] == "Everything that web needs to start is reached."
    assert [call["service"] for call in answer["calls"]] == services
    assert answer["symptom"] is None
    assert answer["notes"] == [
        "The order of the calls (secrets, image, log driver) is a convention of ours; AWS's is undocumented."
    ]


@pytest.mark.parametrize(
    ("missing", "begins"),
    [
        (
            "ecr.api",
            "The task stops with ResourceInitializationError: unable to pull secrets or registry auth, which ends in",
        ),
        ("secretsmanager", "The task stops with ResourceInitializationError: unable to pull secrets or registry auth"),
        ("ecr.dkr", "The task stops with CannotPullContainerError, which ends in an i/o timeout"),
        ("s3", "The task stops with CannotPullContainerError"),
        ("logs", "The task stops with ResourceInitializationError about the log driver, which ends in an i/o timeout"),
    ],
)
def test_the_error_of_a_start(missing: str, begins: str) -> None:
    there = {**ENDPOINTS, "logs": {}, "secretsmanager": {}}
    del there[missing]
    task = {"subnet": "isolated-a", "logDriver": "awslogs", "secrets": ["secretsmanager"]}
    answer = network_answer({"taskStart": "web", "tasks": {"web": task}, "vpcEndpoints": there})
    assert answer["code"] == f"{missing}:NO_ROUTE"
    assert answer["symptom"].startswith(begins)
    assert answer["calls"][-1] == {"service": missing, "code": "NO_ROUTE", "message": answer["message"]}


def test_who_opens_the_connection() -> None:
    vpc = {"tasks": {"web": {"launchType": "EC2", "networkMode": "awsvpc", "subnet": "isolated-a"}}}
    assert network_answer({**vpc, "from": "web", "to": "logs", "actor": "agent"})["path"][0]["at"] == "i-1"
    assert network_answer({**vpc, "from": "web", "to": "logs"})["code"] == "NO_ROUTE"
    assert network_answer({**vpc, "from": "i-1", "to": "ecs"})["code"] == "VIA_NAT"
    managed = {"tasks": {"web": {"launchType": "MANAGED_INSTANCES", "networkMode": "awsvpc"}}, "taskStart": "web"}
    assert network_answer(managed)["notes"][1].startswith("Open: which interface pulls images on Managed Instances")
    assert network_answer({"from": "web", "to": "internet", "port": 5432})["path"][0]["sentence"] == (
        "sg-task lets web open TCP port 5432 to the internet."
    )
