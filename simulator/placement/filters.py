"""The filters: each has a name, AWS's reason string, and a pure check that gives a shortfall with its numbers.

A filter is bound to a request once, then asked about each instance; a filter that the request does not concern binds
to None and is not asked at all. All filters must pass, so their order can not change where a task lands: it is the
order in which reasons are reported, which AWS does not document (a simulator choice, facts 1.2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from simulator.capabilities import is_missing
from simulator.errors import InputError
from simulator.instance_types import LINUX_AGENT_PORTS, MAX_RESERVED_PORTS
from simulator.model import Instance, Resources
from simulator.placement.decision import Shortfall
from simulator.placement.query import matches
from simulator.placement.request import Request
from simulator.placement.rules import (
    AgentPorts,
    DistinctScope,
    Draining,
    PlacementRules,
    PortProtocols,
    PrimaryEni,
    ResourceBase,
)
from simulator.task_needs import TaskNeeds

Check = Callable[[Instance], Shortfall | None]

NO_ACTIVE = "NO ACTIVE INSTANCES"
MEMBER_OF = "MemberOf placement constraint unsatisfied."
DISTINCT = "DistinctInstance placement constraint unsatisfied."
DAEMON_RUNS = "The daemon already runs here."


@dataclass(frozen=True, slots=True)
class Ask:
    """What a filter is bound to: the request, what one copy takes, and the rules."""

    request: Request
    needs: TaskNeeds
    rules: PlacementRules


@dataclass(frozen=True, slots=True)
class Filter:
    """`bind(ask)` gives the check of an instance, or None if the request is not concerned.

    `is_constraint` marks a placement constraint, `is_room` what tasks use up on an instance. What a refusal says, and
    the least change that mends it, are in `simulator.placement.wording` under the same name.
    """

    name: str
    bind: Callable[[Ask], Check | None]
    is_constraint: bool = False
    is_room: bool = False


def bind_filters(request: Request, needs: TaskNeeds, rules: PlacementRules) -> tuple[Check, ...]:
    """The checks that concern this request, in the order in which their reasons are reported."""
    ask = Ask(request, needs, rules)
    return tuple(check for one in FILTERS if (check := one.bind(ask)) is not None)


def _status(ask: Ask) -> Check:
    accepted = ("ACTIVE", "DRAINING") if ask.rules.draining is Draining.ACCEPTS else ("ACTIVE",)

    def check(instance: Instance) -> Shortfall | None:
        if instance.status in accepted:
            return None
        # AWS documents no reason for an instance that is not ACTIVE (facts 1.4): a simulator choice.
        return Shortfall("status", NO_ACTIVE, "ACTIVE", instance.status)

    return check


def _agent(_: Ask) -> Check:
    def check(instance: Instance) -> Shortfall | None:
        return None if instance.agent_connected else Shortfall("agent", "AGENT", "connected", "disconnected")

    return check


def _attributes(ask: Ask) -> Check | None:
    required, valued = ask.request.task.requires, ask.request.task.attributes
    if not required and not valued:
        return None

    def check(instance: Instance) -> Shortfall | None:
        absent = [
            name
            for name in required
            if instance.missing_capabilities and is_missing(name, instance.missing_capabilities)
        ]
        for name, value in valued:
            if name not in instance.attributes or (value is not None and instance.attributes[name] != value):
                absent.append(name if value is None else f"{name}={value}")
        return Shortfall("attributes", "ATTRIBUTE", tuple(absent), "absent") if absent else None

    return check


def _location(ask: Ask) -> Check | None:
    zones = ask.request.zones
    # Only awsvpcConfiguration names subnets; `subnetZones` is taken for any network mode, as the terminal offers it.
    if zones is None:
        return None
    named = tuple(sorted(zones))

    def check(instance: Instance) -> Shortfall | None:
        return None if instance.zone in zones else Shortfall("location", "LOCATION", named, instance.zone)

    return check


def _cpu(ask: Ask) -> Check | None:
    return _amount(ask, "cpu", "RESOURCE:CPU", ask.needs.cpu, attrgetter("cpu"))


def _memory(ask: Ask) -> Check | None:
    return _amount(ask, "memory", "RESOURCE:MEMORY", ask.needs.memory, attrgetter("memory"))


def _amount(ask: Ask, rule: str, reason: str, need: int, of: Callable[[Resources], int]) -> Check | None:
    registered = ask.rules.resources is ResourceBase.REGISTERED
    if not need:
        return None

    def check(instance: Instance) -> Shortfall | None:
        size = (instance.registered or instance.remaining) if registered else instance.remaining
        if size is None:
            return _unknown_size(instance)
        have = of(size)
        return None if need <= have else Shortfall(rule, reason, need, have)

    return check


def _ports(ask: Ask) -> Check | None:
    tcp, udp = frozenset(ask.needs.tcp), frozenset(ask.needs.udp)
    if not tcp and not udp:
        return None
    wanted = len(tcp) + len(udp)
    shared = ask.rules.port_protocols is PortProtocols.SHARED
    agent_free = ask.rules.agent_ports is AgentPorts.FREE

    def check(instance: Instance) -> Shortfall | None:
        if ask.needs.clash:
            return Shortfall("ports", "RESOURCE:PORTS", ask.needs.clash, "wanted twice", "clash")
        used_tcp = instance.tcp - LINUX_AGENT_PORTS if agent_free else instance.tcp
        used_udp = instance.udp
        if shared:
            used_tcp = used_udp = used_tcp | used_udp
        if not (tcp.isdisjoint(used_tcp) and udp.isdisjoint(used_udp)):
            taken = (
                *(f"{port}/tcp" for port in sorted(tcp & used_tcp)),
                *(f"{port}/udp" for port in sorted(udp & used_udp)),
            )
            return Shortfall("ports", "RESOURCE:PORTS", taken, "taken", "taken")
        reserved = len(instance.tcp) + len(instance.udp)
        if reserved + wanted > MAX_RESERVED_PORTS:
            return Shortfall("ports", "RESOURCE:PORTS", wanted, max(0, MAX_RESERVED_PORTS - reserved), "limit")
        return None

    return check


def _eni(ask: Ask) -> Check | None:
    if not ask.needs.eni:
        return None
    extra = 1 if ask.rules.primary_eni is PrimaryEni.FREE else 0

    def check(instance: Instance) -> Shortfall | None:
        if instance.enis is None or instance.enis + extra >= 1:
            return None  # an unknown limit is not checked, and the verdict says so
        return Shortfall("eni", "RESOURCE:ENI", 1, instance.enis + extra)

    return check


def _gpu(ask: Ask) -> Check | None:
    need = ask.needs.gpu
    if not need:
        return None

    def check(instance: Instance) -> Shortfall | None:
        have = instance.remaining.gpu if instance.remaining else 0
        return None if need <= have else Shortfall("gpu", "RESOURCE:GPU", need, have)

    return check


def _member_of(ask: Ask) -> Check | None:
    queries = [(constraint.query, constraint) for constraint in ask.request.constraints if constraint.query is not None]
    if not queries:
        return None

    def check(instance: Instance) -> Shortfall | None:
        # Several constraints are ANDed: all unmet ones are told in one shortfall, as AWS gives one reason.
        unmet = [constraint for query, constraint in queries if not matches(query, instance)]
        if not unmet:
            return None
        asked = tuple([constraint.expression for constraint in unmet])
        return Shortfall("memberOf", MEMBER_OF, asked, "no match", unmet)

    return check


def _distinct(ask: Ask) -> Check | None:
    if not any(constraint.type == "distinctInstance" for constraint in ask.request.constraints):
        return None
    group, any_task = ask.request.group, ask.rules.distinct_scope is DistinctScope.ANY_TASK

    def check(instance: Instance) -> Shortfall | None:
        have = instance.running_tasks if any_task else instance.tasks.get(group, 0)
        return Shortfall("distinctInstance", DISTINCT, 0, have, None if any_task else group) if have else None

    return check


def _daemon(ask: Ask) -> Check | None:
    if ask.request.scheduling != "DAEMON":
        return None
    group = ask.request.group

    def check(instance: Instance) -> Shortfall | None:
        have = instance.tasks.get(group, 0)
        # Not an AWS reason: a daemon service asks for no second copy, so AWS has no failure for it.
        return Shortfall("daemon", DAEMON_RUNS, 0, have, group) if have else None

    return check


FILTERS: tuple[Filter, ...] = (
    Filter("status", _status),
    Filter("agent", _agent),
    Filter("attributes", _attributes),
    Filter("location", _location),
    Filter("cpu", _cpu, is_room=True),
    Filter("memory", _memory, is_room=True),
    Filter("ports", _ports, is_room=True),
    Filter("eni", _eni, is_room=True),
    Filter("gpu", _gpu, is_room=True),
    Filter("memberOf", _member_of, is_constraint=True),
    Filter("distinctInstance", _distinct, is_constraint=True),
    Filter("daemon", _daemon),
)
ROOM = frozenset(one.name for one in FILTERS if one.is_room)


def _unknown_size(instance: Instance) -> None:
    """An instance that could take the task must have a size; one that gets no task anyway need not."""
    if instance.status != "ACTIVE" or not instance.agent_connected:
        return
    kind = f"its type “{instance.type}” is not known" if instance.type else "it names no instanceType"
    raise InputError(f"Instance “{instance.id}” has no remaining cpu and memory, and {kind}; give remaining.")
