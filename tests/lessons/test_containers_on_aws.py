"""The figures of the first lesson: ways of an image, a tag that moves, the chooser; locked, unlocked, and misused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from diagrams.choice_board import choice_film
from diagrams.film import encode
from diagrams.journey import builds_of, journey_film
from lessons import containers_chooser, containers_cli, containers_figures, containers_on_aws, markdown
from lessons.blocks import Myth
from lessons.containers_figures import answered, shown
from lessons.containers_presets import JOURNEYS, LATEST, WORKLOADS, Journey
from lessons.playground import FOR_REAL, JSON
from quizzes.bank import load
from quizzes.variants import serve
from simulator.launch_types.journey import moments
from simulator.launch_types.places import PLACES, QUESTIONS
from simulator.scenario import decode
from simulator.scenario import encode as to_link
from ui.player import PlayerState

SLUG = "containers-on-aws"
BOX = f"lesson:{SLUG}:choose:box"
FIGURES = (*containers_on_aws.WIDGETS, *containers_on_aws.DIAGRAMS)
WAYS = [("way", one) for one in JOURNEYS] + [("latest", one) for one in LATEST]


def page(name: str, locked: bool) -> None:
    from lessons import containers_on_aws
    from lessons.stage import Stage

    figure = {**containers_on_aws.WIDGETS, **containers_on_aws.DIAGRAMS}[name]
    figure(Stage(slug="containers-on-aws", name=name, locked=locked))


def show(name: str, *, locked: bool = False, link: dict[str, str] | None = None) -> AppTest:
    at = AppTest.from_function(page, args=(name, locked))
    for key, value in (link or {}).items():
        at.query_params[key] = value
    return ran(at.run(timeout=20))


def ran(at: AppTest) -> AppTest:
    assert not at.exception, at.exception
    return at


def words(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.markdown, *at.caption))


def scenario(at: AppTest) -> dict[str, Any]:
    return at.session_state[f"{BOX}:scenario"]


def panel(at: AppTest, name: str) -> AppTest:
    at.session_state[f"lesson:{SLUG}:choose:panel"] = name
    return ran(at.run())


def choose(at: AppTest, name: str, preset: str) -> AppTest:
    at.session_state[f"lesson:{SLUG}:{name}:preset"] = preset
    return ran(at.run())


def captions(journey: Journey) -> list[str]:
    return [frame.caption for frame in journey_film(shown(journey)).frames]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("locked", [True, False])
def test_every_figure_is_drawn(name: str, locked: bool) -> None:
    show(name, locked=locked)


@pytest.mark.parametrize("name", ["way", "latest", "choose"])
def test_a_locked_figure_asks_and_tells_nothing(name: str) -> None:
    at = show(name, locked=True)
    assert "Place your bet above" in words(at)
    assert not at.get("button_group")
    assert not at.toggle


@pytest.mark.parametrize("journey", [JOURNEYS[0], LATEST[0]], ids=lambda one: one.id)
def test_a_locked_film_holds_its_first_frame_and_nothing_of_the_outcome(journey: Journey) -> None:
    locked = journey_film(shown(journey), ask="Who?")
    assert [frame.caption for frame in locked.frames] == ["Who?"]
    sent = encode(locked)
    for caption in captions(journey)[1:]:
        assert caption not in sent


def test_a_locked_board_has_no_verdict() -> None:
    sent = encode(choice_film(answered(WORKLOADS[0].scenario), ask=containers_chooser.ASK))
    for told in ("remain", "✕", "✓", "lit", "no GPU", "is out"):
        assert told not in sent


@pytest.mark.parametrize(("name", "journey"), WAYS, ids=lambda one: getattr(one, "id", one))
def test_every_way_can_be_chosen_and_says_what_to_see(name: str, journey: Journey) -> None:
    at = choose(show(name), name, journey.id)
    assert journey.about in words(at)


@pytest.mark.parametrize("journey", [*JOURNEYS, *LATEST], ids=lambda one: one.id)
def test_every_step_of_every_way_is_told_with_whose_it_is(journey: Journey) -> None:
    for step, now in enumerate(shown(journey)):
        for picked in (None, "scheduler", "nonsense"):
            told = containers_figures._below(journey, now, PlayerState(step=step, picked=picked))
            assert ("It compares what runs" in told) == (picked == "scheduler")
            if step:
                assert "**You** do this" in told or "by itself" in told or "Nobody asks for this" in told
            else:
                assert "Step on" in told


def test_the_situations_come_out_as_the_text_says() -> None:
    last = {one.id: captions(one)[-1] for one in (*JOURNEYS, *LATEST)}
    assert "CannotPullContainerError" in last["never-pushed"]
    assert "name unknown" in last["no-repository"]
    assert last["fargate"] == "The containers start. 2 tasks run build 1."
    assert len(captions(JOURNEYS[1])) == 11, "its sentence says ten steps"
    assert "Base and python it has already." in next(one for one in captions(JOURNEYS[2])[15:] if "pulls" in one)
    assert last["each-asks"] == "The containers start. 1 task runs build 1 and 1 task runs build 2."


def test_a_lost_task_is_replaced_by_build_1_and_only_a_deployment_brings_build_2() -> None:
    told = captions(LATEST[0])
    pulls = [one for one in told if "pulls" in one]
    assert pulls[0].startswith(
        "Fargate pulls build 1 from ECR. That is what the deployment fixed, though latest names build 2"
    )
    assert pulls[1] == "Fargate pulls build 2 from ECR."
    assert told[0] == "2 tasks run build 1, and latest names build 1."


def test_the_belief_parts_where_the_lost_task_is_replaced(monkeypatch) -> None:
    given: list[dict[str, Any]] = []

    def drawn(*_: object, **more: Any) -> PlayerState:
        given.append(more)
        return PlayerState(step=0, picked=None)

    monkeypatch.setattr(containers_figures, "player", drawn)
    choose(show("latest"), "latest", "believed")
    parted = given[-1]["parted_at"]
    steps = shown(LATEST[1])
    assert steps[parted + 1].kind == "pull"
    assert given[-1]["beside"] is not None
    assert given[0]["beside"] is None


def test_a_film_opens_where_it_says_something(monkeypatch) -> None:
    opened: dict[str, int] = {}
    for name, journey in WAYS:

        def drawn(*_: object, journey: Journey = journey, **more: Any) -> PlayerState:
            opened[journey.id] = more["step"]
            return PlayerState(step=0, picked=None)

        monkeypatch.setattr(containers_figures, "player", drawn)
        choose(show(name), name, journey.id)
    assert "CannotPull" in captions(JOURNEYS[0])[opened["never-pushed"]]
    assert "though latest names build 2" in captions(LATEST[0])[opened["moved"]]
    assert opened["fargate"] == 0


def test_the_real_way_is_shown_on_demand() -> None:
    at = show("way")
    at.toggle(key=f"lesson:{SLUG}:way:real").set_value(True)
    ran(at.run())
    assert any("docker build -t web ." in block.value for block in at.code)


def test_every_command_of_every_way_can_be_typed() -> None:
    for _, journey in WAYS:
        for number in range(1, len(journey.scenario["commands"]) + 1):
            assert containers_cli.of_command(journey.scenario, number)
    new_tag = next(one for one in LATEST if one.id == "new-tag").scenario
    assert "--task-definition web:2" in containers_cli.of_command(new_tag, len(new_tag["commands"]))
    moved = LATEST[0].scenario
    assert "--force-new-deployment" in containers_cli.of_command(moved, len(moved["commands"]))


def test_the_four_boxes_show_the_end_of_the_way_to_fargate() -> None:
    drawn = containers_on_aws._four_boxes()
    assert [group.label for group in drawn.groups] == ["Laptop builds", "ECR keeps", "ECS decides", "Fargate runs"]
    assert [node.label for node in drawn.nodes if node.kind == "task"] == ["task 1", "task 2"]
    assert {edge.label for edge in drawn.edges} == {"push", "ask", "pull", "start"}
    assert all(part.explanation for part in (*drawn.nodes, *drawn.groups))


# The chooser


@pytest.mark.parametrize("preset", WORKLOADS, ids=lambda preset: preset.id)
def test_every_workload_runs_with_every_panel_and_comes_back_from_its_link(preset) -> None:
    at = show("choose", link={"s": to_link(preset.scenario)})
    assert scenario(at) == preset.scenario
    assert preset.about in words(at)
    for name in (*containers_chooser.GROUND.panels, JSON, FOR_REAL):
        panel(at, name)


def test_the_workloads_come_out_as_their_sentences_say() -> None:
    left = {one.id: answered(one.scenario)["remaining"] for one in WORKLOADS}
    assert left == {
        "gpu": ["ECS_MANAGED_INSTANCES"],
        "shop": ["ECS_FARGATE", "ECS_MANAGED_INSTANCES"],
        "charts": ["EKS_AUTO_MODE"],
        "windows": ["ECS_FARGATE"],
        "collector": ["EKS_AUTO_MODE"],
        "factory": [],
        "open": [one.code for one in PLACES],
    }


def test_an_answer_changes_the_board_and_the_address_and_undo_takes_it_back() -> None:
    at = show("choose")
    at.button_group(key=f"{BOX}:question:AWS_RUNS_MACHINES").set_value("We can")
    ran(at.run())
    assert "AWS_RUNS_MACHINES" not in scenario(at)["answers"]
    assert answered(scenario(at))["remaining"] == ["ECS_MANAGED_INSTANCES", "ECS_EC2"]
    assert decode(at.query_params["s"]) == scenario(at)
    at.button(key=f"{BOX}:undo").click()
    ran(at.run())
    assert scenario(at) == WORKLOADS[0].scenario


def test_every_question_is_asked_and_can_be_answered_both_ways() -> None:
    at = show("choose", link={"s": to_link({"answers": {}})})
    for name in containers_chooser.GROUND.panels:
        panel(at, name)
        for one in QUESTIONS:
            key = f"{BOX}:question:{one.code}"
            if key not in [group.key for group in at.button_group]:
                continue
            at.button_group(key=key).set_value(one.narrow)
            ran(at.run())
            assert scenario(at)["answers"][one.code] is True
            at.button_group(key=key).set_value(one.wide)
            ran(at.run())
            assert one.code not in scenario(at)["answers"]
    assert at.session_state[f"{BOX}:history"]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.code)
def test_a_place_that_is_chosen_says_what_it_is_and_what_rules_it_out(place, monkeypatch) -> None:
    rest = PlayerState(step=0, picked=place.code)
    monkeypatch.setattr(containers_figures, "player", lambda *_, **__: rest)
    told = words(show("choose")).replace("\\", "")
    assert place.what in told
    found = next(one for one in answered(WORKLOADS[0].scenario)["places"] if one["place"] == place.code)
    for reason in found["reasons"]:
        assert reason["reason"] in told
    assert (found["bringsBack"] or "It does all that you asked for.") in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "This is not JSON: line 1, column 2"),
        ("[]", "A situation is a JSON object"),
        ("{}", "A situation here has answers"),
        ('{"answers": {"GPUS": true}}', "did you mean “GPU”?"),
        ('{"answers": {"GPU": 3}}', "must be true or false"),
        ('{"task": {"cpu": 256, "memory": 512}}', "A situation here has answers"),
        ("[" * 5000, "nested deeper than 100"),
        (json.dumps({"answers": ["GPU"] * 5000}), "answers"),
    ],
)
def test_bad_json_never_overwrites_the_answers(text: str, told: str) -> None:
    at = panel(show("choose"), JSON)
    at.text_area(key=f"{BOX}:json").set_value(text)
    ran(at.run())
    assert scenario(at) == WORKLOADS[0].scenario
    assert told in at.warning[0].value.replace("\\", "")
    at.button(key=f"{BOX}:restore").click()
    ran(at.run())
    assert json.loads(at.text_area(key=f"{BOX}:json").value) == WORKLOADS[0].scenario


def test_a_list_of_answers_is_taken_too() -> None:
    at = panel(show("choose"), JSON)
    at.text_area(key=f"{BOX}:json").set_value('{"answers": ["GPU"]}')
    ran(at.run())
    assert answered(scenario(at))["answers"] == ["GPU"]
    panel(at, "What it needs")
    at.button_group(key=f"{BOX}:question:ARM").set_value("Yes")
    ran(at.run())
    assert answered(scenario(at))["answers"] == ["GPU", "ARM"]


@pytest.mark.parametrize("link", [{"s": "nonsense"}, {"s": ""}, {"step": "x"}, {"beside": "x"}])
def test_a_bad_link_leaves_the_first_workload(link: dict[str, str]) -> None:
    at = show("choose", link=link)
    assert scenario(at) == WORKLOADS[0].scenario


# The words and the bank


@pytest.mark.parametrize(
    ("item", "key"), [("containers.bet.not-pushed", "AGENT"), ("containers.bet.gpu", "ECS_MANAGED_INSTANCES")]
)
def test_a_bet_asks_what_its_figure_then_shows(item: str, key: str) -> None:
    assert serve(next(one for one in load(SLUG).items if one.id == item), 0).key == key
    assert moments(JOURNEYS[0].scenario)[-1].who == "AGENT"
    assert answered(WORKLOADS[0].scenario)["remaining"] == ["ECS_MANAGED_INSTANCES"]


def test_the_bet_on_latest_is_the_second_figure_s() -> None:
    item = next(one for one in load(SLUG).items if one.id == "containers.bet.latest")
    chosen = next(option for option in serve(item, 0).options if option.key)
    steps = shown(LATEST[0])
    replaced = next(one for one in steps if one.kind == "pull")
    assert chosen.name == "same"
    assert builds_of(steps)[replaced.digest] == "build 1"


def test_the_lesson_has_its_myths_and_is_short() -> None:
    lesson = markdown.load(SLUG)
    assert sum(isinstance(block, Myth) for block in lesson.blocks) >= 4
