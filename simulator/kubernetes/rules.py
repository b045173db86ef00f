"""Kubernetes' rules on AWS as values. The default of each field is what Kubernetes and Amazon EKS document.

A misconception is the same simulator with one field changed: `replace(RULES, round_surge=Rounding.FLOOR)`.
In YAML it is written `rules: {round_surge: floor}` and read by `rules_from_dict`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.rules import changed_fields, read


class Rounding(StrEnum):
    """What becomes of a part of a pod."""

    CEIL = "ceil"
    FLOOR = "floor"


class PrimaryAddress(StrEnum):
    """Whether a pod can have the first address of a network interface."""

    KEPT = "kept"  # it is the interface's own
    GIVEN_TO_PODS = "given_to_pods"


class PodTakes(StrEnum):
    """What a pod takes of its node's network."""

    ADDRESS = "address"  # one secondary address of a shared interface
    INTERFACE = "interface"  # a whole interface, as an ECS task with networkMode awsvpc


class ScheduledBy(StrEnum):
    """Which amounts of a container the scheduler compares with a node."""

    REQUESTS = "requests"
    LIMITS = "limits"


class PodIs(StrEnum):
    """What one pod holds."""

    GROUP = "group"  # containers that stay together, as an ECS task
    CONTAINER = "container"  # exactly one


class Toleration(StrEnum):
    """What a toleration does."""

    PERMITS = "permits"  # the pod may go to the tainted node, and to any other
    ATTRACTS = "attracts"  # the pod goes to nodes with that taint only


class NothingFits(StrEnum):
    """What becomes of a pod that no node can take."""

    PENDING = "pending"  # it waits until a node can
    FAILS = "fails"  # it is given up, as RunTask gives up


class AfterDeadline(StrEnum):
    """What a Deployment does when `progressDeadlineSeconds` pass without progress."""

    REPORTS = "reports"
    ROLLS_BACK = "rolls_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class KubernetesRules:
    """The whole set. Sources: facts 7.2, 7.3, 7.7."""

    round_surge: Rounding = Rounding.CEIL
    round_unavailable: Rounding = Rounding.FLOOR
    primary_address: PrimaryAddress = PrimaryAddress.KEPT
    host_network_pods: bool = True  # the formula's + 2: aws-node and kube-proxy use the node's own address
    pod_takes: PodTakes = PodTakes.ADDRESS
    node_group_cap: bool = True  # a managed node group stops at 110 or 250 pods, whatever the formula gives
    scheduled_by: ScheduledBy = ScheduledBy.REQUESTS
    pod_is: PodIs = PodIs.GROUP
    toleration: Toleration = Toleration.PERMITS
    nothing_fits: NothingFits = NothingFits.PENDING
    after_deadline: AfterDeadline = AfterDeadline.REPORTS


RULES = KubernetesRules()


def rules_to_dict(rules: KubernetesRules) -> dict[str, str | bool | int]:
    """Only the fields that differ from what is documented, so that the true rules are `{}`.

    >>> rules_to_dict(KubernetesRules(round_surge=Rounding.FLOOR))
    {'round_surge': 'floor'}
    """
    return changed_fields(rules, RULES)


def rules_from_dict(document: Mapping[str, Any]) -> KubernetesRules:
    """Read `{field: value}`; what is left out is what is documented.

    Raises
    ------
    InputError
        For a field or a value that does not exist, with the nearest name.

    >>> rules_from_dict({"scheduled_by": "limits"}).scheduled_by
    <ScheduledBy.LIMITS: 'limits'>
    """
    return read(RULES, document, "kubernetes")
