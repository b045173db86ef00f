"""Which role makes a call: the truth table, one row an operation, one column a launch type. Source: facts 1.3, 1.4."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from simulator.iam.launch import LaunchType


class Who(StrEnum):
    """The cells of the table; the letters are those of the facts' list of roles."""

    EX = "EX"
    TASK = "TASK"
    INST = "INST"
    SLR = "SLR"
    INFRA = "INFRA"
    CALLER = "CALLER"
    SCALING = "ROLE_E"
    EVENTS = "ROLE_F"
    SCHEDULER = "ROLE_G"
    MANAGED = "ROLE_I"
    ANYWHERE = "ROLE_J"
    NOBODY = "NONE"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    UNDOCUMENTED = "UNDOCUMENTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A role as people name it, and the service that it trusts; empty for what is no role."""

    name: str
    trust: str = ""


HOLDERS: Mapping[Who, Holder] = {
    Who.EX: Holder(name="task execution role", trust="ecs-tasks.amazonaws.com"),
    Who.TASK: Holder(name="task role", trust="ecs-tasks.amazonaws.com"),
    Who.INST: Holder(name="container instance role", trust="ec2.amazonaws.com"),
    Who.SLR: Holder(name="service-linked role AWSServiceRoleForECS", trust="ecs.amazonaws.com"),
    Who.INFRA: Holder(name="infrastructure role", trust="ecs.amazonaws.com"),
    Who.CALLER: Holder(name="the caller of the API"),
    Who.SCALING: Holder(
        name="service-linked role AWSServiceRoleForApplicationAutoScaling_ECSService",
        trust="ecs.application-autoscaling.amazonaws.com",
    ),
    Who.EVENTS: Holder(name="EventBridge rule role", trust="events.amazonaws.com"),
    Who.SCHEDULER: Holder(name="EventBridge Scheduler role", trust="scheduler.amazonaws.com"),
    Who.MANAGED: Holder(name="Managed Instances instance profile", trust="ec2.amazonaws.com"),
    Who.ANYWHERE: Holder(name="ECS Anywhere role", trust="ssm.amazonaws.com"),
    Who.NOBODY: Holder(name="nobody: the call is anonymous"),
    Who.NOT_APPLICABLE: Holder(name="nobody: there is no such call"),
    Who.UNDOCUMENTED: Holder(name="undocumented"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One row. `cells` are in the order of `LaunchType`; `notes` are said beside those cells that they are about."""

    what: str
    cells: tuple[Who, Who, Who, Who]
    actions: tuple[str, ...] = ()
    notes: Mapping[Who, str] | None = None
    passed_to: tuple[str, ...] = ()
    key: bool = False  # a customer managed key asks for kms:Decrypt besides

    def cell(self, launch_type: LaunchType) -> Who:
        """Whose call it is under a launch type."""
        return self.cells[tuple(LaunchType).index(launch_type)]


def _all(who: Who) -> tuple[Who, Who, Who, Who]:
    return who, who, who, who


_EX, _TASK, _NA, _SLR, _INFRA = Who.EX, Who.TASK, Who.NOT_APPLICABLE, Who.SLR, Who.INFRA
_FETCH = ("secretsmanager:GetSecretValue", "ssm:GetParameters")
_PULL = ("ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
_ECS_TASKS, _ECS = "ecs-tasks.amazonaws.com", "ecs.amazonaws.com"
_NO_TARGET = "LaunchType of a target has only EC2, FARGATE, and EXTERNAL; a capacity provider strategy is accepted."
NO_BALANCER = "ECS Anywhere has no load balancer support."


def _api(what: str, *passed_to: str) -> Operation:
    return Operation(what=what, cells=_all(Who.CALLER), actions=("iam:PassRole",), passed_to=passed_to)


OPERATIONS: Mapping[str, Operation] = {
    "registerContainerInstance": Operation(
        what="The agent registers its instance, polls, and submits states",
        cells=(_NA, Who.INST, Who.ANYWHERE, Who.MANAGED),
        actions=("ecs:DiscoverPollEndpoint", "ecs:RegisterContainerInstance", "ecs:Poll", "ecs:Submit*"),
        notes={_NA: "On Fargate AWS does it; there is no instance of yours."},
    ),
    "pullFromEcr": Operation(
        what="The image is pulled from a private ECR repository", cells=(_EX, Who.INST, _EX, _EX), actions=_PULL
    ),
    "pullPublicImage": Operation(
        what="An image is pulled from ECR Public or Docker Hub without a login", cells=_all(Who.NOBODY)
    ),
    "pullWithRepositoryCredentials": Operation(
        what="The login for a private registry is fetched",
        cells=_all(_EX),
        actions=("secretsmanager:GetSecretValue",),
        key=True,
    ),
    "awslogs": Operation(
        what="The awslogs driver writes the logs",
        cells=_all(_EX),
        actions=("logs:CreateLogStream", "logs:PutLogEvents"),
    ),
    "secrets": Operation(
        what="What `secrets` names is fetched before the container starts", cells=_all(_EX), actions=_FETCH, key=True
    ),
    "environmentFiles": Operation(
        what="The env files are fetched from S3 before the container starts",
        cells=_all(_EX),
        actions=("s3:GetObject", "s3:GetBucketLocation"),
    ),
    "firelens": Operation(what="The FireLens router sends the logs", cells=_all(_TASK)),
    "appCall": Operation(what="The code in the containers calls S3, DynamoDB, SQS, …", cells=_all(_TASK)),
    "execChannel": Operation(
        what="ECS Exec opens its channel from inside the task",
        cells=_all(_TASK),
        actions=tuple(
            f"ssmmessages:{name}"
            for name in ("CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel")
        ),
        key=True,
    ),
    "ExecuteCommand": Operation(
        what="Someone starts an ECS Exec session", cells=_all(Who.CALLER), actions=("ecs:ExecuteCommand",)
    ),
    "efsMount": Operation(
        what="An EFS file system is mounted with iam: ENABLED",
        cells=(_TASK, _TASK, _NA, _TASK),
        notes={_NA: "ECS Anywhere has no EFS volumes."},
    ),
    "s3FilesMount": Operation(
        what="An S3 Files file system is mounted",
        cells=(_TASK, Who.UNDOCUMENTED, _NA, _TASK),
        notes={
            Who.UNDOCUMENTED: "The guide says that EC2 has no S3 Files; the agent has the code since 1.104.0.",
            _NA: "ECS Anywhere has no S3 Files volumes.",
        },
    ),
    "fsxCredentials": Operation(
        what="The credentials of an FSx for Windows file system are fetched",
        cells=(_NA, _EX, _NA, _NA),
        actions=_FETCH,
        notes={_NA: "FSx for Windows volumes are for EC2 only."},
    ),
    "attachEbsVolume": Operation(
        what="The task's EBS volume is made and attached",
        cells=(_INFRA, _INFRA, _NA, _INFRA),
        notes={_NA: "ECS Anywhere has no EBS volumes."},
    ),
    "attachEni": Operation(
        what="The task's network interface is made and attached",
        cells=(_SLR, _SLR, _NA, _SLR),
        notes={_NA: "ECS Anywhere has no awsvpc mode."},
    ),
    "registerTargets": Operation(
        what="Tasks are registered with the load balancer's target group, and taken out",
        cells=(_SLR, _SLR, _NA, _SLR),
        notes={_NA: NO_BALANCER},
    ),
    "cloudMapRegistration": Operation(
        what="Tasks are registered with Cloud Map",
        cells=(_SLR, _SLR, _NA, _SLR),
        notes={_NA: "ECS Anywhere has no service discovery."},
    ),
    "blueGreenListeners": Operation(
        what="An ECS-native blue/green deployment changes the listener rules",
        cells=(_INFRA, _INFRA, _NA, _INFRA),
        notes={_NA: NO_BALANCER},
    ),
    "manageInstances": Operation(
        what="ECS launches and terminates the instances",
        cells=(_NA, _NA, _NA, _INFRA),
        notes={_NA: "Only Managed Instances are launched by ECS itself."},
    ),
    "serviceAutoScaling": Operation(
        what="Service auto scaling changes desiredCount",
        cells=_all(Who.SCALING),
        actions=("ecs:DescribeServices", "ecs:UpdateService"),
    ),
    "eventBridgeRunTask": Operation(
        what="An EventBridge rule starts a task",
        cells=(Who.EVENTS, Who.EVENTS, Who.EVENTS, Who.UNDOCUMENTED),
        actions=("ecs:RunTask", "iam:PassRole"),
        passed_to=(_ECS_TASKS,),
        notes={Who.UNDOCUMENTED: _NO_TARGET},
    ),
    "schedulerRunTask": Operation(
        what="EventBridge Scheduler starts a task",
        cells=(Who.SCHEDULER, Who.SCHEDULER, Who.SCHEDULER, Who.UNDOCUMENTED),
        actions=("ecs:RunTask", "iam:PassRole"),
        passed_to=(_ECS_TASKS,),
        notes={Who.UNDOCUMENTED: _NO_TARGET},
    ),
    **{
        name: _api(f"Someone hands roles to ECS with {name}, and needs iam:PassRole on them", _ECS_TASKS)
        for name in (
            "RegisterTaskDefinition",
            "RegisterDaemonTaskDefinition",
            "CreateTaskSet",
            "CreateDaemon",
            "UpdateDaemon",
        )
    },
    **{
        name: _api(f"Someone hands roles to ECS with {name}, and needs iam:PassRole on them", _ECS_TASKS, _ECS)
        for name in (
            "RunTask",
            "StartTask",
            "CreateService",
            "UpdateService",
            "CreateExpressGatewayService",
            "UpdateExpressGatewayService",
        )
    },
    **{
        name: _api(f"Someone hands a role to ECS with {name}, and needs iam:PassRole on it", _ECS)
        for name in ("CreateCapacityProvider", "UpdateCapacityProvider")
    },
}
