"""The terminal's subjects of placement: `query`, `placement` and `scale-in`, documents in and answers out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from simulator import reading
from simulator.container_instance import MOST_AMOUNT, MOST_TASKS, read_instances
from simulator.errors import InputError
from simulator.model import Cluster, Instance, PlacedTask
from simulator.placement import wording
from simulator.placement.decide import needs_of
from simulator.placement.decision import Decision, Verdict
from simulator.placement.query import matches
from simulator.placement.request import Request, read_query, read_strategies, strategies_to_list
from simulator.placement.rules import PlacementRules
from simulator.placement.run import Event, apply, explain, simulate
from simulator.placement.scale_in import StopDecision, choose_to_stop
from simulator.placement.scenario import MOST_SEED
from simulator.trace import Trace

MOST_EXPLAINED = 100_000


def query_answer(document: Mapping[str, Any], rules: PlacementRules) -> dict[str, Any]:  # noqa: ARG001
    """`{"expression", "instances"}` -> `{"matches": [ec2InstanceId…]}` in the order given. No rule changes it."""
    document = reading.mapping(document, "")
    reading.known_fields(document, "", ("expression", "instances"))
    expression = document.get("expression")
    if expression is None:
        raise InputError("There is no expression; give the query, such as attribute:stack == prod.", path="expression")
    query = read_query(expression, "expression")
    if document.get("instances") is None:
        raise InputError("There is no list of instances; give instances, if need be an empty list.", path="instances")
    instances = read_instances(document["instances"], sized=False)
    return {"matches": [instance.id for instance in instances if matches(query, instance)]}


def placement_answer(document: Mapping[str, Any], rules: PlacementRules) -> dict[str, Any]:
    """Where each task goes. With `explain`, `steps` has each instance's verdict; with `requests`, also the stops.

    `failures` holds, for each task that is not placed, every true reason of every instance; the first is the one
    that would be reported. `notes` is there only when something
    could not be checked, or a scale-in or rebalancing came to nothing.
    """
    trace = simulate(document, rules)
    placements: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []
    stops: list[dict[str, Any]] = []
    known: tuple[Event, dict[str, list[str]]] | None = None
    for k, event in enumerate(trace.events):
        if event.placed is not None:
            placements.append({"task": event.task, "ec2InstanceId": event.instance})
        elif event.stopped is not None:
            stops.append({"task": event.stopped, "ec2InstanceId": event.instance})
        elif event.kind == "refused" and event.note is None:
            if known is None or known[0].job != event.job or known[0].instance != event.instance:
                reasons: dict[str, list[str]] = explain(trace, k).reasons  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
                known = (event, reasons)
            failures.append({"task": event.task, "reasons": known[1]})
            continue
        known = None
    answer: dict[str, Any] = {"placements": placements, "failures": failures}
    if document.get("requests") is not None:
        answer["stops"] = stops
    notes = [*_notes(trace), *(event.note for event in trace.events if event.note is not None)]
    if notes:
        answer["notes"] = notes
    if trace.context.explain:
        answer["steps"] = _steps(trace)
    return answer


def scale_in_answer(document: Mapping[str, Any], rules: PlacementRules) -> dict[str, Any]:
    """Which tasks stop; `open` says whether AWS leaves the choice among equals open.

    Protected tasks (`"protectionEnabled": true`) are never chosen; if too few others are left, `event` has AWS's text.
    """
    document = reading.mapping(document, "")
    known = ("instances", "tasks", "count", "group", "placementStrategy", "seed", "explain")
    reading.known_fields(document, "", known)
    strategies = read_strategies(document.get("placementStrategy"))
    cluster = _cluster_with_tasks(document, strategies_to_list(strategies))
    group = _group(document, cluster)
    running = sum(task.group == group for task in cluster.tasks)
    count = reading.whole(_given(document, "count", 1), "count", low=0, high=MOST_TASKS)
    if count > running:
        runs = f"1 task of “{group}” runs" if running == 1 else f"{running} tasks of “{group}” run"
        raise InputError(f"count is {count}, and only {runs}.", path="count")
    seed = reading.whole(_given(document, "seed", 1), "seed", low=0, high=MOST_SEED)
    stops: list[str] = []
    ties: list[tuple[str, ...]] = []
    steps: list[dict[str, Any]] = []
    for _ in range(count):
        decision = choose_to_stop(cluster, group, strategies, rules, seed=seed)
        steps.append(stop_to_dict(decision))
        if decision.chosen is None:
            break
        stops.append(decision.chosen)
        ties.append(decision.tied)
        cluster = _without(cluster, decision.chosen)
    # A tie matters only if not all of its tasks stop in the end.
    answer: dict[str, Any] = {"stop": stops, "open": any(set(tied) - set(stops) for tied in ties)}
    if len(stops) < count:
        answer["event"] = wording.unable_to_scale_in(group)
    if reading.flag(_given(document, "explain", False), "explain"):
        answer["steps"] = steps
    return answer


def decision_to_dict(decision: Decision) -> dict[str, Any]:
    """A decision as JSON: every instance's verdict, what was chosen, and why."""
    return {
        "task": decision.task,
        "chosen": decision.chosen,
        "sentence": decision.sentence,
        "strategies": strategies_to_list(decision.strategies),
        "keyNames": list(decision.key_names),
        "tied": list(decision.tied),
        "closest": decision.closest.instance.id if decision.closest else None,
        "event": decision.event,
        "leastChange": decision.nearest_change,
        "verdicts": [_verdict_to_dict(verdict) for verdict in decision.verdicts],
    }


def stop_to_dict(decision: StopDecision) -> dict[str, Any]:
    """A stop as JSON: every task of the group with its keys."""
    return {
        "stop": decision.chosen,
        "sentence": decision.sentence,
        "strategies": strategies_to_list(decision.strategies),
        "tied": list(decision.tied),
        "tasks": [
            {
                "taskArn": verdict.task.id,
                "ec2InstanceId": verdict.task.instance,
                "protectionEnabled": verdict.task.protected,
                "keys": None if verdict.keys is None else list(verdict.keys),
            }
            for verdict in decision.verdicts
        ],
    }


ANSWERS: Mapping[str, Callable[[Mapping[str, Any], PlacementRules], dict[str, Any]]] = {
    "query": query_answer,
    "placement": placement_answer,
    "scale-in": scale_in_answer,
}


def _verdict_to_dict(verdict: Verdict) -> dict[str, Any]:
    return {
        "ec2InstanceId": verdict.instance.id,
        "fits": verdict.fits,
        "sentence": verdict.sentence,
        "reasons": list(verdict.reasons),
        "failures": [
            {
                "rule": failure.rule,
                "reason": failure.reason,
                "sentence": failure.sentence,
                "need": _plain(failure.need),
                "have": _plain(failure.have),
                "change": {"kind": failure.change.kind, "amount": _plain(failure.change.amount)},
            }
            for failure in verdict.failures
        ],
        "keys": None if verdict.keys is None else list(verdict.keys),
        "leastChange": verdict.least_change,
    }


def _notes(trace: Trace[Cluster, Event]) -> list[str]:
    """What no step could check; the same for every step of a request."""
    asked = [needs_of(job, trace.rules) for job in trace.context.jobs if isinstance(job, Request)]
    instances = trace.context.cluster.instances
    notes: list[str] = []
    if any(needs.eni for needs in asked):
        notes += [wording.unknown_eni(instance) for instance in instances if instance.enis is None]
    if any(needs.gpu for needs in asked):
        notes += [wording.unknown_gpu(instance) for instance in instances if _has_unknown_gpus(instance)]
    return notes


def _has_unknown_gpus(instance: Instance) -> bool:
    return bool(instance.type and instance.registered is None and instance.remaining and not instance.remaining.gpu)


def _steps(trace: Trace[Cluster, Event]) -> list[dict[str, Any]]:
    instances = len(trace.context.cluster.instances)
    if len(trace) * instances > MOST_EXPLAINED:
        raise InputError(
            f"explain would give {len(trace) * instances} verdicts, and {MOST_EXPLAINED} are the most; ask for less.",
            path="explain",
        )
    steps: list[dict[str, Any]] = []
    for k, event in enumerate(trace.events):
        decision = explain(trace, k)
        step: dict[str, Any] = {"kind": event.kind}
        if isinstance(decision, Decision):
            step |= decision_to_dict(decision)
        elif isinstance(decision, StopDecision):
            step |= stop_to_dict(decision)
        else:
            step |= {"sentence": event.note, "change": event.change}
        steps.append(step)
    return steps


def _cluster_with_tasks(document: Mapping[str, Any], strategies: list[dict[str, str]]) -> Cluster:
    """The cluster of a scale-in: its tasks are those of the document's list, their resources taken already."""
    for name in ("instances", "tasks"):
        if document.get(name) is None:
            raise InputError(f"There is no list of {name}; give {name}.", path=name)
    fields = {strategy["field"] for strategy in strategies if strategy["type"] == "binpack"}
    instances = read_instances(document["instances"], sized=bool(fields))
    names = {instance.id: instance for instance in instances}
    raw = reading.items(document["tasks"], "tasks", most=MOST_TASKS)
    tasks = tuple(_task(entry, f"tasks[{i}]", names, fields) for i, entry in enumerate(raw))
    seen: set[str] = set()
    for i, task in enumerate(tasks):
        if task.id in seen:
            raise InputError(f"tasks[{i}].taskArn is “{task.id}” again; each task needs its own.", path=f"tasks[{i}]")
        seen.add(task.id)
    counts: dict[str, dict[str, int]] = {}
    for task in tasks:
        groups = counts.setdefault(task.instance, {})
        groups[task.group] = groups.get(task.group, 0) + 1
    listed = {task.group for task in tasks}
    return Cluster(
        instances=tuple(_counted(instance, counts.get(instance.id, {}), listed) for instance in instances), tasks=tasks
    )


def _counted(instance: Instance, counts: dict[str, int], listed: set[str]) -> Instance:
    """The instance with the listed tasks counted; of groups that the list does not name, its own counts stay."""
    others = {group: count for group, count in instance.tasks.items() if group not in listed}
    return replace(instance, tasks={**others, **counts})


def _task(entry: Any, path: str, instances: dict[str, Instance], fields: set[str]) -> PlacedTask:
    entry = reading.mapping(entry, path)
    reading.known_fields(entry, path, ("taskArn", "ec2InstanceId", "group", "cpu", "memory", "protectionEnabled"))
    host = reading.text(entry.get("ec2InstanceId"), f"{path}.ec2InstanceId")
    if host not in instances:
        where = f"{path}.ec2InstanceId"
        raise InputError(f"{where} is “{host}”, and there is no such instance.", path=where)
    for field in sorted(fields):
        if entry.get(field) is None:
            raise InputError(f"{path}.{field} is missing, and binpack on {field} needs it.", path=f"{path}.{field}")
        if instances[host].remaining is None:
            raise InputError(
                f"Instance “{host}” has no remaining {field}, and its type is not known; give remaining.",
                path="instances",
            )
    return PlacedTask(
        id=reading.text(entry.get("taskArn"), f"{path}.taskArn", longest=2048),
        number=0,
        group=reading.text(entry.get("group"), f"{path}.group"),
        instance=host,
        cpu=reading.whole(_given(entry, "cpu", 0), f"{path}.cpu", low=0, high=MOST_AMOUNT),
        memory=reading.whole(_given(entry, "memory", 0), f"{path}.memory", low=0, high=MOST_AMOUNT),
        protected=reading.flag(_given(entry, "protectionEnabled", False), f"{path}.protectionEnabled"),
    )


def _without(cluster: Cluster, name: str) -> Cluster:
    gone = next(task for task in cluster.tasks if task.id == name)
    return apply(cluster, Event(kind="stopped", job=0, group=gone.group, instance=gone.instance, stopped=name))


def _group(document: Mapping[str, Any], cluster: Cluster) -> str:
    if document.get("group") is not None:
        return reading.text(document["group"], "group")
    groups = sorted({task.group for task in cluster.tasks})
    if len(groups) != 1:
        raise InputError("There is no group; name the service or task group that shrinks.", path="group")
    return groups[0]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _given(document: Mapping[str, Any], name: str, default: Any) -> Any:
    value = document.get(name)
    return default if value is None else value
