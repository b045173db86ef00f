"""Step adjustments: which step, what change, and every list that AWS refuses."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.scaling.rules import PercentRounding
from simulator.scaling.steps import CHANGE, EXACT, PERCENT, Step, change_of, read_steps, rounded_percent, step_for


def step(lower: int | None, upper: int | None, adjustment: int = 1) -> dict[str, int | None]:
    return {
        "MetricIntervalLowerBound": lower,
        "MetricIntervalUpperBound": upper,
        "ScalingAdjustment": adjustment,
    }


@pytest.mark.parametrize(
    ("change", "toward", "away", "nearest"),
    [
        ("12.7", 12, 13, 13),
        ("0.67", 1, 1, 1),
        ("-0.58", -1, -1, -1),
        ("-6.67", -6, -7, -7),
        ("0.4", 1, 1, 0),
        ("-0.4", -1, -1, 0),
        ("2.5", 2, 3, 3),
        ("-2.5", -2, -3, -3),
        ("1", 1, 1, 1),
        ("-1", -1, -1, -1),
        ("0", 0, 0, 0),
    ],
)
def test_a_percentage_is_rounded(change: str, toward: int, away: int, nearest: int) -> None:
    exact = Fraction(change)
    assert rounded_percent(exact) == toward
    assert rounded_percent(exact, PercentRounding.AWAY_FROM_ZERO) == away
    assert rounded_percent(exact, PercentRounding.NEAREST) == nearest


@pytest.mark.parametrize(
    ("adjustment", "kind", "base", "magnitude", "change"),
    [
        (3, CHANGE, 10, 0, 3),
        (-3, CHANGE, 10, 9, -3),
        (5, EXACT, 9, 0, -4),
        (25, PERCENT, 4, 2, 2),
        (25, PERCENT, 12, 2, 3),
        (25, PERCENT, 12, 3, 3),
        (-25, PERCENT, 4, 2, -2),
        (-75, PERCENT, 4, 2, -3),
        (0, PERCENT, 4, 2, 0),
        (50, PERCENT, 0, 2, 0),
    ],
)
def test_the_change_of_an_adjustment(adjustment: int, kind: str, base: int, magnitude: int, change: int) -> None:
    assert change_of(adjustment, kind, base, magnitude=magnitude) == change


def test_the_bounds_belong_to_the_step_that_is_farther_out() -> None:
    out = read_steps([step(0, 10, 1), step(10, None, 2)], "steps")
    assert [(one.adjustment if one else None) for one in (step_for(out, Fraction(x)) for x in (-1, 0, 9, 10, 11))] == [
        None,
        1,
        1,
        2,
        2,
    ]
    inward = read_steps([step(None, -10, -2), step(-10, 0, -1)], "steps")
    found = [step_for(inward, Fraction(x)) for x in (1, 0, -9, -10, -11)]
    assert [one.adjustment if one else None for one in found] == [None, -1, -1, -2, -2]
    found = [step_for(inward, Fraction(x)) for x in ("-9.99", "-10.01")]
    assert [one.adjustment for one in found if one] == [-1, -2]


def test_at_the_threshold_the_step_above_comes_first() -> None:
    both = read_steps([step(None, 0, -1), step(0, None, 1)], "steps")
    found = step_for(both, Fraction(0))
    assert found is not None
    assert found.adjustment == 1


def test_steps_are_read_in_either_spelling() -> None:
    assert read_steps([{"metricIntervalLowerBound": 0.5, "scalingAdjustment": 2}], "steps") == (
        Step(lower=Fraction(1, 2), upper=None, adjustment=2),
    )


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([], "steps is empty; a step scaling policy needs at least one step."),
        ("x", 'steps must be a list, not "x".'),
        ([step(None, None)], "steps[0] has neither bound; give it a lower or an upper bound, or both."),
        (
            [step(5, 5), step(5, None)],
            "steps[0] goes from 5 to 5; the lower bound must be below the upper one.",
        ),
        (
            [step(None, -10), step(None, 0)],
            (
                "steps[0] and steps[1] both have a null lower bound, so they overlap; at most one step may have a null "
                "lower bound."
            ),
        ),
        (
            [step(0, None), step(10, None)],
            (
                "steps[0] and steps[1] both have a null upper bound, so they overlap; at most one step may have a null "
                "upper bound."
            ),
        ),
        (
            [step(-10, 0)],
            (
                "steps[0] has the negative lower bound -10, so one step must have a null lower bound; add one for all "
                "that is lower."
            ),
        ),
        (
            [step(0, 10)],
            (
                "steps[0] has the positive upper bound 10, so one step must have a null upper bound; add one for all "
                "that is higher."
            ),
        ),
        (
            [step(20, None), step(0, 10)],
            "steps[1] and steps[0] leave a gap from 10 to 20; end the one where the other begins.",
        ),
        ([step(0, 10), step(9, None)], "steps[0] and steps[1] overlap; end the one where the other begins."),
        ([step(0, None), step(-10, 0)], "steps[1] has the negative lower bound -10"),
        ([step(0, None, 10**7)], "steps[0].ScalingAdjustment must be a whole number from -1000000 to 1000000"),
        ([{**step(0, None), "Step": 1}], "There is no field “steps[0].step”"),
        (
            [{**step(0, None), "scalingAdjustment": 1}],
            "steps[0].scalingAdjustment says the same as “ScalingAdjustment”",
        ),
        ([step(0, None)] * 21, "steps has 21 entries, and at most 20 are taken."),
        ([{**step(0, None), "MetricIntervalLowerBound": True}], "steps[0].MetricIntervalLowerBound must be a number"),
        ([7], "steps[0] must be an object with named fields, not 7."),
    ],
)
def test_what_aws_refuses(steps: object, sentence: str) -> None:
    with pytest.raises(InputError) as refused:
        read_steps(steps, "steps")
    assert str(refused.value).startswith(sentence)


def test_twenty_steps_are_taken() -> None:
    steps = [step(at, at + 1 if at < 19 else None, at) for at in range(20)]
    assert len(read_steps(steps, "steps")) == 20


@settings(max_examples=60, deadline=None)
@given(
    cuts=st.lists(st.integers(-50, 50), min_size=1, max_size=8, unique=True).map(sorted),
    offset=st.fractions(-60, 60, max_denominator=10),
)
def test_a_whole_line_of_steps_holds_every_metric_once(cuts: list[int], offset: Fraction) -> None:
    edges: list[int | None] = [None, *cuts, None]
    steps = read_steps([step(low, high, at) for at, (low, high) in enumerate(itertools.pairwise(edges))], "s")
    above = offset >= 0
    holding = [one for one in steps if one.holds(offset, above=above)]
    assert len(holding) == 1
    if offset:
        assert step_for(steps, offset) == holding[0]
