"""The places on a packet's way as records: stations it passes through, gates whose rules it is held against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.network.addresses import dotted
from simulator.network.groups import Peer, compared
from simulator.network.model import (
    APPLICATION,
    AWSVPC,
    CLASSIC,
    GATEWAY,
    IGW,
    NETWORK,
    NO_ROUTE,
    Client,
    LoadBalancer,
    Ports,
    Task,
    World,
)
from simulator.network.rules import NetworkRules
from simulator.network.security_rules import EGRESS, INGRESS, WORDS
from simulator.network.services import INTERNET

TYPES = {NETWORK: "NLB", CLASSIC: "CLB", APPLICATION: "ALB", GATEWAY: "GWLB"}
SIDES = {INGRESS: "inbound", EGRESS: "outbound"}
OUTSIDE: tuple[str, ...] = ()
INSIDE: tuple[str, ...] = ("VPC",)

Label = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One rule at a gate: where it is written, what it says, and whether it helps to let this packet through."""

    group: str
    direction: str
    at: int
    told: str
    admits: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A station, or a gate: then `lines` are its rules, and `direction` says of which side.

    `zone` is what it stands in, from the outside in: (), ("VPC",) or ("VPC", "private-a"). `hop` is the kind and the
    place of the hop that passing it belongs to. `label` is what the packet carries when it leaves, "" if as before.
    """

    id: str
    kind: str
    name: str
    facts: tuple[str, ...] = ()
    zone: tuple[str, ...] = INSIDE
    hop: tuple[str, str] = ("", "")
    direction: str = ""
    lines: tuple[Line, ...] = ()
    label: Label = ("", "")

    @property
    def is_gate(self) -> bool:
        """Whether rules are looked at here."""
        return bool(self.direction)


def gate(
    world: World,
    rules: NetworkRules,
    groups: Iterable[str],
    direction: str,
    *,
    owner: str,
    protocol: str,
    ports: Ports,
    peer: Peer,
    zone: tuple[str, ...],
    hop: tuple[str, str] = ("", ""),
    holder: str = "",
) -> Spot:
    """The security groups of one interface, as the packet meets them; `holder` has it, if it is not the owner's own."""
    worn = tuple(groups)
    found = compared(world, worn, direction, protocol, ports, peer, rules)
    lines = tuple(
        Line(group=group, direction=direction, at=at, told=rule.told(WORDS[direction]), admits=admits)
        for group, at, rule, admits in found
    )
    return Spot(
        id=f"{direction} {owner}",
        kind="gate",
        name=" + ".join(worn),
        facts=(f"{SIDES[direction]}, on {holder or owner}",),
        zone=zone,
        hop=hop,
        direction=direction,
        lines=lines,
    )


def client_spot(client: Client, protocol: str, port: str) -> Spot:
    """Who asks, with the label of the packet."""
    inside = client.interface.subnet if client.interface else ""
    zone = OUTSIDE if client.internet else (*INSIDE, inside) if inside else INSIDE
    name = "Internet" if client.anyone else client.name
    return Spot(
        id="client",
        kind="task" if client.interface and client.interface.kind == "task" else "user",
        name=name,
        facts=() if name == dotted(client.address) else (dotted(client.address),),
        zone=zone,
        hop=("client", client.name),
        label=(f"{protocol.upper()} {port}", f"from {_sender(client)}"),
    )


def gateway_spot(label: Label = ("", "")) -> Spot:
    """The internet gateway, on the VPC's edge."""
    return Spot(id=IGW, kind="igw", name="Internet gateway", hop=("internetGateway", IGW), zone=INSIDE, label=label)


def balancer_spot(balancer: LoadBalancer, label: Label) -> Spot:
    """A load balancer with its listeners."""
    listeners = ", ".join(f"{one.protocol}:{one.port}" for one in balancer.listeners) or "no listener"
    return Spot(
        id=balancer.id,
        kind="alb",
        name=balancer.id,
        facts=(f"{'internal ' if balancer.internal else ''}{TYPES[balancer.type]}", listeners),
        zone=balancer_zone(balancer),
        hop=("loadBalancer", balancer.id),
        label=label,
    )


def balancer_zone(balancer: LoadBalancer) -> tuple[str, ...]:
    """The subnets in which a load balancer has its nodes, as one place."""
    return (*INSIDE, " · ".join(balancer.subnets))


def task_spot(world: World, task: Task) -> Spot:
    """The task with the port on which its application listens."""
    own = task.mode == AWSVPC
    listens = f"listens on {', '.join(map(str, task.listens))}" if task.listens else "nothing listens"
    return Spot(
        id=task.id,
        kind="task",
        name=task.id,
        facts=(dotted(task.address) if own else f"on {task.instance}" if task.instance else task.mode, listens),
        zone=task_zone(world, task),
        hop=("task", task.id),
    )


def task_zone(world: World, task: Task) -> tuple[str, ...]:
    """The subnet of the interface that a task uses."""
    subnet = task.subnet or (world.instances[task.instance].subnet if task.instance else "")
    return (*INSIDE, subnet) if subnet else INSIDE


def route_spot(subnet: str, goal: str, leads: str) -> Spot:
    """A subnet's route table, as far as it concerns this packet."""
    told = {NO_ROUTE: "no route", IGW: "→ internet gateway"}.get(leads, f"→ {leads}")
    return Spot(
        id=f"route {subnet}",
        kind="route",
        name="Route table",
        facts=(goal, told),
        zone=(*INSIDE, subnet),
        hop=("routeTable", subnet),
    )


def service_spot(service: str) -> Spot:
    """What is called, outside the VPC."""
    name = "Internet" if service == INTERNET else service
    return Spot(id=f"service {service}", kind="service", name=name, zone=OUTSIDE, hop=("service", service))


def _sender(client: Client) -> str:
    groups = f" · {', '.join(client.groups)}" if client.groups else ""
    return f"{dotted(client.address)}{groups}"
