"""File systems in the network, and whether a task can mount one. Source: facts 3.6, 3.7, FSx types in 3.8."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.volumes.rules import VolumesRules
from simulator.volumes.volume import Kind, Volume

MOST_FILE_SYSTEMS = 20
MOST_ZONES = 20
MOST_GROUPS = 5
MULTI_AZ, SINGLE_AZ = "MULTI_AZ_1", ("SINGLE_AZ_1", "SINGLE_AZ_2")
_FIELDS = ("fileSystemId", "fileSystemArn", "availabilityZoneName", "deploymentType", "mountTargets")


@dataclass(frozen=True, slots=True, kw_only=True)
class MountTarget:
    """A mount target's zone, and the security groups it admits TCP 2049 from; None for every one."""

    zone: str
    admits: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSystem:
    """`zone` for one that lives in a single zone; `targets` None: one in each of its zones, open to the tasks."""

    id: str
    zone: str = ""
    targets: tuple[MountTarget, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MountProblem:
    """Why a task that may be registered does not start."""

    code: str
    message: str
    fix: str


def mount_problem(
    volume: Volume,
    system: FileSystem,
    *,
    zone: str,
    lost: Collection[str],
    groups: Sequence[str],
    allowed: frozenset[str],
    rules: VolumesRules,
    home: str,
) -> MountProblem | None:
    """Why the file system can not be mounted from that zone, or None.

    Parameters
    ----------
    groups : the security groups that the traffic comes from: the task's (awsvpc), or the instance's.
    allowed : actions that the task role allows; empty without one.
    home : the zone of the first task; only a belief asks for it.
    """
    found = _unreachable(volume, system, zone, lost, rules, home) or _refused(system, zone, groups, volume)
    if found is not None:
        return found
    service = "s3files" if volume.kind is Kind.S3_FILES else "elasticfilesystem"
    wants_iam = volume.kind is Kind.S3_FILES or volume.iam
    if wants_iam and f"{service}:ClientMount" not in allowed:
        return MountProblem(
            code="MOUNT_DENIED",
            message=f"The mount is made with the task role, and it does not allow {service}:ClientMount.",
            fix=f"Give the task definition a task role that allows {service}:ClientMount (and ClientWrite to write).",
        )
    return None


def may_write(volume: Volume, allowed: frozenset[str]) -> bool:
    """Whether the task role lets the containers write; without IAM on the mount nothing asks it."""
    if volume.kind is Kind.S3_FILES:
        return "s3files:ClientWrite" in allowed
    return not volume.iam or "elasticfilesystem:ClientWrite" in allowed


def read_file_systems(value: Any, path: str) -> tuple[FileSystem, ...]:
    """`fileSystems`: what the volumes name, as far as it differs from a Regional one with a mount target in each zone.

    Raises
    ------
    InputError
        For one without an id, with one that stands twice, or a single-zone one without its zone.
    """
    found: list[FileSystem] = []
    for i, entry in enumerate(reading.items(value, path, most=MOST_FILE_SYSTEMS)):
        system = _file_system(entry, f"{path}[{i}]")
        if system.id in [other.id for other in found]:
            where = f"{path}[{i}]"
            raise InputError(f"{where} is “{system.id}”, which stands there already; keep one.", path=where)
        found.append(system)
    return tuple(found)


def _unreachable(
    volume: Volume, system: FileSystem, zone: str, lost: Collection[str], rules: VolumesRules, home: str
) -> MountProblem | None:
    if system.zone and system.zone in lost:
        return MountProblem(
            code="FILE_SYSTEM_ZONE_LOST",
            message=f"{system.id} lives in {system.zone} alone, and that zone is lost.",
            fix=f"Use {_of_all_zones(volume)} for data that must outlive a zone.",
        )
    if rules.efs_scope == "zone" and volume.kind is Kind.EFS and home and zone != home:
        return MountProblem(
            code="MOUNT_NAME_UNRESOLVED",
            message=f"{system.id} is in {home}, and the task is in {zone}.",
            fix=f"Start the task in {home}.",
        )
    targets = {target.zone for target in system.targets} if system.targets is not None else None
    there = zone in targets if targets is not None else not system.zone or system.zone == zone
    if there or (rules.efs_any_mount_target and targets != set()):
        return None
    return MountProblem(
        code="MOUNT_NAME_UNRESOLVED",
        message=f"{_not_in(volume, system, zone)}, so its name does not resolve there and the task does not start"
        f"{_OBSERVED.get(volume.kind, '')}.",
        fix=f"Start tasks in {system.zone} only, or use {_of_all_zones(volume)}."
        if system.zone
        else f"Make a mount target in {zone}.",
    )


# The text was seen for EFS alone.
_OBSERVED = {Kind.EFS: " (ResourceInitializationError: failed to invoke EFS utils commands …)"}


def _not_in(volume: Volume, system: FileSystem, zone: str) -> str:
    if volume.kind is Kind.FSX_WINDOWS and system.zone:
        return f"{system.id} lives in {system.zone} alone and not in {zone}"
    return f"{system.id} has no mount target in {zone}"


def _of_all_zones(volume: Volume) -> str:
    """A file system of the same kind that outlives a zone."""
    return (
        f"a file system of deployment type {MULTI_AZ}" if volume.kind is Kind.FSX_WINDOWS else "a Regional file system"
    )


def _refused(system: FileSystem, zone: str, groups: Sequence[str], volume: Volume) -> MountProblem | None:
    if volume.kind is Kind.FSX_WINDOWS:
        return None  # the facts give the port of NFS only
    target = next((target for target in system.targets or () if target.zone == zone), None)
    if target is None or target.admits is None or set(target.admits) & set(groups):
        return None
    own = " or ".join(groups) or "the task"
    return MountProblem(
        code="MOUNT_TIMEOUT",
        message=f"The mount target in {zone} admits TCP 2049 from {', '.join(target.admits) or 'nowhere'}, not from "
        f"{own}: the mount times out.",
        fix=f"Let the mount target's security group admit TCP 2049 from {own}.",
    )


def _file_system(document: Any, path: str) -> FileSystem:
    document = reading.mapping(document, path)
    reading.known_fields(document, path, _FIELDS)
    named = [key for key in ("fileSystemId", "fileSystemArn") if document.get(key) is not None]
    if len(named) != 1:
        raise InputError(f"{path} must have either fileSystemId or fileSystemArn.", path=path)
    zone = document.get("availabilityZoneName")
    deployment = document.get("deploymentType", MULTI_AZ)
    reading.choice(deployment, f"{path}.deploymentType", (MULTI_AZ, *SINGLE_AZ))
    if deployment in SINGLE_AZ and zone is None:
        where = f"{path}.availabilityZoneName"
        raise InputError(f"{path} is {deployment} and has no availabilityZoneName; name its zone.", path=where)
    targets = document.get("mountTargets")
    return FileSystem(
        id=reading.name(document[named[0]], f"{path}.{named[0]}"),
        zone="" if zone is None else reading.name(zone, f"{path}.availabilityZoneName"),
        targets=None if targets is None else _targets(targets, f"{path}.mountTargets"),
    )


def _targets(value: Any, path: str) -> tuple[MountTarget, ...]:
    found: list[MountTarget] = []
    for i, entry in enumerate(reading.items(value, path, most=MOST_ZONES)):
        where = f"{path}[{i}]"
        entry = reading.mapping(entry, where)
        reading.known_fields(entry, where, ("availabilityZoneName", "admits"))
        zone = reading.name(entry.get("availabilityZoneName"), f"{where}.availabilityZoneName")
        if zone in [target.zone for target in found]:
            raise InputError(f"{where} is the second mount target in {zone}; a zone has one.", path=where)
        admits = entry.get("admits")
        found.append(MountTarget(zone=zone, admits=None if admits is None else read_groups(admits, f"{where}.admits")))
    return tuple(found)


def read_groups(value: Any, path: str) -> tuple[str, ...]:
    """A list of security group names."""
    entries = reading.items(value, path, most=MOST_GROUPS)
    return tuple(reading.name(group, f"{path}[{i}]") for i, group in enumerate(entries))
