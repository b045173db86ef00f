"""Banks: `banks/<slug>.yaml` read once into frozen items, or refused with file, line, column and how to mend it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationError

from quizzes.item import (
    Block,
    Content,
    Feedback,
    Hint,
    Item,
    ItemTest,
    KnownWrong,
    Numeric,
    Option,
    Param,
    Scoring,
    Select,
    ShowMe,
    Simulate,
    Source,
    Variants,
)
from quizzes.kinds import KINDS
from quizzes.source import Marks, SourceError, near, problems_of, read_yaml, sentence, where
from simulator.errors import InputError

FOLDER = Path(__file__).with_name("banks")
SEMVER = r"^\d+\.\d+\.\d+$"


class Head(Content):
    """What a bank is called. `version`: patch = wording, minor = new items, major = a key changed."""

    id: str
    title: Annotated[str, Field(min_length=3, max_length=60)]
    version: str = Field(pattern=SEMVER)


class Sheet(Content):
    """The whole file."""

    schema_version: Literal[1]
    bank: Head
    items: Annotated[tuple[Item, ...], Field(max_length=500)]


class Bank(Content):
    """A bank as it is used. `hash` tells one state of its text from another."""

    slug: str
    title: str
    version: str
    hash: str
    items: tuple[Item, ...]


MODELS: dict[str, type[BaseModel]] = {
    "": Sheet,
    "bank": Head,
    "items": Item,
    "options": Option,
    "blocks": Block,
    "select": Select,
    "scoring": Scoring,
    "params": Param,
    "simulate": Simulate,
    "numeric": Numeric,
    "known_wrong": KnownWrong,
    "feedback": Feedback,
    "hints": Hint,
    "show_me": ShowMe,
    "variants": Variants,
    "sources": Source,
    "tests": ItemTest,
}


@cache
def load(slug: str) -> Bank:
    """The bank of a lesson.

    Raises
    ------
    InputError
        If there is no such bank, or for what is wrong in it, with its place.
    """
    if slug not in slugs():
        raise InputError(f"There is no bank “{slug}”; {near(slug, slugs())}")
    path = FOLDER / f"{slug}.yaml"
    return parse(path.read_text(encoding="utf-8"), source=f"quizzes/banks/{path.name}", slug=slug)


def slugs() -> list[str]:
    """The banks that there are, by name."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def parse(text: str, *, source: str, slug: str) -> Bank:
    """A bank from its text.

    Raises
    ------
    SourceError
        With one sentence for each problem: `file:line:column: what is wrong; how to mend it`.
    """
    return read(text, source=source, slug=slug)[0]


def read(text: str, *, source: str, slug: str) -> tuple[Bank, Marks]:
    """A bank, and where its values stand in the text."""
    document, marks = read_yaml(text, source)
    try:
        sheet = Sheet.model_validate(document)
    except ValidationError as error:
        raise SourceError(problems_of(error, marks, source, MODELS)) from None
    problems = [f"{source}:{line}:{column}: {sentence(told)}" for line, column, told in _problems(sheet, marks, slug)]
    if problems:
        raise SourceError(problems)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    head = sheet.bank
    return Bank(slug=slug, title=head.title, version=head.version, hash=digest, items=sheet.items), marks


def _problems(sheet: Sheet, marks: Marks, slug: str) -> Iterator[tuple[int, int, str]]:
    if sheet.bank.id != slug:
        yield (
            *marks.at(("bank", "id")),
            f"the bank's id is “{sheet.bank.id}”, and its file is {slug}.yaml; make them one",
        )
    if not sheet.items:
        yield *marks.at(("items",)), "the bank has no items; write one"
    seen: dict[str, int] = {}
    for k, item in enumerate(sheet.items):
        if item.id in seen:
            line = marks.at(("items", seen[item.id], "id"))[0]
            yield *marks.at(("items", k, "id")), f"IW-36: the id {item.id} is in line {line} already; give this another"
        seen[item.id] = k
        for location, told in _item_problems(item):
            at = ("items", k, *location)
            yield *marks.at(at), f"{where(at)}: {told}"


def _item_problems(item: Item) -> Iterator[tuple[tuple[str | int, ...], str]]:
    kind = KINDS.get(item.type)
    if kind is None:
        yield ("type",), f"there is no type “{item.type}”; {near(item.type, list(KINDS))}"
        return
    own = {field for other in KINDS.values() for field in other.fields}
    for field in sorted(own - kind.fields):
        if field in item.model_fields_set:
            yield (field,), f"an item of type {item.type} has no {field}; take it out"
    if item.scoring and item.scoring.rule not in kind.rules:
        told = near(item.scoring.rule, list(kind.rules))
        yield ("scoring", "rule"), f"there is no rule “{item.scoring.rule}” for {item.type}; {told}"
    yield from kind.check(item)
