"""What the terminal and the quizzes ask of this room: `iam` (a call, or a whole launch) and `policy`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.iam import wording
from simulator.iam.calls import STEPS, Call, Step
from simulator.iam.checks import Walk, cure_of, is_later, walk
from simulator.iam.cures import to_dict, words
from simulator.iam.evaluate import Decision, Request, Verdict, evaluate
from simulator.iam.findings import Outcome
from simulator.iam.launch import LaunchType, read_launch
from simulator.iam.managed import is_listed, managed
from simulator.iam.one_call import one_call
from simulator.iam.policy import (
    MOST_POLICIES,
    Effect,
    Statement,
    check_size,
    read_action,
    read_policy,
    read_resource,
    read_service,
)
from simulator.iam.roles import Kind
from simulator.iam.rules import IamRules

MOST_KEYS = 50


def iam_answer(document: Mapping[str, Any], rules: IamRules) -> dict[str, Any]:
    """Who makes one call (`{"operation", "launchType", …}`), or what a launch runs into (`{"taskDefinition", …}`).

    Raises
    ------
    InputError
        With one sentence, for anything that is neither.
    """
    document = reading.mapping(document, "")
    return one_call(document, rules) if "operation" in document else launch_answer(document, rules)


def launch_answer(document: Mapping[str, Any], rules: IamRules) -> dict[str, Any]:
    """A launch through its checks: the outcome, who is at fault, the error as it is seen, and the least cure."""
    found = walk(read_launch(document), rules)
    finding = found.finding
    changes = cure_of(document, found, rules)
    answer: dict[str, Any] = {
        "outcome": found.outcome.value,
        "step": found.step.value if found.step else None,
        "stepNumber": STEPS.index(found.step) + 1 if found.step else None,
        "role": finding.kind.value if finding and finding.kind else None,
        "roleName": finding.name or None if finding else None,
        "error": finding.error.text if finding else None,
        "errorSource": finding.error.source.value if finding else None,
        "lastStatus": _last_status(found),
        "stopCode": finding.stop_code or None if finding else None,
        "why": finding.why if finding else _why_running(found),
        "fix": words(changes) or None,
        "cure": [to_dict(change) for change in changes],
        "roles": _roles(found),
        "calls": [_call(call) for call in found.calls],
        "steps": _steps(found),
        "open": bool(finding and finding.open),
    }
    if notes := _notes(found):
        answer["notes"] = notes
    return answer


def policy_answer(document: Mapping[str, Any], rules: IamRules) -> dict[str, Any]:
    """`{"policies": [IAM's own JSON, or a managed policy's name], "request": {"action", "resource", "context",
    "principal"}}` -> the decision, the statement that made it, and each statement beside the request.
    """
    document = reading.mapping(document, "")
    reading.known_fields(document, "", ("policies", "request"))
    for name in ("policies", "request"):
        if document.get(name) is None:
            raise InputError(f"There is no {name}; give policies and a request.", path=name)
    statements, unlisted = _statements(document["policies"])
    request = read_request(document["request"])
    decision = evaluate(statements, request, rules)
    answer: dict[str, Any] = {
        "decision": decision.verdict.value,
        "statement": decision.statement.where if decision.statement else None,
        "sid": (decision.statement.sid or None) if decision.statement else None,
        "why": _why(decision, request),
        "fix": _fix(decision, request),
        "considered": [
            {
                "statement": one.statement.where,
                "effect": one.statement.effect.value,
                "applies": one.applies,
                "because": one.because,
            }
            for one in decision.considered
        ],
    }
    if unlisted and decision.verdict is Verdict.IMPLICIT_DENY:
        answer |= {"open": True, "notes": [f"{_UNLISTED.format(name)}; in AWS it may." for name in unlisted]}
    return answer


def read_request(value: Any) -> Request:
    """`{"action", "resource", "context", "principal"}`, only the first required."""
    entry = reading.mapping(value, "request")
    reading.known_fields(entry, "request", ("action", "resource", "context", "principal"))
    action = read_action(entry.get("action"), "request.action")
    if "*" in action or "?" in action:
        raise InputError(f"request.action is {reading.shown(action)}; a request has one action.", path="request.action")
    raw = {} if entry.get("context") is None else reading.mapping(entry["context"], "request.context")
    if len(raw) > MOST_KEYS:
        raise InputError(f"request.context has {len(raw)} keys, and at most {MOST_KEYS} are taken.")
    context: dict[str, str] = {}
    for key, given in raw.items():
        path = f"request.context.{reading.shorten(key)}"
        if key.lower() in context:
            raise InputError(f"{path} is there already in other letters; keep one.", path=path)
        context[key.lower()] = reading.text(given, path, longest=2048)
    return Request(
        action=action,
        resource="*" if entry.get("resource") is None else read_resource(entry["resource"], "request.resource"),
        context=context,
        principal=_principal(entry.get("principal")),
    )


ANSWERS: Mapping[str, Callable[[Mapping[str, Any], IamRules], dict[str, Any]]] = {
    "iam": iam_answer,
    "policy": policy_answer,
}


# Of a managed policy whose name is in the facts and whose content is not.
_UNLISTED = "What {} allows is not modeled, so it allows nothing here"


def _statements(value: Any) -> tuple[tuple[Statement, ...], tuple[str, ...]]:
    """Managed policies by name, others as they are written; and the managed ones whose content is not known."""
    found: list[Statement] = []
    unlisted: list[str] = []
    for i, entry in enumerate(reading.items(value, "policies", most=MOST_POLICIES)):
        path = f"policies[{i}]"
        found += managed(entry, path) if isinstance(entry, str) else read_policy(entry, path)
        if isinstance(entry, str) and not is_listed(entry):
            unlisted.append(entry.rsplit("/", 1)[-1])
    check_size(found, "policies")
    return tuple(found), tuple(dict.fromkeys(unlisted))


def _principal(value: Any) -> str | None:
    """A service, as in a trust policy: `{"Service": "ecs-tasks.amazonaws.com"}`, or its name alone."""
    if value is None:
        return None
    if isinstance(value, str):
        return read_service(value, "request.principal")
    entry = reading.mapping(value, "request.principal")
    reading.known_fields(entry, "request.principal", ("Service",))
    return read_service(entry.get("Service"), "request.principal.Service")


def _why(decision: Decision, request: Request) -> str:
    if decision.verdict is Verdict.EXPLICIT_DENY:
        assert decision.statement is not None, "a Deny is some statement's"
        allowed = any(one.applies and one.statement.effect is Effect.ALLOW for one in decision.considered)
        beaten = " An explicit Deny beats every Allow, wherever it stands." if allowed else ""
        return f"{decision.statement.where} denies {request.action} on {request.resource}.{beaten}"
    if decision.verdict is Verdict.ALLOW:
        if decision.statement is None:
            return f"No statement speaks of {request.action} on {request.resource}."
        return f"{decision.statement.where} allows {request.action} on {request.resource}, and nothing denies it."
    to = f" to {request.principal}" if request.principal else ""
    return f"No statement allows {request.action} on {request.resource}{to}, and what nothing allows is denied."


def _fix(decision: Decision, request: Request) -> str | None:
    if decision.verdict is Verdict.ALLOW:
        return None
    if decision.verdict is Verdict.EXPLICIT_DENY:
        named = ", ".join(statement.where for statement in decision.denies)
        return f"Take {named} out, or narrow it; a further Allow changes nothing."
    if request.principal:
        return f"Let a statement whose Principal names {request.principal} allow {request.action}."
    return f"Allow {request.action} on {request.resource}."


def _last_status(found: Walk) -> str | None:
    """The task's status; None where there never was a task."""
    if found.step is None or found.step is Step.APP:
        return "RUNNING"
    return "STOPPED" if found.finding and found.finding.stop_code else None


def _why_running(found: Walk) -> str:
    names = dict.fromkeys(call.role.name for call in found.calls if call.role is not None)
    held = f" The roles that were asked: {', '.join(names)}." if names else " No role was needed."
    return f"Nothing stops the launch: every call is let through.{held}"


def _roles(found: Walk) -> dict[str, str | None]:
    """The roles of the launch by their code; None for one that it has not."""
    launch = found.launch
    held = {Kind.EXECUTION: launch.execution, Kind.TASK: launch.task, Kind.INSTANCE: launch.instance}
    return {kind.value: role.name if role else None for kind, role in held.items()}


def _call(call: Call) -> dict[str, Any]:
    return {
        "step": call.step.value,
        "action": call.action,
        "resource": call.resource,
        "role": call.kind.value if call.kind else None,
        "roleName": call.role.name if call.role else None,
        "decision": call.decision.verdict.value if call.decision else "NoCredentials",
    }


def _steps(found: Walk) -> dict[str, str]:
    """Each check with how it went."""

    def result(step: Step) -> str:
        if found.step is None or is_later(found.step, step):
            return "passed"
        return "failed" if step is found.step else "not reached"

    return {step.value: result(step) for step in STEPS}


def _notes(found: Walk) -> list[str]:
    launch, finding = found.launch, found.finding
    notes = list(finding.notes) if finding else []
    if finding and finding.error.source is wording.Source.OBSERVED:
        notes.append(wording.OBSERVED)
    pulled = any(call.step is Step.PULL and call.kind is Kind.INSTANCE for call in found.calls)
    if pulled and launch.execution is not None:
        notes.append(wording.EC2_PULL_IS_OPEN)
    if any(container.driver == "awsfirelens" for container in launch.containers):
        notes.append(wording.FIRELENS)
    by_instance = any(call.step is Step.APP and call.kind is Kind.INSTANCE for call in found.calls)
    if by_instance and launch.task is not None and not launch.task_role_reaches_app:
        notes.append(wording.HOST_IS_DERIVED)
    elif by_instance and found.outcome is Outcome.RUNNING:
        notes.append(wording.ACCIDENT)
    for role in (launch.execution, launch.task, launch.caller.role):
        notes += [f"{_UNLISTED.format(name)}." for name in role.unlisted] if role else []
    if launch.launch_type is LaunchType.EXTERNAL and found.outcome is Outcome.NO_CONTAINER_INSTANCES:
        notes.append("AWS lists what an EC2 agent needs to join; that an external one needs the same is derived.")
    return list(dict.fromkeys(notes))
