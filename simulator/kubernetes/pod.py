"""A pod as the scheduler sees it: what it asks for, and where it may go. The fields are those of a PodSpec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.kubernetes import quantities
from simulator.kubernetes.rules import KubernetesRules, PodIs, ScheduledBy

MOST_CONTAINERS = 10
MOST_TERMS = 20
MOST_GPUS = 100
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")
ZONE_KEY = "topology.kubernetes.io/zone"
POD_FIELDS = (
    "containers", "nodeSelector", "tolerations", "affinity", "topologySpreadConstraints", "volumeZone",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """CPU units (1024 = one vCPU), memory in MiB, whole GPUs."""

    cpu: Fraction = Fraction(0)
    memory: Fraction = Fraction(0)
    gpu: int = 0

    def plus(self, other: Amounts) -> Amounts:
        """Both together."""
        return Amounts(cpu=self.cpu + other.cpu, memory=self.memory + other.memory, gpu=self.gpu + other.gpu)


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """`limits` has the requests where a limit is not given."""

    name: str
    requests: Amounts
    limits: Amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Taint:
    """A node's taint."""

    key: str
    value: str
    effect: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerated:
    """A pod's toleration; an empty key with Exists tolerates everything, an empty effect every effect."""

    key: str
    exists: bool
    value: str
    effect: str

    def covers(self, taint: Taint) -> bool:
        """Whether it lets the pod past this taint."""
        if self.effect and self.effect != taint.effect:
            return False
        if not self.key:
            return True
        return self.key == taint.key and (self.exists or self.value == taint.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """One `matchExpressions` entry of a node affinity."""

    key: str
    operator: str
    values: tuple[str, ...]

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether a node with these labels meets it."""
        if self.operator == "Exists":
            return self.key in labels
        if self.operator == "DoesNotExist":
            return self.key not in labels
        return (labels.get(self.key) in self.values) is (self.operator == "In")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """One topology spread constraint; `binding` for whenUnsatisfiable DoNotSchedule."""

    key: str
    most_skew: int
    binding: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """`selector` and all expressions of one of `terms` must hold; no terms means any node. `app` is its one label."""

    app: str
    containers: tuple[Container, ...]
    selector: tuple[tuple[str, str], ...] = ()
    terms: tuple[tuple[Expression, ...], ...] = ()
    tolerations: tuple[Tolerated, ...] = ()
    spreads: tuple[Spread, ...] = ()
    volume_zone: str | None = None

    def needs(self, rules: KubernetesRules) -> Amounts:
        """What the scheduler compares with a node: the sum of its containers' requests."""
        total = Amounts()
        for container in self.containers:
            total = total.plus(container.limits if rules.scheduled_by is ScheduledBy.LIMITS else container.requests)
        return total

    def allows(self, labels: Mapping[str, str]) -> bool:
        """Whether selector and node affinity let it onto a node with these labels."""
        if any(labels.get(key) != value for key, value in self.selector):
            return False
        return not self.terms or any(all(one.holds(labels) for one in term) for term in self.terms)


def pods_of_a_copy(pod: Pod, rules: KubernetesRules) -> tuple[Pod, ...]:
    """One copy of the workload as pods: one, or under the belief that a pod is one container, one for each."""
    if rules.pod_is is PodIs.GROUP:
        return (pod,)
    return tuple(replace(pod, containers=(container,)) for container in pod.containers)


def read_pod(document: Any, path: str, *, app: str, containers: Sequence[Container] = ()) -> Pod:
    """A pod from its PodSpec fields; `containers` are taken where the document gives none.

    Raises
    ------
    InputError
        For fields that do not exist, wrong values, and a pod without containers.
    """
    document = reading.mapping({} if document is None else document, path)
    reading.known_fields(document, path, POD_FIELDS)
    where = f"{path}.containers"
    given = _list(document, "containers", path, most=MOST_CONTAINERS)
    own = tuple(_container(entry, f"{where}[{i}]", i) for i, entry in enumerate(given))
    if not own and not containers:
        raise InputError(f"{where} is missing; a pod has 1 to {MOST_CONTAINERS} containers.", path=where)
    tolerations = _list(document, "tolerations", path, most=MOST_TERMS)
    spreads = _list(document, "topologySpreadConstraints", path, most=MOST_TERMS)
    zone = document.get("volumeZone")
    return Pod(
        app=app,
        containers=own or tuple(containers),
        selector=_selector(document.get("nodeSelector"), f"{path}.nodeSelector"),
        terms=_affinity(document.get("affinity"), f"{path}.affinity"),
        tolerations=tuple(_toleration(one, f"{path}.tolerations[{i}]") for i, one in enumerate(tolerations)),
        spreads=tuple(_spread(one, f"{path}.topologySpreadConstraints[{i}]") for i, one in enumerate(spreads)),
        volume_zone=None if zone is None else reading.text(zone, f"{path}.volumeZone"),
    )


def read_taints(value: Any, path: str) -> tuple[Taint, ...]:
    """A node's `taints`."""
    raw = reading.items([] if value is None else value, path, most=MOST_TERMS)
    taints: list[Taint] = []
    for i, entry in enumerate(raw):
        where = f"{path}[{i}]"
        entry = reading.mapping(entry, where)
        reading.known_fields(entry, where, ("key", "value", "effect"))
        taints.append(
            Taint(
                key=reading.text(entry.get("key"), f"{where}.key"),
                value=_optional(entry, "value", where),
                effect=reading.choice(entry.get("effect"), f"{where}.effect", EFFECTS),
            )
        )
    return tuple(taints)


def _container(entry: Any, path: str, position: int) -> Container:
    entry = reading.mapping(entry, path)
    reading.known_fields(entry, path, ("name", "image", "resources"))
    _optional(entry, "image", path)
    where = f"{path}.resources"
    resources = reading.mapping(entry["resources"] if entry.get("resources") is not None else {}, where)
    reading.known_fields(resources, where, ("requests", "limits"))
    limits = _amounts(resources.get("limits"), f"{where}.limits", Amounts())
    # As in Kubernetes, a limit without a request is the request too.
    requests = _amounts(resources.get("requests"), f"{where}.requests", limits)
    limits = _amounts(resources.get("limits"), f"{where}.limits", requests)
    for name in ("cpu", "memory", "gpu"):
        if getattr(requests, name) > getattr(limits, name):
            raise InputError(f"{where} requests more {name} than its limit allows; raise the limit.", path=where)
    name = entry.get("name")
    return Container(
        name=f"container-{position + 1}" if name is None else reading.name(name, f"{path}.name"),
        requests=requests,
        limits=limits,
    )


def _amounts(value: Any, path: str, default: Amounts) -> Amounts:
    document = reading.mapping({} if value is None else value, path)
    reading.known_fields(document, path, ("cpu", "memory", "nvidia.com/gpu"))
    given = {name: amount for name, amount in document.items() if amount is not None}
    gpu = given.get("nvidia.com/gpu")
    return Amounts(
        cpu=quantities.cpu(given["cpu"], f"{path}.cpu") if "cpu" in given else default.cpu,
        memory=quantities.memory(given["memory"], f"{path}.memory") if "memory" in given else default.memory,
        gpu=default.gpu if gpu is None else reading.whole(gpu, f"{path}.nvidia.com/gpu", low=0, high=MOST_GPUS),
    )


def _selector(value: Any, path: str) -> tuple[tuple[str, str], ...]:
    document = reading.mapping({} if value is None else value, path)
    if len(document) > MOST_TERMS:
        raise InputError(f"{path} has {len(document)} labels, and at most {MOST_TERMS} are taken.", path=path)
    return tuple((reading.text(key, path), reading.text(one, f"{path}.{key}")) for key, one in document.items())


def _affinity(value: Any, path: str) -> tuple[tuple[Expression, ...], ...]:
    """`nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`: one of them must hold."""
    for name in ("nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"):
        document = reading.mapping({} if value is None else value, path)
        reading.known_fields(document, path, (name,))
        value, path = document.get(name), f"{path}.{name}"
    document = reading.mapping({} if value is None else value, path)
    reading.known_fields(document, path, ("nodeSelectorTerms",))
    terms: list[tuple[Expression, ...]] = []
    for i, term in enumerate(_list(document, "nodeSelectorTerms", path, most=MOST_TERMS)):
        where = f"{path}.nodeSelectorTerms[{i}]"
        term = reading.mapping(term, where)
        reading.known_fields(term, where, ("matchExpressions",))
        raw = _list(term, "matchExpressions", where, most=MOST_TERMS)
        if not raw:
            raise InputError(f"{where}.matchExpressions is empty; give one, or take the term out.", path=where)
        terms.append(tuple(_expression(one, f"{where}.matchExpressions[{j}]") for j, one in enumerate(raw)))
    return tuple(terms)


def _expression(entry: Any, path: str) -> Expression:
    entry = reading.mapping(entry, path)
    reading.known_fields(entry, path, ("key", "operator", "values"))
    operator = reading.choice(entry.get("operator"), f"{path}.operator", OPERATORS)
    values = _list(entry, "values", path, most=MOST_TERMS)
    if bool(values) is not (operator in ("In", "NotIn")):
        wants = "needs values" if operator in ("In", "NotIn") else "takes no values"
        raise InputError(f"{path}.values does not go with the operator {operator}, which {wants}.", path=path)
    return Expression(
        key=reading.text(entry.get("key"), f"{path}.key"),
        operator=operator,
        values=tuple(reading.text(one, f"{path}.values[{i}]") for i, one in enumerate(values)),
    )


def _toleration(entry: Any, path: str) -> Tolerated:
    entry = reading.mapping(entry, path)
    reading.known_fields(entry, path, ("key", "operator", "value", "effect"))
    operator = entry.get("operator")
    exists = operator is not None and reading.choice(operator, f"{path}.operator", ("Equal", "Exists")) == "Exists"
    effect = entry.get("effect")
    key, value = _optional(entry, "key", path), _optional(entry, "value", path)
    if not key and not exists:
        raise InputError(f"{path}.key is missing; only the operator Exists goes without a key.", path=f"{path}.key")
    if exists and value:
        raise InputError(f"{path}.value does not go with the operator Exists; take it out.", path=f"{path}.value")
    return Tolerated(
        key=key,
        exists=exists,
        value=value,
        effect="" if effect is None else reading.choice(effect, f"{path}.effect", EFFECTS),
    )


def _spread(entry: Any, path: str) -> Spread:
    entry = reading.mapping(entry, path)
    reading.known_fields(entry, path, ("maxSkew", "topologyKey", "whenUnsatisfiable"))
    given = entry.get("whenUnsatisfiable")
    when = "DoNotSchedule" if given is None else given
    options = ("DoNotSchedule", "ScheduleAnyway")
    return Spread(
        key=reading.text(entry.get("topologyKey"), f"{path}.topologyKey"),
        most_skew=reading.whole(entry.get("maxSkew"), f"{path}.maxSkew", low=1, high=1000),
        binding=reading.choice(when, f"{path}.whenUnsatisfiable", options) == "DoNotSchedule",
    )


def _list(document: Mapping[str, Any], name: str, path: str, *, most: int) -> Sequence[Any]:
    value = document.get(name)
    return reading.items([] if value is None else value, f"{path}.{name}", most=most)


def _optional(entry: Mapping[str, Any], name: str, path: str) -> str:
    value = entry.get(name)
    return "" if value is None else reading.text(value, f"{path}.{name}")
