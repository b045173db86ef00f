"""AWS's network rules as values. The default of each field is what AWS documents.

A misconception is the same simulator with one field changed: `replace(RULES, filtering=Filtering.STATELESS)`.
In YAML it is written `rules: {filtering: stateless}` and read by `rules_from_dict`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.rules import changed_fields, read


class Filtering(StrEnum):
    """Whether a security group lets replies return by itself."""

    STATEFUL = "stateful"
    STATELESS = "stateless"  # a reply needs a rule of its own, both where it leaves and where it arrives


class GroupSource(StrEnum):
    """Whom a rule matches whose peer is a security group."""

    MEMBERS = "members"  # the private addresses of the interfaces that carry the group
    SUBNETS = "subnets"  # everything in the subnets in which a member lives
    INHERITED = "inherited"  # whomever the named group's own rules admit


class NatPlace(StrEnum):
    """In which subnet a NAT gateway works."""

    PUBLIC_SUBNET = "public_subnet"
    ANY_SUBNET = "any_subnet"


class PublicAddress(StrEnum):
    """Whether an interface in a public subnet needs a public address of its own."""

    NEEDED = "needed"
    SUBNET_IS_ENOUGH = "subnet_is_enough"


class TaskEniAddress(StrEnum):
    """Which public address an awsvpc task on EC2 has."""

    NONE = "none"
    OF_INSTANCE = "of_instance"


class AwsvpcTargets(StrEnum):
    """Which target groups take awsvpc tasks."""

    IP = "ip"
    IP_OR_INSTANCE = "ip_or_instance"


class EcrEndpoints(StrEnum):
    """What a pull from a private ECR repository reaches out for."""

    API_DKR_S3 = "api_dkr_s3"
    API_DKR = "api_dkr"  # "the layers come from ecr.dkr"
    API = "api"


class DynamicPort(StrEnum):
    """Which host port hostPort 0 stands for."""

    EPHEMERAL = "ephemeral"
    CONTAINER_PORT = "container_port"


class PrimaryEni(StrEnum):
    """Whether the instance's own network interface counts against its limit."""

    COUNTS = "counts"
    FREE = "free"


class Trunking(StrEnum):
    """To which instances the awsvpcTrunking setting applies."""

    NEW_INSTANCES = "new_instances"
    ALL_INSTANCES = "all_instances"  # to running ones at once


class NlbGroups(StrEnum):
    """What the security groups of a Network Load Balancer do."""

    FILTER = "filter"
    IGNORED = "ignored"


class ClientAddress(StrEnum):
    """Whose address a target of a Network Load Balancer sees."""

    BY_TARGET_GROUP = "by_target_group"  # by preserve-client-IP and its default
    LOAD_BALANCER = "load_balancer"
    CLIENT = "client"


class TargetPort(StrEnum):
    """On which port the load balancer connects to a target."""

    REGISTERED = "registered"
    LISTENER = "listener"


class Puller(StrEnum):
    """Whose interface pulls images and fetches secrets."""

    BY_LAUNCH_TYPE = "by_launch_type"  # the task's on Fargate, the instance's elsewhere
    TASK = "task"


class EndpointGroups(StrEnum):
    """What the security groups of an interface endpoint do."""

    FILTER = "filter"
    IGNORED = "ignored"


class AgentPorts(StrEnum):
    """Whether the ports that every instance keeps for itself can be given to a task."""

    RESERVED = "reserved"
    FREE = "free"


class AwsvpcPorts(StrEnum):
    """Where the port of an awsvpc task lives."""

    TASK_ENI = "task_eni"
    INSTANCE = "instance"  # so a second task with the same port collides


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRules:
    """The whole set. Sources: platform facts 2.1 to 2.7 and 2.9."""

    filtering: Filtering = Filtering.STATEFUL
    group_source: GroupSource = GroupSource.MEMBERS
    nat_place: NatPlace = NatPlace.PUBLIC_SUBNET
    public_address: PublicAddress = PublicAddress.NEEDED
    task_eni_address: TaskEniAddress = TaskEniAddress.NONE
    awsvpc_targets: AwsvpcTargets = AwsvpcTargets.IP
    ecr_endpoints: EcrEndpoints = EcrEndpoints.API_DKR_S3
    dynamic_port: DynamicPort = DynamicPort.EPHEMERAL
    primary_eni: PrimaryEni = PrimaryEni.COUNTS
    trunking: Trunking = Trunking.NEW_INSTANCES
    nlb_groups: NlbGroups = NlbGroups.FILTER
    client_address: ClientAddress = ClientAddress.BY_TARGET_GROUP
    target_port: TargetPort = TargetPort.REGISTERED
    puller: Puller = Puller.BY_LAUNCH_TYPE
    endpoint_groups: EndpointGroups = EndpointGroups.FILTER
    agent_ports: AgentPorts = AgentPorts.RESERVED
    awsvpc_ports: AwsvpcPorts = AwsvpcPorts.TASK_ENI


RULES = NetworkRules()


def rules_to_dict(rules: NetworkRules) -> dict[str, str | bool | int]:
    """Only the fields that differ from AWS's, so that the true rules are `{}`.

    >>> rules_to_dict(NetworkRules(filtering=Filtering.STATELESS))
    {'filtering': 'stateless'}
    """
    return changed_fields(rules, RULES)


def rules_from_dict(document: Mapping[str, Any]) -> NetworkRules:
    """Read `{field: value}`; what is left out is AWS's.

    Raises
    ------
    InputError
        For a field or a value that does not exist, with the nearest name.

    >>> rules_from_dict({"filtering": "stateless"}).filtering
    <Filtering.STATELESS: 'stateless'>
    """
    return read(RULES, document, "network")
