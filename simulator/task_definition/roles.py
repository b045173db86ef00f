"""Rules about a task's two roles: who needs the execution role, who the task role (facts 5.1; platform 1.3, 1.7)."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.task_definition.definition import Definition, called
from simulator.task_definition.finding import Check, Found
from simulator.task_definition.part import NOTHING, Part, inner, length, spot, text
from simulator.task_definition.rules import Roles

# On these an instance role does not stand in, though registration is only known to refuse it for Fargate.
_WITHOUT_INSTANCE_ROLE = {"EXTERNAL": "external instances", "MANAGED_INSTANCES": "Managed Instances"}


def has_execution_role(definition: Definition) -> bool:
    """Whether ECS itself has a role to act with; a role that can not be read counts as given."""
    if "executionRoleArn" in definition.top.given and text(definition.top, "executionRoleArn") != "":
        return True
    return definition.rules.roles is Roles.ONE_ROLE and "taskRoleArn" in definition.top.given


def has_task_role(definition: Definition) -> bool:
    """Whether the containers have a role."""
    return "taskRoleArn" in definition.top.given and text(definition.top, "taskRoleArn") != ""


def is_in_ecr(image: str) -> bool:
    """Whether an image is in a private repository of ECR.

    >>> is_in_ecr("123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:7"), is_in_ecr("public.ecr.aws/nginx/nginx")
    (True, False)
    """
    return ".dkr.ecr." in image.partition("/")[0]


def _secrets(definition: Definition) -> Iterator[Found]:
    who = [called(one) for one in definition.containers if length(one, "secrets")]
    logs = [called(one) for one in definition.containers if length(_logs(one), "secretOptions")]
    if (who or logs) and not has_execution_role(definition):
        what = "secrets" if who else "secret log options"
        yield _needed(
            definition, f"ECS fetches the {what} of {_listed(who or logs)} with it, before the container starts."
        )


def _registry(definition: Definition) -> Iterator[Found]:
    who = [called(one) for one in definition.containers if "repositoryCredentials" in one.given]
    if who and not has_execution_role(definition):
        yield _needed(definition, f"ECS reads the registry credentials of {_listed(who)} with it.")


def _fargate_images(definition: Definition) -> Iterator[Found]:
    who = _from_ecr(definition)
    if definition.fargate and who and not has_execution_role(definition):
        yield _needed(definition, f"Fargate pulls the image of {_listed(who)} from Amazon ECR with it.")


def _fargate_logs(definition: Definition) -> Iterator[Found]:
    who = _to_awslogs(definition)
    if definition.fargate and who and not has_execution_role(definition):
        yield _needed(definition, f"Fargate writes the log of {_listed(who)} to CloudWatch with it.")


def _elsewhere(definition: Definition) -> Iterator[Found]:
    who = _from_ecr(definition) or _to_awslogs(definition)
    where = [words for name, words in _WITHOUT_INSTANCE_ROLE.items() if name in definition.launch_types]
    if who and where and not definition.fargate and not has_execution_role(definition):
        yield _needed(definition, f"On {_listed(where)} the image or the log of {_listed(who)} needs it.")


def _environment_files(definition: Definition) -> Iterator[Found]:
    who = [called(one) for one in definition.containers if length(one, "environmentFiles")]
    if who and not has_execution_role(definition):
        yield _needed(definition, f"ECS reads the environment files of {_listed(who)} from S3 with it.")


def _needed(definition: Definition, why: str) -> Found:
    both = " The task role is for the code in the containers, not for this." if has_task_role(definition) else ""
    return Found(
        at=spot(definition.top, "executionRoleArn"),
        message=f"There is no execution role. {why}{both}",
        fix="Name the role in executionRoleArn, and let its policy allow this.",
    )


def _s3files(definition: Definition) -> Iterator[Found]:
    if not has_task_role(definition):
        for volume in definition.volumes:
            if "s3filesVolumeConfiguration" in volume.given:
                yield Found(
                    at=spot(definition.top, "taskRoleArn"),
                    message="An S3 Files volume is mounted with the task role, and there is no taskRoleArn.",
                    fix="Name a task role that may s3files:ClientMount.",
                )
                return


def _efs_iam(definition: Definition) -> Iterator[Found]:
    if not has_task_role(definition):
        for volume in definition.volumes:
            efs = inner(volume, "efsVolumeConfiguration") or NOTHING
            if text(inner(efs, "authorizationConfig") or NOTHING, "iam") == "ENABLED":
                yield Found(
                    at=spot(definition.top, "taskRoleArn"),
                    message="EFS with iam ENABLED asks the task role; there is no taskRoleArn, so the mount is denied.",
                    fix="Name a task role that may elasticfilesystem:ClientMount, or leave iam out.",
                )
                return


def _from_ecr(definition: Definition) -> list[str]:
    return [called(one) for one in definition.containers if is_in_ecr(text(one, "image") or "")]


def _to_awslogs(definition: Definition) -> list[str]:
    return [called(one) for one in definition.containers if text(_logs(one), "logDriver") == "awslogs"]


def _logs(container: Part) -> Part:
    return inner(container, "logConfiguration") or NOTHING


def _listed(words: list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


_FARGATE = "Fargate requires task definition to have execution role ARN to support"
CHECKS = (
    Check(
        rule="execution-role-for-secrets",
        source="DG:task_execution_IAM_role",
        find=_secrets,
        aws="When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    ),
    Check(rule="execution-role-for-registry", source="DG:private-auth", find=_registry, is_open=True),
    Check(
        rule="execution-role-for-ecr",
        source="DG:task_execution_IAM_role",
        find=_fargate_images,
        aws=f"{_FARGATE} ECR images.",
    ),
    Check(
        rule="execution-role-for-awslogs",
        source="DG:task_execution_IAM_role",
        find=_fargate_logs,
        aws=f"{_FARGATE} log driver awslogs.",
    ),
    Check(
        rule="execution-role-elsewhere", source="DG:task_execution_IAM_role", find=_elsewhere, warns=True, is_open=True
    ),
    Check(
        rule="execution-role-for-environment-files",
        source="DG:use-environment-file",
        find=_environment_files,
        warns=True,
        is_open=True,
    ),
    Check(rule="task-role-for-s3files", source="API:S3FilesVolumeConfiguration", find=_s3files),
    Check(rule="task-role-for-efs", source="API:EFSAuthorizationConfig", find=_efs_iam, warns=True, is_open=True),
)
