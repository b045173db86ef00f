"""`python -m quizzes lint | verify | variants ITEM [--find N] | show ITEM [--seed N]`: the author's terminal."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Sequence

from quizzes import bank as banks
from quizzes.item import Item
from quizzes.lint import lint_all
from quizzes.lint.running import variant_problems
from quizzes.served import Variant
from quizzes.source import SourceError, near
from quizzes.variants import draw, serve, with_params
from simulator.errors import InputError

MOST_TRIED = 5000


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 nothing found, 1 problems found, 2 not understood."""
    parser = argparse.ArgumentParser(prog="python -m quizzes", description="Look after the banks of items.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("lint", help="every problem of every bank, one a line")
    verbs.add_parser("verify", help="ask the simulator for every key of every seed")
    variants = verbs.add_parser("variants", help="each listed seed of an item: parameters, key, wrong values")
    variants.add_argument("item")
    variants.add_argument("--find", type=int, metavar="N", help="look for N seeds that hold, and print them")
    show = verbs.add_parser("show", help="an item as a learner sees it, and its keys and reasons")
    show.add_argument("item")
    show.add_argument("--seed", type=int)
    chosen = parser.parse_args(arguments)
    try:
        match chosen.verb:
            case "lint":
                return _lint()
            case "verify":
                return _verify()
            case "variants":
                return _find(_item(chosen.item), chosen.find) if chosen.find else _variants(_item(chosen.item))
            case _:
                return _show(_item(chosen.item), chosen.seed)
    except SourceError as error:
        print("\n".join(error.problems), file=sys.stderr)
    except InputError as error:
        print(error, file=sys.stderr)
    return 2


def _lint() -> int:
    found = lint_all(datetime.date.today())
    for problem in found:
        print(problem)
    if not found:
        count = sum(len(banks.load(slug).items) for slug in banks.slugs())
        print(f"{len(banks.slugs())} banks, {count} items: no problem.")
    return 1 if found else 0


def _verify() -> int:
    served = wrong = 0
    for slug in banks.slugs():
        for item in banks.load(slug).items:
            for seed in item.seeds or (0,):
                served += 1
                problems = _problems(item, seed)
                wrong += bool(problems)
                for told in problems:
                    print(f"{item.id}, seed {seed}: {told}.")
    print(f"{served} variants verified, {wrong} of them wrong.")
    return 1 if wrong else 0


def _variants(item: Item) -> int:
    wrong = 0
    for seed in item.seeds or (0,):
        problems = _problems(item, seed)
        wrong += bool(problems)
        try:
            variant = serve(item, seed)
            told = f"{_drawn(variant)}  {_answers(variant)}"
        except InputError:
            told = "cannot be served"
        print(f"{seed:>6}  {told}  {'; '.join(problems) or 'holds'}")
    return 1 if wrong else 0


def _problems(item: Item, seed: int) -> list[str]:
    try:
        return [told for _, told in variant_problems(item, serve(item, seed))]
    except InputError as error:
        return [str(error).rstrip(".")]


def _find(item: Item, count: int) -> int:
    """Seeds from 1 on that hold, each with parameters of its own."""
    known: set[str] = set()
    seeds: list[int] = []
    for seed in range(1, MOST_TRIED):
        params = draw(item, seed)
        if str(params) in known:
            continue
        known.add(str(params))
        try:
            holds = not list(variant_problems(item, with_params(item, params)))
        except InputError:
            holds = False
        if holds:
            seeds.append(seed)
        if len(seeds) == count:
            break
    print(f"seeds: [{', '.join(map(str, seeds))}]")
    return 0 if len(seeds) == count else 1


def _show(item: Item, seed: int | None) -> int:
    variant = serve(item, seed if seed is not None else (item.seeds or (0,))[0])
    visible = variant.visible()
    print(f"{item.id} ({item.type}, {item.points} points, {item.bloom}) {_drawn(variant)}\n")
    for name in ("stimulus", "stem", "rule"):
        if visible.get(name):
            print(f"{visible[name]}\n")
    for option in variant.options:
        belief = f" [{option.misconception}]" if option.misconception else ""
        print(f"  {'+' if option.key else '-'} {option.name}: {option.text}{belief}\n      {option.rationale}")
    for block in variant.blocks:
        print(f"  {'-' if block.distractor else '+'} {block.name}: {block.text} {block.rationale}".rstrip())
    print(f"  {_answers(variant)}\n\n{variant.feedback['general']}")
    return 0


def _drawn(variant: Variant) -> str:
    return " ".join(f"{name}={value}" for name, value in variant.params.items())


def _answers(variant: Variant) -> str:
    wrong = " ".join(f"{one.misconception or 'wrong'}={one.value}" for one in variant.known_wrong)
    return f"key={variant.key} {wrong}".rstrip() if variant.key is not None else ""


def _item(name: str) -> Item:
    known = {item.id: item for slug in banks.slugs() for item in banks.load(slug).items}
    if name not in known:
        raise InputError(f"There is no item “{name}”; {near(name, list(known))}")
    return known[name]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
