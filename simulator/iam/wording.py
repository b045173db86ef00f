"""The very texts that a learner sees when a launch fails, each with where its wording is known from. Source: facts 1.7.

AWS prints categories and examples only, so the texts are short forms: an ellipsis stands where the rest varies.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from simulator.iam.calls import Call
from simulator.iam.launch import Launch, LaunchType
from simulator.iam.roles import Kind, Role
from simulator.secrets.references import Store

KINDS = {
    Kind.EXECUTION: "the execution role",
    Kind.TASK: "the task role",
    Kind.INSTANCE: "the instance role",
    Kind.CALLER: "the caller",
}
OBSERVED = "AWS prints this wording in no document: it was observed, and may change."
ORDER_IS_OURS = (
    "AWS does not publish the order of env files, secrets, image pull, and log driver; this order is the simulator's."
)
EC2_PULL_IS_OPEN = (
    "Whether ECS hands the execution role's credentials to the EC2 agent for ECR pulls is undocumented; "
    "what is sure is that on EC2 the instance role is enough."
)
NO_ROLE_HERE_IS_OPEN = (
    "AWS documents no registration check for a missing execution role on this launch type, and no text of this error."
)
AGENT_TOKEN_IS_OPEN = (
    "This failure is known for Fargate and EC2 only; this launch type runs an agent, so the agent's text is taken."
)
FIRELENS = (
    "The FireLens router sends its logs with the task role, and what it may not send is lost while the task runs."
)
ACCIDENT = (
    "This works by accident: without a task role the SDK took the instance role's credentials from the instance "
    "metadata, and every task on that instance can do the same."
)
HOST_IS_DERIVED = (
    "In host mode the agent hands out task roles only with ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST=true; that the app "
    "then takes the instance role is derived, not documented."
)


class Source(StrEnum):
    """Where a wording is known from."""

    DOCUMENTED = "documented"
    AGENT = "agent"  # the open source of the ECS agent
    OBSERVED = "observed"  # third-party reports; AWS prints it in no document
    DERIVED = "derived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An error as it is seen."""

    text: str
    source: Source


def no_execution_role(what: str) -> Text:
    """Registration without an execution role; `what` is what asks for one."""
    if what == "secrets":
        said = "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
    else:
        said = f"Fargate requires task definition to have execution role ARN to support {what}."
    return Text(text=f"ClientException: {said}", source=Source.OBSERVED)


def same_name(name: str) -> Text:
    """Registration with one name in `environment` and in `secrets`."""
    return Text(
        text="ClientException: The secret name must be unique and not shared with any new or existing environment "
        f"variables set on the container, such as '{name}'.",
        source=Source.OBSERVED,
    )


def caller_denied(call: Call) -> Text:
    """The caller may not start the task, or not pass a role to it."""
    return Text(text=f"AccessDeniedException: {_not_authorized(call)}", source=Source.DOCUMENTED)


def not_assumable(role: Role) -> Text:
    """A role of the task does not trust ecs-tasks."""
    return Text(
        text=f"ECS was unable to assume the role '{role.arn}' that was provided for this task. Please verify that the "
        "role being passed has the proper trust relationship …",
        source=Source.OBSERVED,
    )


def service_not_trusted(role: Role, service: str) -> Text:
    """The role that EventBridge or Scheduler calls with does not trust it."""
    return Text(
        text=f"AccessDeniedException: {service} is not authorized to perform: sts:AssumeRole on resource: {role.arn}",
        source=Source.DERIVED,
    )


def no_instances(operation: str, service: str) -> Text:
    """No instance is in the cluster."""
    if operation in ("CreateService", "UpdateService"):
        return Text(
            text=f"(service {service}) was unable to place a task because no container instance met all of its "
            "requirements. Reason: No Container Instances were found in your cluster.",
            source=Source.DOCUMENTED,
        )
    return Text(
        text="InvalidParameterException: No Container Instances were found in your cluster.", source=Source.OBSERVED
    )


def not_passable(role: Role) -> Text:
    """A Managed Instances profile whose role has a name that ECS may not pass."""
    return Text(
        text=f"ResourceInitializationError: … not authorized to perform: iam:PassRole on resource: {role.arn}",
        source=Source.DOCUMENTED,
    )


def env_file(call: Call, launch: Launch) -> Text:
    """An env file cannot be fetched."""
    return Text(
        text=f"ResourceInitializationError: failed to download env files: … {_tail(call, launch)}",
        source=Source.DOCUMENTED,
    )


def secret(call: Call, launch: Launch, store: Store) -> Text:
    """A secret or a parameter cannot be fetched."""
    tail = _tail(call, launch)
    if launch.launch_type is LaunchType.FARGATE:
        short = "asm" if store is Store.SECRETS_MANAGER else "ssm"
        return Text(
            text="ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
            f"failed: unable to retrieve secret from {short} … {tail}",
            source=Source.DOCUMENTED,
        )
    return Text(text=f"ResourceInitializationError: fetching secret data from … {tail}", source=Source.AGENT)


def registry_token(call: Call, launch: Launch) -> Text:
    """No login for ECR."""
    tail = _tail(call, launch)
    if launch.launch_type is LaunchType.FARGATE:
        return Text(
            text=f"ResourceInitializationError: unable to pull secrets or registry auth: … {tail}",
            source=Source.DOCUMENTED,
        )
    return Text(text=f"CannotPullECRContainerError: … {tail}", source=Source.AGENT)


def layers(call: Call, launch: Launch) -> Text:
    """The login works, and the image may not be read."""
    return Text(text=f"CannotPullContainerError: … {_tail(call, launch)}", source=Source.AGENT)


def unreachable_registry(image: str) -> Text:
    """The registry is not reached."""
    return Text(text=f"CannotPullContainerError: … {image}: dial tcp …: i/o timeout", source=Source.DOCUMENTED)


def no_image(image: str) -> Text:
    """The image or its tag does not exist."""
    return Text(text=f"CannotPullContainerError: … {image}: not found", source=Source.AGENT)


def log_driver(launch: Launch, tail: str) -> Text:
    """The awslogs driver cannot be set up."""
    if launch.launch_type is LaunchType.FARGATE:
        said = f"ResourceInitializationError: failed to validate logger args: … {tail}"
    else:
        said = f"failed to initialize logging driver … {tail}"
    return Text(text=said, source=Source.OBSERVED)


def app_denied(call: Call) -> Text:
    """The code's call is refused."""
    return Text(text=f"AccessDeniedException: {_not_authorized(call)}", source=Source.DERIVED)


NO_CREDENTIALS = Text(text="Unable to locate credentials (the wording depends on the SDK)", source=Source.DERIVED)


def refusal(call: Call) -> str:
    """The end of an error: who may not do what."""
    if call.role is None:
        return "no credentials: the task has no such role"
    return f"AccessDeniedException: {_not_authorized(call)}"


def _tail(call: Call, launch: Launch) -> str:
    return refusal(call) if launch.route else "dial tcp …: i/o timeout"


def _not_authorized(call: Call) -> str:
    assert call.role is not None, "a refused call of no role has another text"
    arn = call.role.arn
    if ":role/" in arn:
        account = arn.split(":")[4]
        arn = f"arn:aws:sts::{account}:assumed-role/{call.role.name}/…"
    return f"User: {arn} is not authorized to perform: {call.action} on resource: {call.resource}"
