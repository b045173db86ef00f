"""The film of an image's way, and the board of places: what is drawn is what the room says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from diagrams.choice_board import choice_film
from diagrams.film import MAX_BYTES, encode
from diagrams.journey import builds_of, journey_diagram, journey_film, narrow_journey, slots_of
from diagrams.layout import place
from diagrams.registry_film import registry_film
from lessons.containers_presets import JOURNEYS, LATEST, WORKLOADS, Journey
from simulator.launch_types.journey import moments
from simulator.launch_types.places import PLACES
from simulator.registry import simulate
from simulator.registry.presets import PRESETS
from simulator.subjects import answer

WAYS = [*JOURNEYS, *LATEST]


def dressed(film: Any, frame: int) -> set[str]:
    """What is shown at a frame, as the elements' markup."""
    hidden: dict[str, bool] = {}
    for one in film.frames[: frame + 1]:
        for name, patch in one.patch.items():
            hidden[name] = bool(patch["hidden"])
    parts = dict(re.findall(r'<g id="(r\d+)" hidden="">(.*?)(?=<g id="r\d+" hidden="">|</svg>)', film.svg, re.DOTALL))
    return {markup for name, markup in parts.items() if hidden.get(name) is False}


@pytest.mark.parametrize("journey", WAYS, ids=lambda one: one.id)
def test_a_film_has_a_frame_for_each_step_and_fits(journey: Journey) -> None:
    steps = moments(journey.scenario)
    film = journey_film(steps)
    assert len(film.frames) == len(steps)
    assert len(encode(film)) < MAX_BYTES
    assert all(frame.caption and frame.text for frame in film.frames)
    assert [frame.tone == "refused" for frame in film.frames] == [bool(one.error) for one in steps]


def test_each_step_s_tasks_are_in_its_frame() -> None:
    steps = moments(LATEST[0].scenario)
    film = journey_film(steps)
    for k, one in enumerate(steps):
        tasks = {task.number for service in one.state.services for task in service.tasks} | set(one.coming)
        drawn = {int(found) for markup in dressed(film, k) for found in re.findall(r">task (\d+)<", markup)}
        assert drawn == tasks, k


def test_a_task_takes_the_place_of_the_lost_one_and_two_never_share_one() -> None:
    steps = moments(LATEST[0].scenario)
    slots = slots_of(steps)
    assert slots == {1: 1, 2: 2, 3: 1, 4: 3, 5: 4}


def test_images_are_called_by_the_order_in_which_they_came() -> None:
    steps = moments(LATEST[0].scenario)
    assert list(builds_of(steps).values()) == ["build 1", "build 2"]


def test_the_road_in_use_is_that_of_the_step() -> None:
    steps = moments(JOURNEYS[1].scenario)
    used: list[str] = []
    for one in steps:
        drawn = journey_diagram(one, builds_of(steps), slots_of(steps))
        used.append(",".join(edge.label for edge in drawn.edges if edge.state == "active"))
    assert used == ["", "", "", "push", "push", "push", "ask", "ask", "start", "pull", ""]


@pytest.mark.parametrize(("journey", "road"), [(JOURNEYS[0], "pull"), (JOURNEYS[3], "push")])
def test_what_is_refused_is_blocked_on_its_road(journey: Journey, road: str) -> None:
    steps = moments(journey.scenario)
    drawn = journey_diagram(steps[-1], builds_of(steps), slots_of(steps))
    assert [edge.label for edge in drawn.edges if edge.state == "blocked"] == [road]


def test_on_a_phone_the_cards_of_ecs_are_a_column() -> None:
    steps = moments(JOURNEYS[1].scenario)
    wide = journey_diagram(steps[-1], builds_of(steps), slots_of(steps))
    narrow = narrow_journey(wide)
    assert place(narrow).width < 420 < place(wide).width
    assert place(narrow).nodes["service"].y > place(narrow).nodes["scheduler"].y
    assert place(wide).nodes["service"].y == place(wide).nodes["scheduler"].y


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda one: one.id)
def test_the_board_lights_what_remains_and_gives_each_other_its_reason(workload: Any) -> None:
    found = answer("launch_types", workload.scenario)
    film = choice_film(found)
    for svg in (film.svg, film.narrow):
        lit = re.findall(r'class="node healthy lit" data-pick="(\w+)"', svg)
        out = re.findall(r'class="node refused dim" data-pick="(\w+)"', svg)
        assert lit == found["remaining"]
        assert out == found["out"]
        assert len(re.findall(r'data-pick="', svg)) == len(PLACES)
    assert found["reason"] in film.frames[0].caption
    for one in found["places"]:
        for reason in one["reasons"]:
            assert reason["reason"] in film.frames[0].text


@pytest.mark.parametrize("preset", PRESETS, ids=lambda one: one.id)
def test_every_run_of_a_registry_is_a_film(preset: Any) -> None:
    trace = simulate(preset.scenario)
    film = registry_film(trace)
    assert len(film.frames) == len(trace) + 1
    assert len(encode(film)) < MAX_BYTES
    assert [frame.tone for frame in film.frames[1:]].count("refused") == sum(
        event.kind.value == "refused" for event in trace.events
    )
