"""What AWS documents about volumes, as values. The default of each field is AWS's.

A misconception is the same simulator with one field changed: `replace(RULES, efs_scope=EfsScope.ZONE)`.
In YAML it is written `rules: {efs_scope: zone}` and read by `rules_from_dict`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.rules import changed_fields, read


class Life(StrEnum):
    """How long the storage of a task lives."""

    WITH_TASK = "with_task"
    KEPT = "kept"  # the replacement finds it


class BindMountLife(StrEnum):
    """How long a bind mount without a sourcePath lives on an instance."""

    WITH_TASK = "with_task"
    WITH_INSTANCE = "with_instance"


class SharedBy(StrEnum):
    """Who sees one volume."""

    TASK = "task"
    SERVICE = "service"  # all tasks of the service


class EfsScope(StrEnum):
    """From where a Regional EFS file system can be used."""

    REGION = "region"
    ZONE = "zone"  # only from the zone of the first task


class Restart(StrEnum):
    """What a restart by restartPolicy starts."""

    SAME_CONTAINER = "same_container"
    FRESH_CONTAINER = "fresh_container"  # with an empty writable layer


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumesRules:
    """The whole set. Sources: facts 3.1 to 3.8."""

    fargate_storage: Life = Life.WITH_TASK  # ephemeral storage is gone when the task stops
    fargate_shared_by: SharedBy = SharedBy.TASK  # a bind mount on Fargate is never shared between tasks
    bind_mount_life: BindMountLife = BindMountLife.WITH_TASK  # without sourcePath, a new task begins empty
    host_paths_synced: bool = False  # a sourcePath is a directory of one instance
    docker_shared_spans_instances: bool = False  # scope shared is shared on one instance
    service_ebs: Life = Life.WITH_TASK  # the volume of a service's task is always deleted with it
    ebs_shared_by: SharedBy = SharedBy.TASK  # one volume, one task
    kept_ebs_reattached: bool = False  # ECS attaches new volumes only
    efs_scope: EfsScope = EfsScope.REGION
    efs_any_mount_target: bool = False  # a mount target is needed in the task's own zone
    s3_files_mountable: bool = True  # s3filesVolumeConfiguration exists
    restart: Restart = Restart.SAME_CONTAINER  # the agent starts the same container again


RULES = VolumesRules()


def rules_to_dict(rules: VolumesRules) -> dict[str, str | bool | int]:
    """Only the fields that differ from AWS's, so that the true rules are `{}`.

    >>> rules_to_dict(VolumesRules(efs_scope=EfsScope.ZONE))
    {'efs_scope': 'zone'}
    """
    return changed_fields(rules, RULES)


def rules_from_dict(document: Mapping[str, Any]) -> VolumesRules:
    """Read `{field: value}`; what is left out is AWS's.

    Raises
    ------
    InputError
        For a field or a value that does not exist, with the nearest name.

    >>> rules_from_dict({"service_ebs": "kept"}).service_ebs
    <Life.KEPT: 'kept'>
    """
    return read(RULES, document, "volumes")
