"""Rules about volumes and the containers that mount them (facts 5.6, 5.7; platform facts 3.1 to 3.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from simulator.reading import shown
from simulator.task_definition.definition import Definition, called, first_word, opening
from simulator.task_definition.finding import Check, Found, removal, setting
from simulator.task_definition.names import is_name
from simulator.task_definition.part import NOTHING, Part, flag, inner, number, parts, spot, text
from simulator.task_definition.rules import FargateVolumes

LEAST_STORAGE_SET, MOST_STORAGE, DEFAULT_STORAGE = 21, 200, 20  # GiB
MOST_OFFERED = 5
KINDS = (
    "host",
    "dockerVolumeConfiguration",
    "efsVolumeConfiguration",
    "s3filesVolumeConfiguration",
    "fsxWindowsFileServerVolumeConfiguration",
    "configuredAtLaunch",
)
_S3FILES = re.compile(r"arn:[a-z0-9-]+:s3files:[^:]*:[^:]*:.+")
_WHERE = {"FARGATE": "Fargate", "EXTERNAL": "external instances", "MANAGED_INSTANCES": "Managed Instances"}
# Where a kind of volume can not be attached (platform facts 3.1); Fargate's two are rules of their own.
_REFUSED = {
    "dockerVolumeConfiguration": ("MANAGED_INSTANCES",),
    "efsVolumeConfiguration": ("EXTERNAL",),
    "s3filesVolumeConfiguration": ("EXTERNAL",),
    "fsxWindowsFileServerVolumeConfiguration": ("FARGATE", "MANAGED_INSTANCES", "EXTERNAL"),
    "configuredAtLaunch": ("EXTERNAL",),
}
_WORDS = {
    "host": "a bind mount",
    "dockerVolumeConfiguration": "a Docker volume",
    "efsVolumeConfiguration": "EFS",
    "s3filesVolumeConfiguration": "S3 Files",
    "fsxWindowsFileServerVolumeConfiguration": "FSx for Windows File Server",
    "configuredAtLaunch": "an EBS volume",
}


def volume_words(volume: Part) -> str:
    """What kind of volume this is, in words."""
    given = _kinds(volume)
    return _WORDS[given[0]] if given else _WORDS["host"]


def _kinds(volume: Part) -> list[str]:
    """The kinds that a volume gives; configuredAtLaunch false is none."""
    return [
        kind
        for kind in KINDS
        if kind in volume.given and not (kind == "configuredAtLaunch" and volume.fields.get(kind) is False)
    ]


def _called(volume: Part) -> str:
    name = text(volume, "name")
    return f"volume {shown(name)}" if name else f"volumes[{volume.at[-1]}]"


def _names(definition: Definition) -> Iterator[Found]:
    first: dict[str, Part] = {}
    for volume in definition.volumes:
        name = text(volume, "name")
        if "name" not in volume.given:
            message = f"volumes[{volume.at[-1]}] has no name, and containers mount a volume by its name."
            yield Found(at=spot(volume, "name"), message=message, fix="Give the volume a name.")
        elif name is not None and not is_name(name):
            message = f"The volume's name is {shown(name)}, and it has 1 to 255 letters, digits, - and _."
            yield Found(at=spot(volume, "name"), message=message, fix="Choose a name of that form.")
        elif name is not None and first.setdefault(name, volume) is not volume:
            message = f"Two volumes are called {shown(name)}, and a mount point must know which."
            yield Found(at=spot(volume, "name"), message=message, fix="Rename one of them, and the mount points of it.")


def _one_kind(definition: Definition) -> Iterator[Found]:
    for volume in definition.volumes:
        given = _kinds(volume)
        if len(given) > 1:
            both = " and ".join(_WORDS[kind] for kind in given)
            message = f"{first_word(_called(volume))} is {both} at once, and a volume is one of them."
            yield Found(at=volume.at, message=message, fix=f"Keep one of {', '.join(given)}.")


def _source_path(definition: Definition) -> Iterator[Found]:
    if not definition.fargate or definition.rules.fargate_volumes is FargateVolumes.LIKE_EC2:
        return
    for volume in definition.volumes:
        host = inner(volume, "host")
        if host and text(host, "sourcePath"):
            at = spot(host, "sourcePath")
            yield Found(
                at=at,
                message=f"On Fargate there is no host to name a path of: {_called(volume)} has "
                f"{shown(text(host, 'sourcePath'))}.",
                fix="Leave sourcePath out; the bind mount then lives on the task's ephemeral storage.",
                change=(removal(at),),
            )


def _docker_on_fargate(definition: Definition) -> Iterator[Found]:
    if not definition.fargate or definition.rules.fargate_volumes is FargateVolumes.LIKE_EC2:
        return
    for volume in definition.volumes:
        if "dockerVolumeConfiguration" in volume.given:
            at = spot(volume, "dockerVolumeConfiguration")
            yield Found(
                at=at,
                message=f"Fargate has no Docker volumes, and {_called(volume)} is one.",
                fix="Take it out, which leaves a bind mount for the containers of the task, or use EFS to keep data.",
                change=(removal(at),),
            )


def _launch_types(definition: Definition) -> Iterator[Found]:
    for volume in definition.volumes:
        for kind, refused in _REFUSED.items():
            where = [_WHERE[one] for one in refused if one in definition.launch_types]
            if where and kind in _kinds(volume):
                message = f"{_WORDS[kind][0].upper()}{_WORDS[kind][1:]} does not go with {' and '.join(where)}, and "
                message += f"{_called(volume)} is that."
                yield Found(at=spot(volume, kind), message=message, fix="Use another kind of volume there.")


def _system(definition: Definition) -> Iterator[Found]:
    for volume in definition.volumes:
        given = _kinds(volume)
        for kind in ("efsVolumeConfiguration", "s3filesVolumeConfiguration"):
            if kind in given and definition.windows:
                message = f"{_WORDS[kind]} goes with Linux containers only, and {_called(volume)} is that."
                yield Found(at=spot(volume, kind), message=message, fix="Use FSx for Windows File Server on EC2.")
        if "fsxWindowsFileServerVolumeConfiguration" in given and definition.windows is False:
            at = spot(volume, "fsxWindowsFileServerVolumeConfiguration")
            message = f"FSx for Windows File Server goes with Windows containers, and {_called(volume)} is that."
            yield Found(at=at, message=message, fix="Use EFS for Linux containers.")
        if "configuredAtLaunch" in given and definition.windows and definition.fargate:
            message = f"EBS volumes go with Windows on EC2 only, and {_called(volume)} is one for Fargate."
            yield Found(at=spot(volume, "configuredAtLaunch"), message=message, fix="Take it out, or run on EC2.")
        docker = inner(volume, "dockerVolumeConfiguration")
        if docker and definition.windows and text(docker, "driver") not in (None, "local"):
            message = f"Windows takes the driver local only, and {_called(volume)} has {shown(text(docker, 'driver'))}."
            at = spot(docker, "driver")
            yield Found(at=at, message=message, fix="Write local.", change=(setting(at, "local"),))


def _ebs_count(definition: Definition) -> Iterator[Found]:
    launched = [volume for volume in definition.volumes if flag(volume, "configuredAtLaunch")]
    for volume in launched[1:]:
        at = spot(volume, "configuredAtLaunch")
        message = f"Only one volume of a revision is configured at launch, and {_called(launched[0])} is it already."
        yield Found(at=at, message=message, fix="Take configuredAtLaunch out.", change=(removal(at),))


def _access_point_root(definition: Definition) -> Iterator[Found]:
    for volume in definition.volumes:
        efs, s3files = (inner(volume, kind) for kind in ("efsVolumeConfiguration", "s3filesVolumeConfiguration"))
        authorization = inner(efs or NOTHING, "authorizationConfig") or NOTHING
        for part, point in (
            (efs, text(authorization, "accessPointId")),
            (s3files, text(s3files or NOTHING, "accessPointArn")),
        ):
            root = text(part, "rootDirectory") if part else None
            if part and point and root not in (None, "", "/"):
                at = spot(part, "rootDirectory")
                yield Found(
                    at=at,
                    message=f"rootDirectory is {shown(root)}, and the access point of {_called(volume)} sets the root.",
                    fix="Leave rootDirectory out, or write /.",
                    change=(removal(at),),
                )


def _transit(definition: Definition) -> Iterator[Found]:
    for volume in definition.volumes:
        efs = inner(volume, "efsVolumeConfiguration")
        authorization = inner(efs, "authorizationConfig") if efs else None
        if not efs or not authorization:
            continue
        why = [
            words
            for words, holds in (
                ("iam is ENABLED", text(authorization, "iam") == "ENABLED"),
                ("an access point is used", bool(text(authorization, "accessPointId"))),
            )
            if holds
        ]
        unread = "transitEncryption" in efs.given and "transitEncryption" not in efs.fields
        if why and not unread and text(efs, "transitEncryption") != "ENABLED":
            at = spot(efs, "transitEncryption")
            yield Found(
                at=at,
                message=f"With {_called(volume)} {' and '.join(why)}, so transitEncryption must be ENABLED; left "
                "out it is DISABLED.",
                fix="Write ENABLED.",
                change=(setting(at, "ENABLED"),),
            )


def _s3files_arn(definition: Definition) -> Iterator[Found]:
    for volume in definition.volumes:
        part = inner(volume, "s3filesVolumeConfiguration")
        for name in ("fileSystemArn", "accessPointArn"):
            written = text(part, name) if part else None
            if part and written is not None and not _S3FILES.fullmatch(written):
                message = f"{name} is {shown(written)}, and it is the full ARN of S3 Files; a bucket is no volume."
                fix = "Write it such as arn:aws:s3files:eu-west-1:111122223333:file-system/fs-0123456789abcdef0."
                yield Found(at=spot(part, name), message=message, fix=fix)


def _s3files_on_ec2(definition: Definition) -> Iterator[Found]:
    if "EC2" in definition.launch_types:
        for volume in definition.volumes:
            if "s3filesVolumeConfiguration" in volume.given:
                message = (
                    "S3 Files on the EC2 launch type: the guide says not yet, the agent since 1.104.0 has the code."
                )
                at = spot(volume, "s3filesVolumeConfiguration")
                yield Found(at=at, message=message, fix="Try it with a current agent, or run on Fargate.")


def _autoprovision(definition: Definition) -> Iterator[Found]:
    for volume in definition.volumes:
        docker = inner(volume, "dockerVolumeConfiguration")
        if docker and flag(docker, "autoprovision") and text(docker, "scope") != "shared":
            message = f"autoprovision of {_called(volume)} says something for the scope shared only."
            yield Found(at=spot(docker, "autoprovision"), message=message, fix="Take it out, or write scope shared.")


def _mounts(definition: Definition) -> Iterator[Found]:
    names = {text(volume, "name") for volume in definition.volumes}
    for container in definition.containers:
        for mount in parts(container, "mountPoints"):
            source = text(mount, "sourceVolume")
            if source is not None and source not in names:
                message = f"{opening(container)} mounts {shown(source)}, and the task has no volume of that name."
                yield Found(
                    at=spot(mount, "sourceVolume"), message=message, fix=f"Add it to volumes, {_there(definition)}."
                )
            for name in ("sourceVolume", "containerPath"):
                if name not in mount.given:
                    message = f"A mount point of {called(container)} has no {name}."
                    yield Found(at=spot(mount, name), message=message, fix="Say which volume is mounted, and where.")


def _there(definition: Definition) -> str:
    names = (text(volume, "name") for volume in definition.volumes[:MOST_OFFERED])
    known = [shown(name) for name in names if name]
    return f"or mount {' or '.join(known)}" if known else "which names none so far"


def _volumes_from(definition: Definition) -> Iterator[Found]:
    names = {text(container, "name") for container in definition.containers}
    for container in definition.containers:
        for entry in parts(container, "volumesFrom"):
            source = text(entry, "sourceContainer")
            if source is not None and (source not in names or source == text(container, "name")):
                message = f"{opening(container)} takes the volumes of {shown(source)}, no other container of the task."
                yield Found(
                    at=spot(entry, "sourceContainer"), message=message, fix="Name another container of the task."
                )


def _unused(definition: Definition) -> Iterator[Found]:
    used = {text(mount, "sourceVolume") for one in definition.containers for mount in parts(one, "mountPoints")}
    for volume in definition.volumes:
        name = text(volume, "name")
        if name and name not in used:
            message = f"No container mounts {_called(volume)}."
            yield Found(at=volume.at, message=message, fix="Give a container a mount point for it, or take it out.")


def _ephemeral_size(definition: Definition) -> Iterator[Found]:
    storage = inner(definition.top, "ephemeralStorage")
    size = number(storage, "sizeInGiB") if storage else None
    least = definition.rules.ephemeral_minimum
    if not storage or size is None or least <= size <= MOST_STORAGE:
        return
    at = spot(storage, "sizeInGiB")
    if size == DEFAULT_STORAGE:
        fix, change = "Leave ephemeralStorage out: 20 GiB is what a task gets then.", removal(storage.at)
    else:
        near = least if size < least else MOST_STORAGE
        fix, change = f"Write {near}, the nearest.", setting(at, near)
    message = f"Ephemeral storage of {size} GiB can not be asked for: {least} to {MOST_STORAGE} GiB can."
    yield Found(at=at, message=message, fix=fix, change=(change,))


def _ephemeral_elsewhere(definition: Definition) -> Iterator[Found]:
    if definition.launch_types and not definition.fargate:
        yield from _only_fargate(definition)


def _ephemeral_unasked(definition: Definition) -> Iterator[Found]:
    if not definition.launch_types:
        yield from _only_fargate(definition)


def _only_fargate(definition: Definition) -> Iterator[Found]:
    if "ephemeralStorage" in definition.top.given:
        at = spot(definition.top, "ephemeralStorage")
        message = "ephemeralStorage is Fargate's; on an instance a bind mount has the room of the instance's disk."
        yield Found(at=at, message=message, fix="Take it out.", change=(removal(at),))


CHECKS = (
    Check(rule="volume-name", source="API:Volume", find=_names),
    Check(rule="volume-kind", source="API:Volume", find=_one_kind),
    Check(
        rule="fargate-source-path",
        source="API:HostVolumeProperties",
        find=_source_path,
        aws="Fargate compatible task definitions do not support sourcePath",
    ),
    Check(
        rule="fargate-docker-volume",
        source="API:DockerVolumeConfiguration",
        find=_docker_on_fargate,
        aws="Fargate compatible task definitions do not support dockerVolumeConfiguration",
    ),
    Check(rule="volume-launch-type", source="DG:using_data_volumes", find=_launch_types),
    Check(rule="volume-system", source="DG:using_data_volumes", find=_system),
    Check(rule="ebs-volume-count", source="API:Volume", find=_ebs_count),
    Check(rule="access-point-root", source="API:EFSVolumeConfiguration", find=_access_point_root),
    Check(rule="efs-transit-encryption", source="API:EFSVolumeConfiguration", find=_transit),
    Check(rule="s3files-arn", source="API:S3FilesVolumeConfiguration", find=_s3files_arn),
    Check(rule="s3files-on-ec2", source="DG:s3files-volumes", find=_s3files_on_ec2, warns=True, is_open=True),
    Check(
        rule="autoprovision-scope",
        source="API:DockerVolumeConfiguration",
        find=_autoprovision,
        warns=True,
        is_open=True,
    ),
    Check(rule="mount-point", source="API:MountPoint", find=_mounts),
    Check(rule="volumes-from", source="API:VolumeFrom", find=_volumes_from),
    Check(rule="volume-unused", source="API:MountPoint", find=_unused, warns=True),
    Check(rule="ephemeral-storage-size", source="API:EphemeralStorage", find=_ephemeral_size),
    Check(rule="ephemeral-storage-off-fargate", source="API:EphemeralStorage", find=_ephemeral_elsewhere, is_open=True),
    Check(rule="ephemeral-storage-unused", source="API:EphemeralStorage", find=_ephemeral_unasked, warns=True),
)
