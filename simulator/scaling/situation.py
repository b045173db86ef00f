"""What Application Auto Scaling knows of a service when it decides, and what one policy proposes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Direction(StrEnum):
    """Which way a proposal or a decision goes."""

    OUT = "out"
    IN = "in"
    NONE = "none"


class Code(StrEnum):
    """Why a thing came out as it did. The first four are AWS's NotScaledReason codes, the others are ours."""

    FLAPPING = "AutoScalingAnticipatedFlapping"
    AT_MAX = "AlreadyAtMaxCapacity"
    AT_MIN = "AlreadyAtMinCapacity"
    AT_DESIRED = "AlreadyAtDesiredCapacity"
    SCALED = "scaled"
    LIFTED = "pulledIntoRange"  # a hand-set capacity outside the range goes to its edge first
    FROM_ZERO = "fromZero"
    NO_ALARM = "noAlarm"
    NO_DATA = "insufficientData"
    NO_STEP = "noStep"
    NO_CHANGE = "adjustmentOfZero"
    COOLDOWN = "cooldown"
    IN_DISABLED = "scaleInDisabled"
    DEPLOYING = "deploymentInProgress"
    SUSPENDED = "suspended"
    NOT_ALL_READY = "notAllReady"
    STARTING = "tasksStarting"
    FORECAST_ONLY = "forecastOnly"


# The codes that AWS itself gives for a scaling activity that did not happen (facts 2.1). The fifth one,
# TargetServicePutResourceAsUnscalable, needs a service that declares itself unscalable: none does here.
NOT_SCALED = (Code.FLAPPING, Code.AT_MAX, Code.AT_MIN, Code.AT_DESIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The service and its scalable target. Counts are tasks, times are seconds ago (None: never).

    `added` is what the last scale-out added. `deploying` is whether a deployment turns scale-in off.
    """

    running: int
    desired: int
    minimum: int
    maximum: int
    since_out: int | None = None
    added: int = 0
    since_in: int | None = None
    deploying: bool = False
    out_suspended: bool = False
    in_suspended: bool = False
    scheduled_suspended: bool = False

    def clamped(self, capacity: int) -> int:
        """The capacity within the scalable target's range."""
        return max(self.minimum, min(self.maximum, capacity))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What one policy wants: a capacity between `low` and `high`, which are equal unless AWS leaves the size open."""

    policy: str
    tracking: bool
    direction: Direction
    low: int
    high: int
    code: Code
    reason: str
    fix: str = ""
    scale_in: bool = True


def told(value: Fraction) -> str:
    """A number for a sentence, with at most three decimals.

    >>> told(Fraction(599, 10)), told(Fraction(20, 3)), told(Fraction(150))
    ('59.9', '6.667', '150')
    """
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.3f}".rstrip("0").rstrip(".")


def tasks(count: int) -> str:
    """A count in words.

    >>> tasks(1), tasks(0)
    ('1 task', '0 tasks')
    """
    return f"{count} task{'' if count == 1 else 's'}"
