"""The four architectures as graphs: who calls whom, with which identity. Source: facts 5.1 to 5.5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Flow(StrEnum):
    """The architectures."""

    OBJECT = "object-to-task"
    SCHEDULE = "schedule-to-task"
    QUEUE = "queue-workers"
    STOPPED = "stopped-task-to-topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One edge. `role` is which of the scenario's roles is asked for `needs`; "" where none is.

    `stage` says what a failure here means: "source" (nothing is sent), "delivery" (retried, dead-lettered or dropped),
    "task" (the task stops, and nobody retries it), "dead-letter", or "" (nothing can fail).
    """

    id: str
    source: str
    target: str
    call: str
    identity: str
    stage: str = ""
    role: str = ""
    needs: tuple[str, ...] = ()


RULE_ROLE = "EventBridge rule role"
SCHEDULER_ROLE = "EventBridge Scheduler role"
EXECUTION_ROLE = "task execution role"
TASK_ROLE = "task role"
SERVICE_LINKED = "service-linked role AWSServiceRoleForECS"
PULL = ("ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
WORKER = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes")


def _run_task(source: str, identity: str, role: str) -> Hop:
    return Hop(
        id="run-task",
        source=source,
        target="ecs",
        call="ecs:RunTask",
        identity=identity,
        stage="delivery",
        role=role,
        needs=("ecs:RunTask",),
    )


_START = Hop(id="eni", source="ecs", target="task", call="ENI in the VPC", identity=SERVICE_LINKED)
_AGENT = Hop(
    id="agent",
    source="task",
    target="ecr",
    call="pull, logs",
    identity=EXECUTION_ROLE,
    stage="task",
    role="execution",
    needs=(*PULL, *LOGS),
)


def _app(name: str, target: str, action: str) -> Hop:
    return Hop(
        id=name,
        source="task",
        target=target,
        call=action,
        identity=TASK_ROLE,
        stage="task",
        role="task",
        needs=(action,),
    )


def _dead_letter(source: str, identity: str, role: str = "") -> Hop:
    return Hop(
        id="dead-letter",
        source=source,
        target="dlq",
        call="sqs:SendMessage",
        identity=identity,
        stage="dead-letter",
        role=role,
        needs=("sqs:SendMessage",) if role else (),
    )


_QUEUE_POLICY = "the queue's resource policy"
# The hops that an event takes in order; the dead-letter hop stands last and is taken when delivery fails.
HOPS: Mapping[Flow, tuple[Hop, ...]] = {
    Flow.OBJECT: (
        Hop(id="put", source="user", target="bucket", call="s3:PutObject", identity="the user"),
        Hop(id="notify", source="bucket", target="bus", call="Object Created", identity="none", stage="source"),
        _run_task("bus", RULE_ROLE, "rule"),
        _START,
        _AGENT,
        _app("get", "bucket", "s3:GetObject"),
        _app("write", "table", "dynamodb:PutItem"),
        _dead_letter("bus", _QUEUE_POLICY),
    ),
    Flow.SCHEDULE: (
        _run_task("schedule", SCHEDULER_ROLE, "scheduler"),
        _START,
        _AGENT,
        _app("write", "bucket", "s3:PutObject"),
        _dead_letter("schedule", SCHEDULER_ROLE, "scheduler"),
    ),
    Flow.STOPPED: (
        Hop(id="notify", source="ecs", target="bus", call="Task State Change", identity="none", stage="source"),
        Hop(
            id="publish",
            source="bus",
            target="topic",
            call="sns:Publish",
            identity="the topic's resource policy",
            stage="delivery",
        ),
        _dead_letter("bus", _QUEUE_POLICY),
    ),
    Flow.QUEUE: (
        Hop(id="send", source="producer", target="queue", call="sqs:SendMessage", identity="the producer"),
        Hop(
            id="receive",
            source="task",
            target="queue",
            call="sqs:ReceiveMessage",
            identity=TASK_ROLE,
            role="task",
            needs=WORKER[:1],
        ),
        Hop(
            id="delete",
            source="task",
            target="queue",
            call="sqs:DeleteMessage",
            identity=TASK_ROLE,
            role="task",
            needs=WORKER[1:2],
        ),
        Hop(id="redrive", source="queue", target="dlq", call="redrive policy", identity="none"),
        Hop(
            id="scale",
            source="scaling",
            target="ecs",
            call="ecs:UpdateService",
            identity="AWSServiceRoleForApplicationAutoScaling_ECSService",
        ),
    ),
}
# Every place of an architecture, with what it is.
NODES: Mapping[Flow, Mapping[str, str]] = {
    Flow.OBJECT: {
        "user": "User",
        "bucket": "S3 bucket",
        "bus": "EventBridge rule",
        "ecs": "ECS RunTask",
        "task": "Task",
        "ecr": "ECR and logs",
        "table": "DynamoDB table",
        "dlq": "Dead-letter queue",
    },
    Flow.SCHEDULE: {
        "schedule": "Schedule",
        "ecs": "ECS RunTask",
        "task": "Task",
        "ecr": "ECR and logs",
        "bucket": "S3 bucket",
        "dlq": "Dead-letter queue",
    },
    Flow.STOPPED: {"ecs": "ECS", "bus": "EventBridge rule", "topic": "SNS topic", "dlq": "Dead-letter queue"},
    Flow.QUEUE: {
        "producer": "Producers",
        "queue": "SQS queue",
        "task": "Worker tasks",
        "dlq": "Dead-letter queue",
        "scaling": "Auto Scaling",
        "ecs": "ECS service",
    },
}


def hop_of(flow: Flow, name: str) -> Hop:
    """The hop of that id."""
    return next(hop for hop in HOPS[flow] if hop.id == name)
