"""Reads what a page tells one to type: each `aws …` command, held to the shapes of AWS's own service models."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.model import OperationModel, Shape, StructureShape
from botocore.validate import ParamValidator

# The CLI's own name of a service, where it is another than the model's; options that every command takes.
SERVICES = {"s3api": "s3", "deploy": "codedeploy"}
GLOBAL = {"region", "profile", "output", "query", "no-cli-pager"}
# Commands that the CLI makes of several calls, so no model has them.
OF_THE_CLI = {
    ("s3", "cp"),
    ("s3", "ls"),
    ("s3", "sync"),
    ("s3", "mb"),
    ("ecs", "wait"),
    ("eks", "update-kubeconfig"),
    ("cloudformation", "deploy"),
    ("logs", "tail"),
    ("ecr", "get-login-password"),
    ("elbv2", "wait"),
    ("ecs", "execute-command"),
}


def commands(text: str) -> Iterator[list[str]]:
    """The words of each `aws` command of a shell text, continued lines joined, pipes and comments cut off."""
    joined = re.sub(r"\\\n", " ", text)
    lexer = shlex.shlex(joined, posix=True, punctuation_chars="|;&\n()")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = "#"
    words: list[str] = []
    for token in [*lexer, "\n"]:
        if re.fullmatch(r"[|;&\n()]+", token):
            if words and words[0] == "aws":
                yield words
            words = []
        else:
            words.append(token.removeprefix("$"))


def problems(words: list[str]) -> Iterator[str]:
    """What AWS would refuse about a command's form: unknown options, missing parameters, values of a wrong shape."""
    if len(words) < 3:
        yield f"{' '.join(words)} names no operation"
        return
    service, operation = words[1], words[2]
    if (service, operation) in OF_THE_CLI:
        return
    try:
        model = _operation(SERVICES.get(service, service), operation)
    except Exception as error:
        yield f"aws {service} {operation}: {error}"
        return
    parameters: dict[str, Any] = {}
    for option, values in _options(words[3:]):
        if option in GLOBAL:
            continue
        if option == "cli-input-json":
            parameters |= json.loads(values[0])
            continue
        name = _parameter(model, option)
        if name is None:
            yield f"aws {service} {operation} has no option --{option}"
            continue
        shape = model.input_shape.members[name]
        if option.startswith("no-") and shape.type_name == "boolean":
            parameters[name] = False
            continue
        try:
            parameters[name] = _value(shape, values)
        except (ValueError, KeyError) as error:
            yield f"aws {service} {operation} --{option}: {error}"
    yield from (f"aws {service} {operation}: {line}" for line in shape_problems(model, parameters))


def shape_problems(model: OperationModel, parameters: Mapping[str, Any]) -> list[str]:
    """What the service's model says against an operation's input."""
    report = ParamValidator().validate(dict(parameters), model.input_shape)
    return report.generate_report().splitlines() if report.has_errors() else []


def operation_of(name: str) -> OperationModel:
    """The model of "ecs.RunTask"."""
    service, operation = name.split(".")
    return _service(service).operation_model(operation)


def _operation(service: str, operation: str) -> OperationModel:
    model = _service(service)
    for name in model.operation_names:
        if xform_name(name, "-") == operation:
            return model.operation_model(name)
    raise ValueError("there is no such operation")


@cache
def _service(service: str):
    return botocore.session.get_session().get_service_model(service)


def _options(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    option: str | None = None
    values: list[str] = []
    for word in words:
        if word.startswith("--"):
            if option is not None:
                yield option, values
            name, _, value = word[2:].partition("=")
            option, values = name, [value] if value else []
        elif option is not None:
            values.append(word)
    if option is not None:
        yield option, values


def _parameter(model: OperationModel, option: str) -> str | None:
    members = model.input_shape.members if model.input_shape else {}
    for name in members:
        written = xform_name(name, "-")
        if option in (written, f"no-{written}"):
            return name
    return None


def _value(shape: Shape, values: list[str]) -> Any:
    kind = shape.type_name
    if kind == "boolean":
        return not values or values[0] == "true"
    if not values:
        raise ValueError("a value is missing")
    if values[0].startswith("file://") or values[0].startswith("fileb://"):
        return _any(shape)
    if values[0][:1] in "[{" and kind in ("list", "structure", "map"):
        return json.loads(values[0])
    if kind == "list":
        return [_one(shape.member, value) for value in values]
    return _one(shape, values[0])


def _one(shape: Shape, text: str) -> Any:
    kind = shape.type_name
    if kind in ("integer", "long"):
        return int(text)
    if kind in ("double", "float"):
        return float(text)
    if kind == "boolean":
        return {"true": True, "false": False}[text.lower()]
    if kind == "map":
        return dict(pair.split("=", 1) for pair in text.split(","))
    if kind == "structure":
        return _shorthand(shape, text)
    if kind == "blob":
        return text.encode()
    return text


def _shorthand(shape: StructureShape, text: str) -> dict[str, Any]:
    """The CLI's `key=value,key=[a,b],key={a=b}` form."""
    if text.startswith("{"):
        return json.loads(text)
    found: dict[str, Any] = {}
    for part in _split(text):
        name, sign, value = part.partition("=")
        if not sign:
            raise ValueError(f"“{part}” is no key=value")
        if name not in shape.members:
            raise ValueError(f"there is no member “{name}”")
        member = shape.members[name]
        if value.startswith("[") and member.type_name == "list":
            found[name] = [_one(member.member, one) for one in _split(value[1:-1])]
        elif value.startswith("{") and member.type_name == "structure":
            found[name] = _shorthand(member, value[1:-1])
        elif member.type_name == "list":
            found.setdefault(name, []).append(_one(member.member, value))
        else:
            found[name] = _one(member, value)
    return found


def _split(text: str) -> list[str]:
    """Parts between commas that stand in no bracket; a part without a sign belongs to the list before it."""
    parts: list[str] = [""]
    depth = 0
    for letter in text:
        depth += (letter in "[{") - (letter in "]}")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part for part in parts if part]


def _any(shape: Shape) -> Any:
    """A value of the shape for a parameter that is read from a file; the file's own content is checked apart."""
    match shape.type_name:
        case "list":
            return []
        case "structure" | "map":
            return {}
        case "blob":
            return b""
        case _:
            return "from a file"
