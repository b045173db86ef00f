"""Which spots there are between two ends: through a load balancer, straight to a task, out of the VPC."""

from __future__ import annotations

from simulator.network import defaults
from simulator.network.addresses import dotted
from simulator.network.calls import Call, endpoint_for, outside
from simulator.network.groups import Peer, of_task
from simulator.network.model import NO_ROUTE, TASK, Endpoint, Interface, Ports, Question, Subnet, World
from simulator.network.rules import NetworkRules
from simulator.network.security_rules import EGRESS, INGRESS, read_rules
from simulator.network.services import INTERNET, PREFIX_OF
from simulator.network.spots import (
    INSIDE,
    Label,
    Spot,
    balancer_spot,
    balancer_zone,
    client_spot,
    gate,
    gateway_spot,
    route_spot,
    service_spot,
    task_spot,
    task_zone,
)
from simulator.network.way import Way, target_ports
from simulator.network.wording import interface_kind, registered

_USUAL = read_rules([defaults.EGRESS], EGRESS, direction=EGRESS, groups=())


def balancer_way(way: Way) -> tuple[Spot, ...]:
    """From the client through the load balancer to the task."""
    asked = Ports(way.port, way.port)
    balancer = way.balancer
    spots = [client_spot(way.client, way.protocol, str(asked))]
    if way.client.groups:
        there = Peer(balancer.addresses, frozenset(way.balancer_groups))
        spots.append(_client_gate(way.world, way.rules, way, there, asked))
    if way.client.internet:
        spots.append(gateway_spot())
    if way.balancer_groups:
        spots.append(
            gate(
                way.world,
                way.rules,
                way.balancer_groups,
                INGRESS,
                owner=balancer.id,
                protocol=way.protocol,
                ports=asked,
                peer=way.from_client,
                zone=balancer_zone(balancer),
                hop=("loadBalancer", balancer.id),
            )
        )
    return (*spots, balancer_spot(balancer, _from_balancer(way, way.ports)), *_behind(way, way.ports))


def health_way(way: Way) -> tuple[Spot, ...]:
    """From the load balancer itself to the task."""
    own = way.group.health_port
    ports = way.ports if own is None else Ports(own, own)
    return (balancer_spot(way.balancer, _from_balancer(way, ports)), *_behind(way, ports, health=True))


def direct_way(world: World, question: Question, rules: NetworkRules) -> tuple[Spot, ...]:
    """From a client straight to the task."""
    client, task = question.client, world.tasks[question.target]
    assert client is not None, "someone asks"
    # A definition that AWS refuses may leave the task without an interface.
    interface = of_task(world, task, rules) if task.address or task.instance else None
    own = target_ports(world, task, rules)
    ports = own if question.port is None else Ports(question.port, question.port)
    spots = [client_spot(client, question.protocol, str(ports))]
    if interface is None:
        return (*spots, task_spot(world, task))
    if client.groups:
        there = Peer((interface.address,), frozenset(interface.groups))
        zone = spots[0].zone
        spots.append(
            gate(
                world,
                rules,
                client.groups,
                EGRESS,
                owner=client.name,
                protocol=question.protocol,
                ports=ports,
                peer=there,
                zone=zone,
            )
        )
    if client.internet:
        spots.append(gateway_spot())
    spots.append(
        gate(
            world,
            rules,
            interface.groups,
            INGRESS,
            owner=task.id,
            protocol=question.protocol,
            ports=ports,
            peer=Peer((client.address,), frozenset(client.groups)),
            zone=task_zone(world, task),
            hop=(interface_kind(task), task.id),
            holder=interface.owner,
        )
    )
    return (*spots, task_spot(world, task))


def call_way(world: World, asks: str, call: Call | None, service: str) -> tuple[Spot, ...]:
    """From the interface that opens the connection to the service; `call` is None for a task without a network."""
    if call is None:
        return (task_spot(world, world.tasks[asks]), service_spot(service))
    endpoint = endpoint_for(call)
    spots = [_caller(call), _caller_gate(call, endpoint)]
    if endpoint is None:
        spots += _over_the_internet(call)
    elif endpoint.gateway:
        spots.append(route_spot(call.interface.subnet, PREFIX_OF[service], f"endpoint of {service}"))
        spots.append(_endpoint(endpoint))
    else:
        spots += [_endpoint_gate(call, endpoint), _endpoint(endpoint)]
    return (*spots, service_spot(service))


def _behind(way: Way, ports: Ports, *, health: bool = False) -> list[Spot]:
    """What comes behind a load balancer: its outbound rules if they say anything, the targets, the task's gate."""
    group, world = way.group, way.world
    facts = (f"type {group.type}", registered(way) if _has_place(way) else way.task.id)
    targets = Spot(id=group.id, kind="target-group", name=group.id, facts=facts, hop=("targetGroup", group.id))
    if not _has_place(way):
        return [targets, task_spot(world, way.task)]
    spots = [targets]
    if any(world.groups[name].egress != _USUAL for name in way.balancer_groups):
        spots.insert(0, _balancer_out(way, ports))
    spots.append(
        gate(
            world,
            way.rules,
            way.target_groups,
            INGRESS,
            owner=way.task.id,
            protocol=way.protocol,
            ports=ports,
            peer=way.from_balancer if health else way.from_sender,
            zone=task_zone(world, way.task),
            hop=(interface_kind(way.task), way.task.id),
            holder=way.task.instance if not way.task.groups else "",
        )
    )
    return [*spots, task_spot(world, way.task)]


def _balancer_out(way: Way, ports: Ports) -> Spot:
    return gate(
        way.world,
        way.rules,
        way.balancer_groups,
        EGRESS,
        owner=way.balancer.id,
        protocol=way.protocol,
        ports=ports,
        peer=Peer((_address(way),), frozenset(way.target_groups)),
        zone=balancer_zone(way.balancer),
    )


def _has_place(way: Way) -> bool:
    """Whether the task has an interface at all; one whose definition AWS refuses may have none."""
    return bool(way.task.address or way.task.instance)


def _client_gate(world: World, rules: NetworkRules, way: Way, there: Peer, ports: Ports) -> Spot:
    client = client_spot(way.client, way.protocol, str(ports))
    return gate(
        world,
        rules,
        way.client.groups,
        EGRESS,
        owner=way.client.name,
        protocol=way.protocol,
        ports=ports,
        peer=there,
        zone=client.zone,
    )


def _from_balancer(way: Way, ports: Ports) -> Label:
    if not _has_place(way):
        return "", ""
    what = f"{way.protocol.upper()} {ports}"
    if way.preserved:
        return what, f"from {dotted(way.client.address)}"
    groups = f" · {', '.join(way.balancer_groups)}" if way.balancer_groups else ""
    return what, f"from {dotted(way.nodes[0])}{groups}"


def _address(way: Way) -> int:
    return way.task.address or way.world.instances[way.task.instance].address


def _caller(call: Call) -> Spot:
    interface = call.interface
    kind = "task" if interface.kind == TASK else "instance"
    public = "public IP" if interface.public else "no public IP"
    return Spot(
        id="caller",
        kind=kind,
        name=call.caller,
        facts=(dotted(interface.address), public),
        zone=(*INSIDE, interface.subnet),
        label=(f"TCP {call.ports} to {_named(call.service)}", f"from {dotted(interface.address)}"),
    )


def _caller_gate(call: Call, endpoint: Endpoint | None) -> Spot:
    there = Peer((outside(),))
    if endpoint:
        prefix = PREFIX_OF[call.service] if endpoint.gateway else ""
        there = Peer((outside() if prefix else endpoint.address,), frozenset(endpoint.groups), prefix)
    interface = call.interface
    return gate(
        call.world,
        call.rules,
        interface.groups,
        EGRESS,
        owner=call.caller,
        protocol="tcp",
        ports=call.ports,
        peer=there,
        zone=(*INSIDE, interface.subnet),
        hop=(_kind(interface), call.caller),
    )


def _endpoint_gate(call: Call, endpoint: Endpoint) -> Spot:
    here = Peer((call.interface.address,), frozenset(call.interface.groups))
    return gate(
        call.world,
        call.rules,
        endpoint.groups,
        INGRESS,
        owner=endpoint.service,
        protocol="tcp",
        ports=call.ports,
        peer=here,
        zone=INSIDE,
        hop=("vpcEndpoint", endpoint.service),
    )


def _endpoint(endpoint: Endpoint) -> Spot:
    kind = "gateway" if endpoint.gateway else "interface"
    return Spot(
        id=f"endpoint {endpoint.service}",
        kind="endpoint",
        name="Endpoint",
        facts=(kind, endpoint.service),
        hop=("vpcEndpoint", endpoint.service),
    )


def _over_the_internet(call: Call) -> list[Spot]:
    world = call.world
    subnet: Subnet = world.subnets[call.interface.subnet]
    spots = [route_spot(subnet.id, "0.0.0.0/0", subnet.route)]
    what = f"TCP {call.ports} to {_named(call.service)}"
    nat = world.nats.get(subnet.route)
    if nat:
        spots.append(
            Spot(
                id=f"nat {nat.id}",
                kind="nat",
                name="NAT gateway",
                facts=(nat.id,),
                zone=(*INSIDE, nat.subnet),
                hop=("natGateway", nat.id),
                label=(what, "from the NAT gateway"),
            )
        )
    if subnet.route != NO_ROUTE:
        spots.append(gateway_spot((what, "from a public address") if not nat else ("", "")))
    return spots


def _kind(interface: Interface) -> str:
    return "taskInterface" if interface.kind == TASK else "instanceInterface"


def _named(service: str) -> str:
    return "the internet" if service == INTERNET else service
