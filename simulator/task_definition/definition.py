"""A definition as the rules look at it: its readable parts, and what several rules derive from them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from simulator.reading import shorten
from simulator.task_definition.finding import Found
from simulator.task_definition.part import NOTHING, Part, flag, inner, parts, text, texts
from simulator.task_definition.rules import TaskDefinitionRules
from simulator.task_definition.walk import Misshapen, walk

NETWORK_MODES = ("bridge", "host", "awsvpc", "none", "default")
UNITS_PER_VCPU = 1024
MEBIBYTES_PER_GB = 1024
LEAST_CPU, MOST_CPU = 128, 196_608


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What is checked. `mode` is the network mode in effect, None if it can not be read.

    `cpu` is in units and `memory` in MiB, both of the task; None where the task gives none that is valid. `windows` is
    None if the operating system is left open. `size` is the document's length in bytes as compact JSON.
    """

    top: Part
    containers: tuple[Part, ...]
    volumes: tuple[Part, ...]
    launch_types: frozenset[str]
    mode: str | None
    windows: bool | None
    cpu: int | None
    memory: int | None
    size: int
    misshapen: Mapping[str, list[Found]]
    rules: TaskDefinitionRules

    @property
    def fargate(self) -> bool:
        return "FARGATE" in self.launch_types


def read_definition(document: Mapping[str, Any], rules: TaskDefinitionRules, size: int) -> Definition:
    """The definition in a document; never refuses: what can not be read is in `misshapen`."""
    top, misshapen = walk(document)
    return definition_of(top, misshapen, rules, size)


def definition_of(top: Part, misshapen: Misshapen, rules: TaskDefinitionRules, size: int) -> Definition:
    """The definition of a document that was walked."""
    family = text(inner(top, "runtimePlatform") or NOTHING, "operatingSystemFamily")
    windows = None if family is None else family.startswith("WINDOWS")
    return Definition(
        top=top,
        containers=parts(top, "containerDefinitions"),
        volumes=parts(top, "volumes"),
        launch_types=frozenset(word for _, word in texts(top, "requiresCompatibilities")),
        mode=_mode(top, windows),
        windows=windows,
        cpu=cpu_units(top.fields.get("cpu")),
        memory=mebibytes(top.fields.get("memory")),
        size=size,
        misshapen=misshapen,
        rules=rules,
    )


def called(container: Part) -> str:
    """A container in a sentence: by its name, or by its place.

    >>> called(Part(at=("containerDefinitions", 0), fields={"name": "web"}, given=frozenset({"name"})))
    'container “web”'
    """
    name = text(container, "name")
    return f"container “{shorten(name)}”" if name else f"containerDefinitions[{container.at[-1]}]"


def first_word(words: str) -> str:
    """Words at the beginning of a sentence; a field's name stays as AWS writes it.

    >>> first_word("container “web”"), first_word("containerDefinitions[0]")
    ('Container “web”', 'containerDefinitions[0]')
    """
    return words[0].upper() + words[1:] if words.startswith(("container ", "volume ")) else words


def opening(container: Part) -> str:
    """A container at the beginning of a sentence."""
    return first_word(called(container))


def is_essential(container: Part, rules: TaskDefinitionRules) -> bool | None:
    """Whether a task stops with this container; None if the document does not say it readably."""
    if "essential" in container.given:
        return flag(container, "essential") if "essential" in container.fields else None
    return rules.essential_default


def cpu_units(value: Any) -> int | None:
    """Task-level `cpu` in units: a number, its text, or vCPUs as in `"1 vCPU"`; None for anything else (facts 5.1).

    >>> cpu_units("0.25 vCPU"), cpu_units(256), cpu_units("256"), cpu_units("lots")
    (256, 256, 256, None)
    """
    return _amount(value, "vcpu", UNITS_PER_VCPU)


def mebibytes(value: Any) -> int | None:
    """Task-level `memory` in MiB: a number, its text, or gigabytes as in `"0.5 GB"`; None for anything else.

    >>> mebibytes("0.5GB"), mebibytes("1 GB"), mebibytes("512"), mebibytes("512MB")
    (512, 1024, 512, None)
    """
    return _amount(value, "gb", MEBIBYTES_PER_GB)


_PLAIN = re.compile(r"[0-9]{1,9}")
_WITH_UNIT = re.compile(r"([0-9]{0,6}(?:\.[0-9]{1,4})?|[0-9]{1,6}) ?(vcpu|gb)", re.IGNORECASE)


def _amount(value: Any, unit: str, factor: int) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    if _PLAIN.fullmatch(value):
        return int(value)
    found = _WITH_UNIT.fullmatch(value)
    if not found or found[2].lower() != unit or not found[1]:
        return None
    return int(Fraction(found[1]) * factor)


def _mode(top: Part, windows: bool | None) -> str | None:
    if "networkMode" not in top.given:
        return "default" if windows else "bridge"
    written = (text(top, "networkMode") or "").lower()
    return written if written in NETWORK_MODES else None
