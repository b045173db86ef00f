"""Agent capabilities: attributes that the ECS agent registers, and which of them a task definition requires.

Source: facts 4.2 (agent source, `agent_capability.go`). AWS derives the required ones when a task definition is
registered; the derivation here covers the fields that the facts name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator import reading

_OLD = "com.amazonaws.ecs.capability."
_NEW = "ecs.capability."


def required(document: Mapping[str, Any], path: str = "taskDefinition") -> tuple[str, ...]:
    """The capabilities that a task definition document requires, sorted by name.

    >>> required({"networkMode": "awsvpc"})
    ('ecs.capability.task-eni',)
    """
    names: set[str] = set()
    if document.get("networkMode") == "awsvpc":
        names.add(f"{_NEW}task-eni")
    if document.get("taskRoleArn"):
        names.add(f"{_OLD}task-iam-role")
    if document.get("pidMode") or document.get("ipcMode"):
        names.add(f"{_NEW}pid-ipc-namespace-sharing")
    has_execution_role = bool(document.get("executionRoleArn"))
    for i, entry in enumerate(_objects(document, "containerDefinitions", path)):
        where = reading.join(path, f"containerDefinitions[{i}]")
        names |= _of_container(entry, where, has_execution_role)
    for entry in _objects(document, "volumes", path):
        if entry.get("efsVolumeConfiguration"):
            names.add(f"{_NEW}efs")
        if entry.get("s3filesVolumeConfiguration"):
            names.add(f"{_NEW}storage.s3-files")
    for entry in _objects(document, "requiresAttributes", path):
        name = entry.get("name")
        if isinstance(name, str) and is_capability(name):
            names.add(name)
    return tuple(sorted(names))


def is_capability(name: str) -> bool:
    """Whether an attribute name is one that the agent registers as a capability."""
    return name.startswith((_OLD, _NEW))


def is_registered(name: str, missing: frozenset[str]) -> bool:
    """Whether an instance has this capability as an attribute, a name without a value: all but the missing ones.

    `ecs.capability.external` is no agent's capability: it marks an instance of ECS Anywhere (facts 4.1).

    >>> is_registered("ecs.capability.task-eni", frozenset()), is_registered("stack", frozenset())
    (True, False)
    """
    return is_capability(name) and name != f"{_NEW}external" and not is_missing(name, missing)


def is_missing(name: str, missing: frozenset[str]) -> bool:
    """Whether `missingCapabilities` names this capability, in full or without its prefix.

    >>> is_missing("ecs.capability.task-eni", frozenset({"task-eni"}))
    True
    """
    return name in missing or name.removeprefix("com.amazonaws.").removeprefix(_NEW) in missing


def _of_container(entry: Mapping[str, Any], path: str, has_execution_role: bool) -> set[str]:
    names: set[str] = set()
    if entry.get("privileged") is True:
        names.add(f"{_OLD}privileged-container")
    if entry.get("dependsOn"):
        names.add(f"{_NEW}container-ordering")
    if entry.get("healthCheck"):
        names.add(f"{_NEW}container-health-check")
    if entry.get("environmentFiles"):
        names.add(f"{_NEW}env-files.s3")
    image = entry.get("image")
    if isinstance(image, str) and ".dkr.ecr." in image:
        names.add(f"{_OLD}ecr-auth")
        if has_execution_role:
            names.add(f"{_NEW}execution-role-ecr-pull")
    logs = entry.get("logConfiguration")
    driver = logs.get("logDriver") if isinstance(logs, Mapping) else None
    if isinstance(driver, str) and driver:
        names.add(f"{_OLD}logging-driver.{driver}")
        if driver == "awslogs" and has_execution_role:
            names.add(f"{_NEW}execution-role-awslogs")
    for secret in _objects(entry, "secrets", path):
        source = str(secret.get("valueFrom", ""))
        store = "asm" if ":secretsmanager:" in source else "ssm"
        names.add(f"{_NEW}secrets.{store}.environment-variables")
    return names


def _objects(document: Mapping[str, Any], name: str, path: str) -> list[Mapping[str, Any]]:
    entries = document.get(name)
    if entries is None:
        return []
    where = reading.join(path, name)
    return [reading.mapping(entry, f"{where}[{i}]") for i, entry in enumerate(reading.items(entries, where, most=1000))]
