"""A task launch through the checks, in their order, up to the first that stops it. Source: facts 1.9.

What a check refuses is in its finding's changes. A change can undo what an earlier check asked for (a task role has
to be passed, too), so the cure is the changes with all that they bring about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.errors import InputError
from simulator.iam.admission import caller, capacity, register, trust
from simulator.iam.agent import init, logs, pull
from simulator.iam.app import app
from simulator.iam.calls import STEPS, Asker, Call, Step
from simulator.iam.cures import Change, cured, to_dict
from simulator.iam.findings import Checked, Finding, Outcome
from simulator.iam.launch import Launch, read_launch
from simulator.iam.rules import RULES, IamRules

MOST_ROUNDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A launch through its checks: the calls that were made, and what stopped it; `step` is None if nothing did."""

    launch: Launch
    calls: tuple[Call, ...]
    finding: Finding | None
    step: Step | None

    @property
    def outcome(self) -> Outcome:
        """How it ends."""
        return self.finding.outcome if self.finding else Outcome.RUNNING


def walk(launch: Launch, rules: IamRules = RULES) -> Walk:
    """Go through the checks up to the first that stops the launch."""
    asker = Asker(launch=launch, rules=rules)
    calls: list[Call] = []
    for step, check in CHECKS.items():
        made, finding = check(asker)
        calls += made
        if finding is not None:
            return Walk(launch=launch, calls=tuple(calls), finding=finding, step=step)
    return Walk(launch=launch, calls=tuple(calls), finding=None, step=None)


def cure_of(document: Mapping[str, Any], found: Walk, rules: IamRules = RULES) -> tuple[Change, ...]:
    """What gets the launch past the check that stopped it, and past every earlier one again."""
    if found.finding is None or found.step is None:
        return ()
    changes, then = found.finding.changes, found
    for _ in range(MOST_ROUNDS):
        try:
            then = walk(read_launch(cured(document, [to_dict(change) for change in changes])), rules)
        except InputError:  # the cure makes the document larger than is taken
            break
        if then.finding is None or then.step is None or is_later(then.step, found.step):
            break
        changes = (*changes, *(change for change in then.finding.changes if change not in changes))
    return changes


def is_later(step: Step, other: Step) -> bool:
    """Whether one check comes after another."""
    return STEPS.index(step) > STEPS.index(other)


CHECKS: dict[Step, Callable[[Asker], Checked]] = {
    Step.REGISTER: register,
    Step.CALLER: caller,
    Step.TRUST: trust,
    Step.CAPACITY: capacity,
    Step.INIT: init,
    Step.PULL: pull,
    Step.LOGS: logs,
    Step.APP: app,
}
