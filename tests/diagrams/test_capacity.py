"""Capacity as an architecture: true to the run at every step, and to the answer of a question."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from diagrams.capacity import capacity_diagram
from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.model import Diagram
from diagrams.svg import to_svg
from simulator.capacity import simulate
from simulator.capacity.presets import PRESETS
from simulator.capacity.state import Status
from simulator.capacity.subjects import capacity_answer
from simulator.preset import Preset
from simulator.trace import state_at


def faces(diagram: Diagram) -> str:
    """The three faces can be made, and no edge or group hangs loose; the text."""
    ET.fromstring(to_svg(diagram))
    assert to_dot(diagram)
    places = {one.id for one in (*diagram.nodes, *diagram.groups)}
    assert len(places) == len(diagram.nodes) + len(diagram.groups)
    assert {edge.source for edge in diagram.edges} | {edge.target for edge in diagram.edges} <= places
    assert {one.group for one in diagram.nodes if one.group} <= {one.id for one in diagram.groups}
    assert all(one.explanation for one in (*diagram.nodes, *diagram.groups))
    return to_text(diagram)


def node(diagram: Diagram, name: str) -> Any:
    return next(one for one in diagram.nodes if one.id == name)


def state_of(diagram: Diagram, source: str, target: str) -> tuple[str, str]:
    edge = next(one for one in diagram.edges if (one.source, one.target) == (source, target))
    return edge.state, edge.label


@pytest.mark.parametrize("preset", PRESETS, ids=[preset.id for preset in PRESETS])
def test_every_step_of_every_preset(preset: Preset) -> None:
    trace = simulate(preset.scenario)
    for k in range(0, len(trace) + 1, 3):
        state = state_at(trace, k)
        diagram = capacity_diagram(state)
        assert diagram.title in faces(diagram)
        machines = {one.id for one in diagram.nodes if one.id.startswith("machine ")}
        assert machines == {f"machine {name}" for name in state.machines}
        if state.plan.group is not None:
            assert node(diagram, "waiting").detail == f"{len(state.waiting)} of 500"
        for i, work in enumerate(state.plan.works):
            running = sum(task.status is Status.RUNNING for task in state.of(i))
            shown = [one for one in diagram.nodes if one.id == f"work {i}"]
            assert bool(shown) == (not work.standalone or bool(state.of(i)))
            if shown:
                assert shown[0].detail.startswith(f"{running} of ")


def at_end(name: str) -> Diagram:
    trace = simulate(next(preset.scenario for preset in PRESETS if preset.id == name))
    return capacity_diagram(state_at(trace, len(trace)))


def test_what_holds_the_group_back_is_a_blocked_road() -> None:
    full = at_end("max-size")
    assert state_of(full, "provider", "group") == ("blocked", "MaxSize 3")
    assert (node(full, "waiting").state, node(full, "waiting").detail) == ("starting", "11 of 500")
    assert node(full, "provider").detail == "233.3 of 100"
    assert state_of(full, "work 0", "waiting") == ("active", "11 wait")
    warm = simulate(next(preset.scenario for preset in PRESETS if preset.id == "from-zero"))
    k = next(k for k, event in enumerate(warm.events) if event.at == 240 and event.kind.value == "measured")
    assert state_of(capacity_diagram(state_at(warm, k + 1)), "provider", "group") == ("blocked", "warm-up")
    assert node(capacity_diagram(state_at(warm, 0)), "none").label == "no instance"


def test_the_launch_type_and_spot_are_refused_where_they_are() -> None:
    refused = at_end("launch-type")
    assert state_of(refused, "work 0", "group") == ("blocked", "")
    assert node(refused, "work 0").state == "refused"
    assert node(refused, "work 0").explanation == (
        "3 of 8 tasks of web are RUNNING. The rest can not be had now; the service keeps trying."
    )
    spot = at_end("spot-taken-back")
    assert state_of(spot, "work 0", "FARGATE_SPOT")[0] == "blocked"
    assert state_of(spot, "work 0", "FARGATE")[0] == "active"
    assert node(spot, "FARGATE_SPOT").detail == "2 tasks"
    assert node(spot, "FARGATE_SPOT").explanation.endswith("Now it has room for 2.")


def test_an_instance_that_drains() -> None:
    trace = simulate(next(preset.scenario for preset in PRESETS if preset.id == "drains-48-hours"))
    diagram = capacity_diagram(state_at(trace, len(trace) - 1))
    machine = node(diagram, "machine i-2")
    assert (machine.state, machine.detail) == ("draining", "2 tasks")
    assert machine.explanation == (
        "Instance i-2 is DRAINING and runs 2 tasks. It leaves the group as soon as its tasks are gone, after 48 hours "
        "at the latest."
    )


def test_many_instances_are_counted() -> None:
    task = {"cpu": "512", "memory": "1024", "containerDefinitions": []}
    scenario = {"services": [{"taskDefinition": task}], "autoScalingGroup": {"minSize": 9, "maxSize": 9}, "minutes": 1}
    diagram = capacity_diagram(state_at(simulate(scenario), 4))
    assert [one.label for one in diagram.nodes if one.kind == "instance"] == ["9 instances"]
    assert "9 instances are ACTIVE; 1 tasks run there." in [one.explanation for one in diagram.nodes]


def test_a_spot_instance_that_is_taken_back_and_scaling_switched_off() -> None:
    task = {"cpu": "512", "memory": "1024", "containerDefinitions": []}
    scenario = {
        "services": [{"taskDefinition": task}],
        "autoScalingGroup": {"minSize": 1, "maxSize": 2, "spot": True, "availabilityZones": ["a"]},
        "capacityProvider": {"managedScaling": {"status": "DISABLED"}},
        "interruptions": [{"minute": 1, "capacityProvider": "asg"}],
        "minutes": 2,
    }
    trace = simulate(scenario)
    k = next(k for k, event in enumerate(trace.events) if event.kind.value == "instances-warned")
    diagram = capacity_diagram(state_at(trace, k + 1))
    machine = node(diagram, "machine i-1")
    assert (machine.state, node(diagram, "provider").detail) == ("failed", "scaling disabled")
    assert machine.explanation == "Instance i-1 in a is DRAINING and runs 1 tasks. EC2 Spot takes it back within 120 s."


def test_a_distribution() -> None:
    strategy = [
        {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
        {"capacityProvider": "FARGATE_SPOT", "weight": 3},
    ]
    diagram = capacity_diagram(capacity_answer({"count": 5, "spotCapacity": 1, "capacityProviderStrategy": strategy}))
    faces(diagram)
    assert state_of(diagram, "tasks", "provider FARGATE")[0] == "active"
    assert state_of(diagram, "tasks", "provider FARGATE_SPOT")[0] == "blocked"
    spot = node(diagram, "provider FARGATE_SPOT")
    assert (spot.label, spot.state, spot.detail) == ("Spot", "refused", "1 of 3 run")
    assert spot.explanation == "3 tasks go to FARGATE_SPOT. 2 find no capacity there and are tried again."
    half = capacity_diagram(
        capacity_answer({"count": 3, "capacityProviderStrategy": [{"capacityProvider": n, "weight": 1} for n in "AB"]})
    )
    assert node(half, "tasks").detail == "open remainder"
    assert node(half, "provider A").explanation == "2 tasks go to A. Sure are 1 to 2."
    many = capacity_diagram(
        capacity_answer(
            {"count": 20, "capacityProviderStrategy": [{"capacityProvider": f"P{i}", "weight": 1} for i in range(10)]}
        )
    )
    faces(many)
    assert node(many, "rest").explanation == "2 more providers take 4 tasks."
    launch = capacity_diagram(capacity_answer({"count": 2, "launchType": "EC2"}))
    faces(launch)
    assert node(launch, "launch type").label == "EC2"


def test_managed_scaling() -> None:
    grows = capacity_diagram(capacity_answer({"running": 4, "extra": 5}))
    faces(grows)
    assert state_of(grows, "policy", "group") == ("active", "")
    assert (node(grows, "metric").label, node(grows, "metric").detail) == ("225 %", "M 9, N 4")
    assert (node(grows, "group").detail, node(grows, "group").state) == ("4 to 9", "chosen")
    held = capacity_diagram(capacity_answer({"running": 4, "extra": 5, "maxSize": 4}))
    assert state_of(held, "policy", "group") == ("blocked", "MaxSize")
    waits = capacity_diagram(capacity_answer({"running": 4, "extra": 2, "youngestInstanceAge": 9}))
    assert state_of(waits, "policy", "group") == ("blocked", "warm-up")
    points = capacity_diagram(capacity_answer({"running": 4, "empty": 2}))
    assert state_of(points, "policy", "group") == ("blocked", "data points")
    large = capacity_diagram(capacity_answer({"running": 4, "extra": 2, "fitsSmallest": False}))
    faces(large)
    assert state_of(large, "waiting", "metric")[0] == "blocked"
    assert (node(large, "waiting").state, node(large, "metric").detail) == ("refused", "not counted")
    assert (node(large, "group").detail, node(large, "group").state) == ("4 stay", "healthy")


def test_an_answer_without_a_picture() -> None:
    with pytest.raises(ValueError, match="This answer of capacity has no picture"):
        capacity_diagram({"allowed": True})
