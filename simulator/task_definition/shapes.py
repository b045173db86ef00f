"""The shapes of RegisterTaskDefinition: every field with its type, as the API's service model has them.

The model itself comes with an SDK of some 30 MB that nothing else here needs at run time, so the 45 structures of this
one request stand here as a table; a test holds it equal to the SDK's, and fails when AWS's model moves.

Notation: `string`, `integer`, `boolean`; `{string}` a map of texts; `[X]` a list of X; a capital letter begins the name
of a structure or of an enumeration; `!` is required; `1..100` are the bounds of a number, of a text's length or of a
list's; `/tag` is the character set that tags have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

REQUEST = "RegisterTaskDefinitionRequest"

ENUMERATIONS: Mapping[str, tuple[str, ...]] = {
    "ApplicationProtocol": ("http", "http2", "grpc"),
    "Compatibility": ("EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"),
    "ContainerCondition": ("START", "COMPLETE", "SUCCESS", "HEALTHY"),
    "CPUArchitecture": ("X86_64", "ARM64"),
    "DeviceCgroupPermission": ("read", "write", "mknod"),
    "EFSAuthorizationConfigIAM": ("ENABLED", "DISABLED"),
    "EFSTransitEncryption": ("ENABLED", "DISABLED"),
    "EnvironmentFileType": ("s3",),
    "FirelensConfigurationType": ("fluentd", "fluentbit"),
    "IpcMode": ("host", "task", "none"),
    "IsolationMode": ("SHARED", "ISOLATED_SANDBOX", "CONFIDENTIAL_SANDBOX"),
    "LogDriver": ("json-file", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "awsfirelens"),
    "NetworkMode": ("bridge", "host", "awsvpc", "none"),
    "OSFamily": (
        "WINDOWS_SERVER_2019_FULL",
        "WINDOWS_SERVER_2019_CORE",
        "WINDOWS_SERVER_2016_FULL",
        "WINDOWS_SERVER_2004_CORE",
        "WINDOWS_SERVER_2022_CORE",
        "WINDOWS_SERVER_2022_FULL",
        "WINDOWS_SERVER_2025_CORE",
        "WINDOWS_SERVER_2025_FULL",
        "WINDOWS_SERVER_20H2_CORE",
        "LINUX",
    ),
    "PidMode": ("host", "task"),
    "ProxyConfigurationType": ("APPMESH",),
    "ResourceType": ("GPU", "InferenceAccelerator", "NeuronDevice"),
    "Scope": ("task", "shared"),
    "TaskDefinitionPlacementConstraintType": ("memberOf",),
    "TransportProtocol": ("tcp", "udp"),
    "UlimitName": (
        "core",
        "cpu",
        "data",
        "fsize",
        "locks",
        "memlock",
        "msgqueue",
        "nice",
        "nofile",
        "nproc",
        "rss",
        "rtprio",
        "rttime",
        "sigpending",
        "stack",
    ),
    "VersionConsistency": ("enabled", "disabled"),
}

_WRITTEN: Mapping[str, Mapping[str, str]] = {
    REQUEST: {
        "family": "string!",
        "taskRoleArn": "string",
        "executionRoleArn": "string",
        "networkMode": "NetworkMode",
        "containerDefinitions": "[ContainerDefinition]!",
        "volumes": "[Volume]",
        "placementConstraints": "[TaskDefinitionPlacementConstraint]",
        "requiresCompatibilities": "[Compatibility]",
        "cpu": "string",
        "memory": "string",
        "tags": "[Tag] 0..50",
        "pidMode": "PidMode",
        "ipcMode": "IpcMode",
        "proxyConfiguration": "ProxyConfiguration",
        "inferenceAccelerators": "[InferenceAccelerator]",
        "ephemeralStorage": "EphemeralStorage",
        "runtimePlatform": "RuntimePlatform",
        "enableFaultInjection": "boolean",
        "trustedExecutionConfiguration": "TrustedExecutionConfiguration",
    },
    "ContainerDefinition": {
        "name": "string",
        "image": "string",
        "repositoryCredentials": "RepositoryCredentials",
        "cpu": "integer",
        "memory": "integer",
        "memoryReservation": "integer",
        "links": "[string]",
        "portMappings": "[PortMapping]",
        "essential": "boolean",
        "restartPolicy": "ContainerRestartPolicy",
        "entryPoint": "[string]",
        "command": "[string]",
        "environment": "[KeyValuePair]",
        "environmentFiles": "[EnvironmentFile]",
        "mountPoints": "[MountPoint]",
        "volumesFrom": "[VolumeFrom]",
        "linuxParameters": "LinuxParameters",
        "secrets": "[Secret]",
        "dependsOn": "[ContainerDependency]",
        "startTimeout": "integer",
        "stopTimeout": "integer",
        "versionConsistency": "VersionConsistency",
        "hostname": "string",
        "user": "string",
        "workingDirectory": "string",
        "disableNetworking": "boolean",
        "privileged": "boolean",
        "readonlyRootFilesystem": "boolean",
        "dnsServers": "[string]",
        "dnsSearchDomains": "[string]",
        "extraHosts": "[HostEntry]",
        "dockerSecurityOptions": "[string]",
        "interactive": "boolean",
        "pseudoTerminal": "boolean",
        "dockerLabels": "{string}",
        "ulimits": "[Ulimit]",
        "logConfiguration": "LogConfiguration",
        "healthCheck": "HealthCheck",
        "systemControls": "[SystemControl]",
        "resourceRequirements": "[ResourceRequirement]",
        "firelensConfiguration": "FirelensConfiguration",
        "credentialSpecs": "[string]",
    },
    "RepositoryCredentials": {"credentialsParameter": "string!"},
    "PortMapping": {
        "containerPort": "integer",
        "hostPort": "integer",
        "protocol": "TransportProtocol",
        "name": "string",
        "appProtocol": "ApplicationProtocol",
        "containerPortRange": "string",
    },
    "ContainerRestartPolicy": {
        "enabled": "boolean!",
        "ignoredExitCodes": "[integer]",
        "restartAttemptPeriod": "integer",
    },
    "KeyValuePair": {"name": "string", "value": "string"},
    "EnvironmentFile": {"value": "string!", "type": "EnvironmentFileType!"},
    "MountPoint": {"sourceVolume": "string", "containerPath": "string", "readOnly": "boolean"},
    "VolumeFrom": {"sourceContainer": "string", "readOnly": "boolean"},
    "LinuxParameters": {
        "capabilities": "KernelCapabilities",
        "devices": "[Device]",
        "initProcessEnabled": "boolean",
        "sharedMemorySize": "integer",
        "tmpfs": "[Tmpfs]",
        "maxSwap": "integer",
        "swappiness": "integer",
    },
    "KernelCapabilities": {"add": "[string]", "drop": "[string]"},
    "Device": {"hostPath": "string!", "containerPath": "string", "permissions": "[DeviceCgroupPermission]"},
    "Tmpfs": {"containerPath": "string!", "size": "integer!", "mountOptions": "[string]"},
    "Secret": {"name": "string!", "valueFrom": "string!"},
    "ContainerDependency": {"containerName": "string!", "condition": "ContainerCondition!"},
    "HostEntry": {"hostname": "string!", "ipAddress": "string!"},
    "Ulimit": {"name": "UlimitName!", "softLimit": "integer!", "hardLimit": "integer!"},
    "LogConfiguration": {"logDriver": "LogDriver!", "options": "{string}", "secretOptions": "[Secret]"},
    "HealthCheck": {
        "command": "[string]!",
        "interval": "integer",
        "timeout": "integer",
        "retries": "integer",
        "startPeriod": "integer",
    },
    "SystemControl": {"namespace": "string", "value": "string"},
    "ResourceRequirement": {"value": "string", "type": "ResourceType!", "sharingStrategy": "SharingStrategy"},
    "SharingStrategy": {"nvidiaMps": "NvidiaMpsAllocation"},
    "NvidiaMpsAllocation": {"memory": "integer! 1..", "maxComputePercent": "integer 1..100"},
    "FirelensConfiguration": {"type": "FirelensConfigurationType!", "options": "{string}"},
    "Volume": {
        "name": "string",
        "host": "HostVolumeProperties",
        "dockerVolumeConfiguration": "DockerVolumeConfiguration",
        "efsVolumeConfiguration": "EFSVolumeConfiguration",
        "s3filesVolumeConfiguration": "S3FilesVolumeConfiguration",
        "fsxWindowsFileServerVolumeConfiguration": "FSxWindowsFileServerVolumeConfiguration",
        "configuredAtLaunch": "boolean",
    },
    "HostVolumeProperties": {"sourcePath": "string"},
    "DockerVolumeConfiguration": {
        "scope": "Scope",
        "autoprovision": "boolean",
        "driver": "string",
        "driverOpts": "{string}",
        "labels": "{string}",
    },
    "EFSVolumeConfiguration": {
        "fileSystemId": "string!",
        "rootDirectory": "string",
        "transitEncryption": "EFSTransitEncryption",
        "transitEncryptionPort": "integer",
        "authorizationConfig": "EFSAuthorizationConfig",
    },
    "EFSAuthorizationConfig": {"accessPointId": "string", "iam": "EFSAuthorizationConfigIAM"},
    "S3FilesVolumeConfiguration": {
        "fileSystemArn": "string!",
        "rootDirectory": "string",
        "transitEncryptionPort": "integer",
        "accessPointArn": "string",
    },
    "FSxWindowsFileServerVolumeConfiguration": {
        "fileSystemId": "string!",
        "rootDirectory": "string!",
        "authorizationConfig": "FSxWindowsFileServerAuthorizationConfig!",
    },
    "FSxWindowsFileServerAuthorizationConfig": {"credentialsParameter": "string!", "domain": "string!"},
    "TaskDefinitionPlacementConstraint": {"type": "TaskDefinitionPlacementConstraintType", "expression": "string"},
    "Tag": {"key": "string 1..128 /tag", "value": "string 0..256 /tag"},
    "ProxyConfiguration": {
        "type": "ProxyConfigurationType",
        "containerName": "string!",
        "properties": "[KeyValuePair]",
    },
    "InferenceAccelerator": {"deviceName": "string!", "deviceType": "string!"},
    "EphemeralStorage": {"sizeInGiB": "integer!"},
    "RuntimePlatform": {"cpuArchitecture": "CPUArchitecture", "operatingSystemFamily": "OSFamily"},
    "TrustedExecutionConfiguration": {"isolationMode": "IsolationMode!", "attestationPolicy": "string"},
}

# What DescribeTaskDefinition adds to a definition and RegisterTaskDefinition does not take (API:TaskDefinition).
DESCRIBED = frozenset(
    {
        "taskDefinitionArn",
        "revision",
        "status",
        "requiresAttributes",
        "compatibilities",
        "registeredAt",
        "registeredBy",
        "deregisteredAt",
        "deleteRequestedAt",
    }
)

Kind = Literal["string", "integer", "boolean", "map", "list", "structure", "enumeration"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field's type. `of` names the structure or enumeration; `item` is what a list holds."""

    kind: Kind
    of: str = ""
    item: Field | None = None
    required: bool = False
    low: int | None = None
    high: int | None = None
    tag_characters: bool = False


@cache
def structure(name: str) -> Mapping[str, Field]:
    """The fields of a structure, in the model's order.

    >>> structure("Secret")["name"].required
    True
    """
    return {field: _field(written) for field, written in _WRITTEN[name].items()}


def structures() -> tuple[str, ...]:
    """The names of all structures, the request first."""
    return tuple(_WRITTEN)


_NOTATION = re.compile(
    r"(?P<open>[\[{]?)(?P<of>\w+)[\]}]?(?P<required>!?)(?: (?P<low>\d+)\.\.(?P<high>\d*))?(?P<tag> /tag)?"
)


def _field(written: str) -> Field:
    found = _NOTATION.fullmatch(written)
    assert found, written
    required = bool(found["required"])
    low, high = (int(found[end]) if found[end] else None for end in ("low", "high"))
    if found["open"] == "[":
        return Field(kind="list", item=_field(found["of"]), required=required, low=low, high=high)
    if found["open"] == "{":
        return Field(kind="map", required=required)
    of, tag = found["of"], bool(found["tag"])
    match of:
        case "string" | "integer" | "boolean":
            return Field(kind=of, required=required, low=low, high=high, tag_characters=tag)
        case _ if of in ENUMERATIONS:
            return Field(kind="enumeration", of=of, required=required)
        case _:
            return Field(kind="structure", of=of, required=required)
