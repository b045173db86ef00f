"""Where ECS tasks can run, and who holds each layer there. Source: facts 4 of the deployments sheet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Option(StrEnum):
    """Where tasks run. Fargate Spot is a capacity provider and no launch type; so are Managed Instances in use."""

    EC2 = "EC2"
    FARGATE = "FARGATE"
    FARGATE_SPOT = "FARGATE_SPOT"
    MANAGED_INSTANCES = "MANAGED_INSTANCES"
    EXTERNAL = "EXTERNAL"


NAMES: dict[Option, str] = {
    Option.EC2: "EC2",
    Option.FARGATE: "Fargate",
    Option.FARGATE_SPOT: "Fargate Spot",
    Option.MANAGED_INSTANCES: "Managed Instances",
    Option.EXTERNAL: "External",
}


class Who(StrEnum):
    """Who holds a layer."""

    YOU = "YOU"
    AWS = "AWS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One layer: the question, who holds it in the order of `Option`, and a sentence where one is worth having."""

    code: str
    label: str
    question: str
    who: tuple[Who, Who, Who, Who, Who]
    says: dict[Option, str]

    def holder(self, option: Option) -> Who:
        """Who holds it there."""
        return self.who[list(Option).index(option)]

    def sentence(self, option: Option) -> str:
        """Who holds it there, in one sentence."""
        plain = "You do." if self.holder(option) is Who.YOU else "AWS does."
        return self.says.get(option, plain)


_Y, _A = Who.YOU, Who.AWS
_NOTHING = "AWS does; there is no instance of yours."

# From the application down to the building.
DUTIES: tuple[Duty, ...] = (
    Duty(
        code="TASK",
        label="Task",
        question="Who writes the image and the task definition, and decides how many tasks run?",
        who=(_Y, _Y, _Y, _Y, _Y),
        says={},
    ),
    Duty(
        code="CONTROL_PLANE",
        label="Scheduler",
        question="Who runs the scheduler that starts and replaces tasks?",
        who=(_A, _A, _A, _A, _A),
        says={},
    ),
    Duty(
        code="INSTANCE_SCALING",
        label="Scaling",
        question="Who adds and removes servers as the number of tasks changes?",
        who=(_Y, _A, _A, _A, _Y),
        says={
            Option.EC2: "You do, with an Auto Scaling group; a capacity provider with managed scaling takes most of it "
            "off you.",
            Option.FARGATE: _NOTHING,
            Option.FARGATE_SPOT: _NOTHING,
        },
    ),
    Duty(
        code="AGENT",
        label="Agent",
        question="Who installs and updates the ECS agent?",
        who=(_Y, _A, _A, _A, _Y),
        says={},
    ),
    Duty(
        code="OPERATING_SYSTEM",
        label="System",
        question="Who chooses and patches the operating system?",
        who=(_Y, _A, _A, _A, _Y),
        says={
            Option.EC2: "You do: the AMI is yours to choose and to replace.",
            Option.MANAGED_INSTANCES: "AWS does: it patches, drains an instance after 14 days, and ends it at most "
            "about 7 days later.",
        },
    ),
    Duty(
        code="INSTANCES",
        label="Instances",
        question="Who picks and provisions the servers?",
        who=(_Y, _A, _A, _A, _Y),
        says={
            Option.FARGATE: "AWS does: each task has a kernel, CPU, memory and network interface of its own.",
            Option.FARGATE_SPOT: "AWS does, on spare capacity that it takes back with a warning of two minutes.",
            Option.MANAGED_INSTANCES: "AWS does, as EC2 instances in your account.",
        },
    ),
    Duty(
        code="HARDWARE",
        label="Hardware",
        question="Who owns the machines and the building?",
        who=(_A, _A, _A, _A, _Y),
        says={Option.EXTERNAL: "You do: the servers stand where you put them."},
    ),
)

# What is paid for.
BILLS: dict[Option, str] = {
    Option.EC2: "EC2 and EBS, used or not; nothing more for ECS (a secondary source says so).",
    Option.FARGATE: "The vCPU-seconds and GB-seconds that a task requests, and ephemeral storage above 20 GB.",
    Option.FARGATE_SPOT: "As Fargate, up to 70 % less.",
    Option.MANAGED_INSTANCES: "The EC2 price and a management fee, whose figure was not found.",
    Option.EXTERNAL: "A fee for each registered instance, whose figure was not found.",
}
