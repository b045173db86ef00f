"""Named situations of this room."""

from __future__ import annotations

from typing import Any

from simulator.preset import Preset

_NODES: list[dict[str, Any]] = [
    {"ec2InstanceId": "a1", "instanceType": "m5.large", "availabilityZone": "us-east-1a"},
    {"ec2InstanceId": "b1", "instanceType": "m5.large", "availabilityZone": "us-east-1b"},
]
_CONTAINER = {"name": "web", "image": "web", "cpu": 256, "memory": 512}
_WEB = {"family": "web", "networkMode": "awsvpc", "containerDefinitions": [_CONTAINER]}

PRESETS: tuple[Preset, ...] = (
    Preset(
        id="pods-of-a-node",
        title="Pods on an m5.large",
        about="29 pods by addresses, 8 by CPU: what stops first depends on what a pod requests.",
        subject="kubernetes",
        scenario={
            "instanceType": "m5.large",
            "pod": {"containers": [{"name": "web", "resources": {"requests": {"cpu": "250m", "memory": "512Mi"}}}]},
        },
    ),
    Preset(
        id="capped-node",
        title="A large node that stops at 110",
        about="An m5.4xlarge has addresses for 234 pods, and a managed node group lets it have 110.",
        subject="kubernetes",
        scenario={"instanceType": "m5.4xlarge"},
    ),
    Preset(
        id="one-replica",
        title="Rolling a single replica",
        about="25 % of one pod is one pod more here; the same percentages leave an ECS service standing still.",
        subject="kubernetes",
        scenario={"replicas": 1},
    ),
    Preset(
        id="bad-image",
        title="The new pods never become ready",
        about="The old pods above the lower bound go, the rest stay: the Deployment reports failure and does not roll "
        "back.",
        subject="kubernetes",
        scenario={"replicas": 10, "newPodsBecomeReady": False},
    ),
    Preset(
        id="interfaces-or-addresses",
        title="Six copies on two nodes",
        about="Each ECS task takes a network interface, so two fit on an m5.large; each pod takes an address, and all "
        "fit.",
        subject="kubernetes",
        scenario={"instances": _NODES, "taskDefinition": _WEB, "count": 6, "schedulingStrategy": "REPLICA"},
    ),
    Preset(
        id="tainted-node",
        title="A tainted node",
        about="The taint keeps the pods off a1. ECS knows no taints and spreads over both zones.",
        subject="kubernetes",
        scenario={
            "instances": [
                {**_NODES[0], "taints": [{"key": "team", "value": "data", "effect": "NoSchedule"}]},
                _NODES[1],
            ],
            "taskDefinition": {**_WEB, "networkMode": "bridge"},
            "count": 4,
            "schedulingStrategy": "REPLICA",
        },
    ),
    Preset(
        id="binding-spread",
        title="A spread that binds",
        about="a1 is full. ECS's spread is best effort and uses b1; DoNotSchedule with maxSkew 1 leaves pods Pending.",
        subject="kubernetes",
        scenario={
            "instances": [{**_NODES[0], "remaining": {"cpu": 2048, "memory": 100}}, _NODES[1]],
            "taskDefinition": {**_WEB, "networkMode": "bridge"},
            "count": 3,
            "schedulingStrategy": "REPLICA",
            "pod": {
                "topologySpreadConstraints": [
                    {"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule"}
                ]
            },
        },
    ),
    Preset(
        id="what-is-a-service",
        title="What a service is called there",
        about="One word of ECS, two of Kubernetes: the half that keeps the count, and the half that has the address.",
        subject="kubernetes",
        scenario={"term": "service"},
    ),
)
