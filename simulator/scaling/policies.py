"""Scaling policies: the records, and reading them from short documents or from real PutScalingPolicy requests.

Both spellings are read (`TargetValue`, `targetValue`), and a policy may be flat (`{"policyType", "target", …}`) or have
its settings where AWS has them (`TargetTrackingScalingPolicyConfiguration`, `StepScalingPolicyConfiguration`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.scaling.spelling import spelled
from simulator.scaling.steps import ADJUSTMENT_TYPES, EXACT, MOST_METRIC, PERCENT, Step, read_steps

TRACKING = "TargetTrackingScaling"
STEP = "StepScaling"
SCHEDULED = "ScheduledScaling"
PREDICTIVE = "PredictiveScaling"
POLICY_TYPES = (TRACKING, STEP)  # those that answer to a metric
ALL_TYPES = (*POLICY_TYPES, SCHEDULED, PREDICTIVE)

CPU = "ECSServiceAverageCPUUtilization"
MEMORY = "ECSServiceAverageMemoryUtilization"
REQUESTS = "ALBRequestCountPerTarget"  # requests per target and minute
BACKLOG = "BacklogPerTask"  # our name for the guide's metric math
QUEUE = "ApproximateNumberOfMessagesVisible"
HIGH_RESOLUTION = (f"{CPU}HighResolution", f"{MEMORY}HighResolution")
PREDEFINED = (CPU, MEMORY, REQUESTS, *HIGH_RESOLUTION)

ABOVE = ("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")
BELOW = ("LessThanThreshold", "LessThanOrEqualToThreshold")
COMPARISONS = (*ABOVE, *BELOW)

DEFAULT_COOLDOWN = 300  # seconds, for ECS services (facts 2.2, 2.3)
MOST_COOLDOWN = 86_400  # ours
MOST_MAGNITUDE = 10_000  # ours
MOST_PERIODS = 100  # ours
LEAST_TARGET = Fraction(1, 1000)  # ours

REQUEST_FIELDS = ("serviceNamespace", "resourceId", "scalableDimension")  # what a real request names its target by
COMMON_FIELDS = (
    "policyType",
    "policyName",
    *REQUEST_FIELDS,
    "metricName",
    "predefinedMetricSpecification",
    "customizedMetricSpecification",
)
TRACKING_FIELDS = (
    *COMMON_FIELDS,
    "target",
    "acceptableLatency",
    "processingTime",
    "disableScaleIn",
    "scaleOutCooldown",
    "scaleInCooldown",
    "targetTrackingScalingPolicyConfiguration",
)
STEP_POLICY_FIELDS = (
    *COMMON_FIELDS[:6],
    "adjustmentType",
    "stepAdjustments",
    "minAdjustmentMagnitude",
    "cooldown",
    "metricAggregationType",
    "stepScalingPolicyConfiguration",
    "threshold",
    "comparisonOperator",
    "evaluationPeriods",
    "datapointsToAlarm",
)
ALIASES = {"targetValue": "target"}
WARMUPS = ("estimatedInstanceWarmup", "instanceWarmup", "defaultInstanceWarmup", "warmup")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """A target tracking policy. Cooldowns are seconds; `metric` is a name, the target is in its unit."""

    name: str
    target: Fraction
    metric: str = CPU
    scale_in: bool = True
    out_cooldown: int = DEFAULT_COOLDOWN
    in_cooldown: int = DEFAULT_COOLDOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepping:
    """A step policy with the alarm that you made for it: `datapoints` of the last `periods` must breach.

    `comparison` is None where the document gives no operator: then the steps say on which side of the threshold it is.
    """

    name: str
    adjustment: str
    steps: tuple[Step, ...]
    threshold: Fraction
    comparison: str | None = None
    metric: str = CPU
    cooldown: int = DEFAULT_COOLDOWN
    magnitude: int = 0
    periods: int = 1
    datapoints: int = 1


Policy = Tracking | Stepping


def fields_of(kind: str) -> tuple[str, ...]:
    """The fields that a policy of a type may have."""
    return TRACKING_FIELDS if kind == TRACKING else STEP_POLICY_FIELDS


def policy_type(document: Mapping[str, Any], path: str, options: Sequence[str] = POLICY_TYPES) -> str:
    """Which of the two types a policy is; the settings' own block tells it too."""
    given = document.get("policyType")
    if given is None and "targetTrackingScalingPolicyConfiguration" in document:
        return TRACKING
    if given is None and "stepScalingPolicyConfiguration" in document:
        return STEP
    return reading.choice(given, reading.join(path, "policyType"), options)


def read_policy(document: Mapping[str, Any], path: str, *, number: int = 1, metric: str = CPU) -> Policy:
    """One policy.

    Parameters
    ----------
    document : spelled in lowerCamelCase already (`spelled`).
    number : for the name of a policy without one: "policy 1".
    metric : what it watches if it does not say.

    Raises
    ------
    InputError
        With one sentence that names the field.
    """
    kind = policy_type(document, path)
    block = "targetTrackingScalingPolicyConfiguration" if kind == TRACKING else "stepScalingPolicyConfiguration"
    flat = dict(document)
    if block in flat:
        inner = spelled(flat.pop(block), reading.join(path, block), ALIASES)
        refuse_warmup(inner, reading.join(path, block))
        twice = next((name for name in inner if name in flat), None)
        if twice is not None:
            where = reading.join(path, twice)
            raise InputError(f"{where} stands beside {block} and in it; leave one of them out.", path=where)
        flat.update(inner)
    refuse_warmup(flat, path)
    reading.known_fields(flat, path, fields_of(kind))
    check_target(flat, path)
    name = flat.get("policyName")
    named = f"policy {number}" if name is None else reading.text(name, reading.join(path, "policyName"), longest=256)
    watched = _metric(flat, path, metric)
    return _tracking(flat, path, named, watched) if kind == TRACKING else _stepping(flat, path, named, watched)


def check_target(flat: Mapping[str, Any], path: str) -> None:
    """Refuse a real request whose scalable target is not an ECS service."""
    for name, only in (("serviceNamespace", "ecs"), ("scalableDimension", "ecs:service:DesiredCount")):
        if name in flat:
            reading.choice(flat[name], reading.join(path, name), (only,))
    if "resourceId" in flat:
        where = reading.join(path, "resourceId")
        given = reading.text(flat["resourceId"], where, longest=1600)
        if not re.fullmatch(r"service/[^/]+/[^/]+", given):
            raise InputError(f"{where} must be service/CLUSTER/SERVICE, not {reading.shown(given)}.", path=where)


def refuse_warmup(document: Mapping[str, Any], path: str) -> None:
    """Refuse a warm-up, which Application Auto Scaling does not have (facts 2.3)."""
    for name in WARMUPS:
        if name in document:
            where = reading.join(path, name)
            raise InputError(
                f"{where} is a setting of EC2 Auto Scaling groups; Application Auto Scaling, which scales ECS "
                "services, has no warm-up: use the cooldown.",
                path=where,
            )


def _metric(flat: Mapping[str, Any], path: str, default: str) -> str:
    found = default
    for name in ("predefinedMetricSpecification", "customizedMetricSpecification"):
        if name in flat:
            found = _specified(flat[name], reading.join(path, name), predefined=name.startswith("pre"), default=default)
    if "metricName" in flat:
        found = reading.text(flat["metricName"], reading.join(path, "metricName"))
    return found


def _specified(value: Any, path: str, *, predefined: bool, default: str) -> str:
    document = spelled(value, path)
    if not predefined:
        # A customized metric's dimensions and metric math are AWS's affair; only its name is used.
        given = document.get("metricName")
        return default if given is None else reading.text(given, f"{path}.metricName")
    reading.known_fields(document, path, ("predefinedMetricType", "resourceLabel"))
    kind = reading.choice(document.get("predefinedMetricType"), f"{path}.predefinedMetricType", PREDEFINED)
    label = document.get("resourceLabel")
    if kind == REQUESTS:
        where = f"{path}.resourceLabel"
        written = "" if label is None else reading.text(label, where, longest=1023)
        if not re.fullmatch(r"app/[^/]+/[^/]+/targetgroup/[^/]+/[^/]+", written):
            raise InputError(
                f"{where} must be app/ALB/ID/targetgroup/TARGET-GROUP/ID for {REQUESTS}, not {reading.shown(label)}.",
                path=where,
            )
    elif label is not None:
        raise InputError(
            f"{path}.resourceLabel belongs to {REQUESTS} only; leave it out.", path=f"{path}.resourceLabel"
        )
    return kind


def _tracking(flat: Mapping[str, Any], path: str, name: str, metric: str) -> Tracking:
    off = reading.flag(flat.get("disableScaleIn", False), reading.join(path, "disableScaleIn"))
    return Tracking(
        name=name,
        target=_target(flat, path),
        metric=metric,
        scale_in=not off,
        out_cooldown=_seconds(flat, path, "scaleOutCooldown"),
        in_cooldown=_seconds(flat, path, "scaleInCooldown"),
    )


def _target(flat: Mapping[str, Any], path: str) -> Fraction:
    """The target value, or for a queue the acceptable latency over the processing time of a message (facts 2.6)."""
    given = [name for name in ("acceptableLatency", "processingTime") if flat.get(name) is not None]
    if not given:
        return reading.number(flat.get("target"), reading.join(path, "target"), low=LEAST_TARGET, high=MOST_METRIC)
    if "target" in flat:
        where = reading.join(path, "target")
        raise InputError(f"{where} is acceptableLatency / processingTime already; leave one of them out.", path=where)
    latency, each = (
        reading.number(flat.get(name), reading.join(path, name), low=LEAST_TARGET, high=MOST_COOLDOWN)
        for name in ("acceptableLatency", "processingTime")
    )
    return latency / each


def _stepping(flat: Mapping[str, Any], path: str, name: str, metric: str) -> Stepping:
    adjustment = reading.choice(flat.get("adjustmentType"), reading.join(path, "adjustmentType"), ADJUSTMENT_TYPES)
    steps = read_steps(flat.get("stepAdjustments"), reading.join(path, "stepAdjustments"))
    if adjustment == EXACT:
        for at, step in enumerate(steps):
            if step.adjustment < 0:
                where = f"{reading.join(path, 'stepAdjustments')}[{at}].ScalingAdjustment"
                raise InputError(
                    f"{where} is {step.adjustment}; {EXACT} sets a capacity, so 0 is the least.", path=where
                )
    magnitude = flat.get("minAdjustmentMagnitude")
    if magnitude is not None:
        where = reading.join(path, "minAdjustmentMagnitude")
        if adjustment != PERCENT:
            raise InputError(f"{where} belongs to {PERCENT} only; leave it out for {adjustment}.", path=where)
        magnitude = reading.whole(magnitude, where, low=1, high=MOST_MAGNITUDE)
    if flat.get("metricAggregationType") is not None:
        reading.choice(
            flat["metricAggregationType"],
            reading.join(path, "metricAggregationType"),
            ("Average", "Minimum", "Maximum"),
        )
    comparison = flat.get("comparisonOperator")
    if comparison is not None:
        comparison = reading.choice(comparison, reading.join(path, "comparisonOperator"), COMPARISONS)
    where = reading.join(path, "evaluationPeriods")
    periods = reading.whole(flat.get("evaluationPeriods", 1), where, low=1, high=MOST_PERIODS)
    where = reading.join(path, "datapointsToAlarm")
    return Stepping(
        name=name,
        adjustment=adjustment,
        steps=steps,
        threshold=reading.number(
            flat.get("threshold"), reading.join(path, "threshold"), low=-MOST_METRIC, high=MOST_METRIC
        ),
        comparison=comparison,
        metric=metric,
        cooldown=_seconds(flat, path, "cooldown"),
        magnitude=magnitude or 0,
        periods=periods,
        datapoints=reading.whole(flat.get("datapointsToAlarm", periods), where, low=1, high=periods),
    )


def _seconds(flat: Mapping[str, Any], path: str, name: str) -> int:
    given = flat.get(name)
    if given is None:
        return DEFAULT_COOLDOWN
    return reading.whole(given, reading.join(path, name), low=0, high=MOST_COOLDOWN)
