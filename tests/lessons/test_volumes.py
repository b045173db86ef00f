"""The figures of the lesson on volumes: every situation, locked and unlocked, and all that can be changed."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from diagrams.film import encode
from lessons import markdown, volumes, volumes_sandbox
from lessons.situations import digest
from lessons.volumes_figures import (
    ASK_BET,
    ASK_FIRST,
    ROWS,
    cell_told,
    film_of,
    gauge_of,
    left_open,
    levels_of,
    matrix_of,
    mended,
    opening_of,
    outcome,
    parted,
    row_told,
    run_of,
    said_of,
)
from lessons.volumes_presets import FIRST, LEVELS, MATRICES, SANDBOX, SHARING, STORAGE
from lessons.volumes_real import snippets
from lessons.volumes_sandbox import launched
from quizzes.bank import load
from simulator.errors import InputError
from simulator.scenario import decode
from simulator.scenario import encode as to_link
from simulator.trace import state_at
from simulator.volumes import RULES
from simulator.volumes.subjects import volumes_answer

FIGURES = (*volumes.WIDGETS, *volumes.DIAGRAMS)
GROUPS = {"levels": LEVELS, "sharing": SHARING, "storage": STORAGE, "sandbox": SANDBOX}
BOXED = [pytest.param(name, preset, id=f"{name}-{preset.id}") for name, group in GROUPS.items() for preset in group]
CHOSEN = [
    pytest.param(name, preset, id=f"{name}-{preset.id}")
    for name, group in {"first-task": FIRST, "matrix": MATRICES}.items()
    for preset in group
]


def page(name: str, locked: bool) -> None:
    from lessons import volumes
    from lessons.stage import Stage

    figures = {**volumes.WIDGETS, **volumes.DIAGRAMS}
    figures[name](Stage(slug="volumes", name=name, locked=locked))


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
    return f"lesson:volumes:{name}:{suffix}"


def scenario_of(at: AppTest, name: str) -> dict[str, Any]:
    return at.session_state[key(name, "box:scenario")]


def pick(at: AppTest, group: str, wanted: str) -> AppTest:
    pills = next(one for one in at.get("button_group") if one.key == group)
    return ran(pills.set_value([wanted]).run() if isinstance(pills.value, list) else pills.set_value(wanted).run())


def words(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.markdown, *at.caption))


def press(at: AppTest, label: str) -> AppTest:
    return ran(next(button for button in at.button if button.label == label).click().run())


def preset(group, name: str) -> dict[str, Any]:
    return json.loads(json.dumps(next(one.scenario for one in group if one.id == name)))


def opened(scenario: dict[str, Any] | None = None, **state: Any) -> AppTest:
    return show("sandbox", link={"s": to_link(scenario if scenario is not None else dict(SANDBOX[0].scenario))})


def panel(at: AppTest, name: str) -> AppTest:
    at.session_state[key("sandbox", "panel")] = name
    return ran(at.run())


def looks(scenario: dict[str, Any]) -> list[str]:
    return [one["sees"] for one in volumes_answer(scenario)["reads"]]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("locked", [True, False])
def test_every_figure_is_drawn(name: str, locked: bool) -> None:
    show(name, locked=locked)


@pytest.mark.parametrize(
    ("name", "film", "whole", "ask"),
    [
        ("first-task", opening_of(FIRST[0].scenario, ASK_FIRST), film_of(FIRST[0].scenario), ASK_FIRST),
        ("levels", levels_of(LEVELS[0].scenario, locked=True), levels_of(LEVELS[0].scenario), ASK_BET),
    ],
)
def test_a_locked_figure_asks_and_tells_nothing(name: str, film, whole, ask: str) -> None:
    at = show(name, locked=True)
    assert "Place your bet above" in words(at)
    assert not at.markdown
    assert not at.button
    assert not at.get("button_group")
    assert [frame.caption for frame in film.frames] == [ask]
    sent = encode(film)
    assert not [frame.caption for frame in whole.frames[2:] if frame.caption in sent]
    for word in ("lost", "web #2", "goes with", "finds nothing", "finds it", "nest failed"):
        assert word not in sent


def test_the_diagram_shows_nothing_stopped_until_the_bet_is_placed() -> None:
    at = show("where")
    assert "lesson:volumes:levels:shown" not in at.session_state
    text = json.dumps(volumes.diagram_of(preset(LEVELS, "ec2")).nodes, default=repr)
    assert "lost" not in text
    assert "web #2" not in text


@pytest.mark.parametrize(("name", "one"), BOXED)
def test_each_situation_is_shown_with_its_sentence(name: str, one) -> None:
    opened = {key("sandbox", "opened"): True}
    at = pick(show(name, state=opened), key(name, "box:preset"), one.id)
    assert scenario_of(at, name) == one.scenario
    assert one.about in words(at)


@pytest.mark.parametrize(("name", "one"), CHOSEN)
def test_each_choice_is_shown_with_its_sentence(name: str, one) -> None:
    at = pick(show(name), key(name, "preset"), one.id)
    assert one.about in words(at)


def test_the_bets_are_about_the_situations_of_their_figures() -> None:
    bank = {item.id: item for item in load("volumes").items}
    assert looks(preset(FIRST, "bet")) == ["EMPTY"]
    assert looks(preset(LEVELS, "task")).count("DATA") == 3
    stated = bank["volumes.bet.same-instance"].simulate.document
    ours = preset(LEVELS, "task")
    assert stated["taskDefinition"]["volumes"] == ours["taskDefinition"]["volumes"]
    assert [one["path"] for one in stated["events"] if one["action"] == "write"] == [
        one["path"] for one in ours["events"] if one["action"] == "write"
    ]


def test_beside_the_bet_efs_and_a_restart_keep_the_file_and_ebs_does_not() -> None:
    seen = {one.id: looks(dict(one.scenario)) for one in FIRST}
    assert seen == {"bet": ["EMPTY"], "efs": ["DATA"], "ebs": ["EMPTY"], "restart": ["DATA"]}
    for one in FIRST[1:]:
        assert parted(FIRST[0].scenario, one.scenario) is not None
    assert "**What would have kept it:** Mount an EFS file system at that path." in words(show("first-task"))


def test_who_sees_what_comes_out_as_the_text_says() -> None:
    assert {one.id: looks(dict(one.scenario)) for one in SHARING} == {
        "bind": ["DATA", "EMPTY"],
        "host": ["DATA", "EMPTY"],
        "ebs": ["EMPTY"],
        "efs": ["DATA", "DATA"],
        "target": ["NOT_RUNNING"],
        "closed": ["NOT_RUNNING"],
        "s3": ["DATA"],
    }


@pytest.mark.parametrize(("name", "fix"), [("target", "Make a mount target"), ("closed", "admit TCP 2049 from sg-web")])
def test_what_stops_a_mount_is_mended_by_the_least_change(name: str, fix: str) -> None:
    at = pick(show("sharing"), key("sharing", "box:preset"), name)
    assert "w2 does not start" in words(at)
    assert fix in words(at)
    at = press(at, "Mend it")
    assert looks(scenario_of(at, "sharing")) == ["DATA"]
    assert "does not start" not in words(at)
    assert not [button for button in at.button if button.label == "Mend it"]


def test_only_mounts_that_fail_are_mended() -> None:
    assert mended(preset(SHARING, "efs")) is None
    assert mended(preset(SANDBOX, "one-zone")) is None
    without = preset(SHARING, "target")
    without["fileSystems"][0]["mountTargets"] = []
    assert looks(mended(mended(without)))[0] == "DATA"


def test_acts_go_on_from_where_the_film_ended_and_can_be_undone() -> None:
    at = pick(show("levels"), key("levels", "box:preset"), "ec2")
    at = press(at, "The container exits")
    assert looks(scenario_of(at, "levels")) == ["DATA"] * 6
    at = press(at, "The task stops")
    assert looks(scenario_of(at, "levels"))[6:] == ["EMPTY", "EMPTY", "DATA", "DATA", "EMPTY", "DATA"]
    assert at.session_state[key("levels", "begun")] == 2
    at = press(at, "3 hours pass")
    at = press(at, "The instance goes")
    assert scenario_of(at, "levels")["events"][-7] == {"action": "terminateInstance", "ec2InstanceId": "i-a1"}
    at = press(at, "The zone goes")
    assert looks(scenario_of(at, "levels"))[-6:] == ["EMPTY"] * 5 + ["DATA"]
    assert "*What lies on a host of a lost zone counts as lost here" in words(at)
    at = press(at, "Undo")
    assert scenario_of(at, "levels")["events"][-7]["action"] == "terminateInstance"


def test_the_diagram_follows_the_acts() -> None:
    at = press(show("levels"), "The instance goes")
    shown = json.loads(at.session_state["lesson:volumes:levels:shown"])
    assert shown == scenario_of(at, "levels")
    ids = [node.id for node in volumes.diagram_of(shown).nodes]
    assert "task web #3" in ids


def test_where_nothing_runs_there_is_nothing_left_to_stop() -> None:
    at = pick(show("levels"), key("levels", "box:preset"), "fargate")
    labels = [button.label for button in at.button]
    assert labels == ["The container exits", "The task stops", "The zone goes", "Undo"]
    at = press(press(at, "The zone goes"), "The zone goes")
    assert [button.disabled for button in at.button] == [True, True, True, False]
    many = show("levels", state={key("levels", "box:scenario"): acts(9), key("levels", "box:history"): []})
    assert all(button.disabled for button in many.button)


def acts(count: int) -> dict[str, Any]:
    scenario = preset(LEVELS, "ec2")
    scenario["events"] += [{"action": "stopTask", "task": "web"}] * count
    return scenario


def test_a_chosen_row_says_why_and_what_would_have_kept_the_file() -> None:
    scenario = preset(LEVELS, "task")
    assert "always deleted with the task" in row_told(scenario, 2, "row /disk")
    assert "**What would have kept it:**" in row_told(scenario, 2, "row /disk")
    assert "many clients" in row_told(scenario, 99, "row /data")
    assert row_told(scenario, 0, None) == row_told(scenario, 0, "row /nowhere") == row_told(scenario, 0, "else") == ""
    film = key("levels", f"film-{digest(LEVELS[0].scenario)}")
    at = show("levels", state={film: {"step": [2, 0], "picked": "row /scratch"}})
    assert "agent removes it about 3 h" in words(at)
    assert left_open(scenario) == ""


def test_the_bar_says_what_the_simulator_says() -> None:
    full, more, twenty, large = (gauge_of(one.scenario)[1] for one in STORAGE)
    assert "21 GiB do not go into 20" in full
    assert "21 of 21 GiB" in more
    assert "21 to 200, not 20" in twenty
    assert "155 of 200 GiB" in large


def test_the_bar_can_be_set_by_hand() -> None:
    at = show("storage")
    assert not at.slider
    ran(at.toggle[0].set_value(True).run())
    size, image, layers, mounts = at.slider
    ran(size.set_value(50).run())
    assert scenario_of(at, "storage")["taskDefinition"]["ephemeralStorage"] == {"sizeInGiB": 50}
    ran(at.slider[3].set_value(45).run())
    assert "54 GiB do not go into 50" in words(at)
    ran(at.slider[0].set_value(20).run())
    assert "21 to 200, not 20" in words(at)
    assert (image.min, layers.min, mounts.min) == (0, 0, 0)


def test_every_cell_of_the_table_tells_why_or_why_not() -> None:
    for one in MATRICES:
        text = matrix_of(one.scenario).frames[0].text
        assert len(text.splitlines()) == len(ROWS)
        for row in ROWS:
            for column in one.scenario["columns"]:
                told = cell_told(one.scenario, f"cell {row} {column}")
                assert told.startswith(f"**{ROWS[row][0]} on ")
                assert ("It can be attached." in told) != ("**Instead:**" in told)
    linux = MATRICES[0].scenario
    assert cell_told(linux, None) == cell_told(linux, "cell x EC2") == cell_told(linux, "cell efs NOWHERE") == ""
    at = show("matrix", state={key("matrix", "film"): {"picked": "cell s3 EC2"}})
    assert "not yet for EC2" in words(at)


def test_the_table_agrees_with_the_fact_sheet() -> None:
    rows = matrix_of(MATRICES[0].scenario).frames[0].text.splitlines()
    assert rows == [
        "Bind mount: Fargate yes, EC2 yes, Managed Instances yes, External yes",
        "Bind mount with sourcePath: Fargate no, EC2 yes, Managed Instances yes, External yes",
        "Docker volume: Fargate no, EC2 yes, Managed Instances no, External yes",
        "EBS volume: Fargate yes, EC2 yes, Managed Instances yes, External no",
        "EFS: Fargate yes, EC2 yes, Managed Instances yes, External no",
        "S3 Files: Fargate yes, EC2 not yet, Managed Instances yes, External no",
        "FSx for Windows File Server: Fargate no, EC2 no, Managed Instances no, External no",
    ]
    windows = matrix_of(MATRICES[1].scenario).frames[0].text.splitlines()
    assert windows[4:] == [
        "EFS: Fargate no, EC2 no",
        "S3 Files: Fargate no, EC2 no",
        "FSx for Windows File Server: Fargate no, EC2 yes",
    ]


def test_the_sandbox_is_closed_until_somebody_opens_it() -> None:
    at = show("sandbox")
    assert [button.label for button in at.button] == ["Open the sandbox"]
    at = press(at, "Open the sandbox")
    assert scenario_of(at, "sandbox") == SANDBOX[0].scenario


@pytest.mark.parametrize("name", ["Storage", "File system", "From this step on", "Beside it", "JSON", "For real"])
@pytest.mark.parametrize("one", SANDBOX, ids=lambda one: one.id)
def test_every_panel_opens_in_every_situation(name: str, one) -> None:
    panel(opened(dict(one.scenario)), name)


def select(at: AppTest, label: str, wanted: str) -> AppTest:
    box = next(box for box in at.selectbox if box.label.startswith(label))
    return ran(box.select(wanted).run())


def test_the_volume_and_the_launch_type_can_be_changed() -> None:
    at = panel(opened(), "Storage")
    at = select(at, "The volume", "EFS")
    changed = scenario_of(at, "sandbox")["taskDefinition"]["volumes"][0]
    assert changed == {"name": "scratch", "efsVolumeConfiguration": {"fileSystemId": "fs-0a1b2c3d"}}
    assert looks(scenario_of(at, "sandbox"))[-1] == "DATA"
    at = select(at, "Launch type", "EC2")
    scenario = scenario_of(at, "sandbox")
    assert scenario["tasks"][0] == {"task": "web", "ec2InstanceId": "i-a1"}
    at = select(at, "The volume", "S3 Files")
    assert "taskRoleArn" in scenario_of(at, "sandbox")["taskDefinition"]
    assert "web does not start" in words(at)
    at = select(at, "Launch type", "FARGATE")
    assert looks(scenario_of(at, "sandbox"))[-1] == "DATA"
    assert panel(opened(dict(preset(SANDBOX, "zone"))), "Storage").caption[-1].value == volumes_sandbox.OWN


def test_another_launch_type_keeps_zones_and_leaves_out_acts_on_instances() -> None:
    scenario = preset(SHARING, "host")
    scenario["events"].append({"action": "terminateInstance", "ec2InstanceId": "i-a1"})
    other = launched(scenario, "FARGATE")
    assert [task["availabilityZone"] for task in other["tasks"]] == ["us-east-1a"] * 3
    assert "instances" not in other
    assert [act["action"] for act in other["events"]] == ["write", "read", "read"]
    back = launched({**other, "changes": []}, "EC2")
    assert {task["ec2InstanceId"] for task in back["tasks"]} == {"i-a1"}
    run_of(back)


def test_the_file_system_can_be_broken_and_mended() -> None:
    at = panel(opened(preset(SANDBOX, "one-zone")), "File system")
    at = select(at, "The EFS file system has", "a mount target in each zone")
    assert looks(scenario_of(at, "sandbox")) == ["DATA"]
    at = select(at, "The EFS file system has", "in us-east-1b it lets in sg-old")
    assert "the mount times out" in words(at)
    at = select(at, "The tasks carry", "sg-web")
    assert "web does not start" in words(at)


def test_acts_fork_the_run_from_the_step_at_rest() -> None:
    film = key("sandbox", "film")
    last = len(film_of(SANDBOX[0].scenario).frames) - 1
    at = show(
        "sandbox",
        link={"s": to_link(dict(SANDBOX[0].scenario))},
        state={film: {"step": [2, last], "picked": "container web/log"}},
    )
    at = panel(at, "From this step on")
    assert "**From step 2 on.**" in words(at)
    assert {"Exit its container", "Stop it", "Lose us-east-1a", "Wait 3 hours"} <= {
        button.label for button in at.button
    }
    at = press(at, "Stop it")
    assert scenario_of(at, "sandbox")["changes"] == [{"at": 2, "action": "stopTask", "task": "web"}]
    at = press(at, "Forget all such changes")
    assert "changes" not in scenario_of(at, "sandbox")


def test_the_panel_of_acts_says_so_where_nothing_runs() -> None:
    at = show("sandbox", link={"s": to_link(dict(SANDBOX[0].scenario))}, state={key("sandbox", "start"): 0})
    last = len(film_of(SANDBOX[0].scenario).frames) - 1
    at.session_state[key("sandbox", "film")] = {"step": [0, last]}
    at = panel(at, "From this step on")
    assert "No task runs at this step." in words(at)


@pytest.mark.parametrize("name", volumes_sandbox.BELIEFS)
def test_each_belief_parts_from_what_happens_in_some_situation(name: str) -> None:
    _, rules = volumes_sandbox.BELIEFS[name]
    every = [*SANDBOX, *SHARING, *LEVELS, *FIRST]
    assert [one.id for one in every if parted(one.scenario, one.scenario, rules) is not None]


def test_a_belief_is_set_beside_the_run_and_says_where_it_makes_no_difference() -> None:
    at = show("sandbox", link={"s": to_link(dict(SANDBOX[0].scenario)), "beside": "kept"})
    assert "makes no difference" not in words(at)
    at = show("sandbox", link={"s": to_link(dict(SANDBOX[0].scenario)), "beside": "no-s3"})
    assert "Here the belief makes no difference." in words(at)


def test_a_box_that_is_chosen_explains_itself_at_the_step_at_rest() -> None:
    scenario = preset(SANDBOX, "fargate")
    end = len(run_of(scenario))
    assert "goes with the task" in said_of(scenario, end, "store web/scratch")
    assert said_of(scenario, 1, "host web").endswith("holds its ephemeral storage.")
    assert said_of(scenario, 0, "host web") == said_of(scenario, end, "nothing") == said_of(scenario, end, None) == ""
    assert said_of(scenario, 10**6, "host web").startswith("**Host, gone.**")
    assert said_of(scenario, end, "store web/scratch", RULES) == said_of(scenario, end, "store web/scratch")


def test_the_link_brings_the_situation_back() -> None:
    wanted = preset(SANDBOX, "kept")
    at = opened(wanted)
    assert scenario_of(at, "sandbox") == wanted
    changed = select(panel(at, "Storage"), "Who starts them", "the service web")
    link = changed.query_params["s"]
    assert decode(link[0] if isinstance(link, list) else link) == scenario_of(changed, "sandbox")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "JSON"),
        ("[]", "A situation is a JSON object"),
        ('{"tasks": []}', "There are no tasks"),
        ('{"launchType": "FARGATE", "tasks": [{"task": "a", "wings": 2}]}', "wings"),
        ('{"launchType": "FARGATE", "tasks": [{"task": "<b>"}], "events": [{"action": "fly"}]}', "events[0].action"),
    ],
)
def test_rubbish_never_overwrites_the_situation(text: str, sentence: str) -> None:
    at = panel(opened(), "JSON")
    ran(at.text_area[0].set_value(text).run())
    assert scenario_of(at, "sandbox") == SANDBOX[0].scenario
    assert sentence in at.warning[0].value.replace("\\", "")
    at = press(at, "Put back what runs")
    assert json.loads(at.text_area[0].value) == SANDBOX[0].scenario


def test_a_family_that_is_no_text_is_refused_where_it_stands() -> None:
    wrong = deepcopy(dict(SANDBOX[0].scenario))
    wrong["tasks"][0]["taskDefinition"] = {**(wrong["tasks"][0].get("taskDefinition") or {}), "family": ["web"]}
    with pytest.raises(InputError, match=r"tasks\[0\]\.taskDefinition\.family must be a text"):
        volumes_sandbox.check(wrong)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"tasks": [{"task": f"t{i}"} for i in range(7)]}, "There are 7 tasks, and this page draws 6"),
        (
            {"instances": [{"ec2InstanceId": f"i{i}"} for i in range(7)], "tasks": [{"task": "t"}]},
            "There are 7 instances",
        ),
        (
            {"tasks": [{"task": "t"}], "events": [{"action": "read", "task": "t", "path": "/"}] * 100},
            "The run has 101 steps, and this page plays 80",
        ),
    ],
)
def test_what_is_too_large_for_a_page_is_refused_in_one_sentence(more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match="terminal takes more") as refused:
        volumes_sandbox.check({"launchType": "FARGATE", **more})
    assert str(refused.value).startswith(sentence)


def test_hostile_names_are_drawn_as_text() -> None:
    hostile = {"launchType": "FARGATE", "tasks": [{"task": "<img src=x onerror=1>"}], "events": []}
    film = film_of(hostile)
    assert "<img" not in film.svg
    at = opened(hostile)
    assert scenario_of(at, "sandbox") == hostile


def test_the_run_can_be_taken_along_as_json() -> None:
    document = json.loads(volumes_sandbox.GROUND.run(dict(SANDBOX[0].scenario)))
    assert document["mechanism"] == "volumes"
    assert len(document["events"]) == len(run_of(SANDBOX[0].scenario))


def test_what_is_written_for_real_says_what_the_figure_shows() -> None:
    texts = {snippet.title: snippet.text for snippet in snippets(preset(SHARING, "closed"))}
    assert '"fileSystemId": "fs-0a1b2c3d"' in texts["The task definition web"]
    assert texts["The file system and its mount targets"].count("create-mount-target") == 2
    assert '"GroupId": "sg-old"' in texts["The file system and its mount targets"]
    assert "AWS::EFS::MountTarget" in texts["The EFS file system as CloudFormation"]
    kept = {snippet.title: snippet.text for snippet in snippets(preset(SANDBOX, "kept"))}
    assert '"deleteOnTermination": false' in kept["The start"]
    assert kept["What happens then"].count("aws ecs run-task") == 1
    assert '"deleteOnTermination": false' in kept["What happens then"]
    zone = [snippet.title for snippet in snippets(preset(SANDBOX, "zone"))]
    assert zone[:3] == ["The task definition data", "The task definition disk", "The task definition cache"]
    one = {snippet.title: snippet.text for snippet in snippets(preset(SANDBOX, "one-zone"))}
    assert "--availability-zone-name us-east-1a" in one["The file system and its mount targets"]
    assert "AvailabilityZoneName: us-east-1a" in one["The EFS file system as CloudFormation"]
    bucket = {snippet.title: snippet.text for snippet in snippets(preset(SHARING, "s3"))}
    assert "put-bucket-versioning" in bucket["The file system and its mount targets"]
    assert "The EFS file system as CloudFormation" not in bucket
    stopped = preset(SHARING, "host")
    stopped["events"] += [{"action": "stopInstance", "ec2InstanceId": "i-a1"}]
    assert "aws ec2 stop-instances" in snippets(stopped)[-1].text


def test_the_numbers_of_the_text_are_those_of_the_simulator() -> None:
    text = " ".join(block.markdown for block in markdown.load("volumes").blocks if hasattr(block, "markdown"))
    assert "20 GiB, or 21 to 200" in text
    assert "Three notes are left" in text
    assert "300 seconds by default" in text
    refused = volumes_answer({"launchType": "FARGATE", "taskDefinition": {"ephemeralStorage": {"sizeInGiB": 201}}})
    assert "21 to 200" in refused["errors"][0]["message"]
    state = state_at(run_of(preset(LEVELS, "task")), len(run_of(preset(LEVELS, "task"))))
    assert [store.status.value for store in state.stores if store.id == "web/scratch"] == ["UNREACHABLE"]


def test_an_outcome_names_the_file_system_by_its_volume() -> None:
    assert outcome(preset(SHARING, "s3")).startswith("**The file is in `bucket` (S3 Files file system).**")
    nothing = {"launchType": "FARGATE", "tasks": [{"task": "a"}], "events": []}
    assert outcome(nothing) == ""
