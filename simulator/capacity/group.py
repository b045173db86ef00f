"""The Auto Scaling group behind a capacity provider: what it launches, where, and between which sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator import reading
from simulator.capacity.strategy import given
from simulator.container_instance import MOST_AMOUNT, read_instance
from simulator.errors import InputError
from simulator.model import Instance

MOST_TYPES = 20
MOST_ZONES = 6
MOST_SIZE = 1000
MOST_SECONDS = 3600
FIELDS = (
    "instanceTypes", "availabilityZones", "minSize", "maxSize", "desiredCapacity", "spot", "launchSeconds",
    "newInstancesProtectedFromScaleIn",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """`types` are fresh instances, one of each type. `launch` is the seconds from the call to the registration."""

    types: tuple[Instance, ...]
    zones: tuple[str | None, ...]
    size: int
    spot: bool = False
    launch: int = 120

    def instance(self, number: int) -> Instance:
        """The instance that the group launches as its `number`th, from 1: types and zones in turn (our choice)."""
        zone = self.zones[(number - 1) % len(self.zones)]
        fresh = self.types[(number - 1) % len(self.types)]
        attributes = dict(fresh.attributes) | ({"ecs.availability-zone": zone} if zone else {})
        return replace(fresh, id=f"i-{number}", zone=zone, attributes=attributes)


def read_group(document: Any, path: str, *, protection: bool) -> tuple[Group, int, int]:
    """The group with its MinSize and MaxSize.

    Raises
    ------
    InputError
        Also where managed termination protection is on and the group does not protect its new instances.
    """
    document = reading.mapping(document, path)
    reading.known_fields(document, path, FIELDS)
    least = reading.whole(given(document, "minSize", 0), f"{path}.minSize", low=0, high=MOST_SIZE)
    most = reading.whole(document.get("maxSize"), f"{path}.maxSize", low=0, high=MOST_SIZE)
    if least > most:
        raise InputError(f"{path}.minSize is {least}, above maxSize {most}; swap them.", path=f"{path}.minSize")
    _check_protection(document, path, protection)
    group = Group(
        types=read_types(given(document, "instanceTypes", ["m5.large"]), f"{path}.instanceTypes"),
        zones=_zones(document.get("availabilityZones"), f"{path}.availabilityZones"),
        size=reading.whole(given(document, "desiredCapacity", least), f"{path}.desiredCapacity", low=least, high=most),
        spot=reading.flag(given(document, "spot", False), f"{path}.spot"),
        launch=reading.whole(given(document, "launchSeconds", 120), f"{path}.launchSeconds", low=1, high=MOST_SECONDS),
    )
    return group, least, most


def read_types(document: Any, path: str) -> tuple[Instance, ...]:
    """Instance types: each a name such as `m5.large`, or `{"instanceType", "cpu", "memory", "gpu", …}`."""
    raw = reading.items(document, path, most=MOST_TYPES)
    if not raw:
        raise InputError(f"{path} is an empty list; name at least one instance type.", path=path)
    return tuple(_type(entry, f"{path}[{i}]") for i, entry in enumerate(raw))


def _type(entry: Any, path: str) -> Instance:
    if isinstance(entry, str):
        entry = {"instanceType": entry}
    entry = reading.mapping(entry, path)
    reading.known_fields(entry, path, ("instanceType", "cpu", "memory", "gpu", "eniTrunking", "attributes"))
    amounts = {
        name: reading.whole(entry[name], f"{path}.{name}", low=0, high=MOST_AMOUNT)
        for name in ("cpu", "memory", "gpu")
        if entry.get(name) is not None
    }
    asked: dict[str, Any] = {"ec2InstanceId": "i-0"}
    asked |= {
        name: entry[name] for name in ("instanceType", "eniTrunking", "attributes") if entry.get(name) is not None
    }
    if amounts:
        asked["remaining"] = amounts
    fresh = read_instance(asked, path)
    if fresh.remaining is None:
        raise InputError(
            f"{path} is {reading.shown(entry.get('instanceType'))}, a type whose size is not known; give its cpu and "
            "memory.",
            path=path,
        )
    return replace(fresh, registered=fresh.remaining)


def _zones(document: Any, path: str) -> tuple[str | None, ...]:
    if document is None:
        return (None,)
    raw = reading.items(document, path, most=MOST_ZONES)
    zones = tuple(reading.text(zone, f"{path}[{i}]", longest=128) for i, zone in enumerate(raw))
    if len(set(zones)) < len(zones) or not zones:
        raise InputError(f"{path} must name each zone once, and at least one.", path=path)
    return zones


def _check_protection(document: Mapping[str, Any], path: str, protection: bool) -> None:
    where = f"{path}.newInstancesProtectedFromScaleIn"
    protects = reading.flag(given(document, "newInstancesProtectedFromScaleIn", protection), where)
    if protection and not protects:
        raise InputError(
            f"managedTerminationProtection is ENABLED, and {where} is false: it needs scale-in protection on the group "
            "and its instances; set it to true.",
            path=where,
        )
