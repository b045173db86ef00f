"""One sitting of a quiz: what its page writes to the log, and when. No Streamlit here."""

from __future__ import annotations

from typing import Any

from learners import progress
from learners.identity import Learner
from learners.progress import Attempt
from learners.secret import seed_for
from learners.store import Event, Journal
from quizzes.bank import Bank
from quizzes.grading import ENGINE_VERSION, grade
from quizzes.item import Item
from quizzes.result import Result
from quizzes.variants import Variant, choose_seed, serve
from simulator.errors import InputError

DRAWS = 16  # tries for a variant other than the last one


def begin(journal: Journal, who: Learner, bank: Bank, secret: bytes) -> None:
    """Start the next attempt: every item once, each in a variant that is this learner's and this attempt's.

    The seeds are written down, so the attempt stays the same after a restart, and even with another secret.
    """
    events = journal.read(who.id, bank.slug)
    number = progress.next_number(events, bank.slug)
    last = next((tried.seeds for tried in reversed(progress.attempts(events, bank.slug))), {})
    items = quiz_items(bank)
    seeds = {item.id: _fresh_seed(item, last.get(item.id), secret, who, bank, number) for item in items}
    order = [item.id for item in items]
    journal.append([_event(who, bank, number, "started", payload={"order": order, "seeds": seeds})])


def opened(journal: Journal, who: Learner, bank: Bank, attempt: Attempt, item: str) -> None:
    """Write down which item is on the screen, "" for the list before handing in: where a reload resumes."""
    journal.append([_event(who, bank, attempt.number, "opened", item)])


def answered(journal: Journal, who: Learner, bank: Bank, attempt: Attempt, item: str, response: Any) -> None:
    """Write down an answer as it is given; None takes it back."""
    journal.append([_event(who, bank, attempt.number, "answered", item, {"response": response})])


def submit(journal: Journal, who: Learner, bank: Bank, number: int) -> None:
    """Grade what the log holds of an attempt, and close it; nothing happens if it is closed already."""
    attempt = progress.current(journal.read(who.id, bank.slug), bank.slug)
    if attempt is None or attempt.number != number:
        return
    graded = [_grade(who, bank, attempt, item) for item in items_of(bank, attempt)]
    journal.append([*graded, _event(who, bank, number, "submitted")])


def quiz_items(bank: Bank) -> tuple[Item, ...]:
    """The items that the quiz serves: the active ones that are not kept for the lesson's text."""
    return tuple(item for item in bank.items if item.use == "quiz" and item.status == "active")


def items_of(bank: Bank, attempt: Attempt) -> tuple[Item, ...]:
    """The attempt's items in its order, without those that the bank no longer has."""
    known = {item.id: item for item in bank.items}
    return tuple(known[name] for name in attempt.order if name in known)


def variant_of(attempt: Attempt, item: Item) -> Variant:
    """The variant of an item that this attempt was served."""
    return serve(item, attempt.seeds[item.id])


def result_of(attempt: Attempt, item: Item) -> Result:
    """The item's result in a closed attempt, with everything that may be shown by then."""
    return _fitting(item, variant_of(attempt, item), response_of(attempt, item))[1]


def response_of(attempt: Attempt, item: Item) -> Any:
    """What was given for an item when the attempt was handed in; None for nothing."""
    return next((graded.response for graded in attempt.graded if graded.item == item.id), None)


def _fresh_seed(item: Item, last: int | None, secret: bytes, who: Learner, bank: Bank, number: int) -> int:
    """A seed whose variant is not the one of the attempt before, where the item has several."""
    before = choose_seed(last, item.seeds) if item.seeds and last is not None else None
    for draw in range(DRAWS):
        attempt = f"{number}.{draw}"
        seed = seed_for(secret, learner=who.id, bank=bank.slug, attempt=attempt, item=item.id)
        if before is None or choose_seed(seed, item.seeds) != before:
            return seed
    return seed


def _fitting(item: Item, variant: Variant, response: Any) -> tuple[Any, Result]:
    """A response with its result; one that the item no longer knows, for the bank was changed, is none."""
    try:
        return response, grade(item, variant, response)
    except InputError:
        return None, grade(item, variant, None)


def _grade(who: Learner, bank: Bank, attempt: Attempt, item: Item) -> Event:
    response, result = _fitting(item, variant_of(attempt, item), attempt.answers.get(item.id))
    payload = {
        "response": response,
        "seed": attempt.seeds[item.id],
        "score": result.score,
        "points": result.points,
        "out_of": result.out_of,
        "objective": item.objective,
        "misconceptions": list(result.misconceptions),
    }
    return _event(who, bank, attempt.number, "graded", item.id, payload)


def _event(
    who: Learner, bank: Bank, number: int, kind: str, item: str = "", payload: dict[str, Any] | None = None
) -> Event:
    return Event(
        learner=who.id,
        kind=kind,
        bank=bank.slug,
        attempt=str(number),
        item=item,
        payload=payload or {},
        bank_hash=bank.hash,
        engine_version=ENGINE_VERSION,
    )
