"""The AWS CLI's commands for a deployment: each setting that AWS has, no field of ours, and what is left out."""

from __future__ import annotations

import json
import shlex
from typing import Any

from lessons.rolling_cli import commands, left_out


def words_of(text: str) -> list[str]:
    return shlex.split(text.replace("\\\n", " "))


def document(text: str, option: str) -> dict[str, Any]:
    words = words_of(text)
    return json.loads(words[words.index(option) + 1])


def test_a_plain_service_needs_one_command() -> None:
    text = commands({"desiredCount": 4})
    expected = "aws ecs update-service --cluster harbor --service web --task-definition web:2 --desired-count 4"
    assert words_of(text) == expected.split()
    assert not left_out({"desiredCount": 4})


def test_the_configuration_has_what_aws_requires_and_nothing_of_ours() -> None:
    scenario = {
        "desiredCount": 4,
        "deploymentConfiguration": {"minimumHealthyPercent": 50, "alarms": {"alarmNames": ["a"], "alarmAtSeconds": 9}},
        "deploymentCircuitBreaker": {"rollback": True},
        "bakeTimeInMinutes": 5,
    }
    assert document(commands(scenario), "--deployment-configuration") == {
        "minimumHealthyPercent": 50,
        "alarms": {"alarmNames": ["a"], "enable": True, "rollback": False},
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "bakeTimeInMinutes": 5,
    }


def test_health_and_stopping_go_where_aws_has_them() -> None:
    scenario = {
        "desiredCount": 2,
        "loadBalancer": {"healthCheckIntervalSeconds": 5, "deregistrationDelaySeconds": 0, "answersAfterSeconds": 9},
        "containerHealthCheck": {"interval": 10, "healthyAfterSeconds": 20},
        "stopTimeout": 5,
        "hostPort": 8080,
        "instances": 3,
        "healthCheckGracePeriodSeconds": 60,
    }
    text = commands(scenario)
    container = document(text, "--cli-input-json")["containerDefinitions"][0]
    assert container["healthCheck"]["interval"] == 10
    assert "healthyAfterSeconds" not in container["healthCheck"]
    assert container["stopTimeout"] == 5
    assert container["portMappings"] == [{"containerPort": 8080, "hostPort": 8080}]
    words = words_of(text)
    assert words[words.index("--health-check-interval-seconds") + 1] == "5"
    assert "Key=deregistration_delay.timeout_seconds,Value=0" in words
    assert words[words.index("--health-check-grace-period-seconds") + 1] == "60"
    assert "the number of instances" in left_out(scenario)
    assert "begins to answer" in left_out(scenario)


def test_names_are_quoted_and_a_first_deployment_creates_the_service() -> None:
    text = commands(
        {"desiredCount": 1, "service": "web; rm -rf", "completedBefore": False, "protectedTasks": 0, "failures": []}
    )
    words = words_of(text)
    assert words[2] == "create-service"
    assert words[words.index("--service-name") + 1] == "web; rm -rf"


def test_protected_tasks_are_named_one_by_one() -> None:
    text = commands({"desiredCount": 3, "protectedTasks": 2, "protectionMinutes": 10})
    assert words_of(text)[-6:] == [
        "--tasks",
        "OLD_TASK_1",
        "OLD_TASK_2",
        "--protection-enabled",
        "--expires-in-minutes",
        "10",
    ]
