from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.expressions import evaluate, fill, fill_document, take
from simulator.errors import InputError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("-(-7 * 50 // 100)", 4),
        ("a % 3 == 1 and not b", True),
        ("1 < a <= 4", True),
        ("order == 'stop-first' or b", True),
        ("a if b else 1", None),
        ("a ** 9", None),
        ("__import__('os')", None),
        ("a.real", None),
        ("[1, 2]", None),
        ("1.5", None),
        ("c", None),
        ("a // 0", None),
        ("order + 1", None),
        ("1000000000000 * 1000", None),
        ("(" * 150 + "1" + ")" * 49, None),
        ("1 +" * 80 + "1", None),
        ("a in order", None),
        ("", None),
        ("not\x00", None),
    ],
)
def test_an_expression_has_a_value_or_one_sentence(text: str, value: object) -> None:
    names = {"a": 4, "b": False, "order": "stop-first"}
    if value is None:
        with pytest.raises(InputError):
            evaluate(text, names)
    else:
        assert evaluate(text, names) == value


@given(st.text(max_size=60))
def test_no_text_does_anything_but_fail_with_a_sentence(text: str) -> None:
    with suppress(InputError):
        assert isinstance(evaluate(text, {"a": 1}), (bool, int, str))


def test_texts_are_filled() -> None:
    assert fill("{a} of {b}: {{a}} {", {"a": 1, "b": [2, 3]}) == "1 of 2, 3: {a} {"
    assert fill('`{"desiredCount": 4}`', {}) == '`{"desiredCount": 4}`'
    with pytest.raises(InputError, match="the names are a"):
        fill("{b}", {"a": 1})


def test_documents_keep_the_type_of_a_whole_placeholder() -> None:
    names = {"n": 3, "list": [1, {"x": 2}], "s": "web"}
    document = {"a": "{n}", "b": ["{list}", "{s}-{n}"], "c": {"{s}": None}}
    assert fill_document(document, names) == {"a": 3, "b": [[1, {"x": 2}], "web-3"], "c": {"web": None}}


ANSWER = {
    "lower": 2,
    "tripsAt": None,
    "waves": [{"running": 2, "count": 2}, {"running": 4, "count": 2}],
    "failures": [{"reasons": {"a-1": ["RESOURCE:CPU"]}}],
    "placements": [
        {"task": 1, "ec2InstanceId": "a"},
        {"task": 2, "ec2InstanceId": "b"},
        {"task": 3, "ec2InstanceId": "a"},
    ],
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("lower", 2),
        ("tripsAt", "none"),
        ("waves[0].count", 2),
        ("waves.1.running", 4),
        ("waves[-1].running", 4),
        ("waves[*].running | max", 4),
        ("waves[*].count | sum", 4),
        ("waves | length", 2),
        ("placements[ec2InstanceId=a] | length", 2),
        ("placements[*].ec2InstanceId | distinct | joined", "a, b"),
        ("failures[0].reasons.a-1[0]", "RESOURCE:CPU"),
    ],
)
def test_a_path_takes_a_value(path: str, value: object) -> None:
    assert take(path, ANSWER) == value


@pytest.mark.parametrize(
    "path", ["upper", "waves[5]", "waves.x", "lower[0]", "lower | sum", "waves | top", "waves[", "lower.x"]
)
def test_a_path_to_nothing_says_so(path: str) -> None:
    with pytest.raises(InputError):
        take(path, ANSWER)
