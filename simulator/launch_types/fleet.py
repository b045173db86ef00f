"""The EC2 side of a bill: how many instances of a type hold the tasks, and what those instances cost.

One kind of task is exact arithmetic; several kinds are packed by the placement simulator, in the order written, with
the strategy binpack on memory. The price of an instance comes from the document: none is known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.instance_types import INSTANCE_TYPES, is_approximate, registered_resources, task_eni_limit
from simulator.launch_types.workload import Kind, Workload
from simulator.model import Cluster, Instance, Resources
from simulator.placement.index import place_many
from simulator.placement.request import Request, Strategy
from simulator.task_needs import TaskDefinition

MOST_PRICE = 1000
MOST_INSTANCES = 5000
MOST_PACKED_WITH_INTERFACES = 200
_FIELDS = (
    "instanceType", "cpu", "memory", "instanceHourlyPrice", "ebsHourlyPrice", "networkMode", "eniTrunking", "instances",
)  # fmt: skip
_AMOUNT = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One instance: what the agent registers, how many tasks get an interface (None: as many as fit), dollars an hour.

    `fixed` is a number of instances that the document asks for.
    """

    name: str
    size: Resources
    interfaces: int | None
    hourly: Fraction
    arm: bool | None = None
    fixed: int | None = None
    approximate: bool = False


def read_server(document: Any) -> Server:
    """The `ec2` part of a document.

    Raises
    ------
    InputError
        For an unknown type without its size, and for a price that is not given.
    """
    document = reading.mapping(document, "ec2")
    reading.known_fields(document, "ec2", _FIELDS)
    given = {name: value for name, value in document.items() if value is not None}
    type_name = None
    if "instanceType" in given:
        type_name = reading.text(given["instanceType"], "ec2.instanceType", longest=64)
    known = registered_resources(type_name)
    amounts = {"cpu": known.cpu, "memory": known.memory} if known else {}
    for name in ("cpu", "memory"):
        if name in given:
            amounts[name] = reading.whole(given[name], f"ec2.{name}", low=1, high=_AMOUNT)
        if name not in amounts:
            raise InputError(
                f"ec2.{name} is missing, and the size of the instance type is not known; give ec2.{name}.",
                path=f"ec2.{name}",
            )
    if "instanceHourlyPrice" not in given:
        raise InputError(
            "ec2.instanceHourlyPrice is missing: no EC2 price is kept here, so give the dollars an hour of your "
            "instance from AWS's price page.",
            path="ec2.instanceHourlyPrice",
        )
    mode = reading.choice(given.get("networkMode", "bridge"), "ec2.networkMode", ("bridge", "host", "none", "awsvpc"))
    trunking = reading.flag(given.get("eniTrunking", False), "ec2.eniTrunking")
    row = INSTANCE_TYPES.get(type_name or "")
    if mode == "awsvpc" and row is None:
        raise InputError(
            "ec2.networkMode is awsvpc, and the network interfaces of the instance type are not known; name a known "
            "ec2.instanceType, or leave networkMode out.",
            path="ec2.networkMode",
        )
    fixed = given.get("instances")
    return Server(
        name=type_name or "instance",
        size=Resources(**amounts),
        interfaces=task_eni_limit(type_name, trunking=trunking) if mode == "awsvpc" else None,
        hourly=reading.number(given["instanceHourlyPrice"], "ec2.instanceHourlyPrice", low=0, high=MOST_PRICE)
        + reading.number(given.get("ebsHourlyPrice", 0), "ec2.ebsHourlyPrice", low=0, high=MOST_PRICE),
        arm=row.arm if row else None,
        fixed=None if fixed is None else reading.whole(fixed, "ec2.instances", low=1, high=MOST_INSTANCES),
        approximate=row is not None and is_approximate(row.name) and "memory" not in given,
    )


def per_instance(server: Server, kind: Kind) -> tuple[int, list[str]]:
    """How many tasks of one kind an instance holds, and what stops there.

    >>> server = Server(name="m5.large", size=Resources(cpu=2048, memory=7946), interfaces=None, hourly=Fraction(1, 10))
    >>> per_instance(server, Kind(name="web", cpu=256, memory=512, count=1))
    (8, ['cpu'])
    """
    limits = {"cpu": server.size.cpu // kind.cpu, "memory": server.size.memory // kind.memory}
    if server.interfaces is not None:
        limits["interfaces"] = server.interfaces
    least = min(limits.values())
    return least, [name for name, amount in limits.items() if amount == least]


def instances_needed(server: Server, workload: Workload) -> int | None:
    """How many instances hold all tasks at once; None if one kind fits on none.

    Raises
    ------
    InputError
        For several kinds with networkMode awsvpc and more than 200 tasks, which takes too long to pack.
    """
    alone = [per_instance(server, kind)[0] for kind in workload.kinds]
    if 0 in alone:
        return None
    most = sum(-(-kind.count // each) for kind, each in zip(workload.kinds, alone, strict=True))
    if len(workload.kinds) == 1:
        return most
    tasks = sum(kind.count for kind in workload.kinds)
    if server.interfaces is not None and tasks > MOST_PACKED_WITH_INTERFACES:
        raise InputError(
            f"Several kinds of tasks with networkMode awsvpc are packed up to {MOST_PACKED_WITH_INTERFACES} tasks, and "
            f"there are {tasks}; ask about one kind, or about fewer.",
            path="tasks",
        )
    chosen = place_many(_cluster(server, most), [_request(kind, server) for kind in workload.kinds])
    # An empty instance has the most memory left, so binpack opens one only when nothing open has room.
    return len(set(chosen))


def used_share(server: Server, workload: Workload, instances: int) -> Fraction:
    """The share of the instances that the tasks take, in room and time.

    Of one kind: of the tasks that would fill them. Of several kinds: of CPU or memory, whichever is scarcer.
    """
    if len(workload.kinds) == 1:
        kind = workload.kinds[0]
        return Fraction(kind.count, instances * per_instance(server, kind)[0]) * workload.busy
    whole = [instances * server.size.cpu, instances * server.size.memory]
    taken = [sum(kind.cpu * kind.count for kind in workload.kinds), sum(k.memory * k.count for k in workload.kinds)]
    return max(Fraction(one, all_) for one, all_ in zip(taken, whole, strict=True)) * workload.busy


def server_notes(server: Server, document: Mapping[str, Any]) -> list[str]:
    """What had to be assumed about the instances."""
    notes: list[str] = []
    if server.approximate:
        notes.append(f"The memory registered on {server.name} is taken as 97 % of nominal; give ec2.memory to set it.")
    if document.get("ebsHourlyPrice") is None:
        notes.append("The instances' EBS volumes are not in the bill; give ec2.ebsHourlyPrice to count them.")
    return notes


def _cluster(server: Server, count: int) -> Cluster:
    one = Instance(id="", registered=server.size, remaining=server.size, enis=server.interfaces)
    names = (f"i-{number}" for number in range(1, count + 1))
    return Cluster(
        instances=tuple(
            Instance(id=name, registered=one.registered, remaining=one.remaining, enis=one.enis) for name in names
        )
    )


def _request(kind: Kind, server: Server) -> Request:
    mode = "awsvpc" if server.interfaces is not None else "bridge"
    return Request(
        task=TaskDefinition(family="task", cpu=kind.cpu, memory=kind.memory, network_mode=mode),
        group=f"service:{kind.name}",
        count=kind.count,
        scheduling="REPLICA",
        strategies=(Strategy(type="binpack", field="memory"),),
    )
