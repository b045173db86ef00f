"""The lessons in the order of the course, and what a learner can do after each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

SLUG = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
OBJECTIVE_ID = r"^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$"
_FILE = Path(__file__).with_name("syllabus.yaml")


class Objective(BaseModel):
    """One thing that a learner can do after a lesson. `slug` is the lesson's; quiz items name the `id`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=OBJECTIVE_ID)
    statement: str = Field(min_length=10, max_length=200)
    slug: str = ""


class Entry(BaseModel):
    """A lesson's place in the course; the words themselves are in `lessons/<slug>.md`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: str = Field(pattern=SLUG)
    order: int = Field(ge=0)
    title: str = Field(min_length=3, max_length=60)
    mechanism: str = Field(pattern=r"^[a-z][a-z_]*$")
    minutes: int = Field(ge=1, le=120)
    summary: str = Field(min_length=10, max_length=200)
    objectives: tuple[Objective, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _objectives_know_their_lesson(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("objectives"), list):
            slug = data.get("slug", "")
            data = {**data, "objectives": [{**o, "slug": slug} for o in data["objectives"] if isinstance(o, dict)]}
        return data


@cache
def lessons() -> tuple[Entry, ...]:
    """Every lesson in the order of the course.

    >>> [entry.title for entry in lessons() if entry.slug == "placement"]
    ['Task placement']
    """
    return parse(_FILE.read_text(encoding="utf-8"), source=str(_FILE.name))


@cache
def objectives() -> tuple[Objective, ...]:
    """Every objective of every lesson, in the order of the course."""
    return tuple(objective for entry in lessons() for objective in entry.objectives)


def lesson(slug: str) -> Entry | None:
    """The lesson of that slug, or None if the course has no such lesson.

    >>> lesson("no-such-lesson") is None
    True
    """
    return next((entry for entry in lessons() if entry.slug == slug), None)


def neighbors(slug: str) -> tuple[Entry | None, Entry | None]:
    """The lesson before and the lesson after, None at either end."""
    slugs = [entry.slug for entry in lessons()]
    if slug not in slugs:
        return None, None
    at = slugs.index(slug)
    before = lessons()[at - 1] if at > 0 else None
    after = lessons()[at + 1] if at + 1 < len(slugs) else None
    return before, after


def parse(text: str, *, source: str) -> tuple[Entry, ...]:
    """A syllabus from YAML.

    Raises
    ------
    ValueError
        One sentence that names the file and the place, if a field is missing or unknown, or an id appears twice.
    """
    try:
        document = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise ValueError(f"{source} is not YAML: {error}.") from None
    if not isinstance(document, dict) or not isinstance(document.get("lessons"), list):
        raise ValueError(f"{source} needs a list under “lessons”.")
    try:
        entries = [Entry.model_validate(entry) for entry in document["lessons"]]
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{source}: {'.'.join(map(str, first['loc']))}: {first['msg']}.") from None
    for name, ids in (
        ("lesson", [entry.slug for entry in entries]),
        ("objective", [objective.id for entry in entries for objective in entry.objectives]),
        ("order", [str(entry.order) for entry in entries]),
    ):
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise ValueError(f"{source}: the {name} {twice[0]} appears twice; give one of them another.")
    return tuple(sorted(entries, key=lambda entry: entry.order))
