"""The rules as values, and the presets."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from simulator.errors import InputError
from simulator.iam.presets import PRESETS
from simulator.iam.rules import RULES, IamRules, PullBy, rules_from_dict, rules_to_dict
from simulator.scenario import encode
from simulator.subjects import answer


def test_the_defaults_are_what_aws_documents() -> None:
    assert {field.name: getattr(RULES, field.name) for field in fields(RULES)} == {
        "pull_by": "launch_type",
        "secrets_by": "execution",
        "app_uses": "task",
        "instance_role_adds": False,
        "imds_fallback": True,
        "pass_role_needed": True,
        "trust_checked": True,
        "checked_at_registration": True,
        "managed_policy_reads_secrets": False,
        "deny_wins": True,
        "silence_allows": False,
        "arn_covers_below": False,
        "missing_key_passes": False,
    }


def test_round_trip_and_sentences() -> None:
    changed = IamRules(pull_by=PullBy.TASK, deny_wins=False)
    assert rules_to_dict(changed) == {"pull_by": "task", "deny_wins": False}
    assert rules_from_dict(rules_to_dict(changed)) == changed
    assert rules_to_dict(RULES) == {}
    with pytest.raises(InputError, match="There is no iam rule “pull”; did you mean “pull_by”"):
        rules_from_dict({"pull": "task"})
    with pytest.raises(InputError, match=r"rules\.secrets_by must be execution, task or instance"):
        rules_from_dict({"secrets_by": "caller"})


def test_presets_end_differently() -> None:
    ends: dict[str, str] = {}
    for preset in PRESETS:
        found = answer(preset.subject, preset.scenario)
        ends[preset.id] = found.get("outcome") or found["decision"]
        assert len(encode(preset.scenario)) <= 4096
        json.dumps(found, allow_nan=False)
    assert ends == {
        "three-roles": "RUNNING",
        "secret-on-the-wrong-role": "INIT_ERROR",
        "no-execution-role": "REGISTER_REJECTED",
        "hidden-instance-role": "APP_ACCESS_DENIED",
        "execution-role-for-the-app": "APP_NO_CREDENTIALS",
        "rule-without-pass-role": "CALLER_ACCESS_DENIED",
        "deny-beats-allow": "ExplicitDeny",
        "trust-for-ec2": "ImplicitDeny",
    }
