"""Kubernetes' scheduler: filter the nodes, score what is left, bind the pod to the best; ties are random there.

A filter lets a node through or says why not, with its numbers and the least change. How much each score weighs is not
in our facts, so the arithmetic here is a simulator choice, and each answer says where more than one node could have
been taken. Source: facts 7.2, 7.7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from random import Random

from simulator.kubernetes.pod import ZONE_KEY, Amounts, Pod, Spread, Taint
from simulator.kubernetes.quantities import plain
from simulator.kubernetes.rules import KubernetesRules, NothingFits, Toleration


class Scoring(StrEnum):
    """How what is left after the pod is scored (EKS API, ScoringStrategy)."""

    LEAST_ALLOCATED = "LeastAllocated"  # most room left: spreads
    MOST_ALLOCATED = "MostAllocated"  # least room left: packs


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeState:
    """A node at one moment. `capacity` is what pods could request when nothing ran; `free` what is left of it.

    `most_pods` is None where nobody knows it; `apps` counts the pods by their label app.
    """

    name: str
    capacity: Amounts
    free: Amounts
    labels: Mapping[str, str]
    taints: tuple[Taint, ...] = ()
    ready: bool = True
    pods: int = 0
    most_pods: int | None = None
    apps: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a node is filtered out: the filter's code, a sentence, and the least change that lets the pod in."""

    code: str
    reason: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What became of one pod. `chosen` is None if it stays Pending (or fails); `best` are the nodes of equal score."""

    pod: str
    chosen: str | None
    refused: Mapping[str, tuple[Refusal, ...]]
    scores: Mapping[str, Mapping[str, int]]
    best: tuple[str, ...]
    outcome: str

    @property
    def is_forced(self) -> bool:
        """Whether only one node could take it, so that no score mattered."""
        return len(self.scores) < 2


def schedule(
    nodes: Sequence[NodeState], pod: Pod, name: str, rules: KubernetesRules, *, scoring: Scoring, draw: str | None
) -> Binding:
    """Where one pod goes. Pure.

    Parameters
    ----------
    draw : the seed of this pod's own draw among equally good nodes; None takes the first of them as listed, so that
        two schedulers can be compared without the noise of a draw.
    """
    refused: dict[str, tuple[Refusal, ...]] = {}
    for node in nodes:
        if found := tuple(one for check in FILTERS if (one := check(pod, node, nodes, rules)) is not None):
            refused[node.name] = found
    feasible = [node for node in nodes if node.name not in refused]
    scores = {node.name: _scores(pod, node, feasible, rules, scoring) for node in feasible}
    totals = {one: sum(parts.values()) for one, parts in scores.items()}
    most = max(totals.values(), default=0)
    best = tuple(one for one in totals if totals[one] == most)
    chosen = best[0 if draw is None else Random(draw).randrange(len(best))] if best else None
    nothing = "Failed" if rules.nothing_fits is NothingFits.FAILS else "Pending"
    return Binding(
        pod=name, chosen=chosen, refused=refused, scores=scores, best=best, outcome="Bound" if chosen else nothing
    )


def with_pod(node: NodeState, pod: Pod, rules: KubernetesRules) -> NodeState:
    """The node after the pod was bound to it."""
    needs, free = pod.needs(rules), node.free
    left = Amounts(cpu=free.cpu - needs.cpu, memory=free.memory - needs.memory, gpu=free.gpu - needs.gpu)
    return replace(node, free=left, pods=node.pods + 1, apps={**node.apps, pod.app: node.apps.get(pod.app, 0) + 1})


Check = Callable[[Pod, NodeState, Sequence[NodeState], KubernetesRules], Refusal | None]


def _ready(pod: Pod, node: NodeState, nodes: Sequence[NodeState], rules: KubernetesRules) -> Refusal | None:  # noqa: ARG001
    if node.ready:
        return None
    return Refusal(
        code="NOT_READY",
        reason=f"{node.name} is draining or not ready, so it takes no new pods.",
        fix=f"Make {node.name} schedulable again.",
    )


def _amount(name: str, unit: str) -> Check:
    """The filter of one resource."""

    def check(pod: Pod, node: NodeState, nodes: Sequence[NodeState], rules: KubernetesRules) -> Refusal | None:  # noqa: ARG001
        need, free = Fraction(getattr(pod.needs(rules), name)), Fraction(getattr(node.free, name))
        if need <= free:
            return None
        return Refusal(
            code=name.upper(),
            reason=f"{node.name}: the pod requests {plain(need)} {unit}, and {plain(free)} are left.",
            fix=f"Free {plain(need - free)} {unit} on {node.name}, or request at most {plain(max(free, Fraction(0)))}.",
        )

    return check


def _count(pod: Pod, node: NodeState, nodes: Sequence[NodeState], rules: KubernetesRules) -> Refusal | None:  # noqa: ARG001
    if node.most_pods is None or node.pods < node.most_pods:
        return None
    return Refusal(
        code="PODS",
        reason=f"{node.name} runs {node.pods} pods, and its addresses allow {node.most_pods}.",
        fix=f"Stop a pod on {node.name}, or give it more addresses (prefix delegation, or a larger type).",
    )


def _taints(pod: Pod, node: NodeState, nodes: Sequence[NodeState], rules: KubernetesRules) -> Refusal | None:  # noqa: ARG001
    for taint in node.taints:
        if taint.effect != "PreferNoSchedule" and not any(one.covers(taint) for one in pod.tolerations):
            written = f"{taint.key}={taint.value}:{taint.effect}" if taint.value else f"{taint.key}:{taint.effect}"
            return Refusal(
                code="TAINT",
                reason=f"{node.name} has the taint {written}, which the pod does not tolerate.",
                fix=f"Give the pod a toleration of {written}, or take the taint off {node.name}.",
            )
    attracted = rules.toleration is Toleration.ATTRACTS and pod.tolerations
    if attracted and not any(one.covers(taint) for taint in node.taints for one in pod.tolerations):
        return Refusal(
            code="TAINT",
            reason=f"{node.name} has no taint that the pod tolerates.",
            fix=f"Taint {node.name}, or take the toleration out.",
        )
    return None


def _affinity(pod: Pod, node: NodeState, nodes: Sequence[NodeState], rules: KubernetesRules) -> Refusal | None:  # noqa: ARG001
    if pod.allows(node.labels):
        return None
    unmet = [f"{key}={value}" for key, value in pod.selector if node.labels.get(key) != value]
    what = f"the label {', '.join(unmet)}" if unmet else "the labels that the node affinity asks for"
    return Refusal(
        code="AFFINITY",
        reason=f"{node.name} does not have {what}.",
        fix=f"Label {node.name} so, or take it out of the pod's {'nodeSelector' if unmet else 'affinity'}.",
    )


def _volume(pod: Pod, node: NodeState, nodes: Sequence[NodeState], rules: KubernetesRules) -> Refusal | None:  # noqa: ARG001
    zone = node.labels.get(ZONE_KEY)
    if pod.volume_zone is None or zone == pod.volume_zone:
        return None
    return Refusal(
        code="VOLUME_ZONE",
        reason=f"{node.name} is in {zone or 'no known zone'}, and the pod's volume is in {pod.volume_zone}.",
        fix=f"Add a node in {pod.volume_zone}: an EBS volume stays in its zone.",
    )


def _spread(pod: Pod, node: NodeState, nodes: Sequence[NodeState], rules: KubernetesRules) -> Refusal | None:  # noqa: ARG001
    for spread in pod.spreads:
        if not spread.binding:
            continue
        counts = _domains(pod, spread, nodes)
        domain = node.labels.get(spread.key)
        if domain is None:
            return Refusal(
                code="SPREAD",
                reason=f"{node.name} has no label {spread.key}, which the spread constraint needs.",
                fix=f"Label {node.name} with {spread.key}.",
            )
        after, least = counts.get(domain, 0) + 1, min(counts.values(), default=0)
        if after - least > spread.most_skew:
            return Refusal(
                code="SPREAD",
                reason=f"One more in {domain} makes {after} there against {least} elsewhere, and maxSkew is "
                f"{spread.most_skew}.",
                fix=f"Make room where there are {least}, or set whenUnsatisfiable to ScheduleAnyway.",
            )
    return None


FILTERS: tuple[Check, ...] = (
    _ready,
    _amount("cpu", "CPU units"),
    _amount("memory", "MiB"),
    _amount("gpu", "GPU"),
    _count,
    _taints,
    _affinity,
    _volume,
    _spread,
)


def _domains(pod: Pod, spread: Spread, nodes: Sequence[NodeState]) -> dict[str, int]:
    """The pods of this app by domain, over the nodes that the pod's selector and affinity allow."""
    counts: dict[str, int] = {}
    for node in nodes:
        domain = node.labels.get(spread.key)
        if domain is not None and pod.allows(node.labels):
            counts[domain] = counts.get(domain, 0) + node.apps.get(pod.app, 0)
    return counts


def _scores(
    pod: Pod, node: NodeState, feasible: Sequence[NodeState], rules: KubernetesRules, scoring: Scoring
) -> dict[str, int]:
    """Each 0 to 100, higher is better; the sum decides."""
    scores = {"resources": _room_score(pod, node, rules, scoring)}
    if any(taint.effect == "PreferNoSchedule" for other in feasible for taint in other.taints):
        soft = [taint for taint in node.taints if taint.effect == "PreferNoSchedule"]
        scores["taints"] = 100 * all(any(one.covers(taint) for one in pod.tolerations) for taint in soft)
    preferred = [spread for spread in pod.spreads if not spread.binding]
    if preferred:
        counts = [_domains(pod, spread, feasible) for spread in preferred]
        least = [
            100 * (1 + min(count.values(), default=0)) // (1 + count[node.labels[spread.key]])
            if spread.key in node.labels
            else 0
            for spread, count in zip(preferred, counts, strict=True)
        ]
        scores["spread"] = sum(least) // len(least)
    return scores


def _room_score(pod: Pod, node: NodeState, rules: KubernetesRules, scoring: Scoring) -> int:
    """The mean share of CPU and memory that is left after the pod (or that is taken), in hundredths."""
    needs = pod.needs(rules)
    shares: list[int] = []
    for name in ("cpu", "memory"):
        whole = Fraction(getattr(node.capacity, name))
        left = Fraction(getattr(node.free, name)) - Fraction(getattr(needs, name))
        amount = left if scoring is Scoring.LEAST_ALLOCATED else whole - left
        shares.append(int(100 * amount / whole) if whole > 0 else 0)
    return sum(shares) // 2
