"""The figures of the lesson on clusters: locked and unlocked, every situation, and all that a reader can change."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from diagrams.film import encode
from lessons import clusters, markdown
from lessons.blocks import Prose
from lessons.clusters_figures import (
    ASK_DEAL,
    ASK_SPOT,
    answer_of,
    dealing_of,
    outcome,
    reasons,
    rules_of,
    run_of,
    taking_of,
)
from lessons.clusters_presets import BESIDE, DEALS, SANDBOX, SPOT
from lessons.clusters_real import snippets
from lessons.clusters_sandbox import GROUND
from lessons.playground import BESIDE as BESIDE_IT
from lessons.playground import FOR_REAL, JSON
from quizzes.bank import load
from quizzes.variants import serve
from simulator.scenario import decode
from simulator.scenario import encode as to_link

SLUG = "clusters"
BOX = f"lesson:{SLUG}:sandbox:box"
PANELS = (*GROUND.panels, BESIDE_IT, JSON, FOR_REAL)


def page(name: str, locked: bool) -> None:
    from lessons import clusters
    from lessons.stage import Stage

    {**clusters.WIDGETS, **clusters.DIAGRAMS}[name](Stage(slug="clusters", name=name, locked=locked))


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


@pytest.mark.parametrize("name", [*clusters.WIDGETS, *clusters.DIAGRAMS])
def test_every_figure_is_drawn(name: str) -> None:
    show(name)


@pytest.mark.parametrize("name", ["deal", "spot"])
def test_a_locked_figure_asks_and_tells_nothing(name: str) -> None:
    at = show(name, locked=True)
    assert "Place your bet above" in words(at)
    assert not at.markdown
    assert not at.slider


def test_a_locked_film_does_not_hold_what_comes() -> None:
    dealing = dealing_of(DEALS[0].scenario, ask=ASK_DEAL)
    assert len(dealing.frames) == 1
    assert "0 tasks" in dealing.frames[0].text
    assert "svc-" not in encode(dealing)
    taking = taking_of(SPOT[0].scenario, ask=ASK_SPOT)
    assert len(taking.frames) == 2
    assert "SIGTERM" not in encode(taking)


@pytest.mark.parametrize("preset", DEALS, ids=lambda one: one.id)
def test_every_strategy_is_dealt_or_refused(preset) -> None:
    at = show("deal")
    at.session_state[f"lesson:{SLUG}:deal:preset"] = preset.id
    ran(at.run())
    assert preset.about in words(at)
    film = dealing_of(preset.scenario)
    refused = preset.id in ("no-weight", "mixed")
    assert len(film.frames) == (1 if refused else preset.scenario["count"] + 1)
    at.toggle[0].set_value(True)
    ran(at.run())
    assert any("# " in one.value if refused else "aws ecs create-service" in one.value for one in at.code)


@pytest.mark.parametrize("preset", SPOT, ids=lambda one: one.id)
def test_every_run_with_spot_plays_and_its_diagram_follows(preset) -> None:
    at = show("spot")
    at.session_state[f"lesson:{SLUG}:spot:preset"] = preset.id
    ran(at.run())
    assert preset.about in words(at)
    assert "stopCode SpotInterruption" in words(at)
    assert at.session_state[f"lesson:{SLUG}:spot:rest"][0] == preset.id
    assert len(at.slider) == (preset.id == "taken-back")
    assert run_of(preset.scenario).events[-1].kind in ("tasks-running", "tasks-stopped")


def test_the_readers_own_room_on_spot_counts() -> None:
    at = show("spot")
    assert "unable to place a task" in words(at)
    at.slider[0].set_value(6)
    ran(at.run())
    assert "unable to place a task" not in words(at)


def test_the_text_and_the_simulator_agree() -> None:
    text = " ".join(block.markdown for block in markdown.load(SLUG).blocks if isinstance(block, Prose))
    assert answer_of(DEALS[0].scenario)["distribution"] == {"FARGATE": 2, "FARGATE_SPOT": 4}
    assert "Two of the six" in text
    film = taking_of(SPOT[0].scenario)
    assert "FARGATE: 4 run, 0 stop\nFARGATE_SPOT: 6 run, 0 stop" in film.frames[1].text
    assert "FARGATE_SPOT: 2 run, 4 stop" in film.frames[2].text
    assert "four on `FARGATE`, six on" in text
    assert "Spot, if Spot has room" in reasons(SPOT[0].scenario, 2)
    bet = next(one for one in load(SLUG).items if one.id == "clusters.bet.spot")
    assert serve(bet, 0).key == 6
    assert "FARGATE_SPOT: 2 run, 0 stop" in film.frames[3].text


def test_what_is_open_says_what_is_sure() -> None:
    told = outcome(next(one for one in DEALS if one.id == "remainder").scenario)
    assert "`FARGATE` 3 to 4, `FARGATE_SPOT` 3 to 4" in told


@pytest.mark.parametrize("one", SANDBOX, ids=lambda one: one.id)
def test_every_preset_of_the_sandbox_comes_back_from_its_link_with_every_panel(one) -> None:
    at = show("sandbox", link={"s": to_link(one.scenario)})
    assert scenario(at) == one.scenario
    assert one.about in words(at)
    for name in PANELS:
        panel(at, name)
    assert all(snippet.text for snippet in snippets(one.scenario))


@pytest.mark.parametrize("name", BESIDE)
def test_each_belief_changes_some_situation(name: str) -> None:
    rules = rules_of(BESIDE[name][1])
    assert any(dict(answer_of(one.scenario, rules)) != dict(answer_of(one.scenario)) for one in SANDBOX)
    at = show("sandbox", link={"beside": name})
    assert f"**{BESIDE[name][0]}:**" in words(at)


def test_controls_change_the_scenario_undo_takes_it_back_and_a_second_base_is_refused() -> None:
    at = panel(show("sandbox"), "Strategy")
    at.slider(key=f"{BOX}:at:capacityProviderStrategy.0.base").set_value(6)
    ran(at.run())
    assert decode(at.query_params["s"])["capacityProviderStrategy"][0]["base"] == 6
    at.slider(key=f"{BOX}:at:capacityProviderStrategy.1.base").set_value(1)
    ran(at.run())
    assert "only one provider of a strategy may have one" in at.warning[0].value.replace("\\", "")
    at.button(key=f"{BOX}:undo").click()
    ran(at.run())
    assert scenario(at) == SANDBOX[0].scenario


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "This is not JSON"),
        ("{}", "The document asks nothing"),
        ('{"count": 3, "launchType": "FARGATE"}', "The sandbox deals by a strategy"),
        ('{"count": 61, "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}]}', "deals 60"),
        ('{"count": 1, "capacityProviderStrategy": 7}', "capacityProviderStrategy"),
        ('{"running": 4}', "The sandbox deals by a strategy"),
    ],
)
def test_bad_json_never_overwrites_the_scenario(text: str, told: str) -> None:
    at = panel(show("sandbox"), JSON)
    at.text_area(key=f"{BOX}:json").set_value(text)
    ran(at.run())
    assert scenario(at) == SANDBOX[0].scenario
    assert told in at.warning[0].value.replace("\\", "")
