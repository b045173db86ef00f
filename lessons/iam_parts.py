"""Launches that have all they need, and what can be taken away from each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from lessons.iam_documents import CALLS_S3, EXECUTION, INSTANCE, LOGS, READS, WITH_SECRET, Document, secret, task
from simulator.preset import Preset


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something that a launch needs, or seems to. `take` takes it out of a copy of the document."""

    title: str
    take: Callable[[Document], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch(Preset):
    """A launch that has all it needs, with what can be taken away from it, in the order in which it is needed."""

    parts: tuple[str, ...] = field(default=())


def _drop(name: str) -> Callable[[Document], None]:
    return lambda document: document.pop(name, None)


def _forbid(role: str, action: str) -> Callable[[Document], None]:
    def take(document: Document) -> None:
        held = document.get(role)
        if held is not None:
            held["minus"] = [*held.get("minus", []), action]

    return take


def _without_plus(role: str) -> Callable[[Document], None]:
    return lambda document: document[role].pop("plus", None) if document.get(role) else None


def _mistrust(role: str, service: str) -> Callable[[Document], None]:
    return lambda document: document[role].update(trust=service) if document.get(role) else None


PARTS: Mapping[str, Part] = {
    "rule-trust": Part(title="the rule’s role trusts EventBridge", take=_mistrust("caller", "ecs-tasks.amazonaws.com")),
    "pass-role": Part(title="iam:PassRole", take=_forbid("caller", "iam:PassRole")),
    "instance-profile": Part(title="instance profile", take=lambda document: document.update(instanceRole=None)),
    "join": Part(title="ecs:RegisterContainerInstance", take=_forbid("instanceRole", "ecs:RegisterContainerInstance")),
    "instance-pull": Part(title="ecr:GetAuthorizationToken", take=_forbid("instanceRole", "ecr:GetAuthorizationToken")),
    "execution-role": Part(title="execution role", take=_drop("executionRole")),
    "trust": Part(title="its trust in ecs-tasks", take=_mistrust("executionRole", "ec2.amazonaws.com")),
    "secret": Part(title="secretsmanager:GetSecretValue", take=_without_plus("executionRole")),
    "token": Part(title="ecr:GetAuthorizationToken", take=_forbid("executionRole", "ecr:GetAuthorizationToken")),
    "layers": Part(title="ecr:BatchGetImage", take=_forbid("executionRole", "ecr:BatchGetImage")),
    "log-group": Part(title="log group", take=lambda document: document.update(logGroups=[])),
    "task-role": Part(title="task role", take=_drop("taskRole")),
    "object": Part(title="s3:GetObject", take=_without_plus("taskRole")),
}


def without(launch: Launch, gone: tuple[str, ...]) -> Document:
    """The launch's document with those parts taken away."""
    document = deepcopy(dict(launch.scenario))
    # A role that goes takes its policies with it, so it goes last.
    for name in sorted(gone, key=lambda name: name in ("execution-role", "task-role", "instance-profile")):
        PARTS[name].take(document)
    return document


LAUNCHES: tuple[Launch, ...] = (
    Launch(
        id="fargate",
        title="Fargate",
        about="A task with an image in ECR, a secret, and logs; its code reads an object from S3.",
        scenario={
            "launchType": "FARGATE",
            "taskDefinition": task(secrets=secret(), logConfiguration=LOGS),
            "executionRole": WITH_SECRET,
            "taskRole": READS,
            "caller": {},
            "appCalls": CALLS_S3,
        },
        parts=(
            "pass-role",
            "execution-role",
            "trust",
            "secret",
            "token",
            "layers",
            "log-group",
            "task-role",
            "object",
        ),
    ),
    Launch(
        id="ec2",
        title="EC2",
        about="The same without the secret, on a container instance of yours. One role of the three can go unnoticed.",
        scenario={
            "launchType": "EC2",
            "taskDefinition": task(logConfiguration=LOGS),
            "instanceRole": INSTANCE,
            "executionRole": EXECUTION,
            "taskRole": READS,
            "caller": {},
            "appCalls": CALLS_S3,
        },
        parts=("pass-role", "instance-profile", "join", "instance-pull", "execution-role", "task-role", "object"),
    ),
    Launch(
        id="scheduled",
        title="Started by a rule",
        about="An EventBridge rule starts the task on Fargate, so the rule’s role is the caller.",
        scenario={
            "launchType": "FARGATE",
            "taskDefinition": task(),
            "executionRole": EXECUTION,
            "taskRole": READS,
            "caller": {"startedBy": "EventBridge"},
            "appCalls": CALLS_S3,
        },
        parts=("rule-trust", "pass-role", "execution-role", "trust", "task-role", "object"),
    ),
)
