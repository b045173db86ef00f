"""`volumeConfigurations`: what a task's EBS volume may be. Source: facts 3.5."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator import reading
from simulator.errors import InputError

# Volume type -> least and most GiB.
SIZES = {
    "gp2": (1, 16_384),
    "gp3": (1, 16_384),
    "io1": (4, 16_384),
    "io2": (4, 16_384),
    "st1": (125, 16_384),
    "sc1": (125, 16_384),
    "standard": (1, 1_024),
}
FILE_SYSTEMS = ("ext3", "ext4", "xfs", "ntfs")
# Those of Linux and (True) of Windows, the default last (API:ServiceManagedEBSVolumeConfiguration).
FILE_SYSTEMS_OF = {False: ("ext3", "ext4", "xfs"), True: ("ntfs",)}
_FIELDS = ("roleArn", "sizeInGiB", "snapshotId", "volumeType", "filesystemType", "terminationPolicy", "encrypted")
_MORE = ("kmsKeyId", "iops", "throughput", "tagSpecifications", "volumeInitializationRate")


@dataclass(frozen=True, slots=True, kw_only=True)
class EbsLaunch:
    """The `managedEBSVolume` of one launch. `size` is None where a snapshot gives it."""

    path: str = "volumeConfigurations[0]"
    name: str = ""
    role: bool = True
    size: int | None = None
    volume_type: str = "gp3"
    file_system: str = ""
    snapshot: bool = False
    delete_on_termination: bool = True
    has_policy: bool = False


def read_launch(document: Any, path: str) -> EbsLaunch | None:
    """The one entry of `volumeConfigurations`; None where the launch has none.

    Raises
    ------
    InputError
        For a second entry, an unknown field, or a value of the wrong kind.
    """
    if document is None:
        return None
    entries = reading.items(document, path, most=1)
    if not entries:
        return None
    path = f"{path}[0]"
    entry = reading.mapping(entries[0], path)
    reading.known_fields(entry, path, ("name", "managedEBSVolume"))
    where = f"{path}.managedEBSVolume"
    ebs = reading.mapping(entry.get("managedEBSVolume", {}), where)
    reading.known_fields(ebs, where, (*_FIELDS, *_MORE))
    policy = ebs.get("terminationPolicy")
    termination = reading.mapping(policy if policy is not None else {}, f"{where}.terminationPolicy")
    reading.known_fields(termination, f"{where}.terminationPolicy", ("deleteOnTermination",))
    size, snapshot = ebs.get("sizeInGiB"), ebs.get("snapshotId")
    if size is None and snapshot is None:
        raise InputError(f"{where} has no sizeInGiB; give it, or a snapshotId.", path=f"{where}.sizeInGiB")
    return EbsLaunch(
        path=where,
        name=reading.name(entry.get("name"), f"{path}.name"),
        role=ebs.get("roleArn") is not None and bool(reading.text(ebs["roleArn"], f"{where}.roleArn", longest=2048)),
        size=None if size is None else reading.whole(size, f"{where}.sizeInGiB", low=0, high=10**6),
        volume_type=reading.choice(ebs.get("volumeType", "gp3"), f"{where}.volumeType", tuple(SIZES)),
        file_system=_file_system(ebs.get("filesystemType"), f"{where}.filesystemType"),
        snapshot=snapshot is not None and bool(reading.name(snapshot, f"{where}.snapshotId")),
        delete_on_termination=reading.flag(
            termination.get("deleteOnTermination", True), f"{where}.terminationPolicy.deleteOnTermination"
        ),
        has_policy=policy is not None,
    )


def _file_system(value: Any, path: str) -> str:
    return "" if value is None else reading.choice(value, path, FILE_SYSTEMS)
