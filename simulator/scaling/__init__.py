"""Service auto scaling: target tracking, step scaling, scheduled actions, and timed runs under a load.

`simulate(scenario, rules)` gives a `Trace` whose states are `simulator.scaling.state.State`; the scenario's fields are
listed in `simulator.scaling.scenario`, those of one decision in `simulator.scaling.question`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from simulator import trace as traces
from simulator.scaling.rules import RULES, ScalingRules, rules_from_dict, rules_to_dict
from simulator.scaling.state import Event, Kind, State, apply
from simulator.scaling.timed import run
from simulator.scaling.wording import Explanation, explain_event
from simulator.trace import Mechanism, Trace

__all__ = ["MECHANISM", "RULES", "Event", "Explanation", "ScalingRules", "State", "simulate"]


def simulate(scenario: Mapping[str, Any], rules: ScalingRules = RULES) -> Trace[State, Event]:
    """Play a service under its load from the first second to the last.

    Raises
    ------
    InputError
        With one sentence, for a bad scenario.

    >>> trace = simulate({
    ...     "minutes": 10, "min": 2, "max": 10, "capacity": 2,
    ...     "load": {"points": [[0, 100], [1, 100], [2, 300]]},
    ...     "service": {"requestsPerSecondPerTask": 100},
    ...     "policies": [{"policyType": "TargetTrackingScaling", "target": 50}],
    ... })
    >>> [(event.at // 60, event.before, event.after) for event in trace.events if event.kind is Kind.SCALED]
    [(4, 2, 4), (6, 4, 8)]
    """
    events, states = run(scenario, rules)
    return Trace(
        mechanism=MECHANISM, scenario=scenario, rules=rules, events=tuple(events), checkpoints=tuple(states[:-1])
    )


def event_to_dict(event: Event) -> dict[str, Any]:
    """The event as JSON can carry it; empty fields are left out."""
    named: dict[str, Any] = {"at": event.at, "kind": event.kind.value}
    for field in fields(event):
        value = getattr(event, field.name)
        if field.name in named or value == field.default:
            continue
        named[field.name] = list(value) if isinstance(value, tuple) else value
    return named


def event_from_dict(document: Mapping[str, Any]) -> Event:
    """Read what `event_to_dict` wrote."""
    named: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in document.items()
    }
    named["kind"] = Kind(named["kind"])
    return Event(**named)


def _explain(trace: Trace[State, Event], k: int) -> Explanation:
    return explain_event(traces.state_at(trace, k), trace.events[k])


MECHANISM: Mechanism[State, Event] = Mechanism(
    name="scaling",
    simulate=simulate,
    apply=apply,
    explain=_explain,
    event_to_dict=event_to_dict,
    event_from_dict=event_from_dict,
    rules_to_dict=rules_to_dict,
    rules_from_dict=rules_from_dict,
)
