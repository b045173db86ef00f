"""All that this room says word for word: about queries, refusals, golden documents, beliefs, and what is wrong."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from simulator.container_instance import MOST_TASKS
from simulator.placement import RULES
from simulator.placement.query import QueryError, explain, hint, parse
from simulator.placement.rebalance import rebalance_eligibility
from simulator.placement.rules import rules_from_dict
from simulator.placement.scenario import MOST_RUN_TASK
from simulator.placement.subjects import decision_to_dict
from simulator.subjects import answer
from tests.simulator.garbage import near, places, put, refusals, refused, spelled
from tests.simulator.placement import test_decide, test_golden, test_query, test_rules

KEPT = Path(__file__).with_name("told.txt")
MOST_STEPS = 6  # of a document; the copies of a task are decided alike
HOST: dict[str, Any] = {
    "ec2InstanceId": "a1",
    "instanceType": "m5.large",
    "availabilityZone": "us-east-1a",
    "status": "ACTIVE",
    "agentConnected": True,
    "remaining": {"cpu": 2048, "memory": 7985, "gpu": 1},
    "reservedPorts": {"tcp": [22], "udp": [53]},
    "attributes": {"stack": "prod"},
    "tasks": {"service:web": 2},
}
CONTAINER: dict[str, Any] = {
    "name": "web",
    "image": "web",
    "cpu": 128,
    "memory": 256,
    "portMappings": [{"containerPort": 80, "hostPort": 0, "protocol": "tcp"}],
    "secrets": [{"name": "s", "valueFrom": "x"}],
}
ZONES = {"type": "spread", "field": "attribute:ecs.availability-zone"}
REQUEST: dict[str, Any] = {
    "taskDefinition": {
        "family": "web",
        "containerDefinitions": [CONTAINER],
        "placementConstraints": [{"type": "memberOf", "expression": "attribute:stack == prod"}],
    },
    "count": 3,
    "group": "service:web",
    "launchType": "EC2",
    "schedulingStrategy": "REPLICA",
    "placementStrategy": [ZONES, {"type": "binpack", "field": "cpu"}],
    "placementConstraints": [{"type": "memberOf", "expression": "runningTasksCount < 9"}, {"type": "distinctInstance"}],
    "subnetZones": ["us-east-1a"],
}
SHORT = {"taskDefinition": {"family": "web", "memory": 64}, "group": "service:web", "schedulingStrategy": "REPLICA"}
MANY: list[dict[str, Any]] = [{"ec2InstanceId": f"i{n}", "remaining": {"cpu": 9, "memory": 9}} for n in range(101)]
FLEET = [{**MANY[0], "ec2InstanceId": f"i{n}"} for n in range(1_500)]
# Right documents of each subject; a wrong value is put into every place of them.
RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("placement", {"instances": [HOST], **REQUEST, "seed": 1, "explain": True}),
    ("placement", {"instances": [HOST], **SHORT, "schedulingStrategy": "DAEMON", "count": 1}),
    (
        "placement",
        {
            "instances": [HOST],
            "requests": [
                SHORT,
                {"scaleIn": {"group": "service:web", "count": 1, "placementStrategy": [{"type": "random"}]}},
                {"rebalance": {"group": "service:web", "desiredCount": 2}},
            ],
            "changes": [
                {"at": 1, "instance": "a1", "status": "DRAINING"},
                {"at": 2, "instance": "a1", "agentConnected": False},
                {"at": 2, "placementStrategy": [{"type": "random"}]},
                {"at": 2, "placementConstraints": [{"type": "distinctInstance"}]},
                {"at": 3, "terminate": "a1"},
            ],
        },
    ),
    (
        "scale-in",
        {
            "instances": [HOST],
            "tasks": [
                {"taskArn": "t", "ec2InstanceId": "a1", "group": "g", "cpu": 1, "memory": 1, "protectionEnabled": False}
            ],
            "count": 1,
            "group": "g",
            "placementStrategy": [{"type": "binpack", "field": "cpu"}],
            "seed": 1,
            "explain": False,
        },
    ),
    ("query", {"expression": "attribute:stack in [prod, test]", "instances": [HOST]}),
]
# What is right in its parts and does not go together, or misses something.
MISTAKES: list[tuple[str, dict[str, Any]]] = [
    ("placement", {}),
    ("placement", {"instances": []}),
    ("placement", {"instances": [], "taskDefinition": {"memory": 64}}),
    ("placement", {"instances": [HOST], "requests": [SHORT], "count": 2}),
    ("placement", {"instances": [HOST], **SHORT, "count": MOST_TASKS + 1}),
    ("placement", {"instances": [HOST], **SHORT, "schedulingStrategy": None, "count": MOST_RUN_TASK + 1}),
    ("placement", {"instances": [HOST], **SHORT, "schedulingStrategy": None, "count": 0}),
    ("placement", {"instances": [HOST], "requests": [{**SHORT, "count": MOST_TASKS}, {**SHORT, "count": 1}]}),
    ("placement", {"instances": MANY, **SHORT, "count": 1_000, "explain": True}),
    ("placement", {"instances": FLEET, **SHORT, "schedulingStrategy": "DAEMON"}),
    ("placement", {"instances": [HOST], "requests": [{**SHORT, "scaleIn": {"group": "service:web"}}]}),
    ("placement", {"instances": [HOST], "requests": [{"rebalance": {"group": "service:web", "desiredCount": 2}}]}),
    ("placement", {"instances": [HOST], **SHORT, "changes": [{"at": 0}]}),
    ("placement", {"instances": [HOST], **SHORT, "changes": [{"at": 0, "terminate": "a1", "agentConnected": True}]}),
    ("placement", {"instances": [HOST], **SHORT, "changes": [{"at": 0, "terminate": "b1"}]}),
    ("placement", {"instances": [HOST], **SHORT, "changes": [{"at": 0, "instance": "b1", "status": "ACTIVE"}]}),
    ("placement", {"instances": [HOST], **SHORT, "changes": [{"at": 0, "instance": "a1", "placementStrategy": []}]}),
    ("placement", {"instances": [HOST], **SHORT, "launchType": "FARGATE"}),
    ("placement", {"instances": [HOST], **SHORT, "launchType": "MANAGED_INSTANCES"}),
    ("placement", {"instances": [HOST], **SHORT, "launchType": "FARGATE", "placementStrategy": [ZONES]}),
    (
        "placement",
        {"instances": [HOST], **SHORT, "launchType": "FARGATE", "placementConstraints": [{"type": "distinctInstance"}]},
    ),
    ("placement", {"instances": [HOST], **REQUEST, "launchType": "FARGATE"}),
    ("placement", {"instances": [HOST], **REQUEST, "schedulingStrategy": "DAEMON"}),
    ("placement", {"instances": [HOST], **SHORT, "subnetZones": []}),
    ("placement", {"instances": [HOST], **SHORT, "placementStrategy": [ZONES] * 6}),
    ("placement", {"instances": [HOST], **SHORT, "placementStrategy": [{"type": "random", "field": "cpu"}]}),
    ("placement", {"instances": [HOST], **SHORT, "placementStrategy": [{"type": "spread"}]}),
    ("placement", {"instances": [HOST], **SHORT, "placementStrategy": [{"type": "binpack"}]}),
    ("placement", {"instances": [HOST], **SHORT, "placementStrategy": [{"type": "spread", "field": "attribute:"}]}),
    ("placement", {"instances": [HOST], **SHORT, "placementConstraints": [{"type": "memberOf"}]}),
    (
        "placement",
        {"instances": [HOST], **SHORT, "placementConstraints": [{"type": "distinctInstance", "expression": "x"}]},
    ),
    (
        "placement",
        {
            "instances": [HOST],
            **SHORT,
            "taskDefinition": {"memory": 64, "placementConstraints": [{"type": "distinctInstance"}]},
        },
    ),
    ("placement", {"instances": [HOST], **REQUEST, "placementConstraints": [{"type": "distinctInstance"}] * 10}),
    ("scale-in", {"instances": [HOST]}),
    ("scale-in", {"tasks": []}),
    ("scale-in", {"instances": [HOST], "tasks": []}),
    ("scale-in", {"instances": [HOST], "tasks": [{"taskArn": "t", "ec2InstanceId": "a1", "group": "g"}] * 2}),
    ("scale-in", {"instances": [HOST], "tasks": [{"taskArn": "t", "ec2InstanceId": "b1", "group": "g"}]}),
    (
        "scale-in",
        {"instances": [HOST], "tasks": [{"taskArn": "t", "ec2InstanceId": "a1", "group": "g"}], "count": 2},
    ),
    (
        "scale-in",
        {
            "instances": [HOST],
            "tasks": [{"taskArn": "t", "ec2InstanceId": "a1", "group": "g"}],
            "placementStrategy": [{"type": "binpack", "field": "cpu"}],
        },
    ),
    (
        "scale-in",
        {
            "instances": [{"ec2InstanceId": "a1"}],
            "tasks": [{"taskArn": "t", "ec2InstanceId": "a1", "group": "g", "memory": 1}],
            "placementStrategy": [{"type": "binpack", "field": "memory"}],
        },
    ),
    ("query", {}),
    ("query", {"expression": "agentConnected == true"}),
]


@pytest.mark.parametrize(("subject", "document"), RIGHT)
def test_a_wrong_value_is_refused_where_it_stands(subject: str, document: dict[str, Any]) -> None:
    answer(subject, document)
    # An id that others name, and a kind of request: what is wrong then is the name, or what the kind leaves out.
    elsewhere = re.compile(r".*(\.ec2InstanceId|\.group|group|schedulingStrategy|\.scaleIn|\.rebalance|\.type)")
    for place in places(document):
        for wrong in (-1, True, 1.5, "?", "\ud800", {"?": 1}, {1: 2}, [[]], [None] * 300, 10**30):
            error = refused(partial(answer, subject), put(document, place, wrong))
            if error is not None and not elsewhere.fullmatch(spelled(place)):
                assert near(place, error.path), f"{place}: {error.path}: {error}"


def queries() -> Iterator[str]:
    patterns = [f"attribute:x =~ '{pattern}'" for pattern, _ in test_query.REFUSED_PATTERNS]
    for expression in [*(expression for expression, *_ in test_query.ERRORS), *patterns]:
        with pytest.raises(QueryError) as error:
            parse(expression)
        yield f"{json.dumps(expression)} {error.value.column}: {error.value}"
    for expression in [expression for expression, _ in (*test_query.MISMATCHES, *test_query.HINTS)]:
        query = parse(expression)
        yield f"{expression} | {explain(query, test_query.ONE)} | {hint(query)}"
    for case in test_query.GOLDEN["cases"]:
        query = parse(case["expression"])
        yield from (f"{case['id']} {one.id}: {explain(query, one)}" for one in test_query.FLEET)


def services() -> Iterator[str]:
    """What is said to a service that is to be rebalanced and is written wrong."""
    service: dict[str, Any] = {
        "schedulingStrategy": "REPLICA",
        "placementStrategy": [ZONES],
        "placementConstraints": [{"type": "distinctInstance"}],
        "deploymentConfiguration": {"maximumPercent": 200},
        "deploymentController": {"type": "ECS"},
        "loadBalancers": [{"targetGroupArn": "tg"}],
    }
    assert rebalance_eligibility(service) == (True, ())
    yield from refusals(rebalance_eligibility, service)


def decisions() -> Iterator[str]:
    """What each filter says when it refuses, and what would help."""
    for instance, more, *_ in [*test_decide.REFUSALS, *test_decide.SEVERAL]:
        host = {"ec2InstanceId": "a1", "remaining": test_decide.ROOM, **instance}
        yield json.dumps(decision_to_dict(test_decide.decided(host, **more)), ensure_ascii=False)


def steps(document: dict[str, Any], rules: Any = RULES) -> Iterator[str]:
    told = answer("placement", {**document, "explain": True}, rules)
    for step in told.pop("steps")[:MOST_STEPS]:
        yield f"    {json.dumps(step, ensure_ascii=False)}"
    yield f"    {json.dumps(told, ensure_ascii=False)}"


def golden() -> Iterator[str]:
    for name, case in test_golden.GOLDEN["placement"].items():
        yield name
        yield from steps({field: value for field, value in case.items() if field != "expect"})
    yield "rebalance"
    yield from steps(test_golden.GOLDEN["rebalance"])
    for name, case in test_golden.GOLDEN["scale-in"].items():
        document = {field: value for field, value in case.items() if field != "expect"}
        yield f"{name} {json.dumps(answer('scale-in', {**document, 'explain': True}), ensure_ascii=False)}"
    for name, case in test_golden.GOLDEN["eligibility"].items():
        yield f"{name} {json.dumps(rebalance_eligibility(case['service']), ensure_ascii=False)}"


def beliefs() -> Iterator[str]:
    for rule, value, document, *_ in test_rules.CASES:
        yield f"{rule} {value}"
        yield from steps(document, rules_from_dict({rule: value}))


def wrong() -> Iterator[str]:
    for subject, document in RIGHT:
        yield from (f"{subject} {line}" for line in refusals(partial(answer, subject), document))
    for subject, document in MISTAKES:
        error = refused(partial(answer, subject), document)
        assert error is not None, document
        yield f"{subject} {error.path}: {error}"


SECTIONS = {one.__name__: one for one in (queries, services, decisions, golden, beliefs, wrong)}


@cache
def kept() -> dict[str, list[str]]:
    sections = re.split(r"^# ", KEPT.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {lines[0]: lines[1:] for lines in (section.split("\n")[:-1] for section in sections)}


@pytest.mark.parametrize("name", SECTIONS)
def test_what_is_said_is_what_was_always_said(name: str) -> None:
    """Written again by `python -m tests.simulator.placement.test_told`; read the difference."""
    assert list(SECTIONS[name]()) == kept()[name]


if __name__ == "__main__":
    _all = {name: "".join(f"{line}\n" for line in lines()) for name, lines in SECTIONS.items()}
    KEPT.write_text("".join(f"# {name}\n{lines}" for name, lines in _all.items()), encoding="utf-8")
    sys.stdout.write(f"{sum(lines.count(chr(10)) for lines in _all.values())} lines told\n")
