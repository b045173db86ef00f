"""What a target's health is, and what the learner sees: the load balancer's checks, the client's answer, the service.

Source: platform facts 2.3, 2.5 and 2.9, deployments facts 6 ("Security groups"). The reasons are
`TargetHealthReasonEnum` of the elasticloadbalancingv2 API.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.network.cures import cure, listen_on, opened_ports, target_in
from simulator.network.fixing import allow, narrowest, rule
from simulator.network.inbound import CREATION_CHECKS, app_listens, balancer_out, no_mapping, target_type_misfits
from simulator.network.inbound import target_in as target_admits
from simulator.network.model import APPLICATION, BRIDGE, NETWORK, Block, Fix, Hop, Ports, Verdict
from simulator.network.security_rules import EGRESS
from simulator.network.way import Way

HEALTHY, UNHEALTHY, UNUSED = "healthy", "unhealthy", "unused"

# Codes with which nothing is created, so that there is no target to check.
REFUSED = (
    "LB_TYPE_UNSUPPORTED",
    "NETWORK_MODE_UNSUPPORTED",
    "HOST_PORT_MISMATCH",
    "HOST_PORT_RESERVED",
    "NO_PORT_MAPPING",
    "ALB_NEEDS_TWO_AZ",
    "TARGET_TYPE_MISMATCH",
)

_REPLACES = (
    "After healthCheckGracePeriodSeconds (0 by default) ECS stops the task and starts another, again and again; with "
    "the circuit breaker the deployment fails."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A target's state and reason as DescribeTargetHealth gives them; `code` is the check that failed."""

    state: str
    reason: str | None
    code: str
    message: str
    fix: Fix | None = None
    block: Block | None = None

    def to_dict(self) -> dict[str, object]:
        """As it stands in an answer."""
        return {
            "state": self.state,
            "reason": self.reason,
            "code": self.code,
            "message": self.message,
            "fix": self.fix.to_dict() if self.fix else None,
        }


def target_health(way: Way) -> Health | None:
    """The health of a registered target; None where AWS refuses to make one.

    Health checks come from the load balancer's own addresses, whoever the client is, and obey its outbound rules.
    """
    if no_mapping(way.task) or target_type_misfits(way):
        return None
    zones = {way.world.subnets[name].zone for name in way.balancer.subnets}
    if way.target_zone not in zones:
        message = f"The zone {way.target_zone} of {way.task.id} is not enabled for {way.balancer.id}."
        fix = cure("TARGET_AZ_NOT_ENABLED", way)
        return Health(state=UNUSED, reason="Target.NotInUse", code="TARGET_AZ_NOT_ENABLED", message=message, fix=fix)
    own = way.group.health_port is None
    ports = way.ports if own else Ports(way.group.health_port or 0, way.group.health_port or 0)
    opened = opened_ports(way) if own else ports
    out = balancer_out(way, ports)
    if out:
        peer = narrowest(way.world, way.target_groups)
        fix = allow(way.world, way.balancer.groups, EGRESS, [rule("tcp", opened, group=peer)])
        return Health(state=UNHEALTHY, reason="Target.Timeout", code=out.code, message=out.message, fix=fix, block=out)
    held = target_admits(way, ports, peer=way.from_balancer)
    if held:
        fix = target_in(way, opened, from_balancer=True)
        return Health(
            state=UNHEALTHY, reason="Target.Timeout", code=held.code, message=held.message, fix=fix, block=held
        )
    return _answer(way, ports, own=own)


def health_check(way: Way) -> Verdict:
    """The verdict on a health check: from the load balancer itself to the target, with no client."""
    for check in CREATION_CHECKS:
        block = check(way)
        if block:
            return block.verdict([], cure(block.code, way))
    health = target_health(way)
    assert health is not None, "the target type fits"
    leaves = Hop(
        kind="loadBalancer",
        at=way.balancer.id,
        passed=True,
        sentence=f"{way.balancer.id} sends a check to {way.group.id}.",
    )
    if health.state == HEALTHY:
        arrived = Hop(kind="task", at=way.task.id, passed=True, sentence=health.message)
        return Verdict(code="REACHABLE", reachable=True, hops=(leaves, arrived), message=health.message)
    stopped = health.block or Block(
        code=health.code,
        kind="task",
        at=way.task.id,
        blocked_by=way.task.id,
        where="the health check's port",
        message=health.message,
    )
    return stopped.verdict([leaves] if stopped.kind != "loadBalancer" else [], health.fix)


def symptom(verdict: Verdict, way: Way, health: Health | None, *, asked: bool = True) -> dict[str, str]:
    """What is seen: by the client, in the target group, and at the service.

    Parameters
    ----------
    asked : whether there is a client; a health check has none.

    Returns
    -------
    dict
        `{"client", "service", "message"}`. An ALB that has no usable target answers 503, 504 after ten seconds
        without a connection, 502 if the connection is refused.
    """
    client, told = _client(verdict, way) if asked else ("NONE", "")
    if verdict.code in REFUSED:
        service, more = "REFUSED", "AWS refuses it when it is created, so there is nothing to reach."
    elif health and health.state == UNHEALTHY:
        service, more = "REPLACING_TASKS", f"The target is unhealthy ({health.reason}). {_REPLACES}"
    elif health and health.state == UNUSED:
        service, more = "UNUSED_TARGET", f"The target is unused ({health.reason}) and gets no traffic."
    else:
        service, more = "STEADY", "The target is healthy, so the service keeps its tasks."
    return {"client": client, "service": service, "message": f"{told} {more}".strip()}


def _client(verdict: Verdict, way: Way) -> tuple[str, str]:
    if verdict.reachable:
        return "ANSWER", "The client gets its answer."
    if verdict.code in REFUSED:
        return "NOTHING", ""
    if verdict.code == "NO_LISTENER":
        return "NO_CONNECTION", "Nothing takes the client's connection."
    if verdict.code in ("LB_INTERNAL", "LB_SUBNET_NOT_PUBLIC", "LB_SG_INBOUND", "SG_OUTBOUND", "REPLY_BLOCKED"):
        return "TIMEOUT", "The client's packets are dropped: it waits until it times out."
    if way.balancer.type != APPLICATION:
        if verdict.code == "APP_NOT_LISTENING":
            return "NO_CONNECTION", "The target refuses the connection."
        return "TIMEOUT", "The packets do not arrive: the client waits until it times out."
    return {
        "TARGET_AZ_NOT_ENABLED": ("HTTP_503", "The ALB has no target that it can use and answers 503."),
        "APP_NOT_LISTENING": ("HTTP_502", "The connection is refused, and the ALB answers 502."),
    }.get(verdict.code, ("HTTP_504", "The ALB's packets are dropped: after its 10 s connect time-out it answers 504."))


def _answer(way: Way, ports: Ports, *, own: bool) -> Health:
    """Whether something answers the check where it arrives."""
    mapped = own or way.task.mode != BRIDGE or ports == way.ports
    asked = way.task.container_port if own or way.task.mode == BRIDGE else ports.low
    silent = app_listens(way.task, asked) if mapped else None
    if silent or not mapped:
        message = silent.message if silent else f"No mapping of {way.task.id} takes the health check's port {ports}."
        fix = listen_on(way.task, asked) if silent else None
        return Health(
            state=UNHEALTHY,
            reason="Target.FailedHealthChecks",
            code="APP_NOT_LISTENING",
            message=message,
            fix=fix,
            block=silent,
        )
    kind = "NLB" if way.balancer.type == NETWORK else "load balancer"
    return Health(
        state=HEALTHY,
        reason=None,
        code="REACHABLE",
        message=f"The {kind}'s health checks reach {way.task.id} on port {ports}.",
    )
