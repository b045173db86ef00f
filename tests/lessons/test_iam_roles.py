"""The figures of the lesson on IAM roles: every situation, locked and unlocked, and everything a reader can change."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from diagrams.film import encode
from lessons import iam_assign, iam_roles, iam_sandbox, markdown
from lessons.blocks import Prose
from lessons.iam_documents import IMAGE
from lessons.iam_figures import beginning_of, ending, named, run_of
from lessons.iam_parts import LAUNCHES, PARTS, without
from lessons.iam_policies import POLICIES
from lessons.iam_presets import BELIEFS, CREDENTIALS, FIRST, SANDBOX
from lessons.iam_real import policy_snippets, snippets
from lessons.playground import BESIDE, FOR_REAL, JSON
from quizzes.bank import load
from quizzes.variants import serve
from simulator.errors import InputError
from simulator.iam.operations import OPERATIONS
from simulator.iam.rules import RULES
from simulator.iam.subjects import policy_answer
from simulator.scenario import decode
from simulator.scenario import encode as to_link
from simulator.subjects import answer
from tests.lessons.test_for_real import snippet_problems
from ui.matching import OPEN, RIGHT, WRONG

SLUG = "iam-roles"
BOX = f"lesson:{SLUG}:sandbox:box"
PANELS = (*iam_sandbox.GROUND.panels, BESIDE, JSON, FOR_REAL)
FIRST_IDS = [preset.id for preset in FIRST]
FIGURES = (*iam_roles.WIDGETS, *iam_roles.DIAGRAMS)


def page(name: str, locked: bool) -> None:
    from lessons import iam_roles
    from lessons.stage import Stage

    {**iam_roles.WIDGETS, **iam_roles.DIAGRAMS}[name](Stage(slug="iam-roles", name=name, locked=locked))


def show(name: str, *, locked: bool = False, link: dict[str, str] | None = None, **state: Any) -> AppTest:
    at = AppTest.from_function(page, args=(name, locked))
    at.session_state[f"lesson:{SLUG}:sandbox:opened"] = True
    for key, value in state.items():
        at.session_state[f"lesson:{SLUG}:{name}:{key}"] = value
    for key, value in (link or {}).items():
        at.query_params[key] = value
    return ran(at.run(timeout=20))


def ran(at: AppTest) -> AppTest:
    assert not at.exception, at.exception
    return at


def words(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.markdown, *at.caption)).replace("\\", "").replace("`", "")


def scenario(at: AppTest) -> dict[str, Any]:
    return at.session_state[f"{BOX}:scenario"]


def panel(at: AppTest, name: str) -> AppTest:
    at.session_state[f"lesson:{SLUG}:sandbox:panel"] = name
    return ran(at.run())


def outcome(document: Any) -> str:
    return run_of(document).answer["outcome"]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("locked", [True, False])
def test_every_figure_is_drawn(name: str, locked: bool) -> None:
    show(name, locked=locked)


@pytest.mark.parametrize("name", ["first-launch", "credentials"])
def test_a_locked_figure_asks_and_tells_nothing(name: str) -> None:
    at = show(name, locked=True)
    assert "Place your bet above" in words(at)
    assert not at.markdown
    assert not at.get("button_group")


@pytest.mark.parametrize("preset", [FIRST[0], CREDENTIALS[0]], ids=lambda preset: preset.id)
def test_a_locked_film_holds_its_first_frame_and_nothing_of_the_outcome(preset) -> None:
    run = run_of(preset.scenario)
    assert len(beginning_of(preset.scenario).frames) == 1
    sent = encode(beginning_of(preset.scenario))
    for frame in run.film.frames[1:]:
        assert frame.caption not in sent
    for word in ("refused", "failed", "blocked", "active"):
        assert word not in sent
    assert run_of(dict(preset.scenario)) is run, "computed once for all readers"


@pytest.mark.parametrize(
    ("preset", "comes"), list(zip(FIRST, ["REGISTER_REJECTED", "RUNNING", "RUNNING"], strict=True)), ids=FIRST_IDS
)
def test_the_first_launch_comes_out_as_its_sentences_say(preset, comes: str) -> None:
    at = show("first-launch", preset=preset.id)
    assert outcome(preset.scenario) == comes
    assert preset.about in words(at)
    assert ("The task runs." in words(at)) == (comes == "RUNNING")


@pytest.mark.parametrize(
    ("name", "comes"),
    [
        ("hidden", "APP_ACCESS_DENIED"),
        ("by-accident", "RUNNING"),
        ("blocked", "APP_NO_CREDENTIALS"),
        ("fargate", "APP_NO_CREDENTIALS"),
        ("secret-by-instance", "INIT_ERROR"),
    ],
)
def test_each_way_to_credentials_comes_out_as_its_sentence_says(name: str, comes: str) -> None:
    preset = next(one for one in CREDENTIALS if one.id == name)
    assert outcome(preset.scenario) == comes
    at = show("credentials", preset=name)
    assert preset.about in words(at)
    assert run_of(preset.scenario).answer["why"] in words(at)


@pytest.mark.parametrize(("item", "preset"), [("iam.bet.first", FIRST[0]), ("iam.bet.hidden", CREDENTIALS[0])])
def test_a_bet_asks_what_its_figure_then_shows(item: str, preset) -> None:
    asked = next(one for one in load(SLUG).items if one.id == item)
    assert serve(asked, 0).key == outcome(preset.scenario)


# Taking away


@pytest.mark.parametrize("launch", LAUNCHES, ids=lambda launch: launch.id)
def test_a_whole_launch_runs_and_says_so_before_it_is_touched(launch) -> None:
    at = show("take-away", preset=launch.id)
    assert outcome(launch.scenario) == "RUNNING"
    assert launch.about in words(at)
    assert "The task runs." in words(at)


# What comes of each part that is taken away; None where nothing does.
TAKEN = {
    "fargate": {
        "pass-role": "CALLER_ACCESS_DENIED",
        "execution-role": "REGISTER_REJECTED",
        "trust": "CANNOT_ASSUME_ROLE",
        "secret": "INIT_ERROR",
        "token": "INIT_ERROR",
        "layers": "CANNOT_PULL",
        "log-group": "LOG_DRIVER_ERROR",
        "task-role": "APP_NO_CREDENTIALS",
        "object": "APP_ACCESS_DENIED",
    },
    "ec2": {
        "pass-role": "CALLER_ACCESS_DENIED",
        "instance-profile": "NO_CONTAINER_INSTANCES",
        "join": "NO_CONTAINER_INSTANCES",
        "instance-pull": "CANNOT_PULL",
        "execution-role": "RUNNING",
        "task-role": "APP_ACCESS_DENIED",
        "object": "APP_ACCESS_DENIED",
    },
    "scheduled": {
        "rule-trust": "CALLER_ACCESS_DENIED",
        "pass-role": "CALLER_ACCESS_DENIED",
        "execution-role": "REGISTER_REJECTED",
        "trust": "CANNOT_ASSUME_ROLE",
        "task-role": "APP_NO_CREDENTIALS",
        "object": "APP_ACCESS_DENIED",
    },
}


@pytest.mark.parametrize("launch", LAUNCHES, ids=lambda launch: launch.id)
def test_each_part_that_is_taken_away_stops_the_launch_where_the_facts_say(launch) -> None:
    assert {name: outcome(without(launch, (name,))) for name in launch.parts} == TAKEN[launch.id]


@pytest.mark.parametrize("launch", LAUNCHES, ids=lambda launch: launch.id)
def test_any_two_parts_can_be_gone_and_the_first_that_is_missed_is_told(launch) -> None:
    for pair in combinations(launch.parts, 2):
        document = without(launch, pair)
        assert launch.scenario == next(one for one in LAUNCHES if one.id == launch.id).scenario
        steps = [run_of(without(launch, (name,))).answer["stepNumber"] or 9 for name in pair]
        found = run_of(document).answer["stepNumber"] or 9
        assert found <= min(steps), pair
        assert ending(run_of(document).answer)


def test_a_part_is_taken_away_and_put_back_with_the_pills() -> None:
    at = show("take-away")
    pills = at.button_group(key=f"lesson:{SLUG}:take-away:has-fargate")
    assert list(pills.value) == list(LAUNCHES[0].parts)
    pills.set_value([name for name in LAUNCHES[0].parts if name != "layers"])
    ran(at.run())
    assert "CannotPullContainerError" in words(at)
    assert "its image cannot be pulled" in words(at)
    assert "Allow ecr:BatchGetImage on" in words(at)
    at.button_group(key=f"lesson:{SLUG}:take-away:has-fargate").set_value(list(LAUNCHES[0].parts))
    assert "The task runs." in words(ran(at.run()))


def test_nothing_at_all_is_left_and_the_figure_still_tells() -> None:
    at = show("take-away", **{"has-fargate": []})
    assert "The task definition is refused" in words(at)


def test_every_part_belongs_to_a_launch_and_has_a_title_of_its_own_there() -> None:
    assert {name for launch in LAUNCHES for name in launch.parts} == set(PARTS)
    for launch in LAUNCHES:
        titles = [PARTS[name].title for name in launch.parts]
        assert len(set(titles)) == len(titles)


def test_the_very_text_of_the_error_is_told_with_whence_it_is_known() -> None:
    told = ending(run_of(without(LAUNCHES[0], ("secret",))).answer)
    assert "unable to retrieve secret from asm" in told
    assert "AWS documents this wording." in told
    seen = ending(run_of(without(LAUNCHES[0], ("trust",))).answer)
    assert "Others have seen this wording" in seen
    assert seen.count("document") == 1, "it is said once"


def test_names_of_aws_are_code_and_words_stay_words() -> None:
    said = named("Allow s3:GetObject on arn:aws:s3:::b/k.jpg to taskRole.")
    assert said == "Allow `s3:GetObject` on `arn:aws:s3:::b/k.jpg` to `taskRole`."
    assert named("ECS_A_B=true lets ecs-tasks.amazonaws.com.") == "`ECS_A_B=true` lets `ecs-tasks.amazonaws.com`."
    assert named("The task role, and *no* other: it is EC2.") == "The task role, and \\*no\\* other: it is EC2."


# The exercise


@pytest.fixture
def drawn(monkeypatch) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr(iam_assign, "matching", lambda left, right, **given: calls.append(given))
    return calls


@pytest.mark.parametrize("where", ["FARGATE", "EC2"])
def test_each_call_has_exactly_one_right_role_and_it_is_the_truth_table_s(where: str) -> None:
    for call in iam_assign.CALLS:
        assert call.id in OPERATIONS
        worth = {role.id: iam_assign.judged(where, call.id, role.id)[0] for role in iam_assign.ROLES}
        (right,) = [role for role, state in worth.items() if state == RIGHT]
        assert right == answer("iam", {"operation": call.id, "launchType": where})["role"]
        assert all(iam_assign.judged(where, call.id, role)[1] for role in worth)


def test_what_aws_leaves_open_is_told_as_open() -> None:
    state, why = iam_assign.judged("EC2", "pullFromEcr", "EX")
    assert state == OPEN
    assert "undocumented" in why
    assert iam_assign.judged("FARGATE", "pullFromEcr", "EX")[0] == RIGHT


def test_a_pair_that_does_not_fit_says_whose_credentials_those_are() -> None:
    state, why = iam_assign.judged("FARGATE", "appCall", "EX")
    assert state == WRONG
    assert "the containers never see them" in why
    assert "your own code" in why
    assert "named no task role" in iam_assign.judged("EC2", "appCall", "INST")[1]
    assert "named no execution role" in iam_assign.judged("EC2", "awslogs", "INST")[1]
    assert "no instance of yours" in iam_assign.judged("FARGATE", "secrets", "INST")[1]


def test_pairs_are_kept_for_each_launch_type_and_judged(drawn) -> None:
    given = {"pullFromEcr": "EX", "appCall": "EX"}
    at = show("assign", FARGATE=given)
    assert drawn[-1]["pairs"] == {"pullFromEcr": ("EX", RIGHT), "appCall": ("EX", WRONG)}
    assert drawn[-1]["told"][0] == "Task execution role?"
    at.session_state[f"lesson:{SLUG}:assign:preset"] = "EC2"
    ran(at.run())
    assert drawn[-1]["pairs"] == {}
    at.session_state[f"lesson:{SLUG}:assign:preset"] = "FARGATE"
    ran(at.run())
    assert len(drawn[-1]["pairs"]) == 2
    at.button(key=f"lesson:{SLUG}:assign:again").click()
    ran(at.run())
    assert drawn[-1]["pairs"] == {}


def test_joining_two_keeps_the_pair_and_another_try_replaces_it(drawn) -> None:
    at = AppTest.from_function(_joined)
    at.run(timeout=20)
    assert at.session_state["lesson:iam-roles:assign:FARGATE"] == {"secrets": "TASK", "pullFromEcr": "EX"}


def _joined() -> None:
    from lessons.iam_assign import _try
    from lessons.stage import Stage

    stage = Stage(slug="iam-roles", name="assign")
    for call, role in (("pullFromEcr", "TASK"), ("secrets", "TASK"), ("pullFromEcr", "EX")):
        _try(stage, "FARGATE", call, role)


def test_when_all_are_matched_the_other_launch_type_is_pointed_at(drawn) -> None:
    roles = {call.id: answer("iam", {"operation": call.id, "launchType": "EC2"})["role"] for call in iam_assign.CALLS}
    show("assign", preset="EC2", EC2=roles)
    assert {state for _, state in drawn[-1]["pairs"].values()} == {RIGHT}
    assert "All 8 are matched. 2 of them differ" in drawn[-1]["told"][1]


# Policies


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_every_request_is_decided_by_the_evaluator_and_told(policy) -> None:
    for name, request in policy.requests.items():
        at = show("policy", preset=policy.id, **{f"request-{policy.id}": name})
        decided = policy_answer({"policies": policy.scenario["policies"], "request": request}, RULES)["decision"]
        told = {"Allow": "Allowed.", "ExplicitDeny": "Denied by a statement.", "ImplicitDeny": "Denied by silence."}
        assert told[decided] in words(at)
        assert policy.about in words(at)
        assert "policies[0]" not in words(at)


@pytest.mark.parametrize(
    ("name", "decisions"),
    [
        ("wildcard", ["Allow", "ImplicitDeny", "ImplicitDeny"]),
        ("bucket", ["ImplicitDeny"]),
        ("deny", ["ExplicitDeny", "Allow", "ImplicitDeny"]),
        ("token", ["ImplicitDeny", "Allow"]),
        ("pass-role", ["Allow", "ImplicitDeny", "ImplicitDeny"]),
        ("trust", ["Allow", "ImplicitDeny"]),
    ],
)
def test_the_policies_come_out_as_the_text_says(name: str, decisions: list[str]) -> None:
    policy = next(one for one in POLICIES if one.id == name)
    found = [
        policy_answer({**policy.scenario, "request": request}, RULES)["decision"]
        for request in policy.requests.values()
    ]
    assert found == decisions


def test_a_policy_can_be_taken_along_with_the_very_request() -> None:
    at = show("policy", preset="deny", real=True)
    assert "simulate-custom-policy" in "\n".join(block.value for block in at.code)
    for policy in POLICIES:
        for request in policy.requests.values():
            for snippet in policy_snippets({**policy.scenario, "request": request}):
                assert not list(snippet_problems(snippet)), (policy.id, request)
                assert "\n" in snippet.text


# The sandbox


@pytest.mark.parametrize("preset", SANDBOX, ids=lambda preset: preset.id)
def test_every_preset_of_the_sandbox_runs_with_every_panel_and_comes_back_from_its_link(preset) -> None:
    at = show("sandbox", link={"s": to_link(preset.scenario)})
    assert scenario(at) == preset.scenario
    assert preset.about in words(at)
    for name in PANELS:
        panel(at, name)


@pytest.mark.parametrize(
    ("name", "comes"),
    [
        ("whole", "RUNNING"),
        ("wrong-role", "INIT_ERROR"),
        ("timeout", "INIT_ERROR"),
        ("log-group", "LOG_DRIVER_ERROR"),
        ("instance-pulls", "RUNNING"),
        ("rule", "CALLER_ACCESS_DENIED"),
        ("override", "APP_ACCESS_DENIED"),
    ],
)
def test_the_sandbox_s_situations_come_out_as_their_sentences_say(name: str, comes: str) -> None:
    preset = next(one for one in SANDBOX if one.id == name)
    assert outcome(preset.scenario) == comes
    if name == "timeout":
        assert "i/o timeout" in run_of(preset.scenario).answer["error"]


@pytest.mark.parametrize("name", BELIEFS)
def test_each_belief_can_be_set_beside_and_differs_somewhere(name: str) -> None:
    at = show("sandbox", link={"beside": name})
    assert "As it is" in words(at)
    rules = BELIEFS[name][1]
    situations = [preset.scenario for preset in (*SANDBOX, *FIRST, *CREDENTIALS)]
    situations += [without(launch, (part,)) for launch in LAUNCHES for part in launch.parts]
    assert any(run_of(one).answer["outcome"] != run_of(one, rules).answer["outcome"] for one in situations)


@pytest.mark.parametrize("link", [{"s": "nonsense"}, {"s": ""}, {"step": "x"}, {"step": "99999"}, {"beside": "x"}])
def test_a_bad_link_leaves_the_first_situation(link: dict[str, str]) -> None:
    at = show("sandbox", link=link)
    assert scenario(at) == SANDBOX[0].scenario
    if link.get("s") == "nonsense":
        assert "The link could not be opened" in at.warning[0].value


def test_a_control_changes_the_scenario_and_the_address_and_undo_takes_it_back() -> None:
    at = panel(show("sandbox"), "Roles")
    at.selectbox(key=f"{BOX}:at:executionRole").select("the managed policy")
    ran(at.run())
    assert "plus" not in scenario(at)["executionRole"]
    assert decode(at.query_params["s"]) == scenario(at)
    assert "unable to retrieve secret" in words(at)
    at.button(key=f"{BOX}:undo").click()
    ran(at.run())
    assert scenario(at) == SANDBOX[0].scenario


def test_switches_and_choices_reach_every_part_of_a_launch() -> None:
    at = panel(show("sandbox"), "Who starts it")
    at.selectbox(key=f"{BOX}:at:caller.startedBy").select("an EventBridge rule")
    ran(at.run())
    at.toggle(key=f"{BOX}:at:caller.minus").set_value(True)
    ran(at.run())
    assert scenario(at)["caller"] == {"startedBy": "EventBridge", "minus": ["iam:PassRole"]}
    assert "ecsEventsRole" in words(at)
    panel(at, "Around it").toggle(key=f"{BOX}:at:logGroups").set_value(True)
    ran(at.run())
    assert scenario(at)["logGroups"] == []
    panel(at, "Task").selectbox(key=f"{BOX}:at:launchType").select("EC2")
    ran(at.run())
    panel(at, "Roles").selectbox(key=f"{BOX}:at:instanceRole").select("allows nothing")
    ran(at.run())
    assert scenario(at)["instanceRole"] == {}


def test_what_cannot_be_is_refused_with_a_sentence_and_changes_nothing() -> None:
    at = panel(show("sandbox"), "Around it")
    at.selectbox(key=f"{BOX}:at:taskDefinition.networkMode").select("bridge")
    ran(at.run())
    assert "networkMode" in at.warning[0].value
    assert scenario(at) == SANDBOX[0].scenario


SERVICES = [{"action": f"s{n}:Get", "resource": "*"} for n in range(20)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "This is not JSON: line 1, column 2"),
        ("[]", "A situation is a JSON object"),
        ("{}", "There is no taskDefinition"),
        ('{"taskDefinition": 5}', "taskDefinition"),
        ('{"taskDefinition": {"containerDefinitions": []}}', "give at least one container"),
        ('{"operation": "secrets"}', "operation"),
        (json.dumps({**SANDBOX[0].scenario, "taskRole": {"policies": [{"Statement": [{"Effect": "May"}]}]}}), "Action"),
        (json.dumps({**SANDBOX[0].scenario, "appCalls": SERVICES}), "calls 20 services, and this page draws 12"),
        (json.dumps({**SANDBOX[0].scenario, "appCalls": SERVICES[:1] * 500}), "200"),
        ("[" * 5000, "nested deeper than 100"),
    ],
)
def test_bad_json_never_overwrites_the_scenario(text: str, told: str) -> None:
    at = panel(show("sandbox"), JSON)
    at.text_area(key=f"{BOX}:json").set_value(text)
    ran(at.run())
    assert scenario(at) == SANDBOX[0].scenario
    assert told in at.warning[0].value.replace("\\", "").replace("`", "")
    at.button(key=f"{BOX}:restore").click()
    ran(at.run())
    assert json.loads(at.text_area(key=f"{BOX}:json").value) == SANDBOX[0].scenario


def test_a_public_image_and_an_override_of_nothing_are_launches_like_others() -> None:
    found = next(one.scenario for one in SANDBOX if one.id == "override")
    changed = json.loads(json.dumps(found).replace(json.dumps(IMAGE)[1:-1], "nginx"))
    changed["overrides"]["executionRole"] = None
    iam_sandbox.check(changed)
    assert "nginx" in texts(changed)
    assert "OverrideExecutionRole" not in texts(changed)


def test_rubbish_in_names_is_shown_as_it_is() -> None:
    name = "a*b`c]"
    odd = {**SANDBOX[0].scenario, "executionRole": {"name": name}}
    at = show("sandbox", link={"s": to_link(odd)})
    assert scenario(at) == odd
    assert run_of(odd).answer["outcome"] == "INIT_ERROR"
    with pytest.raises(InputError):
        iam_sandbox.check({**odd, "surprise": 1})


def test_a_deep_link_rests_at_its_step() -> None:
    at = show("sandbox", link={"s": to_link(SANDBOX[0].scenario), "step": "3"})
    assert at.query_params["step"] == ["3"] or at.query_params["step"] == "3"


# For real


def test_what_is_taken_away_is_taken_away_for_real() -> None:
    for launch in LAUNCHES:
        for name in launch.parts:
            for snippet in snippets(without(launch, (name,))):
                if snippet.kind != "cloudformation":  # one for each preset is held to the linter already
                    assert not list(snippet_problems(snippet)), (launch.id, name, snippet.title)


def texts(document: Any) -> str:
    return "\n".join(snippet.text for snippet in snippets(document))


def test_commands_say_what_the_figure_shows() -> None:
    whole = texts(LAUNCHES[0].scenario)
    assert "policy/service-role/AmazonECSTaskExecutionRolePolicy" in whole
    assert "secretsmanager:GetSecretValue" in whole
    assert "iam:PassRole" in whole
    without_layers = texts(without(LAUNCHES[0], ("layers",)))
    assert "ecr:BatchGetImage" not in without_layers
    assert "policy/service-role" not in without_layers, "attached, it would allow what is taken away"
    assert "ecr:GetDownloadUrlForLayer" in without_layers
    assert "iam:PassRole" not in texts(without(LAUNCHES[0], ("pass-role",)))
    assert '"Service": "ec2.amazonaws.com"' in texts(without(LAUNCHES[0], ("trust",)))
    assert "create-instance-profile" in texts(LAUNCHES[1].scenario)
    assert "put-targets" in texts(LAUNCHES[2].scenario)
    assert "executionRoleArn" not in texts(without(LAUNCHES[0], ("execution-role",)))


# The text


def test_the_text_and_the_simulator_agree() -> None:
    text = "\n".join(block.markdown for block in markdown.load(SLUG).blocks if isinstance(block, Prose))
    trusts = {"Task execution role": "ecs-tasks", "Task role": "ecs-tasks", "Role of a rule": "events"}
    for role, service in trusts.items():
        assert f"| {role} | `{service}` |" in text
    for operation, service in (("secrets", "ecs-tasks"), ("appCall", "ecs-tasks"), ("eventBridgeRunTask", "events")):
        assert answer("iam", {"operation": operation})["trust"] == f"{service}.amazonaws.com"
    assert f"{['', 'One', 'Two', 'Three'][len(LAUNCHES)]} launches that work" in text
    assert "Eight calls" in text
    assert len(iam_assign.CALLS) == 8
