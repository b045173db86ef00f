"""Documents with something wrong in one place: where the error is said to be, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from simulator.errors import InputError

# A number below every bound, a text that is no option, an object and a list of what belongs nowhere.
WRONG: tuple[Any, ...] = (-1, "?", {"?": 1}, [None] * 300)

Place = tuple[str | int, ...]


def places(value: Any, path: Place = ()) -> list[Place]:
    """Every place of a document, each as the steps that lead to it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return ([path] if path else []) + [one for step, each in inside for one in places(each, (*path, step))]


def put(document: dict[str, Any], place: Place, value: Any) -> dict[str, Any]:
    changed = deepcopy(document)
    here: Any = changed
    for step in place[:-1]:
        here = here[step]
    here[place[-1]] = value
    return changed


def spelled(place: Place) -> str:
    """`("tasks", 0, "cpu")` as an error names it: `tasks[0].cpu`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


def near(place: Place, path: str) -> bool:
    """Whether an error's path is the place, around it, or inside it."""
    one, other = sorted((spelled(place), path), key=len)
    return other == one or other.startswith((f"{one}.", f"{one}["))


def refused(ask: Callable[[dict[str, Any]], Any], document: dict[str, Any]) -> InputError | None:
    try:
        ask(document)
    except InputError as error:
        return error
    return None


def refusals(ask: Callable[[dict[str, Any]], Any], document: dict[str, Any]) -> Iterator[str]:
    """What is said to each wrong value in each place, a line each; what is taken is left out."""
    for place in places(document):
        for i, wrong in enumerate(WRONG):
            error = refused(ask, put(document, place, wrong))
            if error:
                yield f"{spelled(place)} {('number', 'text', 'object', 'list')[i]}: {error.path}: {error}"
