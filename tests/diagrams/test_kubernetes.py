"""ECS and Kubernetes side by side: each answer has its three faces, and says the verdict."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.kubernetes import kubernetes_diagram
from diagrams.model import Diagram
from diagrams.svg import to_svg
from simulator.kubernetes.presets import PRESETS
from simulator.subjects import answer

SCENARIOS = {preset.id: preset.scenario for preset in PRESETS}


def draw(document: Any) -> Diagram:
    return kubernetes_diagram(answer("kubernetes", document))


def states(diagram: Diagram) -> dict[str, str]:
    return {node.id: node.state for node in diagram.nodes}


def roads(diagram: Diagram) -> dict[tuple[str, str], tuple[str, str]]:
    return {(edge.source, edge.target): (edge.state, edge.label) for edge in diagram.edges}


MORE = {
    "table": {"table": "podIdentity"},
    "words": {"table": "vocabulary"},
    "needs": {"needs": ["GPU", "PRIVILEGED"]},
    "fargate": {"compute": "FARGATE"},
    "driver": {"term": "EBS"},
    "empty": {
        "instances": [],
        "taskDefinition": {"family": "w", "containerDefinitions": [{"name": "c", "image": "c", "memory": 4}]},
        "schedulingStrategy": "REPLICA",
    },
}


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
        assert node.explanation.endswith((".", ")"))


def test_both_clusters_zone_by_zone_with_what_runs_on_each_machine() -> None:
    diagram = draw(SCENARIOS["tainted-node"])
    assert [group.id for group in diagram.groups] == [
        "ecs", "ecs us-east-1a", "ecs us-east-1b", "ecs a1", "ecs b1",
        "kubernetes", "kubernetes us-east-1a", "kubernetes us-east-1b", "kubernetes a1", "kubernetes b1",
    ]  # fmt: skip
    inside = {group.id: [n.label for n in diagram.nodes if n.group == group.id][1:] for group in diagram.groups}
    assert inside["ecs a1"] == ["task 1", "task 3"]
    assert inside["ecs b1"] == ["task 2", "task 4"]
    assert inside["kubernetes a1"] == []
    assert inside["kubernetes b1"] == ["pod 1", "pod 2", "pod 3", "pod 4"]
    found = roads(diagram)
    assert found["kubernetes scheduler", "kubernetes us-east-1a"] == ("blocked", "taint")
    assert found["kubernetes scheduler", "kubernetes us-east-1b"] == ("active", "")
    assert found["ecs scheduler", "ecs us-east-1a"] == ("", "")
    assert found["ecs scheduler", "ecs us-east-1b"] == ("active", "")
    assert states(diagram)["kubernetes a1 itself"] == "refused"
    assert states(diagram)["kubernetes b1 itself"] == "chosen"
    tainted = next(node for node in diagram.nodes if node.id == "kubernetes a1 itself")
    assert tainted.detail == "0 pods"
    assert tainted.explanation == (
        "Node a1 runs 0 pods of the workload. Taints: team=data:NoSchedule. "
        "a1 has the taint team=data:NoSchedule, which the pod does not tolerate."
    )


def test_what_no_machine_takes_stands_apart() -> None:
    diagram = draw(SCENARIOS["interfaces-or-addresses"])
    card = next(node for node in diagram.nodes if node.id == "ecs waiting")
    assert (card.label, card.state) == ("2 not placed", "failed")
    assert card.explanation.startswith(
        "2 tasks are not placed: no machine can take them. The first: Network interfaces"
    )
    assert roads(diagram)["ecs scheduler", "ecs waiting"] == ("blocked", "")
    assert roads(diagram)["ecs scheduler", "ecs us-east-1a"] == ("blocked", "eni")
    spread = draw(SCENARIOS["binding-spread"])
    assert states(spread)["kubernetes waiting"] == "starting"
    assert next(node.label for node in spread.nodes if node.id == "kubernetes waiting") == "2 Pending"
    assert "ecs waiting" not in states(spread)


def test_many_copies_are_counted() -> None:
    document = {**SCENARIOS["tainted-node"], "count": 14}
    labels = [node.label for node in draw(document).nodes if node.group == "kubernetes b1"]
    assert labels == ["m5.large", "pod ×8"]
    document["count"] = 12
    assert [node.label for node in draw(document).nodes if node.group == "ecs a1"] == [
        "m5.large", "task 1", "task 3", "task 5", "task 7", "task 9", "task 11",
    ]  # fmt: skip


def test_what_limits_a_node_is_marked() -> None:
    diagram = draw(SCENARIOS["pods-of-a-node"])
    assert states(diagram) == {
        "pods": "healthy", "cpu": "refused", "memory": "healthy", "result pods": "chosen", "result tasks": "",
    }  # fmt: skip
    assert {node.id: node.detail for node in diagram.nodes} == {
        "pods": "27 pods", "cpu": "8 pods", "memory": "15 pods", "result pods": "8 pods", "result tasks": "2 tasks",
    }  # fmt: skip
    assert roads(diagram) == {("cpu", "result pods"): ("blocked", "")}


def test_a_service_that_stands_still_is_blocked_beside_a_deployment_that_rolls() -> None:
    diagram = draw(SCENARIOS["one-replica"])
    assert {edge.state for edge in diagram.edges if edge.source == "kubernetes owner"} == {"active"}
    assert {edge.state for edge in diagram.edges if edge.source == "ecs owner"} == {"blocked"}
    details = {node.id: node.detail for node in diagram.nodes}
    assert details["kubernetes owner"] == "1 pod"
    assert (details["kubernetes new"], details["kubernetes old"]) == ("≤ 2", "≥ 1")
    assert (details["ecs new"], details["ecs old"]) == ("≤ 1", "≥ 1")
    assert {edge.state for edge in draw(SCENARIOS["bad-image"]).edges if edge.source == "kubernetes owner"} == {
        "blocked"
    }


def test_words_are_joined_across() -> None:
    diagram = draw(SCENARIOS["what-is-a-service"])
    assert [(node.group, node.label, node.detail) for node in diagram.nodes] == [
        ("ecs", "Service", "desired count, deployment"),
        ("kubernetes", "Deployment", "its ReplicaSet"),
        ("ecs", "Service", "stable address"),
        ("kubernetes", "Service", "Ingress or Gateway"),
    ]
    assert {edge.label for edge in diagram.edges} == {"similar"}
    assert roads(draw({"term": "kubelet"})) == {("kubernetes kubelet", "ecs ECS agent"): ("active", "same")}


def test_a_choice_marks_what_remains() -> None:
    diagram = draw(MORE["needs"])
    assert states(diagram) == {
        "workload": "", "EKS Auto Mode": "starting", "Managed node group": "starting",
        "Self-managed nodes": "starting", "Hybrid nodes": "starting", "Fargate": "refused",
    }  # fmt: skip
    assert roads(diagram)["workload", "Fargate"] == ("blocked", "")
    chosen = draw({"needs": ["GPU"]})
    assert roads(chosen)["workload", "EKS Auto Mode"] == ("active", "")
