"""The two subjects: what they refuse, and what they answer for the golden circuit breaker rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.deployment.breaker import Breaker, trips_at
from simulator.deployment.subjects import breaker_answer, deployment_answer
from simulator.errors import InputError

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "breaker.json").read_text())["instant"]

BAD_DEPLOYMENTS = [
    ({}, "desiredCount is missing"),
    ([], "must be an object"),
    ({"desiredCount": True}, "whole number"),
    ({"desiredCount": 4.0}, "whole number"),
    ({"desiredCount": "4"}, "whole number"),
    ({"desiredCount": None}, "whole number"),
    ({"desiredCount": -1}, "from 0 to 5000"),
    ({"desiredCount": 5001}, "from 0 to 5000"),
    ({"desiredCount": 4, "desiredcount": 4}, "did you mean “desiredCount”?"),
    ({"desiredCount": 4, "order": "stop"}, "stop-first or start-first"),
    ({"desiredCount": 4, "slots": -1}, "slots"),
    ({"desiredCount": 4, "slots": True}, "slots"),
    ({"desiredCount": 4, "schedulingStrategy": "DEMON"}, "REPLICA or DAEMON"),
    ({"desiredCount": 4, "deploymentConfiguration": []}, "must be an object"),
    ({"desiredCount": 4, "deploymentConfiguration": {"minimumHealthyPercent": 101}}, "from 0 to 100"),
    ({"desiredCount": 4, "deploymentConfiguration": {"minimumHealthyPercent": 50.0}}, "whole number"),
    ({"desiredCount": 4, "deploymentConfiguration": {"maximumPercent": 99}}, "from 100 to"),
    ({"desiredCount": 4, "deploymentConfiguration": {"maximumPercent": 10**9}}, "from 100 to"),
    ({"desiredCount": 4, "deploymentConfiguration": {"maximumPercnt": 150}}, "did you mean “maximumPercent”?"),
    ({"desiredCount": 4, "deploymentConfiguration": {"strategy": "BLUE_GREEN"}}, "ROLLING"),
    ({"desiredCount": 4, "deploymentConfiguration": {"bakeTimeInMinutes": 1441}}, "bakeTimeInMinutes"),
    ({"desiredCount": 4, "deploymentConfiguration": {"alarms": {"alarmNames": "x"}}}, "must be a list"),
    (
        {"desiredCount": 4, "deploymentConfiguration": {"earlySuccessCriteria": {"healthyPercent": 50}}},
        "from 100 to 100",
    ),
    (
        {"desiredCount": 4, "schedulingStrategy": "DAEMON", "deploymentConfiguration": {"maximumPercent": 200}},
        "has to stay 100",
    ),
]
BAD_BREAKERS = [
    ({"events": "F"}, "desiredCount is missing"),
    ({"desiredCount": 4, "events": "FXH"}, "events must be"),
    ({"desiredCount": 4, "events": ["F"]}, "events must be"),
    ({"desiredCount": 4, "events": "F" * 100_001}, "at most"),
    ({"desiredCount": 4, "event": "F"}, "did you mean “events”?"),
    ({"desiredCount": 4, "deploymentCircuitBreaker": {"enable": 1}}, "true or false"),
    ({"desiredCount": 4, "deploymentCircuitBreaker": {"thresholdConfiguration": {"type": "PERCENT"}}}, "type"),
    ({"desiredCount": 4, "deploymentCircuitBreaker": {"thresholdConfiguration": {"value": 0}}}, "from 1 to 100"),
    ({"desiredCount": 4, "deploymentCircuitBreaker": {"thresholdConfiguration": {"value": 101}}}, "from 1 to 100"),
    ({"desiredCount": 4, "deploymentCircuitBreaker": {"thresholdConfiguration": {"type": "COUNT"}}}, "is missing"),
    (
        {"desiredCount": 4, "deploymentCircuitBreaker": {"thresholdConfiguration": {"type": "COUNT", "value": 0}}},
        "from 1 to",
    ),
]


@pytest.mark.parametrize("row", GOLDEN, ids=[row["id"] for row in GOLDEN])
def test_golden_breaker(row):
    assert breaker_answer(row["document"]) == {"threshold": row["threshold"], "tripsAt": row["tripsAt"]}


@pytest.mark.parametrize(("document", "part"), BAD_DEPLOYMENTS)
def test_deployment_refuses_in_one_sentence(document, part):
    _refuses(deployment_answer, document, part)


@pytest.mark.parametrize(("document", "part"), BAD_BREAKERS)
def test_breaker_refuses_in_one_sentence(document, part):
    _refuses(breaker_answer, document, part)


def test_the_fields_of_aws_are_taken():
    answer = deployment_answer(
        {
            "desiredCount": 4,
            "deploymentConfiguration": {
                "strategy": "ROLLING",
                "maximumPercent": 200,
                "minimumHealthyPercent": 100,
                "deploymentCircuitBreaker": {"enable": True, "rollback": True},
                "alarms": {"alarmNames": ["web-5xx"], "enable": True, "rollback": False},
                "bakeTimeInMinutes": 5,
            },
        }
    )
    assert answer == deployment_answer({"desiredCount": 4, "slots": None, "order": "stop-first"})


def test_daemon_has_other_defaults():
    answer = deployment_answer({"desiredCount": 3, "schedulingStrategy": "DAEMON"})
    assert (answer["lower"], answer["upper"]) == (0, 3)


def test_a_breaker_switched_off_never_trips():
    document = {"desiredCount": 4, "deploymentCircuitBreaker": {"enable": False}, "events": "FFFFF"}
    assert breaker_answer(document) == {"threshold": 3, "tripsAt": None}


@given(st.integers(1, 40), st.text("FH", max_size=80), st.booleans(), st.integers(1, 100))
@settings(max_examples=100, deadline=None)
def test_it_trips_exactly_at_the_threshold(desired, events, resets, value):
    breaker = Breaker(reset_on_healthy_task=resets, value=value)
    limit = breaker_answer(
        {"desiredCount": desired, "deploymentCircuitBreaker": {"thresholdConfiguration": {"value": value}}}
    )["threshold"]
    at = trips_at(breaker, desired, events)
    before = events if at is None else events[: at - 1]
    counted = before.rpartition("H")[2] if resets else before
    assert counted.count("F") == limit - 1 if at is not None else counted.count("F") < limit
    assert at is None or events[at - 1] == "F"


def _refuses(answer, document, part):
    with pytest.raises(InputError) as caught:
        answer(document)
    sentence = str(caught.value)
    assert part in sentence
    assert sentence.endswith((".", "?"))
    assert "\n" not in sentence
