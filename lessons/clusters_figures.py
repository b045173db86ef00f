"""What the figures of the lesson on clusters share: films and answers computed once, and the words below them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from diagrams.capacity import capacity_diagram
from diagrams.capacity_films import dealing_film, ends_of, refused_film, run_film
from diagrams.film import Film, until
from diagrams.model import Diagram
from simulator.capacity import RULES, Event, State, simulate
from simulator.capacity.dealing import deal
from simulator.capacity.rules import CapacityRules, rules_from_dict
from simulator.capacity.strategy import Item, read_strategy
from simulator.capacity.subjects import capacity_answer
from simulator.errors import InputError
from simulator.trace import Trace, explain, state_at
from ui.words import code, plain

Scenario = Mapping[str, Any]

MOST_TASKS = 60  # cards that a page deals without a wait; the terminal takes more
MOST_PILES = 6
ASK_DEAL = "Six tasks to deal: base 1 on FARGATE, weights 1 and 4. How many go to FARGATE_SPOT?"
ASK_SPOT = "All ten run. Now Spot takes four of its six back, and has no room for others. What does the service do?"
_STRATEGIES = ("capacityProviderStrategy", "defaultCapacityProviderStrategy")


def check(scenario: dict[str, Any]) -> None:
    """Refuse what ECS refuses, what is no strategy, and what is too large to be dealt on a page.

    Raises
    ------
    InputError
        With one sentence.
    """
    answer = answer_of(scenario)
    if not answer.get("distribution"):
        raise InputError(
            "The sandbox deals by a strategy; give count with capacityProviderStrategy or "
            "defaultCapacityProviderStrategy. The terminal answers the rest."
        )
    count, piles = sum(answer["distribution"].values()), len(answer["distribution"])
    if count > MOST_TASKS:
        raise InputError(f"That is {count} tasks, and this page deals {MOST_TASKS}; the terminal takes more.")
    if piles > MOST_PILES:
        raise InputError(f"That is {piles} providers, and this page has room for {MOST_PILES}; the terminal takes 20.")


def answer_of(scenario: Scenario, rules: CapacityRules = RULES) -> Mapping[str, Any]:
    """What the simulator answers; `InputError` where ECS refuses."""
    return _answer(_text(scenario), rules)


def rules_of(document: Mapping[str, Any]) -> CapacityRules:
    """A belief's rules."""
    return rules_from_dict(document)


def strategy_of(scenario: Scenario, rules: CapacityRules = RULES) -> tuple[Item, ...]:
    """The strategy that acts: the request's own, or the cluster's default."""
    name = next((one for one in _STRATEGIES if scenario.get(one)), _STRATEGIES[0])
    return read_strategy(scenario.get(name), name, rules, console=scenario.get("createdWith") == "CONSOLE")


def dealing_of(scenario: Scenario, rules: CapacityRules = RULES, *, ask: str = "") -> Film:
    """The tasks dealt one by one; with `ask` only the first frame, which asks."""
    return _dealing(_text(scenario), rules, ask)


def outcome(scenario: Scenario, rules: CapacityRules = RULES) -> str:
    """How the piles end, which of the tasks run, and what AWS leaves open, in Markdown."""
    try:
        answer = answer_of(scenario, rules)
    except InputError:
        return ""
    piles = ", ".join(f"{code(name)} {count}" for name, count in answer["distribution"].items())
    told = [plain(answer["reason"]) if rules is RULES else f"{piles}."]
    if answer.get("ranges"):
        spans = ", ".join(f"{code(name)} {low} to {high}" for name, (low, high) in answer["ranges"].items())
        told.append(f":small[:material/contrast: {plain(answer['note'])} Sure is: {spans}.]")
    if answer.get("retried"):
        told.append(f"**{answer['running']} run, {answer['retried']} wait.** {plain(answer['fix'])}")
    elif "running" in answer and rules is not RULES:
        there = ", ".join(f"{count} on {code(name)}" for name, count in answer["runningOn"].items())
        told.append(f"All {answer['running']} would run: {there}.")
    return "\n\n".join(told)


def run_of(scenario: Scenario) -> Trace[State, Event]:
    """A timed run."""
    return _run(_text(scenario))


def taking_of(scenario: Scenario, *, ask: str = "") -> Film:
    """A run as a film, a frame a moment; with `ask` only what comes before Spot takes anything."""
    return _taking(_text(scenario), ask)


def moments(scenario: Scenario) -> int:
    """How many frames the film of a run has."""
    return len(ends_of(run_of(scenario)))


def first_loss(scenario: Scenario) -> int:
    """The frame in which Spot first takes tasks back, 0 if it never does."""
    trace = run_of(scenario)
    found = (
        at
        for at, last in enumerate(ends_of(trace))
        if any(e.at == trace.events[last].at and e.detail for e in trace.events)
    )
    return next(found, 0)


def reasons(scenario: Scenario, step: int) -> str:
    """Why a moment of a run is as it is, the service event that AWS shows, and what it leaves open."""
    trace = run_of(scenario)
    ends = ends_of(trace)
    at = trace.events[ends[min(step, len(ends) - 1)]].at
    told = [
        explain(trace, k) for k, event in enumerate(trace.events) if event.at == at and event.kind != "desired-count"
    ]
    lines = list(dict.fromkeys(plain(why) for one in told for why in one.why))
    lines += dict.fromkeys(f"The service’s events say: {code(one.event)}" for one in told if one.event)
    lines += dict.fromkeys(f":small[:material/contrast: {plain(note)}]" for one in told for note in one.open)
    return "\n\n".join(lines)


def diagram_of(scenario: Scenario, step: int) -> Diagram:
    """A moment of a run as architecture."""
    return _diagram(_text(scenario), step)


def _text(scenario: Scenario) -> str:
    return json.dumps(scenario, sort_keys=False)


@lru_cache(maxsize=128)
def _answer(text: str, rules: CapacityRules) -> Mapping[str, Any]:
    return capacity_answer(json.loads(text), rules)


@lru_cache(maxsize=64)
def _dealing(text: str, rules: CapacityRules, ask: str) -> Film:
    scenario = json.loads(text)
    count = scenario["count"] if scenario.get("count") is not None else scenario["desiredCount"]
    try:
        items = strategy_of(scenario, rules)
    except InputError as error:
        return refused_film(count, scenario["capacityProviderStrategy"], str(error))
    answer = capacity_answer(scenario, rules)
    film = dealing_film(
        count,
        items,
        deal(count, items, rules),
        ask=ask,
        running=answer.get("runningOn"),
        waiting=answer.get("retriedOn"),
    )
    return until(film, 0) if ask else film


@lru_cache(maxsize=32)
def _run(text: str) -> Trace[State, Event]:
    return simulate(json.loads(text))


@lru_cache(maxsize=32)
def _taking(text: str, ask: str) -> Film:
    trace = _run(text)
    return run_film(trace, ask=ask, upto=2 if ask else None)


@lru_cache(maxsize=64)
def _diagram(text: str, step: int) -> Diagram:
    trace = _run(text)
    ends = ends_of(trace)
    state = state_at(trace, ends[min(step, len(ends) - 1)] + 1)
    return capacity_diagram(state, title=f"The service at {state.now // 60} min {state.now % 60} s of the run above")
