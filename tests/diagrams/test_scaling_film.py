"""Service auto scaling as a film: sound pictures, true readouts, and nothing of what a bet is about."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import pytest

from diagrams.film import Film, encode
from diagrams.scaling_course import course_of, moment_after, overloads, peak
from diagrams.scaling_film import race_film, race_opening, run_film, run_opening
from diagrams.scaling_steps import steps_film
from diagrams.scaling_words import readouts
from simulator.errors import InputError
from simulator.scaling import simulate
from simulator.scaling.presets import PRESETS
from simulator.scaling.state import SCALE, Kind
from simulator.trace import state_at
from tests.diagrams.playing import picture

SVG = "{http://www.w3.org/2000/svg}"
RUNS = {one.id: simulate(one.scenario) for one in PRESETS}
CPU = {"policyName": "cpu", "policyType": "TargetTrackingScaling", "target": 50}
RISE: dict[str, Any] = {
    "minutes": 15,
    "min": 2,
    "max": 20,
    "capacity": 4,
    "load": {"points": [[0, 180], [4, 180], [4, 320]]},
    "service": {"requestsPerSecondPerTask": 100},
    "policies": [CPU],
}
STEPS: dict[str, Any] = {
    "capacity": 10,
    "min": 1,
    "max": 30,
    "policies": [
        {
            "policyName": "out",
            "policyType": "StepScaling",
            "adjustmentType": "PercentChangeInCapacity",
            "threshold": 50,
            "comparisonOperator": "GreaterThanOrEqualToThreshold",
            "stepAdjustments": [
                {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 0},
                {"MetricIntervalLowerBound": 10, "MetricIntervalUpperBound": 20, "ScalingAdjustment": 10},
                {"MetricIntervalLowerBound": 20, "ScalingAdjustment": 30},
            ],
        },
        {
            "policyName": "in",
            "policyType": "StepScaling",
            "adjustmentType": "PercentChangeInCapacity",
            "threshold": 50,
            "comparisonOperator": "LessThanOrEqualToThreshold",
            "stepAdjustments": [
                {"MetricIntervalLowerBound": -10, "MetricIntervalUpperBound": 0, "ScalingAdjustment": 0},
                {"MetricIntervalLowerBound": -20, "MetricIntervalUpperBound": -10, "ScalingAdjustment": -10},
                {"MetricIntervalUpperBound": -20, "ScalingAdjustment": -30},
            ],
        },
    ],
}


def texts(drawing: str) -> list[str]:
    return [one.text or "" for one in ET.fromstring(drawing).iter(f"{SVG}text")]


def sound(film: Film) -> None:
    """Both drawings can be read, no id is used twice, and every patch finds its element in one of them."""
    known: set[str] = set()
    for drawing in (film.svg, film.narrow):
        ids = [one.get("id", "") for one in ET.fromstring(drawing).iter() if one.get("id")]
        assert len(ids) == len(set(ids))
        known |= set(ids)
    assert {key for frame in film.frames for key in frame.patch} <= known
    assert all(frame.caption and frame.text and frame.mark for frame in film.frames)


@pytest.mark.parametrize("name", RUNS)
def test_every_run_is_a_film_of_at_most_73_frames_whose_readouts_are_its_states(name: str) -> None:
    film, course = run_film(RUNS[name]), course_of(RUNS[name])
    sound(film)
    assert len(film.frames) == len(course.moments) <= 73
    assert len(encode(film)) < 200_000
    for k in (0, len(film.frames) // 3, len(film.frames) - 1):
        moment, shown = course.moments[k], picture(film, k)
        assert moment.state == state_at(RUNS[name], moment.k)
        assert shown["r0-tasks"]["text"] == f"{moment.state.desired} desired, {moment.state.running} running"
        assert shown["r0-cost"]["text"] == readouts(moment.state)["cost"]
        assert all(event.at <= moment.at for event in RUNS[name].events[: moment.k])


def values(film: Film, name: str, attribute: str) -> list[float]:
    """What a frame sets an attribute to, frame by frame."""
    return [float(frame.patch[name][attribute]) for frame in film.frames if attribute in frame.patch.get(name, {})]


def test_the_veil_goes_back_minute_by_minute_in_both_drawings() -> None:
    film = run_film(simulate(RISE))
    for name in ("veil", "n-veil"):
        widths = values(film, name, "width")
        assert len(widths) == 16
        assert widths == sorted(widths, reverse=True)
        assert widths[0] > 300
        assert widths[-1] < 5


def test_the_caption_tells_the_sum_and_counts_the_data_points() -> None:
    film = run_film(simulate(RISE))
    assert [film.frames[k].caption for k in (4, 5, 6, 7)] == [
        "CPU 45 %, between 45 and the target of 50: no data point counts.",
        "CPU 80 %, above the target of 50: data point 1 of 3.",
        "CPU 80 %, above the target of 50: data point 2 of 3.",
        "The desired count goes from 4 to 7. cpu: the high alarm fires: 4 × 80 / 50 = 6.4, so 7 tasks.",
    ]
    assert film.frames[7].tone == "done"
    assert film.frames[0].caption == "4 tasks run. The first data point comes in a minute."


def test_captions_say_silence_room_and_step_alarms() -> None:
    silent = run_film(RUNS["no-data"])
    assert silent.frames[20].caption == "The metric has no data point: nothing is scaled."
    starved = run_film(simulate({**RISE, "placeable": 5}))
    assert starved.frames[13].caption.endswith("The cluster has no room for 2 tasks.")
    out = {**STEPS["policies"][0], "threshold": 90}
    calm = run_film(simulate({**RISE, "policies": [out]}))
    assert calm.frames[8].caption == "CPU 80 %; the threshold is 90, and the alarm is OK."
    idle = run_film(simulate({**RISE, "policies": []}))
    assert idle.frames[5].caption.startswith("No policy watches a metric: 4 tasks stay")
    assert len(texts(idle.svg)) < len(texts(silent.svg)), "without a policy there is no metric to draw"


def test_what_is_drawn_follows_the_run() -> None:
    drawn = texts(run_film(simulate(RISE)).svg)
    assert {"requests/s", "tasks", "CPU, %", "alarms of cpu", "AlarmHigh", "target 50", "low 45", "7", "15 min"} <= set(
        drawn
    )
    assert "maximum 20" not in drawn, "a maximum that is off the axis is not drawn"
    assert "maximum 6" in texts(run_film(simulate({**RISE, "max": 6})).svg)
    assert {"messages/s", "Backlog per task"} <= set(texts(run_film(RUNS["queue-workers"]).svg))
    assert "deployment" in texts(run_film(RUNS["deployment"]).svg)
    assert "no data" in texts(run_film(RUNS["no-data"]).svg)
    assert {"alarm of out", "out 60", "in 50"} <= set(texts(run_film(RUNS["flapping"]).svg))
    assert "24 h" in texts(run_film(RUNS["daily-wave"]).svg)


def test_dots_tell_high_low_and_neither_apart_by_their_form() -> None:
    root = ET.fromstring(
        run_film(simulate({**RISE, "load": {"points": [[0, 180], [3, 180], [3, 320], [6, 320], [6, 40]]}})).svg
    )
    marks = [one for one in root.iter() if (one.get("class") or "").startswith("dot")]
    forms = {(one.tag.removeprefix(SVG), one.get("class")) for one in marks}
    assert forms == {("circle", "dot"), ("path", "dot failed"), ("path", "dot starting")}


def test_too_much_is_where_more_arrives_than_the_running_tasks_can_do() -> None:
    course = course_of(RUNS["spike"])
    stretches = list(overloads(course))
    assert stretches
    assert all(load > capacity for stretch in stretches for _, load, capacity in stretch)
    assert not list(overloads(course_of(RUNS["steady"])))
    assert peak(course) >= 57


def test_a_load_that_was_changed_on_the_way_jumps_there() -> None:
    plain = simulate(RISE)
    k = next(k for k, event in enumerate(plain.events) if event.at == 600)
    forked = simulate({**RISE, "changes": [{"at": k, "loadPercent": 200}]})
    load = course_of(forked).load
    jumps = [at for (at, low), (then, high) in pairwise(load) if at == then and (low, high) == (320_000, 640_000)]
    assert jumps == [next(event.at for event in forked.events if event.kind is Kind.CHANGED)]
    assert load[-1] == (900, 640_000)


def test_beside_each_other_two_runs_share_their_axes() -> None:
    one, two = simulate(RISE), simulate({**RISE, "load": {"points": [[0, 180], [4, 180], [4, 1900]]}})
    assert [text for text in texts(run_film(one, like=two).svg) if text == "2,000"]
    assert not [text for text in texts(run_film(one).svg) if text == "2,000"]


def test_an_opening_shows_one_moment_and_nothing_of_what_comes() -> None:
    run = simulate(RISE)
    opening, whole = run_opening(run, upto=4, ask="Well?"), run_film(run)
    sound(opening)
    assert [frame.caption for frame in opening.frames] == ["Well?"]
    sent = encode(opening)
    assert "4 desired, 4 running" in sent
    assert not [frame.caption for frame in whole.frames[5:] if frame.caption in sent]
    assert "AlarmHigh" not in sent
    assert "failed" not in sent
    assert "7" not in texts(opening.svg)
    other = simulate({**RISE, "policies": [{**CPU, "scaleOutCooldown": 0}], "placeable": 4})
    assert encode(run_opening(other, upto=4, ask="Well?")) == sent, "what comes later leaves no trace"


def test_a_race_has_a_lane_for_each_run_and_says_who_lost_what() -> None:
    load = {"points": [[0, 200], [14, 200], [16, 1400], [36, 1400], [38, 200]]}
    base = {**RISE, "minutes": 60, "load": load, "max": 30}
    action = {"MinCapacity": 24, "MaxCapacity": 24}
    ways: dict[str, dict[str, Any]] = {
        "Tracking": base,
        "Schedule": {**base, "policies": [], "scheduledActions": [{"atMinute": 12, "scalableTargetAction": action}]},
    }
    runs = {name: simulate(scenario) for name, scenario in ways.items()}
    film = race_film(runs)
    sound(film)
    assert {"Tracking", "Schedule"} <= set(texts(film.svg))
    lost = {name: state_at(run, len(run)).failed // SCALE for name, run in runs.items()}
    assert film.frames[-1].caption.startswith(f"The time is over. Requests lost: Tracking {lost['Tracking']:,} for")
    assert lost["Schedule"] == 0 < lost["Tracking"]
    assert film.frames[12].caption == "Schedule goes from 4 to 24 tasks."
    assert film.frames[3].caption == "No request waits anywhere."
    assert film.frames[17].caption.startswith("Tracking goes from 4 to ")
    assert "More arrives than the running tasks can do: Tracking." in {frame.caption for frame in film.frames}
    opening = race_opening(runs, upto=11, ask="Who?")
    assert len(opening.frames) == 1
    assert "24" not in texts(opening.svg)


def test_the_frame_that_shows_an_event_is_the_first_after_it() -> None:
    for run in (RUNS["spike"], RUNS["daily-wave"]):
        course = course_of(run)
        for k in range(0, len(run), 7):
            number = moment_after(run, k)
            assert course.moments[number].k > k
            assert number == 0 or course.moments[number - 1].at < run.events[k].at


def test_the_steps_are_one_frame_for_each_value_of_the_metric() -> None:
    film = steps_film(STEPS)
    sound(film)
    assert len(film.frames) == 101
    golden = {30: 7, 40: 9, 41: 10, 50: 10, 59: 10, 60: 11, 69: 11, 70: 13, 100: 13}
    for metric, after in golden.items():
        shown = picture(film, metric)
        assert shown["count"]["text"] == ("10 tasks" if after == 10 else f"10 → {after} tasks"), metric
        taken = [name for name, look in shown.items() if "taken" in look.get("class", "")]
        assert len(taken) == (2 if metric == 50 else 1), metric
        here = sum(
            "stays" in look["class"] or "comes" in look["class"]
            for look in shown.values()
            if "unit" in look.get("class", "")
        )
        assert here == after, metric
    assert {"[10, 20)", "(−20, −10]", "(−∞, −20]", "[20, ∞)", "+30 %", "threshold 50"} <= set(texts(film.svg))
    rounded = steps_film({**STEPS, "capacity": 11})
    assert rounded.frames[70].caption.endswith("30 % of 11 is 3.3, so +3.")
    assert rounded.frames[60].caption.endswith("10 % of 11 is 1.1, so +1.")
    assert film.frames[60].tone == "done"
    assert film.frames[20].tone == "bound"
    assert film.frames[61].tone == ""


def test_steps_that_aws_refuses_are_refused() -> None:
    policy = {
        **STEPS["policies"][0],
        "stepAdjustments": [{"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 1}],
    }
    with pytest.raises(InputError, match="null upper bound"):
        steps_film({**STEPS, "policies": [policy]})


def test_a_change_that_is_held_by_the_maximum_says_so() -> None:
    film = steps_film({**STEPS, "capacity": 10, "max": 10})
    assert "MaxCapacity 10" in film.frames[80].caption


def test_kinds_of_events_that_lead_are_told_in_their_minute() -> None:
    course = course_of(RUNS["black-friday"])
    run = RUNS["black-friday"]
    scheduled = [k for k, event in enumerate(run.events) if event.kind is Kind.SCHEDULED]
    told = {k for moment in course.moments for k in moment.told}
    assert set(scheduled) <= told
