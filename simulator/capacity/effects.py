"""How an event changes the state: `apply(state, event)` is the next one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from simulator.capacity.plan import Home
from simulator.capacity.reservation import Measure
from simulator.capacity.run_document import service_of
from simulator.capacity.state import EXITED, INSTANCE_GONE, Box, Event, Kind, Machine, State, Status, Task
from simulator.container_instance import with_task, without_task
from simulator.model import Cluster, Instance, PlacedTask
from simulator.task_needs import placed_task


def apply(state: State, event: Event) -> State:
    """The state after the event."""
    if event.at != state.now:
        state = replace(state, now=event.at)
    after = _EFFECTS[event.kind](state, event)
    # What changes the room or the demand gives every refusal a new chance to be tried, and to be said again.
    return replace(after, said={}) if after.said and event.kind in _NEW_CHANCES else after


def on_instance(state: State, task: Task) -> PlacedTask:
    """What the task takes of its instance."""
    work = state.plan.works[task.work]
    assert work.needs is not None, "a task on an instance has its needs"
    return placed_task(work.needs, number=task.number, group=work.group, instance=task.instance or "")


def _desired(state: State, event: Event) -> State:
    if state.plan.works[event.work].standalone:
        return replace(state, asked={**state.asked, event.work: state.asked.get(event.work, 0) + event.count})
    return replace(state, desired={**state.desired, event.work: event.count})


def _created(state: State, event: Event) -> State:
    """New tasks: with an instance they are placed already; Fargate's start at once; the group's wait."""
    waits = state.plan.works[event.work].home is Home.GROUP and not event.instances
    status = Status.PROVISIONING if waits else Status.PENDING
    places = event.instances or (None,) * len(event.tasks)
    new = {
        number: Task(number=number, work=event.work, status=status, provider=provider, instance=place)
        for number, provider, place in zip(event.tasks, event.providers, places, strict=True)
    }
    after = replace(state, tasks={**state.tasks, **new}, created=state.created + len(new))
    if state.plan.works[event.work].standalone:
        after = replace(after, asked={**after.asked, event.work: after.asked[event.work] - len(new)})
    return _occupy(after, new.values()) if event.instances else after


def _refusal(state: State, event: Event) -> State:
    """Said once, until something changes. What RunTask is refused is not asked again; a service tries again."""
    if state.plan.works[event.work].standalone:
        left = state.asked[event.work] - event.count
        return replace(state, asked={**state.asked, event.work: left}, refused=state.refused + event.count)
    return replace(state, said={**state.said, (event.kind, event.work): event.count})


def _placed(state: State, event: Event) -> State:
    moved = {
        number: replace(state.tasks[number], status=Status.PENDING, instance=place)
        for number, place in zip(event.tasks, event.instances, strict=True)
    }
    return _occupy(replace(state, tasks={**state.tasks, **moved}), moved.values())


def _running(state: State, event: Event) -> State:
    return _each(state, event.tasks, Status.RUNNING)


def _told(state: State, event: Event) -> State:
    """Told to stop: the placement looks at the desired status, so the room is free from now on (facts 6.2)."""
    gone = [state.tasks[number] for number in event.tasks]
    after = _vacate(state, gone)
    waiting = {task.number for task in gone if task.status is Status.PROVISIONING}
    told = {
        task.number: replace(task, status=Status.STOPPING, code=event.detail)
        for task in gone
        if task.number not in waiting
    }
    after = replace(after, tasks={**after.tasks, **told})
    return _without(after, waiting, event.detail) if waiting else after


def _stopped(state: State, event: Event) -> State:
    return _without(state, event.tasks, event.detail)


def _finished(state: State, event: Event) -> State:
    ended = [state.tasks[number] for number in event.tasks]
    return _without(_vacate(state, ended), event.tasks, EXITED)


def _measured(state: State, event: Event) -> State:
    running, needed, numerator, denominator, _extra, _empty = event.numbers
    point = Measure(
        running=running,
        needed=None if needed < 0 else needed,
        reservation=Fraction(numerator, denominator),
        excluded=event.detail == "excluded",
    )
    target = state.settings.target
    below = state.below + 1 if point.reservation < target else 0
    above = state.above + 1 if point.reservation > target else 0
    return replace(state, point=point, below=below, above=above)


def _scaled_out(state: State, event: Event) -> State:
    return replace(state, size=event.numbers[1], below=0)


def _scaled_in(state: State, event: Event) -> State:
    after = _leaving(state, event.instances, "scale-in", drains=state.plan.draining)
    return replace(after, size=event.numbers[1])


def _warned(state: State, event: Event) -> State:
    return _leaving(state, event.instances, "spot", drains=state.plan.draining)


def _launched(state: State, event: Event) -> State:
    group = state.plan.group
    assert group is not None, "only a group launches"
    new = {
        name: Machine(id=name, launched=state.now, status=Box.LAUNCHING, zone=group.instance(state.launched + i).zone)
        for i, name in enumerate(event.instances, start=1)
    }
    return replace(state, machines={**state.machines, **new}, launched=state.launched + len(new))


def _registered(state: State, event: Event) -> State:
    group = state.plan.group
    assert group is not None, "only a group launches"
    fresh = tuple(group.instance(int(name.removeprefix("i-"))) for name in event.instances)
    active = {name: replace(state.machines[name], status=Box.ACTIVE) for name in event.instances}
    cluster = Cluster(instances=(*state.cluster.instances, *fresh))
    return replace(state, cluster=cluster, machines={**state.machines, **active})


def _terminated(state: State, event: Event) -> State:
    """The instances are gone, and with them whatever still ran there."""
    gone = set(event.instances)
    left = tuple(instance for instance in state.cluster.instances if instance.id not in gone)
    machines = {name: machine for name, machine in state.machines.items() if name not in gone}
    after = replace(state, cluster=Cluster(instances=left), machines=machines)
    return _without(after, event.tasks, INSTANCE_GONE) if event.tasks else after


def _spot(state: State, event: Event) -> State:
    return replace(state, spot=event.count)


def _changed(state: State, event: Event) -> State:
    change = event.change or {}
    settings = state.settings
    if "desiredCount" in change:
        return replace(state, desired={**state.desired, service_of(change, state.plan): change["desiredCount"]})
    if "spotCapacity" in change:
        return replace(state, spot=change["spotCapacity"])
    if "targetCapacity" in change:
        return replace(state, settings=replace(settings, target=change["targetCapacity"]), below=0, above=0)
    if "minSize" in change:
        return replace(state, settings=replace(settings, least=change["minSize"]))
    if "maxSize" in change:
        return replace(state, settings=replace(settings, most=change["maxSize"]))
    return state  # an interruption: the event that follows does it


def _cut(state: State, _event: Event) -> State:
    return replace(state, cut=True)


_EFFECTS: Mapping[Kind, Callable[[State, Event], State]] = {
    Kind.DESIRED: _desired,
    Kind.CREATED: _created,
    Kind.LIMITED: _refusal,
    Kind.NO_ROOM: _refusal,
    Kind.NO_SPOT: _refusal,
    Kind.PLACED: _placed,
    Kind.RUNNING: _running,
    Kind.FINISHED: _finished,
    Kind.TOLD: _told,
    Kind.STOPPED: _stopped,
    Kind.MEASURED: _measured,
    Kind.SCALED_OUT: _scaled_out,
    Kind.SCALED_IN: _scaled_in,
    Kind.LAUNCHED: _launched,
    Kind.REGISTERED: _registered,
    Kind.WARNED: _warned,
    Kind.TERMINATED: _terminated,
    Kind.SPOT: _spot,
    Kind.CHANGED: _changed,
    Kind.CUT: _cut,
}
_NEW_CHANCES = frozenset(
    {
        Kind.DESIRED, Kind.PLACED, Kind.FINISHED, Kind.TOLD, Kind.STOPPED, Kind.REGISTERED, Kind.TERMINATED, Kind.SPOT,
        Kind.CHANGED,
    }
)  # fmt: skip


def _each(state: State, numbers: Iterable[int], status: Status) -> State:
    changed = {number: replace(state.tasks[number], status=status) for number in numbers}
    return replace(state, tasks={**state.tasks, **changed})


def _without(state: State, numbers: Iterable[int], code: str) -> State:
    gone = set(numbers)
    left = {number: task for number, task in state.tasks.items() if number not in gone}
    return replace(
        state, tasks=left, stopped={**state.stopped, code: state.stopped.get(code, 0) + len(state.tasks) - len(left)}
    )


def _occupy(state: State, tasks: Iterable[Task]) -> State:
    return _on_instances(state, tasks, with_task)


def _vacate(state: State, tasks: Iterable[Task]) -> State:
    """Their room on the instances is free; one that was told to stop has given it back before."""
    there = [task for task in tasks if task.instance and task.status is not Status.STOPPING]
    return _on_instances(state, there, without_task) if there else state


def _on_instances(state: State, tasks: Iterable[Task], change: Callable[[Instance, PlacedTask], Instance]) -> State:
    at = {instance.id: instance for instance in state.cluster.instances}
    for task in tasks:
        if task.instance in at:
            at[task.instance] = change(at[task.instance], on_instance(state, task))
    return replace(state, cluster=Cluster(instances=tuple(at.values())))


def _leaving(state: State, names: Iterable[str], why: str, *, drains: bool) -> State:
    """On the way out: with managed draining DRAINING, without it as they are until they are gone."""
    gone = set(names)
    machines = {
        name: replace(machine, why=why, since=state.now, status=Box.DRAINING if drains else machine.status)
        if name in gone
        else machine
        for name, machine in state.machines.items()
    }
    instances = tuple(
        replace(one, status="DRAINING") if drains and one.id in gone else one for one in state.cluster.instances
    )
    return replace(state, machines=machines, cluster=Cluster(instances=instances))
