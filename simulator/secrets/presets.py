"""Named situations of environment variables and secrets, each with another outcome."""

from __future__ import annotations

from typing import Any

from simulator.preset import Preset

_SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf"
_FILE = "arn:aws:s3:::config/web.env"
_ROLE = "arn:aws:iam::111122223333:role/ecsTaskExecutionRole"


def _task(**more: Any) -> dict[str, Any]:
    image = "public.ecr.aws/shop/web:1"
    return {
        "family": "web",
        "executionRoleArn": _ROLE,
        "containerDefinitions": [{"name": "web", "image": image, **more}],
    }


_PASSWORD = [{"name": "DB_PASSWORD", "valueFrom": f"{_SECRET}:password::"}]

PRESETS: tuple[Preset, ...] = (
    Preset(
        id="rotated-and-kept",
        title="A rotated secret, and nothing else",
        about="The store has the new password at once; the running task keeps the old one, even when it restarts.",
        subject="secrets",
        scenario={
            "taskDefinition": _task(secrets=_PASSWORD),
            "values": {_SECRET: '{"password": "autumn"}'},
            "timeline": [
                {"at": 60, "rotate": _SECRET, "value": '{"password": "winter"}'},
                {"at": 120, "restartContainers": True},
            ],
        },
    ),
    Preset(
        id="rotated-and-deployed",
        title="A rotated secret, then a new deployment",
        about="Only the tasks that the deployment starts have the new password.",
        subject="secrets",
        scenario={
            "taskDefinition": _task(secrets=_PASSWORD),
            "values": {_SECRET: '{"password": "autumn"}'},
            "desiredCount": 2,
            "timeline": [
                {"at": 60, "rotate": _SECRET, "value": '{"password": "winter"}'},
                {"at": 300, "forceNewDeployment": True},
            ],
        },
    ),
    Preset(
        id="key-gone",
        title="A rotation that renames the key",
        about="Nothing happens until the next deployment: its tasks cannot start, and the old ones run on.",
        subject="secrets",
        scenario={
            "taskDefinition": _task(secrets=_PASSWORD),
            "values": {_SECRET: '{"password": "autumn"}'},
            "timeline": [
                {"at": 60, "rotate": _SECRET, "value": '{"pass": "winter"}'},
                {"at": 300, "forceNewDeployment": True},
            ],
        },
    ),
    Preset(
        id="who-wins",
        title="One name in several places",
        about="The override stands before environment, and environment before the env file.",
        subject="secrets",
        scenario={
            "taskDefinition": _task(
                environment=[{"name": "MODE", "value": "production"}, {"name": "LEVEL", "value": "info"}],
                environmentFiles=[{"type": "s3", "value": _FILE}],
            ),
            "files": {_FILE: "MODE=file\nLEVEL=file\nREGION=file\n"},
            "overrides": {"containerOverrides": [{"name": "web", "environment": [{"name": "MODE", "value": "debug"}]}]},
        },
    ),
    Preset(
        id="same-name",
        title="A secret and a plain value of one name",
        about="Neither wins: the task definition is not registered.",
        subject="secrets",
        scenario={
            "taskDefinition": _task(secrets=_PASSWORD, environment=[{"name": "DB_PASSWORD", "value": "changeme"}])
        },
    ),
    Preset(
        id="parameter-elsewhere",
        title="A parameter of another Region by its name",
        about="A bare name is looked up in the task's own Region; the ARN would be found.",
        subject="secrets",
        scenario={
            "taskDefinition": _task(secrets=[{"name": "LEVEL", "valueFrom": "log-level"}]),
            "values": {"arn:aws:ssm:eu-west-1:111122223333:parameter/log-level": "debug"},
        },
    ),
)
