"""The peer: moto's ECS, asked through boto3 as an application would ask it, one task a call."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import boto3
from moto import mock_aws
from moto.ec2.utils import generate_instance_identity_document, random_ami_id

REGION = "us-east-1"
CLUSTER = "bench"
# moto refuses real credentials on purpose, and needs some.
FAKE = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": REGION}


def run_task_rate(shapes: Sequence[tuple[int, int]], instances: int) -> float:
    """Placements a second of RunTask with `count=1`, on `instances` container instances of 4096 CPU and 7482 MiB."""
    with _cluster(instances) as ecs:
        for cpu, memory in sorted(set(shapes)):
            container = {"name": "main", "image": "busybox", "cpu": cpu, "memory": memory}
            ecs.register_task_definition(family=_family(cpu, memory), containerDefinitions=[container])
        placed = 0
        started = time.perf_counter()
        for cpu, memory in shapes:
            placed += len(ecs.run_task(cluster=CLUSTER, taskDefinition=_family(cpu, memory), count=1)["tasks"])
        spent = time.perf_counter() - started
    if placed != len(shapes):
        raise RuntimeError(f"moto placed {placed} of {len(shapes)} tasks; the workload should fit.")
    return placed / spent


def _family(cpu: int, memory: int) -> str:
    return f"shape-{cpu}-{memory}"


@contextmanager
def _cluster(instances: int) -> Iterator[Any]:
    with patch.dict(os.environ, FAKE), mock_aws():
        ecs: Any = boto3.client("ecs", region_name=REGION)
        ec2: Any = boto3.resource("ec2", region_name=REGION)
        ecs.create_cluster(clusterName=CLUSTER)
        for machine in ec2.create_instances(ImageId=random_ami_id(), MinCount=instances, MaxCount=instances):
            document = json.dumps(generate_instance_identity_document(machine))
            ecs.register_container_instance(cluster=CLUSTER, instanceIdentityDocument=document)
        yield ecs
