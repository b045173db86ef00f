"""The situations of the lesson on launch types. What an instance costs is a round number of ours: put your own in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.launch_types.rules import IdleInstances, LaunchTypesRules, SpotCapacity
from simulator.preset import Preset

PRICE = 0.08  # dollars an hour, round; nobody's price
_SERVER: Mapping[str, Any] = {"instanceType": "m5.large", "instanceHourlyPrice": PRICE}
_SMALL: Mapping[str, Any] = {"cpu": 256, "memory": 512}


def _bill(name: str, title: str, about: str, **scenario: Any) -> Preset:
    given = {"task": _SMALL, "count": 8, "cpuArchitecture": "X86_64", "ec2": _SERVER, **scenario}
    return Preset(id=name, title=title, about=about, scenario=given, subject="launch_types")


FIRST = _bill(
    "quarter",
    "Full, a quarter of the time",
    "Eight tasks fill the instance, and run a quarter of the hours.",
    utilization=25,
)

MOVES: tuple[Preset, ...] = (
    _bill("small", "Small tasks", "A quarter vCPU and 512 MiB each. Eight of them fill the CPU of the instance."),
    _bill(
        "odd-size",
        "An odd size",
        "The task wants 800 MiB. Fargate has 512 or 1,024, so you pay for 1,024. The instance holds eight as before.",
        task={"cpu": 256, "memory": 800},
    ),
    _bill(
        "memory",
        "Much memory",
        "With 2,048 MiB each, only three tasks fit in memory. Most of the instance’s CPU is paid for and idle.",
        task={"cpu": 256, "memory": 2048},
    ),
    _bill(
        "interfaces",
        "An interface each",
        "In `awsvpc` mode the instance has interfaces for two tasks, and room for eight.",
        ec2={**_SERVER, "networkMode": "awsvpc"},
    ),
    _bill(
        "arm",
        "Built for Arm",
        "On Arm Fargate asks about a fifth less. The instance is another, and its price again a round number.",
        cpuArchitecture="ARM64",
        ec2={"instanceType": "m7g.large", "instanceHourlyPrice": 0.07},
    ),
)


def _needs(name: str, title: str, about: str, *needs: str, tolerant: bool = False) -> Preset:
    scenario: dict[str, Any] = {"needs": list(needs)}
    if tolerant:
        scenario["interruptionTolerant"] = True
    return Preset(id=name, title=title, about=about, scenario=scenario, subject="launch_types")


SANDBOX: tuple[Preset, ...] = (
    _bill("busy", "Always busy", "Eight tasks run all month, so the instance is full. Here EC2 wins.", utilization=100),
    _bill(
        "office-hours",
        "Office hours",
        "The same tasks run a quarter of the time. Fargate stops counting, the instance does not.",
        utilization=25,
    ),
    _bill(
        "two-instances",
        "One task too many",
        "A ninth task needs a second instance, and that one is nearly empty.",
        count=9,
    ),
    _bill(
        "odd-task",
        "Odd size, big disk",
        "3,000 MiB are billed as 3,072, and of 100 GiB of ephemeral storage all above 20.",
        task={"cpu": 1024, "memory": 3000, "ephemeralStorage": {"sizeInGiB": 100}},
        count=3,
        ec2={"instanceType": "m5.xlarge", "instanceHourlyPrice": 0.16},
    ),
    Preset(
        id="short-jobs",
        title="Jobs of ten seconds",
        about="A thousand runs of 10 s each, billed as a thousand minutes: a run counts at least one.",
        subject="launch_types",
        scenario={"task": {"cpu": 1024, "memory": 2048}, "runs": 1000, "secondsPerRun": 10},
    ),
    _needs(
        "gpu",
        "GPUs, no servers to patch",
        "Fargate falls for the GPU, EC2 for the patching. See what is left.",
        "GPU",
        "NO_SERVER_MANAGEMENT",
    ),
    _needs(
        "batch",
        "A batch that may stop",
        "It tolerates interruption, and that lets Fargate Spot in.",
        "NO_SERVER_MANAGEMENT",
        "EFS",
        tolerant=True,
    ),
    _needs(
        "factory",
        "On the factory floor",
        "Servers of your own, and a load balancer. No place has both.",
        "ON_PREMISES",
        "APPLICATION_LOAD_BALANCER",
    ),
)

BESIDE: Mapping[str, tuple[str, LaunchTypesRules]] = {
    "idle-free": ("If idle instances cost nothing", LaunchTypesRules(idle_instances=IdleInstances.FREE)),
    "surcharge": ("If ECS added a tenth", LaunchTypesRules(ecs_surcharge_percent=10)),
    "from-zero": ("If all storage were billed", LaunchTypesRules(included_storage_gb=0)),
    "gpus": ("If Fargate had GPUs", LaunchTypesRules(fargate_has_gpus=True)),
    "falls-back": ("If Spot fell back to Fargate", LaunchTypesRules(spot_capacity=SpotCapacity.FALLS_BACK)),
}

# What the matrix is asked, one question at a time: the code of a feature, its name in few words, and the question.
QUESTIONS: Mapping[str, tuple[str, str]] = {
    "GPU": ("GPUs", "Which of the five can give a task a GPU?"),
    "PLACEMENT_STRATEGIES": ("Placement strategies", "Where can a placement strategy choose the instance?"),
    "WINDOWS": ("Windows", "Which of the five run Windows containers?"),
    "UNINTERRUPTED": ("No short notice", "Where can you be sure that no task is taken back with two minutes’ notice?"),
    "APPLICATION_LOAD_BALANCER": ("Load balancer", "Which of the five can stand behind an Application Load Balancer?"),
    "PRIVILEGED": ("Privileged", "Which of the five take privileged containers?"),
    "ON_PREMISES": ("Own servers", "Which of the five run on servers that stand in your own building?"),
    "LAUNCH_TYPE": ("A launchType", "Which of the five do you choose by a launchType?"),
    "DAEMON": ("Daemon service", "Where can a service keep one task on every instance (DAEMON)?"),
}
