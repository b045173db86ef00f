"""What the tests of runs share: commands, documents, and answers to them."""

from __future__ import annotations

from typing import Any

from simulator.registry.rules import (
    RULES,
    RegistryRules,
)
from simulator.registry.state import manifest_digest
from simulator.registry.subjects import registry_answer

HOST = "111122223333.dkr.ecr.us-east-1.amazonaws.com"


LOGIN = {"do": "login"}


WEB = [{"repositoryName": "web"}]


SIZES = {"base": 30, "app": 4, "app2": 5}


OLD = manifest_digest(["base", "app"], SIZES)


NEW = manifest_digest(["base", "app2"], SIZES)


def push(tag: str = "v1", *layers: str, repository: str = "web", **other: Any) -> dict[str, Any]:
    return {"do": "push", "image": f"{HOST}/{repository}:{tag}", "layers": list(layers or ("base", "app")), **other}


def pull(reference: str = "web:v1", **other: Any) -> dict[str, Any]:
    return {"do": "pull", "image": f"{HOST}/{reference}", **other}


def ask(*commands: dict[str, Any], rules: RegistryRules = RULES, **scenario: Any) -> dict[str, Any]:
    document = {"layers": SIZES, "repositories": WEB, **scenario, "commands": list(commands)}
    return registry_answer(document, rules)


def results(*commands: dict[str, Any], **scenario: Any) -> list[dict[str, Any]]:
    return ask(*commands, **scenario)["results"]


def told(*commands: dict[str, Any], **scenario: Any) -> tuple[str, str, str]:
    """Code, message and cure of the last command, which is refused."""
    last = results(*commands, **scenario)[-1]
    assert last["ok"] is False
    return last["code"], last["message"], last["fix"]


def images(answer: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(one["imageDigest"], one["imageTags"]) for one in answer["repositories"][0]["images"]]


def denying(*actions: str) -> list[dict[str, Any]]:
    """A policy that allows everything but these."""
    return [{"Effect": "Allow", "Action": "*"}, {"Effect": "Deny", "Action": [f"ecr:{one}" for one in actions]}]


def deploy(tag: str = "latest", **other: Any) -> dict[str, Any]:
    return {"do": "deploy", "service": "shop", "image": f"{HOST}/web:{tag}", **other}


REPLACE = {"do": "replace-task", "service": "shop"}


MOVED = [LOGIN, push("latest"), deploy(tasks=2), push("latest", "base", "app2"), REPLACE]


POLICY = {
    "rules": [
        {
            "rulePriority": 1,
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 1,
            },
            "action": {"type": "expire"},
        }
    ]
}


PUT_POLICY = {"do": "put-lifecycle-policy", "repositoryName": "web", "lifecyclePolicy": POLICY}
