"""What happens in a placement run: small events, the state after each, and their JSON form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator.container_instance import with_task, without_task
from simulator.model import Cluster, Instance, PlacedTask

KINDS = ("placed", "refused", "stopped", "moved-start", "moved-stop", "changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened.

    `job` is the position of the request that it belongs to. `placed` and `moved-start` carry the task that came,
    `stopped` and `moved-stop` the id of the one that went, `changed` what the learner did. `task` is the number of
    the task that was placed or refused. `note` says why where no decision does.
    """

    kind: str
    job: int
    group: str | None = None
    task: int | None = None
    instance: str | None = None
    placed: PlacedTask | None = None
    stopped: str | None = None
    change: Mapping[str, Any] | None = None
    note: str | None = None


def apply(state: Cluster, event: Event) -> Cluster:
    """The state after an event."""
    if event.placed is not None:
        task = event.placed
        return Cluster(
            instances=_swap(state.instances, task.instance, lambda instance: with_task(instance, task)),
            tasks=(*state.tasks, task),
        )
    if event.stopped is not None:
        gone = next(task for task in state.tasks if task.id == event.stopped)
        return Cluster(
            instances=_swap(state.instances, gone.instance, lambda instance: without_task(instance, gone)),
            tasks=tuple(task for task in state.tasks if task is not gone),
        )
    if event.change is not None:
        return _changed(state, event.change)
    return state


def event_to_dict(event: Event) -> dict[str, Any]:
    """The event as JSON; what is None is left out."""
    document: dict[str, Any] = {"kind": event.kind, "job": event.job}
    for name in ("group", "task", "instance", "stopped", "note"):
        if getattr(event, name) is not None:
            document[name] = getattr(event, name)
    if event.change is not None:
        document["change"] = dict(event.change)
    if event.placed is not None:
        task = event.placed
        document["placed"] = {
            "id": task.id, "number": task.number, "group": task.group, "instance": task.instance, "cpu": task.cpu,
            "memory": task.memory, "gpu": task.gpu, "tcp": list(task.tcp), "udp": list(task.udp), "eni": task.eni,
        }  # fmt: skip
    return document


def event_from_dict(document: Mapping[str, Any]) -> Event:
    """The event that `event_to_dict` wrote."""
    placed = document.get("placed")
    fields: dict[str, Any] = {**document, "placed": None if placed is None else _task_from_dict(placed)}
    return Event(**fields)


def _task_from_dict(document: Mapping[str, Any]) -> PlacedTask:
    fields: dict[str, Any] = {name: value for name, value in document.items() if name not in ("tcp", "udp")}
    return PlacedTask(**fields, tcp=tuple(document["tcp"]), udp=tuple(document["udp"]))


def _swap(instances: tuple[Instance, ...], name: str, change: Callable[[Instance], Instance]) -> tuple[Instance, ...]:
    for i, instance in enumerate(instances):
        if instance.id == name:
            return (*instances[:i], change(instance), *instances[i + 1 :])
    raise KeyError(name)


def _changed(state: Cluster, change: Mapping[str, Any]) -> Cluster:
    if "terminate" in change:
        name = change["terminate"]
        return Cluster(
            instances=tuple(instance for instance in state.instances if instance.id != name),
            tasks=tuple(task for task in state.tasks if task.instance != name),
        )
    name = change.get("instance")
    if name is None or all(instance.id != name for instance in state.instances):
        return state
    if "status" in change:
        return replace(state, instances=_swap(state.instances, name, lambda i: replace(i, status=change["status"])))
    connected = change["agentConnected"]
    return replace(state, instances=_swap(state.instances, name, lambda i: replace(i, agent_connected=connected)))
