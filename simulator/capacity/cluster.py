"""Which providers a cluster has, and where a service may move: PutClusterCapacityProviders and UpdateService.

Source: deployments facts 3.1, 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator import reading
from simulator.capacity.rules import CapacityRules
from simulator.capacity.strategy import given, read_providers, read_strategy
from simulator.errors import InputError

PUT_FIELDS = ("putClusterCapacityProviders", "clusterCapacityProviders", "inUse")
UPDATE_FIELDS = ("updateService", "current", "originalLaunchType", "clusterCapacityProviders")
_TYPES = ("EC2", "FARGATE", "EXTERNAL")


def put_answer(document: Mapping[str, Any], rules: CapacityRules) -> dict[str, Any]:
    """The cluster's providers after the call, which replaces the whole list.

    Parameters
    ----------
    document : `putClusterCapacityProviders` as AWS's request, `clusterCapacityProviders` that the cluster has, and
        those of them that are `inUse`.

    Raises
    ------
    InputError
        Where the default strategy is left out (an empty list is legal), or a provider in use is omitted.
    """
    reading.known_fields(document, "", PUT_FIELDS)
    path = "putClusterCapacityProviders"
    call = reading.mapping(document[path], path)
    reading.known_fields(call, path, ("capacityProviders", "defaultCapacityProviderStrategy"))
    for name in ("capacityProviders", "defaultCapacityProviderStrategy"):
        if call.get(name) is None:
            where = f"{path}.{name}"
            raise InputError(f"{where} is missing, and it must be given; an empty list will do.", path=where)
    before = read_providers(given(document, "clusterCapacityProviders", ()), "clusterCapacityProviders")
    used = read_providers(given(document, "inUse", ()), "inUse")
    after = read_providers(call["capacityProviders"], f"{path}.capacityProviders")
    strategy = call["defaultCapacityProviderStrategy"]
    if reading.items(strategy, f"{path}.defaultCapacityProviderStrategy", most=10_000):
        read_strategy(strategy, f"{path}.defaultCapacityProviderStrategy", rules, associated=after)
    removed = [name for name in before if name not in after]
    for name in removed:
        if name in used:
            raise InputError(
                f"{path}.capacityProviders leaves out {name}, which is in use: the call replaces the whole list, so "
                f"repeat {name}.",
                path=f"{path}.capacityProviders",
            )
    return {
        "capacityProviders": list(after),
        "added": [name for name in after if name not in before],
        "removed": removed,
        "reason": "The call replaces the whole list: what it does not repeat is disassociated.",
    }


def update_answer(document: Mapping[str, Any], rules: CapacityRules) -> dict[str, Any]:
    """Whether a service may move, and what it takes for its tasks to move.

    Parameters
    ----------
    document : `current` ({launchType} or {capacityProviderStrategy}), `updateService` ({capacityProviderStrategy} or
        {launchType}, and forceNewDeployment), and the `originalLaunchType` that the service was made with, if any.

    Raises
    ------
    InputError
        For what UpdateService refuses.
    """
    reading.known_fields(document, "", UPDATE_FIELDS)
    associated = document.get("clusterCapacityProviders")
    cluster = None if associated is None else read_providers(associated, "clusterCapacityProviders")
    original = document.get("originalLaunchType")
    if original is not None:
        reading.choice(original, "originalLaunchType", _TYPES)
    call = reading.mapping(document["updateService"], "updateService")
    reading.known_fields(
        call,
        "updateService",
        ("launchType", "capacityProviderStrategy", "forceNewDeployment"),
    )
    now = _side(document.get("current"), "current", rules, cluster)
    if call.get("launchType") is not None:
        raise InputError(
            "UpdateService changes no launch type: go to a capacity provider, or, back from one to the service's "
            "original launch type, pass an empty capacityProviderStrategy.",
            path="updateService.launchType",
        )
    where = "updateService.capacityProviderStrategy"
    wanted = call.get("capacityProviderStrategy")
    if wanted is None:
        raise InputError("updateService has no capacityProviderStrategy; give one, or [] to go back.", path=where)
    if not reading.items(wanted, where, most=10_000):
        if now == "launch type" or original is None:
            why = "it has no provider" if now == "launch type" else "it was made with providers"
            raise InputError(
                f"{where} is an empty list, which takes a service back to its original launch type, and {why}; name a "
                "provider.",
                path=where,
            )
        target = f"launch type {original}"
        why = "An empty strategy takes a service back to the launch type it was made with"
    else:
        why = "Any move to a capacity provider is allowed"
        target = ", ".join(item.provider for item in read_strategy(wanted, where, rules, associated=cluster))
    moves = reading.flag(given(call, "forceNewDeployment", False), "updateService.forceNewDeployment")
    answer: dict[str, Any] = {
        "allowed": True,
        "from": now,
        "to": target,
        "tasksMove": moves,
        "reason": f"{why}; existing tasks move only with a new deployment.",
    }
    return answer if moves else answer | {"fix": "Set forceNewDeployment to true, and the running tasks move too."}


def _side(document: Any, path: str, rules: CapacityRules, cluster: tuple[str, ...] | None) -> str:
    side = reading.mapping(document, path)
    reading.known_fields(side, path, ("launchType", "capacityProviderStrategy"))
    if (side.get("launchType") is None) == (side.get("capacityProviderStrategy") is None):
        raise InputError(f"{path} must have one of launchType and capacityProviderStrategy.", path=path)
    if side.get("launchType") is not None:
        reading.choice(side["launchType"], f"{path}.launchType", _TYPES)
        return "launch type"
    read_strategy(side["capacityProviderStrategy"], f"{path}.capacityProviderStrategy", rules, associated=cluster)
    return "capacity provider"
