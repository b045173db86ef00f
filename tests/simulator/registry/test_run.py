"""Login, push, pull, and what follows: each call, each refusal, each belief."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import trace as traces
from simulator.errors import InputError
from simulator.registry import MECHANISM, simulate
from simulator.registry.access import Identity, Statement, decide, read_statements
from simulator.registry.commands import COMMANDS, is_immutable
from simulator.registry.instants import DAY
from simulator.registry.presets import PRESETS
from simulator.registry.reference import Reference, read_reference, registry_of
from simulator.registry.rules import (
    RULES,
    CrossAccount,
    MovedTag,
    Mutability,
    RegistryRules,
    TagRemoved,
    TasksPull,
    rules_from_dict,
    rules_to_dict,
)
from simulator.registry.state import Event, Kind, layer_digest, manifest_digest
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


def test_a_push_uploads_what_is_missing() -> None:
    first, second = results(LOGIN, push(), push("v2", "base", "app2"))[1:]
    assert first == {
        "command": 2,
        "do": "push",
        "as": "dev",
        "at": "2026-01-01T00:02:00Z",
        "ok": True,
        "calls": [
            {"action": "ecr:BatchCheckLayerAvailability", "times": 1},
            {"action": "ecr:InitiateLayerUpload", "times": 2},
            {"action": "ecr:UploadLayerPart", "times": 2},
            {"action": "ecr:CompleteLayerUpload", "times": 2},
            {"action": "ecr:PutImage", "times": 1},
        ],
        "uploaded": ["base", "app"],
        "alreadyThere": [],
        "imageDigest": OLD,
        "uploadedMiB": 34,
        "message": f"The tag v1 is on {OLD[:19]}.",
    }
    assert (second["uploaded"], second["alreadyThere"], second["uploadedMiB"]) == (["app2"], ["base"], 5)
    again = results(LOGIN, push(), push("v2"))[2]
    assert (again["uploaded"], again["uploadedMiB"]) == ([], 0)
    assert [call["action"] for call in again["calls"]] == ["ecr:BatchCheckLayerAvailability", "ecr:PutImage"]


def test_layers_of_another_repository_are_uploaded_again() -> None:
    two = [{"repositoryName": "web"}, {"repositoryName": "shop"}]
    assert results(LOGIN, push(), push(repository="shop"), repositories=two)[2]["uploaded"] == ["base", "app"]


def test_what_a_repository_holds_at_the_end() -> None:
    answer = ask(LOGIN, push(), push("v2", "base", "app2"))
    assert answer["repositories"] == [
        {
            "repositoryName": "web",
            "repositoryUri": f"{HOST}/web",
            "imageTagMutability": "MUTABLE",
            "images": [
                {
                    "imageDigest": OLD,
                    "imageTags": ["v1"],
                    "imagePushedAt": "2026-01-01T00:02:00Z",
                    "storageClass": "standard",
                    "layers": ["base", "app"],
                },
                {
                    "imageDigest": NEW,
                    "imageTags": ["v2"],
                    "imagePushedAt": "2026-01-01T00:03:00Z",
                    "storageClass": "standard",
                    "layers": ["base", "app2"],
                },
            ],
            "layers": ["base", "app", "app2"],
            "storedMiB": 39,
        }
    ]
    assert (answer["expired"], answer["transitioned"], answer["services"], answer["notes"]) == ([], [], [], [])


def test_digests_are_those_of_the_content() -> None:
    assert layer_digest("base") == "sha256:1cc66a2b9f8e8a1a8a7d9f8c3a2b9e1f" or layer_digest("base").startswith(
        "sha256:"
    )
    assert manifest_digest(("base", "app"), {**SIZES, "other": 1}) == OLD
    assert (
        len(
            {
                OLD,
                NEW,
                manifest_digest(["app", "base"], SIZES),
                manifest_digest(["base", "app"], {"base": 31, "app": 4}),
            }
        )
        == 4
    )


def test_a_moved_tag_leaves_the_old_image_untagged() -> None:
    answer = ask(LOGIN, push("latest"), push("latest", "base", "app2"))
    assert images(answer) == [(OLD, []), (NEW, ["latest"])]
    assert answer["results"][2]["message"] == (
        f"The tag latest is on {NEW[:19]}. The tag was on {OLD[:19]}, which is untagged now."
    )
    kept = ask(LOGIN, push("v1"), push("latest"), push("latest", "base", "app2"))
    assert kept["results"][3]["message"].endswith(f"The tag was on {OLD[:19]}, which keeps v1.")
    believed = ask(
        LOGIN, push("latest"), push("latest", "base", "app2"), rules=replace(RULES, moved_tag=MovedTag.DELETED)
    )
    assert images(believed) == [(NEW, ["latest"])]
    assert believed["results"][2]["message"].endswith(f"The tag was on {OLD[:19]}, which is deleted.")
    assert believed["repositories"][0]["layers"] == ["base", "app2"]


def test_the_same_image_gathers_tags_and_keeps_its_date() -> None:
    answer = ask(LOGIN, push("v1"), push("latest"), push("v1"))
    assert images(answer) == [(OLD, ["v1", "latest"])]
    assert answer["repositories"][0]["images"][0]["imagePushedAt"] == "2026-01-01T00:02:00Z"
    assert answer["results"][3]["message"] == f"The tag v1 is on {OLD[:19]}."


def test_put_image_gives_a_tag_and_moves_no_layer() -> None:
    answer = ask(LOGIN, push(), {"do": "put-image", "repositoryName": "web", "imageTag": "stable", "of": "v1"})
    assert images(answer) == [(OLD, ["v1", "stable"])]
    last = answer["results"][2]
    assert [call["action"] for call in last["calls"]] == ["ecr:PutImage"]
    assert "uploaded" not in last
    by_number = {"do": "put-image", "repositoryName": "web", "imageTag": "stable", "digestOf": 2}
    assert images(ask(LOGIN, push(), by_number)) == [(OLD, ["v1", "stable"])]
    missing = {"do": "put-image", "repositoryName": "web", "imageTag": "stable", "of": "v9"}
    assert told(LOGIN, missing)[:2] == ("ImageNotFound", "web:v9: not found.")


def test_a_pull_fetches_what_the_machine_lacks() -> None:
    other = {"identities": {"ci": {}}}
    found = results(LOGIN, push(), {**LOGIN, "as": "ci"}, pull(**{"as": "ci"}), pull(**{"as": "ci"}), pull(), **other)
    assert found[3]["calls"] == [
        {"action": "ecr:BatchGetImage", "times": 1},
        {"action": "ecr:GetDownloadUrlForLayer", "times": 2},
    ]
    assert (found[3]["downloaded"], found[3]["downloadedMiB"], found[3]["alreadyHere"]) == (["base", "app"], 34, [])
    for again in (found[4], found[5]):
        assert (again["downloaded"], again["alreadyHere"]) == ([], ["base", "app"])
        assert again["calls"] == [{"action": "ecr:BatchGetImage", "times": 1}]
    assert found[3]["message"] == f"The image is {OLD[:19]}, whatever its tag points at later."


def test_a_digest_is_the_same_image_for_ever() -> None:
    commands = [LOGIN, push("latest"), push("latest", "base", "app2")]
    assert results(*commands, pull("web:latest"))[3]["imageDigest"] == NEW
    assert results(*commands, pull("web", digestOf=2))[3]["imageDigest"] == OLD
    assert results(*commands, pull(f"web@{OLD}"))[3]["imageDigest"] == OLD
    assert told(*commands, pull("web@sha256:0"))[1] == f"{HOST}/web@sha256:0: not found."
    assert told(LOGIN, pull("web", digestOf=1))[:2] == (
        "NOTHING_PUSHED",
        "Command 1 pushed or pulled no image, so there is no digest of it.",
    )


def test_a_local_image_is_needed_and_docker_tag_names_it() -> None:
    bare = {"do": "push", "image": f"{HOST}/web:v2"}
    assert told(LOGIN, bare) == (
        "NO_LOCAL_IMAGE",
        f"An image does not exist locally with the tag: {HOST}/web:v2.",
        "Build it, pull it, or give it this name with docker tag.",
    )
    build = {"do": "build", "image": f"{HOST}/web:v1", "layers": ["base", "app"]}
    tag = {"do": "tag", "image": f"{HOST}/web:v1", "target": f"{HOST}/web:v2"}
    found = results(LOGIN, build, tag, bare)
    assert found[3]["imageDigest"] == OLD
    assert (found[1]["calls"], found[2]["calls"]) == ([], [])
    assert found[1]["message"] == "The image is on this machine alone."
    assert found[2]["message"] == "The name is on this machine alone."
    assert told(LOGIN, tag)[0] == "NO_LOCAL_IMAGE"
    pulled = {"do": "tag", "image": f"{HOST}/web:v1", "target": f"{HOST}/web:v3"}
    both = {"identities": {"ci": {}}}
    again = {"as": "ci"}
    found = results(LOGIN, push(), {**LOGIN, **again}, pull(**again), {**pulled, **again}, **both)
    assert found[4]["ok"] is True


def test_logins() -> None:
    assert results(LOGIN)[0]["message"] == f"Logged in to {HOST}."
    assert results(LOGIN)[0]["calls"] == [{"action": "ecr:GetAuthorizationToken", "times": 1}]
    code, message, cure = told(push())
    assert (code, message) == ("NOT_LOGGED_IN", f"no basic auth credentials: Docker has no login for {HOST}.")
    assert cure == "Log in to that host first; each registry host, so each account and Region, needs a login."
    assert told({**LOGIN, "username": "me"}) == (
        "WRONG_USER",
        "unauthorized: me is not the user name of an authorization token.",
        "Log in with --username AWS.",
    )
    code, message, cure = told({**LOGIN, "host": "<aws_account_id>.dkr.ecr.us-east-1.amazonaws.com"})
    assert code == "HOST_NOT_FOUND"
    assert message == "no such host: <aws_account_id>.dkr.ecr.us-east-1.amazonaws.com is the address of no registry."
    assert cure == "Write your account number and your Region into <account>.dkr.ecr.<region>.amazonaws.com."


def test_a_login_is_for_one_host() -> None:
    west = "111122223333.dkr.ecr.us-west-2.amazonaws.com"
    both = [{"repositoryName": "web"}, {"repositoryName": "web", "region": "us-west-2"}]
    there = {"do": "push", "image": f"{west}/web:v1", "layers": ["base"]}
    assert told(LOGIN, there, repositories=both)[0] == "NOT_LOGGED_IN"
    assert results(LOGIN, {**LOGIN, "host": west}, there, repositories=both)[2]["ok"] is True
    believed = replace(RULES, login_covers_one_host=False)
    assert ask(LOGIN, there, repositories=both, rules=believed)["results"][1]["ok"] is True
    shop = {"do": "push", "image": f"{west}/shop:v1", "layers": ["base"]}
    code, message, _ = told(
        {**LOGIN, "host": west},
        shop,
        repositories=[{"repositoryName": "shop"}, {"repositoryName": "web", "region": "us-west-2"}],
    )
    assert (code, message) == (
        "RepositoryNotFoundException",
        f"name unknown: The repository with name 'shop' does not exist in the registry {west}; there is one in {HOST}.",
    )


def test_a_token_lasts_twelve_hours() -> None:
    assert told(LOGIN, {"do": "wait", "hours": 12}, push()) == (
        "TOKEN_EXPIRED",
        f"denied: the authorization token for {HOST} is 12 h 1 min old, and it is valid for 12 hours.",
        "Log in again with aws ecr get-login-password.",
    )
    assert results(LOGIN, {"do": "wait", "hours": 11}, push())[2]["ok"] is True
    # Eleven hours and sixty commands of a minute: the last of them is exactly twelve hours after the login.
    minutes = [{"do": "build", "image": f"{HOST}/web:x", "layers": ["base"]}] * 59
    assert results(LOGIN, {"do": "wait", "hours": 11}, *minutes, push())[-1]["ok"] is True
    assert results(LOGIN, {"do": "wait", "hours": 11}, *minutes, minutes[0], push())[-1]["code"] == "TOKEN_EXPIRED"
    assert ask(LOGIN, {"do": "wait", "hours": 99}, push(), rules=replace(RULES, login_hours=100))["results"][2]["ok"]
    again = results(LOGIN, {"do": "wait", "hours": 13}, LOGIN, push())
    assert again[3]["ok"] is True


def test_the_repository_must_be_there() -> None:
    assert told(LOGIN, push(), repositories=[]) == (
        "RepositoryNotFoundException",
        "name unknown: The repository with name 'web' does not exist in the registry.",
        "Create the repository first, or a repository creation template for pushes whose prefix fits.",
    )
    assert told(LOGIN, pull("shop:v1"))[0] == "RepositoryNotFoundException"
    created = {"do": "create-repository", "repositoryName": "web"}
    found = results(created, LOGIN, push(), repositories=[])
    assert found[0]["calls"] == [{"action": "ecr:CreateRepository", "times": 1}]
    assert found[0]["message"] == "The repository is there, and empty."
    assert found[2]["ok"] is True
    assert told(created)[:2] == ("RepositoryAlreadyExistsException", "The repository web exists already.")


def test_a_template_creates_on_push() -> None:
    for templates, ok in ((["web"], True), (["team/"], False), (["ROOT"], True), ([], False)):
        found = ask(LOGIN, push(), repositories=[], creationTemplates=templates)
        assert found["results"][1]["ok"] is ok
        if ok:
            assert found["results"][1]["calls"][0] == {"action": "ecr:CreateRepository", "times": 1}
            assert found["repositories"][0]["imageTagMutability"] == "MUTABLE"
    named = {
        "repositories": [],
        "creationTemplates": ["web"],
        "identities": {"ci": {"policy": denying("CreateRepository")}},
    }
    code, message, _ = told({**LOGIN, "as": "ci"}, push(**{"as": "ci"}), **named)
    assert code == "ACCESS_DENIED"
    assert "ecr:CreateRepository" in message
    believed = ask(LOGIN, push(), repositories=[], rules=replace(RULES, push_creates_repository=True))
    assert believed["results"][1]["ok"] is True


def denying(*actions: str) -> list[dict[str, Any]]:
    """A policy that allows everything but these."""
    return [{"Effect": "Allow", "Action": "*"}, {"Effect": "Deny", "Action": [f"ecr:{one}" for one in actions]}]


@pytest.mark.parametrize(
    ("action", "command"),
    [
        ("GetAuthorizationToken", LOGIN),
        ("BatchCheckLayerAvailability", push("v2", "base", "app2")),
        ("InitiateLayerUpload", push("v2", "base", "app2")),
        ("UploadLayerPart", push("v2", "base", "app2")),
        ("CompleteLayerUpload", push("v2", "base", "app2")),
        ("PutImage", push("v2", "base", "app2")),
        ("BatchGetImage", pull()),
        ("GetDownloadUrlForLayer", pull()),
        ("BatchGetImage", {"do": "put-image", "repositoryName": "web", "imageTag": "x", "of": "v1"}),
        ("PutImage", {"do": "put-image", "repositoryName": "web", "imageTag": "x", "of": "v1"}),
        ("BatchDeleteImage", {"do": "delete", "repositoryName": "web", "imageTag": "v1"}),
        ("CreateRepository", {"do": "create-repository", "repositoryName": "shop"}),
        ("UpdateImageStorageClass", {"do": "restore", "repositoryName": "web", "imageTag": "v1"}),
        (
            "PutLifecyclePolicy",
            {
                "do": "put-lifecycle-policy",
                "repositoryName": "web",
                "lifecyclePolicy": {"rules": []},
            },
        ),
        ("GetAuthorizationToken", {"do": "deploy", "service": "s", "image": f"{HOST}/web:v1"}),
        ("BatchGetImage", {"do": "deploy", "service": "s", "image": f"{HOST}/web:v1"}),
    ],
)
def test_each_call_needs_its_permission(action: str, command: dict[str, Any]) -> None:
    """The command is refused at that call by a Deny, and at no such call without it."""
    log = [] if action == "GetAuthorizationToken" else [{**LOGIN, "as": "ci"}]
    run = [LOGIN, push(), *log, {**command, "as": "ci"}]
    last = results(*run, identities={"ci": {"policy": denying(action)}})[-1]
    assert (last["ok"], last["code"], last["refusedCall"]) == (False, "ACCESS_DENIED", f"ecr:{action}")
    assert last["message"].endswith(
        f"AccessDeniedException: arn:aws:iam::111122223333:role/ci is not authorized to perform: ecr:{action}, because "
        "the identity policy denies it, and a Deny wins over every Allow."
    )
    assert last["fix"] == f"Allow ecr:{action} in the policy that lacks it, and nothing more."
    assert results(*run, identities={"ci": {}})[-1].get("code") != "ACCESS_DENIED"


def test_immutable_tags() -> None:
    for mutability, filters, tag, refused in (
        ("MUTABLE", [], "v1", False),
        ("IMMUTABLE", [], "v1", True),
        ("IMMUTABLE_WITH_EXCLUSION", ["lat*"], "latest", False),
        ("IMMUTABLE_WITH_EXCLUSION", ["lat*"], "v1", True),
        ("MUTABLE_WITH_EXCLUSION", [{"filter": "v*", "filterType": "WILDCARD"}], "v1", True),
        ("MUTABLE_WITH_EXCLUSION", ["v*"], "latest", False),
    ):
        repository = {"repositoryName": "web", "imageTagMutability": mutability}
        if filters:
            repository["imageTagMutabilityExclusionFilters"] = filters
        found = results(LOGIN, push(tag), push(tag, "base", "app2"), repositories=[repository])
        assert found[2]["ok"] is not refused
        created = {**repository, "do": "create-repository"}
        again = results(created, LOGIN, push(tag), push(tag, "base", "app2"), repositories=[])
        assert again[3]["ok"] is not refused
    immutable = [{"repositoryName": "web", "imageTagMutability": "IMMUTABLE"}]
    assert told(LOGIN, push(), push("v1", "base", "app2"), repositories=immutable) == (
        "ImageTagAlreadyExistsException",
        "ImageTagAlreadyExistsException: the tag v1 exists already, and the repository's tags are immutable.",
        "Push under a new tag, or make the repository's tags mutable.",
    )
    assert results(LOGIN, push(), push("v2"), repositories=immutable)[2]["ok"] is True
    believed = replace(RULES, default_mutability=Mutability.IMMUTABLE)
    assert ask(LOGIN, push(), push("v1", "base", "app2"), rules=believed)["results"][2]["ok"] is False
    assert is_immutable("IMMUTABLE", (), "x")
    assert not is_immutable("MUTABLE", ("x",), "x")


def test_deleting_tags_and_images() -> None:
    delete = {"do": "delete", "repositoryName": "web", "imageTag": "v1"}
    two = [LOGIN, push("v1"), push("latest")]
    found = ask(*two, delete)
    assert images(found) == [(OLD, ["latest"])]
    assert found["results"][3]["message"] == f"The tag is taken off, and the image stays: {OLD[:19]}."
    assert found["results"][3]["calls"] == [{"action": "ecr:BatchDeleteImage", "times": 1}]
    last = ask(*two, delete, {**delete, "imageTag": "latest"})
    assert images(last) == []
    assert last["repositories"][0]["layers"] == []
    assert last["results"][4]["message"] == f"The image is deleted: {OLD[:19]}."
    by_digest = {"do": "delete", "repositoryName": "web", "digestOf": 2}
    assert images(ask(*two, by_digest)) == []
    assert images(ask(*two, {"do": "delete", "repositoryName": "web", "imageDigest": OLD})) == []
    assert told(*two, {**delete, "imageTag": "v9"})[1] == "web:v9: not found."
    assert (
        told(*two, {"do": "delete", "repositoryName": "web", "imageDigest": "sha256:0"})[1]
        == "web@sha256:0: not found."
    )
    assert images(ask(*two, delete, rules=replace(RULES, tag_removed=TagRemoved.ANY_TAG))) == []
    believed = replace(RULES, tag_removed=TagRemoved.NEVER)
    assert images(ask(LOGIN, push("v1"), delete, rules=believed)) == [(OLD, [])]


def test_an_image_in_a_list_can_not_be_deleted() -> None:
    seeded = [
        {"imageDigest": "sha256:list", "imageTags": ["v1"], "imagePushedAt": 0, "manifests": ["sha256:member"]},
        {"imageDigest": "sha256:member", "imageTags": ["m"], "imagePushedAt": 0},
    ]
    web = [{"repositoryName": "web", "images": seeded}]
    delete = {"do": "delete", "repositoryName": "web", "imageTag": "m"}
    assert told(delete, repositories=web)[:2] == (
        "ImageReferencedByManifestList",
        "The image web@sha256:member is referenced by a manifest list.",
    )
    first = {**delete, "imageTag": "v1"}
    assert results(first, delete, repositories=web)[1]["ok"] is True


def test_archived_images() -> None:
    seeded = [{"imageDigest": OLD, "imageTags": ["v1"], "imagePushedAt": 0, "storageClass": "archive"}]
    web = [{"repositoryName": "web", "images": seeded}]
    assert told(LOGIN, pull(), repositories=web) == (
        "ARCHIVED",
        f"404 Not Found: {HOST}/web:v1 is in the archive, and archived images cannot be pulled.",
        "Restore the image, or push it again.",
    )
    restore = {"do": "restore", "repositoryName": "web", "imageTag": "v1"}
    found = results(LOGIN, restore, pull(), restore, repositories=web)
    assert [one["ok"] for one in found] == [True, True, True, False]
    assert found[1]["message"] == "The image can be pulled again; lifecycle policies date it from now."
    assert found[3]["message"] == "web:v1 in the archive: not found."
    pushed = ask(LOGIN, push(), pull(), repositories=web)
    assert pushed["results"][2]["ok"] is True
    assert pushed["repositories"][0]["images"][0] == {
        "imageDigest": OLD,
        "imageTags": ["v1"],
        "imagePushedAt": "2026-01-01T00:02:00Z",
        "storageClass": "standard",
        "layers": ["base", "app"],
    }


def test_a_thousand_tags_are_the_most() -> None:
    seeded = [{"imageDigest": OLD, "imageTags": [f"t{i}" for i in range(1000)], "imagePushedAt": 0}]
    web = [{"repositoryName": "web", "images": seeded}]
    assert told(LOGIN, push("v1"), repositories=web)[:2] == (
        "TOO_MANY_TAGS",
        "The image has 1,000 tags already, the most that one can have; v1 would be one more.",
    )
    assert results(LOGIN, push("t0"), repositories=web)[1]["ok"] is True
    web[0]["images"][0]["imageTags"].pop()
    assert results(LOGIN, push("v1"), repositories=web)[1]["ok"] is True


def test_the_network_is_not_iam() -> None:
    for endpoints, missing in (([], "ecr.api"), (["ecr.api"], "ecr.dkr"), (["ecr.api", "ecr.dkr"], "s3"), (None, "")):
        roles = {"role": {} if endpoints is None else {"endpoints": endpoints}}
        deploy = {"do": "deploy", "service": "shop", "image": f"{HOST}/web:v1", "as": "role"}
        last = results(LOGIN, push(), deploy, identities=roles)[-1]
        assert last["ok"] is (endpoints is None)
        if missing:
            assert last["code"] == "NO_ROUTE"
            start = (
                "ResourceInitializationError: unable to pull secrets or registry auth" if missing == "ecr.api" else ""
            )
            assert last["message"].startswith(start or "CannotPullContainerError")
            assert last["message"].endswith(f"dial tcp: i/o timeout: there is no way from here to {missing}.")
            assert last["fix"] == (
                f"This is the network, not IAM: add the endpoint {missing}, or a way to the internet."
            )


def deploy(tag: str = "latest", **other: Any) -> dict[str, Any]:
    return {"do": "deploy", "service": "shop", "image": f"{HOST}/web:{tag}", **other}


REPLACE = {"do": "replace-task", "service": "shop"}
MOVED = [LOGIN, push("latest"), deploy(tasks=2), push("latest", "base", "app2"), REPLACE]


def test_tasks_run_the_digest_of_their_deployment() -> None:
    answer = ask(*MOVED)
    assert answer["services"] == [
        {
            "service": "shop",
            "image": f"{HOST}/web:latest",
            "imageDigest": OLD,
            "tasks": [{"task": 2, "imageDigest": OLD}, {"task": 3, "imageDigest": OLD}],
        }
    ]
    assert answer["results"][2]["message"] == f"shop has started 2 tasks of {OLD[:19]}."
    assert answer["results"][4]["message"] == f"shop has started 1 task of {OLD[:19]}."
    again = ask(*MOVED, deploy(tasks=2))["services"][0]
    assert [task["imageDigest"] for task in again["tasks"]] == [NEW, NEW]
    assert [task["task"] for task in again["tasks"]] == [4, 5]
    by_tag = ask(*MOVED, rules=replace(RULES, tasks_pull=TasksPull.TAG))["services"][0]
    assert [task["imageDigest"] for task in by_tag["tasks"]] == [OLD, NEW]
    off = [LOGIN, push("latest"), deploy(tasks=2, versionConsistency="disabled"), *MOVED[3:]]
    assert [task["imageDigest"] for task in ask(*off)["services"][0]["tasks"]] == [OLD, NEW]


def test_a_deployment_that_can_not_pull_stops_no_task() -> None:
    answer = ask(LOGIN, push("latest"), deploy(), deploy("nope"))
    assert answer["results"][3]["message"] == f"CannotPullContainerError: {HOST}/web:nope: not found."
    assert [task["task"] for task in answer["services"][0]["tasks"]] == [1]
    assert told(REPLACE)[:2] == ("NO_SERVICE", "There is no service shop yet.")
    bad = {"do": "deploy", "service": "shop", "image": "111122223333.dkr.ecr.region.amazonaws.com/web:v1"}
    assert told(bad)[:2] == (
        "HOST_NOT_FOUND",
        "CannotPullContainerError: no such host: 111122223333.dkr.ecr.region.amazonaws.com is the address of no registry.",
    )


def test_an_instance_keeps_its_layers_and_fargate_does_not() -> None:
    for launch, times, second in (("FARGATE", 4, ["base", "app"]), ("EC2", 2, [])):
        roles = {"role": {}}
        found = results(
            LOGIN, push("latest"), deploy(tasks=2, launchType=launch, **{"as": "role"}), REPLACE, identities=roles
        )
        calls = {one["action"]: one["times"] for one in found[2]["calls"]}
        assert calls["ecr:GetAuthorizationToken"] == 2
        assert calls["ecr:BatchGetImage"] == 2
        assert calls["ecr:GetDownloadUrlForLayer"] == times
        assert found[3]["downloaded"] == second
        assert found[3]["as"] == "role"


def test_the_error_of_a_token_is_named_by_where_the_task_runs() -> None:
    roles = {"role": {"policy": denying("GetAuthorizationToken")}}
    for launch, start in (
        ("FARGATE", "ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException: "),
        ("EC2", "CannotPullECRContainerError: AccessDeniedException: "),
    ):
        message = told(LOGIN, push("latest"), deploy(launchType=launch, **{"as": "role"}), identities=roles)[1]
        assert message.startswith(start)
        later = simulate(
            {
                "repositories": WEB,
                "identities": {"role": {}},
                "commands": [LOGIN, push("latest"), deploy(launchType=launch, **{"as": "role"}), REPLACE],
                "changes": [{"at": 12, "as": "role", "policy": denying("GetAuthorizationToken")}],
            }
        )
        assert traces.explain(later, len(later) - 1).sentence.startswith(start)


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


def test_policies_act_once_a_day() -> None:
    commands = [LOGIN, push("latest"), push("latest", "base", "app2"), PUT_POLICY]
    assert ask(*commands, {"do": "wait", "hours": 47})["expired"] == []
    answer = ask(*commands, {"do": "wait", "hours": 48})
    assert answer["expired"] == [
        {"repositoryName": "web", "imageDigest": OLD, "rulePriority": 1, "at": "2026-01-03T00:00:00Z"}
    ]
    assert answer["transitioned"] == []
    assert images(answer) == [(NEW, ["latest"])]
    assert answer["notes"] == [
        "AWS promises that a policy acts within 24 hours, not when; here it acts at full days after the beginning."
    ]
    assert answer["results"][3]["message"] == "The policy is in place."
    assert answer["results"][4]["message"] == "48 hours later it is 2026-01-03T00:04:00Z."
    at_once = ask(*commands, {"do": "wait", "hours": 24}, rules=replace(RULES, expires_within_a_day=False))
    assert [one["at"] for one in at_once["expired"]] == ["2026-01-02T00:04:00Z"]
    assert at_once["notes"] == []


def test_a_policy_may_archive() -> None:
    archiving = json.loads(json.dumps(POLICY))
    archiving["rules"][0]["action"] = {"type": "transition", "targetStorageClass": "archive"}
    answer = ask(
        LOGIN,
        push("latest"),
        push("latest", "base", "app2"),
        {**PUT_POLICY, "lifecyclePolicy": archiving},
        {"do": "wait", "hours": 72},
    )
    assert answer["expired"] == []
    assert [one["imageDigest"] for one in answer["transitioned"]] == [OLD]
    assert [one["storageClass"] for one in answer["repositories"][0]["images"]] == ["archive", "standard"]


def test_a_pulled_image_counts_from_its_pull() -> None:
    rule = {
        "rulePriority": 1,
        "selection": {"tagStatus": "any", "countType": "sinceImagePulled", "countUnit": "days", "countNumber": 1},
        "action": {"type": "transition", "targetStorageClass": "archive"},
    }
    web = [{"repositoryName": "web", "lifecyclePolicy": {"rules": [rule]}}]
    wait = {"do": "wait", "hours": 23}
    idle = [LOGIN, push(), wait, LOGIN, {"do": "wait", "hours": 26}]
    assert len(ask(*idle, repositories=web)["transitioned"]) == 1
    pulled = [LOGIN, push(), wait, LOGIN, pull(), {"do": "wait", "hours": 26}]
    assert ask(*pulled, repositories=web)["transitioned"] == []


def test_a_policy_that_ecr_refuses_leaves_the_old_one() -> None:
    bad = {**PUT_POLICY, "lifecyclePolicy": {"rules": []}}
    code, message, cure = told(PUT_POLICY, bad)
    assert code == "InvalidParameterException"
    assert message == (
        "InvalidParameterException: lifecyclePolicy.rules is empty; a lifecycle policy has at least one rule."
    )
    assert cure == "Mend the policy there; until then the repository keeps the one that it has."
    answer = ask(LOGIN, push("latest"), push("latest", "base", "app2"), PUT_POLICY, bad, {"do": "wait", "hours": 48})
    assert len(answer["expired"]) == 1


def test_access() -> None:
    def statement(action: str, allow: bool = True, **other: Any) -> Statement:
        return Statement(allow=allow, actions=(action,), **other)

    def access(own: list[Statement], theirs: list[Statement], owner: str = "1", action: str = "ecr:PutImage", **k: Any):
        identity = Identity(name="ci", account="1", statements=tuple(own))
        return decide(identity, action, resource="arn:r", owner=owner, repository=theirs, **k)

    mine, any_one = statement("ecr:put*"), statement("ecr:PutImage", principals=("*",))
    denies = statement("*", False, principals=("ci",))
    assert access([mine], []) == (True, "the identity policy allows it")
    assert access([], [any_one]) == (
        True,
        "the repository policy allows it, and in one account either policy is enough",
    )
    assert access([], []) == (False, "no policy allows it")
    assert access([mine], [denies]) == (False, "the repository policy denies it, and a Deny wins over every Allow")
    assert access([mine, statement("ecr:*", False)], [any_one]) == (
        False,
        "the identity policy denies it, and a Deny wins over every Allow",
    )
    assert access([mine], [any_one], "2") == (
        True,
        "both accounts allow it: the identity policy and the repository policy",
    )
    both = "across accounts both policies have to allow it, and "
    assert access([mine], [], "2") == (False, both + "the repository policy does not")
    assert access([], [any_one], "2") == (False, both + "the identity policy does not")
    assert access([], [], "2") == (False, both + "the identity policy and the repository policy does not")
    for own, theirs in (([mine], []), ([], [any_one])):
        believed = replace(RULES, cross_account=CrossAccount.EITHER)
        assert access(own, theirs, "2", rules=believed) == (True, "one of the two policies allows it")
    assert access([], [], "2", rules=replace(RULES, cross_account=CrossAccount.EITHER)).allowed is False
    token = "ecr:GetAuthorizationToken"
    assert access([], [statement("*", principals=("*",))], "", token) == (False, "no identity policy allows it")
    scoped = Statement(allow=True, actions=("*",), resources=("arn:*",))
    identity = Identity(name="ci", account="1", statements=(scoped,))
    assert decide(identity, token).allowed is False  # it is for Resource "*" only
    assert decide(identity, "ecr:PutImage", resource="arn:r", owner="1").allowed is True
    for principal, named in (("ci", True), ("1", True), ("arn:aws:iam::1:role/ci", True), ("*", True), ("cd", False)):
        assert access([], [statement("*", principals=(principal,))]).allowed is named


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (3, "p must be a list, not 3."),
        ([3], "p[0] must be an object with named fields, not 3."),
        ([{"Effect": "allow"}], 'p[0].Effect must be Allow or Deny, not "allow".'),
        ([{"Effect": "Allow"}], "p[0].Action is missing."),
        ([{"Effect": "Allow", "Action": []}], "p[0].Action is empty."),
        ([{"Effect": "Allow", "Action": [1]}], "p[0].Action[0] must be text, not 1."),
        ([{"Effect": "Allow", "Action": "*", "Principal": "*"}], "There is no field “p[0].Principal”"),
    ],
)
def test_what_is_no_statement(value: Any, told: str) -> None:
    with pytest.raises(InputError) as error:
        read_statements(value, "p", of_repository=False)
    assert str(error.value).startswith(told)
    with pytest.raises(InputError, match=r"p\[0\].Principal is missing"):
        read_statements([{"Effect": "Allow", "Action": "*"}], "p", of_repository=True)


def test_references() -> None:
    assert read_reference(f"{HOST}/team/web:v1", "i") == Reference(HOST, "team/web", "v1", "")
    assert read_reference(f"{HOST}/web", "i").full == f"{HOST}/web:latest"
    assert read_reference(f"{HOST}/web@sha256:0", "i") == Reference(HOST, "web", "", "sha256:0")
    assert registry_of(HOST) == ("111122223333", "us-east-1")
    assert registry_of("111122223333.dkr.ecr.us-gov-west-1.amazonaws.com") == ("111122223333", "us-gov-west-1")
    for host in ("1.dkr.ecr.us-east-1.amazonaws.com", HOST + ".x", "111122223333.dkr.ecr.us-east.amazonaws.com"):
        assert registry_of(host) is None


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("web:v1", 'i is "web:v1", without a registry\'s host; write <account>.dkr.ecr.<region>.amazonaws.com/'),
        ("library/web", 'i is "library/web", without a registry\'s host;'),
        (
            f"{HOST}/Web",
            'i names the repository "Web"; a name has 2 to 256 lower-case letters and digits, with . _ - or /',
        ),
        (f"{HOST}/w", 'i names the repository "w";'),
        (f"{HOST}/{'w' * 257}", "i names the repository "),
        (f"{HOST}/web:", 'i has the tag "", which no tag can be.'),
        (f"{HOST}/web:-a", 'i has the tag "-a", which no tag can be.'),
        (f"{HOST}/web@md5:0", 'i has "md5:0" after @, and a digest begins with sha256:.'),
        (7, "i must be text, not 7."),
    ],
)
def test_what_is_no_reference(value: Any, told: str) -> None:
    with pytest.raises(InputError) as error:
        read_reference(value, "i")
    assert str(error.value).startswith(told)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "Give lifecyclePolicy and images to ask about a lifecycle policy, or commands to run some."),
    ({"commands": 3}, "commands must be a list, not 3."),
    ({"commands": [LOGIN] * 101}, "commands has 101 entries, and at most 100 are taken."),
    ({"commands": [], "command": 1}, "There is no field “command”; did you mean “commands”?"),
    ({"commands": [{}]}, "commands[0].do must be login, build, tag, push, pull, put-image, delete, restore, "),
    (
        {"commands": [{"do": "login", "image": "x"}]},
        "There is no field “commands[0].image”; the fields are as, do, host,",
    ),
    ({"commands": [{"do": "push"}]}, "commands[0].image is missing; push needs it."),
    ({"commands": [{"do": "login", "as": "me"}]}, 'commands[0].as must be dev, not "me".'),
    ({"commands": [{"do": "wait", "hours": 0}]}, "commands[0].hours must be a whole number from 1 to 9600, not 0."),
    ({"commands": [{"do": "wait", "hours": 9600}, {"do": "wait", "hours": 1}]}, "commands wait 9601 hours in all, and"),
    ({"commands": [pull("web", digestOf=1)]}, "commands[0].digestOf is 1, and this is command 1; name an earlier one."),
    (
        {"commands": [LOGIN, pull("web@sha256:0", digestOf=1)]},
        "commands[1] has a digest in image and digestOf; keep one of them.",
    ),
    ({"commands": [push("v1", "a", "a")]}, "commands[0].layers is naming a layer twice; list each layer of the image"),
    ({"commands": [{**push(), "layers": []}]}, "commands[0].layers is empty; list each layer of the image once,"),
    (
        {"commands": [{"do": "put-image", "repositoryName": "web", "imageTag": "x"}]},
        "commands[0] needs exactly one of of and digestOf.",
    ),
    (
        {"commands": [{"do": "delete", "repositoryName": "web"}]},
        "commands[0] needs exactly one of imageTag, imageDigest and digestOf.",
    ),
    (
        {"commands": [{"do": "delete", "repositoryName": "web", "imageTag": "a", "imageDigest": "b"}]},
        "commands[0] needs exactly one of imageTag, imageDigest and digestOf.",
    ),
    (
        {
            "commands": [
                {"do": "create-repository", "repositoryName": "web", "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION"}
            ]
        },
        "commands[0] has imageTagMutability IMMUTABLE_WITH_EXCLUSION, which needs at least one filter in",
    ),
    (
        {
            "commands": [
                {"do": "create-repository", "repositoryName": "web", "imageTagMutabilityExclusionFilters": ["a"]}
            ]
        },
        "commands[0] has imageTagMutability MUTABLE, which takes no filters in imageTagMutabilityExclusionFilters.",
    ),
    (
        {"commands": [], "repositories": [{"repositoryName": "web", "imageTagMutabilityExclusionFilters": ["a"] * 6}]},
        "repositories[0].imageTagMutabilityExclusionFilters has 6 entries, and at most 5 are taken.",
    ),
    ({"commands": [deploy(tasks=11)]}, "commands[0].tasks must be a whole number from 1 to 10, not 11."),
    ({"commands": [], "account": "1"}, "account must be an account number of 12 digits, as text."),
    ({"commands": [], "region": "east"}, 'region must be a Region such as us-east-1, not "east".'),
    ({"commands": [], "layers": {"a": 52_001}}, "layers.a must be a whole number from 1 to 52000, not 52001."),
    ({"commands": [], "repositories": WEB * 2}, f"repositories[1] is {HOST}/web, which is listed already."),
    ({"commands": [], "repositories": WEB * 11}, "repositories has 11 entries, and at most 10 are taken."),
    (
        {"commands": [], "identities": {f"i{i}": {} for i in range(11)}},
        "identities has 11 names, and at most 10 are taken.",
    ),
    (
        {"commands": [], "identities": {"ci": {"endpoints": ["ec2"]}}},
        'identities.ci.endpoints[0] must be ecr.api, ecr.dkr or s3, not "ec2".',
    ),
    ({"commands": [], "changes": [{}]}, "changes[0].at is missing; it says before which event the change acts."),
    ({"commands": [], "changes": [{"at": 0, "as": "me"}]}, 'changes[0].as must be dev, not "me".'),
    ({"commands": [], "changes": [{"at": 0, "command": {"do": "x"}}]}, "changes[0].command.do must be login, build,"),
    ({"commands": [], "changes": [{"at": 0, "command": LOGIN, "as": "dev"}]}, "There is no field “changes[0].as”;"),
]


@pytest.mark.parametrize(("document", "told"), REFUSED)
def test_what_is_no_scenario(document: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as error:
        registry_answer(document)
    assert str(error.value).startswith(told)


def test_two_hundred_images_are_played() -> None:
    seeded = [{"imageDigest": f"d{i}", "imagePushedAt": 0} for i in range(101)]
    two = [{"repositoryName": "web", "images": seeded[:100]}, {"repositoryName": "shop", "images": seeded[:100]}]
    assert ask(repositories=two)["results"] == []
    two[1]["images"] = seeded
    with pytest.raises(InputError, match="repositories have 201 images, and at most 200 are played"):
        ask(repositories=two)


def test_rules_are_written_as_what_differs() -> None:
    assert rules_to_dict(RULES) == {}
    changed = {"tag_removed": "any_tag", "login_hours": 13, "layers_are_shared": False}
    assert rules_to_dict(rules_from_dict(changed)) == changed
    with pytest.raises(InputError, match="There is no registry rule “list_mean”; did you mean “list_means”"):
        rules_from_dict({"list_mean": "any"})
    with pytest.raises(InputError, match=r"rules\.login_hours must be a whole number from 1 to 100000, not 0"):
        rules_from_dict({"login_hours": 0})


def test_layers_need_not_be_shared() -> None:
    believed = replace(RULES, layers_are_shared=False)
    assert ask(LOGIN, push(), push("v2"), rules=believed)["results"][2]["uploaded"] == ["base", "app"]


def test_every_command_is_tried_here() -> None:
    assert set(COMMANDS) == {
        "login", "build", "tag", "push", "pull", "put-image", "delete", "restore", "create-repository",
        "put-lifecycle-policy", "deploy", "replace-task", "wait",
    }  # fmt: skip


# The run as a trace


def test_the_steps_and_their_reasons() -> None:
    trace = simulate({"layers": SIZES, "repositories": WEB, "commands": MOVED})
    said = [(event.kind.value, traces.explain(trace, k)) for k, event in enumerate(trace.events)]
    assert [(kind, why.sentence) for kind, why in said] == [
        ("logged-in", f"Docker on the machine of dev has a token for {HOST}."),
        ("built", f"{HOST}/web:latest is built on the machine of dev: base, app."),
        ("checked", "web has none of the layers; to be uploaded: base, app."),
        ("uploaded", "The layer base is uploaded to web."),
        ("uploaded", "The layer app is uploaded to web."),
        ("put", f"web:latest is {OLD[:19]}."),
        ("token", "The agent gets a token with the permissions of dev, for this pull."),
        ("fetched", f"The manifest of {HOST}/web:latest is that of {OLD[:19]}."),
        ("downloaded", "From S3, by pre-signed URLs: base, app."),
        ("deployed", f"shop resolves {HOST}/web:latest to {OLD[:19]} when it is deployed."),
        ("task-started", f"Task 1 of shop runs {OLD[:19]}."),
        ("token", "The agent gets a token with the permissions of dev, for this pull."),
        ("fetched", f"The manifest of {HOST}/web@{OLD} is that of {OLD[:19]}."),
        ("downloaded", "From S3, by pre-signed URLs: base, app."),
        ("task-started", f"Task 2 of shop runs {OLD[:19]}."),
        ("built", f"{HOST}/web:latest is built on the machine of dev: base, app2."),
        ("checked", "web has base already; to be uploaded: app2."),
        ("uploaded", "The layer app2 is uploaded to web."),
        ("put", f"web:latest is {NEW[:19]}. The tag was on {OLD[:19]}, which is untagged now."),
        ("task-stopped", f"Task 1 of shop is lost; it ran {OLD[:19]}."),
        ("token", "The agent gets a token with the permissions of dev, for this pull."),
        ("fetched", f"The manifest of {HOST}/web@{OLD} is that of {OLD[:19]}."),
        ("downloaded", "From S3, by pre-signed URLs: base, app."),
        ("task-started", f"Task 3 of shop runs {OLD[:19]}."),
    ]
    assert said[3][1].calls == ("ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload")
    assert said[8][1].calls == ("ecr:GetDownloadUrlForLayer",) * 2
    assert said[5][1].access == "dev may: the identity policy allows it."
    assert (said[1][1].calls, said[1][1].access) == ((), "")


def test_more_steps_and_their_reasons() -> None:
    commands = [
        {"do": "create-repository", "repositoryName": "shop"},
        LOGIN,
        push(),
        push("v2"),
        pull(),
        {"do": "tag", "image": f"{HOST}/web:v1", "target": f"{HOST}/web:v3"},
        {"do": "delete", "repositoryName": "web", "imageTag": "v1"},
        {"do": "delete", "repositoryName": "web", "imageTag": "v2"},
        push(),
        {"do": "delete", "repositoryName": "web", "digestOf": 9},
        PUT_POLICY,
        {"do": "wait", "hours": 2},
        deploy(versionConsistency="disabled"),
    ]
    trace = simulate({"layers": SIZES, "repositories": WEB, "commands": commands})
    said = [traces.explain(trace, k).sentence for k in range(len(trace))]
    for sentence in (
        "The repository shop is created; its tags are MUTABLE.",
        "web has every layer already; nothing is uploaded.",
        "Every layer is here already; nothing is downloaded.",
        f"{HOST}/web:v1 is also named {HOST}/web:v3, on the machine of dev alone.",
        f"The tag v1 is taken off; the image web@{OLD[:19]} stays.",
        f"The tag v2 is taken off, and the image web@{OLD[:19]} is deleted with it.",
        f"The image web@{OLD[:19]} is deleted with all its tags.",
        "web has this lifecycle policy from now on.",
        "2 hours pass.",
        f"CannotPullContainerError: {HOST}/web:latest: not found.",
    ):
        assert sentence in said


def test_a_rule_is_explained_by_what_it_found() -> None:
    trace = simulate(PRESETS[0].scenario)
    assert [(event.kind, event.rule, event.digests) for event in trace.events] == [
        (Kind.APPLIED, 1, ("sha256:a",)),
        (Kind.APPLIED, 2, ()),
    ]
    assert traces.explain(trace, 0).sentence == (
        "Rule 1 selects images with a tag beginning with prod, 2 of 3, marks 1 and expires 1."
    )
    assert traces.explain(trace, 0).details == (
        "sha256:a: Rule 1 expires it: it is number 2 of 2, newest first, and only the newest is kept.",
    )
    # The second rule is explained by the images before the first was applied.
    assert traces.explain(trace, 1).sentence == (
        "Rule 2 selects images with a tag beginning with beta, 3 of 3, marks 2 and expires 0."
    )
    last = traces.state_at(trace, 2)
    assert [image.digest for image in last.repositories[0].images] == ["sha256:b", "sha256:c"]
    archived = simulate(PRESETS[4].scenario)
    assert traces.explain(archived, 0).sentence.endswith("marks 1 and archives 1.")
    assert archived.events[0].at == traces.state_at(archived, 0).now


def test_a_document_without_now_is_played_at_its_last_push() -> None:
    document = {key: value for key, value in PRESETS[0].scenario.items() if key != "now"}
    assert traces.state_at(simulate(document), 0).now == 1_771_632_000_000_000
    empty = simulate({**document, "images": []})
    assert traces.state_at(empty, 0).now == 0


@pytest.mark.parametrize("preset", PRESETS, ids=[one.id for one in PRESETS])
def test_a_run_is_json_and_back(preset: Any) -> None:
    trace = simulate(preset.scenario)
    text = traces.to_json(trace)
    assert traces.to_json(simulate(preset.scenario)) == text
    assert traces.from_json(text, MECHANISM).events == trace.events
    for k in range(len(trace)):
        assert traces.state_at(trace, k + 1).last == trace.events[k]
        assert traces.explain(trace, k).sentence.endswith(".")


def test_a_fork_keeps_what_was_before() -> None:
    trace = simulate({"repositories": WEB, "commands": [LOGIN, push(), push("v2", "base", "app2")]})
    wait = traces.fork(trace, 6, {"command": {"do": "wait", "hours": 13}})
    assert wait.events[:6] == trace.events[:6]
    assert [event.kind for event in wait.events[6:]] == [Kind.WAITED, Kind.BUILT, Kind.REFUSED]
    assert wait.events[6].command == 4
    assert wait.events[8].code == "TOKEN_EXPIRED"
    denied = traces.fork(trace, 2, {"as": "dev", "policy": denying("PutImage")})
    kinds = [event.kind for event in denied.events]
    # It acts when the command in progress is done.
    assert kinds[:6] == [event.kind for event in trace.events[:6]]
    assert kinds[6:] == [Kind.CHANGED, Kind.BUILT, Kind.CHECKED, Kind.UPLOADED, Kind.REFUSED]
    assert traces.explain(denied, 6).sentence == "dev has another policy from now on."
    late = traces.fork(trace, 10_000, {"command": LOGIN})
    assert late.events[: len(trace)] == trace.events
    assert late.events[-1].kind is Kind.LOGGED_IN
    numbered = registry_answer(dict(wait.scenario))
    assert [(one["command"], one["do"]) for one in numbered["results"]] == [
        (1, "login"),
        (2, "push"),
        (4, "wait"),
        (3, "push"),
    ]


COMMANDS_DRAWN = st.sampled_from(
    [
        LOGIN,
        push("v1"),
        push("v1", "base", "app2"),
        push("latest"),
        push("latest", "base", "app2"),
        pull("web:latest"),
        {"do": "delete", "repositoryName": "web", "imageTag": "v1"},
        {"do": "delete", "repositoryName": "web", "imageTag": "latest"},
        {"do": "put-image", "repositoryName": "web", "imageTag": "stable", "of": "v1"},
        PUT_POLICY,
        deploy(),
        REPLACE,
        {"do": "wait", "hours": 7},
        {"do": "wait", "hours": 40},
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(COMMANDS_DRAWN, max_size=12), st.integers(0, 40), COMMANDS_DRAWN)
def test_what_always_holds(commands: list[dict[str, Any]], at: int, change: dict[str, Any]) -> None:
    scenario = {"repositories": WEB, "commands": [LOGIN, *commands]}
    trace = simulate(scenario)
    times = [event.at for event in trace.events]
    assert times == sorted(times)
    for k in range(len(trace) + 1):
        state = traces.state_at(trace, k)
        (repository,) = state.repositories
        tags = [tag for image in repository.images for tag in image.tags]
        assert len(tags) == len(set(tags))
        digests = [image.digest for image in repository.images]
        assert len(digests) == len(set(digests))
        held = {layer for image in repository.images for layer in image.layers}
        assert held <= set(repository.layers)
    forked = traces.fork(trace, at, {"command": change})
    assert forked.events[: min(at, len(trace))] == trace.events[: min(at, len(trace))]
    answer = registry_answer(scenario)
    assert [one["command"] for one in answer["results"]] == list(range(1, len(commands) + 2))
    assert json.dumps(registry_answer(scenario)) == json.dumps(answer)


def test_events_leave_out_what_is_empty() -> None:
    event = Event(at=DAY, kind=Kind.UPLOADED, layers=("a",))
    document = MECHANISM.event_to_dict(event)
    assert document == {"at": DAY, "kind": "uploaded", "layers": ["a"]}
    assert MECHANISM.event_from_dict(document) == event
