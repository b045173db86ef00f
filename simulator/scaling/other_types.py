"""Scheduled actions and predictive policies: what sets the capacity without an alarm (facts 2.4 and 2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.scaling.policies import REQUEST_FIELDS, SCHEDULED, check_target
from simulator.scaling.question import COUNTS, MOST_TASKS, STATE_FIELDS, read_range, read_situation
from simulator.scaling.rules import RULES, ScalingRules, Scheduled
from simulator.scaling.schedule import read_schedule
from simulator.scaling.situation import Code, Situation, tasks
from simulator.scaling.spelling import spelled

ACTION_FIELDS = ("minCapacity", "maxCapacity")
_TEXTS = ("scheduledActionName", "timezone", "startTime", "endTime")
SCHEDULED_FIELDS = (
    *STATE_FIELDS,
    *REQUEST_FIELDS,
    "policyType",
    "newMin",
    "newMax",
    "scalableTargetAction",
    "schedule",
    *_TEXTS,
)
FORECAST_ONLY = "ForecastOnly"
FORECAST_AND_SCALE = "ForecastAndScale"
HONOR = "HonorMaxCapacity"
INCREASE = "IncreaseMaxCapacity"
MOST_BUFFER = 100  # percent
PREDICTIVE_FIELDS = (
    *COUNTS,
    *REQUEST_FIELDS,
    "policyType",
    "policyName",
    "forecast",
    "mode",
    "schedulingBufferTime",
    "maxCapacityBreachBehavior",
    "maxCapacityBuffer",
    "predictiveScalingPolicyConfiguration",
)


def scheduled_answer(document: Mapping[str, Any], rules: ScalingRules = RULES) -> dict[str, Any]:
    """What a scheduled action does at its time: a new range, and the capacity pulled into it.

    Cooldowns do not hold it back, and nothing is restored later. When that time is, in whatever time zone, changes
    nothing of what the action does.
    """
    reading.known_fields(document, "", SCHEDULED_FIELDS)
    check_target(document, "")
    now = read_situation(document)
    if "schedule" in document:
        read_schedule(document["schedule"], "schedule")
    for name in _TEXTS:
        if name in document:
            reading.text(document[name], name)
    minimum, maximum = _new_range(document, now)
    if now.scheduled_suspended:
        return {
            "desired": now.desired,
            "min": now.minimum,
            "max": now.maximum,
            "direction": "none",
            "code": Code.SUSPENDED.value,
            "reason": "ScheduledScalingSuspended is true, so the action does nothing.",
            "fix": "set ScheduledScalingSuspended to false",
        }
    desired = pulled(now.desired, minimum, maximum, rules)
    return {"desired": desired, "min": minimum, "max": maximum, **_moved(now.desired, desired, minimum, maximum)}


def pulled(desired: int, minimum: int, maximum: int, rules: ScalingRules = RULES) -> int:
    """The desired count after a scheduled action: into the new range, and not further.

    >>> [pulled(capacity, 5, 10) for capacity in (3, 12, 7)]
    [5, 10, 7]
    """
    return minimum if rules.scheduled is Scheduled.MINIMUM else max(minimum, min(maximum, desired))


def read_action(value: Any, path: str) -> tuple[int | None, int | None]:
    """ScalableTargetAction: a new MinCapacity, a new MaxCapacity, or both."""
    document = spelled(value, path)
    reading.known_fields(document, path, ACTION_FIELDS)
    minimum, maximum = (
        None if document.get(name) is None else reading.whole(document[name], f"{path}.{name}", low=0, high=MOST_TASKS)
        for name in ACTION_FIELDS
    )
    if minimum is None and maximum is None:
        raise InputError(f"{path} sets nothing; give it a MinCapacity, a MaxCapacity, or both.", path=path)
    return minimum, maximum


def predictive_answer(document: Mapping[str, Any], rules: ScalingRules = RULES) -> dict[str, Any]:
    """What a predictive policy makes of one hour's forecast. It never takes capacity away here: AWS's text has no word
    on that, and the answer's `note` says so."""
    del rules  # the forecast is given; none of the other rules concerns it
    flat = dict(document)
    block = "predictiveScalingPolicyConfiguration"
    if block in flat:
        inner = spelled(flat.pop(block), block)
        flat = {**flat, **inner}
    flat.pop("metricSpecifications", None)  # the forecast is given
    reading.known_fields(flat, "", PREDICTIVE_FIELDS)
    check_target(flat, "")
    now = read_situation(flat)
    mode = reading.choice(flat.get("mode", FORECAST_ONLY), "mode", (FORECAST_ONLY, FORECAST_AND_SCALE))
    breach = reading.choice(
        flat.get("maxCapacityBreachBehavior", HONOR), "maxCapacityBreachBehavior", (HONOR, INCREASE)
    )
    reading.whole(flat.get("schedulingBufferTime", 300), "schedulingBufferTime", low=0, high=3600)
    forecast = reading.whole(flat.get("forecast"), "forecast", low=0, high=MOST_TASKS)
    maximum = now.maximum
    if "maxCapacityBuffer" in flat:
        if breach != INCREASE:
            raise InputError(
                f"maxCapacityBuffer belongs to {INCREASE}; set maxCapacityBreachBehavior to it, or leave it out.",
                path="maxCapacityBuffer",
            )
        buffer = reading.whole(flat["maxCapacityBuffer"], "maxCapacityBuffer", low=0, high=MOST_BUFFER)
        maximum = max(maximum, ceil(forecast * Fraction(100 + buffer, 100)))
    elif breach == INCREASE:
        raise InputError(f"maxCapacityBuffer is missing; {INCREASE} needs it, in percent.", path="maxCapacityBuffer")
    if mode == FORECAST_ONLY:
        return {
            "desired": now.desired,
            "max": maximum,
            "direction": "none",
            "code": Code.FORECAST_ONLY.value,
            "reason": f"The policy only forecasts: {forecast} tasks would be wanted.",
            "fix": f"set mode to {FORECAST_AND_SCALE}",
        }
    desired = max(now.desired, now.minimum, min(forecast, maximum))
    note = "Whether a forecast takes capacity away is not said in AWS's API text; here it only adds."
    moved = _moved(now.desired, desired, now.minimum, maximum)
    if desired == now.desired:
        moved["reason"] = f"{desired} are desired already, and the forecast of {tasks(forecast)} adds none."
    return {"desired": desired, "max": maximum, **moved, "note": note}


def _new_range(document: Mapping[str, Any], now: Situation) -> tuple[int, int]:
    """The range after the action: `scalableTargetAction`, or `newMin` and `newMax`, or simply `min` and `max`."""
    minimum: int | None = None
    maximum: int | None = None
    if "scalableTargetAction" in document:
        minimum, maximum = read_action(document["scalableTargetAction"], "scalableTargetAction")
        twice = next((name for name in ("newMin", "newMax") if name in document), None)
        if twice is not None:
            raise InputError(f"{twice} stands beside scalableTargetAction; leave one of them out.", path=twice)
    else:
        minimum, maximum = (
            None if document.get(name) is None else reading.whole(document[name], name, low=0, high=MOST_TASKS)
            for name in ("newMin", "newMax")
        )
        if minimum is None and maximum is None and "min" not in document and "max" not in document:
            raise InputError(f"A {SCHEDULED} action needs min, max, or both.", path="min")
    after = replace(
        now,
        minimum=now.minimum if minimum is None else minimum,
        maximum=now.maximum if maximum is None else maximum,
    )
    return read_range(after.minimum, after.maximum)


def _moved(before: int, after: int, minimum: int, maximum: int) -> dict[str, str]:
    span = f"{minimum} to {maximum}" if maximum < MOST_TASKS else f"from {minimum} on"
    if after == before:
        reason = f"{before} is within the range {span}, so it stays; the policies go on inside it."
        return {"direction": "none", "code": Code.AT_DESIRED.value, "reason": reason, "fix": ""}
    way = "up" if after > before else "down"
    return {
        "direction": "out" if after > before else "in",
        "code": Code.SCALED.value,
        "reason": f"{before} goes {way} to {after}, into the range {span}.",
        "fix": "",
    }
