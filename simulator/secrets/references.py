"""What `valueFrom` may be: a Secrets Manager ARN with its suffix, an SSM parameter's ARN, or a parameter's name.

Source: facts 4, “valueFrom forms”.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator import reading
from simulator.errors import InputError

_ARN = re.compile(r"arn:(aws[a-z-]*):(secretsmanager|ssm):([a-z0-9-]+):([0-9]{12}):(.+)", re.ASCII)
_PARAMETER = re.compile(r"/?[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*", re.ASCII)
_SUFFIXES = 3  # json-key, version-stage, version-id
CURRENT = "AWSCURRENT"


class Store(StrEnum):
    """Where the value lies."""

    SECRETS_MANAGER = "Secrets Manager"
    PARAMETER_STORE = "Parameter Store"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One `valueFrom`, taken apart. `arn` is what a policy's Resource has to cover: without the suffix."""

    written: str
    store: Store
    arn: str
    region: str
    json_key: str = ""
    version_stage: str = ""
    version_id: str = ""
    by_name: bool = False

    @property
    def action(self) -> str:
        """The action that fetches it."""
        return "secretsmanager:GetSecretValue" if self.store is Store.SECRETS_MANAGER else "ssm:GetParameters"

    @property
    def asked(self) -> str:
        """Which version is asked for, in words."""
        return f"version {self.version_id}" if self.version_id else self.version_stage or CURRENT


def read_reference(value: Any, path: str, *, region: str, account: str) -> Reference:
    """A `valueFrom`; a bare name means a parameter of the task's own Region.

    Raises
    ------
    InputError
        For text of another form, for too many parts, and for a stage and an id together.

    >>> arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf"
    >>> found = read_reference(f"{arn}:password::", "valueFrom", region="us-east-1", account="111122223333")
    >>> found.arn == arn, found.json_key, found.asked
    (True, 'password', 'AWSCURRENT')
    """
    written = reading.text(value, path, longest=2048)
    found = _ARN.fullmatch(written)
    if found is None:
        return _named(written, path, region, account)
    partition, service, there, owner, rest = found.groups()
    start = f"arn:{partition}:{service}:{there}:{owner}:"
    if service == "ssm":
        if not rest.startswith("parameter/") or not _PARAMETER.fullmatch(rest):
            raise InputError(f"{path} is no parameter's ARN; it ends with :parameter/ and the name.", path=path)
        return Reference(written=written, store=Store.PARAMETER_STORE, arn=start + rest, region=there)
    kind, _, after = rest.partition(":")
    name, *suffix = after.split(":")
    if kind != "secret" or not name:
        raise InputError(f"{path} is no secret's ARN; it has :secret: and the name with its six letters.", path=path)
    if len(suffix) not in (0, _SUFFIXES):
        raise InputError(
            f"{path} has {len(suffix)} of three parts after the name; write :json-key:version-stage:version-id, "
            "with the colons kept where a part is empty.",
            path=path,
        )
    key, stage, version = suffix or ("", "", "")
    if stage and version:
        raise InputError(f"{path} has a version stage and a version id; keep one of the two.", path=path)
    return Reference(
        written=written,
        store=Store.SECRETS_MANAGER,
        arn=f"{start}secret:{name}",
        region=there,
        json_key=key,
        version_stage=stage,
        version_id=version,
    )


def _named(written: str, path: str, region: str, account: str) -> Reference:
    if written.startswith("arn:"):
        raise InputError(f"{path} is an ARN of neither Secrets Manager nor SSM; give one of those.", path=path)
    if not _PARAMETER.fullmatch(written):
        raise InputError(
            f"{path} is {reading.shown(written)}; give a secret's ARN, a parameter's ARN, or a parameter's name.",
            path=path,
        )
    arn = f"arn:aws:ssm:{region}:{account}:parameter/{written.removeprefix('/')}"
    return Reference(written=written, store=Store.PARAMETER_STORE, arn=arn, region=region, by_name=True)
