"""Amazon ECR: login, push and pull call by call, tags and digests, and lifecycle policies.

`simulate(scenario, rules)` gives a `Trace` whose states are `simulator.registry.state.State`; the scenario's fields are
listed in `simulator.registry.scenario`. A lifecycle document (`simulator.registry.answers`) is a run too: one event for
each rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from simulator import trace as traces
from simulator.registry.effects import apply
from simulator.registry.rules import RULES, RegistryRules, rules_from_dict, rules_to_dict
from simulator.registry.run import run
from simulator.registry.state import Event, Kind, State
from simulator.registry.wording import Explanation, explain_event
from simulator.trace import Mechanism, Trace

__all__ = ["MECHANISM", "RULES", "Event", "Explanation", "Kind", "RegistryRules", "State", "simulate"]


def simulate(scenario: Mapping[str, Any], rules: RegistryRules = RULES) -> Trace[State, Event]:
    """Play a scenario's commands, or a lifecycle policy rule by rule.

    Raises
    ------
    InputError
        With one sentence, for a bad scenario.

    >>> image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/web:v1"
    >>> trace = simulate({"commands": [{"do": "login"}, {"do": "push", "image": image, "layers": ["base"]}]})
    >>> [event.kind.value for event in trace.events]
    ['logged-in', 'built', 'refused']
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
    event = trace.events[k]
    # The rules of a policy are evaluated together, before the first of them is applied.
    while event.kind is Kind.APPLIED and k and _same_pass(trace.events[k - 1], event):
        k -= 1
    return explain_event(traces.state_at(trace, k), event, trace.rules)


def _same_pass(earlier: Event, event: Event) -> bool:
    return earlier.kind is Kind.APPLIED and earlier.at == event.at and earlier.repository == event.repository


MECHANISM: Mechanism[State, Event] = Mechanism(
    name="registry",
    simulate=simulate,
    apply=apply,
    explain=_explain,
    event_to_dict=event_to_dict,
    event_from_dict=event_from_dict,
    rules_to_dict=rules_to_dict,
    rules_from_dict=rules_from_dict,
)
