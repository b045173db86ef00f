"""The document of one decision: the service's counts, what was scaled before, and one policy or several.

Beside the fields of a policy (`simulator.scaling.policies`) a document may have:

- `capacity`: tasks that run and are desired; `running` and `desired` (`runningCount`, `desiredCount`) where they differ
- `min`, `max` (`minCapacity`, `maxCapacity`): the scalable target's range; left out: no bound
- `metric`: the metric's value once its alarm has fired, null without data; or `dataPoints`: a value a minute, oldest
  first, of which the alarms are computed; or `messages`: what waits in the queue (over the running tasks: the backlog)
- `zeroGuard` (false): the metric math reads `IF(m2>0,m2,1)`, so that a backlog exists without a task too
- `policies`: several policies, each with a `metric` of its own; a policy's field beside it counts for each of them
- `sinceScaleOut`, `sinceScaleIn` (seconds, null: never) and `addedDuringCooldown`: the cooldowns' state
- `deploymentInProgress` (false), `deploymentController` ("ECS"), `suspendedState`
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.scaling.alarms import Seen, fired, watched
from simulator.scaling.policies import ALIASES, ALL_TYPES, Policy, fields_of, policy_type, read_policy, refuse_warmup
from simulator.scaling.rules import RULES, Backlog, ScalingRules
from simulator.scaling.situation import Situation
from simulator.scaling.spelling import spelled
from simulator.scaling.steps import MOST_METRIC

MOST_TASKS = 100_000  # ours
MOST_POLICIES = 50  # of a scalable target (facts 2.1)
MOST_POINTS = 1440  # ours: a day of minutes
MOST_AGO = 10_000_000  # ours, seconds

TARGET_ALIASES = {
    "minCapacity": "min",
    "maxCapacity": "max",
    "runningCount": "running",
    "desiredCount": "desired",
    **ALIASES,
}
COUNTS = ("capacity", "running", "desired", "min", "max")
STATE_FIELDS = (
    *COUNTS,
    "sinceScaleOut",
    "sinceScaleIn",
    "addedDuringCooldown",
    "deploymentInProgress",
    "deploymentController",
    "suspendedState",
)
SEEN_FIELDS = ("metric", "dataPoints", "messages", "zeroGuard")
SUSPENDED_FIELDS = ("dynamicScalingInSuspended", "dynamicScalingOutSuspended", "scheduledScalingSuspended")
CONTROLLERS = ("ECS", "CODE_DEPLOY", "EXTERNAL")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A document, read: what `decide` needs."""

    now: Situation
    policies: tuple[Policy, ...]
    seen: tuple[Seen, ...]


def read_question(document: Mapping[str, Any], rules: ScalingRules = RULES) -> Question:
    """Read a document of target tracking and step policies.

    Parameters
    ----------
    document : spelled in lowerCamelCase already (`spelled` with `TARGET_ALIASES`).

    Raises
    ------
    InputError
        With one sentence that names the field.
    """
    written = _written_policies(document)
    now = read_situation(document)
    policies: list[Policy] = []
    seen: list[Seen] = []
    for number, (path, one) in enumerate(written, start=1):
        settings = {name: value for name, value in one.items() if name not in SEEN_FIELDS}
        policy = read_policy(settings, path, number=number)
        policies.append(policy)
        seen.append(_seen(policy, one, path, now, rules))
    names = [policy.name for policy in policies]
    for number, name in enumerate(names):
        if name in names[:number]:
            where = f"policies[{number}].policyName"
            raise InputError(f"{where} is {reading.shown(name)} again; give each policy its own name.", path=where)
    return Question(now=now, policies=tuple(policies), seen=tuple(seen))


def read_situation(document: Mapping[str, Any]) -> Situation:
    """The service and its scalable target.

    Raises
    ------
    InputError
        If no count is given, or a number is out of its range.
    """
    given = {
        name: reading.whole(document[name], name, low=0, high=MOST_TASKS)
        for name in COUNTS
        if document.get(name) is not None
    }
    if not any(name in given for name in COUNTS[:3]):
        raise InputError("capacity is missing; say how many tasks run, such as 10.", path="capacity")
    desired = given.get("desired", given.get("capacity", given.get("running", 0)))
    running = given.get("running", given.get("capacity", desired))
    minimum, maximum = read_range(given.get("min", 0), given.get("max", MOST_TASKS))
    since_out, since_in = (
        None if document.get(name) is None else reading.whole(document[name], name, low=0, high=MOST_AGO)
        for name in ("sinceScaleOut", "sinceScaleIn")
    )
    added = reading.whole(document.get("addedDuringCooldown", 0), "addedDuringCooldown", low=0, high=desired)
    suspended = read_suspended(document.get("suspendedState", {}), "suspendedState")
    controller = reading.choice(document.get("deploymentController", "ECS"), "deploymentController", CONTROLLERS)
    deploying = reading.flag(document.get("deploymentInProgress", False), "deploymentInProgress")
    return Situation(
        running=running,
        desired=desired,
        minimum=minimum,
        maximum=maximum,
        since_out=since_out,
        added=added,
        since_in=since_in,
        # The pause of scale-in is not for services with an external deployment controller (facts 2.1).
        deploying=deploying and controller != "EXTERNAL",
        in_suspended=suspended["dynamicScalingInSuspended"],
        out_suspended=suspended["dynamicScalingOutSuspended"],
        scheduled_suspended=suspended["scheduledScalingSuspended"],
    )


def read_range(minimum: int, maximum: int, path: str = "") -> tuple[int, int]:
    """The scalable target's range, in the right order."""
    if minimum > maximum:
        where = reading.join(path, "min")
        raise InputError(f"{where} is {minimum} and max is {maximum}; min must not be above max.", path=where)
    return minimum, maximum


def read_suspended(value: Any, path: str) -> dict[str, bool]:
    """SuspendedState; what is left out is false."""
    document = spelled(value, path)
    reading.known_fields(document, path, SUSPENDED_FIELDS)
    return {name: reading.flag(document.get(name, False), f"{path}.{name}") for name in SUSPENDED_FIELDS}


def _written_policies(document: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The policies as they are written, each with the fields beside `policies` that concern it."""
    beside = {name: value for name, value in document.items() if name not in (*STATE_FIELDS, "policies")}
    if "policies" not in document:
        refuse_warmup(document, "")
        known = fields_of(policy_type(document, "", ALL_TYPES))
        reading.known_fields(document, "", (*STATE_FIELDS, *SEEN_FIELDS, *known, "policies"))
        return [("", beside)]
    entries = reading.items(document["policies"], "policies", most=MOST_POLICIES)
    if not entries:
        raise InputError("policies is empty; give at least one policy.", path="policies")
    written: list[tuple[str, dict[str, Any]]] = []
    used: set[str] = set()
    for at, entry in enumerate(entries):
        path = f"policies[{at}]"
        one = spelled(entry, path, ALIASES)
        kind = policy_type({**beside, **one}, path)
        shared = _concerning(beside, one, kind)
        used |= shared.keys()
        written.append((path, {**shared, **one}))
    reading.known_fields({name: 0 for name in beside if name not in used}, "", (*STATE_FIELDS, "policies"))
    return written


def _concerning(beside: Mapping[str, Any], one: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The fields beside `policies` that a policy of this type may have; what it sees is its own if it says so."""
    known = set(fields_of(kind)) - {"policyName"}
    if not any(name in one for name in SEEN_FIELDS):
        known |= set(SEEN_FIELDS)
    return {name: value for name, value in beside.items() if name in known}


def _seen(policy: Policy, one: Mapping[str, Any], path: str, now: Situation, rules: ScalingRules) -> Seen:
    given = [name for name in SEEN_FIELDS[:3] if name in one]
    if len(given) != 1:
        where = reading.join(path, given[1] if given else "metric")
        said = f"stands beside {given[0]}; leave one of them out" if given else "is missing; null stands for no data"
        raise InputError(f"{where} {said}.", path=where)
    where = reading.join(path, given[0])
    guard = reading.flag(one.get("zeroGuard", False), reading.join(path, "zeroGuard"))
    if given[0] == "messages":
        messages = reading.number(one["messages"], where, low=0, high=MOST_METRIC)
        return fired(policy, backlog(messages, now.running, guard=guard, rules=rules), rules)
    if "zeroGuard" in one:
        unfit = reading.join(path, "zeroGuard")
        raise InputError(f"{unfit} belongs to messages, not to {given[0]}; leave it out.", path=unfit)
    if given[0] == "metric":
        return fired(policy, _value(one["metric"], where), rules)
    entries = reading.items(one["dataPoints"], where, most=MOST_POINTS)
    points = [_value(entry, f"{where}[{at}]") for at, entry in enumerate(entries)]
    return _watched(policy, points, rules)


def backlog(messages: Fraction, running: int, *, guard: bool = False, rules: ScalingRules = RULES) -> Fraction | None:
    """Messages per running task: what a queue's workers are scaled on (facts 2.6).

    Without a running task the quotient has no value and so no data point, unless the metric math guards against it.

    >>> backlog(Fraction(1500), 10)
    Fraction(150, 1)
    >>> backlog(Fraction(1500), 0) is None, backlog(Fraction(1500), 0, guard=True)
    (True, Fraction(1500, 1))
    """
    if rules.backlog is Backlog.QUEUE_DEPTH:
        return messages
    if running == 0 and not guard:
        return None
    return messages / max(running, 1)


def _watched(policy: Policy, points: Sequence[Fraction | None], rules: ScalingRules) -> Seen:
    alarm = watched(policy, points, rules)
    newest = points[-1] if points else None
    if newest is None and fired(policy, None, rules).value is not None:
        newest = Fraction(0)
    return Seen(value=newest, alarm=alarm)


def _value(value: Any, path: str) -> Fraction | None:
    return None if value is None else reading.number(value, path, low=-MOST_METRIC, high=MOST_METRIC)
