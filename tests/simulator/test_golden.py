"""The golden cases of the rooms: documents with what AWS's rules answer, as data in `tests/golden/<mechanism>.yaml`.

`expect` is a subset: of a mapping only the fields named are compared, a list is compared whole. `refused` is part of
the sentence instead. Placement and rolling updates have readers of their own, beside their tests.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.documents import load
from simulator.errors import InputError
from simulator.subjects import SUBJECTS, answer

FOLDER = Path(__file__).parents[1] / "golden"


def cases() -> list[Any]:
    found: list[Any] = []
    for file in sorted(FOLDER.glob("*.yaml")):
        document = load(file.read_text(encoding="utf-8"))
        if isinstance(document, dict) and list(document) == ["cases"]:
            found += [pytest.param(case, id=f"{file.stem}-{case['id']}") for case in document["cases"]]
    return found


def subset(expected: Any, given: Any, path: str = "") -> list[str]:
    """Where the answer is not what was expected."""
    if isinstance(expected, dict) and isinstance(given, dict):
        missing = [f"{path}.{name} is missing" for name in expected if name not in given]
        both = [name for name in expected if name in given]
        return missing + [line for name in both for line in subset(expected[name], given[name], f"{path}.{name}")]
    if isinstance(expected, list) and isinstance(given, list) and len(expected) == len(given):
        pairs = enumerate(zip(expected, given, strict=True))
        return [line for i, (one, other) in pairs for line in subset(one, other, f"{path}[{i}]")]
    same = expected == given and isinstance(expected, bool) == isinstance(given, bool)
    return [] if same else [f"{path or 'the answer'} is {given!r}, not {expected!r}"]


@pytest.mark.parametrize("case", cases())
def test_golden(case: dict[str, Any]) -> None:
    assert set(case) <= {"id", "subject", "document", "expect", "refused", "source", "note"}
    assert ("expect" in case) != ("refused" in case)
    if "refused" in case:
        with pytest.raises(InputError) as error:
            answer(case["subject"], case["document"])
        assert case["refused"] in str(error.value)
    else:
        assert subset(case["expect"], answer(case["subject"], case["document"])) == []


def test_every_room_has_golden_cases() -> None:
    subjects = {case.values[0]["subject"] for case in cases()}
    own = {"query", "placement", "scale-in", "deployment", "breaker"}
    assert subjects == set(SUBJECTS) - own


def test_a_wrong_expectation_is_seen() -> None:
    assert subset({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2, "c": 3}], "d": 4}) == []
    assert subset({"a": [1]}, {"a": [1, 2]}) == [".a is [1, 2], not [1]"]
    assert subset({"a": True}, {"a": 1}) == [".a is 1, not True"]
    assert subset({"a": None}, {}) == [".a is missing"]
