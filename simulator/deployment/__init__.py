"""Rolling deployments of an ECS service: bounds, waves, the timed run, the circuit breaker, alarms.

`simulate(scenario, rules)` gives a `Trace` whose states are `simulator.deployment.state.State`; the scenario's fields
are listed in `simulator.deployment.scenario`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from simulator import trace as traces
from simulator.deployment.effects import apply
from simulator.deployment.rules import RULES, DeploymentRules, rules_from_dict, rules_to_dict
from simulator.deployment.service_events import SIX_HOURS, ServiceEvent, service_events
from simulator.deployment.state import Event, Kind, State
from simulator.deployment.timed import run
from simulator.deployment.wording import Explanation, explain_event
from simulator.trace import Mechanism, Trace

__all__ = [
    "MECHANISM",
    "RULES",
    "DeploymentRules",
    "Event",
    "Explanation",
    "ServiceEvent",
    "State",
    "events_until",
    "simulate",
]


def simulate(scenario: Mapping[str, Any], rules: DeploymentRules = RULES) -> Trace[State, Event]:
    """Play a rolling deployment from its first event to its last.

    Raises
    ------
    InputError
        With one sentence, for a bad scenario.

    >>> trace = simulate({"desiredCount": 4})
    >>> last = traces.state_at(trace, len(trace))
    >>> last.rollout_state, last.running, last.now // 1000
    ('COMPLETED', 4, 62)
    """
    events, states = run(scenario, rules)
    return Trace(
        mechanism=MECHANISM, scenario=scenario, rules=rules, events=tuple(events), checkpoints=tuple(states[:-1])
    )


def events_until(trace: Trace[State, Event], k: int | None = None) -> tuple[ServiceEvent, ...]:
    """The service's events list before step `k` (None: of the whole run), oldest first.

    A text that stands there already is not repeated within six hours, as in AWS's own list.
    """
    state = traces.state_at(trace, 0)
    lines: list[ServiceEvent] = []
    said: dict[str, int] = {}
    for event in trace.events[:k]:
        for line in service_events(state, event):
            if line.text not in said or line.at - said[line.text] >= SIX_HOURS:
                said[line.text] = line.at
                lines.append(line)
        state = apply(state, event)
    return tuple(lines)


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
    before, event = traces.state_at(trace, k), trace.events[k]
    return explain_event(before, event, apply(before, event))


MECHANISM: Mechanism[State, Event] = Mechanism(
    name="deployment",
    simulate=simulate,
    apply=apply,
    explain=_explain,
    event_to_dict=event_to_dict,
    event_from_dict=event_from_dict,
    rules_to_dict=rules_to_dict,
    rules_from_dict=rules_from_dict,
)
