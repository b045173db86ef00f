"""What people read: reasons, the least change, and AWS's service events and failures. Source: facts 1.4, 1.5."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.instance_types import can_trunk
from simulator.model import Instance
from simulator.placement.query import explain_mismatch

if TYPE_CHECKING:
    from simulator.placement.decision import Decision, Shortfall, Verdict
    from simulator.placement.request import Strategy

_UNABLE = "was unable to place a task because no container instance met all of its requirements."


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to change: `kind` names it, `amount` says how much or which, `sentence` is an imperative clause."""

    kind: str
    amount: Any
    sentence: str


def failure_sentence(shortfall: Shortfall, instance: Instance) -> str:
    """One failed rule with its numbers."""
    return REASONS[shortfall.rule](shortfall, instance)


def least_change(shortfall: Shortfall, instance: Instance) -> Change:
    """The least that would mend this one failed rule."""
    return CHANGES[shortfall.rule](shortfall, instance)


def changes_sentence(instance: Instance, changes: Sequence[Change]) -> str:
    """All changes that one instance needs, as one sentence."""
    clauses = [change.sentence for change in changes]
    return f"On {instance.id}: {'; '.join(clauses)}."


def verdict_sentence(verdict: Verdict) -> str:
    """Why an instance can not take the task, or that it can."""
    if verdict.shortfalls:
        return " ".join(failure.sentence for failure in verdict.failures)
    return "It passes every filter."


def decision_sentence(decision: Decision) -> str:
    """Where the task goes, and what decided."""
    if decision.chosen is None:
        if decision.overruled:
            return decision.overruled
        if not decision.verdicts:
            return f"Task {decision.task} is not placed: the cluster has no instance."
        return f"Task {decision.task} is not placed: no instance passes every filter. {decision.nearest_change}"
    candidates = len(decision.candidates)
    if candidates == 1:
        return f"Task {decision.task} goes to {decision.chosen}, the only instance that passes every filter."
    ties = len(decision.tied)
    why = f"the best of {candidates} by {_chain(decision)}"
    if ties > 1:
        why += f"; {ties} were equally good, and our tie-break took it (AWS does not publish its own)"
    return f"Task {decision.task} goes to {decision.chosen}, {why}."


def service_event(group: str, closest: Verdict | None) -> str:
    """The service event for a task that no instance could take (facts 1.5)."""
    name = group.removeprefix("service:")
    first = f"service {name} {_UNABLE}"
    if closest is None:
        return first
    frame = f"{first} The closest matching container-instance {closest.instance.id}"
    match closest.shortfalls[0].rule:
        case "status":  # AWS documents no text for an instance that is not ACTIVE
            return first
        case "cpu":
            return f"{frame} has insufficient CPU units available."
        case "memory":
            return f"{frame} has insufficient memory available."
        case "ports":
            return f"{frame} is already using a port required by your task."
        case "attributes":
            return f"{frame} is missing an attribute required by your task."
        case _:
            return f'{frame} encountered error "{closest.reasons[0]}".'


def run_task_failures(verdicts: Sequence[Verdict]) -> str:
    """RunTask's `failures`, one reason for each instance, as the console writes them."""
    reasons = ", ".join(f'"{verdict.reasons[0]}"' for verdict in verdicts if verdict.shortfalls)
    return f"Reasons : [{reasons}]"


def unknown_eni(instance: Instance) -> str:
    """That a limit was not checked because nobody knows it."""
    kind = f"its type “{instance.type}” is not known" if instance.type else "it names no instanceType"
    return f"How many network interfaces {instance.id} can attach was not checked: {kind}."


def unknown_gpu(instance: Instance) -> str:
    """That a type nobody knows was taken to have no GPU."""
    return (
        f"Whether {instance.id} has GPUs is not known, its type “{instance.type}” being unknown; none was counted, "
        "and remaining.gpu can give them."
    )


def unable_to_scale_in(group: str) -> str:
    """The event when protected tasks stand in the way of a scale-in (facts 1.5)."""
    return (
        f"(service {group.removeprefix('service:')}) unable to scale in. "
        "Reason: The number of protected tasks are more than the desired count of tasks."
    )


def strategy_words(kind: str, field: str | None) -> str:
    """A strategy as people name it."""
    return kind if field is None else f"{kind} on {field.removeprefix('attribute:')}"


def key_name(strategy: Strategy, group: str) -> str:
    """What a ranking key counts; the smallest wins."""
    field = (strategy.field or "").removeprefix("attribute:")
    match strategy.type:
        case "binpack":
            return "CPU units left" if field == "cpu" else "MiB of memory left"
        case "spread":
            where = {"instanceId": "on the instance", "ecs.availability-zone": "in its zone"}
            return f"tasks of {group} {where.get(field, f'where {field} is the same')}"
        case _:
            return "random draw"


def _chain(decision: Decision) -> str:
    if not decision.strategies:
        return "order of registration"
    return ", then ".join(strategy_words(strategy.type, strategy.field) for strategy in decision.strategies)


def _ports_sentence(shortfall: Shortfall) -> str:
    if shortfall.detail == "clash":
        return f"Host port {_listed(shortfall.need)} is wanted by two containers of the task itself."
    if shortfall.detail == "limit":
        return (
            f"Host ports: the task reserves {shortfall.need}, and {shortfall.have} of the 100 that an instance "
            "may reserve are left."
        )
    many = len(shortfall.need) > 1
    return f"Host port{'s' if many else ''} {_listed(shortfall.need)} {'are' if many else 'is'} taken."


def _ports_change(shortfall: Shortfall) -> Change:
    if shortfall.detail == "clash":
        return Change("ports", shortfall.need, "give the task's containers different host ports")
    if shortfall.detail == "limit":
        amount = shortfall.need - shortfall.have
        return Change("ports", amount, f"release {amount} reserved host port{'s' if amount > 1 else ''}")
    ports, dynamic = ("ports", "dynamic ones") if len(shortfall.need) > 1 else ("port", "a dynamic one")
    return Change("ports", shortfall.need, f"free host {ports} {_listed(shortfall.need)}, or use {dynamic}")


def _type(instance: Instance) -> str:
    return f"a {instance.type}" if instance.type else "it"


def _listed(words: Sequence[Any]) -> str:
    written = [str(word) for word in words]
    return written[0] if len(written) == 1 else f"{', '.join(written[:-1])} and {written[-1]}"


def _location(shortfall: Shortfall, instance: Instance) -> str:
    place = f"It is in {instance.zone}" if instance.zone else "Its zone is not known"
    return f"{place}, and the task's subnets are in {_listed(shortfall.need)}."


def _eni(_: Shortfall, instance: Instance) -> str:
    return f"Network interfaces: the task needs its own, and all that {_type(instance)} can attach are in use."


def _distinct(shortfall: Shortfall, _: Instance) -> str:
    whose = "a task" if shortfall.detail is None else f"a task of {shortfall.detail}"
    return f"It already runs {whose}, and distinctInstance allows one."


def _member_of(shortfall: Shortfall, instance: Instance) -> str:
    return " ".join(explain_mismatch(constraint.query, instance) for constraint in shortfall.detail)


def _amount(shortfall: Shortfall, unit: str) -> Change:
    missing = shortfall.need - shortfall.have
    return Change(shortfall.rule, missing, f"free {missing} more {unit}{'s' if unit == 'GPU' and missing > 1 else ''}")


def _location_change(_: Shortfall, instance: Instance) -> Change:
    zone = instance.zone
    return Change("location", zone, f"add a subnet in {zone} to the task" if zone else "say in which zone it is")


def _eni_change(_: Shortfall, instance: Instance) -> Change:
    trunk = can_trunk(instance.type) and not instance.eni_trunking
    return Change("eni", 1, f"stop one task with its own interface{', or turn on trunking' if trunk else ''}")


def _distinct_change(shortfall: Shortfall, _: Instance) -> Change:
    whose = "the tasks on it" if shortfall.detail is None else f"the task of {shortfall.detail} on it"
    return Change("distinctInstance", shortfall.have, f"stop {whose}")


def _member_of_change(shortfall: Shortfall, _: Instance) -> Change:
    expressions = _listed([f"`{expression}`" for expression in shortfall.need])
    whose = _listed(tuple(dict.fromkeys(f"the {constraint.source}'s" for constraint in shortfall.detail)))
    plural = len(shortfall.need) > 1
    sentence = f"make {expressions} hold, or change {whose} constraint{'s' if plural else ''}"
    return Change("memberOf", shortfall.need, sentence)


# One entry for each filter of `simulator.placement.filters`, by its name.
REASONS: dict[str, Callable[[Shortfall, Instance], str]] = {
    "status": lambda s, _: f"Its status is {s.have}: only ACTIVE instances get new tasks.",
    "agent": lambda _s, _: "Its agent is disconnected: the scheduler cannot reach it.",
    "attributes": lambda s, _: f"It lacks what the task definition requires: {', '.join(s.need)}.",
    "location": _location,
    "cpu": lambda s, _: f"CPU: the task needs {s.need} units, {s.have} are left.",
    "memory": lambda s, _: f"Memory: the task needs {s.need} MiB, {s.have} MiB are left.",
    "ports": lambda s, _: _ports_sentence(s),
    "eni": _eni,
    "gpu": lambda s, _: f"GPU: the task needs {s.need}, {s.have} {'is' if s.have == 1 else 'are'} left.",
    "memberOf": _member_of,
    "distinctInstance": _distinct,
    "daemon": lambda s, _: f"It already runs its task of {s.detail}: a daemon service keeps exactly one.",
}

CHANGES: dict[str, Callable[[Shortfall, Instance], Change]] = {
    "status": lambda _s, _: Change("status", "ACTIVE", "set its status to ACTIVE"),
    "agent": lambda _s, _: Change("agent", "connected", "reconnect its agent"),
    "attributes": lambda s, _: Change("attributes", s.need, f"give it {_listed(s.need)}"),
    "location": _location_change,
    "cpu": lambda s, _: _amount(s, "CPU units"),
    "memory": lambda s, _: _amount(s, "MiB of memory"),
    "ports": lambda s, _: _ports_change(s),
    "eni": _eni_change,
    "gpu": lambda s, _: _amount(s, "GPU"),
    "memberOf": _member_of_change,
    "distinctInstance": _distinct_change,
    "daemon": lambda s, _: Change("daemon", s.have, "nothing: the task it should have runs already"),
}
