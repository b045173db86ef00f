"""One question about five places to run tasks: first the guess, afterward which of them can, and which cannot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from diagrams.film import Film, Frame
from diagrams.layout import Box
from diagrams.look import rounded
from diagrams.markup import element, lines, plain, words
from simulator.launch_types.options import NAMES, Option

Answer = Mapping[str, Any]

_STATES = {"SUPPORTED": "healthy lit", "NOT_SUPPORTED": "refused", "UNDOCUMENTED": "starting"}
_MARKS = {"SUPPORTED": "✓", "NOT_SUPPORTED": "✕", "UNDOCUMENTED": "?"}
_SAID = {"SUPPORTED": "can", "NOT_SUPPORTED": "cannot", "UNDOCUMENTED": "not documented"}
_WHAT: Mapping[str, str] = {
    "EC2": "yours to run",
    "FARGATE": "no machine to see",
    "FARGATE_SPOT": "spare capacity",
    "MANAGED_INSTANCES": "EC2, run by AWS",
    "EXTERNAL": "your own servers",
}
_CARD = (136.0, 104.0)
_ROW = (350.0, 54.0)


def feature_film(answer: Answer, *, ask: str, guess: Collection[str], told: bool) -> Film:
    """Five cards as a film of one frame.

    Parameters
    ----------
    answer : to `{"feature": …}`, of `simulator.launch_types.chooser`.
    ask : the question in a sentence.
    guess : the places that the reader takes to be able to.
    told : whether the answer is shown; until then only the guess is.
    """
    what = answer["what"]
    found = answer["support"]
    if told:
        right = sum(_is_right(found[option], option in guess) for option in found)
        asked = sum(code != "UNDOCUMENTED" for code in found.values())
        counted = f"{asked}" if asked == len(found) else f"the {asked} that are documented"
        caption = f"{ask} You were right about {right} of {counted}."
        text = "\n".join(
            f"{NAMES[Option(one)]} {_SAID[code]}. {answer['sentences'][one]}" for one, code in found.items()
        )
    else:
        caption = f"{ask} Mark those that can, then look."
        text = "\n".join(f"{NAMES[Option(one)]}: {'your guess' if one in guess else 'not marked'}" for one in found)
    options = tuple(found)
    wide = [Box(at * 146.0, 4.0, *_CARD) for at in range(len(options))]
    narrow = [Box(2.0, 2 + at * 60.0, _ROW[0] - 4, _ROW[1]) for at in range(len(options))]
    drawings = [
        _svg(answer, boxes, guess, size, told=told)
        for boxes, size in ((wide, (720.0, 112.0)), (narrow, (_ROW[0], 300.0)))
    ]
    return Film(
        title=f"Which places can: {what}",
        svg=drawings[0],
        narrow=drawings[1],
        frames=(Frame(patch={}, caption=caption, text=text),),
    )


def _is_right(code: str, guessed: bool) -> bool:
    return code != "UNDOCUMENTED" and guessed is (code == "SUPPORTED")


def _svg(answer: Answer, boxes: Sequence[Box], guess: Collection[str], size: tuple[float, float], *, told: bool) -> str:
    cards = (
        _card(option, code, box, option in guess, told=told)
        for (option, code), box in zip(answer["support"].items(), boxes, strict=True)
    )
    return element(
        "svg",
        "".join(cards),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {rounded(size[0])} {rounded(size[1])}",
        class_="features",
        role="img",
        aria_label=f"Five places to run tasks, and {answer['what']}",
    )


def _card(option: str, code: str, box: Box, guessed: bool, *, told: bool) -> str:
    name = NAMES[Option(option)]
    flat = box.width > _CARD[0]
    state = _STATES[code] if told else "chosen" if guessed else ""
    verdict = _SAID[code] if told else "you say it can" if guessed else _WHAT[option]
    slip = told and code != "UNDOCUMENTED" and guessed is not (code == "SUPPORTED")
    inner = [
        element("title", plain(f"{name}: {verdict}")),
        element("rect", class_="node-frame", width=box.width, height=box.height, rx=7),
    ]
    rows = (name,) if flat else lines(name, 12)
    for at, row in enumerate(rows):
        inner.append(words(row, class_="label strong", x=14, y=24 + 18 * at))
    inner.append(words(verdict, class_="label-small", x=14, y=44 if flat else 72))
    if told:
        mark = {"class_": "label state-mark", "x": rounded(box.width - 14), "text_anchor": "end"}
        inner.append(words(_MARKS[code], y=33 if flat else 26, **mark))
    if slip:
        place = {"x": rounded(box.width - 40), "y": 33, "text_anchor": "end"} if flat else {"x": 14, "y": 92}
        inner.append(words("not your guess", class_="label-small strong slip", **place))
    return element(
        "g",
        "".join(inner),
        class_=f"node {state}".strip(),
        transform=f"translate({rounded(box.x)} {rounded(box.y)})",
    )
