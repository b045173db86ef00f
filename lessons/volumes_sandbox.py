"""The sandbox of the lesson on volumes: tasks with their storage, one run, and every way to change it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

import streamlit as st

from lessons import playground
from lessons.playground import Playground, start_step
from lessons.stage import Stage
from lessons.volumes_figures import film_of, outcome, parted, run_of, said_of
from lessons.volumes_presets import SANDBOX
from lessons.volumes_real import snippets
from lessons.volumes_situations import EFS_ID, HOSTS, TASK_ROLE, VOLUMES, A, B, managed
from simulator.errors import InputError
from simulator.trace import fork, state_at, to_json
from simulator.volumes import RULES, VolumesRules
from simulator.volumes.attach import FARGATE
from simulator.volumes.rules import BindMountLife, EfsScope, Life, Restart, SharedBy
from simulator.volumes.state import State, TaskStatus
from ui import sandbox, theme
from ui.beside import ALONE
from ui.player import PlayerState, player
from ui.sandbox import Path, Sandbox, Scenario

MOST_TASKS, MOST_INSTANCES, MOST_STEPS = 6, 6, 80

BELIEFS: Mapping[str, tuple[str, VolumesRules]] = {
    "kept": ("if Fargate kept its storage", replace(RULES, fargate_storage=Life.KEPT)),
    "together": ("if tasks on Fargate shared it", replace(RULES, fargate_shared_by=SharedBy.SERVICE)),
    "instance": ("if bind mounts lived with the instance", replace(RULES, bind_mount_life=BindMountLife.WITH_INSTANCE)),
    "synced": ("if a sourcePath were synced", replace(RULES, host_paths_synced=True)),
    "follows": ("if EBS followed the service", replace(RULES, service_ebs=Life.KEPT)),
    "one-disk": ("if a service shared one EBS volume", replace(RULES, ebs_shared_by=SharedBy.SERVICE)),
    "again": ("if a kept EBS volume came back", replace(RULES, kept_ebs_reattached=True)),
    "one-zone": ("if EFS lived in one zone", replace(RULES, efs_scope=EfsScope.ZONE)),
    "one-target": ("if one mount target were enough", replace(RULES, efs_any_mount_target=True)),
    "no-s3": ("if S3 could never be mounted", replace(RULES, s3_files_mountable=False)),
    "wiped": ("if a restart wiped the container", replace(RULES, restart=Restart.FRESH_CONTAINER)),
}
TITLES = {name: title for name, (title, _) in BELIEFS.items()}

_KINDS: Mapping[str, str] = {
    "bind mount": "scratch",
    "bind mount with sourcePath": "cache",
    "Docker volume, scope shared": "shared",
    "EBS": "disk",
    "EFS": "data",
    "S3 Files": "bucket",
}
_ONE_TARGET = [{"fileSystemId": EFS_ID, "mountTargets": [{"availabilityZoneName": A}]}]
_CLOSED = [
    {
        "fileSystemId": EFS_ID,
        "mountTargets": [
            {"availabilityZoneName": A, "admits": ["sg-task"]},
            {"availabilityZoneName": B, "admits": ["sg-old"]},
        ],
    }
]
_FILE_SYSTEMS: dict[str, Any] = {
    "a mount target in each zone": None,
    "a mount target in us-east-1a alone": _ONE_TARGET,
    "in us-east-1b it lets in sg-old": _CLOSED,
    "One Zone, in us-east-1a": [{"fileSystemId": EFS_ID, "availabilityZoneName": A}],
}
OWN = "Here each task has a definition of its own; change them in the JSON."


def show(stage: Stage) -> None:
    """The situations, the run as architecture, then the controls, one panel at a time."""
    playground.show(stage, GROUND)


def check(scenario: Scenario) -> None:
    """Refuse what cannot run, and what is too large to be drawn while one waits.

    Raises
    ------
    InputError
        With one sentence.
    """
    for name, most in (("tasks", MOST_TASKS), ("instances", MOST_INSTANCES)):
        listed = scenario.get(name)
        if isinstance(listed, list) and len(listed) > most:
            raise InputError(f"There are {len(listed)} {name}, and this page draws {most}; the terminal takes more.")
    for at, task in enumerate(scenario.get("tasks") or ()):
        definition = task.get("taskDefinition") if isinstance(task, dict) else None
        if isinstance(definition, dict) and not isinstance(definition.get("family") or "", str):
            raise InputError(f'tasks[{at}].taskDefinition.family must be a text, such as "web".')
    run = run_of(scenario)
    if len(run) > MOST_STEPS:
        raise InputError(f"The run has {len(run)} steps, and this page plays {MOST_STEPS}; the terminal takes more.")
    film_of(scenario)


def _figure(stage: Stage, scenario: Scenario, aside: str) -> PlayerState:
    film, start = film_of(scenario), start_step(stage)
    step = start or len(film.frames) - 1
    if aside != ALONE:
        title, rules = BELIEFS[aside]
        mark = parted(scenario, scenario, rules)
        other = film_of(scenario, rules)
        labels = ("as it is", title)
        key = stage.key("film")
        rest = player(film, key=key, beside=other, labels=labels, parted_at=mark, step=step)
        same = "Here the belief makes no difference." if mark is None else ""
    else:
        rest, same = player(film, key=stage.key("film"), step=step), ""
    said = [same, said_of(scenario, rest.step, rest.picked) or outcome(scenario)]
    st.markdown("\n\n".join(part for part in said if part), width=theme.MEASURE)
    return rest


def _storage(stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    """What the tasks mount, where they run, and how their EBS volumes end."""
    scenario = sandbox.current(box)
    if "taskDefinition" not in scenario or "launchType" not in scenario:
        st.caption(OWN)
        return
    volumes = scenario["taskDefinition"].get("volumes") or [{}]
    kind = next((name for name, volume in _KINDS.items() if _like(volumes[0], VOLUMES[volume])), None)
    left, right = st.columns(2)
    with left:
        st.session_state[stage.key("kind")] = kind
        st.selectbox(
            "The volume  \n`volumes`",
            list(_KINDS),
            key=stage.key("kind"),
            placeholder="Your own, in the JSON",
            on_change=_take_kind,
            args=(stage, box),
        )
        st.session_state[stage.key("launch")] = scenario["launchType"]
        st.selectbox(
            "Launch type  \n`launchType`",
            ["FARGATE", "EC2"],
            key=stage.key("launch"),
            placeholder="Your own, in the JSON",
            on_change=_take_launch,
            args=(stage, box),
        )
    with right:
        sandbox.choice(box, "Who starts them", "service", ("service",), {"RunTask": None, "the service web": "web"})
        ebs: Path = ("volumeConfigurations",)
        choices = {"EBS: deleted with the task": managed(), "EBS: kept": managed(delete=False), "no EBS volume": None}
        sandbox.choice(box, "EBS volume", "terminationPolicy", ebs, choices)
        sandbox.switch(box, "Task role", "taskRoleArn", ("taskDefinition", "taskRoleArn"), on=TASK_ROLE)


def _file_system(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    """Where the EFS file system can be mounted from."""
    sandbox.choice(box, "The EFS file system has", "MountTargets", ("fileSystems",), _FILE_SYSTEMS)
    groups = {"sg-task": None, "sg-web": ["sg-web"]}
    sandbox.choice(box, "The tasks carry", "securityGroups", ("securityGroups",), groups)


def _from_here(stage: Stage, box: Sandbox, rest: PlayerState) -> None:
    """Acts from the step at rest on: what came before stays as it was."""
    run = run_of(sandbox.current(box))
    step = min(rest.step, len(run))
    state = state_at(run, step)
    st.markdown(f"**From step {step} on.** Everything before it stays; what is written there still happens after it.")
    running = [task.name for task in state.tasks if task.status is TaskStatus.RUNNING]
    if not running:
        st.caption("No task runs at this step.")
    else:
        name = _pick(stage, running, rest.picked)
        with st.container(horizontal=True):
            for at, (label, change) in enumerate(_acts(state, name)):
                st.button(label, key=stage.key(f"act-{at}"), on_click=_fork, args=(box, step, change))
    if sandbox.current(box).get("changes"):
        st.button("Forget all such changes", key=stage.key("forget"), on_click=_forget, args=(box,))


def _acts(state: State, name: str) -> list[tuple[str, dict[str, Any]]]:
    task = state.task(name)
    assert task is not None, "it is one of the running tasks"
    container = task.containers[0].name
    path = max((mount.path for mount in task.mounts if mount.container == container), key=len)
    acts: list[tuple[str, dict[str, Any]]] = [
        (f"Write to {path}", {"action": "write", "task": task.base, "path": f"{path.rstrip('/')}/more"}),
        ("Exit its container", {"action": "stopContainer", "task": task.base, "exitCode": 1}),
        ("Stop it", {"action": "stopTask", "task": task.base}),
    ]
    if task.spec.instance:
        change = {"action": "terminateInstance", "ec2InstanceId": task.spec.instance}
        acts.append((f"Terminate {task.spec.instance}", change))
    acts.append((f"Lose {task.spec.zone}", {"action": "loseZone", "availabilityZone": task.spec.zone}))
    acts.append(("Wait 3 hours", {"action": "wait", "seconds": 10_800}))
    return acts


def _pick(stage: Stage, names: list[str], picked: str | None) -> str:
    """The task to act on: the one chosen in the figure, unless another is chosen here."""
    key, seen = stage.key("task"), stage.key("task-seen")
    meant = (picked or "").removeprefix("task ").removeprefix("container ").split("/")[0]
    if meant in names and st.session_state.get(seen) != picked:
        st.session_state[key] = meant
    st.session_state[seen] = picked
    if st.session_state.get(key) not in names:
        st.session_state[key] = names[0]
    return st.selectbox("Task", names, key=key, width=300)


def _like(volume: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two volumes are the same but for their names."""
    return {**volume, "name": ""} == {**other, "name": ""}


def _take_kind(stage: Stage, box: Sandbox) -> None:
    wanted = st.session_state[stage.key("kind")]
    if wanted is None:
        return
    scenario = deepcopy(sandbox.current(box))
    volumes = scenario["taskDefinition"].get("volumes") or [{"name": "data"}]
    scenario["taskDefinition"]["volumes"] = [{**VOLUMES[_KINDS[wanted]], "name": volumes[0]["name"]}, *volumes[1:]]
    if wanted == "S3 Files":
        scenario["taskDefinition"].setdefault("taskRoleArn", TASK_ROLE)
    sandbox.propose(box, scenario)


def _take_launch(stage: Stage, box: Sandbox) -> None:
    wanted = st.session_state[stage.key("launch")]
    if wanted is not None:
        sandbox.propose(box, launched(sandbox.current(box), wanted))


def launched(scenario: Scenario, launch: str) -> Scenario:
    """The scenario on another launch type; each task keeps its zone, and acts on instances are left out."""
    changed = {key: value for key, value in deepcopy(scenario).items() if key != "changes"}
    zones = {host["ec2InstanceId"]: host["availabilityZone"] for host in (*HOSTS, *changed.get("instances", ()))}
    hosts = {host["availabilityZone"]: host["ec2InstanceId"] for host in reversed(HOSTS)}
    any_host = HOSTS[0]["ec2InstanceId"]
    tasks: list[dict[str, Any]] = []
    for task in changed["tasks"]:
        zone = zones.get(task.get("ec2InstanceId"), task.get("availabilityZone", A))
        kept = {key: value for key, value in task.items() if key not in ("ec2InstanceId", "availabilityZone")}
        own = {"availabilityZone": zone} if launch == FARGATE else {"ec2InstanceId": hosts.get(zone, any_host)}
        tasks.append({**kept, **own})
    for name in ("instances", "availabilityZones"):
        changed.pop(name, None)
    place: Scenario = {"availabilityZones": [A, B]} if launch == FARGATE else {"instances": deepcopy(HOSTS)}
    acts = [act for act in changed.get("events", ()) if act.get("action") not in _ON_INSTANCES]
    return {**changed, "launchType": launch, **place, "tasks": tasks, "events": acts}


_ON_INSTANCES = ("stopInstance", "terminateInstance")


def _fork(box: Sandbox, step: int, change: dict[str, Any]) -> None:
    run = run_of(sandbox.current(box))
    sandbox.propose(box, deepcopy(dict(fork(run, min(step, len(run)), change).scenario)))


def _forget(box: Sandbox) -> None:
    sandbox.change(box, ("changes",), None)


GROUND = Playground(
    presets=SANDBOX,
    check=check,
    figure=_figure,
    panels={"Storage": _storage, "File system": _file_system, "From this step on": _from_here},
    run=lambda scenario: to_json(run_of(scenario)),
    real=snippets,
    beside=TITLES,
    aside="The same situation once more, as it would be if a belief were true. The slider marks where the two part.",
)
