"""Launches: whole answers, the order of the checks, and cures that cure."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.iam.calls import STEPS
from simulator.iam.cures import cured
from simulator.iam.rules import RULES, AppUses, IamRules, PullBy, SecretsBy
from simulator.iam.subjects import launch_answer
from simulator.subjects import answer
from tests.simulator.iam.documents import (
    ECR,
    EXECUTION,
    FILES,
    GET,
    INSTANCE,
    LAUNCHES,
    LOGS,
    SECRETS,
    deny,
    host,
    launch,
)

# Each launch of `documents.py` with its whole answer, read by a person when it was recorded.
WORDED: dict[str, list[str]] = json.loads((Path(__file__).parent / "sentences.json").read_text(encoding="utf-8"))
RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "launches.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", LAUNCHES)
def test_the_whole_answer(name: str) -> None:
    assert launch_answer(LAUNCHES[name], RULES) == RECORDED[name]


def test_every_outcome_and_step_is_among_them() -> None:
    assert set(RECORDED) == set(LAUNCHES)
    assert {one["outcome"] for one in RECORDED.values()} == {
        "RUNNING",
        "REGISTER_REJECTED",
        "CALLER_ACCESS_DENIED",
        "CANNOT_ASSUME_ROLE",
        "NO_CONTAINER_INSTANCES",
        "INIT_ERROR",
        "CANNOT_PULL",
        "LOG_DRIVER_ERROR",
        "APP_NO_CREDENTIALS",
        "APP_ACCESS_DENIED",
    }
    assert {one["step"] for one in RECORDED.values()} == {None, *(step.value for step in STEPS)}


@pytest.mark.parametrize("name", [name for name in LAUNCHES if RECORDED[name]["outcome"] != "RUNNING"])
def test_the_cure_gets_past_the_check(name: str) -> None:
    document = copy.deepcopy(LAUNCHES[name])
    found = launch_answer(document, RULES)
    then = launch_answer(cured(document, found["cure"]), RULES)
    assert document == LAUNCHES[name], "the document stays as it is"
    assert then["outcome"] == "RUNNING" or then["stepNumber"] > found["stepNumber"]
    # And none of its changes can be left out.
    for k in range(len(found["cure"])):
        fewer = launch_answer(cured(document, [*found["cure"][:k], *found["cure"][k + 1 :]]), RULES)
        assert fewer["outcome"] != "RUNNING"
        assert fewer["stepNumber"] <= found["stepNumber"], (name, found["cure"][k])


def test_the_checks_follow_each_other() -> None:
    """Everything is wrong; each cure shows what comes next."""
    document: dict[str, Any] = {
        "launchType": "EC2",
        **launch(container={"secrets": SECRETS, "logConfiguration": LOGS}),
        "caller": {"minus": ["iam:PassRole"]},
        "taskRole": {"trust": "ec2.amazonaws.com"},
        "instanceRole": {},
        "logGroups": [],
        "appCalls": GET,
    }
    seen: list[str] = []
    for _ in range(12):
        found = launch_answer(document, RULES)
        seen.append(found["outcome"])
        document = cured(document, found["cure"])
    assert list(dict.fromkeys(seen)) == [
        "REGISTER_REJECTED",
        "CALLER_ACCESS_DENIED",
        "CANNOT_ASSUME_ROLE",
        "NO_CONTAINER_INSTANCES",
        "INIT_ERROR",
        "CANNOT_PULL",
        "LOG_DRIVER_ERROR",
        "APP_ACCESS_DENIED",
        "RUNNING",
    ]


ROLES = st.fixed_dictionaries(
    {},
    optional={
        "managedPolicies": st.sampled_from([[], EXECUTION["managedPolicies"], INSTANCE["managedPolicies"]]),
        "policies": st.sampled_from([[], deny("*"), deny("s3:*"), deny("ecr:BatchGetImage"), deny("ecs:Poll")]),
        "plus": st.sampled_from([[], ["s3:*"], ["secretsmanager:*"], ["iam:PassRole"]]),
        "minus": st.sampled_from([[], ["ecr:*"], ["logs:PutLogEvents"], ["*"]]),
        "trust": st.sampled_from(["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"]),
    },
)
CONTAINERS = st.fixed_dictionaries(
    {},
    optional={
        "secrets": st.just(SECRETS),
        "environmentFiles": st.just(FILES),
        "logConfiguration": st.just(LOGS),
        "environment": st.just([{"name": "DB", "value": "x"}]),
    },
)
DOCUMENTS = st.builds(
    lambda image, container, more: {**launch(image, container=container), **more},
    st.sampled_from([ECR, "nginx"]),
    CONTAINERS,
    st.fixed_dictionaries(
        {"launchType": st.sampled_from(["FARGATE", "EC2", "EXTERNAL", "MANAGED_INSTANCES"])},
        optional={
            "executionRole": ROLES,
            "taskRole": ROLES,
            "instanceRole": ROLES | st.none(),
            "caller": st.sampled_from([{}, {"minus": ["iam:PassRole"]}, {"startedBy": "EventBridge"}]),
            "logGroups": st.just([]),
            "route": st.just(False),
            "appCalls": st.just([*GET, {"action": "dynamodb:PutItem"}]),
        },
    ),
)


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_a_cure_always_moves_on(document: dict[str, Any]) -> None:
    found = launch_answer(document, RULES)
    assert json.dumps(found) == json.dumps(launch_answer(copy.deepcopy(document), RULES))
    assert (found["outcome"] == "RUNNING") == (found["cure"] == []) == (found["fix"] is None)
    then = launch_answer(cured(document, found["cure"]), RULES)
    assert then["outcome"] == "RUNNING" or then["stepNumber"] > found["stepNumber"]
    refused = [call for call in found["calls"] if call["decision"] != "Allow"]
    assert refused in ([], found["calls"][-1:]), "what comes after a refusal is not asked"


def outcome(name: str, **rules: Any) -> tuple[str, str | None]:
    found = launch_answer(LAUNCHES[name], IamRules(**rules))
    return found["outcome"], found["role"]


def test_beliefs_end_otherwise() -> None:
    assert outcome("token", pull_by=PullBy.TASK) == ("INIT_ERROR", "TASK")
    assert outcome("secret", secrets_by=SecretsBy.TASK) == ("INIT_ERROR", "TASK")
    assert outcome("secret-other-roles", secrets_by=SecretsBy.INSTANCE) == ("RUNNING", None)
    assert outcome("secret-other-roles", secrets_by=SecretsBy.TASK) == ("RUNNING", None)
    assert outcome("secret", secrets_by=SecretsBy.INSTANCE) == ("INIT_ERROR", "EX"), "only EC2 has an instance"
    assert outcome("app-no-role", app_uses=AppUses.EXECUTION) == ("RUNNING", None)
    assert outcome("public-image", app_uses=AppUses.EXECUTION) == ("RUNNING", None)
    assert outcome("app-ec2-hidden", instance_role_adds=True) == ("RUNNING", None)
    assert outcome("app-ec2-denied", instance_role_adds=True) == ("APP_ACCESS_DENIED", "INST")
    assert outcome("app-denied", instance_role_adds=True) == ("APP_ACCESS_DENIED", "TASK")
    assert outcome("app-ec2", imds_fallback=False) == ("APP_NO_CREDENTIALS", None)
    assert outcome("caller-no-pass", pass_role_needed=False) == ("RUNNING", None)
    assert outcome("caller-no-run", pass_role_needed=False) == ("CALLER_ACCESS_DENIED", "CALLER")
    assert outcome("trust-both", trust_checked=False) == ("RUNNING", None)
    assert outcome("instance-untrusted", trust_checked=False) == ("RUNNING", None)
    assert outcome("event-rule-untrusted", trust_checked=False) == ("RUNNING", None)
    assert outcome("no-execution-role", checked_at_registration=False) == ("INIT_ERROR", "EX")
    assert outcome("no-execution-role-logs", checked_at_registration=False) == ("LOG_DRIVER_ERROR", "EX")
    assert outcome("same-name", checked_at_registration=False) == ("REGISTER_REJECTED", None)
    assert outcome("secret", managed_policy_reads_secrets=True) == ("RUNNING", None)
    assert outcome("files-bucket", managed_policy_reads_secrets=True) == ("RUNNING", None)
    assert outcome("files", managed_policy_reads_secrets=True) == ("RUNNING", None)
    assert outcome("app-denied", deny_wins=False) == ("RUNNING", None)


def test_the_metadata_is_blocked_by_the_mode_it_is_blocked_in() -> None:
    def ends(mode: str, flag: bool, tables: bool) -> str:
        document = launch(launchType="EC2", appCalls=GET, iptablesBlocksImds=tables)
        document["taskDefinition"]["networkMode"] = mode
        document["agent"] = {"ECS_AWSVPC_BLOCK_IMDS": flag}
        document["instanceRole"] = {**INSTANCE, "plus": ["s3:GetObject"]}
        return launch_answer(document, RULES)["outcome"]

    assert ends("awsvpc", True, False) == ends("bridge", False, True) == "APP_NO_CREDENTIALS"
    for mode, flag, tables in (("awsvpc", False, True), ("bridge", True, False), ("host", True, True)):
        assert ends(mode, flag, tables) == "RUNNING"


def test_host_mode_hands_out_task_roles_unless_the_agent_is_told_not_to() -> None:
    given_ = host(taskRole={"plus": ["s3:GetObject"]})
    assert launch_answer(given_, RULES)["cure"] == [
        {"change": "set-flag", "value": "ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST"}
    ]
    del given_["agent"]
    assert launch_answer(given_, RULES)["outcome"] == "RUNNING"


def test_an_arn_in_the_definition_is_the_role_beside_it() -> None:
    document = launch("nginx", taskRole={"plus": ["s3:*"]}, appCalls=GET)
    document["taskDefinition"]["taskRoleArn"] = "arn:aws:iam::444455556666:role/team/shop"
    document["caller"] = {"minus": ["iam:*"]}
    found = launch_answer(document, RULES)
    assert found["cure"][0]["resource"] == "arn:aws:iam::444455556666:role/team/shop"
    assert found["roles"] == {"EX": None, "TASK": "shop", "INST": None}
    document["taskDefinition"]["taskRoleArn"] = "shop"
    assert launch_answer(document, RULES)["cure"][0]["resource"] == "arn:aws:iam::111122223333:role/shop"


SENTENCES: list[tuple[dict[str, Any], str]] = [
    ({}, "There is no taskDefinition; give one with containerDefinitions, or ask for one operation of the table."),
    ({"taskDefinition": {}}, "The task definition has no containerDefinitions; give at least one container."),
    ({"launchtype": "EC2"}, "There is no field “launchtype”; did you mean “launchType”?"),
    (launch(launchType="ec2"), 'launchType must be FARGATE, EC2, EXTERNAL or MANAGED_INSTANCES, not "ec2".'),
    (launch(account="1"), 'account is "1"; an account has twelve digits.'),
    (
        launch(account="１１１１１１１１１１１１"),
        'account is "１１１１１１１１１１１１"; an account has twelve digits.',
    ),
    (launch(region="Mars"), 'region is "Mars"; write it such as us-east-1.'),
    (launch(executionRole=[]), "executionRole must be an object with named fields, not a list."),
    (launch(executionRole={"plus": ["s3"]}), 'executionRole.plus[0] is "s3"; an action has a service and a name'),
    (launch(executionRole={"plus": [{"action": "s3:A", "resource": "b"}]}), "executionRole.plus[0].resource is"),
    (launch(executionRole={"plus": [{1: 2}]}), "executionRole.plus[0] has the field name 1, which is not text."),
    (launch(executionRole={"plus": [{"act": 1}]}), "There is no field “executionRole.plus[0].act”"),
    (launch(executionRole={"minus": [1]}), "executionRole.minus[0] must be text, not 1."),
    (
        launch(executionRole={"minus": ["s3:A"] * 201}),
        "minus has 201 entries, and at most 200 are taken.",
    ),
    (launch(executionRole={"trust": ["ecs"]}), 'executionRole.trust[0] is "ecs"; a service is written'),
    (launch(executionRole={"trust": 1}), "executionRole.trust must be a list, not 1."),
    (
        launch(
            executionRole={"trust": {"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}}}
        ),
        "executionRole.trust.Statement[0] has no Principal; a trust policy says whom it trusts.",
    ),
    (launch(executionRole={"managedPolicies": ["Nope"]}), 'executionRole.managedPolicies[0] is "Nope", a managed'),
    (launch(executionRole={"policies": [{}]}), "executionRole.policies[0] has no Statement"),
    (launch(caller={"trust": "a.amazonaws.com"}), "caller.trust is for a role, and a user starts the task"),
    (launch(caller={"startedBy": "cron"}), "caller.startedBy must be user, EventBridge or Scheduler"),
    (
        launch(caller={"operation": "Run"}),
        "operation must be RunTask, StartTask, CreateService or UpdateService",
    ),
    (
        launch(caller={"startedBy": "Scheduler", "operation": "StartTask"}),
        "Scheduler calls RunTask, not StartTask; leave operation out.",
    ),
    (
        launch(caller={"operation": "CreateService"}, overrides={}),
        "CreateService has no overrides of roles; only RunTask and StartTask have.",
    ),
    (launch(overrides={"instanceRole": {}}), "There is no field “overrides.instanceRole”"),
    (launch(appCalls=[{"action": "s3:*"}]), 'appCalls[0].action is "s3:*"; a call has one action.'),
    (launch(appCalls=[{"action": "s3:A"}] * 201), "appCalls has 201 entries, and at most 200 are taken."),
    (
        launch(appCalls=[{"action": "s3:A"}] * 200, container={"secrets": SECRETS}),
        "The launch makes more than 200 calls; name fewer secrets, files, and app calls.",
    ),
    (launch(agent={"ECS_BLOCK": True}), "There is no field “agent.ECS_BLOCK”"),
    (launch(agent={"ECS_AWSVPC_BLOCK_IMDS": 1}), "agent.ECS_AWSVPC_BLOCK_IMDS must be true or false, not 1."),
    (launch(customerKeys={"a": "key"}), 'customerKeys.a is "key"; a resource is an ARN, or *.'),
    (
        launch(customerKeys={str(k): "*" for k in range(201)}),
        "customerKeys has 201 entries, and at most 200",
    ),
    (launch(appCalls=1), "appCalls must be a list, not 1."),
    (launch(appCalls=[1]), "appCalls[0] must be an object with named fields, not 1."),
    (launch(appCalls=[{}]), "appCalls[0].action must be text, not null."),
    (
        launch(appCalls=[{"action": "s3:A", "resource": 1}]),
        "appCalls[0].resource must be text, not the number 1; put it in quotes.",
    ),
    (launch(agent=1), "agent must be an object with named fields, not 1."),
    (launch(caller=1), "caller must be an object with named fields, not 1."),
    (launch(overrides=1), "overrides must be an object with named fields, not 1."),
    (launch(customerKeys=1), "customerKeys must be an object with named fields, not 1."),
    (launch(iptablesBlocksImds=1), "iptablesBlocksImds must be true or false, not 1."),
    (launch(missingImages=1), "missingImages must be a list, not 1."),
    (launch(instanceRole=1), "instanceRole must be an object with named fields, not 1."),
    (launch(executionRole={"policies": 1}), "executionRole.policies must be a list, not 1."),
    (launch(executionRole={"managedPolicies": 1}), "executionRole.managedPolicies must be a list, not 1."),
    (launch(executionRole={"plus": 1}), "executionRole.plus must be a list, not 1."),
    (launch(executionRole={"minus": 1}), "executionRole.minus must be a list, not 1."),
    (launch(executionRole={"name": 1}), "executionRole.name must be text, not 1."),
    (launch(container={"secrets": 1}), "containerDefinitions[0].secrets must be a list, not 1."),
    (launch(container={"secrets": [1]}), "containerDefinitions[0].secrets[0] must be an object"),
    (launch(container={"environment": 1}), "containerDefinitions[0].environment must be a list, not 1."),
    (launch(container={"environment": [{"name": 1}]}), "containerDefinitions[0].environment[0].name must be text"),
    (launch(container={"environmentFiles": 1}), "containerDefinitions[0].environmentFiles must be a list"),
    (launch(container={"environmentFiles": [{"type": "s3"}]}), "environmentFiles[0].value must be text, not null."),
    (launch(container={"logConfiguration": 1}), "containerDefinitions[0].logConfiguration must be an object"),
    (
        launch(container={"logConfiguration": {"logDriver": "splunk", "options": 1}}),
        "logConfiguration.options must be an object",
    ),
    (
        launch(container={"logConfiguration": {"logDriver": "splunk", "options": {"a": 1}}}),
        "logConfiguration.options.a must be text, not 1.",
    ),
    (
        launch(container={"logConfiguration": {"logDriver": "splunk", "secretOptions": 1}}),
        "logConfiguration.secretOptions must be a list, not 1.",
    ),
    (launch(container={"repositoryCredentials": 1}), "containerDefinitions[0].repositoryCredentials must be an object"),
    (launch(container={"repositoryCredentials": {}}), "credentialsParameter must be text, not null."),
    ({"taskDefinition": 1}, "taskDefinition must be an object with named fields, not 1."),
    ({"taskDefinition": {"containerDefinitions": 1}}, "taskDefinition.containerDefinitions must be a list, not 1."),
    ({"taskDefinition": {"containerDefinitions": [1]}}, "taskDefinition.containerDefinitions[0] must be an object"),
    ({"taskDefinition": {"containers": []}}, "There is no field “taskDefinition.containers”"),
    (launch(route=0), "route must be true or false, not 0."),
    (launch(pullThroughCache={"repo": 1}), "There is no field “pullThroughCache.repo”"),
    (launch(logGroups=[1]), "logGroups[0] must be text, not 1."),
    (launch(None), "taskDefinition.containerDefinitions[0].image must be text, not null."),
    (launch(container={"nam": 1}), "There is no field “taskDefinition.containerDefinitions[0].nam”"),
    (launch(container={"secrets": [{"name": "A"}]}), "secrets[0].valueFrom must be text, not null."),
    (launch(container={"secrets": [{"name": "A", "value": "x"}]}), "There is no field"),
    (launch(container={"environmentFiles": [{"type": "http", "value": "x"}]}), "environmentFiles[0].type must be s3"),
    (launch(container={"environmentFiles": [{"type": "s3", "value": "x"}]}), "give an object's ARN, such as"),
    (launch(container={"environmentFiles": FILES * 11}), "environmentFiles has 11 entries, and at most 10 are taken."),
    (launch(container={"logConfiguration": {"logDriver": "aws"}}), "logConfiguration.logDriver must be json-file"),
    (
        launch(container={"logConfiguration": {"logDriver": "awslogs"}}),
        "options has no awslogs-group; the awslogs",
    ),
    (
        launch(container={"logConfiguration": {"logDriver": "splunk", "options": {str(k): "x" for k in range(201)}}}),
        "options has 201 entries, and at most 200 are taken.",
    ),
    (
        launch(container={"repositoryCredentials": {"credentialsParameter": "db"}}),
        "credentialsParameter names a parameter; registry credentials lie in Secrets Manager.",
    ),
]


@pytest.mark.parametrize(("document", "told"), SENTENCES)
def test_a_bad_document_is_one_sentence(document: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as error:
        answer("iam", document)
    assert told in str(error.value)
    assert [str(error.value), error.value.path] == WORDED[told]


@pytest.mark.parametrize("driver", ["json-file", "syslog", "journald", "gelf", "fluentd", "splunk", "awsfirelens"])
def test_other_log_drivers_ask_no_role(driver: str) -> None:
    options = {str(k): "x" for k in range(200)}
    found = launch_answer(
        launch("nginx", container={"logConfiguration": {"logDriver": driver, "options": options}}), RULES
    )
    assert found["outcome"] == "RUNNING"
    assert found["calls"][-1]["step"] == "caller"
    assert ("notes" in found) == (driver == "awsfirelens")


def test_modes_and_names_of_the_definition() -> None:
    document = launch()
    document["taskDefinition"]["networkMode"] = "bridge"
    with pytest.raises(InputError, match=r"taskDefinition\.networkMode must be awsvpc, not"):
        answer("iam", document)
    document |= {"launchType": "EC2", "appCalls": GET}
    document["taskDefinition"]["networkMode"] = "none"
    with pytest.raises(InputError, match="appCalls go nowhere, because networkMode none gives the task no network"):
        answer("iam", document)
    document = launch()
    document["taskDefinition"]["executionRoleArn"] = "ex"
    told = 'names "ex", and nothing says what that role may do; give executionRole, if need be {}.'
    with pytest.raises(InputError, match=re.escape(told)):
        answer("iam", document)
    document["executionRole"] = {"name": "other"}
    with pytest.raises(InputError, match=r"name is “other”, and the task definition names “ex”; keep one"):
        answer("iam", document)
    document = launch()
    document["taskDefinition"]["containerDefinitions"] *= 2
    with pytest.raises(InputError, match=r"containerDefinitions\[1\]\.name is “web” again"):
        answer("iam", document)
    document["taskDefinition"]["containerDefinitions"] *= 6
    with pytest.raises(InputError, match="has 12 entries, and at most 10 are taken"):
        answer("iam", document)


def test_a_change_for_another_document_is_a_sentence() -> None:
    with pytest.raises(InputError, match=r"“taskRole” is no statement of a policy in this document"):
        cured(launch(), [{"change": "remove-deny", "value": "taskRole"}])
