"""The sandbox of the lesson on IAM roles: one launch, all of its roles, and every way to change them."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from diagrams.film import parting_of
from diagrams.iam import service_of
from lessons import playground
from lessons.iam_documents import (
    CALLS_S3,
    EVERYTHING,
    EXECUTION,
    IMAGE,
    INSTANCE,
    LOGS,
    PARAMETER,
    PUBLIC,
    READS,
    SECRET,
    TABLE,
    WITH_SECRET,
    WRITES,
    allow,
    secret,
)
from lessons.iam_figures import ending, run_of, told
from lessons.iam_presets import BELIEFS, SANDBOX
from lessons.iam_real import snippets
from lessons.playground import Playground, start_step
from lessons.stage import Stage
from simulator.errors import InputError
from ui import sandbox, theme
from ui.beside import ALONE
from ui.player import PlayerState, player
from ui.sandbox import Sandbox, Scenario
from ui.words import plain

MOST_SERVICES = 12  # boxes that the picture has room for
_CONTAINER = ("taskDefinition", "containerDefinitions", 0)

_LAUNCH_TYPES = {
    "Fargate": "FARGATE",
    "EC2": "EC2",
    "External (ECS Anywhere)": "EXTERNAL",
    "Managed Instances": "MANAGED_INSTANCES",
}
_IMAGES = {"private, in ECR": IMAGE, "public": PUBLIC}
_SECRETS: dict[str, Any] = {
    "none": None,
    "from Secrets Manager": secret(SECRET),
    "from Parameter Store": secret(PARAMETER),
}
_LOGS: dict[str, Any] = {"not to AWS": None, "to CloudWatch": LOGS}
_CALLS: dict[str, Any] = {
    "nothing": None,
    "reads an object from S3": CALLS_S3,
    "writes to a DynamoDB table": [{"action": "dynamodb:PutItem", "resource": TABLE}],
}
_EXECUTION: dict[str, Any] = {
    "none": None,
    "the managed policy": EXECUTION,
    "the managed policy, and the secret": WITH_SECRET,
    "the managed policy, and the parameter": {**EXECUTION, "plus": allow(("ssm:GetParameters", PARAMETER))},
    "the managed policy without the ECR login": {**EXECUTION, "minus": ["ecr:GetAuthorizationToken"]},
    "the managed policy, but it trusts EC2": {**EXECUTION, "trust": "ec2.amazonaws.com"},
}
_TASK: dict[str, Any] = {
    "none": None,
    "allows nothing": {},
    "reads S3": READS,
    "writes DynamoDB": WRITES,
    "reads the secret": {"plus": allow(("secretsmanager:GetSecretValue", SECRET))},
    "allows everything": EVERYTHING,
}
_INSTANCE: dict[str, Any] = {
    "the managed policy": INSTANCE,
    "the managed policy, and S3": {**INSTANCE, **READS},
    "the managed policy, and the parameter": {**INSTANCE, "plus": allow(("ssm:GetParameters", PARAMETER))},
    "allows nothing": {},
}
_STARTERS = {"a person": None, "an EventBridge rule": "EventBridge", "EventBridge Scheduler": "Scheduler"}
_OPERATIONS = {"RunTask": None, "CreateService": "CreateService", "UpdateService": "UpdateService"}
_MODES = {"as usual for the launch type": None, "bridge": "bridge", "awsvpc": "awsvpc", "host": "host"}


def show(stage: Stage) -> None:
    """The situations, the launch with its reasons, then the controls, one panel at a time."""
    playground.show(stage, GROUND)


def check(scenario: Scenario) -> None:
    """Refuse what is no launch, and what has more boxes than a page can draw.

    Raises
    ------
    InputError
        With one sentence.
    """
    calls = scenario.get("appCalls")
    actions = [one.get("action") for one in calls if isinstance(one, dict)] if isinstance(calls, list) else []
    services = {service_of(action)[0] for action in actions if isinstance(action, str)}
    if len(services) > MOST_SERVICES:
        raise InputError(
            f"The code calls {len(services)} services, and this page draws {MOST_SERVICES}; the terminal takes more."
        )
    run_of(scenario)


def _figure(stage: Stage, scenario: Scenario, aside: str) -> PlayerState:
    """The launch, or beside it the one of a belief, under one slider."""
    run = run_of(scenario)
    start = start_step(stage) or run.last
    if aside == ALONE:
        rest = player(run.film, key=stage.key("run"), step=start)
        st.markdown(told(run, rest), width=theme.MEASURE)
        return rest
    title, rules = BELIEFS[aside]
    other = run_of(scenario, rules)
    rest = player(
        run.film,
        key=stage.key("run"),
        beside=other.film,
        labels=("as it is", title),
        parted_at=parting_of(run.film, other.film),
        step=max(start, other.last),
    )
    same = run.answer["outcome"] == other.answer["outcome"]
    rest_of = "Both come out the same." if same else ending(other.answer)
    rows = ["**As it is**", ending(run.answer), f"**{plain(title[0].upper() + title[1:])}**", rest_of]
    st.markdown("\n\n".join(rows), width=theme.MEASURE)
    return rest


def _task(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    sandbox.choice(box, "Launch type", "launchType", ("launchType",), _LAUNCH_TYPES, default="FARGATE")
    sandbox.choice(box, "Image", "image", (*_CONTAINER, "image"), _IMAGES)
    sandbox.choice(box, "A secret in its environment", "secrets", (*_CONTAINER, "secrets"), _SECRETS)
    sandbox.choice(box, "Its logs go", "logConfiguration", (*_CONTAINER, "logConfiguration"), _LOGS)
    sandbox.choice(box, "Its code", "appCalls", ("appCalls",), _CALLS)


def _roles(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    sandbox.choice(box, "Task execution role", "executionRoleArn", ("executionRole",), _EXECUTION)
    sandbox.choice(box, "Task role", "taskRoleArn", ("taskRole",), _TASK)
    if sandbox.value_at(box, ("launchType",)) == "EC2":
        sandbox.choice(
            box, "Container instance role", "instance profile", ("instanceRole",), _INSTANCE, default=INSTANCE
        )


def _start(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    sandbox.choice(box, "Started by", "caller", ("caller", "startedBy"), _STARTERS)
    if sandbox.value_at(box, ("caller", "startedBy")) is None:
        sandbox.choice(box, "With", "operation", ("caller", "operation"), _OPERATIONS)
    sandbox.switch(box, "The caller may not pass roles", "iam:PassRole", ("caller", "minus"), on=["iam:PassRole"])


def _around(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    sandbox.choice(box, "Network mode", "networkMode", ("taskDefinition", "networkMode"), _MODES)
    flag = "ECS_AWSVPC_BLOCK_IMDS"
    sandbox.switch(box, "The agent blocks the instance metadata in awsvpc mode", flag, ("agent", flag))
    sandbox.switch(box, "There is no way to AWS", "route", ("route",), on=False)
    sandbox.switch(box, "The log group is missing", "awslogs-group", ("logGroups",), on=[])
    sandbox.switch(box, "The image is missing", "image", ("missingImages",), on=[IMAGE])


GROUND = Playground(
    presets=SANDBOX,
    check=check,
    figure=_figure,
    panels={"Task": _task, "Roles": _roles, "Who starts it": _start, "Around it": _around},
    run=lambda scenario: json.dumps(run_of(scenario).answer, indent=2),
    real=snippets,
    beside={name: title for name, (title, _) in BELIEFS.items()},
)
