"""One packet's way as a record: from whom, through which load balancer, to which task and port."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.network import defaults
from simulator.network.balancing import ALWAYS_PRESERVED, TRANSPORTS
from simulator.network.groups import Peer
from simulator.network.model import (
    BRIDGE,
    NETWORK,
    Client,
    Listener,
    LoadBalancer,
    Ports,
    TargetGroup,
    Task,
    World,
)
from simulator.network.rules import ClientAddress, DynamicPort, NetworkRules, NlbGroups, TargetPort


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What the checks of `simulator.network.inbound` look at. `listener` is None where no listener fits."""

    world: World
    rules: NetworkRules
    client: Client
    balancer: LoadBalancer
    group: TargetGroup
    task: Task
    protocol: str
    port: int
    listener: Listener | None

    @property
    def balancer_groups(self) -> tuple[str, ...]:
        """The load balancer's security groups, as far as they count."""
        ignored = self.balancer.type == NETWORK and self.rules.nlb_groups is NlbGroups.IGNORED
        return () if ignored else self.balancer.groups

    @property
    def target_groups(self) -> tuple[str, ...]:
        """The security groups that guard the target: the task's own, or its instance's."""
        return self.task.groups or self.world.instances[self.task.instance].groups

    @property
    def target_zone(self) -> str:
        """The Availability Zone of the target."""
        return self.world.subnets[self.task.subnet or self.world.instances[self.task.instance].subnet].zone

    @property
    def ports(self) -> Ports:
        """Where the load balancer connects to."""
        if self.listener and self.rules.target_port is TargetPort.LISTENER:
            return Ports(self.listener.port, self.listener.port)
        return target_ports(self.world, self.task, self.rules)

    @property
    def preserved(self) -> bool:
        """Whether the target sees the client's address. Source: facts 2.5."""
        if self.balancer.type != NETWORK:
            return False
        if self.rules.client_address is not ClientAddress.BY_TARGET_GROUP:
            return self.rules.client_address is ClientAddress.CLIENT
        protocol = self.group.protocol or (self.listener.protocol if self.listener else "TCP")
        if protocol in ALWAYS_PRESERVED:
            return True
        return self.group.type == "instance" if self.group.preserve is None else self.group.preserve

    @property
    def nodes(self) -> tuple[int, ...]:
        """The private addresses that may send to the target: every node's, or the one of its zone."""
        pairs = list(zip(self.balancer.subnets, self.balancer.addresses, strict=True))
        own = tuple(address for subnet, address in pairs if self.world.subnets[subnet].zone == self.target_zone)
        return self.balancer.addresses if self.balancer.cross_zone or not own else own

    @property
    def from_balancer(self) -> Peer:
        """The load balancer as a target's security group sees it; health checks always come like this."""
        return Peer(self.nodes, frozenset(self.balancer_groups))

    @property
    def from_sender(self) -> Peer:
        """The sender of the client's packets as the target's security group sees it."""
        if self.preserved:
            return Peer((self.client.address,), frozenset(self.balancer_groups))
        return self.from_balancer

    @property
    def from_client(self) -> Peer:
        """The client as the load balancer's security group sees it."""
        return Peer((self.client.address,), frozenset(self.client.groups))


def target_ports(world: World, task: Task, rules: NetworkRules) -> Ports:
    """The port of a task that is reached from outside; the whole range where Docker's choice is not known."""
    if task.mode != BRIDGE:
        return Ports(task.container_port, task.container_port)
    if task.host_port:
        return Ports(task.host_port, task.host_port)
    if rules.dynamic_port is DynamicPort.CONTAINER_PORT:
        return Ports(task.container_port, task.container_port)
    if task.bound is not None:
        return Ports(task.bound, task.bound)
    return world.instances[task.instance].dynamic if task.instance else defaults.KERNEL_RANGE


def is_dynamic(task: Task) -> bool:
    """Whether the host port is Docker's choice."""
    return task.mode == BRIDGE and not task.host_port


def listener_for(balancer: LoadBalancer, protocol: str, port: int) -> Listener | None:
    """The listener that takes such a connection."""
    for one in balancer.listeners:
        if one.port == port and protocol in TRANSPORTS[one.protocol]:
            return one
    return None
