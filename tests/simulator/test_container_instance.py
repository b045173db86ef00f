"""Instances: what the document says, what follows from it, and what tasks take and give back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.container_instance import read_instance, read_instances, with_task, without_task
from simulator.errors import InputError
from simulator.instance_types import (
    INSTANCE_TYPES,
    LINUX_AGENT_PORTS,
    WINDOWS_AGENT_PORTS,
    is_approximate,
    registered_resources,
    task_eni_limit,
)
from simulator.model import PlacedTask, Resources


def read(**more: Any) -> Any:
    return read_instance({"ec2InstanceId": "a1", **more})


def test_only_the_id_is_needed() -> None:
    instance = read()
    assert (instance.status, instance.agent_connected, instance.remaining) == ("ACTIVE", True, None)
    assert instance.tcp == LINUX_AGENT_PORTS
    assert instance.running_tasks == 0


def test_the_whole_document() -> None:
    instance = read(
        instanceType="m5.large",
        availabilityZone="us-east-1a",
        remaining={"cpu": 2048, "memory": 7985},
        reservedPorts={"udp": [53]},
        attributes={"stack": "prod", "gpu": None},
        tasks={"service:web": 2, "service:none": 0},
        eniTrunking=True,
        agentVersion="1.68.2",
        registeredAt="2026-01-01T00:00:00Z",
        missingCapabilities=["task-eni"],
    )
    assert instance.remaining == Resources(cpu=2048, memory=7985)  # believed, though above the registered amount
    assert (instance.tcp, instance.udp) == (frozenset(), frozenset({53}))
    assert instance.attributes == {
        "stack": "prod",
        "gpu": None,
        "ecs.instance-type": "m5.large",
        "ecs.availability-zone": "us-east-1a",
        "ecs.os-type": "linux",
    }
    assert (instance.tasks, instance.running_tasks, instance.enis) == ({"service:web": 2}, 2, 10)
    assert instance.registered_at == 1_767_225_600_000


def test_what_remaining_leaves_out_is_the_type_s() -> None:
    assert read(instanceType="m4.large", remaining={"cpu": 5}).remaining == Resources(cpu=5, memory=7985)


def test_a_field_may_be_null() -> None:
    assert read(instanceType=None, remaining=None, attributes=None, reservedPorts=None).tcp == LINUX_AGENT_PORTS


def test_windows_agents_reserve_other_ports() -> None:
    assert read(attributes={"ecs.os-type": "windows"}).tcp == WINDOWS_AGENT_PORTS


def test_windows_registers_more_of_a_documented_type() -> None:
    windows = read(instanceType="m4.large", attributes={"ecs.os-type": "windows"})
    assert (windows.remaining.memory, read(instanceType="m4.large").remaining.memory) == (8191, 7985)


def test_the_zone_may_come_from_the_attribute() -> None:
    assert read(attributes={"ecs.availability-zone": "b"}).zone == "b"


@pytest.mark.parametrize("written", ["2018-02-13", "2018-02-13T00:00:00", "2018-02-13T01:00:00+01:00"])
def test_instants(written: str) -> None:
    assert read(registeredAt=written).registered_at == 1_518_480_000_000


def test_a_running_count_given_is_believed() -> None:
    assert read(tasks={"x": 1}, runningTasksCount=7).running_tasks == 7


def test_unsized_reading_asks_for_no_size() -> None:
    (instance,) = read_instances([{"ec2InstanceId": "a1", "remaining": {"cpu": 5}}], sized=False)
    assert instance.remaining == Resources(cpu=5, memory=0)
    with pytest.raises(InputError, match="memory is left out"):
        read_instances([{"ec2InstanceId": "a1", "remaining": {"cpu": 5}}])


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 4096), st.integers(0, 4096), st.lists(st.integers(1, 65535), max_size=3, unique=True), st.booleans()
)
def test_what_a_task_takes_comes_back(cpu: int, memory: int, ports: list[int], eni: bool) -> None:
    instance = read(instanceType="m5.large", reservedPorts={"tcp": []}, tasks={"g": 1})
    task = PlacedTask(id="t", number=1, group="g", instance="a1", cpu=cpu, memory=memory, tcp=tuple(ports), eni=eni)
    after = with_task(instance, task)
    assert after.tasks == {"g": 2}
    assert after.tcp == frozenset(ports)
    assert without_task(after, task) == instance


@pytest.mark.parametrize("name", INSTANCE_TYPES)
def test_every_type(name: str) -> None:
    size = registered_resources(name)
    assert size is not None
    row = INSTANCE_TYPES[name]
    assert size.cpu == row.cpu
    assert is_approximate(name) is (name != "m4.large")
    assert 0.96 * row.memory < size.memory < row.memory
    plain, trunked = task_eni_limit(name, trunking=False), task_eni_limit(name, trunking=True)
    assert plain == row.enis - 1
    assert trunked == (row.trunked_tasks or plain)


def test_unknown_types() -> None:
    assert registered_resources("x9.huge") is None
    assert registered_resources(None) is None
    assert task_eni_limit("x9.huge", trunking=True) is None
