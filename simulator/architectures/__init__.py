"""Event flows through AWS: S3 to a task, a schedule to a task, a queue to workers, a stopped task to a topic.

`simulate(scenario, rules)` gives a `Trace` whose states are `simulator.architectures.state.State`: every event is in
exactly one place. The scenario's fields are listed in `simulator.architectures.form`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from simulator import trace as traces
from simulator.architectures import delivery, workers
from simulator.architectures.effects import apply
from simulator.architectures.rules import RULES, ArchitecturesRules, rules_from_dict, rules_to_dict
from simulator.architectures.scenario import read_scenario
from simulator.architectures.state import Event, State, What, first_state
from simulator.architectures.wording import Explanation, explain_event
from simulator.trace import Mechanism, Trace

__all__ = ["MECHANISM", "RULES", "ArchitecturesRules", "Event", "Explanation", "State", "simulate"]


def simulate(scenario: Mapping[str, Any], rules: ArchitecturesRules = RULES) -> Trace[State, Event]:
    """Let everything that comes in run to where it ends.

    Raises
    ------
    InputError
        With one sentence, for a bad scenario.

    >>> trace = simulate({"architecture": "object-to-task", "eventBridgeEnabled": False})
    >>> [(event.kind.value, event.code) for event in trace.events][-1]
    ('ended', 'EVENTBRIDGE_NOT_ENABLED')
    """
    plan = read_scenario(scenario)
    events = workers.run(plan, rules) if plan.queue is not None else delivery.run(plan, rules)
    return traces.record(MECHANISM, scenario, rules, first_state(plan, rules), events)


def event_to_dict(event: Event) -> dict[str, Any]:
    """The event as JSON can carry it; empty fields are left out."""
    named = {field.name: getattr(event, field.name) for field in fields(event)}
    kept = {name: value for name, value in named.items() if value not in ("", 0, None)}
    return {**kept, "at": event.at, "kind": event.kind.value}


def event_from_dict(document: Mapping[str, Any]) -> Event:
    """Read what `event_to_dict` wrote."""
    named: dict[str, Any] = {**document, "kind": What(document["kind"])}
    return Event(**named)


def _explain(trace: Trace[State, Event], k: int) -> Explanation:
    return explain_event(traces.state_at(trace, k), trace.events[k])


MECHANISM: Mechanism[State, Event] = Mechanism(
    name="architectures",
    simulate=simulate,
    apply=apply,
    explain=_explain,
    event_to_dict=event_to_dict,
    event_from_dict=event_from_dict,
    rules_to_dict=rules_to_dict,
    rules_from_dict=rules_from_dict,
)
