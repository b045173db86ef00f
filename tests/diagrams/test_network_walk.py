"""The films of the network: a packet that walks and stops, the calls of a start, interfaces and ports that run out."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given, settings

from diagrams.film import Film, encode
from diagrams.network_places import along, downward
from diagrams.network_ports import ports_film
from diagrams.network_sockets import sockets_film
from diagrams.network_start import describe_start, start_film
from diagrams.network_walk import describe, walk_film
from simulator.network import Fit, Reach, examine
from simulator.network.path import path_of
from simulator.network.presets import PRESETS
from tests.simulator.network.worlds import questions, vpcs

SLIP: dict[str, Any] = {"loadBalancers": {"alb": {"securityGroups": ["sg-task"]}}}
NO_WAY: dict[str, Any] = {"taskStart": "web", "tasks": {"web": {"subnet": "isolated-a", "logDriver": "awslogs"}}}


def reach(document: dict[str, Any]) -> Reach:
    found = examine(document)
    assert isinstance(found, Reach)
    return found


def fit(document: dict[str, Any]) -> Fit:
    found = examine(document)
    assert isinstance(found, Fit)
    return found


def walk(document: dict[str, Any], upto: int | None = None) -> Film:
    return walk_film(path_of(reach(document)), title="A packet", ask="How far?", upto=upto)


def shown(film: Film, k: int) -> set[str]:
    """The ids that are to be seen at a step."""
    away: dict[str, bool] = {}
    for frame in film.frames[: k + 1]:
        away |= {name: bool(attributes["hidden"]) for name, attributes in frame.patch.items()}
    return {name for name, hidden in away.items() if not hidden}


def drawn_well(film: Film) -> None:
    """Both drawings are whole, and everything that a step shows is in both."""
    for svg in (film.svg, film.narrow):
        ET.fromstring(svg)
        ids = re.findall(r' id="([^"]+)"', svg)
        assert len(set(ids)) == len(ids)
        assert set().union(*(shown(film, k) for k in range(len(film.frames)))) <= set(ids)
    assert all(frame.caption and frame.text for frame in film.frames)


def test_the_packet_stops_at_the_gate_whose_rules_do_not_admit_it() -> None:
    film = walk(SLIP)
    assert len(film.frames) == 3
    assert {"p0", "p1", "n2", "n5", "r0", "w1"} <= shown(film, 1)
    assert {"s2", "n5", "w2"} <= shown(film, 2)
    assert "r1" not in shown(film, 2), "the way beyond the last place that was passed is not walked"
    assert film.frames[-1].tone == "refused"
    assert "does not admit the internet" in film.frames[-1].caption


def test_the_packet_arrives() -> None:
    film = walk({})
    assert film.frames[-1].tone == "done"
    assert {f"p{at}" for at in range(7)} | {f"r{at}" for at in range(6)} <= shown(film, 5)
    assert not [name for name in shown(film, 5) if name.startswith("s")]


def test_before_the_bet_nothing_of_a_later_step_is_sent() -> None:
    whole, first = walk(SLIP), walk(SLIP, upto=0)
    assert [frame.caption for frame in first.frames] == ["How far?"]
    sent = encode(first)
    assert not [name for name in ("s2", "p1", "w1", "w2") if f'id=\\"{name}\\"' in sent]
    assert not [frame.caption for frame in whole.frames[1:] if frame.caption in sent]


def test_the_text_says_of_each_rule_what_it_did() -> None:
    path = path_of(reach({}))
    assert describe(path, 2).splitlines()[:6] == [
        "The packet: TCP 80 from 10.0.1.10 · sg-alb.",
        "passed  Internet, 203.0.113.7",
        "passed  Internet gateway",
        "passed  sg-alb, inbound, on alb (public-a · public-b)",
        "          ✓ 80 from 0.0.0.0/0",
        "            443 from 0.0.0.0/0",
    ]
    stopped = describe(path_of(reach(SLIP)), 2)
    assert "STOPPED sg-task, inbound, on alb (public-a · public-b)\n          ✕ 80 from sg-alb" in stopped


def test_every_rule_and_every_place_can_be_chosen() -> None:
    film = walk({})
    for svg in (film.svg, film.narrow):
        picks = re.findall(r'data-pick="([^"]+)"', svg)
        assert len(set(picks)) == len(picks)
        assert {"spot alb", "spot ingress web", "rule sg-task ingress 0", "rule sg-alb ingress 1"} <= set(picks)


def test_places_do_not_overlap_and_lie_inside() -> None:
    for preset in PRESETS[:-1]:
        spots = path_of(reach(dict(preset.scenario))).spots
        for places in (along(spots), downward(spots)):
            boxes = [cell.sign if cell.spot.is_gate else cell.card for cell in places.cells]
            for at, box in enumerate(boxes):
                assert box.x >= 0
                assert box.right <= places.width
                assert box.bottom <= places.height
                assert not any(box.meets(other) for other in boxes[at + 1 :])


def test_the_first_call_that_is_stopped_ends_the_start() -> None:
    found = reach(NO_WAY)
    film = start_film(found, title="Start", ask="What fails first?")
    drawn_well(film)
    assert [frame.mark for frame in film.frames] == ["before the first call", "ecr.api"]
    assert film.frames[-1].tone == "refused"
    assert describe_start(found, 1).splitlines()[1].startswith("ahead    ecr.dkr")
    whole = start_film(
        reach({**NO_WAY, "vpcEndpoints": {"ecr.api": {}, "ecr.dkr": {}, "s3": {}, "logs": {}}}), title="S", ask="?"
    )
    drawn_well(whole)
    assert whole.frames[-1].tone == "done"
    assert "Everything that web needs to start is reached." in whole.frames[-1].caption


def test_a_start_before_the_bet_shows_no_way() -> None:
    first = start_film(reach(NO_WAY), title="Start", ask="What fails first?", upto=0)
    assert len(first.frames) == 1
    for word in ("no route", "NAT gateway", "endpoint", "✕"):
        assert word not in encode(first)


def test_tasks_take_interfaces_until_none_is_left() -> None:
    film = sockets_film(fit({"networkMode": "awsvpc", "instanceType": "c5.large", "count": 5}), title="ENIs", ask="?")
    drawn_well(film)
    assert [frame.tone for frame in film.frames] == ["", "", "", "refused"]
    assert "gets an interface of its own: 2 of 2" in film.frames[2].caption
    assert film.svg.count('class="socket"') == 2
    shared = sockets_film(
        fit({"networkMode": "bridge", "portMappings": [{"containerPort": 80}], "count": 40}), title="Ports", ask="?"
    )
    drawn_well(shared)
    assert "16 more are to come" in shared.frames[-1].caption
    refused = sockets_film(fit({"launchType": "FARGATE", "networkMode": "bridge"}), title="No", ask="?")
    drawn_well(refused)
    assert (len(refused.frames), refused.frames[-1].tone) == (2, "refused")


def test_dynamic_ports_are_reached_where_the_group_opens_them() -> None:
    film = ports_film(reach(bridge(["49153-65535 from sg-alb"], (32800, 50000))), title="Ports", ask="?")
    drawn_well(film)
    assert [frame.tone for frame in film.frames] == ["", "refused", "done"]
    assert film.frames[-1].caption.startswith("1 of 2 tasks are reached.")
    everything = ports_film(reach(bridge(["all from sg-alb"], (32800,))), title="Ports", ask="?")
    assert re.search(r'class="span opened" x="196" y="[\d.]+" width="680"', everything.svg)


def bridge(rules: list[str], ports: tuple[int, ...]) -> dict[str, Any]:
    task = {"launchType": "EC2", "networkMode": "bridge", "hostPort": 0}
    return {
        "securityGroups": {"sg-host": {"ingress": rules}},
        "instances": {"i-1": {"securityGroups": ["sg-host"]}},
        "tasks": {f"web-{port}": {**task, "networkBindings": [{"hostPort": port}]} for port in ports},
    }


@pytest.mark.parametrize("preset", [one for one in PRESETS if one.id != "interfaces"], ids=lambda one: one.id)
def test_each_preset_is_drawn(preset) -> None:
    drawn_well(walk(dict(preset.scenario)))


@settings(max_examples=30, deadline=None)
@given(vpcs(), questions)
def test_every_way_can_be_drawn(vpc: dict[str, Any], question: dict[str, Any]) -> None:
    found = reach({**vpc, **question})
    drawn_well(walk_film(path_of(found), title="A packet", ask="How far?"))
    if found.start:
        drawn_well(start_film(found, title="Start", ask="?"))
