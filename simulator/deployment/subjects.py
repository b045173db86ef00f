"""What the terminal and the quizzes ask of this room: a document in, a document out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator import reading
from simulator.deployment.breaker import Breaker, threshold, trips_at
from simulator.deployment.configuration import (
    DAEMON,
    REPLICA,
    read_breaker,
    read_configuration,
    read_desired,
    read_slots,
)
from simulator.deployment.rules import RULES, DeploymentRules
from simulator.deployment.waves import Order, Rollout, roll_out
from simulator.errors import InputError

MOST_BREAKER_EVENTS = 100_000

DEPLOYMENT_FIELDS = ("desiredCount", "deploymentConfiguration", "slots", "order", "schedulingStrategy")
BREAKER_FIELDS = ("desiredCount", "deploymentCircuitBreaker", "events")


def deployment_answer(document: Mapping[str, Any], rules: DeploymentRules = RULES) -> dict[str, Any]:
    """The bounds and the waves of a rolling deployment, in the instant-batch model.

    Parameters
    ----------
    document : `{"desiredCount", "deploymentConfiguration", "slots", "order", "schedulingStrategy"}`; only the first
        is required. Where the order is open, `order` ("stop-first" by default) chooses.

    Returns
    -------
    dict
        `{"lower", "upper", "firstMove", "waves": [{"action", "count", "running"}], "outcome"}`.

    Raises
    ------
    InputError
        With one sentence, for anything that is not such a document.

    >>> deployment_answer({"desiredCount": 1})["waves"]
    [{'action': 'start', 'count': 1, 'running': 2}, {'action': 'stop', 'count': 1, 'running': 1}]
    """
    document = reading.mapping(document, "")
    reading.known_fields(document, "", DEPLOYMENT_FIELDS)
    rollout = _rollout(document, rules)
    return {
        "lower": rollout.bounds.lower,
        "upper": rollout.bounds.upper,
        "firstMove": rollout.first_move.value,
        "waves": [{"action": wave.action, "count": wave.count, "running": wave.running} for wave in rollout.waves],
        "outcome": rollout.outcome.value,
    }


def breaker_answer(document: Mapping[str, Any], rules: DeploymentRules = RULES) -> dict[str, Any]:
    """The circuit breaker's threshold, and the event (counted from 1) that trips it.

    Parameters
    ----------
    document : `{"desiredCount", "deploymentCircuitBreaker", "events"}`; the breaker's fields left out are AWS's
        defaults, `events` is a text of `F` (a task failed) and `H` (a task became healthy).

    Returns
    -------
    dict
        `{"threshold", "tripsAt"}`, the second None if nothing trips.

    >>> breaker_answer({"desiredCount": 7, "events": "FFHF"})
    {'threshold': 4, 'tripsAt': None}
    """
    document = reading.mapping(document, "")
    reading.known_fields(document, "", BREAKER_FIELDS)
    desired = read_desired(document)
    breaker = read_breaker(document.get("deploymentCircuitBreaker"), "deploymentCircuitBreaker") or Breaker()
    events = document.get("events", "")
    if not isinstance(events, str) or not set(events) <= {"F", "H"}:
        raise InputError(
            f"events must be a text of F (a task failed) and H (a task became healthy), not {reading.shown(events)}.",
            path="events",
        )
    if len(events) > MOST_BREAKER_EVENTS:
        raise InputError(
            f"events has {len(events)} letters, and at most {MOST_BREAKER_EVENTS} are taken.", path="events"
        )
    return {
        "threshold": threshold(breaker, desired, rules=rules),
        "tripsAt": trips_at(breaker, desired, events, rules=rules),
    }


ANSWERS: Mapping[str, Callable[[Mapping[str, Any], DeploymentRules], dict[str, Any]]] = {
    "deployment": deployment_answer,
    "breaker": breaker_answer,
}


def _rollout(document: Mapping[str, Any], rules: DeploymentRules) -> Rollout:
    scheduling = document.get("schedulingStrategy")
    if scheduling is not None:
        reading.choice(scheduling, "schedulingStrategy", (REPLICA, DAEMON))
    desired = read_desired(document)
    configuration = read_configuration(
        document.get("deploymentConfiguration"), "deploymentConfiguration", scheduling=scheduling or REPLICA
    )
    order = document.get("order")
    if order is not None:
        reading.choice(order, "order", [option.value for option in Order])
    return roll_out(
        desired,
        configuration.minimum,
        configuration.maximum,
        slots=read_slots(document.get("slots")),
        order=Order(order) if order else Order.STOP_FIRST,
        rules=rules,
    )
