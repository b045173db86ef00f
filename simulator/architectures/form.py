"""Which fields, roles and failures a scenario of each architecture may have."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.architectures.hops import LOGS, PULL, WORKER, Flow

# Everything that a role of an architecture may be asked for.
ROLES: Mapping[Flow, Mapping[str, tuple[str, ...]]] = {
    Flow.OBJECT: {
        "rule": ("ecs:RunTask", "iam:PassRole"),
        "execution": (*PULL, *LOGS),
        "task": ("s3:GetObject", "dynamodb:PutItem"),
        "instance": (*PULL, *LOGS),
    },
    Flow.SCHEDULE: {
        "scheduler": ("ecs:RunTask", "iam:PassRole", "sqs:SendMessage"),
        "execution": (*PULL, *LOGS),
        "task": ("s3:PutObject",),
        "instance": (*PULL, *LOGS),
    },
    Flow.QUEUE: {"task": WORKER},
    Flow.STOPPED: {},
}
# What can be made to go wrong, with the fields of each.
FAILURES: Mapping[Flow, Mapping[str, tuple[str, ...]]] = {
    Flow.OBJECT: {
        "THROTTLED": ("until",),
        "TARGET_MISSING": (),
        "TASK_FAILS": ("events", "times"),
        "NO_ROUTE": ("to",),
        "DUPLICATE": ("events",),
    },
    Flow.SCHEDULE: {
        "THROTTLED": ("until",),
        "TARGET_MISSING": (),
        "TASK_FAILS": ("events", "times"),
        "NO_ROUTE": ("to",),
    },
    Flow.QUEUE: {"POISON": ("events",), "TASK_CRASHES": ("events", "times")},
    Flow.STOPPED: {"THROTTLED": ("until",), "TARGET_MISSING": (), "DUPLICATE": ("events",)},
}
_COMMON = ("architecture", "roles", "failures", "changes", "explain")
_DELIVERY = ("retryPolicy", "deadLetterQueue")
_TASK = ("launchType", "networkConfiguration", "passableRoles", "runSeconds", "startSeconds", "taskQuota", "taskCount")
FIELDS: Mapping[Flow, tuple[str, ...]] = {
    Flow.OBJECT: (
        *_COMMON,
        *_DELIVERY,
        *_TASK,
        "bucket",
        "objects",
        "eventBridgeEnabled",
        "secondsSinceEnabled",
        "eventPattern",
        "inputTransformer",
        "idempotentWrite",
    ),
    Flow.SCHEDULE: (*_COMMON, *_DELIVERY, *_TASK, "scheduleExpression", "runs", "flexibleTimeWindow"),
    Flow.QUEUE: (
        *_COMMON,
        "messages",
        "visibilityTimeout",
        "secondsPerMessage",
        "redrivePolicy",
        "extendVisibility",
        "desiredCount",
        "scaling",
        "startSeconds",
        "scaleInProtection",
        "durationSeconds",
    ),
    Flow.STOPPED: (*_COMMON, *_DELIVERY, "stoppedTasks", "eventPattern", "topicPolicy"),
}
