"""The terminal's subject `architectures`: a flow from its source to its ends, or the backlog per task of a queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from simulator import reading
from simulator.architectures import simulate
from simulator.architectures.backlog import backlog_answer
from simulator.architectures.causes import INVOCATIONS, cause_of, unfinished
from simulator.architectures.hops import HOPS, Flow
from simulator.architectures.rules import RULES, ArchitecturesRules
from simulator.architectures.state import Event, Packet, State, Status, What
from simulator.architectures.wording import CHOICES, Explanation, where
from simulator.errors import InputError
from simulator.trace import Trace, explain, state_at


def architectures_answer(document: Mapping[str, Any], rules: ArchitecturesRules = RULES) -> dict[str, Any]:
    """Where every event of an architecture ends; or, for a document with `messages` and no `architecture`, the backlog.

    Returns
    -------
    dict
        `outcome` (one code if all end alike, else MIXED), `counts` by outcome, `events` each with outcome, place and,
        where it did not arrive, code, reason, fix and where that shows; `duplicates`; `hops`: who calls whom as what.

    Raises
    ------
    InputError
        With one sentence, for anything that is not such a document.

    >>> answer = architectures_answer({"architecture": "stopped-task-to-topic", "topicPolicy": False})
    >>> answer["outcome"], answer["events"][0]["code"]
    ('LOST', 'TOPIC_POLICY')
    """
    document = reading.mapping(document, "")
    if "architecture" not in document:
        if "messages" in document:
            return backlog_answer(document)
        names = ", ".join(flow.value for flow in Flow)
        raise InputError(f"There is no architecture; there are {names}.", path="architecture")
    trace = simulate(document, rules)
    state = state_at(trace, len(trace))
    outcomes = Counter(packet.status.value for packet in state.packets)
    answer: dict[str, Any] = {
        "architecture": state.plan.flow.value,
        "outcome": next(iter(outcomes)) if len(outcomes) == 1 else "MIXED",
        "counts": dict(outcomes),
        "events": [_packet(packet, state) for packet in state.packets],
        "duplicates": _duplicates(state),
    }
    answer |= _more(trace, state)
    answer["hops"] = _hops(state)
    answer["seconds"] = state.now
    answer["steps"] = len(trace)
    notes = _choices(trace, state)
    if notes:
        answer |= {"open": True, "choices": notes}
    if document.get("explain", False):
        answer["story"] = _story(trace)
    return answer


ANSWERS: Mapping[str, Callable[[Mapping[str, Any], ArchitecturesRules], dict[str, Any]]] = {
    "architectures": architectures_answer
}


def _packet(packet: Packet, state: State) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": packet.id,
        "outcome": packet.status.value,
        "place": where(state.plan.flow, packet.place),
    }
    if packet.attempts:
        told["failedAttempts"] = packet.attempts
    if state.plan.queue is not None:
        told |= {"receives": packet.receives, "handled": packet.handled}
    found = unfinished(state, packet)
    if packet.code and packet.status is not Status.DELIVERED:
        found = packet.code, cause_of(state, packet.code)
    if found is not None:
        code, cause = found
        told |= {"code": code, "reason": cause.reason, "fix": cause.fix}
        rule_only = cause.shows == INVOCATIONS and state.plan.flow is Flow.SCHEDULE
        if cause.shows and not rule_only:
            told["shows"] = cause.shows
    return told


def _duplicates(state: State) -> int:
    """Work that was done again: second deliveries that arrived, or messages handled more than once."""
    if state.plan.queue is not None:
        return sum(max(packet.handled - 1, 0) for packet in state.packets)
    return sum(bool(packet.copy_of) and packet.status is Status.DELIVERED for packet in state.packets)


def _more(trace: Trace[State, Event], state: State) -> dict[str, Any]:
    """What only some architectures have."""
    if state.plan.flow is Flow.OBJECT:
        done = [packet for packet in state.packets if packet.status is Status.DELIVERED]
        items = {packet.copy_of or packet.id for packet in done} if state.plan.idempotent else {one.id for one in done}
        return {"itemsInTable": len(items)}
    if state.plan.flow is Flow.SCHEDULE:
        return {"mostTasksAtOnce": state.most, "overlaps": state.most > state.plan.count}
    if state.plan.queue is not None:
        scaled = [[event.at, event.count] for event in trace.events if event.kind is What.SCALED]
        return {"mostTasksAtOnce": state.most, "scaling": scaled, "waiting": state.visible}
    return {}


def _hops(state: State) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = []
    for hop in HOPS[state.plan.flow]:
        identity = hop.identity
        if hop.id == "agent" and not state.plan.fargate:
            identity = "container instance role"
        told.append({"from": hop.source, "to": hop.target, "call": hop.call, "identity": identity})
    return told


def _choices(trace: Trace[State, Event], state: State) -> list[str]:
    """What AWS leaves open and this run came across."""
    kinds = {event.kind for event in trace.events}
    codes = {event.code for event in trace.events}
    notes: list[str] = []
    if any(packet.attempts > 1 for packet in state.packets):
        notes.append(CHOICES["back-off"])
    if state.plan.flow is Flow.SCHEDULE and codes & {"CALLER_ACCESS_DENIED", "PASS_ROLE_DENIED"}:
        notes.append(CHOICES["schedule-permissions"])
    if state.plan.window:
        notes.append(CHOICES["window"])
    if "NOT_YET_ACTIVE" in codes:
        notes.append(CHOICES["active"])
    if state.plan.queue is not None and any(packet.handled > 1 for packet in state.packets):
        notes.append(CHOICES["old-receipt"])
    if What.SCALED in kinds:
        notes.append(CHOICES["scaling"])
    scaled = [k for k, event in enumerate(trace.events) if event.kind is What.SCALED]
    if any(explain(trace, k).open for k in scaled):
        notes.append(CHOICES["zero"])
    return notes


def _story(trace: Trace[State, Event]) -> list[str]:
    told: list[str] = []
    for k, event in enumerate(trace.events):
        said: Explanation = explain(trace, k)
        told.append(f"{event.at} s: {said.sentence} {said.fix}".strip())
    return told
