"""Inbound packets: each check, its sentence, the order of the checks, and what is seen of it."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.network.subjects import network_answer

BRIDGE = {"launchType": "EC2", "networkMode": "bridge"}
FIXED = {"tasks": {"web": {**BRIDGE, "hostPort": 8080}}}


def told(document: dict[str, Any]) -> tuple[str, str, str, str]:
    answer = network_answer(document)
    assert answer["message"] == answer["path"][-1]["sentence"]
    assert answer["path"][-1]["verdict"] == "blocked"
    assert all(hop["verdict"] == "passed" for hop in answer["path"][:-1])
    return answer["code"], answer["blockedBy"], answer["where"], answer["message"]


def test_every_place_that_is_passed_says_by_what() -> None:
    answer = network_answer({})
    assert [(hop["kind"], hop["at"], hop["sentence"]) for hop in answer["path"]] == [
        ("internetGateway", "igw", "The internet gateway passes the packet on: public-a, public-b have a route to it."),
        ("loadBalancer", "alb", "alb listens on HTTP:80, and sg-alb admits the internet by “80 from 0.0.0.0/0”."),
        ("targetGroup", "tg", "tg has web as the target 10.0.2.20:80, in a zone of alb."),
        (
            "taskInterface",
            "web",
            (
                "sg-task on the network interface of web admits alb, which carries sg-alb, on TCP port 80 by "
                "“80 from sg-alb”."
            ),
        ),
        ("task", "web", "The application in web listens on port 80."),
    ]
    assert answer["message"] == "The internet reaches web on TCP port 80 through alb."
    assert answer["blockedBy"] is answer["where"] is answer["fix"] is None
    assert answer["targets"] == [
        {
            "task": "web",
            "registeredAs": "10.0.2.20:80",
            "code": "REACHABLE",
            "health": {
                "state": "healthy",
                "reason": None,
                "code": "REACHABLE",
                "message": "The load balancer's health checks reach web on port 80.",
                "fix": None,
            },
        }
    ]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            {"loadBalancers": {"lb": {"type": "gwlb"}}},
            (
                "LB_TYPE_UNSUPPORTED",
                "lb",
                "load balancer lb",
                "A Gateway Load Balancer is no load balancer for an ECS service; use an ALB or an NLB.",
            ),
        ),
        (
            {"loadBalancers": {"lb": {"type": "clb"}}},
            (
                "LB_TYPE_UNSUPPORTED",
                "lb",
                "load balancer lb",
                "A Classic Load Balancer does not take awsvpc tasks, so never Fargate; use an ALB or an NLB.",
            ),
        ),
        (
            {"tasks": {"web": {"launchType": "EC2", "networkMode": "none"}}},
            (
                "NO_PORT_MAPPING",
                "task web",
                "the task definition",
                "web has the network mode none: no port mappings, and no connection to the outside.",
            ),
        ),
        (
            {"tasks": {"web": {"networkMode": "host"}}},
            (
                "NETWORK_MODE_UNSUPPORTED",
                "task web",
                "the task definition",
                "FARGATE does not have the network mode host; it has awsvpc.",
            ),
        ),
        (
            {"loadBalancers": {"alb": {"scheme": "internal"}}},
            (
                "LB_INTERNAL",
                "alb",
                "load balancer alb",
                "alb is internal: its name resolves to private addresses, which the internet cannot reach.",
            ),
        ),
        (
            {"loadBalancers": {"alb": {"subnets": ["public-a", "private-b"]}}},
            (
                "LB_SUBNET_NOT_PUBLIC",
                "private-b",
                "the subnets' route tables",
                "alb is internet-facing, but its subnet private-b has no route to an internet gateway.",
            ),
        ),
        (
            {"internetGateway": False},
            (
                "LB_SUBNET_NOT_PUBLIC",
                "public-a, public-b",
                "the subnets' route tables",
                "alb is internet-facing, but its subnets public-a and public-b have no internet gateway to lead to.",
            ),
        ),
        (
            {"loadBalancers": {"alb": {"subnets": ["public-a"]}}},
            (
                "ALB_NEEDS_TWO_AZ",
                "alb",
                "load balancer alb",
                "alb is in the one Availability Zone a; an Application Load Balancer needs two, and is refused.",
            ),
        ),
        (
            {"port": 443},
            (
                "NO_LISTENER",
                "alb",
                "load balancer alb, the listeners",
                "alb has no listener for TCP port 443; it has HTTP:80.",
            ),
        ),
        (
            {"loadBalancers": {"alb": {"listeners": []}}},
            (
                "NO_LISTENER",
                "alb",
                "load balancer alb, the listeners",
                "alb has no listener for TCP port 80; it has none.",
            ),
        ),
        (
            {"loadBalancers": {"alb": {"securityGroups": ["sg-ep", "sg-task"]}}},
            (
                "LB_SG_INBOUND",
                "sg-ep, sg-task",
                "load balancer alb, inbound",
                (
                    "alb carries sg-ep, sg-task, which does not admit the internet on TCP port 80: inbound there is "
                    "“443 from 10.0.0.0/16”, “80 from sg-alb”."
                ),
            ),
        ),
        (
            {"from": {"ip": "10.0.1.77", "securityGroups": ["sg-x"]}, "securityGroups": {"sg-x": {"egress": []}}},
            (
                "SG_OUTBOUND",
                "sg-x",
                "10.0.1.77, outbound",
                "sg-x on 10.0.1.77 lets nothing out to alb on TCP port 80: there is no outbound rule at all.",
            ),
        ),
        (
            {"targetGroups": {"tg": {"targetType": "instance"}}},
            (
                "TARGET_TYPE_MISMATCH",
                "tg",
                "CreateService",
                (
                    "tg has the target type instance, which is incompatible with the awsvpc network "
                    "mode of web: it needs ip."
                ),
            ),
        ),
        (
            {**FIXED, "targetGroups": {"tg": {"targetType": "ip"}}},
            (
                "TARGET_TYPE_MISMATCH",
                "tg",
                "CreateService",
                (
                    "tg has the target type ip, which is incompatible with the bridge network mode "
                    "of web: it needs instance."
                ),
            ),
        ),
        (
            {"subnets": {"s": {"availabilityZone": "c"}}, "tasks": {"web": {"subnet": "s"}}},
            (
                "TARGET_AZ_NOT_ENABLED",
                "alb",
                "the subnets of alb",
                "web runs in zone c, and alb is enabled in a, b only: the target stays unused and gets no traffic.",
            ),
        ),
        (
            {"securityGroups": {"sg-alb": {"egress": ["80 to sg-task"]}}, "tasks": {"web": {"containerPort": 8080}}},
            (
                "LB_SG_OUTBOUND",
                "sg-alb",
                "load balancer alb, outbound",
                "sg-alb on alb lets nothing out to web on TCP port 8080: outbound there is “80 to sg-task”.",
            ),
        ),
        (
            FIXED,
            (
                "TARGET_SG_INBOUND",
                "sg-instance",
                "the instance i-1, inbound",
                (
                    "sg-instance on the instance i-1 does not admit alb, which carries sg-alb, on "
                    "TCP port 8080: inbound there is "
                    "“32768-61000 from sg-alb”."
                ),
            ),
        ),
        (
            {"loadBalancers": {"nlb": {"type": "nlb"}}},
            (
                "TARGET_SG_INBOUND",
                "sg-task",
                "the network interface of web, inbound",
                (
                    "sg-task on the network interface of web does not admit nlb at 10.0.1.10 on TCP "
                    "port 80: inbound there is “80 from sg-alb”."
                ),
            ),
        ),
        (
            {"loadBalancers": {"nlb": {"type": "nlb"}}, "targetGroups": {"tg": {"preserveClientIp": True}}},
            (
                "TARGET_SG_INBOUND",
                "sg-task",
                "the network interface of web, inbound",
                (
                    "sg-task on the network interface of web does not admit the internet (the "
                    "client's own address is preserved) on "
                    "TCP port 80: inbound there is “80 from sg-alb”."
                ),
            ),
        ),
        (
            {"tasks": {"web": {"listens": [3000, 3001]}}},
            (
                "APP_NOT_LISTENING",
                "the application in web",
                "the container",
                "The packet arrives, and no process of web listens on port 80: it listens on 3000, 3001.",
            ),
        ),
        (
            {"tasks": {"web": {"listens": 0}}},
            (
                "APP_NOT_LISTENING",
                "the application in web",
                "the container",
                "The packet arrives, and no process of web listens on port 80: nothing in it listens.",
            ),
        ),
    ],
)
def test_what_blocks_and_where(document: dict[str, Any], expected: tuple[str, str, str, str]) -> None:
    assert told(document) == expected


def test_the_first_failing_check_decides() -> None:
    """All mistakes at once, mended one by one in the order of the facts."""
    task: dict[str, Any] = {"launchType": "EC2", "networkMode": "none", "listens": 0}
    balancer: dict[str, Any] = {"type": "gateway", "scheme": "internal", "subnets": ["private-b"], "listeners": []}
    document: dict[str, Any] = {
        "securityGroups": {"sg-nothing": {"egress": []}},
        "loadBalancers": {"alb": balancer},
        "targetGroups": {"tg": {"targetType": "instance"}},
        "tasks": {"web": task},
    }
    codes = [network_answer(document)["code"]]
    for change in (
        lambda: balancer.update(type="application", securityGroups=["sg-nothing"]),
        lambda: task.update(networkMode="awsvpc", securityGroups=["sg-nothing"], hostPort=81, subnet="private-a"),
        lambda: task.pop("hostPort"),
        lambda: balancer.update(scheme="internet-facing"),
        lambda: balancer.update(subnets=["public-b"]),
        lambda: (
            balancer.update(subnets=["public-b", "s"])
            or document.update(subnets={"s": {"availabilityZone": "c", "route": "igw"}})
        ),
        lambda: balancer.update(listeners=["HTTP:80"]),
        lambda: document["securityGroups"]["sg-nothing"].update(ingress=["80 from 203.0.113.0/24"]),
        lambda: document["targetGroups"]["tg"].update(targetType="ip"),
        lambda: task.update(subnet="private-b"),
        lambda: document["securityGroups"]["sg-nothing"].update(egress=["80 to 10.0.0.0/16"]),
        lambda: document["securityGroups"]["sg-nothing"]["ingress"].append("80 from sg-nothing"),
        lambda: task.update(listens=80),
    ):
        change()
        codes.append(network_answer(document)["code"])
    assert codes == [
        "LB_TYPE_UNSUPPORTED",
        "NO_PORT_MAPPING",
        "HOST_PORT_MISMATCH",
        "LB_INTERNAL",
        "LB_SUBNET_NOT_PUBLIC",
        "ALB_NEEDS_TWO_AZ",
        "NO_LISTENER",
        "LB_SG_INBOUND",
        "TARGET_TYPE_MISMATCH",
        "TARGET_AZ_NOT_ENABLED",
        "LB_SG_OUTBOUND",
        "TARGET_SG_INBOUND",
        "APP_NOT_LISTENING",
        "REACHABLE",
    ]


@pytest.mark.parametrize(
    ("document", "client", "service"),
    [
        ({}, "ANSWER", "STEADY"),
        ({"loadBalancers": {"alb": {"scheme": "internal"}}}, "TIMEOUT", "STEADY"),
        ({"loadBalancers": {"alb": {"subnets": ["private-a", "private-b"]}}}, "TIMEOUT", "STEADY"),
        ({"loadBalancers": {"alb": {"securityGroups": ["sg-task"]}}}, "TIMEOUT", "REPLACING_TASKS"),
        ({"port": 443}, "NO_CONNECTION", "STEADY"),
        ({"loadBalancers": {"alb": {"subnets": ["public-a"]}}}, "NOTHING", "REFUSED"),
        ({"targetGroups": {"tg": {"targetType": "instance"}}}, "NOTHING", "REFUSED"),
        ({"tasks": {"web": {"securityGroups": ["sg-ep"]}}}, "HTTP_504", "REPLACING_TASKS"),
        ({"securityGroups": {"sg-alb": {"egress": []}}}, "HTTP_504", "REPLACING_TASKS"),
        ({"tasks": {"web": {"listens": 0}}}, "HTTP_502", "REPLACING_TASKS"),
        ({"subnets": {"s": {"availabilityZone": "c"}}, "tasks": {"web": {"subnet": "s"}}}, "HTTP_503", "UNUSED_TARGET"),
        ({"loadBalancers": {"nlb": {"type": "nlb"}}}, "TIMEOUT", "REPLACING_TASKS"),
        (
            {
                "loadBalancers": {"nlb": {"type": "nlb"}},
                "securityGroups": {"sg-task": {"ingress": ["80 from 10.0.0.0/16"]}},
                "tasks": {"web": {"listens": 0}},
            },
            "NO_CONNECTION",
            "REPLACING_TASKS",
        ),
    ],
)
def test_what_is_seen(document: dict[str, Any], client: str, service: str) -> None:
    symptom = network_answer(document)["symptom"]
    assert (symptom["client"], symptom["service"]) == (client, service)
    assert symptom["message"].endswith(".")


def test_the_symptom_of_the_wrong_group_in_words() -> None:
    symptom = network_answer({"loadBalancers": {"alb": {"securityGroups": ["sg-task"]}}})["symptom"]
    assert symptom["message"] == (
        "The client's packets are dropped: it waits until it times out. The target is "
        "unhealthy (Target.Timeout). After "
        "healthCheckGracePeriodSeconds (0 by default) ECS stops the task and starts another, again and again; with the "
        "circuit breaker the deployment fails."
    )


def test_a_target_may_be_healthy_while_clients_wait() -> None:
    """R25: health checks come from the load balancer's own addresses."""
    document = {
        "loadBalancers": {"nlb": {"type": "nlb"}},
        "securityGroups": {"sg-task": {"ingress": ["80 from 10.0.0.0/16"]}},
        "targetGroups": {"tg": {"preserveClientIp": True}},
    }
    answer = network_answer(document)
    assert answer["code"] == "TARGET_SG_INBOUND"
    assert answer["targets"][0]["health"]["state"] == "healthy"
    assert answer["symptom"]["service"] == "STEADY"
    assert network_answer({**document, "from": "nlb", "to": "web"})["code"] == "REACHABLE"


def test_traffic_may_pass_while_the_check_does_not() -> None:
    document = {"targetGroups": {"tg": {"healthCheckPort": 8081}}}
    answer = network_answer(document)
    health = answer["targets"][0]["health"]
    assert (answer["code"], health["state"], health["reason"]) == ("REACHABLE", "unhealthy", "Target.Timeout")
    assert health["fix"]["sentence"] == "Add to sg-task the inbound rule “8081 from sg-alb”."
    assert answer["notes"] == [f"Traffic would pass, but the health check of web does not: {health['message']}"]
    opened = {**document, "securityGroups": {"sg-task": {"ingress": ["80-8081 from sg-alb"]}}}
    silent = network_answer(opened)["targets"][0]["health"]
    assert (silent["reason"], silent["code"]) == ("Target.FailedHealthChecks", "APP_NOT_LISTENING")
    heard = {**opened, "tasks": {"web": {"listens": [80, 8081]}}}
    assert network_answer(heard)["targets"][0]["health"]["state"] == "healthy"
    narrow = {**heard, "securityGroups": {**opened["securityGroups"], "sg-alb": {"egress": ["80 to sg-task"]}}}
    health = network_answer(narrow)["targets"][0]["health"]
    assert (health["code"], health["fix"]["sentence"]) == (
        "LB_SG_OUTBOUND",
        "Add to sg-alb the outbound rule “8081 to sg-task”.",
    )
    bridge = {"tasks": {"web": FIXED["tasks"]["web"]}, "targetGroups": {"tg": {"healthCheckPort": 40000}}}
    unmapped = network_answer(bridge)["targets"][0]["health"]
    assert (unmapped["reason"], unmapped["message"]) == (
        "Target.FailedHealthChecks",
        "No mapping of web takes the health check's port 40000.",
    )


def test_the_health_check_as_a_question() -> None:
    answer = network_answer({"from": "alb", "to": "web"})
    assert [hop["kind"] for hop in answer["path"]] == ["loadBalancer", "task"]
    slip = network_answer({"from": "alb", "to": "web", "loadBalancers": {"alb": {"securityGroups": ["sg-task"]}}})
    assert (slip["code"], slip["fix"]["sentence"]) == (
        "TARGET_SG_INBOUND",
        "Let alb carry sg-alb, the group that sg-task trusts.",
    )
    refused = network_answer({"from": "alb", "targetGroups": {"tg": {"targetType": "instance"}}})
    assert (refused["code"], refused["targets"][0]["health"]) == ("TARGET_TYPE_MISMATCH", None)


def test_one_of_several_targets_is_enough() -> None:
    document = {"tasks": {"a": {"securityGroups": ["sg-ep"]}, "b": {}, "c": {"listens": 0}}}
    answer = network_answer(document)
    assert answer["code"] == "REACHABLE"
    assert [(one["task"], one["code"]) for one in answer["targets"]] == [
        ("b", "REACHABLE"),
        ("a", "TARGET_SG_INBOUND"),
        ("c", "APP_NOT_LISTENING"),
    ]
    assert network_answer({**document, "target": "c"})["code"] == "APP_NOT_LISTENING"


def test_the_listener_chooses_the_target_group() -> None:
    document = {
        "tasks": {"web": {}, "api": {"containerPort": 8080}},
        "targetGroups": {"tg": {"tasks": ["web"]}, "tg-api": {"tasks": ["api"]}},
        "loadBalancers": {
            "alb": {"listeners": ["HTTP:80", {"protocol": "HTTPS", "port": 443, "targetGroup": "tg-api"}]}
        },
    }
    assert [one["task"] for one in network_answer(document)["targets"]] == ["web"]
    assert [one["task"] for one in network_answer({**document, "port": 443})["targets"]] == ["api"]
    assert network_answer({**document, "from": "alb", "to": "api"})["code"] == "TARGET_SG_INBOUND"


def test_dynamic_ports() -> None:
    whole = {"tasks": {"web": {**BRIDGE}}}
    assert network_answer(whole)["targets"][0]["registeredAs"] == "i-1:32768-60999"
    narrow = {**whole, "securityGroups": {"sg-instance": {"ingress": ["32768-60998 from sg-alb"]}}}
    assert network_answer(narrow)["code"] == "TARGET_SG_INBOUND"
    together = {
        **whole,
        "securityGroups": {"sg-instance": {"ingress": ["40001-60999 from sg-alb", "32768-40000 from sg-alb"]}},
    }
    assert network_answer(together)["code"] == "REACHABLE"
    gap = {
        **whole,
        "securityGroups": {"sg-instance": {"ingress": ["40002-60999 from sg-alb", "32768-40000 from sg-alb"]}},
    }
    assert network_answer(gap)["code"] == "TARGET_SG_INBOUND"
    lucky = {**narrow, "tasks": {"web": {**BRIDGE, "networkBindings": [{"hostPort": 50000}]}}}
    assert network_answer(lucky)["notes"] == [
        (
            "Host port 50000 happens to be admitted; the next task gets another port of "
            "32768-60999, and the rules do not admit "
            "them all: open 32768-61000."
        )
    ]
    sure = {"tasks": {"web": {**BRIDGE, "networkBindings": [{"hostPort": 50000}]}}}
    assert network_answer(sure)["notes"] == []


@pytest.mark.parametrize(
    ("group", "protocol", "listener", "client_seen"),
    [
        ({"targetType": "ip"}, "tcp", "TCP:80", False),
        ({"targetType": "ip"}, "tcp", "TLS:80", False),
        ({"targetType": "ip"}, "udp", "UDP:80", True),
        ({"targetType": "ip"}, "tcp", "TCP_UDP:80", True),
        ({"targetType": "ip"}, "udp", "QUIC:80", True),
        ({"targetType": "ip", "protocol": "TCP_QUIC"}, "tcp", "TCP:80", True),
        ({"targetType": "ip", "preserveClientIp": True}, "tcp", "TCP:80", True),
        ({"targetType": "ip", "preserveClientIp": False}, "tcp", "TCP:80", False),
    ],
)
def test_whose_address_a_target_behind_an_nlb_sees(
    group: dict[str, Any], protocol: str, listener: str, client_seen: bool
) -> None:
    for rule, seen in (("203.0.113.7/32", client_seen), ("10.0.1.10/32", not client_seen)):
        document = {
            "protocol": protocol,
            "loadBalancers": {"nlb": {"type": "nlb", "listeners": [listener]}},
            "targetGroups": {"tg": group},
            "securityGroups": {"sg-task": {"ingress": [f"{protocol} 80 from {rule}"]}},
        }
        assert network_answer(document)["reachable"] is seen


def test_an_nlb_with_a_group_is_trusted_by_it_even_when_clients_are_seen() -> None:
    document = {
        "loadBalancers": {"nlb": {"type": "nlb", "securityGroups": ["sg-alb"]}},
        "targetGroups": {"tg": {"preserveClientIp": True}},
    }
    assert network_answer(document)["code"] == "REACHABLE"


def test_inside_the_vpc() -> None:
    internal = {"loadBalancers": {"alb": {"scheme": "internal", "subnets": ["private-a", "private-b"]}}}
    assert network_answer({**internal, "from": "i-1"})["code"] == "REACHABLE"
    assert network_answer({**internal, "from": "10.0.1.77"})["path"][0]["kind"] == "loadBalancer"
    assert network_answer({"from": "i-1", "to": "web"})["code"] == "TARGET_SG_INBOUND"
    member = {"from": {"ip": "10.0.1.77", "securityGroups": ["sg-alb"]}, "to": "web"}
    answer = network_answer(member)
    assert answer["message"] == "10.0.1.77 reaches web on TCP port 80 without a load balancer."
    assert network_answer({**member, "port": 81})["code"] == "TARGET_SG_INBOUND"


def test_straight_to_a_task() -> None:
    public = {"subnet": "public-a", "assignPublicIp": "ENABLED", "securityGroups": ["sg-x"]}
    groups = {"sg-x": {"ingress": ["80-90 from 0.0.0.0/0"]}}
    asked = {"to": "web", "securityGroups": groups, "tasks": {"web": public}}
    answer = network_answer(asked)
    assert [hop["kind"] for hop in answer["path"]] == ["internetGateway", "taskInterface", "task"]
    assert answer["path"][0]["sentence"] == "The internet gateway passes the packet on to the public address of web."
    assert answer["path"][1]["sentence"] == (
        "sg-x on the network interface of web admits the internet on TCP port 80 by “80-90 from 0.0.0.0/0”."
    )
    assert network_answer({**asked, "port": 81})["code"] == "APP_NOT_LISTENING"
    assert network_answer({**asked, "internetGateway": False})["message"] == (
        "web has a public address, but its subnet public-a has no internet gateway to lead to."
    )
    hosted = {
        "to": "web",
        "securityGroups": groups,
        "tasks": {"web": {**BRIDGE, "hostPort": 85}},
        "instances": {"i-1": {"subnet": "public-a", "securityGroups": ["sg-x"]}},
    }
    assert network_answer(hosted)["message"] == "web has no public address: its instance i-1 has none."
    hosted["instances"]["i-1"]["publicIp"] = True
    assert network_answer(hosted)["code"] == "REACHABLE"
    unmapped = network_answer({**hosted, "port": 86})
    assert (unmapped["code"], unmapped["fix"]) == ("APP_NOT_LISTENING", None)
    assert unmapped["message"] == "No mapping of web takes host port 86."
    own = {"to": "web", "tasks": {"web": {"launchType": "EC2", "networkMode": "awsvpc", "assignPublicIp": "ENABLED"}}}
    refused = network_answer(own)
    assert (refused["code"], refused["fix"]) == ("NO_PUBLIC_IP", None)
    assert refused["notes"] == ["AWS refuses assignPublicIp ENABLED here: it is not supported for this launch type."]
