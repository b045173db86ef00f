"""A placement situation as what one would type: the AWS CLI's commands and the JSON that they read."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from lessons.for_real import Snippet

CLUSTER = "harbor"


def snippets(scenario: Mapping[str, Any]) -> tuple[Snippet, ...]:
    """The commands that bring a scenario about."""
    title = f"The same on a cluster `{CLUSTER}` with instances of your own"
    return (Snippet(title=title, text=commands(scenario)),)


def commands(scenario: Mapping[str, Any]) -> str:
    """The commands that bring a scenario about on a real cluster, its requests in order and then its changes.

    Parameters
    ----------
    scenario : one that has been checked; the ids of instances stand for those of your own.
    """
    running: dict[str, int] = {}
    for one in scenario["instances"]:
        for group, count in (one.get("tasks") or {}).items():
            running[group] = running.get(group, 0) + count
    parts: list[str] = []
    requests = scenario.get("requests")
    for request in (scenario,) if requests is None else requests:
        parts.extend(_request(request, running))
    changes = sorted(scenario.get("changes") or (), key=lambda change: change["at"])
    service = next((group for group in running if group.startswith("service:")), "service:web")
    parts.extend(_change(change, service) for change in changes)
    return "\n\n".join(parts)


def _request(request: Mapping[str, Any], running: dict[str, int]) -> Iterator[str]:
    if request.get("scaleIn"):
        group = request["scaleIn"]["group"]
        running[group] = max(0, running.get(group, 0) - (request["scaleIn"].get("count") or 1))
        yield _update(group, f"--desired-count {running[group]}")
        return
    if request.get("rebalance"):
        yield _update(request["rebalance"]["group"], "--availability-zone-rebalancing ENABLED")
        return
    given = {name: value for name, value in request["taskDefinition"].items() if value is not None}
    definition = {"family": "task"} | given
    yield _with_json("aws ecs register-task-definition", definition)
    scheduling = request.get("schedulingStrategy")
    group = request.get("group") or f"{'service' if scheduling else 'family'}:{definition['family']}"
    asked: dict[str, Any] = {"cluster": CLUSTER, "taskDefinition": definition["family"]}
    if scheduling:
        running[group] = running.get(group, 0) + _count(request)
        asked |= {"serviceName": group.removeprefix("service:"), "schedulingStrategy": scheduling}
        if scheduling == "REPLICA":
            asked["desiredCount"] = running[group]
    else:
        asked |= {"count": _count(request), "group": group}
    for name in ("placementStrategy", "placementConstraints"):
        if request.get(name):
            asked[name] = request[name]
    if definition.get("networkMode") == "awsvpc":
        asked["networkConfiguration"] = {"awsvpcConfiguration": {"subnets": ["subnet-…"]}}
    yield _with_json("aws ecs create-service" if scheduling else "aws ecs run-task", asked)


def _count(request: Mapping[str, Any]) -> int:
    count = request.get("count")
    return 1 if count is None else count


def _change(change: Mapping[str, Any], group: str) -> str:
    when = f"# at step {change['at']}\n"
    if change.get("terminate"):
        return f"{when}aws ec2 terminate-instances --instance-ids {shlex.quote(change['terminate'])}"
    if change.get("status"):
        return (
            f"{when}aws ecs update-container-instances-state --cluster {CLUSTER} \\\n"
            f"  --container-instances {shlex.quote(change['instance'])} --status {change['status']}"
        )
    if change.get("agentConnected") is not None:
        verb = "start" if change["agentConnected"] else "stop"
        return f"{when}# on {' '.join(shlex.quote(change['instance']).split())} itself\nsudo systemctl {verb} ecs"
    field = "placementStrategy" if change.get("placementStrategy") is not None else "placementConstraints"
    option = "--placement-strategy" if field == "placementStrategy" else "--placement-constraints"
    return when + _update(group, f"{option} {shlex.quote(json.dumps(change[field]))}")


def _update(group: str, option: str) -> str:
    name = shlex.quote(group.removeprefix("service:"))
    return f"aws ecs update-service --cluster {CLUSTER} --service {name} {option}"


def _with_json(command: str, document: Mapping[str, Any]) -> str:
    return f"{command} --cli-input-json {shlex.quote(json.dumps(document, indent=2, ensure_ascii=False))}"
