"""What becomes of the learner's notes: the lesson that teaches each heading and the lesson that mends each mistake."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from course.facts import FACT_ID
from course.syllabus import SLUG

MISTAKE_ID = r"^(deployments|placement|platform)\.[1-9][0-9]*$"
ANCHOR = r"^([a-z0-9]+(-[a-z0-9]+)*)?$"
_FILE = Path(__file__).with_name("notes.yaml")


class Heading(BaseModel):
    """A heading of the notes. `path` leads to it from the title; `section` is the anchor in the lesson, or ""."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: tuple[str, ...] = Field(min_length=1)
    lesson: str = Field(pattern=SLUG)
    section: str = Field(pattern=ANCHOR)


class Mistake(BaseModel):
    """What the notes say wrongly, loosely or not at all. `fact` is the id of the statement that mends it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=MISTAKE_ID)
    belief: str = Field(min_length=10, max_length=120)
    fact: str = Field(pattern=FACT_ID)
    lesson: str = Field(pattern=SLUG)
    section: str = Field(pattern=ANCHOR)


class Notes(BaseModel):
    """The whole table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    headings: tuple[Heading, ...] = Field(min_length=1)
    mistakes: tuple[Mistake, ...] = Field(min_length=1)


@cache
def notes() -> Notes:
    """Every heading in the order of the notes, and every mistake in the order of the fact sheets.

    >>> notes().headings[0].path
    ('Docker in AWS',)
    """
    return parse(_FILE.read_text(encoding="utf-8"), source=_FILE.name)


def parse(text: str, *, source: str) -> Notes:
    """The table from YAML.

    Raises
    ------
    ValueError
        One sentence, if a field is missing, unknown or wrong, or if a heading or a mistake stands there twice.
    """
    try:
        found = Notes.model_validate(yaml.load(text, Loader=yaml.CSafeLoader))
    except yaml.YAMLError as error:
        raise ValueError(f"{source} is not YAML: {error}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise ValueError(f"{source}: {where}: {first['msg']}.") from None
    for name, keys in (
        ("heading", [" > ".join(heading.path) for heading in found.headings]),
        ("mistake", [mistake.id for mistake in found.mistakes]),
    ):
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"{source}: the {name} “{twice[0]}” appears twice; take one of the two out.")
    return found
