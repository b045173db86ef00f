"""The question of base and weight: how many tasks each provider gets, and which of them run. Source: facts 3.1, 3.2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator import reading
from simulator.capacity.rules import CapacityRules, SpotMissing
from simulator.capacity.shares import Split, split
from simulator.capacity.strategy import (
    FARGATE,
    FARGATE_SPOT,
    LAUNCH_TYPES,
    MANAGED_INSTANCES,
    Item,
    given,
    is_fargate,
    read_providers,
    read_strategy,
)
from simulator.errors import InputError

MOST_DESIRED = 5000  # of a service
FIELDS = (
    "count", "desiredCount", "capacityProviderStrategy", "launchType", "clusterCapacityProviders",
    "defaultCapacityProviderStrategy", "createdWith", "available", "spotCapacity",
)  # fmt: skip


def distribution_answer(document: Mapping[str, Any], rules: CapacityRules) -> dict[str, Any]:
    """Where `count` tasks go.

    Parameters
    ----------
    document : `count` (or `desiredCount`, as in CreateService) beside `capacityProviderStrategy`, `launchType`, or
        neither (then the cluster's `defaultCapacityProviderStrategy` acts); `clusterCapacityProviders`, `createdWith`
        (API, CLI, CONSOLE), and `available` ({provider: tasks}) or `spotCapacity` for how much capacity there is.

    Raises
    ------
    InputError
        For what CreateService and RunTask refuse.
    """
    reading.known_fields(document, "", FIELDS)
    count = _count(document)
    associated = document.get("clusterCapacityProviders")
    providers = None if associated is None else read_providers(associated, "clusterCapacityProviders")
    console = reading.choice(given(document, "createdWith", "API"), "createdWith", ("API", "CLI", "CONSOLE"))
    launch = document.get("launchType")
    name = "capacityProviderStrategy"
    if launch is not None:
        return _by_launch_type(document, reading.choice(launch, "launchType", LAUNCH_TYPES), count)
    if document.get(name) is None:
        name = "defaultCapacityProviderStrategy"
    if not document.get(name):
        return _by_nothing(document, count)
    items = read_strategy(document[name], name, rules, console=console == "CONSOLE", associated=providers)
    parts = split(count, items, rules)
    answer: dict[str, Any] = {
        "distribution": _by_name(items, parts.counts),
        "family": "FARGATE" if is_fargate(items[0].provider) else "AUTO_SCALING_GROUP",
    }
    if parts.open:
        answer["open"] = True
        answer["ranges"] = {item.provider: list(span) for item, span in zip(items, parts.ranges, strict=True)}
        answer["exact"] = {item.provider: str(share) for item, share in zip(items, parts.exact, strict=True)}
        answer["note"] = " ".join(parts.open)
    available = _available(document, items)
    if available:
        answer |= _running(items, parts, available, rules)
    return answer | {"reason": _reason(count, items, parts, name)}


def _count(document: Mapping[str, Any]) -> int:
    name = "desiredCount" if document.get("desiredCount") is not None else "count"
    if name == "desiredCount" and document.get("count") is not None:
        raise InputError("desiredCount says the same as count; leave one of them out.", path=name)
    return reading.whole(document.get(name), name, low=0, high=MOST_DESIRED)


def _by_launch_type(document: Mapping[str, Any], launch: str, count: int) -> dict[str, Any]:
    if document.get("capacityProviderStrategy") is not None:
        raise InputError(
            "Both launchType and capacityProviderStrategy are given, and they exclude each other; keep one.",
            path="launchType",
        )
    for name in ("available", "spotCapacity"):
        if document.get(name) is not None:
            raise InputError(f"{name} is of capacity providers, and launchType uses none; leave it out.", path=name)
    answer: dict[str, Any] = {"distribution": {}, "launchType": launch, "launched": count}
    if launch == MANAGED_INSTANCES:
        return answer | {
            "open": True,
            "note": "AWS says to leave launchType out for Managed Instances, and not what a call that has it does.",
            "reason": "Managed Instances are chosen by their capacity provider, though launchType has the value.",
        }
    return answer | {
        "reason": f"All {count} go to the launch type {launch}. No capacity provider sees them: they count in no "
        "base, no weight, and never make a group grow.",
    }


def _by_nothing(document: Mapping[str, Any], count: int) -> dict[str, Any]:
    if document.get("capacityProviderStrategy") is not None:
        raise InputError(
            "capacityProviderStrategy is an empty list; name at least one capacity provider.",
            path="capacityProviderStrategy",
        )
    _available(document, ())
    return {
        "distribution": {},
        "open": True,
        "note": f"Neither launchType nor capacityProviderStrategy is given, and the cluster has no default strategy. "
        f"The API reference does not say where the {count} tasks go.",
        "reason": "A cluster made with the API or the CLI has no capacity provider and no default strategy until they "
        "are given.",
    }


def _available(document: Mapping[str, Any], items: tuple[Item, ...]) -> dict[str, int]:
    """How many tasks each provider has capacity for; a provider that is not named has enough."""
    names = [item.provider for item in items]
    found: dict[str, int] = {}
    for name, amount in reading.mapping(given(document, "available", {}), "available").items():
        where = f"available.{name}"
        if name not in names:
            raise InputError(f"{reading.shorten(where)} is given, and the strategy has no such provider.", path=where)
        found[name] = reading.whole(amount, where, low=0, high=MOST_DESIRED)
    spot = document.get("spotCapacity")
    if spot is not None:
        if FARGATE_SPOT not in names or FARGATE_SPOT in found:
            why = "available says it too" if FARGATE_SPOT in found else f"the strategy has no {FARGATE_SPOT}"
            raise InputError(f"spotCapacity is given, and {why}; leave it out.", path="spotCapacity")
        found[FARGATE_SPOT] = reading.whole(spot, "spotCapacity", low=0, high=MOST_DESIRED)
    return found


def _running(
    items: tuple[Item, ...], parts: Split, available: Mapping[str, int], rules: CapacityRules
) -> dict[str, Any]:
    """Which tasks run, and which are tried again on the same provider: nothing falls back (facts 3.2)."""
    wanted = _by_name(items, parts.counts)
    running = {name: min(count, available.get(name, count)) for name, count in wanted.items()}
    missing = {name: wanted[name] - running[name] for name in wanted if wanted[name] > running[name]}
    if rules.spot_missing is SpotMissing.FALLBACK and missing:
        refuge = next((name for name in wanted if name not in missing), FARGATE)
        running[refuge] = running.get(refuge, 0) + sum(missing.values())
        missing = {}
    answer: dict[str, Any] = {
        "running": sum(running.values()),
        "retried": sum(missing.values()),
        "runningOn": running,
        "retriedOn": missing,
    }
    if missing:
        others = [name for name in wanted if name not in missing]
        # Nothing but AWS's own capacity can be missing: an Auto Scaling group grows, and its tasks wait for that.
        if all(is_fargate(name) for name in missing):
            answer["event"] = CAPACITY_EVENT
        answer["fix"] = _fix(" and ".join(missing), others)
    return answer


def _fix(missing: str, others: list[str]) -> str:
    more = f"give {' or '.join(others)} a base or more weight" if others else "give the strategy a second provider"
    if not is_fargate(missing.partition(" and ")[0]):
        return (
            f"The tasks of {missing} wait in PROVISIONING and never go to another provider; let its Auto Scaling group "
            f"grow, or {more}."
        )
    more = more if others else f"{more} with a base or a weight"
    return f"ECS keeps trying on {missing} and never falls back; {more}, or wait for capacity."


# E8 of the facts; (NAME) stands for the service.
CAPACITY_EVENT = (
    "service (NAME) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later "
    "or in a different availability zone."
)


def _by_name(items: tuple[Item, ...], counts: tuple[int, ...]) -> dict[str, int]:
    return {item.provider: count for item, count in zip(items, counts, strict=True)}


def _reason(count: int, items: tuple[Item, ...], parts: Split, name: str) -> str:
    based = next((item for item in items if item.base), None)
    said = [] if name == "capacityProviderStrategy" else ["The cluster's default strategy acts."]
    rest = count
    if based is not None and parts.base:
        rest = count - parts.base
        first = "The first goes" if parts.base == 1 else f"The first {parts.base} go"
        said.append(f"{first} to {based.provider}, its base{_unmet(based, count)}.")
    if len(items) == 1:
        said.append(f"{items[0].provider} is the only provider and takes all {count}.")
    elif rest:
        ratio = ":".join(str(item.weight) for item in items)
        shares = ", ".join(f"{item.provider} {rate}" for item, rate in zip(items, parts.counts, strict=True))
        said.append(f"The other {rest} are split {ratio}." if rest < count else f"All {rest} are split {ratio}.")
        said.append(f"Together: {shares}.")
    return " ".join(said) or "There are no tasks to distribute."


def _unmet(based: Item, count: int) -> str:
    return f" of {based.base}, which is not reached" if count < based.base else ""
