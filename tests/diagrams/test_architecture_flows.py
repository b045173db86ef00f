"""The picture of an event flow: the last hop active or blocked, and every event where it is."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from diagrams.architectures import architectures_diagram
from diagrams.describe import to_text
from diagrams.dot import to_dot
from diagrams.model import Diagram
from diagrams.svg import to_svg
from simulator.architectures import simulate
from simulator.architectures.hops import HOPS, hop_of
from simulator.architectures.presets import PRESETS
from simulator.trace import state_at

PRESET = {preset.id: preset.scenario for preset in PRESETS}


def drawn(scenario: dict[str, Any], k: int | None = None) -> Diagram:
    trace = simulate(scenario)
    return architectures_diagram(state_at(trace, len(trace) if k is None else k))


def looks(diagram: Diagram) -> dict[str, tuple[str, str]]:
    return {node.id: (node.state, node.detail) for node in diagram.nodes if node.state or node.detail}


def lines(diagram: Diagram) -> dict[tuple[str, str], tuple[str, str]]:
    return {(edge.source, edge.target): (edge.label, edge.state) for edge in diagram.edges if edge.state}


@pytest.mark.parametrize("name", PRESET)
def test_the_hop_just_taken_is_in_use_and_the_failing_one_blocked(name: str) -> None:
    trace = simulate(PRESET[name])
    for k in range(0, len(trace) + 1, 1 if len(trace) < 60 else 17):
        state = state_at(trace, k)
        diagram = architectures_diagram(state)
        ET.fromstring(to_svg(diagram))
        to_dot(diagram)
        text = to_text(diagram)
        assert all(part.explanation.endswith(".") for part in (*diagram.nodes, *diagram.groups))
        assert all(len(edge.label) <= 22 for edge in diagram.edges)
        pairs = [(edge.source, edge.target) for edge in diagram.edges]
        assert len(set(pairs)) == len(pairs)
        marked = {pair: mark for pair, (_, mark) in lines(diagram).items()}
        expected: dict[tuple[str, str], str] = {}
        for name_of, mark in ((state.active, "active"), (state.blocked, "blocked")):
            if name_of:
                hop = hop_of(state.plan.flow, name_of)
                expected[hop.source, hop.target] = mark
        assert marked == expected
        assert (", blocked" in text) is bool(state.blocked)
        assert len(pairs) >= len({(hop.source, hop.target) for hop in HOPS[state.plan.flow]})


def test_a_missing_pass_role_is_seen_where_it_fails() -> None:
    diagram = drawn(PRESET["pass-role-missing"], 3)
    assert looks(diagram) == {"bus": ("", "1 here"), "ecs": ("refused", "")}
    assert lines(diagram) == {("bus", "ecs"): ("RunTask", "blocked")}
    after = drawn(PRESET["pass-role-missing"])
    assert looks(after) == {"dlq": ("failed", "1 here")}
    assert lines(after) == {("bus", "dlq"): ("SendMessage", "active")}
    dlq = next(node for node in after.nodes if node.id == "dlq")
    assert dlq.label == "DLQ"
    assert dlq.explanation.endswith("Here: event 1.")


def test_arrived() -> None:
    diagram = drawn(PRESET["object-arrives"])
    assert looks(diagram) == {"table": ("chosen", "1 here")}
    assert lines(diagram) == {("task", "table"): ("PutItem", "active")}
    assert diagram.title == "From an object in S3 to an item in DynamoDB, after 90 s"
    quiet = {(edge.source, edge.target): edge.label for edge in drawn(PRESET["object-arrives"], 0).edges}
    assert quiet == {
        ("user", "bucket"): "PutObject",
        ("bucket", "bus"): "Object Created",
        ("bus", "ecs"): "RunTask",
        ("ecs", "task"): "",
        ("task", "ecr"): "pull, logs",
        ("task", "bucket"): "",
        ("task", "table"): "",
        ("bus", "dlq"): "",
    }
    started = drawn(PRESET["object-arrives"], 4)
    assert lines(started) == {("ecs", "task"): ("ENI", "active")}
    assert looks(started) == {"task": ("chosen", "1 here")}


def test_what_is_lost_has_a_place_too() -> None:
    diagram = drawn(PRESET["task-fails"])
    assert looks(diagram)["nowhere"] == ("failed", "1 here")
    assert looks(diagram)["table"] == ("chosen", "1 here")
    lost = next(node for node in diagram.nodes if node.id == "nowhere")
    assert (lost.label, lost.explanation) == ("Lost", "1 event is of no use to anyone any more: TASK_FAILED.")
    dropped = drawn({"architecture": "object-to-task", "objects": 2, "eventPattern": {"source": ["aws.ecs"]}})
    node = next(node for node in dropped.nodes if node.id == "nowhere")
    assert (node.label, node.state) == ("Dropped", "")
    assert node.explanation == "2 events are of no use to anyone any more: NO_MATCH."


def test_the_queue_says_who_waits_and_who_works() -> None:
    diagram = drawn(PRESET["poison"], 6)
    cards = looks(diagram)
    assert cards["task"] == ("", "2 run")
    assert cards["ecs"] == ("", "desired 2")
    assert cards["queue"] == ("chosen", "2 wait")
    last = looks(drawn(PRESET["poison"]))
    assert last["done"] == ("healthy", "3 here")
    assert last["dlq"] == ("failed", "1 here")
    backlog = simulate(PRESET["backlog"])
    k = next(k for k, event in enumerate(backlog.events) if event.kind.value == "service-scaled") + 1
    assert lines(architectures_diagram(state_at(backlog, k))) == {("scaling", "ecs"): ("UpdateService", "active")}
    queue = next(node for node in diagram.nodes if node.id == "queue")
    assert queue.explanation.endswith("Here: message 3, message 4.")
    many = next(node for node in drawn(PRESET["backlog"], 101).nodes if node.id == "queue")
    assert many.explanation.endswith("message 6 and 94 more.")


def test_the_other_two() -> None:
    stopped = drawn({"architecture": "stopped-task-to-topic"})
    assert looks(stopped) == {"topic": ("chosen", "1 here")}
    assert not stopped.groups
    schedule = drawn(PRESET["overlapping-runs"])
    bucket = next(node for node in schedule.nodes if node.id == "bucket")
    assert (bucket.state, bucket.detail) == ("chosen", "4 here")
    assert bucket.explanation == "The S3 bucket that takes the result of each run."
    middle = drawn(PRESET["overlapping-runs"], 10)
    assert looks(middle)["bucket"] == ("healthy", "1 here")
    assert [group.id for group in schedule.groups] == ["vpc"]
    assert architectures_diagram(state_at(simulate(PRESET["burst"]), 0), title="Now").title == "Now"
