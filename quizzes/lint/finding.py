"""The rules of the lint by id, and what a rule gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quizzes.item import Item
from quizzes.served import Variant

# E: never right. W: right only with a reason, which the item gives under `waive`.
RULES: Mapping[str, tuple[str, str]] = {
    "IW-01": ("E", "all of the above"),
    "IW-02": ("W", "none of the above"),
    "IW-03": ("E", "options about other options"),
    "IW-04": ("W", "a negative stem"),
    "IW-05": ("E", "a double negative"),
    "IW-06": ("W", "the key is the longest or shortest by far"),
    "IW-07": ("E", "over the bank, choosing the longest option beats chance"),
    "IW-08": ("E", "over the bank, keys stand at one place; or options are not shuffled"),
    "IW-09": ("W", "absolute words in distractors only"),
    "IW-10": ("W", "a vague quantity"),
    "IW-11": ("W", "only the key repeats words of the stem"),
    "IW-12": ("W", "grammar fits one option only"),
    "IW-14": ("W", "options of different form"),
    "IW-15": ("E", "two options say the same"),
    "IW-16": ("W", "numbers not in order"),
    "IW-17": ("W", "ranges that overlap"),
    "IW-18": ("W", "all options begin with the same words"),
    "IW-19": ("W", "a stem without a question"),
    "IW-20": ("W", "a blank in the middle of the stem"),
    "IW-21": ("W", "a stem too long"),
    "IW-22": ("W", "two questions in one"),
    "IW-23": ("W", "too few or too many options"),
    "IW-24": ("E", "the wrong number of keys"),
    "IW-25": ("W", "the stem does not say how many to choose"),
    "IW-27": ("W", "jokes, tricks, and persons"),
    "IW-29": ("W", "too much to remember"),
    "IW-30": ("W", "a number by heart"),
    "IW-31": ("E", "an option without a reason"),
    "IW-32": ("E", "a reason that names letters or positions"),
    "IW-34": ("E", "an item that leans on another"),
    "IW-35": ("W", "two stems nearly the same"),
    "IW-36": ("E", "an id used twice"),
    "IW-37": ("E", "a name that is not there"),
    "IW-38": ("E", "an objective without an item"),
    "IW-39": ("E", "a variant that does not hold"),
    "IW-40": ("E", "what no test hits"),
    "IW-41": ("E", "out of date"),
    "IW-42": ("W", "a product misspelled or retired"),
    "IW-43": ("E", "color as the only cue"),
    "IW-44": ("E", "markup that marks the key"),
    "IW-45": ("W", "a hint that tells the key"),
    "IW-46": ("E", "a quiz of fixed items only"),
    "IW-48": ("E", "raw HTML, pictures, or scripts"),
}

# An error, and yet there are reasons to keep the options in their order.
WAIVABLE = frozenset({rule for rule, (kind, _) in RULES.items() if kind == "W"} | {"IW-08"})

Location = tuple[str | int, ...]
Found = Iterator[tuple[str, Location, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An item with one of its variants, so that rules read the texts as a learner does."""

    item: Item
    variant: Variant

    @property
    def texts(self) -> tuple[str, ...]:
        """The options' texts as the author ordered them."""
        return tuple(option.text for option in self.as_written)

    @property
    def as_written(self) -> tuple[Shown, ...]:
        """The options in the author's order, with their place in the file."""
        by_name = {option.name: option for option in self.variant.options}
        return tuple(
            Shown(place=k, text=by_name[one.id].text, key=by_name[one.id].key, rationale=by_name[one.id].rationale)
            for k, one in enumerate(self.item.options)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One option as a rule looks at it."""

    place: int
    text: str
    key: bool
    rationale: str


def waived(item: Item, rule: str) -> bool:
    """Whether an item says why it breaks a rule, and may."""
    return rule in item.waive and rule in WAIVABLE


WORD = re.compile(r"[A-Za-z][A-Za-z-]+")


def plain(text: str) -> str:
    """A text without code marks and emphasis, on one line.

    >>> plain("Set `maximumPercent`  to **200**.")
    'Set maximumPercent to 200.'
    """
    return " ".join(re.sub(r"[`*_]", "", text).split())


def words(text: str) -> list[str]:
    """The words of a text in lower case."""
    return [word.lower() for word in WORD.findall(plain(text))]
