"""What the terminal and the quizzes ask of this room: one decision, or a whole run under a load."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator.scaling.alarms import Seen
from simulator.scaling.decide import Decision, decide
from simulator.scaling.other_types import predictive_answer, scheduled_answer
from simulator.scaling.policies import PREDICTIVE, SCHEDULED, Policy, Tracking
from simulator.scaling.question import TARGET_ALIASES, read_question
from simulator.scaling.rules import RULES, ScalingRules
from simulator.scaling.situation import NOT_SCALED, Direction, Proposal, Situation, told
from simulator.scaling.spelling import spelled
from simulator.scaling.summary import run_answer
from simulator.scaling.wording import notes


def scaling_answer(document: Mapping[str, Any], rules: ScalingRules = RULES) -> dict[str, Any]:
    """One scaling decision; with a `load`, the summary of a timed run.

    Parameters
    ----------
    document : see `simulator.scaling.question`; with `load` see `simulator.scaling.scenario`.

    Returns
    -------
    dict
        `{"desired", "direction", "code", "reason", "fix", "policies", "notScaledReasons", "notes"}`; where AWS leaves
        the size of a scale-in open, `desired` is the most, with `"open": true` and `"range": [least, most]`.

    Raises
    ------
    InputError
        With one sentence, for anything that is not such a document, and for what AWS refuses.

    >>> document = {"policyType": "TargetTrackingScaling", "capacity": 10, "metric": 150, "target": 100}
    >>> scaling_answer(document)["desired"]
    15
    """
    flat = spelled(document, "", TARGET_ALIASES)
    if "load" in flat:
        return run_answer(flat, rules)
    kind = _kind(flat)
    if kind == SCHEDULED:
        return scheduled_answer(flat, rules)
    if kind == PREDICTIVE:
        return predictive_answer(flat, rules)
    question = read_question(flat, rules)
    decision = decide(question.policies, question.seen, question.now, rules)
    return decision_document(decision, question.policies, question.seen, question.now)


def decision_document(
    decision: Decision, policies: tuple[Policy, ...], seen: tuple[Seen, ...], now: Situation
) -> dict[str, Any]:
    """A decision as the terminal gives it."""
    answer: dict[str, Any] = {"desired": decision.desired}
    if decision.open:
        answer |= {"open": True, "range": [decision.low, decision.high]}
    answer |= {
        "direction": decision.direction.value,
        "code": decision.code.value,
        "reason": decision.reason,
        "fix": decision.fix,
        "policies": [
            _policy(policy, what, proposal)
            for policy, what, proposal in zip(policies, seen, decision.proposals, strict=True)
        ],
        "notScaledReasons": [],
        "notes": list(notes(policies, decision, now.desired)),
    }
    if decision.direction is Direction.NONE and decision.code in NOT_SCALED:
        answer["notScaledReasons"] = [
            {
                "code": decision.code.value,
                "currentCapacity": now.desired,
                "minCapacity": now.minimum,
                "maxCapacity": now.maximum,
            }
        ]
    return answer


def _kind(document: Mapping[str, Any]) -> Any:
    """What the document is about: its policyType, or what only one kind of real request has."""
    if document.get("policyType") is None:
        for name, kind in (("scalableTargetAction", SCHEDULED), ("predictiveScalingPolicyConfiguration", PREDICTIVE)):
            if name in document:
                return kind
    return document.get("policyType")


def _policy(policy: Policy, seen: Seen, proposal: Proposal) -> dict[str, Any]:
    return {
        "policyName": policy.name,
        "policyType": "TargetTrackingScaling" if isinstance(policy, Tracking) else "StepScaling",
        "metric": None if seen.value is None else told(seen.value),
        "alarm": seen.alarm.value,
        "direction": proposal.direction.value,
        "range": [proposal.low, proposal.high],
        "code": proposal.code.value,
        "reason": proposal.reason,
        "fix": proposal.fix,
    }


ANSWERS: Mapping[str, Callable[[Mapping[str, Any], ScalingRules], dict[str, Any]]] = {"scaling": scaling_answer}
