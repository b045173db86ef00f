"""Rules about the network mode and what goes with it (facts 5.1, 5.2; platform facts 2.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.reading import shown
from simulator.task_definition.definition import NETWORK_MODES, Definition, called, opening
from simulator.task_definition.finding import Check, Found, removal, setting
from simulator.task_definition.part import length, number, parts, spot, text, texts
from simulator.task_definition.rules import FargateNetwork

_EXTERNAL = ("bridge", "host", "none", "default")
_MANAGED = ("awsvpc", "host")


def _known(definition: Definition) -> Iterator[Found]:
    written = text(definition.top, "networkMode")
    if written is None or written in NETWORK_MODES:
        return
    meant = definition.mode
    yield Found(
        at=spot(definition.top, "networkMode"),
        message=f"networkMode is {shown(written)}: there are bridge, host, awsvpc and none, and default on Windows.",
        fix=f"Write “{meant}”." if meant else "Choose one of them.",
        change=(setting(spot(definition.top, "networkMode"), meant),) if meant else (),
    )


def _fargate(definition: Definition) -> Iterator[Found]:
    if not definition.fargate or definition.mode in (None, "awsvpc"):
        return
    if definition.rules.fargate_network is FargateNetwork.ANY:
        return
    written = (
        f"networkMode is {definition.mode}" if "networkMode" in definition.top.given else "networkMode is left out"
    )
    yield Found(
        at=spot(definition.top, "networkMode"),
        message=f"{written}, and on Fargate every task has its own network interface: awsvpc only.",
        fix="Write awsvpc, and leave out what only goes with other modes.",
        change=tuple(_to_awsvpc(definition)),
    )


def _to_awsvpc(definition: Definition) -> Iterator[Mapping[str, Any]]:
    """The mode, and without what awsvpc does not take."""
    yield setting(spot(definition.top, "networkMode"), "awsvpc")
    taken: set[tuple[int, str]] = set()
    for container in definition.containers:
        for name in ("links", "hostname", "extraHosts"):
            if name in container.given:
                yield removal(spot(container, name))
        doubled: list[Mapping[str, Any]] = []
        for mapping in parts(container, "portMappings"):
            port, host = number(mapping, "containerPort"), number(mapping, "hostPort")
            key = (port or 0, "udp" if text(mapping, "protocol") == "udp" else "tcp")
            if port and key in taken:
                doubled.append(removal(mapping.at))
                continue
            taken.add(key)
            if host is not None and host != port and "containerPortRange" not in mapping.given:
                yield removal(spot(mapping, "hostPort"))
        # From the last, for taking one out moves those behind it.
        yield from reversed(doubled)


def _external(definition: Definition) -> Iterator[Found]:
    if "EXTERNAL" in definition.launch_types and definition.mode not in (None, *_EXTERNAL):
        yield Found(
            at=spot(definition.top, "networkMode"),
            message=f"networkMode is {definition.mode}, and external instances have no network interfaces of AWS to "
            "give: bridge, host or none.",
            fix="Write bridge, host or none, or take EXTERNAL out of requiresCompatibilities.",
        )


def _managed(definition: Definition) -> Iterator[Found]:
    if "MANAGED_INSTANCES" not in definition.launch_types or definition.mode is None:
        return
    at = spot(definition.top, "networkMode")
    if "networkMode" not in definition.top.given:
        message = "networkMode is left out, and Managed Instances refuse a definition without one."
        yield Found(at=at, message=message, fix="Write awsvpc or host.")
    elif definition.mode not in _MANAGED:
        message = f"networkMode is {definition.mode}, and Managed Instances run awsvpc and host."
        yield Found(at=at, message=message, fix="Write awsvpc or host.")


def _windows(definition: Definition) -> Iterator[Found]:
    if "networkMode" not in definition.top.given or definition.mode is None:
        return
    at = spot(definition.top, "networkMode")
    if definition.windows and not definition.fargate and definition.mode not in ("default", "awsvpc"):
        message = f"networkMode is {definition.mode}, and Windows on EC2 has default (NAT) and awsvpc."
        yield Found(at=at, message=message, fix="Write default, or awsvpc.")
    elif definition.windows is False and definition.mode == "default":
        message = "networkMode is default, which only Windows has."
        yield Found(at=at, message=message, fix="Write bridge, or leave networkMode out.")


def _links(definition: Definition) -> Iterator[Found]:
    if definition.mode in (None, "bridge"):
        return
    for container in definition.containers:
        if length(container, "links"):
            at = spot(container, "links")
            where = " Containers of one task reach each other on localhost here." if definition.mode == "awsvpc" else ""
            yield Found(
                at=at,
                message=f"{opening(container)} has links, and networkMode is {definition.mode}: links go with "
                f"bridge only.{where}",
                fix="Take the links out.",
                change=(removal(at),),
            )


def _link_target(definition: Definition) -> Iterator[Found]:
    names = {text(container, "name") for container in definition.containers}
    for container in definition.containers:
        for i, link in texts(container, "links"):
            target = link.partition(":")[0]
            if target not in names:
                message = f"{opening(container)} links to {shown(target)}, and the task has no such container."
                yield Found(at=(*spot(container, "links"), i), message=message, fix="Name a container of the task.")


def _host_names(definition: Definition) -> Iterator[Found]:
    if definition.mode != "awsvpc" or definition.windows:
        return
    for container in definition.containers:
        for name in ("hostname", "extraHosts"):
            if text(container, name) or length(container, name):
                at = spot(container, name)
                yield Found(
                    at=at,
                    message=f"{name} of {called(container)} does not go with networkMode awsvpc.",
                    fix=f"Take {name} out.",
                    change=(removal(at),),
                )


CHECKS = (
    Check(rule="network-mode", source="API:RegisterTaskDefinitionRequest", find=_known),
    Check(
        rule="fargate-network-mode",
        source="API:RegisterTaskDefinitionRequest",
        find=_fargate,
        aws="Fargate only supports network mode ‘awsvpc’.",
    ),
    Check(rule="external-network-mode", source="DG:ecs-anywhere", find=_external),
    Check(rule="managed-instances-network-mode", source="DG:managed-instance-networking", find=_managed),
    Check(rule="windows-network-mode", source="API:RegisterTaskDefinitionRequest", find=_windows),
    Check(rule="links-without-bridge", source="API:ContainerDefinition", find=_links),
    Check(rule="link-target", source="API:ContainerDefinition", find=_link_target, is_open=True),
    Check(rule="host-names-in-awsvpc", source="API:ContainerDefinition", find=_host_names),
)
