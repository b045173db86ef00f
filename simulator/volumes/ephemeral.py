"""Fargate's ephemeral storage: how large it is, and whether image, layers and bind mounts fit. Source: facts 3.3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from simulator import reading
from simulator.volumes.attach import CURRENT, EPHEMERAL, Launch
from simulator.volumes.volume import Definition

USE = ("imageGiB", "layersGiB", "mountsGiB")
OLD_LAYERS, OLD_MOUNTS = 10, 4  # GB, platform version 1.3.0 and earlier, fixed
_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What a task puts on its ephemeral storage, in GiB: the image, what containers write, what lies in bind mounts."""

    image: Fraction
    layers: Fraction
    mounts: Fraction


def read_use(value: Any, path: str) -> Use:
    """`{"imageGiB", "layersGiB", "mountsGiB"}`, each 0 where it is left out."""
    value = reading.mapping(value, path)
    reading.known_fields(value, path, USE)
    image, layers, mounts = (reading.number(value.get(name, 0), f"{path}.{name}", low=0, high=_MOST) for name in USE)
    return Use(image=image, layers=layers, mounts=mounts)


def storage(definition: Definition, launch: Launch, use: Use) -> dict[str, Any]:
    """Size, use, and whether it fits. Full is not over: equality fits.

    >>> from simulator.volumes.attach import FARGATE
    >>> held = Use(image=Fraction(8), layers=Fraction(0), mounts=Fraction(13))
    >>> storage(Definition(), Launch(type=FARGATE), held)["fits"]
    False
    """
    if launch.platform < CURRENT and not launch.windows:
        return _old(use)
    size = definition.ephemeral or EPHEMERAL
    used = use.image + use.layers + use.mounts
    return {"sizeInGiB": size, "usedGiB": plain(used), "fits": used <= size, "reason": _reason(used, size)}


def plain(value: Fraction) -> int | float:
    """A number for JSON."""
    return int(value) if value.denominator == 1 else float(value)


def _reason(used: Fraction, size: int) -> str:
    shared = "Image, writable layers and bind mounts of the task share it"
    if used <= size:
        return f"{shared}: {plain(used)} of {size} GiB."
    return f"{shared}: {plain(used)} GiB do not go into {size}, and writing fails with “no space left on device”."


def _old(use: Use) -> dict[str, Any]:
    layers = use.image + use.layers
    fits = layers <= OLD_LAYERS and use.mounts <= OLD_MOUNTS
    used: Mapping[str, int | float] = {"layers": plain(layers), "mounts": plain(use.mounts)}
    return {
        "sizeInGiB": OLD_LAYERS + OLD_MOUNTS,
        "usedGiB": used["layers"] + used["mounts"],
        "fits": fits,
        "reason": f"Before platform version 1.4.0 there are {OLD_LAYERS} GB for layers ({used['layers']} asked for) "
        f"and {OLD_MOUNTS} GB for mounts ({used['mounts']} asked for), and neither can be changed.",
    }
