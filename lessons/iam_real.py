"""A launch and its roles, and a policy with its request, as one would make them: commands, documents, a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from lessons.for_real import POLICY, TEMPLATE, Snippet, command, document
from simulator.iam import roles
from simulator.iam.launch import read_launch
from simulator.iam.managed import managed
from simulator.iam.patterns import matches
from simulator.iam.policy import Statement
from simulator.iam.roles import Usual

VERSION = "2012-10-17"
CLUSTER = "harbor"
SUBNET = "subnet-0123456789abcdef0"
INLINE = "more"
# These three are kept below service-role/, the others are not.
_OF_SERVICES = (roles.EXECUTION_POLICY, roles.INSTANCE_POLICY, roles.EVENTS_POLICY)

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A role as it is made: `logical` is its name in a template, `inline` what no managed policy of AWS's gives it."""

    logical: str
    name: str
    trust: Document
    attached: tuple[str, ...]
    inline: Document | None


def snippets(scenario: Mapping[str, Any]) -> tuple[Snippet, ...]:
    """What makes the roles, the task definition, and the task; a launch that fails here fails there, too.

    Parameters
    ----------
    scenario : a launch that has been checked.
    """
    found = made(scenario)
    definition = _definition(scenario, found)
    return (
        *([Snippet(title="The roles", text="\n\n".join(_commands(found)))] if found else []),
        Snippet(title="The task definition", text=document(definition), kind="ecs.RegisterTaskDefinition"),
        *_permissions(scenario, found),
        Snippet(title="The start", text=_start(scenario, found), note=_left_out(scenario)),
        Snippet(title="Roles and task definition as CloudFormation", text=_template(found, definition), kind=TEMPLATE),
    )


def policy_snippets(scenario: Mapping[str, Any]) -> tuple[Snippet, ...]:
    """The policy, and the command that asks IAM itself about the request."""
    policy = scenario["policies"][0]
    request = scenario["request"]
    written = Snippet(title="The policy, as `policy.json`", text=document(policy), kind=POLICY)
    if request.get("principal"):
        named = {"roleName": "shopTaskRole", "policyDocument": "file://policy.json"}
        text = command("iam", "update-assume-role-policy", named)
        return written, Snippet(title="Make it a role’s trust policy", text=text)
    entries = [
        {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
        for key, value in (request.get("context") or {}).items()
    ]
    asked = {
        "policyInputList": ["file://policy.json"],
        "actionNames": [request["action"]],
        "resourceArns": [request["resource"]] if request.get("resource", "*") != "*" else None,
        "contextEntries": entries or None,
    }
    return written, Snippet(
        title="Ask IAM’s own simulator: `EvalDecision` is `allowed`, `explicitDeny`, or `implicitDeny`",
        text=command("iam", "simulate-custom-policy", asked),
    )


def made(scenario: Mapping[str, Any]) -> tuple[Made, ...]:
    """The roles of a launch, in the order in which they are asked."""
    launch = read_launch(scenario)
    listed: list[tuple[str, str, Any, Usual]] = []
    definition = scenario["taskDefinition"]
    for logical, name, usual in (
        ("ExecutionRole", "executionRole", roles.EXECUTION),
        ("TaskRole", "taskRole", roles.TASK),
    ):
        if scenario.get(name) is not None:
            arn = definition.get(f"{name}Arn") or ""
            listed.append((logical, arn.rsplit("/", 1)[-1], scenario[name], usual))
    for name, entry in (scenario.get("overrides") or {}).items():
        if entry is None:
            continue
        usual = roles.EXECUTION if name == "executionRole" else roles.TASK
        listed.append((f"Override{name[0].upper()}{name[1:]}", "", entry, usual))
    if launch.instance is not None:
        usual = {"ssm.amazonaws.com": roles.ANYWHERE}.get(launch.instance_service, roles.EC2_INSTANCE)
        entry = scenario.get("instanceRole") or {"managedPolicies": list(usual.policies)}
        listed.append(("InstanceRole", launch.instance.name, entry, usual))
    if launch.caller.service:
        usual = roles.EVENTS if "events" in launch.caller.service else roles.SCHEDULER
        entry = {name: value for name, value in scenario["caller"].items() if name in roles.FIELDS}
        if entry.get("managedPolicies") is None and entry.get("policies") is None:
            entry |= {"managedPolicies": list(usual.policies)} if usual.policies else {"policies": [_free()]}
        listed.append(("CallerRole", launch.caller.role.name, entry, usual))
    return tuple(_made(*one) for one in listed)


def _made(logical: str, name: str, entry: Mapping[str, Any], usual: Usual) -> Made:
    minus = tuple(entry.get("minus") or ())
    names = tuple(one.rsplit("/", 1)[-1] for one in entry.get("managedPolicies") or ())
    given = [statement for policy in entry.get("policies") or () for statement in _statements(policy)]
    if minus:
        # A managed policy is attached whole or not at all: without some of its actions it has to be written out.
        given = [*(_written(one) for each in names for one in managed(each, "policy")), *given]
        given = [one for one in (_reduced(statement, minus) for statement in given) if one]
        names = ()
    given += [_plus(one) for one in entry.get("plus") or ()]
    return Made(
        logical=logical,
        name=entry.get("name") or name or usual.name,
        trust=_trust(entry.get("trust") or usual.service),
        attached=names,
        inline={"Version": VERSION, "Statement": given} if given else None,
    )


def _commands(found: Sequence[Made]) -> Iterator[str]:
    for one in found:
        yield command("iam", "create-role", {"roleName": one.name, "assumeRolePolicyDocument": document(one.trust)})
        for policy in one.attached:
            yield command("iam", "attach-role-policy", {"roleName": one.name, "policyArn": _policy_arn(policy)})
        if one.inline:
            named = {"roleName": one.name, "policyName": INLINE, "policyDocument": document(one.inline)}
            yield command("iam", "put-role-policy", named)
        if one.logical == "InstanceRole":
            profile = {"instanceProfileName": one.name}
            yield command("iam", "create-instance-profile", profile)
            yield command("iam", "add-role-to-instance-profile", {**profile, "roleName": one.name})


def _definition(scenario: Mapping[str, Any], found: Sequence[Made]) -> Document:
    """The task definition with the ARNs of its roles, and what its launch type asks for besides."""
    launch = read_launch(scenario)
    definition = dict(scenario["taskDefinition"])
    fargate = launch.launch_type == "FARGATE"
    definition.setdefault("family", launch.family)
    definition["networkMode"] = launch.network_mode
    definition["requiresCompatibilities"] = [launch.launch_type.value]
    if fargate or launch.launch_type == "MANAGED_INSTANCES":
        definition.setdefault("cpu", "256")
        definition.setdefault("memory", "512")
    elif "memory" not in definition:
        containers = definition["containerDefinitions"]
        definition["containerDefinitions"] = [{"memory": 512, **one} for one in containers]
    for role in found:
        field = {"ExecutionRole": "executionRoleArn", "TaskRole": "taskRoleArn"}.get(role.logical)
        if field:
            definition.setdefault(field, _role_arn(launch.account, role.name))
    return definition


def _permissions(scenario: Mapping[str, Any], found: Sequence[Made]) -> Iterator[Snippet]:
    """The policy of a person who starts the task; a service that does has a role of its own."""
    launch = read_launch(scenario)
    if launch.caller.service:
        return
    given = scenario.get("caller") or {}
    statements = [one for policy in given.get("policies") or () for one in _statements(policy)]
    if not statements:
        statements.append({"Effect": "Allow", "Action": f"ecs:{launch.caller.operation}", "Resource": "*"})
        passed = [_role_arn(launch.account, one.name) for one in found if one.logical in _PASSED]
        if passed:
            to = {"StringEquals": {"iam:PassedToService": roles.TASKS}}
            statements.append({"Effect": "Allow", "Action": "iam:PassRole", "Resource": passed, "Condition": to})
    reduced = [_reduced(one, tuple(given.get("minus") or ())) for one in statements]
    statements = [one for one in reduced if one] + [_plus(one) for one in given.get("plus") or ()]
    if statements:
        policy = {"Version": VERSION, "Statement": statements}
        yield Snippet(title="What whoever starts it may do", text=document(policy), kind=POLICY)


_PASSED = ("ExecutionRole", "TaskRole", "OverrideExecutionRole", "OverrideTaskRole")


def _start(scenario: Mapping[str, Any], found: Sequence[Made]) -> str:
    launch = read_launch(scenario)
    service = launch.caller.operation in ("CreateService", "UpdateService")
    own = [one for one in found if one.logical.startswith("Override")]
    network = None
    if launch.network_mode == "awsvpc":
        public = "ENABLED" if launch.route and launch.launch_type == "FARGATE" else "DISABLED"
        network = {"awsvpcConfiguration": {"subnets": [SUBNET], "assignPublicIp": public}}
    kind = launch.launch_type.value
    if launch.caller.service == roles.EVENTS.service:
        return _by_rule(scenario, found, network)
    if service:
        update = launch.caller.operation == "UpdateService"
        asked = {"cluster": CLUSTER, "service" if update else "serviceName": launch.family}
        asked |= {"taskDefinition": launch.family, "desiredCount": 1, "launchType": None if update else kind}
        return command(
            "ecs", "update-service" if update else "create-service", {**asked, "networkConfiguration": network}
        )
    fields = {"OverrideExecutionRole": "executionRoleArn", "OverrideTaskRole": "taskRoleArn"}
    overrides = {fields[one.logical]: _role_arn(launch.account, one.name) for one in own}
    asked = {"cluster": CLUSTER, "taskDefinition": launch.family, "overrides": overrides or None}
    if launch.caller.operation == "StartTask":
        return command("ecs", "start-task", {**asked, "containerInstances": ["CONTAINER_INSTANCE"]})
    return command("ecs", "run-task", {**asked, "launchType": kind, "networkConfiguration": network})


def _by_rule(scenario: Mapping[str, Any], found: Sequence[Made], network: Document | None) -> str:
    launch = read_launch(scenario)
    place = f"arn:aws:ecs:{launch.region}:{launch.account}"
    parameters: Document = {
        "TaskDefinitionArn": f"{place}:task-definition/{launch.family}",
        "LaunchType": launch.launch_type.value,
    }
    if network:
        inner = network["awsvpcConfiguration"]
        parameters["NetworkConfiguration"] = {
            "awsvpcConfiguration": {"Subnets": inner["subnets"], "AssignPublicIp": inner["assignPublicIp"]}
        }
    target = {
        "Id": launch.family,
        "Arn": f"{place}:cluster/{CLUSTER}",
        "RoleArn": _role_arn(launch.account, next(one.name for one in found if one.logical == "CallerRole")),
        "EcsParameters": parameters,
    }
    rule = command("events", "put-rule", {"name": launch.family, "scheduleExpression": "rate(1 day)"})
    return f"{rule}\n\n{command('events', 'put-targets', {'rule': launch.family, 'targets': [target]})}"


def _left_out(scenario: Mapping[str, Any]) -> str:
    """What of the figure no command above brings about, in one sentence."""
    named = ["what its code calls"] if scenario.get("appCalls") else []
    named += ["the missing way to AWS"] if scenario.get("route") is False else []
    named += ["which log groups there are"] if scenario.get("logGroups") is not None else []
    named += ["which images are missing"] if scenario.get("missingImages") else []
    named += ["the agent’s settings"] if scenario.get("agent") else []
    return f"The figure says besides: {', '.join(named)}." if named else ""


def _template(found: Sequence[Made], definition: Mapping[str, Any]) -> str:
    resources: Document = {}
    for one in found:
        properties: Document = {"AssumeRolePolicyDocument": one.trust}
        if one.attached:
            properties["ManagedPolicyArns"] = [_policy_arn(policy) for policy in one.attached]
        if one.inline:
            properties["Policies"] = [{"PolicyName": INLINE, "PolicyDocument": one.inline}]
        resources[one.logical] = {"Type": "AWS::IAM::Role", "Properties": properties}
        if one.logical == "InstanceRole":
            profile = {"Roles": [{"Ref": one.logical}]}
            resources["InstanceProfile"] = {"Type": "AWS::IAM::InstanceProfile", "Properties": profile}
    there = {one.logical for one in found}
    written = {_capital(key): _capitals(value) for key, value in definition.items()}
    for logical, field in (("ExecutionRole", "ExecutionRoleArn"), ("TaskRole", "TaskRoleArn")):
        if logical in there:
            written[field] = {"Fn::GetAtt": [logical, "Arn"]}
    resources["TaskDefinition"] = {"Type": "AWS::ECS::TaskDefinition", "Properties": written}
    return yaml.safe_dump({"Resources": resources}, sort_keys=False, allow_unicode=True, width=100)


_AS_WRITTEN = ("Options", "DockerLabels")  # maps whose keys are the author's own


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _capitals(value: Any) -> Any:
    """The value with CloudFormation's names, which begin with a capital."""
    if isinstance(value, Mapping):
        named = {_capital(key): one for key, one in value.items()}
        return {key: one if key in _AS_WRITTEN else _capitals(one) for key, one in named.items()}
    return [_capitals(one) for one in value] if isinstance(value, (list, tuple)) else value


def _statements(policy: Mapping[str, Any]) -> list[Document]:
    stated = policy["Statement"]
    return [dict(stated)] if isinstance(stated, Mapping) else [dict(one) for one in stated]


def _written(statement: Statement) -> Document:
    """A statement of a managed policy as IAM writes it."""
    found: Document = {
        "Effect": statement.effect.value,
        "Action": list(statement.actions),
        "Resource": list(statement.resources) if len(statement.resources) > 1 else statement.resources[0],
    }
    for one in statement.conditions:
        values = list(one.values) if len(one.values) > 1 else one.values[0]
        found.setdefault("Condition", {}).setdefault(one.operator, {})[one.key] = values
    return found


def _reduced(statement: Document, minus: Sequence[str]) -> Document | None:
    """The statement without the actions that are taken out; None if nothing is left of it."""
    if statement["Effect"] == "Deny":
        return statement
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    left = [one for one in actions if not any(matches(pattern, one, any_case=True) for pattern in minus)]
    return {**statement, "Action": left} if left else None


def _plus(entry: Any) -> Document:
    if isinstance(entry, str):
        return {"Effect": "Allow", "Action": entry, "Resource": "*"}
    return {"Effect": "Allow", "Action": entry["action"], "Resource": entry.get("resource") or "*"}


def _trust(value: Any) -> Document:
    if isinstance(value, Mapping):
        return {"Version": VERSION, **value}
    principal = {"Service": value if isinstance(value, str) else list(value)}
    return {
        "Version": VERSION,
        "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}],
    }


def _free() -> Document:
    return {"Statement": [{"Effect": "Allow", "Action": ["ecs:*", "iam:PassRole"], "Resource": "*"}]}


def _policy_arn(name: str) -> str:
    return f"arn:aws:iam::aws:policy/{'service-role/' if name in _OF_SERVICES else ''}{name}"


def _role_arn(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:role/{name}"
