"""From a client through a load balancer to a task: the checks in the order of the facts; the first that fails decides.

Source: platform facts 2.9, "Inbound". Checks of our own stand where AWS refuses earlier (mode and ports at
registration) and where the sender is inside the VPC (its own outbound rules).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from simulator.network.addresses import one_address
from simulator.network.cures import cure
from simulator.network.fixing import allow, narrowest, rule
from simulator.network.groups import REPLY, Peer, admits, admitting
from simulator.network.model import (
    APPLICATION,
    AWSVPC,
    CLASSIC,
    GATEWAY,
    IGW,
    NONE,
    Block,
    Fix,
    Hop,
    Ports,
    Rule,
    Task,
    Verdict,
)
from simulator.network.modes import mode_problem, port_problem
from simulator.network.rules import AwsvpcTargets, Filtering, NetworkRules
from simulator.network.security_rules import EGRESS, INGRESS
from simulator.network.way import Way
from simulator.network.wording import (
    holder,
    interface_kind,
    luck,
    names,
    one_port,
    port_told,
    registered,
    rules_told,
    sender_told,
    subject,
    who,
)

Check = Callable[[Way], Block | None]


def inbound(way: Way) -> Verdict:
    """What becomes of the client's packet.

    Returns
    -------
    Verdict
        With one of the facts' codes, REACHABLE if nothing stops it, and a hop for each place that it passed.
    """
    hops: list[Hop] = []
    for checks, passed in _STAGES:
        for check in checks:
            block = check(way)
            if block:
                return block.verdict(hops, _cure(block.code, way))
        hops += passed(way)
    port = port_told(way.protocol, way.ports)
    message = f"{subject(way.client)} reaches {way.task.id} on {port} through {way.balancer.id}."
    return Verdict(
        code="REACHABLE", reachable=True, hops=tuple(hops), message=message, notes=(*luck(way), *one_port(way))
    )


def _cure(code: str, way: Way) -> Fix | None:
    if code == "SG_OUTBOUND":
        return allow(way.world, way.client.groups, EGRESS, _to_balancer(way))
    return cure(code, way)


def refused(task: Task, rules: NetworkRules) -> Block | None:
    """What RegisterTaskDefinition refuses before there is a network to look at."""
    problem = mode_problem(task.launch, task.mode)
    if problem is None and task.mode != NONE:
        problem = port_problem(task.mode, task.container_port, task.host_port, "portMappings[0]", rules)
    if problem is None:
        return None
    return Block(
        code=problem.code,
        kind="task",
        at=task.id,
        blocked_by=f"task {task.id}",
        where="the task definition",
        message=problem.message,
    )


def no_mapping(task: Task) -> Block | None:
    """A task without a network has no port."""
    if task.mode != NONE:
        return None
    return Block(
        code="NO_PORT_MAPPING",
        kind="task",
        at=task.id,
        blocked_by=f"task {task.id}",
        where="the task definition",
        message=f"{task.id} has the network mode none: no port mappings, and no connection to the outside.",
    )


def target_in(way: Way, ports: Ports | None = None, *, peer: Peer | None = None) -> Block | None:
    """Whether the target's own security groups let the load balancer's packets in."""
    groups, asked, sender = way.target_groups, ports or way.ports, peer or way.from_sender
    kind, at = interface_kind(way.task), way.task.id
    if not admits(way.world, groups, INGRESS, way.protocol, asked, sender, way.rules):
        return Block(
            code="TARGET_SG_INBOUND",
            kind=kind,
            at=at,
            blocked_by=names(groups),
            where=f"{holder(way.task)}, inbound",
            message=f"{names(groups)} on {holder(way.task)} does not admit {sender_told(way, sender)} on "
            f"{port_told(way.protocol, asked)}: {rules_told(way.world, groups)}.",
        )
    if way.rules.filtering is Filtering.STATEFUL:
        return None
    if not admits(way.world, groups, EGRESS, way.protocol, REPLY, sender, way.rules):
        return reply_block(kind, at, names(groups))
    back, heard = Peer((_target_address(way),), frozenset(groups)), way.balancer_groups
    if heard and not admits(way.world, heard, INGRESS, way.protocol, REPLY, back, way.rules):
        return reply_block("loadBalancer", way.balancer.id, names(heard))
    return None


def balancer_out(way: Way, ports: Ports | None = None) -> Block | None:
    """Whether the load balancer's outbound rules let its packets go to the target."""
    groups, ports = way.balancer_groups, ports or way.ports
    peer = Peer((_target_address(way),), frozenset(way.target_groups))
    if not groups or admits(way.world, groups, EGRESS, way.protocol, ports, peer, way.rules):
        return None
    message = (
        f"{names(groups)} on {way.balancer.id} lets nothing out to {way.task.id} on {port_told(way.protocol, ports)}: "
        f"{rules_told(way.world, groups, EGRESS)}."
    )
    return _at_balancer(way, "LB_SG_OUTBOUND", names(groups), message, "outbound")


def reply_block(kind: str, at: str, groups: str) -> Block:
    """Only for who believes that a reply needs a rule."""
    message = f"{groups} has no rule for the reply, which goes to a port that the asking side chose."
    return Block(code="REPLY_BLOCKED", kind=kind, at=at, blocked_by=groups, where=f"{at}, the reply", message=message)


def app_listens(task: Task, port: int) -> Block | None:
    """Whether the container answers on its port."""
    if port in task.listens:
        return None
    there = f"it listens on {names(map(str, task.listens))}" if task.listens else "nothing in it listens"
    return Block(
        code="APP_NOT_LISTENING",
        kind="task",
        at=task.id,
        blocked_by=f"the application in {task.id}",
        where="the container",
        message=f"The packet arrives, and no process of {task.id} listens on port {port}: {there}.",
    )


# The other checks -----------------------------------------------------------------------------------------------------


def _refused(way: Way) -> Block | None:
    return refused(way.task, way.rules)


def _no_mapping(way: Way) -> Block | None:
    return no_mapping(way.task)


def _type(way: Way) -> Block | None:
    kind, mode = way.balancer.type, way.task.mode
    if kind != GATEWAY and not (kind == CLASSIC and mode == AWSVPC):
        return None
    why = (
        "A Gateway Load Balancer is no load balancer for an ECS service"
        if kind == GATEWAY
        else "A Classic Load Balancer does not take awsvpc tasks, so never Fargate"
    )
    return _at_balancer(way, "LB_TYPE_UNSUPPORTED", way.balancer.id, f"{why}; use an ALB or an NLB.")


def _scheme(way: Way) -> Block | None:
    if not (way.client.internet and way.balancer.internal):
        return None
    message = f"{way.balancer.id} is internal: its name resolves to private addresses, which the internet cannot reach."
    return _at_balancer(way, "LB_INTERNAL", way.balancer.id, message)


def _public(way: Way) -> Block | None:
    world = way.world
    closed = [one for one in way.balancer.subnets if world.subnets[one].route != IGW or not world.internet_gateway]
    if not (way.client.internet and closed):
        return None
    own, has = ("subnet", "has") if len(closed) == 1 else ("subnets", "have")
    why = "no route to an internet gateway" if world.internet_gateway else "no internet gateway to lead to"
    return Block(
        code="LB_SUBNET_NOT_PUBLIC",
        kind="internetGateway",
        at=IGW,
        blocked_by=names(closed),
        where="the subnets' route tables",
        message=f"{way.balancer.id} is internet-facing, but its {own} {' and '.join(closed)} {has} {why}.",
    )


def _zones(way: Way) -> Block | None:
    zones = sorted({way.world.subnets[name].zone for name in way.balancer.subnets})
    if way.balancer.type != APPLICATION or len(zones) > 1:
        return None
    message = (
        f"{way.balancer.id} is in the one Availability Zone {zones[0]}; an Application Load Balancer needs two, and is "
        "refused."
    )
    return _at_balancer(way, "ALB_NEEDS_TWO_AZ", way.balancer.id, message)


def _listener(way: Way) -> Block | None:
    if way.listener:
        return None
    there = names(f"{one.protocol}:{one.port}" for one in way.balancer.listeners) or "none"
    message = (
        f"{way.balancer.id} has no listener for {port_told(way.protocol, Ports(way.port, way.port))}; it has {there}."
    )
    return _at_balancer(way, "NO_LISTENER", way.balancer.id, message, "the listeners")


def _client_out(way: Way) -> Block | None:
    """A client inside the VPC may be held back by its own outbound rules."""
    groups = way.client.groups
    peer = Peer(way.balancer.addresses, frozenset(way.balancer_groups))
    port = Ports(way.port, way.port)
    if not groups or admits(way.world, groups, EGRESS, way.protocol, port, peer, way.rules):
        return None
    return Block(
        code="SG_OUTBOUND",
        kind="client",
        at=way.client.name,
        blocked_by=names(groups),
        where=f"{way.client.name}, outbound",
        message=f"{names(groups)} on {way.client.name} lets nothing out to {way.balancer.id} on "
        f"{port_told(way.protocol, port)}: {rules_told(way.world, groups, EGRESS)}.",
    )


def _client_in(way: Way) -> Block | None:
    groups, port = way.balancer_groups, Ports(way.port, way.port)
    if not groups:
        return None
    if not admits(way.world, groups, INGRESS, way.protocol, port, way.from_client, way.rules):
        message = (
            f"{way.balancer.id} carries {names(groups)}, which does not admit {who(way.client)} on "
            f"{port_told(way.protocol, port)}: {rules_told(way.world, groups)}."
        )
        return _at_balancer(way, "LB_SG_INBOUND", names(groups), message, "inbound")
    stateless = way.rules.filtering is Filtering.STATELESS
    if stateless and not admits(way.world, groups, EGRESS, way.protocol, REPLY, way.from_client, way.rules):
        return reply_block("loadBalancer", way.balancer.id, names(groups))
    return None


def target_type_misfits(way: Way) -> bool:
    """Whether the target group is of the wrong type; a Classic Load Balancer has none, and takes instances."""
    mode, kind = way.task.mode, way.group.type
    tolerated = mode == AWSVPC and way.rules.awsvpc_targets is AwsvpcTargets.IP_OR_INSTANCE
    return kind != _type_needed(way) and way.balancer.type != CLASSIC and not tolerated


def _type_needed(way: Way) -> str:
    return "ip" if way.task.mode == AWSVPC else "instance"


def _target_type(way: Way) -> Block | None:
    if not target_type_misfits(way):
        return None
    return Block(
        code="TARGET_TYPE_MISMATCH",
        kind="targetGroup",
        at=way.group.id,
        blocked_by=way.group.id,
        where="CreateService",
        message=f"{way.group.id} has the target type {way.group.type}, which is incompatible with the "
        f"{way.task.mode} network mode of {way.task.id}: it needs {_type_needed(way)}.",
    )


def _target_zone(way: Way) -> Block | None:
    zones = sorted({way.world.subnets[name].zone for name in way.balancer.subnets})
    if way.target_zone in zones:
        return None
    return Block(
        code="TARGET_AZ_NOT_ENABLED",
        kind="targetGroup",
        at=way.group.id,
        blocked_by=way.balancer.id,
        where=f"the subnets of {way.balancer.id}",
        message=f"{way.task.id} runs in zone {way.target_zone}, and {way.balancer.id} is enabled in {names(zones)} "
        "only: the target stays unused and gets no traffic.",
    )


def _balancer_out(way: Way) -> Block | None:
    return balancer_out(way)


def _target_in(way: Way) -> Block | None:
    return target_in(way)


def _app(way: Way) -> Block | None:
    return app_listens(way.task, way.task.container_port)


def _at_balancer(way: Way, code: str, by: str, message: str, side: str = "") -> Block:
    where = f"load balancer {way.balancer.id}" + (f", {side}" if side else "")
    return Block(code=code, kind="loadBalancer", at=way.balancer.id, blocked_by=by, where=where, message=message)


def _to_balancer(way: Way) -> list[Rule]:
    port = Ports(way.port, way.port)
    if way.balancer_groups:
        return [rule(way.protocol, port, group=narrowest(way.world, way.balancer_groups))]
    closed = [
        address
        for address in way.balancer.addresses
        if not admits(way.world, way.client.groups, EGRESS, way.protocol, port, Peer((address,)), way.rules)
    ]
    return [rule(way.protocol, port, cidr=one_address(address)) for address in closed]


def _target_address(way: Way) -> int:
    return way.task.address or way.world.instances[way.task.instance].address


# The places that a packet passes --------------------------------------------------------------------------------------


def _nowhere(_: Way) -> list[Hop]:
    return []


def _gateway(way: Way) -> list[Hop]:
    if not way.client.internet:
        return []
    said = f"The internet gateway passes the packet on: {names(way.balancer.subnets)} have a route to it."
    return [Hop(kind="internetGateway", at=IGW, passed=True, sentence=said)]


def _balancer(way: Way) -> list[Hop]:
    port = Ports(way.port, way.port)
    by = admitting(way.world, way.balancer_groups, INGRESS, way.protocol, port, way.from_client, way.rules)
    filtered = (
        f"{by[0]} admits {who(way.client)} by “{by[1].told('from')}”" if by else "no security group filters there"
    )
    listener = f"{way.listener.protocol}:{way.listener.port}" if way.listener else ""
    said = f"{way.balancer.id} listens on {listener}, and {filtered}."
    return [Hop(kind="loadBalancer", at=way.balancer.id, passed=True, sentence=said)]


def _group(way: Way) -> list[Hop]:
    said = f"{way.group.id} has {way.task.id} as the target {registered(way)}, in a zone of {way.balancer.id}."
    return [Hop(kind="targetGroup", at=way.group.id, passed=True, sentence=said)]


def _interface(way: Way) -> list[Hop]:
    by = admitting(way.world, way.target_groups, INGRESS, way.protocol, way.ports, way.from_sender, way.rules)
    carried, told = (by[0], f" by “{by[1].told('from')}”") if by else (names(way.target_groups), "")
    said = f"{carried} on {holder(way.task)} admits {sender_told(way, way.from_sender)} on "
    said += f"{port_told(way.protocol, way.ports)}{told}."
    return [Hop(kind=interface_kind(way.task), at=way.task.id, passed=True, sentence=said)]


def _container(way: Way) -> list[Hop]:
    said = f"The application in {way.task.id} listens on port {way.task.container_port}."
    return [Hop(kind="task", at=way.task.id, passed=True, sentence=said)]


_STAGES: Sequence[tuple[Sequence[Check], Callable[[Way], list[Hop]]]] = (
    ((_type, _no_mapping, _refused, _scheme), _nowhere),
    ((_public,), _gateway),
    ((_zones, _listener, _client_out, _client_in), _balancer),
    ((_target_type, _target_zone), _group),
    ((_balancer_out, _target_in), _interface),
    ((_app,), _container),
)

# What stands in the way of a load balancer's own health check before a packet is sent.
CREATION_CHECKS: Sequence[Check] = (_type, _no_mapping, _refused, _zones, _target_type, _target_zone)
