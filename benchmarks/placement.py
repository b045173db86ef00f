"""Placement: the fast path against moto and against the readable `decide`, and what a reason costs.

The workload is that of the reference measurements: 1,000 tasks of six shapes, drawn with seed 7, on instances of
4,096 CPU units and 7,482 MiB (the size moto gives its own).
"""

from __future__ import annotations

import random
from dataclasses import replace

from benchmarks.moto_cluster import run_task_rate
from benchmarks.row import Row, median_seconds
from simulator.model import Cluster, Instance, PlacedTask, Resources
from simulator.placement.decide import decide
from simulator.placement.decision import Decision
from simulator.placement.index import place_many
from simulator.placement.query import parse
from simulator.placement.request import ZONE_SPREAD, Constraint, Request, Strategy
from simulator.placement.run import Event, apply
from simulator.task_needs import Container, Port, TaskDefinition

TASKS = 1000
SHAPES = ((128, 256), (256, 256), (128, 512), (256, 512), (512, 512), (512, 1024))
BINPACK = Strategy(type="binpack", field="memory")
INSTANCES = Strategy(type="spread", field="instanceId")
CHAINS = {
    "binpack": (BINPACK,),
    "spread over instances": (INSTANCES,),
    "spread over zones, then binpack": (ZONE_SPREAD, BINPACK),
}
FAST_BUDGET = 100_000
MOTO_FACTOR = 100


def rows() -> list[Row]:
    shapes = drawn_shapes()
    moto = run_task_rate(shapes, 1000)
    return [*_fast_rows(shapes, moto), *_reason_rows()]


def drawn_shapes() -> list[tuple[int, int]]:
    """The workload's tasks as (CPU units, MiB)."""
    generator = random.Random(7)
    return [generator.choice(SHAPES) for _ in range(TASKS)]


def cluster(size: int) -> Cluster:
    """`size` equal instances, zone by zone in turn."""
    zones = ("us-east-1a", "us-east-1b", "us-east-1c")
    room = Resources(cpu=4096, memory=7482)
    return Cluster(
        instances=tuple(
            Instance(
                id=f"i-{k:05}",
                zone=zones[k % 3],
                registered=room,
                remaining=room,
                attributes={"ecs.availability-zone": zones[k % 3], "ecs.instance-type": "c5.xlarge"},
            )
            for k in range(size)
        )
    )


def requests(shapes: list[tuple[int, int]], chain: tuple[Strategy, ...]) -> list[Request]:
    """One request a task, as a caller of an API would send them."""
    made = {
        shape: Request(
            task=TaskDefinition(family="shape", cpu=shape[0], memory=shape[1]), group="service:web", strategies=chain
        )
        for shape in set(shapes)
    }
    return [made[shape] for shape in shapes]


def _fast_rows(shapes: list[tuple[int, int]], moto: float) -> list[Row]:
    found: list[Row] = []
    for size in (1000, 10_000):
        state = cluster(size)
        for name, chain in CHAINS.items():
            asked = requests(shapes, chain)
            rate = TASKS / median_seconds(lambda: place_many(state, asked), runs=7)  # noqa: B023 - called at once
            if size == 1000:
                peer, peer_rate, budget = (
                    "moto RunTask through boto3, one task a call",
                    moto,
                    f", ≥ {MOTO_FACTOR}× moto",
                )
            else:
                peer, budget = "`decide`, every verdict kept", ""
                peer_rate = 1 / median_seconds(lambda: decide(state, asked[0]), runs=3)  # noqa: B023
            kept = rate >= FAST_BUDGET and (size != 1000 or rate >= MOTO_FACTOR * peer_rate)
            found.append(
                Row(
                    what=f"fast path, {name}, N = {size:,}",
                    measured=rate,
                    unit="placements/s",
                    peer=peer,
                    peer_value=peer_rate,
                    ratio=rate / peer_rate,
                    budget=f"≥ {FAST_BUDGET:,}/s{budget}",
                    ok=kept,
                )
            )
    return found


def _reason_rows() -> list[Row]:
    return [_one_decision(), _whole_reasons()]


def _one_decision() -> Row:
    query = parse("attribute:ecs.instance-type =~ c5.* and attribute:ecs.availability-zone != us-east-1d")
    web = Container(name="web", gpu=1, ports=(Port(container=80, host=8080),))
    request = Request(
        task=TaskDefinition(
            cpu=256, memory=512, containers=(web,), requires=("ecs.capability.secrets.ssm.environment-variables",)
        ),
        group="service:web",
        strategies=(ZONE_SPREAD, BINPACK),
        constraints=(
            Constraint(type="memberOf", expression=query.text, query=query),
            Constraint(type="distinctInstance"),
        ),
        zones=frozenset(("us-east-1a", "us-east-1b")),
    )
    gpu = Resources(cpu=4096, memory=7482, gpu=1)
    state = Cluster(instances=tuple(replace(one, remaining=gpu) for one in cluster(1000).instances))
    spent = 1000 * median_seconds(lambda: decide(state, request), runs=15)
    bare = 1000 * median_seconds(lambda: [one for one in state.instances if _has_room(one)], runs=15)
    return Row(
        what="explain one decision, all rules, N = 1,000",
        measured=spent,
        unit="ms",
        peer="floor: CPU and memory compared, no reasons",
        peer_value=bare,
        ratio=spent / bare,
        budget="≤ 4 ms",
        ok=spent <= 4,
    )


def _has_room(instance: Instance) -> bool:
    left = instance.remaining
    return left is not None and left.cpu >= 256 and left.memory >= 512


def _whole_reasons() -> Row:
    request = requests([(256, 512)], CHAINS["spread over zones, then binpack"])[0]
    start = cluster(30)
    spent = 1000 * median_seconds(lambda: _place_with_reasons(start, request, 300), runs=7)
    bare = 1000 * median_seconds(lambda: place_many(start, [replace(request, count=300)]), runs=7)
    return Row(
        what="300 tasks on 30 instances with whole reasons",
        measured=spent,
        unit="ms",
        peer="floor: the fast path, no reasons",
        peer_value=bare,
        ratio=spent / bare,
        budget="≤ 30 ms",
        ok=spent <= 30,
    )


def _place_with_reasons(state: Cluster, request: Request, count: int) -> list[Decision]:
    """Each task's decision with every instance's verdict, on the state that the one before left."""
    decisions: list[Decision] = []
    for number in range(1, count + 1):
        decision = decide(state, request, task=number)
        decisions.append(decision)
        if decision.chosen is not None:
            needs = decision.needs
            task = PlacedTask(
                id=f"t{number}",
                number=number,
                group=request.group,
                instance=decision.chosen,
                cpu=needs.cpu,
                memory=needs.memory,
            )
            state = apply(state, Event(kind="placed", job=0, placed=task))
    return decisions
