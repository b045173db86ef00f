"""The words of the course, each with one plain sentence."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

_FILE = Path(__file__).with_name("glossary.yaml")


class Term(BaseModel):
    """A word and what it means here. `also` lists other forms that a lesson may write, such as the plural."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    term: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9 -]*$", max_length=50)
    definition: str = Field(min_length=20, max_length=300)
    also: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        """The word's id on a page.

        >>> Term(term="Container instance", definition="An EC2 instance that runs tasks.").anchor
        'word-container-instance'
        """
        return "word-" + re.sub(r"[^a-z0-9]+", "-", self.term.lower()).strip("-")


@cache
def terms() -> tuple[Term, ...]:
    """Every term, in the order of the alphabet."""
    return parse(_FILE.read_text(encoding="utf-8"), source=_FILE.name)


def term(written: str) -> Term | None:
    """The term that a lesson means by a word, whatever its case and form; None if the glossary has no such word.

    >>> term("no such word") is None
    True
    """
    return _by_form().get(written.strip().lower())


def parse(text: str, *, source: str) -> tuple[Term, ...]:
    """A glossary from YAML.

    Raises
    ------
    ValueError
        One sentence, if a term is missing something or two terms share a form.
    """
    try:
        document = yaml.load(text, Loader=yaml.CSafeLoader)
        found = [Term.model_validate(entry) for entry in document["terms"]]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ValueError(f"{source} needs a list under “terms”: {error}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{source}: {first['input']!r}: {first['msg']}.") from None
    forms = [form.lower() for entry in found for form in (entry.term, *entry.also)]
    twice = sorted({form for form in forms if forms.count(form) > 1})
    if twice:
        raise ValueError(f"{source}: “{twice[0]}” appears twice; give one of the two another form.")
    return tuple(sorted(found, key=lambda entry: entry.term.lower()))


@cache
def _by_form() -> dict[str, Term]:
    return {form.lower(): entry for entry in terms() for form in (entry.term, *entry.also)}
