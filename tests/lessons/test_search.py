"""What a query finds, in which order, and with which snippet; and that nothing it finds gives a bet away."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course import syllabus
from lessons import blocks, markdown, search
from lessons.search import Kind, Passage

LESSON = """---
title: Ships
mechanism: placement
minutes: 7
objectives: [{id: ships.load, statement: Say what goes aboard a ship.}]
sources: [{id: guide, title: The guide, url: "https://docs.aws.amazon.com/x.html", checked: 2026-01-02}]
---
A harbor has {term}`piers <task>` and cranes.

```{predict} ships.bet.first
:widget: board
```

```{widget} board
```

The pelican wins.

## Ropes and knots

Ropes hold `minimumHealthyPercent` of **everything**:

- first the anchor,
- then the hawser.

:::{myth} A bowline slips.
:source: guide
It holds.
:::

### Anchors

```{recap}
- Drop it slowly.
```
"""


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch) -> search.Index:
    text = """
lessons:
  - {slug: ships, order: 1, title: Ships, mechanism: placement, minutes: 7, summary: All about vessels.,
     objectives: [{id: ships.load, statement: Say what goes aboard a ship and its crane.}]}
  - {slug: cranes, order: 2, title: Cranes, mechanism: placement, minutes: 7, summary: How they lift.,
     objectives: [{id: cranes.lift, statement: Work out what a crane can lift.}]}
"""
    ships, cranes = syllabus.parse(text, source="s.yaml")
    one = search.passages_of(ships, markdown.parse(LESSON, source="ships.md"))
    other = search.passages_of(cranes, markdown.parse(LESSON.replace("Ropes", "Chains"), source="cranes.md"))
    word = Passage(
        kind=Kind.WORD, page="course", anchor="word-crane", title="Glossary", heading="crane", text="It lifts."
    )
    return search.index_of([*one, *other, word])


def found(query: str, index: search.Index, settled: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(one.passage.kind.name, one.passage.address) for one in search.search(query, index=index, settled=settled)]


def test_a_title_comes_before_a_word_an_objective_and_the_text(course) -> None:
    assert found("crane", course) == [
        ("TITLE", "cranes"),
        ("WORD", "course#word-crane"),
        ("OBJECTIVE", "ships"),
        ("OBJECTIVE", "cranes"),
        ("TEXT", "ships"),
        ("TEXT", "cranes"),
    ]


def test_a_section_is_one_place_with_a_deep_link(course) -> None:
    assert found("ropes", course) == [("HEADING", "ships#ropes-and-knots")]
    assert found("knots", course) == [("HEADING", "ships#ropes-and-knots"), ("HEADING", "cranes#chains-and-knots")]
    assert found("slowly", course) == [("TEXT", "ships#anchors"), ("TEXT", "cranes#anchors")]


def test_words_are_found_by_their_beginning_in_any_case_and_number(course) -> None:
    assert found("SHIP", course)[0] == ("TITLE", "ships")
    assert found("ships", course)[0] == ("TITLE", "ships")
    assert found("hawse", course)[0] == ("TEXT", "ships#ropes-and-knots")
    assert found("awser", course) == []
    assert found("pier", course)[0] == ("TEXT", "ships")


def test_the_parts_of_a_parameter_are_words(course) -> None:
    for query in ("minimumHealthyPercent", "healthy", "percent minimum", "minimumhealthy"):
        assert ("TEXT", "ships#ropes-and-knots") in found(query, course)


def test_all_words_have_to_be_there_in_the_section_or_above_it(course) -> None:
    assert found("hawser bowline", course)[0] == ("TEXT", "ships#ropes-and-knots"), "in two paragraphs of one section"
    assert found("cranes hawser", course)[-1] == ("TEXT", "cranes#chains-and-knots"), "in the lesson's title"
    assert found("hawser slowly", course) == []


def test_what_gives_a_bet_away_is_found_once_the_bet_is_settled(course) -> None:
    assert found("pelican", course) == []
    assert found("pelican", course, settled=("ships.bet.first",)) == [("TEXT", "ships"), ("TEXT", "cranes")]


def test_a_snippet_marks_what_matches(course) -> None:
    one = search.search("anchor", index=course)[-1]
    (start, end), *_ = one.marks
    assert one.snippet[start:end] == "anchor"
    assert "minimumHealthyPercent of everything: · first the anchor" in one.snippet
    assert "pelican" not in " ".join(found.snippet for found in search.search("ship", index=course))


def test_a_long_text_is_cut_between_words_around_the_match() -> None:
    text = "one " * 100 + "needle " + "two " * 100
    passage = Passage(kind=Kind.TEXT, page="p", anchor="", title="P", heading="", text=text.strip())
    (one,) = search.search("needle", index=search.index_of([passage]))
    assert one.snippet.startswith("… one ")
    assert one.snippet.endswith(" two …")
    assert len(one.snippet) <= search.AROUND + 4
    assert [one.snippet[a:b] for a, b in one.marks] == ["needle"]


@settings(deadline=None)  # the first query builds the index
@given(st.text(max_size=200))
def test_no_query_is_too_much(query: str) -> None:
    assert len(search.words_of(query)) <= search.MOST_WORDS
    result = search.search(query)
    assert len(result) <= search.MOST_FOUND
    for one in result:
        assert all(0 <= start < end <= len(one.snippet) for start, end in one.marks)


def test_a_query_beyond_the_bound_is_not_read() -> None:
    assert search.words_of("a" * 5000) == ("a" * search.LONGEST_QUERY,)
    assert search.words_of("x" * search.LONGEST_QUERY + " placement") == ("x" * search.LONGEST_QUERY,)
    assert len(search.words_of("a b c d e f g h i")) == search.MOST_WORDS


@pytest.mark.parametrize("entry", syllabus.lessons(), ids=lambda entry: entry.slug)
def test_every_heading_of_the_course_is_found_under_its_anchor(entry) -> None:
    for block in markdown.load(entry.slug).blocks:
        if isinstance(block, blocks.Heading) and len(search.words_of(block.text)) < search.MOST_WORDS:
            addresses = [one.passage.address for one in search.search(markdown.plain(block.text))]
            assert f"{entry.slug}#{block.anchor}" in addresses


def test_every_lesson_is_the_first_that_its_title_finds() -> None:
    for entry in syllabus.lessons():
        assert search.search(entry.title)[0].passage.address == entry.slug


def test_the_index_is_built_again_when_a_lesson_changes(tmp_path, monkeypatch) -> None:
    only = syllabus.parse(_ONE, source="s.yaml")
    monkeypatch.setattr(markdown, "FOLDER", tmp_path)
    monkeypatch.setattr(syllabus, "lessons", lambda: only)
    path = tmp_path / "ships.md"
    assert search.search("ropes") == (), "a lesson without its file is no mistake of the search"
    path.write_text(LESSON)
    assert [one.passage.address for one in search.search("ropes")] == ["ships#ropes-and-knots"]


_ONE = """
lessons:
  - {slug: ships, order: 1, title: Ships, mechanism: placement, minutes: 7, summary: All about vessels.,
     objectives: [{id: ships.load, statement: Say what goes aboard a ship.}]}
"""
