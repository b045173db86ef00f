"""The boxes of a VPC: load balancers, tasks, gateways, endpoints, each in its subnet, each with what it does."""

from __future__ import annotations

from collections.abc import Mapping

from diagrams.model import Diagram, Edge, Group, Node
from simulator.network import Reach
from simulator.network.addresses import dotted
from simulator.network.finding import Tried
from simulator.network.model import (
    APPLICATION,
    AWSVPC,
    BRIDGE,
    CLASSIC,
    FARGATE,
    GATEWAY,
    HOST,
    IGW,
    NETWORK,
    NO_ROUTE,
    NONE,
    LoadBalancer,
    Subnet,
    Task,
    Verdict,
    World,
)
from simulator.network.services import GATEWAY_SERVICES, INTERNET

_SERVICE_KINDS = {
    "s3": "bucket",
    "dynamodb": "database",
    "secretsmanager": "secret",
    "ssm": "secret",
    "kms": "secret",
    "logs": "metric",
    "sqs": "queue",
    INTERNET: "user",
}
_TYPES = {NETWORK: "NLB", CLASSIC: "CLB", APPLICATION: "ALB", GATEWAY: "GWLB"}
_SAYS = {
    "vpc": "The VPC, 10.0.0.0/16. Inside it every address reaches every other, as far as security groups let it.",
    "igw": "The internet gateway joins the VPC to the internet: for subnets that route to it, and public addresses.",
    "internet": "Clients on the internet. They have no security group; a rule names them by their addresses.",
}


class Picture:
    """Boxes and edges as they come, each once."""

    def __init__(self, found: Reach) -> None:
        self.found = found
        self.world: World = found.world
        self.nodes: dict[str, Node] = {}
        self.groups: dict[str, Group] = {"vpc": Group(id="vpc", label="VPC", kind="vpc", explanation=_SAYS["vpc"])}
        self.edges: dict[tuple[str, str], Edge] = {}

    def node(self, node: Node) -> str:
        """A box, put in once; its id."""
        self.nodes.setdefault(node.id, node)
        return node.id

    def edge(self, source: str, target: str, state: str = "", label: str = "") -> None:
        """An edge; a blocked one stays blocked, whatever else leads the same way."""
        old = self.edges.get((source, target))
        if old is None or (old.state != "blocked" and state):
            self.edges[source, target] = Edge(source=source, target=target, state=state, label=label)

    def subnet(self, name: str) -> str:
        """A subnet as a group; its id."""
        key = f"subnet {name}"
        self.groups.setdefault(key, _subnet_group(self.world, self.world.subnets[name], key))
        return key

    def diagram(self, title: str) -> Diagram:
        """All of it, without groups in which nothing stands."""
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


def client_card(picture: Picture) -> str | None:
    """Who asks: the internet, a task, an instance, an address of the VPC; None for a load balancer that asks itself."""
    client = picture.found.question.client
    if client is None:
        return None
    if client.internet:
        label = "Internet" if client.anyone else client.name
        return picture.node(Node(id=INTERNET, label=label, kind="user", explanation=_SAYS["internet"]))
    if client.name in picture.world.tasks:
        return task_card(picture, picture.world.tasks[client.name])
    if client.name in picture.world.instances:
        return instance_card(picture, client.name)
    carries = f" and carries {', '.join(client.groups)}" if client.groups else ""
    said = f"A client inside the VPC: it has the address {dotted(client.address)}{carries}."
    return picture.node(Node(id=f"client {client.name}", label=client.name, kind="user", group="vpc", explanation=said))


def gateway_card(picture: Picture, verdict: Verdict) -> str:
    """The internet gateway, which stands outside the VPC."""
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


def balancer_cards(picture: Picture, balancer: LoadBalancer, tried: Tried) -> list[str]:
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


def target_group_card(tried: Tried) -> Node:
    """The target group of a way."""
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


def service_card(picture: Picture, service: str, verdict: Verdict) -> str:
    """What is called, outside the VPC."""
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


def endpoint_card(picture: Picture, service: str, stops: str) -> str:
    """A service's endpoint; `stops` is why it stops the call, "" if it does not."""
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
            kind="endpoint",
            group="vpc",
            state="refused" if stops else "",
            detail=carried,
            explanation=f"{said} {stops}".strip(),
        )
    )


def nat_card(picture: Picture, name: str, stops: str) -> str:
    """A NAT gateway in its subnet; `stops` as for an endpoint."""
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


def task_card(picture: Picture, task: Task, tried: Tried | None = None, *, verdict: Verdict | None = None) -> str:
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
        public = "with" if task.assign_public_ip and task.launch == FARGATE else "without"
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


def instance_card(picture: Picture, name: str, verdict: Verdict | None = None) -> str:
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


def _instance_group(picture: Picture, name: str) -> str:
    instance = picture.world.instances[name]
    parent, key = picture.subnet(instance.subnet), f"instance {name}"
    public = "with a public address" if instance.public else "without a public address"
    said = f"Container instance {name}, {dotted(instance.address)}, {public}; it carries {', '.join(instance.groups)}."
    picture.groups.setdefault(key, Group(id=key, label=name, kind="instance", parent=parent, explanation=said))
    return key


def _subnet_group(world: World, subnet: Subnet, key: str) -> Group:
    routes: Mapping[str, str] = {IGW: "the internet gateway: a public subnet", NO_ROUTE: "nowhere: an isolated subnet"}
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
