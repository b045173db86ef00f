"""Diagrams as a film: every step shows what its own diagram shows, in places that never change."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from diagrams.film import Said
from diagrams.model import Diagram, Edge, Group, Node
from diagrams.reel import diagram_film

VPC = Group(id="vpc", label="VPC", kind="vpc")
USER = Node(id="user", label="You", kind="user")
WEB = Node(id="web", label="web", kind="task", group="vpc", state="starting")
EMPTY = Diagram(title="Start", nodes=(USER,), groups=(VPC,))
STARTING = replace(EMPTY, nodes=(USER, WEB), edges=(Edge(source="user", target="web", label="HTTP"),))
SERVING = replace(
    EMPTY,
    nodes=(USER, replace(WEB, state="healthy", explanation="It answers.")),
    edges=(Edge(source="user", target="web", label="HTTP", state="active"),),
)
SAID = tuple(Said(caption=f"Step {k}.", text=f"Text {k}.", mark="", tone="") for k in range(4))


def shown(film, step: int) -> dict[str, str]:
    """The markup of each element that is to be seen at a step, by id."""
    hidden = dict.fromkeys(re.findall(r'<g id="(r\d+)" hidden=""', film.svg), True)
    for frame in film.frames[: step + 1]:
        hidden |= {name: bool(attributes["hidden"]) for name, attributes in frame.patch.items()}
    parts = re.split(r'(?=<g id="r\d+" hidden="">)', film.svg)[1:]
    named = {re.match(r'<g id="(r\d+)"', part)[1]: part for part in parts}
    return {name: named[name] for name, away in hidden.items() if not away}


def test_each_step_shows_the_boxes_and_edges_of_its_diagram_and_no_other() -> None:
    film = diagram_film("A run", (EMPTY, STARTING, SERVING, EMPTY), SAID)
    pictures = ["".join(shown(film, k).values()) for k in range(4)]
    assert ['data-pick="web"' in picture for picture in pictures] == [False, True, True, False]
    assert "edge active" not in pictures[1]
    assert "edge active" in pictures[2]
    assert "packet" in pictures[2]
    assert "node-task starting" in pictures[1]
    assert "node-task healthy" in pictures[2]
    assert all('data-pick="user"' in picture and 'data-pick="vpc"' in picture for picture in pictures)
    assert [frame.caption for frame in film.frames] == [said.caption for said in SAID]


def test_a_box_keeps_its_place_and_only_what_differs_is_sent() -> None:
    film = diagram_film("A run", (EMPTY, STARTING, SERVING, SERVING), SAID)
    places = {
        step: re.findall(
            r'data-pick="web"><title>[^<]*</title><rect[^>]*x="([\d.]+)"', "".join(shown(film, step).values())
        )
        for step in (1, 2)
    }
    assert places[1] == places[2] != []
    assert len(film.frames[2].patch) == 4, "the box and the edge, each once away and once there"
    assert film.frames[3].patch == {}


def test_the_drawing_for_a_phone_has_the_same_elements() -> None:
    film = diagram_film("A run", (EMPTY, STARTING, SERVING, EMPTY), SAID)
    ids = [sorted(re.findall(r'id="(r\d+)"', svg)) for svg in (film.svg, film.narrow)]
    assert ids[0] == ids[1] != []
    assert film.svg != film.narrow


def test_what_is_only_said_of_a_box_makes_no_other_look() -> None:
    told = replace(SERVING, nodes=(USER, replace(SERVING.nodes[1], explanation="Other words.")))
    film = diagram_film("A run", (SERVING, told), SAID[:2])
    assert film.frames[1].patch == {}


def test_a_box_that_moves_is_refused() -> None:
    moved = replace(STARTING, nodes=(USER, replace(WEB, group=None)))
    with pytest.raises(ValueError, match="moves to another group"):
        diagram_film("A run", (STARTING, moved), SAID[:2])


def test_what_is_planned_takes_its_place_and_is_not_drawn() -> None:
    alone = diagram_film("A run", (EMPTY,), SAID[:1])
    planned = diagram_film("A run", (EMPTY,), SAID[:1], plan=SERVING)
    assert "web" in {node.id for node in SERVING.nodes} - {node.id for node in EMPTY.nodes}
    assert 'data-pick="web"' not in planned.svg
    assert planned.svg != alone.svg, "it has left room"
    assert len(planned.frames) == 1


def test_one_drawing_serves_both_where_the_narrow_one_would_be_the_same() -> None:
    film = diagram_film("A run", (EMPTY, SERVING), SAID[:2], narrow_direction="right")
    assert film.narrow == ""
    assert film.svg == diagram_film("A run", (EMPTY, SERVING), SAID[:2]).svg
