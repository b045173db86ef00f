"""What the terminal and the quizzes ask of this room: a document in, a document out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator.network.addresses import dotted
from simulator.network.finding import Reach, Tried, examine
from simulator.network.fits import Fit, fit_to_dict
from simulator.network.health import symptom
from simulator.network.model import Verdict
from simulator.network.rules import RULES, NetworkRules

START_ORDER = "The order of the calls (secrets, image, log driver) is a convention of ours; AWS's is undocumented."
_MANAGED_PULL = "Open: which interface pulls images on Managed Instances is undocumented; here it is the instance's."
# Scheme of CreateLoadBalancer in the elasticloadbalancingv2 API; facts 2.4: a group as a peer means private addresses.
_FROM_INSIDE = (
    "{} is internet-facing, and its name means public addresses: a client in the VPC that uses the name leaves the VPC "
    "and comes back, and no rule that names its group admits it. Here its private address is taken; an internal load "
    "balancer keeps it so."
)


def network_answer(document: Mapping[str, Any], rules: NetworkRules = RULES) -> dict[str, Any]:
    """Whether a packet arrives, and what stops it; or what fits on an instance.

    Parameters
    ----------
    document : a VPC with a question (`from` and `to`, or `taskStart`; the fields of `simulator.network.world`), or
        `launchType`, `networkMode`, `portMappings`, `instanceType`, `count` without one (`simulator.network.fits`).

    Returns
    -------
    dict
        `{"reachable", "code", "path", "blockedBy", "where", "fix", "message", "notes"}`, for a load balancer also
        `targets` and `symptom`, for `taskStart` also `calls`; for what fits `{"allowed", "code", …}`.

    Raises
    ------
    InputError
        With one sentence, for anything that is not such a document.

    >>> network_answer({})["code"]
    'REACHABLE'
    >>> network_answer({"tasks": {"web": {"securityGroups": ["default"]}}})["fix"]["sentence"]
    'Add to default the inbound rule “80 from sg-alb”.'
    """
    found = examine(document, rules)
    if isinstance(found, Fit):
        return fit_to_dict(found)
    answer = _verdict(found.verdict)
    if found.start:
        answer |= _start(found)
    if found.tried:
        first = found.tried[0]
        asked = found.question.kind != "health"
        answer["symptom"] = symptom(first.verdict, first.way, first.health, asked=asked)
        answer["targets"] = [_target(one) for one in found.tried]
    answer["notes"] = [*answer["notes"], *_open_points(found)]
    return answer


ANSWERS: Mapping[str, Callable[[Mapping[str, Any], NetworkRules], dict[str, Any]]] = {"network": network_answer}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "reachable": verdict.reachable,
        "code": verdict.code,
        "message": verdict.message,
        "path": [hop.to_dict() for hop in verdict.hops],
        "blockedBy": verdict.blocked_by,
        "where": verdict.where,
        "fix": verdict.fix.to_dict() if verdict.fix else None,
        "notes": list(verdict.notes),
    }


def _start(found: Reach) -> dict[str, Any]:
    start, verdict = found.start, found.verdict
    assert start is not None
    message, symptom_told = verdict.message, None
    if verdict.reachable:
        message = f"Everything that {found.question.target} needs to start is reached."
    else:
        symptom_told = _start_symptom(start.calls[-1][0])
    calls = [{"service": service, "code": one.code, "message": one.message} for service, one in start.calls]
    return {"code": start.code, "message": message, "calls": calls, "symptom": symptom_told}


def _start_symptom(service: str) -> str:
    """The error that a stopped task shows; its tail tells the network from IAM (facts 1.7)."""
    tail = "ends in an i/o timeout or “context deadline exceeded” instead of AccessDenied: the network, not IAM."
    if service in ("s3", "ecr.dkr", "internet"):
        return f"The task stops with CannotPullContainerError, which {tail}"
    if service == "logs":
        return f"The task stops with ResourceInitializationError about the log driver, which {tail}"
    return f"The task stops with ResourceInitializationError: unable to pull secrets or registry auth, which {tail}"


def _target(tried: Tried) -> dict[str, Any]:
    task = tried.way.task
    at = dotted(task.address) if task.address else task.instance
    return {
        "task": task.id,
        "registeredAs": f"{at}:{tried.way.ports}",
        "code": tried.verdict.code,
        "health": tried.health.to_dict() if tried.health else None,
    }


def _open_points(found: Reach) -> list[str]:
    notes: list[str] = []
    asking = found.question.target if found.start else found.question.source
    task = found.world.tasks.get(asking)
    if found.start:
        notes.append(START_ORDER)
    by_agent = found.start is not None or found.question.actor == "agent"
    if by_agent and task and task.launch == "MANAGED_INSTANCES":
        notes.append(_MANAGED_PULL)
    shown = task or found.world.tasks.get(found.question.target)
    if shown and shown.assign_public_ip and shown.launch != "FARGATE":
        notes.append("AWS refuses assignPublicIp ENABLED here: it is not supported for this launch type.")
    client = found.question.client
    if found.tried and client and not client.internet and not found.tried[0].way.balancer.internal:
        notes.append(_FROM_INSIDE.format(found.tried[0].way.balancer.id))
    for one in found.tried:
        health = one.health
        if one.verdict.reachable and health and health.state != "healthy":
            notes.append(f"Traffic would pass, but the health check of {one.way.task.id} does not: {health.message}")
    return notes
