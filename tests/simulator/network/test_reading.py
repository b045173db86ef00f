"""Documents: what is taken, and one sentence for everything else."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.network.addresses import EVERYWHERE, VPC, address_of, cidr_of, dotted, is_address, one_address
from simulator.network.model import Ports
from simulator.network.rules import RULES
from simulator.network.security_rules import read_rules, rule_to_dict
from simulator.network.subjects import ANSWERS, network_answer
from tests.simulator.garbage import near, places, put, refused
from tests.simulator.network.worlds import questions, vpcs

WHOLE: dict[str, Any] = {
    "from": {"ip": "10.0.1.77", "securityGroups": ["sg-x"]},
    "to": "alb",
    "target": "web",
    "protocol": "tcp",
    "port": 80,
    "internetGateway": True,
    "securityGroups": {
        "sg-x": {
            "ingress": ["80 from sg-alb", {"fromPort": 1, "toPort": 2, "cidrIp": "10.0.0.0/8"}],
            "egress": ["all to 0.0.0.0/0"],
        }
    },
    "subnets": {"s": {"availabilityZone": "c", "cidrBlock": "10.0.99.0/24", "route": "nat"}},
    "natGateways": {"nat": {"subnet": "public-a"}},
    "vpcEndpoints": {
        "s3": {"vpcEndpointType": "Gateway", "subnets": ["s"]},
        "logs": {"securityGroups": ["sg-x"], "privateDnsEnabled": True},
    },
    "loadBalancers": {
        "alb": {
            "type": "application",
            "scheme": "internet-facing",
            "subnets": ["public-a", "public-b"],
            "securityGroups": ["sg-alb"],
            "listeners": ["HTTP:80", {"protocol": "HTTPS", "port": 443, "targetGroup": "tg"}],
            "crossZone": True,
        }
    },
    "targetGroups": {
        "tg": {
            "targetType": "ip",
            "protocol": "TCP",
            "tasks": ["web"],
            "preserveClientIp": False,
            "healthCheckPort": 81,
        }
    },
    "instances": {
        "i-1": {"subnet": "s", "securityGroups": ["sg-x"], "publicIp": True, "dynamicHostPortRange": "40000-50000"}
    },
    "tasks": {
        "web": {
            "launchType": "FARGATE",
            "networkMode": "awsvpc",
            "subnet": "s",
            "securityGroups": ["sg-x"],
            "assignPublicIp": "ENABLED",
            "containerPort": 80,
            "hostPort": 80,
            "listens": [80, 81],
            "platformVersion": "1.4.0",
            "image": "ecr",
            "secrets": ["ssm"],
            "logDriver": "awslogs",
        },
        "old": {
            "launchType": "EC2",
            "networkMode": "bridge",
            "hostPort": 0,
            "networkBindings": [{"hostPort": 40001}],
            "instance": "i-1",
        },
    },
}
FITS: dict[str, Any] = {
    "launchType": "EC2",
    "networkMode": "awsvpc",
    "operatingSystem": "LINUX",
    "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}, {"containerPortRange": "90-99"}],
    "count": 2,
    "instanceType": "c5.large",
    "awsvpcTrunking": True,
    "launchedAfterOptIn": True,
    "agentVersion": "1.28.1",
    "sameVpc": True,
    "networkConfiguration": {
        "awsvpcConfiguration": {"subnets": ["a"], "securityGroups": [], "assignPublicIp": "DISABLED"}
    },
    "links": [],
    "targetType": "ip",
    "loadBalancerType": "alb",
    "targetGroupCount": 1,
}
GARBAGE: list[Any] = [
    None,
    True,
    False,
    -1,
    0,
    10**30,
    1.5,
    float("nan"),
    float("inf"),
    "",
    "x",
    "a\nb",
    "é" * 300,
    [],
    [None],
    [[[]]],
    {},
    {"x": 1},
    {1: 2},
]


def sentence(document: Any) -> str:
    """What is wrong with the document; "" if it has an answer, which then is JSON."""
    try:
        json.dumps(ANSWERS["network"](document, RULES), allow_nan=False)
    except InputError as error:
        return str(error)
    return ""


def test_the_whole_documents_are_read() -> None:
    assert network_answer(WHOLE)["code"] == "TARGET_AZ_NOT_ENABLED"
    assert network_answer(FITS)["code"] == "OK"


@pytest.mark.parametrize("document", [WHOLE, FITS], ids=["vpc", "fit"])
def test_garbage_in_any_place_is_one_sentence_or_an_answer(document: dict[str, Any]) -> None:
    for path in places(document):
        for bad in GARBAGE:
            told = sentence(put(document, path, bad))
            assert told == "" or told[-1] in ".?", told
            assert len(told) < 700


@pytest.mark.parametrize("document", [WHOLE, FITS], ids=["vpc", "fit"])
def test_an_error_is_where_the_garbage_is(document: dict[str, Any]) -> None:
    for place in places(document):
        for bad in GARBAGE:
            error = refused(network_answer, put(document, place, bad))
            if error is None:
                continue
            assert error.path in str(error)
            # Of what is taken away, the error is where it is asked for.
            assert near(place, error.path) or bad in ([], {}), f"{place}: {error.path}: {error}"


# Documents whose parts are right and do not go together, or miss something, each with a part of what is said.
MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"form": "x"}, "There is no field “form”; did you mean “from”?"),
    ({"from": "nobody"}, 'from is "nobody"; name an IPv4 address or one of internet, web, i-1, alb.'),
    ({"to": "nobody"}, 'to is "nobody", and there is no such thing; there are alb, web, s3'),
    ({"from": "192.168.1.1"}, "from is 192.168.1.1, a private address outside the VPC's 10.0.0.0/16"),
    ({"from": "172.31.0.1"}, "a private address outside the VPC's"),
    ({"from": "10.1.0.1"}, "a private address outside the VPC's"),
    ({"from": {"ip": "203.0.113.7", "securityGroups": ["sg-alb"]}}, "a client on the internet carries none"),
    ({"from": {"securityGroups": []}}, "from.ip must be an IPv4 address such as 203.0.113.7, not null."),
    ({"port": 0}, "port must be a whole number from 1 to 65535, not 0."),
    ({"port": 65536}, "port must be a whole number from 1 to 65535, not 65536."),
    ({"protocol": "icmp"}, 'protocol must be tcp or udp, not "icmp".'),
    ({"actor": "agent"}, "actor tells the app from the agent in a call to a service; leave it out here."),
    ({"from": "web", "to": "ecr.api", "actor": "nobody"}, "actor must be app or agent"),
    ({"from": "web", "to": "ecr.api", "port": 80}, "port: ecr.api listens on 443; leave it out."),
    ({"from": "web", "to": "ecr.api", "protocol": "udp"}, "a call to a service is TCP"),
    ({"from": "internet", "to": "s3"}, 'from is "internet", and there is no such thing; there are web, i-1.'),
    ({"taskStart": "web", "to": "alb"}, "taskStart asks for a whole start; leave to out."),
    ({"taskStart": "web", "from": "alb"}, "taskStart asks for a whole start; leave from out."),
    ({"taskStart": "web", "target": "web"}, "taskStart asks for a whole start; leave target out."),
    ({"taskStart": "web", "port": 80}, "taskStart asks for a whole start; leave port out."),
    ({"taskStart": "web", "protocol": "tcp"}, "taskStart asks for a whole start; leave protocol out."),
    ({"taskStart": "web", "actor": "app"}, "taskStart asks for a whole start; leave actor out."),
    (
        {"from": "old", "to": "web", "tasks": {"web": {}, "old": {"launchType": "EC2", "networkMode": "none"}}},
        "from is old, whose network mode leaves it without a network; it opens no connection.",
    ),
    ({"taskStart": "x"}, 'taskStart is "x", and there is no such thing; there are web.'),
    ({"from": "alb", "to": "web", "port": 80}, "from a load balancer asks for its health check; leave port out."),
    ({"target": "x"}, 'target is "x", and there is no such thing; there are web.'),
    (
        {"target": "b", "targetGroups": {"tg": {"tasks": ["web"]}}, "tasks": {"web": {}, "b": {}}},
        "b is not behind alb",
    ),
    ({"targetGroups": {}}, "loadBalancers.alb.listeners[0] has no target group to forward to"),
    ({"loadBalancers": {}}, "to is missing: name a task, a service such as ecr.api, or “internet”."),
    ({"tasks": {"internet": {}}}, 'The name "internet" stands for two things'),
    ({"tasks": {"alb": {}}}, 'The name "alb" stands for two things'),
    ({"tasks": {"a b": {}}}, 'tasks has the id "a b"; write it without spaces and slashes.'),
    ({"tasks": {"a/b": {}}}, "write it without spaces and slashes"),
    (
        {"tasks": {"web": {"securityGroups": ["sg-x"]}}},
        ('names the security group "sg-x", which is not there; write it in securityGroups (there are default, sg-alb'),
    ),
    ({"tasks": {"web": {"securityGroups": ["sg-alb", "sg-alb"]}}}, 'tasks.web.securityGroups names "sg-alb" twice'),
    ({"tasks": {"web": {"securityGroups": ["sg-alb"] * 6}}}, "has 6 entries, and at most 5 are taken"),
    (
        {"tasks": {"web": {"launchType": "EXTERNAL"}}},
        "tasks.web.launchType is EXTERNAL: such a task runs outside the VPC",
    ),
    (
        {"tasks": {"web": {"launchType": "MANAGED_INSTANCES"}}},
        "Managed Instances refuse a task definition without one; write awsvpc or host.",
    ),
    (
        {"tasks": {"web": {"launchType": "EC2", "subnet": "public-a"}}},
        "tasks.web.subnet belongs to an interface of the task's own, and a bridge task has none",
    ),
    ({"tasks": {"web": {"instance": "i-1"}}}, "a Fargate task is on no instance of yours"),
    (
        {"tasks": {"web": {"launchType": "EC2"}}, "instances": {}},
        "tasks.web runs on EC2, and instances is empty; write one.",
    ),
    (
        {"tasks": {"web": {"networkBindings": [{"hostPort": 32800}]}}},
        "says which port a dynamic mapping got, and this task has none",
    ),
    (
        {"tasks": {"web": {"launchType": "EC2", "hostPort": 80, "networkBindings": [{"hostPort": 80}]}}},
        "this task has none",
    ),
    ({"tasks": {"web": {"launchType": "EC2", "platformVersion": "1.4.0"}}}, "only Fargate has platform versions"),
    ({"tasks": {"web": {"platformVersion": "1.4"}}}, "write 1.4.0, 1.3.0 or LATEST."),
    ({"tasks": {"web": {"hostPort": 65536}}}, "tasks.web.hostPort must be a whole number from 0 to 65535"),
    ({"tasks": {"web": {"containerPort": 0}}}, "tasks.web.containerPort must be a whole number from 1 to 65535"),
    ({"tasks": {f"t{i}": {} for i in range(61)}}, "tasks has 61 entries, and at most 60 are taken."),
    ({"instances": {"i-1": {"dynamicHostPortRange": "5-4"}}}, "ports go upward, from 1 to 65535."),
    ({"instances": {"i-1": {"dynamicHostPortRange": "5"}}}, "write it as “32768-60999”."),
    (
        {"subnets": {"s": {"cidrBlock": "10.0.1.0/24"}}},
        "subnets.s.cidrBlock 10.0.1.0/24 overlaps that of public-a, 10.0.1.0/24",
    ),
    (
        {"subnets": {"s": {"cidrBlock": "10.1.0.0/24"}}},
        "a subnet here is a /24 or larger in the VPC's 10.0.0.0/16.",
    ),
    ({"subnets": {"s": {"cidrBlock": "10.0.99.0/25"}}}, "a subnet here is a /24 or larger"),
    ({"subnets": {"s": {"route": "tgw"}}}, 'subnets.s.route must be igw, none or nat, not "tgw".'),
    ({"natGateways": {"igw": {}}}, "natGateways.igw has a name that a route reads otherwise"),
    ({"vpcEndpoints": {"ecr": {}}}, "vpcEndpoints.ecr must be s3, dynamodb, ecr.api"),
    ({"vpcEndpoints": {"logs": {"vpcEndpointType": "Gateway"}}}, "only s3 and dynamodb have gateway endpoints"),
    ({"vpcEndpoints": {"s3": {"securityGroups": ["sg-ep"]}}}, "There is no field “vpcEndpoints.s3.securityGroups”"),
    (
        {"loadBalancers": {"alb": {"subnets": []}}},
        "loadBalancers.alb.subnets is empty; a load balancer needs a subnet.",
    ),
    (
        {"loadBalancers": {"alb": {"listeners": ["TCP:80"]}}},
        'loadBalancers.alb.listeners[0].protocol must be HTTP or HTTPS, not "TCP".',
    ),
    ({"loadBalancers": {"alb": {"listeners": ["HTTP"]}}}, "write it as “HTTP:80”."),
    (
        {"loadBalancers": {"alb": {"listeners": ["HTTP:80", "HTTPS:80"]}}},
        "listeners[1] is on port 80 like another listener",
    ),
    (
        {"loadBalancers": {"alb": {"type": "gwlb", "securityGroups": ["sg-alb"]}}},
        "a Gateway Load Balancer has none",
    ),
    (
        {"targetGroups": {"tg": {"protocol": "UDP", "preserveClientIp": False}}},
        "cannot be switched off for UDP; leave it out.",
    ),
    ({"targetGroups": {"tg": {"tasks": []}}}, "The target group tg has no task; name one in its tasks."),
    (
        {"securityGroups": {"sg-x": {"ingress": ["80 to sg-alb"]}}},
        "securityGroups.sg-x.ingress[0] says “to”; an ingress rule says “from”.",
    ),
    ({"securityGroups": {"sg-x": {"egress": ["80 from sg-alb"]}}}, "says “from”; an egress rule says “to”."),
    ({"securityGroups": {"sg-x": {"ingress": ["80"]}}}, "write it as “80 from sg-alb”"),
    (
        {"securityGroups": {"sg-x": {"ingress": ["90-80 from sg-alb"]}}},
        "has the ports 90 to 80; they go upward, to 65535 at most.",
    ),
    ({"securityGroups": {"sg-x": {"ingress": ["65536 from sg-alb"]}}}, "they go upward, to 65535 at most"),
    (
        {"securityGroups": {"sg-x": {"ingress": ["80 from 10.0.0.1/16"]}}},
        'must be an IPv4 range such as 10.0.0.0/16, not "10.0.0.1/16".',
    ),
    (
        {"securityGroups": {"sg-x": {"ingress": [{"fromPort": 80}]}}},
        "must name one peer: cidrIp, sourceSecurityGroupId or sourcePrefixListId.",
    ),
    (
        {"securityGroups": {"sg-x": {"ingress": [{"cidrIp": "0.0.0.0/0"}]}}},
        "needs fromPort, the first of the ports that it opens.",
    ),
    ({"securityGroups": {"sg-x": {"ingress": [{"fromPort": 80, "cidrIp": "::/0"}]}}}, "must be an IPv4 range"),
    (
        {"securityGroups": {"sg-x": {"ingress": ["80 from sg-alb"] * 61}}},
        "has 61 entries, and at most 60 are taken",
    ),
    (
        {"networkMode": "awsvpc", "instanceType": "z9.huge"},
        'instanceType is "z9.huge", whose interfaces are not in the table',
    ),
    (
        {"networkMode": "awsvpc", "awsvpcTrunking": True},
        "awsvpcTrunking is about an instance; name its instanceType.",
    ),
    ({"networkMode": "awsvpc", "count": 501}, "count must be a whole number from 1 to 500, not 501."),
    (
        {"networkMode": "bridge", "portMappings": [{"containerPortRange": "9-9"}]},
        "the first port is below the last",
    ),
    (
        {"networkMode": "bridge", "portMappings": [{"containerPortRange": "8-9", "hostPort": 1}]},
        "goes without hostPort",
    ),
    (
        {"networkMode": "bridge", "portMappings": [{}]},
        "portMappings[0].containerPort must be a whole number from 1 to 65535, not null.",
    ),
    ({"instanceType": "c5.large", "agentVersion": "1.x.1"}, "write it as 1.105.1."),
]


@pytest.mark.parametrize(("document", "told"), MISTAKES)
def test_a_mistake_is_one_sentence(document: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as error:
        network_answer(document)
    assert told in str(error.value)


def test_rules_in_both_forms() -> None:
    ids = {"sg-a"}
    short = read_rules(
        ["80,443 from sg-a", "udp 53 from 10.0.0.0/16", "all from 0.0.0.0/0", "tcp all from pl-s3", "1-5 from sg-a"],
        "in",
        direction="ingress",
        groups=ids,
    )
    assert [rule.told("from") for rule in short] == [
        "80 from sg-a",
        "443 from sg-a",
        "udp 53 from 10.0.0.0/16",
        "all from 0.0.0.0/0",
        "0-65535 from pl-s3",
        "1-5 from sg-a",
    ]
    assert [rule.protocol for rule in short] == ["tcp", "tcp", "udp", "-1", "tcp", "tcp"]
    written = [rule_to_dict(rule, "ingress") for rule in short]
    assert read_rules(written, "in", direction="ingress", groups=ids) == short
    assert written[3] == {"ipProtocol": "-1", "fromPort": 0, "toPort": 65535, "cidrIp": "0.0.0.0/0"}
    everything = read_rules([{"ipProtocol": "-1", "cidrIp": "0.0.0.0/0"}], "out", direction="egress", groups=())
    assert everything[0].ports == Ports(0, 65535)
    out = rule_to_dict(read_rules(["443 to pl-s3"], "out", direction="egress", groups=())[0], "egress")
    assert out == {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "destinationPrefixListId": "pl-s3"}


def test_addresses_and_ranges() -> None:
    assert dotted(address_of("203.0.113.7", "x")) == "203.0.113.7"
    assert is_address("10.0.0.1")
    assert not any(is_address(text) for text in ("10.0.0", "10.0.0.256", "010.0.0.1", "::1", "web"))
    block = cidr_of("10.0.2.0/24", "x")
    assert block.inside(VPC)
    assert not VPC.inside(block)
    assert block.holds(address_of("10.0.2.255", "x"))
    assert not block.holds(address_of("10.0.3.0", "x"))
    assert str(one_address(address_of("10.0.0.1", "x"))) == "10.0.0.1/32"
    assert EVERYWHERE.holds(0)
    assert EVERYWHERE.holds(2**32 - 1)
    for text in ("10.0.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/255.255.0.0", "10.0.0.1/24", "/8", 8):
        with pytest.raises(InputError, match="must be an IPv4 range"):
            cidr_of(text, "x")


@settings(max_examples=40, deadline=None)
@given(vpcs(), questions)
def test_the_same_document_gives_the_same_bytes(vpc: dict[str, Any], question: dict[str, Any]) -> None:
    document = {**vpc, **question}
    first = json.dumps(network_answer(document), allow_nan=False)
    assert json.dumps(network_answer(deepcopy(document)), allow_nan=False) == first


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*WHOLE, *FITS, "web"]), inner, max_size=4)
    ),
)


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_anything_at_all_is_an_answer_or_a_sentence(value: Any) -> None:
    told = sentence(value)
    assert told == "" or told[-1] in ".?"
