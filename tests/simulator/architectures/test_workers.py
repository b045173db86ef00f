"""Messages in a queue (facts 5.3): received, hidden, handled, deleted, or moved; workers that follow the backlog."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import trace as traces
from simulator.architectures import MECHANISM, simulate
from simulator.architectures.rules import RULES, ArchitecturesRules
from simulator.architectures.state import Status
from simulator.errors import InputError
from simulator.subjects import answer

QUEUE: dict[str, Any] = {"architecture": "queue-workers", "messages": 1}
ALL = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"]


def asked(rules: ArchitecturesRules = RULES, **more: Any) -> dict[str, Any]:
    return answer("architectures", {**QUEUE, **more}, rules)


def told(**more: Any) -> list[tuple[int, str, str]]:
    return [(event.at, event.kind.value, event.packet) for event in simulate({**QUEUE, **more}).events]


def message(found: dict[str, Any], number: int = 1) -> tuple[str, int, int]:
    one = found["events"][number - 1]
    return one["outcome"], one["receives"], one["handled"]


def poison(*events: int) -> dict[str, Any]:
    return {"failures": [{"kind": "POISON", "events": list(events)}]}


def test_one_message() -> None:
    assert told() == [
        (0, "message-sent", "message 1"),
        (0, "message-received", "message 1"),
        (10, "message-processed", "message 1"),
        (10, "message-deleted", "message 1"),
    ]
    found = asked()
    assert found["events"] == [
        {"id": "message 1", "outcome": "DELIVERED", "place": "deleted", "receives": 1, "handled": 1}
    ]
    assert (found["mostTasksAtOnce"], found["waiting"], found["scaling"], found["seconds"]) == (1, 0, [], 10)
    assert "open" not in found


def test_messages_wait_for_an_idle_worker() -> None:
    assert asked(messages=3)["seconds"] == 30
    assert asked(messages=3, desiredCount=2)["seconds"] == 20
    assert asked(messages=3, desiredCount=3)["seconds"] == 10
    slow = asked(messages={"count": 3, "everySeconds": 60})
    assert (slow["seconds"], slow["counts"]) == (130, {"DELIVERED": 3})
    waiting = asked(messages=3, durationSeconds=15)
    assert (waiting["counts"], waiting["waiting"]) == ({"DELIVERED": 1, "IN_FLIGHT": 1, "VISIBLE": 1}, 1)


@pytest.mark.parametrize(("visibility", "handled"), [(9, 2), (10, 2), (11, 1), (30, 1)])
def test_the_timeout_must_exceed_the_processing(visibility: int, handled: int) -> None:
    found = asked(desiredCount=2, visibilityTimeout=visibility)
    assert message(found) == ("DELIVERED", handled, handled)
    assert found["duplicates"] == handled - 1
    assert found.get("open", False) is (handled == 2)
    alone = asked(desiredCount=1, visibilityTimeout=visibility)
    assert message(alone) == ("DELIVERED", 1, 1)


def test_a_worker_may_keep_the_message_hidden() -> None:
    short = {"desiredCount": 2, "visibilityTimeout": 5, "extendVisibility": True}
    assert message(asked(**short)) == ("DELIVERED", 1, 1)
    assert "visibility-extended" in [kind for _, kind, _ in told(**short)]
    assert "visibility-extended" not in [kind for _, kind, _ in told(desiredCount=2, extendVisibility=True)]
    denied = asked(**short, roles={"task": ALL[:2]})
    assert message(denied) == ("DELIVERED", 2, 2)
    assert "call-denied" in [kind for _, kind, _ in told(**short, roles={"task": ALL[:2]})]


@pytest.mark.parametrize(("most", "receives"), [(1, 1), (2, 2), (3, 3)])
def test_a_poison_message_is_moved_after_max_receive_count(most: int, receives: int) -> None:
    found = asked(messages=2, redrivePolicy={"maxReceiveCount": most}, **poison(1))
    assert message(found) == ("DEAD_LETTER_QUEUE", receives, 0)
    assert message(found, 2) == ("DELIVERED", 1, 1)
    assert found["events"][0]["code"] == "POISON"
    assert found["events"][0]["place"] == "Dead-letter queue"
    assert found["outcome"] == "MIXED"


def test_without_a_redrive_policy_it_comes_back_for_ever() -> None:
    found = asked(durationSeconds=3_600, **poison())
    assert message(found) == ("IN_FLIGHT", 121, 0)
    assert message(asked(durationSeconds=29, **poison())) == ("IN_FLIGHT", 1, 0)
    assert message(asked(durationSeconds=30, **poison())) == ("IN_FLIGHT", 2, 0)


def test_times_of_a_poison_message() -> None:
    assert told(redrivePolicy={"maxReceiveCount": 1}, **poison()) == [
        (0, "message-sent", "message 1"),
        (0, "message-received", "message 1"),
        (10, "processing-failed", "message 1"),
        (30, "message-visible-again", "message 1"),
        (30, "ended", "message 1"),
    ]
    kept = told(redrivePolicy={"maxReceiveCount": 1}, extendVisibility=True, **poison())
    assert kept[3] == (40, "message-visible-again", "message 1")


def test_a_task_that_crashes_loses_nothing() -> None:
    crash = {"failures": [{"kind": "TASK_CRASHES", "events": [1], "times": 1}]}
    found = asked(**crash)
    assert message(found) == ("DELIVERED", 2, 1)
    assert told(**crash)[2:6] == [
        (5, "worker-stopped", "message 1"),
        (5, "worker-starting", ""),
        (30, "message-visible-again", "message 1"),
        (35, "worker-ready", ""),
    ]
    assert told(startSeconds=2, **crash)[4][:2] == (7, "worker-ready")
    lost = asked(ArchitecturesRules(receive_deletes=True), **crash)
    assert (message(lost)[0], lost["events"][0]["code"]) == ("LOST", "DELETED_ON_RECEIVE")
    always = asked(redrivePolicy={"maxReceiveCount": 2}, failures=[{"kind": "TASK_CRASHES"}])
    assert message(always) == ("DEAD_LETTER_QUEUE", 2, 0)
    assert always["events"][0]["code"] == "RECEIVED_TOO_OFTEN"
    kept = told(extendVisibility=True, **crash)
    assert (35, "message-visible-again", "message 1") in kept


@pytest.mark.parametrize(
    ("actions", "outcome", "handled"),
    [(ALL, "DELIVERED", 1), (ALL[:2], "DELIVERED", 1), (ALL[:1], "DEAD_LETTER_QUEUE", 2), (ALL[1:], "VISIBLE", 0)],
)
def test_what_the_task_role_has_to_allow(actions: list[str], outcome: str, handled: int) -> None:
    found = asked(roles={"task": actions}, redrivePolicy={"maxReceiveCount": 2}, durationSeconds=200)
    assert (message(found)[0], message(found)[2]) == (outcome, handled)


def test_no_task_role_at_all() -> None:
    trace = simulate({**QUEUE, "roles": {"task": None}, "desiredCount": 2, "durationSeconds": 50})
    denied = [event for event in trace.events if event.kind.value == "call-denied"]
    assert [(event.worker, event.code, event.hop) for event in denied] == [
        (1, "APP_NO_CREDENTIALS", "receive"),
        (2, "APP_NO_CREDENTIALS", "receive"),
    ]
    assert traces.explain(trace, 1).sentence == (
        "Task 1: sqs:ReceiveMessage is refused. The task has no task role, so the SDK finds no credentials."
    )
    pushed = asked(ArchitecturesRules(queue_pushes=True), roles={"task": ["sqs:DeleteMessage"]})
    assert message(pushed) == ("DELIVERED", 1, 1)


def test_beliefs_about_poison_and_receiving() -> None:
    gone = asked(ArchitecturesRules(poison_goes_away=True), redrivePolicy={"maxReceiveCount": 3}, **poison())
    assert (message(gone), gone["events"][0]["code"]) == (("LOST", 1, 0), "POISON")
    deleted = asked(ArchitecturesRules(receive_deletes=True), **poison())
    assert deleted["events"][0]["code"] == "DELETED_ON_RECEIVE"
    fine = asked(ArchitecturesRules(receive_deletes=True), roles={"task": ALL[:1]}, visibilityTimeout=1, desiredCount=2)
    assert message(fine) == ("DELIVERED", 1, 1)


SCALING = {"target": 10, "minCapacity": 1, "maxCapacity": 8}


def test_the_service_follows_the_backlog() -> None:
    found = asked(messages=100, secondsPerMessage=12, scaling=SCALING)
    # 94 wait at 60 s: 94 / 10 is more than the 8 that are allowed.
    assert found["scaling"][0] == [60, 8]
    assert found["mostTasksAtOnce"] == 8
    assert found["counts"] == {"DELIVERED": 100}
    some = asked(messages=40, secondsPerMessage=12, scaling=SCALING)
    assert some["scaling"][0] == [60, 4]  # 34 wait: 3.4 rounded up
    lazy = asked(messages=40, secondsPerMessage=12, scaling={**SCALING, "target": 34})
    assert lazy["scaling"] == []
    assert found["choices"][-1].startswith("The service scales here as soon as its backlog is looked at")


def test_cpu_says_nothing_about_waiting_messages() -> None:
    cpu = {**SCALING, "metric": "CPU", "target": 70}
    found = asked(messages=100, secondsPerMessage=12, scaling={**cpu, "cpuWhileWorking": 20}, durationSeconds=600)
    assert found["scaling"] == []
    assert found["waiting"] == 49
    busy = asked(messages=100, secondsPerMessage=13, scaling={**cpu, "cpuWhileWorking": 100}, durationSeconds=600)
    assert busy["scaling"][0] == [60, 2]
    exact = asked(messages=100, secondsPerMessage=13, scaling={**cpu, "cpuWhileWorking": 70}, durationSeconds=600)
    assert exact["scaling"] == []


def test_from_no_task_the_least_step_is_taken_and_that_is_open() -> None:
    scenario = {"messages": 30, "desiredCount": 0, "scaling": {**SCALING, "minCapacity": 0}}
    found = asked(**scenario)
    assert found["scaling"][0] == [60, 1]
    assert found["open"] is True
    assert any(note.startswith("With 0 running tasks the quotient is undefined") for note in found["choices"])
    assert found["counts"] == {"DELIVERED": 30}
    assert found["scaling"][-1][1] == 0
    assert asked(desiredCount=0, messages=2)["counts"] == {"VISIBLE": 2}


def test_scale_in_and_protection() -> None:
    scenario = {
        "messages": 3,
        "desiredCount": 3,
        "secondsPerMessage": 100,
        "visibilityTimeout": 110,
        "scaling": SCALING,
    }
    found = asked(**scenario)
    assert found["scaling"] == [[60, 1]]
    assert found["counts"] == {"DELIVERED": 3}
    assert [one["receives"] for one in found["events"]] == [1, 2, 2]
    protected = asked(**scenario, scaleInProtection=True)
    assert [one["receives"] for one in protected["events"]] == [1, 1, 1]
    assert protected["seconds"] < found["seconds"]
    idle = [
        event for event in simulate({**QUEUE, **scenario, "messages": 1}).events if event.kind.value == "worker-stopped"
    ]
    assert [(event.worker, event.packet) for event in idle] == [(3, ""), (2, "")]
    kept = simulate({**QUEUE, **scenario, "extendVisibility": True})
    back = next(event for event in kept.events if event.kind.value == "message-visible-again")
    assert back.at == 60 + 110


def test_sentences() -> None:
    scenario = {**QUEUE, "desiredCount": 2, "visibilityTimeout": 5}
    trace = simulate(scenario)
    said = [traces.explain(trace, k).sentence for k in range(len(trace))]
    assert said == [
        "message 1 is sent to the queue and waits: SQS pushes nothing.",
        "Task 1 receives message 1: it is hidden for 5 s, and still in the queue.",
        "The visibility timeout of message 1 ends, and task 1 still works on it: it is visible again.",
        "Task 2 receives message 1 (receive number 2): it is hidden for 5 s, and still in the queue.",
        "The visibility timeout of message 1 ends, and task 2 still works on it: it is visible again.",
        "Task 1 has processed message 1.",
        "message 1 is deleted from the queue: it is done.",
        "Task 2 has processed message 1, which was processed before: the work is done twice.",
    ]
    scaled = simulate({**QUEUE, "messages": 40, "secondsPerMessage": 12, "scaling": SCALING})
    k = next(k for k, event in enumerate(scaled.events) if event.kind.value == "service-scaled")
    assert traces.explain(scaled, k).sentence == (
        "34 messages wait, 1 task runs, the target is 10: desiredCount goes from 1 to 4."
    )


@given(
    st.integers(1, 12),
    st.integers(0, 4),
    st.integers(1, 40),
    st.integers(1, 40),
    st.one_of(st.none(), st.integers(1, 4)),
    st.booleans(),
    st.sets(st.integers(1, 12), max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_every_message_is_in_exactly_one_place(
    count: int, desired: int, visibility: int, seconds: int, most: int | None, scales: bool, bad: set[int]
) -> None:
    scenario: dict[str, Any] = {
        **QUEUE,
        "messages": count,
        "desiredCount": desired,
        "visibilityTimeout": visibility,
        "secondsPerMessage": seconds,
        "redrivePolicy": None if most is None else {"maxReceiveCount": most},
        "scaling": SCALING if scales else None,
        "durationSeconds": 400,
        "failures": [{"kind": "POISON", "events": [number]} for number in sorted(bad) if number <= count],
    }
    trace = simulate(scenario)
    assert traces.from_json(traces.to_json(trace), MECHANISM).events == trace.events
    at = {
        Status.NOT_BEGUN: "producer",
        Status.VISIBLE: "queue",
        Status.IN_FLIGHT: "task",
        Status.DELIVERED: "done",
        Status.DEAD_LETTER_QUEUE: "dlq",
    }
    for k in range(len(trace) + 1):
        state = traces.state_at(trace, k)
        assert len(state.packets) == count
        assert all(packet.place == at[packet.status] for packet in state.packets)
        assert all(most is None or packet.receives <= most for packet in state.packets)
        assert all(packet.handled <= packet.receives for packet in state.packets)
        assert 0 <= state.desired <= max(8, desired)
        busy = [worker.busy for worker in state.workers if worker.busy]
        assert all(not worker.stopped for worker in state.workers if worker.busy)
        held = {packet.id for packet in state.packets if packet.status is Status.IN_FLIGHT}
        # Whoever works on a message has received it; a message in flight may have no worker left.
        assert len(busy) <= len(state.workers)
        assert held <= {packet.id for packet in state.packets}
    last = traces.state_at(trace, len(trace))
    assert not any(packet.handled for packet in last.packets if int(packet.id.split()[1]) in bad)
    assert json.dumps(answer("architectures", scenario)) == json.dumps(answer("architectures", scenario))


def test_a_fork_and_a_long_run() -> None:
    trace = simulate({**QUEUE, "messages": 3})
    forked = traces.fork(trace, 4, {"failures": [{"kind": "POISON", "events": [3]}]})
    assert forked.events[:4] == trace.events[:4]
    assert traces.state_at(forked, len(forked)).packet("message 2").status is Status.DELIVERED
    assert traces.state_at(forked, len(forked)).packet("message 3").handled == 0
    many = {**QUEUE, "messages": 100, "desiredCount": 50, "visibilityTimeout": 1, "secondsPerMessage": 1, **poison()}
    cut = simulate({**many, "durationSeconds": 86_400})
    assert len(cut) == 2_000
    assert cut.events[-1].kind.value == "cut"
    assert traces.explain(cut, 1_999).sentence == "The run is cut here: it has more events than are played."


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({"messages": 1500, "target": 100}, 15),
        ({"messages": 1501, "target": 100}, 16),
        ({"messages": 0, "target": 100}, 0),
        ({"messages": 0, "target": 100, "runningTasks": 0}, 0),
        ({"messages": 1, "target": 0.3}, 4),
        ({"messages": 3, "target": 0.1}, 30),
        ({"messages": 90, "target": 100, "min": 1}, 1),
        ({"messages": 0, "target": 100, "min": 3}, 3),
        ({"messages": 250, "target": 100, "max": 2}, 2),
        ({"messages": 9, "target": 1, "runningTasks": 0, "min": 4}, 4),
        ({"messages": 9, "target": 1, "runningTasks": 0, "max": 0}, 0),
        ({"messages": 1500, "acceptableLatencySeconds": 10, "secondsPerMessage": 0.1}, 15),
        ({"messages": 10**9, "target": 1}, 5_000),
    ],
)
def test_backlog(document: dict[str, Any], expected: int) -> None:
    assert answer("architectures", document)["desired"] == expected


def test_what_a_backlog_says() -> None:
    found = answer("architectures", {"messages": 1500, "target": 100, "runningTasks": 10})
    assert found == {
        "desired": 15,
        "target": 100,
        "backlogPerTask": 150,
        "reason": "1500 messages at 100 a task ask for 15.",
    }
    bound = answer("architectures", {"messages": 250, "target": 100, "runningTasks": 4, "max": 2})
    assert (bound["backlogPerTask"], bound["reason"]) == (
        62.5,
        "250 messages at 100 a task ask for 3, and the bounds are 0 to 2.",
    )
    none = answer("architectures", {"messages": 5, "target": 1, "runningTasks": 0})
    assert (none["desired"], none["backlogPerTask"], none["open"]) == (1, None, True)
    assert none["choices"] == [none["reason"]]
    assert "open" not in bound


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"messages": -1, "target": 1}, "messages must be a whole number from 0"),
        ({"messages": 1}, "acceptableLatencySeconds must be a number from 0.001"),
        ({"messages": 1, "target": 0}, "target must be a number from 0.001"),
        ({"messages": 1, "target": 1, "secondsPerMessage": 1}, "target is given, so acceptableLatencySeconds and"),
        ({"messages": 1, "target": 1, "min": 3, "max": 2}, "min is 3, above max, 2"),
        ({"messages": 1, "target": 1, "max": 5_001}, "max must be a whole number from 0 to 5000"),
        ({"messages": 1, "target": 1, "runningTasks": 1.5}, "runningTasks must be a whole number"),
        ({"messages": 1, "taget": 1}, "did you mean “target”"),
        ({**QUEUE, "messages": 0}, "messages must be a whole number from 1 to 100"),
        ({**QUEUE, "messages": {"counts": 1}}, "did you mean “count”"),
        ({**QUEUE, "messages": {"count": 101}}, "messages.count must be a whole number from 1 to 100"),
        ({**QUEUE, "messages": {"everySeconds": 3_601}}, "messages.everySeconds must be a whole number from 0 to 3600"),
        ({**QUEUE, "visibilityTimeout": 43_201}, "visibilityTimeout must be a whole number from 0 to 43200"),
        ({**QUEUE, "secondsPerMessage": 0}, "secondsPerMessage must be a whole number from 1"),
        ({**QUEUE, "redrivePolicy": {"maxReceiveCount": 0}}, "maxReceiveCount must be a whole number from 1 to 1000"),
        ({**QUEUE, "redrivePolicy": {}}, "maxReceiveCount must be a whole number from 1 to 1000, not null"),
        ({**QUEUE, "desiredCount": 51}, "desiredCount must be a whole number from 0 to 50"),
        ({**QUEUE, "scaling": {}}, "scaling.target must be a number from 0.01"),
        ({**QUEUE, "scaling": {"target": 1, "metric": "QUEUE"}}, "scaling.metric must be BACKLOG_PER_TASK or CPU"),
        ({**QUEUE, "scaling": {"target": 1, "minCapacity": 11}}, "scaling.minCapacity is 11, above maxCapacity, 10"),
        ({**QUEUE, "scaling": {"target": 1, "cpuWhileWorking": 101}}, "from 0 to 100, not 101"),
        ({**QUEUE, "durationSeconds": 0}, "durationSeconds must be a whole number from 1 to 86400"),
        ({**QUEUE, "deadLetterQueue": {}}, "There is no field “deadLetterQueue”"),
    ],
)
def test_a_document_that_is_none(document: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=rf"(^|[ “.\])]){told}") as error:
        answer("architectures", document)
    assert _points_at_it(error.value)


def _points_at_it(error: InputError) -> bool:
    """Whether the error's path is a path, and the sentence is about it."""
    whole = re.fullmatch(r"([\w-]+(\[\d+\])?\.)*[\w-]+(\[\d+\])?", error.path)
    return not error.path or (whole is not None and re.split(r"[.\[]", error.path)[0] in str(error))
