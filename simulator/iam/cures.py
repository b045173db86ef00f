"""The least change that gets a launch past the check that stopped it: as data, as words, and made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simulator.errors import InputError
from simulator.iam.calls import Call
from simulator.iam.managed import INSTANCE_POLICY
from simulator.iam.policy import Effect
from simulator.iam.roles import TASKS, Role

_STATEMENT = re.compile(r"(.+)\.policies\[([0-9]+)\]\.Statement\[([0-9]+)\]")


class Act(StrEnum):
    """The kinds of change."""

    ALLOW = "allow"
    REMOVE_DENY = "remove-deny"
    SET_ROLE = "set-role"
    TRUST = "trust"
    TRUST_CONDITION = "trust-condition"
    RENAME_ROLE = "rename-role"
    DROP_ENVIRONMENT = "drop-environment"
    CREATE_LOG_GROUP = "create-log-group"
    PUSH_IMAGE = "push-image"
    OPEN_ROUTE = "open-route"
    SET_FLAG = "set-flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. `role` is the field of the document that holds the role; `name` what it is called in sentences."""

    act: Act
    role: str = ""
    name: str = ""
    action: str = ""
    resource: str = ""
    value: Any = field(default=None)


def allow(calls: Sequence[Call]) -> tuple[Change, ...]:
    """What lets refused calls through: a permission each, and where a statement denies, that statement gone."""
    changes: list[Change] = []
    for call in calls:
        if call.role is None or call.decision is None:
            continue
        for statement in call.decision.denies:
            changes.append(
                Change(act=Act.REMOVE_DENY, role=call.role.field, name=call.role.name, value=statement.where)
            )
        if not any(one.applies and one.statement.effect is Effect.ALLOW for one in call.decision.considered):
            changes.append(permit(call.role, call.action, call.resource))
    return tuple(change for at, change in enumerate(changes) if change not in changes[:at])


def permit(role: Role, action: str, resource: str) -> Change:
    """One action on one resource for one role."""
    return Change(act=Act.ALLOW, role=role.field, name=role.name, action=action, resource=resource)


def to_dict(change: Change) -> dict[str, Any]:
    """The change as JSON, with only what it has."""
    named = {
        "role": change.role,
        "roleName": change.name,
        "action": change.action,
        "resource": change.resource,
        "value": change.value,
    }
    return {"change": change.act.value, **{name: value for name, value in named.items() if value not in ("", None)}}


def words(changes: Sequence[Change]) -> str:
    """The changes as one sentence each."""
    return " ".join(_WORDS[change.act](change) for change in changes)


_WORDS = {
    Act.ALLOW: lambda one: f"Allow {one.action} on {one.resource} to {one.name}.",
    Act.REMOVE_DENY: lambda one: f"Take {one.value} out of {one.name}, or narrow it: its Deny beats every Allow.",
    Act.SET_ROLE: lambda one: _setting(one),
    Act.TRUST: lambda one: f"Let the trust policy of {one.name} name {one.value}.",
    Act.TRUST_CONDITION: lambda one: (
        f"Let the trust policy of {one.name} hold for {one.value}: correct the condition that fails, or leave it out."
    ),
    Act.RENAME_ROLE: lambda one: f"Give the role a name that begins with ecsInstanceRole, or let ECS pass {one.name}.",
    Act.DROP_ENVIRONMENT: lambda one: f"Take {one.value} out of the environment of “{one.name}”; the secret stays.",
    Act.CREATE_LOG_GROUP: lambda one: f"Create the log group {one.value}.",
    Act.PUSH_IMAGE: lambda one: f"Push {one.value}, or correct its name.",
    Act.SET_FLAG: lambda one: f"Set {one.value}=true for the agent on the instance.",
    Act.OPEN_ROUTE: lambda _: "Give the task a way to AWS: a public IP address, a NAT gateway, or VPC endpoints.",
}


def cured(document: Mapping[str, Any], changes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The launch's document with the changes of its answer's `cure` made; the document given stays as it is.

    Raises
    ------
    InputError
        For a change that does not fit the document.
    """
    copied = _copy(document)
    denies = [one["value"] for one in changes if one["change"] == Act.REMOVE_DENY]
    for where in sorted(denies, key=_place, reverse=True):
        _remove(copied, where)
    for one in changes:
        if one["change"] in _MAKE:
            _MAKE[one["change"]](copied, one)
    return copied


def _setting(change: Change) -> str:
    if change.role == "instanceRole":
        return f"Give the instance an instance profile, {_holding(change)}."
    return f"Set {change.role}Arn to a role that {TASKS} may assume, {_holding(change)}."


def _holding(change: Change) -> str:
    held = [*change.value.get("managedPolicies", []), *(entry["action"] for entry in change.value.get("plus", []))]
    return f"with {', '.join(held)}" if held else "even if it allows nothing yet"


def _copy(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _copy(one) for name, one in value.items()}
    return [_copy(one) for one in value] if isinstance(value, (list, tuple)) else value


def _place(where: str) -> tuple[str, int, int]:
    found = _STATEMENT.fullmatch(where)
    if found is None:
        raise InputError(f"“{where}” is no statement of a policy in this document.")
    return found[1], int(found[2]), int(found[3])


def _remove(document: dict[str, Any], where: str) -> None:
    path, policy, statement = _place(where)
    policies = _role(document, path)["policies"]
    statements = policies[policy]["Statement"]
    if isinstance(statements, dict):
        policies[policy]["Statement"] = []
    else:
        del statements[statement]


def _role(document: dict[str, Any], path: str) -> dict[str, Any]:
    """The role's object, made if the document leaves it to its default."""
    for name in path.split("."):
        if document.get(name) is None:
            # An instance role that is left out is the usual one, and stays so.
            document[name] = {"managedPolicies": [INSTANCE_POLICY]} if name == "instanceRole" else {}
        document = document[name]
    return document


def _permit(document: dict[str, Any], change: Mapping[str, Any]) -> None:
    role = _role(document, change["role"])
    entry = {"action": change["action"], "resource": change["resource"]}
    role["plus"] = [*(role.get("plus") or []), entry]


def _set_role(document: dict[str, Any], change: Mapping[str, Any]) -> None:
    document[change["role"]] = _copy(change["value"])


def _trust(document: dict[str, Any], change: Mapping[str, Any]) -> None:
    _role(document, change["role"])["trust"] = change["value"]


def _rename(document: dict[str, Any], change: Mapping[str, Any]) -> None:
    _role(document, change["role"])["name"] = change["value"]


def _drop(document: dict[str, Any], change: Mapping[str, Any]) -> None:
    for container in document["taskDefinition"]["containerDefinitions"]:
        if container["name"] == change["roleName"]:
            container["environment"] = [one for one in container["environment"] if one["name"] != change["value"]]


def _create_group(document: dict[str, Any], change: Mapping[str, Any]) -> None:
    document["logGroups"] = [*(document.get("logGroups") or []), change["value"]]


def _push(document: dict[str, Any], change: Mapping[str, Any]) -> None:
    document["missingImages"] = [image for image in document["missingImages"] if image != change["value"]]


def _open(document: dict[str, Any], _change: Mapping[str, Any]) -> None:
    document["route"] = True


def _set_flag(document: dict[str, Any], change: Mapping[str, Any]) -> None:
    document["agent"] = {**(document.get("agent") or {}), change["value"]: True}


_MAKE = {
    Act.ALLOW.value: _permit,
    Act.SET_ROLE.value: _set_role,
    Act.TRUST.value: _trust,
    Act.TRUST_CONDITION.value: _trust,
    Act.RENAME_ROLE.value: _rename,
    Act.DROP_ENVIRONMENT.value: _drop,
    Act.CREATE_LOG_GROUP.value: _create_group,
    Act.PUSH_IMAGE.value: _push,
    Act.OPEN_ROUTE.value: _open,
    Act.SET_FLAG.value: _set_flag,
}
