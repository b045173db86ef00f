"""A packet's way through the VPC: what it passes, where it is stopped, and what a task's place in it looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from diagrams.model import Diagram
from diagrams.network_cards import (
    Picture,
    balancer_cards,
    client_card,
    endpoint_card,
    gateway_card,
    instance_card,
    nat_card,
    service_card,
    target_group_card,
    task_card,
)
from diagrams.network_interfaces import interfaces_diagram
from simulator.network import Fit, Reach
from simulator.network.model import Verdict
from simulator.network.services import INTERNET

MOST_TASKS = 8


def network_diagram(found: Reach | Fit, *, title: str | None = None, direction: str = "down") -> Diagram:
    """The architecture that a question is about, with the packet's way in it.

    Parameters
    ----------
    found : what `simulator.network.examine` gives. The edge on which a packet is stopped is blocked and carries the
        code, the place that stops it is refused and says why.
    direction : "right" for a wide page; there is no room for a code on a road that runs across, so it bears a cross.
    """
    if isinstance(found, Fit):
        return interfaces_diagram(found, title=title)
    picture = Picture(found)
    if found.tried:
        _draw_balanced(picture)
    elif found.question.kind == "task":
        _draw_direct(picture)
    else:
        _draw_calls(picture)
    drawn = picture.diagram(title or f"{found.verdict.code if not found.start else found.start.code}: {_asked(found)}")
    return drawn if direction == drawn.direction else _across(drawn, direction)


def _across(drawn: Diagram, direction: str) -> Diagram:
    edges = tuple(replace(edge, label="✕") if edge.state == "blocked" else edge for edge in drawn.edges)
    return replace(drawn, direction=direction, edges=edges)


def _asked(found: Reach) -> str:
    question = found.question
    if question.kind == "start":
        return f"what {question.target} calls before it starts"
    source = question.client.name if question.client else question.source
    if question.kind == "health":
        return f"the health check from {source}"
    return f"from {source} to {question.target}"


def _draw_balanced(picture: Picture) -> None:
    """From the client (or the load balancer itself) to each target."""
    found = picture.found
    first = found.tried[0]
    balancer = first.way.balancer
    client = client_card(picture)
    doors = balancer_cards(picture, balancer, first)
    group = picture.node(target_group_card(first))
    chain = [client, *([gateway_card(picture, first.verdict)] if client == INTERNET else [])] if client else []
    # Where the load balancer itself asks, no edge leads into it: what stops it is marked on the edge out of it.
    stage = _stage(first.verdict) if client else max(_stage(first.verdict), 2)
    for door in doors:
        before = chain[-1] if chain else None
        if before:
            picture.edge(before, door, *_mark(stage, 1, first.verdict))
        picture.edge(door, group, *_mark(stage, 2, first.verdict))
    if len(chain) == 2:
        picture.edge(chain[0], chain[1], *_mark(stage, 0, first.verdict))
    for tried in found.tried[:MOST_TASKS]:
        task = task_card(picture, tried.way.task, tried)
        picture.edge(group, task, *_mark(_stage(tried.verdict), 3, tried.verdict))


def _stage(verdict: Verdict) -> int:
    """Which edge of the way is the blocked one: into the gateway, the load balancer, the group, the task; 4 is none."""
    if verdict.reachable:
        return 4
    last = verdict.hops[-1]
    passed = [hop.kind for hop in verdict.hops[:-1]]
    if last.kind == "internetGateway":
        return 0
    if last.kind in ("client", "loadBalancer"):
        return 2 if "loadBalancer" in passed else 1
    return 2 if last.kind == "targetGroup" else 3


def _mark(stage: int, edge: int, verdict: Verdict) -> tuple[str, str]:
    if edge < stage:
        return "active", ""
    return ("blocked", verdict.code) if edge == stage else ("", "")


def _draw_direct(picture: Picture) -> None:
    found = picture.found
    task = picture.world.tasks[found.question.target]
    verdict = found.verdict
    client = client_card(picture)
    assert client is not None, "someone asks"
    here = task_card(picture, task, verdict=verdict)
    if client != INTERNET:
        picture.edge(client, here, *_end(verdict))
        return
    gate = gateway_card(picture, verdict)
    at_gate = not verdict.reachable and verdict.hops[-1].kind == "internetGateway"
    picture.edge(client, gate, "blocked" if at_gate else "active", verdict.code if at_gate else "")
    picture.edge(gate, here, *(("", "") if at_gate else _end(verdict)))


def _end(verdict: Verdict) -> tuple[str, str]:
    return ("active", "") if verdict.reachable else ("blocked", verdict.code)


def _draw_calls(picture: Picture) -> None:
    """Calls out of the VPC: one, or all that a task makes before it starts."""
    found = picture.found
    calls: Sequence[tuple[str, Verdict]]
    if found.start:
        task = picture.world.tasks[found.question.target]
        task_card(picture, task, verdict=found.verdict)
        calls = found.start.calls
    else:
        calls = ((found.question.target, found.verdict),)
    for service, verdict in calls:
        _draw_call(picture, service, verdict)


def _draw_call(picture: Picture, service: str, verdict: Verdict) -> None:
    """The places in the order in which the call passes them, then the service itself."""
    way = [_caller(picture, verdict), *_passed(picture, service, verdict)]
    # The edge that is blocked: into the place that stops the call, or out of the caller itself.
    stopped_at = max(len(way) - 1, 1)
    if verdict.code == "SG_OUTBOUND" and service in picture.world.endpoints:
        way.append(endpoint_card(picture, service, ""))
    if verdict.code == "NO_PUBLIC_IP":
        way.append(gateway_card(picture, verdict))
    way.append(service_card(picture, service, verdict))
    for at, (source, target) in enumerate(pairwise(way), start=1):
        if verdict.reachable or at < stopped_at:
            picture.edge(source, target, "active")
        elif at == stopped_at:
            picture.edge(source, target, "blocked", verdict.code)
        else:
            picture.edge(source, target)


def _passed(picture: Picture, service: str, verdict: Verdict) -> list[str]:
    found: list[str] = []
    for hop in verdict.hops:
        stops = "" if hop.passed else hop.sentence
        if hop.kind == "vpcEndpoint":
            found.append(endpoint_card(picture, service, stops))
        elif hop.kind == "natGateway":
            found.append(nat_card(picture, hop.at, stops))
        elif hop.kind == "internetGateway":
            found.append(gateway_card(picture, verdict))
    return [*found, gateway_card(picture, verdict)] if verdict.code == "VIA_NAT" else found


def _caller(picture: Picture, verdict: Verdict) -> str:
    """Whose interface opens the connection; the hops name it first, unless nothing could be opened."""
    question, world = picture.found.question, picture.world
    first = verdict.hops[0].at
    name = first if first in (*world.tasks, *world.instances) else question.source or question.target
    if first in world.subnets:
        name = question.source or question.target
    if name in world.instances:
        return instance_card(picture, name, verdict)
    return task_card(picture, world.tasks[name], verdict=verdict)
