"""Lifecycle policies: what goes, what stays, and what is said about it."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.registry.answers import lifecycle_answer
from simulator.registry.images import Image, read_images
from simulator.registry.instants import DAY, HOUR, SECOND, read_instant, span, written
from simulator.registry.lifecycle import comparisons, evaluate, refuse_too_much
from simulator.registry.lifecycle_policy import read_policy
from simulator.registry.patterns import among, matches
from simulator.registry.rules import RULES, Counts, FirstRule, ListMeans, Pattern, Shield, Untagged
from simulator.registry.subjects import registry_answer

NOW = "2026-06-01T00:00:00Z"


def rule(priority: int, status: str = "any", *, more_than: int | None = None, days: int | None = None, **other: Any):
    selection: dict[str, Any] = {"tagStatus": status}
    if more_than is not None:
        selection |= {"countType": "imageCountMoreThan", "countNumber": more_than}
    else:
        selection |= {"countType": other.pop("since", "sinceImagePushed"), "countUnit": "days", "countNumber": days}
    archive = other.pop("archives", False)
    action = {"type": "transition", "targetStorageClass": "archive"} if archive else {"type": "expire"}
    return {"rulePriority": priority, "selection": selection | other, "action": action}


def image(name: str, age: int | str, *tags: str, **other: Any) -> dict[str, Any]:
    pushed = written(read_instant(NOW, "") - age * DAY) if isinstance(age, int) else age
    return {"imageDigest": name, "imageTags": list(tags), "imagePushedAt": pushed, **other}


def ago(days: int) -> str:
    return written(read_instant(NOW, "") - days * DAY)


def ask(rules: list[Any], images: list[Any], **beliefs: Any) -> dict[str, Any]:
    document = {"lifecyclePolicy": {"rules": rules}, "images": images, "now": NOW}
    return lifecycle_answer(document, replace(RULES, **beliefs))


def outcome(answer: dict[str, Any]) -> dict[str, tuple[str, int | None, str]]:
    return {
        one["imageDigest"]: (name, one["rulePriority"], one["code"])
        for name in ("expired", "transitioned", "kept")
        for one in answer[name]
    }


def reasons(answer: dict[str, Any]) -> dict[str, str]:
    return {one["imageDigest"]: one["reason"] for name in ("expired", "transitioned", "kept") for one in answer[name]}


def test_the_whole_answer() -> None:
    answer = ask(
        [rule(1, "tagged", more_than=100, tagPrefixList=["release"]), rule(2, more_than=2)],
        [image("A", 9, "release-1"), image("B", 8, "dev-1"), image("C", 7), image("D", 6, "dev-3", "x")],
    )
    assert answer == {
        "expired": [
            {
                "imageDigest": "B",
                "imageTags": ["dev-1"],
                "rulePriority": 2,
                "code": "BEYOND_COUNT",
                "reason": "Rule 2 expires it: it is number 3 of 4, newest first, and the 2 newest are kept.",
            }
        ],
        "transitioned": [],
        "kept": [
            {
                "imageDigest": "A",
                "imageTags": ["release-1"],
                "rulePriority": 1,
                "code": "SHIELDED_BY_EARLIER_RULE",
                "reason": "Rule 1 selects it and keeps it: it is number 1 of 1, newest first, and the 100 newest are "
                "kept. Rule 2 would expire it, but what rule 1 selects is out of its reach.",
                "shieldedFrom": 2,
            },
            {
                "imageDigest": "C",
                "imageTags": [],
                "rulePriority": 2,
                "code": "WITHIN_COUNT",
                "reason": "Rule 2 selects it and keeps it: it is number 2 of 4, newest first, and the 2 newest are "
                "kept.",
            },
            {
                "imageDigest": "D",
                "imageTags": ["dev-3", "x"],
                "rulePriority": 2,
                "code": "WITHIN_COUNT",
                "reason": "Rule 2 selects it and keeps it: it is number 1 of 4, newest first, and the 2 newest are "
                "kept.",
            },
        ],
        "rules": [
            {
                "rulePriority": 1,
                "selects": "images with a tag beginning with release",
                "selected": 1,
                "marked": 0,
                "actedOn": 0,
            },
            {"rulePriority": 2, "selects": "any image", "selected": 4, "marked": 2, "actedOn": 1},
        ],
        "actsWithinHours": 24,
        "open": False,
        "notes": [],
    }


def test_days_are_exact_to_the_microsecond() -> None:
    at_the_day = "2026-05-18T00:00:00Z"  # 14 days before
    one_more = "2026-05-17T23:59:59.999999Z"
    in_another_zone = "2026-05-18T01:59:59+02:00"  # one second more
    answer = ask(
        [rule(1, "untagged", days=14)], [image("A", at_the_day), image("B", one_more), image("C", in_another_zone)]
    )
    assert outcome(answer) == {
        "A": ("kept", 1, "NOT_OLD_ENOUGH"),
        "B": ("expired", 1, "TOO_OLD"),
        "C": ("expired", 1, "TOO_OLD"),
    }
    assert reasons(answer) == {
        "A": "Rule 1 selects it and keeps it: it was pushed 14 days ago, not more than 14 days.",
        "B": "Rule 1 expires it: it was pushed 14 days 1e-06 s ago, more than 14 days.",
        "C": "Rule 1 expires it: it was pushed 14 days 1 s ago, more than 14 days.",
    }
    believed = ask([rule(1, "untagged", days=14)], [image("A", at_the_day)], last_day_stays=False)
    assert outcome(believed) == {"A": ("expired", 1, "TOO_OLD")}
    younger = ask([rule(1, days=14)], [image("A", "2026-05-18T00:00:00.000001Z")], last_day_stays=False)
    assert outcome(younger)["A"][0] == "kept"


def test_one_day_is_said_in_the_singular() -> None:
    assert reasons(ask([rule(1, days=1)], [image("A", 2)]))["A"] == (
        "Rule 1 expires it: it was pushed 2 days ago, more than 1 day."
    )


def test_a_push_after_now_is_kept_and_said() -> None:
    answer = ask([rule(1, days=1)], [image("A", "2026-06-01T03:00:00Z")])
    assert reasons(answer)["A"] == "Rule 1 selects it and keeps it: its time lies 3 h after now."


def test_only_the_newest_is_kept() -> None:
    answer = ask([rule(1, more_than=1)], [image("A", 2), image("B", 1)])
    assert reasons(answer)["A"] == (
        "Rule 1 expires it: it is number 2 of 2, newest first, and only the newest is kept."
    )


def test_an_image_without_a_rule() -> None:
    rules = [rule(1, "tagged", more_than=1, tagPatternList=["v*"])]
    images = [
        image("A", 1),
        image("B", 1, "x"),
        image("C", 1, "a", "b", "c", "d"),
        image("D", 1, "v1", storageClass="ARCHIVE"),
        image("E", 1, imageStatus="ARCHIVED"),
    ]
    answer = ask(rules, images)
    assert set(outcome(answer).values()) == {("kept", None, "NO_RULE_SELECTS_IT")}
    assert reasons(answer) == {
        "A": "No rule selects it: it has no tag.",
        "B": "No rule selects it: it has the tag x.",
        "C": "No rule selects it: it has the tags a, b, c and 1 more.",
        "D": "No rule selects it: it is in the archive and it has the tag v1.",
        "E": "No rule selects it: it is in the archive and it has no tag.",
    }
    assert answer["rules"][0]["selects"] == "images with a tag like v*"


def test_pulls_count_from_the_last_pull_the_push_or_the_restoration() -> None:
    images = [
        image("pulled", 300, lastRecordedPullTime=ago(91)),
        image("never", 90),
        image("restored", 300, lastActivatedAt=ago(91)),
        image("pulled-then-restored", 300, lastRecordedPullTime=ago(200), lastActivatedAt=ago(10)),
        image("restored-then-pulled", 300, lastRecordedPullTime=ago(20), lastActivatedAt=ago(100)),
    ]
    answer = ask([rule(1, days=90, since="sinceImagePulled", archives=True)], images)
    assert outcome(answer) == {
        "pulled": ("transitioned", 1, "TOO_OLD"),
        "never": ("kept", 1, "NOT_OLD_ENOUGH"),
        "restored": ("transitioned", 1, "TOO_OLD"),
        "pulled-then-restored": ("kept", 1, "NOT_OLD_ENOUGH"),
        "restored-then-pulled": ("kept", 1, "NOT_OLD_ENOUGH"),
    }
    said = reasons(answer)
    assert said["pulled"] == "Rule 1 archives it: it was last pulled 91 days ago, more than 90 days."
    assert said["never"].endswith("it was never pulled and pushed 90 days ago, not more than 90 days.")
    assert said["pulled-then-restored"].endswith("it was restored from the archive 10 days ago, not more than 90 days.")
    assert said["restored-then-pulled"].endswith("it was last pulled 20 days ago, not more than 90 days.")


def test_an_archived_image_is_dated_by_its_transition_alone() -> None:
    images = [image("A", 900, storageClass="archive", lastArchivedAt=ago(91), lastActivatedAt=ago(1))]
    rules = [rule(1, days=90, since="sinceImageTransitioned", storageClass="archive")]
    assert reasons(ask(rules, images))["A"] == "Rule 1 expires it: it was archived 91 days ago, more than 90 days."
    with pytest.raises(InputError, match="Rule 1 counts the days since images were archived, and A has no"):
        ask(rules, [image("A", 900, storageClass="archive")])


def test_archived_images_are_not_counted_by_rules_for_standard_ones() -> None:
    images = [image("A", 3), image("B", 2, storageClass="archive"), image("C", 1)]
    assert outcome(ask([rule(1, more_than=1)], images)) == {
        "A": ("expired", 1, "BEYOND_COUNT"),
        "B": ("kept", None, "NO_RULE_SELECTS_IT"),
        "C": ("kept", 1, "WITHIN_COUNT"),
    }


def test_a_manifest_list_holds_what_it_refers_to() -> None:
    images = [
        image("outer", 9, "v1", manifests=["inner"]),
        image("inner", 9, manifests=["leaf"]),
        image("leaf", 9),
        image("free", 9),
        image("gone", 9, manifests=["with-it"]),
        image("with-it", 9),
    ]
    answer = ask([rule(1, "untagged", days=1)], images)
    assert outcome(answer) == {
        "outer": ("kept", None, "NO_RULE_SELECTS_IT"),
        "inner": ("kept", 1, "REFERENCED_BY_MANIFEST_LIST"),
        "leaf": ("kept", 1, "REFERENCED_BY_MANIFEST_LIST"),
        "free": ("expired", 1, "TOO_OLD"),
        "gone": ("expired", 1, "TOO_OLD"),
        "with-it": ("expired", 1, "TOO_OLD"),
    }
    assert reasons(answer)["leaf"] == (
        "Rule 1 would expire it, but the manifest list inner refers to it, and it cannot go before it."
    )
    assert answer["rules"][0] | {"selects": ""} == {
        "rulePriority": 1,
        "selects": "",
        "selected": 5,
        "marked": 5,
        "actedOn": 3,
    }


def test_a_list_that_goes_to_the_archive_is_still_there() -> None:
    rules = [rule(1, "tagged", days=1, tagPrefixList=["v"], archives=True), rule(2, "untagged", days=1)]
    images = [image("list", 9, "v1", manifests=["m"]), image("m", 9)]
    assert outcome(ask(rules, images)) == {
        "list": ("transitioned", 1, "TOO_OLD"),
        "m": ("kept", 2, "REFERENCED_BY_MANIFEST_LIST"),
    }
    both = [rule(1, days=1, archives=True)]
    assert {one[0] for one in outcome(ask(both, images)).values()} == {"transitioned"}


def test_artifacts_go_with_their_subject_and_not_without() -> None:
    images = [
        image("A", 9, "v1"),
        image("signature", 1, subjectManifestDigest="A"),
        image("signature-of-signature", 9, subjectManifestDigest="signature"),
        image("B", 1, "v2"),
        image("old", 9, subjectManifestDigest="B"),
        image("young", 1, subjectManifestDigest="B"),
    ]
    answer = ask([rule(1, "tagged", days=5, tagPrefixList=["v"]), rule(2, "untagged", days=5)], images)
    assert outcome(answer) == {
        "A": ("expired", 1, "TOO_OLD"),
        "signature": ("expired", 1, "FOLLOWS_SUBJECT"),
        "signature-of-signature": ("expired", 1, "FOLLOWS_SUBJECT"),
        "B": ("kept", 1, "NOT_OLD_ENOUGH"),
        "old": ("kept", 2, "STAYS_WITH_SUBJECT"),
        "young": ("kept", 2, "NOT_OLD_ENOUGH"),
    }
    said = reasons(answer)
    assert said["signature"] == "Its subject A is expired, and it follows within 24 hours."
    assert said["old"] == "Rule 2 would expire it, but it belongs to B, which stays, and it goes only with it."
    assert answer["open"] is True
    assert answer["notes"] == [
        "AWS says that artifacts follow their subject, not whether a rule may act on one alone; here none does."
    ]


def test_artifacts_follow_into_the_archive() -> None:
    images = [image("A", 9, "v1"), image("S", 1, subjectManifestDigest="A")]
    answer = ask([rule(1, "tagged", days=5, tagPrefixList=["v"], archives=True)], images)
    assert outcome(answer)["S"] == ("transitioned", 1, "FOLLOWS_SUBJECT")
    assert reasons(answer)["S"] == "Its subject A is archived, and it follows within 24 hours."


def test_artifacts_in_a_circle_stay() -> None:
    """No digest allows it; a document does."""
    images = [image("A", 9, subjectManifestDigest="B"), image("B", 9, subjectManifestDigest="A")]
    assert {one[0] for one in outcome(ask([rule(1, days=1)], images)).values()} == {"kept"}


def test_a_tie_is_open_where_it_decides() -> None:
    images = [image("c", 3, "c"), image("a", 3, "a"), image("b", 3, "b"), image("d", 9, "d")]
    answer = ask([rule(1, more_than=2)], images)
    assert [one["imageDigest"] for one in answer["expired"]] == ["c", "d"]
    assert [one.get("open") for one in answer["expired"]] == [True, None]
    assert [one.get("open") for one in answer["kept"]] == [True, True]
    assert answer["open"] is True
    assert answer["notes"] == [
        (
            "Rule 1 cuts between 3 images that were pushed at the same moment; AWS does not say which of them stay, "
            "and here the digests' alphabetical order decides."
        )
    ]
    assert ask([rule(1, more_than=3)], images)["open"] is False
    shielded = [rule(1, "tagged", more_than=9, tagPatternList=["*"]), rule(2, more_than=2)]
    assert ask(shielded, images)["open"] is False


def test_an_any_rule_of_the_other_class_is_open() -> None:
    archived = rule(2, "tagged", days=90, since="sinceImageTransitioned", storageClass="archive", tagPrefixList=["v"])
    answer = ask([rule(1, more_than=1), archived], [])
    assert answer["open"] is True
    assert answer["notes"] == [
        (
            "AWS does not say whether a rule for any image must out-number the rules of the other storage class; here "
            "it must not."
        )
    ]
    assert answer["rules"][1]["selects"] == "images with a tag beginning with v in the archive"
    archived["rulePriority"] = 1
    assert ask([rule(2, more_than=1), archived], [])["open"] is False


def test_a_tag_on_two_images_is_said() -> None:
    answer = ask([rule(1, more_than=9)], [image("A", 1, "v"), image("B", 2, "v"), image("C", 3, "w")])
    assert answer["notes"] == [
        "The tag v is on several of these images; in a repository it is on one. Each is judged as listed."
    ]
    assert answer["open"] is False


BELIEFS: list[tuple[list[Any], list[Any], dict[str, Any], set[str], set[str]]] = [
    (
        [rule(1, "tagged", more_than=1, tagPrefixList=["a", "b"])],
        [image("A", 3, "a1"), image("B", 2, "b1"), image("C", 1, "a2", "b2")],
        {"list_means": ListMeans.ANY},
        set(),
        {"A", "B"},
    ),
    (
        [
            rule(1, "tagged", more_than=1, tagPrefixList=["prod"]),
            rule(2, "tagged", more_than=1, tagPrefixList=["beta"]),
        ],
        [image("A", 10, "beta-1", "prod-1"), image("B", 9, "beta-2", "prod-2"), image("C", 8, "beta-3")],
        {"first_rule": FirstRule.HIGHEST_NUMBER},
        {"A"},
        {"A", "B"},
    ),
    (
        [rule(1, "tagged", more_than=9, tagPrefixList=["v"]), rule(2, more_than=1)],
        [image("A", 3, "v1"), image("B", 2, "x"), image("C", 1)],
        {"shield": Shield.ACTED_ON},
        {"B"},
        {"A", "B"},
    ),
    (
        [rule(1, "tagged", more_than=9, tagPrefixList=["v"]), rule(2, more_than=1)],
        [image("A", 1, "v1"), image("B", 2, "x")],
        {"counts": Counts.LEFT_OVER},
        {"B"},
        set(),
    ),
    (
        [rule(1, "untagged", days=1)],
        [image("A", 3, "v1"), image("B", 2, lastRecordedPullTime=ago(1)), image("C", 2)],
        {"untagged": Untagged.NEVER_PULLED},
        {"B", "C"},
        {"A", "C"},
    ),
    (
        [rule(1, "tagged", days=1, tagPatternList=["1.0"])],
        [image("A", 3, "v1.0"), image("B", 2, "1.0")],
        {"pattern": Pattern.PART_OF_TAG},
        {"B"},
        {"A", "B"},
    ),
    (
        [rule(1, more_than=1), rule(2, "untagged", days=1)],
        [image("A", 3), image("B", 2)],
        {"any_comes_last": False},
        set(),
        {"A"},
    ),
]


@pytest.mark.parametrize(("rules", "images", "belief", "true", "believed"), BELIEFS)
def test_a_belief_gives_its_own_answer(
    rules: list[Any], images: list[Any], belief: dict[str, Any], true: set[str], believed: set[str]
) -> None:
    if "any_comes_last" not in belief:
        assert {one["imageDigest"] for one in ask(rules, images)["expired"]} == true
    assert {one["imageDigest"] for one in ask(rules, images, **belief)["expired"]} == believed


def test_at_once_is_zero_hours() -> None:
    assert ask([rule(1, more_than=1)], [], expires_within_a_day=False)["actsWithinHours"] == 0


def test_under_a_belief_an_uncounted_image_has_no_place() -> None:
    rules = [rule(1, "tagged", days=1, tagPrefixList=["v"]), rule(2, more_than=1)]
    answer = ask(rules, [image("A", 0, "v1"), image("B", 2)], counts=Counts.LEFT_OVER)
    assert reasons(answer)["B"] == (
        "Rule 2 selects it and keeps it: it is number 1 of 1, newest first, and only the newest is kept."
    )


def test_now_is_needed_only_to_count_days() -> None:
    assert lifecycle_answer({"lifecyclePolicy": {"rules": [rule(1, more_than=1)]}, "images": []})["kept"] == []
    with pytest.raises(InputError, match=r"^now is missing, and rule 1 counts days until then\.$"):
        lifecycle_answer({"lifecyclePolicy": {"rules": [rule(1, days=1)]}, "images": []})
    with pytest.raises(InputError, match="images is missing; list the repository's images"):
        lifecycle_answer({"lifecyclePolicy": {"rules": [rule(1, more_than=1)]}})


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("*", "", True),
        ("v*", "v", True),
        ("*v", "rev", True),
        ("ab*bc", "abc", False),
        ("ab*bc", "abbc", True),
        ("a*b*c", "axxbyyc", True),
        ("a*b*c", "ac", False),
        ("*a*a*", "a", False),
        ("*a*a*", "aa", True),
        ("a*bb*b", "abb", False),
        ("a**b", "ab", True),
        ("v1", "v1", True),
        ("v1", "v10", False),
    ],
)
def test_patterns(pattern: str, name: str, fits: bool) -> None:
    assert matches(pattern, name) is fits


def test_a_hostile_pattern_does_not_hang() -> None:
    assert among("*a*a*a*b", ["a" * 20_000]) == []


def test_work_is_bounded() -> None:
    policy = read_policy(
        {
            "rules": [
                rule(1, "tagged", more_than=1, tagPrefixList=["a", "b"]),
                rule(2, "tagged", more_than=1, tagPatternList=["a", "*b", "*c*"]),
                rule(3, more_than=1),
            ]
        }
    )
    images = read_images([image("A", 1, "a", "b"), image("B", 2)], "images")
    assert comparisons(policy, images) == 2 * (2 + 1 + 1 + 20)
    refuse_too_much(10_000_000, "images")
    with pytest.raises(InputError) as error:
        refuse_too_much(10_000_001, "images")
    assert str(error.value) == (
        "images would take 10000001 comparisons of a prefix or a pattern with a tag, and at most 10000000 are made; "
        "take fewer images or rules."
    )
    many = [image(str(i), 1, *(f"{i}-{k}" for k in range(500))) for i in range(100)]
    with pytest.raises(InputError, match=r"^images would take 10050000 comparisons"):
        ask([rule(1, "tagged", more_than=1, tagPrefixList=[str(i) for i in range(201)])], many)
    web = {"repositoryName": "web", "images": many[:50]}
    web["lifecyclePolicy"] = {"rules": [rule(1, "tagged", days=4000, tagPrefixList=[str(i) for i in range(201)])]}
    with pytest.raises(InputError, match=r"^commands would take 10050000 comparisons"):
        registry_answer({"repositories": [web], "commands": [{"do": "wait", "hours": 48}], "now": NOW})
    assert registry_answer({"repositories": [web], "commands": [{"do": "wait", "hours": 24}], "now": NOW})["results"]


def test_many_that_are_chosen_stand_newest_first_too() -> None:
    """A few are sorted, many are picked out of the order of all: the answer is the same."""
    for others in (0, 1, 7, 30):
        images = [image("a", 9, "v1"), image("b", 3, "v2"), image("c", 6, "v3")]
        images += [image(f"o{i}", 20, "w") for i in range(others)]
        answer = ask([rule(1, "tagged", more_than=1, tagPrefixList=["v"])], images)
        assert [one["imageDigest"] for one in answer["expired"]] == ["a", "c"]
        assert reasons(answer)["c"].startswith("Rule 1 expires it: it is number 2 of 3")


def test_instants() -> None:
    assert read_instant("1970-01-02T00:00:00Z", "t") == DAY
    assert read_instant("1970-01-01 00:00:01.5+00:00", "t") == SECOND * 3 // 2
    assert read_instant(1.25, "t") == SECOND * 5 // 4
    assert read_instant("2999-12-31T23:59:59Z", "t") == 32_503_679_999 * SECOND
    assert written(DAY + 1) == "1970-01-02T00:00:00.000001Z"
    assert [span(x) for x in (0, HOUR, DAY, 2 * DAY + HOUR + 61 * SECOND, SECOND // 2)] == [
        "0 s",
        "1 h",
        "1 day",
        "2 days 1 h 1 min 1 s",
        "0.5 s",
    ]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("yesterday", 't must be a time such as 2026-01-01T00:00:00Z, not "yesterday".'),
        ("2026-01-01", 't must be a time such as 2026-01-01T00:00:00Z, not "2026-01-01".'),
        ("2026-01-01T00:00:00", 't is "2026-01-01T00:00:00", without a time zone; end it with Z for UTC.'),
        ("2026-02-30T00:00:00Z", 't is "2026-02-30T00:00:00Z", a time that does not exist.'),
        ("1969-12-31T23:59:59Z", 't is "1969-12-31T23:59:59Z"; times lie in the years 1970 to 2999.'),
        ("3000-01-01T00:00:00Z", 't is "3000-01-01T00:00:00Z"; times lie in the years 1970 to 2999.'),
        ("0001-01-01T00:00:00+14:00", 't is "0001-01-01T00:00:00+14:00"; times lie in the years 1970 to 2999.'),
        (True, "t must be a time such as 2026-01-01T00:00:00Z, not true."),
        (None, "t must be a time such as 2026-01-01T00:00:00Z, not null."),
        (-1, "t must be a number from 0 to 32503679999, not -1."),
    ],
)
def test_what_is_no_instant(value: Any, told: str) -> None:
    with pytest.raises(InputError) as error:
        read_instant(value, "t")
    assert str(error.value) == told


def test_an_image_is_read_whole() -> None:
    document = {
        "imageDigest": "sha256:a",
        "imageTags": ["x", "y"],
        "imagePushedAt": 1,
        "lastRecordedPullTime": 2,
        "lastActivatedAt": 3,
        "lastArchivedAt": 4,
        "storageClass": "STANDARD",
        "imageStatus": "ACTIVE",
        "imageSizeInBytes": 7,
        "registryId": "1",
    }
    assert read_images([document], "images") == (
        Image("sha256:a", SECOND, ("x", "y"), pulled=2 * SECOND, activated=3 * SECOND, archived=4 * SECOND),
    )
    plain = {"imageDigest": "a", "imageTags": ["x"], "imagePushedAt": 1}
    assert read_images([plain], "images") == (Image("a", SECOND, ("x",)),)
    assert read_images([{**plain, "imageTags": None}], "images") == (Image("a", SECOND),)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"imageDigest": None}, "images[0].imageDigest is missing; every image has one."),
        ({"imagePushedAt": None}, "images[0].imagePushedAt is missing; every image has one."),
        ({"imageDigest": ""}, "images[0].imageDigest must have 1 to 255 characters, and it has 0."),
        ({"imageDigest": "x" * 256}, "images[0].imageDigest must have 1 to 255 characters, and it has 256."),
        ({"imageTags": [""]}, "images[0].imageTags[0] must have 1 to 300 characters, and it has 0."),
        ({"imageTags": ["x" * 301]}, "images[0].imageTags[0] must have 1 to 300 characters, and it has 301."),
        ({"imageTags": ["\n"]}, "images[0].imageTags[0] has the character U+000A, which cannot be seen; take it out."),
        ({"imageTags": "v1"}, 'images[0].imageTags must be a list, not "v1".'),
        ({"imageTags": 0}, "images[0].imageTags must be a list, not 0."),
        ({"imageTags": ["a", "b", "a"]}, 'images[0].imageTags has "a" twice; take one out.'),
        ({"imagePushed": 1}, "There is no field “images[0].imagePushed”; did you mean “imagePushedAt”?"),
        ({"imagePushedAt": "now"}, 'images[0].imagePushedAt must be a time such as 2026-01-01T00:00:00Z, not "now".'),
        ({"storageClass": "cold"}, 'images[0].storageClass must be standard or archive, not "cold".'),
        ({"imageStatus": "ACTIVATING"}, 'images[0].imageStatus must be ACTIVE or ARCHIVED, not "ACTIVATING".'),
        (
            {"imageStatus": "ARCHIVED", "storageClass": "standard"},
            "images[0].imageStatus is ARCHIVED, and storageClass is standard; they have to agree.",
        ),
        ({"manifests": ["b"]}, 'images[0].manifests[0] is "b", which is the digest of no other image in images.'),
        (
            {"subjectManifestDigest": "a"},
            'images[0].subjectManifestDigest is "a", which is the digest of no other image in images.',
        ),
    ],
)
def test_what_is_no_image(change: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as error:
        read_images([{"imageDigest": "a", "imageTags": [], "imagePushedAt": 1, **change}], "images")
    assert str(error.value) == told


def test_a_digest_is_listed_once() -> None:
    one = {"imageDigest": "a", "imageTags": [], "imagePushedAt": 1}
    with pytest.raises(InputError) as error:
        read_images([one, {**one, "imageDigest": "b"}, one], "images")
    assert str(error.value) == "images[2].imageDigest is that of images[0]; list each image once, with all its tags."
    assert error.value.path == "images[2].imageDigest"
    with pytest.raises(InputError, match="images has 3 entries, and at most 2 are taken"):
        read_images([one, one, one], "images", most=2)


NAMES = ["v1", "v2", "beta-1", "beta-2", "prod-1", "x"]


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A policy of any rules that ECR takes, and images of few moments, so that there are ties."""
    count = draw(st.integers(1, 4))
    rules: list[Any] = []
    prefixes = ["v", "beta", "prod", "x"]
    for priority in range(1, count + 1):
        number = {"more_than": draw(st.integers(1, 3))} if draw(st.booleans()) else {"days": draw(st.integers(1, 4))}
        if priority == count and draw(st.booleans()):
            rules.append(rule(priority, "any", **number))
        elif draw(st.booleans()):
            rules.append(rule(priority, "tagged", **number, tagPrefixList=[prefixes[priority - 1]]))
        else:
            rules.append(
                rule(priority, "tagged", **number, tagPatternList=draw(st.sampled_from([["*"], ["*1"], ["v*", "*2"]])))
            )
    images: list[Any] = []
    for i in range(draw(st.integers(0, 10))):
        tags = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=2))
        other = {"manifests": [f"d{draw(st.integers(0, i - 1))}"]} if i and draw(st.integers(0, 4)) == 0 else {}
        images.append(image(f"d{i}", draw(st.integers(0, 5)), *tags, **other))
    return {"lifecyclePolicy": {"rules": rules}, "images": images, "now": NOW}


@settings(max_examples=60, deadline=None)
@given(documents(), st.randoms(use_true_random=False))
def test_every_image_has_one_outcome_whatever_the_order(document: dict[str, Any], shuffler: random.Random) -> None:
    answer = lifecycle_answer(document)
    found = outcome(answer)
    listed = [one["imageDigest"] for name in ("expired", "transitioned", "kept") for one in answer[name]]
    assert sorted(listed) == sorted(one["imageDigest"] for one in document["images"])
    images, rules = list(document["images"]), list(document["lifecyclePolicy"]["rules"])
    shuffler.shuffle(images)
    shuffler.shuffle(rules)
    again = lifecycle_answer({**document, "images": images, "lifecyclePolicy": {"rules": rules}})
    assert outcome(again) == found
    assert json.dumps(lifecycle_answer(document)) == json.dumps(answer)
    text = json.dumps(document["lifecyclePolicy"])
    assert lifecycle_answer({"lifecyclePolicyText": text, "images": document["images"], "now": NOW}) == answer


@settings(max_examples=60, deadline=None)
@given(documents())
def test_the_pseudocode_of_the_facts_agrees(document: dict[str, Any]) -> None:
    """The model of facts 6.6, written out plainly, on policies without references."""
    for one in document["images"]:
        one.pop("manifests", None)
    policy, images = read_policy(document["lifecyclePolicy"]), read_images(document["images"], "images")
    now = read_instant(NOW, "")
    claimed: set[str] = set()
    expected: dict[str, int] = {}
    for one in policy:
        matching = [
            i
            for i in images
            if one.status == "any"
            or (
                all(any(t.startswith(p) for t in i.tags) for p in one.prefixes)
                and all(any(matches(p, t) for t in i.tags) for p in one.patterns)
            )
        ]
        newest = sorted(sorted(matching, key=lambda i: i.digest), key=lambda i: -i.pushed)
        if one.count_type == "imageCountMoreThan":
            over = newest[one.number :]
        else:
            over = [i for i in newest if now - i.pushed > one.number * DAY]
        expected |= {i.digest: one.priority for i in over if i.digest not in claimed}
        claimed |= {i.digest for i in matching}
    evaluation = evaluate(policy, images, now)
    assert {images[i].digest: acting.priority for i, acting in evaluation.acted.items()} == expected
