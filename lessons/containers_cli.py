"""What the first lesson's figures show as one would type it: Docker's commands and AWS's, and a template of the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lessons.for_real import TEMPLATE, Snippet, command, document

CLUSTER = "harbor"
REGION = "us-east-1"
HOST = f"111122223333.dkr.ecr.{REGION}.amazonaws.com"
EXECUTION_ROLE = "arn:aws:iam::111122223333:role/ecsTaskExecutionRole"
_NETWORK = "awsvpcConfiguration={subnets=[subnet-1,subnet-2],assignPublicIp=ENABLED}"

Scenario = Mapping[str, Any]


def of_command(scenario: Scenario, number: int) -> str:
    """One command of a way as one types it.

    Parameters
    ----------
    number : of the command, from 1.
    """
    one = scenario["commands"][number - 1]
    return _TYPED[one["do"]](scenario, one, number)


def snippets(scenario: Scenario) -> tuple[Snippet, ...]:
    """The whole way: every command in its order, and what stands at the end as a template."""
    commands = scenario["commands"]
    typed = [of_command(scenario, number) for number in range(1, len(commands) + 1)]
    way = Snippet(title="The way as commands", text="\n\n".join(typed), note=_note(scenario))
    if not _deployed(scenario):
        return (way,)
    return (way, Snippet(title="What stands at the end, as CloudFormation", text=template(scenario), kind=TEMPLATE))


def template(scenario: Scenario) -> str:
    """Repository, cluster, task definition and service of a way that ends in a service."""
    last = _deployed(scenario)[-1]
    fargate = _is_fargate(last)
    name = last["image"].rpartition("/")[2]
    lines = [
        "AWSTemplateFormatVersion: '2010-09-09'",
        "Parameters:",
        "  Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}",
        "  ExecutionRoleArn: {Type: String}",
        "Resources:",
        "  Repository:",
        "    Type: AWS::ECR::Repository",
        f"    Properties: {{RepositoryName: {name.partition(':')[0]}}}",
        "  Cluster:",
        "    Type: AWS::ECS::Cluster",
        f"    Properties: {{ClusterName: {CLUSTER}}}",
        "  TaskDefinition:",
        "    Type: AWS::ECS::TaskDefinition",
        "    Properties:",
        *(f"      {line}" for line in _definition_lines(scenario, last, fargate)),
        "  Service:",
        "    Type: AWS::ECS::Service",
        "    Properties:",
        "      Cluster: !Ref Cluster",
        f"      ServiceName: {last['service']}",
        "      TaskDefinition: !Ref TaskDefinition",
        f"      DesiredCount: {last.get('tasks', 1)}",
        f"      LaunchType: {'FARGATE' if fargate else 'EC2'}",
    ]
    if fargate:
        lines += [
            "      NetworkConfiguration:",
            "        AwsvpcConfiguration: {Subnets: !Ref Subnets, AssignPublicIp: ENABLED}",
        ]
    kept = [line for line in lines if fargate or not line.startswith(("  Subnets", "  ExecutionRoleArn", "Parameters"))]
    return "\n".join(kept) + "\n"


def _definition_lines(scenario: Scenario, last: Mapping[str, Any], fargate: bool) -> Iterator[str]:
    name = last["image"].rpartition("/")[2]
    repository, _, tag = name.partition(":")
    yield f"Family: {_family(scenario)}"
    if fargate:
        yield "RequiresCompatibilities: [FARGATE]"
        yield "NetworkMode: awsvpc"
        yield "Cpu: '256'"
        yield "Memory: '512'"
        yield "ExecutionRoleArn: !Ref ExecutionRoleArn"
    yield "ContainerDefinitions:"
    yield f"  - Name: {repository}"
    yield f"    Image: !Sub '${{Repository.RepositoryUri}}:{tag}'"
    if not fargate:
        yield "    Memory: 512"
    if last.get("versionConsistency"):
        yield f"    VersionConsistency: {last['versionConsistency']}"


def _build(_scenario: Scenario, one: Mapping[str, Any], _number: int) -> str:
    return f"docker build -t {one['image']} ."


def _tag(_scenario: Scenario, one: Mapping[str, Any], _number: int) -> str:
    return f"docker tag {one['image']} \\\n  {one['target']}"


def _login(_scenario: Scenario, _one: Mapping[str, Any], _number: int) -> str:
    return f"aws ecr get-login-password --region {REGION} |\n  docker login --username AWS --password-stdin {HOST}"


def _push(_scenario: Scenario, one: Mapping[str, Any], _number: int) -> str:
    return f"docker push {one['image']}"


def _register(scenario: Scenario, one: Mapping[str, Any], number: int) -> str:
    following = [later for later in scenario["commands"][number:] if later["do"] == "deploy"]
    wanted: Mapping[str, Any] = following[0] if following else {}
    container: dict[str, Any] = {"name": one["family"], "image": one["image"]}
    definition: dict[str, Any] = {"family": one["family"], "containerDefinitions": [container]}
    if wanted.get("versionConsistency"):
        container["versionConsistency"] = wanted["versionConsistency"]
    if _is_fargate(wanted):
        definition |= {
            "requiresCompatibilities": ["FARGATE"],
            "networkMode": "awsvpc",
            "cpu": "256",
            "memory": "512",
            "executionRoleArn": EXECUTION_ROLE,
        }
    else:
        container["memory"] = 512
    return f"aws ecs register-task-definition \\\n  --cli-input-json '{document(definition)}'"


def _deploy(scenario: Scenario, one: Mapping[str, Any], number: int) -> str:
    before = scenario["commands"][: number - 1]
    earlier = [other for other in before if other["do"] == "deploy"]
    revision = sum(other["do"] == "register" for other in before) or 1
    named = f"{_family(scenario)}:{revision}"
    if not earlier:
        return command(
            "ecs",
            "create-service",
            {
                "cluster": CLUSTER,
                "serviceName": one["service"],
                "taskDefinition": named,
                "desiredCount": one.get("tasks", 1),
                "launchType": "FARGATE" if _is_fargate(one) else "EC2",
                "networkConfiguration": _NETWORK if _is_fargate(one) else None,
            },
        )
    same = earlier[-1]["image"] == one["image"]
    return command(
        "ecs",
        "update-service",
        {
            "cluster": CLUSTER,
            "service": one["service"],
            "taskDefinition": None if same else named,
            "forceNewDeployment": True if same else None,
        },
    )


def _lose(_scenario: Scenario, _one: Mapping[str, Any], _number: int) -> str:
    why = "# nobody asks for this; to see it happen, stop a task yourself"
    return f"{why}\naws ecs stop-task --cluster {CLUSTER} --task TASK_ID"


_TYPED = {
    "build": _build,
    "tag": _tag,
    "login": _login,
    "push": _push,
    "register": _register,
    "deploy": _deploy,
    "replace-task": _lose,
}


def _deployed(scenario: Scenario) -> Sequence[Mapping[str, Any]]:
    return [one for one in scenario["commands"] if one["do"] == "deploy"]


def _is_fargate(one: Mapping[str, Any]) -> bool:
    return one.get("launchType", "FARGATE") == "FARGATE"


def _family(scenario: Scenario) -> str:
    return next((one["family"] for one in scenario["commands"] if one["do"] == "register"), "web")


def _note(scenario: Scenario) -> str:
    names = ["the subnets are placeholders"] if any(_is_fargate(one) for one in _deployed(scenario)) else []
    if scenario["repositories"]:
        names.append("the repository is there already, made once by `aws ecr create-repository --repository-name web`")
    return f"The account number is an example; {'; '.join(names)}." if names else "The account number is an example."
