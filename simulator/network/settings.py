"""What goes with a network mode beside ports: networkConfiguration, links, load balancers. Source: facts 2.1, 2.3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator import reading
from simulator.network.balancing import SHORT_TYPES, TYPES
from simulator.network.mappings import Mapped
from simulator.network.model import AWSVPC, BRIDGE, CLASSIC, EXTERNAL, FARGATE, GATEWAY
from simulator.network.modes import MODES, Problem

FIELDS = (
    "networkConfiguration",
    "links",
    "hostname",
    "extraHosts",
    "targetType",
    "loadBalancerType",
    "targetGroupCount",
)
MOST_SUBNETS, MOST_SECURITY_GROUPS, MOST_TARGET_GROUPS = 16, 5, 5
_MOST_READ = 100


def check_settings(
    document: Mapping[str, Any], launch: str, mode: str, mapped: Sequence[Mapped]
) -> tuple[Problem, ...]:
    """Everything that AWS refuses or cannot do, in the order of the fields."""
    return (
        *_configuration(document, launch, mode),
        *_names(document, mode),
        *_balancing(document, launch, mode, mapped),
    )


def _configuration(document: Mapping[str, Any], launch: str, mode: str) -> list[Problem]:
    if "networkConfiguration" not in document:
        return []
    path = "networkConfiguration"
    outer = reading.mapping(document[path], path)
    reading.known_fields(outer, path, ("awsvpcConfiguration",))
    path = f"{path}.awsvpcConfiguration"
    inner = reading.mapping(outer.get("awsvpcConfiguration"), path)
    reading.known_fields(inner, path, ("subnets", "securityGroups", "assignPublicIp"))
    subnets = reading.items(inner.get("subnets", []), f"{path}.subnets", most=_MOST_READ)
    groups = reading.items(inner.get("securityGroups", []), f"{path}.securityGroups", most=_MOST_READ)
    public = reading.choice(inner.get("assignPublicIp", "DISABLED"), f"{path}.assignPublicIp", ("ENABLED", "DISABLED"))
    if mode != AWSVPC:
        message = f"networkConfiguration is for awsvpc only, and the mode is {mode}."
        return [_problem("NETWORK_CONFIGURATION_NOT_ALLOWED", path, message, "Leave networkConfiguration out.")]
    found: list[Problem] = []
    if not subnets:
        message = "awsvpc needs at least one subnet."
        found.append(_problem("NETWORK_CONFIGURATION_REQUIRED", f"{path}.subnets", message, "Name a subnet."))
    if len(subnets) > MOST_SUBNETS:
        message = f"{len(subnets)} subnets are named, and at most {MOST_SUBNETS} are allowed."
        found.append(_problem("TOO_MANY_SUBNETS", f"{path}.subnets", message, f"Name {MOST_SUBNETS} or fewer."))
    if len(groups) > MOST_SECURITY_GROUPS:
        message = f"{len(groups)} security groups are named, and at most {MOST_SECURITY_GROUPS} are allowed."
        fix = f"Name {MOST_SECURITY_GROUPS} or fewer."
        found.append(_problem("TOO_MANY_SECURITY_GROUPS", f"{path}.securityGroups", message, fix))
    if public == "ENABLED" and launch != FARGATE:
        message = "Assign public IP is not supported for this launch type: only Fargate tasks get a public address."
        fix = "Leave assignPublicIp out, and give the subnet a NAT gateway or endpoints."
        found.append(_problem("ASSIGN_PUBLIC_IP_UNSUPPORTED", f"{path}.assignPublicIp", message, fix))
    return found


def _names(document: Mapping[str, Any], mode: str) -> list[Problem]:
    found: list[Problem] = []
    if document.get("links") is not None:
        reading.items(document["links"], "links", most=_MOST_READ)
        if mode != BRIDGE and document["links"]:
            message = f"links work in bridge mode only, and the mode is {mode}."
            found.append(_problem("LINKS_NOT_ALLOWED", "links", message, "Leave links out."))
    for name in ("hostname", "extraHosts"):
        if name in document and mode == AWSVPC:
            message = f"{name} cannot be set in awsvpc mode."
            found.append(_problem("HOSTNAME_NOT_ALLOWED", name, message, f"Leave {name} out."))
    return found


def _balancing(document: Mapping[str, Any], launch: str, mode: str, mapped: Sequence[Mapped]) -> list[Problem]:
    found: list[Problem] = []
    given = [name for name in ("targetType", "loadBalancerType", "targetGroupCount") if name in document]
    if given and launch == EXTERNAL:
        message = "An EXTERNAL task runs outside the VPC and has no load balancer."
        return [_problem("LB_NOT_SUPPORTED", given[0], message, "Leave the load balancer out.")]
    if "loadBalancerType" in document:
        written = reading.choice(document["loadBalancerType"], "loadBalancerType", (*TYPES, *SHORT_TYPES))
        kind = SHORT_TYPES.get(written, written)
        if kind == GATEWAY or (kind == CLASSIC and mode == AWSVPC):
            message = f"A {kind} load balancer does not take {mode} tasks of an ECS service."
            found.append(_problem("LB_TYPE_UNSUPPORTED", "loadBalancerType", message, "Use an ALB or an NLB."))
        elif kind == CLASSIC and any(one.dynamic for one in mapped):
            message = (
                "A Classic Load Balancer sends to one instance port for each listener, so to no dynamic host port."
            )
            found.append(
                _problem("LB_NO_DYNAMIC_PORTS", "loadBalancerType", message, "Use an ALB, or fix the hostPort.")
            )
    if "targetType" in document:
        kind = reading.choice(document["targetType"], "targetType", ("ip", "instance"))
        if kind not in MODES[mode].target_types:
            needs = MODES[mode].target_types
            message = f"The target type {kind} is incompatible with the {mode} network mode."
            fix = f"Set targetType to {needs[0]}." if needs else "Leave the target group out."
            found.append(_problem("TARGET_TYPE_MISMATCH", "targetType", message, fix))
    if "targetGroupCount" in document:
        count = reading.whole(document["targetGroupCount"], "targetGroupCount", low=0, high=_MOST_READ)
        if count > MOST_TARGET_GROUPS:
            message = f"A service has at most {MOST_TARGET_GROUPS} target groups, and {count} are asked for."
            fix = f"Use {MOST_TARGET_GROUPS} or fewer."
            found.append(_problem("TOO_MANY_TARGET_GROUPS", "targetGroupCount", message, fix))
    return found


def _problem(code: str, path: str, message: str, fix: str) -> Problem:
    return Problem(code=code, path=path, message=message, fix=fix)
