"""Why an event or a message did not arrive: the reason, where that shows, and the cure, as the scenario has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from simulator.architectures.checks import allowed
from simulator.architectures.hops import Flow
from simulator.architectures.plan import MOST_AGE
from simulator.architectures.state import ENDS, Packet, State, Status


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
        "The dead-letter queue of a rule or a schedule is a standard queue, and this one is FIFO.",
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
        "Let a redrive policy (maxReceiveCount) move it to a dead-letter queue, and look at it there.",
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
    "NO_WORKER": Cause(
        "No task runs that could receive it, and SQS pushes nothing: the message waits.",
        "Start a task: set desiredCount or a scaling policy.",
    ),
}


def cause_of(state: State, code: str) -> Cause:
    """The cause of a code in this scenario: who calls, what its retry policy says, which roles may not be passed."""
    find = _FITTED.get(code)
    return CAUSES[code] if find is None else find(state, CAUSES[code])


def unfinished(state: State, packet: Packet) -> tuple[str, Cause] | None:
    """Code and cause of a message that is not done when the run ends, and did not fail."""
    if state.plan.queue is None or packet.status in ENDS or packet.code:
        return None
    waits = packet.status is Status.VISIBLE
    if waits and all(worker.stopped for worker in state.workers):
        return "NO_WORKER", CAUSES["NO_WORKER"]
    action = "sqs:DeleteMessage" if packet.handled else "sqs:ReceiveMessage"
    needed = packet.handled or (waits and not state.rules.queue_pushes)
    if needed and action not in allowed(state.plan, "task"):
        if state.plan.roles["task"] is None:
            return "APP_NO_CREDENTIALS", CAUSES["APP_NO_CREDENTIALS"]
        then = "comes back" if packet.handled else "waits"
        reason = f"The task role does not allow {action}: the application gets AccessDenied, and the message {then}."
        return "APP_ACCESS_DENIED", replace(CAUSES["APP_ACCESS_DENIED"], reason=reason)
    how, fix = _AT_THE_END[packet.status]
    return "RUN_ENDS", Cause(f"The run ends after {state.now} s, {how}.", fix)


_AT_THE_END: Mapping[Status, tuple[str, str]] = {
    Status.NOT_BEGUN: ("before the message is sent", "Let the run last longer."),
    Status.VISIBLE: (
        "and the message waits for a worker",
        "Run more workers, or scale them on the backlog per task.",
    ),
    Status.IN_FLIGHT: ("and the message is still hidden by its visibility timeout", "Let the run last longer."),
}


def _who(state: State) -> tuple[str, str, str]:
    """Who calls the target, what is configured, and the service that assumes its role."""
    if state.plan.flow is Flow.SCHEDULE:
        return "EventBridge Scheduler", "schedule", "scheduler.amazonaws.com"
    return "EventBridge", "rule", "events.amazonaws.com"


def _throttled(state: State, cause: Cause) -> Cause:
    plan, (caller, what, _) = state.plan, _who(state)
    hours = "24 h" if plan.most_age == MOST_AGE else f"{plan.most_age} s"
    times = "once" if plan.most_attempts == 1 else f"up to {plan.most_attempts} times"
    reason = f"The call is throttled; {caller} tries again with back-off, {times} in {hours}."
    if not plan.most_attempts:
        reason = "The call is throttled, and the retry policy allows no further attempt."
    if plan.dead_letter is None:
        more = ", and put a queue between a burst and RunTask" if plan.flow is Flow.OBJECT else ""
        return replace(cause, reason=reason, fix=f"Give the {what} a dead-letter queue{more}.")
    if plan.flow is Flow.OBJECT:
        fix = "Put a queue between a burst and RunTask; the dead-letter queue holds what failed."
    else:
        fix = "Take what failed out of the dead-letter queue, and send it again."
    return replace(cause, reason=reason, fix=fix)


def _quota(state: State, cause: Cause) -> Cause:
    if state.plan.flow is not Flow.SCHEDULE:
        return cause
    reason = cause.reason.replace("EventBridge tries", "EventBridge Scheduler tries")
    return replace(cause, reason=reason, fix="Raise the quota, or make runs shorter than the interval.")


def _caller(state: State, cause: Cause) -> Cause:
    _, what, service = _who(state)
    role = "scheduler" if what == "schedule" else what
    if state.rules.rule_uses_task_role or state.plan.roles.get(role) is not None:
        return cause
    return replace(
        cause,
        reason=f"The {what} has no role, so nothing allows it ecs:RunTask: no task is made, and it is not retried.",
        fix=f"Give the {what} a role that {service} may assume, with ecs:RunTask and iam:PassRole.",
    )


def _pass_role(state: State, cause: Cause) -> Cause:
    """Names the one role that may not be passed, where the other may."""
    role = "task" if state.rules.rule_uses_task_role else "scheduler" if state.plan.flow is Flow.SCHEDULE else "rule"
    granted = "iam:PassRole" in allowed(state.plan, role)
    named = [one for one in ("execution", "task") if state.plan.roles[one] is not None]
    missing = [one for one in named if not granted or one not in state.plan.passable]
    if len(missing) != 1:
        return cause
    return replace(
        cause,
        reason=f"The caller is not authorized to perform iam:PassRole on the {missing[0]} role: no task is made, and "
        "it is not retried.",
        fix=f"Allow iam:PassRole on the {missing[0]} role in the caller's role.",
    )


_FITTED: Mapping[str, Callable[[State, Cause], Cause]] = {
    "THROTTLED": _throttled,
    "TASK_QUOTA": _quota,
    "CALLER_ACCESS_DENIED": _caller,
    "PASS_ROLE_DENIED": _pass_role,
}
