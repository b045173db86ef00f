"""Capacity provider strategies as films of cards: tasks that are dealt, and a run in which Spot takes tasks back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from diagrams.capacity_piles import HAND, Card, Pile, Step, piles_film
from diagrams.film import Film, Said
from simulator.capacity.dealing import Dealt
from simulator.capacity.shares import split
from simulator.capacity.state import Event, Kind, State, Status
from simulator.capacity.strategy import Item
from simulator.capacity.wording import many, minute_of
from simulator.trace import Trace, explain, state_at

DEALING = "Tasks dealt to capacity providers"
TAKING_BACK = "A service on Fargate and Fargate Spot"
_SIGNS = {Status.PENDING: "…", Status.PROVISIONING: "…", Status.RUNNING: "✓", Status.STOPPING: "↓"}
_LOOKS = {
    Status.PENDING: "starting",
    Status.PROVISIONING: "starting",
    Status.RUNNING: "healthy",
    Status.STOPPING: "draining",
}
_SILENT = (Kind.DESIRED,)


def dealing_film(
    count: int,
    items: Sequence[Item],
    dealt: Sequence[Dealt],
    *,
    ask: str = "",
    running: Mapping[str, int] | None = None,
    waiting: Mapping[str, int] | None = None,
) -> Film:
    """Frame `k` shows the first `k` tasks dealt; where capacity is limited, one more shows what of them runs.

    Parameters
    ----------
    ask : the caption of the first frame.
    running, waiting : by provider, where capacity is limited.
    """
    piles = [Pile(name=item.provider, note=_note(item)) for item in items]
    based = [sum(card.at == at and card.based for card in dealt) for at in range(len(items))]
    steps = [_table(k, count, items, dealt, based, ask=ask) for k in range(len(dealt) + 1)]
    if running is not None:
        steps.append(_settled(steps[-1], items, running, waiting or {}))
    return piles_film(DEALING, piles, steps)


def refused_film(count: int, entries: Sequence[Mapping[str, Any]], why: str) -> Film:
    """A strategy that the call is refused for: every task stays in the hand."""
    piles = [Pile(name=str(entry["capacityProvider"]), note=_written(entry)) for entry in entries]
    cards = {number: Card(pile=HAND, place=number - 1) for number in range(1, count + 1)}
    blank = [0] * len(piles)
    said = Said(caption=why, text=f"{why}\nNo task is placed.", mark="refused", tone="refused")
    step = Step(
        cards=cards, places=blank, counts=["0 tasks"] * len(piles), head="Refused: no task is placed", said=said
    )
    return piles_film(DEALING, piles, [step])


def run_film(trace: Trace[State, Event], *, ask: str = "", upto: int | None = None) -> Film:
    """A run on Fargate, one frame for each moment at which something happens.

    Parameters
    ----------
    ask : the caption of the last frame that is shown while a bet is owed.
    upto : the number of frames, all without it.
    """
    items = trace.checkpoints[0].plan.works[0].items
    piles = [Pile(name=item.provider, note=_note(item)) for item in items]
    places: dict[int, Card] = {}
    steps: list[Step] = []
    for last in ends_of(trace)[:upto]:
        state = state_at(trace, last + 1)
        at = trace.events[last].at
        told = [explain(trace, k) for k, event in enumerate(trace.events[: last + 1]) if event.at == at]
        silent = [event.kind in _SILENT for event in trace.events[: last + 1] if event.at == at]
        sentences = [one.sentence for one, mute in zip(told, silent, strict=True) if not mute]
        refused = any(event.kind is Kind.NO_SPOT for event in trace.events[: last + 1] if event.at == at)
        steps.append(_moment(state, items, places, " ".join(dict.fromkeys(sentences)), refused=refused))
    if ask:
        steps[-1] = _asked(steps[-1], ask)
    return piles_film(TAKING_BACK, piles, steps)


def ends_of(trace: Trace[State, Event]) -> list[int]:
    """The last event of each moment of a run."""
    found: dict[int, int] = {event.at: k for k, event in enumerate(trace.events)}
    return list(found.values())


def _table(
    k: int, count: int, items: Sequence[Item], dealt: Sequence[Dealt], based: Sequence[int], *, ask: str
) -> Step:
    cards: dict[int, Card] = {}
    have = [0] * len(items)
    for card in dealt[:k]:
        look = "landed" if card.number == k else ""
        cards[card.number] = Card(pile=card.at, place=have[card.at], look=look)
        have[card.at] += 1
    for card in dealt[k:]:
        cards[card.number] = Card(pile=HAND, place=card.number - 1)
    counts = [many(number, "task") for number in have]
    roster = "\n".join(f"{item.provider}: {said}" for item, said in zip(items, counts, strict=True))
    last = dealt[k - 1] if k else None
    dashed = " Dashed places are the base." if any(based) else ""
    caption = ask or f"{many(count, 'task')} to deal.{dashed}"
    if last is not None:
        caption = f"Task {last.number} goes to {items[last.at].provider}. {last.reason}".strip()
    tone = "" if last is None else "bound" if last.based else "done" if k == len(dealt) else ""
    said = Said(caption=caption, text=f"{caption}\n{roster}", mark=f"{k} of {count} dealt", tone=tone)
    left = count - k
    head = f"{many(left, 'task')} in the hand" if left else "All dealt"
    return Step(cards=cards, places=based, counts=counts, head=head, said=said)


def _settled(last: Step, items: Sequence[Item], running: Mapping[str, int], waiting: Mapping[str, int]) -> Step:
    """What runs once all are dealt: what finds no capacity waits where it is, or moves where it runs instead."""
    cards: dict[int, Card] = {}
    counts: list[str] = []
    moved: list[int] = []
    for at, item in enumerate(items):
        mine = [number for number, card in last.cards.items() if card.pile == at]
        runs = running.get(item.provider, 0)
        counts.append(f"{runs} run")
        for place, number in enumerate(mine):
            waits = place >= runs and item.provider in waiting
            cards[number] = Card(
                pile=at, place=place, look="starting" if waits else "healthy", sign="…" if waits else "✓"
            )
        moved += mine[runs:] if item.provider not in waiting else []
    for at, item in enumerate(items):
        place = sum(card.pile == at for card in cards.values())
        while moved and place < running.get(item.provider, 0):
            cards[moved.pop(0)] = Card(pile=at, place=place, look="healthy", sign="✓")
            place += 1
    lacking = sum(waiting.values())
    total = sum(running.values())
    waits = "waits" if lacking == 1 else "wait"
    caption = f"{many(lacking, 'task')} without capacity {waits} there: nothing falls back." if lacking else "All run."
    roster = "\n".join(f"{item.provider}: {said}" for item, said in zip(items, counts, strict=True))
    tone = "refused" if lacking else "done"
    said = Said(caption=caption, text=f"{caption}\n{roster}", mark="what runs", tone=tone)
    head = f"{total} of {len(cards)} run"
    return Step(cards=cards, places=last.places, counts=counts, head=head, said=said)


def _moment(state: State, items: Sequence[Item], places: dict[int, Card], sentence: str, *, refused: bool) -> Step:
    """The tasks at a moment; a new one takes the first free place of its provider, and the place of one that is gone
    stays empty."""
    names = [item.provider for item in items]
    tasks = state.tasks
    for number in list(places):
        if number not in tasks:
            del places[number]
    for number, task in tasks.items():
        if number not in places:
            pile = names.index(task.provider)
            taken = {card.place for card in places.values() if card.pile == pile}
            place = next(one for one in range(len(taken) + 1) if one not in taken)
            places[number] = Card(pile=pile, place=place)
    cards = {
        number: Card(
            pile=places[number].pile, place=places[number].place, look=_LOOKS[task.status], sign=_SIGNS[task.status]
        )
        for number, task in tasks.items()
    }
    of = [[task for task in tasks.values() if task.provider == name] for name in names]
    running = [sum(task.status is Status.RUNNING for task in there) for there in of]
    going = [sum(task.status is Status.STOPPING for task in there) for there in of]
    counts = [f"{runs} run" for runs in running]
    wanted = state.desired.get(0, 0)
    head = f"{sum(running)} of {wanted} run, {minute_of(state.now)} min into the run"
    roster = "\n".join(
        f"{name}: {runs} run, {stops} stop" for name, runs, stops in zip(names, running, going, strict=True)
    )
    said = Said(
        caption=sentence,
        text=f"{sentence}\n{roster}",
        mark=minute_of(state.now),
        tone="refused" if refused else "done" if sum(running) == wanted else "",
    )
    return Step(cards=cards, places=split(wanted, items, state.rules).counts, counts=counts, head=head, said=said)


def _asked(step: Step, ask: str) -> Step:
    roster = step.said.text.partition("\n")[2]
    said = Said(caption=ask, text=f"{ask}\n{roster}", mark=step.said.mark, tone="")
    return Step(cards=step.cards, places=step.places, counts=step.counts, head=step.head, said=said)


def _note(item: Item) -> str:
    return f"base {item.base}, weight {item.weight}"


def _written(entry: Mapping[str, Any]) -> str:
    weight = entry.get("weight")
    return f"base {entry.get('base') or 0}, " + ("no weight given" if weight is None else f"weight {weight}")
