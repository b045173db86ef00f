"""The sandbox of the placement lesson: one situation, its run, and every way to change it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import streamlit as st

from diagrams.board import MOST
from lessons import playground
from lessons.placement_cli import snippets
from lessons.placement_figures import below, film_of, pair, run_of
from lessons.placement_presets import BESIDE, SANDBOX
from lessons.placement_situations import INSTANCES, PACKED, PACKED_CPU, RANDOM, ZONES
from lessons.playground import Playground, start_step
from lessons.stage import Stage
from simulator.errors import InputError
from simulator.placement import RULES
from simulator.trace import fork, state_at, to_json
from ui import sandbox, theme
from ui.beside import ALONE
from ui.player import PlayerState, player
from ui.sandbox import Path, Sandbox, Scenario
from ui.words import plain

MOST_WRITTEN = 4_000  # characters of constraints, each of which every instance is asked at every step
MOST_TASKS = 200  # asked for, or running at the start: what a page draws and explains without a wait
TITLES = {name: title for name, (title, _, _) in BESIDE.items()}

_STRATEGIES: dict[str, Any] = {
    "none written": None,
    "spread over zones": ZONES,
    "spread over instances": INSTANCES,
    "spread over zones, then binpack": [*ZONES, *PACKED],
    "binpack, then spread over zones": [*PACKED, *ZONES],
    "binpack on memory": PACKED,
    "binpack on CPU": PACKED_CPU,
    "random": RANDOM,
}
_CONSTRAINTS: dict[str, Any] = {
    "none": None,
    "distinctInstance": [{"type": "distinctInstance"}],
    "only m5": [{"type": "memberOf", "expression": r"attribute:ecs.instance-type =~ m5\..*"}],
    "only zone us-east-1a": [{"type": "memberOf", "expression": "attribute:ecs.availability-zone == us-east-1a"}],
    "not beside the api": [{"type": "memberOf", "expression": "not(task:group == service:api)"}],
}
_PORTS: dict[str, Any] = {
    "none": None,
    "dynamic (0)": [{"containerPort": 8080, "hostPort": 0}],
    "fixed (8080)": [{"containerPort": 8080, "hostPort": 8080}],
}
_SCHEDULING = {"RunTask": None, "service, REPLICA": "REPLICA", "service, DAEMON": "DAEMON"}
_NETWORK = {"bridge": None, "awsvpc": "awsvpc", "host": "host"}
_TYPES = {name: name for name in ("t3.small", "t3.medium", "c5.large", "m5.large", "m5.xlarge", "m5a.large")}
_ZONE_NAMES = {name: name for name in ("us-east-1a", "us-east-1b", "us-east-1c")}


def show(stage: Stage) -> None:
    """The presets, the run with its reasons, then the controls, one panel at a time."""
    playground.show(stage, GROUND)


def check(scenario: Scenario) -> None:
    """Refuse what cannot run, and what is too large to be drawn while one waits.

    Raises
    ------
    InputError
        With one sentence.
    """
    instances = scenario.get("instances")
    listed = instances if isinstance(instances, list) else []
    if len(listed) > MOST:
        raise InputError(f"There are {len(listed)} instances, and the board holds {MOST}; the terminal takes more.")
    asked = _asked(scenario)
    if asked > MOST_TASKS:
        raise InputError(f"That is {asked} tasks, and this page takes {MOST_TASKS}; the terminal takes more.")
    written = max(map(_written, _parts(scenario)), default=0)
    if written > MOST_WRITTEN:
        raise InputError(
            f"The expressions of one request have {written} characters in all, and this page takes {MOST_WRITTEN}; "
            "the terminal takes more."
        )
    run_of(scenario)


def _parts(scenario: Scenario) -> list[dict[str, Any]]:
    """The scenario itself, its requests and its changes, as far as they are objects."""
    listed = [part for name in ("requests", "changes") if isinstance(part := scenario.get(name), list)]
    return [one for one in (scenario, *(one for part in listed for one in part)) if isinstance(one, dict)]


def _written(part: Mapping[str, Any]) -> int:
    """How long the expressions of a request's constraints are, its task definition's among them."""
    task = part.get("taskDefinition")
    own = task.get("placementConstraints") if isinstance(task, dict) else None
    given = [one for one in (own, part.get("placementConstraints")) if isinstance(one, list)]
    texts = [one.get("expression") for part in given for one in part if isinstance(one, dict)]
    return sum(len(text) for text in texts if isinstance(text, str))


def _asked(scenario: Scenario) -> int:
    """All tasks that a scenario speaks of; what is no number is left to the simulator to refuse."""
    requests = scenario.get("requests")
    parts: list[Any] = [scenario, *(requests if isinstance(requests, list) else [])]
    instances = scenario.get("instances")
    listed = instances if isinstance(instances, list) else []
    asking = [part for part in parts if isinstance(part, dict)]
    # A daemon service asks for one task on each instance.
    counts = [len(listed) if part.get("schedulingStrategy") == "DAEMON" else part.get("count") for part in asking]
    for one in listed:
        tasks = one.get("tasks") if isinstance(one, dict) else None
        counts.extend(tasks.values() if isinstance(tasks, dict) else ())
    return sum(count for count in counts if isinstance(count, int) and count > 0)


def _figure(stage: Stage, scenario: Scenario, aside: str) -> PlayerState:
    """The run, or two of them under one slider: one player both ways, so the step stays when the other one comes."""
    start = start_step(stage)
    if aside != ALONE:
        title, differs, rules = BESIDE[aside]
        other = (title, _with(scenario, differs), rules)
        try:
            return pair(stage, {}, ("as it is", scenario, RULES), other, key="run", step=start)
        except InputError as error:
            st.caption(f"Beside it nothing can be shown. {plain(str(error))}")
    rest = player(film_of(scenario), key=stage.key("run"), step=start)
    with st.container(width=theme.MEASURE):
        below(run_of(scenario), rest.step, rest.picked, told="Step on, or choose an instance to see how it stands.")
    return rest


def _with(scenario: Scenario, differs: Mapping[str, Any]) -> Scenario:
    """The scenario with fields of its requests replaced."""
    if scenario.get("requests") is None:
        return {**scenario, **differs}
    placed = [{**one, **differs} if "taskDefinition" in one else one for one in scenario["requests"]]
    return {**scenario, "requests": placed}


def _task(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    """What is asked for: how many, of what size, with which port, strategy and constraint."""
    scenario = sandbox.current(box)
    at = _request_at(scenario)
    if at is None:
        st.caption("This situation asks for no task; add a request in the JSON.")
        return
    container = (*at, "taskDefinition", "containerDefinitions", 0)
    first, second, third = st.columns(3)
    with first:
        sandbox.number(box, "Tasks to place", "count", (*at, "count"), low=0, high=40, default=1)
        sandbox.choice(box, "Who asks", "schedulingStrategy", (*at, "schedulingStrategy"), _SCHEDULING)
        if _is_drawn(scenario, at):
            sandbox.number(box, "Seed of what is random", "seed", ("seed",), low=0, high=50, default=1)
    with second:
        sandbox.number(box, "CPU units of a task", "cpu", (*container, "cpu"), low=0, high=4096, step=128)
        sandbox.number(box, "MiB of a task", "memory", (*container, "memory"), low=128, high=8192, step=128)
        sandbox.choice(box, "Host port", "hostPort", (*container, "portMappings"), _PORTS)
    with third:
        sandbox.choice(box, "Strategy", "placementStrategy", (*at, "placementStrategy"), _STRATEGIES)
        sandbox.choice(box, "Constraint", "placementConstraints", (*at, "placementConstraints"), _CONSTRAINTS)
        sandbox.choice(box, "Network", "networkMode", (*at, "taskDefinition", "networkMode"), _NETWORK)


def _is_drawn(scenario: Scenario, at: Path) -> bool:
    """Whether chance has a part in the request: the strategy random, written or as RunTask's default."""
    written = scenario if not at else scenario["requests"][at[1]]
    strategies = written.get("placementStrategy") or ()
    if not strategies:
        return written.get("schedulingStrategy") is None
    return any(strategy.get("type") == "random" for strategy in strategies)


def _instances(stage: Stage, box: Sandbox, rest: PlayerState) -> None:
    """One instance as it is at the start: its type and zone, whether it takes tasks; one more, or one less."""
    listed = sandbox.current(box)["instances"]
    names = [one["ec2InstanceId"] for one in listed]
    name = _pick_instance(stage, names, rest.picked, "instances")
    if name is None:
        return
    at: Path = ("instances", names.index(name))
    first, second = st.columns(2)
    with first:
        sandbox.choice(box, "Type", "instanceType", (*at, "instanceType"), _TYPES)
        sandbox.choice(box, "Zone", "availabilityZone", (*at, "availabilityZone"), _ZONE_NAMES)
    with second:
        sandbox.switch(box, "Draining", "status", (*at, "status"), on="DRAINING")
        sandbox.switch(box, "Agent disconnected", "agentConnected", (*at, "agentConnected"), on=False)
        sandbox.switch(box, "More interfaces", "eniTrunking", (*at, "eniTrunking"))
    with st.container(horizontal=True):
        st.button("Add one like it, empty", key=stage.key("add"), on_click=_add, args=(box, name))
        st.button("Take it out", key=stage.key("remove"), on_click=_remove, args=(box, name))


def _from_here(stage: Stage, box: Sandbox, rest: PlayerState) -> None:
    """Acts from the step at rest on: what came before stays as it was."""
    run = run_of(sandbox.current(box))
    st.markdown(f"**From step {rest.step} on.** Everything before it stays; the run goes another way from there.")
    there = state_at(run, min(rest.step, len(run))).instances
    name = _pick_instance(stage, [one.id for one in there], rest.picked, "from-here")
    one = next((one for one in there if one.id == name), None)
    if one is not None:
        on, off = one.status == "ACTIVE", one.agent_connected
        acts: dict[str, dict[str, Any]] = {
            "Drain it" if on else "Make it active": {"instance": one.id, "status": "DRAINING" if on else "ACTIVE"},
            "Cut off its agent" if off else "Reconnect its agent": {"instance": one.id, "agentConnected": not off},
            "Terminate it": {"terminate": one.id},
        }
        with st.container(horizontal=True):
            for at, (label, change) in enumerate(acts.items()):
                st.button(label, key=stage.key(f"act-{at}"), on_click=_fork, args=(box, rest.step, change))
    others = {words: value for words, value in _STRATEGIES.items() if value}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.selectbox("Another strategy  \n`placementStrategy`", list(others), key=stage.key("other"), width=300)
        change = {"placementStrategy": others[words]}
        st.button("Place by it from here", key=stage.key("act-other"), on_click=_fork, args=(box, rest.step, change))
    if sandbox.current(box).get("changes"):
        st.button("Forget all such changes", key=stage.key("forget"), on_click=_forget, args=(box,))


def _pick_instance(stage: Stage, names: list[str], picked: str | None, where: str) -> str | None:
    """The instance to act on: the one chosen in the figure, unless another is chosen here."""
    if not names:
        st.caption("There is no instance; add one in the JSON.")
        return None
    key, seen = stage.key(f"{where}-name"), stage.key(f"{where}-seen")
    if picked in names and st.session_state.get(seen) != picked:
        st.session_state[key] = picked
    st.session_state[seen] = picked
    if st.session_state.get(key) not in names:
        st.session_state[key] = names[0]
    return st.selectbox("Instance  \n`ec2InstanceId`", names, key=key, width=300)


def _request_at(scenario: Scenario) -> Path | None:
    """Where the first request for tasks stands in the document."""
    if scenario.get("requests") is None:
        return ()
    for at, request in enumerate(scenario["requests"]):
        if "taskDefinition" in request:
            return ("requests", at)
    return None


def _add(box: Sandbox, name: str) -> None:
    scenario = deepcopy(sandbox.current(box))
    names = {one["ec2InstanceId"] for one in scenario["instances"]}
    like = next(one for one in scenario["instances"] if one["ec2InstanceId"] == name)
    stem = name.rstrip("0123456789") or "i"
    fresh = next(f"{stem}{n}" for n in range(1, len(names) + 2) if f"{stem}{n}" not in names)
    kept = {key: like[key] for key in ("instanceType", "availabilityZone", "attributes", "eniTrunking") if key in like}
    scenario["instances"].append({"ec2InstanceId": fresh, **kept})
    sandbox.propose(box, scenario)


def _remove(box: Sandbox, name: str) -> None:
    scenario = deepcopy(sandbox.current(box))
    scenario["instances"] = [one for one in scenario["instances"] if one["ec2InstanceId"] != name]
    sandbox.propose(box, scenario)


def _fork(box: Sandbox, step: int, change: dict[str, Any]) -> None:
    run = run_of(sandbox.current(box))
    sandbox.propose(box, deepcopy(dict(fork(run, min(step, len(run)), change).scenario)))


def _forget(box: Sandbox) -> None:
    sandbox.change(box, ("changes",), None)


GROUND = Playground(
    presets=SANDBOX,
    check=check,
    figure=_figure,
    panels={"Task and strategy": _task, "Instances": _instances, "From this step on": _from_here},
    run=lambda scenario: to_json(run_of(scenario)),
    real=snippets,
    beside=TITLES,
    aside="The same situation once more, by another strategy, or as it would be if a belief were true.",
)
