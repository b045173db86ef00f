"""What lies in the stores at one moment: secrets with their versions, parameters, and files in S3."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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
    """`values` by ARN, the newest version first; `files` by ARN. A parameter has one version."""

    values: Mapping[str, tuple[Version, ...]]
    files: Mapping[str, str]


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


def file_of(stores: Stores, arn: str) -> str:
    """The text of a file.

    Raises
    ------
    MissingError
        If there is none.
    """
    if arn not in stores.files:
        raise MissingError(f"there is no object {arn}")
    return stores.files[arn]


def rotated(stores: Stores, arn: str, value: str, version: str) -> Stores:
    """The stores with a new version: what was AWSCURRENT becomes AWSPREVIOUS."""
    old = tuple(replace(one, stages=_stages_after(one)) for one in stores.values.get(arn, ()))
    new = Version(id=version, stages=(CURRENT,), value=value)
    return replace(stores, values={**stores.values, arn: (new, *old)})


def holding(references: Sequence[Reference], files: Sequence[str]) -> Stores:
    """Stores that hold whatever is asked for, each value `v1` and each file empty, so that short documents do."""
    values: dict[str, tuple[Version, ...]] = {}
    for arn in dict.fromkeys(one.arn for one in references):
        own = [one for one in references if one.arn == arn]
        keys = {one.json_key: FIRST for one in own if one.json_key}
        text = json.dumps(keys, ensure_ascii=False) if keys else FIRST
        ids = dict.fromkeys(one.version_id for one in own if one.version_id)
        stages = dict.fromkeys(one.version_stage for one in own if one.version_stage not in ("", CURRENT))
        values[arn] = (
            Version(id=FIRST, stages=(CURRENT,), value=text),
            *(Version(id=stage, stages=(stage,), value=text) for stage in stages),
            *(Version(id=one, stages=(), value=text) for one in ids if one != FIRST),
        )
    return Stores(values=values, files=dict.fromkeys(files, ""))


def _stages_after(version: Version) -> tuple[str, ...]:
    if CURRENT in version.stages:
        return (*(stage for stage in version.stages if stage not in (CURRENT, PREVIOUS)), PREVIOUS)
    return tuple(stage for stage in version.stages if stage != PREVIOUS)


def _version(stores: Stores, reference: Reference) -> Version:
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
