from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.bank import load, slugs
from quizzes.variants import choose_seed, draw, respond, serve, with_params
from simulator.errors import InputError
from simulator.subjects import answer

ITEMS = [pytest.param(item, id=item.id) for slug in slugs() for item in load(slug).items]


@pytest.mark.parametrize("item", ITEMS)
def test_what_is_visible_tells_no_secret(item) -> None:
    for seed in item.seeds or (0,):
        variant = serve(item, seed)
        sent = json.dumps(variant.visible(), ensure_ascii=False)
        for option in (*variant.options, *variant.blocks):
            assert not option.rationale or option.rationale not in sent
            assert not option.misconception or option.misconception not in sent
        known = {part.name for part in (*variant.options, *variant.blocks)}
        visible = variant.visible()
        assert not known & {part["id"] for part in (*visible.get("options", ()), *visible.get("blocks", ()))}
        assert not any(word in sent for word in ("MC-", '"key"', '"seed"', '"distractor"', '"after"'))
        for wrong in variant.known_wrong:
            assert wrong.feedback not in sent


def test_equal_texts_with_other_keys_give_equal_bytes(make, document) -> None:
    for kind in ("single_choice", "multiple_choice"):
        one = make(kind)
        options = document(kind)["options"]
        marks = [option.get("key", False) for option in options]
        turned = [
            {**option, "key": mark, "rationale": f"Other {k}", "misconception": None}
            for k, (option, mark) in enumerate(zip(options, marks[::-1], strict=True))
        ]
        other = make(kind, options=turned)
        for seed in range(40):
            assert json.dumps(serve(one, seed).visible()) == json.dumps(serve(other, seed).visible())


def test_the_place_of_the_key_is_left_to_chance(make) -> None:
    item = make("single_choice")
    places = Counter([option.key for option in serve(item, seed).options].index(True) for seed in range(900))
    assert all(240 < places[place] < 360 for place in range(3)), places


def test_ids_outside_stay_when_the_order_changes(make) -> None:
    item = make("single_choice")
    ids = [{option.id: option.name for option in serve(item, seed).options} for seed in range(20)]
    assert all(one == ids[0] for one in ids)
    assert len(ids[0]) == 3


def test_the_key_is_the_simulators(make) -> None:
    item = make("numeric")
    for seed in range(200):
        variant = with_params(item, draw(item, seed))
        true = answer("deployment", variant.document)
        assert variant.key == true["lower"]
        assert variant.known_wrong[0].value == variant.key - 1


def test_another_item_shifts_nothing(make) -> None:
    # Pinned: these draws are in the logs of learners.
    assert [draw(make("numeric"), seed) for seed in (1, 2, 3)] == PINNED


PINNED = [{"desired": 5, "low": 50}, {"desired": 8, "low": 40}, {"desired": 9, "low": 40}]


@given(number=st.integers(0, 2**63 - 1), seeds=st.lists(st.integers(0, 10**6), min_size=2, max_size=20, unique=True))
@settings(max_examples=60)
def test_only_listed_seeds_are_served_and_dropping_another_changes_nothing(number: int, seeds: list[int]) -> None:
    chosen = choose_seed(number, seeds)
    assert chosen in seeds
    left = [seed for seed in seeds if seed == chosen or seed % 2]
    assert choose_seed(number, left) == chosen


def test_every_listed_seed_is_reached(make) -> None:
    item = make("numeric")
    assert {serve(item, 2**40 + k).seed for k in range(60)} == {1, 2, 3}
    assert serve(item, 2).seed == 2


def test_numbers_rise_and_texts_follow_their_value(make) -> None:
    options = [
        {"id": "true", "value": {"sim": "upper"}, "text": "{value} tasks", "rationale": "r"},
        {
            "id": "up",
            "value": {"sim": "upper", "under": "MC-ROLL-CEIL-MAX"},
            "text": "{value} tasks",
            "rationale": "Up",
        },
        {"id": "half", "value": {"expr": "desired"}, "text": {"5": "just five", "7": "just 7"}, "rationale": "r"},
    ]
    document = {"desiredCount": "{desired}", "deploymentConfiguration": {"maximumPercent": 150}}
    item = make(
        "single_choice",
        options=options,
        key={"sim": "upper"},
        params={"desired": {"choice": [5, 7]}},
        variants={"seeds": [1]},
        simulate={"subject": "deployment", "document": document},
    )
    variant = with_params(item, {"desired": 5})
    assert [(option.text, option.key) for option in variant.options] == [
        ("just five", False),
        ("7 tasks", True),
        ("8 tasks", False),
    ]
    assert respond(item, variant, "true") == variant.options[1].id


def test_a_visible_text_cannot_use_a_secret_name(make) -> None:
    for changes in ({"stem": "It is {key}, is it not?"}, {"derived": {"x": {"sim": "lower"}}, "stimulus": "{x}"}):
        with pytest.raises(InputError, match="which is not there"):
            serve(make("numeric", **changes), 1)
    told = serve(make("numeric", derived={"x": {"sim": "upper"}}, feedback={"general": "{x} and {key}"}), 1)
    assert "{" not in told.feedback["general"]


def test_what_cannot_be_drawn_says_so(make) -> None:
    with pytest.raises(InputError, match="loosen one"):
        draw(make("numeric", require=["desired > 20"]), 1)
