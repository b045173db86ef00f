"""The question of managed scaling: from M and N to the group's next size, and when it gets there. Source: facts 3.3."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from simulator import reading
from simulator.capacity.reservation import Measure, Settings, aim, measure, shrink_path, within
from simulator.capacity.rules import CapacityRules, Rounding
from simulator.capacity.strategy import given
from simulator.errors import InputError

MOST_INSTANCES = 10_000
MOST_EXTRA = 1_000_000
SCALING_FIELDS = (
    "status", "targetCapacity", "minimumScalingStepSize", "maximumScalingStepSize", "instanceWarmupPeriod",
)  # fmt: skip
SIZE_FIELDS = ("minSize", "maxSize", "min", "max")
CLOCK_FIELDS = ("youngestInstanceAge", "dataPointsBelowTarget", "minutesSinceScaleOut", "managedTerminationProtection")
MANAGED_SCALING = "managedScaling"
FIELDS = (
    "running", "extra", "empty", "daemonOnly", "fitsSmallest", MANAGED_SCALING, *SCALING_FIELDS, *SIZE_FIELDS,
    *CLOCK_FIELDS,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What has gone before. `age` of the youngest instance in seconds, None if all are warm."""

    age: int | None = None
    points_below: int = 0
    since_scale_out: int | None = None


def reservation_answer(document: Mapping[str, Any], rules: CapacityRules) -> dict[str, Any]:
    """M, the metric, and the size that managed scaling asks for.

    Parameters
    ----------
    document : `running` (N), `extra` (instances that the waiting tasks are estimated to need), `empty` (instances
        without a task other than daemon tasks), the fields of AWS's `managedScaling`, and what else is known:
        `minSize`, `maxSize`, `fitsSmallest`, `daemonOnly`, `youngestInstanceAge`, `dataPointsBelowTarget`,
        `minutesSinceScaleOut`, `managedTerminationProtection`.

    Raises
    ------
    InputError
        With one sentence.
    """
    reading.known_fields(document, "", FIELDS)
    running = reading.whole(document.get("running"), "running", low=0, high=MOST_INSTANCES)
    extra = reading.whole(given(document, "extra", 0), "extra", low=0, high=MOST_EXTRA)
    empty = reading.whole(given(document, "empty", 0), "empty", low=0, high=MOST_INSTANCES)
    daemons = reading.whole(given(document, "daemonOnly", 0), "daemonOnly", low=0, high=MOST_INSTANCES)
    if empty > running:
        raise InputError(f"empty is {empty}, and only {running} instances run.", path="empty")
    if daemons > empty:
        raise InputError(
            f"daemonOnly is {daemons}, and only {empty} instances are empty; an instance with only daemon tasks is "
            "an empty one.",
            path="daemonOnly",
        )
    settings, clock = read_settings(document), read_clock(document)
    excluded = not reading.flag(given(document, "fitsSmallest", True), "fitsSmallest")
    if rules.daemon_keeps:
        empty -= daemons
    point = measure(running, extra, empty, settings, rules, excluded=excluded)
    return conclusion(point, settings, clock, rules)


def conclusion(point: Measure, settings: Settings, clock: Clock, rules: CapacityRules) -> dict[str, Any]:
    """What follows from one data point, as an answer."""
    running = point.running
    desired = within(aim(point, settings, rules), settings) if settings.enabled else running
    answer: dict[str, Any] = {
        "M": point.needed,
        "N": running,
        "reservation": _shown(point.reservation),
        "desired": desired,
        "desiredNow": running,
    }
    if not settings.enabled:
        return answer | {"action": "none", "reason": "Managed scaling is DISABLED: ECS does not size the group."}
    by_sizes = _by_sizes(point, desired, aim(point, settings, rules))
    if by_sizes:
        answer |= by_sizes
    elif desired > running:
        answer |= _outward(point, desired, settings, clock, rules)
    elif desired < running:
        answer |= _inward(point, desired, settings, clock, rules)
    else:
        answer |= {"action": "none", "reason": _at_rest(point, settings, rules)}
    wanted = aim(point, settings, rules)
    if wanted > desired:
        answer |= _held_back(point, settings, desired, wanted)
    if point.needed is None and running == desired:
        answer["staysProvisioning"] = True
        answer["fix"] = (
            "Take the smaller instance types out of the group, or give the large tasks a provider of their own."
        )
    return answer | _from_zero(point, settings)


def read_settings(document: Mapping[str, Any], path: str = "", sizes: Mapping[str, Any] | None = None) -> Settings:
    """`managedScaling`, and the group's sizes from `sizes` (or the same document)."""

    least, most = _sizes(document if sizes is None else sizes)
    inside: Mapping[str, Any] = {}
    if document.get(MANAGED_SCALING) is not None:
        document, inside = _opened(document)

    def at(name: str) -> str:
        return reading.join(path, f"{MANAGED_SCALING}.{name}" if name in inside else name)

    def number(name: str, default: int, low: int, high: int) -> int:
        return reading.whole(given(document, name, default), at(name), low=low, high=high)

    step = number("minimumScalingStepSize", 1, 1, 10_000), number("maximumScalingStepSize", 10_000, 1, 10_000)
    if step[0] > step[1]:
        where = at("minimumScalingStepSize")
        raise InputError(f"{where} is {step[0]}, above maximumScalingStepSize {step[1]}; swap them.", path=where)
    status = reading.choice(given(document, "status", "ENABLED"), at("status"), ("ENABLED", "DISABLED"))
    return Settings(
        target=number("targetCapacity", 100, 1, 100),
        least_step=step[0],
        most_step=step[1],
        warm_up=number("instanceWarmupPeriod", 300, 0, 10_000),
        enabled=status == "ENABLED",
        protection=read_protection(document, path, status),
        least=least,
        most=most,
    )


def read_protection(document: Mapping[str, Any], path: str, status: str) -> bool:
    """`managedTerminationProtection`, which needs managed scaling."""
    where = reading.join(path, "managedTerminationProtection")
    chosen = reading.choice(given(document, "managedTerminationProtection", "DISABLED"), where, ("ENABLED", "DISABLED"))
    if chosen == "ENABLED" and status != "ENABLED":
        raise InputError(f"{where} is ENABLED, and it needs managed scaling; enable managedScaling too.", path=where)
    return chosen == "ENABLED"


def read_clock(document: Mapping[str, Any]) -> Clock:
    """What has gone before, from the document."""

    def optional(name: str, high: int) -> int | None:
        return None if document.get(name) is None else reading.whole(document[name], name, low=0, high=high)

    return Clock(
        age=optional("youngestInstanceAge", 10_000_000),
        points_below=optional("dataPointsBelowTarget", 10_000) or 0,
        since_scale_out=optional("minutesSinceScaleOut", 1_000_000),
    )


def _opened(document: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The document with the settings that AWS has in `managedScaling` beside the others, and these settings."""
    block = reading.mapping(document[MANAGED_SCALING], MANAGED_SCALING)
    reading.known_fields(block, MANAGED_SCALING, SCALING_FIELDS)
    twice = next((name for name in block if document.get(name) is not None), None)
    if twice is not None:
        raise InputError(f"{twice} stands beside {MANAGED_SCALING} and in it; keep one of them.", path=twice)
    return {**document, **block}, block


def _sizes(document: Mapping[str, Any]) -> tuple[int, int | None]:
    """MinSize and MaxSize of the group, also written `min` and `max`."""
    found: dict[str, int] = {}
    for long, short in (("minSize", "min"), ("maxSize", "max")):
        both = [name for name in (long, short) if document.get(name) is not None]
        if len(both) == 2:
            raise InputError(f"Both {long} and {short} are given, and they are one thing; keep {long}.", path=short)
        for name in both:
            found[long] = reading.whole(document[name], name, low=0, high=MOST_INSTANCES)
    least, most = found.get("minSize", 0), found.get("maxSize")
    if most is not None and least > most:
        raise InputError(f"minSize is {least}, above maxSize {most}; swap them.", path="minSize")
    return least, most


def _outward(point: Measure, desired: int, settings: Settings, clock: Clock, rules: CapacityRules) -> dict[str, Any]:
    said = f"{_equation(point)}, above the target {settings.target}: {_sizing(point, settings, desired)}."
    age = clock.age
    if rules.warm_up_blocks and age is not None and age < settings.warm_up:
        left = settings.warm_up - age
        return {
            "action": "wait",
            "waitsFor": "instanceWarmupPeriod",
            "afterSeconds": left,
            "reason": f"{said} An instance is {age} s old, and no scale-out begins while one is younger than "
            f"{settings.warm_up} s: it waits {left} s.",
        }
    points = rules.scale_out_points
    return {
        "action": "scale-out",
        "desiredNow": desired,
        "afterMinutes": points,
        "dataPoints": points,
        "reason": f"{said} One data point above the target is enough.",
    }


def _inward(point: Measure, desired: int, settings: Settings, clock: Clock, rules: CapacityRules) -> dict[str, Any]:
    points = rules.scale_in_points
    left = max(0, points - clock.points_below)
    if clock.since_scale_out is not None:
        left = max(left, points - clock.since_scale_out)
    path = shrink_path(point.running, desired, rules)
    said = f"{_equation(point)}, below the target {settings.target}: {_sizing(point, settings, desired)}."
    answer: dict[str, Any] = {
        "action": "wait" if left else "scale-in",
        "desiredNow": point.running if left else path[1],
        "afterMinutes": left,
        "dataPoints": points,
        "path": list(path),
        "reason": f"{said} Scale-in takes {points} one-minute data points below the target, then each minute at least "
        "one instance and at most half of the group.",
    }
    if left:
        answer["waitsFor"] = "dataPoints"
    other = Rounding.CEIL if rules.scale_in_rounding is Rounding.FLOOR else Rounding.FLOOR
    if path != shrink_path(point.running, desired, replace(rules, scale_in_rounding=other)):
        answer["open"] = True
        answer["note"] = "AWS does not say how half of an odd number is rounded; the end is sure, the way there is not."
    if settings.protection:
        answer["reason"] += " Termination protection: only instances without a task other than daemon tasks may go."
    return answer


def _by_sizes(point: Measure, desired: int, wanted: int) -> dict[str, Any] | None:
    """What MinSize or MaxSize alone does to the group; None where the policy wants to go that way too."""
    running = point.running
    if desired > running >= wanted:
        how, why = "scale-out", f"no more than {wanted}: it is the group's MinSize that keeps at least {desired}"
    elif desired < running <= wanted:
        how, why = "scale-in", f"no fewer than {wanted}: it is the group's MaxSize that allows only {desired}"
    else:
        return None
    return {"action": how, "desiredNow": desired, "reason": f"{_equation(point)}, and the policy wants {why}."}


def _held_back(point: Measure, settings: Settings, desired: int, wanted: int) -> dict[str, Any]:
    """What MaxSize keeps away: room for tasks that wait, or only what is asked for beyond it."""
    fix = f"Raise the Auto Scaling group's MaxSize from {settings.most} to {wanted}"
    if point.needed is None or desired < point.needed:
        return {"staysProvisioning": True, "fix": f"{fix}; ECS never changes it."}
    why = "for the spare room that targetCapacity asks for" if point.running else "to let it begin with two instances"
    return {"fix": f"{fix} {why}; ECS never changes it."}


def _from_zero(point: Measure, settings: Settings) -> dict[str, Any]:
    """From an empty group AWS documents two instances at targetCapacity 100; for the rest there is only a span."""
    if point.running or point.reservation <= 100 or (settings.target == 100 and settings.least_step <= 2):
        return {}
    high = max(-(-200 // settings.target), settings.least_step)
    return {
        "open": True,
        "range": [within(2, settings), within(high, settings)],
        "note": "The guide says that an empty group always gets two instances first. With targetCapacity below 100 or "
        "minimumScalingStepSize above 2 the same arithmetic gives more, and AWS does not say which wins.",
    }


def _at_rest(point: Measure, settings: Settings, rules: CapacityRules) -> str:
    if point.excluded:
        return (
            f"Every waiting task is larger than the smallest instance type and is left out of the estimate, so the "
            f"metric stays at targetCapacity {settings.target} and nothing scales; the tasks stay in PROVISIONING."
        )
    if point.reservation == settings.target:
        return f"{_equation(point)}, on the target {settings.target}."
    if not point.running and not point.needed:
        return f"{_equation(point)}: no instance runs and none is needed."
    wanted = aim(point, settings, rules)
    if wanted != point.running:
        limit = f"MaxSize {settings.most}" if wanted > point.running else f"MinSize {settings.least}"
        return f"{_equation(point)}: the policy wants {wanted}, and the group's {limit} holds it at {point.running}."
    return f"{_equation(point)}; rounded up, {point.running} instances are needed to stay at or below the target."


def _equation(point: Measure) -> str:
    if point.needed is None:
        return f"The metric is {_shown(point.reservation)}"
    if not point.running:
        return f"M is {point.needed} and N is 0, for which the metric is {_shown(point.reservation)}"
    return f"M / N = {point.needed} / {point.running} = {_shown(point.reservation)} %"


def _sizing(point: Measure, settings: Settings, desired: int) -> str:
    if not point.running:
        return f"an empty group gets {desired} first"
    if point.needed is None:
        return f"{desired} instances"
    return f"{point.needed} x 100 / {settings.target}, rounded up and inside the group's sizes, is {desired}"


def _shown(value: Fraction) -> float:
    """One decimal, for display."""
    return round(float(value), 1)
