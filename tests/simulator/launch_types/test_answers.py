"""Whole answers and whole sentences of the subject `launch_types`, as they were checked against the facts.

`answers.jsonl` has a document, the rules that a belief changes, and the answer; `refusals.jsonl` a document, the
place of what is wrong, and the sentence.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import InputError
from simulator.launch_types.rules import rules_from_dict
from simulator.launch_types.subjects import ANSWERS

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


REFUSALS = rows("refusals.jsonl")


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in rows("answers.jsonl")])
def test_an_answer(row: dict[str, Any]) -> None:
    given = ANSWERS["launch_types"](row["document"], rules_from_dict(row.get("rules", {})))
    assert json.loads(json.dumps(given, allow_nan=False)) == row["answer"]


@pytest.mark.parametrize("row", [pytest.param(row, id=str(i)) for i, row in enumerate(REFUSALS)])
def test_a_refusal_is_one_sentence_with_its_place(row: dict[str, Any]) -> None:
    with pytest.raises(InputError) as error:
        ANSWERS["launch_types"](row["document"], rules_from_dict({}))
    assert (str(error.value), error.value.path) == (row["told"], row["path"])
