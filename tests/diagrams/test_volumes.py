"""The picture of tasks and storage: true to the state at every step, in three faces."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.model import Diagram
from diagrams.svg import to_svg
from diagrams.volumes import volumes_diagram
from simulator.trace import state_at
from simulator.volumes import simulate
from simulator.volumes.presets import PRESETS

PRESET = {preset.id: preset.scenario for preset in PRESETS}


def drawn(scenario: dict[str, Any], k: int | None = None) -> Diagram:
    trace = simulate(scenario)
    return volumes_diagram(state_at(trace, len(trace) if k is None else k))


def looks(diagram: Diagram) -> dict[str, tuple[str, str]]:
    return {node.id: (node.state, node.detail) for node in diagram.nodes}


@pytest.mark.parametrize("name", PRESET)
def test_three_faces_at_every_step(name: str) -> None:
    trace = simulate(PRESET[name])
    for k in range(0, len(trace) + 1, 3):
        diagram = volumes_diagram(state_at(trace, k))
        ET.fromstring(to_svg(diagram))
        to_dot(diagram)
        text = to_text(diagram)
        assert all(part.explanation.endswith(".") for part in (*diagram.nodes, *diagram.groups))
        assert all(len(node.detail) <= 22 for node in diagram.nodes)
        for task in state_at(trace, k).tasks:
            assert (f"[task {task.name}]" in text) or task.status.value == "STOPPED"
        # A film keeps its boxes in place: no name may outgrow the one that the layout is made for.
        assert all(len(group.label) <= 22 for group in diagram.groups)


def test_a_lost_zone() -> None:
    diagram = drawn(PRESET["zone-lost"])
    assert looks(diagram) == {
        "task files #2": ("healthy", "finds it"),
        "task db #2": ("healthy", "finds none"),
        "task cache #2": ("healthy", "finds none"),
        "target fs-1 us-east-1a": ("failed", ""),
        "target fs-1 us-east-1b": ("", ""),
        "store fs-1": ("healthy", "1 file"),
        "store db/disk": ("failed", "lost"),
        "store i-a1:/var/cache/app": ("failed", "lost"),
        "store db #2/disk": ("", "empty"),
        "store i-b1:/var/cache/app": ("", "empty"),
    }
    labels = {group.id: group.label for group in diagram.groups}
    assert labels["zone us-east-1a"] == "us-east-1a (lost)"
    assert labels["instance i-a1"] == "i-a1 (down)"
    assert labels["zone us-east-1b"] == "us-east-1b"
    assert labels["instance i-b1"] == "i-b1"
    places = {node.id: node.group for node in diagram.nodes}
    assert places["store fs-1"] == "region"
    assert places["store db/disk"] == "zone us-east-1a"
    assert places["store i-b1:/var/cache/app"] == "instance i-b1"
    assert places["task files #2"] == "instance i-b1"
    states = {(edge.source, edge.target): edge.state for edge in diagram.edges}
    assert states == {
        ("task files #2", "target fs-1 us-east-1b"): "active",
        ("target fs-1 us-east-1b", "store fs-1"): "active",
        ("task db #2", "store db #2/disk"): "",
        ("task cache #2", "store i-b1:/var/cache/app"): "",
    }
    said = next(node.explanation for node in diagram.nodes if node.id == "store db/disk")
    assert said == (
        "db/disk, EBS volume. The EBS volume of a service's task is always deleted with the task. Use EFS, or start "
        "the next task from a snapshot of the volume."
    )


def test_out_of_reach_counts_down() -> None:
    scenario = PRESET["everything-stops"]
    stopped = next(k for k, event in enumerate(simulate(scenario).events) if event.store == "all/scratch") + 1
    node = next(node for node in drawn(scenario, stopped).nodes if node.id == "store all/scratch")
    assert (node.state, node.detail, node.kind) == ("refused", "out of reach", "volume")
    assert "10800 s are left." in node.explanation


def test_a_task_that_cannot_mount_is_blocked() -> None:
    diagram = drawn(PRESET["no-mount-target"])
    assert looks(diagram)["task f2"] == ("failed", "")
    edge = next(edge for edge in diagram.edges if edge.source == "task f2")
    assert (edge.target, edge.state, edge.label) == ("store fs-1", "blocked", "no mount")
    assert "f2 → shared (no mount), blocked." in to_text(diagram)
    failed = next(node for node in diagram.nodes if node.id == "task f2")
    assert failed.explanation == "Task f2 did not start (MOUNT_NAME_UNRESOLVED) on Fargate in us-east-1b."


def test_a_stopped_task_stays_until_another_stands_in() -> None:
    alone = {"launchType": "FARGATE", "tasks": [{"task": "t"}], "events": [{"action": "stopTask", "task": "t"}]}
    assert looks(drawn(alone)) == {"task t": ("draining", "")}
    service = {**alone, "service": "s"}
    assert list(looks(drawn(service))) == ["task t #2"]


def test_only_the_newest_of_what_is_gone_is_drawn() -> None:
    write = {"action": "write", "task": "t", "path": "/x"}
    events = [write, {"action": "stopTask", "task": "t"}] * 9
    diagram = drawn({"launchType": "FARGATE", "service": "s", "tasks": [{"task": "t"}], "events": events})
    gone = [node.id for node in diagram.nodes if node.state == "failed"]
    assert gone == [f"store t #{number}/app layer" for number in range(4, 10)]


def test_many_instances_are_drawn_only_where_something_is() -> None:
    hosts = [{"ec2InstanceId": f"i-{i}"} for i in range(7)]
    task = {"task": "t", "ec2InstanceId": "i-3"}
    diagram = drawn({"launchType": "EC2", "instances": hosts, "tasks": [task]})
    assert [group.id for group in diagram.groups] == ["region", "zone us-east-1a", "instance i-3"]
    six = drawn({"launchType": "EC2", "instances": hosts[:6], "tasks": [task]})
    assert sum(group.kind == "instance" for group in six.groups) == 6
    assert drawn(PRESET["zone-lost"]).title.startswith("Tasks and their storage after")
    trace = simulate(PRESET["zone-lost"])
    assert volumes_diagram(state_at(trace, 0), title="At first").title == "At first"


SCRATCH = {
    "volumes": [{"name": "scratch"}],
    "containerDefinitions": [
        {"name": name, "mountPoints": [{"sourceVolume": "scratch", "containerPath": "/scratch"}]}
        for name in ("app", "log")
    ],
}


def test_a_fargate_task_stands_in_a_host_of_its_own_that_goes_with_it() -> None:
    write = {"action": "write", "task": "t", "path": "/scratch/a"}
    stop = {"action": "stopTask", "task": "t"}
    scenario = {"launchType": "FARGATE", "service": "s", "taskDefinition": SCRATCH, "tasks": [{"task": "t"}]}
    before = drawn({**scenario, "events": [write]})
    assert {node.id: node.group for node in before.nodes} == {
        "container t/app": "task t",
        "container t/log": "task t",
        "store t/scratch": "host t",
    }
    assert next(group.parent for group in before.groups if group.id == "task t") == "host t"
    after = drawn({**scenario, "events": [write, stop]})
    labels = {group.id: group.label for group in after.groups}
    assert (labels["host t"], labels["host t #2"]) == ("Host, gone", "Fargate host")
    said = {group.id: group.explanation for group in after.groups}
    assert said["host t"] == "Every Fargate task has a host of its own. That of t went with it."
    assert looks(after)["store t/scratch"] == ("failed", "lost")
    assert looks(after)["store t #2/scratch"] == ("", "empty")


def test_each_container_has_its_line_and_tells_what_it_found() -> None:
    events = [
        {"action": "write", "task": "t", "path": "/scratch/a"},
        {"action": "read", "task": "t", "container": "log", "path": "/scratch"},
    ]
    diagram = drawn({"launchType": "FARGATE", "taskDefinition": SCRATCH, "tasks": [{"task": "t"}], "events": events})
    assert {(edge.source, edge.target): edge.state for edge in diagram.edges} == {
        ("container t/app", "store t/scratch"): "active",
        ("container t/log", "store t/scratch"): "active",
    }
    assert looks(diagram)["container t/app"] == ("healthy", "")
    assert looks(diagram)["container t/log"] == ("healthy", "finds it")


def test_the_way_to_a_file_system_leads_through_the_mount_target_of_the_zone() -> None:
    diagram = drawn(PRESET["no-mount-target"])
    ways = {(edge.source, edge.target): edge.state for edge in diagram.edges}
    assert ways == {
        ("task f1", "target fs-1 us-east-1a"): "active",
        ("target fs-1 us-east-1a", "store fs-1"): "active",
        ("task f2", "store fs-1"): "blocked",
    }
    closed = {
        **PRESET["no-mount-target"],
        "fileSystems": [
            {
                "fileSystemId": "fs-1",
                "mountTargets": [
                    {"availabilityZoneName": "us-east-1a"},
                    {"availabilityZoneName": "us-east-1b", "admits": ["sg-old"]},
                ],
            }
        ],
    }
    edge = next(edge for edge in drawn(closed).edges if edge.source == "task f2")
    assert (edge.target, edge.label, edge.state) == ("target fs-1 us-east-1b", "2049 closed", "blocked")
    told = {node.id: node.explanation for node in drawn(closed).nodes}
    assert told["target fs-1 us-east-1b"] == "The mount target of fs-1 in us-east-1b: TCP port 2049, from sg-old."
    assert told["target fs-1 us-east-1a"] == "The mount target of fs-1 in us-east-1a: TCP port 2049, from any group."


def test_who_mounts_more_than_one_volume_does_not_tell_what_it_found_last() -> None:
    assert looks(drawn(PRESET["everything-stops"]))["task all #4"] == ("healthy", "")
