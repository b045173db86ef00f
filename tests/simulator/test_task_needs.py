"""What a task takes, from real task definition documents, and what registration refuses."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.capabilities import is_missing, required
from simulator.errors import InputError
from simulator.task_needs import TaskNeeds, read_task_definition, task_needs


def needs(document: dict[str, Any], **beliefs: Any) -> TaskNeeds:
    return task_needs(read_task_definition(document), **beliefs)


def container(name: str = "web", **more: Any) -> dict[str, Any]:
    return {"name": name, "image": "web", "memory": 128, **more}


@pytest.mark.parametrize(
    ("cpu", "units"),
    [(256, 256), ("256", 256), ("1 vCPU", 1024), ("1vcpu", 1024), (".5 vCPU", None), ("0.5 vCPU", 512)],
)
def test_cpu_forms(cpu: Any, units: int | None) -> None:
    if units is None:
        with pytest.raises(InputError, match="Invalid 'cpu' setting for task"):
            needs({"cpu": cpu, "memory": 64})
    else:
        assert needs({"cpu": cpu, "memory": 64}).cpu == units


@pytest.mark.parametrize(
    ("memory", "mebibytes"), [(512, 512), ("512", 512), ("1GB", 1024), ("1 GB", 1024), ("0.5GB", 512), ("30 gb", 30720)]
)
def test_memory_forms(memory: Any, mebibytes: int) -> None:
    assert needs({"memory": memory}).memory == mebibytes


@pytest.mark.parametrize("memory", [0, -5, True, 1.5, "1TB", "", [], 10**12])
def test_memory_that_is_none(memory: Any) -> None:
    with pytest.raises(InputError, match="Invalid 'memory' setting for task"):
        needs({"memory": memory})


def test_the_reservation_counts_before_the_limit() -> None:
    document = {"containerDefinitions": [container(memoryReservation=64), container("log", cpu=10)]}
    assert (needs(document).cpu, needs(document).memory) == (10, 192)
    assert needs(document, memory_from="hard_limit").memory == 256
    assert needs({**document, "memory": 1000}, memory_from="container_sum").memory == 192
    assert needs({**document, "memory": 1000}).memory == 1000


def test_windows_ignores_the_task_level() -> None:
    document = {
        "memory": 4096,
        "cpu": 2048,
        "runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"},
        "containerDefinitions": [container(cpu=100)],
    }
    assert (needs(document).cpu, needs(document).memory) == (100, 128)


PORTS = [
    {"containerPort": 80, "hostPort": 8080},
    {"containerPort": 53, "hostPort": 53, "protocol": "udp"},
    {"containerPort": 90},
    {"containerPort": 91, "hostPort": 0},
    {"containerPortRange": "100-110"},
]


def test_bridge_takes_only_static_ports() -> None:
    found = needs({"containerDefinitions": [container(portMappings=PORTS)]})
    assert (found.tcp, found.udp) == ((8080,), (53,))


def test_host_mode_takes_the_container_port() -> None:
    found = needs({"networkMode": "host", "containerDefinitions": [container(portMappings=[{"containerPort": 80}])]})
    assert found.tcp == (80,)


def test_awsvpc_takes_an_interface_and_no_port() -> None:
    found = needs({"networkMode": "awsvpc", "containerDefinitions": [container(portMappings=[{"containerPort": 80}])]})
    assert (found.tcp, found.eni) == ((), True)


def test_any_protocol_but_udp_is_tcp() -> None:
    mapping = {"containerPort": 80, "hostPort": 80, "protocol": "UDP"}
    assert needs({"containerDefinitions": [container(portMappings=[mapping])]}).tcp == (80,)


def test_a_real_document_may_have_every_other_field() -> None:
    document = {
        "family": "web",
        "tags": [{"key": "a", "value": "b"}],
        "revision": 7,
        "status": "ACTIVE",
        "containerDefinitions": [container(environment=[], ulimits=[], essential=True, memoryReservation=None)],
    }
    assert read_task_definition(document).family == "web"


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ({"containerDefinitions": [{"name": "w", "image": "x"}]}, "At least one of 'memory' or 'memoryReservation'"),
        ({"containerDefinitions": [container(memoryReservation=256)]}, "greater than or equal to 'memoryReservation'"),
        ({"memory": 100, "containerDefinitions": [container()]}, "is greater than for the task"),
        ({"cpu": 128, "memory": 512, "containerDefinitions": [container(cpu=129)]}, "The sum of all container 'cpu'"),
        ({"containerDefinitions": [container(essential=False)]}, "doesn't have any essential container"),
        ({"containerDefinitions": [container(), container()]}, "names are unique"),
        (
            {
                "networkMode": "awsvpc",
                "containerDefinitions": [container(portMappings=[{"containerPort": 80, "hostPort": 81}])],
            },
            "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
        ),
        (
            {"networkMode": "none", "containerDefinitions": [container(portMappings=[{"containerPort": 80}])]},
            "networkMode none allows no port mappings",
        ),
        (
            {"containerDefinitions": [container(portMappings=[{"hostPort": 80}])]},
            "containerPort must be a whole number",
        ),
        ({"containerDefinitions": [container("x")] * 11}, "at most 10 are taken"),
        ({"containerDefinitions": {"name": "x"}}, "must be a list"),
        (
            {"containerDefinitions": [container(resourceRequirements=[{"type": "GPU", "value": "ALL"}])]},
            "AWS takes that, but this simulator places counts only",
        ),
        (
            {"containerDefinitions": [container(resourceRequirements=[{"type": "GPU", "value": "x"}])]},
            "must be a count of GPUs",
        ),
        (
            {
                "containerDefinitions": [
                    container(portMappings=[{"containerPort": 53}, {"containerPort": 53, "protocol": "udp"}])
                ]
            },
            "exposes the container port 53 for tcp and udp",
        ),
        ({"containerDefinitions": [container(essential="false")]}, "essential must be true or false"),
        ({"memory": 64, "family": "a b"}, 'family is "a b"; it has letters, digits, - and _ only'),
        ({"containerDefinitions": [container("web!")]}, 'name is "web!"; it has letters, digits'),
        ({"memory": 64, "requiresCompatibilities": ["EC3"]}, "must be EC2, FARGATE, EXTERNAL or MANAGED_INSTANCES"),
        ({"memory": 64, "cpu": 256, "requiresCompatibilities": ["FARGATE"]}, "only supports network mode 'awsvpc'"),
        (
            {"memory": 512, "networkMode": "awsvpc", "requiresCompatibilities": ["EC2", "FARGATE"]},
            "Fargate requires that 'cpu' be defined at the task level.",
        ),
    ],
)
def test_what_registration_refuses(document: dict[str, Any], part: str) -> None:
    with pytest.raises(InputError) as error:
        read_task_definition(document)
    assert part in str(error.value)


def test_two_containers_or_ports_may_have_a_protocol_each() -> None:
    tcp, udp = {"containerPort": 53}, {"containerPort": 54, "hostPort": 53, "protocol": "udp"}
    assert needs({"containerDefinitions": [container(portMappings=[tcp, udp])]}).udp == (53,)
    other = {"containerPort": 53, "hostPort": 53, "protocol": "udp"}
    apart = [container(portMappings=[tcp]), container("dns", portMappings=[other])]
    assert needs({"containerDefinitions": apart}).udp == (53,)


def test_required_capabilities() -> None:
    document = {
        "networkMode": "awsvpc",
        "taskRoleArn": "arn",
        "executionRoleArn": "arn",
        "pidMode": "task",
        "volumes": [{"name": "v", "efsVolumeConfiguration": {"fileSystemId": "fs"}}],
        "requiresAttributes": [{"name": "ecs.capability.made-up"}, {"name": "rack"}],
        "containerDefinitions": [
            {
                "image": "1.dkr.ecr.us-east-1.amazonaws.com/web",
                "privileged": True,
                "dependsOn": [{}],
                "healthCheck": {"command": ["CMD"]},
                "environmentFiles": [{}],
                "logConfiguration": {"logDriver": "awslogs"},
                "secrets": [{"valueFrom": "arn:aws:secretsmanager:x"}, {"valueFrom": "parameter"}],
            }
        ],
    }
    old, new = "com.amazonaws.ecs.capability.", "ecs.capability."
    assert set(required(document)) == {
        f"{new}task-eni",
        f"{old}task-iam-role",
        f"{new}pid-ipc-namespace-sharing",
        f"{new}efs",
        f"{new}made-up",
        f"{old}ecr-auth",
        f"{new}execution-role-ecr-pull",
        f"{old}privileged-container",
        f"{new}container-ordering",
        f"{new}container-health-check",
        f"{new}env-files.s3",
        f"{old}logging-driver.awslogs",
        f"{new}execution-role-awslogs",
        f"{new}secrets.asm.environment-variables",
        f"{new}secrets.ssm.environment-variables",
    }


def test_missing_capabilities_go_by_full_or_short_name() -> None:
    name = "com.amazonaws.ecs.capability.task-iam-role"
    assert is_missing(name, frozenset({name}))
    assert is_missing(name, frozenset({"task-iam-role"}))
    assert not is_missing(name, frozenset({"task-eni"}))
