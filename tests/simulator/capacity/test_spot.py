"""Runs on Spot capacity, of EC2 and of Fargate: what is taken back, and what is never replaced on-demand."""

from __future__ import annotations

from dataclasses import replace

from simulator.capacity.rules import RULES, SpotMissing
from simulator.capacity.state import Kind
from simulator.capacity.subjects import capacity_answer
from simulator.capacity.timed import MOST_EVENTS, MOST_TASKS
from tests.simulator.capacity.story import SMALL, document, fargate, last, play, story

SPOT_GROUP = {"group": {"spot": True}, "interruptions": [{"minute": 2, "capacityProvider": "asg"}], "minutes": 10}


def test_ec2_spot_goes_after_two_minutes() -> None:
    kept = story(document(6, least=2, **SPOT_GROUP))
    # At 100 percent the replacements must be there first, and two minutes are too short for that.
    assert kept[4:] == [
        "2:00 instances-warned 1",
        "2:00 tasks-created 3",
        "4:00 instances-terminated 3",
        "4:00 instances-launched 1",
        "6:00 instances-registered 1",
        "6:00 tasks-placed 3",
        "6:30 tasks-running 3",
    ]
    halves = {"service": {"deploymentConfiguration": {"minimumHealthyPercent": 50, "maximumPercent": 100}}}
    moved = story(document(6, least=2, **SPOT_GROUP, **halves))
    assert moved[4:8] == [
        "2:00 instances-warned 1",
        "2:00 tasks-told-to-stop 3",
        "2:05 tasks-stopped 3",
        "2:05 tasks-created 3",
    ]
    off = story(document(6, least=2, capacityProvider={"managedDraining": "DISABLED"}, **SPOT_GROUP))
    assert off[4:8] == [
        "2:00 instances-warned 1",
        "4:00 instances-terminated 3",
        "4:00 instances-launched 1",
        "4:00 tasks-created 3",
    ]
    at_once = story(document(6, least=2, **SPOT_GROUP), replace(RULES, spot_notice=0))
    assert "2:00 instances-terminated 3" in at_once
    nobody = story(document(0, most=0, **SPOT_GROUP))
    assert not [line for line in nobody if "warned" in line]


def test_fargate_by_base_and_weight() -> None:
    scenario = fargate([[0, 7], [5, 4]])
    end = last(scenario)
    assert story(scenario)[-2:] == ["5:00 tasks-told-to-stop 3", "5:05 tasks-stopped 3"]
    assert sorted(task.provider for task in end.tasks.values()) == ["FARGATE"] * 2 + ["FARGATE_SPOT"] * 2
    # The newest of each provider went.
    assert sorted(end.tasks) == [1, 2, 4, 5]
    plain = {"services": [{"desiredCount": [[0, 3], [1, 1]], "launchType": "FARGATE"}], "minutes": 3}
    assert sorted(last(plain).tasks) == [1]
    assert {task.provider for task in last(plain).tasks.values()} == {"FARGATE"}


def test_fargate_spot_is_taken_back_and_never_replaced_on_demand() -> None:
    scenario = fargate(7, spotCapacity=[[0, 9], [5, 1], [10, 3]])
    lines = story(scenario)
    assert lines == [
        "0:00 desired-count 7",
        "0:00 spot-capacity 9",
        "0:00 tasks-created 7",
        "0:30 tasks-running 7",
        "5:00 spot-capacity 1",
        "5:00 tasks-told-to-stop 3",
        "5:00 no-capacity 3",
        "5:05 tasks-stopped 3",
        "5:05 no-capacity 3",
        "10:00 spot-capacity 3",
        "10:00 tasks-created 2",
        "10:00 no-capacity 1",
        "10:30 tasks-running 2",
    ]
    answer = capacity_answer(scenario)
    assert (answer["outcome"], answer["reason"]) == ("NO_CAPACITY", "Fargate Spot has no room; tasks lacking: web 1.")
    assert answer["services"] == [
        {"serviceName": "web", "running": 6, "desired": 7, "runningOn": {"FARGATE": 3, "FARGATE_SPOT": 3}}
    ]
    fallen = capacity_answer(scenario, replace(RULES, spot_missing=SpotMissing.FALLBACK))
    assert fallen["services"][0]["runningOn"] == {"FARGATE": 6, "FARGATE_SPOT": 1}


def test_a_fargate_spot_interruption_gives_two_minutes() -> None:
    slow = {
        "taskDefinition": {**SMALL, "containerDefinitions": [{"name": "c", "stopTimeout": 120}]},
        "stopSeconds": 200,
    }
    scenario = fargate(4, interruptions=[{"minute": 2, "count": 1}], service=slow)
    assert story(scenario)[3:] == [
        "2:00 tasks-told-to-stop 1",
        "2:00 tasks-created 1",
        "2:30 tasks-running 1",
        "4:00 tasks-stopped 1",
    ]
    assert dict(last(scenario).stopped) == {"SpotInterruption": 1}
    plain = fargate(4, interruptions=[{"minute": 2, "count": 9}], service={"stopSeconds": 200})
    # Without a longer stopTimeout SIGKILL follows after 30 seconds; only Spot tasks go.
    assert story(plain)[3:5] == ["2:00 tasks-told-to-stop 2", "2:00 tasks-created 2"]
    assert "2:30 tasks-stopped 2" in story(plain)
    at_once = story(scenario, replace(RULES, spot_notice=0))
    assert "2:00 tasks-stopped 1" in at_once
    nobody = {
        "services": [{"desiredCount": 1, "launchType": "FARGATE"}],
        "interruptions": [{"minute": 1}],
        "minutes": 2,
    }
    assert story(nobody)[-1] == "0:30 tasks-running 1"


def test_run_task_on_fargate_spot_is_refused_and_not_tried_again() -> None:
    spot = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
    run = {"count": 4, "capacityProviderStrategy": spot, "runSeconds": 60}
    scenario = {"runTasks": [run], "spotCapacity": [[0, 1], [5, 9]], "minutes": 8}
    assert story(scenario) == [
        "0:00 desired-count 4",
        "0:00 spot-capacity 1",
        "0:00 tasks-created 1",
        "0:00 no-capacity 3",
        "0:30 tasks-running 1",
        "1:30 tasks-finished 1",
        "5:00 spot-capacity 9",
    ]
    assert last(scenario).refused == 3


def test_a_run_too_large_is_cut() -> None:
    flaps = [[i, 4000 * (1 - i % 2)] for i in range(100)]
    scenario = {"services": [{"desiredCount": flaps, "launchType": "FARGATE"}], "minutes": 100}
    trace = play(scenario)
    end = last(scenario)
    assert trace.events[-1].kind is Kind.CUT
    assert MOST_TASKS < end.created <= MOST_TASKS + 4000
    assert capacity_answer(scenario)["outcome"] == "CUT"
    assert len(trace) <= MOST_EVENTS


def test_a_service_event_is_not_repeated_within_six_hours() -> None:
    scenario = fargate(7, spotCapacity=[[0, 9], [5, 1], [400, 2]], minutes=420)
    events = [step["event"] for step in capacity_answer(scenario)["steps"] if "event" in step]
    assert (
        events
        == [
            (
                "service (web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try "
                "again later or in a different availability zone."
            )
        ]
        * 2
    )
