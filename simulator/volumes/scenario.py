"""Documents to records: instances, file systems, tasks, and what happens to them in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.volumes.attach import CURRENT, FARGATE, LAUNCH_TYPES, Launch
from simulator.volumes.ebs import read_launch
from simulator.volumes.file_systems import MOST_ZONES, FileSystem, read_file_systems, read_groups
from simulator.volumes.restart import MOST_EXIT_CODE
from simulator.volumes.volume import Definition, read_definition, read_family

MOST_TASKS = 30
MOST_INSTANCES = 30
MOST_ACTIONS = 200
MOST_CHANGES = 50
MOST_SECONDS = 30 * 24 * 3_600
ZONES = ("us-east-1a", "us-east-1b")  # where a document names none

TASK_FIELDS = (
    "taskDefinition",
    "launchType",
    "platformVersion",
    "operatingSystemFamily",
    "service",
    "schedulingStrategy",
    "deploymentController",
    "nitro",
    "securityGroups",
    "taskRoleActions",
    "volumeConfigurations",
)
_PLACE = ("ec2InstanceId", "availabilityZone")
FIELDS = ("instances", "availabilityZones", "fileSystems", "tasks", "events", "changes", "explain", *TASK_FIELDS)
# What each action names beside itself.
ACTIONS: Mapping[str, tuple[str, ...]] = {
    "write": ("task", "container", "path"),
    "read": ("task", "container", "path"),
    "stopContainer": ("task", "container", "exitCode"),
    "stopTask": ("task", "replacement"),
    "runTask": ("task", "like", *_PLACE),
    "stopInstance": ("ec2InstanceId",),
    "terminateInstance": ("ec2InstanceId",),
    "loseZone": ("availabilityZone",),
    "restoreZone": ("availabilityZone",),
    "wait": ("seconds",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A container instance. `docker_volumes` are there before any task."""

    id: str
    zone: str
    docker_volumes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One task as it is asked for. `allowed` are the actions that its task role allows; None for all it needs."""

    name: str
    definition: Definition
    launch: Launch
    zone: str
    instance: str = ""
    groups: tuple[str, ...] = ()
    allowed: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that happens; the fields that its verb does not have stay empty."""

    verb: str
    task: str = ""
    container: str = ""
    path: str = ""
    exit_code: int | None = None
    like: str = ""
    instance: str = ""
    zone: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole scenario, read."""

    specs: tuple[Spec, ...]
    hosts: tuple[Host, ...]
    zones: tuple[str, ...]
    systems: tuple[FileSystem, ...]
    actions: tuple[Action, ...]
    changes: tuple[tuple[int, Action], ...]

    @property
    def home(self) -> str:
        """The zone of the first task."""
        return self.specs[0].zone if self.specs else ""

    def system(self, name: str) -> FileSystem:
        """The file system of that id; one that the document does not list is Regional, with a target in each zone."""
        return next((system for system in self.systems if system.id == name), FileSystem(id=name))

    def host_zone(self, name: str) -> str:
        """The zone of an instance."""
        return next((host.zone for host in self.hosts if host.id == name), "")


def read_scenario(document: Any) -> Plan:
    """The whole document.

    Raises
    ------
    InputError
        With one sentence, for anything that is not such a scenario.
    """
    document = reading.mapping(document, "")
    reading.known_fields(document, "", FIELDS)
    hosts = _hosts(document.get("instances", []))
    systems = read_file_systems(document.get("fileSystems", []), "fileSystems")
    entries = reading.items(document.get("tasks", []), "tasks", most=MOST_TASKS)
    if not entries:
        raise InputError("There are no tasks; give at least one under tasks.", path="tasks")
    documents = [reading.mapping(entry, f"tasks[{i}]") for i, entry in enumerate(entries)]
    zones = _zones(document, hosts, systems, documents)
    shared = {name: document[name] for name in TASK_FIELDS if name in document}
    plan = Plan(specs=(), hosts=hosts, zones=zones, systems=systems, actions=(), changes=())
    specs: list[Spec] = []
    for i, entry in enumerate(documents):
        spec = read_task(entry, f"tasks[{i}]", shared, plan)
        if spec.name in [other.name for other in specs]:
            raise InputError(f"tasks[{i}] is “{spec.name}”, which stands there already.", path=f"tasks[{i}].task")
        specs.append(spec)
    plan = replace(plan, specs=tuple(specs))
    known = {spec.name: spec for spec in specs}
    events = reading.items(document.get("events", []), "events", most=MOST_ACTIONS)
    actions = tuple(_action(entry, f"events[{i}]", plan, known) for i, entry in enumerate(events))
    return replace(plan, actions=actions, changes=_changes(document.get("changes", []), plan, known))


def read_task(document: Mapping[str, Any], path: str, shared: Mapping[str, Any], plan: Plan) -> Spec:
    """One task; `shared` holds the scenario's own fields, which stand in where the task has none."""
    reading.known_fields(document, path, ("task", *_PLACE, *TASK_FIELDS))
    name = reading.name(document.get("task"), f"{path}.task")
    if "#" in name:
        raise InputError(f"{path}.task has a #, which marks replacements; leave it out.", path=f"{path}.task")

    def where(field: str) -> str:
        return f"{path}.{field}" if field in document or field not in shared else field

    merged = {**shared, **document}
    definition = read_definition(merged.get("taskDefinition", {}), where("taskDefinition"))
    launch = read_launch_of(merged, where, definition)
    instance, zone = _place(merged, path, plan, launch.type, needed=True)
    actions = merged.get("taskRoleActions")
    return Spec(
        name=name,
        definition=definition,
        launch=launch,
        zone=zone,
        instance=instance,
        groups=read_groups(merged.get("securityGroups", ["sg-task"]), where("securityGroups")),
        allowed=None if actions is None else _actions_of_role(actions, where("taskRoleActions")),
    )


def read_launch_of(merged: Mapping[str, Any], where: Any, definition: Definition) -> Launch:
    """How a task is started: launch type, platform version, operating system, service, EBS configuration."""
    if merged.get("launchType") is None:
        path = where("launchType")
        raise InputError(f"{path} is missing; give {', '.join(LAUNCH_TYPES[:-1])} or {LAUNCH_TYPES[-1]}.", path=path)
    family = merged.get("operatingSystemFamily")
    windows = definition.is_windows
    if family is not None:
        windows = read_family(family, where("operatingSystemFamily")).startswith("WINDOWS")
    service = merged.get("service")
    return Launch(
        type=reading.choice(merged["launchType"], where("launchType"), LAUNCH_TYPES),
        windows=windows,
        platform=_platform(merged.get("platformVersion", "LATEST"), where("platformVersion")),
        nitro=reading.flag(merged.get("nitro", True), where("nitro")),
        scheduling=reading.choice(
            merged.get("schedulingStrategy", "REPLICA"), where("schedulingStrategy"), ("REPLICA", "DAEMON")
        ),
        controller=reading.choice(
            merged.get("deploymentController", "ECS"),
            where("deploymentController"),
            ("ECS", "CODE_DEPLOY", "EXTERNAL"),
        ),
        service="" if service is None else reading.name(service, where("service")),
        ebs=read_launch(merged.get("volumeConfigurations"), where("volumeConfigurations")),
    )


def _hosts(value: Any) -> tuple[Host, ...]:
    found: list[Host] = []
    for i, entry in enumerate(reading.items(value, "instances", most=MOST_INSTANCES)):
        path = f"instances[{i}]"
        entry = reading.mapping(entry, path)
        reading.known_fields(entry, path, ("ec2InstanceId", "availabilityZone", "dockerVolumes"))
        name = reading.name(entry.get("ec2InstanceId"), f"{path}.ec2InstanceId")
        if name in [host.id for host in found]:
            raise InputError(f"{path} is “{name}”, which stands there already.", path=f"{path}.ec2InstanceId")
        volumes = reading.items(entry.get("dockerVolumes", []), f"{path}.dockerVolumes", most=20)
        found.append(
            Host(
                id=name,
                zone=reading.name(entry.get("availabilityZone", ZONES[0]), f"{path}.availabilityZone"),
                docker_volumes=tuple(
                    reading.name(volume, f"{path}.dockerVolumes[{j}]") for j, volume in enumerate(volumes)
                ),
            )
        )
    return tuple(found)


def _zones(
    document: Mapping[str, Any],
    hosts: Iterable[Host],
    systems: Iterable[FileSystem],
    tasks: Sequence[Mapping[str, Any]],
) -> tuple[str, ...]:
    """Every zone that the document names; two if it names none."""
    given = reading.items(document.get("availabilityZones", []), "availabilityZones", most=MOST_ZONES)
    names = [reading.name(zone, f"availabilityZones[{i}]") for i, zone in enumerate(given)]
    names += [host.zone for host in hosts]
    for i, task in enumerate(tasks):
        if task.get("availabilityZone") is not None:
            names.append(reading.name(task["availabilityZone"], f"tasks[{i}].availabilityZone"))
    for system in systems:
        names += [system.zone] if system.zone else []
        names += [target.zone for target in system.targets or ()]
    return tuple(dict.fromkeys(names)) or ZONES


def _place(document: Mapping[str, Any], path: str, plan: Plan, launch: str, *, needed: bool) -> tuple[str, str]:
    """Instance and zone of a task: on Fargate there is no instance, elsewhere the instance says the zone."""
    instance, zone = document.get("ec2InstanceId"), document.get("availabilityZone")
    if launch == FARGATE:
        if instance is not None:
            where = f"{path}.ec2InstanceId"
            raise InputError(f"{where} names an instance, and on Fargate there is none; leave it out.", path=where)
        if zone is None:
            return "", plan.zones[0] if needed else ""
        return "", reading.choice(zone, f"{path}.availabilityZone", plan.zones)
    where = f"{path}.ec2InstanceId"
    if instance is None and (needed or zone is not None):
        raise InputError(f"{where} is missing; say on which of the instances the task is ({launch}).", path=where)
    if instance is None:
        return "", ""
    name = reading.choice(instance, where, [host.id for host in plan.hosts] or ["(no instance is given)"])
    if zone is not None and zone != plan.host_zone(name):
        raise InputError(
            f"{path}.availabilityZone is not the zone of {name}, {plan.host_zone(name)}; leave it out.",
            path=f"{path}.availabilityZone",
        )
    return name, plan.host_zone(name)


def _action(document: Any, path: str, plan: Plan, known: dict[str, Spec]) -> Action:
    """One entry of `events`; a `runTask` adds its task to `known`."""
    document = reading.mapping(document, path)
    verb = reading.choice(document.get("action"), f"{path}.action", tuple(ACTIONS))
    reading.known_fields(document, path, ("action", *ACTIONS[verb]))
    if verb == "wait":
        seconds = reading.whole(document.get("seconds"), f"{path}.seconds", low=1, high=MOST_SECONDS)
        return Action(verb=verb, seconds=seconds)
    if verb in ("stopInstance", "terminateInstance"):
        hosts = [host.id for host in plan.hosts] or ["(no instance is given)"]
        return Action(verb=verb, instance=reading.choice(document.get("ec2InstanceId"), f"{path}.ec2InstanceId", hosts))
    if verb in ("loseZone", "restoreZone"):
        where = f"{path}.availabilityZone"
        return Action(verb=verb, zone=reading.choice(document.get("availabilityZone"), where, plan.zones))
    if verb == "runTask":
        return _run_task(document, path, plan, known)
    name = reading.choice(document.get("task"), f"{path}.task", tuple(known))
    if verb == "stopTask":
        target = reading.mapping(document.get("replacement", {}), f"{path}.replacement")
        reading.known_fields(target, f"{path}.replacement", _PLACE)
        instance, zone = _place(target, f"{path}.replacement", plan, known[name].launch.type, needed=False)
        return Action(verb=verb, task=name, instance=instance, zone=zone)
    containers = [container.name for container in known[name].definition.containers]
    container = reading.choice(document.get("container", containers[0]), f"{path}.container", containers)
    if verb == "stopContainer":
        code = document.get("exitCode", 1)
        if code is not None:
            code = reading.whole(code, f"{path}.exitCode", low=0, high=MOST_EXIT_CODE)
        return Action(verb=verb, task=name, container=container, exit_code=code)
    inside = reading.text(document.get("path"), f"{path}.path")
    return Action(verb=verb, task=name, container=container, path=inside.rstrip("/") or "/")


def _run_task(document: Mapping[str, Any], path: str, plan: Plan, known: dict[str, Spec]) -> Action:
    name = reading.name(document.get("task"), f"{path}.task")
    if name in known or "#" in name:
        where = f"{path}.task"
        raise InputError(f"{where} is “{name}”, which is taken; give the new task another name.", path=where)
    like = reading.choice(document.get("like"), f"{path}.like", tuple(known))
    instance, zone = _place(document, path, plan, known[like].launch.type, needed=False)
    known[name] = known[like]
    return Action(verb="runTask", task=name, like=like, instance=instance, zone=zone)


def _changes(value: Any, plan: Plan, known: dict[str, Spec]) -> tuple[tuple[int, Action], ...]:
    found: list[tuple[int, Action]] = []
    for i, entry in enumerate(reading.items(value, "changes", most=MOST_CHANGES)):
        path = f"changes[{i}]"
        entry = dict(reading.mapping(entry, path))
        at = reading.whole(entry.pop("at", None), f"{path}.at", low=0, high=10**6)
        if found and at < found[-1][0]:
            raise InputError(f"{path}.at is {at}, before the change that stands above it.", path=f"{path}.at")
        found.append((at, _action(entry, path, plan, known)))
    return tuple(found)


def _platform(value: Any, path: str) -> tuple[int, int, int]:
    if value == "LATEST":
        return CURRENT
    parts = reading.text(value, path, longest=16).split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise InputError(f"{path} must be LATEST or a version such as 1.4.0, not {reading.shown(value)}.", path=path)
    return int(parts[0]), int(parts[1]), int(parts[2])


def _actions_of_role(value: Any, path: str) -> tuple[str, ...]:
    entries = reading.items(value, path, most=50)
    return tuple(reading.text(action, f"{path}[{i}]") for i, action in enumerate(entries))
