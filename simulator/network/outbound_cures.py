"""The least change that lets a call out, for each code of the egress checks.

"Least" is what opens the fewest other ways: an endpoint opens one service, a NAT gateway the whole internet.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.network import defaults
from simulator.network.addresses import EVERYWHERE
from simulator.network.calls import Call, endpoint_for, leads_out, outside
from simulator.network.cures import attach_gateway, new_subnet
from simulator.network.fixing import added_rule, allow, narrowest, new_name, replaced, rule
from simulator.network.groups import Peer, admits
from simulator.network.model import FARGATE, IGW, TASK, Change, Endpoint, Fix, Rule, World
from simulator.network.security_rules import EGRESS, INGRESS, rule_to_dict
from simulator.network.services import GATEWAY_SERVICES, INTERNET, PREFIX_OF


def outbound_cure(call: Call, code: str) -> Fix | None:
    """The least change for a code; None for what no document of ours can mend."""
    if code == "SG_OUTBOUND":
        return _let_out(call)
    if code == "ENDPOINT_SG_INBOUND":
        endpoint = call.world.endpoints[call.service]
        return allow(call.world, endpoint.groups, INGRESS, [_from_caller(call)])
    if code == "NO_PUBLIC_IP":
        return _public_address(call)
    if code == "NO_ROUTE":
        return _route(call)
    return None


def _let_out(call: Call) -> Fix:
    endpoint = endpoint_for(call)
    if endpoint is None and call.service != INTERNET and not leads_out(call):
        # A rule for the whole internet would open what has no route anyway: an endpoint, and a rule for it alone.
        return _make_endpoint(call)
    wanted = _to_endpoint(call, endpoint) if endpoint else rule("tcp", call.ports, cidr=EVERYWHERE)
    return allow(call.world, call.interface.groups, EGRESS, [wanted])


def _to_endpoint(call: Call, endpoint: Endpoint) -> Rule:
    if endpoint.gateway:
        return rule("tcp", call.ports, prefix=PREFIX_OF[endpoint.service])
    return rule("tcp", call.ports, group=narrowest(call.world, endpoint.groups))


def _from_caller(call: Call) -> Rule:
    return rule("tcp", call.ports, group=narrowest(call.world, call.interface.groups))


def _public_address(call: Call) -> Fix:
    world, interface = call.world, call.interface
    if interface.kind != TASK:
        path = ("instances", interface.owner, "publicIp")
        return replaced("AssociateAddress", f"Give {interface.owner} a public address.", (path, True))
    if world.tasks[interface.owner].launch == FARGATE:
        path = ("tasks", interface.owner, "assignPublicIp")
        return replaced("UpdateService", "Set assignPublicIp to ENABLED.", (path, "ENABLED"))
    if call.service != INTERNET:
        return _make_endpoint(call)
    return _behind_nat(call)


def _behind_nat(call: Call) -> Fix:
    """The task in a subnet of its zone that leads to a NAT gateway; a new one where there is none."""
    world, zone = call.world, call.world.subnets[call.interface.subnet].zone
    path = ("tasks", call.interface.owner, "subnet")
    for one in world.subnets.values():
        nat = world.nats.get(one.route)
        if one.zone == zone and nat and world.subnets[nat.subnet].route == IGW:
            sentence = f"Run {call.caller} in {one.id}, whose route leads to {nat.id}."
            return replaced("UpdateService", sentence, (path, one.id))
    name, gateway = new_name(world.subnets, f"private-{zone}"), new_name(world.nats, "nat")
    return Fix(
        action="CreateNatGateway",
        changes=(
            Change(op="add", path=("natGateways", gateway), value={"subnet": call.interface.subnet}),
            Change(op="add", path=("subnets", name), value=new_subnet(world, zone, gateway)),
            Change(op="replace", path=path, value=name),
        ),
        sentence=f"Make a NAT gateway in {call.interface.subnet} and a private subnet {name} that leads to it, "
        f"and run {call.caller} there.",
    )


def _route(call: Call) -> Fix:
    world, subnet = call.world, call.world.subnets[call.interface.subnet]
    nat = world.nats.get(subnet.route)
    if not world.internet_gateway and (nat or subnet.route == IGW):
        return attach_gateway()
    if nat:
        return _move_nat(call, nat.id, nat.subnet)
    if call.service != INTERNET:
        return _make_endpoint(call)
    fix = _route_to_nat(call)
    if world.internet_gateway:
        return fix
    first = attach_gateway()
    return Fix(action=first.action, changes=(*first.changes, *fix.changes), sentence=f"{first.sentence} {fix.sentence}")


def _move_nat(call: Call, nat: str, subnet: str) -> Fix:
    public = _public_in(call.world, call.world.subnets[subnet].zone)
    if public:
        sentence = f"Make {nat} anew in the public subnet {public}: a NAT gateway needs a route to an internet gateway."
        return replaced("CreateNatGateway", sentence, (("natGateways", nat, "subnet"), public))
    sentence = f"Send 0.0.0.0/0 to the internet gateway in the route table of {subnet}, where {nat} stands."
    return replaced("ReplaceRoute", sentence, (("subnets", subnet, "route"), IGW))


def _public_in(world: World, zone: str) -> str | None:
    """A public subnet, of the zone if there is one."""
    public = [one for one in world.subnets.values() if one.route == IGW]
    return next((one.id for one in sorted(public, key=lambda one: one.zone != zone)), None)


def _route_to_nat(call: Call) -> Fix:
    world, own = call.world, call.interface.subnet
    path = ("subnets", own, "route")
    for nat in world.nats.values():
        if world.subnets[nat.subnet].route == IGW and nat.subnet != own:
            return replaced("CreateRoute", f"Send 0.0.0.0/0 to {nat.id} in the route table of {own}.", (path, nat.id))
    name = new_name(world.nats, "nat")
    zone = world.subnets[own].zone
    public = _public_in(world, zone)
    made: list[Change] = []
    if public is None:
        public = new_name(world.subnets, f"public-{zone}")
        made.append(Change(op="add", path=("subnets", public), value=new_subnet(world, zone, IGW)))
    made.append(Change(op="add", path=("natGateways", name), value={"subnet": public}))
    return Fix(
        action="CreateNatGateway",
        changes=(*made, Change(op="replace", path=path, value=name)),
        sentence=f"Make the NAT gateway {name} in {public}, and send 0.0.0.0/0 to it in the route table of {own}.",
    )


def _make_endpoint(call: Call) -> Fix:
    """An endpoint of the service that serves this caller, and the outbound rule that it needs, and no other."""
    there = call.world.endpoints.get(call.service)
    path = ("vpcEndpoints", call.service)
    if there and there.gateway:
        tables = [*(there.subnets or ()), call.interface.subnet]
        sentence = f"Add the route table of {call.interface.subnet} to the gateway endpoint of {call.service}"
        return _with_way_out(call, replaced("ModifyVpcEndpoint", sentence, ((*path, "subnets"), tables)), ())
    if there and not call.pulls:
        sentence = f"Switch on private DNS for the endpoint of {call.service}, so that its name means the endpoint"
        fix = replaced("ModifyVpcEndpoint", sentence, ((*path, "privateDnsEnabled"), True))
        return _with_way_out(call, fix, there.groups)
    if call.service in GATEWAY_SERVICES:
        sentence = f"Add a gateway endpoint of {call.service} to the route table of {call.interface.subnet}"
        made = Change(op="add", path=path, value={"subnets": [call.interface.subnet]})
        return _with_way_out(call, Fix(action="CreateVpcEndpoint", changes=(made,), sentence=sentence), ())
    worn, changes = _endpoint_group(call)
    made = Change(op="add", path=path, value={"securityGroups": [worn]})
    own = narrowest(call.world, call.interface.groups)
    sentence = f"Add an interface endpoint of {call.service} that carries {worn}, which admits {own} on {call.ports}"
    fix = Fix(action="CreateVpcEndpoint", changes=(*changes, made), sentence=sentence)
    return _with_way_out(call, fix, (worn,))


def _with_way_out(call: Call, fix: Fix, groups: Sequence[str]) -> Fix:
    """The fix, with an outbound rule for the endpoint where the caller has none; no groups: a gateway endpoint."""
    own = narrowest(call.world, call.interface.groups)
    if groups:
        there = call.world.endpoints.get(call.service)
        address = there.address if there else call.world.subnets["isolated-a"].cidr.base + defaults.ENDPOINT_HOST
        peer = Peer((address,), frozenset(groups))
        wanted = rule("tcp", call.ports, group=narrowest(call.world, groups))
    else:
        prefix = PREFIX_OF[call.service]
        peer = Peer((outside(),), frozenset(), prefix)
        wanted = rule("tcp", call.ports, prefix=prefix)
    if admits(call.world, call.interface.groups, EGRESS, "tcp", call.ports, peer, call.rules):
        return Fix(action=fix.action, changes=fix.changes, sentence=f"{fix.sentence}.")
    return Fix(
        action=fix.action,
        changes=(*fix.changes, added_rule(own, EGRESS, wanted)),
        sentence=f"{fix.sentence}, and to {own} the outbound rule “{wanted.told('to')}”.",
    )


def _endpoint_group(call: Call) -> tuple[str, list[Change]]:
    """The group of an endpoint that admits the caller already, or a new one that admits only it."""
    world, here = call.world, Peer((call.interface.address,), frozenset(call.interface.groups))
    for endpoint in world.endpoints.values():
        for group in endpoint.groups:
            if admits(world, [group], INGRESS, "tcp", call.ports, here, call.rules):
                return group, []
    name = new_name(world.groups, "sg-endpoints")
    made = {"ingress": [rule_to_dict(_from_caller(call), INGRESS)]}
    return name, [Change(op="add", path=("securityGroups", name), value=made)]
