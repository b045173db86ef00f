"""What a query can ask about an instance: the subjects, the operators each documents, and how values compare.

Source: the cluster query language page of the ECS developer guide. Where it leaves a point open the choice is named.
"""

from __future__ import annotations

import operator as operators
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from simulator.capabilities import is_registered
from simulator.model import Instance
from simulator.placement.query.patterns import whole_match

Value = str | int | tuple[int, ...]
Test = Callable[[Instance], bool]


class Operator(StrEnum):
    EQUAL = "=="
    NOT_EQUAL = "!="
    GREATER = ">"
    GREATER_EQUAL = ">="
    LESS = "<"
    LESS_EQUAL = "<="
    EXISTS = "exists"
    NOT_EXISTS = "!exists"
    IN = "in"
    NOT_IN = "!in"
    MATCHES = "=~"
    NOT_MATCHES = "!~"


WORDS = {
    "equals": Operator.EQUAL,
    "not_equals": Operator.NOT_EQUAL,
    "greater_than": Operator.GREATER,
    "greater_than_equal": Operator.GREATER_EQUAL,
    "less_than": Operator.LESS,
    "less_than_equal": Operator.LESS_EQUAL,
    "not_exists": Operator.NOT_EXISTS,
    "not_in": Operator.NOT_IN,
    "matches": Operator.MATCHES,
    "not_matches": Operator.NOT_MATCHES,
}

_TEXT_OPERATORS = (
    Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.NOT_IN, Operator.MATCHES, Operator.NOT_MATCHES,
)  # fmt: skip
_ORDER_OPERATORS = (
    Operator.EQUAL, Operator.NOT_EQUAL,
    Operator.GREATER, Operator.GREATER_EQUAL, Operator.LESS, Operator.LESS_EQUAL,
)  # fmt: skip
_PRESENCE_OPERATORS = (Operator.EXISTS, Operator.NOT_EXISTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One thing that can be asked about.

    `value(instance)` is what the instance has, None for nothing, or a tuple of values if there can be `many`.
    `literal(text)` reads what the query compares it with, None if the text has another form than `form` says.
    `actual(instance)` is a clause for people. `listed` is True where AWS lists the operators, False where they are
    read off its samples.
    """

    name: str
    operators: tuple[Operator, ...]
    value: Callable[[Instance], Any]
    literal: Callable[[str], Value | None]
    form: str
    actual: Callable[[Instance], str]
    exists: Test = lambda _: True
    listed: bool = True
    many: bool = False


def subject_named(name: str) -> Subject:
    """The subject of that name; `name` is one that the grammar has let through."""
    if name.startswith("attribute:"):
        return _attribute(name.removeprefix("attribute:"))
    return PLAIN_SUBJECTS[name]


def comparison(subject: Subject, operator: Operator, literals: tuple[str, ...]) -> Test:
    """The test that one `subject operator literals` stands for.

    A positive operator holds if some value of the subject fits; a negative one if there are values and none fits, so
    that an instance without the attribute satisfies neither (documented for `!=`, a simulator choice for the others).

    Raises
    ------
    PatternError
        If the operator matches patterns and the pattern is refused.
    """
    match operator:
        case Operator.EXISTS:
            return subject.exists
        case Operator.NOT_EXISTS:
            return lambda instance: not subject.exists(instance)
        case Operator.MATCHES | Operator.NOT_MATCHES:
            fits: Callable[[Any], bool] = whole_match(literals[0])
        case Operator.EQUAL | Operator.NOT_EQUAL | Operator.IN | Operator.NOT_IN:
            fits = frozenset(subject.literal(text) for text in literals).__contains__
        case _:
            # Both sides come from the same subject: both are numbers, or both are tuples of numbers.
            compare, bound = _ORDERINGS[operator], subject.literal(literals[0])
            fits = lambda value: compare(value, bound)  # noqa: E731
    negative = operator in (Operator.NOT_EQUAL, Operator.NOT_IN, Operator.NOT_MATCHES)
    read = subject.value
    if subject.many and negative:
        return lambda instance: bool(found := read(instance)) and not any(map(fits, found))
    if subject.many:
        return lambda instance: any(map(fits, read(instance)))
    if negative:
        return lambda instance: (found := read(instance)) is not None and not fits(found)
    return lambda instance: (found := read(instance)) is not None and fits(found)


def version_parts(text: str) -> tuple[int, ...] | None:
    """`1.14.10` as numbers, part by part, so that it is above `1.9.0`; trailing zeros do not count."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9}){0,9}", text):
        return None
    parts = [int(part) for part in text.split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def instant(text: str) -> int | None:
    """Milliseconds since 1970 of a full time or a date; without a zone it is UTC, a date is its midnight (choices).

    Examples
    --------
    >>> instant("2018-06-18T22:28:28+00:00") == instant("2018-06-18T22:28:28Z") == instant("2018-06-18T22:28:28")
    True
    """
    found = _INSTANT.fullmatch(text)
    if found is None or (found["zone"] and not found["time"]):
        return None
    hours, minutes = int(found["hours"] or 0), int(found["minutes"] or 0)
    if hours > 23 or minutes > 59:
        return None
    try:
        local = datetime.fromisoformat(found["local"]).replace(tzinfo=UTC)
    except ValueError:
        return None
    shift = (hours * 60 + minutes) * 60_000 * (-1 if found["sign"] == "-" else 1)
    return (local - _EPOCH) // timedelta(milliseconds=1) - shift


def instant_text(milliseconds: int) -> str:
    """The UTC spelling of an instant, such as `2018-06-18T22:28:28Z`."""
    try:
        return (_EPOCH + timedelta(milliseconds=milliseconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:
        return f"{milliseconds} ms since 1970"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = re.compile(
    r"(?P<local>[0-9]{4}-[0-9]{2}-[0-9]{2}(?P<time>T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{3})?)?)"
    r"(?P<zone>Z|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-9]{2}))?"
)
_ORDERINGS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.GREATER: operators.gt,
    Operator.GREATER_EQUAL: operators.ge,
    Operator.LESS: operators.lt,
    Operator.LESS_EQUAL: operators.le,
}


def _attribute(name: str) -> Subject:
    def exists(instance: Instance) -> bool:
        return name in instance.attributes or is_registered(name, instance.missing_capabilities)

    def actual(instance: Instance) -> str:
        if not exists(instance):
            return f"the instance has no attribute {name}"
        value = instance.attributes.get(name)
        return f"attribute {name} has a name only" if value is None else f"attribute {name} is “{value}”"

    return Subject(
        name=f"attribute:{name}",
        operators=(*_TEXT_OPERATORS, *_PRESENCE_OPERATORS),
        value=lambda instance: instance.attributes.get(name),
        literal=_same,
        form="a text",
        actual=actual,
        exists=exists,
        listed=False,
    )


def _same(text: str) -> str:
    return text


def _whole_number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _truth(text: str) -> str | None:
    return text if text in ("true", "false") else None


def _groups(instance: Instance) -> tuple[str, ...]:
    return tuple(group for group, count in instance.tasks.items() if count > 0)


def _groups_in_words(instance: Instance) -> str:
    groups = _groups(instance)
    return f"it runs tasks of {', '.join(groups)}" if groups else "it runs no task"


def _version(instance: Instance) -> tuple[int, ...] | None:
    return version_parts((instance.agent_version or "").removeprefix("v"))


def _registered_in_words(instance: Instance) -> str:
    at = instance.registered_at
    return "its registration time is not known" if at is None else f"registeredAt is {instant_text(at)}"


PLAIN_SUBJECTS = {
    subject.name: subject
    for subject in (
        Subject(
            name="agentConnected",
            operators=_TEXT_OPERATORS,
            value=lambda instance: "true" if instance.agent_connected else "false",
            literal=_truth,
            form="true or false",
            actual=lambda instance: f"agentConnected is {str(instance.agent_connected).lower()}",
        ),
        Subject(
            name="agentVersion",
            operators=_ORDER_OPERATORS,
            value=_version,
            literal=version_parts,
            form="a version such as 1.68.2",
            actual=lambda instance: f"agentVersion is {instance.agent_version or 'not known'}",
        ),
        Subject(
            name="ec2InstanceId",
            operators=_TEXT_OPERATORS,
            value=lambda instance: instance.id,
            literal=_same,
            form="an instance id",
            actual=lambda instance: f"ec2InstanceId is {instance.id}",
        ),
        Subject(
            name="registeredAt",
            operators=_ORDER_OPERATORS,
            value=lambda instance: instance.registered_at,
            literal=instant,
            form="a time such as 2018-06-18T22:28:28Z, or a date such as 2018-06-18",
            actual=_registered_in_words,
        ),
        Subject(
            name="runningTasksCount",
            operators=_ORDER_OPERATORS,
            value=lambda instance: instance.running_tasks,
            literal=_whole_number,
            form="a whole number such as 2",
            actual=lambda instance: f"runningTasksCount is {instance.running_tasks}",
        ),
        Subject(
            name="task:group",
            operators=(*_TEXT_OPERATORS, *_PRESENCE_OPERATORS),
            value=_groups,
            many=True,
            literal=_same,
            form="a task group such as service:web",
            actual=_groups_in_words,
            exists=lambda instance: bool(_groups(instance)),
            listed=False,
        ),
    )
}
