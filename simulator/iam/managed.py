"""What is inside AWS's managed policies, as far as the facts list it. Source: facts 1.2."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.iam.policy import Condition, Effect, Statement

EXECUTION_POLICY = "AmazonECSTaskExecutionRolePolicy"
INSTANCE_POLICY = "AmazonEC2ContainerServiceforEC2Role"
EVENTS_POLICY = "AmazonEC2ContainerServiceEventsRole"
SSM_CORE = "AmazonSSMManagedInstanceCore"
MANAGED_INSTANCES_POLICY = "AmazonECSInstanceRolePolicyForManagedInstances"

_PULL = ("GetAuthorizationToken", "BatchCheckLayerAvailability", "GetDownloadUrlForLayer", "BatchGetImage")
_PULL_ACTIONS = tuple(f"ecr:{name}" for name in _PULL)
_LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
_AGENT = (
    "ecs:CreateCluster",
    "ecs:DeregisterContainerInstance",
    "ecs:DiscoverPollEndpoint",
    "ecs:Poll",
    "ecs:RegisterContainerInstance",
    "ecs:StartTelemetrySession",
    "ecs:UpdateContainerInstancesState",
    "ecs:Submit*",
)


def managed(name: Any, path: str) -> tuple[Statement, ...]:
    """The statements of a managed policy; empty for one whose content the facts do not list.

    Raises
    ------
    InputError
        For a name that is not in the facts, with the nearest one.

    >>> [statement.actions for statement in managed("AmazonEC2ContainerServiceEventsRole", "policy")][0]
    ('ecs:RunTask',)
    """
    written = reading.text(name, path).rsplit("/", 1)[-1]
    if written not in POLICIES:
        near = difflib.get_close_matches(written, POLICIES, n=1)
        hint = f"did you mean “{near[0]}”?" if near else "write the policy's JSON under policies instead."
        raise InputError(
            f"{path} is {reading.shown(written)}, a managed policy that is not known here; {hint}", path=path
        )
    return POLICIES[written]


def is_listed(name: str) -> bool:
    """Whether the facts list what is inside the policy."""
    return bool(POLICIES[name.rsplit("/", 1)[-1]])


def _allow(policy: str, at: int, *actions: str, on: tuple[str, ...] = ("*",), **conditions: str) -> Statement:
    return Statement(
        where=f"{policy}.Statement[{at}]",
        effect=Effect.ALLOW,
        actions=actions,
        resources=on,
        conditions=tuple(
            Condition(operator="StringEquals", key=_KEYS[name], values=tuple(values.split()))
            for name, values in conditions.items()
        ),
    )


_KEYS = {"creating": "ecs:CreateAction", "passed_to": "iam:PassedToService"}
_TAGGED = ("arn:aws:ecs:*:*:task/*/*", "arn:aws:ecs:*:*:container-instance/*/*")

POLICIES: Mapping[str, tuple[Statement, ...]] = {
    EXECUTION_POLICY: (_allow(EXECUTION_POLICY, 0, *_PULL_ACTIONS, *_LOGS),),
    INSTANCE_POLICY: (
        _allow(INSTANCE_POLICY, 0, "ec2:DescribeTags", *_AGENT, *_PULL_ACTIONS, *_LOGS),
        # The facts name the key and not its values; these are the creations that the policy itself allows.
        _allow(INSTANCE_POLICY, 1, "ecs:TagResource", creating="CreateCluster RegisterContainerInstance"),
        _allow(INSTANCE_POLICY, 2, "ecs:ListTagsForResource", on=_TAGGED),
    ),
    EVENTS_POLICY: (
        _allow(EVENTS_POLICY, 0, "ecs:RunTask"),
        _allow(EVENTS_POLICY, 1, "iam:PassRole", passed_to="ecs-tasks.amazonaws.com"),
        _allow(EVENTS_POLICY, 2, "ecs:TagResource", creating="RunTask"),
    ),
    # Their names are in the facts, their content is not: they allow nothing here.
    SSM_CORE: (),
    MANAGED_INSTANCES_POLICY: (),
    "AmazonECSServiceRolePolicy": (),
    "AmazonECSInfrastructureRolePolicyForVolumes": (),
    "AmazonECSInfrastructureRolePolicyForServiceConnectTransportLayerSecurity": (),
    "AmazonECSInfrastructureRolePolicyForVpcLattice": (),
    "AmazonECSInfrastructureRolePolicyForManagedInstances": (),
    "AmazonECSInfrastructureRolePolicyForLoadBalancers": (),
    "AmazonECSInfrastructureRoleforExpressGatewayServices": (),
    "AWSCodeDeployRoleForECS": (),
}
