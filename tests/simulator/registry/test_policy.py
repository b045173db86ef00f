"""What ECR refuses in a lifecycle policy, each with its place."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from simulator.errors import InputError
from simulator.registry.lifecycle_policy import (
    Action,
    CountType,
    LifecycleRule,
    TagStatus,
    policy_of,
    read_policy,
)

GOOD: dict[str, Any] = {
    "rulePriority": 1,
    "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1},
    "action": {"type": "expire"},
}
DAYS = {"countType": "sinceImagePushed", "countUnit": "days", "countNumber": 1}
TRANSITION = {"type": "transition", "targetStorageClass": "archive"}
AT = "lifecyclePolicy.rules[0]"


def policy(*changes: dict[str, Any]) -> dict[str, Any]:
    """A rule for each change; a change of the selection or the action is put into it, None takes a field out."""
    rules: list[Any] = []
    for change in changes:
        one = copy.deepcopy(GOOD)
        for field, value in change.items():
            if field in ("selection", "action") and isinstance(value, dict):
                one[field] = {k: v for k, v in (one[field] | value).items() if v is not None}
            else:
                one[field] = value
        rules.append({k: v for k, v in one.items() if v is not None})
    return {"rules": rules}


def test_a_rule_is_read_whole() -> None:
    change = {
        "rulePriority": 7,
        "description": "",
        "selection": {"tagStatus": "tagged", "tagPatternList": ["*a*b*c*"], **DAYS, "storageClass": "standard"},
        "action": TRANSITION,
    }
    assert read_policy(policy(change)) == (
        LifecycleRule(
            priority=7,
            status=TagStatus.TAGGED,
            patterns=("*a*b*c*",),
            count_type=CountType.PUSHED,
            number=1,
            action=Action.TRANSITION,
        ),
    )


def test_rules_come_in_the_order_of_their_priorities() -> None:
    tagged = {"tagStatus": "tagged", "tagPrefixList": ["v"]}
    found = read_policy(policy({"rulePriority": 9}, {"rulePriority": 2, "selection": tagged}))
    assert [(one.priority, one.prefixes) for one in found] == [(2, ("v",)), (9, ())]


def test_the_policy_as_text() -> None:
    text = json.dumps(policy({}), indent=2)
    assert policy_of({"lifecyclePolicyText": text}) == read_policy(policy({}))
    for document, told in (
        ({}, "Exactly one of lifecyclePolicy and lifecyclePolicyText is needed, and neither is given."),
        (
            {"lifecyclePolicy": policy({}), "lifecyclePolicyText": text},
            "Exactly one of lifecyclePolicy and lifecyclePolicyText is needed, and both are given.",
        ),
        ({"lifecyclePolicyText": 7}, "lifecyclePolicyText must be the policy's JSON as text, not 7."),
        ({"lifecyclePolicyText": '{"rules": [}'}, "lifecyclePolicyText: This is not JSON: line 1, column 12:"),
        (
            {"lifecyclePolicyText": " " * 30_721},
            "lifecyclePolicyText has 30721 characters, and ECR takes at most 30720.",
        ),
        ({"lifecyclePolicyText": "[]"}, "lifecyclePolicyText must be an object with named fields, not a list."),
    ):
        with pytest.raises(InputError) as error:
            policy_of(document)
        assert str(error.value).startswith(told)
    padded = text + " " * (30_720 - len(text))
    assert policy_of({"lifecyclePolicyText": padded}) == read_policy(policy({}))


TAGGED = {"tagStatus": "tagged"}
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"rules": []}, "lifecyclePolicy.rules is empty; a lifecycle policy has at least one rule."),
    ({}, "lifecyclePolicy.rules must be a list, not null."),
    ({"rule": []}, "There is no field “lifecyclePolicy.rule”; did you mean “rules”?"),
    ({"rules": [GOOD] * 51}, "lifecyclePolicy.rules has 51 entries, and at most 50 are taken."),
    ({"rules": [3]}, f"{AT} must be an object with named fields, not 3."),
    (policy({"rulePriority": None}), f"{AT}.rulePriority is missing."),
    (policy({"selection": None}), f"{AT}.selection is missing."),
    (policy({"action": None}), f"{AT}.action is missing."),
    (policy({"rulePriority": 0}), f"{AT}.rulePriority must be a whole number from 1 to 2147483647, not 0."),
    (policy({"rulePriority": True}), f"{AT}.rulePriority must be a whole number from 1 to 2147483647, not true."),
    (policy({"description": 1}), f"{AT}.description must be text, not 1."),
    (
        policy({"name": "x"}),
        f"There is no field “{AT}.name”; the fields are action, description, rulePriority, selection.",
    ),
    (policy({"selection": {"tagStatus": None}}), f"{AT}.selection.tagStatus is missing."),
    (
        policy({"selection": {"tagStatus": "ANY"}}),
        f'{AT}.selection.tagStatus must be tagged, untagged or any, not "ANY".',
    ),
    (policy({"selection": {"countType": None}}), f"{AT}.selection.countType is missing."),
    (
        policy({"selection": {"countType": "sinceImage"}}),
        (
            f"{AT}.selection.countType must be imageCountMoreThan, sinceImagePushed, sinceImagePulled or "
            'sinceImageTransitioned, not "sinceImage".'
        ),
    ),
    (policy({"selection": {"countNumber": None}}), f"{AT}.selection.countNumber is missing."),
    (
        policy({"selection": {"countNumber": 0}}),
        f"{AT}.selection.countNumber must be a whole number from 1 to 2147483647, not 0.",
    ),
    (
        policy({"selection": {"countUnit": "days"}}),
        f"{AT}.selection.countUnit goes only with days, and imageCountMoreThan counts images; drop it.",
    ),
    (
        policy({"selection": {**DAYS, "countUnit": None}}),
        f"{AT}.selection.countUnit is missing; sinceImagePushed counts days.",
    ),
    (policy({"selection": {**DAYS, "countUnit": "hours"}}), f'{AT}.selection.countUnit must be days, not "hours".'),
    (
        policy({"selection": {"storageClass": "cold"}}),
        f'{AT}.selection.storageClass must be standard or archive, not "cold".',
    ),
    (policy({"selection": {"tags": []}}), f"There is no field “{AT}.selection.tags”; did you mean “tagStatus”?"),
    (
        policy({"selection": TAGGED}),
        f"{AT}.selection needs exactly one of tagPrefixList and tagPatternList, and neither is given.",
    ),
    (
        policy({"selection": {**TAGGED, "tagPrefixList": ["v"], "tagPatternList": ["v*"]}}),
        (
            f"{AT}.selection needs exactly one of tagPrefixList and tagPatternList, and both are given; split them "
            "into two rules."
        ),
    ),
    (
        policy({"selection": {**TAGGED, "tagPrefixList": []}}),
        f"{AT}.selection.tagPrefixList is empty; name what the tags must have.",
    ),
    (
        policy({"selection": {**TAGGED, "tagPrefixList": [""]}}),
        f"{AT}.selection.tagPrefixList[0] must have 1 to 30720 characters, and it has 0.",
    ),
    (
        policy({"selection": {"tagStatus": "untagged", "tagPatternList": ["v*"]}}),
        f"{AT}.selection.tagPatternList goes only with tagStatus tagged, and this is untagged.",
    ),
    (
        policy({"selection": {"tagPrefixList": ["v"]}}),
        f"{AT}.selection.tagPrefixList goes only with tagStatus tagged, and this is any.",
    ),
    (
        policy({"selection": {**TAGGED, "tagPatternList": ["v", "*a*b*c*d*"]}}),
        f"{AT}.selection.tagPatternList[1] has 5 wildcards, and a pattern has at most 4.",
    ),
    (policy({"action": {"type": None}}), f"{AT}.action.type is missing."),
    (policy({"action": {"type": "delete"}}), f'{AT}.action.type must be expire or transition, not "delete".'),
    (
        policy({"action": {"kind": "x"}}),
        f"There is no field “{AT}.action.kind”; the fields are targetStorageClass, type.",
    ),
    (
        policy({"action": {"targetStorageClass": "archive"}}),
        f"{AT}.action.targetStorageClass goes only with the type transition; leave it out to expire images.",
    ),
    (
        policy({"action": {"type": "transition"}}),
        f"{AT}.action.targetStorageClass is missing; a transition says where to: archive.",
    ),
    (
        policy({"action": {"type": "transition", "targetStorageClass": "standard"}}),
        f'{AT}.action.targetStorageClass must be archive, not "standard".',
    ),
    (
        policy({"selection": {**DAYS, "countType": "sinceImagePulled"}}),
        f"{AT}.action.type must be transition, for sinceImagePulled only archives images.",
    ),
    (
        policy({"selection": {"storageClass": "archive"}}),
        f"{AT}.selection has storageClass archive, which goes only with countType sinceImageTransitioned.",
    ),
    (
        policy({"selection": {**DAYS, "countType": "sinceImageTransitioned", "countNumber": 90}}),
        f"{AT}.selection has countType sinceImageTransitioned, which goes only with storageClass archive.",
    ),
    (
        policy(
            {
                "selection": {
                    **DAYS,
                    "countType": "sinceImageTransitioned",
                    "countNumber": 90,
                    "storageClass": "archive",
                },
                "action": TRANSITION,
            }
        ),
        f"{AT}.action.type must be expire: the images are archived already.",
    ),
    (
        policy(
            {"selection": {**DAYS, "countType": "sinceImageTransitioned", "countNumber": 89, "storageClass": "archive"}}
        ),
        f"{AT}.selection.countNumber is 89, and an archived image stays at least 90 days.",
    ),
    (
        policy({}, {"selection": {"tagStatus": "untagged"}}),
        (
            "lifecyclePolicy.rules[1].rulePriority is 1, as that of lifecyclePolicy.rules[0]; each rule needs a number "
            "of its own."
        ),
    ),
    (
        policy(
            {"selection": {**TAGGED, "tagPrefixList": ["a", "b"]}},
            {"rulePriority": 2, "selection": {**TAGGED, "tagPrefixList": ["b"]}},
        ),
        (
            'lifecyclePolicy.rules[1].selection.tagPrefixList has "b", as lifecyclePolicy.rules[0] has; a prefix '
            "stands in one rule only."
        ),
    ),
    (
        policy({"selection": {"tagStatus": "untagged"}}, {"rulePriority": 2, "selection": {"tagStatus": "untagged"}}),
        "lifecyclePolicy.rules[1] selects untagged images, as lifecyclePolicy.rules[0] does; one rule may.",
    ),
    (
        policy({"rulePriority": 3}, {"rulePriority": 5}),
        "lifecyclePolicy.rules[0] is for any image and has rulePriority 3; it must have the highest number, above 5.",
    ),
    (
        policy({"rulePriority": 9, "selection": {"tagStatus": "untagged"}}, {"rulePriority": 5}),
        "lifecyclePolicy.rules[1] is for any image and has rulePriority 5; it must have the highest number, above 9.",
    ),
]


@pytest.mark.parametrize(("document", "told"), REFUSED)
def test_a_policy_that_ecr_refuses(document: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as error:
        read_policy(document)
    assert str(error.value) == told
    assert error.value.path in told


@pytest.mark.parametrize(
    "document",
    [
        policy({"selection": {**TAGGED, "tagPrefixList": ["v", "v"]}}),
        policy(
            {"selection": {**DAYS, "countType": "sinceImageTransitioned", "countNumber": 90, "storageClass": "archive"}}
        ),
        policy({"action": TRANSITION}),
        policy(
            {"selection": {"tagStatus": "untagged"}},
            {
                "rulePriority": 2,
                "selection": {
                    "tagStatus": "untagged",
                    "countType": "sinceImageTransitioned",
                    "countUnit": "days",
                    "countNumber": 90,
                    "storageClass": "archive",
                },
            },
        ),
    ],
)
def test_a_policy_that_ecr_takes(document: dict[str, Any]) -> None:
    assert len(read_policy(document)) == len(document["rules"])


def test_a_long_policy_is_refused() -> None:
    long = policy({"description": "x" * 30_720})
    with pytest.raises(InputError, match=r"lifecyclePolicy has 308\d\d characters, and ECR takes at most 30720"):
        read_policy(long)
