"""AWS's rules about roles and policies as values. The default of each field is what AWS documents.

A misconception is the same simulator with one field changed: `replace(RULES, pull_by=PullBy.TASK)`. In YAML it is
written `rules: {pull_by: task}` and read by `rules_from_dict`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.rules import changed_fields, read


class PullBy(StrEnum):
    """Whose credentials pull an image from a private ECR repository."""

    LAUNCH_TYPE = "launch_type"  # the instance role on EC2, the execution role elsewhere
    TASK = "task"


class SecretsBy(StrEnum):
    """Whose credentials fetch what `secrets` names."""

    EXECUTION = "execution"
    TASK = "task"
    INSTANCE = "instance"  # on EC2; elsewhere there is no instance of yours


class AppUses(StrEnum):
    """Which role's credentials the code in the containers gets."""

    TASK = "task"
    EXECUTION = "execution"


@dataclass(frozen=True, slots=True, kw_only=True)
class IamRules:
    """The whole set. Sources: facts 1.1 to 1.5, 1.8 and 1.9."""

    pull_by: PullBy = PullBy.LAUNCH_TYPE
    secrets_by: SecretsBy = SecretsBy.EXECUTION
    app_uses: AppUses = AppUses.TASK
    instance_role_adds: bool = False  # "what the instance may do, its tasks may do too"
    imds_fallback: bool = True  # without a task role, an app on EC2 gets the instance role's credentials
    pass_role_needed: bool = True
    trust_checked: bool = True  # "a role with the right permissions can be assumed"
    checked_at_registration: bool = True  # a missing execution role is caught when the definition is registered
    managed_policy_reads_secrets: bool = False  # "AmazonECSTaskExecutionRolePolicy covers secrets"
    deny_wins: bool = True
    silence_allows: bool = False  # "what no statement speaks of is allowed"
    arn_covers_below: bool = False  # "a bucket's ARN covers the objects in it"
    missing_key_passes: bool = False  # "a condition on what the request does not say is met"


RULES = IamRules()


def rules_to_dict(rules: IamRules) -> dict[str, str | bool | int]:
    """Only the fields that differ from AWS's, so that the true rules are `{}`.

    >>> rules_to_dict(IamRules(pull_by=PullBy.TASK, deny_wins=False))
    {'pull_by': 'task', 'deny_wins': False}
    """
    return changed_fields(rules, RULES)


def rules_from_dict(document: Mapping[str, Any]) -> IamRules:
    """Read `{field: value}`; what is left out is AWS's.

    Raises
    ------
    InputError
        For a field or a value that does not exist, with the nearest name.

    >>> rules_from_dict({"app_uses": "execution"}).app_uses
    <AppUses.EXECUTION: 'execution'>
    """
    return read(RULES, document, "iam")
