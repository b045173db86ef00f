from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.model import Instance
from simulator.placement.query import (
    MAX_DEPTH,
    MAX_LENGTH,
    Query,
    QueryError,
    explain,
    explain_match,
    explain_mismatch,
    hint,
    matches,
    parse,
)
from simulator.placement.query.subjects import instant

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "query.json").read_text())


def _instance(document: dict[str, Any]) -> Instance:
    return Instance(
        id=document["ec2InstanceId"],
        type=document["instanceType"],
        zone=document["availabilityZone"],
        agent_connected=document["agentConnected"],
        agent_version=document["agentVersion"],
        attributes={
            "ecs.instance-type": document["instanceType"],
            "ecs.availability-zone": document["availabilityZone"],
            **document["attributes"],
        },
        tasks=document["tasks"],
        running_tasks=document["runningTasksCount"],
        registered_at=instant(document["registeredAt"]),
    )


FLEET = tuple(_instance(document) for document in GOLDEN["instances"])
NAMES = {identity: name for name, identity in GOLDEN["names"].items()}
ONE = Instance(
    id="i-1",
    attributes={"stack": "prod", "gpu": None, "os": "Amazon Linux 2", "odd": "it's"},
    tasks={"service:web": 2, "gone": 0},
    running_tasks=2,
    agent_version="1.14.10",
    registered_at=instant("2018-06-18T22:28:28Z"),
)


def _holds(expression: str, instance: Instance = ONE) -> bool:
    return matches(parse(expression), instance)


def _fails(expression: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(expression)
    error = caught.value
    assert isinstance(error, InputError)
    assert f"olumn {error.column}" in str(error)
    assert str(error).endswith(".")
    return error


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["id"])
def test_golden_cases(case: dict[str, Any]) -> None:
    query = parse(case["expression"])
    assert [NAMES[instance.id] for instance in FLEET if matches(query, instance)] == case["matches"]


@pytest.mark.parametrize(
    ("symbol", "word", "literal"),
    [
        ("==", "equals", "prod"),
        ("!=", "not_equals", "prod"),
        ("!exists", "not_exists", ""),
        ("!in", "not_in", "[prod, test]"),
        ("=~", "matches", "p.*"),
        ("!~", "not_matches", "p.*"),
    ],
)
def test_a_word_means_its_symbol(symbol: str, word: str, literal: str) -> None:
    by_symbol, by_word = parse(f"attribute:stack {symbol} {literal}"), parse(f"attribute:stack {word} {literal}")
    assert [matches(by_symbol, one) for one in FLEET] == [matches(by_word, one) for one in FLEET]
    assert len({matches(by_symbol, one) for one in FLEET}) == 2


@pytest.mark.parametrize(
    ("symbol", "word"),
    [(">", "greater_than"), (">=", "greater_than_equal"), ("<", "less_than"), ("<=", "less_than_equal")],
)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_ordering(symbol: str, word: str, count: int) -> None:
    expected = {">": count < 2, ">=": count <= 2, "<": count > 2, "<=": count >= 2}[symbol]
    assert _holds(f"runningTasksCount {symbol} {count}") is expected
    assert _holds(f"runningTasksCount {word} {count}") is expected


def test_boolean_operators_and_their_symbols() -> None:
    yes, no = "attribute:stack exists", "attribute:none exists"
    for spelled in ("and", "&&"):
        assert _holds(f"{yes} {spelled} {yes}")
        assert not _holds(f"{yes} {spelled} {no}")
    for spelled in ("or", "||"):
        assert _holds(f"{no} {spelled} {yes}")
        assert not _holds(f"{no} {spelled} {no}")
    for spelled in ("not ", "not(", "!", "! ("):
        end = ")" if "(" in spelled else ""
        assert _holds(f"{spelled}{no}{end}")
        assert not _holds(f"{spelled}{yes}{end}")
    assert _holds(f"not not {yes}")


def test_not_binds_before_and_and_that_before_or() -> None:
    yes, no = "attribute:stack exists", "attribute:none exists"
    assert _holds(f"{yes} or {yes} and {no}")
    assert not _holds(f"({yes} or {yes}) and {no}")
    assert not _holds(f"not {yes} and {no}")
    assert _holds(f"not ({yes} and {no})")
    assert _holds(f"not {no} or {yes}")
    assert not _holds(f"not ({no} or {yes})")


def test_blanks_are_free_around_symbols() -> None:
    assert _holds("attribute:stack==prod&&runningTasksCount<3||agentVersion==9")
    assert _holds("\n attribute:stack\tin[ prod ,test ]\n")
    assert _holds("not(attribute:stack in ['test'])and(attribute:stack exists)")


@pytest.mark.parametrize("quoted", ["'Amazon Linux 2'", '"Amazon Linux 2"'])
def test_quotes_hold_blanks(quoted: str) -> None:
    assert _holds(f"attribute:os == {quoted}")
    assert _holds(f"attribute:os in [{quoted}, other]")
    assert _holds("attribute:os =~ 'Amazon (Linux|Mac) [0-9]'")


def test_one_kind_of_quote_holds_the_other() -> None:
    assert _holds('attribute:odd == "it\'s"')


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("attribute:none == prod", False),
        ("attribute:none != prod", False),
        ("attribute:none in [prod]", False),
        ("attribute:none !in [prod]", False),
        ("attribute:none =~ .*", False),
        ("attribute:none !~ prod", False),
        ("attribute:none exists", False),
        ("attribute:none !exists", True),
        ("not(attribute:none == prod)", True),
        ("attribute:gpu exists", True),
        ("attribute:gpu == gpu", False),
        ("attribute:gpu != gpu", False),
    ],
)
def test_an_attribute_that_is_missing_or_has_a_name_only(expression: str, expected: bool) -> None:
    assert _holds(expression) is expected


@pytest.mark.parametrize(
    ("name", "missing", "expected"),
    [
        ("ecs.capability.task-eni", (), True),
        ("com.amazonaws.ecs.capability.task-iam-role", (), True),
        ("ecs.capability.task-eni", ("ecs.capability.task-eni",), False),
        ("ecs.capability.task-eni", ("task-eni",), False),
        ("ecs.capability.external", (), False),
        ("capability", (), False),
    ],
)
def test_agent_capabilities_are_names_that_an_instance_has(name: str, missing: tuple[str, ...], expected: bool) -> None:
    instance = Instance(id="a1", missing_capabilities=frozenset(missing))
    assert matches(parse(f"attribute:{name} exists"), instance) is expected
    assert matches(parse(f"attribute:{name} !exists"), instance) is not expected
    assert not matches(parse(f"attribute:{name} == true"), instance)


def test_versions_compare_part_by_part() -> None:
    ordered = ["1.9.0", "1.14.4", "1.14.5", "1.14.10", "1.68.2", "1.105.1"]
    for k, version in enumerate(ordered):
        below = [v for v in ordered if matches(parse(f"agentVersion < {version}"), Instance(id="i", agent_version=v))]
        assert below == ordered[:k]
    assert not _holds("agentVersion != 1.0", Instance(id="i"))


@pytest.mark.parametrize(
    "literal",
    [
        "2018-06-18T22:28:28Z",
        "2018-06-18T22:28:28",
        "2018-06-18T22:28:28+00:00",
        "2018-06-19T00:28:28+02:00",
        "2018-06-18T16:58:28-05:30",
        "2018-06-18T22:28:28.000Z",
        "2018-06-19T21:28:28+23:00",
        "2018-06-18T23:27:28+00:59",
    ],
)
def test_spellings_of_one_instant(literal: str) -> None:
    assert _holds(f"registeredAt == {literal}")
    assert _holds(f"registeredAt == '{literal}'")


@pytest.mark.parametrize(
    "literal",
    [
        "2018-02-30",
        "2018-13-01",
        "20180218",
        "2018-02-18Z",
        "2018-02-18T25:00:00Z",
        "0000-01-01",
        "now",
        "2018-06-18T22:28:28+24:00",
        "2018-06-18T22:28:28+00:60",
    ],
)
def test_what_is_not_a_time_is_refused(literal: str) -> None:
    assert _fails(f"registeredAt < {literal}").column == 16


def test_task_groups() -> None:
    assert _holds("task:group in [a, service:web]")
    assert _holds("task:group =~ service:.*")
    assert not _holds("task:group == gone"), "a group none of whose tasks run is not there"
    assert _holds("task:group exists")
    assert not _holds("task:group exists", Instance(id="i"))


def test_agent_connected() -> None:
    assert _holds("agentConnected in [true]")
    assert _holds("agentConnected =~ t.*")
    assert _holds("agentConnected != false")


ERRORS: list[tuple[str, int, str]] = [
    ("", 1, "a subject was expected"),
    ("attribute:stack = prod", 17, "equality is written =="),
    ("attribute:stack == prod AND agentConnected == true", 25, "write and"),
    ("NOT attribute:x exists", 1, "write not"),
    ("attribute:x EXISTS", 13, "write exists"),
    ("(attribute:x exists", 20, "the ( at column 1"),
    ("attribute:x exists)", 19, "no ( is open"),
    ("attribute:x == Amazon Linux", 23, "in quotes"),
    ("attribute:x == 'abc", 16, "never closed"),
    ("attribute:x in prod", 16, "a list in square brackets"),
    ("attribute:x in []", 17, "at least one value"),
    ("attribute:x in [a,]", 19, "ends in no comma"),
    ("attribute:x in [a", 18, "closing ]"),
    ("attribute:x == [a]", 16, "use in"),
    ("attribute:x == and", 16, "put it in quotes"),
    ("attribute:x", 12, "an operator was expected"),
    ("attribute:x ! exists", 13, "without a space"),
    ("attribute:x equal prod", 13, "did you mean equals"),
    ("attribute:x ==", 15, "a value was expected"),
    ("attribute:x =~ (t2|m5).*", 16, "in quotes"),
    ("attribute:x =~ t(2|3)", 17, "in quotes"),
    ("attribute: stack == prod", 1, "attribute:NAME"),
    ("ecs.instance-type == t2.small", 1, "did you mean attribute:ecs.instance-type"),
    ("agentconnected == true", 1, "did you mean agentConnected"),
    ("memory > 5", 1, "a subject was expected"),
    ("attribute:x exists or", 22, "a subject was expected"),
    ("agentConnected == yes", 19, "true or false"),
    ("agentVersion >= 1.x", 17, "a version"),
    ("runningTasksCount < few", 21, "a whole number"),
    ("runningTasksCount < -1", 21, "a whole number"),
    ("runningTasksCount =~ 2", 19, "==, !=, >, >=, <, <="),
    ("runningTasksCount exists", 19, "==, !=, >, >=, <, <="),
    ("ec2InstanceId > i-1", 15, "==, !=, in, !in, =~, !~"),
    ("attribute:x > 2", 13, "AWS documents no others"),
    ("attribute:x == \ud800", 16, "surrogate"),
    ("attribute:x =~", 15, "such as t2.*"),
    ("AGENTVERSION == 1", 1, "did you mean agentVersion"),
    ("Attribute:x == 1", 1, "attribute:NAME was expected"),
    ("ecs.instance-type==t2.small", 1, "did you mean attribute:ecs.instance-type"),
    ("attribute:x =~ 'abc", 16, "never closed"),
    ("attribute:x == a attribute:y == b", 18, "and, or, or the end of the expression was expected"),
    ("attribute:x == a agentConnected == true", 18, "and, or, or the end of the expression was expected"),
]


@pytest.mark.parametrize(("expression", "column", "words"), ERRORS)
def test_an_error_names_the_column_and_what_was_expected(expression: str, column: int, words: str) -> None:
    error = _fails(expression)
    assert error.column == column
    assert words in str(error)


REFUSED_PATTERNS: list[tuple[str, int]] = [
    ("[a-z&&[^t]]", 4),
    ("[a[bc]]", 2),
    ("[[:alpha:]]", 1),
    (r"\Qa.b\E", 0),
    (r"\p{Lower}", 0),
    (r"x\PL", 1),
    ("(?=a)", 0),
    ("(?<!a)b", 0),
    ("(?<name>a)", 0),
    ("(?P<name>a)", 0),
    ("(?>a)", 0),
    ("(?x)a", 0),
    (r"(a)\1", 3),
    (r"\k", 0),
    ("a*+", 2),
    ("a++", 2),
    ("a{2}+", 4),
    ("a{,3}", 1),
    ("a{1001}", 0),
    ("a**", 0),
    ("[ab", 0),
    ("(a", 0),
    ("a\\", 1),
    ("a{1000}{1000}", 0),
    ("a{2,x}", 1),
    ("a{2,٣}", 1),
    ("a{2", 1),
    ("x(?=a)", 1),
    ("x(?>a)", 1),
    ("x(?<n>a)", 1),
    (r"[\Q]", 1),
    (r"[a\p]", 2),
]


@pytest.mark.parametrize(("pattern", "at"), REFUSED_PATTERNS)
def test_patterns_that_java_and_re2_read_differently_are_refused(pattern: str, at: int) -> None:
    assert _fails(f"attribute:x =~ '{pattern}'").column == len("attribute:x =~ '") + at + 1


@pytest.mark.parametrize(
    "pattern",
    [
        r"m5\.[a-z]+",
        "(?:t2|t3)x?",
        "(?i)PROD",
        "[^x]{1,4}",
        r"\w+",
        "a|b|prod",
        "[]p]rod",
        r"[\]p]rod",
        r"pro[d\]]",
        "p{1,}rod",
        "p{1}rod",
    ],
)
def test_patterns_of_the_common_part_are_run(pattern: str) -> None:
    assert _holds(f"attribute:stack =~ '{pattern}'") is (pattern[0] not in r"m(?:" or pattern == "(?i)PROD")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*)*x", "(a?){200}a{200}", "(.*a){60}"])
def test_a_hostile_pattern_cannot_hang(pattern: str) -> None:
    query = parse(f"attribute:x =~ '{pattern}'")
    started = time.monotonic()
    matches(query, Instance(id="i", attributes={"x": "a" * 5000 + "b"}))
    assert time.monotonic() - started < 2


def test_depth_and_length_are_bounded() -> None:
    single = "attribute:stack exists"
    assert _holds("(" * MAX_DEPTH + single + ")" * MAX_DEPTH)
    assert str(MAX_DEPTH) in str(_fails("(" * (MAX_DEPTH + 1) + single + ")" * (MAX_DEPTH + 1)))
    assert str(MAX_DEPTH) in str(_fails("!" * 1000 + single))
    _fails("(" * MAX_LENGTH)
    assert _holds(single.ljust(MAX_LENGTH))
    assert _fails(single.ljust(MAX_LENGTH + 1)).column == MAX_LENGTH + 1
    assert _holds(" or ".join([single] * 75))


MISMATCHES: list[tuple[str, str]] = [
    ("attribute:stack == test", "attribute stack is “prod”"),
    ("attribute:stack exists and attribute:none exists", "`attribute:none exists` does not hold"),
    ("attribute:none == a", "no attribute none"),
    ("attribute:gpu == a", "a name only"),
    ("not(task:group == service:web)", "it runs tasks of service:web"),
    ("runningTasksCount > 2 or agentVersion < 1.2", "agentVersion is 1.14.10"),
    ("registeredAt > 2020-01-01", "2018-06-18T22:28:28Z"),
    ("agentConnected == false", "agentConnected is true"),
    (
        "attribute:a exists or attribute:b exists or attribute:c exists or attribute:d exists",
        "; and 1 more part likewise",
    ),
    (" or ".join(f"attribute:{name} exists" for name in "abcde"), "; and 2 more parts likewise"),
    ("(attribute:a exists and attribute:b exists) or (attribute:c exists)", "no attribute a"),
]


@pytest.mark.parametrize(("expression", "words"), MISMATCHES)
def test_a_mismatch_names_the_part_and_the_actual_value(expression: str, words: str) -> None:
    sentence = explain_mismatch(parse(expression), ONE)
    assert words in sentence
    assert sentence.endswith(".")
    with pytest.raises(ValueError, match="does not match"):
        explain_match(parse(expression), ONE)


def test_a_match_is_explained_by_the_part_that_holds() -> None:
    query = parse("attribute:none exists or attribute:stack in [prod, test]")
    assert explain_match(query, ONE) == "`attribute:stack in [prod, test]` holds: attribute stack is “prod”."
    with pytest.raises(ValueError, match="no mismatch"):
        explain_mismatch(query, ONE)


HINTS: list[tuple[str, str]] = [
    (
        "attribute:a exists or attribute:b exists and attribute:c exists",
        "`attribute:b exists and attribute:c exists`",
    ),
    ("attribute:ecs.instance-type =~ m5.*", "m5a.large"),
    ("attribute:a =~ x.y", "any character"),
    ("attribute:a == t2.*", "write =~"),
    ("task:group != a", "not(task:group =="),
]


@pytest.mark.parametrize(("expression", "words"), HINTS)
def test_hints(expression: str, words: str) -> None:
    assert words in (hint(parse(expression)) or "")


@pytest.mark.parametrize(
    "expression",
    [
        "attribute:a exists or (attribute:b exists and attribute:c exists)",
        r"attribute:ecs.instance-type =~ m5\..*",
        "attribute:ecs.availability-zone =~ us-east-1.*",
        "attribute:a =~ [.]x",
        "not(task:group == a)",
    ],
)
def test_no_hint_where_the_meaning_is_plain(expression: str) -> None:
    assert hint(parse(expression)) is None


PIECES = st.sampled_from(
    [
        "attribute:stack",
        "attribute:ecs.instance-type",
        "task:group",
        "runningTasksCount",
        "agentVersion",
        "registeredAt",
        "agentConnected",
        "ec2InstanceId",
        "==",
        "!=",
        ">",
        "<",
        ">=",
        "<=",
        "=~",
        "!~",
        "in",
        "!in",
        "exists",
        "!exists",
        "matches",
        "not_in",
        "equals",
        "and",
        "or",
        "not",
        "&&",
        "||",
        "!",
        "(",
        ")",
        "[",
        "]",
        ",",
        "prod",
        "t2.*",
        "'a",
        "b'",
        '"',
        "'",
        "2018-02-13",
        "1.14.5",
        "3",
        "true",
        "[a-z]+",
        "(a+)+$",
        "\\",
        "é",
        "\x00",
        "AND",
        "=",
    ]
)


@settings(max_examples=100, deadline=2000)
@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=20).map(" ".join), st.lists(PIECES).map("".join)))
def test_any_text_is_read_or_refused_with_a_column(expression: str) -> None:
    query = _read(expression)
    if isinstance(query, QueryError):
        assert 1 <= query.column <= len(expression) + 1
        assert f"olumn {query.column}" in str(query)
        return
    for instance in FLEET:
        verdict = "holds" if matches(query, instance) else "does not hold"
        assert verdict in explain(query, instance)
    hint(query)


def _read(expression: str) -> Query | QueryError:
    try:
        return parse(expression)
    except QueryError as error:
        return error


SINGLES = st.sampled_from(["attribute:stack == prod", "attribute:none exists", "task:group == service:web"])
TREES = st.recursive(
    SINGLES.map(lambda text: (text, _holds(text))),
    lambda inner: st.one_of(
        inner.map(lambda one: (f"not({one[0]})", not one[1])),
        st.tuples(inner, inner).map(lambda two: (f"({two[0][0]}) and ({two[1][0]})", two[0][1] and two[1][1])),
        st.tuples(inner, inner).map(lambda two: (f"({two[0][0]}) || ({two[1][0]})", two[0][1] or two[1][1])),
    ),
    max_leaves=12,
)


@settings(max_examples=100)
@given(TREES)
def test_parentheses_say_what_belongs_together(tree: tuple[str, bool]) -> None:
    expression, expected = tree
    assert _holds(expression) is expected


def test_equal_text_gives_the_same_query() -> None:
    assert parse("attribute:stack exists") is parse("attribute:stack exists")
    with pytest.raises(AttributeError):
        parse("attribute:stack exists").text = ""  # type: ignore[misc]
