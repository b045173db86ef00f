"""The named situations of the lesson on volumes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lessons.volumes_situations import EFS_ID, EXIT, HOSTS, STOP, A, B, definition, look, managed, written
from simulator.preset import Preset


def _preset(name: str, title: str, about: str, scenario: Mapping[str, Any]) -> Preset:
    return Preset(id=name, title=title, about=about, scenario=scenario, subject="volumes")


# The first figure: one Fargate task, one file, and what stops.


def _replaced(volume: str, *acts: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    task = definition(volume)
    if acts[0]["action"] == "stopContainer":
        task["containerDefinitions"][0]["restartPolicy"] = {"enabled": True, "restartAttemptPeriod": 60}
    before = [{"action": "wait", "seconds": 300}] if acts[0]["action"] == "stopContainer" else []
    return {
        "launchType": "FARGATE",
        "availabilityZones": [A],
        "taskDefinition": task,
        "service": "web",
        "tasks": [{"task": "web"}],
        "events": [
            *look("web", f"/{volume}/order.pdf", action="write"),
            *before,
            *acts,
            *look("web", f"/{volume}"),
        ],
        **more,
    }


FIRST: tuple[Preset, ...] = (
    _preset("bet", "Your bet", "The service stops its task and starts another one.", _replaced("scratch", STOP)),
    _preset("efs", "Beside it: EFS", "The same file and the same end, written to EFS.", _replaced("data", STOP)),
    _preset(
        "ebs",
        "Beside it: an EBS volume",
        "The same with an EBS volume that ECS made for the task.",
        _replaced("disk", STOP, volumeConfigurations=managed()),
    ),
    _preset(
        "restart",
        "Beside it: a restart",
        "Not the task stops, but its container exits, and a restartPolicy starts it again.",
        _replaced("scratch", {"action": "stopContainer", "task": "web", "exitCode": 1}),
    ),
)

# The levels: a note in every kind of storage, then something stops.

LEVELS: tuple[Preset, ...] = (
    _preset("task", "Your bet", "The task is replaced, on the same instance.", written("EC2", STOP)),
    _preset(
        "step-by-step",
        "More and more",
        "The container exits, then the task stops, then the instance goes, then the zone.",
        written(
            "EC2",
            EXIT,
            STOP,
            {"action": "terminateInstance", "ec2InstanceId": "i-a1"},
            {"action": "loseZone", "availabilityZone": A},
        ),
    ),
    _preset("ec2", "Your turn, on EC2", "Everything is written, nothing has stopped. Stop something.", written("EC2")),
    _preset(
        "fargate",
        "Your turn, on Fargate",
        "No instance of yours, so no sourcePath and no Docker volume; but S3 Files. Stop something.",
        written("FARGATE"),
    ),
)

# Who shares what: the first task writes, the others look.


def _sharing(volume: str, tasks: Sequence[Mapping[str, Any]], *looks: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    containers = more.pop("containers", ("app",))
    return {
        "taskDefinition": definition(volume, containers=containers),
        **more,
        "tasks": list(tasks),
        "events": [*look("w1", f"/{volume}/order.pdf", action="write"), *looks],
    }


def _on(task: str, instance: str) -> dict[str, str]:
    return {"task": task, "ec2InstanceId": instance}


def _in(task: str, zone: str) -> dict[str, str]:
    return {"task": task, "availabilityZone": zone}


_FARGATE = {"launchType": "FARGATE", "availabilityZones": [A, B]}
_TWO_TASKS = [_in("w1", A), _in("w2", B)]
SHARING: tuple[Preset, ...] = (
    _preset(
        "bind",
        "Bind mount",
        "Two tasks on one instance, each of two containers. The first container writes; see who else reads it.",
        _sharing(
            "scratch",
            [_on("w1", "i-a1"), _on("w2", "i-a1")],
            *look("w1", "/scratch", container="log"),
            *look("w2", "/scratch"),
            containers=("app", "log"),
            launchType="EC2",
            instances=HOSTS[:1],
            service="web",
        ),
    ),
    _preset(
        "host",
        "sourcePath",
        "Three tasks name the same directory of the host, and the hosts are two.",
        _sharing(
            "cache",
            [_on("w1", "i-a1"), _on("w2", "i-a1"), _on("w3", "i-a2")],
            *look("w2", "/cache"),
            *look("w3", "/cache"),
            launchType="EC2",
            instances=HOSTS[:2],
            service="web",
        ),
    ),
    _preset(
        "ebs",
        "EBS",
        "Two tasks of one service with the same EBS configuration, on one instance.",
        _sharing(
            "disk",
            [_on("w1", "i-a1"), _on("w2", "i-a1")],
            *look("w2", "/disk"),
            launchType="EC2",
            instances=HOSTS[:1],
            service="web",
            volumeConfigurations=managed(),
        ),
    ),
    _preset(
        "efs",
        "EFS",
        "One task on an instance in zone a, another one on Fargate in zone b.",
        _sharing(
            "data",
            [{**_on("w1", "i-a1"), "launchType": "EC2"}, {**_in("w2", B), "launchType": "FARGATE"}],
            *look("w2", "/data"),
            *look("w2", "/data/answer.pdf", action="write"),
            *look("w1", "/data"),
            instances=HOSTS[:1],
        ),
    ),
    _preset(
        "target",
        "EFS, one mount target",
        "The file system has a mount target in zone a, and none in zone b.",
        _sharing(
            "data",
            _TWO_TASKS,
            *look("w2", "/data"),
            **_FARGATE,
            fileSystems=[{"fileSystemId": EFS_ID, "mountTargets": [{"availabilityZoneName": A}]}],
            service="web",
        ),
    ),
    _preset(
        "closed",
        "EFS, port closed",
        "Both zones have a mount target. That of zone b lets in sg-old, and the tasks carry sg-web.",
        _sharing(
            "data",
            _TWO_TASKS,
            *look("w2", "/data"),
            **_FARGATE,
            securityGroups=["sg-web"],
            fileSystems=[
                {
                    "fileSystemId": EFS_ID,
                    "mountTargets": [
                        {"availabilityZoneName": A, "admits": ["sg-web"]},
                        {"availabilityZoneName": B, "admits": ["sg-old"]},
                    ],
                }
            ],
            service="web",
        ),
    ),
    _preset(
        "s3",
        "S3 Files",
        "A bucket as a file system, for two Fargate tasks in two zones.",
        _sharing("bucket", _TWO_TASKS, *look("w2", "/bucket"), **_FARGATE, service="web"),
    ),
)

# How full Fargate's storage gets.


def _stored(image: float, layers: float, mounts: float, size: int | None = None) -> dict[str, Any]:
    task = definition("scratch")
    if size is not None:
        task["ephemeralStorage"] = {"sizeInGiB": size}
    use = {"imageGiB": image, "layersGiB": layers, "mountsGiB": mounts}
    return {"taskDefinition": task, "launchType": "FARGATE", "use": use}


STORAGE: tuple[Preset, ...] = (
    _preset("full", "Too much", "Nothing is said about the size. The files alone would fit.", _stored(8, 1, 12)),
    _preset("more", "Ask for 21", "The same task, with ephemeralStorage 21.", _stored(8, 1, 12, 21)),
    _preset("twenty", "Ask for 20", "It is the size that a task has anyway. See what AWS says.", _stored(6, 1, 9, 20)),
    _preset("large", "Ask for 200", "The most there is.", _stored(10, 5, 140, 200)),
)

# What can be attached where: a name, and the fields that every question of the table shares.

MATRICES: tuple[Preset, ...] = (
    _preset(
        "linux",
        "Linux containers",
        "Rows are volumes, columns are places to run.",
        {"operatingSystemFamily": "LINUX", "columns": ["FARGATE", "EC2", "MANAGED_INSTANCES", "EXTERNAL"]},
    ),
    _preset(
        "windows",
        "Windows containers",
        "Windows has no EFS, and one kind of volume that Linux has not.",
        {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE", "columns": ["FARGATE", "EC2"]},
    ),
)

# The sandbox.


def _zone_tasks(*names: tuple[str, str]) -> list[dict[str, Any]]:
    tasks: list[dict[str, Any]] = []
    for volume, instance in names:
        one: dict[str, Any] = {"task": volume, "service": volume, "ec2InstanceId": instance}
        one["taskDefinition"] = definition(volume, family=volume)
        if volume == "disk":
            one["volumeConfigurations"] = managed()
        tasks.append(one)
    return tasks


SANDBOX: tuple[Preset, ...] = (
    _preset(
        "fargate",
        "A bind mount on Fargate",
        "Two containers of one task share it; then the task is replaced.",
        {
            "launchType": "FARGATE",
            "availabilityZones": [A, B],
            "taskDefinition": definition("scratch", containers=("app", "log")),
            "service": "web",
            "tasks": [_in("web", A)],
            "events": [
                *look("web", "/scratch/order.pdf", action="write"),
                *look("web", "/scratch", container="log"),
                STOP,
                *look("web", "/scratch"),
            ],
        },
    ),
    _preset(
        "two",
        "Two tasks on Fargate",
        "Both mount a volume of the same name. See whether the second one finds what the first one wrote.",
        _sharing("scratch", _TWO_TASKS, *look("w2", "/scratch"), **_FARGATE, service="web"),
    ),
    _preset(
        "kept",
        "An EBS volume that is kept",
        "A standalone task, and deleteOnTermination is false. See whether the next run finds its data.",
        {
            "launchType": "FARGATE",
            "availabilityZones": [A, B],
            "taskDefinition": definition("disk"),
            "volumeConfigurations": managed(delete=False),
            "tasks": [_in("job", A)],
            "events": [
                *look("job", "/disk/result", action="write"),
                {"action": "stopTask", "task": "job"},
                {"action": "runTask", "task": "job-2", "like": "job"},
                *look("job-2", "/disk"),
            ],
        },
    ),
    _preset(
        "zone",
        "A zone is lost",
        "Three services wrote in zone a: to EFS, to EBS, and to a directory of the instance.",
        {
            "launchType": "EC2",
            "instances": HOSTS,
            "tasks": _zone_tasks(("data", "i-a1"), ("disk", "i-a2"), ("cache", "i-a1")),
            "events": [
                *look("data", "/data/report", action="write"),
                *look("disk", "/disk/table", action="write"),
                *look("cache", "/cache/index", action="write"),
                {"action": "loseZone", "availabilityZone": A},
                *look("data", "/data"),
                *look("disk", "/disk"),
                *look("cache", "/cache"),
            ],
        },
    ),
    _preset(
        "one-zone",
        "EFS One Zone",
        "The file system is in zone a alone. Then zone a is lost.",
        {
            "launchType": "FARGATE",
            "availabilityZones": [A, B],
            "fileSystems": [{"fileSystemId": EFS_ID, "availabilityZoneName": A}],
            "taskDefinition": definition("data"),
            "service": "web",
            "tasks": [_in("web", A)],
            "events": [
                *look("web", "/data/order.pdf", action="write"),
                {"action": "loseZone", "availabilityZone": A},
                *look("web", "/data"),
            ],
        },
    ),
    *(preset for preset in SHARING if preset.id in ("host", "target", "s3")),
)
