"""Task definitions to try: two that are good, and others that are each wrong in one telling way, or in many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.preset import Preset

_EXECUTION = "arn:aws:iam::111122223333:role/ecsTaskExecutionRole"
_TASK_ROLE = "arn:aws:iam::111122223333:role/shop-task"
_IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:7"
_LINUX = {"operatingSystemFamily": "LINUX", "cpuArchitecture": "X86_64"}


def _logs(prefix: str) -> dict[str, Any]:
    options = {"awslogs-group": "/ecs/shop", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": prefix}
    return {"logDriver": "awslogs", "options": options}


def _fargate(containers: list[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "family": "shop",
        "requiresCompatibilities": ["FARGATE"],
        "networkMode": "awsvpc",
        "cpu": "512",
        "memory": "1024",
        "executionRoleArn": _EXECUTION,
        "runtimePlatform": _LINUX,
        "containerDefinitions": containers,
        **more,
    }


_WEB = {
    "name": "web",
    "image": _IMAGE,
    "portMappings": [{"containerPort": 8080, "name": "http", "appProtocol": "http"}],
    "logConfiguration": _logs("web"),
}
_GOOD_FARGATE = _fargate(
    [
        {
            **_WEB,
            "secrets": [
                {
                    "name": "DB_PASSWORD",
                    "valueFrom": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf:password::",
                }
            ],
            "mountPoints": [{"sourceVolume": "pictures", "containerPath": "/srv/pictures"}],
            "dependsOn": [{"containerName": "migrate", "condition": "SUCCESS"}],
        },
        {
            "name": "migrate",
            "image": _IMAGE,
            "essential": False,
            "command": ["migrate"],
            "logConfiguration": _logs("migrate"),
        },
    ],
    taskRoleArn=_TASK_ROLE,
    volumes=[
        {
            "name": "pictures",
            "efsVolumeConfiguration": {"fileSystemId": "fs-0123456789abcdef0", "transitEncryption": "ENABLED"},
        }
    ],
)
_GOOD_EC2 = {
    "family": "shop",
    "requiresCompatibilities": ["EC2"],
    "networkMode": "bridge",
    "containerDefinitions": [
        {
            "name": "web",
            "image": _IMAGE,
            "cpu": 256,
            "memory": 512,
            "memoryReservation": 256,
            "portMappings": [{"containerPort": 8080, "hostPort": 0}],
            "links": ["cache"],
            "mountPoints": [{"sourceVolume": "uploads", "containerPath": "/srv/uploads"}],
        },
        {"name": "cache", "image": "public.ecr.aws/docker/library/redis:7", "memory": 128, "essential": False},
    ],
    "volumes": [{"name": "uploads", "host": {"sourcePath": "/data/uploads"}}],
}
_TWO_ROLES = {name: value for name, value in _fargate([_WEB]).items() if name != "executionRoleArn"}
_MANY = {
    "family": "shop:12",
    "revision": 12,
    "requiresCompatibilities": ["EC2", "fargate"],
    "Memory": "4GB",
    "cpu": "256",
    "networkMode": "host",
    "placementConstraints": [{"type": "distinctInstance"}],
    "containerDefinitions": [
        {
            "name": "web",
            "image": _IMAGE,
            "essential": "false",
            "privileged": True,
            "portMappings": [{"containerPort": 8080, "hostPort": 80}],
            "environment": [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "RETRIES", "value": 3}],
            "secrets": [{"name": "DB_PASSWORD", "valueFrom": "/shop/db"}],
            "dependsOn": [{"containerName": "log", "condition": "HEALTHY"}],
            "logConfiguration": {"logDriver": "json-file"},
        },
        {"name": "log", "essential": False, "mountpoints": [{"sourceVolume": "logs", "containerPath": "/logs"}]},
    ],
    "volumes": [{"name": "log", "host": {"sourcePath": "/var/log"}}],
    "ephemeralStorage": {"sizeInGiB": 20},
}


def _preset(name: str, title: str, about: str, scenario: Mapping[str, Any]) -> Preset:
    return Preset(id=name, title=title, about=about, scenario=scenario, subject="task_definition")


PRESETS: tuple[Preset, ...] = (
    _preset(
        "good-fargate",
        "Good for Fargate",
        "A web server that waits for its migration, with a secret, EFS and two roles: nothing to say against it.",
        _GOOD_FARGATE,
    ),
    _preset(
        "good-ec2",
        "Good for EC2",
        "Bridge mode, a dynamic host port, no size for the task and none missing: the containers have their own.",
        _GOOD_EC2,
    ),
    _preset(
        "no-such-size",
        "A size that Fargate does not have",
        "A quarter of a vCPU does not go with 4 GB: look which sizes are nearest.",
        _fargate([_WEB], cpu="256", memory="4096"),
    ),
    _preset(
        "host-ports",
        "Port 80 outside, 8080 inside",
        "In awsvpc the task has its own network interface, so there is no host port to choose.",
        _fargate([{**_WEB, "portMappings": [{"containerPort": 8080, "hostPort": 80}]}]),
    ),
    _preset(
        "one-role",
        "One role for everything",
        "The task role is for the code; the image, the log and the secret need the execution role.",
        {
            **_TWO_ROLES,
            "taskRoleArn": _TASK_ROLE,
            "containerDefinitions": [{**_WEB, "secrets": [{"name": "DB_PASSWORD", "valueFrom": "/shop/db"}]}],
        },
    ),
    _preset(
        "waiting-in-a-circle",
        "Waiting for each other",
        "The web server waits for a migration that is essential, and the migration waits for the web server.",
        _fargate(
            [
                {**_WEB, "dependsOn": [{"containerName": "migrate", "condition": "SUCCESS"}]},
                {
                    "name": "migrate",
                    "image": _IMAGE,
                    "dependsOn": [{"containerName": "web", "condition": "HEALTHY"}],
                    "logConfiguration": _logs("migrate"),
                },
            ]
        ),
    ),
    _preset(
        "secret-in-plain-text",
        "A secret and its plain text",
        "DB_PASSWORD is a secret and an environment variable: the second one gives the first away.",
        _fargate(
            [
                {
                    **_WEB,
                    "environment": [{"name": "DB_PASSWORD", "value": "hunter2"}],
                    "secrets": [{"name": "DB_PASSWORD", "valueFrom": "/shop/db"}],
                }
            ]
        ),
    ),
    _preset(
        "host-volumes",
        "A host's folders on Fargate",
        "Fargate shows no host: a path of it and a Docker volume have nowhere to be, and 20 GiB can not be asked for.",
        _fargate(
            [
                {
                    **_WEB,
                    "mountPoints": [
                        {"sourceVolume": "uploads", "containerPath": "/srv/uploads"},
                        {"sourceVolume": "cache", "containerPath": "/srv/cache"},
                    ],
                }
            ],
            volumes=[
                {"name": "uploads", "host": {"sourcePath": "/data/uploads"}},
                {"name": "cache", "dockerVolumeConfiguration": {"scope": "shared", "autoprovision": True}},
            ],
            ephemeralStorage={"sizeInGiB": 20},
        ),
    ),
    _preset(
        "memory-nowhere",
        "Memory nowhere",
        "On EC2 the task needs no size, but then each container must say how much memory it takes.",
        {
            "family": "shop",
            "requiresCompatibilities": ["EC2"],
            "containerDefinitions": [
                {"name": "web", "image": _IMAGE, "cpu": 256},
                {"name": "cache", "image": "redis:7", "memory": 64, "memoryReservation": 128},
            ],
        },
    ),
    _preset(
        "many",
        "Wrong in many ways",
        "Everything at once: spelling, types, sizes, ports, roles, secrets, volumes. All of it is told in one go.",
        _MANY,
    ),
)
