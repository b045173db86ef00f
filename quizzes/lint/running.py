"""What shows only when an item is run: every listed seed served and looked at, every test of the item graded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quizzes.expressions import take
from quizzes.grading import grade, read_number
from quizzes.item import Computed, Item, ItemTest
from quizzes.kinds import KINDS
from quizzes.kinds.choice import same
from quizzes.kinds.kind import named
from quizzes.lint.finding import Found
from quizzes.replay import can_show, show_me
from quizzes.result import Result
from quizzes.served import Variant
from quizzes.variants import respond, serve, with_params
from simulator.errors import InputError
from simulator.subjects import answer


def running(item: Item) -> Found:
    """IW-39 and IW-40, and IW-24 for keys that only a variant shows."""
    seen: dict[str, int] = {}
    for seed in item.seeds or (0,):
        name = f"seed {seed}" if item.seeds else "it"
        try:
            variant = serve(item, seed)
            problems = list(variant_problems(item, variant))
        except InputError as error:
            yield "IW-39", ("variants", "seeds") if item.seeds else (), f"{name}: {str(error).rstrip('.')}"
            continue
        params = str(variant.params)
        if item.seeds and params in seen:
            told = f"{name} draws the same parameters as seed {seen[params]}; drop one of them"
            yield "IW-39", ("variants", "seeds"), told
        seen.setdefault(params, seed)
        for rule, told in problems:
            yield rule, ("variants", "seeds") if item.seeds else (), f"{name}: {told}"
    yield from _tests(item)


def variant_problems(item: Item, variant: Variant) -> Iterator[tuple[str, str]]:
    """What does not hold in one variant: a key that is a distractor too, two wrong values that are one, a false key."""
    yield from KINDS[item.type].check_variant(item, variant)
    values = [option.value for option in variant.options if option.value is not None]
    if any(same(a, b) for k, a in enumerate(values) for b in values[:k]):
        yield "IW-39", f"two options have one value: {', '.join(map(str, values))}"
    texts = [option.text for option in variant.options]
    if len(set(texts)) < len(texts):
        yield "IW-39", "two options read the same"
    for k, wrong in enumerate(variant.known_wrong):
        if _equal(wrong.value, variant.key):
            yield "IW-39", f"{named(wrong)} is the key {variant.key}"
        if any(_equal(wrong.value, other.value) for other in variant.known_wrong[:k]):
            yield "IW-39", f"{named(wrong)} is another known wrong value as well"
    yield from _claims(item, variant)


def _claims(item: Item, variant: Variant) -> Iterator[tuple[str, str]]:
    """Keys written by hand beside a simulation are claims, and the simulator has the last word."""
    if item.simulate and item.key is not None and not isinstance(item.key, Computed):
        if item.simulate.path is None:
            yield "IW-39", "the key is written by hand beside simulate; write key: {sim: path}, or give simulate.path"
            return
        true = take(item.simulate.path, answer(item.simulate.subject, variant.document or {}))
        if not _equal(true, variant.key):
            yield "IW-39", f"the key says {variant.key}, and the simulator says {true}"
    marked = {option.id for option in item.options if option.key}
    computed = {option.name for option in variant.options if option.key}
    if item.key is not None and marked and marked != computed:
        yield (
            "IW-39",
            f"{', '.join(sorted(marked))} is marked as key, and the simulator says {', '.join(sorted(computed))}",
        )
    if item.simulate and item.key is None:
        answer(item.simulate.subject, variant.document or {})


def _tests(item: Item) -> Found:
    hit: set[str] = set()
    best = 0.0
    for k, test in enumerate(item.tests):
        try:
            variant = _variant_of(item, test)
            response = respond(item, variant, test.response)
            result = grade(item, variant, response)
        except InputError as error:
            yield "IW-40", ("tests", k), f"it cannot be run: {str(error).rstrip('.')}"
            continue
        best = max(best, result.score)
        hit |= _hits(variant, response)
        yield from _one_test(item, variant, test, result, k)
    if not item.tests:
        yield "IW-40", (), "it has no tests; give the right answer, each distractor and each known wrong value"
    elif best < 1:
        yield "IW-40", ("tests",), "no test gives the right answer; add one with score 1"
    parts = [("options", k, option.id) for k, option in enumerate(item.options)]
    parts += [("blocks", k, block.id) for k, block in enumerate(item.blocks)]
    parts += [("known_wrong", k, f"known wrong {k + 1}") for k in range(len(item.known_wrong))]
    for field, k, name in parts:
        if item.tests and name not in hit:
            yield "IW-40", (field, k), f"no test gives “{name}”; add one"


def _one_test(item: Item, variant: Variant, test: ItemTest, result: Result, k: int) -> Found:
    if abs(result.score - test.score) > 0.005:
        yield "IW-40", ("tests", k, "score"), f"it says {test.score}, and the answer earns {result.score:.4g}"
    if test.misconception and test.misconception not in result.misconceptions:
        told = ", ".join(result.misconceptions) or "none"
        yield "IW-40", ("tests", k, "misconception"), f"it says {test.misconception}, and the answer shows {told}"
    for name in result.misconceptions:
        yield from _shows(item, variant, name, k)


def _hits(variant: Variant, response: Any) -> set[str]:
    chosen = set(response) if isinstance(response, list) else {response}
    hit = {option.name for option in variant.options if option.id in chosen}
    hit |= {block.name for block in variant.blocks if block.id in chosen}
    values = [option.value for option in variant.options if option.id in chosen]
    given = values if variant.type == "multiple_choice" else values[0] if values else response
    if variant.type == "numeric" and isinstance(response, str):
        given = read_number(response, integer=variant.integer)
    return hit | {f"known wrong {k + 1}" for k, w in enumerate(variant.known_wrong) if _equal(w.value, given)}


def _shows(item: Item, variant: Variant, name: str, k: int) -> Found:
    """Where a run is offered, it has to run."""
    if not can_show(item, name):
        return
    try:
        both = show_me(item, variant, name)
    except InputError as error:
        yield "IW-39", ("tests", k), f"the run cannot be shown under {name}: {str(error).rstrip('.')}"
        return
    if both.parts_at is None:
        yield "IW-39", ("tests", k), f"“show me” has nothing to show: both runs are the same under {name}"


def _variant_of(item: Item, test: ItemTest) -> Variant:
    if test.params is not None:
        return with_params(item, test.params)
    if test.seed is not None and item.seeds and test.seed not in item.seeds:
        raise InputError(f"seed {test.seed} is not one of those that variants lists.")
    return serve(item, test.seed if test.seed is not None else (item.seeds or (0,))[0])


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, list) and isinstance(b, list):
        return sorted(map(str, a)) == sorted(map(str, b))
    return same(a, b)
