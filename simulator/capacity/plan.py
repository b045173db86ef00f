"""What a timed run is about: services and stand-alone tasks, where they run, and what befalls them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simulator.capacity.group import Group
from simulator.capacity.reservation import Settings
from simulator.capacity.strategy import Item
from simulator.placement.request import Request
from simulator.task_needs import TaskNeeds


class Home(StrEnum):
    """Where the tasks of a work run."""

    GROUP = "group"  # the Auto Scaling group's capacity provider
    LAUNCH_TYPE = "launch_type"  # EC2: the same instances, and no provider sees the tasks
    FARGATE = "fargate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A service, a daemon service, or the tasks of a RunTask call.

    `request` is one copy for the placement simulator, None on Fargate. `items` is a strategy of Fargate, empty with
    the launch type. `start` is the seconds from PENDING to RUNNING, `stop` those from SIGTERM to the end (at most
    the stop timeout). `runs` is how long a stand-alone task runs, None for a service.
    """

    name: str
    group: str
    home: Home
    request: Request | None = None
    needs: TaskNeeds | None = None
    items: tuple[Item, ...] = ()
    daemon: bool = False
    runs: int | None = None
    minimum: int = 100
    maximum: int = 200
    start: int = 30
    stop: int = 5

    @property
    def standalone(self) -> bool:
        """Whether no service keeps the tasks alive."""
        return self.runs is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that the document says will happen, at a second of the run.

    `kind` is "desired" (of the service `work`, to `count`), "run" (`count` tasks of `work`), "spot" (Fargate Spot has
    room for `count` tasks) or "interrupt" (`count` tasks or instances of `provider`).
    """

    at: int
    kind: str
    work: int = 0
    count: int = 0
    provider: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole run, read and checked. `seconds` is how long it lasts; `draining` is managed draining."""

    works: tuple[Work, ...]
    acts: tuple[Act, ...]
    seconds: int
    provider: str = "asg"
    group: Group | None = None
    settings: Settings = field(default_factory=Settings)
    draining: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One act of the learner before event `at`."""

    at: int
    document: Mapping[str, Any]
