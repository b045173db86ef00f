"""The sandbox of the lesson on service auto scaling: one service, its load, its policies, and all that changes them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import streamlit as st

from lessons import playground, scaling_load
from lessons import scaling_runs as runs
from lessons.playground import Playground, start_step
from lessons.scaling_figures import reasons
from lessons.scaling_presets import BACKLOG, BESIDE, SANDBOX, stepping, tracking
from lessons.scaling_real import snippets
from lessons.stage import Stage
from simulator.scaling.policies import REQUESTS
from simulator.trace import fork, to_json
from ui import sandbox, theme
from ui.beside import ALONE
from ui.player import PlayerState, player
from ui.sandbox import Sandbox, Scenario

TITLES = {name: title for name, (title, _) in BESIDE.items()}
_CPU = tracking(50)
_POLICIES: dict[str, Any] = {
    "target tracking, CPU": [_CPU],
    "target tracking, CPU and requests": [_CPU, tracking(2900, name="requests", metric=REQUESTS)],
    "step scaling, out and in": [
        stepping("out", 60, [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 2}]),
        stepping("in", 50, [{"MetricIntervalUpperBound": 0, "ScalingAdjustment": -2}], above=False),
    ],
    "target tracking out only, step scaling in": [
        tracking(50, DisableScaleIn=True),
        stepping("in", 30, [{"MetricIntervalUpperBound": 0, "ScalingAdjustment": -1}], above=False, periods=5),
    ],
    "none": [],
}
_WORKERS: dict[str, Any] = {
    "target tracking, backlog per task": [BACKLOG],
    "target tracking, CPU": [tracking(60)],
    "none": [],
}
_AT_ONCE = {"one task": None, "half of the way down": "halfway", "all the formula says": "formula"}
_WINDOW = [{"fromMinute": 15, "toMinute": 25}]
_SETTINGS = "targetTrackingScalingPolicyConfiguration"


def show(stage: Stage) -> None:
    """The situations, the run with its reasons, then the controls, one panel at a time."""
    playground.show(stage, GROUND)


def _figure(stage: Stage, scenario: Scenario, aside: str) -> PlayerState:
    # Without a step in the address it opens at the end, where the whole run is drawn.
    step = start_step(stage) or len(runs.course_at(scenario).moments) - 1
    if aside == ALONE:
        rest = player(runs.film_of(scenario), key=stage.key("run"), step=step)
    else:
        title, rules = BESIDE[aside]
        film, other = runs.films_of(scenario, scenario, rules)
        parted = runs.parted(scenario, rules)
        rest = player(film, key=stage.key("run"), step=step, beside=other, labels=("as it is", title), parted_at=parted)
        if parted is None:
            st.markdown("The two never part: in this situation it makes no difference.")
    with st.container(width=theme.MEASURE):
        reasons(scenario, rest.step)
    return rest


def _load(stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    scaling_load.draw(stage, box)
    scaling_load.paste(stage, box)


def _policies(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    scenario = sandbox.current(box)
    known = _WORKERS if "worker" in scenario else _POLICIES
    sandbox.choice(box, "Policies", "PutScalingPolicy", ("policies",), known)
    path = ("policies", 0, _SETTINGS)
    held = sandbox.value_at(box, path)
    one, two = st.columns(2)
    with one:
        if isinstance(held, dict) and "TargetValue" in held:
            sandbox.number(box, "Hold the first metric at", "TargetValue", (*path, "TargetValue"), low=10, high=100)
            for name, label in (
                ("ScaleOutCooldown", "Cooldown after scale-out (s)"),
                ("ScaleInCooldown", "… after scale-in (s)"),
            ):
                sandbox.number(box, label, name, (*path, name), low=0, high=600, step=30, default=300)
        sandbox.choice(
            box, "A scale-in takes away, which AWS leaves open", "scaleIn (simulator)", ("scaleIn",), _AT_ONCE
        )
    with two:
        sandbox.number(box, "Fewest tasks", "MinCapacity", ("min",), low=0, high=40)
        sandbox.number(box, "Most tasks", "MaxCapacity", ("max",), low=1, high=60)
        actions = sandbox.value_at(box, ("scheduledActions",)) or _schedule(scenario)
        sandbox.switch(
            box, "A schedule: more from minute 8 to 30", "PutScheduledAction", ("scheduledActions",), on=actions
        )


def _service(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    scenario = sandbox.current(box)
    kind = "worker" if "worker" in scenario else "service"
    one, two = st.columns(2)
    with one:
        sandbox.number(
            box, "Tasks at the beginning", "desiredCount", ("capacity",), low=0, high=40, default=scenario["min"]
        )
        if kind == "service":
            path = (kind, "requestsPerSecondPerTask")
            sandbox.number(box, "A task can do (requests a second)", "(simulator)", path, low=10, high=500, step=10)
        path = (kind, "startSeconds")
        sandbox.number(
            box, "A task starts in (s)", "startSeconds (simulator)", path, low=0, high=600, step=10, default=60
        )
        sandbox.number(box, "Minutes", "minutes (simulator)", ("minutes",), low=10, high=180, step=10, default=60)
    with two:
        held = {name: sandbox.value_at(box, (name,)) for name in ("deployments", "missingData", "placeable")}
        for name, label, usual in (
            ("deployments", "A deployment, from minute 15 to 25", _WINDOW),
            ("missingData", "The metric is silent, from minute 15 to 25", _WINDOW),
            ("placeable", "The cluster has little room", 6),
        ):
            sandbox.switch(box, label, f"{name} (simulator)", (name,), on=held[name] or usual, alone=False)
        if held["placeable"] is not None:
            sandbox.number(box, "Room for tasks", "placeable (simulator)", ("placeable",), low=0, high=60)


def _from_here(stage: Stage, box: Sandbox, rest: PlayerState) -> None:
    """Go on from the moment at rest with one thing changed: a fork of the run."""
    scenario = sandbox.current(box)
    moment = runs.course_at(scenario).moments[min(rest.step, len(runs.course_at(scenario).moments) - 1)]
    minute = moment.at // 60
    st.markdown(f"What came before minute {minute} stays; from there on the run goes another way. Undo brings it back.")
    with st.container(horizontal=True):
        for name, (label, change) in _changes(moment.state.load_percent, moment.state.deploying).items():
            st.button(
                label,
                key=stage.key(f"fork-{name}"),
                icon=":material/alt_route:",
                on_click=_take_fork,
                args=(box, moment.k, change),
            )


def _changes(percent: int, deploying: bool) -> dict[str, tuple[str, dict[str, Any]]]:
    return {
        "twice": ("The load doubles", {"loadPercent": min(2 * percent, 800)}),
        "half": ("The load halves", {"loadPercent": max(percent // 2, 5)}),
        "one": ("Somebody sets desiredCount to 1", {"desired": 1}),
        "deployment": (
            ("The deployment ends", {"deploymentInProgress": False})
            if deploying
            else ("A deployment begins", {"deploymentInProgress": True})
        ),
    }


def _take_fork(box: Sandbox, k: int, change: dict[str, Any]) -> None:
    run = runs.run_of(sandbox.current(box))
    sandbox.propose(box, deepcopy(dict(fork(run, min(k, len(run)), change).scenario)))


def _schedule(scenario: Scenario) -> list[dict[str, Any]]:
    more = min(scenario["max"], max(scenario["min"] + 10, 20))
    return [
        {"atMinute": 8, "scalableTargetAction": {"MinCapacity": more}},
        {"atMinute": 30, "scalableTargetAction": {"MinCapacity": scenario["min"]}},
    ]


GROUND = Playground(
    presets=SANDBOX,
    check=runs.check,
    figure=_figure,
    panels={
        "Load": _load,
        "Policies": _policies,
        "Service and cluster": _service,
        "From this minute on": _from_here,
    },
    run=lambda scenario: to_json(runs.run_of(scenario)),
    real=snippets,
    beside=TITLES,
    aside="The same run once more, as it would be if a belief were true.",
)
