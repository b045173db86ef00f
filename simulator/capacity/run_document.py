"""The document of a timed run, read into a plan: AWS's names, times in minutes of the run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from simulator import reading
from simulator.capacity.group import MOST_SECONDS, MOST_SIZE, Group, read_group
from simulator.capacity.managed import SCALING_FIELDS, read_protection, read_settings
from simulator.capacity.plan import Act, Change, Home, Plan, Work
from simulator.capacity.reservation import Settings
from simulator.capacity.rules import CapacityRules
from simulator.capacity.strategy import FARGATE, FARGATE_SPOT, Item, given, is_fargate, provider_name, read_strategy
from simulator.errors import InputError
from simulator.placement.decide import needs_of
from simulator.placement.scenario import read_request
from simulator.task_needs import read_task_definition

MOST_WORKS = 10
MOST_POINTS = 200
MOST_COUNT = 5000
MOST_MINUTES = 4320  # three days: managed draining waits 48 hours for stand-alone tasks
MOST_ROOM = 400_000  # tasks by instances
MOST_CHANGES = 100
FIELDS = (
    "services", "runTasks", "autoScalingGroup", "capacityProvider", "spotCapacity", "interruptions", "minutes",
    "changes",
)  # fmt: skip
_TASK_FIELDS = (
    "taskDefinition", "capacityProviderStrategy", "launchType", "placementStrategy", "placementConstraints",
    "startSeconds", "stopSeconds",
)  # fmt: skip
SERVICE_FIELDS = ("serviceName", "desiredCount", "schedulingStrategy", "deploymentConfiguration", *_TASK_FIELDS)
RUN_FIELDS = ("minute", "count", "runSeconds", *_TASK_FIELDS)
CHANGES = ("desiredCount", "minSize", "maxSize", "targetCapacity", "spotCapacity", "interrupt")


def read_plan(document: Mapping[str, Any], rules: CapacityRules) -> Plan:
    """The plan of a run.

    Raises
    ------
    InputError
        One sentence: what is wrong, where, how to mend it; or what ECS itself refuses.
    """
    reading.known_fields(document, "", FIELDS)
    provider, settings, draining, group = _provider(document)
    works, acts = _works(document, provider, group is not None, rules)
    seconds = 60 * reading.whole(given(document, "minutes", 60), "minutes", low=1, high=MOST_MINUTES)
    acts += [
        Act(at=at, kind="spot", count=count)
        for at, count in _curve(document.get("spotCapacity"), "spotCapacity", MOST_COUNT)
    ]
    raw = reading.items(given(document, "interruptions", ()), "interruptions", most=MOST_POINTS)
    for i, entry in enumerate(raw):
        path = f"interruptions[{i}]"
        entry = reading.mapping(entry, path)
        reading.known_fields(entry, path, ("minute", "capacityProvider", "count"))
        acts.append(read_interruption(entry, path, provider, group, at=_minute(entry, path)))
    _check_room(works, acts, settings)
    return Plan(
        works=tuple(works),
        acts=tuple(sorted(acts, key=lambda act: act.at)),
        seconds=seconds,
        provider=provider,
        group=group,
        settings=settings,
        draining=draining,
    )


def read_changes(document: Mapping[str, Any], plan: Plan) -> tuple[Change, ...]:
    """The learner's acts, in the order of their steps; each is exactly one of `CHANGES`."""
    raw = reading.items(given(document, "changes", ()), "changes", most=MOST_CHANGES)
    changes: list[Change] = []
    settings = plan.settings
    for i, entry in enumerate(raw):
        path = f"changes[{i}]"
        entry = reading.mapping(entry, path)
        reading.known_fields(entry, path, ("at", "serviceName", *CHANGES))
        at = reading.whole(entry.get("at"), f"{path}.at", low=0, high=1_000_000)
        kinds = [name for name in CHANGES if entry.get(name) is not None]
        if len(kinds) != 1:
            raise InputError(f"{path} must have exactly one of {', '.join(CHANGES)}.", path=path)
        settings = _check_change(entry, kinds[0], path, plan, settings)
        changes.append(Change(at=at, document={k: v for k, v in entry.items() if k != "at" and v is not None}))
    return tuple(sorted(changes, key=lambda change: change.at))


def service_of(entry: Mapping[str, Any], plan: Plan, path: str = "") -> int:
    """The position of the service that a change names; the only one may go without its name."""
    services = [i for i, work in enumerate(plan.works) if not work.standalone and not work.daemon]
    name = entry.get("serviceName")
    found = [i for i in services if name is None or plan.works[i].name == name]
    if len(found) != 1:
        names = ", ".join(plan.works[i].name for i in services) or "none"
        where = reading.join(path, "serviceName")
        raise InputError(f"{where} must name one service with a desired count; there is {names}.", path=where)
    return found[0]


def read_interruption(entry: Any, path: str, provider: str, group: Group | None, *, at: int = 0) -> Act:
    """A Spot interruption: of Fargate Spot tasks, or of instances of a Spot group."""
    entry = reading.mapping(entry, path)
    where = f"{path}.capacityProvider"
    name = reading.text(given(entry, "capacityProvider", FARGATE_SPOT), where)
    if name != FARGATE_SPOT and not (group and group.spot and name == provider):
        raise InputError(
            f"{where} is {reading.shown(name)}, and only Spot capacity is interrupted: {FARGATE_SPOT}, or a group "
            "with spot: true.",
            path=where,
        )
    count = reading.whole(given(entry, "count", 1), f"{path}.count", low=1, high=MOST_COUNT)
    return Act(at=at, kind="interrupt", count=count, provider=name)


def _provider(document: Mapping[str, Any]) -> tuple[str, Settings, bool, Group | None]:
    path = "capacityProvider"
    entry = reading.mapping(given(document, path, {}), path)
    reading.known_fields(entry, path, ("name", "managedScaling", "managedTerminationProtection", "managedDraining"))
    name = provider_name(given(entry, "name", "asg"), f"{path}.name")
    if is_fargate(name):
        raise InputError(f"{path}.name is {name}, which AWS made already; name the group's own.", path=f"{path}.name")
    scaling = reading.mapping(given(entry, "managedScaling", {}), f"{path}.managedScaling")
    reading.known_fields(scaling, f"{path}.managedScaling", SCALING_FIELDS)
    settings = read_settings(scaling, f"{path}.managedScaling", {})
    protection = read_protection(entry, path, "ENABLED" if settings.enabled else "DISABLED")
    draining = reading.choice(
        given(entry, "managedDraining", "ENABLED"), f"{path}.managedDraining", ("ENABLED", "DISABLED")
    )
    if document.get("autoScalingGroup") is None:
        return name, settings, draining == "ENABLED", None
    group, least, most = read_group(document["autoScalingGroup"], "autoScalingGroup", protection=protection)
    settings = replace(settings, protection=protection, least=least, most=most)
    return name, settings, draining == "ENABLED", group


def _works(
    document: Mapping[str, Any], provider: str, has_group: bool, rules: CapacityRules
) -> tuple[list[Work], list[Act]]:
    works: list[Work] = []
    acts: list[Act] = []
    raw = reading.items(given(document, "services", ()), "services", most=MOST_WORKS)
    for i, entry in enumerate(raw):
        path = f"services[{i}]"
        entry = reading.mapping(entry, path)
        reading.known_fields(entry, path, SERVICE_FIELDS)
        work = _service(entry, path, provider, has_group, rules)
        if any(work.name == other.name for other in works):
            raise InputError(f"{path}.serviceName is “{work.name}” again; give each its own.", path=path)
        if work.daemon:
            if entry.get("desiredCount") is not None:
                raise InputError(f"{path} is a DAEMON service, which has no desiredCount; leave it out.", path=path)
        else:
            points = _curve(given(entry, "desiredCount", 1), f"{path}.desiredCount", MOST_COUNT)
            acts += [Act(at=at, kind="desired", work=len(works), count=count) for at, count in points]
        works.append(work)
    raw = reading.items(given(document, "runTasks", ()), "runTasks", most=MOST_POINTS)
    for i, entry in enumerate(raw):
        path = f"runTasks[{i}]"
        entry = reading.mapping(entry, path)
        reading.known_fields(entry, path, RUN_FIELDS)
        runs = reading.whole(given(entry, "runSeconds", 300), f"{path}.runSeconds", low=1, high=60 * MOST_MINUTES)
        count = reading.whole(given(entry, "count", 1), f"{path}.count", low=1, high=MOST_COUNT)
        acts.append(Act(at=_minute(entry, path), kind="run", work=len(works), count=count))
        works.append(replace(_work(entry, path, provider, has_group, rules, service=False), runs=runs))
    if not works:
        raise InputError("The run has no task; give services or runTasks.", path="services")
    return works, acts


def _service(entry: Mapping[str, Any], path: str, provider: str, has_group: bool, rules: CapacityRules) -> Work:
    work = _work(entry, path, provider, has_group, rules, service=True)
    where = f"{path}.deploymentConfiguration"
    percents = reading.mapping(given(entry, "deploymentConfiguration", {}), where)
    reading.known_fields(percents, where, ("minimumHealthyPercent", "maximumPercent"))
    minimum = reading.whole(
        given(percents, "minimumHealthyPercent", 100), f"{where}.minimumHealthyPercent", low=0, high=100
    )
    maximum = reading.whole(given(percents, "maximumPercent", 200), f"{where}.maximumPercent", low=100, high=1000)
    return replace(work, minimum=minimum, maximum=maximum)


def _work(
    entry: Mapping[str, Any], path: str, provider: str, has_group: bool, rules: CapacityRules, *, service: bool
) -> Work:
    home, items = _home(entry, path, provider, has_group, rules)
    scheduling = reading.choice(
        given(entry, "schedulingStrategy", "REPLICA"), f"{path}.schedulingStrategy", ("REPLICA", "DAEMON")
    )
    name = reading.name(given(entry, "serviceName", "web"), f"{path}.serviceName") if service else ""
    start = reading.whole(given(entry, "startSeconds", 30), f"{path}.startSeconds", low=0, high=MOST_SECONDS)
    stop = reading.whole(given(entry, "stopSeconds", 5), f"{path}.stopSeconds", low=0, high=MOST_SECONDS)
    stop = min(stop, _stop_timeout(entry.get("taskDefinition"), path, fargate=home is Home.FARGATE))
    if home is Home.FARGATE:
        _check_fargate(entry, path, scheduling)
        family = "task"
        if entry.get("taskDefinition") is not None:
            family = read_task_definition(entry["taskDefinition"], f"{path}.taskDefinition").family
        group = f"service:{name}" if service else f"family:{family}"
        return Work(name=name or family, group=group, home=home, items=items, start=start, stop=stop)
    fields = ("taskDefinition", "placementStrategy", "placementConstraints")
    asked = {field: entry[field] for field in fields if entry.get(field) is not None}
    if service:
        asked |= {"schedulingStrategy": scheduling, "group": f"service:{name}"}
    request = replace(read_request(asked, path, 1), count=1)
    return Work(
        name=name or request.task.family,
        group=request.group,
        home=home,
        request=request,
        needs=needs_of(request),
        daemon=scheduling == "DAEMON",
        start=start,
        stop=stop,
    )


def _home(
    entry: Mapping[str, Any], path: str, provider: str, has_group: bool, rules: CapacityRules
) -> tuple[Home, tuple[Item, ...]]:
    launch, strategy = entry.get("launchType"), entry.get("capacityProviderStrategy")
    if launch is not None and strategy is not None:
        raise InputError(
            f"{path} has launchType and capacityProviderStrategy, and they exclude each other; keep one.", path=path
        )
    items: tuple[Item, ...] = ()
    home = Home.GROUP
    if launch is not None:
        reading.choice(launch, f"{path}.launchType", ("EC2", "FARGATE"))
        home = Home.LAUNCH_TYPE if launch == "EC2" else Home.FARGATE
    elif strategy is not None:
        cluster = (FARGATE, FARGATE_SPOT, provider) if has_group else (FARGATE, FARGATE_SPOT)
        items = read_strategy(strategy, f"{path}.capacityProviderStrategy", rules, associated=cluster)
        home = Home.FARGATE if is_fargate(items[0].provider) else Home.GROUP
    if home is not Home.FARGATE and not has_group:
        raise InputError(
            f"{path} runs on instances, and there is no autoScalingGroup; give one, or a strategy of Fargate.",
            path=path,
        )
    return home, items if home is Home.FARGATE else ()


def _check_fargate(entry: Mapping[str, Any], path: str, scheduling: str) -> None:
    if scheduling == "DAEMON":
        raise InputError(f"{path} is a DAEMON service, which Fargate does not support; use instances.", path=path)
    for name in ("placementStrategy", "placementConstraints"):
        if entry.get(name) is not None:
            raise InputError(f"{path}.{name} is given, and Fargate takes none; leave it out.", path=f"{path}.{name}")


def _stop_timeout(document: Any, path: str, *, fargate: bool) -> int:
    """The seconds between SIGTERM and SIGKILL: the longest `stopTimeout` of a container, 30 where none is given."""
    where = f"{path}.taskDefinition.containerDefinitions"
    containers = document.get("containerDefinitions") if isinstance(document, Mapping) else None
    low, high = (2, 120) if fargate else (0, MOST_SECONDS)
    seconds = [
        reading.whole(entry["stopTimeout"], f"{where}[{i}].stopTimeout", low=low, high=high)
        for i, entry in enumerate(containers if isinstance(containers, (list, tuple)) else ())
        if isinstance(entry, Mapping) and entry.get("stopTimeout") is not None
    ]
    return max(seconds, default=30)


def _curve(value: Any, path: str, most: int) -> list[tuple[int, int]]:
    """A number for the whole run, or `[[minute, number], …]`: (second, number) pairs, the first at 0."""
    if value is None:
        return []
    if not isinstance(value, (list, tuple)):
        return [(0, reading.whole(value, path, low=0, high=most))]
    points: list[tuple[int, int]] = []
    for i, point in enumerate(reading.items(value, path, most=MOST_POINTS)):
        pair = reading.items(point, f"{path}[{i}]", most=2)
        if len(pair) != 2:
            raise InputError(f"{path}[{i}] must be a pair of a minute and a number, such as [10, 4].", path=path)
        minute = reading.whole(pair[0], f"{path}[{i}][0]", low=0, high=MOST_MINUTES)
        points.append((60 * minute, reading.whole(pair[1], f"{path}[{i}][1]", low=0, high=most)))
    if not points or points[0][0] or any(a[0] >= b[0] for a, b in pairwise(points)):
        raise InputError(f"{path} must begin at minute 0 and go forward in time.", path=path)
    return points


def _minute(entry: Mapping[str, Any], path: str) -> int:
    return 60 * reading.whole(given(entry, "minute", 0), f"{path}.minute", low=0, high=MOST_MINUTES)


def _check_room(works: Sequence[Work], acts: Sequence[Act], settings: Settings) -> None:
    """Placing looks at every instance for every task, so their product is bounded."""
    tasks = sum(
        max((act.count for act in acts if act.kind in ("desired", "run") and act.work == i), default=0)
        for i, work in enumerate(works)
        if work.home is not Home.FARGATE
    )
    if tasks * max(1, settings.most or 0) > MOST_ROOM:
        raise InputError(
            f"{tasks} tasks on up to {settings.most} instances are more than a run takes: their product may be "
            f"{MOST_ROOM}.",
            path="services",
        )


def _check_change(entry: Mapping[str, Any], kind: str, path: str, plan: Plan, settings: Settings) -> Settings:
    """Refuse a change that can not be; the settings after it, for those that come later in the list."""
    where = f"{path}.{kind}"
    if entry.get("serviceName") is not None and kind != "desiredCount":
        raise InputError(f"{path} has a serviceName, and {kind} concerns no service.", path=f"{path}.serviceName")
    if kind == "desiredCount":
        count = reading.whole(entry[kind], where, low=0, high=MOST_COUNT)
        changed = Act(at=0, kind="desired", work=service_of(entry, plan, path), count=count)
        _check_room(plan.works, (*plan.acts, changed), settings)
    elif kind == "interrupt":
        reading.known_fields(reading.mapping(entry[kind], where), where, ("capacityProvider", "count"))
        read_interruption(entry[kind], where, plan.provider, plan.group)
    elif kind == "spotCapacity":
        reading.whole(entry[kind], where, low=0, high=MOST_COUNT)
    elif plan.group is None:
        raise InputError(f"{where} is of an Auto Scaling group, and the run has none.", path=where)
    elif kind == "targetCapacity":
        reading.whole(entry[kind], where, low=1, high=100)
    elif kind == "minSize":
        settings = replace(settings, least=reading.whole(entry[kind], where, low=0, high=settings.most or 0))
    else:
        settings = replace(settings, most=reading.whole(entry[kind], where, low=settings.least, high=MOST_SIZE))
        _check_room(plan.works, plan.acts, settings)
    return settings
