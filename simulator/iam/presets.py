"""Named situations of roles and policies, each with another outcome."""

from __future__ import annotations

from typing import Any

from simulator.iam.managed import EXECUTION_POLICY, INSTANCE_POLICY
from simulator.preset import Preset

_IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/web:1"
_SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf"
_LOGS = {
    "logDriver": "awslogs",
    "options": {
        "awslogs-group": "/ecs/web",
        "awslogs-region": "us-east-1",
        "awslogs-stream-prefix": "web",
    },
}
_READ = [{"action": "s3:GetObject", "resource": "arn:aws:s3:::uploads/cat.jpg"}]


def _task(**more: Any) -> dict[str, Any]:
    return {"family": "web", "containerDefinitions": [{"name": "web", "image": _IMAGE, **more}]}


_EXECUTION = {"managedPolicies": [EXECUTION_POLICY]}
_INSTANCE = {"managedPolicies": [INSTANCE_POLICY]}

PRESETS: tuple[Preset, ...] = (
    Preset(
        id="three-roles",
        title="Fargate, each role for its own",
        about="The execution role pulls and logs, the task role reads from S3, and the caller passes both.",
        subject="iam",
        scenario={
            "launchType": "FARGATE",
            "taskDefinition": _task(logConfiguration=_LOGS),
            "executionRole": _EXECUTION,
            "taskRole": {"plus": [{"action": "s3:GetObject", "resource": "arn:aws:s3:::uploads/*"}]},
            "appCalls": _READ,
        },
    ),
    Preset(
        id="secret-on-the-wrong-role",
        title="The secret is allowed to the task role",
        about="The task role may read the secret, and the task does not start: the execution role injects.",
        subject="iam",
        scenario={
            "launchType": "FARGATE",
            "taskDefinition": _task(secrets=[{"name": "DB_PASSWORD", "valueFrom": _SECRET}]),
            "executionRole": _EXECUTION,
            "taskRole": {"plus": [{"action": "secretsmanager:GetSecretValue", "resource": _SECRET}]},
        },
    ),
    Preset(
        id="no-execution-role",
        title="Fargate and ECR without an execution role",
        about="The absence is caught at once, when the definition is registered.",
        subject="iam",
        scenario={"launchType": "FARGATE", "taskDefinition": _task()},
    ),
    Preset(
        id="hidden-instance-role",
        title="EC2: the task role hides the instance role",
        about="The instance may read from S3. With a task role of its own, the task may not.",
        subject="iam",
        scenario={
            "launchType": "EC2",
            "taskDefinition": _task(),
            "instanceRole": {**_INSTANCE, "plus": ["s3:GetObject"]},
            "taskRole": {"plus": ["dynamodb:PutItem"]},
            "appCalls": _READ,
        },
    ),
    Preset(
        id="execution-role-for-the-app",
        title="The app's permission is on the execution role",
        about="The containers never see the execution role's credentials, so the code finds none.",
        subject="iam",
        scenario={
            "launchType": "FARGATE",
            "taskDefinition": _task(),
            "executionRole": {**_EXECUTION, "plus": ["s3:GetObject"]},
            "appCalls": _READ,
        },
    ),
    Preset(
        id="rule-without-pass-role",
        title="An EventBridge rule that may not pass a role",
        about="The rule may run the task, and no task is created: it hands over roles that it may not pass.",
        subject="iam",
        scenario={
            "launchType": "FARGATE",
            "taskDefinition": _task(),
            "executionRole": _EXECUTION,
            "taskRole": {"plus": ["s3:GetObject"]},
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
                                "Resource": "arn:aws:iam::111122223333:role/ecsTaskExecutionRole",
                                "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
                            },
                        ],
                    }
                ],
            },
        },
    ),
    Preset(
        id="deny-beats-allow",
        title="A policy with an Allow and a Deny",
        about="Both statements speak of the object; the order in which they stand does not matter.",
        subject="policy",
        scenario={
            "policies": [
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::uploads/*"},
                        {
                            "Sid": "NotThese",
                            "Effect": "Deny",
                            "Action": "s3:*",
                            "Resource": "arn:aws:s3:::uploads/private/*",
                        },
                    ],
                }
            ],
            "request": {"action": "s3:GetObject", "resource": "arn:aws:s3:::uploads/private/cat.jpg"},
        },
    ),
    Preset(
        id="trust-for-ec2",
        title="A trust policy that names EC2",
        about="A role is assumed by whom its trust policy names, whatever its permissions are.",
        subject="policy",
        scenario={
            "policies": [
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "ec2.amazonaws.com"},
                            "Action": "sts:AssumeRole",
                        }
                    ],
                }
            ],
            "request": {"action": "sts:AssumeRole", "principal": {"Service": "ecs-tasks.amazonaws.com"}},
        },
    ),
)
