"""The container restart policy (facts 3.8): every condition on both sides."""

from __future__ import annotations

import re
from typing import Any

import pytest

from simulator.errors import InputError
from simulator.subjects import answer


@pytest.mark.parametrize(
    ("policy", "more", "code"),
    [
        ({"enabled": True}, {"secondsSinceStart": 299}, "TOO_SOON"),
        ({"enabled": True}, {"secondsSinceStart": 300}, "RESTARTED"),
        ({"enabled": True, "restartAttemptPeriod": 60}, {"secondsSinceStart": 60}, "RESTARTED"),
        ({"enabled": True, "restartAttemptPeriod": 1_800}, {"secondsSinceStart": 1_799}, "TOO_SOON"),
        ({"enabled": True, "ignoredExitCodes": [1]}, {"secondsSinceStart": 400}, "IGNORED_EXIT_CODE"),
        ({"enabled": True, "ignoredExitCodes": [1]}, {"secondsSinceStart": 400, "exitCode": 2}, "RESTARTED"),
        ({"enabled": True, "ignoredExitCodes": [0]}, {"secondsSinceStart": 400, "exitCode": 0}, "IGNORED_EXIT_CODE"),
        ({"enabled": True}, {"secondsSinceStart": 400, "exitCode": None}, "EXIT_CODE_UNKNOWN"),
        ({"enabled": True}, {"secondsSinceStart": 400, "desiredStatus": "STOPPED"}, "TASK_STOPPING"),
        ({"enabled": False}, {"secondsSinceStart": 400}, "NO_POLICY"),
        ({}, {"secondsSinceStart": 400}, "NO_POLICY"),
        (None, {"secondsSinceStart": 400}, "NO_POLICY"),
        ({"enabled": True}, {}, "TOO_SOON"),
    ],
)
def test_restart(policy: Any, more: dict[str, Any], code: str) -> None:
    found = answer("volumes", {"restartPolicy": policy, **more})
    restarted = code == "RESTARTED"
    assert found["code"] == code
    assert found["outcome"] == ("RESTARTED_IN_PLACE" if restarted else "NOT_RESTARTED")
    assert found["taskStops"] is not restarted


def test_what_is_said() -> None:
    asked: dict[str, Any] = {"restartPolicy": {"enabled": True}, "exitCode": 1, "secondsSinceStart": 400}
    assert answer("volumes", asked)["reason"] == (
        "It ran 400 s, restartAttemptPeriod is 300 s, and exit code 1 is not ignored: the agent starts the same "
        "container again. Its writable layer and every mount are as they were."
    )
    asked["secondsSinceStart"] = 100
    assert answer("volumes", asked)["reason"] == (
        "It ran 100 s since its last start, and restartAttemptPeriod asks for 300 s. The container is essential, so "
        "the whole task stops."
    )
    sidecar = answer("volumes", {**asked, "essential": False})
    assert sidecar["taskStops"] is False
    assert sidecar["reason"].endswith("The task keeps running.")


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"restartPolicy": {"restartAttemptPeriod": 59}}, "must be a whole number from 60 to 1800, not 59"),
        ({"restartPolicy": {"restartAttemptPeriod": 1_801}}, "from 60 to 1800, not 1801"),
        ({"restartPolicy": {"ignoredExitCodes": [1] * 51}}, "has 51 entries, and at most 50"),
        ({"restartPolicy": {"ignoredExitCodes": [256]}}, "from 0 to 255, not 256"),
        ({"restartPolicy": {"ignoredExitCodes": [-1]}}, "from 0 to 255, not -1"),
        ({"restartPolicy": {"enable": True}}, "did you mean “enabled”"),
        ({"restartPolicy": 1}, "restartPolicy must be an object"),
        ({"restartPolicy": {}, "exitCode": "1"}, "exitCode must be a whole number"),
        ({"restartPolicy": {}, "secondsSinceStart": -1}, "secondsSinceStart must be a whole number from 0"),
        ({"restartPolicy": {}, "desiredStatus": "DEAD"}, "desiredStatus must be RUNNING or STOPPED"),
    ],
)
def test_refused(document: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=rf"(^|[ “.\])]){told}") as error:
        answer("volumes", document)
    assert _points_at_it(error.value)


def _points_at_it(error: InputError) -> bool:
    """Whether the error's path is a path, and the sentence is about it."""
    whole = re.fullmatch(r"([\w-]+(\[\d+\])?\.)*[\w-]+(\[\d+\])?", error.path)
    return not error.path or (whole is not None and re.split(r"[.\[]", error.path)[0] in str(error))
