"""An item as one learner gets it: parameters drawn, keys computed, options in their order.

`Variant.visible()` is all that may leave the server before submission. It depends on texts, numbers and the order's
seed alone, never on which options are keys: the same texts with other keys give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quizzes.item import Select
from quizzes.kinds import KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedOption:
    """An option. `id` goes to the browser, `name` is its author's id and stays."""

    id: str
    name: str
    text: str
    key: bool
    rationale: str
    misconception: str | None
    value: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedBlock:
    """A step of an ordering. `before` has the ids of all that must come before it, `position` its author's place."""

    id: str
    name: str
    text: str
    position: int
    before: frozenset[str]
    distractor: bool
    rationale: str
    misconception: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedWrong:
    """A wrong value that is known, worked out for this variant."""

    value: Any
    misconception: str | None
    feedback: str
    credit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """What was served. `seed` is the listed seed (None without parameters), `document` what the simulator was asked."""

    item_id: str
    type: str
    points: int
    seed: int | None
    params: Mapping[str, Any]
    stimulus: str | None
    stem: str
    rule: str
    select: Select | None
    unit: str | None
    integer: bool
    tolerance: tuple[float, float]
    options: tuple[ServedOption, ...]
    blocks: tuple[ServedBlock, ...]
    key: Any
    known_wrong: tuple[ServedWrong, ...]
    feedback: Mapping[str, str]
    document: Mapping[str, Any] | None

    def visible(self) -> dict[str, Any]:
        """What the browser may have before submission."""
        kind = KINDS[self.type]
        shown: dict[str, Any] = {"type": self.type, "stem": self.stem, "points": self.points}
        if self.stimulus:
            shown["stimulus"] = self.stimulus
        return {**shown, "rule": kind.rules[self.rule], **kind.visible(self)}


def public_id(item: str, name: str) -> str:
    """The id under which an option or a step is known outside the server.

    Authors tend to write the key first and to call it so; a digest says neither, and it stays the same whatever the
    order is, so a logged answer keeps its meaning.

    >>> public_id("placement.a.001", "key") == public_id("placement.a.001", "key")
    True
    """
    return "o" + hashlib.sha256(f"{item}:{name}".encode()).hexdigest()[:6]
