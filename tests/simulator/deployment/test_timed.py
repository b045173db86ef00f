"""The timed run: the golden cases, the invariants, the contract of traces, and agreement with the instant model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.deployment import MECHANISM, RULES, events_until, simulate
from simulator.deployment.effects import apply
from simulator.deployment.rules import HealthyWhen
from simulator.deployment.scenario import instant_document
from simulator.deployment.state import Kind, Rollout, Status
from simulator.deployment.subjects import deployment_answer
from simulator.deployment.timed import MOST_EVENTS
from simulator.deployment.waves import roll_out
from simulator.trace import CHECKPOINT_EVERY, explain, first_difference, fork, from_json, state_at, to_json

FOLDER = Path(__file__).parents[2] / "golden"
TIMED = json.loads((FOLDER / "deployment.json").read_text())["timed"]
BREAKER = json.loads((FOLDER / "breaker.json").read_text())["timed"]
ROLLBACK = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
NEVER_HEALTHY = [{"kind": "never-healthy", "revision": "new"}]
BROKEN = {
    "desiredCount": 4,
    "loadBalancer": {},
    "deploymentConfiguration": ROLLBACK,
    "failures": NEVER_HEALTHY,
}
AT_ONCE = {"startSeconds": 0, "stopSeconds": 0}

percents = st.builds(
    lambda low, high: {"minimumHealthyPercent": low, "maximumPercent": high},
    st.integers(0, 100),
    st.sampled_from([100, 110, 125, 150, 200, 250]),
)
failures = st.lists(
    st.one_of(
        st.builds(
            lambda n, s: {"kind": "task-crashes", "nth": n, "afterSeconds": s}, st.integers(1, 8), st.integers(0, 90)
        ),
        st.builds(
            lambda s, n: {"kind": "instance-dies", "atSeconds": s, "tasks": n}, st.integers(0, 400), st.integers(1, 3)
        ),
    ),
    max_size=2,
)
scenarios = st.fixed_dictionaries(
    {
        "desiredCount": st.integers(0, 9),
        "deploymentConfiguration": percents,
        "order": st.sampled_from(["stop-first", "start-first"]),
    },
    optional={
        "slots": st.integers(9, 14),
        "loadBalancer": st.sampled_from([None, {}, {"deregistrationDelaySeconds": 5}]),
        "containerHealthCheck": st.sampled_from([None, {}, {"healthyAfterSeconds": 60}]),
        "startSeconds": st.integers(0, 50),
        "stopSeconds": st.integers(0, 50),
    },
)


def states(trace):
    state = state_at(trace, 0)
    yield state
    for event in trace.events:
        state = apply(state, event)
        yield state


def last(trace):
    return state_at(trace, len(trace))


def outcome(trace):
    end = last(trace)
    if end.rollout_state == "COMPLETED":
        return "rolled-back" if end.primary.is_rollback else "completed"
    return "failed" if end.rollout_state == "FAILED" else "stuck"


def waves_of(trace):
    waves, running = [], trace.scenario["desiredCount"]
    for event in trace.events:
        if event.kind in (Kind.STARTED, Kind.STOP):
            action = "start" if event.kind is Kind.STARTED else "stop"
            running += len(event.tasks) if action == "start" else -len(event.tasks)
            waves.append({"action": action, "count": len(event.tasks), "running": running})
    return waves


@pytest.mark.parametrize("row", TIMED, ids=[row["id"] for row in TIMED])
def test_golden_timed(row):
    trace = simulate(row["scenario"])
    assert outcome(trace) == row["outcome"]
    end = last(trace)
    old = [task for task in end.tasks if task.revision == "web:1" and task.status is not Status.STOPPED]
    assert len(old) == row["oldAtTheEnd"]
    if "newAtTheEnd" in row:
        assert sum(task.revision == "web:2" and task.counts_healthy for task in end.tasks) == row["newAtTheEnd"]
    if "mostTasks" in row:
        assert max(state.present for state in states(trace)) <= row["mostTasks"]
        assert min(state.healthy for state in states(trace)) >= row["fewestHealthy"]
    if "startWaveSeconds" in row:
        told = next(event.at for event in trace.events if event.kind is Kind.STOP)
        gone = next(event.at for event in trace.events if event.kind is Kind.STOPPED)
        assert (told, gone - told) == (1000 * row["startWaveSeconds"], 1000 * row["stopWaveSeconds"])
    if "waitsForProtection" in row:
        completed = next(event.at for event in trace.events if event.kind is Kind.COMPLETED)
        ended = next(event.at for event in trace.events if event.kind is Kind.PROTECTION_ENDED)
        assert (completed > ended) == row["waitsForProtection"]


@pytest.mark.parametrize("row", BREAKER, ids=[row["id"] for row in BREAKER])
def test_golden_breaker_and_alarm(row):
    trace = simulate(row["scenario"])
    assert outcome(trace) == row["outcome"]
    states_of = {deployment.id: deployment.rollout.value for deployment in last(trace).deployments}
    assert states_of == row["rolloutStates"]


def test_b19_no_way_back_while_the_rollback_runs():
    first = simulate(BROKEN)
    at = next(k for k, event in enumerate(first.events) if event.kind is Kind.FAILED) + 1
    scenario = {**first.scenario, "failures": [*NEVER_HEALTHY, {"kind": "never-healthy", "revision": "web:3"}]}
    trace = fork(simulate(scenario), at, {"taskDefinition": "web:3"})
    rollouts = {deployment.id: deployment.rollout for deployment in last(trace).deployments}
    assert rollouts["D2"] is rollouts["D3"] is Rollout.FAILED
    assert rollouts["D1"] is Rollout.IN_PROGRESS
    failed = max(k for k, event in enumerate(trace.events) if event.kind is Kind.FAILED)
    assert trace.events[failed].back_to == ""
    assert not any(event.kind is Kind.STARTED for event in trace.events[failed:])
    assert last(trace).healthy == 4


@pytest.mark.parametrize(("desired", "limit"), [(4, 3), (8, 4), (25, 13)])
def test_the_breaker_trips_exactly_at_its_threshold(desired, limit):
    trace = simulate(
        {
            "desiredCount": desired,
            "deploymentConfiguration": {"maximumPercent": 100 + -(-100 // desired), **ROLLBACK},
            "loadBalancer": {},
            "failures": NEVER_HEALTHY,
        }
    )
    tripped = next(k for k, event in enumerate(trace.events) if event.kind is Kind.FAILED)
    before = state_at(trace, tripped)
    assert (before.breaker_count, before.breaker_threshold) == (limit, limit)
    assert state_at(trace, tripped - 1).breaker_count == limit - 1


def test_a_failed_launch_counts_only_before_the_first_task_runs():
    fails = [{"kind": "fails-to-start", "revision": "new"}]
    scenario = {"desiredCount": 4, "deploymentConfiguration": ROLLBACK, "failures": fails}
    trace = simulate(scenario)
    assert outcome(trace) == "rolled-back"
    # Healthy tasks first, then the image breaks: launches fail for ever, and the breaker does not see them.
    running = simulate({**scenario, "failures": [], "slots": 5})
    at = next(k for k, event in enumerate(running.events) if event.kind is Kind.HEALTHY) + 1
    broken = fork(running, at, {"failure": fails[0]})
    assert last(broken).cut
    assert last(broken).breaker_count == 0


def test_alarm_before_the_breaker_decides_with_its_own_flag():
    alarms = {"alarmNames": ["web-5xx"], "enable": True, "rollback": False, "alarmAtSeconds": 30}
    configuration = {**ROLLBACK, "alarms": alarms}
    trace = simulate(
        {"desiredCount": 4, "loadBalancer": {}, "deploymentConfiguration": configuration, "failures": NEVER_HEALTHY}
    )
    failed = next(event for event in trace.events if event.kind is Kind.FAILED)
    assert (failed.at, failed.detail, failed.back_to) == (30_000, "alarm", "")


def test_an_alarm_in_the_bake_time_still_fails_the_deployment_and_one_after_it_does_not():
    def run(seconds):
        alarms = {"alarmNames": ["web-5xx"], "enable": True, "rollback": True, "alarmAtSeconds": seconds}
        return outcome(simulate({"desiredCount": 2, "alarms": alarms, "bakeTimeInMinutes": 5}))

    assert (run(300), run(400)) == ("rolled-back", "completed")


def test_early_success_completes_before_all_new_tasks_are_there():
    early = {"enable": True, "healthyPercent": 50, "sourceServiceRevisionCleanup": "DEFERRED"}
    configuration = {"minimumHealthyPercent": 50, "maximumPercent": 150, "earlySuccessCriteria": early}
    trace = simulate({"desiredCount": 4, "deploymentConfiguration": configuration, "order": "start-first"})
    at = next(k for k, event in enumerate(trace.events) if event.kind is Kind.COMPLETED)
    assert sum(task.revision == "web:2" and task.counts_healthy for task in state_at(trace, at).tasks) == 2
    assert last(trace).steady


def test_a_slow_application_is_killed_unless_the_grace_period_waits():
    slow = {"desiredCount": 2, "loadBalancer": {"answersAfterSeconds": 100}}
    assert outcome(simulate(slow)) == "stuck"
    assert outcome(simulate({**slow, "healthCheckGracePeriodSeconds": 250})) == "completed"


def test_forty_seconds_without_any_check():
    trace = simulate({"desiredCount": 1})
    times = {event.kind: event.at for event in trace.events}
    assert times[Kind.HEALTHY] - times[Kind.RUNNING] == 40_000
    quick = simulate({"desiredCount": 1}, replace(RULES, forty_seconds=False))
    times = {event.kind: event.at for event in quick.events}
    assert times[Kind.HEALTHY] == times[Kind.RUNNING]


def test_desired_count_alone_starts_no_deployment():
    trace = simulate({"desiredCount": 2})
    more = fork(trace, len(trace), {"desiredCount": 3})
    assert sum(event.kind is Kind.BEGUN for event in more.events) == 1
    assert last(more).healthy == 3
    fewer = fork(trace, len(trace), {"desiredCount": 1})
    assert last(fewer).healthy == 1
    believed = fork(
        simulate({"desiredCount": 2}, replace(RULES, desired_change_triggers_deployment=True)),
        len(trace),
        {"desiredCount": 3},
    )
    assert sum(event.kind is Kind.BEGUN for event in believed.events) == 2


def test_a_fixed_port_is_free_only_when_the_old_task_has_stopped():
    configuration = {"minimumHealthyPercent": 66, "maximumPercent": 200}
    scenario = {"desiredCount": 3, "hostPort": 80, "instances": 3, "deploymentConfiguration": configuration}
    trace = simulate({**scenario, "loadBalancer": {"deregistrationDelaySeconds": 10}})
    for state in states(trace):
        places = [task.place for task in state.tasks if task.status is not Status.STOPPED]
        assert len(places) == len(set(places))
        assert set(places) <= {0, 1, 2}
    assert [wave["count"] for wave in waves_of(trace)] == [1] * 6


def test_the_notes_two_examples_match_wave_for_wave():
    for low, high, waves in ((50, 100, "-2 +2 -2 +2"), (100, 150, "+2 -2 +2 -2")):
        configuration = {"minimumHealthyPercent": low, "maximumPercent": high}
        trace = simulate({"desiredCount": 4, "deploymentConfiguration": configuration, "loadBalancer": {}})
        signs = [f"{'+' if wave['action'] == 'start' else '-'}{wave['count']}" for wave in waves_of(trace)]
        assert " ".join(signs) == waves
        assert waves_of(trace) == deployment_answer(instant_document(trace.scenario))["waves"]


@given(st.integers(0, 12), percents, st.none() | st.integers(12, 20), st.sampled_from(["stop-first", "start-first"]))
@settings(max_examples=100, deadline=None)
def test_without_time_it_agrees_with_the_instant_model(desired, configuration, slots, order):
    document = {"desiredCount": desired, "deploymentConfiguration": configuration, "slots": slots, "order": order}
    trace = simulate({**document, **AT_ONCE}, replace(RULES, forty_seconds=False))
    answer = deployment_answer(document)
    assert waves_of(trace) == answer["waves"]
    assert (outcome(trace) == "completed") == (answer["outcome"] == "completed")
    end = last(trace)
    assert (end.stuck == "config") == (answer["outcome"] == "config-stuck")
    assert (end.stuck == "capacity") == (answer["outcome"] == "capacity-stuck")


@given(scenarios)
@settings(max_examples=60, deadline=None)
def test_invariants_without_failures(scenario):
    trace = simulate(scenario)
    first = state_at(trace, 0)
    most = max(first.upper, scenario["desiredCount"])
    previous_old = scenario["desiredCount"]
    for state in states(trace):
        assert state.healthy >= first.lower
        assert state.counted <= most
        new = sum(task.deployment == "D2" and task.is_kept for task in state.tasks)
        old = sum(task.deployment == "D1" and task.is_kept for task in state.tasks)
        assert new <= scenario["desiredCount"]
        assert old <= previous_old
        previous_old = old
    held = scenario["deploymentConfiguration"]
    instant = roll_out(
        scenario["desiredCount"],
        held["minimumHealthyPercent"],
        held["maximumPercent"],
        slots=scenario.get("slots"),
    )
    assert outcome(trace) == ("completed" if instant.outcome == "completed" else "stuck")


@given(scenarios, failures)
@settings(max_examples=60, deadline=None)
def test_invariants_with_failures(scenario, broken):
    trace = simulate({**scenario, "failures": broken})
    most = max(state_at(trace, 0).upper, scenario["desiredCount"])
    for k, event in enumerate(trace.events):
        before, after = state_at(trace, k), state_at(trace, k + 1)
        assert after.counted <= most
        assert before.now <= after.now
        assert sum(task.deployment == "D2" and task.is_kept for task in after.tasks) <= scenario["desiredCount"]
        if event.kind is Kind.STOP and before.healthy >= before.lower:
            assert after.healthy >= after.lower
        if event.kind is Kind.STOP and before.healthy < before.lower:
            assert after.healthy == before.healthy
    # A deployment that could finish, finishes: nothing that is lost stays lost while there is room.
    if scenario.get("slots") is None and outcome(trace) != "completed":
        held = scenario["deploymentConfiguration"]
        instant = roll_out(scenario["desiredCount"], held["minimumHealthyPercent"], held["maximumPercent"])
        assert instant.outcome == "config-stuck"


@given(scenarios, failures, st.data())
@settings(max_examples=40, deadline=None)
def test_traces_are_deterministic_and_forks_keep_what_came_before(scenario, broken, data):
    scenario = {**scenario, "failures": broken}
    trace = simulate(scenario)
    text = to_json(trace)
    assert text == to_json(simulate(json.loads(json.dumps(scenario))))
    assert to_json(from_json(text, MECHANISM)) == text
    k = data.draw(st.integers(0, len(trace)))
    change = data.draw(
        st.sampled_from(
            [
                {"desiredCount": 6},
                {"deploymentConfiguration": {"minimumHealthyPercent": 0}},
                {"failure": {"kind": "instance-dies", "tasks": 1}},
                {"failure": {"kind": "never-healthy"}},
                {"taskDefinition": "web:3"},
                {"slots": None},
            ]
        )
    )
    other = fork(trace, k, change)
    assert first_difference(trace, other) == k
    assert other.events[k].kind is Kind.CHANGED
    assert len(other) < MOST_EVENTS


@given(scenarios, failures)
@settings(max_examples=30, deadline=None)
def test_every_step_can_say_why(scenario, broken):
    trace = simulate({**scenario, "failures": broken})
    for k in range(len(trace)):
        said = explain(trace, k)
        assert said.sentence.endswith(".")
        assert "{" not in said.sentence
        assert set(said.touches) <= {"lower", "upper", "slots"}


def test_sentences_of_the_guides_example():
    trace = simulate(
        {"desiredCount": 4, "deploymentConfiguration": {"minimumHealthyPercent": 50, "maximumPercent": 100}}
    )
    stop = next(k for k, event in enumerate(trace.events) if event.kind is Kind.STOP)
    said = explain(trace, stop)
    assert said.sentence == "ECS stops two old tasks, because two of four is the least you allowed."
    assert said.touches == ("lower", "upper")
    assert "the upper bound is reached: 4 of 4" in said.waits
    assert any("stopping task" in note for note in said.open)


def test_the_events_list_speaks_aws():
    trace = simulate(BROKEN)
    lines = events_until(trace)
    texts = {line.code: line.text for line in lines}
    assert texts["E9"] == "service (web) deployment failed: tasks failed to start."
    assert texts["E1"] == "service (web) has reached a steady state."
    assert "is unhealthy in (elb web) due to (reason" in texts["E4"]
    assert all(line.illustrative == (line.code == "") for line in lines)
    assert any("has started 4 tasks" in line.text and line.illustrative for line in lines)
    assert events_until(trace, 0) == ()


def test_partial_batches_are_announced():
    lines = events_until(simulate({"desiredCount": 4, "slots": 5}))
    assert "service (web) could not launch 3 tasks for deployment D2." in [line.text for line in lines]


def test_believing_that_running_is_healthy_empties_the_service():
    scenario = {"desiredCount": 4, "loadBalancer": {}, "failures": NEVER_HEALTHY}
    believed = simulate(scenario, replace(RULES, healthy_when=HealthyWhen.RUNNING))
    assert min(state.healthy for state in states(believed)) == 0
    assert min(state.healthy for state in states(simulate(scenario))) == 4


def test_runs_end():
    long = simulate({"desiredCount": 200, "deploymentConfiguration": {"maximumPercent": 101}, "loadBalancer": {}})
    assert outcome(long) == "completed"
    count = {"enable": True, "thresholdConfiguration": {"type": "COUNT", "value": 1_000_000}}
    endless = simulate(
        {"desiredCount": 4, "loadBalancer": {}, "deploymentCircuitBreaker": count, "failures": NEVER_HEALTHY}
    )
    assert len(endless) == MOST_EVENTS + 1
    assert last(endless).cut


def test_the_checkpoints_are_what_replaying_gives():
    trace = simulate({"desiredCount": 40, "deploymentConfiguration": {"maximumPercent": 103}})
    assert len(trace.checkpoints) > 1
    replayed = list(states(trace))
    assert list(trace.checkpoints) == replayed[::CHECKPOINT_EVERY][: len(trace.checkpoints)]
