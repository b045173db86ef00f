"""The sandbox of the lesson on networking: one VPC with one question, and every way to change both."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

import streamlit as st

from lessons import playground
from lessons.networking_figures import answer_of, film_of, outcome, parted, told
from lessons.networking_presets import SANDBOX
from lessons.networking_real import snippets
from lessons.playground import Playground, start_step
from lessons.stage import Stage
from simulator.network import RULES, NetworkRules
from simulator.network.interfaces import LIMITS
from simulator.network.rules import (
    ClientAddress,
    DynamicPort,
    EcrEndpoints,
    EndpointGroups,
    Filtering,
    GroupSource,
    NatPlace,
    PrimaryEni,
    PublicAddress,
    Puller,
)
from ui import sandbox, theme
from ui.beside import ALONE
from ui.player import PlayerState, player
from ui.sandbox import Sandbox, Scenario
from ui.words import plain

BELIEFS: Mapping[str, tuple[str, NetworkRules]] = {
    "stateless": ("if replies needed a rule", replace(RULES, filtering=Filtering.STATELESS)),
    "subnets": ("if a group meant its subnets", replace(RULES, group_source=GroupSource.SUBNETS)),
    "container-port": ("if port 0 meant the container's", replace(RULES, dynamic_port=DynamicPort.CONTAINER_PORT)),
    "no-client": ("if an NLB always hid the client", replace(RULES, client_address=ClientAddress.LOAD_BALANCER)),
    "no-address": ("if a public subnet were enough", replace(RULES, public_address=PublicAddress.SUBNET_IS_ENOUGH)),
    "nat": ("if NAT worked in any subnet", replace(RULES, nat_place=NatPlace.ANY_SUBNET)),
    "no-s3": ("if a pull needed nothing of S3", replace(RULES, ecr_endpoints=EcrEndpoints.API_DKR)),
    "open-endpoint": ("if endpoints let everyone in", replace(RULES, endpoint_groups=EndpointGroups.IGNORED)),
    "task-pulls": ("if the task pulled its image on EC2, too", replace(RULES, puller=Puller.TASK)),
    "primary": ("if the instance's own interface were free", replace(RULES, primary_eni=PrimaryEni.FREE)),
}
TITLES = {name: title for name, (title, _) in BELIEFS.items()}

QUESTIONS: Mapping[str, Scenario] = {
    "A visitor asks the load balancer": {"from": "internet"},
    "A visitor asks the task itself": {"from": "internet", "to": "web"},
    "The load balancer checks the task": {"from": "BALANCER", "to": "web"},
    "The task starts": {"taskStart": "web"},
    "Its application calls DynamoDB": {"from": "web", "to": "dynamodb"},
    "Its application calls the internet": {"from": "web", "to": "internet"},
}
ASKED = ("from", "to", "target", "taskStart", "protocol", "port", "actor")
ELSEWHERE = "This situation asks what fits on one instance. Choose a named one with a VPC to change this."
NO_INSTANCE = "This situation asks about a packet. Choose the one about c5.large to count interfaces."

_ALB_RULES: dict[str, Any] = {
    "80 and 443 from everybody": None,
    "80 from the office, 198.51.100.0/24": ["80 from 198.51.100.0/24"],
    "nothing": [],
}
_TASK_RULES: dict[str, Any] = {
    "80 from sg-alb": None,
    "8080 from sg-alb": ["8080 from sg-alb"],
    "80 from everybody": ["80 from 0.0.0.0/0"],
    "80 from the VPC": ["80 from 10.0.0.0/16"],
    "nothing": [],
}
_HOST_RULES: dict[str, Any] = {
    "32768–61000 from sg-alb": None,
    "80 from sg-alb": ["80 from sg-alb"],
    "49153–65535 from sg-alb": ["49153-65535 from sg-alb"],
    "all from sg-alb": ["all from sg-alb"],
}
_WORN: dict[str, Any] = {
    "sg-alb": None,
    "sg-task": ["sg-task"],
    "sg-alb and sg-task": ["sg-alb", "sg-task"],
}
_MODES = {"the launch type's own": None, "awsvpc": "awsvpc", "bridge": "bridge", "host": "host", "none": "none"}
_LAUNCHES = {"FARGATE": None, "EC2": "EC2"}
_SUBNETS = {"private-a": None, "public-a": "public-a", "isolated-a": "isolated-a"}
_HOST_PORTS = {"left out": None, "0, dynamic": 0, "8080": 8080}
_ROUTES = {"a NAT gateway": None, "nowhere": "none", "the internet gateway": "igw"}
_SERVICES = ("ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager", "dynamodb")
_TYPES = {name: name for name in ("t3.medium", "c5.large", "m5.xlarge", "m5.4xlarge") if name in LIMITS}


def show(stage: Stage) -> None:
    """The presets, the figure with its verdict, then the controls, one panel at a time."""
    playground.show(stage, GROUND)


def check(scenario: Scenario) -> None:
    """Refuse what is no VPC and no question.

    Raises
    ------
    InputError
        With one sentence.
    """
    answer_of(scenario)
    film_of(scenario)


def _figure(stage: Stage, scenario: Scenario, aside: str) -> PlayerState:
    start = start_step(stage)
    film = film_of(scenario)
    if aside != ALONE:
        title, rules = BELIEFS[aside]
        other, mark = film_of(scenario, rules), parted(scenario, rules)
        rest = player(
            film,
            key=stage.key("film"),
            beside=other,
            labels=("as it is", title),
            parted_at=mark,
            step=start or (len(film.frames) - 1),
        )
        same = "Here the belief makes no difference." if mark is None else ""
        st.markdown("\n\n".join(part for part in (same, outcome(scenario)) if part), width=theme.MEASURE)
        return rest
    rest = player(film, key=stage.key("film"), step=start or (len(film.frames) - 1))
    said = [told(scenario, rest.picked), outcome(scenario)]
    st.markdown("\n\n".join(part for part in said if part), width=theme.MEASURE)
    return rest


def _question(stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    """Who asks whom."""
    scenario = sandbox.current(box)
    if _is_fit(scenario):
        st.caption(ELSEWHERE)
        return
    now = {name: scenario[name] for name in ASKED if name in scenario}
    if now.get("to") == _balancer(scenario):
        now.pop("to")
    key = stage.key("question")
    asked = {name: _filled(question, scenario) for name, question in QUESTIONS.items()}
    st.session_state[key] = next((name for name, question in asked.items() if question == now), None)
    st.selectbox(
        "Who asks whom  \n`from`, `to`, `taskStart` (simulator)",
        list(QUESTIONS),
        key=key,
        placeholder="Your own question, in the JSON",
        on_change=_take_question,
        args=(stage, box),
        width=420,
    )
    if "taskStart" in scenario:
        name = scenario["taskStart"]
        left, right = st.columns(2)
        with left:
            sandbox.choice(
                box,
                "A secret",
                "secrets",
                ("tasks", name, "secrets"),
                {"none": None, "Secrets Manager": ["secretsmanager"], "Parameter Store": ["ssm"]},
            )
        with right:
            sandbox.choice(
                box,
                "Log driver",
                "logConfiguration.logDriver",
                ("tasks", name, "logDriver"),
                {"json-file": None, "awslogs": "awslogs"},
            )


def _groups(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    """What the groups admit, and who carries which."""
    scenario = sandbox.current(box)
    if _is_fit(scenario):
        st.caption(ELSEWHERE)
        return
    balancer, task = _balancer(scenario), _task_name(scenario)
    left, right = st.columns(2)
    with left:
        sandbox.choice(
            box,
            f"{plain(balancer)} carries",
            "securityGroups",
            ("loadBalancers", balancer, "securityGroups"),
            _WORN,
        )
        sandbox.choice(box, "sg-alb lets in", "ingress", ("securityGroups", "sg-alb", "ingress"), _ALB_RULES)
    with right:
        sandbox.choice(box, "sg-task lets in", "ingress", ("securityGroups", "sg-task", "ingress"), _TASK_RULES)
        path = ("securityGroups", "sg-instance", "ingress")
        sandbox.choice(box, "sg-instance lets in", "ingress", path, _HOST_RULES)
        if _own_interface(scenario, task):
            worn = {"sg-task": None, "sg-alb": ["sg-alb"], "both": ["sg-task", "sg-alb"], "the default one": []}
            sandbox.choice(box, f"{plain(task)} carries", "securityGroups", ("tasks", task, "securityGroups"), worn)


def _task(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    """How the task runs: launch type, mode, ports, subnet."""
    scenario = sandbox.current(box)
    if _is_fit(scenario):
        st.caption(ELSEWHERE)
        return
    name = _task_name(scenario)
    at = ("tasks", name)
    one, two, three = st.columns(3)
    with one:
        sandbox.choice(box, "Launch type", "launchType", (*at, "launchType"), _LAUNCHES)
        sandbox.choice(box, "Network mode", "networkMode", (*at, "networkMode"), _MODES)
    with two:
        sandbox.number(box, "Container port", "containerPort", (*at, "containerPort"), low=80, high=8080, default=80)
        sandbox.choice(box, "Host port", "hostPort", (*at, "hostPort"), _HOST_PORTS)
    with three:
        if _own_interface(scenario, name):
            sandbox.choice(box, "Subnet", "subnets", (*at, "subnet"), _SUBNETS)
            sandbox.switch(box, "Public address", "assignPublicIp", (*at, "assignPublicIp"), on="ENABLED")
        sandbox.choice(
            box,
            "The application listens on",
            "listens (simulator)",
            (*at, "listens"),
            {"its container port": None, "port 3000": 3000, "nothing": 0},
        )


def _ways_out(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    """The route of the private subnet, where the NAT gateway stands, and the endpoints."""
    scenario = sandbox.current(box)
    if _is_fit(scenario):
        st.caption(ELSEWHERE)
        return
    left, right = st.columns(2)
    with left:
        sandbox.choice(box, "private-a sends 0.0.0.0/0 to", "CreateRoute", ("subnets", "private-a", "route"), _ROUTES)
        sandbox.choice(
            box,
            "The NAT gateway stands in",
            "CreateNatGateway",
            ("natGateways", "nat", "subnet"),
            {"public-a": None, "private-a": "private-a"},
        )
        worn = {"sg-ep, 443 from the VPC": None, "a group without rules": {"ingress": []}}
        sandbox.choice(box, "Endpoints carry", "SecurityGroupIds", ("securityGroups", "sg-ep"), worn)
    with right:
        for service in _SERVICES:
            sandbox.switch(box, f"Endpoint {service}", "CreateVpcEndpoint", ("vpcEndpoints", service), on={})


def _instance(_stage: Stage, box: Sandbox, _rest: PlayerState) -> None:
    """What fits on one instance."""
    if not _is_fit(sandbox.current(box)):
        st.caption(NO_INSTANCE)
        return
    left, right = st.columns(2)
    with left:
        sandbox.choice(box, "Instance type", "instanceType", ("instanceType",), _TYPES)
        modes = {"bridge": None, "awsvpc": "awsvpc", "host": "host", "none": "none"}
        sandbox.choice(box, "Network mode", "networkMode", ("networkMode",), modes)
        sandbox.number(box, "Tasks", "count", ("count",), low=1, high=24, default=1)
    with right:
        sandbox.switch(box, "Trunking", "awsvpcTrunking", ("awsvpcTrunking",))
        path = ("launchedAfterOptIn",)
        sandbox.switch(box, "Launched before that", "launchedAfterOptIn (simulator)", path, on=False)
        ports: dict[str, Any] = {
            "none": None,
            "container port 80, host port 0": [{"containerPort": 80, "hostPort": 0}],
            "container port 80, host port 8080": [{"containerPort": 80, "hostPort": 8080}],
            "container port 80, host port left out": [{"containerPort": 80}],
        }
        sandbox.choice(box, "Port mapping", "portMappings", ("portMappings",), ports)


def _is_fit(scenario: Scenario) -> bool:
    return "allowed" in answer_of(scenario)


def _balancer(scenario: Scenario) -> str:
    return next(iter(scenario.get("loadBalancers") or {"alb": {}}))


def _task_name(scenario: Scenario) -> str:
    return next(iter(scenario.get("tasks") or {"web": {}}))


def _own_interface(scenario: Scenario, name: str) -> bool:
    one = (scenario.get("tasks") or {}).get(name, {})
    usual = "awsvpc" if one.get("launchType", "FARGATE") == "FARGATE" else "bridge"
    return one.get("networkMode", usual) == "awsvpc"


def _filled(question: Scenario, scenario: Scenario) -> Scenario:
    """A question with the names that this VPC has."""
    names = {"BALANCER": _balancer(scenario), "web": _task_name(scenario)}
    return {field: names.get(name, name) for field, name in question.items()}


def _take_question(stage: Stage, box: Sandbox) -> None:
    name = st.session_state[stage.key("question")]
    if name in QUESTIONS:
        scenario = deepcopy(sandbox.current(box))
        kept = {field: value for field, value in scenario.items() if field not in ASKED}
        sandbox.propose(box, {**_filled(QUESTIONS[name], scenario), **kept})


GROUND = Playground(
    presets=SANDBOX,
    check=check,
    figure=_figure,
    panels={
        "Question": _question,
        "Security groups": _groups,
        "Task": _task,
        "Ways out": _ways_out,
        "Interfaces": _instance,
    },
    run=lambda scenario: json.dumps(answer_of(scenario), indent=2),
    real=snippets,
    beside=TITLES,
    aside="The same situation once more, as it would be if a belief were true. The slider marks where the two part.",
)
