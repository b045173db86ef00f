"""The same question asked of real instances and tasks: place what fits, wait with the rest, estimate, measure.

The placement simulator places; what it refuses waits in PROVISIONING, at most 500 tasks a cluster, and is what M is
estimated from. Tasks of a launch type are placed too, and never seen by the provider. Source: facts 2.7, 3.1, 3.3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from simulator import reading
from simulator.capacity.estimate import Estimate, GroupEstimate, estimate
from simulator.capacity.group import read_types
from simulator.capacity.managed import (
    CLOCK_FIELDS,
    MANAGED_SCALING,
    SCALING_FIELDS,
    SIZE_FIELDS,
    conclusion,
    read_clock,
    read_settings,
)
from simulator.capacity.reservation import Measure, Settings, measure
from simulator.capacity.rules import CapacityRules, NoRoom, Reservation
from simulator.capacity.strategy import given
from simulator.container_instance import read_instances, with_task
from simulator.errors import InputError
from simulator.model import Cluster, Instance
from simulator.placement.decide import needs_of
from simulator.placement.index import place_many
from simulator.placement.request import Request
from simulator.placement.scenario import read_request
from simulator.task_needs import placed_task

MOST_PROVISIONING = 500  # tasks of Auto Scaling group providers that wait in one cluster
MOST_VERDICTS = 2_000_000
MOST_GROUPS = 50
TASK_FIELDS = ("taskDefinition", "count", "group", "launchType", "placementStrategy", "placementConstraints")
FIELDS = (
    "instances", "instanceTypes", "tasks", "daemonGroups", "seed", MANAGED_SCALING, *SCALING_FIELDS, *SIZE_FIELDS,
    *CLOCK_FIELDS,
)  # fmt: skip

# E11 and E2 of the facts; (NAME) stands for the service.
LIMIT_EVENT = (
    "service (NAME) was unable to place tasks in your cluster because the tasks provisioning capacity limit was "
    "exceeded."
)
NO_ROOM_EVENT = "service (NAME) was unable to place a task because no container instance met all of its requirements."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """What became of the tasks: numbers for each entry of `tasks`."""

    cluster: Cluster
    placed: int
    waiting: tuple[tuple[Request, int], ...]
    invisible: int  # of a launch type, without room
    refused: int  # beyond the limit, or failed under a belief


def fleet_answer(document: Mapping[str, Any], rules: CapacityRules) -> dict[str, Any]:
    """M, the metric and the size, from instances and the tasks that want to run on them.

    Parameters
    ----------
    document : `instances` (as for placement), `tasks` (a list of task definitions with a `count`; with `launchType`
        no provider sees them), `instanceTypes` of the group, `daemonGroups`, and the fields of `managedScaling`.
    """
    reading.known_fields(document, "", FIELDS)
    instances = read_instances(given(document, "instances", ()))
    requests = _requests(document, len(instances))
    types = _types(document, instances)
    daemons = _daemons(document)
    settings = read_settings(document)
    outcome = _placed(Cluster(instances=instances), requests, rules)
    waiting = [(needs_of(request), count) for request, count in outcome.waiting]
    found = estimate(waiting, types, rules)
    point = _measured(outcome.cluster, found, daemons, settings, rules, types)
    answer = conclusion(point, settings, read_clock(document), rules)
    answer |= {
        "extra": found.extra,
        "empty": len(empty_instances(outcome.cluster.instances, daemons)),
        "placed": outcome.placed,
        "provisioning": sum(count for _, count in outcome.waiting),
        "groups": [_shown(group) for group in found.groups],
    }
    if found.span[0] < found.span[1]:
        answer |= {
            "open": True,
            "extraRange": list(found.span),
            "note": "AWS does not say how the estimates of several groups of waiting tasks are put together; here they "
            "are added up.",
        }
    if outcome.refused:
        answer |= {"refused": outcome.refused, "event": LIMIT_EVENT}
    if outcome.invisible:
        answer |= {"invisible": outcome.invisible, "event": NO_ROOM_EVENT}
    return answer


def empty_instances(instances: Sequence[Instance], daemons: frozenset[str]) -> tuple[Instance, ...]:
    """The ACTIVE instances that run nothing but daemon tasks."""
    return tuple(
        one
        for one in instances
        if one.status == "ACTIVE" and not [group for group in one.tasks if group not in daemons]
    )


def cpu_reservation(instances: Sequence[Instance], registered: int) -> Fraction:
    """The belief: CPU units that tasks reserve, in percent of what the instances registered."""
    whole = sum(one.registered.cpu if one.registered else registered for one in instances)
    left = sum(one.remaining.cpu if one.remaining else 0 for one in instances)
    return Fraction(100 * (whole - left), whole) if whole else Fraction(100)


def _requests(document: Mapping[str, Any], instances: int) -> list[tuple[Request, bool]]:
    """What is asked for, and whether the provider sees it."""
    raw = reading.items(given(document, "tasks", ()), "tasks", most=MOST_GROUPS)
    seed = reading.whole(given(document, "seed", 1), "seed", low=0, high=2**53)
    requests: list[tuple[Request, bool]] = []
    for i, entry in enumerate(raw):
        path = f"tasks[{i}]"
        entry = reading.mapping(entry, path)
        reading.known_fields(entry, path, TASK_FIELDS)
        if entry.get("launchType") is not None:
            reading.choice(entry["launchType"], f"{path}.launchType", ("EC2",))
        request = read_request({**entry, "schedulingStrategy": "REPLICA"}, path, seed)
        requests.append((request, entry.get("launchType") is None))
    asked = sum(request.count for request, _ in requests)
    if asked * instances > MOST_VERDICTS:
        raise InputError(
            f"{asked} tasks on {instances} instances are more than {MOST_VERDICTS} verdicts; ask for fewer.",
            path="tasks",
        )
    return requests


def _types(document: Mapping[str, Any], instances: tuple[Instance, ...]) -> tuple[Instance, ...]:
    """The group's types; where nobody names them, those that run already."""
    if document.get("instanceTypes") is not None:
        return read_types(document["instanceTypes"], "instanceTypes")
    known = tuple({one.type: None for one in instances if one.registered is not None})
    if not known:
        raise InputError(
            "No instance type is known to estimate with; give instanceTypes, such as "
            '["m5.large"] or [{"cpu": 2048, "memory": 3768}].',
            path="instanceTypes",
        )
    return read_types(known, "instanceTypes")


def _daemons(document: Mapping[str, Any]) -> frozenset[str]:
    raw = reading.items(given(document, "daemonGroups", ()), "daemonGroups", most=MOST_GROUPS)
    return frozenset(reading.name(entry, f"daemonGroups[{i}]") for i, entry in enumerate(raw))


def _placed(cluster: Cluster, requests: Sequence[tuple[Request, bool]], rules: CapacityRules) -> _Outcome:
    placed = refused = invisible = waits = 0
    waiting: list[tuple[Request, int]] = []
    for request, seen in requests:
        where = place_many(cluster, [request])
        cluster = _with_tasks(cluster, request, where)
        placed += sum(one is not None for one in where)
        left = where.count(None)
        if not seen and not rules.launch_type_counts:
            invisible += left
            continue
        kept = min(left, MOST_PROVISIONING - waits) if rules.no_room is NoRoom.PROVISIONING else 0
        waiting.append((request, kept))
        waits += kept
        refused += left - kept
    return _Outcome(cluster=cluster, placed=placed, waiting=tuple(waiting), invisible=invisible, refused=refused)


def _with_tasks(cluster: Cluster, request: Request, where: Sequence[str | None]) -> Cluster:
    needs = needs_of(request)
    at = {instance.id: instance for instance in cluster.instances}
    for number, name in enumerate(where, start=1):
        if name is not None:
            at[name] = with_task(at[name], placed_task(needs, number=number, group=request.group, instance=name))
    return Cluster(instances=tuple(at.values()))


def _measured(
    cluster: Cluster,
    found: Estimate,
    daemons: frozenset[str],
    settings: Settings,
    rules: CapacityRules,
    types: Sequence[Instance],
) -> Measure:
    active = [one for one in cluster.instances if one.status == "ACTIVE"]
    if rules.reservation is Reservation.CPU:
        assert types[0].remaining is not None, "types are read with their size"
        return Measure(running=len(active), needed=None, reservation=cpu_reservation(active, types[0].remaining.cpu))
    empty = len(empty_instances(active, frozenset() if rules.daemon_keeps else daemons))
    return measure(len(active), found.extra, empty, settings, rules, excluded=found.all_excluded)


def _shown(group: GroupEstimate) -> dict[str, Any]:
    needs = group.needs
    shown: dict[str, Any] = {"cpu": needs.cpu, "memory": needs.memory, "count": group.count}
    if group.is_excluded:
        return shown | {
            "excluded": True,
            "reason": f"It does not fit the smallest instance type: {group.limit}. It is left out of the estimate and "
            "stays in PROVISIONING.",
        }
    return shown | {"perInstance": group.each, "instances": group.instances, "limit": group.limit}
