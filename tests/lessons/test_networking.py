"""The figures of the lesson on networking: every situation, locked and unlocked, and all that can be changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from diagrams.film import encode
from lessons import markdown, networking, networking_sandbox
from lessons.networking_figures import (
    answer_of,
    dealt,
    diagram_of,
    film_of,
    found_of,
    mended,
    outcome,
    parted,
    ruler_of,
    told,
    without_rule,
)
from lessons.networking_presets import DEALT, ENDPOINTS, INTERFACES, SANDBOX, SEALED, START, WALK, start
from lessons.networking_real import snippets
from lessons.situations import digest
from simulator.network import RULES
from simulator.scenario import decode
from simulator.scenario import encode as to_link

FIGURES = (*networking.WIDGETS, *networking.DIAGRAMS)
GROUPS = {"start": START, "walk": WALK, "ports": DEALT, "interfaces": INTERFACES, "sandbox": SANDBOX}
EACH = [pytest.param(name, preset, id=f"{name}-{preset.id}") for name, group in GROUPS.items() for preset in group]
KINDS = [preset for preset in SANDBOX if preset.id in ("two-groups", "nothing", "plain")]
NLB = next(preset for preset in SANDBOX if preset.id == "nlb")
CODES = {
    "start": [
        "ecr.api:NO_ROUTE",
        "START_OK",
        "START_OK",
        "s3:NO_ROUTE",
        "ecr.api:ENDPOINT_SG_INBOUND",
        "ecr.api:NO_PUBLIC_IP",
        "START_OK",
        "START_OK",
    ],
    "walk": [
        "LB_SG_INBOUND",
        "REACHABLE",
        "REACHABLE",
        "TARGET_SG_INBOUND",
        "APP_NOT_LISTENING",
        "TARGET_TYPE_MISMATCH",
        "TARGET_SG_INBOUND",
        "TARGET_SG_INBOUND",
    ],
    "interfaces": ["RESOURCE:ENI", "RESOURCE:ENI", "RESOURCE:ENI", "RESOURCE:ENI", "OK", "RESOURCE:PORTS"],
}


def page(name: str, locked: bool) -> None:
    from lessons import networking
    from lessons.stage import Stage

    figures = {**networking.WIDGETS, **networking.DIAGRAMS}
    figures[name](Stage(slug="networking", name=name, locked=locked))


def show(
    name: str, *, locked: bool = False, link: dict[str, str] | None = None, state: dict[str, Any] | None = None
) -> AppTest:
    at = AppTest.from_function(page, args=(name, locked))
    for key, value in (link or {}).items():
        at.query_params[key] = value
    for key, value in (state or {}).items():
        at.session_state[key] = value
    return ran(at.run(timeout=30))


def ran(at: AppTest) -> AppTest:
    assert not at.exception, at.exception
    return at


def key(name: str, suffix: str) -> str:
    return f"lesson:networking:{name}:{suffix}"


def at_end(name: str, scenario: dict[str, Any]) -> dict[str, Any]:
    """What the browser tells when the film of a scenario rests at its end, after it has set out by itself."""
    film = key(name, f"film-{digest(scenario)}")
    return {key(name, "moved"): True, film: {"step": [len(film_of(scenario).frames) - 1, 0]}}


def scenario_of(at: AppTest, name: str) -> dict[str, Any]:
    return at.session_state[key(name, "box:scenario")]


def pick(at: AppTest, group: str, wanted: str) -> AppTest:
    pills = next(one for one in at.get("button_group") if one.key == group)
    return ran(pills.set_value([wanted]).run() if isinstance(pills.value, list) else pills.set_value(wanted).run())


def words(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.markdown, *at.caption))


def press(at: AppTest, label: str) -> AppTest:
    return ran(next(button for button in at.button if button.label == label).click().run())


def opened(scenario: dict[str, Any] | None = None) -> AppTest:
    return show("sandbox", link={"s": to_link(scenario if scenario is not None else dict(SANDBOX[0].scenario))})


def panel(at: AppTest, name: str) -> AppTest:
    at.session_state[key("sandbox", "panel")] = name
    return ran(at.run())


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("locked", [True, False])
def test_every_figure_is_drawn(name: str, locked: bool) -> None:
    show(name, locked=locked)


@pytest.mark.parametrize("name", ["start", "walk"])
def test_a_locked_figure_asks_and_tells_nothing(name: str) -> None:
    at = show(name, locked=True)
    assert "Place your bet above" in words(at)
    assert not at.markdown
    assert not at.button
    assert not at.get("button_group")
    first = GROUPS[name][0]
    film, whole = film_of(first.scenario, locked=True), film_of(first.scenario)
    assert len(film.frames) == 1
    assert film.frames[0].caption.endswith("?")
    sent = encode(film)
    assert not [frame.caption for frame in whole.frames[1:] if frame.caption in sent]
    for word in ("STOPPED", "✕", "no route", "failed"):
        assert word not in sent


@pytest.mark.parametrize("name", ["start", "walk", "interfaces"])
def test_the_situations_come_out_as_the_text_says(name: str) -> None:
    assert [answer_of(preset.scenario)["code"] for preset in GROUPS[name]] == CODES[name]


def test_the_bets_show_the_situations_of_their_figures() -> None:
    from quizzes.bank import load

    items = {item.id: item for item in load("networking").items}
    for name, item in (("start", "networking.bet.sealed"), ("walk", "networking.bet.slip")):
        simulated = items[item].simulate
        assert simulated
        assert simulated.document == GROUPS[name][0].scenario


@pytest.mark.parametrize(("name", "preset"), EACH)
def test_each_situation_is_shown_with_its_sentence(name: str, preset) -> None:
    at = opened() if name == "sandbox" else show(name)
    own = key(name, "preset" if name in ("ports", "interfaces") else "box:preset")
    at = pick(at, own, preset.id)
    assert preset.about in words(at)
    if name in ("start", "walk", "sandbox"):
        assert scenario_of(at, name) == preset.scenario


@pytest.mark.parametrize("preset", [*START, *WALK, *SANDBOX], ids=lambda preset: preset.id)
def test_what_came_of_it_names_the_place_and_the_least_change(preset) -> None:
    said, answer = outcome(preset.scenario), answer_of(preset.scenario)
    if answer.get("reachable") is False:
        assert "Stopped by" in said
        assert "The least change:" in said
    assert "Traceback" not in said


def test_a_packet_that_sets_out_tells_how_it_comes_out_when_it_is_there() -> None:
    moved = {key("walk", "moved"): True}
    assert "Stopped by" not in words(show("walk", state=moved))
    at = show("walk", state=at_end("walk", dict(WALK[0].scenario)))
    assert "Stopped by sg-task" in words(at).replace("\\", "")
    at = pick(show("ports"), key("ports", "preset"), "fallback")
    assert "tasks are reached" not in words(at)
    at = pick(at, key("ports", "preset"), "container")
    assert "tasks are reached" not in words(at), "what one comes back to sets out again"
    rest = {key("ports", "moved"): True, key("ports", "film-container"): {"step": [5, 0]}}
    assert "0 of 5 tasks are reached." in words(show("ports", state=rest))


@pytest.mark.parametrize("name", ["start", "walk", "ports", "interfaces"])
def test_who_has_placed_the_bets_finds_each_figure_at_its_end(name: str) -> None:
    assert networking.PLAY not in words(show(name))


def test_mending_the_start_step_by_step_ends_with_a_start() -> None:
    at = show("start")
    codes = [answer_of(scenario_of(at, "start"))["code"]]
    while answer_of(scenario_of(at, "start"))["fix"]:
        at = press(at, "Mend it")
        codes.append(answer_of(scenario_of(at, "start"))["code"])
    assert codes == ["ecr.api:NO_ROUTE", "ecr.dkr:NO_ROUTE", "s3:NO_ROUTE", "logs:NO_ROUTE", "START_OK"]
    assert "Mend it" not in [button.label for button in at.button]
    at = press(at, "Undo")
    assert answer_of(scenario_of(at, "start"))["code"] == "logs:NO_ROUTE"


@pytest.mark.parametrize("preset", [*START, *WALK], ids=lambda preset: preset.id)
def test_every_situation_can_be_mended(preset) -> None:
    scenario = dict(preset.scenario)
    for _ in range(6):
        better = mended(scenario)
        if better is None:
            break
        scenario = better
    assert answer_of(scenario)["reachable"]


def test_one_change_mends_the_slip_as_the_text_says() -> None:
    scenario = mended(WALK[0].scenario)
    assert scenario
    assert answer_of(scenario)["code"] == "REACHABLE"
    assert scenario["loadBalancers"]["alb"]["securityGroups"] == ["sg-alb"]


def test_a_rule_can_be_taken_out_of_the_figure_and_put_back() -> None:
    sound = WALK[1].scenario
    broken = without_rule(sound, "rule sg-task ingress 0")
    assert broken
    assert answer_of(broken)["code"] == "TARGET_SG_INBOUND"
    assert answer_of(mended(broken))["code"] == "REACHABLE"
    assert without_rule(sound, "rule sg-alb ingress 1")["securityGroups"]["sg-alb"]["ingress"] == ["80 from 0.0.0.0/0"]
    for rubbish in (
        None,
        "",
        "rule",
        "spot alb",
        "rule sg-none ingress 0",
        "rule sg-task ingress 9",
        "rule a b c",
        "rule a b c d e",
        "rule sg-task ingress ²",
        f"rule sg-task ingress {'9' * 5000}",
        "rule sg-task sideways 0",
    ):
        assert without_rule(sound, rubbish) is None
    film = key("walk", f"film-{digest(WALK[1].scenario)}")
    state = {key("walk", "box:scenario"): dict(sound), key("walk", "box:history"): [], key("walk", "box:error"): ""}
    state |= {key("walk", "moved"): True, film: {"step": [5, 0], "picked": "rule sg-task ingress 0"}}
    at = show("walk", state=state)
    assert "it lets this packet through" in words(at)
    at = press(at, "Remove this rule")
    assert answer_of(scenario_of(at, "walk"))["code"] == "TARGET_SG_INBOUND"


def test_places_and_rules_say_what_they_do() -> None:
    sound = WALK[1].scenario
    assert "lets it pass" in told(sound, "spot alb")
    assert "does not match this packet" in told(sound, "rule sg-alb ingress 1")
    assert "stops the packet" in told(WALK[0].scenario, "spot ingress alb")
    assert "is never reached" in told(WALK[0].scenario, "spot web")
    assert told(sound, "spot nobody") == told(sound, None) == ""
    assert told(INTERFACES[0].scenario, "primary") == ""


def test_the_rules_of_the_ports_reach_as_many_tasks_as_they_open() -> None:
    reached = [sum(one.verdict.reachable for one in found_of(preset.scenario).tried) for preset in DEALT]
    assert reached == [0, 2, 5, 5]
    assert dealt(DEALT[1].scenario).startswith("**2 of 5 tasks are reached.**")
    assert "happens to be admitted" in dealt(DEALT[1].scenario)
    assert "32768-61000" in dealt(DEALT[0].scenario)
    assert ruler_of(DEALT[0].scenario).frames[0].caption.endswith("?")


def test_interfaces_are_counted_as_the_text_says() -> None:
    placed = [answer_of(preset.scenario)["placed"] for preset in INTERFACES]
    assert placed == [2, 10, 2, 3, 8, 1]


def test_the_text_names_the_numbers_of_the_simulator() -> None:
    text = "\n".join(
        getattr(block, "markdown", "") + getattr(block, "truth", "") for block in markdown.load("networking").blocks
    )
    assert "32768 to 60999" in text
    assert "at most 16 subnets and 5 groups" in text
    many = {"launchType": "EC2", "networkMode": "awsvpc", "networkConfiguration": _network(17, 6)}
    assert [one["code"] for one in answer_of(many)["problems"]] == ["TOO_MANY_SUBNETS", "TOO_MANY_SECURITY_GROUPS"]
    just = {"launchType": "EC2", "networkMode": "awsvpc", "networkConfiguration": _network(16, 5)}
    assert answer_of(just)["allowed"]
    assert answer_of({"launchType": "EC2", "networkMode": "bridge", "networkConfiguration": _network(1, 1)})["problems"]
    assert (
        answer_of({"networkMode": "awsvpc", "instanceType": "t3.medium", "awsvpcTrunking": True})["eni"]["trunking"]
        is False
    )


def _network(subnets: int, groups: int) -> dict[str, Any]:
    names = {"subnets": [f"s-{n}" for n in range(subnets)], "securityGroups": [f"g-{n}" for n in range(groups)]}
    return {"awsvpcConfiguration": names}


def test_the_architecture_follows_the_walk_once_its_bet_is_placed() -> None:
    assert "LB_SG_INBOUND" not in diagram_of(networking.SOUND.scenario).title
    at = show("walk")
    shown = json.loads(at.session_state[networking.SHOWN])
    assert diagram_of(shown).title.startswith("LB_SG_INBOUND")
    assert networking.SHOWN not in show("walk", locked=True).session_state
    show("vpc", state={networking.SHOWN: json.dumps(dict(WALK[7].scenario))})


# The sandbox ----------------------------------------------------------------------------------------------------------


def test_the_sandbox_opens_on_demand() -> None:
    at = show("sandbox")
    assert [button.label for button in at.button] == ["Open the sandbox"]
    at = press(at, "Open the sandbox")
    assert scenario_of(at, "sandbox") == SANDBOX[0].scenario


def test_a_link_brings_the_situation_back() -> None:
    wanted = start(subnets=SEALED, vpcEndpoints={name: {} for name in ENDPOINTS[:2]})
    at = opened(wanted)
    assert scenario_of(at, "sandbox") == wanted
    assert "s3" in words(at)
    assert decode(to_link(wanted)) == wanted


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rubbish", "JSON"),
        ("[1, 2]", "JSON object"),
        ('{"from": "nobody"}', "from"),
        ('{"tasks": {"web": {"subnet": "nowhere"}}}', "subnet"),
        ('{"networkMode": "awsvpc", "count": 100000}', "count"),
        ('{"securityGroups": {"sg-x": {"ingress": ["80 to nowhere"]}}}', "ingress"),
    ],
)
def test_what_cannot_run_is_refused_with_a_sentence_and_changes_nothing(text: str, sentence: str) -> None:
    at = panel(opened(), "JSON")
    at = ran(at.text_area[0].set_value(text).run())
    assert scenario_of(at, "sandbox") == SANDBOX[0].scenario
    assert sentence in at.warning[0].value
    assert "keeps the last situation" in at.warning[0].value


def test_a_name_is_no_markup_in_the_label_of_a_control() -> None:
    names = {"loadBalancers": {"a*b*": {}}, "tasks": {"c:red[d]": {}}, "targetGroups": {"tg": {"tasks": ["c:red[d]"]}}}
    at = panel(opened({"from": "internet", "to": "a*b*", **names}), "Security groups")
    assert {box.label.split("  \n")[0] for box in at.selectbox} >= {r"a\*b\* carries", r"c\:red\[d\] carries"}


def test_too_much_is_refused() -> None:
    many = {"tasks": {f"t-{n}": {} for n in range(200)}}
    at = panel(opened(), "JSON")
    at = ran(at.text_area[0].set_value(json.dumps(many)).run())
    assert "at most 60" in at.warning[0].value


def test_what_one_types_runs_and_can_be_undone() -> None:
    at = panel(opened(), "JSON")
    wanted = {"from": "web", "to": "s3", "tasks": {"web": {"subnet": "isolated-a"}}}
    at = ran(at.text_area[0].set_value(json.dumps(wanted)).run())
    assert scenario_of(at, "sandbox") == wanted
    assert "Stopped by isolated-a" in words(at)
    at = press(at, "Undo")
    assert scenario_of(at, "sandbox") == SANDBOX[0].scenario


@pytest.mark.parametrize("name", networking_sandbox.GROUND.panels)
@pytest.mark.parametrize("preset", KINDS, ids=lambda preset: preset.id)
def test_every_panel_opens_in_every_kind_of_situation(name: str, preset) -> None:
    panel(opened(dict(preset.scenario)), name)


def test_another_question_keeps_the_vpc() -> None:
    at = panel(opened(dict(SANDBOX[1].scenario)), "Question")
    at = ran(at.selectbox[0].select("The task starts").run())
    now = scenario_of(at, "sandbox")
    assert now["taskStart"] == "web"
    assert "to" not in now
    assert now["loadBalancers"] == SANDBOX[1].scenario["loadBalancers"]
    at = ran(at.selectbox[0].select("The load balancer checks the task").run())
    assert scenario_of(at, "sandbox")["from"] == "alb"


@pytest.mark.parametrize("name", networking_sandbox.QUESTIONS)
def test_every_question_can_be_asked_of_a_vpc_with_other_names(name: str) -> None:
    at = panel(opened(dict(NLB.scenario)), "Question")
    ran(at.selectbox[0].select(name).run())
    assert not at.warning
    assert next(box for box in at.selectbox if box.label.startswith("Who asks whom")).value == name


def test_groups_tasks_and_ways_out_are_changed_by_their_controls() -> None:
    at = panel(opened(), "Security groups")
    at = ran(_box(at, "sg-task lets in").select("nothing").run())
    assert answer_of(scenario_of(at, "sandbox"))["code"] == "TARGET_SG_INBOUND"
    at = panel(opened(), "Task")
    at = ran(_box(at, "The application listens on").select("port 3000").run())
    assert answer_of(scenario_of(at, "sandbox"))["code"] == "APP_NOT_LISTENING"
    at = panel(opened(start(subnets=SEALED)), "Ways out")
    for service in ENDPOINTS:
        at = ran(next(one for one in at.toggle if f"Endpoint {service}" in one.label).set_value(True).run())
    assert answer_of(scenario_of(at, "sandbox"))["code"] == "START_OK"
    at = panel(opened(dict(SANDBOX[-1].scenario)), "Interfaces")
    at = ran(next(one for one in at.toggle if one.label.startswith("Trunking")).set_value(True).run())
    assert answer_of(scenario_of(at, "sandbox"))["placed"] == 4


def _box(at: AppTest, label: str):
    return next(box for box in at.selectbox if box.label.startswith(label))


@pytest.mark.parametrize("belief", networking_sandbox.BELIEFS)
def test_where_a_belief_parts_is_where_the_films_differ(belief: str) -> None:
    _, rules = networking_sandbox.BELIEFS[belief]
    for preset in SANDBOX:
        mark = parted(preset.scenario, rules)
        one, other = film_of(preset.scenario), film_of(preset.scenario, rules)
        captions = [[frame.caption for frame in film.frames] for film in (one, other)]
        assert (mark is None) is (captions[0] == captions[1])
        if mark is not None:
            assert captions[0][: mark + 1] == captions[1][: mark + 1]
            assert captions[0][mark + 1 : mark + 2] != captions[1][mark + 1 : mark + 2]


@pytest.mark.parametrize("preset", KINDS, ids=lambda preset: preset.id)
def test_a_belief_stands_beside_each_kind_of_situation(preset) -> None:
    at = opened(dict(preset.scenario))
    at.session_state[key("sandbox", "beside")] = "stateless"
    ran(at.run())


def test_each_belief_makes_a_difference_somewhere() -> None:
    assert all(rules != RULES for _, rules in networking_sandbox.BELIEFS.values())
    shown = [*SANDBOX, *START, *WALK]
    silent = [
        name
        for name, (_, rules) in networking_sandbox.BELIEFS.items()
        if all(parted(preset.scenario, rules) is None for preset in shown)
    ]
    # These two show in situations that one makes oneself: another subnet for the NAT gateway, a client beside the ALB.
    assert set(silent) <= {"nat", "subnets"}
    inside = {"from": "web", "to": "dynamodb", "natGateways": {"nat": {"subnet": "private-a"}}}
    assert parted(inside, networking_sandbox.BELIEFS["nat"][1]) is not None
    beside = {"from": "10.0.1.77", "to": "web"}
    assert parted(beside, networking_sandbox.BELIEFS["subnets"][1]) is not None


def test_for_real_says_what_the_figure_shows() -> None:
    text = "\n".join(snippet.text for snippet in snippets(WALK[0].scenario))
    assert "--security-groups sg-task" in text
    assert "--target-type ip" in text
    broken = without_rule(WALK[1].scenario, "rule sg-task ingress 0")
    assert broken
    assert "--group-id sg-task" not in "\n".join(snippet.text for snippet in snippets(broken))
    forgot = "\n".join(snippet.text for snippet in snippets(START[3].scenario))
    assert "com.amazonaws.us-east-1.ecr.dkr" in forgot
    assert "us-east-1.s3" not in forgot
    assert "awsvpcTrunking" in "\n".join(snippet.text for snippet in snippets(INTERFACES[1].scenario))
    assert "awsvpcTrunking" not in "\n".join(snippet.text for snippet in snippets(INTERFACES[2].scenario))


def test_a_task_that_its_launch_type_refuses_stands_in_no_subnet_and_has_no_ways_out_to_type() -> None:
    typed = snippets({"taskStart": "web", "tasks": {"web": {"networkMode": "bridge"}}})
    assert [snippet.title for snippet in typed if "way" in snippet.title or "task" in snippet.title] == ["The task"]
