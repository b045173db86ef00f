"""The whole way of a packet, place by place, with the rules that it meets: also the places that it never sees.

`Verdict.hops` says what happened; a path says where, so that a picture can show the packet, the label it carries, and
each rule that the label is held against.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.network.egress import VIA_ENDPOINT, VIA_IGW, VIA_NAT, instance_call, task_call
from simulator.network.finding import Reach
from simulator.network.inbound import refused
from simulator.network.model import IGW, Hop, Verdict
from simulator.network.rules import RULES, NetworkRules
from simulator.network.security_rules import EGRESS, INGRESS
from simulator.network.spots import Label, Spot
from simulator.network.ways import balancer_way, call_way, direct_way, health_way

# Which side's rules a code speaks of.
_SIDES = {
    "LB_SG_INBOUND": INGRESS,
    "TARGET_SG_INBOUND": INGRESS,
    "ENDPOINT_SG_INBOUND": INGRESS,
    "LB_SG_OUTBOUND": EGRESS,
    "SG_OUTBOUND": EGRESS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where the packet rests: behind the spot `upto`; `stop` is the spot that does not let it through, if one does."""

    upto: int
    said: str
    label: Label
    stop: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Every spot in order, and the packet's steps along them; step 0 is before it is sent."""

    spots: tuple[Spot, ...]
    steps: tuple[Step, ...]
    verdict: Verdict

    @property
    def sent(self) -> str:
        """What is asked, for the step before anything is known."""
        return f"{self.steps[0].label[0]} {self.steps[0].label[1]}"


def path_of(found: Reach, rules: NetworkRules = RULES) -> Path:
    """The path of the packet that decides the answer.

    >>> from simulator.network import examine
    >>> [spot.name for spot in path_of(examine({})).spots]
    ['Internet', 'Internet gateway', 'sg-alb', 'alb', 'tg', 'sg-task', 'web']
    """
    return _path(_spots(found, rules), found.verdict)


def call_path(found: Reach, service: str, verdict: Verdict, rules: NetworkRules = RULES) -> Path:
    """The path of one of the calls that a task makes before it starts."""
    task = found.world.tasks[found.question.target]
    call = None
    if not refused(task, rules):
        call = task_call(found.world, task, service, rules, actor="agent", pulls=service == "s3")
    return _path(call_way(found.world, task.id, call, service), verdict)


def parting(one: Path, other: Path) -> int | None:
    """The index of the first step that two paths do not have in common, counted like `first_difference`."""
    both = [[(path.spots[step.upto].id, step.stop is None, step.said) for step in path.steps] for path in (one, other)]
    for at, (left, right) in enumerate(zip(*both, strict=False)):
        if left != right:
            return max(at - 1, 0)
    return None if len(both[0]) == len(both[1]) else min(map(len, both)) - 1


def _spots(found: Reach, rules: NetworkRules) -> tuple[Spot, ...]:
    question, world = found.question, found.world
    if question.kind == "health":
        return health_way(found.tried[0].way)
    if found.tried:
        return balancer_way(found.tried[0].way)
    if question.kind == "task":
        return direct_way(world, question, rules)
    if question.source in world.instances:
        call = instance_call(world, question.source, question.target, rules, port=question.port)
        return call_way(world, question.source, call, question.target)
    service = question.target
    if found.start:
        service = found.start.calls[-1][0]
        return call_path(found, service, found.verdict, rules).spots
    task = world.tasks[question.source]
    call = None
    if not refused(task, rules):
        pulls = question.actor == "agent" and service == "s3"
        call = task_call(world, task, service, rules, actor=question.actor, port=question.port, pulls=pulls)
    return call_way(world, task.id, call, service)


def _path(spots: Sequence[Spot], verdict: Verdict) -> Path:
    steps = [Step(upto=0, said="", label=spots[0].label)]
    for hop in verdict.hops:
        at = steps[-1]
        if hop.passed:
            upto = max(_last(spots, hop), at.upto)
            steps.append(Step(upto=upto, said=hop.sentence, label=_label(spots, upto)))
        else:
            stop = _stop(spots, verdict.code, hop)
            # A route table has no hop of its own: where it leads on, the packet has passed it.
            passed = all(spot.kind == "route" for spot in spots[at.upto + 1 : stop])
            upto = max(at.upto, stop - 1) if passed else at.upto
            steps.append(Step(upto=upto, said=hop.sentence, label=at.label, stop=stop))
    if verdict.code in (VIA_ENDPOINT, VIA_IGW, VIA_NAT):
        end = len(spots) - 1
        steps.append(Step(upto=end, said=verdict.message, label=_label(spots, end)))
    return Path(spots=tuple(spots), steps=tuple(steps), verdict=verdict)


def _last(spots: Sequence[Spot], hop: Hop) -> int:
    """The last spot that the hop belongs to."""
    return max((at for at, spot in enumerate(spots) if spot.hop == (hop.kind, hop.at)), default=0)


def _stop(spots: Sequence[Spot], code: str, hop: Hop) -> int:
    side = _SIDES.get(code)
    places = enumerate(spots)
    if side:
        gates = [at for at, spot in places if spot.direction == side and spot.id.endswith(f" {hop.at}")]
    elif code == "NO_PUBLIC_IP":
        gates = [at for at, spot in places if spot.id == IGW]
    else:
        gates = [at for at, spot in places if spot.hop == (hop.kind, hop.at) and not spot.is_gate]
    return gates[-1] if gates else len(spots) - 1


def _label(spots: Sequence[Spot], upto: int) -> Label:
    return next((spot.label for spot in reversed(spots[: upto + 1]) if spot.label[0]), ("", ""))
