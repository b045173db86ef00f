"""One row of the truth table for one launch: who makes the call, with which role, and why that one."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.iam.launch import LaunchType
from simulator.iam.operations import HOLDERS, OPERATIONS, Operation, Who
from simulator.iam.rules import RULES, AppUses, IamRules, PullBy, SecretsBy
from simulator.iam.wording import EC2_PULL_IS_OPEN

FIELDS = (
    "operation",
    "launchType",
    "executionRole",
    "taskRole",
    "imdsBlocked",
    "executionRoleOverride",
    "legacyServiceRole",
    "customerKey",
    "createLogGroup",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What of the launch the table's notes ask for. `override` is the agent's flag for awslogs."""

    launch_type: LaunchType
    execution: bool
    task: bool
    imds_blocked: bool
    override: bool
    legacy: bool
    customer_key: bool
    create_group: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whose call it is; `missing` says that the launch has no such role; `open`, that AWS leaves it open."""

    who: Who
    why: str
    missing: bool = False
    open: bool = False
    notes: tuple[str, ...] = field(default=())


def one_call(document: Mapping[str, Any], rules: IamRules = RULES) -> dict[str, Any]:
    """Who makes a call.

    Raises
    ------
    InputError
        For an operation that is not in the table, with the nearest, and for fields of another form.

    >>> one_call({"operation": "secrets", "launchType": "EC2"})["role"]
    'EX'
    """
    reading.known_fields(document, "", FIELDS)
    name = reading.text(document.get("operation"), "operation")
    if name not in OPERATIONS:
        near = difflib.get_close_matches(name, OPERATIONS, n=1)
        hint = f"did you mean “{near[0]}”?" if near else f"there are {', '.join(OPERATIONS)}."
        raise InputError(f"There is no operation “{reading.shorten(name)}”; {hint}", path="operation")
    given, operation = _given(document), OPERATIONS[name]
    found = _answer(name, operation, given, rules)
    holder = HOLDERS[found.who]
    actions = [*operation.actions]
    if found.who in (Who.NOBODY, Who.NOT_APPLICABLE, Who.UNDOCUMENTED):
        actions = []
    elif operation.key and given.customer_key:
        actions.append("kms:Decrypt")
    elif name == "awslogs" and given.create_group:
        actions.append("logs:CreateLogGroup")
    answer: dict[str, Any] = {
        "operation": name,
        "launchType": given.launch_type.value,
        "role": found.who.value,
        "roleName": holder.name,
        "trust": holder.trust or None,
        "missing": found.missing,
        "actions": actions,
        "why": f"{operation.what}. {found.why}",
        "open": found.open,
    }
    if operation.passed_to and found.who is not Who.UNDOCUMENTED:
        answer["passedToService"] = list(operation.passed_to)
    if found.notes:
        answer["notes"] = list(found.notes)
    return answer


def _given(document: Mapping[str, Any]) -> Given:
    def flag(name: str, default: bool) -> bool:
        return default if document.get(name) is None else reading.flag(document[name], name)

    written = document.get("launchType")
    types = [one.value for one in LaunchType]
    return Given(
        launch_type=LaunchType("FARGATE" if written is None else reading.choice(written, "launchType", types)),
        execution=flag("executionRole", True),
        task=flag("taskRole", True),
        imds_blocked=flag("imdsBlocked", False),
        override=flag("executionRoleOverride", True),
        legacy=flag("legacyServiceRole", False),
        customer_key=flag("customerKey", False),
        create_group=flag("createLogGroup", False),
    )


def _answer(name: str, operation: Operation, given: Given, rules: IamRules) -> Answer:
    special = _SPECIAL.get(name)
    return special(operation, given, rules) if special else _plain(operation, given)


def _plain(operation: Operation, given: Given) -> Answer:
    """What the table says, with the cell's note."""
    who = operation.cell(given.launch_type)
    note = (operation.notes or {}).get(who, "")
    if who is Who.UNDOCUMENTED:
        return Answer(who=who, why="AWS does not say whose call this is.", open=True, notes=(note,))
    if who is Who.NOT_APPLICABLE:
        return Answer(who=who, why=note)
    missing = (who is Who.EX and not given.execution) or (who is Who.TASK and not given.task)
    why = _WHY[who]
    return Answer(who=who, why=f"{why} The task definition names none." if missing else why, missing=missing)


_WHY: Mapping[Who, str] = {
    Who.EX: "The agent does it for the task, with the execution role; the containers never see its credentials.",
    Who.TASK: "It happens inside the task, with the task role's credentials.",
    Who.INST: "The agent does it with the role of the instance profile.",
    Who.SLR: "The ECS control plane does it with the role that AWS makes by itself.",
    Who.INFRA: "The ECS control plane does it on resources of yours, with the role that you give it for that.",
    Who.CALLER: "The permission is the caller's own; no role of the task plays a part.",
    Who.SCALING: "Application Auto Scaling does it with a role that AWS makes when the scalable target is registered.",
    Who.EVENTS: "EventBridge is the caller, with the rule's role: it runs the task and passes both of its roles.",
    Who.SCHEDULER: "Scheduler is the caller, with the schedule's role: it runs the task and passes both of its roles.",
    Who.MANAGED: "The agent on the managed instance does it with the role of its instance profile.",
    Who.ANYWHERE: "The agent on the external server does it with the role of its SSM activation.",
    Who.NOBODY: "The registry asks for no login, so no role plays a part.",
}


def _pull(operation: Operation, given: Given, rules: IamRules) -> Answer:
    if rules.pull_by is PullBy.TASK:
        return Answer(who=Who.TASK, why="The task role pulls.", missing=not given.task)
    if given.launch_type is not LaunchType.EC2:
        return _plain(operation, given)
    notes = (EC2_PULL_IS_OPEN,) if given.execution else ()
    why = "On EC2 the instance role is enough: the agent pulls with it."
    return Answer(who=Who.INST, why=why, open=given.execution, notes=notes)


def _secrets(operation: Operation, given: Given, rules: IamRules) -> Answer:
    if rules.secrets_by is SecretsBy.TASK:
        return Answer(who=Who.TASK, why="The task role reads them.", missing=not given.task)
    if rules.secrets_by is SecretsBy.INSTANCE and given.launch_type is LaunchType.EC2:
        return Answer(who=Who.INST, why="The instance role reads them.")
    return _plain(operation, given)


def _awslogs(operation: Operation, given: Given, _rules: IamRules) -> Answer:
    if given.launch_type is LaunchType.EC2 and not given.execution:
        return Answer(who=Who.INST, why="Without an execution role, the driver on EC2 writes with the instance role.")
    if given.launch_type is LaunchType.EC2 and not given.override:
        why = "ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE is off for this agent, so the instance role writes."
        return Answer(who=Who.INST, why=why)
    return _plain(operation, given)


def _app(operation: Operation, given: Given, rules: IamRules) -> Answer:
    if rules.app_uses is AppUses.EXECUTION:
        return Answer(who=Who.EX, why="The execution role gives the app its permissions.", missing=not given.execution)
    if given.task:
        why = "It uses the task role alone; what the instance role may do is not added on top."
        both = given.launch_type is LaunchType.EC2 and rules.instance_role_adds
        return Answer(who=Who.TASK, why="It uses the task role, and the instance role besides." if both else why)
    return _fallback(operation, given, rules)


def _exec(operation: Operation, given: Given, rules: IamRules) -> Answer:
    if given.task:
        return _plain(operation, given)
    found = _fallback(operation, given, rules)
    if found.who is not Who.INST:
        return found
    note = "Two AWS texts differ: the Exec guide lets the instance role do it, RunTask's text asks for a task role."
    return Answer(who=found.who, why=found.why, open=True, notes=(note,))


def _fallback(operation: Operation, given: Given, rules: IamRules) -> Answer:
    """Without a task role: the instance metadata on EC2, and nothing elsewhere."""
    if given.launch_type is not LaunchType.EC2:
        return Answer(who=Who.TASK, why="There is no task role, and nothing to fall back to.", missing=True)
    if given.imds_blocked or not rules.imds_fallback:
        why = "There is no task role, and the instance metadata is out of reach."
        return Answer(who=operation.cell(LaunchType.EC2), why=why, missing=True)
    return Answer(who=Who.INST, why="There is no task role, so the instance metadata gives the instance role.")


def _targets(operation: Operation, given: Given, _rules: IamRules) -> Answer:
    if given.legacy and given.launch_type is LaunchType.EC2:
        note = "The legacy ecsServiceRole does it where CreateService was given role."
        return Answer(who=Who.SLR, why=_WHY[Who.SLR], notes=(note,))
    return _plain(operation, given)


_SPECIAL = {
    "pullFromEcr": _pull,
    "secrets": _secrets,
    "pullWithRepositoryCredentials": _secrets,
    "environmentFiles": _secrets,
    "awslogs": _awslogs,
    "appCall": _app,
    "execChannel": _exec,
    "registerTargets": _targets,
}
