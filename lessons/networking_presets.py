"""The situations of the lesson on networking: each breaks one belief. Plain documents, in AWS's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.preset import Preset

Scenario = dict[str, Any]

SEALED = {"private-a": {"route": "none"}}
ENDPOINTS = ("ecr.api", "ecr.dkr", "s3", "logs")
PORTS = (32771, 38114, 44770, 50000, 60412)


def start(task: Mapping[str, Any] | None = None, **more: Any) -> Scenario:
    """All that the Fargate task `web` calls before it runs: its image in ECR, its log in CloudWatch."""
    return {"taskStart": "web", "tasks": {"web": {"logDriver": "awslogs", **(task or {})}}, **more}


def visit(**more: Any) -> Scenario:
    """A visitor's packet to the load balancer."""
    return {"from": "internet", "to": "alb", **more}


def bridge(*rules: str) -> Scenario:
    """Five bridge tasks with dynamic host ports on one instance, whose group has these rules."""
    task = {"launchType": "EC2", "networkMode": "bridge", "hostPort": 0}
    return visit(
        securityGroups={"sg-host": {"ingress": list(rules)}},
        instances={"i-1": {"securityGroups": ["sg-host"]}},
        tasks={
            f"web-{letter}": {**task, "networkBindings": [{"hostPort": port}]}
            for letter, port in zip("abcde", PORTS, strict=True)
        },
    )


def _preset(name: str, title: str, about: str, scenario: Scenario) -> Preset:
    return Preset(id=name, title=title, about=about, subject="network", scenario=scenario)


START: tuple[Preset, ...] = (
    _preset(
        "nothing",
        "No way out",
        "A private subnet, no NAT gateway, no endpoints. Mend one thing at a time and look what fails next.",
        start(subnets=SEALED),
    ),
    _preset(
        "nat",
        "NAT gateway",
        "The route table sends everything to a NAT gateway in a public subnet.",
        start(),
    ),
    _preset(
        "endpoints",
        "Endpoints",
        "No NAT gateway: each service is reached through an endpoint inside the VPC.",
        start(subnets=SEALED, vpcEndpoints={name: {} for name in ENDPOINTS}),
    ),
    _preset(
        "no-s3",
        "S3 forgotten",
        "Both endpoints of ECR are there. The layers of the image are in S3.",
        start(subnets=SEALED, vpcEndpoints={name: {} for name in ENDPOINTS if name != "s3"}),
    ),
    _preset(
        "closed",
        "Endpoint closed",
        "The endpoint of ecr.api carries a security group without an inbound rule.",
        start(
            subnets=SEALED,
            securityGroups={"sg-closed": {}},
            vpcEndpoints={name: {"securityGroups": ["sg-closed"]} if name == "ecr.api" else {} for name in ENDPOINTS},
        ),
    ),
    _preset(
        "public-off",
        "Public subnet",
        "A public subnet, and assignPublicIp is left at the API's default.",
        start({"subnet": "public-a"}),
    ),
    _preset(
        "public-on",
        "Public IP on",
        "The same subnet with assignPublicIp ENABLED.",
        start({"subnet": "public-a", "assignPublicIp": "ENABLED"}),
    ),
    _preset(
        "instance",
        "On EC2",
        "An awsvpc task in the sealed subnet, on an instance in another one that has NAT. Look who calls.",
        start(
            {"launchType": "EC2", "networkMode": "awsvpc"},
            subnets=SEALED,
            instances={"i-1": {"subnet": "private-b"}},
        ),
    ),
)

WALK: tuple[Preset, ...] = (
    _preset(
        "slip",
        "One group for both",
        "The load balancer carries sg-task, the group that was made for the task.",
        visit(loadBalancers={"alb": {"securityGroups": ["sg-task"]}}),
    ),
    _preset(
        "two-groups",
        "Two groups",
        "sg-alb lets everybody in on 80 and 443; sg-task lets in nobody but the load balancer.",
        visit(),
    ),
    _preset(
        "both-open",
        "Open for all",
        "Both carry a group that admits the internet. It works; so does a visit past the load balancer.",
        visit(
            securityGroups={"sg-open": {"ingress": ["80 from 0.0.0.0/0"]}},
            loadBalancers={"alb": {"securityGroups": ["sg-open"]}},
            tasks={"web": {"securityGroups": ["sg-open"]}},
        ),
    ),
    _preset(
        "port",
        "Container port 8080",
        "The listener stays on 80, the container listens on 8080, and sg-task still says 80.",
        visit(tasks={"web": {"containerPort": 8080}}),
    ),
    _preset(
        "silent",
        "Nothing listens",
        "Every rule is right, and the application listens on port 3000.",
        visit(tasks={"web": {"listens": 3000}}),
    ),
    _preset(
        "instance-type",
        "Wrong target type",
        "An awsvpc task behind a target group of type instance.",
        visit(targetGroups={"tg": {"targetType": "instance"}}),
    ),
    _preset(
        "past",
        "Past the load balancer",
        "The task has a public address, and somebody sends a packet straight to it.",
        {"from": "internet", "to": "web", "tasks": {"web": {"subnet": "public-a", "assignPublicIp": "ENABLED"}}},
    ),
    _preset(
        "nlb",
        "NLB, client's address kept",
        "A Network Load Balancer that keeps the client's address; sg-vpc admits the VPC.",
        {
            "from": "internet",
            "to": "nlb",
            "securityGroups": {"sg-vpc": {"ingress": ["80 from 10.0.0.0/16"]}},
            "loadBalancers": {"nlb": {"type": "network", "listeners": ["TCP:80"]}},
            "targetGroups": {"tg": {"targetType": "ip", "preserveClientIp": True}},
            "tasks": {"web": {"securityGroups": ["sg-vpc"]}},
        },
    ),
)

DEALT: tuple[Preset, ...] = (
    _preset("container", "Port 80 open", "The rule names the port of the container.", bridge("80 from sg-alb")),
    _preset(
        "fallback",
        "49153–65535 open",
        "The rule names the range that Docker falls back to if the kernel tells none.",
        bridge("49153-65535 from sg-alb"),
    ),
    _preset(
        "range",
        "32768–61000 open",
        "The rule names the range of the guide, for the load balancer's group.",
        bridge("32768-61000 from sg-alb"),
    ),
    _preset("all", "All ports open", "Every port is open to the load balancer.", bridge("all from sg-alb")),
)

INTERFACES: tuple[Preset, ...] = (
    _preset(
        "plain",
        "c5.large",
        "Three interfaces, one of them the instance's own.",
        {"networkMode": "awsvpc", "instanceType": "c5.large", "count": 4},
    ),
    _preset(
        "trunk",
        "With trunking",
        "awsvpcTrunking was switched on, and then the instance was launched.",
        {"networkMode": "awsvpc", "instanceType": "c5.large", "awsvpcTrunking": True, "count": 12},
    ),
    _preset(
        "late",
        "Trunking too late",
        "The instance was running when awsvpcTrunking was switched on.",
        {
            "networkMode": "awsvpc",
            "instanceType": "c5.large",
            "awsvpcTrunking": True,
            "launchedAfterOptIn": False,
            "count": 4,
        },
    ),
    _preset(
        "larger",
        "m5.xlarge",
        "Twice the size, and one interface more.",
        {"networkMode": "awsvpc", "instanceType": "m5.xlarge", "count": 5},
    ),
    _preset(
        "bridge",
        "Bridge, hostPort 0",
        "The tasks share the instance's interface, each on a host port of its own.",
        {
            "networkMode": "bridge",
            "instanceType": "c5.large",
            "portMappings": [{"containerPort": 80, "hostPort": 0}],
            "count": 8,
        },
    ),
    _preset(
        "fixed",
        "Bridge, hostPort 8080",
        "The tasks share the instance's interface, and all want the same host port.",
        {
            "networkMode": "bridge",
            "instanceType": "c5.large",
            "portMappings": [{"containerPort": 80, "hostPort": 8080}],
            "count": 2,
        },
    ),
)


def _of(presets: tuple[Preset, ...], *names: str) -> tuple[Preset, ...]:
    return tuple(preset for name in names for preset in presets if preset.id == name)


SANDBOX: tuple[Preset, ...] = (
    *_of(WALK, "two-groups", "slip"),
    *_of(DEALT, "container"),
    *_of(WALK, "nlb"),
    *_of(START, "nothing", "endpoints", "instance"),
    _preset(
        "out",
        "An application calls out",
        "The application in web calls DynamoDB through the NAT gateway.",
        {"from": "web", "to": "dynamodb"},
    ),
    *_of(INTERFACES, "plain"),
)
