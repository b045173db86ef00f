"""Runs, films and answers of the lesson on rolling updates, each computed once for every reader of the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from diagrams.band import band_film, opening_film
from diagrams.film import Film, Frame
from diagrams.waves import describe_waves, waves_svg
from lessons.situations import text_of
from simulator.deployment import RULES, DeploymentRules, Event, Explanation, ServiceEvent, State, events_until, simulate
from simulator.deployment.scenario import instant_document
from simulator.deployment.state import Kind
from simulator.deployment.stuck import Stuck, why_stuck
from simulator.deployment.subjects import deployment_answer
from simulator.errors import InputError
from simulator.trace import Trace, explain, state_at

Run = Trace[State, Event]
Scenario = Mapping[str, Any]

MOST_DRAWN = 60  # tasks: what a page plays without a wait; the terminal takes more
STANDSTILL = frozenset({Kind.STUCK, Kind.CUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Where the time of a deployment goes, in milliseconds; None for what never happens in it."""

    start: int | None  # from the launch of the first new task to RUNNING
    health: int | None  # from RUNNING until it counts as healthy
    drain: int | None  # of the first old task: until its stop signal
    stop: int | None  # from the signal until it has stopped
    whole: int | None  # until the deployment is COMPLETED


def check(scenario: dict[str, Any]) -> None:
    """Refuse what cannot run, and what is too large to be played on a page.

    Raises
    ------
    InputError
        With one sentence.
    """
    desired = scenario.get("desiredCount")
    if isinstance(desired, int) and desired > MOST_DRAWN:
        raise InputError(f"That is {desired} tasks, and this page plays {MOST_DRAWN}; the terminal takes more.")
    run_of(scenario)


def run_of(scenario: Scenario, rules: DeploymentRules = RULES) -> Run:
    """The whole run of a scenario."""
    return _run(text_of(scenario), rules)


def film_of(scenario: Scenario, rules: DeploymentRules = RULES) -> Film:
    """The run as a film."""
    return _film(text_of(scenario), rules, None)


def films_of(
    scenario: Scenario, other: Scenario, rules: DeploymentRules, other_rules: DeploymentRules
) -> tuple[Film, Film]:
    """Two runs as films on the same axes."""
    one, two = (text_of(scenario), rules), (text_of(other), other_rules)
    return _film(*one, two), _film(*two, one)


def opening_of(scenario: Scenario, ask: str) -> Film:
    """What may be seen while a bet is owed: the service before its deployment, and a question."""
    return _opening(text_of(scenario), ask)


def waves_film(scenario: Scenario) -> Film:
    """The waves of the instant-batch model as one still picture with its caption and its text."""
    return _waves(text_of(instant_document(scenario)))


def waves_of(scenario: Scenario) -> Mapping[str, Any]:
    """What the terminal's `deployment` subject answers to a scenario."""
    return _answer(text_of(instant_document(scenario)))


def explanation(scenario: Scenario, rules: DeploymentRules, step: int) -> Explanation | None:
    """Why the event before `step` happened; None at the start."""
    return _explanation(text_of(scenario), rules, step) if step > 0 else None


def stuck_at(scenario: Scenario, step: int) -> Stuck | None:
    """Why the deployment stands still at `step`, with the cures that were tried; None if it moves or is done."""
    return _stuck(text_of(scenario), step)


def events_at(scenario: Scenario, step: int) -> tuple[ServiceEvent, ...]:
    """The service's events list at `step`, oldest first."""
    return _events(text_of(scenario), step)


def state_of(scenario: Scenario, step: int) -> State:
    """The service at `step`, or at the end of a shorter run."""
    return _state(text_of(scenario), RULES, step)


def last_state(scenario: Scenario, rules: DeploymentRules = RULES) -> State:
    """The service at the end of the run."""
    return _state(text_of(scenario), rules, None)


def telling_step(scenario: Scenario) -> int:
    """The step that shows the point: where the run stands still, where the deployment fails, else its end."""
    run = run_of(scenario)
    for kinds in (STANDSTILL, {Kind.FAILED}):
        found = [k for k, event in enumerate(run.events, start=1) if event.kind in kinds]
        if found:
            return found[-1]
    return len(run)


def pace(scenario: Scenario) -> Pace:
    """How long the parts of the first wave and the whole deployment take."""
    run = run_of(scenario)
    starts, stops = _life(run, Kind.STARTED), _life(run, Kind.STOP)
    completed = next((event.at for event in run.events if event.kind is Kind.COMPLETED), None)
    gone_back = any(event.kind is Kind.FAILED for event in run.events)
    return Pace(
        start=_between(starts, Kind.STARTED, Kind.RUNNING),
        health=_between(starts, Kind.RUNNING, Kind.HEALTHY),
        drain=_between(stops, Kind.STOP, Kind.STOPPING),
        stop=_between(stops, Kind.STOPPING, Kind.STOPPED),
        whole=None if gone_back else completed,
    )


def _life(run: Run, kind: Kind) -> dict[Kind, int]:
    """The moments in the life of the first task that an event of that kind names."""
    first = next((event.tasks[0] for event in run.events if event.kind is kind and event.tasks), None)
    return {event.kind: event.at for event in reversed(run.events) if first in event.tasks}


def _between(moments: Mapping[Kind, int], start: Kind, end: Kind) -> int | None:
    return moments[end] - moments[start] if start in moments and end in moments else None


@lru_cache(maxsize=96)
def _run(text: str, rules: DeploymentRules) -> Run:
    # Read back from the text: the run's own scenario is nobody else's to change.
    return simulate(json.loads(text), rules)


@lru_cache(maxsize=48)
def _film(text: str, rules: DeploymentRules, like: tuple[str, DeploymentRules] | None) -> Film:
    return band_film(_run(text, rules), like=_run(*like) if like else None)


@lru_cache(maxsize=16)
def _opening(text: str, ask: str) -> Film:
    return opening_film(_run(text, RULES), ask=ask)


@lru_cache(maxsize=256)
def _state(text: str, rules: DeploymentRules, step: int | None) -> State:
    run = _run(text, rules)
    return state_at(run, len(run) if step is None else min(step, len(run)))


@lru_cache(maxsize=64)
def _answer(text: str) -> Mapping[str, Any]:
    return deployment_answer(json.loads(text))


@lru_cache(maxsize=48)
def _waves(text: str) -> Film:
    answer, desired = _answer(text), json.loads(text)["desiredCount"]
    said = describe_waves(answer, desired=desired)
    frame = Frame(patch={}, caption=said, text=_by_wave(answer, desired))
    return Film(title="Wave for wave", svg=waves_svg(answer, desired=desired), frames=(frame,))


def _by_wave(answer: Mapping[str, Any], desired: int) -> str:
    """The waves as lines, each with the old and the new tasks that are there after it."""
    old, new = desired, 0
    lines = [f"Before: {old} old, {new} new."]
    for k, wave in enumerate(answer["waves"], start=1):
        old, new = (old - wave["count"], new) if wave["action"] == "stop" else (old, new + wave["count"])
        lines.append(f"Wave {k}: {wave['action']} {wave['count']}. {old} old, {new} new.")
    return "\n".join([*lines, f"Outcome: {answer['outcome']}."])


@lru_cache(maxsize=512)
def _explanation(text: str, rules: DeploymentRules, step: int) -> Explanation:
    return explain(_run(text, rules), step - 1)


@lru_cache(maxsize=256)
def _stuck(text: str, step: int) -> Stuck | None:
    return why_stuck(_run(text, RULES), step)


@lru_cache(maxsize=256)
def _events(text: str, step: int) -> tuple[ServiceEvent, ...]:
    return events_until(_run(text, RULES), step)
