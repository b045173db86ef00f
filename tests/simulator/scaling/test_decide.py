"""One decision: target tracking, steps, several policies, cooldowns, the range, and what holds a scaling back."""

from __future__ import annotations

import json
from fractions import Fraction
from math import ceil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.scaling.policies import CPU
from simulator.scaling.proposals import formula
from simulator.scaling.rules import RULES, Rounding, rules_from_dict
from simulator.scaling.subjects import scaling_answer

BASE = {"policyType": "TargetTrackingScaling", "capacity": 10, "metric": 80, "target": 50, "min": 1, "max": 100}
STEP = {
    "policyType": "StepScaling",
    "adjustmentType": "ChangeInCapacity",
    "stepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 3}],
    "threshold": 50,
    "metric": 60,
    "capacity": 10,
    "min": 1,
    "max": 100,
}
IN = {**STEP, "stepAdjustments": [{"MetricIntervalUpperBound": 0, "ScalingAdjustment": -3}], "metric": 40}


def ask(document: dict[str, Any], _rules: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return scaling_answer({**document, **more}, rules_from_dict(_rules or {}))


def result(answer: dict[str, Any]) -> tuple[Any, ...]:
    return answer["desired"], answer["code"], answer.get("range")


def refusal(document: Any) -> str:
    with pytest.raises(InputError) as refused:
        scaling_answer(document)
    return str(refused.value)


def test_the_whole_answer_of_a_scale_out() -> None:
    assert ask(BASE) == {
        "desired": 16,
        "direction": "out",
        "code": "scaled",
        "reason": "policy 1: the high alarm fires: 10 × 80 / 50 = 16, so 16 tasks.",
        "fix": "",
        "policies": [
            {
                "policyName": "policy 1",
                "policyType": "TargetTrackingScaling",
                "metric": "80",
                "alarm": "HIGH",
                "direction": "out",
                "range": [16, 16],
                "code": "scaled",
                "reason": "the high alarm fires: 10 × 80 / 50 = 16, so 16 tasks",
                "fix": "",
            }
        ],
        "notScaledReasons": [],
        "notes": [
            (
                "The alarms' numbers (3 minutes above the target, 15 minutes below 90 % of it) are observed, AWS "
                "documents none."
            )
        ],
    }


def test_an_open_scale_in_says_so() -> None:
    answer = ask(BASE, metric=30)
    assert (answer["open"], answer["range"], answer["desired"]) == (True, [6, 10], 10)
    assert answer["notes"][1:] == [
        "How many tasks target tracking takes away at once is open: anything in the range is possible."
    ]
    assert "open" not in ask(BASE)


@pytest.mark.parametrize(
    ("metric", "found"),
    [
        (50.1, (11, "scaled", None)),
        (50, (10, "noAlarm", None)),
        (45, (10, "noAlarm", None)),
        (44.9, (10, "scaled", [9, 10])),
        (0, (10, "scaled", [1, 10])),
        (-5, (10, "scaled", [1, 10])),
        (1e12, (100, "scaled", None)),
        (None, (10, "insufficientData", None)),
    ],
)
def test_the_two_alarms(metric: float | None, found: tuple[Any, ...]) -> None:
    assert result(ask(BASE, metric=metric)) == found


def test_it_computes_from_running() -> None:
    assert result(ask(BASE, running=6, desired=10)) == (10, "AlreadyAtDesiredCapacity", None)
    assert result(ask(BASE, {"counts_from": "desired"}, running=6, desired=10)) == (16, "scaled", None)
    lower = ask(BASE, running=4, desired=10)
    assert result(lower) == (7, "scaled", None)
    assert lower["notes"][-1].startswith("It computes from the tasks that run")
    assert result(ask(BASE, running=6, desired=10, metric=30)) == (6, "scaled", [4, 6])


@pytest.mark.parametrize(
    ("document", "counts"),
    [
        ({"capacity": 4}, (4, 4)),
        ({"running": 4}, (4, 4)),
        ({"desired": 4}, (4, 4)),
        ({"runningCount": 3, "desiredCount": 4}, (3, 4)),
        ({"capacity": 4, "running": 3}, (3, 4)),
        ({"capacity": 3, "desired": 4}, (3, 4)),
    ],
)
def test_how_counts_are_given(document: dict[str, int], counts: tuple[int, int]) -> None:
    answer = scaling_answer({"policyType": "TargetTrackingScaling", "target": 50, "metric": 100, **document})
    assert answer["desired"] == 2 * counts[0]
    held = scaling_answer({"policyType": "TargetTrackingScaling", "target": 50, "metric": None, **document})
    assert held["desired"] == counts[1]


def test_from_zero() -> None:
    assert result(ask(BASE, capacity=0, min=0)) == (1, "fromZero", None)
    assert result(ask(BASE, capacity=0, min=0, metric=1)) == (1, "fromZero", None)
    assert result(ask(BASE, capacity=0, min=0, metric=0)) == (0, "noAlarm", None)
    assert result(ask(BASE, running=0, desired=2, min=0)) == (2, "tasksStarting", None)
    assert result(ask(STEP, capacity=0, min=0)) == (3, "scaled", None)
    percent = {**STEP, "adjustmentType": "PercentChangeInCapacity", "capacity": 0, "min": 0}
    assert result(ask(percent)) == (1, "fromZero", None)


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"capacity": 1, "min": 3}, (3, "pulledIntoRange", None)),
        ({"capacity": 1, "min": 3, "metric": 1}, (1, "AlreadyAtMinCapacity", None)),
        ({"capacity": 30, "max": 20, "metric": 1}, (20, "pulledIntoRange", None)),
        ({"capacity": 30, "max": 20}, (30, "AlreadyAtMaxCapacity", None)),
        ({"max": 15}, (15, "scaled", None)),
        ({"max": 10}, (10, "AlreadyAtMaxCapacity", None)),
        ({"min": 10, "metric": 1}, (10, "AlreadyAtMinCapacity", None)),
        ({"min": 9, "metric": 1}, (10, "scaled", [9, 10])),
        ({"capacity": 2, "metric": 40}, (2, "AutoScalingAnticipatedFlapping", None)),
        ({"capacity": 5, "metric": 40}, (5, "scaled", [4, 5])),
        ({"capacity": 1, "metric": 1}, (1, "AlreadyAtMinCapacity", None)),
    ],
)
def test_the_range(more: dict[str, Any], found: tuple[Any, ...]) -> None:
    assert result(ask(BASE, **more)) == found


def test_what_was_not_scaled_is_told_as_aws_does() -> None:
    answer = ask(BASE, max=10)
    assert answer["notScaledReasons"] == [
        {"code": "AlreadyAtMaxCapacity", "currentCapacity": 10, "minCapacity": 1, "maxCapacity": 10}
    ]
    assert answer["reason"] == "policy 1 would scale out, but the desired count 10 is not below MaxCapacity 10."
    assert answer["fix"] == "raise MaxCapacity above 10"
    low = ask(BASE, min=10, metric=1)
    assert low["reason"] == "policy 1 would scale in, but the desired count 10 is not above MinCapacity 10."
    assert low["fix"] == "lower MinCapacity below 10"
    assert ask(BASE, metric=None)["notScaledReasons"] == []


@pytest.mark.parametrize(
    ("more", "found", "fix"),
    [
        ({"metric": 20, "deploymentInProgress": True}, (10, "deploymentInProgress", None), "wait until the deployment"),
        ({"metric": 20, "deploymentInProgress": True, "deploymentController": "EXTERNAL"}, (10, "scaled", [4, 10]), ""),
        ({"deploymentInProgress": True}, (16, "scaled", None), ""),
        ({"metric": 20, "disableScaleIn": True}, (10, "scaleInDisabled", None), "set DisableScaleIn to false"),
        ({"disableScaleIn": True}, (16, "scaled", None), ""),
        (
            {"suspendedState": {"dynamicScalingOutSuspended": True}},
            (10, "suspended", None),
            "set DynamicScalingOutSuspended to false",
        ),
        (
            {"metric": 20, "suspendedState": {"DynamicScalingInSuspended": True}},
            (10, "suspended", None),
            "set DynamicScalingInSuspended to false",
        ),
        ({"suspendedState": {"DynamicScalingInSuspended": True}}, (16, "scaled", None), ""),
        ({"suspendedState": {"ScheduledScalingSuspended": True}}, (16, "scaled", None), ""),
    ],
)
def test_what_holds_scaling_back(more: dict[str, Any], found: tuple[Any, ...], fix: str) -> None:
    answer = ask(BASE, **more)
    assert result(answer) == found
    assert answer["fix"].startswith(fix)
    assert bool(answer["fix"]) == bool(fix)


@pytest.mark.parametrize(
    ("document", "more", "found"),
    [
        (BASE, {"sinceScaleOut": 299, "running": 5}, (10, "cooldown", None)),
        (BASE, {"sinceScaleOut": 299}, (16, "scaled", None)),
        (BASE, {"sinceScaleOut": 299, "metric": 30}, (10, "cooldown", None)),
        (BASE, {"sinceScaleOut": 300, "metric": 30}, (10, "scaled", [6, 10])),
        (BASE, {"sinceScaleIn": 299, "metric": 30}, (10, "cooldown", None)),
        (BASE, {"sinceScaleIn": 300, "metric": 30}, (10, "scaled", [6, 10])),
        (BASE, {"sinceScaleIn": 0}, (16, "scaled", None)),
        (BASE, {"sinceScaleIn": 59, "scaleInCooldown": 60, "metric": 30}, (10, "cooldown", None)),
        (BASE, {"sinceScaleIn": 60, "scaleInCooldown": 60, "metric": 30}, (10, "scaled", [6, 10])),
        (BASE, {"sinceScaleOut": 60, "scaleOutCooldown": 60, "metric": 30}, (10, "scaled", [6, 10])),
        (STEP, {"capacity": 12, "sinceScaleOut": 299, "addedDuringCooldown": 2}, (13, "scaled", None)),
        (STEP, {"capacity": 12, "sinceScaleOut": 300, "addedDuringCooldown": 2}, (15, "scaled", None)),
        (STEP, {"capacity": 13, "sinceScaleOut": 10, "addedDuringCooldown": 3}, (13, "cooldown", None)),
        (STEP, {"sinceScaleIn": 5}, (13, "scaled", None)),
        (IN, {"sinceScaleIn": 5}, (10, "cooldown", None)),
        (IN, {"sinceScaleOut": 5}, (10, "cooldown", None)),
        (IN, {"sinceScaleOut": 5, "cooldown": 5}, (7, "scaled", None)),
        (
            {**STEP, "adjustmentType": "ExactCapacity"},
            {"sinceScaleOut": 5, "addedDuringCooldown": 2, "capacity": 2},
            (3, "scaled", None),
        ),
    ],
)
def test_cooldowns(document: dict[str, Any], more: dict[str, Any], found: tuple[Any, ...]) -> None:
    assert result(ask(document, **more)) == found


def test_a_cooldown_says_how_long() -> None:
    answer = ask(BASE, sinceScaleIn=60, metric=30)
    assert answer["fix"] == "wait 240 s"
    assert ask(BASE, sinceScaleIn=60, sinceScaleOut=10, metric=30)["fix"] == "wait 290 s"
    assert ask(BASE, sinceScaleOut=100, running=5)["fix"] == "wait 200 s, or ask for more than 10"


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, (13, "scaled", None)),
        ({"metric": 49.9}, (10, "noAlarm", None)),
        ({"metric": 50}, (13, "scaled", None)),
        ({"metric": 50, "comparisonOperator": "GreaterThanThreshold"}, (10, "noAlarm", None)),
        ({"metric": 50, "comparisonOperator": "GreaterThanOrEqualToThreshold"}, (13, "scaled", None)),
        ({"metric": 50.1, "comparisonOperator": "GreaterThanThreshold"}, (13, "scaled", None)),
        ({"metric": 40, "comparisonOperator": "LessThanThreshold"}, (10, "noStep", None)),
        ({"metric": 50, "comparisonOperator": "LessThanThreshold"}, (10, "noAlarm", None)),
        ({"metric": 50, "comparisonOperator": "LessThanOrEqualToThreshold"}, (13, "scaled", None)),
        ({"adjustmentType": "ExactCapacity", "capacity": 3}, (3, "AlreadyAtDesiredCapacity", None)),
        ({"adjustmentType": "ExactCapacity"}, (3, "scaled", None)),
        ({"max": 11}, (11, "scaled", None)),
        ({"metric": None}, (10, "insufficientData", None)),
        ({"dataPoints": [60, 40], "metric": ...}, (10, "noAlarm", None)),
        ({"dataPoints": [40, 60], "metric": ...}, (13, "scaled", None)),
        ({"dataPoints": [40, 60], "metric": ..., "evaluationPeriods": 2}, (10, "noAlarm", None)),
        ({"dataPoints": [40, 60], "metric": ..., "evaluationPeriods": 2, "datapointsToAlarm": 1}, (13, "scaled", None)),
        ({"dataPoints": [60, None], "metric": ...}, (10, "insufficientData", None)),
    ],
)
def test_a_step_policy(more: dict[str, Any], found: tuple[Any, ...]) -> None:
    document = {name: value for name, value in {**STEP, **more}.items() if value is not ...}
    assert result(scaling_answer(document)) == found


def test_a_scale_in_by_steps_never_goes_below_zero() -> None:
    assert result(ask(IN, capacity=2, min=0)) == (0, "scaled", None)
    assert result(ask(IN, capacity=3, min=2)) == (2, "scaled", None)
    assert result(ask(IN, running=14, desired=10)) == (10, "AlreadyAtDesiredCapacity", None)


def several(*policies: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"capacity": 10, "min": 1, "max": 100, "policies": list(policies), **more}


def tracking(metric: float | None, name: str = "cpu", **more: Any) -> dict[str, Any]:
    return {"policyName": name, "policyType": "TargetTrackingScaling", "target": 50, "metric": metric, **more}


def stepping(metric: float, adjustment: int, name: str = "step") -> dict[str, Any]:
    bound = "MetricIntervalLowerBound" if adjustment > 0 else "MetricIntervalUpperBound"
    return {
        "policyName": name,
        "policyType": "StepScaling",
        "adjustmentType": "ChangeInCapacity",
        "stepAdjustments": [{bound: 0, "ScalingAdjustment": adjustment}],
        "threshold": 50,
        "metric": metric,
    }


@pytest.mark.parametrize(
    ("policies", "found"),
    [
        ([tracking(80), tracking(60, "b")], (16, "scaled", None)),
        ([tracking(60), tracking(80, "b")], (16, "scaled", None)),
        ([tracking(80), tracking(20, "b")], (16, "scaled", None)),
        ([tracking(20), tracking(30, "b")], (10, "scaled", [6, 10])),
        ([tracking(20), tracking(48, "b")], (10, "notAllReady", None)),
        ([tracking(20), tracking(None, "b")], (10, "notAllReady", None)),
        ([tracking(20), tracking(48, "b", disableScaleIn=True)], (10, "scaled", [4, 10])),
        ([tracking(48), stepping(40, -3)], (7, "scaled", None)),
        ([tracking(20), stepping(40, -3)], (10, "scaled", [7, 10])),
        ([tracking(20), tracking(48, "b"), stepping(40, -3)], (7, "scaled", None)),
        ([stepping(40, -3), stepping(40, -1, "b")], (9, "scaled", None)),
        ([stepping(60, 3), stepping(40, -1, "b")], (13, "scaled", None)),
        ([tracking(None), tracking(80, "b")], (16, "scaled", None)),
        ([tracking(48), stepping(60, 3)], (13, "scaled", None)),
    ],
)
def test_several_policies(policies: list[dict[str, Any]], found: tuple[Any, ...]) -> None:
    assert result(scaling_answer(several(*policies))) == found


def test_several_policies_say_who_decides() -> None:
    answer = scaling_answer(several(tracking(80), tracking(60, "b")))
    assert answer["reason"] == (
        "cpu: the high alarm fires: 10 × 80 / 50 = 16, so 16 tasks. The largest result of those that are ready counts."
    )
    waiting = scaling_answer(several(tracking(20), tracking(48, "b"), tracking(49, "c")))
    assert waiting["reason"] == (
        "cpu would scale in, but b and c are not ready to: target tracking scales in only if all of its policies are "
        "ready."
    )
    assert [one["policyName"] for one in waiting["policies"]] == ["cpu", "b", "c"]
    held = scaling_answer(several(tracking(48), tracking(20, "b", disableScaleIn=True)))
    assert held["code"] == "scaleInDisabled"


def test_what_stands_beside_the_policies_counts_for_each() -> None:
    shared = {"policyType": "TargetTrackingScaling", "target": 50, "metric": 80}
    document = {"capacity": 10, **shared, "policies": [{}, {"target": 40}, {"metric": 100}]}
    answer = scaling_answer(document)
    assert [one["range"][0] for one in answer["policies"]] == [16, 20, 20]
    assert [one["policyName"] for one in answer["policies"]] == ["policy 1", "policy 2", "policy 3"]
    mixed = {"capacity": 10, "metric": 80, "threshold": 50, "target": 50}
    step = {name: value for name, value in stepping(60, 3).items() if name not in ("metric", "threshold")}
    answer = scaling_answer({**mixed, "policies": [{"policyType": "TargetTrackingScaling"}, step]})
    assert [one["range"][0] for one in answer["policies"]] == [16, 13]


@pytest.mark.parametrize(
    ("rules", "document", "found"),
    [
        ({"rounding": "down"}, {**BASE, "capacity": 4}, (6, "scaled", None)),
        ({"rounding": "nearest"}, {**BASE, "capacity": 4}, (6, "scaled", None)),
        ({"rounding": "nearest"}, {**BASE, "capacity": 5, "metric": 55}, (6, "scaled", None)),
        ({"rounding": "down"}, {**BASE, "metric": 51}, (10, "AlreadyAtDesiredCapacity", None)),
        ({"several": "smallest"}, several(tracking(80), tracking(60, "b")), (12, "scaled", None)),
        ({"several": "last"}, several(tracking(80), tracking(60, "b")), (12, "scaled", None)),
        ({"several": "last"}, several(tracking(60), tracking(80, "b")), (16, "scaled", None)),
        ({"several": "smallest"}, several(tracking(20), stepping(40, -3)), (10, "scaled", [4, 10])),
        ({"scale_in_needs": "any"}, several(tracking(20), tracking(48, "b")), (10, "scaled", [4, 10])),
        ({"scale_in_size": "at_once"}, {**BASE, "metric": 30}, (6, "scaled", None)),
        ({"low_threshold_percent": 100}, {**BASE, "metric": 45}, (10, "scaled", [9, 10])),
        (
            {"scale_in_while_deploying": True},
            {**BASE, "metric": 20, "deploymentInProgress": True},
            (10, "scaled", [4, 10]),
        ),
        ({"missing_data": "zero"}, {**BASE, "metric": None}, (10, "scaled", [1, 10])),
        ({"missing_data": "zero"}, {**BASE, "capacity": 0, "min": 0, "metric": None}, (0, "noAlarm", None)),
        ({"cooldown_blocks": "all"}, {**BASE, "sinceScaleIn": 60}, (10, "cooldown", None)),
        ({"cooldown_blocks": "all"}, {**BASE, "sinceScaleOut": 60}, (10, "cooldown", None)),
        ({"cooldown_blocks": "all"}, {**BASE, "sinceScaleOut": 300, "sinceScaleIn": 300}, (16, "scaled", None)),
        ({"step_bounds": "values"}, {**IN, "metric": 40}, (10, "noAlarm", None)),
    ],
)
def test_a_belief(rules: dict[str, Any], document: dict[str, Any], found: tuple[Any, ...]) -> None:
    assert result(ask(document, rules)) == found


def test_the_backlog_of_a_queue() -> None:
    queue = {
        "policyType": "TargetTrackingScaling",
        "running": 10,
        "min": 1,
        "max": 100,
        "messages": 1500,
        "target": 100,
    }
    assert ask(queue)["policies"][0]["metric"] == "150"
    assert result(ask(queue)) == (15, "scaled", None)
    assert result(ask(queue, {"backlog": "queue_depth"})) == (100, "scaled", None)
    by_latency = {**queue, "acceptableLatency": 10, "processingTime": 0.1}
    del by_latency["target"]
    assert ask(by_latency)["desired"] == 15
    assert result(ask(queue, running=0, min=0)) == (0, "insufficientData", None)
    assert result(ask(queue, running=0, min=0, zeroGuard=True)) == (1, "fromZero", None)
    assert result(ask(queue, running=0, min=0, zeroGuard=True, messages=0)) == (0, "noAlarm", None)


def test_a_real_request_is_read() -> None:
    step = {
        "PolicyName": "more",
        "ServiceNamespace": "ecs",
        "ResourceId": "service/prod/web",
        "ScalableDimension": "ecs:service:DesiredCount",
        "PolicyType": "StepScaling",
        "StepScalingPolicyConfiguration": {
            "AdjustmentType": "PercentChangeInCapacity",
            "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 10}],
            "MinAdjustmentMagnitude": 4,
            "MetricAggregationType": "Maximum",
            "Cooldown": 60,
        },
        "threshold": 50,
    }
    answer = scaling_answer({"policies": [step], "metric": 80, "MinCapacity": 1, "MaxCapacity": 20, "capacity": 10})
    assert answer["desired"] == 14
    assert answer["policies"][0]["policyName"] == "more"
    without_type = {name: value for name, value in step.items() if name != "PolicyType"}
    assert scaling_answer({**without_type, "metric": 80, "capacity": 10})["desired"] == 14


TRACKING = {"TargetTrackingScalingPolicyConfiguration": {"TargetValue": 50}, "metric": 80, "capacity": 10}
LABEL = {"predefinedMetricType": "ALBRequestCountPerTarget"}


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({}, "policyType must be TargetTrackingScaling, StepScaling, ScheduledScaling or PredictiveScaling, not null."),
        ([], "The document must be an object with named fields, not a list."),
        (
            {**BASE, "policyType": "Simple"},
            'policyType must be TargetTrackingScaling, StepScaling, ScheduledScaling or PredictiveScaling, not "Simple',
        ),
        (
            several({**tracking(1), "policyType": "ScheduledScaling"}),
            "policies[0].policyType must be TargetTrackingScaling or S",
        ),
        ({**BASE, "minn": 1}, "There is no field “minn”; did you mean “min”?"),
        ({**BASE, "min": 5, "max": 4}, "min is 5 and max is 4; min must not be above max."),
        ({**BASE, "min": -1}, "min must be a whole number from 0 to 100000, not -1."),
        ({**BASE, "capacity": 10.0}, "capacity must be a whole number from 0 to 100000, not 10.0."),
        ({**BASE, "capacity": True}, "capacity must be a whole number from 0 to 100000, not true."),
        ({**BASE, "capacity": 100_001}, "capacity must be a whole number from 0 to 100000, not 100001."),
        ({**BASE, "target": 0}, "target must be a number from 0.001 to 1000000000000, not 0."),
        ({**BASE, "metric": float("nan")}, "metric must be a number from -1000000000000 to 1000000000000"),
        ({**BASE, "metric": "80"}, 'metric must be a number from -1000000000000 to 1000000000000, not "80".'),
        ({**BASE, "Target": 5}, "Target says the same as “target”; leave one of them out."),
        ({**BASE, "targetValue": 5}, "targetValue says the same as “target”; leave one of them out."),
        ({**BASE, "dataPoints": [1]}, "dataPoints stands beside metric; leave one of them out."),
        ({**BASE, "zeroGuard": True}, "zeroGuard belongs to messages, not to metric; leave it out."),
        ({k: v for k, v in BASE.items() if k != "metric"}, "metric is missing; null stands for no data."),
        (
            {k: v for k, v in BASE.items() if k != "capacity"},
            "capacity is missing; say how many tasks run, such as 10.",
        ),
        ({**BASE, "addedDuringCooldown": 11}, "addedDuringCooldown must be a whole number from 0 to 10, not 11."),
        ({**BASE, "sinceScaleOut": -1}, "sinceScaleOut must be a whole number from 0 to 10000000, not -1."),
        ({**BASE, "scaleOutCooldown": -1}, "scaleOutCooldown must be a whole number from 0 to 86400, not -1."),
        ({**BASE, "disableScaleIn": 1}, "disableScaleIn must be true or false, not 1."),
        ({**BASE, "deploymentController": "X"}, "deploymentController must be ECS, CODE_DEPLOY or EXTERNAL, not"),
        ({**BASE, "suspendedState": None}, "suspendedState must be an object with named fields, not null."),
        ({**BASE, "suspendedState": {"x": True}}, "There is no field “suspendedState.x”"),
        ({**BASE, "dataPoints": [0] * 1441, "metric": ...}, "dataPoints has 1441 entries, and at most 1440 are taken."),
        (
            {**BASE, "acceptableLatency": 10},
            "target is acceptableLatency / processingTime already; leave one of them out.",
        ),
        (
            {**BASE, "target": ..., "acceptableLatency": 10},
            "processingTime must be a number from 0.001 to 86400, not null.",
        ),
        ({**BASE, "serviceNamespace": "ec2"}, "serviceNamespace must be ecs, not"),
        ({**BASE, "resourceId": "cluster/web"}, "resourceId must be service/CLUSTER/SERVICE, not"),
        ({**BASE, "warmup": 5}, "warmup is a setting of EC2 Auto Scaling groups; Application Auto Scaling"),
        (
            {**STEP, "minAdjustmentMagnitude": 2},
            "minAdjustmentMagnitude belongs to PercentChangeInCapacity only; leave",
        ),
        (
            {
                **STEP,
                "adjustmentType": "ExactCapacity",
                "stepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": -1}],
            },
            "stepAdjustments[0].ScalingAdjustment is -1; ExactCapacity sets a capacity, so 0 is the least.",
        ),
        ({**STEP, "adjustmentType": "Change"}, "adjustmentType must be ChangeInCapacity, PercentChangeInCapacity or"),
        ({**STEP, "metricAggregationType": "Sum"}, "metricAggregationType must be Average, Minimum or Maximum, not"),
        ({**STEP, "comparisonOperator": ">"}, "comparisonOperator must be GreaterThanThreshold, Gr"),
        ({**STEP, "evaluationPeriods": 0}, "evaluationPeriods must be a whole number from 1 to 100, not 0."),
        ({**STEP, "datapointsToAlarm": 2}, "datapointsToAlarm must be a whole number from 1 to 1, not 2."),
        ({**STEP, "threshold": ...}, "threshold must be a number from"),
        ({**TRACKING, "TargetValue": 5}, "target stands beside targetTrackingScalingPolicyConfiguration and in it"),
        (
            {**BASE, "predefinedMetricSpecification": LABEL},
            "predefinedMetricSpecification.resourceLabel must be app/ALB/ID",
        ),
        (
            {
                **BASE,
                "predefinedMetricSpecification": {
                    "predefinedMetricType": CPU,
                    "resourceLabel": "x",
                },
            },
            "predefinedMetricSpecification.resourceLabel belongs to ALBRequestCountPerTarget only; leave it out.",
        ),
        (
            {**BASE, "predefinedMetricSpecification": {"predefinedMetricType": "CPU"}},
            "predefinedMetricSpecification.pre",
        ),
        (several(), "policies is empty; give at least one policy."),
        (several(tracking(1), tracking(2)), 'policies[1].policyName is "cpu" again; give each policy its own name.'),
        (several(tracking(1), threshold=5), "There is no field “threshold”"),
        (several(tracking(1, targett=5)), "There is no field “policies[0].targett”; did you mean “target”?"),
        (several(*[tracking(1, str(at)) for at in range(51)]), "policies has 51 entries, and at most 50 are taken."),
        (several(7), "policies[0] must be an object with named fields, not 7."),  # type: ignore[arg-type]
    ],
)
def test_a_bad_document_is_one_sentence(document: Any, sentence: str) -> None:
    if isinstance(document, dict):
        document = {name: value for name, value in document.items() if value is not ...}
    assert refusal(document).startswith(sentence)


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"capacity": 3, "min": 5, "max": 10}, (5, 5, 10, "out", "scaled")),
        ({"capacity": 12, "min": 5, "max": 10}, (10, 5, 10, "in", "scaled")),
        ({"capacity": 7, "min": 5, "max": 10}, (7, 5, 10, "none", "AlreadyAtDesiredCapacity")),
        ({"capacity": 7, "min": 1, "max": 20, "newMin": 9}, (9, 9, 20, "out", "scaled")),
        ({"capacity": 7, "min": 1, "max": 20, "newMax": 6}, (6, 1, 6, "in", "scaled")),
        (
            {"capacity": 7, "min": 1, "max": 20, "scalableTargetAction": {"minCapacity": 8, "MaxCapacity": 9}},
            (8, 8, 9, "out", "scaled"),
        ),
        (
            {"capacity": 3, "min": 5, "max": 10, "suspendedState": {"scheduledScalingSuspended": True}},
            (3, 5, 10, "none", "suspended"),
        ),
        ({"capacity": 3, "min": 5, "sinceScaleOut": 0, "deploymentInProgress": True}, (5, 5, 100_000, "out", "scaled")),
        ({"capacity": 3, "max": 2}, (2, 0, 2, "in", "scaled")),
    ],
)
def test_a_scheduled_action(more: dict[str, Any], found: tuple[Any, ...]) -> None:
    answer = scaling_answer({"policyType": "ScheduledScaling", **more})
    assert tuple(answer[name] for name in ("desired", "min", "max", "direction", "code")) == found


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"capacity": 3}, "A ScheduledScaling action needs min, max, or both."),
        ({"capacity": 3, "scalableTargetAction": {}}, "scalableTargetAction sets nothing; give it a MinCapacity"),
        (
            {"capacity": 3, "scalableTargetAction": {"minCapacity": 2}, "newMin": 4},
            "newMin stands beside scalableTarget",
        ),
        ({"capacity": 3, "max": 4, "newMin": 5}, "min is 5 and max is 4; min must not be above max."),
        ({"capacity": 3, "min": 4, "schedule": "daily"}, 'schedule is "daily"; it must be at('),
        ({"capacity": 3, "min": 4, "scheduledActionName": 5}, "scheduledActionName must be text, not 5."),
        ({"capacity": 3, "min": 4, "metric": 5}, "There is no field “metric”"),
    ],
)
def test_a_bad_scheduled_action(more: dict[str, Any], sentence: str) -> None:
    assert refusal({"policyType": "ScheduledScaling", **more}).startswith(sentence)


PREDICTIVE = {"policyType": "PredictiveScaling", "capacity": 30, "min": 1, "max": 40, "forecast": 50}
SCALING = {**PREDICTIVE, "mode": "ForecastAndScale"}
INCREASE = {**SCALING, "maxCapacityBreachBehavior": "IncreaseMaxCapacity"}


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (PREDICTIVE, (30, 40, "forecastOnly")),
        (SCALING, (40, 40, "scaled")),
        ({**SCALING, "forecast": 35}, (35, 40, "scaled")),
        ({**SCALING, "forecast": 20}, (30, 40, "AlreadyAtDesiredCapacity")),
        ({**INCREASE, "maxCapacityBuffer": 10}, (50, 55, "scaled")),
        ({**INCREASE, "maxCapacityBuffer": 10, "forecast": 51}, (51, 57, "scaled")),
        ({**INCREASE, "maxCapacityBuffer": 0, "forecast": 20}, (30, 40, "AlreadyAtDesiredCapacity")),
    ],
)
def test_a_predictive_policy(document: dict[str, Any], found: tuple[Any, ...]) -> None:
    answer = scaling_answer(document)
    assert (answer["desired"], answer["max"], answer["code"]) == found


def test_a_predictive_request_and_its_errors() -> None:
    block = {"Mode": "ForecastAndScale", "SchedulingBufferTime": 300, "MetricSpecifications": []}
    assert scaling_answer({**PREDICTIVE, "PredictiveScalingPolicyConfiguration": block})["desired"] == 40
    assert refusal(INCREASE).startswith("maxCapacityBuffer is missing; IncreaseMaxCapacity needs it")
    assert refusal({**SCALING, "maxCapacityBuffer": 5}).startswith("maxCapacityBuffer belongs to IncreaseMaxCapacity")
    assert refusal({**SCALING, "schedulingBufferTime": 3601}).startswith("schedulingBufferTime must be a whole number")


def test_the_formula_is_exact() -> None:
    assert formula(3, Fraction("0.1"), Fraction("0.3")) == 1
    assert formula(100, Fraction(7), Fraction(100)) == 7
    assert formula(4, Fraction(80), Fraction(50), Rounding.DOWN) == 6
    assert formula(1, Fraction(3), Fraction(2), Rounding.NEAREST) == 2


documents = st.fixed_dictionaries(
    {
        "policyType": st.just("TargetTrackingScaling"),
        "running": st.integers(0, 60),
        "desired": st.integers(0, 60),
        "metric": st.one_of(st.none(), st.integers(0, 300)),
        "target": st.integers(1, 200),
        "min": st.integers(0, 10),
        "max": st.integers(10, 70),
    },
    optional={
        "sinceScaleOut": st.integers(0, 400),
        "sinceScaleIn": st.integers(0, 400),
        "deploymentInProgress": st.booleans(),
        "disableScaleIn": st.booleans(),
    },
)


@settings(max_examples=60, deadline=None)
@given(document=documents)
def test_the_bounds_are_never_broken(document: dict[str, Any]) -> None:
    answer = scaling_answer(document)
    assert json.dumps(answer) == json.dumps(scaling_answer(document))
    low, high = answer.get("range", [answer["desired"]] * 2)
    assert low <= answer["desired"] <= high
    if answer["direction"] == "none":
        assert answer["desired"] == document["desired"]
    else:
        assert document["min"] <= low <= high <= max(document["max"], document["desired"])
    metric = document["metric"]
    if answer["direction"] == "in" and answer["code"] == "scaled":
        exact = ceil(Fraction(document["running"] * metric, document["target"]))
        assert min(exact, document["desired"]) <= low
        assert not document.get("deploymentInProgress")
        assert not document.get("disableScaleIn")
    if metric is None:
        assert answer["code"] == "insufficientData"


def test_the_true_rules_are_the_default() -> None:
    assert scaling_answer(BASE) == scaling_answer(BASE, RULES)


def test_exact_capacity_may_be_zero() -> None:
    zero = {**IN, "adjustmentType": "ExactCapacity", "min": 0}
    zero["stepAdjustments"] = [{"MetricIntervalUpperBound": 0, "ScalingAdjustment": 0}]
    assert result(ask(zero)) == (0, "scaled", None)
