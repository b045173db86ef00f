"""YAML that people write: read safely and bounded, with the line and column of whatever is wrong in it."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from simulator.errors import InputError

MOST_CHARACTERS = 1_000_000
MOST_NODES = 200_000
DEEPEST = 30
MOST_LISTED = 40

Place = tuple[int, int]
Location = Sequence[str | int]


class SourceError(InputError):
    """Everything wrong with a file: `problems` has one sentence each, the error itself is the first of them."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(problems[0])
        self.problems = tuple(problems)


class Marks:
    """Where the values of a document stand in its text."""

    def __init__(self, node: yaml.Node | None) -> None:
        self._node = node

    def at(self, location: Location) -> Place:
        """Line and column, from 1, of the value at a location, or of the nearest thing around it that is there."""
        node, place = self._node, (1, 1)
        for step in location:
            if isinstance(node, yaml.MappingNode):
                # A step that is no key is pydantic's own, such as the name of a branch of a union.
                for key, value in node.value:
                    if key.value == str(step):
                        node, place = value, _place(key.start_mark)
                        break
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                place = _place(node.start_mark)
        return place


def read_yaml(text: str, source: str) -> tuple[Any, Marks]:
    """The document in a text, and where its values stand.

    Raises
    ------
    SourceError
        `source:line:column: sentence`, for what is no YAML, a key given twice, an alias, and what is too large.
    """
    if len(text) > MOST_CHARACTERS:
        raise SourceError([f"{source}:1:1: the file has more than {MOST_CHARACTERS} characters; divide it."])
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise SourceError([f"{source}:1:1: the file is empty; see docs/writing.md for what belongs in it."])
        _check(node, source)
        return loader.construct_document(node), Marks(node)
    except yaml.MarkedYAMLError as error:
        unfinished = "end of stream" in str(error.problem)
        line, column = _place((unfinished and error.context_mark) or error.problem_mark or error.context_mark)
        hint = "; put quotes around texts with : # { } [ ] or a leading special character"
        raise SourceError([f"{source}:{line}:{column}: {error.problem}{hint}."]) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError([f"{source}:1:1: this cannot be read as YAML: {error}."]) from None
    finally:
        loader.dispose()


def problems_of(error: ValidationError, marks: Marks, source: str, models: Mapping[str, type[BaseModel]]) -> list[str]:
    """One sentence for each thing that a model refused, with its place.

    `models` names, for a field that holds records, the model of these; "" is the model of the whole document.
    """
    found: dict[str, None] = {}
    for one in error.errors():
        location = [step for step in one["loc"] if step not in ("computed", "plain")]
        # What is missing has no place of its own: point at the record that lacks it.
        line, column = marks.at(location[:-1] if one["type"] == "missing" else location)
        found[f"{source}:{line}:{column}: {_sentence(location, one, models)}"] = None
    return list(found)


def sentence(told: str) -> str:
    """A text with the mark at its end that a sentence needs."""
    return told if told.endswith(("?", ".")) else f"{told}."


def where(location: Location) -> str:
    """A location as a person writes it.

    >>> where(("items", 2, "options", 0, "text"))
    'items[2].options[0].text'
    """
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location).lstrip(".")


def near(name: str, known: Sequence[str]) -> str:
    """The end of a sentence about an unknown name: the nearest that there is, or all of them.

    >>> near("stm", ["stem", "key"])
    'did you mean “stem”?'
    """
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    listed = ", ".join(known[:MOST_LISTED]) + (" and more" if len(known) > MOST_LISTED else "")
    return f"did you mean “{close[0]}”?" if close else f"there are {listed}."


def _check(root: yaml.Node, source: str) -> None:
    seen: set[int] = set()
    waiting: list[tuple[yaml.Node, int]] = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        line, column = _place(node.start_mark)
        if id(node) in seen:
            raise SourceError([f"{source}:{line}:{column}: an anchor is used again by an alias; write the text out."])
        seen.add(id(node))
        if depth > DEEPEST or len(seen) > MOST_NODES:
            raise SourceError([f"{source}:{line}:{column}: this is nested too deep or is too much; divide the file."])
        if isinstance(node, yaml.MappingNode):
            _check_keys(node, source)
            waiting.extend((part, depth + 1) for pair in node.value for part in pair)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend((part, depth + 1) for part in node.value)


def _check_keys(node: yaml.MappingNode, source: str) -> None:
    known: dict[Hashable, Place] = {}
    for key, _ in node.value:
        line, column = _place(key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            raise SourceError([f"{source}:{line}:{column}: a field name must be a plain word."])
        if key.value in known:
            first = known[key.value][0]
            raise SourceError(
                [f"{source}:{line}:{column}: “{key.value}” is given twice (first in line {first}); keep one of them."]
            )
        known[key.value] = (line, column)


def _sentence(location: Location, error: Any, models: Mapping[str, type[BaseModel]]) -> str:
    name = str(location[-1]) if location else "the file"
    place = where(location) or "the file"
    context: Mapping[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"{where(location[:-1]) or 'the file'} lacks the field “{name}”; add it."
        case "extra_forbidden":
            return f"there is no field “{place}”; {near(name, _fields(location[:-1], models))}"
        case "literal_error" | "enum":
            return f"{place} must be {context['expected']}, not {_shown(error['input'])}."
        case "value_error":
            return f"{place}: {context['error']}."
        case "too_long":
            return f"{place} has {context['actual_length']} entries, and at most {context['max_length']} are taken."
        case "string_too_long":
            return f"{place} has more than {context['max_length']} characters, the most that are taken; shorten it."
        case "string_pattern_mismatch":
            return f"{place} is {_shown(error['input'])}, which does not have the form {context['pattern']}."
        case _:
            told = str(error["msg"]).removeprefix("Input ")
            return f"{place} {told}, and it is {_shown(error['input'])}; mend it by docs/writing.md."


def _fields(location: Location, models: Mapping[str, type[BaseModel]]) -> list[str]:
    holder = next((step for step in reversed(location) if isinstance(step, str) and step in models), "")
    return [field.alias or name for name, field in models[holder].model_fields.items()]


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    written = repr(value)
    return written if len(written) <= 60 else f"{written[:59]}…"


def _place(mark: yaml.Mark | None) -> Place:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
