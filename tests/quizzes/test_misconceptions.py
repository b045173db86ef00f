from __future__ import annotations

import pytest

from course import syllabus
from lessons import markdown
from lessons.blocks import Heading
from quizzes import misconceptions
from quizzes.misconceptions import RUN, misconception, rules_of
from quizzes.source import SourceError
from simulator.errors import InputError
from simulator.subjects import MECHANISMS, SUBJECTS, answer, run_of
from simulator.trace import first_difference

ALL = sorted(misconceptions.misconceptions())
RUNNING = [name for name in ALL if misconception(name).rules]


@pytest.mark.parametrize("name", RUNNING)
def test_a_belief_changes_an_answer(name: str) -> None:
    found = misconception(name)
    assert found.witness is not None
    rules = rules_of(name)
    document = found.witness.document
    if found.witness.subject == RUN:
        mechanism = run_of(found.mechanism)
        assert mechanism is not None
        true = mechanism.simulate(document, mechanism.rules_from_dict({}))
        assert first_difference(true, mechanism.simulate(document, rules)) is not None
    else:
        assert SUBJECTS[found.witness.subject] == found.mechanism
        assert answer(found.witness.subject, document) != answer(found.witness.subject, document, rules)


@pytest.mark.parametrize("name", ALL)
def test_a_remedy_is_a_heading_of_a_lesson_of_the_same_mechanism(name: str) -> None:
    """A belief about a mechanism that has a lesson says where it is mended; others wait for their lesson."""
    found = misconception(name)
    if found.mechanism not in {entry.mechanism for entry in syllabus.lessons()}:
        assert found.remedy is None
        return
    assert found.remedy is not None
    entry = syllabus.lesson(found.remedy.lesson)
    assert entry is not None
    assert entry.mechanism == found.mechanism
    if found.remedy.section:
        blocks = markdown.load(found.remedy.lesson).blocks
        assert found.remedy.section in {block.anchor for block in blocks if isinstance(block, Heading)}


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_each_mechanism_has_beliefs_that_differ(mechanism: str) -> None:
    rules = [rules_of(name) for name in RUNNING if misconception(name).mechanism == mechanism]
    assert len(rules) >= (8 if mechanism in ("placement", "deployment") else 3)
    assert len(set(rules)) == len(rules)


def test_an_unknown_belief_names_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean “MC-ROLL-FLOOR-MIN”"):
        misconception("MC-ROL-FLOOR-MIN")


GOOD = """\
misconceptions:
  - id: MC-A
    statement: The fewest tasks are rounded down.
    mechanism: deployment
    rules: {round_minimum: floor}
    remedy: {lesson: rolling-updates}
    witness: {subject: deployment, document: {desiredCount: 5}}
"""


@pytest.mark.parametrize(
    ("old", "new", "place", "told"),
    [
        ("floor", "flor", "m.yaml:2:5", "must be ceil, floor or nearest"),
        ("round_minimum", "round_min", "m.yaml:2:5", "did you mean “round_minimum”"),
        ("mechanism: deployment", "mechanism: docker", "m.yaml:4:5", "must be a mechanism of the simulator"),
        ("    witness: {subject: deployment, document: {desiredCount: 5}}\n", "", "m.yaml:2:5", "rules and witness"),
        ("MC-A", "mc-a", "m.yaml:2:5", "does not have the form"),
    ],
)
def test_a_broken_file_says_where_and_how(old: str, new: str, place: str, told: str) -> None:
    assert misconceptions.parse(GOOD, source="m.yaml")
    with pytest.raises(SourceError) as error:
        misconceptions.parse(GOOD.replace(old, new), source="m.yaml")
    assert str(error.value).startswith(place), str(error.value)
    assert told in str(error.value)
