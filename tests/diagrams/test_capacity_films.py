"""Piles of tasks: every frame has every task once, and its words say what the picture shows."""

from __future__ import annotations

from typing import Any

from diagrams.capacity_films import dealing_film, ends_of, refused_film, run_film
from diagrams.film import Film
from simulator.capacity import RULES, simulate
from simulator.capacity.dealing import deal
from simulator.capacity.strategy import Item

ITEMS = (Item(provider="FARGATE", base=1, weight=1), Item(provider="FARGATE_SPOT", base=0, weight=4))
RUN: dict[str, Any] = {
    "minutes": 10,
    "spotCapacity": [[0, 20], [2, 2], [6, 20]],
    "services": [
        {
            "serviceName": "web",
            "desiredCount": 6,
            "stopSeconds": 30,
            "capacityProviderStrategy": [
                {"capacityProvider": "FARGATE", "base": 1, "weight": 1},
                {"capacityProvider": "FARGATE_SPOT", "weight": 4},
            ],
        }
    ],
}


def looks(film: Film, name: str) -> list[dict[str, Any]]:
    """What an element is in each frame, from the patches on."""
    state: dict[str, Any] = {}
    found: list[dict[str, Any]] = []
    for frame in film.frames:
        state = {**state, **frame.patch.get(name, {})}
        found.append(state)
    return found


def test_a_task_leaves_the_hand_for_its_pile() -> None:
    film = dealing_film(6, ITEMS, deal(6, ITEMS, RULES))
    assert len(film.frames) == 7
    assert film.frames[-1].text.endswith("FARGATE: 2 tasks\nFARGATE_SPOT: 4 tasks")
    assert [frame.tone for frame in film.frames] == ["", "bound", "", "", "", "", "done"]
    assert film.frames[0].caption == "6 tasks to deal. Dashed places are the base."
    fourth = looks(film, "w4")
    assert fourth[4]["class"] == "task svc-0 landed"
    assert fourth[5]["class"] == "task svc-0"
    assert 'id="w6"' in film.svg
    assert 'id="n6"' in film.narrow


def test_what_finds_no_room_waits_and_under_a_belief_moves() -> None:
    dealt = deal(6, ITEMS, RULES)
    waits = dealing_film(6, ITEMS, dealt, running={"FARGATE": 2, "FARGATE_SPOT": 1}, waiting={"FARGATE_SPOT": 3})
    assert waits.frames[-1].caption == "3 tasks without capacity wait there: nothing falls back."
    assert looks(waits, "w6")[-1]["class"] == "task svc-1 starting"
    one = dealing_film(6, ITEMS, dealt, running={"FARGATE": 2, "FARGATE_SPOT": 3}, waiting={"FARGATE_SPOT": 1})
    assert one.frames[-1].caption.startswith("1 task without capacity waits there")
    moves = dealing_film(6, ITEMS, dealt, running={"FARGATE": 5, "FARGATE_SPOT": 1}, waiting={})
    assert looks(moves, "w6")[-1]["class"] == "task svc-0 healthy"
    assert moves.frames[-1].caption == "All run."


def test_a_refused_strategy_deals_nothing() -> None:
    film = refused_film(3, [{"capacityProvider": "FARGATE"}, {"capacityProvider": "own", "weight": 1}], "No.")
    assert len(film.frames) == 1
    assert film.frames[0].tone == "refused"
    assert "no weight given" in film.svg
    assert "svc-" not in film.svg


def test_a_run_has_a_frame_a_moment_and_what_is_taken_back_leaves_its_place_empty() -> None:
    trace = simulate(RUN)
    film = run_film(trace)
    assert [frame.mark for frame in film.frames] == ["0:00", "0:30", "2:00", "2:30", "6:00", "6:30"]
    assert len(film.frames) == len(ends_of(trace))
    sixth = looks(film, "w6")
    assert "draining" in sixth[2]["class"]
    assert sixth[3]["hidden"] is True
    assert looks(film, "whead")[3]["text"] == "4 of 6 run, 2:30 min into the run"
    assert 'id="wplace1-3"' in film.svg


def test_a_locked_run_shows_nothing_of_what_comes() -> None:
    film = run_film(simulate(RUN), ask="What now?", upto=2)
    assert [frame.mark for frame in film.frames] == ["0:00", "0:30"]
    assert film.frames[-1].caption == "What now?"
    assert "takes" not in "".join(frame.text for frame in film.frames)
