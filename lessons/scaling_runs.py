"""Runs, films and answers of the lesson on service auto scaling, each computed once for every reader of the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from diagrams import scaling_film
from diagrams.film import Film
from diagrams.scaling_course import Course, course_of, moment_before
from diagrams.scaling_steps import steps_film
from lessons.scaling_presets import RACE_OUT, stepping, tracking
from lessons.situations import text_of
from simulator.errors import InputError
from simulator.scaling import RULES, Event, Explanation, ScalingRules, State, simulate
from simulator.scaling.subjects import scaling_answer
from simulator.trace import Trace, explain, first_difference

Run = Trace[State, Event]
Scenario = Mapping[str, Any]

MOST_POLICIES = 6  # what a page plays without a wait; the terminal takes more
MOST_TASKS = 500
RACERS = ("Target tracking", "Step scaling", "Schedule")


def check(scenario: dict[str, Any]) -> None:
    """Refuse what cannot run, and what is too large to be played on a page.

    Raises
    ------
    InputError
        With one sentence.
    """
    policies = scenario.get("policies")
    if isinstance(policies, list) and len(policies) > MOST_POLICIES:
        raise InputError(
            f"That is {len(policies)} policies, and this page plays {MOST_POLICIES}; the terminal takes more."
        )
    course = course_at(scenario)
    most = max(count for _, count in (*course.desired, *course.running))
    if most > MOST_TASKS:
        raise InputError(
            f"That comes to {most} tasks, and this page draws {MOST_TASKS}; lower max, or ask the terminal."
        )


def run_of(scenario: Scenario, rules: ScalingRules = RULES) -> Run:
    """The whole run of a scenario."""
    return _run(text_of(scenario), rules)


def course_at(scenario: Scenario) -> Course:
    """The run's moments, one for each frame of its film."""
    return _course(text_of(scenario))


def film_of(scenario: Scenario) -> Film:
    """The run as a film."""
    return _film(text_of(scenario), RULES, None)


def films_of(left: Scenario, right: Scenario, believed: ScalingRules = RULES) -> tuple[Film, Film]:
    """Two runs as films on the same axes, the right one as it would be if a belief were true."""
    one, two = (text_of(left), RULES), (text_of(right), believed)
    return _film(*one, two), _film(*two, one)


def opening_of(scenario: Scenario, minute: int, ask: str) -> Film:
    """What may be seen while a bet is owed: the load, the service before it changes, and a question."""
    return _opening(text_of(scenario), minute, ask)


def parted(scenario: Scenario, rules: ScalingRules) -> int | None:
    """The frame before the first at which a belief's run differs, as the player wants it; None where it never does."""
    left, right = run_of(scenario), run_of(scenario, rules)
    k = first_difference(left, right)
    return None if k is None else moment_before(left, right, k)


def explanation(scenario: Scenario, k: int) -> Explanation:
    """Why event `k` happened."""
    return _explanation(text_of(scenario), k)


def answer_of(scenario: Scenario) -> Mapping[str, Any]:
    """What a run came to, as the terminal says it."""
    return _answer(text_of(scenario))


def steps_of(document: Scenario) -> Film:
    """Step policies over the values of their metric."""
    return _steps(text_of(document))


def racing(race: Scenario) -> dict[str, dict[str, Any]]:
    """The three scenarios of a race, by their names: one load, three ways to follow it."""
    shared = {name: value for name, value in race.items() if name != "race"}
    numbers = race["race"]
    steps = [RACE_OUT[0], {**RACE_OUT[1], "ScalingAdjustment": numbers["percent"]}]
    out = stepping("out", 60, steps, kind="PercentChangeInCapacity", MinAdjustmentMagnitude=2)
    back = [{"MetricIntervalUpperBound": 0, "ScalingAdjustment": -1}]
    inward = stepping("in", 35, back, above=False, cooldown=120, periods=5)
    least, tasks = race["min"], numbers["tasks"]
    actions = [
        {"atMinute": numbers["from"], "scalableTargetAction": {"MinCapacity": tasks, "MaxCapacity": tasks}},
        {"atMinute": numbers["to"], "scalableTargetAction": {"MinCapacity": least, "MaxCapacity": least}},
    ]
    ways = (
        {"policies": [tracking(numbers["target"])]},
        {"policies": [out, inward]},
        {"policies": [], "scheduledActions": actions},
    )
    return {name: {**shared, **way} for name, way in zip(RACERS, ways, strict=True)}


def check_race(race: dict[str, Any]) -> None:
    """Refuse a race that cannot run.

    Raises
    ------
    InputError
        With one sentence.
    """
    numbers = race["race"]
    if numbers["from"] >= numbers["to"]:
        raise InputError(
            f"The schedule goes from minute {numbers['from']} to {numbers['to']}; let it end after its start."
        )
    for scenario in racing(race).values():
        run_of(scenario)


def race_of(race: Scenario) -> Film:
    """The three runs of a race as one film."""
    return _race(text_of(race))


def race_opening(race: Scenario, minute: int, ask: str) -> Film:
    """The three lanes before anything happened, and a question."""
    return _race_opening(text_of(race), minute, ask)


@lru_cache(maxsize=96)
def _run(text: str, rules: ScalingRules) -> Run:
    # Read back from the text: the run's own scenario is nobody else's to change.
    return simulate(json.loads(text), rules)


@lru_cache(maxsize=48)
def _course(text: str) -> Course:
    return course_of(_run(text, RULES))


@lru_cache(maxsize=48)
def _film(text: str, rules: ScalingRules, like: tuple[str, ScalingRules] | None) -> Film:
    return scaling_film.run_film(_run(text, rules), like=_run(*like) if like else None)


@lru_cache(maxsize=16)
def _opening(text: str, minute: int, ask: str) -> Film:
    return scaling_film.run_opening(_run(text, RULES), upto=minute, ask=ask)


@lru_cache(maxsize=512)
def _explanation(text: str, k: int) -> Explanation:
    return explain(_run(text, RULES), k)


@lru_cache(maxsize=64)
def _answer(text: str) -> Mapping[str, Any]:
    return scaling_answer(json.loads(text))


@lru_cache(maxsize=32)
def _steps(text: str) -> Film:
    return steps_film(json.loads(text))


@lru_cache(maxsize=32)
def _race(text: str) -> Film:
    return scaling_film.race_film(_racers(text))


@lru_cache(maxsize=8)
def _race_opening(text: str, minute: int, ask: str) -> Film:
    return scaling_film.race_opening(_racers(text), upto=minute, ask=ask)


def _racers(text: str) -> dict[str, Run]:
    return {name: run_of(scenario) for name, scenario in racing(json.loads(text)).items()}
