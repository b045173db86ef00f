"""The board: racks to scale, blocks on the diagonal, and a film that tells no decision before it is taken."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from diagrams.board import board_film, board_svg
from diagrams.film import MAX_BYTES, encode, until
from diagrams.layout import Box
from diagrams.racks import Scale, stacked
from diagrams.reasons import three_words
from simulator.model import Cluster, Instance, Resources
from simulator.placement import simulate
from simulator.placement.decision import Shortfall
from simulator.trace import state_at
from tests.diagrams.playing import picture


def task(cpu: int, memory: int, family: str = "web", **container: Any) -> dict[str, Any]:
    return {"family": family, "containerDefinitions": [{"name": "c", "cpu": cpu, "memory": memory, **container}]}


def instances(count: int, kind: str | None = "m5.large") -> list[dict[str, Any]]:
    found = []
    for i in range(count):
        one: dict[str, Any] = {"ec2InstanceId": f"{'abc'[i % 3]}{i // 3 + 1}"}
        found.append({**one, "instanceType": kind, "availabilityZone": f"us-east-1{'abc'[i % 3]}"})
    return found


def mixed() -> dict[str, Any]:
    """Placements, refusals, a scale-in, and the learner's changes."""
    six = instances(6)
    six[1]["remaining"] = {"cpu": 600, "memory": 900}
    six[4]["status"] = "DRAINING"
    port = {"portMappings": [{"containerPort": 80, "hostPort": 8080}]}
    return {
        "instances": six,
        "requests": [
            {"taskDefinition": task(256, 1024), "count": 4, "group": "service:web", "schedulingStrategy": "REPLICA"},
            {"taskDefinition": task(512, 2048, "api", **port), "count": 5, "group": "service:api"},
            {"scaleIn": {"group": "service:web", "count": 2}},
        ],
        "changes": [{"at": 3, "instance": "a1", "status": "DRAINING"}, {"at": 5, "terminate": "c1"}],
    }


MIXED = simulate(mixed())


def test_patches_lead_to_the_picture_drawn_from_scratch() -> None:
    film = board_film(MIXED)
    assert len(film.frames) == len(MIXED) + 1
    for k in range(len(MIXED) + 1):
        state = state_at(MIXED, k)
        shown = picture(film, k)
        visible = {key for key, look in shown.items() if key[0] == "t" and "hidden" not in look}
        waiting = {key for key in visible if "waiting" in shown[key]["class"]}
        sized = [one for one in state.tasks if one.instance in {instance.id for instance in state.instances}]
        assert len(visible - waiting) == len(sized)
        assert len(waiting) <= 1
        assert {f"r{i}" for i in range(6) if "hidden" not in shown[f"r{i}"]} == {
            f"r{i}" for i, one in enumerate(MIXED.checkpoints[0].instances) if one in _of(state, one)
        }


def _of(state: Cluster, one: Instance) -> list[Instance]:
    return [one] if one.id in {instance.id for instance in state.instances} else []


def test_a_film_cut_short_is_the_start_of_the_whole_film() -> None:
    whole = board_film(MIXED)
    for k in (0, 3, 6):
        part = board_film(MIXED, upto=k)
        assert len(part.frames) == k + 1
        assert [frame.caption for frame in part.frames] == [frame.caption for frame in whole.frames[: k + 1]]
        assert [frame.text for frame in part.frames] == [frame.text for frame in whole.frames[: k + 1]]


def test_what_is_owed_a_prediction_tells_nothing_of_the_next_decision() -> None:
    scenario = {"instances": instances(3), "taskDefinition": task(256, 512), "count": 3, "group": "service:web"}
    film = board_film(simulate({**scenario, "schedulingStrategy": "REPLICA"}), upto=0)
    assert film.frames[0].caption.endswith("Task 1 of web is next: 256 CPU, 512 MiB.")
    assert "goes to" not in encode(film)
    assert "chosen" not in encode(film)
    assert 'id="t' not in film.svg


def test_captions_name_the_task_the_instance_and_the_reason() -> None:
    film = board_film(MIXED)
    assert film.frames[0].caption.startswith("6 instances, CPU across and memory up")
    assert film.frames[2].caption.startswith("Task 2 goes to c1: zone us-east-1c has the fewest, 0 web tasks")
    assert film.frames[4].caption.startswith("a1 turns DRAINING.")
    refused = next(frame for frame in film.frames if frame.tone == "refused")
    assert "is not placed: " in refused.caption
    assert "Refused b1: Memory: the task needs 2048 MiB, 900 MiB are left." in refused.text
    assert film.frames[-1].tone == "done"


def test_the_refused_rack_dims_with_its_reason_and_the_chosen_one_is_marked() -> None:
    shown = picture(board_film(MIXED), 2)
    assert shown["r2"]["class"] == "rack chosen"
    assert shown["r1"]["class"] == "rack refused"
    assert (shown["n1"]["text"], shown["m1"]["text"]) == ("memory", "124 short")
    assert "hidden" not in shown["n1"]
    assert "hidden" in shown["n2"]


@pytest.mark.parametrize(
    ("shortfall", "words"),
    [
        (Shortfall("cpu", "RESOURCE:CPU", 1024, 24), ("CPU", "1,000 short")),
        (Shortfall("ports", "RESOURCE:PORTS", ("8080/tcp",), ("8080/tcp",)), ("port 8080", "taken")),
        (Shortfall("status", "", "ACTIVE", "DRAINING"), ("DRAINING", "no tasks")),
        (Shortfall("distinctInstance", "", 0, 1), ("has one", "already")),
    ],
)
def test_reasons_are_three_words(shortfall: Shortfall, words: tuple[str, str]) -> None:
    assert three_words(shortfall) == words
    assert len(" ".join(words).split()) <= 3


def test_blocks_lie_corner_to_corner_and_the_rest_is_free() -> None:
    frame = Box(10, 20, 200, 100)
    scale = Scale(cpu=0.1, memory=0.05)
    boxes, free = stacked(frame, scale, [Resources(cpu=500, memory=400), Resources(cpu=250, memory=800)])
    assert boxes[0] == Box(10, 100, 50, 20)
    assert boxes[1] == Box(60, 60, 25, 40)
    assert free == Box(85, 20, 125, 40)
    assert all(frame.holds(box) for box in (*boxes, free))


def test_a_task_of_no_cpu_and_an_instance_of_unknown_size_still_show() -> None:
    two = [{"ec2InstanceId": "a1", "instanceType": "m5.large"}, {"ec2InstanceId": "x"}]
    film = board_film(simulate({"instances": two[:1], "taskDefinition": task(0, 128), "count": 2}))
    widths = [float(one.get("width", 0)) for one in ET.fromstring(film.svg).iter() if one.get("rx") == "1.5"]
    assert min(widths) >= 3
    assert "size unknown" in board_svg(Cluster(instances=(Instance(id="x"),)))


@pytest.mark.parametrize(("count", "tasks"), [(30, 300), (100, 100)])
def test_large_boards_stay_small_enough_to_send(count: int, tasks: int) -> None:
    scenario = {"instances": instances(count), "count": tasks // 3, "schedulingStrategy": "REPLICA"}
    requests = [{"taskDefinition": task(128, 256), "group": f"service:{name}", "count": 100} for name in "abc"]
    if tasks == 300:
        trace = simulate({"instances": instances(count), "requests": requests})
    else:
        trace = simulate({**scenario, "taskDefinition": task(128, 256), "count": tasks})
    text = encode(board_film(trace))
    assert len(text.encode()) < MAX_BYTES
    assert json.loads(text)["cut"] == 0


def test_more_than_a_hundred_instances_are_told_and_not_drawn() -> None:
    film = board_film(simulate({"instances": instances(101), "taskDefinition": task(128, 256), "count": 2}))
    assert "101 instances are too many to draw" in film.svg
    assert "<rect" not in film.svg
    assert "Task 2 goes to" in film.frames[2].caption


def test_hostile_ids_are_escaped_and_picked_as_they_are() -> None:
    name = "<script>\"'&"
    one = {"ec2InstanceId": name, "instanceType": "m5.large", "availabilityZone": "<b>"}
    film = board_film(simulate({"instances": [one], "taskDefinition": task(1, 4), "group": "</g>", "count": 1}))
    root = ET.fromstring(film.svg)
    assert [node.get("data-pick") for node in root.iter() if node.get("data-pick")] == [name]
    assert "<script" not in film.svg


def test_an_empty_cluster_and_an_empty_run_make_films() -> None:
    scenario = {"instances": [], "taskDefinition": task(1, 4), "count": 1, "schedulingStrategy": "REPLICA"}
    film = board_film(simulate(scenario))
    assert film.frames[0].caption.startswith("The cluster has no instance.")
    assert len(until(film, 0).frames) == 1


def test_a_reason_stands_where_no_block_lies() -> None:
    full = {"ec2InstanceId": "a1", "instanceType": "m5.large", "availabilityZone": "us-east-1a"}
    film = board_film(simulate({"instances": [full], "taskDefinition": task(512, 1792), "count": 5}))
    shown = picture(film, 5)
    x, y = (float(shown["m0"][name]) for name in ("x", "y"))
    words_half, width, height = 36, 49, 30
    for at in range(4):
        left, top = map(float, shown[f"t{at}"]["transform"].removeprefix("translate(").removesuffix(")").split())
        beside = x + words_half < left or x - words_half > left + width
        assert beside or y < top or y - 14 > top + height


def test_what_does_not_fit_is_told_as_over_and_not_as_a_negative_rest() -> None:
    one = Instance(id="a1", type="m5.large", zone="us-east-1a", remaining=Resources(cpu=256, memory=-100))
    svg = board_svg(Cluster(instances=(one,), tasks=()), title="Over")
    assert "over by 100 MiB" in svg
    assert "-100" not in svg
