"""The records that the simulators share. All are frozen: a change is `dataclasses.replace`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """CPU units (1024 = one vCPU), memory in MiB, whole GPUs."""

    cpu: int
    memory: int
    gpu: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A container instance as the scheduler sees it.

    `registered` is None for a type whose size is not known; `remaining` is what is not yet allocated.
    `tcp` and `udp` are host ports in use, the agent's own included. `enis` is the number of tasks with an ENI of
    their own that the instance can still take, None when the type's limit is not known. `tasks` counts the tasks
    whose desired status is RUNNING, by task group. An attribute whose value is None has a name only.
    `registered_at` is milliseconds since 1970-01-01 UTC.
    """

    id: str
    type: str | None = None
    zone: str | None = None
    status: str = "ACTIVE"
    agent_connected: bool = True
    agent_version: str | None = None
    registered: Resources | None = None
    remaining: Resources | None = None
    tcp: frozenset[int] = frozenset()
    udp: frozenset[int] = frozenset()
    enis: int | None = None
    attributes: Mapping[str, str | None] = field(default_factory=dict)
    tasks: Mapping[str, int] = field(default_factory=dict)
    running_tasks: int = 0
    registered_at: int | None = None
    missing_capabilities: frozenset[str] = frozenset()
    eni_trunking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTask:
    """A task on an instance, with what it takes there.

    `number` counts the tasks that the run placed, from 1; 0 was there before it. `sized` is False for a task that
    was only counted (`tasks` of an instance), whose size is not known.
    """

    id: str
    number: int
    group: str
    instance: str
    cpu: int
    memory: int
    gpu: int = 0
    tcp: tuple[int, ...] = ()
    udp: tuple[int, ...] = ()
    eni: bool = False
    sized: bool = True
    protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """The instances in registration order, and the tasks in the order in which they came."""

    instances: tuple[Instance, ...]
    tasks: tuple[PlacedTask, ...] = ()
