"""A capacity provider strategy: read from its document, with everything that ECS refuses. Source: facts 3.1, 3.2."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator import reading
from simulator.capacity.rules import CapacityRules
from simulator.errors import InputError

MOST_PROVIDERS = 20
MOST_WEIGHT = 1000
MOST_BASE = 100_000
MANAGED_INSTANCES = "MANAGED_INSTANCES"
LAUNCH_TYPES = ("EC2", "FARGATE", "EXTERNAL", MANAGED_INSTANCES)

FARGATE = "FARGATE"
FARGATE_SPOT = "FARGATE_SPOT"
RESERVED = ("aws", "ecs", "fargate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One provider of a strategy. `written` is whether its weight was given."""

    provider: str
    base: int
    weight: int
    written: bool = True


def is_fargate(provider: str) -> bool:
    """Whether AWS runs the provider's servers; any other provider is an Auto Scaling group here.

    >>> is_fargate("FARGATE_SPOT"), is_fargate("asg-1")
    (True, False)
    """
    return provider in (FARGATE, FARGATE_SPOT)


def read_strategy(
    document: Any,
    path: str,
    rules: CapacityRules,
    *,
    console: bool = False,
    associated: Sequence[str] | None = None,
) -> tuple[Item, ...]:
    """A `capacityProviderStrategy` array.

    Parameters
    ----------
    console : whether the console made it, which writes weight 1 where the API and the CLI take 0.
    associated : the cluster's capacity providers, None if nothing is said of them.

    Raises
    ------
    InputError
        For what CreateService and RunTask refuse: more than 20 providers, a provider twice or not of the cluster, two
        bases, several providers all of weight 0, two families, a bound.
    """
    raw = reading.items(document, path, most=10_000)
    if not raw:
        raise InputError(f"{path} is an empty list; name at least one capacity provider.", path=path)
    if len(raw) > MOST_PROVIDERS:
        raise InputError(
            f"{path} has {len(raw)} capacity providers, and a strategy holds at most {MOST_PROVIDERS}.", path=path
        )
    default = 1 if console else rules.default_weight
    items = tuple(_item(entry, f"{path}[{i}]", default) for i, entry in enumerate(raw))
    _check_names(items, path, associated)
    _check_bases(items, path)
    if len(items) > 1 and not any(item.weight for item in items):
        raise InputError(
            f"Every provider of {path} has weight 0, so no task can be placed; give at least one a weight above 0 "
            "(left out, the API takes 0).",
            path=path,
        )
    return items


def read_providers(document: Any, path: str) -> tuple[str, ...]:
    """A list of provider names, each once, at most the 20 that a cluster may have."""
    raw = reading.items(document, path, most=10_000)
    if len(raw) > MOST_PROVIDERS:
        raise InputError(
            f"{path} has {len(raw)} capacity providers, and a cluster may have {MOST_PROVIDERS}.", path=path
        )
    names = tuple(provider_name(entry, f"{path}[{i}]") for i, entry in enumerate(raw))
    for i, name in enumerate(names):
        if name in names[:i]:
            raise InputError(f"{path} names {name} twice; name each provider once.", path=f"{path}[{i}]")
    return names


def provider_name(value: Any, path: str) -> str:
    """The name of a capacity provider: FARGATE, FARGATE_SPOT, or one that its owner could give."""
    name = reading.name(value, path)
    if is_fargate(name):
        return name
    if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        raise InputError(f"{path} is {reading.shown(name)}; it has letters, digits, - and _ only.", path=path)
    begins = next((prefix for prefix in RESERVED if name.lower().startswith(prefix)), None)
    if begins:
        raise InputError(
            f"{path} is “{reading.shorten(name)}”, and the name of a capacity provider of your own can not begin with "
            f"“{begins}”; AWS's own are FARGATE and FARGATE_SPOT.",
            path=path,
        )
    return name


def _item(entry: Any, path: str, default_weight: int) -> Item:
    entry = reading.mapping(entry, path)
    reading.known_fields(entry, path, ("capacityProvider", "base", "weight"))
    if entry.get("capacityProvider") is None:
        raise InputError(f"{path} has no capacityProvider; name one.", path=f"{path}.capacityProvider")
    written = entry.get("weight") is not None
    weight = entry["weight"] if written else default_weight
    return Item(
        provider=provider_name(entry["capacityProvider"], f"{path}.capacityProvider"),
        base=reading.whole(given(entry, "base", 0), f"{path}.base", low=0, high=MOST_BASE),
        weight=reading.whole(weight, f"{path}.weight", low=0, high=MOST_WEIGHT),
        written=written,
    )


def _check_names(items: Sequence[Item], path: str, associated: Sequence[str] | None) -> None:
    names = [item.provider for item in items]
    for i, name in enumerate(names):
        where = f"{path}[{i}].capacityProvider"
        if name in names[:i]:
            raise InputError(f"{path} names {name} twice; give each provider one entry.", path=where)
        if associated is not None and name not in associated:
            raise InputError(
                f"The capacity provider {name} is not associated with the cluster, which has "
                f"{', '.join(associated) or 'none'}; add it with PutClusterCapacityProviders, and repeat the others.",
                path=where,
            )
        if is_fargate(name) != is_fargate(names[0]):
            raise InputError(
                f"{path} mixes {names[0]} and {name}: a strategy is of one family, either Fargate and Fargate Spot, "
                "or Auto Scaling groups; make two services, or keep one family.",
                path=where,
            )


def _check_bases(items: Sequence[Item], path: str) -> None:
    based = [item.provider for item in items if item.base]
    if len(based) > 1:
        raise InputError(
            f"{path} has a base on {' and on '.join(based[:2])}, and only one provider of a strategy may have one; "
            f"take the base from {based[1]}.",
            path=path,
        )


def given(document: Mapping[str, Any], name: str, default: Any) -> Any:
    """The field, or the default when it is left out or null (as the AWS CLI's skeleton writes it)."""
    value = document.get(name)
    return default if value is None else value
