"""What ECS does at one moment without waiting for anything: create, place and stop tasks, empty draining instances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simulator.capacity.effects import on_instance
from simulator.capacity.plan import Home, Work
from simulator.capacity.rules import NoRoom, SpotMissing
from simulator.capacity.shares import split
from simulator.capacity.state import SCHEDULER, SPOT_INTERRUPTION, Box, Event, Kind, State, Status, Task
from simulator.capacity.stops import stop_many
from simulator.capacity.strategy import FARGATE, FARGATE_SPOT
from simulator.model import Cluster
from simulator.placement.decide import decide
from simulator.placement.index import place_many


def settle(state: State) -> Event | None:
    """The next thing that happens now, None if nothing does; `place_waiting` apart, which is tried when it is new."""
    by_work: dict[int, list[Task]] = {i: [] for i in range(len(state.plan.works))}
    for task in state.tasks.values():
        by_work[task.work].append(task)
    event = _launch(state) or _leave(state) or _reclaim(state)
    if event is not None:
        return event
    for i, work in enumerate(state.plan.works):
        if work.daemon:
            event = _daemons(state, i)
        elif work.standalone:
            event = _create(state, i, state.asked.get(i, 0), by_work[i]) if state.asked.get(i) else None
        else:
            event = _service(state, i, by_work[i])
        if event is not None:
            return event
    return None


def place_waiting(state: State) -> Event | None:
    """The tasks in PROVISIONING that the placement simulator can place now, oldest first."""
    waiting = state.waiting
    if not waiting or not state.active:
        return None
    requests = []
    for task in waiting:
        request = state.work(task).request
        assert request is not None, "only tasks of the group wait"
        requests.append(request)
    where = place_many(state.cluster, requests, first_task=waiting[0].number)
    placed = [(task.number, place) for task, place in zip(waiting, where, strict=True) if place is not None]
    if not placed:
        return None
    return Event(
        at=state.now,
        kind=Kind.PLACED,
        tasks=tuple(number for number, _ in placed),
        instances=tuple(place for _, place in placed),
    )


def bounds(state: State, work: int) -> tuple[int, int]:
    """The least number of RUNNING tasks and the most tasks of a service, as in a rolling update (facts 1.1)."""
    made, desired = state.plan.works[work], state.desired.get(work, 0)
    return -(-desired * made.minimum // 100), desired * made.maximum // 100


def _launch(state: State) -> Event | None:
    """The group keeps its desired capacity."""
    short = state.size - state.in_service
    if short <= 0:
        return None
    names = tuple(f"i-{state.launched + i}" for i in range(1, short + 1))
    return Event(at=state.now, kind=Kind.LAUNCHED, instances=names)


def _leave(state: State) -> Event | None:
    """What becomes of the tasks on instances that leave, and of the instances once they are empty."""
    leaving = {name: machine for name, machine in state.machines.items() if machine.why}
    if not leaving:
        return None
    there: dict[str, list[Task]] = {name: [] for name in leaving}
    for task in state.tasks.values():
        if task.instance in there:
            there[task.instance].append(task)
    going = [name for name, machine in leaving.items() if machine.why == "scale-in"]
    # Without managed draining the instance goes at once, with whatever runs there.
    gone = [name for name in going if not there[name] or leaving[name].status is Box.ACTIVE]
    if gone:
        lost = tuple(task.number for name in gone for task in there[name])
        return Event(at=state.now, kind=Kind.TERMINATED, instances=tuple(gone), tasks=lost)
    told: list[int] = []
    for name, machine in leaving.items():
        if machine.status is Box.DRAINING:
            alone = name in going and all(state.work(task).daemon for task in there[name])
            told += [task.number for task in there[name] if _is_told(state, task, last=alone)]
    return Event(at=state.now, kind=Kind.TOLD, tasks=tuple(told), detail=SCHEDULER) if told else None


def _is_told(state: State, task: Task, *, last: bool) -> bool:
    """On a DRAINING instance, beside what min and max allow: a service's PENDING tasks, and daemon tasks last."""
    if task.status is Status.STOPPING:
        return False
    work = state.work(task)
    if work.daemon:
        return last
    if work.standalone:
        return state.rules.drain_moves_standalone
    return task.status is Status.PENDING


def _reclaim(state: State) -> Event | None:
    """Fargate Spot takes tasks back when it has room for fewer; which ones is our choice: the newest."""
    if state.spot is None:
        return None
    running = [task.number for task in spot_tasks(state) if task.status is not Status.STOPPING]
    surplus = running[state.spot :]
    if not surplus:
        return None
    return Event(at=state.now, kind=Kind.TOLD, tasks=tuple(surplus), detail=SPOT_INTERRUPTION)


def spot_tasks(state: State) -> list[Task]:
    """The tasks on Fargate Spot, oldest first."""
    return [task for task in state.tasks.values() if task.provider == FARGATE_SPOT]


def _daemons(state: State, i: int) -> Event | None:
    """One task on each ACTIVE instance that qualifies (placement facts 1.11)."""
    request = state.plan.works[i].request
    assert request is not None, "a daemon runs on instances"
    lacking = [one for one in state.cluster.instances if one.status == "ACTIVE" and request.group not in one.tasks]
    if not lacking or (Kind.NO_ROOM, i) in state.said:
        return None
    fits = [one.id for one in lacking if decide(Cluster(instances=(one,)), request).chosen]
    if fits:
        return _new(state, i, [state.plan.provider] * len(fits), fits)
    return Event(at=state.now, kind=Kind.NO_ROOM, work=i, count=len(lacking))


def _service(state: State, i: int, tasks: Sequence[Task]) -> Event | None:
    """Toward the desired count, between min and max: create first, then stop (our choice where both are allowed)."""
    desired = state.desired.get(i, 0)
    lower, upper = bounds(state, i)
    alive = [task for task in tasks if task.status is not Status.STOPPING]
    leaving = [task for task in alive if state.is_leaving(task)]
    staying = [task for task in alive if not state.is_leaving(task)]
    missing = min(desired - len(staying), upper - len(tasks))
    if missing > 0:
        event = _create(state, i, missing, staying)
        if event is not None:
            return event
    if len(staying) > desired:
        told = _surplus(state, i, staying, len(staying) - desired)
        return Event(at=state.now, kind=Kind.TOLD, work=i, tasks=tuple(told), detail=SCHEDULER)
    running = [task for task in leaving if task.status is Status.RUNNING]
    may = sum(task.status is Status.RUNNING for task in alive) - lower
    told = [task.number for task in running[: max(0, may)]]
    return Event(at=state.now, kind=Kind.TOLD, work=i, tasks=tuple(told), detail=SCHEDULER) if told else None


def _create(state: State, i: int, count: int, staying: Sequence[Task]) -> Event | None:
    work = state.plan.works[i]
    if work.home is Home.FARGATE:
        return _on_fargate(state, i, count, staying)
    if work.home is Home.GROUP and state.rules.no_room is NoRoom.PROVISIONING:
        allowed = min(count, state.room_to_wait)
        if allowed:
            return _new(state, i, [state.plan.provider] * allowed)
        return _refused(state, Kind.LIMITED, i, count)
    if (Kind.NO_ROOM, i) in state.said:
        return None
    assert work.request is not None, "a task on instances has a request"
    where = place_many(state.cluster, [replace(work.request, count=count)], first_task=state.created + 1)
    found = [place for place in where if place is not None]
    if found:
        provider = state.plan.provider if work.home is Home.GROUP else ""
        return _new(state, i, [provider] * len(found), found)
    return _refused(state, Kind.NO_ROOM, i, count)


def _on_fargate(state: State, i: int, count: int, staying: Sequence[Task]) -> Event | None:
    """By base and weight of the whole service; what Spot has no room for is tried again on Spot, and nowhere else."""
    work = state.plan.works[i]
    wanted = _lacking(state, work, len(staying) + count, staying)
    if state.spot is not None and FARGATE_SPOT in wanted:
        free = max(0, state.spot - len(spot_tasks(state)))
        if state.rules.spot_missing is SpotMissing.FALLBACK:
            wanted[FARGATE] = wanted.get(FARGATE, 0) + max(0, wanted[FARGATE_SPOT] - free)
        wanted[FARGATE_SPOT] = min(wanted[FARGATE_SPOT], free)
    providers = [name for name, amount in wanted.items() for _ in range(amount)][:count]
    if providers:
        return _new(state, i, providers)
    return _refused(state, Kind.NO_SPOT, i, count)


def _lacking(state: State, work: Work, total: int, staying: Sequence[Task]) -> dict[str, int]:
    """How many tasks each provider lacks of its part of `total`."""
    if not work.items:
        return {FARGATE: total - len(staying)}
    counts = split(total, work.items, state.rules).counts
    there = [task.provider for task in staying]
    return {
        item.provider: max(0, count - there.count(item.provider))
        for item, count in zip(work.items, counts, strict=True)
    }


def _surplus(state: State, i: int, staying: Sequence[Task], count: int) -> list[int]:
    """The tasks that stop: what still waits first (our choice), then as the placement strategy says."""
    work = state.plan.works[i]
    waiting = [task.number for task in reversed(staying) if task.status is Status.PROVISIONING][:count]
    count -= len(waiting)
    if work.home is Home.FARGATE:
        return _surplus_on_fargate(state, work, staying, count)
    there = [task for task in staying if task.instance is not None]
    cluster = replace(state.cluster, tasks=tuple(on_instance(state, task) for task in there))
    assert work.request is not None, "a task on instances has a request"
    picked = stop_many(cluster, work.group, work.request.strategies, count)
    return [*waiting, *(int(name.removeprefix("t")) for name in picked)]


def _surplus_on_fargate(state: State, work: Work, staying: Sequence[Task], count: int) -> list[int]:
    """From the provider that is furthest above its part, newest first: AWS leaves both open."""
    counts = split(len(staying) - count, work.items, state.rules).counts if work.items else ()
    part = {item.provider: wanted for item, wanted in zip(work.items, counts, strict=True)} or {FARGATE: 0}
    newest = {name: [task.number for task in staying if task.provider == name] for name in part}
    told: list[int] = []
    for _ in range(count):
        most = max((name for name in part if newest[name]), key=lambda name: len(newest[name]) - part[name])
        told.append(newest[most].pop())
    return told


def _new(state: State, i: int, providers: Sequence[str], places: Sequence[str] = ()) -> Event:
    numbers = tuple(range(state.created + 1, state.created + 1 + len(providers)))
    return Event(
        at=state.now, kind=Kind.CREATED, work=i, tasks=numbers, providers=tuple(providers), instances=tuple(places)
    )


def _refused(state: State, kind: Kind, i: int, count: int) -> Event | None:
    """What can not be had now, said once."""
    return None if (kind, i) in state.said else Event(at=state.now, kind=kind, work=i, count=count)
