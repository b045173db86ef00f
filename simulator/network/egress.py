"""Out of the VPC: an application, or the agent on behalf of a task, calls an AWS service or the internet.

Source: platform facts 2.7 and 2.9, "Egress".
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.network.calls import Call, endpoint_for, nat_works, outside
from simulator.network.cures import task_cure
from simulator.network.groups import REPLY, Peer, admits, of_instance, of_task
from simulator.network.inbound import refused, reply_block
from simulator.network.model import (
    FARGATE,
    IGW,
    INSTANCE,
    NONE,
    TASK,
    Block,
    Endpoint,
    Hop,
    Interface,
    Ports,
    Task,
    Verdict,
    World,
)
from simulator.network.outbound_cures import outbound_cure
from simulator.network.rules import EndpointGroups, Filtering, NetworkRules, PublicAddress, Puller
from simulator.network.security_rules import EGRESS, INGRESS
from simulator.network.services import INTERNET, PREFIX_OF, calls_at_start
from simulator.network.wording import names, port_told, rules_told

HTTPS = 443
VIA_ENDPOINT, VIA_IGW, VIA_NAT = "VIA_ENDPOINT", "VIA_IGW", "VIA_NAT"
START_OK = "START_OK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Every call that a task makes before its containers run, until the first that fails."""

    code: str
    calls: tuple[tuple[str, Verdict], ...]

    @property
    def last(self) -> Verdict | None:
        """The call that decided; None where nothing needs to be called."""
        return self.calls[-1][1] if self.calls else None


def task_egress(
    world: World,
    task: Task,
    service: str,
    rules: NetworkRules,
    *,
    actor: str = "app",
    port: int | None = None,
    pulls: bool = False,
) -> Verdict:
    """Whether the task's application, or the agent for it, reaches a service.

    Parameters
    ----------
    service : a service's name as in its endpoint (`ecr.api`), or `internet`.
    actor : "app" for what the containers open, "agent" for image pulls, secrets and awslogs.
    """
    early = refused(task, rules)
    if early:
        return early.verdict([], task_cure(early.code, task))
    call = task_call(world, task, service, rules, actor=actor, port=port, pulls=pulls)
    return _open(call) if call else _no_network(task)


def instance_egress(world: World, name: str, service: str, rules: NetworkRules, *, port: int | None = None) -> Verdict:
    """Whether a container instance itself (its agent, its Docker daemon) reaches a service."""
    return _open(instance_call(world, name, service, rules, port=port))


def task_call(
    world: World,
    task: Task,
    service: str,
    rules: NetworkRules,
    *,
    actor: str = "app",
    port: int | None = None,
    pulls: bool = False,
) -> Call | None:
    """The connection that is opened, by whose interface; None for a task without a network."""
    interface = _interface(world, task, rules, actor)
    if interface is None:
        return None
    caller = task.id if interface.kind == TASK else interface.owner
    ports = Ports(port or HTTPS, port or HTTPS)
    return Call(world=world, rules=rules, interface=interface, caller=caller, service=service, ports=ports, pulls=pulls)


def instance_call(world: World, name: str, service: str, rules: NetworkRules, *, port: int | None = None) -> Call:
    """The same for what an instance itself opens."""
    ports = Ports(port or HTTPS, port or HTTPS)
    interface = of_instance(world.instances[name])
    return Call(world=world, rules=rules, interface=interface, caller=name, service=service, ports=ports)


def task_start(world: World, task: Task, rules: NetworkRules) -> Start:
    """Secrets, then the image, then the log driver: the order is our convention, AWS's is undocumented.

    Returns
    -------
    Start
        Its code is START_OK, or the first service that is not reached and why: `ecr.api:NO_ROUTE`.
    """
    found: list[tuple[str, Verdict]] = []
    for service in calls_at_start(task, rules):
        layers = service == "s3"
        verdict = task_egress(world, task, service, rules, actor="agent", pulls=layers)
        found.append((service, verdict))
        if not verdict.reachable:
            return Start(code=f"{service}:{verdict.code}", calls=tuple(found))
    return Start(code=START_OK, calls=tuple(found))


def _interface(world: World, task: Task, rules: NetworkRules, actor: str) -> Interface | None:
    """The agent and Docker live in the host's namespace, except on Fargate (facts 2.7)."""
    if actor == "agent" and task.launch != FARGATE and rules.puller is Puller.BY_LAUNCH_TYPE:
        return of_instance(world.instances[task.instance])
    return of_task(world, task, rules)


def _no_network(task: Task) -> Verdict:
    block = Block(
        code="NO_NETWORK",
        kind="task",
        at=task.id,
        blocked_by=f"task {task.id}",
        where="the task definition",
        message=f"The containers of {task.id} have the network mode {NONE}: they have no connection to the outside.",
    )
    return block.verdict([], task_cure(block.code, task))


def _open(call: Call) -> Verdict:
    endpoint = endpoint_for(call)
    if endpoint is None:
        return _over_the_internet(call)
    return _by_gateway(call) if endpoint.gateway else _by_interface(call, endpoint)


def _by_interface(call: Call, endpoint: Endpoint) -> Verdict:
    world, rules, groups = call.world, call.rules, call.interface.groups
    there = Peer((endpoint.address,), frozenset(endpoint.groups))
    out = _out(call, there)
    if out:
        return out.verdict([], outbound_cure(call, out.code))
    here = Peer((call.interface.address,), frozenset(groups))
    hops = [_left(call)]
    filters = rules.endpoint_groups is EndpointGroups.FILTER
    if filters and not admits(world, endpoint.groups, INGRESS, "tcp", call.ports, here, rules):
        block = Block(
            code="ENDPOINT_SG_INBOUND",
            kind="vpcEndpoint",
            at=call.service,
            blocked_by=names(endpoint.groups),
            where=f"the endpoint of {call.service}, inbound",
            message=f"{names(endpoint.groups)} on the endpoint of {call.service} does not admit {call.caller} on "
            f"{port_told('tcp', call.ports)}: {rules_told(world, endpoint.groups)}.",
        )
        return block.verdict(hops, outbound_cure(call, block.code))
    said = (
        f"The interface endpoint of {call.service} takes the call inside the VPC; {names(endpoint.groups)} admits it."
    )
    hops.append(Hop(kind="vpcEndpoint", at=call.service, passed=True, sentence=said))
    return _arrived(call, VIA_ENDPOINT, hops)


def _by_gateway(call: Call) -> Verdict:
    prefix = PREFIX_OF[call.service]
    out = _out(call, Peer((outside(),), frozenset(), prefix))
    if out:
        return out.verdict([], outbound_cure(call, out.code))
    said = f"The route table of {call.interface.subnet} sends {prefix} to the gateway endpoint of {call.service}."
    hops = [_left(call), Hop(kind="vpcEndpoint", at=call.service, passed=True, sentence=said)]
    return _arrived(call, VIA_ENDPOINT, hops)


def _over_the_internet(call: Call) -> Verdict:
    out = _out(call, Peer((outside(),)))
    if out:
        return out.verdict([], outbound_cure(call, out.code))
    hops = [_left(call)]
    route, world = call.world.subnets[call.interface.subnet].route, call.world
    if route == IGW and world.internet_gateway:
        if not call.interface.public and call.rules.public_address is PublicAddress.NEEDED:
            block = _no_address(call)
            return block.verdict(hops, outbound_cure(call, block.code), _notes(call))
        said = f"{call.caller} has a public address, and {call.interface.subnet} a route to the internet gateway."
        return _arrived(call, VIA_IGW, [*hops, Hop(kind="internetGateway", at=IGW, passed=True, sentence=said)])
    nat = world.nats.get(route)
    if nat and nat_works(call, nat.subnet):
        said = (
            f"The route table of {call.interface.subnet} sends it to {nat.id}, which stands in the public {nat.subnet}."
        )
        return _arrived(call, VIA_NAT, [*hops, Hop(kind="natGateway", at=nat.id, passed=True, sentence=said)])
    block = _no_route(call)
    return block.verdict(hops, outbound_cure(call, block.code), _notes(call))


def _out(call: Call, there: Peer) -> Block | None:
    """The caller's own outbound rules, and under a belief those for the reply."""
    groups, world = call.interface.groups, call.world
    if not admits(world, groups, EGRESS, "tcp", call.ports, there, call.rules):
        target = f"the prefix list {there.prefix} of {call.service}" if there.prefix else call.told
        return Block(
            code="SG_OUTBOUND",
            kind=_kind(call),
            at=call.caller,
            blocked_by=names(groups),
            where=f"{call.caller}, outbound",
            message=f"{names(groups)} on {call.caller} lets nothing out to {target} on "
            f"{port_told('tcp', call.ports)}: {rules_told(world, groups, EGRESS)}.",
        )
    if call.rules.filtering is Filtering.STATELESS and not admits(
        world, groups, INGRESS, "tcp", REPLY, there, call.rules
    ):
        return reply_block(_kind(call), call.caller, names(groups))
    return None


def _no_address(call: Call) -> Block:
    why = "assignPublicIp is DISABLED"
    task = call.world.tasks.get(call.interface.owner)
    if call.interface.kind == INSTANCE:
        why = "the instance has none"
    elif task and task.launch != FARGATE:
        why = "only Fargate gives a task's network interface one"
    return Block(
        code="NO_PUBLIC_IP",
        kind=_kind(call),
        at=call.caller,
        blocked_by=f"{call.interface.kind} {call.interface.owner}",
        where=f"{call.caller} in {call.interface.subnet}",
        message=f"{call.interface.subnet} is public, but {call.caller} has no public address: {why}.",
    )


def _no_route(call: Call) -> Block:
    world, subnet = call.world, call.world.subnets[call.interface.subnet]
    nat = world.nats.get(subnet.route)
    kind, at, by = "routeTable", subnet.id, subnet.id
    if nat:
        kind, at, by = "natGateway", nat.id, nat.id
        why = f"its route leads to {nat.id}, which stands in {nat.subnet}, where no route leads to an internet gateway"
        if not world.internet_gateway:
            why = f"its route leads to {nat.id}, and the VPC has no internet gateway"
    elif subnet.route == IGW:
        why = "its route leads to an internet gateway, and the VPC has none"
    else:
        why = "its route table has no way out"
    hint = "" if call.service == INTERNET else f", and no endpoint of {call.service} serves it"
    return Block(
        code="NO_ROUTE",
        kind=kind,
        at=at,
        blocked_by=by,
        where=f"the route table of {subnet.id}",
        message=f"{call.caller} in {subnet.id} does not reach {call.told}: {why}{hint}.",
    )


def _notes(call: Call) -> tuple[str, ...]:
    """Why an endpoint that is there does not help."""
    found = call.world.endpoints.get(call.service)
    if found is None:
        return ()
    if found.gateway:
        return (f"The gateway endpoint of {call.service} is not in the route table of {call.interface.subnet}.",)
    if not found.private_dns:
        return (f"The endpoint of {call.service} has no private DNS, so its name still means the public address.",)
    return ("An interface endpoint of S3 does not serve the layers of ECR images; a gateway endpoint does.",)


def _kind(call: Call) -> str:
    return "taskInterface" if call.interface.kind == TASK else "instanceInterface"


def _left(call: Call) -> Hop:
    said = f"{names(call.interface.groups)} lets {call.caller} open {port_told('tcp', call.ports)} to {call.told}."
    return Hop(kind=_kind(call), at=call.caller, passed=True, sentence=said)


def _arrived(call: Call, code: str, hops: list[Hop]) -> Verdict:
    way = {VIA_ENDPOINT: "its VPC endpoint", VIA_IGW: "the internet gateway", VIA_NAT: "the NAT gateway"}[code]
    message = f"{call.caller} reaches {call.told} through {way}."
    return Verdict(code=code, reachable=True, hops=tuple(hops), message=message)
