"""What people read: why a hop fails, where that shows, what cures it, and why each step happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator.architectures.backlog import UNDEFINED
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


@dataclass(frozen=True, slots=True)
class Cause:
    """One code: why, where it shows, and the cure."""

    reason: str
    fix: str
    shows: str = ""


INVOCATIONS = "FailedInvocations of the rule"
CAUSES: Mapping[str, Cause] = {
    "EVENTBRIDGE_NOT_ENABLED": Cause(
        "The bucket's EventBridge flag is off, so S3 sends nothing; no bucket policy is asked.",
        "Switch on the bucket's EventBridge flag.",
        "nowhere: the rule's metrics stay at 0",
    ),
    "NOT_YET_ACTIVE": Cause(
        "The bucket's EventBridge flag takes about 5 min to become active.",
        "Wait 5 min after switching it on, then put the object again.",
        "nowhere: the rule's metrics stay at 0",
    ),
    "NO_MATCH": Cause(
        "The rule's pattern does not match the event, so no target is called.",
        "Make the pattern match: source, detail-type and every field of detail that it names.",
        "nowhere: the rule's metrics stay at 0",
    ),
    "THROTTLED": Cause(
        "The call is throttled; EventBridge tries again with back-off, up to 185 times in 24 h.",
        "Give the rule a dead-letter queue, and put a queue between a burst and RunTask.",
        INVOCATIONS,
    ),
    "TASK_QUOTA": Cause(
        "The account's quota of concurrent tasks is used up; EventBridge tries again with back-off.",
        "Raise the quota, or put a queue between a burst and RunTask.",
        INVOCATIONS,
    ),
    "TARGET_MISSING": Cause(
        "The target does not exist; that is not retried.",
        "Make the target again, or name one that exists.",
        INVOCATIONS,
    ),
    "CALLER_ACCESS_DENIED": Cause(
        "The caller's role does not allow ecs:RunTask: AccessDenied, no task is made, and it is not retried.",
        "Allow ecs:RunTask on the task definition in that role.",
        INVOCATIONS,
    ),
    "PASS_ROLE_DENIED": Cause(
        "The caller is not authorized to perform iam:PassRole on both the execution role and the task role: no task is "
        "made, and it is not retried.",
        "Allow iam:PassRole on both roles in the caller's role.",
        INVOCATIONS,
    ),
    "NETWORK_CONFIGURATION_MISSING": Cause(
        "A Fargate target needs a NetworkConfiguration (subnets, security groups).",
        "Give EcsParameters a NetworkConfiguration.",
        INVOCATIONS,
    ),
    "TOPIC_POLICY": Cause(
        "The topic's resource policy does not let events.amazonaws.com publish; that is not retried.",
        "Allow sns:Publish for events.amazonaws.com in the topic's policy.",
        INVOCATIONS,
    ),
    "QUEUE_POLICY": Cause(
        "The dead-letter queue's resource policy does not let events.amazonaws.com send.",
        "Allow sqs:SendMessage for events.amazonaws.com in the queue's policy.",
    ),
    "SEND_DENIED": Cause(
        "The schedule's role does not allow sqs:SendMessage on its dead-letter queue.",
        "Allow sqs:SendMessage in the schedule's role.",
    ),
    "FIFO_DEAD_LETTER_QUEUE": Cause(
        "The dead-letter queue of a schedule is a standard queue, and this one is FIFO.",
        "Use a standard queue.",
    ),
    "INIT_ERROR": Cause(
        "ResourceInitializationError: unable to pull secrets or registry auth. The execution role does not allow "
        "ecr:GetAuthorizationToken.",
        "Attach AmazonECSTaskExecutionRolePolicy to the execution role.",
        "stoppedReason of the task",
    ),
    "CANNOT_PULL_ECR": Cause(
        "CannotPullECRContainerError: the container instance role does not allow ecr:GetAuthorizationToken.",
        "Attach AmazonEC2ContainerServiceforEC2Role to the instance role.",
        "stoppedReason of the task",
    ),
    "CANNOT_PULL": Cause(
        "CannotPullContainerError: the role that pulls does not allow ecr:BatchGetImage and GetDownloadUrlForLayer.",
        "Allow both actions to the role that pulls.",
        "stoppedReason of the task",
    ),
    "LOG_DRIVER_ERROR": Cause(
        "The role that writes the logs does not allow logs:CreateLogStream and logs:PutLogEvents.",
        "Allow both actions to that role.",
        "stoppedReason of the task",
    ),
    "NO_ROUTE": Cause(
        "There is no route to the service: the call ends in a timeout, not in AccessDenied.",
        "Give the subnet a NAT gateway or an endpoint, or the task a public IP in a public subnet.",
        "timeouts in the stoppedReason or in the logs",
    ),
    "NO_INPUT": Cause(
        "The container got nothing of the event, so it does not know which object is meant.",
        "Give the target an input transformer that builds containerOverrides with the key.",
        "the container's logs",
    ),
    "APP_NO_CREDENTIALS": Cause(
        "The task has no task role, so the SDK finds no credentials.",
        "Give the task definition a taskRoleArn.",
        "the container's logs",
    ),
    "APP_ACCESS_DENIED": Cause(
        "The task role does not allow the call: AccessDenied, and the application exits non-zero.",
        "Allow the action to the task role.",
        "the container's logs",
    ),
    "TASK_FAILED": Cause(
        "The container exits non-zero. The event was delivered when RunTask was accepted, so nobody tries again.",
        "Watch for stopped tasks (an EventBridge rule), or let a queue hold the work until it is done.",
        "exitCode of the container",
    ),
    "STILL_RUNNING": Cause("The run before still runs.", "Make runs shorter than the interval."),
    "POISON": Cause(
        "The message cannot be processed: it is not deleted, and comes back after the visibility timeout.",
        "Give the queue a redrive policy with maxReceiveCount, and look at its dead-letter queue.",
    ),
    "RECEIVED_TOO_OFTEN": Cause(
        "It was received maxReceiveCount times and not deleted; the next time it is moved instead.",
        "Find out why it was not deleted in time: a crash, a visibility timeout too short, a missing permission.",
    ),
    "TASK_CRASHED": Cause(
        "The task died with the message in hand; the message comes back after the visibility timeout.",
        "Nothing is lost: the service starts another task, and the message is received again.",
    ),
    "SCALED_IN": Cause(
        "The service has more tasks than it wants.", "Use task scale-in protection while a message is in hand."
    ),
    "DELETED_ON_RECEIVE": Cause(
        "It was deleted when it was received, and its work came to nothing.", "Delete it after it is processed."
    ),
}
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
    hop, cause = _hop(state.plan, event), CAUSES[event.code]
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
    cause = CAUSES[event.code]
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
