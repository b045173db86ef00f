"""What the figures of the lesson on volumes share: runs and films computed once, and the words below them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from diagrams.film import Film
from diagrams.model import Diagram
from diagrams.volumes import volumes_diagram
from diagrams.volumes_film import still, volumes_film
from diagrams.volumes_gauge import Held, gauge_film
from diagrams.volumes_levels import beats, levels_film, told
from diagrams.volumes_matrix import Spot, Table, matrix_film
from lessons.situations import text_of
from simulator.trace import Trace, first_difference, state_at
from simulator.volumes import RULES, VolumesRules, simulate
from simulator.volumes.start import refusal
from simulator.volumes.state import Event, State, Status, Store, TaskStatus, What
from simulator.volumes.subjects import volumes_answer
from simulator.volumes.wording import cure, open_notes, store_reason
from ui.words import code, marked, plain

Scenario = Mapping[str, Any]
Run = Trace[State, Event]

ASK_FIRST = "The task writes /scratch/order.pdf. Then the service replaces the task. Where is the file?"
ASK_BET = "The task web wrote a note to every path. Now it is replaced, on the same instance. Which notes are left?"
ASK_LEVELS = "The task web wrote a note to every path. Each stands in the box that it lies in."
ASK_SHARING = "One task writes a file. Who else sees it?"


def run_of(scenario: Scenario, rules: VolumesRules = RULES) -> Run:
    """The run of a scenario."""
    return _run(text_of(scenario), rules)


def film_of(scenario: Scenario, rules: VolumesRules = RULES, *, ask: str = "") -> Film:
    """The run as architecture, one step an event; `ask` is the caption of the first frame."""
    return _film(text_of(scenario), rules, ask)


def opening_of(scenario: Scenario, ask: str) -> Film:
    """What may be seen of that film while a bet is owed."""
    return _opening(text_of(scenario), ask)


def levels_of(scenario: Scenario, *, locked: bool = False) -> Film:
    """The run as nested boxes, one frame a beat; while a bet is owed, the first alone."""
    return _levels(text_of(scenario), locked)


def diagram_of(scenario: Scenario, *, narrow: bool = False) -> Diagram:
    """The end of a run as architecture, for a narrow place as a column."""
    return _diagram(text_of(scenario), narrow)


def parted(left: Scenario, right: Scenario, rules: VolumesRules = RULES) -> int | None:
    """The first event in which two runs differ."""
    return first_difference(run_of(left), run_of(right, rules))


def said_of(scenario: Scenario, step: int, picked: str | None, rules: VolumesRules = RULES) -> str:
    """What is said of a box that was chosen in the film, "" if it is not there at that step."""
    if not picked:
        return ""
    run = run_of(scenario, rules)
    diagram = volumes_diagram(state_at(run, min(step, len(run))))
    part = next((one for one in (*diagram.nodes, *diagram.groups) if one.id == picked), None)
    return f"**{plain(part.label)}.** {marked(part.explanation)}" if part is not None else ""


def outcome(scenario: Scenario) -> str:
    """What has become of the first file at the end, in Markdown: who sees it, why, what would have kept it."""
    return _outcome(text_of(scenario))


def mended(scenario: Scenario) -> dict[str, Any] | None:
    """The scenario with the mount target, or the opening in its group, that a task's start was lacking; else None."""
    run = run_of(scenario)
    state = state_at(run, len(run))
    failed = next((task for task in state.tasks if task.code in ("MOUNT_NAME_UNRESOLVED", "MOUNT_TIMEOUT")), None)
    if failed is None or not scenario.get("fileSystems"):
        return None
    changed = json.loads(text_of(scenario))
    targets: list[dict[str, Any]] = changed["fileSystems"][0].setdefault("mountTargets", [])
    if failed.code == "MOUNT_NAME_UNRESOLVED":
        targets.append({"availabilityZoneName": failed.spec.zone})
    for target in targets:
        if target["availabilityZoneName"] == failed.spec.zone and "admits" in target:
            target["admits"] = [*target["admits"], *failed.spec.groups]
    return changed


def row_told(scenario: Scenario, step: int, picked: str | None) -> str:
    """What is said of a row that was chosen in the nested boxes."""
    if not picked or not picked.startswith("row "):
        return ""
    run = run_of(scenario)
    name, reason, fix = told(run, beats(run)[min(step, len(beats(run)) - 1)], picked.removeprefix("row "))
    if not name:
        return ""
    kept = f" **What would have kept it:** {marked(fix)}" if fix else ""
    return f"**{plain(name)}.** {marked(reason)}{kept}"


def left_open(scenario: Scenario) -> str:
    """What AWS leaves open about the end of a run, in Markdown."""
    run = run_of(scenario)
    state = state_at(run, len(run))
    notes = dict.fromkeys(note for store in state.stores for note in open_notes(state, store))
    return " ".join(f"*{marked(note)}*" for note in notes)


def gauge_of(scenario: Scenario) -> tuple[Film, str]:
    """Fargate's storage as a bar, and what is said below it."""
    return _gauge(text_of(scenario))


def matrix_of(situation: Scenario) -> Film:
    """The table of what can be attached where."""
    return _matrix(text_of(situation))


def cell_told(situation: Scenario, picked: str | None) -> str:
    """Why the chosen cell of the table says what it says, and the least change, in Markdown."""
    if not picked or not picked.startswith("cell "):
        return ""
    row, _, column = picked.removeprefix("cell ").partition(" ")
    if row not in ROWS or column not in situation["columns"]:
        return ""
    answer = _attached(row, column, str(situation["operatingSystemFamily"]))
    head = f"**{plain(ROWS[row][0])} on {plain(COLUMNS[column])}.**"
    if not answer["errors"]:
        notes = " ".join(f"*{marked(note)}*" for note in answer.get("choices", ()))
        return f"{head} It can be attached. {marked(answer['volumes'][0]['scope'])} {notes}".strip()
    # What AWS refuses for good comes before what it does not offer yet.
    first = min(answer["errors"], key=lambda error: bool(error.get("open")))
    return f"{head} {marked(first['message'])} **Instead:** {marked(first['fix'])}"


COLUMNS = {
    "FARGATE": "Fargate",
    "EC2": "EC2",
    "MANAGED_INSTANCES": "Managed Instances",
    "EXTERNAL": "External",
}
# id -> name, and the volume as a task definition writes it.
ROWS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "bind": ("Bind mount", {"name": "scratch"}),
    "host": ("Bind mount with sourcePath", {"host": {"sourcePath": "/data"}}),
    "docker": ("Docker volume", {"dockerVolumeConfiguration": {"scope": "shared", "autoprovision": True}}),
    "ebs": ("EBS volume", {"configuredAtLaunch": True}),
    "efs": ("EFS", {"efsVolumeConfiguration": {"fileSystemId": "fs-1"}}),
    "s3": (
        "S3 Files",
        {"s3filesVolumeConfiguration": {"fileSystemArn": "arn:aws:s3files:us-east-1:111122223333:file-system/fs-9"}},
    ),
    "fsx": ("FSx for Windows File Server", {"fsxWindowsFileServerVolumeConfiguration": {"fileSystemId": "fs-w"}}),
}


@lru_cache(maxsize=128)
def _run(text: str, rules: VolumesRules) -> Run:
    return simulate(json.loads(text), rules)


@lru_cache(maxsize=96)
def _film(text: str, rules: VolumesRules, ask: str) -> Film:
    return volumes_film(_run(text, rules), ask=ask)


@lru_cache(maxsize=16)
def _opening(text: str, ask: str) -> Film:
    """What stands after the first event; nothing of what follows is sent."""
    scenario = json.loads(text)
    return still(_run(text_of({**scenario, "events": scenario["events"][:1]}), RULES), ask=ask)


@lru_cache(maxsize=64)
def _levels(text: str, opening: bool) -> Film:
    ask = ASK_BET if opening else ASK_LEVELS
    return levels_film(_run(text, RULES), title="What a stop takes along", ask=ask, opening=opening)


@lru_cache(maxsize=32)
def _diagram(text: str, narrow: bool) -> Diagram:
    if narrow:
        return replace(_diagram(text, False), direction="column")
    run = _run(text, RULES)
    return volumes_diagram(state_at(run, len(run)), title="The task and its storage")


@lru_cache(maxsize=128)
def _outcome(text: str) -> str:
    run = _run(text, RULES)
    state = state_at(run, len(run))
    parts: list[str] = []
    for task in state.tasks:
        why = refusal(state, task.spec) if task.status is TaskStatus.FAILED_TO_START else None
        if why is not None and why.code == task.code:
            parts.append(f":material/block: **{plain(task.name)} does not start.** {marked(why.message)}")
            parts.append(f"**The least change:** {marked(why.fix)}")
    store = _first_store(run, state)
    if store is not None and not parts:
        parts.append(_of_file(store))
    notes = dict.fromkeys(note for store in state.stores for note in open_notes(state, store))
    parts += [f"*{marked(note)}*" for note in notes]
    return " ".join(parts)


def _of_file(store: Store) -> str:
    name = store.volume if store.id.startswith("arn:") else store.id
    where = f"{code(name)} ({store.kind.value})"
    if store.status is Status.AVAILABLE:
        return f"**The file is in {where}.** {marked(store_reason(store))}"
    word = "is lost" if store.status is Status.LOST else "is out of reach"
    fix = cure(store, store.because)
    kept = f" **What would have kept it:** {marked(fix)}" if fix else ""
    return f"**The file in {where} {word}.** {marked(store_reason(store))}{kept}"


def _first_store(run: Run, state: State) -> Store | None:
    """Where the first file of a run was written."""
    for k, event in enumerate(run.events):
        if event.kind is What.WROTE:
            before = {store.id: len(store.files) for store in state_at(run, k).stores}
            after = state_at(run, k + 1).stores
            name = next((store.id for store in after if len(store.files) != before[store.id]), "")
            return state.store(name)
    return None


@lru_cache(maxsize=64)
def _gauge(text: str) -> tuple[Film, str]:
    scenario = json.loads(text)
    answer = volumes_answer(scenario)
    storage = answer.get("ephemeralStorage")
    used = {name: float(value) for name, value in scenario.get("use", {}).items()}
    held = Held(size=storage["sizeInGiB"] if storage else None, used=used)
    if answer["outcome"] == "ATTACHES":
        below = f":material/check_circle: {marked(storage['reason'])}"
    else:
        first = answer["errors"][0]
        below = f":material/block: {marked(first['message'])} **The least change:** {marked(first['fix'])}"
    size = scenario["taskDefinition"].get("ephemeralStorage", {}).get("sizeInGiB")
    asked = "does not say how much" if size is None else f"asks for {size} GiB"
    caption = f"The task {asked}. Image, writable layers, and bind mounts all lie on the one bar."
    return gauge_film(held, title="Ephemeral storage of a Fargate task", caption=caption), below


@lru_cache(maxsize=8)
def _matrix(text: str) -> Film:
    situation = json.loads(text)
    system = str(situation["operatingSystemFamily"])
    spots = [
        Spot(row=row, column=column, verdict=_verdict(_attached(row, column, system)))
        for row in ROWS
        for column in situation["columns"]
    ]
    table = Table(
        title="What can be attached where",
        rows={row: name for row, (name, _) in ROWS.items()},
        columns={column: COLUMNS[column] for column in situation["columns"]},
        spots=spots,
    )
    return matrix_film(table, caption="Choose a cell to hear why, or why not, and what to take instead.")


@lru_cache(maxsize=128)
def _attached(row: str, column: str, system: str) -> dict[str, Any]:
    return volumes_answer({"volume": ROWS[row][1], "launchType": column, "operatingSystemFamily": system})


def _verdict(answer: Mapping[str, Any]) -> str:
    if answer["outcome"] == "ATTACHES":
        return "yes"
    return "open" if all(error.get("open") for error in answer["errors"]) else "no"
