"""A strategy's tasks one after another, as cards go to piles: which provider gets the next one, and why.

Sure is that the base comes first and how the counts end. In which order the weights deal AWS does not say; here the
provider that is furthest behind its part comes next, among equals the one that is named first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from simulator.capacity.rules import BaseMeans, CapacityRules, WeightMeans
from simulator.capacity.shares import split
from simulator.capacity.strategy import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """One task: the position of its provider in the strategy, whether the base asked for it, and the reason."""

    number: int
    at: int
    based: bool
    reason: str


def deal(count: int, items: Sequence[Item], rules: CapacityRules) -> tuple[Dealt, ...]:
    """Every task in its turn; the piles end as `split` says.

    >>> from simulator.capacity.rules import RULES
    >>> strategy = (Item(provider="FARGATE", base=1, weight=1), Item(provider="FARGATE_SPOT", base=0, weight=4))
    >>> [items.at for items in deal(6, strategy, RULES)]
    [0, 1, 1, 0, 1, 1]
    """
    counts = split(count, items, rules).counts
    believed = rules.weight_means is WeightMeans.PERCENT or rules.base_means is not BaseMeans.OFF_THE_TOP
    bases = _bases(counts, items, rules)
    dealt: list[Dealt] = []
    for at, base in enumerate(bases):
        for _ in range(base):
            number = len(dealt) + 1
            said = f"{items[at].provider} has a base of {items[at].base}, and the base comes first."
            dealt.append(Dealt(number=number, at=at, based=True, reason=said))
    rest = [total - base for total, base in zip(counts, bases, strict=True)]
    weights = rest if believed else [item.weight for item in items]
    have = [0] * len(items)
    for turn in range(1, sum(rest) + 1):
        parts = [Fraction(turn * weight, max(1, sum(weights))) for weight in weights]
        free = [i for i in range(len(items)) if have[i] < rest[i]]
        at = max(free, key=lambda i: (parts[i] - have[i], -i))
        behind = max(range(len(items)), key=lambda i: parts[i] - have[i])
        said = _reason(
            items, at, parts, have, turn, based=any(bases), held=parts[at] - have[at] < parts[behind] - have[behind]
        )
        dealt.append(Dealt(number=len(dealt) + 1, at=at, based=False, reason="" if believed else said))
        have[at] += 1
    return tuple(dealt)


def _bases(counts: Sequence[int], items: Sequence[Item], rules: CapacityRules) -> list[int]:
    if rules.base_means is BaseMeans.FLOOR:
        return [0] * len(items)
    if rules.base_means is BaseMeans.EVERY_PROVIDER:
        return [min(count, max(item.base for item in items)) for count in counts]
    return [min(count, item.base) for count, item in zip(counts, items, strict=True)]


def _reason(
    items: Sequence[Item],
    at: int,
    parts: Sequence[Fraction],
    have: Sequence[int],
    turn: int,
    *,
    based: bool,
    held: bool,
) -> str:
    name = items[at].provider
    if len(items) == 1:
        return f"{name} is the only provider."
    among = f"the {turn} beyond the base" if based else f"the first {turn}"
    among = among if turn > 1 else among.replace("the 1 ", "the one ").replace("first one", "first")
    said = f"Of {among}, weight {items[at].weight} asks for {_decimal(parts[at])}, and {name} has {have[at]}."
    return f"{said} The remainder falls to it here." if held else said


def _decimal(value: Fraction) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")
