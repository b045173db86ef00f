"""A strategy as one would bring it about: the cluster with its providers, a service, and both as a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lessons.clusters_figures import answer_of, strategy_of
from lessons.for_real import TEMPLATE, Snippet, command
from simulator.capacity.strategy import Item, is_fargate
from simulator.errors import InputError

CLUSTER = "harbor"
_NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1", "subnet-2"]}}

Scenario = Mapping[str, Any]


def snippets(scenario: Scenario) -> tuple[Snippet, ...]:
    """What makes the figure's cluster and service; where ECS refuses, why there is nothing to make."""
    try:
        answer_of(scenario)
        items = strategy_of(scenario)
    except InputError as error:
        return (Snippet(title="ECS refuses this request", text=f"# {error}"),)
    return tuple(_made(scenario, items))


def _made(scenario: Scenario, items: tuple[Item, ...]) -> Iterator[Snippet]:
    named = bool(scenario.get("capacityProviderStrategy"))
    strategy = [_entry(item) for item in items]
    providers = [item.provider for item in items]
    count = scenario["count"] if scenario.get("count") is not None else scenario["desiredCount"]
    fargate = is_fargate(providers[0])
    asked: dict[str, Any] = {"clusterName": CLUSTER, "capacityProviders": providers}
    if not named:
        asked["defaultCapacityProviderStrategy"] = strategy
    note = "" if fargate else "Each provider is one that you made for an Auto Scaling group."
    yield Snippet(title="The cluster, with its providers", text=command("ecs", "create-cluster", asked), note=note)
    service: dict[str, Any] = {
        "cluster": CLUSTER,
        "serviceName": "web",
        "taskDefinition": "web",
        "desiredCount": count,
        "capacityProviderStrategy": strategy if named else None,
        "networkConfiguration": _NETWORK if fargate else None,
    }
    title = "The service, with its strategy" if named else "The service; it names no strategy, so the default one acts"
    short = "How much room Spot has is for nobody to set." if scenario.get("spotCapacity") is not None else ""
    yield Snippet(title=title, text=command("ecs", "create-service", service), note=short)
    yield Snippet(title="Both as CloudFormation", text=_template(items, count, named=named), kind=TEMPLATE)


def _entry(item: Item) -> dict[str, Any]:
    base = {"base": item.base} if item.base else {}
    return {"capacityProvider": item.provider} | base | {"weight": item.weight}


def _template(items: tuple[Item, ...], count: int, *, named: bool) -> str:
    strategy = [_line(item.provider, item.weight, item.base) for item in items]
    fargate = is_fargate(items[0].provider)
    default = [_line(items[0].provider, 1)] if named else strategy
    lines = ["AWSTemplateFormatVersion: '2010-09-09'", "Parameters:", "  TaskDefinition: {Type: String}"]
    lines += ["  Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}"] if fargate else []
    lines += [
        "Resources:",
        "  Cluster:",
        "    Type: AWS::ECS::Cluster",
        f"    Properties: {{ClusterName: {CLUSTER}}}",
        "  Providers:",
        "    Type: AWS::ECS::ClusterCapacityProviderAssociations",
        "    Properties:",
        "      Cluster: !Ref Cluster",
        f"      CapacityProviders: [{', '.join(item.provider for item in items)}]",
        "      DefaultCapacityProviderStrategy:",
        *default,
        "  Service:",
        "    Type: AWS::ECS::Service",
        "    DependsOn: Providers",
        "    Properties:",
        "      Cluster: !Ref Cluster",
        "      TaskDefinition: !Ref TaskDefinition",
        f"      DesiredCount: {count}",
    ]
    lines += ["      CapacityProviderStrategy:", *strategy] if named else []
    if fargate:
        lines += ["      NetworkConfiguration:", "        AwsvpcConfiguration: {Subnets: !Ref Subnets}"]
    return "\n".join(lines) + "\n"


def _line(provider: str, weight: int, base: int = 0) -> str:
    based = f"Base: {base}, " if base else ""
    return f"        - {{CapacityProvider: {provider}, {based}Weight: {weight}}}"
