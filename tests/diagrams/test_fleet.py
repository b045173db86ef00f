"""The fleet: one card an instance, what matches told by more than color, and nothing typed by a learner as markup."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from diagrams.fleet import MOST, facts_of, fleet_svg
from simulator.model import Instance

FLEET = tuple(Instance(id=f"i{n}", type="m5.large", zone="us-east-1a") for n in range(1, 6))
SVG = "{http://www.w3.org/2000/svg}"


def cards(svg: str) -> dict[str, ET.Element]:
    return {card.attrib["data-pick"]: card for card in ET.fromstring(svg).iter(f"{SVG}g")}


def test_what_matches_is_lit_and_has_a_mark_and_a_name_that_says_so() -> None:
    found = cards(fleet_svg(FLEET, {"i2"}, title="The fleet"))
    assert [name for name, card in found.items() if "lit" in card.attrib["class"].split()] == ["i2"]
    assert [name for name, card in found.items() if "✓" in "".join(card.itertext())] == ["i2"]
    assert found["i2"].findtext(f"{SVG}title") == "i2 matches"
    assert found["i1"].findtext(f"{SVG}title") == "i1 does not match"


def test_while_nothing_can_be_read_all_cards_look_alike() -> None:
    found = cards(fleet_svg(FLEET, None, title="The fleet"))
    assert {card.attrib["class"] for card in found.values()} == {"node"}


def test_cards_stay_within_the_picture_and_do_not_overlap() -> None:
    svg = fleet_svg(FLEET, set(), title="The fleet")
    root = ET.fromstring(svg)
    width, height = (float(n) for n in root.attrib["viewBox"].split()[2:])
    boxes = [[float(rect.attrib[k]) for k in ("x", "y", "width", "height")] for rect in root.iter(f"{SVG}rect")]
    assert len(boxes) == len(FLEET)
    for x, y, w, h in boxes:
        assert x >= 0
        assert y >= 0
        assert x + w <= width
        assert y + h <= height
    for k, (x, y, w, h) in enumerate(boxes):
        assert all(x + w <= a or a + c <= x or y + h <= b or b + d <= y for a, b, c, d in boxes[:k])


def test_names_are_text_and_long_ones_are_cut() -> None:
    odd = Instance(id="<script>alert(1)</script>" + "x" * 200, attributes={"a&b": "<i>"}, tasks={"g" * 99: 2})
    svg = fleet_svg((odd,), set(), title="a")
    assert "<script" not in svg
    assert all(len("".join(text.itertext())) <= 40 for text in ET.fromstring(svg).iter(f"{SVG}text"))


def test_built_in_attributes_are_left_out_and_groups_counted() -> None:
    one = Instance(id="i", attributes={"ecs.os-type": "linux", "stack": "prod"}, tasks={"service:web": 2, "db": 1})
    assert facts_of(one) == ("type and zone unknown", "stack = prod", "service:web ×2 · db")


def test_a_very_large_fleet_is_cut() -> None:
    many = tuple(Instance(id=f"i{n}") for n in range(MOST + 5))
    assert len(cards(fleet_svg(many, set(), title="a"))) == MOST
