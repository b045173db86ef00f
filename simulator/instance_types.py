"""The EC2 instance types that the simulator knows, and what an agent on one of them offers.

vCPUs, nominal memory and network interfaces: EC2 DescribeInstanceTypes. Tasks with an interface of their own:
"Elastic network interface trunking" in the ECS developer guide. Source: facts 6.1, 6.3, 6.4.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.model import Resources


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceType:
    """One row: `memory` is the nominal MiB, `enis` the most interfaces, `trunked_tasks` None without trunking."""

    name: str
    cpu: int
    memory: int
    enis: int
    trunked_tasks: int | None = None
    arm: bool = False


# name, vCPUs, nominal MiB, interfaces, awsvpc tasks with trunking, arm64
_ROWS: tuple[tuple[str, int, int, int, int | None, bool], ...] = (
    ("t2.micro", 1, 1024, 2, None, False),
    ("t2.small", 1, 2048, 3, None, False),
    ("t2.medium", 2, 4096, 3, None, False),
    ("t3.nano", 2, 512, 2, None, False),
    ("t3.micro", 2, 1024, 2, None, False),
    ("t3.small", 2, 2048, 3, None, False),
    ("t3.medium", 2, 4096, 3, None, False),
    ("t3.large", 2, 8192, 3, None, False),
    ("t3.xlarge", 4, 16384, 4, None, False),
    ("t3.2xlarge", 8, 32768, 4, None, False),
    ("t4g.small", 2, 2048, 3, None, True),
    ("t4g.medium", 2, 4096, 3, None, True),
    ("m4.large", 2, 8192, 2, None, False),
    ("m5.large", 2, 8192, 3, 10, False),
    ("m5.xlarge", 4, 16384, 4, 20, False),
    ("m5.2xlarge", 8, 32768, 4, 40, False),
    ("m5.4xlarge", 16, 65536, 8, 60, False),
    ("m6i.large", 2, 8192, 3, 10, False),
    ("m6i.xlarge", 4, 16384, 4, 20, False),
    ("m6g.medium", 1, 4096, 2, 4, True),
    ("m6g.large", 2, 8192, 3, 10, True),
    ("m7g.medium", 1, 4096, 2, 4, True),
    ("m7g.large", 2, 8192, 3, 10, True),
    ("c5.large", 2, 4096, 3, 10, False),
    ("c5.xlarge", 4, 8192, 4, 20, False),
    ("c5.2xlarge", 8, 16384, 4, 40, False),
    ("c6g.medium", 1, 2048, 2, 4, True),
    ("c6i.large", 2, 4096, 3, 10, False),
    ("c6i.8xlarge", 32, 65536, 8, 90, False),
    ("r5.large", 2, 16384, 3, 10, False),
    ("r5.xlarge", 4, 32768, 4, 20, False),
    ("r6g.large", 2, 16384, 3, 10, True),
)

INSTANCE_TYPES: dict[str, InstanceType] = {
    name: InstanceType(name=name, cpu=vcpus * 1024, memory=memory, enis=enis, trunked_tasks=trunked, arm=arm)
    for name, vcpus, memory, enis, trunked, arm in _ROWS
}

# The one type whose registered size AWS documents; every other is the approximation below.
_DOCUMENTED_MEMORY = {"m4.large": 7985}
_DOCUMENTED_WINDOWS_MEMORY = {"m4.large": 8191}

LINUX_AGENT_PORTS = frozenset({22, 2375, 2376, 51678, 51679})
WINDOWS_AGENT_PORTS = frozenset({53, 135, 139, 445, 2375, 2376, 3389, 5985, 5986, 51678, 51679})

# Reserved host ports an instance can have, the agent's own included (API reference, PortMapping).
MAX_RESERVED_PORTS = 100


def registered_resources(type_name: str | None, *, windows: bool = False) -> Resources | None:
    """What the agent registers on this type, or None for an unknown type.

    CPU is vCPUs x 1024. Memory is what the operating system reports, less than the nominal size: documented for
    m4.large (7985 MiB, under Windows 8191), for the others approximated as 97 % of nominal, rounded down (a simulator
    choice).

    >>> registered_resources("m4.large")
    Resources(cpu=2048, memory=7985, gpu=0)
    >>> registered_resources("m5.large")
    Resources(cpu=2048, memory=7946, gpu=0)
    """
    row = INSTANCE_TYPES.get(type_name or "")
    if row is None:
        return None
    documented = _DOCUMENTED_WINDOWS_MEMORY if windows else _DOCUMENTED_MEMORY
    return Resources(cpu=row.cpu, memory=documented.get(row.name, row.memory * 97 // 100))


def is_approximate(type_name: str) -> bool:
    """Whether the registered memory of this type is our approximation."""
    return type_name not in _DOCUMENTED_MEMORY


def task_eni_limit(type_name: str | None, *, trunking: bool) -> int | None:
    """How many tasks with an interface of their own fit; None for an unknown type.

    Without trunking the primary interface takes one of the type's interfaces. Trunking on a type that does not
    support it changes nothing.

    >>> task_eni_limit("c5.large", trunking=False), task_eni_limit("c5.large", trunking=True)
    (2, 10)
    """
    row = INSTANCE_TYPES.get(type_name or "")
    if row is None:
        return None
    if trunking and row.trunked_tasks is not None:
        return row.trunked_tasks
    return row.enis - 1


def can_trunk(type_name: str | None) -> bool:
    """Whether awsvpc trunking is supported on this type."""
    row = INSTANCE_TYPES.get(type_name or "")
    return row is not None and row.trunked_tasks is not None
