from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.container_instance import with_task
from simulator.errors import InputError
from simulator.model import Cluster, Instance, PlacedTask, Resources
from simulator.placement import index, run
from simulator.placement.decide import decide
from simulator.placement.index import place_many
from simulator.placement.query import parse
from simulator.placement.request import INSTANCE_SPREAD, SERVICE_DEFAULT, ZONE_SPREAD, Constraint, Request, Strategy
from simulator.placement.rules import RULES, BinpackMeasure, PlacementRules, StrategyOrder, TieBreak
from simulator.task_needs import Container, Port, TaskDefinition

CPU = Strategy(type="binpack", field="cpu")
MEMORY = Strategy(type="binpack", field="memory")
RACKS = Strategy(type="spread", field="attribute:rack")
RANDOM = Strategy(type="random")
LISTED = [(MEMORY,), (CPU,), (INSTANCE_SPREAD,), (ZONE_SPREAD,), (ZONE_SPREAD, MEMORY), (RACKS, CPU), SERVICE_DEFAULT]
OTHERS = [(MEMORY, ZONE_SPREAD), (ZONE_SPREAD, RACKS), (ZONE_SPREAD, RANDOM), ()]
QUERIES = ["attribute:rack exists", "attribute:ecs.availability-zone != b", "not(task:group == service:x)"]


def one_by_one(
    cluster: Cluster, requests: list[Request], rules: PlacementRules = RULES, first_task: int = 1
) -> list[str | None]:
    """What `place_many` must equal: `decide`, then the task put on its instance, again and again."""
    found: list[str | None] = []
    for request in [one for one in requests for _ in range(one.count)]:
        decision = decide(cluster, request, rules, task=first_task + len(found))
        found.append(decision.chosen)
        if decision.chosen is not None:
            needs = decision.needs
            task = PlacedTask(
                id="t", number=1, group=request.group, instance=decision.chosen, cpu=needs.cpu, memory=needs.memory,
                gpu=needs.gpu, tcp=needs.tcp, udp=needs.udp, eni=needs.eni,
            )  # fmt: skip
            cluster = replace(
                cluster,
                instances=tuple(with_task(i, task) if i.id == task.instance else i for i in cluster.instances),
            )
    return found


@st.composite
def clusters(draw: st.DrawFn) -> Cluster:
    """Few distinct values, so that ties are the rule; ids out of order, so that both tie-breaks are told apart."""
    ids = draw(st.permutations([f"i-{k}" for k in range(draw(st.integers(1, 12)))]))
    return Cluster(instances=tuple(draw(_instances(name)) for name in ids))


@st.composite
def _instances(draw: st.DrawFn, name: str) -> Instance:
    zone = draw(st.sampled_from("abc"))
    attributes: dict[str, str | None] = {"ecs.availability-zone": zone}
    rack = draw(st.sampled_from(["absent", None, "r1", "r2"]))
    if rack != "absent":
        attributes["rack"] = rack
    tasks = draw(st.dictionaries(st.sampled_from(["service:x", "service:y"]), st.integers(1, 3), max_size=2))
    amounts = st.sampled_from([0, 256, 512, 1024, 1536])
    return Instance(
        id=name,
        zone=zone,
        status=draw(st.sampled_from(["ACTIVE", "ACTIVE", "ACTIVE", "DRAINING"])),
        agent_connected=draw(st.sampled_from([True, True, True, False])),
        remaining=Resources(cpu=draw(amounts), memory=draw(amounts)),
        attributes=attributes,
        tasks=tasks,
        running_tasks=sum(tasks.values()),
        enis=2,
    )


@st.composite
def runs(draw: st.DrawFn, chains: list[tuple[Strategy, ...]], *, exotic: bool) -> list[Request]:
    """One to three requests that differ in size only, so that they share a list."""
    first = draw(_requests(chains, exotic=exotic))
    sizes = draw(st.lists(st.tuples(st.sampled_from([None, 128, 600]), st.sampled_from([128, 600])), max_size=2))
    return [first, *(replace(first, task=replace(first.task, cpu=cpu, memory=memory)) for cpu, memory in sizes)]


@st.composite
def _requests(draw: st.DrawFn, chains: list[tuple[Strategy, ...]], *, exotic: bool) -> Request:
    constraints = [
        Constraint(type="memberOf", expression=text, query=parse(text))
        for text in draw(st.lists(st.sampled_from(QUERIES[: 3 if exotic else 2]), max_size=1))
    ]
    ports: tuple[Port, ...] = ()
    if exotic and draw(st.booleans()):
        constraints.append(Constraint(type="distinctInstance"))
    if exotic and draw(st.booleans()):
        ports = (Port(container=80, host=draw(st.sampled_from([0, 8080]))),)
    return Request(
        task=TaskDefinition(
            cpu=draw(st.sampled_from([None, 128, 256, 600])),
            memory=draw(st.sampled_from([128, 256, 600])),
            network_mode=draw(st.sampled_from(["bridge", "awsvpc"])) if exotic else "bridge",
            containers=(Container(name="web", ports=ports),),
        ),
        group=draw(st.sampled_from(["service:x", "service:y"])),
        count=draw(st.integers(1, 5)),
        scheduling=draw(st.sampled_from([None, "REPLICA"])),
        strategies=draw(st.sampled_from(chains)),
        constraints=tuple(constraints),
        zones=draw(st.sampled_from([None, None, frozenset("ab")])),
        seed=draw(st.integers(1, 3)),
    )


def _flat(parts: list[list[Request]]) -> list[Request]:
    return [request for part in parts for request in part]


@settings(max_examples=100, deadline=None)
@given(
    clusters(),
    st.lists(runs(LISTED, exotic=False), min_size=1, max_size=3).map(_flat),
    st.sampled_from([RULES, PlacementRules(tie=TieBreak.INSTANCE_ID)]),
)
def test_the_lists_place_as_decide_does(cluster: Cluster, asked: list[Request], rules: PlacementRules) -> None:
    assert place_many(cluster, asked, rules) == one_by_one(cluster, asked, rules)


@settings(max_examples=60, deadline=None)
@given(
    clusters(),
    st.lists(runs(LISTED + OTHERS, exotic=True), min_size=1, max_size=3).map(_flat),
    st.sampled_from(
        [
            RULES,
            PlacementRules(tie=TieBreak.SEEDED),
            PlacementRules(binpack_measure=BinpackMeasure.TASK_COUNT),
            PlacementRules(strategy_order=StrategyOrder.REVERSED),
        ]
    ),
    st.integers(1, 9),
)
def test_what_has_no_list_is_placed_as_decide_does(
    cluster: Cluster, asked: list[Request], rules: PlacementRules, first: int
) -> None:
    assert place_many(cluster, asked, rules, first_task=first) == one_by_one(cluster, asked, rules, first)


@pytest.mark.parametrize("chain", LISTED, ids=str)
def test_the_lists_serve_the_usual_chains(chain: tuple[Strategy, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Were they to fall back to `decide`, the equality above would say nothing."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("decide was asked")

    monkeypatch.setattr(index, "decide", refuse)
    room = Resources(cpu=1024, memory=1024)
    cluster = Cluster(instances=tuple(Instance(id=f"i-{k}", remaining=room) for k in range(5)))
    task = TaskDefinition(cpu=256, memory=256)
    placed = place_many(cluster, [Request(task=task, group="service:x", count=21, strategies=chain)])
    assert placed.count(None) == 1
    assert {name: placed.count(name) for name in set(placed) - {None}} == {f"i-{k}": 4 for k in range(5)}


def test_an_instance_without_a_size_is_an_error_only_where_decide_says_so() -> None:
    cluster = Cluster(instances=(Instance(id="i-1"), Instance(id="i-2", remaining=Resources(cpu=1024, memory=1024))))
    needy = Request(task=TaskDefinition(cpu=256, memory=256), group="g", strategies=(MEMORY,))
    with pytest.raises(InputError, match="i-1"):
        place_many(cluster, [needy])
    drained = replace(cluster, instances=(replace(cluster.instances[0], status="DRAINING"), cluster.instances[1]))
    assert place_many(drained, [needy]) == ["i-2"]


def test_no_requests_and_no_instances() -> None:
    request = Request(task=TaskDefinition(cpu=256, memory=256), group="g", count=2, strategies=(ZONE_SPREAD, MEMORY))
    assert place_many(Cluster(instances=()), [request]) == [None, None]
    assert place_many(Cluster(instances=()), []) == []


def test_a_large_run_is_the_same_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """`simulate` takes the fast path on large clusters; the trace must not tell which one it took."""
    scenario = {
        "instances": [
            {"ec2InstanceId": f"i-{k}", "instanceType": "t3.small", "availabilityZone": f"us-east-1{'abc'[k % 3]}"}
            for k in range(6)
        ],
        "requests": [
            {
                "taskDefinition": {"memory": 512, "cpu": 256},
                "count": 9,
                "group": "service:web",
                "placementStrategy": [{"type": "spread", "field": "attribute:ecs.availability-zone"}],
            },
            {"taskDefinition": {"memory": 400}, "count": 15, "group": "service:api", "schedulingStrategy": "REPLICA"},
            {"taskDefinition": {"memory": 100}, "count": 4, "group": "family:once"},
        ],
        "changes": [
            {"at": 2, "instance": "i-1", "status": "DRAINING"},
            {"at": 5, "terminate": "i-4"},
            {"at": 12, "placementStrategy": [{"type": "binpack", "field": "memory"}]},
        ],
    }
    plain = run.simulate(scenario)
    monkeypatch.setattr(run, "WORTH_IT", 1)
    fast = run.simulate(scenario)
    assert fast.events == plain.events
    assert fast.checkpoints == plain.checkpoints
    assert {"placed", "refused", "changed"} == {event.kind for event in plain.events}
