"""What is read: policies, references, scenarios, rules; and who may call what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from simulator.errors import InputError
from simulator.registry.access import Identity, Statement, decide, read_statements
from simulator.registry.commands import COMMANDS
from simulator.registry.reference import Reference, read_reference, registry_of
from simulator.registry.rules import (
    RULES,
    CrossAccount,
    rules_from_dict,
    rules_to_dict,
)
from simulator.registry.subjects import registry_answer
from tests.simulator.registry.asking import (
    HOST,
    LOGIN,
    WEB,
    ask,
    deploy,
    pull,
    push,
)


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
        (
            "public.ecr.aws/nginx/nginx:1",
            'i has the host "public.ecr.aws", and only private registries are played: <account>.dkr.ecr.<region>',
        ),
        ("library/web", 'i is "library/web", without a registry\'s host;'),
        (
            f"{HOST}/Web",
            'i names the repository "Web"; a name has 2 to 256 lower-case letters and digits',
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


CREATE = {"do": "create-repository", "repositoryName": "web"}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "Give lifecyclePolicy and images to ask about a lifecycle policy, or commands to run some."),
    ({"commands": 3}, "commands must be a list, not 3."),
    ({"commands": [LOGIN] * 101}, "commands has 101 entries, and at most 100 are taken."),
    ({"commands": [], "command": 1}, "There is no field “command”; did you mean “commands”?"),
    ({"commands": [{}]}, "commands[0].do must be login, build, tag, push, pull, put-image, delete, restore, "),
    (
        {"commands": [{"do": "login", "image": "x"}]},
        "There is no field “commands[0].image”; the fields are as, do,",
    ),
    (
        {"commands": [{"do": "login", "host": "docker.io"}]},
        'commands[0].host has the host "docker.io", and only private',
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


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        ("build", ("image", "layers")),
        ("tag", ("image", "target")),
        ("push", ("image",)),
        ("pull", ("image",)),
        ("put-image", ("repositoryName", "imageTag")),
        ("delete", ("repositoryName",)),
        ("restore", ("repositoryName", "imageTag")),
        ("create-repository", ("repositoryName",)),
        ("put-lifecycle-policy", ("repositoryName", "lifecyclePolicy")),
        ("deploy", ("service", "image")),
        ("replace-task", ("service",)),
        ("wait", ("hours",)),
    ],
)
def test_what_a_command_needs(do: str, fields: tuple[str, ...]) -> None:
    whole: dict[str, Any] = {
        "image": f"{HOST}/web:v1",
        "target": f"{HOST}/web:v2",
        "layers": ["base"],
        "repositoryName": "web",
        "imageTag": "v1",
        "lifecyclePolicy": {},
        "service": "shop",
        "hours": 1,
    }
    for missing in fields:
        command = {"do": do, **{field: whole[field] for field in fields if field != missing}}
        with pytest.raises(InputError) as error:
            registry_answer({"commands": [command]})
        assert str(error.value) == f"commands[0].{missing} is missing; {do} needs it."


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


def test_every_command_is_tried_here() -> None:
    assert set(COMMANDS) == {
        "login", "build", "tag", "push", "pull", "put-image", "delete", "restore", "create-repository",
        "put-lifecycle-policy", "deploy", "replace-task", "wait",
    }  # fmt: skip
