"""Where a workload may run, as what one would type to begin there: task definitions, clusters, capacity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lessons.containers_cli import CLUSTER, EXECUTION_ROLE, HOST
from lessons.for_real import Snippet, command, document
from simulator.subjects import answer

MOST = 2  # places that are written down; the others begin in the same way
IMAGE = f"{HOST}/job:v1"
_NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1", "subnet-2"]}}
_ROLE = "arn:aws:iam::111122223333:role"

Answers = frozenset[str]


def snippets(scenario: Mapping[str, Any]) -> tuple[Snippet, ...]:
    """How the work begins in the first places that remain; where none does, in those that come nearest."""
    found = answer("launch_types", scenario)
    answers = frozenset(found["answers"])
    named = {one["place"]: one for one in found["places"]}
    chosen = found["remaining"] or found["unsure"] or _nearest(found["places"])
    snippets: list[Snippet] = []
    for code in chosen[:MOST]:
        one = named[code]
        lacks = ", ".join(reason["lacks"] for reason in one["reasons"])
        note = "" if one["verdict"] == "IN" else f"It does not do all of it: {lacks}."
        snippets.append(
            _definition(code, one, answers, note) if one["orchestrator"] == "ECS" else _manifest(one, answers, note)
        )
        snippets.append(Snippet(title=f"{_called(one)}: where it runs", text=_CAPACITY[code](answers)))
    return tuple(snippets)


def _nearest(places: list[Mapping[str, Any]]) -> list[str]:
    fewest = min(len(one["reasons"]) for one in places)
    return [one["place"] for one in places if len(one["reasons"]) == fewest]


def _called(one: Mapping[str, Any]) -> str:
    return f"{one['name']} under {one['orchestrator']}"


def _definition(code: str, one: Mapping[str, Any], answers: Answers, note: str) -> Snippet:
    """The task definition, with what the answers ask of it."""
    container: dict[str, Any] = {"name": "job", "image": IMAGE}
    if "LOAD_BALANCER" in answers:
        container["portMappings"] = [{"containerPort": 8080}]
    if "GPU" in answers:
        container["resourceRequirements"] = [{"type": "GPU", "value": "1"}]
    kind = {"ECS_EC2": "EC2", "ECS_MANAGED_INSTANCES": "MANAGED_INSTANCES", "ECS_EXTERNAL": "EXTERNAL"}.get(
        code, "FARGATE"
    )
    definition: dict[str, Any] = {
        "family": "job",
        "requiresCompatibilities": [kind],
        "networkMode": "bridge" if kind == "EXTERNAL" else "awsvpc",
        "cpu": "1024",
        "memory": "2048",
        "executionRoleArn": EXECUTION_ROLE,
        "containerDefinitions": [container],
    }
    platform = {}
    if "WINDOWS" in answers:
        platform["operatingSystemFamily"] = "WINDOWS_SERVER_2022_CORE"
    if "ARM" in answers:
        platform["cpuArchitecture"] = "ARM64"
    if platform:
        definition["runtimePlatform"] = platform
    title = f"{_called(one)}: the task definition"
    return Snippet(title=title, text=document(definition), kind="ecs.RegisterTaskDefinition", note=note)


def _manifest(one: Mapping[str, Any], answers: Answers, note: str) -> Snippet:
    """The same work as Kubernetes writes it: a Deployment, or a DaemonSet for one copy on every node."""
    daemon = "DAEMON" in answers
    lines = [
        "apiVersion: apps/v1",
        f"kind: {'DaemonSet' if daemon else 'Deployment'}",
        "metadata: {name: job}",
        "spec:",
    ]
    lines += [] if daemon else ["  replicas: 2"]
    lines += [
        "  selector: {matchLabels: {app: job}}",
        "  template:",
        "    metadata: {labels: {app: job}}",
        "    spec:",
    ]
    selector = {}
    if "ARM" in answers:
        selector["kubernetes.io/arch"] = "arm64"
    if "WINDOWS" in answers:
        selector["kubernetes.io/os"] = "windows"
    if selector:
        listed = ", ".join(f"{key}: {value}" for key, value in selector.items())
        lines.append(f"      nodeSelector: {{{listed}}}")
    lines += ["      containers:", "        - name: job", f"          image: {IMAGE}"]
    if "LOAD_BALANCER" in answers:
        lines.append("          ports: [{containerPort: 8080}]")
    if "GPU" in answers:
        lines.append("          resources: {limits: {nvidia.com/gpu: 1}}")
    title = f"{_called(one)}: the manifest"
    return Snippet(title=title, text="\n".join(lines) + "\n", kind="kubernetes", note=note)


def _ecs(*parts: tuple[str, Mapping[str, Any]]) -> str:
    return "\n\n".join(command("ecs", operation, given) for operation, given in parts)


def _service(answers: Answers, **how: Any) -> tuple[str, Mapping[str, Any]]:
    given: dict[str, Any] = {"cluster": CLUSTER, "serviceName": "job", "taskDefinition": "job"}
    if "DAEMON" in answers:
        given["schedulingStrategy"] = "DAEMON"
    else:
        given["desiredCount"] = 2
    if "LOAD_BALANCER" in answers:
        target = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/job/0123456789abcdef"
        given["loadBalancers"] = [{"targetGroupArn": target, "containerName": "job", "containerPort": 8080}]
    return "create-service", given | how


def _fargate(provider: str) -> Callable[[Answers], str]:
    def written(answers: Answers) -> str:
        cluster = ("create-cluster", {"clusterName": CLUSTER, "capacityProviders": [provider]})
        strategy = [{"capacityProvider": provider, "weight": 1}]
        return _ecs(cluster, _service(answers, capacityProviderStrategy=strategy, networkConfiguration=_NETWORK))

    return written


def _managed(answers: Answers) -> str:
    requirements: dict[str, Any] = {"vCpuCount": {"min": 1}, "memoryMiB": {"min": 2048}}
    if "GPU" in answers:
        requirements |= {"acceleratorTypes": ["gpu"], "acceleratorCount": {"min": 1}}
    template = {
        "ec2InstanceProfileArn": "arn:aws:iam::111122223333:instance-profile/ecsInstanceRole",
        "networkConfiguration": {"subnets": ["subnet-1", "subnet-2"]},
        "instanceRequirements": requirements,
    }
    provider = {"infrastructureRoleArn": f"{_ROLE}/ecsInfrastructureRole", "instanceLaunchTemplate": template}
    return _ecs(
        ("create-cluster", {"clusterName": CLUSTER}),
        ("create-capacity-provider", {"name": "managed", "cluster": CLUSTER, "managedInstancesProvider": provider}),
        _service(
            answers,
            capacityProviderStrategy=[{"capacityProvider": "managed", "weight": 1}],
            networkConfiguration=_NETWORK,
        ),
    )


def _instances(answers: Answers) -> str:
    group = "arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:ID:autoScalingGroupName/job"
    return _ecs(
        ("create-capacity-provider", {"name": "instances", "autoScalingGroupProvider": {"autoScalingGroupArn": group}}),
        ("create-cluster", {"clusterName": CLUSTER, "capacityProviders": ["instances"]}),
        _service(
            answers,
            capacityProviderStrategy=[{"capacityProvider": "instances", "weight": 1}],
            networkConfiguration=_NETWORK,
        ),
    )


def _external(answers: Answers) -> str:
    activation = command("ssm", "create-activation", {"IamRole": "ecsAnywhereRole"})
    return (
        activation
        + "\n\n"
        + _ecs(("create-cluster", {"clusterName": CLUSTER}), _service(answers, launchType="EXTERNAL"))
    )


def _cluster(**more: Any) -> str:
    given = {
        "name": CLUSTER,
        "roleArn": f"{_ROLE}/eksClusterRole",
        "resourcesVpcConfig": {"subnetIds": ["subnet-1", "subnet-2"]},
    }
    return command("eks", "create-cluster", given | more)


def _auto(_answers: Answers) -> str:
    compute = {"enabled": True, "nodePools": ["general-purpose"], "nodeRoleArn": f"{_ROLE}/eksNodeRole"}
    return _cluster(
        accessConfig={"authenticationMode": "API"},
        computeConfig=compute,
        kubernetesNetworkConfig={"elasticLoadBalancing": {"enabled": True}},
        storageConfig={"blockStorage": {"enabled": True}},
    )


def _pods_on_fargate(_answers: Answers) -> str:
    profile = {
        "fargateProfileName": "job",
        "clusterName": CLUSTER,
        "podExecutionRoleArn": f"{_ROLE}/eksPodExecutionRole",
        "subnets": ["subnet-1", "subnet-2"],
        "selectors": [{"namespace": "default"}],
    }
    return f"{_cluster()}\n\n{command('eks', 'create-fargate-profile', profile)}"


def _node_group(_answers: Answers) -> str:
    group: dict[str, Any] = {
        "clusterName": CLUSTER,
        "nodegroupName": "job",
        "subnets": ["subnet-1", "subnet-2"],
        "nodeRole": f"{_ROLE}/eksNodeRole",
        "scalingConfig": {"minSize": 1, "maxSize": 4, "desiredSize": 2},
        "capacityType": "ON_DEMAND",
    }
    return f"{_cluster()}\n\n{command('eks', 'create-nodegroup', group)}"


def _own_nodes(_answers: Answers) -> str:
    entry = {"clusterName": CLUSTER, "principalArn": f"{_ROLE}/eksNodeRole", "type": "EC2_LINUX"}
    return f"{_cluster()}\n\n{command('eks', 'create-access-entry', entry)}"


def _hybrid(_answers: Answers) -> str:
    networks = {
        "remoteNodeNetworks": [{"cidrs": ["10.200.0.0/16"]}],
        "remotePodNetworks": [{"cidrs": ["10.201.0.0/16"]}],
    }
    return _cluster(remoteNetworkConfig=networks, accessConfig={"authenticationMode": "API"})


_CAPACITY: Mapping[str, Callable[[Answers], str]] = {
    "ECS_FARGATE": _fargate("FARGATE"),
    "ECS_FARGATE_SPOT": _fargate("FARGATE_SPOT"),
    "ECS_MANAGED_INSTANCES": _managed,
    "ECS_EC2": _instances,
    "ECS_EXTERNAL": _external,
    "EKS_FARGATE": _pods_on_fargate,
    "EKS_AUTO_MODE": _auto,
    "EKS_MANAGED_NODE_GROUP": _node_group,
    "EKS_SELF_MANAGED": _own_nodes,
    "EKS_HYBRID": _hybrid,
}
