"""What is asked of the scheduler: one kind of task, how it wants to be placed, and where it must not go.

What AWS refuses is refused here, in AWS's words where they are known. Source: facts 1.7, 1.11, 2, 3.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator import reading
from simulator.errors import InputError
from simulator.placement.query import Query, QueryError, parse
from simulator.task_needs import TaskDefinition

MOST_STRATEGIES = 5
MOST_CONSTRAINTS = 10
LONGEST_EXPRESSION = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """`type` is binpack, spread or random; `field` is cpu, memory, instanceId or `attribute:<name>`."""

    type: str
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """`type` is memberOf or distinctInstance. `source` says whether the task definition or the request gave it."""

    type: str
    expression: str | None = None
    query: Query | None = None
    source: str = "request"


ZONE_SPREAD = Strategy(type="spread", field="attribute:ecs.availability-zone")
INSTANCE_SPREAD = Strategy(type="spread", field="instanceId")
# A service without a strategy: zones first, then the instance with the fewest tasks of the service (facts 1.6).
SERVICE_DEFAULT = (ZONE_SPREAD, INSTANCE_SPREAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`count` copies of one task. `scheduling` is None for RunTask, else REPLICA or DAEMON.

    `strategies` is what was written, empty if nothing was; `simulator.placement.strategies.in_force` adds the
    defaults. `zones` are those of the subnets, None for any. `seed` feeds `random`.
    """

    task: TaskDefinition
    group: str
    count: int = 1
    scheduling: str | None = None
    strategies: tuple[Strategy, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    zones: frozenset[str] | None = None
    seed: int = 1
    document: Any = field(default=None, repr=False, compare=False)


def read_strategies(document: Any, path: str = "placementStrategy") -> tuple[Strategy, ...]:
    """A `placementStrategy` array; null is an empty one.

    Raises
    ------
    InputError
        For what CreateService and RunTask refuse: more than five, an unknown type or field, `random` with a field.
    """
    raw = reading.items(document if document is not None else (), path, most=10_000)
    if len(raw) > MOST_STRATEGIES:
        raise InputError(f"Maximum number of strategies is {MOST_STRATEGIES}", path=path)
    return tuple(_strategy(entry, f"{path}[{i}]") for i, entry in enumerate(raw))


def read_constraints(
    document: Any, path: str = "placementConstraints", *, in_task_definition: bool = False
) -> tuple[Constraint, ...]:
    """A `placementConstraints` array of a request or of a task definition.

    Raises
    ------
    InputError
        For an unknown type, a `distinctInstance` with an expression or in a task definition, and a query that is
        too long or can not be read (the sentence names the column).
    """
    raw = reading.items(document if document is not None else (), path, most=MOST_CONSTRAINTS)
    return tuple(_constraint(entry, f"{path}[{i}]", in_task_definition) for i, entry in enumerate(raw))


def read_query(expression: Any, path: str) -> Query:
    """A query of the cluster query language.

    Raises
    ------
    QueryError
        For what can not be read, with its column and the place of the expression in the document.
    """
    written = reading.text(expression, path, longest=LONGEST_EXPRESSION, lines=True)
    try:
        return parse(written)
    except QueryError as error:
        error.path = path
        raise


def check_together(constraints: Sequence[Constraint], path: str) -> None:
    """The limit of ten counts those of the task definition and of the request together."""
    if len(constraints) > MOST_CONSTRAINTS:
        raise InputError(
            f"{path} and the task definition have {len(constraints)} placement constraints together, "
            f"and AWS allows {MOST_CONSTRAINTS} a task.",
            path=path,
        )


def strategies_to_list(strategies: Sequence[Strategy]) -> list[dict[str, str]]:
    """Strategies as AWS's JSON."""
    return [
        {"type": strategy.type} | ({"field": strategy.field} if strategy.field is not None else {})
        for strategy in strategies
    ]


def _strategy(entry: Any, path: str) -> Strategy:
    entry = reading.mapping(entry, path)
    reading.known_fields(entry, path, ("type", "field"))
    kind = reading.choice(entry.get("type"), f"{path}.type", ("random", "spread", "binpack"))
    raw = entry.get("field")
    if kind == "random":
        if raw is not None:
            raise InputError("random field should not be specified", path=f"{path}.field")
        return Strategy(type=kind)
    if raw is None:
        allowed = "cpu or memory" if kind == "binpack" else "instanceId, host or attribute:<name>"
        raise InputError(f"{path} has no field; {kind} needs {allowed}.", path=f"{path}.field")
    name = reading.text(raw, f"{path}.field", longest=255)
    if kind == "binpack":
        if name.lower() not in ("cpu", "memory"):
            raise InputError(f"binpack field '{reading.shorten(name)}' is invalid", path=f"{path}.field")
        return Strategy(type=kind, field=name.lower())
    if name in ("instanceId", "host"):
        return INSTANCE_SPREAD
    if not name.startswith("attribute:") or name == "attribute:":
        raise InputError(
            f"spread field '{reading.shorten(name)}' is invalid; it is instanceId, host or attribute:<name>.",
            path=f"{path}.field",
        )
    return Strategy(type=kind, field=name)


def _constraint(entry: Any, path: str, in_task_definition: bool) -> Constraint:
    entry = reading.mapping(entry, path)
    reading.known_fields(entry, path, ("type", "expression"))
    kind = reading.choice(entry.get("type"), f"{path}.type", ("distinctInstance", "memberOf"))
    expression = entry.get("expression")
    source = "task definition" if in_task_definition else "request"
    if kind == "distinctInstance":
        if in_task_definition:
            raise InputError("constraint.type 'distinctInstance' is not supported.", path=f"{path}.type")
        if expression is not None:
            raise InputError("distinctInstance expression should not be specified.", path=f"{path}.expression")
        return Constraint(type=kind, source=source)
    if expression is None or expression == "":
        raise InputError(f"{path} has no expression, and memberOf needs one.", path=f"{path}.expression")
    query = read_query(expression, f"{path}.expression")
    return Constraint(type=kind, expression=query.text, query=query, source=source)
