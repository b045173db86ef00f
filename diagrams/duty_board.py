"""Who holds which layer, as four stacks from the task down to the building: yours are filled, AWS's are outlines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diagrams.film import Film, Frame
from diagrams.launch_types import COLUMNS
from diagrams.layout import Box
from diagrams.look import hatch, rounded
from diagrams.markup import element, lines, plain, words

Answer = Mapping[str, Any]

TITLE = "Who holds which layer"
_HOLDERS = {"YOU": "you", "AWS": "AWS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A drawing's measures: where the stacks begin, and how wide, high and far apart their blocks are."""

    width: float
    left: float
    block: tuple[float, float]
    gap: float
    top: float = 48


_WIDE = _Sheet(width=720, left=104, block=(144, 42), gap=10)
_NARROW = _Sheet(width=350, left=76, block=(64, 42), gap=6)


def duty_film(answer: Answer, *, ask: str = "") -> Film:
    """The stacks as a film of one frame.

    Parameters
    ----------
    answer : to `{"duty": "ALL"}`, of `simulator.launch_types.chooser`.
    ask : the caption while a bet is owed; then no block says whose it is.
    """
    duties: Sequence[Answer] = answer["duties"]
    said = ask or "Filled blocks are your work. Choose one to hear who does it, and how."
    text = "\n".join(duty["label"] if ask else _row(duty) for duty in duties)
    frame = Frame(patch={}, caption=said, text=text)
    drawings = [_drawing(duties, sheet, told=not ask) for sheet in (_WIDE, _NARROW)]
    return Film(title=TITLE, svg=drawings[0], narrow=drawings[1], frames=(frame,))


def told_of(answer: Answer, picked: str | None) -> str:
    """The sentence of a block, "" for what is none."""
    option, _, code = (picked or "").partition(" ")
    duty = next((one for one in answer["duties"] if one["duty"] == code), None)
    return f"{duty['question']} {duty['sentences'][option]}" if duty and option in duty["sentences"] else ""


def _row(duty: Answer) -> str:
    who = ", ".join(f"{label}: {_HOLDERS[duty['who'][option]]}" for option, label in COLUMNS)
    return f"{duty['label']}. {who}."


def _drawing(duties: Sequence[Answer], sheet: _Sheet, *, told: bool) -> str:
    height = sheet.top + len(duties) * (sheet.block[1] + 4) + (36 if told else 8)
    body = [*_names(duties, sheet)]
    for at, (option, label) in enumerate(COLUMNS):
        x = sheet.left + at * (sheet.block[0] + sheet.gap)
        rows = lines(label, 18 if sheet is _WIDE else 9)
        for k, row in enumerate(rows):
            y = sheet.top - 12 - 15 * (len(rows) - 1 - k)
            body.append(words(row, class_="stack-name strong", x=x + sheet.block[0] / 2, y=y, text_anchor="middle"))
        for row, duty in enumerate(duties):
            box = Box(x, sheet.top + row * (sheet.block[1] + 4), *sheet.block)
            body.append(_block(duty, option, label, box, told=told))
        if told:
            yours = sum(duty["who"][option] == "YOU" for duty in duties)
            count = f"{yours} of {len(duties)} yours" if sheet is _WIDE else f"{yours} yours"
            body.append(
                words(count, class_="label-small", x=x + sheet.block[0] / 2, y=height - 12, text_anchor="middle")
            )
    return element(
        "svg",
        "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {sheet.width} {rounded(height)}",
        class_="duties",
        role="img",
        aria_label=TITLE,
    )


def _names(duties: Sequence[Answer], sheet: _Sheet) -> Iterator[str]:
    for row, duty in enumerate(duties):
        y = sheet.top + row * (sheet.block[1] + 4) + sheet.block[1] / 2 + 5
        yield words(duty["label"], class_="layer-name", x=sheet.left - 10, y=rounded(y), text_anchor="end")


def _block(duty: Answer, option: str, label: str, box: Box, *, told: bool) -> str:
    mine = told and duty["who"][option] == "YOU"
    whose = _HOLDERS[duty["who"][option]] if told else "?"
    inner = [
        element("title", plain(f"{label}, {duty['label'].lower()}: {whose}")),
        element("rect", class_="block", width=box.width, height=box.height, rx=4),
    ]
    if mine:
        inner.append(element("path", class_="block-lines", d=hatch(1, box.width, box.height, 9)))
    inner.append(words(whose, class_="whose", x=box.width / 2, y=box.height / 2 + 5, text_anchor="middle"))
    place = f"translate({rounded(box.x)} {rounded(box.y)})"
    look = "duty mine" if mine else "duty"
    return element(
        "g", "".join(inner), class_=look, transform=place, data_pick=f"{option} {duty['duty']}" if told else None
    )
