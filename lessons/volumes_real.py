"""A situation with volumes as one would type it: task definitions, file systems, the start, and what stops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from lessons.for_real import TEMPLATE, Snippet, command, document
from lessons.volumes_situations import ACCOUNT
from simulator.volumes.attach import FARGATE
from simulator.volumes.scenario import Action, Plan, Spec, read_scenario
from simulator.volumes.volume import Kind, Volume

CLUSTER, BUCKET, GUARD = "harbor", "harbor-orders", "sg-harbor-files"
EXECUTION_ROLE = f"arn:aws:iam::{ACCOUNT}:role/ecsTaskExecutionRole"
INSTANCE_TEXT = "On which instance a task lands is the scheduler’s to say; the figure puts it where it is wanted."
NAMES = "The names stand for ids of your own."
EXEC = "ECS Exec needs a task role that allows the four ssmmessages actions."
LOST_ZONE = "A zone is not yours to switch off."

Document = dict[str, Any]


def snippets(scenario: Mapping[str, Any]) -> tuple[Snippet, ...]:
    """What brings a scenario about, in the order in which one would do it.

    Parameters
    ----------
    scenario : one that has been checked.
    """
    plan = read_scenario(scenario)
    parts = list(_definitions(scenario, plan))
    systems = _systems(plan)
    if systems:
        parts.append(Snippet(title="The file system and its mount targets", text=_file_systems(plan), note=NAMES))
    parts.append(_starts(scenario, plan))
    actions = (*plan.actions, *(one for _, one in plan.changes))
    acts = [text for action in actions for text in _act(action, scenario, plan)]
    if acts:
        lost = any(action.verb == "loseZone" for action in plan.actions)
        note = f"{EXEC} {LOST_ZONE}" if lost else EXEC
        parts.append(Snippet(title="What happens then", text="\n\n".join(dict.fromkeys(acts)), note=note))
    if any(volume.kind is Kind.EFS for volume in systems):
        text = _template(plan, next(volume for volume in systems if volume.kind is Kind.EFS))
        parts.append(Snippet(title="The EFS file system as CloudFormation", text=text, kind=TEMPLATE))
    return tuple(parts)


def _definitions(scenario: Mapping[str, Any], plan: Plan) -> Iterator[Snippet]:
    for name, (spec, written) in _families(scenario, plan).items():
        fargate = spec.launch.type == FARGATE
        made: Document = {
            "family": name,
            **({"requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512"} if fargate else {}),
            "networkMode": "awsvpc" if fargate else "bridge",
            "executionRoleArn": EXECUTION_ROLE,
            **{key: value for key, value in written.items() if key not in ("family", "containerDefinitions")},
            "containerDefinitions": [_container(one, fargate) for one in _containers(written)],
        }
        yield Snippet(title=f"The task definition {name}", text=document(made), kind="ecs.RegisterTaskDefinition")


def _families(scenario: Mapping[str, Any], plan: Plan) -> dict[str, tuple[Spec, Document]]:
    """Each family with its first task and its definition as it is written."""
    found: dict[str, tuple[Spec, Document]] = {}
    for spec, entry in zip(plan.specs, scenario["tasks"], strict=True):
        written = dict(entry.get("taskDefinition") or scenario.get("taskDefinition") or {})
        found.setdefault(written.get("family") or "web", (spec, written))
    return found


def _containers(written: Document) -> list[Document]:
    return [dict(one) for one in written.get("containerDefinitions") or [{"name": "app"}]]


def _container(one: Document, fargate: bool) -> Document:
    image = {"name": one["name"], "image": "public.ecr.aws/nginx/nginx:stable"}
    room = {} if fargate else {"memory": 128}
    return {**image, **room, **{key: value for key, value in one.items() if key != "name"}}


def _systems(plan: Plan) -> list[Volume]:
    """The network file systems that the tasks name, each once."""
    found: dict[str, Volume] = {}
    for spec in plan.specs:
        for volume in spec.definition.volumes:
            if volume.kind in (Kind.EFS, Kind.S3_FILES):
                found.setdefault(volume.file_system, volume)
    return list(found.values())


def _file_systems(plan: Plan) -> str:
    calls: list[str] = []
    for volume in _systems(plan):
        if volume.kind is Kind.EFS:
            zone = plan.system(volume.file_system).zone
            made = {"creationToken": volume.name, "encrypted": True, "availabilityZoneName": zone or None}
            calls.append(command("efs", "create-file-system", made))
        else:
            versions = {"bucket": BUCKET, "versioningConfiguration": {"Status": "Enabled"}}
            calls.append(command("s3api", "put-bucket-versioning", versions))
            made = {"bucket": f"arn:aws:s3:::{BUCKET}", "roleArn": f"arn:aws:iam::{ACCOUNT}:role/s3files"}
            calls.append(command("s3files", "create-file-system", made))
        service = "efs" if volume.kind is Kind.EFS else "s3files"
        for zone, admits in _targets(plan, volume):
            where = {"fileSystemId": _fs(volume), "subnetId": f"subnet-{zone[-1] * 8}"}
            calls.append(command(service, "create-mount-target", {**where, "securityGroups": [_guard(zone, admits)]}))
    groups = {_guard(zone, admits): admits for volume in _systems(plan) for zone, admits in _targets(plan, volume)}
    for guard, admits in groups.items():
        pairs = [{"GroupId": group} for group in admits or _carried(plan)]
        opened = [{"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "UserIdGroupPairs": pairs}]
        calls.append(command("ec2", "authorize-security-group-ingress", {"groupId": guard, "ipPermissions": opened}))
    return "\n\n".join(calls)


def _fs(volume: Volume) -> str:
    return volume.file_system.rsplit("/", 1)[-1]


def _targets(plan: Plan, volume: Volume) -> list[tuple[str, tuple[str, ...] | None]]:
    system = plan.system(volume.file_system)
    if system.targets is not None:
        return [(target.zone, target.admits) for target in system.targets]
    return [(zone, None) for zone in ([system.zone] if system.zone else plan.zones)]


def _guard(zone: str, admits: tuple[str, ...] | None) -> str:
    """The mount target's group; those that let in others than the tasks have one of their own."""
    return GUARD if admits is None else f"{GUARD}-{zone[-1]}"


def _carried(plan: Plan) -> tuple[str, ...]:
    """The groups that the mounts come from: the tasks', or the instances' where tasks have no interface."""
    found = [group if spec.launch.type == FARGATE else "sg-instance" for spec in plan.specs for group in spec.groups]
    return tuple(dict.fromkeys(found))


def _starts(scenario: Mapping[str, Any], plan: Plan) -> Snippet:
    calls: list[str] = []
    shared = _shared(scenario)
    entries = list(zip(plan.specs, scenario["tasks"], strict=True))
    families = {id(spec): _family_of(scenario, entry) for spec, entry in entries}
    services = dict.fromkeys((spec.launch.service, families[id(spec)]) for spec, _ in entries if spec.launch.service)
    for service, family in services:
        own = [(spec, entry) for spec, entry in entries if spec.launch.service == service]
        made = _launch(own[0][0], family, {**shared, **own[0][1]}, [spec for spec, _ in own])
        call = {"cluster": CLUSTER, "serviceName": service, "desiredCount": len(own), **made}
        calls.append(command("ecs", "create-service", {**call, "enableExecuteCommand": True}))
    for spec, entry in entries:
        if not spec.launch.service:
            made = _launch(spec, families[id(spec)], {**shared, **entry}, [spec])
            calls.append(command("ecs", "run-task", {"cluster": CLUSTER, **made, "enableExecuteCommand": True}))
    note = INSTANCE_TEXT if plan.hosts else NAMES
    return Snippet(title="The start", text="\n\n".join(calls), note=note)


def _family_of(scenario: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    written = entry.get("taskDefinition") or scenario.get("taskDefinition") or {}
    return written.get("family") or "web"


def _launch(spec: Spec, family: str, entry: Mapping[str, Any], together: list[Spec]) -> Document:
    fargate = spec.launch.type == FARGATE
    subnets = dict.fromkeys(f"subnet-{one.zone[-1] * 8}" for one in together)
    network = {"awsvpcConfiguration": {"subnets": list(subnets), "securityGroups": list(spec.groups)}}
    return {
        "taskDefinition": family,
        "launchType": spec.launch.type if spec.launch.type != "MANAGED_INSTANCES" else None,
        "networkConfiguration": network if fargate else None,
        "volumeConfigurations": entry.get("volumeConfigurations"),
    }


def _act(action: Action, scenario: Mapping[str, Any], plan: Plan) -> Iterator[str]:
    """What somebody types for one thing that happens; a wait, an exit and a lost zone are not typed."""
    match action.verb:
        case "write" | "read":
            shell = f"touch {action.path}" if action.verb == "write" else f"ls -R {action.path}"
            parameters = {"cluster": CLUSTER, "task": _task_id(action.task), "container": action.container}
            yield command("ecs", "execute-command", {**parameters, "interactive": True, "command": shell})
        case "stopTask":
            yield command("ecs", "stop-task", {"cluster": CLUSTER, "task": _task_id(action.task)})
        case "stopInstance":
            yield command("ec2", "stop-instances", {"instanceIds": [action.instance]})
        case "terminateInstance":
            yield command("ec2", "terminate-instances", {"instanceIds": [action.instance]})
        case "runTask":
            yield _run_like(action.like, scenario, plan)
        case _:
            pass


def _run_like(name: str, scenario: Mapping[str, Any], plan: Plan) -> str:
    """Another standalone task like one of the scenario; one like a later one is like the first."""
    at = next((i for i, spec in enumerate(plan.specs) if spec.name == name), 0)
    spec, entry = plan.specs[at], scenario["tasks"][at]
    made = _launch(spec, _family_of(scenario, entry), {**_shared(scenario), **entry}, [spec])
    return command("ecs", "run-task", {"cluster": CLUSTER, **made, "enableExecuteCommand": True})


def _shared(scenario: Mapping[str, Any]) -> Document:
    return {name: scenario[name] for name in ("volumeConfigurations",) if name in scenario}


def _task_id(name: str) -> str:
    return f"TASK_{name.replace('-', '_').upper()}"


def _template(plan: Plan, volume: Volume) -> str:
    zone = plan.system(volume.file_system).zone
    properties: Document = {"Encrypted": True}
    if zone:
        properties["AvailabilityZoneName"] = zone
    resources: Document = {"Files": {"Type": "AWS::EFS::FileSystem", "Properties": properties}}
    parameters: Document = {"VpcId": {"Type": "AWS::EC2::VPC::Id"}}
    for at, admits in _targets(plan, volume):
        letter = at[-1].upper()
        parameters[f"Subnet{letter}"] = {"Type": "AWS::EC2::Subnet::Id"}
        guard = "FilesGroup" if admits is None else f"FilesGroup{letter}"
        resources[guard] = _group(admits or _carried(plan), parameters)
        resources[f"Target{letter}"] = {
            "Type": "AWS::EFS::MountTarget",
            "Properties": {
                "FileSystemId": {"Ref": "Files"},
                "SubnetId": {"Ref": f"Subnet{letter}"},
                "SecurityGroups": [{"Fn::GetAtt": [guard, "GroupId"]}],
            },
        }
    return yaml.safe_dump({"Parameters": parameters, "Resources": resources}, sort_keys=False)


def _group(admits: tuple[str, ...], parameters: Document) -> Document:
    rules: list[Document] = []
    for name in admits:
        logical = "".join(part.capitalize() for part in name.replace("_", "-").split("-"))
        parameters[logical] = {"Type": "AWS::EC2::SecurityGroup::Id"}
        rules.append({"IpProtocol": "tcp", "FromPort": 2049, "ToPort": 2049, "SourceSecurityGroupId": {"Ref": logical}})
    properties = {
        "GroupDescription": "NFS to the mount target",
        "VpcId": {"Ref": "VpcId"},
        "SecurityGroupIngress": rules,
    }
    return {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}
