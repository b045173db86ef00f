"""Login, push, pull, and what follows: each call, each refusal, each belief."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from simulator import trace as traces
from simulator.registry import simulate
from simulator.registry.commands import is_immutable
from simulator.registry.rules import (
    RULES,
    MovedTag,
    Mutability,
    TagRemoved,
    TasksPull,
)
from simulator.registry.state import layer_digest, manifest_digest
from tests.simulator.registry.asking import (
    HOST,
    LOGIN,
    MOVED,
    NEW,
    OLD,
    POLICY,
    PUT_POLICY,
    REPLACE,
    SIZES,
    WEB,
    ask,
    denying,
    deploy,
    images,
    pull,
    push,
    results,
    told,
)


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
    assert layer_digest("base") == "sha256:cae662172fd450bb0cd710a769079c05bfc5d8e35efa6576edc7d0377afdd4a2"
    assert OLD == "sha256:05460c44413151ddf0fa9e80acc33bb4e2362fbd4000270f7e6df6f80a90a8ea"
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
        "Create the repository first, or a repository creation template for pushes; the prefix team is for team/web.",
    )
    assert told(LOGIN, pull("shop:v1"))[0] == "RepositoryNotFoundException"
    created = {"do": "create-repository", "repositoryName": "web"}
    found = results(created, LOGIN, push(), repositories=[])
    assert found[0]["calls"] == [{"action": "ecr:CreateRepository", "times": 1}]
    assert found[0]["message"] == "The repository is there, and empty."
    assert found[2]["ok"] is True
    assert told(created)[:2] == ("RepositoryAlreadyExistsException", "The repository web exists already.")


def test_a_template_creates_on_push() -> None:
    for templates, name, ok in (
        (["team"], "team/web", True),
        (["team/"], "team/web", True),
        (["te"], "team/web", False),
        (["web"], "web", False),
        (["ROOT"], "web", True),
        ([], "web", False),
    ):
        found = ask(LOGIN, push(repository=name), repositories=[], creationTemplates=templates)
        assert found["results"][1]["ok"] is ok
        if ok:
            assert found["results"][1]["calls"][0] == {"action": "ecr:CreateRepository", "times": 1}
            assert found["repositories"][0]["imageTagMutability"] == "MUTABLE"
    named = {
        "repositories": [],
        "creationTemplates": ["ROOT"],
        "identities": {"ci": {"policy": denying("CreateRepository")}},
    }
    code, message, _ = told({**LOGIN, "as": "ci"}, push(**{"as": "ci"}), **named)
    assert code == "ACCESS_DENIED"
    assert "ecr:CreateRepository" in message
    believed = ask(LOGIN, push(), repositories=[], rules=replace(RULES, push_creates_repository=True))
    assert believed["results"][1]["ok"] is True


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
        "Push under a new tag, or let the repository's imageTagMutability allow this one to move.",
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
        (
            "CannotPullContainerError: no such host: 111122223333.dkr.ecr.region.amazonaws.com is the address of no "
            "registry."
        ),
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
                "changes": [{"at": 11, "as": "role", "policy": denying("GetAuthorizationToken")}],
            }
        )
        assert traces.explain(later, len(later) - 1).sentence.startswith(start)


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
    two = {"do": "wait", "hours": 2}
    idle = [LOGIN, push(), wait, two, LOGIN, wait]
    assert len(ask(*idle, repositories=web)["transitioned"]) == 1
    pulled = [LOGIN, push(), wait, two, LOGIN, pull(), wait]
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


def test_layers_need_not_be_shared() -> None:
    believed = replace(RULES, layers_are_shared=False)
    assert ask(LOGIN, push(), push("v2"), rules=believed)["results"][2]["uploaded"] == ["base", "app"]
