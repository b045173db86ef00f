"""What can be attached where (facts 3.1, 3.3, 3.5 to 3.7): each refusal with its place, its code and its cure."""

from __future__ import annotations

import re
from typing import Any

import pytest

from simulator.errors import InputError
from simulator.subjects import answer

ARN = "arn:aws:s3files:us-east-1:111122223333:file-system/fs-9"
EFS = {"efsVolumeConfiguration": {"fileSystemId": "fs-1"}}
S3 = {"s3filesVolumeConfiguration": {"fileSystemArn": ARN}}
FSX = {"fsxWindowsFileServerVolumeConfiguration": {"fileSystemId": "fs-1"}}
DOCKER = {"dockerVolumeConfiguration": {"scope": "shared", "autoprovision": True}}
PATH = {"host": {"sourcePath": "/data"}}
EBS = {"configuredAtLaunch": True}
ALL = ("FARGATE", "EC2", "MANAGED_INSTANCES", "EXTERNAL")
WINDOWS = "WINDOWS_SERVER_2022_CORE"


def attach(volume: Any, launch: str = "FARGATE", **more: Any) -> dict[str, Any]:
    return answer("volumes", {"volume": volume, "launchType": launch, **more})


def codes(found: dict[str, Any]) -> list[str]:
    return [error["code"] for error in found["errors"]]


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ({}, ("", "", "", "")),
        (PATH, ("FARGATE_SOURCE_PATH", "", "", "")),
        (DOCKER, ("DOCKER_VOLUME_LAUNCH_TYPE", "", "DOCKER_VOLUME_LAUNCH_TYPE", "")),
        (EBS, ("", "", "", "EBS_LAUNCH_TYPE")),
        (EFS, ("", "", "", "EFS_LAUNCH_TYPE")),
        (S3, ("", "S3_FILES_LAUNCH_TYPE", "", "S3_FILES_LAUNCH_TYPE")),
        (FSX, ("FSX_LAUNCH_TYPE", "", "FSX_LAUNCH_TYPE", "FSX_LAUNCH_TYPE")),
    ],
)
def test_the_table_of_launch_types(volume: dict[str, Any], expected: tuple[str, ...]) -> None:
    for launch, code in zip(ALL, expected, strict=True):
        found = attach(volume, launch)
        assert codes(found) == ([code] if code else []), launch
        assert found["outcome"] == ("REJECTED" if code else "ATTACHES")
        assert found.get("code", "") == code
        for error in found["errors"]:
            assert error["path"].startswith("volume")
            assert error["message"].endswith(".")
            assert error["fix"].endswith(".")


@pytest.mark.parametrize(
    ("volume", "launch", "code"),
    [
        ({}, "FARGATE", ""),
        (PATH, "EC2", ""),
        (EBS, "EC2", ""),
        (EBS, "FARGATE", "EBS_WINDOWS"),
        (EBS, "MANAGED_INSTANCES", "EBS_WINDOWS"),
        (EFS, "EC2", "EFS_WINDOWS"),
        (S3, "FARGATE", "S3_FILES_WINDOWS"),
        (FSX, "EC2", ""),
        ({"dockerVolumeConfiguration": {"driver": "rexray"}}, "EC2", "DOCKER_WINDOWS_DRIVER"),
        ({"dockerVolumeConfiguration": {"driver": "local"}}, "EC2", ""),
    ],
)
def test_windows_containers(volume: dict[str, Any], launch: str, code: str) -> None:
    assert codes(attach(volume, launch, operatingSystemFamily=WINDOWS)) == ([code] if code else [])


def test_fsx_is_for_windows() -> None:
    assert codes(attach(FSX, "EC2", operatingSystemFamily="LINUX")) == ["FSX_LINUX"]
    platform = {"runtimePlatform": {"operatingSystemFamily": WINDOWS}, "volumes": [{"name": "w", **FSX}]}
    assert codes(answer("volumes", {"taskDefinition": platform, "launchType": "EC2"})) == []


@pytest.mark.parametrize(
    ("version", "refused"), [("1.3.0", True), ("1.4.0", False), ("LATEST", False), ("1.10.0", False)]
)
def test_platform_versions(version: str, refused: bool) -> None:
    for volume in (EFS, EBS):
        found = attach(volume, platformVersion=version)
        assert codes(found) == (["PLATFORM_VERSION"] if refused else [])
        if refused:
            assert "needs Fargate platform version 1.4.0 or later, not 1.3.0." in found["errors"][0]["message"]
    definition = {"ephemeralStorage": {"sizeInGiB": 30}}
    found = answer("volumes", {"taskDefinition": definition, "launchType": "FARGATE", "platformVersion": version})
    assert codes(found) == (["PLATFORM_VERSION"] if refused else [])
    assert codes(attach({}, platformVersion=version)) == []
    assert codes(attach(EFS, "EC2", platformVersion=version)) == []


@pytest.mark.parametrize(("size", "fits"), [(20, False), (21, True), (200, True), (201, False), (0, False)])
def test_the_bounds_of_ephemeral_storage(size: int, fits: bool) -> None:
    definition = {"ephemeralStorage": {"sizeInGiB": size}}
    found = answer("volumes", {"taskDefinition": definition, "launchType": "FARGATE"})
    assert codes(found) == ([] if fits else ["EPHEMERAL_SIZE"])
    if fits:
        assert found["ephemeralStorage"]["sizeInGiB"] == size
    else:
        assert found["errors"][0]["path"] == "taskDefinition.ephemeralStorage.sizeInGiB"
        low = "Take ephemeralStorage out for 20 GiB, or ask for 21."
        assert found["errors"][0]["fix"] == (low if size < 21 else "Ask for 200 GiB.")
    on_ec2 = answer("volumes", {"taskDefinition": definition, "launchType": "EC2"})
    assert codes(on_ec2)[0] == "EPHEMERAL_LAUNCH_TYPE"


@pytest.mark.parametrize(
    ("size", "use", "outcome", "used"),
    [
        (None, {"imageGiB": 8, "mountsGiB": 12}, "ATTACHES", 20),
        (None, {"imageGiB": 8, "mountsGiB": 12, "layersGiB": 0.1}, "NO_SPACE", 20.1),
        (30, {"imageGiB": 8, "mountsGiB": 12, "layersGiB": 0.1}, "ATTACHES", 20.1),
        (30, {"imageGiB": 30.5}, "NO_SPACE", 30.5),
        (None, {}, "ATTACHES", 0),
    ],
)
def test_image_layers_and_mounts_share_it(size: int | None, use: Any, outcome: str, used: float) -> None:
    definition: dict[str, Any] = {"ephemeralStorage": {"sizeInGiB": size}} if size else {}
    found = answer("volumes", {"taskDefinition": definition, "launchType": "FARGATE", "use": use})
    assert (found["outcome"], found["ephemeralStorage"]["usedGiB"]) == (outcome, used)
    assert found["ephemeralStorage"]["fits"] is (outcome == "ATTACHES")
    assert codes(found) == ([] if outcome == "ATTACHES" else ["NO_SPACE"])
    assert ("no space left on device" in found["ephemeralStorage"]["reason"]) is (outcome == "NO_SPACE")


@pytest.mark.parametrize(
    ("use", "fits"),
    [
        ({"imageGiB": 9, "layersGiB": 1, "mountsGiB": 4}, True),
        ({"imageGiB": 9, "layersGiB": 1.5}, False),
        ({"mountsGiB": 4.5}, False),
    ],
)
def test_before_1_4_0_layers_and_mounts_are_apart(use: Any, fits: bool) -> None:
    found = attach({}, platformVersion="1.3.0", use=use)
    assert found["ephemeralStorage"]["sizeInGiB"] == 14
    assert found["ephemeralStorage"]["fits"] is fits
    assert found["ephemeralStorage"]["usedGiB"] == sum(use.values())
    windows = attach({}, platformVersion="1.0.0", use=use, operatingSystemFamily=WINDOWS)
    assert windows["ephemeralStorage"]["sizeInGiB"] == 20


@pytest.mark.parametrize(
    ("configuration", "code"),
    [
        ({}, None),
        ({"rootDirectory": "/app"}, None),
        ({"authorizationConfig": {"iam": "ENABLED"}}, "EFS_TRANSIT_ENCRYPTION"),
        ({"authorizationConfig": {"iam": "ENABLED"}, "transitEncryption": "ENABLED"}, None),
        ({"authorizationConfig": {"iam": "DISABLED"}}, None),
        ({"authorizationConfig": {"accessPointId": "fsap-1"}}, "EFS_TRANSIT_ENCRYPTION"),
        (
            {"authorizationConfig": {"accessPointId": "fsap-1"}, "transitEncryption": "ENABLED", "rootDirectory": "/a"},
            "EFS_ROOT_DIRECTORY",
        ),
        (
            {"authorizationConfig": {"accessPointId": "fsap-1"}, "transitEncryption": "ENABLED", "rootDirectory": "/"},
            None,
        ),
        ({"authorizationConfig": {"accessPointId": "fsap-1"}, "transitEncryption": "ENABLED"}, None),
    ],
)
def test_efs_parameters(configuration: dict[str, Any], code: str | None) -> None:
    found = attach({"efsVolumeConfiguration": {"fileSystemId": "fs-1", **configuration}})
    assert codes(found) == ([code] if code else [])


def test_s3_files_need_a_task_role_and_no_root_with_an_access_point() -> None:
    definition = {"volumes": [{"name": "b", **S3}]}
    found = answer("volumes", {"taskDefinition": definition, "launchType": "FARGATE"})
    assert codes(found) == ["S3_FILES_TASK_ROLE"]
    assert found["errors"][0]["path"] == "taskDefinition.taskRoleArn"
    role = {**definition, "taskRoleArn": "arn:aws:iam::1:role/t"}
    assert codes(answer("volumes", {"taskDefinition": role, "launchType": "FARGATE"})) == []
    with_point = {"s3filesVolumeConfiguration": {"fileSystemArn": ARN, "accessPointArn": "a", "rootDirectory": "/x"}}
    assert codes(attach(with_point)) == ["S3_FILES_ROOT_DIRECTORY"]
    assert attach(S3, "EC2")["errors"][0]["open"] is attach(S3, "EC2")["open"] is True
    assert "open" not in attach(S3, "EXTERNAL")
    assert attach(S3)["volumes"][0]["scope"] == (
        "It lies outside of tasks and instances, with the durable copy in S3, where writes get within about 60 s: many "
        "clients read and write it at once."
    )
    assert "open" not in attach(S3, "EXTERNAL")["errors"][0]


def managed(**ebs: Any) -> list[dict[str, Any]]:
    return [{"name": "data", "managedEBSVolume": {"roleArn": "r", "sizeInGiB": 20, **ebs}}]


@pytest.mark.parametrize(
    ("ebs", "more", "code"),
    [
        ({}, {}, ""),
        ({"roleArn": None}, {}, "EBS_ROLE"),
        ({"sizeInGiB": 0}, {}, "EBS_SIZE"),
        ({"sizeInGiB": 1}, {}, ""),
        ({"sizeInGiB": 16_384, "volumeType": "gp2"}, {}, ""),
        ({"sizeInGiB": 16_385}, {}, "EBS_SIZE"),
        ({"sizeInGiB": 3, "volumeType": "io1"}, {}, "EBS_SIZE"),
        ({"sizeInGiB": 4, "volumeType": "io2"}, {}, ""),
        ({"sizeInGiB": 124, "volumeType": "st1"}, {}, "EBS_SIZE"),
        ({"sizeInGiB": 125, "volumeType": "sc1"}, {}, ""),
        ({"sizeInGiB": 1_024, "volumeType": "standard"}, {"launchType": "EC2"}, ""),
        ({"sizeInGiB": 1_025, "volumeType": "standard"}, {"launchType": "EC2"}, "EBS_SIZE"),
        ({"volumeType": "standard"}, {}, "EBS_TYPE"),
        ({"sizeInGiB": None, "snapshotId": "snap-1"}, {}, ""),
        ({"terminationPolicy": {"deleteOnTermination": False}}, {}, ""),
        ({"terminationPolicy": {"deleteOnTermination": True}}, {"service": "db"}, "EBS_SERVICE_POLICY"),
        ({}, {"service": "db", "schedulingStrategy": "DAEMON"}, "EBS_DAEMON"),
        ({}, {"service": "db", "deploymentController": "CODE_DEPLOY"}, "EBS_CONTROLLER"),
        ({}, {"service": "db", "deploymentController": "EXTERNAL"}, "EBS_CONTROLLER"),
        ({}, {"service": "db", "deploymentController": "ECS"}, ""),
        ({}, {"launchType": "EC2", "nitro": False}, "EBS_NITRO"),
        ({}, {"nitro": False}, ""),
    ],
)
def test_ebs_at_launch(ebs: dict[str, Any], more: dict[str, Any], code: str) -> None:
    found = attach(EBS | {"name": "data"}, volumeConfigurations=managed(**ebs), **{"launch": "FARGATE"} | _launch(more))
    assert codes(found) == ([code] if code else [])


def _launch(more: dict[str, Any]) -> dict[str, Any]:
    return {("launch" if name == "launchType" else name): value for name, value in more.items()}


def test_the_cure_of_a_size_is_the_nearest_bound() -> None:
    low = attach(EBS | {"name": "data"}, volumeConfigurations=managed(sizeInGiB=3, volumeType="io1"))
    assert low["errors"][0]["fix"] == "Ask for 4 GiB."
    high = attach(EBS | {"name": "data"}, volumeConfigurations=managed(sizeInGiB=20_000))
    assert high["errors"][0]["fix"] == "Ask for 16384 GiB."
    assert high["errors"][0]["path"] == "volumeConfigurations[0].managedEBSVolume.sizeInGiB"
    named = attach(EBS | {"name": "disk"}, volumeConfigurations=managed())
    assert codes(named) == ["EBS_NAME"]


def test_every_error_at_once_in_the_order_of_the_document() -> None:
    definition = {
        "ephemeralStorage": {"sizeInGiB": 300},
        "volumes": [
            {"name": "a", **PATH},
            {"name": "b", **EBS},
            {"name": "c", **EBS},
            {"name": "d", **EFS, **DOCKER},
        ],
        "containerDefinitions": [{"name": "x", "mountPoints": [{"sourceVolume": "e", "containerPath": "/e"}]}],
    }
    found = answer("volumes", {"taskDefinition": definition, "launchType": "FARGATE"})
    assert [(error["path"].removeprefix("taskDefinition."), error["code"]) for error in found["errors"]] == [
        ("volumes[0].host.sourcePath", "FARGATE_SOURCE_PATH"),
        ("volumes[3]", "ONE_SOURCE"),
        ("volumes[3].dockerVolumeConfiguration", "DOCKER_VOLUME_LAUNCH_TYPE"),
        ("volumes[2].configuredAtLaunch", "ONE_EBS"),
        ("containerDefinitions[0].mountPoints[0].sourceVolume", "UNKNOWN_VOLUME"),
        ("ephemeralStorage.sizeInGiB", "EPHEMERAL_SIZE"),
    ]
    assert found["errors"][4]["fix"] == "Add “e” to volumes, or name one of a, b, c, d."
    assert found["code"] == "FARGATE_SOURCE_PATH"
    assert [volume["kind"] for volume in found["volumes"]] == [
        "bind mount with sourcePath", "EBS volume", "EBS volume", "Docker volume, scope shared",
    ]  # fmt: skip


def targets(*zones: str, admits: list[str] | None = None) -> list[dict[str, Any]]:
    extra = {} if admits is None else {"admits": admits}
    return [{"fileSystemId": "fs-1", "mountTargets": [{"availabilityZoneName": zone, **extra} for zone in zones]}]


@pytest.mark.parametrize(
    ("systems", "more", "code"),
    [
        (targets("us-east-1a", "us-east-1b"), {}, ""),
        (targets("us-east-1a"), {}, "MOUNT_NAME_UNRESOLVED"),
        (targets(), {}, "MOUNT_NAME_UNRESOLVED"),
        (targets("us-east-1b", admits=["sg-other"]), {}, "MOUNT_TIMEOUT"),
        (targets("us-east-1b", admits=[]), {}, "MOUNT_TIMEOUT"),
        (targets("us-east-1b", admits=["sg-other", "sg-task"]), {}, ""),
        (targets("us-east-1b", admits=["sg-other"]), {"securityGroups": ["sg-other"]}, ""),
    ],
)
@pytest.mark.parametrize("launch", ["FARGATE", "EC2"])
def test_reaching_a_mount_target(systems: Any, more: dict[str, Any], code: str, launch: str) -> None:
    found = attach(EFS, launch, fileSystems=systems, availabilityZone="us-east-1b", **more)
    assert codes(found) == ([code] if code else [])
    assert found["outcome"] == ("TASK_CANNOT_START" if code else "ATTACHES")
    if code == "MOUNT_TIMEOUT":
        fix = "Let the mount target's security group admit TCP 2049 from sg-task."
        assert found["errors"][0]["fix"] == fix
        assert "admits TCP 2049 from sg-other, not from sg-task" in found["errors"][0]["message"] or (
            "from nowhere" in found["errors"][0]["message"]
        )


@pytest.mark.parametrize(
    ("role", "actions", "iam", "code"),
    [
        (True, None, True, ""),
        (True, ["elasticfilesystem:ClientMount"], True, ""),
        (True, ["elasticfilesystem:ClientWrite"], True, "MOUNT_DENIED"),
        (True, ["s3files:ClientMount"], True, "MOUNT_DENIED"),
        (False, None, True, "MOUNT_DENIED"),
        (False, ["elasticfilesystem:ClientMount"], True, "MOUNT_DENIED"),
        (False, None, False, ""),
    ],
)
def test_mounting_with_iam(role: bool, actions: list[str] | None, iam: bool, code: str) -> None:
    configuration: dict[str, Any] = {"fileSystemId": "fs-1", "transitEncryption": "ENABLED"}
    if iam:
        configuration["authorizationConfig"] = {"iam": "ENABLED"}
    definition: dict[str, Any] = {"volumes": [{"name": "d", "efsVolumeConfiguration": configuration}]}
    if role:
        definition["taskRoleArn"] = "arn:aws:iam::1:role/t"
    document: dict[str, Any] = {"taskDefinition": definition, "launchType": "FARGATE"}
    if actions is not None:
        document["taskRoleActions"] = actions
    found = answer("volumes", document)
    assert codes(found) == ([code] if code else [])


def test_a_shared_docker_volume_must_be_there_or_be_made() -> None:
    volume = {"name": "cache", "dockerVolumeConfiguration": {"scope": "shared"}}
    missing = attach(volume, "EC2")
    assert (missing["outcome"], codes(missing)) == ("TASK_CANNOT_START", ["DOCKER_VOLUME_MISSING"])
    assert missing["errors"][0]["message"] == "The Docker volume “cache” is not on i-1, and autoprovision is false."
    assert attach(volume, "EC2", dockerVolumes=["cache"])["outcome"] == "ATTACHES"
    assert attach(volume, "EC2", dockerVolumes=["other"])["outcome"] == "TASK_CANNOT_START"
    assert attach({"name": "cache", **DOCKER}, "EC2")["outcome"] == "ATTACHES"


def test_what_aws_leaves_open() -> None:
    automatic = {"dockerVolumeConfiguration": {"scope": "task", "autoprovision": True}}
    found = attach(automatic, "EC2")
    assert (found["outcome"], found["open"]) == ("ATTACHES", True)
    assert found["choices"][0].startswith("autoprovision means something with scope shared only")
    found = attach(PATH, "MANAGED_INSTANCES")
    assert found["choices"] == ["Which host paths can be written on Managed Instances is undocumented."]
    assert "open" not in attach(PATH, "EC2")
    assert "open" not in attach(DOCKER, "EC2")


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"launchType": "EC3"}, "launchType must be FARGATE, EC2, EXTERNAL or MANAGED_INSTANCES"),
        ({}, "launchType is missing; give FARGATE, EC2, EXTERNAL or MANAGED_INSTANCES."),
        ({"launchType": "FARGATE", "volumme": {}}, "did you mean “volume”"),
        ({"launchType": "FARGATE", "use": {"imageGiB": -1}}, "use.imageGiB must be a number from 0"),
        ({"launchType": "FARGATE", "use": {"imageGiB": float("nan")}}, "use.imageGiB must be a number"),
        ({"launchType": "FARGATE", "use": {"imageGb": 1}}, "did you mean “imageGiB”"),
        ({"launchType": "FARGATE", "platformVersion": "1.4"}, "platformVersion must be LATEST or a version"),
        ({"launchType": "FARGATE", "platformVersion": 1.4}, "platformVersion must be text"),
        ({"launchType": "FARGATE", "operatingSystemFamily": "MACOS"}, "must be LINUX or a family that begins with WIN"),
        ({"launchType": "FARGATE", "availabilityZone": ""}, "availabilityZone must have 1 to 255 characters"),
        ({"launchType": "EC2", "nitro": 1}, "nitro must be true or false"),
        ({"launchType": "EC2", "securityGroups": ["a"] * 6}, "securityGroups has 6 entries, and at most 5"),
        ({"launchType": "EC2", "volumeConfigurations": [{}, {}]}, "has 2 entries, and at most 1"),
        ({"launchType": "EC2", "volumeConfigurations": [{"name": "d"}]}, "has no sizeInGiB; give it, or a snapshotId"),
        ({"launchType": "EC2", "volumeConfigurations": managed(volumeType="gp4")}, "volumeType must be gp2, gp3"),
        (
            {"launchType": "EC2", "volumeConfigurations": managed(filesystemType="zfs")},
            "must be ext3, ext4, xfs or ntfs",
        ),
        (
            {"launchType": "EC2", "fileSystems": [{}]},
            r"fileSystems\[0\] must have either fileSystemId or fileSystemArn",
        ),
        (
            {"launchType": "EC2", "fileSystems": [{"fileSystemId": "a"}, {"fileSystemId": "a"}]},
            r"fileSystems\[1\] is “a”, which stands there already",
        ),
        (
            {"launchType": "EC2", "fileSystems": [{"fileSystemId": "a", "deploymentType": "SINGLE_AZ_1"}]},
            "is SINGLE_AZ_1 and has no availabilityZoneName",
        ),
        (
            {"launchType": "EC2", "fileSystems": targets("a", "a")},
            r"mountTargets\[1\] is the second mount target in a; a zone has one",
        ),
    ],
)
def test_a_document_that_is_none(document: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=rf"(^|[ “.\])]){told}") as error:
        answer("volumes", document)
    assert _points_at_it(error.value)


@pytest.mark.parametrize(
    ("definition", "told"),
    [
        ([], "taskDefinition must be an object"),
        ({"volumes": {}}, "taskDefinition.volumes must be a list"),
        ({"volumes": [{}] * 51}, "has 51 entries, and at most 50"),
        ({"volumes": [{"name": "a"}, {"name": "a"}]}, r"volumes\[1\].name is “a”, which stands there already"),
        ({"volumes": [{"name": 1}]}, "name must be text"),
        ({"volumes": [{"name": "a", "host": "x"}]}, "host must be an object"),
        ({"volumes": [{"name": "a", "host": {"path": "x"}}]}, "did you mean .*sourcePath"),
        ({"volumes": [{"name": "a", "configuredAtLaunch": 1}]}, "configuredAtLaunch must be true or false"),
        ({"volumes": [{"name": "a", "dockerVolumeConfiguration": {"scope": "all"}}]}, "scope must be task or shared"),
        ({"volumes": [{"name": "a", "efsVolumeConfiguration": {"rootDirectory": "/"}}]}, "has no fileSystemId"),
        ({"volumes": [{"name": "a", "s3filesVolumeConfiguration": {"rootDirectory": "/"}}]}, "has no fileSystemArn"),
        (
            {"volumes": [{"name": "a", "efsVolumeConfiguration": {"fileSystemId": "f", "transitEncryption": True}}]},
            "transitEncryption must be ENABLED or DISABLED",
        ),
        (
            {
                "volumes": [
                    {"name": "a", "efsVolumeConfiguration": {"fileSystemId": "f", "transitEncryptionPort": 70000}}
                ]
            },
            "must be a whole number from 0 to 65535",
        ),
        ({"containerDefinitions": []}, "containerDefinitions is empty"),
        ({"containerDefinitions": [{"name": "a"}] * 11}, "has 11 entries, and at most 10"),
        ({"containerDefinitions": [{"name": "a"}, {"name": "a"}]}, "which stands there already"),
        (
            {"containerDefinitions": [{"name": "a", "mountPoints": [{"sourceVolume": "v"}]}]},
            "containerPath must be text",
        ),
        (
            {"containerDefinitions": [{"name": "a", "volumesFrom": [{"sourceContainer": "b"}]}]},
            "sourceContainer must be a, not",
        ),
        ({"ephemeralStorage": {"sizeInGiB": True}}, "must be a whole number from 0 to 65536"),
        ({"ephemeralStorage": {"size": 30}}, "did you mean “sizeInGiB”"),
        ({"taskRoleArn": ""}, "taskRoleArn must have 1 to 2048"),
        ({"runtimePlatform": {"operatingSystemFamily": 7}}, "operatingSystemFamily must be text"),
    ],
)
def test_a_definition_that_is_none(definition: Any, told: str) -> None:
    with pytest.raises(InputError, match=rf"(^|[ “.\])]){told}") as error:
        answer("volumes", {"taskDefinition": definition, "launchType": "FARGATE"})
    assert _points_at_it(error.value)


def _points_at_it(error: InputError) -> bool:
    """Whether the error's path is a path, and the sentence is about it."""
    whole = re.fullmatch(r"([\w-]+(\[\d+\])?\.)*[\w-]+(\[\d+\])?", error.path)
    return not error.path or (whole is not None and re.split(r"[.\[]", error.path)[0] in str(error))
