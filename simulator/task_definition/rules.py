"""What RegisterTaskDefinition asks, as values: the default of each field is what AWS documents.

A misconception is the same validator with one field changed: `replace(RULES, host_ports=HostPorts.FREE)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.rules import changed_fields, read


class FargateSizes(StrEnum):
    """Which task sizes Fargate runs."""

    TABLE = "table"  # only the documented pairs of CPU and memory
    ANY_PAIR = "any_pair"


class FargateNetwork(StrEnum):
    """Which network modes a task for Fargate may have."""

    AWSVPC_ONLY = "awsvpc_only"
    ANY = "any"


class FargateVolumes(StrEnum):
    """Whether a task on Fargate can use what belongs to a host: a path of it, or a Docker volume."""

    NO_HOST = "no_host"
    LIKE_EC2 = "like_ec2"


class HostPorts(StrEnum):
    """The host port of a mapping with networkMode awsvpc or host."""

    MATCH = "match"  # left out, or equal to the container port
    FREE = "free"  # any other, as in bridge mode


class Roles(StrEnum):
    """Which role lets ECS itself pull images, write logs and read secrets."""

    SEPARATE = "separate"  # the execution role
    ONE_ROLE = "one_role"  # the task role does as well


class TaskSize(StrEnum):
    """Where `cpu` and `memory` of the task are required."""

    FARGATE = "fargate"
    EVERYWHERE = "everywhere"


class ContainerMemory(StrEnum):
    """Whether a container must say its memory when the task does not."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class ContainerSums(StrEnum):
    """Whether the containers' CPU and memory must fit into the task's."""

    WITHIN_TASK = "within_task"
    UNCHECKED = "unchecked"


class SecretNames(StrEnum):
    """Whether a secret may have the name of an environment variable."""

    UNIQUE = "unique"
    MAY_REPEAT = "may_repeat"


class PortProtocols(StrEnum):
    """Whether one container port may be exposed for tcp and for udp."""

    ONE = "one"
    BOTH = "both"


class Completes(StrEnum):
    """For which containers a dependency may wait until they have exited."""

    NOT_ESSENTIAL = "not_essential"
    ANY_CONTAINER = "any_container"


class HealthySource(StrEnum):
    """Which health check the condition HEALTHY asks."""

    TASK_DEFINITION = "task_definition"
    IMAGE_TOO = "image_too"  # the image's own HEALTHCHECK would do


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDefinitionRules:
    """The whole set. Sources: placement facts 5.1 to 5.7, platform facts 1.7, 2.1, 3.3 and 4."""

    fargate_sizes: FargateSizes = FargateSizes.TABLE  # 5.5
    fargate_network: FargateNetwork = FargateNetwork.AWSVPC_ONLY  # 5.1
    fargate_volumes: FargateVolumes = FargateVolumes.NO_HOST  # 5.6, platform 3.1
    host_ports: HostPorts = HostPorts.MATCH  # 5.3
    port_protocols: PortProtocols = PortProtocols.ONE  # 5.3
    roles: Roles = Roles.SEPARATE  # 5.1
    task_size: TaskSize = TaskSize.FARGATE  # 5.1
    container_memory: ContainerMemory = ContainerMemory.REQUIRED  # 5.2
    container_sums: ContainerSums = ContainerSums.WITHIN_TASK  # 5.2
    secret_names: SecretNames = SecretNames.UNIQUE  # platform 1.7
    completes: Completes = Completes.NOT_ESSENTIAL  # 5.4
    healthy_source: HealthySource = HealthySource.TASK_DEFINITION  # 5.2, 5.4
    essential_default: bool = True  # 5.2: what is left out is essential
    ephemeral_minimum: int = 21  # platform 3.3, GiB; 20 is what a task gets that does not ask


RULES = TaskDefinitionRules()


def rules_to_dict(rules: TaskDefinitionRules) -> dict[str, str | bool | int]:
    """Only the fields that differ from AWS's, so that the true rules are `{}`.

    >>> rules_to_dict(TaskDefinitionRules(essential_default=False))
    {'essential_default': False}
    """
    return changed_fields(rules, RULES)


def rules_from_dict(document: Mapping[str, Any]) -> TaskDefinitionRules:
    """Read `{field: value}`; what is left out is AWS's.

    Raises
    ------
    InputError
        For a field or a value that does not exist, with the nearest name.

    >>> rules_from_dict({"host_ports": "free"}).host_ports
    <HostPorts.FREE: 'free'>
    """
    return read(RULES, document, "task_definition", low=1, high=200)
