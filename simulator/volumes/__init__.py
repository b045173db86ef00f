"""Volumes of ECS tasks: what can be attached where, who shares it, and what survives when something stops.

`simulate(scenario, rules)` gives a `Trace` whose states are `simulator.volumes.state.State`; the scenario's fields are
listed in `simulator.volumes.scenario`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from simulator import trace as traces
from simulator.trace import Mechanism, Trace
from simulator.volumes.effects import apply
from simulator.volumes.rules import RULES, VolumesRules, rules_from_dict, rules_to_dict
from simulator.volumes.run import run
from simulator.volumes.scenario import read_scenario
from simulator.volumes.state import Event, State, What, first_state
from simulator.volumes.wording import Explanation, explain_event

__all__ = ["MECHANISM", "RULES", "Event", "Explanation", "State", "VolumesRules", "simulate"]


def simulate(scenario: Mapping[str, Any], rules: VolumesRules = RULES) -> Trace[State, Event]:
    """Start the tasks, let everything happen in order, and see what survives.

    Raises
    ------
    InputError
        With one sentence, for a bad scenario.

    >>> trace = simulate({"launchType": "FARGATE", "tasks": [{"task": "web"}], "events": [
    ...     {"action": "write", "task": "web", "path": "/notes"}, {"action": "stopTask", "task": "web"}]})
    >>> [(event.kind.value, event.code) for event in trace.events][-1]
    ('storage-lost', 'LAYER_GONE')
    """
    plan = read_scenario(scenario)
    return traces.record(MECHANISM, scenario, rules, first_state(plan, rules), run(plan, rules))


def event_to_dict(event: Event) -> dict[str, Any]:
    """The event as JSON can carry it; empty fields are left out."""
    named = {field.name: getattr(event, field.name) for field in fields(event)}
    kept = {name: value for name, value in named.items() if value not in ("", 0)}
    return {**kept, "at": event.at, "kind": event.kind.value}


def event_from_dict(document: Mapping[str, Any]) -> Event:
    """Read what `event_to_dict` wrote."""
    named: dict[str, Any] = {**document, "kind": What(document["kind"])}
    return Event(**named)


def _explain(trace: Trace[State, Event], k: int) -> Explanation:
    return explain_event(traces.state_at(trace, k), trace.events[k])


MECHANISM: Mechanism[State, Event] = Mechanism(
    name="volumes",
    simulate=simulate,
    apply=apply,
    explain=_explain,
    event_to_dict=event_to_dict,
    event_from_dict=event_from_dict,
    rules_to_dict=rules_to_dict,
    rules_from_dict=rules_from_dict,
)
