"""A task definition as volumes see it: its volumes, who mounts them where, its storage. Source: facts 3.1, 3.6, 3.7.

Only the fields that concern volumes are read; every other field of the real document may be there. What AWS refuses
is not refused here but in `attach`, all at once; here only what is no such document at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.volumes.restart import RestartPolicy, read_policy

MOST_VOLUMES = 50
MOST_CONTAINERS = 10
MOST_GIB = 65_536
NO_POLICY = RestartPolicy()


class Kind(StrEnum):
    """What a volume is; `WRITABLE_LAYER` is where a container writes that mounts nothing there."""

    WRITABLE_LAYER = "writable layer"
    BIND_MOUNT = "bind mount"
    HOST_PATH = "bind mount with sourcePath"
    DOCKER_TASK = "Docker volume, scope task"
    DOCKER_SHARED = "Docker volume, scope shared"
    EBS = "EBS volume"
    EFS = "EFS file system"
    S3_FILES = "S3 Files file system"
    FSX_WINDOWS = "FSx for Windows file system"


NETWORK_KINDS = frozenset({Kind.EFS, Kind.S3_FILES, Kind.FSX_WINDOWS})
SOURCES = {
    "host": Kind.BIND_MOUNT,
    "dockerVolumeConfiguration": Kind.DOCKER_TASK,
    "efsVolumeConfiguration": Kind.EFS,
    "s3filesVolumeConfiguration": Kind.S3_FILES,
    "fsxWindowsFileServerVolumeConfiguration": Kind.FSX_WINDOWS,
    "configuredAtLaunch": Kind.EBS,
}
_CONFIGURATION = {
    Kind.DOCKER_TASK: ("scope", "autoprovision", "driver", "driverOpts", "labels"),
    Kind.EFS: ("fileSystemId", "rootDirectory", "transitEncryption", "transitEncryptionPort", "authorizationConfig"),
    Kind.S3_FILES: ("fileSystemArn", "rootDirectory", "transitEncryptionPort", "accessPointArn"),
    Kind.FSX_WINDOWS: ("fileSystemId", "rootDirectory", "authorizationConfig"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """One entry of `volumes`. `path` is where it stands in the document, `sources` which configurations it has."""

    name: str
    kind: Kind
    path: str = ""
    sources: tuple[str, ...] = ()
    source_path: str = ""
    driver: str = "local"
    autoprovision: bool = False
    autoprovision_with_task: bool = False
    file_system: str = ""
    root: str = "/"
    transit_encryption: bool = False
    iam: bool = False
    access_point: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MountPoint:
    """Where a container sees a volume."""

    volume: str
    path: str
    read_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """A container's mounts, and what happens when it exits."""

    name: str
    mounts: tuple[MountPoint, ...] = ()
    essential: bool = True
    restart: RestartPolicy = NO_POLICY


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """The part of a task definition that concerns storage. `path` is where it stands in the document."""

    path: str = "taskDefinition"
    volumes: tuple[Volume, ...] = ()
    containers: tuple[Container, ...] = (Container(name="app"),)
    ephemeral: int | None = None
    task_role: bool = False
    family: str = ""  # the operatingSystemFamily, "" where the document has none

    @property
    def is_windows(self) -> bool:
        """Whether its containers are Windows containers."""
        return self.family.startswith("WINDOWS")


def read_definition(document: Any, path: str = "taskDefinition") -> Definition:
    """Volumes, mounts and storage of a real task definition.

    Raises
    ------
    InputError
        For values of the wrong kind, unknown fields inside `volumes` and mounts, and a name that stands twice.
    """
    document = reading.mapping(document, path)
    entries = reading.items(document.get("volumes", []), f"{path}.volumes", most=MOST_VOLUMES)
    volumes = tuple(read_volume(entry, f"{path}.volumes[{i}]") for i, entry in enumerate(entries))
    _refuse_twice([volume.name for volume in volumes], f"{path}.volumes")
    platform = reading.mapping(document.get("runtimePlatform", {}), f"{path}.runtimePlatform")
    family = platform.get("operatingSystemFamily", "")
    return Definition(
        path=path,
        volumes=volumes,
        containers=_containers(document.get("containerDefinitions", [{"name": "app"}]), f"{path}.containerDefinitions"),
        ephemeral=_ephemeral(document.get("ephemeralStorage"), f"{path}.ephemeralStorage"),
        task_role=document.get("taskRoleArn") is not None and bool(_role(document["taskRoleArn"], path)),
        family=read_family(family, f"{path}.runtimePlatform.operatingSystemFamily") if family != "" else "",
    )


def read_family(value: Any, path: str) -> str:
    """An operatingSystemFamily: LINUX, or one that begins with WINDOWS."""
    family = reading.text(value, path, longest=64)
    if family != "LINUX" and not family.startswith("WINDOWS"):
        raise InputError(
            f"{path} must be LINUX or a family that begins with WINDOWS, such as WINDOWS_SERVER_2022_CORE, not "
            f"{reading.shown(family)}.",
            path=path,
        )
    return family


def read_volume(document: Any, path: str) -> Volume:
    """One entry of `volumes`, as AWS writes it. Nothing but a name is a bind mount."""
    document = reading.mapping(document, path)
    reading.known_fields(document, path, ("name", *SOURCES))
    name = reading.name(document.get("name", "data"), f"{path}.name")
    if "configuredAtLaunch" in document:
        reading.flag(document["configuredAtLaunch"], f"{path}.configuredAtLaunch")
    sources = tuple(key for key in SOURCES if document.get(key) not in (None, False))
    kind = SOURCES[sources[0]] if sources else Kind.BIND_MOUNT
    base = Volume(name=name, kind=kind, path=path, sources=sources)
    if not sources or kind is Kind.EBS:
        return base
    where = f"{path}.{sources[0]}"
    configuration = reading.mapping(document[sources[0]], where)
    if kind is Kind.BIND_MOUNT:
        return _host(base, configuration, where)
    reading.known_fields(configuration, where, _CONFIGURATION[kind])
    return _docker(base, configuration, where) if kind is Kind.DOCKER_TASK else _network(base, configuration, where)


def _host(base: Volume, configuration: Mapping[str, Any], path: str) -> Volume:
    reading.known_fields(configuration, path, ("sourcePath",))
    if configuration.get("sourcePath") is None:
        return base
    source = reading.text(configuration["sourcePath"], f"{path}.sourcePath")
    return replace(base, kind=Kind.HOST_PATH, source_path=source.rstrip("/") or "/")


def _docker(base: Volume, configuration: Mapping[str, Any], path: str) -> Volume:
    scope = reading.choice(configuration.get("scope", "task"), f"{path}.scope", ("task", "shared"))
    automatic = reading.flag(configuration.get("autoprovision", False), f"{path}.autoprovision")
    for name in ("driverOpts", "labels"):
        reading.mapping(configuration.get(name, {}), f"{path}.{name}")
    return replace(
        base,
        kind=Kind.DOCKER_SHARED if scope == "shared" else Kind.DOCKER_TASK,
        driver=reading.text(configuration.get("driver", "local"), f"{path}.driver"),
        autoprovision=automatic and scope == "shared",
        autoprovision_with_task=automatic and scope == "task",
    )


def _network(base: Volume, configuration: Mapping[str, Any], path: str) -> Volume:
    key = "fileSystemArn" if base.kind is Kind.S3_FILES else "fileSystemId"
    if configuration.get(key) is None:
        raise InputError(f"{path} has no {key}; name the file system.", path=f"{path}.{key}")
    if configuration.get("transitEncryptionPort") is not None:
        reading.whole(configuration["transitEncryptionPort"], f"{path}.transitEncryptionPort", low=0, high=65_535)
    allowed = ("accessPointId", "iam") if base.kind is Kind.EFS else ("credentialsParameter", "domain")
    authorization = reading.mapping(configuration.get("authorizationConfig", {}), f"{path}.authorizationConfig")
    reading.known_fields(authorization, f"{path}.authorizationConfig", allowed)
    onoff = ("ENABLED", "DISABLED")
    encryption = configuration.get("transitEncryption", "DISABLED")
    iam = authorization.get("iam", "DISABLED")
    root = reading.text(configuration.get("rootDirectory", "/"), f"{path}.rootDirectory")
    return replace(
        base,
        file_system=reading.name(configuration[key], f"{path}.{key}"),
        root="/" + root.strip("/\\"),
        transit_encryption=reading.choice(encryption, f"{path}.transitEncryption", onoff) == "ENABLED",
        iam=reading.choice(iam, f"{path}.authorizationConfig.iam", onoff) == "ENABLED",
        access_point=(authorization.get("accessPointId") or configuration.get("accessPointArn")) is not None,
    )


def _containers(value: Any, path: str) -> tuple[Container, ...]:
    entries = reading.items(value, path, most=MOST_CONTAINERS)
    if not entries:
        raise InputError(f"{path} is empty; a task definition has at least one container.", path=path)
    documents = [reading.mapping(entry, f"{path}[{i}]") for i, entry in enumerate(entries)]
    names = [reading.name(document.get("name"), f"{path}[{i}].name") for i, document in enumerate(documents)]
    _refuse_twice(names, path)
    own = {
        name: _mount_points(document.get("mountPoints", []), f"{path}[{i}].mountPoints")
        for i, (name, document) in enumerate(zip(names, documents, strict=True))
    }
    return tuple(
        Container(
            name=name,
            mounts=own[name] + _copied(document.get("volumesFrom", []), own, f"{path}[{i}].volumesFrom"),
            essential=reading.flag(document.get("essential", True), f"{path}[{i}].essential"),
            restart=read_policy(document.get("restartPolicy"), f"{path}[{i}].restartPolicy"),
        )
        for i, (name, document) in enumerate(zip(names, documents, strict=True))
    )


def _mount_points(value: Any, path: str) -> tuple[MountPoint, ...]:
    found: list[MountPoint] = []
    for i, entry in enumerate(reading.items(value, path, most=MOST_VOLUMES)):
        where = f"{path}[{i}]"
        entry = reading.mapping(entry, where)
        reading.known_fields(entry, where, ("sourceVolume", "containerPath", "readOnly"))
        inside = reading.text(entry.get("containerPath"), f"{where}.containerPath")
        found.append(
            MountPoint(
                volume=reading.name(entry.get("sourceVolume"), f"{where}.sourceVolume"),
                path=inside.rstrip("/") or "/",
                read_only=reading.flag(entry.get("readOnly", False), f"{where}.readOnly"),
            )
        )
    return tuple(found)


def _copied(value: Any, own: Mapping[str, tuple[MountPoint, ...]], path: str) -> tuple[MountPoint, ...]:
    """The mounts that `volumesFrom` takes from other containers."""
    found: list[MountPoint] = []
    for i, entry in enumerate(reading.items(value, path, most=MOST_CONTAINERS)):
        where = f"{path}[{i}]"
        entry = reading.mapping(entry, where)
        reading.known_fields(entry, where, ("sourceContainer", "readOnly"))
        source = reading.choice(entry.get("sourceContainer"), f"{where}.sourceContainer", list(own))
        read_only = reading.flag(entry.get("readOnly", False), f"{where}.readOnly")
        found += [
            MountPoint(volume=mount.volume, path=mount.path, read_only=mount.read_only or read_only)
            for mount in own[source]
        ]
    return tuple(found)


def _ephemeral(value: Any, path: str) -> int | None:
    if value is None:
        return None
    value = reading.mapping(value, path)
    reading.known_fields(value, path, ("sizeInGiB",))
    return reading.whole(value.get("sizeInGiB"), f"{path}.sizeInGiB", low=0, high=MOST_GIB)


def _role(value: Any, path: str) -> str:
    return reading.text(value, f"{path}.taskRoleArn", longest=2048)


def _refuse_twice(names: Sequence[str], path: str) -> None:
    for i, name in enumerate(names):
        if name in names[:i]:
            where = f"{path}[{i}].name"
            raise InputError(f"{where} is “{name}”, which stands there already; give it another name.", path=where)
