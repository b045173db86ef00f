"""“Show me”: the run that happens beside the run that the learner believed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quizzes.expressions import fill_document
from quizzes.item import Item
from quizzes.misconceptions import misconception, rules_of
from quizzes.served import Variant
from simulator.errors import InputError
from simulator.subjects import SUBJECTS, run_of
from simulator.trace import Trace, first_difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs of one scenario. `parts_at` is the first step at which they differ, None if they never do."""

    misconception: str
    statement: str
    true: Trace[Any, Any]
    believed: Trace[Any, Any]
    parts_at: int | None


def can_show(item: Item, misconception_id: str) -> bool:
    """Whether `show_me` has runs to show: there is a scenario of the mechanism, and a rule that says the belief."""
    found = misconception(misconception_id)
    return bool(found.rules) and _mechanism(item) == found.mechanism


def show_me(item: Item, variant: Variant, misconception_id: str) -> Comparison:
    """Both runs of a variant's scenario: by AWS's rules, and by those of a misconception.

    Raises
    ------
    InputError
        If the item has no scenario to run, or the misconception is of another mechanism or changes no rule.
    """
    if not can_show(item, misconception_id):
        raise InputError(f"{item.id} has no run in which {misconception_id} could be shown.")
    scenario = scenario_of(item, variant)
    mechanism = run_of(misconception(misconception_id).mechanism)
    assert mechanism is not None
    true = mechanism.simulate(scenario, mechanism.rules_from_dict({}))
    believed = mechanism.simulate(scenario, rules_of(misconception_id))
    return Comparison(
        misconception=misconception_id,
        statement=misconception(misconception_id).statement,
        true=true,
        believed=believed,
        parts_at=first_difference(true, believed),
    )


def scenario_of(item: Item, variant: Variant) -> dict[str, Any]:
    """The scenario that is replayed: the item's `show_me`, else the document that the simulator was asked."""
    if item.show_me:
        return fill_document(item.show_me.document, variant.params)
    return dict(variant.document or {})


def _mechanism(item: Item) -> str | None:
    if item.show_me:
        return item.show_me.mechanism
    # The subject that has its mechanism's name takes whole scenarios; for any other an item gives `show_me`.
    subject = item.simulate.subject if item.simulate else ""
    if subject in _RUNS_WITH and item.simulate and _RUNS_WITH[subject] not in item.simulate.document:
        return None
    return subject if SUBJECTS.get(subject) == subject and run_of(subject) else None


# Subjects that also answer to a single decision, and the field that makes a run of a document.
_RUNS_WITH = {"scaling": "load"}
