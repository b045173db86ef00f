"""What the figures of the first lesson share: films of ways, the board of places, and the words below them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import streamlit as st

from diagrams.choice_board import choice_film
from diagrams.film import Film
from diagrams.journey import builds_of, journey_diagram, journey_film, slots_of
from diagrams.model import Diagram
from lessons.containers_cli import of_command
from lessons.containers_presets import Journey
from lessons.situations import OWED, text_of
from lessons.stage import Stage
from simulator.launch_types.journey import AGENT, ECR, ECS, Moment, moments
from simulator.launch_types.places import question
from simulator.registry import RULES as REGISTRY_RULES
from simulator.registry import RegistryRules
from simulator.subjects import answer
from ui import theme
from ui.player import PlayerState, player
from ui.words import marked, plain

_WHO: Mapping[str, str] = {
    ECR: "**ECR** does this by itself",
    ECS: "**ECS**, the control plane, does this by itself",
    AGENT: "**The machine** does this by itself",
}
_ASIDE = ("What happens", "If tasks followed the tag")


def way(stage: Stage, journey: Journey, *, ask: str) -> None:
    """A way as a film, and below it who takes the step at rest and by which command."""
    steps = shown(journey)
    aside = None if stage.locked else _believed(journey)
    with st.container(width=theme.WIDE):
        rest = player(
            _film(_text(journey), ask if stage.locked else "", None),
            key=stage.key(f"way-{journey.id}"),
            beside=aside and _film(_text(journey), "", journey.believed),
            labels=_ASIDE if aside else None,
            parted_at=_parted(steps, aside) if aside else None,
            step=0 if stage.locked else _opening(steps),
        )
    with st.container(width=theme.MEASURE):
        if stage.locked:
            st.caption(OWED)
        else:
            st.markdown(_below(journey, steps[min(rest.step, len(steps) - 1)], rest))


def shown(journey: Journey, rules: RegistryRules = REGISTRY_RULES) -> tuple[Moment, ...]:
    """The steps of a way that its film shows; one that begins later begins at rest."""
    return _shown(text_of(journey.scenario), journey.since, rules)


def whole_way(journey: Journey, *, title: str) -> Diagram:
    """The end of a way as one architecture, with all that is in it."""
    steps = shown(journey)
    return journey_diagram(steps[-1], builds_of(steps), slots_of(steps), title=title)


def board(stage: Stage, scenario: Mapping[str, Any], *, ask: str = "") -> PlayerState:
    """The ten places under a workload's answers, and below them the one that is chosen."""
    text = text_of(scenario)
    with st.container(width=theme.WIDE):
        rest = player(_board(text, ask), key=stage.key("board"))
    with st.container(width=theme.MEASURE):
        st.markdown(OWED if ask else _place(text, rest.picked))
    return rest


def answered(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """What the answers leave; not to be changed, for it is kept."""
    return _answered(text_of(scenario))


def _below(journey: Journey, now: Moment, rest: PlayerState) -> str:
    told: list[str] = []
    if now.command:
        told.append(_by_whom(journey, now))
    else:
        told.append("Step on with the arrow, or choose a box to hear what it is.")
    part = _explained(shown(journey), now, rest.picked)
    if part:
        told.append(part)
    return "\n\n".join(told)


def _by_whom(journey: Journey, now: Moment) -> str:
    """Whose step it is, and what was typed for it or led to it."""
    asked = of_command(journey.scenario, now.command)
    if now.kind == "lost":
        return "Nobody asks for this. To see it happen, stop a task yourself: `aws ecs stop-task`."
    if now.who not in _WHO:
        return f"**You** do this:\n\n```bash\n{asked}\n```"
    if journey.scenario["commands"][now.command - 1]["do"] == "replace-task":
        return f"{_WHO[now.who]}, because a task is lost."
    return f"{_WHO[now.who]}, after your `{' '.join(asked.split()[:3])}`."


def _explained(steps: tuple[Moment, ...], now: Moment, picked: str | None) -> str:
    if picked is None:
        return ""
    drawn = journey_diagram(now, builds_of(steps), slots_of(steps))
    found = next((part for part in (*drawn.nodes, *drawn.groups) if part.id == picked), None)
    return f"**{plain(found.label)}.** {plain(found.explanation)}" if found else ""


def _place(text: str, picked: str | None) -> str:
    found = next((one for one in _answered(text)["places"] if one["place"] == picked), None)
    if found is None:
        return ":small[Choose a place to hear what it is, which answer rules it out, and what would bring it back.]"
    lines = [f"**{plain(found['name'])}, under {found['orchestrator']}.** {plain(found['what'])}"]
    for reason in found["reasons"]:
        asked = question(reason["question"])
        lines.append(f"- “{plain(asked.asks)}” *{plain(asked.narrow)}.* {marked(reason['reason'])}")
    if found["bringsBack"]:
        lines.append(f"\n{plain(found['bringsBack'])}")
    elif not found["reasons"]:
        lines.append("\nIt does all that you asked for.")
    return "\n".join([lines[0], "", *lines[1:]])


def _opening(steps: tuple[Moment, ...]) -> int:
    """Where a film opens: at what failed, at the task that replaces a lost one, or at its beginning."""
    lost = [at for at, one in enumerate(steps) if one.kind == "lost"]
    if steps[-1].error:
        return len(steps) - 1
    return next((at for at, one in enumerate(steps) if lost and at > lost[0] and one.kind == "pull"), 0)


def _text(journey: Journey) -> str:
    return text_of({"scenario": journey.scenario, "since": journey.since})


def _believed(journey: Journey) -> tuple[Moment, ...] | None:
    return shown(journey, journey.believed) if journey.believed else None


def _parted(steps: tuple[Moment, ...], others: tuple[Moment, ...]) -> int | None:
    """The last step at which both ways are still the same."""
    for at, (one, other) in enumerate(zip(steps, others, strict=False)):
        if (one.digest, one.state.services) != (other.digest, other.state.services):
            return at - 1
    return None


@lru_cache(maxsize=64)
def _shown(text: str, since: int, rules: RegistryRules) -> tuple[Moment, ...]:
    steps = moments(json.loads(text), rules)
    before = [one for one in steps if one.command <= since]
    if not since:
        return steps
    start = replace(before[-1], kind="ready", command=0, digest="", layers=())
    return (start, *steps[len(before) :])


@lru_cache(maxsize=64)
def _film(text: str, ask: str, believed: RegistryRules | None) -> Film:
    document = json.loads(text)
    steps = _shown(text_of(document["scenario"]), document["since"], believed or REGISTRY_RULES)
    return journey_film(steps, ask=ask)


@lru_cache(maxsize=256)
def _answered(text: str) -> dict[str, Any]:
    return answer("launch_types", json.loads(text))


@lru_cache(maxsize=256)
def _board(text: str, ask: str) -> Film:
    return choice_film(_answered(text), ask=ask)
