"""Network interfaces of an instance type, and how many awsvpc tasks they carry. Source: platform facts 2.6."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.instance_types import INSTANCE_TYPES
from simulator.network.rules import NetworkRules, PrimaryEni, Trunking

# Types of facts 2.6 that the placement simulator does not know: interfaces, and awsvpc tasks with trunking.
_MORE: Mapping[str, tuple[int, int | None]] = {
    "a1.medium": (2, 10),
    "m7i.large": (3, 10),
    "m7i-flex.large": (3, 4),
    "g5.xlarge": (4, 6),
    "p3.2xlarge": (4, 40),
    "c5.9xlarge": (8, 60),
    "m6i.8xlarge": (8, 90),
    "m5.16xlarge": (15, 120),
    "m5.24xlarge": (15, 120),
    "c5.18xlarge": (15, 120),
}
LIMITS: Mapping[str, tuple[int, int | None]] = {
    **{name: (row.enis, row.trunked_tasks) for name, row in INSTANCE_TYPES.items()},
    **_MORE,
}
AGENT_WITH_TRUNKING = (1, 28, 1)
EXTRA_WITH_TRUNK = 2  # the primary interface and the trunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What decides whether an instance trunks."""

    type: str
    opted_in: bool
    after: bool
    agent: tuple[int, int, int]
    same_vpc: bool
    windows: bool
    managed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How many awsvpc tasks the interfaces of one instance carry."""

    type: str
    enis: int
    tasks: int
    trunked: bool
    why: str

    @property
    def told(self) -> str:
        """The count in the middle of a sentence."""
        how = "with trunking" if self.trunked else "without trunking"
        return f"{self.type} carries {self.tasks} awsvpc task{'' if self.tasks == 1 else 's'} {how}"

    def to_dict(self) -> dict[str, Any]:
        """As it stands in an answer."""
        return {
            "instanceType": self.type,
            "eniLimit": self.enis,
            "awsvpcTasks": self.tasks,
            "trunking": self.trunked,
            "message": self.why,
        }


def read_setting(document: Mapping[str, Any], *, windows: bool, managed: bool) -> Setting | None:
    """The instance's fields; None where no `instanceType` is given.

    Raises
    ------
    InputError
        For a type that is not in the table, and for trunking fields without a type.
    """
    if "instanceType" not in document:
        for name in ("awsvpcTrunking", "launchedAfterOptIn", "agentVersion", "sameVpc"):
            if name in document:
                raise InputError(f"{name} is about an instance; name its instanceType.", path=name)
        return None
    kind = reading.text(document["instanceType"], "instanceType", longest=40)
    if kind not in LIMITS:
        some = ", ".join(list(LIMITS)[13:19])
        raise InputError(
            f"instanceType is {reading.shown(kind)}, whose interfaces are not in the table; there are {some} and "
            f"{len(LIMITS) - 6} more.",
            path="instanceType",
        )
    return Setting(
        type=kind,
        opted_in=reading.flag(document.get("awsvpcTrunking", False), "awsvpcTrunking"),
        after=reading.flag(document.get("launchedAfterOptIn", True), "launchedAfterOptIn"),
        agent=_version(document.get("agentVersion", "1.105.1")),
        same_vpc=reading.flag(document.get("sameVpc", True), "sameVpc"),
        windows=windows,
        managed=managed,
    )


def eni_limit(setting: Setting, rules: NetworkRules) -> Limit:
    """Tasks with an interface of their own on one instance; the primary interface counts.

    >>> from simulator.network.rules import RULES
    >>> eni_limit(read_setting({"instanceType": "c5.large"}, windows=False, managed=False), RULES).tasks
    2
    """
    enis, trunked = LIMITS[setting.type]
    primary = 1 if rules.primary_eni is PrimaryEni.COUNTS else 0
    obstacle = _obstacle(setting, trunked, rules)
    if obstacle is None and trunked is not None:
        enis = trunked + EXTRA_WITH_TRUNK
        why = f"Trunking: {trunked} tasks on branch interfaces; {enis} interfaces with the primary one and the trunk."
        return Limit(type=setting.type, enis=enis, tasks=trunked, trunked=True, why=why)
    why = f"{enis} interfaces, of which the instance's own takes {primary}: {enis - primary} left for tasks."
    if setting.opted_in and obstacle:
        why += f" No trunking: {obstacle}."
    return Limit(type=setting.type, enis=enis, tasks=enis - primary, trunked=False, why=why)


def _obstacle(setting: Setting, trunked: int | None, rules: NetworkRules) -> str | None:
    if trunked is None:
        return f"{setting.type} does not support it"
    if setting.managed:
        return None
    if not setting.opted_in:
        return "awsvpcTrunking is not opted in to"
    if setting.windows:
        return "only Linux instances have it"
    if not setting.after and rules.trunking is Trunking.NEW_INSTANCES:
        return "the instance was launched before the opt-in, and only new ones get a trunk"
    if setting.agent < AGENT_WITH_TRUNKING:
        return "it needs an agent of version 1.28.1 or newer"
    return None if setting.same_vpc else "the task's interface and the instance must be in one VPC"


def _version(value: Any) -> tuple[int, int, int]:
    written = reading.text(value, "agentVersion", longest=16)
    parts = written.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        raise InputError(f"agentVersion is {reading.shown(written)}; write it as 1.105.1.", path="agentVersion")
    return (int(parts[0]), int(parts[1]), int(parts[2]))
