"""What a kind of item is: which fields it has, how it shows, and how it grades."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quizzes.item import Item
from quizzes.result import Graded

if TYPE_CHECKING:
    from quizzes.served import ServedWrong, Variant

Problem = tuple[tuple[str | int, ...], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One type of item.

    `fields` are the item's fields that only some types have and this one takes; `rules` the scoring rules with the
    sentence that a learner reads before answering; `default_rule(item)` the rule where none is named;
    `check(item)` the problems of its fields, each with the place in the item; `check_variant(item, variant)` those
    that only a variant shows, each with its rule of the lint; `visible(variant)` what may be shown;
    `grade(variant, response)` the score, the response None for a blank one.
    """

    name: str
    fields: frozenset[str]
    rules: Mapping[str, str]
    default_rule: Callable[[Item], str]
    check: Callable[[Item], Iterator[Problem]]
    check_variant: Callable[[Item, Variant], Iterator[tuple[str, str]]]
    visible: Callable[[Variant], dict[str, Any]]
    grade: Callable[[Variant, Any], Graded]
    # The author's ids in a response as the ids that are known outside.
    translate: Callable[[Variant, Any], Any]


def share(value: float) -> str:
    """A score in a sentence, at most two decimals.

    >>> share(1.0), share(2 / 3), share(0.5)
    ('1', '0.67', '0.5')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def named(wrong: ServedWrong) -> str:
    """A known wrong value in a sentence of the lint."""
    return f"the known wrong value {wrong.value}" + (f" of {wrong.misconception}" if wrong.misconception else "")
