"""How many instances the waiting tasks need: the binpack estimate behind M (facts 3.3, "How M is estimated").

Tasks with the same needs are one group. A group is counted on the largest instance type of the Auto Scaling group,
over vCPU, memory, network interfaces, host ports and GPUs, whatever the placement strategy; a task that does not fit
the smallest type is left out. How several groups are put together AWS does not say; here they are added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simulator.capacity.rules import CapacityRules, Groups, Oversize
from simulator.model import Instance
from simulator.task_needs import TaskNeeds


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEstimate:
    """One group of waiting tasks. `each` is how many fit on one instance of the largest type; 0 where left out."""

    needs: TaskNeeds
    count: int
    each: int
    instances: int
    limit: str  # which resource decides, or why the group is left out

    @property
    def is_excluded(self) -> bool:
        """Whether the group is left out of the estimate."""
        return self.instances == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """`extra` instances for all groups together; `span` from the largest group alone to all of them added up."""

    groups: tuple[GroupEstimate, ...]
    extra: int
    span: tuple[int, int]

    @property
    def all_excluded(self) -> bool:
        """Whether tasks wait and every one of them is left out."""
        return bool(self.groups) and all(group.is_excluded for group in self.groups)


NOTHING = Estimate(groups=(), extra=0, span=(0, 0))


def estimate(waiting: Iterable[tuple[TaskNeeds, int]], types: Sequence[Instance], rules: CapacityRules) -> Estimate:
    """The instances that waiting tasks need.

    Parameters
    ----------
    waiting : needs and numbers of tasks; equal needs are put together.
    types : one fresh instance of each type that the group may launch, at least one.
    """
    counts: dict[TaskNeeds, int] = {}
    for needs, count in waiting:
        if count:
            counts[needs] = counts.get(needs, 0) + count
    if not counts:
        return NOTHING
    ordered = sorted(types, key=_size)
    groups = tuple(_group(needs, count, ordered[0], ordered[-1], rules) for needs, count in counts.items())
    added, largest = sum(group.instances for group in groups), max(group.instances for group in groups)
    return Estimate(groups=groups, extra=added if rules.groups is Groups.SUM else largest, span=(largest, added))


def room_for(needs: TaskNeeds, instance: Instance) -> tuple[int, str]:
    """How many copies fit on a fresh instance, and which resource decides.

    A task that asks for nothing that could run out is counted once an instance.
    """
    left = instance.remaining
    assert left is not None, "types are read with their size"
    room: dict[str, int] = {}
    if needs.cpu:
        room["vCPU"] = left.cpu // needs.cpu
    if needs.memory:
        room["memory"] = left.memory // needs.memory
    if needs.eni and instance.enis is not None:
        room["network interfaces"] = instance.enis
    if needs.tcp or needs.udp:
        taken = instance.tcp.intersection(needs.tcp) or instance.udp.intersection(needs.udp) or needs.clash
        room["host ports"] = 0 if taken else 1
    if needs.gpu:
        room["GPUs"] = left.gpu // needs.gpu
    if not room:
        return 1, "nothing"
    limit = min(room, key=lambda name: room[name])
    return room[limit], limit


def _group(needs: TaskNeeds, count: int, smallest: Instance, largest: Instance, rules: CapacityRules) -> GroupEstimate:
    fits, short = room_for(needs, smallest)
    each, limit = room_for(needs, largest)
    if not fits and rules.oversize is Oversize.EXCLUDED:
        each, limit = 0, short
    elif not each and rules.oversize is Oversize.COUNTED:
        return GroupEstimate(needs=needs, count=count, each=1, instances=count, limit=limit)
    instances = -(-count // each) if each else 0
    return GroupEstimate(needs=needs, count=count, each=each, instances=instances, limit=limit)


def _size(instance: Instance) -> tuple[int, int, int, int, int]:
    """The documented order of types: vCPU, memory, network interfaces, ports, GPUs."""
    left = instance.remaining
    assert left is not None, "types are read with their size"
    return left.cpu, left.memory, instance.enis or 0, -len(instance.tcp), left.gpu
