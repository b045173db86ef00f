"""What a placement film says: the caption of each frame, and its text face."""

from __future__ import annotations

from collections.abc import Sequence

from diagrams.film import Said
from diagrams.markup import printable, shorten
from diagrams.reasons import refusals, why
from simulator.model import Cluster, Instance
from simulator.placement.decision import Decision
from simulator.placement.run import Event
from simulator.placement.scale_in import StopDecision
from simulator.trace import Trace

FULL_TABLES = 200_000  # characters of all tables together; above, a frame lists only the instances that changed
MOST_NAMES = 12


def narration(trace: Trace[Cluster, Event], states: Sequence[Cluster], decisions: Sequence[object]) -> tuple[Said, ...]:
    """The words of every frame. Frame `k` tells what event `k - 1` did, and of event `k` only what is asked."""
    whole_tables = len(states[0].instances) * len(states) * 80 <= FULL_TABLES
    said: list[Said] = []
    for k, state in enumerate(states):
        done = _outcome(trace.events[k - 1], decisions[k - 1], states[k - 1]) if k else _opening(state)
        known = decisions[k - 1] if k else None
        coming = (
            _announcement(trace.events[k], decisions[k], known) if k < len(trace) else "The run ends here." * (k > 0)
        )
        caption = " ".join(part for part in (done, coming) if part)
        event = trace.events[k - 1] if k else None
        shown = state.instances if whole_tables or not k else _changed(states[k - 1], state)
        text = "\n".join(part for part in (caption, _refused(known), _table(state, shown)) if part)
        last = k == len(trace)
        said.append(Said(caption=caption, text=text, mark=_mark(event), tone=_tone(event, last=last)))
    return tuple(said)


def _opening(state: Cluster) -> str:
    count = len(state.instances)
    if not count:
        return "The cluster has no instance."
    racks = "One instance" if count == 1 else f"{count} instances"
    return f"{racks}, CPU across and memory up: a task fits where its block fits into the free corner at the top right."


def _announcement(event: Event, decision: object, before: object) -> str:
    """What is asked at the next event, without a word on how it ends."""
    if isinstance(decision, Decision):
        name = f"Task {decision.task}"
        same = isinstance(before, Decision) and before.needs == decision.needs and before.request == decision.request
        if same:
            return f"{name} is next."
        ports = ", ".join(f"port {port}" for port in (*decision.needs.tcp, *decision.needs.udp))
        group = shorten(decision.request.group.split(":", 1)[-1], 24)
        size = f"{decision.needs.cpu} CPU, {decision.needs.memory} MiB" + (f", {ports}" if ports else "")
        return f"{name} of {group} is next: {size}."
    if event.kind in ("stopped", "moved-stop"):
        return f"One task of {_group(event)} is to stop: which one?"
    if event.kind == "changed":
        return "Now something changes."
    return f"{_group(event)} is looked at next."


def _outcome(event: Event, decision: object, before: Cluster) -> str:
    where = shorten(event.instance or "", 20)
    if isinstance(decision, Decision):
        if event.kind == "refused":
            return f"Task {decision.task} is not placed: {why(decision)}."
        verb = "goes" if event.kind == "placed" else "starts first, to even out the zones, and goes"
        return f"Task {decision.task} {verb} to {where}: {why(decision)}."
    if isinstance(decision, StopDecision) and event.stopped:
        tie = f"; {len(decision.tied)} were equally good to stop, AWS leaves it open" if len(decision.tied) > 1 else ""
        gone = next((task for task in before.tasks if task.id == event.stopped and task.number), None)
        name = f"Task {gone.number}" if gone else f"A task of {_group(event)}"
        return f"{name} on {where} stops: what remains is placed best without it{tie}."
    if event.change is not None:
        return _change(event)
    return printable(event.note or f"Nothing happens to {_group(event)}.")


def _change(event: Event) -> str:
    change = event.change or {}
    if "terminate" in change:
        return f"{shorten(str(change['terminate']), 24)} is terminated, and its tasks with it."
    if "status" in change:
        return f"{shorten(str(change['instance']), 24)} turns {change['status']}."
    if "agentConnected" in change:
        what = "connects" if change["agentConnected"] else "loses its connection"
        return f"The agent of {shorten(str(change['instance']), 24)} {what}."
    if "placementStrategy" in change:
        return "From here on another placement strategy acts."
    return "From here on other placement constraints act."


def _refused(decision: object) -> str:
    """For the text face: who could not take the task, each with all its reasons."""
    if not isinstance(decision, Decision):
        return ""
    out = [verdict for verdict in decision.verdicts if verdict.shortfalls]
    rows = [f"Refused {shorten(verdict.instance.id, 24)}: {verdict.sentence}" for verdict in out[:MOST_NAMES]]
    if len(out) > MOST_NAMES:
        rows = [f"Refused {len(out)} instances: {refusals(out)}."]
    return "\n".join(rows)


def _table(state: Cluster, shown: Sequence[Instance]) -> str:
    rows: list[str] = []
    for instance in shown:
        left = instance.remaining or instance.registered
        room = f"{left.cpu} CPU, {left.memory} MiB left" if left else "size unknown"
        tasks = ", ".join(
            f"{shorten(group.split(':', 1)[-1], 18)} ×{count}" for group, count in instance.tasks.items() if count
        )
        zone = f" in {printable(instance.zone)}" if instance.zone else ""
        flags = "" if instance.status == "ACTIVE" else f", {instance.status}"
        flags += "" if instance.agent_connected else ", agent disconnected"
        rows.append(f"{shorten(instance.id, 24)}{zone}: {room}, {tasks or 'no tasks'}{flags}.")
    rest = len(state.instances) - len(shown)
    if rest:
        rows.append(f"{rest} more unchanged.")
    return "\n".join(rows)


def _changed(before: Cluster, after: Cluster) -> tuple[Instance, ...]:
    old = {instance.id: instance for instance in before.instances}
    return tuple(instance for instance in after.instances if old.get(instance.id) is not instance)


def _mark(event: Event | None) -> str:
    if event is None:
        return "start"
    if event.kind == "changed":
        return "change"
    if event.stopped:
        return f"one on {shorten(event.instance or '', 12)} stops"
    return f"task {event.task}" if event.task else _group(event)


def _tone(event: Event | None, *, last: bool) -> str:
    if event is not None and event.kind == "refused":
        return "refused"
    return "done" if last else ""


def _group(event: Event) -> str:
    return shorten((event.group or "the service").split(":", 1)[-1], 24)
