"""Whether a hop succeeds: who calls, with which role, and what is missing. Source: facts 1.3, 1.4, 1.7, 5.1 to 5.5."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from simulator.architectures.hops import LOGS, PULL, Flow, Hop
from simulator.architectures.plan import Plan
from simulator.architectures.state import Packet, State

ACTIVE_AFTER = 300  # "about 5 minutes" until the bucket's EventBridge flag acts
PERMISSIONS = frozenset({"CALLER_ACCESS_DENIED", "PASS_ROLE_DENIED", "TOPIC_POLICY"})
RETRIED = frozenset({"THROTTLED", "TASK_QUOTA"})


def trouble(state: State, packet: Packet, hop: Hop) -> str:
    """The code of what stops a packet at a hop now; "" if it goes through."""
    check = _CHECKS.get(hop.id)
    return "" if check is None else check(state, packet, hop)


def number_of(packet: Packet) -> int:
    """Which of the scenario's events it is, from 1; a copy has the number of what it copies."""
    return int((packet.copy_of or packet.id).rsplit(" ", 1)[1])


def allowed(plan: Plan, role: str) -> frozenset[str]:
    """The actions that a role allows; a role that is not there allows none."""
    return plan.roles.get(role) or frozenset()


def is_retried(state: State, code: str) -> bool:
    """Whether EventBridge or Scheduler tries again; permission errors and missing targets are not retried."""
    return code in RETRIED or (state.rules.permission_errors_retried and code in PERMISSIONS)


def matches(plan: Plan, packet: Packet) -> bool:
    """Whether the rule's pattern matches the event: every field of the pattern has the event's value among its own."""
    item = plan.items[number_of(packet) - 1]
    return all(item.detail.get(name) in values for name, values in plan.pattern.items())


def _notify(state: State, packet: Packet, hop: Hop) -> str:  # noqa: ARG001
    plan = state.plan
    if plan.flow is Flow.STOPPED or state.rules.bucket_sends_by_itself:
        return ""
    if not plan.enabled:
        return "EVENTBRIDGE_NOT_ENABLED"
    return "NOT_YET_ACTIVE" if plan.enabled_for + state.now < ACTIVE_AFTER else ""


def _run_task(state: State, packet: Packet, hop: Hop) -> str:
    plan = state.plan
    if plan.flow is Flow.OBJECT and not matches(plan, packet):
        return "NO_MATCH"
    code = _reaches_target(state)
    if code:
        return code
    caller = allowed(plan, "task" if state.rules.rule_uses_task_role else hop.role)
    if "ecs:RunTask" not in caller:
        return "CALLER_ACCESS_DENIED"
    passed = {role for role in ("execution", "task") if plan.roles[role] is not None}
    may_pass = "iam:PassRole" in caller and passed <= set(plan.passable)
    if passed and state.rules.pass_role_needed and not may_pass:
        return "PASS_ROLE_DENIED"
    if plan.fargate and not plan.network:
        return "NETWORK_CONFIGURATION_MISSING"
    return "TASK_QUOTA" if plan.quota is not None and state.starting + plan.count > plan.quota else ""


def _publish(state: State, packet: Packet, hop: Hop) -> str:  # noqa: ARG001
    if not matches(state.plan, packet):
        return "NO_MATCH"
    code = _reaches_target(state)
    if code:
        return code
    return "" if state.plan.topic_policy or not state.rules.topic_needs_policy else "TOPIC_POLICY"


def _reaches_target(state: State) -> str:
    if state.plan.failing("TARGET_MISSING") is not None:
        return "TARGET_MISSING"
    throttled = state.plan.failing("THROTTLED")
    return "THROTTLED" if throttled is not None and (throttled.until is None or state.now < throttled.until) else ""


def _agent(state: State, packet: Packet, hop: Hop) -> str:  # noqa: ARG001
    plan = state.plan
    if _no_route(plan, "ECR"):
        return "NO_ROUTE"
    granted = allowed(plan, "execution" if plan.fargate else "instance")
    if PULL[0] not in granted:
        return "INIT_ERROR" if plan.fargate else "CANNOT_PULL_ECR"
    if not granted.issuperset(PULL):
        return "CANNOT_PULL"
    return "" if granted.issuperset(LOGS) else "LOG_DRIVER_ERROR"


def _get(state: State, packet: Packet, hop: Hop) -> str:
    plan = state.plan
    if not plan.transforms and not state.rules.event_reaches_task:
        return "NO_INPUT"
    return _task_fails(state, packet) or _call(plan, hop, "S3")


def _write(state: State, packet: Packet, hop: Hop) -> str:
    plan = state.plan
    if plan.flow is Flow.SCHEDULE:
        return _task_fails(state, packet) or _call(plan, hop, "S3")
    return _call(plan, hop, "DynamoDB")


def _call(plan: Plan, hop: Hop, to: str) -> str:
    """An SDK call of the application: the task role alone if there is one, else what the instance may do."""
    if _no_route(plan, to):
        return "NO_ROUTE"
    if plan.roles["task"] is None:
        if plan.fargate:
            return "APP_NO_CREDENTIALS"
        return "" if allowed(plan, "instance").issuperset(hop.needs) else "APP_ACCESS_DENIED"
    return "" if allowed(plan, "task").issuperset(hop.needs) else "APP_ACCESS_DENIED"


def _task_fails(state: State, packet: Packet) -> str:
    failure = state.plan.failing("TASK_FAILS", number_of(packet))
    if failure is None or (failure.times is not None and packet.tries > failure.times):
        return ""
    return "TASK_FAILED"


def _no_route(plan: Plan, to: str) -> bool:
    return any(one.kind == "NO_ROUTE" and one.to == to for one in plan.failures)


def _dead_letter(state: State, packet: Packet, hop: Hop) -> str:  # noqa: ARG001
    held = state.plan.dead_letter
    if held is None:
        return "NO_DEAD_LETTER_QUEUE"
    if held.fifo:
        return "FIFO_DEAD_LETTER_QUEUE"
    if not hop.role:
        return "" if held.allows_events else "QUEUE_POLICY"
    return "" if "sqs:SendMessage" in allowed(state.plan, hop.role) else "SEND_DENIED"


_CHECKS: Mapping[str, Callable[[State, Packet, Hop], str]] = {
    "notify": _notify,
    "run-task": _run_task,
    "publish": _publish,
    "agent": _agent,
    "get": _get,
    "write": _write,
    "dead-letter": _dead_letter,
}
