"""What lies in the stores at one moment: secrets with their versions, parameters, and files in S3.

A store that is not listed holds whatever is asked for, with the value `v1`, so that a short document is enough.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator.secrets.references import CURRENT, Reference

PREVIOUS = "AWSPREVIOUS"
FIRST = "v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a secret."""

    id: str
    stages: tuple[str, ...]
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """`values` by ARN, the newest version first; None for what is not listed at all. A parameter has one version."""

    values: Mapping[str, tuple[Version, ...]] | None
    files: Mapping[str, str] | None


class MissingError(Exception):
    """What is asked for is not there; the text is the end of a sentence."""


def value_of(stores: Stores, reference: Reference) -> str:
    """The value that a reference names.

    Raises
    ------
    MissingError
        If there is no such secret, version, or key in it.
    """
    found = _version(stores, reference).value
    return found if not reference.json_key else _key_of(found, reference.json_key)


def current(stores: Stores, arn: str) -> str:
    """What the store holds at this moment under AWSCURRENT, or empty."""
    versions = (first_version(),) if stores.values is None else stores.values.get(arn, ())
    return next((one.value for one in versions if CURRENT in one.stages), "")


def file_of(stores: Stores, arn: str) -> str:
    """The text of a file.

    Raises
    ------
    MissingError
        If there is none.
    """
    if stores.files is None:
        return ""
    if arn not in stores.files:
        raise MissingError(f"there is no object {arn}")
    return stores.files[arn]


def rotated(stores: Stores, arn: str, value: str, known: Mapping[str, tuple[Version, ...]], version: str) -> Stores:
    """The stores with a new version: what was AWSCURRENT becomes AWSPREVIOUS.

    `known` are the versions to begin with where the stores are not listed.
    """
    values = dict(known if stores.values is None else stores.values)
    old = tuple(replace(one, stages=_stages_after(one)) for one in values.get(arn, ()))
    values[arn] = (Version(id=version, stages=(CURRENT,), value=value), *old)
    return replace(stores, values=values)


def first_version() -> Version:
    """What an unlisted store holds."""
    return Version(id=FIRST, stages=(CURRENT,), value=FIRST)


def _stages_after(version: Version) -> tuple[str, ...]:
    if CURRENT in version.stages:
        return (*(stage for stage in version.stages if stage not in (CURRENT, PREVIOUS)), PREVIOUS)
    return tuple(stage for stage in version.stages if stage != PREVIOUS)


def _version(stores: Stores, reference: Reference) -> Version:
    if stores.values is None:
        return first_version()
    versions = stores.values.get(reference.arn, ())
    if not versions:
        raise MissingError(_nowhere(stores.values, reference))
    wanted = reference.version_id
    stage = reference.version_stage or CURRENT
    found = next((one for one in versions if (one.id == wanted if wanted else stage in one.stages)), None)
    if found is None:
        raise MissingError(f"{reference.arn} has no {reference.asked}")
    return found


def _nowhere(values: Mapping[str, Any], reference: Reference) -> str:
    """That it does not exist; and where one of that name does, if it was asked for by its name."""
    end = reference.arn.split(":", 5)[5]
    there = next((arn for arn in values if arn.split(":", 5)[5:] == [end]), None) if reference.by_name else None
    if there is None:
        return f"there is no {reference.arn}"
    other = there.split(":")[3]
    return f"a bare name means a parameter of {reference.region}, and this one lies in {other}; write its ARN, {there}"


def _key_of(value: str, key: str) -> str:
    try:
        document = json.loads(value)
    except (ValueError, RecursionError):
        raise MissingError(f"its value is no JSON, so it has no key “{key}”") from None
    if not isinstance(document, dict) or key not in document:
        raise MissingError(f"its JSON has no key “{key}”")
    found = document[key]
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
