"""Definitions, each a small change of a good one, with the findings that it must get: `E` an error, `W` a warning.

A key of the change is a place: `web` and `log` are the two containers, `.` goes into a field; `...` takes it out.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

ROLE = "arn:aws:iam::111122223333:role/execution"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1"
FARGATE: dict[str, Any] = {
    "family": "shop",
    "requiresCompatibilities": ["FARGATE"],
    "networkMode": "awsvpc",
    "cpu": "512",
    "memory": "1024",
    "runtimePlatform": {"operatingSystemFamily": "LINUX"},
    "containerDefinitions": [{"name": "web", "image": "nginx"}, {"name": "log", "image": "fluent", "essential": False}],
}
EC2: dict[str, Any] = {
    "family": "shop",
    "requiresCompatibilities": ["EC2"],
    "containerDefinitions": [
        {"name": "web", "image": "nginx", "memory": 256},
        {"name": "log", "image": "fluent", "memory": 64, "essential": False},
    ],
}
OPEN = {name: value for name, value in EC2.items() if name != "requiresCompatibilities"}
EXTERNAL = {**EC2, "requiresCompatibilities": ["EXTERNAL"]}
MANAGED = {**EC2, "requiresCompatibilities": ["MANAGED_INSTANCES"], "networkMode": "host"}
WINDOWS_EC2 = {**EC2, "runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_FULL"}}
WINDOWS_FARGATE = {
    **FARGATE,
    "cpu": "1024",
    "memory": "2048",
    "runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2019_CORE"},
}
BASES = {
    "fargate": FARGATE,
    "ec2": EC2,
    "open": OPEN,
    "external": EXTERNAL,
    "managed": MANAGED,
    "windows-ec2": WINDOWS_EC2,
    "windows-fargate": WINDOWS_FARGATE,
}
Case = tuple[str, str, Mapping[str, Any], tuple[str, ...]]


def edited(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    document = copy.deepcopy(dict(base))
    for place, value in change.items():
        *way, last = place.split(".") if not place.startswith("=") else [place[1:]]
        holder: Any = document
        for at, part in enumerate(way):
            if at == 0 and part in ("web", "log"):
                holder = document["containerDefinitions"][("web", "log").index(part)]
            else:
                holder = holder[int(part) if isinstance(holder, list) else part]
        if value is ...:
            holder.pop(last, None)
        else:
            holder[int(last) if isinstance(holder, list) else last] = copy.deepcopy(value)
    return document


C0, C1 = "containerDefinitions[0]", "containerDefinitions[1]"


def ports(*mappings: Mapping[str, Any]) -> dict[str, Any]:
    return {"web.portMappings": list(mappings)}


def port(number: int, **more: Any) -> dict[str, Any]:
    return {"containerPort": number, **more}


def volume(kind: str, value: Any, **more: Any) -> dict[str, Any]:
    return {
        "volumes": [{"name": "data", kind: value}],
        "web.mountPoints": [{"sourceVolume": "data", "containerPath": "/data"}],
        **more,
    }


def waits(condition: str, target: str = "log", **more: Any) -> dict[str, Any]:
    return {"web.dependsOn": [{"containerName": target, "condition": condition}], **more}


def awslogs(**options: str) -> dict[str, Any]:
    names = {f"awslogs-{name.replace('_', '-')}": value for name, value in options.items()}
    return {"web.logConfiguration": {"logDriver": "awslogs", "options": names}, "executionRoleArn": ROLE}


ASM = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
S3FILES = "arn:aws:s3files:eu-west-1:111122223333:file-system/fs-1"
NAMES: list[Case] = [
    ("family with a revision", "fargate", {"family": "shop:3"}, ("E family family-name",)),
    ("family with a space", "fargate", {"family": "my shop"}, ("E family family-name",)),
    ("family empty", "fargate", {"family": ""}, ("E family family-name",)),
    ("family of 255", "fargate", {"family": "a" * 255}, ()),
    ("family of 256", "fargate", {"family": "a" * 256}, ("E family family-name",)),
    ("container of 256", "fargate", {"web.name": "b" * 256}, (f"E {C0}.name container-name",)),
    ("container with a dot", "fargate", {"web.name": "we.b"}, (f"E {C0}.name container-name",)),
    ("container unnamed", "fargate", {"web.name": ...}, (f"E {C0}.name container-name-missing",)),
    ("no image", "fargate", {"log.image": ...}, (f"E {C1}.image container-image-missing",)),
    ("empty image", "fargate", {"log.image": ""}, (f"E {C1}.image container-image-missing",)),
    ("one name twice", "fargate", {"log.name": "web"}, (f"E {C1}.name container-name-twice",)),
    ("no containers", "fargate", {"containerDefinitions": []}, ("E containerDefinitions container-count",)),
    ("ten", "fargate", {"containerDefinitions": [{"name": f"c{i}", "image": "a"} for i in range(10)]}, ()),
    (
        "eleven",
        "fargate",
        {"containerDefinitions": [{"name": f"c{i}", "image": "a"} for i in range(11)]},
        ("E containerDefinitions container-count",),
    ),
    ("none essential", "fargate", {"web.essential": False}, ("E containerDefinitions no-essential-container",)),
    (
        "essential unreadable",
        "fargate",
        {"web.essential": "perhaps"},
        (f"E {C0}.essential wrong-type",),
    ),
    ("image of 255", "fargate", {"web.image": "i" * 255}, ()),
    ("image of 256", "fargate", {"web.image": "i" * 256}, (f"E {C0}.image image-form",)),
    ("digest", "fargate", {"web.image": "nginx@sha256:" + "aF0" * 21 + "9"}, ()),
    ("digest too short", "fargate", {"web.image": "nginx@sha256:" + "a" * 63}, (f"E {C0}.image image-form",)),
    ("placeholder", "fargate", {"web.image": "<IMAGE>"}, (f"W {C0}.image image-characters",)),
    ("same tag twice", "fargate", {"tags": [{"key": "a"}, {"key": "a", "value": "b"}]}, ("E tags[1].key tag-key",)),
    ("tag of AWS", "fargate", {"tags": [{"key": "AWS:a"}]}, ("E tags[0].key tag-key",)),
    ("tag of no key", "fargate", {"tags": [{"value": "a"}]}, ()),
    (
        "tag with a bracket",
        "fargate",
        {"tags": [{"key": "a<", "value": "é 1_.:/=+-@"}]},
        ("E tags[0].key tag-characters",),
    ),
    ("tag of 129", "fargate", {"tags": [{"key": "a" * 129, "value": ""}]}, ("E tags[0].key out-of-bounds",)),
    ("tag empty", "fargate", {"tags": [{"key": ""}]}, ("E tags[0].key out-of-bounds",)),
    ("tag of 128", "fargate", {"tags": [{"key": "a" * 128, "value": "b" * 256}]}, ()),
    ("50 tags", "fargate", {"tags": [{"key": str(i)} for i in range(50)]}, ()),
    ("51 tags", "fargate", {"tags": [{"key": str(i)} for i in range(51)]}, ("E tags too-many",)),
    (
        "proxy unknown",
        "fargate",
        {"proxyConfiguration": {"containerName": "envoy"}},
        ("E proxyConfiguration.containerName proxy-container",),
    ),
    ("proxy", "fargate", {"proxyConfiguration": {"containerName": "log", "type": "APPMESH"}}, ()),
    ("two specs", "ec2", {"web.credentialSpecs": ["a", "b"]}, (f"E {C0}.credentialSpecs credential-specs",)),
    ("one spec", "ec2", {"web.credentialSpecs": ["a"]}, ()),
]
SHAPES: list[Case] = [
    ("null", "fargate", {"taskRoleArn": None}, ("W taskRoleArn null-field",)),
    ("null family", "fargate", {"family": None}, ("E family required-field", "W family null-field")),
    ("described", "fargate", {"revision": 3}, ("E revision described-field",)),
    ("described in a container", "fargate", {"web.revision": 3}, (f"E {C0}.revision unknown-field",)),
    ("nearest", "fargate", {"web.portMapping": []}, (f"E {C0}.portMapping unknown-field",)),
    ("of another", "fargate", {"hostPort": 1}, ("E hostPort unknown-field",)),
    ("of nobody", "fargate", {"zzz": 1}, ("E zzz unknown-field",)),
    ("other case", "fargate", {"memory": ..., "Memory": "1024"}, ("E Memory unknown-field",)),
    ("both cases", "fargate", {"Memory": "1024"}, ("E Memory unknown-field",)),
    ("twice in other case", "open", {"Cpu": "256", "CPU": "256"}, ("E Cpu unknown-field", "E CPU unknown-field")),
    ("no text key", "fargate", {"web.=7": 1}, (f'E {C0}["=7"] unknown-field',)),
    ("text for a number", "fargate", {"web.cpu": "10"}, (f"E {C0}.cpu wrong-type",)),
    ("long text for a number", "fargate", {"web.cpu": "1" * 10}, (f"E {C0}.cpu wrong-type",)),
    ("whole float", "fargate", {"web.cpu": 10.0}, (f"E {C0}.cpu wrong-type",)),
    ("float", "fargate", {"web.cpu": 10.5}, (f"E {C0}.cpu wrong-type",)),
    ("flag for a number", "fargate", {"web.cpu": True}, (f"E {C0}.cpu wrong-type",)),
    ("text for a flag", "fargate", {"web.privileged": "FALSE"}, (f"E {C0}.privileged wrong-type",)),
    ("number for a flag", "fargate", {"web.interactive": 1}, (f"E {C0}.interactive wrong-type",)),
    ("number for a text", "fargate", {"web.user": 1000}, (f"E {C0}.user wrong-type",)),
    (
        "flag for a text",
        "fargate",
        {"web.environment": [{"name": "A", "value": True}]},
        (f"E {C0}.environment[0].value wrong-type",),
    ),
    ("no list", "fargate", {"web.command": "run"}, (f"E {C0}.command wrong-type",)),
    ("list with a number", "fargate", {"web.command": ["sleep", 1]}, (f"E {C0}.command[1] wrong-type",)),
    ("no object", "fargate", {"ephemeralStorage": 30}, ("E ephemeralStorage wrong-type",)),
    ("no map", "fargate", {"web.dockerLabels": ["a"]}, (f"E {C0}.dockerLabels wrong-type",)),
    ("map with a list", "fargate", {"web.dockerLabels": {"a b": []}}, (f'E {C0}.dockerLabels["a b"] wrong-type',)),
    ("entry null", "fargate", {"web.command": [None]}, (f"E {C0}.command[0] wrong-type",)),
    ("container no object", "fargate", {"containerDefinitions": ["web"]}, ("E containerDefinitions[0] wrong-type",)),
    (
        "task cpu a float",
        "fargate",
        {"cpu": 512.0},
        ("E cpu wrong-type",),
    ),
    ("task cpu a flag", "ec2", {"cpu": True}, ("E cpu wrong-type",)),
    (
        "choice of lower case",
        "fargate",
        {"requiresCompatibilities": ["fargate"]},
        ("E requiresCompatibilities[0] not-a-choice",),
    ),
    (
        "choice near",
        "open",
        {"requiresCompatibilities": ["FARGATE_SPOT"]},
        ("E requiresCompatibilities[0] not-a-choice",),
    ),
    ("choice far", "open", {"requiresCompatibilities": ["zz"]}, ("E requiresCompatibilities[0] not-a-choice",)),
    ("choice no text", "open", {"pidMode": 1}, ("E pidMode wrong-type",)),
    (
        "missing in an entry",
        "fargate",
        {"web.ulimits": [{"name": "core", "softLimit": 1}]},
        (f"E {C0}.ulimits[0].hardLimit required-field",),
    ),
    (
        "percent",
        "managed",
        {
            "web.resourceRequirements": [
                {"type": "GPU", "sharingStrategy": {"nvidiaMps": {"memory": 0, "maxComputePercent": 101}}},
                {"type": "GPU", "sharingStrategy": {"nvidiaMps": {"memory": 1, "maxComputePercent": 100}}},
            ]
        },
        (
            f"E {C0}.resourceRequirements[0].sharingStrategy.nvidiaMps.memory out-of-bounds",
            f"E {C0}.resourceRequirements[0].sharingStrategy.nvidiaMps.maxComputePercent out-of-bounds",
        ),
    ),
]
SIZES: list[Case] = [
    ("EC2 least", "ec2", {"cpu": "128"}, ()),
    ("EC2 below", "ec2", {"cpu": "127"}, ("E cpu task-cpu-value",)),
    ("EC2 most", "ec2", {"cpu": "196608"}, ()),
    ("EC2 above", "ec2", {"cpu": "196609"}, ("E cpu task-cpu-value",)),
    ("vCPU", "ec2", {"cpu": "1 vcpu", "memory": "1GB"}, ()),
    (
        "units mixed up",
        "ec2",
        {"cpu": "1 GB", "memory": "1 vCPU"},
        ("E cpu task-cpu-value", "E memory task-memory-value"),
    ),
    ("only a unit", "ec2", {"cpu": " vCPU", "memory": "512MB"}, ("E cpu task-cpu-value", "E memory task-memory-value")),
    ("memory zero", "ec2", {"memory": "0"}, ("E memory task-memory-value",)),
    ("memory one", "ec2", {"memory": "1", "web.memory": ..., "log.memory": ...}, ()),
    ("numbers", "fargate", {"cpu": 512, "memory": 1024}, ("W cpu task-size-as-number", "W memory task-size-as-number")),
    ("no cpu", "fargate", {"cpu": ...}, ("E cpu task-cpu-missing",)),
    ("no memory", "fargate", {"memory": ...}, ("E memory task-memory-missing",)),
    (
        "no memory, no such cpu",
        "fargate",
        {"memory": ..., "cpu": "300"},
        ("E memory task-memory-missing", "E cpu fargate-size"),
    ),
    ("no cpu, no such memory", "fargate", {"cpu": ..., "memory": "700"}, ("E cpu task-cpu-missing",)),
    ("no cpu, large container", "fargate", {"cpu": ..., "web.cpu": 400}, ("E cpu task-cpu-missing",)),
    ("cpu unreadable", "fargate", {"cpu": []}, ("E cpu wrong-type",)),
    ("no such cpu", "fargate", {"cpu": "300"}, ("E cpu fargate-size",)),
    ("no such memory", "fargate", {"memory": "1500"}, ("E memory fargate-size",)),
    ("memory of one", "fargate", {"memory": "1"}, ("E memory fargate-size",)),
    ("more than there is", "fargate", {"cpu": "65536", "memory": "300000"}, ("E cpu fargate-size",)),
    ("containers too large", "fargate", {"memory": "512", "web.memory": 512}, ("E memory fargate-size",)),
    ("least of 256", "fargate", {"cpu": "256", "memory": "512"}, ()),
    ("32 vCPU", "fargate", {"cpu": "32768", "memory": "61440"}, ("W cpu fargate-newest-size",)),
    (
        "32 vCPU between",
        "fargate",
        {"cpu": "32768", "memory": "65536"},
        ("E memory fargate-size", "W cpu fargate-newest-size"),
    ),
    ("Windows", "windows-fargate", {}, ()),
    ("Windows small", "windows-fargate", {"cpu": "512", "memory": "1024"}, ("E cpu fargate-size",)),
    ("Windows large", "windows-fargate", {"cpu": "8192", "memory": "16384"}, ("E cpu fargate-size",)),
    ("Windows wrong memory", "windows-fargate", {"memory": "512"}, ("E memory fargate-size",)),
    ("Windows without cpu", "windows-fargate", {"cpu": ...}, ("E cpu task-cpu-missing",)),
    (
        "Windows on EC2",
        "windows-ec2",
        {"cpu": "512", "memory": "512"},
        ("W cpu windows-task-size", "W memory windows-task-size"),
    ),
    ("no memory anywhere", "ec2", {"web.memory": ...}, (f"E {C0}.memory container-memory-missing",)),
    ("memory 0", "ec2", {"web.memory": 0}, (f"E {C0}.memory container-memory-missing",)),
    (
        "reservation 0",
        "ec2",
        {"web.memory": ..., "web.memoryReservation": 0},
        (f"E {C0}.memoryReservation container-memory-missing",),
    ),
    ("memory unreadable", "ec2", {"web.memory": []}, (f"E {C0}.memory wrong-type",)),
    ("reservation", "ec2", {"web.memory": ..., "web.memoryReservation": 6}, ()),
    (
        "negative",
        "ec2",
        {"web.cpu": -1, "web.startTimeout": -1},
        (f"E {C0}.cpu negative-number", f"E {C0}.startTimeout negative-number"),
    ),
    (
        "reservation above",
        "ec2",
        {"web.memoryReservation": 257},
        (f"E {C0}.memoryReservation reservation-above-memory",),
    ),
    (
        "reservation equal",
        "ec2",
        {"web.memoryReservation": 256},
        (f"W {C0}.memoryReservation reservation-equals-memory",),
    ),
    ("reservation below", "ec2", {"web.memoryReservation": 255}, ()),
    ("above the task", "fargate", {"web.memory": 1025}, (f"E {C0}.memory container-memory-above-task",)),
    (
        "reserved above the task",
        "fargate",
        {"web.memoryReservation": 1025},
        (f"E {C0}.memoryReservation container-memory-above-task",),
    ),
    ("as the task", "fargate", {"web.memory": 1024}, ()),
    ("sum", "fargate", {"web.memory": 1000, "log.memoryReservation": 25}, ("E memory container-memory-sum",)),
    ("sum equal", "fargate", {"web.memory": 1000, "log.memoryReservation": 24}, ()),
    (
        "limits",
        "fargate",
        {"web.memory": 1000, "web.memoryReservation": 100, "log.memory": 25},
        ("W memory container-limit-sum",),
    ),
    (
        "all is reserved",
        "fargate",
        {"web.memory": 1000, "web.memoryReservation": 524, "log.memory": 500},
        ("W memory container-limit-sum",),
    ),
    ("limits equal", "fargate", {"web.memory": 1000, "web.memoryReservation": 100, "log.memory": 24}, ()),
    ("cpu sum", "fargate", {"web.cpu": 500, "log.cpu": 13}, ("E cpu container-cpu-sum",)),
    ("cpu sum equal", "fargate", {"web.cpu": 500, "log.cpu": 12}, ()),
    ("3 MiB", "ec2", {"web.memory": 3}, (f"E {C0}.memory container-memory-minimum",)),
    ("4 MiB", "ec2", {"web.memory": 4}, (f"W {C0}.memory container-memory-old-minimum",)),
    ("5 MiB", "ec2", {"web.memory": 5}, (f"W {C0}.memory container-memory-old-minimum",)),
    ("6 MiB", "ec2", {"web.memory": 6}, ()),
    ("one share", "ec2", {"web.cpu": 1}, (f"W {C0}.cpu cpu-shares",)),
    ("two shares", "ec2", {"web.cpu": 2, "log.cpu": 262144}, ()),
    ("too many shares", "ec2", {"web.cpu": 262145}, (f"W {C0}.cpu cpu-shares",)),
    ("no shares", "ec2", {"web.cpu": 0}, ()),
    ("shares on Windows", "windows-ec2", {"web.cpu": 1}, ()),
]
NETWORK: list[Case] = [
    ("misspelled mode", "ec2", {"networkMode": "nat"}, ("E networkMode network-mode",)),
    ("mode in capitals", "ec2", {"networkMode": "HOST"}, ("E networkMode network-mode",)),
    ("no mode on Fargate", "fargate", {"networkMode": ...}, ("E networkMode fargate-network-mode",)),
    (
        "bridge with a port in two protocols",
        "fargate",
        {"networkMode": "bridge", **ports(port(53), port(53, protocol="udp"), port(53, hostPort=0, protocol="udp"))},
        (
            "E networkMode fargate-network-mode",
            f"E {C0}.portMappings[1].protocol port-two-protocols",
            f"E {C0}.portMappings[2].protocol port-two-protocols",
        ),
    ),
    ("host on Fargate", "fargate", {"networkMode": "host"}, ("E networkMode fargate-network-mode",)),
    (
        "bridge on Fargate with all that goes with it",
        "fargate",
        {
            "networkMode": "bridge",
            "web.links": ["log"],
            "web.hostname": "a",
            "web.portMappings": [
                port(80, hostPort=8080),
                port(81, hostPort=81),
                port(80, hostPort=8081),
                port(82, hostPort=0),
            ],
            "log.portMappings": [port(80), {"containerPortRange": "90-91"}],
            "log.extraHosts": [{"hostname": "a", "ipAddress": "10.0.0.1"}],
        },
        (
            "E networkMode fargate-network-mode",
            f"E {C0}.links fargate-field",
            f"E {C1}.extraHosts fargate-field",
        ),
    ),
    ("awsvpc outside", "external", {"networkMode": "awsvpc"}, ("E networkMode external-network-mode",)),
    ("none outside", "external", {"networkMode": "none"}, ()),
    ("managed", "managed", {}, ()),
    ("managed awsvpc", "managed", {"networkMode": "awsvpc"}, ()),
    ("managed without", "managed", {"networkMode": ...}, ("E networkMode managed-instances-network-mode",)),
    ("managed none", "managed", {"networkMode": "none"}, ("E networkMode managed-instances-network-mode",)),
    ("Windows bridge", "windows-ec2", {"networkMode": "bridge"}, ("E networkMode windows-network-mode",)),
    ("Windows default", "windows-ec2", {"networkMode": "default", **ports(port(80, hostPort=8080), port(81))}, ()),
    ("Windows left out", "windows-ec2", ports(port(80, hostPort=8080)), ()),
    ("Windows awsvpc", "windows-ec2", {"networkMode": "awsvpc"}, ()),
    (
        "default on Linux",
        "ec2",
        {"networkMode": "default", "runtimePlatform": {"operatingSystemFamily": "LINUX"}},
        ("E networkMode windows-network-mode",),
    ),
    ("default, system open", "ec2", {"networkMode": "default"}, ()),
    ("links", "ec2", {"web.links": ["log:alias"]}, ()),
    (
        "links in awsvpc",
        "ec2",
        {"networkMode": "awsvpc", "web.links": ["log"]},
        (f"E {C0}.links links-without-bridge",),
    ),
    ("links in host", "ec2", {"networkMode": "host", "web.links": ["log"]}, (f"E {C0}.links links-without-bridge",)),
    ("no links", "fargate", {"web.links": []}, ()),
    ("link to nobody", "ec2", {"web.links": ["log", "db:log"]}, (f"E {C0}.links[1] link-target",)),
    ("hostname in awsvpc", "fargate", {"web.hostname": "a"}, (f"E {C0}.hostname host-names-in-awsvpc",)),
    (
        "extraHosts in awsvpc",
        "fargate",
        {"log.extraHosts": [{"hostname": "a", "ipAddress": "10.0.0.1"}]},
        (f"E {C1}.extraHosts host-names-in-awsvpc",),
    ),
    ("hostname in bridge", "ec2", {"web.hostname": "a"}, ()),
]
PORTS: list[Case] = [
    ("in none", "ec2", {"networkMode": "none", **ports(port(80))}, (f"E {C0}.portMappings ports-without-network",)),
    ("no port", "ec2", ports({"hostPort": 80}), (f"E {C0}.portMappings[0].containerPort container-port-missing",)),
    ("port 0", "ec2", ports(port(0)), (f"E {C0}.portMappings[0].containerPort port-bounds",)),
    ("port 1", "ec2", ports(port(1), port(65535)), ()),
    ("port 65536", "ec2", ports(port(65536)), (f"E {C0}.portMappings[0].containerPort port-bounds",)),
    ("host port 65536", "ec2", ports(port(80, hostPort=65536)), (f"E {C0}.portMappings[0].hostPort port-bounds",)),
    ("host port -1", "ec2", ports(port(80, hostPort=-1)), (f"E {C0}.portMappings[0].hostPort port-bounds",)),
    (
        "dynamic in awsvpc",
        "fargate",
        ports(port(80, hostPort=0)),
        (f"E {C0}.portMappings[0].hostPort host-port-mismatch",),
    ),
    (
        "other in awsvpc",
        "fargate",
        ports(port(80, hostPort=81)),
        (f"E {C0}.portMappings[0].hostPort host-port-mismatch",),
    ),
    (
        "other in host",
        "ec2",
        {"networkMode": "host", **ports(port(80, hostPort=81))},
        (f"E {C0}.portMappings[0].hostPort host-port-mismatch",),
    ),
    ("same in host", "ec2", {"networkMode": "host", **ports(port(80, hostPort=80))}, ()),
    (
        "two protocols",
        "fargate",
        ports(port(53, protocol="udp"), port(53)),
        (f"E {C0}.portMappings[1].containerPort port-two-protocols",),
    ),
    (
        "one protocol each",
        "ec2",
        {"web.portMappings": [port(53, protocol="udp")], "log.portMappings": [port(53, protocol="tcp")]},
        (),
    ),
    (
        "host port twice",
        "ec2",
        {"web.portMappings": [port(80, hostPort=80)], "log.portMappings": [port(81, hostPort=80)]},
        (f"E {C1}.portMappings[0].hostPort port-taken-twice",),
    ),
    (
        "host port for two protocols",
        "ec2",
        {"web.portMappings": [port(80, hostPort=80)], "log.portMappings": [port(81, hostPort=80, protocol="udp")]},
        (),
    ),
    ("dynamic twice", "ec2", ports(port(80, hostPort=0), port(81, hostPort=0)), ()),
    (
        "one port of the interface",
        "fargate",
        {"web.portMappings": [port(80)], "log.portMappings": [port(80)]},
        (f"E {C1}.portMappings[0].containerPort port-taken-twice",),
    ),
    (
        "one port of the host",
        "ec2",
        {"networkMode": "host", **ports(port(80), port(80))},
        (f"E {C0}.portMappings[1].containerPort port-taken-twice",),
    ),
    ("the agent's", "ec2", ports(port(80, hostPort=2375)), (f"W {C0}.portMappings[0].hostPort host-port-reserved",)),
    (
        "the agent's by API",
        "ec2",
        ports(port(80, hostPort=51680)),
        (f"W {C0}.portMappings[0].hostPort host-port-reserved", f"W {C0}.portMappings[0].hostPort host-port-ephemeral"),
    ),
    (
        "the agent's in host",
        "ec2",
        {"networkMode": "host", **ports(port(22))},
        (f"W {C0}.portMappings[0].containerPort host-port-reserved",),
    ),
    ("udp beside the agent's", "ec2", ports(port(80, hostPort=22, protocol="udp")), ()),
    (
        "Windows keeps 53",
        "windows-ec2",
        ports(port(80, hostPort=53), port(81, hostPort=22)),
        (f"W {C0}.portMappings[0].hostPort host-port-reserved",),
    ),
    ("ephemeral", "ec2", ports(port(80, hostPort=32768)), (f"W {C0}.portMappings[0].hostPort host-port-ephemeral",)),
    ("below", "ec2", ports(port(80, hostPort=32767)), ()),
    ("ephemeral in awsvpc", "fargate", ports(port(40000, hostPort=40000)), ()),
    ("95 static", "ec2", ports(*(port(1000 + i, hostPort=1000 + i) for i in range(95))), ()),
    (
        "96 static",
        "ec2",
        ports(*(port(1000 + i, hostPort=1000 + i) for i in range(96))),
        ("E containerDefinitions host-port-count",),
    ),
    ("96 dynamic", "ec2", ports(*(port(1000 + i) for i in range(96))), ()),
    (
        "90 on Windows",
        "windows-ec2",
        ports(*(port(1000 + i, hostPort=1000 + i) for i in range(90))),
        ("E containerDefinitions host-port-count",),
    ),
    (
        "protocol in capitals",
        "ec2",
        ports(port(80, protocol="UDP")),
        (f"W {C0}.portMappings[0].protocol protocol-is-tcp",),
    ),
    (
        "protocol unknown",
        "ec2",
        ports(port(80, protocol="sctp")),
        (f"W {C0}.portMappings[0].protocol protocol-is-tcp",),
    ),
    ("range", "fargate", ports({"containerPortRange": "1-65535"}), ()),
    (
        "range backwards",
        "ec2",
        ports({"containerPortRange": "90-80"}),
        (f"E {C0}.portMappings[0].containerPortRange port-range-form",),
    ),
    (
        "range of one",
        "ec2",
        ports({"containerPortRange": "80-80"}),
        (f"E {C0}.portMappings[0].containerPortRange port-range-form",),
    ),
    (
        "range from 0",
        "ec2",
        ports({"containerPortRange": "0-80"}),
        (f"E {C0}.portMappings[0].containerPortRange port-range-form",),
    ),
    (
        "range to 65536",
        "ec2",
        ports({"containerPortRange": "1-65536"}),
        (f"E {C0}.portMappings[0].containerPortRange port-range-form",),
    ),
    (
        "range in host",
        "ec2",
        {"networkMode": "host", **ports({"containerPortRange": "80-90"})},
        (f"E {C0}.portMappings[0].containerPortRange port-range-mode",),
    ),
    (
        "range and host port",
        "ec2",
        ports({"containerPortRange": "80-90", "hostPort": 80}),
        (f"E {C0}.portMappings[0].hostPort port-range-host-port",),
    ),
    (
        "ranges meet",
        "ec2",
        ports({"containerPortRange": "80-90"}, {"containerPortRange": "90-95"}),
        (f"E {C0}.portMappings[1].containerPortRange port-range-overlap",),
    ),
    ("ranges beside", "ec2", ports({"containerPortRange": "80-90"}, {"containerPortRange": "91-95"}, port(96)), ()),
    (
        "port in a range",
        "ec2",
        ports({"containerPortRange": "80-90"}, port(85)),
        (f"E {C0}.portMappings[1].containerPort port-range-overlap",),
    ),
    ("100 ranges", "ec2", ports(*({"containerPortRange": f"{i * 10}-{i * 10 + 1}"} for i in range(1, 101))), ()),
    (
        "101 ranges",
        "ec2",
        ports(*({"containerPortRange": f"{i * 10}-{i * 10 + 1}"} for i in range(1, 102))),
        (f"E {C0}.portMappings port-range-count",),
    ),
    ("name", "ec2", ports(port(80, name="a" * 64), port(81, name="_a-1")), ()),
    ("name of 65", "ec2", ports(port(80, name="a" * 65)), (f"E {C0}.portMappings[0].name port-name",)),
    ("name in capitals", "ec2", ports(port(80, name="Http")), (f"E {C0}.portMappings[0].name port-name",)),
    ("name with a hyphen", "ec2", ports(port(80, name="-http")), (f"E {C0}.portMappings[0].name port-name",)),
    ("application", "ec2", ports(port(80, appProtocol="https")), (f"E {C0}.portMappings[0].appProtocol not-a-choice",)),
]
ALL: dict[str, list[Case]] = {"names": NAMES, "shapes": SHAPES, "sizes": SIZES, "network": NETWORK, "ports": PORTS}
