from __future__ import annotations

import re
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.bank import load, slugs
from quizzes.grading import grade, read_number
from quizzes.kinds.choice import formula
from quizzes.kinds.ordering import kept
from quizzes.variants import respond, serve, with_params
from simulator.errors import InputError


def result(item, response, seed: int = 0):
    variant = serve(item, seed)
    return grade(item, variant, respond(item, variant, response))


# The table of rules: n = 5, c = 2.
@pytest.mark.parametrize(
    ("rule", "scores"),
    [
        ("all_or_nothing", [1, 0, 0, 0, 0]),
        ("net_correct", [1, 0.5, 0.5, 0, 0]),
        ("balanced", [1, 0.5, 2 / 3, 0, 0]),
        ("each_decision", [1, 0.8, 0.8, 0.4, 0.6]),
    ],
)
def test_the_rules_of_multiple_choice(rule: str, scores: list[float]) -> None:
    cases = [(2, 0), (1, 0), (2, 1), (2, 3), (0, 0)]
    got = [formula(rule, keys=2, distractors=3, ticked=t, wrong=f)[0] for t, f in cases]
    assert got == pytest.approx(scores)


@given(keys=st.integers(2, 6), distractors=st.integers(2, 6))
def test_ticking_all_or_none_earns_nothing_under_balanced(keys: int, distractors: int) -> None:
    for ticked, wrong in ((keys, distractors), (0, 0)):
        assert formula("balanced", keys=keys, distractors=distractors, ticked=ticked, wrong=wrong)[0] == 0
    assert formula("balanced", keys=keys, distractors=distractors, ticked=keys, wrong=0)[0] == 1


def test_single_choice(make) -> None:
    item = make("single_choice")
    right, wrong = result(item, "low"), result(item, "high")
    assert (right.score, right.points, right.misconceptions) == (1, 1, ())
    assert (wrong.score, wrong.points, wrong.misconceptions) == (0, 0, ("MC-ROLL-MIN-IGNORED",))
    assert {part.text for part in wrong.parts if not part.right} == {"The lower bound", "The upper bound"}
    assert all(part.rationale for part in wrong.parts)


@pytest.mark.parametrize("blank", [None, "", "  ", []])
@pytest.mark.parametrize("kind", ["single_choice", "multiple_choice", "numeric", "ordering"])
def test_a_blank_answer_costs_no_attempt_and_earns_nothing(make, kind: str, blank: object) -> None:
    item = make(kind)
    got = grade(item, serve(item, 1), blank)
    assert got.invalid
    assert (got.score, got.points, got.misconceptions) == (0, 0, ())
    assert got.parts


@pytest.mark.parametrize("rule", ["balanced", "each_decision", "net_correct", "all_or_nothing"])
def test_nothing_ticked_earns_nothing_under_any_rule(make, rule: str) -> None:
    assert result(make("multiple_choice", scoring={"rule": rule}), []).score == 0


@pytest.mark.parametrize(
    ("kind", "response"),
    [
        ("single_choice", ["low"]),
        ("single_choice", {"id": "low"}),
        ("single_choice", "low"),  # the author's id is not known outside
        ("single_choice", 7),
        ("multiple_choice", "abc"),
        ("multiple_choice", ["x"]),
        ("multiple_choice", [["x"]]),
        ("multiple_choice", ["x"] * 1000),
        ("ordering", "fit"),
        ("ordering", [1, 2]),
        ("ordering", ["x"] * 3),
        ("ordering", {"a": 1}),
    ],
)
def test_a_response_of_a_wrong_shape_is_one_sentence(make, kind: str, response: object) -> None:
    item = make(kind)
    with pytest.raises(InputError) as error:
        grade(item, serve(item, 0), response)
    assert str(error.value).endswith(".")


def test_an_option_twice_is_refused(make) -> None:
    for kind in ("multiple_choice", "ordering"):
        item = make(kind)
        variant = serve(item, 0)
        name = (*variant.options, *variant.blocks)[0].id
        with pytest.raises(InputError, match="twice"):
            grade(item, variant, [name, name])


@pytest.mark.parametrize(
    "response",
    [
        [1],
        {"a": 1},
        True,
        float("nan"),
        float("-inf"),
        10**15,
        "x" * 10_000,
        "1e999",
        "nan",
        "inf",
        "²",
        "--3",
        "3 tasks",
        "0x1f",
    ],
)
def test_what_is_no_number_costs_no_attempt(make, response: object) -> None:
    item = make("numeric")
    got = grade(item, serve(item, 1), response)
    assert got.invalid, got
    assert got.score == 0
    assert len(got.invalid) < 200


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3), (" 3 ", 3), ("+3", 3), ("-3", -3), ("−3", -3), ("007", 7), ("1000", 1000), ("1 000", 1000),
        ("1\u202f000", 1000), ("1,000,000", 1000000), ("1.000.000", 1000000), ("1'000", 1000), ("1,234.5", 1234.5),
        ("1.234,5", 1234.5), ("1 234,5", 1234.5), ("0,5", 0.5), ("0.5", 0.5), ("2,25", 2.25), ("0.125", 0.125),
        ("1234,567", 1234.567), ("12.50", 12.5),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text: str, number: float) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "x", "1,000", "1.000", "12,345", "1,00,000", "1 00", "1,0 0", "1.2.3", "1,000 000", ".", "5%"]
)
def test_what_is_no_number_or_two_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_number(text)


def test_a_whole_number_has_one_reading_of_a_comma() -> None:
    assert read_number("1,000", integer=True) == 1000
    with pytest.raises(InputError, match=r"write 1000 or 1\.0"):
        read_number("1.000", integer=True)


def test_numeric(make) -> None:
    item = make("numeric")
    variant = with_params(item, {"desired": 5, "low": 50})
    right, slip, wrong = (grade(item, variant, text) for text in ("3", "2", "4"))
    assert (right.points, right.misconceptions) == (2, ())
    assert (slip.points, slip.misconceptions) == (0, ("MC-ROLL-FLOOR-MIN",))
    assert slip.feedback.startswith("One task too few.")
    assert (wrong.points, wrong.misconceptions) == (0, ())
    assert "3 tasks" in [part.text for part in wrong.parts]


def test_the_key_is_right_even_where_a_known_wrong_value_comes_to_the_same(make) -> None:
    same = {"value": 0.3, "feedback": "That would leave out the last stretch of the way."}
    item = make(
        "numeric", params=None, variants=None, require=None, simulate=None, stem="How long does it take, in hours?",
        key=0.3, numeric={"atol": 0.1}, known_wrong=[same],
    )  # fmt: skip
    graded = grade(item, serve(item, 0), "0.3")
    assert graded.score == 1
    assert not graded.misconceptions


def test_a_tolerance_is_exact_and_a_known_wrong_value_comes_before_it(make) -> None:
    near = {"value": 0.32, "feedback": "That is the share of the other bound.", "credit": 0.5}
    item = make(
        "numeric", params=None, variants=None, require=None, simulate=None, stem="How long does it take, in hours?",
        key=0.3, numeric={"atol": 0.1}, known_wrong=[near],
    )  # fmt: skip
    assert [result(item, text).score for text in ("0.2", "0.4", "0,4", "0.41", "0.32")] == [1, 1, 1, 0, 0.5]


BEFORE = {"a": set(), "b": {"a"}, "c": {"a"}, "d": {"a", "b", "c"}}
ORDERS = [
    order for order in permutations("abcd") if all(order.index(x) < order.index(y) for y in BEFORE for x in BEFORE[y])
]


@given(st.lists(st.sampled_from("abcd"), unique=True))
def test_what_stays_of_an_order_is_the_most_that_can(answer: list[str]) -> None:
    def common(x, y) -> int:
        if not x or not y:
            return 0
        return 1 + common(x[1:], y[1:]) if x[0] == y[0] else max(common(x[1:], y), common(x, y[1:]))

    stay = kept(answer, BEFORE)
    assert all(not (i < j and stay[j] in BEFORE[stay[i]]) for i in range(len(stay)) for j in range(len(stay)))
    assert len(stay) == max(common(tuple(answer), order) for order in ORDERS)


@pytest.mark.parametrize(
    ("rule", "response", "score"),
    [
        ("dag_edit", ["fit", "cons", "rank", "pick"], 1),
        ("dag_edit", ["cons", "fit", "rank", "pick"], 1),
        ("dag_edit", ["rank", "fit", "cons", "pick"], 0.5),
        ("dag_edit", ["fit", "cons", "rank", "pick", "move"], 0.75),
        ("dag_edit", ["fit"], 0.25),
        ("dag_edit", ["move"], 0),
        ("exact", ["cons", "fit", "rank", "pick"], 1),
        ("exact", ["cons", "fit", "pick", "rank"], 0),
    ],
)
def test_ordering(make, rule: str, response: list[str], score: float) -> None:
    assert result(make("ordering", scoring={"rule": rule}), response).score == score


def test_a_strict_order_counts_pairs(make, document) -> None:
    blocks = [{"id": name, "text": f"Step {name}"} for name in "abcd"]
    item = make("ordering", blocks=blocks)
    assert result(item, list("abcd")).score == 1
    assert result(item, list("bcda")).score == 0
    assert result(item, list("abdc")).score == pytest.approx(2 * 5 / 6 - 1)
    assert result(item, list("dcba")).score == 0


EVERY = [pytest.param(item, id=item.id) for slug in slugs() for item in load(slug).items]


def recomputed(explanation: str) -> float:
    """The score out of the sentence that explains it, by its own numbers."""
    told = re.search(r"score = (.*?), so [\d.]+ of \d+ points?\.$", explanation)
    assert told, explanation
    written = told[1].split(" = ")
    if numeric := re.search(
        r"at most ([\d.]+) away from ([-\d.]+), and \|([-\d.]+) − [-\d.]+\| = ([\d.]+)", explanation
    ):
        allowed, key, given_, away = map(float, numeric.groups())
        assert abs(given_ - key) == pytest.approx(away)
        return float(away <= allowed)
    if exactly := re.search(r"The number is ([-\d.]+), and you gave ([-\d.]+)", explanation):
        return float(exactly[1] == exactly[2])
    if len(written) == 1:
        assert written[0][0] == "0"
        return 0
    if exact := re.fullmatch(
        r"1 if (\d+) = (\d+) right and (\d+) = 0 wrong options are ticked, else 0", " = ".join(written[:-1])
    ):
        return float(exact[1] == exact[2] and exact[3] == "0")
    sum_ = written[0].replace("−", "-").replace("×", "*")
    assert re.fullmatch(r"[\d\s.,()+*/-]*|max\(0, [\d\s.()+*/-]*\)", sum_), sum_
    return eval(sum_, {"max": max})


@pytest.mark.parametrize("item", EVERY)
def test_the_explanation_carries_the_score(item) -> None:
    for test in item.tests:
        variant = with_params(item, test.params) if test.params else serve(item, test.seed or (item.seeds or (0,))[0])
        got = grade(item, variant, respond(item, variant, test.response))
        assert recomputed(got.explanation) == pytest.approx(got.score)
        assert f"of {item.points} point" in got.explanation


@pytest.mark.parametrize("rule", ["balanced", "net_correct", "each_decision", "all_or_nothing"])
def test_the_explanation_carries_the_score_of_each_rule(make, rule: str) -> None:
    item = make("multiple_choice", scoring={"rule": rule})
    for response in (["a"], ["a", "b"], ["a", "b", "c"], ["c", "d"], list("abcde")):
        got = result(item, response)
        assert recomputed(got.explanation) == pytest.approx(got.score)


RESPONSES = st.recursive(
    st.none() | st.text(max_size=8) | st.integers() | st.floats() | st.booleans(),
    lambda inner: st.lists(inner, max_size=6),
)


@given(data=st.data())
@settings(max_examples=100)
def test_a_score_is_a_share_and_grading_is_pure(data) -> None:
    item = data.draw(st.sampled_from([param.values[0] for param in EVERY]))
    variant = serve(item, data.draw(st.integers(0, 2**63)))
    ids = [part.id for part in (*variant.options, *variant.blocks)]
    fitting = st.sampled_from(ids) | st.lists(st.sampled_from(ids), unique=True) if ids else st.integers(0, 30).map(str)
    response = data.draw(fitting | RESPONSES)
    before = repr(variant)
    try:
        first = grade(item, variant, response)
    except InputError:
        return
    assert 0 <= first.score <= 1
    assert first.points == first.score * item.points
    assert first == grade(item, variant, response)
    assert repr(variant) == before
