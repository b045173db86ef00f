"""The container restart policy: when a container is started again in place. Source: facts 3.8."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator import reading

LEAST_PERIOD = 60
MOST_PERIOD = 1_800
PERIOD = 300
MOST_IGNORED = 50
MOST_EXIT_CODE = 255
_FIELDS = ("enabled", "ignoredExitCodes", "restartAttemptPeriod")


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartPolicy:
    """`restartPolicy` of a container definition; the period in seconds."""

    enabled: bool = False
    ignored: tuple[int, ...] = ()
    period: int = PERIOD


@dataclass(frozen=True, slots=True)
class Restarting:
    """Whether a container that exited is started again in place, and why. `code` is short."""

    restarted: bool
    code: str
    reason: str


def decide(policy: RestartPolicy, exit_code: int | None, seconds: int, *, stopping: bool = False) -> Restarting:
    """Whether the agent starts the container again.

    Parameters
    ----------
    exit_code : the container's exit code; None if it is not known.
    seconds : since its last restart, or since its first start.
    stopping : whether the task's desired status is STOPPED.

    >>> decide(RestartPolicy(enabled=True), 1, 400).restarted, decide(RestartPolicy(enabled=True), 1, 299).code
    (True, 'TOO_SOON')
    """
    if not policy.enabled:
        return Restarting(False, "NO_POLICY", "The container has no restartPolicy that is enabled.")
    if stopping:
        return Restarting(False, "TASK_STOPPING", "The task's desired status is STOPPED, so nothing is restarted.")
    if exit_code is None:
        return Restarting(False, "EXIT_CODE_UNKNOWN", "The exit code is not known, so the agent does not restart it.")
    if exit_code in policy.ignored:
        return Restarting(False, "IGNORED_EXIT_CODE", f"Exit code {exit_code} is one of ignoredExitCodes.")
    if seconds < policy.period:
        return Restarting(
            False,
            "TOO_SOON",
            f"It ran {seconds} s since its last start, and restartAttemptPeriod asks for {policy.period} s.",
        )
    return Restarting(
        True,
        "RESTARTED",
        f"It ran {seconds} s, restartAttemptPeriod is {policy.period} s, and exit code {exit_code} is not ignored: "
        "the agent starts the same container again.",
    )


def read_policy(document: Any, path: str) -> RestartPolicy:
    """A `restartPolicy` as AWS writes it; None is none.

    Raises
    ------
    InputError
        For an unknown field, more than 50 ignored codes, or a period outside 60 to 1,800 s.
    """
    if document is None:
        return RestartPolicy()
    document = reading.mapping(document, path)
    reading.known_fields(document, path, _FIELDS)
    codes = reading.items(document.get("ignoredExitCodes", []), f"{path}.ignoredExitCodes", most=MOST_IGNORED)
    return RestartPolicy(
        enabled=reading.flag(document.get("enabled", False), f"{path}.enabled"),
        ignored=tuple(
            reading.whole(code, f"{path}.ignoredExitCodes[{i}]", low=0, high=MOST_EXIT_CODE)
            for i, code in enumerate(codes)
        ),
        period=reading.whole(
            document.get("restartAttemptPeriod", PERIOD),
            f"{path}.restartAttemptPeriod",
            low=LEAST_PERIOD,
            high=MOST_PERIOD,
        ),
    )


def restart_answer(document: Mapping[str, Any]) -> dict[str, Any]:
    """`{"restartPolicy", "exitCode", "secondsSinceStart", "essential", "desiredStatus"}` -> what happens.

    >>> restart_answer({"restartPolicy": {"enabled": True}, "exitCode": 1, "secondsSinceStart": 400})["outcome"]
    'RESTARTED_IN_PLACE'
    """
    known = ("restartPolicy", "exitCode", "secondsSinceStart", "essential", "desiredStatus")
    reading.known_fields(document, "", known)
    policy = read_policy(document.get("restartPolicy"), "restartPolicy")
    exit_code = document.get("exitCode", 1)
    if exit_code is not None:
        exit_code = reading.whole(exit_code, "exitCode", low=0, high=MOST_EXIT_CODE)
    seconds = reading.whole(document.get("secondsSinceStart", 0), "secondsSinceStart", low=0, high=10**9)
    essential = reading.flag(document.get("essential", True), "essential")
    wanted = reading.choice(document.get("desiredStatus", "RUNNING"), "desiredStatus", ("RUNNING", "STOPPED"))
    decision = decide(policy, exit_code, seconds, stopping=wanted == "STOPPED")
    if decision.restarted:
        kept = "Its writable layer and every mount are as they were."
        return {
            "outcome": "RESTARTED_IN_PLACE",
            "code": decision.code,
            "taskStops": False,
            "reason": f"{decision.reason} {kept}",
        }
    tail = "The container is essential, so the whole task stops." if essential else "The task keeps running."
    return {
        "outcome": "NOT_RESTARTED",
        "code": decision.code,
        "taskStops": essential,
        "reason": f"{decision.reason} {tail}",
    }
