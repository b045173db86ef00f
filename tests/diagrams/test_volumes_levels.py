"""The nested boxes: each beat of a run, what stands where, what has fallen, and what the task finds."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from diagrams.film import encode
from diagrams.volumes_levels import beats, describe, levels_film, scene_at, told
from simulator.volumes import simulate
from tests.diagrams.playing import picture

PATHS = ("/tmp", "/scratch", "/cache", "/shared", "/disk", "/data")
LOOK = [{"action": "read", "task": "web", "path": path} for path in PATHS]
TASK: dict[str, Any] = {
    "volumes": [
        {"name": "scratch"},
        {"name": "cache", "host": {"sourcePath": "/var/cache/web"}},
        {"name": "shared", "dockerVolumeConfiguration": {"scope": "shared", "autoprovision": True}},
        {"name": "disk", "configuredAtLaunch": True},
        {"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}},
    ],
    "containerDefinitions": [
        {
            "name": "app",
            "restartPolicy": {"enabled": True, "restartAttemptPeriod": 60},
            "mountPoints": [
                {"sourceVolume": name, "containerPath": f"/{name}"}
                for name in ("scratch", "cache", "shared", "disk", "data")
            ],
        }
    ],
}
STOP = {"action": "stopTask", "task": "web"}
EXIT = [{"action": "wait", "seconds": 300}, {"action": "stopContainer", "task": "web"}]


def run(*acts: dict[str, Any], **more: Any):
    events: list[dict[str, Any]] = [{"action": "write", "task": "web", "path": f"{path}/note"} for path in PATHS]
    for act in acts:
        events += [act] if act["action"] == "wait" and act["seconds"] == 300 else [act, *LOOK]
    hosts = [
        {"ec2InstanceId": "i-a1", "availabilityZone": "us-east-1a"},
        {"ec2InstanceId": "i-a2", "availabilityZone": "us-east-1a"},
        {"ec2InstanceId": "i-b1", "availabilityZone": "us-east-1b"},
    ]
    return simulate(
        {
            "launchType": "EC2",
            "instances": hosts,
            "service": "web",
            "taskDefinition": TASK,
            "tasks": [{"task": "web", "ec2InstanceId": "i-a1"}],
            "events": events,
            **more,
        }
    )


def cells(trace: Any, beat: int) -> dict[str, tuple[str, str]]:
    scene = scene_at(trace, beats(trace)[beat])
    return {row.path: (row.cell.word, row.finds) for row in scene.rows}


def fallen(trace: Any, beat: int) -> list[str]:
    return [column.level for column in scene_at(trace, beats(trace)[beat]).columns if column.fallen]


def test_every_kind_lies_in_its_box() -> None:
    scene = scene_at(run(), beats(run())[0])
    assert {row.path: row.level for row in scene.rows} == {
        "/tmp": "container",
        "/scratch": "task",
        "/cache": "instance",
        "/shared": "instance",
        "/disk": "zone",
        "/data": "region",
    }
    assert [row.goes_with for row in scene.rows] == ["", "", "", "", "task", ""]
    assert [(column.label, column.name) for column in scene.columns] == [
        ("Container", "app"),
        ("Task", "web"),
        ("Instance", "i-a1"),
        ("Zone", "us-east-1a"),
        ("Region", "us-east-1"),
    ]


def test_a_restart_in_place_takes_nothing() -> None:
    trace = run(*EXIT)
    assert len(beats(trace)) == 3
    assert fallen(trace, 1) == ["container"]
    assert set(cells(trace, 2).values()) == {("note", "yes")}
    film = levels_film(trace, title="t", ask="?")
    assert film.frames[-1].caption.endswith("nothing is lost.")
    assert film.frames[1].mark == "the container exits"


def test_a_replaced_task_leaves_what_lies_outside_of_it() -> None:
    trace = run(STOP)
    assert fallen(trace, 1) == ["container", "task"]
    assert cells(trace, 1) == {
        "/tmp": ("lost", "none"),
        "/scratch": ("left behind", "none"),
        "/cache": ("note", "none"),
        "/shared": ("note", "none"),
        "/disk": ("lost", "none"),
        "/data": ("note", "none"),
    }
    assert cells(trace, 2) == {
        "/tmp": ("empty", "no"),
        "/scratch": ("left behind", "no"),
        "/cache": ("note", "yes"),
        "/shared": ("note", "yes"),
        "/disk": ("empty", "no"),
        "/data": ("note", "yes"),
    }
    captions = [frame.caption for frame in levels_film(trace, title="t", ask="?").frames]
    assert captions == [
        "?",
        "Task web stops. It was told to stop. Gone with it: /tmp and /disk. Left behind, where nobody looks: /scratch.",
        "web #2 starts on i-a1. The note is in /cache, /shared and /data; nothing is in /tmp, /scratch and /disk.",
    ]


def test_what_is_left_on_another_instance_is_told_from_what_is_lost() -> None:
    trace = run({**STOP, "replacement": {"ec2InstanceId": "i-a2"}})
    assert cells(trace, 2)["/cache"] == ("on i-a1", "no")
    assert told(trace, beats(trace)[2], "/cache") == (
        "/cache, bind mount with sourcePath",
        "The file still lies on i-a1, and the task is on i-a2.",
        "Use EFS: every instance can mount it.",
    )


def test_an_instance_and_a_zone_take_along_what_lies_in_them_and_only_news_is_marked() -> None:
    trace = run(
        STOP,
        {"action": "terminateInstance", "ec2InstanceId": "i-a1"},
        {"action": "loseZone", "availabilityZone": "us-east-1a"},
    )
    assert fallen(trace, 3) == ["container", "task", "instance"]
    states = {row.path: row.cell.state for row in scene_at(trace, beats(trace)[3]).rows}
    assert states == {
        "/tmp": "empty",
        "/scratch": "lost",
        "/cache": "lost",
        "/shared": "lost",
        "/disk": "empty",
        "/data": "note",
    }
    assert fallen(trace, 5) == ["container", "task", "instance", "zone"]
    assert cells(trace, 6)["/data"] == ("note", "yes")
    assert [column.name for column in scene_at(trace, beats(trace)[6]).columns] == [
        "app",
        "web #4",
        "i-b1",
        "us-east-1b",
        "us-east-1",
    ]


def test_three_hours_make_a_beat_of_their_own_and_idle_time_none() -> None:
    trace = run(STOP, {"action": "wait", "seconds": 10_800})
    film = levels_film(trace, title="t", ask="?")
    assert film.frames[3].caption.startswith("3 h pass. The agent's task clean-up removed the directory")
    assert cells(trace, 3)["/scratch"][0] == "empty"
    assert len(beats(run({"action": "wait", "seconds": 60}))) == 2


def test_without_a_place_no_task_looks() -> None:
    lost = [{"action": "loseZone", "availabilityZone": zone} for zone in ("us-east-1a", "us-east-1b")]
    trace = run(*lost)
    assert {found for _, found in cells(trace, -1).values()} == {"none"}
    film = levels_film(trace, title="t", ask="?")
    assert "finds no place" in film.frames[-1].caption
    assert film.frames[-1].tone == "refused"


def test_on_fargate_there_is_no_instance_and_a_kept_volume_is_not_tied_to_its_task() -> None:
    task = {
        "volumes": [{"name": "disk", "configuredAtLaunch": True}],
        "containerDefinitions": [{"name": "app", "mountPoints": [{"sourceVolume": "disk", "containerPath": "/disk"}]}],
    }
    ebs = {"roleArn": "arn:aws:iam::111122223333:role/r", "sizeInGiB": 20}
    kept = [{"name": "disk", "managedEBSVolume": {**ebs, "terminationPolicy": {"deleteOnTermination": False}}}]
    trace = simulate(
        {
            "launchType": "FARGATE",
            "taskDefinition": task,
            "volumeConfigurations": kept,
            "tasks": [{"task": "job"}],
            "events": [{"action": "write", "task": "job", "path": "/disk/a"}, {"action": "stopTask", "task": "job"}],
        }
    )
    scene = scene_at(trace, beats(trace)[-1])
    assert [column.level for column in scene.columns] == ["container", "task", "zone", "region"]
    disk = next(row for row in scene.rows if row.path == "/disk")
    assert (disk.goes_with, disk.cell.word) == ("", "left behind")


@pytest.mark.parametrize("acts", [(), (STOP,), (*EXIT,)])
def test_the_film_shows_in_both_drawings_what_the_scenes_say(acts: tuple[dict[str, Any], ...]) -> None:
    trace = run(*acts)
    film = levels_film(trace, title="What goes", ask="?")
    for svg in (film.svg, film.narrow):
        assert ET.fromstring(svg).get("aria-label") == "What goes"
    for at, stop in enumerate(beats(trace)):
        scene, shown = scene_at(trace, stop), picture(film, at)
        for row, it in enumerate(scene.rows):
            assert shown[f"word{row}"]["text"] == it.cell.word
            assert it.cell.state in shown[f"cell{row}"]["class"]
        for column, it in enumerate(scene.columns):
            assert ("hidden" in shown[f"gone{column}"]) is not it.fallen
        assert film.frames[at].text == describe(scene)


def test_the_opening_asks_and_does_not_say_what_goes_with_what() -> None:
    opening = levels_film(run(STOP), title="t", ask="Which are left?", opening=True)
    assert [frame.caption for frame in opening.frames] == ["Which are left?"]
    sent = encode(opening)
    assert "goes with its task" not in sent
    assert "finds nothing" not in sent
    assert 'class="tie' not in opening.svg
    assert "goes with its task" in encode(levels_film(run(STOP), title="t", ask="?"))


def test_a_row_that_is_not_there_is_not_told() -> None:
    trace = run(STOP)
    assert told(trace, beats(trace)[-1], "/nowhere") == ("", "", "")
    name, reason, fix = told(trace, beats(trace)[-1], "/disk")
    assert name == "/disk, EBS volume"
    assert "always deleted" in reason
    assert fix.startswith("Use EFS")
