"""The bounds are never broken, pods are conserved, and the ECS percentages beside them are exact."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.deployment.bounds import bounds
from simulator.kubernetes.rolling import MOST_WAVES, rolling_answer
from simulator.kubernetes.rules import RULES

SETTINGS = settings(max_examples=60, deadline=None)
shares = st.one_of(st.integers(0, 12), st.integers(0, 100).map(lambda percent: f"{percent}%"))


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    surge, unavailable = draw(shares), draw(shares)
    if {surge, unavailable} <= {0, "0%"}:
        surge = 1
    return {
        "replicas": draw(st.integers(0, 40)),
        "strategy": {"rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable}},
        "newPodsBecomeReady": draw(st.booleans()),
    }


@SETTINGS
@given(documents())
def test_the_bounds_hold_at_every_wave(document: dict[str, Any]) -> None:
    answer = rolling_answer(document, RULES)
    pods = answer["replicas"]
    for wave in answer["waves"]:
        pods += wave["count"] if wave["action"] == "start" else -wave["count"]
        assert wave["pods"] == pods
        assert wave["count"] > 0
        assert 0 <= wave["pods"] <= answer["upper"]
        assert answer["lower"] <= wave["available"] <= wave["pods"]
    assert answer["upper"] == answer["replicas"] + answer["surge"]
    assert answer["lower"] == answer["replicas"] - answer["unavailable"] >= 0


@SETTINGS
@given(documents())
def test_it_completes_unless_the_new_pods_are_never_ready(document: dict[str, Any]) -> None:
    answer = rolling_answer(document, RULES)
    done = document["newPodsBecomeReady"] or not document["replicas"]
    assert answer["outcome"] == ("completed" if done else "stalled")
    if done and answer["waveCount"] <= MOST_WAVES:
        started = sum(wave["count"] for wave in answer["waves"] if wave["action"] == "start")
        stopped = sum(wave["count"] for wave in answer["waves"] if wave["action"] == "stop")
        assert started == stopped == answer["replicas"]
    assert json.dumps(answer) == json.dumps(rolling_answer(document, RULES))


@SETTINGS
@given(documents())
def test_the_exact_percentages_give_the_same_bounds_and_no_smaller_ones_do(document: dict[str, Any]) -> None:
    answer = rolling_answer(document, RULES)
    replicas, exact = answer["replicas"], answer["ecs"]["exactPercents"]
    low, high = exact["minimumHealthyPercent"], exact["maximumPercent"]
    if not replicas:
        assert (low, high) == (0, None if answer["surge"] else 100)
        return
    assert low is not None
    assert high is not None
    assert bounds(replicas, low, high).lower == answer["lower"]
    assert bounds(replicas, low, high).upper == answer["upper"]
    assert low == 0 or bounds(replicas, low - 1, high).lower < answer["lower"]
    assert high == 100 or bounds(replicas, low, high - 1).upper < answer["upper"]


def test_a_long_list_of_waves_is_cut_and_counted() -> None:
    answer = rolling_answer(
        {"replicas": 201, "strategy": {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}, RULES
    )
    assert answer["waveCount"] == 402
    assert len(answer["waves"]) == 400
