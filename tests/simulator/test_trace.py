"""Traces of any mechanism: seeking, forking, the first difference, and text that is no trace."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator import trace as traces
from simulator.errors import InputError
from simulator.trace import CHECKPOINT_EVERY, Mechanism, Trace


def _simulate(scenario: Any, rules: Any) -> Trace[int, int]:
    size = scenario["size"]
    changes = {change["at"]: change["add"] for change in scenario.get("changes") or ()}
    return traces.record(COUNTING, scenario, rules, 0, [changes.get(k, 1) for k in range(size)], context="kept")


COUNTING: Mechanism[int, int] = Mechanism(
    name="counting",
    simulate=_simulate,
    apply=lambda state, event: state + event,
    explain=lambda trace, k: trace.events[k],
    event_to_dict=lambda event: {"add": event},
    event_from_dict=lambda document: document["add"],
    rules_to_dict=lambda rules: rules,
    rules_from_dict=lambda document: dict(document),
)
SIZE = 3 * CHECKPOINT_EVERY + 5


def test_seeking_agrees_with_replaying() -> None:
    trace = _simulate({"size": SIZE}, {})
    assert [traces.state_at(trace, k) for k in range(SIZE + 1)] == list(range(SIZE + 1))
    assert len(trace.checkpoints) == 4
    assert trace.context == "kept"


@pytest.mark.parametrize("k", [-1, SIZE + 1])
def test_seeking_outside(k: int) -> None:
    with pytest.raises(IndexError, match=f"it has steps 0 to {SIZE}"):
        traces.state_at(_simulate({"size": SIZE}, {}), k)


def test_explaining_outside() -> None:
    with pytest.raises(IndexError, match="it has events 0 to 2"):
        traces.explain(_simulate({"size": 3}, {}), 3)


def test_forks_and_differences() -> None:
    trace = _simulate({"size": 9, "changes": [{"at": 2, "add": 5}, {"at": 7, "add": 5}]}, {})
    forked = traces.fork(trace, 4, {"add": 3})
    assert forked.scenario["changes"] == [{"at": 2, "add": 5}, {"at": 4, "add": 3}]
    assert traces.first_difference(trace, forked) == 4
    assert traces.first_difference(trace, trace) is None
    assert traces.first_difference(trace, _simulate({**trace.scenario, "size": 12}, {})) == 9


def test_text_both_ways() -> None:
    trace = _simulate({"size": 4}, {"a": 1})
    text = traces.to_json(trace)
    assert traces.from_json(text, COUNTING) == trace
    assert text == traces.to_json(traces.from_json(text, COUNTING))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"version": 99}, "not a run of version 1"),
        ({"mechanism": "other"}, "This run is of “other”"),
        ({"events": [{"add": 2}]}, "do not follow from the scenario"),
        ({"events": [5]}, "events can not be read"),
        ({"events": None}, "events can not be read"),
    ],
)
def test_runs_that_are_refused(change: dict[str, Any], part: str) -> None:
    document = {**json.loads(traces.to_json(_simulate({"size": 1}, {}))), **change}
    with pytest.raises(InputError, match=part):
        traces.from_json(json.dumps(document), COUNTING)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", "null"])
def test_text_that_is_no_run(text: str) -> None:
    with pytest.raises(InputError):
        traces.from_json(text, COUNTING)
