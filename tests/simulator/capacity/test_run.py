"""Whole runs on an Auto Scaling group: what happens when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.capacity.rules import RULES, NoRoom, Reservation
from simulator.capacity.state import Box, Status, count_by
from simulator.capacity.subjects import capacity_answer
from tests.simulator.capacity.story import PACKED, SMALL, TYPES, document, fargate, last, play, story

AGENT = {
    "serviceName": "agent",
    "schedulingStrategy": "DAEMON",
    "taskDefinition": {"family": "agent", "cpu": "128", "memory": "128", "containerDefinitions": []},
}
RAMP = document([[0, 12], [5, 22], [10, 6]], least=1, size=4, minutes=40)


def test_tasks_wait_the_group_grows_and_shrinks() -> None:
    assert story(RAMP) == [
        "0:00 desired-count 12",
        "0:00 tasks-created 12",
        "0:00 tasks-placed 12",
        "0:30 tasks-running 12",
        "5:00 desired-count 22",
        "5:00 tasks-created 10",
        "5:00 scaled-out 4>8",
        "5:00 instances-launched 4",
        "7:00 instances-registered 4",
        "7:00 tasks-placed 10",
        "7:30 tasks-running 10",
        "10:00 desired-count 6",
        "10:00 tasks-told-to-stop 16",
        "10:05 tasks-stopped 16",
        "25:00 scaled-in 8>4",
        "25:00 instances-terminated 4",
        "26:00 scaled-in 4>2",
        "26:00 instances-terminated 1",
        "26:00 tasks-created 3",
        "26:00 tasks-placed 3",
        "26:30 tasks-running 3",
        "26:30 tasks-told-to-stop 3",
        "26:35 tasks-stopped 3",
        "26:35 instances-terminated 1",
    ]
    lines = story(RAMP, measured=True)
    assert [line for line in lines if "measured" in line][:3] == [
        "1:00 measured 4/4 100.0",
        "5:00 measured 8/4 200.0",
        "7:00 measured 8/8 100.0",
    ]
    # Fifteen data points below the target, the last of which acts.
    assert sum(line.endswith("measured 2/8 25.0") for line in lines) == 15
    assert lines[-1] == "27:00 measured 2/2 100.0"
    end = last(RAMP)
    assert (end.size, len(end.machines), count_by(end, Status.RUNNING)) == (2, 2, 6)
    assert dict(end.stopped) == {"ServiceSchedulerInitiated": 19}


def test_from_an_empty_group_two_first_and_then_the_warm_up() -> None:
    scenario = document([[0, 0], [2, 15]], minutes=12)
    lines = story(scenario, measured=True)
    assert lines == [
        "1:00 measured 0/0 100.0",
        "2:00 desired-count 15",
        "2:00 tasks-created 15",
        "2:00 measured 5/0 200.0",
        "2:00 scaled-out 0>2",
        "2:00 instances-launched 2",
        "4:00 instances-registered 2",
        "4:00 tasks-placed 6",
        "4:00 measured 5/2 250.0",
        "4:30 tasks-running 6",
        "7:00 measured 5/2 250.0",
        "7:00 scaled-out 2>5",
        "7:00 instances-launched 3",
        "9:00 instances-registered 3",
        "9:00 tasks-placed 9",
        "9:00 measured 5/5 100.0",
        "9:30 tasks-running 9",
    ]
    assert "4:00 scaled-out 2>5" in story(scenario, replace(RULES, warm_up_blocks=False))
    assert "2:00 scaled-out 0>1" in story(scenario, replace(RULES, first_instances=1))
    assert "4:00 scaled-out 0>2" in story(scenario, replace(RULES, scale_out_points=3))


def test_a_service_of_nothing_empties_the_group() -> None:
    scenario = document([[0, 3], [1, 0]], size=1, minutes=40)
    assert story(scenario)[-2:] == ["16:00 scaled-in 1>0", "16:00 instances-terminated 1"]
    assert last(scenario).point is not None
    held = document([[0, 3], [1, 0]], least=1, minutes=40)
    assert not [line for line in story(held) if "scaled" in line]


def test_step_sizes_and_a_short_warm_up() -> None:
    scaling = {"maximumScalingStepSize": 3, "instanceWarmupPeriod": 60}
    lines = story(document(30, least=2, minutes=12, capacityProvider={"managedScaling": scaling}))
    assert [line for line in lines if "scaled" in line] == [
        "1:00 scaled-out 2>5",
        "3:00 scaled-out 5>8",
        "5:00 scaled-out 8>10",
    ]


def test_managed_scaling_off_leaves_the_group_alone() -> None:
    off = document(6, least=1, minutes=9, capacityProvider={"managedScaling": {"status": "DISABLED"}})
    assert story(off, measured=True)[-1] == "0:30 tasks-running 3"
    answer = capacity_answer(off)
    assert (answer["outcome"], answer["fix"]) == (
        "PROVISIONING",
        "Enable managed scaling, or size the group yourself.",
    )


def test_at_most_500_wait_and_a_service_asks_again() -> None:
    lines = story(document(505, least=1, most=1, minutes=2))
    assert lines[1:5] == [
        "0:00 tasks-created 500",
        "0:00 tasks-placed 3",
        "0:00 tasks-created 3",
        "0:00 provisioning-limit 2",
    ]
    alone = {
        **document(0, least=1, most=1, minutes=4),
        "runTasks": [{"count": 505, "taskDefinition": SMALL, "runSeconds": 40}],
    }
    assert story(alone)[:6] == [
        "0:00 desired-count 505",
        "0:00 tasks-created 500",
        "0:00 tasks-placed 3",
        "0:00 tasks-created 3",
        "0:00 provisioning-limit 2",
        "0:30 tasks-running 3",
    ]
    assert story(alone)[6:8] == ["1:10 tasks-finished 3", "1:10 tasks-placed 3"]
    end = last(alone)
    assert (end.refused, end.created, dict(end.stopped)) == (2, 503, {"EssentialContainerExited": 9})
    assert capacity_answer(alone)["end"]["refused"] == 2


def test_daemons_keep_no_instance_and_stop_last() -> None:
    scenario = document([[0, 6], [2, 1]], size=2, minutes=30)
    scenario["services"].insert(0, AGENT)
    lines = story(scenario)
    assert lines[1] == "0:00 tasks-created 2"
    assert lines[-4:] == [
        "17:00 scaled-in 2>1",
        "17:00 tasks-told-to-stop 1",
        "17:05 tasks-stopped 1",
        "17:05 instances-terminated 1",
    ]
    keeps = story(scenario, replace(RULES, daemon_keeps=True))
    assert not [line for line in keeps if "scaled" in line]
    # One on each new instance, before what waits.
    grown = document(9, least=1, minutes=6)
    grown["services"].append(AGENT)
    assert story(grown)[-4:] == [
        "3:00 tasks-placed 6",
        "3:00 tasks-created 2",
        "3:30 tasks-running 6",
        "3:30 tasks-running 2",
    ]
    full = {**AGENT, "taskDefinition": {**AGENT["taskDefinition"], "memory": "9000"}}
    assert "0:00 no-room 1" in story({**document(0, least=1, minutes=2), "services": [full]})


@pytest.mark.parametrize("protection", ["ENABLED", "DISABLED"])
def test_protection_keeps_the_instance_that_runs_a_task(protection: str) -> None:
    spread = {"placementStrategy": [{"type": "spread", "field": "instanceId"}]}
    provider = {"managedDraining": "DISABLED", "managedTerminationProtection": protection}
    # Stand-alone tasks on the first instance, which the group's own policy would take.
    scenario = document([[0, 0]], size=3, minutes=30, capacityProvider=provider, service=spread)
    scenario["runTasks"] = [{"count": 1, "taskDefinition": SMALL, "runSeconds": 3000, "placementStrategy": PACKED}]
    end = last(scenario)
    if protection == "ENABLED":
        assert (end.size, list(end.machines)) == (1, ["i-1"])
        assert (count_by(end, Status.RUNNING), dict(end.stopped)) == (1, {})
    else:
        assert (end.size, list(end.machines)) == (0, [])
        assert dict(end.stopped) == {"instance terminated": 1}


def test_draining_waits_48_hours_for_a_stand_alone_task() -> None:
    scenario = document([[0, 0]], size=1, minutes=2900, changes=[{"at": 4, "maxSize": 0}])
    scenario["runTasks"] = [{"taskDefinition": SMALL, "runSeconds": 250_000}]
    assert story(scenario) == [
        "0:00 desired-count 1",
        "0:00 tasks-created 1",
        "0:00 tasks-placed 1",
        "0:30 tasks-running 1",
        "0:30 changed 0",
        "0:30 scaled-in 1>0",
        "2880:30 instances-terminated 1",
    ]
    told = story(scenario, replace(RULES, drain_moves_standalone=True))
    assert told[-3:] == ["0:30 tasks-told-to-stop 1", "0:35 tasks-stopped 1", "0:35 instances-terminated 1"]
    ends = {**scenario, "runTasks": [{"taskDefinition": SMALL, "runSeconds": 600}]}
    assert story(ends)[-2:] == ["10:30 tasks-finished 1", "10:30 instances-terminated 1"]


def test_a_pending_task_of_a_service_on_a_draining_instance_stops_at_once() -> None:
    changes = [{"at": 3, "minSize": 0}, {"at": 4, "maxSize": 0}]
    lines = story(document(1, least=1, minutes=6, service={"startSeconds": 600}, changes=changes))
    assert lines[3:] == [
        "0:00 changed 0",
        "0:00 changed 0",
        "0:00 scaled-in 1>0",
        "0:00 tasks-told-to-stop 1",
        "0:00 tasks-created 1",
        "0:05 tasks-stopped 1",
        "0:05 instances-terminated 1",
    ]


def test_the_launch_type_is_not_seen() -> None:
    scenario = document([[0, 7], [3, 2], [6, 7]], least=2, minutes=9, service={"launchType": "EC2"})
    assert story(scenario) == [
        "0:00 desired-count 7",
        "0:00 tasks-created 6",
        "0:00 no-room 1",
        "0:30 tasks-running 6",
        "3:00 desired-count 2",
        "3:00 tasks-told-to-stop 4",
        "3:05 tasks-stopped 4",
        "6:00 desired-count 7",
        "6:00 tasks-created 4",
        "6:00 no-room 1",
        "6:30 tasks-running 4",
    ]
    assert capacity_answer(scenario)["outcome"] == "NO_ROOM"
    assert {task.provider for task in last(scenario).tasks.values()} == {""}
    seen = story(scenario, replace(RULES, launch_type_counts=True))
    assert "1:00 scaled-out 2>3" in seen
    once = {**document(0, least=1, minutes=3), "runTasks": [{"count": 5, "launchType": "EC2", "taskDefinition": SMALL}]}
    assert last(once).refused == 2


def test_beliefs_about_waiting() -> None:
    scenario = document(6, least=1, minutes=9)
    fails = story(scenario, replace(RULES, no_room=NoRoom.FAIL))
    assert fails[1:3] == ["0:00 tasks-created 3", "0:00 no-room 3"]
    assert not [line for line in fails if "scaled" in line]
    ignored = story(scenario, replace(RULES, waiting_counts=False))
    assert not [line for line in ignored if "scaled" in line]
    cpu = story(scenario, replace(RULES, reservation=Reservation.CPU), measured=True)
    assert "1:00 measured -1/1 75.0" in cpu


def test_a_learner_s_changes() -> None:
    changes = [{"at": 4, "desiredCount": 9}, {"at": 12, "desiredCount": 3}, {"at": 14, "targetCapacity": 50}]
    scenario = document(3, least=1, minutes=20, changes=changes)
    assert story(scenario)[4:] == [
        "0:30 changed 0",
        "0:30 tasks-created 6",
        "1:00 scaled-out 1>3",
        "1:00 instances-launched 2",
        "3:00 instances-registered 2",
        "3:00 tasks-placed 6",
        "3:00 changed 0",
        "3:00 tasks-told-to-stop 6",
        "3:00 changed 0",
        "3:05 tasks-stopped 6",
        "3:30 tasks-running 3",
        "18:00 scaled-in 3>2",
        "18:00 instances-terminated 1",
    ]
    lifted = document(0, least=0, most=5, minutes=3, changes=[{"at": 0, "minSize": 2}])
    assert story(lifted) == [
        "0:00 changed 0",
        "0:00 scaled-out 0>2",
        "0:00 instances-launched 2",
        "2:00 instances-registered 2",
    ]
    taken = document(
        3, least=1, minutes=5, group={"spot": True}, changes=[{"at": 4, "interrupt": {"capacityProvider": "asg"}}]
    )
    assert story(taken)[4:6] == ["0:30 changed 0", "0:30 instances-warned 1"]
    less = fargate(4, changes=[{"at": 3, "spotCapacity": 1}])
    assert story(less)[3:5] == ["0:30 changed 0", "0:30 tasks-told-to-stop 1"]


def test_several_types_and_zones_are_launched_in_turn() -> None:
    scenario = document(
        9, size=3, minutes=2, group={"instanceTypes": [*TYPES, "m5.large"], "availabilityZones": ["a", "b"]}
    )
    end = last(scenario)
    assert [machine.zone for machine in end.machines.values()] == ["a", "b", "a"]
    assert [instance.type for instance in end.cluster.instances] == [None, "m5.large", None]
    assert {machine.status for machine in end.machines.values()} == {Box.ACTIVE}


def test_the_answer_of_a_run() -> None:
    answer = capacity_answer(RAMP)
    assert list(answer) == [
        "outcome", "reason", "minutes", "end", "peak", "services", "metric", "events", "steps",
    ]  # fmt: skip
    assert (answer["outcome"], answer["reason"]) == ("STEADY", "Every service has its desired count in RUNNING.")
    assert answer["end"] == {
        "desiredCapacity": 2,
        "instances": 2,
        "tasks": {"RUNNING": 6},
        "created": 25,
        "stopped": {"ServiceSchedulerInitiated": 19},
        "refused": 0,
    }
    assert answer["peak"] == {"instances": 8, "provisioning": 12, "reservation": 200.0}
    assert answer["metric"][1] == {"minute": 5, "M": 8, "N": 4, "reservation": 200.0}
    assert answer["steps"][0]["at"] == "0:00"
    assert answer["events"] == len(answer["steps"]) == len(play(RAMP))
    full = capacity_answer(document(20, least=2, most=3, minutes=30))
    assert (full["outcome"], full["reason"], full["fix"]) == (
        "PROVISIONING",
        "11 tasks still in PROVISIONING.",
        "Raise the group's MaxSize above 3; ECS never changes it.",
    )
    soon = capacity_answer(document(6, least=1, minutes=2))
    assert soon["fix"] == "Give the run more minutes: instances take time to launch, to register and to warm up."
    short = capacity_answer(document(3, least=1, minutes=1, service={"startSeconds": 100}))
    assert (short["outcome"], short["fix"]) == ("SHORT", "Give the run more minutes.")
    large = capacity_answer(document(1, least=1, service={"taskDefinition": {**SMALL, "memory": "9000"}}))
    assert large["metric"] == [{"minute": 1, "M": None, "N": 1, "reservation": 100.0}]
    assert large["fix"].startswith("Take the smaller instance types out of the group")
