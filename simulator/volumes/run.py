"""The run: what each action brings about, event by event.

Where a replacement goes is the scheduler's matter; here it takes the same instance, else one of the same zone, else any
other (on Fargate the same zone, else the next), unless the action names a place. That is our choice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from simulator.volumes.attach import FARGATE
from simulator.volumes.effects import apply, files_under, looked_up, spec_of
from simulator.volumes.fates import (
    Fate,
    when_instance_stops,
    when_task_stops,
    when_time_passes,
    when_zone_goes,
    when_zone_returns,
)
from simulator.volumes.restart import decide
from simulator.volumes.rules import VolumesRules
from simulator.volumes.scenario import Action, Plan
from simulator.volumes.start import refusal
from simulator.volumes.state import Event, State, Status, Task, TaskStatus, What, first_state

MOST_EVENTS = 600
_FATES = {Status.LOST: What.LOST, Status.UNREACHABLE: What.UNREACHABLE, Status.AVAILABLE: What.REACHABLE}


def run(plan: Plan, rules: VolumesRules) -> list[Event]:
    """Every event of a scenario, first its tasks' starts; a run of more than `MOST_EVENTS` is cut, and says so."""
    played = _Run(plan, rules)
    played.play()
    return played.events


class _Run:
    """The moving parts of one run; it lives no longer than `run`."""

    def __init__(self, plan: Plan, rules: VolumesRules) -> None:
        self.plan = plan
        self.state: State = first_state(plan, rules)
        self.events: list[Event] = []
        self.changes = deque(plan.changes)

    def play(self) -> None:
        for spec in self.plan.specs:
            self.due_changes()
            self.start(spec.name, "", spec.instance, spec.zone)
        for action in self.plan.actions:
            self.due_changes()
            self.act(action)
        # Changes that are due after the last event still act.
        while self.changes and not self.is_full():
            self.act(self.changes.popleft()[1])

    def due_changes(self) -> None:
        while self.changes and self.changes[0][0] <= len(self.events):
            self.act(self.changes.popleft()[1])

    def is_full(self) -> bool:
        return len(self.events) >= MOST_EVENTS

    def emit(self, kind: What, **fields: object) -> None:
        if self.is_full():
            return
        last = len(self.events) == MOST_EVENTS - 1
        event = Event(at=self.state.now, kind=What.CUT) if last else Event(at=self.state.now, kind=kind, **fields)  # pyright: ignore[reportArgumentType]
        self.events.append(event)
        self.state = apply(self.state, event)

    def act(self, action: Action) -> None:
        _VERBS[action.verb](self, action)

    def write(self, action: Action) -> None:
        task, code = self.usable(action)
        if not code:
            mount, _ = looked_up(task, action.container, action.path)
            code = "READ_ONLY" if mount.read_only else "WRITE_DENIED" if mount.denied else ""
        kind = What.DENIED if code else What.WROTE
        self.emit(kind, task=task.name, container=action.container, path=action.path, code=code)

    def read(self, action: Action) -> None:
        task, code = self.usable(action)
        where = {"task": task.name, "container": action.container, "path": action.path}
        # What it finds is part of the event: two runs of which one finds a file and the other none part here.
        found = 0 if code else len(files_under(self.state, task, action.container, action.path)[1])
        self.emit(What.READ, **where, code=code, count=found)

    def stop_container(self, action: Action) -> None:
        task, code = self.usable(action)
        if code:
            self.emit(What.NOTHING, task=task.name, container=action.container, code=code)
            return
        exit_code = -1 if action.exit_code is None else action.exit_code
        self.emit(What.EXITED, task=task.name, container=action.container, count=exit_code)
        own = next(c for c in task.spec.definition.containers if c.name == action.container)
        running = next(c for c in task.containers if c.name == action.container)
        if decide(own.restart, action.exit_code, self.state.now - running.started).restarted:
            self.emit(What.RESTARTED, task=task.name, container=action.container)
        elif own.essential:
            self.stop(task, "ESSENTIAL_CONTAINER_EXITED")
            self.replace(task, "", "")

    def stop_task(self, action: Action) -> None:
        task = self.named(action.task)
        if task.status is not TaskStatus.RUNNING:
            self.emit(What.NOTHING, task=task.name, code="NOT_RUNNING")
            return
        self.stop(task, "STOPPED_BY_USER")
        self.replace(task, action.instance, action.zone)

    def run_task(self, action: Action) -> None:
        origin = self.named(action.like)
        instance, zone = action.instance, action.zone
        if not zone:
            instance, zone = self.place_for(origin)
        if not zone:
            self.emit(What.NO_PLACE, task=action.task, origin=origin.name)
            return
        self.start(action.task, origin.name, instance, zone)

    def stop_instance(self, action: Action) -> None:
        self.take_down(action.instance, terminated=False)

    def terminate_instance(self, action: Action) -> None:
        self.take_down(action.instance, terminated=True)

    def take_down(self, instance: str, *, terminated: bool) -> None:
        stopped_before = any(
            store.instance == instance and store.because == "INSTANCE_STOPPED" for store in self.state.stores
        )
        if instance in self.state.down and not (terminated and stopped_before):
            self.emit(What.NOTHING, instance=instance, code="INSTANCE_DOWN")
            return
        code = "INSTANCE_TERMINATED" if terminated else "INSTANCE_STOPPED"
        self.emit(What.INSTANCE_DOWN, instance=instance, code=code)
        stopped = [task for task in self.running() if task.spec.instance == instance]
        for task in stopped:
            self.stop(task, code)
        self.settle(when_instance_stops(self.state, instance, terminated=terminated))
        for task in stopped:
            self.replace(task, "", "")

    def lose_zone(self, action: Action) -> None:
        zone = action.zone
        if zone in self.state.lost:
            self.emit(What.NOTHING, zone=zone, code="ZONE_ALREADY_LOST")
            return
        self.emit(What.ZONE_LOST, zone=zone)
        stopped = [task for task in self.running() if task.spec.zone == zone]
        for task in stopped:
            self.stop(task, "ZONE_LOST")
        self.settle(when_zone_goes(self.state, zone))
        for task in stopped:
            self.replace(task, "", "")

    def restore_zone(self, action: Action) -> None:
        if action.zone not in self.state.lost:
            self.emit(What.NOTHING, zone=action.zone, code="ZONE_NOT_LOST")
            return
        self.emit(What.ZONE_RESTORED, zone=action.zone)
        self.settle(when_zone_returns(self.state, action.zone))

    def wait(self, action: Action) -> None:
        if self.is_full():
            return
        self.events.append(Event(at=self.state.now + action.seconds, kind=What.WAITED, count=action.seconds))
        self.state = apply(self.state, self.events[-1])
        self.settle(when_time_passes(self.state))

    def start(self, name: str, origin: str, instance: str, zone: str) -> None:
        where = {"task": name, "origin": origin, "instance": instance, "zone": zone}
        probe = Event(at=self.state.now, kind=What.STARTED, task=name, origin=origin, instance=instance, zone=zone)
        spec = spec_of(self.state, probe)
        if instance in self.state.down or zone in self.state.lost:
            self.emit(What.NO_PLACE, task=name, origin=origin)
            return
        why = refusal(self.state, spec)
        if why is not None:
            self.emit(What.REFUSED, code=why.code, **where)
        else:
            self.emit(What.STARTED, **where)

    def stop(self, task: Task, code: str) -> None:
        self.emit(What.STOPPED, task=task.name, code=code)
        self.settle(when_task_stops(self.state, task))

    def settle(self, fates: Iterable[Fate]) -> None:
        for name, status, code in list(fates):
            self.emit(_FATES[status], store=name, code=code)

    def replace(self, task: Task, instance: str, zone: str) -> None:
        """What the service scheduler does about a stopped task: of a service it starts another one."""
        if not task.spec.launch.service:
            return
        number = sum(other.base == task.base for other in self.state.tasks) + 1
        name = f"{task.base} #{number}"
        if not zone:
            instance, zone = self.place_for(task)
        if not zone:
            self.emit(What.NO_PLACE, task=name, origin=task.name)
            return
        self.start(name, task.name, instance, zone)

    def place_for(self, task: Task) -> tuple[str, str]:
        """Instance and zone for a task that stands in for another; ("", "") if there is none."""
        spec = task.spec
        if spec.launch.type == FARGATE:
            order = sorted(self.plan.zones, key=lambda zone: zone != spec.zone)
            return "", next((zone for zone in order if zone not in self.state.lost), "")
        up = [host for host in self.plan.hosts if host.id not in self.state.down]
        up.sort(key=lambda host: (host.id != spec.instance, host.zone != spec.zone))
        return (up[0].id, up[0].zone) if up else ("", "")

    def usable(self, action: Action) -> tuple[Task, str]:
        """The task that an action means, and why its container can not be used; "" if it can."""
        task = self.named(action.task)
        if task.status is not TaskStatus.RUNNING:
            return task, "NOT_RUNNING"
        running = next(one.running for one in task.containers if one.name == action.container)
        return task, "" if running else "CONTAINER_STOPPED"

    def named(self, name: str) -> Task:
        """The task, or what stands in for it; one that never started is shown as such."""
        task = self.state.task(name)
        if task is not None:
            return task
        spec = next((spec for spec in self.plan.specs if spec.name == name), self.plan.specs[0])
        return Task(spec=spec, name=name, base=name, status=TaskStatus.FAILED_TO_START, code="NO_PLACE")

    def running(self) -> list[Task]:
        return [task for task in self.state.tasks if task.status is TaskStatus.RUNNING]


_VERBS = {
    "write": _Run.write,
    "read": _Run.read,
    "stopContainer": _Run.stop_container,
    "stopTask": _Run.stop_task,
    "runTask": _Run.run_task,
    "stopInstance": _Run.stop_instance,
    "terminateInstance": _Run.terminate_instance,
    "loseZone": _Run.lose_zone,
    "restoreZone": _Run.restore_zone,
    "wait": _Run.wait,
}
