"""The picture of a task definition: drawn from the verdict, wrong where the verdict says so."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.model import Diagram
from diagrams.svg import to_svg
from diagrams.task_definition import task_definition_diagram
from simulator.preset import Preset
from simulator.task_definition import validate
from simulator.task_definition.presets import PRESETS
from tests.simulator.task_definition.cases import BASES, EC2, FARGATE, edited
from tests.simulator.task_definition.cases_more import MORE

CIRCLE = ("container 0", "container 1")
BY_ID = {preset.id: preset for preset in PRESETS}


def drawn(name: str) -> Diagram:
    return task_definition_diagram(validate(BY_ID[name].scenario))


def edges(diagram: Diagram) -> list[tuple[str, str, str, str]]:
    return [(edge.source, edge.target, edge.label, edge.state) for edge in diagram.edges]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_a_preset_has_three_faces(preset: Preset) -> None:
    verdict = validate(preset.scenario)
    diagram = task_definition_diagram(verdict, title=preset.title)
    ET.fromstring(to_svg(diagram))
    assert to_dot(diagram).startswith("digraph")
    assert to_text(diagram).startswith(f"{preset.title}.")
    refused = {node.id for node in diagram.nodes if node.state in ("refused", "failed")}
    blocked = [edge for edge in diagram.edges if edge.state == "blocked"]
    assert bool(refused) == bool(verdict.errors)
    assert not blocked or verdict.errors
    said = " ".join(node.explanation for node in diagram.nodes)
    assert all(node.explanation for node in diagram.nodes)
    assert all(one.found.message in said for one in verdict.errors[:1])
    assert all(len(node.label) <= 22 and len(node.detail) <= 22 for node in diagram.nodes)


def test_a_good_task() -> None:
    diagram = drawn("good-fargate")
    assert diagram.title == "The task definition"
    assert [(group.id, group.label) for group in diagram.groups] == [("task", "shop · Fargate")]
    assert [(node.id, node.label, node.detail, node.state, node.group) for node in diagram.nodes] == [
        ("definition", "shop", "512 · 1024", "healthy", "task"),
        ("container 0", "web", "", "healthy", "task"),
        ("container 1", "migrate", "", "healthy", "task"),
        ("network", "awsvpc", "network mode", "healthy", None),
        ("volume pictures", "pictures", "EFS", "healthy", None),
        ("log /ecs/shop", "/ecs/shop", "log group", "", None),
        ("execution role", "execution", "role", "healthy", None),
        ("task role", "task role", "shop-task", "healthy", None),
    ]
    assert edges(diagram) == [
        ("container 1", "container 0", "SUCCESS", ""),
        ("network", "container 0", "8080", "active"),
        ("container 0", "volume pictures", "", ""),
        ("container 0", "log /ecs/shop", "", ""),
        ("container 1", "log /ecs/shop", "", ""),
        ("execution role", "task", "", ""),
        ("task role", "task", "", ""),
    ]
    said = {node.id: node.explanation for node in diagram.nodes}
    assert said["definition"] == "The task has 512 CPU units and 1024 MiB."
    assert said["container 1"].endswith("/shop:7. The task runs on without it.")
    assert said["container 0"].endswith("/shop:7. When it stops, the task stops.")
    assert said["execution role"].endswith("fetches secrets. It is ecsTaskExecutionRole.")


def test_a_task_on_ec2() -> None:
    diagram = drawn("good-ec2")
    nodes = {node.id: node for node in diagram.nodes}
    assert nodes["definition"].detail == "no size of its own"
    assert nodes["container 0"].detail == "256 cpu · 512 MiB"
    assert nodes["volume uploads"].detail == "a bind mount"
    assert edges(diagram)[0] == ("network", "container 0", "any → 8080", "active")
    assert "execution role" not in nodes


@pytest.mark.parametrize(
    ("preset", "node", "edge"),
    [
        ("no-such-size", ("definition", "refused", "1 error"), None),
        ("host-ports", ("container 0", "refused", "1 error"), ("network", "container 0", "80 → 8080", "blocked")),
        ("one-role", ("execution role", "failed", "role missing"), ("execution role", "task", "", "blocked")),
        ("waiting-in-a-circle", ("container 1", "refused", "2 errors"), (*CIRCLE, "HEALTHY", "blocked")),
        ("host-volumes", ("volume cache", "refused", "1 error"), ("container 0", "volume cache", "", "blocked")),
        ("many", ("volume logs", "failed", "not there"), ("container 1", "volume logs", "", "blocked")),
        ("many", ("network", "refused", "1 error"), ("network", "container 0", "80 → 8080", "blocked")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_marked_where_it_is(
    preset: str, node: tuple[str, str, str], edge: tuple[str, str, str, str] | None
) -> None:
    diagram = drawn(preset)
    assert node in [(one.id, one.state, one.detail) for one in diagram.nodes]
    assert edge is None or edge in edges(diagram)


def test_a_card_tells_two_errors_and_counts_the_rest() -> None:
    web = next(node for node in drawn("many").nodes if node.id == "container 0")
    assert web.detail == "7 errors"
    assert web.explanation.endswith("And 5 more.")


def test_what_is_named_and_not_there_is_drawn_as_missing() -> None:
    document = edited(EC2, {"web.dependsOn": [{"containerName": "db", "condition": "START"}]})
    diagram = task_definition_diagram(validate(document))
    assert ("no container db", "container 0", "START", "blocked") in edges(diagram)
    missing = next(node for node in diagram.nodes if node.id == "no container db")
    assert (missing.label, missing.detail, missing.state) == ("db", "not there", "failed")


def test_a_container_that_waits_for_itself_has_no_edge_to_itself() -> None:
    document = edited(EC2, {"web.dependsOn": [{"containerName": "web", "condition": "START"}]})
    diagram = task_definition_diagram(validate(document))
    assert all(edge.source != edge.target for edge in diagram.edges)
    assert next(node for node in diagram.nodes if node.id == "container 0").state == "refused"


def test_more_containers_than_a_task_takes_are_counted() -> None:
    many = [{"name": "x" * 30, "image": "a"} for _ in range(12)]
    diagram = task_definition_diagram(validate({**FARGATE, "containerDefinitions": many}))
    assert sum(node.id.startswith("container ") for node in diagram.nodes) == 10
    assert [node.label for node in diagram.nodes if node.id == "more containers"] == ["+2"]
    # the count itself and the two doubles that have no card
    assert next(node for node in diagram.nodes if node.id == "definition").detail == "3 errors"
    assert next(node for node in diagram.nodes if node.id == "container 0").label == "x" * 21 + "…"


@pytest.mark.parametrize(
    "document", [{}, {"family": 1, "networkMode": "x", "containerDefinitions": [1, {}], "volumes": [{}]}]
)
def test_the_emptiest_documents_are_drawn(document: dict[str, object]) -> None:
    diagram = task_definition_diagram(validate(document))
    ET.fromstring(to_svg(diagram))
    assert to_text(diagram)
    assert any(node.state == "refused" for node in diagram.nodes)


@pytest.mark.parametrize("group", MORE)
def test_any_wrong_definition_is_drawn_with_a_mark(group: str) -> None:
    for _, base, change, expected in MORE[group]:
        verdict = validate(edited(BASES[base], change))
        diagram = task_definition_diagram(verdict)
        to_text(diagram)
        to_dot(diagram)
        marked = any(node.state in ("refused", "failed") for node in diagram.nodes)
        assert marked == any(line.startswith("E") for line in expected)
