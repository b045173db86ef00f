"""Quizzes: what it costs to grade an answer, and to read and check all banks."""

from __future__ import annotations

import yaml

from benchmarks.row import Row, median_seconds
from quizzes.bank import FOLDER, parse, slugs
from quizzes.grading import grade
from quizzes.variants import Variant, serve

GRADE_BUDGET = 1  # ms
LOAD_BUDGET = 1000  # ms


def rows() -> list[Row]:
    texts = {slug: (FOLDER / f"{slug}.yaml").read_text(encoding="utf-8") for slug in slugs()}
    load = 1000 * median_seconds(lambda: [_load(slug, text) for slug, text in texts.items()], runs=5)
    floor = 1000 * median_seconds(lambda: [yaml.load(text, Loader=yaml.CSafeLoader) for text in texts.values()], runs=5)
    banks = [_load(slug, text) for slug, text in texts.items()]
    asked = [(item, serve(item, 1)) for bank in banks for item in bank.items]
    answers = [(item, variant, _an_answer(variant)) for item, variant in asked]
    times = [
        (1000 * median_seconds(lambda: grade(item, variant, given), runs=20), item.id)  # noqa: B023 - called at once
        for item, variant, given in answers
    ]
    slowest, name = max(times)
    items = sum(len(bank.items) for bank in banks)
    return [
        Row(
            what=f"grade one item, the slowest of {items} ({name})",
            measured=slowest,
            unit="ms",
            budget=f"≤ {GRADE_BUDGET} ms",
            ok=slowest <= GRADE_BUDGET,
        ),
        Row(
            what=f"load and validate all banks, {items} items",
            measured=load,
            unit="ms",
            peer="floor: the YAML alone",
            peer_value=floor,
            ratio=load / floor,
            budget=f"≤ {LOAD_BUDGET:,} ms",
            ok=load <= LOAD_BUDGET,
        ),
    ]


def _load(slug: str, text: str):
    return parse(text, source=f"{slug}.yaml", slug=slug)


def _an_answer(variant: Variant) -> str | list[str]:
    """An answer that is not all right, for those take longest."""
    if variant.options:
        ids = [option.id for option in variant.options if not option.key]
        return ids[0] if variant.type == "single_choice" else ids
    if variant.blocks:
        return [block.id for block in variant.blocks]
    return str(variant.known_wrong[0].value) if variant.known_wrong else "1"
