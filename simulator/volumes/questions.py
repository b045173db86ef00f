"""Single questions: can it be attached, does its data survive, is it shared. Each is put to the same run as a scenario.

Source of the table that the answers make up: facts 3.1 and 3.8.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.trace import Trace, state_at
from simulator.volumes import simulate
from simulator.volumes.attach import FARGATE, LAUNCH_TYPES
from simulator.volumes.rules import VolumesRules
from simulator.volumes.scenario import TASK_FIELDS, ZONES
from simulator.volumes.start import refusal
from simulator.volumes.state import Event, State, Status, Store, Task, TaskStatus, What
from simulator.volumes.volume import Kind, read_volume
from simulator.volumes.wording import cure, open_notes, store_reason

LAYER = "WRITABLE_LAYER"  # instead of a volume
OTHER_ZONE = "us-east-1z"  # where the file system's own zone has the usual name of the other
ROLE = "arn:aws:iam::111122223333:role/task"
QUESTION_FIELDS = ("volume", "fileSystems", *(name for name in TASK_FIELDS if name != "taskDefinition"))


class Happening(StrEnum):
    """What happens to a task whose data is asked after."""

    CONTAINER_RESTARTED = "CONTAINER_RESTARTED"
    TASK_STOPPED = "TASK_STOPPED"
    TASK_REPLACED = "TASK_REPLACED"
    SAME_INSTANCE = "TASK_REPLACED_SAME_INSTANCE"
    OTHER_INSTANCE = "TASK_REPLACED_OTHER_INSTANCE"
    INSTANCE_STOPPED = "INSTANCE_STOPPED"
    INSTANCE_TERMINATED = "INSTANCE_TERMINATED"
    AZ_LOST = "AZ_LOST"


class Between(StrEnum):
    """Who might share a volume."""

    CONTAINERS = "CONTAINERS_OF_ONE_TASK"
    TASKS = "TASKS_ON_ONE_INSTANCE"
    OTHER_INSTANCES = "TASKS_ON_OTHER_INSTANCES"
    OTHER_ZONES = "TASKS_IN_OTHER_ZONES"
    SERVICES = "TASKS_OF_TWO_SERVICES"


_ON_AN_INSTANCE = (Happening.SAME_INSTANCE, Happening.INSTANCE_STOPPED, Happening.INSTANCE_TERMINATED)


def survival_answer(document: Mapping[str, Any], rules: VolumesRules) -> dict[str, Any]:
    """`{"volume", "launchType", "event"}` -> whether the data is there for the task that comes after.

    Returns
    -------
    dict
        `outcome` SURVIVES, UNREACHABLE (still there, out of reach), LOST, NOT_APPLICABLE, or, where the task never
        starts, REJECTED and TASK_CANNOT_START; `replacementSees` DATA, EMPTY or DOES_NOT_START; `reason`, `fix`.
    """
    reading.known_fields(document, "", ("event", *QUESTION_FIELDS))
    event = Happening(reading.choice(document.get("event"), "event", [one.value for one in Happening]))
    scenario = _scenario(document)
    fargate = document["launchType"] == FARGATE
    answer: dict[str, Any] = {"volume": _kind(document).value, "event": event.value}
    if fargate and event in _ON_AN_INSTANCE:
        reason = "Every Fargate task has a host of its own: there is no instance that a second task could be on."
        return {"outcome": "NOT_APPLICABLE", "survives": False, **answer, "reason": reason}
    _refuse_vague(event, fargate)
    scenario["tasks"] = [{"task": "first", **_at(scenario, 0, fargate)}]
    scenario["events"] = [
        {"action": "write", "task": "first", "path": "/data/notes"},
        *_story(event, scenario, fargate),
    ]
    trace = simulate(scenario, rules)
    refused = _refused(trace)
    return {**refused, **answer} if refused else _survival(trace, event, answer)


def sharing_answer(document: Mapping[str, Any], rules: VolumesRules) -> dict[str, Any]:
    """`{"volume", "launchType", "between"}` -> whether both see one tree, and whether the second may write.

    Returns
    -------
    dict
        `outcome` SHARED, NOT_SHARED, BY_IP_ONLY, NOT_APPLICABLE, REJECTED or TASK_CANNOT_START; `access` READ_WRITE or
        READ_ONLY where it is shared.
    """
    reading.known_fields(document, "", ("between", *QUESTION_FIELDS))
    between = Between(reading.choice(document.get("between"), "between", [one.value for one in Between]))
    scenario = _scenario(document)
    fargate = document["launchType"] == FARGATE
    answer: dict[str, Any] = {"volume": _kind(document).value, "between": between.value}
    if fargate and between is Between.TASKS:
        reason = "No two Fargate tasks are on one instance: every task has a host of its own."
        return {"outcome": "NOT_APPLICABLE", **answer, "reason": reason}
    scenario["tasks"] = [{"task": "first", **_at(scenario, 0, fargate)}]
    reader = {"task": "first", "container": "second"}
    if between is not Between.CONTAINERS:
        place = {Between.OTHER_INSTANCES: 1, Between.OTHER_ZONES: 2}.get(between, 0)
        scenario["tasks"].append({"task": "other", **_at(scenario, place, fargate)})
        reader = {"task": "other"}
    if between is Between.SERVICES:
        scenario["tasks"][0]["service"] = "one"
        scenario["tasks"][1]["service"] = "two"
    scenario["events"] = [
        {"action": "write", "task": "first", "path": "/data/notes"},
        {"action": "read", "path": "/data/notes", **reader},
        {"action": "write", "path": "/data/more", **reader},
    ]
    trace = simulate(scenario, rules)
    refused = _refused(trace)
    return {**refused, **answer} if refused else _sharing(trace, rules, answer)


def scenario_of_volume(document: Mapping[str, Any]) -> dict[str, Any]:
    """A task definition with the question's volume, mounted by two containers at /data."""
    volume = document["volume"]
    mounts = [] if volume == LAYER else [{"sourceVolume": _named(volume)["name"], "containerPath": "/data"}]
    restart = {"enabled": True}
    containers = [
        {"name": "first", "mountPoints": mounts, "restartPolicy": restart},
        {"name": "second", "mountPoints": mounts},
    ]
    definition: dict[str, Any] = {"taskRoleArn": ROLE, "containerDefinitions": containers}
    if volume != LAYER:
        definition["volumes"] = [_named(volume)]
    return definition


def zones_of(document: Mapping[str, Any]) -> tuple[str, str]:
    """The two zones of a question: the file system's own first, where it has one."""
    first = ZONES[0]
    for system in reading.items(document.get("fileSystems", []), "fileSystems", most=1):
        named = reading.mapping(system, "fileSystems[0]").get("availabilityZoneName")
        first = ZONES[0] if named is None else reading.name(named, "fileSystems[0].availabilityZoneName")
    return first, OTHER_ZONE if first == ZONES[1] else ZONES[1]


def _scenario(document: Mapping[str, Any]) -> dict[str, Any]:
    """The world of a question: two instances in one zone, a third in another."""
    if document.get("volume") is None:
        raise InputError(f"There is no volume; give an entry of volumes as AWS writes it, or {LAYER}.", path="volume")
    launch = document.get("launchType")
    reading.choice(launch, "launchType", LAUNCH_TYPES)
    first, other = zones_of(document)
    scenario: dict[str, Any] = {name: document[name] for name in QUESTION_FIELDS if name in document}
    volume = scenario.pop("volume")
    if volume != LAYER and _kind(document) is Kind.FSX_WINDOWS:
        scenario.setdefault("operatingSystemFamily", "WINDOWS_SERVER_2022_CORE")
    scenario["taskDefinition"] = scenario_of_volume(document)
    scenario["availabilityZones"] = [first, other]
    if launch != FARGATE:
        names = [] if volume == LAYER else [_named(volume)["name"]]
        scenario["instances"] = [
            {"ec2InstanceId": f"i-{i + 1}", "availabilityZone": zone, "dockerVolumes": names}
            for i, zone in enumerate((first, first, other))
        ]
    return scenario


def _kind(document: Mapping[str, Any]) -> Kind:
    volume = document["volume"]
    return Kind.WRITABLE_LAYER if volume == LAYER else read_volume(_named(volume), "volume").kind


def _named(volume: Any) -> dict[str, Any]:
    return {"name": "data", **reading.mapping(volume, "volume")}


def _refuse_vague(event: Happening, fargate: bool) -> None:
    if event is Happening.TASK_REPLACED and not fargate:
        raise InputError(
            f"event is TASK_REPLACED, and on instances it matters where; say {Happening.SAME_INSTANCE.value} or "
            f"{Happening.OTHER_INSTANCE.value}.",
            path="event",
        )


def _at(scenario: Mapping[str, Any], place: int, fargate: bool) -> dict[str, str]:
    """Place 0 and 1 are in one zone, 2 in the other."""
    if fargate:
        return {"availabilityZone": scenario["availabilityZones"][place // 2]}
    return {"ec2InstanceId": f"i-{place + 1}"}


def _story(event: Happening, scenario: Mapping[str, Any], fargate: bool) -> list[dict[str, Any]]:
    """What happens, and the look at the data afterwards."""
    look = {"action": "read", "task": "first", "path": "/data/notes"}
    place = {
        Happening.OTHER_INSTANCE: 1,
        Happening.INSTANCE_STOPPED: 1,
        Happening.INSTANCE_TERMINATED: 1,
        Happening.AZ_LOST: 2,
    }.get(event, 0)
    there = _at(scenario, place, fargate)
    first = {
        Happening.INSTANCE_STOPPED: {"action": "stopInstance", "ec2InstanceId": "i-1"},
        Happening.INSTANCE_TERMINATED: {"action": "terminateInstance", "ec2InstanceId": "i-1"},
        Happening.AZ_LOST: {"action": "loseZone", "availabilityZone": scenario["availabilityZones"][0]},
    }.get(event, {"action": "stopTask", "task": "first", "replacement": there})
    if event is Happening.CONTAINER_RESTARTED:
        return [{"action": "wait", "seconds": 400}, {"action": "stopContainer", "task": "first", "exitCode": 1}, look]
    if event is Happening.TASK_STOPPED:
        return [first]
    if scenario.get("service") is not None:
        return [first, look]
    return [first, {"action": "runTask", "task": "next", "like": "first", **there}, {**look, "task": "next"}]


def _refused(trace: Trace[State, Event]) -> dict[str, Any] | None:
    """The answer where the first task never starts."""
    if trace.events[0].kind is not What.REFUSED:
        return None
    why = refusal(state_at(trace, 0), state_at(trace, 0).plan.specs[0])
    assert why is not None, "it has just been refused"
    outcome = "REJECTED" if why.stage == "register" else "TASK_CANNOT_START"
    said: dict[str, Any] = {"outcome": outcome, "code": why.code, "reason": why.message, "fix": why.fix}
    return said | ({"open": True} if why.open else {})


def _survival(trace: Trace[State, Event], event: Happening, answer: dict[str, Any]) -> dict[str, Any]:
    state = state_at(trace, len(trace))
    first = state.tasks[0]
    store = _data_store(state, first)
    last = state.tasks[-1]
    seen = state.reads[-1].code if state.reads else ""
    sees = "DOES_NOT_START" if last.status is TaskStatus.FAILED_TO_START else seen if seen in ("DATA", "EMPTY") else ""
    kept = sees == "DATA" or (not state.reads and store.status is Status.AVAILABLE)
    outcome = "SURVIVES" if kept else "LOST" if store.status is Status.LOST else "UNREACHABLE"
    reason, fix, code = _why(state, store, last, kept)
    told = {"outcome": outcome, "survives": kept, **answer, **({"code": code} if code else {})}
    if sees and event is not Happening.TASK_STOPPED:
        told["replacementSees"] = sees
    told["reason"] = reason
    if fix and not kept:
        told["fix"] = fix
    notes = open_notes(state, store)
    return told | ({"open": True, "choices": list(notes)} if notes else {})


def _why(state: State, store: Store, last: Task, kept: bool) -> tuple[str, str, str]:
    """Reason, cure and code of what became of the data."""
    if store.status is not Status.AVAILABLE:
        return store_reason(store), cure(store, store.because), store.because
    if kept and store.kind is Kind.WRITABLE_LAYER:
        return "The agent starts the same container again, with the writable layer it had.", "", ""
    if kept:
        return store_reason(store), "", ""
    if last.status is TaskStatus.FAILED_TO_START:
        why = refusal(state, last.spec)
        return (why.message, why.fix, why.code) if why is not None else (last.code, "", last.code)
    fix = "Use EFS: every instance can mount it."
    return f"It still lies on {store.instance}; nothing copies it to where the new task is.", fix, "OTHER_INSTANCE"


def _sharing(trace: Trace[State, Event], rules: VolumesRules, answer: dict[str, Any]) -> dict[str, Any]:
    state = state_at(trace, len(trace))
    last = state.tasks[-1]
    store = _data_store(state, state.tasks[0])
    if last.status is TaskStatus.FAILED_TO_START:
        why = refusal(state, last.spec)
        code = why.code if why is not None else last.code
        by_ip = bool(store.zone) and code == "MOUNT_NAME_UNRESOLVED" and rules.efs_scope != "zone"
        told = {"outcome": "BY_IP_ONLY" if by_ip else "NOT_SHARED", **answer, "code": code}
        told["reason"] = why.message if why is not None else code
        if by_ip:
            told["remark"] = "From another zone it can be reached by IP address, with traffic between zones to pay for."
        return told | ({"fix": why.fix} if why is not None else {})
    if state.reads[-1].code != "DATA":
        return {"outcome": "NOT_SHARED", **answer, "reason": _apart(store, last), "fix": "Use EFS."}
    writes = trace.events[-1].kind is What.WROTE
    access = "READ_WRITE" if writes else "READ_ONLY"
    return {"outcome": "SHARED", "access": access, **answer, "reason": store_reason(store)}


def _apart(store: Store, last: Task) -> str:
    if store.kind is Kind.WRITABLE_LAYER:
        return "Every container has a writable layer of its own."
    if store.kind in (Kind.HOST_PATH, Kind.DOCKER_SHARED):
        return f"It lies on {store.instance}, and the other task is on {last.spec.instance}: nothing syncs the two."
    if store.kind is Kind.EBS:
        return "ECS makes a new EBS volume for every task; one volume is never attached to two."
    return "Each task has a directory of its own."


def _data_store(state: State, task: Task) -> Store:
    """Where the first container wrote /data/notes."""
    deepest = max((m for m in task.mounts if m.container == "first"), key=lambda mount: len(mount.path))
    store = state.store(deepest.store)
    assert store is not None, "a task's storage is never forgotten"
    return store
