"""The syllabus: order, ids, and errors that name the place."""

from __future__ import annotations

import pytest

from course import syllabus

LESSON = """
  - slug: {slug}
    order: {order}
    title: A lesson
    mechanism: placement
    minutes: 10
    summary: What this lesson is about.
    objectives:
      - {{id: {objective}, statement: Say what this is about.}}
"""


def _syllabus(*lessons: tuple[str, int, str]) -> str:
    return "lessons:" + "".join(LESSON.format(slug=s, order=o, objective=i) for s, o, i in lessons)


def test_lessons_come_in_their_order_and_objectives_know_their_lesson() -> None:
    found = syllabus.parse(_syllabus(("second", 2, "b.x"), ("first", 1, "a.x")), source="s.yaml")
    assert [entry.slug for entry in found] == ["first", "second"]
    assert found[0].objectives[0].slug == "first"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_syllabus(("one", 1, "a.x"), ("one", 2, "b.x")), "the lesson one appears twice"),
        (_syllabus(("one", 1, "a.x"), ("two", 2, "a.x")), "the objective a.x appears twice"),
        (_syllabus(("one", 1, "a.x"), ("two", 1, "b.x")), "the order 1 appears twice"),
        (_syllabus(("one", 1, "no-dot")), "objectives.0.id"),
        ("lessons: 3", "needs a list"),
        ("lessons: [", "is not YAML"),
    ],
)
def test_an_error_names_file_and_place(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"^s\.yaml") as caught:
        syllabus.parse(text, source="s.yaml")
    assert told in str(caught.value)


def test_the_two_lessons_have_the_objectives_that_the_banks_name() -> None:
    ids = {objective.id for objective in syllabus.objectives()}
    assert {"placement.filter", "placement.scale-in", "rolling.bounds", "rolling.failure"} <= ids
    assert all(objective.slug in {entry.slug for entry in syllabus.lessons()} for objective in syllabus.objectives())


def test_neighbors_end_at_both_ends() -> None:
    slugs = [entry.slug for entry in syllabus.lessons()]
    assert syllabus.neighbors(slugs[0])[0] is None
    assert syllabus.neighbors(slugs[-1])[1] is None
    before, _ = syllabus.neighbors(slugs[1])
    assert before is not None
    assert before.slug == slugs[0]
    assert syllabus.neighbors("no-such-lesson") == (None, None)
