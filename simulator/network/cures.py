"""The least change that lets a packet through a load balancer to a task, for each code of the inbound checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from simulator.network import defaults
from simulator.network.addresses import one_address
from simulator.network.balancing import ALWAYS_PRESERVED
from simulator.network.fixing import allow, narrowest, new_name, range_of, replaced, rule, source_of
from simulator.network.groups import Peer, admits, interfaces
from simulator.network.model import (
    APPLICATION,
    AWSVPC,
    BALANCER,
    BRIDGE,
    EC2,
    IGW,
    NETWORK,
    Change,
    Fix,
    LoadBalancer,
    Ports,
    Task,
    World,
)
from simulator.network.rules import ClientAddress
from simulator.network.security_rules import EGRESS, INGRESS, rule_to_dict
from simulator.network.way import Way, is_dynamic

MOST_PORTS_OPENED = 20  # by a group that is put on a load balancer; a wider one is not "the least"
_TCP_OF = {"HTTP": "TCP", "HTTPS": "TLS", "SSL": "TLS"}


def cure(code: str, way: Way) -> Fix | None:
    """The least change for a code, None where only another architecture helps."""
    found = _CURES.get(code)
    return found(way) if found else None


def opened_ports(way: Way) -> Ports:
    """What a rule for this task must open: one port, or the range of a dynamic mapping, for the next task gets
    another port of it. The guide rounds the kernel's range up to 61000.
    """
    if not is_dynamic(way.task) or way.ports == Ports(way.task.container_port, way.task.container_port):
        return way.ports
    span = way.world.instances[way.task.instance].dynamic
    low, high = defaults.GUIDE_RANGE if span == defaults.KERNEL_RANGE else span
    return Ports(min(low, way.ports.low), max(high, way.ports.high))


def _type(way: Way) -> Fix:
    kind = NETWORK if way.balancer.listeners and way.balancer.listeners[0].protocol in ("TCP", "SSL") else APPLICATION
    return _other_type(way, kind, "CreateLoadBalancer", _listeners_as(way, kind))


def _other_type(way: Way, kind: str, action: str, listeners: Sequence[Mapping[str, object]]) -> Fix:
    name = way.balancer.id
    return replaced(
        action,
        f"Use a load balancer of type {kind} instead of {way.balancer.type}.",
        (("loadBalancers", name, "type"), kind),
        (("loadBalancers", name, "listeners"), list(listeners)),
    )


def _listeners_as(way: Way, kind: str) -> list[dict[str, object]]:
    """The same listeners in the words of another type; GENEVE becomes the port that is asked for."""
    found: list[dict[str, object]] = []
    for one in way.balancer.listeners:
        protocol, port = one.protocol, one.port
        if protocol == "GENEVE":
            protocol, port = "HTTP", way.port
        if kind == NETWORK:
            protocol = _TCP_OF.get(protocol, protocol)
        elif protocol not in ("HTTP", "HTTPS"):
            protocol = "HTTP"
        found.append({"protocol": protocol, "port": port, "targetGroup": one.target_group})
    return found


def task_cure(code: str, task: Task) -> Fix:
    """The least change of a task definition that is refused, or that has no network."""
    path = ("tasks", task.id)
    if code == "HOST_PORT_MISMATCH":
        sentence = f"Set hostPort to {task.container_port}, or leave it out."
        return replaced("RegisterTaskDefinition", sentence, ((*path, "hostPort"), task.container_port))
    if code == "HOST_PORT_RESERVED" and task.mode == BRIDGE:
        sentence = "Set hostPort to 0 for a dynamic host port."
        return replaced("RegisterTaskDefinition", sentence, ((*path, "hostPort"), 0))
    mode = BRIDGE if task.launch == EC2 else AWSVPC
    changes: list[tuple[tuple[str, ...], object]] = [((*path, "networkMode"), mode)]
    if task.host_port is not None:
        changes.append(((*path, "hostPort"), 0 if mode == BRIDGE else task.container_port))
    elif code == "HOST_PORT_RESERVED":
        changes.append(((*path, "hostPort"), 0))
    if task.bound is not None and mode != BRIDGE:
        changes.append(((*path, "networkBindings"), []))
    return replaced("RegisterTaskDefinition", f"Use the network mode {mode}.", *changes)


def _refused(code: str) -> Callable[[Way], Fix]:
    return lambda way: task_cure(code, way.task)


def _mode(way: Way) -> Fix:
    """Like `task_cure`, and the mode that the target group is made for, if the launch type has it."""
    if way.task.launch != EC2 or way.group.type == "instance" or way.task.host_port is not None:
        return task_cure("NO_PORT_MAPPING", way.task)
    sentence = "Set networkMode to awsvpc, so that the task has an interface and a port."
    return replaced("RegisterTaskDefinition", sentence, (("tasks", way.task.id, "networkMode"), AWSVPC))


def _scheme(way: Way) -> Fix:
    return replaced(
        "CreateLoadBalancer",
        "Make it with the scheme internet-facing.",
        (("loadBalancers", way.balancer.id, "scheme"), "internet-facing"),
    )


def public_subnets(way: Way) -> Fix:
    """Public subnets of the same zones where they exist; else the route table of those that are not public."""
    world, balancer = way.world, way.balancer
    if not world.internet_gateway:
        return attach_gateway()
    wanted = [_public_twin(world, name) for name in balancer.subnets]
    if None not in wanted and len(set(wanted)) == len(wanted):
        return replaced(
            "SetSubnets",
            f"Put {balancer.id} into public subnets: {', '.join(str(name) for name in wanted)}.",
            (("loadBalancers", balancer.id, "subnets"), list(wanted)),
        )
    closed = [name for name in balancer.subnets if world.subnets[name].route != IGW]
    return replaced(
        "ReplaceRoute",
        f"Send 0.0.0.0/0 to the internet gateway in the route table of {', '.join(closed)}.",
        *((("subnets", name, "route"), IGW) for name in closed),
    )


def attach_gateway() -> Fix:
    """An internet gateway for the VPC."""
    return replaced("AttachInternetGateway", "Attach an internet gateway to the VPC.", (("internetGateway",), True))


def _public_twin(world: World, name: str) -> str | None:
    """The subnet itself if it is public, or a public one in its zone."""
    own = world.subnets[name]
    among = [own, *(one for one in world.subnets.values() if one.zone == own.zone)]
    return next((one.id for one in among if one.route == IGW), None)


def _second_zone(way: Way) -> Fix:
    world, balancer = way.world, way.balancer
    zones = {world.subnets[name].zone for name in balancer.subnets}
    others = [one for one in world.subnets.values() if one.zone not in zones]
    fitting = [one for one in others if balancer.internal or one.route == IGW]
    if fitting:
        # An internal one stays in subnets of the kind that it has.
        own = world.subnets[balancer.subnets[0]].route
        best = min(fitting, key=lambda one: one.route != own)
        return _more_subnets(way, best.id, "so that it is in two Availability Zones")
    zone = new_name(zones, "c")
    kind, route = ("private", "none") if balancer.internal else ("public", IGW)
    name = new_name(world.subnets, f"{kind}-{zone}")
    return Fix(
        action="CreateSubnet",
        changes=(
            Change(op="add", path=("subnets", name), value=new_subnet(world, zone, route)),
            _subnets_with(balancer, name),
        ),
        sentence=f"Make a subnet {name} in another Availability Zone and add it to {balancer.id}.",
    )


def new_subnet(world: World, zone: str, route: str) -> dict[str, object]:
    """A subnet to add, with addresses that are free."""
    bases = {one.cidr.base >> 8 for one in world.subnets.values()}
    free = next(third for third in range(200, 256) if (10 << 16) + third not in bases)
    return {"availabilityZone": zone, "cidrBlock": f"10.0.{free}.0/24", "route": route}


def _target_zone(way: Way) -> Fix:
    world = way.world
    among = [one for one in world.subnets.values() if one.zone == way.target_zone]
    public = [one for one in among if one.route == IGW]
    if public or way.balancer.internal:
        return _more_subnets(way, (public or among)[0].id, f"which is in the task's zone {way.target_zone}")
    name = new_name(world.subnets, f"public-{way.target_zone}")
    return Fix(
        action="CreateSubnet",
        changes=(
            Change(op="add", path=("subnets", name), value=new_subnet(world, way.target_zone, IGW)),
            _subnets_with(way.balancer, name),
        ),
        sentence=f"Make a public subnet {name} in zone {way.target_zone} and add it to {way.balancer.id}.",
    )


def _more_subnets(way: Way, name: str, why: str) -> Fix:
    return Fix(
        action="SetSubnets",
        changes=(_subnets_with(way.balancer, name),),
        sentence=f"Add the subnet {name} to {way.balancer.id}, {why}.",
    )


def _subnets_with(balancer: LoadBalancer, name: str) -> Change:
    return Change(op="replace", path=("loadBalancers", balancer.id, "subnets"), value=[*balancer.subnets, name])


def _listener(way: Way) -> Fix:
    balancer = way.balancer
    kept = _listeners_as(way, balancer.type)
    if way.protocol == "udp" and balancer.type != NETWORK:
        more = {"protocol": "UDP", "port": way.port, "targetGroup": way.group.id}
        return _other_type(way, NETWORK, "CreateLoadBalancer", [*_listeners_as(way, NETWORK), more])
    protocol = (
        "UDP"
        if way.protocol == "udp"
        else "TCP"
        if balancer.type == NETWORK
        else "HTTPS"
        if way.port == 443
        else "HTTP"
    )
    more = {"protocol": protocol, "port": way.port, "targetGroup": way.group.id}
    return replaced(
        "CreateListener",
        f"Add to {balancer.id} the listener {protocol}:{way.port}, forwarding to {way.group.id}.",
        (("loadBalancers", balancer.id, "listeners"), [*kept, more]),
    )


def _client_in(way: Way) -> Fix:
    """A rule in a group that only load balancers carry; a rule in the tasks' own group would open the tasks, too."""
    world, balancer = way.world, way.balancer
    wanted = rule(way.protocol, Ports(way.port, way.port), **source_of(world, way.client))
    own = [group for group in balancer.groups if group not in worn_by_targets(world)]
    if own:
        return allow(world, own, INGRESS, [wanted])
    ready = _ready_group(way)
    if ready:
        return _worn(way, [ready], f", not {', '.join(balancer.groups)}: the tasks carry that, too")
    name = new_name(world.groups, f"sg-{balancer.id}-clients")
    fix = _worn(way, [name], f", a new group with the inbound rule “{wanted.told('from')}”")
    made = Change(op="add", path=("securityGroups", name), value={"ingress": [rule_to_dict(wanted, INGRESS)]})
    return Fix(action=fix.action, changes=(made, *fix.changes), sentence=fix.sentence)


def _worn(way: Way, groups: list[str], why: str) -> Fix:
    return replaced(
        "SetSecurityGroups",
        f"Let {way.balancer.id} carry {', '.join(groups)}{why}.",
        (("loadBalancers", way.balancer.id, "securityGroups"), groups),
    )


def worn_by_targets(world: World) -> frozenset[str]:
    """The groups that tasks, instances and endpoints carry."""
    worn = {group for one in interfaces(world) if one.kind != BALANCER for group in one.groups}
    return frozenset(worn | {group for one in world.endpoints.values() for group in one.groups})


def _ready_group(way: Way) -> str | None:
    """A group that lets the client in, opens few ports, and is on no task or instance."""
    taken = worn_by_targets(way.world)
    fitting: list[tuple[int, str]] = []
    for group in way.world.groups.values():
        width = sum(one.ports.high - one.ports.low + 1 for one in group.ingress)
        port = Ports(way.port, way.port)
        if group.id in taken or width > MOST_PORTS_OPENED:
            continue
        if admits(way.world, [group.id], INGRESS, way.protocol, port, way.from_client, way.rules):
            wide = any(one.cidr == range_of(way.client) for one in group.ingress) or not way.client.anyone
            fitting += [(width, group.id)] if wide else []
    return min(fitting)[1] if fitting else None


def _target_type(way: Way) -> Fix:
    kind = "ip" if way.task.mode == AWSVPC else "instance"
    return replaced(
        "CreateTargetGroup",
        f"Make {way.group.id} a target group of type {kind}; the type of one that exists cannot be changed.",
        (("targetGroups", way.group.id, "targetType"), kind),
    )


def _balancer_out(way: Way) -> Fix:
    peer = narrowest(way.world, way.target_groups)
    wanted = rule(way.protocol, opened_ports(way), group=peer)
    return allow(way.world, way.balancer.groups, EGRESS, [wanted])


def target_in(way: Way, ports: Ports | None = None, *, from_balancer: bool = False) -> Fix:
    """The inbound rule of the target: from the sender's group where it has one, else from its address."""
    world, balancer = way.world, way.balancer
    asked, ports = ports or way.ports, ports or opened_ports(way)
    why = ", for every task gets another port of the range" if ports.low < ports.high else ""
    groups = way.balancer_groups
    if groups:
        trusted = _trusted_elsewhere(way, ports)
        if trusted:
            return _worn(way, [trusted], f", the group that {narrowest(world, way.target_groups)} trusts")
        return allow(
            world, way.target_groups, INGRESS, [rule(way.protocol, ports, group=narrowest(world, groups))], why
        )
    if way.preserved and not from_balancer:
        seen = admits(world, way.target_groups, INGRESS, way.protocol, way.ports, way.from_balancer, way.rules)
        if seen and _can_stop_preserving(way):
            return replaced(
                "ModifyTargetGroupAttributes",
                f"Switch off preserve_client_ip of {way.group.id}, so that the rule for {balancer.id}'s own addresses "
                "counts.",
                (("targetGroups", way.group.id, "preserveClientIp"), False),
            )
        return allow(world, way.target_groups, INGRESS, [rule(way.protocol, ports, cidr=range_of(way.client))], why)
    closed = [
        node
        for node in way.nodes
        if not admits(world, way.target_groups, INGRESS, way.protocol, asked, Peer((node,)), way.rules)
    ]
    each = [rule(way.protocol, ports, cidr=one_address(node)) for node in closed]
    return allow(world, way.target_groups, INGRESS, each, why)


def _can_stop_preserving(way: Way) -> bool:
    protocol = way.group.protocol or (way.listener.protocol if way.listener else "TCP")
    return protocol not in ALWAYS_PRESERVED and way.rules.client_address is not ClientAddress.CLIENT


def _trusted_elsewhere(way: Way, ports: Ports) -> str | None:
    """Where the load balancer carries only groups of its targets: the group that the target's rules trust instead."""
    worn = worn_by_targets(way.world)
    if any(group not in worn for group in way.balancer_groups):
        return None
    for group in way.target_groups:
        for one in way.world.groups[group].ingress:
            covers = (
                one.protocol in ("-1", way.protocol) and one.ports.low <= ports.low and ports.high <= one.ports.high
            )
            if covers and one.group and one.group not in worn:
                return one.group
    return None


def _listens(way: Way) -> Fix:
    return listen_on(way.task, way.task.container_port)


def listen_on(task: Task, port: int) -> Fix:
    """An application that listens where it is asked; it opens nothing."""
    heard = f" (it listens on {', '.join(map(str, task.listens))})" if task.listens else ""
    return replaced(
        "RegisterTaskDefinition",
        f"Let the application listen on {port}{heard}, or name its port as the containerPort.",
        (("tasks", task.id, "listens"), [*task.listens, port]),
    )


_CURES: Mapping[str, Callable[[Way], Fix]] = {
    "LB_TYPE_UNSUPPORTED": _type,
    "NETWORK_MODE_UNSUPPORTED": _refused("NETWORK_MODE_UNSUPPORTED"),
    "HOST_PORT_MISMATCH": _refused("HOST_PORT_MISMATCH"),
    "HOST_PORT_RESERVED": _refused("HOST_PORT_RESERVED"),
    "NO_PORT_MAPPING": _mode,
    "LB_INTERNAL": _scheme,
    "LB_SUBNET_NOT_PUBLIC": public_subnets,
    "ALB_NEEDS_TWO_AZ": _second_zone,
    "NO_LISTENER": _listener,
    "LB_SG_INBOUND": _client_in,
    "TARGET_TYPE_MISMATCH": _target_type,
    "TARGET_AZ_NOT_ENABLED": _target_zone,
    "LB_SG_OUTBOUND": _balancer_out,
    "TARGET_SG_INBOUND": target_in,
    "APP_NOT_LISTENING": _listens,
}
