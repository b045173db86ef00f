"""Named situations in AWS's names: five of lifecycle policies, five of pushes and pulls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.preset import Preset
from simulator.registry.reference import host_of
from simulator.registry.scenario import ACCOUNT, REGION

_HOST = host_of(ACCOUNT, REGION)
_NOW = "2026-03-01T00:00:00Z"


def _rule(priority: int, selection: Mapping[str, Any], action: str = "expire") -> dict[str, Any]:
    act = {"type": action, "targetStorageClass": "archive"} if action == "transition" else {"type": action}
    return {"rulePriority": priority, "selection": dict(selection), "action": act}


def _more_than(count: int, status: str = "any", **lists: Sequence[str]) -> dict[str, Any]:
    return {"tagStatus": status, **lists, "countType": "imageCountMoreThan", "countNumber": count}


def _days(days: int, status: str = "any", since: str = "sinceImagePushed", **more: Any) -> dict[str, Any]:
    return {"tagStatus": status, **more, "countType": since, "countUnit": "days", "countNumber": days}


def _image(name: str, pushed: str, *tags: str, **more: str) -> dict[str, Any]:
    return {"imageDigest": f"sha256:{name}", "imageTags": list(tags), "imagePushedAt": f"{pushed}T00:00:00Z", **more}


def _lifecycle(rules: Sequence[Mapping[str, Any]], images: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"lifecyclePolicy": {"rules": list(rules)}, "images": list(images), "now": _NOW}


def _web(reference: str) -> str:
    return f"{_HOST}/web{reference}"


_BUILDS = (
    _image("a", "2026-02-19", "beta-1", "prod-1"),
    _image("b", "2026-02-20", "beta-2", "prod-2"),
    _image("c", "2026-02-21", "beta-3"),
)
_LAYERS = {"base": 75, "python": 48, "app-1": 4, "app-2": 4}
_FIRST = {"do": "push", "image": _web(":v1"), "layers": ["base", "python", "app-1"]}

PRESETS: tuple[Preset, ...] = (
    Preset(
        id="prod-before-beta",
        title="Two rules, one image each",
        about="Rule 2 counts the image that rule 1 expires, and still may not touch what rule 1 selects.",
        subject="registry",
        scenario=_lifecycle(
            [
                _rule(1, _more_than(1, "tagged", tagPrefixList=["prod"])),
                _rule(2, _more_than(1, "tagged", tagPrefixList=["beta"])),
            ],
            _BUILDS,
        ),
    ),
    Preset(
        id="beta-before-prod",
        title="The same rules the other way around",
        about="The same images and rules with the priorities exchanged: now two images go, both by rule 1.",
        subject="registry",
        scenario=_lifecycle(
            [
                _rule(1, _more_than(1, "tagged", tagPrefixList=["beta"])),
                _rule(2, _more_than(1, "tagged", tagPrefixList=["prod"])),
            ],
            _BUILDS,
        ),
    ),
    Preset(
        id="all-of-the-prefixes",
        title="A list of two prefixes",
        about="An image is selected only if each prefix of the list begins one of its tags.",
        subject="registry",
        scenario=_lifecycle(
            [_rule(1, _more_than(1, "tagged", tagPrefixList=["alpha", "beta"]))],
            [
                _image("a", "2026-02-19", "alpha-1", "beta-1", "gamma-1"),
                _image("b", "2026-02-20", "alpha-2", "beta-2"),
                _image("c", "2026-02-21", "alpha-3"),
                _image("d", "2026-02-22", "alpha-4", "beta-4"),
            ],
        ),
    ),
    Preset(
        id="releases-are-shielded",
        title="Releases out of reach",
        about="A rule that keeps a hundred releases takes them out of the reach of the rule for the rest.",
        subject="registry",
        scenario=_lifecycle(
            [
                _rule(1, _more_than(100, "tagged", tagPatternList=["release-*"])),
                _rule(2, _days(14, "untagged")),
                _rule(3, _more_than(2)),
            ],
            [
                _image("a", "2026-01-01", "release-1"),
                _image("b", "2026-02-14"),
                _image("c", "2026-02-15"),
                _image("d", "2026-02-20", "dev-1"),
                _image("e", "2026-02-21", "dev-2"),
                _image("f", "2026-02-22", "dev-3"),
                _image("g", "2026-02-23", "release-2"),
            ],
        ),
    ),
    Preset(
        id="archive-then-expire",
        title="First the archive, then the end",
        about="What nobody has pulled for 90 days is archived; what was archived a year ago expires.",
        subject="registry",
        scenario=_lifecycle(
            [
                _rule(1, _days(90, since="sinceImagePulled"), "transition"),
                _rule(2, _days(365, since="sinceImageTransitioned", storageClass="archive")),
            ],
            [
                _image("a", "2025-06-01", "v1", lastRecordedPullTime="2026-02-20T00:00:00Z"),
                _image("b", "2025-06-02", "v2", lastRecordedPullTime="2025-11-01T00:00:00Z"),
                _image("c", "2025-12-01", "v3"),
                _image("d", "2024-06-01", "v0", storageClass="archive", lastArchivedAt="2025-01-10T00:00:00Z"),
                _image("e", "2024-07-01", "v0.1", storageClass="archive", lastArchivedAt="2025-11-01T00:00:00Z"),
            ],
        ),
    ),
    Preset(
        id="second-push",
        title="The second push is small",
        about="Two pushes share their lower layers: only what the repository does not have goes up.",
        subject="registry",
        scenario={
            "layers": _LAYERS,
            "repositories": [{"repositoryName": "web"}],
            "commands": [
                {"do": "login"},
                _FIRST,
                {"do": "push", "image": _web(":v2"), "layers": ["base", "python", "app-2"]},
                {"do": "put-image", "repositoryName": "web", "imageTag": "stable", "of": "v1"},
            ],
        },
    ),
    Preset(
        id="latest-moves",
        title="Latest moves, the tasks stay",
        about="A push moves latest; tasks replaced afterward still run the digest of their deployment.",
        subject="registry",
        scenario={
            "layers": _LAYERS,
            "repositories": [{"repositoryName": "web"}],
            "commands": [
                {"do": "login"},
                {**_FIRST, "image": _web(":latest")},
                {"do": "deploy", "service": "shop", "image": _web(":latest"), "tasks": 2},
                {"do": "push", "image": _web(":latest"), "layers": ["base", "python", "app-2"]},
                {"do": "replace-task", "service": "shop"},
                {"do": "deploy", "service": "shop", "image": _web(":latest"), "tasks": 2},
            ],
        },
    ),
    Preset(
        id="immutable-tags",
        title="A tag that may not move",
        about="In a repository with immutable tags the layers go up, and then the manifest is refused.",
        subject="registry",
        scenario={
            "layers": _LAYERS,
            "repositories": [
                {
                    "repositoryName": "web",
                    "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
                    "imageTagMutabilityExclusionFilters": ["latest"],
                }
            ],
            "commands": [
                {"do": "login"},
                _FIRST,
                {"do": "push", "image": _web(":v1"), "layers": ["base", "python", "app-2"]},
                {"do": "push", "image": _web(":latest"), "layers": ["base", "python", "app-1"]},
                {"do": "push", "image": _web(":latest"), "layers": ["base", "python", "app-2"]},
            ],
        },
    ),
    Preset(
        id="five-refusals",
        title="Five ways to be refused",
        about="No login, a host with the word region in it, no repository, no permission, and a token that is too old.",
        subject="registry",
        scenario={
            "layers": _LAYERS,
            "identities": {
                "ci": {"policy": [{"Effect": "Allow", "Action": ["ecr:GetAuthorizationToken", "ecr:BatchGetImage"]}]}
            },
            "repositories": [{"repositoryName": "web"}],
            "commands": [
                _FIRST,
                {"do": "login", "host": f"{ACCOUNT}.dkr.ecr.region.amazonaws.com"},
                {"do": "login"},
                {"do": "push", "image": f"{_HOST}/shop:v1", "layers": ["base"]},
                {"do": "login", "as": "ci"},
                {**_FIRST, "as": "ci"},
                {"do": "wait", "hours": 13},
                _FIRST,
            ],
        },
    ),
    Preset(
        id="expired-under-a-service",
        title="Expired under a service",
        about="A policy expires the untagged image that a service still runs; its next task can not be started.",
        subject="registry",
        scenario={
            "layers": _LAYERS,
            "repositories": [{"repositoryName": "web", "lifecyclePolicy": {"rules": [_rule(1, _days(1, "untagged"))]}}],
            "commands": [
                {"do": "login"},
                {**_FIRST, "image": _web(":latest")},
                {"do": "deploy", "service": "shop", "image": _web(":latest"), "tasks": 2},
                {"do": "push", "image": _web(":latest"), "layers": ["base", "python", "app-2"]},
                {"do": "wait", "hours": 12},
                {"do": "replace-task", "service": "shop"},
                {"do": "wait", "hours": 48},
                {"do": "replace-task", "service": "shop"},
            ],
        },
    ),
)
