"""M, N and the sizes that follow from them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.capacity.managed import reservation_answer
from simulator.capacity.reservation import Measure, Settings, aim, measure, next_smaller, shrink_path, within
from simulator.capacity.rules import RULES, Rounding, StepLimits
from simulator.errors import InputError


def ask(rules: Any = RULES, **document: Any) -> dict[str, Any]:
    return reservation_answer(document, rules)


def test_m_is_clamped_by_the_step_sizes_only_where_tasks_wait() -> None:
    steps = Settings(least_step=2, most_step=3)
    assert [measure(4, extra, 1, steps, RULES).needed for extra in (0, 1, 2, 3, 9)] == [3, 6, 6, 7, 7]
    assert measure(4, 5, 0, steps, replace(RULES, waiting_counts=False)).needed == 4
    assert measure(0, 0, 0, steps, RULES) == Measure(running=0, needed=0, reservation=Fraction(100))
    assert measure(0, 1, 0, steps, RULES) == Measure(running=0, needed=2, reservation=Fraction(200))
    assert measure(3, 0, 3, steps, RULES).reservation == 0
    assert measure(3, 2, 0, Settings(target=70), RULES, excluded=True) == Measure(
        running=3, needed=None, reservation=Fraction(70), excluded=True
    )


def test_the_aim_is_rounded_up_both_ways() -> None:
    def wanted(running: int, needed: int, target: int, **changed: Any) -> int:
        point = Measure(running=running, needed=needed, reservation=Fraction(100 * needed, running))
        return aim(point, Settings(target=target, most_step=2), replace(RULES, **changed))

    assert wanted(4, 5, 90) == 6
    assert wanted(4, 5, 90, desired_rounding=Rounding.FLOOR) == 5
    assert wanted(10, 7, 80) == 9
    assert wanted(3, 2, 50) == 4
    assert wanted(10, 2, 100) == 2
    assert wanted(10, 2, 100, step_limits=StepLimits.BOTH) == 8
    assert aim(Measure(running=0, needed=9, reservation=Fraction(200)), Settings(), RULES) == 2
    assert aim(Measure(running=0, needed=0, reservation=Fraction(100)), Settings(), RULES) == 0


def test_the_group_s_limits() -> None:
    assert [within(size, Settings(least=2, most=5)) for size in (1, 2, 5, 6)] == [2, 2, 5, 5]
    assert within(7, Settings()) == 7
    assert within(0, Settings(least=3, most=1)) == 3


def test_scale_in_by_half_and_at_least_one() -> None:
    assert shrink_path(20, 2, RULES) == (20, 10, 5, 3, 2)
    assert shrink_path(20, 2, replace(RULES, scale_in_rounding=Rounding.CEIL)) == (20, 10, 5, 2)
    assert shrink_path(5, 5, RULES) == (5,)
    assert shrink_path(3, 0, replace(RULES, scale_in_percent=5)) == (3, 2, 1, 0)
    assert next_smaller(40, 0, replace(RULES, scale_in_percent=5)) == 38
    assert next_smaller(10, 7, RULES) == 7


def test_a_scale_out() -> None:
    assert ask(running=4, extra=5) == {
        "M": 9,
        "N": 4,
        "reservation": 225.0,
        "desired": 9,
        "desiredNow": 9,
        "action": "scale-out",
        "afterMinutes": 1,
        "dataPoints": 1,
        "reason": "M / N = 9 / 4 = 225.0 %, above the target 100: 9 x 100 / 100, rounded up and inside the group's "
        "sizes, is 9. One data point above the target is enough.",
    }


def test_max_size_leaves_tasks_waiting() -> None:
    answer = ask(running=4, extra=5, maxSize=6)
    assert (answer["desired"], answer["staysProvisioning"]) == (6, True)
    assert answer["fix"] == "Raise the Auto Scaling group's MaxSize from 6 to 9; ECS never changes it."
    assert "staysProvisioning" not in ask(running=4, extra=5, maxSize=9)
    assert "staysProvisioning" not in ask(running=4, extra=5, targetCapacity=80, maxSize=9), "M fits; spare room lacks"
    assert "staysProvisioning" not in ask(running=0, extra=1, maxSize=1), "one is needed, and one may run"
    full = ask(running=6, extra=2, max=6)
    assert (full["action"], full["desired"], full["staysProvisioning"]) == ("none", 6, True)
    assert full["reason"] == ("M / N = 8 / 6 = 133.3 %: the policy wants 8, and the group's MaxSize 6 holds it at 6.")
    least = ask(running=3, empty=3, min=3)
    assert least["reason"] == "M / N = 0 / 3 = 0.0 %: the policy wants 0, and the group's MinSize 3 holds it at 3."
    assert "fix" not in least


def test_the_warm_up() -> None:
    answer = ask(running=4, extra=2, youngestInstanceAge=100)
    assert (answer["action"], answer["waitsFor"], answer["afterSeconds"]) == ("wait", "instanceWarmupPeriod", 200)
    assert (answer["desired"], answer["desiredNow"]) == (6, 4)
    assert answer["reason"] == (
        "M / N = 6 / 4 = 150.0 %, above the target 100: 6 x 100 / 100, rounded up and inside the group's sizes, is 6. "
        "An instance is 100 s old, and no scale-out begins while one is younger than 300 s: it waits 200 s."
    )
    assert ask(running=4, extra=2, youngestInstanceAge=300)["action"] == "scale-out"
    assert ask(running=4, extra=2, youngestInstanceAge=299)["afterSeconds"] == 1
    assert ask(running=4, extra=2, youngestInstanceAge=50, instanceWarmupPeriod=50)["desiredNow"] == 6
    free = replace(RULES, warm_up_blocks=False)
    assert ask(free, running=4, extra=2, youngestInstanceAge=0)["desiredNow"] == 6


def test_a_scale_in_waits_for_its_data_points() -> None:
    answer = ask(running=10, empty=1)
    assert answer == {
        "M": 9,
        "N": 10,
        "reservation": 90.0,
        "desired": 9,
        "desiredNow": 10,
        "action": "wait",
        "afterMinutes": 15,
        "dataPoints": 15,
        "path": [10, 9],
        "reason": "M / N = 9 / 10 = 90.0 %, below the target 100: 9 x 100 / 100, rounded up and inside the group's "
        "sizes, is 9. Scale-in takes 15 one-minute data points below the target, then each minute at least one "
        "instance and at most half of the group.",
        "waitsFor": "dataPoints",
    }
    assert ask(running=10, empty=1, dataPointsBelowTarget=14)["afterMinutes"] == 1
    now = ask(running=20, empty=18, dataPointsBelowTarget=15)
    assert (now["action"], now["afterMinutes"], now["desiredNow"], now["path"]) == (
        "scale-in",
        0,
        10,
        [20, 10, 5, 3, 2],
    )
    assert "waitsFor" not in now
    assert (now["open"], now["note"]) == (
        True,
        "AWS does not say how half of an odd number is rounded; the end is sure, the way there is not.",
    )
    assert "open" not in ask(running=8, empty=6)
    assert ask(running=10, empty=1, dataPointsBelowTarget=20, minutesSinceScaleOut=4)["afterMinutes"] == 11
    assert ask(running=10, empty=1, dataPointsBelowTarget=2, minutesSinceScaleOut=4)["afterMinutes"] == 13
    assert ask(running=10, empty=1, minutesSinceScaleOut=40, dataPointsBelowTarget=30)["afterMinutes"] == 0
    ceil = replace(RULES, scale_in_rounding=Rounding.CEIL)
    assert ask(ceil, running=20, empty=18)["open"] is True


def test_termination_protection_is_said() -> None:
    answer = ask(running=3, empty=1, managedTerminationProtection="ENABLED")
    assert answer["reason"].endswith(
        " Termination protection: only instances without a task other than daemon tasks may go."
    )
    assert "protection" not in ask(running=3, empty=1)["reason"]
    with pytest.raises(InputError) as error:
        ask(running=3, managedTerminationProtection="ENABLED", status="DISABLED")
    assert str(error.value) == (
        "managedTerminationProtection is ENABLED, and it needs managed scaling; enable managedScaling too."
    )


def test_at_rest() -> None:
    assert ask(running=10, empty=2, targetCapacity=80)["reason"] == "M / N = 8 / 10 = 80.0 %, on the target 80."
    assert ask(running=0)["reason"] == "M is 0 and N is 0, for which the metric is 100.0, on the target 100."
    assert ask(running=0, targetCapacity=60)["action"] == "none"
    near = ask(running=10, empty=1, targetCapacity=95)
    assert (near["action"], near["desired"]) == ("none", 10)
    assert near["reason"] == (
        "M / N = 9 / 10 = 90.0 %; rounded up, 10 instances are needed to stay at or below the target."
    )


def test_a_task_that_does_not_fit_the_smallest_type() -> None:
    answer = ask(running=4, extra=5, fitsSmallest=False, targetCapacity=90)
    assert (answer["M"], answer["reservation"], answer["desired"]) == (None, 90.0, 4)
    assert (answer["action"], answer["staysProvisioning"]) == ("none", True)
    assert answer["reason"] == (
        "Every waiting task is larger than the smallest instance type and is left out of the estimate, so the metric "
        "stays at targetCapacity 90 and nothing scales; the tasks stay in PROVISIONING."
    )
    assert answer["fix"] == (
        "Take the smaller instance types out of the group, or give the large tasks a provider of their own."
    )


def test_from_an_empty_group() -> None:
    answer = ask(running=0, extra=7)
    assert (answer["M"], answer["desired"], "open" in answer) == (7, 2, False)
    assert answer["reason"].startswith(
        "M is 7 and N is 0, for which the metric is 200.0, above the target 100: an empty group gets 2 first. "
    )
    spare = ask(running=0, extra=7, targetCapacity=80)
    assert (spare["desired"], spare["open"], spare["range"]) == (2, True, [2, 3])
    step = ask(running=0, extra=7, minimumScalingStepSize=5)
    assert (step["desired"], step["open"], step["range"]) == (2, True, [2, 5])
    assert "open" not in ask(running=0, extra=7, minimumScalingStepSize=2)
    assert ask(running=0, extra=7, targetCapacity=20, maxSize=4)["range"] == [2, 4]
    assert spare["note"].startswith("The guide says that an empty group always gets two instances first.")
    assert "open" not in ask(running=0, targetCapacity=80)
    assert "open" not in ask(running=1, extra=1, targetCapacity=80)
    assert ask(running=0, extra=1, maxSize=1)["desired"] == 1


def test_managed_scaling_off() -> None:
    answer = ask(running=4, extra=5, status="DISABLED")
    assert (answer["desired"], answer["action"]) == (4, "none")
    assert answer["reason"] == "Managed scaling is DISABLED: ECS does not size the group."


def test_daemons_do_not_keep_an_instance() -> None:
    keeps = replace(RULES, daemon_keeps=True)
    assert ask(running=3, empty=2, daemonOnly=2)["M"] == 1
    assert ask(keeps, running=3, empty=2, daemonOnly=1)["M"] == 2


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"extra": 1}, "running must be a whole number from 0 to 10000, not null."),
        ({"running": 10_001}, "running must be a whole number from 0 to 10000, not 10001."),
        ({"running": True}, "running must be a whole number from 0 to 10000, not true."),
        ({"running": 1, "extra": 1_000_001}, "extra must be a whole number from 0 to 1000000, not 1000001."),
        ({"running": 1, "empty": 2}, "empty is 2, and only 1 instances run."),
        (
            {"running": 3, "empty": 1, "daemonOnly": 2},
            "daemonOnly is 2, and only 1 instances are empty; an instance with only daemon tasks is an empty one.",
        ),
        ({"running": 1, "targetCapacity": 0}, "targetCapacity must be a whole number from 1 to 100, not 0."),
        ({"running": 1, "targetCapacity": 101}, "targetCapacity must be a whole number from 1 to 100, not 101."),
        (
            {"running": 1, "minimumScalingStepSize": 0},
            "minimumScalingStepSize must be a whole number from 1 to 10000, not 0.",
        ),
        (
            {"running": 1, "maximumScalingStepSize": 10_001},
            "maximumScalingStepSize must be a whole number from 1 to 10000, not 10001.",
        ),
        (
            {"running": 1, "minimumScalingStepSize": 4, "maximumScalingStepSize": 3},
            "minimumScalingStepSize is 4, above maximumScalingStepSize 3; swap them.",
        ),
        (
            {"running": 1, "instanceWarmupPeriod": 10_001},
            "instanceWarmupPeriod must be a whole number from 0 to 10000, not 10001.",
        ),
        ({"running": 1, "minSize": 3, "maxSize": 2}, "minSize is 3, above maxSize 2; swap them."),
        (
            {"running": 1, "minSize": 3, "min": 3},
            "Both minSize and min are given, and they are one thing; keep minSize.",
        ),
        (
            {"running": 1, "maxSize": 3, "max": 3},
            "Both maxSize and max are given, and they are one thing; keep maxSize.",
        ),
        ({"running": 1, "max": -1}, "max must be a whole number from 0 to 10000, not -1."),
        ({"running": 1, "fitsSmallest": 1}, "fitsSmallest must be true or false, not 1."),
        ({"running": 1, "status": "ON"}, 'status must be ENABLED or DISABLED, not "ON".'),
        ({"running": 1, "targetcapacity": 1}, "There is no field “targetcapacity”; did you mean “targetCapacity”?"),
        (
            {"running": 1, "youngestInstanceAge": -1},
            "youngestInstanceAge must be a whole number from 0 to 10000000, not -1.",
        ),
        (
            {"running": 1, "dataPointsBelowTarget": 10_001},
            "dataPointsBelowTarget must be a whole number from 0 to 10000, not 10001.",
        ),
        (
            {"running": 1, "minutesSinceScaleOut": 1_000_001},
            "minutesSinceScaleOut must be a whole number from 0 to 1000000, not 1000001.",
        ),
    ],
)
def test_bad_questions(document: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError) as error:
        reservation_answer(document, RULES)
    assert str(error.value) == sentence


@settings(max_examples=60, deadline=None)
@given(
    running=st.integers(0, 50),
    extra=st.integers(0, 50),
    part=st.integers(0, 100),
    target=st.integers(1, 100),
    least=st.integers(0, 20),
    more=st.integers(0, 60),
)
def test_the_size_stays_inside_the_group(
    running: int, extra: int, part: int, target: int, least: int, more: int
) -> None:
    empty = running * part // 100
    answer = ask(running=running, extra=extra, empty=empty, targetCapacity=target, minSize=least, maxSize=least + more)
    assert least <= answer["desired"] <= least + more
    if answer["desired"] > running:
        assert answer["action"] == "scale-out"
    assert answer["reservation"] >= 0
    if running and not extra:
        assert answer["M"] == running - empty
    for before, after in zip(answer.get("path", []), answer.get("path", [])[1:], strict=False):
        assert after < before
        assert 2 * after >= before or after == before - 1
