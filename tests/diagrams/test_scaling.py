"""The architecture of service auto scaling: drawn from the state, and true to it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.model import Diagram, Node
from diagrams.scaling import scaling_diagram
from diagrams.svg import to_svg
from simulator.scaling import simulate
from simulator.scaling.presets import PRESETS
from simulator.scaling.state import Kind
from simulator.trace import state_at

SVG = "{http://www.w3.org/2000/svg}"
RUNS = {one.id: simulate(one.scenario) for one in PRESETS}
CPU = {"policyName": "cpu", "policyType": "TargetTrackingScaling", "target": 50}
STARVED: dict[str, Any] = {
    "minutes": 8,
    "min": 2,
    "max": 10,
    "load": {"points": [[0, 900]]},
    "service": {"requestsPerSecondPerTask": 100},
    "placeable": 3,
    "policies": [CPU],
}


def after(name: str, kind: Kind, detail: str = "") -> Diagram:
    """The diagram right after the first event of a kind."""
    run = RUNS[name]
    k = next(k for k, e in enumerate(run.events) if e.kind is kind and (not detail or e.detail == detail))
    return scaling_diagram(state_at(run, k + 1))


def node(diagram: Diagram, key: str) -> Node:
    return next(one for one in diagram.nodes if one.id == key)


def edges(diagram: Diagram) -> dict[tuple[str, str], str]:
    return {(one.source, one.target): one.state for one in diagram.edges}


@pytest.mark.parametrize("name", RUNS)
def test_every_preset_has_its_faces_at_every_tenth_step(name: str) -> None:
    run = RUNS[name]
    for k in range(0, len(run) + 1, max(10, len(run) // 20)):
        state = state_at(run, k)
        diagram = scaling_diagram(state)
        ET.fromstring(to_svg(diagram))
        assert "Scaler" in to_dot(diagram)
        assert "ECS service" in to_text(diagram)
        ids = [part.id for part in (*diagram.nodes, *diagram.groups)]
        assert len(ids) == len(set(ids))
        assert {end for edge in diagram.edges for end in (edge.source, edge.target)} <= set(ids)
        assert all(part.explanation.endswith(".") for part in (*diagram.nodes, *diagram.groups))
        assert all(max(len(one.label), len(one.detail)) <= 22 for one in diagram.nodes)
        drawn = [one for one in diagram.nodes if one.kind == "task" and one.state == "healthy"]
        counted = [re.fullmatch(r"(\d+) running", one.label) for one in drawn]
        assert sum(int(match[1]) if match else 1 for match in counted) == state.running


def test_a_change_is_in_use_and_an_alarm_that_fires_is_marked() -> None:
    diagram = after("spike", Kind.SCALED)
    assert edges(diagram) == {
        ("users", "door"): "active",
        ("door", "service"): "active",
        ("alarm 0", "scaler"): "active",
        ("scaler", "service"): "active",
    }
    alarm = node(diagram, "alarm 0")
    assert (alarm.label, alarm.detail, alarm.state, alarm.group) == ("cpu-60", "CPU 100 %", "chosen", "cloudwatch")
    assert alarm.explanation == "cpu-60: target 60, the newest data point says CPU 100 %. AlarmHigh is in ALARM."
    scaler = node(diagram, "scaler")
    assert (scaler.detail, scaler.state) == ("wants 7", "")
    assert scaler.explanation.endswith("Now 7 are desired, in the range 2 to 60.")
    missing = node(diagram, "task missing")
    assert (missing.label, missing.detail, missing.state) == ("3 more", "wanted", "starting")
    assert missing.explanation == "3 tasks wanted: their start is next."


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("spike", "cooldown", "cooldown"),
        ("deployment", "deploymentInProgress", "deployment"),
        ("queue-workers", "AlreadyAtMaxCapacity", "at the maximum"),
        ("black-friday", "AlreadyAtMinCapacity", "at the minimum"),
        ("daily-wave", "AutoScalingAnticipatedFlapping", "flapping ahead"),
        ("daily-wave", "AlreadyAtDesiredCapacity", "enough already"),
    ],
)
def test_a_refusal_blocks_the_road_and_says_why(name: str, code: str, told: str) -> None:
    diagram = after(name, Kind.NOT_SCALED, code)
    scaler = node(diagram, "scaler")
    assert (scaler.detail, scaler.state) == (told, "refused")
    assert scaler.explanation.endswith(f"It scaled nothing last: {told}.")
    assert edges(diagram)["scaler", "service"] == "blocked"
    assert "Scaler → ECS service, blocked." in to_text(diagram)


def test_without_data_the_alarm_has_failed() -> None:
    diagram = after("no-data", Kind.ALARM, "INSUFFICIENT_DATA")
    alarm = node(diagram, "alarm 0")
    assert (alarm.detail, alarm.state) == ("no data", "failed")
    assert alarm.explanation.endswith("Its metric has no data: INSUFFICIENT_DATA.")
    assert edges(diagram)["alarm 0", "scaler"] == "blocked"
    assert edges(diagram)["scaler", "service"] == ""


def test_a_queue_has_producers_and_a_backlog() -> None:
    diagram = after("queue-workers", Kind.SCALED)
    assert [node(diagram, key).label for key in ("users", "door")] == ["Producers", "SQS queue"]
    assert node(diagram, "door").detail == "7046 waiting"
    assert node(diagram, "alarm 0").detail == "704.6 a task"


def test_tasks_come_go_and_find_no_room() -> None:
    run = simulate(STARVED)
    end = scaling_diagram(state_at(run, len(run)))
    missing = node(end, "task missing")
    assert (missing.label, missing.detail, missing.state) == ("3 more", "no room", "refused")
    assert "service auto scaling adds no instance" in missing.explanation
    started = scaling_diagram(state_at(run, 1 + [e.kind for e in run.events].index(Kind.STARTED)))
    assert [one.state for one in started.nodes if one.id.startswith("task starting")] == ["starting"]
    stopping = after("flapping", Kind.STOPPING)
    assert [one.label for one in stopping.nodes if one.state == "draining"] == ["task 3", "task 4"]
    many = scaling_diagram(state_at(RUNS["black-friday"], len(RUNS["black-friday"]) // 2))
    assert any(re.fullmatch(r"\d+ running", one.label) for one in many.nodes)


def test_nothing_runs() -> None:
    still = {**STARVED, "min": 0, "placeable": 0}
    diagram = scaling_diagram(state_at(simulate(still), len(simulate(still))))
    assert node(diagram, "task none").label == "no task"
    assert node(diagram, "door").detail == "no task answers"
    assert edges(diagram)["door", "service"] == "blocked"
    quiet = scaling_diagram(state_at(simulate({**STARVED, "policies": []}), 0))
    assert {group.id for group in quiet.groups} == {"service"}


def test_many_policies_are_counted() -> None:
    five = {**STARVED, "policies": [{**CPU, "policyName": f"p{at}"} for at in range(5)]}
    run = simulate(five)
    first, end = scaling_diagram(state_at(run, 0)), scaling_diagram(state_at(run, len(run)))
    assert (node(first, "alarms").detail, node(first, "alarms").state) == ("0 act", "")
    assert (node(end, "alarms").detail, node(end, "alarms").state) == ("5 act", "chosen")
    assert edges(end)["alarms", "scaler"] == "active"
