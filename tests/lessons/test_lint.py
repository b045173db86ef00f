"""The lint finds each fault that is planted, and none in the lessons as they are."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from course import facts, notes
from lessons import lint, markdown
from lessons.__main__ import main

GOOD = """---
title: Task placement
mechanism: placement
minutes: 25
objectives:
  - {id: placement.filter, statement: Say what fits and what does not.}
sources:
  - {id: guide, title: The guide, url: "https://docs.aws.amazon.com/x.html", checked: 2026-01-02}
facts: [placement.kinds.constraint-binds]
---
A {term}`task` needs room; see [the next lesson](/rolling-updates) or [below](#rest).

```{predict} placement.bet
:widget: board
```

```{widget} board
```

:::{myth} A strategy refuses.
:source: placement.kinds.constraint-binds
It ranks.
:::

## Rest

```{check} placement.check
```
"""
BANK = """items:
  - {id: placement.bet, use: lesson}
  - {id: placement.check, use: lesson}
  - {id: placement.graded, use: quiz}
"""


@pytest.fixture
def problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "placement.yaml").write_text(BANK)
    monkeypatch.setattr(markdown, "FOLDER", tmp_path)
    monkeypatch.setattr(lint, "BANKS", tmp_path)
    module = ModuleType("lessons.placement")
    module.WIDGETS = {"board": lambda stage: None}
    module.DIAGRAMS = {}
    monkeypatch.setitem(sys.modules, "lessons.placement", module)
    monkeypatch.setattr(lint, "find_spec", lambda name: name in ("lessons.placement", "simulator.placement") or None)

    def run(old: str = "", new: str = "") -> list[str]:
        assert old in GOOD
        (tmp_path / "placement.md").write_text(GOOD.replace(old, new) if old else GOOD)
        markdown._load.cache_clear()
        return list(lint.lesson_problems("placement"))

    return run


def test_a_good_lesson_has_no_problem(problems) -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("/rolling-updates)", "/rolling)", "the app has no page /rolling"),
        ("(#rest)", "(#nest)", "no heading of this lesson has the anchor #nest"),
        ("(#rest)", "(http://a.b)", "leads nowhere"),
        ("{term}`task`", "{term}`frobnicator`", "no term “frobnicator”"),
        ("```{widget} board", "```{widget} bored", "there is no “bored” in WIDGETS"),
        ("```{widget} board", "```{diagram} board", "there is no “board” in DIAGRAMS"),
        (":widget: board", ":widget: other", "no {widget} other comes after this bet"),
        ("{predict} placement.bet", "{predict} placement.nobet", "no item placement.nobet with use: lesson"),
        ("{check} placement.check", "{check} placement.graded", "no item placement.graded with use: lesson"),
        ("{check} placement.check", "{check} placement.bet", "placement.bet is asked twice"),
        (":source: placement.kinds.constraint-binds", ":source: hearsay", "the source hearsay is neither"),
        ("facts: [placement.kinds.constraint-binds]", "facts: [no.fact]", "the fact no.fact is not in course/facts"),
        ("mechanism: placement", "mechanism: teleport", "the simulator has no mechanism teleport"),
        ("title: Task placement", "title: Another", "the title is “Another” here"),
        ("{id: placement.filter,", "{id: rolling.bounds,", "the objective rolling.bounds is not one of"),
        ("minutes: 25", "minutes: 25\nrequires: [nowhere]", "the lesson nowhere is not in"),
        ("minutes: 25", "minutes: 25\nrequires: [placement]", "does not come before it"),
        ("A {term}`task`", "word " * 151 + "{term}`task`", "words; 150 are enough"),
        ("---\nA {term}", "---\n# Title\n\nA {term}", "level 2 or 3"),
    ],
)
def test_a_planted_fault_is_found(problems, old: str, new: str, told: str) -> None:
    found = problems(old, new)
    assert any(told in problem for problem in found), found
    assert all(problem.startswith("lessons/placement.md:") and problem.endswith(".") for problem in found)


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("", "“” is no heading there; there are rest"),
        ("attic", "“attic” is no heading there"),
        ("rest", "the mistake placement.1 is to be mended under “rest” of placement, which has no {myth} box"),
    ],
)
def test_what_the_notes_are_owed_is_found(problems, monkeypatch, section: str, told: str) -> None:
    problems()
    owed = notes.Notes(
        headings=(notes.Heading(path=("Docker",), lesson="placement", section=section),),
        mistakes=(
            notes.Mistake(
                id="placement.1", belief="A belief of some length.", fact="a.b", lesson="placement", section=section
            ),
        ),
    )
    monkeypatch.setattr(notes, "notes", lambda: owed)
    assert any(told in problem for problem in lint.notes_problems()), list(lint.notes_problems())


def test_a_fact_without_a_source_of_its_own_mends_no_myth(problems, monkeypatch) -> None:
    name = "placement.kinds.constraint-binds"
    bare = facts.fact(name).model_copy(update={"sources": ()})
    monkeypatch.setattr(facts, "fact", lambda asked: bare if asked == name else None)
    assert any(f"the fact {name} has no source of its own" in problem for problem in problems())


def test_a_figure_that_is_not_shown_is_found(problems) -> None:
    sys.modules["lessons.placement"].WIDGETS["spare"] = lambda stage: None
    assert any("“spare” in WIDGETS" in problem for problem in problems())


def test_the_command_says_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dance"]) == 2
    assert "python -m lessons lint" in capsys.readouterr().err


def test_the_lessons_as_they_are_have_no_problem() -> None:
    assert list(lint.course_problems()) == []
