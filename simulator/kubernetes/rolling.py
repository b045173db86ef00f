"""A Deployment's rolling update: its bounds, its waves, and the same service in ECS beside it.

Kubernetes rounds the surge up and the unavailable down; ECS rounds its minimum up and its maximum down, so that the
same percentages can roll there and stand still here. Source: facts 7.7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator import reading
from simulator.deployment.bounds import Bounds, bounds
from simulator.deployment.configuration import read_configuration
from simulator.deployment.waves import Order, Outcome, roll_out
from simulator.errors import InputError
from simulator.kubernetes.rules import AfterDeadline, KubernetesRules, Rounding

MOST_REPLICAS = 5000
MOST_SHARE = 1000  # percent; ours
MOST_WAVES = 400  # listed in an answer
FIELDS = (
    "replicas", "strategy", "minReadySeconds", "progressDeadlineSeconds", "newPodsBecomeReady",
    "deploymentConfiguration",
)  # fmt: skip
DEFAULT_SHARE = "25%"
START = "start"
STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolling:
    """`surge`: pods above the replicas; `unavailable`: pods below them. Both as whole pods."""

    replicas: int
    surge: int
    unavailable: int

    @property
    def upper(self) -> int:
        """The most pods at once."""
        return self.replicas + self.surge

    @property
    def lower(self) -> int:
        """The fewest available pods."""
        return max(0, self.replicas - self.unavailable)


def rolling_answer(document: Mapping[str, Any], rules: KubernetesRules) -> dict[str, Any]:
    """Bounds and waves of a Deployment, and of an ECS service of the same size.

    Raises
    ------
    InputError
        For what cannot be read, and for both bounds at 0, which Kubernetes refuses.
    """
    reading.known_fields(document, "", FIELDS)
    replicas = reading.whole(_given(document, "replicas", 1), "replicas", low=0, high=MOST_REPLICAS)
    recreate, rolling, written = _strategy(document, replicas, rules)
    ready = reading.flag(_given(document, "newPodsBecomeReady", True), "newPodsBecomeReady")
    waves, done = _waves(rolling, ready=ready, start_first=not recreate)
    deadline = reading.whole(
        _given(document, "progressDeadlineSeconds", 600), "progressDeadlineSeconds", low=1, high=1_000_000
    )
    minimum_ready = reading.whole(_given(document, "minReadySeconds", 0), "minReadySeconds", low=0, high=1_000_000)
    if minimum_ready >= deadline:
        raise InputError("progressDeadlineSeconds must be greater than minReadySeconds.", path="minReadySeconds")
    back = not done and rules.after_deadline is AfterDeadline.ROLLS_BACK
    return {
        "kind": "rollingUpdate",
        "replicas": replicas,
        "strategy": "Recreate" if recreate else "RollingUpdate",
        "surge": rolling.surge,
        "unavailable": rolling.unavailable,
        "lower": rolling.lower,
        "upper": rolling.upper,
        "waves": waves[:MOST_WAVES],
        "waveCount": len(waves),
        "lowest": min([replicas, *(wave["available"] for wave in waves)]),
        "highest": max([replicas, *(wave["pods"] for wave in waves)]),
        "outcome": "completed" if done else "rolled-back" if back else "stalled",
        "open": not recreate and rolling.surge > 0 and rolling.unavailable > 0,
        "reason": _reason(rolling, written, recreate),
        "ends": _end(done, back, deadline, minimum_ready),
        "ecs": _in_ecs(document, rolling, written, ready=ready),
        "choices": _choices(rolling, written, ready=ready),
    }


def in_pods(value: Any, path: str, replicas: int, rounding: Rounding, most: int = MOST_SHARE) -> int:
    """A number of pods, or a percentage of the replicas as text (up to `most`), as whole pods.

    >>> in_pods("25%", "maxSurge", 5, Rounding.CEIL), in_pods("25%", "maxUnavailable", 5, Rounding.FLOOR)
    (2, 1)
    """
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,4}%", value) and int(value[:-1]) <= most:
        product = replicas * int(value[:-1])
        return -(-product // 100) if rounding is Rounding.CEIL else product // 100
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_REPLICAS:
        return value
    raise InputError(
        f'{path} must be a number of pods from 0 to {MOST_REPLICAS}, or a percentage such as "25%" up to '
        f"{most}%, not {reading.shown(value)}.",
        path=path,
    )


def _strategy(document: Mapping[str, Any], replicas: int, rules: KubernetesRules) -> tuple[bool, Rolling, list[Any]]:
    """Whether it is Recreate, the bounds, and maxSurge and maxUnavailable as they are written."""
    strategy = reading.mapping(_given(document, "strategy", {}), "strategy")
    reading.known_fields(strategy, "strategy", ("type", "rollingUpdate"))
    kind = reading.choice(_given(strategy, "type", "RollingUpdate"), "strategy.type", ("RollingUpdate", "Recreate"))
    where = "strategy.rollingUpdate"
    if kind == "Recreate":
        if strategy.get("rollingUpdate") is not None:
            raise InputError(f"{where} does not go with the type Recreate; take it out.", path=where)
        return True, Rolling(replicas=replicas, surge=0, unavailable=replicas), []
    update = reading.mapping(_given(strategy, "rollingUpdate", {}), where)
    reading.known_fields(update, where, ("maxSurge", "maxUnavailable"))
    written = [_given(update, name, DEFAULT_SHARE) for name in ("maxSurge", "maxUnavailable")]
    surge = in_pods(written[0], f"{where}.maxSurge", replicas, rules.round_surge)
    unavailable = in_pods(written[1], f"{where}.maxUnavailable", replicas, rules.round_unavailable, most=100)
    if all(one == 0 or (isinstance(one, str) and not int(one[:-1])) for one in written):
        raise InputError(
            "maxSurge and maxUnavailable are both 0, so no pod could be replaced; raise one of them to 1.", path=where
        )
    # Both can still round to 0; the Deployment's controller then lets one pod be unavailable.
    unavailable = min(replicas, unavailable if surge or unavailable else 1)
    return False, Rolling(replicas=replicas, surge=surge, unavailable=unavailable), written


def _waves(rolling: Rolling, *, ready: bool, start_first: bool) -> tuple[list[dict[str, Any]], bool]:
    """The largest batches that the bounds allow, each new pod ready at once; `ready` False: none ever is."""
    old, new = rolling.replicas, 0
    waves: list[dict[str, Any]] = []
    starting, missed = start_first, 0
    while (old or new < rolling.replicas) and missed < 2:
        # Recreate starts only when every old pod is gone.
        held = not start_first and old > 0
        if starting:
            count = 0 if held else min(rolling.replicas - new, max(0, rolling.upper - old - new))
            new += count
        else:
            count = min(old, max(0, old + (new if ready else 0) - rolling.lower))
            old -= count
        missed = 0 if count else missed + 1
        if count:
            available = old + (new if ready else 0)
            action = START if starting else STOP
            waves.append({"action": action, "count": count, "pods": old + new, "available": available})
        starting = not starting
    return waves, not old and new == rolling.replicas and (ready or not new)


def _in_ecs(document: Mapping[str, Any], rolling: Rolling, written: list[Any], *, ready: bool) -> dict[str, Any]:
    """An ECS service of the same size: with its own percentages, else with the same ones put over."""
    replicas = rolling.replicas
    own = document.get("deploymentConfiguration")
    if own is not None:
        configuration = read_configuration(own, "deploymentConfiguration")
        minimum, maximum, source = configuration.minimum, configuration.maximum, "given"
    else:
        minimum, maximum, source = _put_over(rolling, written)
    exact = {"minimumHealthyPercent": _percent_for_lower(rolling), "maximumPercent": _percent_for_upper(rolling)}
    rollout = roll_out(replicas, minimum, maximum, order=Order.START_FIRST)
    stuck = rollout.outcome is not Outcome.COMPLETED
    outcome, wave_count = rollout.outcome.value, len(rollout.waves)
    fix = _ecs_fix(rolling, rollout.bounds, exact) if stuck else None
    if not ready and not stuck and replicas:
        # Deployments facts 1.8: what is old and inside the lower bound stays, and ECS tries for ever.
        held = Rolling(
            replicas=replicas, surge=rollout.bounds.upper - replicas, unavailable=replicas - rollout.bounds.lower
        )
        outcome, wave_count, fix = "stalled", len(_waves(held, ready=False, start_first=True)[0]), _TRIES_ON
    return {
        "minimumHealthyPercent": minimum,
        "maximumPercent": maximum,
        "source": source,
        "lower": rollout.bounds.lower,
        "upper": rollout.bounds.upper,
        "firstMove": rollout.first_move.value,
        "waveCount": wave_count,
        "outcome": outcome,
        "sameBounds": (rollout.bounds.lower, rollout.bounds.upper) == (rolling.lower, rolling.upper),
        "exactPercents": exact,
        "reason": f"ECS rounds {minimum} % of {replicas} up to {rollout.bounds.lower} and {maximum} % down to "
        f"{rollout.bounds.upper}.",
        "fix": fix,
    }


_TRIES_ON = (
    "Mend the tasks: ECS goes on trying. A circuit breaker marks such a deployment failed, and with rollback takes the "
    "service back."
)


def _put_over(rolling: Rolling, written: list[Any]) -> tuple[int, int, str]:
    """The percentages that look the same, 25 % surge as 125 % maximum; of numbers, those that give the same bounds."""
    if written and all(isinstance(one, str) for one in written):
        surge, unavailable = (int(one[:-1]) for one in written)
        return max(0, 100 - unavailable), 100 + surge, "same percentages"
    lower, upper = _percent_for_lower(rolling), _percent_for_upper(rolling)
    if lower is None or upper is None or not rolling.replicas:
        return 100, 200, "ECS defaults"
    return lower, upper, "same bounds"


def _percent_for_lower(rolling: Rolling) -> int | None:
    """The least minimumHealthyPercent that ECS rounds up to this lower bound; None if no whole percent does."""
    if not rolling.replicas or not rolling.lower:
        return 0
    percent = (rolling.lower - 1) * 100 // rolling.replicas + 1
    return percent if bounds(rolling.replicas, percent, 100).lower == rolling.lower else None


def _percent_for_upper(rolling: Rolling) -> int | None:
    """The least maximumPercent that ECS rounds down to this upper bound; None if no whole percent does."""
    if not rolling.replicas:
        return None if rolling.upper else 100
    percent = -(-rolling.upper * 100 // rolling.replicas)
    return percent if bounds(rolling.replicas, 0, percent).upper == rolling.upper else None


def _reason(rolling: Rolling, written: list[Any], recreate: bool) -> str:
    if recreate:
        return f"Recreate stops all {rolling.replicas} old pods before it starts a new one: an outage."
    surge, unavailable = (str(one) for one in written)
    return (
        f"Of {rolling.replicas} replicas maxSurge {surge} allows {rolling.surge} more and maxUnavailable {unavailable} "
        f"allows {rolling.unavailable} fewer: at most {rolling.upper} pods, at least {rolling.lower} available."
    )


def _end(done: bool, back: bool, deadline: int, minimum_ready: int) -> str:
    if back:
        return f"After {deadline} s without progress the Deployment goes back to the revision before."
    if not done:
        return (
            f"After {deadline} s without progress the Deployment reports failure; it does not roll back by itself, "
            "as an ECS circuit breaker with rollback does. Mend the pods, or undo the rollout."
        )
    after = f" A new pod counts as available after {minimum_ready} s of being ready." if minimum_ready else ""
    return f"Every pod is of the new revision.{after}"


def _choices(rolling: Rolling, written: list[Any], *, ready: bool) -> list[str]:
    if not written or not rolling.replicas:
        return []
    at_once = ", and its new pods are ready at once" if ready else ""
    choices = [f"Each batch is as large as the bounds allow{at_once}: the model's choice."]
    if rolling.surge and rolling.unavailable:
        choices.insert(0, "Both bounds leave room at first; that pods start before others stop is the model's choice.")
    if not rolling.surge and written[1] != rolling.unavailable and rolling.unavailable == 1:
        choices.append("Should both round to 0, the Deployment's controller lets one pod be unavailable.")
    return choices


def _ecs_fix(rolling: Rolling, held: Bounds, exact: Mapping[str, int | None]) -> str:
    """The percentages to change, and no others, so that a service that stands still can roll."""
    stands = f"Nothing may stop below {held.lower} and nothing start above {held.upper}: it stands still."
    wrong = {"minimumHealthyPercent": held.lower != rolling.lower, "maximumPercent": held.upper != rolling.upper}
    changes = [f"{name} {exact[name]}" for name, differs in wrong.items() if differs and exact[name] is not None]
    if not changes:
        return f"{stands} Raise maximumPercent to 200."
    return f"{stands} With {' and '.join(changes)} it has the bounds of the Deployment."


def _given(document: Mapping[str, Any], name: str, default: Any) -> Any:
    value = document.get(name)
    return default if value is None else value
