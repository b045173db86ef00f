"""The exercise of the lesson on IAM roles: which role makes which call, judged by the simulator's truth table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any

import streamlit as st

from lessons.situations import chosen
from lessons.stage import Stage
from simulator.iam.rules import RULES
from simulator.iam.subjects import iam_answer
from simulator.preset import Preset
from ui import theme
from ui.matching import OPEN, RIGHT, WRONG, Entry, matching

WHERE: tuple[Preset, ...] = (
    Preset(
        id="FARGATE",
        title="On Fargate",
        about="A service on Fargate whose task definition names both of its roles. Choose a call, then who makes it.",
        scenario={"launchType": "FARGATE"},
    ),
    Preset(
        id="EC2",
        title="On EC2",
        about="The same service on container instances of yours. Not every answer stays.",
        scenario={"launchType": "EC2"},
    ),
)

CALLS: tuple[Entry, ...] = (
    Entry(id="pullFromEcr", title="Pull the image from ECR", sub="ecr:BatchGetImage"),
    Entry(id="secrets", title="Read the secret for the environment", sub="secretsmanager:GetSecretValue"),
    Entry(id="awslogs", title="Write the container’s logs", sub="logs:PutLogEvents"),
    Entry(id="appCall", title="Read an object from the code", sub="s3:GetObject"),
    Entry(id="execChannel", title="Open the channel of ECS Exec", sub="ssmmessages:OpenDataChannel"),
    Entry(id="registerContainerInstance", title="Register the instance", sub="ecs:RegisterContainerInstance"),
    Entry(id="registerTargets", title="Put the task behind its load balancer", sub="target group"),
    Entry(id="eventBridgeRunTask", title="Start a task by an EventBridge rule", sub="ecs:RunTask"),
)
ROLES: tuple[Entry, ...] = (
    Entry(id="EX", title="Task execution role", sub="trusts ecs-tasks"),
    Entry(id="TASK", title="Task role", sub="trusts ecs-tasks"),
    Entry(id="INST", title="Container instance role", sub="trusts ec2"),
    Entry(id="SLR", title="Service-linked role of ECS", sub="trusts ecs"),
    Entry(id="ROLE_F", title="Role of the rule", sub="trusts events"),
    Entry(id="NOT_APPLICABLE", title="No role of yours", sub="AWS does it"),
)

# Who makes each call, and who is given each role's credentials: what tells a pair that does not fit.
_MADE_BY = {
    "pullFromEcr": "the agent, before the code runs",
    "secrets": "the agent, before the code runs",
    "awslogs": "the log driver, outside the containers",
    "appCall": "your own code, inside a container",
    "execChannel": "a program inside the running task",
    "registerContainerInstance": "the agent of an instance, before there is any task on it",
    "registerTargets": "ECS itself, from outside",
    "eventBridgeRunTask": "EventBridge, before there is a task",
}
_GIVEN_TO = {
    "EX": "the agent, for the one task; the containers never see them",
    "TASK": "the programs in the task’s containers",
    "INST": "the instance: its agent, and whatever on it can reach the instance metadata",
    "SLR": "ECS itself",
    "ROLE_F": "EventBridge, when the rule matches",
}


def assign(stage: Stage) -> None:
    """The two columns for the launch type that is chosen, and what the last pair is worth."""
    with st.container(width=theme.WIDE):
        where = chosen(stage, WHERE, label="Launch type")
        given: dict[str, str] = st.session_state.setdefault(stage.key(where.id), {})
        matching(
            CALLS,
            ROLES,
            key=stage.key(f"columns-{where.id}"),
            labels=("The call", "is made with"),
            pairs={call: (role, judged(where.id, call, role)[0]) for call, role in given.items()},
            told=_told(where.id, given) or ("Your turn.", "Choose a call on the left, then whose role makes it."),
            on_try=partial(_try, stage, where.id),
        )
        if given:
            st.button(
                "Start again", icon=":material/replay:", key=stage.key("again"), on_click=_again, args=(stage, where.id)
            )


@lru_cache(maxsize=256)
def judged(launch_type: str, call: str, role: str) -> tuple[str, str]:
    """What a pair is worth, and why: the truth table's own reason, or whose credentials these are."""
    asked = {"operation": call, "launchType": launch_type}
    answer = _ask(asked)
    if answer["role"] == role:
        return RIGHT, _reason(answer)
    if answer["open"] and role == "EX":
        return OPEN, f"{answer['notes'][0]}"
    if role == "INST" and launch_type == "FARGATE":
        return WRONG, "On Fargate there is no instance of yours, so there is no role of one."
    for absent, name in (("executionRole", "execution role"), ("taskRole", "task role")):
        other = _ask({**asked, absent: False})
        if other["role"] == role and not other["missing"]:
            notes = "".join(f" {note}" for note in other.get("notes", ()))
            return WRONG, f"It would be, if the task definition named no {name}. This one does.{notes}"
    if role == "NOT_APPLICABLE":
        return WRONG, f"Somebody has to sign this call: it is made by {_MADE_BY[call]}."
    if role == "INST" and call == "secrets":
        return WRONG, "A task’s secrets are its own: the role of the instance never fetches them, on any launch type."
    if answer["role"] == "NOT_APPLICABLE":
        return WRONG, "There is no such call here. Who owns the machines that tasks run on?"
    return WRONG, f"Its credentials go to {_GIVEN_TO[role]}. This call is made by {_MADE_BY[call]}."


def changed() -> int:
    """How many calls are made with another role on EC2 than on Fargate."""
    roles = [[_ask({"operation": call.id, "launchType": one.id})["role"] for call in CALLS] for one in WHERE]
    return sum(a != b for a, b in zip(*roles, strict=True))


def _ask(document: Mapping[str, Any]) -> Mapping[str, Any]:
    return iam_answer(document, RULES)


def _reason(answer: Mapping[str, Any]) -> str:
    # The answer begins with the call itself, which the reader has before their eyes.
    return str(answer["why"]).partition(". ")[2]


def _told(launch_type: str, given: Mapping[str, str]) -> tuple[str, str] | None:
    if not given:
        return None
    call, role = list(given.items())[-1]
    state, why = judged(launch_type, call, role)
    title = next(one.title for one in CALLS if one.id == call)
    name = next(one.title for one in ROLES if one.id == role)
    head = {RIGHT: f"{title}: {name}.", WRONG: f"{name}?", OPEN: "AWS leaves it open."}[state]
    if all(judged(launch_type, one, to)[0] == RIGHT for one, to in given.items()) and len(given) == len(CALLS):
        why += f" All {len(CALLS)} are matched. {changed()} of them differ between Fargate and EC2."
    return head, why


def _try(stage: Stage, launch_type: str, call: str, role: str) -> None:
    given = dict(st.session_state.get(stage.key(launch_type), {}))
    given.pop(call, None)  # so that the last pair stands last
    st.session_state[stage.key(launch_type)] = {**given, call: role}


def _again(stage: Stage, launch_type: str) -> None:
    st.session_state[stage.key(launch_type)] = {}
