"""The same cluster and the same workload in front of both schedulers: ECS's pipeline, and Kubernetes' beside it.

The ECS side is the placement simulator itself. An instance is the node, its custom attributes are the node's labels,
its zone is the label topology.kubernetes.io/zone; a task's containers are the pod's, a soft memory limit is the
request and a hard one the limit. A fixed host port is not carried over: a pod has an address of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from simulator import reading
from simulator.errors import InputError
from simulator.kubernetes import quantities
from simulator.kubernetes.nodes import INTERFACES, Node, max_pods, system_pods, vcpus_of
from simulator.kubernetes.pod import ZONE_KEY, Amounts, Container, Pod, Taint, pods_of_a_copy, read_pod, read_taints
from simulator.kubernetes.rules import KubernetesRules
from simulator.kubernetes.scheduling import Binding, NodeState, Refusal, Scoring, schedule, with_pod
from simulator.model import Instance
from simulator.placement import Decision, simulate
from simulator.placement.request import Request
from simulator.placement.run import Event, explain
from simulator.task_needs import TaskDefinition, TaskNeeds, task_needs
from simulator.trace import Trace

MOST_NODES = 30
MOST_COPIES = 100
_ECS_FIELDS = (
    "instances", "taskDefinition", "count", "group", "schedulingStrategy", "placementStrategy",
    "placementConstraints", "subnetZones", "seed",
)  # fmt: skip
FIELDS = (*_ECS_FIELDS, "pod", "scoringStrategy", "kubeReserved", "ties")


class _Given(NamedTuple):
    """The Kubernetes side of a document."""

    pod: Pod
    nodes: tuple[NodeState, ...]
    scoring: Scoring
    seed: int
    copies: int
    random_ties: bool


def comparison_answer(document: Mapping[str, Any], rules: KubernetesRules) -> dict[str, Any]:
    """Which node each scheduler picks for each copy, who was filtered out by what, and the first copy that differs.

    Raises
    ------
    InputError
        For what either side cannot read, more than 30 instances, and more than 100 copies.
    """
    reading.known_fields(document, "", FIELDS)
    ecs_document, taints = _split(document)
    trace = simulate(ecs_document)
    request = trace.context.jobs[0]
    given = _kubernetes_side(document, request, trace.context.cluster.instances, taints)
    ecs_steps = [_ecs_step(trace, k, event) for k, event in enumerate(trace.events) if event.task]
    copies = _schedule_all(given, rules)
    pairs = [
        {
            "copy": number,
            "ecs": ecs["node"],
            "kubernetes": [step["node"] for step in pods],
            "same": all(step["node"] == ecs["node"] for step in pods),
        }
        for number, (ecs, pods) in enumerate(zip(ecs_steps, copies, strict=True), 1)
    ]
    steps = [step for pods in copies for step in pods]
    different = next((pair for pair in pairs if not pair["same"]), None)
    return {
        "kind": "comparison",
        "same": different is None,
        "firstDifference": None if different is None else different["copy"],
        "sideBySide": pairs,
        "ecs": {
            "placed": sum(step["node"] is not None for step in ecs_steps),
            "notPlaced": sum(step["node"] is None for step in ecs_steps),
            "pipeline": "filter by CPU, memory and ports, then constraints, then the strategies in order, then pick",
            "steps": ecs_steps,
        },
        "kubernetes": {
            "bound": sum(step["node"] is not None for step in steps),
            "pending": sum(step["outcome"] == "Pending" for step in steps),
            "failed": sum(step["outcome"] == "Failed" for step in steps),
            "pipeline": "filter the feasible nodes, score them, bind to the best, ties random",
            "steps": steps,
        },
        "nodes": _nodes_answer(trace.context.cluster.instances, given, ecs_steps, steps),
        "open": any(not step["forced"] for step in steps) or any(len(step["keys"]) > 1 for step in ecs_steps),
        "choices": [
            "No weights of the scores are documented here: the mean share of CPU and memory left (or taken) is ours.",
            "Ties too: both take the first node as listed; Kubernetes draws, which ties: random does from the seed.",
        ],
        "reason": _reason(different, ecs_steps, steps),
    }


def _split(document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, tuple[Taint, ...]]]:
    """The document of the placement simulator, and the taints that it does not know."""
    raw = reading.items(document.get("instances"), "instances", most=MOST_NODES)
    instances: list[dict[str, Any]] = []
    taints: dict[str, tuple[Taint, ...]] = {}
    for i, entry in enumerate(raw):
        entry = dict(reading.mapping(entry, f"instances[{i}]"))
        name = reading.name(entry.get("ec2InstanceId"), f"instances[{i}].ec2InstanceId")
        taints[name] = read_taints(entry.pop("taints", None), f"instances[{i}].taints")
        instances.append(entry)
    reading.whole(_given(document, "count", 1), "count", low=1, high=MOST_COPIES)
    if document.get("schedulingStrategy") == "DAEMON":
        raise InputError(
            "schedulingStrategy is DAEMON: like a DaemonSet it takes one copy a node and chooses nothing; compare a "
            "REPLICA service.",
            path="schedulingStrategy",
        )
    ecs = {name: document[name] for name in _ECS_FIELDS if document.get(name) is not None}
    return {**ecs, "instances": instances}, taints


def _kubernetes_side(
    document: Mapping[str, Any], request: Any, instances: tuple[Instance, ...], taints: Mapping[str, tuple[Taint, ...]]
) -> _Given:
    assert isinstance(request, Request)
    app = request.group.split(":", 1)[-1]
    asked = _given(document, "scoringStrategy", Scoring.LEAST_ALLOCATED.value)
    scoring = reading.choice(asked, "scoringStrategy", list(Scoring))
    reserved = reading.mapping(_given(document, "kubeReserved", {}), "kubeReserved")
    reading.known_fields(reserved, "kubeReserved", ("cpu", "memory"))
    held = Amounts(
        cpu=quantities.cpu(_given(reserved, "cpu", 0), "kubeReserved.cpu"),
        memory=quantities.memory(_given(reserved, "memory", 0), "kubeReserved.memory"),
    )
    pod = read_pod(document.get("pod"), "pod", app=app, containers=_containers(request.task))
    nodes = tuple(_node(one, taints[one.id], request.group, app, held) for one in instances)
    ties = reading.choice(_given(document, "ties", "registered"), "ties", ("registered", "random"))
    return _Given(pod, nodes, Scoring(scoring), request.seed, request.count, ties == "random")


def _containers(task: TaskDefinition) -> list[Container]:
    """The task's containers as a pod's. Where only the task has amounts, or has its own, they stand as one."""
    needs = task_needs(task)
    split = task.cpu is None and task.memory is None and task.containers
    if not split:
        amounts = _of_needs(needs)
        return [Container(name=task.family, requests=amounts, limits=amounts)]
    found: list[Container] = []
    for one in task.containers:
        request, limit = one.reservation or one.memory or 0, one.memory or one.reservation or 0
        amounts = Amounts(cpu=Fraction(one.cpu), memory=Fraction(request), gpu=one.gpu)
        limits = Amounts(cpu=Fraction(one.cpu), memory=Fraction(limit), gpu=one.gpu)
        found.append(Container(name=one.name, requests=amounts, limits=limits))
    return found


def _of_needs(needs: TaskNeeds) -> Amounts:
    return Amounts(cpu=Fraction(needs.cpu), memory=Fraction(needs.memory), gpu=needs.gpu)


def _node(instance: Instance, taints: tuple[Taint, ...], group: str, app: str, held: Amounts) -> NodeState:
    left, whole = instance.remaining, instance.registered or instance.remaining
    if left is None or whole is None:
        raise InputError(
            f"Instance “{instance.id}” has no remaining cpu and memory, and its type is not known; give remaining."
        )
    labels = {name: value or "" for name, value in instance.attributes.items()}
    if instance.zone is not None:
        labels[ZONE_KEY] = instance.zone
    enis, addresses = INTERFACES.get(instance.type or "", (None, None))
    most = system = None
    if enis is not None and addresses is not None:
        kind = Node(enis=enis, addresses=addresses, vcpus=vcpus_of(instance.type or "")[0])
        most, system = max_pods(kind).pods, system_pods(kind)
    return NodeState(
        name=instance.id,
        capacity=Amounts(cpu=Fraction(max(whole.cpu, left.cpu)), memory=Fraction(max(whole.memory, left.memory))),
        free=Amounts(
            cpu=Fraction(left.cpu) - held.cpu,
            memory=Fraction(left.memory) - held.memory,
            gpu=left.gpu,
        ),
        labels=labels,
        taints=taints,
        ready=instance.status == "ACTIVE" and instance.agent_connected,
        pods=instance.running_tasks + (system or 0),
        most_pods=most,
        apps={app: instance.tasks.get(group, 0)},
    )


def _schedule_all(given: _Given, rules: KubernetesRules) -> list[list[dict[str, Any]]]:
    """The steps of each copy, pod by pod."""
    nodes = list(given.nodes)
    kinds = pods_of_a_copy(given.pod, rules)
    copies: list[list[dict[str, Any]]] = []
    number = 0
    for copy in range(1, given.copies + 1):
        steps: list[dict[str, Any]] = []
        for pod in kinds:
            number += 1
            draw = f"{given.seed}:{number}" if given.random_ties else None
            name = f"{pod.app}-{copy}" if len(kinds) == 1 else f"{pod.app}-{copy}-{pod.containers[0].name}"
            binding = schedule(nodes, pod, name, rules, scoring=given.scoring, draw=draw)
            nodes = [with_pod(one, pod, rules) if one.name == binding.chosen else one for one in nodes]
            steps.append(_kubernetes_step(binding))
        copies.append(steps)
    return copies


def _kubernetes_step(binding: Binding) -> dict[str, Any]:
    return {
        "pod": binding.pod,
        "node": binding.chosen,
        "outcome": binding.outcome,
        "forced": binding.is_forced,
        "tied": list(binding.best) if len(binding.best) > 1 else [],
        "filtered": {name: [_refusal(one) for one in found] for name, found in binding.refused.items()},
        "scores": {name: dict(parts) for name, parts in binding.scores.items()},
    }


def _refusal(one: Refusal) -> dict[str, str]:
    return {"code": one.code, "reason": one.reason, "fix": one.fix}


def _ecs_step(trace: Trace[Any, Event], k: int, event: Event) -> dict[str, Any]:
    decision = explain(trace, k)
    assert isinstance(decision, Decision)
    return {
        "task": event.task,
        "node": decision.chosen,
        "tied": list(decision.tied) if len(decision.tied) > 1 else [],
        "filtered": {
            verdict.instance.id: [{"code": one.reason, "reason": one.sentence} for one in verdict.failures]
            for verdict in decision.verdicts
            if not verdict.fits
        },
        "keyNames": list(decision.key_names),
        "keys": {verdict.instance.id: list(verdict.keys) for verdict in decision.candidates if verdict.keys},
        "sentence": decision.sentence,
        "fix": decision.nearest_change,
    }


def _nodes_answer(
    instances: tuple[Instance, ...], given: _Given, ecs: list[dict[str, Any]], pods: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each node with what both schedulers put on it: what a figure draws."""
    return [
        {
            "name": node.name,
            "instanceType": instance.type,
            "zone": instance.zone,
            "taints": [f"{one.key}={one.value}:{one.effect}" for one in node.taints],
            "maxPods": node.most_pods,
            "tasks": [step["task"] for step in ecs if step["node"] == node.name],
            "pods": [step["pod"] for step in pods if step["node"] == node.name],
        }
        for instance, node in zip(instances, given.nodes, strict=True)
    ]


def _reason(different: dict[str, Any] | None, ecs: list[dict[str, Any]], pods: list[dict[str, Any]]) -> str:
    waiting = sum(step["node"] is None for step in pods)
    failed = sum(step["node"] is None for step in ecs)
    parts: list[str] = []
    if different is None:
        parts.append("Both schedulers do the same with every copy.")
    else:
        pod = ", ".join(node or "no node" for node in different["kubernetes"])
        parts.append(
            f"They part at copy {different['copy']}: ECS takes {different['ecs'] or 'no instance'}, Kubernetes {pod}."
        )
    if failed:
        parts.append(f"ECS does not place {failed}: RunTask reports failures, a service an event and tries again.")
    if waiting:
        parts.append(f"Kubernetes leaves {waiting} {next(step['outcome'] for step in pods if step['node'] is None)}.")
    return " ".join(parts)


def _given(document: Mapping[str, Any], name: str, default: Any) -> Any:
    value = document.get(name)
    return default if value is None else value
