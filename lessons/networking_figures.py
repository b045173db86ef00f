"""What the figures of the lesson on networking share: answers and films computed once, and the words below them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from diagrams.film import Film, parting_of
from diagrams.network import network_diagram
from diagrams.network_ports import ports_film
from diagrams.network_sockets import sockets_film
from diagrams.network_start import start_film
from diagrams.network_walk import walk_film
from lessons.situations import text_of
from simulator.network import RULES, Fit, NetworkRules, Reach, apply_fix, examine
from simulator.network.path import Path, parting, path_of
from simulator.network.spots import Line, Spot
from simulator.network.subjects import START_ORDER, network_answer
from ui.words import code, marked, plain

Scenario = Mapping[str, Any]

# The text beside the figure says it already.
SAID = (START_ORDER,)
ASK_START = "The task is about to start. It needs what stands on the right, one after the other. What fails first?"


def found_of(scenario: Scenario, rules: NetworkRules = RULES) -> Reach | Fit:
    """The examined document."""
    return _found(text_of(scenario), rules)


def answer_of(scenario: Scenario, rules: NetworkRules = RULES) -> Mapping[str, Any]:
    """What the terminal answers to it."""
    return _answer(text_of(scenario), rules)


def film_of(scenario: Scenario, rules: NetworkRules = RULES, *, locked: bool = False) -> Film:
    """The scenario's film, whatever it asks; while a bet is owed, nothing but its first frame."""
    return _film(text_of(scenario), rules, 0 if locked else None)


def ruler_of(scenario: Scenario) -> Film:
    """Dynamic host ports and the rules that open some."""
    return _ruler(text_of(scenario))


def diagram_of(scenario: Scenario):
    """The architecture with the packet's way in it."""
    return _diagram(text_of(scenario))


def mended(scenario: Scenario) -> dict[str, Any] | None:
    """The scenario after the least change; None where nothing is to be mended or no change helps."""
    fix = answer_of(scenario).get("fix")
    return apply_fix(scenario, fix) if fix else None


def parted(scenario: Scenario, rules: NetworkRules) -> int | None:
    """The first step at which the run under a belief differs; None if it never does or the two cannot be compared."""
    one, other = found_of(scenario), found_of(scenario, rules)
    if isinstance(one, Reach) and isinstance(other, Reach) and not one.start and not other.start:
        return parting(path_of(one), path_of(other, rules))
    return parting_of(film_of(scenario), film_of(scenario, rules))


def outcome(scenario: Scenario) -> str:
    """What has become of it, in Markdown: where it stopped, what one sees of it, and the least change."""
    answer = answer_of(scenario)
    if "allowed" in answer:
        return _of_fit(answer)
    parts: list[str] = []
    if answer["reachable"]:
        parts.append(f":material/check_circle: **{_arrived(answer)}**")
    else:
        parts.append(f":material/block: **Stopped by {plain(answer['blockedBy'])}**: {plain(answer['where'])}.")
    symptom = answer.get("symptom")
    if symptom:
        parts.append(marked(symptom if isinstance(symptom, str) else symptom["message"]))
    parts += [f":small[{marked(note)}]" for note in answer["notes"] if note not in SAID]
    if answer["fix"]:
        parts.append(f"**The least change:** {marked(answer['fix']['sentence'])} (`{answer['fix']['action']}`)")
    elif not answer["reachable"]:
        parts.append("No single change of a rule helps here; it wants another design.")
    return "\n\n".join(parts)


def dealt(scenario: Scenario) -> str:
    """How many of the tasks on dynamic ports are reached, what is luck about it, and the least change, in Markdown."""
    found = found_of(scenario)
    assert isinstance(found, Reach)
    blocked = next((one.verdict for one in found.tried if not one.verdict.reachable), None)
    reached = sum(one.verdict.reachable for one in found.tried)
    parts = [f"**{reached} of {len(found.tried)} tasks are reached.**"]
    if blocked:
        parts += [f"*{marked(note)}*" for note in found.tried[0].verdict.notes]
    if blocked and blocked.fix:
        parts.append(f"**The least change:** {marked(blocked.fix.sentence)} (`{blocked.fix.action}`)")
    return " ".join(parts)


def told(scenario: Scenario, picked: str | None, *, rules: NetworkRules = RULES) -> str:
    """What is said of a place or a rule that was chosen in the figure, "" if it is not there."""
    found = found_of(scenario, rules)
    if not isinstance(found, Reach) or not picked:
        return ""
    path = path_of(found, rules)
    for spot in path.spots:
        if picked == f"spot {spot.id}":
            return _of_spot(path, spot)
        for line in spot.lines:
            if picked == pick_of(line):
                return _of_line(line, path.spots[: path.spots.index(spot)])
    return ""


def pick_of(line: Line) -> str:
    """The id under which a figure reports that a rule was chosen."""
    return f"rule {line.group} {line.direction} {line.at}"


def without_rule(scenario: Scenario, picked: str | None) -> dict[str, Any] | None:
    """The scenario without the rule that was chosen; None if no rule was."""
    found = found_of(scenario)
    words = (picked or "").split(" ")
    if not isinstance(found, Reach) or len(words) != 4 or words[0] != "rule":
        return None
    group, direction, at = words[1:]
    # The browser says it, so it may be anything.
    known = group in found.world.groups and direction in ("ingress", "egress")
    if not known or not re.fullmatch(r"[0-9]{1,4}", at):
        return None
    rules = found.world.groups[group].ingress if direction == "ingress" else found.world.groups[group].egress
    word = "from" if direction == "ingress" else "to"
    if int(at) >= len(rules):
        return None
    kept = [rule.told(word) for place, rule in enumerate(rules) if place != int(at)]
    groups = dict(scenario.get("securityGroups", {}))
    groups[group] = {**groups.get(group, {}), direction: kept}
    return {**scenario, "securityGroups": groups}


def _arrived(answer: Mapping[str, Any]) -> str:
    told = answer["message"] if answer["code"] != "START_OK" else "The task starts: all that it needs is reached."
    return marked(told)


def _of_fit(answer: Mapping[str, Any]) -> str:
    parts: list[str] = []
    if answer["eni"]:
        parts.append(marked(answer["eni"]["message"]))
    if answer["identity"]:
        parts.append(f"**A task's place in the network.** {marked(answer['identity'])}")
    if not answer["allowed"]:
        parts += [f":material/block: {marked(one['message'])} {marked(one['fix'])}" for one in answer["problems"]]
    parts += [f"*{marked(note)}*" for note in answer["notes"]]
    return "\n\n".join(parts)


def _of_spot(path: Path, spot: Spot) -> str:
    at = path.spots.index(spot)
    last = path.steps[-1]
    state = "stops the packet" if at == last.stop else "lets it pass" if at <= last.upto else "is never reached"
    place = f" It stands in {code(spot.zone[-1])}." if len(spot.zone) > 1 else ""
    facts = f" ({plain(', '.join(spot.facts))})" if spot.facts else ""
    hops = [hop for hop in path.verdict.hops if (hop.kind, hop.at) == spot.hop]
    said = f" {marked(hops[-1].sentence)}" if hops else ""
    return f"**{plain(spot.name)}**{facts} {state}.{place}{said}"


def _of_line(line: Line, before: Sequence[Spot]) -> str:
    what, whence = next((spot.label for spot in reversed(before) if spot.label[0]), ("", ""))
    verb = "lets this packet through" if line.admits else "does not match this packet"
    side = "inbound" if line.direction == "ingress" else "outbound"
    return f"{code(line.told)}, {side} rule of {code(line.group)}: it {verb} ({plain(what)}, {plain(whence)})."


@lru_cache(maxsize=128)
def _found(text: str, rules: NetworkRules) -> Reach | Fit:
    return examine(json.loads(text), rules)


@lru_cache(maxsize=128)
def _answer(text: str, rules: NetworkRules) -> Mapping[str, Any]:
    return network_answer(json.loads(text), rules)


@lru_cache(maxsize=96)
def _film(text: str, rules: NetworkRules, upto: int | None) -> Film:
    found = _found(text, rules)
    if isinstance(found, Fit):
        return sockets_film(found, title="Tasks on one instance", ask=_ask_fit(found))
    if found.start:
        return start_film(found, title="What a task calls before it runs", ask=ASK_START, rules=rules, upto=upto)
    path = path_of(found, rules)
    return walk_film(path, title="A packet's way", ask=_ask(found, path), upto=upto)


@lru_cache(maxsize=16)
def _ruler(text: str) -> Film:
    found = _found(text, RULES)
    assert isinstance(found, Reach)
    ask = f"{len(found.tried)} tasks, each with the host port that Docker dealt it. Which of them does alb reach?"
    return ports_film(found, title="Host ports and the rules that open them", ask=ask)


@lru_cache(maxsize=32)
def _diagram(text: str):
    return network_diagram(_found(text, RULES), direction="right")


def _ask(found: Reach, path: Path) -> str:
    asks = path.spots[0].name
    goal = found.question.target or "its targets"
    who = {"Internet": "A visitor on the internet"}.get(asks, asks)
    return f"{who} sends a packet to {goal}: {path.steps[0].label[0]}. How far does it get?"


def _ask_fit(fit: Fit) -> str:
    if not fit.copies:
        return f"{fit.launch}, network mode {fit.mode}. Does that go together?"
    where = fit.limit.type if fit.limit else "one instance"
    return f"{fit.mode} tasks come to an empty {where}, one after the other. How many find a place?"
