"""`deploymentConfiguration` as AWS writes it, read into records. Each refusal is one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator import reading
from simulator.deployment.breaker import DEFAULT_PERCENT, DEFAULT_TYPE, Breaker
from simulator.errors import InputError

MOST_TASKS = 5000  # AWS's quota of tasks per service
MOST_PERCENT = 10_000  # AWS names no limit of maximumPercent; ours
MOST_COUNT = 1_000_000  # of a breaker's COUNT and of slots; ours
MOST_BAKE_MINUTES = 1440  # AWS's limit of the same field in its other strategies
MOST_ALARMS = 100  # ours

REPLICA = "REPLICA"
DAEMON = "DAEMON"
THRESHOLD_TYPES = ("BOUNDED_PERCENT", "UNBOUNDED_PERCENT", "COUNT")
CONFIGURATION_FIELDS = (
    "minimumHealthyPercent",
    "maximumPercent",
    "strategy",
    "deploymentCircuitBreaker",
    "alarms",
    "bakeTimeInMinutes",
    "earlySuccessCriteria",
)
ALARM_FIELDS = ("alarmNames", "enable", "rollback", "alarmAtSeconds", "alreadyInAlarm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """CloudWatch alarms. `alarm_at` (milliseconds) and `already` say what the simulator lets happen to them."""

    names: tuple[str, ...]
    enable: bool
    rollback: bool
    alarm_at: int | None = None
    already: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlySuccess:
    """`earlySuccessCriteria`: done once so many percent of the new tasks are healthy."""

    enable: bool
    healthy_percent: int
    cleanup: str  # BLOCKING or DEFERRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The whole `deploymentConfiguration`; None where AWS's field was left out."""

    minimum: int
    maximum: int
    breaker: Breaker | None = None
    alarms: Alarms | None = None
    bake_minutes: int | None = None
    early_success: EarlySuccess | None = None


def read_configuration(value: Any, path: str, *, scheduling: str = REPLICA) -> Configuration:
    """Read `deploymentConfiguration`; None or `{}` gives AWS's defaults: 100/200, or 0/100 for a daemon.

    Raises
    ------
    InputError
        For what AWS refuses, for fields that do not exist, and outside 0 to 100 and 100 to `MOST_PERCENT`: AWS
        documents no range of the two percentages.
    """
    document = reading.mapping({} if value is None else value, path)
    reading.known_fields(document, path, CONFIGURATION_FIELDS)
    strategy = document.get("strategy")
    if strategy is not None:
        reading.choice(strategy, f"{path}.strategy", ("ROLLING",))
    low, high = (0, 100) if scheduling == DAEMON else (100, 200)
    minimum = _percent(document, "minimumHealthyPercent", path, low, least=0, most=100)
    maximum = _percent(document, "maximumPercent", path, high, least=100, most=MOST_PERCENT)
    if scheduling == DAEMON and maximum != 100:
        where = f"{path}.maximumPercent"
        raise InputError(f"{where} has to stay 100 for a DAEMON service, and it is {maximum}.", path=where)
    bake = document.get("bakeTimeInMinutes")
    return Configuration(
        minimum=minimum,
        maximum=maximum,
        breaker=read_breaker(document.get("deploymentCircuitBreaker"), f"{path}.deploymentCircuitBreaker"),
        alarms=read_alarms(document.get("alarms"), f"{path}.alarms"),
        bake_minutes=None
        if bake is None
        else reading.whole(bake, f"{path}.bakeTimeInMinutes", low=0, high=MOST_BAKE_MINUTES),
        early_success=read_early_success(
            document.get("earlySuccessCriteria"), f"{path}.earlySuccessCriteria", minimum=minimum
        ),
    )


def read_breaker(value: Any, path: str) -> Breaker | None:
    """Read `deploymentCircuitBreaker`; what it leaves out is AWS's default, and `enable` left out is true here."""
    if value is None:
        return None
    document = reading.mapping(value, path)
    reading.known_fields(document, path, ("enable", "rollback", "resetOnHealthyTask", "thresholdConfiguration"))
    limits = _given(document, "thresholdConfiguration", {})
    limits_path = f"{path}.thresholdConfiguration"
    limits = reading.mapping(limits, limits_path)
    reading.known_fields(limits, limits_path, ("type", "value"))
    kind = reading.choice(_given(limits, "type", DEFAULT_TYPE), f"{limits_path}.type", THRESHOLD_TYPES)
    amount = limits.get("value")
    if amount is None and kind == "COUNT":
        raise InputError(
            f"{limits_path}.value is missing; with the type COUNT it says how many failures.", path=limits_path
        )
    most = MOST_COUNT if kind == "COUNT" else 100
    return Breaker(
        enable=reading.flag(_given(document, "enable", True), f"{path}.enable"),
        rollback=reading.flag(_given(document, "rollback", False), f"{path}.rollback"),
        reset_on_healthy_task=reading.flag(_given(document, "resetOnHealthyTask", True), f"{path}.resetOnHealthyTask"),
        type=kind,
        value=DEFAULT_PERCENT if amount is None else reading.whole(amount, f"{limits_path}.value", low=1, high=most),
    )


def read_alarms(value: Any, path: str) -> Alarms | None:
    """Read `alarms`, with two fields of ours: `alarmAtSeconds` and `alreadyInAlarm`."""
    if value is None:
        return None
    document = reading.mapping(value, path)
    reading.known_fields(document, path, ALARM_FIELDS)
    names = reading.items(_given(document, "alarmNames", []), f"{path}.alarmNames", most=MOST_ALARMS)
    at = document.get("alarmAtSeconds")
    return Alarms(
        names=tuple(reading.text(name, f"{path}.alarmNames[{i}]") for i, name in enumerate(names)),
        enable=reading.flag(_given(document, "enable", True), f"{path}.enable"),
        rollback=reading.flag(_given(document, "rollback", False), f"{path}.rollback"),
        alarm_at=None if at is None else 1000 * reading.whole(at, f"{path}.alarmAtSeconds", low=0, high=MOST_COUNT),
        already=reading.flag(_given(document, "alreadyInAlarm", False), f"{path}.alreadyInAlarm"),
    )


def read_early_success(value: Any, path: str, *, minimum: int) -> EarlySuccess | None:
    """Read `earlySuccessCriteria`; its healthyPercent lies between minimumHealthyPercent and 100."""
    if value is None:
        return None
    document = reading.mapping(value, path)
    reading.known_fields(document, path, ("enable", "healthyPercent", "sourceServiceRevisionCleanup"))
    percent = _given(document, "healthyPercent", 100)
    cleanup = _given(document, "sourceServiceRevisionCleanup", "BLOCKING")
    return EarlySuccess(
        enable=reading.flag(_given(document, "enable", True), f"{path}.enable"),
        healthy_percent=reading.whole(percent, f"{path}.healthyPercent", low=max(minimum, 1), high=100),
        cleanup=reading.choice(cleanup, f"{path}.sourceServiceRevisionCleanup", ("BLOCKING", "DEFERRED")),
    )


def read_desired(document: Mapping[str, Any], *, most: int = MOST_TASKS) -> int:
    """`desiredCount`, which has to be there."""
    if "desiredCount" not in document:
        raise InputError("desiredCount is missing; it says how many tasks the service keeps.", path="desiredCount")
    return reading.whole(document["desiredCount"], "desiredCount", low=0, high=most)


def read_slots(value: Any, path: str = "slots") -> int | None:
    """How many tasks of the service the cluster can hold at once; None for no limit."""
    return None if value is None else reading.whole(value, path, low=0, high=MOST_COUNT)


def _percent(document: Mapping[str, Any], name: str, path: str, default: int, *, least: int, most: int) -> int:
    return reading.whole(_given(document, name, default), f"{path}.{name}", low=least, high=most)


def _given(document: Mapping[str, Any], name: str, default: Any) -> Any:
    value = document.get(name)
    return default if value is None else value
