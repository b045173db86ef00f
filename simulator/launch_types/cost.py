"""What the same workload costs on Fargate, Fargate Spot and EC2. Source: facts 4 of the deployments sheet."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.fargate_sizes import smallest
from simulator.launch_types.break_even import break_even
from simulator.launch_types.fleet import Server, instances_needed, per_instance, read_server, server_notes, used_share
from simulator.launch_types.options import BILLS, Option
from simulator.launch_types.rules import Cheaper, FargateBills, IdleInstances, LaunchTypesRules, SpotPrice
from simulator.launch_types.workload import FIELDS, Kind, Workload, read_workload
from simulator.prices import SPOT_MOST_DISCOUNT_PERCENT, fargate_hour, published

QUOTA_VCPUS = 6


def cost_answer(document: Mapping[str, Any], rules: LaunchTypesRules) -> dict[str, Any]:
    """The bill of a workload wherever a price is known, the cheapest of the firm ones, and the break-even with EC2.

    Raises
    ------
    InputError
        For what cannot be read, and for an EC2 side without its price.
    """
    reading.known_fields(document, "", FIELDS)
    workload = read_workload(document)
    discount = document.get("spotDiscountPercent")
    if discount is not None:
        reading.number(discount, "spotDiscountPercent", low=0, high=SPOT_MOST_DISCOUNT_PERCENT)
    server = None if document.get("ec2") is None else read_server(document["ec2"])
    if server is not None:
        workload = _same_architecture(workload, server, document)
    bills = [
        _fargate(workload, architecture, option, rules, discount)
        for option in (Option.FARGATE, Option.FARGATE_SPOT)
        for architecture in workload.architectures
    ]
    bills += [_ec2(workload, server, rules), _managed(workload, server, rules), _external()]
    firm = [bill for bill in bills if bill["total"] is not None and bill["option"] in _FIRM]
    answer: dict[str, Any] = {
        "kind": "cost",
        "hours": _plain(workload.hours),
        "billedSecondsPerTask": workload.billed_seconds(rules),
        "bills": bills,
        "cheapest": _cheapest(firm, rules),
        "breakEven": None,
        "prices": published(),
        "notes": _notes(workload, server, document),
    }
    if server is not None and len(workload.kinds) == 1:
        kind = workload.kinds[0]
        hourly = _hourly(kind, workload.architectures[0], workload, rules)
        each, limited = per_instance(server, kind)
        given = None if discount is None else Fraction(str(discount))
        found = break_even(_instance_hour(server, rules), hourly, each, limited, rules, given)
        answer["breakEven"] = found and {"architecture": workload.architectures[0], **found}
    return answer


_FIRM = (Option.FARGATE.value, Option.EC2.value)


def dollars(amount: Fraction, places: int = 2) -> float:
    """An amount for an answer, a half rounded up.

    >>> dollars(Fraction("9.010025")), dollars(Fraction("0.045"))
    (9.01, 0.05)
    """
    return floor(amount * 10**places + Fraction(1, 2)) / 10**places


def _same_architecture(workload: Workload, server: Server, document: Mapping[str, Any]) -> Workload:
    """With an instance of a known architecture, only its images can be meant: the other is left to Fargate alone."""
    asked = document.get("cpuArchitecture")
    if asked is not None and server.arm is not None and (asked == "ARM64") is not server.arm:
        raise InputError(
            f"cpuArchitecture is {asked}, and {server.name} is {'ARM64' if server.arm else 'X86_64'}; change one.",
            path="cpuArchitecture",
        )
    if asked is None and server.arm:
        return Workload(
            kinds=workload.kinds,
            hours=workload.hours,
            runs=workload.runs,
            seconds=workload.seconds,
            architectures=workload.architectures[::-1],
            used=workload.used,
        )
    return workload


def _hourly(kind: Kind, architecture: str, workload: Workload, rules: LaunchTypesRules) -> Fraction | None:
    """What one task of a kind costs an hour on Fargate; None if there is no size for it."""
    size = smallest(kind.cpu, kind.memory)
    if size is None:
        return None
    used = workload.used if rules.fargate_bills is FargateBills.USED else (Fraction(1), Fraction(1))
    return fargate_hour(
        Fraction(size[0], 1024) * used[0],
        Fraction(size[1], 1024) * used[1],
        architecture=architecture,
        storage_gb=kind.storage,
        included_gb=rules.included_storage_gb,
    )


def _fargate(
    workload: Workload, architecture: str, option: Option, rules: LaunchTypesRules, discount: Any
) -> dict[str, Any]:
    hourly = [_hourly(kind, architecture, workload, rules) for kind in workload.kinds]
    row: dict[str, Any] = {"option": option.value, "architecture": architecture, "pays": BILLS[option]}
    if None in hourly:
        kind = workload.kinds[hourly.index(None)]
        reason = f"Fargate has no size of {kind.cpu} CPU units and {kind.memory} MiB; make the task smaller."
        return {**row, "total": None, "reason": reason}
    hours = Fraction(workload.billed_seconds(rules), 3600)
    total = sum(
        (kind.count * hours * (rate or 0) for kind, rate in zip(workload.kinds, hourly, strict=True)), Fraction(0)
    )
    row["sizes"] = [_size(kind) for kind in workload.kinds]
    if option is Option.FARGATE:
        return {**row, "total": dollars(total), "exact": dollars(total, 6), "reason": _billed_as(workload)}
    return {**row, **_spot(total, rules, discount)}


def _spot(total: Fraction, rules: LaunchTypesRules, discount: Any) -> dict[str, Any]:
    if discount is not None or rules.spot_price is SpotPrice.ALWAYS_SEVENTY:
        percent = Fraction(str(discount)) if discount is not None else Fraction(SPOT_MOST_DISCOUNT_PERCENT)
        less = total * (100 - percent) / 100
        return {"total": dollars(less), "reason": f"With {_plain(percent)} % less than on demand."}
    least = total * (100 - SPOT_MOST_DISCOUNT_PERCENT) / 100
    return {
        "total": None,
        "from": dollars(least),
        "to": dollars(total),
        "open": True,
        "reason": "Up to 70 % less than on demand: the price moves, so give spotDiscountPercent for one figure.",
    }


def _size(kind: Kind) -> dict[str, Any]:
    size = smallest(kind.cpu, kind.memory)
    assert size is not None, "asked only where there is one"
    return {"name": kind.name, "cpu": size[0], "memory": size[1], "isAsked": size == (kind.cpu, kind.memory)}


def _ec2(workload: Workload, server: Server | None, rules: LaunchTypesRules) -> dict[str, Any]:
    row: dict[str, Any] = {"option": Option.EC2.value, "pays": BILLS[Option.EC2], "total": None}
    if server is None:
        reason = "No EC2 price is kept here: give ec2 with instanceType and instanceHourlyPrice from AWS's price page."
        return {**row, "reason": reason}
    needed = instances_needed(server, workload)
    if needed is None:
        return {**row, "reason": f"A task does not fit on a {server.name}; take a larger type."}
    count = max(needed, server.fixed or 0)
    if server.fixed is not None and server.fixed < needed:
        return {
            **row,
            "instances": needed,
            "reason": f"The tasks need {needed} instances, not {server.fixed}; add them.",
        }
    total = count * workload.hours * _instance_hour(server, rules)
    share = used_share(server, workload, count)
    if rules.idle_instances is IdleInstances.FREE:
        total *= share
    return {
        **row,
        "instances": count,
        "usedPercent": dollars(share * 100),
        "total": dollars(total),
        "exact": dollars(total, 6),
        "reason": f"{count} {server.name} for {_plain(workload.hours)} hours, used or not.",
    }


def _instance_hour(server: Server, rules: LaunchTypesRules) -> Fraction:
    return server.hourly * (100 + rules.ecs_surcharge_percent) / 100


def _managed(workload: Workload, server: Server | None, rules: LaunchTypesRules) -> dict[str, Any]:
    ec2 = _ec2(workload, server, rules)
    option = Option.MANAGED_INSTANCES
    row: dict[str, Any] = {"option": option.value, "pays": BILLS[option], "total": None}
    if ec2["total"] is not None:
        row["atLeast"] = ec2["total"]
    return {**row, "reason": "The management fee was not found, so there is no total."}


def _external() -> dict[str, Any]:
    option = Option.EXTERNAL
    reason = "The fee for a registered instance was not found, so there is no total."
    return {"option": option.value, "pays": BILLS[option], "total": None, "reason": reason}


def _cheapest(firm: list[dict[str, Any]], rules: LaunchTypesRules) -> dict[str, Any] | None:
    """The lowest firm total; a belief may know it beforehand."""
    believed = {Cheaper.FARGATE: Option.FARGATE.value, Cheaper.EC2: Option.EC2.value}.get(rules.cheaper)
    among = [bill for bill in firm if believed in (None, bill["option"])] or firm
    if not among:
        return None
    best = min(among, key=lambda bill: bill["exact"])
    return {"option": best["option"], "architecture": best.get("architecture"), "total": best["total"]}


def _billed_as(workload: Workload) -> str:
    """What is billed, and which kinds of tasks have no size of their own and are billed as the next one."""
    count = sum(kind.count for kind in workload.kinds)
    rounded = [
        f" Fargate has no size of {kind.cpu} CPU units and {kind.memory} MiB, so {kind.name} takes the next: "
        f"{size['cpu']} and {size['memory']}."
        for kind in workload.kinds
        if not (size := _size(kind))["isAsked"]
    ]
    return f"{count} task{'' if count == 1 else 's'}, billed by the size in the task definition.{''.join(rounded)}"


def _notes(workload: Workload, server: Server | None, document: Mapping[str, Any]) -> list[str]:
    notes: list[str] = []
    if "ARM64" in workload.architectures:
        notes.append("The ARM64 rows hold for an image that is built for ARM64.")
    vcpus = sum(Fraction(kind.cpu, 1024) * kind.count for kind in workload.kinds)
    if vcpus > QUOTA_VCPUS:
        notes.append(f"{_plain(Fraction(vcpus))} vCPUs at once: a new account starts with a Fargate quota of 6.")
    if server is not None:
        notes += server_notes(server, reading.mapping(document["ec2"], "ec2"))
        if len(workload.kinds) > 1:
            notes.append("Kinds of tasks are packed in the order written, binpack on memory: a simulator choice.")
    return notes


def _plain(number: Fraction) -> int | float:
    return int(number) if number.denominator == 1 else round(float(number), 3)
