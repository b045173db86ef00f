"""The figures of the lesson on rolling updates: every situation, locked and unlocked, and all that can be changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from diagrams.film import encode
from lessons import rolling_runs as runs
from lessons import rolling_updates
from lessons.rolling_presets import BESIDE, FAILING, FIRST, SANDBOX, STUCK, TIMED, WAVES
from lessons.situations import digest
from quizzes.bank import load
from quizzes.grading import grade
from quizzes.variants import respond, serve
from simulator.deployment import simulate
from simulator.deployment.stuck import cured
from simulator.errors import InputError
from simulator.scenario import decode
from simulator.scenario import encode as to_link
from simulator.trace import first_difference, fork

FIGURES = (*rolling_updates.WIDGETS, *rolling_updates.DIAGRAMS)
GROUPS = {
    "first-update": FIRST,
    "waves": WAVES,
    "timed": TIMED,
    "stuck": STUCK,
    "failures": FAILING,
    "sandbox": SANDBOX,
}
EACH = [pytest.param(name, preset, id=f"{name}-{preset.id}") for name, group in GROUPS.items() for preset in group]
NOTES = {
    "50-100": [("stop", 2, 2), ("start", 2, 4), ("stop", 2, 2), ("start", 2, 4)],
    "100-150": [("start", 2, 6), ("stop", 2, 4), ("start", 2, 6), ("stop", 2, 4)],
}


def page(name: str, locked: bool) -> None:
    from lessons import rolling_updates
    from lessons.stage import Stage

    figures = {**rolling_updates.WIDGETS, **rolling_updates.DIAGRAMS}
    figures[name](Stage(slug="rolling-updates", name=name, locked=locked))


def show(name: str, *, locked: bool = False, link: dict[str, str] | None = None) -> AppTest:
    at = AppTest.from_function(page, args=(name, locked))
    at.session_state["lesson:rolling-updates:sandbox:opened"] = True
    for key, value in (link or {}).items():
        at.query_params[key] = value
    return ran(at.run(timeout=30))


def ran(at: AppTest) -> AppTest:
    assert not at.exception, at.exception
    return at


def key(name: str, suffix: str) -> str:
    return f"lesson:rolling-updates:{name}:{suffix}"


def scenario(at: AppTest, name: str) -> dict[str, Any]:
    return at.session_state[key(name, "box:scenario")]


def choose(at: AppTest, name: str, preset: str) -> AppTest:
    pills = next(group for group in at.get("button_group") if group.key == key(name, "box:preset"))
    return ran(pills.set_value([preset]).run() if isinstance(pills.value, list) else pills.set_value(preset).run())


def put(at: AppTest, name: str, wanted: dict[str, Any]) -> AppTest:
    """A situation that somebody has made, without going through its controls."""
    at.session_state[key(name, "box:scenario")] = wanted
    return ran(at.run())


def words(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.markdown, *at.caption))


def panel(at: AppTest, name: str) -> AppTest:
    at.session_state[key("sandbox", "panel")] = name
    return ran(at.run())


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("locked", [True, False])
def test_every_figure_is_drawn(name: str, locked: bool) -> None:
    show(name, locked=locked)


@pytest.mark.parametrize("name", ["first-update", "timed", "stuck", "failures"])
def test_a_locked_figure_asks_and_tells_nothing(name: str) -> None:
    at = show(name, locked=True)
    assert "Place your bet above" in words(at)
    assert not at.markdown
    assert not at.button
    assert not at.get("button_group")


@pytest.mark.parametrize("preset", [FIRST[0], TIMED[0], FAILING[0]], ids=lambda preset: preset.id)
def test_what_is_sent_while_a_bet_is_owed_holds_a_question_and_nothing_of_the_outcome(preset) -> None:
    opening, whole = runs.opening_of(preset.scenario, "Well?"), runs.film_of(preset.scenario)
    sent = encode(opening)
    assert [frame.caption for frame in opening.frames] == ["Well?"]
    assert not [frame.caption for frame in whole.frames if frame.caption in sent]
    assert "at least" not in sent
    assert "at most" not in sent
    assert runs.opening_of(dict(preset.scenario), "Well?") is opening, "computed once for all readers"


@pytest.mark.parametrize(("name", "preset"), EACH)
def test_each_situation_is_shown_with_its_sentence(name: str, preset) -> None:
    at = choose(show(name), name, preset.id)
    assert scenario(at, name) == preset.scenario
    assert preset.about in words(at)


@pytest.mark.parametrize("preset", [*WAVES, *SANDBOX], ids=lambda preset: preset.id)
def test_the_notes_two_examples_come_out_wave_for_wave(preset) -> None:
    if preset.id in NOTES:
        waves = runs.waves_of(preset.scenario)["waves"]
        assert [(wave["action"], wave["count"], wave["running"]) for wave in waves] == NOTES[preset.id]
    else:
        assert runs.waves_of(preset.scenario)["outcome"] in ("completed", "config-stuck")


def test_the_first_bet_comes_out_stuck_and_its_second_situation_moves() -> None:
    at = show("first-update")
    assert "Nothing may stop" in words(at)
    assert "It never finishes." in words(at)
    at = choose(at, "first-update", "134")
    assert "It finishes after" in words(at)


def test_where_the_order_is_open_the_figure_says_so_and_offers_both() -> None:
    at = show("waves")
    assert "has to stop first" in words(at)
    assert not at.selectbox
    at = choose(at, "waves", "open")
    assert "AWS leaves the order open" in words(at)
    before = runs.waves_film(scenario(at, "waves")).frames[0].caption
    ran(at.selectbox[0].select("start first").run())
    assert scenario(at, "waves")["order"] == "start-first"
    assert runs.waves_film(scenario(at, "waves")).frames[0].caption != before


def test_the_sliders_of_the_waves_write_awss_names_and_undo_restores() -> None:
    at = show("waves")
    ran(at.slider[0].set_value(6).run())
    ran(at.slider[1].set_value(75).run())
    ran(at.slider[2].set_value(150).run())
    wanted = {"desiredCount": 6, "deploymentConfiguration": {"minimumHealthyPercent": 75, "maximumPercent": 150}}
    assert scenario(at, "waves") == wanted
    ran(at.toggle[0].set_value(True).run())
    assert scenario(at, "waves")["slots"] == 6
    ran(at.slider[3].set_value(7).run())
    assert scenario(at, "waves")["slots"] == 7
    undo = next(button for button in at.button if button.label == "Undo")
    ran(undo.click().run())
    assert scenario(at, "waves")["slots"] == 6


def test_by_default_draining_takes_longest() -> None:
    taken = runs.pace(TIMED[0].scenario)
    assert (taken.start, taken.health, taken.drain, taken.stop) == (20_000, 150_000, 300_000, 2_000)
    assert taken.whole == 472_000
    told = words(show("timed"))
    assert "| drain | 5 min |" in told
    assert "| the whole deployment | 7 min 52 s |" in told


@pytest.mark.parametrize(
    ("name", "health"),
    [("forty-seconds", 40_000), ("container-check", 10_000), ("tuned", 10_000), ("slow-start", None)],
)
def test_when_a_task_counts_as_healthy(name: str, health: int | None) -> None:
    preset = next(preset for preset in TIMED if preset.id == name)
    assert runs.pace(preset.scenario).health == health


def test_the_timed_figure_can_be_set_by_hand() -> None:
    at = show("timed")
    assert not at.slider
    ran(at.toggle[0].set_value(True).run())
    for slider in at.slider:
        ran(slider.set_value(slider.min).run())
    balancer = scenario(at, "timed")["loadBalancer"]
    assert balancer["healthCheckIntervalSeconds"] == 5
    assert balancer["deregistrationDelaySeconds"] == 0
    container = next(toggle for toggle in at.toggle if "container" in toggle.label)
    ran(container.set_value(True).run())
    assert scenario(at, "timed")["containerHealthCheck"] == {"interval": 10}
    off = next(toggle for toggle in at.toggle if "load balancer" in toggle.label)
    ran(off.set_value(False).run())
    assert "loadBalancer" not in scenario(at, "timed")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("fixed-port", "port"),
        ("full-cluster", "capacity"),
        ("config", "config"),
        ("one-task", "config"),
        ("never-healthy", "never-healthy"),
        ("protected", "protected"),
    ],
)
def test_each_stuck_situation_tells_its_cause_and_every_cure_frees_it(name: str, kind: str) -> None:
    preset = next(preset for preset in STUCK if preset.id == name)
    found = runs.stuck_at(preset.scenario, runs.telling_step(preset.scenario))
    assert found is not None
    assert found.kind == kind
    at = choose(show("stuck"), "stuck", name)
    assert "Why is it stuck?" in words(at)
    assert [code.value for code in at.code] == ([found.event] if found.event else [])
    cures = [button for button in at.button if ":cure-" in (button.key or "")]
    assert len(cures) == len(found.cures) > 0
    for k, cure in enumerate(found.cures):
        at = choose(show("stuck"), "stuck", name)
        ran(at.button(key("stuck", f"cure-{k}")).click().run())
        assert scenario(at, "stuck") == cured(preset.scenario, cure)
        assert "**It moves.**" in words(at)


def test_undo_brings_the_stuck_deployment_back() -> None:
    at = show("stuck")
    ran(at.button(key("stuck", "cure-0")).click().run())
    assert "**It moves.**" in words(at)
    ran(at.button(key("stuck", "box:undo")).click().run())
    assert scenario(at, "stuck") == STUCK[0].scenario
    assert "Why is it stuck?" in words(at)


def test_a_broken_version_rolls_back_and_the_old_tasks_never_fell_below_the_bound() -> None:
    at = show("failures")
    told = words(at)
    assert "It ends back on `web:1`" in told
    assert "Three failures reached the circuit breaker" in told
    assert "circuit breaker of the rollback: **0 of 3** failures" in told
    assert runs.last_state(FAILING[0].scenario).service_deployment_status == "ROLLBACK_SUCCESSFUL"
    run = runs.run_of(FAILING[0].scenario)
    assert min(runs.state_of(FAILING[0].scenario, k).healthy for k in range(len(run) + 1)) == 4


def test_the_bet_on_the_breaker_asks_for_what_its_figure_shows() -> None:
    counts = [
        runs.state_of(FAILING[0].scenario, k).breaker_count for k in range(len(runs.run_of(FAILING[0].scenario)) + 1)
    ]
    bet = next(item for item in load("rolling-updates").items if item.id == "rolling.bet.breaker")
    assert serve(bet, 0).key == runs.state_of(FAILING[0].scenario, 0).breaker_threshold == 3
    assert max(counts) >= 3


def test_the_events_list_labels_what_aws_does_not_document() -> None:
    at = show("failures")
    html = "".join(element.proto.body for element in at.get("html"))
    assert "deployment failed: tasks failed to start." in html
    assert "<em>illustrative</em>" in html
    assert "AWS documents no such text" in words(at)
    assert "has started" not in html.split("class='ours'")[0], "an undocumented line is always marked"


def test_failures_and_the_breaker_can_be_set_by_hand() -> None:
    at = choose(show("failures"), "failures", "no-breaker")
    ran(at.toggle(key("failures", "controls")).set_value(True).run())
    breaker = next(toggle for toggle in at.toggle if "Circuit breaker" in toggle.label)
    ran(breaker.set_value(True).run())
    held = scenario(at, "failures")["deploymentConfiguration"]["deploymentCircuitBreaker"]
    assert held == {"enable": True, "rollback": True}
    give_up = next(box for box in at.selectbox if "Give up at" in box.label)
    ran(give_up.select("COUNT 5").run())
    assert runs.state_of(scenario(at, "failures"), 0).breaker_threshold == 5
    resets = next(box for box in at.selectbox if "becomes healthy" in box.label)
    ran(resets.select("the count stays").run())
    back = next(toggle for toggle in at.toggle if "Roll back" in toggle.label)
    ran(back.set_value(False).run())
    held = scenario(at, "failures")["deploymentConfiguration"]["deploymentCircuitBreaker"]
    assert (held["resetOnHealthyTask"], held["rollback"]) == (False, False)
    wrong = next(box for box in at.selectbox if "What goes wrong" in box.label)
    for option in wrong.options:
        ran(next(box for box in at.selectbox if "What goes wrong" in box.label).select(option).run())
    assert scenario(at, "failures")["failures"][0]["kind"] == "instance-dies"


def test_the_sandbox_shows_each_panel_and_the_json_round_trips() -> None:
    at = show("sandbox")
    for name in ("Bounds", "Health and draining", "Failures", "From this step on", "Beside it", "For real", "JSON"):
        panel(at, name)
    text = at.text_area[0]
    assert json.loads(text.value) == scenario(at, "sandbox")
    wanted = {"desiredCount": 5, "deploymentConfiguration": {"minimumHealthyPercent": 60, "maximumPercent": 100}}
    ran(text.set_value(json.dumps(wanted)).run())
    assert scenario(at, "sandbox") == wanted
    ran(at.button(key("sandbox", "box:undo")).click().run())
    assert scenario(at, "sandbox") == SANDBOX[0].scenario


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "This is not JSON: line 1"),
        ("[1]", "A situation is a JSON object"),
        ('{"desiredCount": 5000}', f"this page plays {runs.MOST_DRAWN}"),
        ('{"desiredCount": "many"}', "desiredCount must be"),
        ('{"desiredCount": 4, "deploymentConfiguration": {"maximumPercent": 90}}', "maximumPercent"),
    ],
)
def test_bad_json_is_refused_with_a_sentence_and_the_figure_keeps_what_ran(text: str, sentence: str) -> None:
    at = panel(show("sandbox"), "JSON")
    ran(at.text_area[0].set_value(text).run())
    assert scenario(at, "sandbox") == SANDBOX[0].scenario
    assert sentence in at.warning[0].value
    assert at.text_area[0].value == text, "what was typed stays, to be mended"
    ran(at.button(key("sandbox", "box:restore")).click().run())
    assert not at.warning


def test_the_link_brings_back_situation_step_and_what_is_beside() -> None:
    wanted = {"desiredCount": 3, "deploymentConfiguration": {"minimumHealthyPercent": 66, "maximumPercent": 100}}
    at = show("sandbox", link={"s": to_link(wanted), "step": "4", "beside": "at-once"})
    assert scenario(at, "sandbox") == wanted
    assert at.session_state[key("sandbox", "rest")][2] == 4
    assert "They part at step" in words(at)


@pytest.mark.parametrize("link", ["x", "AAAA", to_link({"desiredCount": -1})])
def test_a_bad_link_says_so_and_the_first_situation_is_shown(link: str) -> None:
    at = show("sandbox", link={"s": link, "step": "-7", "beside": "nobody"})
    assert "The link could not be opened" in at.warning[0].value
    assert scenario(at, "sandbox") == SANDBOX[0].scenario


def test_a_preset_is_written_into_the_address() -> None:
    at = choose(show("sandbox"), "sandbox", "broken")
    written = at.query_params["s"]
    assert decode(written[0] if isinstance(written, list) else written) == scenario(at, "sandbox")


def test_only_a_change_that_would_change_something_is_offered() -> None:
    preset = next(preset for preset in SANDBOX if preset.id == "broken")
    failed = runs.telling_step(preset.scenario)
    for step, mends in ((2, True), (failed, False)):
        at = panel(show("sandbox", link={"s": to_link(preset.scenario), "step": str(step)}), "From this step on")
        labels = [button.label for button in at.button]
        assert ("web:2 is mended" in labels) == mends
        assert "web:2 breaks" not in labels


def test_a_run_can_be_changed_from_the_step_at_rest() -> None:
    at = panel(show("sandbox", link={"step": "5"}), "From this step on")
    ran(at.button(key("sandbox", "fork-0")).click().run())
    changed = scenario(at, "sandbox")
    assert changed["changes"] == [{"at": 5, "desiredCount": 6}]
    before, after = runs.run_of(SANDBOX[0].scenario), runs.run_of(changed)
    assert first_difference(before, after) == 5
    assert after.events == fork(before, 5, {"desiredCount": 6}).events
    assert at.session_state[key("sandbox", "rest")][2] == 6, "the step that shows the change"
    ran(at.button(key("sandbox", "fork-1")).click().run())
    breaks = {"at": 6, "failure": {"kind": "never-healthy", "revision": "web:2"}}
    assert scenario(at, "sandbox")["changes"][-1] == breaks


@pytest.mark.parametrize("name", list(BESIDE))
def test_every_belief_can_be_set_beside_the_run(name: str) -> None:
    at = panel(show("sandbox"), "Beside it")
    ran(at.selectbox(key("sandbox", "choose-beside")).select(name).run())
    assert "They part at step" in words(at) or "The two never part" in words(at)


@pytest.mark.parametrize("name", list(BESIDE))
def test_every_belief_makes_a_difference_somewhere(name: str) -> None:
    _, differs, rules = BESIDE[name]
    for preset in (*FIRST, *WAVES, *TIMED, *SANDBOX, *FAILING):
        try:
            if first_difference(simulate(preset.scenario), simulate({**preset.scenario, **differs}, rules)) is not None:
                return
        except InputError:
            continue
    raise AssertionError(f"{name} changes nothing in any situation of the lesson")


def test_what_is_for_real_says_exactly_what_the_sandbox_shows() -> None:
    at = show("for-real")
    written = at.code[0].value
    assert "aws ecs update-service --cluster harbor --service web" in written
    assert '"minimumHealthyPercent": 50' in written
    assert "Key=deregistration_delay.timeout_seconds,Value=30" in written
    at = put(at, "sandbox", next(preset for preset in SANDBOX if preset.id == "broken").scenario)
    assert '"rollback": true' in at.code[0].value
    assert "what is broken on purpose" in words(at)


def test_the_diagram_shows_the_state_on_which_the_sandbox_rests() -> None:
    at = show("service")
    assert "B8" in _diagram(at)
    assert "A1" not in _diagram(at)
    at.session_state[key("sandbox", "rest")] = (digest(SANDBOX[0].scenario), 15, 0, 0)
    ran(at.run())
    assert "A1" in _diagram(at)


def _diagram(at: AppTest) -> str:
    """What the browser gets of the diagram."""
    return at.get("bidi_component")[0].proto.SerializeToString().decode(errors="replace")


def test_the_items_of_the_text_keep_their_tests() -> None:
    asked = [item for item in load("rolling-updates").items if item.use == "lesson"]
    assert len(asked) == 7
    for item in asked:
        variant = serve(item, 0)
        for test in item.tests:
            assert grade(item, variant, respond(item, variant, test.response)).score == pytest.approx(test.score)
