"""All that this room answers to its golden documents, fix after fix, and to wrong values, word for word."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from simulator.documents import load
from simulator.network import apply_fix
from simulator.network.subjects import network_answer
from tests.simulator.garbage import refusals, refused
from tests.simulator.network.test_fixes import LEAST
from tests.simulator.network.test_reading import FITS, MISTAKES, WHOLE

GOLDEN = Path(__file__).parents[2] / "golden" / "network.yaml"
KEPT = Path(__file__).with_name("told.txt")
MOST_FIXES = 14
# The tables of instance types and of modes: the golden cases say everything that is in these answers.
TABLES = ("ENI-", "MODE-")
GIVEN: Any = load(GOLDEN.read_text(encoding="utf-8"))
DOCUMENTS: dict[str, dict[str, Any]] = {
    case["id"]: case["document"] for case in GIVEN["cases"] if "expect" in case and not case["id"].startswith(TABLES)
}


REFUSALS = {"refusals of a VPC": WHOLE, "refusals of a fit": FITS}


def told(document: dict[str, Any]) -> Iterator[str]:
    for _ in range(MOST_FIXES):
        answer = network_answer(document)
        yield from _lines(answer) if "path" in answer else [json.dumps(answer, ensure_ascii=False)]
        fix = answer.get("fix")
        if not fix:
            return
        yield f"fix {fix['action']}: {fix['sentence']}"
        yield from (f"    {json.dumps(change, ensure_ascii=False)}" for change in fix["changes"])
        document = apply_fix(document, fix)


def _lines(answer: dict[str, Any]) -> Iterator[str]:
    yield f"{answer['code']}, reachable {answer['reachable']}: {answer['message']}"
    yield f"    by {answer['blockedBy']}, where {answer['where']}"
    for hop in answer["path"]:
        yield f"    {hop['verdict']} {hop['kind']} {hop['at']}: {hop['sentence']}"
    for name in ("symptom", "calls", "targets", "notes"):
        if answer.get(name):
            yield f"    {name} {json.dumps(answer[name], ensure_ascii=False)}"


@cache
def kept() -> dict[str, list[str]]:
    sections = re.split(r"^# ", KEPT.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {lines[0]: lines[1:] for lines in (section.splitlines() for section in sections)}


def everything() -> dict[str, Iterator[str]]:
    """The golden documents with their fixes; what is refused, with where it is."""
    sections = {name: told(document) for name, document in DOCUMENTS.items()}
    sections["least changes"] = (line for document, *_ in LEAST for line in told(document))
    sections["mistakes"] = (
        f"{error.path}: {error}" for document, _ in MISTAKES if (error := refused(network_answer, document))
    )
    return sections | {name: refusals(network_answer, document) for name, document in REFUSALS.items()}


@pytest.mark.parametrize("name", kept())
def test_what_is_said_is_what_was_always_said(name: str) -> None:
    """Written again by `python -m tests.simulator.network.test_told`; read the difference."""
    assert list(everything()[name]) == kept()[name]


if __name__ == "__main__":
    _all = {name: "".join(f"{line}\n" for line in lines) for name, lines in everything().items()}
    KEPT.write_text("".join(f"# {name}\n{lines}" for name, lines in _all.items()), encoding="utf-8")
    sys.stdout.write(f"{len(_all)} told\n")
