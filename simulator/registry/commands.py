"""The commands of a scenario: documents in, records out.

Each is an object with `do`, and beside it `as` (the identity that acts; `dev` if left out) and the fields of its kind:

- `login`: `host` (the scenario's own registry), `username` ("AWS")
- `build`: `image`, `layers` (names) · `tag`: `image`, `target` · `push`: `image`, `layers` (then it is built first)
- `pull`: `image`, or `image` without a tag and `digestOf`: the number of the command whose image is meant
- `put-image`: `repositoryName`, `imageTag` (the new one), `of` (a tag that is there) or `digestOf`
- `delete`: `repositoryName`, `imageTag`, `imageDigest` or `digestOf` · `restore`: `repositoryName`, `imageTag`
- `create-repository`: `repositoryName`, `imageTagMutability`, `imageTagMutabilityExclusionFilters` (names with `*`)
- `put-lifecycle-policy`: `repositoryName`, `lifecyclePolicy`
- `deploy`: `service`, `image`, `tasks` (1), `launchType` (FARGATE), `versionConsistency` (enabled)
- `replace-task`: `service` · `wait`: `hours`
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.registry.patterns import matches
from simulator.registry.reference import read_host, read_reference, read_repository_name, read_tag

DEVELOPER = "dev"  # who acts where nobody is named
MOST_HOURS = 24 * 400
MOST_LAYERS = 40
MOST_TASKS = 10
MOST_EXCLUSIONS = 5  # AWS's
MUTABILITIES = ("MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION")

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "login": ("host", "username"),
    "build": ("image", "layers"),
    "tag": ("image", "target"),
    "push": ("image", "layers"),
    "pull": ("image", "digestOf"),
    "put-image": ("repositoryName", "imageTag", "of", "digestOf"),
    "delete": ("repositoryName", "imageTag", "imageDigest", "digestOf"),
    "restore": ("repositoryName", "imageTag"),
    "create-repository": ("repositoryName", "imageTagMutability", "imageTagMutabilityExclusionFilters"),
    "put-lifecycle-policy": ("repositoryName", "lifecyclePolicy"),
    "deploy": ("service", "image", "tasks", "launchType", "versionConsistency"),
    "replace-task": ("service",),
    "wait": ("hours",),
}
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "build": ("image", "layers"),
    "tag": ("image", "target"),
    "push": ("image",),
    "pull": ("image",),
    "put-image": ("repositoryName", "imageTag"),
    "delete": ("repositoryName",),
    "restore": ("repositoryName", "imageTag"),
    "create-repository": ("repositoryName",),
    "put-lifecycle-policy": ("repositoryName", "lifecyclePolicy"),
    "deploy": ("service", "image"),
    "replace-task": ("service",),
    "wait": ("hours",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command, read; `image` and `target` are full names, fields that its kind does not have stay empty."""

    do: str
    who: str
    image: str = ""
    target: str = ""
    layers: tuple[str, ...] = ()
    host: str = ""
    username: str = "AWS"
    repository: str = ""
    tag: str = ""
    of: str = ""
    digest: str = ""
    digest_of: int = 0
    mutability: str = ""
    exclusions: tuple[str, ...] = ()
    policy: Mapping[str, Any] | None = None
    service: str = ""
    tasks: int = 1
    launch_type: str = "FARGATE"
    consistency: str = "enabled"
    hours: int = 0


def read_command(value: Any, path: str, *, number: int, own: str, identities: Mapping[str, Any]) -> Command:
    """Read one command.

    Parameters
    ----------
    number : its number, from 1; `digestOf` must name an earlier one.
    own : the host of the scenario's own registry.
    identities : who may act, by name.

    Raises
    ------
    InputError
        For a field or a value that is none.
    """
    document = reading.mapping(value, path)
    do = reading.choice(document.get("do"), f"{path}.do", tuple(COMMANDS))
    reading.known_fields(document, path, ("do", "as", *COMMANDS[do]))
    for field in _REQUIRED.get(do, ()):
        if document.get(field) is None:
            raise InputError(f"{path}.{field} is missing; {do} needs it.", path=f"{path}.{field}")
    who = reading.choice(document.get("as", DEVELOPER), f"{path}.as", tuple(identities))
    fields: dict[str, Any] = {}
    for field, (target, read) in _READERS.items():
        if field in COMMANDS[do] and document.get(field) is not None:
            fields[target] = read(document[field], f"{path}.{field}")
    if do == "login":
        fields.setdefault("host", own)
    command = Command(do=do, who=who, **fields)
    _check_digest_of(command, path, number)
    _check_choice(command, path)
    return command


def is_immutable(mutability: str, exclusions: tuple[str, ...], tag: str) -> bool:
    """Whether a tag of such a repository may not move (facts 6.4).

    >>> is_immutable("IMMUTABLE_WITH_EXCLUSION", ("latest",), "latest")
    False
    """
    excluded = any(matches(one, tag) for one in exclusions)
    if mutability.endswith("WITH_EXCLUSION"):
        return excluded if mutability.startswith("MUTABLE") else not excluded
    return mutability == "IMMUTABLE"


def read_exclusions(value: Any, path: str) -> tuple[str, ...]:
    """Exclusion filters: names with `*`, or AWS's objects with `filter` and `filterType`."""
    found: list[str] = []
    for i, one in enumerate(reading.items(value, path, most=MOST_EXCLUSIONS)):
        where = f"{path}[{i}]"
        if isinstance(one, Mapping):
            one = reading.mapping(one, where)
            reading.known_fields(one, where, ("filter", "filterType"))
            reading.choice(one.get("filterType", "WILDCARD"), f"{where}.filterType", ("WILDCARD",))
            one, where = one.get("filter"), f"{where}.filter"
        found.append(reading.text(one, where, longest=128))
    return tuple(found)


def check_exclusions(mutability: str, exclusions: tuple[str, ...], path: str) -> None:
    """Filters go with the two modes that have exclusions in their names, and those need at least one."""
    if mutability.endswith("WITH_EXCLUSION") != bool(exclusions):
        how = "needs at least one filter" if not exclusions else "takes no filters"
        raise InputError(
            f"{path} has imageTagMutability {mutability}, which {how} in imageTagMutabilityExclusionFilters.", path=path
        )


def read_layers(value: Any, path: str) -> tuple[str, ...]:
    """Names of layers, lowest first, each once."""
    listed = reading.items(value, path, most=MOST_LAYERS)
    names = tuple(reading.name(one, f"{path}[{i}]") for i, one in enumerate(listed))
    if not names or len(set(names)) < len(names):
        how = "empty" if not names else "naming a layer twice"
        raise InputError(f"{path} is {how}; list each layer of the image once, lowest first.", path=path)
    return names


def _check_digest_of(command: Command, path: str, number: int) -> None:
    if command.digest_of >= number:
        raise InputError(
            f"{path}.digestOf is {command.digest_of}, and this is command {number}; name an earlier one.",
            path=f"{path}.digestOf",
        )
    if command.do == "pull" and command.digest_of and "@" in command.image:
        raise InputError(f"{path} has a digest in image and digestOf; keep one of them.", path=f"{path}.digestOf")


def _check_choice(command: Command, path: str) -> None:
    if command.do == "put-image" and bool(command.of) == bool(command.digest_of):
        raise InputError(f"{path} needs exactly one of of and digestOf.", path=path)
    if command.do == "delete" and sum(map(bool, (command.tag, command.digest, command.digest_of))) != 1:
        raise InputError(f"{path} needs exactly one of imageTag, imageDigest and digestOf.", path=path)
    if command.do == "create-repository" and (command.mutability or command.exclusions):
        check_exclusions(command.mutability or "MUTABLE", command.exclusions, path)


def _full(value: Any, path: str) -> str:
    return read_reference(value, path).full


_READERS: Mapping[str, tuple[str, Callable[[Any, str], Any]]] = {
    "host": ("host", read_host),
    "username": ("username", lambda value, path: reading.text(value, path)),
    "image": ("image", _full),
    "target": ("target", _full),
    "layers": ("layers", read_layers),
    "digestOf": ("digest_of", lambda value, path: reading.whole(value, path, low=1, high=1000)),
    "repositoryName": ("repository", read_repository_name),
    "imageTag": ("tag", read_tag),
    "of": ("of", read_tag),
    "imageDigest": ("digest", lambda value, path: reading.text(value, path)),
    "imageTagMutability": ("mutability", lambda value, path: reading.choice(value, path, MUTABILITIES)),
    "imageTagMutabilityExclusionFilters": ("exclusions", read_exclusions),
    "lifecyclePolicy": ("policy", reading.mapping),
    "service": ("service", reading.name),
    "tasks": ("tasks", lambda value, path: reading.whole(value, path, low=1, high=MOST_TASKS)),
    "launchType": ("launch_type", lambda value, path: reading.choice(value, path, ("FARGATE", "EC2"))),
    "versionConsistency": ("consistency", lambda value, path: reading.choice(value, path, ("enabled", "disabled"))),
    "hours": ("hours", lambda value, path: reading.whole(value, path, low=1, high=MOST_HOURS)),
}
