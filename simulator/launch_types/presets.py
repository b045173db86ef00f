"""Named situations of this room. An instance's price is never AWS's: it is a round figure that the learner changes."""

from __future__ import annotations

from simulator.preset import Preset

_ROUND_PRICE = {"instanceType": "m5.large", "instanceHourlyPrice": 0.08}

PRESETS: tuple[Preset, ...] = (
    Preset(
        id="small-service",
        title="A small service, all month",
        about="Ten tasks of a quarter vCPU: a bill for each place whose price is known, and where EC2 becomes cheaper.",
        subject="launch_types",
        scenario={"task": {"cpu": 256, "memory": 512}, "count": 10, "ec2": _ROUND_PRICE},
    ),
    Preset(
        id="office-hours",
        title="Busy a quarter of the time",
        about="The same tasks run 25 % of the hours: Fargate stops counting, the instances do not.",
        subject="launch_types",
        scenario={"task": {"cpu": 256, "memory": 512}, "count": 10, "utilization": 25, "ec2": _ROUND_PRICE},
    ),
    Preset(
        id="short-jobs",
        title="Jobs of ten seconds",
        about="A thousand runs of 10 s are billed as a thousand minutes: Fargate has a minimum of one minute.",
        subject="launch_types",
        scenario={"task": {"cpu": 1024, "memory": 2048}, "runs": 1000, "secondsPerRun": 10},
    ),
    Preset(
        id="odd-size",
        title="A size that Fargate does not have",
        about="3000 MiB are billed as 3072 on Fargate, and of 100 GiB of ephemeral storage all above 20.",
        subject="launch_types",
        scenario={
            "task": {"cpu": 1024, "memory": 3000, "ephemeralStorage": {"sizeInGiB": 100}},
            "count": 3,
            "ec2": {"instanceType": "m5.xlarge", "instanceHourlyPrice": 0.16},
        },
    ),
    Preset(
        id="gpu-hands-off",
        title="GPUs, and no servers to patch",
        about="Fargate falls for the GPU, EC2 for the patching: see what remains.",
        subject="launch_types",
        scenario={"needs": ["GPU", "NO_SERVER_MANAGEMENT"]},
    ),
    Preset(
        id="batch-on-spot",
        title="A batch that can be interrupted",
        about="Tolerating interruption lets Fargate Spot in; a privileged container would shut it out again.",
        subject="launch_types",
        scenario={"needs": ["NO_SERVER_MANAGEMENT", "EFS"], "interruptionTolerant": True},
    ),
    Preset(
        id="factory-floor",
        title="On the factory floor, with a load balancer",
        about="Only External runs on your own servers, and External has no load balancer: nothing does both.",
        subject="launch_types",
        scenario={"needs": ["ON_PREMISES", "APPLICATION_LOAD_BALANCER"]},
    ),
    Preset(
        id="who-does-what",
        title="Who does what",
        about="Seven layers from the task definition down to the hardware, and who holds each of them.",
        subject="launch_types",
        scenario={"duty": "ALL"},
    ),
)
