"""Asking the tables: who does what, what is supported where, and which places remain for what a workload needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator import reading
from simulator.fargate_sizes import fargate_sizes, smallest
from simulator.launch_types.combinations import pairs_of
from simulator.launch_types.features import FEATURES, Support, sentence, support
from simulator.launch_types.options import BILLS, DUTIES, NAMES, Duty, Option
from simulator.launch_types.rules import LaunchTypesRules, SpotCapacity
from simulator.launch_types.workload import read_cpu, read_memory

_FIELDS = ("needs", "interruptionTolerant", "cpu", "memory")


def duty_answer(document: Mapping[str, Any], rules: LaunchTypesRules) -> dict[str, Any]:  # noqa: ARG001
    """`{"duty": code or "ALL"}`: who holds the layer, in every place. No rule changes it."""
    reading.known_fields(document, "", ("duty",))
    codes = [duty.code for duty in DUTIES]
    asked = reading.choice(document.get("duty"), "duty", [*codes, "ALL"])
    return {"kind": "duties", "duties": [_duty(duty) for duty in DUTIES if asked in (duty.code, "ALL")]}


def feature_answer(document: Mapping[str, Any], rules: LaunchTypesRules) -> dict[str, Any]:
    """`{"feature": code}`: whether each place supports it, with a sentence each."""
    reading.known_fields(document, "", ("feature",))
    code = reading.choice(document.get("feature"), "feature", list(FEATURES))
    return {"kind": "feature", **_feature(code, rules)}


def option_answer(document: Mapping[str, Any], rules: LaunchTypesRules) -> dict[str, Any]:
    """`{"launchType": …}`: everything about one place: who holds what, what is paid, what is supported."""
    reading.known_fields(document, "", ("launchType",))
    option = Option(reading.choice(document.get("launchType"), "launchType", list(Option)))
    return {
        "kind": "option",
        "option": option.value,
        "isLaunchType": support("LAUNCH_TYPE", option, rules) is Support.SUPPORTED,
        "selectedBy": sentence("LAUNCH_TYPE", option, rules),
        "pays": BILLS[option],
        "duties": {duty.code: duty.holder(option).value for duty in DUTIES},
        "features": {code: support(code, option, rules).value for code in FEATURES},
        "sentences": {code: sentence(code, option, rules) for code in FEATURES},
    }


def needs_answer(document: Mapping[str, Any], rules: LaunchTypesRules) -> dict[str, Any]:
    """`{"needs", "interruptionTolerant", "cpu", "memory"}`: which places remain, and each other with its reasons.

    A workload that does not tolerate interruption (the default) needs UNINTERRUPTED. What is undocumented rules
    nothing out: such a place is `unsure`.
    """
    reading.known_fields(document, "", _FIELDS)
    raw = reading.items(document.get("needs"), "needs", most=len(FEATURES))
    needs = list(dict.fromkeys(reading.choice(one, f"needs[{i}]", list(FEATURES)) for i, one in enumerate(raw)))
    tolerant = reading.flag(_given(document, "interruptionTolerant", False), "interruptionTolerant")
    if not tolerant and "UNINTERRUPTED" not in needs:
        needs.append("UNINTERRUPTED")
    cpu = read_cpu(_given(document, "cpu", 0), "cpu", low=0)
    memory = read_memory(_given(document, "memory", 0), "memory", low=0)
    remaining: list[str] = []
    unsure: list[dict[str, Any]] = []
    ruled_out: list[dict[str, Any]] = []
    for option in Option:
        reasons = _reasons(option, needs, Support.NOT_SUPPORTED, rules)
        if (too_large := _too_large(option, cpu, memory, windows="WINDOWS" in needs)) is not None:
            reasons.append(too_large)
        open_ = _reasons(option, needs, Support.UNDOCUMENTED, rules)
        if reasons:
            ruled_out.append({"option": option.value, "reasons": reasons})
        elif open_:
            unsure.append({"option": option.value, "reasons": open_})
        else:
            remaining.append(option.value)
    return {
        "kind": "choice",
        "needs": needs,
        "remaining": remaining,
        "unsure": unsure,
        "ruledOut": ruled_out,
        "leastChange": None if remaining else _least_change(ruled_out, unsure),
        "reason": _reason(remaining, unsure),
        "note": _note(remaining, tolerant, rules),
    }


def _reasons(option: Option, needs: list[str], code: Support, rules: LaunchTypesRules) -> list[dict[str, str]]:
    found = [
        {"need": need, "code": code.value, "reason": sentence(need, option, rules)}
        for need in needs
        if support(need, option, rules) is code
    ]
    # What a place cannot do alone needs no word on the pair.
    alone = [support(need, option, rules) for need in needs]
    if code is Support.UNDOCUMENTED or Support.NOT_SUPPORTED not in alone:
        pairs = (pair for pair in pairs_of(needs) if pair.support(option) is code)
        found += [{"need": pair.name, "code": code.value, "reason": pair.says} for pair in pairs]
    return found


def _too_large(option: Option, cpu: int, memory: int, *, windows: bool) -> dict[str, str] | None:
    if option not in (Option.FARGATE, Option.FARGATE_SPOT) or smallest(cpu, memory, windows=windows) is not None:
        return None
    largest, amounts = max(fargate_sizes(windows=windows).items())
    whom = " for Windows" if windows else ""
    return {
        "need": "SIZE",
        "code": Support.NOT_SUPPORTED.value,
        "reason": f"{NAMES[option]} has no size of {cpu} CPU units and {memory} MiB{whom}; the largest has {largest} "
        f"and {max(amounts)}.",
    }


def _least_change(ruled_out: list[dict[str, Any]], unsure: list[dict[str, Any]]) -> str:
    """What to find out or to give up so that a place remains."""
    if unsure:
        asked = ", ".join(reason["need"] for reason in unsure[0]["reasons"])
        return f"Find out about {asked} on {NAMES[Option(unsure[0]['option'])]}: nothing else rules it out."
    nearest = min(ruled_out, key=lambda one: len(one["reasons"]))
    given_up = " and ".join(reason["need"] for reason in nearest["reasons"])
    return f"Without {given_up}, {NAMES[Option(nearest['option'])]} would remain."


def _reason(remaining: list[str], unsure: list[dict[str, Any]]) -> str:
    if remaining:
        names = [NAMES[Option(one)] for one in remaining]
        return f"{', '.join(names)} can do all of it."
    return "Nothing is known to do all of it." if unsure else "No place does all of it."


def _note(remaining: list[str], tolerant: bool, rules: LaunchTypesRules) -> str:
    if tolerant and Option.FARGATE_SPOT.value in remaining and rules.spot_capacity is SpotCapacity.INTERRUPTED:
        return "On Fargate Spot a task can go with two minutes' notice; mix it with FARGATE to keep some."
    return "AWS recommends capacity providers over launch types."


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "duty": duty.code,
        "label": duty.label,
        "question": duty.question,
        "who": {option.value: duty.holder(option).value for option in Option},
        "sentences": {option.value: duty.sentence(option) for option in Option},
    }


def _feature(code: str, rules: LaunchTypesRules) -> dict[str, Any]:
    return {
        "feature": code,
        "what": FEATURES[code].what,
        "support": {option.value: support(code, option, rules).value for option in Option},
        "sentences": {option.value: sentence(code, option, rules) for option in Option},
    }


def _given(document: Mapping[str, Any], name: str, default: Any) -> Any:
    value = document.get(name)
    return default if value is None else value
