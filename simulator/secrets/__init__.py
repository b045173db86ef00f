"""Environment variables and secrets: where a container's values come from, and when a new one arrives."""

from __future__ import annotations

from simulator.secrets.rules import RULES, SecretsRules, rules_from_dict, rules_to_dict

__all__ = ["RULES", "SecretsRules", "rules_from_dict", "rules_to_dict"]
