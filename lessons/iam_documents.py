"""What the situations of the lesson on IAM roles are made of, in AWS's names: a task definition, roles, permissions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simulator.iam.managed import EXECUTION_POLICY, INSTANCE_POLICY

Document = dict[str, Any]

ACCOUNT, REGION = "111122223333", "us-east-1"
IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/shop/web:1"
PUBLIC = "public.ecr.aws/nginx/nginx:1.27"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop/db-AbCdEf"
PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/shop/db"
OBJECT, OBJECTS = "arn:aws:s3:::shop-uploads/cat.jpg", "arn:aws:s3:::shop-uploads/*"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders"
GROUP = "/ecs/shop"
ACCESS: Mapping[str, tuple[str, str]] = {
    "read S3": ("s3:GetObject", OBJECTS),
    "write DynamoDB": ("dynamodb:PutItem", TABLE),
}
LOGS = {
    "logDriver": "awslogs",
    "options": {"awslogs-group": GROUP, "awslogs-region": REGION, "awslogs-stream-prefix": "web"},
}


def secret(reference: str = SECRET) -> list[Document]:
    """The `secrets` of a container: one database password."""
    return [{"name": "DB_PASSWORD", "valueFrom": reference}]


def allow(*pairs: tuple[str, str]) -> list[Document]:
    """Permissions for a role's `plus`."""
    return [{"action": action, "resource": resource} for action, resource in pairs]


EXECUTION: Document = {"managedPolicies": [EXECUTION_POLICY]}
WITH_SECRET: Document = {**EXECUTION, "plus": allow(("secretsmanager:GetSecretValue", SECRET))}
INSTANCE: Document = {"managedPolicies": [INSTANCE_POLICY]}
READS: Document = {"plus": allow(ACCESS["read S3"])}
WRITES: Document = {"plus": allow(ACCESS["write DynamoDB"])}
EVERYTHING: Document = {
    "policies": [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}]
}
CALLS_S3: list[Document] = [{"action": "s3:GetObject", "resource": OBJECT}]


def task(**more: Any) -> Document:
    """A task definition of one container."""
    return {"family": "shop", "containerDefinitions": [{"name": "web", "image": IMAGE, **more}]}
