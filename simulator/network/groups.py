"""What security groups admit. Allow rules only; the groups of one interface are taken together. Source: facts 2.4."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from simulator.network.model import (
    AWSVPC,
    BALANCER,
    BRIDGE,
    EC2,
    FARGATE,
    HOST,
    INSTANCE,
    TASK,
    Client,
    Instance,
    Interface,
    LoadBalancer,
    Ports,
    Rule,
    Task,
    World,
)
from simulator.network.rules import GroupSource, NetworkRules, TaskEniAddress
from simulator.network.security_rules import INGRESS

REPLY = Ports(50_000, 50_000)  # a port that a client may have opened its connection from


class Peer(NamedTuple):
    """The other side: its private addresses (all must be admitted), the groups it carries, its prefix list."""

    addresses: tuple[int, ...]
    groups: frozenset[str] = frozenset()
    prefix: str = ""


def admits(
    world: World, groups: Iterable[str], direction: str, protocol: str, ports: Ports, peer: Peer, rules: NetworkRules
) -> bool:
    """Whether the groups together let the peer through on every one of the ports.

    Parameters
    ----------
    direction : "ingress" or "egress".
    """
    worn = [rule for group in groups for rule in _side(world, group, direction)]
    return all(
        _covered(
            (rule.ports for rule in worn if _matches(world, rule, protocol, address, peer, direction, rules)), ports
        )
        for address in peer.addresses
    )


def admitting(
    world: World, groups: Iterable[str], direction: str, protocol: str, ports: Ports, peer: Peer, rules: NetworkRules
) -> tuple[str, Rule] | None:
    """The first group and rule that let the peer through on all of the ports alone, to name it."""
    for group in groups:
        for rule in _side(world, group, direction):
            spans = rule.ports.low <= ports.low and ports.high <= rule.ports.high
            if spans and all(
                _matches(world, rule, protocol, address, peer, direction, rules) for address in peer.addresses
            ):
                return group, rule
    return None


def compared(
    world: World, groups: Iterable[str], direction: str, protocol: str, ports: Ports, peer: Peer, rules: NetworkRules
) -> tuple[tuple[str, int, Rule, bool], ...]:
    """Every rule of the groups as (group, place in its list, rule, whether it has a part in letting the peer through).

    Several rules may open the ports together; then each of them has its part.
    """
    groups = tuple(groups)
    passes = admits(world, groups, direction, protocol, ports, peer, rules)
    found: list[tuple[str, int, Rule, bool]] = []
    for group in groups:
        for at, rule in enumerate(_side(world, group, direction)):
            meets = rule.ports.low <= ports.high and ports.low <= rule.ports.high
            known = any(_matches(world, rule, protocol, one, peer, direction, rules) for one in peer.addresses)
            found.append((group, at, rule, passes and meets and known))
    return tuple(found)


def wearers(world: World, group: str) -> int:
    """How many interfaces of the VPC carry the group, those of endpoints included."""
    worn = [one.groups for one in interfaces(world)] + [one.groups for one in world.endpoints.values()]
    return sum(group in groups for groups in worn)


def interfaces(world: World) -> tuple[Interface, ...]:
    """Every interface that carries security groups and is not an endpoint's: load balancers, instances, tasks."""
    found = [_of_balancer(one, at) for one in world.balancers.values() for at in range(len(one.subnets))]
    found += [of_instance(one) for one in world.instances.values()]
    found += [_of_task(one) for one in world.tasks.values() if one.mode == AWSVPC]
    return tuple(found)


def of_instance(instance: Instance) -> Interface:
    """An instance's primary interface."""
    return Interface(
        kind=INSTANCE,
        owner=instance.id,
        subnet=instance.subnet,
        groups=instance.groups,
        address=instance.address,
        public=instance.public,
    )


def of_task(world: World, task: Task, rules: NetworkRules) -> Interface | None:
    """The interface that a task's containers use: its own, its instance's, or none. Source: facts 2.1."""
    if task.mode == AWSVPC:
        own = _of_task(task)
        if rules.task_eni_address is TaskEniAddress.OF_INSTANCE and task.launch == EC2:
            return Interface(
                kind=TASK,
                owner=task.id,
                subnet=own.subnet,
                groups=own.groups,
                address=own.address,
                public=world.instances[task.instance].public,
            )
        return own
    if task.mode in (BRIDGE, HOST):
        return of_instance(world.instances[task.instance])
    return None


def client_of(interface: Interface, name: str) -> Client:
    """An interface as the one that opens a connection inside the VPC."""
    return Client(name=name, internet=False, address=interface.address, groups=interface.groups, interface=interface)


def _of_task(task: Task) -> Interface:
    # Only Fargate gives a task's interface a public address (facts 2.7).
    public = task.assign_public_ip and task.launch == FARGATE
    return Interface(
        kind=TASK, owner=task.id, subnet=task.subnet, groups=task.groups, address=task.address, public=public
    )


def _of_balancer(balancer: LoadBalancer, at: int) -> Interface:
    return Interface(
        kind=BALANCER,
        owner=balancer.id,
        subnet=balancer.subnets[at],
        groups=balancer.groups,
        address=balancer.addresses[at],
        public=not balancer.internal,
    )


def _side(world: World, group: str, direction: str) -> Collection[Rule]:
    found = world.groups[group]
    return found.ingress if direction == INGRESS else found.egress


def _covered(spans: Iterable[Ports], ports: Ports) -> bool:
    """Whether the spans leave out none of the ports."""
    next_open = ports.low
    for low, high in sorted(spans):
        if low > next_open:
            break
        next_open = max(next_open, high + 1)
    return next_open > ports.high


def _matches(
    world: World, rule: Rule, protocol: str, address: int, peer: Peer, direction: str, rules: NetworkRules
) -> bool:
    if rule.protocol not in ("-1", protocol):
        return False
    if rule.cidr is not None:
        return rule.cidr.holds(address)
    if rule.prefix is not None:
        return rule.prefix == peer.prefix
    group = rule.group or ""
    if group in peer.groups:
        return True
    if rules.group_source is GroupSource.SUBNETS:
        homes = {one.subnet for one in interfaces(world) if group in one.groups}
        return any(world.subnets[home].cidr.holds(address) for home in homes)
    if rules.group_source is GroupSource.INHERITED and direction == INGRESS:
        return any(one.cidr is not None and one.cidr.holds(address) for one in world.groups[group].ingress)
    return False
