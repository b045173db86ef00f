"""May this request be made? An explicit Deny beats any Allow, and what nothing allows is denied. Source: facts 1.8."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from simulator.iam.patterns import matches, matches_arn
from simulator.iam.policy import Condition, Effect, Statement
from simulator.iam.rules import RULES, IamRules


class Verdict(StrEnum):
    """How a request is decided."""

    ALLOW = "Allow"
    EXPLICIT_DENY = "ExplicitDeny"
    IMPLICIT_DENY = "ImplicitDeny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call. The keys of `context` are in lower case, as condition keys are compared without regard to case."""

    action: str
    resource: str = "*"
    context: Mapping[str, str] = field(default_factory=dict[str, str])
    principal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """A statement beside a request: whether it applies, and the first part of it that does not if it does not."""

    statement: Statement
    applies: bool
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A verdict with the statement that decided, None where the silence of all did."""

    verdict: Verdict
    statement: Statement | None
    considered: tuple[Considered, ...]

    @property
    def allowed(self) -> bool:
        """Whether the call is made."""
        return self.verdict is Verdict.ALLOW

    @property
    def denies(self) -> tuple[Statement, ...]:
        """Every statement that denies the request."""
        return tuple(one.statement for one in self.considered if one.applies and one.statement.effect is Effect.DENY)


def evaluate(statements: Sequence[Statement], request: Request, rules: IamRules = RULES) -> Decision:
    """Decide a request by all the statements together, in whatever order they stand.

    >>> allow = Statement(where="a", effect=Effect.ALLOW, actions=("s3:*",), resources=("*",))
    >>> deny = Statement(where="d", effect=Effect.DENY, actions=("s3:Delete*",), resources=("*",))
    >>> [evaluate([allow, deny], Request(action=f"s3:{name}")).verdict.value for name in ("GetObject", "DeleteObject")]
    ['Allow', 'ExplicitDeny']
    """
    considered = tuple(_consider(statement, request, rules) for statement in statements)
    applying = [one.statement for one in considered if one.applies]
    allows = next((one for one in applying if one.effect is Effect.ALLOW), None)
    denies = next((one for one in applying if one.effect is Effect.DENY), None)
    if denies is not None and (rules.deny_wins or allows is None):
        return Decision(verdict=Verdict.EXPLICIT_DENY, statement=denies, considered=considered)
    if allows is not None or rules.silence_allows:
        return Decision(verdict=Verdict.ALLOW, statement=allows, considered=considered)
    return Decision(verdict=Verdict.IMPLICIT_DENY, statement=None, considered=considered)


def _consider(statement: Statement, request: Request, rules: IamRules) -> Considered:
    because = _mismatch(statement, request, rules)
    said = because or f"It {'allows' if statement.effect is Effect.ALLOW else 'denies'} {request.action}."
    return Considered(statement=statement, applies=not because, because=said)


def _mismatch(statement: Statement, request: Request, rules: IamRules) -> str:
    """The first part of the statement that does not fit the request; empty if all do."""
    if statement.principals and not _trusts(statement, request.principal):
        who = request.principal or "whoever holds the policy"
        return f"Principal names {_some(statement.principals)}, not {who}."
    if not any(matches(pattern, request.action, any_case=True) for pattern in statement.actions):
        return f"Action names {_some(statement.actions)}, not {request.action}."
    if statement.resources and not any(_covers(one, request.resource, rules) for one in statement.resources):
        return f"Resource names {_some(statement.resources)}, which does not cover {request.resource}."
    return next((said for condition in statement.conditions if (said := _unmet(condition, request, rules))), "")


def _trusts(statement: Statement, principal: str | None) -> bool:
    return "*" in statement.principals or principal in statement.principals


def _covers(pattern: str, resource: str, rules: IamRules) -> bool:
    return matches(pattern, resource) or (rules.arn_covers_below and matches(f"{pattern}/*", resource))


def _unmet(condition: Condition, request: Request, rules: IamRules) -> str:
    given = request.context.get(condition.key.lower())
    wanted = f"{condition.operator} wants {condition.key} to be {_some(condition.values)}"
    if given is None:
        return "" if rules.missing_key_passes else f"{wanted}, and the request does not say it."
    test = {"StringEquals": str.__eq__, "StringLike": matches}.get(condition.operator, matches_arn)
    return "" if any(test(value, given) for value in condition.values) else f"{wanted}, and the request has {given}."


def _some(names: Sequence[str]) -> str:
    """Two names of a list, and how many more there are."""
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return (", " if more else " or ").join(names[:2]) + more
