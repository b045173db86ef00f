"""The run over time: tasks start, data is written, things stop, and someone looks again."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import trace as traces
from simulator.errors import InputError
from simulator.subjects import answer
from simulator.volumes import MECHANISM, RULES, simulate
from simulator.volumes.presets import PRESETS
from simulator.volumes.rules import rules_from_dict
from simulator.volumes.state import Status, TaskStatus

PRESET = {preset.id: preset.scenario for preset in PRESETS}
HOSTS = [
    {"ec2InstanceId": "i-a1", "availabilityZone": "a"},
    {"ec2InstanceId": "i-a2", "availabilityZone": "a"},
    {"ec2InstanceId": "i-b1", "availabilityZone": "b"},
]
ALL = PRESET["everything-stops"]["taskDefinition"]


def kinds(scenario: dict[str, Any]) -> list[str]:
    return [event.kind.value for event in simulate(scenario).events]


def reads(scenario: dict[str, Any]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one["task"], one["sees"], tuple(one.get("files", ()))) for one in answer("volumes", scenario)["reads"]]


def statuses(scenario: dict[str, Any]) -> dict[str, str]:
    return {one["id"]: one["status"] for one in answer("volumes", scenario)["volumes"]}


def on_ec2(*events: dict[str, Any], **more: Any) -> dict[str, Any]:
    task = {"task": "t", "service": "s", "ec2InstanceId": "i-a1"} | more
    return {
        "launchType": "EC2",
        "instances": HOSTS,
        "taskDefinition": ALL,
        "tasks": [{key: value for key, value in task.items() if value is not None}],
        "events": list(events),
    }


WRITE = [{"action": "write", "task": "t", "path": f"/{path}/note"} for path in ("tmp", "scratch", "cache", "data")]
STOP = {"action": "stopTask", "task": "t"}


def test_each_path_lands_in_its_deepest_mount() -> None:
    assert statuses(on_ec2(*WRITE)) == {
        "t/scratch": "AVAILABLE",
        "i-a1:/var/cache/app": "AVAILABLE",
        "fs-1": "AVAILABLE",
        "t/app layer": "AVAILABLE",
    }
    volumes = {one["id"]: one["files"] for one in answer("volumes", on_ec2(*WRITE))["volumes"]}
    assert volumes == {
        "t/scratch": ["/note"],
        "i-a1:/var/cache/app": ["/note"],
        "fs-1": ["/app/note"],
        "t/app layer": ["/tmp/note"],
    }


def test_a_path_that_only_begins_like_a_mount_is_not_in_it() -> None:
    found = on_ec2({"action": "write", "task": "t", "path": "/cachet/x"})
    assert answer("volumes", found)["volumes"][-1]["files"] == ["/cachet/x"]
    look = {"action": "read", "task": "t", "path": "/data/no"}
    assert reads(on_ec2(WRITE[3], look)) == [("t", "EMPTY", ())]
    assert reads(on_ec2(WRITE[3], {**look, "path": "/data/note"})) == [("t", "DATA", ("/app/note",))]
    assert reads(on_ec2(WRITE[3], {**look, "path": "/data/note/deeper"})) == [("t", "EMPTY", ())]


def test_writing_twice_keeps_one_file() -> None:
    again = answer("volumes", on_ec2(WRITE[0], WRITE[0]))
    assert again["volumes"][-1]["files"] == ["/tmp/note"]


def test_stop_after_stop() -> None:
    assert statuses(on_ec2(*WRITE, STOP)) == {
        "t/scratch": "UNREACHABLE",
        "i-a1:/var/cache/app": "AVAILABLE",
        "fs-1": "AVAILABLE",
        "t/app layer": "LOST",
        "t #2/scratch": "AVAILABLE",
    }
    trace = simulate(on_ec2(*WRITE, STOP))
    assert [task.name for task in traces.state_at(trace, len(trace)).tasks] == ["t", "t #2"]
    assert kinds(on_ec2(STOP))[-3:] == ["task-stopped", "storage-unreachable", "task-started"]


@pytest.mark.parametrize(("seconds", "status"), [(10_799, "UNREACHABLE"), (10_800, "LOST")])
def test_the_agent_cleans_up_after_three_hours(seconds: int, status: str) -> None:
    assert statuses(on_ec2(WRITE[1], STOP, {"action": "wait", "seconds": seconds}))["t/scratch"] == status


def test_a_standalone_task_is_not_replaced() -> None:
    scenario = on_ec2(*WRITE, STOP, {"action": "read", "task": "t", "path": "/data"}, service=None)
    assert reads(scenario) == [("t", "NOT_RUNNING", ())]
    assert [task["status"] for task in answer("volumes", scenario)["tasks"]] == ["STOPPED"]
    assert kinds(on_ec2(STOP, STOP, service=None))[-1] == "nothing-to-do"


def test_where_replacements_go() -> None:
    down = {"action": "terminateInstance", "ec2InstanceId": "i-a1"}
    lost = {"action": "loseZone", "availabilityZone": "a"}
    gone = {"action": "terminateInstance", "ec2InstanceId": "i-b1"}
    places = [task["on"] for task in answer("volumes", on_ec2(STOP, down, lost, gone))["tasks"]]
    assert places == ["i-a1", "i-a1", "i-a2", "i-b1"]
    assert kinds(on_ec2(STOP, down, lost, gone))[-1] == "no-place-for-replacement"
    named = {**STOP, "replacement": {"ec2InstanceId": "i-b1"}}
    assert [task["on"] for task in answer("volumes", on_ec2(named))["tasks"]] == ["i-a1", "i-b1"]
    refused = on_ec2(down, {**STOP, "replacement": {"ec2InstanceId": "i-a1"}})
    assert kinds(refused)[-1] == "no-place-for-replacement"


def test_fargate_goes_to_the_next_zone_when_its_own_is_lost() -> None:
    scenario = {
        "launchType": "FARGATE",
        "availabilityZones": ["a", "b"],
        "tasks": [{"task": "t", "service": "s", "availabilityZone": "b"}],
        "events": [STOP, {"action": "loseZone", "availabilityZone": "b"}],
    }
    assert [task["on"] for task in answer("volumes", scenario)["tasks"]] == ["b", "b", "a"]
    lost = {"action": "loseZone", "availabilityZone": "a"}
    assert kinds({**scenario, "events": [*scenario["events"], lost]})[-1] == "no-place-for-replacement"


def test_run_task_stands_where_it_is_told_or_where_the_first_was() -> None:
    again = {"action": "runTask", "task": "u", "like": "t"}
    scenario = on_ec2(*WRITE, STOP, again, {"action": "read", "task": "u", "path": "/cache"}, service=None)
    assert reads(scenario) == [("u", "DATA", ("/note",))]
    there = {**again, "ec2InstanceId": "i-b1"}
    scenario = on_ec2(*WRITE, STOP, there, {"action": "read", "task": "u", "path": "/cache"}, service=None)
    assert reads(scenario) == [("u", "EMPTY", ())]


def restarting(*events: dict[str, Any], **container: Any) -> dict[str, Any]:
    mounts = [{"sourceVolume": "scratch", "containerPath": "/scratch"}]
    app = {"name": "app", "mountPoints": mounts, **container}
    definition = {"volumes": [{"name": "scratch"}], "containerDefinitions": [app, {"name": "log", "volumesFrom": [
        {"sourceContainer": "app", "readOnly": True}]}]}  # fmt: skip
    return {**on_ec2(*events), "taskDefinition": definition}


POLICY = {"enabled": True}
EXIT = {"action": "stopContainer", "task": "t", "exitCode": 1}
LOOK = [{"action": "read", "task": "t", "path": f"/{path}"} for path in ("tmp", "scratch")]


@pytest.mark.parametrize(
    ("policy", "seconds", "code", "restarted"),
    [
        (POLICY, 400, 1, True),
        (POLICY, 300, 1, True),
        (POLICY, 299, 1, False),
        ({**POLICY, "ignoredExitCodes": [1]}, 400, 1, False),
        (POLICY, 400, None, False),
        (None, 400, 1, False),
    ],
)
def test_v26_to_v28_restart_in_place(policy: Any, seconds: int, code: int | None, restarted: bool) -> None:
    scenario = restarting(
        *WRITE[:2], {"action": "wait", "seconds": seconds}, {**EXIT, "exitCode": code}, *LOOK, restartPolicy=policy
    )
    found = answer("volumes", scenario)
    seen = ["DATA", "DATA"] if restarted else ["EMPTY", "EMPTY"]
    assert [one["sees"] for one in found["reads"]] == seen
    assert [task["status"] for task in found["tasks"]] == (["RUNNING"] if restarted else ["STOPPED", "RUNNING"])


def test_the_period_counts_from_the_last_restart() -> None:
    wait = {"action": "wait", "seconds": 300}
    twice = restarting(wait, EXIT, wait, EXIT, restartPolicy=POLICY)
    assert kinds(twice).count("container-restarted") == 2
    soon = restarting(wait, EXIT, {**wait, "seconds": 299}, EXIT, restartPolicy=POLICY)
    assert kinds(soon).count("container-restarted") == 1
    assert kinds(soon).count("task-stopped") == 1


def test_a_container_that_is_not_essential_stops_alone() -> None:
    scenario = restarting(EXIT, WRITE[0], LOOK[0], EXIT, essential=False)
    assert kinds(scenario)[1:] == ["container-exited", "denied", "read", "nothing-to-do"]
    assert reads(scenario) == [("t", "CONTAINER_STOPPED", ())]


def test_read_only_mounts() -> None:
    write = {"action": "write", "task": "t", "container": "log", "path": "/scratch/x"}
    trace = simulate(restarting(write, {**write, "path": "/own"}, WRITE[1], {**LOOK[1], "container": "log"}))
    assert [(event.kind.value, event.code) for event in trace.events[1:]] == [
        ("denied", "READ_ONLY"), ("wrote", ""), ("wrote", ""), ("read", ""),
    ]  # fmt: skip
    assert traces.explain(trace, 1).sentence == "/scratch/x is not written. The mount point has readOnly true."
    assert traces.state_at(trace, len(trace)).reads[0].files == ("/note",)


def test_without_client_write_the_mount_is_read_only() -> None:
    volume = {"name": "f", "efsVolumeConfiguration": {"fileSystemId": "fs-1", "transitEncryption": "ENABLED",
                                                     "authorizationConfig": {"iam": "ENABLED"}}}  # fmt: skip
    definition = {
        "taskRoleArn": "r",
        "volumes": [volume],
        "containerDefinitions": [{"name": "app", "mountPoints": [{"sourceVolume": "f", "containerPath": "/data"}]}],
    }
    scenario = {
        "launchType": "FARGATE",
        "taskDefinition": definition,
        "taskRoleActions": ["elasticfilesystem:ClientMount"],
        "tasks": [{"task": "t"}],
        "events": [WRITE[3], WRITE[0]],
    }
    assert [(event.kind.value, event.code) for event in simulate(scenario).events[1:]] == [
        ("denied", "WRITE_DENIED"),
        ("wrote", ""),
    ]


def test_a_zone_comes_back() -> None:
    one_zone = [{"fileSystemId": "fs-1", "availabilityZoneName": "a"}]
    lose, restore = ({"action": verb, "availabilityZone": "a"} for verb in ("loseZone", "restoreZone"))
    lost = {**on_ec2(*WRITE, lose), "fileSystems": one_zone}
    assert statuses(lost)["fs-1"] == "UNREACHABLE"
    assert answer("volumes", lost)["tasks"][-1]["code"] == "FILE_SYSTEM_ZONE_LOST"
    back = {**on_ec2(*WRITE, lose, restore), "fileSystems": one_zone}
    assert statuses(back)["fs-1"] == "AVAILABLE"
    assert statuses(back)["i-a1:/var/cache/app"] == "LOST"
    assert kinds(on_ec2(lose, lose))[-1] == "nothing-to-do"
    assert kinds(on_ec2(restore))[-1] == "nothing-to-do"
    kept = PRESET["kept-ebs"]
    events = [*kept["events"][:2], {"action": "loseZone", "availabilityZone": "us-east-1a"}]
    assert simulate({**kept, "events": events}).events[-1].code == "ZONE_UNREACHABLE"
    events.append({"action": "restoreZone", "availabilityZone": "us-east-1a"})
    assert statuses({**kept, "events": events})["job-1/disk"] == "UNREACHABLE"


def test_a_stopped_instance_can_still_be_terminated() -> None:
    stop, end = ({"action": f"{verb}Instance", "ec2InstanceId": "i-a1"} for verb in ("stop", "terminate"))
    assert statuses(on_ec2(*WRITE, stop))["i-a1:/var/cache/app"] == "UNREACHABLE"
    assert statuses(on_ec2(*WRITE, stop, end))["i-a1:/var/cache/app"] == "LOST"
    assert kinds(on_ec2(end, end))[-1] == "nothing-to-do"
    assert kinds(on_ec2(end, stop))[-1] == "nothing-to-do"


def test_presets_end_as_they_say() -> None:
    ends = {name: [one["sees"] for one in answer("volumes", scenario)["reads"]] for name, scenario in PRESET.items()}
    assert ends == {
        "fargate-scratch": ["DATA", "EMPTY"],
        "one-host-directory": ["DATA", "EMPTY", "DATA", "EMPTY"],
        "zone-lost": ["DATA", "EMPTY", "EMPTY"],
        "kept-ebs": ["EMPTY"],
        "no-mount-target": ["NOT_RUNNING"],
        "s3-files": ["DATA", "DATA"],
        "everything-stops": ["DATA"] * 4 + ["EMPTY", "EMPTY", "DATA", "DATA", "EMPTY", "DATA", "DATA"],
    }


@pytest.mark.parametrize("name", PRESET)
def test_every_step_has_a_reason(name: str) -> None:
    trace = simulate(PRESET[name])
    for k, event in enumerate(trace.events):
        said = traces.explain(trace, k)
        assert said.sentence.endswith(".")
        if event.kind.value in ("storage-lost", "storage-unreachable", "task-failed-to-start"):
            assert said.fix.endswith(".")
    assert traces.from_json(traces.to_json(trace), MECHANISM) == trace
    assert len(answer("volumes", {**PRESET[name], "explain": True})["story"]) == len(trace)


def test_sentences() -> None:
    trace = simulate(PRESET["everything-stops"])
    said = [traces.explain(trace, k).sentence for k in range(len(trace))]
    assert said[0] == (
        "Task all starts on i-a1. “scratch” is all/scratch: it is new and empty. “cache” is i-a1:/var/cache/app: there "
        "is nothing in it yet. “shared” is fs-1: there is nothing in it yet."
    )
    assert "Container app of all writes /data/note: it lands in fs-1." in said
    second = next(line for line in said if line.startswith("Task all #2 starts"))
    assert second == (
        "Task all #2 starts on i-a1, in place of all. “scratch” is all #2/scratch: it is new and empty. “cache” is "
        "i-a1:/var/cache/app: finds 1 file in it. “shared” is fs-1: finds 1 file in it."
    )
    assert "Availability Zone us-east-1a is lost; 1 task ran there." in said
    assert "10800 s pass." in said
    assert "Container app of all #2 looks at /tmp, in all #2/app layer: nothing." in said


def test_a_fork_leaves_what_was_before() -> None:
    trace = simulate(PRESET["everything-stops"])
    for k in (0, 3, 9, len(trace)):
        forked = traces.fork(trace, k, {"action": "loseZone", "availabilityZone": "us-east-1a"})
        assert forked.events[:k] == trace.events[:k]
        assert sum(event.kind.value == "zone-lost" for event in forked.events) == 1
        assert traces.first_difference(trace, forked) is not None
    late = traces.fork(trace, len(trace), {"action": "wait", "seconds": 5})
    assert late.events[: len(trace)] == trace.events
    assert late.events[len(trace)].kind.value == "waited"


ACTIONS = st.lists(
    st.sampled_from(
        [
            *WRITE, STOP, EXIT,
            {"action": "read", "task": "t", "path": "/data"},
            {"action": "wait", "seconds": 4_000},
            {"action": "stopInstance", "ec2InstanceId": "i-a2"},
            {"action": "terminateInstance", "ec2InstanceId": "i-a1"},
            {"action": "loseZone", "availabilityZone": "a"},
            {"action": "loseZone", "availabilityZone": "b"},
            {"action": "restoreZone", "availabilityZone": "a"},
        ]
    ),
    max_size=8,
)  # fmt: skip


@given(ACTIONS, st.booleans(), st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_what_always_holds(actions: list[dict[str, Any]], service: bool, at: int) -> None:
    scenario = on_ec2(*actions, service="s" if service else None)
    trace = simulate(scenario)
    assert json.dumps(answer("volumes", scenario)) == json.dumps(answer("volumes", scenario))
    assert traces.from_json(traces.to_json(trace), MECHANISM).events == trace.events
    gone: set[str] = set()
    time = 0
    for k in range(len(trace) + 1):
        state = traces.state_at(trace, k)
        assert state.now >= time
        time = state.now
        # What is lost stays lost, and holds nothing.
        lost = {store.id for store in state.stores if store.status is Status.LOST}
        assert gone <= lost
        gone = lost
        assert not any(store.files for store in state.stores if store.status is Status.LOST)
        running = [task for task in state.tasks if task.status is TaskStatus.RUNNING]
        assert len(running) <= 1
        for task in running:
            stores = [state.store(mount.store) for mount in task.mounts]
            assert all(store is not None for store in stores)
    k = min(at, len(trace))
    forked = traces.fork(trace, k, {"action": "loseZone", "availabilityZone": "b"})
    assert forked.events[:k] == trace.events[:k]


def test_a_long_run_is_cut() -> None:
    tasks = [{"task": f"t{i}", "service": "s", "ec2InstanceId": "i-a1"} for i in range(30)]
    events = [{"action": "stopTask", "task": f"t{i % 30}"} for i in range(200)]
    volumes = [{"name": f"v{i}"} for i in range(10)]
    scenario = {**on_ec2(), "taskDefinition": {"volumes": volumes}, "tasks": tasks, "events": events}
    trace = simulate(scenario)
    assert len(trace) == 600
    assert trace.events[-1].kind.value == "cut"
    assert traces.explain(trace, 599).sentence == "The run is cut here: it has more events than are played."


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"tasks": []}, "There are no tasks; give at least one under tasks."),
        ({"tasks": [{"task": "t", "ec2InstanceId": "i-x"}]}, "ec2InstanceId must be i-a1, i-a2 or i-b1, not"),
        ({"tasks": [{"task": "t"}]}, r"tasks\[0\].ec2InstanceId is missing; say on which of the instances"),
        ({"tasks": [{"task": "t #2", "ec2InstanceId": "i-a1"}]}, "has a #, which marks replacements"),
        ({"tasks": [{"task": "t", "ec2InstanceId": "i-a1"}] * 2}, r"tasks\[1\] is “t”, which stands there already"),
        ({"tasks": [{"task": "t", "ec2InstanceId": "i-a1"}] * 31}, "has 31 entries, and at most 30"),
        (
            {"tasks": [{"task": "t", "ec2InstanceId": "i-a1", "availabilityZone": "b"}]},
            r"tasks\[0\].availabilityZone is not the zone of i-a1, a",
        ),
        ({"tasks": [{"task": "t", "launchType": "FARGATE", "ec2InstanceId": "i-a1"}]}, "on Fargate there is none"),
        ({"tasks": [{"task": "t", "launchType": "FARGATE", "availabilityZone": ""}]}, "must have 1 to 255"),
        ({"instances": HOSTS * 2}, r"instances\[3\] is “i-a1”, which stands there already"),
        ({"instances": [{}]}, "ec2InstanceId must be text"),
        ({"events": [{"action": "stop"}]}, "action must be write, read, stopContainer"),
        ({"events": [{}] * 201}, "has 201 entries, and at most 200"),
        ({"events": [{"action": "wait"}]}, "seconds must be a whole number from 1"),
        ({"events": [{"action": "wait", "seconds": True}]}, "seconds must be a whole number from 1"),
        ({"events": [{"action": "wait", "seconds": 1, "task": "t"}]}, r"no field “events\[0\].task”"),
        ({"events": [{**STOP, "task": "u"}]}, r"events\[0\].task must be t, not"),
        ({"events": [{**STOP, "replacement": {"availabilityZone": "a"}}]}, "ec2InstanceId is missing"),
        ({"events": [{"action": "read", "task": "t", "container": "x", "path": "/"}]}, "container must be app, not"),
        ({"events": [{"action": "read", "task": "t"}]}, "path must be text"),
        ({"events": [{"action": "loseZone", "availabilityZone": "z"}]}, "availabilityZone must be a or b, not"),
        ({"events": [{"action": "runTask", "task": "t", "like": "t"}]}, "task is “t”, which is taken"),
        ({"events": [{"action": "runTask", "task": "u", "like": "v"}]}, "like must be t, not"),
        ({"changes": [{"action": "wait", "seconds": 1}]}, r"changes\[0\].at must be a whole number"),
        (
            {"changes": [{"at": 2, "action": "wait", "seconds": 1}, {"at": 1, "action": "wait", "seconds": 1}]},
            r"changes\[1\].at is 1, before the change that stands above it",
        ),
        ({"explain": 1}, "explain must be true or false"),
        ({"volume": {}}, "There is no field “volume”"),
        ({"availabilityZones": "a"}, "availabilityZones must be a list"),
    ],
)
def test_a_scenario_that_is_none(change: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=rf"(^|[ “.\])]){told}") as error:
        answer("volumes", {**on_ec2(), **change})
    assert _points_at_it(error.value)


def test_events_without_tasks_are_no_other_question() -> None:
    with pytest.raises(InputError, match=r"^There are no tasks"):
        answer("volumes", {"launchType": "EC2", "events": []})
    with pytest.raises(InputError, match=r"^There is no field “use”"):
        answer("volumes", {**on_ec2(), "use": {}})


def test_beliefs_in_a_run() -> None:
    scenario = PRESET["one-host-directory"]
    believed = answer("volumes", scenario, rules_from_dict({"host_paths_synced": True}))
    assert [one["sees"] for one in believed["reads"]] == ["DATA"] * 4
    assert answer("volumes", scenario, RULES) == answer("volumes", scenario)


def _points_at_it(error: InputError) -> bool:
    """Whether the error's path is a path, and the sentence is about it."""
    whole = re.fullmatch(r"([\w-]+(\[\d+\])?\.)*[\w-]+(\[\d+\])?", error.path)
    return not error.path or (whole is not None and re.split(r"[.\[]", error.path)[0] in str(error))


@pytest.mark.parametrize(
    ("belief", "finds"),
    [({"host_paths_synced": True}, 1), ({}, 0)],
)
def test_what_a_read_finds_is_part_of_its_event_so_that_runs_part_there(belief: dict[str, Any], finds: int) -> None:
    scenario = {
        "launchType": "EC2",
        "instances": [{"ec2InstanceId": "i-1"}, {"ec2InstanceId": "i-2"}],
        "taskDefinition": {
            "volumes": [{"name": "cache", "host": {"sourcePath": "/srv"}}],
            "containerDefinitions": [
                {"name": "app", "mountPoints": [{"sourceVolume": "cache", "containerPath": "/cache"}]}
            ],
        },
        "tasks": [{"task": "a", "ec2InstanceId": "i-1"}, {"task": "b", "ec2InstanceId": "i-2"}],
        "events": [
            {"action": "write", "task": "a", "path": "/cache/x"},
            {"action": "read", "task": "b", "path": "/cache"},
        ],
    }
    run = simulate(scenario, rules_from_dict(belief))
    assert run.events[-1].count == finds
    assert traces.first_difference(simulate(scenario), run) == (len(run) - 1 if finds else None)
