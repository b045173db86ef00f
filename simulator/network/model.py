"""The parts of a VPC as records, what is asked of them, and what becomes of a packet. Source: platform facts 2.9."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from simulator.network.addresses import Cidr

FARGATE, EC2, MANAGED_INSTANCES, EXTERNAL = "FARGATE", "EC2", "MANAGED_INSTANCES", "EXTERNAL"
AWSVPC, BRIDGE, HOST, NONE, WINDOWS_NAT = "awsvpc", "bridge", "host", "none", "default"

APPLICATION, NETWORK, GATEWAY, CLASSIC = "application", "network", "gateway", "classic"

IGW = "igw"  # what a subnet's route may name besides a NAT gateway
NO_ROUTE = "none"

TASK, INSTANCE, BALANCER, ENDPOINT = "task", "instance", "loadBalancer", "vpcEndpoint"


class Ports(NamedTuple):
    """The ports that must be open, both ends included: one, or the whole range that is dealt from."""

    low: int
    high: int

    def __str__(self) -> str:
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a security group; exactly one of `cidr`, `group` and `prefix` is its peer."""

    protocol: str = "tcp"  # "tcp", "udp", or "-1" for all
    ports: Ports
    cidr: Cidr | None = None
    group: str | None = None
    prefix: str | None = None

    @property
    def peer(self) -> str:
        """The other side as it is written."""
        return self.group or self.prefix or str(self.cidr)

    def told(self, word: str) -> str:
        """The rule in the short form of the documents; `word` is from or to."""
        what = "all" if self.protocol == "-1" else f"{'udp ' if self.protocol == 'udp' else ''}{self.ports}"
        return f"{what} {word} {self.peer}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup:
    """Allow rules only."""

    id: str
    ingress: tuple[Rule, ...]
    egress: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """`route` is where its route table sends 0.0.0.0/0: "igw", the id of a NAT gateway, or "none"."""

    id: str
    zone: str
    cidr: Cidr
    route: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NatGateway:
    """A NAT gateway in a subnet."""

    id: str
    subnet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A VPC endpoint of one service. `subnets` are those whose route tables a gateway endpoint is in; None: all."""

    service: str
    gateway: bool
    groups: tuple[str, ...] = ()
    address: int = 0
    private_dns: bool = True
    subnets: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """What a load balancer listens on, and the target group behind it."""

    protocol: str
    port: int
    target_group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer:
    """`addresses` are its nodes' private addresses, one a subnet in the order of `subnets`."""

    id: str
    type: str
    internal: bool
    subnets: tuple[str, ...]
    groups: tuple[str, ...]
    listeners: tuple[Listener, ...]
    addresses: tuple[int, ...]
    cross_zone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetGroup:
    """`protocol` is "" where it was left out (the listener's then), and `preserve` None.

    `health_port` None is the traffic port.
    """

    id: str
    type: str
    protocol: str
    tasks: tuple[str, ...]
    preserve: bool | None = None
    health_port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A container instance. `dynamic` is the range of host ports that its kernel deals from."""

    id: str
    subnet: str
    groups: tuple[str, ...]
    address: int
    public: bool
    dynamic: Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task. `subnet`, `groups` and `address` are its own interface's in awsvpc mode, and empty in the others.

    `bound` is the host port that Docker chose for a dynamic mapping, None if it is not known.
    """

    id: str
    launch: str
    mode: str
    container_port: int
    host_port: int | None
    bound: int | None
    listens: tuple[int, ...]
    subnet: str = ""
    groups: tuple[str, ...] = ()
    address: int = 0
    assign_public_ip: bool = False
    instance: str = ""
    platform: tuple[int, int, int] = (1, 4, 0)
    image: str = "ecr"
    secrets: tuple[str, ...] = ()
    awslogs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One VPC, 10.0.0.0/16, with all that is in it, by id."""

    internet_gateway: bool
    groups: Mapping[str, SecurityGroup]
    subnets: Mapping[str, Subnet]
    nats: Mapping[str, NatGateway]
    endpoints: Mapping[str, Endpoint]
    balancers: Mapping[str, LoadBalancer]
    targets: Mapping[str, TargetGroup]
    instances: Mapping[str, Instance]
    tasks: Mapping[str, Task]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """A network interface: whose it is, where it is, what it wears, and whether it has a public address."""

    kind: str
    owner: str
    subnet: str
    groups: tuple[str, ...]
    address: int
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who opens the connection. `anyone` is the internet at large rather than one address of it."""

    name: str
    internet: bool
    address: int
    groups: tuple[str, ...] = ()
    anyone: bool = False
    interface: Interface | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """From whom to what. `target` is a load balancer, a task, a service's name or "internet", by `kind`."""

    kind: str  # "balancer", "task", "service", "start", "health"
    target: str
    client: Client | None = None
    source: str = ""  # the task, instance or load balancer that asks
    actor: str = "app"
    protocol: str = "tcp"
    port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One operation of a fix, as in a JSON patch: "add" to a list or of an entry, or "replace" of a field."""

    op: str
    path: tuple[str, ...]
    value: object

    def to_dict(self) -> dict[str, object]:
        """With the path as a JSON pointer."""
        return {"op": self.op, "path": "/" + "/".join(self.path), "value": self.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """The least change that makes one check pass. `action` is AWS's operation for it."""

    action: str
    changes: tuple[Change, ...]
    sentence: str

    def to_dict(self) -> dict[str, object]:
        """As it stands in an answer."""
        return {
            "action": self.action,
            "changes": [change.to_dict() for change in self.changes],
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One place on the packet's way, and what happened there."""

    kind: str
    at: str
    passed: bool
    sentence: str

    def to_dict(self) -> dict[str, str]:
        """As it stands in an answer."""
        return {
            "kind": self.kind,
            "at": self.at,
            "verdict": "passed" if self.passed else "blocked",
            "sentence": self.sentence,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a packet. The last of `hops` is where it arrived or was stopped."""

    code: str
    reachable: bool
    hops: tuple[Hop, ...]
    message: str
    blocked_by: str | None = None
    where: str | None = None
    fix: Fix | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A check that failed: at which place of the picture, by what, and in words."""

    code: str
    kind: str
    at: str
    blocked_by: str
    where: str
    message: str

    def verdict(self, hops: Sequence[Hop], fix: Fix | None, notes: tuple[str, ...] = ()) -> Verdict:
        """The verdict on a packet that passed `hops` and was stopped here."""
        here = Hop(kind=self.kind, at=self.at, passed=False, sentence=self.message)
        return Verdict(
            code=self.code,
            reachable=False,
            hops=(*hops, here),
            message=self.message,
            blocked_by=self.blocked_by,
            where=self.where,
            fix=fix,
            notes=notes,
        )
