"""What is to be paid for: kinds of tasks, how many, and for how long. Read from a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.launch_types.rules import LaunchTypesRules
from simulator.prices import INCLUDED_STORAGE_GB
from simulator.task_needs import cpu_units, memory_mib

MOST_KINDS = 10
MOST_COPIES = 5000
MOST_HOURS = 8784  # a leap year
MOST_RUNS = 1_000_000
MOST_CPU = 196_608
MOST_MEMORY = 33_554_432
HOURS = 730  # a month
ARCHITECTURES = ("X86_64", "ARM64")
_KIND_FIELDS = ("name", "cpu", "memory", "count", "ephemeralStorage")
FIELDS = (
    "task", "tasks", "count", "hours", "utilization", "runs", "secondsPerRun", "cpuArchitecture",
    "operatingSystemFamily", "spotDiscountPercent", "used", "ec2",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of task: CPU units, MiB, copies at a time, its whole ephemeral storage in GiB (20 when not set)."""

    name: str
    cpu: int
    memory: int
    count: int
    storage: int = INCLUDED_STORAGE_GB


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """`hours` is the whole period; in it each copy runs `runs` times for `seconds`.

    `used` are the shares of CPU and memory that the containers really use: nothing that AWS bills.
    """

    kinds: tuple[Kind, ...]
    hours: Fraction
    runs: int
    seconds: Fraction
    architectures: tuple[str, ...]
    used: tuple[Fraction, Fraction]

    @property
    def busy(self) -> Fraction:
        """The share of the period in which a copy runs."""
        return self.runs * self.seconds / (self.hours * 3600)

    def billed_seconds(self, rules: LaunchTypesRules) -> int:
        """What Fargate bills of one copy: each run by the second, at least a minute."""
        if not self.seconds:
            return 0
        step = max(1, rules.billed_step_seconds)
        return self.runs * max(rules.minimum_seconds, ceil(self.seconds / step) * step)


def read_workload(document: Mapping[str, Any]) -> Workload:
    """The workload of a document.

    Raises
    ------
    InputError
        For what cannot be read, for Windows (no price is known here), and for runs that do not fit in the period.
    """
    hours = reading.number(_given(document, "hours", HOURS), "hours", low=Fraction(1, 60), high=MOST_HOURS)
    runs, seconds = _runs(document, hours)
    family = document.get("operatingSystemFamily")
    if family is not None and reading.text(family, "operatingSystemFamily", longest=60) != "LINUX":
        raise InputError(
            "operatingSystemFamily is not LINUX, and the dated price file has Linux prices only; see AWS's price page.",
            path="operatingSystemFamily",
        )
    architecture = document.get("cpuArchitecture")
    both = architecture is None
    return Workload(
        kinds=_kinds(document),
        hours=hours,
        runs=runs,
        seconds=seconds,
        architectures=ARCHITECTURES if both else (reading.choice(architecture, "cpuArchitecture", ARCHITECTURES),),
        used=_used(document.get("used")),
    )


def read_cpu(value: Any, path: str, *, low: int) -> int:
    """CPU units: a number, or AWS's text (`"256"`, `"1 vCPU"`)."""
    units = cpu_units(value, path) if isinstance(value, str) else value
    return reading.whole(units, path, low=low, high=MOST_CPU)


def read_memory(value: Any, path: str, *, low: int) -> int:
    """MiB: a number, or AWS's text (`"512"`, `"1 GB"`)."""
    mebibytes = memory_mib(value, path) if isinstance(value, str) else value
    return reading.whole(mebibytes, path, low=low, high=MOST_MEMORY)


def _runs(document: Mapping[str, Any], hours: Fraction) -> tuple[int, Fraction]:
    if document.get("runs") is None and document.get("secondsPerRun") is None:
        share = reading.number(_given(document, "utilization", 100), "utilization", low=0, high=100)
        return 1, hours * 3600 * share / 100
    if document.get("utilization") is not None:
        raise InputError("utilization and runs both say how long tasks run; give one of them.", path="utilization")
    runs = reading.whole(_given(document, "runs", 1), "runs", low=1, high=MOST_RUNS)
    seconds = reading.number(document.get("secondsPerRun"), "secondsPerRun", low=0, high=MOST_HOURS * 3600)
    if runs * seconds > hours * 3600:
        raise InputError(
            f"{runs} runs of {reading.shown(document['secondsPerRun'])} s one after another do not fit into "
            f"{reading.shown(_given(document, 'hours', HOURS))} hours; raise hours, or count.",
            path="runs",
        )
    return runs, seconds


def _kinds(document: Mapping[str, Any]) -> tuple[Kind, ...]:
    if document.get("tasks") is None:
        entry = dict(reading.mapping(document.get("task"), "task"))
        if entry.get("count") is not None:
            raise InputError("task.count is not read; give count beside task.", path="task.count")
        return (_kind({**entry, "count": document.get("count")}, "task", 0, counted="count"),)
    for name in ("task", "count"):
        if document.get(name) is not None:
            raise InputError(f"{name} and tasks are both given; put it into tasks.", path=name)
    raw = reading.items(document["tasks"], "tasks", most=MOST_KINDS)
    if not raw:
        raise InputError("tasks is empty; give at least one kind of task.", path="tasks")
    kinds = tuple(_kind(entry, f"tasks[{i}]", i, counted=f"tasks[{i}].count") for i, entry in enumerate(raw))
    if len({kind.name for kind in kinds}) < len(kinds):
        raise InputError("Two kinds of tasks have one name; give each its own.", path="tasks")
    if sum(kind.count for kind in kinds) > MOST_COPIES:
        raise InputError(f"tasks asks for more than {MOST_COPIES} tasks in all, the most that are taken.", path="tasks")
    return kinds


def _kind(entry: Any, path: str, position: int, *, counted: str) -> Kind:
    entry = reading.mapping(entry, path)
    reading.known_fields(entry, path, _KIND_FIELDS)
    storage = INCLUDED_STORAGE_GB
    if entry.get("ephemeralStorage") is not None:
        where = f"{path}.ephemeralStorage"
        asked = reading.mapping(entry["ephemeralStorage"], where)
        reading.known_fields(asked, where, ("sizeInGiB",))
        storage = reading.whole(asked.get("sizeInGiB"), f"{where}.sizeInGiB", low=21, high=200)
    name = entry.get("name")
    return Kind(
        name=f"task-{position + 1}" if name is None else reading.name(name, f"{path}.name"),
        cpu=read_cpu(entry.get("cpu"), f"{path}.cpu", low=128),
        memory=read_memory(entry.get("memory"), f"{path}.memory", low=1),
        count=reading.whole(_given(entry, "count", 1), counted, low=1, high=MOST_COPIES),
        storage=storage,
    )


def _used(value: Any) -> tuple[Fraction, Fraction]:
    document = reading.mapping({} if value is None else value, "used")
    reading.known_fields(document, "used", ("cpu", "memory"))
    cpu, memory = (
        reading.number(_given(document, name, 100), f"used.{name}", low=0, high=100) / 100 for name in ("cpu", "memory")
    )
    return cpu, memory


def _given(document: Mapping[str, Any], name: str, default: Any) -> Any:
    value = document.get(name)
    return default if value is None else value
