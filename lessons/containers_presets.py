"""The situations of the first lesson: ways of an image, a tag that moves, and workloads that look for a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.launch_types.places import QUESTIONS
from simulator.preset import Preset
from simulator.registry import RegistryRules
from simulator.registry.reference import host_of
from simulator.registry.rules import TasksPull
from simulator.registry.scenario import ACCOUNT, REGION

HOST = host_of(ACCOUNT, REGION)
BASE = ("base", "python")
LAYERS = {"base": 75, "python": 48, "app-1": 4, "app-2": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A way of an image. `since` is the first command that the film shows; what came before it is how it begins."""

    id: str
    title: str
    about: str
    scenario: Mapping[str, Any]
    since: int = 0
    believed: RegistryRules | None = None


def _address(tag: str) -> str:
    return f"{HOST}/web:{tag}"


def _build(number: int) -> dict[str, Any]:
    return {"do": "build", "image": "web", "layers": [*BASE, f"app-{number}"]}


def _tag(tag: str) -> dict[str, Any]:
    return {"do": "tag", "image": "web", "target": _address(tag)}


def _push(tag: str) -> dict[str, Any]:
    return {"do": "push", "image": _address(tag)}


def _register(tag: str) -> dict[str, Any]:
    return {"do": "register", "family": "web", "image": _address(tag)}


def _deploy(tag: str, **more: Any) -> dict[str, Any]:
    return {"do": "deploy", "service": "web", "image": _address(tag), "tasks": 2, **more}


def _world(commands: Sequence[Mapping[str, Any]], *, empty: bool = False, **more: Any) -> dict[str, Any]:
    repositories = [] if empty else [{"repositoryName": "web"}]
    return {"layers": LAYERS, "repositories": repositories, "commands": list(commands), **more}


_LOGIN = {"do": "login"}
_LOST = {"do": "replace-task", "service": "web"}
# The instance is no laptop: it has a role and layers of its own.
_INSTANCE = {"identities": {"instance": {"policy": [{"Effect": "Allow", "Action": ["ecr:*"]}]}}}
_ON_EC2 = {"as": "instance", "launchType": "EC2"}


def _shipped(tag: str, **more: Any) -> list[dict[str, Any]]:
    return [_build(1), _tag(tag), _LOGIN, _push(tag), _register(tag), _deploy(tag, **more)]


def _again(tag: str) -> list[dict[str, Any]]:
    return [_build(2), _tag(tag), _push(tag)]


JOURNEYS: tuple[Journey, ...] = (
    Journey(
        id="never-pushed",
        title="Not pushed",
        about="ECS takes the definition and the service, and finds places for both tasks. Only the pull fails.",
        scenario=_world([_build(1), _tag("latest"), _register("latest"), _deploy("latest")]),
    ),
    Journey(
        id="fargate",
        title="To Fargate",
        about="Ten steps from a Dockerfile to two running tasks. See who takes each, and which road the image takes.",
        scenario=_world(_shipped("latest")),
    ),
    Journey(
        id="ec2",
        title="To an instance of yours",
        about="The agent on your instance keeps layers. The second version is one small layer, and so is the pull.",
        scenario=_world(
            [*_shipped("v1", **_ON_EC2), *_again("v2"), _register("v2"), _deploy("v2", **_ON_EC2)], **_INSTANCE
        ),
    ),
    Journey(
        id="no-repository",
        title="No repository",
        about="A push makes no repository. This one is refused, and what follows would have nothing to run.",
        scenario=_world([_build(1), _tag("latest"), _LOGIN, _push("latest")], empty=True),
    ),
)

_FIRST = len(_shipped("latest"))
_MOVED = _world([*_shipped("latest"), *_again("latest"), _LOST, _deploy("latest")])

LATEST: tuple[Journey, ...] = (
    Journey(
        id="moved",
        title="Latest moves",
        about="A push, a lost task, and at last a deployment. Only the last of them changes what runs.",
        scenario=_MOVED,
        since=_FIRST,
    ),
    Journey(
        id="believed",
        title="As many believe",
        about="Beside it the same way, if a new task ran whatever the tag names by then. See where they part.",
        scenario=_MOVED,
        since=_FIRST,
        believed=RegistryRules(tasks_pull=TasksPull.TAG),
    ),
    Journey(
        id="new-tag",
        title="A new tag each time",
        about="Build 2 has a tag and a revision of its own. What runs is written down, and there is a way back.",
        scenario=_world([*_shipped("v1"), *_again("v2"), _register("v2"), _deploy("v2")]),
        since=_FIRST,
    ),
    Journey(
        id="each-asks",
        title="Consistency off",
        about="With `versionConsistency` disabled each task asks what the tag names. Now one service runs two images.",
        scenario=_world(
            [*_shipped("latest", versionConsistency="disabled"), *_again("latest"), _LOST],
        ),
        since=_FIRST,
    ),
)


def _workload(name: str, title: str, about: str, *answers: str) -> Preset:
    scenario = {"answers": {one.code: True for one in QUESTIONS if one.code in answers}}
    return Preset(id=name, title=title, about=about, scenario=scenario, subject="launch_types")


WORKLOADS: tuple[Preset, ...] = (
    _workload(
        "gpu",
        "A model on a GPU",
        "A GPU, nobody to patch machines, and no fee for a control plane. One place is left, and it is not Fargate.",
        "AWS_RUNS_MACHINES",
        "GPU",
        "NO_CLUSTER_FEE",
    ),
    _workload(
        "shop",
        "A web shop",
        "It stands behind a load balancer, must never be taken away, and nobody wants to patch machines.",
        "AWS_RUNS_MACHINES",
        "NO_CLUSTER_FEE",
        "NEVER_TAKEN_BACK",
        "LOAD_BALANCER",
    ),
    _workload(
        "charts",
        "Charts for Arm",
        "The team knows Kubernetes, and its images are for Arm. Fargate can do that, but not for pods.",
        "AWS_RUNS_MACHINES",
        "KUBERNETES",
        "ARM",
    ),
    _workload(
        "windows",
        "An old Windows program",
        "Windows, and no machines to look after. This time it is Fargate, and only under ECS.",
        "AWS_RUNS_MACHINES",
        "WINDOWS",
    ),
    _workload(
        "collector",
        "One on every machine",
        "A log collector belongs on each machine. On Fargate there is no machine for it to be on.",
        "AWS_RUNS_MACHINES",
        "DAEMON",
    ),
    _workload(
        "factory",
        "In the factory hall",
        "Servers of your own, a load balancer, no fee: nothing does all of it, and any one answer less is enough.",
        "NO_CLUSTER_FEE",
        "OWN_SERVERS",
        "LOAD_BALANCER",
    ),
    _workload("open", "Nothing said yet", "All ten places are open. Answer a question, and see which ones go."),
)
