"""Lifecycle policies: the real JSON in, its rules out, or the first thing that ECR would refuse (facts 6.6)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator import reading
from simulator.documents import load_json
from simulator.errors import InputError
from simulator.reading import join
from simulator.registry.images import ARCHIVE, STANDARD
from simulator.registry.rules import RULES, RegistryRules

MOST_RULES = 50  # AWS's quota
LONGEST_POLICY = 30_720  # AWS's quota, characters
MOST_WILDCARDS = 4
LEAST_ARCHIVE_DAYS = 90
_MOST = 2**31 - 1  # ours: AWS names no highest number

POLICY_FIELDS = ("lifecyclePolicy", "lifecyclePolicyText")


class TagStatus(StrEnum):
    """Which images a rule is about."""

    TAGGED = "tagged"
    UNTAGGED = "untagged"
    ANY = "any"


class CountType(StrEnum):
    """By what a rule measures."""

    MORE_THAN = "imageCountMoreThan"
    PUSHED = "sinceImagePushed"
    PULLED = "sinceImagePulled"
    TRANSITIONED = "sinceImageTransitioned"


class Action(StrEnum):
    """What becomes of the images that a rule marks."""

    EXPIRE = "expire"
    TRANSITION = "transition"  # to the archive


@dataclass(frozen=True, slots=True, kw_only=True)
class LifecycleRule:
    """One rule, read. `number` is a count of images, or days."""

    priority: int
    status: TagStatus
    prefixes: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    archive: bool = False
    count_type: CountType
    number: int
    action: Action = Action.EXPIRE


def policy_of(document: Mapping[str, Any], path: str = "", rules: RegistryRules = RULES) -> tuple[LifecycleRule, ...]:
    """The policy of a document that has `lifecyclePolicy` (an object) or `lifecyclePolicyText` (its JSON as text).

    Raises
    ------
    InputError
        With the place, for a policy that ECR would refuse, and where both are given or neither is.
    """
    given = [name for name in POLICY_FIELDS if document.get(name) is not None]
    if len(given) != 1:
        how = "both are" if given else "neither is"
        raise InputError(f"Exactly one of {' and '.join(POLICY_FIELDS)} is needed, and {how} given.", path=path)
    where = join(path, given[0])
    if given[0] == "lifecyclePolicy":
        return read_policy(document[given[0]], where, rules)
    text = document[given[0]]
    if not isinstance(text, str):
        raise InputError(f"{where} must be the policy's JSON as text, not {reading.shown(text)}.", path=where)
    _refuse_long(len(text), where)
    try:
        parsed = load_json(text)
    except InputError as error:
        raise InputError(f"{where}: {error}", path=where) from None
    return read_policy(parsed, where, rules)


def read_policy(value: Any, path: str = "lifecyclePolicy", rules: RegistryRules = RULES) -> tuple[LifecycleRule, ...]:
    """The rules of a policy in the order of their priorities.

    Raises
    ------
    InputError
        With the place, for a policy that ECR would refuse.

    >>> selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 3}
    >>> policy = {"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]}
    >>> read_policy(policy)[0].number
    3
    """
    policy = reading.mapping(value, path)
    reading.known_fields(policy, path, ("rules",))
    _refuse_long(len(json.dumps(policy, separators=(",", ":"), ensure_ascii=False)), path)
    where = join(path, "rules")
    listed = reading.items(policy.get("rules"), where, most=MOST_RULES)
    if not listed:
        raise InputError(f"{where} is empty; a lifecycle policy has at least one rule.", path=where)
    found = [_read_rule(one, f"{where}[{i}]") for i, one in enumerate(listed)]
    _check_together(found, where, rules)
    return tuple(sorted(found, key=lambda rule: rule.priority))


def any_rules_are_open(policy: Sequence[LifecycleRule]) -> bool:
    """Whether an `any` rule has a lower number than a rule of the other storage class: AWS does not say if it may."""
    return any(
        one.status is TagStatus.ANY and other.archive != one.archive and other.priority > one.priority
        for one in policy
        for other in policy
    )


def _refuse_long(length: int, path: str) -> None:
    if length > LONGEST_POLICY:
        raise InputError(f"{path} has {length} characters, and ECR takes at most {LONGEST_POLICY}.", path=path)


def _read_rule(value: Any, path: str) -> LifecycleRule:
    rule = reading.mapping(value, path)
    reading.known_fields(rule, path, ("rulePriority", "description", "selection", "action"))
    for field in ("rulePriority", "selection", "action"):
        _needed(rule, field, path)
    description = rule.get("description", "")
    if not isinstance(description, str):
        raise InputError(
            f"{path}.description must be text, not {reading.shown(description)}.", path=f"{path}.description"
        )
    priority = reading.whole(rule["rulePriority"], f"{path}.rulePriority", low=1, high=_MOST)
    selection = reading.mapping(rule["selection"], f"{path}.selection")
    action = _read_action(rule["action"], f"{path}.action")
    found = _read_selection(selection, f"{path}.selection", priority, action)
    _check_pairs(found, path)
    return found


def _read_action(value: Any, path: str) -> Action:
    action = reading.mapping(value, path)
    reading.known_fields(action, path, ("type", "targetStorageClass"))
    kind = Action(reading.choice(_needed(action, "type", path), f"{path}.type", [one.value for one in Action]))
    target = action.get("targetStorageClass")
    where = f"{path}.targetStorageClass"
    if kind is Action.EXPIRE and target is not None:
        raise InputError(f"{where} goes only with the type transition; leave it out to expire images.", path=where)
    if kind is Action.TRANSITION:
        if target is None:
            raise InputError(f"{where} is missing; a transition says where to: archive.", path=where)
        reading.choice(target, where, (ARCHIVE,))
    return kind


_SELECTION = ("tagStatus", "tagPrefixList", "tagPatternList", "storageClass", "countType", "countUnit", "countNumber")


def _read_selection(selection: Mapping[str, Any], path: str, priority: int, action: Action) -> LifecycleRule:
    reading.known_fields(selection, path, _SELECTION)
    status = TagStatus(
        reading.choice(_needed(selection, "tagStatus", path), f"{path}.tagStatus", [one.value for one in TagStatus])
    )
    count_type = CountType(
        reading.choice(_needed(selection, "countType", path), f"{path}.countType", [one.value for one in CountType])
    )
    _check_unit(selection, path, count_type)
    number = reading.whole(_needed(selection, "countNumber", path), f"{path}.countNumber", low=1, high=_MOST)
    storage = reading.choice(selection.get("storageClass", STANDARD), f"{path}.storageClass", (STANDARD, ARCHIVE))
    prefixes, patterns = _read_lists(selection, path, status)
    return LifecycleRule(
        priority=priority,
        status=status,
        prefixes=prefixes,
        patterns=patterns,
        archive=storage == ARCHIVE,
        count_type=count_type,
        number=number,
        action=action,
    )


def _read_lists(selection: Mapping[str, Any], path: str, status: TagStatus) -> tuple[tuple[str, ...], tuple[str, ...]]:
    given = [name for name in ("tagPrefixList", "tagPatternList") if name in selection]
    if status is not TagStatus.TAGGED:
        if given:
            where = f"{path}.{given[0]}"
            raise InputError(f"{where} goes only with tagStatus tagged, and this is {status.value}.", path=where)
        return (), ()
    if len(given) != 1:
        how = "both are given; split them into two rules" if given else "neither is given"
        raise InputError(f"{path} needs exactly one of tagPrefixList and tagPatternList, and {how}.", path=path)
    where = f"{path}.{given[0]}"
    listed = reading.items(selection[given[0]], where, most=LONGEST_POLICY)
    if not listed:
        raise InputError(f"{where} is empty; name what the tags must have.", path=where)
    words = tuple(reading.text(one, f"{where}[{k}]", longest=LONGEST_POLICY) for k, one in enumerate(listed))
    if given[0] == "tagPrefixList":
        return words, ()
    for k, word in enumerate(words):
        if word.count("*") > MOST_WILDCARDS:
            raise InputError(
                f"{where}[{k}] has {word.count('*')} wildcards, and a pattern has at most {MOST_WILDCARDS}.",
                path=f"{where}[{k}]",
            )
    return (), words


def _check_unit(selection: Mapping[str, Any], path: str, count_type: CountType) -> None:
    where = f"{path}.countUnit"
    unit = selection.get("countUnit")
    if count_type is CountType.MORE_THAN:
        if "countUnit" in selection:
            raise InputError(f"{where} goes only with days, and {count_type.value} counts images; drop it.", path=where)
    elif unit is None:
        raise InputError(f"{where} is missing; {count_type.value} counts days.", path=where)
    else:
        reading.choice(unit, where, ("days",))


def _check_pairs(rule: LifecycleRule, path: str) -> None:
    """What goes together: pulls with the archive to come, transitions with the archive that is."""
    kind, where = rule.count_type, f"{path}.selection"
    if kind is CountType.PULLED and rule.action is not Action.TRANSITION:
        raise InputError(
            f"{path}.action.type must be transition, for sinceImagePulled only archives images.", path=f"{path}.action"
        )
    if rule.archive != (kind is CountType.TRANSITIONED):
        cure = "countType sinceImageTransitioned" if rule.archive else "storageClass archive"
        which = "storageClass archive" if rule.archive else "countType sinceImageTransitioned"
        raise InputError(f"{where} has {which}, which goes only with {cure}.", path=where)
    if kind is CountType.TRANSITIONED and rule.action is not Action.EXPIRE:
        raise InputError(f"{path}.action.type must be expire: the images are archived already.", path=f"{path}.action")
    if kind is CountType.TRANSITIONED and rule.number < LEAST_ARCHIVE_DAYS:
        raise InputError(
            f"{where}.countNumber is {rule.number}, and an archived image stays at least {LEAST_ARCHIVE_DAYS} days.",
            path=f"{where}.countNumber",
        )


def _check_together(found: Sequence[LifecycleRule], path: str, rules: RegistryRules) -> None:
    """What no rule can break alone."""
    priorities: dict[int, int] = {}
    prefixes: dict[tuple[bool, str], int] = {}
    untagged: dict[bool, int] = {}
    for i, rule in enumerate(found):
        where = f"{path}[{i}]"
        if priorities.setdefault(rule.priority, i) != i:
            raise InputError(
                f"{where}.rulePriority is {rule.priority}, as that of {path}[{priorities[rule.priority]}]; "
                "each rule needs a number of its own.",
                path=f"{where}.rulePriority",
            )
        for prefix in rule.prefixes:
            first = prefixes.setdefault((rule.archive, prefix), i)
            if first != i:
                raise InputError(
                    f"{where}.selection.tagPrefixList has {reading.shown(prefix)}, as {path}[{first}] has; a prefix "
                    "stands in one rule only.",
                    path=f"{where}.selection.tagPrefixList",
                )
        if rule.status is TagStatus.UNTAGGED and untagged.setdefault(rule.archive, i) != i:
            raise InputError(
                f"{where} selects untagged images, as {path}[{untagged[rule.archive]}] does; one rule may.", path=where
            )
    for i, rule in enumerate(found):
        later = [other.priority for other in found if other.archive == rule.archive and other.priority > rule.priority]
        if rule.status is TagStatus.ANY and later and rules.any_comes_last:
            raise InputError(
                f"{path}[{i}] is for any image and has rulePriority {rule.priority}; it must have the highest number, "
                f"above {max(later)}.",
                path=f"{path}[{i}]",
            )


def _needed(document: Mapping[str, Any], field: str, path: str) -> Any:
    if document.get(field) is None:
        where = join(path, field)
        raise InputError(f"{where} is missing.", path=where)
    return document[field]
