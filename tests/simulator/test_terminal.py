"""The terminal: JSON only on standard output; bad input is exit 2 with one sentence on standard error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from simulator.__main__ import main
from simulator.subjects import SUBJECTS

ROOT = Path(__file__).parents[2]
TASK = {"family": "web", "containerDefinitions": [{"name": "web", "image": "web", "cpu": 256, "memory": 512}]}
HOSTS = [{"ec2InstanceId": "a1", "instanceType": "m5.large", "availabilityZone": "us-east-1a"}]


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "simulator", *arguments],
        input=given,
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=False,
    )


def refused(capsys: pytest.CaptureFixture[str], path: Path, subject: str = "placement") -> str:
    assert main([subject, str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


def test_the_contract_through_a_real_process() -> None:
    document = {
        "instances": HOSTS,
        "taskDefinition": TASK,
        "count": 2,
        "group": "service:web",
        "launchType": "EC2",
        "placementStrategy": [],
        "placementConstraints": [],
        "subnetZones": ["us-east-1a"],
        "seed": 1,
    }
    done = run("placement", "-", given=json.dumps(document).encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout) == {
        "placements": [{"task": 1, "ec2InstanceId": "a1"}, {"task": 2, "ec2InstanceId": "a1"}],
        "failures": [],
    }


def test_rubbish_through_a_real_process() -> None:
    done = run("placement", "-", given=b"\x00\xff\xfe\x01")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "query.json"
    hosts = [{"ec2InstanceId": f"i{n:05}" * 20} for n in range(2000)]
    path.write_text(json.dumps({"expression": "attribute:x !exists", "instances": hosts}))
    done = subprocess.run(
        f"{sys.executable} -m simulator query {path} | head -c 10",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.stdout == b'{"matches"'
    assert done.stderr == b""


def test_yaml_means_what_json_means(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(
        "instances:\n"
        "- {ec2InstanceId: a1, registeredAt: 2018-02-13T00:00:00Z, attributes: {on: yes}}\n"
        "expression: attribute:on == yes and registeredAt == 2018-02-13\n"
    )
    assert main(["query", str(path)]) == 0
    assert json.loads(capsys.readouterr().out) == {"matches": ["a1"]}


def test_scale_in(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "scale-in.json"
    row = {"taskArn": "t1", "ec2InstanceId": "a1", "group": "service:web", "cpu": 256, "memory": 512}
    path.write_text(
        json.dumps({"instances": HOSTS, "tasks": [row], "count": 1, "group": "service:web", "placementStrategy": []})
    )
    assert main(["scale-in", str(path)]) == 0
    assert json.loads(capsys.readouterr().out) == {"stop": ["t1"], "open": False}


def test_explain_adds_the_verdicts(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "explain.json"
    hosts = [*HOSTS, {"ec2InstanceId": "b1", "instanceType": "t3.nano"}]
    path.write_text(json.dumps({"instances": hosts, "taskDefinition": TASK, "explain": True}))
    assert main(["placement", str(path)]) == 0
    (step,) = json.loads(capsys.readouterr().out)["steps"]
    assert step["chosen"] == "a1"
    assert [(verdict["ec2InstanceId"], verdict["fits"]) for verdict in step["verdicts"]] == [
        ("a1", True),
        ("b1", False),
    ]
    (failure,) = step["verdicts"][1]["failures"]
    assert (failure["rule"], failure["need"], failure["have"]) == ("memory", 512, 496)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "The document is empty"),
        ("   \n", "The document is empty"),
        ("[", "neither JSON nor YAML: line 1, column 2"),
        ("a: [1", "neither JSON nor YAML"),
        ("just words", 'must be an object with named fields, not "just words"'),
        ("[1, 2]", "must be an object with named fields, not a list"),
        ('{"a": 1, "a": 2}', "The field “a” occurs twice"),
        ("a: 1\na: 2", "Line 2: the field “a” occurs twice"),
        ('{"count": NaN}', "NaN, which is not a number of JSON"),
        ('{"count": -Infinity}', "-Infinity, which is not a number of JSON"),
        ("[" * 100_000, "nested deeper than 100 levels"),
        ('{"a":' * 150 + "1" + "}" * 150, "nested deeper than 100 levels"),
        ("- " * 5000 + "1", "nested deeper than 100 levels"),
        ("a: &a [*a]", "neither JSON nor YAML"),
        ("a: &a [1,1,1,1,1,1,1,1,1,1]\n"
         + "".join(f"{y}: &{y} [{', '.join([f'*{x}'] * 10)}]\n" for x, y in zip("abcdef", "bcdefg", strict=True)),
         "more than 1000000 values"),
        ("instances: !!python/object:os.system x", "could not determine a constructor"),
        (f'{{"count": {"9" * 5000}}}', "too many digits"),
        ('"\\ud800"', "must be an object"),
        ("--- {}\n--- {}", "neither JSON nor YAML"),
        ("? [a]\n: b", "neither JSON nor YAML"),
    ],
)  # fmt: skip
def test_text_that_is_no_document(text: str, part: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "bad"
    path.write_text(text)
    assert part in refused(capsys, path)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"instances": None}, "There is no list of instances"),
        ({"instances": "a1"}, 'instances must be a list, not "a1"'),
        ({"instances": ["a1"]}, "instances[0] must be an object with named fields"),
        ({"instances": [{}]}, "instances[0].ec2InstanceId must be text, not null"),
        ({"instances": [*HOSTS, *HOSTS]}, "instances[1].ec2InstanceId is “a1” again"),
        ({"instances": []}, "No Container Instances were found in your cluster."),
        ({"instances": [{"ec2InstanceId": "a", "instancetype": "m5.large"}]}, "did you mean “instanceType”?"),
        ({"instances": [{"ec2InstanceId": "a", "status": "active"}]}, "must be ACTIVE, DRAINING"),
        ({"instances": [{"ec2InstanceId": "a", "agentConnected": "yes"}]}, "must be true or false"),
        ({"instances": [{"ec2InstanceId": "a", "remaining": {"cpu": True, "memory": 1}}]}, "whole number from 0"),
        ({"instances": [{"ec2InstanceId": "a", "remaining": {"cpu": -1, "memory": 1}}]}, "not -1"),
        ({"instances": [{"ec2InstanceId": "a", "remaining": {"cpu": 1.5, "memory": 1}}]}, "not 1.5"),
        ({"instances": [{"ec2InstanceId": "a", "remaining": {"memory": 1}}]}, "remaining.cpu is left out"),
        ({"instances": [{"ec2InstanceId": "a", "instanceType": "x9.huge"}]}, "its type “x9.huge” is not known"),
        ({"instances": [{"ec2InstanceId": "a", "reservedPorts": {"tcp": [70000]}}]}, "reservedPorts.tcp[0]"),
        ({"instances": [{"ec2InstanceId": "a", "attributes": {"a b": "c"}}]}, "1 to 128 letters"),
        ({"instances": [{"ec2InstanceId": "a", "attributes": {"a": 5}}]}, "attributes.a must be text"),
        (
            {"instances": [{"ec2InstanceId": "a", "attributes": {f"a{n}": None for n in range(11)}}]},
            "AttributeLimitExceeded",
        ),
        (
            {
                "instances": [
                    {"ec2InstanceId": "a", "instanceType": "m5.large", "attributes": {"ecs.instance-type": "t3.nano"}}
                ]
            },
            "keep one",
        ),
        ({"instances": [{"ec2InstanceId": "a", "registeredAt": "yesterday"}]}, "must be a time such as"),
        ({"instances": [{"ec2InstanceId": "a", "agentVersion": "latest"}]}, "must be a version such as"),
        ({"instances": [{"ec2InstanceId": "a", "tasks": ["service:web"]}]}, "tasks must be an object"),
        ({"instances": HOSTS * 20_000}, "at most 10000 are taken"),
        ({"taskDefinition": None}, "There is no taskDefinition"),
        ({"taskDefinition": {}}, "gives no memory"),
        ({"taskDefinition": {"memory": "lots"}}, "Invalid 'memory' setting for task"),
        ({"taskDefinition": {"memory": 64, "cpu": 12}}, "Invalid 'cpu' setting for task"),
        ({"taskDefinition": {"memory": 64, "networkMode": "vpc"}}, "must be bridge, host, awsvpc, none or default"),
        ({"cout": 3}, "There is no field “cout”; did you mean “count”?"),
        ({"count": 0}, "count must be a whole number from 1 to 100, not 0"),
        ({"count": 101}, "count must be a whole number from 1 to 100, not 101"),
        ({"count": "six"}, 'not "six"'),
        ({"count": 5001, "schedulingStrategy": "REPLICA"}, "from 0 to 5000"),
        ({"schedulingStrategy": "replica"}, "must be REPLICA or DAEMON"),
        ({"seed": -1}, "seed must be a whole number"),
        ({"subnetZones": []}, "subnetZones is an empty list"),
        ({"group": ""}, "group must have 1 to 255 characters"),
        ({"placementStrategy": [{"type": "random"}] * 6}, "Maximum number of strategies is 5"),
        ({"placementStrategy": [{"type": "random", "field": "cpu"}]}, "random field should not be specified"),
        ({"placementStrategy": [{"type": "binpack", "field": "disk"}]}, "binpack field 'disk' is invalid"),
        ({"placementStrategy": [{"type": "binpack"}]}, "binpack needs cpu or memory"),
        ({"placementStrategy": [{"type": "spread", "field": "ecs.availability-zone"}]}, "attribute:<name>"),
        ({"placementStrategy": [{"type": "binpak", "field": "cpu"}]}, "must be random, spread or binpack"),
        ({"placementStrategy": {"type": "random"}}, "placementStrategy must be a list"),
        (
            {"placementConstraints": [{"type": "distinctInstance", "expression": "x"}]},
            "distinctInstance expression should not be specified.",
        ),
        ({"placementConstraints": [{"type": "memberOf"}]}, "memberOf needs one"),
        (
            {"placementConstraints": [{"type": "memberOf", "expression": "attribute:a == " + "b" * 2000}]},
            "must have 1 to 2000 characters",
        ),
        (
            {
                "taskDefinition": {
                    "memory": 9,
                    "placementConstraints": [{"type": "memberOf", "expression": "attribute:a exists"}] * 6,
                },
                "placementConstraints": [{"type": "distinctInstance"}] * 5,
            },
            "11 placement constraints together",
        ),
        (
            {"taskDefinition": {"memory": 9, "placementConstraints": [{"type": "distinctInstance"}]}},
            "constraint.type 'distinctInstance' is not supported.",
        ),
        (
            {"schedulingStrategy": "DAEMON", "placementStrategy": [{"type": "random"}]},
            "The daemon scheduling strategy does not support placement strategies",
        ),
        (
            {"launchType": "FARGATE", "placementStrategy": [{"type": "random"}]},
            "Placement strategies are not supported with FARGATE launch type.",
        ),
        (
            {"launchType": "FARGATE", "placementConstraints": [{"type": "distinctInstance"}]},
            "not supported with FARGATE launch type.",
        ),
        ({"launchType": "FARGATE"}, "launchType is FARGATE"),
        ({"requests": []}, "Both taskDefinition and requests are given"),
        ({"explain": 1}, "explain must be true or false"),
        ({"changes": [{"at": 1}]}, "changes[0] must have exactly one of"),
        ({"changes": [{"at": 1, "terminate": "zz"}]}, "there is no such instance"),
    ],
)
def test_documents_that_are_refused(
    change: dict[str, Any], part: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "bad.json"
    document = {"instances": HOSTS, "taskDefinition": TASK, **change}
    path.write_text(json.dumps({name: value for name, value in document.items() if value is not None}))
    assert part in refused(capsys, path)


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ({}, "There is no list of instances"),
        ({"instances": HOSTS}, "There is no list of tasks"),
        (
            {"instances": HOSTS, "tasks": [{"taskArn": "t", "ec2InstanceId": "zz", "group": "g"}]},
            "there is no such instance",
        ),
        (
            {"instances": HOSTS, "tasks": [{"taskArn": "t", "ec2InstanceId": "a1", "group": "g"}] * 2},
            "tasks[1].taskArn is “t” again",
        ),
        ({"instances": HOSTS, "tasks": [], "group": "g"}, "only 0 tasks of “g” run"),
        (
            {
                "instances": HOSTS,
                "tasks": [{"taskArn": "t", "ec2InstanceId": "a1", "group": "g"}],
                "placementStrategy": [{"type": "binpack", "field": "cpu"}],
            },
            "tasks[0].cpu is missing",
        ),
    ],
)
def test_scale_ins_that_are_refused(
    document: dict[str, Any], part: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(document))
    assert part in refused(capsys, path, "scale-in")


def test_files_and_arguments(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "There is no file" in refused(capsys, tmp_path / "none.json")
    assert "Is a directory" in refused(capsys, tmp_path)
    assert "did you mean placement?" in refused(capsys, tmp_path, "placment")
    large = tmp_path / "large.json"
    large.write_bytes(b" " * (8 * 1024 * 1024 + 1))
    assert "larger than" in refused(capsys, large)
    assert main([]) == 2
    usage = capsys.readouterr().err
    assert all(name in usage for name in SUBJECTS)


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("document", [{}, [], None, 5, {"x": {"y": 1}}, {"instances": {}}, {"desiredCount": "4"}])
def test_no_subject_falls_over(subject: str, document: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(document))
    if subject == "network" and document in ({}, {"instances": {}}):
        # What is left out is the small VPC that its chapter describes, so an empty document asks about that one.
        assert main([subject, str(path)]) == 0
        assert json.loads(capsys.readouterr().out)["reachable"] is True
    elif subject == "task_definition" and isinstance(document, dict):
        # Whatever is wrong with a task definition is the answer to the question that was asked.
        assert main([subject, str(path)]) == 0
        assert json.loads(capsys.readouterr().out)["valid"] is False
    else:
        refused(capsys, path, subject)
