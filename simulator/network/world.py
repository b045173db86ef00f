"""The VPC out of a document: sections of things by their ids, each checked, each with its defaults."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, TypeVar

from simulator import reading
from simulator.errors import InputError
from simulator.network import defaults
from simulator.network.addresses import VPC, Cidr, cidr_of
from simulator.network.balancing import read_balancer, read_target_group
from simulator.network.computing import read_instance, read_task
from simulator.network.model import IGW, NO_ROUTE, Endpoint, NatGateway, SecurityGroup, Subnet, World
from simulator.network.security_rules import EGRESS, INGRESS, known, known_all, read_rules
from simulator.network.services import GATEWAY_SERVICES, SERVICES

MOST = {
    "securityGroups": 60,
    "subnets": 40,
    "natGateways": 10,
    "vpcEndpoints": 30,
    "loadBalancers": 10,
    "targetGroups": 20,
    "instances": 40,
    "tasks": 60,
}
FIELDS = ("internetGateway", *MOST)
MOST_GROUPS_WORN = 5

T = TypeVar("T")


def read_world(document: Mapping[str, Any]) -> World:
    """The VPC that a document describes; what it leaves out is `simulator.network.defaults`.

    Raises
    ------
    InputError
        For anything that is not such a VPC, and for a name that stands for two things.
    """
    written = {name: _section(document, name) for name in MOST if name in document}
    if not written:
        return _untouched(reading.flag(document.get("internetGateway", True), "internetGateway"))
    groups = _groups(written.get("securityGroups"))
    nat_ids = list(written.get("natGateways", defaults.SECTIONS["natGateways"]))
    subnets = _subnets(written.get("subnets"), nat_ids)

    def each(name: str, read: Callable[[str, Mapping[str, Any], int], T]) -> dict[str, T]:
        section = written.get(name, defaults.SECTIONS[name])
        return {key: read(key, value, at) for at, (key, value) in enumerate(section.items())}

    instances = each("instances", lambda key, one, at: read_instance(key, one, at, subnets, groups))
    tasks = each("tasks", lambda key, one, at: read_task(key, one, at, subnets, groups, instances))
    targets = each("targetGroups", lambda key, one, _: read_target_group(key, one, tasks))
    balancers = each("loadBalancers", lambda key, one, at: read_balancer(key, one, at, subnets, groups, targets))
    _distinct(tasks, instances, balancers)
    return World(
        internet_gateway=reading.flag(document.get("internetGateway", True), "internetGateway"),
        groups=groups,
        subnets=subnets,
        nats=each("natGateways", lambda key, one, _: _nat(key, one, subnets)),
        endpoints=each("vpcEndpoints", lambda key, one, at: _endpoint(key, one, at, subnets, groups)),
        balancers=balancers,
        targets=targets,
        instances=instances,
        tasks=tasks,
    )


@cache
def _untouched(internet_gateway: bool) -> World:
    """The VPC of an empty document."""
    return read_world({"internetGateway": internet_gateway, "tasks": defaults.SECTIONS["tasks"]})


def _section(document: Mapping[str, Any], name: str) -> dict[str, Mapping[str, Any]]:
    section = reading.mapping(document[name], name)
    if len(section) > MOST[name]:
        raise InputError(f"{name} has {len(section)} entries, and at most {MOST[name]} are taken.", path=name)
    return {_id(key, name): reading.mapping(value, f"{name}.{key}") for key, value in section.items()}


def _id(key: str, section: str) -> str:
    found = reading.name(reading.text(key, f"The id in {section}", longest=40), f"The id in {section}")
    if "/" in found or " " in found:
        raise InputError(
            f"{section} has the id {reading.shown(found)}; write it without spaces and slashes.", path=section
        )
    return found


def _groups(written: Mapping[str, Mapping[str, Any]] | None) -> dict[str, SecurityGroup]:
    if not written:
        return dict(_known_groups())
    ids = [*defaults.GROUPS, *(key for key in written if key not in defaults.GROUPS)]
    found: dict[str, SecurityGroup] = dict(_known_groups())
    for key, one in written.items():
        path = f"securityGroups.{key}"
        reading.known_fields(one, path, (INGRESS, EGRESS))
        usual = defaults.GROUPS.get(key, {})
        inbound = one.get(INGRESS, usual.get(INGRESS, []))
        outbound = one.get(EGRESS, [defaults.EGRESS])
        found[key] = SecurityGroup(
            id=key,
            ingress=read_rules(inbound, f"{path}.ingress", direction=INGRESS, groups=ids),
            egress=read_rules(outbound, f"{path}.egress", direction=EGRESS, groups=ids),
        )
    return found


@cache
def _known_groups() -> Mapping[str, SecurityGroup]:
    outbound = read_rules([defaults.EGRESS], "egress", direction=EGRESS, groups=())
    return {
        key: SecurityGroup(
            id=key,
            ingress=read_rules(one[INGRESS], key, direction=INGRESS, groups=defaults.GROUPS),
            egress=outbound,
        )
        for key, one in defaults.GROUPS.items()
    }


def _subnets(written: Mapping[str, Mapping[str, Any]] | None, nats: Collection[str]) -> dict[str, Subnet]:
    found = {
        key: Subnet(
            id=key,
            zone=one["availabilityZone"],
            cidr=cidr_of(one["cidrBlock"], key),
            route=one["route"] if one["route"] in (IGW, *nats) else NO_ROUTE,
        )
        for key, one in defaults.SUBNETS.items()
    }
    for at, (key, one) in enumerate((written or {}).items()):
        path = f"subnets.{key}"
        reading.known_fields(one, path, ("availabilityZone", "cidrBlock", "route"))
        usual = defaults.SUBNETS.get(
            key, {"availabilityZone": "a", "cidrBlock": f"10.0.{20 + at}.0/24", "route": NO_ROUTE}
        )
        found[key] = Subnet(
            id=key,
            zone=reading.text(
                one.get("availabilityZone", usual["availabilityZone"]), f"{path}.availabilityZone", longest=30
            ),
            cidr=_block(one.get("cidrBlock", usual["cidrBlock"]), f"{path}.cidrBlock"),
            route=_route(one.get("route", usual["route"]), f"{path}.route", nats),
        )
    for key in written or {}:
        _apart(key, found)
    return found


def _block(value: Any, path: str) -> Cidr:
    block = cidr_of(value, path)
    if not block.inside(VPC) or block.prefix > 24:
        raise InputError(f"{path} is {block}; a subnet here is a /24 or larger in the VPC's {VPC}.", path=path)
    return block


def _apart(key: str, subnets: Mapping[str, Subnet]) -> None:
    own = subnets[key].cidr
    for other in subnets.values():
        if other.id != key and (own.inside(other.cidr) or other.cidr.inside(own)):
            raise InputError(
                f"subnets.{key}.cidrBlock {own} overlaps that of {other.id}, {other.cidr}; give it another.",
                path=f"subnets.{key}.cidrBlock",
            )


def _route(value: Any, path: str, nats: Collection[str]) -> str:
    return reading.choice(value, path, (IGW, NO_ROUTE, *nats))


def _nat(key: str, one: Mapping[str, Any], subnets: Mapping[str, Subnet]) -> NatGateway:
    path = f"natGateways.{key}"
    if key in (IGW, NO_ROUTE):
        raise InputError(f"{path} has a name that a route reads otherwise; give it another.", path=path)
    reading.known_fields(one, path, ("subnet",))
    usual = defaults.SECTIONS["natGateways"]["nat"]["subnet"]
    return NatGateway(id=key, subnet=known(one.get("subnet", usual), f"{path}.subnet", subnets, "subnet", "subnets"))


def _endpoint(
    key: str, one: Mapping[str, Any], at: int, subnets: Mapping[str, Subnet], groups: Mapping[str, SecurityGroup]
) -> Endpoint:
    path = f"vpcEndpoints.{key}"
    reading.choice(key, path, SERVICES)
    kind = reading.choice(
        one.get("vpcEndpointType", "Gateway" if key in GATEWAY_SERVICES else "Interface"),
        f"{path}.vpcEndpointType",
        ("Gateway", "Interface"),
    )
    if kind == "Gateway":
        if key not in GATEWAY_SERVICES:
            raise InputError(
                f"{path} is a Gateway, and only s3 and dynamodb have gateway endpoints; write Interface.", path=path
            )
        reading.known_fields(one, path, ("vpcEndpointType", "subnets"))
        tables = one.get("subnets", list(subnets))
        within = known_all(
            tables, f"{path}.subnets", subnets, "subnet", "subnets", most=MOST["subnets"] + len(defaults.SUBNETS)
        )
        return Endpoint(service=key, gateway=True, subnets=None if len(within) == len(subnets) else within)
    reading.known_fields(one, path, ("vpcEndpointType", "securityGroups", "privateDnsEnabled"))
    worn = known_all(
        one.get("securityGroups", ["sg-ep"]),
        f"{path}.securityGroups",
        groups,
        "security group",
        "securityGroups",
        most=MOST_GROUPS_WORN,
    )
    return Endpoint(
        service=key,
        gateway=False,
        groups=worn or ("default",),
        address=subnets["isolated-a"].cidr.base + defaults.ENDPOINT_HOST + at,
        private_dns=reading.flag(one.get("privateDnsEnabled", True), f"{path}.privateDnsEnabled"),
    )


def _distinct(*sections: Mapping[str, object]) -> None:
    """Tasks, instances and load balancers are named by `from` and `to`, beside the services."""
    seen = {"internet", *SERVICES}
    for section in sections:
        for key in section:
            if key in seen:
                raise InputError(
                    f"The name {reading.shown(key)} stands for two things; from and to could not tell them apart.",
                    path=key,
                )
            seen.add(key)
