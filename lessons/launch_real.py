"""A bill or a choice as one would bring it about: task definitions, a service on the chosen capacity, a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lessons.for_real import TEMPLATE, Snippet, command, document
from lessons.launch_figures import answered
from simulator.fargate_sizes import smallest
from simulator.launch_types.options import NAMES, Option

CLUSTER = "harbor"
IMAGE = "111122223333.dkr.ecr.us-east-1.amazonaws.com/web:1"
_ROLE = "arn:aws:iam::111122223333:role/ecsTaskExecutionRole"
_NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1", "subnet-2"]}}
_OWN = "own-instances"  # the capacity provider of your Auto Scaling group
_PROVIDERS = {
    Option.EC2: _OWN,
    Option.FARGATE: "FARGATE",
    Option.FARGATE_SPOT: "FARGATE_SPOT",
    Option.MANAGED_INSTANCES: "managed",
}

Scenario = Mapping[str, Any]


def snippets(scenario: Scenario) -> tuple[Snippet, ...]:
    """What brings about the cheapest bill that is known, or the first place that remains."""
    answer = answered(scenario)
    if answer["kind"] == "choice":
        return tuple(_chosen(answer))
    return tuple(_billed(scenario, answer))


def definitions(scenario: Scenario) -> tuple[Snippet, ...]:
    """The same without the template."""
    return tuple(snippet for snippet in snippets(scenario) if snippet.kind != TEMPLATE)


def _billed(scenario: Scenario, answer: Mapping[str, Any]) -> Iterator[Snippet]:
    """Each kind of task as it would be registered, its service, and both as a template."""
    best = answer["cheapest"]
    if best is None:
        title = "No price is known for any place that takes it"
        yield Snippet(title=title, text="# Make the task smaller, or give ec2 with the price of an instance.")
        return
    option = Option(best["option"])
    tasks = scenario.get("tasks") or [{**scenario["task"], "count": scenario.get("count") or 1}]
    arm = "ARM64" in (best.get("architecture"), (answer["breakEven"] or {}).get("architecture"))
    mode = _mode(scenario, option)
    for at, task in enumerate(tasks):
        name = task.get("name") or f"web-{at + 1}" if len(tasks) > 1 else "web"
        definition = _definition(task, name, option, mode, arm=arm)
        total = f"{answer['hours']:,} hours cost ${best['total']:,.2f} there, by the dated prices and your own"
        yield Snippet(
            title=f"The task definition `{name}` for {NAMES[option]}, the cheapest with a firm price",
            text=document(definition),
            kind="ecs.RegisterTaskDefinition",
            note=f"{total}.",
        )
        yield Snippet(title="Its service", text=_service(name, task.get("count") or 1, option, mode))
        yield Snippet(
            title="Both as CloudFormation",
            text=_template(definition, task.get("count") or 1, option, mode),
            kind=TEMPLATE,
        )


def _chosen(answer: Mapping[str, Any]) -> Iterator[Snippet]:
    """A service in each place that remains; where none does, only what would have to change."""
    needs = ", ".join(f"`{need}`" for need in answer["needs"])
    if not answer["remaining"]:
        yield Snippet(title=f"No place is known to do all of {needs}", text=f"# {answer['leastChange']}")
    for name in answer["remaining"]:
        option = Option(name)
        mode = "bridge" if option is Option.EXTERNAL else "awsvpc"
        text = _service("web", 1, option, mode)
        yield Snippet(title=f"{NAMES[option]} does {needs}", text=text, note=_HOW[option])


_HOW = {
    Option.EC2: f"`{_OWN}` is a capacity provider that you made for an Auto Scaling group.",
    Option.FARGATE: "The cluster has to have the capacity provider `FARGATE`.",
    Option.FARGATE_SPOT: "The cluster has to have the capacity provider `FARGATE_SPOT`; no launch type is named.",
    Option.MANAGED_INSTANCES: "`managed` is a capacity provider that you made for them; no launch type is named.",
    Option.EXTERNAL: "Your servers are registered with the cluster as external instances.",
}


def _mode(scenario: Scenario, option: Option) -> str:
    if option is not Option.EC2:
        return "awsvpc"
    return (scenario.get("ec2") or {}).get("networkMode") or "bridge"


def _definition(task: Mapping[str, Any], name: str, option: Option, mode: str, *, arm: bool) -> dict[str, Any]:
    fargate = option is Option.FARGATE
    asked = (task["cpu"], task["memory"])
    whole = isinstance(asked[0], int) and isinstance(asked[1], int)
    cpu, memory = (smallest(*asked) or asked) if fargate and whole else asked
    container: dict[str, Any] = {"name": name, "image": IMAGE, "portMappings": [{"containerPort": 8080}]}
    definition: dict[str, Any] = {
        "family": name,
        "requiresCompatibilities": [option.value],
        "networkMode": mode,
        "cpu": str(cpu),
        "memory": str(memory),
        "executionRoleArn": _ROLE,
        "containerDefinitions": [container],
    }
    if arm:
        definition["runtimePlatform"] = {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
    if fargate and task.get("ephemeralStorage"):
        definition["ephemeralStorage"] = dict(task["ephemeralStorage"])
    return definition


def _service(name: str, count: int, option: Option, mode: str) -> str:
    asked: dict[str, Any] = {
        "cluster": CLUSTER,
        "serviceName": name,
        "taskDefinition": name,
        "desiredCount": count,
    }
    if option is Option.EXTERNAL:
        asked["launchType"] = "EXTERNAL"
    else:
        asked["capacityProviderStrategy"] = [{"capacityProvider": _PROVIDERS[option], "weight": 1}]
    if mode == "awsvpc":
        asked["networkConfiguration"] = _NETWORK
    return command("ecs", "create-service", asked)


def _template(definition: Mapping[str, Any], count: int, option: Option, mode: str) -> str:
    lines = ["AWSTemplateFormatVersion: '2010-09-09'", "Parameters:", "  Cluster: {Type: String}"]
    lines += ["  Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}"] if mode == "awsvpc" else []
    lines += [
        "Resources:",
        "  TaskDefinition:",
        "    Type: AWS::ECS::TaskDefinition",
        "    Properties:",
        f"      Family: {definition['family']}",
        f"      RequiresCompatibilities: [{option.value}]",
        f"      NetworkMode: {mode}",
        f"      Cpu: '{definition['cpu']}'",
        f"      Memory: '{definition['memory']}'",
        f"      ExecutionRoleArn: {_ROLE}",
    ]
    if "runtimePlatform" in definition:
        lines.append("      RuntimePlatform: {CpuArchitecture: ARM64, OperatingSystemFamily: LINUX}")
    if "ephemeralStorage" in definition:
        lines.append(f"      EphemeralStorage: {{SizeInGiB: {definition['ephemeralStorage']['sizeInGiB']}}}")
    lines += [
        "      ContainerDefinitions:",
        f"        - Name: {definition['family']}",
        f"          Image: {IMAGE}",
        "          PortMappings: [{ContainerPort: 8080}]",
        "  Service:",
        "    Type: AWS::ECS::Service",
        "    Properties:",
        "      Cluster: !Ref Cluster",
        "      TaskDefinition: !Ref TaskDefinition",
        f"      DesiredCount: {count}",
        f"      CapacityProviderStrategy: [{{CapacityProvider: {_PROVIDERS[option]}, Weight: 1}}]",
    ]
    if mode == "awsvpc":
        lines += ["      NetworkConfiguration:", "        AwsvpcConfiguration: {Subnets: !Ref Subnets}"]
    return "\n".join(lines) + "\n"
