"""The deployment's band: two bounds, the counts between them, blocks at the load balancer."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET

import pytest

from diagrams.band import MOST_BLOCKS, PLOT, band_film
from diagrams.chart import Chart, clock, count_ticks, time_ticks
from diagrams.film import MAX_BYTES, encode
from diagrams.layout import Box
from diagrams.waves import waves_svg
from simulator.deployment import simulate
from simulator.subjects import answer
from simulator.trace import state_at
from tests.diagrams.playing import picture

HALF = {"minimumHealthyPercent": 50, "maximumPercent": 100}
QUICK = {"deregistrationDelaySeconds": 30, "healthCheckIntervalSeconds": 5, "healthyThresholdCount": 2}
NOTES = simulate({"desiredCount": 4, "deploymentConfiguration": HALF, "loadBalancer": QUICK})
BROKEN = simulate(
    {
        "desiredCount": 4,
        "loadBalancer": {},
        "failures": [{"kind": "never-healthy"}],
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
    }
)


@pytest.mark.parametrize("trace", [NOTES, BROKEN])
def test_every_frame_shows_the_state_before_its_event(trace) -> None:
    film = band_film(trace)
    assert len(film.frames) == len(trace) + 1
    for k in range(len(trace) + 1):
        state = state_at(trace, k)
        shown = picture(film, k)
        visible = {key for key, look in shown.items() if key.startswith("t") and "hidden" not in look}
        assert visible == {f"t{task.number}" for task in state.tasks}
        assert shown["v-running"]["text"] == f"{state.running} running"
        assert shown["v-healthy"]["text"] == f"{state.healthy} healthy"
        assert shown["lowt"]["text"] == f"at least {state.lower} healthy"
        for task in state.tasks:
            if task.counts_healthy:
                assert shown[f"t{task.number}"]["class"].endswith("healthy")


def test_the_curves_grow_with_each_step_and_hold_nothing_of_the_future() -> None:
    film = band_film(NOTES)
    for k in range(len(NOTES) + 1):
        shown = picture(film, k)
        drawn = {int(key[1:]) for key, look in shown.items() if key[0] == "h" and key[1:].isdigit() and look["d"]}
        assert all(step < k for step in drawn)
    ends = [look["d"] for key, look in sorted(picture(film, len(NOTES)).items()) if key[0] == "h" and look.get("d")]
    assert len(ends) > 5


def test_two_runs_side_by_side_have_the_same_axes() -> None:
    words = r'class="axis"[^>]*>|class="label-small(?: wide-only)?"[^>]*>[^<]*<'

    def axes(film) -> list[str]:
        return re.findall(words, film.svg.split('class="balancer')[0])

    quick = simulate({"desiredCount": 2, "loadBalancer": {"deregistrationDelaySeconds": 0}})
    assert axes(band_film(quick)) != axes(band_film(BROKEN))
    assert axes(band_film(quick, like=BROKEN)) == axes(band_film(BROKEN, like=quick))


def test_a_lower_bound_of_nothing_is_named_above_the_axis() -> None:
    film = band_film(simulate({"desiredCount": 3, "deploymentConfiguration": {"minimumHealthyPercent": 0}}))
    assert float(picture(film, 0)["lowt"]["y"]) < PLOT.bottom


def test_a_cross_says_how_many_tasks_failed_and_stands_once_at_a_moment() -> None:
    film = band_film(BROKEN)
    crosses = [look for key, look in picture(film, len(BROKEN)).items() if key[0] == "x" and key[1:].isdigit()]
    assert all(look["text"].endswith("✕") for look in crosses)
    assert len({look["x"] for look in crosses}) == len(crosses)


def test_a_touched_bound_is_felt_and_said() -> None:
    film = band_film(NOTES)
    touched = [k for k, frame in enumerate(film.frames) if "touches the lower bound" in frame.caption]
    assert touched == [2, 9]
    for k in touched:
        assert film.frames[k].tone == "bound"
        assert picture(film, k)["low"]["class"] == "bound bound-touched"
    assert picture(film, 0)["low"]["class"] == "bound"


def test_the_opening_says_what_to_see_and_the_cut_film_no_more() -> None:
    film = band_film(NOTES, upto=0)
    assert film.frames[0].caption.startswith("4 of 4 tasks are healthy. At least 2 must stay healthy, at most 4")
    assert len(film.frames) == 1
    picks = {one.get("data-pick") for one in ET.fromstring(film.svg).iter()} - {None}
    assert picks == {f"task {number}" for number in range(1, 5)}
    whole = band_film(NOTES)
    part = band_film(NOTES, upto=6)
    assert [frame.text for frame in part.frames] == [frame.text for frame in whole.frames[:7]]


def test_failures_are_marked_and_told() -> None:
    film = band_film(BROKEN)
    told = [frame for frame in film.frames if frame.tone == "refused"]
    assert any("fail" in frame.caption for frame in told)
    assert any("FAILED, by the circuit breaker. ECS rolls back to web:1." in frame.caption for frame in told)
    last = picture(film, len(BROKEN))
    assert [key for key, look in last.items() if look.get("class") == "failure" and "hidden" not in look]
    assert not [
        key for key, look in picture(film, 0).items() if look.get("class") == "failure" and "hidden" not in look
    ]


def test_requests_go_to_healthy_targets_only() -> None:
    film = band_film(NOTES)
    shown = picture(film, 2)
    state = state_at(NOTES, 2)
    leaving = {task.number for task in state.tasks if task.is_leaving}
    assert leaving
    for task in state.tasks:
        assert ("hidden" in shown[f"l{task.number}"]) == (task.number in leaving)


def test_many_tasks_are_counted_and_the_film_stays_small() -> None:
    trace = simulate({"desiredCount": 200, "deploymentConfiguration": {"minimumHealthyPercent": 99}})
    film = band_film(trace)
    assert "task-name" not in film.svg
    assert 'id="w0"' in film.svg
    encoded = encode(film)
    assert len(encoded.encode()) < MAX_BYTES
    assert json.loads(encoded)["cut"] == 0
    assert MOST_BLOCKS < 200


def test_a_run_without_tasks_makes_a_film() -> None:
    film = band_film(simulate({"desiredCount": 0}))
    assert film.frames[0].caption.startswith("0 of 0 tasks")


def test_hostile_revisions_are_escaped() -> None:
    trace = simulate({"desiredCount": 1, "taskDefinition": "<script>\"'", "service": "</svg>"})
    film = band_film(trace)
    ET.fromstring(film.svg)
    assert "<script" not in film.svg


def test_a_chart_puts_time_across_and_counts_up() -> None:
    chart = Chart(area=Box(40, 10, 600, 200), last=60_000, most=4)
    assert (chart.x(0), chart.x(30_000), chart.x(60_000)) == (40, 340, 640)
    assert (chart.y(0), chart.y(2), chart.y(4)) == (210, 110, 10)
    assert chart.step(0, 30_000, 4, 2) == "M40 10H340V110"
    for last in (1_000, 59_000, 3_600_000, 30 * 86_400_000):
        assert 1 <= len(time_ticks(last)) <= 7
    for most in (1, 7, 64, 400):
        assert 2 <= len(count_ticks(most)) <= 7
    assert clock(0) == "0 s"


def test_the_waves_of_the_notes_as_one_picture() -> None:
    document = {"desiredCount": 4, "deploymentConfiguration": HALF}
    root = ET.fromstring(waves_svg(answer("deployment", document)))
    assert root.get("aria-label", "").startswith("Between 2 and 4 tasks: 4 at first, then stop 2 (2 left), start 2")
    bars = [one for one in root.iter() if one.get("class") == "task svc-0"]
    assert len(bars) == 3  # before, and while old tasks are left
    stuck = {"desiredCount": 4, "deploymentConfiguration": {"minimumHealthyPercent": 100, "maximumPercent": 100}}
    assert "stuck: the bounds leave no room" in waves_svg(answer("deployment", stuck), desired=4)
