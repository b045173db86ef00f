"""A timed run in one document: what it came to, and when it scaled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from simulator.scaling.policies import Tracking
from simulator.scaling.rules import RULES, ScalingRules
from simulator.scaling.scenario import ScaleInStep
from simulator.scaling.state import SCALE, Event, Kind, State, apply
from simulator.scaling.timed import run
from simulator.scaling.wording import GRADUAL, OBSERVED, explain_event

MOST_LINES = 200  # of the timeline
OURS = (
    "A policy computes with its newest data point; a cooldown begins with the decision; tasks that do not work yet are "
    "the first to stop."
)
LEADS = (Kind.SCALED, Kind.NOT_SCALED, Kind.SCHEDULED, Kind.DEPLOYMENT, Kind.CHANGED)


def run_answer(document: Mapping[str, Any], rules: ScalingRules = RULES) -> dict[str, Any]:
    """What a run came to.

    Returns
    -------
    dict
        `desired` and `running` at the end, `most` and `fewest` tasks wanted, `scaleOuts` and `scaleIns`, `notScaled` by
        code, `requests` (of a worker: messages), `worstLatencyMilliseconds`, `worstQueue`, `averageCpu`, `taskHours`,
        `cost`, `timeline` (the first 200 scaling decisions), and `choices`: what AWS leaves open and this run chose.
    """
    events, states = run(document, rules)
    first, last = states[0], states[-1]
    samples = [event for event in events if event.kind is Kind.SAMPLE]
    scaled = [event for event in events if event.kind is Kind.SCALED]
    wanted = [event.after for event in events if event.kind in (Kind.REGISTERED, Kind.SCALED, Kind.SCHEDULED)]
    unscaled = Counter(event.detail for event in events if event.kind is Kind.NOT_SCALED)
    return {
        "desired": last.desired,
        "running": last.running,
        "most": max(wanted),
        "fewest": min(wanted),
        "scaleOuts": sum(event.after > event.before for event in scaled),
        "scaleIns": sum(event.after < event.before for event in scaled),
        "notScaled": dict(sorted(unscaled.items())),
        "messages" if last.plan.works_on_queue else "requests": _work(last),
        "worstLatencyMilliseconds": max((one.latency for one in samples if one.latency is not None), default=None),
        "worstQueue": max(event.queue for event in samples) // SCALE,
        "averageCpu": _average([event.cpu for event in samples if event.cpu is not None]),
        "taskHours": round(last.billed / 3600, 3),
        "cost": {
            "dollars": round(float(last.plan.price * last.billed / 3600), 4),
            "perTaskHour": float(last.plan.price),
            "priceOf": last.plan.priced,
        },
        "timeline": _timeline(first, events),
        "choices": choices(last),
    }


def choices(state: State) -> list[str]:
    """What AWS leaves open or does not document, and what this run does."""
    said: list[str] = []
    if any(isinstance(policy, Tracking) for policy in state.plan.policies):
        said = [OBSERVED, GRADUAL.format(ScaleInStep(state.plan.scale_in).value)]
    return [*said, OURS]


def _work(state: State) -> dict[str, int]:
    """Whole requests or messages; what arrived is the sum of the three, so that nothing is lost by rounding."""
    parts = {"served": state.served, "failed": state.failed, "waiting": state.queue}
    whole = {name: value // SCALE for name, value in parts.items()}
    return {"arrived": sum(whole.values()), **whole}


def _timeline(state: State, events: list[Event]) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for event in events:
        if len(lines) == MOST_LINES:
            break
        if event.kind in LEADS:
            line: dict[str, Any] = {"minute": round(event.at / 60, 2), "kind": event.kind.value}
            if event.kind in (Kind.SCALED, Kind.SCHEDULED):
                line |= {"from": event.before, "to": event.after}
            lines.append({**line, "text": explain_event(state, event).sentence})
        state = apply(state, event)
    return lines


def _average(values: list[int]) -> float | None:
    return round(float(Fraction(sum(values), len(values) * SCALE)), 1) if values else None
