"""Straight to a task, without a load balancer: from the internet to its public address, or inside the VPC.

Source: platform facts 2.9, "Direct".
"""

from __future__ import annotations

from simulator.network.cures import attach_gateway, listen_on, new_subnet, task_cure
from simulator.network.fixing import allow, narrowest, new_name, replaced, rule, source_of
from simulator.network.groups import REPLY, Peer, admits, admitting, of_task
from simulator.network.inbound import app_listens, no_mapping, refused, reply_block
from simulator.network.model import (
    BRIDGE,
    FARGATE,
    IGW,
    INSTANCE,
    TASK,
    Block,
    Change,
    Client,
    Fix,
    Hop,
    Interface,
    Ports,
    Task,
    Verdict,
    World,
)
from simulator.network.rules import Filtering, NetworkRules, PublicAddress
from simulator.network.security_rules import EGRESS, INGRESS
from simulator.network.way import target_ports
from simulator.network.wording import holder, interface_kind, names, port_told, rules_told, subject, who


def direct(world: World, client: Client, task: Task, protocol: str, port: int | None, rules: NetworkRules) -> Verdict:
    """What becomes of a packet that is sent to the task itself.

    Parameters
    ----------
    port : the port that is asked for; None for the one that the task is reached on.
    """
    early = no_mapping(task) or refused(task, rules)
    if early:
        return early.verdict([], task_cure(early.code, task))
    interface = of_task(world, task, rules)
    assert interface is not None, "only mode none has no interface"
    own = target_ports(world, task, rules)
    ports = own if port is None else Ports(port, port)
    hops: list[Hop] = []
    if client.internet:
        block = _address(task, interface, rules) or _gateway(world, interface)
        if block:
            return block.verdict(hops, _way_in(block.code, world, task, interface))
        said = f"The internet gateway passes the packet on to the public address of {interface.owner}."
        hops.append(Hop(kind="internetGateway", at=IGW, passed=True, sentence=said))
    filtered = _groups(world, client, task, interface, protocol, ports, rules)
    if filtered:
        return filtered[0].verdict(hops, filtered[1])
    hops.append(_admitted(world, client, task, interface, protocol, ports, rules))
    reached = task.container_port if ports == own else ports.low
    silent = _unmapped(task, ports) if task.mode == BRIDGE and ports != own else app_listens(task, reached)
    if silent:
        return silent.verdict(hops, None if task.mode == BRIDGE and ports != own else listen_on(task, reached))
    said = f"The application in {task.id} listens on port {reached}."
    hops.append(Hop(kind="task", at=task.id, passed=True, sentence=said))
    message = f"{subject(client)} reaches {task.id} on {port_told(protocol, ports)} without a load balancer."
    return Verdict(code="REACHABLE", reachable=True, hops=tuple(hops), message=message)


def _address(task: Task, interface: Interface, rules: NetworkRules) -> Block | None:
    if interface.public or rules.public_address is PublicAddress.SUBNET_IS_ENOUGH:
        return None
    why = "assignPublicIp is DISABLED"
    if interface.kind == INSTANCE:
        why = f"its instance {interface.owner} has none"
    elif task.launch != FARGATE:
        why = "only Fargate gives a task's network interface one"
    return Block(
        code="NO_PUBLIC_IP",
        kind=interface_kind(task),
        at=task.id,
        blocked_by=f"{interface.kind} {interface.owner}",
        where=holder(task),
        message=f"{task.id} has no public address: {why}.",
    )


def _gateway(world: World, interface: Interface) -> Block | None:
    if world.subnets[interface.subnet].route == IGW and world.internet_gateway:
        return None
    why = "has no route to the internet gateway" if world.internet_gateway else "has no internet gateway to lead to"
    return Block(
        code="NO_IGW_ROUTE",
        kind="internetGateway",
        at=IGW,
        blocked_by=interface.subnet,
        where=f"the route table of {interface.subnet}",
        message=f"{interface.owner} has a public address, but its subnet {interface.subnet} {why}.",
    )


def _way_in(code: str, world: World, task: Task, interface: Interface) -> Fix | None:
    if code == "NO_PUBLIC_IP":
        if interface.kind == INSTANCE:
            path = ("instances", interface.owner, "publicIp")
            return replaced("AssociateAddress", f"Give {interface.owner} a public address.", (path, True))
        if task.launch != FARGATE:
            return None
        path = ("tasks", task.id, "assignPublicIp")
        return replaced("UpdateService", "Set assignPublicIp to ENABLED.", (path, "ENABLED"))
    if not world.internet_gateway:
        return attach_gateway()
    zone = world.subnets[interface.subnet].zone
    path = ("tasks" if interface.kind == TASK else "instances", interface.owner, "subnet")
    public = next((one.id for one in world.subnets.values() if one.zone == zone and one.route == IGW), None)
    if public:
        return replaced("UpdateService", f"Run {interface.owner} in the public subnet {public}.", (path, public))
    name = new_name(world.subnets, f"public-{zone}")
    made = Change(op="add", path=("subnets", name), value=new_subnet(world, zone, IGW))
    return Fix(
        action="CreateSubnet",
        changes=(made, Change(op="replace", path=path, value=name)),
        sentence=f"Make a public subnet {name} in zone {zone} and run {interface.owner} in it.",
    )


def _groups(
    world: World,
    client: Client,
    task: Task,
    interface: Interface,
    protocol: str,
    ports: Ports,
    rules: NetworkRules,
) -> tuple[Block, Fix | None] | None:
    """The sender's outbound rules, the receiver's inbound ones."""
    there = Peer((interface.address,), frozenset(interface.groups))
    if client.groups and not admits(world, client.groups, EGRESS, protocol, ports, there, rules):
        block = Block(
            code="SG_OUTBOUND",
            kind="client",
            at=client.name,
            blocked_by=names(client.groups),
            where=f"{client.name}, outbound",
            message=f"{names(client.groups)} on {client.name} lets nothing out to {task.id} on "
            f"{port_told(protocol, ports)}: {rules_told(world, client.groups, EGRESS)}.",
        )
        wanted = rule(protocol, ports, group=narrowest(world, interface.groups))
        return block, allow(world, client.groups, EGRESS, [wanted])
    sender = Peer((client.address,), frozenset(client.groups))
    if not admits(world, interface.groups, INGRESS, protocol, ports, sender, rules):
        block = Block(
            code="TARGET_SG_INBOUND",
            kind=interface_kind(task),
            at=task.id,
            blocked_by=names(interface.groups),
            where=f"{holder(task)}, inbound",
            message=f"{names(interface.groups)} on {holder(task)} does not admit {who(client)} on "
            f"{port_told(protocol, ports)}: {rules_told(world, interface.groups)}.",
        )
        return block, allow(world, interface.groups, INGRESS, [rule(protocol, ports, **source_of(world, client))])
    if rules.filtering is Filtering.STATELESS and not admits(
        world, interface.groups, EGRESS, protocol, REPLY, sender, rules
    ):
        return reply_block(interface_kind(task), task.id, names(interface.groups)), None
    return None


def _admitted(
    world: World,
    client: Client,
    task: Task,
    interface: Interface,
    protocol: str,
    ports: Ports,
    rules: NetworkRules,
) -> Hop:
    sender = Peer((client.address,), frozenset(client.groups))
    by = admitting(world, interface.groups, INGRESS, protocol, ports, sender, rules)
    carried, told = (by[0], f" by “{by[1].told('from')}”") if by else (names(interface.groups), "")
    said = f"{carried} on {holder(task)} admits {who(client)} on {port_told(protocol, ports)}{told}."
    return Hop(kind=interface_kind(task), at=task.id, passed=True, sentence=said)


def _unmapped(task: Task, ports: Ports) -> Block:
    return Block(
        code="APP_NOT_LISTENING",
        kind="task",
        at=task.id,
        blocked_by=f"task {task.id}",
        where="the port mapping",
        message=f"No mapping of {task.id} takes host port {ports}.",
    )
