"""A packet's way through the VPC: what it passes, where it is stopped, and what a task's place in it looks like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from diagrams.model import Diagram, Edge, Group, Node
from diagrams.network_interfaces import interfaces_diagram
from simulator.network import Fit, Reach
from simulator.network.addresses import dotted
from simulator.network.finding import Tried
from simulator.network.model import (
    AWSVPC,
    BRIDGE,
    CLASSIC,
    HOST,
    IGW,
    NETWORK,
    NONE,
    LoadBalancer,
    Subnet,
    Task,
    Verdict,
    World,
)
from simulator.network.services import GATEWAY_SERVICES, INTERNET

MOST_TASKS = 8

_SERVICE_KINDS = {
    "s3": "efs",
    "dynamodb": "database",
    "secretsmanager": "secret",
    "ssm": "secret",
    "kms": "secret",
    "logs": "metric",
    "sqs": "queue",
    INTERNET: "user",
}
_TYPES = {NETWORK: "NLB", CLASSIC: "CLB", "application": "ALB", "gateway": "GWLB"}
_SAYS = {
    "vpc": "The VPC, 10.0.0.0/16. Inside it every address reaches every other, as far as security groups let it.",
    "igw": "The internet gateway joins the VPC to the internet: for subnets that route to it, and public addresses.",
    "internet": "Clients on the internet. They have no security group; a rule names them by their addresses.",
}


def network_diagram(found: Reach | Fit, *, title: str | None = None) -> Diagram:
    """The architecture that a question is about, with the packet's way in it.

    Parameters
    ----------
    found : what `simulator.network.examine` gives. The edge on which a packet is stopped is blocked and carries the
        code, the place that stops it is refused and says why.
    """
    if isinstance(found, Fit):
        return interfaces_diagram(found, title=title)
    picture = _Picture(found)
    if found.tried:
        _draw_balanced(picture)
    elif found.question.kind == "task":
        _draw_direct(picture)
    else:
        _draw_calls(picture)
    return picture.diagram(title or f"{found.verdict.code if not found.start else found.start.code}: {_asked(found)}")


class _Picture:
    """Boxes and edges as they come, each once."""

    def __init__(self, found: Reach) -> None:
        self.found = found
        self.world: World = found.world
        self.nodes: dict[str, Node] = {}
        self.groups: dict[str, Group] = {"vpc": Group(id="vpc", label="VPC", kind="vpc", explanation=_SAYS["vpc"])}
        self.edges: dict[tuple[str, str], Edge] = {}

    def node(self, node: Node) -> str:
        self.nodes.setdefault(node.id, node)
        return node.id

    def edge(self, source: str, target: str, state: str = "", label: str = "") -> None:
        old = self.edges.get((source, target))
        if old is None or (old.state != "blocked" and state):
            self.edges[source, target] = Edge(source=source, target=target, state=state, label=label)

    def subnet(self, name: str) -> str:
        key = f"subnet {name}"
        self.groups.setdefault(key, _subnet_group(self.world, self.world.subnets[name], key))
        return key

    def diagram(self, title: str) -> Diagram:
        groups = [one for one in self.groups.values() if one.id == "vpc" or self._used(one.id)]
        return Diagram(
            title=title,
            nodes=tuple(self.nodes.values()),
            groups=tuple(groups),
            edges=tuple(self.edges.values()),
            direction="down",
        )

    def _used(self, group: str) -> bool:
        inside = {one.id for one in self.groups.values() if one.parent == group}
        return any(node.group == group or node.group in inside for node in self.nodes.values())


def _asked(found: Reach) -> str:
    question = found.question
    if question.kind == "start":
        return f"what {question.target} calls before it starts"
    source = question.client.name if question.client else question.source
    if question.kind == "health":
        return f"the health check from {source}"
    return f"from {source} to {question.target}"


def _draw_balanced(picture: _Picture) -> None:
    """From the client (or the load balancer itself) to each target."""
    found = picture.found
    first = found.tried[0]
    balancer = first.way.balancer
    client = _client(picture)
    doors = _doors(picture, balancer, first)
    group = picture.node(_target_group(first))
    chain = [client, *([_gateway(picture, first.verdict)] if client == INTERNET else [])] if client else []
    stage = _stage(first.verdict)
    for door in doors:
        before = chain[-1] if chain else None
        if before:
            picture.edge(before, door, *_mark(stage, 1, first.verdict))
        picture.edge(door, group, *_mark(stage, 2, first.verdict))
    if len(chain) == 2:
        picture.edge(chain[0], chain[1], *_mark(stage, 0, first.verdict))
    for tried in found.tried[:MOST_TASKS]:
        task = _task(picture, tried.way.task, tried)
        picture.edge(group, task, *_mark(_stage(tried.verdict), 3, tried.verdict))


def _stage(verdict: Verdict) -> int:
    """Which edge of the way is the blocked one: into the gateway, the load balancer, the group, the task; 4 is none."""
    if verdict.reachable:
        return 4
    last = verdict.hops[-1]
    passed = [hop.kind for hop in verdict.hops[:-1]]
    if last.kind == "internetGateway":
        return 0
    if last.kind in ("client", "loadBalancer"):
        return 2 if "loadBalancer" in passed else 1
    return 2 if last.kind == "targetGroup" else 3


def _mark(stage: int, edge: int, verdict: Verdict) -> tuple[str, str]:
    if edge < stage:
        return "active", ""
    return ("blocked", verdict.code) if edge == stage else ("", "")


def _client(picture: _Picture) -> str | None:
    client = picture.found.question.client
    if client is None:
        return None
    if client.internet:
        label = "Internet" if client.anyone else client.name
        return picture.node(Node(id=INTERNET, label=label, kind="user", explanation=_SAYS["internet"]))
    if client.name in picture.world.tasks:
        return _task(picture, picture.world.tasks[client.name])
    if client.name in picture.world.instances:
        return _instance(picture, client.name)
    carries = f" and carries {', '.join(client.groups)}" if client.groups else ""
    said = f"A client inside the VPC: it has the address {dotted(client.address)}{carries}."
    return picture.node(Node(id=f"client {client.name}", label=client.name, kind="user", group="vpc", explanation=said))


def _gateway(picture: _Picture, verdict: Verdict) -> str:
    stops = _stops(verdict, "internetGateway", IGW)
    return picture.node(
        Node(
            id=IGW,
            label="Internet gateway",
            kind="igw",
            state="refused" if stops else "",
            explanation=stops or _SAYS["igw"],
        )
    )


def _doors(picture: _Picture, balancer: LoadBalancer, tried: Tried) -> list[str]:
    """The load balancer as one card in each of its subnets, where its nodes are."""
    verdict = tried.verdict
    stops = _stops(verdict, "loadBalancer", balancer.id)
    carried = ", ".join(balancer.groups) or "no group"
    scheme = "internal" if balancer.internal else "internet-facing"
    doors: list[str] = []
    for name, address in zip(balancer.subnets, balancer.addresses, strict=True):
        said = (
            f"{balancer.id}, an {scheme} {_TYPES[balancer.type]}: its node in {name} has the private address "
            f"{dotted(address)} and carries {carried}."
        )
        doors.append(
            picture.node(
                Node(
                    id=f"balancer {balancer.id} {name}",
                    label=f"{_TYPES[balancer.type]} {balancer.id}",
                    kind="alb",
                    group=picture.subnet(name),
                    state="refused" if stops else "",
                    detail=carried,
                    explanation=f"{said} {stops}".strip(),
                )
            )
        )
    return doors


def _target_group(tried: Tried) -> Node:
    group, stops = tried.way.group, _stops(tried.verdict, "targetGroup", tried.way.group.id)
    said = f"The target group {group.id} of type {group.type}: ECS registers and removes its targets."
    return Node(
        id=f"target group {group.id}",
        label=f"Targets {group.id}",
        kind="target-group",
        group="vpc",
        state="refused" if stops else "",
        detail=f"type {group.type}",
        explanation=f"{said} {stops}".strip(),
    )


def _draw_direct(picture: _Picture) -> None:
    found = picture.found
    task = picture.world.tasks[found.question.target]
    verdict = found.verdict
    client = _client(picture)
    assert client is not None, "someone asks"
    here = _task(picture, task, verdict=verdict)
    if client != INTERNET:
        picture.edge(client, here, *_end(verdict))
        return
    gate = _gateway(picture, verdict)
    at_gate = not verdict.reachable and verdict.hops[-1].kind == "internetGateway"
    picture.edge(client, gate, "blocked" if at_gate else "active", verdict.code if at_gate else "")
    picture.edge(gate, here, *(("", "") if at_gate else _end(verdict)))


def _end(verdict: Verdict) -> tuple[str, str]:
    return ("active", "") if verdict.reachable else ("blocked", verdict.code)


def _draw_calls(picture: _Picture) -> None:
    """Calls out of the VPC: one, or all that a task makes before it starts."""
    found = picture.found
    calls: Sequence[tuple[str, Verdict]]
    if found.start:
        task = picture.world.tasks[found.question.target]
        _task(picture, task, verdict=found.verdict)
        calls = found.start.calls
    else:
        calls = ((found.question.target, found.verdict),)
    for service, verdict in calls:
        _draw_call(picture, service, verdict)


def _draw_call(picture: _Picture, service: str, verdict: Verdict) -> None:
    """The places in the order in which the call passes them, then the service itself."""
    way = [_caller(picture, verdict), *_passed(picture, service, verdict)]
    # The edge that is blocked: into the place that stops the call, or out of the caller itself.
    stopped_at = max(len(way) - 1, 1)
    if verdict.code == "SG_OUTBOUND" and service in picture.world.endpoints:
        way.append(_endpoint(picture, service, ""))
    if verdict.code == "NO_PUBLIC_IP":
        way.append(_gateway(picture, verdict))
    way.append(_service(picture, service, verdict))
    for at, (source, target) in enumerate(pairwise(way), start=1):
        if verdict.reachable or at < stopped_at:
            picture.edge(source, target, "active")
        elif at == stopped_at:
            picture.edge(source, target, "blocked", verdict.code)
        else:
            picture.edge(source, target)


def _passed(picture: _Picture, service: str, verdict: Verdict) -> list[str]:
    found: list[str] = []
    for hop in verdict.hops:
        stops = "" if hop.passed else hop.sentence
        if hop.kind == "vpcEndpoint":
            found.append(_endpoint(picture, service, stops))
        elif hop.kind == "natGateway":
            found.append(_nat(picture, hop.at, stops))
        elif hop.kind == "internetGateway":
            found.append(_gateway(picture, verdict))
    return [*found, _gateway(picture, verdict)] if verdict.code == "VIA_NAT" else found


def _caller(picture: _Picture, verdict: Verdict) -> str:
    """Whose interface opens the connection; the hops name it first, unless nothing could be opened."""
    question, world = picture.found.question, picture.world
    first = verdict.hops[0].at
    name = first if first in (*world.tasks, *world.instances) else question.source or question.target
    if first in world.subnets:
        name = question.source or question.target
    if name in world.instances:
        return _instance(picture, name, verdict)
    return _task(picture, world.tasks[name], verdict=verdict)


def _service(picture: _Picture, service: str, verdict: Verdict) -> str:
    said = f"{service}: {verdict.message}"
    return picture.node(
        Node(
            id=f"service {service}",
            label="Internet" if service == INTERNET else service,
            kind="ecr" if service.startswith("ecr") else _SERVICE_KINDS.get(service, "service"),
            state="healthy" if verdict.reachable else "failed",
            explanation=said,
        )
    )


def _endpoint(picture: _Picture, service: str, stops: str) -> str:
    endpoint = picture.world.endpoints[service]
    kind = "gateway" if endpoint.gateway else "interface"
    carried = "route table" if endpoint.gateway else ", ".join(endpoint.groups)
    said = f"The {kind} endpoint of {service} keeps the call inside the VPC."
    if endpoint.gateway and service in GATEWAY_SERVICES:
        said += " It is a route to a prefix list, and costs nothing."
    return picture.node(
        Node(
            id=f"endpoint {service}",
            label="Endpoint",
            kind="target-group",
            group="vpc",
            state="refused" if stops else "",
            detail=carried,
            explanation=f"{said} {stops}".strip(),
        )
    )


def _nat(picture: _Picture, name: str, stops: str) -> str:
    gateway = picture.world.nats[name]
    said = f"The NAT gateway {name} in {gateway.subnet} opens connections to the internet for private addresses."
    return picture.node(
        Node(
            id=f"nat {name}",
            label="NAT gateway",
            kind="nat",
            group=picture.subnet(gateway.subnet),
            state="refused" if stops else "",
            detail=name,
            explanation=f"{said} {stops}".strip(),
        )
    )


def _task(picture: _Picture, task: Task, tried: Tried | None = None, *, verdict: Verdict | None = None) -> str:
    """The task in its subnet with its own interface, or on its instance."""
    key = f"task {task.id}"
    if key in picture.nodes:
        return key
    outcome = verdict or (tried.verdict if tried else None)
    stops = _stops(outcome, "", task.id) if outcome else ""
    state = "refused" if stops else ""
    if tried and not stops:
        state = "healthy" if tried.verdict.reachable else ""
        if tried.health and tried.health.state != "healthy":
            state = "failed"
    own = task.mode == AWSVPC
    detail = ", ".join(task.groups) if own else task.mode
    if own or not task.instance:
        group = picture.subnet(task.subnet) if task.subnet else "vpc"
    else:
        group = _instance_group(picture, task.instance)
    return picture.node(
        Node(
            id=key,
            label=task.id,
            kind="task",
            group=group,
            state=state,
            detail=detail,
            explanation=f"{_said(task)} {stops}{_health(tried)}".strip(),
        )
    )


def _said(task: Task) -> str:
    if task.mode == NONE:
        return f"Task {task.id} ({task.launch}, network mode none) has no network."
    if task.mode == AWSVPC:
        public = "with" if task.assign_public_ip and task.launch == "FARGATE" else "without"
        return (
            f"Task {task.id} ({task.launch}, awsvpc) has a network interface of its own, {dotted(task.address)}, "
            f"{public} a public address; it carries {', '.join(task.groups)}."
        )
    host = {HOST: "its port is the instance's", BRIDGE: "Docker maps a host port of the instance to it"}[task.mode]
    return (
        f"Task {task.id} ({task.launch}, {task.mode}) uses the interface of {task.instance or 'its instance'}: {host}."
    )


def _health(tried: Tried | None) -> str:
    if tried is None or tried.health is None or tried.health.state == "healthy":
        return ""
    return f" Its health check finds it {tried.health.state} ({tried.health.reason})."


def _instance(picture: _Picture, name: str, verdict: Verdict | None = None) -> str:
    """The instance as a card, for what it opens itself."""
    group = _instance_group(picture, name)
    instance = picture.world.instances[name]
    stops = _stops(verdict, "", name) if verdict else ""
    return picture.node(
        Node(
            id=f"instance {name} itself",
            label="agent",
            kind="instance",
            group=group,
            state="refused" if stops else "",
            detail=instance.groups[0],
            explanation=f"The agent and Docker on {name} use the instance's interface, {dotted(instance.address)}. "
            f"{stops}".strip(),
        )
    )


def _instance_group(picture: _Picture, name: str) -> str:
    instance = picture.world.instances[name]
    parent, key = picture.subnet(instance.subnet), f"instance {name}"
    public = "with a public address" if instance.public else "without a public address"
    said = f"Container instance {name}, {dotted(instance.address)}, {public}; it carries {', '.join(instance.groups)}."
    picture.groups.setdefault(key, Group(id=key, label=name, kind="instance", parent=parent, explanation=said))
    return key


def _subnet_group(world: World, subnet: Subnet, key: str) -> Group:
    routes: Mapping[str, str] = {IGW: "the internet gateway: a public subnet", "none": "nowhere: an isolated subnet"}
    leads = routes.get(subnet.route, f"{subnet.route}: a private subnet")
    if subnet.route == IGW and not world.internet_gateway:
        leads = "an internet gateway that the VPC does not have"
    said = f"Subnet {subnet.id} ({subnet.cidr}) in zone {subnet.zone}. Its route table sends 0.0.0.0/0 to {leads}."
    label = f"{subnet.id} · AZ {subnet.zone}"
    return Group(id=key, label=label, kind="subnet", parent="vpc", explanation=said)


def _stops(verdict: Verdict | None, kind: str, at: str) -> str:
    """What is said of the place that stops the packet; "" for every other."""
    if verdict is None or verdict.reachable:
        return ""
    last = verdict.hops[-1]
    return last.sentence if last.at == at and kind in ("", last.kind) else ""
