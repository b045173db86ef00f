"""The answer about a lifecycle policy: every image in exactly one list, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.registry.images import Image, read_images, shared_tags
from simulator.registry.instants import read_instant
from simulator.registry.lifecycle import Evaluation, comparisons, evaluate, refuse_too_much
from simulator.registry.lifecycle_policy import Action, LifecycleRule, any_rules_are_open, policy_of
from simulator.registry.reasons import Reasons, selects, ties
from simulator.registry.rules import RULES, RegistryRules

LIFECYCLE_FIELDS = ("lifecyclePolicy", "lifecyclePolicyText", "images", "now")
WITHIN_HOURS = 24


def lifecycle_answer(document: Mapping[str, Any], rules: RegistryRules = RULES) -> dict[str, Any]:
    """What a lifecycle policy does to the images of a repository.

    Parameters
    ----------
    document : `{"lifecyclePolicy" or "lifecyclePolicyText", "images", "now"}`; `now` only where a rule counts days.

    Returns
    -------
    dict
        `{"expired", "transitioned", "kept", "rules", "actsWithinHours", "open", "notes"}`; each image is in one of
        the first three, in the document's order.

    Raises
    ------
    InputError
        With one sentence and the place, for a policy that ECR would refuse and for images that are none.
    """
    reading.known_fields(document, "", LIFECYCLE_FIELDS)
    policy, images, now = read_lifecycle(document, rules)
    evaluation = evaluate(policy, images, now, rules)
    reasons = Reasons(evaluation, now)
    expired: list[dict[str, Any]] = []
    transitioned: list[dict[str, Any]] = []
    kept: list[dict[str, Any]] = []
    for i, image in enumerate(images):
        reason = reasons.of(i)
        priority = None if reason.rule is None else reason.rule.priority
        entry: dict[str, Any] = {
            "imageDigest": image.digest,
            "imageTags": list(image.tags),
            "rulePriority": priority,
            "code": reason.code,
            "reason": reason.sentence,
        }
        if reason.shielded_from is not None:
            entry["shieldedFrom"] = reason.shielded_from.priority
        if i in evaluation.open_ties:
            entry["open"] = True
        acting = evaluation.acted.get(i)
        if acting is None:
            kept.append(entry)
        elif acting.action is Action.EXPIRE:
            expired.append(entry)
        else:
            transitioned.append(entry)
    return {
        "expired": expired,
        "transitioned": transitioned,
        "kept": kept,
        "rules": _rules(evaluation),
        "actsWithinHours": WITHIN_HOURS if rules.expires_within_a_day else 0,
        "open": is_open(policy, evaluation),
        "notes": notes(policy, images, evaluation),
    }


def read_lifecycle(
    document: Mapping[str, Any], rules: RegistryRules = RULES
) -> tuple[tuple[LifecycleRule, ...], tuple[Image, ...], int | None]:
    """The policy, the images, and the moment of a lifecycle document."""
    policy = policy_of(document, rules=rules)
    if document.get("images") is None:
        raise InputError("images is missing; list the repository's images, or [] for none.", path="images")
    images = read_images(document["images"], "images")
    refuse_too_much(comparisons(policy, images), "images")
    now = document.get("now")
    return policy, images, None if now is None else read_instant(now, "now")


def is_open(policy: Sequence[LifecycleRule], evaluation: Evaluation) -> bool:
    """Whether AWS leaves something of this answer open."""
    artifacts = any(held.is_artifact for held in evaluation.held.values())
    return bool(evaluation.open_ties) or artifacts or any_rules_are_open(policy)


def notes(policy: Sequence[LifecycleRule], images: Sequence[Image], evaluation: Evaluation) -> list[str]:
    """What this simulator chose where AWS says nothing, and what is odd about the images."""
    said = ties(evaluation)
    if any(held.is_artifact for held in evaluation.held.values()):
        said.append(
            "AWS says that artifacts follow their subject, not whether a rule may act on one alone; here none does."
        )
    if any_rules_are_open(policy):
        said.append(
            "AWS does not say whether a rule for any image must out-number the rules of the other storage class; here "
            "it must not."
        )
    for tag in shared_tags(images)[:1]:
        said.append(
            f"The tag {reading.shorten(tag)} is on several of these images; in a repository it is on one. Each is "
            "judged as listed."
        )
    return said


def _rules(evaluation: Evaluation) -> list[dict[str, Any]]:
    """What each rule found, in the order in which they are applied."""
    counts: dict[int, int] = {}
    for rule in evaluation.acted.values():
        counts[rule.priority] = counts.get(rule.priority, 0) + 1
    return [
        {
            "rulePriority": finding.rule.priority,
            "selects": selects(finding.rule),
            "selected": len(finding.selected),
            "marked": len(finding.marked),
            "actedOn": counts.get(finding.rule.priority, 0),
        }
        for finding in evaluation.findings
    ]
