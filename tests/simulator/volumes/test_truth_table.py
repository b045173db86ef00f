"""The survival truth table of the facts (3.8), cell by cell, as the run answers it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from simulator.errors import InputError
from simulator.subjects import answer
from simulator.volumes.rules import (
    RULES,
    BindMountLife,
    EfsScope,
    Life,
    Restart,
    SharedBy,
    VolumesRules,
    rules_from_dict,
    rules_to_dict,
)

ARN = "arn:aws:s3files:us-east-1:111122223333:file-system/fs-9"
EFS = {"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}
FSX = {"name": "data", "fsxWindowsFileServerVolumeConfiguration": {"fileSystemId": "fs-1"}}
ONE_ZONE = [{"fileSystemId": "fs-1", "availabilityZoneName": "us-east-1a"}]
KEPT = [
    {
        "name": "data",
        "managedEBSVolume": {"roleArn": "r", "sizeInGiB": 9, "terminationPolicy": {"deleteOnTermination": False}},
    }
]
S, L, U, N = "SURVIVES", "LOST", "UNREACHABLE", "NOT_APPLICABLE"
EVENTS = (
    "CONTAINER_RESTARTED",
    "TASK_REPLACED_SAME_INSTANCE",
    "TASK_REPLACED_OTHER_INSTANCE",
    "INSTANCE_TERMINATED",
    "AZ_LOST",
)
# document -> the five columns of what becomes of the data. Both U and L are the table's cross.
SURVIVAL: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "layer": ({"volume": "WRITABLE_LAYER", "launchType": "EC2"}, (S, L, L, L, L)),
    "bind mount, EC2": ({"volume": {}, "launchType": "EC2"}, (S, U, U, L, L)),
    "sourcePath": ({"volume": {"host": {"sourcePath": "/data"}}, "launchType": "EC2"}, (S, S, U, L, L)),
    "Fargate": ({"volume": {}, "launchType": "FARGATE"}, (S, N, L, N, L)),
    "Docker, task": (
        {"volume": {"dockerVolumeConfiguration": {"scope": "task"}}, "launchType": "EC2"},
        (S, L, L, L, L),
    ),
    "Docker, shared": (
        {"volume": {"dockerVolumeConfiguration": {"scope": "shared"}}, "launchType": "EC2"},
        (S, S, U, L, L),
    ),
    "EBS, service": (
        {"volume": {"configuredAtLaunch": True}, "launchType": "EC2", "service": "db"},
        (S, L, L, L, L),
    ),
    "EBS, standalone": ({"volume": {"configuredAtLaunch": True}, "launchType": "EC2"}, (S, L, L, L, L)),
    "EBS, kept": (
        {"volume": {"configuredAtLaunch": True}, "launchType": "EC2", "volumeConfigurations": KEPT},
        (S, U, U, U, U),
    ),
    "EFS": ({"volume": EFS, "launchType": "EC2"}, (S, S, S, S, S)),
    "EFS, One Zone": ({"volume": EFS, "launchType": "EC2", "fileSystems": ONE_ZONE}, (S, S, S, S, U)),
    "S3 Files": (
        {"volume": {"s3filesVolumeConfiguration": {"fileSystemArn": ARN}}, "launchType": "FARGATE"},
        (S, N, S, N, S),
    ),
    "FSx, two zones": ({"volume": FSX, "launchType": "EC2"}, (S, S, S, S, S)),
    "FSx, one zone": (
        {
            "volume": FSX,
            "launchType": "EC2",
            "fileSystems": [{**ONE_ZONE[0], "deploymentType": "SINGLE_AZ_2"}],
        },
        (S, S, S, S, U),
    ),
}
BETWEEN = (
    "CONTAINERS_OF_ONE_TASK",
    "TASKS_ON_ONE_INSTANCE",
    "TASKS_ON_OTHER_INSTANCES",
    "TASKS_IN_OTHER_ZONES",
)
Y, X, IP = "SHARED", "NOT_SHARED", "BY_IP_ONLY"
SHARING: dict[str, tuple[str, ...]] = {
    "layer": (X, X, X, X),
    "bind mount, EC2": (Y, X, X, X),
    "sourcePath": (Y, Y, X, X),
    "Fargate": (Y, N, X, X),
    "Docker, task": (Y, X, X, X),
    "Docker, shared": (Y, Y, X, X),
    "EBS, service": (Y, X, X, X),
    "EBS, kept": (Y, X, X, X),
    "EFS": (Y, Y, Y, Y),
    "EFS, One Zone": (Y, Y, Y, IP),
    "S3 Files": (Y, N, Y, Y),
    "FSx, two zones": (Y, Y, Y, Y),
    "FSx, one zone": (Y, Y, Y, IP),
}


@pytest.mark.parametrize("row", SURVIVAL)
@pytest.mark.parametrize(("column", "event"), list(enumerate(EVENTS)))
def test_survival(row: str, column: int, event: str) -> None:
    document, expected = SURVIVAL[row]
    found = answer("volumes", {**document, "event": event})
    assert found["outcome"] == expected[column], found
    assert found["survives"] is (expected[column] == S)
    assert found["event"] == event
    assert found["reason"].endswith(".")
    if expected[column] in (L, U):
        assert found["fix"]
        assert found["replacementSees"] in ("EMPTY", "DOES_NOT_START")
    if expected[column] == S:
        assert found["replacementSees"] == "DATA"
        assert "fix" not in found


@pytest.mark.parametrize("row", SHARING)
@pytest.mark.parametrize(("column", "between"), list(enumerate(BETWEEN)))
def test_sharing(row: str, column: int, between: str) -> None:
    found = answer("volumes", {**SURVIVAL[row][0], "between": between})
    assert found["outcome"] == SHARING[row][column], found
    assert found["between"] == between
    assert (found.get("access") == "READ_WRITE") is (SHARING[row][column] == Y)
    assert ("remark" in found) is (SHARING[row][column] == IP)
    assert found["reason"].endswith(".")


@pytest.mark.parametrize(
    ("row", "event", "code", "reason"),
    [
        ("layer", "TASK_REPLACED_SAME_INSTANCE", "LAYER_GONE", "writable layer goes with the container"),
        ("bind mount, EC2", "TASK_REPLACED_SAME_INSTANCE", "LINGERS", "no later task sees it"),
        ("bind mount, EC2", "INSTANCE_TERMINATED", "INSTANCE_TERMINATED", "the instance is terminated"),
        ("sourcePath", "TASK_REPLACED_OTHER_INSTANCE", "OTHER_INSTANCE", "still lies on i-1; nothing copies it"),
        ("sourcePath", "AZ_LOST", "ZONE_LOST", "the zone that is lost"),
        ("Fargate", "AZ_LOST", "TASK_STORAGE_GONE", "ephemeral storage"),
        ("Docker, task", "TASK_REPLACED_SAME_INSTANCE", "DOCKER_TASK_GONE", "destroyed when its task stops"),
        ("EBS, service", "TASK_REPLACED_SAME_INSTANCE", "EBS_DELETED_SERVICE", "always deleted"),
        ("EBS, standalone", "TASK_REPLACED_SAME_INSTANCE", "EBS_DELETED", "deleteOnTermination is true"),
        ("EBS, kept", "TASK_REPLACED_SAME_INSTANCE", "EBS_KEPT", "ECS attaches new volumes only"),
        ("EBS, kept", "AZ_LOST", "ZONE_UNREACHABLE", "lives in one Availability Zone"),
        ("EFS, One Zone", "AZ_LOST", "ZONE_UNREACHABLE", "lives in one Availability Zone"),
    ],
)
def test_why_it_is_gone(row: str, event: str, code: str, reason: str) -> None:
    found = answer("volumes", {**SURVIVAL[row][0], "event": event})
    assert found["code"] == code
    assert reason in found["reason"]


def test_a_stopped_task_and_what_it_leaves() -> None:
    outcomes = {
        row: answer("volumes", {**document, "event": "TASK_STOPPED"})["outcome"]
        for row, (document, _) in SURVIVAL.items()
    }
    assert outcomes == {
        "layer": L,
        "bind mount, EC2": U,
        "sourcePath": S,
        "Fargate": L,
        "Docker, task": L,
        "Docker, shared": S,
        "EBS, service": L,
        "EBS, standalone": L,
        "EBS, kept": U,
        "EFS": S,
        "EFS, One Zone": S,
        "S3 Files": S,
        "FSx, two zones": S,
        "FSx, one zone": S,
    }
    assert "replacementSees" not in answer("volumes", {**SURVIVAL["EFS"][0], "event": "TASK_STOPPED"})


def test_a_stopped_instance_is_open() -> None:
    found = answer("volumes", {**SURVIVAL["sourcePath"][0], "event": "INSTANCE_STOPPED"})
    assert (found["outcome"], found["code"], found["open"]) == (U, "INSTANCE_STOPPED", True)
    assert found["choices"] == [
        "The sources read do not say what a stopped instance's disk keeps: out of reach is our choice."
    ]
    assert answer("volumes", {**SURVIVAL["EFS"][0], "event": "INSTANCE_STOPPED"})["outcome"] == S


def test_a_replacement_that_never_starts_says_so() -> None:
    found = answer("volumes", {**SURVIVAL["EFS, One Zone"][0], "event": "AZ_LOST"})
    assert found["replacementSees"] == "DOES_NOT_START"
    targets = [{"fileSystemId": "fs-1", "mountTargets": [{"availabilityZoneName": "us-east-1a"}]}]
    found = answer("volumes", {**SURVIVAL["EFS"][0], "event": "AZ_LOST", "fileSystems": targets})
    assert (found["outcome"], found["code"]) == (U, "MOUNT_NAME_UNRESOLVED")
    assert found["fix"] == "Make a mount target in us-east-1b."


def test_s3_files_leave_young_writes_open() -> None:
    found = answer("volumes", {**SURVIVAL["S3 Files"][0], "event": "AZ_LOST"})
    assert found["outcome"] == S
    assert found["open"] is True
    assert found["choices"][0].startswith("/notes was written less than 60 s before a zone was lost")
    assert "open" not in answer("volumes", {**SURVIVAL["S3 Files"][0], "event": "TASK_REPLACED"})


def test_fargate_has_no_instance() -> None:
    found = answer("volumes", {"volume": {}, "launchType": "FARGATE", "event": "TASK_REPLACED_SAME_INSTANCE"})
    assert found["reason"].startswith("Every Fargate task has a host of its own")
    same = answer("volumes", {"volume": {}, "launchType": "FARGATE", "event": "TASK_REPLACED"})
    other = answer("volumes", {"volume": {}, "launchType": "FARGATE", "event": "TASK_REPLACED_OTHER_INSTANCE"})
    assert {**same, "event": ""} == {**other, "event": ""}
    with pytest.raises(InputError, match="say TASK_REPLACED_SAME_INSTANCE or TASK_REPLACED_OTHER_INSTANCE"):
        answer("volumes", {"volume": {}, "launchType": "EC2", "event": "TASK_REPLACED"})


def test_two_services_share_what_tasks_share() -> None:
    between = {"between": "TASKS_OF_TWO_SERVICES"}
    outcomes = {row: answer("volumes", {**document, **between})["outcome"] for row, (document, _) in SURVIVAL.items()}
    shared = {row for row, outcome in outcomes.items() if outcome == Y}
    assert shared == {
        "sourcePath", "Docker, shared", "EFS", "EFS, One Zone", "S3 Files", "FSx, two zones", "FSx, one zone",
    }  # fmt: skip


def test_who_may_only_read() -> None:
    volume = {"efsVolumeConfiguration": {
        "fileSystemId": "fs-1", "transitEncryption": "ENABLED", "authorizationConfig": {"iam": "ENABLED"},
    }}  # fmt: skip
    asked = {"volume": volume, "launchType": "FARGATE", "between": "TASKS_IN_OTHER_ZONES"}
    assert answer("volumes", asked)["access"] == "READ_WRITE"
    mount = {**asked, "taskRoleActions": ["elasticfilesystem:ClientMount"]}
    assert answer("volumes", mount)["outcome"] == X  # the first could not write either
    refused = answer("volumes", {**asked, "taskRoleActions": []})
    assert (refused["outcome"], refused["code"]) == ("TASK_CANNOT_START", "MOUNT_DENIED")


def test_what_is_refused_stays_refused_in_a_question() -> None:
    asked = {"volume": {"host": {"sourcePath": "/d"}}, "launchType": "FARGATE", "event": "TASK_REPLACED"}
    found = answer("volumes", asked)
    assert (found["outcome"], found["code"], "open" in found) == ("REJECTED", "FARGATE_SOURCE_PATH", False)
    assert found["volume"] == "bind mount with sourcePath"
    asked = {**SURVIVAL["S3 Files"][0], "launchType": "EC2", "between": "CONTAINERS_OF_ONE_TASK"}
    found = answer("volumes", asked)
    assert (found["code"], found["open"]) == ("S3_FILES_LAUNCH_TYPE", True)


@pytest.mark.parametrize(
    ("rules", "row", "question", "true", "believed"),
    [
        ({"fargate_storage": Life.KEPT}, "Fargate", {"event": "TASK_REPLACED"}, L, S),
        ({"fargate_shared_by": SharedBy.SERVICE}, "Fargate", {"between": BETWEEN[2]}, X, Y),
        ({"bind_mount_life": BindMountLife.WITH_INSTANCE}, "bind mount, EC2", {"event": EVENTS[1]}, U, S),
        ({"host_paths_synced": True}, "sourcePath", {"between": BETWEEN[3]}, X, Y),
        ({"host_paths_synced": True}, "sourcePath", {"event": EVENTS[3]}, L, S),
        ({"docker_shared_spans_instances": True}, "Docker, shared", {"event": EVENTS[2]}, U, None),
        ({"service_ebs": Life.KEPT}, "EBS, service", {"event": EVENTS[1]}, L, S),
        ({"ebs_shared_by": SharedBy.SERVICE}, "EBS, service", {"between": BETWEEN[1]}, X, Y),
        ({"kept_ebs_reattached": True}, "EBS, kept", {"event": EVENTS[1]}, U, S),
        ({"efs_scope": EfsScope.ZONE}, "EFS", {"event": EVENTS[4]}, S, U),
        ({"efs_scope": EfsScope.ZONE}, "EFS", {"between": BETWEEN[3]}, Y, X),
        ({"s3_files_mountable": False}, "S3 Files", {"event": EVENTS[0]}, S, "REJECTED"),
        ({"restart": Restart.FRESH_CONTAINER}, "layer", {"event": EVENTS[0]}, S, U),
        ({"restart": Restart.FRESH_CONTAINER}, "bind mount, EC2", {"event": EVENTS[0]}, S, S),
    ],
)
def test_a_belief_changes_the_cell(
    rules: dict[str, Any], row: str, question: dict[str, str], true: str, believed: str | None
) -> None:
    document = {**SURVIVAL[row][0], **question}
    assert answer("volumes", document)["outcome"] == true
    if believed is not None:
        assert answer("volumes", document, VolumesRules(**rules))["outcome"] == believed


def test_rules_round_trip_and_refuse() -> None:
    assert rules_to_dict(RULES) == {}
    changed = VolumesRules(efs_scope=EfsScope.ZONE, host_paths_synced=True)
    assert rules_to_dict(changed) == {"host_paths_synced": True, "efs_scope": "zone"}
    assert rules_from_dict(rules_to_dict(changed)) == changed
    with pytest.raises(InputError, match="There is no volumes rule “efs”"):
        rules_from_dict({"efs": "zone"})


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"event": "AZ_LOST", "launchType": "EC2"}, "There is no volume"),
        ({"event": "AZ", "volume": {}, "launchType": "EC2"}, "event must be CONTAINER_RESTARTED, "),
        (
            {"event": "AZ_LOST", "volume": {}},
            "launchType must be FARGATE, EC2, EXTERNAL or MANAGED_INSTANCES, not null",
        ),
        ({"event": "AZ_LOST", "volume": [], "launchType": "EC2"}, "volume must be an object with named fields"),
        ({"event": "AZ_LOST", "volume": {"hots": {}}, "launchType": "EC2"}, "did you mean “host”"),
        ({"between": "TASKS", "volume": {}, "launchType": "EC2"}, "between must be CONTAINERS_OF_ONE_TASK, "),
        ({"between": BETWEEN[0], "volume": {}, "launchType": "EC2", "evnt": 1}, "There is no field “evnt”"),
        ({"event": "AZ_LOST", "volume": {}, "launchType": "EC2", "taskDefinition": {}}, "no field “taskDefinition”"),
    ],
)
def test_a_question_that_is_none(document: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=rf"(^|[ “.\])]){told}") as error:
        answer("volumes", document)
    assert _points_at_it(error.value)


def test_the_other_zone_is_never_the_file_systems_own() -> None:
    one = [{"fileSystemId": "fs-1", "availabilityZoneName": "us-east-1b"}]
    found = answer("volumes", {"volume": EFS, "launchType": "FARGATE", "between": BETWEEN[3], "fileSystems": one})
    assert found["outcome"] == IP
    assert "us-east-1z" in found["reason"]


def _points_at_it(error: InputError) -> bool:
    """Whether the error's path is a path, and the sentence is about it."""
    whole = re.fullmatch(r"([\w-]+(\[\d+\])?\.)*[\w-]+(\[\d+\])?", error.path)
    return not error.path or (whole is not None and re.split(r"[.\[]", error.path)[0] in str(error))
