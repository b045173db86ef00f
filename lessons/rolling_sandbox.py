"""The sandbox of the lesson on rolling updates: one situation, its run, and every way to change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from lessons import for_real as real
from lessons import playground
from lessons import rolling_runs as runs
from lessons.playground import Playground
from lessons.rolling_cli import snippets
from lessons.rolling_figures import band, ending, events, go_to, reason, rest_of, standing, stuck_panel
from lessons.rolling_presets import BESIDE, BREAKER, FAILURES, QUICK, SANDBOX
from lessons.situations import digest, tell_followers
from lessons.stage import Stage
from simulator.deployment import State
from simulator.deployment.waves import FirstMove
from simulator.trace import fork, to_json
from ui import address, sandbox
from ui.player import PlayerState
from ui.sandbox import Sandbox, Scenario

STAGE = Stage(slug="rolling-updates", name="sandbox")

CONFIGURATION = "deploymentConfiguration"
_BREAKER_FIELD = "deploymentCircuitBreaker"
_ORDERS = {"stop first": "stop-first", "start first": "start-first"}
_THRESHOLDS: dict[str, Any] = {
    "AWS’s default: 50 %, from 3 to 200": None,
    "BOUNDED_PERCENT 25": {"type": "BOUNDED_PERCENT", "value": 25},
    "UNBOUNDED_PERCENT 50": {"type": "UNBOUNDED_PERCENT", "value": 50},
    "COUNT 5": {"type": "COUNT", "value": 5},
}


def show(stage: Stage) -> None:
    """The presets, the run with its reasons and events, then the controls, one panel at a time."""
    playground.show(stage, GROUND)


def rested() -> tuple[Scenario, int]:
    """The sandbox's scenario and the step on which it rests, for what follows it on the page."""
    scenario = sandbox.current(BOX)
    return scenario, rest_of(STAGE, scenario)


def for_real(_stage: Stage) -> None:
    """The AWS CLI's commands for exactly what the sandbox shows."""
    scenario, _ = rested()
    real.show(snippets(scenario))


def bound_controls(box: Sandbox) -> None:
    """Desired count, both percentages, the room, and the order where AWS leaves it open."""
    scenario = sandbox.current(box)
    desired = scenario["desiredCount"]
    one, two, three = st.columns(3)
    with one:
        sandbox.number(box, "Desired tasks", "desiredCount", ("desiredCount",), low=0, high=40, default=desired)
    with two:
        sandbox.number(
            box,
            "Stay healthy, at least (%)",
            "minimumHealthyPercent",
            (CONFIGURATION, "minimumHealthyPercent"),
            low=0,
            high=100,
            default=100,
        )
    with three:
        sandbox.number(
            box,
            "Run, at most (%)",
            "maximumPercent",
            (CONFIGURATION, "maximumPercent"),
            low=100,
            high=300,
            default=200,
        )
    if scenario.get("hostPort"):
        sandbox.number(
            box, "Instances, each with one copy of the port", "instances (simulator)", ("instances",), low=0, high=40
        )
    else:
        limited = scenario.get("slots") is not None
        room = scenario["slots"] if limited else desired
        sandbox.switch(box, "The cluster has little room", "slots (simulator)", ("slots",), on=room, alone=False)
        if limited:
            sandbox.number(box, "Room for tasks of this service", "slots (simulator)", ("slots",), low=0, high=80)
    if runs.waves_of(scenario)["firstMove"] == FirstMove.OPEN.value:
        sandbox.choice(
            box, "First move, which AWS leaves open", "order (simulator)", ("order",), _ORDERS, default="stop-first"
        )


def health_controls(box: Sandbox) -> None:
    """What checks the tasks, how often, and how long stopping takes."""
    scenario = sandbox.current(box)
    one, two = st.columns(2)
    with one:
        sandbox.switch(
            box, "A load balancer", "loadBalancers", ("loadBalancer",), on=scenario.get("loadBalancer", QUICK)
        )
        if scenario.get("loadBalancer") is not None:
            _balancer_controls(box)
    with two:
        sandbox.switch(
            box,
            "A container health check",
            "healthCheck",
            ("containerHealthCheck",),
            on=scenario.get("containerHealthCheck", {"interval": 10}),
        )
        if scenario.get("containerHealthCheck") is not None:
            path = ("containerHealthCheck", "interval")
            sandbox.number(box, "Container check every (s)", "interval", path, low=5, high=300, step=5, default=30)
        sandbox.number(
            box, "Image and start (s)", "startSeconds (simulator)", ("startSeconds",), low=0, high=300, default=20
        )
        path = ("healthCheckGracePeriodSeconds",)
        sandbox.number(
            box, "Ignore failed checks for (s)", "healthCheckGracePeriodSeconds", path, low=0, high=600, step=10
        )


def failure_controls(box: Sandbox) -> None:
    """What goes wrong, and what ECS shall do about it."""
    sandbox.choice(box, "What goes wrong", "failures (simulator)", ("failures",), FAILURES)
    held = sandbox.value_at(box, (CONFIGURATION, _BREAKER_FIELD))
    one, two = st.columns(2)
    with one:
        sandbox.switch(
            box, "Circuit breaker", f"{_BREAKER_FIELD}.enable", (CONFIGURATION, _BREAKER_FIELD), on=held or BREAKER
        )
        if held:
            path = (CONFIGURATION, _BREAKER_FIELD, "rollback")
            sandbox.switch(box, "Roll back", "rollback", path, on=True, off=False)
    with two:
        if held:
            path = (CONFIGURATION, _BREAKER_FIELD, "thresholdConfiguration")
            sandbox.choice(box, "Give up at", "thresholdConfiguration", path, _THRESHOLDS)
            path = (CONFIGURATION, _BREAKER_FIELD, "resetOnHealthyTask")
            sandbox.choice(
                box,
                "When a task becomes healthy",
                "resetOnHealthyTask",
                path,
                {"the count goes back to zero": None, "the count stays": False},
            )


def _balancer_controls(box: Sandbox) -> None:
    place = "loadBalancer"
    path = (place, "healthCheckIntervalSeconds")
    sandbox.number(box, "Check every (s)", "HealthCheckIntervalSeconds", path, low=5, high=60, step=5, default=30)
    path = (place, "healthyThresholdCount")
    sandbox.number(box, "Passes to be healthy", "HealthyThresholdCount", path, low=2, high=10, default=5)
    path = (place, "deregistrationDelaySeconds")
    name = "deregistration_delay.timeout_seconds"
    sandbox.number(box, "Drain for (s)", name, path, low=0, high=600, step=5, default=300)
    path = (place, "answersAfterSeconds")
    sandbox.number(
        box, "The application answers after (s)", "answersAfterSeconds (simulator)", path, low=0, high=300, step=10
    )


def _figure(stage: Stage, scenario: Scenario, aside: str) -> PlayerState:
    rest = band(stage, scenario, beside=BESIDE.get(aside), start=address.number("step", key=BOX.key))
    left, right = st.columns([1, 1], gap="large")
    with left:
        st.markdown(standing(scenario, rest.step))
        if not stuck_panel(stage, BOX, rest.step):
            reason(scenario, rest.step)
        st.caption(ending(scenario))
    with right:
        events(scenario, rest.step)
    tell_followers(stage.key("told"), (digest(scenario), rest.step))
    return rest


def _from_here(stage: Stage, box: Sandbox, rest: PlayerState) -> None:
    scenario, step = sandbox.current(box), rest.step
    run = runs.run_of(scenario)
    st.markdown(f"What came before step {step} stays; from there on the run goes another way. Undo brings it back.")
    with st.container(horizontal=True):
        for k, (title, change) in enumerate(_changes(runs.state_of(scenario, step)).items()):
            st.button(
                title,
                key=stage.key(f"fork-{k}"),
                icon=":material/alt_route:",
                on_click=_take_fork,
                args=(stage, dict(fork(run, step, change).scenario), step),
            )


def _take_fork(stage: Stage, scenario: Scenario, step: int) -> None:
    """Take the changed run and go to the step that shows the change."""
    if sandbox.propose(BOX, scenario):
        go_to(stage, step + 1)


def _changes(state: State) -> dict[str, Mapping[str, Any]]:
    """What may be changed in the middle of a run, as far as it would change anything."""
    plan = state.plan
    changes: dict[str, Mapping[str, Any]] = {
        f"desiredCount becomes {plan.desired + 2}": {"desiredCount": plan.desired + 2},
    }
    if not any(failure.revision == plan.new for failure in plan.failures):
        changes[f"{plan.new} breaks"] = {"failure": {"kind": "never-healthy", "revision": plan.new}}
    elif not (state.primary and state.primary.is_rollback):
        changes[f"{plan.new} is mended"] = {"mended": plan.new}
    changes["Deploy web:3"] = {"taskDefinition": "web:3"}
    if plan.slots is not None:
        changes["The cluster has room without end"] = {"slots": None}
    if plan.configuration.alarms is not None:
        changes["The alarm goes off"] = {"alarm": True}
    return changes


GROUND = Playground(
    presets=SANDBOX,
    check=runs.check,
    figure=_figure,
    panels={
        "Bounds": lambda _stage, box, _rest: bound_controls(box),
        "Health and draining": lambda _stage, box, _rest: health_controls(box),
        "Failures": lambda _stage, box, _rest: failure_controls(box),
        "From this step on": _from_here,
    },
    run=lambda scenario: to_json(runs.run_of(scenario)),
    real=snippets,
    beside={name: title for name, (title, _, _) in BESIDE.items()},
    aside="A run with one rule changed is what a belief would mean; the slider marks where the two part.",
)
BOX = playground.box_of(STAGE, GROUND)
