"""What a task takes of an instance: a real RegisterTaskDefinition document read as the scheduler reads it.

Only the fields that placement looks at are checked; every other field of the real document may be there. What AWS
refuses at registration among those fields is refused here in AWS's words. Source: facts 5.2, 5.3, 5.6, 6.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from simulator import capabilities, reading
from simulator.errors import InputError
from simulator.model import PlacedTask

NETWORK_MODES = ("bridge", "host", "awsvpc", "none", "default")
COMPATIBILITIES = ("EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES")
MOST_CONTAINERS = 10
MOST_CPU = 196_608
MOST_MEMORY = 33_554_432
MOST_MAPPINGS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A port mapping; `host` 0 is a dynamic host port."""

    container: int
    host: int
    protocol: str = "tcp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A container's own amounts; None where it gives none. Memory in MiB."""

    name: str
    cpu: int = 0
    memory: int | None = None
    reservation: int | None = None
    gpu: int = 0
    ports: tuple[Port, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDefinition:
    """The part of a task definition that placement looks at.

    `requires` holds the attributes an instance must have: agent capabilities, and (name, value) pairs that the
    document lists under `requiresAttributes`. `constraints` is the raw `placementConstraints` list.
    """

    family: str = "task"
    cpu: int | None = None
    memory: int | None = None
    network_mode: str = "bridge"
    containers: tuple[Container, ...] = ()
    requires: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str | None], ...] = ()
    fargate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskNeeds:
    """What one copy takes. `clash` are host ports that two containers of the task both want."""

    cpu: int
    memory: int
    gpu: int = 0
    tcp: tuple[int, ...] = ()
    udp: tuple[int, ...] = ()
    clash: tuple[int, ...] = ()
    eni: bool = False


@lru_cache(maxsize=256)
def task_needs(
    task: TaskDefinition, *, memory_from: str = "task_level_first", count_dynamic: bool = False
) -> TaskNeeds:
    """The amounts that are compared with an instance and then taken from it.

    Parameters
    ----------
    memory_from : "task_level_first" is AWS's; "container_sum" and "hard_limit" are beliefs (rules `memory_need`).
    count_dynamic : the belief that host port 0 is a port like any other (rule `dynamic_ports`).

    >>> task_needs(TaskDefinition(memory=512, containers=(Container(name="web", cpu=128, reservation=64),)))
    TaskNeeds(cpu=128, memory=512, gpu=0, tcp=(), udp=(), clash=(), eni=False)
    """
    tcp, udp, clash = _host_ports(task, count_dynamic)
    return TaskNeeds(
        cpu=task.cpu if task.cpu is not None else sum(container.cpu for container in task.containers),
        memory=_memory(task, memory_from),
        gpu=sum(container.gpu for container in task.containers),
        tcp=tcp,
        udp=udp,
        clash=clash,
        eni=task.network_mode == "awsvpc",
    )


def read_task_definition(document: Any, path: str = "taskDefinition") -> TaskDefinition:
    """The record of a real task definition document.

    Raises
    ------
    InputError
        For wrong types, and for what RegisterTaskDefinition refuses among the fields that placement reads.
    """
    document = reading.mapping(document, path)
    mode = reading.choice(_given(document, "networkMode", "bridge"), f"{path}.networkMode", NETWORK_MODES)
    windows = _is_windows(document, path)
    raw = reading.items(
        _given(document, "containerDefinitions", ()), f"{path}.containerDefinitions", most=MOST_CONTAINERS
    )
    containers = tuple(_container(entry, f"{path}.containerDefinitions[{i}]", mode) for i, entry in enumerate(raw))
    task = TaskDefinition(
        family=_name(_given(document, "family", "task"), f"{path}.family"),
        # Windows containers on EC2 ignore the task-level values.
        cpu=None if windows else cpu_units(document.get("cpu"), f"{path}.cpu"),
        memory=None if windows else memory_mib(document.get("memory"), f"{path}.memory"),
        network_mode=mode,
        containers=containers,
        requires=capabilities.required(document, path),
        attributes=_required_attributes(document, path),
        fargate=_is_for_fargate(document, path),
    )
    _check_as_registration_does(task, raw, path)
    return task


def placed_task(needs: TaskNeeds, *, number: int, group: str, instance: str) -> PlacedTask:
    """The task that takes these amounts of an instance."""
    return PlacedTask(
        id=f"t{number}",
        number=number,
        group=group,
        instance=instance,
        cpu=needs.cpu,
        memory=needs.memory,
        gpu=needs.gpu,
        tcp=needs.tcp,
        udp=needs.udp,
        eni=needs.eni,
    )


def cpu_units(value: Any, path: str) -> int | None:
    """Units as a number, as text, or `"1 vCPU"`."""
    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,4})?) ?vcpu", value.lower()) if isinstance(value, str) else None
    if found:
        whole, _, part = found[1].partition(".")
        units = int(whole) * 1024 + int((part or "0").ljust(4, "0")) * 1024 // 10_000
    else:
        units = _plain_number(value)
    if units is None or not 128 <= units <= MOST_CPU:
        raise InputError(
            f"Invalid 'cpu' setting for task: {path} is {reading.shown(value)}, and it can be 128 to {MOST_CPU} units.",
            path=path,
        )
    return units


def memory_mib(value: Any, path: str) -> int | None:
    """MiB as a number, as text, or `"1GB"`."""
    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,5}(?:\.[0-9]{1,3})?) ?gb", value.lower()) if isinstance(value, str) else None
    if found:
        whole, _, part = found[1].partition(".")
        mebibytes = int(whole) * 1024 + int((part or "0").ljust(3, "0")) * 1024 // 1000
    else:
        mebibytes = _plain_number(value)
    if mebibytes is None or not 1 <= mebibytes <= MOST_MEMORY:
        raise InputError(
            f"Invalid 'memory' setting for task: {path} is {reading.shown(value)}, and it must be MiB above 0.",
            path=path,
        )
    return mebibytes


def _memory(task: TaskDefinition, memory_from: str) -> int:
    if task.memory is not None and (memory_from != "container_sum" or not task.containers):
        return task.memory
    if memory_from == "hard_limit":
        return sum(container.memory or container.reservation or 0 for container in task.containers)
    return sum(container.reservation or container.memory or 0 for container in task.containers)


def _host_ports(task: TaskDefinition, count_dynamic: bool) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Host ports by protocol, and those wanted twice. An awsvpc task's ports live on its own interface."""
    wanted: dict[str, list[int]] = {"tcp": [], "udp": []}
    clash: set[int] = set()
    if task.network_mode not in ("awsvpc", "none"):
        for port in (port for container in task.containers for port in container.ports):
            if not port.host and not count_dynamic:
                continue
            if port.host in wanted[port.protocol]:
                clash.update({port.host} - {0})
            else:
                wanted[port.protocol].append(port.host)
    return tuple(wanted["tcp"]), tuple(wanted["udp"]), tuple(sorted(clash))


def _container(entry: Any, path: str, mode: str) -> Container:
    entry = reading.mapping(entry, path)
    name = _name(_given(entry, "name", "container"), f"{path}.name")
    memory, reservation = (
        None if entry.get(field) is None else reading.whole(entry[field], f"{path}.{field}", low=1, high=MOST_MEMORY)
        for field in ("memory", "memoryReservation")
    )
    if memory is not None and reservation is not None and reservation > memory:
        raise InputError(
            f"Invalid setting for container '{name}'. 'memory' must be greater than or equal to 'memoryReservation'.",
            path=f"{path}.memoryReservation",
        )
    mappings = reading.items(_given(entry, "portMappings", ()), f"{path}.portMappings", most=MOST_MAPPINGS)
    if mappings and mode == "none":
        raise InputError(
            f"{path}.portMappings is given, and networkMode none allows no port mappings.", path=f"{path}.portMappings"
        )
    read = (_port(mapping, f"{path}.portMappings[{i}]", mode) for i, mapping in enumerate(mappings))
    ports = tuple(port for port in read if port is not None)
    _check_one_protocol(ports, f"{path}.portMappings")
    if entry.get("essential") is not None:
        reading.flag(entry["essential"], f"{path}.essential")
    return Container(
        name=name,
        cpu=reading.whole(_given(entry, "cpu", 0), f"{path}.cpu", low=0, high=MOST_CPU),
        memory=memory,
        reservation=reservation,
        gpu=_gpus(entry, path),
        ports=ports,
    )


def _check_one_protocol(ports: tuple[Port, ...], path: str) -> None:
    """AWS: the same container port can not be exposed for two protocols."""
    protocols: dict[int, str] = {}
    for port in ports:
        if protocols.setdefault(port.container, port.protocol) != port.protocol:
            raise InputError(
                f"{path} exposes the container port {port.container} for tcp and udp, and AWS allows one protocol.",
                path=path,
            )


def _port(mapping: Any, path: str, mode: str) -> Port | None:
    mapping = reading.mapping(mapping, path)
    if mapping.get("containerPortRange") is not None and mapping.get("containerPort") is None:
        return None  # its host ports are dynamic
    container = reading.whole(mapping.get("containerPort"), f"{path}.containerPort", low=1, high=65535)
    host = reading.whole(_given(mapping, "hostPort", 0), f"{path}.hostPort", low=0, high=65535)
    if mode in ("host", "awsvpc"):
        if host not in (0, container):
            raise InputError(
                f"When networkMode={mode}, the host ports and container ports in port mappings must match.",
                path=f"{path}.hostPort",
            )
        host = container
    # AWS: anything but udp is treated as tcp.
    return Port(container=container, host=host, protocol="udp" if mapping.get("protocol") == "udp" else "tcp")


def _name(value: Any, path: str) -> str:
    name = reading.text(value, path)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise InputError(f"{path} is {reading.shown(value)}; it has letters, digits, - and _ only.", path=path)
    return name


def _is_for_fargate(document: Mapping[str, Any], path: str) -> bool:
    """Whether the document asks for Fargate too, and may: it then needs awsvpc and both task-level sizes."""
    where = f"{path}.requiresCompatibilities"
    asked = reading.items(_given(document, "requiresCompatibilities", ()), where, most=len(COMPATIBILITIES))
    if "FARGATE" not in [reading.choice(entry, f"{where}[{i}]", COMPATIBILITIES) for i, entry in enumerate(asked)]:
        return False
    if document.get("networkMode") != "awsvpc":
        raise InputError("Fargate only supports network mode 'awsvpc'.", path=f"{path}.networkMode")
    for name in ("cpu", "memory"):
        if document.get(name) is None:
            raise InputError(f"Fargate requires that '{name}' be defined at the task level.", path=f"{path}.{name}")
    return True


def _gpus(entry: Mapping[str, Any], path: str) -> int:
    path = f"{path}.resourceRequirements"
    total = 0
    for i, requirement in enumerate(reading.items(_given(entry, "resourceRequirements", ()), path, most=10)):
        requirement = reading.mapping(requirement, f"{path}[{i}]")
        if requirement.get("type") != "GPU":
            continue
        value = requirement.get("value")
        if value == "ALL":
            raise InputError(
                f"{path}[{i}].value is ALL, every GPU of the instance: AWS takes that, but this simulator places "
                'counts only, such as "1".',
                path=f"{path}[{i}].value",
            )
        if not (isinstance(value, str) and re.fullmatch(r"[0-9]{1,2}", value)):
            raise InputError(
                f'{path}[{i}].value must be a count of GPUs as text, such as "1", not {reading.shown(value)}.',
                path=f"{path}[{i}].value",
            )
        total += int(value)
    return total


def _plain_number(value: Any) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _required_attributes(document: Mapping[str, Any], path: str) -> tuple[tuple[str, str | None], ...]:
    """`requiresAttributes` as DescribeTaskDefinition gives it, without the agent's capabilities."""
    path = f"{path}.requiresAttributes"
    kept: list[tuple[str, str | None]] = []
    for i, entry in enumerate(reading.items(_given(document, "requiresAttributes", ()), path, most=200)):
        entry = reading.mapping(entry, f"{path}[{i}]")
        name = reading.text(entry.get("name"), f"{path}[{i}].name")
        value = entry.get("value")
        if not capabilities.is_capability(name):
            kept.append((name, None if value is None else reading.text(value, f"{path}[{i}].value")))
    return tuple(kept)


def _check_as_registration_does(task: TaskDefinition, raw: Any, path: str) -> None:
    if raw and not any(entry.get("essential") in (None, True) for entry in raw):
        raise InputError("Task definition doesn't have any essential container", path=f"{path}.containerDefinitions")
    names = [entry["name"] for entry in raw if entry.get("name") is not None]
    if len(set(names)) < len(names):
        raise InputError(
            f"{path}.containerDefinitions has two containers of one name; container names are unique in a task.",
            path=f"{path}.containerDefinitions",
        )
    if task.memory is None:
        if not task.containers:
            raise InputError(f"{path} gives no memory; set 'memory' for the task or for its containers.", path=path)
        for container in task.containers:
            if container.memory is None and container.reservation is None:
                raise InputError(
                    f"Invalid setting for container '{container.name}'. "
                    "At least one of 'memory' or 'memoryReservation' must be specified.",
                    path=f"{path}.containerDefinitions",
                )
    else:
        for container in task.containers:
            if (container.memory or container.reservation or 0) > task.memory:
                raise InputError(
                    f"The 'memory' setting for container '{container.name}' is greater than for the task",
                    path=f"{path}.containerDefinitions",
                )
    if task.cpu is not None and sum(container.cpu for container in task.containers) > task.cpu:
        raise InputError(
            "The sum of all container 'cpu' values cannot be greater than the task-level 'cpu' value",
            path=f"{path}.cpu",
        )


def _is_windows(document: Mapping[str, Any], path: str) -> bool:
    platform = document.get("runtimePlatform")
    if platform is None:
        return False
    family = reading.mapping(platform, f"{path}.runtimePlatform").get("operatingSystemFamily")
    return isinstance(family, str) and family.startswith("WINDOWS")


def _given(document: Mapping[str, Any], name: str, default: Any) -> Any:
    """The field, or the default when it is left out or null (as the AWS CLI's skeleton writes it)."""
    value = document.get(name)
    return default if value is None else value
