"""Lesson files to blocks, and the sentence for each thing that a lesson may not hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.blocks import Aws, Check, DiagramBlock, Heading, Myth, Predict, Prose, Recap, Rule, Widget
from lessons.markdown import load, parse, plain
from simulator.errors import InputError

FRONT = """---
title: A lesson
mechanism: placement
minutes: 10
objectives:
  - {id: placement.filter, statement: Say what fits and what does not.}
sources:
  - {id: guide, title: The guide, url: "https://docs.aws.amazon.com/x.html", checked: 2026-01-02}
---
"""
LINES = FRONT.count("\n")

WHOLE = (
    FRONT
    + """First a {term}`task`, then {term}`both bounds <lower bound>` and another {term}`Task`.

- a list

| a | b |
|---|---|
| 1 | 2 |

## What does `spread` count?

```{predict} placement.bet
:widget: first-board
```

```{widget} first-board
```

### Again

```{diagram} in-the-vpc
```

```{check} placement.check.one
```

:::{rule}
Filters say *can*; strategies say *best*.
:::

:::{myth} A strategy refuses.
:source: guide
It ranks.
:::

:::{aws} Ask for it
Then run:

```json
{"type": "spread"}
```
:::

### Again

```{recap}
- one
- two
```

```json
{"plain": "code"}
```
"""
)


def test_every_directive_becomes_its_block_in_order() -> None:
    lesson = parse(WHOLE, source="x.md")
    kinds = [type(block) for block in lesson.blocks]
    assert kinds == [
        Prose, Heading, Predict, Widget, Heading, DiagramBlock, Check, Rule, Myth, Aws, Heading, Recap, Prose,
    ]  # fmt: skip
    by_kind = {type(block): block for block in lesson.blocks if not isinstance(block, Prose | Heading)}
    assert by_kind[Predict] == Predict(line=by_kind[Predict].line, item="placement.bet", widget="first-board")
    assert by_kind[Myth].belief == "A strategy refuses."  # type: ignore[attr-defined]
    assert by_kind[Myth].truth == "It ranks."  # type: ignore[attr-defined]
    assert '{"type": "spread"}' in by_kind[Aws].markdown  # type: ignore[attr-defined]
    assert by_kind[Recap].lines == ("one", "two")  # type: ignore[attr-defined]


def test_prose_keeps_its_lists_tables_and_code_as_written() -> None:
    lesson = parse(WHOLE, source="x.md")
    first, last = (block for block in lesson.blocks if isinstance(block, Prose))
    assert "- a list" in first.markdown
    assert "| 1 | 2 |" in first.markdown
    assert last.markdown == '```json\n{"plain": "code"}\n```'


def test_a_block_knows_its_line() -> None:
    lesson = parse(WHOLE, source="x.md")
    lines = WHOLE.splitlines()
    for block in lesson.blocks:
        if isinstance(block, Heading):
            assert block.text in lines[block.line - 1]
        if isinstance(block, Widget):
            assert lines[block.line - 1] == "```{widget} first-board"


def test_anchors_are_words_and_never_meet_twice() -> None:
    anchors = [block.anchor for block in parse(WHOLE, source="x.md").blocks if isinstance(block, Heading)]
    assert anchors == ["what-does-spread-count", "again", "again-2"]


def test_terms_are_named_once_by_what_they_mean() -> None:
    assert parse(WHOLE, source="x.md").terms == ("task", "lower bound")


@pytest.mark.parametrize(
    ("body", "line", "told"),
    [
        ("a\n\n<b>bold</b>", 3, "raw HTML"),
        ("<div>\nx\n</div>", 1, "raw HTML"),
        ("a ![x](https://example.com/x.png)", 1, "pictures are not read"),
        ("# Title", 1, "level 2 or 3"),
        ("costs $5 and $6", 1, "dollar sign"),
        ("[a][b]\n\n[b]: https://example.com", None, "links in place"),
        ("```{figure} x\n```", 1, "there is no directive {figure}"),
        ("```{widget} No Name\n```", 1, "needs a name"),
        ("```{predict} placement.bet\n```", 1, "needs :widget:"),
        ("```{predict} bet\n:widget: a\n```", 1, "needs the id of a question"),
        ("```{check} placement.a\n:widget: a\n```", 1, "takes no option :widget:"),
        (":::{myth} Belief\nTruth\n:::", 1, "needs :source:"),
        (":::{myth} Belief\n:source: guide\n:::", 1, "needs the belief"),
        (":::{rule}\n:::", 1, "needs one paragraph"),
        (":::{aws}\n:::", 1, "needs the command"),
        (":::{rule}\na <i>b</i>\n:::", 2, "raw HTML"),
        ("```{recap}\n- 1\n- 2\n- 3\n- 4\n- 5\n- 6\n```", 1, "has 6 lines"),
        ("```{recap}\nno list\n```", 1, "needs a list"),
        (":::note\nx\n:::", 1, "name a directive"),
    ],
)
def test_what_a_lesson_may_not_hold_is_told_with_its_line(body: str, line: int | None, told: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(FRONT + body + "\n", source="lessons/x.md")
    expected = 1 if line is None else LINES + line
    assert str(caught.value).startswith(f"lessons/x.md:{expected}: "), str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("minutes: 10", "minutes: soon", 4, "minutes in the front matter"),
        ("checked: 2026-01-02", "read: 2026-01-02", 8, "sources.0.checked"),
        ("https://docs.aws.amazon.com/x.html", "nowhere", 8, "sources.0.url"),
        ("title: A lesson\n", "", 2, "title in the front matter"),
        ("mechanism: placement", "mechanism: [", None, "is not YAML"),
        ("title: A lesson", "title: A lesson\ncolor: red", 3, "color in the front matter"),
    ],
)
def test_the_front_matter_names_what_is_wrong_in_it(old: str, new: str, line: int | None, told: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(FRONT.replace(old, new) + "Text.\n", source="x.md")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    if line is not None:
        assert str(caught.value).startswith(f"x.md:{line}: "), str(caught.value)


def test_a_file_without_front_matter_is_told_to_have_one() -> None:
    with pytest.raises(InputError, match="begin the file with front matter"):
        parse("Just text.\n", source="x.md")


@given(st.text(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_lesson_or_one_sentence(text: str) -> None:
    told = ""
    try:
        parse(FRONT + text, source="x.md")
    except InputError as error:
        told = str(error)
    assert not told or (told.startswith("x.md:") and told.endswith(".") and "\n" not in told)


def test_plain_text_has_no_marks() -> None:
    assert plain("See [the guide](https://x.y) on **{term}`zones <zone>`**.") == "See the guide on zones."


@pytest.mark.parametrize("slug", ["no-such-lesson", "../app", "a/b", "", "Placement"])
def test_a_slug_that_is_no_lesson_is_one_sentence(slug: str) -> None:
    with pytest.raises(InputError, match="There is no lesson"):
        load(slug)
