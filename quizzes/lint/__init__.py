"""What an author has to mend, one sentence a problem: `file:line: rule: what is wrong; how to mend it`.

Rules of kind E hold always. A rule of kind W can be waived by an item that says why (`waive: {IW-06: "…"}`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

from quizzes import bank as banks
from quizzes.bank import Bank
from quizzes.item import Item
from quizzes.lint.finding import RULES, Found, Location, Sample, waived
from quizzes.lint.options import options
from quizzes.lint.running import running
from quizzes.lint.whole import whole
from quizzes.lint.wording import wording
from quizzes.source import SourceError, sentence, where
from quizzes.variants import serve
from simulator.errors import InputError

__all__ = ["RULES", "lint_all", "lint_bank", "lint_text"]

Finding = tuple[str, Location, str]


def lint_all(today: datetime.date, folder: Path | None = None) -> list[str]:
    """Every problem of every bank, and ids that two banks share."""
    found: list[str] = []
    homes: dict[str, str] = {}
    for path in sorted((folder or banks.FOLDER).glob("*.yaml")):
        source = f"quizzes/banks/{path.name}"
        text = path.read_text(encoding="utf-8")
        found += lint_text(text, source=source, slug=path.stem, today=today)
        try:
            read, marks = banks.read(text, source=source, slug=path.stem)
        except SourceError:
            continue
        for k, item in enumerate(read.items):
            if item.id in homes:
                line = marks.at(("items", k, "id"))[0]
                found.append(f"{source}:{line}: IW-36: the id {item.id} is in {homes[item.id]} too; give this another.")
            homes[item.id] = source
    return found


def lint_text(text: str, *, source: str, slug: str, today: datetime.date) -> list[str]:
    """Every problem of one bank's text."""
    try:
        bank, marks = banks.read(text, source=source, slug=slug)
    except SourceError as error:
        return list(error.problems)
    found: list[str] = []
    for rule, location, told in lint_bank(bank, today):
        line = marks.at(location)[0]
        place = f"{where(location[2:])}: " if len(location) > 2 else ""
        name = f"{bank.items[int(location[1])].id}: " if len(location) > 1 else ""
        found.append(f"{source}:{line}: {rule}: {name}{place}{sentence(told)}")
    return found


def lint_bank(bank: Bank, today: datetime.date) -> Iterator[Finding]:
    """Findings with their locations in the bank's file, without those that their item waives."""
    items = [(k, item) for k, item in enumerate(bank.items) if item.status != "retired"]
    samples: list[Sample] = []
    places: list[int] = []
    for k, item in items:
        found = list(running(item))
        try:
            sample = Sample(item=item, variant=serve(item, (item.seeds or (0,))[0]))
        except InputError:
            yield from _placed(k, found)
            continue
        samples.append(sample)
        places.append(k)
        yield from _placed(k, _unwaived(item, [*found, *wording(sample), *options(sample)]))
    for rule, location, told in whole(samples, bank.slug, today):
        yield from _of_bank(rule, location, told, samples, places)


def _of_bank(rule: str, location: Location, told: str, samples: Sequence[Sample], places: Sequence[int]) -> Found:
    if not location:
        yield rule, ("bank",), told
        return
    k = int(location[0])
    if not waived(samples[k].item, rule):
        yield rule, ("items", places[k], *location[1:]), told


def _unwaived(item: Item, found: Sequence[Finding]) -> Iterator[Finding]:
    return (one for one in found if not waived(item, one[0]))


def _placed(k: int, found: Iterator[Finding] | Sequence[Finding]) -> Iterator[Finding]:
    for rule, location, told in found:
        yield rule, ("items", k, *location), told
