"""Answers in, places out: which remain, which answer rules out each other, and the least that brings it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator import reading
from simulator.launch_types.features import Support
from simulator.launch_types.places import PLACES, QUESTIONS, Place, Question, question, verdict
from simulator.launch_types.rules import LaunchTypesRules

IN, OUT, UNSURE = "IN", "OUT", "UNSURE"


def places_answer(document: Mapping[str, Any], rules: LaunchTypesRules) -> dict[str, Any]:
    """`{"answers": {code: true}}`: every place with its verdict, and for one that is out what would bring it back.

    An answer that is true is the one that narrows; one that is false or left out rules out nothing. A list names those
    that narrow. What AWS does not document rules nothing out either: such a place is `UNSURE`.

    Raises
    ------
    InputError
        For a question that there is not, or an answer that is neither true nor false.
    """
    reading.known_fields(document, "", ("answers",))
    asked = _narrowing(document.get("answers"))
    found = [_place(place, asked, rules) for place in PLACES]
    named = {verdict: [one["place"] for one in found if one["verdict"] == verdict] for verdict in (IN, OUT, UNSURE)}
    nearest = None if named[IN] else _nearest(found)
    return {
        "kind": "places",
        "answers": [one.code for one in asked],
        "places": found,
        "remaining": named[IN],
        "unsure": named[UNSURE],
        "out": named[OUT],
        "orchestrators": list(dict.fromkeys(one["orchestrator"] for one in found if one["verdict"] == IN)),
        "leastChange": nearest,
        "reason": _reason(found),
    }


def _narrowing(answers: Any) -> list[Question]:
    codes = [asked.code for asked in QUESTIONS]
    if isinstance(answers, list | tuple):
        listed = reading.items(answers, "answers", most=len(codes))
        named = {reading.choice(code, f"answers[{at}]", codes) for at, code in enumerate(listed)}
    else:
        given = reading.mapping(answers, "answers")
        reading.known_fields(given, "answers", codes)
        said = {code: reading.flag(value, f"answers.{code}") for code, value in given.items() if value is not None}
        named = {code for code, yes in said.items() if yes}
    return [one for one in QUESTIONS if one.code in named]


def _place(place: Place, asked: Sequence[Question], rules: LaunchTypesRules) -> dict[str, Any]:
    reasons: list[dict[str, str]] = []
    for one in asked:
        support, why = verdict(place, one, rules)
        if support is not Support.SUPPORTED:
            reasons.append(
                {
                    "question": one.code,
                    "code": support.value,
                    "lacks": one.lacks if support is Support.NOT_SUPPORTED else "not documented",
                    "reason": why,
                }
            )
    against = [one for one in reasons if one["code"] == Support.NOT_SUPPORTED.value]
    return {
        "place": place.code,
        "orchestrator": place.orchestrator,
        "name": place.name,
        "what": place.what,
        "verdict": OUT if against else UNSURE if reasons else IN,
        "reasons": reasons,
        "bringsBack": _brings_back(against, doubts=len(reasons) > len(against)) if against else "",
    }


def _brings_back(against: Sequence[Mapping[str, str]], *, doubts: bool) -> str:
    """The answers to take back, and whether that is enough."""
    changed = [f"“{question(one['question']).asks}” with “{question(one['question']).wide}”" for one in against]
    listed = changed[0] if len(changed) == 1 else f"{', '.join(changed[:-1])} and {changed[-1]}"
    also = ", and it is no longer ruled out, though AWS does not document the rest" if doubts else ", and it is back"
    return f"Answer {listed}{also}."


def _nearest(found: Sequence[Mapping[str, Any]]) -> str:
    """Where nothing is sure to remain: what to find out, or the fewest answers to take back."""
    open_ = [one for one in found if one["verdict"] == UNSURE]
    if open_:
        what = _asked([reason["question"] for reason in open_[0]["reasons"]])
        return f"Find out about {what} on {_called(open_[0])}: nothing rules it out."
    fewest = min(len(_against(one)) for one in found)
    ways: dict[tuple[str, ...], list[str]] = {}
    for one in found:
        if len(_against(one)) == fewest:
            ways.setdefault(_against(one), []).append(_called(one))
    told = [f"{_asked(taken)}, and {_back(names)}" for taken, names in ways.items()]
    return f"Take back {'one answer' if fewest == 1 else f'{fewest} answers'}: {'; or '.join(told)}."


def _against(one: Mapping[str, Any]) -> tuple[str, ...]:
    """The questions whose answers rule a place out."""
    return tuple(reason["question"] for reason in one["reasons"] if reason["code"] == Support.NOT_SUPPORTED.value)


def _asked(codes: Sequence[str]) -> str:
    return " and ".join(f"“{question(code).asks}”" for code in codes)


def _back(names: Sequence[str]) -> str:
    return f"{names[0]} is back" if len(names) == 1 else f"{len(names)} places are back"


def _called(one: Mapping[str, Any]) -> str:
    return f"{one['name']} under {one['orchestrator']}"


def _reason(found: Sequence[Mapping[str, Any]]) -> str:
    left = [one for one in found if one["verdict"] == IN]
    if len(left) == len(found):
        return "All ten places remain."
    if left:
        names = [_called(one) for one in left]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        return f"{len(left)} of {len(found)} remain{'s' if len(left) == 1 else ''}: {listed}."
    if any(one["verdict"] == UNSURE for one in found):
        return "No place is known to do all of it."
    return "No place does all of it."
