"""The timed run: what happens when, the invariants, and the contract of traces."""

from __future__ import annotations

import json
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.scaling import MECHANISM, simulate
from simulator.scaling.policies import Tracking
from simulator.scaling.presets import PRESETS
from simulator.scaling.rules import rules_from_dict
from simulator.scaling.scenario import PRICE_NOTE, ScaleInStep
from simulator.scaling.situation import Direction
from simulator.scaling.state import Kind, State, apply
from simulator.scaling.subjects import scaling_answer
from simulator.scaling.timed import size_of, verdict
from simulator.scaling.wording import FROM_RUNNING
from simulator.trace import explain, first_difference, fork, from_json, state_at, to_json

WEB = {"requestsPerSecondPerTask": 100}
CPU = {"policyName": "cpu", "policyType": "TargetTrackingScaling", "target": 50}
QUICK = {**CPU, "scaleOutCooldown": 0, "scaleInCooldown": 0}
RISE = {"points": [[0, 100], [1, 100], [1, 300]]}  # doubled at minute 1 and more
BASE: dict[str, Any] = {
    "minutes": 10,
    "min": 2,
    "max": 10,
    "capacity": 2,
    "load": RISE,
    "service": WEB,
    "policies": [CPU],
}
WORKER: dict[str, Any] = {
    "minutes": 10,
    "min": 0,
    "max": 10,
    "capacity": 0,
    "load": {"points": [[0, 1]]},
    "worker": {"processingSeconds": 1, "startSeconds": 30},
    "policies": [{**CPU, "target": 10}],
}


def run(document: dict[str, Any], _rules: dict[str, Any] | None = None, **more: Any) -> Any:
    return simulate({**document, **more}, rules_from_dict(_rules or {}))


def last(trace: Any) -> State:
    return state_at(trace, len(trace))


def when(trace: Any, *kinds: Kind) -> list[tuple[Any, ...]]:
    return [(e.at, e.kind.value, e.before, e.after) for e in trace.events if e.kind in kinds]


def scaled(trace: Any) -> list[tuple[int, int, int]]:
    return [(e.at, e.before, e.after) for e in trace.events if e.kind is Kind.SCALED]


def sentences(trace: Any, kind: Kind) -> list[str]:
    return [explain(trace, k).sentence for k, event in enumerate(trace.events) if event.kind is kind]


def states(trace: Any) -> list[State]:
    found = [state_at(trace, 0)]
    for event in trace.events:
        found.append(apply(found[-1], event))
    return found


def refusal(document: Any) -> str:
    with pytest.raises(InputError) as refused:
        simulate(document)
    return str(refused.value)


def test_three_minutes_then_out_and_once_more_while_the_queue_drains() -> None:
    """The 6,000 requests that wait keep four tasks at 100 % for one more minute, so the policy doubles again."""
    trace = run(BASE)
    assert scaled(trace) == [(240, 2, 4), (360, 4, 8)]
    assert [(e.at, e.count) for e in trace.events if e.kind is Kind.STARTED] == [(240, 2), (360, 4)]
    assert [(e.at, e.count) for e in trace.events if e.kind is Kind.READY] == [(300, 2), (420, 4)]
    alarms = [(e.at, e.detail) for e in trace.events if e.kind is Kind.ALARM]
    assert alarms == [(240, "HIGH"), (480, "OK")]
    assert [e.cpu for e in trace.events if e.kind is Kind.SAMPLE] == [
        50_000, 100_000, 100_000, 100_000, 100_000, 100_000, 75_000, 37_500, 37_500, 37_500
    ]  # fmt: skip
    end = last(trace)
    assert (end.desired, end.running, end.starting) == (8, 8, 0)


def test_a_second_scale_out_waits_for_no_cooldown_if_it_is_larger() -> None:
    quick = run(BASE, load={"points": [[0, 100], [1, 100], [1, 1000]]}, minutes=8)
    assert scaled(quick) == [(240, 2, 4), (360, 4, 8), (480, 8, 10)]
    refused = [(e.at, e.detail) for e in quick.events if e.kind is Kind.NOT_SCALED]
    assert refused == [(300, "cooldown"), (420, "cooldown")]


def test_a_refusal_is_told_once_while_nothing_changes() -> None:
    trace = run(BASE, max=2)
    assert when(trace, Kind.NOT_SCALED) == [(240, "not-scaled", 2, 2)]
    assert sentences(trace, Kind.NOT_SCALED) == [
        "cpu would scale out, but the desired count 2 is not below MaxCapacity 2."
    ]
    k = next(k for k, event in enumerate(trace.events) if event.kind is Kind.NOT_SCALED)
    assert explain(trace, k).fix == "raise MaxCapacity above 2"
    assert last(trace).refused == "AlreadyAtMaxCapacity"


@pytest.mark.parametrize(
    ("choice", "moves"),
    [
        ("one-task", [(900, 8, 7), (960, 7, 6)]),
        ("halfway", [(900, 8, 5), (960, 5, 4)]),
        ("formula", [(900, 8, 2)]),
    ],
)
def test_how_much_goes_at_once_is_a_choice(choice: str, moves: list[tuple[int, int, int]]) -> None:
    trace = run(BASE, minutes=16, capacity=8, load={"points": [[0, 100]]}, policies=[QUICK], scaleIn=choice)
    assert scaled(trace) == moves
    k = next(k for k, event in enumerate(trace.events) if event.kind is Kind.SCALED)
    assert explain(trace, k).open == (
        f"How many tasks target tracking takes away at once is open; this run's choice is “{choice}”.",
    )
    stops = [(e.at, e.kind.value, e.count) for e in trace.events if e.kind in (Kind.STOPPING, Kind.STOPPED)]
    assert stops[:2] == [(900, "stopping", 8 - moves[0][2]), (930, "stopped", 8 - moves[0][2])]


def test_scale_in_waits_for_its_cooldown() -> None:
    trace = run(BASE, minutes=26, capacity=8, load={"points": [[0, 100]]})
    assert scaled(trace) == [(900, 8, 7), (1200, 7, 6), (1500, 6, 5)]


def test_a_deployment_holds_scale_in_back() -> None:
    quiet = {"minutes": 20, "capacity": 8, "load": {"points": [[0, 100]]}, "policies": [QUICK]}
    windows = [{"fromMinute": 2, "toMinute": 17}, {"fromMinute": 16, "toMinute": 18}]
    trace = run(BASE, **quiet, deployments=windows)
    assert [(e.at, e.detail) for e in trace.events if e.kind is Kind.DEPLOYMENT] == [(120, "begins"), (1080, "ends")]
    assert scaled(trace)[0] == (1140, 8, 7)
    assert sentences(trace, Kind.DEPLOYMENT) == [
        "A deployment begins: scale-in is off until it ends, scale-out goes on.",
        "The deployment has ended: scale-in is possible again.",
    ]
    outside = run(BASE, **quiet, deployments=windows, deploymentController="EXTERNAL")
    assert scaled(outside)[0] == (900, 8, 7)
    assert sentences(outside, Kind.DEPLOYMENT)[0].endswith("With an external deployment controller scale-in goes on.")
    believed = run(BASE, {"scale_in_while_deploying": True}, **quiet, deployments=windows)
    assert scaled(believed)[0] == (900, 8, 7)


def test_scheduled_actions_set_the_range_and_nothing_is_restored() -> None:
    actions = [
        {"atMinute": 1, "scalableTargetAction": {"MinCapacity": 5}},
        {"schedule": "at(2026-11-27T00:03:00)", "scalableTargetAction": {"MinCapacity": 1, "MaxCapacity": 4}},
        {"schedule": "rate(5 minutes)", "scalableTargetAction": {"MaxCapacity": 9}},
    ]
    trace = run(BASE, load={"points": [[0, 100]]}, scheduledActions=actions)
    moves = [(e.at, e.before, e.after, e.minimum, e.maximum) for e in trace.events if e.kind is Kind.SCHEDULED]
    assert moves == [(60, 2, 5, 5, 10), (180, 5, 4, 1, 4), (300, 4, 4, 1, 9)]
    assert sentences(trace, Kind.SCHEDULED) == [
        "A scheduled action sets the range to 5 to 10; no cooldown holds it back. The desired count goes from 2 to 5.",
        "A scheduled action sets the range to 1 to 4; no cooldown holds it back. The desired count goes from 5 to 4.",
        (
            "A scheduled action sets the range to 1 to 9; no cooldown holds it back. The desired count 4 is inside "
            "and stays."
        ),
    ]
    held = run(BASE, scheduledActions=actions[:1], suspendedState={"scheduledScalingSuspended": True})
    assert sentences(held, Kind.NOT_SCALED)[0] == (
        "A scheduled action is due, but ScheduledScalingSuspended is true: it does nothing."
    )
    believed = run(BASE, {"scheduled": "minimum"}, load={"points": [[0, 100]]}, scheduledActions=actions)
    assert [e.after for e in believed.events if e.kind is Kind.SCHEDULED] == [5, 1, 1]


def test_a_capacity_outside_the_range_is_pulled_in_at_once() -> None:
    low = run(BASE, capacity=1, policies=[])
    assert when(low, Kind.REGISTERED) == [(0, "registered", 1, 2)]
    assert sentences(low, Kind.REGISTERED) == [
        (
            "The service is registered as a scalable target with 2 to 10 tasks. The desired count 1 is outside, so it "
            "goes to 2 at once."
        )
    ]
    assert [(e.at, e.count) for e in low.events if e.kind is Kind.STARTED] == [(0, 1)]
    high = run(BASE, capacity=12)
    assert when(high, Kind.REGISTERED) == [(0, "registered", 12, 10)]
    assert [(e.at, e.count) for e in high.events if e.kind is Kind.STOPPING] == [(0, 2)]
    inside = run(BASE)
    assert sentences(inside, Kind.REGISTERED) == ["The service is registered as a scalable target with 2 to 10 tasks."]


def test_missing_data_scales_nothing() -> None:
    trace = run(BASE, missingData=[{"fromMinute": 2, "toMinute": 5}])
    alarms = [(e.at, e.detail) for e in trace.events if e.kind is Kind.ALARM]
    assert alarms == [(180, "INSUFFICIENT_DATA"), (360, "OK"), (480, "HIGH")]
    assert scaled(trace) == [(480, 2, 4), (600, 4, 8)]
    assert sentences(trace, Kind.ALARM) == [
        "The metric of cpu has no data point: INSUFFICIENT_DATA, and no scaling at all.",
        "The alarms of cpu are OK again.",
        "AlarmHigh of cpu goes into ALARM: 3 data points in a row above the target 50.",
    ]
    quiet = {
        "minutes": 16,
        "capacity": 4,
        "load": {"points": [[0, 100]]},
        "missingData": [{"fromMinute": 0, "toMinute": 16}],
    }
    assert scaled(run(BASE, **quiet)) == []
    assert scaled(run(BASE, {"missing_data": "zero"}, **quiet)) == [(900, 4, 3)]


def test_from_zero_by_a_guarded_backlog() -> None:
    assert scaled(run(WORKER)) == []
    assert last(run(WORKER)).queue == 600_000
    trace = run(WORKER, zeroGuard=True)
    assert scaled(trace)[0] == (60, 0, 1)
    assert next((e.at, e.count) for e in trace.events if e.kind is Kind.READY) == (90, 1)
    assert sentences(trace, Kind.SCALED)[0].startswith("The desired count goes from 0 to 1. cpu: no task runs and one")
    assert not [e for e in run(WORKER, zeroGuard=True, load={"points": [[0, 0]]}).events if e.kind is Kind.SCALED]


def test_the_metrics_of_a_minute() -> None:
    names = (
        "ECSServiceAverageCPUUtilization",
        "ALBRequestCountPerTarget",
        "BacklogPerTask",
        "ApproximateNumberOfMessagesVisible",
    )
    policies = [{**CPU, "policyName": name, "metricName": name, "target": 10**9} for name in names]
    document = {**BASE, "minutes": 2, "load": {"points": [[0, 250]]}, "policies": policies}
    first, second = (e for e in simulate(document).events if e.kind is Kind.SAMPLE)
    # 2 tasks work off 200 of 250 a second: after a minute 3,000 wait; 7,500 a target and minute arrive.
    assert first.points == (100_000, 7_500_000, 1_500_000, 3_000_000)
    assert (first.arrived, first.served, first.failed, first.queue) == (15_000_000, 12_000_000, 0, 3_000_000)
    assert (first.latency, first.load, first.billed) == (15_100, 250_000, 120)
    # At most 30 s of work wait: the rest gives up.
    assert (second.queue, second.served, second.failed) == (6_000_000, 24_000_000, 0)
    third = [e for e in simulate({**document, "minutes": 3}).events if e.kind is Kind.SAMPLE][2]
    assert (third.queue, third.served, third.failed, third.latency) == (6_000_000, 36_000_000, 3_000_000, 30_100)
    believed = simulate(document, rules_from_dict({"backlog": "queue_depth"}))
    assert next(e for e in believed.events if e.kind is Kind.SAMPLE).points[2] == 3_000_000


def test_a_cluster_without_room_starves_the_service() -> None:
    trace = run(BASE, placeable=3, minutes=12)
    end = last(trace)
    assert (end.running, end.starting) == (3, 0)
    assert end.desired > 3
    assert all(state.running + state.starting <= 3 for state in states(trace))
    # Every later computation starts from the three that run.
    assert all(after == ceil(Fraction(3 * 100, 50)) for at, _, after in scaled(trace) if at > 400)


def test_step_policies_act_on_their_own_alarms() -> None:
    step = {
        "policyName": "out",
        "policyType": "StepScaling",
        "adjustmentType": "ChangeInCapacity",
        "stepAdjustments": [
            {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 20, "ScalingAdjustment": 1},
            {"MetricIntervalLowerBound": 20, "ScalingAdjustment": 3},
        ],
        "threshold": 70,
        "comparisonOperator": "GreaterThanThreshold",
        "evaluationPeriods": 2,
        "cooldown": 120,
    }
    trace = run(BASE, policies=[step], load={"points": [[0, 100], [1, 100], [1, 900]]})
    # Added 3 at 180 s; from 300 s, when its cooldown is over, three more.
    assert scaled(trace) == [(180, 2, 5), (300, 5, 8), (420, 8, 10)]
    assert sentences(trace, Kind.ALARM)[0] == "The alarm of out goes into ALARM: 2 of the last 2 data points breach 70."
    assert sentences(trace, Kind.SCALED)[0] == (
        "The desired count goes from 2 to 5. out: the metric 100 is 30 from the threshold 70: ChangeInCapacity +3 "
        "makes 2 into 5."
    )
    assert explain(trace, [e.kind for e in trace.events].index(Kind.ALARM)).open == ()


def test_what_was_added_counts_during_the_cooldown() -> None:
    def step(name: str, threshold: int, adjustment: int) -> dict[str, Any]:
        return {
            "policyName": name,
            "policyType": "StepScaling",
            "adjustmentType": "ChangeInCapacity",
            "stepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": adjustment}],
            "threshold": threshold,
            "comparisonOperator": "GreaterThanOrEqualToThreshold",
        }

    load = {"points": [[0, 160], [2, 160], [2, 900]]}
    trace = run(BASE, policies=[step("small", 70, 2), step("large", 95, 3)], load=load, minutes=4)
    assert scaled(trace) == [(60, 2, 4), (180, 4, 5)]
    state = last(trace)
    assert (state.added, state.out_at) == (3, 180)


def test_sentences_of_tasks() -> None:
    trace = run(BASE, minutes=17, capacity=3, load={"points": [[0, 100]]}, policies=[QUICK])
    assert sentences(trace, Kind.STOPPING)[0] == "1 task stops: 2 are wanted."
    assert sentences(trace, Kind.STOPPED)[0] == "1 task has stopped and cost no more."
    grown = run(BASE)
    assert sentences(grown, Kind.STARTED)[0] == "2 tasks start; they will work in 60 s."
    assert sentences(grown, Kind.READY) == ["2 tasks are ready and work.", "4 tasks are ready and work."]
    assert sentences(grown, Kind.SAMPLE)[0] == "A minute is over. Data points: ECSServiceAverageCPUUtilization 50."
    assert sentences(run(BASE, policies=[]), Kind.SAMPLE)[0] == "A minute is over. No policy watches a metric."
    zero = run(WORKER)
    assert sentences(zero, Kind.SAMPLE)[0] == "A minute is over. Data points: BacklogPerTask has no data."


CHANGES: list[dict[str, Any]] = [
    {"desired": 7},
    {"min": 4},
    {"max": 3},
    {"min": 3, "max": 3},
    {"loadPercent": 300},
    {"deploymentInProgress": True},
    {"suspendedState": {"DynamicScalingOutSuspended": True}},
]


@settings(max_examples=40, deadline=None)
@given(
    k=st.integers(0, 40),
    change=st.sampled_from(CHANGES),
    preset=st.sampled_from(["spike", "deployment", "queue-workers"]),
)
def test_a_fork_keeps_what_was_before(k: int, change: dict[str, Any], preset: str) -> None:
    document = next(one.scenario for one in PRESETS if one.id == preset)
    trace = simulate(document)
    k = min(k, len(trace))
    forked = fork(trace, k, change)
    assert forked.events[:k] == trace.events[:k]
    assert forked.events[k].kind is Kind.CHANGED
    assert first_difference(trace, forked) == k
    assert from_json(to_json(forked), MECHANISM) == forked
    state = state_at(forked, k + 1)
    for name, value in change.items():
        if name in ("desired", "min", "max", "loadPercent"):
            field = {"min": "minimum", "max": "maximum", "loadPercent": "load_percent"}.get(name, name)
            assert getattr(state, field) == value


def test_changes_by_hand() -> None:
    by_hand = run(BASE, load={"points": [[0, 100]]}, changes=[{"at": 3, "desired": 7}])
    assert sentences(by_hand, Kind.CHANGED) == ["Changed by hand: desired 7."]
    assert last(by_hand).running == 7
    pulled = run(BASE, load={"points": [[0, 100]]}, changes=[{"at": 3, "min": 12}])
    end = last(pulled)
    assert (end.minimum, end.maximum, end.desired) == (12, 12, 12)
    capped = run(BASE, capacity=6, changes=[{"at": 3, "max": 1}])
    end = last(capped)
    assert (end.minimum, end.maximum, end.desired) == (1, 1, 1)
    first = run(BASE, changes=[{"at": 0, "min": 4, "max": 5}])
    assert [event.kind for event in first.events[:2]] == [Kind.CHANGED, Kind.REGISTERED]
    assert first.events[1].after == 4
    louder = run(BASE, load={"points": [[0, 100]]}, changes=[{"at": 2, "loadPercent": 200}])
    assert [e.cpu for e in louder.events if e.kind is Kind.SAMPLE][:3] == [50_000, 100_000, 100_000]


policies = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"policyType": st.just("TargetTrackingScaling"), "target": st.integers(20, 90)},
            optional={
                "scaleOutCooldown": st.sampled_from([0, 60]),
                "scaleInCooldown": st.sampled_from([0, 60]),
                "disableScaleIn": st.booleans(),
            },
        ),
        st.builds(
            lambda threshold, adjustment: {
                "policyType": "StepScaling",
                "adjustmentType": "PercentChangeInCapacity",
                "threshold": threshold,
                "cooldown": 60,
                "stepAdjustments": [
                    {
                        "MetricIntervalLowerBound" if adjustment > 0 else "MetricIntervalUpperBound": 0,
                        "ScalingAdjustment": adjustment,
                    }
                ],
            },
            st.integers(20, 90),
            st.sampled_from([-50, -10, 10, 100]),
        ),
    ),
    max_size=3,
)
scenarios = st.fixed_dictionaries(
    {
        "minutes": st.integers(1, 40),
        "min": st.integers(0, 3),
        "max": st.integers(3, 12),
        "capacity": st.integers(0, 12),
        "load": st.lists(st.tuples(st.integers(0, 1), st.integers(0, 900)), min_size=1, max_size=1).map(
            lambda points: {"points": [list(one) for one in points]}
        ),
        "policies": policies,
        "scaleIn": st.sampled_from([one.value for one in ScaleInStep]),
    },
    optional={
        "placeable": st.integers(0, 8),
        "deployments": st.just([{"fromMinute": 0, "toMinute": 1}]),
        "missingData": st.just([{"fromMinute": 0, "toMinute": 1}]),
        "suspendedState": st.sampled_from([{"dynamicScalingInSuspended": True}, {"dynamicScalingOutSuspended": True}]),
    },
)
models = st.sampled_from(
    [
        {"service": {**WEB, "startSeconds": 0, "stopSeconds": 0}},
        {"service": {**WEB, "startSeconds": 45, "stopSeconds": 200}},
        {"worker": {"processingSeconds": 0.02, "startSeconds": 150}, "zeroGuard": True},
    ]
)


@settings(max_examples=60, deadline=None)
@given(document=scenarios, model=models, jump=st.integers(0, 900))
def test_the_invariants_of_every_run(document: dict[str, Any], model: dict[str, Any], jump: int) -> None:
    points = [*document["load"]["points"], [document["minutes"] // 2 + 1, jump]]
    document = {**document, **model, "load": {"points": sorted(points)[: 1 if document["minutes"] < 3 else 2]}}
    trace = simulate(document)
    assert to_json(trace) == to_json(simulate(json.loads(json.dumps(document))))
    previous = 0
    initial = states(trace)[0].running
    for state, event in zip(states(trace)[1:], trace.events, strict=True):
        assert event.at >= previous
        previous = event.at
        assert min(state.running, state.starting, state.stopping, state.queue) >= 0
        assert state.minimum <= state.desired <= state.maximum
        assert initial + state.launched == state.running + state.starting + state.stopping + state.stopped
        if "placeable" in document and event.kind is Kind.STARTED:
            assert state.running + state.starting <= document["placeable"]
        if event.kind is Kind.SAMPLE:
            assert state.arrived == state.served + state.failed + state.queue
            assert state.cpu is None or 0 <= state.cpu <= 100_000
    assert state_at(trace, len(trace)).now == 60 * document["minutes"]
    suspended = document.get("suspendedState", {})
    ways = {explain(trace, k).decision.direction for k, e in enumerate(trace.events) if e.kind is Kind.SCALED}
    if suspended.get("dynamicScalingInSuspended"):
        assert ways <= {Direction.OUT}
    if suspended.get("dynamicScalingOutSuspended"):
        assert ways <= {Direction.IN}


@pytest.mark.parametrize("preset", PRESETS, ids=[one.id for one in PRESETS])
def test_a_preset_runs_and_explains_itself(preset: Any) -> None:
    trace = simulate(preset.scenario)
    assert from_json(to_json(trace), MECHANISM) == trace
    before = states(trace)
    for k, event in enumerate(trace.events):
        why = explain(trace, k)
        assert why.sentence.endswith(".")
        if event.kind is Kind.SCALED:
            assert why.decision is not None
            assert why.decision.low <= event.after <= why.decision.high
            assert verdict(before[k]) == why.decision
            assert event.after == size_of(why.decision, before[k].plan.scale_in)
            policy = before[k].plan.policies[event.policy]
            if isinstance(policy, Tracking) and event.after < event.before:
                newest = Fraction(before[k].points[event.policy][-1] or 0, 1000)
                assert event.after >= min(before[k].desired, ceil(before[k].running * newest / policy.target))
        elif event.kind is not Kind.NOT_SCALED:
            assert why.decision is None
            assert why.fix == ""


def test_what_the_presets_come_to() -> None:
    answers = {one.id: scaling_answer(one.scenario) for one in PRESETS}
    assert answers["steady"]["timeline"] == []
    assert answers["spike"]["requests"]["failed"] > 0
    assert answers["black-friday"]["requests"]["failed"] == 0
    assert answers["daily-wave"]["scaleOuts"] > 20
    assert answers["flapping"]["scaleOuts"] > 15
    assert answers["flapping"]["scaleIns"] > 15
    assert answers["queue-workers"]["most"] == 30
    assert answers["deployment"]["notScaled"]["deploymentInProgress"] == 1
    assert answers["no-data"]["scaleOuts"] == 0


def test_the_summary_of_a_run() -> None:
    answer = scaling_answer(BASE)
    timeline = answer.pop("timeline")
    assert answer == {
        "desired": 8,
        "running": 8,
        "most": 8,
        "fewest": 2,
        "scaleOuts": 2,
        "scaleIns": 0,
        "notScaled": {"cooldown": 2},
        "requests": {"arrived": 168000, "served": 150000, "failed": 18000, "waiting": 0},
        "worstLatencyMilliseconds": 30100,
        "worstQueue": 6000,
        "averageCpu": 73.8,
        "taskHours": 0.8,
        "cost": {
            "dollars": 0.0099,
            "perTaskHour": 0.0123425,
            "priceOf": PRICE_NOTE,
        },
        "choices": [
            (
                "The alarms' numbers (3 minutes above the target, 15 minutes below 90 % of it) are observed, AWS "
                "documents none."
            ),
            "How many tasks target tracking takes away at once is open; this run's choice is “one-task”.",
            (
                "A policy computes with its newest data point; a cooldown begins with the decision; tasks that do "
                "not work yet are the first to stop."
            ),
        ],
    }
    assert timeline[0] == {
        "minute": 4.0,
        "kind": "scaled",
        "from": 2,
        "to": 4,
        "text": "The desired count goes from 2 to 4. cpu: the high alarm fires: 2 × 100 / 50 = 4, so 4 tasks.",
    }
    priced = scaling_answer({**BASE, "costPerTaskHour": 6})
    assert priced["cost"] == {"dollars": 4.8, "perTaskHour": 6.0, "priceOf": "as given"}
    assert set(scaling_answer(WORKER)["messages"]) == {"arrived", "served", "failed", "waiting"}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"minutes": 0}, "minutes must be a whole number from 1 to 1440, not 0."),
        ({"minutes": 1441}, "minutes must be a whole number from 1 to 1440, not 1441."),
        ({"min": ...}, "min must be a whole number from 0 to 5000, not null."),
        ({"max": 5001}, "max must be a whole number from 0 to 5000, not 5001."),
        ({"max": 1}, "min is 2 and max is 1; min must not be above max."),
        ({"load": ...}, "load is missing; give it a preset, points, or csv."),
        ({"service": ...}, "A scenario has a service or a worker; give one of the two."),
        ({"worker": {"processingSeconds": 1}}, "A scenario has a service or a worker; give one of the two."),
        ({"service": {}}, "service.requestsPerSecondPerTask must be a number from 0.01 to 1000000, not null."),
        (
            {"service": {**WEB, "startSeconds": 3601}},
            "service.startSeconds must be a whole number from 0 to 3600, not 3601.",
        ),
        (
            {"service": {**WEB, "startSecond": 1}},
            "There is no field “service.startSecond”; did you mean “startSeconds”?",
        ),
        ({"service": {**WEB, "responseMilliseconds": -1}}, "service.responseMilliseconds must be a whole number"),
        ({"service": ..., "worker": {"processingSeconds": 0}}, "worker.processingSeconds must be a number from 0.001"),
        ({"service": ..., "worker": {"timeoutSeconds": 1}}, "There is no field “worker.timeoutSeconds”"),
        ({"scaleIn": "fast"}, 'scaleIn must be one-task, halfway or formula, not "fast".'),
        (
            {"policies": [{**CPU, "metricName": "Memory"}]},
            'policies[0].metricName is "Memory"; the service model of a run',
        ),
        ({"policies": [CPU, CPU]}, 'policies[1].policyName is "cpu" again; give each its own name.'),
        ({"policies": [{**CPU, "metric": 5}]}, "There is no field “policies[0].metric”"),
        ({"policies": 5}, "policies must be a list, not 5."),
        (
            {"deployments": [{"fromMinute": 10, "toMinute": 10}]},
            "deployments[0].fromMinute must be a whole number from 0 to 9",
        ),
        (
            {"deployments": [{"fromMinute": 5, "toMinute": 5}]},
            "deployments[0].toMinute must be a whole number from 6 to 10",
        ),
        ({"missingData": [{"fromMinute": 5, "to": 5}]}, "There is no field “missingData[0].to”"),
        ({"placeable": -1}, "placeable must be a whole number from 0 to 5000, not -1."),
        ({"costPerTaskHour": -1}, "costPerTaskHour must be a number from 0 to 1000, not -1."),
        ({"zeroGuard": 1}, "zeroGuard must be true or false, not 1."),
        ({"startTime": "now"}, 'startTime has the time "now"; it must be yyyy-mm-ddThh:mm:ss.'),
        (
            {"scheduledActions": [{"scalableTargetAction": {"minCapacity": 1}}]},
            "scheduledActions[0] needs atMinute or sch",
        ),
        (
            {"scheduledActions": [{"atMinute": 10, "scalableTargetAction": {"minCapacity": 1}}]},
            "scheduledActions[0].atMinute must be a whole number from 0 to 9, not 10.",
        ),
        (
            {"scheduledActions": [{"atMinute": 3, "scalableTargetAction": {"minCapacity": 20}}]},
            "The scheduled action of minute 3 makes the range 20 to 10; set both ends.",
        ),
        (
            {
                "minutes": 600,
                "scheduledActions": [{"schedule": "rate(1 minute)", "scalableTargetAction": {"minCapacity": 1}}],
            },
            "scheduledActions act 599 times in this run, and at most 500 are played.",
        ),
        ({"changes": [{"at": 1}]}, "changes[0] changes nothing; give it one of desired, min, max, loadPercent,"),
        ({"changes": [{"desired": 1}]}, "changes[0].at must be a whole number from 0 to 1000000, not null."),
        (
            {"changes": [{"at": 1, "desired": 5001}]},
            "changes[0].desired must be a whole number from 0 to 5000, not 5001.",
        ),
        (
            {"changes": [{"at": 1, "loadPercent": 10_001}]},
            "changes[0].loadPercent must be a whole number from 0 to 10000",
        ),
        ({"changes": [{"at": 1, "min": 5, "max": 4}]}, "changes[0].min is 5 and max is 4; min must not be above max."),
        ({"changes": [{"at": 1, "deploymentInProgress": 1}]}, "changes[0].deploymentInProgress must be true or false"),
        ({"changes": [{"at": 1, "x": 1}]}, "There is no field “changes[0].x”"),
        ({"changes": [{"at": 1, "desired": 1}] * 51}, "changes has 51 entries, and at most 50 are taken."),
        ({"Load": {}}, "Load says the same as “load”; leave one of them out."),
        ({"nodes": 1}, "There is no field “nodes”"),
    ],
)
def test_a_bad_scenario_is_one_sentence(more: dict[str, Any], sentence: str) -> None:
    document = {name: value for name, value in {**BASE, **more}.items() if value is not ...}
    assert refusal(document).startswith(sentence)
    if "load" in document:
        with pytest.raises(InputError):
            scaling_answer(document)


def test_tasks_that_do_not_work_yet_are_the_first_to_stop() -> None:
    calm = {**BASE, "load": {"points": [[0, 50]]}, "policies": [], "max": 20}
    k = 1 + [e.kind for e in run(calm, changes=[{"at": 1, "desired": 8}]).events].index(Kind.STARTED)
    for back, stopped, ready in ((2, [(6, 6)], []), (5, [(3, 3)], [3]), (1, [(7, 6)], [])):
        trace = run(calm, min=1, changes=[{"at": 1, "desired": 8}, {"at": k, "desired": back}])
        assert [(e.count, e.before) for e in trace.events if e.kind is Kind.STOPPING] == stopped
        assert [e.count for e in trace.events if e.kind is Kind.READY] == ready
        assert last(trace).running == back


def test_a_scale_out_that_computes_from_few_running_tasks_says_what_is_open() -> None:
    step = {**CPU, "scaleOutCooldown": 0}
    trace = run(BASE, placeable=3, policies=[step], changes=[{"at": 2, "desired": 9}], minutes=6)
    k = next(k for k, e in enumerate(trace.events) if e.kind is Kind.SCALED)
    assert (trace.events[k].before, trace.events[k].after) == (9, 6)
    assert explain(trace, k).open == (FROM_RUNNING,)
    grown = run(BASE)
    assert explain(grown, next(k for k, e in enumerate(grown.events) if e.kind is Kind.SCALED)).open == ()
