"""The rooms beside placement and rolling updates: what one question, or one run, costs."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

from benchmarks.row import Row, median_seconds
from simulator.capacity import simulate as run_capacity
from simulator.network.presets import PRESETS as NETWORK
from simulator.scaling import simulate as run_scaling
from simulator.subjects import answer
from simulator.task_definition.presets import PRESETS as TASK_DEFINITIONS

SECONDS = 3600
IMAGES = 10_000
RULES = 10


def rows() -> list[Row]:
    return [_scaling(), _capacity(), _network(), _registry(), _task_definition()]


def _scaling() -> Row:
    """The load rises and falls twice, so that both alarms fire and tasks come and go around 100."""
    scenario = {
        "minutes": SECONDS // 60,
        "capacity": 100,
        "min": 1,
        "max": 200,
        "load": {"points": [[0, 6000], [15, 11000], [30, 3000], [45, 11000], [60, 6000]]},
        "service": {"requestsPerSecondPerTask": 100},
        "policies": [{"policyType": "TargetTrackingScaling", "target": 60, "scaleOutCooldown": 60}],
    }
    floor = median_seconds(lambda: sum(second * 100 // 60 for second in range(SECONDS)), runs=9)
    return _row(
        "one hour of scaling, 100 tasks, steps of a second",
        lambda: run_scaling(scenario),
        50,
        peer="floor: one product a second",
        floor=floor,
    )


def _capacity() -> Row:
    """A thousand tasks wait at once for a group that may grow to 100 instances, ten tasks on each."""
    scenario = {
        "autoScalingGroup": {
            "instanceTypes": [{"instanceType": "m5.large", "cpu": 2048, "memory": 7680}],
            "availabilityZones": ["us-east-1a", "us-east-1b"],
            "maxSize": 100,
            "desiredCapacity": 10,
        },
        "services": [
            {
                "serviceName": "web",
                "taskDefinition": {
                    "family": "web",
                    "cpu": "200",
                    "memory": "768",
                    "containerDefinitions": [{"name": "web"}],
                },
                "desiredCount": 1000,
                "placementStrategy": [{"type": "binpack", "field": "memory"}],
            }
        ],
        "minutes": 60,
    }
    assert answer("capacity", scenario)["end"]["tasks"] == {"RUNNING": 1000}
    return _row(
        "capacity and placement together, 100 instances, 1,000 tasks, one hour",
        lambda: run_capacity(scenario),
        1000,
    )


def _network() -> Row:
    times = [(median_seconds(lambda: answer("network", one.scenario), runs=9), one) for one in NETWORK]  # noqa: B023
    slowest = max(times, key=lambda pair: pair[0])[1]
    document = slowest.scenario
    floor = median_seconds(lambda: json.loads(json.dumps(document)), runs=9)
    return _row(
        f"a reachability question, the slowest of {len(NETWORK)} situations ({slowest.id})",
        lambda: answer("network", document),
        1,
        peer="floor: its document as JSON and back",
        floor=floor,
    )


def _registry() -> Row:
    document = lifecycle_document(IMAGES)
    floor = median_seconds(lambda: json.loads(json.dumps(document)), runs=5)
    return _row(
        f"a lifecycle policy of {RULES} rules on {IMAGES:,} images",
        lambda: answer("registry", document),
        100,
        peer="floor: its document as JSON and back",
        floor=floor,
    )


def lifecycle_document(images: int) -> dict[str, Any]:
    """Images of ten lines of tags, a tenth of them untagged, pushed an hour apart; every rule selects some."""
    start = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
    rules: list[dict[str, Any]] = [
        {
            "rulePriority": n,
            "selection": {
                "tagStatus": "tagged",
                "tagPrefixList": [f"line{n}-"],
                "countType": "imageCountMoreThan",
                "countNumber": 20 * n,
            },
            "action": {"type": "expire"},
        }
        for n in range(1, RULES)
    ]
    rules.append(
        {
            "rulePriority": RULES,
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 14,
            },
            "action": {"type": "expire"},
        }
    )
    return {
        "lifecyclePolicy": {"rules": rules},
        "images": [
            {
                "imageDigest": f"sha256:{i:064x}",
                "imageTags": [f"line{i % 10}-{i}"] if i % 10 else [],
                "imagePushedAt": (start + datetime.timedelta(hours=i)).strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
            for i in range(images)
        ],
        "now": (start + datetime.timedelta(hours=images)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _task_definition() -> Row:
    """The peer looks at types and required fields only, and reads no word of what the fields mean."""
    shape = botocore.session.Session().get_service_model("ecs").operation_model("RegisterTaskDefinition").input_shape
    documents = [preset.scenario for preset in TASK_DEFINITIONS]
    slowest = max(documents, key=lambda one: median_seconds(lambda: answer("task_definition", one), runs=9))
    peer = median_seconds(lambda: ParamValidator().validate(slowest, shape), runs=9)
    return _row(
        f"validate a task definition, the slowest of {len(documents)}",
        lambda: answer("task_definition", slowest),
        2,
        peer="botocore's validator, shapes only",
        floor=peer,
    )


def _row(what: str, call: Callable[[], object], budget: int, *, peer: str = "", floor: float | None = None) -> Row:
    measured = 1000 * median_seconds(call, runs=9)
    return Row(
        what=what,
        measured=measured,
        unit="ms",
        peer=peer,
        peer_value=None if floor is None else 1000 * floor,
        ratio=None if floor is None else measured / (1000 * floor),
        budget=f"≤ {budget:,} ms",
        ok=measured <= budget,
    )
