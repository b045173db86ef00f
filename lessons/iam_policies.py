"""Policies, each with the requests that one may put to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lessons.iam_documents import ACCOUNT, OBJECT, REGION, Document
from simulator.preset import Preset


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(Preset):
    """Policies, and requests to ask them: each has a title. The scenario is the first of them."""

    requests: Mapping[str, Document] = field(default_factory=dict[str, Document])


def _policy(id: str, title: str, about: str, statements: list[Document], requests: dict[str, Document]) -> Policy:
    policies = [{"Version": "2012-10-17", "Statement": statements}]
    scenario = {"policies": policies, "request": next(iter(requests.values()))}
    return Policy(id=id, title=title, about=about, scenario=scenario, subject="policy", requests=requests)


def _asks(action: str, resource: str = "*", **more: Any) -> Document:
    return {"action": action, "resource": resource, **more}


POLICIES: tuple[Policy, ...] = (
    _policy(
        "wildcard",
        "A wildcard",
        "A star stands for any characters. Ask for something that it does not cover.",
        [{"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::shop-uploads/*"}],
        {
            "read cat.jpg": _asks("s3:GetObject", OBJECT),
            "write cat.jpg": _asks("s3:PutObject", OBJECT),
            "read another bucket": _asks("s3:GetObject", "arn:aws:s3:::shop-backups/cat.jpg"),
        },
    ),
    _policy(
        "bucket",
        "The bucket’s ARN",
        "The statement names the bucket, without a slash and a star.",
        [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop-uploads"}],
        {"read cat.jpg": _asks("s3:GetObject", OBJECT)},
    ),
    _policy(
        "deny",
        "Allow and Deny",
        "Two statements speak of the private folder. Which one counts does not depend on their order.",
        [
            {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::shop-uploads/*"},
            {"Sid": "Not", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::shop-uploads/private/*"},
        ],
        {
            "read private/cat.jpg": _asks("s3:GetObject", "arn:aws:s3:::shop-uploads/private/cat.jpg"),
            "read cat.jpg": _asks("s3:GetObject", OBJECT),
            "list the tables": _asks("dynamodb:ListTables"),
        },
    ),
    _policy(
        "token",
        "The ECR login",
        "One repository is named for everything. The login is not about a repository.",
        [
            {
                "Effect": "Allow",
                "Action": ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                "Resource": f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/shop/web",
            }
        ],
        {
            "log in": _asks("ecr:GetAuthorizationToken"),
            "read the image": _asks("ecr:BatchGetImage", f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/shop/web"),
        },
    ),
    _policy(
        "pass-role",
        "Pass a role",
        "The deployer may hand over one role, and only to tasks.",
        [
            {
                "Effect": "Allow",
                "Action": "iam:PassRole",
                "Resource": f"arn:aws:iam::{ACCOUNT}:role/shopTaskRole",
                "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
            }
        ],
        {
            "pass shopTaskRole to a task": _asks(
                "iam:PassRole",
                f"arn:aws:iam::{ACCOUNT}:role/shopTaskRole",
                context={"iam:PassedToService": "ecs-tasks.amazonaws.com"},
            ),
            "pass it to EC2": _asks(
                "iam:PassRole",
                f"arn:aws:iam::{ACCOUNT}:role/shopTaskRole",
                context={"iam:PassedToService": "ec2.amazonaws.com"},
            ),
            "pass another role": _asks(
                "iam:PassRole",
                f"arn:aws:iam::{ACCOUNT}:role/admin",
                context={"iam:PassedToService": "ecs-tasks.amazonaws.com"},
            ),
        },
    ),
    _policy(
        "trust",
        "A trust policy",
        "A policy of this kind says who may take the role. It names a principal in place of a resource.",
        [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
        {
            "ecs-tasks takes it": {"action": "sts:AssumeRole", "principal": "ecs-tasks.amazonaws.com"},
            "ec2 takes it": {"action": "sts:AssumeRole", "principal": "ec2.amazonaws.com"},
        },
    ),
)
