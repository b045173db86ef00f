"""Every rule: where it speaks, where it is silent, what it says, and that a mechanical cure cures."""

from __future__ import annotations

import json
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from simulator.task_definition import CHECKS, apply_change, finding_to_dict, validate
from tests.simulator.task_definition.cases import ALL, BASES, edited
from tests.simulator.task_definition.cases_more import MORE

TOLD = Path(__file__).with_name("told.json")
CASES = [
    pytest.param(f"{group}: {name}", edited(BASES[base], change), expected, id=f"{group}: {name}")
    for group, cases in {**ALL, **MORE}.items()
    for name, base, change, expected in cases
]


def found(document: dict[str, Any]) -> list[str]:
    verdict = validate(document)
    errors = [f"E {one.path} {one.check.rule}" for one in verdict.errors]
    return errors + [f"W {one.path} {one.check.rule}" for one in verdict.warnings]


@cache
def kept() -> dict[str, Any]:
    return json.loads(TOLD.read_text(encoding="utf-8"))


def told(document: dict[str, Any]) -> list[dict[str, Any]]:
    verdict = validate(document)
    return [finding_to_dict(one) for one in (*verdict.errors, *verdict.warnings)]


@pytest.mark.parametrize("base", BASES)
def test_the_bases_are_good(base: str) -> None:
    assert found(BASES[base]) == []


@pytest.mark.parametrize(("name", "document", "expected"), CASES)
def test_a_definition_gets_its_findings_and_no_others(
    name: str, document: dict[str, Any], expected: tuple[str, ...]
) -> None:
    assert sorted(found(document)) == sorted(expected)


@pytest.mark.parametrize(("name", "document", "expected"), CASES)
def test_each_finding_says_what_it_has_always_said(
    name: str, document: dict[str, Any], expected: tuple[str, ...]
) -> None:
    """Written again by running this file; read the difference."""
    assert told(document) == kept().get(name, [])


@pytest.mark.parametrize(("name", "document", "expected"), CASES)
def test_a_change_cures_its_error_and_adds_none(name: str, document: dict[str, Any], expected: tuple[str, ...]) -> None:
    before = validate(document)
    for one in (*before.errors, *before.warnings):
        if not one.found.change:
            continue
        mended = validate(apply_change(document, one.found.change))
        rules = Counter(error.check.rule for error in before.errors)
        after = Counter(error.check.rule for error in mended.errors)
        assert not after - rules, "it added an error"
        same = (found.found.message for found in (*mended.errors, *mended.warnings) if found.check is one.check)
        assert one.found.message not in same, "it is still there"


def test_every_rule_is_broken_by_some_case() -> None:
    broken = {line.split()[-1] for case in CASES for line in case.values[2]}
    assert {check.rule for check in CHECKS} - broken == {"definition-size"}


def test_rules_have_names_of_their_own() -> None:
    names = [check.rule for check in CHECKS]
    assert len(set(names)) == len(names)
    assert all(name == name.lower() and " " not in name for name in names)


def test_sentences_are_sentences() -> None:
    for case in CASES:
        for one in told(case.values[1]):
            assert one["message"].endswith("."), one
            assert one["fix"].strip(), one


if __name__ == "__main__":
    texts = {case.values[0]: told(case.values[1]) for case in CASES if case.values[2]}
    TOLD.write_text(json.dumps(texts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(texts)} told\n")
