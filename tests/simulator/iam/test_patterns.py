"""Wildcards: the same language as a regular expression, in one pass."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.iam.patterns import matches, matches_arn

SOME = st.text(alphabet="ab*?é", max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(SOME, st.text(alphabet="abé", max_size=8)), min_size=20, max_size=40))
def test_it_is_the_regular_expression(pairs: list[tuple[str, str]]) -> None:
    for pattern, text in pairs:
        written = "".join({"*": ".*", "?": "."}.get(one, re.escape(one)) for one in pattern)
        assert matches(pattern, text) == bool(re.fullmatch(written, text, re.DOTALL)), (pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text", "covered"),
    [
        ("*", "", True),
        ("*", "anything:/at?all", True),
        ("", "", True),
        ("?", "", False),
        ("?", "ab", False),
        ("a*", "a", True),
        ("*a", "ba", True),
        ("*a", "ab", False),
        ("a*b?", "axxbz", True),
        ("a**b", "ab", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b", False),
        ("s3:GetObject", "s3:getobject", False),
        ("é?", "éx", True),
    ],
)
def test_by_hand(pattern: str, text: str, covered: bool) -> None:
    assert matches(pattern, text) is covered


def test_case_is_passed_over_only_where_asked() -> None:
    assert matches("S3:GET*", "s3:GetObject", any_case=True)
    assert not matches("S3:GET*", "s3:GetObject")
    assert matches("S3:GETOBJECT", "s3:GetObject", any_case=True)


@pytest.mark.parametrize("pattern", ["a*" * 1000 + "b", "?*" * 1000 + "1", "*?" * 1000 + "é"])
def test_a_hostile_pattern_does_not_hang(pattern: str) -> None:
    assert not matches(pattern, "a" * 2048)


def test_arns_are_compared_part_by_part() -> None:
    task = "arn:aws:ecs:us-east-1:111122223333:task/a:b"
    assert matches_arn("arn:aws:ecs:*:*:task/*", task)
    assert matches_arn("arn:aws:ecs:us-east-?:111122223333:*", task)
    assert not matches_arn("arn:aws:ecs:*:*:service/*", task)
    assert not matches_arn("arn:aws:*", task), "a star does not run over a colon"
    assert not matches_arn("*", task)
    assert not matches_arn("arn:aws:ecs:us-east-1:111122223333:*", "arn:aws:ecs")
