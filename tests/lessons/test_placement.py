"""The figures of the placement lesson: every situation, locked and unlocked, and everything a reader can change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from diagrams.film import encode
from lessons import placement, placement_sandbox
from lessons.placement_figures import film_of, run_of
from lessons.placement_presets import BESIDE, FILTERS, QUERIES, RACES, SANDBOX, SCALE_IN
from lessons.placement_situations import FIRST_BOARD
from lessons.playground import BESIDE as BESIDE_IT
from lessons.playground import FOR_REAL, JSON
from quizzes.bank import load
from quizzes.variants import serve
from simulator.errors import InputError
from simulator.placement import simulate
from simulator.scenario import decode
from simulator.scenario import encode as to_link
from simulator.trace import first_difference, fork

BOX = "lesson:placement:sandbox:box"
PANELS = (*placement_sandbox.GROUND.panels, BESIDE_IT, JSON, FOR_REAL)
FIGURES = (*placement.WIDGETS, *placement.DIAGRAMS)


def page(name: str, locked: bool) -> None:
    from lessons import placement
    from lessons.stage import Stage

    {**placement.WIDGETS, **placement.DIAGRAMS}[name](Stage(slug="placement", name=name, locked=locked))


def show(name: str, *, locked: bool = False, link: dict[str, str] | None = None) -> AppTest:
    at = AppTest.from_function(page, args=(name, locked))
    at.session_state["lesson:placement:sandbox:opened"] = True
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
    at.session_state["lesson:placement:sandbox:panel"] = name
    return ran(at.run())


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("locked", [True, False])
def test_every_figure_is_drawn(name: str, locked: bool) -> None:
    show(name, locked=locked)


@pytest.mark.parametrize("name", ["first-board", "filters", "race", "scale-in"])
def test_a_locked_figure_asks_and_tells_nothing(name: str) -> None:
    at = show(name, locked=True)
    assert "Place your bet above" in words(at)
    assert not at.markdown
    assert not at.get("button_group")


@pytest.mark.parametrize("preset", [FILTERS[0], SCALE_IN[0]], ids=lambda preset: preset.id)
def test_a_locked_film_holds_its_first_frame_and_nothing_of_the_outcome(preset) -> None:
    locked, whole = film_of(preset.scenario, locked=True), film_of(preset.scenario)
    assert len(locked.frames) == 1
    sent = encode(locked)
    for frame in whole.frames[1:]:
        assert frame.caption not in sent
    assert film_of(FIRST_BOARD, locked=True) is film_of(dict(FIRST_BOARD), locked=True), "computed once for all readers"


def test_the_first_board_tells_the_outcome_of_the_bet_once_it_is_placed() -> None:
    assert "Task 1 goes to b1" in words(show("first-board"))


def test_the_text_and_the_first_board_agree() -> None:
    run = run_of(FIRST_BOARD)
    assert [event.instance for event in run.events] == ["b1", "a2", "b1", "a2", "b1", "a2", "a2", None]


@pytest.mark.parametrize("preset", FILTERS, ids=lambda preset: preset.id)
def test_each_situation_of_the_filters_opens_at_its_end_with_its_reason(preset) -> None:
    at = show("filters")
    at.session_state["lesson:placement:filters:preset"] = preset.id
    ran(at.run())
    last = run_of(preset.scenario).events[-1]
    assert preset.about in words(at)
    told = "is not placed" if last.kind == "refused" else f"goes to {last.instance}"
    assert told in words(at)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [("fixed-port", "ppr"), ("dynamic-port", "pppppp"), ("interfaces", "ppppr"), ("full", "r"), ("reasons", "p")],
)
def test_the_filters_come_out_as_their_sentences_say(name: str, kinds: str) -> None:
    preset = next(preset for preset in FILTERS if preset.id == name)
    assert "".join(event.kind[0] for event in run_of(preset.scenario).events) == kinds


def test_a_reason_each_is_five_different_ones() -> None:
    decision = run_of(FILTERS[0].scenario)
    from simulator.trace import explain

    rules = [verdict.shortfalls[0].rule for verdict in explain(decision, 0).verdicts if verdict.shortfalls]
    assert sorted(rules) == ["agent", "cpu", "memory", "ports", "status"]
    assert all(len(verdict.shortfalls) <= 1 for verdict in explain(decision, 0).verdicts)


@pytest.mark.parametrize("race", RACES, ids=lambda race: race.id)
def test_each_race_parts_and_says_where(race) -> None:
    runs = [simulate({**race.scenario, **differs}, rules) for _, differs, rules in (race.left, race.right)]
    parted = first_difference(*runs)
    assert parted is not None
    at = show("race")
    at.session_state["lesson:placement:race:preset"] = race.id
    ran(at.run())
    assert f"They part at step {parted + 1}: **{race.left[0]}**" in words(at)


@pytest.mark.parametrize(("name", "told"), [("binpack", "`b1` stops"), ("zones", "3 tasks"), ("default", "2 tasks")])
def test_scale_in_says_what_aws_leaves_open(name: str, told: str) -> None:
    at = show("scale-in")
    at.session_state["lesson:placement:scale-in:preset"] = name
    ran(at.run())
    assert told in words(at)
    assert ("AWS leaves open" in words(at)) == (name != "binpack")


@pytest.mark.parametrize("name", list(QUERIES)[1:])
def test_an_example_fills_the_field(name: str, monkeypatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(placement, "query_editor", lambda value, **given: drawn.append(value))
    at = show("query")
    at.button_group(key="lesson:placement:query:example").set_value(name)
    ran(at.run())
    assert drawn[0] == QUERIES[next(iter(QUERIES))]
    assert drawn[-1] == QUERIES[name]


@pytest.mark.parametrize(
    "text", ["", "attribute:stack = prod", "stack == prod", "(", "a" * 2000, "attribute:x =~ (a+)+$"]
)
def test_a_query_that_cannot_be_read_is_told_with_its_column_and_lights_nothing(text: str, monkeypatch) -> None:
    drawn: list[dict[str, Any]] = []
    monkeypatch.setattr(placement, "query_editor", lambda value, **given: drawn.append(given))
    monkeypatch.setattr(placement, "typed", lambda key, value: text)
    show("query")
    assert drawn[-1]["wrong"]
    assert isinstance(drawn[-1]["column"], int)
    assert f"column {drawn[-1]['column']}" in drawn[-1]["message"]
    assert " lit" not in placement._fleet_film(None).svg


def test_a_query_that_mixes_and_with_or_is_told_that_aws_leaves_it_open(monkeypatch) -> None:
    text = QUERIES["And with or"]
    monkeypatch.setattr(placement, "typed", lambda key, value: text)
    assert "parentheses" in words(show("query"))
    svg = placement._fleet_film(text).svg
    assert svg.count(" lit") == 3


@pytest.mark.parametrize("preset", SANDBOX, ids=lambda preset: preset.id)
def test_every_preset_of_the_sandbox_runs_with_every_panel_and_comes_back_from_its_link(preset) -> None:
    at = show("sandbox", link={"s": to_link(preset.scenario)})
    assert scenario(at) == preset.scenario
    assert preset.about in words(at)
    for name in PANELS:
        panel(at, name)


@pytest.mark.parametrize("name", BESIDE)
def test_each_run_can_be_set_beside(name: str) -> None:
    at = show("sandbox", link={"beside": name})
    assert "part" in words(at)


def test_a_daemon_beside_a_strategy_is_one_sentence() -> None:
    daemon = next(preset for preset in SANDBOX if preset.id == "daemon")
    at = show("sandbox", link={"s": to_link(daemon.scenario), "beside": "packed"})
    assert "daemon scheduling strategy does not support placement strategies" in words(at)


@pytest.mark.parametrize("link", [{"s": "nonsense"}, {"s": ""}, {"step": "x"}, {"step": "99999"}, {"beside": "x"}])
def test_a_bad_link_leaves_the_first_situation(link: dict[str, str]) -> None:
    at = show("sandbox", link=link)
    assert scenario(at) == FIRST_BOARD
    if link.get("s") == "nonsense":
        assert "The link could not be opened" in at.warning[0].value


def test_a_control_changes_the_scenario_and_the_address_and_undo_takes_it_back() -> None:
    at = show("sandbox")
    at.slider(key=f"{BOX}:at:count").set_value(3)
    ran(at.run())
    assert scenario(at)["count"] == 3
    assert decode(at.query_params["s"])["count"] == 3
    assert "Your own situation" in words(at)
    at.button(key=f"{BOX}:undo").click()
    ran(at.run())
    assert scenario(at) == FIRST_BOARD


def test_what_aws_refuses_is_refused_with_its_sentence_and_changes_nothing() -> None:
    at = show("sandbox")
    at.selectbox(key=f"{BOX}:at:placementStrategy").select("binpack on memory")
    ran(at.run())
    at.selectbox(key=f"{BOX}:at:schedulingStrategy").select("service, DAEMON")
    ran(at.run())
    assert "daemon" in at.warning[0].value
    assert scenario(at)["schedulingStrategy"] == "REPLICA"


# Each is short enough for a link, and took minutes to run and to draw.
MANY = [{"ec2InstanceId": f"i{n}", "instanceType": "m5.large"} for n in range(100)]
DAEMON = {"taskDefinition": FIRST_BOARD["taskDefinition"], "schedulingStrategy": "DAEMON"}
LONG = {"type": "memberOf", "expression": ("attribute:stack exists and " * 90)[:1899] + "x"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "This is not JSON: line 1, column 2"),
        ("[]", "A situation is a JSON object"),
        ("{}", "There is no list of instances"),
        ('{"instances": 5, "requests": {"a": 1}}', "instances"),
        ('{"instances": [5], "requests": [3]}', "instances[0]"),
        ('{"instances": [{"ec2InstanceId": "a", "instanceType": 5}]}', "instances[0].instanceType"),
        ("[" * 5000, "nested deeper than 100"),
        (json.dumps(FIRST_BOARD | {"count": 5000}), "this page takes 200"),
        (json.dumps({"instances": MANY, "requests": [DAEMON] * 50}), "That is 5000 tasks, and this page takes 200"),
        (json.dumps(FIRST_BOARD | {"placementConstraints": [LONG] * 10}), "have 19000 characters in all"),
        (json.dumps(FIRST_BOARD | {"instances": [{"ec2InstanceId": f"i{n}"} for n in range(101)]}), "holds 100"),
    ],
)
def test_bad_json_never_overwrites_the_scenario(text: str, told: str) -> None:
    at = panel(show("sandbox"), "JSON")
    at.text_area(key=f"{BOX}:json").set_value(text)
    ran(at.run())
    assert scenario(at) == FIRST_BOARD
    assert told in at.warning[0].value.replace("\\", "")
    at.button(key=f"{BOX}:restore").click()
    ran(at.run())
    assert json.loads(at.text_area(key=f"{BOX}:json").value) == FIRST_BOARD


def test_good_json_becomes_the_scenario() -> None:
    at = panel(show("sandbox"), "JSON")
    at.text_area(key=f"{BOX}:json").set_value(json.dumps(FIRST_BOARD | {"count": 2}))
    ran(at.run())
    assert scenario(at)["count"] == 2


def test_an_act_from_a_step_on_is_a_fork_of_the_run() -> None:
    at = panel(show("sandbox", link={"step": "2"}), "From this step on")
    at.selectbox(key="lesson:placement:sandbox:from-here-name").select("b1")
    ran(at.run())
    at.button(key="lesson:placement:sandbox:act-2").click()
    ran(at.run())
    change = {"terminate": "b1"}
    assert scenario(at) == fork(run_of(FIRST_BOARD), 2, change).scenario
    assert run_of(scenario(at)).events[:2] == run_of(FIRST_BOARD).events[:2]
    at.button(key="lesson:placement:sandbox:forget").click()
    ran(at.run())
    assert scenario(at) == FIRST_BOARD


def test_another_strategy_can_act_from_a_step_on() -> None:
    at = panel(show("sandbox", link={"step": "3"}), "From this step on")
    at.selectbox(key="lesson:placement:sandbox:other").select("random")
    ran(at.run())
    at.button(key="lesson:placement:sandbox:act-other").click()
    ran(at.run())
    assert scenario(at)["changes"] == [{"at": 3, "placementStrategy": [{"type": "random"}]}]


def test_instances_come_and_go() -> None:
    at = panel(show("sandbox"), "Instances")
    at.button(key="lesson:placement:sandbox:add").click()
    ran(at.run())
    assert [one["ec2InstanceId"] for one in scenario(at)["instances"]] == ["a1", "a2", "b1", "a3"]
    at.button(key="lesson:placement:sandbox:remove").click()
    ran(at.run())
    assert [one["ec2InstanceId"] for one in scenario(at)["instances"]] == ["a2", "b1", "a3"]
    at.toggle(key=f"{BOX}:at:instances.0.status").set_value(True)
    ran(at.run())
    assert scenario(at)["instances"][0]["status"] == "DRAINING"


def test_the_check_counts_running_tasks_too() -> None:
    crowded = FIRST_BOARD | {"instances": [{"ec2InstanceId": "a", "tasks": {"service:web": 500}}]}
    with pytest.raises(InputError, match="508 tasks"):
        placement_sandbox.check(crowded)


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        ("placement.bet.emptiest", FIRST_BOARD),
        ("placement.bet.race", {**RACES[0].scenario, **RACES[0].left[1]}),
        ("placement.bet.scale-in", SCALE_IN[0].scenario),
    ],
)
def test_a_bet_asks_what_its_figure_then_shows(item: str, shown: dict[str, Any]) -> None:
    asked = next(one for one in load("placement").items if one.id == item)
    assert serve(asked, 0).key == run_of(shown).events[0].instance


def test_the_seed_is_offered_where_chance_has_a_part() -> None:
    at = show("sandbox")
    seed = f"{BOX}:at:seed"
    assert seed not in [slider.key for slider in at.slider]
    at.selectbox(key=f"{BOX}:at:placementStrategy").select("random")
    ran(at.run())
    at.slider(key=seed).set_value(7)
    ran(at.run())
    assert scenario(at)["seed"] == 7


def test_a_situation_with_several_requests_is_changed_where_it_asks_for_tasks() -> None:
    rebalance = next(preset for preset in SANDBOX if preset.id == "rebalance")
    at = show("sandbox", link={"s": to_link(rebalance.scenario), "beside": "all-tasks"})
    at.slider(key=f"{BOX}:at:requests.0.count").set_value(2)
    ran(at.run())
    assert scenario(at)["requests"][0]["count"] == 2
    assert "instances" in scenario(at)


def test_a_situation_that_asks_for_nothing_says_so_in_every_panel() -> None:
    at = show("sandbox", link={"s": to_link({"instances": FIRST_BOARD["instances"], "requests": []})})
    assert "asks for no task" in words(at)
    for name in PANELS:
        panel(at, name)
