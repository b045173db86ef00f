"""The share of an instance that must be used so that EC2 is cheaper than Fargate: exact, with points of the curve.

An instance costs the same however much of it is used; on Fargate only the tasks that run are paid. So with `n` tasks
on a full instance the two cost the same when the used share is `instance / (n * task)`, both for an hour.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

from simulator.launch_types.rules import Cheaper, IdleInstances, LaunchTypesRules
from simulator.prices import SPOT_MOST_DISCOUNT_PERCENT

POINTS = 20  # the curve has a point for each twentieth


def break_even(
    instance: Fraction,
    task: Fraction | None,
    each: int,
    limited: list[str],
    rules: LaunchTypesRules,
    discount: Fraction | None = None,
) -> dict[str, Any] | None:
    """The break-even of one kind of task.

    Parameters
    ----------
    instance : what one instance costs an hour.
    task : what one task costs an hour on Fargate; None where there is no such size.
    each : how many tasks fill the instance; `limited` says what stops there.
    discount : percent that Fargate Spot is taken to cost less; None where nobody says it.

    Returns
    -------
    dict or None
        None where nothing can be compared: no task fits on the instance, or there is no Fargate size for it.
    """
    if task is None or not each or not task:
        return None
    full = each * task
    believed = {Cheaper.FARGATE: "FARGATE", Cheaper.EC2: "EC2"}.get(rules.cheaper)
    if rules.idle_instances is IdleInstances.FREE:
        believed = believed or ("EC2" if instance < full else "FARGATE")
    share = instance / full
    answer: dict[str, Any] = {
        "tasksPerInstance": each,
        "limitedBy": limited,
        "instanceHour": _shown(instance),
        "fullOnFargateHour": _shown(full),
        "curve": [_point(Fraction(at, POINTS), instance, full, rules, discount) for at in range(POINTS + 1)],
    }
    if believed is not None:
        return {**answer, "fraction": None, "percent": None, "always": believed, "reason": f"{believed} is cheaper."}
    spot = share * 100 / (100 - SPOT_MOST_DISCOUNT_PERCENT)
    if discount is not None:
        answer["percentWithSpotDiscount"] = _shown(share * 10_000 / (100 - discount), 2)
    fewest = floor(instance / task) + 1
    return {
        **answer,
        "fraction": f"{share.numerator}/{share.denominator}",
        "percent": _shown(share * 100, 2),
        "percentWithMostSpotDiscount": _shown(spot * 100, 2),
        "fewestTasksForEc2": fewest if fewest <= each else None,
        "always": None if share < 1 else "FARGATE",
        "reason": _reason(share, each, fewest),
    }


def _point(
    used: Fraction, instance: Fraction, full: Fraction, rules: LaunchTypesRules, discount: Fraction | None
) -> dict[str, Any]:
    ec2 = instance * used if rules.idle_instances is IdleInstances.FREE else instance
    fargate = full * used
    least = fargate * (100 - SPOT_MOST_DISCOUNT_PERCENT) / 100
    cheaper = "SAME" if ec2 == fargate else "EC2" if ec2 < fargate else "FARGATE"
    point = {
        "usedPercent": int(used * 100),
        "ec2": _shown(ec2),
        "fargate": _shown(fargate),
        "fargateSpotLeast": _shown(least),
        "cheaper": cheaper,
    }
    if discount is not None:
        point["fargateSpot"] = _shown(fargate * (100 - discount) / 100)
    return point


def _reason(share: Fraction, each: int, fewest: int) -> str:
    percent = _shown(share * 100, 2)
    if share > 1:
        return f"Even a full instance costs more than its {each} tasks on Fargate, so Fargate is always cheaper."
    if share == 1:
        return f"A full instance costs what its {each} tasks cost on Fargate: EC2 is never cheaper."
    return (
        f"Above {percent} % of the instance used, EC2 is cheaper: {fewest} of {each} tasks running all the time, or "
        f"all {each} for more than {percent} % of the time. Below it, Fargate is."
    )


def _shown(amount: Fraction, places: int = 6) -> float:
    return floor(amount * 10**places + Fraction(1, 2)) / 10**places
