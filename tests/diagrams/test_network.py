"""The network's architecture: drawn from the answer, true to it, in three faces."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given, settings

from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.model import Diagram
from diagrams.network import network_diagram
from diagrams.svg import to_svg
from simulator.network import examine
from simulator.network.presets import PRESETS
from simulator.network.subjects import network_answer
from simulator.preset import Preset
from tests.simulator.network.worlds import questions, vpcs


def drawn(document: dict[str, Any]) -> Diagram:
    return network_diagram(examine(document))


def blocked(diagram: Diagram) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.target, edge.label) for edge in diagram.edges if edge.state == "blocked"}


@pytest.mark.parametrize("preset", PRESETS, ids=[one.id for one in PRESETS])
def test_three_faces_say_the_verdict(preset: Preset) -> None:
    diagram = network_diagram(examine(preset.scenario))
    code = network_answer(preset.scenario)["code"]
    ET.fromstring(to_svg(diagram))
    for face in (to_svg(diagram), to_dot(diagram), to_text(diagram)):
        assert code.split(":")[-1] in face or code == "RESOURCE:ENI"
    assert all(part.explanation for part in (*diagram.nodes, *diagram.groups))
    assert all(len(node.label) <= 22 and len(node.detail) <= 22 for node in diagram.nodes)
    assert bool(blocked(diagram)) is (code not in ("REACHABLE", "START_OK"))


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ({}, set()),
        (
            {"loadBalancers": {"alb": {"securityGroups": ["sg-task"]}}},
            {("igw", "balancer alb public-a", "LB_SG_INBOUND"), ("igw", "balancer alb public-b", "LB_SG_INBOUND")},
        ),
        ({"tasks": {"web": {"securityGroups": ["sg-ep"]}}}, {("target group tg", "task web", "TARGET_SG_INBOUND")}),
        ({"tasks": {"web": {"listens": 0}}}, {("target group tg", "task web", "APP_NOT_LISTENING")}),
        (
            {"loadBalancers": {"alb": {"subnets": ["private-a", "private-b"]}}},
            {("internet", "igw", "LB_SUBNET_NOT_PUBLIC")},
        ),
        (
            {"targetGroups": {"tg": {"targetType": "instance"}}},
            {
                ("balancer alb public-a", "target group tg", "TARGET_TYPE_MISMATCH"),
                ("balancer alb public-b", "target group tg", "TARGET_TYPE_MISMATCH"),
            },
        ),
        ({"to": "web", "tasks": {"web": {"subnet": "public-a"}}}, {("igw", "task web", "NO_PUBLIC_IP")}),
        (
            {"to": "web", "tasks": {"web": {"assignPublicIp": "ENABLED"}}},
            {("internet", "igw", "NO_IGW_ROUTE")},
        ),
        ({"from": "i-1", "to": "web"}, {("instance i-1 itself", "task web", "TARGET_SG_INBOUND")}),
        ({"from": "web", "to": "dynamodb"}, set()),
        (
            {"from": "web", "to": "dynamodb", "natGateways": {"nat": {"subnet": "private-a"}}},
            {("task web", "nat nat", "NO_ROUTE")},
        ),
        (
            {"from": "web", "to": "s3", "tasks": {"web": {"subnet": "isolated-a"}}},
            {("task web", "service s3", "NO_ROUTE")},
        ),
        ({"taskStart": "web", "tasks": {"web": {"subnet": "public-a"}}}, {("task web", "igw", "NO_PUBLIC_IP")}),
        (
            {
                "from": "web",
                "to": "logs",
                "securityGroups": {"sg-x": {}},
                "vpcEndpoints": {"logs": {"securityGroups": ["sg-x"]}},
            },
            {("task web", "endpoint logs", "ENDPOINT_SG_INBOUND")},
        ),
    ],
)
def test_the_edge_that_is_blocked(document: dict[str, Any], where: set[tuple[str, str, str]]) -> None:
    assert blocked(drawn(document)) == where


def test_the_place_that_blocks_says_why() -> None:
    diagram = drawn({"loadBalancers": {"alb": {"securityGroups": ["sg-task"]}}})
    states = {node.id: node.state for node in diagram.nodes}
    assert states["balancer alb public-a"] == states["balancer alb public-b"] == "refused"
    assert states["task web"] == "failed"
    told = {node.id: node.explanation for node in diagram.nodes}
    assert "which does not admit the internet on TCP port 80" in told["balancer alb public-a"]
    assert told["task web"].endswith("Its health check finds it unhealthy (Target.Timeout).")
    assert [group.label for group in diagram.groups] == [
        "VPC",
        "public-a · AZ a",
        "public-b · AZ b",
        "private-a · AZ a",
    ]


def test_the_way_is_in_use_as_far_as_it_leads() -> None:
    diagram = drawn({"from": "web", "to": "dynamodb"})
    assert [(edge.source, edge.target, edge.state) for edge in diagram.edges] == [
        ("task web", "nat nat", "active"),
        ("nat nat", "igw", "active"),
        ("igw", "service dynamodb", "active"),
    ]


def test_across_a_page_a_blocked_road_bears_a_cross() -> None:
    wide = network_diagram(examine({"loadBalancers": {"alb": {"securityGroups": ["sg-task"]}}}), direction="right")
    assert (wide.direction, {label for *_, label in blocked(wide)}) == ("right", {"✕"})
    assert wide.title.startswith("LB_SG_INBOUND")
    assert network_diagram(examine({})).direction == "down"


def test_a_task_stands_on_its_instance() -> None:
    diagram = drawn({"tasks": {"web": {"launchType": "EC2"}}})
    groups = {group.id: group.parent for group in diagram.groups}
    assert groups["instance i-1"] == "subnet private-a"
    assert {node.id: node.group for node in diagram.nodes}["task web"] == "instance i-1"


def test_interfaces_of_an_instance() -> None:
    diagram = drawn({"networkMode": "awsvpc", "instanceType": "c5.large", "awsvpcTrunking": True, "count": 11})
    assert diagram.title == "RESOURCE:ENI: awsvpc tasks on one c5.large"
    assert sum(node.state == "healthy" for node in diagram.nodes) == 10
    assert blocked(diagram) == {("scheduler", "refused", "RESOURCE:ENI")}
    many = drawn({"networkMode": "bridge", "portMappings": [{"containerPort": 80}], "count": 40})
    assert [node.label for node in many.nodes][-1] == "28 more"
    refused = drawn({"launchType": "FARGATE", "networkMode": "bridge"})
    assert blocked(refused) == {("scheduler", "refused", "NETWORK_MODE_UNSUPPORTED")}


@settings(max_examples=30, deadline=None)
@given(vpcs(), questions)
def test_every_answer_can_be_drawn(vpc: dict[str, Any], question: dict[str, Any]) -> None:
    document = {**vpc, **question}
    diagram = drawn(document)
    to_dot(diagram)
    to_text(diagram)
    to_svg(diagram)
    assert bool(blocked(diagram)) is not network_answer(document)["reachable"]
