"""What a deployment film says: the caption of each frame, and its text face."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from diagrams.chart import clock
from diagrams.film import Said
from diagrams.markup import shorten
from simulator.deployment.state import Event, Health, Kind, State, Status, Task
from simulator.deployment.timed import CAPACITY, CONFIG, PORT, PROTECTED
from simulator.deployment.wording import change_words

FAILURES = frozenset({Kind.UNHEALTHY, Kind.FAILED_TO_START, Kind.CRASHED, Kind.INSTANCE_DIED, Kind.FAILED, Kind.STUCK})
_STUCK = {
    CONFIG: "The deployment is stuck: the two bounds leave no room to stop or to start a task.",
    CAPACITY: "The deployment is stuck: the cluster has no room for one more task.",
    PORT: "The deployment is stuck: every instance already uses the fixed host port.",
    PROTECTED: "The deployment waits: old tasks are protected from scale-in.",
}


def narration(events: Sequence[Event], states: Sequence[State], *, ends: bool) -> tuple[Said, ...]:
    """The words of every frame: frame `k` tells what event `k - 1` did, and nothing of event `k`."""
    said: list[Said] = []
    for k, state in enumerate(states):
        event = events[k - 1] if k else None
        caption = f"{outcome(event, state)} {_felt(states[k - 1], state)}".strip() if event else _opening(state)
        tone = "refused" if event and event.kind in FAILURES else "bound" if k and _felt(states[k - 1], state) else ""
        if ends and k == len(states) - 1 and tone != "refused":
            tone = "done"
        text = f"{clock(state.now)}. {caption}\n{counts(state)}\n{roster(state)}"
        said.append(Said(caption=caption, text=text, mark=clock(state.now), tone=tone))
    return tuple(said)


def counts(state: State) -> str:
    """The numbers of the figure in one line."""
    capacity = "" if state.capacity is None else f" The cluster holds {state.capacity}."
    return (
        f"Lower bound {state.lower}, upper bound {state.upper}, desired {state.desired}. Running {state.running}, "
        f"healthy {state.healthy}, counted against the upper bound {state.counted}.{capacity}"
    )


def roster(state: State) -> str:
    """Every task by revision and state."""
    rows: list[str] = []
    for revision in dict.fromkeys(task.revision for task in state.tasks):
        tasks = [task for task in state.tasks if task.revision == revision]
        if len(tasks) > 24:
            sums = Counter(condition(task) for task in tasks)
            what = ", ".join(f"{count} {name}" for name, count in sums.items())
        else:
            what = ", ".join(f"{task.number} {condition(task)}" for task in tasks)
        rows.append(f"{shorten(revision, 30)}: {what}.")
    return "\n".join(rows) or "No task."


def condition(task: Task) -> str:
    """A task's state in a word or two."""
    if task.status is Status.RUNNING:
        words = {Health.HEALTHY: "healthy", Health.UNHEALTHY: "unhealthy", Health.UNKNOWN: "not yet healthy"}
        return words[task.health]
    leaving = {Status.DEACTIVATING: "draining", Status.STOPPING: "stopping", Status.STOPPED: "stopped"}
    return leaving.get(task.status, "starting")


def at_lower(state: State) -> bool:
    """Whether the healthy tasks stand on the lower bound while a deployment goes on."""
    return _in_progress(state) and state.lower > 0 and state.healthy <= state.lower


def at_upper(state: State) -> bool:
    """Whether the tasks stand at the upper bound while a deployment goes on."""
    return _in_progress(state) and state.counted >= state.upper


def outcome(event: Event, state: State) -> str:
    """What the event did."""
    if event.kind is Kind.STUCK:
        return _STUCK.get(event.detail, "Nothing can move.")
    if event.kind is Kind.FAILED:
        return _failed(event, state)
    one = len(event.tasks) == 1
    drains = any(task.status is Status.DEACTIVATING for task in state.tasks if task.number in event.tasks)
    words = {
        "Tasks": _tasks(event, state),
        "tasks": _tasks(event, state, start=False),
        "s": "s" if one else "",
        "es": "es" if one else "",
        "is": "is" if one else "are",
        "revision": shorten(event.detail, 24),
        "lacking": f" There is no room for {event.count} more." if event.count else "",
        "drains": ": first their connections drain" if drains else "",
        "what": change_words(event.change) if event.change else "You change the scenario",
        "alarm": "is OK again" if event.detail == "off" else "goes into ALARM",
        "why": "The same goes on forever: the" if event.detail == "repeats" else "The",
    }
    return _SENTENCES[event.kind].format(**words)


_SENTENCES = {
    Kind.BEGUN: "A deployment of {revision} begins.",
    Kind.STARTED: "ECS launches {tasks}.{lacking}",
    Kind.ACTIVATING: "{Tasks} start{s}: image, containers, network.",
    Kind.RUNNING: "{Tasks} {is} RUNNING now, and not yet healthy.",
    Kind.HEALTHY: "{Tasks} turn{s} healthy.",
    Kind.UNHEALTHY: "{Tasks} fail{s} the health check.",
    Kind.FAILED_TO_START: "{Tasks} never reach{es} RUNNING.",
    Kind.CRASHED: "{Tasks} crash{es}.",
    Kind.STOP: "ECS stops {tasks}{drains}.",
    Kind.STOPPING: "{Tasks} get{s} SIGTERM.",
    Kind.STOPPED: "{Tasks} {is} gone: the room is free again.",
    Kind.INSTANCE_DIED: "An instance dies, and {tasks} with it.",
    Kind.PROTECTION_ENDED: "The scale-in protection ends.",
    Kind.RETRY: "The pause after failed launches is over.",
    Kind.ALARM: "The CloudWatch alarm {alarm}.",
    Kind.BAKE_STARTED: "All new tasks are healthy and the old ones gone: the bake time begins.",
    Kind.BAKE_ENDED: "The bake time is over.",
    Kind.COMPLETED: "The deployment is COMPLETED.",
    Kind.STEADY: "The service has reached a steady state.",
    Kind.CHANGED: "{what}.",
    Kind.CUT: "{why} run is cut here.",
}


def _failed(event: Event, state: State) -> str:
    by = "an alarm" if event.detail == "alarm" else "the circuit breaker"
    back = next((one.revision for one in state.deployments if one.id == event.back_to), "")
    then = f"ECS rolls back to {shorten(back, 24)}." if back else "There is no rollback."
    return f"The deployment FAILED, by {by}. {then}"


def _opening(state: State) -> str:
    return (
        f"{state.healthy} of {state.desired} tasks are healthy. At least {state.lower} must stay healthy, "
        f"at most {state.upper} may be there: the band between the two lines."
    )


def _felt(before: State, state: State) -> str:
    """Which bound the step has come up against."""
    parts: list[str] = []
    if at_lower(state) and not (at_lower(before) and before.healthy == state.healthy):
        parts.append("the lower bound")
    if at_upper(state) and not (at_upper(before) and before.counted == state.counted):
        parts.append("the upper bound")
    return f"That touches {' and '.join(parts)}." if parts else ""


def _in_progress(state: State) -> bool:
    return state.primary is not None and state.primary.rollout.value == "IN_PROGRESS"


def _tasks(event: Event, state: State, *, start: bool = True) -> str:
    """ "2 tasks of web:2", or the task by its number."""
    revisions = dict.fromkeys(task.revision for task in state.tasks if task.number in event.tasks)
    of = f" of {shorten(next(iter(revisions)), 24)}" if len(revisions) == 1 else ""
    if len(event.tasks) == 1:
        return f"{'Task' if start else 'task'} {event.tasks[0]}{of}"
    return f"{len(event.tasks)} tasks{of}"
