"""What is said about a run: the reason for each step, the service event that AWS would show, what AWS leaves open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.capacity.distribution import CAPACITY_EVENT
from simulator.capacity.fleet import LIMIT_EVENT, MOST_PROVISIONING, NO_ROOM_EVENT
from simulator.capacity.plan import Home, Plan
from simulator.capacity.scaling import AT_LIMIT, ENOUGH, POINTS, PROTECTED, WARM_UP, verdict, youngest
from simulator.capacity.scheduler import bounds
from simulator.capacity.state import (
    EXITED,
    INSTANCE_GONE,
    SPOT_INTERRUPTION,
    Event,
    Kind,
    State,
    Status,
    waiting_estimate,
)
from simulator.placement.decide import decide
from simulator.reading import shorten


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a step happened. `event` is the text AWS would put into the service's events; `open` what AWS leaves open."""

    sentence: str
    why: tuple[str, ...] = ()
    event: str = ""
    open: tuple[str, ...] = ()


def explain_event(state: State, event: Event, after: State) -> Explanation:
    """The reason for an event, from the state before it and the one after it."""
    return _SENTENCES[event.kind](state, event, after)


def minute_of(second: int) -> str:
    """A second of the run as minutes and seconds.

    >>> minute_of(330)
    '5:30'
    """
    return f"{second // 60}:{second % 60:02}"


def many(count: int, word: str) -> str:
    """A number with its word.

    >>> many(1, "task"), many(3, "task")
    ('1 task', '3 tasks')
    """
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _desired(state: State, event: Event, _after: State) -> Explanation:
    work = state.plan.works[event.work]
    if work.standalone:
        said = f"RunTask asks for {many(event.count, 'task')} of {work.name}."
        return Explanation(sentence=said, why=("One call takes up to 10 tasks; more are more calls.",))
    before = state.desired.get(event.work, 0)
    return Explanation(
        sentence=f"The desired count of {work.name} goes from {before} to {event.count}.",
        why=("Service auto scaling and people change the desired count; that adds no instance by itself.",),
    )


def _created(state: State, event: Event, _after: State) -> Explanation:
    work = state.plan.works[event.work]
    tasks = many(len(event.tasks), "task")
    if work.home is Home.FARGATE:
        counts = {name: event.providers.count(name) for name in dict.fromkeys(event.providers)}
        where = ", ".join(f"{count} on {name}" for name, count in counts.items())
        return Explanation(sentence=f"Starting: {tasks} of {work.name}, {where}.", why=(_FARGATE,))
    if event.instances:
        return Explanation(
            sentence=f"Placed: {tasks} of {work.name}, on {_names(event.instances)}.",
            why=("A daemon service runs one task on each instance." if work.daemon else _LAUNCH_TYPE,),
        )
    return Explanation(
        sentence=f"Waiting in PROVISIONING: {tasks} of {work.name}, newly created.",
        why=(f"They wait for room on the instances of {state.plan.provider}; at most {MOST_PROVISIONING} may wait.",),
    )


def _limited(state: State, event: Event, _after: State) -> Explanation:
    work = state.plan.works[event.work]
    how = "RunTask fails with a ClientException" if work.standalone else "the service tries again later"
    return Explanation(
        sentence=f"Not created: {many(event.count, 'task')} of {work.name}. {MOST_PROVISIONING} tasks wait in "
        f"PROVISIONING already, the most of a cluster; {how}.",
        event="" if work.standalone else LIMIT_EVENT.replace("NAME", work.name),
    )


def _no_room(state: State, event: Event, _after: State) -> Explanation:
    work = state.plan.works[event.work]
    why = [_LAUNCH_TYPE] if work.home is Home.LAUNCH_TYPE else []
    if work.request is not None and state.cluster.instances:
        nearest = decide(state.cluster, work.request, task=state.created + 1).nearest_change
        why += [nearest] if nearest else []
    return Explanation(
        sentence=f"Not placed: {many(event.count, 'task')} of {work.name}. No instance has room.",
        why=tuple(why),
        event="" if work.standalone else NO_ROOM_EVENT.replace("NAME", work.name),
    )


def _no_spot(state: State, event: Event, _after: State) -> Explanation:
    work = state.plan.works[event.work]
    how = "RunTask fails" if work.standalone else "ECS keeps trying on Spot and never falls back to on-demand"
    return Explanation(
        sentence=f"There is no Fargate Spot capacity for {many(event.count, 'task')} of {work.name}; {how}.",
        event="" if work.standalone else CAPACITY_EVENT.replace("NAME", work.name),
    )


def _placed(state: State, event: Event, _after: State) -> Explanation:
    first = state.tasks[event.tasks[0]]
    request = state.work(first).request
    assert request is not None, "only tasks of the group wait"
    decision = decide(state.cluster, request, task=first.number)
    return Explanation(
        sentence=f"Placed: {many(len(event.tasks), 'waiting task')}, on {_names(event.instances)}.",
        why=(f"The placement strategy decides, task by task. The first: {decision.sentence}",),
    )


def _running(_state: State, event: Event, _after: State) -> Explanation:
    return Explanation(sentence=f"RUNNING: {many(len(event.tasks), 'task')} more.")


def _finished(_state: State, event: Event, _after: State) -> Explanation:
    return Explanation(
        sentence=f"Ended by itself: {many(len(event.tasks), 'stand-alone task')}.",
        why=(f"stopCode {EXITED}: nothing replaces them.",),
    )


def _told(state: State, event: Event, _after: State) -> Explanation:
    tasks = many(len(event.tasks), "task")
    if event.detail == SPOT_INTERRUPTION:
        return Explanation(
            sentence=f"Fargate Spot takes {tasks} back: SIGTERM now, and at most {state.rules.spot_notice} s to end.",
            why=(f"stopCode {SPOT_INTERRUPTION}. The service starts others on Spot, if Spot has room.",),
            open=("AWS does not say which tasks are interrupted; here it is a choice.",),
        )
    drained = [number for number in event.tasks if state.is_leaving(state.tasks[number])]
    if drained:
        return Explanation(sentence=f"Stopping: {tasks} on DRAINING instances.", why=_draining(state, event))
    work = state.plan.works[event.work]
    return Explanation(
        sentence=f"Stopping: {tasks} of {work.name}, for the desired count is {state.desired.get(event.work, 0)}.",
        why=("The placement strategy picks them, turned round: what is left is placed best.",)
        if work.home is not Home.FARGATE
        else (),
        open=("AWS does not say which tasks of a strategy of providers go first; here it is a choice.",)
        if work.home is Home.FARGATE
        else (),
    )


def _draining(state: State, event: Event) -> tuple[str, ...]:
    work = state.plan.works[event.work] if event.work >= 0 else state.work(state.tasks[event.tasks[0]])
    if work.daemon:
        return ("Daemon tasks stop last, when nothing else runs there.",)
    if work.standalone:
        return ("A belief: managed draining leaves stand-alone tasks alone for up to 48 hours.",)
    lower, upper = bounds(state, state.plan.works.index(work))
    if all(state.tasks[number].status is Status.PENDING for number in event.tasks):
        return ("A service's task that is still PENDING on a DRAINING instance stops at once.",)
    return (f"Managed draining replaces a service's tasks between its bounds: {lower} to {upper} tasks.",)


def _stopped(_state: State, event: Event, _after: State) -> Explanation:
    return Explanation(sentence=f"STOPPED: {many(len(event.tasks), 'task')}.", why=(f"stopCode {event.detail}.",))


def _measured(state: State, event: Event, after: State) -> Explanation:
    running, needed, top, bottom, extra, empty = event.numbers
    shown = round(top / bottom, 1)
    target = state.settings.target
    said = f"CapacityProviderReservation is {shown} (target {target})"
    if needed >= 0:
        said += f": M {needed}, N {running}"
    why: list[str] = []
    if event.detail == "excluded":
        why.append(
            "No waiting task fits the smallest instance type: all are left out of the estimate, and the metric stays."
        )
    elif extra:
        why += [
            f"{many(group.count, 'waiting task')} of {group.needs.cpu} CPU units and {group.needs.memory} MiB: "
            f"{group.each} fit on one instance by {group.limit}, so {many(group.instances, 'instance')}."
            for group in waiting_estimate(state).groups
            if not group.is_excluded
        ]
    else:
        why.append(f"No task waits. Without a task other than daemon tasks: {many(empty, 'instance')}.")
    why.append(_next(after))
    groups = waiting_estimate(state)
    opened = ("AWS does not say how several groups of waiting tasks are put together; here they are added up.",)
    return Explanation(sentence=f"{said}.", why=tuple(why), open=opened if groups.span[0] < groups.span[1] else ())


def _next(state: State) -> str:
    """What the data point leads to."""
    found, settings = verdict(state), state.settings
    if found.event is not None:
        return f"The group goes to {found.event.numbers[1]}."
    if found.why == WARM_UP:
        return (
            f"The group wants {found.wanted} instances and waits: one is {youngest(state)} s old, and no scale-out "
            f"begins while one is younger than {settings.warm_up} s."
        )
    if found.why == POINTS:
        count, most = (state.below, state.rules.scale_in_points)
        if state.point and state.point.reservation > settings.target:
            count, most = state.above, state.rules.scale_out_points
        return f"Data point {count} of {most}: the group would go to {found.wanted}."
    if found.why == AT_LIMIT:
        return f"The group's sizes {settings.least} to {settings.most} allow no more change; ECS never changes them."
    if found.why == PROTECTED:
        return "Every instance runs a task and is protected from scale-in."
    if found.why == ENOUGH:
        return f"The group has or gets the {found.wanted} instances that are wanted."
    return "The metric is on its target: nothing changes."


def _scaled_out(state: State, event: Event, _after: State) -> Explanation:
    before, size = event.numbers
    if event.detail == "limits":
        return Explanation(sentence=f"MinSize lifts the group from {before} to {size}.")
    point = state.point
    why = "From an empty group the first step is two instances, whatever waits."
    opened: tuple[str, ...] = ()
    if point is not None and point.running:
        exact = f"{point.needed} x 100 / {state.settings.target}" if point.needed is not None else "the metric"
        why = f"{exact}, rounded up and inside MinSize and MaxSize, is {size}."
    elif state.settings.target < 100:
        opened = ("From an empty group with targetCapacity below 100 AWS does not say how many come first.",)
    return Explanation(
        sentence=f"Scale-out: the group's desired capacity goes from {before} to {size}.",
        why=(f"One data point above the target is enough. {why}",),
        open=opened,
    )


def _scaled_in(state: State, event: Event, _after: State) -> Explanation:
    before, size = event.numbers
    names = _names(event.instances)
    if event.detail == "limits":
        return Explanation(sentence=f"MaxSize holds the group at {size}; leaving: {names or 'none yet'}.")
    points = state.rules.scale_in_points
    why = [f"{points} data points below the target; then each minute at least one instance goes, at most half."]
    if state.settings.protection:
        why.append("Termination protection: only instances without a task other than daemon tasks may go.")
    else:
        why.append("Nothing protects instances that run tasks: the group's termination policy picks.")
    why.append(
        "Managed draining empties them first." if state.plan.draining else "Without managed draining they go at once."
    )
    # Only where the half is what holds the group back can its rounding matter.
    halved = state.point is not None and state.point.running % 2 == 1 and size > verdict(state).wanted
    return Explanation(
        sentence=f"Scale-in: the group's desired capacity goes from {before} to {size}; leaving: {names}.",
        why=tuple(why),
        open=("AWS does not say how half of an odd number of instances is rounded.",) if halved else (),
    )


def _launched(state: State, event: Event, _after: State) -> Explanation:
    group = state.plan.group
    seconds = group.launch if group else 0
    return Explanation(
        sentence=f"The group launches {_names(event.instances)}.",
        why=(f"They register with the cluster {seconds} s later: that is this run's assumption.",),
    )


def _registered(_state: State, event: Event, _after: State) -> Explanation:
    return Explanation(sentence=f"Registered and ACTIVE: {_names(event.instances)}.")


def _warned(state: State, event: Event, _after: State) -> Explanation:
    how = "Managed draining sets DRAINING" if state.plan.draining else "Without managed draining nothing is drained"
    return Explanation(
        sentence=f"EC2 Spot takes back, in {state.rules.spot_notice} s: {_names(event.instances)}.",
        why=(f"{how}; with minimumHealthyPercent 100 two minutes are often too short to replace the tasks first.",),
    )


def _terminated(_state: State, event: Event, _after: State) -> Explanation:
    lost = f"Lost with the instances: {many(len(event.tasks), 'task')}; only a service starts others."
    why = (lost,) if event.tasks else ()
    return Explanation(
        sentence=f"Terminated: {_names(event.instances)}.",
        why=why,
        open=(f"Which stopCode such tasks get AWS does not say; here it is “{INSTANCE_GONE}”.",) if why else (),
    )


def _spot(_state: State, event: Event, _after: State) -> Explanation:
    return Explanation(sentence=f"Fargate Spot now has room for {many(event.count, 'task')}.")


def _changed(_state: State, event: Event, _after: State) -> Explanation:
    said: Mapping[str, Any] = event.change or {}
    words = ", ".join(f"{name} {shorten(str(value))}" for name, value in said.items())
    return Explanation(sentence=f"You changed {words}.")


def _cut(_state: State, _event: Event, _after: State) -> Explanation:
    return Explanation(sentence="The run is cut here: it has more events or tasks than one run may have.")


_FARGATE = "On Fargate capacity follows the tasks: base and weight say which provider."
_LAUNCH_TYPE = "With a launch type no capacity provider sees the tasks: they never make the group grow."
_SENTENCES: Mapping[Kind, Callable[[State, Event, State], Explanation]] = {
    Kind.DESIRED: _desired,
    Kind.CREATED: _created,
    Kind.LIMITED: _limited,
    Kind.NO_ROOM: _no_room,
    Kind.NO_SPOT: _no_spot,
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


def _names(instances: tuple[str, ...]) -> str:
    """Which instances, each once; many are counted."""
    names = tuple(dict.fromkeys(instances))
    return ", ".join(names) if len(names) <= 4 else f"{len(names)} instances"


def ending(plan: Plan, state: State) -> tuple[str, str, str]:
    """How a run stands at its end: a code, a sentence, and what would mend it."""
    waiting = len(state.waiting)
    short = {
        work.name: state.desired.get(i, 0) - sum(task.status is Status.RUNNING for task in state.of(i))
        for i, work in enumerate(plan.works)
        if not work.standalone and not work.daemon
    }
    lacking = ", ".join(f"{name} {count}" for name, count in short.items() if count > 0)
    if state.cut:
        return "CUT", "The run was cut before its end.", "Give it fewer minutes or fewer tasks."
    if waiting:
        return ("PROVISIONING", f"{many(waiting, 'task')} still in PROVISIONING.", _cure(state))
    refused = [Kind(kind) for kind, _ in state.said]
    if Kind.NO_SPOT in refused:
        fix = "Give the strategy FARGATE with a base or a weight, or wait: ECS keeps trying on Spot."
        return "NO_CAPACITY", f"Fargate Spot has no room; tasks lacking: {lacking}.", fix
    if Kind.NO_ROOM in refused:
        fix = "Use the capacity provider instead of the launch type, add instances, or ask for less."
        return "NO_ROOM", f"No instance has room; tasks lacking: {lacking or 'of a daemon'}.", fix
    if lacking:
        return "SHORT", f"Not all tasks run yet; lacking: {lacking}.", "Give the run more minutes."
    return "STEADY", "Every service has its desired count in RUNNING.", ""


def _cure(state: State) -> str:
    """The least change after which the waiting tasks would get room."""
    found = verdict(state)
    if not state.settings.enabled:
        return "Enable managed scaling, or size the group yourself."
    if state.point is not None and state.point.excluded:
        return "Take the smaller instance types out of the group, or give the large tasks a provider of their own."
    if found.why == AT_LIMIT:
        return f"Raise the group's MaxSize above {state.settings.most}; ECS never changes it."
    return "Give the run more minutes: instances take time to launch, to register and to warm up."
