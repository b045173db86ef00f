"""The task definition: a validator for real RegisterTaskDefinition JSON.

`validate` gives every error and warning at once, each with its place, its rule, a sentence and a cure; `apply_change`
does a cure that is mechanical.
"""

from __future__ import annotations

from simulator.task_definition.change import apply_change
from simulator.task_definition.checks import CHECKS, Verdict, validate
from simulator.task_definition.finding import Check, Finding, finding_to_dict
from simulator.task_definition.rules import RULES, TaskDefinitionRules

__all__ = [
    "CHECKS",
    "RULES",
    "Check",
    "Finding",
    "TaskDefinitionRules",
    "Verdict",
    "apply_change",
    "finding_to_dict",
    "validate",
]
