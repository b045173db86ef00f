"""One document examined: the VPC, the question, and what became of the packet. Diagrams and answers are made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.network.asking import FIELDS as QUESTION_FIELDS
from simulator.network.asking import read_question
from simulator.network.direct import direct
from simulator.network.egress import Start, instance_egress, task_egress, task_start
from simulator.network.fits import ENI_FIELDS, Fit, read_fit
from simulator.network.fits import FIELDS as FIT_FIELDS
from simulator.network.health import REFUSED, Health, health_check, target_health
from simulator.network.inbound import inbound
from simulator.network.model import Client, Listener, Question, Verdict, World
from simulator.network.rules import RULES, NetworkRules
from simulator.network.way import Way, listener_for
from simulator.network.world import FIELDS as WORLD_FIELDS
from simulator.network.world import read_world


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One target of a load balancer: the way to it, what became of the packet, the target's health."""

    way: Way
    verdict: Verdict
    health: Health | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A question about a VPC with its answer. `tried` are the targets behind a load balancer, the decisive one first.

    `start` is there for `taskStart`, `health` for a question from a load balancer.
    """

    world: World
    question: Question
    verdict: Verdict
    tried: tuple[Tried, ...] = ()
    start: Start | None = None


def examine(document: Mapping[str, Any], rules: NetworkRules = RULES) -> Reach | Fit:
    """Answer a document: about a VPC, or, if it names only modes, ports and instance types, about what fits.

    Raises
    ------
    InputError
        With one sentence, for anything that is neither.
    """
    document = reading.mapping(document, "")
    fields = set(document)
    if fields & {*FIT_FIELDS, *ENI_FIELDS} and not fields & {*WORLD_FIELDS, *QUESTION_FIELDS}:
        return read_fit(document, rules)
    reading.known_fields(document, "", (*QUESTION_FIELDS, *WORLD_FIELDS))
    world = read_world({name: document[name] for name in WORLD_FIELDS if name in document})
    question = read_question(document, world, rules)
    return _answered(world, question, rules)


def _answered(world: World, question: Question, rules: NetworkRules) -> Reach:
    if question.kind == "start":
        start = task_start(world, world.tasks[question.target], rules)
        last = start.last
        assert last is not None, "every start pulls an image"
        return Reach(world=world, question=question, verdict=last, start=start)
    if question.kind == "service":
        return Reach(world=world, question=question, verdict=_outward(world, question, rules))
    if question.kind == "task":
        assert question.client is not None
        task = world.tasks[question.target]
        verdict = direct(world, question.client, task, question.protocol, question.port, rules)
        return Reach(world=world, question=question, verdict=verdict)
    tried = _tried(world, question, rules)
    return Reach(world=world, question=question, verdict=tried[0].verdict, tried=tried)


def _outward(world: World, question: Question, rules: NetworkRules) -> Verdict:
    if question.source in world.instances:
        return instance_egress(world, question.source, question.target, rules, port=question.port)
    task = world.tasks[question.source]
    pulls = question.actor == "agent" and question.target == "s3"
    return task_egress(world, task, question.target, rules, actor=question.actor, port=question.port, pulls=pulls)


def _tried(world: World, question: Question, rules: NetworkRules) -> tuple[Tried, ...]:
    """Every target behind the listener; the first that is reached decides, else the first of all."""
    name = question.target if question.kind == "balancer" else question.source
    balancer = world.balancers[name]
    wanted = question.source if question.kind == "balancer" else question.target
    listener = listener_for(balancer, question.protocol, question.port or 0)
    if question.kind == "health":
        listener = next((one for one in balancer.listeners if _serves(world, one, wanted)), None)
    group = world.targets[_group_of(world, balancer.listeners, listener, wanted)]
    names = [wanted] if wanted else list(group.tasks)
    if not names:
        raise InputError(f"The target group {group.id} has no task; name one in its tasks.", path="targetGroups")
    if wanted and wanted not in group.tasks:
        raise InputError(f"{wanted} is not behind {name}: the target group {group.id} does not have it.", path="target")
    client = question.client or Client(name=name, internet=False, address=balancer.addresses[0], groups=balancer.groups)
    ways = [
        Way(
            world=world,
            rules=rules,
            client=client,
            balancer=balancer,
            group=group,
            task=world.tasks[each],
            protocol=question.protocol,
            port=question.port or (listener.port if listener else 80),
            listener=listener,
        )
        for each in names
    ]
    tried = [_try(way, health=question.kind == "health") for way in ways]
    return tuple(sorted(tried, key=lambda one: not one.verdict.reachable))


def _try(way: Way, *, health: bool) -> Tried:
    verdict = health_check(way) if health else inbound(way)
    return Tried(way=way, verdict=verdict, health=None if verdict.code in REFUSED else target_health(way))


def _serves(world: World, listener: Listener, task: str) -> bool:
    return not task or task in world.targets[listener.target_group].tasks


def _group_of(world: World, listeners: tuple[Listener, ...], listener: Listener | None, task: str) -> str:
    """The target group behind the listener, or, where no listener fits, the one that is meant."""
    if listener:
        return listener.target_group
    behind = [one.target_group for one in listeners] + list(world.targets)
    fitting = [one for one in behind if not task or task in world.targets[one].tasks]
    if not (fitting or behind):
        raise InputError("targetGroups is empty; a load balancer needs one to send to.", path="targetGroups")
    return (fitting or behind)[0]
