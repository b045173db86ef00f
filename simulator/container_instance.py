"""A container instance: read from its document, and changed by the tasks that come and go.

The document uses AWS's names; only `ec2InstanceId` is required. An instance that says nothing else is ACTIVE, its
agent is connected, nothing runs on it, and the ports that the agent reserves by default are taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.instance_types import LINUX_AGENT_PORTS, WINDOWS_AGENT_PORTS, registered_resources, task_eni_limit
from simulator.model import Instance, PlacedTask, Resources

MOST_INSTANCES = 10_000
MOST_TASKS = 5_000
MOST_AMOUNT = 1_000_000_000
STATUSES = ("ACTIVE", "DRAINING", "REGISTERING", "DEREGISTERING", "REGISTRATION_FAILED", "INACTIVE")
MOST_CUSTOM_ATTRIBUTES = 10

_FIELDS = frozenset(
    {
        "ec2InstanceId", "instanceType", "availabilityZone", "status", "agentConnected", "remaining", "reservedPorts",
        "attributes", "tasks", "eniTrunking", "agentVersion", "registeredAt", "runningTasksCount",
        "missingCapabilities",
    }
)  # fmt: skip


def read_instances(document: Any, path: str = "instances", *, sized: bool = True) -> tuple[Instance, ...]:
    """A list of instance documents; every `ec2InstanceId` may occur once. `sized` False where no size is looked at.

    Raises
    ------
    InputError
        With the path of what is wrong.
    """
    raw = reading.items(document, path, most=MOST_INSTANCES)
    instances = tuple(read_instance(entry, f"{path}[{i}]", sized=sized) for i, entry in enumerate(raw))
    seen: set[str] = set()
    for i, instance in enumerate(instances):
        if instance.id in seen:
            raise InputError(
                f"{path}[{i}].ec2InstanceId is “{instance.id}” again; each instance needs its own.",
                path=f"{path}[{i}].ec2InstanceId",
            )
        seen.add(instance.id)
    return instances


def read_instance(document: Any, path: str = "instance", *, sized: bool = True) -> Instance:
    """One instance document as a record.

    `remaining` is believed as given, and what it leaves out is the type's registered amount. A size that nobody
    gives and whose type is unknown stays unknown: `remaining` is then None, and placement asks for it when needed.
    """
    document = reading.mapping(document, path)
    reading.known_fields(document, path, _FIELDS)
    given = {name: value for name, value in document.items() if value is not None}
    type_name = _optional_text(given, "instanceType", path)
    zone = _optional_text(given, "availabilityZone", path)
    attributes = _attributes(given.get("attributes", {}), f"{path}.attributes")
    type_name = _agree(type_name, attributes, "ecs.instance-type", f"{path}.instanceType")
    zone = _agree(zone, attributes, "ecs.availability-zone", f"{path}.availabilityZone")
    # ECS sets it on every instance; the agent here is Linux's unless the document says otherwise (facts 4.1).
    attributes.setdefault("ecs.os-type", "linux")
    registered = registered_resources(type_name, windows=_is_windows(attributes))
    tasks = _tasks(given.get("tasks", {}), f"{path}.tasks")
    tcp, udp = _ports(given.get("reservedPorts"), attributes, f"{path}.reservedPorts")
    trunking = reading.flag(given.get("eniTrunking", False), f"{path}.eniTrunking")
    return Instance(
        id=reading.name(document.get("ec2InstanceId"), f"{path}.ec2InstanceId"),
        type=type_name,
        zone=zone,
        status=reading.choice(given.get("status", "ACTIVE"), f"{path}.status", STATUSES),
        agent_connected=reading.flag(given.get("agentConnected", True), f"{path}.agentConnected"),
        agent_version=_version(given.get("agentVersion"), f"{path}.agentVersion"),
        registered=registered,
        remaining=_remaining(given.get("remaining"), registered, f"{path}.remaining", sized),
        tcp=tcp,
        udp=udp,
        enis=task_eni_limit(type_name, trunking=trunking),
        attributes=attributes,
        tasks=tasks,
        running_tasks=reading.whole(
            given.get("runningTasksCount", sum(tasks.values())), f"{path}.runningTasksCount", low=0, high=MOST_TASKS
        ),
        registered_at=_instant(given.get("registeredAt"), f"{path}.registeredAt"),
        missing_capabilities=_names(given.get("missingCapabilities", ()), f"{path}.missingCapabilities"),
        eni_trunking=trunking,
    )


def with_task(instance: Instance, task: PlacedTask) -> Instance:
    """The instance after a task was placed on it."""
    left = instance.remaining
    return replace(
        instance,
        remaining=left
        and Resources(cpu=left.cpu - task.cpu, memory=left.memory - task.memory, gpu=left.gpu - task.gpu),
        tcp=instance.tcp.union(task.tcp) if task.tcp else instance.tcp,
        udp=instance.udp.union(task.udp) if task.udp else instance.udp,
        enis=instance.enis - 1 if task.eni and instance.enis is not None else instance.enis,
        tasks={**instance.tasks, task.group: instance.tasks.get(task.group, 0) + 1},
        running_tasks=instance.running_tasks + 1,
    )


def without_task(instance: Instance, task: PlacedTask) -> Instance:
    """The instance after one of its tasks stopped: everything the task took is free again."""
    left = instance.remaining
    tasks = {**instance.tasks, task.group: instance.tasks.get(task.group, 0) - 1}
    if tasks[task.group] <= 0:
        del tasks[task.group]
    return replace(
        instance,
        remaining=left
        and Resources(cpu=left.cpu + task.cpu, memory=left.memory + task.memory, gpu=left.gpu + task.gpu),
        tcp=instance.tcp.difference(task.tcp),
        udp=instance.udp.difference(task.udp),
        enis=instance.enis + 1 if task.eni and instance.enis is not None else instance.enis,
        tasks=tasks,
        running_tasks=max(0, instance.running_tasks - 1),
    )


def _remaining(value: Any, registered: Resources | None, path: str, sized: bool) -> Resources | None:
    if value is None:
        return registered
    value = reading.mapping(value, path)
    reading.known_fields(value, path, ("cpu", "memory", "gpu"))
    amounts: dict[str, int] = {"gpu": 0} if sized else {"cpu": 0, "memory": 0, "gpu": 0}
    if registered is not None:
        amounts |= {"cpu": registered.cpu, "memory": registered.memory}
    for name, amount in value.items():
        if amount is not None:
            amounts[name] = reading.whole(amount, f"{path}.{name}", low=0, high=MOST_AMOUNT)
    if "cpu" not in amounts or "memory" not in amounts:
        missing = "cpu" if "cpu" not in amounts else "memory"
        raise InputError(
            f"{path}.{missing} is left out, and the instance's type is not one whose size is known; give {missing}.",
            path=f"{path}.{missing}",
        )
    return Resources(**amounts)


def _ports(value: Any, attributes: Mapping[str, str | None], path: str) -> tuple[frozenset[int], frozenset[int]]:
    """Host ports in use. A given list replaces the agent's own."""
    if value is None:
        return (WINDOWS_AGENT_PORTS if _is_windows(attributes) else LINUX_AGENT_PORTS), frozenset()
    value = reading.mapping(value, path)
    reading.known_fields(value, path, ("tcp", "udp"))
    tcp, udp = (
        frozenset(
            reading.whole(port, f"{path}.{protocol}[{i}]", low=1, high=65535)
            for i, port in enumerate(reading.items(value.get(protocol) or (), f"{path}.{protocol}", most=65535))
        )
        for protocol in ("tcp", "udp")
    )
    return tcp, udp


def _is_windows(attributes: Mapping[str, str | None]) -> bool:
    return attributes.get("ecs.os-type") == "windows"


def _attributes(value: Any, path: str) -> dict[str, str | None]:
    value = reading.mapping(value, path)
    attributes: dict[str, str | None] = {}
    for name, content in value.items():
        if not re.fullmatch(r"[A-Za-z0-9_./\\-]{1,128}", name):
            raise InputError(
                f"{path} has the name {reading.shown(name)}; a name has 1 to 128 letters, digits, and - _ / \\ .",
                path=path,
            )
        if content is not None:
            reading.text(content, f"{path}.{name}", longest=128)
            if not re.fullmatch(r"[A-Za-z0-9_.@/\\: -]+", content) or content != content.strip():
                raise InputError(
                    f"{path}.{name} is {reading.shown(content)}; a value has letters, digits, inner spaces, "
                    "and - _ . @ / \\ :",
                    path=f"{path}.{name}",
                )
        attributes[name] = content
    custom = [name for name in attributes if not name.startswith(("ecs.", "com.amazonaws.ecs."))]
    if len(custom) > MOST_CUSTOM_ATTRIBUTES:
        raise InputError(
            f"{path} has {len(custom)} custom attributes, and AWS allows {MOST_CUSTOM_ATTRIBUTES} an instance "
            "(AttributeLimitExceededException).",
            path=path,
        )
    return attributes


def _agree(field: str | None, attributes: dict[str, str | None], name: str, path: str) -> str | None:
    """The field and its built-in attribute are one thing: fill in the missing one, refuse two different ones."""
    attribute = attributes.get(name)
    if field is not None and attribute is not None and field != attribute:
        raise InputError(f"{path} is “{field}”, but the attribute {name} says “{attribute}”; keep one.", path=path)
    value = field if field is not None else attribute
    if value is not None:
        attributes[name] = value
    return value


def _tasks(value: Any, path: str) -> dict[str, int]:
    value = reading.mapping(value, path)
    counts = {
        reading.name(group, path): reading.whole(count, f"{path}.{group}", low=0, high=MOST_TASKS)
        for group, count in value.items()
    }
    return {group: count for group, count in counts.items() if count}


def _names(value: Any, path: str) -> frozenset[str]:
    names = reading.items(value, path, most=200)
    return frozenset(reading.text(name, f"{path}[{i}]") for i, name in enumerate(names))


def _version(value: Any, path: str) -> str | None:
    if value is None:
        return None
    version = reading.text(value, path, longest=40)
    if not re.fullmatch(r"v?[0-9]{1,6}(\.[0-9]{1,6}){0,3}", version):
        raise InputError(f"{path} must be a version such as 1.105.1, not {reading.shown(value)}.", path=path)
    return version


def _instant(value: Any, path: str) -> int | None:
    """Milliseconds since 1970 UTC; a time without a zone is taken as UTC (a simulator choice)."""
    if value is None:
        return None
    written = reading.text(value, path, longest=40)
    try:
        moment = datetime.fromisoformat(written)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return int((moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
    except (ValueError, OverflowError):
        raise InputError(
            f"{path} must be a time such as 2018-06-18T22:28:28Z, not {reading.shown(value)}.", path=path
        ) from None


def _optional_text(document: Mapping[str, Any], name: str, path: str) -> str | None:
    return reading.text(document[name], f"{path}.{name}") if name in document else None
