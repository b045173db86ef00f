"""Named situations of the network, each with another outcome."""

from __future__ import annotations

from simulator.preset import Preset

_ONLY_VPC = {"egress": ["443 to 10.0.0.0/16"]}

PRESETS: tuple[Preset, ...] = (
    Preset(
        id="two-groups",
        title="A group for the load balancer, a group for the task",
        about="The internet reaches the task through the load balancer only: sg-task trusts sg-alb and no one else.",
        subject="network",
        scenario={"from": "internet", "to": "alb"},
    ),
    Preset(
        id="wrong-group",
        title="The load balancer wears the task's group",
        about="The load balancer got the group sg-task: clients wait, targets fail, ECS replaces task after task.",
        subject="network",
        scenario={
            "from": "internet",
            "to": "alb",
            "loadBalancers": {"alb": {"securityGroups": ["sg-task"]}},
        },
    ),
    Preset(
        id="dynamic-ports",
        title="Dynamic host ports behind port 80",
        about="The instance admits port 80, and Docker gave the task host port 32800; the rule must open the range.",
        subject="network",
        scenario={
            "from": "internet",
            "to": "alb",
            "securityGroups": {"sg-host": {"ingress": ["80 from sg-alb"]}},
            "instances": {"i-1": {"securityGroups": ["sg-host"]}},
            "tasks": {
                "web": {
                    "launchType": "EC2",
                    "networkMode": "bridge",
                    "hostPort": 0,
                    "networkBindings": [{"hostPort": 32800}],
                }
            },
        },
    ),
    Preset(
        id="public-without-address",
        title="A public subnet without a public address",
        about="The Fargate task cannot pull its image: a route to the internet gateway needs a public address.",
        subject="network",
        scenario={"taskStart": "web", "tasks": {"web": {"subnet": "public-a"}}},
    ),
    Preset(
        id="endpoints-only",
        title="Endpoints, and a rule that forgets S3",
        about="All three endpoints are there, and the layers still do not come: S3's prefix list is not the VPC.",
        subject="network",
        scenario={
            "taskStart": "web",
            "securityGroups": {"sg-inside": _ONLY_VPC},
            "vpcEndpoints": {"ecr.api": {}, "ecr.dkr": {}, "s3": {}},
            "tasks": {"web": {"subnet": "isolated-a", "securityGroups": ["sg-inside"]}},
        },
    ),
    Preset(
        id="client-address",
        title="A Network Load Balancer that keeps the client's address",
        about="The task's group admits the VPC, and packets come from 203.0.113.7: checks pass, clients wait.",
        subject="network",
        scenario={
            "from": "internet",
            "to": "nlb",
            "securityGroups": {"sg-vpc": {"ingress": ["80 from 10.0.0.0/16"]}},
            "loadBalancers": {"nlb": {"type": "network", "listeners": ["TCP:80"]}},
            "targetGroups": {"tg": {"targetType": "ip", "preserveClientIp": True}},
            "tasks": {"web": {"securityGroups": ["sg-vpc"]}},
        },
    ),
    Preset(
        id="nat-inside",
        title="A NAT gateway in the private subnet",
        about="The route leads to the NAT gateway, and the NAT gateway's own subnet leads nowhere.",
        subject="network",
        scenario={"from": "web", "to": "dynamodb", "natGateways": {"nat": {"subnet": "private-a"}}},
    ),
    Preset(
        id="interfaces",
        title="Three awsvpc tasks on a c5.large",
        about="The instance has three interfaces and takes one itself: the third task waits until trunking is on.",
        subject="network",
        scenario={"networkMode": "awsvpc", "instanceType": "c5.large", "count": 3},
    ),
)
