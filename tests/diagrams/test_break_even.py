"""The chart of costs over use: what its lines, marks and strips say is what the answer says, at every step."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from diagrams.break_even import break_even_film, dollars, step_at
from simulator.launch_types.rules import rules_from_dict
from simulator.launch_types.subjects import launch_types_answer

SVG = "{http://www.w3.org/2000/svg}"
TASK = {"cpu": 256, "memory": 512}


def answered(price: float = 0.08, *, rules: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    document = {"task": TASK, "ec2": {"instanceType": "m5.large", "instanceHourlyPrice": price}, **more}
    return launch_types_answer(document, rules_from_dict(rules or {}))


def drawings(film) -> list[ET.Element]:
    return [ET.fromstring(film.svg), ET.fromstring(film.narrow)]


def written(root: ET.Element) -> set[str]:
    return {text.text or "" for text in root.iter(f"{SVG}text")}


def strips(root: ET.Element) -> list[tuple[str, float, float]]:
    found = [one for one in root.iter(f"{SVG}rect") if (one.get("class") or "").startswith("strip")]
    return [((one.get("class") or "")[6:], float(one.get("x", 0)), float(one.get("width", 0))) for one in found]


def test_the_mark_is_where_both_cost_the_same() -> None:
    answer = answered()
    film = break_even_film(answer)
    wide, narrow = drawings(film)
    assert (wide.get("aria-label") or "").endswith(answer["breakEven"]["reason"])
    for root, left, width in ((wide, 64, 632), (narrow, 46, 294)):
        mark = next(one for one in root.iter(f"{SVG}circle") if one.get("class") == "meeting")
        assert float(mark.get("cx", 0)) == pytest.approx(left + width * 0.8102, abs=0.1)
        assert "break-even 81.02 %" in written(root)
        fargate, ec2, spot = strips(root)
        assert fargate[1] + fargate[2] == pytest.approx(float(mark.get("cx", 0)), abs=0.2)
        assert (fargate[0], ec2[0], spot[0]) == ("fargate", "ec2", "spot")
        assert spot[2] == pytest.approx(width), "70 % less is below a full instance"


def test_each_step_shows_the_amounts_of_its_share() -> None:
    answer = answered()
    film = break_even_film(answer)
    assert len(film.frames) == 21
    shown: dict[str, dict[str, Any]] = {}
    for frame, point in zip(film.frames, answer["breakEven"]["curve"], strict=True):
        for name, attributes in frame.patch.items():
            shown.setdefault(name, {}).update(attributes)
        assert shown["now-ec2"]["text"] == dollars(point["ec2"])
        assert shown["now-fargate"]["text"] == dollars(point["fargate"])
        assert ("wins" in shown["now-ec2"]["class"]) is (point["cheaper"] == "EC2")
        assert frame.mark == f"{point['usedPercent']} % used"
        cheaper = {"EC2": "EC2 is cheaper than Fargate", "FARGATE": "Fargate is cheaper than EC2"}[point["cheaper"]]
        assert cheaper in frame.caption
        place = re.fullmatch(r"translate\((\S+) (\S+)\)", shown["w-ec2"]["transform"])
        assert place
        assert float(place[1]) == pytest.approx(64 + 632 * point["usedPercent"] / 100, abs=0.1)


def test_a_discount_is_drawn_as_it_is_given() -> None:
    full = break_even_film(answered(spotDiscountPercent=70))
    less = break_even_film(answered(0.05, spotDiscountPercent=25))
    assert "Fargate Spot −70 %" in written(ET.fromstring(full.svg))
    wide = ET.fromstring(less.svg)
    assert "Fargate Spot −25 %" in written(wide)
    share = answered(0.05, spotDiscountPercent=25)["breakEven"]["percentWithSpotDiscount"]
    assert share == pytest.approx(50.64 / 0.75, abs=0.1)
    spot = next(one for one in strips(wide) if one[0] == "spot")
    assert spot[2] == pytest.approx(632 * share / 100, abs=0.2)


def test_without_a_meeting_point_there_is_no_mark_and_one_is_always_cheaper() -> None:
    wide = ET.fromstring(break_even_film(answered(0.2)).svg)
    assert not [one for one in wide.iter(f"{SVG}circle") if one.get("class") == "meeting"]
    assert [one[0] for one in strips(wide)] == ["fargate", "spot"]
    free = ET.fromstring(break_even_film(answered(rules={"idle_instances": "free"})).svg)
    assert {one[0] for one in strips(free)} == {"ec2"}
    believed = ET.fromstring(break_even_film(answered(rules={"cheaper": "fargate"})).svg)
    assert {one[0] for one in strips(believed)} == {"fargate", "spot"}


def test_where_both_cost_the_same_neither_is_called_cheaper() -> None:
    document = {
        "task": {"cpu": 1024, "memory": 2048},
        "ec2": {"cpu": 2048, "memory": 8192, "instanceHourlyPrice": 0.04937},
    }
    film = break_even_film(launch_types_answer(document))
    assert film.frames[10].caption == "50 % of the instance used: EC2 and Fargate both cost $0.049 an hour."


@pytest.mark.parametrize("price", [0.0, 0.0001, 7.3, 1000])
def test_every_price_has_its_scale(price: float) -> None:
    for root in drawings(break_even_film(answered(price))):
        height = float((root.get("viewBox") or "").split()[3])
        for path in root.iter(f"{SVG}path"):
            if (path.get("class") or "").startswith("course"):
                rows = [float(pair.split()[1]) for pair in re.findall(r"[\d.]+ [\d.]+", path.get("d") or "")]
                assert all(0 <= row <= height for row in rows)


def test_an_owed_bet_draws_two_points_and_nothing_between() -> None:
    film = break_even_film(answered(), ask="What becomes of them?")
    assert film.frames[0].caption == "What becomes of them?"
    for root in drawings(film):
        dots = list(root.iter(f"{SVG}circle"))
        assert len(dots) == 2
        assert not strips(root)
        assert "?" in written(root)


def test_an_answer_without_a_break_even_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="no break-even"):
        break_even_film(launch_types_answer({"task": TASK}))


def test_the_nearest_step() -> None:
    assert [step_at(percent) for percent in (0, 2, 3, 25, 56.25, 100, 400)] == [0, 0, 1, 5, 11, 20, 20]
