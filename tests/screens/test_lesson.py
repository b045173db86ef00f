"""A lesson's page: its blocks in order, its figures with their stage, bets that unlock them, and what is kept."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from learners import progress
from learners.store import Store, default_url
from lessons import markdown
from quizzes.bank import parse
from quizzes.variants import serve
from screens import bet, lesson, shell
from simulator.errors import InputError

TEXT = """---
title: A small lesson
mechanism: placement
minutes: 7
objectives:
  - {id: placement.filter, statement: Say what fits and what does not.}
sources:
  - {id: guide, title: The guide, url: "https://docs.aws.amazon.com/x.html", checked: 2026-01-02}
facts: [placement.kinds.constraint-binds]
requires: [rolling-updates]
---
A {term}`task` needs room on a {term}`machine <container instance>`.

```json
{"plain": "{term}`code`"}
```

## The figure

```{widget} board
```

```{diagram} vpc
```

### Its rule

:::{rule}
Constraints *bind*.
:::

:::{myth} A strategy refuses.
:source: placement.kinds.constraint-binds
It ranks.
:::

:::{aws}
Run `aws ecs run-task`.
:::

```{recap}
- First.
- Second.
```
"""


def page(slug: str) -> None:
    from learners.identity import LOCAL, Learner
    from screens import lesson

    lesson.show(Learner(id=LOCAL, saved=True), slug)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("QUAYSIDE_DATA", str(tmp_path))
    return Store(default_url(tmp_path))


@pytest.fixture
def links(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    drawn: list[tuple[str, bool]] = []
    monkeypatch.setattr(shell, "link", lambda path, label, *, icon=None, next_act=False: drawn.append((path, next_act)))
    return drawn


def told(name: str) -> Callable[[object], None]:
    def figure(stage) -> None:
        st.text(f"{name} {stage.slug} {stage.name} locked={stage.locked}")
        st.button("Step", key=stage.key("step"))

    return figure


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    folder = tmp_path / "lessons"
    folder.mkdir()
    monkeypatch.setattr(markdown, "FOLDER", folder)
    module = ModuleType("lessons.placement")
    module.WIDGETS = {"board": told("widget")}
    module.DIAGRAMS = {"vpc": told("diagram")}
    monkeypatch.setitem(sys.modules, "lessons.placement", module)
    monkeypatch.setattr(lesson, "find_spec", lambda name: name == "lessons.placement" or None)

    def put(text: str) -> None:
        (folder / "placement.md").write_text(text)
        markdown._load.cache_clear()

    return put


def run(slug: str = "placement") -> AppTest:
    at = AppTest.from_function(page, args=(slug,)).run()
    assert not at.exception
    return at


def test_the_page_has_one_title_its_minutes_and_what_you_can_do_afterwards(log, links, write) -> None:
    write(TEXT)
    at = run()
    assert [title.value for title in at.title] == ["A small lesson"]
    assert at.caption[0].value == "7 minutes"
    assert "Say what fits and what does not." in at.markdown[0].value


def test_headings_can_be_linked_to(log, links, write) -> None:
    write(TEXT)
    at = run()
    lines = "\n".join(block.value for block in at.markdown).splitlines()
    assert "## The figure" in lines
    assert "### Its rule" in lines


def test_terms_lead_to_their_definitions_below_and_code_stays_as_written(log, links, write) -> None:
    write(TEXT)
    at = run()
    text = "\n".join(block.value for block in at.markdown)
    assert "[task](#word-task)" in text
    assert "[machine](#word-container-instance)" in text
    assert '{"plain": "{term}`code`"}' in text
    definitions = "\n".join(element.proto.body for element in at.get("html"))
    assert 'id="word-task"' in definitions
    assert 'id="word-container-instance"' in definitions


def test_boxes_and_their_sources_are_on_the_page(log, links, write) -> None:
    write(TEXT)
    at = run()
    text = "\n".join(block.value for block in at.markdown)
    assert "Constraints *bind*." in text
    assert "“A strategy refuses.”" in text
    assert "1. First.\n2. Second." in text
    assert "[The guide](https://docs.aws.amazon.com/x.html), read 2 January 2026" in text
    assert re.search(r":small\[\[.*\]\(https://.*task-placement.html\)\]", text), "the fact's own source"
    assert at.caption[-1].value == shell.FOOT


def test_figures_stand_where_the_text_puts_them_and_are_not_locked(log, links, write) -> None:
    write(TEXT)
    at = run()
    assert [text.value for text in at.text] == [
        "widget placement board locked=False",
        "diagram placement vpc locked=False",
    ]
    at.button(key="lesson:placement:board:step").click().run()
    assert not at.exception


def test_the_quiz_is_the_one_next_act(log, links, write) -> None:
    write(TEXT)
    run()
    assert [path for path, next_act in links if next_act] == ["placement-quiz"]
    assert ("rolling-updates", False) in links


def test_opening_a_lesson_is_written_down_once(log, links, write) -> None:
    write(TEXT)
    run().run()
    events = log.read("local", "placement")
    assert [event.kind for event in events] == ["read"]
    assert progress.reading(events, "placement").opened


@pytest.mark.parametrize("slug", ["no-such-lesson", "../secrets", "x" * 5000])
def test_a_lesson_that_is_not_there_is_one_sentence_and_a_way_out(log, links, slug: str) -> None:
    at = run(slug)
    assert [title.value for title in at.title] == ["Not here"]
    assert ("course", False) in links
    assert log.read("local") == ()


def test_a_lesson_is_read_even_where_nothing_can_be_kept(tmp_path, monkeypatch, links, write) -> None:
    (tmp_path / "learners.db").write_text("No database, but long enough to be looked at as one. " * 40)
    monkeypatch.setenv("QUAYSIDE_DATA", str(tmp_path))
    write(TEXT)
    at = run()
    assert [title.value for title in at.title] == ["A small lesson"]
    assert at.warning


BETS = (
    TEXT.replace(
        "```{widget} board",
        "```{predict} placement.bet.one\n:widget: board\n```\n\n```{widget} board",
    )
    + """
```{check} placement.check.one
```
"""
)
ITEM = """
  - id: {id}
    type: single_choice
    use: lesson
    objective: placement.filter
    bloom: understand
    difficulty: 0.5
    est_seconds: 30
    stem: Which instance gets the task?
    options:
      - {{id: a, text: Instance A, key: true, rationale: A CANARY has the room.}}
      - {{id: b, text: Instance B, rationale: B CANARY is full.}}
    feedback: {{general: The filters come first.}}
    sources: [{{url: "https://docs.aws.amazon.com/x.html", verified_on: 2026-01-02}}]
    review_by: 2027-11-23
"""
BANK = (
    "schema_version: 1\nbank: {id: placement, title: A small bank, version: 1.0.0}\nitems:"
    + ITEM.format(id="placement.bet.one")
    + ITEM.format(id="placement.check.one")
)


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> None:
    small = parse(BANK, source="b.yaml", slug="placement")
    monkeypatch.setattr(bet, "load", lambda slug: small)


def answer(at: AppTest, key: str, label: str) -> None:
    """Choose the option of that label, whatever id it has for the browser."""
    item = next(item for item in bet.load("placement").items if item.id == key.partition(":")[2])
    options = serve(item, bet.SEED).visible()["options"]
    at.radio(key=key).set_value(next(option["id"] for option in options if option["text"] == label)).run()


def sent(at: AppTest) -> str:
    """Everything that the page sends to the browser."""
    return "\n".join(str(node.proto) for node in at.main if node.proto is not None)


def locked(at: AppTest) -> bool:
    return at.text[0].value.endswith("locked=True")


def test_a_figure_waits_for_its_bet_and_the_answer_is_nowhere_on_the_page(log, links, write, bank) -> None:
    write(BETS)
    at = run()
    assert locked(at)
    assert len(at.radio(key="bet:placement.bet.one").options) == 2
    assert "CANARY" not in sent(at)
    assert at.button(key="bet:placement.bet.one:place").disabled
    assert at.caption[0].value == "7 minutes · 0 of 2 questions in the text answered"


def test_a_bet_unlocks_its_figure_and_is_kept(log, links, write, bank) -> None:
    write(BETS)
    at = run()
    answer(at, "bet:placement.bet.one", "Instance B")
    at.button(key="bet:placement.bet.one:place").click().run()
    assert not at.exception
    assert not locked(at)
    assert "CANARY" not in sent(at), "the reasons come when they are opened"
    at.session_state["bet:placement.bet.one:why"] = True
    assert "CANARY" in sent(at.run()), "how it comes out may be read now"
    kept = progress.reading(log.read("local", "placement"), "placement").predicted["placement.bet.one"]
    assert set(kept) == {"response", "score"}
    assert not locked(run()), "a reload finds the bet placed"


def test_a_bet_can_be_skipped(log, links, write, bank) -> None:
    write(BETS)
    at = run()
    at.button(key="bet:placement.bet.one:skip").click().run()
    assert not locked(at)
    assert progress.reading(log.read("local", "placement"), "placement").predicted["placement.bet.one"]["skipped"]
    at.session_state["bet:placement.bet.one:why"] = True
    assert "A CANARY" in sent(at.run())
    assert "Not this time" not in sent(at), "who places no bet is not judged"


def test_a_check_tells_why_and_may_be_answered_again(log, links, write, bank) -> None:
    write(BETS)
    at = run()
    key = "check:placement.check.one"
    answer(at, key, "Instance B")
    assert "CANARY" not in sent(at)
    at.button(key=f"{key}:check").click().run()
    assert "CANARY" in sent(at)
    answer(at, key, "Instance A")
    at.button(key=f"{key}:check").click().run()
    assert not at.exception
    kinds = [event.kind for event in log.read("local", "placement")]
    assert kinds.count("checked") == 2
    assert at.caption[0].value.endswith("1 of 2 questions in the text answered")


def test_a_question_that_the_bank_does_not_have_can_be_skipped(log, links, write, monkeypatch) -> None:
    def none(slug: str) -> None:
        raise InputError("There is no bank.")

    monkeypatch.setattr(bet, "load", none)
    write(BETS)
    at = run()
    assert "placement.bet.one is not in this lesson’s bank" in at.warning[0].value
    at.button(key="bet:placement.bet.one:skip").click().run()
    assert not locked(at)


BET = """A story.

```{predict} placement.bet.one
:widget: board
```

```{widget} board
```

It comes out so.

:::{rule}
The rule of it.
:::

## Next

Another matter.

```{diagram} vpc
```
"""


def test_what_tells_the_outcome_of_a_bet_is_withheld_until_it_is_placed(log, links, write) -> None:
    write(TEXT.split("A {term}")[0] + BET)
    at = run()
    told = "\n".join(block.value for block in at.markdown)
    assert "A story." in told
    assert "It comes out so." not in told
    assert "The rule of it." not in told
    assert "Another matter." in told
    at.button(key="bet:placement.bet.one:skip").click().run()
    told = "\n".join(block.value for block in at.markdown)
    assert "It comes out so." in told
    assert "The rule of it." in told
