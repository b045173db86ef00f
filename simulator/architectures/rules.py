"""What AWS documents about events on their way, as values. The default of each field is AWS's.

A misconception is the same simulator with one field changed: `replace(RULES, failed_tasks_retried=True)`.
In YAML it is written `rules: {failed_tasks_retried: true}` and read by `rules_from_dict`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.rules import changed_fields, read


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchitecturesRules:
    """The whole set. Sources: facts 1.3, 1.4, 5.1 to 5.4."""

    bucket_sends_by_itself: bool = False  # a bucket's EventBridge flag has to be switched on
    rule_uses_task_role: bool = False  # the rule (or the schedule) calls RunTask with a role of its own
    pass_role_needed: bool = True  # who hands roles to ECS needs iam:PassRole on both
    permission_errors_retried: bool = False  # they go straight to the dead-letter queue, or are dropped
    event_reaches_task: bool = False  # nothing of it does without an input transformer
    failed_tasks_retried: bool = False  # a delivered event means that RunTask was accepted, no more
    exactly_once: bool = False  # delivery is at least once
    overlap_prevented: bool = False  # nothing keeps two scheduled tasks apart
    topic_needs_policy: bool = True  # the topic's resource policy lets EventBridge publish
    queue_pushes: bool = False  # SQS pushes nothing: workers poll, and need sqs:ReceiveMessage
    receive_deletes: bool = False  # a received message is hidden, not deleted
    poison_goes_away: bool = False  # it comes back until the redrive policy moves it


RULES = ArchitecturesRules()


def rules_to_dict(rules: ArchitecturesRules) -> dict[str, str | bool | int]:
    """Only the fields that differ from AWS's, so that the true rules are `{}`.

    >>> rules_to_dict(ArchitecturesRules(receive_deletes=True))
    {'receive_deletes': True}
    """
    return changed_fields(rules, RULES)


def rules_from_dict(document: Mapping[str, Any]) -> ArchitecturesRules:
    """Read `{field: value}`; what is left out is AWS's.

    Raises
    ------
    InputError
        For a field or a value that does not exist, with the nearest name.

    >>> rules_from_dict({"exactly_once": True}).exactly_once
    True
    """
    return read(RULES, document, "architectures")
