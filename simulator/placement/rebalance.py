"""Availability Zone rebalancing: who is eligible, and whether a move makes the zones more even (facts 1.12)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from simulator import reading
from simulator.model import Cluster
from simulator.placement.request import (
    ZONE_SPREAD,
    Constraint,
    Request,
    Strategy,
    read_constraints,
    read_strategies,
)

_ZONE_ATTRIBUTE = re.compile(r"attribute:ecs\.availability-zone(?![\w.-])")


def rebalance_eligibility(service: Mapping[str, Any]) -> tuple[bool, tuple[str, ...]]:
    """Whether AWS rebalances this service over its zones, and every reason why not.

    Parameters
    ----------
    service : a CreateService document; looked at are schedulingStrategy, placementStrategy, placementConstraints
        (its own and the task definition's), deploymentConfiguration.maximumPercent, deploymentController and
        loadBalancers (a `loadBalancerName` is a Classic Load Balancer).

    >>> rebalance_eligibility({"placementStrategy": [{"type": "binpack", "field": "memory"}]})[0]
    False
    """
    service = reading.mapping(service, "service")
    reasons: list[str] = []
    daemon = service.get("schedulingStrategy") == "DAEMON"
    strategies = read_strategies(service.get("placementStrategy"))
    definition = service.get("taskDefinition")
    own = definition.get("placementConstraints") if isinstance(definition, Mapping) else None
    constraints = (*read_constraints(own), *read_constraints(service.get("placementConstraints")))
    reasons.extend(_placement_reasons(daemon, strategies, constraints))
    configuration = service.get("deploymentConfiguration") or {}
    if reading.mapping(configuration, "deploymentConfiguration").get("maximumPercent") == 100:
        reasons.append("maximumPercent is 100, so no task can start before another stops.")
    controller = service.get("deploymentController") or {}
    if reading.mapping(controller, "deploymentController").get("type") == "EXTERNAL":
        reasons.append("The deployment controller is EXTERNAL.")
    balancers = reading.items(service.get("loadBalancers") or (), "loadBalancers", most=20)
    if any(isinstance(entry, Mapping) and entry.get("loadBalancerName") for entry in balancers):
        reasons.append("The service uses a Classic Load Balancer.")
    return not reasons, tuple(reasons)


def request_reasons(request: Request) -> tuple[str, ...]:
    """Why the service of a placement request can not be rebalanced; empty if it can."""
    return tuple(_placement_reasons(request.scheduling != "REPLICA", request.strategies, request.constraints))


def zone_counts(cluster: Cluster, group: str) -> dict[str, int]:
    """Tasks of the group in each zone that has an ACTIVE instance; rebalancing can not launch one in another."""
    counts: dict[str, int] = {}
    for instance in cluster.instances:
        if instance.zone is not None and (instance.status == "ACTIVE" or instance.tasks.get(group)):
            counts[instance.zone] = counts.get(instance.zone, 0) + instance.tasks.get(group, 0)
    return counts


def _placement_reasons(
    daemon: bool, strategies: tuple[Strategy, ...], constraints: tuple[Constraint, ...]
) -> list[str]:
    reasons: list[str] = []
    if daemon:
        reasons.append("Only REPLICA services are rebalanced.")
    if strategies and strategies[0] != ZONE_SPREAD:
        reasons.append("The first strategy is not spread on attribute:ecs.availability-zone.")
    if any(_ZONE_ATTRIBUTE.search(constraint.expression or "") for constraint in constraints):
        reasons.append("A placement constraint uses attribute:ecs.availability-zone.")
    return reasons
