"""The scenario of a run: a plain document in, the first state and the commands out.

Its fields, all but `commands` optional: `account` and `region` (of the registry that is meant where none is named),
`now` (when it begins), `layers` (MiB by name; 10 for those not named), `identities` (`{name: {"account", "policy":
[{"Effect", "Action", "Resource"}], "endpoints"}}`; `dev` may do everything), `repositories` (`[{"repositoryName",
"imageTagMutability", "imageTagMutabilityExclusionFilters", "repositoryPolicy", "lifecyclePolicy", "images",
"registryId", "region"}]`), `creationTemplates` (prefixes for which a push creates the repository; `ROOT` is the
rest), `commands` (see `simulator.registry.commands`), and `changes` (`[{"at": k, "command": …}]` or `[{"at": k, "as":
name, "policy": […]}]`, each acting before the first command that begins at event `k` or later).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.registry.access import Identity, Statement, read_statements
from simulator.registry.commands import (
    DEVELOPER,
    MOST_HOURS,
    MUTABILITIES,
    Command,
    check_exclusions,
    read_command,
    read_exclusions,
)
from simulator.registry.images import read_images
from simulator.registry.instants import read_instant
from simulator.registry.lifecycle_policy import read_policy
from simulator.registry.reference import host_of, read_repository_name, registry_of
from simulator.registry.rules import RULES, RegistryRules
from simulator.registry.state import Repository, State

ACCOUNT = "111122223333"
REGION = "us-east-1"
START = "2026-01-01T00:00:00Z"
LAYER_MIB = 10
LARGEST_LAYER = 52_000  # AWS's quota, MiB
ROOT = "ROOT"

MOST_COMMANDS = 100
MOST_CHANGES = 50
MOST_REPOSITORIES = 10
MOST_IMAGES = 200  # of all repositories, ours: a run passes over them every day
MOST_IDENTITIES = 10
MOST_NAMED_LAYERS = 200
ENDPOINTS = ("ecr.api", "ecr.dkr", "s3")

SCENARIO_FIELDS = (
    "account",
    "region",
    "now",
    "layers",
    "identities",
    "repositories",
    "creationTemplates",
    "commands",
    "changes",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the learner does in between: a command, or another policy for an identity (then `command` is None)."""

    at: int
    number: int
    command: Command | None
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scenario, read."""

    first: State
    host: str
    templates: tuple[str, ...]
    commands: tuple[Command, ...]
    changes: tuple[Change, ...]


def read_scenario(value: Any, rules: RegistryRules = RULES) -> Scenario:
    """Read a scenario.

    Raises
    ------
    InputError
        With one sentence that names the field.
    """
    document = reading.mapping(value, "")
    reading.known_fields(document, "", SCENARIO_FIELDS)
    host = _host(document.get("account", ACCOUNT), document.get("region", REGION), "account", "region")
    registry = registry_of(host)
    assert registry is not None, "_host has checked it"
    identities = _identities(document.get("identities"), registry[0])
    commands: list[Command] = []
    for i, one in enumerate(reading.items(document.get("commands"), "commands", most=MOST_COMMANDS)):
        commands.append(read_command(one, f"commands[{i}]", number=i + 1, own=host, identities=identities))
    changes = _changes(document, len(commands), host, identities)
    everything = [*commands, *(change.command for change in changes if change.command)]
    hours = sum(command.hours for command in everything)
    if hours > MOST_HOURS:
        raise InputError(f"commands wait {hours} hours in all, and at most {MOST_HOURS} are played.", path="commands")
    first = State(
        now=read_instant(document.get("now", START), "now"),
        identities=tuple(identities.values()),
        sizes=_sizes(document.get("layers"), everything),
        repositories=_repositories(document, registry, rules),
    )
    return Scenario(
        first=first,
        host=host,
        templates=_templates(document.get("creationTemplates")),
        commands=tuple(commands),
        changes=changes,
    )


def _host(account: Any, region: Any, account_path: str, region_path: str) -> str:
    account = reading.text(account, account_path)
    region = reading.text(region, region_path)
    if registry_of(host_of(account, "us-east-1")) is None:
        raise InputError(f"{account_path} must be an account number of 12 digits, as text.", path=account_path)
    if registry_of(host_of(account, region)) is None:
        raise InputError(
            f"{region_path} must be a Region such as us-east-1, not {reading.shown(region)}.", path=region_path
        )
    return host_of(account, region)


def _identities(value: Any, account: str) -> dict[str, Identity]:
    everything = (Statement(allow=True, actions=("*",)),)
    found = {DEVELOPER: Identity(name=DEVELOPER, account=account, statements=everything)}
    given = {} if value is None else reading.mapping(value, "identities")
    if len(given) > MOST_IDENTITIES:
        raise InputError(f"identities has {len(given)} names, and at most {MOST_IDENTITIES} are taken.")
    for name, one in given.items():
        path = f"identities.{reading.name(name, 'identities')}"
        document = reading.mapping(one, path)
        reading.known_fields(document, path, ("account", "policy", "endpoints"))
        of = _host(document.get("account", account), REGION, f"{path}.account", "region")
        policy = document.get("policy")
        endpoints = document.get("endpoints")
        found[name] = Identity(
            name=name,
            account=of.partition(".")[0],
            statements=everything if policy is None else read_statements(policy, f"{path}.policy", of_repository=False),
            endpoints=None if endpoints is None else _endpoints(endpoints, f"{path}.endpoints"),
        )
    return found


def _endpoints(value: Any, path: str) -> tuple[str, ...]:
    listed = reading.items(value, path, most=len(ENDPOINTS))
    return tuple(reading.choice(one, f"{path}[{i}]", ENDPOINTS) for i, one in enumerate(listed))


def _sizes(value: Any, commands: list[Command]) -> dict[str, int]:
    given = {} if value is None else reading.mapping(value, "layers")
    if len(given) > MOST_NAMED_LAYERS:
        raise InputError(f"layers has {len(given)} names, and at most {MOST_NAMED_LAYERS} are taken.", path="layers")
    sizes = {
        reading.name(name, "layers"): reading.whole(size, f"layers.{name}", low=1, high=LARGEST_LAYER)
        for name, size in given.items()
    }
    for command in commands:
        for layer in command.layers:
            sizes.setdefault(layer, LAYER_MIB)
    return sizes


def _templates(value: Any) -> tuple[str, ...]:
    listed = reading.items(value or (), "creationTemplates", most=MOST_REPOSITORIES)
    return tuple(reading.text(one, f"creationTemplates[{i}]") for i, one in enumerate(listed))


def _repositories(
    document: Mapping[str, Any], registry: tuple[str, str], rules: RegistryRules
) -> tuple[Repository, ...]:
    found: list[Repository] = []
    listed = reading.items(document.get("repositories") or (), "repositories", most=MOST_REPOSITORIES)
    for i, one in enumerate(listed):
        repository = _repository(one, f"repositories[{i}]", registry, rules)
        if any(other.uri == repository.uri for other in found):
            raise InputError(f"repositories[{i}] is {repository.uri}, which is listed already.", path="repositories")
        found.append(repository)
    images = sum(len(one.images) for one in found)
    if images > MOST_IMAGES:
        raise InputError(f"repositories have {images} images, and at most {MOST_IMAGES} are played.")
    return tuple(found)


def _repository(value: Any, path: str, registry: tuple[str, str], rules: RegistryRules) -> Repository:
    document = reading.mapping(value, path)
    fields = ("repositoryName", "imageTagMutability", "imageTagMutabilityExclusionFilters", "repositoryPolicy")
    fields += ("lifecyclePolicy", "images", "registryId", "region")
    reading.known_fields(document, path, fields)
    host = _host(
        document.get("registryId", registry[0]), document.get("region", registry[1]), f"{path}.registryId",
        f"{path}.region",
    )  # fmt: skip
    account, region = registry_of(host) or registry
    name = read_repository_name(document.get("repositoryName"), f"{path}.repositoryName")
    mutability = reading.choice(
        document.get("imageTagMutability", rules.default_mutability.value), f"{path}.imageTagMutability", MUTABILITIES
    )
    exclusions = read_exclusions(document.get(fields[2]) or (), f"{path}.{fields[2]}")
    if mutability.endswith("EXCLUSION") or exclusions:
        check_exclusions(mutability, exclusions, path)
    found = Repository(
        uri=f"{host}/{name}", account=account, region=region, name=name, mutability=mutability, exclusions=exclusions
    )
    policy, lifecycle = document.get("repositoryPolicy"), document.get("lifecyclePolicy")
    if policy is not None:
        statements = read_statements(policy, f"{path}.repositoryPolicy", of_repository=True)
        found = replace(found, statements=statements)
    if lifecycle is not None:
        found = replace(found, lifecycle=read_policy(lifecycle, f"{path}.lifecyclePolicy", rules))
    images = document.get("images")
    return found if images is None else replace(found, images=read_images(images, f"{path}.images", most=MOST_IMAGES))


def _changes(
    document: Mapping[str, Any], commands: int, host: str, identities: Mapping[str, Identity]
) -> tuple[Change, ...]:
    listed = reading.items(document.get("changes") or (), "changes", most=MOST_CHANGES)
    read = [_change(value, f"changes[{i}]", identities) for i, value in enumerate(listed)]
    found: list[Change] = []
    # Their commands are numbered after the scenario's own, in the order in which they act.
    for number, (at, path, change) in enumerate(sorted(read, key=lambda one: one[0]), start=commands + 1):
        command = None
        if "command" in change:
            command = read_command(change["command"], f"{path}.command", number=number, own=host, identities=identities)
        found.append(Change(at=at, number=number, command=command, document=change))
    return tuple(found)


def _change(value: Any, path: str, identities: Mapping[str, Identity]) -> tuple[int, str, Mapping[str, Any]]:
    change = reading.mapping(value, path)
    reading.known_fields(change, path, ("at", "command") if "command" in change else ("at", "as", "policy"))
    if "at" not in change:
        raise InputError(f"{path}.at is missing; it says before which event the change acts.", path=path)
    at = reading.whole(change["at"], f"{path}.at", low=0, high=1_000_000)
    if "command" not in change:
        reading.choice(change.get("as"), f"{path}.as", tuple(identities))
        read_statements(change.get("policy"), f"{path}.policy", of_repository=False)
    return at, path, change
