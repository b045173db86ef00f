"""Every rule of the lint finds its bad sample and leaves its good one alone."""

# ruff: noqa: E501 (a table of samples)

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from quizzes.bank import Bank
from quizzes.item import Item
from quizzes.lint import RULES, lint_all, lint_bank, lint_text
from quizzes.lint.whole import binomial_tail

TODAY = datetime.date(2026, 11, 23)
S, M, N, ORDER = "single_choice", "multiple_choice", "numeric", "ordering"


def rules_of(*items: dict[str, Any], slug: str = "rolling-updates") -> set[str]:
    read = tuple(Item.model_validate(item) for item in items)
    bank = Bank(slug=slug, title="A bank", version="1.0.0", hash="0", items=read)
    return {rule for rule, _, _ in lint_bank(bank, TODAY)}


def texts(*words: str, key: int = 0, reason: str = "It follows from the bounds, number {}.") -> dict[str, Any]:
    options = [
        {"id": f"o{k}", "text": word, "rationale": reason.format(k), **({"key": True} if k == key else {})}
        for k, word in enumerate(words)
    ]
    return {"options": options, "tests": [{"response": f"o{k}", "score": float(k == key)} for k in range(len(words))]}


def first_option(**changes: Any) -> dict[str, Any]:
    options = texts("The lower bound", "The upper bound", "The free memory")["options"]
    options[0] = {name: value for name, value in {**options[0], **changes}.items() if value is not None}
    return {"options": options, "tests": texts("a", "b", "c")["tests"]}


# Rule, type, what is bad, and what is good though it is close.
CASES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("IW-01", S, texts("The lower bound", "The upper bound", "All of the above"), texts("Low", "High", "All three counts")),
    ("IW-02", S, texts("The lower bound", "The upper bound", "None of these"), texts("Low", "High", "None at all")),
    ("IW-03", S, texts("The lower bound", "The upper bound", "Both A and B"), texts("Low", "High", "A and the rest")),
    ("IW-04", S, {"stem": "Which of these does not hold back a stop?"}, {"stem": "Which of these does **not** hold back a stop?"}),
    (
        "IW-05",
        S,
        {"stem": "Which of these is **not** so during a deployment?", **texts("It does not stop", "It starts", "It waits")},
        {"stem": "Which of these is so during a deployment?", **texts("It does not stop", "It starts", "It waits")},
    ),
    (
        "IW-06",
        S,
        texts("The lower bound, which is rounded up to a whole task", "The upper bound", "The memory"),
        texts("The lower bound, rounded up", "The upper bound, rounded", "The memory that is left"),
    ),
    ("IW-09", S, texts("It may wait", "It never stops", "It always runs"), texts("It always waits", "It never stops", "It runs")),
    ("IW-10", S, {"stem": "Which bound is often the one that holds back?"}, {"stem": "How many bounds hold back a deployment?"}),
    (
        "IW-11",
        S,
        {"stem": "What guards the healthy percentage?", **texts("The minimum healthy percentage", "The room", "The zone")},
        {"stem": "What guards the healthy percentage?", **texts("The minimum healthy percentage", "The healthy percentage of room", "The zone")},
    ),
    (
        "IW-12",
        S,
        {"stem": "What a deployment waits for first is an …", **texts("instance", "bound", "task")},
        {"stem": "What a deployment waits for first is …", **texts("an instance", "a bound", "a task")},
    ),
    ("IW-14", S, texts("It stops a task.", "start a task", "It waits."), texts("It stops a task", "It starts one", "It waits")),
    ("IW-15", S, texts("The lower bound", "the lower bound!", "The memory"), texts("The lower bound", "The upper bound", "The memory")),
    (
        "IW-16",
        S,
        {"shuffle": False, "waive": {"IW-08": "numbers"}, **texts("4 tasks", "2 tasks", "3 tasks")},
        {"shuffle": False, "waive": {"IW-08": "numbers"}, **texts("2 tasks", "3 tasks", "4 tasks")},
    ),
    ("IW-15", S, texts("`a == b`", "`A == B`", "`a != c`"), texts("`a == b`", "`a != b`", "`a =~ b`")),
    ("IW-17", S, texts("1 to 3 tasks", "3 to 5 tasks", "6 to 8 tasks"), texts("1 to 3 tasks", "4 to 5 tasks", "6 to 8 tasks")),
    (
        "IW-18",
        S,
        texts("The deployment then stops", "The deployment then starts", "The deployment then waits"),
        texts("The deployment stops", "The service starts", "The task waits"),
    ),
    ("IW-19", S, {"stem": "Which is true?"}, {"stem": "Which bound does a stop respect?"}),
    ("IW-20", S, {"stem": "During a deployment ____ holds back every stop."}, {"stem": "During a deployment every stop is held back by ____."}),
    ("IW-21", S, {"stem": "The service runs tasks in two zones. " * 14 + "What holds back a stop?"}, {"stimulus": "The service runs tasks in two zones. " * 14}),
    ("IW-22", S, {"stem": "What holds back a stop? And what a start?"}, {"stem": "What holds back a stop, and thereby a start?"}),
    ("IW-23", S, texts("Low bound", "High bound"), texts("Low bound", "High bound", "Memory")),
    ("IW-25", M, {"stem": "Which settings bound a rolling deployment?"}, {"stem": "Which TWO settings bound a rolling deployment?"}),
    ("IW-27", S, {"stem": "What would Bob see hold back the stop?"}, {"stem": "What would you see hold back the stop?"}),
    ("IW-30", N, {"bloom": "remember", "simulate": None, "params": None, "variants": None, "require": None, "key": 40, "known_wrong": None, "stem": "After how many seconds is it healthy?"}, {"bloom": "remember"}),
    ("IW-31", S, first_option(rationale=None), first_option(rationale="Below it too few would be healthy.")),
    ("IW-31", S, first_option(rationale="This is right."), first_option(rationale="It is right that too few may not stay.")),
    ("IW-31", S, first_option(rationale="The lower bound!"), first_option(rationale="The lower bound is what must stay.")),
    ("IW-32", S, first_option(rationale="Option B is about starts."), first_option(rationale="The upper bound is about starts.")),
    ("IW-34", S, {"stem": "As in the previous question, what holds back a stop?"}, {"stem": "As in the previous deployment, what holds back a stop?"}),
    ("IW-37", S, {"objective": "rolling.bound"}, {"objective": "rolling.bounds"}),
    ("IW-37", S, first_option(misconception="MC-NO"), {}),
    ("IW-37", S, {"facts": ["rolling.bounds.lowr"]}, {"facts": ["rolling.bounds.lower"]}),
    ("IW-37", S, {"waive": {"IW-99": "no such rule"}}, {"waive": {"IW-14": "they are code"}}),
    ("IW-37", S, {"waive": {"IW-31": "an error"}}, {}),
    ("IW-37", S, {"objective": "no.such", "waive": {"IW-37": "because"}}, {}),
    ("IW-39", N, {"variants": {"seeds": [1, 1]}}, {"variants": {"seeds": [1, 2]}}),
    ("IW-39", N, {"require": ["desired > 99"]}, {}),
    ("IW-39", N, {"require": ["desired == 4", "low == 50"], "variants": {"seeds": [1]}, "tests": None}, {}),
    ("IW-39", N, {"key": {"sim": "lowr"}}, {}),
    ("IW-39", N, {"key": 3}, {}),
    (
        "IW-39",
        N,
        {"key": 3, "simulate": {"subject": "deployment", "document": {"desiredCount": 5}, "path": "lower"}, "params": None, "variants": None, "require": None, "stem": "How many stay healthy of five tasks?"},
        {"key": 5, "simulate": {"subject": "deployment", "document": {"desiredCount": 5}, "path": "lower"}, "params": None, "variants": None, "require": None, "stem": "How many stay healthy of five tasks?", "known_wrong": None},
    ),
    ("IW-40", S, {"tests": None}, {}),
    ("IW-40", S, {"tests": [{"response": "low", "score": 1}, {"response": "high", "score": 0}]}, {}),
    ("IW-40", S, {"tests": [{"response": "low", "score": 0}, {"response": "high", "score": 1}, {"response": "room", "score": 0}]}, {}),
    ("IW-40", N, {"tests": [{"params": {"desired": 5, "low": 50}, "response": "3", "score": 1}]}, {}),
    ("IW-40", ORDER, {"tests": [{"response": ["cons", "fit", "rank", "pick"], "score": 1}]}, {}),
    ("IW-41", S, {"review_by": "2026-11-22"}, {"review_by": "2026-11-23"}),
    ("IW-41", S, {"sources": None}, {}),
    ("IW-41", S, {"sources": [{"url": "https://docs.aws.amazon.com/", "verified_on": "2025-01-01"}]}, {}),
    ("IW-41", S, {"sources": [{"url": "https://docs.aws.amazon.com/", "verified_on": "2027-01-01"}]}, {}),
    ("IW-42", S, {"stem": "What does AWS ECS hold back during a stop?"}, {"stem": "What does Amazon ECS hold back during a stop?"}),
    ("IW-43", S, {"stem": "What do the red tasks wait for now?"}, {"stem": "What do the tasks marked “new” wait for now?"}),
    ("IW-44", S, texts("`minimum` bound", "maximum bound", "memory left"), texts("`minimum` bound", "`maximum` bound", "memory left")),
    ("IW-45", S, {"hints": [{"text": "Think of the lower bound."}]}, {"hints": [{"text": "Think of what must stay."}]}),
    ("IW-48", S, {"stem": "What holds <b>back</b> a stop here?"}, {"stem": "What holds back a stop when a < b > c here?"}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "kind", "bad", "good"), CASES, ids=[f"{case[0]}-{k}" for k, case in enumerate(CASES)])
def test_a_rule_finds_the_bad_and_leaves_the_good(document, rule: str, kind: str, bad: dict, good: dict) -> None:
    assert rule in rules_of(document(kind, **bad))
    assert rule not in rules_of(document(kind, **good))


def many(document, count: int, **changes: Any) -> list[dict[str, Any]]:
    stems = [
        "What holds back the first stop",
        "Which number caps all starts",
        "Who waits for a free port",
        "Where does it end",
    ]
    return [document(S, id=f"a.b{k}", stem=f"{stems[k % 4]} {'x' * (7 * k)} now?", **changes) for k in range(count)]


def test_a_guesser_who_takes_the_longest_is_found(document) -> None:
    long = texts("The lower bound of all", "The upper bound", "The memory left")
    short = texts("The bound", "The upper bound", "The memory left")
    assert "IW-07" in rules_of(*many(document, 6, **long))
    assert "IW-07" not in rules_of(*many(document, 6, **short))


def test_keys_at_one_place_are_found(document) -> None:
    same = many(document, 6)
    turned = [
        {**item, **texts("The lower bound", "The upper bound", "The free memory", key=k % 3)}
        for k, item in enumerate(same)
    ]
    assert "IW-08" in rules_of(*same)
    assert "IW-08" not in rules_of(*turned)
    assert "IW-08" in rules_of(document(S, shuffle=False))
    assert "IW-08" not in rules_of(document(S, shuffle=False, waive={"IW-08": "as in the table"}))


def test_a_bank_needs_more_than_memory(document) -> None:
    one, two = document(S, bloom="remember"), document(N)
    assert "IW-29" in rules_of(one)
    assert "IW-29" in rules_of(document(S, bloom="understand"))
    assert "IW-29" not in rules_of(document(S), two)
    assert "IW-46" in rules_of(document(S))
    assert "IW-46" not in rules_of(two)


def test_stems_that_repeat_and_objectives_without_items(document) -> None:
    assert "IW-35" in rules_of(document(S), document(S, id="sample.again"))
    assert "IW-35" not in rules_of(document(S), document(ORDER))
    assert "IW-38" in rules_of(document(S))
    objectives = ["rolling.bounds", "rolling.order", "rolling.health", "rolling.stuck", "rolling.failure"]
    assert "IW-38" not in rules_of(*(document(S, id=f"a.{k}", objective=o) for k, o in enumerate(objectives)))
    assert "IW-37" in rules_of(document(S), slug="no-such-lesson")


def test_the_number_of_keys_of_each_variant(document) -> None:
    options = [
        {"id": "a", "value": 3, "text": "Three", "rationale": "r"},
        {"id": "b", "value": 4, "text": "Four", "rationale": "r"},
        {"id": "c", "value": 5, "text": "Five", "rationale": "r"},
    ]
    simulate = {"subject": "deployment", "document": {"desiredCount": 5}}
    assert "IW-24" in rules_of(document(S, options=options, key={"sim": "upper"}, simulate=simulate))
    assert "IW-24" not in rules_of(document(S, options=options, key={"sim": "lower"}, simulate=simulate))


def test_an_id_in_two_banks_is_found(tmp_path) -> None:
    text = (
        "schema_version: 1\nbank: {id: %s, title: Two, version: 1.0.0}\nitems:\n  - {id: a.b, type: numeric, objective: x, "
        "bloom: apply, difficulty: 0.5, est_seconds: 9, stem: How many now?, key: 1, feedback: {general: g}, review_by: 2027-01-01}\n"
    )
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(text % name)
    assert any("IW-36" in problem and "two.yaml:4" in problem for problem in lint_all(TODAY, tmp_path))


def test_a_finding_names_file_line_rule_and_mend() -> None:
    text = (
        "schema_version: 1\nbank: {id: rolling-updates, title: Two, version: 1.0.0}\nitems:\n  - id: a.b\n    type: numeric\n"
        "    objective: rolling.bounds\n    bloom: apply\n    difficulty: 0.5\n    est_seconds: 9\n    stem: What is true?\n"
        "    key: 1\n    feedback: {general: g}\n    review_by: 2027-01-01\n"
    )
    found = lint_text(text, source="bank.yaml", slug="rolling-updates", today=TODAY)
    assert any(line.startswith("bank.yaml:10: IW-19: a.b: stem: it asks nothing") for line in found), found
    assert lint_text("items: 3", source="b", slug="x", today=TODAY)[0].startswith("b:1:1:")


def test_every_rule_is_tested() -> None:
    told = Path(__file__).read_text(encoding="utf-8")
    assert len(RULES) >= 40
    assert not [rule for rule in RULES if rule not in told]


def test_the_binomial_tail_is_exact() -> None:
    assert binomial_tail(0, []) == 1
    assert binomial_tail(3, [1 / 3] * 3) == pytest.approx(1 / 27)
    assert binomial_tail(1, [0.5, 0.25]) == pytest.approx(1 - 0.5 * 0.75)
