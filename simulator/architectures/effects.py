"""How an event changes where everything is: `apply(state, event)` is the next state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from simulator.architectures.scenario import changed
from simulator.architectures.state import Event, Packet, State, Status, What, Worker


def apply(state: State, event: Event) -> State:
    """The state after an event."""
    blocked = event.kind in (What.BLOCKED, What.RETRIED, What.DENIED)
    state = replace(
        state,
        now=event.at,
        active="" if blocked else event.hop,
        blocked=event.hop if blocked else "",
    )
    state = _EFFECTS[event.kind](state, event)
    return replace(state, most=max(state.most, state.tasks))


def _moved(state: State, event: Event) -> State:
    """A packet goes on, is stopped, or comes to its end: the event says where it is then."""
    return _with(
        state,
        event,
        lambda packet: replace(
            packet,
            place=event.place or packet.place,
            status=Status(event.status) if event.status else packet.status,
            code=event.code,
            attempts=packet.attempts + event.count,
            tries=packet.tries + (event.kind is What.MOVED and event.hop == "eni"),
        ),
    )


def _copied(state: State, event: Event) -> State:
    original = state.packet(event.packet)
    copy = Packet(id=event.code, place=event.place, status=Status.ON_THE_WAY, born=event.at, copy_of=original.id)
    return replace(state, packets=(*state.packets, copy))


def _received(state: State, event: Event) -> State:
    state = _with(
        state,
        event,
        lambda packet: replace(
            packet, place="task", status=Status.IN_FLIGHT, receives=packet.receives + 1, worker=event.worker
        ),
    )
    return _worker(state, event, lambda worker: replace(worker, busy=event.packet))


def _processed(state: State, event: Event) -> State:
    state = _with(state, event, lambda packet: replace(packet, handled=packet.handled + 1))
    return _worker(state, event, lambda worker: replace(worker, busy=""))


def _failed(state: State, event: Event) -> State:
    state = _with(state, event, lambda packet: replace(packet, code=event.code))
    return _worker(state, event, lambda worker: replace(worker, busy=""))


def _returned(state: State, event: Event) -> State:
    return _with(state, event, lambda packet: replace(packet, place="queue", status=Status.VISIBLE, worker=0))


def _starting(state: State, event: Event) -> State:
    return replace(state, workers=(*state.workers, Worker(number=event.worker)))


def _ready(state: State, event: Event) -> State:
    return _worker(state, event, lambda worker: replace(worker, ready=True))


def _stopped(state: State, event: Event) -> State:
    return _worker(state, event, lambda worker: replace(worker, stopped=True, busy=""))


def _scaled(state: State, event: Event) -> State:
    return replace(state, desired=event.count)


def _changed(state: State, event: Event) -> State:
    return replace(state, plan=changed(state.plan, event.change or {}))


def _nothing(state: State, event: Event) -> State:  # noqa: ARG001
    return state


def _with(state: State, event: Event, change: Callable[[Packet], Packet]) -> State:
    return replace(
        state,
        packets=tuple(change(packet) if packet.id == event.packet else packet for packet in state.packets),
    )


def _worker(state: State, event: Event, change: Callable[[Worker], Worker]) -> State:
    return replace(
        state,
        workers=tuple(change(worker) if worker.number == event.worker else worker for worker in state.workers),
    )


_EFFECTS: Mapping[What, Callable[[State, Event], State]] = {
    What.MOVED: _moved,
    What.BLOCKED: _moved,
    What.RETRIED: _moved,
    What.TASK_RETRIED: _moved,
    What.ENDED: _moved,
    What.SENT: _moved,
    What.DELETED: _moved,
    What.COPIED: _copied,
    What.RECEIVED: _received,
    What.PROCESSED: _processed,
    What.FAILED: _failed,
    What.DENIED: _nothing,
    What.EXTENDED: _nothing,
    What.RETURNED: _returned,
    What.WORKER_STARTING: _starting,
    What.WORKER_READY: _ready,
    What.WORKER_STOPPED: _stopped,
    What.SCALED: _scaled,
    What.CHANGED: _changed,
    What.CUT: _nothing,
}
