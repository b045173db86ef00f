"""The AWS services that a task calls, and how each is reached. Source: platform facts 2.7."""

from __future__ import annotations

from simulator.network.model import FARGATE, Task
from simulator.network.rules import EcrEndpoints, NetworkRules

GATEWAY_SERVICES = ("s3", "dynamodb")
PREFIX_OF = {"s3": "pl-s3", "dynamodb": "pl-dynamodb"}
INTERFACE_SERVICES = (
    "ecr.api",
    "ecr.dkr",
    "logs",
    "secretsmanager",
    "ssm",
    "kms",
    "ssmmessages",
    "ecs",
    "ecs-agent",
    "ecs-telemetry",
    "sqs",
    "sns",
    "events",
    "sts",
)
SERVICES = (*GATEWAY_SERVICES, *INTERFACE_SERVICES)
INTERNET = "internet"

IMAGES = ("ecr", "ecr-public", "docker-hub")
SECRETS = ("secretsmanager", "ssm", "kms")
PLATFORM_WITH_TASK_ENI = (1, 4, 0)

_PULL = {
    EcrEndpoints.API_DKR_S3: ("ecr.api", "ecr.dkr", "s3"),
    EcrEndpoints.API_DKR: ("ecr.api", "ecr.dkr"),
    EcrEndpoints.API: ("ecr.api",),
}


def calls_at_start(task: Task, rules: NetworkRules) -> tuple[str, ...]:
    """What must be reached before the containers run, in our order (AWS's is undocumented, facts 9.1).

    Fargate before platform version 1.4.0 logs in to the registry and fetches secrets through an interface of its own,
    so those calls do not come here.
    """
    old = task.launch == FARGATE and task.platform < PLATFORM_WITH_TASK_ENI
    secrets = () if old else task.secrets
    if task.image != "ecr":
        pull: tuple[str, ...] = (INTERNET,)
    else:
        pull = tuple(one for one in _PULL[rules.ecr_endpoints] if not (old and one == "ecr.api"))
    return (*secrets, *pull, *(("logs",) if task.awslogs else ()))
