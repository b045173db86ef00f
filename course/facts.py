"""What the lessons say about AWS, each statement with its source, the day it was read, and how sure it is."""

from __future__ import annotations

import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError

FACT_ID = r"^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$"
_FOLDER = Path(__file__).with_name("facts")


class Status(StrEnum):
    """How sure a fact is."""

    DOCUMENTED = "documented"  # AWS says it: guide, API reference, or source code of its own
    INFERRED = "inferred"  # follows from what AWS says, though it does not say it outright
    OBSERVED = "observed"  # reported by others from the real API
    UNDOCUMENTED = "undocumented"  # no source; the simulator's choice, and named one


class Source(BaseModel):
    """Where a fact was read. `tag` is short, such as `task-placement`; `url` is the page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tag: str
    url: HttpUrl


class Fact(BaseModel):
    """One statement in our own words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=FACT_ID)
    statement: str = Field(min_length=15, max_length=400)
    sources: tuple[Source, ...]
    checked: datetime.date
    status: Status


@cache
def facts() -> tuple[Fact, ...]:
    """Every fact of every topic, in the order of the files."""
    return tuple(
        fact
        for path in sorted(_FOLDER.glob("*.yaml"))
        for fact in parse(path.read_text(encoding="utf-8"), source=f"facts/{path.name}")
    )


def fact(name: str) -> Fact | None:
    """The fact of that id, or None.

    >>> fact("no.such.fact") is None
    True
    """
    return _by_id().get(name)


def parse(text: str, *, source: str) -> tuple[Fact, ...]:
    """Facts from YAML: `checked`, `sources` (tag to address), and `facts`, each naming the tags of its sources.

    Raises
    ------
    ValueError
        One sentence: a fact without a source, a tag that is not among the sources, an id that appears twice, or a
        field that is missing or unknown.
    """
    try:
        document = yaml.load(text, Loader=yaml.CSafeLoader)
        addresses, day, entries = document["sources"], document["checked"], document["facts"]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ValueError(f"{source} needs “checked”, “sources” and “facts”: {error}.") from None
    if (
        not isinstance(entries, list)
        or not isinstance(addresses, dict)
        or not all(isinstance(e, dict) for e in entries)
    ):
        raise ValueError(f"{source}: “sources” must map tags to addresses, and “facts” be a list of mappings.")
    found: dict[str, Fact] = {}
    for entry in entries:
        name = str(entry.get("id", "a fact without an id"))
        tags = entry.get("source", [])
        tags = [tags] if isinstance(tags, str) else tags
        missing = [tag for tag in tags if tag not in addresses]
        if missing:
            raise ValueError(f"{source}: {name} names the source {missing[0]}, which is not under “sources”; add it.")
        if not tags and entry.get("status") != Status.UNDOCUMENTED:
            raise ValueError(f"{source}: {name} has no source; name one or mark it undocumented.")
        if name in found:
            raise ValueError(f"{source}: {name} appears twice; give one of the two another id.")
        data = {
            **{key: value for key, value in entry.items() if key != "source"},
            "sources": [{"tag": tag, "url": addresses[tag]} for tag in tags],
            "checked": entry.get("checked", day),
        }
        try:
            found[name] = Fact.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            raise ValueError(f"{source}: {name}: {'.'.join(map(str, first['loc']))}: {first['msg']}.") from None
    return tuple(found.values())


@cache
def _by_id() -> dict[str, Fact]:
    return {fact.id: fact for fact in facts()}
