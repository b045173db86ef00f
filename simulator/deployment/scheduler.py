"""One step of the service scheduler, as a pure function: the service as it is -> start some tasks, or stop some.

It looks at nothing but the state, so the reason for any step of a run can be rebuilt by asking again.
Sources: facts 1.3, 1.4, 1.9; which task of several equals is taken is a simulator choice (the lowest number).
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.deployment.state import Deployment, Health, Rollout, State, Status, Task
from simulator.deployment.waves import Order

START = "start"
STOP = "stop"
WAIT = "wait"

# What a step comes up against.
LOWER = "lower"
UPPER = "upper"
SLOTS = "slots"
PROTECTION = "protection"
PAUSE = "pause"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What the scheduler does now.

    `tasks` are the numbers to stop; `deployment` and `count` say what to start; `lacking` is how many more it would
    start if the cluster had room. `purpose` is one of "replace-old", "new", "old-again", "unhealthy", "surplus".
    """

    action: str
    count: int = 0
    tasks: tuple[int, ...] = ()
    deployment: str = ""
    places: tuple[int | None, ...] = ()
    lacking: int = 0
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """The tasks sorted by what they are to the primary deployment; those told to stop are in none of the lists.

    `counted` is what counts toward the upper bound, `present` what takes room in the cluster.
    """

    primary: Deployment
    hopeful: tuple[Task, ...]  # of the primary deployment, not unhealthy
    unhealthy: tuple[Task, ...]  # of the primary deployment
    old: tuple[Task, ...]  # of every other deployment
    healthy: int
    healthy_new: int
    counted: int
    present: int
    lower: int
    upper: int

    @property
    def is_failed(self) -> bool:
        """Nothing more is launched or replaced for a failed deployment."""
        return self.primary.rollout is Rollout.FAILED


def decide(state: State) -> Move:
    """What to do in this state: one batch, as large as the bounds allow, or wait."""
    if state.primary is None:
        return Move(action=WAIT)
    census = take_census(state, state.primary)
    halves = (_stop, _start) if state.plan.order is Order.STOP_FIRST else (_start, _stop)
    for half in halves:
        move = half(state, census)
        if move.action != WAIT:
            return move
    return _make_room(state, census)


def take_census(state: State, primary: Deployment) -> Census:
    """Sort the tasks once for a step. One loop, because a run takes a census at nearly every event."""
    hopeful: list[Task] = []
    unhealthy: list[Task] = []
    old: list[Task] = []
    healthy = healthy_new = leaving = 0
    for task in state.tasks:
        status = task.status
        if status is Status.STOPPED:
            continue
        if status is Status.DEACTIVATING or status is Status.STOPPING:
            leaving += 1
            continue
        is_new = task.deployment == primary.id
        if status is Status.RUNNING and task.health is Health.HEALTHY:
            healthy += 1
            healthy_new += is_new
        if not is_new:
            old.append(task)
        elif task.health is Health.UNHEALTHY:
            unhealthy.append(task)
        else:
            hopeful.append(task)
    kept = len(hopeful) + len(unhealthy) + len(old)
    held = state.bounds
    return Census(
        primary=primary,
        hopeful=tuple(hopeful),
        unhealthy=tuple(unhealthy),
        old=tuple(old),
        healthy=healthy,
        healthy_new=healthy_new,
        counted=kept + (leaving if state.rules.stopping_counts else 0),
        present=kept + leaving,
        lower=held.lower,
        upper=held.upper,
    )


def needed_new(state: State, census: Census) -> int:
    """How many tasks of the primary deployment are still to be launched."""
    return 0 if census.is_failed else max(0, state.desired - len(census.hopeful))


def touched(state: State) -> tuple[str, ...]:
    """Which limits the state rests on: the lower bound, the upper bound, the room."""
    limits: list[str] = []
    if state.healthy <= state.lower:
        limits.append(LOWER)
    if state.counted >= state.upper:
        limits.append(UPPER)
    if state.capacity is not None and state.present >= state.capacity:
        limits.append(SLOTS)
    return tuple(limits)


def blockers(state: State) -> tuple[str, ...]:
    """What keeps the scheduler from going on right now; empty if nothing does or nothing is left to do."""
    if state.primary is None or decide(state).action != WAIT:
        return ()
    census = take_census(state, state.primary)
    found: list[str] = []
    if needed_new(state, census):
        if state.paused_until is not None:
            found.append(PAUSE)
        if census.counted >= census.upper:
            found.append(UPPER)
        elif state.capacity is not None and census.present >= state.capacity:
            found.append(SLOTS)
    if census.old and not census.is_failed:
        if all(task.protected for task in census.old):
            found.append(PROTECTION)
        elif census.healthy <= census.lower:
            found.append(LOWER)
    return tuple(found)


def _stop(state: State, census: Census) -> Move:
    surplus = _surplus(state, census)
    if surplus:
        return Move(action=STOP, count=len(surplus), tasks=surplus, purpose="surplus")
    if census.is_failed or not census.old:
        return Move(action=WAIT)
    never_completed = {deployment.id for deployment in state.deployments if deployment.rollout is not Rollout.COMPLETED}
    settled = census.healthy_new >= state.desired
    # In start-first order old tasks stay until the batch just started is healthy: AWS's generic description.
    batch_runs = state.plan.order is Order.START_FIRST and census.healthy_new < len(census.hopeful)
    spare = 0 if batch_runs else max(0, census.healthy - census.lower)
    numbers: list[int] = []
    for task in census.old:
        if task.protected:
            continue
        if task.counts_healthy:
            if spare > 0:
                spare -= 1
                numbers.append(task.number)
        elif task.health is Health.UNHEALTHY or settled or task.deployment in never_completed:
            numbers.append(task.number)
    if not numbers:
        return Move(action=WAIT)
    return Move(action=STOP, count=len(numbers), tasks=tuple(numbers), purpose="replace-old")


def _surplus(state: State, census: Census) -> tuple[int, ...]:
    """Tasks of the primary deployment above the desired count: unhealthy ones first, then healthy ones if allowed."""
    if census.is_failed:
        return tuple(task.number for task in census.unhealthy)
    if not census.unhealthy and len(census.hopeful) <= state.desired:
        return ()
    count = max(0, census.healthy_new + len(census.unhealthy) - state.desired)
    numbers = [task.number for task in census.unhealthy[:count]]
    extra = max(0, len(census.hopeful) - state.desired)
    spare = max(0, census.healthy - census.lower)
    newest_first = [*reversed(census.hopeful)]
    for task in sorted(newest_first, key=lambda task: task.counts_healthy)[:extra]:
        if task.counts_healthy:
            if not spare:
                continue
            spare -= 1
        numbers.append(task.number)
    return tuple(sorted(numbers))


def _start(state: State, census: Census) -> Move:
    for deployment, need, purpose in _needs(state, census):
        by_bound = max(0, min(need, census.upper - census.counted))
        count = by_bound
        if state.capacity is not None:
            count = max(0, min(count, state.capacity - census.present))
        if count:
            return Move(
                action=START,
                count=count,
                deployment=deployment,
                places=_free_places(state, count),
                lacking=by_bound - count,
                purpose=purpose,
            )
    return Move(action=WAIT)


def _needs(state: State, census: Census) -> list[tuple[str, int, str]]:
    """What is to be launched, most urgent first: lost tasks of earlier revisions, then the new revision."""
    needs: list[tuple[str, int, str]] = []
    uncovered = max(0, state.desired - census.healthy_new)
    for deployment in state.deployments:
        if deployment.id == census.primary.id or not deployment.wanted:
            continue
        alive = sum(task.deployment == deployment.id and task.health is not Health.UNHEALTHY for task in census.old)
        need = min(deployment.wanted - alive, uncovered - alive)
        if need > 0:
            needs.append((deployment.id, need, "old-again"))
    if state.paused_until is None:
        needs.append((census.primary.id, needed_new(state, census), "new"))
    return needs


def _make_room(state: State, census: Census) -> Move:
    """Where nothing can start: one unhealthy task at a time makes room for its replacement."""
    leaving_unhealthy = any(
        task.is_leaving and task.health is Health.UNHEALTHY and task.deployment == census.primary.id
        for task in state.tasks
    )
    if not census.unhealthy or leaving_unhealthy or state.paused_until is not None or not needed_new(state, census):
        return Move(action=WAIT)
    return Move(action=STOP, count=1, tasks=(census.unhealthy[0].number,), purpose="unhealthy")


def _free_places(state: State, count: int) -> tuple[int | None, ...]:
    if state.plan.slots is None:
        return (None,) * count
    taken = {*(task.place for task in state.tasks if task.status is not Status.STOPPED), *state.lost}
    places: list[int | None] = []
    place = 0
    while len(places) < count:
        if place not in taken:
            places.append(place)
        place += 1
    return tuple(places)
