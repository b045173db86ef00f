"""What is asked of a VPC: `from` and `to`, or `taskStart`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.network import defaults
from simulator.network.addresses import PRIVATE, VPC, address_of, dotted, is_address
from simulator.network.groups import client_of, of_instance, of_task
from simulator.network.model import Client, Question, World
from simulator.network.rules import NetworkRules
from simulator.network.security_rules import LAST_PORT, known_all
from simulator.network.services import INTERNET, SERVICES

FIELDS = ("from", "to", "target", "protocol", "port", "actor", "taskStart")
MOST_CLIENT_GROUPS = 5


def read_question(document: Mapping[str, Any], world: World, rules: NetworkRules) -> Question:
    """From whom to what; by default from the internet to the first load balancer.

    Raises
    ------
    InputError
        For a name that is not there, and for a pair between which nothing is to be asked.
    """
    if "taskStart" in document:
        for name in ("from", "to", "target", "port", "protocol", "actor"):
            if name in document:
                raise InputError(f"taskStart asks for a whole start; leave {name} out.", path=name)
        return Question(kind="start", target=_among(document["taskStart"], "taskStart", world.tasks))
    given = document.get("from", INTERNET)
    protocol = reading.choice(document.get("protocol", "tcp"), "protocol", ("tcp", "udp"))
    port = reading.whole(document["port"], "port", low=1, high=LAST_PORT) if "port" in document else None
    actor = reading.choice(document.get("actor", "app"), "actor", ("app", "agent"))
    task = _among(document["target"], "target", world.tasks) if "target" in document else ""
    if isinstance(given, str) and given in world.balancers:
        return _health(document, world, given, task)
    target = _target(document, world)
    if target in (INTERNET, *SERVICES):
        return _outward(given, target, world, actor, protocol, port)
    if "actor" in document:
        raise InputError("actor tells the app from the agent in a call to a service; leave it out here.", path="actor")
    client = _client(given, world, rules)
    if target in world.balancers:
        return Question(kind="balancer", target=target, client=client, source=task, protocol=protocol, port=port or 80)
    return Question(kind="task", target=target, client=client, protocol=protocol, port=port)


def _target(document: Mapping[str, Any], world: World) -> str:
    places = (*world.balancers, *world.tasks, *SERVICES, INTERNET)
    if "to" not in document:
        if not world.balancers:
            raise InputError("to is missing: name a task, a service such as ecr.api, or “internet”.", path="to")
        return next(iter(world.balancers))
    return _among(document["to"], "to", places)


def _among(written: Any, path: str, places: Any) -> str:
    name = reading.text(written, path)
    if name not in places:
        there = ", ".join(list(places)[:12])
        raise InputError(f"{path} is {reading.shown(name)}, and there is no such thing; there are {there}.", path=path)
    return name


def _health(document: Mapping[str, Any], world: World, balancer: str, task: str) -> Question:
    for name in ("port", "protocol", "actor"):
        if name in document:
            raise InputError(f"from a load balancer asks for its health check; leave {name} out.", path=name)
    target = _among(document["to"], "to", world.tasks) if "to" in document else task
    if task and target != task:
        raise InputError("to and target name two tasks; one is enough.", path="target")
    return Question(kind="health", target=target, source=balancer)


def _outward(given: Any, target: str, world: World, actor: str, protocol: str, port: int | None) -> Question:
    places = (*world.tasks, *world.instances)
    source = _among(given, "from", places)
    if protocol != "tcp":
        raise InputError("protocol: a call to a service is TCP; leave it out.", path="protocol")
    if port not in (None, 443) and target != INTERNET:
        raise InputError(f"port: {target} listens on 443; leave it out.", path="port")
    return Question(kind="service", target=target, source=source, actor=actor, port=port)


def _client(given: Any, world: World, rules: NetworkRules) -> Client:
    if isinstance(given, Mapping):
        return _own_client(given, world)
    name = reading.text(given, "from")
    if name == INTERNET:
        return Client(name=INTERNET, internet=True, address=address_of(defaults.ANYONE, "from"), anyone=True)
    if name in world.tasks:
        interface = of_task(world, world.tasks[name], rules) if _has_host(world, name) else None
        if interface is None:
            raise InputError(
                f"from is {name}, whose network mode leaves it without a network; it opens no connection.", path="from"
            )
        return client_of(interface, name)
    if name in world.instances:
        return client_of(of_instance(world.instances[name]), name)
    if is_address(name):
        return _by_address(address_of(name, "from"))
    there = ", ".join((INTERNET, *world.tasks, *world.instances, *world.balancers)[:12])
    raise InputError(f"from is {reading.shown(name)}; name an IPv4 address or one of {there}.", path="from")


def _has_host(world: World, name: str) -> bool:
    task = world.tasks[name]
    return task.mode == "awsvpc" or bool(task.instance)


def _own_client(given: Mapping[str, Any], world: World) -> Client:
    """A client in the VPC with groups of its own."""
    document = reading.mapping(given, "from")
    reading.known_fields(document, "from", ("ip", "securityGroups"))
    client = _by_address(address_of(document.get("ip"), "from.ip"))
    groups = known_all(
        document.get("securityGroups", []),
        "from.securityGroups",
        world.groups,
        "security group",
        "securityGroups",
        most=MOST_CLIENT_GROUPS,
    )
    if groups and client.internet:
        raise InputError("from.securityGroups: a client on the internet carries none; leave them out.", path="from")
    return Client(name=client.name, internet=client.internet, address=client.address, groups=groups)


def _by_address(address: int) -> Client:
    inside = VPC.holds(address)
    if not inside and any(block.holds(address) for block in PRIVATE):
        raise InputError(
            f"from is {dotted(address)}, a private address outside the VPC's {VPC}; other networks that are joined to "
            "it are not modeled.",
            path="from",
        )
    return Client(name=dotted(address), internet=not inside, address=address)
