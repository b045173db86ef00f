"""The figures of the lesson on launch types: locked and unlocked, every situation, and all that a reader can change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from diagrams.film import encode
from lessons import launch_sandbox, launch_types, markdown
from lessons.blocks import Prose
from lessons.launch_figures import ASK, answered, bills, choice, film_of, reckoned, start_of
from lessons.launch_presets import BESIDE, FIRST, MOVES, QUESTIONS, SANDBOX
from lessons.launch_real import snippets
from lessons.playground import BESIDE as BESIDE_IT
from lessons.playground import FOR_REAL, JSON
from quizzes.bank import load
from quizzes.variants import serve
from simulator.fargate_sizes import FARGATE_SIZES
from simulator.launch_types.features import FEATURES
from simulator.scenario import decode
from simulator.scenario import encode as to_link

SLUG = "launch-types"
BOX = f"lesson:{SLUG}:sandbox:box"
PANELS = (*launch_sandbox.GROUND.panels, BESIDE_IT, JSON, FOR_REAL)
FIGURES = (*launch_types.WIDGETS, *launch_types.DIAGRAMS)


def page(name: str, locked: bool) -> None:
    from lessons import launch_types
    from lessons.stage import Stage

    {**launch_types.WIDGETS, **launch_types.DIAGRAMS}[name](Stage(slug="launch-types", name=name, locked=locked))


def show(name: str, *, locked: bool = False, link: dict[str, str] | None = None) -> AppTest:
    at = AppTest.from_function(page, args=(name, locked))
    at.session_state[f"lesson:{SLUG}:sandbox:opened"] = True
    for key, value in (link or {}).items():
        at.query_params[key] = value
    return ran(at.run(timeout=20))


def ran(at: AppTest) -> AppTest:
    assert not at.exception, at.exception
    return at


def words(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.markdown, *at.caption)).replace("\\", "")


def scenario(at: AppTest) -> dict[str, Any]:
    return at.session_state[f"{BOX}:scenario"]


def panel(at: AppTest, name: str) -> AppTest:
    at.session_state[f"lesson:{SLUG}:sandbox:panel"] = name
    return ran(at.run())


def preset(name: str):
    return next(one for one in (*MOVES, *SANDBOX) if one.id == name)


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("locked", [True, False])
def test_every_figure_is_drawn(name: str, locked: bool) -> None:
    show(name, locked=locked)


@pytest.mark.parametrize("name", ["bill", "duty"])
def test_a_locked_figure_asks_and_tells_nothing(name: str) -> None:
    at = show(name, locked=True)
    assert "Place your bet above" in words(at)
    assert not at.markdown


def test_a_locked_film_has_no_line_and_no_amount_of_the_outcome() -> None:
    sent = encode(film_of(FIRST.scenario, ask=ASK))
    whole = film_of(FIRST.scenario)
    assert len(whole.frames) == 21
    assert "course fargate" in whole.svg
    for told in ("$0.025", "81.02", "is cheaper", "meeting", "wedge", 'class="strip'):
        assert told not in sent
    locked = encode(launch_types._duties(launch_types.ASK_DUTY))
    assert "you" not in locked.replace("your work", "")
    assert "mine" not in locked


@pytest.mark.parametrize(
    ("item", "document", "path"),
    [
        ("launch.bet.quarter", FIRST.scenario, ("cheapest", "option")),
        ("launch.bet.patches", {"duty": "OPERATING_SYSTEM"}, ("duties", 0, "who", "MANAGED_INSTANCES")),
    ],
)
def test_a_bet_asks_what_its_figure_then_shows(item: str, document: dict[str, Any], path: tuple[Any, ...]) -> None:
    found: Any = answered(document)
    for step in path:
        found = found[step]
    asked = next(one for one in load(SLUG).items if one.id == item)
    assert serve(asked, 0).key == found


def test_the_text_and_the_first_figure_agree() -> None:
    answer = answered(FIRST.scenario)
    found = answer["breakEven"]
    text = "\n".join(block.markdown for block in markdown.load(SLUG).blocks if isinstance(block, Prose))
    assert f"`${found['instanceHour']:.3f}` an hour" in text
    assert f"`${found['fullOnFargateHour']:.3f}` an hour" in text.replace("\n", " ")
    assert found["tasksPerInstance"] == 8
    assert round(found["percent"]) == 81
    assert "at 81 %" in text
    quarter = found["curve"][start_of(FIRST.scenario)]
    assert quarter["usedPercent"] == 25
    assert 3 < quarter["ec2"] / quarter["fargate"] < 3.5


def test_the_table_of_sizes_is_that_of_the_simulator() -> None:
    text = "\n".join(block.markdown for block in markdown.load(SLUG).blocks if isinstance(block, Prose))
    for cpu, amounts in FARGATE_SIZES.items():
        if cpu > 16_384:
            continue
        row = next(line for line in text.split("\n") if line.startswith(f"| {cpu / 1024:g} vCPU"))
        low, high = (f"{amount / 1024:g}" for amount in (amounts[0], amounts[-1]))
        assert f"| {low}{',' if cpu == 256 else ' to'}" in row
        assert f"{high} GB" in row


def test_the_recap_counts_the_layers_as_the_board_does() -> None:
    duties = answered({"duty": "ALL"})["duties"]
    yours = {option: sum(duty["who"][option] == "YOU" for duty in duties) for option in duties[0]["who"]}
    assert (len(duties), yours["EC2"], yours["FARGATE"], yours["MANAGED_INSTANCES"]) == (7, 5, 1, 1)


@pytest.mark.parametrize(
    ("name", "each", "bound", "percent"),
    [
        ("small", 8, "cpu", 81.02),
        ("odd-size", 8, "cpu", 68.66),
        ("memory", 3, "memory", 140.28),
        ("interfaces", 2, "interfaces", 324.08),
        ("arm", 8, "cpu", 88.61),
    ],
)
def test_each_situation_moves_the_break_even_as_its_sentence_says(
    name: str, each: int, bound: str, percent: float
) -> None:
    at = show("break-even")
    at.session_state[f"lesson:{SLUG}:break-even:preset"] = name
    ran(at.run())
    found = answered(preset(name).scenario)["breakEven"]
    assert (found["tasksPerInstance"], found["limitedBy"], found["percent"]) == (each, [bound], percent)
    assert preset(name).about in words(at)
    assert f"The instance holds {each} task" in words(at)
    assert "March and April 2026" in words(at)


def test_the_readers_own_price_and_the_discount_move_it() -> None:
    at = show("break-even")
    at.number_input[0].set_value(0.0494)
    at.slider[0].set_value(50)
    ran(at.run())
    assert "50.03 %" in words(at)
    at.toggle[0].set_value(True)
    ran(at.run())
    assert any("aws ecs create-service" in one.value for one in at.code)


def test_nothing_to_pay_for_is_drawn_too() -> None:
    at = show("break-even")
    at.number_input[0].set_value(0.0)
    ran(at.run())
    assert "Above 0.0 % of the instance used" in words(at)


def test_the_matrix_asks_before_it_tells_and_goes_on() -> None:
    at = show("features")
    key = f"lesson:{SLUG}:features"
    assert FEATURES["GPU"].yes not in words(at)
    at.button_group(key=f"{key}:guess-GPU").set_value(["EC2", "FARGATE"])
    ran(at.run())
    at.button(key=f"{key}:see").click()
    ran(at.run())
    assert at.session_state[f"{key}:told"] == {"GPU": ["EC2", "FARGATE"]}
    assert "Fargate does not support GPUs" in words(at)
    film = launch_types._features_film("GPU", ("EC2", "FARGATE"), True)
    assert "You were right about 2 of the 4 that are documented" in film.frames[0].caption
    at.button(key=f"{key}:next").click()
    ran(at.run())
    assert at.session_state[f"{key}:question"] == "PLACEMENT_STRATEGIES"
    at.session_state[f"{key}:question"] = "GPU"
    ran(at.run())
    assert "Fargate does not support GPUs" in words(at), "what was told stays told"


@pytest.mark.parametrize("code", QUESTIONS)
def test_no_question_gives_its_answer_away(code: str) -> None:
    assert code in FEATURES
    film = launch_types._features_film(code, (), False)
    assert not any(mark in film.svg for mark in ("✓", "✕", "cannot"))
    told = launch_types._features_film(code, (), True)
    assert told.svg.count("✓") == list(answered({"feature": code})["support"].values()).count("SUPPORTED")


@pytest.mark.parametrize("one", SANDBOX, ids=lambda one: one.id)
def test_every_preset_of_the_sandbox_runs_with_every_panel_and_comes_back_from_its_link(one) -> None:
    at = show("sandbox", link={"s": to_link(one.scenario)})
    assert scenario(at) == one.scenario
    assert one.about in words(at)
    for name in PANELS:
        panel(at, name)
    assert all(snippet.text for snippet in snippets(one.scenario))


@pytest.mark.parametrize("name", BESIDE)
@pytest.mark.parametrize("situation", ["office-hours", "gpu", "short-jobs"])
def test_each_belief_can_be_set_beside(name: str, situation: str) -> None:
    at = show("sandbox", link={"beside": name, "s": to_link(preset(situation).scenario)})
    assert f"**{BESIDE[name][0]}**, it would be" in words(at)


def test_a_belief_that_matters_changes_the_words() -> None:
    office, gpu = preset("office-hours").scenario, preset("gpu").scenario
    assert bills(office, BESIDE["idle-free"][1]) != bills(office)
    assert reckoned(office, BESIDE["surcharge"][1]) != reckoned(office)
    fargate = choice({"needs": ["GPU"]}, BESIDE["gpus"][1])
    assert fargate.startswith("**EC2, Fargate, Managed Instances can")
    assert choice(gpu) != choice(gpu, BESIDE["falls-back"][1])


def test_controls_change_the_scenario_and_undo_takes_it_back() -> None:
    at = panel(show("sandbox"), "Workload")
    at.slider(key=f"{BOX}:at:utilization").set_value(20)
    ran(at.run())
    assert decode(at.query_params["s"])["utilization"] == 20
    assert "Your own situation" in words(at)
    panel(at, "Instance and Spot")
    at.number_input(key=f"{BOX}:price").set_value(0.2)
    ran(at.run())
    assert scenario(at)["ec2"]["instanceHourlyPrice"] == 0.2
    for _ in range(2):
        at.button(key=f"{BOX}:undo").click()
        ran(at.run())
    assert scenario(at) == SANDBOX[0].scenario


def test_an_instance_can_be_set_beside_what_has_none() -> None:
    at = panel(show("sandbox", link={"s": to_link(preset("short-jobs").scenario)}), "Instance and Spot")
    at.button(key=f"lesson:{SLUG}:sandbox:add").click()
    ran(at.run())
    assert scenario(at)["ec2"]["instanceType"] == "m5.large"
    assert "The instance holds" in words(at)


def test_needs_are_chosen_and_the_least_change_is_told_in_words() -> None:
    at = panel(show("sandbox", link={"s": to_link(preset("factory").scenario)}), "Needs")
    assert "Without servers of your own, EC2 would remain." in words(at)
    at.multiselect(key=f"{BOX}:needs").set_value(["ON_PREMISES"])
    ran(at.run())
    assert "External can do all of it." in words(at)


def test_an_arm_instance_refuses_what_is_built_for_x86() -> None:
    at = panel(show("sandbox"), "Instance and Spot")
    at.selectbox(key=f"{BOX}:at:ec2.instanceType").select("m7g.large")
    ran(at.run())
    assert "m7g.large is ARM64" in at.warning[0].value.replace("\\", "")
    assert scenario(at) == SANDBOX[0].scenario


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "This is not JSON"),
        ("[]", "A situation is a JSON object"),
        ("{}", "The document asks nothing"),
        ('{"duty": "ALL"}', "The sandbox takes a bill"),
        ('{"needs": ["FLYING"]}', "needs[0]"),
        ('{"task": {"cpu": 256, "memory": 512}, "count": 1000000}', "count"),
        ('{"task": {"cpu": "many", "memory": 512}}', "task.cpu"),
        ('{"task": {"cpu": 256, "memory": 512}, "ec2": {"instanceType": "m5.large"}}', "instanceHourlyPrice"),
        ("[" * 5000, "nested deeper than 100"),
    ],
)
def test_bad_json_never_overwrites_the_scenario(text: str, told: str) -> None:
    at = panel(show("sandbox"), JSON)
    at.text_area(key=f"{BOX}:json").set_value(text)
    ran(at.run())
    assert scenario(at) == SANDBOX[0].scenario
    assert told in at.warning[0].value.replace("\\", "")


@pytest.mark.parametrize("link", [{"s": "nonsense"}, {"s": ""}, {"step": "99999"}, {"beside": "x"}])
def test_a_bad_link_leaves_the_first_situation(link: dict[str, str]) -> None:
    assert scenario(show("sandbox", link=link)) == SANDBOX[0].scenario


WILD: tuple[dict[str, Any], ...] = (
    {"task": {"cpu": 100_000, "memory": 900_000}},
    {"task": {"cpu": "1 vCPU", "memory": "3 GB"}, "count": 2},
    {
        "tasks": [{"name": "a`b", "cpu": 256, "memory": 512}],
        "ec2": {"instanceType": "m5.large", "instanceHourlyPrice": 1},
    },
    {"tasks": [{"name": "a", "cpu": 256, "memory": 512, "count": 3}, {"name": "b", "cpu": 512, "memory": 900}]},
    {"task": {"cpu": 256, "memory": 512}, "ec2": {"instanceType": "m5.large", "instanceHourlyPrice": 1000}},
    {"task": {"cpu": 8192, "memory": 512}, "ec2": {"instanceType": "m5.large", "instanceHourlyPrice": 0.1}},
    {"needs": []},
    {"needs": ["GPU", "WINDOWS", "EFS"], "cpu": 512, "memory": 1_000_000},
)


@pytest.mark.parametrize("document", WILD)
def test_what_the_simulator_answers_the_page_shows(document: dict[str, Any]) -> None:
    at = show("sandbox", link={"s": to_link(document)})
    assert scenario(at) == json.loads(json.dumps(document))
    for name in PANELS:
        panel(at, name)
