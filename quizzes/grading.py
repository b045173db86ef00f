"""Grading: pure, and the only place where a score comes from. The sentence that explains it is made with it."""

from __future__ import annotations

from typing import Any

from quizzes.item import Item
from quizzes.kinds import KINDS
from quizzes.kinds.kind import share
from quizzes.kinds.number import read_number, with_unit
from quizzes.result import Part, Result
from quizzes.served import Variant

__all__ = ["ENGINE_VERSION", "Part", "Result", "grade", "read_number", "with_unit"]

# Goes into the log beside each score; it changes when the same response to the same variant would score differently.
ENGINE_VERSION = "1"
BLANK = "There is no answer yet; give one."


def grade(item: Item, variant: Variant, response: Any) -> Result:
    """What a response to a variant is worth, and why.

    Parameters
    ----------
    response : the id of an option, a list of ids (ticked, or in order), or the text of a number; ids are those of
        `Variant.visible()`. None, "", and [] are a blank answer.

    Returns
    -------
    Result
        With `invalid` set, and 0 points, for a blank answer and for a text that is no number: these cost no attempt.

    Raises
    ------
    InputError
        One sentence, for a response that no page of ours sends: a wrong shape, an unknown or doubled id.
    """
    blank = response is None or (isinstance(response, (str, list, tuple)) and not _stripped(response))
    found = KINDS[item.type].grade(variant, None if blank else response)
    points = found.score * item.points
    lead = "correct" if found.score == 1 else "partial" if found.score > 0 else "incorrect"
    told = [variant.feedback[name] for name in (lead, "general") if name in variant.feedback]
    if found.feedback:
        told.insert(0, found.feedback)
    return Result(
        score=found.score,
        points=points,
        out_of=item.points,
        parts=found.parts,
        misconceptions=found.misconceptions,
        explanation=f"{found.explanation}, so {share(points)} of {item.points} point{'' if item.points == 1 else 's'}.",
        feedback="\n\n".join(told),
        invalid=BLANK if blank else found.invalid,
    )


def _stripped(response: Any) -> Any:
    return response.strip() if isinstance(response, str) else response
