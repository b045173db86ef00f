"""What stops a launch, and what every check says about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from simulator.iam import wording
from simulator.iam.calls import Asker, Call
from simulator.iam.cures import Act, Change
from simulator.iam.managed import EXECUTION_POLICY
from simulator.iam.roles import Kind
from simulator.iam.wording import Text

FAILED_TO_START = "TaskFailedToStart"


class Outcome(StrEnum):
    """How a launch ends; the codes of the facts."""

    RUNNING = "RUNNING"
    REGISTER_REJECTED = "REGISTER_REJECTED"
    CALLER_ACCESS_DENIED = "CALLER_ACCESS_DENIED"
    CANNOT_ASSUME_ROLE = "CANNOT_ASSUME_ROLE"
    NO_CONTAINER_INSTANCES = "NO_CONTAINER_INSTANCES"
    INIT_ERROR = "INIT_ERROR"
    CANNOT_PULL = "CANNOT_PULL"
    LOG_DRIVER_ERROR = "LOG_DRIVER_ERROR"
    APP_NO_CREDENTIALS = "APP_NO_CREDENTIALS"
    APP_ACCESS_DENIED = "APP_ACCESS_DENIED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Where a launch stops. `kind` and `name` are the role at fault; `stop_code` is empty if no task was there to stop.

    `changes` get it past this check; `open` says that AWS leaves the outcome or the code open.
    """

    outcome: Outcome
    error: Text
    why: str
    changes: tuple[Change, ...]
    kind: Kind | None = None
    name: str = ""
    stop_code: str = ""
    notes: tuple[str, ...] = ()
    open: bool = False


Checked = tuple[list[Call], Finding | None]


def refused_of(calls: Sequence[Call]) -> list[Call]:
    """The calls that are not let through."""
    return [call for call in calls if not call.allowed]


def until(calls: Sequence[Call], last: Call) -> list[Call]:
    """The calls that are made: those after the first refused one are not."""
    return list(calls[: list(calls).index(last) + 1])


def reason(call: Call) -> str:
    """Which statement denies the call, as the end of a sentence; empty if none does."""
    if call.decision is None or not call.decision.denies:
        return ""
    return f": {call.decision.denies[0].where} denies it"


def elsewhere(asker: Asker, call: Call) -> str:
    """Another role that may do it, though nobody asks that one."""
    for role in (asker.launch.task, asker.launch.execution, asker.launch.instance):
        if role is None or role == call.role:
            continue
        if asker.ask(call.step, (role.kind, role), call.action, call.resource).allowed:
            return f" {wording.KINDS[role.kind].capitalize()} may, and its credentials are not the ones used here."
    return ""


def execution_role() -> Change:
    """An execution role as it is usually made."""
    return Change(act=Act.SET_ROLE, role="executionRole", value={"managedPolicies": [EXECUTION_POLICY]})
