"""A document about secrets: the task definition, what lies in the stores, and what happens over time.

The task definition is RegisterTaskDefinition's own JSON, the overrides are RunTask's. Source: facts 4.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.iam.containers import (
    CONTAINER_FIELDS,
    MOST_CONTAINERS,
    MOST_FILES,
    TASK_FIELDS,
    named_values,
    read_files,
)
from simulator.iam.launch import LaunchType, read_place
from simulator.secrets.injection import Source
from simulator.secrets.references import Reference, Store, read_reference
from simulator.secrets.store import Stores, Version, holding

FIELDS = (
    "launchType",
    "region",
    "account",
    "platformVersion",
    "agentVersion",
    "taskDefinition",
    "executionRole",
    "overrides",
    "values",
    "files",
    "desiredCount",
    "timeline",
)
MOST_EVENTS = 40
MOST_TASKS = 10
MOST_LINES = 500  # of one env file
MOST_SECONDS = 31_536_000
MOST_VALUES = 100
MOST_TEXT = 65_536
MOST_FILES_READ = 40  # more than AWS takes, so that its own refusal can be shown
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+", re.ASCII)


class Kind(StrEnum):
    """What may happen; the values are the fields of a timeline's entry."""

    ROTATE = "rotate"
    REWRITE = "rewrite"
    RESTART = "restartContainers"
    DEPLOY = "forceNewDeployment"
    RUN = "runTask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One entry of the timeline. `target` is a secret's or parameter's ARN, or a file's; `value` what it becomes."""

    at: int
    kind: Kind
    target: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What the room is asked. `document` is what the roles' room is asked about the same launch."""

    launch_type: LaunchType
    region: str
    sources: tuple[Source, ...]
    duplicates: tuple[tuple[str, str], ...]  # container and name, in `secrets` twice
    windows: bool
    definition_size: int  # bytes
    override_size: int  # characters
    standalone: bool  # RunTask started it, with overrides, and no service keeps it
    platform_version: tuple[int, ...] | None
    agent_version: tuple[int, ...] | None
    stores: Stores
    desired: int
    timeline: tuple[Happening, ...]
    task_role: bool
    launch: Mapping[str, Any]


def read_scenario(document: Any) -> Scenario:
    """Read a document.

    Raises
    ------
    InputError
        With one sentence, for anything that is not such a document.
    """
    document = reading.mapping(document, "")
    reading.known_fields(document, "", FIELDS)
    types = [one.value for one in LaunchType]
    launch_type = LaunchType(reading.choice(_or(document, "launchType", "FARGATE"), "launchType", types))
    account, region = read_place(document)
    definition = reading.mapping(document.get("taskDefinition"), "taskDefinition")
    reading.known_fields(definition, "taskDefinition", TASK_FIELDS)
    overrides, override_size = _overrides(document.get("overrides"))
    sources, duplicates = _sources(definition, overrides, region, account)
    references = [one for source in sources for one in source.secrets.values()]
    named = [name for source in sources for name in (*source.files, *(source.override_files or ()))]
    unlisted = holding(references, named)
    values = _values(document.get("values"), region, account)
    files = _files(document.get("files"))
    timeline = _timeline(document.get("timeline"), region, account)
    if document.get("overrides") is not None:
        _refuse_service(document, timeline)
    stores = Stores(
        values=unlisted.values if values is None else values, files=unlisted.files if files is None else files
    )
    return Scenario(
        launch_type=launch_type,
        region=region,
        sources=sources,
        duplicates=duplicates,
        windows=_windows(definition),
        definition_size=_size(definition),
        override_size=override_size,
        standalone=document.get("overrides") is not None,
        platform_version=_version(document, "platformVersion"),
        agent_version=_version(document, "agentVersion"),
        stores=stores,
        desired=reading.whole(_or(document, "desiredCount", 1), "desiredCount", low=1, high=MOST_TASKS),
        timeline=timeline,
        task_role=definition.get("taskRoleArn") is not None,
        launch=_launch(document, definition),
    )


def _sources(
    definition: Mapping[str, Any], overrides: Mapping[str, Mapping[str, Any]], region: str, account: str
) -> tuple[tuple[Source, ...], tuple[tuple[str, str], ...]]:
    path = "taskDefinition.containerDefinitions"
    raw = reading.items(_or(definition, "containerDefinitions", []), path, most=MOST_CONTAINERS)
    if not raw:
        raise InputError("The task definition has no containerDefinitions; give at least one container.", path=path)
    found: list[Source] = []
    twice: list[tuple[str, str]] = []
    for i, one in enumerate(raw):
        where = f"{path}[{i}]"
        entry = reading.mapping(one, where)
        reading.known_fields(entry, where, CONTAINER_FIELDS)
        name = reading.name(entry.get("name"), f"{where}.name")
        if name in [other.name for other in found]:
            raise InputError(f"{where}.name is “{name}” again; each container needs its own.", path=where)
        secrets: dict[str, Reference] = {}
        for key, given, there in named_values(entry.get("secrets"), f"{where}.secrets", "valueFrom"):
            if key in secrets:
                twice.append((name, key))
            secrets[key] = read_reference(given, f"{there}.valueFrom", region=region, account=account)
        over = overrides.get(name, {})
        files = over.get("environmentFiles")
        there = "overrides.containerOverrides"
        found.append(
            Source(
                name=name,
                environment=_environment(entry.get("environment"), f"{where}.environment"),
                secrets=secrets,
                files=read_files(entry.get("environmentFiles"), f"{where}.environmentFiles", most=MOST_FILES_READ),
                override=_environment(over.get("environment"), f"{there}.environment"),
                override_files=None
                if files is None
                else read_files(files, f"{there}.environmentFiles", most=MOST_FILES_READ),
            )
        )
    for name in overrides:
        if name not in [source.name for source in found]:
            raise InputError(f"The overrides name the container “{name}”, and there is none.", path="overrides")
    return tuple(found), tuple(twice)


def _environment(raw: Any, path: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, value, there in named_values(raw, path, "value"):
        if name in found:
            raise InputError(f"{there}.name is {reading.shown(name)} again; each variable stands once.", path=there)
        found[name] = _text(value, f"{there}.value")
    return found


def _overrides(raw: Any) -> tuple[dict[str, Mapping[str, Any]], int]:
    if raw is None:
        return {}, 0
    entry = reading.mapping(raw, "overrides")
    reading.known_fields(entry, "overrides", ("containerOverrides",))
    path = "overrides.containerOverrides"
    found: dict[str, Mapping[str, Any]] = {}
    for i, one in enumerate(reading.items(_or(entry, "containerOverrides", []), path, most=MOST_CONTAINERS)):
        there = f"{path}[{i}]"
        override = reading.mapping(one, there)
        reading.known_fields(override, there, ("name", "environment", "environmentFiles"))
        found[reading.name(override.get("name"), f"{there}.name")] = override
    return found, len(_compact(entry))


def _values(raw: Any, region: str, account: str) -> Mapping[str, tuple[Version, ...]] | None:
    """`{ARN or parameter name: text, or a list of versions}`."""
    if raw is None:
        return None
    entry = reading.mapping(raw, "values")
    if len(entry) > MOST_VALUES:
        raise InputError(f"values has {len(entry)} entries, and at most {MOST_VALUES} are taken.", path="values")
    found: dict[str, tuple[Version, ...]] = {}
    for name, given in entry.items():
        path = f"values.{reading.shorten(name)}"
        arn = _target(name, path, region, account).arn
        if isinstance(given, str):
            found[arn] = (Version(id="v1", stages=("AWSCURRENT",), value=_text(given, path)),)
        else:
            found[arn] = _versions(given, path)
    return found


def _versions(raw: Any, path: str) -> tuple[Version, ...]:
    found: list[Version] = []
    for i, one in enumerate(reading.items(raw, path, most=20)):
        there = f"{path}[{i}]"
        entry = reading.mapping(one, there)
        reading.known_fields(entry, there, ("versionId", "stages", "value"))
        stages = reading.items(_or(entry, "stages", []), f"{there}.stages", most=20)
        found.append(
            Version(
                id=reading.text(entry.get("versionId"), f"{there}.versionId"),
                stages=tuple(reading.text(stage, f"{there}.stages[{k}]") for k, stage in enumerate(stages)),
                value=_text(entry.get("value"), f"{there}.value"),
            )
        )
    for stage in {stage for one in found for stage in one.stages}:
        if sum(stage in one.stages for one in found) > 1:
            raise InputError(f"{path} has the stage {stage} on two versions; a stage is on one.", path=path)
    return tuple(found)


def _files(raw: Any) -> Mapping[str, str] | None:
    if raw is None:
        return None
    entry = reading.mapping(raw, "files")
    if len(entry) > MOST_VALUES:
        raise InputError(f"files has {len(entry)} entries, and at most {MOST_VALUES} are taken.", path="files")
    return {name: _lines(given, f"files.{reading.shorten(name)}") for name, given in entry.items()}


def _lines(value: Any, path: str) -> str:
    text = _text(value, path)
    if text.count("\n") > MOST_LINES:
        raise InputError(f"{path} has more than {MOST_LINES} lines, the most that are read.", path=path)
    return text


def _refuse_service(document: Mapping[str, Any], timeline: tuple[Happening, ...]) -> None:
    """Overrides are RunTask's: there is no service whose count or deployment could be spoken of."""
    if document.get("desiredCount") is not None:
        raise InputError("overrides are RunTask's, and desiredCount is a service's; keep one.", path="desiredCount")
    for i, one in enumerate(timeline):
        if one.kind is Kind.DEPLOY:
            raise InputError(
                f"timeline[{i}] deploys a service, and with overrides the task is RunTask's; use runTask there.",
                path=f"timeline[{i}]",
            )


def _timeline(raw: Any, region: str, account: str) -> tuple[Happening, ...]:
    entries = reading.items([] if raw is None else raw, "timeline", most=MOST_EVENTS)
    found = [_happening(entry, f"timeline[{i}]", region, account) for i, entry in enumerate(entries)]
    for i, (before, after) in enumerate(pairwise(found), start=1):
        if after.at < before.at:
            raise InputError(
                f"timeline[{i}].at is {after.at}, and the entry before is at {before.at}; put them in order of time.",
                path=f"timeline[{i}].at",
            )
    return tuple(found)


def _happening(raw: Any, path: str, region: str, account: str) -> Happening:
    entry = reading.mapping(raw, path)
    kinds = [one.value for one in Kind]
    reading.known_fields(entry, path, ("at", "value", *kinds))
    named = [name for name in kinds if entry.get(name) is not None]
    if len(named) != 1:
        raise InputError(f"{path} must have one of {', '.join(kinds)}, and it has {len(named)}.", path=path)
    kind, given = Kind(named[0]), entry[named[0]]
    at = reading.whole(entry.get("at"), f"{path}.at", low=0, high=MOST_SECONDS)
    if kind in (Kind.ROTATE, Kind.REWRITE):
        value = _text(entry.get("value"), f"{path}.value")
        there = f"{path}.{kind.value}"
        target = (
            _target(given, there, region, account).arn
            if kind is Kind.ROTATE
            else reading.text(given, there, longest=2048)
        )
        value = value if kind is Kind.ROTATE else _lines(value, f"{path}.value")
        return Happening(at=at, kind=kind, target=target, value=value)
    if entry.get("value") is not None:
        raise InputError(f"{path}.value goes with rotate and rewrite only; leave it out.", path=path)
    if not reading.flag(given, f"{path}.{kind.value}"):
        raise InputError(f"{path}.{kind.value} is false, so nothing happens; leave the entry out.", path=path)
    return Happening(at=at, kind=kind)


def _target(raw: Any, path: str, region: str, account: str) -> Reference:
    found = read_reference(raw, path, region=region, account=account)
    if found.store is Store.SECRETS_MANAGER and found.written != found.arn:
        raise InputError(f"{path} has parts after the secret's name; name the secret alone.", path=path)
    return found


def _text(value: Any, path: str) -> str:
    """Text that may be empty and may have lines."""
    return "" if value == "" else reading.text(value, path, longest=MOST_TEXT, lines=True)


def _windows(definition: Mapping[str, Any]) -> bool:
    platform = definition.get("runtimePlatform")
    family = None if platform is None else reading.mapping(platform, "taskDefinition.runtimePlatform")
    written = (family or {}).get("operatingSystemFamily")
    return written is not None and reading.text(written, "operatingSystemFamily").startswith("WINDOWS")


def _version(document: Mapping[str, Any], field: str) -> tuple[int, ...] | None:
    if document.get(field) in (None, "LATEST"):
        return None
    written = reading.text(document[field], field, longest=20)
    if not _VERSION.fullmatch(written):
        raise InputError(f"{field} is {reading.shown(written)}; write it such as 1.4.0.", path=field)
    return tuple(int(part) for part in written.split("."))


def _launch(document: Mapping[str, Any], definition: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same launch for the room of roles; an execution role that is not described may fetch everything."""
    kept = {name: document[name] for name in ("launchType", "region", "account") if document.get(name) is not None}
    role = document.get("executionRole")
    if role is None and definition.get("executionRoleArn") is not None:
        role = {"plus": ["*"]}
    # Names in two places, and what else of the environment is refused, are judged in this room.
    containers = [
        {key: given for key, given in one.items() if key not in ("environment", "environmentFiles")}
        | {"environmentFiles": (one.get("environmentFiles") or [])[:MOST_FILES]}
        for one in definition["containerDefinitions"]
    ]
    launch: dict[str, Any] = {**kept, "taskDefinition": {**definition, "containerDefinitions": containers}}
    if role is not None:
        launch["executionRole"] = role
    if definition.get("taskRoleArn") is not None:
        launch["taskRole"] = {}
    return launch


def _size(value: Any) -> int:
    """How many bytes it is as JSON."""
    return len(_compact(value).encode())


def _compact(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        raise InputError("The document holds a value that JSON has no form for.") from None


def _or(document: Mapping[str, Any], name: str, default: Any) -> Any:
    return default if document.get(name) is None else document[name]
