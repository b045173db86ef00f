"""A task launch out of a document: the task definition, its roles, who starts it, and what its code calls.

The task definition is RegisterTaskDefinition's own JSON. What its two role ARNs stand for is described beside it:
`executionRole`, `taskRole`, `instanceRole`, `caller`. Source of the defaults: facts 1.1, 1.5, 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.iam import roles
from simulator.iam.containers import MOST_CALLS, TASK_FIELDS, Container, needed_calls, read_containers
from simulator.iam.policy import read_action, read_resource
from simulator.iam.roles import Kind, Role, Usual, read_role, usual_role

FIELDS = (
    "launchType",
    "region",
    "account",
    "taskDefinition",
    "executionRole",
    "taskRole",
    "instanceRole",
    "caller",
    "overrides",
    "appCalls",
    "logGroups",
    "customerKeys",
    "agent",
    "iptablesBlocksImds",
    "route",
    "missingImages",
    "pullThroughCache",
)
BLOCK_FLAG, LOGS_FLAG = "ECS_AWSVPC_BLOCK_IMDS", "ECS_ENABLE_AWSLOGS_EXECUTIONROLE_OVERRIDE"
HOST_FLAG = "ECS_ENABLE_TASK_IAM_ROLE_NETWORK_HOST"
AGENT_FLAGS = {BLOCK_FLAG: False, LOGS_FLAG: True, HOST_FLAG: True}  # what the ecs-init package sets
OPERATIONS = ("RunTask", "StartTask", "CreateService", "UpdateService")
STARTERS = ("user", "EventBridge", "Scheduler")
ACCOUNT, REGION = "111122223333", "us-east-1"
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]", re.ASCII)


class LaunchType(StrEnum):
    """AWS's launch types."""

    FARGATE = "FARGATE"
    EC2 = "EC2"
    EXTERNAL = "EXTERNAL"
    MANAGED_INSTANCES = "MANAGED_INSTANCES"


_MODES = {  # the first is taken where the task definition names none
    LaunchType.FARGATE: ("awsvpc",),
    LaunchType.EC2: ("bridge", "awsvpc", "host", "none"),
    LaunchType.EXTERNAL: ("bridge", "host", "none"),
    LaunchType.MANAGED_INSTANCES: ("awsvpc", "host"),
}
_INSTANCE: Mapping[LaunchType, Usual] = {
    LaunchType.EC2: roles.EC2_INSTANCE,
    LaunchType.EXTERNAL: roles.ANYWHERE,
    LaunchType.MANAGED_INSTANCES: roles.MANAGED_INSTANCE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AppCall:
    """One call that the code in the containers makes."""

    action: str
    resource: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who starts the task: `role` holds its permissions, and is assumed by `service` if a service calls for it."""

    role: Role
    operation: str
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A launch as the checks see it.

    `registered_execution` is the execution role of the task definition itself; `execution` and `task` are those in
    force, after RunTask's overrides. `log_groups` are those that exist, None for all that are named.
    """

    launch_type: LaunchType
    family: str
    network_mode: str
    region: str
    account: str
    containers: tuple[Container, ...]
    registered_execution: Role | None
    execution: Role | None
    task: Role | None
    passed: tuple[Role, ...]
    instance: Role | None
    instance_service: str
    caller: Caller
    app_calls: tuple[AppCall, ...]
    log_groups: frozenset[str] | None
    customer_keys: Mapping[str, str]
    agent: Mapping[str, bool]
    iptables: bool
    route: bool
    missing_images: frozenset[str]
    cache_actions: tuple[str, ...]

    @property
    def imds_blocked(self) -> bool:
        """Whether a container cannot reach the instance metadata, and so the instance role (facts 1.5)."""
        if self.network_mode == "awsvpc":
            return self.agent[BLOCK_FLAG]
        return self.network_mode == "bridge" and self.iptables

    @property
    def task_role_reaches_app(self) -> bool:
        """Whether the agent hands the task role's credentials to containers in this network mode."""
        return self.network_mode != "host" or self.agent[HOST_FLAG]


def read_launch(document: Mapping[str, Any]) -> Launch:
    """Read a launch.

    Raises
    ------
    InputError
        With one sentence, for anything that is not such a document.
    """
    document = reading.mapping(document, "")
    reading.known_fields(document, "", FIELDS)
    launch_type = LaunchType(
        reading.choice(_or(document, "launchType", "FARGATE"), "launchType", [one.value for one in LaunchType])
    )
    account, region = read_place(document)
    definition = _definition(document)
    containers = read_containers(definition.get("containerDefinitions"), region=region, account=account)
    caller = _caller(document.get("caller"), account)
    execution = _role(document, definition, Kind.EXECUTION, account)
    task = _role(document, definition, Kind.TASK, account)
    instead = _overrides(document.get("overrides"), caller.operation, account)
    app_calls = _app_calls(document.get("appCalls"))
    if needed_calls(containers) + len(app_calls) > MOST_CALLS:
        raise InputError(f"The launch makes more than {MOST_CALLS} calls; name fewer secrets, files, and app calls.")
    launch = Launch(
        launch_type=launch_type,
        family=reading.name(_or(definition, "family", "app"), "taskDefinition.family"),
        network_mode=_mode(definition, launch_type),
        region=region,
        account=account,
        containers=containers,
        registered_execution=execution,
        execution=instead.get(Kind.EXECUTION, execution),
        task=instead.get(Kind.TASK, task),
        passed=tuple(one for one in (execution, task, *instead.values()) if one is not None),
        instance=_instance(document, launch_type, account),
        instance_service=_INSTANCE[launch_type].service if launch_type in _INSTANCE else "",
        caller=caller,
        app_calls=app_calls,
        log_groups=_names(document, "logGroups"),
        customer_keys=_keys(document.get("customerKeys")),
        agent=_agent(document.get("agent")),
        iptables=reading.flag(_or(document, "iptablesBlocksImds", False), "iptablesBlocksImds"),
        route=reading.flag(_or(document, "route", True), "route"),
        missing_images=_names(document, "missingImages") or frozenset(),
        cache_actions=_cache(document.get("pullThroughCache")),
    )
    if launch.network_mode == "none" and app_calls:
        raise InputError(
            "appCalls go nowhere, because networkMode none gives the task no network; choose another mode.",
            path="appCalls",
        )
    return launch


def read_place(document: Mapping[str, Any]) -> tuple[str, str]:
    """The account and the Region."""
    account = reading.text(_or(document, "account", ACCOUNT), "account")
    if len(account) != 12 or not (account.isascii() and account.isdigit()):
        raise InputError(f"account is {reading.shown(account)}; an account has twelve digits.", path="account")
    region = reading.text(_or(document, "region", REGION), "region")
    if not _REGION.fullmatch(region):
        raise InputError(f"region is {reading.shown(region)}; write it such as us-east-1.", path="region")
    return account, region


def _definition(document: Mapping[str, Any]) -> Mapping[str, Any]:
    if document.get("taskDefinition") is None:
        raise InputError(
            "There is no taskDefinition; give one with containerDefinitions, or ask for one operation of the table.",
            path="taskDefinition",
        )
    definition = reading.mapping(document["taskDefinition"], "taskDefinition")
    reading.known_fields(definition, "taskDefinition", TASK_FIELDS)
    return definition


def _mode(definition: Mapping[str, Any], launch_type: LaunchType) -> str:
    modes = _MODES[launch_type]
    written = definition.get("networkMode")
    return modes[0] if written is None else reading.choice(written, "taskDefinition.networkMode", modes)


def _role(document: Mapping[str, Any], definition: Mapping[str, Any], kind: Kind, account: str) -> Role | None:
    """A role of the task definition: named there by its ARN, described beside it, or both."""
    field, usual = _OF_TASK[kind]
    arn, entry = definition.get(f"{field}Arn"), document.get(field)
    if arn is None:
        return None if entry is None else read_role(entry, field, kind, usual, account=account)
    arn = reading.name(arn, f"taskDefinition.{field}Arn")
    if entry is None:
        raise InputError(
            f"The task definition names {reading.shown(arn)}, and nothing says what that role may do; give {field}, "
            "if need be {}.",
            path=field,
        )
    return read_role(entry, field, kind, usual, account=account, arn=arn)


_OF_TASK = {Kind.EXECUTION: ("executionRole", roles.EXECUTION), Kind.TASK: ("taskRole", roles.TASK)}


def _overrides(value: Any, operation: str, account: str) -> dict[Kind, Role]:
    """RunTask's and StartTask's other roles for this one task."""
    if value is None:
        return {}
    entry = reading.mapping(value, "overrides")
    names = {field: (kind, usual) for kind, (field, usual) in _OF_TASK.items()}
    reading.known_fields(entry, "overrides", tuple(names))
    if operation not in ("RunTask", "StartTask"):
        raise InputError(f"{operation} has no overrides of roles; only RunTask and StartTask have.", path="overrides")
    return {
        names[field][0]: read_role(role, f"overrides.{field}", *names[field], account=account)
        for field, role in entry.items()
        if role is not None
    }


def _instance(document: Mapping[str, Any], launch_type: LaunchType, account: str) -> Role | None:
    """Left out, the role as the console makes it; `null`, an instance without an instance profile."""
    usual = _INSTANCE.get(launch_type)
    if "instanceRole" not in document:
        return usual_role(Kind.INSTANCE, usual, "instanceRole", account=account) if usual else None
    if document["instanceRole"] is None:
        return None
    role = read_role(
        document["instanceRole"], "instanceRole", Kind.INSTANCE, usual or roles.EC2_INSTANCE, account=account
    )
    return role if usual else None


def _caller(value: Any, account: str) -> Caller:
    entry = {} if value is None else reading.mapping(value, "caller")
    reading.known_fields(entry, "caller", ("startedBy", "operation", *roles.FIELDS))
    starter = reading.choice(_or(entry, "startedBy", "user"), "caller.startedBy", STARTERS)
    operation = reading.choice(_or(entry, "operation", "RunTask"), "caller.operation", OPERATIONS)
    held = {name: given for name, given in entry.items() if name in roles.FIELDS}
    bare = held.get("managedPolicies") is None and held.get("policies") is None
    if starter != "user":
        if operation != "RunTask":
            raise InputError(f"{starter} calls RunTask, not {operation}; leave operation out.", path="caller.operation")
        usual = roles.EVENTS if starter == "EventBridge" else roles.SCHEDULER
        if bare:
            held |= {"managedPolicies": list(usual.policies)} if usual.policies else {"policies": [_FREE]}
        role = read_role(held, "caller", Kind.CALLER, usual, account=account)
        return Caller(role=role, operation=operation, service=usual.service)
    if held.get("trust") is not None:
        raise InputError("caller.trust is for a role, and a user starts the task; leave it out.", path="caller.trust")
    role = read_role(
        held | ({"policies": [_FREE]} if bare else {}),
        "caller",
        Kind.CALLER,
        Usual(name="deployer", service=roles.TASKS),
        account=account,
    )
    return Caller(role=replace(role, arn=f"arn:aws:iam::{account}:user/{role.name}"), operation=operation)


_FREE = {"Statement": [{"Effect": "Allow", "Action": ["ecs:*", "iam:PassRole"], "Resource": "*"}]}


def _app_calls(value: Any) -> tuple[AppCall, ...]:
    found: list[AppCall] = []
    for i, one in enumerate(reading.items([] if value is None else value, "appCalls", most=MOST_CALLS)):
        path = f"appCalls[{i}]"
        entry = reading.mapping(one, path)
        reading.known_fields(entry, path, ("action", "resource"))
        action = read_action(entry.get("action"), f"{path}.action")
        if "*" in action or "?" in action:
            raise InputError(f"{path}.action is {reading.shown(action)}; a call has one action.", path=path)
        resource = "*" if entry.get("resource") is None else read_resource(entry["resource"], f"{path}.resource")
        found.append(AppCall(action=action, resource=resource))
    return tuple(found)


def _names(document: Mapping[str, Any], field: str) -> frozenset[str] | None:
    if document.get(field) is None:
        return None
    entries = reading.items(document[field], field, most=MOST_CALLS)
    return frozenset(reading.text(entry, f"{field}[{i}]", longest=512) for i, entry in enumerate(entries))


def _keys(value: Any) -> Mapping[str, str]:
    """Which secret or parameter (by its `valueFrom`) is encrypted with which customer managed key."""
    entry = {} if value is None else reading.mapping(value, "customerKeys")
    if len(entry) > MOST_CALLS:
        raise InputError(f"customerKeys has {len(entry)} entries, and at most {MOST_CALLS} are taken.")
    return {name: read_resource(key, f"customerKeys.{reading.shorten(name)}") for name, key in entry.items()}


def _agent(value: Any) -> Mapping[str, bool]:
    entry = {} if value is None else reading.mapping(value, "agent")
    reading.known_fields(entry, "agent", tuple(AGENT_FLAGS))
    return {name: reading.flag(_or(entry, name, usual), f"agent.{name}") for name, usual in AGENT_FLAGS.items()}


def _cache(value: Any) -> tuple[str, ...]:
    """What the first pull through a pull-through cache needs besides."""
    if value is None:
        return ()
    entry = reading.mapping(value, "pullThroughCache")
    reading.known_fields(entry, "pullThroughCache", ("repositoryExists",))
    exists = reading.flag(_or(entry, "repositoryExists", False), "pullThroughCache.repositoryExists")
    return ("ecr:BatchImportUpstreamImage", *(() if exists else ("ecr:CreateRepository",)))


def _or(document: Mapping[str, Any], name: str, default: Any) -> Any:
    return default if document.get(name) is None else document[name]
