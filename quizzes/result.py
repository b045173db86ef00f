"""What grading gives back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One option, step or number: `key` says whether it belongs to the right answer, `chosen` whether it was given.

    `right` says whether the learner dealt rightly with it; a step can be chosen and still stand in the wrong place.
    """

    id: str
    text: str
    key: bool
    chosen: bool
    right: bool
    rationale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """What a kind of item says about a response: the share of the points, and why, with the formula's numbers.

    `feedback` is what is said to this very answer, before what the item says to every one.
    """

    score: float
    parts: tuple[Part, ...]
    explanation: str
    misconceptions: tuple[str, ...] = ()
    feedback: str = ""
    invalid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A graded response.

    `score` is 0 to 1 and `points` what it is worth of `out_of`. `invalid` is empty, or one sentence on why the
    response is none yet (blank, not a number): such a response costs no attempt. `misconceptions` are ids, in the
    order of the parts. `feedback` is Markdown.
    """

    score: float
    points: float
    out_of: int
    parts: tuple[Part, ...]
    misconceptions: tuple[str, ...]
    explanation: str
    feedback: str
    invalid: str = ""
