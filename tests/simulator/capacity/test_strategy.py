"""Strategies are read with everything that ECS refuses, and split by base and weight."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.capacity.rules import RULES, BaseMeans, Remainder, WeightMeans
from simulator.capacity.shares import ALONE_OPEN, BASE_OPEN, REMAINDER_OPEN, largest_remainder, split
from simulator.capacity.strategy import Item, is_fargate, provider_name, read_providers, read_strategy
from simulator.errors import InputError


def item(provider: str, base: int, weight: int) -> Item:
    return Item(provider=provider, base=base, weight=weight)


def read(*entries: Any, **more: Any) -> tuple[Item, ...]:
    return read_strategy(list(entries), "s", RULES, **more)


def asg(name: str, weight: Any = 1, base: Any = None) -> dict[str, Any]:
    return {"capacityProvider": name, "weight": weight, "base": base}


def test_a_strategy_is_read() -> None:
    assert read({"capacityProvider": "FARGATE", "base": 2, "weight": 1}, {"capacityProvider": "FARGATE_SPOT"}) == (
        Item(provider="FARGATE", base=2, weight=1),
        Item(provider="FARGATE_SPOT", base=0, weight=0, written=False),
    )
    assert [one.weight for one in read(asg("A", None), asg("B", None), console=True)] == [1, 1]
    assert read_strategy([asg("A", None)], "s", replace(RULES, default_weight=7))[0].weight == 7
    assert read(asg("A", 0), asg("B", 1000, 100_000))[1] == item("B", 100_000, 1000)
    assert len(read(*(asg(f"P{i}") for i in range(20)))) == 20
    assert read(asg("A"), associated=("A", "B")) == (item("A", 0, 1),)


@pytest.mark.parametrize(
    ("entries", "sentence", "path"),
    [
        ([], "s is an empty list; name at least one capacity provider.", "s"),
        (
            [asg(f"P{i}") for i in range(21)],
            "s has 21 capacity providers, and a strategy holds at most 20.",
            "s",
        ),
        (
            [asg("A", 0), asg("B", None)],
            (
                "Every provider of s has weight 0, so no task can be placed; give at least one a weight above 0 "
                "(left out, "
                "the API takes 0)."
            ),
            "s",
        ),
        (
            [asg("A", 1, 2), asg("B", 1, 1)],
            "s has a base on A and on B, and only one provider of a strategy may have one; take the base from B.",
            "s",
        ),
        ([asg("A"), asg("A")], "s names A twice; give each provider one entry.", "s[1].capacityProvider"),
        (
            [asg("A"), asg("FARGATE")],
            (
                "s mixes A and FARGATE: a strategy is of one family, either Fargate and Fargate Spot, or Auto Scaling "
                "groups; make two services, or keep one family."
            ),
            "s[1].capacityProvider",
        ),
        ([{"weight": 1}], "s[0] has no capacityProvider; name one.", "s[0].capacityProvider"),
        ([asg("A", 1001)], "s[0].weight must be a whole number from 0 to 1000, not 1001.", "s[0].weight"),
        ([asg("A", -1)], "s[0].weight must be a whole number from 0 to 1000, not -1.", "s[0].weight"),
        ([asg("A", 1, 100_001)], "s[0].base must be a whole number from 0 to 100000, not 100001.", "s[0].base"),
        ([asg("A", 1, -1)], "s[0].base must be a whole number from 0 to 100000, not -1.", "s[0].base"),
        ([7], "s[0] must be an object with named fields, not 7.", "s[0]"),
        (
            [{"capacityProvider": "A", "wieght": 1}],
            "There is no field “s[0].wieght”; did you mean “weight”?",
            "s[0].wieght",
        ),
        (
            [asg("ecs-asg")],
            (
                "s[0].capacityProvider is “ecs-asg”, and the name of a capacity provider of your own can not begin "
                "with "
                "“ecs”; AWS's own are FARGATE and FARGATE_SPOT."
            ),
            "s[0].capacityProvider",
        ),
        (
            [asg("a b")],
            's[0].capacityProvider is "a b"; it has letters, digits, - and _ only.',
            "s[0].capacityProvider",
        ),
    ],
)
def test_what_ecs_refuses(entries: list[Any], sentence: str, path: str) -> None:
    with pytest.raises(InputError) as error:
        read(*entries)
    assert (str(error.value), error.value.path) == (sentence, path)


def test_a_provider_must_be_associated_with_the_cluster() -> None:
    with pytest.raises(InputError) as error:
        read(asg("A"), asg("B"), associated=("A",))
    assert str(error.value) == (
        "The capacity provider B is not associated with the cluster, which has A; add it with "
        "PutClusterCapacityProviders, and repeat the others."
    )
    assert error.value.path == "s[1].capacityProvider"
    with pytest.raises(InputError, match="which has none; add it"):
        read(asg("A"), associated=())


@pytest.mark.parametrize("name", ["aws-1", "Ecs", "FARGATE_2", "fargate", "AWS"])
def test_names_that_are_aws_s_own(name: str) -> None:
    with pytest.raises(InputError, match="can not begin with"):
        provider_name(name, "p")
    assert provider_name(f"my-{name}_1", "p") == f"my-{name}_1"


def test_the_family_follows_from_the_name() -> None:
    assert [is_fargate(name) for name in ("FARGATE", "FARGATE_SPOT", "asg", "SPOT")] == [True, True, False, False]


def test_a_cluster_s_list() -> None:
    assert read_providers(["FARGATE", "A"], "c") == ("FARGATE", "A")
    assert len(read_providers([f"P{i}" for i in range(20)], "c")) == 20
    for bad, sentence in (
        (["A", "A"], "c names A twice; name each provider once."),
        ([f"P{i}" for i in range(21)], "c has 21 capacity providers, and a cluster may have 20."),
        ("A", 'c must be a list, not "A".'),
    ):
        with pytest.raises(InputError) as error:
            read_providers(bad, "c")
        assert str(error.value) == sentence


def test_whole_shares_are_exact() -> None:
    parts = split(10, (item("A", 2, 1), item("B", 0, 3)), RULES)
    assert (parts.counts, parts.ranges, parts.base, parts.open) == ((4, 6), ((4, 4), (6, 6)), 2, ())
    assert parts.exact == (Fraction(4), Fraction(6))
    assert split(3, (item("A", 5, 1), item("B", 0, 1)), RULES).counts == (3, 0)
    assert split(0, (item("A", 5, 1), item("B", 0, 1)), RULES).counts == (0, 0)
    assert split(5, (item("A", 0, 0), item("B", 0, 2)), RULES).counts == (0, 5)
    # The one provider that is left carries all.
    assert split(7, (item("A", 9, 3),), RULES) == split(7, (item("A", 7, 3),), RULES)
    assert split(7, (item("A", 9, 3),), RULES).base == 7


def test_what_is_left_over_is_open() -> None:
    parts = split(9, (item("A", 0, 1), item("B", 0, 3)), RULES)
    assert (parts.counts, parts.ranges, parts.open) == ((2, 7), ((2, 3), (6, 7)), (REMAINDER_OPEN,))
    parts = split(7, (item("A", 0, 1), item("B", 0, 1)), RULES)
    assert (parts.counts, parts.ranges) == ((4, 3), ((3, 4), (3, 4)))
    assert split(7, (item("A", 0, 1), item("B", 0, 1)), replace(RULES, remainder=Remainder.LAST)).counts == (3, 4)
    assert split(8, tuple(item(name, 0, 1) for name in "ABC"), RULES).counts == (3, 3, 2)


def test_a_base_without_a_weight_is_open() -> None:
    parts = split(10, (item("A", 2, 0), item("B", 0, 1)), RULES)
    assert (parts.counts, parts.ranges, parts.base, parts.open) == ((0, 10), ((0, 2), (8, 10)), 0, (BASE_OPEN,))
    assert split(0, (item("A", 2, 0), item("B", 0, 1)), RULES).open == ()
    three = split(11, (item("A", 2, 0), item("B", 0, 1), item("C", 0, 1)), RULES)
    assert (three.counts, three.ranges) == ((0, 6, 5), ((0, 2), (4, 6), (4, 6)))
    assert three.open == (REMAINDER_OPEN, BASE_OPEN)


def test_a_single_provider_of_weight_0_is_open() -> None:
    parts = split(4, (item("A", 0, 0),), RULES)
    assert (parts.counts, parts.ranges, parts.open, parts.base) == ((4,), ((0, 4),), (ALONE_OPEN,), 0)
    assert split(0, (item("A", 0, 0),), RULES).open == ()


@pytest.mark.parametrize(
    ("changed", "count", "items", "counts"),
    [
        ({"base_means": BaseMeans.EVERY_PROVIDER}, 12, (("A", 4, 1), ("B", 0, 3)), (5, 7)),
        ({"base_means": BaseMeans.EVERY_PROVIDER}, 3, (("A", 2, 1), ("B", 0, 3)), (2, 1)),
        ({"base_means": BaseMeans.FLOOR}, 10, (("A", 2, 1), ("B", 0, 3)), (3, 7)),
        ({"base_means": BaseMeans.FLOOR}, 10, (("A", 6, 1), ("B", 0, 3)), (6, 4)),
        ({"base_means": BaseMeans.FLOOR}, 4, (("A", 9, 1), ("B", 0, 1), ("C", 0, 2)), (4, 0, 0)),
        ({"base_means": BaseMeans.FLOOR}, 8, (("A", 3, 1), ("B", 0, 1), ("C", 0, 2)), (3, 2, 3)),
        ({"base_means": BaseMeans.FLOOR}, 8, (("A", 0, 1), ("B", 0, 1)), (4, 4)),
        ({"base_means": BaseMeans.FLOOR}, 8, (("A", 3, 0),), (8,)),
        ({"weight_means": WeightMeans.PERCENT}, 10, (("A", 2, 1), ("B", 0, 3)), (2, 8)),
        ({"weight_means": WeightMeans.PERCENT}, 50, (("A", 0, 20), ("B", 0, 60)), (10, 40)),
        ({"weight_means": WeightMeans.PERCENT}, 4, (("A", 0, 90), ("B", 0, 90)), (3, 1)),
    ],
)
def test_beliefs_split_otherwise(changed: Any, count: int, items: Any, counts: tuple[int, ...]) -> None:
    parts = split(count, tuple(item(*one) for one in items), replace(RULES, **changed))
    assert parts.counts == counts
    assert parts.ranges == tuple((one, one) for one in counts)
    assert parts.exact == tuple(Fraction(one) for one in counts)
    assert (parts.open, parts.base) == ((), min(count, max(one[1] for one in items)))


ITEMS = st.lists(st.integers(0, 9), min_size=1, max_size=6).flatmap(
    lambda weights: st.tuples(st.just(weights), st.integers(0, len(weights) - 1), st.integers(0, 30))
)


@settings(max_examples=60, deadline=None)
@given(count=st.integers(0, 60), drawn=ITEMS, remainder=st.sampled_from(Remainder))
def test_no_task_is_lost_and_no_range_left(count: int, drawn: Any, remainder: Remainder) -> None:
    weights, at, base = drawn
    if len(weights) > 1 and not any(weights):
        weights = [*weights[:-1], 1]
    items = tuple(item(f"P{i}", base if i == at else 0, weight) for i, weight in enumerate(weights))
    parts = split(count, items, replace(RULES, remainder=remainder))
    assert sum(parts.counts) == count
    for one, share, (low, high) in zip(parts.counts, parts.exact, parts.ranges, strict=True):
        assert 0 <= low <= one <= high
        assert share.__floor__() <= one <= share.__ceil__()
    if weights[at]:
        assert parts.counts[at] >= min(count, base)
    assert largest_remainder(count, parts.exact, remainder) == parts.counts
