"""A placement run: the requests of a scenario one after another, as a trace.

Each task is decided on the state that the task before it left, so ports and memory add up. A change of the learner
is an event of its own, so whatever came before it stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from simulator.model import Cluster
from simulator.placement.decide import decide, needs_of
from simulator.placement.decision import Decision
from simulator.placement.events import Event, apply, event_from_dict, event_to_dict
from simulator.placement.filters import ROOM
from simulator.placement.index import WORTH_IT, place_many
from simulator.placement.rebalance import request_reasons, zone_counts
from simulator.placement.request import Constraint, Request, Strategy, read_constraints, read_strategies
from simulator.placement.rules import RULES, PlacementRules, rules_from_dict, rules_to_dict
from simulator.placement.scale_in import StopDecision, choose_to_stop
from simulator.placement.scenario import Change, Job, Rebalance, ScaleIn, Scenario, read_scenario
from simulator.task_needs import TaskNeeds, placed_task
from simulator.trace import CHECKPOINT_EVERY, Mechanism, Trace, state_at


def simulate(scenario: Mapping[str, Any], rules: PlacementRules = RULES) -> Trace[Cluster, Event]:
    """The whole run of a placement scenario, plain or with `requests`.

    Raises
    ------
    InputError
        For a scenario that can not be read, or that AWS would refuse.
    """
    read = read_scenario(scenario, rules)
    run = _Run(read, rules)
    for position, job in enumerate(read.jobs):
        run.start(position)
        if isinstance(job, ScaleIn):
            run.scale_in(job)
        elif isinstance(job, Rebalance):
            run.rebalance(job)
        elif job.scheduling == "DAEMON":
            run.daemon()
        else:
            run.place(job.count)
    run.take_changes()
    return Trace(
        mechanism=MECHANISM,
        scenario=scenario,
        rules=rules,
        events=tuple(run.events),
        checkpoints=tuple(run.checkpoints),
        context=read,
    )


def explain(trace: Trace[Cluster, Event], k: int) -> Decision | StopDecision | None:
    """Why event `k` happened: the decision of a placement or of a stop; None for a change of the learner's."""
    event = trace.events[k]
    read: Scenario = trace.context
    state = state_at(trace, k)
    if event.kind == "changed" or (event.kind == "refused" and event.note):
        return None
    strategies, constraints = _in_force(trace.events[:k]) if read.changes else (None, None)
    if event.kind in ("stopped", "moved-stop"):
        chain, seed = _stop_order(read.jobs, event.job, strategies)
        return choose_to_stop(state, event.group or "", chain, trace.rules, seed=seed)
    request = _request_of(read.jobs, event.job, strategies, constraints)
    if event.kind == "refused" and event.instance is not None:
        state = replace(state, instances=tuple(one for one in state.instances if one.id == event.instance))
    return decide(state, request, trace.rules, task=event.task or 1)


class _Run:
    """A run in the making: the state so far, the events, and the checkpoints."""

    def __init__(self, read: Scenario, rules: PlacementRules) -> None:
        self.read = read
        self.rules = rules
        self.state = read.cluster
        self.events: list[Event] = []
        self.checkpoints: list[Cluster] = [read.cluster]
        self.job = 0
        self._pending = list(read.changes)
        self._number = 0
        self._strategies: tuple[Strategy, ...] | None = None
        self._constraints: tuple[Constraint, ...] | None = None
        self._refused: Decision | None = None

    def start(self, job: int) -> None:
        self.job = job
        self._refused = None

    def take_changes(self) -> bool:
        """Apply the learner's changes that are due before the next event."""
        took = False
        while self._pending and self._pending[0].at <= len(self.events):
            change: Change = self._pending.pop(0)
            self._emit(Event(kind="changed", job=self.job, change=change.document))
            self._strategies = change.strategies if change.strategies is not None else self._strategies
            self._constraints = change.constraints if change.constraints is not None else self._constraints
            self._refused = None
            took = True
        return took

    def place(self, count: int) -> None:
        if len(self.state.instances) >= WORTH_IT:
            self._place_in_bulk(count)
            return
        for _ in range(count):
            self.take_changes()
            self._number += 1
            decision = self._refused or self._decide()
            if decision.chosen is None:
                # Nothing changes by a refusal, so the next copy is refused for the same reasons.
                self._refused = decision
                self._refuse()
            else:
                self._put("placed", decision.needs, decision.chosen)

    def _place_in_bulk(self, count: int) -> None:
        """The same on a large cluster, by the fast path; the learner's changes part the tasks into bulks."""
        while count:
            self.take_changes()
            bulk = min(count, self._pending[0].at - len(self.events)) if self._pending else count
            request = replace(self._request(), count=bulk)
            needs = needs_of(request, self.rules)
            for chosen in place_many(self.state, [request], self.rules, first_task=self._number + 1):
                self._number += 1
                if chosen is None:
                    self._refuse()
                else:
                    self._put("placed", needs, chosen)
            count -= bulk

    def daemon(self) -> None:
        """One task on each instance that qualifies, never two (facts 1.11)."""
        while True:
            self.take_changes()
            self._number += 1
            decision = self._decide()
            if decision.chosen is None:
                break
            self._put("placed", decision.needs, decision.chosen)
        self._number -= 1
        for verdict in decision.verdicts:
            # What is ACTIVE and meets the constraints should run the daemon; the rest is not asked.
            if verdict.shortfalls and {s.rule for s in verdict.shortfalls} <= _SHOULD_RUN_DAEMON:
                self._number += 1
                self._refuse(instance=verdict.instance.id)

    def scale_in(self, job: ScaleIn) -> None:
        for _ in range(job.count):
            self.take_changes()
            chain, seed = _stop_order(self.read.jobs, self.job, self._strategies)
            decision = choose_to_stop(self.state, job.group, chain, self.rules, seed=seed)
            if decision.chosen is None:
                self._note(job.group, decision.sentence)
                return
            self._stop("stopped", job.group, decision)

    def rebalance(self, job: Rebalance) -> None:
        """Start in the zone with the fewest, then stop in the zone with the most, until the zones are even."""
        request = self._request()
        reasons = request_reasons(request)
        if reasons:
            self._note(job.group, f"Not eligible for Availability Zone rebalancing: {' '.join(reasons)}")
            return
        while True:
            self.take_changes()
            counts = zone_counts(self.state, job.group)
            running = sum(counts.values())
            if running < job.desired:
                self._note(job.group, f"{running} of {job.desired} tasks run: rebalancing waits for a steady state.")
                return
            if not counts or max(counts.values()) - min(counts.values()) < 2:
                return
            self._number += 1
            decision = self._decide()
            zone = next((i.zone for i in self.state.instances if i.id == decision.chosen), None)
            if decision.chosen is None or zone is None or counts.get(zone, 0) > max(counts.values()) - 2:
                self._number -= 1
                note = "No move makes the zones more even: the zones with fewer tasks have no instance that fits."
                self._note(job.group, note)
                return
            self._put("moved-start", decision.needs, decision.chosen)
            chain, seed = _stop_order(self.read.jobs, self.job, self._strategies)
            self._stop("moved-stop", job.group, choose_to_stop(self.state, job.group, chain, self.rules, seed=seed))

    def _request(self) -> Request:
        return _request_of(self.read.jobs, self.job, self._strategies, self._constraints)

    def _decide(self) -> Decision:
        return decide(self.state, self._request(), self.rules, task=self._number)

    def _put(self, kind: str, needs: TaskNeeds, instance: str) -> None:
        group = self._request().group
        task = placed_task(needs, number=self._number, group=group, instance=instance)
        self._emit(Event(kind=kind, job=self.job, group=group, task=self._number, instance=instance, placed=task))

    def _refuse(self, instance: str | None = None) -> None:
        self._emit(
            Event(kind="refused", job=self.job, group=self._request().group, task=self._number, instance=instance)
        )

    def _note(self, group: str, note: str) -> None:
        """A refusal that no placement decision explains."""
        self._emit(Event(kind="refused", job=self.job, group=group, note=note))

    def _stop(self, kind: str, group: str, decision: StopDecision) -> None:
        gone = next(task for task in self.state.tasks if task.id == decision.chosen)
        self._emit(Event(kind=kind, job=self.job, group=group, instance=gone.instance, stopped=gone.id))

    def _emit(self, event: Event) -> None:
        self.events.append(event)
        self.state = apply(self.state, event)
        if len(self.events) % CHECKPOINT_EVERY == 0:
            self.checkpoints.append(self.state)


# An instance that fails only these should run the daemon and can not; any other filter says that it should not.
_SHOULD_RUN_DAEMON = ROOM | {"agent"}


def _in_force(
    events: tuple[Event, ...],
) -> tuple[tuple[Strategy, ...] | None, tuple[Constraint, ...] | None]:
    """The strategies and constraints that the learner's changes have put in place so far."""
    strategies = constraints = None
    for event in _changes_of(events):
        change = event.change or {}
        if "placementStrategy" in change:
            strategies = read_strategies(change["placementStrategy"])
        if "placementConstraints" in change:
            constraints = read_constraints(change["placementConstraints"])
    return strategies, constraints


def _changes_of(events: tuple[Event, ...]) -> Iterator[Event]:
    return (event for event in events if event.change is not None)


def _request_of(
    jobs: tuple[Job, ...],
    position: int,
    strategies: tuple[Strategy, ...] | None,
    constraints: tuple[Constraint, ...] | None,
) -> Request:
    """The placement request of a job (for a rebalancing, the last one of its group), with the changes put in."""
    job = jobs[position]
    if isinstance(job, (Rebalance, ScaleIn)):
        found = _earlier_request(jobs, position, job.group)
        assert found is not None, "read_scenario has checked that a request of the group came before"
        job = found
    if strategies is not None and job.scheduling != "DAEMON":
        job = replace(job, strategies=strategies)
    if constraints is not None:
        own = tuple(constraint for constraint in job.constraints if constraint.source == "task definition")
        job = replace(job, constraints=(*own, *constraints))
    return job


def _stop_order(
    jobs: tuple[Job, ...], position: int, changed: tuple[Strategy, ...] | None
) -> tuple[tuple[Strategy, ...], int]:
    """The strategies that pick the task to stop, and the seed."""
    job = jobs[position]
    assert not isinstance(job, Request)
    request = _earlier_request(jobs, position, job.group)
    written = job.strategies if isinstance(job, ScaleIn) else None
    seed = request.seed if request else 1
    if written is None:
        written = changed if changed is not None else request.strategies if request else ()
    return written, seed


def _earlier_request(jobs: tuple[Job, ...], position: int, group: str) -> Request | None:
    for job in reversed(jobs[:position]):
        if isinstance(job, Request) and job.group == group:
            return job
    return None


MECHANISM: Mechanism[Cluster, Event] = Mechanism(
    name="placement",
    simulate=simulate,
    apply=apply,
    explain=explain,
    event_to_dict=event_to_dict,
    event_from_dict=event_from_dict,
    rules_to_dict=rules_to_dict,
    rules_from_dict=rules_from_dict,
)
