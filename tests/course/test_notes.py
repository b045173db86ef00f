"""The learner's notes: each heading and each mistake has a lesson."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course import facts, notes

ROOT = Path(__file__).parents[2]
LESSONS = {
    "architectures",
    "auto-scaling",
    "cluster-capacity",
    "clusters",
    "containers-on-aws",
    "ecr",
    "eks",
    "iam-roles",
    "launch-types",
    "networking",
    "placement",
    "rolling-updates",
    "services",
    "task-definitions",
    "volumes",
}
ROWS = {"deployments": 27, "platform": 31, "placement": 16}  # of the three tables
HEADING = "headings:\n  - {{path: [A, B], lesson: {lesson}, section: {section}}}\n"
MISTAKE = "  - {{id: {id}, belief: Something is so., fact: {fact}, lesson: ecr, section: ''}}\n"
GOOD = HEADING.format(lesson="ecr", section="''") + "mistakes:\n" + MISTAKE.format(id="platform.1", fact="a.b")


def _paths_of(text: str) -> list[tuple[str, ...]]:
    """The headings of a Markdown text outside code, each with those above it."""
    above: list[str] = []
    found: list[tuple[str, ...]] = []
    fenced = False
    for line in text.splitlines():
        fenced ^= line.strip().startswith("```")
        heading = re.fullmatch(r"(#+) (.+)", line)
        if heading and not fenced:
            above = [*above[: len(heading[1]) - 1], heading[2].strip()]
            found.append(tuple(above))
    return found


def test_every_heading_of_the_notes_is_there_in_their_order() -> None:
    written = _paths_of((ROOT / "docs" / "notes.md").read_text(encoding="utf-8"))
    assert [heading.path for heading in notes.notes().headings] == written


def test_every_row_of_the_tables_is_a_mistake_in_their_order() -> None:
    wanted = [f"{table}.{row}" for table, rows in ROWS.items() for row in range(1, rows + 1)]
    assert [mistake.id for mistake in notes.notes().mistakes] == wanted


@pytest.mark.parametrize("mistake", notes.notes().mistakes, ids=lambda mistake: mistake.id)
def test_a_mistake_is_mended_by_a_fact_with_a_source(mistake: notes.Mistake) -> None:
    fact = facts.fact(mistake.fact)
    assert fact is not None, f"{mistake.fact} is not in course/facts"
    assert fact.sources, f"a myth box could not link {mistake.fact}"


def test_no_two_mistakes_are_told_alike() -> None:
    beliefs = [mistake.belief for mistake in notes.notes().mistakes]
    assert len(set(beliefs)) == len(beliefs)


def test_the_lessons_are_those_of_the_course() -> None:
    table = notes.notes()
    assert {entry.lesson for entry in (*table.headings, *table.mistakes)} <= LESSONS
    assert {heading.lesson for heading in table.headings} == LESSONS


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("headings: [", "n.yaml is not YAML: "),
        ("5", "n.yaml: the file: "),
        ("headings: []\nmistakes: []\n", "n.yaml: headings: "),
        (GOOD.replace("section: ''}\nmis", "}\nmis"), "n.yaml: headings.0.section: Field required."),
        (
            GOOD.replace("lesson: ecr, section: ''}\nmis", "lesson: ECR, section: ''}\nmis"),
            "n.yaml: headings.0.lesson: ",
        ),
        (GOOD.replace("section: ''}\nmis", "section: What counts}\nmis"), "n.yaml: headings.0.section: "),
        (GOOD.replace("platform.1", "platform.0"), "n.yaml: mistakes.0.id: "),
        (GOOD.replace("fact: a.b", "fact: nothing"), "n.yaml: mistakes.0.fact: "),
        (GOOD.replace("belief", "believe"), "n.yaml: mistakes.0.belief: Field required."),
        (GOOD + MISTAKE.format(id="platform.1", fact="a.c"), "n.yaml: the mistake “platform.1” appears twice; "),
        (
            GOOD.replace("mistakes:", HEADING.format(lesson="eks", section="''").partition("\n")[2] + "mistakes:"),
            "n.yaml: the heading “A > B” appears twice; ",
        ),
    ],
)
def test_an_error_is_one_sentence_that_names_the_place(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=r"^n\.yaml") as caught:
        notes.parse(text, source="n.yaml")
    assert str(caught.value).startswith(told)
    assert "Traceback" not in str(caught.value)


def test_a_good_table_is_read() -> None:
    table = notes.parse(GOOD, source="n.yaml")
    assert table.headings[0].path == ("A", "B")
    assert table.mistakes[0].fact == "a.b"
