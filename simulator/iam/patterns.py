"""The wildcards of policies: `*` for any characters, `?` for one, in one pass over the text: no pattern can hang.

That action names are compared without regard to case, and ARNs and values with it, is IAM's own habit; the facts do
not speak of it, so it is a choice named here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

ARN_PARTS = 6


def matches(pattern: str, text: str, *, any_case: bool = False) -> bool:
    """Whether the pattern covers the whole text.

    >>> matches("s3:Get*", "s3:GetObject"), matches("s3:get*", "s3:GetObject"), matches("db-??", "db-123")
    (True, False, False)
    """
    if any_case:
        pattern, text = pattern.lower(), text.lower()
    if pattern in ("*", text):
        return True
    if "*" not in pattern and "?" not in pattern:
        return False
    return _run(pattern, text)


def matches_arn(pattern: str, text: str) -> bool:
    """Whether an ARN matches as `ArnLike` compares: each of the six parts between colons for itself.

    >>> matches_arn("arn:aws:ecs:*:111122223333:*", "arn:aws:ecs:us-east-1:111122223333:task/a/b")
    True
    >>> matches_arn("arn:aws:ecs:*", "arn:aws:ecs:us-east-1:111122223333:task/a/b")
    False
    """
    wanted, given = pattern.split(":", ARN_PARTS - 1), text.split(":", ARN_PARTS - 1)
    if len(wanted) != ARN_PARTS or len(given) != ARN_PARTS:
        return False
    return all(matches(part, there) for part, there in zip(wanted, given, strict=True))


def _run(pattern: str, text: str) -> bool:
    """All places of the pattern at once, one bit each: bit `i` is set where its first `i` characters are matched."""
    steps, anyone, stays, length = _compiled(pattern)
    places = 1
    for one in text:
        places = ((places & steps.get(one, anyone)) << 1) | (places & stays)
        if not places:
            return False
    return bool(places >> length & 1)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> tuple[Mapping[str, int], int, int, int]:
    """For each character the places it leads on from, those that any leads on from, those with a star, the length."""
    plain: defaultdict[str, int] = defaultdict(int)
    anyone = stays = length = 0
    for one in pattern:
        if one == "*":
            stays |= 1 << length
            continue
        if one == "?":
            anyone |= 1 << length
        else:
            plain[one] |= 1 << length
        length += 1
    return {one: places | anyone for one, places in plain.items()}, anyone, stays, length
