"""Placement scenarios: the plain document that the terminal, the sandbox and the permalink share, read into records.

A document is one request beside its instances, or `{"instances": […], "requests": […]}` where each request is such a
request, `{"scaleIn": {…}}` or `{"rebalance": {…}}`; they run one after another. `changes` are acts of the learner:
each is applied just before the event whose position is its `at`; one past the end of the run never acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator import reading
from simulator.container_instance import MOST_TASKS, STATUSES, read_instances
from simulator.errors import InputError
from simulator.model import Cluster, Instance, PlacedTask
from simulator.placement.decide import needs_of
from simulator.placement.request import Constraint, Request, Strategy, check_together, read_constraints, read_strategies
from simulator.placement.rules import PlacementRules
from simulator.task_needs import TaskDefinition, TaskNeeds, read_task_definition

MOST_RUN_TASK = 100
MOST_REQUESTS = 50
MOST_DECISIONS = 2_000_000
MOST_CHANGES = 500
MOST_SEED = 2**53

_REQUEST_FIELDS = (
    "taskDefinition", "count", "group", "launchType", "schedulingStrategy", "placementStrategy",
    "placementConstraints", "subnetZones",
)  # fmt: skip
_SCENARIO_FIELDS = ("instances", "seed", "changes", "explain")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleIn:
    """Stop `count` tasks of a group. `strategies` None: those of the group's own request."""

    group: str
    count: int
    strategies: tuple[Strategy, ...] | None = None
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebalance:
    """Availability Zone rebalancing of a group whose request came before."""

    group: str
    desired: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One act of the learner before event `at`; exactly one of the others is given."""

    at: int
    document: Mapping[str, Any]
    strategies: tuple[Strategy, ...] | None = None
    constraints: tuple[Constraint, ...] | None = None


Job = Request | ScaleIn | Rebalance


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A whole placement scenario, read and checked."""

    cluster: Cluster
    jobs: tuple[Job, ...]
    changes: tuple[Change, ...] = ()
    explain: bool = False


def read_scenario(document: Any, rules: PlacementRules) -> Scenario:
    """The records of a placement document.

    Raises
    ------
    InputError
        One sentence: what is wrong, where, how to mend it; or what AWS itself refuses.
    """
    document = reading.mapping(document, "")
    several = document.get("requests") is not None
    reading.known_fields(document, "", (*_SCENARIO_FIELDS, "requests", *_REQUEST_FIELDS))
    if several:
        both = [name for name in _REQUEST_FIELDS if document.get(name) is not None]
        if both:
            raise InputError(f"Both {both[0]} and requests are given; put {both[0]} into each request.", path=both[0])
    if document.get("instances") is None:
        raise InputError("There is no list of instances; give instances, if need be an empty list.", path="instances")
    instances = read_instances(document["instances"])
    seed = reading.whole(_given(document, "seed", 1), "seed", low=0, high=MOST_SEED)
    if several:
        raw = reading.items(document["requests"], "requests", most=MOST_REQUESTS)
        jobs = tuple(_job(entry, f"requests[{i}]", seed) for i, entry in enumerate(raw))
    else:
        jobs = (read_request(document, "", seed),)
    _check_jobs(jobs, instances)
    changes = _changes(document.get("changes"), instances)
    return Scenario(
        cluster=_first_state(instances, jobs, rules),
        jobs=jobs,
        changes=changes,
        explain=reading.flag(_given(document, "explain", False), "explain"),
    )


def read_request(document: Mapping[str, Any], path: str, seed: int) -> Request:
    """One request; fields that are none of a request's are not looked at here."""
    scheduling = document.get("schedulingStrategy")
    if scheduling is not None:
        reading.choice(scheduling, reading.join(path, "schedulingStrategy"), ("REPLICA", "DAEMON"))
    where = reading.join(path, "taskDefinition")
    if document.get("taskDefinition") is None:
        raise InputError(f"There is no {where}; give the task definition that is to be placed.", path=where)
    task = read_task_definition(document["taskDefinition"], where)
    strategies = read_strategies(document.get("placementStrategy"), reading.join(path, "placementStrategy"))
    constraints_at = reading.join(path, "placementConstraints")
    constraints = read_constraints(document.get("placementConstraints"), constraints_at)
    own = read_constraints(
        document["taskDefinition"].get("placementConstraints"), f"{where}.placementConstraints", in_task_definition=True
    )
    check_together((*own, *constraints), constraints_at)
    _check_launch_type(document, path, task, strategies, constraints, own)
    if scheduling == "DAEMON" and strategies:
        raise InputError(
            "The daemon scheduling strategy does not support placement strategies",
            path=reading.join(path, "placementStrategy"),
        )
    prefix = "family" if scheduling is None else "service"
    return Request(
        task=task,
        group=reading.name(_given(document, "group", f"{prefix}:{task.family}"), reading.join(path, "group")),
        count=_count(document, path, scheduling),
        scheduling=scheduling,
        strategies=strategies,
        constraints=(*own, *constraints),
        zones=_zones(document.get("subnetZones"), reading.join(path, "subnetZones")),
        seed=seed,
    )


def initial_task(instance: str, group: str, number: int, needs: TaskNeeds | None) -> PlacedTask:
    """A task that ran before the run began; without `needs` its size is not known."""
    return PlacedTask(
        id=f"{instance}/{group}/{number}",
        number=0,
        group=group,
        instance=instance,
        cpu=needs.cpu if needs else 0,
        memory=needs.memory if needs else 0,
        gpu=needs.gpu if needs else 0,
        tcp=needs.tcp if needs else (),
        udp=needs.udp if needs else (),
        eni=needs.eni if needs else False,
        sized=needs is not None,
    )


def _first_state(instances: tuple[Instance, ...], jobs: tuple[Job, ...], rules: PlacementRules) -> Cluster:
    """The cluster before the first event.

    The tasks that run already have taken their CPU, memory and ports (the document says what is left). Of network
    interfaces the document says nothing, so the running tasks of a group that is asked for with awsvpc are counted
    against the type's limit; those of other groups are taken to have none of their own (a simulator choice).
    """
    needs: dict[str, TaskNeeds] = {}
    for job in jobs:
        if isinstance(job, Request):
            needs.setdefault(job.group, needs_of(job, rules))
    if sum(sum(instance.tasks.values()) for instance in instances) > 10 * MOST_TASKS:
        raise InputError(f"The instances run more than {10 * MOST_TASKS} tasks in all, the most that are taken.")
    counted: list[Instance] = []
    tasks: list[PlacedTask] = []
    for instance in instances:
        own_interface = sum(n for group, n in instance.tasks.items() if group in needs and needs[group].eni)
        if own_interface and instance.enis is not None:
            instance = replace(instance, enis=max(0, instance.enis - own_interface))
        counted.append(instance)
        for group, count in instance.tasks.items():
            tasks.extend(initial_task(instance.id, group, n, needs.get(group)) for n in range(1, count + 1))
    return Cluster(instances=tuple(counted), tasks=tuple(tasks))


def _job(entry: Any, path: str, seed: int) -> Job:
    entry = reading.mapping(entry, path)
    reading.known_fields(entry, path, ("scaleIn", "rebalance", *_REQUEST_FIELDS))
    for name in ("scaleIn", "rebalance"):
        if entry.get(name) is not None and len(entry) > 1:
            raise InputError(f"{path} has {name} and other fields; make them separate requests.", path=path)
    if entry.get("scaleIn") is not None:
        where = f"{path}.scaleIn"
        inner = reading.mapping(entry["scaleIn"], where)
        reading.known_fields(inner, where, ("group", "count", "placementStrategy"))
        given = inner.get("placementStrategy")
        return ScaleIn(
            group=reading.name(inner.get("group"), f"{where}.group"),
            count=reading.whole(_given(inner, "count", 1), f"{where}.count", low=1, high=MOST_TASKS),
            strategies=None if given is None else read_strategies(given, f"{where}.placementStrategy"),
            seed=seed,
        )
    if entry.get("rebalance") is not None:
        where = f"{path}.rebalance"
        inner = reading.mapping(entry["rebalance"], where)
        reading.known_fields(inner, where, ("group", "desiredCount"))
        return Rebalance(
            group=reading.name(inner.get("group"), f"{where}.group"),
            desired=reading.whole(inner.get("desiredCount"), f"{where}.desiredCount", low=1, high=MOST_TASKS),
        )
    return read_request(entry, path, seed)


def _check_jobs(jobs: tuple[Job, ...], instances: tuple[Instance, ...]) -> None:
    # A daemon service asks for one task on each instance.
    asked = sum(len(instances) if job.scheduling == "DAEMON" else job.count for job in jobs if isinstance(job, Request))
    if asked > MOST_TASKS:
        raise InputError(
            f"The requests ask for {asked} tasks, and one scenario may ask for {MOST_TASKS}.", path="requests"
        )
    if asked * len(instances) > MOST_DECISIONS:
        raise InputError(
            f"{asked} tasks on {len(instances)} instances are more than {MOST_DECISIONS} verdicts; ask for fewer.",
            path="count",
        )
    if not instances and any(isinstance(job, Request) and job.scheduling is None for job in jobs):
        raise InputError("No Container Instances were found in your cluster.", path="instances")
    known: set[str] = set()
    for i, job in enumerate(jobs):
        if isinstance(job, Request):
            known.add(job.group)
        elif isinstance(job, Rebalance) and job.group not in known:
            raise InputError(
                f"requests[{i}].rebalance names the group “{job.group}”, which no request before it places.",
                path=f"requests[{i}].rebalance.group",
            )


def _changes(document: Any, instances: tuple[Instance, ...]) -> tuple[Change, ...]:
    names = {instance.id for instance in instances}
    raw = reading.items(document if document is not None else (), "changes", most=MOST_CHANGES)
    changes = [_change(entry, f"changes[{i}]", names) for i, entry in enumerate(raw)]
    return tuple(sorted(changes, key=lambda change: change.at))


def _change(entry: Any, path: str, names: set[str]) -> Change:
    entry = reading.mapping(entry, path)
    kinds = ("status", "agentConnected", "terminate", "placementStrategy", "placementConstraints")
    reading.known_fields(entry, path, ("at", "instance", *kinds))
    at = reading.whole(entry.get("at"), f"{path}.at", low=0, high=1_000_000)
    given = [name for name in kinds if entry.get(name) is not None]
    if len(given) != 1:
        raise InputError(f"{path} must have exactly one of {', '.join(kinds)}.", path=path)
    kind = given[0]
    on_instance = kind in ("status", "agentConnected")
    if on_instance or kind == "terminate":
        field = "instance" if on_instance else "terminate"
        name = reading.text(entry.get(field), f"{path}.{field}")
        if name not in names:
            raise InputError(f"{path}.{field} is “{name}”, and there is no such instance.", path=f"{path}.{field}")
    elif entry.get("instance") is not None:
        raise InputError(f"{path} has an instance, and {kind} concerns none.", path=f"{path}.instance")
    strategies = constraints = None
    if kind == "status":
        reading.choice(entry[kind], f"{path}.status", STATUSES[:2])
    elif kind == "agentConnected":
        reading.flag(entry[kind], f"{path}.agentConnected")
    elif kind == "placementStrategy":
        strategies = read_strategies(entry[kind], f"{path}.{kind}")
    elif kind == "placementConstraints":
        constraints = read_constraints(entry[kind], f"{path}.{kind}")
    document = {name: value for name, value in entry.items() if name != "at" and value is not None}
    return Change(at=at, document=document, strategies=strategies, constraints=constraints)


def _check_launch_type(
    document: Mapping[str, Any],
    path: str,
    task: TaskDefinition,
    strategies: tuple[Strategy, ...],
    constraints: tuple[Constraint, ...],
    own: tuple[Constraint, ...],
) -> None:
    where = reading.join(path, "launchType")
    launch = reading.choice(
        _given(document, "launchType", "EC2"), where, ("EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES")
    )
    if own and (launch == "FARGATE" or task.fargate):
        raise InputError("Fargate compatible task definitions do not support constraints", path=where)
    if launch == "FARGATE":
        if strategies:
            raise InputError("Placement strategies are not supported with FARGATE launch type.", path=where)
        if constraints:
            raise InputError("Placement constraints are not supported with FARGATE launch type.", path=where)
    if launch in ("FARGATE", "MANAGED_INSTANCES"):
        raise InputError(
            f"{where} is {launch}: AWS places such tasks itself; placement on your instances is for EC2.", path=where
        )


def _count(document: Mapping[str, Any], path: str, scheduling: str | None) -> int:
    where = reading.join(path, "count")
    if scheduling == "DAEMON":
        # A daemon service has no desired count: one task on each instance that qualifies.
        reading.whole(_given(document, "count", 0), where, low=0, high=MOST_TASKS)
        return 0
    low, high = (1, MOST_RUN_TASK) if scheduling is None else (0, MOST_TASKS)
    return reading.whole(_given(document, "count", 1), where, low=low, high=high)


def _zones(value: Any, path: str) -> frozenset[str] | None:
    if value is None:
        return None
    zones = reading.items(value, path, most=16)
    if not zones:
        raise InputError(f"{path} is an empty list; name the zones of the subnets, or leave it out for any.", path=path)
    return frozenset(reading.text(zone, f"{path}[{i}]") for i, zone in enumerate(zones))


def _given(document: Mapping[str, Any], name: str, default: Any) -> Any:
    value = document.get(name)
    return default if value is None else value
