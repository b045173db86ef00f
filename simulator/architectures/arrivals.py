"""What comes in: objects, firings of a schedule, messages, stopped tasks."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from simulator import reading
from simulator.architectures.hops import Flow
from simulator.architectures.plan import Item
from simulator.errors import InputError

MOST_ITEMS = 100
MOST_SECONDS = 86_400


def _objects(document: Mapping[str, Any]) -> tuple[Item, ...]:
    bucket = reading.name(document.get("bucket", "uploads"), "bucket")
    value = document.get("objects", 1)
    if isinstance(value, (list, tuple)):
        entries = _entries(value, "objects", ("key", "at", "reason"))
    else:
        count = reading.whole(value, "objects", low=1, high=MOST_ITEMS)
        entries = [{"key": f"in/{i + 1}.csv"} for i in range(count)]
    found: list[Item] = []
    reasons = ("PutObject", "POST Object", "CopyObject", "CompleteMultipartUpload")
    for i, entry in enumerate(entries):
        path = f"objects[{i}]"
        detail = {
            "source": "aws.s3",
            "detail-type": "Object Created",
            "bucket": bucket,
            "object": reading.text(entry.get("key"), f"{path}.key", longest=1_024),
            "reason": reading.choice(entry.get("reason", reasons[0]), f"{path}.reason", reasons),
        }
        at = reading.whole(entry.get("at", 0), f"{path}.at", low=0, high=MOST_SECONDS)
        found.append(Item(id=f"event {i + 1}", at=at, detail=detail))
    return tuple(found)


def _firings(document: Mapping[str, Any]) -> tuple[Item, ...]:
    interval, once = expression(document)
    runs = reading.whole(document.get("runs", 1 if once else 3), "runs", low=1, high=1 if once else 50)
    return tuple(Item(id=f"run {i + 1}", at=i * interval) for i in range(runs))


def _messages(document: Mapping[str, Any]) -> tuple[Item, ...]:
    value = document.get("messages", 5)
    if isinstance(value, Mapping):
        reading.known_fields(value, "messages", ("count", "everySeconds"))
        count = reading.whole(value.get("count", 5), "messages.count", low=1, high=MOST_ITEMS)
        every = reading.whole(value.get("everySeconds", 0), "messages.everySeconds", low=0, high=3_600)
    else:
        count, every = reading.whole(value, "messages", low=1, high=MOST_ITEMS), 0
    return tuple(Item(id=f"message {i + 1}", at=i * every) for i in range(count))


def _stopped(document: Mapping[str, Any]) -> tuple[Item, ...]:
    known = ("lastStatus", "stopCode", "stoppedReason", "at")
    entries = _entries(document.get("stoppedTasks", [{}]), "stoppedTasks", known)
    found: list[Item] = []
    for i, entry in enumerate(entries):
        path = f"stoppedTasks[{i}]"
        detail = {
            "source": "aws.ecs",
            "detail-type": "ECS Task State Change",
            "lastStatus": reading.text(entry.get("lastStatus", "STOPPED"), f"{path}.lastStatus"),
            "stopCode": reading.text(entry.get("stopCode", "EssentialContainerExited"), f"{path}.stopCode"),
            "stoppedReason": reading.text(
                entry.get("stoppedReason", "Essential container in task exited"), f"{path}.stoppedReason"
            ),
        }
        at = reading.whole(entry.get("at", 0), f"{path}.at", low=0, high=MOST_SECONDS)
        found.append(Item(id=f"event {i + 1}", at=at, detail=detail))
    return tuple(found)


ITEMS = {Flow.OBJECT: _objects, Flow.SCHEDULE: _firings, Flow.QUEUE: _messages, Flow.STOPPED: _stopped}


def _entries(value: Any, path: str, known: Collection[str]) -> list[Mapping[str, Any]]:
    entries = reading.items(value, path, most=MOST_ITEMS)
    if not entries:
        raise InputError(f"{path} is empty; give at least one.", path=path)
    found = [reading.mapping(entry, f"{path}[{i}]") for i, entry in enumerate(entries)]
    for i, entry in enumerate(found):
        reading.known_fields(entry, f"{path}[{i}]", known)
    return found


def expression(document: Mapping[str, Any]) -> tuple[int, bool]:
    """The interval of a schedule in seconds, and whether it fires once."""
    path = "scheduleExpression"
    written = reading.text(document.get(path, "rate(1 hour)"), path)
    once = re.fullmatch(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)", written, flags=re.ASCII)
    if once is not None:
        try:
            datetime.fromisoformat(once[1])
        except ValueError:
            raise InputError(
                f"{path} is {reading.shown(written)}, a time that does not exist; correct it.", path=path
            ) from None
        return 0, True
    parts = re.fullmatch(r"rate\((\d{1,6}) (minute|hour|day)s?\)", written, flags=re.ASCII)
    if parts is None or int(parts[1]) < 1:
        raise InputError(
            f"{path} must be rate(n minutes), with hours or days as well, or at(yyyy-mm-ddThh:mm:ss), not "
            f"{reading.shown(written)}; cron is not played.",
            path=path,
        )
    return int(parts[1]) * {"minute": 60, "hour": 3_600, "day": 86_400}[parts[2]], False


def window(value: Any) -> int:
    """The flexible time window in minutes; 0 is OFF."""
    path = "flexibleTimeWindow"
    value = reading.mapping(value if value is not None else {"mode": "OFF"}, path)
    reading.known_fields(value, path, ("mode", "maximumWindowInMinutes"))
    if reading.choice(value.get("mode"), f"{path}.mode", ("OFF", "FLEXIBLE")) == "OFF":
        return 0
    return reading.whole(value.get("maximumWindowInMinutes"), f"{path}.maximumWindowInMinutes", low=1, high=1_440)
