"""Where values come from and when they arrive: whole answers, precedence, time, and sentences."""

from __future__ import annotations

import copy
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.scenario import encode
from simulator.secrets.envfile import parse
from simulator.secrets.presets import PRESETS
from simulator.secrets.references import Store, read_reference
from simulator.secrets.rules import RULES, Reach, SameName, SecretsRules, rules_from_dict, rules_to_dict
from simulator.secrets.subjects import secrets_answer
from simulator.subjects import answer
from tests.simulator.secrets.documents import (
    ONE,
    OTHER,
    REFUSED,
    ROTATED,
    SECRET,
    TIMED,
    TWO,
    asked,
    files,
    override,
    plain,
    secrets,
)

# Each document of `documents.py` with its whole answer, read by a person when it was recorded.
WORDED: dict[str, list[str]] = json.loads((Path(__file__).parent / "sentences.json").read_text(encoding="utf-8"))
RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "answers.json").read_text(encoding="utf-8"))


def values(document: dict[str, Any], rules: SecretsRules = RULES) -> dict[str, str]:
    found = secrets_answer(document, rules)
    return {name: one["value"] for name, one in found["environment"]["app"].items()}


@pytest.mark.parametrize("name", [*TIMED, *REFUSED])
def test_the_whole_answer(name: str) -> None:
    assert secrets_answer({**TIMED, **REFUSED}[name], RULES) == RECORDED[name]


def test_what_is_refused_has_no_environment() -> None:
    assert set(RECORDED) == {*TIMED, *REFUSED}
    assert all(RECORDED[name]["outcome"] == "RUNNING" for name in TIMED)
    assert all(RECORDED[name]["outcome"] != "RUNNING" and RECORDED[name]["environment"] == {} for name in REFUSED)


def test_the_facts_cases_in_which_nothing_is_there() -> None:
    skipped = asked(container={"environmentFiles": files(ONE)}, files={ONE: "#A=1\nA\n=1\n\n   \n"})
    assert values(skipped) == {}
    shown = answer(
        "secrets",
        asked(container={"environment": plain(B="1"), "secrets": secrets(A=SECRET)}, values={SECRET: "hidden"}),
    )
    assert shown["describeTaskDefinition"] == {
        "app": {"environment": {"B": "1"}, "secrets": {"A": SECRET}, "environmentFiles": []}
    }
    assert "hidden" not in json.dumps(shown["describeTaskDefinition"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("A=1", {"A": "1"}),
        ("A=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("A==", {"A": "="}),
        ("A= x ", {"A": " x "}),
        ("A='x'", {"A": "'x'"}),
        ("A=$HOME", {"A": "$HOME"}),
        (" #A=1", {" #A": "1"}),
        ("A=1\nA=2", {"A": "2"}),
        ("A", {}),
        ("=1", {}),
    ],
)
def test_an_env_file_is_no_shell(text: str, found: dict[str, str]) -> None:
    assert parse(text) == found


def test_beliefs_about_env_files() -> None:
    assert parse("A=1\nA=2", SecretsRules(last_line_wins=False)) == {"A": "1"}
    quoted = "A='x'\nB=\"y\"\nC='\nD='x\nE=\"x'\nF=''"
    assert parse(quoted, SecretsRules(quotes_stripped=True)) == {
        "A": "x",
        "B": "y",
        "C": "'",
        "D": "'x",
        "E": "\"x'",
        "F": "",
    }


def test_beliefs_about_precedence() -> None:
    both = asked(
        container={"environment": plain(A="1"), "environmentFiles": files(ONE, TWO)},
        files={ONE: "A=2\nB=2", TWO: "A=3\nB=3"},
    )
    assert values(both) == {"A": "1", "B": "2"}
    assert values(both, SecretsRules(environment_beats_files=False)) == {"A": "2", "B": "2"}
    assert values(both, SecretsRules(first_file_wins=False)) == {"A": "1", "B": "3"}
    over = {**both, "overrides": override(environment=plain(A="9"))}
    assert values(over) == {"A": "9", "B": "2"}
    assert values(over, SecretsRules(override_wins=False))["A"] == "1"
    replaced = {**both, "overrides": override(environmentFiles=files(TWO))}
    assert values(replaced) == {"A": "1", "B": "3"}
    replaced["overrides"] = override(environmentFiles=[])
    assert values(replaced) == {"A": "1"}
    assert values(replaced, SecretsRules(override_files_add=True)) == {"A": "1", "B": "2"}


def test_beliefs_about_one_name_in_two_places() -> None:
    both = asked(container={"environment": plain(A="1"), "secrets": secrets(A=SECRET)}, values={SECRET: "s"})
    assert values(both, SecretsRules(same_name=SameName.ENVIRONMENT)) == {"A": "1"}
    assert values(both, SecretsRules(same_name=SameName.SECRET)) == {"A": "s"}
    twice = REFUSED["twice"]
    assert secrets_answer(twice, SecretsRules(same_name=SameName.SECRET))["outcome"] == "REGISTER_REJECTED"


def test_beliefs_about_time() -> None:
    def last(name: str, reach: Reach) -> str:
        found = secrets_answer(TIMED[name], SecretsRules(rotation_reaches=reach))
        return found["moments"][-1]["tasks"]["1"]["app"]["A"]

    assert last("rotated", Reach.RUNNING) == "new"
    assert last("rotated", Reach.RESTART) == "old"
    assert last("restarted", Reach.RESTART) == last("restarted", Reach.RUNNING) == "new"
    assert last("restarted", Reach.NEW_TASK) == "old"
    assert last("rewritten", Reach.RUNNING) == "2"
    followed = secrets_answer(TIMED["key-gone"], SecretsRules(rotation_reaches=Reach.RUNNING))
    assert followed["moments"][1]["tasks"]["1"]["app"]["A"] == "7", "what is gone cannot be followed"
    seen = secrets_answer(TIMED["rotated"], SecretsRules(describe_shows_secrets=True))
    assert seen["describeTaskDefinition"]["app"]["secrets"] == {"A": "old"}


def test_a_stopped_task_keeps_what_it_had() -> None:
    found = secrets_answer(TIMED["deployed-beside"], SecretsRules(rotation_reaches=Reach.RUNNING))
    assert found["moments"][-1]["tasks"] == {"2": {"app": {"A": "newer"}}, "3": {"app": {"A": "newer"}}}
    assert found["stale"] == []


def test_the_way_out_fits_who_is_stale() -> None:
    only_run = copy.deepcopy(TIMED["deployed-beside"])
    del only_run["timeline"][-1]
    found = secrets_answer(only_run, RULES)
    assert [one["task"] for one in found["stale"]] == [2]
    assert found["fix"] == "Run a new task, and stop this one."
    assert secrets_answer(TIMED["rotated"], RULES)["fix"].endswith("--force-new-deployment.")


EVENTS = st.lists(
    st.sampled_from(
        [
            {"rotate": SECRET, "value": "a"},
            {"rotate": SECRET, "value": "b"},
            {"restartContainers": True},
            {"forceNewDeployment": True},
            {"runTask": True},
        ]
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(EVENTS, st.integers(1, 3))
def test_only_a_new_task_has_a_new_value(events: list[dict[str, Any]], desired: int) -> None:
    document = {
        **ROTATED,
        "desiredCount": desired,
        "timeline": [{"at": k, **event} for k, event in enumerate(events)],
    }
    found = secrets_answer(document, RULES)
    assert json.dumps(found) == json.dumps(secrets_answer(copy.deepcopy(document), RULES))
    assert len(found["moments"]) == len(events) + 1
    held: dict[str, str] = {}
    for event, moment in zip([{}, *events], found["moments"], strict=True):
        now = moment["stores"][SECRET]
        for task, containers in moment["tasks"].items():
            value = containers["app"]["A"]
            assert value == held.setdefault(task, now), "a value is that of the task's own start"
        service = desired + sum("runTask" in one for one in events[: found["moments"].index(moment)])
        assert len(moment["tasks"]) == service or "runTask" in event
        assert set(map(str, moment["started"])) <= set(moment["tasks"])
        assert not set(map(str, moment["stopped"])) & set(moment["tasks"])
    assert {one["task"] for one in found["stale"]} == {
        int(task) for task in found["moments"][-1]["tasks"] if held[task] != found["moments"][-1]["stores"][SECRET]
    }


def test_references() -> None:
    def read(value: Any) -> Any:
        return read_reference(value, "valueFrom", region="us-east-1", account="111122223333")

    whole = read(SECRET)
    assert (whole.store, whole.arn, whole.region, whole.asked) == (
        Store.SECRETS_MANAGER,
        SECRET,
        "us-east-1",
        "AWSCURRENT",
    )
    assert (whole.json_key, whole.by_name, whole.action) == ("", False, "secretsmanager:GetSecretValue")
    assert read(f"{SECRET}:::").asked == "AWSCURRENT"
    assert read(f"{SECRET}::blue:").asked == "blue"
    assert read(f"{SECRET}:::v9").asked == "version v9"
    key = read(f"{SECRET}:pass word:blue:")
    assert (key.json_key, key.version_stage, key.version_id, key.arn) == ("pass word", "blue", "", SECRET)
    named = read("/shop/level")
    assert (named.arn, named.by_name, named.action) == (
        "arn:aws:ssm:us-east-1:111122223333:parameter/shop/level",
        True,
        "ssm:GetParameters",
    )
    parameter = read("arn:aws-cn:ssm:cn-north-1:111122223333:parameter/level")
    assert (parameter.region, parameter.by_name, parameter.store) == ("cn-north-1", False, Store.PARAMETER_STORE)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (1, "valueFrom must be text, not 1."),
        ("a b", "valueFrom is \"a b\"; give a secret's ARN, a parameter's ARN, or a parameter's name."),
        ("arn:aws:s3:::b/k", "valueFrom is an ARN of neither Secrets Manager nor SSM; give one of those."),
        (
            "arn:aws:ssm:us-east-1:111122223333:level",
            "valueFrom is no parameter's ARN; it ends with :parameter/ and the name.",
        ),
        ("arn:aws:ssm:us-east-1:111122223333:parameter/a b", "valueFrom is no parameter's ARN"),
        (
            "arn:aws:secretsmanager:us-east-1:111122223333:db",
            "valueFrom is no secret's ARN; it has :secret: and the name with its six letters.",
        ),
        ("arn:aws:secretsmanager:us-east-1:111122223333:secret:", "valueFrom is no secret's ARN"),
        (
            f"{SECRET}:password",
            "has 1 of three parts after the name; write :json-key:version-stage:version-id, with",
        ),
        (f"{SECRET}:a:b:c:d", "valueFrom has 4 of three parts after the name"),
        (f"{SECRET}:a:b:c", "valueFrom has a version stage and a version id; keep one of the two."),
    ],
)
def test_a_bad_reference_is_one_sentence(value: Any, told: str) -> None:
    with pytest.raises(InputError) as error:
        answer("secrets", asked(container={"secrets": [{"name": "A", "valueFrom": value}]}))
    assert told.removeprefix("valueFrom") in str(error.value)


def at(**event: Any) -> dict[str, Any]:
    return asked(timeline=[event])


SENTENCES: list[tuple[dict[str, Any], str]] = [
    ({}, "taskDefinition must be an object with named fields, not null."),
    ({"taskDefinition": {}}, "The task definition has no containerDefinitions; give at least one container."),
    (asked(files=[]), "files must be an object with named fields, not a list."),
    (asked(values={"a b": "x"}), "values.a b is"),
    (asked(values={SECRET: 1}), "must be a list, not 1."),
    (asked(values={f"{SECRET}:k::": "x"}), "has parts after the secret's name; name the secret alone."),
    (asked(values={str(k): "x" for k in range(101)}), "values has 101 entries, and at most 100 are taken."),
    (asked(files={str(k): "" for k in range(101)}), "files has 101 entries, and at most 100 are taken."),
    (asked(files={"f": "A=1\n" * 501}), "files.f has more than 500 lines, the most that are read."),
    (asked(values={SECRET: [{"versionId": "a", "stage": 1}]}), "There is no field"),
    (asked(values={SECRET: [{"stages": ["x"], "value": ""}]}), "[0].versionId must be text, not null."),
    (
        asked(
            values={
                "p": [
                    {"versionId": "a", "stages": ["x"], "value": ""},
                    {"versionId": "b", "stages": ["x"], "value": ""},
                ]
            }
        ),
        "values.p has the stage x on two versions; a stage is on one.",
    ),
    (asked(desiredCount=0), "desiredCount must be a whole number from 1 to 10, not 0."),
    (asked(desiredCount=11), "desiredCount must be a whole number from 1 to 10, not 11."),
    (asked(platformVersion="1.4"), 'platformVersion is "1.4"; write it such as 1.4.0.'),
    (asked(agentVersion=1), "agentVersion must be text, not 1."),
    (
        at(),
        "timeline[0] must have one of rotate, rewrite, restartContainers, forceNewDeployment, runTask, and it has 0.",
    ),
    (at(at=1, runTask=True, restartContainers=True), "and it has 2."),
    (at(runTask=True), "timeline[0].at must be a whole number from 0 to 31536000, not null."),
    (at(at=-1, runTask=True), "timeline[0].at must be a whole number"),
    (at(at=1, runTask=False), "timeline[0].runTask is false, so nothing happens; leave the entry out."),
    (at(at=1, runTask=1), "timeline[0].runTask must be true or false, not 1."),
    (at(at=1, runTask=True, value="x"), "timeline[0].value goes with rotate and rewrite only; leave it out."),
    (at(at=1, rotate=SECRET), "timeline[0].value must be text, not null."),
    (at(at=1, rotate=f"{SECRET}:k::", value="x"), "timeline[0].rotate has parts after the secret's name"),
    (at(at=1, rewrite=ONE, value="A=1\n" * 501), "timeline[0].value has more than 500 lines"),
    (at(at=1, rewrite=1, value="x"), "timeline[0].rewrite must be text, not 1."),
    (asked(timeline=[{"at": 0, "runTask": True}] * 41), "timeline has 41 entries, and at most 40 are taken."),
    (
        asked(timeline=[{"at": 5, "runTask": True}, {"at": 4, "runTask": True}]),
        "timeline[1].at is 4, and the entry before is at 5; put them in order of time.",
    ),
    (asked(overrides={"cpu": 1}), "There is no field “overrides.cpu”"),
    (asked(overrides={}, desiredCount=1), "overrides are RunTask's, and desiredCount is a service's; keep one."),
    (
        asked(overrides={}, timeline=[{"at": 0, "forceNewDeployment": True}]),
        "timeline[0] deploys a service, and with overrides the task is RunTask's; use runTask there.",
    ),
    (
        asked(overrides={"containerOverrides": [{"name": "web"}]}),
        "The overrides name the container “web”, and there is none.",
    ),
    (asked(container={"environment": [*plain(A="1"), *plain(A="2")]}), 'name is "A" again; each variable stands once.'),
    (asked(container={"environment": [{"name": "A", "value": 1}]}), "environment[0].value must be text, not 1."),
    (asked(container={"environmentFiles": files(*[ONE] * 41)}), "has 41 entries, and at most 40 are taken."),
    (asked(timeline=1), "timeline must be a list, not 1."),
    (asked(timeline=[1]), "timeline[0] must be an object with named fields, not 1."),
    (at(at=1, rotates=SECRET), "There is no field “timeline[0].rotates”"),
    (asked(overrides=1), "overrides must be an object with named fields, not 1."),
    (asked(overrides={"containerOverrides": 1}), "overrides.containerOverrides must be a list, not 1."),
    (asked(overrides={"containerOverrides": [1]}), "overrides.containerOverrides[0] must be an object"),
    (asked(overrides={"containerOverrides": [{"nam": 1}]}), "There is no field “overrides.containerOverrides[0].nam”"),
    (asked(overrides={"containerOverrides": [{}]}), "overrides.containerOverrides[0].name must be text, not null."),
    (asked(overrides=override(environment=1)), "overrides.containerOverrides.environment must be a list, not 1."),
    (asked(overrides=override(environmentFiles=1)), "containerOverrides.environmentFiles must be a list, not 1."),
    (asked(values=1), "values must be an object with named fields, not 1."),
    (asked(values={"p": [1]}), "values.p[0] must be an object with named fields, not 1."),
    (asked(values={"p": [{"versionId": "a", "stages": 1}]}), "values.p[0].stages must be a list, not 1."),
    (asked(values={"p": [{"versionId": "a", "stages": [1]}]}), "values.p[0].stages[0] must be text, not 1."),
    (asked(values={"p": [{"versionId": "a"}]}), "values.p[0].value must be text, not null."),
    (asked(files={"f": 1}), "files.f must be text, not 1."),
    (asked(container={"secrets": 1}), "containerDefinitions[0].secrets must be a list, not 1."),
    (asked(container={"nam": 1}), "There is no field “taskDefinition.containerDefinitions[0].nam”"),
    (asked(executionRole=1), "executionRole must be an object with named fields, not 1."),
    (asked(container={"secrets": [{"name": "A", "valueFrom": "arn:aws:s3:::b"}]}), "is an ARN of neither Secrets"),
    ({"taskDefinition": {"containerDefinitions": [1]}}, "taskDefinition.containerDefinitions[0] must be an object"),
    ({"taskDefinition": {"containers": []}}, "There is no field “taskDefinition.containers”"),
    (asked(launchType="LAMBDA"), "launchType must be FARGATE, EC2, EXTERNAL or MANAGED_INSTANCES"),
]


@pytest.mark.parametrize(("document", "told"), SENTENCES)
def test_a_bad_document_is_one_sentence(document: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as error:
        answer("secrets", document)
    assert told in str(error.value)
    assert [str(error.value), error.value.path] == WORDED[told]


def test_a_rotation_makes_a_version_of_its_own() -> None:
    by_id = asked(
        container={"secrets": secrets(A=f"{SECRET}:::v1", B=f"{SECRET}::AWSPREVIOUS:")},
        values={SECRET: [{"versionId": "v1", "stages": ["AWSCURRENT", "AWSPREVIOUS"], "value": "first"}]},
        timeline=[{"at": 0, "rotate": SECRET, "value": x} for x in ("second", "third")],
    )
    found = secrets_answer(by_id, RULES)
    assert [list(moment["stores"].values()) for moment in found["moments"]] == [
        ["first", "first"],
        ["first", "first"],
        ["first", "second"],
    ]
    later = asked(container={"secrets": secrets(A=f"{SECRET}:::v2")}, values={SECRET: "first"})
    assert secrets_answer(later, RULES)["outcome"] == "INIT_ERROR"


def test_bounds_that_are_just_met() -> None:
    twenty = [{"versionId": str(k), "stages": [f"{k}.{n}" for n in range(20)], "value": ""} for k in range(20)]
    assert secrets_answer(asked(values={SECRET: twenty}), RULES)["outcome"] == "RUNNING"
    for one in ([*twenty, twenty[0]], [{**twenty[0], "stages": [*twenty[0]["stages"], "x"]}]):
        with pytest.raises(InputError, match="has 21 entries, and at most 20 are taken"):
            secrets_answer(asked(values={SECRET: one}), RULES)
    assert secrets_answer(asked(timeline=[{"at": 0, "runTask": True}] * 40), RULES)["outcome"] == "RUNNING"
    assert secrets_answer(asked(files={"f": "A=1\n" * 500}), RULES)["outcome"] == "RUNNING"
    size = len(json.dumps(asked(container={"environment": plain(A="")})["taskDefinition"], separators=(",", ":")))
    room = 65_536 - size
    full = asked(container={"environment": plain(A="x" * room)})
    assert secrets_answer(full, RULES)["outcome"] == "RUNNING"
    more = asked(container={"environment": [*plain(A="x" * (room - 22)), *plain(B="")]})
    assert secrets_answer(more, RULES)["outcome"] == "REGISTER_REJECTED"
    empty = len(json.dumps(override(environment=plain(A="")), separators=(",", ":")))
    fits = asked(overrides=override(environment=plain(A="x" * (8_192 - empty))))
    assert secrets_answer(fits, RULES)["outcome"] == "RUNNING"
    longer = asked(overrides=override(environment=plain(A="x" * (8_193 - empty))))
    assert secrets_answer(longer, RULES)["outcome"] == "CALL_REJECTED"


def test_an_answer_too_long_to_list_is_refused() -> None:
    wide = asked(
        container={"environmentFiles": files(ONE)},
        files={ONE: "\n".join(f"V{k}=1" for k in range(400))},
        desiredCount=10,
        timeline=[{"at": 0, "runTask": True}] * 5,
    )
    with pytest.raises(InputError, match="The timeline has too many tasks and variables to list"):
        secrets_answer(wide, RULES)


def test_rules_and_presets() -> None:
    assert {field.name: getattr(RULES, field.name) for field in fields(RULES)} == {
        "rotation_reaches": "new_task",
        "same_name": "refused",
        "environment_beats_files": True,
        "first_file_wins": True,
        "last_line_wins": True,
        "override_wins": True,
        "override_files_add": False,
        "quotes_stripped": False,
        "describe_shows_secrets": False,
    }
    changed = SecretsRules(same_name=SameName.SECRET, first_file_wins=False)
    assert rules_from_dict(rules_to_dict(changed)) == changed
    assert rules_to_dict(RULES) == {}
    with pytest.raises(InputError, match="There is no secrets rule “same”; did you mean “same_name”"):
        rules_from_dict({"same": "secret"})
    ends = {preset.id: secrets_answer(preset.scenario, RULES) for preset in PRESETS}
    assert {name: (found["outcome"], len(found.get("stale", ()))) for name, found in ends.items()} == {
        "rotated-and-kept": ("RUNNING", 1),
        "rotated-and-deployed": ("RUNNING", 0),
        "key-gone": ("RUNNING", 1),
        "who-wins": ("RUNNING", 0),
        "same-name": ("REGISTER_REJECTED", 0),
        "parameter-elsewhere": ("INIT_ERROR", 0),
    }
    assert all(len(encode(preset.scenario)) <= 4096 for preset in PRESETS)
    assert OTHER not in json.dumps(ends)
