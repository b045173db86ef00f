"""What a lesson is made of, as values: the front matter and the blocks in the order of the page."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
DOTTED = r"^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$"


class Goal(BaseModel):
    """A line under the title: an objective of the syllabus by its id, in words short enough to read at a glance."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=DOTTED)
    statement: str = Field(min_length=10, max_length=140)


class Source(BaseModel):
    """A page that the lesson rests on, and the day somebody last read it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=SLUG)
    title: str = Field(min_length=3, max_length=120)
    url: HttpUrl
    checked: datetime.date


class FrontMatter(BaseModel):
    """The head of a lesson's file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(min_length=3, max_length=60)
    mechanism: str = Field(pattern=r"^[a-z][a-z_]*$")
    minutes: int = Field(ge=1, le=120)
    objectives: tuple[Goal, ...] = Field(min_length=1, max_length=6)
    sources: tuple[Source, ...] = Field(min_length=1)
    facts: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of the page; `line` is where it begins in the file, from 1."""

    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose(Block):
    """Paragraphs, lists, tables and code, as CommonMark."""

    markdown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading(Block):
    """A heading of level 2 or 3; `anchor` is its id on the page."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Widget(Block):
    """A live figure: an entry of `WIDGETS` in the lesson's module."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramBlock(Block):
    """An architecture diagram: an entry of `DIAGRAMS` in the lesson's module."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Predict(Block):
    """A question to answer or skip before the widget of that name goes past its first step."""

    item: str
    widget: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Block):
    """An ungraded question in the flow of the text."""

    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Myth(Block):
    """A belief found in many notes, and what is true; `source` is the id of a source or a fact of the front matter."""

    belief: str
    truth: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Aws(Block):
    """How to do it for real: the CLI or the JSON, with a line or two around it."""

    title: str
    markdown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Block):
    """The rule of the section in one boxed sentence."""

    markdown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap(Block):
    """What to take along: at most five lines."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A lesson's words. `terms` are the glossary terms that it names, each once, in the order of the page."""

    front: FrontMatter
    blocks: tuple[Block, ...]
    terms: tuple[str, ...]
