"""Roles and policies: which role makes which call, what a task launch runs into, what a policy says to a request."""

from __future__ import annotations

from simulator.iam.rules import RULES, IamRules, rules_from_dict, rules_to_dict

__all__ = ["RULES", "IamRules", "rules_from_dict", "rules_to_dict"]
