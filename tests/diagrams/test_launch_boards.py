"""The stacks of layers and the five cards: what is marked is what the answer says."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from diagrams.duty_board import duty_film, told_of
from diagrams.feature_board import feature_film
from simulator.launch_types.subjects import launch_types_answer

SVG = "{http://www.w3.org/2000/svg}"
DUTIES = launch_types_answer({"duty": "ALL"})


def groups(text: str) -> list[ET.Element]:
    return list(ET.fromstring(text).iter(f"{SVG}g"))


@pytest.mark.parametrize("drawing", ["svg", "narrow"])
def test_a_block_is_filled_where_the_layer_is_yours(drawing: str) -> None:
    blocks = {one.get("data-pick"): one for one in groups(getattr(duty_film(DUTIES), drawing))}
    assert len(blocks) == 7 * 4
    for duty in DUTIES["duties"]:
        for option in ("EC2", "FARGATE", "MANAGED_INSTANCES", "EXTERNAL"):
            block = blocks[f"{option} {duty['duty']}"]
            mine = duty["who"][option] == "YOU"
            assert ("mine" in (block.get("class") or "")) is mine
            assert [text.text for text in block.iter(f"{SVG}text")] == ["you" if mine else "AWS"]


def test_while_a_bet_is_owed_no_block_says_whose_it_is_or_can_be_chosen() -> None:
    film = duty_film(DUTIES, ask="Whose?")
    for drawing in (film.svg, film.narrow):
        assert {text.text for one in groups(drawing) for text in one.iter(f"{SVG}text")} == {"?"}
        assert "data-pick" not in drawing
    assert film.frames[0].text.split("\n")[0] == "Task"


def test_a_chosen_block_is_explained_and_anything_else_is_not() -> None:
    said = told_of(DUTIES, "MANAGED_INSTANCES OPERATING_SYSTEM")
    assert said.startswith("Who chooses and patches the operating system? AWS does")
    for picked in (None, "", "EC2", "EC2 NOTHING", "NOWHERE AGENT"):
        assert told_of(DUTIES, picked) == ""


@pytest.mark.parametrize("drawing", ["svg", "narrow"])
def test_cards_show_the_guess_and_then_the_answer(drawing: str) -> None:
    answer = launch_types_answer({"feature": "GPU"})
    asked = feature_film(answer, ask="GPUs?", guess=("EC2",), told=False)
    cards = groups(getattr(asked, drawing))
    assert ["chosen" in (one.get("class") or "") for one in cards] == [True, False, False, False, False]
    told = feature_film(answer, ask="GPUs?", guess=("EC2", "FARGATE"), told=True)
    cards = groups(getattr(told, drawing))
    marks = [
        next(text.text for text in one.iter(f"{SVG}text") if "state-mark" in (text.get("class") or "")) for one in cards
    ]
    assert marks == ["✓", "✕", "✕", "✓", "?"]
    slips = ["not your guess" in [text.text for text in one.iter(f"{SVG}text")] for one in cards]
    assert slips == [False, True, False, True, False]
    assert told.frames[0].caption == "GPUs? You were right about 2 of the 4 that are documented."


def test_what_is_documented_everywhere_is_counted_whole() -> None:
    answer = launch_types_answer({"feature": "WINDOWS"})
    film = feature_film(answer, ask="Windows?", guess=("EC2", "FARGATE", "EXTERNAL"), told=True)
    assert film.frames[0].caption == "Windows? You were right about 5 of 5."
