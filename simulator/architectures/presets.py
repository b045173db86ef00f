"""Situations to look at: each sends something in, and it ends somewhere else."""

from __future__ import annotations

from simulator.preset import Preset

PRESETS: tuple[Preset, ...] = (
    Preset(
        id="object-arrives",
        title="An object lands in S3",
        about="Seven hops: see who calls whom, and as what.",
        subject="architectures",
        scenario={"architecture": "object-to-task", "objects": [{"key": "in/1.csv"}]},
    ),
    Preset(
        id="pass-role-missing",
        title="The rule may not pass the roles",
        about="ecs:RunTask is allowed, iam:PassRole is not: see where the event ends.",
        subject="architectures",
        scenario={
            "architecture": "object-to-task",
            "objects": [{"key": "in/1.csv"}],
            "roles": {"rule": ["ecs:RunTask"]},
            "deadLetterQueue": {},
        },
    ),
    Preset(
        id="burst",
        title="Twelve objects at once, room for four tasks",
        about="RunTask is refused and tried again; one event comes twice.",
        subject="architectures",
        scenario={
            "architecture": "object-to-task",
            "objects": 12,
            "taskQuota": 4,
            "failures": [{"kind": "DUPLICATE", "events": [3]}],
        },
    ),
    Preset(
        id="task-fails",
        title="Delivered, and nothing done",
        about="The task starts and fails: see who tries again.",
        subject="architectures",
        scenario={
            "architecture": "object-to-task",
            "objects": 2,
            "deadLetterQueue": {},
            "failures": [{"kind": "TASK_FAILS", "events": [2]}],
        },
    ),
    Preset(
        id="overlapping-runs",
        title="A batch that takes longer than its interval",
        about="Every 5 min a run of 8 min: see how many run at once.",
        subject="architectures",
        scenario={
            "architecture": "schedule-to-task",
            "scheduleExpression": "rate(5 minutes)",
            "runs": 4,
            "runSeconds": 480,
        },
    ),
    Preset(
        id="backlog",
        title="Workers that scale on the backlog",
        about="A hundred messages wait; ten a task are acceptable.",
        subject="architectures",
        scenario={
            "architecture": "queue-workers",
            "messages": 100,
            "secondsPerMessage": 12,
            "scaling": {"metric": "BACKLOG_PER_TASK", "target": 10, "minCapacity": 1, "maxCapacity": 8},
        },
    ),
    Preset(
        id="poison",
        title="A poison message, and a timeout that is too short",
        about="One message can never be processed; the others are processed twice.",
        subject="architectures",
        scenario={
            "architecture": "queue-workers",
            "messages": 4,
            "desiredCount": 2,
            "visibilityTimeout": 20,
            "secondsPerMessage": 30,
            "redrivePolicy": {"maxReceiveCount": 3},
            "failures": [{"kind": "POISON", "events": [2]}],
        },
    ),
    Preset(
        id="stopped-task",
        title="A task stops, and a topic should tell",
        about="The topic's policy does not know EventBridge.",
        subject="architectures",
        scenario={"architecture": "stopped-task-to-topic", "topicPolicy": False, "deadLetterQueue": {}},
    ),
)
