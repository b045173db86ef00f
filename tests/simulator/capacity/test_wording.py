"""What is said about each kind of step: the sentence, the reasons, AWS's own event, what AWS leaves open."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.capacity.wording import many, minute_of
from simulator.trace import explain
from tests.simulator.capacity.story import SMALL, document, fargate, play

AGENT = {
    "serviceName": "agent",
    "schedulingStrategy": "DAEMON",
    "taskDefinition": {"family": "agent", "cpu": "128", "memory": "128", "containerDefinitions": []},
}
RUNS: dict[str, Any] = {
    "GROWS": document([[0, 12], [5, 22], [10, 6]], least=1, size=4, minutes=40),
    "EMPTY": document([[0, 0], [2, 15]], minutes=12),
    "SPARE": document(5, minutes=6, capacityProvider={"managedScaling": {"targetCapacity": 80}}),
    "ODD": document([[0, 27], [1, 1]], size=9, minutes=20),
    "PROTECTED": {
        **document([[0, 6], [2, 1]], size=2, minutes=20, capacityProvider={"managedTerminationProtection": "ENABLED"}),
        "services": [AGENT, *document([[0, 6], [2, 1]])["services"]],
    },
    "UNDRAINED": document(
        [[0, 6]],
        least=2,
        minutes=6,
        group={"spot": True},
        capacityProvider={"managedDraining": "DISABLED"},
        interruptions=[{"minute": 2, "capacityProvider": "asg"}],
    ),
    "DRAINED": document(
        [[0, 6]],
        least=2,
        minutes=6,
        group={"spot": True},
        interruptions=[{"minute": 2, "capacityProvider": "asg"}],
        service={"deploymentConfiguration": {"minimumHealthyPercent": 50}},
    ),
    "LIMIT": {
        **document(505, least=1, most=1, minutes=1),
        "runTasks": [{"count": 12, "taskDefinition": {**SMALL, "family": "batch"}, "runSeconds": 9}],
    },
    "BATCH": {
        **document(0, least=1, most=1, minutes=3),
        "runTasks": [
            {"count": 5, "taskDefinition": {**SMALL, "family": "batch"}, "runSeconds": 9, "launchType": "EC2"}
        ],
    },
    "EC2": document(4, least=1, minutes=2, service={"launchType": "EC2"}),
    "FARGATE": fargate([[0, 7], [8, 3]], spotCapacity=[[0, 9], [5, 2]]),
    "RUN_SPOT": {
        "runTasks": [{"count": 2, "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]}],
        "spotCapacity": 0,
        "minutes": 1,
    },
    "LARGE": document(2, least=1, minutes=2, service={"taskDefinition": {**SMALL, "memory": "9000"}}),
    "GROUPS": {
        **document(3, least=1, minutes=2),
        "runTasks": [{"count": 4, "taskDefinition": {**SMALL, "family": "batch", "memory": "2048"}, "runSeconds": 9}],
    },
    "CHANGED": document(
        3, least=1, minutes=2, changes=[{"at": 1, "minSize": 3}, {"at": 4, "minSize": 0}, {"at": 5, "maxSize": 2}]
    ),
    "MAX": document(9, least=1, most=2, minutes=5),
}

SAID: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "GROWS",
        (
            "desired-count",
            "The desired count of web goes from 0 to 12.",
            "why: Service auto scaling and people change the desired count; that adds no instance by itself.",
        ),
    ),
    (
        "GROWS",
        (
            "tasks-created",
            "Waiting in PROVISIONING: 12 tasks of web, newly created.",
            "why: They wait for room on the instances of asg; at most 500 may wait.",
        ),
    ),
    (
        "GROWS",
        (
            "tasks-placed",
            "Placed: 12 waiting tasks, on i-1, i-2, i-3, i-4.",
            "why: The placement strategy decides, task by task. The first: Task 1 goes to i-1, the best of 4 by binpack on memory; 4 were equally good, and our tie-break took it (AWS does not publish its own).",
        ),
    ),
    ("GROWS", ("tasks-running", "RUNNING: 12 tasks more.")),
    (
        "GROWS",
        (
            "measured",
            "CapacityProviderReservation is 100.0 (target 100): M 4, N 4.",
            "why: No task waits. Without a task other than daemon tasks: 0 instances.",
            "why: The metric is on its target: nothing changes.",
        ),
    ),
    (
        "GROWS",
        (
            "measured",
            "CapacityProviderReservation is 200.0 (target 100): M 8, N 4.",
            "why: 10 waiting tasks of 512 CPU units and 1024 MiB: 3 fit on one instance by memory, so 4 instances.",
            "why: The group goes to 8.",
        ),
    ),
    (
        "GROWS",
        (
            "scaled-out",
            "Scale-out: the group's desired capacity goes from 4 to 8.",
            "why: One data point above the target is enough. 8 x 100 / 100, rounded up and inside MinSize and MaxSize, is 8.",
        ),
    ),
    (
        "GROWS",
        (
            "instances-launched",
            "The group launches i-5, i-6, i-7, i-8.",
            "why: They register with the cluster 120 s later: that is this run's assumption.",
        ),
    ),
    ("GROWS", ("instances-registered", "Registered and ACTIVE: i-5, i-6, i-7, i-8.")),
    (
        "GROWS",
        (
            "tasks-told-to-stop",
            "Stopping: 16 tasks of web, for the desired count is 6.",
            "why: The placement strategy picks them, turned round: what is left is placed best.",
        ),
    ),
    ("GROWS", ("tasks-stopped", "STOPPED: 16 tasks.", "why: stopCode ServiceSchedulerInitiated.")),
    (
        "GROWS",
        (
            "measured",
            "CapacityProviderReservation is 25.0 (target 100): M 2, N 8.",
            "why: No task waits. Without a task other than daemon tasks: 6 instances.",
            "why: Data point 1 of 15: the group would go to 2.",
        ),
    ),
    (
        "GROWS",
        (
            "measured",
            "CapacityProviderReservation is 25.0 (target 100): M 2, N 8.",
            "why: No task waits. Without a task other than daemon tasks: 6 instances.",
            "why: The group goes to 4.",
        ),
    ),
    (
        "GROWS",
        (
            "scaled-in",
            "Scale-in: the group's desired capacity goes from 8 to 4; leaving: i-1, i-2, i-3, i-4.",
            "why: 15 data points below the target; then each minute at least one instance goes, at most half.",
            "why: Nothing protects instances that run tasks: the group's termination policy picks.",
            "why: Managed draining empties them first.",
        ),
    ),
    ("GROWS", ("instances-terminated", "Terminated: i-1, i-2, i-3, i-4.")),
    (
        "GROWS",
        (
            "tasks-placed",
            "Placed: 3 waiting tasks, on i-8.",
            "why: The placement strategy decides, task by task. The first: Task 23 goes to i-8, the only instance that passes every filter.",
        ),
    ),
    (
        "GROWS",
        (
            "tasks-told-to-stop",
            "Stopping: 3 tasks on DRAINING instances.",
            "why: Managed draining replaces a service's tasks between its bounds: 6 to 12 tasks.",
        ),
    ),
    (
        "EMPTY",
        (
            "scaled-out",
            "Scale-out: the group's desired capacity goes from 0 to 2.",
            "why: One data point above the target is enough. From an empty group the first step is two instances, whatever waits.",
        ),
    ),
    (
        "EMPTY",
        (
            "measured",
            "CapacityProviderReservation is 250.0 (target 100): M 5, N 2.",
            "why: 9 waiting tasks of 512 CPU units and 1024 MiB: 3 fit on one instance by memory, so 3 instances.",
            "why: The group wants 5 instances and waits: one is 120 s old, and no scale-out begins while one is younger than 300 s.",
        ),
    ),
    (
        "SPARE",
        (
            "scaled-out",
            "Scale-out: the group's desired capacity goes from 0 to 2.",
            "why: One data point above the target is enough. From an empty group the first step is two instances, whatever waits.",
            "open: From an empty group with targetCapacity below 100 AWS does not say how many come first.",
        ),
    ),
    (
        "SPARE",
        (
            "measured",
            "CapacityProviderReservation is 100.0 (target 80): M 2, N 2.",
            "why: No task waits. Without a task other than daemon tasks: 0 instances.",
            "why: The group wants 3 instances and waits: one is 120 s old, and no scale-out begins while one is younger than 300 s.",
        ),
    ),
    (
        "ODD",
        (
            "tasks-placed",
            "Placed: 27 waiting tasks, on 9 instances.",
            "why: The placement strategy decides, task by task. The first: Task 1 goes to i-1, the best of 9 by binpack on memory; 9 were equally good, and our tie-break took it (AWS does not publish its own).",
        ),
    ),
    (
        "ODD",
        (
            "scaled-in",
            "Scale-in: the group's desired capacity goes from 9 to 5; leaving: i-1, i-2, i-3, i-4.",
            "why: 15 data points below the target; then each minute at least one instance goes, at most half.",
            "why: Nothing protects instances that run tasks: the group's termination policy picks.",
            "why: Managed draining empties them first.",
            "open: AWS does not say how half of an odd number of instances is rounded.",
        ),
    ),
    (
        "PROTECTED",
        (
            "tasks-created",
            "Placed: 2 tasks of agent, on i-1, i-2.",
            "why: A daemon service runs one task on each instance.",
        ),
    ),
    (
        "PROTECTED",
        (
            "scaled-in",
            "Scale-in: the group's desired capacity goes from 2 to 1; leaving: i-1.",
            "why: 15 data points below the target; then each minute at least one instance goes, at most half.",
            "why: Termination protection: only instances without a task other than daemon tasks may go.",
            "why: Managed draining empties them first.",
        ),
    ),
    (
        "PROTECTED",
        (
            "tasks-told-to-stop",
            "Stopping: 1 task on DRAINING instances.",
            "why: Daemon tasks stop last, when nothing else runs there.",
        ),
    ),
    (
        "UNDRAINED",
        (
            "instances-warned",
            "EC2 Spot takes back, in 120 s: i-1.",
            "why: Without managed draining nothing is drained; with minimumHealthyPercent 100 two minutes are often too short to replace the tasks first.",
        ),
    ),
    (
        "UNDRAINED",
        (
            "instances-terminated",
            "Terminated: i-1.",
            "why: Lost with the instances: 3 tasks; only a service starts others.",
            "open: Which stopCode such tasks get AWS does not say; here it is “instance terminated”.",
        ),
    ),
    (
        "UNDRAINED",
        (
            "measured",
            "CapacityProviderReservation is 200.0 (target 100): M 2, N 1.",
            "why: 3 waiting tasks of 512 CPU units and 1024 MiB: 3 fit on one instance by memory, so 1 instance.",
            "why: The group has or gets the 2 instances that are wanted.",
        ),
    ),
    (
        "DRAINED",
        (
            "instances-warned",
            "EC2 Spot takes back, in 120 s: i-1.",
            "why: Managed draining sets DRAINING; with minimumHealthyPercent 100 two minutes are often too short to replace the tasks first.",
        ),
    ),
    (
        "LIMIT",
        (
            "desired-count",
            "RunTask asks for 12 tasks of batch.",
            "why: One call takes up to 10 tasks; more are more calls.",
        ),
    ),
    (
        "LIMIT",
        (
            "provisioning-limit",
            "Not created: 2 tasks of web. 500 tasks wait in PROVISIONING already, the most of a cluster; the service tries again later.",
            "event: service (web) was unable to place tasks in your cluster because the tasks provisioning capacity limit was exceeded.",
        ),
    ),
    (
        "LIMIT",
        (
            "provisioning-limit",
            "Not created: 12 tasks of batch. 500 tasks wait in PROVISIONING already, the most of a cluster; RunTask fails with a ClientException.",
        ),
    ),
    (
        "LIMIT",
        (
            "measured",
            "CapacityProviderReservation is 16800.0 (target 100): M 168, N 1.",
            "why: 500 waiting tasks of 512 CPU units and 1024 MiB: 3 fit on one instance by memory, so 167 instances.",
            "why: The group's sizes 1 to 1 allow no more change; ECS never changes them.",
        ),
    ),
    (
        "BATCH",
        (
            "tasks-created",
            "Placed: 3 tasks of batch, on i-1.",
            "why: With a launch type no capacity provider sees the tasks: they never make the group grow.",
        ),
    ),
    (
        "BATCH",
        (
            "no-room",
            "Not placed: 2 tasks of batch. No instance has room.",
            "why: With a launch type no capacity provider sees the tasks: they never make the group grow.",
            "why: On i-1: free 328 more MiB of memory.",
        ),
    ),
    (
        "BATCH",
        (
            "tasks-finished",
            "Ended by itself: 3 stand-alone tasks.",
            "why: stopCode EssentialContainerExited: nothing replaces them.",
        ),
    ),
    (
        "BATCH",
        (
            "measured",
            "CapacityProviderReservation is 0.0 (target 100): M 0, N 1.",
            "why: No task waits. Without a task other than daemon tasks: 1 instance.",
            "why: The group's sizes 1 to 1 allow no more change; ECS never changes them.",
        ),
    ),
    (
        "EC2",
        (
            "tasks-created",
            "Placed: 3 tasks of web, on i-1.",
            "why: With a launch type no capacity provider sees the tasks: they never make the group grow.",
        ),
    ),
    (
        "EC2",
        (
            "no-room",
            "Not placed: 1 task of web. No instance has room.",
            "why: With a launch type no capacity provider sees the tasks: they never make the group grow.",
            "why: On i-1: free 328 more MiB of memory.",
            "event: service (web) was unable to place a task because no container instance met all of its requirements.",
        ),
    ),
    ("FARGATE", ("spot-capacity", "Fargate Spot now has room for 9 tasks.")),
    (
        "FARGATE",
        (
            "tasks-created",
            "Starting: 7 tasks of web, 3 on FARGATE, 4 on FARGATE_SPOT.",
            "why: On Fargate capacity follows the tasks: base and weight say which provider.",
        ),
    ),
    (
        "FARGATE",
        (
            "tasks-told-to-stop",
            "Fargate Spot takes 2 tasks back: SIGTERM now, and at most 120 s to end.",
            "why: stopCode SpotInterruption. The service starts others on Spot, if Spot has room.",
            "open: AWS does not say which tasks are interrupted; here it is a choice.",
        ),
    ),
    (
        "FARGATE",
        (
            "no-capacity",
            "There is no Fargate Spot capacity for 2 tasks of web; ECS keeps trying on Spot and never falls back to on-demand.",
            "event: service (web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.",
        ),
    ),
    ("FARGATE", ("tasks-stopped", "STOPPED: 2 tasks.", "why: stopCode SpotInterruption.")),
    (
        "FARGATE",
        (
            "tasks-told-to-stop",
            "Stopping: 2 tasks of web, for the desired count is 3.",
            "open: AWS does not say which tasks of a strategy of providers go first; here it is a choice.",
        ),
    ),
    (
        "RUN_SPOT",
        (
            "desired-count",
            "RunTask asks for 2 tasks of task.",
            "why: One call takes up to 10 tasks; more are more calls.",
        ),
    ),
    ("RUN_SPOT", ("no-capacity", "There is no Fargate Spot capacity for 2 tasks of task; RunTask fails.")),
    (
        "LARGE",
        (
            "measured",
            "CapacityProviderReservation is 100.0 (target 100).",
            "why: No waiting task fits the smallest instance type: all are left out of the estimate, and the metric stays.",
            "why: The metric is on its target: nothing changes.",
        ),
    ),
    (
        "GROUPS",
        (
            "tasks-created",
            "Waiting in PROVISIONING: 4 tasks of batch, newly created.",
            "why: They wait for room on the instances of asg; at most 500 may wait.",
        ),
    ),
    ("CHANGED", ("changed", "You changed minSize 3.")),
    ("CHANGED", ("scaled-out", "MinSize lifts the group from 1 to 3.")),
    ("CHANGED", ("changed", "You changed maxSize 2.")),
    ("CHANGED", ("scaled-in", "MaxSize holds the group at 2; leaving: i-1.")),
)


def told(name: str) -> list[tuple[str, ...]]:
    trace = play(RUNS[name])
    rows: list[tuple[str, ...]] = []
    for k, event in enumerate(trace.events):
        found = explain(trace, k)
        why = [f"why: {one}" for one in found.why]
        said = [f"event: {found.event}"] if found.event else []
        rows.append((event.kind.value, found.sentence, *why, *said, *(f"open: {one}" for one in found.open)))
    return rows


TOLD = {name: told(name) for name in RUNS}


@pytest.mark.parametrize(("name", "row"), SAID)
def test_a_step_is_explained(name: str, row: tuple[str, ...]) -> None:
    assert row in TOLD[name]


def test_numbers_with_their_words() -> None:
    assert (many(0, "task"), many(1, "task"), many(2, "task")) == ("0 tasks", "1 task", "2 tasks")
    assert (minute_of(0), minute_of(59), minute_of(60), minute_of(3725)) == ("0:00", "0:59", "1:00", "62:05")
