"""Capacity providers: base and weight, managed scaling, and a timed run on top of the placement simulator.

`simulate(scenario, rules)` gives a `Trace` whose states are `simulator.capacity.state.State`; the scenario's fields
are read in `simulator.capacity.run_document`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from simulator import trace as traces
from simulator.capacity.effects import apply
from simulator.capacity.rules import RULES, CapacityRules, rules_from_dict, rules_to_dict
from simulator.capacity.state import Event, Kind, State
from simulator.capacity.timed import run
from simulator.capacity.wording import Explanation, explain_event
from simulator.trace import Mechanism, Trace

__all__ = ["MECHANISM", "RULES", "CapacityRules", "Event", "Explanation", "State", "simulate"]


def simulate(scenario: Mapping[str, Any], rules: CapacityRules = RULES) -> Trace[State, Event]:
    """Play the minutes of a run.

    Raises
    ------
    InputError
        With one sentence, for a bad scenario.
    """
    plan, events, states = run(scenario, rules)
    return Trace(
        mechanism=MECHANISM,
        scenario=scenario,
        rules=rules,
        events=tuple(events),
        checkpoints=tuple(states[:-1]),
        context=plan,
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
    before, event = traces.state_at(trace, k), trace.events[k]
    return explain_event(before, event, apply(before, event))


MECHANISM: Mechanism[State, Event] = Mechanism(
    name="capacity",
    simulate=simulate,
    apply=apply,
    explain=_explain,
    event_to_dict=event_to_dict,
    event_from_dict=event_from_dict,
    rules_to_dict=rules_to_dict,
    rules_from_dict=rules_from_dict,
)
