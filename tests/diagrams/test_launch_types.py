"""Launch types drawn: who holds which layer, what remains, and what is cheapest."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.launch_types import launch_types_diagram
from diagrams.model import Diagram
from diagrams.svg import to_svg
from simulator.launch_types.presets import PRESETS
from simulator.subjects import answer

SCENARIOS = {preset.id: preset.scenario for preset in PRESETS}
MORE = {"feature": {"feature": "GPU"}, "option": {"launchType": "FARGATE_SPOT"}}


def draw(document: Any) -> Diagram:
    return launch_types_diagram(answer("launch_types", document))


@pytest.mark.parametrize("name", [*SCENARIOS, *MORE])
def test_an_answer_has_its_three_faces(name: str) -> None:
    diagram = draw({**SCENARIOS, **MORE}[name])
    picks = {one.get("data-pick") for one in ET.fromstring(to_svg(diagram)).iter() if one.get("data-pick")}
    assert picks == {part.id for part in (*diagram.groups, *diagram.nodes)}
    assert to_dot(diagram).startswith("digraph {")
    text = to_text(diagram)
    for node in diagram.nodes:
        assert node.label in text
        assert len(node.label) <= 30
        assert node.explanation.endswith(".")


def test_columns_of_layers_say_who_holds_them() -> None:
    diagram = draw(SCENARIOS["who-does-what"])
    assert [group.label for group in diagram.groups] == ["EC2", "Fargate, Spot", "Managed Instances", "External"]
    assert [group.explanation for group in diagram.groups] == [
        "EC2: 5 of 7 layers are yours.",
        "Fargate: 1 of 7 layers are yours.",
        "Managed Instances: 1 of 7 layers are yours.",
        "External: 6 of 7 layers are yours.",
    ]
    mine = {node.id for node in diagram.nodes if node.detail == "you"}
    assert mine == {node.id for node in diagram.nodes if node.state == "chosen"}
    assert "EC2 OPERATING_SYSTEM" in mine
    assert "FARGATE OPERATING_SYSTEM" not in mine
    assert "EXTERNAL HARDWARE" in mine
    assert len(diagram.edges) == 4 * 6


def test_a_choice_marks_what_remains_and_blocks_the_rest() -> None:
    diagram = draw(SCENARIOS["gpu-hands-off"])
    assert {edge.target: edge.state for edge in diagram.edges} == {
        "MANAGED_INSTANCES": "active",
        "EC2": "blocked",
        "FARGATE": "blocked",
        "FARGATE_SPOT": "blocked",
        "EXTERNAL": "blocked",
    }
    said = {node.id: (node.state, node.explanation) for node in diagram.nodes}
    assert said["FARGATE"] == ("refused", "Fargate does not support GPUs. gpu is invalid in the task definition.")
    assert said["MANAGED_INSTANCES"] == ("chosen", "It can do all of it.")
    unsure = draw({"needs": ["ON_PREMISES", "GPU"]})
    assert {edge.target: edge.state for edge in unsure.edges}["EXTERNAL"] == ""
    assert {node.id: node.state for node in unsure.nodes}["EXTERNAL"] == "starting"


def test_bills_mark_the_cheapest_and_set_the_unknown_apart() -> None:
    diagram = draw(SCENARIOS["small-service"])
    cards = {node.id: (node.label, node.detail, node.group, node.state) for node in diagram.nodes}
    assert cards["FARGATE X86_64"] == ("Fargate", "$90.10", "known", "")
    assert cards["FARGATE ARM64"] == ("Fargate ARM", "$72.09", "known", "chosen")
    assert cards["FARGATE_SPOT X86_64"] == ("Spot", "$27 to 90", "known", "")
    assert cards["EC2"] == ("EC2", "$116.80", "known", "")
    assert cards["MANAGED_INSTANCES"] == ("Managed", "not known", "unknown", "starting")
    assert [(edge.target, edge.label, edge.state) for edge in diagram.edges] == [
        ("FARGATE ARM64", "cheapest", "active"),
        ("unknown", "", ""),
    ]


def test_one_place_with_its_features() -> None:
    found = {node.id: node.state for node in draw(MORE["option"]).nodes}
    assert (found["GPU"], found["ARM"], found["GATEWAY_LOAD_BALANCER"]) == ("refused", "healthy", "starting")
    assert {node.id: node.state for node in draw(MORE["feature"]).nodes} == {
        "EC2": "healthy",
        "FARGATE": "refused",
        "FARGATE_SPOT": "refused",
        "MANAGED_INSTANCES": "healthy",
        "EXTERNAL": "starting",
    }
