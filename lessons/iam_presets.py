"""The situations of the lesson on IAM roles, and what may be believed of them."""

from __future__ import annotations

from collections.abc import Mapping

from lessons.iam_documents import (
    ACCESS,
    ACCOUNT,
    CALLS_S3,
    EVERYTHING,
    EXECUTION,
    INSTANCE,
    LOGS,
    PARAMETER,
    PUBLIC,
    READS,
    SECRET,
    WRITES,
    Document,
    allow,
    secret,
    task,
)
from lessons.iam_parts import LAUNCHES
from simulator.iam.rules import IamRules, PullBy, SecretsBy
from simulator.preset import Preset

FIRST: tuple[Preset, ...] = (
    Preset(
        id="no-execution-role",
        title="As in the bet",
        about="The task role allows everything, and there is no execution role.",
        scenario={"launchType": "FARGATE", "taskDefinition": task(), "taskRole": EVERYTHING, "appCalls": CALLS_S3},
    ),
    Preset(
        id="with-execution-role",
        title="With an execution role",
        about="The same, with an execution role that has AWS’s managed policy for it. Step through it from the start.",
        scenario={
            "launchType": "FARGATE",
            "taskDefinition": task(),
            "executionRole": EXECUTION,
            "taskRole": EVERYTHING,
            "appCalls": CALLS_S3,
        },
    ),
    Preset(
        id="public-image",
        title="A public image",
        about="No execution role again, but the image is in a public registry, where nobody has to log in.",
        scenario={
            "launchType": "FARGATE",
            "taskDefinition": task(image=PUBLIC),
            "taskRole": EVERYTHING,
            "appCalls": CALLS_S3,
        },
    ),
)

_ON_EC2: Document = {
    "launchType": "EC2",
    "taskDefinition": task(),
    "instanceRole": {**INSTANCE, "plus": allow(ACCESS["read S3"])},
    "appCalls": CALLS_S3,
}

CREDENTIALS: tuple[Preset, ...] = (
    Preset(
        id="hidden",
        title="With a task role",
        about="The instance may read the bucket. The task role allows only DynamoDB.",
        scenario={**_ON_EC2, "taskRole": WRITES},
    ),
    Preset(
        id="by-accident",
        title="Without a task role",
        about="The same task on the same instance, and its definition names no task role.",
        scenario=_ON_EC2,
    ),
    Preset(
        id="blocked",
        title="Metadata blocked",
        about="awsvpc mode, and the agent was told to keep containers away from the instance metadata.",
        scenario={
            **_ON_EC2,
            "taskDefinition": {**task(), "networkMode": "awsvpc"},
            "agent": {"ECS_AWSVPC_BLOCK_IMDS": True},
        },
    ),
    Preset(
        id="fargate",
        title="Fargate",
        about="No task role, and no instance of yours to fall back to.",
        scenario={
            "launchType": "FARGATE",
            "taskDefinition": task(),
            "executionRole": {**EXECUTION, "plus": allow(ACCESS["read S3"])},
            "appCalls": CALLS_S3,
        },
    ),
    Preset(
        id="secret-by-instance",
        title="A secret",
        about="The instance role may read the parameter. The execution role has only its managed policy.",
        scenario={
            "launchType": "EC2",
            "taskDefinition": task(secrets=secret(PARAMETER)),
            "instanceRole": {**INSTANCE, "plus": allow(("ssm:GetParameters", PARAMETER))},
            "executionRole": EXECUTION,
        },
    ),
)

_FARGATE = LAUNCHES[0].scenario

SANDBOX: tuple[Preset, ...] = (
    Preset(
        id="whole",
        title="Each role for its own",
        about="Everything is in place: the agent and the code each have their role, and the caller may pass both.",
        subject="iam",
        scenario=_FARGATE,
    ),
    Preset(
        id="wrong-role",
        title="The secret on the task role",
        about="The task role may read the secret. It is not the role that is asked.",
        subject="iam",
        scenario={
            **_FARGATE,
            "executionRole": EXECUTION,
            "taskRole": {"plus": allow(("secretsmanager:GetSecretValue", SECRET), ACCESS["read S3"])},
        },
    ),
    Preset(
        id="timeout",
        title="No way to AWS",
        about="Every permission is there. Read the end of the error.",
        subject="iam",
        scenario={**_FARGATE, "route": False},
    ),
    Preset(
        id="log-group",
        title="No log group",
        about="Nothing is denied, and still the task does not start: the group is not there, and nobody makes it.",
        subject="iam",
        scenario={**_FARGATE, "logGroups": []},
    ),
    Preset(
        id="instance-pulls",
        title="EC2 without an execution role",
        about="The instance role pulls the image and writes the logs.",
        subject="iam",
        scenario={
            "launchType": "EC2",
            "taskDefinition": task(logConfiguration=LOGS),
            "instanceRole": INSTANCE,
            "taskRole": READS,
            "caller": {},
            "appCalls": CALLS_S3,
        },
    ),
    Preset(
        id="rule",
        title="A rule that may pass one role",
        about="The rule’s role may run the task and pass the execution role. The task has two roles.",
        subject="iam",
        scenario={
            "launchType": "FARGATE",
            "taskDefinition": task(),
            "executionRole": EXECUTION,
            "taskRole": READS,
            "caller": {
                "startedBy": "EventBridge",
                "policies": [
                    {
                        "Version": "2012-10-17",
                        "Statement": [
                            {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": "*"},
                            {
                                "Effect": "Allow",
                                "Action": "iam:PassRole",
                                "Resource": f"arn:aws:iam::{ACCOUNT}:role/ecsTaskExecutionRole",
                            },
                        ],
                    }
                ],
            },
            "appCalls": CALLS_S3,
        },
    ),
    Preset(
        id="override",
        title="RunTask with another task role",
        about="RunTask brings another task role for this one task, and the caller has to be able to pass it, too.",
        subject="iam",
        scenario={
            "launchType": "FARGATE",
            "taskDefinition": task(),
            "executionRole": EXECUTION,
            "taskRole": {"name": "readOnly", "plus": allow(ACCESS["read S3"])},
            "overrides": {"taskRole": {"name": "writer", "plus": allow(ACCESS["write DynamoDB"])}},
            "caller": {},
            "appCalls": CALLS_S3,
        },
    ),
)

# What can be set beside the sandbox's launch: the same one, as it would be if a belief were true.
BELIEFS: Mapping[str, tuple[str, IamRules]] = {
    "task-role-pulls": ("if the task role pulled the image", IamRules(pull_by=PullBy.TASK)),
    "task-role-reads": ("if the task role read the secrets", IamRules(secrets_by=SecretsBy.TASK)),
    "instance-reads": ("if the instance role read the secrets", IamRules(secrets_by=SecretsBy.INSTANCE)),
    "instance-adds": ("if the instance role’s permissions were added", IamRules(instance_role_adds=True)),
    "run-time": ("if a missing role came out only at run time", IamRules(checked_at_registration=False)),
    "no-pass-role": ("if nobody needed PassRole", IamRules(pass_role_needed=False)),
}
