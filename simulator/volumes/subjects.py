"""The terminal's subject `volumes`. What a document asks follows from its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator import reading
from simulator.trace import Trace, explain, state_at
from simulator.volumes import simulate
from simulator.volumes.attach import FARGATE, problems
from simulator.volumes.ephemeral import read_use, storage
from simulator.volumes.questions import scenario_of_volume, sharing_answer, survival_answer
from simulator.volumes.restart import restart_answer
from simulator.volumes.rules import RULES, VolumesRules
from simulator.volumes.scenario import TASK_FIELDS, Plan, Spec, read_scenario
from simulator.volumes.start import refusal
from simulator.volumes.state import Event, Seen, State, Task, first_state
from simulator.volumes.volume import Kind, Volume
from simulator.volumes.wording import CODES, SCOPES, Explanation, open_notes, store_reason

ATTACH_FIELDS = ("volume", "use", "availabilityZone", "dockerVolumes", "fileSystems", *TASK_FIELDS)


def volumes_answer(document: Mapping[str, Any], rules: VolumesRules = RULES) -> dict[str, Any]:
    """One of five questions about volumes.

    Parameters
    ----------
    document : with `tasks` a run over `events`; with `event` whether data survives; with `between` who shares it; with
        `restartPolicy` whether a container is started again in place; else what can be attached where.

    Raises
    ------
    InputError
        With one sentence, for anything that is not such a document.

    >>> volumes_answer({"volume": {"host": {"sourcePath": "/data"}}, "launchType": "FARGATE"})["code"]
    'FARGATE_SOURCE_PATH'
    """
    document = reading.mapping(document, "")
    if "tasks" in document or "events" in document:
        return run_answer(document, rules)
    if "event" in document:
        return survival_answer(document, rules)
    if "between" in document:
        return sharing_answer(document, rules)
    if "restartPolicy" in document:
        return restart_answer(document)
    return attach_answer(document, rules)


def attach_answer(document: Mapping[str, Any], rules: VolumesRules) -> dict[str, Any]:
    """Whether a task with these volumes can be registered and started, with every reason against.

    Returns
    -------
    dict
        `outcome` ATTACHES, REJECTED (the definition or the call), TASK_CANNOT_START or NO_SPACE; `errors` with path,
        code, message and fix; `volumes` with the kind of each and who shares it.
    """
    reading.known_fields(document, "", ATTACH_FIELDS)
    plan, spec = _asked(document)
    found = problems(spec.definition, spec.launch, rules)
    errors: list[dict[str, Any]] = [
        {"path": one.path.replace(*_shown_as(document)), "code": one.code, "message": one.message, "fix": one.fix}
        | ({"open": True} if one.open else {})
        for one in found
    ]
    outcome = "REJECTED" if errors else "ATTACHES"
    why = refusal(first_state(plan, rules), spec)
    if not errors and why is not None:
        outcome = "TASK_CANNOT_START"
        errors = [{"path": "", "code": why.code, "message": why.message, "fix": why.fix}]
    answer: dict[str, Any] = {"outcome": outcome}
    if spec.launch.type == FARGATE and outcome != "REJECTED":
        held = storage(spec.definition, spec.launch, read_use(document.get("use", {}), "use"))
        answer["ephemeralStorage"] = held
        if outcome == "ATTACHES" and not held["fits"]:
            answer["outcome"] = "NO_SPACE"
            errors = [{"path": "use", "code": "NO_SPACE", "message": held["reason"], "fix": _MORE_SPACE}]
    if errors:
        answer["code"] = errors[0]["code"]
    answer["errors"] = errors
    answer["volumes"] = [
        {"name": volume.name, "kind": volume.kind.value, "scope": _scope(volume, spec)}
        for volume in spec.definition.volumes
    ]
    notes = [note for volume in spec.definition.volumes for note in _notes(volume, spec)]
    if notes or any(one.open for one in found):
        answer["open"] = True
    return answer | ({"choices": notes} if notes else {})


def run_answer(document: Mapping[str, Any], rules: VolumesRules) -> dict[str, Any]:
    """What became of every storage, task and look in a run; with `explain` also every step's sentence."""
    trace = simulate(document, rules)
    state = state_at(trace, len(trace))
    answer: dict[str, Any] = {
        "volumes": [
            {
                "id": store.id,
                "kind": store.kind.value,
                "status": store.status.value,
                "files": [file.path for file in store.files],
                "reason": store_reason(store),
            }
            for store in state.stores
            if store.kind is not Kind.WRITABLE_LAYER or store.files or store.because
        ],
        "tasks": [_task(task, state) for task in state.tasks],
        "reads": [_read(seen) for seen in state.reads],
        "steps": len(trace),
    }
    notes = dict.fromkeys(note for store in state.stores for note in open_notes(state, store))
    if notes:
        answer |= {"open": True, "choices": list(notes)}
    if reading.flag(document.get("explain", False), "explain"):
        answer["story"] = _story(trace)
    return answer


ANSWERS: Mapping[str, Callable[[Mapping[str, Any], VolumesRules], dict[str, Any]]] = {"volumes": volumes_answer}

_MORE_SPACE = "Ask for more with ephemeralStorage.sizeInGiB (up to 200), or write less."


def _asked(document: Mapping[str, Any]) -> tuple[Plan, Spec]:
    """The question's one task as a scenario of its own."""
    scenario: dict[str, Any] = {name: document[name] for name in TASK_FIELDS if name in document}
    if document.get("fileSystems") is not None:
        scenario["fileSystems"] = document["fileSystems"]
    if document.get("volume") is not None and "taskDefinition" not in document:
        scenario["taskDefinition"] = scenario_of_volume(document)
        if isinstance(document["volume"], Mapping) and "fsxWindowsFileServerVolumeConfiguration" in document["volume"]:
            scenario.setdefault("operatingSystemFamily", "WINDOWS_SERVER_2022_CORE")
    place: dict[str, Any] = {"task": "task"}
    zone = document.get("availabilityZone")
    if document.get("launchType") != FARGATE:
        host = {"ec2InstanceId": "i-1", "dockerVolumes": document.get("dockerVolumes", [])}
        scenario["instances"] = [host if zone is None else {**host, "availabilityZone": zone}]
        place["ec2InstanceId"] = "i-1"
    elif zone is not None:
        place["availabilityZone"] = zone
    plan = read_scenario({**scenario, "tasks": [place]})
    return plan, plan.specs[0]


def _shown_as(document: Mapping[str, Any]) -> tuple[str, str]:
    """Where the question has a volume only, its path is that of the document, not of the definition made of it."""
    whole = "taskDefinition" in document
    return ("taskDefinition", "taskDefinition") if whole else ("taskDefinition.volumes[0]", "volume")


def _scope(volume: Volume, spec: Spec) -> str:
    if volume.kind is Kind.BIND_MOUNT and spec.launch.type == FARGATE:
        return "It lies on the task's ephemeral storage; the containers of the one task share it."
    return SCOPES[volume.kind.name]


def _notes(volume: Volume, spec: Spec) -> list[str]:
    """What AWS leaves open about a volume."""
    found: list[str] = []
    if volume.autoprovision_with_task:
        found.append(
            f"autoprovision means something with scope shared only; whether it is refused on “{volume.name}”, "
            "of scope task, is undocumented."
        )
    if volume.kind is Kind.HOST_PATH and spec.launch.type == "MANAGED_INSTANCES":
        found.append("Which host paths can be written on Managed Instances is undocumented.")
    return found


def _task(task: Task, state: State) -> dict[str, Any]:
    told: dict[str, Any] = {"task": task.name, "status": task.status.value, "on": task.spec.instance or task.spec.zone}
    if task.status.value == "FAILED_TO_START":
        why = refusal(state, task.spec)
        told |= {"code": task.code, "reason": why.message if why is not None and why.code == task.code else task.code}
    elif task.code:
        told["reason"] = CODES[task.code]
    return told


def _read(seen: Seen) -> dict[str, Any]:
    told: dict[str, Any] = {"task": seen.task, "path": seen.path, "sees": seen.code}
    if seen.files:
        told["files"] = list(seen.files)
    return told


def _story(trace: Trace[State, Event]) -> list[str]:
    told: list[str] = []
    for k in range(len(trace)):
        said: Explanation = explain(trace, k)
        told.append(f"{said.sentence} {said.fix}".strip())
    return told
