"""A run as lines of text, for the tests."""

from __future__ import annotations

from typing import Any

from simulator.capacity import RULES, CapacityRules, simulate
from simulator.capacity.state import Kind, State
from simulator.capacity.wording import minute_of
from simulator.trace import Trace, explain, state_at

SMALL = {"family": "web", "cpu": "512", "memory": "1024", "containerDefinitions": []}
PACKED = [{"type": "binpack", "field": "memory"}]
# Three small tasks fit on one instance, by memory.
TYPES = [{"cpu": 2048, "memory": 3768}]


def document(
    desired: Any = 0, *, least: int = 0, most: int = 20, size: int | None = None, **more: Any
) -> dict[str, Any]:
    """One service on one group."""
    service = {"taskDefinition": SMALL, "desiredCount": desired, "placementStrategy": PACKED, **more.pop("service", {})}
    group = {
        "instanceTypes": TYPES,
        "minSize": least,
        "maxSize": most,
        "desiredCapacity": least if size is None else size,
    }
    group |= more.pop("group", {})
    return {"services": [service], "autoScalingGroup": group, **more}


BASED = [
    {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
    {"capacityProvider": "FARGATE_SPOT", "weight": 2},
]


def fargate(desired: Any, **more: Any) -> dict[str, Any]:
    """One service on Fargate, by base and weight."""
    service = {"desiredCount": desired, "capacityProviderStrategy": BASED, **more.pop("service", {})}
    return {"services": [service], "minutes": 20, **more}


def play(scenario: Any, rules: CapacityRules = RULES) -> Trace[State, Any]:
    return simulate(scenario, rules)


def last(scenario: Any, rules: CapacityRules = RULES) -> State:
    trace = simulate(scenario, rules)
    return state_at(trace, len(trace))


def story(scenario: Any, rules: CapacityRules = RULES, *, measured: bool = False) -> list[str]:
    """Each event as `minute kind number`: tasks, else instances, else the sizes."""
    lines: list[str] = []
    for event in simulate(scenario, rules).events:
        if event.kind is Kind.MEASURED:
            running, needed, top, bottom, _, _ = event.numbers
            if measured:
                lines.append(f"{minute_of(event.at)} measured {needed}/{running} {round(top / bottom, 1)}")
            continue
        what = len(event.tasks) or len(event.instances) or event.count
        if event.kind in (Kind.SCALED_OUT, Kind.SCALED_IN):
            what = f"{event.numbers[0]}>{event.numbers[1]}"
        lines.append(f"{minute_of(event.at)} {event.kind.value} {what}")
    return lines


def said(scenario: Any, kind: Kind, rules: CapacityRules = RULES) -> Any:
    """The explanation of the first event of a kind."""
    trace = simulate(scenario, rules)
    return explain(trace, next(k for k, event in enumerate(trace.events) if event.kind is kind))
