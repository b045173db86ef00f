"""Events on their way (facts 5.1, 5.2, 5.4): each hop, each failure, where the event ends, and the cure."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import trace as traces
from simulator.architectures import MECHANISM, simulate
from simulator.architectures.hops import HOPS, NODES, Flow
from simulator.architectures.presets import PRESETS
from simulator.architectures.rules import RULES, ArchitecturesRules, rules_from_dict, rules_to_dict
from simulator.architectures.state import ENDS, Status
from simulator.errors import InputError
from simulator.subjects import answer

OBJECT = {"architecture": "object-to-task"}
SCHEDULE = {"architecture": "schedule-to-task", "runs": 1}
STOPPED = {"architecture": "stopped-task-to-topic"}
DLQ: dict[str, Any] = {"deadLetterQueue": {}}
PULL = ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
LOGS = ["logs:CreateLogStream", "logs:PutLogEvents"]


def ends(scenario: dict[str, Any], rules: ArchitecturesRules = RULES) -> list[tuple[str, str, str]]:
    events = answer("architectures", scenario, rules)["events"]
    return [(one["outcome"], one["place"], one.get("code", "")) for one in events]


def hops(scenario: dict[str, Any]) -> list[tuple[str, str]]:
    return [(event.kind.value, event.hop) for event in simulate(scenario).events]


def failing(kind: str, **more: Any) -> dict[str, Any]:
    return {"failures": [{"kind": kind, **more}]}


def test_every_hop_in_order() -> None:
    assert hops(OBJECT) == [
        ("moved", "put"),
        ("moved", "notify"),
        ("moved", "run-task"),
        ("moved", "eni"),
        ("moved", "agent"),
        ("moved", "get"),
        ("moved", "write"),
    ]
    assert [event.at for event in simulate(OBJECT).events] == [0, 0, 0, 30, 30, 30, 90]
    assert hops(SCHEDULE) == [("moved", "run-task"), ("moved", "eni"), ("moved", "agent"), ("moved", "write")]
    assert [event.at for event in simulate(SCHEDULE).events] == [0, 30, 30, 90]
    assert hops(STOPPED) == [("moved", "notify"), ("moved", "publish")]
    timed = {**OBJECT, "startSeconds": 5, "runSeconds": 7}
    assert [event.at for event in simulate(timed).events] == [0, 0, 0, 5, 5, 5, 12]


@pytest.mark.parametrize("flow", Flow)
def test_a_graph_holds_together(flow: Flow) -> None:
    for hop in HOPS[flow]:
        assert {hop.source, hop.target} <= set(NODES[flow])
    assert len({hop.id for hop in HOPS[flow]}) == len(HOPS[flow])


@pytest.mark.parametrize(
    ("change", "code", "hop", "end"),
    [
        ({"roles": {"rule": ["iam:PassRole"]}}, "CALLER_ACCESS_DENIED", "run-task", "D"),
        ({"roles": {"rule": None}}, "CALLER_ACCESS_DENIED", "run-task", "D"),
        ({"roles": {"rule": ["ecs:RunTask"]}}, "PASS_ROLE_DENIED", "run-task", "D"),
        ({"passableRoles": ["execution"]}, "PASS_ROLE_DENIED", "run-task", "D"),
        ({"passableRoles": ["task"]}, "PASS_ROLE_DENIED", "run-task", "D"),
        ({"networkConfiguration": None}, "NETWORK_CONFIGURATION_MISSING", "run-task", "D"),
        (failing("TARGET_MISSING"), "TARGET_MISSING", "run-task", "D"),
        ({"roles": {"execution": [*PULL[1:], *LOGS]}}, "INIT_ERROR", "agent", "L"),
        ({"roles": {"execution": [*PULL[:2], *LOGS]}}, "CANNOT_PULL", "agent", "L"),
        ({"roles": {"execution": [PULL[0], PULL[2], *LOGS]}}, "CANNOT_PULL", "agent", "L"),
        ({"roles": {"execution": [*PULL, LOGS[0]]}}, "LOG_DRIVER_ERROR", "agent", "L"),
        (failing("NO_ROUTE", to="ECR"), "NO_ROUTE", "agent", "L"),
        ({"inputTransformer": False}, "NO_INPUT", "get", "L"),
        (failing("TASK_FAILS"), "TASK_FAILED", "get", "L"),
        (failing("NO_ROUTE", to="S3"), "NO_ROUTE", "get", "L"),
        ({"roles": {"task": ["dynamodb:PutItem"]}}, "APP_ACCESS_DENIED", "get", "L"),
        ({"roles": {"task": None}}, "APP_NO_CREDENTIALS", "get", "L"),
        ({"roles": {"task": ["s3:GetObject"]}}, "APP_ACCESS_DENIED", "write", "L"),
        (failing("NO_ROUTE", to="DynamoDB"), "NO_ROUTE", "write", "L"),
    ],
)
def test_each_failure_of_an_object_event(change: dict[str, Any], code: str, hop: str, end: str) -> None:
    """D: delivery fails at once, so the queue takes it or it is dropped; L: lost with the task, queue or not."""
    with_queue, without = {**OBJECT, **change, **DLQ}, {**OBJECT, **change}
    lost = ("LOST", "nowhere", code)
    assert ends(with_queue) == [("DEAD_LETTER_QUEUE", "Dead-letter queue", code) if end == "D" else lost]
    assert ends(without) == [lost]
    blocked = [event for event in simulate(without).events if event.kind.value == "blocked"]
    assert [(event.hop, event.code) for event in blocked] == [(hop, code)]
    found = answer("architectures", without)["events"][0]
    assert found["reason"].endswith(".")
    assert found["fix"].endswith(".")
    assert found["shows"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, ""),
        ({"networkConfiguration": None}, ""),
        ({"roles": {"execution": None}}, ""),
        ({"roles": {"execution": []}}, ""),
        ({"roles": {"instance": [*PULL[1:], *LOGS]}}, "CANNOT_PULL_ECR"),
        ({"roles": {"instance": [PULL[0], *LOGS]}}, "CANNOT_PULL"),
        ({"roles": {"instance": PULL}}, "LOG_DRIVER_ERROR"),
        ({"roles": {"task": None}}, "APP_ACCESS_DENIED"),
        ({"roles": {"task": None, "instance": [*PULL, *LOGS, "s3:GetObject", "dynamodb:PutItem"]}}, ""),
        ({"roles": {"task": None, "execution": None, "rule": ["ecs:RunTask"]}}, "APP_ACCESS_DENIED"),
        ({"roles": {"task": None}, "passableRoles": ["execution"]}, "APP_ACCESS_DENIED"),
    ],
)
def test_on_ec2_the_instance_role_pulls(change: dict[str, Any], code: str) -> None:
    scenario = {**OBJECT, "launchType": "EC2", **change}
    assert ends(scenario) == [("LOST", "nowhere", code) if code else ("DELIVERED", "DynamoDB table", "")]
    identity = answer("architectures", scenario)["hops"][4]["identity"]
    assert identity == "container instance role"


def test_fargate_without_an_execution_role_is_refused_before_anything_runs() -> None:
    with pytest.raises(InputError, match=r"roles.execution is null, and Fargate refuses a task definition"):
        answer("architectures", {**OBJECT, "roles": {"execution": None}})


def test_the_bucket_has_to_be_told() -> None:
    assert ends({**OBJECT, "eventBridgeEnabled": False, **DLQ}) == [
        ("NOT_SENT", "S3 bucket", "EVENTBRIDGE_NOT_ENABLED")
    ]
    young = {**OBJECT, "secondsSinceEnabled": 299}
    assert ends(young) == [("NOT_SENT", "S3 bucket", "NOT_YET_ACTIVE")]
    assert answer("architectures", young)["choices"] == ["The flag acts after “about 5 min”; here after 300 s."]
    assert ends({**OBJECT, "secondsSinceEnabled": 300})[0][0] == "DELIVERED"
    later = {**OBJECT, "secondsSinceEnabled": 0, "objects": [{"key": "a", "at": 299}, {"key": "b", "at": 300}]}
    assert [one[0] for one in ends(later)] == ["NOT_SENT", "DELIVERED"]


@pytest.mark.parametrize(
    ("pattern", "matched"),
    [
        ({}, True),
        ({"source": ["aws.s3"], "detail-type": ["Object Created"]}, True),
        ({"source": ["aws.ecs"]}, False),
        ({"source": ["aws.ecs", "aws.s3"]}, True),
        ({"detail-type": ["Object Deleted"]}, False),
        ({"detail": {"bucket": {"name": ["uploads"]}}}, True),
        ({"detail": {"bucket": {"name": ["other"]}}}, False),
        ({"detail": {"object": {"key": ["in/1.csv"]}}}, True),
        ({"detail": {"object": {"key": ["in/2.csv"]}}}, False),
        ({"detail": {"reason": ["CopyObject"]}}, False),
        ({"source": []}, False),
    ],
)
def test_patterns(pattern: dict[str, Any], matched: bool) -> None:
    found = ends({**OBJECT, "eventPattern": pattern})
    assert found == [("DELIVERED", "DynamoDB table", "") if matched else ("NO_MATCH", "nowhere", "NO_MATCH")]


def test_a_copy_comes_once_more_and_an_idempotent_write_bears_it() -> None:
    twice = {**OBJECT, "objects": 3, **failing("DUPLICATE", events=[2])}
    found = answer("architectures", twice)
    assert [one["id"] for one in found["events"]] == ["event 1", "event 2", "event 3", "copy of event 2"]
    assert (found["counts"], found["duplicates"], found["itemsInTable"]) == ({"DELIVERED": 4}, 1, 4)
    assert answer("architectures", {**twice, "idempotentWrite": True})["itemsInTable"] == 3
    once = answer("architectures", twice, ArchitecturesRules(exactly_once=True))
    assert (once["duplicates"], once["counts"]) == (0, {"DELIVERED": 3})
    assert answer("architectures", {**STOPPED, **failing("DUPLICATE")})["duplicates"] == 1
    assert "itemsInTable" not in answer("architectures", STOPPED)


@pytest.mark.parametrize(("retries", "attempts"), [(0, 1), (1, 2), (2, 3), (3, 4), (5, 6)])
def test_a_throttled_call_is_tried_again_as_often_as_the_policy_says(retries: int, attempts: int) -> None:
    scenario = {**OBJECT, **failing("THROTTLED"), "retryPolicy": {"maximumRetryAttempts": retries}, **DLQ}
    found = answer("architectures", scenario)["events"][0]
    assert (found["outcome"], found["failedAttempts"], found["code"]) == ("DEAD_LETTER_QUEUE", attempts, "THROTTLED")
    kinds = [event.kind.value for event in simulate(scenario).events]
    assert kinds.count("blocked") == min(attempts, 3)
    assert kinds.count("retried") == (attempts > 3)
    assert ends({**scenario, "deadLetterQueue": None}) == [("LOST", "nowhere", "THROTTLED")]


def test_back_off_doubles_and_stops_at_ten_minutes() -> None:
    scenario = {**OBJECT, **failing("THROTTLED"), "retryPolicy": {"maximumRetryAttempts": 12}}
    assert simulate(scenario).events[-1].at == 1 + 2 + 4 + 8 + 16 + 32 + 64 + 128 + 256 + 512 + 600 + 600
    blocked = [event.at for event in simulate(scenario).events if event.kind.value == "blocked"]
    assert blocked == [0, 1, 3]


def test_an_event_is_given_up_when_it_is_too_old() -> None:
    scenario = {**OBJECT, **failing("THROTTLED")}
    assert simulate(scenario).events[-1].at <= 86_400
    assert simulate(scenario).events[-1].at > 86_400 - 600
    old = {**scenario, "retryPolicy": {"maximumEventAgeInSeconds": 63}}
    assert simulate(old).events[-1].at == 63  # the seventh attempt, at 63 s, is the last that is not too old
    assert answer("architectures", old)["events"][0]["failedAttempts"] == 7
    older = {**scenario, "retryPolicy": {"maximumEventAgeInSeconds": 62}}
    assert answer("architectures", older)["events"][0]["failedAttempts"] == 6


@pytest.mark.parametrize(("until", "at"), [(0, 0), (1, 1), (2, 3), (3, 3), (4, 7), (100, 127)])
def test_throttling_ends(until: int, at: int) -> None:
    trace = simulate({**OBJECT, **failing("THROTTLED", until=until)})
    run_task = next(event for event in trace.events if event.hop == "run-task" and event.kind.value == "moved")
    assert run_task.at == at
    assert ends({**OBJECT, **failing("THROTTLED", until=until)})[0][0] == "DELIVERED"


def test_a_quota_lets_the_rest_wait() -> None:
    scenario = {**OBJECT, "objects": 3, "taskQuota": 1}
    trace = simulate(scenario)
    assert max(traces.state_at(trace, k).tasks for k in range(len(trace) + 1)) == 1
    assert [one[0] for one in ends(scenario)] == ["DELIVERED"] * 3
    none = simulate({**OBJECT, "objects": 3})
    assert traces.state_at(none, len(none)).most == 3
    assert (
        ends({**OBJECT, "taskCount": 2, "taskQuota": 1, "retryPolicy": {"maximumRetryAttempts": 1}})[0][2]
        == "TASK_QUOTA"
    )
    assert ends({**OBJECT, "taskCount": 2, "taskQuota": 2})[0][0] == "DELIVERED"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({**DLQ}, ("DEAD_LETTER_QUEUE", "Dead-letter queue", "TARGET_MISSING")),
        ({"deadLetterQueue": {"fifo": True}}, ("LOST", "nowhere", "FIFO_DEAD_LETTER_QUEUE")),
        ({**DLQ, "roles": {"scheduler": ["ecs:RunTask", "iam:PassRole"]}}, ("LOST", "nowhere", "SEND_DENIED")),
        (
            {"deadLetterQueue": {"allowsEventBridge": False}},
            ("DEAD_LETTER_QUEUE", "Dead-letter queue", "TARGET_MISSING"),
        ),
    ],
)
def test_the_schedules_dead_letter_queue(change: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert ends({**SCHEDULE, **failing("TARGET_MISSING"), **change}) == [expected]


def test_the_rules_dead_letter_queue() -> None:
    closed = {"deadLetterQueue": {"allowsEventBridge": False}}
    assert ends({**OBJECT, **failing("TARGET_MISSING"), **closed}) == [("LOST", "nowhere", "QUEUE_POLICY")]
    fifo = {"deadLetterQueue": {"fifo": True}}
    assert ends({**OBJECT, **failing("TARGET_MISSING"), **fifo}) == [("LOST", "nowhere", "FIFO_DEAD_LETTER_QUEUE")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"roles": {"scheduler": ["iam:PassRole"]}}, "CALLER_ACCESS_DENIED"),
        ({"roles": {"scheduler": ["ecs:RunTask"]}}, "PASS_ROLE_DENIED"),
        ({"roles": {"task": ["s3:GetObject"]}}, "APP_ACCESS_DENIED"),
        (failing("TASK_FAILS"), "TASK_FAILED"),
        (failing("NO_ROUTE", to="S3"), "NO_ROUTE"),
        (failing("NO_ROUTE", to="ECR"), "NO_ROUTE"),
    ],
)
def test_each_failure_of_a_schedule(change: dict[str, Any], code: str) -> None:
    found = answer("architectures", {**SCHEDULE, **change})
    assert (found["events"][0]["outcome"], found["events"][0]["code"]) == ("LOST", code)
    assert "FailedInvocations" not in json.dumps(found)
    permissions = code in ("CALLER_ACCESS_DENIED", "PASS_ROLE_DENIED")
    assert found.get("open", False) is permissions


def test_runs_overlap_and_nothing_prevents_it() -> None:
    scenario = {**SCHEDULE, "scheduleExpression": "rate(5 minutes)", "runs": 4}
    within = answer("architectures", {**scenario, "runSeconds": 269})
    assert (within["mostTasksAtOnce"], within["overlaps"]) == (1, False)
    over = answer("architectures", {**scenario, "runSeconds": 301})
    assert (over["mostTasksAtOnce"], over["overlaps"]) == (2, True)
    two = answer("architectures", {**scenario, "runSeconds": 100, "taskCount": 2})
    assert (two["mostTasksAtOnce"], two["overlaps"]) == (2, False)
    believed = answer("architectures", {**scenario, "runSeconds": 480}, ArchitecturesRules(overlap_prevented=True))
    assert believed["counts"] == {"DELIVERED": 2, "SKIPPED": 2}
    assert believed["overlaps"] is False


@pytest.mark.parametrize(
    ("written", "second"),
    [("rate(5 minutes)", 300), ("rate(1 minute)", 60), ("rate(2 hours)", 7_200), ("rate(1 day)", 86_400)],
)
def test_rates(written: str, second: int) -> None:
    trace = simulate({**SCHEDULE, "scheduleExpression": written, "runs": 2, "runSeconds": 1})
    assert [event.at for event in trace.events if event.hop == "run-task"] == [0, second]


def test_a_flexible_window_is_open() -> None:
    window = {"flexibleTimeWindow": {"mode": "FLEXIBLE", "maximumWindowInMinutes": 15}}
    found = answer("architectures", {**SCHEDULE, **window})
    assert found["choices"] == ["In a flexible time window AWS chooses the moment; here it is the window's start."]
    assert "open" not in answer("architectures", {**SCHEDULE, "flexibleTimeWindow": {"mode": "OFF"}})


@pytest.mark.parametrize(
    ("task", "matched"),
    [
        ({}, True),
        ({"lastStatus": "RUNNING"}, False),
        ({"stoppedReason": "Scaling activity initiated by deployment"}, False),
        ({"stopCode": "TaskFailedToStart"}, False),
    ],
)
def test_which_stops_are_told(task: dict[str, str], matched: bool) -> None:
    detail = {
        "lastStatus": ["STOPPED"],
        "stoppedReason": ["Essential container in task exited"],
        "stopCode": ["EssentialContainerExited"],
    }
    found = ends({**STOPPED, "eventPattern": {"source": ["aws.ecs"], "detail": detail}, "stoppedTasks": [task]})
    assert found[0][0] == ("DELIVERED" if matched else "NO_MATCH")
    assert ends({**STOPPED, "stoppedTasks": [task]})[0][0] == ("NO_MATCH" if "lastStatus" in task else "DELIVERED")


def test_the_topics_policy() -> None:
    assert ends({**STOPPED, "topicPolicy": False}) == [("LOST", "nowhere", "TOPIC_POLICY")]
    assert ends({**STOPPED, "topicPolicy": False, **DLQ})[0][0] == "DEAD_LETTER_QUEUE"
    assert ends({**STOPPED, **failing("TARGET_MISSING")}) == [("LOST", "nowhere", "TARGET_MISSING")]
    assert ends({**STOPPED, **failing("THROTTLED", until=10)})[0][0] == "DELIVERED"
    believed = ArchitecturesRules(topic_needs_policy=False)
    assert ends({**STOPPED, "topicPolicy": False}, believed)[0][0] == "DELIVERED"


def test_beliefs() -> None:
    denied = {**OBJECT, "roles": {"rule": ["ecs:RunTask"]}}
    assert ends(denied, ArchitecturesRules(pass_role_needed=False))[0][0] == "DELIVERED"
    retried = answer("architectures", denied, ArchitecturesRules(permission_errors_retried=True))["events"][0]
    assert retried["failedAttempts"] > 3
    assert ends({**OBJECT, "eventBridgeEnabled": False}, ArchitecturesRules(bucket_sends_by_itself=True))[0][0] == (
        "DELIVERED"
    )
    assert ends({**OBJECT, "inputTransformer": False}, ArchitecturesRules(event_reaches_task=True))[0][0] == "DELIVERED"
    own = ArchitecturesRules(rule_uses_task_role=True)
    assert ends(OBJECT, own)[0][2] == "CALLER_ACCESS_DENIED"
    wide = {"roles": {"task": ["s3:GetObject", "dynamodb:PutItem", "ecs:RunTask", "iam:PassRole"], "rule": []}}
    assert ends({**OBJECT, **wide}, own)[0][0] == "DELIVERED"
    again = ArchitecturesRules(failed_tasks_retried=True)
    once = {**OBJECT, **failing("TASK_FAILS", times=1)}
    assert ends(once)[0][0] == "LOST"
    assert ends(once, again)[0][0] == "DELIVERED"
    assert ends({**OBJECT, **failing("TASK_FAILS", times=3)}, again)[0][0] == "DELIVERED"
    assert ends({**OBJECT, **failing("TASK_FAILS", times=4)}, again)[0][0] == "LOST"


def test_rules_round_trip() -> None:
    assert rules_to_dict(RULES) == {}
    changed = ArchitecturesRules(exactly_once=True)
    assert rules_from_dict(rules_to_dict(changed)) == changed
    with pytest.raises(InputError, match="did you mean “exactly_once”"):
        rules_from_dict({"exactly_onec": True})


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_every_step_has_a_reason_and_every_event_one_place(preset: Any) -> None:
    trace = simulate(preset.scenario)
    for k in range(len(trace)):
        said = traces.explain(trace, k)
        assert said.sentence.endswith(".")
        assert trace.events[k].kind.value != "blocked" or said.fix.endswith(".")
    assert traces.from_json(traces.to_json(trace), MECHANISM).events == trace.events
    story = answer("architectures", {**preset.scenario, "explain": True})["story"]
    assert len(story) == len(trace)


def test_presets_end_as_they_say() -> None:
    assert {one.id: answer("architectures", one.scenario)["counts"] for one in PRESETS} == {
        "object-arrives": {"DELIVERED": 1},
        "pass-role-missing": {"DEAD_LETTER_QUEUE": 1},
        "burst": {"DELIVERED": 13},
        "task-fails": {"DELIVERED": 1, "LOST": 1},
        "overlapping-runs": {"DELIVERED": 4},
        "backlog": {"DELIVERED": 100},
        "poison": {"DELIVERED": 3, "DEAD_LETTER_QUEUE": 1},
        "stopped-task": {"DEAD_LETTER_QUEUE": 1},
    }
    assert answer("architectures", PRESETS[3].scenario)["outcome"] == "MIXED"


def test_sentences() -> None:
    story = answer("architectures", {**OBJECT, "roles": {"rule": ["ecs:RunTask"]}, "explain": True})["story"]
    assert story == [
        "0 s: event 1: User → S3 bucket, s3:PutObject, as the user.",
        "0 s: event 1: S3 bucket → EventBridge rule, Object Created, with no identity of its own.",
        (
            "0 s: event 1: EventBridge rule → ECS RunTask, ecs:RunTask, fails. The caller is not authorized to perform "
            "iam:PassRole on both the execution role and the task role: no task is made, and it is not retried. Allow "
            "iam:PassRole on both roles in the caller's role."
        ),
        (
            "0 s: event 1 is lost. The caller is not authorized to perform iam:PassRole on both the execution role and "
            "the task role: no task is made, and it is not retried. There is no dead-letter queue that takes it. Allow "
            "iam:PassRole on both roles in the caller's role."
        ),
    ]
    throttled = {**OBJECT, **failing("THROTTLED"), "retryPolicy": {"maximumRetryAttempts": 4}, "explain": True}
    story = answer("architectures", throttled)["story"]
    assert "15 s: event 1: 2 more attempts failed, 5 in all." in story
    fails = answer("architectures", {**OBJECT, **failing("TASK_FAILS"), "explain": True})["story"]
    assert "dead-letter" not in fails[-1]
    trace = simulate({**OBJECT, **failing("DUPLICATE")})
    k = next(k for k, event in enumerate(trace.events) if event.kind.value == "copied")
    assert traces.explain(trace, k).sentence == (
        "event 1 is delivered a second time: EventBridge delivers at least once."
    )


def test_a_fork_changes_roles_from_there_on() -> None:
    trace = simulate({**OBJECT, "objects": [{"key": "a"}, {"key": "b", "at": 500}]})
    forked = traces.fork(trace, 7, {"roles": {"rule": []}})
    assert forked.events[:7] == trace.events[:7]
    assert forked.events[7].kind.value == "changed"
    states = traces.state_at(forked, len(forked)).packets
    assert [packet.status for packet in states] == [Status.DELIVERED, Status.LOST]
    mended = traces.fork(simulate({**OBJECT, **failing("THROTTLED")}), 4, {"failures": []})
    assert traces.state_at(mended, len(mended)).packets[0].status is Status.DELIVERED
    at_end = traces.fork(trace, len(trace), {"failures": []})
    assert [event.kind.value for event in at_end.events[len(trace) :]] == ["changed"]
    assert traces.from_json(traces.to_json(forked), MECHANISM).events == forked.events


FAILURES = st.lists(
    st.sampled_from(
        [
            {"kind": "THROTTLED", "until": 20},
            {"kind": "TARGET_MISSING"},
            {"kind": "TASK_FAILS", "events": [1]},
            {"kind": "NO_ROUTE", "to": "S3"},
            {"kind": "DUPLICATE", "events": [2]},
        ]
    ),
    max_size=3,
)


@given(FAILURES, st.integers(2, 5), st.booleans(), st.booleans(), st.one_of(st.none(), st.integers(1, 3)))
@settings(max_examples=60, deadline=None)
def test_every_event_is_in_exactly_one_place(
    failures: list[dict[str, Any]], objects: int, queue: bool, enabled: bool, quota: int | None
) -> None:
    scenario = {**OBJECT, "objects": objects, "failures": failures, "eventBridgeEnabled": enabled, "taskQuota": quota}
    scenario["deadLetterQueue"] = {} if queue else None
    trace = simulate(scenario)
    places = {*NODES[Flow.OBJECT], "nowhere"}
    ended: dict[str, Status] = {}
    copies = 0
    for k in range(len(trace) + 1):
        state = traces.state_at(trace, k)
        copies += k > 0 and trace.events[k - 1].kind.value == "copied"
        assert len({packet.id for packet in state.packets}) == len(state.packets) == objects + copies
        assert all(packet.place in places for packet in state.packets)
        for name, status in ended.items():
            assert state.packet(name).status is status
        ended = {packet.id: packet.status for packet in state.packets if packet.status in ENDS}
        assert quota is None or state.tasks <= quota
    assert len(ended) == objects + copies
    assert json.dumps(answer("architectures", scenario)) == json.dumps(answer("architectures", scenario))
    if queue:
        assert not any(one["outcome"] == "LOST" and one["code"] in ("THROTTLED", "TARGET_MISSING")
                       for one in answer("architectures", scenario)["events"])  # fmt: skip


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({}, "There is no architecture; there are object-to-task, schedule-to-task"),
        ({"architecture": None}, "architecture must be object-to-task"),
        ({**OBJECT, "runs": 2}, "There is no field “runs”"),
        ({**OBJECT, "objects": 0}, "objects must be a whole number from 1 to 100"),
        ({**OBJECT, "objects": 101}, "from 1 to 100, not 101"),
        ({**OBJECT, "objects": []}, "objects is empty; give at least one"),
        ({**OBJECT, "objects": [{"key": ""}]}, r"objects\[0\].key must have 1 to 1024"),
        ({**OBJECT, "objects": [{"key": "a", "at": -1}]}, r"objects\[0\].at must be a whole number from 0 to 86400"),
        ({**OBJECT, "objects": [{"key": "a", "reason": "Put"}]}, "reason must be PutObject, POST Object"),
        ({**OBJECT, "objects": [{"name": "a"}]}, r"no field “objects\[0\].name”"),
        ({**OBJECT, "roles": {"scheduler": []}}, "There is no field “roles.scheduler”"),
        ({**OBJECT, "roles": {"rule": [1]}}, r"roles.rule\[0\] must be text"),
        ({**OBJECT, "roles": {"rule": ["a"] * 51}}, "roles.rule has 51 entries, and at most 50"),
        ({**OBJECT, "failures": [{"kind": "POISON"}]}, r"failures\[0\].kind must be THROTTLED"),
        ({**OBJECT, "failures": [{"kind": "TARGET_MISSING", "events": [1]}]}, "There is no field"),
        (
            {**OBJECT, "failures": [{"kind": "TASK_FAILS", "events": [2]}]},
            r"events\[0\] must be a whole number from 1 to 1",
        ),
        ({**OBJECT, "failures": [{"kind": "TASK_FAILS", "times": 0}]}, "times must be a whole number from 1"),
        ({**OBJECT, "failures": [{"kind": "NO_ROUTE"}]}, "to must be ECR, S3 or DynamoDB, not null"),
        ({**SCHEDULE, "failures": [{"kind": "NO_ROUTE", "to": "DynamoDB"}]}, "to must be ECR or S3"),
        (
            {**OBJECT, "failures": [{"kind": "THROTTLED", "until": 86_401}]},
            "until must be a whole number from 0 to 86400",
        ),
        ({**OBJECT, "failures": [{}] * 21}, "failures has 21 entries, and at most 20"),
        ({**OBJECT, "retryPolicy": {"maximumRetryAttempts": 186}}, "from 0 to 185, not 186"),
        ({**OBJECT, "retryPolicy": {"maximumEventAgeInSeconds": 59}}, "from 60 to 86400, not 59"),
        ({**OBJECT, "retryPolicy": {"maximumEventAgeInSeconds": 86_401}}, "from 60 to 86400, not 86401"),
        ({**OBJECT, "retryPolicy": None}, "retryPolicy must be an object"),
        ({**OBJECT, "deadLetterQueue": "q"}, "deadLetterQueue must be an object"),
        ({**OBJECT, "deadLetterQueue": {"fifo": "no"}}, "deadLetterQueue.fifo must be true or false"),
        ({**OBJECT, "launchType": "EXTERNAL"}, "launchType must be FARGATE or EC2"),
        ({**OBJECT, "networkConfiguration": []}, "networkConfiguration must be an object"),
        ({**OBJECT, "passableRoles": ["rule"]}, r"passableRoles\[0\] must be execution or task"),
        ({**OBJECT, "runSeconds": 0}, "runSeconds must be a whole number from 1"),
        ({**OBJECT, "startSeconds": True}, "startSeconds must be a whole number from 0"),
        ({**OBJECT, "taskQuota": 0}, "taskQuota must be a whole number from 1"),
        ({**OBJECT, "taskCount": 11}, "taskCount must be a whole number from 1 to 10"),
        ({**OBJECT, "eventPattern": {"sources": []}}, "did you mean “source”"),
        ({**OBJECT, "eventPattern": {"source": "aws.s3"}}, "eventPattern.source must be a list"),
        ({**OBJECT, "eventPattern": {"detail": {"bucket": ["b"]}}}, "eventPattern.detail.bucket must be an object"),
        ({**OBJECT, "eventPattern": {"detail": {"bucket": {"key": ["b"]}}}}, "There is no field"),
        ({**OBJECT, "eventBridgeEnabled": 1}, "eventBridgeEnabled must be true or false"),
        ({**OBJECT, "explain": "yes"}, "explain must be true or false"),
        ({**OBJECT, "changes": [{"at": 1, "count": 2}]}, "There is no field"),
        ({**OBJECT, "changes": [{"roles": {}}]}, r"changes\[0\].at must be a whole number"),
        ({**OBJECT, "changes": [{"at": 3}, {"at": 2}]}, r"changes\[1\].at is 2, before the change"),
        ({**OBJECT, "changes": [{"at": 3, "roles": {"x": []}}]}, "There is no field"),
        ({**SCHEDULE, "scheduleExpression": "rate(0 minutes)"}, r"must be rate\(n minutes\)"),
        ({**SCHEDULE, "scheduleExpression": "cron(0 12 * * ? *)"}, "cron is not played"),
        ({**SCHEDULE, "scheduleExpression": "rate(5 weeks)"}, r"must be rate\(n minutes\)"),
        (
            {**SCHEDULE, "scheduleExpression": "at(2026-01-01T00:00:00)", "runs": 2},
            "runs must be a whole number from 1 to 1",
        ),
        ({**SCHEDULE, "runs": 51}, "runs must be a whole number from 1 to 50"),
        ({**SCHEDULE, "flexibleTimeWindow": {"mode": "ON"}}, "mode must be OFF or FLEXIBLE"),
        (
            {**SCHEDULE, "flexibleTimeWindow": {"mode": "FLEXIBLE", "maximumWindowInMinutes": 1_441}},
            "from 1 to 1440, not 1441",
        ),
        ({**STOPPED, "stoppedTasks": {}}, "stoppedTasks must be a list"),
        ({**STOPPED, "roles": {"task": []}}, "There is no field “roles.task”"),
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
