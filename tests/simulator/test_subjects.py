"""Whatever stands in a document, the answer is an answer or one sentence."""

from __future__ import annotations

import contextlib
import copy
import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.documents import load
from simulator.errors import InputError
from simulator.placement.rules import RULES, rules_from_dict
from simulator.subjects import MECHANISMS, SUBJECTS, answer, subject_name

FULL: dict[str, Any] = {
    "ec2InstanceId": "a1",
    "instanceType": "m5.large",
    "availabilityZone": "us-east-1a",
    "status": "ACTIVE",
    "agentConnected": True,
    "remaining": {"cpu": 2048, "memory": 7985, "gpu": 1},
    "reservedPorts": {"tcp": [22], "udp": [53]},
    "attributes": {"stack": "prod", "gpu": None},
    "tasks": {"service:web": 2},
    "eniTrunking": False,
    "agentVersion": "1.68.2",
    "registeredAt": "2026-01-01T00:00:00Z",
    "runningTasksCount": 2,
    "missingCapabilities": [],
}
TASK: dict[str, Any] = {
    "family": "web",
    "networkMode": "bridge",
    "cpu": "256",
    "memory": "512",
    "placementConstraints": [{"type": "memberOf", "expression": "attribute:stack == prod"}],
    "requiresAttributes": [{"name": "stack", "value": "prod"}],
    "runtimePlatform": {"operatingSystemFamily": "LINUX"},
    "volumes": [{"name": "v", "efsVolumeConfiguration": {}}],
    "containerDefinitions": [
        {
            "name": "web",
            "image": "web",
            "cpu": 128,
            "memory": 256,
            "memoryReservation": 128,
            "portMappings": [{"containerPort": 80, "hostPort": 0, "protocol": "tcp"}],
            "resourceRequirements": [{"type": "GPU", "value": "1"}],
            "logConfiguration": {"logDriver": "awslogs"},
            "secrets": [{"name": "s", "valueFrom": "x"}],
        }
    ],
}
REQUEST: dict[str, Any] = {
    "taskDefinition": TASK,
    "count": 3,
    "group": "service:web",
    "launchType": "EC2",
    "schedulingStrategy": "REPLICA",
    "placementStrategy": [
        {"type": "spread", "field": "attribute:ecs.availability-zone"},
        {"type": "binpack", "field": "cpu"},
    ],
    "placementConstraints": [{"type": "memberOf", "expression": "runningTasksCount < 9"}, {"type": "distinctInstance"}],
    "subnetZones": ["us-east-1a"],
}
DOCUMENTS: list[tuple[str, dict[str, Any]]] = [
    ("placement", {"instances": [FULL], **REQUEST, "seed": 1, "explain": True}),
    (
        "placement",
        {
            "instances": [FULL, {**FULL, "ec2InstanceId": "b1", "tasks": {}}],
            "requests": [
                REQUEST,
                {"scaleIn": {"group": "service:web", "count": 1, "placementStrategy": [{"type": "random"}]}},
                {"rebalance": {"group": "service:web", "desiredCount": 2}},
            ],
            "changes": [
                {"at": 1, "instance": "a1", "status": "DRAINING"},
                {"at": 2, "terminate": "b1"},
                {"at": 2, "placementStrategy": [{"type": "random"}]},
            ],
            "explain": True,
        },
    ),
    (
        "scale-in",
        {
            "instances": [FULL],
            "tasks": [
                {"taskArn": "t", "ec2InstanceId": "a1", "group": "g", "cpu": 1, "memory": 1, "protectionEnabled": False}
            ],
            "count": 1,
            "group": "g",
            "placementStrategy": [{"type": "binpack", "field": "cpu"}],
        },
    ),
    ("query", {"expression": "attribute:stack in [prod, test] and not(task:group == x)", "instances": [FULL]}),
]
RUBBISH: list[Any] = [
    None, True, -1, 0, 1, 10**30, 1.5, "", "x", "\ud800", "a" * 3000, "\n\n", [], [[]], [None], {}, {"x": 1}, {"": []},
    "attribute:stack =~ (((", {1: 2}, "🐋", "ACTIVE", "DAEMON",
]  # fmt: skip


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [place for key, child in inner for place in _places(child, (*path, key))]


@pytest.mark.parametrize(("subject", "document"), DOCUMENTS)
def test_the_documents_are_good_to_begin_with(subject: str, document: dict[str, Any]) -> None:
    json.dumps(answer(subject, document))


@pytest.mark.parametrize(("subject", "document"), DOCUMENTS)
def test_rubbish_in_every_single_place(subject: str, document: dict[str, Any]) -> None:
    for place in _places(document):
        for value in RUBBISH:
            _answer_or_sentence(subject, _changed(document, [(place, value)]))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_rubbish_in_several_places(data: st.DataObject) -> None:
    subject, document = data.draw(st.sampled_from(DOCUMENTS))
    changes = data.draw(
        st.lists(st.tuples(st.sampled_from(_places(document)), st.sampled_from(RUBBISH)), min_size=2, max_size=4)
    )
    _answer_or_sentence(subject, _changed(document, changes))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="{}[]\"':,-&*!?|>#%@` \n\tab1.\\", max_size=40))
def test_any_text_is_a_document_or_a_sentence(text: str) -> None:
    with contextlib.suppress(InputError):
        load(text)


def test_a_query_in_a_constraint_names_its_column_and_its_place() -> None:
    document = {**DOCUMENTS[0][1], "placementConstraints": [{"type": "memberOf", "expression": "attribute:a = b"}]}
    with pytest.raises(InputError) as error:
        answer("placement", document)
    assert "column 13" in str(error.value)
    assert error.value.path == "placementConstraints[0].expression"


def test_rules_are_put_in() -> None:
    document = {"instances": [{**FULL, "status": "DRAINING"}], "taskDefinition": {"memory": 64}}
    assert answer("placement", document) == answer("placement", document, RULES)
    assert answer("placement", document, rules_from_dict({"draining": "accepts"}))["placements"]


def test_a_type_that_nobody_knows_is_not_silently_said_to_have_no_gpu() -> None:
    requirement = {"type": "GPU", "value": "1"}
    task = {"containerDefinitions": [{"name": "g", "memory": 64, "resourceRequirements": [requirement]}]}

    def placed(**more: Any) -> dict[str, Any]:
        instance = {"ec2InstanceId": "a1", "remaining": {"cpu": 1024, "memory": 1024}, **more}
        return answer("placement", {"instances": [instance], "taskDefinition": task})

    unknown = placed(instanceType="p9.huge")
    assert unknown["failures"] == [{"task": 1, "reasons": {"a1": ["RESOURCE:GPU"]}}]
    assert "Whether a1 has GPUs is not known" in unknown["notes"][0]
    assert "notes" not in placed(instanceType="m5.large")
    assert "notes" not in placed(instanceType="p9.huge", remaining={"cpu": 1024, "memory": 1024, "gpu": 1})


def test_subjects() -> None:
    for name, mechanism in SUBJECTS.items():
        assert name in import_module(f"simulator.{mechanism}.subjects").ANSWERS
    assert set(MECHANISMS) == {path.parent.name for path in Path("simulator").glob("*/subjects.py")}
    assert subject_name("scale_in") == subject_name("scale-in") == "scale-in"
    with pytest.raises(InputError, match=r"There is no subject “scal-in”; did you mean scale-in\?"):
        answer("scal-in", {})


def _changed(document: dict[str, Any], changes: list[tuple[tuple[Any, ...], Any]]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    for place, value in changes:
        inner: Any = changed
        try:
            for step in place[:-1]:
                inner = inner[step]
            inner[place[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change has put something else there
    return changed


def _answer_or_sentence(subject: str, document: dict[str, Any]) -> None:
    """Anything raised but an InputError fails the test, and so does an answer that JSON has no form for."""
    with contextlib.suppress(InputError):
        json.dumps(answer(subject, document))
