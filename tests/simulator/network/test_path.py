"""The packet's way, place by place: it agrees with the verdict, and each rule says what it does to this packet."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from simulator.network import RULES, examine
from simulator.network.egress import START_OK
from simulator.network.finding import Reach
from simulator.network.path import Path, call_path, parting, path_of
from simulator.network.presets import PRESETS
from simulator.network.rules import Filtering, NetworkRules
from tests.simulator.network.worlds import questions, vpcs

GROUPS = ("LB_SG_INBOUND", "LB_SG_OUTBOUND", "TARGET_SG_INBOUND", "SG_OUTBOUND", "ENDPOINT_SG_INBOUND")


def path(document: dict[str, Any], rules: NetworkRules = RULES) -> Path:
    found = examine(document, rules)
    assert isinstance(found, Reach)
    return path_of(found, rules)


def stops_at(document: dict[str, Any]) -> str:
    way = path(document)
    stop = way.steps[-1].stop
    return "arrives" if stop is None else way.spots[stop].id


@pytest.mark.parametrize(
    ("document", "where"),
    [
        ({}, "arrives"),
        ({"loadBalancers": {"alb": {"securityGroups": ["sg-task"]}}}, "ingress alb"),
        ({"tasks": {"web": {"securityGroups": ["sg-ep"]}}}, "ingress web"),
        ({"tasks": {"web": {"listens": 3000}}}, "web"),
        ({"targetGroups": {"tg": {"targetType": "instance"}}}, "tg"),
        ({"loadBalancers": {"alb": {"subnets": ["private-a", "private-b"]}}}, "igw"),
        ({"loadBalancers": {"alb": {"listeners": ["HTTPS:443"]}}}, "alb"),
        (
            {
                "securityGroups": {"sg-out": {"ingress": ["80 from 0.0.0.0/0"], "egress": ["81 to sg-task"]}},
                "loadBalancers": {"alb": {"securityGroups": ["sg-out"]}},
            },
            "egress alb",
        ),
        ({"to": "web", "tasks": {"web": {"subnet": "public-a"}}}, "igw"),
        ({"to": "web", "tasks": {"web": {"subnet": "public-a", "assignPublicIp": "ENABLED"}}}, "ingress web"),
        ({"from": "web", "to": "dynamodb"}, "arrives"),
        ({"from": "web", "to": "dynamodb", "natGateways": {"nat": {"subnet": "private-a"}}}, "nat nat"),
        ({"from": "web", "to": "s3", "tasks": {"web": {"subnet": "isolated-a"}}}, "route isolated-a"),
        ({"from": "web", "to": "s3", "tasks": {"web": {"subnet": "public-a"}}}, "igw"),
        (
            {
                "from": "web",
                "to": "logs",
                "securityGroups": {"sg-x": {}},
                "vpcEndpoints": {"logs": {"securityGroups": ["sg-x"]}},
            },
            "ingress logs",
        ),
        ({"from": "i-1", "to": "web"}, "ingress web"),
        ({"from": "alb", "to": "web", "tasks": {"web": {"securityGroups": ["sg-ep"]}}}, "ingress web"),
    ],
)
def test_where_the_packet_stops(document: dict[str, Any], where: str) -> None:
    assert stops_at(document) == where


def test_the_label_changes_where_the_sender_does() -> None:
    way = path({})
    labels = [step.label for step in way.steps]
    assert labels[0] == labels[1] == ("TCP 80", "from 203.0.113.7")
    assert labels[2] == labels[-1] == ("TCP 80", "from 10.0.1.10 · sg-alb")
    assert way.sent == "TCP 80 from 203.0.113.7"
    kept = path({"loadBalancers": {"nlb": {"type": "network"}}, "targetGroups": {"tg": {"preserveClientIp": True}}})
    assert {step.label for step in kept.steps} == {("TCP 80", "from 203.0.113.7")}
    out = path({"from": "web", "to": "dynamodb"})
    assert [step.label[1] for step in out.steps] == ["from 10.0.2.20"] * 2 + ["from the NAT gateway"] * 2


def test_each_rule_says_whether_it_lets_this_packet_through() -> None:
    (gate,) = (spot for spot in path({}).spots if spot.id == "ingress alb")
    assert [(line.told, line.admits) for line in gate.lines] == [
        ("80 from 0.0.0.0/0", True),
        ("443 from 0.0.0.0/0", False),
    ]
    halves = {"sg-both": {"ingress": ["32768-50000 from sg-alb", "50001-61000 from sg-alb", "80 from sg-alb"]}}
    together = path(
        {
            "securityGroups": halves,
            "instances": {"i-1": {"securityGroups": ["sg-both"]}},
            "tasks": {"web": {"launchType": "EC2"}},
        }
    )
    (gate,) = (spot for spot in together.spots if spot.id == "ingress web")
    assert [line.admits for line in gate.lines] == [True, True, False]
    assert gate.facts == ("inbound, on i-1",), "the rules of an instance guard a bridge task"


def test_a_start_has_a_path_for_each_call() -> None:
    found = examine({"taskStart": "web", "tasks": {"web": {"subnet": "isolated-a"}}, "vpcEndpoints": {"ecr.api": {}}})
    assert isinstance(found, Reach)
    assert found.start is not None
    ends = {service: call_path(found, service, verdict).steps[-1].stop for service, verdict in found.start.calls}
    assert ends == {"ecr.api": None, "ecr.dkr": 2}


def test_two_runs_part_where_one_is_stopped() -> None:
    one = path({})
    other = path({"tasks": {"web": {"securityGroups": ["sg-ep"]}}})
    assert parting(one, other) == 3
    assert parting(one, one) is None
    assert parting(one, path({}, NetworkRules(filtering=Filtering.STATELESS))) is not None


@pytest.mark.parametrize("preset", [one for one in PRESETS if one.id != "interfaces"], ids=lambda one: one.id)
def test_every_preset_has_a_path_that_ends_as_its_verdict_does(preset) -> None:
    _agrees(preset.scenario)


@settings(max_examples=120, deadline=None)
@given(vpcs(), questions)
def test_every_path_agrees_with_its_verdict(vpc: dict[str, Any], question: dict[str, Any]) -> None:
    _agrees({**vpc, **question})


def _agrees(document: dict[str, Any]) -> None:
    found = examine(document)
    assert isinstance(found, Reach)
    way = path_of(found)
    last = way.steps[-1]
    assert len({spot.id for spot in way.spots}) == len(way.spots)
    assert (last.stop is None) is found.verdict.reachable
    assert last.said == found.verdict.message or found.verdict.reachable
    if found.verdict.reachable:
        assert last.upto == len(way.spots) - 1
    else:
        assert last.stop is not None
        assert last.stop >= last.upto
        assert way.spots[last.stop].is_gate is (found.verdict.code in GROUPS)
    if found.start:
        assert (found.start.code == START_OK) is (last.stop is None)
    assert all(before.upto <= after.upto for before, after in pairwise(way.steps))
    _gates_agree(way)


def _gates_agree(way: Path) -> None:
    """What was passed was admitted by some rule; what stops the packet admits it by none."""
    last = way.steps[-1]
    for at, spot in enumerate(way.spots):
        if spot.is_gate and at <= last.upto:
            assert any(line.admits for line in spot.lines), spot
        if spot.is_gate and at == last.stop:
            assert not any(line.admits for line in spot.lines), spot
