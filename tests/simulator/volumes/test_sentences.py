"""Every sentence for a document that is none, with its place; and whole answers: `sentences.jsonl`, a case a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.errors import InputError
from simulator.subjects import answer

CASES = [json.loads(line) for line in Path(__file__).with_name("sentences.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", [case for case in CASES if "sentence" in case])
def test_the_sentence_says_what_and_where(case: dict[str, Any]) -> None:
    with pytest.raises(InputError) as error:
        answer("volumes", case["document"])
    assert (error.value.path, str(error.value)) == (case["path"], case["sentence"])


@pytest.mark.parametrize("case", [case for case in CASES if "answer" in case])
def test_a_whole_answer(case: dict[str, Any]) -> None:
    assert answer("volumes", case["document"]) == case["answer"]
