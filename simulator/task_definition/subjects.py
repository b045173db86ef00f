"""The terminal's subject `task_definition`: a real RegisterTaskDefinition document in, every error out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simulator.task_definition.checks import Verdict, validate
from simulator.task_definition.finding import finding_to_dict
from simulator.task_definition.rules import TaskDefinitionRules


def task_definition_answer(document: Mapping[str, Any], rules: TaskDefinitionRules) -> dict[str, Any]:
    """`{"valid", "errors", "warnings", "summary"}`; a definition with warnings only is valid.

    Raises
    ------
    InputError
        Only if the document is no object, or too large.
    """
    return verdict_to_dict(validate(document, rules))


def verdict_to_dict(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON."""
    return {
        "valid": not verdict.errors,
        "errors": [finding_to_dict(finding) for finding in verdict.errors],
        "warnings": [finding_to_dict(finding) for finding in verdict.warnings],
        "summary": summary(verdict),
    }


def summary(verdict: Verdict) -> str:
    """One sentence for the whole."""
    errors, warnings = len(verdict.errors), len(verdict.warnings)
    asked = sorted(verdict.definition.launch_types)
    where = f" for {', '.join(asked)}" if asked else ""
    told = f"{warnings} warning{'s' * (warnings != 1)}" if warnings else ""
    if not errors:
        return f"The definition is valid{where}{', with ' + told if told else ''}."
    rules = len({finding.check.rule for finding in verdict.errors})
    broken = f" of {rules} rules" if 1 < rules < errors else ""
    found = f"{errors} error{'s' * (errors != 1)}{broken}"
    return f"The definition is not valid{where}: {found}{' and ' + told if told else ''}."


ANSWERS: Mapping[str, Callable[[Mapping[str, Any], TaskDefinitionRules], dict[str, Any]]] = {
    "task_definition": task_definition_answer
}
