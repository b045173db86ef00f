"""A decision and its reasons, as values. The sentences are built when somebody reads them, not before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from simulator.model import Instance
from simulator.placement import wording
from simulator.placement.request import Request, Strategy
from simulator.placement.rules import PlacementRules
from simulator.task_needs import TaskNeeds


class Shortfall(NamedTuple):
    """One rule that an instance fails. A named tuple, like `Verdict`: a decision makes thousands of them.

    `rule` is the filter's name, `reason` AWS's string for it, `need` and `have` the two numbers (or words) that were
    compared, `detail` whatever else the sentence needs.
    """

    rule: str
    reason: str
    need: Any
    have: Any
    detail: Any = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A shortfall written out: for the terminal, the tables and the quizzes."""

    rule: str
    reason: str
    sentence: str
    need: Any
    have: Any
    change: wording.Change


class Verdict(NamedTuple):
    """What the scheduler thinks of one instance. `keys` are its ranking keys, smaller is better, None if it failed."""

    instance: Instance
    shortfalls: tuple[Shortfall, ...]
    keys: tuple[int, ...] | None = None

    @property
    def fits(self) -> bool:
        """Whether every filter let the instance through."""
        return not self.shortfalls

    @property
    def reasons(self) -> tuple[str, ...]:
        """AWS's reason strings, each once, first the one that would be reported."""
        return tuple(dict.fromkeys(shortfall.reason for shortfall in self.shortfalls))

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Every failed rule with its numbers, its sentence, and the least change that would mend it."""
        return tuple(
            Failure(
                shortfall.rule,
                shortfall.reason,
                wording.failure_sentence(shortfall, self.instance),
                shortfall.need,
                shortfall.have,
                wording.least_change(shortfall, self.instance),
            )
            for shortfall in self.shortfalls
        )

    @property
    def changes(self) -> tuple[wording.Change, ...]:
        """The least change that would let the task in: one for each failed rule, together they suffice."""
        return tuple(wording.least_change(shortfall, self.instance) for shortfall in self.shortfalls)

    @property
    def least_change(self) -> str | None:
        """The same as one sentence, None for an instance that fits."""
        return wording.changes_sentence(self.instance, self.changes) if self.shortfalls else None

    @property
    def sentence(self) -> str:
        """Why not, or that it fits."""
        return wording.verdict_sentence(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Where one task goes and why. `strategies` are those in force, the defaults filled in.

    `chosen` is the instance's id, None if the task is not placed. `overruled` is set when a belief (a changed rule)
    refused or accepted the task against its filters.
    """

    request: Request
    needs: TaskNeeds
    rules: PlacementRules
    task: int
    strategies: tuple[Strategy, ...]
    verdicts: tuple[Verdict, ...]
    chosen: str | None
    overruled: str | None = None

    @property
    def candidates(self) -> tuple[Verdict, ...]:
        """The instances that were ranked, best first."""
        ranked = [verdict for verdict in self.verdicts if verdict.keys is not None]
        return tuple(sorted(ranked, key=lambda verdict: verdict.keys or ()))

    @property
    def tied(self) -> tuple[str, ...]:
        """The instances that were equally good: more than one means that our tie-break decided, not AWS's rules."""
        best = self.candidates[:1]
        if not best or self.chosen is None:
            return ()
        # The last key is the tie rank itself.
        return tuple(verdict.instance.id for verdict in self.candidates if _merit(verdict) == _merit(best[0]))

    @property
    def closest(self) -> Verdict | None:
        """The instance that is nearest to taking the task: fewest failed rules, then the smallest shortage, then id.

        How AWS finds its "closest matching" instance is not documented; this is a simulator choice.
        """
        failed = [verdict for verdict in self.verdicts if verdict.shortfalls]
        if self.chosen is not None or not failed:
            return None
        return min(failed, key=lambda v: (len(v.shortfalls), sum(map(_shortage, v.shortfalls)), v.instance.id))

    @property
    def reasons(self) -> dict[str, list[str]]:
        """For each instance, every true reason string; empty if the task was placed."""
        if self.chosen is not None:
            return {}
        return {verdict.instance.id: list(verdict.reasons) for verdict in self.verdicts}

    @property
    def nearest_change(self) -> str | None:
        """One sentence: the least change in the cluster after which the task would fit."""
        return self.closest.least_change if self.closest else None

    @property
    def event(self) -> str | None:
        """The service event AWS would emit, or RunTask's failures; None if the task was placed."""
        if self.chosen is not None:
            return None
        if self.request.scheduling is None:
            return wording.run_task_failures(self.verdicts)
        return wording.service_event(self.request.group, self.closest)

    @property
    def key_names(self) -> tuple[str, ...]:
        """What each ranking key of a verdict is, in the order of the keys."""
        return (*(wording.key_name(strategy, self.request.group) for strategy in self.strategies), "tie rank (ours)")

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be checked: the network interfaces of an instance whose type's limit is not known."""
        if not self.needs.eni:
            return ()
        return tuple(wording.unknown_eni(v.instance) for v in self.verdicts if v.instance.enis is None)

    @property
    def sentence(self) -> str:
        """The decision in one sentence."""
        return wording.decision_sentence(self)

    def verdict(self, instance_id: str) -> Verdict:
        """The verdict of one instance; KeyError if there is none of this id."""
        for verdict in self.verdicts:
            if verdict.instance.id == instance_id:
                return verdict
        raise KeyError(instance_id)


def _merit(verdict: Verdict) -> tuple[int, ...]:
    return (verdict.keys or ())[:-1]


def _shortage(shortfall: Shortfall) -> int:
    """How far off, in thousandths of the need; what has no amount counts as wholly missing."""
    if isinstance(shortfall.need, int) and isinstance(shortfall.have, int) and shortfall.need > 0:
        return min(1000, (shortfall.need - shortfall.have) * 1000 // shortfall.need)
    return 1000
