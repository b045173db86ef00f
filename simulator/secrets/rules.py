"""AWS's rules about environment variables and secrets as values. The default of each field is what AWS documents.

A misconception is the same simulator with one field changed: `replace(RULES, rotation_reaches=Reach.RUNNING)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.rules import changed_fields, read


class Reach(StrEnum):
    """What a new value reaches by itself."""

    NEW_TASK = "new_task"  # values are put in once, when the container is first created
    RESTART = "restart"  # "a container that restarts fetches it again"
    RUNNING = "running"  # "running tasks follow at once"


class SameName(StrEnum):
    """What becomes of a name in `environment` and in `secrets`."""

    REFUSED = "refused"
    ENVIRONMENT = "environment"  # "the environment overrides the secret"
    SECRET = "secret"  # "the secret overrides the environment"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsRules:
    """The whole set. Source: facts 4; `last_line_wins` is the agent's source, not a page of AWS's."""

    rotation_reaches: Reach = Reach.NEW_TASK
    same_name: SameName = SameName.REFUSED
    environment_beats_files: bool = True
    first_file_wins: bool = True  # of two env files; "the later overrides the earlier"
    last_line_wins: bool = True  # within one env file
    override_wins: bool = True  # RunTask's environment over the task definition's
    override_files_add: bool = False  # an override's env files replace the definition's list
    quotes_stripped: bool = False  # "an env file is read as a shell would read it"
    describe_shows_secrets: bool = False


RULES = SecretsRules()


def rules_to_dict(rules: SecretsRules) -> dict[str, str | bool | int]:
    """Only the fields that differ from AWS's, so that the true rules are `{}`.

    >>> rules_to_dict(SecretsRules(rotation_reaches=Reach.RUNNING))
    {'rotation_reaches': 'running'}
    """
    return changed_fields(rules, RULES)


def rules_from_dict(document: Mapping[str, Any]) -> SecretsRules:
    """Read `{field: value}`; what is left out is AWS's.

    Raises
    ------
    InputError
        For a field or a value that does not exist, with the nearest name.

    >>> rules_from_dict({"first_file_wins": False}).first_file_wins
    False
    """
    return read(RULES, document, "secrets")
