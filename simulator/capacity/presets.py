"""The situations that the sandbox offers: each turns on another rule of capacity."""

from __future__ import annotations

from typing import Any

from simulator.preset import Preset


def _task(cpu: int, memory: int, family: str = "web") -> dict[str, Any]:
    return {"family": family, "cpu": str(cpu), "memory": str(memory), "containerDefinitions": [{"name": family}]}


_BINPACK = [{"type": "binpack", "field": "memory"}]
_TYPES = [{"instanceType": "t3.medium", "cpu": 2048, "memory": 3768}]
_ZONES = ["us-east-1a", "us-east-1b"]


def _web(desired: Any, **more: Any) -> dict[str, Any]:
    return {
        "serviceName": "web",
        "taskDefinition": _task(512, 1024),
        "desiredCount": desired,
        "placementStrategy": _BINPACK,
    } | more


PRESETS: tuple[Preset, ...] = (
    Preset(
        id="waits-then-grows",
        title="A service triples on an Auto Scaling group",
        about="The tasks wait in PROVISIONING, M is 8 for N 4, and one data point later four instances are on their "
        "way; when the service shrinks, 15 data points pass before anything goes.",
        subject="capacity",
        scenario={
            "autoScalingGroup": {
                "instanceTypes": _TYPES,
                "availabilityZones": _ZONES,
                "minSize": 1,
                "maxSize": 10,
                "desiredCapacity": 4,
            },
            "services": [_web([[0, 12], [5, 22], [20, 6]])],
            "minutes": 60,
        },
    ),
    Preset(
        id="from-zero",
        title="From an empty group",
        about="With no instance the metric is 200 whatever waits: two instances first, the rest after their warm-up.",
        subject="capacity",
        scenario={
            "autoScalingGroup": {"instanceTypes": _TYPES, "availabilityZones": _ZONES, "maxSize": 10},
            "services": [_web([[0, 0], [2, 15]])],
            "minutes": 20,
        },
    ),
    Preset(
        id="max-size",
        title="MaxSize leaves tasks in PROVISIONING",
        about="The metric stays far above its target, and ECS never changes MaxSize: tasks do not fail, they wait.",
        subject="capacity",
        scenario={
            "autoScalingGroup": {"instanceTypes": _TYPES, "minSize": 2, "maxSize": 3},
            "services": [_web(20)],
            "minutes": 30,
        },
    ),
    Preset(
        id="too-large",
        title="A task larger than the smallest type",
        about="It is left out of the estimate, so the metric stays at its target and nothing ever scales.",
        subject="capacity",
        scenario={
            "autoScalingGroup": {"instanceTypes": ["t3.medium", "m5.2xlarge"], "minSize": 1, "maxSize": 10},
            "services": [{"serviceName": "web", "taskDefinition": _task(4096, 16000), "desiredCount": 2}],
            "minutes": 15,
        },
    ),
    Preset(
        id="launch-type",
        title="The same tasks with the launch type EC2",
        about="No capacity provider sees them: the instance stays full, the group stays at one, and the events say so.",
        subject="capacity",
        scenario={
            "autoScalingGroup": {"instanceTypes": _TYPES, "minSize": 1, "maxSize": 10},
            "services": [_web(8, launchType="EC2")],
            "minutes": 15,
        },
    ),
    Preset(
        id="drains-48-hours",
        title="A batch job on an instance that drains",
        about="Managed draining moves the service's tasks and waits for the stand-alone one: up to 48 hours.",
        subject="capacity",
        scenario={
            "autoScalingGroup": {"instanceTypes": _TYPES, "minSize": 1, "maxSize": 10, "desiredCapacity": 3},
            "services": [_web([[0, 0], [1, 6], [10, 1]])],
            "runTasks": [{"minute": 0, "taskDefinition": _task(512, 1024, "batch"), "count": 2, "runSeconds": 200000}],
            "minutes": 2960,
        },
    ),
    Preset(
        id="protected-daemons",
        title="Daemons, termination protection, and spare room",
        about="Daemon tasks keep no instance, one with other tasks is protected, and targetCapacity 80 keeps a spare.",
        subject="capacity",
        scenario={
            "autoScalingGroup": {
                "instanceTypes": _TYPES,
                "availabilityZones": _ZONES,
                "minSize": 0,
                "maxSize": 12,
                "desiredCapacity": 8,
            },
            "capacityProvider": {
                "managedScaling": {"targetCapacity": 80},
                "managedTerminationProtection": "ENABLED",
            },
            "services": [
                {"serviceName": "agent", "schedulingStrategy": "DAEMON", "taskDefinition": _task(128, 128, "agent")},
                _web([[0, 10]]),
            ],
            "minutes": 30,
        },
    ),
    Preset(
        id="spot-taken-back",
        title="Fargate Spot is taken back",
        about="Two minutes at most from SIGTERM to the end; what Spot has no room for is tried on Spot again, never "
        "on FARGATE.",
        subject="capacity",
        scenario={
            "services": [
                {
                    "serviceName": "web",
                    "desiredCount": 10,
                    "capacityProviderStrategy": [
                        {"capacityProvider": "FARGATE", "base": 2, "weight": 1},
                        {"capacityProvider": "FARGATE_SPOT", "weight": 3},
                    ],
                    "stopSeconds": 90,
                    "taskDefinition": _task(256, 512) | {"containerDefinitions": [{"name": "web", "stopTimeout": 120}]},
                }
            ],
            "spotCapacity": [[0, 20], [10, 2]],
            "minutes": 30,
        },
    ),
)
