"""What the figures of the lesson on launch types share: answers and films computed once, and the words below them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import streamlit as st

from diagrams.break_even import break_even_film, step_at
from diagrams.film import Film
from diagrams.launch_types import launch_types_diagram
from diagrams.model import Diagram
from lessons.situations import owed, text_of
from lessons.stage import Stage
from simulator.launch_types import RULES, LaunchTypesRules
from simulator.launch_types.features import FEATURES
from simulator.launch_types.options import NAMES, Option
from simulator.launch_types.subjects import launch_types_answer
from simulator.prices import PRICES, SOURCES
from ui import theme
from ui.player import PlayerState, player
from ui.words import marked, plain

ASK = (
    "An hour of the full instance costs this, and an hour of its eight tasks on Fargate that. What becomes of the two "
    "when the tasks run a quarter of the time?"
)
_CODE = re.compile("|".join(sorted(FEATURES, key=len, reverse=True)))
_BOUND = {"cpu": "CPU", "memory": "memory", "interfaces": "network interfaces"}

Scenario = Mapping[str, Any]


def answered(scenario: Scenario, rules: LaunchTypesRules = RULES) -> dict[str, Any]:
    """The answer to a document, computed once for all readers; not to be changed, for it is kept.

    Raises
    ------
    InputError
        With one sentence, for what cannot be answered.
    """
    return _answered(text_of(scenario), rules)


def film_of(scenario: Scenario, rules: LaunchTypesRules = RULES, *, ask: str = "") -> Film | None:
    """The chart of a bill; None for what has no break-even."""
    return _film(text_of(scenario), rules, ask)


def picture_of(scenario: Scenario, rules: LaunchTypesRules = RULES) -> Diagram:
    """An answer as an architecture: its bills, or the places that remain."""
    return _picture(text_of(scenario), rules)


def chart(stage: Stage, scenario: Scenario, *, key: str = "chart") -> PlayerState:
    """The chart, at rest where the workload is, and below it what the break-even comes from."""
    film = film_of(scenario, ask=ASK if stage.locked else "")
    assert film is not None, "the lesson's own situations have a break-even"
    rest = player(film, key=stage.key(key), step=0 if stage.locked else start_of(scenario))
    if not owed(stage):
        st.markdown(reckoned(scenario), width=theme.MEASURE)
    return rest


def start_of(scenario: Scenario) -> int:
    """The frame of the share that the workload uses."""
    bill = next(one for one in answered(scenario)["bills"] if one["option"] == Option.EC2)
    return step_at(bill.get("usedPercent", 0))


def reckoned(scenario: Scenario, rules: LaunchTypesRules = RULES) -> str:
    """How the break-even comes about, in Markdown, with the date of the prices."""
    answer = answered(scenario, rules)
    found = answer["breakEven"]
    each = found["tasksPerInstance"]
    bound = " and ".join(_BOUND[one] for one in found["limitedBy"])
    tasks = f"{each} task{'' if each == 1 else 's'}"
    instance, full = f"${found['instanceHour']:.4f}", f"${found['fullOnFargateHour']:.4f}"
    parts = [
        f"**The instance holds {tasks}**, limited by its {bound}. It costs {plain(instance)} an hour.",
        f"{tasks} on Fargate cost{'s' if each == 1 else ''} {plain(full)}.",
    ]
    if found["percent"] is not None:
        fraction = f"{plain(instance)} ÷ {plain(full)} = {found['percent']:g} %"
        parts.append(f"{fraction}. {marked(found['reason'])}")
    sizes = next((one["sizes"] for one in answer["bills"] if one.get("sizes")), [])
    odd = [one for one in sizes if not one["isAsked"]]
    parts += [
        f"Fargate’s next size is {one['cpu']:,} CPU units with {one['memory']:,} MiB; that is billed." for one in odd
    ]
    return " ".join(parts) + f"\n\n:small[{prices(answer['breakEven']['architecture'])}]"


def prices(architecture: str) -> str:
    """The dated prices in one line, in Markdown."""
    vcpu, memory = (PRICES[f"fargate-{what}-{architecture}"] for what in ("vcpu", "memory"))
    name = "Arm" if architecture == "ARM64" else "x86"
    return plain(
        f"Fargate on Linux and {name}, us-east-1: ${float(vcpu.amount):g} per vCPU-hour and ${float(memory.amount):g} "
        f"per GB-hour, as {', '.join(SOURCES)} published in March and April 2026. Check AWS’s price page. The price of "
        "the instance is yours to give."
    )


def bills(scenario: Scenario, rules: LaunchTypesRules = RULES) -> str:
    """The bills of a workload as a Markdown list."""
    answer = answered(scenario, rules)
    best = answer["cheapest"] or {}
    rows = [f"What {answer['hours']:,} hours cost:", ""]
    for bill in answer["bills"]:
        name = NAMES[Option(bill["option"])]
        if bill.get("architecture") == "ARM64":
            name += " on Arm"
        is_best = (bill["option"], bill.get("architecture")) == (best.get("option"), best.get("architecture"))
        cheapest = ", the cheapest with a firm price" if is_best else ""
        rows.append(f"- **{name}: {plain(_amount(bill))}**{cheapest}. {plain(bill['reason'])}")
    return "\n".join(rows)


def assumed(scenario: Scenario) -> str:
    """What had to be assumed of a bill, in Markdown; "" for nothing, and for needs."""
    notes = " ".join(plain(note) for note in answered(scenario).get("notes", ()))
    return f":small[{notes}]" if notes else ""


def choice(scenario: Scenario, rules: LaunchTypesRules = RULES) -> str:
    """What remains for a workload's needs, why the others do not, and the least change."""
    answer = answered(scenario, rules)
    advice = _CODE.sub(lambda code: FEATURES[code[0]].what, answer["leastChange"] or answer["note"])
    lines = [f"**{plain(answer['reason'])}** {plain(advice)}", ""]
    for entries, word in ((answer["unsure"], "open"), (answer["ruledOut"], "out")):
        for one in entries:
            why = " ".join(reason["reason"] for reason in one["reasons"])
            lines.append(f"- **{NAMES[Option(one['option'])]}** is {word}. {plain(why)}")
    return "\n".join(lines)


def _amount(bill: Mapping[str, Any]) -> str:
    if bill["total"] is not None:
        return f"${bill['total']:,.2f}"
    if "from" in bill:
        return f"${bill['from']:,.2f} to ${bill['to']:,.2f}"
    return f"more than ${bill['atLeast']:,.2f}" if "atLeast" in bill else "not known"


@lru_cache(maxsize=256)
def _answered(text: str, rules: LaunchTypesRules) -> dict[str, Any]:
    return launch_types_answer(json.loads(text), rules)


@lru_cache(maxsize=128)
def _film(text: str, rules: LaunchTypesRules, ask: str) -> Film | None:
    answer = _answered(text, rules)
    return break_even_film(answer, ask=ask) if answer.get("breakEven") else None


@lru_cache(maxsize=64)
def _picture(text: str, rules: LaunchTypesRules) -> Diagram:
    return launch_types_diagram(_answered(text, rules))
