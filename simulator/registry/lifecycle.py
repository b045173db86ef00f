"""What a lifecycle policy does to images: every rule is evaluated on all of them, then they are applied in order.

Rules 1 to 4 of facts 6.6: an image is acted on by one rule or none; what a rule *selects by tags* no later rule may
touch, even where the first decides to keep it; and a later rule still counts what an earlier one selects.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from simulator.errors import InputError
from simulator.registry.images import Image
from simulator.registry.instants import DAY
from simulator.registry.lifecycle_policy import Action, CountType, LifecycleRule, TagStatus
from simulator.registry.patterns import among
from simulator.registry.rules import RULES, Counts, FirstRule, ListMeans, Pattern, RegistryRules, Shield, Untagged

MOST_COMPARISONS = 10_000_000  # ours: a second or two
INNER = 20
SOME = 4  # sorting costs this much more than picking


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule found. Numbers are positions in the list of images.

    `counted` is newest first; `marked` are those of them that the rule would act on; `tied` those around the last one
    kept that were pushed at the same moment as it, so that AWS does not say which of them go.
    """

    rule: LifecycleRule
    selected: tuple[int, ...]
    counted: tuple[int, ...]
    marked: frozenset[int]
    tied: frozenset[int]


class Held(NamedTuple):
    """An image that a rule would act on, and that another image keeps: a manifest list, or its subject."""

    rule: LifecycleRule
    by: int
    is_artifact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The whole outcome. `findings` are in the order in which the rules are applied; `acted` says which rule acts on
    which image, `first` which rule selected it first, `held` who is kept by another image, `follows` which artifacts
    go with their subject.
    """

    images: Sequence[Image]
    findings: tuple[Finding, ...]
    acted: Mapping[int, LifecycleRule]
    first: Mapping[int, Finding]
    held: Mapping[int, Held]
    follows: frozenset[int]
    open_ties: frozenset[int]


def evaluate(
    policy: Sequence[LifecycleRule], images: Sequence[Image], now: int | None, rules: RegistryRules = RULES
) -> Evaluation:
    """Apply a policy to the images of a repository.

    Parameters
    ----------
    now : microseconds since 1970; None if no rule of the policy counts days.

    Raises
    ------
    InputError
        If a rule counts days from a moment that an archived image does not say.
    """
    newest_first = _newest_first(images)
    ranks = {i: rank for rank, i in enumerate(newest_first)}
    holders = _holders(images)
    findings: list[Finding] = []
    acted: dict[int, LifecycleRule] = {}
    first: dict[int, Finding] = {}
    claimed: set[int] = set()
    open_ties: set[int] = set()
    for rule in _in_order(policy, rules):
        chosen = _selected(rule, images, holders, rules)
        selected = _sorted_out(chosen, newest_first, ranks)
        left = selected if rules.counts is Counts.SELECTED else tuple(i for i in selected if i not in claimed)
        marked, tied = _marked(rule, left, images, now, rules)
        finding = Finding(rule=rule, selected=selected, counted=left, marked=marked, tied=tied)
        findings.append(finding)
        free = marked - claimed
        open_ties |= tied - claimed
        acted.update(dict.fromkeys(free, rule))
        for i in chosen - first.keys():
            first[i] = finding
        claimed |= chosen if rules.shield is Shield.SELECTED else free
    kept_acted, held, follows = _references(images, acted)
    return Evaluation(
        images=images,
        findings=tuple(findings),
        acted=kept_acted,
        first=first,
        held=held,
        follows=follows,
        open_ties=frozenset(open_ties),
    )


def comparisons(policy: Sequence[LifecycleRule], images: Sequence[Image]) -> int:
    """How much work a policy is: each prefix and pattern is held against each tag of the images.

    A pattern with something between two wildcards counts for `INNER`, for it takes as much longer.
    """
    words = 0
    for rule in policy:
        words += len(rule.prefixes) + sum(INNER if one.count("*") > 1 else 1 for one in rule.patterns)
    return words * sum(len(image.tags) for image in images)


def refuse_too_much(work: int, path: str) -> None:
    """Refuse more comparisons than are made in some seconds."""
    if work > MOST_COMPARISONS:
        raise InputError(
            f"{path} would take {work} comparisons of a prefix or a pattern with a tag, and at most {MOST_COMPARISONS} "
            "are made; take fewer images or rules.",
            path=path,
        )


def measured_from(rule: LifecycleRule, image: Image) -> int:
    """The moment from which a rule's days are counted for an image, in microseconds since 1970.

    `sinceImagePulled` counts from the last pull, from the push if there was none, and from a restoration if no pull
    came after it (facts 6.6, rule 8).
    """
    if rule.count_type is CountType.PULLED and image.pulled is not None:
        return max(image.pulled, image.activated or 0)
    if rule.count_type is CountType.TRANSITIONED:
        if image.archived is None:
            raise InputError(
                f"Rule {rule.priority} counts the days since images were archived, and {image.digest} has no "
                "lastArchivedAt; give it one.",
                path="images",
            )
        return image.archived
    return image.dated


def _sorted_out(chosen: frozenset[int], newest_first: tuple[int, ...], ranks: Mapping[int, int]) -> tuple[int, ...]:
    """Those that were chosen, newest first: a few are sorted, many are picked out of the order of all."""
    if len(chosen) * SOME < len(newest_first):
        return tuple(sorted(chosen, key=ranks.__getitem__))
    return tuple([i for i in newest_first if i in chosen])


def _newest_first(images: Sequence[Image]) -> tuple[int, ...]:
    """The order in which images are counted; those of one moment stand in the order of their digests."""
    by_digest = sorted(range(len(images)), key=[image.digest for image in images].__getitem__)
    return tuple(sorted(by_digest, key=[-image.dated for image in images].__getitem__))


def _in_order(policy: Sequence[LifecycleRule], rules: RegistryRules) -> list[LifecycleRule]:
    highest = rules.first_rule is FirstRule.HIGHEST_NUMBER
    return sorted(policy, key=lambda rule: rule.priority, reverse=highest)


class _Holders(NamedTuple):
    """Who has which tag, and who has none, by storage class (False: standard, True: archive)."""

    tags: Mapping[bool, Mapping[str, list[int]]]
    tagged: Mapping[bool, frozenset[int]]
    classes: Mapping[bool, frozenset[int]]


def _holders(images: Sequence[Image]) -> _Holders:
    tags: dict[bool, dict[str, list[int]]] = {False: {}, True: {}}
    tagged: dict[bool, set[int]] = {False: set(), True: set()}
    classes: dict[bool, set[int]] = {False: set(), True: set()}
    for archive in classes:
        of_class = tags[archive]
        classes[archive].update([i for i, image in enumerate(images) if image.archive is archive])
        tagged[archive].update([i for i in classes[archive] if images[i].tags])
        for i in tagged[archive]:
            for tag in images[i].tags:
                of_class.setdefault(tag, []).append(i)
    return _Holders(tags, *({key: frozenset(value) for key, value in one.items()} for one in (tagged, classes)))


def _selected(rule: LifecycleRule, images: Sequence[Image], holders: _Holders, rules: RegistryRules) -> frozenset[int]:
    """The images that a rule is about, by storage class and tags alone."""
    everyone = holders.classes[rule.archive]
    if rule.status is TagStatus.ANY:
        return everyone
    if rule.status is TagStatus.UNTAGGED:
        if rules.untagged is Untagged.NEVER_PULLED:
            return frozenset(i for i in everyone if images[i].pulled is None)
        return everyone - holders.tagged[rule.archive]
    each = [_with_prefix(holders.tags[rule.archive], prefix) for prefix in rule.prefixes]
    each += [_with_pattern(holders.tags[rule.archive], pattern, rules) for pattern in rule.patterns]
    return frozenset.union(*each) if rules.list_means is ListMeans.ANY else frozenset.intersection(*each)


def _with_prefix(tags: Mapping[str, list[int]], prefix: str) -> frozenset[int]:
    return frozenset([i for tag in tags if tag.startswith(prefix) for i in tags[tag]])


def _with_pattern(tags: Mapping[str, list[int]], pattern: str, rules: RegistryRules) -> frozenset[int]:
    wanted = pattern if rules.pattern is Pattern.WHOLE_TAG else f"*{pattern}*"
    return frozenset([i for tag in among(wanted, tags) for i in tags[tag]])


def _marked(
    rule: LifecycleRule, counted: Sequence[int], images: Sequence[Image], now: int | None, rules: RegistryRules
) -> tuple[frozenset[int], frozenset[int]]:
    """The images that a rule would act on were it alone, and those of them and around them that are tied."""
    if rule.count_type is CountType.MORE_THAN:
        return frozenset(counted[rule.number :]), _tied(rule.number, counted, images)
    if now is None:
        raise InputError(f"now is missing, and rule {rule.priority} counts days until then.", path="now")
    # A whole day more, and not a microsecond less: 14 days are not older than 14 days.
    limit = now - rule.number * DAY - (1 if rules.last_day_stays else 0)
    if rule.count_type is CountType.PUSHED:
        # What is counted stands newest first, so what is too old is its tail.
        return frozenset(counted[bisect_left(counted, -limit, key=lambda i: -images[i].dated) :]), frozenset()
    return frozenset(i for i in counted if measured_from(rule, images[i]) <= limit), frozenset()


def _tied(number: int, counted: Sequence[int], images: Sequence[Image]) -> frozenset[int]:
    if number >= len(counted) or images[counted[number - 1]].dated != images[counted[number]].dated:
        return frozenset()
    moment = images[counted[number]].dated
    return frozenset(i for i in counted if images[i].dated == moment)


def _references(
    images: Sequence[Image], acted: Mapping[int, LifecycleRule]
) -> tuple[dict[int, LifecycleRule], dict[int, Held], frozenset[int]]:
    """What other images change about it: a list keeps what it refers to, a subject takes its artifacts along."""
    final = dict(acted)
    held: dict[int, Held] = {}
    lists = [i for i, image in enumerate(images) if image.manifests]
    artifacts = [i for i, image in enumerate(images) if image.subject is not None]
    if not lists and not artifacts:
        return final, held, frozenset()
    places = {image.digest: i for i, image in enumerate(images)}
    _hold_members(images, places, lists, final, held)
    follows = _follow_subjects(images, places, artifacts, final, held)
    return final, held, follows


def _hold_members(
    images: Sequence[Image],
    places: Mapping[str, int],
    lists: Iterable[int],
    final: dict[int, LifecycleRule],
    held: dict[int, Held],
) -> None:
    """No image goes before a list that refers to it; a list that is kept so keeps its own in turn."""
    waiting = list(lists)
    while waiting:
        at = waiting.pop()
        for digest in images[at].manifests:
            member = places[digest]
            rule = final.get(member)
            if rule is None or not _goes_before(rule, final.get(at)):
                continue
            del final[member]
            held[member] = Held(rule, at, False)
            if images[member].manifests:
                waiting.append(member)


def _goes_before(rule: LifecycleRule, of_list: LifecycleRule | None) -> bool:
    """Whether the image would go while its list is there: an archived list is still there."""
    if of_list is None:
        return True
    return of_list.action is Action.TRANSITION and rule.action is Action.EXPIRE


def _follow_subjects(
    images: Sequence[Image],
    places: Mapping[str, int],
    artifacts: Sequence[int],
    final: dict[int, LifecycleRule],
    held: dict[int, Held],
) -> frozenset[int]:
    """Artifacts go with their subject and not without it; one may be the subject of another."""
    follows: set[int] = set()
    roots = _roots(images, places, artifacts)
    for i in artifacts:
        own, of_subject = final.get(i), final.get(roots[i])
        if of_subject is not None and roots[i] != i:
            final[i] = of_subject
            held.pop(i, None)
            if own is None or own.priority != of_subject.priority:
                follows.add(i)
        elif own is not None:
            del final[i]
            held[i] = Held(own, places[images[i].subject or ""], True)
    return frozenset(follows)


def _roots(images: Sequence[Image], places: Mapping[str, int], artifacts: Iterable[int]) -> dict[int, int]:
    """The image that each artifact belongs to in the end: a signature may be that of an SBOM.

    A circle, which no digest allows, ends where it began.
    """
    roots: dict[int, int] = {}
    for i in artifacts:
        way: dict[int, None] = {}
        at = i
        while at not in roots and at not in way:
            subject = images[at].subject
            if subject is None:
                break
            way[at] = None
            at = places[subject]
        roots |= dict.fromkeys(way, roots.get(at, at))
    return roots
