"""Choosing: a place that remains meets every need, one that is ruled out misses the need that it names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.launch_types.combinations import pairs_of
from simulator.launch_types.features import FEATURES, Support, sentence, support
from simulator.launch_types.options import BILLS, DUTIES, NAMES, Option, Who
from simulator.launch_types.subjects import launch_types_answer


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(sorted(FEATURES)), max_size=5), st.booleans())
def test_every_place_is_in_one_list_for_its_reasons(needs: list[str], tolerant: bool) -> None:
    found = launch_types_answer({"needs": needs, "interruptionTolerant": tolerant})
    places = [*found["remaining"], *(one["option"] for one in (*found["unsure"], *found["ruledOut"]))]
    assert sorted(places) == sorted(option.value for option in Option)
    asked = set(needs) | (set() if tolerant else {"UNINTERRUPTED"})
    assert set(found["needs"]) == asked
    pairs = list(pairs_of(asked))
    for option in found["remaining"]:
        assert all(support(need, Option(option)) is Support.SUPPORTED for need in asked)
        assert all(pair.support(Option(option)) is Support.SUPPORTED for pair in pairs)
    for name, code in (("ruledOut", Support.NOT_SUPPORTED), ("unsure", Support.UNDOCUMENTED)):
        for one in found[name]:
            option = Option(one["option"])
            named = {reason["need"] for reason in one["reasons"]}
            assert named & asked == {need for need in asked if support(need, option) is code}
            assert named - asked <= {pair.name for pair in pairs if pair.support(option) is code}
            assert named
    assert (found["leastChange"] is None) is bool(found["remaining"])


def test_needs_that_do_not_go_together_are_told_as_a_pair() -> None:
    found = launch_types_answer({"needs": ["WINDOWS", "EBS_TASK_VOLUME"]})
    assert found["remaining"] == ["EC2"]
    told = {
        one["option"]: [(reason["need"], reason["reason"]) for reason in one["reasons"]] for one in found["ruledOut"]
    }
    assert told["FARGATE"] == [("WINDOWS with EBS_TASK_VOLUME", "An EBS volume for a Windows task is for EC2 only.")]
    assert [need for need, _ in told["MANAGED_INSTANCES"]] == ["WINDOWS"], "what it cannot do alone needs no pair"
    unsure = launch_types_answer({"needs": ["WINDOWS", "ARM"]})
    assert unsure["leastChange"] == "Find out about WINDOWS with ARM on EC2: nothing else rules it out."


def test_the_least_change_lets_a_place_in() -> None:
    found = launch_types_answer({"needs": ["ON_PREMISES", "APPLICATION_LOAD_BALANCER"]})
    assert found["leastChange"] == "Without ON_PREMISES, EC2 would remain."
    assert "EC2" in launch_types_answer({"needs": ["APPLICATION_LOAD_BALANCER"]})["remaining"]


def test_the_note_says_what_spot_means() -> None:
    tolerant = launch_types_answer({"needs": [], "interruptionTolerant": True})
    note = "On Fargate Spot a task can go with two minutes' notice; mix it with FARGATE to keep some."
    assert tolerant["note"] == note
    assert launch_types_answer({"needs": []})["note"] == "AWS recommends capacity providers over launch types."
    windows = launch_types_answer({"needs": ["WINDOWS"], "interruptionTolerant": True})
    assert windows["note"] == "AWS recommends capacity providers over launch types."


def test_every_row_has_a_code_and_a_sentence_for_every_place() -> None:
    assert len(FEATURES) == 29
    for code, row in FEATURES.items():
        assert len(row.support) == len(Option)
        for option in Option:
            told = sentence(code, option)
            assert told.startswith((NAMES[option], "Whether "))
            assert told.endswith(".")
            assert told.startswith("Whether ") is (support(code, option) is Support.UNDOCUMENTED)


@pytest.mark.parametrize(
    ("code", "option", "told"),
    [
        ("LAUNCH_TYPE", Option.FARGATE_SPOT, "there is no launchType FARGATE_SPOT."),
        ("DAEMON", Option.MANAGED_INSTANCES, "whether DAEMON is supported is undocumented."),
        ("OWN_KERNEL", Option.EC2, "EC2 lets tasks share a kernel. Tasks of one instance share its kernel."),
        ("ON_PREMISES", Option.EXTERNAL, "External runs tasks on servers of your own. ECS Anywhere: your servers"),
        ("NETWORK_NONE", Option.MANAGED_INSTANCES, "is not documented. The sources disagree about none."),
    ],
)
def test_what_a_sentence_says(code: str, option: Option, told: str) -> None:
    assert told in sentence(code, option)


def test_the_duties_go_from_the_task_to_the_hardware() -> None:
    letters = {duty.code: "".join(who.value[0] for who in duty.who) for duty in DUTIES}
    assert letters == {
        "TASK": "YYYYY",
        "CONTROL_PLANE": "AAAAA",
        "INSTANCE_SCALING": "YAAAY",
        "AGENT": "YAAAY",
        "OPERATING_SYSTEM": "YAAAY",
        "INSTANCES": "YAAAY",
        "HARDWARE": "AAAAY",
    }
    for duty in DUTIES:
        for option in Option:
            assert duty.sentence(option).startswith("You do" if duty.holder(option) is Who.YOU else "AWS does")
    assert set(BILLS) == set(NAMES) == set(Option)
