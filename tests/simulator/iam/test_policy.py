"""Policies: what is read, what is refused, and how a request is decided."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import InputError
from simulator.iam.evaluate import Request, Verdict, evaluate
from simulator.iam.managed import POLICIES, managed
from simulator.iam.policy import Condition, Effect, Statement, read_policies, read_policy, trust_in
from simulator.iam.rules import RULES, IamRules
from simulator.iam.subjects import policy_answer
from simulator.subjects import answer

GET = {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}


WORDED: dict[str, list[str]] = json.loads((Path(__file__).parent / "policies.json").read_text(encoding="utf-8"))


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: Any = "s3:GetObject", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "s3:GetObject", resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def ask(*policies: Any, request: dict[str, Any] = GET, rules: IamRules = RULES) -> dict[str, Any]:
    return policy_answer({"policies": list(policies), "request": request}, rules)


def test_an_answer_whole() -> None:
    assert ask(policy(allow(Sid="Read"), deny("s3:Put*", Sid="NoWrite"))) == {
        "decision": "Allow",
        "statement": "policies[0].Statement[0]",
        "sid": "Read",
        "why": "policies[0].Statement[0] allows s3:GetObject on arn:aws:s3:::b/k, and nothing denies it.",
        "fix": None,
        "considered": [
            {
                "statement": "policies[0].Statement[0]",
                "effect": "Allow",
                "applies": True,
                "because": "It allows s3:GetObject.",
            },
            {
                "statement": "policies[0].Statement[1]",
                "effect": "Deny",
                "applies": False,
                "because": "Action names s3:Put*, not s3:GetObject.",
            },
        ],
    }


def test_silence_denies_and_says_what_would_cure_it() -> None:
    found = ask(policy(allow("s3:PutObject")))
    assert (found["decision"], found["statement"], found["sid"]) == ("ImplicitDeny", None, None)
    assert found["why"] == ("No statement allows s3:GetObject on arn:aws:s3:::b/k, and what nothing allows is denied.")
    assert found["fix"] == "Allow s3:GetObject on arn:aws:s3:::b/k."


def test_a_deny_beats_every_allow_wherever_it_stands() -> None:
    for policies in ([policy(allow(), deny())], [policy(deny(), allow())], [policy(allow()), policy(deny())]):
        found = ask(*policies)
        assert found["decision"] == "ExplicitDeny"
        assert found["why"].endswith(" An explicit Deny beats every Allow, wherever it stands.")
        assert found["fix"].endswith(" out, or narrow it; a further Allow changes nothing.")
    alone = ask(policy(deny()))
    assert alone["why"] == "policies[0].Statement[0] denies s3:GetObject on arn:aws:s3:::b/k."
    assert ask(policy(deny(), deny()))["fix"].startswith("Take policies[0].Statement[0], policies[0].Statement[1] out")


def test_beliefs_change_decisions() -> None:
    both = policy(allow(), deny())
    assert ask(both, rules=IamRules(deny_wins=False))["decision"] == "Allow"
    assert ask(policy(deny()), rules=IamRules(deny_wins=False))["decision"] == "ExplicitDeny"
    silent = ask(policy(allow("s3:PutObject")), rules=IamRules(silence_allows=True))
    assert (silent["decision"], silent["statement"]) == ("Allow", None)
    assert silent["why"] == "No statement speaks of s3:GetObject on arn:aws:s3:::b/k."
    bucket = policy(allow(resource="arn:aws:s3:::b"))
    assert ask(bucket)["decision"] == "ImplicitDeny"
    assert ask(bucket, rules=IamRules(arn_covers_below=True))["decision"] == "Allow"
    wants = policy(allow(Condition={"StringEquals": {"k": "v"}}))
    assert ask(wants)["decision"] == "ImplicitDeny"
    assert ask(wants, rules=IamRules(missing_key_passes=True))["decision"] == "Allow"


@pytest.mark.parametrize(
    ("statement", "request_", "because"),
    [
        (allow(["s3:A", "s3:B", "s3:C"]), GET, "Action names s3:A, s3:B and 1 more, not s3:GetObject."),
        (allow(["s3:A", "s3:B"]), GET, "Action names s3:A or s3:B, not s3:GetObject."),
        (
            allow(resource="arn:aws:s3:::b"),
            GET,
            "Resource names arn:aws:s3:::b, which does not cover arn:aws:s3:::b/k.",
        ),
        (
            allow(Condition={"StringEquals": {"aws:SourceAccount": "1"}}),
            {**GET, "context": {"aws:sourceaccount": "2"}},
            "StringEquals wants aws:SourceAccount to be 1, and the request has 2.",
        ),
        (
            allow(Condition={"StringLike": {"k": ["a*", "b"]}}),
            GET,
            "StringLike wants k to be a* or b, and the request does not say it.",
        ),
        (
            {"Effect": "Allow", "Action": "s3:*", "Principal": {"Service": "ec2.amazonaws.com"}},
            GET,
            "Principal names ec2.amazonaws.com, not whoever holds the policy.",
        ),
    ],
)
def test_a_statement_says_why_it_does_not_apply(
    statement: dict[str, Any], request_: dict[str, Any], because: str
) -> None:
    found = ask(policy(statement), request=request_)
    assert found["considered"][0] == {
        "statement": "policies[0].Statement[0]",
        "effect": "Allow",
        "applies": False,
        "because": because,
    }


@pytest.mark.parametrize(
    ("operator", "value", "given_", "met"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "a*", "ab", False),
        ("StringEquals", "a", "A", False),
        ("StringLike", "a*", "ab", True),
        ("StringLike", "a*", "Ab", False),
        ("ArnLike", "arn:aws:ecs:*:1:*", "arn:aws:ecs:r:1:task/x", True),
        ("ArnLike", "arn:*", "arn:aws:ecs:r:1:task/x", False),
        ("ArnEquals", "arn:aws:ecs:*:1:*", "arn:aws:ecs:r:1:task/x", True),
    ],
)
def test_operators(operator: str, value: str, given_: str, met: bool) -> None:
    wanted = policy(allow(Condition={operator: {"Some:Key": value}}))
    found = ask(wanted, request={**GET, "context": {"some:KEY": given_}})
    assert found["decision"] == ("Allow" if met else "ImplicitDeny")


def test_every_condition_has_to_be_met() -> None:
    both = policy(allow(Condition={"StringEquals": {"a": "1", "b": "2"}, "StringLike": {"c": "x*"}}))
    context = {"a": "1", "b": "2", "c": "xy"}
    assert ask(both, request={**GET, "context": context})["decision"] == "Allow"
    for name in context:
        assert ask(both, request={**GET, "context": {**context, name: "0"}})["decision"] == "ImplicitDeny"


def test_trust_and_everyone() -> None:
    request = {"action": "sts:AssumeRole", "principal": "ecs-tasks.amazonaws.com"}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": ["ec2.amazonaws.com"]}}
    assert ask(policy(trust), request=request)["decision"] == "ImplicitDeny"
    assert ask(policy({**trust, "Principal": "*"}), request=request)["decision"] == "Allow"
    found = ask(policy(), request=request)
    assert found["fix"] == "Let a statement whose Principal names ecs-tasks.amazonaws.com allow sts:AssumeRole."
    assert found["why"].startswith("No statement allows sts:AssumeRole on * to ecs-tasks.amazonaws.com,")
    service = {**request, "principal": {"Service": "ec2.amazonaws.com"}}
    assert ask(policy(trust), request=service)["decision"] == "Allow"


def test_a_single_statement_needs_no_list() -> None:
    (one,) = read_policy({"Statement": allow(Sid="x")}, "p")
    assert one == Statement(
        where="p.Statement[0]", effect=Effect.ALLOW, actions=("s3:GetObject",), resources=("*",), sid="x"
    )
    (two,) = read_policy(policy(allow(Condition={"StringEquals": {"k": ["a", "b"]}})), "p")
    assert two.conditions == (Condition(operator="StringEquals", key="k", values=("a", "b")),)
    assert two.patterns == 4
    assert trust_in(["a", "b"], "t")[0].patterns == 3


BAD = [
    ({}, "There is no policies; give policies and a request."),
    ({"policies": []}, "There is no request; give policies and a request."),
    ({"policies": [], "request": {}}, "request.action must be text, not null."),
    ({"policies": [], "request": {"action": "s3:*"}}, 'request.action is "s3:*"; a request has one action.'),
    ({"policies": [], "request": {"action": "s3:G?t"}}, 'request.action is "s3:G?t"; a request has one action.'),
    (
        {"policies": [], "request": {"action": "GetObject"}},
        'request.action is "GetObject"; an action has a service and a name, such as s3:GetObject.',
    ),
    (
        {"policies": [], "request": {"action": "s3:A", "resource": "b"}},
        'request.resource is "b"; a resource is an ARN, or *.',
    ),
    (
        {"policies": [], "request": {"action": "s3:A", "context": {"a": "1", "A": "2"}}},
        "request.context.A is there already in other letters; keep one.",
    ),
    (
        {"policies": [], "request": {"action": "s3:A", "context": {str(k): "v" for k in range(51)}}},
        "request.context has 51 keys, and at most 50 are taken.",
    ),
    (
        {"policies": [], "request": {"action": "s3:A", "principal": "ecs"}},
        'request.principal is "ecs"; a service is written such as ecs-tasks.amazonaws.com.',
    ),
    (
        {"policies": [], "request": {"action": "s3:A", "principal": {"AWS": "x"}}},
        "There is no field “request.principal.AWS”; the fields are Service.",
    ),
]
BAD_POLICIES = [
    (1, "policies[0] must be an object with named fields, not 1."),
    ({}, "policies[0] has no Statement; give a list of statements."),
    ({"Version": "2020-01-01", "Statement": []}, "policies[0].Version must be 2012-10-17 or 2008-10-17"),
    ({"Statment": []}, "There is no field “policies[0].Statment”; did you mean “Statement”?"),
    (policy({"Action": "s3:A", "Resource": "*"}), "policies[0].Statement[0] has no Effect; each statement needs one."),
    (policy({"Effect": "Allow", "Resource": "*"}), "policies[0].Statement[0] has no Action; each statement needs one."),
    (
        policy({"Effect": "Allow", "Action": "s3:A"}),
        "has neither Resource nor Principal; give Resource, or Principal if it is a trust policy.",
    ),
    (policy(allow(Effect="allow")), "policies[0].Statement[0].Effect must be Allow or Deny"),
    (policy(allow([])), "policies[0].Statement[0].Action is an empty list; give at least one entry."),
    (policy(allow(["s3:A", 1])), "policies[0].Statement[0].Action[1] must be text, not 1."),
    (policy(allow("s3: A")), "an action has a service and a name"),
    (policy(allow(":A")), "an action has a service and a name"),
    (policy(allow("s3:")), "an action has a service and a name"),
    (policy(allow(NotAction="s3:A")), "has NotAction, which this evaluator does not cover; say it with Action."),
    (policy(allow(NotResource="*")), "has NotResource, which this evaluator does not cover; say it with Resource."),
    (policy(allow(NotPrincipal="*")), "has NotPrincipal, which this evaluator does not cover; say it with Principal."),
    (
        policy(allow(resource="arn:aws:s3:::${aws:username}/*")),
        "Statement[0].Resource has a policy variable, which this evaluator does not fill in; write its value.",
    ),
    (
        policy(allow(Condition={"NumericLessThan": {"k": "1"}})),
        "this evaluator does not have; it has StringEquals, StringLike, ArnEquals, ArnLike.",
    ),
    (
        policy(allow(Condition={"StringEquals": {"k": 111122223333}})),
        "Condition.StringEquals.k must be text, not the number 111122223333; put it in quotes.",
    ),
    (policy(allow(Condition={"StringEquals": {"k": True}})), "must be text, not true."),
    (policy(allow(Condition={"StringEquals": "k"})), "must be an object with named fields"),
    (
        policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "x"}}),
        'has the kind "AWS"; here services assume roles: write {"Service": …}.',
    ),
    (
        policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {}}),
        'policies[0].Statement[0].Principal is empty; write {"Service": "ecs-tasks.amazonaws.com"}.',
    ),
    (
        policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "a b.amazonaws.com"}}),
        "a service is written such as ecs-tasks.amazonaws.com.",
    ),
    ("AmazonECSTaskExecutionRolPolicy", "did you mean “AmazonECSTaskExecutionRolePolicy”?"),
    (policy(allow(resource="arn:" + "x" * 2045)), "must have 1 to 2048 characters, and it has 2049."),
    (policy(allow(Sid=1)), "policies[0].Statement[0].Sid must be text, not 1."),
    (policy(allow(Effect=1)), "policies[0].Statement[0].Effect must be Allow or Deny, not 1."),
    (policy(allow(1)), "policies[0].Statement[0].Action must be text, not 1."),
    (policy(allow(resource=[1])), "must be text, not the number 1; put it in quotes."),
    (policy(allow(Condition=1)), "policies[0].Statement[0].Condition must be an object with named fields, not 1."),
    (policy(1), "policies[0].Statement[0] must be an object with named fields, not 1."),
    ({"Statement": 1}, "policies[0].Statement must be a list, not 1."),
    (policy({"Effect": "Allow", "Action": "s3:A", "Principal": 1}), "Statement[0].Principal must be an object"),
    ("zzz", "a managed policy that is not known here; write the policy's JSON under policies instead."),
    (
        policy(allow([f"s3:A{k}" for k in range(500)])),
        "policies[0] names 501 actions, resources, principals, and values, and at most 500 are taken.",
    ),
    ({"Statement": [allow()] * 101}, "policies[0].Statement has 101 entries, and at most 100 are taken."),
]


@pytest.mark.parametrize(("document", "told"), BAD)
def test_a_bad_document_is_one_sentence(document: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError) as error:
        answer("policy", document)
    assert str(error.value) == told


@pytest.mark.parametrize(("bad", "told"), BAD_POLICIES)
def test_a_bad_policy_is_one_sentence(bad: Any, told: str) -> None:
    with pytest.raises(InputError) as error:
        answer("policy", {"policies": [bad], "request": GET})
    assert told in str(error.value)
    assert [str(error.value), error.value.path] == WORDED[json.dumps(bad)]


def test_an_id_is_read_and_passed_over() -> None:
    assert read_policy({"Id": "mine", **policy(allow())}, "p") == read_policy(policy(allow()), "p")
    with pytest.raises(InputError, match=r"p\.Id must be text, not 1"):
        read_policy({"Id": 1, **policy(allow())}, "p")
    with pytest.raises(InputError, match=r"request\.principal\.Service is \"ecs\""):
        ask(policy(), request={**GET, "principal": {"Service": "ecs"}})


def test_a_managed_policy_says_where_it_allows() -> None:
    found = ask("AmazonEC2ContainerServiceEventsRole", request={"action": "ecs:RunTask"})
    assert [one["statement"] for one in found["considered"]] == [
        f"AmazonEC2ContainerServiceEventsRole.Statement[{k}]" for k in range(3)
    ]


def test_the_bound_is_on_the_sum() -> None:
    full = policy(allow([f"s3:A{k}" for k in range(499)]))
    assert len(read_policies([full], "p")) == 1
    with pytest.raises(InputError, match="p names 502 actions"):
        read_policies([full, policy(allow())], "p")
    with pytest.raises(InputError, match="p has 51 entries, and at most 50 are taken"):
        read_policies([policy()] * 51, "p")


def test_managed_policies_hold_what_the_facts_list() -> None:
    def may(name: str, action: str, **more: Any) -> bool:
        return evaluate(managed(name, "p"), Request(action=action, **more)).verdict is Verdict.ALLOW

    execution, instance = "AmazonECSTaskExecutionRolePolicy", "AmazonEC2ContainerServiceforEC2Role"
    shared = "ecr:GetAuthorizationToken ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer ecr:BatchGetImage"
    shared += " logs:CreateLogStream logs:PutLogEvents"
    for action in shared.split():
        assert may(execution, action)
        assert may(instance, action)
    agent = "CreateCluster DeregisterContainerInstance DiscoverPollEndpoint Poll RegisterContainerInstance "
    agent += "StartTelemetrySession UpdateContainerInstancesState SubmitTaskStateChange SubmitContainerStateChange"
    for name in agent.split():
        assert may(instance, f"ecs:{name}")
        assert not may(execution, f"ecs:{name}")
    for action in ("secretsmanager:GetSecretValue", "s3:GetObject", "logs:CreateLogGroup", "ssm:GetParameters"):
        assert not may(execution, action)
        assert not may(instance, action)
    assert may(instance, "ec2:DescribeTags")
    assert not may(instance, "ecs:TagResource")
    assert may(instance, "ecs:TagResource", context={"ecs:createaction": "CreateCluster"})
    assert may(instance, "ecs:ListTagsForResource", resource="arn:aws:ecs:r:1:task/c/1")
    assert may(instance, "ecs:ListTagsForResource", resource="arn:aws:ecs:r:1:container-instance/c/1")
    assert not may(instance, "ecs:ListTagsForResource", resource="arn:aws:ecs:r:1:service/c/1")
    assert managed("arn:aws:iam::aws:policy/service-role/" + execution, "p") == POLICIES[execution]
    assert sum(not statements for statements in POLICIES.values()) == 10


ACTIONS = st.sampled_from(["s3:GetObject", "s3:*", "s3:Get*", "*", "ecs:RunTask"])
STATEMENTS = st.builds(
    lambda effect, action, resource: {"Effect": effect, "Action": action, "Resource": resource},
    st.sampled_from(["Allow", "Deny"]),
    ACTIONS,
    st.sampled_from(["*", "arn:aws:s3:::b/*", "arn:aws:s3:::c/*"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STATEMENTS, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_statements_never_matters(statements: list[dict[str, Any]], random: Any) -> None:
    found = ask(policy(*statements))
    mixed = list(statements)
    random.shuffle(mixed)
    assert ask(policy(*mixed))["decision"] == found["decision"]
    assert ask(policy(*statements), policy(deny("*")))["decision"] == "ExplicitDeny"
    if found["decision"] == "ImplicitDeny":
        assert ask(policy(*statements, allow(GET["action"], GET["resource"])))["decision"] == "Allow"
    assert json.dumps(ask(policy(*statements))) == json.dumps(found)
