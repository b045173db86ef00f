"""How many pods a node can hold for its network: the VPC CNI's formula, the caps, and the two ways around it.

Every pod gets an address of the VPC from an interface of its node. Source: facts 7.1, 7.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from simulator.instance_types import INSTANCE_TYPES
from simulator.kubernetes.rules import RULES, KubernetesRules, PodTakes, PrimaryAddress

ADDRESSES_OF_A_PREFIX = 16  # a /28
HOST_NETWORK_PODS = 2  # aws-node and kube-proxy
RECOMMENDED_WITH_PREFIXES = 110
CAP_BELOW_30 = 110
CAP_FROM_30 = 250


class Compute(StrEnum):
    """Where pods run. Facts 7.1."""

    AUTO_MODE = "AUTO_MODE"
    MANAGED_NODE_GROUP = "MANAGED_NODE_GROUP"
    SELF_MANAGED = "SELF_MANAGED"
    FARGATE = "FARGATE"
    HYBRID = "HYBRID"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A kind of node. `vcpus` is None when nobody gave it and no cap depends on it."""

    enis: int
    addresses: int
    vcpus: int | None = None
    compute: Compute = Compute.MANAGED_NODE_GROUP
    custom_ami: bool = False
    prefix_delegation: bool = False
    custom_networking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MaxPods:
    """`formula` and its `written` form, the `cap` that may lie below it with the reason, and the lower of the two.

    `recommended` marks a cap that AWS recommends and does not enforce.
    """

    formula: int
    written: str
    cap: int | None
    why: str
    recommended: bool = False

    @property
    def pods(self) -> int:
        """The most pods on the node, those of the system counted."""
        return self.formula if self.cap is None else min(self.formula, self.cap)


# Interfaces and IPv4 addresses on each, of the types that the facts print.
INTERFACES: dict[str, tuple[int, int]] = {
    name: (enis, addresses)
    for enis, addresses, names in (
        (2, 2, "t3.nano t3.micro t2.micro"),
        (2, 4, "m7g.medium c7g.medium a1.medium"),
        (3, 4, "t3.small"),
        (3, 6, "t3.medium t4g.medium"),
        (3, 10, "m5.large c5.large r5.large m6i.large m7i.large m7g.large g4dn.xlarge"),
        (3, 12, "t3.large"),
        (4, 15, "t3.xlarge m5.xlarge c5.xlarge m5.2xlarge g5.xlarge p3.2xlarge"),
        (8, 30, "m5.4xlarge m5.8xlarge m5.12xlarge c5.9xlarge c6i.8xlarge"),
        (15, 50, "m5.16xlarge m5.24xlarge c5.18xlarge"),
    )
    for name in names.split()
}


def max_pods(node: Node, rules: KubernetesRules = RULES) -> MaxPods:
    """The most pods on a node, those of the system counted.

    >>> max_pods(Node(enis=3, addresses=10, vcpus=2)).pods
    29
    >>> max_pods(Node(enis=3, addresses=10, vcpus=2, custom_networking=True)).pods
    20
    """
    written, formula = _formula(node, rules)
    cap, why, recommended = _cap(node, rules)
    return MaxPods(formula=formula, written=written, cap=cap, why=why, recommended=recommended)


def system_pods(node: Node) -> int:
    """The pods that the formula's + 2 makes room for; in Auto Mode their work is built into the node.

    >>> system_pods(Node(enis=3, addresses=10)), system_pods(Node(enis=3, addresses=10, compute=Compute.AUTO_MODE))
    (2, 0)
    """
    return 0 if node.compute is Compute.AUTO_MODE else HOST_NETWORK_PODS


def vcpus_of(type_name: str) -> tuple[int | None, bool]:
    """The vCPUs of a type, and whether they are read off its name (an xlarge has 4) and not off a table.

    >>> vcpus_of("m5.large"), vcpus_of("m5.16xlarge"), vcpus_of("own")
    ((2, False), (64, True), (None, False))
    """
    row = INSTANCE_TYPES.get(type_name)
    if row is not None:
        return row.cpu // 1024, False
    size = type_name.partition(".")[2]
    times = size.removesuffix("xlarge")
    if size.endswith("xlarge") and (not times or (times.isascii() and times.isdigit() and len(times) <= 3)):
        return 4 * int(times or 1), True
    return None, False


def _formula(node: Node, rules: KubernetesRules) -> tuple[str, int]:
    enis = node.enis - node.custom_networking
    shown_enis = f"({node.enis} - 1)" if node.custom_networking else str(node.enis)
    if rules.pod_takes is PodTakes.INTERFACE:
        return f"{shown_enis} - 1", max(0, enis - 1)
    kept = rules.primary_address is PrimaryAddress.KEPT
    written = f"{shown_enis} x ({node.addresses} - 1)" if kept else f"{shown_enis} x {node.addresses}"
    total = enis * (node.addresses - kept)
    if node.prefix_delegation:
        written, total = f"{written} x {ADDRESSES_OF_A_PREFIX}", total * ADDRESSES_OF_A_PREFIX
    if rules.host_network_pods and node.compute is not Compute.AUTO_MODE:
        written, total = f"{written} + {HOST_NETWORK_PODS}", total + HOST_NETWORK_PODS
    return written, total


def _cap(node: Node, rules: KubernetesRules) -> tuple[int | None, str, bool]:
    if node.compute is Compute.AUTO_MODE:
        return CAP_BELOW_30, "EKS Auto Mode stops at 110 pods on a node.", False
    grouped = node.compute is Compute.MANAGED_NODE_GROUP and not node.custom_ami and rules.node_group_cap
    if grouped and node.vcpus is not None:
        if node.vcpus < 30:
            return CAP_BELOW_30, "A managed node group stops at 110 pods on a node with fewer than 30 vCPUs.", False
        # AWS says below and above 30; exactly 30 is our reading, and no type has it.
        return CAP_FROM_30, "A managed node group stops at 250 pods on a node with 30 vCPUs or more.", False
    if node.prefix_delegation:
        return (
            RECOMMENDED_WITH_PREFIXES,
            "With prefix delegation there are addresses for more; 110 pods is the usual recommendation.",
            True,
        )
    return None, "No cap lies below the formula.", False
