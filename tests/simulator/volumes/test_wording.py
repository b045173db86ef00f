"""Every refusal word for word: where, what, and the least change that mends it."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.subjects import answer

REFUSALS: list[tuple[dict[str, Any], list[tuple[str, str, str, str]]]] = [
    (
        {"volume": {"host": {"sourcePath": "/data"}}, "launchType": "FARGATE"},
        [
            (
                "volume.host.sourcePath",
                "FARGATE_SOURCE_PATH",
                "A bind mount with a sourcePath names a directory of an instance, and on Fargate you have none.",
                "Take sourcePath out (the bind mount then lives on the task's ephemeral storage), or use EFS.",
            )
        ],
    ),
    (
        {"volume": {"dockerVolumeConfiguration": {}}, "launchType": "FARGATE"},
        [
            (
                "volume.dockerVolumeConfiguration",
                "DOCKER_VOLUME_LAUNCH_TYPE",
                "A Docker volume works on EC2 and external instances, not on FARGATE.",
                "Use a bind mount for the containers of one task, EFS for data that outlives it.",
            )
        ],
    ),
    (
        {
            "volume": {"dockerVolumeConfiguration": {"driver": "rexray"}},
            "launchType": "EC2",
            "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE",
        },
        [
            (
                "volume.dockerVolumeConfiguration.driver",
                "DOCKER_WINDOWS_DRIVER",
                "Windows containers take the local driver only, not “rexray”.",
                "Set driver to local.",
            )
        ],
    ),
    (
        {"volume": {"name": "data", "configuredAtLaunch": True}, "launchType": "EXTERNAL"},
        [
            (
                "volume",
                "EBS_LAUNCH_TYPE",
                "An EBS volume can be attached on EC2, Fargate and Managed Instances, not on EXTERNAL.",
                "Start the task on EC2, Fargate or Managed Instances.",
            )
        ],
    ),
    (
        {
            "volume": {"name": "data", "configuredAtLaunch": True},
            "launchType": "FARGATE",
            "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE",
        },
        [
            (
                "volume",
                "EBS_WINDOWS",
                "Windows tasks take an EBS volume on EC2 only.",
                "Start the task on EC2, or use Linux containers.",
            )
        ],
    ),
    (
        {"volume": {"name": "data", "configuredAtLaunch": True}, "launchType": "FARGATE", "platformVersion": "1.3.0"},
        [
            (
                "volume",
                "PLATFORM_VERSION",
                "An EBS volume needs Fargate platform version 1.4.0 or later, not 1.3.0.",
                "Use platformVersion 1.4.0 or LATEST.",
            )
        ],
    ),
    (
        {"volume": {"name": "data", "configuredAtLaunch": True}, "launchType": "EC2", "nitro": False},
        [
            (
                "volume",
                "EBS_NITRO",
                "On EC2 a task's EBS volume needs a Nitro instance.",
                "Use an instance type that is built on the Nitro System.",
            )
        ],
    ),
    (
        {
            "volume": {"name": "data", "configuredAtLaunch": True},
            "launchType": "EC2",
            "service": "s",
            "schedulingStrategy": "DAEMON",
        },
        [
            (
                "volume",
                "EBS_DAEMON",
                "An EBS volume does not go with a DAEMON service.",
                "Use schedulingStrategy REPLICA.",
            )
        ],
    ),
    (
        {
            "volume": {"name": "data", "configuredAtLaunch": True},
            "launchType": "EC2",
            "service": "s",
            "deploymentController": "CODE_DEPLOY",
        },
        [
            (
                "volume",
                "EBS_CONTROLLER",
                "An EBS volume does not go with the deployment controller CODE_DEPLOY.",
                "Use the deployment controller ECS.",
            )
        ],
    ),
    (
        {
            "volume": {"name": "disk", "configuredAtLaunch": True},
            "launchType": "EC2",
            "volumeConfigurations": [{"name": "data", "managedEBSVolume": {"roleArn": "r", "sizeInGiB": 20}}],
        },
        [
            (
                "volumeConfigurations[0].managedEBSVolume",
                "EBS_NAME",
                "volumeConfigurations names “data”, and the task definition's volume is “disk”.",
                "Name “disk”.",
            )
        ],
    ),
    (
        {
            "volume": {"name": "data", "configuredAtLaunch": True},
            "launchType": "EC2",
            "volumeConfigurations": [{"name": "data", "managedEBSVolume": {"roleArn": None, "sizeInGiB": 20}}],
        },
        [
            (
                "volumeConfigurations[0].managedEBSVolume.roleArn",
                "EBS_ROLE",
                "ECS makes and attaches the volume with an infrastructure role, and none is given.",
                (
                    "Give roleArn: a role that ecs.amazonaws.com may assume, with the policy "
                    "AmazonECSInfrastructureRolePolicyForVolumes."
                ),
            )
        ],
    ),
    (
        {
            "volume": {"name": "data", "configuredAtLaunch": True},
            "launchType": "EC2",
            "volumeConfigurations": [
                {"name": "data", "managedEBSVolume": {"roleArn": "r", "sizeInGiB": 2000, "volumeType": "standard"}}
            ],
        },
        [
            (
                "volumeConfigurations[0].managedEBSVolume.sizeInGiB",
                "EBS_SIZE",
                "A standard volume has 1 to 1024 GiB, not 2000.",
                "Ask for 1024 GiB.",
            )
        ],
    ),
    (
        {
            "volume": {"name": "data", "configuredAtLaunch": True},
            "launchType": "FARGATE",
            "volumeConfigurations": [
                {"name": "data", "managedEBSVolume": {"roleArn": "r", "sizeInGiB": 20, "volumeType": "standard"}}
            ],
        },
        [
            (
                "volumeConfigurations[0].managedEBSVolume.volumeType",
                "EBS_TYPE",
                "Fargate takes no volume of type standard.",
                "Use gp3.",
            )
        ],
    ),
    (
        {
            "volume": {"name": "data", "configuredAtLaunch": True},
            "launchType": "EC2",
            "service": "s",
            "volumeConfigurations": [
                {"name": "data", "managedEBSVolume": {"roleArn": "r", "sizeInGiB": 20, "terminationPolicy": {}}}
            ],
        },
        [
            (
                "volumeConfigurations[0].managedEBSVolume.terminationPolicy",
                "EBS_SERVICE_POLICY",
                "A service has no terminationPolicy: its tasks' volumes are always deleted with them.",
                "Take terminationPolicy out, or start the task with RunTask.",
            )
        ],
    ),
    (
        {"volume": {"efsVolumeConfiguration": {"fileSystemId": "fs-1"}}, "launchType": "EXTERNAL"},
        [
            (
                "volume",
                "EFS_LAUNCH_TYPE",
                "An EFS file system can be attached on EC2, Fargate and Managed Instances, not on EXTERNAL.",
                "Start the task on EC2, Fargate or Managed Instances.",
            )
        ],
    ),
    (
        {
            "volume": {"efsVolumeConfiguration": {"fileSystemId": "fs-1"}},
            "launchType": "EC2",
            "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE",
        },
        [
            (
                "volume",
                "EFS_WINDOWS",
                "EFS is for Linux containers.",
                "Use Linux containers, or FSx for Windows File Server on EC2.",
            )
        ],
    ),
    (
        {
            "volume": {"efsVolumeConfiguration": {"fileSystemId": "fs-1"}},
            "launchType": "FARGATE",
            "platformVersion": "1.3.0",
        },
        [
            (
                "volume.efsVolumeConfiguration",
                "PLATFORM_VERSION",
                "EFS needs Fargate platform version 1.4.0 or later, not 1.3.0.",
                "Use platformVersion 1.4.0 or LATEST.",
            )
        ],
    ),
    (
        {
            "volume": {"efsVolumeConfiguration": {"fileSystemId": "fs-1", "authorizationConfig": {"iam": "ENABLED"}}},
            "launchType": "EC2",
        },
        [
            (
                "volume.efsVolumeConfiguration.transitEncryption",
                "EFS_TRANSIT_ENCRYPTION",
                "With IAM authorization, transitEncryption must be ENABLED.",
                "Set transitEncryption to ENABLED.",
            )
        ],
    ),
    (
        {
            "volume": {
                "efsVolumeConfiguration": {"fileSystemId": "fs-1", "authorizationConfig": {"accessPointId": "p"}}
            },
            "launchType": "EC2",
        },
        [
            (
                "volume.efsVolumeConfiguration.transitEncryption",
                "EFS_TRANSIT_ENCRYPTION",
                "With an access point, transitEncryption must be ENABLED.",
                "Set transitEncryption to ENABLED.",
            )
        ],
    ),
    (
        {
            "volume": {
                "efsVolumeConfiguration": {
                    "fileSystemId": "fs-1",
                    "authorizationConfig": {"accessPointId": "p"},
                    "transitEncryption": "ENABLED",
                    "rootDirectory": "/app",
                }
            },
            "launchType": "EC2",
        },
        [
            (
                "volume.efsVolumeConfiguration.rootDirectory",
                "EFS_ROOT_DIRECTORY",
                "With an access point rootDirectory must be left out or /, not /app.",
                "Take rootDirectory out: the access point says which directory is the root.",
            )
        ],
    ),
    (
        {
            "volume": {
                "s3filesVolumeConfiguration": {
                    "fileSystemArn": "arn:aws:s3files:us-east-1:111122223333:file-system/fs-9"
                }
            },
            "launchType": "EXTERNAL",
        },
        [
            (
                "volume",
                "S3_FILES_LAUNCH_TYPE",
                "S3 Files can be attached on Fargate and Managed Instances, not on EXTERNAL.",
                "Start the task on Fargate or Managed Instances.",
            )
        ],
    ),
    (
        {
            "volume": {
                "s3filesVolumeConfiguration": {
                    "fileSystemArn": "arn:aws:s3files:us-east-1:111122223333:file-system/fs-9"
                }
            },
            "launchType": "EC2",
        },
        [
            (
                "volume.s3filesVolumeConfiguration",
                "S3_FILES_LAUNCH_TYPE",
                (
                    "The documentation gives S3 Files for Fargate and Managed Instances, not yet for EC2; the agent of "
                    "June 2026 already has the code."
                ),
                "Use Fargate or Managed Instances.",
            )
        ],
    ),
    (
        {
            "volume": {
                "s3filesVolumeConfiguration": {
                    "fileSystemArn": "arn:aws:s3files:us-east-1:111122223333:file-system/fs-9"
                }
            },
            "launchType": "FARGATE",
            "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE",
        },
        [
            (
                "volume",
                "S3_FILES_WINDOWS",
                "S3 Files is for Linux containers.",
                "Use Linux containers, or FSx for Windows File Server on EC2.",
            )
        ],
    ),
    (
        {
            "volume": {
                "s3filesVolumeConfiguration": {
                    "fileSystemArn": "arn:aws:s3files:us-east-1:111122223333:file-system/fs-9",
                    "accessPointArn": "p",
                    "rootDirectory": "/app",
                }
            },
            "launchType": "FARGATE",
        },
        [
            (
                "volume.s3filesVolumeConfiguration.rootDirectory",
                "S3_FILES_ROOT_DIRECTORY",
                "With an access point rootDirectory must be left out or /, not /app.",
                "Take rootDirectory out: the access point says which directory is the root.",
            )
        ],
    ),
    (
        {"volume": {"fsxWindowsFileServerVolumeConfiguration": {"fileSystemId": "fs-1"}}, "launchType": "FARGATE"},
        [
            (
                "volume",
                "FSX_LAUNCH_TYPE",
                "An FSx for Windows file system can be attached on EC2, not on FARGATE.",
                "Start the task on EC2.",
            )
        ],
    ),
    (
        {
            "volume": {"fsxWindowsFileServerVolumeConfiguration": {"fileSystemId": "fs-1"}},
            "launchType": "EC2",
            "operatingSystemFamily": "LINUX",
        },
        [
            (
                "volume",
                "FSX_LINUX",
                "FSx for Windows File Server is for Windows containers on instances joined to Active Directory.",
                "Use Windows containers, or EFS for Linux ones.",
            )
        ],
    ),
    (
        {
            "taskDefinition": {
                "volumes": [
                    {
                        "name": "b",
                        "s3filesVolumeConfiguration": {
                            "fileSystemArn": "arn:aws:s3files:us-east-1:111122223333:file-system/fs-9"
                        },
                    }
                ]
            },
            "launchType": "FARGATE",
        },
        [
            (
                "taskDefinition.taskRoleArn",
                "S3_FILES_TASK_ROLE",
                "S3 Files always mounts with IAM, so the task definition needs a task role, and it has none.",
                "Give taskRoleArn, a role that allows s3files:ClientMount, s3files:ClientWrite and the S3 reads.",
            )
        ],
    ),
    (
        {
            "taskDefinition": {
                "volumes": [{"name": "a", "configuredAtLaunch": True}, {"name": "b", "configuredAtLaunch": True}]
            },
            "launchType": "EC2",
        },
        [
            (
                "taskDefinition.volumes[1].configuredAtLaunch",
                "ONE_EBS",
                "A task definition has at most one volume with configuredAtLaunch.",
                "Take “b” out.",
            )
        ],
    ),
    (
        {
            "taskDefinition": {
                "volumes": [
                    {"name": "a", "host": {"sourcePath": "/a"}, "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}
                ]
            },
            "launchType": "EC2",
        },
        [
            (
                "taskDefinition.volumes[0]",
                "ONE_SOURCE",
                "Volume “a” has host and efsVolumeConfiguration; a volume has exactly one.",
                "Keep host and take the others out, or make a volume of each.",
            )
        ],
    ),
    (
        {
            "taskDefinition": {
                "containerDefinitions": [{"name": "x", "mountPoints": [{"sourceVolume": "e", "containerPath": "/e"}]}]
            },
            "launchType": "EC2",
        },
        [
            (
                "taskDefinition.containerDefinitions[0].mountPoints[0].sourceVolume",
                "UNKNOWN_VOLUME",
                "Container “x” mounts “e”, and no volume has that name.",
                "Add “e” to volumes, or name one of them.",
            )
        ],
    ),
    (
        {"taskDefinition": {"ephemeralStorage": {"sizeInGiB": 20}}, "launchType": "FARGATE"},
        [
            (
                "taskDefinition.ephemeralStorage.sizeInGiB",
                "EPHEMERAL_SIZE",
                "sizeInGiB is 21 to 200, not 20; without it a task has 20 GiB.",
                "Take ephemeralStorage out for 20 GiB, or ask for 21.",
            )
        ],
    ),
    (
        {"taskDefinition": {"ephemeralStorage": {"sizeInGiB": 30}}, "launchType": "EC2"},
        [
            (
                "taskDefinition.ephemeralStorage.sizeInGiB",
                "EPHEMERAL_LAUNCH_TYPE",
                "ephemeralStorage is Fargate's; on EC2 the instance's disk is the bound.",
                "Take ephemeralStorage out.",
            )
        ],
    ),
    (
        {
            "taskDefinition": {"ephemeralStorage": {"sizeInGiB": 30}},
            "launchType": "FARGATE",
            "platformVersion": "1.3.0",
        },
        [
            (
                "taskDefinition.ephemeralStorage.sizeInGiB",
                "PLATFORM_VERSION",
                "ephemeralStorage needs Fargate platform version 1.4.0 or later, not 1.3.0.",
                "Use platformVersion 1.4.0 or LATEST.",
            )
        ],
    ),
    (
        {
            "volume": {"efsVolumeConfiguration": {"fileSystemId": "fs-1"}},
            "launchType": "FARGATE",
            "fileSystems": [{"fileSystemId": "fs-1", "mountTargets": [{"availabilityZoneName": "b"}]}],
            "availabilityZone": "a",
        },
        [
            (
                "",
                "MOUNT_NAME_UNRESOLVED",
                (
                    "fs-1 has no mount target in a, so its name does not resolve there and the task does not start "
                    "(ResourceInitializationError: failed to invoke EFS utils commands …)."
                ),
                "Make a mount target in a.",
            )
        ],
    ),
    (
        {
            "volume": {"efsVolumeConfiguration": {"fileSystemId": "fs-1"}},
            "launchType": "FARGATE",
            "fileSystems": [{"fileSystemId": "fs-1", "availabilityZoneName": "b"}],
            "availabilityZone": "a",
        },
        [
            (
                "",
                "MOUNT_NAME_UNRESOLVED",
                (
                    "fs-1 has no mount target in a, so its name does not resolve there and the task does not start "
                    "(ResourceInitializationError: failed to invoke EFS utils commands …)."
                ),
                "Start tasks in b only, or use a Regional file system.",
            )
        ],
    ),
    (
        {
            "volume": {"efsVolumeConfiguration": {"fileSystemId": "fs-1"}},
            "launchType": "FARGATE",
            "fileSystems": [
                {"fileSystemId": "fs-1", "mountTargets": [{"availabilityZoneName": "a", "admits": ["sg-x", "sg-y"]}]}
            ],
            "availabilityZone": "a",
        },
        [
            (
                "",
                "MOUNT_TIMEOUT",
                "The mount target in a admits TCP 2049 from sg-x, sg-y, not from sg-task: the mount times out.",
                "Let the mount target's security group admit TCP 2049 from sg-task.",
            )
        ],
    ),
    (
        {
            "volume": {"efsVolumeConfiguration": {"fileSystemId": "fs-1"}},
            "launchType": "FARGATE",
            "securityGroups": [],
            "fileSystems": [{"fileSystemId": "fs-1", "mountTargets": [{"availabilityZoneName": "a", "admits": []}]}],
            "availabilityZone": "a",
        },
        [
            (
                "",
                "MOUNT_TIMEOUT",
                "The mount target in a admits TCP 2049 from nowhere, not from the task: the mount times out.",
                "Let the mount target's security group admit TCP 2049 from the task.",
            )
        ],
    ),
    (
        {
            "volume": {
                "s3filesVolumeConfiguration": {
                    "fileSystemArn": "arn:aws:s3files:us-east-1:111122223333:file-system/fs-9"
                }
            },
            "launchType": "FARGATE",
            "taskRoleActions": [],
        },
        [
            (
                "",
                "MOUNT_DENIED",
                "The mount is made with the task role, and it does not allow s3files:ClientMount.",
                "Give the task definition a task role that allows s3files:ClientMount (and ClientWrite to write).",
            )
        ],
    ),
    (
        {
            "taskDefinition": {
                "volumes": [
                    {
                        "name": "f",
                        "efsVolumeConfiguration": {
                            "fileSystemId": "fs-1",
                            "transitEncryption": "ENABLED",
                            "authorizationConfig": {"iam": "ENABLED"},
                        },
                    }
                ]
            },
            "launchType": "EC2",
        },
        [
            (
                "",
                "MOUNT_DENIED",
                "The mount is made with the task role, and it does not allow elasticfilesystem:ClientMount.",
                (
                    "Give the task definition a task role that allows elasticfilesystem:ClientMount (and ClientWrite "
                    "to write)."
                ),
            )
        ],
    ),
    (
        {"volume": {"name": "cache", "dockerVolumeConfiguration": {"scope": "shared"}}, "launchType": "EC2"},
        [
            (
                "",
                "DOCKER_VOLUME_MISSING",
                "The Docker volume “cache” is not on i-1, and autoprovision is false.",
                "Set autoprovision to true, or make the volume on i-1 first.",
            )
        ],
    ),
    (
        {"volume": {}, "launchType": "FARGATE", "use": {"imageGiB": 20.5}},
        [
            (
                "use",
                "NO_SPACE",
                (
                    "Image, writable layers and bind mounts of the task share it: 20.5 GiB do not go into 20, and "
                    "writing fails with “no space left on device”."
                ),
                "Ask for more with ephemeralStorage.sizeInGiB (up to 200), or write less.",
            )
        ],
    ),
    (
        {"volume": {}, "launchType": "FARGATE", "platformVersion": "1.3.0", "use": {"imageGiB": 11, "mountsGiB": 1}},
        [
            (
                "use",
                "NO_SPACE",
                (
                    "Before platform version 1.4.0 there are 10 GB for layers (11 asked for) and 4 GB for mounts (1 "
                    "asked for), and neither can be changed."
                ),
                "Ask for more with ephemeralStorage.sizeInGiB (up to 200), or write less.",
            )
        ],
    ),
]


@pytest.mark.parametrize(("document", "errors"), REFUSALS, ids=[errors[0][1] for _, errors in REFUSALS])
def test_a_refusal_says_where_what_and_how_to_mend_it(document: dict[str, Any], errors: list[tuple[str, ...]]) -> None:
    found = answer("volumes", document)["errors"]
    assert [(one["path"], one["code"], one["message"], one["fix"]) for one in found] == errors


SURVIVALS: list[tuple[dict[str, Any], str, str]] = [
    (
        {"volume": "WRITABLE_LAYER", "launchType": "EC2", "event": "CONTAINER_RESTARTED"},
        "The agent starts the same container again, with the writable layer it had.",
        "",
    ),
    (
        {"volume": "WRITABLE_LAYER", "launchType": "EC2", "event": "TASK_STOPPED"},
        "A container's writable layer goes with the container, and a stopped task's containers are removed.",
        "Mount a volume at the path that must outlive the container.",
    ),
    (
        {"volume": {}, "launchType": "EC2", "event": "CONTAINER_RESTARTED"},
        "The containers of the one task share it.",
        "",
    ),
    (
        {"volume": {}, "launchType": "EC2", "event": "TASK_STOPPED"},
        (
            "Nothing refers to the directory any more: no later task sees it, and the agent removes it about 3 h "
            "after the task stopped."
        ),
        "Give the bind mount a host.sourcePath (kept on that instance), or use EFS (kept everywhere).",
    ),
    (
        {"volume": {}, "launchType": "EC2", "event": "INSTANCE_TERMINATED"},
        "It lay on the instance's disk, and the instance is terminated.",
        "Use EFS: its data does not lie on the instance.",
    ),
    (
        {"volume": {}, "launchType": "FARGATE", "event": "TASK_REPLACED"},
        "On Fargate a bind mount lies on the task's ephemeral storage, which goes with the task.",
        "Mount an EFS file system at that path.",
    ),
    (
        {"volume": {}, "launchType": "FARGATE", "event": "INSTANCE_TERMINATED"},
        "Every Fargate task has a host of its own: there is no instance that a second task could be on.",
        "",
    ),
    (
        {"volume": {"host": {"sourcePath": "/d"}}, "launchType": "EC2", "event": "TASK_STOPPED"},
        "A directory of that instance: every task there that names the path shares it.",
        "",
    ),
    (
        {"volume": {"host": {"sourcePath": "/d"}}, "launchType": "EC2", "event": "TASK_REPLACED_OTHER_INSTANCE"},
        "It still lies on i-1; nothing copies it to where the new task is.",
        "Use EFS: every instance can mount it.",
    ),
    (
        {"volume": {"host": {"sourcePath": "/d"}}, "launchType": "EC2", "event": "INSTANCE_STOPPED"},
        "It lies on the instance's disk, and the instance is stopped.",
        "Start the instance again, or use EFS.",
    ),
    (
        {"volume": {"host": {"sourcePath": "/d"}}, "launchType": "EC2", "event": "AZ_LOST"},
        "It lay on a host of the zone that is lost.",
        "Use a Regional EFS file system: it can be mounted from another zone.",
    ),
    (
        {"volume": {"dockerVolumeConfiguration": {}}, "launchType": "EC2", "event": "CONTAINER_RESTARTED"},
        "It lives as long as its task; the task's containers share it.",
        "",
    ),
    (
        {"volume": {"dockerVolumeConfiguration": {}}, "launchType": "EC2", "event": "TASK_STOPPED"},
        "A Docker volume of scope task is destroyed when its task stops.",
        "Use scope shared with autoprovision (kept on that instance), or EFS.",
    ),
    (
        {"volume": {"dockerVolumeConfiguration": {"scope": "shared"}}, "launchType": "EC2", "event": "TASK_STOPPED"},
        "It outlives tasks on that instance; every task there that names it shares it.",
        "",
    ),
    (
        {"volume": {"configuredAtLaunch": True}, "launchType": "EC2", "event": "CONTAINER_RESTARTED"},
        "One volume, one task, one Availability Zone; the task's containers share it.",
        "",
    ),
    (
        {"volume": {"configuredAtLaunch": True}, "launchType": "EC2", "event": "TASK_STOPPED"},
        "deleteOnTermination is true, so the EBS volume is deleted with the task.",
        "Set terminationPolicy.deleteOnTermination to false, and start the next task from a snapshot.",
    ),
    (
        {"volume": {"configuredAtLaunch": True}, "launchType": "EC2", "service": "s", "event": "AZ_LOST"},
        "The EBS volume of a service's task is always deleted with the task.",
        "Use EFS, or start the next task from a snapshot of the volume.",
    ),
    (
        {
            "volume": {"configuredAtLaunch": True},
            "launchType": "EC2",
            "volumeConfigurations": [
                {
                    "name": "data",
                    "managedEBSVolume": {
                        "roleArn": "r",
                        "sizeInGiB": 9,
                        "terminationPolicy": {"deleteOnTermination": False},
                    },
                }
            ],
            "event": "TASK_STOPPED",
        },
        "deleteOnTermination is false, so the EBS volume exists; but ECS attaches new volumes only.",
        "Make a snapshot of the volume and start the next task from it (snapshotId).",
    ),
    (
        {
            "volume": {"configuredAtLaunch": True},
            "launchType": "EC2",
            "volumeConfigurations": [
                {
                    "name": "data",
                    "managedEBSVolume": {
                        "roleArn": "r",
                        "sizeInGiB": 9,
                        "terminationPolicy": {"deleteOnTermination": False},
                    },
                }
            ],
            "event": "AZ_LOST",
        },
        "It lives in one Availability Zone, and that zone is lost.",
        "Use a Regional EFS file system: it can be mounted from another zone.",
    ),
    (
        {
            "volume": {"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}},
            "launchType": "EC2",
            "event": "AZ_LOST",
        },
        "It lies outside of tasks and instances: many clients read and write it at once.",
        "",
    ),
    (
        {
            "volume": {"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}},
            "launchType": "EC2",
            "fileSystems": [{"fileSystemId": "fs-1", "availabilityZoneName": "us-east-1a"}],
            "event": "AZ_LOST",
        },
        "It lives in one Availability Zone, and that zone is lost.",
        "Use a Regional EFS file system: it can be mounted from another zone.",
    ),
    (
        {
            "volume": {"fsxWindowsFileServerVolumeConfiguration": {"fileSystemId": "fs-1"}},
            "launchType": "EC2",
            "event": "AZ_LOST",
        },
        "It lies outside of tasks and instances: many clients read and write it at once.",
        "",
    ),
    (
        {"volume": "WRITABLE_LAYER", "launchType": "EC2", "between": "CONTAINERS_OF_ONE_TASK"},
        "Every container has a writable layer of its own.",
        "Use EFS.",
    ),
    (
        {"volume": {}, "launchType": "EC2", "between": "TASKS_ON_ONE_INSTANCE"},
        "Each task has a directory of its own.",
        "Use EFS.",
    ),
    (
        {"volume": {}, "launchType": "FARGATE", "between": "TASKS_ON_ONE_INSTANCE"},
        "No two Fargate tasks are on one instance: every task has a host of its own.",
        "",
    ),
    (
        {"volume": {"host": {"sourcePath": "/d"}}, "launchType": "EC2", "between": "TASKS_ON_OTHER_INSTANCES"},
        "It lies on i-1, and the other task is on i-2: nothing syncs the two.",
        "Use EFS.",
    ),
    (
        {"volume": {"configuredAtLaunch": True}, "launchType": "EC2", "between": "TASKS_ON_ONE_INSTANCE"},
        "ECS makes a new EBS volume for every task; one volume is never attached to two.",
        "Use EFS.",
    ),
    (
        {
            "volume": {"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}},
            "launchType": "EC2",
            "fileSystems": [{"fileSystemId": "fs-1", "availabilityZoneName": "us-east-1a"}],
            "between": "TASKS_IN_OTHER_ZONES",
        },
        (
            "fs-1 has no mount target in us-east-1b, so its name does not resolve there and the task does not "
            "start (ResourceInitializationError: failed to invoke EFS utils commands …)."
        ),
        "Start tasks in us-east-1a only, or use a Regional file system.",
    ),
]


@pytest.mark.parametrize(("document", "reason", "fix"), SURVIVALS)
def test_what_is_said_of_survival_and_sharing(document: dict[str, Any], reason: str, fix: str) -> None:
    found = answer("volumes", document)
    assert (found["reason"], found.get("fix", found.get("remark", ""))) == (reason, fix)
