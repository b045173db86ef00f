"""Instances and tasks out of documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.network import defaults
from simulator.network.model import (
    AWSVPC,
    BRIDGE,
    EC2,
    EXTERNAL,
    FARGATE,
    HOST,
    MANAGED_INSTANCES,
    NONE,
    Instance,
    Ports,
    SecurityGroup,
    Subnet,
    Task,
)
from simulator.network.security_rules import LAST_PORT, known, known_all
from simulator.network.services import IMAGES, SECRETS

LAUNCH_TYPES = (FARGATE, EC2, MANAGED_INSTANCES, EXTERNAL)
MODES = (AWSVPC, BRIDGE, HOST, NONE)  # Linux
MOST_GROUPS = 5  # of one task (facts 2.1)

_INSTANCE_FIELDS = ("subnet", "securityGroups", "publicIp", "dynamicHostPortRange")
_INTERFACE_FIELDS = ("subnet", "securityGroups", "assignPublicIp")
_TASK_FIELDS = (
    *_INTERFACE_FIELDS,
    "launchType",
    "networkMode",
    "containerPort",
    "hostPort",
    "networkBindings",
    "listens",
    "instance",
    "platformVersion",
    "image",
    "secrets",
    "logDriver",
)


def read_instance(
    key: str, one: Mapping[str, Any], at: int, subnets: Mapping[str, Subnet], groups: Mapping[str, SecurityGroup]
) -> Instance:
    """A container instance; without groups it wears the VPC's default one."""
    path = f"instances.{key}"
    reading.known_fields(one, path, _INSTANCE_FIELDS)
    subnet = known(one.get("subnet", defaults.TASK_SUBNET), f"{path}.subnet", subnets, "subnet", "subnets")
    return Instance(
        id=key,
        subnet=subnet,
        groups=_worn(one, path, groups, "sg-instance"),
        address=subnets[subnet].cidr.base + defaults.INSTANCE_HOST + at,
        public=reading.flag(one.get("publicIp", False), f"{path}.publicIp"),
        dynamic=_span(one, path),
    )


def read_task(
    key: str,
    one: Mapping[str, Any],
    at: int,
    subnets: Mapping[str, Subnet],
    groups: Mapping[str, SecurityGroup],
    instances: Mapping[str, Instance],
) -> Task:
    """A task with one port.

    Raises
    ------
    InputError
        Also for a field that the task's network mode does not have, with where it belongs.
    """
    path = f"tasks.{key}"
    reading.known_fields(one, path, _TASK_FIELDS)
    launch = reading.choice(one.get("launchType", FARGATE), f"{path}.launchType", LAUNCH_TYPES)
    if launch == EXTERNAL:
        raise InputError(
            f"{path}.launchType is EXTERNAL: such a task runs outside the VPC and has no load balancer; ask about "
            "FARGATE, EC2 or MANAGED_INSTANCES.",
            path=f"{path}.launchType",
        )
    mode = _mode(one, path, launch)
    port = reading.whole(one.get("containerPort", 80), f"{path}.containerPort", low=1, high=LAST_PORT)
    host = reading.whole(one["hostPort"], f"{path}.hostPort", low=0, high=LAST_PORT) if "hostPort" in one else None
    return Task(
        id=key,
        launch=launch,
        mode=mode,
        container_port=port,
        host_port=host,
        bound=_bound(one, path, mode, host),
        listens=_listens(one, path, port),
        instance=_on(one, path, launch, instances),
        platform=_platform(one, path, launch),
        image=reading.choice(one.get("image", "ecr"), f"{path}.image", IMAGES),
        secrets=_secrets(one, path),
        awslogs=reading.text(one.get("logDriver", "json-file"), f"{path}.logDriver", longest=30) == "awslogs",
        **_interface(one, path, mode, at, subnets, groups),
    )


def _mode(one: Mapping[str, Any], path: str, launch: str) -> str:
    if launch == MANAGED_INSTANCES and "networkMode" not in one:
        raise InputError(
            f"{path} has no networkMode, and Managed Instances refuse a task definition without one; write awsvpc or "
            "host.",
            path=f"{path}.networkMode",
        )
    usual = AWSVPC if launch == FARGATE else BRIDGE
    return reading.choice(one.get("networkMode", usual), f"{path}.networkMode", MODES)


def _interface(
    one: Mapping[str, Any],
    path: str,
    mode: str,
    at: int,
    subnets: Mapping[str, Subnet],
    groups: Mapping[str, SecurityGroup],
) -> dict[str, Any]:
    """What only a task with an interface of its own has."""
    if mode != AWSVPC:
        for name in _INTERFACE_FIELDS:
            if name in one:
                raise InputError(
                    f"{path}.{name} belongs to an interface of the task's own, and a {mode} task has none; what its "
                    "instance has counts: write it in instances.",
                    path=f"{path}.{name}",
                )
        return {}
    subnet = known(one.get("subnet", defaults.TASK_SUBNET), f"{path}.subnet", subnets, "subnet", "subnets")
    public = reading.choice(one.get("assignPublicIp", "DISABLED"), f"{path}.assignPublicIp", ("ENABLED", "DISABLED"))
    return {
        "subnet": subnet,
        "groups": _worn(one, path, groups, "sg-task"),
        "address": subnets[subnet].cidr.base + defaults.TASK_HOST + at,
        "assign_public_ip": public == "ENABLED",
    }


def _worn(one: Mapping[str, Any], path: str, groups: Mapping[str, SecurityGroup], usual: str) -> tuple[str, ...]:
    """An empty list is the VPC's default group, as in AWS."""
    given = one.get("securityGroups", [usual])
    worn = known_all(given, f"{path}.securityGroups", groups, "security group", "securityGroups", most=MOST_GROUPS)
    return worn or ("default",)


def _span(one: Mapping[str, Any], path: str) -> Ports:
    if "dynamicHostPortRange" not in one:
        return defaults.KERNEL_RANGE
    where = f"{path}.dynamicHostPortRange"
    written = reading.text(one["dynamicHostPortRange"], where, longest=11)
    low, dash, high = written.partition("-")
    if not (dash and low.isascii() and low.isdigit() and high.isascii() and high.isdigit()):
        raise InputError(f"{where} is {reading.shown(written)}; write it as “32768-60999”.", path=where)
    if not 1 <= int(low) <= int(high) <= LAST_PORT:
        raise InputError(f"{where} is {written}; ports go upward, from 1 to {LAST_PORT}.", path=where)
    return Ports(int(low), int(high))


def _bound(one: Mapping[str, Any], path: str, mode: str, host: int | None) -> int | None:
    if "networkBindings" not in one:
        return None
    where = f"{path}.networkBindings"
    bindings = reading.items(one["networkBindings"], where, most=1)
    if not bindings:
        return None
    if mode != BRIDGE or host:
        raise InputError(
            f"{where} says which port a dynamic mapping got, and this task has none; leave it out.", path=where
        )
    binding = reading.mapping(bindings[0], f"{where}[0]")
    reading.known_fields(binding, f"{where}[0]", ("hostPort",))
    return reading.whole(binding.get("hostPort"), f"{where}[0].hostPort", low=1, high=LAST_PORT)


def _listens(one: Mapping[str, Any], path: str, port: int) -> tuple[int, ...]:
    given = one.get("listens", port)
    where = f"{path}.listens"
    if isinstance(given, (list, tuple)):
        ports = reading.items(given, where, most=20)
        return tuple(reading.whole(each, f"{where}[{i}]", low=1, high=LAST_PORT) for i, each in enumerate(ports))
    only = reading.whole(given, where, low=0, high=LAST_PORT)
    return (only,) if only else ()


def _on(one: Mapping[str, Any], path: str, launch: str, instances: Mapping[str, Instance]) -> str:
    if launch == FARGATE:
        if "instance" in one:
            raise InputError(
                f"{path}.instance: a Fargate task is on no instance of yours; leave it out.", path=f"{path}.instance"
            )
        return ""
    if not instances:
        raise InputError(f"{path} runs on {launch}, and instances is empty; write one.", path=path)
    return known(one.get("instance", next(iter(instances))), f"{path}.instance", instances, "instance", "instances")


def _platform(one: Mapping[str, Any], path: str, launch: str) -> tuple[int, int, int]:
    if "platformVersion" not in one:
        return (1, 4, 0)
    where = f"{path}.platformVersion"
    if launch != FARGATE:
        raise InputError(f"{where}: only Fargate has platform versions; leave it out.", path=where)
    written = reading.text(one["platformVersion"], where, longest=10)
    if written == "LATEST":
        return (1, 4, 0)
    parts = written.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts):
        raise InputError(f"{where} is {reading.shown(written)}; write 1.4.0, 1.3.0 or LATEST.", path=where)
    return (int(parts[0]), int(parts[1]), int(parts[2]))


def _secrets(one: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """The services that secrets come from, each once; kms is for a key of the customer's own."""
    given = reading.items(one.get("secrets", []), f"{path}.secrets", most=len(SECRETS))
    chosen = [reading.choice(each, f"{path}.secrets[{i}]", SECRETS) for i, each in enumerate(given)]
    return tuple(dict.fromkeys(chosen))
