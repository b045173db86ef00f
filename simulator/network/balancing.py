"""Load balancers and target groups out of documents. Source: platform facts 2.3 and 2.5."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.network import defaults
from simulator.network.model import (
    APPLICATION,
    AWSVPC,
    CLASSIC,
    GATEWAY,
    NETWORK,
    Listener,
    LoadBalancer,
    SecurityGroup,
    Subnet,
    TargetGroup,
    Task,
)
from simulator.network.security_rules import LAST_PORT, known, known_all

TYPES = (APPLICATION, NETWORK, GATEWAY, CLASSIC)
SHORT_TYPES = {"alb": APPLICATION, "nlb": NETWORK, "gwlb": GATEWAY, "clb": CLASSIC}
LISTENER_PROTOCOLS = {
    APPLICATION: ("HTTP", "HTTPS"),
    NETWORK: ("TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"),
    GATEWAY: ("GENEVE",),
    CLASSIC: ("HTTP", "HTTPS", "TCP", "SSL"),
}
# Which of the two a listener's protocol runs on.
TRANSPORTS = {
    **dict.fromkeys(("HTTP", "HTTPS", "TCP", "TLS", "SSL"), ("tcp",)),
    **dict.fromkeys(("UDP", "QUIC", "GENEVE"), ("udp",)),
    **dict.fromkeys(("TCP_UDP", "TCP_QUIC"), ("tcp", "udp")),
}
ALWAYS_PRESERVED = ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC")
TARGET_PROTOCOLS = ("HTTP", "HTTPS", "TCP", "TLS", *ALWAYS_PRESERVED)
FIRST_LISTENER = {APPLICATION: "HTTP:80", NETWORK: "TCP:80", GATEWAY: "GENEVE:6081", CLASSIC: "HTTP:80"}
MOST_LISTENERS = 50
MOST_GROUPS = 5
MOST_SUBNETS = 20

_BALANCER_FIELDS = ("type", "scheme", "subnets", "securityGroups", "listeners", "crossZone")
_TARGET_FIELDS = ("targetType", "protocol", "tasks", "preserveClientIp", "healthCheckPort")


def read_target_group(key: str, one: Mapping[str, Any], tasks: Mapping[str, Task]) -> TargetGroup:
    """A target group; its type, where it is left out, is the one that its first task needs.

    Raises
    ------
    InputError
        Also for switching off what cannot be: preserving the client's address for UDP and QUIC.
    """
    path = f"targetGroups.{key}"
    reading.known_fields(one, path, _TARGET_FIELDS)
    members = known_all(one.get("tasks", list(tasks)), f"{path}.tasks", tasks, "task", "tasks", most=60)
    usual = "ip" if not members or tasks[members[0]].mode == AWSVPC else "instance"
    protocol = reading.choice(one["protocol"], f"{path}.protocol", TARGET_PROTOCOLS) if "protocol" in one else ""
    preserve = reading.flag(one["preserveClientIp"], f"{path}.preserveClientIp") if "preserveClientIp" in one else None
    if preserve is False and protocol in ALWAYS_PRESERVED:
        raise InputError(
            f"{path}.preserveClientIp cannot be switched off for {protocol}; leave it out.",
            path=f"{path}.preserveClientIp",
        )
    return TargetGroup(
        id=key,
        type=reading.choice(one.get("targetType", usual), f"{path}.targetType", ("ip", "instance")),
        protocol=protocol,
        tasks=members,
        preserve=preserve,
        health_port=_health_port(one, path),
    )


def read_balancer(
    key: str,
    one: Mapping[str, Any],
    at: int,
    subnets: Mapping[str, Subnet],
    groups: Mapping[str, SecurityGroup],
    targets: Mapping[str, TargetGroup],
) -> LoadBalancer:
    """A load balancer; a Network Load Balancer has no security group unless it is given some."""
    path = f"loadBalancers.{key}"
    reading.known_fields(one, path, _BALANCER_FIELDS)
    written = reading.choice(one.get("type", APPLICATION), f"{path}.type", (*TYPES, *SHORT_TYPES))
    kind = SHORT_TYPES.get(written, written)
    scheme = reading.choice(one.get("scheme", "internet-facing"), f"{path}.scheme", ("internet-facing", "internal"))
    within = known_all(
        one.get("subnets", defaults.BALANCER_SUBNETS),
        f"{path}.subnets",
        subnets,
        "subnet",
        "subnets",
        most=MOST_SUBNETS,
    )
    if not within:
        raise InputError(f"{path}.subnets is empty; a load balancer needs a subnet.", path=f"{path}.subnets")
    return LoadBalancer(
        id=key,
        type=kind,
        internal=scheme == "internal",
        subnets=within,
        groups=_worn(one, path, kind, groups),
        listeners=_listeners(one, path, kind, targets),
        addresses=tuple(subnets[name].cidr.base + defaults.BALANCER_HOST + at for name in within),
        cross_zone=reading.flag(one.get("crossZone", kind in (APPLICATION, CLASSIC)), f"{path}.crossZone"),
    )


def _worn(one: Mapping[str, Any], path: str, kind: str, groups: Mapping[str, SecurityGroup]) -> tuple[str, ...]:
    usual = ["sg-alb"] if kind in (APPLICATION, CLASSIC) else []
    worn = known_all(
        one.get("securityGroups", usual),
        f"{path}.securityGroups",
        groups,
        "security group",
        "securityGroups",
        most=MOST_GROUPS,
    )
    if worn and kind == GATEWAY:
        raise InputError(f"{path}.securityGroups: a Gateway Load Balancer has none.", path=f"{path}.securityGroups")
    return worn or (("default",) if kind in (APPLICATION, CLASSIC) else ())


def _listeners(
    one: Mapping[str, Any], path: str, kind: str, targets: Mapping[str, TargetGroup]
) -> tuple[Listener, ...]:
    given = reading.items(one.get("listeners", [FIRST_LISTENER[kind]]), f"{path}.listeners", most=MOST_LISTENERS)
    found: list[Listener] = []
    for i, each in enumerate(given):
        where = f"{path}.listeners[{i}]"
        fields = _short_listener(each, where) if isinstance(each, str) else reading.mapping(each, where)
        reading.known_fields(fields, where, ("protocol", "port", "targetGroup"))
        if not targets:
            raise InputError(f"{where} has no target group to forward to; write one in targetGroups.", path=where)
        protocol = reading.choice(fields.get("protocol"), f"{where}.protocol", LISTENER_PROTOCOLS[kind])
        port = reading.whole(fields.get("port"), f"{where}.port", low=1, high=LAST_PORT)
        if any(port == other.port and set(TRANSPORTS[protocol]) & set(TRANSPORTS[other.protocol]) for other in found):
            raise InputError(f"{where} is on port {port} like another listener; give it another port.", path=where)
        behind = fields.get("targetGroup", next(iter(targets)))
        group = known(behind, f"{where}.targetGroup", targets, "target group", "targetGroups")
        found.append(Listener(protocol=protocol, port=port, target_group=group))
    return tuple(found)


def _short_listener(written: str, path: str) -> Mapping[str, Any]:
    protocol, colon, port = written.partition(":")
    if not (colon and port.isascii() and port.isdigit() and len(port) <= 5):
        raise InputError(f"{path} is {reading.shown(written)}; write it as “HTTP:80”.", path=path)
    return {"protocol": protocol, "port": int(port)}


def _health_port(one: Mapping[str, Any], path: str) -> int | None:
    given = one.get("healthCheckPort", "traffic-port")
    if given == "traffic-port":
        return None
    return reading.whole(given, f"{path}.healthCheckPort", low=1, high=LAST_PORT)
