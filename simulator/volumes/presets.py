"""Situations to look at: each stops something, and something else survives."""

from __future__ import annotations

from typing import Any

from simulator.preset import Preset

_ROLE = "arn:aws:iam::111122223333:role/app"
_TWO_ZONES = [
    {"ec2InstanceId": "i-a1", "availabilityZone": "us-east-1a"},
    {"ec2InstanceId": "i-a2", "availabilityZone": "us-east-1a"},
    {"ec2InstanceId": "i-b1", "availabilityZone": "us-east-1b"},
]
_SCRATCH = {
    "family": "web",
    "volumes": [{"name": "scratch"}],
    "containerDefinitions": [
        {"name": "app", "mountPoints": [{"sourceVolume": "scratch", "containerPath": "/scratch"}]},
        {"name": "log", "essential": False, "mountPoints": [{"sourceVolume": "scratch", "containerPath": "/in"}]},
    ],
}
_HOST = {
    "family": "cache",
    "volumes": [{"name": "cache", "host": {"sourcePath": "/var/cache/app"}}],
    "containerDefinitions": [{"name": "app", "mountPoints": [{"sourceVolume": "cache", "containerPath": "/cache"}]}],
}
_EFS: dict[str, Any] = {
    "family": "files",
    "volumes": [{"name": "shared", "efsVolumeConfiguration": {"fileSystemId": "fs-1", "rootDirectory": "/app"}}],
    "containerDefinitions": [{"name": "app", "mountPoints": [{"sourceVolume": "shared", "containerPath": "/data"}]}],
}
_EBS: dict[str, Any] = {
    "family": "db",
    "volumes": [{"name": "disk", "configuredAtLaunch": True}],
    "containerDefinitions": [{"name": "app", "mountPoints": [{"sourceVolume": "disk", "containerPath": "/data"}]}],
}
_ALL: dict[str, Any] = {
    "family": "all",
    "volumes": [{"name": "scratch"}, *_HOST["volumes"], *_EFS["volumes"]],
    "containerDefinitions": [
        {
            "name": "app",
            "restartPolicy": {"enabled": True},
            "mountPoints": [
                {"sourceVolume": "scratch", "containerPath": "/scratch"},
                {"sourceVolume": "cache", "containerPath": "/cache"},
                {"sourceVolume": "shared", "containerPath": "/data"},
            ],
        }
    ],
}


def _look(task: str, *paths: str, action: str = "read") -> list[dict[str, Any]]:
    return [{"action": action, "task": task, "path": path} for path in paths]


def _managed(*, delete: bool | None = None) -> list[dict[str, Any]]:
    ebs: dict[str, Any] = {"roleArn": "arn:aws:iam::111122223333:role/ecsInfrastructureRole", "sizeInGiB": 20}
    if delete is not None:
        ebs["terminationPolicy"] = {"deleteOnTermination": delete}
    return [{"name": "disk", "managedEBSVolume": ebs}]


PRESETS: tuple[Preset, ...] = (
    Preset(
        id="fargate-scratch",
        title="A bind mount on Fargate",
        about="Both containers see the file; after the task is replaced, nobody does.",
        subject="volumes",
        scenario={
            "launchType": "FARGATE",
            "taskDefinition": _SCRATCH,
            "tasks": [{"task": "web", "service": "web"}],
            "events": [
                *_look("web", "/scratch/order", action="write"),
                {"action": "read", "task": "web", "container": "log", "path": "/in"},
                {"action": "stopTask", "task": "web"},
                *_look("web", "/scratch"),
            ],
        },
    ),
    Preset(
        id="one-host-directory",
        title="Three tasks, one sourcePath, two instances",
        about="The path is the same everywhere; the directory is not.",
        subject="volumes",
        scenario={
            "launchType": "EC2",
            "instances": _TWO_ZONES,
            "taskDefinition": _HOST,
            "service": "cache",
            "tasks": [
                {"task": "c1", "ec2InstanceId": "i-a1"},
                {"task": "c2", "ec2InstanceId": "i-a1"},
                {"task": "c3", "ec2InstanceId": "i-a2"},
            ],
            "events": [
                *_look("c1", "/cache/index", action="write"),
                *_look("c2", "/cache"),
                *_look("c3", "/cache"),
                {"action": "stopTask", "task": "c1"},
                *_look("c1", "/cache"),
                {"action": "terminateInstance", "ec2InstanceId": "i-a1"},
                *_look("c1", "/cache"),
            ],
        },
    ),
    Preset(
        id="zone-lost",
        title="A zone is lost: EFS, EBS, sourcePath",
        about="Three tasks wrote to three kinds of storage in zone a. See which one reads its data in zone b.",
        subject="volumes",
        scenario={
            "launchType": "EC2",
            "instances": _TWO_ZONES,
            "tasks": [
                {"task": "files", "service": "files", "ec2InstanceId": "i-a1", "taskDefinition": _EFS},
                {
                    "task": "db",
                    "service": "db",
                    "ec2InstanceId": "i-a2",
                    "taskDefinition": _EBS,
                    "volumeConfigurations": _managed(),
                },
                {"task": "cache", "service": "cache", "ec2InstanceId": "i-a1", "taskDefinition": _HOST},
            ],
            "events": [
                *_look("files", "/data/report", action="write"),
                *_look("db", "/data/table", action="write"),
                *_look("cache", "/cache/index", action="write"),
                {"action": "loseZone", "availabilityZone": "us-east-1a"},
                *_look("files", "/data"),
                *_look("db", "/data"),
                *_look("cache", "/cache"),
            ],
        },
    ),
    Preset(
        id="kept-ebs",
        title="A standalone task keeps its EBS volume",
        about="deleteOnTermination is false. See whether the next run finds the data.",
        subject="volumes",
        scenario={
            "launchType": "FARGATE",
            "taskDefinition": _EBS,
            "volumeConfigurations": _managed(delete=False),
            "tasks": [{"task": "job-1"}],
            "events": [
                *_look("job-1", "/data/result", action="write"),
                {"action": "stopTask", "task": "job-1"},
                {"action": "runTask", "task": "job-2", "like": "job-1"},
                *_look("job-2", "/data"),
            ],
        },
    ),
    Preset(
        id="no-mount-target",
        title="A mount target is missing",
        about="The service spreads over two zones, and the file system has a mount target in one.",
        subject="volumes",
        scenario={
            "launchType": "FARGATE",
            "availabilityZones": ["us-east-1a", "us-east-1b"],
            "fileSystems": [{"fileSystemId": "fs-1", "mountTargets": [{"availabilityZoneName": "us-east-1a"}]}],
            "taskDefinition": _EFS,
            "service": "files",
            "tasks": [
                {"task": "f1", "availabilityZone": "us-east-1a"},
                {"task": "f2", "availabilityZone": "us-east-1b"},
            ],
            "events": [*_look("f1", "/data/report", action="write"), *_look("f2", "/data")],
        },
    ),
    Preset(
        id="s3-files",
        title="S3 as a file system",
        about="Two tasks in two zones share a bucket by S3 Files; then a zone is lost within the minute.",
        subject="volumes",
        scenario={
            "launchType": "FARGATE",
            "availabilityZones": ["us-east-1a", "us-east-1b"],
            "taskDefinition": {
                "taskRoleArn": _ROLE,
                "volumes": [
                    {
                        "name": "bucket",
                        "s3filesVolumeConfiguration": {
                            "fileSystemArn": "arn:aws:s3files:us-east-1:111122223333:file-system/fs-9"
                        },
                    }
                ],
                "containerDefinitions": [
                    {"name": "app", "mountPoints": [{"sourceVolume": "bucket", "containerPath": "/bucket"}]}
                ],
            },
            "service": "web",
            "tasks": [
                {"task": "w1", "availabilityZone": "us-east-1a"},
                {"task": "w2", "availabilityZone": "us-east-1b"},
            ],
            "events": [
                *_look("w1", "/bucket/in.csv", action="write"),
                *_look("w2", "/bucket"),
                {"action": "wait", "seconds": 30},
                {"action": "loseZone", "availabilityZone": "us-east-1a"},
                *_look("w1", "/bucket"),
            ],
        },
    ),
    Preset(
        id="everything-stops",
        title="Stop more and more",
        about="A container, the task, three hours, the instance, the zone: see what is left after each.",
        subject="volumes",
        scenario={
            "launchType": "EC2",
            "instances": _TWO_ZONES,
            "taskDefinition": _ALL,
            "tasks": [{"task": "all", "service": "all", "ec2InstanceId": "i-a1"}],
            "events": [
                *_look("all", "/tmp/note", "/scratch/note", "/cache/note", "/data/note", action="write"),
                {"action": "wait", "seconds": 400},
                {"action": "stopContainer", "task": "all", "exitCode": 1},
                *_look("all", "/tmp", "/scratch", "/cache", "/data"),
                {"action": "stopTask", "task": "all"},
                *_look("all", "/tmp", "/scratch", "/cache", "/data"),
                {"action": "wait", "seconds": 10_800},
                {"action": "terminateInstance", "ec2InstanceId": "i-a1"},
                *_look("all", "/cache", "/data"),
                {"action": "loseZone", "availabilityZone": "us-east-1a"},
                *_look("all", "/data"),
            ],
        },
    ),
)
