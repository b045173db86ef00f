"""Where the course speaks of something: an index of the lessons' words, built once, and what a query finds in it.

A query's words are looked for at the beginning of words, in any order, and all of them have to be there. A title
counts more than a heading, a heading more than a word of the glossary, that more than an objective, and all of them
more than the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from course import glossary, syllabus
from lessons import blocks, markdown
from simulator.errors import InputError

LONGEST_QUERY = 80  # characters
MOST_WORDS = 6  # of a query; those after them are not looked for
MOST_FOUND = 20
AROUND = 130  # characters of a snippet
_WORD = re.compile(r"\w+")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


class Kind(IntEnum):
    """What kind of place it is: the larger, the more it counts. Each is worth more than all words of a query below."""

    TEXT = 1
    OBJECTIVE = 8
    WORD = 64
    HEADING = 512
    TITLE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A place in the course that can be found.

    `page` and `anchor` are its address; `title` is the lesson's (or “Glossary”), `heading` the section's or the word,
    "" at the top of a page. `text` is what a snippet shows. `waits_for` is the bet that this would give away, "" for
    none.
    """

    kind: Kind
    page: str
    anchor: str
    title: str
    heading: str
    text: str
    waits_for: str = ""

    @property
    def address(self) -> str:
        """The link to it, from any page of the app."""
        return f"{self.page}#{self.anchor}" if self.anchor else self.page


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A passage with the snippet to show: `marks` are the places in it that match, as (start, end)."""

    passage: Passage
    snippet: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Passages, and for each word of the course, in the order of the alphabet, the passages that have it."""

    passages: tuple[Passage, ...]
    words: tuple[str, ...]
    having: tuple[frozenset[int], ...]


def search(query: str, *, settled: Collection[str] = (), index: Index | None = None) -> tuple[Found, ...]:
    """What the query finds, the best first and at most `MOST_FOUND`.

    Parameters
    ----------
    query : of its words the first `MOST_WORDS` count; what is beyond `LONGEST_QUERY` characters is not read.
    settled : the bets that the reader has placed or skipped; what gives another one away is not found.
    """
    wanted = words_of(query)
    if not wanted:
        return ()
    index = index or whole_course()
    score = _scores(index, wanted)
    best = sorted(score, key=lambda at: (-score[at], at))
    texts: dict[tuple[str, str], Passage] = {}
    shown: dict[tuple[Kind, str, str, str], Passage] = {}
    for passage in (index.passages[at] for at in best):
        if passage.waits_for and passage.waits_for not in settled:
            continue
        section = (passage.page, passage.anchor)
        if passage.kind is Kind.TEXT:
            texts.setdefault(section, passage)
        # A section is one place, however many of its paragraphs and whether its heading speak of it.
        one = Kind.HEADING if passage.kind is Kind.TEXT else passage.kind
        shown.setdefault((one, *section, passage.text if one is Kind.OBJECTIVE else ""), passage)
    found = list(shown.values())[:MOST_FOUND]
    return tuple(_found(passage, texts.get((passage.page, passage.anchor), passage), wanted) for passage in found)


def words_of(query: str) -> tuple[str, ...]:
    """The words of a query as they are looked for.

    >>> words_of("Host ports,  HOST!")
    ('host', 'port')
    """
    return tuple(dict.fromkeys(_folded(word) for word in _WORD.findall(query[:LONGEST_QUERY])))[:MOST_WORDS]


def whole_course() -> Index:
    """The index of all lessons and of the glossary; built once, and again when a lesson's file changes."""
    changed = []
    for entry in syllabus.lessons():
        path = markdown.FOLDER / f"{entry.slug}.md"
        changed.append((entry.slug, path.stat().st_mtime_ns if path.is_file() else 0))
    return _whole_course(tuple(changed))


def index_of(passages: Sequence[Passage]) -> Index:
    """An index of these passages."""
    having: dict[str, set[int]] = {}
    for at, passage in enumerate(passages):
        for word in _vocabulary(_own_words(passage)):
            having.setdefault(word, set()).add(at)
    words = tuple(sorted(having))
    return Index(passages=tuple(passages), words=words, having=tuple(frozenset(having[word]) for word in words))


def passages_of(entry: syllabus.Entry, lesson: blocks.Lesson) -> Iterator[Passage]:
    """A lesson's passages in the order of its page: title, objectives, then each section's heading and text."""
    here = {"page": entry.slug, "title": entry.title}
    yield Passage(kind=Kind.TITLE, anchor="", heading="", text=entry.summary, **here)
    for objective in entry.objectives:
        yield Passage(kind=Kind.OBJECTIVE, anchor="", heading="", text=objective.statement, **here)
    anchor = heading = waits = ""
    owed: dict[str, str] = {}
    for block in lesson.blocks:
        match block:
            case blocks.Heading():
                anchor, heading, waits = block.anchor, markdown.plain(block.text), ""
                yield Passage(kind=Kind.HEADING, anchor=anchor, heading=heading, text=_first(lesson, block), **here)
            case blocks.Predict():
                owed[block.widget], waits = block.item, ""
            case blocks.Widget() | blocks.DiagramBlock():
                waits = owed.get(block.name, "") if isinstance(block, blocks.Widget) else ""
            case _:
                text = _line(block)
                if text:
                    yield Passage(kind=Kind.TEXT, anchor=anchor, heading=heading, text=text, waits_for=waits, **here)


@lru_cache(maxsize=2)
def _whole_course(changed: tuple[tuple[str, int], ...]) -> Index:
    found: list[Passage] = []
    for slug, _ in changed:
        entry = syllabus.lesson(slug)
        if entry is None:
            continue
        try:
            found += passages_of(entry, markdown.load(slug))
        except InputError:
            continue  # The lesson's own page says what is wrong with it.
    for term in glossary.terms():
        named = {"page": "course", "anchor": term.anchor, "title": "Glossary", "heading": term.term}
        found.append(Passage(kind=Kind.WORD, text=term.definition, **named))
    return index_of(found)


def _first(lesson: blocks.Lesson, heading: blocks.Heading) -> str:
    """How the section of a heading begins, "" if with a figure or a question."""
    after = lesson.blocks.index(heading) + 1
    return _line(lesson.blocks[after]) if after < len(lesson.blocks) else ""


def _line(block: blocks.Block) -> str:
    """A block's text in one line; the items of a list are told apart by points."""
    return " ".join(re.sub(r"^\s*(?:[-*+]|\d+\.) ", "· ", _written(block), flags=re.MULTILINE).split())


def _written(block: blocks.Block) -> str:
    match block:
        case blocks.Prose() | blocks.Rule():
            return markdown.plain(block.markdown)
        case blocks.Myth():
            return markdown.plain(f"{block.belief} {block.truth}")
        case blocks.Aws():
            return markdown.plain(f"{block.title}. {block.markdown}")
        case blocks.Recap():
            return markdown.plain(" ".join(block.lines))
        case _:
            return ""


def _own_words(passage: Passage) -> str:
    """What the passage is found by; the text of a title and of a word of the glossary is only shown."""
    return {Kind.TITLE: passage.title, Kind.HEADING: passage.heading, Kind.WORD: passage.heading}.get(
        passage.kind, passage.text
    )


def _vocabulary(text: str) -> set[str]:
    """The words of a text, and the parts of those in camel case: “healthy” finds minimumHealthyPercent."""
    found: set[str] = set()
    for word in _WORD.findall(text):
        found.add(_folded(word))
        parts = _PART.findall(word)
        if len(parts) > 1:
            found.update(_folded(part) for part in parts)
    return found


def _folded_all(text: str) -> set[str]:
    return {_folded(word) for word in _WORD.findall(text)}


def _folded(word: str) -> str:
    """A word without case and without the s of a plural."""
    word = word.casefold()
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _passages_with(index: Index, word: str) -> frozenset[int]:
    """The passages that have a word which begins so."""
    at = bisect_left(index.words, word)
    found: frozenset[int] = frozenset()
    while at < len(index.words) and index.words[at].startswith(word):
        found |= index.having[at]
        at += 1
    return found


def _scores(index: Index, wanted: Sequence[str]) -> dict[int, int]:
    """The passages to show with what they count.

    A passage has at least one of the words itself; the others may stand in what is above it, its heading or title, or
    in another passage of the same section. A title, heading or word that is nothing but the query comes before those
    that say more.
    """
    having = [_passages_with(index, word) for word in wanted]
    above = [{(index.passages[at].page, index.passages[at].anchor) for at in places} for places in having]
    score: dict[int, int] = {}
    for at in frozenset[int]().union(*having):
        passage = index.passages[at]
        section, top = (passage.page, passage.anchor), (passage.page, "")
        own = sum(at in places for places in having)
        if all(at in places or section in near or top in near for places, near in zip(having, above, strict=True)):
            whole = passage.kind > Kind.OBJECTIVE and _folded_all(_own_words(passage)) <= set(wanted)
            score[at] = own * passage.kind + (passage.kind // 2 if whole else 0)
    return score


def _found(passage: Passage, shown: Passage, wanted: Sequence[str]) -> Found:
    """A place with a snippet of its own text, or of the one in its section that has the words."""
    text = (shown if passage.kind in (Kind.HEADING, Kind.TEXT) else passage).text
    places = [found.span() for found in _WORD.finditer(text) if _begins(found[0], wanted)]
    start = _start(text, places[0][0] if places else 0)
    end = min(len(text), start + AROUND)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    before, after = "… " if start else "", " …" if end < len(text) else ""
    shift = len(before) - start
    marks = tuple((a + shift, b + shift) for a, b in places if start <= a and b <= end)
    return Found(passage=passage, snippet=f"{before}{text[start:end]}{after}", marks=marks)


def _start(text: str, at: int) -> int:
    """Where a snippet begins that shows the place: at the beginning of a word, a third of it before the place."""
    if at < AROUND // 2:
        return 0
    return text.rfind(" ", 0, at - AROUND // 3) + 1


def _begins(word: str, wanted: Sequence[str]) -> bool:
    return any(form.startswith(begin) for form in _vocabulary(word) for begin in wanted)
