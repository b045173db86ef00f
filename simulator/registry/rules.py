"""Amazon ECR's rules as values. The default of each field is what AWS documents.

A misconception is the same simulator with one field changed: `replace(RULES, list_means=ListMeans.ANY)`.
In YAML it is written `rules: {list_means: any}` and read by `rules_from_dict`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.rules import changed_fields, read


class ListMeans(StrEnum):
    """How the entries of one tagPrefixList or tagPatternList go together."""

    ALL = "all"  # each must match a tag of the image
    ANY = "any"


class FirstRule(StrEnum):
    """Which lifecycle rule has the first word."""

    LOWEST_NUMBER = "lowest_number"
    HIGHEST_NUMBER = "highest_number"


class Shield(StrEnum):
    """Which images a later rule may not act on."""

    SELECTED = "selected"  # whatever an earlier rule selects, kept or not
    ACTED_ON = "acted_on"  # only what an earlier rule expires


class Counts(StrEnum):
    """Which images a lifecycle rule counts."""

    SELECTED = "selected"  # all that it selects, as if nothing were expired yet
    LEFT_OVER = "left_over"  # only what no earlier rule selects


class Untagged(StrEnum):
    """Which images `tagStatus: untagged` selects."""

    WITHOUT_TAG = "without_tag"
    NEVER_PULLED = "never_pulled"


class Pattern(StrEnum):
    """How much of a tag a pattern has to match."""

    WHOLE_TAG = "whole_tag"
    PART_OF_TAG = "part_of_tag"


class TagRemoved(StrEnum):
    """When BatchDeleteImage by a tag deletes the image."""

    LAST_TAG = "last_tag"
    ANY_TAG = "any_tag"
    NEVER = "never"  # the image stays, untagged


class MovedTag(StrEnum):
    """What becomes of the image that a pushed tag pointed at before."""

    UNTAGGED = "untagged"
    DELETED = "deleted"


class Mutability(StrEnum):
    """The tag mutability of a repository that does not name one."""

    MUTABLE = "MUTABLE"
    IMMUTABLE = "IMMUTABLE"


class TasksPull(StrEnum):
    """By what ECS starts a further task of a deployment."""

    DIGEST = "digest"  # resolved once per deployment
    TAG = "tag"


class CrossAccount(StrEnum):
    """Whose policy has to allow a call from another account."""

    BOTH = "both"
    EITHER = "either"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryRules:
    """The whole set. Sources: facts 6.1 to 6.4 and 6.6."""

    list_means: ListMeans = ListMeans.ALL
    first_rule: FirstRule = FirstRule.LOWEST_NUMBER
    shield: Shield = Shield.SELECTED
    counts: Counts = Counts.SELECTED
    untagged: Untagged = Untagged.WITHOUT_TAG
    pattern: Pattern = Pattern.WHOLE_TAG
    last_day_stays: bool = True  # an image of exactly N days is not older than N days
    any_comes_last: bool = True  # a rule for `any` must have the highest rulePriority
    expires_within_a_day: bool = True  # False: at once
    tag_removed: TagRemoved = TagRemoved.LAST_TAG
    moved_tag: MovedTag = MovedTag.UNTAGGED
    default_mutability: Mutability = Mutability.MUTABLE
    layers_are_shared: bool = True  # False: a push uploads every layer again
    push_creates_repository: bool = False  # only a creation template does
    login_hours: int = 12
    login_covers_one_host: bool = True
    tasks_pull: TasksPull = TasksPull.DIGEST
    cross_account: CrossAccount = CrossAccount.BOTH


RULES = RegistryRules()


def rules_to_dict(rules: RegistryRules) -> dict[str, str | bool | int]:
    """Only the fields that differ from AWS's, so that the true rules are `{}`.

    >>> rules_to_dict(RegistryRules(list_means=ListMeans.ANY, login_hours=1000))
    {'list_means': 'any', 'login_hours': 1000}
    """
    return changed_fields(rules, RULES)


def rules_from_dict(document: Mapping[str, Any]) -> RegistryRules:
    """Read `{field: value}`; what is left out is AWS's.

    Raises
    ------
    InputError
        For a field or a value that does not exist, with the nearest name.

    >>> rules_from_dict({"shield": "acted_on"}).shield
    <Shield.ACTED_ON: 'acted_on'>
    """
    return read(RULES, document, "registry", low=1, high=100_000)
