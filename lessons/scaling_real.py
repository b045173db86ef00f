"""What a figure on service auto scaling shows, as one would set it up: the AWS CLI's commands, and a template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import yaml

from lessons.for_real import TEMPLATE, Snippet, command
from lessons.scaling_presets import LABEL
from simulator.scaling.other_types import read_action
from simulator.scaling.policies import BACKLOG, CPU, MEMORY, PREDEFINED, QUEUE, REQUESTS, Policy, Stepping, Tracking
from simulator.scaling.question import TARGET_ALIASES, read_question
from simulator.scaling.scenario import START_TIME, read_scenario
from simulator.scaling.spelling import spelled
from simulator.scaling.steps import PERCENT, Step

CLUSTER, SERVICE = "harbor", "web"
RESOURCE = f"service/{CLUSTER}/{SERVICE}"
TARGET: dict[str, Any] = {
    "ServiceNamespace": "ecs",
    "ScalableDimension": "ecs:service:DesiredCount",
    "ResourceId": RESOURCE,
}
# What a scenario says beside AWS's settings.
NOT_SET = {
    "load": "the load",
    "service": "what a task can do",
    "worker": "what a task can do",
    "placeable": "the room in the cluster",
    "scaleIn": "how many tasks go at once, which AWS leaves open",
    "missingData": "the silence of the metric",
    "deployments": "when a deployment runs",
    "changes": "what you changed on the way",
}
_DIMENSIONS = [{"Name": "ClusterName", "Value": CLUSTER}, {"Name": "ServiceName", "Value": SERVICE}]
_ALARM_METRICS = {CPU: "CPUUtilization", MEMORY: "MemoryUtilization"}


def snippets(scenario: Mapping[str, Any]) -> tuple[Snippet, ...]:
    """The commands that set a scenario's scaling up, and the same as a template."""
    plan = read_scenario({name: value for name, value in scenario.items() if name != "changes"})
    actions = list(_actions(scenario))
    register = command(
        "application-autoscaling",
        "register-scalable-target",
        {**TARGET, "MinCapacity": plan.minimum, "MaxCapacity": plan.maximum},
    )
    parts = [register, *_policy_commands(plan.policies)]
    parts += [command("application-autoscaling", "put-scheduled-action", {**TARGET, **action}) for action in actions]
    title = f"The service `{SERVICE}` of the cluster `{CLUSTER}`, scaled as the figure shows"
    template = _template(plan.policies, plan.minimum, plan.maximum, actions)
    return (
        Snippet(title=title, text="\n\n".join(parts), note=_left_out(scenario)),
        Snippet(title="The same as a CloudFormation template", text=template, kind=TEMPLATE),
    )


def step_snippets(document: Mapping[str, Any]) -> tuple[Snippet, ...]:
    """Each step policy and the alarm that calls it: two things, and both are yours to create."""
    question = read_question(
        spelled({**document, "policies": [{**one, "metric": 0} for one in document["policies"]]}, "", TARGET_ALIASES)
    )
    text = "\n\n".join(_policy_commands(question.policies))
    return (Snippet(title="The policies, and the alarms that call them", text=text),)


def _left_out(scenario: Mapping[str, Any]) -> str:
    named = [words for name, words in NOT_SET.items() if scenario.get(name) not in (None, [])]
    return f"No setting of AWS’s: {'; '.join(named)}." if named else ""


def _policy_commands(policies: tuple[Policy, ...]) -> Iterator[str]:
    for policy in policies:
        yield command(
            "application-autoscaling",
            "put-scaling-policy",
            {**TARGET, "PolicyName": policy.name, **_configured(policy)},
        )
        if isinstance(policy, Stepping):
            arn = f"POLICY_ARN_{re.sub('[^A-Z0-9]+', '_', policy.name.upper())}"
            yield command("cloudwatch", "put-metric-alarm", {**_alarm(policy), "AlarmActions": [arn]})


def _configured(policy: Policy) -> dict[str, Any]:
    """A policy's type and settings, in AWS's names."""
    if isinstance(policy, Stepping):
        settings: dict[str, Any] = {
            "AdjustmentType": policy.adjustment,
            "Cooldown": policy.cooldown,
            "StepAdjustments": [_step(step) for step in policy.steps],
        }
        if policy.adjustment == PERCENT and policy.magnitude:
            settings["MinAdjustmentMagnitude"] = policy.magnitude
        return {"PolicyType": "StepScaling", "StepScalingPolicyConfiguration": settings}
    settings = {
        "TargetValue": _number(policy.target),
        **_metric(policy),
        "ScaleOutCooldown": policy.out_cooldown,
        "ScaleInCooldown": policy.in_cooldown,
    }
    if not policy.scale_in:
        settings["DisableScaleIn"] = True
    return {"PolicyType": "TargetTrackingScaling", "TargetTrackingScalingPolicyConfiguration": settings}


def _metric(policy: Tracking) -> dict[str, Any]:
    if policy.metric in PREDEFINED:
        label = {"ResourceLabel": LABEL} if policy.metric == REQUESTS else {}
        return {"PredefinedMetricSpecification": {"PredefinedMetricType": policy.metric, **label}}
    queue = {
        "Namespace": "AWS/SQS",
        "MetricName": QUEUE,
        "Dimensions": [{"Name": "QueueName", "Value": "orders"}],
    }
    if policy.metric != BACKLOG:
        return {"CustomizedMetricSpecification": {**queue, "Statistic": "Sum"}}
    running = {"Namespace": "ECS/ContainerInsights", "MetricName": "RunningTaskCount", "Dimensions": _DIMENSIONS}
    metrics = [
        {"Id": "m1", "MetricStat": {"Metric": queue, "Stat": "Sum"}, "ReturnData": False},
        {"Id": "m2", "MetricStat": {"Metric": running, "Stat": "Average"}, "ReturnData": False},
        {"Id": "e1", "Expression": "m1 / m2", "Label": "backlog per task", "ReturnData": True},
    ]
    return {"CustomizedMetricSpecification": {"Metrics": metrics}}


def _alarm(policy: Stepping) -> dict[str, Any]:
    comparison = policy.comparison or (
        "LessThanOrEqualToThreshold" if policy.steps[0].lower is None else "GreaterThanOrEqualToThreshold"
    )
    return {
        "AlarmName": f"{SERVICE}-{policy.name}",
        "Namespace": "AWS/ECS",
        "MetricName": _ALARM_METRICS.get(policy.metric, policy.metric),
        "Dimensions": _DIMENSIONS,
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": policy.periods,
        "DatapointsToAlarm": policy.datapoints,
        "Threshold": _number(policy.threshold),
        "ComparisonOperator": comparison,
    }


def _step(step: Step) -> dict[str, Any]:
    bounds = {"MetricIntervalLowerBound": step.lower, "MetricIntervalUpperBound": step.upper}
    given = {name: _number(value) for name, value in bounds.items() if value is not None}
    return {**given, "ScalingAdjustment": step.adjustment}


def _actions(scenario: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    start = datetime.fromisoformat(str(scenario.get("startTime", START_TIME)))
    for number, entry in enumerate(scenario.get("scheduledActions") or (), start=1):
        action = spelled(entry, "scheduledActions")
        minimum, maximum = read_action(action["scalableTargetAction"], "scalableTargetAction")
        at = start + timedelta(minutes=action.get("atMinute", 0))
        ends = {"MinCapacity": minimum, "MaxCapacity": maximum}
        zone = {"Timezone": action["timezone"]} if "timezone" in action else {}
        yield {
            "ScheduledActionName": action.get("scheduledActionName", f"action-{number}"),
            "Schedule": action.get("schedule") or f"at({at:%Y-%m-%dT%H:%M:%S})",
            **zone,
            "ScalableTargetAction": {name: value for name, value in ends.items() if value is not None},
        }


def _template(policies: tuple[Policy, ...], minimum: int, maximum: int, actions: list[dict[str, Any]]) -> str:
    target = {**TARGET, "MinCapacity": minimum, "MaxCapacity": maximum}
    if actions:
        target["ScheduledActions"] = actions
    resources: dict[str, Any] = {
        "Target": {"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": target}
    }
    for number, policy in enumerate(policies, start=1):
        configured = {"PolicyName": policy.name, "ScalingTargetId": {"Ref": "Target"}, **_configured(policy)}
        resources[f"Policy{number}"] = {
            "Type": "AWS::ApplicationAutoScaling::ScalingPolicy",
            "Properties": configured,
        }
        if isinstance(policy, Stepping):
            alarm = {**_alarm(policy), "AlarmActions": [{"Ref": f"Policy{number}"}]}
            resources[f"Alarm{number}"] = {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm}
    return yaml.dump({"Resources": resources}, Dumper=_Plain, sort_keys=False, width=100)


class _Plain(yaml.SafeDumper):
    """Writes what stands in two places twice, and not once with a reference to it."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
