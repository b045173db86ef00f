from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from quizzes.bank import MODELS, load, parse, slugs
from quizzes.source import DEEPEST, MOST_CHARACTERS, SourceError, read_yaml
from simulator.errors import InputError

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "banks"
# Where each broken bank is broken, and a piece of what it is told.
BROKEN = {
    "alias": ("15:15", "write the text out"),
    "bad-address": ("16:16", "valid URL"),
    "bad-version": ("2:42", "bank.version"),
    "date": ("16:5", "valid date"),
    "empty": ("1:1", "the file is empty"),
    "field-of-another-type": ("15:5", "an item of type single_choice has no numeric"),
    "id-of-bad-form": ("4:5", "does not have the form"),
    "id-twice": ("17:5", "is in line 4 already"),
    "key-twice": ("8:5", "first in line 7"),
    "key-without-values": ("13:9", "give both or neither"),
    "missing-stem": ("4:5", "lacks the field “stem”"),
    "multiple-one-key": ("11:5", "at least 2 keys"),
    "no-key": ("11:5", "mark one with key: true"),
    "not-a-number": ("8:5", "valid number"),
    "not-yaml": ("10:11", "put quotes around"),
    "numeric-without-key": ("4:5", "needs a key"),
    "option-id-twice": ("14:10", "another id"),
    "ordering-circle": ("11:5", "in a circle"),
    "param-of-two-kinds": ("10:14", "give one of int"),
    "params-without-seeds": ("4:5", "params and variants go together"),
    "reserved-name": ("10:5", "cannot be a name"),
    "select-differs": ("16:14", "2 options are keys"),
    "sim-and-expr": ("10:5", "give either sim"),
    "tab": ("10:1", "tab character"),
    "text-too-long": ("14:20", "more than 400 characters"),
    "too-many-options": ("11:5", "at most 10 are taken"),
    "two-keys": ("11:5", "and 2 are"),
    "unknown-bloom": ("7:5", "must be 'remember'"),
    "unknown-field": ("4:5", "lacks the field"),
    "unknown-option-field": ("12:42", "did you mean “key”?"),
    "unknown-rule": ("15:15", "no rule “balanced”"),
    "unknown-type": ("5:5", "did you mean “single_choice”?"),
    "wrong-bank-id": ("2:8", "make them one"),
}


def test_every_broken_sample_is_known() -> None:
    assert {path.stem for path in FIXTURES.glob("*.yaml")} == {*BROKEN, "sound"}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_bank_says_where_and_how(name: str) -> None:
    place, told = BROKEN[name]
    with pytest.raises(SourceError) as error:
        parse((FIXTURES / f"{name}.yaml").read_text(), source="bank.yaml", slug="broken")
    first = error.value.problems[0]
    assert first.startswith(f"bank.yaml:{place}: "), first
    assert told in first
    assert first.endswith((".", "?"))


def test_every_problem_is_told_at_once() -> None:
    text = (FIXTURES / "sound.yaml").read_text().replace("stem:", "stm:").replace("apply", "aply")
    with pytest.raises(SourceError) as error:
        parse(text, source="b", slug="broken")
    assert len(error.value.problems) == 3


def test_a_sound_bank_is_frozen_and_knows_its_state() -> None:
    text = (FIXTURES / "sound.yaml").read_text()
    bank = parse(text, source="b", slug="broken")
    assert bank.items[0].points == 1
    assert parse(text, source="b", slug="broken") == bank
    assert parse(text + "\n", source="b", slug="broken").hash != bank.hash
    with pytest.raises(ValueError, match="frozen"):
        bank.items[0].points = 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x" * (MOST_CHARACTERS + 1), "divide it"),
        ("[" * (DEEPEST + 3) + "]" * (DEEPEST + 3), "nested too deep"),
        ("a: !!python/object/apply:os.system [echo]", "constructor"),
        ("a: &x [*x]", "alias"),
        ("? [1, 2]\n: x", "plain word"),
        ("a: 1\n--- \nb: 2", "document"),
        ("a: \x00", "cannot be read as YAML"),
    ],
)
def test_hostile_yaml_is_refused(text: str, told: str) -> None:
    with pytest.raises(SourceError, match=told):
        read_yaml(text, "b")


@pytest.mark.parametrize("slug", slugs())
def test_the_banks_of_the_course_are_sound(slug: str) -> None:
    bank = load(slug)
    assert load(slug) is bank
    assert bank.slug == slug


def test_an_unknown_bank_names_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean “placement”"):
        load("placemnt")
    with pytest.raises(InputError):
        load("../banks/placement")


def test_the_guide_for_authors_names_every_field() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "writing.md").read_text()
    section = guide.split("## How to write an item")[1].split("\n## ")[0]
    known = {field.alias or name for model in MODELS.values() for name, field in model.model_fields.items()}
    assert not {name for name in known if not re.search(rf"\b{name}\b", section)}


def test_the_bank_in_the_guide_is_read() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "writing.md").read_text()
    section = guide.split("## How to write an item")[1]
    sample = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)[0]
    assert yaml.safe_load(sample)["bank"]["id"] == "rolling-updates"
    assert parse(sample.replace("…", "x"), source="guide", slug="rolling-updates").items[0].points == 2
