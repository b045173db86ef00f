"""A run as a value: the scenario, the rules, and a tuple of small events.

Reasons are never stored. `explain` runs the mechanism's own decision on the state before a step, so a reason can
not go stale and a trace of a thousand steps stays small. Three readers share one trace: the player scrubs it,
a diagram draws any of its states, a quiz asks about it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from simulator.errors import InputError

State = TypeVar("State")
Event = TypeVar("Event")
Document = Mapping[str, Any]

# Seeking replays half of this many events on average; a checkpoint is two tuples of references.
CHECKPOINT_EVERY = 16
VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism(Generic[State, Event]):
    """What a simulator gives so that its runs can be replayed.

    `simulate(scenario, rules)` computes the whole run; `apply(state, event)` is the next state; `explain(trace, k)`
    rebuilds why event `k` happened; `event_to_dict` and `event_from_dict` are the event's JSON form; `rules_from_dict`
    reads the form that `rules_to_dict` gives.
    """

    name: str
    simulate: Callable[[Document, Any], Trace[State, Event]]
    apply: Callable[[State, Event], State]
    explain: Callable[[Trace[State, Event], int], Any]
    event_to_dict: Callable[[Event], dict[str, Any]]
    event_from_dict: Callable[[Document], Event]
    rules_to_dict: Callable[[Any], dict[str, Any]]
    rules_from_dict: Callable[[Document], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace(Generic[State, Event]):
    """One whole run. `checkpoints[i]` is the state before event `i * CHECKPOINT_EVERY`.

    `context` is whatever the mechanism keeps of the scenario it has read, so that `explain` need not read it again.
    """

    mechanism: Mechanism[State, Event] = field(repr=False, compare=False)
    scenario: Document
    rules: Any
    events: tuple[Event, ...]
    checkpoints: tuple[State, ...] = field(repr=False, compare=False)
    context: Any = field(default=None, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.events)


def record(
    mechanism: Mechanism[State, Event],
    scenario: Document,
    rules: Any,
    initial: State,
    events: Iterable[Event],
    *,
    context: Any = None,
) -> Trace[State, Event]:
    """A trace from the first state and the events, with its checkpoints laid by replaying them."""
    kept = tuple(events)
    state = initial
    checkpoints = [initial]
    for k, event in enumerate(kept, start=1):
        state = mechanism.apply(state, event)
        if k % CHECKPOINT_EVERY == 0:
            checkpoints.append(state)
    return Trace(
        mechanism=mechanism,
        scenario=scenario,
        rules=rules,
        events=kept,
        checkpoints=tuple(checkpoints),
        context=context,
    )


def state_at(trace: Trace[State, Event], k: int) -> State:
    """The state before event `k`; `k == len(trace)` is the last state.

    Raises
    ------
    IndexError
        If `k` is below 0 or above `len(trace)`.
    """
    if not 0 <= k <= len(trace.events):
        raise IndexError(f"Step {k} is outside this run: it has steps 0 to {len(trace.events)}.")
    nearest = k // CHECKPOINT_EVERY
    state = trace.checkpoints[nearest]
    for event in trace.events[nearest * CHECKPOINT_EVERY : k]:
        state = trace.mechanism.apply(state, event)
    return state


def explain(trace: Trace[State, Event], k: int) -> Any:
    """Why event `k` happened: the mechanism's decision, run again on the state before it."""
    if not 0 <= k < len(trace.events):
        raise IndexError(f"Event {k} is outside this run: it has events 0 to {len(trace.events) - 1}.")
    return trace.mechanism.explain(trace, k)


def fork(trace: Trace[State, Event], k: int, change: Document) -> Trace[State, Event]:
    """The run that parts from this one at step `k`: everything before stays, then `change` acts.

    The change is written into the scenario (`changes: [{"at": k, …}]`), so a fork is an ordinary scenario: it can be
    linked to, saved, and forked again. Changes that the first run had in store for later than `k` are dropped.
    """
    earlier = [c for c in trace.scenario.get("changes") or () if c["at"] <= k]
    scenario = {**trace.scenario, "changes": [*earlier, {"at": k, **change}]}
    return trace.mechanism.simulate(scenario, trace.rules)


def first_difference(a: Trace[State, Event], b: Trace[State, Event]) -> int | None:
    """The first step at which two runs part, or None if they are the same run."""
    for k, (left, right) in enumerate(zip(a.events, b.events, strict=False)):
        if left != right:
            return k
    return None if len(a) == len(b) else min(len(a), len(b))


def to_json(trace: Trace[State, Event]) -> str:
    """The trace as canonical JSON: equal runs give equal bytes."""
    document = {
        "version": VERSION,
        "mechanism": trace.mechanism.name,
        "scenario": trace.scenario,
        "rules": trace.mechanism.rules_to_dict(trace.rules),
        "events": [trace.mechanism.event_to_dict(event) for event in trace.events],
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_json(text: str, mechanism: Mechanism[State, Event]) -> Trace[State, Event]:
    """Read a trace back, and refuse one whose events do not follow from its scenario.

    Raises
    ------
    InputError
        With one sentence, if the text is not such a trace or was made by another version of these rules.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f": line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(f"This is not JSON{where}; export the run again from a lesson.") from None
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise InputError(f"This is not a run of version {VERSION}; export it again from a lesson.")
    if document.get("mechanism") != mechanism.name:
        raise InputError(f"This run is of “{document.get('mechanism')}”, and “{mechanism.name}” was expected.")
    trace = mechanism.simulate(document.get("scenario", {}), mechanism.rules_from_dict(document.get("rules", {})))
    try:
        events = tuple(mechanism.event_from_dict(event) for event in document["events"])
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError("The run's events can not be read; export it again from a lesson.") from None
    if events != trace.events:
        raise InputError("The events do not follow from the scenario; the run was edited or made by other rules.")
    return trace
