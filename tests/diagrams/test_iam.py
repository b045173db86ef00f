"""Roles in a picture: who holds which, and which call is refused where."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.iam import iam_diagram, policy_diagram
from diagrams.model import Diagram
from diagrams.svg import to_svg
from simulator.iam.operations import OPERATIONS
from simulator.iam.presets import PRESETS
from simulator.iam.rules import RULES
from simulator.iam.subjects import launch_answer
from simulator.subjects import answer
from tests.simulator.iam.documents import LAUNCHES


def faces(diagram: Diagram) -> str:
    ET.fromstring(to_svg(diagram))
    assert to_dot(diagram)
    assert all(len(node.label) <= 22 for node in diagram.nodes if node.id.startswith(("role", "service", "statement")))
    assert all(part.explanation for part in (*diagram.nodes, *diagram.groups))
    return to_text(diagram)


def drawn(name: str) -> Diagram:
    return iam_diagram(launch_answer(LAUNCHES[name], RULES))


def edges(diagram: Diagram) -> dict[tuple[str, str], str]:
    return {(edge.source, edge.target): edge.state for edge in diagram.edges}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_each_preset_has_its_faces(preset: Any) -> None:
    found = answer(preset.subject, preset.scenario)
    diagram = policy_diagram(found) if preset.subject == "policy" else iam_diagram(found)
    said = faces(diagram)
    verdict = found.get("outcome") or found["decision"]
    assert verdict in said
    assert ("blocked" in said) == (verdict not in ("RUNNING", "Allow"))


@pytest.mark.parametrize("name", LAUNCHES)
def test_every_launch_can_be_drawn(name: str) -> None:
    found = launch_answer(LAUNCHES[name], RULES)
    diagram = iam_diagram(found)
    said = faces(diagram)
    if found["outcome"] == "RUNNING":
        assert ", blocked." not in said
        assert not any(node.state in ("refused", "failed") for node in diagram.nodes)
    elif found["role"] is not None:
        assert ", blocked." in said
        (fault,) = [node for node in diagram.nodes if node.id == f"role {found['role']}"]
        assert fault.state in ("refused", "failed")
        assert found["why"] in fault.explanation


def test_the_refused_call_is_the_blocked_edge() -> None:
    diagram = drawn("secret")
    assert edges(diagram) == {
        ("caller", "role CALLER"): "",
        ("agent", "role EX"): "",
        ("role CALLER", "service ECS"): "active",
        ("role EX", "service Secrets"): "blocked",
    }
    states = {node.id: (node.state, node.detail) for node in diagram.nodes}
    assert states == {
        "caller": ("", ""),
        "agent": ("", ""),
        "role CALLER": ("", "deployer"),
        "role EX": ("refused", "ecsTaskExecut…"),
        "service ECS": ("healthy", "2 calls"),
        "service Secrets": ("refused", "GetSecretValue"),
    }
    assert diagram.title == "A launch: INIT_ERROR"


def test_a_missing_role_is_drawn_as_missing() -> None:
    diagram = drawn("no-execution-role")
    assert edges(diagram) == {("agent", "role EX"): "blocked"}
    (role,) = [node for node in diagram.nodes if node.id == "role EX"]
    assert (role.state, role.detail) == ("failed", "missing")


def test_code_without_credentials() -> None:
    found = edges(drawn("app-no-role"))
    assert found["code", "role NONE"] == found["role NONE", "service S3"] == "blocked"
    trust = edges(drawn("trust-both"))
    assert trust["agent", "role EX"] == "blocked"
    network = edges(drawn("no-route-token"))
    assert network["role EX", "service ECR"] == "blocked"


def test_statements_and_the_decision() -> None:
    document = next(preset.scenario for preset in PRESETS if preset.id == "deny-beats-allow")
    diagram = policy_diagram(answer("policy", document))
    assert edges(diagram) == {
        ("request", "statement 0"): "",
        ("statement 0", "decision"): "blocked",
        ("request", "statement 1"): "",
        ("statement 1", "decision"): "blocked",
    }
    assert [(node.label, node.state, node.detail) for node in diagram.nodes] == [
        ("Request", "", ""),
        ("Allow", "healthy", "statement 1"),
        ("Deny", "refused", "statement 2"),
        ("Refused", "refused", "ExplicitDeny"),
    ]
    allowed = policy_diagram(
        answer("policy", {"policies": ["AmazonECSTaskExecutionRolePolicy"], "request": {"action": "ecr:BatchGetImage"}})
    )
    assert edges(allowed)["statement 0", "decision"] == "active"
    assert allowed.nodes[-1].label == "Allowed"
    silent = policy_diagram(answer("policy", {"policies": [], "request": {"action": "s3:GetObject"}}), title="Silence")
    assert edges(silent) == {("request", "decision"): "blocked"}
    assert silent.title == "Silence"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_one_call_is_two_boxes(operation: str) -> None:
    for launch_type in ("FARGATE", "EC2", "EXTERNAL", "MANAGED_INSTANCES"):
        found = answer("iam", {"operation": operation, "launchType": launch_type})
        diagram = iam_diagram(found)
        assert launch_type in faces(diagram)
        (edge,) = diagram.edges
        there = found["role"] not in ("NOT_APPLICABLE", "UNDOCUMENTED")
        assert edge.state == ("active" if there else "")
    missing = iam_diagram(answer("iam", {"operation": "appCall", "taskRole": False}))
    assert missing.edges[0].state == "blocked"
    assert missing.nodes[1].state == "failed"
