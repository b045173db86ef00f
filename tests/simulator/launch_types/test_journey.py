"""The way of an image: who takes which step, in which order, and where it gets stuck."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.errors import InputError
from simulator.launch_types.journey import AGENT, ECR, ECS, YOU, moments
from simulator.launch_types.subjects import launch_types_answer
from simulator.registry import RegistryRules
from simulator.registry.rules import TasksPull

IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/web:latest"
BUILD = {"do": "build", "image": "web", "layers": ["base", "app-1"]}
AGAIN = {**BUILD, "layers": ["base", "app-2"]}
TAG = {"do": "tag", "image": "web", "target": IMAGE}
PUSH = {"do": "push", "image": IMAGE}
REGISTER = {"do": "register", "family": "web", "image": IMAGE}
DEPLOY = {"do": "deploy", "service": "web", "image": IMAGE, "tasks": 2}
LOSE = {"do": "replace-task", "service": "web"}
FIRST = [BUILD, TAG, {"do": "login"}, PUSH, REGISTER, DEPLOY]


def world(commands: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"layers": {"base": 70, "app-1": 4, "app-2": 6}, "repositories": [{"repositoryName": "web"}], **more} | {
        "commands": commands
    }


def test_the_first_way_has_ten_steps_and_each_is_somebody_s() -> None:
    steps = moments(world(FIRST))[1:]
    assert [(one.kind, one.who) for one in steps] == [
        ("build", YOU),
        ("tag", YOU),
        ("login", YOU),
        ("upload", YOU),
        ("put", ECR),
        ("register", YOU),
        ("service", YOU),
        ("place", ECS),
        ("pull", AGENT),
        ("run", AGENT),
    ]
    assert [one.command for one in steps] == [1, 2, 3, 4, 4, 5, 6, 6, 6, 6]


def test_until_it_runs_a_task_has_a_place_and_no_image() -> None:
    by_kind = {one.kind: one for one in moments(world(FIRST))}
    assert by_kind["service"].coming == ()
    assert by_kind["place"].coming == by_kind["pull"].coming == (1, 2)
    assert by_kind["pull"].state.services == ()
    assert by_kind["run"].coming == ()
    assert [task.number for task in by_kind["run"].state.services[0].tasks] == [1, 2]


def test_a_definition_holds_a_name_and_is_numbered() -> None:
    last = moments(world([*FIRST, REGISTER]))[-1]
    assert [one.name for one in last.revisions] == ["web:1", "web:2"]
    assert {one.image for one in last.revisions} == {IMAGE}


def test_the_second_push_sends_what_is_new() -> None:
    uploads = [one for one in moments(world([*FIRST, AGAIN, TAG, PUSH, PUSH])) if one.kind == "upload"]
    assert [(one.layers, one.kept) for one in uploads] == [
        (("base", "app-1"), ()),
        (("app-2",), ("base",)),
        ((), ("base", "app-2")),
    ]


def test_a_lost_task_is_replaced_by_the_image_of_its_deployment() -> None:
    way = world([*FIRST, AGAIN, TAG, PUSH, LOSE])
    assert launch_types_answer(way)["builds"] == [2, 0]
    assert launch_types_answer(world([*way["commands"], DEPLOY]))["builds"] == [0, 2]
    believed = moments(way, RegistryRules(tasks_pull=TasksPull.TAG))[-1]
    assert len({task.digest for task in believed.state.services[0].tasks}) == 2


def test_a_new_deployment_starts_the_new_before_it_stops_the_old() -> None:
    kinds = [one.kind for one in moments(world([*FIRST, AGAIN, TAG, PUSH, DEPLOY]))]
    assert kinds[-5:] == ["deploy", "place", "pull", "run", "stop"]


def test_an_instance_keeps_layers_and_fargate_does_not() -> None:
    role = {"identities": {"instance": {"policy": [{"Effect": "Allow", "Action": ["ecr:*"]}]}}}
    for launch_type, kept in (("EC2", ("base",)), ("FARGATE", ())):
        how = {"as": "instance", "launchType": launch_type}
        way = [*FIRST[:-1], {**DEPLOY, **how}, AGAIN, TAG, PUSH, {**DEPLOY, **how}]
        pulls = [one for one in moments(world(way, **role)) if one.kind == "pull"]
        assert pulls[-1].kept == kept
        assert pulls[-1].fargate is (launch_type == "FARGATE")


@pytest.mark.parametrize(
    ("commands", "repositories", "who", "told"),
    [
        ([BUILD, TAG, {"do": "login"}, PUSH], [], ECR, "name unknown"),
        ([BUILD, TAG, PUSH], [{"repositoryName": "web"}], ECR, "no basic auth credentials"),
        ([BUILD, TAG, REGISTER, DEPLOY], [{"repositoryName": "web"}], AGENT, "CannotPullContainerError"),
    ],
)
def test_where_it_gets_stuck(
    commands: list[dict[str, Any]], repositories: list[dict[str, Any]], who: str, told: str
) -> None:
    found = launch_types_answer({"repositories": repositories, "commands": commands})
    assert found["steps"][-1]["who"] == who
    assert told in found["steps"][-1]["error"]
    assert [one["ok"] for one in found["steps"]] == [True] * (len(found["steps"]) - 1) + [False]
    assert found["running"] == 0


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ({"do": "register", "image": IMAGE}, "commands[0].family must be text"),
        ({"do": "register", "family": "web", "image": "web"}, "without a registry's host"),
        ({"do": "register", "family": "web", "image": IMAGE, "cpu": 1}, "commands[0].cpu"),
        ({"do": "fly"}, "commands[0].do"),
        ("build", "commands[0]"),
    ],
)
def test_a_bad_command_is_one_sentence(command: Any, told: str) -> None:
    with pytest.raises(InputError) as error:
        launch_types_answer({"commands": [command]})
    assert told in str(error.value)


def test_too_many_commands_are_refused() -> None:
    with pytest.raises(InputError, match="commands"):
        moments(world([BUILD] * 31))
