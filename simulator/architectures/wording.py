"""What people read: why a hop fails, where that shows, what cures it, and why each step happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.architectures.backlog import UNDEFINED
from simulator.architectures.causes import CAUSES, cause_of
from simulator.architectures.hops import NODES, Flow, Hop, hop_of
from simulator.architectures.plan import Plan
from simulator.architectures.state import Event, State, Status, What
from simulator.architectures.workers import wanted_tasks


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a step happened. `fix` is the least change that cures it, `open` what AWS leaves open."""

    sentence: str
    fix: str = ""
    open: tuple[str, ...] = ()


CHOICES: Mapping[str, str] = {
    "back-off": "How long EventBridge and Scheduler wait between attempts is not published; here 1 s, doubled, at most "
    "600 s.",
    "schedule-permissions": "That Scheduler, like EventBridge, does not retry permission errors is our reading.",
    "window": "In a flexible time window AWS chooses the moment; here it is the window's start.",
    "active": "The flag acts after “about 5 min”; here after 300 s.",
    "old-receipt": "Which worker's delete counts is our choice here: the first removes the message for all.",
    "scaling": "The service scales here as soon as its backlog is looked at, once a minute; alarms and cooldowns are "
    "left out.",
    "zero": UNDEFINED,
}


def where(flow: Flow, place: str) -> str:
    """A place in words."""
    return {"nowhere": "nowhere", "done": "deleted"}.get(place) or NODES[flow][place]


def explain_event(state: State, event: Event) -> Explanation:
    """The reason for an event, from the state before it."""
    return _SENTENCES[event.kind](state, event)


def _hop(plan: Plan, event: Event) -> Hop:
    return hop_of(plan.flow, event.hop)


def _moved(state: State, event: Event) -> Explanation:
    hop = _hop(state.plan, event)
    names = NODES[state.plan.flow]
    way = f"{event.packet}: {names[hop.source]} → {names[hop.target]}, {hop.call}"
    who = hop.identity
    if hop.id == "agent" and not state.plan.fargate:
        who = "container instance role"
    identity = ", with no identity of its own" if who == "none" else f", as {who}"
    if event.status == Status.DELIVERED:
        return Explanation(f"{way}{identity}. It has arrived.")
    if event.status == Status.DEAD_LETTER_QUEUE:
        return Explanation(f"{way}{identity}. It waits there to be looked at.")
    notes = (CHOICES["window"],) if state.plan.window and hop.id == "run-task" else ()
    return Explanation(f"{way}{identity}.", open=notes)


def _blocked(state: State, event: Event) -> Explanation:
    hop, cause = _hop(state.plan, event), cause_of(state, event.code)
    names = NODES[state.plan.flow]
    return Explanation(
        f"{event.packet}: {names[hop.source]} → {names[hop.target]}, {hop.call}, fails. {cause.reason}", cause.fix
    )


def _retried(state: State, event: Event) -> Explanation:
    attempts = state.packet(event.packet).attempts + event.count
    return Explanation(
        f"{event.packet}: {event.count} more attempts failed, {attempts} in all.", open=(CHOICES["back-off"],)
    )


def _copied(state: State, event: Event) -> Explanation:  # noqa: ARG001
    return Explanation(
        f"{event.packet} is delivered a second time: EventBridge delivers at least once.",
        "Make the work idempotent, such as a key of object key and sequencer.",
    )


def _task_retried(state: State, event: Event) -> Explanation:  # noqa: ARG001
    return Explanation(f"{event.packet}: the failed task is started again.")


def _ended(state: State, event: Event) -> Explanation:
    cause = cause_of(state, event.code)
    if event.place == "dlq":
        return Explanation(f"{event.packet} is moved to the dead-letter queue. {CAUSES['RECEIVED_TOO_OFTEN'].reason}")
    said = {
        Status.LOST: "is lost",
        Status.NOT_SENT: "is never sent",
        Status.NO_MATCH: "is dropped by the bus",
        Status.SKIPPED: "is left out",
    }[Status(event.status)]
    no_queue = event.status == Status.LOST and state.packet(event.packet).status is Status.RETRYING
    tail = " There is no dead-letter queue that takes it." if no_queue else ""
    return Explanation(f"{event.packet} {said}. {cause.reason}{tail}", cause.fix)


def _sent(state: State, event: Event) -> Explanation:  # noqa: ARG001
    return Explanation(f"{event.packet} is sent to the queue and waits: SQS pushes nothing.")


def _received(state: State, event: Event) -> Explanation:
    packet, queue = state.packet(event.packet), state.plan.queue
    seconds = queue.visibility if queue is not None else 0
    times = packet.receives + 1
    count = "" if times == 1 else f" (receive number {times})"
    return Explanation(
        f"Task {event.worker} receives {event.packet}{count}: it is hidden for {seconds} s, and still in the queue."
    )


def _processed(state: State, event: Event) -> Explanation:
    packet = state.packet(event.packet)
    if packet.handled == 0:
        return Explanation(f"Task {event.worker} has processed {event.packet}.")
    return Explanation(
        f"Task {event.worker} has processed {event.packet}, which was processed before: the work is done twice.",
        "Make the visibility timeout longer than the processing, or extend it with ChangeMessageVisibility.",
    )


def _failed(state: State, event: Event) -> Explanation:  # noqa: ARG001
    cause = CAUSES[event.code]
    return Explanation(f"Task {event.worker} fails on {event.packet}. {cause.reason}", cause.fix)


def _deleted(state: State, event: Event) -> Explanation:  # noqa: ARG001
    return Explanation(f"{event.packet} is deleted from the queue: it is done.")


def _denied(state: State, event: Event) -> Explanation:
    hop, cause = _hop(state.plan, event), CAUSES[event.code]
    reason = cause.reason
    if event.code == "APP_ACCESS_DENIED":
        reason = "The task role does not allow it: the application gets AccessDenied, and the task keeps running."
    return Explanation(f"Task {event.worker}: {hop.call} is refused. {reason}", cause.fix)


def _extended(state: State, event: Event) -> Explanation:  # noqa: ARG001
    return Explanation(f"Task {event.worker} keeps {event.packet} hidden with ChangeMessageVisibility while it works.")


def _returned(state: State, event: Event) -> Explanation:
    busy = any(worker.busy == event.packet and not worker.stopped for worker in state.workers)
    still = f", and task {event.worker} still works on it" if busy else ""
    fix = "Make the visibility timeout longer than the processing." if busy else ""
    return Explanation(f"The visibility timeout of {event.packet} ends{still}: it is visible again.", fix)


def _starting(state: State, event: Event) -> Explanation:
    return Explanation(f"Task {event.worker} is started; it is ready in {state.plan.start_seconds} s.")


def _ready(state: State, event: Event) -> Explanation:  # noqa: ARG001
    return Explanation(f"Task {event.worker} runs, and polls the queue.")


def _stopped(state: State, event: Event) -> Explanation:  # noqa: ARG001
    cause = CAUSES[event.code]
    held = f" with {event.packet} in hand" if event.packet else ""
    return Explanation(f"Task {event.worker} stops{held}. {cause.reason}", cause.fix if event.packet else "")


def _scaled(state: State, event: Event) -> Explanation:
    scaling = state.plan.queue.scaling if state.plan.queue is not None else None
    assert scaling is not None, "only a service that scales is scaled"
    wanted = wanted_tasks(state, scaling)
    running = "1 task runs" if state.tasks == 1 else f"{state.tasks} tasks run"
    what = f"{state.visible} messages wait" if scaling.metric == "BACKLOG_PER_TASK" else "CPU is what is looked at"
    return Explanation(
        f"{what}, {running}, the target is {float(scaling.target):g}: desiredCount goes from "
        f"{state.desired} to {event.count}.",
        open=(UNDEFINED,) if wanted.open else (),
    )


def _changed(state: State, event: Event) -> Explanation:  # noqa: ARG001
    return Explanation("From here on other roles or failures hold.")


def _cut(state: State, event: Event) -> Explanation:  # noqa: ARG001
    return Explanation("The run is cut here: it has more events than are played.")


_SENTENCES: Mapping[What, Callable[[State, Event], Explanation]] = {
    What.MOVED: _moved,
    What.BLOCKED: _blocked,
    What.RETRIED: _retried,
    What.COPIED: _copied,
    What.TASK_RETRIED: _task_retried,
    What.ENDED: _ended,
    What.SENT: _sent,
    What.RECEIVED: _received,
    What.PROCESSED: _processed,
    What.FAILED: _failed,
    What.DELETED: _deleted,
    What.DENIED: _denied,
    What.EXTENDED: _extended,
    What.RETURNED: _returned,
    What.WORKER_STARTING: _starting,
    What.WORKER_READY: _ready,
    What.WORKER_STOPPED: _stopped,
    What.SCALED: _scaled,
    What.CHANGED: _changed,
    What.CUT: _cut,
}
