"""A deployment's situation as what one would type: the AWS CLI's commands and the JSON that they read."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from lessons.for_real import Snippet

CLUSTER = "harbor"
# What a scenario says beside AWS's settings: the application's ways, the cluster's room, and what is broken on purpose.
NOT_SET = {
    "startSeconds": "how long an image takes to start",
    "stopSeconds": "how long the application takes to exit",
    "slots": "the room in the cluster",
    "instances": "the number of instances",
    "order": "the order, which AWS leaves open",
    "failures": "what is broken on purpose",
    "changes": "what you changed on the way",
}
_BREAKER = {"enable": True, "rollback": False}
_ALARMS = {"alarmNames": [], "enable": True, "rollback": False}
_OURS = ("alarmAtSeconds", "alreadyInAlarm")


def snippets(scenario: Mapping[str, Any]) -> tuple[Snippet, ...]:
    """The commands that bring a scenario about, and what of it no command can set."""
    title = f"The situation of your sandbox, on a cluster `{CLUSTER}`"
    return (Snippet(title=title, text=commands(scenario), note=left_out(scenario)),)


def commands(scenario: Mapping[str, Any]) -> str:
    """The commands that bring a scenario about on a real cluster, as far as AWS has settings for it.

    Parameters
    ----------
    scenario : one that has been checked; names in capitals stand for your own.
    """
    return "\n\n".join([*_target_group(scenario), *_revision(scenario), _deploy(scenario), *_protection(scenario)])


def left_out(scenario: Mapping[str, Any]) -> str:
    """What of the scenario no command can set, in one sentence; "" if everything can be."""
    named = [words for name, words in NOT_SET.items() if scenario.get(name) is not None]
    if (scenario.get("loadBalancer") or {}).get("answersAfterSeconds"):
        named.append("when the application begins to answer")
    return f"No setting of AWS’s: {'; '.join(named)}." if named else ""


def _target_group(scenario: Mapping[str, Any]) -> Iterator[str]:
    balancer = scenario.get("loadBalancer")
    if not balancer:
        return
    options = {
        "healthCheckIntervalSeconds": "--health-check-interval-seconds",
        "healthyThresholdCount": "--healthy-threshold-count",
        "unhealthyThresholdCount": "--unhealthy-threshold-count",
    }
    given = [f"{option} {balancer[name]}" for name, option in options.items() if balancer.get(name) is not None]
    if given:
        yield _lines("aws elbv2 modify-target-group --target-group-arn TARGET_GROUP", *given)
    delay = balancer.get("deregistrationDelaySeconds")
    if delay is not None:
        attribute = f"--attributes Key=deregistration_delay.timeout_seconds,Value={delay}"
        yield _lines("aws elbv2 modify-target-group-attributes --target-group-arn TARGET_GROUP", attribute)


def _revision(scenario: Mapping[str, Any]) -> Iterator[str]:
    """The new revision, where the scenario says something that belongs in it."""
    family = _family(scenario)
    container: dict[str, Any] = {"name": family, "image": f"{family}:2", "memory": 512}
    check = scenario.get("containerHealthCheck")
    if check is not None:
        fields = {name: check[name] for name in ("interval", "retries", "startPeriod") if check.get(name) is not None}
        container["healthCheck"] = {"command": ["CMD-SHELL", "curl -f http://localhost/ || exit 1"], **fields}
    if scenario.get("stopTimeout") is not None:
        container["stopTimeout"] = scenario["stopTimeout"]
    if scenario.get("hostPort") is not None:
        container["portMappings"] = [{"containerPort": 8080, "hostPort": scenario["hostPort"]}]
    if len(container) > 3:
        document = {"family": family, "containerDefinitions": [container]}
        yield _lines("aws ecs register-task-definition", f"--cli-input-json {_json(document)}")


def _deploy(scenario: Mapping[str, Any]) -> str:
    service = scenario.get("service") or "web"
    first = scenario.get("completedBefore") is False
    verb = "create-service" if first else "update-service"
    named = "--service-name" if first else "--service"
    options = [
        f"--task-definition {shlex.quote(scenario.get('taskDefinition') or 'web:2')}",
        f"--desired-count {scenario['desiredCount']}",
    ]
    configuration = _configuration(scenario)
    if configuration:
        options.append(f"--deployment-configuration {_json(configuration)}")
    if scenario.get("healthCheckGracePeriodSeconds") is not None:
        options.append(f"--health-check-grace-period-seconds {scenario['healthCheckGracePeriodSeconds']}")
    return _lines(f"aws ecs {verb} --cluster {CLUSTER} {named} {shlex.quote(service)}", *options)


def _configuration(scenario: Mapping[str, Any]) -> dict[str, Any]:
    """deploymentConfiguration with the fields that AWS requires, and without ours."""
    beside = ("deploymentCircuitBreaker", "alarms", "bakeTimeInMinutes", "earlySuccessCriteria")
    held = {name: scenario[name] for name in beside if scenario.get(name) is not None}
    held = {**(scenario.get("deploymentConfiguration") or {}), **held}
    if held.get("deploymentCircuitBreaker") is not None:
        held["deploymentCircuitBreaker"] = {**_BREAKER, **held["deploymentCircuitBreaker"]}
    if held.get("alarms") is not None:
        alarms = {**_ALARMS, **held["alarms"]}
        held["alarms"] = {name: value for name, value in alarms.items() if name not in _OURS}
    return {name: value for name, value in held.items() if value is not None}


def _protection(scenario: Mapping[str, Any]) -> Iterator[str]:
    count = scenario.get("protectedTasks")
    if count:
        tasks = " ".join(f"OLD_TASK_{k}" for k in range(1, count + 1))
        minutes = scenario.get("protectionMinutes")
        expires = [f"--expires-in-minutes {minutes}"] if minutes is not None else []
        yield _lines(
            f"aws ecs update-task-protection --cluster {CLUSTER}", f"--tasks {tasks}", "--protection-enabled", *expires
        )


def _family(scenario: Mapping[str, Any]) -> str:
    return str(scenario.get("taskDefinition") or "web:2").split(":")[0]


def _json(document: Mapping[str, Any]) -> str:
    return shlex.quote(json.dumps(document, indent=2, ensure_ascii=False))


def _lines(command: str, *options: str) -> str:
    return " \\\n  ".join([command, *options])
