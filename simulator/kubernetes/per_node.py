"""How many pods of a kind one node takes: the least of what its CPU, its memory and its network hold."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.instance_types import INSTANCE_TYPES, can_trunk, registered_resources, task_eni_limit
from simulator.kubernetes import quantities
from simulator.kubernetes.nodes import INTERFACES, Compute, MaxPods, Node, max_pods, system_pods, vcpus_of
from simulator.kubernetes.pod import Amounts, pods_of_a_copy, read_pod
from simulator.kubernetes.rules import KubernetesRules

MOST_ENIS = 100
MOST_ADDRESSES = 500
MOST_VCPUS = 1024
FIELDS = (
    "instanceType", "maximumNetworkInterfaces", "ipv4AddressesPerInterface", "vcpus", "memoryMiB", "gpus", "compute",
    "customAmi", "prefixDelegation", "customNetworking", "kubeReserved", "systemPods", "pod",
)  # fmt: skip
FARGATE_EXTRA = 256  # MB added to the memory request
_ROOM = {"cpu": "CPU", "memory": "memory", "gpu": "GPUs", "pods": "the pod limit"}
MOST_GPUS = 64


def per_node_answer(document: Mapping[str, Any], rules: KubernetesRules) -> dict[str, Any]:
    """How many pods fit on a node, what stops there, and what the same instance takes as an ECS container instance.

    Raises
    ------
    InputError
        For what cannot be read, and for what has no such number: hybrid nodes have no VPC CNI.

    >>> from simulator.kubernetes.rules import RULES
    >>> per_node_answer({"instanceType": "m5.large"}, RULES)["maxPods"]
    29
    """
    reading.known_fields(document, "", FIELDS)
    compute = Compute(reading.choice(_given(document, "compute", "MANAGED_NODE_GROUP"), "compute", list(Compute)))
    if compute is Compute.HYBRID:
        raise InputError(
            "compute is HYBRID: hybrid nodes run Cilium or Calico and no VPC CNI, so addresses of interfaces set no "
            "limit there; ask about a node on EC2.",
            path="compute",
        )
    if compute is Compute.FARGATE:
        return _on_fargate(document, rules)
    node, notes = _node(document, compute)
    found = max_pods(node, rules)
    return _answer(document, node, found, notes, rules)


def _answer(
    document: Mapping[str, Any], node: Node, found: MaxPods, notes: list[str], rules: KubernetesRules
) -> dict[str, Any]:
    system = reading.whole(_given(document, "systemPods", system_pods(node)), "systemPods", low=0, high=250)
    limits: dict[str, int] = {"pods": max(0, found.pods - system)}
    pods_per_copy, room, needs = 1, Amounts(), Amounts()
    unread = [name for name in ("memoryMiB", "gpus", "kubeReserved") if document.get(name) is not None]
    if unread and document.get("pod") is None:
        raise InputError(f"{unread[0]} is looked at only with pod; give the pod, or take it out.", path=unread[0])
    if document.get("pod") is not None:
        pod = read_pod(document["pod"], "pod", app="workload")
        pods_per_copy, needs = len(pods_of_a_copy(pod, rules)), pod.needs(rules)
        room = _allocatable(document, needs, notes)
        limits["pods"] //= pods_per_copy
        limits |= {
            name: int(getattr(room, name) // amount)
            for name in ("cpu", "memory", "gpu")
            if (amount := getattr(needs, name)) > 0
        }
    least = min(limits.values())
    limited = [name for name in _ROOM if limits.get(name) == least]
    return {
        "kind": "podsPerNode",
        "instanceType": document.get("instanceType"),
        "compute": node.compute.value,
        "formula": found.written,
        "formulaMaxPods": found.formula,
        "cap": found.cap,
        "capIsRecommendation": found.recommended,
        "maxPods": found.pods,
        "systemPods": system,
        "limits": limits,
        "podsPerCopy": pods_per_copy,
        "podsPerNode": least * pods_per_copy,
        "limitedBy": limited,
        "ecs": _as_container_instance(document),
        "reason": _reason(found, system, least * pods_per_copy, limited),
        "fix": _fix(node, found, least, limited, room, needs),
        "notes": notes,
    }


def _node(document: Mapping[str, Any], compute: Compute) -> tuple[Node, list[str]]:
    """The kind of node that is asked about, and what had to be assumed."""
    notes: list[str] = []
    type_name = document.get("instanceType")
    if type_name is not None:
        type_name = reading.text(type_name, "instanceType", longest=64)
    enis, addresses = INTERFACES.get(type_name or "", (None, None))
    row = INSTANCE_TYPES.get(type_name or "")
    if enis is None and row is not None:
        enis = row.enis
    enis = _amount(document, "maximumNetworkInterfaces", enis, type_name, MOST_ENIS)
    addresses = _amount(document, "ipv4AddressesPerInterface", addresses, type_name, MOST_ADDRESSES)
    vcpus, by_name = vcpus_of(type_name or "")
    if document.get("vcpus") is not None:
        vcpus, by_name = reading.whole(document["vcpus"], "vcpus", low=1, high=MOST_VCPUS), False
    node = Node(
        enis=enis,
        addresses=addresses,
        vcpus=vcpus,
        compute=compute,
        custom_ami=_flag(document, "customAmi"),
        prefix_delegation=_flag(document, "prefixDelegation"),
        custom_networking=_flag(document, "customNetworking"),
    )
    if node.custom_ami and compute is Compute.AUTO_MODE:
        raise InputError("customAmi does not go with AUTO_MODE, where AWS chooses the image.", path="customAmi")
    in_group = compute is Compute.MANAGED_NODE_GROUP and not node.custom_ami
    if in_group and vcpus is None and max_pods(node).formula > 110:
        raise InputError(
            "vcpus is missing: the formula gives more than 110, and the cap of a managed node group depends on it.",
            path="vcpus",
        )
    if in_group and vcpus == 30:
        notes.append("AWS gives the caps below and above 30 vCPUs; 250 for exactly 30 is the simulator's choice.")
    if in_group and by_name:
        notes.append(f"{vcpus} vCPUs are read off the size in the type's name; give vcpus if it differs.")
    if node.prefix_delegation:
        notes.append("Prefix delegation needs an instance of the Nitro system; check that the type is one.")
    return node, notes


def _amount(document: Mapping[str, Any], name: str, known: int | None, type_name: str | None, most: int) -> int:
    if document.get(name) is not None:
        return reading.whole(document[name], name, low=1, high=most)
    if known is None:
        what = f"for {reading.shown(type_name)} it is not in our table" if type_name else "give it, or an instanceType"
        raise InputError(f"{name} is missing; {what}. The EC2 instance type's page has it.", path=name)
    return known


def _allocatable(document: Mapping[str, Any], needs: Amounts, notes: list[str]) -> Amounts:
    """CPU, memory and GPUs that pods can request: what the operating system reports less what the kubelet reserves."""
    type_name = document.get("instanceType")
    known = registered_resources(type_name if isinstance(type_name, str) else None)
    vcpus, _ = vcpus_of(type_name) if isinstance(type_name, str) else (None, False)
    if document.get("vcpus") is not None:
        vcpus = document["vcpus"]  # _node has read it
    if document.get("memoryMiB") is not None:
        memory: int | None = reading.whole(document["memoryMiB"], "memoryMiB", low=1, high=quantities.MOST_MEMORY)
    else:
        memory = known.memory if known else None
        if known:
            notes.append("The node's memory is what we take an operating system to report of it (97 % of nominal).")
    for name, value in (("vcpus", vcpus), ("memoryMiB", memory)):
        if value is None:
            raise InputError(f"{name} is missing: with pod, the node's own size is needed.", path=name)
    if needs.gpu and document.get("gpus") is None:
        raise InputError("gpus is missing: the pod requests GPUs, so say how many the node has.", path="gpus")
    where = "kubeReserved"
    reserved = reading.mapping(_given(document, where, {}), where)
    reading.known_fields(reserved, where, ("cpu", "memory"))
    taken = Amounts(
        cpu=quantities.cpu(_given(reserved, "cpu", 0), f"{where}.cpu"),
        memory=quantities.memory(_given(reserved, "memory", 0), f"{where}.memory"),
    )
    if not reserved:
        notes.append("The kubelet reserves some of the node for itself; give kubeReserved to count it.")
    return Amounts(
        cpu=max(Fraction(0), Fraction(vcpus or 0) * 1024 - taken.cpu),
        memory=max(Fraction(0), Fraction(memory or 0) - taken.memory),
        gpu=reading.whole(_given(document, "gpus", 0), "gpus", low=0, high=MOST_GPUS),
    )


def _as_container_instance(document: Mapping[str, Any]) -> dict[str, Any]:
    """How many tasks with an interface of their own the same instance takes in ECS."""
    type_name = document.get("instanceType")
    tasks = task_eni_limit(type_name, trunking=False) if isinstance(type_name, str) else None
    if tasks is None:
        enis = document.get("maximumNetworkInterfaces")
        if enis is None:
            enis = INTERFACES[str(type_name)][0]  # _node has found it there
        tasks = enis - 1
    trunked = task_eni_limit(type_name, trunking=True) if isinstance(type_name, str) and can_trunk(type_name) else None
    with_trunk = "" if trunked is None else f", and {trunked} with trunking"
    return {
        "awsvpcTasks": tasks,
        "awsvpcTasksTrunked": trunked,
        "reason": f"An ECS task with networkMode awsvpc takes a whole interface: {tasks} on this instance{with_trunk}. "
        "A pod takes one address of an interface that it shares.",
    }


def _reason(found: MaxPods, system: int, pods: int, limited: list[str]) -> str:
    parts = [f"The addresses give {found.written} = {found.formula} pods."]
    if found.cap is not None and found.cap < found.formula:
        parts.append(found.why)
    what = " and ".join(_ROOM[name] for name in limited)
    parts.append(f"{system} of {found.pods} are the system's own." if system else "No pod of the system counts.")
    parts.append(f"{pods} pod{'' if pods == 1 else 's'} of this kind fit on the node, limited by {what}.")
    return " ".join(parts)


def _fix(node: Node, found: MaxPods, least: int, limited: list[str], room: Amounts, needs: Amounts) -> str:
    """The least change after which one more fits: in the request for each that stops, or in the network."""
    ways: list[str] = []
    if "cpu" in limited:
        most, now = (one * 1000 / 1024 for one in (room.cpu / (least + 1), needs.cpu))
        fits = f"request at most {int(most)}m of CPU instead of {quantities.plain(now)}m"
        ways.append(fits if int(most) else "take a node with more CPU, or reserve less of it")
    if "memory" in limited:
        most = int(room.memory * 1000 // (least + 1))
        now = quantities.plain(needs.memory)
        ways.append(f"request at most {quantities.plain(Fraction(most, 1000))} MiB instead of {now}")
    if "gpu" in limited:
        ways.append("take a type with more GPUs")
    if "pods" in limited:
        if found.cap is not None and found.cap <= found.formula:
            ways.append("add a node, for the cap stands" if not found.recommended else "set a higher max-pods")
        elif node.prefix_delegation or node.enis == node.custom_networking or node.compute is Compute.AUTO_MODE:
            # In Auto Mode the VPC CNI is built in, and AWS runs it.
            ways.append("take a type with more interfaces or addresses")
        else:
            ways.append("turn on prefix delegation, or take a type with more interfaces or addresses")
    return f"For one more: {'; and '.join(ways)}."


def _on_fargate(document: Mapping[str, Any], rules: KubernetesRules) -> dict[str, Any]:
    for name in FIELDS:
        if document.get(name) is not None and name not in ("compute", "pod"):
            raise InputError(f"{name} does not go with FARGATE, which has no node of yours; take it out.", path=name)
    memory: Fraction | None = None
    if document.get("pod") is not None:
        pod = read_pod(document["pod"], "pod", app="workload")
        needs = pod.needs(rules)
        if needs.gpu:
            raise InputError("EKS on Fargate has no GPUs; use a node group or Auto Mode.", path="pod.containers")
        if needs.cpu > 16 * 1024:
            raise InputError(
                f"The pod requests {quantities.plain(needs.cpu / 1024)} vCPUs, and EKS on Fargate goes to 16.",
                path="pod.containers",
            )
        memory = needs.memory + FARGATE_EXTRA
    return {
        "kind": "podsPerNode",
        "compute": Compute.FARGATE.value,
        "maxPods": 1,
        "podsPerNode": 1,
        "memoryWithOverheadMB": None if memory is None else quantities.plain(memory),
        "reason": "On Fargate one pod is one micro-VM, so there is no packing. EKS adds 256 MB to its memory request.",
        "fix": "For one more pod nothing has to change: each gets a micro-VM of its own.",
        "notes": [],
    }


def _flag(document: Mapping[str, Any], name: str) -> bool:
    return reading.flag(_given(document, name, False), name)


def _given(document: Mapping[str, Any], name: str, default: Any) -> Any:
    value = document.get(name)
    return default if value is None else value
