"""Words for a packet's way: who sends, who holds a port, what a group admits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from simulator.network.addresses import dotted
from simulator.network.cures import opened_ports
from simulator.network.groups import Peer, admits
from simulator.network.model import AWSVPC, CLASSIC, Client, Ports, Task, World
from simulator.network.security_rules import INGRESS
from simulator.network.way import Way, is_dynamic

MOST_TOLD = 3


def names(parts: Iterable[str]) -> str:
    """Ids in a row."""
    return ", ".join(parts)


def port_told(protocol: str, ports: Ports) -> str:
    """`TCP port 80` or `TCP ports 32768-60999`."""
    many = "ports" if ports.low < ports.high else "port"
    return f"{protocol.upper()} {many} {ports}"


def rules_told(world: World, groups: Sequence[str], direction: str = INGRESS) -> str:
    """What the groups do admit, in short."""
    side, word = ("inbound", "from") if direction == INGRESS else ("outbound", "to")
    both = [(one.ingress if direction == INGRESS else one.egress) for one in (world.groups[name] for name in groups)]
    rules = [one.told(word) for rules in both for one in rules]
    if not rules:
        return f"there is no {side} rule at all"
    more = f" and {len(rules) - MOST_TOLD} more" if len(rules) > MOST_TOLD else ""
    return f"{side} there is " + ", ".join(f"“{one}”" for one in rules[:MOST_TOLD]) + more


def who(client: Client) -> str:
    """The client in the middle of a sentence."""
    return "the internet" if client.anyone else client.name


def subject(client: Client) -> str:
    """The client at the beginning of a sentence."""
    told = who(client)
    return told[:1].upper() + told[1:] if client.anyone else told


def interface_kind(task: Task) -> str:
    """On whose interface the task's packets arrive."""
    return "taskInterface" if task.mode == AWSVPC else "instanceInterface"


def holder(task: Task) -> str:
    """The interface that guards the task."""
    return f"the network interface of {task.id}" if task.mode == AWSVPC else f"the instance {task.instance}"


def registered(way: Way) -> str:
    """How ECS registers the task in its target group."""
    if way.task.mode == AWSVPC:
        return f"{dotted(way.task.address)}:{way.task.container_port}"
    return f"{way.task.instance}:{way.ports}"


def sender_told(way: Way, sender: Peer) -> str:
    """Who sends the packets that a target sees."""
    balancer = way.balancer.id
    if sender.groups:
        return f"{balancer}, which carries {names(way.balancer_groups)},"
    if way.preserved and sender.addresses == (way.client.address,):
        return f"{who(way.client)} (the client's own address is preserved)"
    return f"{balancer} at {names(map(dotted, sender.addresses))}"


def one_port(way: Way) -> tuple[str, ...]:
    """A Classic Load Balancer does not learn a task's dynamic port. Source: facts 2.3."""
    if way.balancer.type != CLASSIC or not is_dynamic(way.task):
        return ()
    told = (
        "A Classic Load Balancer sends to one instance port for each listener: it does not follow dynamic host ports, "
        f"so the next task gets no traffic. Give {way.task.id} a fixed hostPort."
    )
    return (told,)


def luck(way: Way) -> tuple[str, ...]:
    """A dynamic port that happens to be admitted says nothing about the next task's."""
    if not is_dynamic(way.task) or way.task.bound is None:
        return ()
    wide = replace(way, task=replace(way.task, bound=None))
    if admits(way.world, way.target_groups, INGRESS, way.protocol, wide.ports, way.from_sender, way.rules):
        return ()
    told = (
        f"Host port {way.task.bound} happens to be admitted; the next task gets another port of {wide.ports}, and the "
        f"rules do not admit them all: open {opened_ports(way)}."
    )
    return (told,)
