"""Why it is stuck: the kind, AWS's text, and cures that work when they are tried."""

from __future__ import annotations

import pytest

from simulator.deployment import simulate
from simulator.deployment.state import Kind
from simulator.deployment.stuck import cured, why_stuck
from simulator.trace import fork, state_at

BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": False}}
ALARM = {"alarms": {"alarmNames": ["web-5xx"], "enable": True, "rollback": False, "alarmAtSeconds": 30}}
NEVER = [{"kind": "never-healthy", "revision": "new"}]

CASES = [
    (
        "config",
        {"desiredCount": 3, "deploymentConfiguration": {"maximumPercent": 125}},
        "was unable to stop or start",
        3,
    ),
    (
        "config",
        {"desiredCount": 1, "deploymentConfiguration": {"minimumHealthyPercent": 50, "maximumPercent": 100}},
        "minimumHealthyPercent or maximumPercent",
        3,
    ),
    ("config", {"desiredCount": 4, "deploymentConfiguration": {"maximumPercent": 100}}, "was unable to stop", 2),
    (
        "config",
        {"desiredCount": 2, "schedulingStrategy": "DAEMON", "deploymentConfiguration": {"minimumHealthyPercent": 75}},
        "was unable to stop or start",
        2,
    ),
    ("capacity", {"desiredCount": 4, "slots": 4}, "insufficient CPU units", 2),
    (
        "capacity",
        {"desiredCount": 4, "slots": 3, "deploymentConfiguration": {"minimumHealthyPercent": 50}},
        "unable to place a task",
        1,
    ),
    ("port", {"desiredCount": 3, "hostPort": 80, "instances": 3}, "already using a port", 3),
    ("never-healthy", {"desiredCount": 4, "loadBalancer": {}, "failures": NEVER}, "", 2),
    ("never-healthy", {"desiredCount": 4, "loadBalancer": {"answersAfterSeconds": 200}}, "", 2),
    (
        "never-healthy",
        {"desiredCount": 2, "containerHealthCheck": {"interval": 5, "retries": 2, "healthyAfterSeconds": 60}},
        "",
        2,
    ),
    (
        "fails-to-start",
        {"desiredCount": 4, "failures": [{"kind": "fails-to-start", "revision": "new"}]},
        "unable to consistently start",
        2,
    ),
    (
        "breaker",
        {"desiredCount": 4, "loadBalancer": {}, "deploymentConfiguration": BREAKER, "failures": NEVER},
        "deployment failed: tasks failed to start",
        2,
    ),
    ("alarm", {"desiredCount": 4, "loadBalancer": {}, "deploymentConfiguration": ALARM}, "", 2),
    ("alarm", {"desiredCount": 4, "loadBalancer": {}, **ALARM}, "", 2),
]


@pytest.mark.parametrize(("kind", "scenario", "text", "cures"), CASES)
def test_the_cause_is_named_and_each_cure_cures(kind, scenario, text, cures):
    stuck = why_stuck(simulate(scenario))
    assert stuck is not None
    assert stuck.kind == kind
    assert text in stuck.event
    assert stuck.cause.endswith(".")
    assert len(stuck.cures) == cures
    for cure in stuck.cures:
        trace = simulate(cured(scenario, cure))
        assert state_at(trace, len(trace)).steady
        assert why_stuck(trace) is None


def test_a_first_deployment_has_no_way_back():
    scenario = {
        "desiredCount": 4,
        "loadBalancer": {},
        "completedBefore": False,
        "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
        "failures": NEVER,
    }
    stuck = why_stuck(simulate(scenario))
    assert stuck is not None
    assert stuck.kind == "breaker"
    assert "no COMPLETED deployment" in stuck.cause
    assert [cure.sentence for cure in stuck.cures] == ["Mend the new revision, and deploy it again."]


def test_protection_holds_a_run_that_ends_by_itself():
    trace = simulate({"desiredCount": 4, "loadBalancer": {}, "protectedTasks": 1})
    assert why_stuck(trace) is None
    waiting = next(k for k, event in enumerate(trace.events) if event.kind is Kind.STUCK)
    stuck = why_stuck(trace, waiting)
    assert stuck is not None
    assert (stuck.kind, len(stuck.cures)) == ("protected", 1)
    freed = fork(trace, waiting, {"protectedTasks": 0})
    assert freed.events[-1].kind is Kind.STEADY
    assert freed.events[-1].at < trace.events[-1].at


def test_a_run_that_moves_is_not_stuck():
    trace = simulate({"desiredCount": 4, "loadBalancer": {}})
    assert [why_stuck(trace, k) for k in range(len(trace) + 1)] == [None] * (len(trace) + 1)


def test_a_stuck_service_goes_on_after_a_change_on_the_spot():
    stuck = simulate({"desiredCount": 3, "deploymentConfiguration": {"maximumPercent": 125}})
    mended = fork(stuck, len(stuck), {"deploymentConfiguration": {"maximumPercent": 200}})
    assert why_stuck(stuck) is not None
    assert why_stuck(mended) is None
    assert mended.events[: len(stuck)] == stuck.events
