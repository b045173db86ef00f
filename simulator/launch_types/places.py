"""Where a container can run on AWS: ten places, five under ECS and five under EKS, and what each can do.

The ECS side is the table of this room, the EKS side that of the Kubernetes room; what neither has is here. Sources:
facts 4 of the deployments sheet, facts 7.1 and 7.4 of the platform sheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from simulator.kubernetes.terms import needs_answer
from simulator.launch_types import features
from simulator.launch_types.features import Support
from simulator.launch_types.options import Option
from simulator.launch_types.rules import EksControlPlane, FargateForPods, FargateServes, LaunchTypesRules

ECS, EKS = "ECS", "EKS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place. `option` is its name in the table of its orchestrator's room, `what` says what it is."""

    code: str
    orchestrator: str
    name: str
    option: str
    what: str


PLACES: tuple[Place, ...] = (
    Place(
        code="ECS_FARGATE",
        orchestrator=ECS,
        name="Fargate",
        option=Option.FARGATE,
        what="Each task gets an environment of its own. You see no machine.",
    ),
    Place(
        code="ECS_FARGATE_SPOT",
        orchestrator=ECS,
        name="Fargate Spot",
        option=Option.FARGATE_SPOT,
        what="Fargate on spare capacity. It is cheaper, and AWS can take a task back with two minutes’ notice.",
    ),
    Place(
        code="ECS_MANAGED_INSTANCES",
        orchestrator=ECS,
        name="Managed Instances",
        option=Option.MANAGED_INSTANCES,
        what="EC2 instances in your account that AWS chooses, starts, and patches.",
    ),
    Place(
        code="ECS_EC2",
        orchestrator=ECS,
        name="EC2",
        option=Option.EC2,
        what="EC2 instances of yours. You choose, patch, and scale them.",
    ),
    Place(
        code="ECS_EXTERNAL",
        orchestrator=ECS,
        name="ECS Anywhere",
        option=Option.EXTERNAL,
        what="Servers of your own, wherever they stand, that have registered with the cluster.",
    ),
    Place(
        code="EKS_FARGATE",
        orchestrator=EKS,
        name="Fargate",
        option="Fargate",
        what="Each pod gets a virtual machine of its own. You see no machine.",
    ),
    Place(
        code="EKS_AUTO_MODE",
        orchestrator=EKS,
        name="Auto Mode",
        option="EKS Auto Mode",
        what="EC2 instances in your account that AWS manages.",
    ),
    Place(
        code="EKS_MANAGED_NODE_GROUP",
        orchestrator=EKS,
        name="Managed node group",
        option="Managed node group",
        what="EC2 instances of yours; AWS runs their Auto Scaling group and drains them.",
    ),
    Place(
        code="EKS_SELF_MANAGED",
        orchestrator=EKS,
        name="Self-managed nodes",
        option="Self-managed nodes",
        what="EC2 instances of yours in your own Auto Scaling group. You do all of it.",
    ),
    Place(
        code="EKS_HYBRID",
        orchestrator=EKS,
        name="Hybrid nodes",
        option="Hybrid nodes",
        what="Servers of your own, wherever they stand, as nodes of the cluster.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with two answers, of which `narrow` rules places out and `wide` none.

    `feature` and `need` are what the two rooms call it, "" where it is asked here alone. `lacks` says in four words or
    fewer what a place that is ruled out lacks.
    """

    code: str
    asks: str
    wide: str
    narrow: str
    lacks: str
    feature: str = ""
    need: str = ""


QUESTIONS: tuple[Question, ...] = (
    Question(
        code="AWS_RUNS_MACHINES",
        asks="Who looks after the machines?",
        wide="We can",
        narrow="AWS",
        lacks="machines are yours",
        feature="NO_SERVER_MANAGEMENT",
        need="NO_SERVER_MANAGEMENT",
    ),
    Question(
        code="KUBERNETES",
        asks="Does your team want the API of Kubernetes?",
        wide="No matter",
        narrow="Yes",
        lacks="no Kubernetes API",
    ),
    Question(
        code="NO_CLUSTER_FEE",
        asks="May the control plane cost money?",
        wide="Yes",
        narrow="No",
        lacks="control plane fee",
    ),
    Question(
        code="OWN_SERVERS",
        asks="Must it run on servers of your own?",
        wide="No",
        narrow="Yes",
        lacks="AWS’s machines only",
        feature="ON_PREMISES",
        need="OWN_SERVERS",
    ),
    Question(
        code="NEVER_TAKEN_BACK",
        asks="May AWS stop it with two minutes’ notice?",
        wide="Yes",
        narrow="No",
        lacks="can be taken back",
        feature="UNINTERRUPTED",
    ),
    Question(
        code="GPU",
        asks="Does it need a GPU?",
        wide="No",
        narrow="Yes",
        lacks="no GPU",
        feature="GPU",
        need="GPU",
    ),
    Question(
        code="WINDOWS",
        asks="Is it a Windows container?",
        wide="No",
        narrow="Yes",
        lacks="no Windows",
        feature="WINDOWS",
        need="WINDOWS",
    ),
    Question(
        code="ARM",
        asks="Is the image built for Arm?",
        wide="No",
        narrow="Yes",
        lacks="no Arm",
        feature="ARM",
        need="ARM",
    ),
    Question(
        code="DAEMON",
        asks="Must one copy run on every machine?",
        wide="No",
        narrow="Yes",
        lacks="no daemons",
        feature="DAEMON",
        need="DAEMONSET",
    ),
    Question(
        code="LOAD_BALANCER",
        asks="Does a load balancer send it requests?",
        wide="No",
        narrow="Yes",
        lacks="no load balancer",
        feature="APPLICATION_LOAD_BALANCER",
    ),
)
_BY_CODE: Mapping[str, Question] = {question.code: question for question in QUESTIONS}


def question(code: str) -> Question:
    """The question of that code."""
    return _BY_CODE[code]


def verdict(place: Place, asked: Question, rules: LaunchTypesRules) -> tuple[Support, str]:
    """Whether a place stands the narrow answer to a question, and a sentence why."""
    if asked.code == "KUBERNETES":
        return _kubernetes(place)
    if asked.code == "NO_CLUSTER_FEE":
        return _fee(place, rules)
    if place.code == "EKS_FARGATE" and rules.fargate_serves is FargateServes.ECS:
        return Support.NOT_SUPPORTED, "Fargate runs tasks of ECS only."
    if place.code == "ECS_EXTERNAL" and not rules.ecs_anywhere:
        return Support.NOT_SUPPORTED, "ECS runs on AWS’s machines only."
    if place.orchestrator == ECS:
        return _ecs(place.option, asked.feature, rules)
    if place.code == "EKS_FARGATE" and rules.fargate_for_pods is FargateForPods.AS_FOR_TASKS:
        return _ecs(Option.FARGATE, asked.feature, rules)
    if asked.need:
        return _eks(place.option, asked.need)
    return Support.SUPPORTED, _EKS_SAYS[asked.code].get(place.code, _EKS_SAYS[asked.code][""])


def _kubernetes(place: Place) -> tuple[Support, str]:
    if place.orchestrator == EKS:
        return Support.SUPPORTED, "EKS is Kubernetes, run by AWS."
    return Support.NOT_SUPPORTED, "ECS has an API of its own and knows nothing of Kubernetes."


def _fee(place: Place, rules: LaunchTypesRules) -> tuple[Support, str]:
    if place.orchestrator == ECS:
        pays = _PAYS.get(place.code, "for what the tasks run on")
        return Support.SUPPORTED, f"ECS asks nothing for its control plane; you pay {pays}."
    if rules.eks_control_plane is EksControlPlane.FREE:
        return Support.SUPPORTED, "EKS asks nothing for its control plane."
    return Support.NOT_SUPPORTED, "AWS charges a flat rate for the control plane of each EKS cluster."


def _ecs(option: str, feature: str, rules: LaunchTypesRules) -> tuple[Support, str]:
    there = Option(option)
    return features.support(feature, there, rules), features.sentence(feature, there, rules)


@cache
def _eks(option: str, need: str) -> tuple[Support, str]:
    found: Mapping[str, Any] = needs_answer({"needs": [need]})
    for name, support in (("ruledOut", Support.NOT_SUPPORTED), ("unsure", Support.UNDOCUMENTED)):
        for one in found[name]:
            if one["option"] == option:
                return support, one["reason"]
    return Support.SUPPORTED, f"{option} can do it."


# Where ECS costs something after all, though not by the cluster; for every other place it is what the tasks run on.
_PAYS: Mapping[str, str] = {
    "ECS_MANAGED_INSTANCES": "for the instances, and a management fee",
    "ECS_EXTERNAL": "a fee for each server",
}

# What the Kubernetes room has no code for; "" stands for every other place.
_EKS_SAYS: Mapping[str, Mapping[str, str]] = {
    "NEVER_TAKEN_BACK": {
        "": "Choose nodes that are no Spot Instances.",
        "EKS_FARGATE": "There is no Spot for pods on Fargate.",
        "EKS_HYBRID": "The servers are your own.",
    },
    "LOAD_BALANCER": {
        "": "A controller makes load balancers for Services and Ingresses.",
        "EKS_FARGATE": "A controller makes load balancers; their targets are the pods’ own addresses.",
        "EKS_HYBRID": "A controller makes load balancers; their targets are the pods’ own addresses.",
    },
}
