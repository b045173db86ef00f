"""Tasks as cards in piles, one pile a capacity provider: dealt one by one, or taken back by Spot and replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from diagrams.film import Film, Said, frames_of
from diagrams.look import Look, changes, color, drawn, hatch, rounded
from diagrams.markup import element, shorten, words

CARD = (36.0, 44.0)
GAP = 5.0
HAND = -1  # the pile of cards that are not dealt yet
_PAD = 12.0
_HEAD = 58.0  # of a pile: its name and what it asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class Pile:
    """One provider: its name, and what the strategy says of it."""

    name: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Where a task lies: its pile (`HAND` before it is dealt), its place there, how it looks, and its sign."""

    pile: int
    place: int
    look: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One frame: the cards that are there, how many places each pile keeps free, what is counted, and the words."""

    cards: Mapping[int, Card]
    places: Sequence[int]
    counts: Sequence[str]
    head: str
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """One of the two drawings. `tag` begins its ids; `tops` and `lefts` are the piles' corners."""

    tag: str
    width: float
    pile: float
    lefts: Sequence[float]
    tops: Sequence[float]
    height: float

    @property
    def across(self) -> int:
        return max(1, int((self.pile - 2 * _PAD + GAP) // (CARD[0] + GAP)))


def piles_film(title: str, piles: Sequence[Pile], steps: Sequence[Step]) -> Film:
    """The steps as a film; each card keeps its number and moves from pile to pile."""
    sheets = [_sheet("w", 720.0, _columns(len(piles)), steps, len(piles)), _sheet("n", 372.0, 1, steps, len(piles))]
    looks = [{name: one for sheet in sheets for name, one in _look(sheet, step, steps).items()} for step in steps]
    patches = [{}, *(changes(before, after) for before, after in pairwise(looks))]
    drawings = [_drawing(title, sheet, piles, looks[0], steps) for sheet in sheets]
    said = [step.said for step in steps]
    return Film(title=title, svg=drawings[0], narrow=drawings[1], frames=frames_of(patches, said))


def _columns(count: int) -> int:
    return count if count < 4 else 2 if count == 4 else 3


def _most(steps: Sequence[Step], pile: int) -> int:
    """The places that a pile ever needs."""
    cards = (card.place + 1 for step in steps for card in step.cards.values() if card.pile == pile)
    return max((*cards, *(step.places[pile] for step in steps), 1))


def _sheet(tag: str, width: float, columns: int, steps: Sequence[Step], count: int) -> _Sheet:
    dealt = any(card.pile == HAND for step in steps for card in step.cards.values())
    pile = (width - 10 * (columns - 1)) / columns
    blank = _Sheet(tag=tag, width=width, pile=pile, lefts=(), tops=(), height=0)
    top = 36.0 + (CARD[1] + 14 if dealt else 0)
    tops: list[float] = []
    for row in range(-(-count // columns)):
        members = range(row * columns, min(count, (row + 1) * columns))
        tops += [top] * len(members)
        lines = max(-(-_most(steps, at) // blank.across) for at in members)
        top += _HEAD + lines * (CARD[1] + GAP) + _PAD + 10
    lefts = [(at % columns) * (pile + 10) for at in range(count)]
    return _Sheet(tag=tag, width=width, pile=pile, lefts=lefts, tops=tops, height=top - 6)


def _spot(sheet: _Sheet, card: Card, hand: int) -> str:
    if card.pile == HAND:
        stride = min(CARD[0] + GAP, (sheet.width - CARD[0] - 4) / max(1, hand - 1))
        return f"translate({rounded(2 + card.place * stride)} 34)"
    row, column = divmod(card.place, sheet.across)
    x = sheet.lefts[card.pile] + _PAD + column * (CARD[0] + GAP)
    y = sheet.tops[card.pile] + _HEAD + row * (CARD[1] + GAP)
    return f"translate({rounded(x)} {rounded(y)})"


def _numbers(steps: Sequence[Step]) -> list[int]:
    return sorted({number for step in steps for number in step.cards})


def _look(sheet: _Sheet, step: Step, steps: Sequence[Step]) -> Look:
    tag = sheet.tag
    hand = sum(card.pile == HAND for card in steps[0].cards.values())
    look: Look = {f"{tag}head": {"text": step.head}}
    for at, count in enumerate(step.counts):
        look[f"{tag}count{at}"] = {"text": count}
        for place in range(max(one.places[at] for one in steps)):
            look[f"{tag}place{at}-{place}"] = {"hidden": place >= step.places[at]}
    for number in _numbers(steps):
        card = step.cards.get(number)
        if card is None:
            away = next(one.cards[number] for one in steps if number in one.cards)
            look[f"{tag}{number}"] = {"transform": _spot(sheet, away, hand), "class": "task", "hidden": True}
            look[f"{tag}{number}s"] = {"text": ""}
            continue
        service = f" {color(card.pile)}" if card.pile != HAND else ""
        names = f"task{service} {card.look}".strip()
        look[f"{tag}{number}"] = {"transform": _spot(sheet, card, hand), "class": names, "hidden": False}
        look[f"{tag}{number}s"] = {"text": card.sign}
    return look


def _drawing(title: str, sheet: _Sheet, piles: Sequence[Pile], look: Look, steps: Sequence[Step]) -> str:
    tag = sheet.tag
    parts = [drawn(f"{tag}head", "text", look, class_="strong", x=2, y=20)]
    for at, pile in enumerate(piles):
        parts += _pile(sheet, at, pile, look, steps)
    signed = any(card.sign for step in steps for card in step.cards.values())
    homes = {number: card.pile for step in steps for number, card in step.cards.items() if card.pile != HAND}
    for number in _numbers(steps):
        inner = element("rect", width=CARD[0], height=CARD[1], rx=5)
        lines = hatch(homes.get(number, 0), *CARD, 9)
        inner += element("path", class_="task-lines card-lines", d=lines) if lines else ""
        middle = CARD[0] / 2
        inner += words(str(number), class_="task-name", x=middle, y=19 if signed else 27, text_anchor="middle")
        inner += drawn(f"{tag}{number}s", "text", look, class_="task-state", x=middle, y=37, text_anchor="middle")
        parts.append(drawn(f"{tag}{number}", "g", look, inner))
    return element(
        "svg",
        "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {rounded(sheet.width)} {rounded(sheet.height)}",
        class_="piles",
        role="img",
        aria_label=title,
    )


def _pile(sheet: _Sheet, at: int, pile: Pile, look: Look, steps: Sequence[Step]) -> list[str]:
    x, y = sheet.lefts[at], sheet.tops[at]
    row = [other for other, top in enumerate(sheet.tops) if top == y]
    lines = max(-(-_most(steps, other) // sheet.across) for other in row)
    height = _HEAD + lines * (CARD[1] + GAP) + _PAD
    right = x + sheet.pile - _PAD
    room = int((sheet.pile - 110) / 8.6)
    parts = [
        element("rect", class_="zone-frame", x=x + 0.5, y=y, width=sheet.pile - 1, height=height, rx=8),
        words(shorten(pile.name, room), class_="label strong", x=x + _PAD, y=y + 24),
        words(pile.note, class_="label-small", x=x + _PAD, y=y + 44),
        drawn(f"{sheet.tag}count{at}", "text", look, class_="label strong", x=right, y=y + 24, text_anchor="end"),
    ]
    for place in range(max(step.places[at] for step in steps)):
        spot = _spot(sheet, Card(pile=at, place=place), 0)
        socket = element("rect", class_="socket", x=1, y=1, width=CARD[0] - 2, height=CARD[1] - 2, rx=5)
        parts.append(drawn(f"{sheet.tag}place{at}-{place}", "g", look, socket, transform=spot))
    return parts
