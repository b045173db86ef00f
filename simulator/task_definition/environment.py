"""Rules about environment variables, environment files and secrets (facts 5.2; platform facts 1.7 and 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from simulator.reading import shorten, shown
from simulator.task_definition.definition import Definition, opening
from simulator.task_definition.finding import Check, Found, removal
from simulator.task_definition.part import NOTHING, Part, inner, length, parts, spot, text
from simulator.task_definition.rules import SecretNames

MOST_FILES = 10
_S3_OBJECT = re.compile(r"arn:[a-z0-9-]+:s3:::[^/]+/.+")
_SECRET = re.compile(r"arn:[a-z0-9-]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+(?P<suffix>(?::[^:]*)*)")
_PARAMETER = re.compile(r"arn:[a-z0-9-]+:ssm:[^:]*:[^:]*:parameter/.+")


def _repeated_secret(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        plain: dict[str | None, list[Part]] = {}
        for variable in parts(container, "environment"):
            plain.setdefault(text(variable, "name"), []).append(variable)
        seen: set[str] = set()
        for secret in parts(container, "secrets"):
            name = text(secret, "name")
            if not name:
                continue
            twins = plain.get(name, [])
            if twins and definition.rules.secret_names is SecretNames.UNIQUE:
                yield Found(
                    at=spot(secret, "name"),
                    message=f"{opening(container)} has {shown(name)} as a secret and in environment, in plain "
                    "text: the two names must differ.",
                    fix="Take it out of environment, where anyone who may describe the definition reads it.",
                    change=tuple(removal(one.at) for one in reversed(twins)) if name not in seen else (),
                    aws=_text(name),
                )
            elif name in seen:
                yield Found(
                    at=spot(secret, "name"),
                    message=f"{opening(container)} has the secret {shown(name)} twice.",
                    fix="Keep one of the two.",
                    change=(removal(secret.at),),
                    aws=_text(name),
                )
            seen.add(name)


def _text(name: str) -> str:
    return (
        "The secret name must be unique and not shared with any new or existing environment variables set on the "
        f"container, such as '{shorten(name)}'."
    )


def _repeated_variable(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        seen: set[str] = set()
        for variable in parts(container, "environment"):
            name = text(variable, "name")
            if name and name in seen:
                message = f"{opening(container)} has {shown(name)} twice in environment, and which counts is open."
                yield Found(at=spot(variable, "name"), message=message, fix="Keep one of the two.")
            seen.add(name or "")


def _file_count(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        count = length(container, "environmentFiles")
        if count > MOST_FILES:
            message = f"{opening(container)} has {count} environment files, and at most {MOST_FILES} are taken."
            yield Found(at=spot(container, "environmentFiles"), message=message, fix="Join some of them.")


def _file_name(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        for file in parts(container, "environmentFiles"):
            value = text(file, "value")
            if value is not None and not value.endswith(".env"):
                message = f"The environment file {shown(value)} does not end in .env."
                yield Found(at=spot(file, "value"), message=message, fix="Name the object so that it ends in .env.")


def _file_arn(definition: Definition) -> Iterator[Found]:
    for container in definition.containers:
        for file in parts(container, "environmentFiles"):
            value = text(file, "value")
            if value is not None and not _S3_OBJECT.fullmatch(value):
                message = f"The environment file {shown(value)} is not the ARN of an S3 object."
                yield Found(
                    at=spot(file, "value"), message=message, fix="Write it such as arn:aws:s3:::bucket/web.env."
                )


def _secrets(definition: Definition) -> Iterator[tuple[Part, str]]:
    for container in definition.containers:
        logs = inner(container, "logConfiguration") or NOTHING
        for secret in (*parts(container, "secrets"), *parts(logs, "secretOptions")):
            value = text(secret, "valueFrom")
            if value is not None:
                yield secret, value


def _store(definition: Definition) -> Iterator[Found]:
    for secret, value in _secrets(definition):
        if value and not (value.startswith("arn:") and not (_SECRET.fullmatch(value) or _PARAMETER.fullmatch(value))):
            continue
        yield Found(
            at=spot(secret, "valueFrom"),
            message=f"valueFrom is {shown(value)}: neither a secret of Secrets Manager nor a parameter of SSM.",
            fix="Write the secret's full ARN, the parameter's full ARN, or a parameter's name of the same Region.",
        )


def _suffix(definition: Definition) -> Iterator[Found]:
    for secret, value in _secrets(definition):
        found = _SECRET.fullmatch(value)
        extra = found["suffix"].split(":")[1:] if found else []
        if not extra:
            continue
        at = spot(secret, "valueFrom")
        if len(extra) != 3:
            yield Found(
                at=at,
                message=f"After the secret's name valueFrom has {len(extra)} part{'s' * (len(extra) > 1)}, and three "
                "are taken: JSON key, version stage and version id.",
                fix="Keep the colons of the empty parts, as in …:secret:db-AbCdEf:password::",
            )
        elif extra[1] and extra[2]:
            yield Found(
                at=at,
                message="valueFrom names a version stage and a version id, and they exclude each other.",
                fix="Leave one of the two empty.",
            )


CHECKS = (
    Check(rule="secret-name-repeated", source="OBS:registration", find=_repeated_secret),
    Check(rule="variable-twice", source="API:ContainerDefinition", find=_repeated_variable, warns=True, is_open=True),
    Check(rule="environment-file-count", source="API:EnvironmentFile", find=_file_count),
    Check(rule="environment-file-name", source="API:EnvironmentFile", find=_file_name),
    Check(rule="environment-file-arn", source="API:EnvironmentFile", find=_file_arn),
    Check(rule="secret-store", source="API:Secret", find=_store),
    Check(rule="secret-suffix", source="DG:secrets-envvar-secrets-manager", find=_suffix, is_open=True),
)
