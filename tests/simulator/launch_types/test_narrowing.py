"""Answers in, places out: what remains meets every answer, what is out names the answer, and taking it back helps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.launch_types.features import Support
from simulator.launch_types.places import PLACES, QUESTIONS, question, verdict
from simulator.launch_types.rules import RULES, EksControlPlane, FargateForPods, FargateServes, LaunchTypesRules
from simulator.launch_types.subjects import launch_types_answer

CODES = [one.code for one in QUESTIONS]


def asked(*codes: str, rules: LaunchTypesRules = RULES) -> dict[str, Any]:
    return launch_types_answer({"answers": dict.fromkeys(codes, True)}, rules)


def place(found: dict[str, Any], code: str) -> dict[str, Any]:
    return next(one for one in found["places"] if one["place"] == code)


@settings(max_examples=80, deadline=None)
@given(st.sets(st.sampled_from(CODES)))
def test_every_place_is_in_one_list_for_the_answers_that_rule_it_out(codes: set[str]) -> None:
    found = asked(*codes)
    assert sorted([*found["remaining"], *found["unsure"], *found["out"]]) == sorted(one.code for one in PLACES)
    for one in found["places"]:
        against = {reason["question"] for reason in one["reasons"] if reason["code"] == Support.NOT_SUPPORTED.value}
        assert (one["verdict"] == "OUT") == bool(against) == bool(one["bringsBack"])
        assert against <= codes
        for code in against:
            assert f"“{question(code).asks}” with “{question(code).wide}”" in one["bringsBack"]
        # What is said to bring it back does.
        after = place(asked(*(codes - against)), one["place"])
        assert after["verdict"] != "OUT"
        if against:
            assert (after["verdict"] == "IN") == ("does not document" not in one["bringsBack"])
    assert (found["leastChange"] is None) == bool(found["remaining"])


def test_more_answers_never_bring_a_place_back() -> None:
    for code in CODES:
        for other in CODES:
            both = set(asked(code, other)["remaining"])
            assert both == set(asked(code)["remaining"]) & set(asked(other)["remaining"])


@pytest.mark.parametrize(
    ("codes", "remaining"),
    [
        (["AWS_RUNS_MACHINES", "GPU", "NO_CLUSTER_FEE"], ["ECS_MANAGED_INSTANCES"]),
        (["AWS_RUNS_MACHINES", "WINDOWS"], ["ECS_FARGATE"]),
        (["AWS_RUNS_MACHINES", "KUBERNETES", "ARM"], ["EKS_AUTO_MODE"]),
        (["OWN_SERVERS", "LOAD_BALANCER"], ["EKS_HYBRID"]),
        (["OWN_SERVERS", "NO_CLUSTER_FEE"], ["ECS_EXTERNAL"]),
        (["KUBERNETES", "NO_CLUSTER_FEE"], []),
    ],
)
def test_what_remains(codes: list[str], remaining: list[str]) -> None:
    assert asked(*codes)["remaining"] == remaining
    assert launch_types_answer({"answers": codes})["remaining"] == remaining


def test_only_spot_can_be_taken_back() -> None:
    assert asked("NEVER_TAKEN_BACK")["out"] == ["ECS_FARGATE_SPOT"]


def test_what_is_not_documented_rules_nothing_out() -> None:
    found = asked("DAEMON", "AWS_RUNS_MACHINES", "NO_CLUSTER_FEE")
    assert found["unsure"] == ["ECS_MANAGED_INSTANCES"]
    assert found["reason"] == "No place is known to do all of it."
    assert found["leastChange"] == (
        "Find out about “Must one copy run on every machine?” on Managed Instances under ECS: nothing rules it out."
    )


def test_the_least_change_names_each_answer_that_would_be_enough() -> None:
    assert asked("NO_CLUSTER_FEE", "OWN_SERVERS", "LOAD_BALANCER")["leastChange"] == (
        "Take back one answer: “Must it run on servers of your own?”, and 4 places are back; or “Does a load balancer "
        "send it requests?”, and ECS Anywhere under ECS is back; or “May the control plane cost money?”, and Hybrid "
        "nodes under EKS is back."
    )


@pytest.mark.parametrize(
    ("belief", "codes", "place_code"),
    [
        (replace(RULES, fargate_serves=FargateServes.ECS), ["AWS_RUNS_MACHINES"], "EKS_FARGATE"),
        (replace(RULES, fargate_for_pods=FargateForPods.AS_FOR_TASKS), ["ARM"], "EKS_FARGATE"),
        (replace(RULES, fargate_has_gpus=True), ["GPU"], "ECS_FARGATE"),
        (replace(RULES, ecs_anywhere=False), ["OWN_SERVERS"], "ECS_EXTERNAL"),
        (replace(RULES, eks_control_plane=EksControlPlane.FREE), ["NO_CLUSTER_FEE"], "EKS_AUTO_MODE"),
    ],
    ids=lambda value: "",
)
def test_a_belief_moves_a_place(belief: LaunchTypesRules, codes: list[str], place_code: str) -> None:
    true, believed = place(asked(*codes), place_code), place(asked(*codes, rules=belief), place_code)
    assert {true["verdict"], believed["verdict"]} == {"IN", "OUT"}


def test_every_answer_has_a_sentence_for_every_place() -> None:
    for one in PLACES:
        for each in QUESTIONS:
            _, why = verdict(one, each, RULES)
            assert why.endswith(".")
    assert all(len(one.lacks.split()) <= 4 for one in QUESTIONS)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"GPUS": True}, "There is no field “answers.GPUS”; did you mean “GPU”?"),
        ({"GPU": "yes"}, 'answers.GPU must be true or false, not "yes".'),
        (["GPU", "FREE"], "answers[1]"),
        ("GPU", 'answers must be an object with named fields, not "GPU".'),
    ],
)
def test_a_bad_answer_is_one_sentence(answers: Any, told: str) -> None:
    with pytest.raises(InputError) as error:
        launch_types_answer({"answers": answers})
    assert told in str(error.value)
