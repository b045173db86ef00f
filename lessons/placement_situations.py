"""How a placement situation is written down in few words; the result is a plain document, in AWS's names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ui.sandbox import Scenario

ZONES: list[dict[str, str]] = [{"type": "spread", "field": "attribute:ecs.availability-zone"}]
INSTANCES: list[dict[str, str]] = [{"type": "spread", "field": "instanceId"}]
PACKED: list[dict[str, str]] = [{"type": "binpack", "field": "memory"}]
PACKED_CPU: list[dict[str, str]] = [{"type": "binpack", "field": "cpu"}]
RANDOM: list[dict[str, str]] = [{"type": "random"}]


def instance(
    name: str,
    zone: str = "a",
    *,
    kind: str = "m5.large",
    left: tuple[int, int] | None = None,
    tasks: Mapping[str, int] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """An instance as the terminal reads it; `left` is CPU units and MiB, `tasks` counts by service name."""
    document: dict[str, Any] = {"ec2InstanceId": name, "instanceType": kind, "availabilityZone": f"us-east-1{zone}"}
    if left:
        document["remaining"] = {"cpu": left[0], "memory": left[1]}
    if tasks:
        document["tasks"] = {f"service:{group}": count for group, count in tasks.items()}
    return document | more


def task(
    cpu: int = 512, memory: int = 1792, *, port: int | None = None, family: str = "web", **more: Any
) -> dict[str, Any]:
    """A task definition of one container; `port` is its host port, 0 for a dynamic one."""
    container: dict[str, Any] = {"name": family, "image": f"{family}:1", "cpu": cpu, "memory": memory}
    if port is not None:
        container["portMappings"] = [{"containerPort": 8080, "hostPort": port}]
    return {"family": family, "containerDefinitions": [container]} | more


def service(instances: Sequence[Mapping[str, Any]], definition: Mapping[str, Any], count: int, **more: Any) -> Scenario:
    """A service of which `count` more tasks are to be placed."""
    return {
        "instances": list(instances),
        "taskDefinition": definition,
        "count": count,
        "group": f"service:{definition['family']}",
        "schedulingStrategy": "REPLICA",
    } | more


FIRST_BOARD: Scenario = service(
    [
        instance("a1", "a", left=(256, 300), tasks={"web": 2}),
        instance("a2", "a"),
        instance("b1", "b", left=(1536, 6154), tasks={"web": 1}),
    ],
    task(),
    8,
)
