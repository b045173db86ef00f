"""Rules about port mappings, by network mode (facts 5.3, 6.1; platform facts 2.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from simulator.instance_types import LINUX_AGENT_PORTS, MAX_RESERVED_PORTS
from simulator.reading import shown
from simulator.task_definition.definition import Definition, called, opening
from simulator.task_definition.finding import Check, Found, removal, setting
from simulator.task_definition.part import Part, number, parts, spot, text
from simulator.task_definition.rules import HostPorts, PortProtocols

MOST_PORT = 65535
FIRST_EPHEMERAL = 32768
MOST_RANGES = 100
# Facts 6.1: what the agent keeps on Windows; the API's text also names 51680 on Linux (conflict C1).
WINDOWS_AGENT_PORTS = frozenset({53, 135, 139, 445, 2375, 2376, 3389, 5985, 5986, 51678, 51679})
API_AGENT_PORTS = LINUX_AGENT_PORTS | {51680}
_RANGE = re.compile(r"([0-9]{1,6})-([0-9]{1,6})")
_PORT_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mapping:
    """A mapping with what can be read of it; `host` None is left out."""

    part: Part
    container: Part
    port: int | None
    host: int | None
    protocol: str


def _mappings(definition: Definition) -> Iterator[_Mapping]:
    for container in definition.containers:
        yield from _mappings_of(container)


def _mappings_of(container: Part) -> Iterator[_Mapping]:
    for part in parts(container, "portMappings"):
        yield _Mapping(
            part=part,
            container=container,
            port=number(part, "containerPort"),
            host=number(part, "hostPort"),
            # AWS: anything but udp is treated as tcp; this is said by a rule of its own.
            protocol="udp" if text(part, "protocol") == "udp" else "tcp",
        )


def _in_none(definition: Definition) -> Iterator[Found]:
    if definition.mode != "none":
        return
    for container in definition.containers:
        if parts(container, "portMappings"):
            at = spot(container, "portMappings")
            yield Found(
                at=at,
                message=f"networkMode none has no network, and {called(container)} maps ports.",
                fix="Take the port mappings out, or choose bridge, host or awsvpc.",
                change=(removal(at),),
            )


def _container_port(definition: Definition) -> Iterator[Found]:
    for mapping in _mappings(definition):
        if not {"containerPort", "containerPortRange"} & mapping.part.given:
            yield Found(
                at=spot(mapping.part, "containerPort"),
                message=f"A port mapping of {called(mapping.container)} has no containerPort.",
                fix="Name the port that the container listens on.",
            )


def _bounds(definition: Definition) -> Iterator[Found]:
    for mapping in _mappings(definition):
        for name, value, least in (("containerPort", mapping.port, 1), ("hostPort", mapping.host, 0)):
            if value is not None and not least <= value <= MOST_PORT:
                message = f"{name} is {value}, and ports are {least} to {MOST_PORT}."
                yield Found(at=spot(mapping.part, name), message=message, fix="Choose a port in those bounds.")


def _host_port(definition: Definition) -> Iterator[Found]:
    """Facts 5.3: bridge is the only mode (with Windows' default) in which host ports differ, or are dynamic."""
    if definition.mode not in ("awsvpc", "host") or definition.rules.host_ports is HostPorts.FREE:
        return
    why = {
        "awsvpc": "the port is on the task's own network interface",
        "host": "the container uses the host's network itself",
    }[definition.mode]
    for mapping in _mappings(definition):
        if mapping.port is None or mapping.host is None or mapping.host == mapping.port:
            continue
        dynamic = " There are no dynamic host ports here." if mapping.host == 0 else ""
        at = spot(mapping.part, "hostPort")
        yield Found(
            at=at,
            message=f"hostPort is {mapping.host} and containerPort {mapping.port}: with networkMode {definition.mode} "
            f"they are the same, for {why}.{dynamic}",
            fix=f"Leave hostPort out, or write {mapping.port}.",
            change=(removal(at),),
            aws=f"When networkMode={definition.mode}, the host ports and container ports in port mappings must match.",
        )


def _two_protocols(definition: Definition) -> Iterator[Found]:
    if definition.rules.port_protocols is PortProtocols.BOTH:
        return
    for container in definition.containers:
        first: dict[int, str] = {}
        for mapping in _mappings_of(container):
            if mapping.port is None:
                continue
            other = first.setdefault(mapping.port, mapping.protocol)
            if other != mapping.protocol:
                yield Found(
                    at=spot(mapping.part, "protocol" if "protocol" in mapping.part.given else "containerPort"),
                    message=f"Port {mapping.port} of {called(container)} is mapped for tcp and for udp, and AWS takes "
                    "one protocol for a container port.",
                    fix="Keep one of the two mappings, or let the container listen on two ports.",
                )


def _taken_twice(definition: Definition) -> Iterator[Found]:
    """What two mappings of one task both want: a port of the host, or with awsvpc of the task's interface."""
    if definition.mode in (None, "none"):
        return
    shares = definition.mode in ("awsvpc", "host")
    first: dict[tuple[int, str], _Mapping] = {}
    for mapping in _mappings(definition):
        port = (mapping.port if shares else mapping.host) or 0
        if not port:
            continue
        other = first.setdefault((port, mapping.protocol), mapping)
        if other is mapping:
            continue
        where = "network interface" if definition.mode == "awsvpc" else "host"
        name = "containerPort" if shares else "hostPort"
        whose = "once more" if other.container is mapping.container else f"by {called(other.container)} too"
        yield Found(
            at=spot(mapping.part, name),
            message=f"Port {port}/{mapping.protocol} of the task's {where} is wanted {whose}: only one can have it.",
            fix="Let the container listen on another port."
            if shares
            else "Choose another hostPort, or 0 for a dynamic one.",
            change=() if shares else (removal(spot(mapping.part, "hostPort")),),
        )


def _reserved(definition: Definition) -> Iterator[Found]:
    kept = WINDOWS_AGENT_PORTS if definition.windows else API_AGENT_PORTS
    for mapping, port in _static(definition):
        if port in kept and mapping.protocol == "tcp":
            note = " (by the API's text; the agent itself keeps it only for Prometheus)" if port == 51680 else ""
            yield Found(
                at=spot(mapping.part, "hostPort" if mapping.host else "containerPort"),
                message=f"Host port {port} is reserved on every instance{note}: such a task is never placed.",
                fix="Choose another host port.",
            )


def _ephemeral(definition: Definition) -> Iterator[Found]:
    for mapping, port in _static(definition):
        if FIRST_EPHEMERAL <= port <= MOST_PORT:
            yield Found(
                at=spot(mapping.part, "hostPort" if mapping.host else "containerPort"),
                message=f"Host port {port} lies where the host takes its dynamic ports from, so another may have it.",
                fix=f"Choose one below {FIRST_EPHEMERAL}.",
            )


def _too_many(definition: Definition) -> Iterator[Found]:
    kept = len(WINDOWS_AGENT_PORTS if definition.windows else LINUX_AGENT_PORTS)
    wanted = {(port, mapping.protocol) for mapping, port in _static(definition)}
    if len(wanted) > MAX_RESERVED_PORTS - kept:
        yield Found(
            at=spot(definition.top, "containerDefinitions"),
            message=f"The task reserves {len(wanted)} host ports; an instance has {MAX_RESERVED_PORTS}, and {kept} are "
            "taken from the start: such a task is never placed.",
            fix="Use dynamic host ports, which are not counted.",
        )


def _static(definition: Definition) -> Iterator[tuple[_Mapping, int]]:
    """The mappings that reserve a port of the instance."""
    if definition.mode not in ("bridge", "host", "default") or definition.launch_types == frozenset({"FARGATE"}):
        return
    for mapping in _mappings(definition):
        port = mapping.port if definition.mode == "host" else mapping.host
        if port:
            yield mapping, port


def _protocol(definition: Definition) -> Iterator[Found]:
    for mapping in _mappings(definition):
        written = text(mapping.part, "protocol")
        if written is not None and written not in ("tcp", "udp"):
            at = spot(mapping.part, "protocol")
            meant = written.lower() if written.lower() in ("tcp", "udp") else "tcp"
            yield Found(
                at=at,
                message=f"protocol is {shown(written)}, which ECS treats as tcp: it knows tcp and udp, in lower case.",
                fix=f"Write {meant}.",
                change=(setting(at, "tcp"),) if meant == "tcp" else (),
            )


def _ranges(definition: Definition) -> Iterator[tuple[Part, Part, str]]:
    for container in definition.containers:
        for part in parts(container, "portMappings"):
            written = text(part, "containerPortRange")
            if written is not None:
                yield container, part, written


def _read_range(written: str) -> tuple[int, int] | None:
    found = _RANGE.fullmatch(written)
    first, last = (int(found[1]), int(found[2])) if found else (0, 0)
    return (first, last) if 1 <= first < last <= MOST_PORT else None


def _range_form(definition: Definition) -> Iterator[Found]:
    for _, part, written in _ranges(definition):
        if _read_range(written) is None:
            message = (
                f"containerPortRange is {shown(written)}; it is first-last within 1 to {MOST_PORT}, the first below."
            )
            at = spot(part, "containerPortRange")
            yield Found(at=at, message=message, fix='Write it such as "8000-8010".')


def _range_mode(definition: Definition) -> Iterator[Found]:
    if definition.mode in (None, "bridge", "awsvpc", "default"):
        return
    for container, part, _ in _ranges(definition):
        yield Found(
            at=spot(part, "containerPortRange"),
            message=f"{opening(container)} maps a range of ports, and networkMode is {definition.mode}: ranges go with "
            "bridge and awsvpc.",
            fix="Map single ports, or choose bridge or awsvpc.",
        )


def _range_host_port(definition: Definition) -> Iterator[Found]:
    for _, part, _written in _ranges(definition):
        if "hostPort" in part.given:
            at = spot(part, "hostPort")
            message = "hostPort stands beside containerPortRange, whose host ports ECS chooses itself."
            yield Found(at=at, message=message, fix="Leave hostPort out.", change=(removal(at),))


def _range_overlap(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        spans: list[tuple[int, int, Part]] = []
        for part in parts(container, "portMappings"):
            written, port = text(part, "containerPortRange"), number(part, "containerPort")
            span = _read_range(written) if written is not None else None
            if span:
                spans.append((*span, part))
            elif port is not None and written is None:
                spans.append((port, port, part))
        spans.sort(key=lambda span: (span[0], span[1]))
        reached, owner = 0, None
        for first, last, part in spans:
            one_is_range = any(text(one, "containerPortRange") for one in (part, owner) if one)
            if first <= reached and one_is_range:
                at = spot(part, "containerPortRange" if "containerPortRange" in part.given else "containerPort")
                message = f"Port {first} of {called(container)} is in two mappings, and a port is in one."
                yield Found(at=at, message=message, fix="Let the mappings not overlap.")
            if last > reached:
                reached, owner = last, part


def _range_count(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        count = sum(text(part, "containerPortRange") is not None for part in parts(container, "portMappings"))
        if count > MOST_RANGES:
            message = f"{opening(container)} maps {count} ranges of ports, and at most {MOST_RANGES} are taken."
            at = spot(container, "portMappings")
            yield Found(at=at, message=message, fix="Join neighboring ranges, or use several containers.")


def _names(definition: Definition) -> Iterator[Found]:
    for mapping in _mappings(definition):
        name = text(mapping.part, "name")
        if name is not None and not _PORT_NAME.fullmatch(name):
            yield Found(
                at=spot(mapping.part, "name"),
                message=f"The port's name is {shown(name)}; it has 1 to 64 small letters, digits, _ and -, and begins "
                "with no hyphen.",
                fix="Choose a name such as http.",
            )


_API = "API:PortMapping"
CHECKS = (
    Check(rule="ports-without-network", source="API:RegisterTaskDefinitionRequest", find=_in_none),
    Check(rule="container-port-missing", source=_API, find=_container_port),
    Check(rule="port-bounds", source=_API, find=_bounds),
    Check(rule="host-port-mismatch", source=_API, find=_host_port),
    Check(rule="port-two-protocols", source=_API, find=_two_protocols),
    Check(rule="port-taken-twice", source=_API, find=_taken_twice, is_open=True),
    Check(rule="host-port-reserved", source=_API, find=_reserved, warns=True, is_open=True),
    Check(rule="host-port-ephemeral", source=_API, find=_ephemeral, warns=True),
    Check(rule="host-port-count", source=_API, find=_too_many, is_open=True),
    Check(rule="protocol-is-tcp", source=_API, find=_protocol, warns=True),
    Check(rule="port-range-form", source=_API, find=_range_form),
    Check(rule="port-range-mode", source=_API, find=_range_mode),
    Check(rule="port-range-host-port", source=_API, find=_range_host_port),
    Check(rule="port-range-overlap", source=_API, find=_range_overlap),
    Check(rule="port-range-count", source=_API, find=_range_count),
    Check(rule="port-name", source=_API, find=_names),
)
