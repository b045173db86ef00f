"""Why each image goes or stays, as a code and a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from simulator.registry.images import Image
from simulator.registry.instants import span
from simulator.registry.lifecycle import Evaluation, Finding, Held, measured_from
from simulator.registry.lifecycle_policy import Action, CountType, LifecycleRule, TagStatus

# Why an image is kept.
NO_RULE = "NO_RULE_SELECTS_IT"
WITHIN_COUNT = "WITHIN_COUNT"
NOT_OLD_ENOUGH = "NOT_OLD_ENOUGH"
SHIELDED = "SHIELDED_BY_EARLIER_RULE"
IN_LIST = "REFERENCED_BY_MANIFEST_LIST"
WITH_SUBJECT = "STAYS_WITH_SUBJECT"
# Why it goes.
BEYOND_COUNT = "BEYOND_COUNT"
TOO_OLD = "TOO_OLD"
FOLLOWS = "FOLLOWS_SUBJECT"

_SINCE = {
    CountType.PUSHED: "pushed",
    CountType.PULLED: "last pulled",
    CountType.TRANSITIONED: "archived",
}


class Reason(NamedTuple):
    """`rule` is the rule that decided, None where none did; `shielded_from` the later one that would have acted."""

    code: str
    sentence: str
    rule: LifecycleRule | None
    shielded_from: LifecycleRule | None = None


class _Shared(NamedTuple):
    """What the reasons of one rule have in common. `ranks` are places from the newest, None if the rule counts days."""

    finding: Finding
    start: str
    ranks: Mapping[int, int] | None
    tail: str


class Reasons:
    """The reasons of one evaluation; what all of its images share is worked out once."""

    def __init__(self, evaluation: Evaluation, now: int | None) -> None:
        self.evaluation = evaluation
        self.now = now
        self._marking = [finding for finding in evaluation.findings if finding.marked]
        self._shared = {finding.rule.priority: _shared(finding) for finding in evaluation.findings}

    def of(self, i: int) -> Reason:
        """The reason for the image at position `i`."""
        evaluation = self.evaluation
        rule = evaluation.acted.get(i)
        if rule is not None:
            return self._why_followed(i, rule) if i in evaluation.follows else self._why_acted(i, rule)
        held = evaluation.held.get(i)
        if held is not None:
            return self._why_held(held)
        first = evaluation.first.get(i)
        if first is None:
            return Reason(NO_RULE, _unselected(evaluation.images[i]), None)
        return self._why_kept(i, first)

    def _why_acted(self, i: int, rule: LifecycleRule) -> Reason:
        shared = self._shared[rule.priority]
        code = TOO_OLD if shared.ranks is None else BEYOND_COUNT
        return Reason(code, f"{shared.start}{self._measure(i, shared)}.", rule)

    def _why_followed(self, i: int, rule: LifecycleRule) -> Reason:
        subject = _short(self.evaluation.images[i].subject or "")
        fate = "archived" if rule.action is Action.TRANSITION else "expired"
        return Reason(FOLLOWS, f"Its subject {subject} is {fate}, and it follows within 24 hours.", rule)

    def _why_held(self, held: Held) -> Reason:
        by = _short(self.evaluation.images[held.by].digest)
        start = f"Rule {held.rule.priority} would {_verb(held.rule)} it, but "
        if held.is_artifact:
            return Reason(WITH_SUBJECT, f"{start}it belongs to {by}, which stays, and it goes only with it.", held.rule)
        return Reason(IN_LIST, f"{start}the manifest list {by} refers to it, and it cannot go before it.", held.rule)

    def _why_kept(self, i: int, first: Finding) -> Reason:
        rule, shared = first.rule, self._shared[first.rule.priority]
        kept = f"Rule {rule.priority} selects it and keeps it: {self._measure(i, shared)}."
        shield = next((f.rule for f in self._marking if i in f.marked and f.rule is not rule), None)
        if shield is None:
            return Reason(NOT_OLD_ENOUGH if shared.ranks is None else WITHIN_COUNT, kept, rule)
        tail = f" Rule {shield.priority} would {_verb(shield)} it, but what rule {rule.priority} selects is out of its"
        return Reason(SHIELDED, f"{kept}{tail} reach.", rule, shield)

    def _measure(self, i: int, shared: _Shared) -> str:
        """How the image stands to the rule's number."""
        if shared.ranks is not None:
            rank = shared.ranks.get(i)
            return f"it is number {rank} {shared.tail}" if rank else f"it is none {shared.tail}"
        rule, image = shared.finding.rule, self.evaluation.images[i]
        since = measured_from(rule, image)
        assert self.now is not None, "a rule that counts days was evaluated"
        age = self.now - since
        if age < 0:
            return f"its time lies {span(-age)} after now"
        than = "more" if i in shared.finding.marked else "not more"
        return f"it was {_event(rule, image, since)} {span(age)} ago, {than} {shared.tail}"


def _shared(finding: Finding) -> _Shared:
    rule = finding.rule
    start = f"Rule {rule.priority} {'archives' if rule.action is Action.TRANSITION else 'expires'} it: "
    if rule.count_type is not CountType.MORE_THAN:
        return _Shared(finding, start, None, f"than {_days(rule.number)}")
    ranks = {i: rank for rank, i in enumerate(finding.counted, start=1)}
    return _Shared(finding, start, ranks, f"of {len(finding.counted)}, newest first, and {_kept(rule)}")


def ties(evaluation: Evaluation) -> list[str]:
    """A sentence for each rule whose cut runs through images of the same moment."""
    return [
        f"Rule {finding.rule.priority} cuts between {len(finding.tied)} images that were pushed at the same moment; "
        "AWS does not say which of them stay, and here the digests' alphabetical order decides."
        for finding in evaluation.findings
        if finding.tied & evaluation.open_ties
    ]


def _verb(rule: LifecycleRule) -> str:
    return "archive" if rule.action is Action.TRANSITION else "expire"


def _kept(rule: LifecycleRule) -> str:
    return "only the newest is kept" if rule.number == 1 else f"the {rule.number} newest are kept"


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def _event(rule: LifecycleRule, image: Image, since: int) -> str:
    """What happened at the moment from which the days are counted."""
    if rule.count_type is CountType.TRANSITIONED:
        return _SINCE[rule.count_type]
    if image.activated is not None and since == image.activated:
        return "restored from the archive"
    if rule.count_type is CountType.PULLED and image.pulled is None:
        return "never pulled and pushed"
    return _SINCE[rule.count_type]


def _unselected(image: Image) -> str:
    where = "it is in the archive and " if image.archive else ""
    if not image.tags:
        return f"No rule selects it: {where}it has no tag."
    return f"No rule selects it: {where}it has the tag{'' if len(image.tags) == 1 else 's'} {_listed(image.tags)}."


def _listed(tags: tuple[str, ...]) -> str:
    shown = ", ".join(tags[:3])
    return f"{shown} and {len(tags) - 3} more" if len(tags) > 3 else shown


def _short(digest: str) -> str:
    return digest if len(digest) <= 19 else f"{digest[:19]}…"


def selects(rule: LifecycleRule) -> str:
    """Which images a rule is about, in words.

    >>> selects(LifecycleRule(priority=1, status=TagStatus.ANY, count_type=CountType.MORE_THAN, number=3))
    'any image'
    """
    if rule.status is TagStatus.ANY:
        words = "any image"
    elif rule.status is TagStatus.UNTAGGED:
        words = "images without a tag"
    else:
        listed = [f"beginning with {prefix}" for prefix in rule.prefixes] + [f"like {one}" for one in rule.patterns]
        words = "images with a tag " + " and a tag ".join(listed)
    return f"{words} in the archive" if rule.archive else words
