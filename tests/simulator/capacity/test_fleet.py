"""The estimate behind M, asked of real instances and tasks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from simulator.capacity.estimate import NOTHING, GroupEstimate, estimate, room_for
from simulator.capacity.fleet import LIMIT_EVENT, NO_ROOM_EVENT
from simulator.capacity.group import read_types
from simulator.capacity.rules import (
    RULES,
    Groups,
    NoRoom,
    Oversize,
    Reservation,
)
from simulator.capacity.subjects import capacity_answer
from simulator.errors import InputError
from simulator.model import Instance
from simulator.task_needs import TaskNeeds

SMALL = {"cpu": "512", "memory": "1024", "containerDefinitions": []}
TYPE = {"cpu": 2048, "memory": 3768}


def ask(document: Any, **rules: Any) -> dict[str, Any]:
    return capacity_answer(document, replace(RULES, **rules))


def refusal(document: Any) -> tuple[str, str]:
    with pytest.raises(InputError) as error:
        capacity_answer(document)
    return str(error.value), error.value.path


def fleet(count: int, left: int = 0, **more: Any) -> dict[str, Any]:
    instances = [
        {"ec2InstanceId": f"i{i}", "remaining": {"cpu": 4 * left, "memory": left}, "tasks": {"service:old": 1}}
        for i in range(count)
    ]
    return {"instances": instances, "instanceTypes": [TYPE], **more}


def test_what_does_not_fit_waits_and_drives_m() -> None:
    answer = ask(fleet(4, tasks=[{"count": 10, "taskDefinition": SMALL}]))
    assert (answer["M"], answer["N"], answer["desired"], answer["extra"]) == (8, 4, 8, 4)
    assert (answer["placed"], answer["provisioning"], answer["empty"]) == (0, 10, 0)
    assert answer["groups"] == [
        {"cpu": 512, "memory": 1024, "count": 10, "perInstance": 3, "instances": 4, "limit": "memory"}
    ]
    some = ask(fleet(4, left=1100, tasks=[{"count": 10, "taskDefinition": SMALL}]))
    assert (some["placed"], some["provisioning"], some["extra"], some["M"]) == (4, 6, 2, 6)


def test_several_groups_are_open() -> None:
    tasks = [{"count": 4, "taskDefinition": SMALL}, {"count": 2, "taskDefinition": {**SMALL, "memory": "2048"}}]
    answer = ask(fleet(1, tasks=tasks))
    assert (answer["extra"], answer["open"], answer["extraRange"]) == (4, True, [2, 4])
    assert answer["note"].startswith("AWS does not say how the estimates of several groups")
    assert ask(fleet(1, tasks=tasks), groups=Groups.LARGEST)["extra"] == 2
    # The same needs twice are one group.
    same = ask(fleet(1, tasks=[{"count": 4, "taskDefinition": SMALL}, {"count": 2, "taskDefinition": SMALL}]))
    assert (same["extra"], len(same["groups"]), "open" in same) == (2, 1, False)


def test_tasks_of_a_launch_type_are_not_seen() -> None:
    document = fleet(1, tasks=[{"count": 3, "launchType": "EC2", "taskDefinition": SMALL}])
    answer = ask(document)
    assert (answer["M"], answer["desired"], answer["invisible"], answer["provisioning"]) == (1, 1, 3, 0)
    assert answer["event"] == NO_ROOM_EVENT
    seen = ask(document, launch_type_counts=True)
    assert (seen["M"], seen["provisioning"], "invisible" in seen) == (2, 3, False)


def test_at_most_500_wait() -> None:
    tasks = [{"count": 400, "taskDefinition": SMALL}, {"count": 101, "taskDefinition": SMALL}]
    answer = ask(fleet(1, tasks=tasks))
    assert (answer["provisioning"], answer["refused"], answer["event"]) == (500, 1, LIMIT_EVENT)
    assert answer["extra"] == 167
    failed = ask(fleet(1, tasks=tasks), no_room=NoRoom.FAIL)
    assert (failed["provisioning"], failed["refused"], failed["extra"], failed["desired"]) == (0, 501, 0, 1)
    exactly = ask(fleet(1, tasks=[*tasks[:1], {"count": 100, "taskDefinition": SMALL}]))
    assert (exactly["provisioning"], "refused" in exactly) == (500, False)


def test_daemons_leave_an_instance_empty_and_draining_ones_do_not_count() -> None:
    instances = [
        {"ec2InstanceId": "a", "remaining": TYPE, "tasks": {"service:agent": 1}},
        {"ec2InstanceId": "b", "remaining": TYPE, "tasks": {"service:agent": 1, "service:web": 1}},
        {"ec2InstanceId": "c", "remaining": TYPE, "status": "DRAINING"},
    ]
    document = {"instances": instances, "instanceTypes": [TYPE], "daemonGroups": ["service:agent"]}
    answer = ask(document)
    assert (answer["N"], answer["empty"], answer["M"]) == (2, 1, 1)
    assert ask(document, daemon_keeps=True)["M"] == 2
    assert ask({**document, "daemonGroups": []})["M"] == 2


def test_the_belief_in_cpu() -> None:
    instances = [{"ec2InstanceId": "a", "instanceType": "m5.large", "remaining": {"cpu": 512, "memory": 0}}]
    answer = ask({"instances": instances}, reservation=Reservation.CPU)
    assert (answer["M"], answer["reservation"], answer["desired"]) == (None, 75.0, 1)
    unknown = ask({"instances": fleet(2)["instances"], "instanceTypes": [TYPE]}, reservation=Reservation.CPU)
    assert unknown["reservation"] == 100.0
    assert ask({"instances": [], "instanceTypes": [TYPE]}, reservation=Reservation.CPU)["reservation"] == 100.0


def test_types_are_taken_from_the_instances_where_nobody_names_them() -> None:
    document = {
        "instances": [{"ec2InstanceId": "a", "instanceType": "m5.large", "remaining": {"cpu": 0, "memory": 0}}],
        "tasks": [{"count": 5, "taskDefinition": SMALL}],
    }
    assert ask(document)["groups"][0]["perInstance"] == 4
    said, where = refusal({**fleet(1), "instanceTypes": None})
    assert where == "instanceTypes"
    assert said.startswith("No instance type is known to estimate with; give instanceTypes, such as")


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (fleet(1, tasks=[{"count": 1}]), "There is no tasks[0].taskDefinition; give the task definition"),
        (fleet(1, tasks=[{"launchType": "FARGATE"}]), 'tasks[0].launchType must be EC2, not "FARGATE".'),
        (fleet(1, tasks=[3]), "tasks[0] must be an object with named fields, not 3."),
        (fleet(1, tasks=[{"task": 1}]), "There is no field “tasks[0].task”;"),
        (fleet(1, tasks=[{}] * 51), "tasks has 51 entries, and at most 50 are taken."),
        (fleet(1, daemonGroups=[1]), "daemonGroups[0] must be text, not 1."),
        (
            fleet(401, tasks=[{"count": 5000, "taskDefinition": SMALL}]),
            "5000 tasks on 401 instances are more than 2000000 verdicts; ask for fewer.",
        ),
    ],
)
def test_bad_fleets(document: Any, sentence: str) -> None:
    assert refusal(document)[0].startswith(sentence)


def fresh(cpu: int = 2048, memory: int = 4096, gpu: int = 0, enis: int | None = None) -> Instance:
    return replace(read_types([{"cpu": cpu, "memory": memory, "gpu": gpu}], "t")[0], enis=enis)


def test_the_scarcest_resource_decides() -> None:
    assert room_for(TaskNeeds(cpu=1024, memory=512), fresh()) == (2, "vCPU")
    assert room_for(TaskNeeds(cpu=512, memory=4096), fresh()) == (1, "memory")
    assert room_for(TaskNeeds(cpu=1, memory=1, eni=True), fresh(enis=2)) == (2, "network interfaces")
    assert room_for(TaskNeeds(cpu=1, memory=1024, eni=True), fresh()) == (4, "memory")
    assert room_for(TaskNeeds(cpu=1, memory=1, tcp=(80,)), fresh()) == (1, "host ports")
    assert room_for(TaskNeeds(cpu=1, memory=1, udp=(80,)), fresh()) == (1, "host ports")
    assert room_for(TaskNeeds(cpu=1, memory=1, tcp=(22,)), fresh()) == (0, "host ports")
    assert room_for(TaskNeeds(cpu=1, memory=1, tcp=(80,), clash=(80,)), fresh()) == (0, "host ports")
    assert room_for(TaskNeeds(cpu=0, memory=1, gpu=2), fresh(gpu=4)) == (2, "GPUs")
    assert room_for(TaskNeeds(cpu=0, memory=0), fresh()) == (1, "nothing")


def test_the_largest_type_counts_and_the_smallest_lets_in() -> None:
    types = [fresh(4096, 8192), fresh(1024, 2048)]
    found = estimate([(TaskNeeds(cpu=512, memory=1024), 17)], types, RULES)
    assert found.groups == (
        GroupEstimate(needs=TaskNeeds(cpu=512, memory=1024), count=17, each=8, instances=3, limit="vCPU"),
    )
    large = TaskNeeds(cpu=2048, memory=1024)
    left_out = estimate([(large, 3)], types, RULES)
    assert (left_out.extra, left_out.all_excluded) == (0, True)
    assert left_out.groups[0] == GroupEstimate(needs=large, count=3, each=0, instances=0, limit="vCPU")
    counted = replace(RULES, oversize=Oversize.COUNTED)
    assert estimate([(large, 3)], types, counted).extra == 2
    assert estimate([(TaskNeeds(cpu=9000, memory=1), 3)], types, counted).extra == 3
    mixed = estimate([(large, 3), (TaskNeeds(cpu=512, memory=1024), 8)], types, RULES)
    assert (mixed.extra, mixed.all_excluded, mixed.span) == (1, False, (1, 1))
    assert estimate([(large, 0)], types, RULES) is NOTHING
    assert not NOTHING.all_excluded


def test_types_are_ordered_by_vcpu_first() -> None:
    # The larger by vCPU is the one that counts, though it has less memory.
    types = [fresh(4096, 2048), fresh(2048, 8192)]
    assert estimate([(TaskNeeds(cpu=0, memory=1024), 4)], types, RULES).groups[0].each == 2
    same = [fresh(2048, 4096, gpu=1), fresh(2048, 4096, gpu=4)]
    assert estimate([(TaskNeeds(cpu=0, memory=1, gpu=1), 4)], same, RULES).groups[0].each == 4
    assert estimate([(TaskNeeds(cpu=0, memory=1, gpu=2), 4)], same, RULES).all_excluded
    cards = [fresh(enis=9), fresh(enis=2)]
    assert estimate([(TaskNeeds(cpu=0, memory=1, eni=True), 18)], cards, RULES).extra == 2


def test_an_excluded_group_is_shown() -> None:
    answer = ask(fleet(1, tasks=[{"count": 2, "taskDefinition": {**SMALL, "memory": "9000"}}]))
    assert answer["groups"] == [
        {
            "cpu": 512,
            "memory": 9000,
            "count": 2,
            "excluded": True,
            "reason": "It does not fit the smallest instance type: memory. It is left out of the estimate and stays in "
            "PROVISIONING.",
        }
    ]
    assert (answer["reservation"], answer["action"]) == (100.0, "none")
