"""What a container finds in its environment when it is created, and where each value comes from. Source: facts 4."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from simulator.secrets.envfile import parse
from simulator.secrets.references import Reference
from simulator.secrets.rules import RULES, SameName, SecretsRules
from simulator.secrets.store import MissingError, Stores, file_of, value_of


class Origin(StrEnum):
    """Where a variable may come from."""

    OVERRIDE = "override"
    ENVIRONMENT = "environment"
    FILE = "environmentFiles"
    SECRET = "secrets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a container definition, or an override of it, says about its environment."""

    name: str
    environment: Mapping[str, str]
    secrets: Mapping[str, Reference]
    files: tuple[str, ...]
    override: Mapping[str, str]
    override_files: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One value of a name. `detail` is the file or the reference that it comes from."""

    name: str
    value: str
    origin: Origin
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A container's variables by name, and those that others of the same name stand before."""

    variables: Mapping[str, Variable]
    shadowed: tuple[tuple[Variable, Variable], ...]  # the hidden one, and the one before it


class NotFetchedError(Exception):
    """A value that could not be fetched: `origin` says which kind, `detail` which one."""

    def __init__(self, why: str, origin: Origin, detail: str) -> None:
        super().__init__(why)
        self.origin = origin
        self.detail = detail


def inject(source: Source, stores: Stores, rules: SecretsRules = RULES, *, fargate: bool = True) -> Environment:
    """The environment of a container that is created now.

    Raises
    ------
    NotFetchedError
        If a file, a secret, a version, or a key is not there.
    """
    variables: dict[str, Variable] = {}
    shadowed: list[tuple[Variable, Variable]] = []
    for layer in _layers(source, stores, rules):
        for variable in layer:
            before = variables.setdefault(variable.name, variable)
            if before is not variable:
                shadowed.append((variable, before))
    # On Fargate a variable of an env file that is blank does not show up.
    blank = [name for name, one in variables.items() if fargate and one.origin is Origin.FILE and not one.value]
    for name in blank:
        del variables[name]
    return Environment(variables=variables, shadowed=tuple(shadowed))


def _layers(source: Source, stores: Stores, rules: SecretsRules) -> list[list[Variable]]:
    """What sets variables, what counts most first. The agent writes secrets last, so they stand before all else."""
    override = _plain(source.override, Origin.OVERRIDE)
    environment = _plain(source.environment, Origin.ENVIRONMENT)
    own = [override, environment] if rules.override_wins else [environment, override]
    files = _files(source, stores, rules)
    secrets = [_secrets(source, stores)]
    layers = [*own, *files] if rules.environment_beats_files else [*files, *own]
    return [*layers, *secrets] if rules.same_name is SameName.ENVIRONMENT else [*secrets, *layers]


def _plain(values: Mapping[str, str], origin: Origin) -> list[Variable]:
    return [Variable(name=name, value=value, origin=origin) for name, value in values.items()]


def _files(source: Source, stores: Stores, rules: SecretsRules) -> list[list[Variable]]:
    names: Sequence[str] = source.files
    if source.override_files is not None:
        names = (*source.override_files, *source.files) if rules.override_files_add else source.override_files
    layers: list[list[Variable]] = []
    for name in names:
        try:
            text = file_of(stores, name)
        except MissingError as error:
            raise NotFetchedError(str(error), Origin.FILE, name) from None
        found = parse(text, rules).items()
        layers.append([Variable(name=key, value=value, origin=Origin.FILE, detail=name) for key, value in found])
    return layers if rules.first_file_wins else layers[::-1]


def _secrets(source: Source, stores: Stores) -> list[Variable]:
    found: list[Variable] = []
    for name, reference in source.secrets.items():
        try:
            value = value_of(stores, reference)
        except MissingError as error:
            raise NotFetchedError(str(error), Origin.SECRET, reference.written) from None
        found.append(Variable(name=name, value=value, origin=Origin.SECRET, detail=reference.written))
    return found
