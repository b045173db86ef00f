"""The parts of a run: alarms over data points, the load's curves, schedules, the service model, spellings, rules."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.scaling.alarms import Alarm, fired, low_threshold, points_needed, watched
from simulator.scaling.load import CURVES, curve, read_load
from simulator.scaling.policies import Stepping, Tracking
from simulator.scaling.rules import RULES, MissingData, ScalingRules, rules_from_dict, rules_to_dict
from simulator.scaling.schedule import read_moment, read_schedule
from simulator.scaling.service import Model, latency, work
from simulator.scaling.situation import NOT_SCALED, tasks, told
from simulator.scaling.spelling import spelled
from simulator.scaling.steps import Step

TRACK = Tracking(name="cpu", target=Fraction(50))
ZERO = ScalingRules(missing_data=MissingData.ZERO)
START = datetime(2026, 11, 27)


def stepping(periods: int, datapoints: int) -> Stepping:
    steps = (Step(lower=Fraction(0), upper=None, adjustment=1),)
    return Stepping(
        name="s",
        adjustment="ChangeInCapacity",
        steps=steps,
        threshold=Fraction(50),
        periods=periods,
        datapoints=datapoints,
    )


@pytest.mark.parametrize(
    ("points", "alarm"),
    [
        ([], Alarm.NO_DATA),
        ([60, 60], Alarm.OK),
        ([60, 60, 60], Alarm.HIGH),
        ([60, 50, 60, 60], Alarm.OK),
        ([50, 60, 60, 60], Alarm.HIGH),
        ([60, 60, 50], Alarm.OK),
        ([60, None, 60], Alarm.OK),
        ([60, 60, 60, None], Alarm.NO_DATA),
        ([44] * 14, Alarm.OK),
        ([44] * 15, Alarm.LOW),
        ([99] + [44] * 15, Alarm.LOW),
        ([44] * 14 + [45], Alarm.OK),
        ([44] * 7 + [None] + [44] * 7, Alarm.OK),
        ([None] + [44] * 15, Alarm.LOW),
    ],
)
def test_the_alarms_of_target_tracking(points: list[int | None], alarm: Alarm) -> None:
    assert watched(TRACK, points) is alarm
    scaled = [None if point is None else point * 1000 for point in points]
    assert watched(TRACK, scaled, scale=1000) is alarm


def test_beliefs_about_alarms() -> None:
    assert watched(TRACK, [60], ScalingRules(high_points=1)) is Alarm.HIGH
    assert watched(TRACK, [44] * 3, ScalingRules(low_points=3)) is Alarm.LOW
    assert watched(TRACK, [44] * 14 + [None], ZERO) is Alarm.LOW
    assert watched(TRACK, [49] * 15, ScalingRules(low_threshold_percent=100)) is Alarm.LOW
    assert low_threshold(Fraction(40), ScalingRules(low_threshold_percent=70)) == 28
    assert points_needed(TRACK) == 15
    assert points_needed(TRACK, ScalingRules(high_points=20)) == 20
    assert points_needed(stepping(4, 2)) == 4


@pytest.mark.parametrize(
    ("points", "alarm"),
    [
        ([60], Alarm.OK),
        ([60, 60], Alarm.ALARM),
        ([60, 40, 60], Alarm.ALARM),
        ([60, 60, 40, 40], Alarm.OK),
        ([60, None, 60], Alarm.ALARM),
        ([60, 60, None], Alarm.NO_DATA),
        ([50, 50], Alarm.ALARM),
    ],
)
def test_two_of_three(points: list[int | None], alarm: Alarm) -> None:
    assert watched(stepping(3, 2), points) is alarm
    assert watched(stepping(3, 2), [None if one is None else 10 * one for one in points], scale=10) is alarm


def test_a_metric_given_as_fired() -> None:
    assert fired(TRACK, None).alarm is Alarm.NO_DATA
    zero = fired(TRACK, None, ZERO)
    assert (zero.value, zero.alarm) == (0, Alarm.LOW)
    assert [alarm.value for alarm in Alarm if alarm.acts] == ["HIGH", "LOW", "ALARM"]


WEB = Model(rate=1000, start=0, stop=0, timeout=2, response=100)
WORKER = Model(rate=1000, start=0, stop=0, timeout=None, response=1000)


@pytest.mark.parametrize(
    ("loads", "running", "queue", "web", "worker"),
    [
        ([2000, 1000], 2, 0, (3000, 0, 0), (3000, 0, 0)),
        ([3000, 1000], 2, 0, (4000, 0, 0), (4000, 0, 0)),
        ([1000], 2, 1000, (2000, 0, 0), (2000, 0, 0)),
        ([9000], 2, 0, (2000, 3000, 4000), (2000, 0, 7000)),
        ([6000, 0, 0, 0], 2, 0, (6000, 0, 0), (6000, 0, 0)),
        ([6001, 0, 0, 0], 2, 0, (6000, 1, 0), (6001, 0, 0)),
        ([5, 5], 0, 7, (0, 17, 0), (0, 0, 17)),
    ],
)
def test_the_service_model(
    loads: list[int], running: int, queue: int, web: tuple[int, int, int], worker: tuple[int, int, int]
) -> None:
    assert work(loads, running, queue, WEB) == web
    assert work(loads, running, queue, WORKER) == worker


@settings(max_examples=60, deadline=None)
@given(
    loads=st.lists(st.integers(0, 9000), min_size=1, max_size=20),
    running=st.integers(0, 6),
    queue=st.integers(0, 3000),
    model=st.sampled_from([WEB, WORKER]),
)
def test_nothing_is_lost_and_seconds_can_be_worked_one_by_one(
    loads: list[int], running: int, queue: int, model: Model
) -> None:
    served, failed, left = work(loads, running, queue, model)
    assert served + failed + left == queue + sum(loads)
    assert min(served, failed, left) >= 0
    singly = [0, 0]
    waiting = queue
    for load in loads:
        one, lost, waiting = work([load], running, waiting, model)
        singly[0] += one
        singly[1] += lost
    assert (*singly, waiting) == (served, failed, left)


def test_the_latency_proxy() -> None:
    assert latency(0, 3, WEB) == 100
    assert latency(3001, 3, WEB) == 1100
    assert latency(3001, 0, WEB) is None


def test_the_curve_is_straight_between_points_and_level_beyond() -> None:
    assert curve([(2, 500)], 4) == [500] * 4
    assert curve([(1, 0), (3, 3000), (3, 9000), (4, 9000)], 6) == [0, 0, 1500, 9000, 9000, 9000]
    assert curve([(0, 0), (100, 100)], 3) == [0, 1, 2]
    assert curve([(5, 7), (9, 9)], 3) == [7, 7, 7]


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("minutes", [1, 2, 61, 1440])
def test_a_named_curve_stays_between_its_ends(name: str, minutes: int) -> None:
    document = {"preset": name, "base": 100, "peak": 700}
    if name == "steady":
        del document["peak"]
    points = read_load(document, "load", minutes)
    loads = curve(points, 60 * minutes)
    assert len(loads) == 60 * minutes
    assert min(loads) >= 100_000
    assert max(loads) <= 700_000
    assert loads[0] == 100_000


def test_the_shapes_of_the_named_curves() -> None:
    def load(name: str, **more: Any) -> list[int]:
        return curve(read_load({"preset": name, "base": 0, "peak": 100, **more}, "load", 60), 3600)

    spike = load("spike")
    assert [spike[at] for at in (600, 630, 660, 1800, 1830, 1860)] == [0, 50_000, 100_000, 100_000, 50_000, 0]
    wave = load("daily-wave")
    assert wave[1800] == 100_000
    assert wave[900] == 50_000
    assert wave[2700] == 50_000
    assert wave[450] < 50_000 / 3
    friday = load("black-friday")
    assert [friday[at] for at in (600, 720, 900, 1200, 1800, 1920, 2700)] == [
        0, 100_000, 100_000, 50_000, 50_000, 100_000, 100_000
    ]  # fmt: skip
    assert friday[3599] < 200
    flapping = load("flapping", periodMinutes=10)
    assert [flapping[at] for at in (0, 299, 300, 599, 600, 899, 900)] == [0, 0, 100_000, 100_000, 0, 0, 100_000]
    assert load("flapping")[240] == 100_000


def test_points_and_csv() -> None:
    drawn = read_load({"points": [[0, 100], [1.5, 0.25]]}, "load", 60)
    assert drawn == ((0, 100_000), (90, 250))
    for text in (
        "minute,rate\n0,100\n\n1.5,0.25\n",
        "0;100\n1.5\t0.25",
        "minute, rate\n 0 , 100 \n1.5,0.25",
    ):
        assert read_load({"csv": text}, "load", 60) == drawn


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (5, "load must be an object with named fields, not 5."),
        ({}, "load must have one of preset, points, or csv."),
        ({"preset": "steady", "points": []}, "load must have one of preset, points, or csv."),
        ({"preset": "calm"}, "load.preset must be steady, spike, daily-wave, black-friday or flapping, not"),
        ({"preset": "steady", "base": 1, "peak": 2}, "There is no field “load.peak”"),
        ({"preset": "spike", "base": 1}, "load.peak must be a number from 0 to 1000000, not null."),
        ({"preset": "spike", "base": -1, "peak": 1}, "load.base must be a number from 0 to 1000000, not -1."),
        ({"preset": "spike", "base": 1, "peak": 1, "periodMinutes": 4}, "There is no field “load.periodMinutes”"),
        (
            {"preset": "flapping", "base": 1, "peak": 1, "periodMinutes": 1},
            "load.periodMinutes must be a whole number from 2 to 1440, not 1.",
        ),
        ({"points": []}, "load.points has no point; give at least one."),
        ({"points": [[0, 1], 5]}, "load.points[1] must be [minute, rate], not 5."),
        ({"points": [[0, 1, 2]]}, "load.points[0] must be [minute, rate], not a list."),
        ({"points": [[61, 1]]}, "load.points[0][0] must be a number from 0 to 60, not 61."),
        ({"points": [[1, 1_000_001]]}, "load.points[0][1] must be a number from 0 to 1000000, not 1000001."),
        ({"points": [[5, 1], [4, 1]]}, "load.points goes back in time, from minute 5 to 4; put the points in order."),
        ({"points": [[0, 1]] * 1442}, "load.points has 1442 entries, and at most 1441 are taken."),
        ({"points": [[0, 1]], "base": 1}, "There is no field “load.base”"),
        ({"csv": 5}, "load.csv must be text, not 5."),
        ({"csv": "minute,rate\n"}, "load.csv has no point; give at least one."),
        ({"csv": "0,1\nx,5"}, 'load.csv, line 2: the minute must be a number from 0 to 60, not "x".'),
        ({"csv": "0,1\n1,-5"}, 'load.csv, line 2: the rate must be a number from 0 to 1000000, not "-5".'),
        ({"csv": "0,1\n\n61,5"}, 'load.csv, line 3: the minute must be a number from 0 to 60, not "61".'),
        ({"csv": "0,1,2"}, "load.csv, line 1 has 3 cells; a row is a minute and a rate."),
        ({"csv": "0,1\n5,1\n4,1"}, "load.csv goes back in time, from minute 5 to 4; put the points in order."),
        ({"csv": "0,1\n" * 1442}, "load.csv has more than 1441 rows, the most that are taken."),
        ({"csv": "0,1\n" * 10_001}, "load.csv must have 1 to 40000 characters, and it has 40004."),
    ],
)
def test_a_bad_load(document: Any, sentence: str) -> None:
    with pytest.raises(InputError) as refused:
        read_load(document, "load", 60)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("written", "count", "minutes"),
    [
        ("at(2026-11-27T00:05:59)", 60, (5,)),
        ("at(2026-11-27T01:00:00)", 60, (60,)),
        ("at(2026-11-27T01:01:00)", 60, ()),
        ("at(2026-11-26T23:59:00)", 60, ()),
        ("rate(20 minutes)", 60, (20, 40, 60)),
        ("rate(1 hour)", 120, (60, 120)),
        ("rate(1 day)", 1440, (1440,)),
        ("cron(0 1 * * ? *)", 120, (60,)),
        ("cron(0,30 * * * ? *)", 60, (0, 30, 60)),
        ("cron(10-12 0 * * ? *)", 60, (10, 11, 12)),
        ("cron(*/25 0 * * ? *)", 60, (0, 25, 50)),
        ("cron(40/10 0 ? * FRI 2026)", 60, (40, 50)),
        ("cron(5-20/10 0 ? NOV 6 *)", 60, (5, 15)),
        ("cron(5 0 ? * SAT *)", 60, ()),
        ("cron(5 0 28 11 ? *)", 60, ()),
        ("cron(5 0 27 11 ? 2027)", 60, ()),
    ],
)
def test_schedules(written: str, count: int, minutes: tuple[int, ...]) -> None:
    assert read_schedule(written, "schedule").minutes(START, count) == minutes


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (5, "schedule must be text, not 5."),
        (
            "5 minutes",
            'schedule is "5 minutes"; it must be at(yyyy-mm-ddThh:mm:ss), rate(n unit), or cron(six fields).',
        ),
        ("at(27.11.2026)", 'schedule has the time "27.11.2026"; it must be yyyy-mm-ddThh:mm:ss.'),
        ("at(2026-02-30T00:00:00)", 'schedule has the time "2026-02-30T00:00:00"; it must be yyyy-mm-ddThh:mm:ss.'),
        ("rate(0 minutes)", "schedule is rate(0 minutes); a rate is a number from 1 and minutes, hours, or days."),
        ("rate(5 weeks)", "schedule is rate(5 weeks); a rate is a number from 1 and minutes, hours, or days."),
        ("rate(1000001 minutes)", "schedule is rate(1000001 minutes); a rate is a number from 1"),
        ("cron(* * * * *)", "schedule is a cron of 5 fields, and it must have six: minutes, hours, day of month,"),
        ("cron(60 * * * ? *)", 'schedule has "60" for minutes; numbers, names, lists, ranges, and steps are read.'),
        ("cron(? * * * ? *)", 'schedule has "?" for minutes; '),
        ("cron(0 24 * * ? *)", 'schedule has "24" for hours; '),
        ("cron(0 0 0 * ? *)", 'schedule has "0" for day of month; '),
        ("cron(0 0 1 13 ? *)", 'schedule has "13" for month; '),
        ("cron(0 0 ? * 0 *)", 'schedule has "0" for day of week; '),
        ("cron(0 0 L * ? *)", 'schedule has "L" for day of month; '),
        ("cron(5-3 0 * * ? *)", 'schedule has "5-3" for minutes; '),
        ("cron(*/0 0 * * ? *)", 'schedule has "*/0" for minutes; '),
        ("cron(*-3 0 * * ? *)", 'schedule has "*-3" for minutes; '),
        ("cron(0 0 * * ? 1969)", 'schedule has "1969" for year; '),
    ],
)
def test_a_bad_schedule(written: Any, sentence: str) -> None:
    with pytest.raises(InputError) as refused:
        read_schedule(written, "schedule")
    assert str(refused.value).startswith(sentence)


def test_only_utc_is_read() -> None:
    with pytest.raises(InputError) as refused:
        read_schedule("rate(1 hour)", "actions[0].schedule", timezone="Asia/Taipei")
    assert str(refused.value) == (
        'actions[0].timezone is "Asia/Taipei"; here schedules are in UTC only: give the time in UTC.'
    )
    assert read_moment("2026-11-27T00:00:00", "startTime") == START
    with pytest.raises(InputError, match="startTime has the time 5; it must be"):
        read_moment(5, "startTime")


def test_spellings() -> None:
    assert spelled({"TargetValue": 5, "b": 1}, "p", {"targetValue": "target"}) == {"target": 5, "b": 1}
    assert spelled({"": 1}, "p") == {"": 1}
    with pytest.raises(InputError, match=r"p\.target says the same as “TargetValue”; leave one of them out\."):
        spelled({"TargetValue": 5, "target": 1}, "p", {"targetValue": "target"})


def test_words() -> None:
    assert [tasks(count) for count in (0, 1, 2)] == ["0 tasks", "1 task", "2 tasks"]
    assert [told(Fraction(one)) for one in ("2", "2.50", "1/3", "-0.1")] == ["2", "2.5", "0.333", "-0.1"]
    assert [code.value for code in NOT_SCALED] == [
        "AutoScalingAnticipatedFlapping",
        "AlreadyAtMaxCapacity",
        "AlreadyAtMinCapacity",
        "AlreadyAtDesiredCapacity",
    ]


def test_rules_are_read_and_written() -> None:
    assert rules_to_dict(RULES) == {}
    changed = {"rounding": "down", "low_points": 3, "scale_in_while_deploying": True}
    assert rules_to_dict(rules_from_dict(changed)) == changed
    assert (RULES.high_points, RULES.low_points, RULES.low_threshold_percent) == (3, 15, 90)
    for bad, sentence in (
        ({"rounding": "sideways"}, "rules.rounding must be up, down or nearest"),
        ({"roundin": "up"}, "There is no scaling rule “roundin”; did you mean “rounding”?"),
        ({"high_points": 0}, "rules.high_points must be a whole number from 1 to 100, not 0."),
        ({"low_points": 101}, "rules.low_points must be a whole number from 1 to 100, not 101."),
    ):
        with pytest.raises(InputError) as refused:
            rules_from_dict(bad)
        assert str(refused.value).startswith(sentence)
