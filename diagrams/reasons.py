"""A placement decision in few words: three for the rack, one clause for the caption, a line for the text face."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from diagrams.markup import shorten
from simulator.placement.decision import Decision, Shortfall, Verdict
from simulator.placement.request import Strategy
from simulator.placement.rules import RULES

_FULL = {"cpu": "CPU", "memory": "memory", "gpu": "GPU"}
_WORDS = {
    "ports clash": ("port wanted", "twice"),
    "ports limit": ("host ports", "used up"),
    "agent": ("agent", "not there"),
    "attributes": ("attribute", "missing"),
    "location": ("not in", "the subnets"),
    "eni": ("no network", "interface"),
    "memberOf": ("memberOf", "not met"),
    "distinctInstance": ("has one", "already"),
    "daemon": ("has its", "daemon"),
}


def three_words(shortfall: Shortfall) -> tuple[str, str]:
    """Why an instance is out, in two short lines.

    >>> three_words(Shortfall("memory", "RESOURCE:MEMORY", 512, 212))
    ('memory', '300 short')
    """
    rule = shortfall.rule
    if rule in _FULL:
        return _FULL[rule], f"{shortfall.need - shortfall.have:,} short"
    if rule == "ports" and shortfall.detail not in ("clash", "limit"):
        return f"port {str(shortfall.need[0]).removesuffix('/tcp')}", "taken"
    if rule == "status":
        return str(shortfall.have), "no tasks"
    return _WORDS.get(f"{rule} {shortfall.detail}") or _WORDS.get(rule) or (shorten(rule, 12), "not met")


def why(decision: Decision) -> str:
    """What decided, as a clause that follows "Task 4 goes to b2: " or "Task 4 is not placed: "."""
    if decision.chosen is None:
        return _why_not(decision)
    candidates = decision.candidates
    if len(candidates) == 1:
        out = len(decision.verdicts) - 1
        return "it is the only one that can take it" if out else "it is the only instance"
    clauses = _chain(decision, candidates)
    tied = len(decision.tied)
    if tied > 1:
        clauses.append(f"{tied} are equally good, our tie-break takes the first")
    elif not clauses:
        clauses.append("it comes first")
    return "; ".join(clauses)


def refusals(verdicts: Sequence[Verdict]) -> str:
    """Which rules kept instances out and how many: "memory on 3, port 8080 on 1"; empty if none was kept out."""
    counted = Counter(_short(verdict.shortfalls[0]) for verdict in verdicts if verdict.shortfalls)
    return ", ".join(f"{what} on {count}" for what, count in counted.most_common(4))


def _short(shortfall: Shortfall) -> str:
    if shortfall.rule in _FULL:
        return f"too little {_FULL[shortfall.rule]}"
    return str(shortfall.have) if shortfall.rule == "status" else " ".join(three_words(shortfall))


def _why_not(decision: Decision) -> str:
    if decision.overruled:
        return "its best instances are full, and the strategy is taken to be binding"
    if not decision.verdicts:
        return "the cluster has no instance"
    return refusals(decision.verdicts)


def _chain(decision: Decision, candidates: Sequence[Verdict]) -> list[str]:
    """One clause for each strategy that narrowed the choice."""
    clauses: list[str] = []
    left = list(candidates)
    for at, strategy in enumerate(decision.strategies):
        least = min((verdict.keys or ())[at] for verdict in left)
        kept = [verdict for verdict in left if (verdict.keys or ())[at] == least]
        if len(kept) < len(left):
            clauses.append(_clause(strategy, kept[0], least, decision))
        left = kept
    return clauses


def _clause(strategy: Strategy, best: Verdict, least: int, decision: Decision) -> str:
    if strategy.type == "random":
        return f"drawn at random (seed {decision.request.seed})"
    if decision.rules != RULES:
        # Under a belief the number may count something else; the words must not claim AWS's meaning.
        return f"it ranks best by {strategy.type} {(strategy.field or '').removeprefix('attribute:')}".rstrip()
    if strategy.type == "binpack":
        name, unit = ("memory", "MiB") if strategy.field == "memory" else ("CPU", "units")
        return f"it has the least {name} left that is still enough ({least:,} {unit})"
    group = shorten(decision.request.group.split(":", 1)[-1], 18)
    count = f"{least} {group} task{'' if least == 1 else 's'}"
    if strategy.field == "instanceId":
        return f"{shorten(best.instance.id, 14)} has the fewest, {count}"
    name = (strategy.field or "").removeprefix("attribute:")
    value = shorten(best.instance.attributes.get(name) or best.instance.zone or "", 18)
    where = f"zone {value}" if name == "ecs.availability-zone" else f"{shorten(name, 18)} {value or 'unset'}"
    return f"{where} has the fewest, {count}"
