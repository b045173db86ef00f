"""Named situations of service auto scaling: timed runs that each come out differently."""

from __future__ import annotations

from simulator.preset import Preset

_WEB = {"requestsPerSecondPerTask": 100}
_TARGET = {
    "TargetValue": 60,
    "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
}
_CPU_60 = {
    "PolicyName": "cpu-60",
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": _TARGET,
}
_FAST = {
    **_CPU_60,
    "TargetTrackingScalingPolicyConfiguration": {**_TARGET, "ScaleOutCooldown": 60, "ScaleInCooldown": 60},
}


def _step(name: str, operator: str, threshold: int, bound: str, adjustment: int) -> dict[str, object]:
    return {
        "PolicyName": name,
        "PolicyType": "StepScaling",
        "StepScalingPolicyConfiguration": {
            "AdjustmentType": "ChangeInCapacity",
            "Cooldown": 60,
            "StepAdjustments": [{bound: 0, "ScalingAdjustment": adjustment}],
        },
        "threshold": threshold,
        "comparisonOperator": operator,
    }


PRESETS: tuple[Preset, ...] = (
    Preset(
        id="steady",
        title="A steady load between target and low alarm",
        about="CPU stands at 57 %, under the target of 60 % and above its 90 %: no alarm fires and nothing happens.",
        subject="scaling",
        scenario={
            "min": 2,
            "max": 20,
            "capacity": 7,
            "load": {"preset": "steady", "base": 400},
            "service": _WEB,
            "policies": [_CPU_60],
        },
    ),
    Preset(
        id="spike",
        title="A spike that CPU cannot measure",
        about="CPU shows at most 100 % here, so each scale-out falls short and the next waits for a cooldown.",
        subject="scaling",
        scenario={
            "min": 2,
            "max": 60,
            "capacity": 4,
            "load": {"preset": "spike", "base": 200, "peak": 2400},
            "service": _WEB,
            "policies": [_CPU_60],
        },
    ),
    Preset(
        id="daily-wave",
        title="A day's wave",
        about="Out quickly in the morning, in slowly at night: compare how many minutes each alarm needs.",
        subject="scaling",
        scenario={
            "minutes": 1440,
            "min": 2,
            "max": 40,
            "capacity": 4,
            "load": {"preset": "daily-wave", "base": 150, "peak": 1800},
            "service": _WEB,
            "policies": [_FAST],
        },
    ),
    Preset(
        id="black-friday",
        title="Black Friday, prepared by a scheduled action",
        about="A scheduled action lifts the minimum before the doors open; nothing restores it but a second action.",
        subject="scaling",
        scenario={
            "minutes": 180,
            "min": 2,
            "max": 60,
            "capacity": 4,
            "load": {"preset": "black-friday", "base": 200, "peak": 3000},
            "service": _WEB,
            "policies": [_FAST],
            "scaleIn": "halfway",
            "scheduledActions": [
                {"atMinute": 25, "scalableTargetAction": {"MinCapacity": 40}},
                {"schedule": "at(2026-11-27T02:30:00)", "scalableTargetAction": {"MinCapacity": 2}},
            ],
        },
    ),
    Preset(
        id="flapping",
        title="Two step policies that chase each other",
        about="Out above 60 %, in below 50 %, one data point each: every wave moves the service to and fro.",
        subject="scaling",
        scenario={
            "min": 2,
            "max": 20,
            "capacity": 4,
            "load": {"preset": "flapping", "base": 150, "peak": 450, "periodMinutes": 8},
            "service": {**_WEB, "startSeconds": 30},
            "policies": [
                _step("out", "GreaterThanThreshold", 60, "MetricIntervalLowerBound", 3),
                _step("in", "LessThanThreshold", 50, "MetricIntervalUpperBound", -3),
            ],
        },
    ),
    Preset(
        id="queue-workers",
        title="Workers of a queue, by backlog per task",
        about="10 s of acceptable latency over 0.1 s a message: 100 messages a task. Watch the queue swell and drain.",
        subject="scaling",
        scenario={
            "min": 1,
            "max": 30,
            "capacity": 10,
            "load": {"points": [[0, 80], [5, 80], [6, 150], [30, 150], [31, 40]]},
            "worker": {"processingSeconds": 0.1},
            "scaleIn": "halfway",
            "policies": [
                {
                    "policyName": "backlog",
                    "policyType": "TargetTrackingScaling",
                    "acceptableLatency": 10,
                    "processingTime": 0.1,
                    "scaleOutCooldown": 60,
                    "scaleInCooldown": 60,
                }
            ],
        },
    ),
    Preset(
        id="deployment",
        title="Quiet hours during a deployment",
        about="The load falls and the low alarm fires, but a deployment is in progress: scale-in waits for its end.",
        subject="scaling",
        scenario={
            "min": 2,
            "max": 20,
            "capacity": 8,
            "load": {"points": [[0, 450], [5, 450], [6, 150]]},
            "service": _WEB,
            "policies": [_FAST],
            "deployments": [{"fromMinute": 4, "toMinute": 40}],
        },
    ),
    Preset(
        id="no-data",
        title="The metric goes silent in the rush",
        about="From minute 12 to 30 no data point comes: INSUFFICIENT_DATA is not zero, so nothing is scaled.",
        subject="scaling",
        scenario={
            "min": 2,
            "max": 30,
            "capacity": 4,
            "load": {"preset": "spike", "base": 200, "peak": 900},
            "service": _WEB,
            "policies": [_FAST],
            "missingData": [{"fromMinute": 12, "toMinute": 30}],
        },
    ),
)
