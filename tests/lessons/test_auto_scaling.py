"""The figures of the lesson on service auto scaling: every situation, locked and unlocked, and all that changes it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from diagrams.film import encode
from lessons import auto_scaling, markdown, scaling_load, scaling_race
from lessons import scaling_runs as runs
from lessons.scaling_figures import STARTS
from lessons.scaling_presets import BESIDE, FIRST, QUEUE, RACES, SANDBOX, SCALE_IN, STEP_STARTS, STEPS
from lessons.scaling_real import snippets, step_snippets
from quizzes.bank import load
from quizzes.replay import can_show
from quizzes.variants import serve
from screens import feedback
from simulator.errors import InputError
from simulator.scaling.state import SCALE, Kind
from simulator.scenario import decode
from simulator.scenario import encode as to_link
from simulator.trace import state_at
from ui.load_curve import POINTS

FIGURES = (*auto_scaling.WIDGETS, *auto_scaling.DIAGRAMS)
GROUPS = {"first-alarm": FIRST, "scale-in": SCALE_IN, "steps": STEPS}
EACH = [pytest.param(name, preset, id=f"{name}-{preset.id}") for name, group in GROUPS.items() for preset in group]


def page(name: str, locked: bool) -> None:
    from lessons import auto_scaling
    from lessons.stage import Stage

    figures = {**auto_scaling.WIDGETS, **auto_scaling.DIAGRAMS}
    figures[name](Stage(slug="auto-scaling", name=name, locked=locked))


def show(name: str, *, locked: bool = False, link: dict[str, str] | None = None) -> AppTest:
    at = AppTest.from_function(page, args=(name, locked))
    for key, value in (link or {}).items():
        at.query_params[key] = value
    return ran(at.run(timeout=30))


def ran(at: AppTest) -> AppTest:
    assert not at.exception, at.exception
    return at


def key(name: str, suffix: str) -> str:
    return f"lesson:auto-scaling:{name}:{suffix}"


def scenario(at: AppTest, name: str) -> dict[str, Any]:
    return at.session_state[key(name, "box:scenario")]


def words(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.markdown, *at.caption, *at.warning))


def choose(at: AppTest, name: str, suffix: str, preset: str) -> AppTest:
    at.session_state[key(name, suffix)] = preset
    return ran(at.run())


def opened(**link: str) -> AppTest:
    at = show("sandbox", link=link)
    return at if link else ran(at.button[0].click().run())


def panel(at: AppTest, name: str) -> AppTest:
    at.session_state[key("sandbox", "panel")] = name
    return ran(at.run())


def moves(scenario: Any) -> list[tuple[int, int, int]]:
    """When a run's desired count changes: minute, from, to."""
    kinds = (Kind.SCALED, Kind.SCHEDULED)
    events = [event for event in runs.run_of(scenario).events if event.kind in kinds and event.before != event.after]
    return [(event.at // 60, event.before, event.after) for event in events]


def named(group: tuple[Any, ...], name: str) -> Any:
    return next(preset.scenario for preset in group if preset.id == name)


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("locked", [True, False])
def test_every_figure_is_drawn(name: str, locked: bool) -> None:
    show(name, locked=locked)


@pytest.mark.parametrize("name", ["first-alarm", "scale-in", "race"])
def test_a_locked_figure_asks_and_tells_nothing(name: str) -> None:
    at = show(name, locked=True)
    assert "Place your bet above" in words(at)
    assert not at.markdown
    assert not at.button
    assert not at.get("button_group")


def test_what_is_sent_while_a_bet_is_owed_holds_nothing_of_the_outcome() -> None:
    first = runs.opening_of(FIRST[0].scenario, 4, "Well?")
    assert ">7<" not in first.svg
    assert "4 desired, 4 running" in encode(first)
    assert "7 desired" not in encode(first)
    down = runs.opening_of(SCALE_IN[0].scenario, 5, "Well?")
    assert "10 desired, 10 running" in encode(down)
    assert "AlarmLow" not in encode(down)
    race = encode(runs.race_opening(RACES[0].scenario, scaling_race.BEFORE, "Well?"))
    assert "0 lost" in race
    assert "24 desired" not in race
    assert "97,500" not in race
    assert "241,500" not in race


@pytest.mark.parametrize(("name", "preset"), EACH)
def test_each_situation_is_shown_with_its_sentence(name: str, preset: Any) -> None:
    assert preset.about in words(choose(show(name), name, "preset", preset.id))


def test_every_situation_starts_where_it_tells_something() -> None:
    assert set(STARTS) == {preset.id for preset in (*FIRST, *SCALE_IN)}
    assert set(STEP_STARTS) == {preset.id for preset in STEPS}
    for preset in (*FIRST, *SCALE_IN):
        assert STARTS[preset.id] < len(runs.film_of(preset.scenario).frames)


# What the text says is what the simulator does.


def test_the_first_bet_comes_out_at_seven_after_three_minutes() -> None:
    assert moves(FIRST[0].scenario) == [(7, 4, 7)]
    assert moves(named(FIRST, "one-minute")) == []
    assert [after for _, _, after in moves(named(FIRST, "five-times"))] == [8, 16, 20]
    assert moves(named(FIRST, "maximum")) == [(7, 4, 6)]
    starved = runs.course_at(named(FIRST, "no-room")).moments[-1].state
    assert (starved.desired, starved.running) == (7, 5)


def test_the_way_down_is_as_slow_as_the_text_says() -> None:
    assert moves(SCALE_IN[0].scenario)[:3] == [(20, 10, 9), (25, 9, 8), (30, 8, 7)]
    assert moves(named(SCALE_IN, "gap")) == []
    assert moves(named(SCALE_IN, "deployment"))[0][0] == 31
    assert moves(named(SCALE_IN, "two-policies")) == []
    assert not [at for at, _, _ in moves(named(SCALE_IN, "no-data")) if at <= 30]
    assert moves(named(SCALE_IN, "returns")) == [(20, 10, 9), (24, 9, 14)], "within the cooldown of 300 s, and at once"


def test_the_race_comes_out_as_the_text_says() -> None:
    def lost(name: str) -> dict[str, int]:
        scenarios = runs.racing(named(RACES, name))
        return {way: runs.answer_of(one)["requests"]["failed"] for way, one in scenarios.items()}

    sale, surprise, hill = lost("sale"), lost("surprise"), lost("hill")
    assert sale["Schedule"] == 0 < sale["Step scaling"] < sale["Target tracking"]
    assert max(surprise, key=surprise.__getitem__) == "Schedule"
    assert hill["Target tracking"] == hill["Step scaling"] == 0 < hill["Schedule"]
    for way in ("Target tracking", "Step scaling"):
        moments = runs.course_at(runs.racing(named(RACES, "waves"))[way]).moments
        assert moments[20].state.failed == moments[-1].state.failed, "only the first wave finds too few tasks"
    tracked = [after for _, _, after in moves(runs.racing(RACES[0].scenario)["Target tracking"])][:4]
    assert tracked == [7, 12, 20, 30], "four rounds, as the bet's feedback says"


def test_the_queue_s_cpu_says_nothing_of_the_backlog() -> None:
    backlog, cpu = (runs.answer_of(preset.scenario) for preset in QUEUE)
    assert backlog["worstQueue"] < cpu["worstQueue"]
    state = state_at(runs.run_of(QUEUE[1].scenario), len(runs.run_of(QUEUE[1].scenario)) // 3)
    assert state.cpu == 100 * SCALE
    assert state.queue > 10_000 * SCALE
    rates = [rate for _, rate in QUEUE[0].scenario["load"]["points"]]
    assert max(rates) == 12 * min(rates)


def test_in_the_two_policies_one_is_low_and_the_other_is_not() -> None:
    course = runs.course_at(named(SCALE_IN, "two-policies"))
    assert course.moments[20].state.refused == "notAllReady"


def test_the_lesson_has_the_mistakes_of_the_notes() -> None:
    beliefs = [block.belief for block in markdown.load("auto-scaling").blocks if hasattr(block, "belief")]
    assert len(beliefs) == 5


# The first figure and the diagram that follows it.


def test_the_diagram_follows_the_first_figure() -> None:
    at = show("loop")
    at.session_state[key("first-alarm", "rest")] = ["no-room", 12]
    ran(at.run())
    at.session_state[key("first-alarm", "rest")] = ["nothing of the kind", 99]
    ran(at.run())


def test_the_reasons_say_what_the_caption_has_no_room_for() -> None:
    at = show("first-alarm")
    assert "3 data points in a row above the target 50" in words(at)
    assert "observed" in words(at)
    at = choose(show("scale-in"), "scale-in", "preset", "deployment")
    assert "What would let it through: wait until the deployment has ended" in words(at)


# The race: a load that is drawn or pasted, and three policies that can be set.


@pytest.mark.parametrize("preset", RACES, ids=lambda preset: preset.id)
def test_every_load_of_the_race_is_shown_with_its_table(preset: Any) -> None:
    at = show("race")
    at.session_state[key("race", "box:scenario")] = dict(preset.scenario)
    at = ran(at.run())
    assert preset.about in words(at)
    for name, one in runs.racing(preset.scenario).items():
        assert (
            f"| **{name}** | {runs.answer_of(one)['most']} | {runs.answer_of(one)['requests']['failed']:,} |"
            in words(at)
        )


@pytest.mark.parametrize("preset", [*RACES, *SANDBOX], ids=lambda preset: preset.id)
def test_drawing_nothing_changes_nothing(preset: Any) -> None:
    """The loads lie on the plot's points, so that what is drawn is what runs."""
    minutes = preset.scenario["minutes"]
    values, top = scaling_load.heights(preset.scenario)
    assert len(values) == POINTS
    assert max(values) < top
    points = scaling_load.points_of(values, minutes)
    again, _ = scaling_load.heights({**preset.scenario, "load": {"points": points}})
    assert again == values


def test_the_points_between_which_the_line_is_straight_are_left_out() -> None:
    assert scaling_load.points_of([10] * 31, 60) == [[0, 10], [60, 10]]
    assert scaling_load.points_of([0, *range(0, 300, 10)], 40)[:2] == [[0, 0], [1.333, 0]]


def pasted(at: AppTest, text: str) -> AppTest:
    ran(at.toggle[0].set_value(True).run())
    field = next(area for area in at.text_area if area.key == key("race", "csv"))
    return ran(field.set_value(text).run())


def test_a_pasted_load_is_taken_and_undo_brings_the_old_one_back() -> None:
    at = pasted(show("race"), "minute,rate\n0,100\n20,100\n25,900.5\n45;300\n")
    assert scenario(at, "race")["load"] == {"points": [[0, 100], [20, 100], [25, 900.5], [45, 300]]}
    undo = next(button for button in at.button if button.label == "Undo")
    ran(undo.click().run())
    assert scenario(at, "race") == RACES[0].scenario


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("abc", "no point"),
        ("0,1\n1,x", "line 2"),
        ("0,1\n99,2", "from 0 to 60"),
        ("5,1\n2,2", "goes back in time"),
        ("1,2,3", "3 cells"),
        ("\n".join(f"{k % 60},1" for k in range(1500)), "1441 rows"),
    ],
    ids=["no numbers", "a letter", "too late", "backward", "three cells", "too long"],
)
def test_a_load_that_cannot_be_read_is_told_in_one_sentence(text: str, said: str) -> None:
    at = pasted(show("race"), text)
    assert scenario(at, "race") == RACES[0].scenario
    assert said in at.warning[0].value.replace("\\", "")
    assert len(at.warning) == 1


def test_the_three_can_be_set_and_a_schedule_that_ends_before_it_begins_is_refused() -> None:
    at = show("race")
    ran(at.toggle[0].set_value(True).run())
    sliders = {slider.label.split(" · ")[0]: slider for slider in at.slider}
    assert len(sliders) == 5
    ran(at.slider[0].set_value(30).run())
    assert scenario(at, "race")["race"]["target"] == 30
    ran(at.slider[3].set_value(50).run())
    assert scenario(at, "race")["race"]["from"] == 12
    assert "let it end after its start" in words(at)


# The sandbox.


@pytest.mark.parametrize("preset", SANDBOX, ids=lambda preset: preset.id)
def test_every_situation_of_the_sandbox_runs_with_every_panel(preset: Any) -> None:
    at = opened()
    at.session_state[key("sandbox", "box:scenario")] = dict(preset.scenario)
    at = ran(at.run())
    assert preset.about in words(at)
    for name in ("Load", "Policies", "Service and cluster", "From this minute on", "Beside it", "JSON", "For real"):
        panel(at, name)


def test_the_sandbox_is_closed_until_somebody_opens_it() -> None:
    at = show("sandbox")
    assert [button.label for button in at.button] == ["Open the sandbox"]


def test_the_controls_write_aws_s_names_and_undo_restores() -> None:
    at = panel(opened(), "Policies")
    target = next(slider for slider in at.slider if "TargetValue" in slider.label)
    ran(target.set_value(70).run())
    policy = scenario(at, "sandbox")["policies"][0]
    assert policy["targetTrackingScalingPolicyConfiguration"]["TargetValue"] == 70
    undo = next(button for button in at.button if button.label == "Undo")
    ran(undo.click().run())
    assert scenario(at, "sandbox") == SANDBOX[0].scenario
    schedule = next(toggle for toggle in at.toggle if "PutScheduledAction" in toggle.label)
    ran(schedule.set_value(True).run())
    assert [action["atMinute"] for action in scenario(at, "sandbox")["scheduledActions"]] == [8, 30]
    policies = at.selectbox[0]
    ran(policies.select("step scaling, out and in").run())
    assert [one["policyName"] for one in scenario(at, "sandbox")["policies"]] == ["out", "in"]
    assert not [slider for slider in at.slider if "TargetValue" in slider.label], "steps have no target"


def test_the_cluster_can_be_broken() -> None:
    at = panel(opened(), "Service and cluster")
    for toggle in list(at.toggle):
        ran(next(one for one in at.toggle if one.key == toggle.key).set_value(True).run())
    assert {"deployments", "missingData", "placeable"} <= set(scenario(at, "sandbox"))
    minutes = next(slider for slider in at.slider if "minutes" in slider.label)
    ran(minutes.set_value(20).run())
    assert scenario(at, "sandbox")["minutes"] == 60, "the load and the deployment go on to minute 60 and 25"
    assert at.warning


def test_from_a_minute_on_the_run_goes_another_way() -> None:
    at = panel(opened(), "From this minute on")
    twice = next(button for button in at.button if button.label == "The load doubles")
    ran(twice.click().run())
    change = scenario(at, "sandbox")["changes"][0]
    assert change["loadPercent"] == 200
    undo = next(button for button in at.button if button.label == "Undo")
    ran(undo.click().run())
    assert "changes" not in scenario(at, "sandbox")


@pytest.mark.parametrize("name", BESIDE)
def test_every_belief_can_be_set_beside_the_run(name: str) -> None:
    at = opened()
    at.session_state[key("sandbox", "beside")] = name
    ran(at.run())


def test_some_belief_differs_in_every_situation_with_a_policy_that_tracks() -> None:
    for preset in SANDBOX:
        differs = [name for name, (_, rules) in BESIDE.items() if runs.parted(preset.scenario, rules) is not None]
        assert differs or preset.id == "flapping", preset.id


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "JSON"),
        ('{"minutes": 60}', "min"),
        (json.dumps({**SANDBOX[0].scenario, "minutes": 5000}), "1440"),
        (json.dumps({**SANDBOX[0].scenario, "max": 4000, "capacity": 4000}), "this page draws 500"),
        (json.dumps({**SANDBOX[0].scenario, "policies": SANDBOX[0].scenario["policies"] * 9}), "this page plays 6"),
        (json.dumps({**SANDBOX[0].scenario, "policies": "cpu"}), "policies"),
        ("[1, 2]", "object"),
    ],
    ids=["half", "too little", "too long", "too many tasks", "too many policies", "no list", "no object"],
)
def test_rubbish_never_becomes_the_situation(text: str, said: str) -> None:
    at = panel(opened(), "JSON")
    area = next(area for area in at.text_area if area.key == key("sandbox", "box:json"))
    ran(area.set_value(text).run())
    assert scenario(at, "sandbox") == SANDBOX[0].scenario
    assert said in words(at).replace("\\", "")


def test_a_link_brings_anybody_to_the_situation_and_a_broken_one_is_told() -> None:
    wanted = dict(SANDBOX[3].scenario)
    at = opened(s=to_link(wanted))
    assert scenario(at, "sandbox") == wanted
    at = opened(s="rubbish")
    assert scenario(at, "sandbox") == SANDBOX[0].scenario
    assert "The link could not be opened" in words(at)


def test_a_change_is_in_the_address() -> None:
    at = panel(opened(), "Policies")
    target = next(slider for slider in at.slider if "TargetValue" in slider.label)
    ran(target.set_value(70).run())
    link = at.query_params["s"]
    assert decode(link if isinstance(link, str) else link[0]) == scenario(at, "sandbox")


def test_a_race_or_a_run_that_is_too_large_for_a_page_is_refused() -> None:
    with pytest.raises(InputError, match="this page plays 6"):
        runs.check({**SANDBOX[0].scenario, "policies": [{}] * 7})


# For real.


def test_the_commands_say_what_the_figure_shows() -> None:
    commands, template = (one.text for one in snippets(named(SANDBOX, "prepared")))
    assert "--min-capacity 2" in commands
    assert '"TargetValue": 50' in commands
    assert '"ScaleInCooldown": 60' in commands
    assert "at(2026-11-27T00:08:00)" in commands
    assert '"MinCapacity": 20' in commands
    assert "at(2026-11-27T00:30:00)" in template
    queue = snippets(named(SANDBOX, "workers"))[0].text
    assert '"Expression": "m1 / m2"' in queue
    assert "RunningTaskCount" in queue
    note = snippets({**SANDBOX[0].scenario, "placeable": 3})[0].note
    assert "the room in the cluster" in note
    steps = step_snippets(named(STEPS, "at-least-two"))[0].text
    assert '"MinAdjustmentMagnitude": 2' in steps
    assert "--alarm-actions POLICY_ARN_OUT" in steps


# The bank and the text agree.


def test_every_belief_of_the_bank_that_can_be_shown_beside_is_about_a_whole_run() -> None:
    shown = [item.id for item in load("auto-scaling").items if can_show(item, "MC-SCALING-IN-AS-FAST")]
    assert shown == ["scaling.bet.scale-in"], "a single decision has no run"


def test_show_me_marks_the_minute_where_the_belief_parts_from_what_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(feedback, "player", lambda film, **named: given.update(named, film=film))
    item = next(item for item in load("auto-scaling").items if item.id == "scaling.bet.scale-in")
    feedback._both_runs(item, serve(item, 0), "MC-SCALING-IN-AS-FAST", key="k")
    # A minute is a frame; the third low data point is that of minute 8.
    assert (given["parted_at"], given["step"]) == (7, 8)
    assert given["film"].frames[8].caption.endswith("data point 3 of 15.")
    assert given["beside"].frames[8].caption.startswith("The desired count goes from 10 to ")
