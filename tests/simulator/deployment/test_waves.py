"""The instant-batch model against every golden row, and its invariants."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.deployment.subjects import deployment_answer
from simulator.deployment.waves import FirstMove, Order, Outcome, open_notes, roll_out

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "deployment.json").read_text())["instant"]
NAMES = [row["id"] for row in GOLDEN]

desired_counts = st.integers(0, 60)
minimums = st.integers(0, 100)
maximums = st.integers(100, 320)
orders = st.sampled_from(list(Order))


def test_every_row_of_the_facts_is_here():
    assert len([name for name in NAMES if not name.startswith(("R49", "R50"))]) == 32


@pytest.mark.parametrize("row", GOLDEN, ids=NAMES)
def test_golden_row(row):
    answer = deployment_answer(row["document"])
    assert {key: answer[key] for key in ("lower", "upper", "firstMove", "waves", "outcome")} == {
        key: row[key] for key in ("lower", "upper", "firstMove", "waves", "outcome")
    }
    assert _range(row, answer) == row["range"]


@pytest.mark.parametrize("row", [row for row in GOLDEN if row["firstMove"] == "open"], ids=lambda row: row["id"])
def test_open_rows_start_first(row):
    answer = deployment_answer({**row["document"], "order": "start-first"})
    assert answer["firstMove"] == "open"
    assert answer["waves"][0]["action"] == "start"
    assert len(answer["waves"]) == row["startFirst"]["waves"]
    assert _range(row, answer) == row["startFirst"]["range"]


@pytest.mark.parametrize("row", [row for row in GOLDEN if row["firstMove"] != "open"], ids=lambda row: row["id"])
def test_forced_rows_do_not_heed_the_order(row):
    assert deployment_answer({**row["document"], "order": "start-first"}) == deployment_answer(row["document"])


@given(desired_counts, minimums, maximums, st.none() | st.integers(0, 90), orders)
@settings(max_examples=100, deadline=None)
def test_invariants(desired, minimum, maximum, slots, order):
    rollout = roll_out(desired, minimum, maximum, slots=slots, order=order)
    lower, upper = rollout.bounds.lower, rollout.bounds.upper
    old, new = desired, 0
    for wave in rollout.waves:
        before = old + new
        if wave.action == "stop":
            old -= wave.count
            assert old + new >= lower
        else:
            new += wave.count
            assert old + new <= max(upper, desired)
        assert wave.running == old + new != before
        assert old >= 0
        assert new <= desired
    stuck_by_configuration = desired > 0 and lower >= desired and upper <= desired
    assert (rollout.outcome is Outcome.CONFIG_STUCK) == stuck_by_configuration
    assert (rollout.outcome is Outcome.COMPLETED) == (old == 0 and new == desired)
    if slots is None or slots > desired:
        assert rollout.outcome is not Outcome.CAPACITY_STUCK


@given(st.integers(1, 60), st.integers(1, 200))
@settings(max_examples=100, deadline=None)
def test_closed_form_of_forced_start_first(desired, extra):
    rollout = roll_out(desired, 100, 100 + extra)
    spare = rollout.bounds.upper - desired
    if spare:
        assert rollout.first_move is FirstMove.START_FIRST
        assert len(rollout.waves) == 2 * -(-desired // spare)


@given(st.integers(1, 60), st.integers(0, 99))
@settings(max_examples=100, deadline=None)
def test_closed_form_of_forced_stop_first(desired, minimum):
    rollout = roll_out(desired, minimum, 100)
    spare = desired - rollout.bounds.lower
    if spare:
        assert rollout.first_move is FirstMove.STOP_FIRST
        assert len(rollout.waves) == 2 * -(-desired // spare)


def test_room_for_fewer_than_desired_is_capacity_stuck():
    rollout = roll_out(4, 50, 100, slots=3)
    assert rollout.outcome is Outcome.CAPACITY_STUCK
    assert rollout.waves[-1].running == 3


def test_the_largest_service_takes_all_its_waves():
    assert len(roll_out(5000, 100, 200, slots=5001).waves) == 10_000


def test_what_is_open_is_said():
    row = roll_out(4, 50, 200)
    assert len(open_notes(4, row.bounds, None)) == 2
    assert len(open_notes(4, row.bounds, 4)) == 1
    assert open_notes(0, row.bounds, None) == ()


def _range(row, answer):
    seen = [row["document"]["desiredCount"], *(wave["running"] for wave in answer["waves"])]
    return [min(seen), max(seen)]
