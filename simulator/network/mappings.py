"""Port mappings of one task: what each comes to, and every one that AWS refuses. Source: facts 2.2, placement 5.3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.network import defaults
from simulator.network.model import AWSVPC, BRIDGE, HOST, WINDOWS_NAT, Ports
from simulator.network.modes import Problem, port_problem
from simulator.network.rules import DynamicPort, NetworkRules
from simulator.network.security_rules import LAST_PORT

MOST_MAPPINGS = 100
_FIELDS = ("containerPort", "hostPort", "protocol", "containerPortRange")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A mapping as Docker takes it. `fixed` is a port of the instance that it keeps for itself, None for the others.

    `host` is what stands for the host port: a number, the range of dynamic ports, or "" where there is none.
    """

    protocol: str
    container: int
    span: Ports
    fixed: int | None
    host: str
    dynamic: bool

    def to_dict(self) -> dict[str, Any]:
        """As it stands in an answer."""
        return {
            "containerPort": str(self.span) if self.span.low < self.span.high else self.span.low,
            "hostPort": self.host or None,
            "protocol": self.protocol,
            "dynamic": self.dynamic,
            "usesInstancePort": self.fixed is not None,
        }


def check_mappings(value: Any, mode: str, rules: NetworkRules) -> tuple[tuple[Mapped, ...], tuple[Problem, ...]]:
    """The mappings of a task in this mode, and what AWS refuses of them.

    Raises
    ------
    InputError
        For what is no mapping at all: no container port, ports out of range.
    """
    found: list[Mapped] = []
    problems: list[Problem] = []
    for i, one in enumerate(reading.items(value, "portMappings", most=MOST_MAPPINGS)):
        path = f"portMappings[{i}]"
        document = reading.mapping(one, path)
        reading.known_fields(document, path, _FIELDS)
        protocol = reading.choice(document.get("protocol", "tcp"), f"{path}.protocol", ("tcp", "udp"))
        if "containerPortRange" in document:
            span, faults = _range(document, path, mode)
            host: int | None = None
        else:
            port = reading.whole(document.get("containerPort"), f"{path}.containerPort", low=1, high=LAST_PORT)
            span = Ports(port, port)
            host = _host(document, path)
            fault = port_problem(mode, port, host, path, rules)
            faults = [fault] if fault else []
        problems += [*faults, *_clashes(found, span, protocol, path)]
        found.append(_mapped(mode, protocol, span, host, rules))
    return tuple(found), tuple(problems)


def _host(document: Mapping[str, Any], path: str) -> int | None:
    if "hostPort" not in document:
        return None
    return reading.whole(document["hostPort"], f"{path}.hostPort", low=0, high=LAST_PORT)


def _mapped(mode: str, protocol: str, span: Ports, host: int | None, rules: NetworkRules) -> Mapped:
    dynamic = mode in (BRIDGE, WINDOWS_NAT) and not host
    fixed: int | None = None
    if dynamic:
        told = str(defaults.KERNEL_RANGE)
        if rules.dynamic_port is DynamicPort.CONTAINER_PORT:
            fixed, told = span.low, str(span.low)
    elif mode == HOST:
        fixed, told = span.low, str(span.low)
    elif mode == AWSVPC:
        told = str(span)
    else:
        fixed, told = host or None, str(host or "")
    return Mapped(protocol=protocol, container=span.low, span=span, fixed=fixed, host=told, dynamic=dynamic)


def _range(document: Mapping[str, Any], path: str, mode: str) -> tuple[Ports, list[Problem]]:
    where = f"{path}.containerPortRange"
    written = reading.text(document["containerPortRange"], where, longest=11)
    low, dash, high = written.partition("-")
    if not (dash and low.isascii() and low.isdigit() and high.isascii() and high.isdigit()):
        raise InputError(f"{where} is {reading.shown(written)}; write it as “8000-8010”.", path=where)
    if not 1 <= int(low) < int(high) <= LAST_PORT:
        raise InputError(f"{where} is {written}; the first port is below the last, from 1 to {LAST_PORT}.", path=where)
    for name in ("containerPort", "hostPort"):
        if name in document:
            raise InputError(f"{path} has a containerPortRange, which goes without {name}; leave one out.", path=where)
    faults: list[Problem] = []
    if mode not in (AWSVPC, BRIDGE):
        message = f"A containerPortRange works in bridge and awsvpc mode, not in {mode}."
        fix = "List the ports one by one, or choose another networkMode."
        faults = [Problem(code="PORT_RANGE_UNSUPPORTED", path=where, message=message, fix=fix)]
    return Ports(int(low), int(high)), faults


def _clashes(before: list[Mapped], span: Ports, protocol: str, path: str) -> list[Problem]:
    for one in before:
        if one.span.high < span.low or span.high < one.span.low:
            continue
        if one.protocol != protocol:
            return [
                Problem(
                    code="SAME_PORT_TWO_PROTOCOLS",
                    path=path,
                    message=f"Container port {max(span.low, one.span.low)} is exposed for tcp and for udp, an error.",
                    fix="Give one of the two another containerPort.",
                )
            ]
        if one.span != span or span.low < span.high:
            return [
                Problem(
                    code="PORT_RANGES_OVERLAP",
                    path=path,
                    message=f"The container ports {span} overlap {one.span} of an earlier mapping.",
                    fix="Let the ranges not share a port.",
                )
            ]
    return []
