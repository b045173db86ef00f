"""Beliefs that are wrong, as the same simulator with one rule changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from quizzes.item import MISCONCEPTION_ID, Content, MechanismName
from quizzes.source import SourceError, near, problems_of, read_yaml
from simulator.errors import InputError
from simulator.subjects import rules_from_dict

FOLDER = Path(__file__).with_name("misconceptions")  # one file a mechanism
RUN = "run"  # the witness's subject for what only a whole run shows


class Remedy(Content):
    """Where a learner who believes it reads on: a lesson's slug and the anchor of a section."""

    lesson: str
    section: str | None = None


class Witness(Content):
    """A document to which the belief gives another answer than AWS's rules: the proof that it changes something."""

    subject: str
    document: dict[str, Any]


class Misconception(Content):
    """One belief. `rules` are the fields of the mechanism's rules that differ; empty if no rule expresses it."""

    id: str = Field(pattern=MISCONCEPTION_ID)
    statement: Annotated[str, Field(min_length=15, max_length=200)]
    mechanism: MechanismName
    rules: dict[str, Any] = Field(default_factory=dict[str, Any])
    remedy: Remedy | None = None  # until the lesson is written
    witness: Witness | None = None

    @model_validator(mode="after")
    def _rules_are_witnessed(self) -> Misconception:
        if bool(self.rules) != bool(self.witness):
            raise ValueError("rules and witness go together: the witness shows that the rules change an answer")
        return self


class _Sheet(Content):
    misconceptions: tuple[Misconception, ...]


@cache
def misconceptions() -> Mapping[str, Misconception]:
    """Every misconception by its id.

    Raises
    ------
    SourceError
        If a file is broken, holds a belief of another mechanism than its own, or an id that another file has.
    """
    found: dict[str, Misconception] = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        for one in parse(file.read_text(encoding="utf-8"), source=file.name):
            if one.mechanism != file.stem:
                raise SourceError([f"{file.name}:1:1: {one.id} is of {one.mechanism}; put it in that file."])
            if one.id in found:
                raise SourceError([f"{file.name}:1:1: the id {one.id} is in another file too; give this one another."])
            found[one.id] = one
    return MappingProxyType(found)


def misconception(name: str) -> Misconception:
    """The misconception of that id.

    Raises
    ------
    InputError
        If there is none, with the nearest name.
    """
    known = misconceptions()
    if name not in known:
        raise InputError(f"There is no misconception “{name}”; {near(name, list(known))}")
    return known[name]


@cache
def rules_of(name: str) -> Any:
    """The mechanism's rules with this belief put in.

    Raises
    ------
    InputError
        If there is no such misconception, if no rule expresses it, or if a field or value of its rules is unknown.
    """
    found = misconception(name)
    if not found.rules:
        raise InputError(f"The misconception “{name}” changes no rule, so the simulator cannot run it.")
    return rules_from_dict(found.mechanism, found.rules)


def parse(text: str, *, source: str) -> tuple[Misconception, ...]:
    """Misconceptions from YAML.

    Raises
    ------
    SourceError
        One sentence for each problem, with file, line and column.
    """
    document, marks = read_yaml(text, source)
    models = {"": _Sheet, "misconceptions": Misconception, "remedy": Remedy, "witness": Witness}
    try:
        found = _Sheet.model_validate(document).misconceptions
    except ValidationError as error:
        raise SourceError(problems_of(error, marks, source, models)) from None
    problems: list[str] = []
    for i, one in enumerate(found):
        line, column = marks.at(("misconceptions", i))
        if one.id in [other.id for other in found[:i]]:
            problems.append(f"{source}:{line}:{column}: the id {one.id} is there already; give this one another.")
        try:
            rules_from_dict(one.mechanism, one.rules)
        except InputError as error:
            problems.append(f"{source}:{line}:{column}: {one.id}: {error}")
    if problems:
        raise SourceError(problems)
    return found
