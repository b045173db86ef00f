"""The sandbox of the lesson on clusters: a strategy of one's own, its tasks dealt, and what Spot has room for."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from lessons import playground
from lessons.clusters_figures import answer_of, check, dealing_of, outcome, rules_of, strategy_of
from lessons.clusters_presets import BESIDE, SANDBOX
from lessons.clusters_real import snippets
from lessons.playground import Playground
from lessons.stage import Stage
from simulator.capacity.strategy import FARGATE_SPOT
from simulator.errors import InputError
from ui import sandbox, theme
from ui.beside import ALONE
from ui.player import PlayerState, player
from ui.sandbox import Sandbox, Scenario
from ui.words import plain

_MOST_SHOWN = 3  # providers with sliders; more are changed in the JSON
_MAKERS = {"the API or the CLI": None, "the console": "CONSOLE"}


def show(stage: Stage) -> None:
    """The situations, the piles, then the controls, one panel at a time."""
    playground.show(stage, GROUND)


def _figure(stage: Stage, scenario: Scenario, aside: str) -> PlayerState:
    believed = None if aside == ALONE else BESIDE[aside]
    film = dealing_of(scenario)
    if believed is None:
        rest = player(film, key=stage.key("piles"), step=playground.start_step(stage))
        st.markdown(outcome(scenario), width=theme.MEASURE)
        return rest
    rules = rules_of(believed[1])
    labels = ("as it is", believed[0])
    rest = player(film, key=stage.key("piles"), step=99, beside=dealing_of(scenario, rules), labels=labels)
    told = f"{outcome(scenario)}\n\n**{plain(believed[0])}:** {outcome(scenario, rules)}"
    st.markdown(told, width=theme.MEASURE)
    return rest


def _tasks(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    """How many tasks there are, and how many of them Spot has room for."""
    scenario = sandbox.current(box)
    name = "desiredCount" if "desiredCount" in scenario else "count"
    sandbox.number(box, "Tasks", name, (name,), low=0, high=60, default=6)
    if any(item.provider == FARGATE_SPOT for item in strategy_of(scenario)):
        sandbox.choice(box, "Spot has room for", "spotCapacity", ("spotCapacity",), _ROOM)
    else:
        st.caption("This strategy has no FARGATE_SPOT, so no capacity can be lacking there.")


_ROOM: dict[str, Any] = {"all of them": None} | {f"{n} tasks" if n != 1 else "1 task": n for n in (0, 1, 2, 4, 8)}


def _strategy(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    """Base and weight of each provider."""
    scenario = sandbox.current(box)
    name = "capacityProviderStrategy" if scenario.get("capacityProviderStrategy") else "defaultCapacityProviderStrategy"
    items = strategy_of(scenario)[:_MOST_SHOWN]
    for column, (at, item) in zip(st.columns(len(items)), enumerate(items), strict=True):
        with column:
            base, weight = max(20, item.base), max(10, item.weight)
            sandbox.number(box, f"{item.provider}, base", "base", (name, at, "base"), low=0, high=base)
            at_weight = (name, at, "weight")
            sandbox.number(
                box, f"{item.provider}, weight", "weight", at_weight, low=0, high=weight, default=item.weight
            )
    st.caption("Only one provider may have a base: give it to a second, and the change is refused.")


def _request(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    """Who makes the service: that decides what a weight is that nobody gives."""
    sandbox.choice(box, "The service is made with", "createdWith", ("createdWith",), _MAKERS)
    st.caption("It matters where a weight is left out: the API takes 0, the console writes 1.")


def _answered(scenario: Scenario) -> str:
    try:
        return json.dumps(answer_of(scenario), indent=2)
    except InputError as error:
        return json.dumps({"error": str(error)}, indent=2)


GROUND = Playground(
    presets=SANDBOX,
    check=check,
    figure=_figure,
    panels={"Tasks": _tasks, "Strategy": _strategy, "Request": _request},
    run=_answered,
    real=snippets,
    beside={name: title for name, (title, _) in BESIDE.items()},
    aside="The same tasks once more, dealt as they would be if a belief were true.",
)
