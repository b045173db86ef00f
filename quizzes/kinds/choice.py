"""Choice items: one option, or several.

With n options, c of them keys and w = n - c distractors, t keys ticked and f distractors ticked. The default for
several, `balanced`, is the rate of hits minus the rate of false alarms: ticking all or nothing earns nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from quizzes.item import Item, Option
from quizzes.kinds.kind import Kind, Problem, share
from quizzes.result import Graded, Part
from simulator.errors import InputError

if TYPE_CHECKING:
    from quizzes.served import ServedOption, ServedWrong, Variant

_SINGLE_RULES = {"right_or_wrong": "One option is right; it earns all points."}
_MULTIPLE_RULES = {
    "balanced": (
        "The share of right options that you tick, minus the share of wrong ones; never below 0. "
        "Ticking all earns nothing."
    ),
    "all_or_nothing": "All right options and no other earn all points; anything else earns none.",
    "net_correct": "Right ticks minus wrong ticks, out of the right options; never below 0.",
    "each_decision": "Each option counts: ticked if it is right, left if it is not.",
}


def formula(rule: str, *, keys: int, distractors: int, ticked: int, wrong: int) -> tuple[float, str]:
    """The score of a multiple choice, and the formula with its numbers.

    >>> formula("balanced", keys=2, distractors=3, ticked=2, wrong=1)[1]
    'max(0, 2/2 − 1/3)'
    """
    c, w, t, f = keys, distractors, ticked, wrong
    match rule:
        case "all_or_nothing":
            return float(t == c and f == 0), f"1 if {t} = {c} right and {f} = 0 wrong options are ticked, else 0"
        case "net_correct":
            return max(0.0, (t - f) / max(c, 1)), f"max(0, ({t} − {f})/{max(c, 1)})"
        case "each_decision":
            return (t + w - f) / (c + w), f"({t} + {w} − {f})/{c + w}"
        case _:
            # One fraction, so that 1/3 − 1/3 is exactly 0 and 3/3 − 0/2 exactly 1.
            c, w = max(c, 1), max(w, 1)
            return max(0.0, (t * w - f * c) / (c * w)), f"max(0, {t}/{c} − {f}/{w})"


def _grade_single(variant: Variant, response: Any) -> Graded:
    chosen = None if response is None else _known(variant, response)
    ticked = {chosen.id} if chosen else set[str]()
    score = float(chosen is not None and chosen.key)
    wrong = _known_wrong(variant, chosen.value) if chosen and not chosen.key else None
    said = "No option is chosen" if chosen is None else f"The option chosen is {'right' if chosen.key else 'wrong'}"
    hit = (chosen.misconception if chosen else None) or (wrong.misconception if wrong else None)
    return Graded(
        score=score,
        parts=_parts(variant, ticked),
        explanation=f"{said}: score = {int(score)}/1 = {share(score)}",
        misconceptions=(hit,) if hit and not score else (),
        feedback=wrong.feedback if wrong else "",
    )


def _grade_multiple(variant: Variant, response: Any) -> Graded:
    ticked = set[str]() if response is None else {option.id for option in _ticked(variant, response)}
    chosen = [option for option in variant.options if option.id in ticked]
    keys = sum(option.key for option in variant.options)
    right = sum(option.key for option in chosen)
    score, written = formula(
        variant.rule,
        keys=keys,
        distractors=len(variant.options) - keys,
        ticked=right,
        wrong=len(chosen) - right,
    )
    # A blank answer earns nothing under any rule.
    score = score if chosen else 0.0
    hit = [option.misconception for option in chosen if option.misconception and not option.key]
    whole = _known_wrong(variant, [option.value for option in chosen]) if chosen and score < 1 else None
    if whole and whole.misconception:
        hit.insert(0, whole.misconception)
    said = (
        f"{right} of {keys} right and {len(chosen) - right} of {len(variant.options) - keys} wrong options are ticked"
    )
    told = f"score = {written} = {share(score)}" if chosen else "score = 0, for nothing is ticked"
    return Graded(
        score=score,
        parts=_parts(variant, ticked),
        explanation=f"{said}: {told}",
        misconceptions=tuple(dict.fromkeys(hit)),
        feedback=whole.feedback if whole else "",
    )


def _known_wrong(variant: Variant, value: Any) -> ServedWrong | None:
    """The known wrong value that was given; of several options it is the list of theirs, in any order."""
    for wrong in variant.known_wrong:
        if isinstance(value, list) and isinstance(wrong.value, list):
            if sorted(map(str, value)) == sorted(map(str, wrong.value)):
                return wrong
        elif value is not None and same(value, wrong.value):
            return wrong
    return None


def _parts(variant: Variant, ticked: set[str]) -> tuple[Part, ...]:
    return tuple(
        Part(
            id=option.id,
            text=option.text,
            key=option.key,
            chosen=option.id in ticked,
            right=option.key == (option.id in ticked),
            rationale=option.rationale,
        )
        for option in variant.options
    )


def _ticked(variant: Variant, response: Any) -> list[ServedOption]:
    if not isinstance(response, (list, tuple)) or len(response) > len(variant.options):
        raise InputError(f"An answer here is a list of at most {len(variant.options)} options; tick them again.")
    if len({str(name) for name in response}) < len(response):
        raise InputError("The answer names an option twice; tick each once.")
    return [_known(variant, name) for name in response]


def _known(variant: Variant, name: Any) -> ServedOption:
    found = next((option for option in variant.options if option.id == name), None) if isinstance(name, str) else None
    if found is None:
        raise InputError("The answer names an option that this question does not have; answer it again.")
    return found


def _check_single(item: Item) -> Iterator[Problem]:
    yield from _check_options(item, least=2)
    if item.key is None and (keys := sum(option.key for option in item.options)) != 1:
        yield ("options",), f"IW-24: one option has to be the key, and {keys} are; mark one with key: true"


def _check_multiple(item: Item) -> Iterator[Problem]:
    yield from _check_options(item, least=4)
    keys = sum(option.key for option in item.options)
    if item.key is None and (keys < 2 or len(item.options) - keys < 2):
        yield (
            ("options",),
            f"IW-24: at least 2 keys and 2 distractors are needed, and {keys} of {len(item.options)} are keys",
        )
    select = item.select
    if select and (select.exactly is None) == (select.min is None and select.max is None):
        yield ("select",), "give exactly, or min and max"
    if select and select.exactly and item.key is None and select.exactly != keys:
        yield ("select", "exactly"), f"it says {select.exactly}, and {keys} options are keys"


def _check_options(item: Item, *, least: int) -> Iterator[Problem]:
    if len(item.options) < least:
        yield ("options",), f"at least {least} options are needed, and there are {len(item.options)}"
    names = [option.id for option in item.options]
    for k, option in enumerate(item.options):
        if option.id in names[:k]:
            yield ("options", k, "id"), f"“{option.id}” is there already; give this option another id"
        if isinstance(option.text, Mapping) and option.value is None:
            yield ("options", k, "text"), "texts by value need a value"
        if (option.value is None) != (item.key is None):
            yield ("options", k), "a key of the item and a value of each option go together; give both or neither"


def _check_single_variant(_: Item, variant: Variant) -> Iterator[tuple[str, str]]:
    keys = sum(option.key for option in variant.options)
    if keys != 1:
        yield "IW-24", f"{keys} options equal the key {variant.key!r}; exactly one must"


def _check_multiple_variant(item: Item, variant: Variant) -> Iterator[tuple[str, str]]:
    keys = sum(option.key for option in variant.options)
    if keys < 2 or len(variant.options) - keys < 2:
        yield "IW-24", f"{keys} of {len(variant.options)} options are keys; at least 2 keys and 2 distractors"
    wanted = item.select.exactly if item.select else None
    if wanted and wanted != keys:
        yield "IW-24", f"select says {wanted}, and {keys} options are keys"


def _visible_single(variant: Variant) -> dict[str, Any]:
    return {"options": [{"id": option.id, "text": option.text} for option in variant.options]}


def _visible_multiple(variant: Variant) -> dict[str, Any]:
    select = variant.select.model_dump(exclude_none=True) if variant.select else None
    return {**_visible_single(variant), **({"select": select} if select else {})}


def _translate_single(variant: Variant, response: Any) -> Any:
    return next((option.id for option in variant.options if option.name == response), response)


def _translate_multiple(variant: Variant, response: Any) -> Any:
    return [_translate_single(variant, name) for name in response] if isinstance(response, (list, tuple)) else response


def keyed(option: Option, value: Any, key: Any) -> bool:
    """Whether an option is a key: as marked, or by its value against the item's key, of which there may be several."""
    if value is None:
        return option.key
    return any(same(value, one) for one in key) if isinstance(key, list) else same(value, key)


def same(a: Any, b: Any) -> bool:
    """Equal, and not merely as True equals 1."""
    return isinstance(a, bool) == isinstance(b, bool) and a == b


def _always(rule: str) -> Callable[[Item], str]:
    return lambda _item: rule


SINGLE = Kind(
    name="single_choice",
    fields=frozenset({"options", "key", "known_wrong", "shuffle"}),
    rules=_SINGLE_RULES,
    default_rule=_always("right_or_wrong"),
    check=_check_single,
    check_variant=_check_single_variant,
    visible=_visible_single,
    grade=_grade_single,
    translate=_translate_single,
)
MULTIPLE = Kind(
    name="multiple_choice",
    fields=frozenset({"options", "key", "known_wrong", "shuffle", "select"}),
    rules=_MULTIPLE_RULES,
    default_rule=_always("balanced"),
    check=_check_multiple,
    check_variant=_check_multiple_variant,
    visible=_visible_multiple,
    grade=_grade_multiple,
    translate=_translate_multiple,
)
