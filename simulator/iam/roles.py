"""A role: who may assume it, and what it may do. Source: facts 1.1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.iam.evaluate import Decision, Request, evaluate
from simulator.iam.managed import (
    EVENTS_POLICY,
    EXECUTION_POLICY,
    INSTANCE_POLICY,
    MANAGED_INSTANCES_POLICY,
    SSM_CORE,
    is_listed,
    managed,
)
from simulator.iam.patterns import matches
from simulator.iam.policy import (
    Effect,
    Statement,
    check_size,
    read_action,
    read_policies,
    read_policy,
    read_resource,
    read_service,
    trust_in,
)
from simulator.iam.rules import RULES, IamRules

TASKS = "ecs-tasks.amazonaws.com"
ASSUME = "sts:AssumeRole"
FIELDS = ("name", "trust", "managedPolicies", "policies", "plus", "minus")
MOST_ENTRIES = 200


class Kind(StrEnum):
    """The parts that roles play in a launch; the values are the codes of the facts' truth table."""

    EXECUTION = "EX"
    TASK = "TASK"
    INSTANCE = "INST"
    CALLER = "CALLER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """How a role of that kind is usually made."""

    name: str
    service: str
    policies: tuple[str, ...] = ()


EXECUTION = Usual(name="ecsTaskExecutionRole", service=TASKS, policies=(EXECUTION_POLICY,))
TASK = Usual(name="taskRole", service=TASKS)
EC2_INSTANCE = Usual(name="ecsInstanceRole", service="ec2.amazonaws.com", policies=(INSTANCE_POLICY,))
ANYWHERE = Usual(name="ecsAnywhereRole", service="ssm.amazonaws.com", policies=(SSM_CORE, INSTANCE_POLICY))
MANAGED_INSTANCE = Usual(name="ecsInstanceRole", service="ec2.amazonaws.com", policies=(MANAGED_INSTANCES_POLICY,))
EVENTS = Usual(name="ecsEventsRole", service="events.amazonaws.com", policies=(EVENTS_POLICY,))
SCHEDULER = Usual(name="schedulerRole", service="scheduler.amazonaws.com")


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """`attached` are the statements of its policies, from which `minus` takes actions away; `plus` is added last."""

    kind: Kind
    name: str
    arn: str
    field: str  # where the document describes it, such as `executionRole`
    trust: tuple[Statement, ...]
    attached: tuple[Statement, ...]
    plus: tuple[Statement, ...] = ()
    minus: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()  # managed policies whose content is not known here


def read_role(value: Any, path: str, kind: Kind, usual: Usual, *, account: str, arn: str = "") -> Role:
    """A role out of a document.

    Parameters
    ----------
    value : `{"name", "trust", "managedPolicies", "policies", "plus", "minus"}`, all optional. `trust` is a service, a
        list of services, or a trust policy; left out, the role trusts the service that it has to.
    arn : the ARN by which the task definition names it, if it does.
    """
    entry = reading.mapping(value, path)
    reading.known_fields(entry, path, FIELDS)
    name = reading.name(entry["name"], f"{path}.name") if entry.get("name") is not None else ""
    in_arn = arn.rsplit("/", 1)[-1]
    if name and in_arn and name != in_arn:
        raise InputError(f"{path}.name is “{name}”, and the task definition names “{in_arn}”; keep one.", path=path)
    name = name or in_arn or usual.name
    attached, unlisted = read_attached(entry, path)
    plus = _plus(entry.get("plus"), f"{path}.plus")
    check_size((*attached, *plus), path)
    return Role(
        kind=kind,
        name=name,
        arn=arn if arn.startswith("arn:") else f"arn:aws:iam::{account}:role/{name}",
        field=path,
        trust=_trust(entry.get("trust"), f"{path}.trust", usual),
        attached=attached,
        plus=plus,
        minus=_minus(entry.get("minus"), f"{path}.minus"),
        unlisted=unlisted,
    )


def usual_role(kind: Kind, usual: Usual, path: str, *, account: str) -> Role:
    """The role as it is usually made."""
    return read_role({"managedPolicies": list(usual.policies)}, path, kind, usual, account=account)


def may(role: Role, request: Request, rules: IamRules = RULES) -> Decision:
    """Whether the role may make a call.

    What `minus` names is taken out of what the policies allow, which is not the same as denying it: `plus` may give it
    back.
    """
    taken = any(matches(pattern, request.action, any_case=True) for pattern in role.minus)
    attached = [one for one in role.attached if not taken or one.effect is Effect.DENY]
    if rules.managed_policy_reads_secrets:
        attached = [_with_secrets(one) for one in attached]
    return evaluate((*attached, *role.plus), request, rules)


def assumed_by(role: Role, service: str, *, account: str, region: str, rules: IamRules = RULES) -> Decision:
    """Whether a service may assume the role.

    `aws:SourceArn` has a star where AWS does not say which of its ARNs it sends: a trust policy that names one
    cluster is then not met, as the facts have it.
    """
    context = {"aws:sourceaccount": account, "aws:sourcearn": f"arn:aws:ecs:{region}:{account}:*"}
    request = Request(action=ASSUME, context=context, principal=service)
    return evaluate(role.trust, request, rules)


def read_attached(entry: Mapping[str, Any], path: str) -> tuple[tuple[Statement, ...], tuple[str, ...]]:
    """The statements of `managedPolicies` and `policies`, and the managed policies whose content is not known."""
    names = reading.items(_given(entry, "managedPolicies"), f"{path}.managedPolicies", most=MOST_ENTRIES)
    statements = [one for i, name in enumerate(names) for one in managed(name, f"{path}.managedPolicies[{i}]")]
    unlisted = tuple(name.rsplit("/", 1)[-1] for name in names if not is_listed(name))
    return (*statements, *read_policies(_given(entry, "policies"), f"{path}.policies")), unlisted


def _trust(value: Any, path: str, usual: Usual) -> tuple[Statement, ...]:
    if value is None:
        return trust_in((usual.service,), path)
    if isinstance(value, Mapping):
        statements = read_policy(value, path)
        if strays := [one.where for one in statements if not one.principals]:
            raise InputError(f"{strays[0]} has no Principal; a trust policy says whom it trusts.", path=strays[0])
        return statements
    if isinstance(value, str):
        return trust_in((read_service(value, path),), path)
    services = reading.items(value, path, most=MOST_ENTRIES)
    return trust_in([read_service(one, f"{path}[{i}]") for i, one in enumerate(services)], path) if services else ()


def _plus(value: Any, path: str) -> tuple[Statement, ...]:
    """`s3:GetObject` (on everything), or `{"action": …, "resource": …}`."""
    entries = reading.items([] if value is None else value, path, most=MOST_ENTRIES)
    found: list[Statement] = []
    for i, entry in enumerate(entries):
        where, resource = f"{path}[{i}]", "*"
        if isinstance(entry, Mapping):
            entry = reading.mapping(entry, where)
            reading.known_fields(entry, where, ("action", "resource"))
            if entry.get("resource") is not None:
                resource = read_resource(entry["resource"], f"{where}.resource")
            entry, where = entry.get("action"), f"{where}.action"
        action = read_action(entry, where)
        found.append(Statement(where=f"{path}[{i}]", effect=Effect.ALLOW, actions=(action,), resources=(resource,)))
    return tuple(found)


def _minus(value: Any, path: str) -> tuple[str, ...]:
    entries = reading.items([] if value is None else value, path, most=MOST_ENTRIES)
    return tuple(read_action(entry, f"{path}[{i}]") for i, entry in enumerate(entries))


def _with_secrets(statement: Statement) -> Statement:
    """The belief that the managed policy for execution roles covers secrets and env files."""
    if not statement.where.startswith(EXECUTION_POLICY):
        return statement
    more = ("secretsmanager:GetSecretValue", "ssm:GetParameters", "s3:GetObject", "s3:GetBucketLocation")
    return replace(statement, actions=(*statement.actions, *more))


def _given(entry: Mapping[str, Any], name: str) -> Any:
    return [] if entry.get(name) is None else entry[name]
