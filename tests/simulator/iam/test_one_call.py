"""One row of the truth table: what the notes change, and whole answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import InputError
from simulator.iam.one_call import one_call
from simulator.iam.operations import HOLDERS, OPERATIONS, Who
from simulator.iam.rules import RULES, AppUses, IamRules, PullBy, SecretsBy
from simulator.subjects import answer

# Every row and column with its whole answer, read by a person when it was recorded.
RECORDED: list[dict[str, Any]] = json.loads((Path(__file__).parent / "rows.json").read_text(encoding="utf-8"))
TYPES = ("FARGATE", "EC2", "EXTERNAL", "MANAGED_INSTANCES")


def ask(operation: str, launch_type: str = "EC2", rules: IamRules = RULES, **more: Any) -> dict[str, Any]:
    return one_call({"operation": operation, "launchType": launch_type, **more}, rules)


def test_the_whole_table() -> None:
    assert [ask(name, kind) for name in OPERATIONS for kind in TYPES] == RECORDED


def test_an_answer_whole() -> None:
    assert answer("iam", {"operation": "secrets", "launchType": "EC2", "customerKey": True}) == {
        "operation": "secrets",
        "launchType": "EC2",
        "role": "EX",
        "roleName": "task execution role",
        "trust": "ecs-tasks.amazonaws.com",
        "missing": False,
        "actions": ["secretsmanager:GetSecretValue", "ssm:GetParameters", "kms:Decrypt"],
        "why": "What `secrets` names is fetched before the container starts. The agent does it for the task, with the "
        "execution role; the containers never see its credentials.",
        "open": False,
    }
    assert answer("iam", {"operation": "eventBridgeRunTask"}) == {
        "operation": "eventBridgeRunTask",
        "launchType": "FARGATE",
        "role": "ROLE_F",
        "roleName": "EventBridge rule role",
        "trust": "events.amazonaws.com",
        "missing": False,
        "actions": ["ecs:RunTask", "iam:PassRole"],
        "why": "An EventBridge rule starts a task. EventBridge is the caller, with the rule's role: it runs the task "
        "and passes both of its roles.",
        "open": False,
        "passedToService": ["ecs-tasks.amazonaws.com"],
    }


def test_the_cells_that_aws_leaves_open_say_so() -> None:
    found = {(name, kind) for name in OPERATIONS for kind in TYPES if ask(name, kind)["open"]}
    assert found == {
        ("pullFromEcr", "EC2"),
        ("s3FilesMount", "EC2"),
        ("eventBridgeRunTask", "MANAGED_INSTANCES"),
        ("schedulerRunTask", "MANAGED_INSTANCES"),
    }
    for name, kind in found - {("pullFromEcr", "EC2")}:
        one = ask(name, kind)
        assert (one["role"], one["trust"], one["actions"]) == ("UNDOCUMENTED", None, [])
        assert one["why"].endswith("AWS does not say whose call this is.")
        assert len(one["notes"]) == 1
        assert "passedToService" not in one
    assert ask("pullFromEcr", executionRole=False)["open"] is False
    assert "notes" not in ask("pullFromEcr", executionRole=False)


def test_a_role_that_the_definition_does_not_name_is_missing() -> None:
    missing = {name for name in OPERATIONS if ask(name, "FARGATE", executionRole=False, taskRole=False)["missing"]}
    assert missing == {
        "pullFromEcr",
        "pullWithRepositoryCredentials",
        "awslogs",
        "secrets",
        "environmentFiles",
        "firelens",
        "appCall",
        "execChannel",
        "efsMount",
        "s3FilesMount",
    }
    one = ask("secrets", executionRole=False)
    assert one["why"].endswith("never see its credentials. The task definition names none.")
    assert not any(ask(name, kind)["missing"] for name in OPERATIONS for kind in TYPES)


@pytest.mark.parametrize(
    ("operation", "more", "role", "why"),
    [
        ("awslogs", {}, "EX", "The agent does it for the task"),
        ("awslogs", {"executionRole": False}, "INST", "Without an execution role, the driver on EC2 writes with the"),
        ("awslogs", {"executionRoleOverride": False}, "INST", "ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE is off"),
        ("awslogs", {"executionRoleOverride": False, "executionRole": False}, "INST", "Without an execution role"),
        ("appCall", {}, "TASK", "It uses the task role alone; what the instance role may do is not added on top."),
        ("appCall", {"taskRole": False}, "INST", "There is no task role, so the instance metadata gives the instance"),
        (
            "appCall",
            {"taskRole": False, "imdsBlocked": True},
            "TASK",
            "There is no task role, and the instance metadata",
        ),
        ("execChannel", {"taskRole": False}, "INST", "There is no task role, so the instance metadata gives"),
        ("pullFromEcr", {}, "INST", "On EC2 the instance role is enough: the agent pulls with it."),
        ("registerTargets", {"legacyServiceRole": True}, "SLR", "The ECS control plane does it with the role that AWS"),
    ],
)
def test_the_notes_of_the_table_on_ec2(operation: str, more: dict[str, Any], role: str, why: str) -> None:
    found = ask(operation, **more)
    assert found["role"] == role
    assert f". {why}" in found["why"]


def test_elsewhere_there_is_nothing_to_fall_back_to() -> None:
    for kind in ("FARGATE", "EXTERNAL", "MANAGED_INSTANCES"):
        for name in ("appCall", "execChannel"):
            found = ask(name, kind, taskRole=False)
            assert (found["role"], found["missing"]) == ("TASK", True)
            assert found["why"].endswith("There is no task role, and nothing to fall back to.")
        assert ask("awslogs", kind, executionRoleOverride=False)["role"] == "EX"
        assert "notes" not in ask("registerTargets", kind, legacyServiceRole=True)


def test_two_texts_differ_about_exec_without_a_task_role() -> None:
    found = ask("execChannel", taskRole=False)
    assert found["open"] is True
    assert found["notes"] == [
        "Two AWS texts differ: the Exec guide lets the instance role do it, RunTask's text asks for a task role."
    ]
    assert ask("execChannel", taskRole=False, imdsBlocked=True)["open"] is False
    assert ask("registerTargets", legacyServiceRole=True)["notes"] == [
        "The legacy ecsServiceRole does it where CreateService was given role."
    ]


def test_what_a_call_needs() -> None:
    for name in ("secrets", "pullWithRepositoryCredentials", "execChannel"):
        assert ask(name, customerKey=True)["actions"][-1] == "kms:Decrypt"
        assert "kms:Decrypt" not in ask(name)["actions"]
    assert "kms:Decrypt" not in ask("pullFromEcr", customerKey=True)["actions"]
    assert ask("awslogs", createLogGroup=True)["actions"][-1] == "logs:CreateLogGroup"
    assert "logs:CreateLogGroup" not in ask("awslogs")["actions"]
    assert ask("environmentFiles")["actions"] == ["s3:GetObject", "s3:GetBucketLocation"]
    assert ask("execChannel")["actions"] == [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    ]
    assert ask("ExecuteCommand")["actions"] == ["ecs:ExecuteCommand"]
    assert ask("pullPublicImage")["actions"] == []
    assert ask("fsxCredentials", "FARGATE")["actions"] == []


def test_whom_a_role_may_be_passed_to() -> None:
    tasks, both, ecs = (
        ["ecs-tasks.amazonaws.com"],
        ["ecs-tasks.amazonaws.com", "ecs.amazonaws.com"],
        ["ecs.amazonaws.com"],
    )
    expected = {
        **dict.fromkeys(
            ("RegisterTaskDefinition", "RegisterDaemonTaskDefinition", "CreateTaskSet", "CreateDaemon", "UpdateDaemon"),
            tasks,
        ),
        **dict.fromkeys(
            (
                "RunTask",
                "StartTask",
                "CreateService",
                "UpdateService",
                "CreateExpressGatewayService",
                "UpdateExpressGatewayService",
            ),
            both,
        ),
        **dict.fromkeys(("CreateCapacityProvider", "UpdateCapacityProvider"), ecs),
        "eventBridgeRunTask": tasks,
        "schedulerRunTask": tasks,
    }
    assert {name: ask(name)["passedToService"] for name in OPERATIONS if "passedToService" in ask(name)} == expected


def test_holders_and_whom_they_trust() -> None:
    assert {who.value: holder.trust for who, holder in HOLDERS.items() if holder.trust} == {
        "EX": "ecs-tasks.amazonaws.com",
        "TASK": "ecs-tasks.amazonaws.com",
        "INST": "ec2.amazonaws.com",
        "SLR": "ecs.amazonaws.com",
        "INFRA": "ecs.amazonaws.com",
        "ROLE_E": "ecs.application-autoscaling.amazonaws.com",
        "ROLE_F": "events.amazonaws.com",
        "ROLE_G": "scheduler.amazonaws.com",
        "ROLE_I": "ec2.amazonaws.com",
        "ROLE_J": "ssm.amazonaws.com",
    }
    assert set(HOLDERS) == set(Who)
    assert len({holder.name for holder in HOLDERS.values()}) == len(HOLDERS)


def test_every_cell_says_why_in_sentences() -> None:
    for name in OPERATIONS:
        for kind in TYPES:
            why = ask(name, kind)["why"]
            assert why.endswith(".")
            assert why.count(". ") >= 1, (name, kind)


def test_beliefs_change_rows() -> None:
    assert ask("pullFromEcr", "FARGATE", IamRules(pull_by=PullBy.TASK))["role"] == "TASK"
    assert ask("pullFromEcr", "FARGATE", IamRules(pull_by=PullBy.TASK), taskRole=False)["missing"] is True
    instance = IamRules(secrets_by=SecretsBy.INSTANCE)
    assert ask("secrets", "EC2", instance)["role"] == "INST"
    assert ask("secrets", "FARGATE", instance)["role"] == "EX"
    assert ask("environmentFiles", "FARGATE", IamRules(secrets_by=SecretsBy.TASK))["role"] == "TASK"
    assert ask("appCall", "FARGATE", IamRules(app_uses=AppUses.EXECUTION))["role"] == "EX"
    assert "besides" in ask("appCall", "EC2", IamRules(instance_role_adds=True))["why"]
    assert "alone" in ask("appCall", "FARGATE", IamRules(instance_role_adds=True))["why"]
    assert ask("appCall", "EC2", IamRules(imds_fallback=False), taskRole=False)["missing"] is True


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"operation": "secretz"}, "There is no operation “secretz”; did you mean “secrets”?"),
        (
            {"operation": "zzzzzzzz"},
            "There is no operation “zzzzzzzz”; there are registerContainerInstance, pullFromEcr",
        ),
        ({"operation": None}, "operation must be text, not null."),
        ({"operation": "secrets", "launchType": "ec2"}, "launchType must be FARGATE, EC2, EXTERNAL or"),
        ({"operation": "secrets", "taskRole": {}}, "taskRole must be true or false, not an object."),
        ({"operation": "secrets", "imds": True}, "There is no field “imds”; did you mean “imdsBlocked”?"),
    ],
)
def test_a_bad_document_is_one_sentence(document: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as error:
        answer("iam", document)
    assert told in str(error.value)
