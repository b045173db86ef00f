"""Documents for the property tests: VPCs with mistakes of every kind in them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

GROUPS: dict[str, Any] = {
    "sg-none": {},
    "sg-sealed": {"egress": []},
    "sg-open": {"ingress": ["80 from 0.0.0.0/0"]},
    "sg-vpc": {"ingress": ["80 from 10.0.0.0/16"]},
    "sg-office": {"ingress": ["80 from 198.51.100.0/24"], "egress": ["80 to sg-task"]},
    "sg-inside": {"egress": ["443 to 10.0.0.0/16"]},
}
NAMES = [*GROUPS, "sg-alb", "sg-task", "sg-instance", "default"]
SUBNETS = ["public-a", "private-a", "isolated-a", "private-b", "public-b", "private-c"]

groups = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True)


@st.composite
def tasks(draw: st.DrawFn) -> dict[str, Any]:
    launch, mode = draw(
        st.sampled_from(
            [
                ("FARGATE", "awsvpc"),
                ("FARGATE", "bridge"),
                ("EC2", "awsvpc"),
                ("EC2", "bridge"),
                ("EC2", "host"),
                ("EC2", "none"),
                ("MANAGED_INSTANCES", "awsvpc"),
            ]
        )
    )
    task: dict[str, Any] = {
        "launchType": launch,
        "networkMode": mode,
        "containerPort": draw(st.sampled_from([80, 8080])),
        "listens": draw(st.sampled_from([80, 3000, 0])),
    }
    if mode == "awsvpc":
        task |= {
            "subnet": draw(st.sampled_from(SUBNETS)),
            "securityGroups": draw(groups),
            "assignPublicIp": draw(st.sampled_from(["ENABLED", "DISABLED"])),
        }
    if mode != "none" and draw(st.booleans()):
        task["hostPort"] = draw(st.sampled_from([0, 22, 80, 8080]))
    if draw(st.booleans()):
        task |= {"logDriver": "awslogs", "secrets": ["secretsmanager"]}
    return task


@st.composite
def balancers(draw: st.DrawFn) -> dict[str, Any]:
    balancer: dict[str, Any] = {
        "type": draw(st.sampled_from(["application", "network", "classic", "gateway"])),
        "scheme": draw(st.sampled_from(["internet-facing", "internet-facing", "internal"])),
        "subnets": draw(st.lists(st.sampled_from(SUBNETS), min_size=1, max_size=3, unique=True)),
    }
    if balancer["type"] != "gateway" and draw(st.booleans()):
        balancer["securityGroups"] = draw(groups)
    if balancer["type"] == "application" and draw(st.booleans()):
        balancer["listeners"] = ["HTTPS:443"]
    return balancer


@st.composite
def endpoints(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for service in draw(st.lists(st.sampled_from(["ecr.api", "ecr.dkr", "logs", "dynamodb", "s3"]), unique=True)):
        if service == "dynamodb" or (service == "s3" and draw(st.booleans())):
            found[service] = draw(st.sampled_from([{}, {"subnets": ["private-b"]}]))
        else:
            found[service] = {
                "vpcEndpointType": "Interface",
                "securityGroups": draw(groups),
                "privateDnsEnabled": draw(st.booleans()),
            }
    return found


@st.composite
def vpcs(draw: st.DrawFn) -> dict[str, Any]:
    """A document without a question."""
    document: dict[str, Any] = {
        "securityGroups": GROUPS,
        "subnets": {"private-c": {"availabilityZone": "c", "route": draw(st.sampled_from(["nat", "none", "igw"]))}},
        "natGateways": {"nat": {"subnet": draw(st.sampled_from(SUBNETS))}},
        "internetGateway": draw(st.sampled_from([True, True, True, False])),
        "loadBalancers": {"alb": draw(balancers())},
        "instances": {
            "i-1": {
                "subnet": draw(st.sampled_from(SUBNETS)),
                "securityGroups": draw(groups),
                "publicIp": draw(st.booleans()),
            }
        },
        "tasks": {"web": draw(tasks())},
        "vpcEndpoints": draw(endpoints()),
    }
    if draw(st.booleans()):
        document["targetGroups"] = {"tg": {"targetType": draw(st.sampled_from(["ip", "instance"]))}}
        if draw(st.booleans()):
            document["targetGroups"]["tg"]["preserveClientIp"] = draw(st.booleans())
    return document


questions = st.sampled_from(
    [
        {},
        {"from": "203.0.113.7"},
        {"from": "10.0.1.77"},
        {"from": {"ip": "10.0.9.9", "securityGroups": ["sg-inside"]}},
        {"protocol": "udp"},
        {"to": "web"},
        {"from": "i-1", "to": "web"},
        {"from": "alb", "to": "web"},
        {"from": "web", "to": "dynamodb"},
        {"from": "web", "to": "internet"},
        {"from": "web", "to": "logs", "actor": "agent"},
        {"from": "i-1", "to": "ecs"},
        {"taskStart": "web"},
    ]
)
