"""The situations of the lesson on service auto scaling: each breaks one belief. Plain documents, in AWS's names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from simulator.preset import Preset
from simulator.scaling import RULES, ScalingRules
from simulator.scaling.policies import CPU, REQUESTS
from simulator.scaling.rules import CooldownBlocks, CountsFrom, Rounding, Several

Scenario = Mapping[str, Any]

SERVICE: dict[str, Any] = {"requestsPerSecondPerTask": 100}
LABEL = "app/harbor/50dc6c495c0c9188/targetgroup/web/6d0ecf831eec9f09"


def tracking(target: int, *, name: str = "cpu", metric: str = CPU, **more: Any) -> dict[str, Any]:
    """A target tracking policy, as PutScalingPolicy takes it."""
    specification = {"PredefinedMetricType": metric} | ({"ResourceLabel": LABEL} if metric == REQUESTS else {})
    settings = {"TargetValue": target, "PredefinedMetricSpecification": specification, **more}
    return {
        "policyName": name,
        "policyType": "TargetTrackingScaling",
        "targetTrackingScalingPolicyConfiguration": settings,
    }


def stepping(
    name: str,
    threshold: int,
    steps: list[dict[str, int]],
    *,
    kind: str = "ChangeInCapacity",
    above: bool = True,
    cooldown: int = 60,
    periods: int = 1,
    **more: Any,
) -> dict[str, Any]:
    """A step policy with its alarm's threshold, operator and periods beside it."""
    settings = {"AdjustmentType": kind, "Cooldown": cooldown, "StepAdjustments": steps, **more}
    return {
        "policyName": name,
        "policyType": "StepScaling",
        "stepScalingPolicyConfiguration": settings,
        "threshold": threshold,
        "comparisonOperator": "GreaterThanOrEqualToThreshold" if above else "LessThanOrEqualToThreshold",
        "evaluationPeriods": periods,
    }


def service(points: list[list[int]], *policies: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A web service under a load of [minute, requests a second]."""
    return {
        "minutes": 20,
        "min": 2,
        "max": 20,
        "capacity": 4,
        "load": {"points": points},
        "service": SERVICE,
        "policies": list(policies),
        **more,
    }


_RISE = [[0, 180], [4, 180], [4, 320]]

FIRST: tuple[Preset, ...] = (
    Preset(
        id="eighty",
        title="80 against 50",
        about="4 tasks, a target of 50 % CPU. At minute 4 the load goes up, and CPU stands at 80 %.",
        scenario=service(_RISE, tracking(50), minutes=15),
    ),
    Preset(
        id="one-minute",
        title="A spike of one minute",
        about="The load doubles for one minute only. One data point above the target is not three.",
        scenario=service([[0, 180], [4, 180], [4, 380], [5, 380], [5, 180]], tracking(50), minutes=15),
    ),
    Preset(
        id="five-times",
        title="Five times the load",
        about="CPU shows at most 100 % here, so one scale-out at most doubles this service. It takes three.",
        scenario=service([[0, 180], [4, 180], [4, 900]], tracking(50)),
    ),
    Preset(
        id="maximum",
        title="Held by the maximum",
        about="The sum says 7, MaxCapacity says 6. The alarm stays, and nothing more comes.",
        scenario=service(_RISE, tracking(50), max=6),
    ),
    Preset(
        id="no-room",
        title="No room for more",
        about="Launch type EC2, and the instances hold 5 tasks. 7 are desired; no instance comes by itself.",
        scenario=service(_RISE, tracking(50), placeable=5),
    ),
)

_FALL = [[0, 480], [5, 480], [5, 160]]

SCALE_IN: tuple[Preset, ...] = (
    Preset(
        id="fall",
        title="The load falls",
        about="10 tasks, a target of 50 % CPU. At minute 5 two thirds of the load go away.",
        scenario=service(_FALL, tracking(50), capacity=10, minutes=40),
    ),
    Preset(
        id="gap",
        title="Just under the target",
        about="CPU goes to 46 %. That is under the target of 50, but not under 45, so no alarm acts.",
        scenario=service([[0, 480], [5, 480], [5, 460]], tracking(50), capacity=10, minutes=40),
    ),
    Preset(
        id="deployment",
        title="While a deployment runs",
        about="AlarmLow fires at minute 20, and a deployment runs until minute 30: scale-in waits for its end.",
        scenario=service(_FALL, tracking(50), capacity=10, minutes=40, deployments=[{"fromMinute": 8, "toMinute": 30}]),
    ),
    Preset(
        id="two-policies",
        title="Two policies",
        about="CPU is low, but the requests to each target are not: target tracking scales in only if both are ready.",
        scenario=service(
            [[0, 475], [5, 475], [5, 440]],
            tracking(50),
            tracking(2900, name="requests", metric=REQUESTS),
            capacity=10,
            minutes=40,
        ),
    ),
    Preset(
        id="no-data",
        title="No data",
        about="From minute 8 to 30 the metric is silent. Missing is not low, so nothing is scaled.",
        scenario=service(_FALL, tracking(50), capacity=10, minutes=40, missingData=[{"fromMinute": 8, "toMinute": 30}]),
    ),
    Preset(
        id="returns",
        title="The load comes back",
        about="The load is back right after the first scale-in. No cooldown of a scale-in holds a scale-out back.",
        scenario=service([*_FALL, [21, 160], [21, 700]], tracking(50), capacity=10, minutes=40),
    ),
)

_OUT = [
    {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 0},
    {"MetricIntervalLowerBound": 10, "MetricIntervalUpperBound": 20, "ScalingAdjustment": 10},
    {"MetricIntervalLowerBound": 20, "ScalingAdjustment": 30},
]
_IN = [
    {"MetricIntervalLowerBound": -10, "MetricIntervalUpperBound": 0, "ScalingAdjustment": 0},
    {"MetricIntervalLowerBound": -20, "MetricIntervalUpperBound": -10, "ScalingAdjustment": -10},
    {"MetricIntervalUpperBound": -20, "ScalingAdjustment": -30},
]
_PERCENT = "PercentChangeInCapacity"


def steps_of(capacity: int, *policies: dict[str, Any], minimum: int = 1, maximum: int = 30) -> dict[str, Any]:
    """One decision of step policies; the figure goes over the metric."""
    return {"capacity": capacity, "min": minimum, "max": maximum, "policies": list(policies)}


STEPS: tuple[Preset, ...] = (
    Preset(
        id="percent",
        title="By percent",
        about="AWS’s own example: 10 tasks, the threshold at 50. Start at 60: that is 10 above, so 10 percent more.",
        scenario=steps_of(
            10, stepping("out", 50, _OUT, kind=_PERCENT), stepping("in", 50, _IN, kind=_PERCENT, above=False)
        ),
        subject="scaling",
    ),
    Preset(
        id="rounded",
        title="Toward zero",
        about="11 tasks. 30 % of them are 3.3, and 3 are added; but 10 % are 1.1, and less than one would be one.",
        scenario=steps_of(
            11, stepping("out", 50, _OUT, kind=_PERCENT), stepping("in", 50, _IN, kind=_PERCENT, above=False)
        ),
        subject="scaling",
    ),
    Preset(
        id="change",
        title="By tasks",
        about="ChangeInCapacity adds a number of tasks: 1 a little above the threshold, 5 far above it.",
        scenario=steps_of(
            4,
            stepping(
                "out",
                50,
                [
                    {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 20, "ScalingAdjustment": 1},
                    {"MetricIntervalLowerBound": 20, "ScalingAdjustment": 5},
                ],
            ),
            stepping("in", 30, [{"MetricIntervalUpperBound": 0, "ScalingAdjustment": -1}], above=False),
        ),
        subject="scaling",
    ),
    Preset(
        id="exact",
        title="To a number",
        about="ExactCapacity sets the count: at 70 and more there are 5 tasks, however many there were.",
        scenario=steps_of(
            9, stepping("out", 70, [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 5}], kind="ExactCapacity")
        ),
        subject="scaling",
    ),
    Preset(
        id="at-least-two",
        title="At least two",
        about="25 % of 4 tasks is one, and MinAdjustmentMagnitude makes it two.",
        scenario=steps_of(
            4,
            stepping(
                "out",
                50,
                [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 25}],
                kind=_PERCENT,
                MinAdjustmentMagnitude=2,
            ),
        ),
        subject="scaling",
    ),
)
STEP_STARTS = {"percent": 60, "rounded": 70, "change": 75, "exact": 80, "at-least-two": 60}

RACE_OUT = [
    {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 20, "ScalingAdjustment": 25},
    {"MetricIntervalLowerBound": 20, "ScalingAdjustment": 100},
]


def race(points: list[list[int]], **more: Any) -> dict[str, Any]:
    """A load and the numbers of the three policies that race on it."""
    return {
        "minutes": 60,
        "min": 4,
        "max": 30,
        "capacity": 4,
        "load": {"points": points},
        "service": SERVICE,
        "race": {"target": 60, "percent": 100, "from": 12, "to": 40, "tasks": 24, **more},
    }


RACES: tuple[Preset, ...] = (
    Preset(
        id="sale",
        title="The sale at a quarter past",
        about="The doors open at minute 14, as announced: seven times the load within two minutes.",
        scenario=race([[0, 200], [14, 200], [16, 1400], [36, 1400], [38, 200], [60, 200]]),
    ),
    Preset(
        id="surprise",
        title="A surprise",
        about="The same crowd, eight minutes earlier than anybody planned. Look at the schedule now.",
        scenario=race([[0, 200], [6, 200], [8, 1400], [28, 1400], [30, 200], [60, 200]]),
    ),
    Preset(
        id="hill",
        title="A slow hill",
        about="The load takes twenty minutes to rise. Both policies that measure keep up, and lose nothing.",
        scenario=race([[0, 200], [10, 250], [30, 1200], [40, 1200], [58, 250], [60, 250]]),
    ),
    Preset(
        id="waves",
        title="Waves",
        about="Up and down all the time. The way down is so slow that each wave finds the tasks of the one before it.",
        scenario=race(
            [
                *([0, 200], [6, 200], [8, 700], [14, 700], [16, 200], [24, 200], [26, 700]),
                *([32, 700], [34, 200], [42, 200], [44, 700], [50, 700], [52, 200], [60, 200]),
            ]
        ),
    ),
)

_WORKERS = {
    "minutes": 60,
    "min": 1,
    "max": 40,
    "capacity": 5,
    "load": {"points": [[0, 25], [5, 25], [5, 300], [25, 300], [25, 25]]},
    "worker": {"processingSeconds": 0.1},
}
BACKLOG: dict[str, Any] = {
    "policyName": "backlog",
    "policyType": "TargetTrackingScaling",
    "acceptableLatency": 10,
    "processingTime": 0.1,
}


def workers(*policies: dict[str, Any]) -> dict[str, Any]:
    """Workers of a queue of which each takes a tenth of a second for a message."""
    return {**_WORKERS, "policies": list(policies)}


QUEUE: tuple[Preset, ...] = (
    Preset(
        id="backlog",
        title="By backlog per task",
        about="10 s of acceptable latency over 0.1 s for a message: the target is 100 messages a task.",
        scenario=workers(BACKLOG),
    ),
    Preset(
        id="by-cpu",
        title="By CPU",
        about="CPU is 100 % whether ten messages wait or ten thousand; it does not tell how far behind they are.",
        scenario=workers(tracking(60)),
    ),
)

Beside = tuple[str, ScalingRules]

BESIDE: dict[str, Beside] = {
    "one-point": ("one data point is enough", replace(RULES, high_points=1)),
    "in-as-fast": ("scale-in is as fast as scale-out", replace(RULES, low_points=3)),
    "no-gap": ("below the target is low", replace(RULES, low_threshold_percent=100)),
    "nearest": ("rounded to the nearest", replace(RULES, rounding=Rounding.NEAREST)),
    "from-desired": ("computed from what is desired", replace(RULES, counts_from=CountsFrom.DESIRED)),
    "blocks-all": ("a cooldown blocks everything", replace(RULES, cooldown_blocks=CooldownBlocks.ALL)),
    "smallest": ("the smallest of several counts", replace(RULES, several=Several.SMALLEST)),
    "in-while-deploying": ("scale-in while a deployment runs", replace(RULES, scale_in_while_deploying=True)),
}

_HOUR = {"minutes": 60, "capacity": 4, "max": 30}

SANDBOX: tuple[Preset, ...] = (
    Preset(
        id="crowd",
        title="A crowd for twenty minutes",
        about="Target tracking with AWS’s defaults. Draw another load, or set another target.",
        scenario=service([[0, 200], [10, 200], [12, 900], [32, 900], [34, 200], [60, 200]], tracking(50), **_HOUR),
    ),
    Preset(
        id="cooldowns",
        title="Short cooldowns",
        about="The same crowd with both cooldowns at 60 s: in the end tasks go five times as fast.",
        scenario=service(
            [[0, 200], [10, 200], [12, 900], [32, 900], [34, 200], [60, 200]],
            tracking(50, ScaleOutCooldown=60, ScaleInCooldown=60),
            **_HOUR,
        ),
    ),
    Preset(
        id="flapping",
        title="Two steps that chase each other",
        about="Out from 60 %, in up to 50 %, one data point each: the service goes to and fro.",
        scenario=service(
            [[0, 240], [30, 240]],
            stepping("out", 60, [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 2}]),
            stepping("in", 50, [{"MetricIntervalUpperBound": 0, "ScalingAdjustment": -2}], above=False),
            minutes=30,
        ),
    ),
    Preset(
        id="prepared",
        title="Prepared, and tracked",
        about="A scheduled action lifts the minimum at minute 8, a second one lowers it; within, the policy goes on.",
        scenario=service(
            [[0, 200], [10, 200], [12, 1400], [32, 1400], [34, 200], [60, 200]],
            tracking(50, ScaleInCooldown=60),
            **_HOUR,
            scheduledActions=[
                {"atMinute": 8, "scalableTargetAction": {"MinCapacity": 20}},
                {"atMinute": 30, "scalableTargetAction": {"MinCapacity": 2}},
            ],
        ),
    ),
    Preset(
        id="starved",
        title="No room, then a rush",
        about="The cluster holds 6 tasks. Policies compute from those that run, not from those desired.",
        scenario=service([[0, 180], [4, 180], [6, 560], [30, 560]], tracking(50), minutes=30, placeable=6),
    ),
    Preset(id="workers", title="Workers of a queue", about=QUEUE[0].about, scenario=QUEUE[0].scenario),
)
