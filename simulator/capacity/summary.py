"""The answer to the document of a run: how it ended, the metric over time, and every step in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.capacity.effects import apply
from simulator.capacity.rules import CapacityRules
from simulator.capacity.state import Event, Kind, State, Status, count_by
from simulator.capacity.timed import first_state, run
from simulator.capacity.wording import ending, explain_event, minute_of

MOST_STEPS = 200
SIX_HOURS = 6 * 3600


def run_answer(document: Mapping[str, Any], rules: CapacityRules) -> dict[str, Any]:
    """A timed run in figures and sentences.

    Parameters
    ----------
    document : `services` and `runTasks`, the `autoScalingGroup` with its `capacityProvider`, `spotCapacity`,
        `interruptions`, `minutes`, and the learner's `changes`.

    Raises
    ------
    InputError
        With one sentence, for a bad document.
    """
    plan, events, states = run(document, rules)
    last = states[-1]
    state = first_state(plan, rules)
    peak = {"instances": len(state.machines), "provisioning": 0, "reservation": 0.0}
    metric: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    said: dict[str, int] = {}
    for event in events:
        after = apply(state, event)
        if len(steps) < MOST_STEPS:
            steps.append(_step(state, event, after, said))
        if event.kind is Kind.MEASURED:
            metric.append(_point(event))
            peak["reservation"] = max(peak["reservation"], metric[-1]["reservation"])
        peak["instances"] = max(peak["instances"], len(after.machines))
        peak["provisioning"] = max(peak["provisioning"], count_by(after, Status.PROVISIONING))
        state = after
    outcome, sentence, fix = ending(plan, last)
    answer = {"outcome": outcome, "reason": sentence, "minutes": plan.seconds // 60, "end": _end(last), "peak": peak}
    if fix:
        answer["fix"] = fix
    opened = sorted({note for step in steps for note in step.get("open", ())})
    if opened:
        answer |= {"open": True, "notes": opened}
    return answer | {"services": _services(last), "metric": metric[:MOST_STEPS], "events": len(events), "steps": steps}


def _step(state: State, event: Event, after: State, said: dict[str, int]) -> dict[str, Any]:
    """One event; AWS suppresses a service event that was `said` within six hours."""
    found = explain_event(state, event, after)
    step: dict[str, Any] = {"at": minute_of(event.at), "kind": event.kind.value, "sentence": found.sentence}
    if found.why:
        step["why"] = list(found.why)
    if found.event and event.at - said.get(found.event, -SIX_HOURS) >= SIX_HOURS:
        said[found.event] = event.at
        step["event"] = found.event
    if found.open:
        step["open"] = list(found.open)
    return step


def _point(event: Event) -> dict[str, Any]:
    running, needed, top, bottom, _extra, _empty = event.numbers
    return {
        "minute": event.at // 60,
        "M": None if needed < 0 else needed,
        "N": running,
        "reservation": round(top / bottom, 1),
    }


def _end(state: State) -> dict[str, Any]:
    tasks = {status.value: count_by(state, status) for status in Status if count_by(state, status)}
    return {
        "desiredCapacity": state.size,
        "instances": len(state.machines),
        "tasks": tasks,
        "created": state.created,
        "stopped": dict(sorted(state.stopped.items())),
        "refused": state.refused,
    }


def _services(state: State) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []
    for i, work in enumerate(state.plan.works):
        if work.standalone:
            continue
        tasks = state.of(i)
        running = [task for task in tasks if task.status is Status.RUNNING]
        entry: dict[str, Any] = {"serviceName": work.name, "running": len(running)}
        if not work.daemon:
            entry["desired"] = state.desired.get(i, 0)
        if work.items:
            entry["runningOn"] = {
                item.provider: sum(task.provider == item.provider for task in running) for item in work.items
            }
        shown.append(entry)
    return shown
