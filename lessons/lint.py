"""What is wrong with the words of the course, found before a reader finds it: one sentence a problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import yaml

from course import facts, glossary, notes, syllabus
from lessons import markdown
from lessons.blocks import (
    Aws,
    Block,
    Check,
    DiagramBlock,
    Heading,
    Lesson,
    Myth,
    Predict,
    Prose,
    Recap,
    Rule,
    Widget,
)
from simulator.errors import InputError

PROSE_WORDS = 150  # in one stretch between figures, headings and boxes
LESSON_WORDS = 2600
RULE_WORDS = 40
PAGES = ("", "course", "progress")
BANKS = Path(__file__).parent.parent / "quizzes" / "banks"
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]*)[^)]*\)")


def course_problems() -> Iterator[str]:
    """Every problem of every lesson and of the course around them."""
    try:
        entries = syllabus.lessons()
        facts.facts()
        glossary.terms()
        notes.notes()
    except ValueError as error:
        yield f"course/{error}"
        return
    for entry in entries:
        yield from lesson_problems(entry.slug)
    yield from notes_problems()
    known = {entry.slug for entry in entries}
    for path in sorted(markdown.FOLDER.glob("*.md")):
        if path.stem not in known:
            yield f"lessons/{path.name}:1: the syllabus does not have this lesson; add it to course/syllabus.yaml."


def lesson_problems(slug: str) -> Iterator[str]:
    """Every problem of one lesson."""
    try:
        lesson = markdown.load(slug)
    except InputError as error:
        yield str(error)
        return
    name = f"lessons/{slug}.md"
    for line, sentence in sorted(
        (
            *_front_problems(lesson, slug),
            *_named_problems(lesson, slug),
            *_figure_problems(lesson, slug),
            *_question_problems(lesson, slug),
            *_text_problems(lesson),
            *_link_problems(lesson),
        )
    ):
        yield f"{name}:{line}: {sentence}."


def notes_problems() -> Iterator[str]:
    """The headings of the learner's notes that no lesson teaches, and the mistakes that none mends."""
    for told, slug, section, is_mistake in _owed_to_notes():
        entry = syllabus.lesson(slug)
        if entry is None:
            continue  # a lesson that is still to be written owes nothing yet
        try:
            lesson = markdown.load(slug)
        except InputError:
            continue  # told where the lesson itself is looked at
        myths = _myths_by_section(lesson)
        if section not in myths:
            yield (
                f"course/notes.yaml: {told} needs a section of {slug}: “{section}” is no heading there; "
                f"there are {', '.join(myths)}."
            )
        elif is_mistake and not myths[section]:
            yield f"course/notes.yaml: {told} is to be mended under “{section}” of {slug}, which has no {{myth}} box."


def _owed_to_notes() -> Iterator[tuple[str, str, str, bool]]:
    table = notes.notes()
    for heading in table.headings:
        yield f"the heading “{heading.path[-1]}”", heading.lesson, heading.section, False
    for mistake in table.mistakes:
        yield f"the mistake {mistake.id}", mistake.lesson, mistake.section, True


def _myths_by_section(lesson: Lesson) -> dict[str, int]:
    """How many `{myth}` boxes stand under each heading, by its anchor."""
    found: dict[str, int] = {}
    section = ""
    for block in lesson.blocks:
        if isinstance(block, Heading):
            section = block.anchor
            found[section] = 0
        elif isinstance(block, Myth) and section:
            found[section] += 1
    return found


Problems = Iterable[tuple[int, str]]


def _front_problems(lesson: Lesson, slug: str) -> Problems:
    front = lesson.front
    entry = syllabus.lesson(slug)
    if entry is None:
        yield 1, f"the syllabus has no lesson {slug}; add it to course/syllabus.yaml"
        return
    for field in ("title", "mechanism", "minutes"):
        if getattr(front, field) != getattr(entry, field):
            told = f"“{getattr(front, field)}” here and “{getattr(entry, field)}” in course/syllabus.yaml"
            yield 1, f"the {field} is {told}; make them one"
    ids = {objective.id for objective in entry.objectives}
    for goal in front.objectives:
        if goal.id not in ids:
            yield 1, f"the objective {goal.id} is not one of this lesson’s in course/syllabus.yaml"
    if find_spec(f"simulator.{front.mechanism}") is None:
        yield 1, f"the simulator has no mechanism {front.mechanism}"


def _named_problems(lesson: Lesson, slug: str) -> Problems:
    """Facts and lessons that the front matter names and that are not there."""
    front = lesson.front
    for fact in front.facts:
        if facts.fact(fact) is None:
            yield 1, f"the fact {fact} is not in course/facts"
    order = {entry.slug: at for at, entry in enumerate(syllabus.lessons())}
    for other in front.requires:
        if other not in order:
            yield 1, f"the lesson {other} is not in course/syllabus.yaml"
        elif order[other] >= order.get(slug, len(order)):
            yield 1, f"the lesson {other}, which this one requires, does not come before it in course/syllabus.yaml"


def _figure_problems(lesson: Lesson, slug: str) -> Problems:
    name = f"lessons.{slug.replace('-', '_')}"
    module = import_module(name) if find_spec(name) else None
    for kind, table in ((Widget, "WIDGETS"), (DiagramBlock, "DIAGRAMS")):
        there = set(getattr(module, table, {}))
        shown: set[str] = set()
        for block in lesson.blocks:
            if not isinstance(block, kind):
                continue
            if block.name not in there:
                yield block.line, f"there is no “{block.name}” in {table} of {name}"
            if block.name in shown:
                yield block.line, f"“{block.name}” is shown twice; a figure has one place"
            shown.add(block.name)
        for unused in sorted(there - shown):
            yield 1, f"“{unused}” in {table} of {name} is not shown anywhere in the text"


def _question_problems(lesson: Lesson, slug: str) -> Problems:
    known = _lesson_items(slug)
    seen: set[str] = set()
    widgets = {block.name: k for k, block in enumerate(lesson.blocks) if isinstance(block, Widget)}
    for k, block in enumerate(lesson.blocks):
        if not isinstance(block, Predict | Check):
            continue
        if block.item not in known:
            yield block.line, f"quizzes/banks/{slug}.yaml has no item {block.item} with use: lesson"
        if block.item in seen:
            yield block.line, f"the question {block.item} is asked twice"
        seen.add(block.item)
        if isinstance(block, Predict) and widgets.get(block.widget, -1) < k:
            yield block.line, f"no {{widget}} {block.widget} comes after this bet"


def _lesson_items(slug: str) -> set[str]:
    """The ids that the bank keeps for the lesson; read as plain YAML, for lessons know no quiz engine."""
    path = BANKS / f"{slug}.yaml"
    if not path.is_file():
        return set()
    bank = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
    return {str(item.get("id")) for item in bank.get("items", ()) if item.get("use") == "lesson"}


def _text_problems(lesson: Lesson) -> Problems:
    total = 0
    for block in lesson.blocks:
        count = len(markdown.plain(_text(block)).split())
        total += count
        if isinstance(block, Prose) and count > PROSE_WORDS:
            yield block.line, f"this stretch has {count} words; {PROSE_WORDS} are enough before a figure or a heading"
        if isinstance(block, Rule) and count > RULE_WORDS:
            yield block.line, f"this rule has {count} words; {RULE_WORDS} are enough"
        if isinstance(block, Myth):
            sources = {source.id for source in lesson.front.sources} | set(lesson.front.facts)
            if block.source not in sources:
                yield block.line, f"the source {block.source} is neither a source nor a fact of the front matter"
            elif (fact := facts.fact(block.source)) is not None and not fact.sources:
                yield block.line, f"the fact {block.source} has no source of its own; name one that has"
    if total > LESSON_WORDS:
        yield 1, f"the lesson has {total} words; keep it under {LESSON_WORDS}"


def _link_problems(lesson: Lesson) -> Problems:
    anchors = {block.anchor for block in lesson.blocks if isinstance(block, Heading)} | {"words", "sources"}
    for block in lesson.blocks:
        text = _text(block)
        for found in markdown.TERM.finditer(text):
            meant = markdown.term_parts(found[1])[1]
            if glossary.term(meant) is None:
                yield block.line, f"the glossary has no term “{meant}”; add it to course/glossary.yaml"
        for found in _LINK.finditer(text):
            if sentence := _dead(found[1], anchors):
                yield block.line, sentence


def _text(block: Block) -> str:
    match block:
        case Prose() | Aws() | Rule():
            return block.markdown
        case Heading():
            return block.text
        case Myth():
            return f"{block.belief}\n\n{block.truth}"
        case Recap():
            return "\n".join(block.lines)
        case _:
            return ""


def _dead(address: str, anchors: set[str]) -> str | None:
    """Why a link leads nowhere, None if it leads somewhere. Addresses elsewhere are not called up."""
    if address.startswith("https://"):
        return None
    if address.startswith("#"):
        return None if address[1:] in anchors else f"no heading of this lesson has the anchor {address}"
    if address.startswith("/"):
        page = address[1:].split("#")[0].split("?")[0]
        slugs = {entry.slug for entry in syllabus.lessons()}
        if page in PAGES or page in slugs or page.removesuffix("-quiz") in slugs:
            return None
        return f"the app has no page {address}"
    return f"the link {address or '()'} leads nowhere; begin it with https://, / or #"
