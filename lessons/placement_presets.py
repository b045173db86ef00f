"""The situations of the placement lesson: each breaks one belief. Plain documents, in AWS's names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lessons.placement_situations import (
    FIRST_BOARD,
    INSTANCES,
    PACKED,
    PACKED_CPU,
    RANDOM,
    ZONES,
    instance,
    service,
    task,
)
from simulator.placement.rules import (
    RULES,
    BinpackMeasure,
    Constraints,
    PlacementRules,
    SpreadCounts,
    SpreadScope,
    Strategies,
    StrategyOrder,
)
from ui.sandbox import Preset, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """Two runs of one situation. `left` and `right` are a title, what differs in the scenario, and the rules."""

    id: str
    title: str
    about: str
    scenario: Mapping[str, Any]
    left: tuple[str, Mapping[str, Any], PlacementRules]
    right: tuple[str, Mapping[str, Any], PlacementRules]


_ROOMY = [instance("a1", "a"), instance("b1", "b")]
_AWSVPC: dict[str, Any] = {"networkMode": "awsvpc", "requiresCompatibilities": ["EC2"]}

FILTERS: tuple[Preset, ...] = (
    Preset(
        id="reasons",
        title="A reason each",
        about="Five instances refuse one small task, each for a reason of its own. One is left.",
        scenario=service(
            [
                instance("a1", "a", left=(256, 6000), tasks={"api": 3}),
                instance("a2", "a", left=(1536, 500), tasks={"api": 2}),
                instance("a3", "a", left=(1536, 6000), reservedPorts={"tcp": [22, 2375, 2376, 8080, 51678, 51679]}),
                instance("b1", "b", status="DRAINING"),
                instance("b2", "b", agentConnected=False),
                instance("b3", "b", left=(1024, 2400), tasks={"api": 2}),
            ],
            task(512, 1024, port=8080),
            1,
        ),
    ),
    Preset(
        id="full",
        title="Full cluster",
        about="Each instance has room of one kind and not of the other. Together they have plenty; that helps nobody.",
        scenario=service(
            [
                instance("a1", "a", left=(1200, 900), tasks={"api": 2}),
                instance("a2", "a", left=(300, 5200), tasks={"api": 4}),
                instance("b1", "b", left=(1000, 1400), tasks={"api": 3}),
            ],
            task(),
            1,
        ),
    ),
    Preset(
        id="fixed-port",
        title="One fixed port",
        about="Two large, empty instances and host port 8080: two copies fit, the third does not.",
        scenario=service(_ROOMY, task(256, 512, port=8080), 3),
    ),
    Preset(
        id="dynamic-port",
        title="Dynamic port",
        about="The same task with host port 0: each copy gets a port of its own, and all six fit.",
        scenario=service(_ROOMY, task(256, 512, port=0), 6),
    ),
    Preset(
        id="interfaces",
        title="No interface left",
        about="In awsvpc mode a c5.large takes two tasks, however small: its third interface is its own.",
        scenario=service(
            [instance("a1", "a", kind="c5.large"), instance("b1", "b", kind="c5.large")], task(256, 512) | _AWSVPC, 5
        ),
    ),
    Preset(
        id="left",
        title="Left, not registered",
        about="Both are m4.large and registered 7,985 MiB. What running tasks have reserved is gone, used or not.",
        scenario=service(
            [
                instance("a1", "a", kind="m4.large", left=(1024, 400), tasks={"api": 2}),
                instance("b1", "b", kind="m4.large", left=(512, 2100), tasks={"api": 3}),
            ],
            task(256, 512),
            1,
        ),
    ),
    Preset(
        id="task-level",
        title="Task level wins",
        about="The container reserves 128 MiB, the task says 1,024. The task's own number is what must fit.",
        scenario=service(
            [
                instance("a1", "a", left=(1024, 900), tasks={"api": 2}),
                instance("b1", "b", left=(1024, 2400), tasks={"api": 2}),
            ],
            {
                "family": "web",
                "memory": "1024",
                "containerDefinitions": [{"name": "web", "image": "web:1", "cpu": 256, "memoryReservation": 128}],
            },
            1,
        ),
    ),
    Preset(
        id="away",
        title="Draining, agent lost",
        about="The two empty instances take nothing: one is draining, the agent of the other does not answer.",
        scenario=service(
            [
                instance("a1", "a", status="DRAINING"),
                instance("a2", "a", agentConnected=False),
                instance("b1", "b", left=(700, 2200), tasks={"api": 3}),
            ],
            task(),
            1,
        ),
    ),
)

_RACE_FLEET = [
    instance("a1", "a", left=(1024, 4362), tasks={"web": 1}),
    instance("b1", "b", kind="m5.xlarge", left=(2048, 6000), tasks={"web": 1, "api": 4}),
    instance("c1", "c", kind="t3.medium"),
]
_PACKED_ZONES = {"placementStrategy": [*PACKED, *ZONES]}
_ZONES_PACKED = {"placementStrategy": [*ZONES, *PACKED]}

RACES: tuple[Race, ...] = (
    Race(
        id="strategies",
        title="Binpack against spread",
        about="Five tasks, twice. Binpack fills what has the least left; spread evens out the zones.",
        scenario=service(_RACE_FLEET, task(1024, 1792), 5),
        left=("binpack on memory", {"placementStrategy": PACKED}, RULES),
        right=("spread over zones", {"placementStrategy": ZONES}, RULES),
    ),
    Race(
        id="order",
        title="One order, the other order",
        about="The same two strategies. With binpack first, the zone is hardly ever asked.",
        scenario=service(
            [
                instance("a1", "a", left=(1536, 4600), tasks={"web": 1}),
                instance("b1", "b"),
            ],
            task(512, 1792),
            4,
        ),
        left=("binpack, then zones", _PACKED_ZONES, RULES),
        right=("zones, then binpack", _ZONES_PACKED, RULES),
    ),
    Race(
        id="field",
        title="CPU or memory",
        about="a1 has little CPU left, b1 little memory. Which one is “fullest” depends on the field you name.",
        scenario=service(
            [
                instance("a1", "a", left=(768, 6800), tasks={"api": 2}),
                instance("b1", "b", left=(1792, 2600), tasks={"api": 2}),
            ],
            task(256, 768),
            4,
        ),
        left=("binpack on CPU", {"placementStrategy": PACKED_CPU}, RULES),
        right=("binpack on memory", {"placementStrategy": PACKED}, RULES),
    ),
    Race(
        id="seeds",
        title="Random, twice",
        about="Random takes any instance that fits. Another seed, another outcome; the filters stay the same.",
        scenario=service([instance("a1", "a"), instance("b1", "b"), instance("c1", "c")], task(), 6),
        left=("random, seed 1", {"placementStrategy": RANDOM, "seed": 1}, RULES),
        right=("random, seed 2", {"placementStrategy": RANDOM, "seed": 2}, RULES),
    ),
    Race(
        id="percent",
        title="Left in MiB, not in percent",
        about="a1 is large and mostly full, b1 is small and empty. Binpack compares MiB, so b1 comes first.",
        scenario=service(
            [
                instance("a1", "a", kind="m5.xlarge", left=(2048, 4800), tasks={"api": 3}),
                instance("b1", "b", kind="t3.medium"),
            ],
            task(512, 1024),
            4,
            placementStrategy=PACKED,
        ),
        left=("what ECS does", {}, RULES),
        right=("if it compared percent", {}, PlacementRules(binpack_measure=BinpackMeasure.PERCENT)),
    ),
    Race(
        id="full-counts",
        title="Full instances count",
        about="a1 takes nothing more, but its two tasks still count for zone a.",
        scenario={**FIRST_BOARD, "count": 4},
        left=("what ECS does", {}, RULES),
        right=("if full ones did not count", {}, PlacementRules(spread_scope=SpreadScope.CANDIDATES)),
    ),
    Race(
        id="own-tasks",
        title="Only its own tasks count",
        about="b2 runs five tasks of others and none of web. Spread sees none.",
        scenario=service(
            [
                instance("a1", "a", left=(1536, 6154), tasks={"web": 1}),
                instance("a2", "a", left=(1536, 6154), tasks={"web": 1}),
                instance("b1", "b", left=(1536, 6154), tasks={"web": 1}),
                instance("b2", "b", left=(1024, 3800), tasks={"api": 5}),
            ],
            task(),
            3,
        ),
        left=("what ECS does", {}, RULES),
        right=("if all tasks counted", {}, PlacementRules(spread_counts=SpreadCounts.ALL_TASKS)),
    ),
)


def _shrink(instances: Sequence[Mapping[str, Any]], **scale_in: Any) -> Scenario:
    """A service that loses tasks; the request that places none tells how large its tasks are."""
    placed = {key: value for key, value in service((), task(), 0).items() if key != "instances"}
    return {
        "instances": list(instances),
        "requests": [placed, {"scaleIn": {"group": "service:web", "count": 1} | scale_in}],
    }


SCALE_IN: tuple[Preset, ...] = (
    Preset(
        id="binpack",
        title="Binpack on memory",
        about="Binpack empties the emptiest instance, so that you can give it back.",
        scenario=_shrink(
            [
                instance("a1", "a", left=(0, 778), tasks={"web": 4}),
                instance("a2", "a", left=(512, 2570), tasks={"web": 3}),
                instance("b1", "b", left=(1536, 6154), tasks={"web": 1}),
            ],
            placementStrategy=PACKED,
            count=2,
        ),
    ),
    Preset(
        id="zones",
        title="Spread over zones",
        about="Zone a has three tasks, the others one each. One of zone a stops; which one, AWS chooses at random.",
        scenario=_shrink(
            [
                instance("a1", "a", left=(1024, 4362), tasks={"web": 2}),
                instance("a2", "a", left=(1536, 6154), tasks={"web": 1}),
                instance("b1", "b", left=(1536, 6154), tasks={"web": 1}),
                instance("c1", "c", left=(1536, 6154), tasks={"web": 1}),
            ],
            placementStrategy=ZONES,
        ),
    ),
    Preset(
        id="default",
        title="No strategy",
        about="AWS's own example: zone a has one task, b and c have two each. So it is never the one of zone a.",
        scenario=_shrink(
            [
                instance("a1", "a", left=(1536, 6154), tasks={"web": 1}),
                instance("b1", "b", left=(1024, 4362), tasks={"web": 2}),
                instance("c1", "c", left=(1536, 6154), tasks={"web": 1}),
                instance("c2", "c", left=(1536, 6154), tasks={"web": 1}),
            ],
        ),
    ),
)

SANDBOX: tuple[Preset, ...] = (
    Preset(
        id="first",
        title="The first board",
        about="Three instances, eight more tasks, no strategy: zones first, then the fewest tasks of web.",
        scenario=FIRST_BOARD,
    ),
    Preset(
        id="three-zones",
        title="Three empty zones",
        about="Seven tasks over three zones end up 3, 2, and 2.",
        scenario=service(
            [instance("a1", "a"), instance("b1", "b"), instance("c1", "c")], task(), 7, placementStrategy=ZONES
        ),
    ),
    Preset(
        id="pack-inside",
        title="Spread, then pack",
        about="AWS's own example: spread over zones, and inside each zone fill one instance before the next.",
        scenario=service(
            [instance("a1", "a"), instance("a2", "a"), instance("b1", "b"), instance("b2", "b")],
            task(),
            10,
            placementStrategy=[*ZONES, *PACKED],
        ),
    ),
    Preset(
        id="one-each",
        title="One on each",
        about="distinctInstance: the fourth task finds three instances that already have one.",
        scenario=service(
            [instance("a1", "a"), instance("b1", "b"), instance("c1", "c")],
            task(),
            4,
            placementConstraints=[{"type": "distinctInstance"}],
        ),
    ),
    Preset(
        id="daemon",
        title="Daemon",
        about="One task on each active instance that meets the constraint, whatever you count.",
        scenario=service(
            [
                instance("a1", "a"),
                instance("a2", "a", status="DRAINING"),
                instance("b1", "b"),
                instance("b2", "b", kind="t3.small"),
            ],
            task(256, 512, family="agent"),
            0,
            schedulingStrategy="DAEMON",
            placementConstraints=[{"type": "memberOf", "expression": r"attribute:ecs.instance-type =~ m5\..*"}],
        ),
    ),
    Preset(
        id="affinity",
        title="Waiting for oneself",
        about="A task that only goes where its own group runs never starts on an empty cluster.",
        scenario=service(
            [instance("a1", "a"), instance("b1", "b")],
            task(family="db"),
            2,
            placementConstraints=[{"type": "memberOf", "expression": "task:group == service:db"}],
        ),
    ),
    Preset(
        id="zone-lost",
        title="A zone is lost",
        about="After two tasks the instance of zone b is terminated. The rest goes where there is room.",
        scenario=service(
            [instance("a1", "a"), instance("b1", "b"), instance("c1", "c")],
            task(),
            6,
            changes=[{"at": 2, "terminate": "b1"}],
        ),
    ),
    Preset(
        id="rebalance",
        title="Rebalancing",
        about="Five tasks in one zone, three zones: start one elsewhere, wait, then stop one here.",
        scenario={
            "instances": [
                instance("a1", "a", kind="m5.xlarge", left=(1536, 6932), tasks={"web": 5}),
                instance("b1", "b", kind="m5.xlarge"),
                instance("c1", "c", kind="m5.xlarge"),
            ],
            "requests": [
                {key: value for key, value in service((), task(), 0).items() if key != "instances"},
                {"rebalance": {"group": "service:web", "desiredCount": 5}},
            ],
        },
    ),
)

# What can be set beside the sandbox's run: a title, what differs in the request, and the rules.
BESIDE: dict[str, tuple[str, Mapping[str, Any], PlacementRules]] = {
    "zones": ("spread over zones", {"placementStrategy": ZONES}, RULES),
    "instances": ("spread over instances", {"placementStrategy": INSTANCES}, RULES),
    "packed": ("binpack on memory", {"placementStrategy": PACKED}, RULES),
    "packed-cpu": ("binpack on CPU", {"placementStrategy": PACKED_CPU}, RULES),
    "random": ("random", {"placementStrategy": RANDOM}, RULES),
    "all-tasks": ("if spread counted all tasks", {}, PlacementRules(spread_counts=SpreadCounts.ALL_TASKS)),
    "not-full": ("if full instances did not count", {}, PlacementRules(spread_scope=SpreadScope.CANDIDATES)),
    "percent": ("if binpack compared percent", {}, PlacementRules(binpack_measure=BinpackMeasure.PERCENT)),
    "most-tasks": ("if binpack went by most tasks", {}, PlacementRules(binpack_measure=BinpackMeasure.TASK_COUNT)),
    "reversed": ("if the last strategy came first", {}, PlacementRules(strategy_order=StrategyOrder.REVERSED)),
    "wishes": ("if constraints were wishes", {}, PlacementRules(constraints=Constraints.SOFT)),
    "binding": ("if strategies were binding", {}, PlacementRules(strategies=Strategies.BINDING)),
}

FLEET: tuple[dict[str, Any], ...] = (
    instance("i1", "a", kind="t2.small", attributes={"stack": "prod", "color": "green"}),
    instance("i2", "b", kind="t2.medium", attributes={"stack": "test"}, tasks={"web": 1}, agentVersion="1.68.2"),
    instance("i3", "d", kind="m5.large", tasks={"db": 1}),
    instance("i4", "a", kind="m5.large", attributes={"stack": "prod"}, tasks={"web": 2, "db": 1}),
    instance("i5", "c", kind="m5.large", attributes={"stack": "dev"}),
    instance("i6", "b", kind="m5a.large", attributes={"gpu": None}, tasks={"batch": 2}),
)

QUERIES: dict[str, str] = {
    "Not prod, so it seems": "attribute:stack != prod",
    "Not prod, or no stack": "attribute:stack !exists or attribute:stack != prod",
    "m5, and more": "attribute:ecs.instance-type =~ m5.*",
    "m5 only": r"attribute:ecs.instance-type =~ m5\..*",
    "Two zones": "attribute:ecs.availability-zone in [us-east-1a, us-east-1b]",
    "Away from the database": "not(task:group == service:db)",
    "Idle": "runningTasksCount < 1",
    "And with or": (
        "attribute:stack == prod or attribute:stack == test and attribute:ecs.availability-zone == us-east-1b"
    ),
}
