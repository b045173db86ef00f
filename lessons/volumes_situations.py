"""What the situations of the lesson on volumes are made of: volumes, task definitions, acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

ACCOUNT = "111122223333"
INFRASTRUCTURE = f"arn:aws:iam::{ACCOUNT}:role/ecsInfrastructureRole"
TASK_ROLE = f"arn:aws:iam::{ACCOUNT}:role/webTask"
EFS_ID = "fs-0a1b2c3d"
S3_FILES_ARN = f"arn:aws:s3files:us-east-1:{ACCOUNT}:file-system/fs-0f1e2d3c4b5a69788"
A, B = "us-east-1a", "us-east-1b"
HOSTS = [
    {"ec2InstanceId": "i-a1", "availabilityZone": A},
    {"ec2InstanceId": "i-a2", "availabilityZone": A},
    {"ec2InstanceId": "i-b1", "availabilityZone": B},
]

# name -> the volume as a task definition writes it.
VOLUMES: Mapping[str, dict[str, Any]] = {
    "scratch": {"name": "scratch"},
    "cache": {"name": "cache", "host": {"sourcePath": "/var/cache/web"}},
    "shared": {"name": "shared", "dockerVolumeConfiguration": {"scope": "shared", "autoprovision": True}},
    "disk": {"name": "disk", "configuredAtLaunch": True},
    "data": {"name": "data", "efsVolumeConfiguration": {"fileSystemId": EFS_ID}},
    "bucket": {"name": "bucket", "s3filesVolumeConfiguration": {"fileSystemArn": S3_FILES_ARN}},
}
LAYER = "/tmp"


def definition(*names: str, containers: Sequence[str] = ("app",), **more: Any) -> dict[str, Any]:
    """A task definition of the family web that mounts each volume at its name, in every container."""
    mounts = [{"sourceVolume": name, "containerPath": f"/{name}"} for name in names]
    made: dict[str, Any] = {
        "family": "web",
        "volumes": [VOLUMES[name] for name in names],
        "containerDefinitions": [
            {"name": name, "essential": name == containers[0], "mountPoints": mounts} for name in containers
        ],
    }
    if "bucket" in names:
        made["taskRoleArn"] = TASK_ROLE
    return {**made, **more}


def managed(*, delete: bool | None = None) -> list[dict[str, Any]]:
    """The EBS volume of a launch."""
    ebs: dict[str, Any] = {"roleArn": INFRASTRUCTURE, "sizeInGiB": 20}
    if delete is not None:
        ebs["terminationPolicy"] = {"deleteOnTermination": delete}
    return [{"name": "disk", "managedEBSVolume": ebs}]


def look(task: str, *paths: str, action: str = "read", container: str = "") -> list[dict[str, Any]]:
    """The task reads, or writes, each path."""
    own = {"container": container} if container else {}
    return [{"action": action, "task": task, **own, "path": path} for path in paths]


STOP = {"action": "stopTask", "task": "web"}
EXIT = {"action": "stopContainer", "task": "web", "exitCode": 1}

ON_EC2 = ("scratch", "cache", "shared", "disk", "data")
ON_FARGATE = ("scratch", "disk", "data", "bucket")
PATHS = {"EC2": (LAYER, *(f"/{name}" for name in ON_EC2)), "FARGATE": (LAYER, *(f"/{name}" for name in ON_FARGATE))}


def written(launch: str, *acts: Mapping[str, Any]) -> dict[str, Any]:
    """One task of a service that wrote a note everywhere; after each act it looks everywhere."""
    names = ON_EC2 if launch == "EC2" else ON_FARGATE
    task = definition(*names)
    task["containerDefinitions"][0]["restartPolicy"] = {"enabled": True, "restartAttemptPeriod": 60}
    place = {"ec2InstanceId": "i-a1"} if launch == "EC2" else {"availabilityZone": A}
    where = {"instances": HOSTS} if launch == "EC2" else {"availabilityZones": [A, B]}
    scenario: dict[str, Any] = {
        "launchType": launch,
        **where,
        "taskDefinition": task,
        "volumeConfigurations": managed(),
        "service": "web",
        "tasks": [{"task": "web", **place}],
        "events": look("web", *(f"{path}/note" for path in PATHS[launch]), action="write"),
    }
    for act in acts:
        scenario["events"] = [*scenario["events"], *after(launch, act)]
    return scenario


def after(launch: str, act: Mapping[str, Any]) -> list[dict[str, Any]]:
    """An act, and the look at every path that follows it."""
    before = [{"action": "wait", "seconds": 300}] if act["action"] == "stopContainer" else []
    return [*before, dict(act), *look("web", *PATHS[launch])]
