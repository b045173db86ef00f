"""From an item to what is served: parameters drawn, the simulator asked, texts filled, options put in order.

Each item draws from a stream of its own, `item id:seed`, so another item in the bank never shifts it. Only the seeds
that the item lists are served, for only those have been checked. Streams use `Random.random()` alone, the one method
whose values Python promises to keep.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from quizzes.expressions import evaluate, fill, fill_document, take
from quizzes.item import Block, Computed, Item, Option, Param
from quizzes.kinds import KINDS
from quizzes.kinds.choice import keyed
from quizzes.kinds.ordering import all_before
from quizzes.misconceptions import rules_of
from quizzes.served import ServedBlock, ServedOption, ServedWrong, Variant, public_id
from simulator.errors import InputError
from simulator.subjects import answer

__all__ = ["Variant", "choose_seed", "draw", "respond", "serve", "with_params"]

MOST_DRAWS = 2000
_Entry = TypeVar("_Entry")


def serve(item: Item, seed: int) -> Variant:
    """The variant that a seed stands for.

    Parameters
    ----------
    seed : any whole number, such as the one that `learners.secret.seed_for` makes for a learner and an attempt. One
        of the item's own seeds stands for itself, any other for the listed seed that `choose_seed` gives it. Options
        are put in order by the number itself.

    Raises
    ------
    InputError
        If the item cannot be worked out; the lint finds that for every listed seed before anyone is served.
    """
    listed = choose_seed(seed, item.seeds) if item.seeds else None
    return _ordered(_solved(item, listed), item, seed)


def with_params(item: Item, params: Mapping[str, Any]) -> Variant:
    """The variant of given parameters, for an item's tests and its author's eyes."""
    missing = set(item.params) ^ set(params)
    if missing:
        raise InputError(f"The parameters are {', '.join(item.params)}; look at “{min(missing)}”.")
    return _ordered(_solve(item, params, None), item, 0)


def choose_seed(number: int, seeds: Sequence[int]) -> int:
    """The listed seed that a number stands for: itself if it is listed, else the one whose digest with it is highest.

    So a seed that is added or dropped changes nothing for those who were served another one.

    >>> choose_seed(7, (3, 7)), choose_seed(2**60, (3,))
    (7, 3)
    """
    if number in seeds:
        return number
    return max(seeds, key=lambda seed: hashlib.sha256(f"{number}:{seed}".encode()).digest())


def draw(item: Item, seed: int) -> dict[str, Any]:
    """The parameters of a seed: drawn in the order in which they are written, until all of `require` holds.

    Raises
    ------
    InputError
        If none of 2000 draws does.
    """
    stream = random.Random(f"{item.id}:{seed}")  # a fixed stream is the point; nothing secret comes of it
    for _ in range(MOST_DRAWS):
        params = {name: _drawn(param, stream) for name, param in item.params.items()}
        if all(evaluate(condition, params) is True for condition in item.require):
            return params
    raise InputError(f"No draw of the parameters of {item.id} meets its require; loosen one of the conditions.")


def respond(item: Item, variant: Variant, response: Any) -> Any:
    """A response by the author's ids as one by the ids that the browser has."""
    return KINDS[item.type].translate(variant, response)


@lru_cache(maxsize=2048)
def _solved(item: Item, seed: int | None) -> Variant:
    return _solve(item, {} if seed is None else draw(item, seed), seed)


def _solve(item: Item, params: Mapping[str, Any], seed: int | None) -> Variant:
    """Everything but the order. `shown` has the names that a visible text may use, `names` the secret ones too."""
    shown = _shown(item, params)
    work = _Work(item, shown)
    names = dict(shown)
    for name, value in item.derived.items():
        names.setdefault(name, work.value(value))
    key = work.value(item.key)
    if key is not None:
        names["key"] = key
    kind = KINDS[item.type]
    numeric = item.numeric
    return Variant(
        item_id=item.id,
        type=item.type,
        points=item.points,
        seed=seed,
        params=params,
        stimulus=fill(item.stimulus, shown) if item.stimulus else None,
        stem=fill(item.stem, shown),
        rule=item.scoring.rule if item.scoring else kind.default_rule(item),
        select=item.select,
        unit=numeric.unit if numeric else None,
        integer=numeric.integer if numeric else False,
        tolerance=(numeric.atol, numeric.rtol) if numeric else (0, 0),
        options=tuple(_option(item, option, work, shown, names, key) for option in item.options),
        blocks=_blocks(item, shown, names),
        key=key,
        known_wrong=tuple(
            ServedWrong(
                value=work.value(wrong.value),
                misconception=wrong.misconception,
                feedback=fill(wrong.feedback, names),
                credit=wrong.credit,
            )
            for wrong in item.known_wrong
        ),
        feedback={name: fill(text, names) for name, text in item.feedback.model_dump(exclude_none=True).items()},
        document=work.document,
    )


def _shown(item: Item, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters, and what is derived from them without asking the simulator."""
    shown = dict(params)
    for name, value in item.derived.items():
        if not isinstance(value, Computed):
            shown[name] = value
        elif value.expr is not None:
            shown[name] = evaluate(value.expr, shown)
    return shown


class _Work:
    """One variant's questions to the simulator; each is asked once."""

    def __init__(self, item: Item, names: Mapping[str, Any]) -> None:
        self._item = item
        self._names = names
        self._answers: dict[str | None, dict[str, Any]] = {}
        self.document = fill_document(item.simulate.document, names) if item.simulate else None

    def value(self, value: Any) -> Any:
        if isinstance(value, Computed):
            if value.expr is not None:
                return evaluate(value.expr, self._names)
            return take(str(value.sim), self._answer(value.under))
        return fill_document(value, self._names)

    def _answer(self, under: str | None) -> dict[str, Any]:
        if self._item.simulate is None or self.document is None:
            raise InputError(f"{self._item.id} has a sim path and nothing to simulate; add simulate.")
        if under not in self._answers:
            rules = None if under is None else rules_of(under)
            self._answers[under] = answer(self._item.simulate.subject, self.document, rules)
        return self._answers[under]


def _option(
    item: Item, option: Option, work: _Work, shown: Mapping[str, Any], names: Mapping[str, Any], key: Any
) -> ServedOption:
    value = work.value(option.value)
    own = {} if value is None else {"value": value}
    if isinstance(option.text, Mapping):
        if str(value) not in option.text:
            raise InputError(f"Option “{option.id}” of {item.id} has no text for its value {value}; add one.")
        text = option.text[str(value)]
    else:
        text = option.text
    return ServedOption(
        id=public_id(item.id, option.id),
        name=option.id,
        text=fill(text, {**shown, **own}),
        key=keyed(option, value, key),
        rationale=fill(option.rationale, {**names, **own}),
        misconception=option.misconception,
        value=value,
    )


def _blocks(item: Item, shown: Mapping[str, Any], names: Mapping[str, Any]) -> tuple[ServedBlock, ...]:
    before = all_before(item)

    def served(position: int, block: Block) -> ServedBlock:
        return ServedBlock(
            id=public_id(item.id, block.id),
            name=block.id,
            text=fill(block.text, shown),
            position=position,
            before=frozenset(public_id(item.id, name) for name in before.get(block.id, ())),
            distractor=block.distractor,
            rationale=fill(block.rationale, names),
            misconception=block.misconception,
        )

    return tuple(served(position, block) for position, block in enumerate(item.blocks))


def _ordered(variant: Variant, item: Item, seed: int) -> Variant:
    """Numbers go up, everything else is shuffled by a stream that knows the item and the seed only."""
    if not item.shuffle:
        return variant
    values = [option.value for option in variant.options]
    if values and all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        return replace(variant, options=tuple(sorted(variant.options, key=lambda option: option.value)))
    stream = random.Random(f"{item.id}:{seed}:order")
    return replace(variant, options=_shuffled(variant.options, stream), blocks=_shuffled(variant.blocks, stream))


def _shuffled(entries: Iterable[_Entry], stream: random.Random) -> tuple[_Entry, ...]:
    left = list(entries)
    return tuple(left.pop(int(stream.random() * len(left))) for _ in range(len(left)))


def _drawn(param: Param, stream: random.Random) -> Any:
    if param.choice is not None:
        return param.choice[int(stream.random() * len(param.choice))]
    low, high, step = param.range_ or (*(param.int_ or (0, 0)), 1)
    return low + step * int(stream.random() * ((high - low) // step + 1))
