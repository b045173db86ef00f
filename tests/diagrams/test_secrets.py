"""The way of a value in a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.model import Diagram
from diagrams.secrets import secrets_diagram
from diagrams.svg import to_svg
from simulator.secrets.presets import PRESETS
from simulator.secrets.rules import RULES
from simulator.secrets.subjects import secrets_answer
from tests.simulator.secrets.documents import REFUSED, ROTATED, SECRET, TIMED

EVERY = {**TIMED, **REFUSED}


def faces(diagram: Diagram) -> str:
    ET.fromstring(to_svg(diagram))
    assert to_dot(diagram)
    assert all(part.explanation for part in (*diagram.nodes, *diagram.groups))
    return to_text(diagram)


def states(diagram: Diagram) -> dict[str, tuple[str, str]]:
    return {node.id: (node.state, node.detail) for node in diagram.nodes}


def edges(diagram: Diagram) -> dict[tuple[str, str], str]:
    return {(edge.source, edge.target): edge.state for edge in diagram.edges}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_each_preset_has_its_faces(preset: Any) -> None:
    found = secrets_answer(preset.scenario, RULES)
    said = faces(secrets_diagram(found))
    stopped = found["outcome"] != "RUNNING" or "error" in found["moments"][-1]
    assert (", blocked." in said) == stopped


@pytest.mark.parametrize("name", EVERY)
def test_every_moment_can_be_drawn(name: str) -> None:
    found = secrets_answer(EVERY[name], RULES)
    for moment in range(len(found.get("moments", [0]))):
        diagram = secrets_diagram(found, moment=moment)
        assert faces(diagram)
        if "moments" in found:
            there = {f"task {number}" for number in found["moments"][moment]["tasks"]}
            assert {node.id for node in diagram.nodes if node.kind == "task"} == there


def test_a_rotated_secret_and_the_task_that_keeps_the_old_one() -> None:
    found = secrets_answer(ROTATED, RULES)
    before, after = secrets_diagram(found, moment=0), secrets_diagram(found)
    assert states(before) == {
        "definition": ("", "nothing plain"),
        f"store {SECRET}": ("healthy", "old"),
        "agent": ("", "execution role"),
        "task 1": ("healthy", "old"),
    }
    assert edges(before) == {
        ("definition", "agent"): "active",
        (f"store {SECRET}", "agent"): "active",
        ("agent", "task 1"): "active",
    }
    assert states(after)[f"store {SECRET}"] == ("healthy", "new")
    assert states(after)["task 1"] == ("draining", "old")
    assert set(edges(after).values()) == {""}
    assert after.title == "60 s: secret:db-AbCdEf gets a new value."
    assert secrets_diagram(found, title="T").title == "T"


def test_a_deployment_that_cannot_fetch() -> None:
    found = secrets_answer(TIMED["key-gone"], RULES)
    diagram = secrets_diagram(found)
    assert states(diagram)["agent"] == ("failed", "no new task")
    assert states(diagram)[f"store {SECRET}:k::"] == ("failed", "missing")
    assert edges(diagram) == {
        ("definition", "agent"): "",
        (f"store {SECRET}:k::", "agent"): "blocked",
        ("agent", "task 1"): "",
        ("agent", "service"): "blocked",
    }


def test_what_else_is_a_source() -> None:
    found = secrets_answer(TIMED["override"], RULES)
    kinds = [(node.id, node.detail) for node in secrets_diagram(found).nodes]
    assert ("override", "override") in kinds
    assert ("definition", "2 plain") in kinds
    assert ("file arn:aws:s3:::config/one.env", "env file") in kinds
    blank = secrets_answer(TIMED["blank-ec2"], RULES)
    assert states(secrets_diagram(blank))["task 1"] == ("healthy", "2 fetched")


def test_what_never_starts() -> None:
    refused = secrets_diagram(secrets_answer(REFUSED["same-name"], RULES))
    assert refused.title == "No task: REGISTER_REJECTED"
    assert [state for state, _ in states(refused).values()] == ["refused", "", "failed"]
    assert edges(refused) == {("definition", "agent"): "blocked", ("agent", "task"): ""}
    failed = secrets_diagram(secrets_answer(REFUSED["not-allowed"], RULES))
    assert [state for state, _ in states(failed).values()] == ["", "failed", "failed"]
    assert edges(failed) == {("definition", "agent"): "active", ("agent", "task"): "blocked"}


def test_many_tasks_are_counted() -> None:
    document = {**ROTATED, "desiredCount": 9}
    diagram = secrets_diagram(secrets_answer(document, RULES))
    assert [node.label for node in diagram.nodes if node.kind == "task"] == [
        *(f"task {k}" for k in range(1, 7)),
        "+3",
    ]
