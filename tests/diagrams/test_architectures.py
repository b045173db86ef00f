"""The two architectures: drawn from the state, and true to it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from diagrams.deployment import deployment_diagram
from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.placement import placement_diagram
from diagrams.svg import to_svg
from simulator.deployment import simulate as deploy
from simulator.placement import simulate as place
from simulator.trace import explain, state_at

ROLLING = deploy(
    {
        "desiredCount": 4,
        "deploymentConfiguration": {"minimumHealthyPercent": 50, "maximumPercent": 150},
        "loadBalancer": {"deregistrationDelaySeconds": 60},
    }
)
TASK = {"family": "web", "containerDefinitions": [{"name": "c", "cpu": 256, "memory": 1024}]}


def cluster(count: int, tasks: int):
    instances = [
        {"ec2InstanceId": f"i-{at}", "instanceType": "m5.large", "availabilityZone": f"us-east-1{'abc'[at % 3]}"}
        for at in range(count)
    ]
    instances[1]["remaining"] = {"cpu": 100, "memory": 900}
    scenario = {"instances": instances, "taskDefinition": TASK, "count": tasks, "group": "service:web"}
    return place({**scenario, "schedulingStrategy": "REPLICA"})


def test_the_deployment_follows_the_state_at_every_step() -> None:
    for k in range(len(ROLLING) + 1):
        state = state_at(ROLLING, k)
        diagram = deployment_diagram(state)
        ET.fromstring(to_svg(diagram))
        there = {task.number for task in state.tasks if task.status.value != "STOPPED"}
        cards = {node.id: node for node in diagram.nodes if node.kind == "task"}
        assert set(cards) == {f"task {number}" for number in there}
        used = {edge.target for edge in diagram.edges if edge.source == "targets" and edge.state == "active"}
        assert used == {f"task {task.number}" for task in state.tasks if task.counts_healthy and not task.is_leaving}
        pulled = {edge.target for edge in diagram.edges if edge.source == "ecr"}
        assert pulled == {
            f"task {task.number}" for task in state.tasks if task.status.value in ("PENDING", "ACTIVATING")
        }


def test_without_a_load_balancer_there_are_no_users_in_the_picture() -> None:
    diagram = deployment_diagram(state_at(deploy({"desiredCount": 2}), 0))
    assert not {"users", "igw", "alb", "targets"} & {node.id for node in diagram.nodes}


def test_many_tasks_become_counted_cards() -> None:
    diagram = deployment_diagram(state_at(deploy({"desiredCount": 40, "loadBalancer": {}}), 0))
    assert [node.label for node in diagram.nodes if node.kind == "task"] == ["A ×40"]
    assert "40 tasks of web:1 are healthy." in [node.explanation for node in diagram.nodes]


def test_the_cluster_marks_the_chosen_and_the_refused() -> None:
    trace = cluster(6, 7)
    diagram = placement_diagram(state_at(trace, 7), decision=explain(trace, 6))
    states = {node.id: node.state for node in diagram.nodes if node.kind == "instance"}
    assert states["instance i-1 itself"] == "refused"
    assert list(states.values()).count("chosen") == 1
    assert sum(node.kind == "task" for node in diagram.nodes) == 7
    assert all(part.explanation for part in (*diagram.nodes, *diagram.groups))
    for face in (to_svg, to_dot, to_text):
        assert "i-5" in face(diagram)


def test_a_large_cluster_is_counted_by_zone() -> None:
    trace = cluster(40, 30)
    diagram = placement_diagram(state_at(trace, 30))
    assert [node.label for node in diagram.nodes if node.kind == "instance"] == [
        "14 instances",
        "13 instances",
        "13 instances",
    ]
    assert to_text(diagram).count("instances") >= 3
