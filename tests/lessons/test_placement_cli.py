"""The commands of the sandbox: what a shell reads, and what the API's own model accepts."""

from __future__ import annotations

import json
import shlex

import botocore.session
import pytest
from botocore.validate import ParamValidator

from lessons.placement_cli import commands
from lessons.placement_presets import FILTERS, SANDBOX, SCALE_IN
from lessons.placement_situations import FIRST_BOARD

ECS = botocore.session.get_session().get_service_model("ecs")
OPERATIONS = {
    "register-task-definition": "RegisterTaskDefinition",
    "create-service": "CreateService",
    "run-task": "RunTask",
}


def sent(scenario) -> list[list[str]]:
    lines = commands(scenario).replace("\\\n", " ").split("\n\naws")
    return [shlex.split(line if line.startswith(("aws", "#")) else f"aws{line}", comments=True) for line in lines]


@pytest.mark.parametrize("preset", [*FILTERS, *SANDBOX, *SCALE_IN], ids=lambda preset: preset.id)
def test_the_json_of_every_preset_is_what_the_api_takes(preset) -> None:
    seen = 0
    for command in sent(preset.scenario):
        if "--cli-input-json" in command:
            document = json.loads(command[command.index("--cli-input-json") + 1])
            shape = ECS.operation_model(OPERATIONS[command[2]]).input_shape
            report = ParamValidator().validate(document, shape)
            assert not report.has_errors(), report.generate_report()
            seen += 1
    assert seen >= 2


def test_the_desired_count_is_what_runs_and_what_is_asked_for() -> None:
    assert '"desiredCount": 11' in commands(FIRST_BOARD)


def test_scale_in_and_rebalancing_are_updates_of_the_service() -> None:
    told = commands(SCALE_IN[0].scenario)
    assert told.endswith("aws ecs update-service --cluster harbor --service web --desired-count 6")
    rebalance = next(preset for preset in SANDBOX if preset.id == "rebalance")
    assert commands(rebalance.scenario).endswith("--availability-zone-rebalancing ENABLED")


@pytest.mark.parametrize("family", [{}, {"family": None}])
def test_a_task_definition_without_a_family_has_the_simulator_s_name_for_it(family) -> None:
    definition = {"cpu": "256", "memory": "512", **family}
    register, ask = sent({"instances": [], "taskDefinition": definition, "count": 2})
    assert json.loads(register[-1])["family"] == json.loads(ask[-1])["taskDefinition"] == "task"
    assert json.loads(ask[-1])["group"] == "family:task"


def test_changes_come_last_in_the_order_of_their_steps() -> None:
    changes = [
        {"at": 4, "instance": "b1", "agentConnected": False},
        {"at": 1, "terminate": "a1; rm -rf /"},
        {"at": 3, "placementStrategy": [{"type": "random"}]},
        {"at": 2, "instance": "a2", "status": "DRAINING"},
    ]
    told = commands(FIRST_BOARD | {"changes": changes})
    places = [told.index(f"# at step {at}") for at in (1, 2, 3, 4)]
    assert places == sorted(places)
    assert "--instance-ids 'a1; rm -rf /'" in told
    assert "update-service --cluster harbor --service web --placement-strategy" in told


def test_run_task_asks_for_copies_and_awsvpc_names_its_subnets() -> None:
    scenario = {key: value for key, value in FIRST_BOARD.items() if key != "schedulingStrategy"}
    scenario["taskDefinition"] = scenario["taskDefinition"] | {"networkMode": "awsvpc"}
    told = commands(scenario)
    assert "aws ecs run-task" in told
    assert '"count": 8' in told
    assert "awsvpcConfiguration" in told


def test_an_id_never_leaves_its_comment() -> None:
    change = {"at": 1, "instance": "a1\nrm -rf /", "agentConnected": False}
    told = commands(FIRST_BOARD | {"changes": [change]})
    assert not any(line.startswith("rm") for line in told.splitlines())
