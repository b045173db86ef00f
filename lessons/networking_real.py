"""A networking situation as what one would type: groups, routes, endpoints, the load balancer, the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from lessons.for_real import TEMPLATE, Snippet, command, document
from simulator.network import Fit, Reach, examine
from simulator.network.mappings import Mapped
from simulator.network.model import (
    AWSVPC,
    CLASSIC,
    FARGATE,
    IGW,
    NO_ROUTE,
    LoadBalancer,
    Rule,
    SecurityGroup,
    TargetGroup,
    Task,
    World,
)
from simulator.network.path import path_of
from simulator.network.security_rules import ALL_PORTS
from simulator.network.services import GATEWAY_SERVICES

CLUSTER, VPC, REGION = "harbor", "vpc-harbor", "us-east-1"
NAMES = "The names stand for ids of your own."
_ALL_OUT = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]


def snippets(scenario: Mapping[str, Any]) -> tuple[Snippet, ...]:
    """What brings a scenario about: commands, and the groups as a CloudFormation template."""
    found = examine(scenario)
    if isinstance(found, Fit):
        return tuple(_fitting(found))
    groups = _groups_on_the_way(found)
    parts = [
        Snippet(title="The security groups, with the rules of the figure", text=_group_commands(groups), note=NAMES),
        Snippet(title="The same groups as a template", text=_template(groups), kind=TEMPLATE),
    ]
    if found.question.kind in ("start", "service"):
        return (*_ways_out(found), *parts)
    return (*parts, *_in_front(found))


def _groups_on_the_way(found: Reach) -> tuple[SecurityGroup, ...]:
    """The groups whose rules the figure shows, each once, and those that their rules name."""
    names = [name for spot in path_of(found).spots if spot.is_gate for name in spot.name.split(" + ")]
    if found.question.kind == "start":
        names += [name for endpoint in found.world.endpoints.values() for name in endpoint.groups]
    for name in list(names):
        one = found.world.groups[name]
        names += [rule.group for rule in (*one.ingress, *one.egress) if rule.group]
    return tuple(found.world.groups[name] for name in dict.fromkeys(names))


def _group_commands(groups: Sequence[SecurityGroup]) -> str:
    made = [
        command("ec2", "create-security-group", {"groupName": one.id, "description": one.id, "vpcId": VPC})
        for one in groups
        if one.id != "default"
    ]
    return "\n\n".join([*made, *(text for one in groups for text in _rule_commands(one))])


def _rule_commands(group: SecurityGroup) -> Iterator[str]:
    if group.ingress:
        granted = [_permission(rule) for rule in group.ingress]
        parameters = {"groupId": group.id, "ipPermissions": granted}
        yield command("ec2", "authorize-security-group-ingress", parameters)
    if [_permission(rule) for rule in group.egress] == _ALL_OUT:
        return
    # A new group lets everything out; what the figure shows does not.
    yield command("ec2", "revoke-security-group-egress", {"groupId": group.id, "ipPermissions": _ALL_OUT})
    if group.egress:
        granted = [_permission(rule) for rule in group.egress]
        yield command("ec2", "authorize-security-group-egress", {"groupId": group.id, "ipPermissions": granted})


def _permission(rule: Rule) -> dict[str, Any]:
    peer: dict[str, Any] = {"IpRanges": [{"CidrIp": str(rule.cidr)}]}
    if rule.group:
        peer = {"UserIdGroupPairs": [{"GroupId": rule.group}]}
    elif rule.prefix:
        peer = {"PrefixListIds": [{"PrefixListId": rule.prefix}]}
    if rule.protocol == "-1" or rule.ports == ALL_PORTS:
        return {"IpProtocol": "-1", **peer}
    return {"IpProtocol": rule.protocol, "FromPort": rule.ports.low, "ToPort": rule.ports.high, **peer}


def _template(groups: Sequence[SecurityGroup]) -> str:
    """Rules that name a group are resources of their own, for groups may name each other."""
    resources: dict[str, Any] = {}
    for group in groups:
        properties: dict[str, Any] = {"GroupDescription": group.id, "VpcId": {"Ref": "VpcId"}}
        own = [_property(rule, "from") for rule in group.ingress if not rule.group]
        if own:
            properties["SecurityGroupIngress"] = own
        if [_permission(rule) for rule in group.egress] != _ALL_OUT:
            out = [_property(rule, "to") for rule in group.egress if not rule.group]
            # An empty list would mean all: this one leads nowhere.
            properties["SecurityGroupEgress"] = out or [{"IpProtocol": "icmp", "CidrIp": "127.0.0.1/32"}]
        resources[_logical(group.id)] = {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}
        resources |= _references(group)
    parameters = {"VpcId": {"Type": "AWS::EC2::VPC::Id"}}
    return yaml.safe_dump({"Parameters": parameters, "Resources": resources}, sort_keys=False, allow_unicode=True)


def _references(group: SecurityGroup) -> dict[str, Any]:
    found: dict[str, Any] = {}
    sides = (
        ("Ingress", "SourceSecurityGroupId", group.ingress),
        ("Egress", "DestinationSecurityGroupId", group.egress),
    )
    for side, field, rules in sides:
        for at, rule in enumerate(rules, start=1):
            if rule.group:
                ports = _spans(rule)
                peer = {"Fn::GetAtt": [_logical(rule.group), "GroupId"]}
                owner = {"Fn::GetAtt": [_logical(group.id), "GroupId"]}
                found[f"{_logical(group.id)}{side}{at}"] = {
                    "Type": f"AWS::EC2::SecurityGroup{side}",
                    "Properties": {"GroupId": owner, **ports, field: peer},
                }
    return found


def _property(rule: Rule, word: str) -> dict[str, Any]:
    if rule.prefix:
        side = "SourcePrefixListId" if word == "from" else "DestinationPrefixListId"
        return {**_spans(rule), side: rule.prefix}
    return {**_spans(rule), "CidrIp": str(rule.cidr)}


def _spans(rule: Rule) -> dict[str, Any]:
    if rule.protocol == "-1" or rule.ports == ALL_PORTS:
        return {"IpProtocol": "-1"}
    return {"IpProtocol": rule.protocol, "FromPort": rule.ports.low, "ToPort": rule.ports.high}


def _logical(name: str) -> str:
    return "".join(part.capitalize() for part in name.replace("_", "-").replace(".", "-").split("-"))


def _in_front(found: Reach) -> Iterator[Snippet]:
    world = found.world
    if found.tried:
        way = found.tried[0].way
        text = "\n\n".join(_balancer(way.balancer, way.group, world))
        yield Snippet(title="The load balancer and its target group", text=text)
        yield Snippet(title="The service behind it", text=_service(way.task, way.group, way.balancer))
    elif found.question.target in world.tasks:
        task = world.tasks[found.question.target]
        yield Snippet(title="The service, without a load balancer", text=_service(task, None, None))


def _balancer(balancer: LoadBalancer, group: TargetGroup, world: World) -> Iterator[str]:
    if balancer.type == CLASSIC:
        listeners = [
            {"Protocol": one.protocol, "LoadBalancerPort": one.port, "InstancePort": one.port}
            for one in balancer.listeners
        ]
        yield command(
            "elb",
            "create-load-balancer",
            {
                "loadBalancerName": balancer.id,
                "listeners": listeners,
                "subnets": list(balancer.subnets),
                "securityGroups": list(balancer.groups),
            },
        )
        return
    yield command(
        "elbv2",
        "create-load-balancer",
        {
            "name": balancer.id,
            "type": balancer.type,
            "scheme": "internal" if balancer.internal else "internet-facing",
            "subnets": list(balancer.subnets),
            "securityGroups": list(balancer.groups) or None,
        },
    )
    protocol = group.protocol or (balancer.listeners[0].protocol if balancer.listeners else "HTTP")
    tasks = [world.tasks[name] for name in group.tasks]
    yield command(
        "elbv2",
        "create-target-group",
        {
            "name": group.id,
            "targetType": group.type,
            "protocol": protocol,
            "port": tasks[0].container_port if tasks else 80,
            "vpcId": VPC,
        },
    )
    if group.preserve is not None:
        kept = [{"Key": "preserve_client_ip.enabled", "Value": str(group.preserve).lower()}]
        yield command("elbv2", "modify-target-group-attributes", {"targetGroupArn": "TARGET_GROUP", "attributes": kept})
    for one in balancer.listeners:
        forward = [{"Type": "forward", "TargetGroupArn": "TARGET_GROUP"}]
        parameters = {"loadBalancerArn": "LOAD_BALANCER", "protocol": one.protocol, "port": one.port}
        yield command("elbv2", "create-listener", {**parameters, "defaultActions": forward})


def _service(task: Task, group: TargetGroup | None, balancer: LoadBalancer | None) -> str:
    behind: list[dict[str, Any]] | None = None
    if group and balancer:
        target = {"loadBalancerName": balancer.id} if balancer.type == CLASSIC else {"targetGroupArn": "TARGET_GROUP"}
        behind = [{**target, "containerName": "web", "containerPort": task.container_port}]
    parameters = {
        "cluster": CLUSTER,
        "serviceName": "web",
        "taskDefinition": "web:1",
        "desiredCount": len(group.tasks) if group else 1,
        "launchType": task.launch if task.launch != "MANAGED_INSTANCES" else None,
        "networkConfiguration": _configuration(task),
        "loadBalancers": behind,
    }
    return command("ecs", "create-service", parameters)


def _configuration(task: Task) -> dict[str, Any] | None:
    if task.mode != AWSVPC:
        return None
    own: dict[str, Any] = {"subnets": [task.subnet], "securityGroups": list(task.groups)}
    if task.launch == FARGATE:
        own["assignPublicIp"] = "ENABLED" if task.assign_public_ip else "DISABLED"
    return {"awsvpcConfiguration": own}


def _ways_out(found: Reach) -> Iterator[Snippet]:
    world, question = found.world, found.question
    # A task that its launch type refuses stands in no subnet, so it has no ways out either.
    subnet = next(iter(path_of(found).spots[0].zone[1:]), "")
    commands = [*_route(world, subnet), *_endpoints(world, subnet)] if subnet else []
    note = f"The route table of {subnet} has no way out, and the VPC has no endpoint: there is nothing to type."
    if commands:
        yield Snippet(title=f"The ways out of {subnet}", text="\n\n".join(commands), note=NAMES)
    task = world.tasks.get(question.target if found.start else question.source)
    if task:
        parameters = {
            "cluster": CLUSTER,
            "taskDefinition": "web:1",
            "launchType": task.launch if task.launch != "MANAGED_INSTANCES" else None,
            "networkConfiguration": _configuration(task),
        }
        text = command("ecs", "run-task", parameters)
        yield Snippet(title="The task", text=text, note="" if commands or not subnet else note)


def _route(world: World, subnet: str) -> Iterator[str]:
    leads = world.subnets[subnet].route
    if leads == NO_ROUTE:
        return
    table = {"routeTableId": f"rtb-{subnet}", "destinationCidrBlock": "0.0.0.0/0"}
    if leads == IGW:
        yield command("ec2", "create-route", {**table, "gatewayId": "igw-harbor"})
        return
    yield command("ec2", "create-nat-gateway", {"subnetId": world.nats[leads].subnet, "allocationId": "eipalloc-nat"})
    yield command("ec2", "create-route", {**table, "natGatewayId": leads})


def _endpoints(world: World, subnet: str) -> Iterator[str]:
    for service, endpoint in world.endpoints.items():
        parameters: dict[str, Any] = {"vpcId": VPC, "serviceName": f"com.amazonaws.{REGION}.{service}"}
        if endpoint.gateway and service in GATEWAY_SERVICES:
            tables = [f"rtb-{one}" for one in endpoint.subnets or (subnet,)]
            parameters |= {"vpcEndpointType": "Gateway", "routeTableIds": tables}
        else:
            parameters |= {
                "vpcEndpointType": "Interface",
                "subnetIds": [subnet],
                "securityGroupIds": list(endpoint.groups),
                "privateDnsEnabled": endpoint.private_dns,
            }
        yield command("ec2", "create-vpc-endpoint", parameters)


def _fitting(fit: Fit) -> Iterator[Snippet]:
    """Modes, ports and interfaces: the account's setting, the definition, the tasks."""
    container: dict[str, Any] = {"name": "web", "image": "web:1", "memory": 256}
    if fit.mapped:
        container["portMappings"] = [_mapping(one) for one in fit.mapped]
    definition = {"family": "web", "networkMode": fit.mode, "containerDefinitions": [container]}
    yield Snippet(title="The task definition", text=document(definition), kind="ecs.RegisterTaskDefinition")
    calls: list[str] = []
    if fit.limit and fit.limit.trunked:
        setting = {"name": "awsvpcTrunking", "value": "enabled"}
        calls.append(command("ecs", "put-account-setting-default", setting))
    network = {"awsvpcConfiguration": {"subnets": ["private-a"], "securityGroups": ["sg-task"]}}
    parameters = {
        "cluster": CLUSTER,
        "taskDefinition": "web:1",
        "count": min(max(1, len(fit.copies)), 10),
        "networkConfiguration": network if fit.mode == AWSVPC else None,
    }
    calls.append(command("ecs", "run-task", parameters))
    told = f"The tasks, on one {fit.limit.type}" if fit.limit else "The tasks"
    more = "RunTask takes ten at a time; call it again for the rest." if len(fit.copies) > 10 else ""
    yield Snippet(title=told, text="\n\n".join(calls), note=more)


def _mapping(one: Mapped) -> dict[str, Any]:
    if one.span.low < one.span.high:
        return {"containerPortRange": str(one.span), "protocol": one.protocol}
    host = 0 if one.dynamic else one.fixed
    found: dict[str, Any] = {"containerPort": one.container, "protocol": one.protocol}
    return found if host is None else {**found, "hostPort": host}
