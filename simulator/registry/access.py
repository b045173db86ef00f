"""Who may call what: identity policies and repository policies, in the part of IAM that ECR needs (facts 6.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from simulator import reading
from simulator.errors import InputError
from simulator.registry.patterns import matches
from simulator.registry.rules import RULES, CrossAccount, RegistryRules

MOST_STATEMENTS = 20
MOST_WORDS = 40
TOKEN = "ecr:GetAuthorizationToken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement; `principals` only in a repository's policy, `resources` only in an identity's."""

    allow: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...] = ("*",)
    principals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A principal with its policy. `endpoints` is what it reaches without the internet; None: it has the internet."""

    name: str
    account: str
    statements: tuple[Statement, ...]
    endpoints: tuple[str, ...] | None = None

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account}:role/{self.name}"


class Access(NamedTuple):
    """Whether a call is allowed, and by whose policy: a clause for a sentence."""

    allowed: bool
    why: str


def decide(
    identity: Identity,
    action: str,
    *,
    resource: str = "*",
    owner: str = "",
    repository: Sequence[Statement] = (),
    rules: RegistryRules = RULES,
) -> Access:
    """Whether an identity may make a call.

    Parameters
    ----------
    resource : the repository's ARN; "*" for calls that are about no repository.
    owner : the account that the repository is in.
    repository : the repository's policy.
    """
    own = [one for one in identity.statements if _concerns(one, action, resource)]
    theirs = [one for one in repository if _names(one, identity) and _concerns(one, action, "*")]
    for whose, statements in (("identity policy", own), ("repository policy", theirs)):
        if any(not one.allow for one in statements):
            return Access(False, f"the {whose} denies it, and a Deny wins over every Allow")
    if action == TOKEN or not owner or owner == identity.account:
        if own:
            return Access(True, "the identity policy allows it")
        if action != TOKEN and theirs:
            return Access(True, "the repository policy allows it, and in one account either policy is enough")
        either = "no identity policy allows it" if action == TOKEN or not owner else "no policy allows it"
        return Access(False, either)
    if rules.cross_account is CrossAccount.EITHER and (own or theirs):
        return Access(True, "one of the two policies allows it")
    if own and theirs:
        return Access(True, "both accounts allow it: the identity policy and the repository policy")
    missing = [name for name, has in (("the identity policy", own), ("the repository policy", theirs)) if not has]
    return Access(False, f"across accounts both policies have to allow it, and {' and '.join(missing)} does not")


def read_statements(value: Any, path: str, *, of_repository: bool) -> tuple[Statement, ...]:
    """A policy's statements: `[{"Effect", "Action", "Resource" or "Principal"}]`.

    Raises
    ------
    InputError
        For a field or a value that is none.
    """
    return tuple(
        _read_statement(one, f"{path}[{i}]", of_repository=of_repository)
        for i, one in enumerate(reading.items(value, path, most=MOST_STATEMENTS))
    )


def _read_statement(value: Any, path: str, *, of_repository: bool) -> Statement:
    document = reading.mapping(value, path)
    third = "Principal" if of_repository else "Resource"
    reading.known_fields(document, path, ("Effect", "Action", third))
    allow = reading.choice(document.get("Effect"), f"{path}.Effect", ("Allow", "Deny")) == "Allow"
    actions = _words(document, "Action", path)
    if not of_repository:
        resources = _words(document, third, path) if "Resource" in document else ("*",)
        return Statement(allow=allow, actions=actions, resources=resources)
    return Statement(allow=allow, actions=actions, principals=_words(document, third, path))


def _words(document: Mapping[str, Any], name: str, path: str) -> tuple[str, ...]:
    value, where = document.get(name), f"{path}.{name}"
    if value is None:
        raise InputError(f"{where} is missing.", path=where)
    if isinstance(value, str):
        return (reading.text(value, where),)
    listed = reading.items(value, where, most=MOST_WORDS)
    if not listed:
        raise InputError(f"{where} is empty.", path=where)
    return tuple(reading.text(one, f"{where}[{i}]") for i, one in enumerate(listed))


def _concerns(statement: Statement, action: str, resource: str) -> bool:
    """Actions are the same in small and large letters, resources are not."""
    named = any(matches(pattern.lower(), action.lower()) for pattern in statement.actions)
    return named and (bool(statement.principals) or any(matches(one, resource) for one in statement.resources))


def _names(statement: Statement, identity: Identity) -> bool:
    return any(one in ("*", identity.account, identity.name, identity.arn) for one in statement.principals)
