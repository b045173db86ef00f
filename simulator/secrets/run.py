"""Tasks over time: what each has in its environment while the stores change. Source: facts 4, “Rotation”.

A task's values are those of the moment in which its containers were created; only a new task has new ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from simulator.iam.launch import LaunchType
from simulator.secrets.injection import Environment, NotFetchedError, Variable, inject
from simulator.secrets.rules import RULES, Reach, SecretsRules
from simulator.secrets.scenario import Happening, Kind, Scenario
from simulator.secrets.store import Stores, rotated


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task; `stopped` is None while it runs. `environments` are by container."""

    number: int
    started: int
    environments: Mapping[str, Environment]
    in_service: bool
    stopped: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What stands after something has happened (None: the first start)."""

    at: int
    happening: Happening | None
    stores: Stores
    tasks: tuple[Task, ...]
    started: tuple[int, ...] = ()
    stopped: tuple[int, ...] = ()
    error: NotFetchedError | None = field(default=None, compare=False)

    @property
    def running(self) -> tuple[Task, ...]:
        """The tasks that run."""
        return tuple(task for task in self.tasks if task.stopped is None)


def run(scenario: Scenario, rules: SecretsRules = RULES) -> tuple[Moment, ...]:
    """The first start, then each entry of the timeline.

    Raises
    ------
    NotFetchedError
        If the first tasks cannot start, because something that they name is not there.
    """
    count = 1 if scenario.standalone else scenario.desired
    made = _environments(scenario, scenario.stores, rules)
    tasks = tuple(
        Task(number=k + 1, started=0, environments=made, in_service=not scenario.standalone) for k in range(count)
    )
    numbers = tuple(task.number for task in tasks)
    moments = [Moment(at=0, happening=None, stores=scenario.stores, tasks=tasks, started=numbers)]
    for k, happening in enumerate(scenario.timeline):
        moments.append(_next(scenario, moments[-1], happening, k, rules))
    return tuple(moments)


def watched(scenario: Scenario, moments: tuple[Moment, ...]) -> tuple[tuple[str, str], ...]:
    """Container and name of each variable that comes from a store or a file, in any task."""
    found: dict[tuple[str, str], None] = {}
    for task in moments[-1].tasks:
        for container, environment in task.environments.items():
            found |= {(container, one.name): None for one in environment.variables.values() if one.detail}
    for source in scenario.sources:
        found |= {(source.name, name): None for name in source.secrets}
    return tuple(found)


def seen(task: Task, container: str, name: str) -> Variable | None:
    """What a task has under a name."""
    return task.environments[container].variables.get(name)


def _environments(scenario: Scenario, stores: Stores, rules: SecretsRules) -> Mapping[str, Environment]:
    fargate = scenario.launch_type is LaunchType.FARGATE
    return {source.name: inject(source, stores, rules, fargate=fargate) for source in scenario.sources}


def _next(scenario: Scenario, before: Moment, happening: Happening, k: int, rules: SecretsRules) -> Moment:
    now = replace(before, at=happening.at, happening=happening, started=(), stopped=(), error=None)
    if happening.kind is Kind.ROTATE:
        stores = rotated(now.stores, happening.target, happening.value, f"v{k + 2}")
        return _follow(scenario, replace(now, stores=stores), rules, rules.rotation_reaches is Reach.RUNNING)
    if happening.kind is Kind.REWRITE:
        files = {**now.stores.files, happening.target: happening.value}
        stores = replace(now.stores, files=files)
        return _follow(scenario, replace(now, stores=stores), rules, rules.rotation_reaches is Reach.RUNNING)
    if happening.kind is Kind.RESTART:
        return _follow(scenario, now, rules, rules.rotation_reaches is not Reach.NEW_TASK)
    return _start(scenario, now, rules)


def _follow(scenario: Scenario, now: Moment, rules: SecretsRules, follows: bool) -> Moment:
    """The running tasks with new values, where a belief has it so; by AWS's rules they stay as they are."""
    if not follows:
        return now
    try:
        made = _environments(scenario, now.stores, rules)
    except NotFetchedError:
        return now
    tasks = tuple(task if task.stopped is not None else replace(task, environments=made) for task in now.tasks)
    return replace(now, tasks=tasks)


def _start(scenario: Scenario, now: Moment, rules: SecretsRules) -> Moment:
    """New tasks; those of a deployment take the place of the service's old ones, if they start at all."""
    try:
        made = _environments(scenario, now.stores, rules)
    except NotFetchedError as error:
        return replace(now, error=error)
    deploys = now.happening is not None and now.happening.kind is Kind.DEPLOY
    first = len(now.tasks) + 1
    count = scenario.desired if deploys else 1
    new = tuple(Task(number=first + k, started=now.at, environments=made, in_service=deploys) for k in range(count))
    gone = tuple(task.number for task in now.running if deploys and task.in_service)
    kept = tuple(replace(task, stopped=now.at) if task.number in gone else task for task in now.tasks)
    return replace(now, tasks=(*kept, *new), started=tuple(task.number for task in new), stopped=gone)
