"""Names with wildcards: `*` is any run of characters. Linear in the name, whatever the pattern, so none can hang."""

from __future__ import annotations

from collections.abc import Iterable


def matches(pattern: str, name: str) -> bool:
    """Whether the whole name has the pattern's form.

    >>> matches("v*.*", "v1.2"), matches("v*", "rev1"), matches("*", "")
    (True, False, True)
    """
    return bool(among(pattern, [name]))


def among(pattern: str, names: Iterable[str]) -> list[str]:
    """Those of the names that have the pattern's form, in their order.

    >>> among("release-*", ["release-1", "pre-release-1"])
    ['release-1']
    """
    first, *rest = pattern.split("*")
    if not rest:
        return [name for name in names if name == first]
    *middle, last = rest
    found = [name for name in names if name.startswith(first)] if first else list(names)
    if last:
        # The two ends may not share a letter: "ab*bc" is not the form of "abc".
        least = len(first) + len(last)
        found = [name for name in found if name.endswith(last) and len(name) >= least]
    middle = [part for part in middle if part]
    return [name for name in found if _in_order(middle, name, len(first), len(name) - len(last))] if middle else found


def _in_order(parts: list[str], name: str, at: int, end: int) -> bool:
    for part in parts:
        # The earliest place leaves the most room for what follows.
        found = name.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
