"""Ordering items: steps to bring into an order, of which some need not be fixed, with steps that do not belong.

`dag_edit` counts the steps to take out and to put in until some allowed order is reached (Poulsen et al., arXiv
2204.04196). The most that can stay is the longest part of the answer in which no two steps are turned round. That
"turned round" is a partial order, so by Dilworth's theorem its largest antichain is found by matching.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from quizzes.item import Item
from quizzes.kinds.kind import Kind, Problem, share
from quizzes.result import Graded, Part
from simulator.errors import InputError

if TYPE_CHECKING:
    from quizzes.served import Variant

_RULES = {
    "dag_edit": "Each step that has to be taken out or put in costs one share; every allowed order earns all points.",
    "pairs": "Each pair of steps in the right order counts, less what chance would give; never below 0.",
    "exact": "The whole order has to be right.",
}


def kept(answer: Sequence[str], before: Mapping[str, Collection[str]]) -> list[str]:
    """A longest part of an answer in which no step comes before one that has to precede it.

    Parameters
    ----------
    answer : steps, each once.
    before : for each step all that must come before it, however far back.

    >>> kept(["b", "a", "c"], {"a": set(), "b": {"a"}, "c": {"a", "b"}})
    ['a', 'c']
    """
    turned = {a: [b for b in answer[i + 1 :] if b in before[a]] for i, a in enumerate(answer)}
    partner: dict[str, str] = {}

    def match(a: str, tried: set[str]) -> bool:
        for b in turned[a]:
            if b not in tried:
                tried.add(b)
                if b not in partner or match(partner[b], tried):
                    partner[b] = a
                    return True
        return False

    for a in answer:
        match(a, set())
    # König: from the unmatched, walk unmatched and matched edges in turn; what is reached left and not right is free.
    left = set(answer) - set(partner.values())
    right: set[str] = set()
    waiting = list(left)
    while waiting:
        for b in turned[waiting.pop()]:
            if b not in right:
                right.add(b)
                left.add(partner[b])
                waiting.append(partner[b])
    return [a for a in answer if a in left and a not in right]


def all_before(item: Item) -> dict[str, set[str]]:
    """For each step that belongs, all that must come before it; without any `after` the written order is the one."""
    right = [block for block in item.blocks if not block.distractor]
    strict = not any(block.after for block in right)
    before = {
        block.id: {other.id for other in right[:k]} if strict else set(block.after) for k, block in enumerate(right)
    }
    for _ in right:
        for name, direct in before.items():
            before[name] = direct.union(*(before[other] for other in direct))
    return before


def _grade(variant: Variant, response: Any) -> Graded:
    answer = [] if response is None else _read(variant, response)
    blocks = sorted(variant.blocks, key=lambda block: block.position)
    before = {block.id: block.before for block in blocks if not block.distractor}
    stay = kept([name for name in answer if name in before], before)
    out, put_in = len(answer) - len(stay), len(before) - len(stay)
    n = len(before)
    match variant.rule:
        case "exact":
            score, written = float(out + put_in == 0), f"1 if {out} + {put_in} steps are misplaced = 0, else 0"
        case "pairs":
            place = {name: k for k, name in enumerate(answer)}
            right = sum(a in place and b in place and place[a] < place[b] for b in before for a in before[b])
            total = n * (n - 1) // 2
            score, written = max(0.0, (2 * right - total) / total), f"max(0, 2 × {right}/{total} − 1)"
        case _:
            score, written = max(0.0, (n - out - put_in) / n), f"max(0, 1 − ({out} + {put_in})/{n})"
    said = f"{out} to take out and {put_in} to put in for an order of {n} steps" if answer else "No step has a place"
    placed = {name: k for k, name in enumerate(answer)}
    chosen = [block for block in blocks if block.id in placed]
    return Graded(
        score=score,
        parts=tuple(
            Part(
                id=block.id,
                text=block.text,
                key=not block.distractor,
                chosen=block.id in placed,
                right=(block.id in stay) if not block.distractor else block.id not in placed,
                rationale=block.rationale,
            )
            for block in blocks
        ),
        explanation=f"{said}: score = {written} = {share(score)}",
        misconceptions=tuple(dict.fromkeys(b.misconception for b in chosen if b.misconception and b.distractor)),
    )


def _read(variant: Variant, response: Any) -> list[str]:
    known = {block.id for block in variant.blocks}
    if not isinstance(response, (list, tuple)) or len(response) > len(known):
        raise InputError(f"An answer here is a list of at most {len(known)} steps; order them again.")
    names = [name if isinstance(name, str) else "" for name in response]
    if not set(names) <= known:
        raise InputError("The answer names a step that this question does not have; order the steps again.")
    if len(set(names)) < len(names):
        raise InputError("The answer has a step twice; give each step one place.")
    return names


def _check(item: Item) -> Iterator[Problem]:
    names = [block.id for block in item.blocks]
    right = {block.id: block.after for block in item.blocks if not block.distractor}
    if len(right) < 3:
        yield ("blocks",), f"at least 3 steps that belong are needed, and there are {len(right)}"
    for k, block in enumerate(item.blocks):
        if block.id in names[:k]:
            yield ("blocks", k, "id"), f"“{block.id}” is there already; give this step another id"
        if block.distractor and block.after:
            yield ("blocks", k, "after"), "a step that does not belong comes after none"
        unknown = [name for name in block.after if name not in right]
        if unknown:
            yield ("blocks", k, "after"), f"“{unknown[0]}” is no step that belongs"
    if _has_circle(right):
        yield ("blocks",), "the steps' after go in a circle; take one of them out"
    rule = item.scoring.rule if item.scoring else ""
    if rule == "pairs" and (len(right) < len(item.blocks) or any(right.values())):
        yield ("scoring", "rule"), "pairs is for one strict order without distractors; use dag_edit"


def _has_circle(after: dict[str, tuple[str, ...]]) -> bool:
    left = dict(after)
    while left:
        free = [name for name, before in left.items() if not any(other in left for other in before)]
        if not free:
            return True
        for name in free:
            del left[name]
    return False


def _default_rule(item: Item) -> str:
    strict = not any(block.after or block.distractor for block in item.blocks)
    return "pairs" if strict else "dag_edit"


def _visible(variant: Variant) -> dict[str, Any]:
    return {"blocks": [{"id": block.id, "text": block.text} for block in variant.blocks]}


def _translate(variant: Variant, response: Any) -> Any:
    known = {block.name: block.id for block in variant.blocks}
    return [known.get(name, name) for name in response] if isinstance(response, (list, tuple)) else response


ORDERING = Kind(
    name="ordering",
    fields=frozenset({"blocks", "shuffle"}),
    rules=_RULES,
    default_rule=_default_rule,
    check=_check,
    check_variant=lambda _item, _variant: iter(()),
    visible=_visible,
    grade=_grade,
    translate=_translate,
)
