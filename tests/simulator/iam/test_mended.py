"""A launch with everything mended: it runs, and it still makes its own calls."""

from __future__ import annotations

import pytest

from simulator.iam.mended import mended_answer
from simulator.iam.rules import RULES
from simulator.iam.subjects import launch_answer
from tests.simulator.iam.documents import LAUNCHES


@pytest.mark.parametrize("name", LAUNCHES)
def test_mended_it_gets_at_least_as_far(name: str) -> None:
    answer, mended = launch_answer(LAUNCHES[name], RULES), mended_answer(LAUNCHES[name])
    if answer["outcome"] == "RUNNING":
        assert mended == answer
        return
    assert mended["outcome"] == "RUNNING"
    assert all(step == "passed" for step in mended["steps"].values())


def test_two_things_that_are_missing_are_both_mended() -> None:
    document = {
        "taskDefinition": {"containerDefinitions": [{"name": "app", "image": "nginx"}]},
        "taskRole": {"trust": "ec2.amazonaws.com"},
        "appCalls": [{"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}],
    }
    assert launch_answer(document, RULES)["outcome"] == "CANNOT_ASSUME_ROLE"
    mended = mended_answer(document)
    assert mended["outcome"] == "RUNNING"
    assert [call["action"] for call in mended["calls"] if call["step"] == "app"] == ["s3:GetObject"]
    assert document["taskRole"] == {"trust": "ec2.amazonaws.com"}
