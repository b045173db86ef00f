"""Tasks one after another: the piles end as the split says, the base comes first."""

from __future__ import annotations

from itertools import product

import pytest

from simulator.capacity.dealing import deal
from simulator.capacity.rules import RULES, rules_from_dict
from simulator.capacity.shares import split
from simulator.capacity.strategy import Item

BELIEFS = (
    RULES,
    rules_from_dict({"base_means": "floor"}),
    rules_from_dict({"base_means": "every_provider"}),
    rules_from_dict({"weight_means": "percent"}),
)


def strategy(*entries: tuple[int, int]) -> tuple[Item, ...]:
    return tuple(Item(provider=f"p{at}", base=base, weight=weight) for at, (base, weight) in enumerate(entries))


@pytest.mark.parametrize("rules", BELIEFS)
def test_the_piles_end_as_the_split_says(rules) -> None:
    for count, base, weights in product(range(14), (0, 1, 5), ((1, 1), (1, 4), (0, 3), (2, 3, 5), (7, 1, 1))):
        items = strategy(*((base if at == 0 else 0, weight) for at, weight in enumerate(weights)))
        dealt = deal(count, items, rules)
        assert [card.number for card in dealt] == list(range(1, count + 1))
        counts = tuple(sum(card.at == at for card in dealt) for at in range(len(items)))
        assert counts == split(count, items, rules).counts


def test_the_base_comes_first_and_then_whoever_is_furthest_behind() -> None:
    dealt = deal(11, strategy((1, 1), (0, 4)), RULES)
    assert [card.based for card in dealt] == [True] + [False] * 10
    assert [card.at for card in dealt] == [0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1]
    assert dealt[0].reason == "p0 has a base of 1, and the base comes first."
    assert dealt[3].reason == "Of the 3 beyond the base, weight 1 asks for 0.6, and p0 has 0."


def test_a_single_provider_and_a_base_that_is_not_reached() -> None:
    assert {card.reason for card in deal(2, strategy((0, 1)), RULES)} == {"p0 is the only provider."}
    assert all(card.based and card.at == 0 for card in deal(3, strategy((5, 1), (0, 9)), RULES))


def test_a_pile_that_is_full_is_passed_over() -> None:
    items = strategy((0, 1), (0, 3), (0, 3))
    assert split(4, items, RULES).counts == (0, 2, 2)
    third = deal(4, items, RULES)[2]
    assert third.at == 1
    assert third.reason.endswith("The remainder falls to it here.")
