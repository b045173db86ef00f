"""Policies as IAM writes them, read into records: identity policies, resource policies, trust policies.

What the facts do not cover (NotAction, NotResource, NotPrincipal, policy variables, other condition operators) is
refused with a sentence rather than guessed at. Source: facts 1.8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator import reading
from simulator.errors import InputError

VERSIONS = ("2012-10-17", "2008-10-17")
OPERATORS = ("StringEquals", "StringLike", "ArnEquals", "ArnLike")
MOST_POLICIES = 50
MOST_STATEMENTS = 100
MOST_PATTERNS = 500  # of all policies of one role or request
LONGEST = 2048
_POLICY_FIELDS = ("Version", "Id", "Statement")
_STATEMENT_FIELDS = ("Sid", "Effect", "Principal", "Action", "Resource", "Condition")
_NOT_COVERED = ("NotAction", "NotResource", "NotPrincipal")


class Effect(StrEnum):
    """What a statement does to a request that it applies to."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One key of one operator; it is met if one of the values matches the request's."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement. `resources` is empty where the policy names none, as in a trust policy; it then means any.

    `principals` is empty in an identity policy, which speaks of whoever holds it. `where` is its place in the document.
    """

    where: str
    effect: Effect
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    sid: str = ""

    @property
    def patterns(self) -> int:
        """How many texts a request is compared with."""
        values = sum(len(condition.values) for condition in self.conditions)
        return len(self.actions) + len(self.resources) + len(self.principals) + values


def read_policies(value: Any, path: str) -> tuple[Statement, ...]:
    """The statements of a list of policies in IAM's own JSON.

    Raises
    ------
    InputError
        With one sentence, for anything that is not such a list, or is longer than is taken.
    """
    documents = reading.items(value, path, most=MOST_POLICIES)
    statements = [one for i, document in enumerate(documents) for one in read_policy(document, f"{path}[{i}]")]
    check_size(statements, path)
    return tuple(statements)


def check_size(statements: Sequence[Statement], path: str) -> None:
    """Refuse more patterns than a request is compared with in a moment."""
    count = sum(statement.patterns for statement in statements)
    if count > MOST_PATTERNS:
        raise InputError(
            f"{path} names {count} actions, resources, principals, and values, and at most {MOST_PATTERNS} are taken.",
            path=path,
        )


def read_policy(value: Any, path: str) -> tuple[Statement, ...]:
    """The statements of one policy document.

    >>> allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    >>> read_policy({"Version": "2012-10-17", "Statement": allow}, "policy")[0].where
    'policy.Statement[0]'
    """
    document = reading.mapping(value, path)
    reading.known_fields(document, path, _POLICY_FIELDS)
    if document.get("Version") is not None:
        reading.choice(document["Version"], f"{path}.Version", VERSIONS)
    if document.get("Id") is not None:
        reading.text(document["Id"], f"{path}.Id")
    raw = document.get("Statement")
    if raw is None:
        raise InputError(f"{path} has no Statement; give a list of statements.", path=path)
    entries = [raw] if isinstance(raw, Mapping) else reading.items(raw, f"{path}.Statement", most=MOST_STATEMENTS)
    statements = tuple(_statement(entry, f"{path}.Statement[{i}]") for i, entry in enumerate(entries))
    check_size(statements, path)
    return statements


def trust_in(services: Sequence[str], where: str) -> tuple[Statement, ...]:
    """The usual trust policy: these services may assume the role."""
    return (Statement(where=where, effect=Effect.ALLOW, actions=("sts:AssumeRole",), principals=tuple(services)),)


def read_action(value: Any, path: str) -> str:
    """An action, or a pattern of actions: `*`, or a service and a name."""
    written = reading.text(value, path)
    service, colon, name = written.partition(":")
    if written != "*" and not (colon and service and name and " " not in written):
        raise InputError(
            f"{path} is {reading.shown(written)}; an action has a service and a name, such as s3:GetObject.", path=path
        )
    return written


def read_resource(value: Any, path: str) -> str:
    """An ARN, or a pattern of ARNs."""
    written = _plain(value, path)
    if not written.startswith(("*", "arn:")):
        raise InputError(f"{path} is {reading.shown(written)}; a resource is an ARN, or *.", path=path)
    return written


def read_service(value: Any, path: str) -> str:
    """A service as it stands in a trust policy."""
    written = reading.text(value, path)
    if "." not in written or not written.endswith((".amazonaws.com", ".amazonaws.com.cn")) or " " in written:
        raise InputError(
            f"{path} is {reading.shown(written)}; a service is written such as ecs-tasks.amazonaws.com.", path=path
        )
    return written


def _statement(value: Any, path: str) -> Statement:
    entry = reading.mapping(value, path)
    for name in _NOT_COVERED:
        if name in entry:
            raise InputError(
                f"{path} has {name}, which this evaluator does not cover; say it with {name.removeprefix('Not')}.",
                path=f"{path}.{name}",
            )
    reading.known_fields(entry, path, _STATEMENT_FIELDS)
    for name in ("Effect", "Action"):
        if entry.get(name) is None:
            raise InputError(f"{path} has no {name}; each statement needs one.", path=path)
    if entry.get("Resource") is None and entry.get("Principal") is None:
        raise InputError(
            f"{path} has neither Resource nor Principal; give Resource, or Principal if it is a trust policy.",
            path=path,
        )
    return Statement(
        where=path,
        effect=Effect(reading.choice(entry["Effect"], f"{path}.Effect", [one.value for one in Effect])),
        actions=_listed(entry["Action"], f"{path}.Action", read_action),
        resources=_listed(entry["Resource"], f"{path}.Resource", read_resource) if entry.get("Resource") else (),
        principals=_principals(entry.get("Principal"), f"{path}.Principal"),
        conditions=_conditions(entry.get("Condition"), f"{path}.Condition"),
        sid=reading.text(entry["Sid"], f"{path}.Sid") if entry.get("Sid") is not None else "",
    )


def _listed(value: Any, path: str, read: Any) -> tuple[str, ...]:
    """One text, or a list of at least one."""
    if not isinstance(value, (list, tuple)):
        return (read(value, path),)
    entries = reading.items(value, path, most=MOST_PATTERNS)
    if not entries:
        raise InputError(f"{path} is an empty list; give at least one entry.", path=path)
    return tuple(read(entry, f"{path}[{i}]") for i, entry in enumerate(entries))


def _principals(value: Any, path: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if value == "*":
        return ("*",)
    entry = reading.mapping(value, path)
    for kind in entry:
        if kind != "Service":
            raise InputError(
                f'{path} has the kind {reading.shown(kind)}; here services assume roles: write {{"Service": …}}.',
                path=path,
            )
    if "Service" not in entry:
        raise InputError(f'{path} is empty; write {{"Service": "ecs-tasks.amazonaws.com"}}.', path=path)
    return _listed(entry["Service"], f"{path}.Service", read_service)


def _conditions(value: Any, path: str) -> tuple[Condition, ...]:
    found: list[Condition] = []
    for operator, keys in ({} if value is None else reading.mapping(value, path)).items():
        where = f"{path}.{reading.shorten(operator)}"
        if operator not in OPERATORS:
            raise InputError(
                f"{where} is an operator that this evaluator does not have; it has {', '.join(OPERATORS)}.", path=where
            )
        for key, values in reading.mapping(keys, where).items():
            there = f"{where}.{reading.shorten(key)}"
            found.append(Condition(operator=operator, key=key, values=_listed(values, there, _plain)))
    return tuple(found)


def _plain(value: Any, path: str) -> str:
    """Text without policy variables."""
    if isinstance(value, int) and not isinstance(value, bool):
        raise InputError(f"{path} must be text, not the number {reading.shown(value)}; put it in quotes.", path=path)
    written = reading.text(value, path, longest=LONGEST)
    if "${" in written:
        raise InputError(
            f"{path} has a policy variable, which this evaluator does not fill in; write its value.", path=path
        )
    return written
