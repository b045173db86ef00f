"""Launches to ask about, put together from few parts."""

from __future__ import annotations

from typing import Any

ECR = "111122223333.dkr.ecr.us-east-1.amazonaws.com/web:1"
REPOSITORY = "arn:aws:ecr:us-east-1:111122223333:repository/web"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf"
FILE = "arn:aws:s3:::config/web.env"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1"
EXECUTION: dict[str, Any] = {"managedPolicies": ["AmazonECSTaskExecutionRolePolicy"]}
INSTANCE: dict[str, Any] = {"managedPolicies": ["AmazonEC2ContainerServiceforEC2Role"]}
LOGS: dict[str, Any] = {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/web", "awslogs-region": "us-east-1"}}
CREATES: dict[str, Any] = {**LOGS, "options": {**LOGS["options"], "awslogs-create-group": "true"}}
SECRETS = [{"name": "DB", "valueFrom": SECRET}]
PARAMETER = [{"name": "LEVEL", "valueFrom": "log-level"}]
FILES = [{"type": "s3", "value": FILE}]
GET = [{"action": "s3:GetObject", "resource": "arn:aws:s3:::uploads/cat.jpg"}]


def task(image: Any = ECR, **more: Any) -> dict[str, Any]:
    return {"family": "web", "containerDefinitions": [{"name": "web", "image": image, **more}]}


def launch(image: Any = ECR, **more: Any) -> dict[str, Any]:
    """A launch on Fargate; fields of the container go by `container`, all others to the document."""
    container = more.pop("container", {})
    return {"taskDefinition": task(image, **container), **more}


def deny(action: str, resource: str = "*") -> list[dict[str, Any]]:
    return [{"Statement": [{"Effect": "Deny", "Action": action, "Resource": resource}]}]


def host(**more: Any) -> dict[str, Any]:
    return {
        "launchType": "EC2",
        "taskDefinition": {**task(), "networkMode": "host"},
        "agent": {"ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST": False},
        "appCalls": GET,
        **more,
    }


LAUNCHES: dict[str, dict[str, Any]] = {
    "public-image": launch("nginx"),
    "public-ecr": launch("public.ecr.aws/nginx/nginx:1"),
    "no-execution-role": launch(),
    "no-execution-role-logs": launch("nginx", container={"logConfiguration": LOGS}),
    "no-execution-role-secrets": launch("nginx", launchType="EC2", container={"secrets": SECRETS}),
    "no-execution-role-external": launch(launchType="EXTERNAL"),
    "no-execution-role-external-logs": launch(
        "nginx", launchType="EXTERNAL", container={"logConfiguration": CREATES}, logGroups=[]
    ),
    "no-execution-role-files": launch("nginx", container={"environmentFiles": FILES}),
    "no-execution-role-credentials": launch(
        "private.example/web", container={"repositoryCredentials": {"credentialsParameter": SECRET}}
    ),
    "same-name": launch(
        executionRole=EXECUTION, container={"secrets": SECRETS, "environment": [{"name": "DB", "value": "x"}]}
    ),
    "caller-no-run": launch("nginx", caller={"minus": ["ecs:RunTask"]}),
    "caller-no-pass": launch(
        executionRole={**EXECUTION, "name": "ex"}, taskRole={"name": "own"}, caller={"minus": ["iam:PassRole"]}
    ),
    "caller-denied": launch("nginx", taskRole={}, caller={"policies": deny("iam:*"), "plus": ["*"], "name": "ci"}),
    "caller-service": launch("nginx", caller={"operation": "CreateService", "minus": ["ecs:CreateService"]}),
    "event-rule": launch(executionRole=EXECUTION, taskRole={}, caller={"startedBy": "EventBridge"}),
    "event-rule-untrusted": launch("nginx", caller={"startedBy": "EventBridge", "trust": "scheduler.amazonaws.com"}),
    "schedule": launch("nginx", taskRole={}, caller={"startedBy": "Scheduler"}),
    "schedule-bare": launch("nginx", caller={"startedBy": "Scheduler", "policies": []}),
    "override": launch(executionRole=EXECUTION, overrides={"executionRole": {"name": "other"}, "taskRole": {}}),
    "trust-both": launch(
        executionRole={**EXECUTION, "trust": "ec2.amazonaws.com"}, taskRole={"trust": [], "name": "own"}
    ),
    "trust-cluster": launch(
        "nginx",
        taskRole={
            "trust": {
                "Statement": {
                    "Effect": "Allow",
                    "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:ecs:us-east-1:111122223333:cluster/prod"}},
                }
            }
        },
    ),
    "no-instance-profile": launch(launchType="EC2", instanceRole=None),
    "instance-cannot-register": launch(
        launchType="EC2", instanceRole={**INSTANCE, "minus": ["ecs:RegisterContainerInstance", "ecs:Poll"]}
    ),
    "instance-service": launch(launchType="EC2", instanceRole={}, caller={"operation": "UpdateService"}),
    "instance-untrusted": launch(launchType="EC2", instanceRole={**INSTANCE, "trust": "ecs-tasks.amazonaws.com"}),
    "anywhere": launch(launchType="EXTERNAL", executionRole=EXECUTION),
    "anywhere-bare": launch(launchType="EXTERNAL", instanceRole={"name": "edge"}),
    "managed-name": launch(launchType="MANAGED_INSTANCES", instanceRole={"name": "workers"}),
    "managed": launch(
        launchType="MANAGED_INSTANCES", executionRole=EXECUTION, instanceRole={"name": "ecsInstanceRole2"}
    ),
    "files": launch(executionRole=EXECUTION, container={"environmentFiles": FILES}),
    "files-bucket": launch(
        executionRole={**EXECUTION, "plus": ["s3:GetObject"]}, container={"environmentFiles": FILES}
    ),
    "secret": launch(executionRole=EXECUTION, container={"secrets": SECRETS}),
    "secret-other-roles": launch(
        launchType="EC2",
        executionRole={},
        taskRole={"plus": ["ssm:GetParameters"]},
        instanceRole={**INSTANCE, "plus": ["ssm:*"]},
        container={"secrets": PARAMETER},
    ),
    "secret-key": launch(
        executionRole={**EXECUTION, "plus": ["secretsmanager:GetSecretValue"]},
        container={"secrets": SECRETS},
        customerKeys={SECRET: KEY},
    ),
    "secret-denied": launch(
        executionRole={**EXECUTION, "plus": ["secretsmanager:GetSecretValue"], "policies": deny("secretsmanager:*")},
        container={"secrets": SECRETS},
    ),
    "log-secret": launch(
        executionRole=EXECUTION,
        container={"logConfiguration": {"logDriver": "splunk", "secretOptions": PARAMETER}},
    ),
    "no-route-secret": launch(executionRole=EXECUTION, container={"secrets": SECRETS}, route=False),
    "no-route-token": launch(executionRole=EXECUTION, route=False),
    "no-route-public": launch("nginx", route=False),
    "token": launch(executionRole={**EXECUTION, "minus": ["ecr:GetAuthorizationToken"]}),
    "token-ec2": launch(launchType="EC2", instanceRole={**INSTANCE, "minus": ["ecr:GetAuthorizationToken"]}),
    "token-external": launch(launchType="EXTERNAL", executionRole={}),
    "layers": launch(executionRole={**EXECUTION, "minus": ["ecr:Batch*", "ecr:GetDownloadUrlForLayer"]}),
    "layers-ec2": launch(
        launchType="EC2", executionRole=EXECUTION, instanceRole={**INSTANCE, "minus": ["ecr:BatchGetImage"]}
    ),
    "cache": launch(executionRole=EXECUTION, pullThroughCache={}),
    "cache-exists": launch(executionRole=EXECUTION, pullThroughCache={"repositoryExists": True}),
    "no-image": launch("nginx", missingImages=["nginx"]),
    "log-group": launch(executionRole=EXECUTION, container={"logConfiguration": LOGS}, logGroups=["/ecs/api"]),
    "log-group-created": launch(executionRole=EXECUTION, container={"logConfiguration": CREATES}, logGroups=[]),
    "log-group-exists": launch(
        executionRole=EXECUTION, container={"logConfiguration": CREATES}, logGroups=["/ecs/web"]
    ),
    "logs-ec2": launch(
        launchType="EC2", instanceRole={**INSTANCE, "minus": ["logs:*"]}, container={"logConfiguration": LOGS}
    ),
    "logs-ec2-execution": launch(
        launchType="EC2",
        executionRole=EXECUTION,
        instanceRole={**INSTANCE, "minus": ["logs:*"]},
        container={"logConfiguration": LOGS},
    ),
    "logs-ec2-no-override": launch(
        launchType="EC2",
        executionRole=EXECUTION,
        instanceRole={**INSTANCE, "minus": ["logs:PutLogEvents"]},
        agent={"ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE": False},
        container={"logConfiguration": LOGS},
        logGroups=[],
    ),
    "firelens": launch(executionRole=EXECUTION, container={"logConfiguration": {"logDriver": "awsfirelens"}}),
    "app": launch(executionRole=EXECUTION, taskRole={"plus": ["s3:GetObject"]}, appCalls=GET),
    "app-denied": launch(executionRole=EXECUTION, taskRole={"policies": deny("s3:*"), "plus": ["s3:*"]}, appCalls=GET),
    "app-no-role": launch(executionRole={**EXECUTION, "plus": ["s3:GetObject"]}, appCalls=GET),
    "app-no-role-narrow-caller": launch(
        "nginx",
        appCalls=[*GET, {"action": "sqs:ReceiveMessage"}],
        caller={"policies": [{"Statement": [{"Effect": "Allow", "Action": "ecs:*", "Resource": "*"}]}]},
    ),
    "app-ec2": launch(launchType="EC2", instanceRole={**INSTANCE, "plus": ["s3:GetObject"]}, appCalls=GET),
    "app-ec2-denied": launch(launchType="EC2", appCalls=GET),
    "app-ec2-hidden": launch(
        launchType="EC2", instanceRole={**INSTANCE, "plus": ["s3:GetObject"]}, taskRole={}, appCalls=GET
    ),
    "app-ec2-blocked": launch(launchType="EC2", iptablesBlocksImds=True, appCalls=GET),
    "app-managed": launch(launchType="MANAGED_INSTANCES", executionRole=EXECUTION, appCalls=GET),
    "app-host": host(taskRole={"plus": ["s3:GetObject"]}, iptablesBlocksImds=True),
    "app-host-instance": host(taskRole={}, instanceRole={**INSTANCE, "plus": ["s3:GetObject"]}),
    "unlisted": launch("nginx", taskRole={"managedPolicies": ["AmazonSSMManagedInstanceCore"]}),
}
